/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of ecs and eni, and of AWS's instance and eni: the same nouns, with other keys. */
#include <stddef.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "lab/nouns/changes.h"

/* The vSwitch or subnet, and the ECS or instance, that a key of the provider's names. */
static const char *vswitch_of(const struct arguments *a)
{
	return arguments_get(a, arguments_has(a, "subnet") ? "subnet" : "vswitch");
}

static const char *ecs_of(const struct arguments *a)
{
	return arguments_get(a, arguments_has(a, "instance") ? "instance" : "ecs");
}

static struct ecs_options ecs_options(const struct arguments *a)
{
	return (struct ecs_options){
		.vswitch = vswitch_of(a),
		.ip = arguments_get(a, "ip"),
		.security_groups = arguments_names(a, "security-group"),
		.public_ip = arguments_get(a, "public-ip"),
		.billing = arguments_get(a, "billing"),
		.source_dest_check = arguments_get(a, "source-dest-check"),
	};
}

static int change_ecs_create(struct model *model, const struct arguments *a, struct error *err)
{
	struct ecs_options options = ecs_options(a);

	return ecs_create(model, own_name(a), &options, err);
}

static int change_ecs_set(struct model *model, const struct arguments *a, struct error *err)
{
	struct ecs_options options = ecs_options(a);

	return ecs_set(model, own_name(a), &options, err);
}

static int change_ecs_convert_public_ip(struct model *model, const struct arguments *a, struct error *err)
{
	return ecs_convert_public_ip(model, own_name(a), arguments_get(a, "eip"), err);
}

static int change_ecs_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return ecs_delete(model, own_name(a), err);
}

static int change_eni_create(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_create(model, own_name(a), vswitch_of(a), arguments_get(a, "ip"), arguments_names(a, "security-group"), err);
}

static int change_eni_attach(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_attach(model, own_name(a), ecs_of(a), err);
}

static int change_eni_detach(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_detach(model, own_name(a), err);
}

static int change_eni_set(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_set(model, own_name(a), arguments_names(a, "security-group"), arguments_get(a, "source-dest-check"), err);
}

static int change_eni_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_delete(model, own_name(a), err);
}

#define KEY_IP(code_)                                                     \
	{ .name = "ip", .kind = ARGUMENT_ADDRESS, .flags = PARAMETER_KEY, \
	  .help = "its private address; the next free one if not given", .code = (code_) }

#define KEY_GROUPS(help_)                                                                                             \
	{ .name = "security-group", .kind = ARGUMENT_REFERENCES, .flags = PARAMETER_KEY, .nouns = NOUNS(NOUN_SECURITY_GROUP), \
	  .help = (help_) }

#define JOINS "groups it joins; the default one of the VPC if not given"
#define MOVES "the groups that it is in from now on"

#define KEY_BILLING(help_) KEY_CHOICE("billing", "pay-as-you-go|subscription", "InvalidParameter", help_)
#define KEY_CHECK \
	KEY_CHOICE("source-dest-check", "on|off", "InvalidParameterValue", "off: it may forward what is not its own")

