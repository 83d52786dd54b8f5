/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/language/tokenizer.h"
#include "lab/model/cloud.h"
#include "lab/model/words.h"
#include "lab/nouns/nouns.h"

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

typedef void (*save_fn)(struct text *text, const struct model *model, const void *resource);

static void save_each(struct text *text, const struct model *model, enum noun noun, save_fn save)
{
	for (size_t i = 0; i < model_count(model, noun); i++)
		save(text, model, model_get(model, noun, i));
}

static void save_address(struct text *text, const char *key, uint32_t address)
{
	char s[ADDRESS_TEXT_SIZE];

	text_addf(text, " %s %s", key, address_format(address, s));
}

static void save_prefix(struct text *text, const char *key, struct prefix prefix)
{
	char s[PREFIX_TEXT_SIZE];

	text_addf(text, " %s %s", key, prefix_format(prefix, s));
}

/* ---- what a create command says ---- */

/* Every noun has one, with each cloud that has the noun. */
static const struct command *create_row(const struct model *model, enum noun noun)
{
	struct command_cursor at = command_rows(&nouns_language, model);

	while (command_next(&at))
		if (at.command->parameter[0].kind == ARGUMENT_NEW_NAME &&
		    command_noun(model, at.command) == noun)
			return at.command;
	abort();
}

static void save_list(struct text *text, const char *key, const char *name, size_t i)
{
	if (i == 0)
		text_addf(text, " %s ", key);
	text_addf(text, "%s%s", i ? "," : "", name);
}

/* A key with the value that stands at its place; nothing where that says that nothing is given. */
static void save_value(struct text *text, const struct parameter *parameter, const void *resource)
{
	const void *at = (const char *)resource + parameter->offset;
	const void *behind = (const char *)resource + parameter->also;
	const char *key = parameter->name;

	if (parameter->kind == ARGUMENT_REFERENCE && *(struct resource *const *)at)
		text_addf(text, " %s %s", key, (*(struct resource *const *)at)->name);
	else if (parameter->kind == ARGUMENT_WORD && *(char *const *)at)
		text_addf(text, " %s %s", key, *(char *const *)at);
	else if (parameter->kind == ARGUMENT_CIDR)
		save_prefix(text, key, *(const struct prefix *)at);
	else if (parameter->kind == ARGUMENT_ADDRESS && *(const uint32_t *)at)
		save_address(text, key, *(const uint32_t *)at);
	else if (parameter->kind == ARGUMENT_CHOICE)
		text_addf(text, " %s %s", key,
			  word_of(parameter->words, parameter->flags & PARAMETER_SWITCH
							    ? *(const bool *)at
							    : *(const int *)at));
	else if (parameter->kind == ARGUMENT_WORDS)
		for (size_t i = 0; i < *(const size_t *)behind; i++)
			save_list(text, key, (*(char **const *)at)[i], i);
}

/* Of a noun whose struct is its create command's request. */
static void save_create(struct text *text, const struct model *model, const void *resource)
{
	const struct resource *head = resource;
	const struct command *command = create_row(model, head->noun);

	text_addf(text, "%s %s", command->words, head->name);
	for (size_t i = 1; i < command_n_parameter(command); i++)
		save_value(text, &command->parameter[i], resource);
	text_add_char(text, '\n');
}

static void save_table(struct text *text, const struct model *model, const void *resource)
{
	if (!((const struct route_table *)resource)->system)
		save_create(text, model, resource);
}

static void save_group(struct text *text, const struct model *model,
		       const struct security_group *group)
{
	if (!group->is_default)
		save_create(text, model, group);
	if (group->isolated && group->type == GROUP_BASIC)
		text_addf(text, "security-group set %s inner-access drop\n", group->resource.name);
}

static bool has_rule(const struct security_group *group, unsigned number)
{
	for (size_t i = 0; i < group->n_rule; i++)
		if (group->rule[i].number == number)
			return true;
	return false;
}

