/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/aws_rules.h"

static const struct hop {
	const char *word;
	enum hop_type type;
	enum noun noun;
	const char *not_found;
} hops[] = {
	{ "internet-gateway", HOP_INTERNET_GATEWAY, NOUN_INTERNET_GATEWAY,
	  "InvalidGatewayID.NotFound" },
	{ "nat-gateway", HOP_NAT_GATEWAY, NOUN_NAT_GATEWAY, "InvalidNatGatewayID.NotFound" },
	{ "instance", HOP_ECS, NOUN_ECS, "InvalidInstanceID.NotFound" },
	{ "eni", HOP_ENI, NOUN_ENI, "InvalidNetworkInterfaceID.NotFound" },
};

#define LOST "blackhole" /* in place of the type of a next hop */

static const struct hop *hop_by_word(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(hops); i++)
		if (strlen(hops[i].word) == length && strncmp(hops[i].word, word, length) == 0)
			return &hops[i];
	return NULL;
}

void aws_remove_routes(struct model *m, const struct route_table *table)
{
	for (size_t i = model_count(m, NOUN_ROUTE); i-- > 0;) {
		struct route *route = model_get(m, NOUN_ROUTE, i);

		if (route->table == table)
			model_remove(m, &route->resource);
	}
}

/* What a route is to be, before it is one. */
struct wanted_route {
	struct route_table *table;
	struct prefix to;
	const struct hop *hop;
	struct resource *via;
	const char *lost;
};

/* TYPE/NAME of a next hop that is gone. */
static int find_lost(const char *word, struct wanted_route *wanted, struct error *err)
{
	const char *slash = word ? strchr(word, '/') : NULL;

	wanted->hop = slash ? hop_by_word(word, (size_t)(slash - word)) : NULL;
	if (!wanted->hop || !slash[1]) {
		error_refuse(err, "InvalidParameterValue", "via",
			     "a " LOST " says what it led to, as in: via " LOST
			     " nat-gateway/NAT1");
		error_hint(err, "via " LOST " nat-gateway/%.64s", word ? word : "NAME");
		return -EINVAL;
	}
	wanted->lost = slash + 1;
	return 0;
}

static int find_hop(const struct model *m, const char *type, const char *name,
		    struct wanted_route *wanted, struct error *err)
{
	const struct vpc *vpc;
	int r = rule_given(type, "via", err);

	if (r < 0)
		return r;
	if (strcmp(type, LOST) == 0)
		return find_lost(name, wanted, err);
	wanted->hop = hop_by_word(type, strlen(type));
	if (!wanted->hop) {
		r = error_refuse(err, "InvalidParameterValue", "via",
				 "%.64s is no type of next hop", type);
		error_hint(
			err,
			"via internet-gateway NAME, nat-gateway NAME, instance NAME or eni NAME");
		return r;
	}
	r = rule_find_coded(m, wanted->hop->noun, name, wanted->hop->not_found, "via", &wanted->via,
			    err);
	if (r < 0)
		return r;
	/* CreateRoute: the table and the next hop "belong to different networks", an
	 * InvalidParameterValue. */
	vpc = resource_vpc(wanted->via);
	if (!vpc) {
		r = error_refuse(err, "InvalidParameterValue", "via", "%s is not attached to %s",
				 name, wanted->table->vpc->resource.name);
		error_hint(err, "internet-gateway attach %s vpc %s", name,
			   wanted->table->vpc->resource.name);
		return r;
	}
	if (vpc != wanted->table->vpc) {
		error_refuse(err, "InvalidParameterValue", "via", "%s is in %s, but %s is in %s",
			     name, vpc->resource.name, wanted->table->resource.name,
			     wanted->table->vpc->resource.name);
		error_hint(err, "a next hop is in the VPC of the table: %s",
			   wanted->table->vpc->resource.name);
		return -EINVAL;
	}
	return 0;
}

static const struct vswitch *subnet_with(const struct model *m, const struct vpc *vpc,
					 struct prefix cidr)
{
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++) {
		const struct vswitch *subnet = model_get(m, NOUN_VSWITCH, i);

		if (subnet->vpc == vpc && prefix_equal(subnet->cidr, cidr))
			return subnet;
	}
	return NULL;
}

