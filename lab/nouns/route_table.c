/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

static const struct route_table_codes {
	const char *too_many;
	const char *other_vpc, *associated, *not_associated;
	const char *used, *holds_route; /* the latter NULL: its routes go along */
	const char *is_system;          /* delete */
} codes_of[PROVIDER_COUNT] = {
	/* The rules and the codes of associating are documented; that these stand for
	 * disassociate and delete is the likeliest. cloud-semantics: rt-3, rt-19, op-7, op-8 */
	[PROVIDER_ALIBABA] = {
		.too_many = "QuotaExceeded",
		.other_vpc = "Forbidden.NotInSameVpc",
		.associated = "Forbidden.VSwitchAlreadyAssociatedRouteTable",
		.not_associated = "IncorrectStatus.RouteTable",
		.used = "IncorrectRouteTableStatus",
		.holds_route = "DependencyViolation.RouteEntry",
		.is_system = "IncorrectRouteTableType",
	},
	/* DeleteRouteTable: not the main one, not one with a subnet; its routes go along. */
	[PROVIDER_AWS] = {
		.too_many = "RouteTableLimitExceeded",
		.other_vpc = "InvalidParameterValue",
		.associated = "Resource.AlreadyAssociated",
		.not_associated = "InvalidAssociationID.NotFound",
		.used = "DependencyViolation",
		.is_system = "DependencyViolation",
	},
};

struct route_table *route_table_make_system(struct model *m, struct vpc *vpc)
{
	auto_free char *name = xprintf("%s/%s", vpc->resource.name, model_cloud(m)->system_table);
	struct route_table table = { .resource.name = name, .vpc = vpc, .system = true };

	return model_make(m, NOUN_ROUTE_TABLE, &table);
}

static int route_table_create(struct model *m, void *request, struct error *err)
{
	struct route_table *table = request;
	unsigned count = count_in_vpc(m, NOUN_ROUTE_TABLE, table->vpc);

	/* cloud-semantics: rt-2, op-6 */
	if (count >= m->profile->custom_tables_per_vpc) {
		error_refuse(err, codes_of[m->provider].too_many, "vpc",
			     "%s has its %u custom route tables already", table->vpc->resource.name,
			     count);
		return error_hint(err,
				  "route-table show, then route-table delete one that no %s uses",
				  model_noun_title(m, NOUN_VSWITCH));
	}
	if (table->of_gateway) { /* cloud-semantics: rt-2, addr-12 */
		model_each_user(m, NOUN_ROUTE_TABLE, table->vpc, const struct route_table, other) {
			if (!other->of_gateway)
				continue;
			error_refuse(err, codes_of[m->provider].too_many, "associate-type",
				     "%s has its gateway route table already: %s",
				     table->vpc->resource.name, other->resource.name);
			return error_hint(err, "route-table delete %s", other->resource.name);
		}
	}
	model_make(m, NOUN_ROUTE_TABLE, table);
	return 0;
}

struct table_association {
	struct route_table *table;
	struct vswitch *vswitch;
};

static void hint_disassociate(const struct model *m, const struct vswitch *vswitch,
			      struct error *err)
{
	error_hint(err, "route-table disassociate %s %s %s", vswitch->table->resource.name,
		   model_noun_word(m, NOUN_VSWITCH), vswitch->resource.name);
}

/* On Alibaba a vSwitch gets to the system table by leaving its own one, and until 2021 to another
 * by leaving that first. cloud-semantics: rt-1, rt-3 */
static int check_switch(const struct model *m, const struct route_table *table,
			const struct vswitch *vswitch, struct error *err)
{
	const char *name = table->resource.name, *vswitch_name = vswitch->resource.name;

	if (vswitch->table == table && !table->system) {
		error_refuse(err, "ResourceAlreadyAssociated.RouteTable", "vswitch",
			     "%s is associated with %s already", vswitch_name, name);
		return error_hint(err, "route-table show %s", name);
	}
	if (!table->system)
		return 0;
	error_refuse(err, "OperationDenied.SwitchToSystemRouteTable", NULL,
		     "%s is the system table: vSwitches return to it when they leave their custom "
		     "table",
		     name);
	if (!vswitch->table->system)
		hint_disassociate(m, vswitch, err);
	else
		error_hint(err, "%s uses it already: route-table show %s", vswitch_name, name);
	return -EINVAL;
}

