/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/show_resource.h"

#include <stdlib.h>
#include <string.h>

#include "cli/view/service_state.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/language/request.h"
#include "lab/live/explain.h"
#include "lab/live/usage.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/model/transit.h"
#include "lab/model/words.h"
#include "lab/nouns/nouns.h"

/* ---- parts ---- */

/* Numbers as such, a range of ports and all else as text, what is not there as null. */
static void put_value(struct output *output, const char *key, const struct parameter *parameter,
		      const void *request)
{
	const enum argument_kind kind = parameter->kind;
	char first[REQUEST_WORD_SIZE], second[REQUEST_WORD_SIZE];
	const char *word = request_word(parameter, request, 0, first);

	if (kind == ARGUMENT_REFERENCES || kind == ARGUMENT_CIDRS || kind == ARGUMENT_WORDS ||
	    kind == ARGUMENT_COMMAND) {
		output_begin_array(output, key);
		for (size_t i = 0; (word = request_word(parameter, request, i, first)); i++)
			output_string(output, NULL, word);
		output_end(output);
	} else if (kind == ARGUMENT_TYPED) {
		output_named(output, key, word, request_word(parameter, request, 1, second));
	} else if (word && (kind == ARGUMENT_NUMBER || kind == ARGUMENT_PORT) &&
		   !strchr(word, '-')) {
		output_number(output, key, strtol(word, NULL, 10));
	} else {
		output_string(output, key, word);
	}
}

/* ---- what is no parameter ---- */

struct shown {
	struct output *output;
	const char *key;
	const struct lab *lab;
	const struct resource *resource;
};

static void put_status(const struct shown *shown)
{
	const struct cloud *words = model_cloud(shown->lab->model);
	const struct resource *resource = shown->resource;
	const char *status = words->available;

	if (resource->noun == NOUN_ECS)
		status = words->running;
	else if (resource->noun == NOUN_ENI && ((const struct eni *)resource)->ecs)
		status = words->in_use;
	else if (resource->noun == NOUN_ROUTE)
		status = words->routes_stay && route_is_blackhole((const struct route *)resource)
				 ? "blackhole"
				 : words->route_status;
	else if (resource->noun == NOUN_INTERNET_GATEWAY && !words->internet_gateways)
		status = "Created";
	else if (resource->noun == NOUN_INTERNET_GATEWAY)
		status = resource_vpc(resource) ? "attached" : "detached";
	else if (resource->noun == NOUN_TRANSIT_ROUTE)
		status = ((const struct transit_route *)resource)->via ? words->route_status
								       : "blackhole";
	else if (resource->noun == NOUN_VPC_PEERING)
		status = words->peering_states[((const struct vpc_peering *)resource)->state];
	else if (resource->noun == NOUN_EIP)
		status = ((const struct eip *)resource)->draining     ? "disassociating"
			 : ((const struct eip *)resource)->associated ? "InUse"
								      : "Available";
	else if (resource->noun == NOUN_INTERNET_HOST)
		status = "Running";
	else if (resource->noun == NOUN_SERVICE)
		status = service_state(shown->lab, (const struct service *)resource);
	output_string(shown->output, shown->key, status);
}

static void put_secondary_cidrs(const struct shown *shown)
{
	const struct prefixes *cidr = &((const struct vpc *)shown->resource)->cidr;

	output_begin_array(shown->output, shown->key);
	for (size_t i = 1; i < cidr->n_item; i++)
		output_prefix(shown->output, NULL, cidr->item[i]);
	output_end(shown->output);
}

/* Of a route table or network ACL. */
static void put_vswitches(const struct shown *shown)
{
	const struct model *model = shown->lab->model;

	output_begin_array(shown->output, shown->key);
	model_each(model, NOUN_VSWITCH, const struct vswitch, vswitch) {
		if ((const void *)vswitch->table == shown->resource ||
		    (const void *)vswitch->acl == shown->resource)
			output_string(shown->output, NULL, vswitch->resource.name);
	}
	output_end(shown->output);
}

static void put_addresses(const struct shown *shown, enum noun noun)
{
	const struct model *model = shown->lab->model;

	output_begin_array(shown->output, shown->key);
	model_each_user(model, noun, shown->resource, const struct eip, eip)
		output_string(shown->output, NULL, eip->resource.name);
	output_end(shown->output);
}

