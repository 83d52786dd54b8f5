/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/compile/internal.h"
#include "lab/model/query.h"

/*
 * AWS: what the VPC's router has beside vpc.c's. The internet gateway is in public_gateway.c.
 *
 *     instance -- subnet -- VPC router -- internet gateway -- internet
 *                               \-- NAT gateway
 *
 * Every packet goes by a route table, whatever addresses its sender has: that of the subnet it
 * comes from, or for what a NAT gateway sends, that of the subnet the gateway is in. So a gateway
 * in a private subnet, one of the private type and a public address in a private subnet need no
 * rules of their own; they just do not work.
 *
 *   1001  iif S1    lookup T(S1)
 *   1001  iif NAT1  lookup T(subnet of NAT1)
 *   32766 lookup main                          what the internet gateway brings: the local routes,
 * nothing else
 */
static void want_hop(const struct compiler *c, const struct vpc *vpc, uint32_t table,
		     struct prefix to, const char *link)
{
	want_route_via(c, vpc->resource.name, table, to, link, NEXT_HOP, true);
}

/* Is all of that CIDR one subnet? */
static bool is_one_subnet(const struct compiler *c, const struct vpc *vpc, struct prefix cidr)
{
	model_each_user(c->model, NOUN_VSWITCH, vpc, const struct vswitch, subnet)
		if (prefix_equal(subnet->cidr, cidr))
			return true;
	return false;
}

/* A VPC has one route "local" for each of its CIDRs. It comes down to a route for each subnet and
 * for each NAT gateway's address, and to nowhere for the rest. cloud-semantics: aws-3 */
void compile_aws_local_route(const struct compiler *c, const struct vpc *vpc,
			     const struct route_table *table)
{
	const struct resource *owner = table ? &table->resource : &vpc->resource;
	uint32_t number = table ? route_table_number(table) : TABLE_MAIN;
	char link[LINK_NAME_SIZE];

	origin_is(c, owner, NULL);
	model_each_user(c->model, NOUN_VSWITCH, vpc, const struct vswitch, subnet) {
		stands_for(c, BY(LOCAL_ROUTE, .resource = owner, .other = &subnet->resource));
		if (!is_replaced(c, table, subnet->cidr))
			want_hop(c, vpc, number, subnet->cidr, link_name(&subnet->resource, link));
	}
	stands_for(c, BY(LOCAL_ROUTE, .resource = owner));
	for (size_t i = 0; i < vpc->cidr.n_item; i++)
		if (!is_one_subnet(c, vpc, vpc->cidr.item[i]))
			want_blackhole(c, vpc->resource.name, number, vpc->cidr.item[i]);
	model_each(c->model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		stands_for(c, BY(LOCAL_ROUTE, .resource = owner, .other = &nat->resource));
		if (nat->vpc != vpc)
			continue;
		link_name(&nat->resource, link);
		want_hop(c, vpc, number, HOST_PREFIX(nat->private_ip), link);
		model_each_user(c->model, NOUN_EIP, nat, const struct eip, eip)
			if (eip->private_ip)
				want_hop(c, vpc, number, HOST_PREFIX(eip->private_ip), link);
	}
}

/* The zone of what is behind a link of the VPC's router. */
static const char *zone_of(const struct resource *resource)
{
	return resource->noun == NOUN_NAT_GATEWAY
		       ? ((const struct nat_gateway *)resource)->vswitch->zone
		       : ((const struct vswitch *)resource)->zone;
}

/* What passes between two zones is counted, for it is paid for. cloud-semantics: end-11, end-12 */
static void crossings(const struct compiler *c, const struct vpc *vpc)
{
	static const enum nft_field links[] = { NFT_IIFNAME, NFT_OIFNAME };
	static const enum noun nouns[] = { NOUN_VSWITCH, NOUN_NAT_GATEWAY };
	const char *netns = vpc->resource.name;
	struct arena *arena = &c->wanted->arena;
	const struct resource **place = NULL;
	char link[LINK_NAME_SIZE];
	bool crosses = false;
	struct nft_rule *rule;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(nouns); i++)
		model_each_user(c->model, nouns[i], vpc, const struct resource, resource)
			*ARRAY_PUSH(place, n) = resource;
	origin_is(c, &vpc->resource, NULL);
	for (size_t from = 0; from < n; from++)
		for (size_t to = 0; to < n; to++) {
			struct nft_element *element;

			if (strcmp(zone_of(place[from]), zone_of(place[to])) == 0)
				continue;
			if (!crosses)
				want_set(c, netns, "crossing", links, 2, NFT_MAP_NONE);
			crosses = true;
			element = want_element(c, netns, "crossing");
			element->key[0].name = arena_strdup(arena, link_name(place[from], link));
			element->key[1].name = arena_strdup(arena, link_name(place[to], link));
		}
	free(place);
	if (!crosses)
		return;
	rule = want_nft_rule(
		c,
		want_chain(c, netns, ZONES_CHAIN, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 200, false),
		BY(PART));
	nft_lookup(arena, rule, NFT_IN_SET, "crossing", links, 2, 32, false);
	nft_counter(arena, rule);
}

void compile_aws_vpc(const struct compiler *c, const struct vpc *vpc)
{
	const char *netns = vpc->resource.name;
	char link[LINK_NAME_SIZE], uplink[LINK_NAME_SIZE];

	if (!vpc_gateway(vpc))
		compile_unreached_addresses(c, vpc);
	link_name(&vpc->resource, uplink);
	model_each_user(c->model, NOUN_NAT_GATEWAY, vpc, const struct nat_gateway, nat) {
		link_name(&nat->resource, link);
		origin_is(c, &nat->resource, NULL);
		want_veth(c, nat->resource.name, uplink, netns, link, nat->resource.id,
			  LINK_GATEWAY_INSIDE);
		origin_is(c, &nat->resource, &nat->vswitch->table->resource);
		want_rule(c, netns, PRIORITY_TABLE, link, 0,
			  route_table_number(nat->vswitch->table));
	}
	crossings(c, vpc);
}
