/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/trace/internal.h"

/*
 * What decided at a node, by the rules that the kernel says fired, and by the routes that the lab
 * made, where the packet left by the link of one. The cookie of a rule, element or route says what
 * of the cloud it stands for.
 */
struct seen_at {
	struct arena *arena;
	const struct model *model;
	const struct wanted *wanted;
	const struct trace_event *event;
	struct hop *hop;
};

/* What the lab made of that kind in the namespace. */
static const struct object *made(const struct seen_at *at, enum object_kind kind, size_t *ret_n)
{
	return wanted_range(at->wanted, kind, at->event->netns, ret_n);
}

static const struct nft_chain *wanted_chain(const struct seen_at *at, const char *name)
{
	size_t n;
	const struct object *object = made(at, OBJECT_NFT_CHAIN, &n);

	for (size_t i = 0; object && i < n; i++)
		if (strcmp(object[i].chain.name, name) == 0)
			return &object[i].chain;
	return NULL;
}

/* The lab's own rule in that place, as far as that can be seen: the chain is as long as the lab's,
 * the verdict the rule's. */
static const struct nft_rule *rule_of(const struct nft_chain *chain,
				      const struct nft_trace_step *step)
{
	const struct nft_rule *rule;
	const struct nft_statement *last;

	if (!chain || !step->ours || !step->rule || chain->n_rule != step->n_rule)
		return NULL;
	rule = &chain->rule[step->rule - 1];
	last = rule->n_statement ? &rule->statement[rule->n_statement - 1] : NULL;
	if (last && last->kind == NFT_VERDICT &&
	    (last->verdict.verdict == NFT_VERDICT_DROP) != step->drop)
		return NULL;
	return rule;
}

static int compare_keys(const void *a, const void *b)
{
	return object_compare_key(a, b);
}

/* The element that the packet finds, as it came in. NULL: none, or the key holds what a trace does
 * not tell. */
static const struct object *find_element(const struct seen_at *at,
					 const struct nft_statement *lookup)
{
	const struct nft_trace_packet *packet = &at->event->packet;
	const struct tuple *in = &packet->in;
	struct object wanted = { .kind = OBJECT_NFT_ELEMENT,
				 .netns = at->event->netns,
				 .element.set = lookup->lookup.set };
	size_t n;
	const struct object *elements = made(at, OBJECT_NFT_ELEMENT, &n);

	for (unsigned i = 0; i < lookup->lookup.n_key && i < NFT_ELEMENT_KEY; i++) {
		switch ((int)lookup->lookup.key[i]) {
		case NFT_IIFNAME:
			wanted.element.key[i].name = packet->iif;
			break;
		case NFT_OIFNAME:
			wanted.element.key[i].name = packet->oif;
			break;
		case NFT_SADDR:
			wanted.element.key[i].value = in->source &
						      prefix_mask(lookup->lookup.length);
			break;
		case NFT_DADDR:
			wanted.element.key[i].value = in->destination;
			break;
		case NFT_L4PROTO:
			wanted.element.key[i].value = in->protocol;
			break;
		case NFT_DPORT:
			wanted.element.key[i].value = in->destination_port;
			break;
		default:
			return NULL;
		}
	}
	return n ? bsearch(&wanted, elements, n, sizeof(*elements), compare_keys) : NULL;
}

/* What a rule of the lab's stands for; where it looks something up in a map, what it finds there.
 */
static struct decision decision_of_rule(const struct seen_at *at, const struct nft_rule *rule)
{
	uint64_t cookie = rule->cookie;
	struct decision decision;

	for (size_t i = 0; i < rule->n_statement; i++) {
		const enum nft_statement_kind kind = rule->statement[i].kind;
		const struct object *element = NULL;

		if (kind == NFT_VMAP || kind == NFT_DNAT_MAP || kind == NFT_SNAT_MAP)
			element = find_element(at, &rule->statement[i]);
		if (element)
			cookie = element->cookie;
	}
	decision = decision_of_cookie(at->model, cookie);
	if (decision.kind == DECISION_SNAT) /* to which of its EIPs */
		decision.other = model_holder(at->model, NULL, at->event->packet.out.source);
	return decision;
}

