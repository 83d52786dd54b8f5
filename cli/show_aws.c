#include "cli/show_parts.h"

#include "lab/aws.h"
#include "lab/gateway_counters.h"

/* The nouns of AWS. The states are EC2's own words, but for the EIP, which has none there. */

static void put_vpc(struct output *output, const struct vpc *vpc)
{
	put_prefix(output, "cidr", vpc->cidr);
	output_string(output, "internet_gateway", NAME(vpc->internet_gateway));
	output_string(output, "status", "available");
}

static void put_subnet(struct output *output, const struct vswitch *subnet)
{
	output_string(output, "vpc", subnet->vpc->resource.name);
	put_prefix(output, "cidr", subnet->cidr);
	output_string(output, "zone", subnet->zone);
	put_address(output, "gateway", subnet->gateway);
	output_string(output, "route_table", subnet->table->resource.name);
	output_string(output, "status", "available");
}

static void put_rule(struct output *output, const struct filter_rule *rule)
{
	const char *key = rule->direction == DIRECTION_IN ? "from" : "to";

	output_begin_object(output, NULL);
	output_number(output, "number", rule->number);
	output_string(output, "direction", rule->direction == DIRECTION_IN ? "in" : "out");
	output_string(output, "protocol", put_protocol_word(rule->protocol, "all"));
	put_ports(output, "port", rule->port_first, rule->port_last);
	if (rule->direction == DIRECTION_OUT)
		output_null(output, "from");
	if (rule->peer_group)
		output_string(output, key, rule->peer_group->resource.name);
	else
		put_prefix(output, key, rule->peer);
	if (rule->direction == DIRECTION_IN)
		output_null(output, "to");
	output_end(output);
}

static void put_security_group(struct output *output, const struct security_group *group)
{
	output_string(output, "vpc", group->vpc->resource.name);
	output_string(output, "status", "available");
	output_begin_array(output, "rules");
	for (size_t i = 0; i < group->n_rule; i++)
		put_rule(output, &group->rule[i]);
	output_end(output);
}

static void put_instance(struct output *output, const struct ecs *instance)
{
	const struct eni *primary = instance->eni[0];

	put_address(output, "ip", primary->ip);
	output_string(output, "subnet", primary->vswitch->resource.name);
	put_groups(output, primary);
	output_begin_array(output, "enis");
	for (size_t i = 1; i < instance->n_eni; i++)
		if (instance->eni[i])
			output_string(output, NULL, instance->eni[i]->resource.name);
	output_end(output);
	put_address(output, "public_ip", instance->public_ip);
	output_string(output, "eip", NAME(primary->eip));
	output_string(output, "source_dest_check", primary->source_dest_check ? "on" : "off");
	output_string(output, "status", "running");
}

static void put_eni(struct output *output, const struct eni *eni)
{
	put_address(output, "ip", eni->ip);
	output_string(output, "subnet", eni->vswitch->resource.name);
	put_groups(output, eni);
	output_string(output, "instance", NAME(eni->ecs));
	output_string(output, "eip", NAME(eni->eip));
	output_string(output, "source_dest_check", eni->source_dest_check ? "on" : "off");
	output_string(output, "status", eni->ecs ? "in-use" : "available");
}

static void put_route_table(struct output *output, const struct model *model, const struct route_table *table)
{
	output_string(output, "vpc", table->vpc->resource.name);
	output_string(output, "type", table->system ? "Main" : "Custom");
	output_begin_array(output, "subnets");
	for (size_t i = 0; i < model_count(model, NOUN_VSWITCH); i++) {
		const struct vswitch *subnet = model_get(model, NOUN_VSWITCH, i);

		if (subnet->table == table)
			output_string(output, NULL, subnet->resource.name);
	}
	output_end(output);
	output_string(output, "status", "available");
}

static void put_route(struct output *output, const struct model *model, const struct route *route)
{
	output_string(output, "table", route->table->resource.name);
	put_prefix(output, "to", route->to);
	output_string(output, "type", "Custom");
	if (route->via)
		put_reference(output, "via", model, route->via);
	else
		put_typed(output, "via", aws_hop_word(route), route->lost);
	output_string(output, "status", route_is_blackhole(route) ? "blackhole" : "active");
}

static void put_internet_gateway(struct output *output, const struct internet_gateway *gateway)
{
	output_string(output, "vpc", NAME(gateway->vpc));
	output_string(output, "status", gateway->vpc ? "attached" : "detached");
}

static void put_nat_gateway(struct output *output, const struct lab *lab, const struct nat_gateway *nat)
{
	const char *eip_name = NULL;
	struct gateway_counters counters;

	for (size_t i = 0; i < model_count(lab->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(lab->model, NOUN_EIP, i);

		if (eip->associated == &nat->resource)
			eip_name = eip->resource.name;
	}
	output_string(output, "vpc", nat->vpc->resource.name);
	output_string(output, "subnet", nat->vswitch->resource.name);
	put_address(output, "ip", nat->private_ip);
	output_string(output, "type", nat->type == NAT_PRIVATE ? "private" : "public");
	output_string(output, "eip", eip_name);
	output_number(output, "idle_timeout", nat->idle_timeout);
	gateway_counters_read(lab, nat, &counters);
	put_counter(output, "connections", counters.known, counters.connections);
	put_counter(output, "port_allocation_errors", counters.known, counters.port_allocation_errors);
	output_string(output, "status", "available");
}

static void put_eip(struct output *output, const struct model *model, const struct eip *eip)
{
	put_address(output, "ip", eip->ip);
	output_string(output, "status", eip->associated ? "InUse" : "Available");
	put_reference(output, "associated", model, eip->associated);
}

bool put_aws_resource(struct output *output, const struct lab *lab, const struct resource *resource)
{
	switch (resource->noun) {
	case NOUN_VPC:
		put_vpc(output, (const struct vpc *)resource);
		return true;
	case NOUN_VSWITCH:
		put_subnet(output, (const struct vswitch *)resource);
		return true;
	case NOUN_SECURITY_GROUP:
		put_security_group(output, (const struct security_group *)resource);
		return true;
	case NOUN_ECS:
		put_instance(output, (const struct ecs *)resource);
		return true;
	case NOUN_ENI:
		put_eni(output, (const struct eni *)resource);
		return true;
	case NOUN_ROUTE_TABLE:
		put_route_table(output, lab->model, (const struct route_table *)resource);
		return true;
	case NOUN_ROUTE:
		put_route(output, lab->model, (const struct route *)resource);
		return true;
	case NOUN_INTERNET_GATEWAY:
		put_internet_gateway(output, (const struct internet_gateway *)resource);
		return true;
	case NOUN_NAT_GATEWAY:
		put_nat_gateway(output, lab, (const struct nat_gateway *)resource);
		return true;
	case NOUN_EIP:
		put_eip(output, lab->model, (const struct eip *)resource);
		return true;
	case NOUN_SNAT:
	case NOUN_DNAT:
	case NOUN_INTERNET_HOST:
	case NOUN_ACL:
	case NOUN_SERVICE:
	case NOUN_COUNT:
		break;
	}
	return false;
}
