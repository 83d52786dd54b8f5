/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/terraform/import.h"

/* The resource types of the AWS provider. */

static const struct tf_target vpcs[] = { TO("aws_vpc", "id"), {} },
			      subnets[] = { TO("aws_subnet", "id"), {} },
			      igws[] = { TO("aws_internet_gateway", "id"), {} },
			      groups[] = { TO("aws_security_group", "id"),
					   TO("aws_default_security_group", "id"),
					   TO("aws_vpc", "default_security_group_id", .suffix = "/default"),
					   {} },
			      lists[] = { TO("aws_ec2_managed_prefix_list", "id"), {} },
			      tables[] = { TO("aws_route_table", "id"),
					   TO("aws_default_route_table", "id"),
					   TO("aws_vpc", "main_route_table_id", .suffix = "/main"),
					   {} },
			      acls[] = { TO("aws_network_acl", "id"),
					 TO("aws_default_network_acl", "id"),
					 TO("aws_vpc", "default_network_acl_id", .suffix = "/default-acl"),
					 {} },
			      gateways[] = { TO("aws_nat_gateway", "id"), {} },
			      instances[] = { TO("aws_instance", "id"), {} },
			      interfaces[] = { TO("aws_network_interface", "id"), {} },
			      eips[] = { TO("aws_eip", "id"), {} },
			      first_interfaces[] = { TO("aws_network_interface", "id"),
						     TO("aws_instance", "primary_network_interface_id"),
						     {} },
			      endpoints[] = { TO("aws_vpc_endpoint", "id"), {} },
			      peerings[] = { TO("aws_vpc_peering_connection", "id"), {} },
			      transits[] = { TO("aws_ec2_transit_gateway", "id"), {} },
			      transit_tables[] = {
				      TO("aws_ec2_transit_gateway_route_table", "id"),
				      TO("aws_ec2_transit_gateway", "association_default_route_table_id",
					 .suffix = "/default"),
				      TO("aws_ec2_transit_gateway", "propagation_default_route_table_id",
					 .suffix = "/default"),
				      {},
			      },
			      attachments[] = { TO("aws_ec2_transit_gateway_vpc_attachment", "id"),
						{} };

static const char *const protocols[][2] = { { "-1", "all" }, { "all", "all" },  { "tcp", "tcp" },
					    { "6", "tcp" },  { "udp", "udp" },  { "17", "udp" },
					    { "icmp", "icmp" }, { "1", "icmp" },  { "47", "gre" },
					    { NULL, NULL } };
static const char *const actions[][2] = { { "allow", "allow" },
					  { "deny", "deny" },
					  { NULL, NULL } };

/* ---- hosts ---- */

static bool is_first(struct tf_place place)
{
	return json_integer_value(json_object_get(place.values, "device_index")) == 0;
}

/*
 * An interface that is an instance's first, where it is a resource of its own, and the instance are
 * one in the lab. And in a state the address of an EIP stands in the instance's public_ip, too.
 */
static void prepare(struct tf_import *import)
{
	const struct tf_document *document = &import->document;

	for (size_t i = 0; i < document->n_resource; i++) {
		struct tf_resource *resource = document->resource[i], *to;

		for (size_t k = 0;
		     tf_is(resource, "aws_instance") && k < tf_n_nested(resource, "network_interface");
		     k++) {
			const struct tf_place place = tf_nested(resource, "network_interface", k);

			to = is_first(place) ? tf_refers_to(import, place, "network_interface_id",
							    interfaces)
					     : NULL;
			if (!to)
				continue;
			to->part_of = resource;
			resource->part = to;
		}
		to = tf_is(resource, "aws_eip") ? tf_refers_to(import, tf_place(resource),
							       "instance", instances)
		     : tf_is(resource, "aws_eip_association")
			     ? tf_refers_to(import, tf_place(resource), "instance_id", instances)
			     : NULL;
		if (to)
			to->has_eip = true;
		to = tf_is(resource, "aws_main_route_table_association")
			     ? tf_refers_to(import, tf_place(resource), "vpc_id", vpcs)
			     : NULL;
		if (to)
			to->main_table = resource;
		to = tf_is(resource, "aws_route_table_association")
			     ? tf_refers_to(import, tf_place(resource), "subnet_id", subnets)
			     : NULL;
		if (to)
			to->has_table = true;
	}
}

