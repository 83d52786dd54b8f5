/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/explain/internal.h"

/* Security groups as lab/compile/security_group.c makes them, at a vSwitch's port. */

bool port_in_range(uint16_t port, uint16_t first, uint16_t last)
{
	if (port == 0)
		return first <= EPHEMERAL_FIRST && last >= EPHEMERAL_LAST;
	return port >= first && port <= last;
}

/* A group's members are private addresses, attached or not. */
static bool is_member(const struct packet_walk *walk, const struct security_group *group,
		      uint32_t ip)
{
	const struct eni *eni = eni_at(walk, group->vpc, ip);

	for (size_t i = 0; eni && i < eni->n_group; i++)
		if (eni->group[i] == group)
			return true;
	return false;
}

static bool is_peer(const struct packet_walk *walk, const struct filter_rule *rule, uint32_t ip)
{
	size_t n;
	const struct prefix *peers = filter_rule_peers(rule, &n);

	while (n > 0)
		if (walk_in(walk, peers[--n], ip))
			return true;
	return false;
}

/* A flow of ICMP is a ping: echo requests, and echo replies, which have no code. */
static unsigned icmp_type(const struct packet_walk *walk)
{
	return walk->back ? 0 : 8;
}

bool filter_rule_matches(const struct packet_walk *walk, const struct filter_rule *rule,
			 const struct packet *packet)
{
	uint32_t peer = rule->direction == DIRECTION_IN ? packet->source : packet->destination;

	if (rule->protocol != PROTOCOL_ALL && rule->protocol != packet->protocol)
		return false;
	/* The peer first: a rule for others tells ports apart for nobody. */
	if (rule->peer_group ? !is_member(walk, rule->peer_group, peer)
			     : !is_peer(walk, rule, peer))
		return false;
	if (rule->protocol == PROTOCOL_ICMP)
		return (!rule->port_first || rule->port_first == 1 + icmp_type(walk)) &&
		       rule->port_last <= 1;
	return !rule->port_first || walk_port_in(walk, packet, rule->port_first, rule->port_last);
}

const struct group_rule *groups_rule(const struct packet_walk *walk, const struct eni *eni,
				     enum direction direction, const struct packet *packet)
{
	const struct group_chain *chain = index_chain(walk->index, eni);

	for (size_t i = 0; i < chain->n_rule[direction]; i++)
		if (filter_rule_matches(walk, chain->rule[direction][i].rule, packet))
			return &chain->rule[direction][i];
	return NULL;
}

struct group_verdict groups_verdict(const struct packet_walk *walk, const struct eni *eni,
				    enum direction direction, const struct packet *packet)
{
	const struct group_chain *chain = index_chain(walk->index, eni);
	const struct group_rule *by;

	for (size_t i = 0; direction == DIRECTION_IN && i < chain->n_group; i++)
		if (group_admits_members(chain->group[i]) &&
		    is_member(walk, chain->group[i], packet->source))
			return (struct group_verdict){ true, DECISION_GROUP_MEMBERS,
						       chain->group[i], NULL };
	by = groups_rule(walk, eni, direction, packet);
	if (by)
		return (struct group_verdict){ by->rule->policy == POLICY_ACCEPT,
					       DECISION_GROUP_RULE, by->group, by->rule };
	return (struct group_verdict){ group_allows_rest(chain->group[0], direction),
				       DECISION_GROUP_REST, chain->group[0], NULL };
}

/* ---- network ACLs, as lab/compile/acl.c has them: stateless, in order, and what no rule accepts
 * is dropped ---- */

bool acl_allows(const struct packet_walk *walk, const struct acl *acl, enum direction direction,
		const struct packet *packet, const struct filter_rule **ret_rule)
{
	*ret_rule = NULL;
	for (size_t i = 0; i < acl->n_rule; i++) {
		const struct filter_rule *rule = &acl->rule[i];

		if (rule->direction != direction || !filter_rule_matches(walk, rule, packet))
			continue;
		*ret_rule = rule;
		return rule->policy == POLICY_ACCEPT;
	}
	return false;
}
