/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/show_resource.h"
#include "cli/view/service_state.h"
#include "lab/live/usage.h"
#include "lab/model/cloud.h"
#include "lab/model/words.h"

/* The name of a resource that may not be there. */
#define NAME(pointer) ((pointer) ? (pointer)->resource.name : NULL)

static const struct cloud *words_of(const struct lab *lab)
{
	return model_cloud(lab->model);
}

static bool is_aws(const struct lab *lab)
{
	return lab->model->provider == PROVIDER_AWS;
}

const char *route_status(const struct model *model)
{
	return model_cloud(model)->route_status;
}

/* ---- parts ---- */

static void put_address(struct output *output, const char *key, uint32_t address)
{
	char text[ADDRESS_TEXT_SIZE];

	output_string(output, key, address ? address_format(address, text) : NULL);
}

void put_prefix(struct output *output, const char *key, struct prefix prefix)
{
	char text[PREFIX_TEXT_SIZE];

	output_string(output, key, prefix_format(prefix, text));
}

static void put_typed(struct output *output, const char *key, const char *type, const char *name)
{
	output_begin_object(output, key);
	output_string(output, "type", type);
	output_string(output, "name", name);
	output_end(output);
}

static void put_reference(struct output *output, const char *key, const struct model *model,
			  const struct resource *resource)
{
	if (resource)
		put_typed(output, key, model_noun_word(model, resource->noun), resource->name);
	else
		output_null(output, key);
}

/* A port as a number, a range as text, none as null. */
static void put_ports(struct output *output, const char *key, uint16_t first, uint16_t last)
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

static void put_groups(struct output *output, const struct eni *eni)
{
	output_begin_array(output, "security_group");
	for (size_t i = 0; i < eni->n_group; i++)
		output_string(output, NULL, eni->group[i]->resource.name);
	output_end(output);
}

/* ---- one function a noun ---- */

static void put_vpc(struct output *output, const struct lab *lab, const struct vpc *vpc)
{
	put_prefix(output, "cidr", vpc->cidr);
	if (is_aws(lab))
		output_string(output, "internet_gateway", NAME(vpc->internet_gateway));
	output_string(output, "status", words_of(lab)->available);
}

static void put_vswitch(struct output *output, const struct lab *lab, const struct vswitch *vswitch)
{
	output_string(output, "vpc", vswitch->vpc->resource.name);
	put_prefix(output, "cidr", vswitch->cidr);
	output_string(output, "zone", vswitch->zone);
	put_address(output, "gateway", vswitch->gateway);
	output_string(output, "route_table", vswitch->table->resource.name);
	if (!is_aws(lab))
		output_string(output, "acl", NAME(vswitch->acl));
	output_string(output, "status", words_of(lab)->available);
}

/* The packets that a rule is about: protocol, port, from, to. */
static void put_packets(struct output *output, const struct filter_rule *rule)
{
	const char *key = rule->direction == DIRECTION_IN ? "from" : "to";

	output_string(output, "protocol", protocol_word(rule->protocol));
	put_ports(output, "port", rule->port_first, rule->port_last);
	if (rule->direction == DIRECTION_OUT)
		output_null(output, "from");
	if (rule->peer_group)
		output_string(output, key, rule->peer_group->resource.name);
	else
		put_prefix(output, key, rule->peer);
	if (rule->direction == DIRECTION_IN)
		output_null(output, "to");
}

static void put_group_rule(struct output *output, const struct lab *lab,
			   const struct filter_rule *rule)
{
	output_begin_object(output, NULL);
	output_number(output, "number", rule->number);
	output_string(output, "direction", word_of(direction_words, (int)rule->direction));
	if (!is_aws(lab))
		output_string(output, "policy", word_of(allow_words, (int)rule->policy));
	put_packets(output, rule);
	if (!is_aws(lab))
		output_number(output, "priority", rule->priority);
	output_end(output);
}