/* A public address that goes with the instance: asked for by itself, or given by its subnet. */
static bool add_public_address(struct tf_import *import, struct tf_resource *instance,
			       struct text *line)
{
	const struct tf_resource *subnet =
		tf_refers_to(import, tf_place(instance), "subnet_id", subnets);
	const json_t *asked = json_object_get(instance->values, "associate_public_ip_address");
	const char *address = tf_address(instance->values, "public_ip");
	const bool wants = json_is_boolean(asked)
				   ? json_is_true(asked)
				   : subnet && tf_says(subnet->values, "map_public_ip_on_launch",
						       "true");

	if (address && !instance->has_eip)
		text_addf(line, " public-ip %s", address);
	else if (!address && !instance->part && wants)
		text_add(line, " public-ip auto");
	return true;
}

static bool is_on_its_own(struct tf_import *import, struct tf_resource *eni, struct text *line)
{
	(void)import;
	(void)line;
	return !eni->part_of;
}

/* A private one needs no EIP, any other does. */
static bool has_its_eip(struct tf_import *import, struct tf_resource *nat, struct text *line)
{
	if (strstr(text_get(line), " eip ") || strstr(text_get(line), " type private"))
		return true;
	tf_leave_out(import, nat, "its EIP is not in the file");
	return false;
}

static bool is_accepted(struct tf_import *import, struct tf_resource *peering, struct text *line)
{
	(void)import;
	(void)line;
	return tf_says(peering->values, "auto_accept", "true") ||
	       tf_says(peering->values, "accept_status", "active");
}

/* A gateway whose default table takes nothing on its own has its attachments say so. */
static bool use_default_table(struct tf_import *import, struct tf_resource *attachment,
			      struct text *line)
{
	static const char *const both[] = { "association", "propagation" };
	const struct tf_resource *transit =
		tf_refers_to(import, tf_place(attachment), "transit_gateway_id", transits);

	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		auto_free char *argument = xprintf("default_route_table_%s", both[i]);

		if (tf_says(transit->values, argument, "disable") &&
		    !strstr(text_get(line), argument + strlen("default_route_table_")))
			text_addf(line, " %s off", both[i]);
	}
	return true;
}

/* com.amazonaws.REGION.s3: in the lab, an internet host plays it. */
static bool name_service(struct tf_import *import, struct tf_resource *endpoint, struct text *line)
{
	const char *name = tf_string(endpoint->values, "service_name"),
		   *last = strrchr(name, '.') ? strrchr(name, '.') + 1 : name,
		   *behind = strstr(text_get(line), " route-table ");
	auto_free char *rest = xstrdup(behind);
	const char *place = strstr(text_get(line), " service ");

	tf_line(import, endpoint, "internet-host create %s", last);
	tf_note(import, TERRAFORM_CHOSEN, endpoint->address, "the address of %s", last);
	text_truncate(line, (size_t)(place - text_get(line)));
	text_addf(line, " service %s%s", last, rest);
	return true;
}

/* The table that has replaced a VPC's main one is that of all subnets without their own. */
static bool use_main_table(struct tf_import *import, struct tf_resource *subnet, struct text *line)
{
	struct tf_resource *vpc = tf_refers_to(import, tf_place(subnet), "vpc_id", vpcs);
	const struct tf_resource *table =
		vpc && vpc->main_table && !subnet->has_table
			? tf_refers_to(import, tf_place(vpc->main_table), "route_table_id", tables)
			: NULL;

	if (!table || !tf_is(table, "aws_route_table"))
		return false;
	text_truncate(line, 0);
	text_addf(line, "route-table associate %s subnet %s", table->noun_name, subnet->noun_name);
	return true;
}