/* ---- steps ---- */

static bool is_of_cloud(const struct decision *decision)
{
	return decision->kind != DECISION_NONE && decision->kind != DECISION_PART &&
	       decision->kind != DECISION_PART_OF_GROUPS;
}

static void note(const struct seen_at *at, struct decision decision)
{
	struct hop *hop = at->hop;

	if (hop->n_decision < HOP_DECISIONS_MAX)
		hop->decision[hop->n_decision++] = decision;
}

/* A rule that stands for nothing of the cloud's is told as what it is. */
static struct decision nft_decision(const struct seen_at *at, const struct nft_trace_step *step,
				    const struct nft_rule *rule)
{
	auto_text words = { 0 };

	if (rule)
		nft_format_rule(&words, rule);
	return BY(NFT, .chain = arena_strdup(at->arena, step->chain),
		  .words = rule ? arena_strdup(at->arena, text_get(&words)) : NULL,
		  .number = step->rule, .foreign = !step->ours, .by_policy = step->policy,
		  .drop = step->drop);
}

static struct decision decision_of_step(const struct seen_at *at, const struct nft_trace_step *step)
{
	const struct nft_rule *rule = step->policy ? NULL
						   : rule_of(wanted_chain(at, step->chain), step);
	struct decision decision = rule ? decision_of_rule(at, rule) : BY(NONE);

	/* What is no rule of the lab's, or drops without being anything of the cloud's. */
	if (!is_of_cloud(&decision) && (!rule || step->drop))
		return nft_decision(at, step, rule);
	return decision;
}

static bool is_of_check(const struct decision *decision)
{
	return decision->kind == DECISION_SOURCE_CHECK ||
	       decision->kind == DECISION_DESTINATION_CHECK;
}

/* By the last step. The chain of a check is that of all interfaces: the one before says whose. */
static void note_drop(const struct seen_at *at)
{
	const struct nft_trace_packet *packet = &at->event->packet;
	struct decision decision = decision_of_step(at, &packet->step[packet->n_step - 1]), caller;

	if (packet->n_step > 1 && is_of_check(&decision)) {
		caller = decision_of_step(at, &packet->step[packet->n_step - 2]);
		if (caller.kind == decision.kind)
			decision = caller;
	}
	note(at, decision);
}

static bool in_nat_chain(const struct seen_at *at, const struct nft_trace_step *step)
{
	const struct nft_chain *chain = wanted_chain(at, step->chain);
	const struct nft_rule *rule = rule_of(chain, step);

	const enum decision_kind kind = rule ? decision_of_rule(at, rule).kind : DECISION_NONE;

	return chain &&
	       (chain->type == NFT_CHAIN_NAT || kind == DECISION_SNAT || kind == DECISION_BALANCED);
}

/* Rules that translated, or those that let it pass. */
static void note_steps(const struct seen_at *at, bool nat)
{
	const struct nft_trace_packet *packet = &at->event->packet;

	for (size_t i = 0; i < packet->n_step; i++) {
		const struct nft_trace_step *step = &packet->step[i];
		struct decision decision;

		/* What a host's own firewall accepts goes the way that it would go without it. */
		if (!step->ours || step->policy || step->jump || in_nat_chain(at, step) != nat)
			continue;
		decision = decision_of_step(at, step);
		if (is_of_cloud(&decision))
			note(at, decision);
	}
}

/* ---- routes ---- */

static const struct object *find_route(const struct seen_at *at, uint32_t table)
{
	const uint32_t to = at->event->packet.out.destination;
	const struct object *best = NULL;
	size_t n;
	const struct object *route = made(at, OBJECT_ROUTE, &n);

	for (size_t i = 0; i < n; i++)
		if (route[i].route.table == table && prefix_contains(route[i].route.to, to) &&
		    (!best || route[i].route.to.length > best->route.to.length))
			best = &route[i];
	return best && best->route.type != ROUTE_THROW ? best : NULL;
}