static void put_eips(const struct shown *shown)
{
	put_addresses(shown, NOUN_EIP);
}

static void put_nat_ips(const struct shown *shown)
{
	put_addresses(shown, NOUN_NAT_IP);
}

static void put_enis(const struct shown *shown)
{
	const struct ecs *ecs = (const struct ecs *)shown->resource;

	output_begin_array(shown->output, shown->key);
	for (size_t i = 1; i < ecs->n_eni; i++)
		if (ecs->eni[i])
			output_string(shown->output, NULL, ecs->eni[i]->resource.name);
	output_end(shown->output);
}

static void put_secondary_ips(const struct shown *shown)
{
	const struct eni *eni = shown->resource->noun == NOUN_ECS
					? ((const struct ecs *)shown->resource)->eni[0]
					: (const struct eni *)shown->resource;

	output_begin_array(shown->output, shown->key);
	for (size_t i = 0; i < eni->n_secondary; i++)
		output_address(shown->output, NULL, eni->secondary[i].address);
	output_end(shown->output);
}

static void put_primary_eip(const struct shown *shown)
{
	const struct eip *eip = ((const struct ecs *)shown->resource)->eni[0]->eip;

	output_string(shown->output, shown->key, eip ? eip->resource.name : NULL);
}

/* What it is bound to an interface in. */
static void put_mode(const struct shown *shown)
{
	const struct eip *eip = (const struct eip *)shown->resource;

	output_string(shown->output, shown->key,
		      eip_is_cut_through(eip) ? word_of(eip_mode_words, eip->mode) : NULL);
}

static void put_primary_check(const struct shown *shown)
{
	const struct eni *primary = ((const struct ecs *)shown->resource)->eni[0];

	output_string(shown->output, shown->key, word_of(switch_words, primary->source_dest_check));
}

static void put_type(const struct shown *shown)
{
	const bool system = shown->resource->noun == NOUN_ROUTE_TABLE &&
			    ((const struct route_table *)shown->resource)->system;

	output_string(shown->output, shown->key,
		      system ? model_cloud(shown->lab->model)->system_type : "Custom");
}

static void put_hop(const struct shown *shown)
{
	const struct model *model = shown->lab->model;
	const struct route *route = (const struct route *)shown->resource;
	const struct resource *via = route_named_hop(model, route);

	output_named(shown->output, shown->key,
		     model_noun_word(model, via ? via->noun : route->via_noun),
		     via ? via->name : route->lost);
}

static void put_associated(const struct shown *shown)
{
	const struct resource *with = ((const struct eip *)shown->resource)->associated;

	output_named(shown->output, shown->key,
		     with ? model_noun_word(shown->lab->model, with->noun) : NULL,
		     with ? with->name : NULL);
}

/* All of a transit router's table, those that VPCs propagate, too. */
static void put_transit_routes(const struct shown *shown)
{
	const struct transit_table *table = (const struct transit_table *)shown->resource;
	size_t n;
	auto_free struct transit_entry *entry = transit_entries(shown->lab->model, table, &n);

	output_begin_array(shown->output, shown->key);
	for (size_t i = 0; i < n; i++) {
		output_begin_object(shown->output, NULL);
		output_prefix(shown->output, "to", entry[i].to);
		output_string(shown->output, "via",
			      entry[i].via ? entry[i].via->resource.name : NULL);
		output_string(shown->output, "route",
			      entry[i].route ? entry[i].route->resource.name : NULL);
		output_end(shown->output);
	}
	output_end(shown->output);
}

/* Three keys, so that the kernel is asked once. Only a gateway of Alibaba has a limit of its
 * size. */
static void put_counters(const struct shown *shown)
{
	const struct nat_gateway *nat = (const struct nat_gateway *)shown->resource;
	struct output *output = shown->output;
	struct gateway_counters counters;

	gateway_counters_read(shown->lab, nat, &counters);
	output_number_if(output, "connections", counters.known, (int64_t)counters.connections);
	if (nat_gateway_has_size(nat))
		output_number_if(output, "dropped_by_limit", counters.known,
				 (int64_t)counters.dropped_by_limit);
	output_number_if(output, "port_allocation_errors", counters.known,
			 (int64_t)counters.port_allocation_errors);
}

