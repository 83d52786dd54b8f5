#include "core/nft_trace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/cleanup.h"
#include "core/memory.h"
#include "core/netlink_dump.h"
#include "core/nft_expression.h"
#include "core/nft_kernel.h"
#include "core/nft_netlink.h"
#include "core/nft_trace_parts.h"

/*
 * The table: in front of everything a chain that marks the packets to be traced and notes the time; behind everything, where a
 * packet leaves or is delivered, one without rules, whose policy's event shows what became of the headers.
 *
 * An event carries no time. So the first chains put the time of each packet into a set, behind the first bytes of its headers,
 * by which it is found again (nft_trace_parts.h). The set forgets by itself, so that a watch may last.
 *
 * Each process has a table of its own: several may trace at once. What one has marked, the others hear of, too.
 */

static const struct {
	const char *name;
	uint32_t hook;
	int32_t priority;
	bool first;
} chains[] = {
	{ NFT_TRACE_IN, NF_INET_PRE_ROUTING, -400, true }, /* before connection tracking */
	{ NFT_TRACE_SENT, NF_INET_LOCAL_OUT, -400, true },
	{ NFT_TRACE_OUT, NF_INET_POST_ROUTING, 400, false }, /* behind translation and all filters */
	{ NFT_TRACE_LOCAL, NF_INET_LOCAL_IN, 400, false },
};

bool nft_trace_is_table(const char *name)
{
	return strncmp(name, NFT_TRACE_TABLE, sizeof(NFT_TRACE_TABLE) - 1) == 0;
}

struct buffer {
	const char *table;
	_Alignas(struct nlmsghdr) char data[65536];
	size_t length;
	uint32_t seq;
	struct nlmsghdr *last;
};

static struct nlmsghdr *message_begin(struct buffer *buffer, uint16_t type, uint16_t flags)
{
	return nftnl_nlmsg_build_hdr(buffer->data + buffer->length, type, NFPROTO_IPV4, flags, ++buffer->seq);
}

static void message_end(struct buffer *buffer, struct nlmsghdr *message)
{
	buffer->last = message;
	buffer->length += NLMSG_ALIGN(message->nlmsg_len);
}

static void add_table(struct buffer *buffer)
{
	struct nftnl_table *table = nft_must(nftnl_table_alloc());
	struct nlmsghdr *message = message_begin(buffer, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL);

	nftnl_table_set_str(table, NFTNL_TABLE_NAME, buffer->table);
	nftnl_table_set_u32(table, NFTNL_TABLE_FLAGS, NFT_TABLE_F_OWNER);
	nftnl_table_nlmsg_build_payload(message, table);
	message_end(buffer, message);
	nftnl_table_free(table);
}

static void add_times(struct buffer *buffer)
{
	struct nftnl_set *set = nft_must(nftnl_set_alloc());
	struct nlmsghdr *message = message_begin(buffer, NFT_MSG_NEWSET, NLM_F_CREATE);

	nftnl_set_set_str(set, NFTNL_SET_TABLE, buffer->table);
	nftnl_set_set_str(set, NFTNL_SET_NAME, NFT_TRACE_TIMES);
	nftnl_set_set_u32(set, NFTNL_SET_FAMILY, NFPROTO_IPV4);
	nftnl_set_set_u32(set, NFTNL_SET_FLAGS, NFT_SET_EVAL | NFT_SET_TIMEOUT);
	nftnl_set_set_u64(set, NFTNL_SET_TIMEOUT, NFT_TRACE_KEPT * 1000);
	nftnl_set_set_u32(set, NFTNL_SET_KEY_LEN, sizeof(struct nft_trace_stamp));
	nftnl_set_set_u32(set, NFTNL_SET_DESC_SIZE, NFT_DYNAMIC_SIZE);
	nftnl_set_set_u32(set, NFTNL_SET_ID, 1);
	nftnl_set_nlmsg_build_payload(message, set);
	message_end(buffer, message);
	nftnl_set_free(set);
}

