#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/service_state.h"
#include "cli/show_parts.h"
#include "core/memory.h"
#include "lab/gateway_counters.h"
#include "lab/profile.h"

/* ---- parts ---- */

void put_address(struct output *output, const char *key, uint32_t address)
{
	char text[ADDRESS_TEXT_SIZE];

	output_string(output, key, address ? address_format(address, text) : NULL);
}

void put_prefix(struct output *output, const char *key, struct prefix prefix)
{
	char text[PREFIX_TEXT_SIZE];

	output_string(output, key, prefix_format(prefix, text));
}

void put_typed(struct output *output, const char *key, const char *type, const char *name)
{
	output_begin_object(output, key);
	output_string(output, "type", type);
	output_string(output, "name", name);
	output_end(output);
}

void put_reference(struct output *output, const char *key, const struct model *model, const struct resource *resource)
{
	if (resource)
		put_typed(output, key, model_noun_word(model, resource->noun), resource->name);
	else
		output_null(output, key);
}

/* A port as a number, a range as text, none as null. */
void put_ports(struct output *output, const char *key, uint16_t first, uint16_t last)
{
	if (!first && !last) {
		output_null(output, key);
	} else if (first == last) {
		output_number(output, key, first);
	} else {
		char text[16];

		snprintf(text, sizeof(text), "%u-%u", first, last);
		output_string(output, key, text);
	}
}

const char *put_protocol_word(enum protocol protocol, const char *all)
{
	switch (protocol) {
	case PROTOCOL_ALL:
		return all;
	case PROTOCOL_ICMP:
		return "icmp";
	case PROTOCOL_TCP:
		return "tcp";
	case PROTOCOL_UDP:
		return "udp";
	case PROTOCOL_GRE:
		return "gre";
	}
	return NULL;
}

void put_groups(struct output *output, const struct eni *eni)
{
	output_begin_array(output, "security_group");
	for (size_t i = 0; i < eni->n_group; i++)
		output_string(output, NULL, eni->group[i]->resource.name);
	output_end(output);
}

/* ---- one function a noun ---- */

static void put_vpc(struct output *output, const struct lab *lab, const struct vpc *vpc)
{
	(void)lab;
	put_prefix(output, "cidr", vpc->cidr);
	output_string(output, "status", "Available");
}

static void put_vswitch(struct output *output, const struct lab *lab, const struct vswitch *vswitch)
{
	(void)lab;
	output_string(output, "vpc", vswitch->vpc->resource.name);
	put_prefix(output, "cidr", vswitch->cidr);
	output_string(output, "zone", vswitch->zone);
	put_address(output, "gateway", vswitch->gateway);
	output_string(output, "route_table", vswitch->table->resource.name);
	output_string(output, "acl", NAME(vswitch->acl));
	output_string(output, "status", "Available");
}

static void put_rule(struct output *output, const struct filter_rule *rule)
{
	const char *key = rule->direction == DIRECTION_IN ? "from" : "to";
	const char *other = rule->direction == DIRECTION_IN ? "to" : "from";

	output_begin_object(output, NULL);
	output_number(output, "number", rule->number);
	output_string(output, "direction", rule->direction == DIRECTION_IN ? "in" : "out");
	output_string(output, "policy", rule->policy == POLICY_ACCEPT ? "allow" : "drop");
	output_string(output, "protocol", put_protocol_word(rule->protocol, "all"));
	put_ports(output, "port", rule->port_first, rule->port_last);
	if (rule->direction == DIRECTION_OUT)
		output_null(output, other);
	if (rule->peer_group)
		output_string(output, key, rule->peer_group->resource.name);
	else
		put_prefix(output, key, rule->peer);
	if (rule->direction == DIRECTION_IN)
		output_null(output, other);
	output_number(output, "priority", rule->priority);
	output_end(output);
}

