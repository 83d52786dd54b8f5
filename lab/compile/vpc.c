/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/compile/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/model/system_route.h"

/*
 * The VPC's router. A packet's route table is that of the vSwitch it came from (policy routing by
 * incoming link):
 *
 *   998    iif PCC1 lookup main      from another VPC: the system routes, nothing else
 *   1000   mark 1   lookup 2         a source with a public address of its own leaves by it, unless
 *                                    the destination is private
 *   1001   iif VSW1 lookup T         else by the table
 *   32766  lookup main               from gateways: the system routes, nothing else
 *
 * which is the cloud's order: towards the internet an instance's own public address wins over every
 * route, however narrow. What a peering connection brings goes to a vSwitch or nowhere: it uses no
 * gateway of this VPC and no other peering.
 *
 * With an active IPv4 gateway there is no line 1000: routes lead there, or do not. What it brings
 * is routed by its own table, if it has one.
 * cloud-semantics: addr-1, addr-2, addr-7, addr-12, q-a, misc-8, snat-3, rt-6, rt-8, peer-6,
 * peer-12, peer-24
 */
enum { PRIORITY_PUBLIC = PRIORITY_TABLE - 1 };
enum { MARK_PUBLIC = 1, TABLE_PUBLIC = 2 };
enum { PRIORITY_MANGLE = -150, PRIORITY_ENDPOINT = -12 }; /* the latter before the ACLs */

bool is_replaced(const struct compiler *c, const struct route_table *table, struct prefix vswitch)
{
	return table && route_find(c->model, table, vswitch);
}

/* table NULL: the router's own. */
static void system_routes(const struct compiler *c, const struct vpc *vpc,
			  const struct route_table *table)
{
	const struct resource *owner = table ? &table->resource : &vpc->resource;
	const uint32_t number = table ? route_table_number(table) : TABLE_MAIN;
	char link[LINK_NAME_SIZE];
	struct system_route route;
	size_t cursor = 0;

	while (system_route_next(c->model, vpc, &cursor, &route)) {
		const struct resource *vswitch = route.vswitch ? &route.vswitch->resource : NULL;

		if (vswitch && is_replaced(c, table, route.to))
			continue;
		origin_is(c, vswitch ? vswitch : owner, vswitch ? owner : NULL);
		if (vswitch)
			stands_for(c, BY(LOCAL_ROUTE, .resource = owner, .other = vswitch));
		else
			stands_for(c, BY(CLOUD_SERVICES, .resource = owner));
		if (vswitch)
			want_route_via(c, vpc->resource.name, number, route.to,
				       link_name(vswitch, link), NEXT_HOP, true);
		else
			want_blackhole(c, vpc->resource.name, number,
				       route.to); /* but for those that it has */
	}
}

static void custom_route(const struct compiler *c, const struct route *route, struct prefix to)
{
	const struct eni *eni = route_interface(route);
	const uint32_t table = route_table_number(route->table);
	const char *netns = route->table->vpc->resource.name;
	char link[LINK_NAME_SIZE];

	if (route_is_blackhole(route))
		want_blackhole(c, netns, table, to);
	else
		want_route_via(c, netns, table, to,
			       eni ? next_hop_link(eni, link) : link_name(route->via, link),
			       NEXT_HOP, true);
}

/* To a gateway by its link; to an interface by the link made for it alone (vswitch.c). */
static void custom_routes(const struct compiler *c, const struct vpc *vpc)
{
	model_each(c->model, NOUN_ROUTE, const struct route, route) {
		size_t n;
		const struct prefix *to = route_to(route, &n);

		if (route->table->vpc != vpc)
			continue;
		origin_is(c, &route->resource, &route->table->resource);
		stands_for(c, BY(ROUTE, .resource = &route->resource,
				 .other = &route->table->resource));
		for (size_t i = 0; i < n; i++)
			if (!route->list || !route_entry_is_hidden(c->model, route, to[i]))
				custom_route(c, route, to[i]);
	}
}

static bool vpc_has_public_addresses(const struct compiler *c, const struct vpc *vpc)
{
	struct eni_address address = { 0 };

	while (model_next_address(c->model, &address))
		if (address.eni->vswitch->vpc == vpc && eni_translated_ip(address.eni, address.ip))
			return true;
	return false;
}

