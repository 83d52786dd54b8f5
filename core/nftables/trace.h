/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/netlink/conntrack.h"
#include "core/state/nft.h"

/*
 * Watching packets on their way through one network namespace, by the kernel's own trace events.
 * While somebody watches, the namespace has a table of this name and the watching process's number,
 * which the kernel removes when the socket is closed, however its owner ends.
 */
#define NFT_TRACE_TABLE "vpclab-trace"
bool nft_trace_is_table(const char *name);

/* Packets to be watched: of TCP those that open or refuse a connection, of UDP all, of ICMP
 * echoes. */
struct nft_trace_port {
	uint8_t protocol; /* IPPROTO_TCP, _UDP, _ICMP */
	uint16_t port;    /* source or destination, or an echo's id; 0: any */
};
#define NFT_TRACE_PORTS_MAX 1024

struct nft_trace_step { /* a rule that said something final, jumped or returned, or a base chain's
			   policy */
	char chain[NFT_NAME_SIZE];
	bool ours; /* of the lab's own table, not another one */
	bool policy;
	unsigned rule;   /* its number in its chain, from 1; 0: unknown by now */
	unsigned n_rule; /* how many rules the chain has */
	bool jump;       /* it called the chain in `target` */
	bool drop;
	char target[NFT_NAME_SIZE];
	uint64_t handle;
};

enum nft_trace_end {
	NFT_TRACE_NOWHERE, /* came in and went nowhere: there was no route */
	NFT_TRACE_DROPPED, /* by the last step */
	NFT_TRACE_SENT_ON,
	NFT_TRACE_DELIVERED,
};

#define NFT_TRACE_STEPS 64
struct nft_trace_packet {
	uint32_t id;
	uint64_t time;        /* when it was first seen, nanoseconds of the wall clock */
	bool sent;            /* it began here */
	bool reset;           /* a TCP segment that ends or refuses a connection */
	bool opens;           /* it begins a connection, asks for an echo, or is a datagram */
	uint32_t sequence;    /* of TCP, the same when it is sent again */
	struct tuple in, out; /* out: as it left or was delivered */
	char iif[IF_NAMESIZE], oif[IF_NAMESIZE];
	enum nft_trace_end end;
	struct nft_trace_step *step;
	size_t n_step;
};

/* Begin to watch the calling thread's namespace, for packets of any of those ports. */
struct nft_trace;
int nft_trace_begin(struct nft_trace **ret_trace, const struct nft_trace_port *port, size_t n_port,
		    struct error *err);
/* Remove the table, in the same namespace. Whoever watches several ends all before any is freed. */
int nft_trace_end(struct nft_trace *trace, struct error *err);
void nft_trace_free(struct nft_trace *trace);
int nft_trace_fd(const struct nft_trace *trace); /* readable when there are events */

/*
 * Take the events out of the socket, wherever the thread is. Call it soon, since the socket holds
 * few, and again while the socket is readable: it takes a part of a flood only, so as not to keep
 * the caller from all else.
 */
int nft_trace_drain(struct nft_trace *trace, struct error *err);
/* Will there be a packet to take, now or later? */
bool nft_trace_pending(const struct nft_trace *trace);
/*
 * Return, in the same namespace, how many packets have ended their way through it since, and the
 * packets in order, valid until the next call. Those of which nothing was heard for `age`
 * nanoseconds have ended NFT_TRACE_NOWHERE. *ret_lost: there was more than could be kept.
 */
int nft_trace_take(struct nft_trace *trace, uint64_t age,
		   const struct nft_trace_packet **ret_packet, bool *ret_lost, struct error *err);
