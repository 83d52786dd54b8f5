#include "core/nft_trace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

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
 * An event carries no time. So the first chains put the time of each packet into a set; packets of one namespace are
 * reported in the order in which they came, and so the set, in order, has their times.
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

enum { SET_TIMES = 1, SET_PORTS };

struct buffer {
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

	nftnl_table_set_str(table, NFTNL_TABLE_NAME, NFT_TRACE_TABLE);
	nftnl_table_set_u32(table, NFTNL_TABLE_FLAGS, NFT_TABLE_F_OWNER);
	nftnl_table_nlmsg_build_payload(message, table);
	message_end(buffer, message);
	nftnl_table_free(table);
}

static struct nftnl_set *new_set(const char *name, uint32_t id, uint32_t key_size)
{
	struct nftnl_set *set = nft_must(nftnl_set_alloc());

	nftnl_set_set_str(set, NFTNL_SET_TABLE, NFT_TRACE_TABLE);
	nftnl_set_set_str(set, NFTNL_SET_NAME, name);
	nftnl_set_set_u32(set, NFTNL_SET_FAMILY, NFPROTO_IPV4);
	nftnl_set_set_u32(set, NFTNL_SET_KEY_LEN, key_size);
	nftnl_set_set_u32(set, NFTNL_SET_ID, id);
	return set;
}

static void add_set(struct buffer *buffer, struct nftnl_set *set)
{
	struct nlmsghdr *message = message_begin(buffer, NFT_MSG_NEWSET, NLM_F_CREATE);

	nftnl_set_nlmsg_build_payload(message, set);
	message_end(buffer, message);
}

static void add_times(struct buffer *buffer)
{
	struct nftnl_set *set = new_set(NFT_TRACE_TIMES, SET_TIMES, sizeof(uint64_t));

	nftnl_set_set_u32(set, NFTNL_SET_FLAGS, NFT_SET_EVAL);
	nftnl_set_set_u32(set, NFTNL_SET_DESC_SIZE, NFT_DYNAMIC_SIZE);
	add_set(buffer, set);
	nftnl_set_free(set);
}

/* As the registers hold it for the look-up: one value of four bytes behind the other. */
struct port_key {
	uint8_t protocol, no_protocol[3];
	uint16_t port; /* big endian */
	uint8_t no_port[2];
};

static void add_ports(struct buffer *buffer, const struct nft_trace_port *port, size_t n_port)
{
	struct nftnl_set *set = new_set(NFT_TRACE_PORTS, SET_PORTS, sizeof(struct port_key));
	struct nlmsghdr *message;

	add_set(buffer, set);
	for (size_t i = 0; i < n_port; i++) {
		const struct port_key key = { .protocol = port[i].protocol, .port = htons(port[i].port) };
		struct nftnl_set_elem *element = nft_must(nftnl_set_elem_alloc());

		nftnl_set_elem_set(element, NFTNL_SET_ELEM_KEY, &key, sizeof(key));
		nftnl_set_elem_add(set, element);
	}
	if (n_port) {
		message = message_begin(buffer, NFT_MSG_NEWSETELEM, NLM_F_CREATE);
		nftnl_set_elems_nlmsg_build_payload(message, set);
		message_end(buffer, message);
	}
	nftnl_set_free(set);
}

static void add_chain(struct buffer *buffer, size_t i)
{
	struct nftnl_chain *chain = nft_must(nftnl_chain_alloc());
	struct nlmsghdr *message = message_begin(buffer, NFT_MSG_NEWCHAIN, NLM_F_CREATE);

	nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, NFT_TRACE_TABLE);
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

static void add_meta(struct nftnl_rule *rule, uint32_t key)
{
	struct nftnl_expr *meta = add_expression(rule, "meta");

	nftnl_expr_set_u32(meta, NFTNL_EXPR_META_KEY, key);
	nftnl_expr_set_u32(meta, NFTNL_EXPR_META_DREG, NFT_REG_1);
}

static void add_compare(struct nftnl_rule *rule, uint32_t how, const void *value, uint32_t size)
{
	struct nftnl_expr *compare = add_expression(rule, "cmp");

	nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
	nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_OP, how);
	nftnl_expr_set(compare, NFTNL_EXPR_CMP_DATA, value, size);
}

static void add_load(struct nftnl_rule *rule, uint32_t to, uint32_t offset, uint32_t size)
{
	struct nftnl_expr *payload = add_expression(rule, "payload");

	nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
	nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
	nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_LEN, size);
	nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_DREG, to);
}

/* The bits of a byte, any of them: SYN and RST in a TCP header; all but 8 in an ICMP type, none of them: an echo. */
static void add_bits(struct nftnl_rule *rule, uint32_t offset, uint8_t mask, uint32_t how)
{
	const uint8_t none = 0;
	struct nftnl_expr *bitwise;

	add_load(rule, NFT_REG_1, offset, 1);
	bitwise = add_expression(rule, "bitwise");
	nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
	nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
	nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_LEN, 1);
	nftnl_expr_set(bitwise, NFTNL_EXPR_BITWISE_MASK, &mask, 1);
	nftnl_expr_set(bitwise, NFTNL_EXPR_BITWISE_XOR, &none, 1);
	add_compare(rule, how, &none, 1);
}