/* By the health check, as explain foretells it. */
static void put_healthy(const struct shown *shown)
{
	const struct target_group *group = (const struct target_group *)shown->resource;

	output_begin_array(shown->output, shown->key);
	for (size_t i = 0; group->balancer && i < group->n_target; i++) {
		const char *name = group->target[i]->resource.name;
		struct flow flow = { .destination = group->target[i]->eni[0]->ip,
				     .protocol = PROTOCOL_TCP,
				     .port = (uint16_t)group->port };
		struct explanation x;

		snprintf(flow.from, sizeof(flow.from), "%s", group->balancer->resource.name);
		snprintf(flow.to, sizeof(flow.to), "%s", name);
		explain_in_lab(shown->lab, &flow, &x);
		if (x.reachable)
			output_string(shown->output, NULL, name);
		explanation_free(&x);
	}
	output_end(shown->output);
}

static void put_service_protocol(const struct shown *shown)
{
	const struct service *service = (const struct service *)shown->resource;

	output_string(shown->output, shown->key,
		      service->port ? protocol_word(service->protocol) : NULL);
}

/* ---- rules ---- */

/* The packets that a rule is about: protocol, port, from, to. */
static void put_packets(struct output *output, const struct filter_rule *rule)
{
	static const struct parameter port = { .kind = ARGUMENT_PORT,
					       .offset = offsetof(struct filter_rule, port_first),
					       .also = offsetof(struct filter_rule, port_last) };
	const char *key = rule->direction == DIRECTION_IN ? "from" : "to";
	char text[ICMP_TYPE_TEXT_SIZE];
	const char *type = filter_rule_icmp_type(rule, text);

	output_string(output, "protocol", protocol_word(rule->protocol));
	if (type) {
		output_null(output, "port");
		output_string(output, "icmp_type", type);
	} else {
		put_value(output, "port", &port, rule);
	}
	if (rule->direction == DIRECTION_OUT)
		output_null(output, "from");
	if (rule->peer_group)
		output_string(output, key, rule->peer_group->resource.name);
	else if (rule->peer_list)
		output_string(output, key, rule->peer_list->resource.name);
	else
		output_prefix(output, key, rule->peer);
	if (rule->direction == DIRECTION_IN)
		output_null(output, "to");
}

static void put_group_rules(const struct shown *shown)
{
	const struct security_group *group = (const struct security_group *)shown->resource;
	struct output *output = shown->output;

	output_begin_array(output, shown->key);
	for (size_t i = 0; i < group->n_rule; i++) {
		const struct filter_rule *rule = &group->rule[i];

		output_begin_object(output, NULL);
		output_number(output, "number", rule->number);
		output_string(output, "direction", word_of(direction_words, (int)rule->direction));
		if (group->type != GROUP_EC2)
			output_string(output, "policy", word_of(allow_words, (int)rule->policy));
		put_packets(output, rule);
		if (group->type != GROUP_EC2)
			output_number(output, "priority", rule->priority);
		output_end(output);
	}
	output_end(output);
}

static void put_acl_rule(struct output *output, const struct cloud *cloud,
			 const struct filter_rule *rule)
{
	output_begin_object(output, NULL);
	output_string(output, "direction", word_of(direction_words, (int)rule->direction));
	if (rule->number)
		output_number(output, "number", rule->number);
	else
		output_string(output, "number", cloud->acl_rest);
	output_string(output, "policy", word_of(cloud->acl_policies, (int)rule->policy));
	put_packets(output, rule);
	output_end(output);
}

static void put_acl_rules(const struct shown *shown)
{
	const struct acl *acl = (const struct acl *)shown->resource;
	const struct cloud *cloud = model_cloud(shown->lab->model);

	output_begin_array(shown->output, shown->key);
	for (int way = DIRECTION_IN; way <= DIRECTION_OUT; way++) {
		const struct filter_rule rest = { .direction = (enum direction)way,
						  .policy = POLICY_DROP };

		for (size_t i = 0; i < acl->n_rule; i++)
			if (acl->rule[i].direction == rest.direction)
				put_acl_rule(shown->output, cloud, &acl->rule[i]);
		if (cloud->acl_rest)
			put_acl_rule(shown->output, cloud, &rest);
	}
	output_end(shown->output);
}

