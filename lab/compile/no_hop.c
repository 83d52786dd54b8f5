/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

/*
 * Linux takes one from the TTL of each packet that it forwards, and offers no way round. So the
 * packet gets one more as it comes in, before anything looks at it. nft cannot add, but flip bits:
 * one more is the lowest zero bit flipped, and all ones below it. What has 255 stays as it is.
 *
 * The checksum of the header has to lose as much. Of the TTL, being one byte, nft of Debian 12
 * cannot say so, but of the packet's id, which is two: a bit of that is flipped and flipped back,
 * once with the checksum and once without, in the order that makes the checksum smaller.
 */
enum { TTL_BITS = 8, ID_BIT = 0x100 /* weighs as much as one of the TTL */ };

static struct nft_rule *next_rule(const struct compiler *c, struct nft_chain *chain)
{
	return want_nft_rule(c, chain, BY(PART));
}

static void flip_id(const struct compiler *c, struct nft_rule *rule, enum nft_statement_kind first,
		    enum nft_statement_kind second)
{
	nft_flip(&c->wanted->arena, rule, first, NFT_IP_ID, ID_BIT);
	nft_flip(&c->wanted->arena, rule, second, NFT_IP_ID, ID_BIT);
}

static void checksum_chain(const struct compiler *c, const char *netns, const char *name)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain = want_chain(c, netns, name, NFT_CHAIN_PLAIN, 0, 0, false);
	struct nft_rule *rule = next_rule(c, chain);

	nft_match_value(arena, rule, NFT_IP_ID, NFT_NO_BIT, ID_BIT);
	flip_id(c, rule, NFT_FLIP, NFT_FLIP_UNSEEN);
	nft_verdict(arena, rule, NFT_VERDICT_RETURN, NULL);
	flip_id(c, next_rule(c, chain), NFT_FLIP_UNSEEN, NFT_FLIP);
}

void compile_no_hop(const struct compiler *c, const char *netns)
{
	static const char checksum[] = "no_hop.checksum";
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;

	checksum_chain(c, netns, checksum);
	chain = want_chain(c, netns, "no_hop", NFT_CHAIN_FILTER, NFT_HOOK_PREROUTING,
			   NFT_BEFORE_DEFRAG, false);
	for (unsigned bit = 0; bit < TTL_BITS; bit++) {
		struct nft_rule *rule = want_nft_rule(c, chain, bit == 0 ? BY(NO_HOP) : BY(PART));

		nft_match_value(arena, rule, NFT_TTL, NFT_NO_BIT, 1u << bit);
		nft_flip(arena, rule, NFT_FLIP_UNSEEN, NFT_TTL, (uint16_t)((2u << bit) - 1));
		nft_verdict(arena, rule, NFT_VERDICT_GOTO, checksum);
	}
}

void compile_silent(const struct compiler *c, const char *netns)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain =
		want_chain(c, netns, "silent", NFT_CHAIN_FILTER, NFT_HOOK_OUTPUT, 0, false);
	struct nft_rule *rule = next_rule(c, chain);

	nft_match_value(arena, rule, NFT_ICMP_TYPE, NFT_EQUAL, 11 /* time exceeded */);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}