/* Of the rules that come with a group, those that are gone; of the others, those that are there. */
static void save_rules(struct text *text, const struct model *model,
		       const struct security_group *group)
{
	char words[FILTER_RULE_TEXT_SIZE];

	(void)model;
	for (unsigned number = 1; number <= group->n_given_rule; number++)
		if (!has_rule(group, number))
			text_addf(text, "security-group revoke %s rule %u\n", group->resource.name,
				  number);
	for (size_t i = 0; i < group->n_rule; i++) {
		const struct filter_rule *rule = &group->rule[i];

		if (rule->number <= group->n_given_rule)
			continue;
		text_addf(text, "security-group %s %s %s %s",
			  word_of(allow_words, (int)rule->policy), group->resource.name,
			  word_of(direction_words, (int)rule->direction),
			  filter_rule_format(rule, words));
		if (group->type != GROUP_EC2)
			text_addf(text, " priority %u", rule->priority);
		text_add_char(text, '\n');
	}
}

static void save_some_groups(struct text *text, const struct model *model, bool are_default,
			     void (*save)(struct text *text, const struct model *model,
					  const struct security_group *group))
{
	for (size_t i = 0; i < model_count(model, NOUN_SECURITY_GROUP); i++) {
		const struct security_group *group = model_get(model, NOUN_SECURITY_GROUP, i);

		if (group->is_default == are_default)
			save(text, model, group);
	}
}

/*
 * Rules may name any group, so all groups come first. Default groups come before the others, in the
 * order in which they will be there again, so that a lab that was saved and read saves the same.
 */
static void save_groups(struct text *text, const struct model *model)
{
	save_some_groups(text, model, true, save_group);
	save_some_groups(text, model, false, save_group);
	save_some_groups(text, model, true, save_rules);
	save_some_groups(text, model, false, save_rules);
}

static void save_interface(struct text *text, const struct model *model, const struct eni *eni)
{
	const char *noun = model_noun_word(model, eni->primary ? NOUN_ECS : NOUN_ENI);

	text_addf(text, "%s create %s %s %s", noun, eni->resource.name,
		  model_noun_word(model, NOUN_VSWITCH), eni->vswitch->resource.name);
	save_address(text, "ip", eni->ip);
	for (size_t i = 0; i < eni->n_group; i++)
		text_addf(text, "%s%s", i == 0 ? " security-group " : ",",
			  eni->group[i]->resource.name);
	if (eni->primary && eni->ecs->public_ip)
		save_address(text, "public-ip", eni->ecs->public_ip);
	if (eni->primary && !model_cloud(model)->source_dest_check)
		text_addf(text, " billing %s", word_of(billing_words, (int)eni->ecs->billing));
	text_add_char(text, '\n');
	if (model_cloud(model)->source_dest_check && !eni->source_dest_check)
		text_addf(text, "%s set %s source-dest-check off\n", noun, eni->resource.name);
}

static void save_ecs(struct text *text, const struct model *model, const void *resource)
{
	save_interface(text, model, ((const struct ecs *)resource)->eni[0]);
}

static void save_eni(struct text *text, const struct model *model, const void *resource)
{
	save_interface(text, model, resource);
}

static void save_attachments(struct text *text, const struct model *model, const void *resource)
{
	const struct ecs *ecs = resource;

	for (size_t i = 1; i < ecs->n_eni; i++)
		if (ecs->eni[i])
			text_addf(text, "eni attach %s %s %s\n", ecs->eni[i]->resource.name,
				  model_noun_word(model, NOUN_ECS), ecs->resource.name);
}

static void save_association(struct text *text, const struct model *model, const struct eip *eip,
			     bool of_gateway)
{
	if (eip->associated && (eip->associated->noun == NOUN_NAT_GATEWAY) == of_gateway)
		text_addf(text, "eip associate %s %s %s\n", eip->resource.name,
			  model_noun_word(model, eip->associated->noun), eip->associated->name);
}

static void save_gateway_eip(struct text *text, const struct model *model, const void *resource)
{
	save_association(text, model, resource, true);
}

static void save_instance_eip(struct text *text, const struct model *model, const void *resource)
{
	save_association(text, model, resource, false);
}

static void save_table_of(struct text *text, const struct model *model, const void *resource)
{
	const struct vswitch *vswitch = resource;

	if (vswitch->associated || !vswitch->table->system)
		text_addf(text, "route-table associate %s %s %s\n", vswitch->table->resource.name,
			  model_noun_word(model, NOUN_VSWITCH), vswitch->resource.name);
}

