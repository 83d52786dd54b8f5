/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/netlink/socket.h"

/* The attributes of one message, by their numbers; those of higher ones are left out. */
#define ATTRIBUTES_MAX 80
struct attributes {
	const struct nlattr *attr[ATTRIBUTES_MAX];
};

/* head: the size of what stands before them. */
void attributes_read(const struct nlmsghdr *message, size_t head,
		     struct attributes *ret_attributes);
/* Return a 32-bit number, or 0 if it is not there. */
uint32_t attributes_number(const struct attributes *attributes, unsigned type);
/* The same for one in network order: an address of IPv4. */
uint32_t attributes_address(const struct attributes *attributes, unsigned type);
/* Return a text, or "" if it is not there. It lasts as long as the message. */
const char *attributes_text(const struct attributes *attributes, unsigned type);

/* Ask for a list of rtnetlink: RTM_GETLINK, or any other of IPv4, whose head has that size and
 * begins with the family. */
int rtnl_dump(int fd, uint16_t type, size_t head, const char *what,
	      struct netlink_answer *ret_answer, struct error *err);
