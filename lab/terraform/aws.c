/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/terraform/import.h"

/* The resource types of the AWS provider. */

static const char *const vpcs[] = { "aws_vpc", NULL };
static const char *const subnets[] = { "aws_subnet", NULL };
static const char *const groups[] = { "aws_security_group", "aws_default_security_group", NULL };
static const char *const tables_and_vpcs[] = { "aws_route_table", "aws_default_route_table",
					       "aws_vpc", NULL };
static const char *const internet_gateways[] = { "aws_internet_gateway", NULL };
static const char *const gateways[] = { "aws_nat_gateway", NULL };
static const char *const instances[] = { "aws_instance", NULL };
static const char *const interfaces[] = { "aws_network_interface", NULL };
static const char *const eips[] = { "aws_eip", NULL };

/* The i-th block of a resource. An argument that is a list of objects has one expression for all.
 */
static struct tf_place nested(struct tf_resource *resource, const char *block, size_t i)
{
	const json_t *expression =
		json_object_get(json_object_get(resource->block, "expressions"), block);

	return (struct tf_place){
		.resource = resource,
		.values = json_array_get(json_object_get(resource->values, block), i),
		.expressions = json_is_array(expression) ? json_array_get(expression, i)
							 : expression,
	};
}

static size_t n_nested(const struct tf_resource *resource, const char *block)
{
	return json_array_size(json_object_get(resource->values, block));
}

static bool is_first(struct tf_place place)
{
	return json_integer_value(json_object_get(place.values, "device_index")) == 0;
}

/* ---- security groups ---- */

/* Rules may name groups that stand further down, so all groups are made first. */
static bool create_group(struct tf_import *import, struct tf_resource *group)
{
	const struct tf_resource *vpc = tf_refers_to(import, tf_place(group), "vpc_id", vpcs);

	if (!vpc) {
		tf_leave_out(import, group, "its VPC is not in the file");
		return false;
	}
	if (tf_is(group, "aws_default_security_group")) {
		/* Terraform takes over the VPC's own group and empties it. */
		group->noun_name =
			arena_printf(&import->document.arena, "%s/default", vpc->noun_name);
		tf_line(import, group, "security-group revoke %s rule 2", group->noun_name);
	} else {
		tf_line(import, group, "security-group create %s vpc %s", group->noun_name,
			vpc->noun_name);
	}
	/* What lets everything out is taken away, and written again where the group has it. */
	tf_line(import, group, "security-group revoke %s rule 1", group->noun_name);
	return false;
}

/* The ports of a rule as the alicloud provider has them, which fields understand. */
static const char *port_range(struct tf_import *import, struct tf_place place)
{
	const long long first = json_integer_value(json_object_get(place.values, "from_port")),
			last = json_integer_value(json_object_get(place.values, "to_port"));

	if (last <= 0 || (first <= 1 && last == 65535))
		return "";
	return arena_printf(&import->document.arena, first == last ? " %lld" : " %lld-%lld",
			    first > 0 ? first : 1, last);
}

static void write_rule(struct tf_import *import, struct tf_place place, const char *beginning,
		       const char *ports, bool in, const char *peer)
{
	tf_line(import, place.resource, "%s%s %s %s", beginning, ports, in ? "from" : "to", peer);
}

