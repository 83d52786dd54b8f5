/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "lab/terraform/import.h"

/* The resource types of the alicloud provider. */

#define ECS_ENI "alicloud_ecs_network_interface"
#define ENI     "alicloud_network_interface"
#define TRANSIT "alicloud_cen_transit_router"

static const struct tf_target vpcs[] = { TO("alicloud_vpc", "id"), {} },
			      vswitches[] = { TO("alicloud_vswitch", "id"), {} },
			      tables[] = { TO("alicloud_route_table", "id"), {} },
			      any_tables[] = { TO("alicloud_route_table", "id"),
					       TO("alicloud_vpc", "route_table_id", .suffix = "/system"),
					       {} },
			      groups[] = { TO("alicloud_security_group", "id"), {} },
			      lists[] = { TO("alicloud_ecs_prefix_list", "id"), {} },
			      instances[] = { TO("alicloud_instance", "id"), {} },
			      interfaces[] = { TO(ECS_ENI, "id"), TO(ENI, "id"), {} },
			      ipv4_gateways[] = { TO("alicloud_vpc_ipv4_gateway", "id"), {} },
			      transits[] = { TO(TRANSIT, "transit_router_id",
						.besides = "cen_id"),
					     {} },
			      transit_tables[] = {
				      TO(TRANSIT "_route_table", "transit_router_route_table_id"),
				      TO(TF_DATA TRANSIT "_route_tables",
					 "tables[0].transit_router_route_table_id"),
				      {},
			      },
			      attachments[] = { TO(TRANSIT "_vpc_attachment",
						   "transit_router_attachment_id",
						   .kind = "Attachment"),
						{} },
			      acls[] = { TO("alicloud_network_acl", "id"), {} },
			      eips[] = { TO("alicloud_eip_address", "id"),
					 TO("alicloud_eip", "id"),
					 {} },
			      gateways[] = { TO("alicloud_nat_gateway", "id"), {} },
			      addresses[] = { TO("alicloud_eip_address", "ip_address"),
					      TO("alicloud_eip", "ip_address"),
					      TO("alicloud_vpc_nat_ip", "nat_ip"),
					      TO(TF_DATA "alicloud_vpc_nat_ips", "ips[0].nat_ip",
						 .noun = "nat-ip"),
					      {} },
			      hosts[] = { TO("alicloud_instance", "private_ip"),
					  TO(ECS_ENI, "primary_ip_address"),
					  TO(ENI, "private_ip"),
					  {} },
			      holders[] = {
				      TO("alicloud_instance", "id", .kind = "EcsInstance"),
				      TO(ECS_ENI, "id", .kind = "NetworkInterface"),
				      TO(ENI, "id", .kind = "NetworkInterface"),
				      TO("alicloud_nat_gateway", "id", .kind = "Nat"),
				      {},
			      },
			      hops[] = {
				      TO("alicloud_nat_gateway", "id", .kind = "NatGateway"),
				      TO("alicloud_instance", "id", .kind = "Instance"),
				      TO(ECS_ENI, "id", .kind = "NetworkInterface"),
				      TO(ENI, "id", .kind = "NetworkInterface"),
				      TO("alicloud_vpc_peer_connection", "id", .kind = "VpcPeer"),
				      TO("alicloud_vpc_ipv4_gateway", "id", .kind = "Ipv4Gateway"),
				      TO(TRANSIT "_vpc_attachment", "transit_router_attachment_id",
					 .kind = "Attachment"),
				      {},
			      };

static const char *const protocols[][2] = { { "tcp", "tcp" }, { "udp", "udp" }, { "icmp", "icmp" },
					    { "gre", "gre" }, { "all", "all" }, { NULL, NULL } };
static const char *const policies[][2] = { { "accept", "accept" },
					   { "drop", "drop" },
					   { NULL, NULL } };

/* Older files do without a vSwitch, which an enhanced gateway has to have. The first gateway of a
 * VPC brings the default route. */
