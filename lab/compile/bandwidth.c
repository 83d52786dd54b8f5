/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

/*
 * The bandwidth of EIPs, at the gateway that has them: what is more is dropped, as it comes in from
 * the internet and as it leaves for it. One look into a map decides, however many EIPs there are; a
 * gateway whose EIPs have no limit has nothing of this.
 *
 *     bandwidth_out  by source, behind SNAT:        that many Mbit/s
 *     bandwidth_in   by destination, before DNAT:   as many, and 10 at least
 *
 * cloud-semantics: eip-14
 */
enum {
	PRIORITY_BEFORE_NAT = -160,
	PRIORITY_BEHIND_NAT = 310,
	LEAST_INBOUND = 10,
	BURSTS_A_SECOND = 10,
	LEAST_BURST = 1 << 17, /* two of the largest packets that a TCP connection makes */
};

static const enum nft_field source[] = { NFT_SADDR }, destination[] = { NFT_DADDR };

static void limit(const struct compiler *c, const char *netns, const char *map,
		  const struct eip *eip, unsigned mbit)
{
	struct arena *arena = &c->wanted->arena;
	const char *name = arena_printf(arena, "%s.%s", map, eip->resource.name);
	const uint32_t rate = mbit * 125000u, burst = rate / BURSTS_A_SECOND;
	const struct decision decision = BY(LIMIT_OF_BANDWIDTH, .resource = &eip->resource);
	struct nft_chain *chain = want_chain(c, netns, name, NFT_CHAIN_PLAIN, 0, 0, false);
	struct nft_rule *rule = want_nft_rule(c, chain, decision);
	struct nft_element *element;

	nft_limit_bytes(arena, rule, rate, burst < LEAST_BURST ? LEAST_BURST : burst);
	nft_counter(arena, rule);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	element = want_element(c, netns, map);
	element->key[0].value = eip->ip;
	element->data.verdict = NFT_VERDICT_JUMP;
	element->data.chain = name;
}

static void direction(const struct compiler *c, const char *netns, const char *map,
		      const enum nft_field *key, enum nft_field link, enum nft_hook hook,
		      int priority)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;
	struct nft_rule *rule;

	want_set(c, netns, map, key, 1, NFT_MAP_VERDICT);
	chain = want_chain(c, netns, map, NFT_CHAIN_FILTER, hook, priority, false);
	rule = want_nft_rule(c, chain, BY(PART));
	nft_match_name(arena, rule, link, INTERNET_LINK);
	nft_lookup(arena, rule, NFT_VMAP, map, key, 1, 32, false);
}

/* Where its packets are translated. NULL: nowhere. */
static const struct resource *gateway_of(const struct eip *eip)
{
	const struct resource *with = eip->associated;
	const struct vpc *vpc;

	if (!with || with->noun == NOUN_NAT_GATEWAY)
		return with;
	if (eip_is_cut_through(eip))
		return &eip->resource;
	vpc = resource_vpc(with);
	return vpc_gateway(vpc) ? &vpc_gateway(vpc)->resource : &vpc->resource;
}

void compile_bandwidth(const struct compiler *c, const char *netns, const struct resource *gateway)
{
	bool any = false;

	model_each(c->model, NOUN_EIP, const struct eip, eip) {
		const unsigned mbit = eip->bandwidth;

		if (!mbit || gateway_of(eip) != gateway)
			continue;
		any = true;
		origin_is(c, &eip->resource, NULL);
		limit(c, netns, "bandwidth_out", eip, mbit);
		limit(c, netns, "bandwidth_in", eip, mbit < LEAST_INBOUND ? LEAST_INBOUND : mbit);
	}
	origin_is(c, gateway, NULL);
	if (!any)
		return;
	direction(c, netns, "bandwidth_out", source, NFT_OIFNAME, NFT_HOOK_POSTROUTING,
		  PRIORITY_BEHIND_NAT);
	direction(c, netns, "bandwidth_in", destination, NFT_IIFNAME, NFT_HOOK_PREROUTING,
		  PRIORITY_BEFORE_NAT);
}
