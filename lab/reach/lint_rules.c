/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/model/query.h"
#include "lab/reach/internal.h"

/* Rules that never decide. */

static bool ports_cover(const struct filter_rule *outer, const struct filter_rule *inner)
{
	if (outer->protocol == PROTOCOL_ICMP && outer->port_first)
		return outer->port_first == inner->port_first &&
		       (!outer->port_last || outer->port_last == inner->port_last);
	return !outer->port_first || (inner->port_first && outer->port_first <= inner->port_first &&
				      outer->port_last >= inner->port_last);
}

static bool is_peer_of(const struct filter_rule *rule, struct prefix prefix)
{
	size_t n;
	const struct prefix *peers = filter_rule_peers(rule, &n);

	while (n > 0)
		if (prefix_covers(peers[--n], prefix))
			return true;
	return false;
}

/* Members of a group may have any address. */
static bool peers_cover(const struct filter_rule *outer, const struct filter_rule *inner)
{
	size_t n;
	const struct prefix *peers = filter_rule_peers(inner, &n);

	if (outer->peer_group)
		return outer->peer_group == inner->peer_group;
	if (inner->peer_group)
		return is_peer_of(outer, DEFAULT_ROUTE);
	while (n > 0)
		if (!is_peer_of(outer, peers[--n]))
			return false;
	return true;
}

/* Is whatever the one matches matched by the other? */
static bool rule_covers(const struct filter_rule *outer, const struct filter_rule *inner)
{
	return outer->direction == inner->direction &&
	       (outer->protocol == PROTOCOL_ALL || outer->protocol == inner->protocol) &&
	       ports_cover(outer, inner) && peers_cover(outer, inner);
}

/* The order in which they are asked, as group_chain has it; an ACL's are in it. */
static bool rule_is_before(const struct filter_rule *a, const struct filter_rule *b)
{
	if (a->priority != b->priority)
		return a->priority < b->priority;
	if (a->priority && a->policy != b->policy)
		return a->policy == POLICY_DROP;
	return a->number < b->number;
}

static const char *policy_word(const struct filter_rule *rule)
{
	return rule->policy == POLICY_ACCEPT ? "allow" : "drop";
}

/* What rules leave of the addresses and ports of another one. */
struct cover {
	const struct filter_rule **rule;
	size_t n_rule;
	unsigned work;
};

#define COVER_WORK_MAX 20000 /* beyond that a rule is taken for one that decides something */

static struct interval ports_of(const struct filter_rule *rule)
{
	return rule->port_first ? (struct interval){ rule->port_first, rule->port_last }
				: (struct interval){ 0, UINT16_MAX };
}

/* Those of a group or prefix list may have any. */
static bool has_any_peers(const struct filter_rule *rule)
{
	return rule->peer_group || rule->peer_list;
}

static struct interval peers_of(const struct filter_rule *rule)
{
	return has_any_peers(rule)
		       ? (struct interval){ 0, UINT32_MAX }
		       : (struct interval){ rule->peer.address, prefix_last(rule->peer) };
}

static struct interval common(struct interval a, struct interval b)
{
	return (struct interval){ a.first > b.first ? a.first : b.first,
				  a.last < b.last ? a.last : b.last };
}

/* Is nothing left of these, behind the rules from number k on? */
static bool is_covered(struct cover *cover, struct interval peer, struct interval port, size_t k)
{
	for (; k < cover->n_rule; k++) {
		const struct interval address = common(peer, peers_of(cover->rule[k])),
				      number = common(port, ports_of(cover->rule[k]));

		if (address.first > address.last || number.first > number.last)
			continue;
		return cover->work++ < COVER_WORK_MAX &&
		       (address.first == peer.first ||
			is_covered(cover, (struct interval){ peer.first, address.first - 1 }, port,
				   k + 1)) &&
		       (address.last == peer.last ||
			is_covered(cover, (struct interval){ address.last + 1, peer.last }, port,
				   k + 1)) &&
		       (number.first == port.first ||
			is_covered(cover, address,
				   (struct interval){ port.first, number.first - 1 }, k + 1)) &&
		       (number.last == port.last ||
			is_covered(cover, address, (struct interval){ number.last + 1, port.last },
				   k + 1));
	}
	return false;
}

static int compare_rules(const void *a, const void *b)
{
	const unsigned x = (*(const struct filter_rule *const *)a)->number,
		       y = (*(const struct filter_rule *const *)b)->number;

	return x < y ? -1 : x > y;
}