/* One rule of Terraform, which is one here for each of its other sides. */
static void translate_rule(struct tf_import *import, struct tf_place place, const char *group,
			   bool in)
{
	static const char *const peers[] = { "security_groups", "source_security_group_id",
					     "referenced_security_group_id" };
	static const char *const words[][2] = { { "-1", "all" },    { "all", "all" },
						{ "tcp", "tcp" },   { "6", "tcp" },
						{ "udp", "udp" },   { "17", "udp" },
						{ "icmp", "icmp" }, { "1", "icmp" } };
	const size_t length = import->text.length;
	const char *protocol = tf_string(place.values, "protocol"), *word = NULL, *ports;
	const json_t *cidr;
	auto_text beginning = { 0 };
	size_t i;

	if (!protocol)
		protocol = tf_string(place.values, "ip_protocol");
	for (i = 0; protocol && i < ARRAY_SIZE(words); i++)
		if (strcmp(protocol, words[i][0]) == 0)
			word = words[i][1];
	if (!word) {
		tf_note(import, TERRAFORM_LEFT_OUT, place.resource, "a rule for protocol %s",
			protocol ? protocol : "that is not known");
		return;
	}
	if (strcmp(word, "icmp") == 0 &&
	    json_integer_value(json_object_get(place.values, "from_port")) > 0)
		tf_note(import, TERRAFORM_GUESSED, place.resource,
			"a rule for one type of ICMP is taken to be for all of them");
	ports = strcmp(word, "tcp") == 0 || strcmp(word, "udp") == 0 ? port_range(import, place)
								     : "";
	text_addf(&beginning, "security-group allow %s %s %s", group, in ? "in" : "out", word);

	json_array_foreach(json_object_get(place.values, "cidr_blocks"), i,
			   cidr) if (json_is_string(cidr))
		write_rule(import, place, text_get(&beginning), ports, in, json_string_value(cidr));
	if (tf_address(place.values, "cidr_ipv4"))
		write_rule(import, place, text_get(&beginning), ports, in,
			   tf_address(place.values, "cidr_ipv4"));
	if (json_is_true(json_object_get(place.values, "self")))
		write_rule(import, place, text_get(&beginning), ports, in, group);
	for (i = 0; i < ARRAY_SIZE(peers); i++) {
		const json_t *value = json_object_get(place.values, peers[i]);
		auto_text names = { 0 };
		char *rest, *name;

		/* An expression for a whole list of rules says nothing about one without a group.
		 */
		if (json_object_get(place.expressions, "references") && !json_array_size(value))
			continue;
		tf_names(import, place, peers[i], groups, true, &names);
		for (rest = names.s; (name = strsep(&rest, ",")) && *name;)
			write_rule(import, place, text_get(&beginning), ports, in, name);
	}
	if (import->text.length == length)
		tf_note(import, TERRAFORM_LEFT_OUT, place.resource,
			"a rule whose other side is no IPv4 block and no group of the file");
}

static bool translate_inline_rules(struct tf_import *import, struct tf_resource *group)
{
	for (size_t i = 0; i < n_nested(group, "ingress"); i++)
		translate_rule(import, nested(group, "ingress", i), group->noun_name, true);
	for (size_t i = 0; i < n_nested(group, "egress"); i++)
		translate_rule(import, nested(group, "egress", i), group->noun_name, false);
	return false;
}

static bool translate_rule_resource(struct tf_import *import, struct tf_resource *rule)
{
	const struct tf_resource *group =
		tf_refers_to(import, tf_place(rule), "security_group_id", groups);
	const char *type = tf_string(rule->values, "type");
	const bool in = type ? strcmp(type, "ingress") == 0
			     : tf_is(rule, "aws_vpc_security_group_ingress_rule");

	if (group)
		translate_rule(import, tf_place(rule), group->noun_name, in);
	else
		tf_leave_out(import, rule, "its security group is not in the file");
	return false;
}

/* ---- hosts ---- */

/* The interface that is an instance's first, where that is a resource of its own; NULL: none is. */
static struct tf_resource *first_interface(struct tf_import *import, struct tf_resource *instance)
{
	for (size_t i = 0; i < n_nested(instance, "network_interface"); i++)
		if (is_first(nested(instance, "network_interface", i)))
			return tf_refers_to(import, nested(instance, "network_interface", i),
					    "network_interface_id", interfaces);
	return NULL;
}

static bool join_first_interface(struct tf_import *import, struct tf_resource *instance)
{
	struct tf_resource *eni = first_interface(import, instance);

	if (eni)
		eni->part_of = instance;
	instance->part = eni;
	return false;
}

static bool has_eip(struct tf_import *import, const struct tf_resource *instance)
{
	const struct tf_document *document = &import->document;

	for (size_t i = 0; i < document->n_resource; i++) {
		const struct tf_place place = tf_place(document->resource[i]);

		if ((tf_is(place.resource, "aws_eip") &&
		     tf_refers_to(import, place, "instance", instances) == instance) ||
		    (tf_is(place.resource, "aws_eip_association") &&
		     tf_refers_to(import, place, "instance_id", instances) == instance))
			return true;
	}
	return false;
}

