/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

/*
 * An EIP in cut-through mode is its ENI's own address: its guest has it, nobody translates it, and
 * the ENI has no part in its VPC any more. What is left is a wire to the internet, named after the
 * EIP, at which its groups stand; ACLs and routes of the VPC know nothing of it.
 * cloud-semantics: eip-4
 */
static void only_its_own(const struct compiler *c, const char *netns, uint32_t ip)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain = want_chain(c, netns, "untranslated", NFT_CHAIN_FILTER,
					     NFT_HOOK_POSTROUTING, 300, false);
	struct nft_rule *rule = want_nft_rule(c, chain, BY(PART));

	nft_match_prefix(arena, rule, NFT_SADDR, ip, 32);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	rule = want_nft_rule(c, chain, BY(NO_PUBLIC_ADDRESS));
	nft_match_name(arena, rule, NFT_OIFNAME, INTERNET_LINK);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

void compile_cut_through(const struct compiler *c, const struct eip *eip)
{
	const struct eni *eni = (const struct eni *)eip->associated;
	const char *netns = eip->resource.name;
	char link[LINK_NAME_SIZE], guest_link[LINK_NAME_SIZE];
	struct object *object;

	origin_is(c, &eip->resource, &eni->resource);
	object = want_netns(c, netns, NETNS_ROUTER);
	object->netns_.tcp_established_timeout = c->model->profile->session_idle;
	object->netns_.tcp_loose_off = true; /* as vswitch.c has it */
	want_address(c, netns, "lo", ROUTER_ADDRESS, 32);
	compile_no_hop(c, netns);
	want_veth(c, INTERNET_NETNS, link_name(&eip->resource, link), netns, INTERNET_LINK,
		  eip->resource.id, LINK_PUBLIC_OUTSIDE);
	want_route_via(c, netns, TABLE_MAIN, DEFAULT_ROUTE, INTERNET_LINK, NEXT_HOP, true);
	if (!eni->ecs) {
		stands_for(c, BY(NOBODY, .other = &eip->resource));
		want_blackhole(c, netns, TABLE_MAIN, HOST_PREFIX(eip->ip));
		return;
	}
	link_name(&eni->resource, link);
	want_veth(c, netns, link, eni->ecs->resource.name, eni_guest_link(eni, guest_link),
		  eni->resource.id, LINK_GUEST);
	want_route(c, netns, TABLE_MAIN, HOST_PREFIX(eip->ip), link);
	compile_groups_of(c, netns, eni);
	only_its_own(c, netns, eip->ip);
	compile_bandwidth(c, netns, &eip->resource);
}
