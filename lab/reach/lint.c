/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/reach/lint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/model/query.h"
#include "lab/model/words.h"

const struct word finding_words[] = {
	{ "rule-shadowed", LINT_RULE_SHADOWED },
	{ "rule-redundant", LINT_RULE_REDUNDANT },
	{ "unused", LINT_UNUSED },
	{ "entry-unused", LINT_ENTRY_UNUSED },
	{ "two-ways-out", LINT_TWO_WAYS_OUT },
	{ "dnat-nowhere", LINT_DNAT_NOWHERE },
	{ "dnat-shut", LINT_DNAT_SHUT },
	{ "answer-lost", LINT_ANSWER_LOST },
	{ "admin-open", LINT_ADMIN_OPEN },
	{ "acl-ephemeral", LINT_ACL_EPHEMERAL },
	{ "route-nowhere", LINT_ROUTE_NOWHERE },
	{ 0 },
};

static struct lint_finding *add(struct lint *lint, enum finding_id id,
				const struct resource *object, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static struct lint_finding *add(struct lint *lint, enum finding_id id,
				const struct resource *object, const char *format, ...)
{
	struct lint_finding *finding = ARRAY_PUSH(lint->finding, lint->n_finding);
	auto_free char *message = NULL;
	va_list ap;

	va_start(ap, format);
	message = xvprintf(format, ap);
	va_end(ap);
	*finding = (struct lint_finding){ .id = id,
					  .object = object,
					  .message = arena_strdup(&lint->arena, message) };
	return finding;
}

/* ---- rules ---- */

static bool ports_cover(const struct filter_rule *outer, const struct filter_rule *inner)
{
	if (outer->protocol == PROTOCOL_ICMP && outer->port_first)
		return outer->port_first == inner->port_first &&
		       (!outer->port_last || outer->port_last == inner->port_last);
	return !outer->port_first || (inner->port_first && outer->port_first <= inner->port_first &&
				      outer->port_last >= inner->port_last);
}

/* Is whatever the one matches matched by the other? */
static bool rule_covers(const struct filter_rule *outer, const struct filter_rule *inner)
{
	return outer->direction == inner->direction &&
	       (outer->protocol == PROTOCOL_ALL || outer->protocol == inner->protocol) &&
	       ports_cover(outer, inner) &&
	       (outer->peer_group || inner->peer_group
			? outer->peer_group == inner->peer_group ||
				  (!outer->peer_group && outer->peer.length == 0)
			: prefix_covers(outer->peer, inner->peer));
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

/* Members of a group may have any. */
static struct interval peers_of(const struct filter_rule *rule)
{
	return rule->peer_group ? (struct interval){ 0, UINT32_MAX }
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
		    (!rules[i].peer_group || rules[i].peer_group == rule->peer_group))
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
		finding = add(lint, LINT_RULE_SHADOWED, of,
			      "%s rule %u (%s %s) never decides: rules %s match all of it first",
			      of->name, rule->number, policy_word(rule), text, text_get(&several));
	} else if (by) {
		filter_rule_format(by, other);
		finding = add(lint, before ? LINT_RULE_SHADOWED : LINT_RULE_REDUNDANT, of,
			      "%s rule %u (%s %s) never decides: rule %u (%s %s) %s", of->name,
			      rule->number, policy_word(rule), text, by->number, policy_word(by),
			      other, before ? "matches all of it first" : "decides the same");
	} else {
		return;
	}
	finding->rule = rule;
	if (acl)
		finding->cure = arena_printf(&lint->arena, "acl remove %s %s %u", of->name,
					     rule->direction == DIRECTION_IN ? "in" : "out",
					     rule->number);
	else
		finding->cure = arena_printf(&lint->arena, "%s revoke %s rule %u",
					     model_noun_word(model, NOUN_SECURITY_GROUP), of->name,
					     rule->number);
}

static void lint_rules(struct lint *lint, const struct model *model)
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

/* ---- objects ---- */

