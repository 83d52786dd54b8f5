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
static bool has_group(const struct eni *eni, const struct security_group *group)
{
	for (size_t i = 0; eni && i < eni->n_group; i++)
		if (eni->group[i] == group)
			return true;
	return false;
}

static bool is_member(const struct packet_walk *walk, const struct security_group *group,
		      uint32_t ip)
{
	return has_group(eni_at(walk, group->vpc, ip), group);
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

/* What a group or an ACL asks of an address or an interface, and what is so of who is asked about.
 */
struct trait {
	const struct packet_walk *walk;
	const struct security_group *group; /* whose members; NULL: of whose rule */
	const struct filter_rule *rule;     /* NULL: what its own groups say */
	enum direction direction;
	bool yes;
};

static bool is_so_of(const struct trait *trait, const struct eni *eni, const struct eni *other)
{
	const struct security_group *group = trait->group;

	if (group)
		return has_group(
			       other->vswitch->vpc == group->vpc
				       ? other
				       : model_eni_by_ip(trait->walk->model, group->vpc, other->ip),
			       group) == trait->yes;
	if (trait->rule)
		return is_peer(trait->walk, trait->rule, other->ip) == trait->yes;
	return index_chains_same(trait->walk->index, eni, other, trait->direction);
}

static void keep_alike(struct alike *alike, const struct trait *trait)
{
	size_t n = 0;

	for (size_t i = 0; i < alike->n_left; i++) {
		const struct eni *other = alike->other[alike->left[i]];

		if (other == alike->eni || is_so_of(trait, alike->eni, other))
			alike->left[n++] = alike->left[i];
	}
	alike->n_left = n;
}

/* Leave in the box those of whom the same is so. */
static void note_trait(const struct packet_walk *walk, const struct eni *eni, uint32_t ip,
		       const struct trait *trait)
{
	struct alike *ends[] = { walk->box ? walk->box->from : NULL,
				 walk->box ? walk->box->to : NULL };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (ends[i] && ends[i]->n_left > 1 &&
		    (eni ? ends[i]->eni == eni : ends[i]->eni->ip == ip)) {
			walk->box->comparisons += ends[i]->n_left;
			keep_alike(ends[i], trait);
		}
}

/* Is the address that of a member? Where it is the sender's or the target's, the answer holds for
 * those of whom that is as true. */
static bool tell_member(const struct packet_walk *walk, const struct security_group *group,
			uint32_t ip)
{
	const struct trait trait = { .walk = walk,
				     .group = group,
				     .yes = is_member(walk, group, ip) };

	note_trait(walk, NULL, ip, &trait);
	return trait.yes;
}

static bool tell_peer(const struct packet_walk *walk, const struct filter_rule *rule, uint32_t ip)
{
	const struct trait trait = { .walk = walk, .rule = rule, .yes = is_peer(walk, rule, ip) };

	note_trait(walk, NULL, ip, &trait);
	return trait.yes;
}

static const struct group_chain *tell_chain(const struct packet_walk *walk, const struct eni *eni,
					    enum direction direction)
{
	const struct trait trait = { .walk = walk, .direction = direction };

	note_trait(walk, eni, 0, &trait);
	return index_chain(walk->index, eni);
}

/* A flow of ICMP is a ping: echo requests, and echo replies, which have no code. */
static unsigned icmp_type(const struct packet_walk *walk)
{
	return walk->back ? 0 : 8;
}

#define RULE_COMPARISONS 4 /* as much work is a rule that is looked at */

bool filter_rule_matches(const struct packet_walk *walk, const struct filter_rule *rule,
			 const struct packet *packet)
{
	uint32_t peer = rule->direction == DIRECTION_IN ? packet->source : packet->destination;

	if (walk->box)
		walk->box->comparisons += RULE_COMPARISONS;
	if (rule->protocol != PROTOCOL_ALL && rule->protocol != packet->protocol)
		return false;
	/* The peer first: a rule for others tells ports apart for nobody. */
	if (rule->peer_group ? !tell_member(walk, rule->peer_group, peer)
			     : !tell_peer(walk, rule, peer))
		return false;
	if (rule->protocol == PROTOCOL_ICMP)
		return (!rule->port_first || rule->port_first == 1 + icmp_type(walk)) &&
		       rule->port_last <= 1;
	return !rule->port_first || walk_port_in(walk, packet, rule->port_first, rule->port_last);
}

const struct group_rule *groups_rule(const struct packet_walk *walk, const struct eni *eni,
				     enum direction direction, const struct packet *packet)
{
	const struct group_chain *chain = tell_chain(walk, eni, direction);

	for (size_t i = 0; i < chain->n_rule[direction]; i++)
		if (filter_rule_matches(walk, chain->rule[direction][i].rule, packet))
			return &chain->rule[direction][i];
	return NULL;
}

struct group_verdict groups_verdict(const struct packet_walk *walk, const struct eni *eni,
				    enum direction direction, const struct packet *packet)
{
	const struct group_chain *chain = tell_chain(walk, eni, direction);
	const struct group_rule *by;

	for (size_t i = 0; direction == DIRECTION_IN && i < chain->n_group; i++)
		if (group_admits_members(chain->group[i]) &&
		    tell_member(walk, chain->group[i], packet->source))
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
