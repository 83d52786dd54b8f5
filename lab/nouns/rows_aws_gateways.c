/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of AWS's internet-gateway, nat-gateway and eip. */
#include <stddef.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "lab/nouns/aws_changes.h"

static int change_internet_gateway_create(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_internet_gateway_create(model, own_name(a), err);
}

static int change_internet_gateway_attach(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_internet_gateway_attach(model, own_name(a), arguments_get(a, "vpc"), err);
}

static int change_internet_gateway_detach(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_internet_gateway_detach(model, own_name(a), err);
}

static int change_internet_gateway_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_internet_gateway_delete(model, own_name(a), err);
}

static int change_nat_gateway_create(struct model *model, const struct arguments *a, struct error *err)
{
	struct aws_nat_gateway_options options = {
		.subnet = arguments_get(a, "subnet"),
		.eip = arguments_get(a, "eip"),
		.type = arguments_get(a, "type"),
		.ip = arguments_get(a, "ip"),
		.idle_timeout = arguments_get(a, "idle-timeout"),
	};

	return aws_nat_gateway_create(model, own_name(a), &options, err);
}

static int change_nat_gateway_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_nat_gateway_delete(model, own_name(a), err);
}

static int change_eip_create(struct model *model, const struct arguments *a, struct error *err)
{
	return eip_create(model, own_name(a), arguments_get(a, "ip"), err);
}

static int change_eip_associate(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_eip_associate(model, own_name(a), arguments_type(a, "resource"), arguments_get(a, "resource"), err);
}

static int change_eip_disassociate(struct model *model, const struct arguments *a, struct error *err)
{
	return aws_eip_disassociate(model, own_name(a), err);
}

static int change_eip_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return eip_delete(model, own_name(a), err);
}

#define BAD_VALUE "InvalidParameterValue"

static const struct command commands_aws_gateways[] = {
	{
		.words = "internet-gateway create",
		.parameter = { NEW_NAME },
		.summary = "make an internet gateway, attached to nothing",
		.example = "internet-gateway create IGW1",
		.flags = COMMAND_CHANGES,
		.change = change_internet_gateway_create,
	},
	{
		.words = "internet-gateway attach",
		.parameter = { NAME_OF(NOUN_INTERNET_GATEWAY),
			       KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC that it connects") },
		.summary = "connect a VPC with the internet",
		.example = "internet-gateway attach IGW1 vpc VPC1",
		.flags = COMMAND_CHANGES,
		.change = change_internet_gateway_attach,
	},
	{
		.words = "internet-gateway detach",
		.parameter = { NAME_OF(NOUN_INTERNET_GATEWAY) },
		.summary = "cut a VPC off the internet",
		.example = "internet-gateway detach IGW1",
		.flags = COMMAND_CHANGES,
		.change = change_internet_gateway_detach,
	},
	DELETE("internet-gateway", NOUN_INTERNET_GATEWAY, change_internet_gateway_delete, "remove a detached internet gateway",
	       "IGW1"),
	SHOW("internet-gateway", NOUN_INTERNET_GATEWAY, "list internet gateways"),

	{
		.words = "nat-gateway create",
		.parameter = { NEW_NAME,
			       KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED, "where it is; its route table leads on"),
			       KEY_OF("eip", NOUN_EIP, 0, "its public address; a private one has none"),
			       KEY_CHOICE("type", "public|private", BAD_VALUE, "kind of gateway; public if not given"),
			       { .name = "ip",
				 .kind = ARGUMENT_ADDRESS,
				 .flags = PARAMETER_KEY,
				 .help = "its private address; the next free one if not given",
				 .code = BAD_VALUE },
			       { .name = "idle-timeout",
				 .kind = ARGUMENT_NUMBER,
				 .flags = PARAMETER_KEY,
				 .help = "seconds, 350 in the cloud; for tests",
				 .code = BAD_VALUE } },
		.summary = "make a NAT gateway in a subnet",
		.example = "nat-gateway create NAT1 subnet S1 eip EIP1",
		.flags = COMMAND_CHANGES,
		.change = change_nat_gateway_create,
	},
	DELETE("nat-gateway", NOUN_NAT_GATEWAY, change_nat_gateway_delete, "remove a NAT gateway; routes to it stay", "NAT1"),
	SHOW("nat-gateway", NOUN_NAT_GATEWAY, "list NAT gateways"),

	{
		.words = "eip create",
		.parameter = { NEW_NAME,
			       { .name = "ip",
				 .kind = ARGUMENT_ADDRESS,
				 .flags = PARAMETER_KEY,
				 .help = "this public address, not the next free one",
				 .code = BAD_VALUE } },
		.summary = "allocate a public address",
		.example = "eip create EIP1",
		.flags = COMMAND_CHANGES,
		.change = change_eip_create,
	},
	{
		.words = "eip associate",
		.parameter = { NAME_OF(NOUN_EIP),
			       { .name = "resource",
				 .kind = ARGUMENT_TYPED,
				 .flags = PARAMETER_REQUIRED,
				 .nouns = NOUNS(NOUN_ECS) | NOUNS(NOUN_ENI),
				 .choices = "instance|eni",
				 .help = "what it is for",
				 .code = BAD_VALUE } },
		.summary = "bind an EIP to an instance or ENI",
		.example = "eip associate EIP1 instance I1",
		.flags = COMMAND_CHANGES,
		.change = change_eip_associate,
	},
	{
		.words = "eip disassociate",
		.parameter = { NAME_OF(NOUN_EIP) },
		.summary = "unbind an EIP",
		.example = "eip disassociate EIP1",
		.flags = COMMAND_CHANGES,
		.change = change_eip_disassociate,
	},
	DELETE("eip", NOUN_EIP, change_eip_delete, "release an unbound EIP", "EIP1"),
	SHOW("eip", NOUN_EIP, "list EIPs"),

	{ .words = NULL },
};

const struct command_family family_aws_gateways = { "Gateways and public addresses of AWS", commands_aws_gateways, FOR_AWS };