/* The mark that the lab's rules give the packet. *ret_decision: why. */
static uint32_t mark_of(const struct seen_at *at, struct decision *ret_decision)
{
	const struct nft_trace_packet *packet = &at->event->packet;
	uint32_t mark = 0;
	size_t n;
	const struct object *chain = made(at, OBJECT_NFT_CHAIN, &n);

	/* Of its connection: that it is marked the rule has said. */
	for (size_t i = 0; i < packet->n_step; i++) {
		const struct nft_rule *rule =
			rule_of(wanted_chain(at, packet->step[i].chain), &packet->step[i]);

		for (size_t k = 0; rule && k < rule->n_statement; k++)
			if (rule->statement[k].kind == NFT_SET_MARK)
				mark = rule->statement[k].mark;
	}
	for (size_t i = 0; i < n && !mark; i++) {
		for (size_t k = 0; k < chain[i].chain.n_rule; k++) {
			const struct nft_rule *rule = &chain[i].chain.rule[k];
			const struct nft_statement *last = &rule->statement[rule->n_statement - 1];
			const struct object *element = NULL;

			if (last->kind == NFT_SET_MARK && rule->statement[0].kind == NFT_IN_SET)
				element = find_element(at, &rule->statement[0]);
			if (!element)
				continue;
			*ret_decision = decision_of_cookie(at->model, element->cookie);
			return last->mark;
		}
	}
	return mark;
}

/* A packet that claims to come from the node itself is dropped before any route is asked for. */
static bool is_from_itself(const struct seen_at *at)
{
	size_t n;
	const struct object *address = made(at, OBJECT_ADDRESS, &n);

	for (size_t i = 0; i < n; i++)
		if (address[i].address.address == at->event->packet.in.source)
			return !at->event->packet.sent;
	return false;
}

/* The route that the packet takes by the lab's tables, if it went that way. */
static void note_route(const struct seen_at *at)
{
	const struct nft_trace_packet *packet = &at->event->packet;
	const struct resource *table = NULL; /* of the cloud's, the last that was asked */
	const struct object *route = NULL;
	struct decision marked = BY(NONE), decision;
	const uint32_t mark = packet->sent ? 0 : mark_of(at, &marked);
	size_t n;
	const struct object *rule = made(at, OBJECT_RULE, &n);

	for (size_t i = 0; i < n && !route; i++) {
		const struct rule_object *r = &rule[i].rule;

		if ((r->iif && strcmp(r->iif, packet->iif) != 0) || (r->mark && r->mark != mark))
			continue;
		decision = decision_of_cookie(at->model, rule[i].cookie);
		if (r->iif && decision.other) /* not where the router's own is asked, too */
			table = decision.other;
		route = find_route(at, r->table);
	}
	if (!route)
		route = find_route(at, TABLE_MAIN);
	if (!route || is_from_itself(at) ||
	    (packet->end == NFT_TRACE_NOWHERE) != (route->route.type == ROUTE_BLACKHOLE) ||
	    (route->route.link && strcmp(route->route.link, packet->oif) != 0))
		return;
	decision = decision_of_cookie(at->model, route->cookie);
	if (decision.kind == DECISION_PUBLIC_ROUTE)
		decision = marked;
	if (decision.kind == DECISION_NO_ROUTE && table)
		decision.resource = table;
	if (is_of_cloud(&decision))
		note(at, decision);
}

void trace_decide(struct hop *hop, struct arena *arena, const struct model *model,
		  const struct wanted *wanted, const struct trace_event *event)
{
	const struct seen_at at = {
		.arena = arena, .model = model, .wanted = wanted, .event = event, .hop = hop
	};
	const struct nft_trace_packet *packet = &event->packet;

	hop->from = packet->sent ? "" : arena_strdup(arena, packet->iif);
	hop->to = packet->end == NFT_TRACE_SENT_ON ? arena_strdup(arena, packet->oif) : "";
	if (packet->end == NFT_TRACE_DROPPED) {
		note_drop(&at);
		return;
	}
	note_steps(&at, hop->translated);
	if (hop->translated && !hop->n_decision)
		note(&at, BY(ANSWER));
	else if (!hop->translated && packet->end != NFT_TRACE_DELIVERED)
		note_route(&at);
	if (packet->end == NFT_TRACE_NOWHERE && !hop->n_decision)
		note(&at, BY(NOWHERE));
}
