/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lab/terraform/import.h"

/* The resource types of the alicloud provider. Deprecated names of arguments are accepted as well.
 */

#define TYPES(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define WORDS(...) ((const char *const[][2]){ __VA_ARGS__, { NULL, NULL } })

static const char *const billings[][2] = { { "PrePaid", "subscription" }, { NULL, NULL } };

static const char *const vpcs[] = { "alicloud_vpc", NULL };
static const char *const vswitches[] = { "alicloud_vswitch", NULL };
static const char *const tables[] = { "alicloud_route_table", NULL };
static const char *const tables_and_vpcs[] = { "alicloud_route_table", "alicloud_vpc", NULL };
static const char *const groups[] = { "alicloud_security_group", NULL };
static const char *const gateways[] = { "alicloud_nat_gateway", NULL };
static const char *const instances[] = { "alicloud_instance", NULL };
static const char *const eips[] = { "alicloud_eip_address", "alicloud_eip", NULL };
static const char *const interfaces[] = { "alicloud_network_interface",
					  "alicloud_ecs_network_interface", NULL };
static const char *const hosts[] = { "alicloud_instance", "alicloud_network_interface",
				     "alicloud_ecs_network_interface", NULL };
static const char *const eip_holders[] = { "alicloud_nat_gateway", "alicloud_instance",
					   "alicloud_network_interface",
					   "alicloud_ecs_network_interface", NULL };

static bool says(const struct tf_resource *resource, const char *argument, const char *word)
{
	const char *value = tf_string(resource->values, argument);

	return value && strcasecmp(value, word) == 0;
}

static bool translate_vpc(struct tf_import *import, struct tf_resource *vpc)
{
	if (json_array_size(json_object_get(vpc->values, "secondary_cidr_blocks")))
		tf_note(import, TERRAFORM_LEFT_OUT, vpc, "its secondary CIDR blocks");
	if (json_array_size(json_object_get(vpc->values, "user_cidrs")))
		tf_note(import, TERRAFORM_LEFT_OUT, vpc, "its user CIDR blocks");
	if (tf_address(vpc->values, "cidr_block"))
		return true;
	tf_note(import, TERRAFORM_CHOSEN, vpc, "its CIDR block: 172.16.0.0/12, as the API has it");
	tf_line(import, vpc, "vpc create %s cidr 172.16.0.0/12", vpc->noun_name);
	return false;
}

static bool translate_table(struct tf_import *import, struct tf_resource *table)
{
	if (!says(table, "associate_type", "Gateway"))
		return true;
	tf_leave_out(import, table, "it is a table for gateways");
	return false;
}

static bool set_inner_access(struct tf_import *import, struct tf_resource *group)
{
	if (!says(group, "security_group_type", "enterprise") &&
	    (says(group, "inner_access_policy", "Drop") ||
	     json_is_false(json_object_get(group->values, "inner_access"))))
		tf_line(import, group, "security-group set %s inner-access drop", group->noun_name);
	return false;
}

static bool translate_rule(struct tf_import *import, struct tf_resource *rule)
{
	static const char *const protocols[][2] = { { "tcp", "tcp" },   { "udp", "udp" },
						    { "icmp", "icmp" }, { "gre", "gre" },
						    { "all", "all" },   { NULL, NULL } };
	const bool in = says(rule, "type", "ingress"),
		   ports = says(rule, "ip_protocol", "tcp") || says(rule, "ip_protocol", "udp"),
		   first = json_integer_value(json_object_get(rule->values, "priority")) <= 1;
	const char *peer = in ? " from" : " to";
	const struct tf_field fields[] = {
		TF_FIELD(LINK, "", "security_group_id", MUST, .types = groups),
		TF_FIELD(WORD, in ? " in" : " out", "ip_protocol", MUST, .words = protocols),
		TF_FIELD(PORTS, "", ports ? "port_range" : "no_ports"),
		TF_FIELD(ADDRESS, peer + 1, "cidr_ip", MUST),
		TF_FIELD(LINK, peer + 1, "source_security_group_id", MUST, .types = groups),
		{ .argument = NULL },
	};
	const char *missing;

	if (!tf_write_fields(import, tf_place(rule),
			     says(rule, "policy", "drop") ? "security-group drop"
							  : "security-group allow",
			     fields, &missing))
		tf_leave_out(import, rule, "its %s is no IPv4 block or security group of the file",
			     missing);
	else if (!first) {
		tf_append(import, " priority %lld",
			  (long long)json_integer_value(json_object_get(rule->values, "priority")));
	}
	return false;
}

