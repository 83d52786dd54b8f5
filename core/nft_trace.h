#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/conntrack.h"
#include "core/error.h"
#include "core/nft.h"

/*
 * Watching packets on their way through one network namespace, by the kernel's own trace events. While somebody watches, the
 * namespace has a table of this name, which the kernel removes when the socket is closed, however its owner ends.
 */
#define NFT_TRACE_TABLE "vpclab-trace"

/* TCP: what opens or refuses a connection; UDP; ICMP: echoes. */
struct nft_trace_port {
	uint8_t protocol; /* IPPROTO_TCP, _UDP, _ICMP */
	uint16_t port;    /* source or destination; ICMP: the echo's id */
};

struct nft_trace_step { /* a rule that said something final or jumped, or a base chain's policy */
	char chain[NFT_NAME_SIZE];
	bool ours; /* of the lab's own table, not of somebody's */
	bool policy;
	unsigned rule;   /* its place in its chain, from 1; 0: not known any more */
	unsigned n_rule; /* how many rules the chain has */
	bool jump;       /* it called the chain in target and came back or not */
	bool drop;
	char target[NFT_NAME_SIZE];
	uint64_t handle;
};

enum nft_trace_end {
	NFT_TRACE_NOWHERE, /* came in, and was neither dropped by a rule nor sent on nor delivered: routing had no way */
	NFT_TRACE_DROPPED, /* by the last step */
	NFT_TRACE_SENT_ON,
	NFT_TRACE_DELIVERED,
};

#define NFT_TRACE_STEPS 16
struct nft_trace_packet {
	uint32_t id;
	uint64_t time;        /* when it was first seen here, nanoseconds of the wall clock */
	bool sent;            /* it began here, it did not come in */
	bool reset;           /* a TCP segment that ends or refuses a connection */
	struct tuple in, out; /* out: as it left, or was delivered */
	char iif[IF_NAMESIZE], oif[IF_NAMESIZE];
	enum nft_trace_end end;
	struct nft_trace_step step[NFT_TRACE_STEPS];
	size_t n_step;
};

/* One namespace, watched. All three are to be called in it, and nft_trace_free() anywhere. */
struct nft_trace {
	int fd;
	struct nft_trace_packet *packet; /* what was seen so far, in order */
	size_t n_packet;
	bool lost; /* there was more than the socket could hold */
};

/* Begins in the calling thread's network namespace, for packets of any of those ports. */
#define NFT_TRACE_PORTS_MAX 1024
int nft_trace_begin(struct nft_trace *ret_trace, const struct nft_trace_port *port, size_t n_port, struct error *err);
/* Takes what the socket holds, whose room is small: to be called between one packet and the next. */
int nft_trace_gather(struct nft_trace *trace, struct error *err);
/* Takes the rest, finds the packets' times and their rules' places, and removes the table. The packets stay. */
int nft_trace_end(struct nft_trace *trace, struct error *err);
void nft_trace_free(struct nft_trace *trace);
