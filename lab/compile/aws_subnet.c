/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

/*
 * What a subnet of AWS has beside a vSwitch: the source/destination check of each port, before its
 * security groups. A port takes only what has its own address as source, and gives only what has it
 * as destination; so an instance that is a next hop forwards nothing until its check is off.
 */
enum { PRIORITY_CHECK = -5 };

static void check_chain(const struct compiler *c, const char *netns, const char *name,
			struct decision decision, enum nft_field link, enum nft_field address)
{
	const enum nft_field key[] = { link, address };
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain = want_chain(c, netns, name, NFT_CHAIN_PLAIN, 0, 0, false);
	struct nft_rule *rule = want_nft_rule(c, chain, BY(PART));

	nft_lookup(arena, rule, NFT_IN_SET, "own", key, 2, 32, false);
	nft_verdict(arena, rule, NFT_VERDICT_RETURN, NULL);
	nft_verdict(arena, want_nft_rule(c, chain, decision), NFT_VERDICT_DROP, NULL);
}

static void port_check(const struct compiler *c, const char *netns, const char *map,
		       struct decision decision, const char *link, const char *chain)
{
	struct nft_element *element = want_element_for(c, netns, map, decision);

	element->key[0].name = link;
	element->data.verdict = NFT_VERDICT_JUMP;
	element->data.chain = chain;
}

/* cloud-semantics: mtu-8 */
void compile_spoken_for(const struct compiler *c, const char *netns, uint32_t address)
{
	enum { UNREACHABLE = 3, BOTH_ADDRESSES = 31 };
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain = want_chain(c, netns, "spoken_for", NFT_CHAIN_FILTER,
					     NFT_HOOK_POSTROUTING, 0, false);
	struct nft_rule *rule = want_nft_rule(c, chain, BY(PART));

	nft_match_prefix(arena, rule, NFT_SADDR, ROUTER_ADDRESS, BOTH_ADDRESSES);
	nft_match_value(arena, rule, NFT_ICMP_TYPE, NFT_EQUAL, UNREACHABLE);
	nft_set_source(arena, rule, address);
}

void compile_aws_subnet(const struct compiler *c, const struct vswitch *subnet)
{
	static const enum nft_field in[] = { NFT_IIFNAME }, out[] = { NFT_OIFNAME },
				    own[] = { NFT_IIFNAME, NFT_SADDR };
	const char *netns = subnet->resource.name;
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;
	size_t cursor = 0;

	origin_is(c, &subnet->resource, NULL);
	compile_spoken_for(c, netns, subnet->gateway);
	want_set(c, netns, "own", own, 2, NFT_MAP_NONE);
	want_set(c, netns, "checked_source", in, 1, NFT_MAP_VERDICT);
	want_set(c, netns, "checked_destination", out, 1, NFT_MAP_VERDICT);
	check_chain(c, netns, "source_check", BY(SOURCE_CHECK), NFT_IIFNAME, NFT_SADDR);
	check_chain(c, netns, "destination_check", BY(DESTINATION_CHECK), NFT_OIFNAME, NFT_DADDR);
	chain = want_chain(c, netns, "check", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, PRIORITY_CHECK,
			   false);
	nft_lookup(arena, want_nft_rule(c, chain, BY(PART)), NFT_VMAP, "checked_source", in, 1, 32,
		   false);
	nft_lookup(arena, want_nft_rule(c, chain, BY(PART)), NFT_VMAP, "checked_destination", out,
		   1, 32, false);

	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));) {
		char buffer[LINK_NAME_SIZE];
		const char *link;
		uint32_t ip;

		if (eni->vswitch != subnet || !eni->ecs || !eni->source_dest_check)
			continue;
		link = arena_strdup(arena, link_name(&eni->resource, buffer));
		origin_is(c, eni_owner(eni), NULL);
		for (size_t i = 0; (ip = eni_address(eni, i)); i++) {
			struct nft_element *element = want_element(c, netns, "own");

			element->key[0].name = link;
			element->key[1].value = ip;
		}
		port_check(c, netns, "checked_source", BY(SOURCE_CHECK, .resource = eni_owner(eni)),
			   link, "source_check");
		port_check(c, netns, "checked_destination",
			   BY(DESTINATION_CHECK, .resource = eni_owner(eni)), link,
			   "destination_check");
	}
}