/* A public address that goes with the instance: asked for by itself, or given by its subnet. */
static bool wants_public_address(struct tf_import *import, struct tf_resource *instance)
{
	const struct tf_resource *subnet =
		tf_refers_to(import, tf_place(instance), "subnet_id", subnets);
	const json_t *asked = json_object_get(instance->values, "associate_public_ip_address");

	if (json_is_boolean(asked))
		return json_is_true(asked);
	return subnet && json_is_true(json_object_get(subnet->values, "map_public_ip_on_launch"));
}

static bool translate_instance(struct tf_import *import, struct tf_resource *instance)
{
	static const struct tf_field fields[] = {
		TF_FIELD(LINK, "subnet", "subnet_id", MUST, .types = subnets),
		TF_FIELD(ADDRESS, "ip", "private_ip", .older = "private_ips"),
		TF_FIELD(LINKS, "security-group", "vpc_security_group_ids",
			 .older = "security_groups", .types = groups),
		{ .argument = NULL },
	};
	struct tf_resource *eni = instance->part;
	const struct tf_place place = tf_place(eni ? eni : instance);
	const char *public_ip = tf_address(instance->values, "public_ip"), *missing;
	auto_text beginning = { 0 };

	text_addf(&beginning, "instance create %s", instance->noun_name);
	if (!tf_write_fields(import, place, text_get(&beginning), fields, &missing)) {
		tf_leave_out(import, instance, "its %s is not in the file", missing);
		return false;
	}
	/* In a state the address of an EIP stands in public_ip, too. */
	if (public_ip && !has_eip(import, instance))
		tf_append(import, " public-ip %s", public_ip);
	else if (!public_ip && !eni && wants_public_address(import, instance))
		tf_append(import, " public-ip auto");
	if (json_is_false(json_object_get(place.values, "source_dest_check")))
		tf_line(import, instance, "instance set %s source-dest-check off",
			instance->noun_name);
	if (import->document.is_plan && !tf_string(place.values, "private_ip") &&
	    !json_array_size(json_object_get(place.values, "private_ips")))
		tf_note(import, TERRAFORM_CHOSEN, instance, "its private address");
	return false;
}

static bool is_on_its_own(struct tf_import *import, struct tf_resource *eni)
{
	(void)import;
	return !eni->part_of;
}

static bool translate_attachment(struct tf_import *import, struct tf_resource *eni)
{
	const struct tf_resource *instance =
		tf_refers_to(import, nested(eni, "attachment", 0), "instance", instances);

	if (!eni->part_of && json_is_false(json_object_get(eni->values, "source_dest_check")))
		tf_line(import, eni, "eni set %s source-dest-check off", eni->noun_name);
	if (!eni->part_of && instance)
		tf_line(import, eni, "eni attach %s instance %s", eni->noun_name,
			instance->noun_name);
	return false;
}

/* ---- addresses and gateways ---- */

static bool create_eip(struct tf_import *import, struct tf_resource *eip)
{
	if (!tf_string(eip->values, "public_ip"))
		tf_note(import, TERRAFORM_CHOSEN, eip, "its address");
	return true;
}

static bool bind_eip(struct tf_import *import, struct tf_resource *eip)
{
	const struct tf_resource *instance =
		tf_refers_to(import, tf_place(eip), "instance", instances);
	const struct tf_resource *eni =
		instance ? NULL
			 : tf_refers_to(import, tf_place(eip), "network_interface", interfaces);

	if (instance || eni)
		tf_line(import, eip, "eip associate %s %s %s", eip->noun_name,
			instance || tf_is(eni, "aws_instance") ? "instance" : "eni",
			(instance ? instance : eni)->noun_name);
	return false;
}

static bool attach_internet_gateway(struct tf_import *import, struct tf_resource *gateway)
{
	const struct tf_resource *vpc = tf_refers_to(import, tf_place(gateway), "vpc_id", vpcs);

	if (vpc)
		tf_line(import, gateway, "internet-gateway attach %s vpc %s", gateway->noun_name,
			vpc->noun_name);
	return false;
}

/* A private one needs no EIP, any other does. */
static bool translate_gateway(struct tf_import *import, struct tf_resource *nat)
{
	const char *type = tf_string(nat->values, "connectivity_type");

	if ((type && strcmp(type, "private") == 0) ||
	    tf_refers_to(import, tf_place(nat), "allocation_id", eips))
		return true;
	tf_leave_out(import, nat, "its EIP is not in the file");
	return false;
}