static const struct command commands_compute[] = {
	{
		.words = "ecs create",
		.parameter = { NEW_NAME, KEY_OF("vswitch", NOUN_VSWITCH, PARAMETER_REQUIRED, "where its eth0 is"),
			       KEY_IP("InvalidPrivateIpAddress.Malformed"), KEY_GROUPS(JOINS),
			       { .name = "public-ip",
				 .kind = ARGUMENT_ADDRESS_OR_AUTO,
				 .flags = PARAMETER_KEY,
				 .help = "a static public address; auto: the next free one",
				 .code = "InvalidParameter" },
			       KEY_BILLING("how it is paid for; pay-as-you-go if not given") },
		.summary = "make an ECS, a host in a vSwitch",
		.example = "ecs create ECS1 vswitch VSW1 ip 192.168.1.10",
		.flags = COMMAND_CHANGES,
		.change = change_ecs_create,
	},
	{
		.words = "ecs set",
		.parameter = { NAME_OF(NOUN_ECS), KEY_BILLING("how it is paid for from now on"), KEY_GROUPS(MOVES) },
		.summary = "change an ECS's billing or groups",
		.example = "ecs set ECS1 billing pay-as-you-go",
		.flags = COMMAND_CHANGES,
		.change = change_ecs_set,
	},
	{
		.words = "ecs convert-public-ip",
		.parameter = { NAME_OF(NOUN_ECS),
			       { .name = "eip",
				 .kind = ARGUMENT_NEW_NAME,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,
				 .help = "name of the new EIP" } },
		.summary = "turn a static public address into an EIP",
		.example = "ecs convert-public-ip ECS1 eip EIP1",
		.flags = COMMAND_CHANGES,
		.change = change_ecs_convert_public_ip,
	},
	DELETE("ecs", NOUN_ECS, change_ecs_delete, "remove an ECS with its primary ENI", "ECS1"),
	SHOW("ecs", NOUN_ECS, "list ECS"),

	{
		.words = "eni create",
		.parameter = { NEW_NAME, KEY_OF("vswitch", NOUN_VSWITCH, PARAMETER_REQUIRED, "where it is"),
			       KEY_IP("InvalidPrivateIpAddress.Malformed"), KEY_GROUPS(JOINS) },
		.summary = "make a secondary network interface",
		.example = "eni create ENI1 vswitch VSW1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_create,
	},
	{
		.words = "eni attach",
		.parameter = { NAME_OF(NOUN_ENI), KEY_OF("ecs", NOUN_ECS, PARAMETER_REQUIRED, "the host that gets it") },
		.summary = "plug an ENI into an ECS",
		.example = "eni attach ENI1 ecs ECS1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_attach,
	},
	{
		.words = "eni detach",
		.parameter = { NAME_OF(NOUN_ENI) },
		.summary = "unplug an ENI from its ECS",
		.example = "eni detach ENI1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_detach,
	},
	{
		.words = "eni set",
		.parameter = { NAME_OF(NOUN_ENI), KEY_GROUPS(MOVES) },
		.summary = "change an ENI's groups",
		.example = "eni set ENI1 security-group SG1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_set,
	},
	DELETE("eni", NOUN_ENI, change_eni_delete, "remove a detached ENI", "ENI1"),
	SHOW("eni", NOUN_ENI, "list secondary ENIs"),

	{ .words = NULL },
};

const struct command_family family_compute = { "Compute", commands_compute, FOR_ALIBABA };

static const struct command commands_aws_compute[] = {
	{
		.words = "instance create",
		.parameter = { NEW_NAME,
			       KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "where its eth0 is"),
			       KEY_IP("InvalidParameterValue"),
			       KEY_GROUPS(JOINS),
			       { .name = "public-ip",
				 .kind = ARGUMENT_ADDRESS_OR_AUTO,
				 .flags = PARAMETER_KEY,
				 .help = "a public address for its lifetime; auto: the next free one",
				 .code = "InvalidParameterValue" } },
		.summary = "make an instance, a host in a subnet",
		.example = "instance create I1 subnet S1 ip 10.0.1.10",
		.flags = COMMAND_CHANGES,
		.change = change_ecs_create,
	},
	{
		.words = "instance set",
		.parameter = { NAME_OF(NOUN_ECS), KEY_GROUPS(MOVES), KEY_CHECK },
		.summary = "change an instance's groups, or let it forward",
		.example = "instance set I1 source-dest-check off",
		.flags = COMMAND_CHANGES,
		.change = change_ecs_set,
	},
	DELETE("instance", NOUN_ECS, change_ecs_delete, "terminate an instance", "I1"),
	SHOW("instance", NOUN_ECS, "list instances"),

	{
		.words = "eni create",
		.parameter = { NEW_NAME, KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "where it is"), KEY_IP("InvalidParameterValue"), KEY_GROUPS(JOINS) },
		.summary = "make a secondary network interface",
		.example = "eni create ENI1 subnet S1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_create,
	},
	{
		.words = "eni attach",
		.parameter = { NAME_OF(NOUN_ENI), KEY_OF("instance", NOUN_ECS, PARAMETER_REQUIRED, "the host that gets it") },
		.summary = "plug an ENI into an instance",
		.example = "eni attach ENI1 instance I1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_attach,
	},
	{
		.words = "eni detach",
		.parameter = { NAME_OF(NOUN_ENI) },
		.summary = "unplug an ENI from its instance",
		.example = "eni detach ENI1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_detach,
	},
	{
		.words = "eni set",
		.parameter = { NAME_OF(NOUN_ENI), KEY_GROUPS(MOVES), KEY_CHECK },
		.summary = "change an ENI's groups, or let it forward",
		.example = "eni set ENI1 security-group SG1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_set,
	},
	DELETE("eni", NOUN_ENI, change_eni_delete, "remove a detached ENI", "ENI1"),
	SHOW("eni", NOUN_ENI, "list secondary ENIs"),

	{ .words = NULL },
};

const struct command_family family_aws_compute = { "Compute of AWS", commands_aws_compute, FOR_AWS };
