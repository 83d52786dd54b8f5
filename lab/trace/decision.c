/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdint.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/compile/layout.h"
#include "lab/model/group_chain.h"
#include "lab/trace/internal.h"

/*
 * What decided at a node, by the rules that the kernel says fired. Where a chain is as the lab made
 * it, a rule's place in it tells what of the cloud it stands for, and that is named as explain
 * names it.
 */

struct naming {
	struct arena *arena;
	const struct model *model;
	const struct wanted *wanted;
	const struct trace_event *event;
	struct hop *hop; /* what decided is noted in it */
};

static const struct nft_chain *wanted_chain(const struct naming *naming, const char *name)
{
	size_t n;
	const struct object *object =
		wanted_range(naming->wanted, OBJECT_NFT_CHAIN, naming->event->netns, &n);

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

	if (!chain || !step->rule || chain->n_rule != step->n_rule)
		return NULL;
	rule = &chain->rule[step->rule - 1];
	last = rule->n_statement ? &rule->statement[rule->n_statement - 1] : NULL;
	if (last && last->kind == NFT_VERDICT && (last->verdict.verdict == NFT_DROP) != step->drop)
		return NULL;
	return rule;
}

/* ---- security groups and network ACLs, at a vSwitch ---- */

static const struct vswitch *vswitch_of(const struct naming *naming)
{
	return (const struct vswitch *)model_find_noun(naming->model, NOUNS(NOUN_VSWITCH),
						       naming->event->netns);
}

/* Some ENI whose groups that chain is made of; NULL: it is none of the groups'. */
static const struct eni *eni_of_chain(const struct naming *naming, const char *chain,
				      enum direction *ret_direction)
{
	const struct vswitch *vswitch = vswitch_of(naming);
	size_t cursor = 0;

	for (const struct eni *eni; vswitch && (eni = model_next_eni(naming->model, &cursor));) {
		if (eni->vswitch != vswitch || !eni->ecs)
			continue;
		for (enum direction direction = DIRECTION_IN; direction <= DIRECTION_OUT;
		     direction++) {
			*ret_direction = direction;
			if (strcmp(group_chain_name(naming->arena, direction, eni), chain) == 0)
				return eni;
		}
	}
	return NULL;
}

/* Members first, then the merged rules, then the rest: as compile_security_group.c fills the chain.
 */
static const char *group_words(const struct naming *naming, const struct eni *eni,
			       enum direction direction, unsigned place)
{
	struct group_chain merged = { .group = eni->group, .n_group = eni->n_group };
	const char *words = NULL;
	unsigned i = 1;

	for (size_t k = 0; direction == DIRECTION_IN && k < eni->n_group && !words; k++)
		if (group_admits_members(eni->group[k]) && i++ == place)
			words = group_members_text(naming->arena, eni->group[k]);
	group_chain_fill(&merged);
	if (!words && place >= i && place - i < merged.n_rule[direction])
		words = group_rule_text(naming->arena, &merged.rule[direction][place - i]);
	group_chain_free(&merged);
	return words ? words : group_rest_text(naming->arena, eni->group[0], direction);
}

static const char *acl_words(const struct naming *naming, const struct acl *acl,
			     enum direction direction, unsigned place)
{
	unsigned i = 1;

	for (size_t k = 0; k < acl->n_rule; k++)
		if (acl->rule[k].direction == direction && i++ == place)
			return acl_text(naming->arena, acl, direction, &acl->rule[k]);
	return acl_text(naming->arena, acl, direction, NULL);
}