static bool place_gateway(struct tf_import *import, struct tf_resource *nat, struct text *line)
{
	struct tf_resource *vpc = tf_refers_to(import, tf_place(nat), "vpc_id", vpcs);
	const struct tf_resource *vswitch = vpc->vswitch;
	const char *reply;

	if (!tf_says(nat->values, "nat_type", "Normal") && !strstr(text_get(line), " vswitch ")) {
		if (!vswitch || !vswitch->noun_name) {
			tf_leave_out(import, nat, "there is no vSwitch that it could stand in");
			return false;
		}
		tf_note(import, TERRAFORM_GUESSED, nat->address, "its vSwitch is taken to be %s",
			vswitch->address);
		text_addf(line, " vswitch %s", vswitch->noun_name);
	}
	/* What the provider has by default says nothing of one that has no EIPs. */
	if (!tf_says(nat->values, "network_type", "intranet"))
		vpc->first = vpc->first ? vpc->first : nat;
	else if ((reply = strstr(text_get(line), " icmp-reply ")))
		text_truncate(line, (size_t)(reply - text_get(line)));
	return true;
}

static bool is_enabled(struct tf_import *import, struct tf_resource *gateway, struct text *line)
{
	(void)import;
	(void)line;
	return tf_says(gateway->values, "enabled", "true");
}

static bool is_cut_through(struct tf_import *import, struct tf_resource *association,
			   struct text *line)
{
	(void)import;
	(void)association;
	return strstr(text_get(line), " mode binded");
}

static bool is_of_gateway(struct tf_import *import, struct tf_resource *association,
			  struct text *line)
{
	(void)import;
	(void)association;
	return strstr(text_get(line), " nat-gateway ");
}

/* Above port 1024 the cloud wants port_break where the EIP has an SNAT entry, too. */
static bool break_port(struct tf_import *import, struct tf_resource *entry, struct text *line)
{
	const struct tf_resource *eip =
		tf_refers_to(import, tf_place(entry), "external_ip", addresses);
	const char *ports = tf_string(entry->values, "external_port"),
		   *last = ports && strchr(ports, '/') ? strchr(ports, '/') + 1 : ports;

	if (!eip || !eip->has_snat || !last || strtol(last, NULL, 10) <= 1024 ||
	    strstr(text_get(line), " port-break "))
		return true;
	text_add(line, " port-break on");
	tf_note(import, TERRAFORM_CHOSEN, entry->address,
		"port_break, without which the cloud refuses it, since SNAT uses its EIP, too");
	return true;
}

/* The first gateway of a VPC has brought its system table a default route, which is this one or
 * stands in its way. */
static bool replace_default_route(struct tf_import *import, struct tf_resource *route,
				  struct text *line)
{
	const struct tf_resource *vpc =
		tf_refers_to(import, tf_place(route), "route_table_id", any_tables);

	if (!vpc || !vpc->first || !strstr(text_get(line), " to 0.0.0.0/0 "))
		return true;
	if (vpc->first == tf_refers_to(import, tf_place(route), "nexthop_id", hops))
		return false;
	tf_line(import, route, "route delete %s/default-route", vpc->noun_name);
	return true;
}

/* Terraform does not know the console's default group: it is one that says so. */
#define CONSOLE_RULE(number_, what_)                                                          \
	{ .comes = "security-group allow %s in " what_ " from 0.0.0.0/0 priority 100",        \
	  .goes = "security-group revoke %s rule " number_ }
#define RULE(verb_, policy_, way_, type_, peer_)                                              \
	{                                                                                     \
		.type = "alicloud_security_group_rule", .command = "security-group " verb_,   \
		.field = {                                                                    \
			LINK("", "security_group_id", groups, MUST),                          \
			FIELD(SAYS, way_, "type", .words = WORDS({ type_, NULL })),           \
			FIELD(SAYS, "", "policy", .words = WORDS({ policy_, NULL })),         \
			WORD("", "ip_protocol", protocols, MUST),                             \
			FIELD(PORTS, "", "port_range", .flags = TF_BOTH, .otherwise = "-1/-1"), \
			FIELD(ADDRESS, peer_, "cidr_ip", MUST),                               \
			LINK(peer_, "source_security_group_id", groups, OR),                  \
			LINK(peer_, "prefix_list_id", lists, OR),                             \
			FIELD(NUMBER, "priority", "priority", .otherwise = "1"),              \
		}                                                                             \
	}
