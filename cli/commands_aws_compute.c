/* The words of AWS's instance, eni and security-group. */
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

static int change_security_group_create(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_security_group_create(model, own_name(a), arguments_get(a, "vpc"), err);
}

static int change_security_group_allow(struct model *model, const struct arguments *a, struct error *err)
{
	struct security_rule_options options = {
		.direction = arguments_get(a, "direction"),
		.protocol = arguments_get(a, "protocol"),
		.port = arguments_get(a, "port"),
		.from = arguments_get(a, "from"),
		.to = arguments_get(a, "to"),
	};

	return aws_security_group_allow(model, own_name(a), &options, err);
}

static int change_security_group_revoke(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_security_group_revoke(model, own_name(a), arguments_get(a, "rule"), err);
}

static int change_security_group_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_security_group_delete(model, own_name(a), err);
}

#define BAD_VALUE "InvalidParameterValue"

#define KEY_IP                                                                                   \
	{                                                                                        \
		.name = "ip", .kind = ARGUMENT_ADDRESS, .flags = PARAMETER_KEY,                  \
		.help = "its private address; the next free one if not given", .code = BAD_VALUE \
	}

#define KEY_GROUPS(help_)                                                                      \
	{                                                                                      \
		.name = "security-group", .kind = ARGUMENT_REFERENCES, .flags = PARAMETER_KEY, \
		.nouns = NOUNS(NOUN_SECURITY_GROUP), .help = (help_)                           \
	}

#define JOINS "groups it joins; the default one of the VPC if not given"
#define MOVES "the groups that it is in from now on"

#define KEY_CHECK KEY_CHOICE("source-dest-check", "on|off", BAD_VALUE, "off: it may forward what is not its own")

const struct command commands_aws_compute[] = {
	{
		.words = "instance create",
		.parameter = { NEW_NAME,
			       KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "where its eth0 is"),
			       KEY_IP,
			       KEY_GROUPS(JOINS),
			       { .name = "public-ip",
				 .kind = ARGUMENT_ADDRESS_OR_AUTO,
				 .flags = PARAMETER_KEY,
				 .help = "a public address for its lifetime; auto: the next free one",
				 .code = BAD_VALUE } },
		.summary = "make an instance, a host in a subnet",
		.example = "instance create I1 subnet S1 ip 10.0.1.10",
		.flags = COMMAND_CHANGES,
		.change = change_instance_create,
	},
	{
		.words = "instance set",
		.parameter = { NAME_OF(NOUN_ECS), KEY_GROUPS(MOVES), KEY_CHECK },
		.summary = "change an instance's groups, or let it forward",
		.example = "instance set I1 source-dest-check off",
		.flags = COMMAND_CHANGES,
		.change = change_instance_set,
	},
	DELETE("instance", NOUN_ECS, change_instance_delete, "terminate an instance", "I1"),
	SHOW("instance", NOUN_ECS, "list instances"),

	{
		.words = "eni create",
		.parameter = { NEW_NAME, KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "where it is"), KEY_IP,
			       KEY_GROUPS(JOINS) },
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

	{
		.words = "security-group create",
		.parameter = { NEW_NAME, KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for") },
		.summary = "make a security group: nothing in, everything out",
		.example = "security-group create SG1 vpc VPC1",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_create,
	},
	{
		.words = "security-group allow",
		.parameter = { NAME_OF(NOUN_SECURITY_GROUP),
			       { .name = "direction",
				 .kind = ARGUMENT_CHOICE,
				 .flags = PARAMETER_REQUIRED,
				 .choices = "in|out",
				 .help = "to or from the group's members",
				 .code = BAD_VALUE },
			       { .name = "protocol",
				 .kind = ARGUMENT_CHOICE,
				 .flags = PARAMETER_REQUIRED,
				 .choices = "tcp|udp|icmp|all",
				 .help = "protocol",
				 .code = BAD_VALUE },
			       { .name = "port",
				 .kind = ARGUMENT_PORT,
				 .help = "tcp and udp: port or range, all if not given",
				 .code = BAD_VALUE },
			       { .name = "from",
				 .kind = ARGUMENT_PEER,
				 .flags = PARAMETER_KEY,
				 .nouns = NOUNS(NOUN_SECURITY_GROUP),
				 .help = "needed with in: source addresses, or a group",
				 .code = "InvalidPermission.Malformed" },
			       { .name = "to",
				 .kind = ARGUMENT_PEER,
				 .flags = PARAMETER_KEY,
				 .nouns = NOUNS(NOUN_SECURITY_GROUP),
				 .help = "needed with out: destination addresses, or a group",
				 .code = "InvalidPermission.Malformed" } },
		.summary = "add a rule that lets packets pass",
		.example = "security-group allow SG1 in tcp 80 from 0.0.0.0/0",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_allow,
	},
	{
		.words = "security-group revoke",
		.parameter = { NAME_OF(NOUN_SECURITY_GROUP),
			       { .name = "rule",
				 .kind = ARGUMENT_NUMBER,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,
				 .help = "its number in security-group show",
				 .code = "InvalidPermission.NotFound" } },
		.summary = "remove a rule",
		.example = "security-group revoke SG1 rule 1",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_revoke,
	},
	DELETE("security-group", NOUN_SECURITY_GROUP, change_security_group_delete, "remove a group without members", "SG1"),
	SHOW("security-group", NOUN_SECURITY_GROUP, "list security groups and their rules"),

	{ .words = NULL },
};
