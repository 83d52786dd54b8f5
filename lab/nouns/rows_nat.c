/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of nat-gateway, eip, snat and dnat. */
#include <stddef.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "lab/nouns/changes.h"

static int change_nat_gateway_create(struct model *model, const struct arguments *a, struct error *err)
{
	struct nat_gateway_options options = {
		.vpc = arguments_get(a, "vpc"),
		.vswitch = arguments_get(a, "vswitch"),
		.ip = arguments_get(a, "ip"),
		.type = arguments_get(a, "type"),
		.size = arguments_get(a, "size"),
		.eip_bind_mode = arguments_get(a, "eip-bind-mode"),
		.icmp_reply = arguments_get(a, "icmp-reply"),
	};

	return nat_gateway_create(model, own_name(a), &options, err);
}

static int change_nat_gateway_set(struct model *model, const struct arguments *a, struct error *err)
{
	return nat_gateway_set(model, own_name(a), arguments_get(a, "size"), arguments_get(a, "eip-bind-mode"),
			       arguments_get(a, "icmp-reply"), err);
}

static int change_nat_gateway_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return nat_gateway_delete(model, own_name(a), arguments_has(a, "force"), err);
}

static int change_eip_create(struct model *model, const struct arguments *a, struct error *err)
{
	return eip_create(model, own_name(a), arguments_get(a, "ip"), err);
}

static int change_eip_associate(struct model *model, const struct arguments *a, struct error *err)
{
	return eip_associate(model, own_name(a), arguments_type(a, "resource"), arguments_get(a, "resource"), err);
}

static int change_eip_disassociate(struct model *model, const struct arguments *a, struct error *err)
{
	return eip_disassociate(model, own_name(a), arguments_has(a, "force"), err);
}

static int change_eip_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return eip_delete(model, own_name(a), err);
}

static int change_snat_create(struct model *model, const struct arguments *a, struct error *err)
{
	return snat_create(model, own_name(a), arguments_get(a, "nat-gateway"), arguments_type(a, "source"), arguments_get(a, "source"),
			   arguments_names(a, "eip"), arguments_get(a, "affinity"), err);
}

static int change_snat_set(struct model *model, const struct arguments *a, struct error *err)
{
	return snat_set(model, own_name(a), arguments_names(a, "eip"), arguments_get(a, "affinity"), err);
}

static int change_snat_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return snat_delete(model, own_name(a), err);
}

static struct dnat_options dnat_options(const struct arguments *a)
{
	return (struct dnat_options){
		.nat_gateway = arguments_get(a, "nat-gateway"),
		.eip = arguments_get(a, "eip"),
		.protocol = arguments_get(a, "protocol"),
		.public_port = arguments_get(a, "public-port"),
		.to = arguments_get(a, "to"),
		.private_port = arguments_get(a, "private-port"),
		.port_break = arguments_get(a, "port-break"),
	};
}

static int change_dnat_create(struct model *model, const struct arguments *a, struct error *err)
{
	struct dnat_options options = dnat_options(a);

	return dnat_create(model, own_name(a), &options, err);
}

static int change_dnat_set(struct model *model, const struct arguments *a, struct error *err)
{
	struct dnat_options options = dnat_options(a);

	return dnat_set(model, own_name(a), &options, err);
}

static int change_dnat_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return dnat_delete(model, own_name(a), err);
}

/* What an EIP can be associated with. */
#define EIP_HOLDERS (NOUNS(NOUN_NAT_GATEWAY) | NOUNS(NOUN_ECS) | NOUNS(NOUN_ENI))

/* The defaults are those of a new one. */
#define KEY_SIZE(default_)                                                                                \
	KEY_CHOICE("size", "small|medium|large|super-large-1", "InvalidParameter.Spec.ValueNotSupported", \
		   "limit on SNAT connections" default_)
#define KEY_BIND_MODE(default_)                                         \
	KEY_CHOICE("eip-bind-mode", "multi-binded|nat", "InvalidParameter", \
		   "how EIPs are bound, nat makes hairpin work" default_)