#define ENI_ROW(type_, group_, older_group_, ip_, older_ip_)                                  \
	{                                                                                     \
		.type = (type_), .command = "eni create", .takes_address = true,                \
		.title = { "network_interface_name", "name" },                                \
		.field = { LINK("vswitch", "vswitch_id", vswitches, MUST),                    \
			   FIELD(ADDRESS, "ip", ip_, .older = (older_ip_)),                     \
			   LINK("security-group", group_, groups, .older = (older_group_),      \
				.flags = TF_LIST) },                                          \
	}
#define ATTACHMENT(type_)                                                                     \
	{                                                                                     \
		.type = (type_), .command = "eni attach",                                       \
		.field = { LINK("", "network_interface_id", interfaces, MUST),                \
			   LINK("ecs", "instance_id", instances, MUST) },                     \
	}
#define EIP(type_)                                                                            \
	{                                                                                     \
		.type = (type_), .command = "eip create", .title = { "address_name", "name" },  \
		.field = { FIELD(ADDRESS, "ip", "ip_address", .flags = TF_COMPUTED,           \
				 .chosen = "its address"),                                    \
			   FIELD(NUMBER, "bandwidth", "bandwidth",                            \
				 .chosen = "its bandwidth: no limit; the API's own is 5 Mbit/s"), \
			   CONSTANT("payment_type", "PayAsYouGo"),                            \
			   CONSTANT("internet_charge_type", "PayByTraffic") },                \
	}
/* Which of them comes before the entries of its gateway: see save.c. */
#define ASSOCIATION(...)                                                                      \
	{                                                                                     \
		.type = "alicloud_eip_association", .command = "eip associate",               \
		.field = { LINK("", "allocation_id", eips, MUST),                             \
			   TYPED("", "instance_id", holders, MUST, .kind = "instance_type"),      \
			   WORD("mode", "mode", WORDS({ "NAT", "nat" }, { "BINDED", "binded" }),  \
				.otherwise = "nat") },                                        \
		__VA_ARGS__                                                                   \
	}
#define ACL_RULE(type_, block_, self_, way_, peer_, cidr_)                                    \
	{                                                                                     \
		.type = (type_), .command = "acl add", .block = (block_),                         \
		.field = { self_, SAYS(way_), { .form = TF_PLACE, .key = "" },                \
			   WORD("", "policy", policies, MUST),                                \
			   WORD("", "protocol", protocols, MUST),                             \
			   FIELD(PORTS, "", "port", .flags = TF_BOTH, .otherwise = "-1/-1"),  \
			   FIELD(ADDRESS, peer_, cidr_, MUST) },                              \
	}
#define ACL_OF LINK("", "network_acl_id", acls, .flags = TF_MUST | TF_OUTER)

#define ROUTE(type_, name_, to_)                                                              \
	{ .type = (type_), .command = "route create", .title = { name_ },                       \
	  .field = { LINK("table", "route_table_id", any_tables, MUST),                       \
		     FIELD(ADDRESS, "to", to_, MUST),                                         \
		     TYPED("via", "nexthop_id", hops, MUST, .kind = "nexthop_type") },        \
	  .adjust = replace_default_route }
/* The older way to use a router's default table; a resource of its own says so today. */
#define DEFAULT_TABLE(key_)                                                                   \
	WORD(key_, "route_table_" key_ "_enabled", WORDS({ "true", "on" }, { "false", "off" }), \
	     .flags = TF_COMPUTED)
#define TRANSIT_USE(type_, verb_)                                                             \
	{ .type = TRANSIT "_route_table_" type_, .command = "transit-route-table " verb_,       \
	  .field = { LINK("", "transit_router_route_table_id", transit_tables, MUST),         \
		     LINK("attachment", "transit_router_attachment_id", attachments, MUST) } }

