/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct nl_msg;
struct object;

/*
 * Talking to the kernel about links, addresses, routes and rules. A socket stays in the network
 * namespace in which it was opened, whoever uses it. Messages are made by rtnl_message.h, gathered
 * in a batch, and sent many at a time.
 *
 * Not through libnl's own sockets: those send one message a system call, hide the kernel's reasons
 * behind codes of their own, and run out of port numbers at 1,024 sockets.
 */
int rtnl_socket_open(struct error *err); /* in the calling thread's namespace */

enum rtnl_tolerance {
	RTNL_MAY_EXIST = 1 << 0,
	RTNL_MAY_BE_GONE = 1 << 1,
	RTNL_MAY_BE_UNKNOWN = 1 << 2, /* an address family that this kernel does not have */
};

struct rtnl_request {
	const char *doing;           /* "add", "delete", ...: "cannot add route ..." */
	const struct object *object; /* what it is about */
	unsigned tolerance;
	int *ret_index; /* for a look-up of a link: where its index goes, and that of its veth peer
			   (NULL, NULL: nowhere) */
	int *ret_peer_index;
};

/* Zero-initialised is empty. */
struct rtnl_batch {
	char *buffer; /* the messages, one behind the other */
	size_t length, capacity;
	struct rtnl_entry *entry; /* one a message */
	size_t n_entry;
	bool out_of_memory;
};

/* Takes the message over; NULL (out of memory) makes the commit fail. */
void rtnl_batch_add(struct rtnl_batch *batch, struct nl_msg *message,
		    const struct rtnl_request *request);

/*
 * Sends everything and reads every answer; the batch is empty then, and can be used again. The
 * first error that is not tolerated is returned, with its object and the kernel's own reason; later
 * messages may or may not have been carried out.
 */
int rtnl_batch_commit(struct rtnl_batch *batch, int fd, struct error *err);
void rtnl_batch_free(struct rtnl_batch *batch);