/* ---- all keys of a resource ---- */

#define VALUE(noun_, key_, kind_, type_, member_, ...)             \
	{                                                          \
		.noun = (noun_), .value = {                        \
			.name = (key_),                            \
			.kind = ARGUMENT_##kind_,                  \
			.offset = offsetof(struct type_, member_), \
			__VA_ARGS__                                \
		}                                                  \
	}
#define PUT(noun_, key_, put_)                                              \
	{                                                                   \
		.noun = (noun_), .value = { .name = (key_) }, .put = (put_) \
	}

/* Keys that are no parameter, or are shown otherwise than they are typed: what stands in the
 * resource's own struct, or what a function puts. */
static const struct extra_key {
	enum noun noun; /* NOUN_COUNT: any */
	struct parameter value;
	void (*put)(const struct shown *shown);
} extra_keys[] = {
	PUT(NOUN_COUNT, "status", put_status),
	PUT(NOUN_VPC, "secondary_cidr", put_secondary_cidrs),
	VALUE(NOUN_VPC, "internet_gateway", REFERENCE, vpc, internet_gateway),
	VALUE(NOUN_VSWITCH, "gateway", ADDRESS, vswitch, gateway),
	VALUE(NOUN_VSWITCH, "route_table", REFERENCE, vswitch, table),
	VALUE(NOUN_VSWITCH, "acl", REFERENCE, vswitch, acl),
	VALUE(NOUN_VSWITCH, "network_acl", REFERENCE, vswitch, acl),
	VALUE(NOUN_PREFIX_LIST, "cidr", CIDRS, prefix_list, entry,
	      .also = offsetof(struct prefix_list, n_entry)),
	VALUE(NOUN_SECURITY_GROUP, "inner_access", CHOICE, security_group, isolated,
	      .words = inner_access_words, .flags = PARAMETER_SWITCH),
	VALUE(NOUN_VPC, "dns_support", CHOICE, vpc, dns_support, .words = switch_words,
	      .flags = PARAMETER_SWITCH),
	VALUE(NOUN_VPC, "dns_hostnames", CHOICE, vpc, dns_hostnames, .words = switch_words,
	      .flags = PARAMETER_SWITCH),
	PUT(NOUN_SECURITY_GROUP, "rules", put_group_rules),
	PUT(NOUN_ECS, "enis", put_enis),
	PUT(NOUN_ECS, "eip", put_primary_eip),
	PUT(NOUN_ECS, "source_dest_check", put_primary_check),
	PUT(NOUN_ENI, "secondary_ips", put_secondary_ips),
	PUT(NOUN_ECS, "secondary_ips", put_secondary_ips),
	VALUE(NOUN_EIP, "private_ip", ADDRESS, eip, private_ip),
	PUT(NOUN_EIP, "mode", put_mode),
	VALUE(NOUN_ECS, "http_tokens", CHOICE, ecs, metadata.tokens_required,
	      .words = http_tokens_words, .flags = PARAMETER_SWITCH),
	VALUE(NOUN_ECS, "http_put_response_hop_limit", NUMBER, ecs, metadata.token_hop_limit),
	VALUE(NOUN_ECS, "http_endpoint", CHOICE, ecs, metadata.endpoint_disabled,
	      .words = http_endpoint_words, .flags = PARAMETER_SWITCH),
	VALUE(NOUN_ENI, "ecs", REFERENCE, eni, ecs),
	VALUE(NOUN_ENI, "instance", REFERENCE, eni, ecs),
	VALUE(NOUN_ENI, "eip", REFERENCE, eni, eip),
	VALUE(NOUN_ENI, "source_dest_check", CHOICE, eni, source_dest_check, .words = switch_words,
	      .flags = PARAMETER_SWITCH),
	PUT(NOUN_ROUTE_TABLE, "type", put_type),
	PUT(NOUN_ROUTE_TABLE, "vswitches", put_vswitches),
	PUT(NOUN_ROUTE_TABLE, "subnets", put_vswitches),
	PUT(NOUN_ROUTE, "type", put_type),
	PUT(NOUN_ROUTE, "via", put_hop),
	VALUE(NOUN_INTERNET_GATEWAY, "vpc", REFERENCE, internet_gateway, vpc),
	VALUE(NOUN_INTERNET_GATEWAY, "enabled", CHOICE, internet_gateway, active,
	      .words = switch_words, .flags = PARAMETER_SWITCH),
	VALUE(NOUN_INTERNET_GATEWAY, "route_table", REFERENCE, internet_gateway, table),
	PUT(NOUN_TRANSIT_TABLE, "routes", put_transit_routes),
	VALUE(NOUN_TRANSIT_ATTACHMENT, "associated", REFERENCE, transit_attachment, associated),
	VALUE(NOUN_TRANSIT_ATTACHMENT, "propagated", REFERENCES, transit_attachment, propagated,
	      .also = offsetof(struct transit_attachment, n_propagated)),
	VALUE(NOUN_NAT_GATEWAY, "vpc", REFERENCE, nat_gateway, vpc),
	PUT(NOUN_NAT_GATEWAY, "eips", put_eips),
	PUT(NOUN_NAT_GATEWAY, "nat_ips", put_nat_ips),
	VALUE(NOUN_NAT_GATEWAY, "nat_cidrs", CIDRS, nat_gateway, nat_cidr),
	PUT(NOUN_NAT_GATEWAY, "counters", put_counters),
	PUT(NOUN_EIP, "associated", put_associated),
	VALUE(NOUN_SNAT, "cidr", CIDR, snat, cidr),
	VALUE(NOUN_DNAT, "private_ip", ADDRESS, dnat, target_ip),
	PUT(NOUN_ACL, "vswitches", put_vswitches),
	PUT(NOUN_ACL, "subnets", put_vswitches),
	PUT(NOUN_ACL, "rules", put_acl_rules),
	VALUE(NOUN_LOAD_BALANCER, "ip", ADDRESS, load_balancer, private_ip),
	VALUE(NOUN_TARGET_GROUP, "ecs", REFERENCES, target_group, target,
	      .also = offsetof(struct target_group, n_target)),
	VALUE(NOUN_TARGET_GROUP, "instance", REFERENCES, target_group, target,
	      .also = offsetof(struct target_group, n_target)),
	PUT(NOUN_TARGET_GROUP, "healthy", put_healthy),
	VALUE(NOUN_SERVICE, "type", CHOICE, service, kind, .words = service_kind_words),
	PUT(NOUN_SERVICE, "protocol", put_service_protocol),
	VALUE(NOUN_SERVICE, "command", COMMAND, service, argv),
};

