/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/model/system_route.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

/* cloud-semantics 2: NextHopType, those of them that a lab has. */
static const struct hop {
	const char *word;
	enum hop_type type;
	enum noun noun;
} hops[] = {
	{ "nat-gateway", HOP_NAT_GATEWAY, NOUN_NAT_GATEWAY },
	{ "ecs", HOP_ECS, NOUN_ECS },
	{ "eni", HOP_ENI, NOUN_ENI },
};

void routes_lose(struct model *m, const struct resource *via)
{
	struct route *route;

	while ((route = route_to_resource(m, via))) {
		route->lost = xstrdup(via->name);
		route->via = NULL;
	}
}

int route_leave(struct model *m, const struct resource *via, struct error *err)
{
	const struct route *route = route_to_resource(m, via);
	int r;

	if (m->provider == PROVIDER_AWS)
		routes_lose(m, via);
	if (!route || m->provider == PROVIDER_AWS)
		return 0;
	/* cloud-semantics 3: Hdelnat; for an ECS or ENI as next hop the same code is the likeliest.
	 */
	r = error_refuse(err, "DependencyViolation.RouterEntry", NULL,
			 "the route %s still points to %s", route->resource.name, via->name);
	error_hint(err, "route delete %s", route->resource.name);
	return r;
}

static struct route *make_route(struct model *m, const char *name, struct route_table *table,
				struct prefix to, enum hop_type type, struct resource *via)
{
	struct route *route = xnew(struct route);

	route->table = table;
	route->to = to;
	route->via_type = type;
	route->via = via;
	model_add(m, &route->resource, NOUN_ROUTE, name);
	return route;
}

void route_make_default(struct model *m, struct nat_gateway *nat)
{
	auto_free char *name = xprintf("%s/default-route", nat->vpc->resource.name);

	make_route(m, name, nat->vpc->system_table, DEFAULT_ROUTE, HOP_NAT_GATEWAY, &nat->resource);
}

/* cloud-semantics 2: Hrt, conflict checks at creation. */
static int check_destination(const struct model *m, const struct route_table *table,
			     struct prefix to, struct error *err)
{
	const struct route *same;
	struct system_route system;
	size_t cursor = 0;
	char text[PREFIX_TEXT_SIZE], other[PREFIX_TEXT_SIZE];

	prefix_format(to, text);
	/* cloud-semantics 2: 2019, not in it at all; today more specific is fine. */
	if (prefix_equal(CLOUD_SERVICES, to) ||
	    (prefix_covers(CLOUD_SERVICES, to) && !m->profile->route_inside_service)) {
		error_refuse(err, "IllegalParam.CidrBlock", "to",
			     "%s is in " CLOUD_SERVICES_TEXT
			     ", which leads to the cloud's own services",
			     text);
		error_hint(err, "to 0.0.0.0/0 is every address that no other route has");
		return -EINVAL;
	}
	if (rule_unusable(to, prefix_covers)) {
		error_refuse(err, "IllegalParam.CidrBlock", "to",
			     "%s is no destination that could be routed", text);
		error_hint(err, "to 0.0.0.0/0 is every address that no other route has");
		return -EINVAL;
	}
	same = route_find(m, table, to);
	if (same) {
		int r = error_refuse(err, "InvalidCIDRBlock.Duplicate", "to",
				     "%s has a route to %s already: %s", table->resource.name, text,
				     same->resource.name);

		error_hint(err, "route delete %s", same->resource.name);
		return r;
	}
	while (system_route_next(m, table->vpc, &cursor, &system)) {
		const struct vswitch *vswitch = system.vswitch;

		if (!vswitch || !prefix_covers(system.to, to))
			continue;
		/* The code for "equal" is the documented one of a duplicate, the one for "inside"
		 * the likeliest. */
		prefix_format(vswitch->cidr, other);
		error_refuse(err,
			     prefix_equal(vswitch->cidr, to) ? "InvalidCIDRBlock.Duplicate"
							     : "InvalidCidrBlock",
			     "to", "%s %s the system route to %s (%s)", text,
			     prefix_equal(vswitch->cidr, to) ? "equals" : "is inside",
			     vswitch->resource.name, other);
		error_hint(err,
			   "inside the VPC all is routed by the system; name a block outside %s",
			   other);
		return -EINVAL;
	}
	return 0;
}