/* NULL: it is no rule of the cloud's filters. */
static const char *filter_words(const struct naming *naming, const struct nft_trace_step *step)
{
	const struct vswitch *vswitch = vswitch_of(naming);
	enum direction direction;
	const struct eni *eni;

	if (!vswitch)
		return NULL;
	if (vswitch->acl && strcmp(step->chain, ACL_CHAIN_IN) == 0)
		return acl_words(naming, vswitch->acl, DIRECTION_IN, step->rule);
	if (vswitch->acl && strcmp(step->chain, ACL_CHAIN_OUT) == 0)
		return acl_words(naming, vswitch->acl, DIRECTION_OUT, step->rule);
	if (strcmp(step->chain, GROUP_BASE_CHAIN) == 0 && step->rule == 1 && !step->jump)
		return GROUP_ANSWER_TEXT;
	eni = eni_of_chain(naming, step->chain, &direction);
	return eni ? group_words(naming, eni, direction, step->rule) : NULL;
}

/* ---- entries, at a NAT gateway ---- */

static const char *snat_words(const struct naming *naming, const char *name)
{
	const struct snat *snat =
		(const struct snat *)model_find_noun(naming->model, NOUNS(NOUN_SNAT), name);

	for (size_t i = 0; snat && i < snat->n_eip; i++)
		if (snat->eip[i]->ip == naming->event->packet.out.source)
			return snat_rule_text(naming->arena, snat, snat->eip[i]);
	return NULL;
}

static bool takes(const struct dnat *dnat, const struct tuple *in)
{
	return dnat->protocol == PROTOCOL_ALL || ((uint8_t)dnat->protocol == in->protocol &&
						  in->destination_port >= dnat->public_first &&
						  in->destination_port <= dnat->public_last);
}

static const char *dnat_words(const struct naming *naming)
{
	const struct tuple *in = &naming->event->packet.in, *out = &naming->event->packet.out;

	for (size_t i = 0; i < model_count(naming->model, NOUN_DNAT); i++) {
		const struct dnat *dnat = model_get(naming->model, NOUN_DNAT, i);

		if (in->source != out->source && dnat->protocol == PROTOCOL_ALL &&
		    dnat->target_ip == in->source && dnat->eip->ip == out->source)
			return any_port_rule_text(naming->arena, dnat);
		if (dnat->eip->ip == in->destination && dnat->target_ip == out->destination &&
		    takes(dnat, in))
			return arena_printf(naming->arena, "DNAT entry %s", dnat->resource.name);
	}
	return NULL;
}

static bool is_snat_chain(const char *chain)
{
	return strncmp(chain, SNAT_CHAIN_PREFIX, sizeof(SNAT_CHAIN_PREFIX) - 1) == 0;
}

static bool in_nat_chain(const struct naming *naming, const struct nft_trace_step *step)
{
	const struct nft_chain *chain = wanted_chain(naming, step->chain);

	return (chain && chain->type == NFT_CHAIN_NAT) || is_snat_chain(step->chain);
}

/* ---- steps ---- */

static void note(struct text *text, const struct naming *naming, const char *words)
{
	struct hop *hop = naming->hop;

	text_add(text, words);
	if (hop->n_decided < HOP_DECISIONS_MAX)
		hop->decided[hop->n_decided++] = words;
}

/* A rule that stands for nothing of the cloud's is named by its chain and its text. */
static void add_step(struct text *text, const struct naming *naming,
		     const struct nft_trace_step *step)
{
	static const char foreign[] = " of another table than the lab's";
	const struct nft_rule *rule = rule_of(wanted_chain(naming, step->chain), step);
	const char *words = NULL;

	if (rule && step->ours && !step->policy)
		words = is_snat_chain(step->chain)
				? snat_words(naming, step->chain + sizeof(SNAT_CHAIN_PREFIX) - 1)
			: in_nat_chain(naming, step) ? dnat_words(naming)
						     : filter_words(naming, step);
	if (words) {
		note(text, naming, words);
	} else if (step->policy) {
		text_addf(text, "chain %s%s: policy %s", step->chain, step->ours ? "" : foreign,
			  step->drop ? "drop" : "accept");
	} else if (!step->ours) {
		text_addf(text, "chain %s%s: %s", step->chain, foreign,
			  step->drop ? "drop" : "accept");
	} else if (rule) {
		text_addf(text, "chain %s: ", step->chain);
		nft_format_rule(text, rule);
	} else {
		text_addf(text, "chain %s, rule %u: %s (the chain is not as the lab made it)",
			  step->chain, step->rule, step->drop ? "drop" : "accept");
	}
}

