/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/language/request.h"
#include "lab/language/tokenizer.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
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

/* A key with the words of its value; nothing where nothing is given, as with a switch whose off is
 * that. */
static void save_value(struct text *text, const struct parameter *parameter, const void *request)
{
	const bool list = parameter->kind == ARGUMENT_REFERENCES ||
			  parameter->kind == ARGUMENT_WORDS;
	char buffer[REQUEST_WORD_SIZE];
	const char *word;

	if ((parameter->flags & PARAMETER_SWITCH) && !parameter->given &&
	    !*(const bool *)((const char *)request + parameter->offset))
		return;
	for (size_t i = 0; (word = request_word(parameter, request, i, buffer)); i++) {
		if (i == 0 && parameter_is_key(parameter))
			text_addf(text, " %s", parameter->name);
		text_add_char(text, i > 0 && list ? ',' : ' ');
		text_add_word(text, word);
	}
}

void model_save_resource(struct text *text, const struct model *model, const void *resource)
{
	const struct command *row;
	auto_free void *request = nouns_describe(model, resource, &row);

	text_add(text, row->words);
	for (size_t i = 0; i < command_n_parameter(row); i++)
		save_value(text, &row->parameter[i], request);
	text_add_char(text, '\n');
}

static void save_table(struct text *text, const struct model *model, const void *resource)
{
	if (!((const struct route_table *)resource)->system)
		model_save_resource(text, model, resource);
}

static void save_group(struct text *text, const struct model *model,
		       const struct security_group *group)
{
	if (!group->is_default)
		model_save_resource(text, model, group);
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
	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, group)
		if (group->is_default == are_default)
			save(text, model, group);
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

static void save_check(struct text *text, const struct model *model, const char *word,
		       const struct eni *eni)
{
	if (model_cloud(model)->source_dest_check && !eni->source_dest_check)
		text_addf(text, "%s set %s source-dest-check off\n", word, eni->resource.name);
}

static void save_ecs(struct text *text, const struct model *model, const void *resource)
{
	model_save_resource(text, model, resource);
	save_check(text, model, model_noun_word(model, NOUN_ECS),
		   ((const struct ecs *)resource)->eni[0]);
}

