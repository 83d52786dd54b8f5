/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of vpc, vswitch, route-table and route. */
#include <stddef.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "lab/nouns/changes.h"

static int change_vpc_create(struct model *model, const struct arguments *a, struct error *err)
{
	return vpc_create(model, own_name(a), arguments_get(a, "cidr"), err);
}

static int change_vpc_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return vpc_delete(model, own_name(a), err);
}

static int change_vswitch_create(struct model *model, const struct arguments *a, struct error *err)
{
	return vswitch_create(model, own_name(a), arguments_get(a, "vpc"), arguments_get(a, "cidr"), arguments_get(a, "zone"), err);
}

static int change_vswitch_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return vswitch_delete(model, own_name(a), err);
}

static int change_route_table_create(struct model *model, const struct arguments *a, struct error *err)
{
	return route_table_create(model, own_name(a), arguments_get(a, "vpc"), err);
}

static int change_route_table_associate(struct model *model, const struct arguments *a, struct error *err)
{
	return route_table_associate(model, own_name(a), arguments_get(a, "vswitch"), err);
}

static int change_route_table_disassociate(struct model *model, const struct arguments *a, struct error *err)
{
	return route_table_disassociate(model, own_name(a), arguments_get(a, "vswitch"), err);
}

static int change_route_table_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return route_table_delete(model, own_name(a), err);
}

static int change_route_create(struct model *model, const struct arguments *a, struct error *err)
{
	return route_create(model, own_name(a), arguments_get(a, "table"), arguments_get(a, "to"), arguments_type(a, "via"),
			    arguments_get(a, "via"), err);
}

static int change_route_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return route_delete(model, own_name(a), err);
}

#define KEY_CIDR(help_, code_) \
	{ .name = "cidr", .kind = ARGUMENT_CIDR, .flags = PARAMETER_KEY | PARAMETER_REQUIRED, .help = (help_), .code = (code_) }

static const struct command commands_network[] = {
	{
		.words = "vpc create",
		.parameter = { NEW_NAME, KEY_CIDR("its private addresses, like 192.168.0.0/16", "InvalidParameter") },
		.summary = "make a VPC with its system route table",
		.example = "vpc create VPC1 cidr 192.168.0.0/16",
		.flags = COMMAND_CHANGES,
		.change = change_vpc_create,
	},
	DELETE("vpc", NOUN_VPC, change_vpc_delete, "remove an empty VPC", "VPC1"),
	SHOW("vpc", NOUN_VPC, "list VPCs"),

	{
		.words = "vswitch create",
		.parameter = { NEW_NAME, KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is part of"),
			       KEY_CIDR("its part of the VPC's addresses", "InvalidCidrBlock.Malformed"),
			       { .name = "zone", .kind = ARGUMENT_WORD, .flags = PARAMETER_KEY, .help = "availability zone, any word" } },
		.summary = "make a vSwitch in a VPC",
		.example = "vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24",
		.flags = COMMAND_CHANGES,
		.change = change_vswitch_create,
	},
	DELETE("vswitch", NOUN_VSWITCH, change_vswitch_delete, "remove an empty vSwitch", "VSW1"),
	SHOW("vswitch", NOUN_VSWITCH, "list vSwitches"),

	{
		.words = "route-table create",
		.parameter = { NEW_NAME, KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for") },
		.summary = "make a custom route table",
		.example = "route-table create VTB1 vpc VPC1",
		.flags = COMMAND_CHANGES,
		.change = change_route_table_create,
	},
	{
		.words = "route-table associate",
		.parameter = { NAME_OF(NOUN_ROUTE_TABLE),
			       KEY_OF("vswitch", NOUN_VSWITCH, PARAMETER_REQUIRED, "the vSwitch that is to use it") },
		.summary = "let a vSwitch use this table",
		.example = "route-table associate VTB1 vswitch VSW1",
		.flags = COMMAND_CHANGES,
		.change = change_route_table_associate,
	},
	{
		.words = "route-table disassociate",
		.parameter = { NAME_OF(NOUN_ROUTE_TABLE),
			       KEY_OF("vswitch", NOUN_VSWITCH, PARAMETER_REQUIRED, "the vSwitch that uses it") },
		.summary = "let a vSwitch use the system table again",
		.example = "route-table disassociate VTB1 vswitch VSW1",
		.flags = COMMAND_CHANGES,
		.change = change_route_table_disassociate,
	},
	DELETE("route-table", NOUN_ROUTE_TABLE, change_route_table_delete, "remove an unused custom table", "VTB1"),
	SHOW("route-table", NOUN_ROUTE_TABLE, "list route tables"),

	{
		.words = "route create",
		.parameter = { NEW_NAME, KEY_OF("table", NOUN_ROUTE_TABLE, PARAMETER_REQUIRED, "route table, such as VPC1/system"),
			       { .name = "to",
				 .kind = ARGUMENT_CIDR,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED | PARAMETER_BARE,
				 .help = "destination",
				 .code = "InvalidCidrBlock.Malformed" },
			       { .name = "via",
				 .kind = ARGUMENT_TYPED,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,
				 .nouns = NOUNS(NOUN_NAT_GATEWAY) | NOUNS(NOUN_ECS) | NOUNS(NOUN_ENI),
				 .choices = "nat-gateway|ecs|eni",
				 .help = "next hop",
				 .code = "InvalidNextHopType" } },
		.summary = "add a custom route to a table",
		.example = "route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1",
		.flags = COMMAND_CHANGES,
		.change = change_route_create,
	},
	DELETE("route", NOUN_ROUTE, change_route_delete, "remove a custom route", "Route1"),
	SHOW("route", NOUN_ROUTE, "list routes, those of the system too"),

	{ .words = NULL },
};

const struct command_family family_network = { "Network", commands_network, FOR_ALIBABA };
