/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of AWS's vpc, subnet, route-table and route. */
#include <stddef.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "lab/nouns/aws_changes.h"

static int change_vpc_create(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_vpc_create(model, own_name(a), arguments_get(a, "cidr"), err);
}

static int change_vpc_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_vpc_delete(model, own_name(a), err);
}

static int change_subnet_create(struct model *model, const struct arguments *a, struct error *err)
{
	return vswitch_create(model, own_name(a), arguments_get(a, "vpc"), arguments_get(a, "cidr"), arguments_get(a, "zone"),
				 err);
}

static int change_subnet_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return vswitch_delete(model, own_name(a), err);
}

static int change_route_table_create(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_route_table_create(model, own_name(a), arguments_get(a, "vpc"), err);
}

static int change_route_table_associate(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_route_table_associate(model, own_name(a), arguments_get(a, "subnet"), err);
}

static int change_route_table_disassociate(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_route_table_disassociate(model, own_name(a), arguments_get(a, "subnet"), err);
}

static int change_route_table_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_route_table_delete(model, own_name(a), err);
}

static int change_route_create(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_route_create(model, own_name(a), arguments_get(a, "table"), arguments_get(a, "to"), arguments_type(a, "via"),
				arguments_get(a, "via"), err);
}

static int change_route_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return route_delete(model, own_name(a), err);
}

#define KEY_CIDR(help_)                                                                                              \
	{                                                                                                            \
		.name = "cidr", .kind = ARGUMENT_CIDR, .flags = PARAMETER_KEY | PARAMETER_REQUIRED, .help = (help_), \
		.code = "InvalidParameterValue"                                                                      \
	}

static const struct command commands_aws_network[] = {
	{
		.words = "vpc create",
		.parameter = { NEW_NAME, KEY_CIDR("its private addresses, like 10.0.0.0/16") },
		.summary = "make a VPC with its main route table",
		.example = "vpc create VPC1 cidr 10.0.0.0/16",
		.flags = COMMAND_CHANGES,
		.change = change_vpc_create,
	},
	DELETE("vpc", NOUN_VPC, change_vpc_delete, "remove an empty VPC", "VPC1"),
	SHOW("vpc", NOUN_VPC, "list VPCs"),

	{
		.words = "subnet create",
		.parameter = { NEW_NAME,
			       KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is part of"),
			       KEY_CIDR("its part of the VPC's addresses"),
			       { .name = "zone",
				 .kind = ARGUMENT_WORD,
				 .flags = PARAMETER_KEY,
				 .help = "availability zone, any word" } },
		.summary = "make a subnet in a VPC",
		.example = "subnet create S1 vpc VPC1 cidr 10.0.1.0/24",
		.flags = COMMAND_CHANGES,
		.change = change_subnet_create,
	},
	DELETE("subnet", NOUN_VSWITCH, change_subnet_delete, "remove an empty subnet", "S1"),
	SHOW("subnet", NOUN_VSWITCH, "list subnets"),

	{
		.words = "route-table create",
		.parameter = { NEW_NAME, KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for") },
		.summary = "make a route table",
		.example = "route-table create RTB1 vpc VPC1",
		.flags = COMMAND_CHANGES,
		.change = change_route_table_create,
	},
	{
		.words = "route-table associate",
		.parameter = { NAME_OF(NOUN_ROUTE_TABLE),
			       KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "the subnet that is to use it") },
		.summary = "let a subnet use this table",
		.example = "route-table associate RTB1 subnet S1",
		.flags = COMMAND_CHANGES,
		.change = change_route_table_associate,
	},
	{
		.words = "route-table disassociate",
		.parameter = { NAME_OF(NOUN_ROUTE_TABLE),
			       KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "the subnet that uses it") },
		.summary = "let a subnet use the main table again",
		.example = "route-table disassociate RTB1 subnet S1",
		.flags = COMMAND_CHANGES,
		.change = change_route_table_disassociate,
	},
	DELETE("route-table", NOUN_ROUTE_TABLE, change_route_table_delete, "remove an unused table with its routes", "RTB1"),
	SHOW("route-table", NOUN_ROUTE_TABLE, "list route tables"),

	{
		.words = "route create",
		.parameter = { NEW_NAME,
			       KEY_OF("table", NOUN_ROUTE_TABLE, PARAMETER_REQUIRED, "route table, such as VPC1/main"),
			       { .name = "to",
				 .kind = ARGUMENT_CIDR,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED | PARAMETER_BARE,
				 .help = "destination",
				 .code = "InvalidParameterValue" },
			       { .name = "via",
				 .kind = ARGUMENT_TYPED,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,
				 .nouns = NOUNS(NOUN_INTERNET_GATEWAY) | NOUNS(NOUN_NAT_GATEWAY) | NOUNS(NOUN_ECS) |
					  NOUNS(NOUN_ENI),
				 .choices = "internet-gateway|nat-gateway|instance|eni|blackhole",
				 .help = "next hop; blackhole TYPE/NAME is one that was deleted",
				 .code = "InvalidParameterValue" } },
		.summary = "add a route to a table",
		.example = "route create Route1 table RTB1 to 0.0.0.0/0 via nat-gateway NAT1",
		.flags = COMMAND_CHANGES,
		.change = change_route_create,
	},
	DELETE("route", NOUN_ROUTE, change_route_delete, "remove a route", "Route1"),
	SHOW("route", NOUN_ROUTE, "list routes, the local ones too"),

	{ .words = NULL },
};

const struct command_family family_aws_network = { "Network of AWS", commands_aws_network, FOR_AWS };