/* A rule that several before it cover together: "1, 3 and 4". */
static bool add_covering(struct text *numbers, const struct filter_rule *rules, size_t n,
			 const struct filter_rule *rule)
{
	auto_free const struct filter_rule **before = xalloc((n + 1) * sizeof(*before));
	struct cover cover = { .rule = before };

	for (size_t i = 0; i < n; i++)
		if (rules[i].direction == rule->direction && rule_is_before(&rules[i], rule) &&
		    (rules[i].protocol == PROTOCOL_ALL || rules[i].protocol == rule->protocol) &&
		    (!has_any_peers(&rules[i]) || (rules[i].peer_group == rule->peer_group &&
						   rules[i].peer_list == rule->peer_list)))
			before[cover.n_rule++] = &rules[i];
	if (!is_covered(&cover, peers_of(rule), ports_of(rule), 0))
		return false;
	/* No more of them than it takes. */
	for (size_t i = cover.n_rule; i-- > 0;) {
		const struct filter_rule *last = before[--cover.n_rule], *one = before[i];

		before[i] = i < cover.n_rule ? last : before[i];
		if (is_covered(&cover, peers_of(rule), ports_of(rule), 0))
			continue;
		before[cover.n_rule++] = one;
	}
	qsort(before, cover.n_rule, sizeof(*before), compare_rules);
	for (size_t i = 0; i < cover.n_rule; i++)
		text_addf(numbers, "%s%u",
			  i == 0                 ? ""
			  : i + 1 < cover.n_rule ? ", "
						 : " and ",
			  before[i]->number);
	return true;
}

/* In a list of rules, what makes this one needless: one before it that covers it, some before it
 * that do together, or one behind it that decides the same, with none of the other policy between.
 */
static void lint_rule(struct lint *lint, const struct model *model, const struct resource *of,
		      const struct filter_rule *rules, size_t n, const struct filter_rule *rule,
		      bool alone)
{
	const struct filter_rule *before = NULL, *behind = NULL, *by;
	const bool acl = of->noun == NOUN_ACL;
	char text[FILTER_RULE_TEXT_SIZE], other[FILTER_RULE_TEXT_SIZE];
	auto_text several = { 0 };
	bool opposed = false;
	struct lint_finding *finding;

	for (size_t i = 0; i < n; i++) {
		if (&rules[i] == rule || rules[i].direction != rule->direction)
			continue;
		if (rule_covers(&rules[i], rule)) {
			if (rule_is_before(&rules[i], rule))
				before = before ? before : &rules[i];
			else if (rules[i].policy == rule->policy)
				behind = behind ? behind : &rules[i];
		}
	}
	for (size_t i = 0; behind && i < n; i++)
		opposed = opposed ||
			  (rules[i].direction == rule->direction &&
			   rules[i].policy != rule->policy && rule_is_before(rule, &rules[i]) &&
			   rule_is_before(&rules[i], behind));
	by = before ? before : opposed || !alone ? NULL : behind;
	filter_rule_format(rule, text);
	if (!before && add_covering(&several, rules, n, rule)) {
		finding = lint_add(
			lint, LINT_RULE_SHADOWED, of,
			"%s rule %u (%s %s) never decides: rules %s match all of it first",
			of->name, rule->number, policy_word(rule), text, text_get(&several));
	} else if (by) {
		filter_rule_format(by, other);
		finding = lint_add(
			lint, before ? LINT_RULE_SHADOWED : LINT_RULE_REDUNDANT, of,
			"%s rule %u (%s %s) %s: rule %u (%s %s) %s", of->name, rule->number,
			policy_word(rule), text, before ? "never decides" : "changes nothing",
			by->number, policy_word(by), other,
			before ? "matches all of it first" : "decides the same after it");
	} else {
		return;
	}
	finding->rule = rule;
	if (acl)
		finding->cure = arena_printf(
			&lint->arena, "%s remove %s %s %u", model_noun_word(model, NOUN_ACL),
			of->name, rule->direction == DIRECTION_IN ? "in" : "out", rule->number);
	else
		finding->cure = arena_printf(&lint->arena, "%s revoke %s rule %u",
					     model_noun_word(model, NOUN_SECURITY_GROUP), of->name,
					     rule->number);
}

void lint_rules(struct lint *lint, const struct model *model)
{
	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, group) {
		size_t cursor = 0;
		bool alone = true; /* no host has rules of another group between them */

		for (const struct eni *eni; (eni = model_next_eni(model, &cursor));)
			for (size_t k = 0; k < eni->n_group; k++)
				alone = alone && (eni->group[k] != group || eni->n_group == 1);
		for (size_t k = 0; k < group->n_rule; k++)
			if (group->rule[k].number > group->n_given_rule)
				lint_rule(lint, model, &group->resource, group->rule, group->n_rule,
					  &group->rule[k], alone);
	}
	model_each(model, NOUN_ACL, const struct acl, acl) {
		for (size_t k = 0; k < acl->n_rule; k++)
			if (!acl_rule_came(&acl->rule[k]))
				lint_rule(lint, model, &acl->resource, acl->rule, acl->n_rule,
					  &acl->rule[k], true);
	}
}
