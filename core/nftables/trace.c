/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/trace.h"

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
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/netlink/socket.h"
#include "core/nftables/expr.h"
#include "core/nftables/message.h"
#include "core/nftables/trace_internal.h"

/*
 * The table: in front of everything a chain that marks the packets to be traced and notes the time;
 * behind everything, where a packet leaves or is delivered, one without rules, whose policy's event
 * shows what became of the headers.
 *
 * An event carries no time. So the first chains put the time of each packet into a set, behind the
 * first bytes of its headers, by which it is found again (trace_internal.h). The set forgets by
 * itself, so that a watch may last.
 *
 * Each process has a table of its own: several may trace at once. What one has marked, the others
 * hear of, too.
 */

static const struct {
	const char *name;
	uint32_t hook;
	int32_t priority;
	bool first;
} chains[] = {
	{ NFT_TRACE_IN, NF_INET_PRE_ROUTING, -400, true }, /* before connection tracking */
	{ NFT_TRACE_SENT, NF_INET_LOCAL_OUT, -400, true },
	{ NFT_TRACE_OUT, NF_INET_POST_ROUTING, 400,
	  false }, /* behind translation and all filters */
	{ NFT_TRACE_LOCAL, NF_INET_LOCAL_IN, 400, false },
};

enum { SET_TIMES = 1, SET_PORTS };

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
	return nftnl_nlmsg_build_hdr(buffer->data + buffer->length, type, NFPROTO_IPV4, flags,
				     ++buffer->seq);
}

static void message_end(struct buffer *buffer, struct nlmsghdr *message)
{
	buffer->last = message;
	buffer->length += NLMSG_ALIGN(message->nlmsg_len);
}

static void add_table(struct buffer *buffer)
{
	struct nftnl_table *table = nft_must(nftnl_table_alloc());
	struct nlmsghdr *message =
		message_begin(buffer, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL);

	nftnl_table_set_str(table, NFTNL_TABLE_NAME, buffer->table);
	nftnl_table_set_u32(table, NFTNL_TABLE_FLAGS, NFT_TABLE_F_OWNER);
	nftnl_table_nlmsg_build_payload(message, table);
	message_end(buffer, message);
	nftnl_table_free(table);
}

static struct nftnl_set *new_set(const struct buffer *buffer, const char *name, uint32_t id,
				 uint32_t key_size)
{
	struct nftnl_set *set = nft_must(nftnl_set_alloc());

	nftnl_set_set_str(set, NFTNL_SET_TABLE, buffer->table);
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
	struct nftnl_set *set =
		new_set(buffer, NFT_TRACE_TIMES, SET_TIMES, sizeof(struct nft_trace_stamp));

	nftnl_set_set_u32(set, NFTNL_SET_FLAGS, NFT_SET_EVAL | NFT_SET_TIMEOUT);
	nftnl_set_set_u64(set, NFTNL_SET_TIMEOUT, NFT_TRACE_KEPT * 1000);
	nftnl_set_set_u32(set, NFTNL_SET_DESC_SIZE, NFT_TRACE_TIMES_MAX);
	add_set(buffer, set);
	nftnl_set_free(set);
}

/* As the registers hold it for the look-up: each value in four bytes. */
struct port_key {
	uint8_t protocol, no_protocol[3];
	uint16_t port; /* big endian */
	uint8_t no_port[2];
};

static void add_ports(struct buffer *buffer, const struct nft_trace_port *port, size_t n_port)
{
	struct nftnl_set *set =
		new_set(buffer, NFT_TRACE_PORTS, SET_PORTS, sizeof(struct port_key));
	struct nlmsghdr *message;

	add_set(buffer, set);
	for (size_t i = 0; i < n_port; i++) {
		const struct port_key key = { .protocol = port[i].protocol,
					      .port = htons(port[i].port) };
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

	nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, buffer->table);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_NAME, chains[i].name);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_TYPE, "filter");
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_HOOKNUM, chains[i].hook);
	nftnl_chain_set_s32(chain, NFTNL_CHAIN_PRIO, chains[i].priority);
	nftnl_chain_nlmsg_build_payload(message, chain);
	message_end(buffer, message);
	nftnl_chain_free(chain);
}

