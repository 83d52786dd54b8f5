/* SPDX-License-Identifier: GPL-3.0-only */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/language/request.h"
#include "lab/language/tokenizer.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/model/words.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/*
 * The model as commands, ordered so that every rule says yes again:
 *
 * - Gateways come before all routes. The first one of a VPC brings the default route with it, as it
 * did then; where that route has been deleted since, it is deleted right here.
 * - EIPs of gateways, then SNAT and DNAT entries, and only then EIPs of instances: an instance with
 * an EIP takes no entry, but one with an SNAT entry takes an EIP. In the profile of today it is the
 * other way round: an instance with an EIP takes entries, but one with a DNAT entry takes no EIP.
 * - Static public addresses come with their ECS; a DNAT entry and such an address exclude each
 * other either way.
 *
 * What does not survive: numbers of security rules (their order and content do), and gaps in the
 * numbering of the interfaces of an ECS (the order does).
 */

/* A key with the words of its value; nothing where nothing is given, as with a switch whose off is
 * that. */
static void save_value(struct text *text, const struct parameter *parameter, const void *request)
{
	const bool list = parameter->kind == ARGUMENT_REFERENCES ||
			  parameter->kind == ARGUMENT_CIDRS || parameter->kind == ARGUMENT_WORDS;
	char buffer[REQUEST_WORD_SIZE];
	const char *word;

	if (parameter->flags & PARAMETER_FLAG) {
		if (*(const bool *)((const char *)request + parameter->offset))
			text_addf(text, " %s", parameter->name);
		return;
	}
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

static void save_all(struct text *text, const struct model *model, enum noun noun)
{
	model_each(model, noun, const struct resource, resource)
		model_save_resource(text, model, resource);
}

static void save_vpcs(struct text *text, const struct model *model)
{
	char cidr[PREFIX_TEXT_SIZE];

	model_each(model, NOUN_VPC, const struct vpc, vpc) {
		model_save_resource(text, model, vpc);
		if (!vpc->dns_support)
			text_addf(text, "vpc set %s dns-support off\n", vpc->resource.name);
		if (vpc->dns_hostnames)
			text_addf(text, "vpc set %s dns-hostnames on\n", vpc->resource.name);
		for (size_t i = 1; i < vpc->cidr.n_item; i++)
			text_addf(text, "vpc associate %s cidr %s\n", vpc->resource.name,
				  prefix_format(vpc->cidr.item[i], cidr));
	}
}

static void save_prefix_lists(struct text *text, const struct model *model)
{
	char cidr[PREFIX_TEXT_SIZE];

	model_each(model, NOUN_PREFIX_LIST, const struct prefix_list, list) {
		model_save_resource(text, model, list);
		if (list->n_entry)
			text_addf(text, "prefix-list add %s cidr ", list->resource.name);
		for (size_t i = 0; i < list->n_entry; i++)
			text_addf(text, "%s%c", prefix_format(list->entry[i], cidr),
				  i + 1 < list->n_entry ? ',' : '\n');
	}
}

static void save_tables(struct text *text, const struct model *model)
{
	model_each(model, NOUN_ROUTE_TABLE, const struct route_table, table)
		if (!table->system)
			model_save_resource(text, model, table);
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
	unsigned next = group->n_given_rule + 1;
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
		if (rule->number != next) /* others are gone */
			text_addf(text, " rule %u", rule->number);
		text_add_char(text, '\n');
		next = rule->number + 1;
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

static void save_check(struct text *text, const struct model *model, enum noun noun,
		       const struct eni *eni)
{
	if (model_cloud(model)->source_dest_check && !eni->source_dest_check)
		text_addf(text, "%s set %s source-dest-check off\n", model_noun_word(model, noun),
			  eni->resource.name);
}

static void save_secondary(struct text *text, const struct eni *eni)
{
	char ip[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < eni->n_secondary; i++)
		text_addf(text, "eni assign %s ip %s\n", eni->resource.name,
			  address_format(eni->secondary[i].address, ip));
}

static void save_metadata(struct text *text, const struct model *model, const struct ecs *ecs)
{
	const struct metadata_options *options = &ecs->metadata;

	if (options->tokens_required || options->endpoint_disabled || options->token_hop_limit != 1)
		text_addf(text,
			  "%s set %s http-tokens %s http-put-response-hop-limit %u http-endpoint "
			  "%s\n",
			  model_noun_word(model, NOUN_ECS), ecs->resource.name,
			  word_of(http_tokens_words, options->tokens_required),
			  options->token_hop_limit,
			  word_of(http_endpoint_words, options->endpoint_disabled));
}

static void save_association(struct text *text, const struct model *model, const struct eip *eip)
{
	char ip[ADDRESS_TEXT_SIZE];

	text_addf(text, "eip associate %s %s %s", eip->resource.name,
		  model_noun_word(model, eip->associated->noun), eip->associated->name);
	if (eip->private_ip && eip->associated->noun != NOUN_NAT_GATEWAY)
		text_addf(text, " private-ip %s", address_format(eip->private_ip, ip));
	if (eip->mode == EIP_BINDED)
		text_addf(text, " mode %s", word_of(eip_mode_words, eip->mode));
	text_add_char(text, '\n');
}

/* cloud-semantics: eip-4 */
static void save_cut_through(struct text *text, const struct model *model)
{
	model_each(model, NOUN_EIP, const struct eip, eip) {
		if (!eip_is_cut_through(eip))
			continue;
		model_save_resource(text, model, eip);
		save_association(text, model, eip);
	}
}

static void save_hosts(struct text *text, const struct model *model)
{
	model_each(model, NOUN_ECS, const struct ecs, ecs) {
		model_save_resource(text, model, ecs);
		save_check(text, model, NOUN_ECS, ecs->eni[0]);
		save_secondary(text, ecs->eni[0]);
		save_metadata(text, model, ecs);
	}
	model_each(model, NOUN_ENI, const struct eni, eni) {
		model_save_resource(text, model, eni);
		save_check(text, model, NOUN_ENI, eni);
		save_secondary(text, eni);
	}
	save_cut_through(text, model); /* before they are attached */
	model_each(model, NOUN_ECS, const struct ecs, ecs)
		for (size_t i = 1; i < ecs->n_eni; i++)
			if (ecs->eni[i])
				text_addf(text, "eni attach %s %s %s\n", ecs->eni[i]->resource.name,
					  model_noun_word(model, NOUN_ECS), ecs->resource.name);
}

static void save_eips(struct text *text, const struct model *model, bool of_gateways)
{
	model_each(model, NOUN_EIP, const struct eip, eip)
		if (eip->associated && !eip_is_cut_through(eip) &&
		    (eip->associated->noun == NOUN_NAT_GATEWAY) == of_gateways)
			save_association(text, model, eip);
}

static void save_associations(struct text *text, const struct model *model)
{
	model_each(model, NOUN_VSWITCH, const struct vswitch, vswitch)
		if (vswitch->associated || !vswitch->table->system)
			text_addf(text, "route-table associate %s %s %s\n",
				  vswitch->table->resource.name,
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
	if (came)
		return;
	model_each_user(model, NOUN_VSWITCH, acl, const struct vswitch, vswitch)
		text_addf(text, "%s associate %s %s %s\n", noun, name,
			  model_noun_word(model, NOUN_VSWITCH), vswitch->resource.name);
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

/* What drains comes last: nothing is associated meanwhile. */
static void save_secondary_eips(struct text *text, const struct model *model,
				const struct nat_gateway *nat)
{
	char ip[ADDRESS_TEXT_SIZE];

	model_each_user(model, NOUN_EIP, nat, const struct eip, eip)
		if (eip->private_ip)
			text_addf(text, "nat-gateway associate %s eip %s ip %s\n",
				  nat->resource.name, eip->resource.name,
				  address_format(eip->private_ip, ip));
	model_each_user(model, NOUN_EIP, nat, const struct eip, eip)
		if (eip->draining)
			text_addf(text, "nat-gateway disassociate %s eip %s\n", nat->resource.name,
				  eip->resource.name);
}

static void save_gateways(struct text *text, const struct model *model)
{
	char cidr[PREFIX_TEXT_SIZE];

	model_each(model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		model_save_resource(text, model, nat);
		if (!model_cloud(model)->gateway_has_eip && !has_default_route(model, nat->vpc) &&
		    vpc_first_gateway(model, nat->vpc) == nat)
			text_addf(text, "route delete %s/default-route\n", nat->vpc->resource.name);
		if (model_cloud(model)->gateway_has_eip)
			save_secondary_eips(text, model, nat);
		for (size_t i = 0; i < nat->nat_cidr.n_item; i++)
			text_addf(text, "nat-gateway associate %s cidr %s\n", nat->resource.name,
				  prefix_format(nat->nat_cidr.item[i], cidr));
	}
	model_each(model, NOUN_NAT_IP, const struct eip, nat_ip)
		if (nat_ip != nat_ip_default(model, (const struct nat_gateway *)nat_ip->associated))
			model_save_resource(text, model, nat_ip);
}

/* ---- AWS ---- */

static bool is_detached(const struct route *route)
{
	return route->via && route->via_noun == NOUN_INTERNET_GATEWAY &&
	       ((const struct internet_gateway *)route->via)->vpc != route->table->vpc;
}

static void save_attachment(struct text *text, const struct resource *gateway,
			    const struct vpc *vpc)
{
	text_addf(text, "internet-gateway attach %s vpc %s\n", gateway->name, vpc->resource.name);
}

/* A route to a gateway that is not attached any more was made while it was. */
static void save_internet_gateways(struct text *text, const struct model *model)
{
	save_all(text, model, NOUN_INTERNET_GATEWAY);
	model_each(model, NOUN_ROUTE, const struct route, route) {
		if (!is_detached(route))
			continue;
		save_attachment(text, route->via, route->table->vpc);
		model_save_resource(text, model, route);
		text_addf(text, "internet-gateway detach %s\n", route->via->name);
	}
	model_each(model, NOUN_INTERNET_GATEWAY, const struct internet_gateway, gateway)
		if (gateway->vpc)
			save_attachment(text, &gateway->resource, gateway->vpc);
}

/* ---- Alibaba ---- */

/* That a VPC has no internet is told by how it came to that. */
static void save_ipv4_gateways(struct text *text, const struct model *model)
{
	model_each(model, NOUN_VPC, const struct vpc, vpc) {
		auto_free char *name = free_name(model, &vpc->resource, "ipv4-gateway");

		if (vpc->no_internet)
			text_addf(text,
				  "ipv4-gateway create %s vpc %s\n"
				  "ipv4-gateway delete %s internet-mode private\n",
				  name, vpc->resource.name, name);
	}
	model_each(model, NOUN_INTERNET_GATEWAY, const struct internet_gateway, gateway) {
		model_save_resource(text, model, gateway);
		if (gateway->active)
			text_addf(text, "ipv4-gateway activate %s\n", gateway->resource.name);
		if (gateway->table)
			text_addf(text, "ipv4-gateway associate %s route-table %s\n",
				  gateway->resource.name, gateway->table->resource.name);
	}
}

static void save_peerings(struct text *text, const struct model *model)
{
	model_each(model, NOUN_VPC_PEERING, const struct vpc_peering, peering) {
		model_save_resource(text, model, peering);
		if (peering->state == PEERING_ACTIVE && model_cloud(model)->peerings_wait)
			text_addf(text, "%s accept %s\n", model_noun_word(model, NOUN_VPC_PEERING),
				  peering->resource.name);
	}
}

static void save_use(struct text *text, const char *verb, const struct transit_table *table,
		     const struct transit_attachment *attachment)
{
	text_addf(text, "transit-route-table %s %s attachment %s\n", verb, table->resource.name,
		  attachment->resource.name);
}

/* What an attachment has to do with the default table is said where it is made. */
static void save_transit(struct text *text, const struct model *model)
{
	save_all(text, model, NOUN_TRANSIT_ROUTER);
	model_each(model, NOUN_TRANSIT_TABLE, const struct transit_table, table)
		if (table != table->router->default_table)
			model_save_resource(text, model, table);
	model_each(model, NOUN_TRANSIT_ATTACHMENT, const struct transit_attachment, attachment) {
		const struct transit_table *first = attachment->router->default_table;

		model_save_resource(text, model, attachment);
		if (attachment->associated && attachment->associated != first)
			save_use(text, "associate", attachment->associated, attachment);
		for (size_t i = 0; i < attachment->n_propagated; i++)
			if (attachment->propagated[i] != first)
				save_use(text, "enable-propagation", attachment->propagated[i],
					 attachment);
	}
	save_all(text, model, NOUN_TRANSIT_ROUTE);
}

/* One that the first gateway brings, and that leads somewhere else since. */
static void save_automatic(struct text *text, const struct model *model, const struct route *route)
{
	const void *first = vpc_first_gateway(model, route->table->vpc);

	if (route->via != first && route->via_noun != NOUN_VPC_ENDPOINT)
		text_addf(text, "route set %s via %s %s\n", route->resource.name,
			  model_noun_word(model, route->via_noun), route->via->name);
}

static void save_routes(struct text *text, const struct model *model)
{
	model_each(model, NOUN_ROUTE, const struct route, route) {
		if (is_automatic(route))
			save_automatic(text, model, route);
		else if (!is_detached(route))
			model_save_resource(text, model, route);
	}
}

static void save_balancers(struct text *text, const struct model *model)
{
	const char *word = model_noun_word(model, NOUN_TARGET_GROUP),
		   *verb = model->provider == PROVIDER_AWS ? "register" : "add",
		   *key = model->provider == PROVIDER_AWS ? "instance" : "ecs";

	save_all(text, model, NOUN_LOAD_BALANCER);
	model_each(model, NOUN_TARGET_GROUP, const struct target_group, group) {
		model_save_resource(text, model, group);
		if (group->n_target)
			text_addf(text, "%s %s %s %s ", word, verb, group->resource.name, key);
		for (size_t i = 0; i < group->n_target; i++)
			text_addf(text, "%s%c", group->target[i]->resource.name,
				  i + 1 < group->n_target ? ',' : '\n');
	}
	save_all(text, model, NOUN_LISTENER);
}

static void save_notes(struct text *text, const struct model *model)
{
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++)
		model_each(model, noun, const struct resource, resource) {
			if (!resource->note)
				continue;
			text_addf(text, "note %s ", resource->name);
			text_add_word(text, resource->note);
			text_add_char(text, '\n');
		}
}

/* Settings that are not as a new lab has them. */
static void save_settings(struct text *text, const struct model *model)
{
	const struct profile *base = model->profile->raised ? model->profile->raised
							    : model->profile;

	if (model->provider != PROVIDER_ALIBABA)
		text_addf(text, "provider %s\n", provider_word(model->provider));
	if (base != model_cloud(model)->profile)
		text_addf(text, "profile %s\n", base->name);
	for (const struct word *word = model->provider == PROVIDER_AWS ? aws_quota_words
								       : quota_words;
	     word->word; word++)
		if (profile_quota_of(model->profile, word->value) !=
		    profile_quota_of(base, word->value))
			text_addf(text, "quota %s %u\n", word->word,
				  profile_quota_of(model->profile, word->value));
	for (const struct word *word = model->provider == PROVIDER_AWS ? aws_price_words
								       : price_words;
	     word->word; word++)
		if (model->has_price[word->value])
			text_addf(text, "price %s %" PRIu64 ".%06" PRIu64 "\n", word->word,
				  model->price[word->value] / PRICE_UNIT,
				  model->price[word->value] % PRICE_UNIT);
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
	save_prefix_lists(&text, model);
	save_vpcs(&text, model);
	save_all(&text, model, NOUN_VSWITCH);
	save_tables(&text, model);
	save_peerings(&text, model);
	save_transit(&text, model);
	if (model_cloud(model)->internet_gateways)
		save_internet_gateways(&text, model);
	else
		save_ipv4_gateways(&text, model);
	save_groups(&text, model);
	save_hosts(&text, model);
	save_balancers(&text, model);
	if (gateway_has_eip)
		save_all(&text, model, NOUN_EIP);
	save_gateways(&text, model);
	if (!gateway_has_eip) {
		model_each(model, NOUN_EIP, const struct eip, eip)
			if (!eip_is_cut_through(eip))
				model_save_resource(&text, model, eip);
		save_eips(&text, model, true);
	}
	if (!model->profile->own_ip_excludes_nat)
		save_eips(&text, model, false);
	save_all(&text, model, NOUN_SNAT);
	save_all(&text, model, NOUN_DNAT);
	if (model->profile->own_ip_excludes_nat)
		save_eips(&text, model, false);
	save_routes(&text, model);
	save_associations(&text, model);
	save_acls(&text, model);
	save_all(&text, model, NOUN_INTERNET_HOST);
	if (model_has_noun(model, NOUN_VPC_ENDPOINT))
		save_all(&text, model, NOUN_VPC_ENDPOINT);
	save_all(&text, model, NOUN_PRIVATE_ZONE);
	save_all(&text, model, NOUN_ZONE_RECORD);
	save_all(&text, model, NOUN_SERVICE);
	save_notes(&text, model);
	return text_take(&text);
}
