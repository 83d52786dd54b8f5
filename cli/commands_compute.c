/* The words of ecs, eni and security-group; and of internet-host and service. */
#include <stddef.h>
#include <string.h>

#include "cli/command_rows.h"
#include "core/cleanup.h"
#include "lab/commands.h"

static int change_ecs_create(struct model *model, const struct arguments *a, struct error *err)
{
	struct ecs_options options = {
		.vswitch = arguments_get(a, "vswitch"),
		.ip = arguments_get(a, "ip"),
		.security_groups = arguments_names(a, "security-group"),
		.public_ip = arguments_get(a, "public-ip"),
		.billing = arguments_get(a, "billing"),
	};

	return ecs_create(model, own_name(a), &options, err);
}

static int change_ecs_set(struct model *model, const struct arguments *a, struct error *err)
{
	return ecs_set(model, own_name(a), arguments_get(a, "billing"), arguments_names(a, "security-group"), err);
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
	return eni_create(model, own_name(a), arguments_get(a, "vswitch"), arguments_get(a, "ip"), arguments_names(a, "security-group"),
			  err);
}

static int change_eni_attach(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_attach(model, own_name(a), arguments_get(a, "ecs"), err);
}

static int change_eni_detach(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_detach(model, own_name(a), err);
}

static int change_eni_set(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_set(model, own_name(a), arguments_names(a, "security-group"), err);
}

static int change_eni_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return eni_delete(model, own_name(a), err);
}

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
	struct security_rule_options options = {
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

static int change_internet_host_create(struct model *model, const struct arguments *a, struct error *err)
{
	return internet_host_create(model, own_name(a), arguments_get(a, "ip"), arguments_names(a, "dns"), err);
}

static int change_internet_host_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return internet_host_delete(model, own_name(a), err);
}

static int change_service_start(struct model *model, const struct arguments *a, struct error *err)
{
	auto_free char **argv = arguments_has(a, "--") ? arguments_vector(a, "--") : NULL;
	struct service_options options = {
		.kind = arguments_get(a, "kind"),
		.port = arguments_get(a, "port"),
		.protocol = arguments_get(a, "protocol"),
		.name = arguments_get(a, "name"),
		.argv = (const char *const *)argv,
	};

	return service_start(model, arguments_get(a, "node"), &options, err);
}

static int change_service_stop(struct model *model, const struct arguments *a, struct error *err)
{
	return service_stop(model, arguments_get(a, "node"), arguments_get(a, "service"), err);
}

#define KEY_IP(help_) \
	{ .name = "ip", .kind = ARGUMENT_ADDRESS, .flags = PARAMETER_KEY, .help = (help_), .code = "InvalidPrivateIpAddress.Malformed" }

#define KEY_GROUPS(help_)                                                                                             \
	{ .name = "security-group", .kind = ARGUMENT_REFERENCES, .flags = PARAMETER_KEY, .nouns = NOUNS(NOUN_SECURITY_GROUP), \
	  .help = (help_) }

#define JOINS "groups it joins; the default one of the VPC if not given"
#define MOVES "the groups that it is in from now on"

#define KEY_BILLING(help_) KEY_CHOICE("billing", "pay-as-you-go|subscription", "InvalidParameter", help_)

/* allow and drop differ in one word. */
#define RULE_PARAMETERS                                                                                                     \
	{                                                                                                                   \
		NAME_OF(NOUN_SECURITY_GROUP),                                                                               \
			{ .name = "direction", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, .choices = "in|out",   \
			  .help = "to or from the group's members", .code = "InvalidParameter" },                           \
			{ .name = "protocol", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED,                         \
			  .choices = "tcp|udp|icmp|gre|all", .help = "protocol", .code = "InvalidIpProtocol.ValueNotSupported" }, \
			{ .name = "port", .kind = ARGUMENT_PORT, .help = "tcp and udp: port or range, all if not given",    \
			  .code = "InvalidParam.PortRange" },                                                               \
			{ .name = "from", .kind = ARGUMENT_PEER, .flags = PARAMETER_KEY, .nouns = NOUNS(NOUN_SECURITY_GROUP), \
			  .help = "needed with in: source addresses, or a group", .code = "InvalidSourceCidrIp.Malformed" },       \
			{ .name = "to", .kind = ARGUMENT_PEER, .flags = PARAMETER_KEY, .nouns = NOUNS(NOUN_SECURITY_GROUP), \
			  .help = "needed with out: destination addresses, or a group", .code = "InvalidDestCidrIp.Malformed" },   \
			{ .name = "priority", .kind = ARGUMENT_NUMBER, .flags = PARAMETER_KEY,                              \
			  .help = "1 (first) to 100; 1 if not given", .code = "InvalidPriority.ValueNotSupported" },                                \
	}

/* Services are addressed by their node and a name that is unique there. */
#define SERVICE_NODE                                                                              \
	{ .name = "node", .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_REQUIRED,                \
	  .nouns = NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST), .help = "host it runs on" }