static void put_security_group(struct output *output, const struct lab *lab,
			       const struct security_group *group)
{
	output_string(output, "vpc", group->vpc->resource.name);
	if (!is_aws(lab)) {
		output_string(output, "type", word_of(group_type_words, (int)group->type));
		output_string(output, "inner_access", word_of(inner_access_words, group->isolated));
	}
	output_string(output, "status", words_of(lab)->available);
	output_begin_array(output, "rules");
	for (size_t i = 0; i < group->n_rule; i++)
		put_group_rule(output, lab, &group->rule[i]);
	output_end(output);
}

static void put_acl_rule(struct output *output, const struct filter_rule *rule)
{
	output_begin_object(output, NULL);
	output_string(output, "direction", word_of(direction_words, (int)rule->direction));
	output_number(output, "number", rule->number);
	output_string(output, "policy", word_of(policy_words, (int)rule->policy));
	put_packets(output, rule);
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
	for (size_t i = 0; i < acl->n_rule; i++)
		put_acl_rule(output, &acl->rule[i]);
	output_end(output);
}

static void put_ecs(struct output *output, const struct lab *lab, const struct ecs *ecs)
{
	const struct eni *primary = ecs->eni[0];

	put_address(output, "ip", primary->ip);
	output_string(output, model_noun_word(lab->model, NOUN_VSWITCH),
		      primary->vswitch->resource.name);
	put_groups(output, primary);
	output_begin_array(output, "enis");
	for (size_t i = 1; i < ecs->n_eni; i++)
		if (ecs->eni[i])
			output_string(output, NULL, ecs->eni[i]->resource.name);
	output_end(output);
	put_address(output, "public_ip", ecs->public_ip);
	output_string(output, "eip", NAME(primary->eip));
	if (is_aws(lab))
		output_string(output, "source_dest_check",
			      word_of(switch_words, primary->source_dest_check));
	else
		output_string(output, "billing", word_of(billing_words, (int)ecs->billing));
	output_string(output, "status", words_of(lab)->running);
}

static void put_eni(struct output *output, const struct lab *lab, const struct eni *eni)
{
	const struct cloud *words = words_of(lab);

	put_address(output, "ip", eni->ip);
	output_string(output, model_noun_word(lab->model, NOUN_VSWITCH),
		      eni->vswitch->resource.name);
	put_groups(output, eni);
	output_string(output, model_noun_word(lab->model, NOUN_ECS), NAME(eni->ecs));
	output_string(output, "eip", NAME(eni->eip));
	if (is_aws(lab))
		output_string(output, "source_dest_check",
			      word_of(switch_words, eni->source_dest_check));
	output_string(output, "status", eni->ecs ? words->in_use : words->available);
}

