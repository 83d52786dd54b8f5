/* The words of AWS's instance and eni. */
#include <stddef.h>

#include "cli/command_rows.h"
#include "lab/aws.h"

static int change_instance_create(struct model *model, const struct arguments *a, struct error *err)
{
	struct aws_instance_options options = {
		.subnet = arguments_get(a, "subnet"),
		.ip = arguments_get(a, "ip"),
		.security_groups = arguments_names(a, "security-group"),
		.public_ip = arguments_get(a, "public-ip"),
	};

	return aws_instance_create(model, own_name(a), &options, err);
}

static int change_instance_set(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_instance_set(model, own_name(a), arguments_names(a, "security-group"), arguments_get(a, "source-dest-check"),
				err);
}

static int change_instance_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_instance_delete(model, own_name(a), err);
}

static int change_eni_create(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_eni_create(model, own_name(a), arguments_get(a, "subnet"), arguments_get(a, "ip"),
			      arguments_names(a, "security-group"), err);
}

static int change_eni_attach(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_eni_attach(model, own_name(a), arguments_get(a, "instance"), err);
}

static int change_eni_detach(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_eni_detach(model, own_name(a), err);
}

static int change_eni_set(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_eni_set(model, own_name(a), arguments_names(a, "security-group"), arguments_get(a, "source-dest-check"), err);
}

static int change_eni_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_eni_delete(model, own_name(a), err);
}

#define BAD_VALUE "InvalidParameterValue"

#define KEY_IP                                                                                   \
	{                                                                                        \
		.name = "ip", .kind = ARGUMENT_ADDRESS, .flags = PARAMETER_KEY,                  \
		.help = "its private address; the next free one if not given", .code = BAD_VALUE \
	}

#define KEY_CHECK KEY_CHOICE("source-dest-check", "on|off", BAD_VALUE, "off: it may forward what is not its own")

const struct command commands_aws_compute[] = {
	{
		.words = "instance create",
		.parameter = { NEW_NAME,
			       KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "where its eth0 is"),
			       KEY_IP,
			       KEY_GROUPS,
			       { .name = "public-ip",
				 .kind = ARGUMENT_ADDRESS_OR_AUTO,
				 .flags = PARAMETER_KEY,
				 .help = "a public address for its lifetime",
				 .code = BAD_VALUE } },
		.summary = "make an instance, a host in a subnet",
		.example = "instance create I1 subnet S1 ip 10.0.1.10",
		.flags = COMMAND_CHANGES,
		.change = change_instance_create,
	},
	{
		.words = "instance set",
		.parameter = { NAME_OF(NOUN_ECS), KEY_GROUPS, KEY_CHECK },
		.summary = "change an instance's groups, or let it forward",
		.example = "instance set I1 source-dest-check off",
		.flags = COMMAND_CHANGES,
		.change = change_instance_set,
	},
	DELETE("instance", NOUN_ECS, change_instance_delete, "terminate an instance", "I1"),
	SHOW("instance", NOUN_ECS, "list instances"),

	{
		.words = "eni create",
		.parameter = { NEW_NAME, KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "where it is"), KEY_IP, KEY_GROUPS },
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
		.parameter = { NAME_OF(NOUN_ENI), KEY_GROUPS, KEY_CHECK },
		.summary = "change an ENI's groups, or let it forward",
		.example = "eni set ENI1 security-group SG1",
		.flags = COMMAND_CHANGES,
		.change = change_eni_set,
	},
	DELETE("eni", NOUN_ENI, change_eni_delete, "remove a detached ENI", "ENI1"),
	SHOW("eni", NOUN_ENI, "list secondary ENIs"),

	{ .words = NULL },
};
