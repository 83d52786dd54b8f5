#include "lab/aws.h"
#include "lab/save_parts.h"

/*
 * An AWS model as commands, ordered so that every rule says yes again:
 *
 * - Routes to an internet gateway that is not attached any more come while nothing has a public address and no gateway is
 *   where it belongs: it is attached, gets its routes and is detached again. What is gone altogether is said as such.
 * - Internet gateways are attached before anything that needs one: public NAT gateways and EIPs.
 *
 * What does not survive: numbers of security rules, gaps in the numbering of an instance's interfaces, the order of routes.
 */

static void save_vpc(struct text *text, const struct model *model, const void *resource)
{
	const struct vpc *vpc = resource;

	(void)model;
	text_addf(text, "vpc create %s", vpc->resource.name);
	save_prefix(text, "cidr", vpc->cidr);
	text_add_char(text, '\n');
}

static void save_subnet(struct text *text, const struct model *model, const void *resource)
{
	const struct vswitch *subnet = resource;

	(void)model;
	text_addf(text, "subnet create %s vpc %s", subnet->resource.name, subnet->vpc->resource.name);
	save_prefix(text, "cidr", subnet->cidr);
	text_addf(text, " zone %s\n", subnet->zone);
}

static void save_table(struct text *text, const struct model *model, const void *resource)
{
	const struct route_table *table = resource;

	(void)model;
	if (!table->system)
		text_addf(text, "route-table create %s vpc %s\n", table->resource.name, table->vpc->resource.name);
}

static void save_association(struct text *text, const struct model *model, const void *resource)
{
	const struct vswitch *subnet = resource;

	(void)model;
	if (subnet->associated)
		text_addf(text, "route-table associate %s subnet %s\n", subnet->table->resource.name, subnet->resource.name);
}

/* ---- routes and the gateways they lead to ---- */

static bool is_detached(const struct route *route)
{
	return route->via && route->via_type == HOP_INTERNET_GATEWAY && route_is_blackhole(route);
}

static void save_any_route(struct text *text, const struct route *route)
{
	text_addf(text, "route create %s table %s", route->resource.name, route->table->resource.name);
	save_prefix(text, "to", route->to);
	if (route->via)
		text_addf(text, " via %s %s\n", aws_hop_word(route), route->via->name);
	else
		text_addf(text, " via blackhole %s/%s\n", aws_hop_word(route), route->lost);
}

static void save_route(struct text *text, const struct model *model, const void *resource)
{
	(void)model;
	if (!is_detached(resource))
		save_any_route(text, resource);
}

static void save_detached_route(struct text *text, const struct model *model, const void *resource)
{
	const struct route *route = resource;

	(void)model;
	if (!is_detached(route))
		return;
	text_addf(text, "internet-gateway attach %s vpc %s\n", route->via->name, route->table->vpc->resource.name);
	save_any_route(text, route);
	text_addf(text, "internet-gateway detach %s\n", route->via->name);
}

static void save_internet_gateway(struct text *text, const struct model *model, const void *resource)
{
	(void)model;
	text_addf(text, "internet-gateway create %s\n", ((const struct internet_gateway *)resource)->resource.name);
}

static void save_internet_attachment(struct text *text, const struct model *model, const void *resource)
{
	const struct internet_gateway *gateway = resource;

	(void)model;
	if (gateway->vpc)
		text_addf(text, "internet-gateway attach %s vpc %s\n", gateway->resource.name, gateway->vpc->resource.name);
}