/* A public address: the one that the state holds, or any where the bandwidth is not nothing. */
static bool translate_instance(struct tf_import *import, struct tf_resource *instance)
{
	static const struct tf_field fields[] = {
		TF_FIELD(LINK, "vswitch", "vswitch_id", MUST, .types = vswitches),
		TF_FIELD(ADDRESS, "ip", "private_ip", .older = "primary_ip_address"),
		TF_FIELD(LINKS, "security-group", "security_groups", .types = groups),
		TF_FIELD(ADDRESS, "public-ip", "public_ip"),
		TF_FIELD(WORD, "billing", "instance_charge_type", .words = billings),
		{ .argument = NULL },
	};
	const bool has_public = json_integer_value(json_object_get(
					instance->values, "internet_max_bandwidth_out")) > 0;
	const char *missing;
	auto_text beginning = { 0 };

	text_addf(&beginning, "ecs create %s", instance->noun_name);
	if (!tf_write_fields(import, tf_place(instance), text_get(&beginning), fields, &missing)) {
		tf_leave_out(import, instance, "its %s is not in the file", missing);
		return false;
	}
	if (has_public && !tf_address(instance->values, "public_ip")) {
		tf_append(import, " public-ip auto");
	}
	if (import->document.is_plan && !tf_string(instance->values, "private_ip"))
		tf_note(import, TERRAFORM_CHOSEN, instance, "its private address");
	return false;
}

static bool translate_gateway(struct tf_import *import, struct tf_resource *nat)
{
	const struct tf_document *document = &import->document;
	const struct tf_resource *vpc = tf_refers_to(import, tf_place(nat), "vpc_id", vpcs);

	if (says(nat, "network_type", "intranet")) {
		tf_leave_out(import, nat, "it is a VPC NAT gateway");
		return false;
	}
	if (says(nat, "nat_type", "Normal") ||
	    tf_refers_to(import, tf_place(nat), "vswitch_id", vswitches))
		return true;
	/* Older files do without a vSwitch, which an enhanced gateway has to have. */
	for (size_t i = 0; vpc && i < document->n_resource; i++) {
		struct tf_resource *vswitch = document->resource[i];

		if (!tf_is(vswitch, "alicloud_vswitch") || !vswitch->noun_name ||
		    tf_refers_to(import, tf_place(vswitch), "vpc_id", vpcs) != vpc)
			continue;
		tf_note(import, TERRAFORM_GUESSED, nat, "its vSwitch is taken to be %s",
			vswitch->address);
		tf_line(import, nat, "nat-gateway create %s vpc %s vswitch %s", nat->noun_name,
			vpc->noun_name, vswitch->noun_name);
		return false;
	}
	tf_leave_out(import, nat, "there is no vSwitch that it could stand in");
	return false;
}

/* Above port 1024 the cloud wants port_break where the EIP has an SNAT entry, too. */
static bool translate_forward(struct tf_import *import, struct tf_resource *entry)
{
	static const struct tf_field fields[] = {
		TF_FIELD(LINK, "nat-gateway", "forward_table_id", MUST, .types = gateways),
		TF_FIELD(LINK, "eip", "external_ip", MUST, .types = eips),
		TF_FIELD(TEXT, "protocol", "ip_protocol", MUST),
		TF_FIELD(PORTS, "public-port", "external_port"),
		TF_FIELD(LINK, "to", "internal_ip", MUST, .types = hosts),
		TF_FIELD(ADDRESS, "to", "internal_ip", MUST),
		TF_FIELD(PORTS, "private-port", "internal_port"),
		{ .argument = NULL },
	};
	const char *port = tf_string(entry->values, "external_port"), *missing;
	const bool high = port && strtol(port, NULL, 10) > 1024,
		   breaks = json_is_true(json_object_get(entry->values, "port_break"));
	auto_text beginning = { 0 };

	text_addf(&beginning, "dnat create %s", entry->noun_name);
	if (!tf_write_fields(import, tf_place(entry), text_get(&beginning), fields, &missing)) {
		tf_leave_out(import, entry, "its %s is not in the file, or not in the lab",
			     strcmp(missing, "to") == 0 ? "target" : missing);
		return false;
	}
	if (high || breaks)
		tf_append(import, " port-break on");
	if (high && !breaks)
		tf_note(import, TERRAFORM_CHOSEN, entry,
			"port_break, without which the cloud refuses it if SNAT uses its EIP, too");
	return false;
}

