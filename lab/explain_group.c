#include <stdio.h>
#include <stdlib.h>

#include "lab/explain_parts.h"

/* Security groups as compile_security_group.c makes them, at a vSwitch's port. */

#define EPHEMERAL_FIRST 32768 /* net.ipv4.ip_local_port_range, as the kernel has it by default */
#define EPHEMERAL_LAST  60999

bool port_in_range(uint16_t port, uint16_t first, uint16_t last)
{
	if (port == 0)
		return first <= EPHEMERAL_FIRST && last >= EPHEMERAL_LAST;
	return port >= first && port <= last;
}

static int rule_order(const void *a, const void *b)
{
	const struct group_rule *x = a, *y = b;

	if (x->rule->priority != y->rule->priority)
		return x->rule->priority < y->rule->priority ? -1 : 1;
	if (x->rule->policy != y->rule->policy)
		return x->rule->policy == POLICY_DROP ? -1 : 1;
	return x->rule->number < y->rule->number ? -1 : x->rule->number > y->rule->number; /* equal in effect */
}

void group_chain_fill(struct group_chain *chain)
{
	for (size_t i = 0; i < chain->n_group; i++) {
		for (size_t j = 0; j < chain->group[i]->n_rule; j++) {
			const struct filter_rule *rule = &chain->group[i]->rule[j];

			*ARRAY_PUSH(chain->rule[rule->direction], chain->n_rule[rule->direction]) =
				(struct group_rule){ .group = chain->group[i], .rule = rule };
		}
	}
	for (int direction = 0; direction < 2; direction++)
		if (chain->n_rule[direction])
			qsort(chain->rule[direction], chain->n_rule[direction], sizeof(struct group_rule), rule_order);
}

void group_chain_free(struct group_chain *chain)
{
	free(chain->rule[0]);
	free(chain->rule[1]);
}

/* A group's members are private addresses, attached or not. */
static bool is_member(const struct model *model, const struct security_group *group, uint32_t ip)
{
	const struct eni *eni = model_eni_by_ip(model, group->vpc, ip);

	for (size_t i = 0; eni && i < eni->n_group; i++)
		if (eni->group[i] == group)
			return true;
	return false;
}

bool group_rule_matches(const struct walk *walk, const struct filter_rule *rule, const struct packet *packet)
{
	uint32_t peer = rule->direction == DIRECTION_IN ? packet->source : packet->destination;

	if (rule->protocol != PROTOCOL_ALL && rule->protocol != packet->protocol)
		return false;
	if (rule->port_first && !port_in_range(packet->destination_port, rule->port_first, rule->port_last))
		return false;
	return rule->peer_group ? is_member(walk->model, rule->peer_group, peer) : prefix_contains(rule->peer, peer);
}

static const char *format_rule(struct walk *walk, const struct group_rule *group_rule)
{
	const struct filter_rule *rule = group_rule->rule;
	char text[FILTER_RULE_TEXT_SIZE];

	return RULE(walk, "%s rule %u: %s %s %s", group_rule->group->resource.name, rule->number,
		    rule->policy == POLICY_DROP ? "drop" : "allow", rule->direction == DIRECTION_IN ? "in" : "out",
		    filter_rule_format(rule, text));
}

const struct group_rule *groups_rule(const struct walk *walk, const struct eni *eni, enum direction direction,
				     const struct packet *packet)
{
	const struct group_chain *chain = index_chain(walk->index, eni);

	for (size_t i = 0; i < chain->n_rule[direction]; i++)
		if (group_rule_matches(walk, chain->rule[direction][i].rule, packet))
			return &chain->rule[direction][i];
	return NULL;
}

bool groups_allow(struct walk *walk, const struct eni *eni, enum direction direction, const struct packet *packet,
		  const char **ret_why)
{
	const struct group_chain *chain = index_chain(walk->index, eni);
	const struct group_rule *rule;
	bool text = ret_why && walk->x, allowed;

	if (ret_why)
		*ret_why = "";
	for (size_t i = 0; direction == DIRECTION_IN && i < chain->n_group; i++) {
		const struct security_group *group = chain->group[i];

		if (group->type != GROUP_BASIC || group->isolated || !is_member(walk->model, group, packet->source))
			continue;
		if (text)
			*ret_why = RULE(walk, "%s: in from a member of the group", group->resource.name);
		return true;
	}
	rule = groups_rule(walk, eni, direction, packet);
	if (rule) {
		if (text)
			*ret_why = format_rule(walk, rule);
		return rule->rule->policy == POLICY_ACCEPT;
	}
	allowed = direction == DIRECTION_OUT && chain->group[0]->type == GROUP_BASIC;
	if (text)
		*ret_why = RULE(walk, "%s: %s", chain->group[0]->resource.name,
				allowed                     ? "out, allowed unless a rule drops it"
				: direction == DIRECTION_IN ? "in, denied unless a rule allows it"
							    : "out, denied unless a rule allows it");
	return allowed;
}

/* ---- network ACLs, as compile_acl.c has them: stateless, in order, and what no rule accepts is dropped ---- */

bool acl_allows(const struct acl *acl, enum direction direction, const struct packet *packet, const struct filter_rule **ret_rule)
{
	const uint32_t peer = direction == DIRECTION_IN ? packet->source : packet->destination;

	*ret_rule = NULL;
	for (size_t i = 0; i < acl->n_rule; i++) {
		const struct filter_rule *rule = &acl->rule[i];

		if (rule->direction != direction || (rule->protocol != PROTOCOL_ALL && rule->protocol != packet->protocol) ||
		    !prefix_contains(rule->peer, peer))
			continue;
		if (rule->port_first && !port_in_range(packet->destination_port, rule->port_first, rule->port_last))
			continue;
		*ret_rule = rule;
		return rule->policy == POLICY_ACCEPT;
	}
	return false;
}

const char *acl_rule_text(struct walk *walk, const struct acl *acl, enum direction direction, const struct filter_rule *rule)
{
	const char *way = direction == DIRECTION_IN ? "in" : "out";
	char text[FILTER_RULE_TEXT_SIZE];

	if (!rule)
		return RULE(walk, "%s: %s, no rule accepts it", acl->resource.name, way);
	return RULE(walk, "%s %s rule %u: %s %s", acl->resource.name, way, rule->number,
		    rule->policy == POLICY_DROP ? "drop" : "accept", filter_rule_format(rule, text));
}