/* One link, of the same name at both ends, which he who asked for it owns. */
static void peerings(const struct compiler *c, const struct vpc *vpc)
{
	const char *netns = vpc->resource.name;
	char link[LINK_NAME_SIZE];

	model_each_user(c->model, NOUN_VPC_PEERING, vpc, const struct vpc_peering, peering) {
		if (peering->state != PEERING_ACTIVE)
			continue;
		link_name(&peering->resource, link);
		origin_is(c, &peering->resource, NULL);
		if (vpc == peering->vpc)
			want_veth(c, netns, link, peering->peer->resource.name, link,
				  peering->resource.id, LINK_PEERING);
		want_rule(c, netns, PRIORITY_PEER, link, 0, TABLE_MAIN);
	}
}

/*
 * A gateway endpoint is a link to the internet, by which the routes to a service lead. Nothing
 * passes but what the VPC's own addresses send, and the answers. cloud-semantics: end-1, end-3
 */
static void endpoints(const struct compiler *c, const struct vpc *vpc)
{
	struct arena *arena = &c->wanted->arena;
	const char *netns = vpc->resource.name;
	char name[LINK_NAME_SIZE];

	model_each_user(c->model, NOUN_VPC_ENDPOINT, vpc, const struct vpc_endpoint, endpoint) {
		const char *link = arena_strdup(arena, link_name(&endpoint->resource, name));
		struct nft_chain *chain;
		struct nft_rule *rule;

		origin_is(c, &endpoint->resource, NULL);
		want_veth(c, INTERNET_NETNS, link, netns, link, endpoint->resource.id,
			  LINK_ENDPOINT);
		want_rule(c, netns, PRIORITY_PEER, link, 0, TABLE_MAIN);
		chain = want_chain(c, netns,
				   arena_printf(arena, "endpoint.%s", endpoint->resource.name),
				   NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, PRIORITY_ENDPOINT, false);
		rule = want_nft_rule(c, chain, BY(UNSOLICITED, .resource = &endpoint->resource));
		nft_match_name(arena, rule, NFT_IIFNAME, link);
		nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT,
				NFT_STATE_NEW | NFT_STATE_INVALID);
		nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
		for (size_t i = 0; i < vpc->cidr.n_item; i++) {
			rule = want_nft_rule(c, chain, BY(PART));
			nft_match_name(arena, rule, NFT_OIFNAME, link);
			nft_match_prefix(arena, rule, NFT_SADDR, vpc->cidr.item[i].address,
					 vpc->cidr.item[i].length);
			nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
		}
		rule = want_nft_rule(c, chain, BY(ENDPOINT_REST, .resource = &endpoint->resource));
		nft_match_name(arena, rule, NFT_OIFNAME, link);
		nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	}
}

void compile_vpc(const struct compiler *c, const struct vpc *vpc)
{
	void (*const local_routes)(const struct compiler *, const struct vpc *,
				   const struct route_table *) =
		model_cloud(c->model)->one_local_route ? compile_aws_local_route : system_routes;
	const char *netns = vpc->resource.name;
	char link[LINK_NAME_SIZE], uplink[LINK_NAME_SIZE];
	size_t cursor = 0;

	origin_is(c, &vpc->resource, NULL);
	want_netns(c, netns, NETNS_ROUTER);
	want_address(c, netns, "lo", ROUTER_ADDRESS, 32);
	compile_no_hop(c, netns);
	stands_for(c, BY(NO_ROUTE, .resource = &vpc->resource));
	want_blackhole(c, netns, TABLE_MAIN,
		       DEFAULT_ROUTE); /* dropped without a word, as in the cloud */
	local_routes(c, vpc, NULL);
	balancer_routes(c, vpc, NULL);
	nat_ip_routes(c, vpc, NULL);
	model_each_user(c->model, NOUN_ROUTE_TABLE, vpc, const struct route_table, table) {
		local_routes(c, vpc, table);
		balancer_routes(c, vpc, table);
		nat_ip_routes(c, vpc, table);
	}
	custom_routes(c, vpc);
	peerings(c, vpc);
	endpoints(c, vpc);

	if (vpc_gateway(vpc) && vpc_gateway(vpc)->table) {
		const struct internet_gateway *gateway = vpc_gateway(vpc);

		origin_is(c, &gateway->resource, &gateway->table->resource);
		want_rule(c, netns, PRIORITY_TABLE, link_name(&gateway->resource, link), 0,
			  route_table_number(gateway->table));
	}
	link_name(&vpc->resource, uplink);
	model_each_user(c->model, NOUN_VSWITCH, vpc, const struct vswitch, vswitch) {
		link_name(&vswitch->resource, link);
		origin_is(c, &vswitch->resource, NULL);
		want_veth(c, netns, link, vswitch->resource.name, uplink, vswitch->resource.id,
			  LINK_VSWITCH);
		origin_is(c, &vswitch->resource, &vswitch->table->resource);
		want_rule(c, netns, PRIORITY_TABLE, link, 0, route_table_number(vswitch->table));
	}
	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));) {
		if (eni->vswitch->vpc != vpc || !is_next_hop(c, eni))
			continue;
		next_hop_link(eni, link);
		origin_is(c, eni_owner(eni), NULL);
		want_veth(c, netns, link, eni->vswitch->resource.name, link, eni->resource.id,
			  LINK_NEXT_HOP);
	}
}

