/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/expr.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

#include <libnftnl/expr.h>
#include <libnftnl/rule.h>

#include <linux/ip.h>
#include <linux/netfilter/nf_tables.h>

struct nftnl_expr *nft_add_with(struct nftnl_rule *rule, const char *name,
				const struct nft_attribute *attribute, size_t n)
{
	struct nftnl_expr *expr = nft_must(nftnl_expr_alloc(name));

	for (size_t i = 0; i < n; i++)
		nftnl_expr_set_u32(expr, attribute[i].type, attribute[i].value);
	nftnl_rule_add_expr(rule, expr);
	return expr;
}

void nft_add_payload(struct nftnl_rule *rule, uint32_t base, uint32_t offset, uint32_t length,
		     uint32_t reg)
{
	nft_add(rule, "payload", { NFTNL_EXPR_PAYLOAD_BASE, base },
		{ NFTNL_EXPR_PAYLOAD_OFFSET, offset }, { NFTNL_EXPR_PAYLOAD_LEN, length },
		{ NFTNL_EXPR_PAYLOAD_DREG, reg });
}

void nft_add_meta(struct nftnl_rule *rule, uint32_t key, uint32_t reg)
{
	nft_add(rule, "meta", { NFTNL_EXPR_META_KEY, key }, { NFTNL_EXPR_META_DREG, reg });
}

void nft_add_compare(struct nftnl_rule *rule, uint32_t op, const void *data, uint32_t size)
{
	struct nftnl_expr *expr = nft_add(rule, "cmp", { NFTNL_EXPR_CMP_SREG, NFT_REG32_00 },
					  { NFTNL_EXPR_CMP_OP, op });

	nftnl_expr_set(expr, NFTNL_EXPR_CMP_DATA, data, size);
}

static void add_bitwise(struct nftnl_rule *rule, uint32_t reg, const void *mask, const void *flip,
			uint32_t size)
{
	struct nftnl_expr *expr = nft_add(
		rule, "bitwise", { NFTNL_EXPR_BITWISE_SREG, reg }, { NFTNL_EXPR_BITWISE_DREG, reg },
		{ NFTNL_EXPR_BITWISE_OP, NFT_BITWISE_BOOL }, { NFTNL_EXPR_BITWISE_LEN, size });

	nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_MASK, mask, size);
	nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_XOR, flip, size);
}

void nft_add_mask(struct nftnl_rule *rule, uint32_t reg, const void *mask, uint32_t size)
{
	static const uint32_t zero;

	assert(size <= sizeof(zero));
	add_bitwise(rule, reg, mask, &zero, size);
}

void nft_add_flip(struct nftnl_rule *rule, const void *bits, uint32_t size)
{
	static const uint32_t all = UINT32_MAX;

	assert(size <= sizeof(all));
	add_bitwise(rule, NFT_REG32_00, &all, bits, size);
}

struct nftnl_expr *nft_add_write(struct nftnl_rule *rule, uint32_t base, uint32_t offset,
				 uint32_t length, bool checksum)
{
	return nft_add(
		rule, "payload", { NFTNL_EXPR_PAYLOAD_BASE, base },
		{ NFTNL_EXPR_PAYLOAD_OFFSET, offset }, { NFTNL_EXPR_PAYLOAD_LEN, length },
		{ NFTNL_EXPR_PAYLOAD_SREG, NFT_REG32_00 },
		{ NFTNL_EXPR_PAYLOAD_CSUM_TYPE,
		  checksum ? NFT_PAYLOAD_CSUM_INET : NFT_PAYLOAD_CSUM_NONE },
		{ NFTNL_EXPR_PAYLOAD_CSUM_OFFSET, checksum ? offsetof(struct iphdr, check) : 0 });
}

void nft_add_immediate(struct nftnl_rule *rule, const void *data, uint32_t size, uint32_t reg)
{
	struct nftnl_expr *expr = nft_add(rule, "immediate", { NFTNL_EXPR_IMM_DREG, reg });

	nftnl_expr_set(expr, NFTNL_EXPR_IMM_DATA, data, size);
}

struct nftnl_expr *nft_add_lookup(struct nftnl_rule *rule, const char *set)
{
	struct nftnl_expr *expr = nft_add(rule, "lookup", { NFTNL_EXPR_LOOKUP_SREG, NFT_REG32_00 });

	nftnl_expr_set_str(expr, NFTNL_EXPR_LOOKUP_SET, set);
	return expr;
}

void nft_add_map(struct nftnl_rule *rule, const char *map, uint32_t dreg)
{
	nftnl_expr_set_u32(nft_add_lookup(rule, map), NFTNL_EXPR_LOOKUP_DREG, dreg);
}

void nft_add_set_meta(struct nftnl_rule *rule, uint32_t key)
{
	nft_add(rule, "meta", { NFTNL_EXPR_META_KEY, key }, { NFTNL_EXPR_META_SREG, NFT_REG32_00 });
}

void nft_add_verdict(struct nftnl_rule *rule, int code, const char *chain)
{
	struct nftnl_expr *expr = nft_add(rule, "immediate",
					  { NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT },
					  { NFTNL_EXPR_IMM_VERDICT, (uint32_t)code });

	if (chain)
		nftnl_expr_set_str(expr, NFTNL_EXPR_IMM_CHAIN, chain);
}