static bool translate_eip(struct tf_import *import, struct tf_resource *eip)
{
	if (!tf_string(eip->values, "ip_address"))
		tf_note(import, TERRAFORM_CHOSEN, eip, "its address");
	return true;
}

/* The gateway that has brought its VPC a default route: the first one of the file. */
static const struct tf_resource *first_gateway(struct tf_import *import,
					       const struct tf_resource *vpc)
{
	const struct tf_document *document = &import->document;

	for (size_t i = 0; i < document->n_resource; i++)
		if (tf_is(document->resource[i], "alicloud_nat_gateway") &&
		    document->resource[i]->noun_name &&
		    tf_refers_to(import, tf_place(document->resource[i]), "vpc_id", vpcs) == vpc)
			return document->resource[i];
	return NULL;
}

static bool translate_route(struct tf_import *import, struct tf_resource *route)
{
	static const struct tf_field fields[] = {
		TF_FIELD(ADDRESS, "to", "destination_cidrblock", MUST),
		TF_FIELD(TYPED, "via", "nexthop_id", MUST, .types = eip_holders),
		{ .argument = NULL },
	};
	const struct tf_resource *of =
		tf_refers_to(import, tf_place(route), "route_table_id", tables_and_vpcs);
	const struct tf_resource *vpc = of && tf_is(of, "alicloud_vpc") ? of : NULL,
				 *table = vpc ? NULL : of;
	auto_text beginning = { 0 };
	const char *missing;

	if (!table && !vpc) {
		tf_leave_out(import, route, "its table is not in the file");
		return false;
	}
	if (!table && says(route, "destination_cidrblock", "0.0.0.0/0")) {
		const struct tf_resource *first = first_gateway(import, vpc);

		if (first && first == tf_refers_to(import, tf_place(route), "nexthop_id", gateways))
			return false; /* it has brought this route already */
		if (first)
			tf_line(import, route, "route delete %s/default-route", vpc->noun_name);
	}
	text_addf(&beginning, "route create %s table %s%s", route->noun_name,
		  (table ? table : vpc)->noun_name, table ? "" : "/system");
	if (!tf_write_fields(import, tf_place(route), text_get(&beginning), fields, &missing))
		tf_leave_out(import, route, "its %s is not in the lab",
			     strcmp(missing, "via") == 0 ? "next hop" : "destination");
	return false;
}

#define INTERFACE(type_)                                                                   \
	{                                                                                  \
		.type = (type_), .noun = "eni", .command = "eni create", .is_named = true, \
		.takes_address = true, .called_by = { "network_interface_name", "name" },  \
		.field = {                                                                 \
			{ .key = "vswitch",                                                \
			  .kind = TF_LINK,                                                 \
			  .required = true,                                                \
			  .argument = "vswitch_id",                                        \
			  .types = vswitches },                                            \
			{ .key = "ip",                                                     \
			  .kind = TF_ADDRESS,                                              \
			  .argument = "primary_ip_address",                                \
			  .older = "private_ip" },                                         \
			{ .key = "security-group",                                         \
			  .kind = TF_LINKS,                                                \
			  .argument = "security_group_ids",                                \
			  "security_groups",                                               \
			  .types = groups },                                               \
		},                                                                         \
	}
#define INTERFACE_ATTACHMENT(type_)                           \
	{                                                     \
		.type = (type_), .command = "eni attach",     \
		.field = {                                    \
			{ .key = "",                          \
			  .kind = TF_LINK,                    \
			  .required = true,                   \
			  .argument = "network_interface_id", \
			  .types = interfaces },              \
			{ .key = "ecs",                       \
			  .kind = TF_LINK,                    \
			  .required = true,                   \
			  .argument = "instance_id",          \
			  .types = instances },               \
		},                                            \
	}
#define EIP(type_)                                                                              \
	{                                                                                       \
		.type = (type_), .noun = "eip", .command = "eip create", .is_named = true,      \
		.called_by = { "address_name", "name" },                                        \
		.field = { TF_FIELD(ADDRESS, "ip", "ip_address") }, .translate = translate_eip, \
	}