static void save_eni(struct text *text, const struct model *model, const void *resource)
{
	model_save_resource(text, model, resource);
	save_check(text, model, model_noun_word(model, NOUN_ENI), resource);
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

/* Of the ACL that comes with a VPC, what differs from how it came: rule by rule. */
static void save_acl(struct text *text, const struct model *model, const struct acl *acl, bool came)
{
	const char *noun = model_noun_word(model, NOUN_ACL), *name = acl->resource.name;
	bool kept[2] = { !came, !came };
	char words[FILTER_RULE_TEXT_SIZE];

	if (!came)
		model_save_resource(text, model, acl);
	for (size_t i = 0; i < acl->n_rule; i++)
		kept[acl->rule[i].direction] |= acl_rule_came(&acl->rule[i]);
	for (int way = DIRECTION_IN; way <= DIRECTION_OUT; way++)
		if (!kept[way])
			text_addf(text, "%s remove %s %s %u\n", noun, name,
				  word_of(direction_words, way), ACL_NUMBER_DEFAULT);
	for (size_t i = 0; i < acl->n_rule; i++) {
		const struct filter_rule *rule = &acl->rule[i];

		if (came && acl_rule_came(rule))
			continue;
		text_addf(text, "%s add %s %s %u %s %s\n", noun, name,
			  word_of(direction_words, (int)rule->direction), rule->number,
			  word_of(model_cloud(model)->acl_policies, (int)rule->policy),
			  filter_rule_format(rule, words));
	}
	for (size_t i = 0; !came && i < model_count(model, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(model, NOUN_VSWITCH, i);

		if (vswitch->acl == acl)
			text_addf(text, "%s associate %s %s %s\n", noun, name,
				  model_noun_word(model, NOUN_VSWITCH), vswitch->resource.name);
	}
}

/* The default ones first, as groups. */
static void save_acls(struct text *text, const struct model *model)
{
	for (int came = true; came >= false; came--) {
		model_each(model, NOUN_ACL, const struct acl, acl)
			if ((acl->vpc->default_acl == acl) == came)
				save_acl(text, model, acl, came);
	}
}

static bool is_automatic(const struct route *route)
{
	return strchr(route->resource.name, '/'); /* no name given by hand has one */
}

static bool has_default_route(const struct model *model, const struct vpc *vpc)
{
	model_each(model, NOUN_ROUTE, const struct route, route)
		if (is_automatic(route) && route->table->vpc == vpc)
			return true;
	return false;
}

static bool is_first_gateway(const struct model *model, const struct nat_gateway *nat)
{
	model_each(model, NOUN_NAT_GATEWAY, const struct nat_gateway, other)
		if (other->vpc == nat->vpc)
			return other == nat;
	return false;
}

static void save_gateway(struct text *text, const struct model *model, const void *resource)
{
	const struct nat_gateway *nat = resource;

	model_save_resource(text, model, nat);
	if (!model_cloud(model)->gateway_has_eip && is_first_gateway(model, nat) &&
	    !has_default_route(model, nat->vpc))
		text_addf(text, "route delete %s/default-route\n", nat->vpc->resource.name);
}

/* ---- AWS ---- */

static bool is_detached(const struct route *route)
{
	return route->via && route->via_type == HOP_INTERNET_GATEWAY && route_is_blackhole(route);
}

static void save_route(struct text *text, const struct model *model, const void *resource)
{
	if (!is_automatic(resource) && !is_detached(resource))
		model_save_resource(text, model, resource);
}

static void save_detached_route(struct text *text, const struct model *model, const void *resource)
{
	const struct route *route = resource;

	if (!is_detached(route))
		return;
	text_addf(text, "internet-gateway attach %s vpc %s\n", route->via->name,
		  route->table->vpc->resource.name);
	model_save_resource(text, model, route);
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

/* Settings that are not as a new lab has them. */
static void save_settings(struct text *text, const struct model *model)
{
	if (model->provider != PROVIDER_ALIBABA)
		text_addf(text, "provider %s\n", provider_word(model->provider));
	if (model->profile != model_cloud(model)->profile)
		text_addf(text, "profile %s\n", model->profile->name);
	if (model->authorization_required)
		text_add(text, "authorization required\n");
	if (model->authorized)
		text_add(text, "authorize nat-gateway\n");
}

char *model_save(const struct model *model)
{
	const bool gateway_has_eip = model_cloud(model)->gateway_has_eip;
	struct text text = { 0 };

	save_settings(&text, model);
	save_each(&text, model, NOUN_VPC, model_save_resource);
	save_each(&text, model, NOUN_VSWITCH, model_save_resource);
	save_each(&text, model, NOUN_ROUTE_TABLE, save_table);
	save_each(&text, model, NOUN_INTERNET_GATEWAY, model_save_resource);
	save_each(&text, model, NOUN_ROUTE, save_detached_route);
	save_each(&text, model, NOUN_INTERNET_GATEWAY, save_internet_attachment);
	save_groups(&text, model);
	save_each(&text, model, NOUN_ECS, save_ecs);
	save_each(&text, model, NOUN_ENI, save_eni);
	save_each(&text, model, NOUN_ECS, save_attachments);
	if (gateway_has_eip)
		save_each(&text, model, NOUN_EIP, model_save_resource);
	save_each(&text, model, NOUN_NAT_GATEWAY, save_gateway);
	if (!gateway_has_eip) {
		save_each(&text, model, NOUN_EIP, model_save_resource);
		save_each(&text, model, NOUN_EIP, save_gateway_eip);
	}
	if (!model->profile->own_ip_excludes_nat)
		save_each(&text, model, NOUN_EIP, save_instance_eip);
	save_each(&text, model, NOUN_SNAT, model_save_resource);
	save_each(&text, model, NOUN_DNAT, model_save_resource);
	if (model->profile->own_ip_excludes_nat)
		save_each(&text, model, NOUN_EIP, save_instance_eip);
	save_each(&text, model, NOUN_ROUTE, save_route);
	save_each(&text, model, NOUN_VSWITCH, save_table_of);
	save_acls(&text, model);
	save_each(&text, model, NOUN_INTERNET_HOST, model_save_resource);
	save_each(&text, model, NOUN_SERVICE, model_save_resource);
	return text_take(&text);
}