static void add_chain(struct buffer *buffer, size_t i)
{
	struct nftnl_chain *chain = nft_must(nftnl_chain_alloc());
	struct nlmsghdr *message = message_begin(buffer, NFT_MSG_NEWCHAIN, NLM_F_CREATE);

	nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, buffer->table);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_NAME, chains[i].name);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_TYPE, "filter");
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_HOOKNUM, chains[i].hook);
	nftnl_chain_set_s32(chain, NFTNL_CHAIN_PRIO, chains[i].priority);
	nftnl_chain_nlmsg_build_payload(message, chain);
	message_end(buffer, message);
	nftnl_chain_free(chain);
}

static struct nftnl_expr *add_expression(struct nftnl_rule *rule, const char *name)
{
	struct nftnl_expr *expression = nft_must(nftnl_expr_alloc(name));

	nftnl_rule_add_expr(rule, expression);
	return expression;
}

static void add_meta(struct nftnl_rule *rule, uint32_t key, uint32_t reg)
{
	struct nftnl_expr *meta = add_expression(rule, "meta");

	nftnl_expr_set_u32(meta, NFTNL_EXPR_META_KEY, key);
	nftnl_expr_set_u32(meta, NFTNL_EXPR_META_DREG, reg);
}

static void add_compare(struct nftnl_rule *rule, uint32_t how, const void *value, uint32_t size)
{
	struct nftnl_expr *compare = add_expression(rule, "cmp");

	nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
	nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_OP, how);
	nftnl_expr_set(compare, NFTNL_EXPR_CMP_DATA, value, size);
}

static void add_payload(struct nftnl_rule *rule, uint32_t base, uint32_t offset, uint32_t size, uint32_t reg)
{
	struct nftnl_expr *payload = add_expression(rule, "payload");

	nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_BASE, base);
	nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
	nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_LEN, size);
	nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_DREG, reg);
}

static void add_load(struct nftnl_rule *rule, uint32_t offset, uint32_t size)
{
	add_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, offset, size, NFT_REG_1);
}

/* The bits of a byte, any of them: SYN and RST in a TCP header; all but 8 in an ICMP type, none of them: an echo. */
static void add_bits(struct nftnl_rule *rule, uint32_t offset, uint8_t mask, uint32_t how)
{
	const uint8_t none = 0;
	struct nftnl_expr *bitwise;

	add_load(rule, offset, 1);
	bitwise = add_expression(rule, "bitwise");
	nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
	nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
	nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_LEN, 1);
	nftnl_expr_set(bitwise, NFTNL_EXPR_BITWISE_MASK, &mask, 1);
	nftnl_expr_set(bitwise, NFTNL_EXPR_BITWISE_XOR, &none, 1);
	add_compare(rule, how, &none, 1);
}

/* The time into the set, behind the headers, and meta nftrace set 1. Where the set is full, the packet is not traced. */
static void add_marking(struct nftnl_rule *rule)
{
	const uint8_t one = 1;
	struct nftnl_expr *expression;

	/* The members of struct nft_trace_stamp, in registers of four bytes. */
	add_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 12, 8, NFT_REG32_00);
	add_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 8, NFT_REG32_02);
	add_meta(rule, NFT_META_TIME_NS, NFT_REG32_04);
	expression = add_expression(rule, "dynset");
	nftnl_expr_set_u32(expression, NFTNL_EXPR_DYNSET_SREG_KEY, NFT_REG32_00);
	nftnl_expr_set_u32(expression, NFTNL_EXPR_DYNSET_OP, NFT_DYNSET_OP_ADD);
	nftnl_expr_set_str(expression, NFTNL_EXPR_DYNSET_SET_NAME, NFT_TRACE_TIMES);
	nftnl_expr_set_u32(expression, NFTNL_EXPR_DYNSET_SET_ID, 1);

	expression = add_expression(rule, "immediate");
	nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_DREG, NFT_REG_1);
	nftnl_expr_set(expression, NFTNL_EXPR_IMM_DATA, &one, 1);
	expression = add_expression(rule, "meta");
	nftnl_expr_set_u32(expression, NFTNL_EXPR_META_KEY, NFT_META_NFTRACE);
	nftnl_expr_set_u32(expression, NFTNL_EXPR_META_SREG, NFT_REG_1);

	expression = add_expression(rule, "immediate");
	nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
	nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_VERDICT, NF_ACCEPT);
}

