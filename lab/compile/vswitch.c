/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"

enum { PRIORITY_NEXT_HOP = 1000, PRIORITY_ASYMMETRIC = -5 };

/*
 * A vSwitch is a router with one port an ENI, not a bridge: that is how clouds do it (no broadcast
 * between guests), and it lets a security group be what it is there, a filter outside the guest
 * that also stands between two guests of one vSwitch.
 */

/* What comes by the link of a next hop goes to its port, whatever its destination. */
static void next_hop(const struct compiler *c, const struct eni *eni, const char *port)
{
	const char *netns = eni->vswitch->resource.name;
	char link[LINK_NAME_SIZE];

	want_rule(c, netns, PRIORITY_NEXT_HOP, next_hop_link(eni, link), 0,
		  TABLE_FIRST + eni->resource.id);
	want_route(c, netns, TABLE_FIRST + eni->resource.id, DEFAULT_ROUTE, port);
}

/*
 * What one interface of an ECS sends with the address of another, where a route of the table leads
 * to an enhanced gateway. Were there any?
 */
static bool asymmetric_elements(const struct compiler *c, const struct eni *eni, const char *port)
{
	struct arena *arena = &c->wanted->arena;
	bool enhanced = false, any = false;

	model_each_user(c->model, NOUN_ROUTE, eni->vswitch->table, const struct route, route)
		enhanced = enhanced || route_leads_to_enhanced(route);
	for (size_t i = 0; i < eni->ecs->n_eni && enhanced; i++) {
		const struct eni *other = eni->ecs->eni[i];
		uint32_t ip;

		if (!other || other == eni)
			continue;
		for (size_t k = 0; (ip = eni_address(other, k)); k++) {
			struct nft_element *element =
				want_element(c, eni->vswitch->resource.name, "asymmetric");

			element->key[0].name = arena_strdup(arena, port);
			element->key[1].value = ip;
		}
		any = true;
	}
	return any;
}

/* Within the VPC it passes; beyond that by the route, the longest first, which it would take. */
static void drop_asymmetric(const struct compiler *c, const struct vswitch *vswitch)
{
	static const enum nft_field key[] = { NFT_IIFNAME, NFT_SADDR };
	struct arena *arena = &c->wanted->arena;
	const char *netns = vswitch->resource.name;
	const struct prefixes *inside = &vswitch->vpc->cidr;
	struct nft_chain *chain;
	struct nft_rule *rule;

	origin_is(c, &vswitch->resource, NULL);
	want_set(c, netns, "asymmetric", key, 2, NFT_MAP_NONE);
	chain = want_chain(c, netns, "one_interface", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD,
			   PRIORITY_ASYMMETRIC, false);
	for (size_t i = 0; i < inside->n_item; i++) {
		rule = want_nft_rule(c, chain, BY(PART));
		nft_match_prefix(arena, rule, NFT_DADDR, inside->item[i].address,
				 inside->item[i].length);
		nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	}
	for (int length = 32; length >= 0; length--) {
		model_each(c->model, NOUN_ROUTE, const struct route, route) {
			const bool enhanced = route_leads_to_enhanced(route);

			/* Only AWS, which has no such gateways, routes prefix lists. */
			if (route->table != vswitch->table || route->to.length != length)
				continue;
			rule = want_nft_rule(c, chain, enhanced ? BY(ONE_INTERFACE) : BY(PART));
			nft_match_prefix(arena, rule, NFT_DADDR, route->to.address,
					 route->to.length);
			if (enhanced)
				nft_lookup(arena, rule, NFT_IN_SET, "asymmetric", key, 2, 32,
					   false);
			nft_verdict(arena, rule, enhanced ? NFT_VERDICT_DROP : NFT_VERDICT_ACCEPT,
				    NULL);
		}
	}
}

void compile_vswitch(const struct compiler *c, const struct vswitch *vswitch)
{
	const char *netns = vswitch->resource.name;
	char link[LINK_NAME_SIZE], guest_link[LINK_NAME_SIZE];
	struct object *object;
	bool any_asymmetric = false;
	size_t cursor = 0;
	uint32_t ip;

	origin_is(c, &vswitch->resource, NULL);
	object = want_netns(c, netns, NETNS_ROUTER);
	object->netns_.tcp_established_timeout = c->model->profile->session_idle;
	/* Else a connection that a change of the groups has cut would be taken for a new one of the
	 * other side's. cloud-semantics: open-5 */
	object->netns_.tcp_loose_off = true;
	want_address(c, netns, "lo", vswitch->gateway, 32);
	compile_no_hop(c, netns);
	stands_for(c, BY(NOBODY, .resource = &vswitch->resource));
	want_blackhole(c, netns, TABLE_MAIN, vswitch->cidr);
	origin_is(c, &vswitch->resource, NULL);
	want_route_via(c, netns, TABLE_MAIN, DEFAULT_ROUTE,
		       link_name(&vswitch->vpc->resource, link), NEXT_HOP, true);
	cloud_service_routes(c, vswitch);

	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));) {
		if (eni->vswitch != vswitch || !eni->ecs || eni_is_cut_through(eni))
			continue;
		link_name(&eni->resource, link);
		origin_is(c, eni_owner(eni), NULL);
		want_veth(c, netns, link, eni->ecs->resource.name, eni_guest_link(eni, guest_link),
			  eni->resource.id, LINK_GUEST);
		for (size_t i = 0; (ip = eni_address(eni, i)); i++)
			want_route(c, netns, TABLE_MAIN, HOST_PREFIX(ip), link);
		if (is_next_hop(c, eni))
			next_hop(c, eni, link);
		any_asymmetric |= asymmetric_elements(c, eni, link);
	}
	if (any_asymmetric)
		drop_asymmetric(c, vswitch);
}
