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

/* TCP: what opens or refuses a connection; UDP; ICMP: echoes. */
struct nft_trace_port {
	uint8_t protocol; /* IPPROTO_TCP, _UDP, _ICMP */
	uint16_t port;    /* source or destination; ICMP: the echo's id; 0: any */
};
#define NFT_TRACE_PORTS_MAX 1024

struct nft_trace_step { /* a rule that said something final, jumped or returned, or a base chain's
			   policy */
	char chain[NFT_NAME_SIZE];
	bool ours; /* of the lab's own table, not of somebody's */
	bool policy;
	unsigned rule;   /* its place in its chain, from 1; 0: not known any more */
	unsigned n_rule; /* how many rules the chain has */
	bool jump;       /* it called the chain in target and came back or not */
	bool returned;   /* it went back to the chain that had called its own */
	bool drop;
	char target[NFT_NAME_SIZE];
	uint64_t handle;
};

enum nft_trace_end {
	NFT_TRACE_NOWHERE, /* came in, and was neither dropped by a rule nor sent on nor delivered:
			      routing had no way */
	NFT_TRACE_DROPPED, /* by the last step */
	NFT_TRACE_SENT_ON,
	NFT_TRACE_DELIVERED,
};

#define NFT_TRACE_STEPS 16
struct nft_trace_packet {
	uint32_t id;
	uint64_t time; /* when it was first seen here, nanoseconds of the wall clock */
	bool sent;     /* it began here, it did not come in */
	bool reset;    /* a TCP segment that ends or refuses a connection */
	bool opens;    /* a TCP segment that begins a connection, an echo request, any datagram */
	uint32_t sequence;    /* TCP: its sequence number, the same when it is sent again */
	struct tuple in, out; /* out: as it left, or was delivered */
	char iif[IF_NAMESIZE], oif[IF_NAMESIZE];
	enum nft_trace_end end;
	struct nft_trace_step *step;
	size_t n_step;
};

/* One namespace, watched. Begins in the calling thread's, for packets of any of those ports. */
struct nft_trace;
int nft_trace_begin(struct nft_trace **ret_trace, const struct nft_trace_port *port, size_t n_port,
		    struct error *err);
/* In the same namespace, removes the table; whoever watches several ends them all before they are
 * freed. */
int nft_trace_end(struct nft_trace *trace, struct error *err);
void nft_trace_free(struct nft_trace *trace);
int nft_trace_fd(const struct nft_trace *trace); /* readable when there are events */

/*
 * Takes the events out of the socket, wherever the thread is: to be called soon, for the socket
 * holds few; and again while the socket is readable, for a flood of them may not keep the caller
 * from all else.
 */
int nft_trace_drain(struct nft_trace *trace, struct error *err);
/* Is there a packet to be taken, now or later? */
bool nft_trace_pending(const struct nft_trace *trace);
/*
 * In the same namespace: the packets whose way through it has ended, in order; those of which
 * nothing was heard for `age` nanoseconds have ended NFT_TRACE_NOWHERE. They are valid until the
 * next call. *ret_lost: there was more than could be kept. Returns how many.
 */
int nft_trace_take(struct nft_trace *trace, uint64_t age,
		   const struct nft_trace_packet **ret_packet, bool *ret_lost, struct error *err);