/* offset: of the port or id in the transport header; NULL: whichever it is. */
static void add_rule(struct buffer *buffer, const char *chain, uint8_t protocol, uint32_t offset, const uint16_t *port)
{
	struct nftnl_rule *rule = nft_must(nftnl_rule_alloc());
	struct nlmsghdr *message = message_begin(buffer, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
	const uint16_t value = port ? htons(*port) : 0;

	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, buffer->table);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, chain);
	nftnl_rule_set_u32(rule, NFTNL_RULE_FAMILY, NFPROTO_IPV4);
	add_meta(rule, NFT_META_L4PROTO, NFT_REG_1);
	add_compare(rule, NFT_CMP_EQ, &protocol, 1);
	if (protocol == IPPROTO_TCP)
		add_bits(rule, 13, 0x06, NFT_CMP_NEQ);
	else if (protocol == IPPROTO_ICMP)
		add_bits(rule, 0, 0xf7, NFT_CMP_EQ);
	if (port) {
		add_load(rule, offset, sizeof(value));
		add_compare(rule, NFT_CMP_EQ, &value, sizeof(value));
	}
	add_marking(rule);
	nftnl_rule_nlmsg_build_payload(message, rule);
	message_end(buffer, message);
	nftnl_rule_free(rule);
}

static void add_rules(struct buffer *buffer, const struct nft_trace_match *match)
{
	for (size_t i = 0; i < ARRAY_SIZE(chains); i++) {
		add_chain(buffer, i);
		if (!chains[i].first)
			continue;
		if (match->n_port == 0)
			add_rule(buffer, chains[i].name, match->protocol, 0, NULL);
		for (unsigned p = 0; p < match->n_port; p++) {
			if (match->protocol == IPPROTO_ICMP) {
				add_rule(buffer, chains[i].name, match->protocol, 4, &match->port[p]);
				continue;
			}
			add_rule(buffer, chains[i].name, match->protocol, 0, &match->port[p]);
			add_rule(buffer, chains[i].name, match->protocol, 2, &match->port[p]);
		}
	}
}

/* Room for as many events as the kernel grants: a burst has to wait there until it is read. */
static void widen(int fd)
{
	const int size = 16 << 20;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)); /* net.core.rmem_max at most */
}

static int set_up(int fd, const char *table, const struct nft_trace_match *match, struct error *err)
{
	auto_free struct buffer *buffer = xalloc(sizeof(*buffer));
	const int group = NFNLGRP_NFTRACE;
	uint32_t last;
	int r;

	buffer->table = table;
	message_end(buffer, nftnl_batch_begin(buffer->data, 0));
	add_table(buffer);
	add_times(buffer);
	add_rules(buffer, match);
	last = buffer->seq;
	buffer->last->nlmsg_flags |= NLM_F_ACK;
	message_end(buffer, nftnl_batch_end(buffer->data + buffer->length, ++buffer->seq));
	r = netlink_tell(fd, buffer->data, buffer->length, last);
	if (r < 0)
		return error_set(err, r, "cannot set up tracing: %s", strerror(-r));
	widen(fd);
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return error_set(err, -errno, "cannot listen to nftables trace events: %s", strerror(errno));
	return 0;
}

int nft_trace_begin(const struct nft_trace_match *match, struct nft_trace **ret_trace, struct error *err)
{
	struct nft_trace *trace;
	int fd = nft_socket_open(err), r;

	if (fd < 0)
		return fd;
	trace = xnew(struct nft_trace);
	trace->fd = fd;
	snprintf(trace->table, sizeof(trace->table), NFT_TRACE_TABLE ".%d", (int)getpid());
	r = set_up(fd, trace->table, match, err);
	if (r < 0)
		nft_trace_end(trace);
	else
		*ret_trace = trace;
	return r;
}

void nft_trace_end(struct nft_trace *trace)
{
	close(trace->fd);
	for (size_t i = 0; i < trace->n_packet; i++)
		free(trace->packet[i].packet.step);
	for (size_t i = 0; i < trace->n_taken; i++)
		free(trace->taken[i].step);
	free(trace->packet);
	free(trace->taken);
	free(trace->given);
	free(trace);
}

int nft_trace_fd(const struct nft_trace *trace)
{
	return trace->fd;
}