static void unused(struct lint *lint, const struct model *model, const struct resource *object,
		   const char *why)
{
	struct lint_finding *finding =
		add(lint, LINT_UNUSED, object, "%s %s is used by nothing: %s",
		    model_noun_title(model, object->noun), object->name, why);

	finding->cure = arena_printf(&lint->arena, "%s delete %s",
				     model_noun_word(model, object->noun), object->name);
}

static bool is_peer(const struct model *model, const struct security_group *group)
{
	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, other) {
		for (size_t k = 0; k < other->n_rule; k++)
			if (other->rule[k].peer_group == group)
				return true;
	}
	return false;
}

static void lint_objects(struct lint *lint, const struct model *model)
{
	model_each(model, NOUN_EIP, const struct eip, eip) {
		if (!eip->associated)
			unused(lint, model, &eip->resource, "it is associated with nothing");
	}
	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, group) {
		if (!group->is_default && !group->n_member && !is_peer(model, group))
			unused(lint, model, &group->resource,
			       "no interface is in it, no rule names it");
	}
	model_each(model, NOUN_ROUTE_TABLE, const struct route_table, table) {
		if (!table->system && !model_count_users(model, NOUN_VSWITCH, table))
			unused(lint, model, &table->resource, "it is associated with nothing");
	}
	model_each(model, NOUN_ACL, const struct acl, acl) {
		if (acl != acl->vpc->default_acl && !model_count_users(model, NOUN_VSWITCH, acl))
			unused(lint, model, &acl->resource, "it is associated with nothing");
	}
	model_each(model, NOUN_ENI, const struct eni, eni) {
		if (!eni->ecs)
			unused(lint, model, &eni->resource, "it is attached to nothing");
	}
	model_each(model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		if (!model_count_users(model, NOUN_ROUTE, nat) &&
		    !model_count_users(model, NOUN_DNAT, nat))
			unused(lint, model, &nat->resource,
			       "no route leads to it, and it publishes nothing");
	}
	model_each(model, NOUN_ROUTE, const struct route, route) {
		const struct eni *eni = route_interface(route);

		if (!route_is_blackhole(route) && !(eni && !eni->ecs))
			continue;
		add(lint, LINT_ROUTE_NOWHERE, &route->resource,
		    "route %s leads nowhere: its next hop is %s", route->resource.name,
		    eni ? "attached to nothing" : "gone, or detached")
			->cure =
			arena_printf(&lint->arena, "route delete %s", route->resource.name);
	}
}

/* ---- packets ---- */

struct look { /* at all cells */
	struct lint *lint;
	const struct model *model;
	const struct explain_index *index;
	bool *decided;   /* by id */
	bool *through;   /* of entries: something gets to the host behind it */
	enum code *code; /* of entries: what the first that does not dies of */
	struct flow *first;
};

static const struct resource *named(const struct look *look, const char *name)
{
	return *name ? model_find(look->model, name) : NULL;
}

/* Of answers: one finding for all flows to one host that die at one node. */
static void lint_answer(struct look *look, const struct explanation *x)
{
	const bool acl = x->code == CODE_ACL_INGRESS || x->code == CODE_ACL_EGRESS;
	const struct resource *object = named(look, x->hop);
	const struct hop *last = x->back.n_hop ? &x->back.hop[x->back.n_hop - 1] : NULL;
	struct lint_finding *finding;

	if (!last || (!acl && x->code != CODE_RETURN_PATH))
		return;
	if (acl && last->n_decision)
		object = last->decision[last->n_decision - 1].resource;
	for (size_t i = 0; i < look->lint->n_finding; i++)
		if (look->lint->finding[i].object == object &&
		    look->lint->finding[i].id == (acl ? LINT_ACL_EPHEMERAL : LINT_ANSWER_LOST))
			return;
	if (!object)
		return;
	if (acl)
		finding = add(look->lint, LINT_ACL_EPHEMERAL, object,
			      "ACL %s lets the request pass and drops its answer, which goes to a "
			      "port of "
			      "the sender's own choice, 32768 to 60999",
			      object->name);
	else
		finding = add(look->lint, LINT_ANSWER_LOST, object,
			      "requests from %s reach %s, but the answers are lost at %s",
			      x->flow.from, x->flow.to, x->hop);
	finding->witness = x->flow;
	if (x->n_cure)
		finding->cure = arena_strdup(&look->lint->arena, x->cure[0].command[0]);
}

