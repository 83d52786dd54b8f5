/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/query.h"

/* cloud-semantics: nat-6 */
struct size_limit nat_gateway_limit(enum nat_size size)
{
	static const struct size_limit limits[] = {
		[NAT_SMALL] = { 1000, 10000 },
		[NAT_MEDIUM] = { 5000, 50000 },
		[NAT_LARGE] = { 10000, 200000 },
		[NAT_SUPER_LARGE_1] = { 50000, 1000000 },
	};

	return limits[size];
}

struct route *route_find(const struct model *m, const struct route_table *table, struct prefix to)
{
	model_each(m, NOUN_ROUTE, struct route, route)
		if (route->table == table && prefix_equal(route->to, to))
			return route;
	return NULL;
}

struct dnat *dnat_to_address(const struct model *m, const struct vpc *vpc, uint32_t ip)
{
	model_each(m, NOUN_DNAT, struct dnat, dnat)
		if (dnat->nat_gateway->vpc == vpc && dnat->target_ip == ip)
			return dnat;
	return NULL;
}

bool nat_gateway_hairpins(const struct nat_gateway *nat)
{
	return nat->type == NAT_STANDARD || nat->bind_mode == BIND_NAT;
}

bool route_leads_to_enhanced(const struct route *route)
{
	return route->via && route->via_type == HOP_NAT_GATEWAY &&
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