static int route_table_associate(struct model *m, void *request, struct error *err)
{
	const struct route_table_codes *codes = &codes_of[m->provider];
	const char *key = model_noun_word(m, NOUN_VSWITCH);
	const bool by_name = model_cloud(m)->explicit_association;
	struct route_table *table = ((struct table_association *)request)->table;
	struct vswitch *vswitch = ((struct table_association *)request)->vswitch;

	if (table->vpc != vswitch->vpc) {
		error_refuse(err, codes->other_vpc, key, "%s is in %s, but %s is in %s",
			     table->resource.name, table->vpc->resource.name,
			     vswitch->resource.name, vswitch->vpc->resource.name);
		return error_hint(err, "route-table create NAME vpc %s",
				  vswitch->vpc->resource.name);
	}
	if (table->of_gateway) { /* cloud-semantics: op-8 */
		error_refuse(err, "OperationDenied.AssociateGatewayRouteTable", NULL,
			     "%s is a gateway route table, which serves no vSwitch",
			     table->resource.name);
		return error_hint(err, "ipv4-gateway associate NAME route-table %s",
				  table->resource.name);
	}
	if (!by_name && check_switch(m, table, vswitch, err) < 0)
		return -EINVAL;
	/* AWS: a subnet without an association of its own uses the main table; that one can be
	 * associated by name, too. */
	if (by_name ? vswitch->associated : !vswitch->table->system && !m->profile->tables_move) {
		error_refuse(err, codes->associated, key, "%s is associated with %s already",
			     vswitch->resource.name, vswitch->table->resource.name);
		hint_disassociate(m, vswitch, err);
		return -EINVAL;
	}
	vswitch->table = table;
	vswitch->associated = by_name;
	model_touch(m);
	return 0;
}

static int route_table_disassociate(struct model *m, void *request, struct error *err)
{
	const char *key = model_noun_word(m, NOUN_VSWITCH);
	const bool by_name = model_cloud(m)->explicit_association;
	struct route_table *table = ((struct table_association *)request)->table;
	struct vswitch *vswitch = ((struct table_association *)request)->vswitch;

	if (vswitch->table != table || (by_name && !vswitch->associated)) {
		error_refuse(err, codes_of[m->provider].not_associated, key,
			     "%s is not associated with %s", vswitch->resource.name,
			     table->resource.name);
		if (!by_name || vswitch->associated)
			error_hint(err, "it is associated with %s", vswitch->table->resource.name);
		else
			error_hint(err,
				   "it uses the main table, %s, because it is associated with none",
				   vswitch->table->resource.name);
		return -EINVAL;
	}
	if (table->system && !by_name) {
		error_refuse(err, "OperationDenied.SwitchToSystemRouteTable", NULL,
			     "%s is the system table, which a vSwitch leaves only for a custom one",
			     table->resource.name);
		return error_hint(
			err,
			"route-table create NAME vpc %s, then: route-table associate NAME "
			"vswitch %s",
			vswitch->vpc->resource.name, vswitch->resource.name);
	}
	vswitch->table = vswitch->vpc->system_table;
	vswitch->associated = false;
	model_touch(m);
	return 0;
}

