/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct nlmsghdr;
struct object;

/* Messages to the kernel about links, addresses, routes and rules: made by message.h in the batch's
 * own buffer, and sent many at a time. */

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
};

/* Room for one message of message.h at the end of the batch, and then the message in it: rtnl_add(
 * batch, message_link_up(rtnl_room(batch), 1), &request). */
void *rtnl_room(struct rtnl_batch *batch);
void rtnl_add(struct rtnl_batch *batch, struct nlmsghdr *message,
	      const struct rtnl_request *request);

/*
 * Send everything and read every answer; the batch is empty then, and can be used again. The first
 * error that is not tolerated is returned, with its object and the kernel's own reason; later
 * messages may or may not have been carried out.
 */
int rtnl_commit(struct rtnl_batch *batch, int fd, struct error *err);
void rtnl_free(struct rtnl_batch *batch);
