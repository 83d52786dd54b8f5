/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/save_common.h"

/*
 * An AWS model as commands, ordered so that every rule says yes again:
 *
 * - Routes to an internet gateway that is not attached any more come while nothing has a public
 * address and no gateway is where it belongs: it is attached, gets its routes and is detached
 * again. What is gone altogether is said as such.
 * - Internet gateways are attached before anything that needs one: public NAT gateways and EIPs.
 *
 * What does not survive: numbers of security rules, gaps in the numbering of an instance's
 * interfaces, the order of routes.
 */

static bool is_detached(const struct route *route)
{
	return route->via && route->via_type == HOP_INTERNET_GATEWAY && route_is_blackhole(route);
}

static void save_any_route(struct text *text, const struct model *model, const struct route *route)
{
	text_addf(text, "route create %s table %s", route->resource.name,
		  route->table->resource.name);
	save_prefix(text, "to", route->to);
	if (route->via)
		text_addf(text, " via %s %s\n", model_noun_word(model, route_hop_noun(route)),
			  route->via->name);
	else
		text_addf(text, " via blackhole %s/%s\n",
			  model_noun_word(model, route_hop_noun(route)), route->lost);
}

static void save_route(struct text *text, const struct model *model, const void *resource)
{
	if (!is_detached(resource))
		save_any_route(text, model, resource);
}

static void save_detached_route(struct text *text, const struct model *model, const void *resource)
{
	const struct route *route = resource;

	if (!is_detached(route))
		return;
	text_addf(text, "internet-gateway attach %s vpc %s\n", route->via->name,
		  route->table->vpc->resource.name);
	save_any_route(text, model, route);
	text_addf(text, "internet-gateway detach %s\n", route->via->name);
}

static void save_internet_gateway(struct text *text, const struct model *model,
				  const void *resource)
{
	(void)model;
	text_addf(text, "internet-gateway create %s\n",
		  ((const struct internet_gateway *)resource)->resource.name);
}

static void save_internet_attachment(struct text *text, const struct model *model,
				     const void *resource)
{
	const struct internet_gateway *gateway = resource;

	(void)model;
	if (gateway->vpc)
		text_addf(text, "internet-gateway attach %s vpc %s\n", gateway->resource.name,
			  gateway->vpc->resource.name);
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

	text_addf(text, "nat-gateway create %s subnet %s", nat->resource.name,
		  nat->vswitch->resource.name);
	if (eip)
		text_addf(text, " eip %s", eip->resource.name);
	save_address(text, "ip", nat->private_ip);
	text_addf(text, " type %s idle-timeout %u\n",
		  nat->type == NAT_PRIVATE ? "private" : "public", nat->idle_timeout);
}

void save_aws(struct text *text, const struct model *model)
{
	text_addf(text, "provider %s\n", provider_word(model->provider));
	save_each(text, model, NOUN_VPC, save_vpc);
	save_each(text, model, NOUN_VSWITCH, save_vswitch);
	save_each(text, model, NOUN_ROUTE_TABLE, save_table);
	save_each(text, model, NOUN_INTERNET_GATEWAY, save_internet_gateway);
	save_each(text, model, NOUN_ROUTE, save_detached_route);
	save_each(text, model, NOUN_INTERNET_GATEWAY, save_internet_attachment);
	save_groups(text, model);
	save_each(text, model, NOUN_ECS, save_ecs);
	save_each(text, model, NOUN_ENI, save_eni);
	save_each(text, model, NOUN_ECS, save_attachments);
	save_each(text, model, NOUN_EIP, save_eip);
	save_each(text, model, NOUN_NAT_GATEWAY, save_nat_gateway);
	save_each(text, model, NOUN_EIP, save_instance_eip);
	save_each(text, model, NOUN_ROUTE, save_route);
	save_each(text, model, NOUN_VSWITCH, save_table_of);
	save_each(text, model, NOUN_INTERNET_HOST, save_internet_host);
	save_each(text, model, NOUN_SERVICE, save_service);
}
