/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"
#include "lab/model/cloud.h"

/*
 * 1:1 NAT between the internet and a VPC: AWS's internet gateway, Alibaba's IPv4 gateway, and what
 * an Alibaba VPC has without one for the public addresses of ECSs and ENIs (vpc.c).
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

static void translation(const struct compiler *c, const char *netns, const struct vpc *vpc,
			const char *inside)
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

	chain = want_chain(c, netns, "forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, false);
	rule = want_nft_rule(c, chain, BY(NOBODY, .resource = &vpc->resource));
	nft_match_name(arena, rule, NFT_IIFNAME, inside);
	nft_match_name(arena, rule, NFT_OIFNAME, inside);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	compile_smtp_closed(c, chain, inside);

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
	translation(c, netns, vpc, inside);
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

/* The addresses of a VPC that the internet has no way to. */
void compile_unreached_addresses(const struct compiler *c, const struct vpc *vpc)
{
	struct eni_address own = { 0 };

	while (model_next_address(c->model, &own)) {
		if (own.eni->vswitch->vpc != vpc || !own.public_ip)
			continue;
		origin_is(c, public_owner(&own), NULL);
		stands_for(c, BY(NO_INTERNET_GATEWAY, .resource = &vpc->resource));
		want_blackhole(c, INTERNET_NETNS, TABLE_MAIN, HOST_PREFIX(own.public_ip));
	}
}

/* A public address, whose it is, and the internet's way to it. */
static void public_address(const struct compiler *c, const struct internet_gateway *gateway,
			   const struct resource *holder, const struct resource *owner,
			   struct decision route, uint32_t public_ip, uint32_t private_ip)
{
	char link[LINK_NAME_SIZE];

	origin_is(c, owner, &gateway->resource);
	public_gateway_address(c, gateway->resource.name,
			       BY(PUBLIC_ADDRESS, .resource = holder, .other = owner), public_ip,
			       private_ip);
	route.other = &gateway->resource;
	stands_for(c, route);
	want_route_via(c, INTERNET_NETNS, TABLE_MAIN, HOST_PREFIX(public_ip),
		       link_name(&gateway->resource, link), NEXT_HOP, true);
}

static void public_addresses(const struct compiler *c, const struct internet_gateway *gateway)
{
	struct eni_address own = { 0 };

	while (model_next_address(c->model, &own))
		if (own.eni->vswitch->vpc == gateway->vpc && own.public_ip)
			public_address(c, gateway, eni_owner(own.eni), public_owner(&own),
				       public_route_of(&own), own.public_ip, own.ip);
	model_each(c->model, NOUN_EIP, const struct eip, eip) {
		const struct nat_gateway *nat;

		if (!model_cloud(c->model)->gateway_has_eip || !eip->associated ||
		    eip->associated->noun != NOUN_NAT_GATEWAY)
			continue;
		nat = (const struct nat_gateway *)eip->associated;
		if (nat->vpc == gateway->vpc)
			public_address(c, gateway, &nat->resource, &eip->resource,
				       BY(EIP_ROUTE, .resource = &eip->resource), eip->ip,
				       eip_inside_address(eip));
	}
}

void compile_internet_gateway(const struct compiler *c, const struct internet_gateway *gateway)
{
	const char *netns = gateway->resource.name;
	char link[LINK_NAME_SIZE];

	origin_is(c, &gateway->resource, NULL);
	want_netns(c, netns, NETNS_ROUTER);
	want_address(c, netns, "lo", ROUTER_ADDRESS, 32);
	compile_no_hop(c, netns);
	if (model_cloud(c->model)->internet_gateways)
		compile_spoken_for(c, netns, INTERNET_GATEWAY_ADDRESS);
	if (!gateway->active)
		return;
	/* What has no public address does not get out, a private NAT gateway's packets included.
	 * cloud-semantics: aws-1, aws-3, addr-7, pnat-12 */
	link_name(&gateway->resource, link);
	public_gateway(c, netns, &gateway->resource, gateway->vpc, link);
	public_addresses(c, gateway);
	compile_bandwidth(c, netns, &gateway->resource);
}