static void put_security_group(struct output *output, const struct lab *lab, const struct security_group *group)
{
	(void)lab;
	output_string(output, "vpc", group->vpc->resource.name);
	output_string(output, "type", group->type == GROUP_BASIC ? "basic" : "enterprise");
	output_string(output, "inner_access", group->isolated ? "drop" : "accept");
	output_string(output, "status", "Available");
	output_begin_array(output, "rules");
	for (size_t i = 0; i < group->n_rule; i++)
		put_rule(output, &group->rule[i]);
	output_end(output);
}

static void put_acl(struct output *output, const struct lab *lab, const struct acl *acl)
{
	output_string(output, "vpc", acl->vpc->resource.name);
	output_begin_array(output, "vswitches");
	for (size_t i = 0; i < model_count(lab->model, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(lab->model, NOUN_VSWITCH, i);

		if (vswitch->acl == acl)
			output_string(output, NULL, vswitch->resource.name);
	}
	output_end(output);
	output_string(output, "status", "Available");
	output_begin_array(output, "rules");
	for (size_t i = 0; i < acl->n_rule; i++) {
		const struct filter_rule *rule = &acl->rule[i];
		bool in = rule->direction == DIRECTION_IN;

		output_begin_object(output, NULL);
		output_string(output, "direction", in ? "in" : "out");
		output_number(output, "number", rule->number);
		output_string(output, "policy", rule->policy == POLICY_ACCEPT ? "accept" : "drop");
		output_string(output, "protocol", put_protocol_word(rule->protocol, "all"));
		put_ports(output, "port", rule->port_first, rule->port_last);
		if (!in)
			output_null(output, "from");
		put_prefix(output, in ? "from" : "to", rule->peer);
		if (in)
			output_null(output, "to");
		output_end(output);
	}
	output_end(output);
}

static void put_ecs(struct output *output, const struct lab *lab, const struct ecs *ecs)
{
	(void)lab;
	put_address(output, "ip", ecs->eni[0]->ip);
	output_string(output, "vswitch", ecs->eni[0]->vswitch->resource.name);
	put_groups(output, ecs->eni[0]);
	output_begin_array(output, "enis");
	for (size_t i = 1; i < ecs->n_eni; i++)
		if (ecs->eni[i])
			output_string(output, NULL, ecs->eni[i]->resource.name);
	output_end(output);
	put_address(output, "public_ip", ecs->public_ip);
	output_string(output, "eip", NAME(ecs->eni[0]->eip));
	output_string(output, "billing", ecs->billing == BILLING_SUBSCRIPTION ? "subscription" : "pay-as-you-go");
	output_string(output, "status", "Running");
}

static void put_eni(struct output *output, const struct lab *lab, const struct eni *eni)
{
	(void)lab;
	put_address(output, "ip", eni->ip);
	output_string(output, "vswitch", eni->vswitch->resource.name);
	put_groups(output, eni);
	output_string(output, "ecs", NAME(eni->ecs));
	output_string(output, "eip", NAME(eni->eip));
	output_string(output, "status", eni->ecs ? "InUse" : "Available");
}

static void put_route_table(struct output *output, const struct lab *lab, const struct route_table *table)
{
	output_string(output, "vpc", table->vpc->resource.name);
	output_string(output, "type", table->system ? "System" : "Custom");
	output_begin_array(output, "vswitches");
	for (size_t i = 0; i < model_count(lab->model, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(lab->model, NOUN_VSWITCH, i);

		if (vswitch->table == table)
			output_string(output, NULL, vswitch->resource.name);
	}
	output_end(output);
	output_string(output, "status", "Available");
}

static void put_route(struct output *output, const struct lab *lab, const struct route *route)
{
	(void)lab;
	output_string(output, "table", route->table->resource.name);
	put_prefix(output, "to", route->to);
	output_string(output, "type", "Custom");
	put_reference(output, "via", lab->model, route->via);
	output_string(output, "status", "Available");
}

void put_counter(struct output *output, const char *key, bool known, uint64_t value)
{
	if (known)
		output_number(output, key, (long long)value);
	else
		output_null(output, key);
}

static void put_nat_gateway(struct output *output, const struct lab *lab, const struct nat_gateway *nat)
{
	static const char *const sizes[] = {
		[NAT_SMALL] = "small",
		[NAT_MEDIUM] = "medium",
		[NAT_LARGE] = "large",
		[NAT_SUPER_LARGE_1] = "super-large-1",
	};
	struct gateway_counters counters;

	output_string(output, "vpc", nat->vpc->resource.name);
	output_string(output, "vswitch", NAME(nat->vswitch));
	put_address(output, "ip", nat->private_ip);
	output_string(output, "type", nat->type == NAT_STANDARD ? "standard" : "enhanced");
	output_string(output, "size", sizes[nat->size]);
	output_string(output, "eip_bind_mode", nat->bind_mode == BIND_NAT ? "nat" : "multi-binded");
	output_string(output, "icmp_reply", nat->icmp_reply ? "on" : "off");
	output_begin_array(output, "eips");
	for (size_t i = 0; i < model_count(lab->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(lab->model, NOUN_EIP, i);

		if (eip->associated == &nat->resource)
			output_string(output, NULL, eip->resource.name);
	}
	output_end(output);
	gateway_counters_read(lab, nat, &counters);
	put_counter(output, "connections", counters.known, counters.connections);
	put_counter(output, "dropped_by_limit", counters.known, counters.dropped_by_limit);
	put_counter(output, "port_allocation_errors", counters.known, counters.port_allocation_errors);
	output_string(output, "status", "Available");
}

static void put_eip(struct output *output, const struct lab *lab, const struct eip *eip)
{
	(void)lab;
	put_address(output, "ip", eip->ip);
	output_string(output, "status", eip->associated ? "InUse" : "Available");
	put_reference(output, "associated", lab->model, eip->associated);
}

static void put_snat(struct output *output, const struct lab *lab, const struct snat *snat)
{
	char cidr[PREFIX_TEXT_SIZE];

	(void)lab;
	output_string(output, "nat_gateway", snat->nat_gateway->resource.name);
	if (snat->source)
		put_reference(output, "source", lab->model, snat->source);
	else
		put_typed(output, "source", "cidr", prefix_format(snat->cidr, cidr));
	put_prefix(output, "cidr", snat->cidr);
	output_begin_array(output, "eip");
	for (size_t i = 0; i < snat->n_eip; i++)
		output_string(output, NULL, snat->eip[i]->resource.name);
	output_end(output);
	output_string(output, "affinity", snat->affinity ? "on" : "off");
	output_string(output, "status", "Available");
}

static void put_dnat(struct output *output, const struct lab *lab, const struct dnat *dnat)
{
	char address[ADDRESS_TEXT_SIZE];

	(void)lab;
	output_string(output, "nat_gateway", dnat->nat_gateway->resource.name);
	output_string(output, "eip", dnat->eip->resource.name);
	output_string(output, "protocol", put_protocol_word(dnat->protocol, "any"));
	put_ports(output, "public_port", dnat->public_first, dnat->public_last);
	output_string(output, "to", dnat->target ? dnat->target->resource.name : address_format(dnat->target_ip, address));
	put_ports(output, "private_port", dnat->private_first, dnat->private_last);
	put_address(output, "private_ip", dnat->target_ip);
	output_string(output, "port_break", dnat->port_break ? "on" : "off");
	output_string(output, "status", "Available");
}

static void put_internet_host(struct output *output, const struct lab *lab, const struct internet_host *host)
{
	(void)lab;
	put_address(output, "ip", host->ip);
	output_begin_array(output, "dns");
	for (size_t i = 0; i < host->n_dns; i++)
		output_string(output, NULL, host->dns[i]);
	output_end(output);
	output_string(output, "status", "Running");
}

static void put_service(struct output *output, const struct lab *lab, const struct service *service)
{
	static const char *const kinds[] = {
		[SERVICE_HTTP] = "http", [SERVICE_HTTPS] = "https", [SERVICE_ECHO] = "echo", [SERVICE_EXEC] = "exec"
	};

	output_string(output, "node", service->node->name);
	output_string(output, "type", kinds[service->kind]);
	output_string(output, "protocol", service->kind == SERVICE_EXEC ? NULL : put_protocol_word(service->protocol, NULL));
	put_ports(output, "port", service->port, service->port);
	output_begin_array(output, "command");
	for (char **word = service->argv; word && *word; word++)
		output_string(output, NULL, *word);
	output_end(output);
	output_string(output, "status", service_state(lab, service));
}

static void put_resource(struct output *output, const struct lab *lab, const struct resource *resource)
{
	output_begin_object(output, NULL);
	output_string(output, "name",
		      resource->noun == NOUN_SERVICE ? service_own_name((const struct service *)resource) : resource->name);
	if (lab->model->provider == PROVIDER_AWS && put_aws_resource(output, lab, resource)) {
		output_end(output);
		return;
	}
	switch (resource->noun) {
	case NOUN_VPC:
		put_vpc(output, lab, (const struct vpc *)resource);
		break;
	case NOUN_VSWITCH:
		put_vswitch(output, lab, (const struct vswitch *)resource);
		break;
	case NOUN_SECURITY_GROUP:
		put_security_group(output, lab, (const struct security_group *)resource);
		break;
	case NOUN_ECS:
		put_ecs(output, lab, (const struct ecs *)resource);
		break;
	case NOUN_ENI:
		put_eni(output, lab, (const struct eni *)resource);
		break;
	case NOUN_ROUTE_TABLE:
		put_route_table(output, lab, (const struct route_table *)resource);
		break;
	case NOUN_ROUTE:
		put_route(output, lab, (const struct route *)resource);
		break;
	case NOUN_NAT_GATEWAY:
		put_nat_gateway(output, lab, (const struct nat_gateway *)resource);
		break;
	case NOUN_EIP:
		put_eip(output, lab, (const struct eip *)resource);
		break;
	case NOUN_SNAT:
		put_snat(output, lab, (const struct snat *)resource);
		break;
	case NOUN_DNAT:
		put_dnat(output, lab, (const struct dnat *)resource);
		break;
	case NOUN_INTERNET_HOST:
		put_internet_host(output, lab, (const struct internet_host *)resource);
		break;
	case NOUN_ACL:
		put_acl(output, lab, (const struct acl *)resource);
		break;
	case NOUN_SERVICE:
		put_service(output, lab, (const struct service *)resource);
		break;
	case NOUN_INTERNET_GATEWAY: /* AWS */
	case NOUN_COUNT:
		break;
	}
	output_end(output);
}

/* ---- system routes: in no list, they follow from the model ---- */

typedef void system_route_fn(void *arg, const char *name, const struct route_table *table, struct prefix to);

static void system_route(const struct route_table *table, struct prefix prefix, system_route_fn *fn, void *arg)
{
	char to[PREFIX_TEXT_SIZE];
	char *name = xprintf("%s/%s", table->resource.name, prefix_format(prefix, to));

	fn(arg, name, table, prefix);
	free(name);
}

/* Every table has 100.64.0.0/10 and each vSwitch of its VPC; AWS: the whole of the VPC. */
static void each_system_route(const struct model *model, const struct route_table *table, system_route_fn *fn, void *arg)
{
	static const struct prefix services = { .address = 0x64400000, .length = 10 };

	if (model->provider == PROVIDER_AWS) {
		system_route(table, table->vpc->cidr, fn, arg);
		return;
	}
	system_route(table, services, fn, arg);
	for (size_t i = 0; i < model_count(model, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(model, NOUN_VSWITCH, i);

		if (vswitch->vpc == table->vpc)
			system_route(table, vswitch->cidr, fn, arg);
	}
}

struct system_routes {
	const char *status;
	struct output *output;
	const char *only; /* NULL: all */
	bool found;
};

static void put_system_route(void *arg, const char *name, const struct route_table *table, struct prefix to)
{
	struct system_routes *routes = arg;

	if (routes->only && strcmp(routes->only, name) != 0)
		return;
	routes->found = true;
	if (!routes->output)
		return;
	output_begin_object(routes->output, NULL);
	output_string(routes->output, "name", name);
	output_string(routes->output, "table", table->resource.name);
	put_prefix(routes->output, "to", to);
	output_string(routes->output, "type", "System");
	output_null(routes->output, "via");
	output_string(routes->output, "status", routes->status);
	output_end(routes->output);
}

/* The entries of a table stand together: the system's, then its own. */
static void put_routes(struct output *output, const struct lab *lab, const char *only)
{
	const struct model *model = lab->model;

	for (size_t t = 0; t < model_count(model, NOUN_ROUTE_TABLE); t++) {
		const struct route_table *table = model_get(model, NOUN_ROUTE_TABLE, t);
		struct system_routes routes = { .output = output,
						.only = only,
						.status = model->provider == PROVIDER_AWS ? "active" : "Available" };

		each_system_route(model, table, put_system_route, &routes);
		for (size_t i = 0; i < model_count(model, NOUN_ROUTE); i++) {
			const struct route *route = model_get(model, NOUN_ROUTE, i);

			if (route->table == table && (!only || strcmp(only, route->resource.name) == 0))
				put_resource(output, lab, &route->resource);
		}
	}
}

bool show_has(const struct model *model, enum noun noun, const char *name)
{
	struct system_routes routes = { .only = name };

	if (noun == NOUN_SERVICE) {
		for (size_t i = 0; i < model_count(model, noun); i++) {
			const struct service *service = model_get(model, noun, i);

			if (strcmp(service->resource.name, name) == 0 || strcmp(service_own_name(service), name) == 0)
				return true;
		}
		return false;
	}
	if (noun == NOUN_ROUTE)
		for (size_t t = 0; t < model_count(model, NOUN_ROUTE_TABLE); t++)
			each_system_route(model, model_get(model, NOUN_ROUTE_TABLE, t), put_system_route, &routes);
	return routes.found || model_find_noun(model, NOUNS(noun), name);
}

void show_noun(struct output *output, const char *key, const struct lab *lab, enum noun noun, const char *name)
{
	output_begin_array(output, key);
	if (noun == NOUN_ROUTE) {
		put_routes(output, lab, name);
	} else {
		for (size_t i = 0; i < model_count(lab->model, noun); i++) {
			const struct resource *resource = model_get(lab->model, noun, i);
			bool own = noun == NOUN_SERVICE && name &&
				   strcmp(service_own_name((const struct service *)resource), name) == 0;

			if (!name || own || strcmp(resource->name, name) == 0)
				put_resource(output, lab, resource);
		}
	}
	output_end(output);
}

/* An array like the nouns', of one object. */
static void put_settings(struct output *output, const struct model *model)
{
	bool granted = !model->authorization_required || model->authorized;

	output_begin_array(output, "settings");
	output_begin_object(output, NULL);
	output_string(output, "provider", provider_word(model->provider));
	if (model->provider == PROVIDER_ALIBABA) {
		output_string(output, "profile", model->profile->name);
		output_string(output, "authorization", granted ? "granted" : "required");
	}
	output_end(output);
	output_end(output);
}

void show_lab(struct output *output, const struct lab *lab)
{
	output_begin_object(output, NULL);
	put_settings(output, lab->model);
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
		char *key;

		if (!model_has_noun(lab->model, noun))
			continue;
		key = xstrdup(model_noun_word(lab->model, noun));
		for (char *p = key; *p; p++)
			if (*p == '-')
				*p = '_';
		show_noun(output, key, lab, noun, NULL);
		free(key);
	}
	output_end(output);
}