/* Match on bits of a byte: any of SYN and RST in a TCP header; in an ICMP type none but 8, which
 * means an echo. */
static void add_bits(struct nftnl_rule *rule, uint32_t offset, uint8_t mask, uint32_t how)
{
	const uint8_t none = 0;

	nft_add_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, offset, 1, NFT_REG32_00);
	nft_add_mask(rule, NFT_REG32_00, &mask, 1);
	nft_add_compare(rule, how, &none, 1);
}

/* Put the time into the set, behind the headers, and set meta nftrace to 1. Where the set is
 * full, the packet is not traced. */
static void add_marking(struct nftnl_rule *rule)
{
	const uint8_t one = 1;
	struct nftnl_expr *times;

	/* The members of struct nft_trace_stamp, in registers of four bytes. */
	nft_add_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 12, 8, NFT_REG32_00);
	nft_add_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 8, NFT_REG32_02);
	nft_add_meta(rule, NFT_META_TIME_NS, NFT_REG32_04);
	times = nft_add(rule, "dynset");
	nftnl_expr_set_u32(times, NFTNL_EXPR_DYNSET_SREG_KEY, NFT_REG32_00);
	nftnl_expr_set_u32(times, NFTNL_EXPR_DYNSET_OP, NFT_DYNSET_OP_ADD);
	nftnl_expr_set_str(times, NFTNL_EXPR_DYNSET_SET_NAME, NFT_TRACE_TIMES);
	nftnl_expr_set_u32(times, NFTNL_EXPR_DYNSET_SET_ID, SET_TIMES);

	nft_add_immediate(rule, &one, sizeof(one), NFT_REG32_00);
	nft_add_set_meta(rule, NFT_META_NFTRACE);
	nft_add_verdict(rule, NF_ACCEPT, NULL);
}

/* Where the port is, and which bits of a byte a packet that is wanted has. */
static const struct {
	uint8_t protocol;
	uint32_t port_at;
	uint32_t bits_at;
	uint8_t bits;
	uint32_t how; /* how the bits compare with 0 */
} watched[] = {
	{ IPPROTO_TCP, 0, 13, 0x06, NFT_CMP_NEQ }, /* SYN or RST */
	{ IPPROTO_TCP, 2, 13, 0x06, NFT_CMP_NEQ },
	{ IPPROTO_UDP, 0, 0, 0x00, NFT_CMP_EQ }, /* all */
	{ IPPROTO_UDP, 2, 0, 0x00, NFT_CMP_EQ },
	{ IPPROTO_ICMP, 4, 0, 0xf7, NFT_CMP_EQ }, /* type 0 or 8, an echo */
};

/* whole: any port. */
static void add_rule(struct buffer *buffer, const char *chain, size_t w, bool whole)
{
	struct nftnl_rule *rule = nft_must(nftnl_rule_alloc());
	struct nlmsghdr *message =
		message_begin(buffer, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);

	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, buffer->table);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, chain);
	nftnl_rule_set_u32(rule, NFTNL_RULE_FAMILY, NFPROTO_IPV4);
	add_bits(rule, watched[w].bits_at, watched[w].bits, watched[w].how);
	nft_add_meta(rule, NFT_META_L4PROTO, NFT_REG32_00);
	nft_add_compare(rule, NFT_CMP_EQ, &watched[w].protocol, 1);
	if (!whole) {
		nft_add_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, watched[w].port_at,
				sizeof(uint16_t), NFT_REG32_01);
		nft_add_lookup(rule, NFT_TRACE_PORTS, SET_PORTS, NFT_REG32_00, false, 0);
	}
	add_marking(rule);
	nftnl_rule_nlmsg_build_payload(message, rule);
	message_end(buffer, message);
	nftnl_rule_free(rule);
}

static bool is_whole(const struct nft_trace_port *port, size_t n_port, uint8_t protocol)
{
	for (size_t i = 0; i < n_port; i++)
		if (port[i].protocol == protocol && port[i].port == 0)
			return true;
	return false;
}

