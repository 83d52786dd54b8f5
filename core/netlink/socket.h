/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

#include "core/base/error.h"

/*
 * A netlink socket of any family: open it, send, receive, tell the kernel one thing, ask it for all
 * of something. A socket stays in the network namespace in which it was opened, whoever uses it.
 *
 * Everybody in a namespace may send to every netlink socket there, and the programs of a node are
 * the user's. So the sockets are connected to the kernel, which then refuses what others send, and
 * netlink_receive() drops what came in before that.
 */
int netlink_open(int protocol, struct error *err); /* in the calling thread's namespace */

/* Send one or several messages in one call. Return 0 or a negative errno. */
int netlink_send(int fd, struct iovec *part, size_t n_part);

/* Receive one datagram from the kernel; flags as for recv(). Return its length or a negative errno.
 */
ssize_t netlink_receive(int fd, void *buffer, size_t size, int flags);

/* Send a buffer of messages and wait for the answer to the one with that number. Return 0, or the
 * error that the first of them met. */
int netlink_tell(int fd, void *messages, size_t length, unsigned seq);

/* What an NLMSG_ERROR, which may be a success, says. */
struct netlink_error {
	int r;           /* 0 or a negative errno */
	const char *why; /* the kernel's sentence, in the message; "" where it has none */
	uint32_t offset; /* where in our message the fault is; 0: not said */
};
/* Read one; false: the message is no such thing. */
bool netlink_error(const struct nlmsghdr *message, struct netlink_error *ret_error);

struct netlink_answer {
	char *buffer; /* the messages, one behind the other */
	size_t length;
	bool unknown; /* the kernel has no such list, which is empty therefore */
};

/*
 * Send a request for a list, whose flags are set here, and gather all answers; begin again if
 * something changed meanwhile. A list of what is not there is empty, and so it is after an error.
 * what: "routes", for the error, which is -EMSGSIZE for one beyond all measure; then more of it is
 * still to come, and the socket is of no more use.
 */
int netlink_dump(int fd, struct nlmsghdr *request, const char *what,
		 struct netlink_answer *ret_answer, struct error *err);
void netlink_answer_free(struct netlink_answer *answer);

/* The attributes behind the head of a message, and those in a nest: libmnl's loops, which narrow a
 * difference of pointers. */
#define for_each_attribute_(attr_, first_, tail_)                                        \
	for ((attr_) = (first_);                                                         \
	     mnl_attr_ok((attr_), (int)((const char *)(tail_) - (const char *)(attr_))); \
	     (attr_) = mnl_attr_next(attr_))
#define for_each_attribute(attr_, message_, head_)                                    \
	for_each_attribute_(attr_, mnl_nlmsg_get_payload_offset((message_), (head_)), \
			    mnl_nlmsg_get_payload_tail(message_))
#define for_each_nested(attr_, nest_)                           \
	for_each_attribute_(attr_, mnl_attr_get_payload(nest_), \
			    (const char *)(nest_) + (nest_)->nla_len)

/* Walk through an answer: start with NULL; NULL at the end. */
struct nlmsghdr *netlink_next(const struct netlink_answer *answer, struct nlmsghdr *message);