static const struct tf_row rows[] = {
	{ .type = "alicloud_vpc", .command = "vpc create",
	  .title = { "vpc_name", "name" },
	  .field = { FIELD(ADDRESS, "cidr", "cidr_block", MUST, .assumed = "172.16.0.0/12",
			   .chosen = "its CIDR block: 172.16.0.0/12, as the API has it"),
		     FIELD(ADDRESS, "user-cidr", "user_cidrs", .flags = TF_LIST) } },
	{ .type = "alicloud_vpc_ipv4_cidr_block", .command = "vpc associate",
	  .field = { LINK("", "vpc_id", vpcs, MUST),
		     FIELD(ADDRESS, "cidr", "secondary_cidr_block", MUST) } },
	{ .type = "alicloud_vpc", .command = "vpc associate",
	  .field = { SELF, FIELD(ADDRESS, "cidr", "secondary_cidr_blocks",
				 .flags = TF_MUST | TF_EACH | TF_LIST) },
	  .optional = true },
	{ .type = "alicloud_vswitch", .command = "vswitch create",
	  .needs = "alicloud_vpc_ipv4_cidr_block",
	  .title = { "vswitch_name", "name" },
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST),
		     FIELD(ADDRESS, "cidr", "cidr_block", MUST),
		     FIELD(TEXT, "zone", "zone_id", .older = "availability_zone",
			   ZONE) } },
	{ .type = "alicloud_route_table", .command = "route-table create",
	  .title = { "route_table_name", "name" },
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST),
		     WORD("associate-type", "associate_type",
			  WORDS({ "VSwitch", "vswitch" }, { "Gateway", "gateway" }),
			  .otherwise = "vswitch") } },
	{ .type = "alicloud_vpc_ipv4_gateway", .command = "ipv4-gateway create",
	  .title = { "ipv4_gateway_name" },
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST) } },
	{ .type = "alicloud_vpc_ipv4_gateway", .command = "ipv4-gateway activate",
	  .field = { SELF, CONSTANT("enabled", "true", .flags = TF_BARE) },
	  .adjust = is_enabled },
	{ .type = "alicloud_vpc_gateway_route_table_attachment", .command = "ipv4-gateway associate",
	  .field = { LINK("", "ipv4_gateway_id", ipv4_gateways, MUST),
		     LINK("route-table", "route_table_id", tables, MUST) } },
	{ .type = "alicloud_security_group", .tag = "default",
	  .title = { "security_group_name" },
	  .is_argument = "vpc_id",
	  .is = TYPES(TO("alicloud_vpc", "id", .suffix = "/default")),
	  .given = { CONSOLE_RULE("1", "icmp"), CONSOLE_RULE("2", "tcp 22"),
		     CONSOLE_RULE("3", "tcp 3389") } },
	{ .type = "alicloud_ecs_prefix_list", .command = "prefix-list create",
	  .title = { "prefix_list_name" },
	  .field = { FIELD(NUMBER, "max-entries", "max_entries", .flags = TF_BARE),
		     CONSTANT("address_family", "IPv4") } },
	{ .type = "alicloud_ecs_prefix_list", .command = "prefix-list add", .block = "entry",
	  .field = { SELF, FIELD(ADDRESS, "cidr", "cidr", MUST) } },
	{ .type = "alicloud_security_group", .command = "security-group create",
	  .title = { "security_group_name", "name" },
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST),
		     WORD("type", "security_group_type",
			  WORDS({ "normal", "basic" }, { "enterprise", "enterprise" }),
			  .otherwise = "basic") } },
	{ .type = "alicloud_security_group", .command = "security-group set",
	  .field = { SELF, WORD("inner-access", "inner_access_policy",
				WORDS({ "Drop", "drop" }, { "false", "drop" }), MUST,
				.older = "inner_access") },
	  .unless = { .argument = "security_group_type", .word = "enterprise" },
	  .optional = true },
	RULE("allow", "accept", "in", "ingress", "from"),
	RULE("allow", "accept", "out", "egress", "to"),
	RULE("drop", "drop", "in", "ingress", "from"),
	RULE("drop", "drop", "out", "egress", "to"),
	{ .type = "alicloud_instance", .command = "ecs create",
	  .takes_address = true,
	  .title = { "instance_name" },
	  .field = { LINK("vswitch", "vswitch_id", vswitches, MUST),
		     FIELD(ADDRESS, "ip", "private_ip", .older = "primary_ip_address",
			   .chosen = "its private address"),
		     LINK("security-group", "security_groups", groups, .flags = TF_LIST),
		     FIELD(ADDRESS, "public-ip", "public_ip", .flags = TF_COMPUTED),
		     FIELD(AUTO, "public-ip", "internet_max_bandwidth_out",
			   .words = WORDS({ "10", "auto" }), .flags = TF_OR | TF_BARE),
		     WORD("billing", "instance_charge_type",
			  WORDS({ "PostPaid", "pay-as-you-go" }, { "PrePaid", "subscription" }),
			  .otherwise = "pay-as-you-go"),
		     CONSTANT("image_id", "${var.image_id}"),
		     CONSTANT("instance_type", "${var.instance_type}") } },
	ENI_ROW(ECS_ENI, "security_group_ids", "security_groups", "primary_ip_address",
		"private_ip"),
	ENI_ROW(ENI, "security_groups", "security_group_ids", "private_ip", "primary_ip_address"),
	EIP("alicloud_eip_address"),
	EIP("alicloud_eip"),
	ASSOCIATION(.optional = true, .adjust = is_cut_through), /* before it is attached */
	ATTACHMENT(ECS_ENI "_attachment"),
	ATTACHMENT(ENI "_attachment"),
	{ .type = "alicloud_nat_gateway", .command = "nat-gateway create",
	  .needs = "alicloud_nat_gateway",
	  .title = { "nat_gateway_name", "name" },
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST),
		     LINK("vswitch", "vswitch_id", vswitches),
		     UNSAID("ip"),
		     CONSTANT("nat_type", "Enhanced"),
		     WORD("type", "network_type", WORDS({ "intranet", "intranet" })),
		     WORD("type", "nat_type",
			  WORDS({ "Enhanced", "enhanced" }, { "Normal", "standard" }),
			  .otherwise = "enhanced", .flags = TF_OR),
		     CONSTANT("internet_charge_type", "PayBySpec"),
		     WORD("size", "internet_charge_type", WORDS({ "PayByLcu", "pay-by-usage" })),
		     WORD("size", "specification",
			  WORDS({ "Small", "small" }, { "Middle", "medium" }, { "Large", "large" },
				{ "XLarge.1", "super-large-1" }),
			  .older = "spec", .flags = TF_OR),
		     WORD("eip-bind-mode", "eip_bind_mode",
			  WORDS({ "MULTI_BINDED", "multi-binded" }, { "NAT", "nat" }),
			  .otherwise = "multi-binded"),
		     WORD("icmp-reply", "icmp_reply_enabled",
			  WORDS({ "true", "on" }, { "false", "off" }), .flags = TF_BARE),
		     CONSTANT("payment_type", "PayAsYouGo") },
	  .adjust = place_gateway },
	ASSOCIATION(.optional = true, .adjust = is_of_gateway),
	{ .type = "alicloud_vpc_nat_ip_cidr", .command = "nat-gateway associate",
	  .field = { LINK("", "nat_gateway_id", gateways, MUST),
		     FIELD(ADDRESS, "cidr", "nat_ip_cidr", MUST),
		     CONSTANT("nat_ip_cidr_name", "nat-cidr") } },
	{ .type = "alicloud_vpc_nat_ip", .command = "nat-ip create",
	  .title = { "nat_ip_name" },
	  .needs = "alicloud_vpc_nat_ip_cidr",
	  .field = { LINK("nat-gateway", "nat_gateway_id", gateways, MUST),
		     FIELD(ADDRESS, "ip", "nat_ip", .chosen = "its address"),
		     FIELD(ADDRESS, "cidr", "nat_ip_cidr") } },
	{ .type = TF_DATA "alicloud_vpc_nat_ips",
	  .is_argument = "nat_gateway_id",
	  .is = TYPES(TO("alicloud_nat_gateway", "id", .suffix = "/default")) },
	ASSOCIATION(.profile = "today"),
	{ .type = "alicloud_snat_entry", .command = "snat create",
	  .title = { "snat_entry_name" },
	  .needs = "alicloud_eip_association",
	  .field = { LINK("nat-gateway", "snat_table_id",
			  TYPES(TO("alicloud_nat_gateway", "snat_table_ids")), MUST),
		     TYPED("source", "source_vswitch_id", vswitches, MUST),
		     TYPED("source", "source_cidr",
			   TYPES(TO("alicloud_instance", "private_ip", .form = "/32"),
				 TO("alicloud_vpc", "cidr_block")),
			   OR),
		     FIELD(CIDR, "source", "source_cidr", OR),
		     TYPED("", "snat_ip", addresses, .flags = TF_MUST | TF_COMMAS),
		     WORD("affinity", "eip_affinity", WORDS({ "1", "on" }, { "0", "off" }),
			  .otherwise = "off", .flags = TF_BARE) } },
	{ .type = "alicloud_forward_entry", .command = "dnat create",
	  .title = { "forward_entry_name", "name" },
	  .needs = "alicloud_eip_association",
	  .field = { LINK("nat-gateway", "forward_table_id",
			  TYPES(TO("alicloud_nat_gateway", "forward_table_ids")), MUST),
		     TYPED("", "external_ip", addresses, MUST),
		     FIELD(TEXT, "protocol", "ip_protocol", MUST),
		     FIELD(PORTS, "public-port", "external_port", .otherwise = "any"),
		     LINK("to", "internal_ip", hosts, MUST),
		     FIELD(ADDRESS, "to", "internal_ip", OR),
		     FIELD(PORTS, "private-port", "internal_port", .otherwise = "any"),
		     WORD("port-break", "port_break", WORDS({ "true", "on" }),
			  .flags = TF_BARE) },
	  .adjust = break_port },
	ASSOCIATION(.profile = "2021"),
	{ .type = "alicloud_vpc_peer_connection", .command = "vpc-peer-connection create",
	  .title = { "peer_connection_name" },
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST),
		     LINK("accepting-vpc", "accepting_vpc_id", vpcs, MUST),
		     CONSTANT("accepting_region_id", "${var.region}") } },
	{ .type = "alicloud_vpc_peer_connection_accepter" },
	{ .type = "alicloud_cen_instance", .title = { "cen_instance_name" } },
	{ .type = TRANSIT, .command = "transit-router create",
	  .title = { "transit_router_name" },
	  .apart = "alicloud_cen_instance", .apart_argument = "cen_id" },
	{ .type = TF_DATA TRANSIT "_route_tables",
	  .is_argument = "transit_router_id",
	  .is = TYPES(TO(TRANSIT, "transit_router_id", .suffix = "/default")),
	  .field = { CONSTANT("transit_router_route_table_type", "System") },
	  .unless = { .argument = "transit_router_route_table_type", .word = "Custom",
		      .why = "it looks up no default table" } },
	{ .type = TRANSIT "_route_table", .command = "transit-route-table create",
	  .title = { "transit_router_route_table_name" },
	  .field = { LINK("transit-router", "transit_router_id",
			  TYPES(TO(TRANSIT, "transit_router_id")), MUST) } },
	/* By the API, what is attached uses no table. cloud-semantics: tr-3 */
	{ .type = TRANSIT "_vpc_attachment", .command = "attachment create",
	  .title = { "transit_router_vpc_attachment_name", "transit_router_attachment_name" },
	  .field = { LINK("transit-router", "transit_router_id", transits, MUST),
		     LINK("vpc", "vpc_id", vpcs, MUST),
		     LINK("vswitch", "vswitch_id",
			  TYPES(TO("alicloud_vswitch", "id", .besides = "zone_id")),
			  .flags = TF_MUST | TF_LIST, .block = "zone_mappings"),
		     DEFAULT_TABLE("association"), DEFAULT_TABLE("propagation") },
	  .given = { { .comes = "transit-route-table associate <transit-router>/default "
			       "attachment %s",
		       .off = "association" },
		     { .comes = "transit-route-table enable-propagation <transit-router>/default "
			       "attachment %s",
		       .off = "propagation" } } },
	TRANSIT_USE("association", "associate"),
	TRANSIT_USE("propagation", "enable-propagation"),
	{ .type = TRANSIT "_route_entry", .command = "transit-route create",
	  .title = { "transit_router_route_entry_name" },
	  .field = { LINK("table", "transit_router_route_table_id", transit_tables, MUST),
		     FIELD(ADDRESS, "to", "transit_router_route_entry_destination_cidr_block", MUST),
		     LINK("attachment", "transit_router_route_entry_next_hop_id", attachments,
			  .kind = "transit_router_route_entry_next_hop_type"),
		     WORD("", "transit_router_route_entry_next_hop_type",
			  WORDS({ "BlackHole", "blackhole" })) },
	  .adjust = tf_leads_somewhere },
	ROUTE("alicloud_route_entry", "name", "destination_cidrblock"),
	ROUTE("alicloud_vpc_route_entry", "route_entry_name", "destination_cidr_block"),
	{ .type = "alicloud_route_table_attachment", .command = "route-table associate",
	  .field = { LINK("", "route_table_id", tables, MUST),
		     LINK("vswitch", "vswitch_id", vswitches, MUST) } },
	{ .type = "alicloud_network_acl", .command = "acl create",
	  .title = { "network_acl_name", "name" },
	  .field = { LINK("vpc", "vpc_id", vpcs, MUST) } },
	ACL_RULE("alicloud_network_acl", "ingress_acl_entries", SELF, "in", "from",
		 "source_cidr_ip"),
	ACL_RULE("alicloud_network_acl", "egress_acl_entries", SELF, "out", "to",
		 "destination_cidr_ip"),
	ACL_RULE("alicloud_network_acl_entries", "ingress", ACL_OF, "in", "from",
		 "source_cidr_ip"),
	ACL_RULE("alicloud_network_acl_entries", "egress", ACL_OF, "out", "to",
		 "destination_cidr_ip"),
	{ .type = "alicloud_network_acl", .command = "acl associate",
	  .block = "resources",
	  .field = { SELF, LINK("vswitch", "resource_id", vswitches, MUST),
		     CONSTANT("resource_type", "VSwitch") } },
	{ .type = "alicloud_network_acl_attachment", .command = "acl associate",
	  .block = "resources",
	  .field = { ACL_OF, LINK("vswitch", "resource_id", vswitches, MUST) } },
	{ .type = "alicloud_vpc_network_acl_attachment", .command = "acl associate",
	  .field = { LINK("", "network_acl_id", acls, MUST),
		     LINK("vswitch", "resource_id", vswitches, MUST) } },
	{ .type = NULL },
};