const struct tf_type tf_alicloud_types[] = {
	{ .type = "alicloud_vpc",
	  .noun = "vpc",
	  .command = "vpc create",
	  .is_named = true,
	  .called_by = { "vpc_name", "name" },
	  .field = { TF_FIELD(ADDRESS, "cidr", "cidr_block", MUST) },
	  .translate = translate_vpc },
	{ .type = "alicloud_vswitch",
	  .noun = "vswitch",
	  .command = "vswitch create",
	  .is_named = true,
	  .called_by = { "vswitch_name", "name" },
	  .field = { TF_FIELD(LINK, "vpc", "vpc_id", MUST, .types = vpcs),
		     TF_FIELD(ADDRESS, "cidr", "cidr_block", MUST),
		     TF_FIELD(TEXT, "zone", "zone_id", .older = "availability_zone") } },
	{ .type = "alicloud_route_table",
	  .noun = "route-table",
	  .command = "route-table create",
	  .is_named = true,
	  .called_by = { "route_table_name", "name" },
	  .field = { TF_FIELD(LINK, "vpc", "vpc_id", MUST, .types = vpcs) },
	  .translate = translate_table },
	{ .type = "alicloud_security_group",
	  .noun = "security-group",
	  .command = "security-group create",
	  .is_named = true,
	  .called_by = { "security_group_name", "name" },
	  .field = { TF_FIELD(LINK, "vpc", "vpc_id", MUST, .types = vpcs),
		     TF_FIELD(WORD, "type", "security_group_type",
			      .words = WORDS({ "enterprise", "enterprise" })) } },
	{ .type = "alicloud_security_group", .is_named = true, .translate = set_inner_access },
	{ .type = "alicloud_security_group_rule", .translate = translate_rule },
	{ .type = "alicloud_instance",
	  .takes_address = true,
	  .noun = "ecs",
	  .is_named = true,
	  .called_by = { "instance_name" },
	  .translate = translate_instance },
	INTERFACE("alicloud_network_interface"),
	INTERFACE("alicloud_ecs_network_interface"),
	INTERFACE_ATTACHMENT("alicloud_network_interface_attachment"),
	INTERFACE_ATTACHMENT("alicloud_ecs_network_interface_attachment"),
	{ .type = "alicloud_nat_gateway",
	  .noun = "nat-gateway",
	  .command = "nat-gateway create",
	  .is_named = true,
	  .called_by = { "nat_gateway_name", "name" },
	  .field = { TF_FIELD(LINK, "vpc", "vpc_id", MUST, .types = vpcs),
		     TF_FIELD(LINK, "vswitch", "vswitch_id", .types = vswitches),
		     TF_FIELD(WORD, "type", "nat_type", .words = WORDS({ "Normal", "standard" })),
		     TF_FIELD(WORD, "size", "specification", .older = "spec",
			      .words = WORDS({ "Middle", "medium" }, { "Large", "large" },
					     { "XLarge.1", "super-large-1" })),
		     TF_FIELD(WORD, "eip-bind-mode", "eip_bind_mode",
			      .words = WORDS({ "NAT", "nat" })),
		     TF_FIELD(SWITCH, "icmp-reply", "icmp_reply_enabled") },
	  .translate = translate_gateway },
	EIP("alicloud_eip_address"),
	EIP("alicloud_eip"),
	{ .type = "alicloud_eip_association",
	  .command = "eip associate",
	  .field = { TF_FIELD(LINK, "", "allocation_id", MUST, .types = eips),
		     TF_FIELD(TYPED, "", "instance_id", MUST, .types = eip_holders) } },
	{ .type = "alicloud_snat_entry",
	  .command = "snat create",
	  .is_named = true,
	  .called_by = { "snat_entry_name" },
	  .field = { TF_FIELD(LINK, "nat-gateway", "snat_table_id", MUST, .types = gateways),
		     TF_FIELD(TYPED, "source", "source_vswitch_id", MUST, .types = vswitches),
		     TF_FIELD(TYPED, "source", "source_cidr", MUST,
			      .types = TYPES("alicloud_instance", "alicloud_vswitch")),
		     TF_FIELD(CIDR, "source", "source_cidr", MUST),
		     TF_FIELD(LINKS, "eip", "snat_ip", MUST, .types = eips),
		     TF_FIELD(ON, "affinity", "eip_affinity") } },
	{ .type = "alicloud_forward_entry",
	  .is_named = true,
	  .called_by = { "forward_entry_name", "name" },
	  .translate = translate_forward },
	{ .type = "alicloud_route_entry",
	  .is_named = true,
	  .called_by = { "name" },
	  .translate = translate_route },
	{ .type = "alicloud_route_table_attachment",
	  .command = "route-table associate",
	  .field = { TF_FIELD(LINK, "", "route_table_id", MUST, .types = tables),
		     TF_FIELD(LINK, "vswitch", "vswitch_id", MUST, .types = vswitches) } },
	{ .type = NULL },
};