/* ---- routes ---- */

static const struct tf_field hop_fields[] = {
	TF_FIELD(ADDRESS, "to", "destination_cidr_block", MUST, .older = "cidr_block"),
	TF_FIELD(TYPED, "via", "gateway_id", MUST, .types = internet_gateways),
	TF_FIELD(TYPED, "via", "nat_gateway_id", MUST, .types = gateways),
	TF_FIELD(TYPED, "via", "network_interface_id", MUST, .types = interfaces),
	TF_FIELD(TYPED, "via", "instance_id", MUST, .types = instances),
	{ .argument = NULL },
};

/* One route, of a table's list or of its own. */
static void translate_hop(struct tf_import *import, struct tf_place place, const char *name,
			  const char *table)
{
	const char *gateway = tf_string(place.values, "gateway_id"), *missing;
	auto_text beginning = { 0 };

	if (gateway && strcmp(gateway, "local") == 0)
		return; /* every table has it */
	text_addf(&beginning, "route create %s table %s", name, table);
	if (!tf_write_fields(import, place, text_get(&beginning), hop_fields, &missing))
		tf_note(import, TERRAFORM_LEFT_OUT, place.resource,
			"a route of %s, whose %s is not in the lab", table,
			strcmp(missing, "to") == 0 ? "destination" : "next hop");
}

/* The table that an argument means: one of its own, or the main one of a VPC; NULL: neither. */
static const char *table_name(struct tf_import *import, struct tf_resource *resource)
{
	const struct tf_resource *of =
		tf_refers_to(import, tf_place(resource), "route_table_id", tables_and_vpcs);

	return !of ? NULL
	       : tf_is(of, "aws_vpc")
		       ? arena_printf(&import->document.arena, "%s/main", of->noun_name)
		       : of->noun_name;
}

/* The table that Terraform takes over from its VPC. */
static bool find_default_table(struct tf_import *import, struct tf_resource *table)
{
	const struct tf_resource *vpc =
		tf_refers_to(import, tf_place(table), "default_route_table_id", vpcs);

	if (vpc)
		table->noun_name = arena_printf(&import->document.arena, "%s/main", vpc->noun_name);
	else
		tf_leave_out(import, table, "its VPC is not in the file");
	return false;
}

static bool fill_table(struct tf_import *import, struct tf_resource *table)
{
	for (size_t i = 0; i < n_nested(table, "route"); i++) {
		char *name = arena_printf(&import->document.arena, "%.100s-route-%zu",
					  table->noun_name, i + 1);

		for (char *slash; (slash = strchr(name, '/'));)
			*slash = '-';
		translate_hop(import, nested(table, "route", i), name, table->noun_name);
	}
	return false;
}

static bool translate_route(struct tf_import *import, struct tf_resource *route)
{
	const char *table = table_name(import, route);

	if (table)
		translate_hop(import, tf_place(route), route->noun_name, table);
	else
		tf_leave_out(import, route, "its table is not in the file");
	return false;
}

static bool translate_association(struct tf_import *import, struct tf_resource *association)
{
	const char *table = table_name(import, association);
	const struct tf_resource *subnet =
		tf_refers_to(import, tf_place(association), "subnet_id", subnets);

	if (table && subnet)
		tf_line(import, association, "route-table associate %s subnet %s", table,
			subnet->noun_name);
	else
		tf_leave_out(import, association, "its %s is not in the file",
			     table ? "subnet" : "table");
	return false;
}

#define NAMED .is_named = true, .called_by = { "tags" }