/* What is kept in Terraform is of today; only what is no longer sold, and VPCs of more than a /16,
 * are of the documents' time. */
static void prepare(struct tf_import *import)
{
	const struct tf_document *document = &import->document;

	import->profile = "today";
	for (size_t i = 0; i < document->n_resource; i++) {
		struct tf_resource *resource = document->resource[i], *eip, *vpc;
		const char *cidr = tf_address(resource->values, "cidr_block");
		const char *slash = cidr ? strchr(cidr, '/') : NULL;

		if ((tf_is(resource, "alicloud_nat_gateway") &&
		     tf_says(resource->values, "nat_type", "Normal")) ||
		    (tf_is(resource, "alicloud_vpc") && slash && strtol(slash + 1, NULL, 10) < 16))
			import->profile = "2021";
		eip = tf_is(resource, "alicloud_snat_entry")
			      ? tf_refers_to(import, tf_place(resource), "snat_ip", addresses)
			      : NULL;
		if (eip)
			eip->has_snat = true;
		vpc = tf_is(resource, "alicloud_vswitch")
			      ? tf_refers_to(import, tf_place(resource), "vpc_id", vpcs)
			      : NULL;
		if (vpc && !vpc->vswitch)
			vpc->vswitch = resource;
	}
}

const struct tf_provider tf_alicloud = { .prefix = "alicloud_",
					 .source = "aliyun/alicloud",
					 .rows = rows,
					 .prepare = prepare,
					 .variables = {
					 	 ZONES,
						 { "image_id", "The image of all hosts", false },
						 { "instance_type", "The size of all hosts", false },
						 { "region", "The region of all VPCs", false },
					 } };