static void save_service(struct text *text, const struct model *model, const void *resource)
{
	const struct service *service = resource;

	(void)model;
	text_addf(text, "service start %s %s", service->node->name,
		  word_of(service_kind_words, (int)service->kind));
	if (service->kind == SERVICE_ECHO)
		text_addf(text, " protocol %s", protocol_word(service->protocol));
	if (service->kind != SERVICE_EXEC)
		text_addf(text, " port %u", service->port);
	text_addf(text, " name %s", service->resource.name);
	if (service->kind == SERVICE_EXEC)
		text_add(text, " --");
	for (size_t i = 0; service->argv && service->argv[i]; i++) {
		text_add_char(text, ' ');
		text_add_word(text, service->argv[i]);
	}
	text_add_char(text, '\n');
}

/* ---- Alibaba ---- */

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

	save_create(text, model, acl);
	for (size_t i = 0; i < acl->n_rule; i++) {
		const struct filter_rule *rule = &acl->rule[i];

		text_addf(text, "acl add %s %s %u %s %s\n", acl->resource.name,
			  word_of(direction_words, (int)rule->direction), rule->number,
			  word_of(policy_words, (int)rule->policy),
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
	const struct nat_gateway *nat = resource;

	save_create(text, model, nat);
	if (is_first_gateway(model, nat) && !has_default_route(model, nat->vpc))
		text_addf(text, "route delete %s/default-route\n", nat->vpc->resource.name);
}

static void save_snat(struct text *text, const struct model *model, const void *resource)
{
	const struct snat *snat = resource;

	(void)model;
	text_addf(text, "snat create %s nat-gateway %s source", snat->resource.name,
		  snat->nat_gateway->resource.name);
	if (snat->source)
		text_addf(text, " %s %s", noun_word(snat->source->noun), snat->source->name);
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
	const char *protocol = word_of(dnat_protocol_words, (int)dnat->protocol);

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

/* ---- AWS ---- */

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

static void save_aws_route(struct text *text, const struct model *model, const void *resource)
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
	text_addf(text, " type %s idle-timeout %u\n", word_of(aws_nat_type_words, (int)nat->type),
		  nat->idle_timeout);
}

static void save_aws(struct text *text, const struct model *model)
{
	text_addf(text, "provider %s\n", provider_word(model->provider));
	save_each(text, model, NOUN_VPC, save_create);
	save_each(text, model, NOUN_VSWITCH, save_create);
	save_each(text, model, NOUN_ROUTE_TABLE, save_table);
	save_each(text, model, NOUN_INTERNET_GATEWAY, save_create);
	save_each(text, model, NOUN_ROUTE, save_detached_route);
	save_each(text, model, NOUN_INTERNET_GATEWAY, save_internet_attachment);
	save_groups(text, model);
	save_each(text, model, NOUN_ECS, save_ecs);
	save_each(text, model, NOUN_ENI, save_eni);
	save_each(text, model, NOUN_ECS, save_attachments);
	save_each(text, model, NOUN_EIP, save_create);
	save_each(text, model, NOUN_NAT_GATEWAY, save_nat_gateway);
	save_each(text, model, NOUN_EIP, save_instance_eip);
	save_each(text, model, NOUN_ROUTE, save_aws_route);
	save_each(text, model, NOUN_VSWITCH, save_table_of);
	save_each(text, model, NOUN_INTERNET_HOST, save_create);
	save_each(text, model, NOUN_SERVICE, save_service);
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
	save_each(&text, model, NOUN_VPC, save_create);
	save_each(&text, model, NOUN_VSWITCH, save_create);
	save_each(&text, model, NOUN_ROUTE_TABLE, save_table);
	save_groups(&text, model);
	save_each(&text, model, NOUN_ECS, save_ecs);
	save_each(&text, model, NOUN_ENI, save_eni);
	save_each(&text, model, NOUN_ECS, save_attachments);
	save_each(&text, model, NOUN_NAT_GATEWAY, save_gateway);
	save_each(&text, model, NOUN_EIP, save_create);
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
	save_each(&text, model, NOUN_INTERNET_HOST, save_create);
	save_each(&text, model, NOUN_SERVICE, save_service);
	return text_take(&text);
}
