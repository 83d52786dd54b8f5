/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "core/base/text.h"
#include "lab/model/model.h"
#include "lab/model/profile.h"
#include "lab/model/save_common.h"

/*
 * The model as commands, ordered so that every rule says yes again:
 *
 * - Gateways come before all routes. The first one of a VPC brings the default route with it, as it
 * did then; where that route has been deleted since, it is deleted right here, before a standard
 * gateway (which tolerates none) follows.
 * - EIPs of gateways, then SNAT and DNAT entries, and only then EIPs of instances: an instance with
 * an EIP takes no entry, but one with an SNAT entry takes an EIP. In the profile of today it is the
 * other way round: an instance with an EIP takes entries, but one with a DNAT entry takes no EIP.
 * - Static public addresses come with their ECS; a DNAT entry and such an address exclude each
 * other either way.
 *
 * What does not survive: numbers of security rules (their order and content do), and gaps in the
 * numbering of the interfaces of an ECS (the order does).
 */

static void save_ports(struct text *text, const char *key, uint16_t first, uint16_t last)
{
	text_addf(text, " %s %u", key, first);
	if (last != first)
		text_addf(text, "-%u", last);
}

static void save_acl(struct text *text, const struct model *model, const void *resource)
{
	const struct acl *acl = resource;
	char words[FILTER_RULE_TEXT_SIZE];

	text_addf(text, "acl create %s vpc %s\n", acl->resource.name, acl->vpc->resource.name);
	for (size_t i = 0; i < acl->n_rule; i++) {
		const struct filter_rule *rule = &acl->rule[i];

		text_addf(text, "acl add %s %s %u %s %s\n", acl->resource.name,
			  rule->direction == DIRECTION_IN ? "in" : "out", rule->number,
			  rule->policy == POLICY_ACCEPT ? "accept" : "drop",
			  filter_rule_format(rule, words));
	}
	for (size_t i = 0; i < model_count(model, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(model, NOUN_VSWITCH, i);

		if (vswitch->acl == acl)
			text_addf(text, "acl associate %s vswitch %s\n", acl->resource.name,
				  vswitch->resource.name);
	}
}

static bool is_automatic(const struct route *route)
{
	return strchr(route->resource.name, '/'); /* no name given by hand has one */
}

static bool has_default_route(const struct model *model, const struct vpc *vpc)
{
	for (size_t i = 0; i < model_count(model, NOUN_ROUTE); i++) {
		const struct route *route = model_get(model, NOUN_ROUTE, i);

		if (is_automatic(route) && route->table->vpc == vpc)
			return true;
	}
	return false;
}

static bool is_first_gateway(const struct model *model, const struct nat_gateway *nat)
{
	for (size_t i = 0; i < model_count(model, NOUN_NAT_GATEWAY); i++) {
		const struct nat_gateway *other = model_get(model, NOUN_NAT_GATEWAY, i);

		if (other->vpc == nat->vpc)
			return other == nat;
	}
	return false;
}

static void save_gateway(struct text *text, const struct model *model, const void *resource)
{
	static const char *const sizes[] = { "small", "medium", "large", "super-large-1" };
	const struct nat_gateway *nat = resource;

	text_addf(text, "nat-gateway create %s vpc %s", nat->resource.name,
		  nat->vpc->resource.name);
	if (nat->vswitch) {
		text_addf(text, " vswitch %s", nat->vswitch->resource.name);
		save_address(text, "ip", nat->private_ip);
	}
	text_addf(text, " type %s size %s eip-bind-mode %s icmp-reply %s\n",
		  nat->type == NAT_ENHANCED ? "enhanced" : "standard", sizes[nat->size],
		  nat->bind_mode == BIND_NAT ? "nat" : "multi-binded",
		  nat->icmp_reply ? "on" : "off");
	if (is_first_gateway(model, nat) && !has_default_route(model, nat->vpc))
		text_addf(text, "route delete %s/default-route\n", nat->vpc->resource.name);
}

static void save_snat(struct text *text, const struct model *model, const void *resource)
{
	static const char *const sources[] = { "vpc", "vswitch", "ecs", "eni", "cidr" };
	const struct snat *snat = resource;

	(void)model;
	text_addf(text, "snat create %s nat-gateway %s source", snat->resource.name,
		  snat->nat_gateway->resource.name);
	if (snat->source)
		text_addf(text, " %s %s", sources[snat->source_type], snat->source->name);
	else
		save_prefix(text, "cidr", snat->cidr);
	for (size_t i = 0; i < snat->n_eip; i++)
		text_addf(text, "%s%s", i == 0 ? " eip " : ",", snat->eip[i]->resource.name);
	if (snat->affinity)
		text_add(text, " affinity on");
	text_add_char(text, '\n');
}

static void save_dnat(struct text *text, const struct model *model, const void *resource)
{
	const struct dnat *dnat = resource;
	const char *protocol = dnat->protocol == PROTOCOL_ALL ? "any"
							      : protocol_word(dnat->protocol);

	(void)model;
	text_addf(text, "dnat create %s nat-gateway %s eip %s protocol %s", dnat->resource.name,
		  dnat->nat_gateway->resource.name, dnat->eip->resource.name, protocol);
	if (dnat->protocol != PROTOCOL_ALL)
		save_ports(text, "public-port", dnat->public_first, dnat->public_last);
	if (dnat->target)
		text_addf(text, " to %s", dnat->target->resource.name);
	else
		save_address(text, "to", dnat->target_ip);
	if (dnat->protocol != PROTOCOL_ALL)
		save_ports(text, "private-port", dnat->private_first, dnat->private_last);
	if (dnat->port_break)
		text_add(text, " port-break on");
	text_add_char(text, '\n');
}

static void save_route(struct text *text, const struct model *model, const void *resource)
{
	const struct route *route = resource;

	(void)model;
	if (is_automatic(route))
		return;
	text_addf(text, "route create %s table %s", route->resource.name,
		  route->table->resource.name);
	save_prefix(text, "to", route->to);
	text_addf(text, " via %s %s\n", noun_word(route->via->noun), route->via->name);
}

/* Settings that are not as a new lab has them. */
static void save_settings(struct text *text, const struct model *model)
{
	if (model->profile != &profile_2021)
		text_addf(text, "profile %s\n", model->profile->name);
	if (model->authorization_required)
		text_add(text, "authorization required\n");
	if (model->authorized)
		text_add(text, "authorize nat-gateway\n");
}

char *model_save(const struct model *model)
{
	struct text text = { 0 };

	if (model->provider == PROVIDER_AWS) {
		save_aws(&text, model);
		return text_take(&text);
	}

	save_settings(&text, model);
	save_each(&text, model, NOUN_VPC, save_vpc);
	save_each(&text, model, NOUN_VSWITCH, save_vswitch);
	save_each(&text, model, NOUN_ROUTE_TABLE, save_table);
	save_groups(&text, model);
	save_each(&text, model, NOUN_ECS, save_ecs);
	save_each(&text, model, NOUN_ENI, save_eni);
	save_each(&text, model, NOUN_ECS, save_attachments);
	save_each(&text, model, NOUN_NAT_GATEWAY, save_gateway);
	save_each(&text, model, NOUN_EIP, save_eip);
	save_each(&text, model, NOUN_EIP, save_gateway_eip);
	if (!model->profile->own_ip_excludes_nat)
		save_each(&text, model, NOUN_EIP, save_instance_eip);
	save_each(&text, model, NOUN_SNAT, save_snat);
	save_each(&text, model, NOUN_DNAT, save_dnat);
	if (model->profile->own_ip_excludes_nat)
		save_each(&text, model, NOUN_EIP, save_instance_eip);
	save_each(&text, model, NOUN_ROUTE, save_route);
	save_each(&text, model, NOUN_VSWITCH, save_table_of);
	save_each(&text, model, NOUN_ACL, save_acl);
	save_each(&text, model, NOUN_INTERNET_HOST, save_internet_host);
	save_each(&text, model, NOUN_SERVICE, save_service);
	return text_take(&text);
}