static const struct eip *eip_of(const struct model *model, const struct nat_gateway *nat)
{
	for (size_t i = 0; i < model_count(model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(model, NOUN_EIP, i);

		if (eip->associated == &nat->resource)
			return eip;
	}
	return NULL;
}

static void save_nat_gateway(struct text *text, const struct model *model, const void *resource)
{
	const struct nat_gateway *nat = resource;
	const struct eip *eip = eip_of(model, nat);

	text_addf(text, "nat-gateway create %s subnet %s", nat->resource.name, nat->vswitch->resource.name);
	if (eip)
		text_addf(text, " eip %s", eip->resource.name);
	save_address(text, "ip", nat->private_ip);
	text_addf(text, " type %s idle-timeout %u\n", nat->type == NAT_PRIVATE ? "private" : "public", nat->idle_timeout);
}

static void save_eip(struct text *text, const struct model *model, const void *resource)
{
	const struct eip *eip = resource;

	(void)model;
	text_addf(text, "eip create %s", eip->resource.name);
	save_address(text, "ip", eip->ip);
	text_add_char(text, '\n');
}

static void save_eip_association(struct text *text, const struct model *model, const void *resource)
{
	const struct eip *eip = resource;

	if (eip->associated && eip->associated->noun != NOUN_NAT_GATEWAY)
		text_addf(text, "eip associate %s %s %s\n", eip->resource.name, model_noun_word(model, eip->associated->noun),
			  eip->associated->name);
}

/* ---- groups and interfaces ---- */

static void save_group(struct text *text, const struct model *model, const void *resource)
{
	const struct security_group *group = resource;

	(void)model;
	if (!group->is_default)
		text_addf(text, "security-group create %s vpc %s\n", group->resource.name, group->vpc->resource.name);
}

static const char *protocol_word(enum protocol protocol)
{
	switch (protocol) {
	case PROTOCOL_ICMP:
		return "icmp";
	case PROTOCOL_TCP:
		return "tcp";
	case PROTOCOL_UDP:
		return "udp";
	case PROTOCOL_ALL:
	case PROTOCOL_GRE: /* Alibaba's */
		break;
	}
	return "all";
}

static void save_rule(struct text *text, const struct security_group *group, const struct security_rule *rule)
{
	const char *key = rule->direction == DIRECTION_IN ? "from" : "to";

	text_addf(text, "security-group allow %s %s %s", group->resource.name, rule->direction == DIRECTION_IN ? "in" : "out",
		  protocol_word(rule->protocol));
	if (rule->port_first)
		save_ports(text, "", rule->port_first, rule->port_last);
	if (rule->peer_group)
		text_addf(text, " %s %s", key, rule->peer_group->resource.name);
	else
		save_prefix(text, key, rule->peer);
	text_add_char(text, '\n');
}

static bool has_rule(const struct security_group *group, unsigned number)
{
	for (size_t i = 0; i < group->n_rule; i++)
		if (group->rule[i].number == number)
			return true;
	return false;
}

/* A group is born with rules of the first numbers. Other groups may be named, so all are there before. */
static void save_rules(struct text *text, const struct security_group *group)
{
	const unsigned born_with = group->is_default ? 2 : 1;

	for (unsigned number = 1; number <= born_with; number++)
		if (!has_rule(group, number))
			text_addf(text, "security-group revoke %s rule %u\n", group->resource.name, number);
	for (size_t i = 0; i < group->n_rule; i++)
		if (group->rule[i].number > born_with)
			save_rule(text, group, &group->rule[i]);
}

/* Default groups first: in the order in which they will be there again. */
static void save_default_rules(struct text *text, const struct model *model, const void *resource)
{
	(void)model;
	if (((const struct security_group *)resource)->is_default)
		save_rules(text, resource);
}

static void save_other_rules(struct text *text, const struct model *model, const void *resource)
{
	(void)model;
	if (!((const struct security_group *)resource)->is_default)
		save_rules(text, resource);
}

static void save_interface(struct text *text, const struct model *model, const struct eni *eni)
{
	text_addf(text, "%s create %s subnet %s", model_noun_word(model, eni->primary ? NOUN_ECS : NOUN_ENI), eni->resource.name,
		  eni->vswitch->resource.name);
	save_address(text, "ip", eni->ip);
	for (size_t i = 0; i < eni->n_group; i++)
		text_addf(text, "%s%s", i == 0 ? " security-group " : ",", eni->group[i]->resource.name);
	if (eni->primary && eni->ecs->public_ip)
		save_address(text, "public-ip", eni->ecs->public_ip);
	text_add_char(text, '\n');
	if (!eni->source_dest_check)
		text_addf(text, "%s set %s source-dest-check off\n", model_noun_word(model, eni->primary ? NOUN_ECS : NOUN_ENI),
			  eni->resource.name);
}

static void save_instance(struct text *text, const struct model *model, const void *resource)
{
	save_interface(text, model, ((const struct ecs *)resource)->eni[0]);
}

static void save_eni(struct text *text, const struct model *model, const void *resource)
{
	save_interface(text, model, resource);
}

static void save_attachments(struct text *text, const struct model *model, const void *resource)
{
	const struct ecs *instance = resource;

	(void)model;
	for (size_t i = 1; i < instance->n_eni; i++)
		if (instance->eni[i])
			text_addf(text, "eni attach %s instance %s\n", instance->eni[i]->resource.name, instance->resource.name);
}

void save_aws(struct text *text, const struct model *model)
{
	text_addf(text, "provider %s\n", provider_word(model->provider));
	save_each(text, model, NOUN_VPC, save_vpc);
	save_each(text, model, NOUN_VSWITCH, save_subnet);
	save_each(text, model, NOUN_ROUTE_TABLE, save_table);
	save_each(text, model, NOUN_INTERNET_GATEWAY, save_internet_gateway);
	save_each(text, model, NOUN_ROUTE, save_detached_route);
	save_each(text, model, NOUN_INTERNET_GATEWAY, save_internet_attachment);
	save_each(text, model, NOUN_SECURITY_GROUP, save_group);
	save_each(text, model, NOUN_SECURITY_GROUP, save_default_rules);
	save_each(text, model, NOUN_SECURITY_GROUP, save_other_rules);
	save_each(text, model, NOUN_ECS, save_instance);
	save_each(text, model, NOUN_ENI, save_eni);
	save_each(text, model, NOUN_ECS, save_attachments);
	save_each(text, model, NOUN_EIP, save_eip);
	save_each(text, model, NOUN_NAT_GATEWAY, save_nat_gateway);
	save_each(text, model, NOUN_EIP, save_eip_association);
	save_each(text, model, NOUN_ROUTE, save_route);
	save_each(text, model, NOUN_VSWITCH, save_association);
	save_each(text, model, NOUN_INTERNET_HOST, save_internet_host);
	save_each(text, model, NOUN_SERVICE, save_service);
}