#define KEY_ICMP KEY_CHOICE("icmp-reply", "on|off", "InvalidParameter", "does it answer ping on its EIPs itself")

#define KEY_EIPS(flags_, help_)                                                                                        \
	{ .name = "eip", .kind = ARGUMENT_REFERENCES, .flags = PARAMETER_KEY | (flags_), .nouns = NOUNS(NOUN_EIP), .help = (help_) }

#define KEY_AFFINITY \
	KEY_CHOICE("affinity", "on|off", "InvalidParameter", "of several EIPs, always the same one to a destination")

/* The keys that dnat create and dnat set share; required at creation. */
#define DNAT_KEYS(flags_)                                                                                                     \
	KEY_OF("eip", NOUN_EIP, flags_, "the public address"),                                                                \
	{ .name = "protocol", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_KEY | (flags_), .choices = "tcp|udp|any",           \
	  .help = "any is every port and protocol", .code = "InvalidProtocal.ValueNotSupported" },                            \
	{ .name = "public-port", .kind = ARGUMENT_PORT, .flags = PARAMETER_KEY, .help = "port or range on the EIP; none with any, which is all",           \
	  .code = "InvalidExternalPort.Malformed" },                                                                          \
	{ .name = "to", .kind = ARGUMENT_TARGET, .flags = PARAMETER_KEY | (flags_), .nouns = NOUNS(NOUN_ECS) | NOUNS(NOUN_ENI), \
	  .help = "ECS, ENI or private address behind it", .code = "InvalidInternalIp.Malformed" },                           \
	{ .name = "private-port", .kind = ARGUMENT_PORT, .flags = PARAMETER_KEY, .help = "port or range there; the public one if not given",               \
	  .code = "InvalidInternalPort.Malformed" },                                                                          \
	KEY_CHOICE("port-break", "on|off", "InvalidParameter", "share the EIP with SNAT above port 1024, too")