static void add_chains(struct buffer *buffer, const struct nft_trace_port *port, size_t n_port)
{
	for (size_t i = 0; i < ARRAY_SIZE(chains); i++) {
		add_chain(buffer, i);
		for (size_t w = 0; chains[i].first && w < ARRAY_SIZE(watched); w++)
			add_rule(buffer, chains[i].name, w,
				 is_whole(port, n_port, watched[w].protocol));
	}
}

/* Make room for as many events as the kernel grants: a burst waits there until it is read. */
static void widen(int fd)
{
	const int size = 16 << 20;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size,
				 sizeof(size)); /* at most net.core.rmem_max */
}

static int set_up(int fd, const char *table, const struct nft_trace_port *port, size_t n_port,
		  struct error *err)
{
	auto_free struct buffer *buffer = xalloc(sizeof(*buffer));
	const int group = NFNLGRP_NFTRACE;
	uint32_t last;
	int r;

	buffer->table = table;
	message_end(buffer, nftnl_batch_begin(buffer->data, 0));
	add_table(buffer);
	add_times(buffer);
	add_ports(buffer, port, n_port);
	add_chains(buffer, port, n_port);
	last = buffer->seq;
	buffer->last->nlmsg_flags |= NLM_F_ACK;
	message_end(buffer, nftnl_batch_end(buffer->data + buffer->length, ++buffer->seq));
	r = netlink_tell(fd, buffer->data, buffer->length, last);
	if (r < 0)
		return error_set(err, r, "cannot set up tracing: %s", strerror(-r));
	widen(fd);
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return error_set(err, -errno, "cannot listen to nftables trace events: %s",
				 strerror(errno));
	return 0;
}

int nft_trace_begin(struct nft_trace **ret_trace, const struct nft_trace_port *port, size_t n_port,
		    struct error *err)
{
	struct nft_trace *trace;
	int fd, r;

	if (n_port > NFT_TRACE_PORTS_MAX)
		return error_set(err, -E2BIG, "cannot trace more than %d ports at once",
				 NFT_TRACE_PORTS_MAX);
	fd = nft_socket_open(err);
	if (fd < 0)
		return fd;
	trace = xnew(struct nft_trace);
	trace->fd = fd;
	snprintf(trace->table, sizeof(trace->table), NFT_TRACE_TABLE ".%d", (int)getpid());
	r = set_up(fd, trace->table, port, n_port, err);
	if (r < 0)
		nft_trace_free(trace);
	else
		*ret_trace = trace;
	return r;
}

/*
 * Closing the socket would remove the table, too, but then the kernel waits until no packet can be
 * in it any more, some ten milliseconds; a table that is removed by a message is freed later.
 * (Closing any such socket of the namespace waits for that. So whoever watches several ends all of
 * them before they are freed, and then they wait together.)
 */
int nft_trace_end(struct nft_trace *trace, struct error *err)
{
	const int group = NFNLGRP_NFTRACE;
	_Alignas(struct nlmsghdr) char buffer[1024];
	size_t length;
	struct nlmsghdr *message;
	ssize_t unread;
	int r;

	if (setsockopt(trace->fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof(group)) < 0)
		return error_set(err, -errno, "cannot stop listening to trace events: %s",
				 strerror(errno));
	/* What nobody has read may fill the socket, and then the kernel's answer would find no
	 * room. */
	do
		unread = netlink_receive(trace->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	while (unread >= 0 || unread == -ENOBUFS);
	message = nftnl_batch_begin(buffer, 0);
	length = NLMSG_ALIGN(message->nlmsg_len);
	message = nftnl_nlmsg_build_hdr(buffer + length, NFT_MSG_DELTABLE, NFPROTO_IPV4, NLM_F_ACK,
					1);
	mnl_attr_put_strz(message, NFTA_TABLE_NAME, trace->table);
	length += NLMSG_ALIGN(message->nlmsg_len);
	message = nftnl_batch_end(buffer + length, 2);
	length += NLMSG_ALIGN(message->nlmsg_len);
	r = netlink_tell(trace->fd, buffer, length, 1);
	return r < 0 ? error_set(err, r, "cannot end tracing: %s", strerror(-r)) : 0;
}

void nft_trace_free(struct nft_trace *trace)
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
