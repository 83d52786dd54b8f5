/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/aws_rules.h"

int aws_route_table_create(struct model *m, const char *name, const char *vpc_name,
			   struct error *err)
{
	struct route_table *table;
	unsigned count = 0;
	struct vpc *vpc;
	int r;

	r = model_check_new_name(m, NOUN_ROUTE_TABLE, name, err);
	if (r == 0)
		r = rule_find(m, NOUN_VPC, vpc_name, "vpc", &vpc, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < model_count(m, NOUN_ROUTE_TABLE); i++) {
		const struct route_table *other = model_get(m, NOUN_ROUTE_TABLE, i);

		count += other->vpc == vpc && !other->system;
	}
	if (count >= m->profile->custom_tables_per_vpc) {
		error_refuse(err, "RouteTableLimitExceeded", "vpc",
			     "%s has its %u route tables already", vpc_name, count + 1);
		error_hint(err,
			   "route-table show, then route-table delete one that no subnet uses");
		return -EINVAL;
	}
	table = xnew(struct route_table);
	table->vpc = vpc;
	model_add(m, &table->resource, NOUN_ROUTE_TABLE, name);
	return 0;
}

static int find_both(const struct model *m, const char *name, const char *subnet_name,
		     struct route_table **ret_table, struct vswitch **ret_subnet, struct error *err)
{
	int r = rule_find(m, NOUN_ROUTE_TABLE, name, NULL, ret_table, err);

	return r < 0 ? r : rule_find(m, NOUN_VSWITCH, subnet_name, "subnet", ret_subnet, err);
}

int aws_route_table_associate(struct model *m, const char *name, const char *subnet_name,
			      struct error *err)
{
	struct route_table *table;
	struct vswitch *subnet;
	int r;

	r = find_both(m, name, subnet_name, &table, &subnet, err);
	if (r < 0)
		return r;
	if (table->vpc != subnet->vpc) {
		error_refuse(err, "InvalidParameterValue", "subnet", "%s is in %s, but %s is in %s",
			     name, table->vpc->resource.name, subnet_name,
			     subnet->vpc->resource.name);
		error_hint(err, "route-table create NAME vpc %s", subnet->vpc->resource.name);
		return -EINVAL;
	}
	/* A subnet without an association of its own uses the main table; that one can be
	 * associated by name, too. */
	if (subnet->associated) {
		r = error_refuse(err, "Resource.AlreadyAssociated", "subnet",
				 "%s is associated with %s already", subnet_name,
				 subnet->table->resource.name);
		error_hint(err, "route-table disassociate %s subnet %s",
			   subnet->table->resource.name, subnet_name);
		return r;
	}
	subnet->table = table;
	subnet->associated = true;
	model_touch(m);
	return 0;
}

int aws_route_table_disassociate(struct model *m, const char *name, const char *subnet_name,
				 struct error *err)
{
	struct route_table *table;
	struct vswitch *subnet;
	int r;

	r = find_both(m, name, subnet_name, &table, &subnet, err);
	if (r < 0)
		return r;
	if (subnet->table != table || !subnet->associated) {
		r = error_refuse(err, "InvalidAssociationID.NotFound", "subnet",
				 "%s is not associated with %s", subnet_name, name);
		if (subnet->associated)
			error_hint(err, "it is associated with %s", subnet->table->resource.name);
		else
			error_hint(err,
				   "it uses the main table, %s, because it is associated with none",
				   subnet->table->resource.name);
		return r;
	}
	subnet->table = subnet->vpc->system_table;
	subnet->associated = false;
	model_touch(m);
	return 0;
}

/* DeleteRouteTable: not the main one, not one with a subnet; its routes go along. */
int aws_route_table_delete(struct model *m, const char *name, struct error *err)
{
	struct route_table *table;
	int r;

	r = rule_find(m, NOUN_ROUTE_TABLE, name, NULL, &table, err);
	if (r < 0)
		return r;
	if (table->system) {
		error_refuse(err, "DependencyViolation", NULL,
			     "%s is the main route table, which goes with its VPC", name);
		error_hint(err, "vpc delete %s", table->vpc->resource.name);
		return -EINVAL;
	}
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++) {
		const struct vswitch *subnet = model_get(m, NOUN_VSWITCH, i);

		if (subnet->table != table)
			continue;
		r = error_refuse(err, "DependencyViolation", NULL, "%s is still associated with %s",
				 name, subnet->resource.name);
		error_hint(err, "route-table disassociate %s subnet %s", name,
			   subnet->resource.name);
		return r;
	}
	aws_remove_routes(m, table);
	model_remove(m, &table->resource);
	return 0;
}