static const uint16_t admin_ports[] = { 22, 23, 3389, 5900, 5985, 5986 };

static void lint_admin(struct look *look, const struct reach_row *row, const struct explanation *x)
{
	const struct resource *object = named(look, row->witness.to);
	size_t most = 0;

	if (row->protocol != PROTOCOL_TCP || !outcome_gets_through(&row->outcome[0]) ||
	    row->witness.stranger == 0 || row->outcome[0].seen != SEEN_ITSELF)
		return;
	if (!object) /* "ECS1.public" */
		object = x->forward.n_hop ? named(look, x->forward.hop[x->forward.n_hop - 1].node)
					  : NULL;
	if (!object || object->noun == NOUN_INTERNET_HOST)
		return;
	/* The most of the internet that there is in one piece: below 10.0.0.0, and above. */
	for (size_t i = 0; i < row->from.n; i++)
		if (row->from.range[i].last - row->from.range[i].first > most)
			most = row->from.range[i].last - row->from.range[i].first;
	for (size_t p = 0; p < ARRAY_SIZE(admin_ports); p++) {
		bool open = false, known = false;
		struct lint_finding *finding;

		for (size_t i = 0; i < row->port.n; i++)
			open = open || (row->port.range[i].first <= admin_ports[p] &&
					row->port.range[i].last >= admin_ports[p]);
		for (size_t i = 0; i < look->lint->n_finding; i++)
			known = known || (look->lint->finding[i].id == LINT_ADMIN_OPEN &&
					  look->lint->finding[i].object == object &&
					  look->lint->finding[i].witness.port == admin_ports[p]);
		if (!open || known || most < 1u << 24)
			continue;
		finding = add(look->lint, LINT_ADMIN_OPEN, object,
			      "port %u, of administration, of %s is open to the internet%s",
			      admin_ports[p], row->witness.to,
			      row->outcome[0].kind == OUTCOME_NOT_LISTENING
				      ? ", though nothing listens now"
				      : "");
		finding->doubtful = row->outcome[0].kind == OUTCOME_NOT_LISTENING;
		finding->witness = row->witness;
		finding->witness.port = admin_ports[p];
	}
}

static void note_decisions(struct look *look, const struct explanation *x)
{
	const struct hops *ways[] = { &x->forward, &x->back };

	for (size_t w = 0; w < 2; w++) {
		for (size_t h = 0; h < ways[w]->n_hop; h++) {
			for (size_t d = 0; d < ways[w]->hop[h].n_decision; d++) {
				const struct resource *by = ways[w]->hop[h].decision[d].resource;

				if (!by)
					continue;
				look->decided[by->id] = true;
				if (by->noun != NOUN_DNAT || w != 0)
					continue;
				if (!x->code || x->code == CODE_NOT_LISTENING) {
					look->through[by->id] = true;
				} else if (!look->code[by->id]) {
					look->code[by->id] = x->code;
					look->first[by->id] = x->flow;
				}
			}
		}
	}
}

/* Has each host that an SNAT entry is for a public address of its own? */
static bool hosts_are_public(const struct model *model, const struct snat *snat)
{
	size_t cursor = 0, n = 0;

	for (const struct eni *eni; (eni = model_next_eni(model, &cursor));) {
		if (eni->vswitch->vpc != snat->nat_gateway->vpc ||
		    !prefix_contains(snat->cidr, eni->ip))
			continue;
		if (!eni_public_ip(eni))
			return false;
		n++;
	}
	return n > 0;
}

