/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <linux/netfilter/nf_tables.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/netlink/socket.h"

/*
 * The kernel's own listing of our table in one namespace, without what is no part of its meaning
 * (handles, counts) and without the elements of sets: two tables that list the same do the same.
 */

struct listed {
	uint16_t type; /* NFT_MSG_NEWSET, NFT_MSG_NEWCHAIN; NFT_MSG_NEWRULE: the rules of a chain,
			  one behind the other */
	char *name;
	struct text meaning;
};

struct listing {
	bool there;
	bool dormant;
	struct listed *listed;
	size_t n_listed;
};

/* List our table in the namespace of the socket. To be freed, also after an error. */
int nft_list(int fd, struct listing *listing, struct error *err);
void listing_free(struct listing *listing);
struct listed *listing_find(const struct listing *listing, uint16_t type,
			    const char *name);                    /* NULL where it is not there */
bool listed_same(const struct listed *a, const struct listed *b); /* false if one is NULL */

/* Ask for a dump. table: of that one, or NULL; name: of a set or chain in it, whose attribute it is
 * (0: of all). If it succeeds, free it with netlink_answer_free(). */
int nft_ask(int fd, uint16_t type, uint8_t family, const char *table, uint16_t attribute,
	    const char *name, struct netlink_answer *ret_answer, struct error *err);
/* Return an attribute of a message or nest, or NULL; the text of one, or "". */
const struct nlattr *nft_find(const struct nlmsghdr *message, uint16_t type);
const struct nlattr *nft_find_in(const struct nlattr *nest, uint16_t type);
const char *nft_string_in(const struct nlmsghdr *message, uint16_t type);