/* No rule of that chain has said anything. */
static void add_passed(struct text *text, const struct naming *naming, const char *chain)
{
	enum direction direction;
	const struct eni *eni = eni_of_chain(naming, chain, &direction);

	if (eni && group_allows_rest(eni->group[0], direction))
		note(text, naming, group_rest_text(naming->arena, eni->group[0], direction));
	else
		text_addf(text, "chain %s: nothing there stopped it", chain);
}

/* Where a chain was left by a rule that returns: of the groups' that is one that allows. */
static void add_returned(struct text *text, const struct naming *naming,
			 const struct nft_trace_step *step)
{
	enum direction direction;

	if (eni_of_chain(naming, step->chain, &direction))
		add_step(text, naming, step);
	else
		add_passed(text, naming, step->chain);
}

static void say_step(struct text *text, const struct naming *naming, size_t i)
{
	const struct nft_trace_packet *packet = &naming->event->packet;
	const struct nft_trace_step *step = &packet->step[i];

	if (step->jump && i + 1 < packet->n_step &&
	    strcmp(packet->step[i + 1].chain, step->target) == 0)
		return; /* that one says it */
	if (text->length)
		text_add(text, "; ");
	if (step->jump)
		add_passed(text, naming, step->target);
	else if (step->returned)
		add_returned(text, naming, step);
	else
		add_step(text, naming, step);
}

/* Rules that translated, if any did; else those that let it pass, and chains that had nothing to
 * say. */
static void add_steps(struct text *text, const struct naming *naming, bool nat)
{
	const struct nft_trace_packet *packet = &naming->event->packet;
	size_t by_policy = SIZE_MAX;

	for (size_t i = 0; i < packet->n_step; i++) {
		const struct nft_trace_step *step = &packet->step[i];

		if (in_nat_chain(naming, step) != nat ||
		    (nat && (step->policy || step->jump || step->returned)))
			continue;
		if (!step->policy)
			say_step(text, naming, i);
		else if (by_policy == SIZE_MAX)
			by_policy = i;
	}
	if (!text->length && by_policy != SIZE_MAX) /* nobody had more to say */
		say_step(text, naming, by_policy);
}

void trace_rule(struct hop *hop, struct arena *arena, const struct model *model,
		const struct wanted *wanted, const struct trace_event *event)
{
	const struct naming naming = {
		.arena = arena, .model = model, .wanted = wanted, .event = event, .hop = hop
	};
	const struct nft_trace_packet *packet = &event->packet;
	const bool translated = hop->translated;
	auto_text text = { 0 };

	if (packet->end == NFT_TRACE_DROPPED)
		add_step(&text, &naming, &packet->step[packet->n_step - 1]);
	else
		add_steps(&text, &naming, translated);
	if (translated && !text.length)
		text_add(&text,
			 "connection tracking: the translation of the connection, turned round");
	if (packet->end == NFT_TRACE_NOWHERE)
		text_addf(&text,
			  "%sno rule dropped it; routing had no way for it, or took it for "
			  "misdirected",
			  text.length ? "; " : "");
	else if (packet->end == NFT_TRACE_SENT_ON && !packet->sent)
		text_addf(&text, "%sfrom %s to %s", text.length ? "; " : "", packet->iif,
			  packet->oif);
	else if (packet->end == NFT_TRACE_SENT_ON)
		text_addf(&text, "%sby %s", text.length ? "; " : "", packet->oif);
	else if (packet->end == NFT_TRACE_DELIVERED && !text.length)
		text_addf(&text, "came in by %s", packet->iif);
	hop->rule = arena_strdup(arena, text_get(&text));
}