const struct tf_type tf_aws_types[] = {
	{ .type = "aws_vpc",
	  .noun = "vpc",
	  NAMED,
	  .command = "vpc create",
	  .field = { TF_FIELD(ADDRESS, "cidr", "cidr_block", MUST) } },
	{ .type = "aws_internet_gateway",
	  .noun = "internet-gateway",
	  NAMED,
	  .command = "internet-gateway create" },
	{ .type = "aws_internet_gateway", .is_named = true, .translate = attach_internet_gateway },
	{ .type = "aws_internet_gateway_attachment",
	  .command = "internet-gateway attach",
	  .field = { TF_FIELD(LINK, "", "internet_gateway_id", MUST, .types = internet_gateways),
		     TF_FIELD(LINK, "vpc", "vpc_id", MUST, .types = vpcs) } },
	{ .type = "aws_subnet",
	  .noun = "subnet",
	  NAMED,
	  .command = "subnet create",
	  .field = { TF_FIELD(LINK, "vpc", "vpc_id", MUST, .types = vpcs),
		     TF_FIELD(ADDRESS, "cidr", "cidr_block", MUST),
		     TF_FIELD(TEXT, "zone", "availability_zone") } },
	{ .type = "aws_route_table",
	  .noun = "route-table",
	  NAMED,
	  .command = "route-table create",
	  .field = { TF_FIELD(LINK, "vpc", "vpc_id", MUST, .types = vpcs) } },
	{ .type = "aws_default_route_table",
	  .noun = "route-table",
	  NAMED,
	  .translate = find_default_table },
	{ .type = "aws_default_security_group",
	  .noun = "security-group",
	  NAMED,
	  .translate = create_group },
	{ .type = "aws_security_group",
	  .noun = "security-group",
	  .is_named = true,
	  .called_by = { "name", "tags" },
	  .translate = create_group },
	{ .type = "aws_security_group", .is_named = true, .translate = translate_inline_rules },
	{ .type = "aws_default_security_group",
	  .is_named = true,
	  .translate = translate_inline_rules },
	{ .type = "aws_security_group_rule", .translate = translate_rule_resource },
	{ .type = "aws_vpc_security_group_ingress_rule", .translate = translate_rule_resource },
	{ .type = "aws_vpc_security_group_egress_rule", .translate = translate_rule_resource },
	{ .type = "aws_instance", .is_named = true, .translate = join_first_interface },
	{ .type = "aws_instance",
	  .noun = "instance",
	  NAMED,
	  .takes_address = true,
	  .translate = translate_instance },
	{ .type = "aws_network_interface",
	  .noun = "eni",
	  .takes_address = true,
	  NAMED,
	  .command = "eni create",
	  .field = { TF_FIELD(LINK, "subnet", "subnet_id", MUST, .types = subnets),
		     TF_FIELD(ADDRESS, "ip", "private_ip", .older = "private_ips"),
		     TF_FIELD(LINKS, "security-group", "security_groups", .types = groups) },
	  .translate = is_on_its_own },
	{ .type = "aws_network_interface", .is_named = true, .translate = translate_attachment },
	{ .type = "aws_network_interface_attachment",
	  .command = "eni attach",
	  .field = { TF_FIELD(LINK, "", "network_interface_id", MUST, .types = interfaces),
		     TF_FIELD(LINK, "instance", "instance_id", MUST, .types = instances) } },
	{ .type = "aws_eip",
	  .noun = "eip",
	  NAMED,
	  .command = "eip create",
	  .field = { TF_FIELD(ADDRESS, "ip", "public_ip") },
	  .translate = create_eip },
	{ .type = "aws_eip", .is_named = true, .translate = bind_eip },
	{ .type = "aws_eip_association",
	  .command = "eip associate",
	  .field = { TF_FIELD(LINK, "", "allocation_id", MUST, .types = eips),
		     TF_FIELD(TYPED, " ", "instance_id", MUST, .types = instances),
		     TF_FIELD(TYPED, " ", "network_interface_id", MUST, .types = interfaces) } },
	{ .type = "aws_nat_gateway",
	  .noun = "nat-gateway",
	  NAMED,
	  .command = "nat-gateway create",
	  .field = { TF_FIELD(LINK, "subnet", "subnet_id", MUST, .types = subnets),
		     TF_FIELD(LINK, "eip", "allocation_id", .types = eips),
		     { .key = "type",
		       .kind = TF_WORD,
		       .argument = "connectivity_type",
		       .words = (const char *const[][2]){ { "private", "private" },
							  { NULL, NULL } } } },
	  .translate = translate_gateway },
	{ .type = "aws_route_table", .is_named = true, .translate = fill_table },
	{ .type = "aws_default_route_table", .is_named = true, .translate = fill_table },
	{ .type = "aws_route", .is_named = true, .translate = translate_route },
	{ .type = "aws_route_table_association", .translate = translate_association },
	{ .type = NULL },
};