/* ---- the table ---- */

#define NAMED .title = { "tags" }

/* A rule of a group: in a list of the group's own, or a resource. */
#define PROTOCOL .flags = (TF_MUST | TF_DIGITS)
#define PORTS_OF FIELD(PORTS, "", "from_port", .older = "to_port", .flags = TF_BARE)
#define RULE(type_, block_, group_, says_, protocol_, ...)                                    \
	{                                                                                     \
		.type = (type_), .command = "security-group allow", .block = (block_),            \
		.field = { group_, says_, WORD("", protocol_, protocols, PROTOCOL), PORTS_OF, \
			   __VA_ARGS__ }                                                      \
	}
#define EACH .flags = (TF_MUST | TF_OR | TF_EACH | TF_LIST)
#define PEERS(key_, group_argument_, ...)                                                     \
	FIELD(ADDRESS, key_, "cidr_blocks", .flags = TF_MUST | TF_EACH | TF_LIST),            \
		LINK(key_, group_argument_, groups, __VA_ARGS__),                             \
		LINK(key_, "prefix_list_ids", lists, EACH),                                   \
		FIELD(SELF, key_, "self", .flags = TF_MUST | TF_OR | TF_EACH | TF_BARE)
#define LISTED(key_) PEERS(key_, "security_groups", EACH)
#define SINGLE(key_) \
	PEERS(key_, "source_security_group_id", .flags = TF_MUST | TF_OR | TF_EACH)
#define GROUP LINK("", "security_group_id", groups, MUST)
#define SAYS_IF(key_, argument_, word_) \
	FIELD(SAYS, key_, argument_, .words = WORDS({ word_, NULL }))
#define ONE_PEER(key_)                                                                        \
	FIELD(ADDRESS, key_, "cidr_ipv4", MUST),                                              \
		LINK(key_, "referenced_security_group_id", groups, OR),                       \
		LINK(key_, "prefix_list_id", lists, OR)

#define OUT_ALL                                                        \
	{ .comes = "security-group allow %s out all to 0.0.0.0/0",     \
	  .goes = "security-group revoke %s rule 1" }

/* A rule of an ACL. */
#define ACL_RULE(type_, block_, acl_, says_, number_, action_, key_)                          \
	{                                                                                     \
		.type = (type_), .command = "network-acl add", .block = (block_),                 \
		.field = { acl_, says_, FIELD(NUMBER, "", number_, .flags = TF_MUST | TF_BARE), \
			   WORD("", action_, actions, MUST),                                  \
			   WORD("", "protocol", protocols, PROTOCOL), PORTS_OF,               \
			   FIELD(ADDRESS, key_, "cidr_block", MUST) }                         \
	}
#define ACL LINK("", "network_acl_id", acls, MUST)
#define ACL_SUBNETS(type_)                                                                    \
	{ .type = (type_), .command = "network-acl associate", .optional = true,                \
	  .field = { SELF, LINK("subnet", "subnet_ids", subnets,                              \
				.flags = TF_MUST | TF_EACH | TF_LIST) } }

#define NEXT_HOP                                                                              \
	TYPED("via", "gateway_id", igws, MUST), TYPED("via", "nat_gateway_id", gateways, OR), \
		TYPED("via", "network_interface_id", interfaces, OR),                         \
		TYPED("via", "instance_id", instances, OR),                                   \
		TYPED("via", "vpc_peering_connection_id", peerings, OR),                      \
		TYPED("via", "transit_gateway_id", transits, OR)