static const struct command commands_nat[] = {
	{
		.words = "nat-gateway create",
		.parameter = { NEW_NAME, KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it serves"),
			       KEY_OF("vswitch", NOUN_VSWITCH, 0, "where it has its private address; a standard one has none"),
			       { .name = "ip",
				 .kind = ARGUMENT_ADDRESS,
				 .flags = PARAMETER_KEY,
				 .help = "its private address; the next free one if not given",
				 .code = "InvalidPrivateIpAddress.Malformed" },
			       KEY_CHOICE("type", "enhanced|standard", "InvalidParameter", "kind of gateway; enhanced if not given"), KEY_SIZE("; small if not given"),
			       KEY_BIND_MODE("; multi-binded if not given"), KEY_ICMP },
		.summary = "make a NAT gateway in a VPC",
		.example = "nat-gateway create NAT1 vpc VPC1 vswitch VSW1",
		.flags = COMMAND_CHANGES,
		.change = change_nat_gateway_create,
	},
	{
		.words = "nat-gateway set",
		.parameter = { NAME_OF(NOUN_NAT_GATEWAY), KEY_SIZE(""), KEY_BIND_MODE(""), KEY_ICMP },
		.summary = "change a NAT gateway's settings",
		.example = "nat-gateway set NAT1 eip-bind-mode nat",
		.flags = COMMAND_CHANGES,
		.change = change_nat_gateway_set,
	},
	{
		.words = "nat-gateway delete",
		.parameter = { NAME_OF(NOUN_NAT_GATEWAY),
			       { .name = "force", .kind = ARGUMENT_WORD, .flags = PARAMETER_FLAG, .help = "with its entries and routes; EIPs are unbound" } },
		.summary = "remove a NAT gateway",
		.example = "nat-gateway delete NAT1 force",
		.flags = COMMAND_CHANGES | COMMAND_REMOVES,
		.change = change_nat_gateway_delete,
	},
	SHOW("nat-gateway", NOUN_NAT_GATEWAY, "list NAT gateways"),

	{
		.words = "eip create",
		.parameter = { NEW_NAME,
			       { .name = "ip",
				 .kind = ARGUMENT_ADDRESS,
				 .flags = PARAMETER_KEY,
				 .help = "this public address, not the next free one",
				 .code = "InvalidParameter" } },
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
				 .nouns = EIP_HOLDERS,
				 .choices = "nat-gateway|ecs|eni",
				 .help = "what it is for",
				 .code = "InvalidParameter" } },
		.summary = "bind an EIP to a resource",
		.example = "eip associate EIP1 nat-gateway NAT1",
		.flags = COMMAND_CHANGES,
		.change = change_eip_associate,
	},
	{
		.words = "eip disassociate",
		.parameter = { NAME_OF(NOUN_EIP),
			       { .name = "force", .kind = ARGUMENT_WORD, .flags = PARAMETER_FLAG, .help = "even while SNAT or DNAT entries use it" } },
		.summary = "unbind an EIP",
		.example = "eip disassociate EIP1",
		.flags = COMMAND_CHANGES,
		.change = change_eip_disassociate,
	},
	DELETE("eip", NOUN_EIP, change_eip_delete, "release an unbound EIP", "EIP1"),
	SHOW("eip", NOUN_EIP, "list EIPs"),

	{
		.words = "snat create",
		.parameter = { NEW_NAME, KEY_OF("nat-gateway", NOUN_NAT_GATEWAY, PARAMETER_REQUIRED, "the gateway that translates"),
			       { .name = "source",
				 .kind = ARGUMENT_TYPED,
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,
				 .nouns = NOUNS(NOUN_VSWITCH) | NOUNS(NOUN_ECS) | NOUNS(NOUN_ENI) | NOUNS(NOUN_VPC),
				 .choices = "vswitch|ecs|eni|cidr|vpc",
				 .help = "whose packets",
				 .code = "INVALID_PARAMETER" },
			       KEY_EIPS(PARAMETER_REQUIRED, "the public addresses they leave with"), KEY_AFFINITY },
		.summary = "let private addresses out through EIPs",
		.example = "snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1",
		.flags = COMMAND_CHANGES,
		.change = change_snat_create,
	},
	{
		.words = "snat set",
		.parameter = { NAME_OF(NOUN_SNAT), KEY_EIPS(0, "the EIPs it is to use from now on"), KEY_AFFINITY },
		.summary = "change the EIPs of an SNAT entry, or how they are chosen",
		.example = "snat set snat1 eip EIP1,EIP2",
		.flags = COMMAND_CHANGES,
		.change = change_snat_set,
	},
	DELETE("snat", NOUN_SNAT, change_snat_delete, "remove an SNAT entry", "snat1"),
	SHOW("snat", NOUN_SNAT, "list SNAT entries"),

	{
		.words = "dnat create",
		.parameter = { NEW_NAME, KEY_OF("nat-gateway", NOUN_NAT_GATEWAY, PARAMETER_REQUIRED, "the gateway that translates"),
			       DNAT_KEYS(PARAMETER_REQUIRED) },
		.summary = "forward ports of an EIP to a host",
		.example = "dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to ECS2 private-port 80",
		.flags = COMMAND_CHANGES,
		.change = change_dnat_create,
	},
	{
		.words = "dnat set",
		.parameter = { NAME_OF(NOUN_DNAT), DNAT_KEYS(0) },
		.summary = "change a DNAT entry",
		.example = "dnat set dnat1 public-port 8080",
		.flags = COMMAND_CHANGES,
		.change = change_dnat_set,
	},
	DELETE("dnat", NOUN_DNAT, change_dnat_delete, "remove a DNAT entry", "dnat1"),
	SHOW("dnat", NOUN_DNAT, "list DNAT entries"),

	{ .words = NULL },
};

const struct command_family family_nat = { "NAT and public addresses", commands_nat, FOR_ALIBABA };
