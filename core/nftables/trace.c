/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/trace.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/netlink/socket.h"
#include "core/nftables/expr.h"
#include "core/nftables/message.h"
#include "core/nftables/trace_internal.h"
#include "core/state/nft.h"

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

#define CHAIN(name_, hook_, priority_)                                      \
	{                                                                   \
		.name = (name_), .type = NFT_CHAIN_FILTER, .hook = (hook_), \
		.priority = (priority_)                                     \
	}

static const struct nft_chain chains[] = {
	/* before connection tracking */
	CHAIN(NFT_TRACE_IN, NFT_HOOK_PREROUTING, -400),
	CHAIN(NFT_TRACE_SENT, NFT_HOOK_OUTPUT, -400),
	/* behind translation and all filters */
	CHAIN(NFT_TRACE_OUT, NFT_HOOK_POSTROUTING, 400),
	CHAIN(NFT_TRACE_LOCAL, NFT_HOOK_INPUT, 400),
};

static const struct nft_set ports = {
	.name = NFT_TRACE_PORTS,
	.key = { NFT_L4PROTO, NFT_DPORT }, /* or the source port, or an id */
	.n_key = 2,
};

bool nft_trace_is_table(const char *name)
{
	return strncmp(name, NFT_TRACE_TABLE, sizeof(NFT_TRACE_TABLE) - 1) == 0;
}

static void add_times(struct nft_batch *batch)
{
	struct nftnl_set *set = nft_must(nftnl_set_alloc());

	nftnl_set_set_str(set, NFTNL_SET_NAME, NFT_TRACE_TIMES);
	nftnl_set_set_u32(set, NFTNL_SET_KEY_LEN, sizeof(struct nft_trace_stamp));
	nftnl_set_set_u32(set, NFTNL_SET_FLAGS, NFT_SET_EVAL | NFT_SET_TIMEOUT);
	nftnl_set_set_u64(set, NFTNL_SET_TIMEOUT, NFT_TRACE_KEPT * 1000);
	nftnl_set_set_u32(set, NFTNL_SET_DESC_SIZE, NFT_TRACE_TIMES_MAX);
	nft_batch_set_built(batch, set, "set", NFT_TRACE_TIMES);
}

static void add_ports(struct nft_batch *batch, const struct nft_trace_port *port, size_t n_port)
{
	nft_batch_set_add(batch, &ports);
	for (size_t i = 0; i < n_port; i++) {
		const struct nft_element element = {
			.set = ports.name,
			.key = { { .value = port[i].protocol }, { .value = port[i].port } },
		};

		nft_batch_element_add(batch, &ports, &element);
	}
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
	times = nft_add(rule, "dynset", { NFTNL_EXPR_DYNSET_SREG_KEY, NFT_REG32_00 },
			{ NFTNL_EXPR_DYNSET_OP, NFT_DYNSET_OP_ADD });
	nftnl_expr_set_str(times, NFTNL_EXPR_DYNSET_SET_NAME, NFT_TRACE_TIMES);

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
static void add_rule(struct nft_batch *batch, const char *chain, size_t w, bool whole)
{
	struct nftnl_rule *rule = nft_must(nftnl_rule_alloc());

	add_bits(rule, watched[w].bits_at, watched[w].bits, watched[w].how);
	nft_add_meta(rule, NFT_META_L4PROTO, NFT_REG32_00);
	nft_add_compare(rule, NFT_CMP_EQ, &watched[w].protocol, 1);
	if (!whole) {
		nft_add_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, watched[w].port_at,
				sizeof(uint16_t), NFT_REG32_01);
		nft_add_lookup(rule, NFT_TRACE_PORTS);
	}
	add_marking(rule);
	nft_batch_rule_built(batch, chain, rule);
}

static bool is_whole(const struct nft_trace_port *port, size_t n_port, uint8_t protocol)
{
	for (size_t i = 0; i < n_port; i++)
		if (port[i].protocol == protocol && port[i].port == 0)
			return true;
	return false;
}

static void add_chains(struct nft_batch *batch, const struct nft_trace_port *port, size_t n_port)
{
	for (size_t i = 0; i < ARRAY_SIZE(chains); i++) {
		nft_batch_chain_add(batch, &chains[i]);
		for (size_t w = 0; chains[i].priority < 0 && w < ARRAY_SIZE(watched); w++)
			add_rule(batch, chains[i].name, w,
				 is_whole(port, n_port, watched[w].protocol));
	}
}

static int set_up(int fd, const char *table, const struct nft_trace_port *port, size_t n_port,
		  struct error *err)
{
	auto_batch *batch = nft_batch_new_for(NFPROTO_IPV4, table);
	const int group = NFNLGRP_NFTRACE;
	int r;

	nft_batch_table_own(batch);
	add_times(batch);
	add_ports(batch, port, n_port);
	add_chains(batch, port, n_port);
	r = nft_batch_commit(batch, fd, err);
	if (r == 0 &&
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		r = error_set(err, -errno, "cannot listen to nftables trace events: %s",
			      strerror(errno));
	return r;
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
	auto_batch *batch = nft_batch_new_for(NFPROTO_IPV4, trace->table);
	_Alignas(struct nlmsghdr) char buffer[1024];
	ssize_t unread;

	if (setsockopt(trace->fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof(group)) < 0)
		return error_set(err, -errno, "cannot stop listening to trace events: %s",
				 strerror(errno));
	/* What nobody has read may fill the socket, and then the kernel's answer would find no
	 * room. */
	do
		unread = netlink_receive(trace->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	while (unread >= 0 || unread == -ENOBUFS);
	nft_batch_table_delete(batch);
	return nft_batch_commit(batch, trace->fd, err);
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