static bool has_hosts(const struct model *model, const struct snat *snat)
{
	size_t cursor = 0;

	for (const struct eni *eni; (eni = model_next_eni(model, &cursor));)
		if (eni->vswitch->vpc == snat->nat_gateway->vpc &&
		    prefix_contains(snat->cidr, eni->ip))
			return true;
	return false;
}

static void lint_entries(struct look *look)
{
	const struct model *model = look->model;

	model_each(model, NOUN_SNAT, const struct snat, snat) {
		const bool public = hosts_are_public(model, snat);

		if (look->decided[snat->resource.id])
			continue;
		add(look->lint, public ? LINT_TWO_WAYS_OUT : LINT_ENTRY_UNUSED, &snat->resource,
		    public ? "hosts of SNAT entry %s have public addresses and leave by those: it "
			     "is never used"
		    : has_hosts(model, snat)
			    ? "no packet is translated by SNAT entry %s: its hosts have another "
			      "way out, or none"
			    : "no packet is translated by SNAT entry %s: there is no host for it",
		    snat->resource.name)
			->cure =
			arena_printf(&look->lint->arena, "snat delete %s", snat->resource.name);
	}
	model_each(model, NOUN_DNAT, const struct dnat, dnat) {
		const unsigned id = dnat->resource.id;
		struct lint_finding *finding = NULL;

		if (!dnat_takes_effect(model, dnat))
			finding = add(look->lint, LINT_DNAT_NOWHERE, &dnat->resource,
				      "DNAT entry %s leads to an address that no host has",
				      dnat->resource.name);
		else if (!look->decided[id])
			finding = add(look->lint, LINT_ENTRY_UNUSED, &dnat->resource,
				      "no packet comes by DNAT entry %s", dnat->resource.name);
		else if (!look->through[id] &&
			 (look->code[id] == CODE_SG_INGRESS || look->code[id] == CODE_ACL_INGRESS))
			finding = add(look->lint, LINT_DNAT_SHUT, &dnat->resource,
				      "nothing gets through DNAT entry %s: the %s of its host lets "
				      "none of it in",
				      dnat->resource.name,
				      look->code[id] == CODE_SG_INGRESS ? "security group"
									: "network ACL");
		if (finding && finding->id == LINT_DNAT_SHUT) {
			struct explanation x;

			finding->witness = look->first[id];
			explain(look->index, &finding->witness, &x);
			if (x.n_cure)
				finding->cure =
					arena_strdup(&look->lint->arena, x.cure[0].command[0]);
			explanation_free(&x);
		} else if (finding) {
			finding->cure = arena_printf(&look->lint->arena, "dnat delete %s",
						     dnat->resource.name);
		}
	}
}

static void lint_packets(struct lint *lint, const struct model *model,
			 const struct explain_index *index)
{
	const size_t n = model->next_id + 1;
	struct reach *reach = reach_cells(model, index);
	struct look look = { .lint = lint,
			     .model = model,
			     .index = reach->index[0],
			     .decided = xalloc(n),
			     .through = xalloc(n),
			     .code = xalloc(n * sizeof(*look.code)),
			     .first = xalloc(n * sizeof(*look.first)) };

	lint->given_up = reach->given_up;
	for (size_t i = 0; !reach->given_up && i < reach->n_row; i++) {
		struct explanation x;

		explain(look.index, &reach->row[i].witness, &x);
		note_decisions(&look, &x);
		lint_answer(&look, &x);
		lint_admin(&look, &reach->row[i], &x);
		explanation_free(&x);
	}
	if (!reach->given_up)
		lint_entries(&look);
	free(look.decided);
	free(look.through);
	free(look.code);
	free(look.first);
	reach_free(reach);
}

void lint_run(const struct model *model, const struct explain_index *index, struct lint *ret_lint)
{
	*ret_lint = (struct lint){ 0 };
	lint_rules(ret_lint, model);
	lint_objects(ret_lint, model);
	lint_packets(ret_lint, model, index);
}

void lint_free(struct lint *lint)
{
	free(lint->finding);
	arena_free(&lint->arena);
}
