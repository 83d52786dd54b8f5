/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include <linux/netlink.h>

#include "core/base/error.h"

/*
 * Asking the kernel for all of something, over any netlink socket, and telling it one thing. For
 * those who look (verify); those who build use rtnl.h and nft_netlink.h.
 */
struct netlink_answer {
	char *buffer; /* the messages, one behind the other */
	size_t length;
};

/*
 * Sends the request, whose flags are set here, and gathers all answers; begins again if something
 * changed meanwhile. A list of what is not there is empty. what: "routes", for the error.
 */
int netlink_dump(int fd, struct nlmsghdr *request, const char *what,
		 struct netlink_answer *ret_answer, struct error *err);
void netlink_answer_free(struct netlink_answer *answer);

/* Walks them: start with NULL; NULL at the end. */
struct nlmsghdr *netlink_next(const struct netlink_answer *answer, struct nlmsghdr *message);

/* The attributes behind the head of a message, and those in a nest: start with NULL; NULL at the
 * end. */
struct nlattr;
const struct nlattr *netlink_next_attribute(const struct nlmsghdr *message, size_t head,
					    const struct nlattr *attr);
const struct nlattr *netlink_next_nested(const struct nlattr *nest, const struct nlattr *attr);
#define for_each_attribute(attr_, message_, head_) \
	for ((attr_) = NULL; ((attr_) = netlink_next_attribute((message_), (head_), (attr_)));)
#define for_each_nested(attr_, nest_) \
	for ((attr_) = NULL; ((attr_) = netlink_next_nested((nest_), (attr_)));)

/* Sends one message, or a buffer of some, and waits for the answer to the one with that number. 0
 * or a negative errno. */
int netlink_tell(int fd, const void *messages, size_t length, unsigned seq);
