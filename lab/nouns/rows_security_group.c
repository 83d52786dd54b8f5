/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of security-group: what a rule says, and for each provider its codes and what else there is. */
#include <string.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "lab/nouns/changes.h"

static int change_security_group_create(struct model *model, const struct arguments *a, struct error *err)
{
	return security_group_create(model, own_name(a), arguments_get(a, "vpc"), arguments_get(a, "type"), err);
}

static int change_security_group_set(struct model *model, const struct arguments *a, struct error *err)
{
	return security_group_set(model, own_name(a), arguments_get(a, "inner-access"), err);
}

static int change_security_group_rule(struct model *model, const struct arguments *a, struct error *err)
{
	struct filter_rule_options options = {
		.policy = strrchr(a->command->words, ' ') + 1,
		.direction = arguments_get(a, "direction"),
		.protocol = arguments_get(a, "protocol"),
		.port = arguments_get(a, "port"),
		.from = arguments_get(a, "from"),
		.to = arguments_get(a, "to"),
		.priority = arguments_get(a, "priority"),
	};

	return security_group_rule(model, own_name(a), &options, err);
}

static int change_security_group_revoke(struct model *model, const struct arguments *a, struct error *err)
{
	return security_group_revoke(model, own_name(a), arguments_get(a, "rule"), err);
}

static int change_security_group_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return security_group_delete(model, own_name(a), err);
}

#define RULE(direction_code_, protocols_, protocol_code_, port_code_, from_code_, to_code_)                          \
	NAME_OF(NOUN_SECURITY_GROUP),                                                                                 \
		{ .name = "direction", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, .choices = "in|out",     \
		  .help = "to or from the group's members", .code = (direction_code_) },                                \
		{ .name = "protocol", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, .choices = (protocols_),    \
		  .help = "protocol", .code = (protocol_code_) },                                                       \
		{ .name = "port", .kind = ARGUMENT_PORT, .help = "tcp and udp: port or range, all if not given",      \
		  .code = (port_code_) },                                                                               \
		{ .name = "from", .kind = ARGUMENT_PEER, .flags = PARAMETER_KEY, .nouns = NOUNS(NOUN_SECURITY_GROUP), \
		  .help = "needed with in: source addresses, or a group", .code = (from_code_) },                              \
		{ .name = "to", .kind = ARGUMENT_PEER, .flags = PARAMETER_KEY, .nouns = NOUNS(NOUN_SECURITY_GROUP),   \
		  .help = "needed with out: destination addresses, or a group", .code = (to_code_) }

#define ALIBABA_RULE                                                                                                          \
	RULE("InvalidParameter", "tcp|udp|icmp|gre|all", "InvalidIpProtocol.ValueNotSupported", "InvalidParam.PortRange",     \
	     "InvalidSourceCidrIp.Malformed", "InvalidDestCidrIp.Malformed"),                                                 \
		{ .name = "priority", .kind = ARGUMENT_NUMBER, .flags = PARAMETER_KEY, .help = "1 (first) to 100; 1 if not given",            \
		  .code = "InvalidPriority.ValueNotSupported" }

#define AWS_RULE                                                                                                           \
	RULE("InvalidParameterValue", "tcp|udp|icmp|all", "InvalidParameterValue", "InvalidParameterValue",                \
	     "InvalidPermission.Malformed", "InvalidPermission.Malformed")

#define ALLOW                                                                                           \
	.words = "security-group allow", .summary = "add a rule that lets packets pass",                \
	.example = "security-group allow SG1 in tcp 80 from 0.0.0.0/0", .flags = COMMAND_CHANGES,       \
	.change = change_security_group_rule

#define REVOKE(code_)                                                                                                  \
	{                                                                                                              \
		.words = "security-group revoke",                                                                      \
		.parameter = { NAME_OF(NOUN_SECURITY_GROUP),                                                           \
			       { .name = "rule", .kind = ARGUMENT_NUMBER, .flags = PARAMETER_KEY | PARAMETER_REQUIRED, \
				 .help = "its number in security-group show", .code = (code_) } },                     \
		.summary = "remove a rule", .example = "security-group revoke SG1 rule 1",                             \
		.flags = COMMAND_CHANGES, .change = change_security_group_revoke                                       \
	}

#define DELETE_AND_SHOW                                                                                                       \
	DELETE("security-group", NOUN_SECURITY_GROUP, change_security_group_delete, "remove a group without members", "SG1"), \
		SHOW("security-group", NOUN_SECURITY_GROUP, "list security groups and their rules")

#define KEY_VPC KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for")

static const struct command commands_security_group[] = {
	{
		.words = "security-group create",
		.parameter = { NEW_NAME, KEY_VPC, KEY_CHOICE("type", "basic|enterprise", "InvalidParameter", "kind of group; basic if not given") },
		.summary = "make a security group",
		.example = "security-group create SG1 vpc VPC1",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_create,
	},
	{ ALLOW, .parameter = { ALIBABA_RULE } },
	{
		.words = "security-group drop",
		.parameter = { ALIBABA_RULE },
		.summary = "add a rule that drops packets",
		.example = "security-group drop SG1 out all to 0.0.0.0/0 priority 1",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_rule,
	},
	REVOKE("InvalidSecurityGroupRuleId.NotFound"),
	{
		.words = "security-group set",
		.parameter = { NAME_OF(NOUN_SECURITY_GROUP),
			       KEY_CHOICE("inner-access", "accept|drop", "InvalidPolicy.Malformed", "may members reach each other") },
		.summary = "change how members reach each other",
		.example = "security-group set SG1 inner-access drop",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_set,
	},
	DELETE_AND_SHOW,

	{ .words = NULL },
};

const struct command_family family_security_group = { "Security groups", commands_security_group, FOR_ALIBABA };

static const struct command commands_aws_security_group[] = {
	{
		.words = "security-group create",
		.parameter = { NEW_NAME, KEY_VPC },
		.summary = "make a security group: nothing in, everything out",
		.example = "security-group create SG1 vpc VPC1",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_create,
	},
	{ ALLOW, .parameter = { AWS_RULE } },
	REVOKE("InvalidPermission.NotFound"),
	DELETE_AND_SHOW,

	{ .words = NULL },
};

const struct command_family family_aws_security_group = { "Security groups of AWS", commands_aws_security_group, FOR_AWS };