/* A key is a word of the language with _ for -. */
static bool is_key(const char *key, const char *word)
{
	while (*key && *key == (*word == '-' ? '_' : *word))
		key++, word++;
	return !*key && !*word;
}

static void put_key(const struct shown *shown, const struct command *row, const void *request)
{
	const enum noun noun = shown->resource->noun;

	for (size_t i = 0; i < ARRAY_SIZE(extra_keys); i++) {
		const struct extra_key *extra = &extra_keys[i];

		if ((extra->noun != noun && extra->noun != NOUN_COUNT) ||
		    strcmp(shown->key, extra->value.name) != 0)
			continue;
		if (extra->put)
			extra->put(shown);
		else
			put_value(shown->output, shown->key, &extra->value, shown->resource);
		return;
	}
	for (size_t i = 0; i < command_n_parameter(row); i++)
		if (is_key(shown->key, row->parameter[i].name))
			put_value(shown->output, shown->key, &row->parameter[i], request);
}

void put_resource(struct output *output, const struct lab *lab, const struct resource *resource)
{
	const char *keys = nouns_keys(lab->model, resource->noun);
	char key[32];
	const struct shown shown = { output, key, lab, resource };
	const struct command *row;
	auto_free void *request = nouns_describe(lab->model, resource, &row);

	output_begin_object(output, NULL);
	output_string(output, "name",
		      resource->noun == NOUN_SERVICE
			      ? service_own_name((const struct service *)resource)
			      : resource->name);
	for (int length; sscanf(keys, "%31s%n", key, &length) == 1; keys += length)
		put_key(&shown, row, request);
	output_end(output);
}
