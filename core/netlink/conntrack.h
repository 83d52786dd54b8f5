/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* One direction of a connection as connection tracking knows it. Host byte order. */
struct tuple {
	uint32_t source, destination;
	uint8_t protocol;                       /* IPPROTO_TCP, _UDP, _ICMP */
	uint16_t source_port, destination_port; /* ICMP: the id of an echo request in both */
};

bool tuple_equal(const struct tuple *a, const struct tuple *b);

/* A connection as a namespace tracks it. */
struct connection {
	struct tuple in, out;   /* its first packet's, as it came in and as it went out */
	bool source_translated; /* by a rule of SNAT */
	bool over;              /* TCP: closed, and kept for stragglers only */
};

/* Calls take() for each connection that the calling thread's network namespace tracks. */
int conntrack_each(void (*take)(const struct connection *connection, void *arg), void *arg,
		   struct error *err);
/* Forget these, by their first packets as they came in; one that is gone already is no error. */
int conntrack_delete(const struct tuple *in, size_t n, struct error *err);
/* How many those are. */
int conntrack_count(uint64_t *ret_n, struct error *err);

/*
 * What the calling thread's network namespace makes of a packet with that tuple: *ret_after is the
 * tuple as the packet leaves (the reply direction turned round). -ENOENT, without err: the
 * namespace tracks no such connection.
 */
int conntrack_translate(const struct tuple *tuple, struct tuple *ret_after, struct error *err);