/* In the VPC's router: what has a public address of its own is marked, and the mark leads to the
 * public-address gateway. */
static void steer_to_public_gateway(const struct compiler *c, const struct vpc *vpc)
{
	static const enum nft_field source[] = { NFT_SADDR };
	const char *netns = vpc->resource.name;
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;
	struct nft_rule *rule;
	struct prefix range;

	want_set(c, netns, "public", source, 1, NFT_MAP_NONE);
	chain = want_chain(c, netns, "steer", NFT_CHAIN_FILTER, NFT_HOOK_PREROUTING,
			   PRIORITY_MANGLE, false);
	rule = want_nft_rule(c, chain, BY(PUBLIC_ROUTE));
	nft_lookup(arena, rule, NFT_IN_SET, "public", source, 1, 32, false);
	nft_set_mark(arena, rule, MARK_PUBLIC);
	stands_for(c, BY(PUBLIC_ROUTE, .other = &vpc->resource));
	want_rule(c, netns, PRIORITY_PUBLIC, NULL, MARK_PUBLIC, TABLE_PUBLIC);
	want_route_via(c, netns, TABLE_PUBLIC, DEFAULT_ROUTE, PUBLIC_LINK, NEXT_HOP, true);
	for (size_t cursor = 0; private_range_next(vpc, &cursor, &range);)
		want_throw(c, netns, TABLE_PUBLIC, range);
}

/* The gateway for public addresses of ECSs and ENIs: one-to-one NAT, which the guest does not
 * see. cloud-semantics: eip-2, misc-9 */
void compile_public_gateway(const struct compiler *c, const struct vpc *vpc)
{
	const char *netns;
	struct eni_address own = { 0 };

	if (!vpc_has_public_addresses(c, vpc))
		return;
	netns = arena_printf(&c->wanted->arena, "%s" PUBLIC_GATEWAY_SUFFIX, vpc->resource.name);

	origin_is(c, &vpc->resource, NULL);
	want_netns(c, netns, NETNS_ROUTER)->netns_.tcp_loose_off = true;
	want_address(c, netns, "lo", ROUTER_ADDRESS, 32);
	compile_no_hop(c, netns);
	public_gateway(c, netns, &vpc->resource, vpc, PUBLIC_LINK);
	steer_to_public_gateway(c, vpc);
	compile_bandwidth(c, netns, &vpc->resource);

	while (model_next_address(c->model, &own)) {
		const struct resource *holder = eni_owner(own.eni);

		if (own.eni->vswitch->vpc != vpc || !eni_translated_ip(own.eni, own.ip))
			continue;
		origin_is(c, public_owner(&own), own.eip ? holder : NULL);
		want_element_for(c, vpc->resource.name, "public",
				 BY(PUBLIC_ROUTE, .resource = holder, .other = public_owner(&own)))
			->key[0]
			.value = own.ip;
		public_gateway_address(
			c, netns,
			BY(PUBLIC_ADDRESS, .resource = holder, .other = public_owner(&own)),
			own.public_ip, own.ip);
	}
}