/* meta nftrace set 1, and the time into the set */
static void add_marking(struct nftnl_rule *rule)
{
	const uint8_t one = 1;
	struct nftnl_expr *expression = add_expression(rule, "immediate");

	nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_DREG, NFT_REG_1);
	nftnl_expr_set(expression, NFTNL_EXPR_IMM_DATA, &one, 1);
	expression = add_expression(rule, "meta");
	nftnl_expr_set_u32(expression, NFTNL_EXPR_META_KEY, NFT_META_NFTRACE);
	nftnl_expr_set_u32(expression, NFTNL_EXPR_META_SREG, NFT_REG_1);

	add_meta(rule, NFT_META_TIME_NS);
	expression = add_expression(rule, "dynset");
	nftnl_expr_set_u32(expression, NFTNL_EXPR_DYNSET_SREG_KEY, NFT_REG_1);
	nftnl_expr_set_u32(expression, NFTNL_EXPR_DYNSET_OP, NFT_DYNSET_OP_ADD);
	nftnl_expr_set_str(expression, NFTNL_EXPR_DYNSET_SET_NAME, NFT_TRACE_TIMES);
	nftnl_expr_set_u32(expression, NFTNL_EXPR_DYNSET_SET_ID, SET_TIMES);

	expression = add_expression(rule, "immediate");
	nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
	nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_VERDICT, NF_ACCEPT);
}

/* Where the port is that is looked for, and which bits of a byte make it a packet that is. */
static const struct {
	uint8_t protocol;
	uint32_t port_at;
	uint32_t bits_at;
	uint8_t bits;
	uint32_t how; /* the bits compared with none */
} watched[] = {
	{ IPPROTO_TCP, 0, 13, 0x06, NFT_CMP_NEQ }, /* SYN or RST */
	{ IPPROTO_TCP, 2, 13, 0x06, NFT_CMP_NEQ },
	{ IPPROTO_UDP, 0, 0, 0x00, NFT_CMP_EQ }, /* all */
	{ IPPROTO_UDP, 2, 0, 0x00, NFT_CMP_EQ },
	{ IPPROTO_ICMP, 4, 0, 0xf7, NFT_CMP_EQ }, /* type 0 or 8, an echo */
};

static void add_rule(struct buffer *buffer, const char *chain, size_t w)
{
	struct nftnl_rule *rule = nft_must(nftnl_rule_alloc());
	struct nlmsghdr *message = message_begin(buffer, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
	struct nftnl_expr *lookup;

	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, NFT_TRACE_TABLE);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, chain);
	nftnl_rule_set_u32(rule, NFTNL_RULE_FAMILY, NFPROTO_IPV4);
	add_bits(rule, watched[w].bits_at, watched[w].bits, watched[w].how);
	add_meta(rule, NFT_META_L4PROTO);
	add_compare(rule, NFT_CMP_EQ, &watched[w].protocol, 1);
	add_load(rule, NFT_REG32_01, watched[w].port_at, sizeof(uint16_t));
	lookup = add_expression(rule, "lookup");
	nftnl_expr_set_u32(lookup, NFTNL_EXPR_LOOKUP_SREG, NFT_REG_1);
	nftnl_expr_set_str(lookup, NFTNL_EXPR_LOOKUP_SET, NFT_TRACE_PORTS);
	nftnl_expr_set_u32(lookup, NFTNL_EXPR_LOOKUP_SET_ID, SET_PORTS);
	add_marking(rule);
	nftnl_rule_nlmsg_build_payload(message, rule);
	message_end(buffer, message);
	nftnl_rule_free(rule);
}

static void add_chains(struct buffer *buffer)
{
	for (size_t i = 0; i < ARRAY_SIZE(chains); i++) {
		add_chain(buffer, i);
		for (size_t w = 0; chains[i].first && w < ARRAY_SIZE(watched); w++)
			add_rule(buffer, chains[i].name, w);
	}
}

int nft_trace_begin(struct nft_trace *ret_trace, const struct nft_trace_port *port, size_t n_port, struct error *err)
{
	auto_fd int fd = nft_socket_open(err);
	const int group = NFNLGRP_NFTRACE;
	auto_free struct buffer *buffer = xalloc(sizeof(*buffer));
	uint32_t last;
	int r;

	if (fd < 0)
		return fd;
	if (n_port > NFT_TRACE_PORTS_MAX)
		return error_set(err, -E2BIG, "cannot trace more than %d ports at once", NFT_TRACE_PORTS_MAX);
	message_end(buffer, nftnl_batch_begin(buffer->data, 0));
	add_table(buffer);
	add_times(buffer);
	add_ports(buffer, port, n_port);
	add_chains(buffer);
	last = buffer->seq;
	buffer->last->nlmsg_flags |= NLM_F_ACK;
	message_end(buffer, nftnl_batch_end(buffer->data + buffer->length, ++buffer->seq));
	r = netlink_tell(fd, buffer->data, buffer->length, last);
	if (r < 0)
		return error_set(err, r, "cannot set up tracing: %s", strerror(-r));
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return error_set(err, -errno, "cannot listen to nftables trace events: %s", strerror(errno));
	*ret_trace = (struct nft_trace){ .fd = take_fd(&fd) };
	return 0;
}