/* NULL: refused. */
static const struct hop *find_hop(const char *type, struct error *err)
{
	if (rule_given(type, "via", err) < 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(hops); i++)
		if (strcmp(hops[i].word, type) == 0)
			return &hops[i];
	error_refuse(err, "InvalidNextHopType", "via", "%.64s is no type of next hop", type);
	error_hint(err, "via nat-gateway NAME");
	return NULL;
}

static int find_via(const struct model *m, const struct route_table *table, const struct hop *hop,
		    const char *name, struct resource **ret_via, struct error *err)
{
	int r = rule_find_coded(m, hop->noun, name, "InvalidNextHopId.NotFound", "via", ret_via,
				err);

	if (r < 0)
		return r;
	/* cloud-semantics 2: the next hop is in the table's VPC; the code is the likeliest. */
	if (resource_vpc(*ret_via) != table->vpc) {
		error_refuse(err, "IllegalParam.NextHopId", "via", "%s is in %s, but %s is in %s",
			     name, resource_vpc(*ret_via)->resource.name, table->resource.name,
			     table->vpc->resource.name);
		error_hint(err, "a next hop is in the VPC of the table: %s",
			   table->vpc->resource.name);
		return -EINVAL;
	}
	return 0;
}

int route_create(struct model *m, const char *name, const char *table_name, const char *to_word,
		 const char *via_type, const char *via_name, struct error *err)
{
	const struct hop *hop;
	struct resource *via;
	struct route_table *table;
	struct prefix to;
	unsigned count;
	int r;

	r = model_check_new_name(m, NOUN_ROUTE, name, err);
	if (r < 0)
		return r;
	r = rule_find(m, NOUN_ROUTE_TABLE, table_name, "table", &table, err);
	if (r < 0)
		return r;
	r = rule_prefix(to_word, true, "InvalidCidrBlock.Malformed", "to", &to, err);
	if (r == 0)
		r = check_destination(m, table, to, err);
	if (r < 0)
		return r;
	hop = find_hop(via_type, err);
	if (!hop)
		return -EINVAL;
	r = find_via(m, table, hop, via_name, &via, err);
	if (r < 0)
		return r;
	/* cloud-semantics 2: custom entries a table */
	count = route_count(m, table);
	if (count >= m->profile->routes_per_table) {
		error_refuse(err, "QuotaExceeded", "table", "%s has its %u custom routes already",
			     table_name, count);
		error_hint(err,
			   "route show, then route delete one, or another table: route-table "
			   "create NAME vpc %s",
			   table->vpc->resource.name);
		return -EINVAL;
	}
	make_route(m, name, table, to, hop->type, via);
	return 0;
}

int route_delete(struct model *m, const char *name, struct error *err)
{
	const bool aws = m->provider == PROVIDER_AWS;
	struct route *route;
	int r;

	/* cloud-semantics 2: V:API/DeleteRouteEntry.md; 10: A:VPC_Route_Tables.md */
	if (name && system_route_exists(m, name)) {
		error_refuse(err, aws ? "InvalidParameterValue" : "OperationDenied", NULL,
			     "%s is a %s route, which cannot be deleted", name,
			     aws ? "local" : "system");
		error_hint(err, "it goes with its %s",
			   model_noun_title(m, aws ? NOUN_VPC : NOUN_VSWITCH));
		return -EINVAL;
	}
	r = rule_find(m, NOUN_ROUTE, name, NULL, &route, err);
	if (r < 0)
		return r;
	model_remove(m, &route->resource);
	return 0;
}
