/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/query.h"

#include "lab/model/profile.h"

/* cloud-semantics: nat-6 */
struct size_limit nat_gateway_limit(const struct model *model, enum nat_size size)
{
	const struct size_limit limits[] = {
		[NAT_SMALL] = { 1000, 10000 },
		[NAT_MEDIUM] = { 5000, 50000 },
		[NAT_LARGE] = { 10000, 200000 },
		[NAT_SUPER_LARGE_1] = { 50000, 1000000 },
		[NAT_BY_USAGE] = { model->profile->usage_rate, model->profile->usage_connections },
	};

	return limits[size];
}

struct route *route_find(const struct model *m, const struct route_table *table, struct prefix to)
{
	model_each(m, NOUN_ROUTE, struct route, route)
		if (route->table == table && !route->list && prefix_equal(route->to, to))
			return route;
	return NULL;
}

struct route *route_find_list(const struct model *m, const struct route_table *table,
			      const struct prefix_list *list)
{
	model_each(m, NOUN_ROUTE, struct route, route)
		if (route->table == table && route->list == list)
			return route;
	return NULL;
}

bool prefix_list_has(const struct prefix_list *list, struct prefix prefix)
{
	for (size_t i = 0; i < list->n_entry; i++)
		if (prefix_equal(list->entry[i], prefix))
			return true;
	return false;
}

const struct prefix *route_to_within(const struct route *route, struct prefix cidr)
{
	size_t n;
	const struct prefix *to = route_to(route, &n);

	for (size_t i = 0; i < n; i++)
		if (prefix_covers(cidr, to[i]))
			return &to[i];
	return NULL;
}

bool route_entry_is_hidden(const struct model *m, const struct route *route, struct prefix entry)
{
	if (route_find(m, route->table, entry))
		return true;
	model_each(m, NOUN_ROUTE, const struct route, other) {
		if (other == route)
			break;
		if (other->table == route->table && other->list &&
		    prefix_list_has(other->list, entry))
			return true;
	}
	return false;
}

/* One that overlaps the block, or lies behind it in the CIDR. */
static const struct vswitch *vswitch_over(const struct model *m, const struct vpc *vpc,
					  struct prefix block, const struct prefix *cidr)
{
	model_each_user(m, NOUN_VSWITCH, vpc, const struct vswitch, vswitch)
		if (prefix_overlaps(vswitch->cidr, block) ||
		    (cidr && prefix_covers(*cidr, vswitch->cidr) &&
		     vswitch->cidr.address > block.address))
			return vswitch;
	return NULL;
}

bool vpc_free_block(const struct model *m, const struct vpc *vpc, uint8_t length, bool behind,
		    struct prefix *ret_block)
{
	for (size_t i = 0; i < vpc->cidr.n_item; i++) {
		const struct prefix *cidr = &vpc->cidr.item[i];
		struct prefix block = { cidr->address, length };
		const struct vswitch *taken = NULL;

		while (prefix_covers(*cidr, block) &&
		       (taken = vswitch_over(m, vpc, block, behind ? cidr : NULL)))
			block.address = (prefix_last(taken->cidr) | ~prefix_mask(length)) + 1;
		if (prefix_covers(*cidr, block) && !taken) {
			*ret_block = block;
			return true;
		}
	}
	return false;
}

struct dnat *dnat_to_address(const struct model *m, const struct vpc *vpc, uint32_t ip)
{
	model_each(m, NOUN_DNAT, struct dnat, dnat)
		if (dnat->nat_gateway->vpc == vpc && dnat->target_ip == ip)
			return dnat;
	return NULL;
}

const struct nat_gateway *vpc_first_gateway(const struct model *m, const struct vpc *vpc)
{
	model_each_user(m, NOUN_NAT_GATEWAY, vpc, const struct nat_gateway, nat)
		if (nat->type != NAT_INTRANET)
			return nat;
	return NULL;
}

bool nat_gateway_has_size(const struct nat_gateway *nat)
{
	return nat->type == NAT_ENHANCED || nat->type == NAT_STANDARD || nat->type == NAT_INTRANET;
}

bool nat_gateway_hairpins(const struct nat_gateway *nat)
{
	return nat->type == NAT_STANDARD || nat->bind_mode == BIND_NAT;
}

bool vswitch_is_public(const struct model *m, const struct vswitch *vswitch)
{
	const struct route *route = route_find(m, vswitch->table, DEFAULT_ROUTE);

	return route && route->via_noun == NOUN_INTERNET_GATEWAY && !route_is_blackhole(route);
}

const struct resource *nat_gateway_place(const struct nat_gateway *nat)
{
	return nat->vswitch ? &nat->vswitch->resource : &nat->vpc->resource;
}

bool nat_gateway_is_cut_off(const struct model *m, const struct nat_gateway *nat)
{
	return nat->type != NAT_INTRANET && vpc_is_controlled(nat->vpc) &&
	       !(nat->vswitch && vswitch_is_public(m, nat->vswitch));
}

bool route_leads_to_enhanced(const struct route *route)
{
	return route->via && route->via_noun == NOUN_NAT_GATEWAY &&
	       ((const struct nat_gateway *)route->via)->type == NAT_ENHANCED;
}

bool vswitch_keeps(const struct vswitch *vswitch, uint32_t ip)
{
	return prefix_contains(vswitch->cidr, ip) &&
	       (ip < vswitch->first_usable || ip > vswitch->last_usable);
}

bool dnat_takes_effect(const struct model *model, const struct dnat *dnat)
{
	return model_eni_by_ip(model, dnat->nat_gateway->vpc, dnat->target_ip) != NULL;
}

struct resource *route_named_hop(const struct model *model, const struct route *route)
{
	if (!route->via || route->via_noun != NOUN_TRANSIT_ATTACHMENT ||
	    model->provider != PROVIDER_AWS)
		return route->via;
	return &((struct transit_attachment *)route->via)->router->resource;
}

bool vpc_has_balancer(const struct model *model, const struct vpc *vpc)
{
	model_each(model, NOUN_LOAD_BALANCER, const struct load_balancer, balancer)
		if (balancer->vswitch->vpc == vpc)
			return true;
	return false;
}
