/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdint.h>

#include "core/state/nft.h"

/* The kernel's side of nft.h, for message.c only: how values lie in registers, and of what a
 * rule is made. */

struct nlattr;
struct nftnl_rule;

/* How a field lies in a packet register and in a set's key, the number that nft(8) has for its
 * type, and the expression that loads it. */
struct nft_field_info {
	uint8_t size;       /* bytes; in a concatenation rounded up to 4 */
	uint8_t type;       /* number of the data type */
	uint8_t byte_order; /* NFT_ORDER_* */
	const char *expression;
	uint32_t what;   /* the key of meta or ct, the header of payload, the type of numgen */
	uint32_t offset; /* in that header */
};

enum {
	NFT_ORDER_NONE = 0,
	NFT_ORDER_HOST = 1,
	NFT_ORDER_BIG = 2
}; /* nft(8)'s numbers in a set's user data */
enum { NFT_TYPE_INTEGER = 4, NFT_TYPE_ADDRESS = 7, NFT_TYPE_SERVICE = 13 };
#define NFT_TYPE_BITS 6 /* type of a concatenation: its fields' numbers, shifted */

extern const struct nft_field_info nft_field_info[NFT_FIELD_COUNT];

/* Write a value as it lies in a register, padded with zeroes to whole 4 bytes. Return the
 * field's size. */
#define NFT_VALUE_MAX 16
unsigned nft_encode_value(enum nft_field field, uint32_t value, const char *name,
			  uint8_t ret_bytes[static NFT_VALUE_MAX]);
/* Read the key of an element back. False: it is too short. */
bool nft_decode_key(const struct nft_set *set, const struct nlattr *key, struct arena *arena,
		    struct nft_element *ret_element);

/* Return the kernel's number of a verdict. */
int nft_verdict_code(enum nft_verdict verdict);

/*
 * Make a rule of no table and chain yet. A pool (NFT_SNAT_POOL) looks its address up in an
 * anonymous map, which the caller has put into the same transaction under that id. The caller frees
 * the rule with nftnl_rule_free().
 */
#define NFT_POOL_MAP "__map%d" /* the kernel replaces %d by a number */
struct nftnl_rule *nft_build_rule(const struct nft_rule *rule, uint32_t pool_id);