#define SERVICE_NAME \
	{ .name = "service", .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_REQUIRED, .nouns = NOUNS(NOUN_SERVICE), .help = "its name on that node" }

const struct command commands_compute[] = {
	{
		.words = "ecs create",
		.parameter = { NEW_NAME, KEY_OF("vswitch", NOUN_VSWITCH, PARAMETER_REQUIRED, "where its eth0 is"),
			       KEY_IP("its private address; the next free one if not given"), KEY_GROUPS(JOINS),
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
			       KEY_IP("its private address; the next free one if not given"), KEY_GROUPS(JOINS) },
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

	{
		.words = "security-group create",
		.parameter = { NEW_NAME, KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for"),
			       KEY_CHOICE("type", "basic|enterprise", "InvalidParameter", "kind of group; basic if not given") },
		.summary = "make a security group",
		.example = "security-group create SG1 vpc VPC1",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_create,
	},
	{
		.words = "security-group allow",
		.parameter = RULE_PARAMETERS,
		.summary = "add a rule that lets packets pass",
		.example = "security-group allow SG1 in tcp 80 from 0.0.0.0/0",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_rule,
	},
	{
		.words = "security-group drop",
		.parameter = RULE_PARAMETERS,
		.summary = "add a rule that drops packets",
		.example = "security-group drop SG1 out all to 0.0.0.0/0 priority 1",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_rule,
	},
	{
		.words = "security-group revoke",
		.parameter = { NAME_OF(NOUN_SECURITY_GROUP),
			       { .name = "rule",
				 .kind = ARGUMENT_NUMBER,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,
				 .help = "its number in security-group show",
				 .code = "InvalidSecurityGroupRuleId.NotFound" } },
		.summary = "remove a rule",
		.example = "security-group revoke SG1 rule 1",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_revoke,
	},
	{
		.words = "security-group set",
		.parameter = { NAME_OF(NOUN_SECURITY_GROUP),
			       KEY_CHOICE("inner-access", "accept|drop", "InvalidPolicy.Malformed", "may members reach each other") },
		.summary = "change how members reach each other",
		.example = "security-group set SG1 inner-access drop",
		.flags = COMMAND_CHANGES,
		.change = change_security_group_set,
	},
	DELETE("security-group", NOUN_SECURITY_GROUP, change_security_group_delete, "remove a group without members", "SG1"),
	SHOW("security-group", NOUN_SECURITY_GROUP, "list security groups and their rules"),

	{ .words = NULL },
};

/* The same with every provider. */
const struct command commands_hosts[] = {
	{
		.words = "internet-host create",
		.parameter = { NEW_NAME,
			       { .name = "ip",
				 .kind = ARGUMENT_ADDRESS,
				 .flags = PARAMETER_KEY,
				 .help = "this public address, not the next free one",
				 .code = "InvalidParameter" },
			       { .name = "dns", .kind = ARGUMENT_WORDS, .flags = PARAMETER_KEY, .help = "more names it is known by in the nodes" } },
		.summary = "make a host on the internet's side",
		.example = "internet-host create client dns www.example.com",
		.flags = COMMAND_CHANGES,
		.change = change_internet_host_create,
	},
	DELETE("internet-host", NOUN_INTERNET_HOST, change_internet_host_delete, "remove an internet host", "client"),
	SHOW("internet-host", NOUN_INTERNET_HOST, "list internet hosts"),

	{
		.words = "service start",
		.parameter = { SERVICE_NODE,
			       { .name = "kind", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, .choices = "http|https|echo|exec", .help = "what it does", .code = "InvalidParameter" },
			       { .name = "port", .kind = ARGUMENT_PORT, .flags = PARAMETER_KEY | PARAMETER_SINGLE, .help = "where it listens; http: 80, https: 443 if not given", .code = "InvalidServicePort.Malformed" },
			       KEY_CHOICE("protocol", "tcp|udp", "InvalidParameter", "of echo; tcp if not given"),
			       { .name = "name", .kind = ARGUMENT_WORD, .flags = PARAMETER_KEY, .help = "what stop and log call it; exec needs one" },
			       { .name = "--", .kind = ARGUMENT_COMMAND, .flags = PARAMETER_KEY, .help = "exec: the program, found from where vpclab is called" } },
		.summary = "run a service on a host, for good",
		.example = "service start ECS2 http port 80",
		.flags = COMMAND_CHANGES,
		.change = change_service_start,
	},
	{
		.words = "service stop",
		.parameter = { SERVICE_NODE, SERVICE_NAME },
		.summary = "end a service",
		.example = "service stop ECS2 http",
		.flags = COMMAND_CHANGES,
		.change = change_service_stop,
	},
	{
		.words = "service log",
		.parameter = { SERVICE_NODE, SERVICE_NAME },
		.summary = "print what a service has logged",
		.example = "service log ECS2 http",
		.flags = COMMAND_KERNEL,
		.run = session_service_log,
	},
	SHOW("service", NOUN_SERVICE, "list services"),

	{ .words = NULL },
};