/* cloud-semantics 10: A:VPC_Route_Tables.md; within the local route only a whole subnet, and not by
 * way of the internet. */
static int check_local(const struct model *m, const struct wanted_route *wanted, struct error *err)
{
	const struct vpc *vpc = wanted->table->vpc;
	char to[PREFIX_TEXT_SIZE], cidr[PREFIX_TEXT_SIZE];
	int r;

	prefix_format(wanted->to, to);
	prefix_format(vpc->cidr, cidr);
	if (!prefix_covers(vpc->cidr, wanted->to))
		return 0;
	if (prefix_equal(vpc->cidr, wanted->to)) {
		error_refuse(err, "RouteAlreadyExists", "to", "%s has the local route to %s",
			     wanted->table->resource.name, to);
		error_hint(err, "route a whole subnet or an address outside %s", to);
		return -EINVAL;
	}
	if (!subnet_with(m, vpc, wanted->to)) {
		r = error_refuse(err, "InvalidParameterValue", "to",
				 "%s is inside the local route to %s, and not the CIDR of a subnet",
				 to, cidr);
		error_hint(err,
			   "only whole subnets can be routed otherwise; subnet show lists them");
		return r;
	}
	if (wanted->hop->type == HOP_INTERNET_GATEWAY) {
		error_refuse(err, "InvalidParameterValue", "via",
			     "%s is a subnet of %s, which no internet gateway leads to", to,
			     vpc->resource.name);
		error_hint(err, "via nat-gateway NAME, instance NAME or eni NAME");
		return -EINVAL;
	}
	return 0;
}

static int check_route(const struct model *m, const struct wanted_route *wanted, struct error *err)
{
	const struct route *same = route_find(m, wanted->table, wanted->to);
	const char *table = wanted->table->resource.name;
	char to[PREFIX_TEXT_SIZE];
	unsigned count;
	int r;

	prefix_format(wanted->to, to);
	if (rule_unusable(wanted->to, prefix_covers)) {
		error_refuse(err, "InvalidParameterValue", "to",
			     "%s is no destination that could be routed", to);
		error_hint(err, "to 0.0.0.0/0 is every address outside the VPC");
		return -EINVAL;
	}
	if (same) {
		r = error_refuse(err, "RouteAlreadyExists", "to",
				 "%s has a route to %s already: %s", table, to,
				 same->resource.name);
		error_hint(err, "route delete %s", same->resource.name);
		return r;
	}
	r = check_local(m, wanted, err);
	if (r < 0)
		return r;
	count = route_count(m, wanted->table);
	if (count >= m->profile->routes_per_table) {
		error_refuse(err, "RouteLimitExceeded", "table", "%s has its %u routes already",
			     table, count);
		error_hint(err,
			   "route show, then route delete one, or give the subnet another table: "
			   "route-table create NAME vpc %s",
			   wanted->table->vpc->resource.name);
		return -EINVAL;
	}
	return 0;
}

int aws_route_create(struct model *m, const char *name, const char *table, const char *to,
		     const char *via_type, const char *via, struct error *err)
{
	struct wanted_route wanted = { 0 };
	struct route *route;
	int r;

	r = model_check_new_name(m, NOUN_ROUTE, name, err);
	if (r == 0)
		r = rule_find(m, NOUN_ROUTE_TABLE, table, "table", &wanted.table, err);
	if (r == 0)
		r = rule_prefix(to, true, "InvalidParameterValue", "to", &wanted.to, err);
	if (r == 0)
		r = find_hop(m, via_type, via, &wanted, err);
	if (r == 0)
		r = check_route(m, &wanted, err);
	if (r < 0)
		return r;

	route = xnew(struct route);
	route->table = wanted.table;
	route->to = wanted.to;
	route->via_type = wanted.hop->type;
	route->via = wanted.via;
	route->lost = wanted.lost ? xstrdup(wanted.lost) : NULL;
	model_add(m, &route->resource, NOUN_ROUTE, name);
	return 0;
}
