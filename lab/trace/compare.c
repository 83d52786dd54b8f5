/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "core/base/memory.h"
#include "lab/trace/internal.h"

/*
 * Seen against expected, one visit of a node after the other: explain tells each decision of a
 * visit in a hop of its own, and what was seen is one hop. Everything has to be the same but the
 * port that the sender chose, which explain leaves open (0): that has to stay as it is until a
 * translation changes it.
 */

enum { TTL = 64 };

struct visit { /* explain's hops of one */
	const struct hop *first, *last;
};

static struct visit visit_at(const struct hops *hops, size_t i)
{
	struct visit visit = { &hops->hop[i], &hops->hop[i] };

	while (visit.last + 1 < hops->hop + hops->n_hop &&
	       strcmp(visit.last[1].node, visit.first->node) == 0)
		visit.last++;
	return visit;
}

static bool same_port(uint16_t seen, uint16_t expected)
{
	return expected == 0 || seen == expected;
}

static bool same_packet(const struct packet *seen, const struct packet *expected)
{
	return seen->source == expected->source && seen->destination == expected->destination &&
	       seen->protocol == expected->protocol &&
	       same_port(seen->source_port, expected->source_port) &&
	       same_port(seen->destination_port, expected->destination_port);
}

static bool is_unchanged(const struct hop *hop)
{
	return same_packet(&hop->in, &hop->out) && same_packet(&hop->out, &hop->in);
}

/* A packet that goes round until its time to live is over: explain has it end where it would come
 * by again. */
static bool goes_round(const struct hops *seen, const char *node)
{
	unsigned times = 0;

	for (size_t i = 0; i < seen->n_hop; i++)
		times += strcmp(seen->hop[i].node, node) == 0;
	return times > 1 && seen->n_hop >= TTL && seen->hop[seen->n_hop - 1].end;
}

/* ---- what decided ---- */

/* How many decisions a trace knows. How a packet ends where no rule has dropped it is none. */
static unsigned n_known(const struct hop *seen)
{
	return seen->n_decision && seen->decision[0].kind > DECISION_NFT ? 0 : seen->n_decision;
}

/*
 * Of a visit a trace tells what translated, else what dropped, else all that let it pass and the
 * route that it took. Of explain's decisions those are meant that stand for something in the
 * kernel: entries and public addresses, rules of filters, routes.
 */
static bool has_to_be_seen(const struct hop *seen, const struct hop *hop)
{
	const enum decision_kind kind = hop->decision[0].kind;

	if (seen->translated)
		return hop->translated;
	if (seen->end)
		return hop->end && (kind <= DECISION_FRAGMENT || n_known(seen));
	return hop->action == ACTION_ACCEPT || hop->action == ACTION_ROUTE;
}

/* The same decisions, in the same order? */
static bool same_decisions(const struct hop *seen, const struct visit *visit)
{
	unsigned n = 0;

	/* Where the far end of a link is down, the near one sends all the same. */
	if (visit->last->decision[0].kind == DECISION_GUEST_LINK)
		return true;
	for (const struct hop *hop = visit->first; hop <= visit->last; hop++) {
		if (!has_to_be_seen(seen, hop))
			continue;
		if (n == n_known(seen) || !decision_equal(&seen->decision[n++], &hop->decision[0]))
			return false;
	}
	return n == n_known(seen);
}

static bool translates(const struct visit *visit)
{
	for (const struct hop *hop = visit->first; hop <= visit->last; hop++)
		if (hop->translated)
			return true;
	return false;
}

/* ---- a visit ---- */

/* How it came in, where it ends, how it leaves, what decided. */
static enum difference_kind compare_visit(const struct hop *seen, const struct visit *visit)
{
	const struct hop *first = visit->first, *last = visit->last;

	if (strcmp(seen->node, first->node) != 0)
		return DIFFERENCE_NODE;
	if (!same_packet(&seen->in, &first->in))
		return DIFFERENCE_CAME_IN;
	if (seen->end != last->end)
		return last->end ? DIFFERENCE_WENT_ON : DIFFERENCE_ENDED;
	if (!seen->end &&
	    (!same_packet(&seen->out, &last->out) || (!translates(visit) && !is_unchanged(seen))))
		return DIFFERENCE_WENT_OUT;
	return same_decisions(seen, visit) ? DIFFERENCE_NONE : DIFFERENCE_DECISION;
}

