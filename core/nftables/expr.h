/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/memory.h"

/* Add one of the kernel's expressions to the end of a libnftnl rule. <linux/netfilter/nf_tables.h>
 * has the values of which they are made. */

struct nftnl_expr;
struct nftnl_rule;

/* libnftnl's allocators fail only without memory, which ends the program with the words of
 * memory.h. */
static inline void *nft_must(void *p)
{
	return p ? p : xalloc(SIZE_MAX);
}

/* Add any expression with attributes of 32 bits: nft_add(rule, "meta", { NFTNL_EXPR_META_KEY,
 * key }). Others can be set in what is returned, which the rule owns. */
struct nft_attribute {
	uint16_t type;
	uint32_t value;
};
struct nftnl_expr *nft_add_with(struct nftnl_rule *rule, const char *name,
				const struct nft_attribute *attribute, size_t n);
#define nft_add(rule_, name_, ...)                                                    \
	nft_add_with((rule_), (name_), (const struct nft_attribute[]){ __VA_ARGS__ }, \
		     sizeof((const struct nft_attribute[]){ __VA_ARGS__ }) /          \
			     sizeof(struct nft_attribute))

/* Load into a register. */
void nft_add_payload(struct nftnl_rule *rule, uint32_t base, uint32_t offset, uint32_t length,
		     uint32_t reg);
void nft_add_meta(struct nftnl_rule *rule, uint32_t key, uint32_t reg);
void nft_add_immediate(struct nftnl_rule *rule, const void *data, uint32_t size, uint32_t reg);
/* reg = reg & mask; the mask, of 4 bytes at most, as it lies in the register. */
void nft_add_mask(struct nftnl_rule *rule, uint32_t reg, const void *mask, uint32_t size);

/* Flip bits in NFT_REG32_00, of 4 bytes at most; write that back into a header, and if asked see to
 * the checksum of the IP header, as if it were part of that. */
void nft_add_flip(struct nftnl_rule *rule, const void *bits, uint32_t size);
struct nftnl_expr *nft_add_write(struct nftnl_rule *rule, uint32_t base, uint32_t offset,
				 uint32_t length, bool checksum);

/* With NFT_REG32_00: compare it, look it up in a set, or in a map whose value goes into dreg, or
 * set a packet's meta value to it. */
void nft_add_compare(struct nftnl_rule *rule, uint32_t op, const void *data, uint32_t size);
struct nftnl_expr *nft_add_lookup(struct nftnl_rule *rule, const char *set);
void nft_add_map(struct nftnl_rule *rule, const char *map, uint32_t dreg);
void nft_add_set_meta(struct nftnl_rule *rule, uint32_t key);

/* code: NF_ACCEPT and the like. chain: where to jump or go to, else NULL. */
void nft_add_verdict(struct nftnl_rule *rule, int code, const char *chain);