/* What an attachment has to do with the default table is its own, unless the gateway has said no. */
#define DEFAULT_TABLE(key_, argument_)                                                        \
	WORD(key_, "transit_gateway_default_route_table_" argument_,                          \
	     WORDS({ "true", "on" }, { "false", "off" }), .otherwise = "on", .flags = TF_BARE)
#define TRANSIT_USE(type_, verb_)                                                             \
	{ .type = "aws_ec2_transit_gateway_route_table_" type_,                               \
	  .command = "transit-route-table " verb_,                                            \
	  .field = { LINK("", "transit_gateway_route_table_id", transit_tables, MUST),        \
		     LINK("attachment", "transit_gateway_attachment_id", attachments, MUST) } }
#define INLINE_ROUTES(type_)                                                                  \
	{ .type = (type_), .command = "route create", .block = "route",                         \
	  .field = { { .form = TF_SELF, .key = "table" },                                     \
		     FIELD(ADDRESS, "to", "cidr_block", MUST),                                \
		     LINK("to", "destination_prefix_list_id", lists, OR), NEXT_HOP },         \
	  .unless = { .argument = "gateway_id", .word = "local" } }

static const struct tf_row rows[] = {
	{ .type = "aws_vpc", .command = "vpc create", NAMED,
	  .field = { FIELD(ADDRESS, "cidr", "cidr_block", MUST) } },
	{ .type = "aws_vpc_ipv4_cidr_block_association", .command = "vpc associate",
	  .field = { LINK("", "vpc_id", vpcs, MUST),
		     FIELD(ADDRESS, "cidr", "cidr_block", MUST) } },
	{ .type = "aws_internet_gateway", .command = "internet-gateway create", NAMED },
	{ .type = "aws_internet_gateway", .command = "internet-gateway attach",
	  .field = { SELF, LINK("vpc", "vpc_id", vpcs, MUST) },
	  .optional = true },
	{ .type = "aws_internet_gateway_attachment", .command = "internet-gateway attach",
	  .field = { LINK("", "internet_gateway_id", igws, MUST),
		     LINK("vpc", "vpc_id", vpcs, MUST) } },
	{ .type = "aws_subnet", .command = "subnet create", NAMED,
	  .needs = "aws_vpc_ipv4_cidr_block_association",
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST),
		     FIELD(ADDRESS, "cidr", "cidr_block", MUST),
		     FIELD(TEXT, "zone", "availability_zone", ZONE) } },
	{ .type = "aws_route_table", .command = "route-table create", NAMED,
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST) } },
	{ .type = "aws_default_route_table",
	  .is_argument = "default_route_table_id",
	  .is = TYPES(TO("aws_vpc", "default_route_table_id", .suffix = "/main")) },
	{ .type = "aws_ec2_managed_prefix_list", .command = "prefix-list create",
	  .title = { "name" },
	  .field = { FIELD(NUMBER, "max-entries", "max_entries", .flags = TF_BARE),
		     CONSTANT("address_family", "IPv4") } },
	{ .type = "aws_ec2_managed_prefix_list", .command = "prefix-list add", .block = "entry",
	  .field = { SELF, FIELD(ADDRESS, "cidr", "cidr", MUST) } },
	{ .type = "aws_ec2_managed_prefix_list_entry", .command = "prefix-list add",
	  .field = { LINK("", "prefix_list_id", lists, MUST), FIELD(ADDRESS, "cidr", "cidr", MUST) } },
	{ .type = "aws_vpc", .command = "vpc set",
	  .field = { SELF, WORD("dns-support", "enable_dns_support",
				WORDS({ "false", "off" }), .flags = TF_MUST | TF_BARE) },
	  .optional = true },
	{ .type = "aws_vpc", .command = "vpc set",
	  .field = { SELF, WORD("dns-hostnames", "enable_dns_hostnames",
				WORDS({ "true", "on" }), .flags = TF_MUST | TF_BARE) },
	  .optional = true },
	{ .type = "aws_default_security_group",
	  .is_argument = "vpc_id",
	  .is = TYPES(TO("aws_vpc", "id", .suffix = "/default")),
	  .given = { OUT_ALL,
		     { .comes = "security-group allow %s in all from %s",
		       .goes = "security-group revoke %s rule 2" } } },
	{ .type = "aws_security_group", .command = "security-group create",
	  .title = { "name", "tags" },
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST) },
	  .given = { OUT_ALL } },
	RULE("aws_vpc_security_group_ingress_rule", NULL, GROUP, SAYS("in"), "ip_protocol",
	     ONE_PEER("from")),
	RULE("aws_vpc_security_group_egress_rule", NULL, GROUP, SAYS("out"), "ip_protocol",
	     ONE_PEER("to")),
	RULE("aws_security_group", "ingress", SELF, SAYS("in"), "protocol", LISTED("from")),
	RULE("aws_security_group", "egress", SELF, SAYS("out"), "protocol", LISTED("to")),
	RULE("aws_default_security_group", "ingress", SELF, SAYS("in"), "protocol", LISTED("from")),
	RULE("aws_default_security_group", "egress", SELF, SAYS("out"), "protocol", LISTED("to")),
	RULE("aws_security_group_rule", NULL, GROUP, SAYS_IF("in", "type", "ingress"), "protocol",
	     SINGLE("from")),
	RULE("aws_security_group_rule", NULL, GROUP, SAYS_IF("out", "type", "egress"), "protocol",
	     SINGLE("to")),
	{ .type = "aws_instance", .command = "instance create", NAMED,
	  .takes_address = true,
	  .field = { LINK("subnet", "subnet_id", subnets, MUST),
		     FIELD(ADDRESS, "ip", "private_ip", .older = "private_ips",
			   .chosen = "its private address"),
		     LINK("security-group", "vpc_security_group_ids", groups,
			  .older = "security_groups", .flags = TF_LIST),
		     FIELD(AUTO, "public-ip", "associate_public_ip_address",
			   .words = WORDS({ "true", "auto" }), .flags = TF_BARE | TF_WRITTEN),
		     CONSTANT("ami", "${var.ami}"),
		     CONSTANT("instance_type", "${var.instance_type}") },
	  .adjust = add_public_address },
	{ .type = "aws_network_interface", .command = "eni create", NAMED,
	  .takes_address = true,
	  .field = { LINK("subnet", "subnet_id", subnets, MUST),
		     FIELD(ADDRESS, "ip", "private_ips", .older = "private_ip",
			   .flags = TF_LIST | TF_FIRST),
		     LINK("security-group", "security_groups", groups, .flags = TF_LIST) },
	  .adjust = is_on_its_own },
	{ .type = "aws_instance", .command = "instance set",
	  .field = { SELF, WORD("source-dest-check", "source_dest_check",
				WORDS({ "false", "off" }), .flags = TF_MUST | TF_BARE) },
	  .optional = true },
	{ .type = "aws_network_interface", .command = "eni set",
	  .field = { SELF, WORD("source-dest-check", "source_dest_check",
				WORDS({ "false", "off" }), .flags = TF_MUST | TF_BARE) },
	  .optional = true,
	  .adjust = is_on_its_own },
	{ .type = "aws_network_interface_attachment", .command = "eni attach",
	  .field = { LINK("", "network_interface_id", interfaces, MUST),
		     LINK("instance", "instance_id", instances, MUST),
		     CONSTANT("device_index", "1", .flags = TF_BARE) } },
	{ .type = "aws_network_interface", .command = "eni attach",
	  .block = "attachment",
	  .field = { SELF, LINK("instance", "instance", instances, MUST) },
	  .adjust = is_on_its_own },
	{ .type = "aws_eip", .command = "eip create", NAMED,
	  .field = { FIELD(ADDRESS, "ip", "public_ip", .flags = TF_COMPUTED,
			   .chosen = "its address"),
		     CONSTANT("domain", "vpc") } },
	{ .type = "aws_eip_association", .command = "eip associate",
	  .field = { LINK("", "allocation_id", eips, MUST),
		     TYPED("", "instance_id", instances, MUST),
		     TYPED("", "network_interface_id", interfaces, OR) } },
	{ .type = "aws_eip", .command = "eip associate",
	  .field = { SELF, TYPED("", "instance", instances, MUST),
		     TYPED("", "network_interface", interfaces, OR) },
	  .optional = true },
	{ .type = "aws_nat_gateway", .command = "nat-gateway create", NAMED,
	  .needs = "aws_internet_gateway",
	  .field = { LINK("subnet", "subnet_id", subnets, MUST),
		     LINK("eip", "allocation_id", eips),
		     FIELD(ADDRESS, "ip", "private_ip"),
		     WORD("type", "connectivity_type",
			  WORDS({ "public", "public" }, { "private", "private" }),
			  .otherwise = "public"),
		     UNSAID("idle-timeout") },
	  .adjust = has_its_eip },
	{ .type = "aws_nat_gateway_eip_association", .command = "nat-gateway associate",
	  .field = { LINK("", "nat_gateway_id", gateways, MUST),
		     LINK("eip", "allocation_id", eips, MUST), UNSAID("ip") } },
	{ .type = "aws_nat_gateway", .command = "nat-gateway associate",
	  .field = { SELF, LINK("eip", "secondary_allocation_ids", eips,
				.flags = TF_MUST | TF_EACH | TF_LIST) },
	  .optional = true },
	{ .type = "aws_vpc_peering_connection", .command = "vpc-peering-connection create", NAMED,
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST), LINK("peer-vpc", "peer_vpc_id", vpcs, MUST) } },
	{ .type = "aws_vpc_peering_connection", .command = "vpc-peering-connection accept",
	  .field = { SELF, CONSTANT("auto_accept", "true", .flags = TF_BARE) },
	  .adjust = is_accepted },
	{ .type = "aws_vpc_peering_connection_accepter", .command = "vpc-peering-connection accept",
	  .field = { LINK("", "vpc_peering_connection_id", peerings, MUST) },
	  .adjust = is_accepted },
	{ .type = "aws_ec2_transit_gateway", .command = "transit-gateway create", NAMED },
	{ .type = "aws_ec2_transit_gateway_route_table", .command = "transit-route-table create", NAMED,
	  .field = { LINK("transit-gateway", "transit_gateway_id", transits, MUST) } },
	{ .type = "aws_ec2_transit_gateway_vpc_attachment", .command = "attachment create", NAMED,
	  .field = { LINK("transit-gateway", "transit_gateway_id", transits, MUST),
		     LINK("vpc", "vpc_id", vpcs, MUST),
		     LINK("subnet", "subnet_ids", subnets, .flags = TF_MUST | TF_LIST),
		     DEFAULT_TABLE("association", "association"),
		     DEFAULT_TABLE("propagation", "propagation") },
	  .adjust = use_default_table },
	TRANSIT_USE("association", "associate"),
	TRANSIT_USE("propagation", "enable-propagation"),
	{ .type = "aws_ec2_transit_gateway_route", .command = "transit-route create",
	  .field = { LINK("table", "transit_gateway_route_table_id", transit_tables, MUST),
		     FIELD(ADDRESS, "to", "destination_cidr_block", MUST),
		     LINK("attachment", "transit_gateway_attachment_id", attachments),
		     WORD("", "blackhole", WORDS({ "true", "blackhole" }), .flags = TF_BARE) },
	  .adjust = tf_leads_somewhere },
	{ .type = "aws_route", .command = "route create",
	  .field = { LINK("table", "route_table_id", tables, MUST),
		     FIELD(ADDRESS, "to", "destination_cidr_block", MUST),
		     LINK("to", "destination_prefix_list_id", lists, OR), NEXT_HOP },
	  .unless = { .argument = "gateway_id", .word = "local" } },
	INLINE_ROUTES("aws_route_table"),
	INLINE_ROUTES("aws_default_route_table"),
	{ .type = "aws_vpc_endpoint", .command = "vpc-endpoint create", NAMED,
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST),
		     FIELD(TEXT, "service", "service_name", MUST,
			   .written = "com.amazonaws.${var.region}.%s"),
		     LINK("route-table", "route_table_ids", tables, .flags = TF_MUST | TF_LIST) },
	  .unless = { .argument = "vpc_endpoint_type", .word = "Interface",
		      .why = "it is no gateway endpoint, but interfaces" },
	  .adjust = name_service },
	{ .type = "aws_vpc_endpoint_route_table_association", .joins = true,
	  .field = { LINK("", "vpc_endpoint_id", endpoints),
		     LINK("route-table", "route_table_id", tables, .flags = TF_LIST) } },
	{ .type = "aws_network_interface_sg_attachment", .joins = true,
	  .field = { LINK("", "network_interface_id", first_interfaces),
		     LINK("security-group", "security_group_id", groups, .flags = TF_LIST) } },
	{ .type = "aws_route_table_association", .command = "route-table associate",
	  .field = { LINK("", "route_table_id", tables, MUST),
		     LINK("subnet", "subnet_id", subnets, MUST) } },
	/* Its subnets are told below. */
	{ .type = "aws_main_route_table_association",
	  .field = { LINK("", "route_table_id", tables), LINK("", "vpc_id", vpcs) } },
	{ .type = "aws_subnet", .command = "route-table associate",
	  .field = { { .form = TF_SELF, .key = "" } },
	  .adjust = use_main_table },
	{ .type = "aws_network_acl", .command = "network-acl create", NAMED,
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST) } },
	{ .type = "aws_default_network_acl",
	  .is_argument = "default_network_acl_id",
	  .is = TYPES(TO("aws_vpc", "default_network_acl_id", .suffix = "/default-acl")),
	  .given = { { .comes = "network-acl add %s in 100 allow all from 0.0.0.0/0",
		       .goes = "network-acl remove %s in 100" },
		     { .comes = "network-acl add %s out 100 allow all to 0.0.0.0/0",
		       .goes = "network-acl remove %s out 100" } } },
	ACL_RULE("aws_network_acl", "ingress", SELF, SAYS("in"), "rule_no", "action", "from"),
	ACL_RULE("aws_network_acl", "egress", SELF, SAYS("out"), "rule_no", "action", "to"),
	ACL_RULE("aws_default_network_acl", "ingress", SELF, SAYS("in"), "rule_no", "action", "from"),
	ACL_RULE("aws_default_network_acl", "egress", SELF, SAYS("out"), "rule_no", "action", "to"),
	ACL_RULE("aws_network_acl_rule", NULL, ACL, SAYS_IF("in", "egress", "false"),
		 "rule_number", "rule_action", "from"),
	ACL_RULE("aws_network_acl_rule", NULL, ACL, SAYS_IF("out", "egress", "true"),
		 "rule_number", "rule_action", "to"),
	{ .type = "aws_network_acl_association", .command = "network-acl associate",
	  .field = { ACL, LINK("subnet", "subnet_id", subnets, MUST) } },
	ACL_SUBNETS("aws_network_acl"),
	ACL_SUBNETS("aws_default_network_acl"),
	{ .type = NULL },
};

const struct tf_provider tf_aws = { .prefix = "aws_",
				    .source = "hashicorp/aws",
				    .rows = rows,
				    .prepare = prepare,
				    .variables = {
					    ZONES,
					    { "ami", "The image of all instances", false },
					    { "instance_type", "The size of all instances", false },
					    { "region", "The region of all", false },
				    } };
