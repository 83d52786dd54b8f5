/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/nftables/trace.h"

/* What trace.c, which sets up the table, and trace_read.c share: the contents of the table. */
#define NFT_TRACE_IN    "in"
#define NFT_TRACE_SENT  "sent"
#define NFT_TRACE_OUT   "out"
#define NFT_TRACE_LOCAL "local"
#define NFT_TRACE_TIMES "times"
#define NFT_TRACE_PORTS "ports"

/*
 * How many times are kept, and for how many seconds, which is longer than any probe is waited for.
 * A flood fills the set, and what does not fit is not traced, so that the kernel's memory and the
 * time to read it stay small.
 */
#define NFT_TRACE_TIMES_MAX 8192
#define NFT_TRACE_KEPT      10u

/* An element of the set: the headers of a packet as it came, and when it came. */
struct nft_trace_stamp {
	uint8_t address[8];   /* source and destination */
	uint8_t transport[8]; /* ports and sequence number; ports, length and checksum; type,
				 checksum, id and sequence number */
	uint64_t time;
};
/* The bytes that identify a packet. */
#define NFT_TRACE_HEADERS offsetof(struct nft_trace_stamp, time)

struct nft_trace_pending {
	struct nft_trace_packet packet; /* its time is when it was heard of */
	struct nft_trace_stamp stamp;
	uint32_t iif, oif;
	bool ended; /* by a later packet, if not by its own last event */
};

struct nft_trace {
	int fd;
	char table[32];
	bool lost;
	struct nft_trace_pending *packet; /* in order */
	size_t n_packet;
	struct nft_trace_packet *taken; /* by the last call */
	size_t n_taken;
	struct nft_trace_stamp
		*given; /* the last ones found: a packet sent again has the same headers */
	size_t n_given;
};