static void put_route_table(struct output *output, const struct lab *lab,
			    const struct route_table *table)
{
	const struct cloud *words = words_of(lab);

	output_string(output, "vpc", table->vpc->resource.name);
	output_string(output, "type", table->system ? words->system_type : "Custom");
	output_begin_array(output, words->vswitches);
	for (size_t i = 0; i < model_count(lab->model, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(lab->model, NOUN_VSWITCH, i);

		if (vswitch->table == table)
			output_string(output, NULL, vswitch->resource.name);
	}
	output_end(output);
	output_string(output, "status", words->available);
}

static void put_route(struct output *output, const struct lab *lab, const struct route *route)
{
	output_string(output, "table", route->table->resource.name);
	put_prefix(output, "to", route->to);
	output_string(output, "type", "Custom");
	if (route->via)
		put_reference(output, "via", lab->model, route->via);
	else
		put_typed(output, "via", model_noun_word(lab->model, route_hop_noun(route)),
			  route->lost);
	output_string(output, "status",
		      is_aws(lab) && route_is_blackhole(route) ? "blackhole"
							       : route_status(lab->model));
}

static void put_internet_gateway(struct output *output, const struct internet_gateway *gateway)
{
	output_string(output, "vpc", NAME(gateway->vpc));
	output_string(output, "status", gateway->vpc ? "attached" : "detached");
}

static void put_alibaba_gateway(struct output *output, const struct lab *lab,
				const struct nat_gateway *nat)
{
	output_string(output, "type", word_of(nat_type_words, (int)nat->type));
	output_string(output, "size", word_of(nat_size_words, (int)nat->size));
	output_string(output, "eip_bind_mode", word_of(bind_mode_words, (int)nat->bind_mode));
	output_string(output, "icmp_reply", word_of(switch_words, nat->icmp_reply));
	output_begin_array(output, "eips");
	for (size_t i = 0; i < model_count(lab->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(lab->model, NOUN_EIP, i);

		if (eip->associated == &nat->resource)
			output_string(output, NULL, eip->resource.name);
	}
	output_end(output);
}

static void put_aws_gateway(struct output *output, const struct lab *lab,
			    const struct nat_gateway *nat)
{
	const char *eip_name = NULL;

	for (size_t i = 0; i < model_count(lab->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(lab->model, NOUN_EIP, i);

		if (eip->associated == &nat->resource)
			eip_name = eip->resource.name;
	}
	output_string(output, "type", word_of(aws_nat_type_words, (int)nat->type));
	output_string(output, "eip", eip_name);
	output_number(output, "idle_timeout", nat->idle_timeout);
}

static void put_counter(struct output *output, const char *key, bool known, uint64_t value)
{
	if (known)
		output_number(output, key, (long long)value);
	else
		output_null(output, key);
}

static void put_nat_gateway(struct output *output, const struct lab *lab,
			    const struct nat_gateway *nat)
{
	struct gateway_counters counters;

	output_string(output, "vpc", nat->vpc->resource.name);
	output_string(output, model_noun_word(lab->model, NOUN_VSWITCH), NAME(nat->vswitch));
	put_address(output, "ip", nat->private_ip);
	if (is_aws(lab))
		put_aws_gateway(output, lab, nat);
	else
		put_alibaba_gateway(output, lab, nat);
	gateway_counters_read(lab, nat, &counters);
	put_counter(output, "connections", counters.known, counters.connections);
	if (!is_aws(lab))
		put_counter(output, "dropped_by_limit", counters.known, counters.dropped_by_limit);
	put_counter(output, "port_allocation_errors", counters.known,
		    counters.port_allocation_errors);
	output_string(output, "status", words_of(lab)->available);
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
	output_string(output, "affinity", word_of(switch_words, snat->affinity));
	output_string(output, "status", "Available");
}

static void put_dnat(struct output *output, const struct lab *lab, const struct dnat *dnat)
{
	char address[ADDRESS_TEXT_SIZE];

	(void)lab;
	output_string(output, "nat_gateway", dnat->nat_gateway->resource.name);
	output_string(output, "eip", dnat->eip->resource.name);
	output_string(output, "protocol", word_of(dnat_protocol_words, (int)dnat->protocol));
	put_ports(output, "public_port", dnat->public_first, dnat->public_last);
	output_string(output, "to",
		      dnat->target ? dnat->target->resource.name
				   : address_format(dnat->target_ip, address));
	put_ports(output, "private_port", dnat->private_first, dnat->private_last);
	put_address(output, "private_ip", dnat->target_ip);
	output_string(output, "port_break", word_of(switch_words, dnat->port_break));
	output_string(output, "status", "Available");
}

static void put_internet_host(struct output *output, const struct lab *lab,
			      const struct internet_host *host)
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

	output_string(output, "node", service->node->name);
	output_string(output, "type", word_of(service_kind_words, (int)service->kind));
	output_string(output, "protocol",
		      service->kind == SERVICE_EXEC ? NULL : protocol_word(service->protocol));
	put_ports(output, "port", service->port, service->port);
	output_begin_array(output, "command");
	for (char **word = service->argv; word && *word; word++)
		output_string(output, NULL, *word);
	output_end(output);
	output_string(output, "status", service_state(lab, service));
}

void put_resource(struct output *output, const struct lab *lab, const struct resource *resource)
{
	output_begin_object(output, NULL);
	output_string(output, "name",
		      resource->noun == NOUN_SERVICE
			      ? service_own_name((const struct service *)resource)
			      : resource->name);
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
	case NOUN_INTERNET_GATEWAY:
		put_internet_gateway(output, (const struct internet_gateway *)resource);
		break;
	case NOUN_COUNT:
		break;
	}
	output_end(output);
}
