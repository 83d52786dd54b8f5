/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/save_common.h"

void save_each(struct text *text, const struct model *model, enum noun noun, save_fn save)
{
	for (size_t i = 0; i < model_count(model, noun); i++)
		save(text, model, model_get(model, noun, i));
}

void save_address(struct text *text, const char *key, uint32_t address)
{
	char s[ADDRESS_TEXT_SIZE];

	text_addf(text, " %s %s", key, address_format(address, s));
}

void save_prefix(struct text *text, const char *key, struct prefix prefix)
{
	char s[PREFIX_TEXT_SIZE];

	text_addf(text, " %s %s", key, prefix_format(prefix, s));
}

void save_vpc(struct text *text, const struct model *model, const void *resource)
{
	const struct vpc *vpc = resource;

	(void)model;
	text_addf(text, "vpc create %s", vpc->resource.name);
	save_prefix(text, "cidr", vpc->cidr);
	text_add_char(text, '\n');
}

void save_vswitch(struct text *text, const struct model *model, const void *resource)
{
	const struct vswitch *vswitch = resource;

	text_addf(text, "%s create %s vpc %s", model_noun_word(model, NOUN_VSWITCH),
		  vswitch->resource.name, vswitch->vpc->resource.name);
	save_prefix(text, "cidr", vswitch->cidr);
	text_addf(text, " zone %s\n", vswitch->zone);
}

void save_table(struct text *text, const struct model *model, const void *resource)
{
	const struct route_table *table = resource;

	(void)model;
	if (!table->system)
		text_addf(text, "route-table create %s vpc %s\n", table->resource.name,
			  table->vpc->resource.name);
}

static void save_group(struct text *text, const struct model *model,
		       const struct security_group *group)
{
	static const char *const types[] = { [GROUP_BASIC] = " type basic",
					     [GROUP_ENTERPRISE] = " type enterprise",
					     [GROUP_EC2] = "" };

	(void)model;
	if (!group->is_default)
		text_addf(text, "security-group create %s vpc %s%s\n", group->resource.name,
			  group->vpc->resource.name, types[group->type]);
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

	for (unsigned number = 1; number <= group->n_given_rule; number++)
		if (!has_rule(group, number))
			text_addf(text, "security-group revoke %s rule %u\n", group->resource.name,
				  number);
	for (size_t i = 0; i < group->n_rule; i++) {
		const struct filter_rule *rule = &group->rule[i];

		if (rule->number <= group->n_given_rule)
			continue;
		text_addf(text, "security-group %s %s %s %s",
			  rule->policy == POLICY_ACCEPT ? "allow" : "drop", group->resource.name,
			  rule->direction == DIRECTION_IN ? "in" : "out",
			  filter_rule_format(rule, words));
		if (model->provider == PROVIDER_ALIBABA)
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
void save_groups(struct text *text, const struct model *model)
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
	if (eni->primary && model->provider == PROVIDER_ALIBABA)
		text_addf(text, " billing %s",
			  eni->ecs->billing == BILLING_SUBSCRIPTION ? "subscription"
								    : "pay-as-you-go");
	text_add_char(text, '\n');
	if (model->provider == PROVIDER_AWS && !eni->source_dest_check)
		text_addf(text, "%s set %s source-dest-check off\n", noun, eni->resource.name);
}

void save_ecs(struct text *text, const struct model *model, const void *resource)
{
	save_interface(text, model, ((const struct ecs *)resource)->eni[0]);
}

void save_eni(struct text *text, const struct model *model, const void *resource)
{
	save_interface(text, model, resource);
}

void save_attachments(struct text *text, const struct model *model, const void *resource)
{
	const struct ecs *ecs = resource;

	for (size_t i = 1; i < ecs->n_eni; i++)
		if (ecs->eni[i])
			text_addf(text, "eni attach %s %s %s\n", ecs->eni[i]->resource.name,
				  model_noun_word(model, NOUN_ECS), ecs->resource.name);
}

void save_eip(struct text *text, const struct model *model, const void *resource)
{
	const struct eip *eip = resource;

	(void)model;
	text_addf(text, "eip create %s", eip->resource.name);
	save_address(text, "ip", eip->ip);
	text_add_char(text, '\n');
}

static void save_association(struct text *text, const struct model *model, const struct eip *eip,
			     bool of_gateway)
{
	if (eip->associated && (eip->associated->noun == NOUN_NAT_GATEWAY) == of_gateway)
		text_addf(text, "eip associate %s %s %s\n", eip->resource.name,
			  model_noun_word(model, eip->associated->noun), eip->associated->name);
}

void save_gateway_eip(struct text *text, const struct model *model, const void *resource)
{
	save_association(text, model, resource, true);
}

void save_instance_eip(struct text *text, const struct model *model, const void *resource)
{
	save_association(text, model, resource, false);
}

void save_table_of(struct text *text, const struct model *model, const void *resource)
{
	const struct vswitch *vswitch = resource;

	if (vswitch->associated || !vswitch->table->system)
		text_addf(text, "route-table associate %s %s %s\n", vswitch->table->resource.name,
			  model_noun_word(model, NOUN_VSWITCH), vswitch->resource.name);
}

void save_internet_host(struct text *text, const struct model *model, const void *resource)
{
	const struct internet_host *host = resource;

	(void)model;
	text_addf(text, "internet-host create %s", host->resource.name);
	save_address(text, "ip", host->ip);
	for (size_t i = 0; i < host->n_dns; i++)
		text_addf(text, "%s%s", i == 0 ? " dns " : ",", host->dns[i]);
	text_add_char(text, '\n');
}

void save_service(struct text *text, const struct model *model, const void *resource)
{
	static const char *const kinds[] = { "http", "https", "echo", "exec" };
	const struct service *service = resource;

	(void)model;
	text_addf(text, "service start %s %s", service->node->name, kinds[service->kind]);
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
