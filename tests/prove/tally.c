/* SPDX-License-Identifier: GPL-3.0-only */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/memory.h"
#include "lab/model/cloud.h"
#include "tests/prove/prove.h"

/* What was met, of all that there is to meet: a proof that never sees a transit router says nothing
 * about them. */

struct tally *tally_share(size_t n)
{
	void *memory = mmap(NULL, n * sizeof(struct tally), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

/* Each once a packet. */
struct met {
	bool noun[NOUN_COUNT], next_hop[NOUN_COUNT], icmp_type, in_host;
};

static void meet(struct met *met, const struct decision *decision)
{
	const struct filter_rule *rule = decision->rule;

	met->in_host |=
		decision->kind == DECISION_GUEST || decision->kind == DECISION_GUEST_ADDRESS ||
		decision->kind == DECISION_GUEST_SECONDARY || decision->kind == DECISION_GUEST_LINK;
	met->icmp_type |= rule && rule->protocol == PROTOCOL_ICMP && rule->port_first;
	if (!decision->resource)
		return;
	met->noun[decision->resource->noun] = true;
	if (decision->kind == DECISION_SNAT && decision->other)
		met->noun[decision->other->noun] = true;
	/* A system route is told by the same kind of decision. */
	if (decision->kind == DECISION_ROUTE && decision->resource->noun == NOUN_ROUTE)
		met->next_hop[((const struct route *)decision->resource)->via_noun] = true;
}

void tally_count(struct tally *tally, enum state state, const struct explanation *x, bool traced)
{
	const struct hops *ways[] = { &x->forward, &x->back };
	struct met met = { 0 };

	tally->of[state].n_flow++;
	tally->of[state].n_traced += traced;
	tally->of[state].n_sometimes += x->sometimes;
	tally->of[state].by_code[x->code]++;
	for (size_t w = 0; w < ARRAY_SIZE(ways); w++)
		for (size_t h = 0; h < ways[w]->n_hop; h++)
			for (size_t d = 0; d < ways[w]->hop[h].n_decision; d++)
				meet(&met, &ways[w]->hop[h].decision[d]);
	for (size_t i = 0; i < NOUN_COUNT; i++) {
		tally->by_noun[i] += met.noun[i];
		tally->by_next_hop[i] += met.next_hop[i];
	}
	tally->n_pool += x->pool != NULL;
	tally->n_icmp_type += met.icmp_type;
	tally->n_in_host += met.in_host;
}

bool tally_failed(const struct tally *tally, size_t n)
{
	bool failed = false;

	for (size_t i = 0; i < n; i++)
		failed |= tally[i].failed;
	return failed;
}

/* All members but the last are numbers. */
static struct tally sum(const struct tally *tally, size_t n)
{
	enum { NUMBERS = offsetof(struct tally, failed) / sizeof(size_t) };
	struct tally all = { 0 };
	size_t total[NUMBERS] = { 0 }, number[NUMBERS];

	for (size_t i = 0; i < n; i++) {
		memcpy(number, &tally[i], sizeof(number));
		for (size_t k = 0; k < NUMBERS; k++)
			total[k] += number[k];
	}
	memcpy(&all, total, sizeof(total));
	all.failed = tally_failed(tally, n);
	return all;
}

/* In the words of the first cloud that has it. */
static const char *noun_word(enum noun noun)
{
	const char *word = cloud_of(PROVIDER_ALIBABA)->noun[noun].word;

	return word ? word : cloud_of(PROVIDER_AWS)->noun[noun].word;
}

static void print_row(const char *what, const char *of, size_t made, size_t number)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%s", what, of);
	printf("  %-32s %8zu %8zu\n", text, made, number);
}

void tally_print(const struct tally *tally, size_t n)
{
	const struct tally all = sum(tally, n);
	size_t n_packet = 0;

	for (size_t s = 0; s < STATES; s++)
		n_packet += all.of[s].n_flow;
	printf("%zu flows in %zu labs, %zu of them traced: %s\n", all.of[AS_MADE].n_flow, all.n_lab,
	       all.of[AS_MADE].n_traced,
	       all.failed ? "DISAGREEMENT" : "explain, probe and trace agree on all of them");
	printf("  %zu packets of sets were sent, %zu of them again after a change: all as reach "
	       "and diff say\n",
	       all.of[AS_SENT].n_flow, all.of[AS_CHANGED].n_flow);
	printf("  %zu of the %zu blocked have cures, %zu in all, %zu of them in a guest; each of "
	       "the others, pasted, makes it\n"
	       "  reachable, none of its commands is needless; some were tried, and a probe got "
	       "through: %zu\n"
	       "  %zu packets of cells were held against explain, %zu diffs against diffs that "
	       "look everywhere\n",
	       all.cures.n_curable, all.of[AS_MADE].n_flow - all.of[AS_MADE].by_code[CODE_NONE],
	       all.cures.n_cure, all.cures.n_in_guest, all.of[AS_CURED].n_flow, all.n_in_cells,
	       all.n_change);
	printf("Why, of the %zu flows, and of all %zu packets that were sent:\n",
	       all.of[AS_MADE].n_flow, n_packet);
	for (enum code code = CODE_NONE; code < CODE_COUNT; code++) {
		size_t number = 0;

		for (size_t s = 0; s < STATES; s++)
			number += all.of[s].by_code[code];
		print_row(code ? code_word(code) : "reachable", "", all.of[AS_MADE].by_code[code],
			  number);
	}
	printf("Of all packets, a hash decides about %zu, and so many meet a\n",
	       all.of[AS_MADE].n_sometimes + all.of[AS_SENT].n_sometimes +
		       all.of[AS_CURED].n_sometimes + all.of[AS_CHANGED].n_sometimes);
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
		if (all.by_noun[noun])
			printf("  %-41s %8zu\n", noun_word(noun), all.by_noun[noun]);
	}
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
		if (all.by_next_hop[noun])
			printf("  route to a %-30s %8zu\n", noun_word(noun), all.by_next_hop[noun]);
	}
	printf("  %-41s %8zu\n  %-41s %8zu\n  %-41s %8zu\n", "pool of EIPs", all.n_pool,
	       "rule for a type of ICMP", all.n_icmp_type, "setting of a host's own",
	       all.n_in_host);
}
