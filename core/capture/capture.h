/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <linux/filter.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/*
 * The packets of many network namespaces, in the order of time. For a process inside a sandbox:
 * one packet socket a namespace, with its ring of memory, so that what the kernel gives while we
 * write is not lost. A port that appears later is found with its first packet. A namespace that
 * somebody takes out of the lab is let go at once, for our socket would keep it.
 */

struct capture_port {
	const char *netns;
	char name[IF_NAMESIZE];
	uint32_t number; /* 0, 1, ... in the order in which they were found */
	int index;       /* the kernel's, within its namespace */
	uint64_t received;
};

struct capture_packet {
	const struct capture_port *port;
	uint64_t time; /* the kernel's: nanoseconds of the wall clock */
	bool outgoing; /* out of the namespace */
	uint32_t length, captured;
	const uint8_t *data; /* from the Ethernet header on */
};

/* What a capture tells, and to whom. */
struct capture_sink {
	void *arg;
	void (*port)(void *arg, const struct capture_port *port); /* before its first packet */
	void (*packet)(void *arg, const struct capture_packet *packet);
	void (*gone)(void *arg, const char *netns); /* and with it all its ports */
};

struct capture;

/* The names of the namespaces stay the caller's. The ports that are there are told at once. */
int capture_open(struct capture **ret_capture, const char *const *netns, size_t n_netns,
		 const struct sock_fprog *filter, const struct capture_sink *sink,
		 struct error *err);
void capture_close(struct capture *capture);

/*
 * Wait until there is something to read, or what was read is due. 0: so it is; -EINTR: `stop` (a
 * descriptor, or -1) can be read; -EPIPE: nobody reads what is written to `reader` (the same) any
 * more; -ESRCH: all namespaces are gone.
 */
int capture_wait(struct capture *capture, int reader, int stop);

/*
 * Tell the packets that are due, at most `most`, and return how many. A packet is due when nothing
 * older can come any more. last: the capture is over, so all that came until now is due.
 */
uint64_t capture_take(struct capture *capture, uint64_t most, bool last);

/* Packets of a namespace that the kernel had no room for, up to now. */
uint64_t capture_dropped(const struct capture *capture, const char *netns);
