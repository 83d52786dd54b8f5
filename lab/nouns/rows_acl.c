/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of acl. */
#include <stddef.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "lab/nouns/changes.h"

static int change_acl_create(struct model *model, const struct arguments *a, struct error *err)
{
	return acl_create(model, own_name(a), arguments_get(a, "vpc"), err);
}

static int change_acl_add(struct model *model, const struct arguments *a, struct error *err)
{
	struct filter_rule_options options = {
		.direction = arguments_get(a, "direction"),
		.number = arguments_get(a, "number"),
		.policy = arguments_get(a, "policy"),
		.protocol = arguments_get(a, "protocol"),
		.port = arguments_get(a, "port"),
		.from = arguments_get(a, "from"),
		.to = arguments_get(a, "to"),
	};

	return acl_add(model, own_name(a), &options, err);
}

static int change_acl_remove(struct model *model, const struct arguments *a, struct error *err)
{
	return acl_remove(model, own_name(a), arguments_get(a, "direction"), arguments_get(a, "number"), err);
}

static int change_acl_associate(struct model *model, const struct arguments *a, struct error *err)
{
	return acl_associate(model, own_name(a), arguments_get(a, "vswitch"), err);
}

static int change_acl_disassociate(struct model *model, const struct arguments *a, struct error *err)
{
	return acl_disassociate(model, own_name(a), arguments_get(a, "vswitch"), err);
}

static int change_acl_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return acl_delete(model, own_name(a), err);
}

#define DIRECTION                                                                                           \
	{ .name = "direction", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, .choices = "in|out",   \
	  .help = "into the vSwitch or out of it", .code = "InvalidParameter" }
#define NUMBER                                                                                              \
	{ .name = "number", .kind = ARGUMENT_NUMBER, .flags = PARAMETER_REQUIRED,                           \
	  .help = "its place: lower numbers come first", .code = "InvalidParameter" }

static const struct command commands_acl[] = {
	{
		.words = "acl create",
		.parameter = { NEW_NAME, KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for") },
		.summary = "make a network ACL, which denies all until it has rules",
		.example = "acl create ACL1 vpc VPC1",
		.flags = COMMAND_CHANGES,
		.change = change_acl_create,
	},
	{
		.words = "acl add",
		.parameter = { NAME_OF(NOUN_ACL), DIRECTION, NUMBER,
			       { .name = "policy", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, .choices = "accept|drop",
				 .help = "what becomes of the packet", .code = "InvalidParameter" },
			       { .name = "protocol", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED,
				 .choices = "tcp|udp|icmp|gre|all", .help = "protocol", .code = "InvalidParameter" },
			       { .name = "port", .kind = ARGUMENT_PORT, .help = "tcp and udp: destination port or range, all if not given",
				 .code = "InvalidParameter" },
			       { .name = "from", .kind = ARGUMENT_CIDR, .flags = PARAMETER_KEY | PARAMETER_BARE,
				 .help = "needed with in: source addresses", .code = "InvalidParameter" },
			       { .name = "to", .kind = ARGUMENT_CIDR, .flags = PARAMETER_KEY | PARAMETER_BARE,
				 .help = "needed with out: destination addresses", .code = "InvalidParameter" } },
		.summary = "add a rule to a network ACL",
		.example = "acl add ACL1 in 1 accept tcp 80 from 0.0.0.0/0",
		.flags = COMMAND_CHANGES,
		.change = change_acl_add,
	},
	{
		.words = "acl remove",
		.parameter = { NAME_OF(NOUN_ACL), DIRECTION, NUMBER },
		.summary = "remove a rule from a network ACL",
		.example = "acl remove ACL1 in 1",
		.flags = COMMAND_CHANGES,
		.change = change_acl_remove,
	},
	{
		.words = "acl associate",
		.parameter = { NAME_OF(NOUN_ACL), KEY_OF("vswitch", NOUN_VSWITCH, PARAMETER_REQUIRED, "the vSwitch it is to filter") },
		.summary = "put a network ACL on a vSwitch",
		.example = "acl associate ACL1 vswitch VSW1",
		.flags = COMMAND_CHANGES,
		.change = change_acl_associate,
	},
	{
		.words = "acl disassociate",
		.parameter = { NAME_OF(NOUN_ACL), KEY_OF("vswitch", NOUN_VSWITCH, PARAMETER_REQUIRED, "the vSwitch it filters") },
		.summary = "take a network ACL off a vSwitch",
		.example = "acl disassociate ACL1 vswitch VSW1",
		.flags = COMMAND_CHANGES,
		.change = change_acl_disassociate,
	},
	DELETE("acl", NOUN_ACL, change_acl_delete, "remove an unused network ACL", "ACL1"),
	SHOW("acl", NOUN_ACL, "list network ACLs and their rules"),

	{ .words = NULL },
};

const struct command_family family_acl = { "Network ACLs", commands_acl, FOR_ALIBABA };