static void compare_way(struct trace *trace, bool back, const struct hops *seen,
			const struct hops *expected)
{
	struct trace_difference difference = { .back = back };
	size_t s = 0, e = 0;

	while (s < seen->n_hop && e < expected->n_hop && !difference.kind) {
		const struct visit visit = visit_at(expected, e);

		if (visit.last->end && goes_round(seen, visit.first->node))
			return;
		difference.seen = &seen->hop[s++];
		difference.first = visit.first;
		difference.last = visit.last;
		difference.kind = compare_visit(difference.seen, &visit);
		e += (size_t)(visit.last - visit.first) + 1;
	}
	if (!difference.kind && s < seen->n_hop)
		difference = (struct trace_difference){ DIFFERENCE_TOO_FAR, back,
							.seen = &seen->hop[s] };
	else if (!difference.kind && e < expected->n_hop)
		difference = (struct trace_difference){ DIFFERENCE_NOT_SEEN, back,
							.first = &expected->hop[e] };
	if (difference.kind)
		trace->difference = difference;
}

static void agree(struct trace *trace)
{
	const struct explanation *expected = &trace->expected;

	trace->seen.code = expected->code;
	trace->seen.n_cure = expected->n_cure;
	for (size_t i = 0; i < expected->n_cure; i++)
		trace->seen.cure[i] = cure_copy(&expected->cure[i], &trace->seen.arena);
}

/* All of it happened in one node. */
static bool only_at(const struct hops *hops, const char *node)
{
	for (size_t i = 0; i < hops->n_hop; i++)
		if (strcmp(hops->hop[i].node, node) != 0)
			return false;
	return true;
}

/* What came of it in the end: the answer, where it was lost, and whom the far end took for the
 * sender. */
static void compare_ends(struct trace *trace)
{
	const struct explanation *seen = &trace->seen, *expected = &trace->expected;

	if (seen->reachable != expected->reachable)
		trace->difference.kind = DIFFERENCE_VERDICT;
	else if (strcmp(seen->hop, expected->hop) != 0 &&
		 !goes_round(&seen->forward, expected->hop) &&
		 !goes_round(&seen->back, expected->hop))
		trace->difference.kind = DIFFERENCE_END;
	else if (seen->reachable && seen->forward.n_hop && seen->seen_as != trace->probe.seen_as)
		trace->difference.kind = DIFFERENCE_SEEN_AS;
}

/*
 * What a node says to itself never leaves it; explain tells of that once, in one hop. And what the
 * sender's own kernel refuses to send is no packet yet, where explain has it end there.
 */
static void compare_own(struct trace *trace)
{
	const struct explanation *seen = &trace->seen, *expected = &trace->expected;
	const char *node = seen->flow.from;

	if (!only_at(&seen->forward, node) || !only_at(&seen->back, node))
		trace->difference.kind = DIFFERENCE_LEFT_NODE;
	else if (expected->reachable && !seen->forward.n_hop)
		trace->difference = (struct trace_difference){ DIFFERENCE_NOT_SEEN,
							       .first = expected->forward.hop };
}

/* Does the far end's own kernel have no way for the answer? That is no packet yet, either: what is
 * seen is that none came. */
static bool kept_answer(const struct explanation *expected)
{
	const struct hops *back = &expected->back;

	return back->n_hop == 1 && back->hop[0].end &&
	       back->hop[0].decision[0].kind != DECISION_NFT && expected->forward.n_hop &&
	       strcmp(expected->forward.hop[expected->forward.n_hop - 1].node, back->hop[0].node) ==
		       0;
}

static void forget_answer(struct explanation *expected)
{
	struct hop *last = &expected->forward.hop[expected->forward.n_hop - 1];

	expected->back.n_hop = 0;
	last->end = true;
	last->out = (struct packet){ 0 };
}

void trace_compare(struct trace *trace, const struct explain_index *index)
{
	const struct explanation *seen = &trace->seen, *expected = &trace->expected;

	/* Once more, now that it is known what a hash has chosen. */
	explanation_free(&trace->expected);
	explain_as_seen(index, &seen->flow, seen, &trace->expected);
	/* Which connection is one too many is decided as it comes: how fast others come no explain
	 * knows. */
	if (seen->code == CODE_LIMIT && expected->code != CODE_LIMIT)
		return;
	if (kept_answer(expected))
		forget_answer(&trace->expected);
	if (only_at(&expected->forward, seen->flow.from) &&
	    only_at(&expected->back, seen->flow.from)) {
		compare_own(trace);
	} else {
		compare_way(trace, false, &seen->forward, &expected->forward);
		if (!trace->difference.kind)
			compare_way(trace, true, &seen->back, &expected->back);
	}
	if (!trace->difference.kind)
		compare_ends(trace);
	if (!trace->difference.kind)
		agree(trace);
}
