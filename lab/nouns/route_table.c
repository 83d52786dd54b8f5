/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

static struct route_table *make_table(struct model *m, const char *name, struct vpc *vpc,
				      bool system)
{
	struct route_table *table = xnew(struct route_table);

	table->vpc = vpc;
	table->system = system;
	model_add(m, &table->resource, NOUN_ROUTE_TABLE, name);
	return table;
}

struct route_table *route_table_make_system(struct model *m, struct vpc *vpc)
{
	auto_free char *name = xprintf("%s/%s", vpc->resource.name,
				       m->provider == PROVIDER_AWS ? "main" : "system");

	return make_table(m, name, vpc, true);
}

int route_table_create(struct model *m, const char *name, const char *vpc_name, struct error *err)
{
	struct vpc *vpc;
	unsigned count = 0;
	int r;

	r = model_check_new_name(m, NOUN_ROUTE_TABLE, name, err);
	if (r < 0)
		return r;
	r = rule_find(m, NOUN_VPC, vpc_name, "vpc", &vpc, err);
	if (r < 0)
		return r;
	/* cloud-semantics 2: ten tables a VPC with the system one */
	for (size_t i = 0; i < model_count(m, NOUN_ROUTE_TABLE); i++) {
		const struct route_table *table = model_get(m, NOUN_ROUTE_TABLE, i);

		count += table->vpc == vpc && !table->system;
	}
	if (count >= m->profile->custom_tables_per_vpc) {
		error_refuse(err, "QuotaExceeded", "vpc",
			     "%s has its %u custom route tables already", vpc_name, count);
		error_hint(err,
			   "route-table show, then route-table delete one that no vSwitch uses");
		return -EINVAL;
	}
	make_table(m, name, vpc, false);
	return 0;
}

static int find_both(const struct model *m, const char *name, const char *vswitch_name,
		     struct route_table **ret_table, struct vswitch **ret_vswitch,
		     struct error *err)
{
	int r = rule_find(m, NOUN_ROUTE_TABLE, name, NULL, ret_table, err);

	if (r < 0)
		return r;
	return rule_find(m, NOUN_VSWITCH, vswitch_name, "vswitch", ret_vswitch, err);
}

int route_table_associate(struct model *m, const char *name, const char *vswitch_name,
			  struct error *err)
{
	struct route_table *table;
	struct vswitch *vswitch;
	int r;

	r = find_both(m, name, vswitch_name, &table, &vswitch, err);
	if (r < 0)
		return r;
	/* cloud-semantics 12, Associate table */
	if (table->vpc != vswitch->vpc) {
		error_refuse(err, "Forbidden.NotInSameVpc", "vswitch",
			     "%s is in %s, but %s is in %s", name, table->vpc->resource.name,
			     vswitch_name, vswitch->vpc->resource.name);
		error_hint(err, "route-table create NAME vpc %s", vswitch->vpc->resource.name);
		return -EINVAL;
	}
	if (vswitch->table == table && !table->system) {
		error_refuse(err, "ResourceAlreadyAssociated.RouteTable", "vswitch",
			     "%s is associated with %s already", vswitch_name, name);
		error_hint(err, "route-table show %s", name);
		return -EINVAL;
	}
	if (table->system) {
		r = error_refuse(err, "OperationDenied.SwitchToSystemRouteTable", NULL,
				 "%s is the system table: vSwitches return to it when they leave "
				 "their custom table",
				 name);
		if (!vswitch->table->system)
			error_hint(err, "route-table disassociate %s vswitch %s",
				   vswitch->table->resource.name, vswitch_name);
		else
			error_hint(err, "%s uses it already: route-table show %s", vswitch_name,
				   name);
		return r;
	}
	/* cloud-semantics 2: from custom to custom, detach first (2019) */
	if (!vswitch->table->system) {
		r = error_refuse(err, "Forbidden.VSwitchAlreadyAssociatedRouteTable", "vswitch",
				 "%s is associated with %s", vswitch_name,
				 vswitch->table->resource.name);
		error_hint(err, "route-table disassociate %s vswitch %s",
			   vswitch->table->resource.name, vswitch_name);
		return r;
	}
	vswitch->table = table;
	model_touch(m);
	return 0;
}

int route_table_disassociate(struct model *m, const char *name, const char *vswitch_name,
			     struct error *err)
{
	struct route_table *table;
	struct vswitch *vswitch;
	int r;

	r = find_both(m, name, vswitch_name, &table, &vswitch, err);
	if (r < 0)
		return r;
	/* cloud-semantics 2 gives the rules; that these codes stand for them is the likeliest. */
	if (vswitch->table != table) {
		r = error_refuse(err, "IncorrectStatus.RouteTable", "vswitch",
				 "%s is not associated with %s", vswitch_name, name);
		error_hint(err, "it is associated with %s", vswitch->table->resource.name);
		return r;
	}
	if (table->system) {
		error_refuse(err, "OperationDenied.SwitchToSystemRouteTable", NULL,
			     "%s is the system table, which a vSwitch leaves only for a custom one",
			     name);
		error_hint(err,
			   "route-table create NAME vpc %s, then: route-table associate NAME "
			   "vswitch %s",
			   vswitch->vpc->resource.name, vswitch_name);
		return -EINVAL;
	}
	vswitch->table = vswitch->vpc->system_table;
	model_touch(m);
	return 0;
}

/* cloud-semantics 2 and 12: no associated vSwitch, no entry; the code for the former is the
 * likeliest. */
static int check_unused(const struct model *m, const struct route_table *table, struct error *err)
{
	int r;

	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(m, NOUN_VSWITCH, i);

		if (vswitch->table != table)
			continue;
		r = error_refuse(err, "IncorrectRouteTableStatus", NULL,
				 "%s is still associated with %s", table->resource.name,
				 vswitch->resource.name);
		error_hint(err, "route-table disassociate %s vswitch %s", table->resource.name,
			   vswitch->resource.name);
		return r;
	}
	for (size_t i = 0; i < model_count(m, NOUN_ROUTE); i++) {
		const struct route *route = model_get(m, NOUN_ROUTE, i);

		if (route->table != table)
			continue;
		r = error_refuse(err, "DependencyViolation.RouteEntry", NULL,
				 "%s still holds the route %s", table->resource.name,
				 route->resource.name);
		error_hint(err, "route delete %s", route->resource.name);
		return r;
	}
	return 0;
}

int route_table_delete(struct model *m, const char *name, struct error *err)
{
	struct route_table *table;
	int r;

	r = rule_find(m, NOUN_ROUTE_TABLE, name, NULL, &table, err);
	if (r < 0)
		return r;
	if (table->system) {
		error_refuse(err, "IncorrectRouteTableType", NULL,
			     "%s is the system table, which goes with its VPC", name);
		error_hint(err, "vpc delete %s", table->vpc->resource.name);
		return -EINVAL;
	}
	r = check_unused(m, table, err);
	if (r < 0)
		return r;
	model_remove(m, &table->resource);
	return 0;
}
