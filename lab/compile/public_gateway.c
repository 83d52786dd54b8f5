/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

/*
 * 1:1 NAT between the internet and a VPC: AWS's internet gateway, and the one that an Alibaba VPC
 * has for the public addresses of ECSs and ENIs.
 */
void compile_smtp_closed(const struct compiler *c, struct nft_chain *chain, const char *inside)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_rule *rule = want_nft_rule(c, chain, BY(SMTP));

	nft_match_name(arena, rule, NFT_IIFNAME, inside);
	nft_match_name(arena, rule, NFT_OIFNAME, INTERNET_LINK);
	nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, PROTOCOL_TCP);
	nft_match_range(arena, rule, NFT_DPORT, SMTP_PORT, SMTP_PORT);
	nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_NEW);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

static void translation(const struct compiler *c, const char *netns, const char *inside)
{
	static const enum nft_field source[] = { NFT_SADDR }, destination[] = { NFT_DADDR };
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;
	struct nft_rule *rule;

	want_set(c, netns, "inbound", destination, 1, NFT_MAP_ADDRESS);
	want_set(c, netns, "outbound", source, 1, NFT_MAP_ADDRESS);

	chain = want_chain(c, netns, "dstnat", NFT_CHAIN_NAT, NFT_HOOK_PREROUTING, -100, false);
	rule = want_nft_rule(c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_IIFNAME, INTERNET_LINK);
	nft_lookup(arena, rule, NFT_DNAT_MAP, "inbound", destination, 1, 32, false);

	chain = want_chain(c, netns, "srcnat", NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING, 100, false);
	rule = want_nft_rule(c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_OIFNAME, INTERNET_LINK);
	nft_lookup(arena, rule, NFT_SNAT_MAP, "outbound", source, 1, 32, false);

	compile_smtp_closed(
		c, want_chain(c, netns, "forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, false),
		inside);

	/* Nothing leaves with a private address. */
	chain = want_chain(c, netns, "untranslated", NFT_CHAIN_FILTER, NFT_HOOK_POSTROUTING, 300,
			   false);
	rule_status(c, chain, BY(PART), INTERNET_LINK, NFT_STATUS_SNAT | NFT_STATUS_DNAT,
		    NFT_VERDICT_ACCEPT);
	rule_state(c, chain, BY(UNKNOWN_ANSWER), NFT_STATE_INVALID, NFT_VERDICT_DROP);
	rule = want_nft_rule(c, chain, BY(NO_PUBLIC_ADDRESS));
	nft_match_name(arena, rule, NFT_OIFNAME, INTERNET_LINK);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

void public_gateway(const struct compiler *c, const char *netns, const struct resource *resource,
		    const struct vpc *vpc, const char *vpc_link)
{
	char outside[LINK_NAME_SIZE], inside[LINK_NAME_SIZE];

	link_name(resource, outside);
	link_name(&vpc->resource, inside);
	want_veth(c, INTERNET_NETNS, outside, netns, INTERNET_LINK, resource->id,
		  LINK_PUBLIC_OUTSIDE);
	want_veth(c, netns, inside, vpc->resource.name, vpc_link, resource->id, LINK_PUBLIC_INSIDE);
	want_route_via(c, netns, TABLE_MAIN, DEFAULT_ROUTE, INTERNET_LINK, NEXT_HOP, true);
	want_routes_to_vpc(c, netns, vpc, inside);
	translation(c, netns, inside);
}

void public_gateway_address(const struct compiler *c, const char *netns, struct decision decision,
			    uint32_t public_ip, uint32_t private_ip)
{
	struct nft_element *element = want_element_for(c, netns, "inbound", decision);

	element->key[0].value = public_ip;
	element->data.address = private_ip;
	element = want_element_for(c, netns, "outbound", decision);
	element->key[0].value = private_ip;
	element->data.address = public_ip;
}