/* No vSwitch may be associated and no entry left. cloud-semantics: rt-19, op-7 */
static int route_table_delete(struct model *m, void *request, struct error *err)
{
	const struct route_table_codes *codes = &codes_of[m->provider];
	struct route_table *table = ((struct subject *)request)->resource;
	const struct vswitch *vswitch = model_user(m, NOUN_VSWITCH, table, NULL);
	const struct route *route = model_user(m, NOUN_ROUTE, table, NULL);
	const struct internet_gateway *gateway = model_user(m, NOUN_INTERNET_GATEWAY, table, NULL);
	const char *name = table->resource.name;

	if (table->system) {
		error_refuse(err, codes->is_system, NULL,
			     "%s is the %s table, which goes with its VPC", name,
			     model_cloud(m)->system_table);
		return error_hint(err, "vpc delete %s", table->vpc->resource.name);
	}
	if (vswitch) {
		error_refuse(err, codes->used, NULL, "%s is still associated with %s", name,
			     vswitch->resource.name);
		hint_disassociate(m, vswitch, err);
		return -EINVAL;
	}
	if (gateway) {
		error_refuse(err, "OperationDenied.GatewayAssociated", NULL,
			     "%s is still associated with %s", name, gateway->resource.name);
		return error_hint(err, "ipv4-gateway disassociate %s route-table %s",
				  gateway->resource.name, name);
	}
	if (route && codes->holds_route) {
		error_refuse(err, codes->holds_route, NULL, "%s still holds the route %s", name,
			     route->resource.name);
		return error_hint(err, "route delete %s", route->resource.name);
	}
	if (vpc_endpoint_leave(m, &table->resource, err) < 0)
		return -EINVAL;
	model_remove_users(m, NOUN_ROUTE, table);
	model_remove(m, &table->resource);
	return 0;
}

#define ASSOCIATION(key_, help_)                                               \
	{                                                                      \
		NAME_OF(NOUN_ROUTE_TABLE),                                     \
		{                                                              \
			KEY_OF(key_, NOUN_VSWITCH, PARAMETER_REQUIRED, help_), \
				IN(struct table_association, vswitch)          \
		}                                                              \
	}

static const struct word associate_words[] = { { "gateway", true }, { "vswitch", false }, { 0 } };

#define KEY_VPC                                                                   \
	{                                                                         \
		KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for"), \
			IN(struct route_table, vpc)                               \
	}

const struct command route_table_rows[] = {
	{
		.words = "route-table create",
		.parameter = { NEW_NAME,
			       KEY_VPC,
			       { PARAMETER("associate-type", CHOICE,
					   PARAMETER_KEY | PARAMETER_SWITCH,
					   "vswitch if not given; gateway: for what an IPv4 "
					   "gateway brings"),
				 .words = associate_words, IN(struct route_table, of_gateway) } },
		.summary = "make a custom route table",
		.example = "route-table create VTB1 vpc VPC1",
		.providers = FOR_ALIBABA,
		CHANGES(struct route_table, route_table_create),
	},
	{
		.words = "route-table create",
		.parameter = { NEW_NAME, KEY_VPC },
		.summary = "make a custom route table",
		.example = "route-table create VTB1 vpc VPC1",
		.providers = FOR_AWS,
		CHANGES(struct route_table, route_table_create),
	},
	{
		.words = "route-table associate",
		.parameter = ASSOCIATION("vswitch", "the vSwitch that is to use it"),
		.summary = "let a vSwitch use this table",
		.example = "route-table associate VTB1 vswitch VSW1",
		.providers = FOR_ALIBABA,
		CHANGES(struct table_association, route_table_associate),
	},
	{
		.words = "route-table disassociate",
		.parameter = ASSOCIATION("vswitch", "the vSwitch that uses it"),
		.summary = "let a vSwitch use the system table again",
		.example = "route-table disassociate VTB1 vswitch VSW1",
		.providers = FOR_ALIBABA,
		CHANGES(struct table_association, route_table_disassociate),
	},
	{
		.words = "route-table associate",
		.parameter = ASSOCIATION("subnet", "the subnet that is to use it"),
		.summary = "let a subnet use this table",
		.example = "route-table associate VTB1 subnet S1",
		.providers = FOR_AWS,
		CHANGES(struct table_association, route_table_associate),
	},
	{
		.words = "route-table disassociate",
		.parameter = ASSOCIATION("subnet", "the subnet that uses it"),
		.summary = "let a subnet use the main table again",
		.example = "route-table disassociate VTB1 subnet S1",
		.providers = FOR_AWS,
		CHANGES(struct table_association, route_table_disassociate),
	},
	{ DELETE("route-table", NOUN_ROUTE_TABLE, route_table_delete,
		 "remove an unused custom route table", "VTB1") },
	{ SHOW("route-table", NOUN_ROUTE_TABLE, "list route tables", "vpc type vswitches status",
	       "vpc type subnets status") },
	{ .words = NULL },
};
