/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/transit.h"
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "lab/compile/internal.h"
#include "lab/model/cloud.h"

/*
 * A transit router has a link to each VPC that is attached, of one name at both ends, and a Linux
 * table for each of its route tables, chosen by the link that a packet came by:
 *
 *     VPC1 --ATT1-- TR1 --ATT2-- VPC2
 *
 *   TR1   1001  iif ATT1  lookup T(table that ATT1 is associated with)
 *         32766 lookup main                            without one: nowhere
 *   VPC2  998   iif ATT2  lookup T(first vSwitch of ATT2)
 *         999   iif ATT2  lookup main
 *
 * cloud-semantics: tr-4, tr-11, tr-12
 */
static void table_routes(const struct compiler *c, const struct transit_table *table)
{
	const char *netns = table->router->resource.name;
	const uint32_t number = TABLE_FIRST + table->resource.id;
	size_t n;
	auto_free struct transit_entry *entries = transit_entries(c->model, table, &n);
	char link[LINK_NAME_SIZE];

	for (const struct transit_entry *entry = entries; entry < entries + n; entry++) {
		origin_is(c, entry->route ? &entry->route->resource : &entry->via->resource,
			  &table->resource);
		stands_for(c, transit_decision(entry, table));
		if (entry->via)
			want_route_via(c, netns, number, entry->to,
				       link_name(&entry->via->resource, link), NEXT_HOP, true);
		else
			want_blackhole(c, netns, number, entry->to);
	}
}

/* AWS: what comes from a zone without a subnet of the attachment does not get to the gateway.
 * cloud-semantics: tr-22 */
static void unserved_zones(const struct compiler *c, const struct transit_attachment *attachment)
{
	struct arena *arena = &c->wanted->arena;
	const struct vpc *vpc = attachment->vpc;
	char link[LINK_NAME_SIZE];
	struct nft_chain *chain;
	struct nft_rule *rule;

	chain = want_chain(c, vpc->resource.name,
			   arena_printf(arena, "zones.%s", attachment->resource.name),
			   NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, -10, false);
	for (int gateways = 0; gateways < 2; gateways++) {
		model_each_user(c->model, gateways ? NOUN_NAT_GATEWAY : NOUN_VSWITCH, vpc,
				const struct resource, from) {
			const struct vswitch *in =
				gateways ? ((const struct nat_gateway *)from)->vswitch
					 : (const struct vswitch *)from;

			if (transit_serves_zone(attachment, in))
				continue;
			rule = want_nft_rule(c, chain,
					     BY(NO_ZONE, .resource = &attachment->resource));
			nft_match_name(arena, rule, NFT_IIFNAME,
				       arena_strdup(arena, link_name(from, link)));
			nft_match_name(arena, rule, NFT_OIFNAME,
				       arena_strdup(arena, link_name(&attachment->resource, link)));
			nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
		}
	}
}

static void attach(const struct compiler *c, const struct transit_attachment *attachment)
{
	const char *netns = attachment->router->resource.name,
		   *vpc = attachment->vpc->resource.name;
	const struct route_table *arrived = attachment->vswitch[0]->table;
	char link[LINK_NAME_SIZE];

	link_name(&attachment->resource, link);
	origin_is(c, &attachment->resource, NULL);
	want_veth(c, netns, link, vpc, link, attachment->resource.id, LINK_ATTACHMENT);
	want_rule(c, vpc, PRIORITY_PEER + 1, link, 0, TABLE_MAIN);
	if (model_cloud(c->model)->one_local_route)
		unserved_zones(c, attachment);
	origin_is(c, &attachment->resource, &arrived->resource);
	want_rule(c, vpc, PRIORITY_PEER, link, 0, route_table_number(arrived));
	if (!attachment->associated)
		return;
	origin_is(c, &attachment->resource, &attachment->associated->resource);
	want_rule(c, netns, PRIORITY_TABLE, link, 0,
		  TABLE_FIRST + attachment->associated->resource.id);
}

void compile_transit(const struct compiler *c, const struct transit_router *router)
{
	const char *netns = router->resource.name;

	origin_is(c, &router->resource, NULL);
	want_netns(c, netns, NETNS_ROUTER);
	want_address(c, netns, "lo", ROUTER_ADDRESS, 32);
	compile_silent(c, netns);
	if (model_cloud(c->model)->gateway_mtu < model_cloud(c->model)->mtu)
		compile_mss(c, netns);
	stands_for(c, BY(NO_ROUTE, .resource = &router->resource));
	want_blackhole(c, netns, TABLE_MAIN, DEFAULT_ROUTE);
	model_each_user(c->model, NOUN_TRANSIT_TABLE, router, const struct transit_table, table)
		table_routes(c, table);
	model_each_user(c->model, NOUN_TRANSIT_ATTACHMENT, router, const struct transit_attachment,
			attachment)
		attach(c, attachment);
}
