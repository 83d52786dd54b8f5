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

static void differ(struct trace *trace, const char *sentence)
{
	if (trace->n_difference < TRACE_DIFFERENCES_MAX)
		trace->difference[trace->n_difference++] = sentence;
}

#define DIFFER(trace, ...) differ((trace), arena_printf(&(trace)->seen.arena, __VA_ARGS__))

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

static const char *packet_text(struct trace *trace, const struct packet *packet)
{
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];

	if (packet->destination_port)
		return arena_printf(&trace->seen.arena, "%s:%u -> %s:%u",
				    address_format(packet->source, from), packet->source_port,
				    address_format(packet->destination, to),
				    packet->destination_port);
	return arena_printf(&trace->seen.arena, "%s -> %s", address_format(packet->source, from),
			    address_format(packet->destination, to));
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

static bool is_filter(enum code code)
{
	return code == CODE_SG_EGRESS || code == CODE_SG_INGRESS || code == CODE_ACL_EGRESS ||
	       code == CODE_ACL_INGRESS;
}

/*
 * Of a visit a trace names what translated, else what dropped, else all that let it pass. Of
 * explain's decisions those are the entries of gateways and the rules of filters; not routes, nor
 * the public addresses of hosts.
 */
static bool has_to_be_named(const struct trace *trace, const struct hop *seen,
			    const struct hop *hop)
{
	if (seen->translated)
		return hop->translated && strstr(hop->rule, " entry ");
	if (seen->end)
		return hop->end && (is_filter(trace->expected.code) || seen->n_decided);
	return strcmp(hop->action, "accept") == 0;
}

/* In explain's words, one behind the other; without what it remarks on them, behind a semicolon. */
static const char *expected_decisions(struct trace *trace, const struct hop *seen,
				      const struct visit *visit)
{
	const char *text = "";

	for (const struct hop *hop = visit->first; hop <= visit->last; hop++)
		if (has_to_be_named(trace, seen, hop))
			text = arena_printf(&trace->seen.arena, "%s%s%.*s", text, *text ? "; " : "",
					    (int)strcspn(hop->rule, ";"), hop->rule);
	return text;
}

static const char *seen_decisions(struct trace *trace, const struct hop *seen)
{
	const char *text = "";

	for (unsigned i = 0; i < seen->n_decided; i++)
		text = arena_printf(&trace->seen.arena, "%s%s%s", text, *text ? "; " : "",
				    seen->decided[i]);
	return text;
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
static bool compare_visit(struct trace *trace, const char *way, const struct hop *seen,
			  const struct visit *visit)
{
	const struct hop *first = visit->first, *last = visit->last;
	const char *decided, *expected;

	if (strcmp(seen->node, first->node) != 0) {
		DIFFER(trace, "On the way %s it came to %s, where explain expects %s", way,
		       seen->node, first->node);
		return false;
	}
	if (!same_packet(&seen->in, &first->in)) {
		DIFFER(trace, "On the way %s it came to %s as %s, and explain says %s", way,
		       seen->node, packet_text(trace, &seen->in), packet_text(trace, &first->in));
		return false;
	}
	if (seen->end != last->end) {
		if (last->end)
			DIFFER(trace, "On the way %s explain has it end at %s, but it went on", way,
			       seen->node);
		else
			DIFFER(trace,
			       "On the way %s it ended at %s, where explain has it go on (%s)", way,
			       seen->node, last->rule);
		return false;
	}
	if (!seen->end &&
	    (!same_packet(&seen->out, &last->out) || (!translates(visit) && !is_unchanged(seen)))) {
		DIFFER(trace, "On the way %s it left %s as %s, and explain says %s", way,
		       seen->node, packet_text(trace, &seen->out), packet_text(trace, &last->out));
		return false;
	}
	decided = seen_decisions(trace, seen);
	expected = expected_decisions(trace, seen, visit);
	if (strcmp(decided, expected) != 0) {
		DIFFER(trace,
		       "On the way %s it was decided at %s by \"%s\", and explain says \"%s\"", way,
		       seen->node, *decided ? decided : seen->rule,
		       *expected ? expected : last->rule);
		return false;
	}
	return true;
}

/* The first difference is the one that matters; what comes behind it follows from it. */
static void compare_way(struct trace *trace, const char *way, const struct hops *seen,
			const struct hops *expected)
{
	size_t s = 0, e = 0;

	while (s < seen->n_hop && e < expected->n_hop) {
		const struct visit visit = visit_at(expected, e);

		if (visit.last->end && goes_round(seen, visit.first->node))
			return;
		if (!compare_visit(trace, way, &seen->hop[s++], &visit))
			return;
		e += (size_t)(visit.last - visit.first) + 1;
	}
	if (s < seen->n_hop)
		DIFFER(trace, "On the way %s it came to %s, where explain does not expect it", way,
		       seen->hop[s].node);
	else if (e < expected->n_hop)
		DIFFER(trace, "On the way %s it was not seen at %s, where explain expects it", way,
		       expected->hop[e].node);
}

static void agree(struct trace *trace)
{
	const struct explanation *expected = &trace->expected;

	trace->seen.code = expected->code;
	for (size_t i = 0; i < expected->n_cure; i++)
		trace->seen.cure[trace->seen.n_cure++] =
			arena_strdup(&trace->seen.arena, expected->cure[i]);
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
	char tracked[ADDRESS_TEXT_SIZE], came_in[ADDRESS_TEXT_SIZE];

	if (seen->reachable != expected->reachable)
		DIFFER(trace, "It was %s, and explain says %s",
		       seen->reachable ? "answered" : "not answered",
		       expected->reachable ? "reachable" : "blocked");
	else if (strcmp(seen->hop, expected->hop) != 0 &&
		 !goes_round(&seen->forward, expected->hop))
		DIFFER(trace, "It ended at %s, and explain says %s", seen->hop, expected->hop);
	else if (seen->reachable && seen->forward.n_hop && seen->seen_as != trace->probe.seen_as)
		DIFFER(trace, "It came to the far end from %s, and by connection tracking from %s",
		       address_format(seen->seen_as, came_in),
		       address_format(trace->probe.seen_as, tracked));
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
		DIFFER(trace, "It left %s, and explain has it stay there", node);
	else if (expected->reachable && !seen->forward.n_hop)
		DIFFER(trace, "It was not seen at %s, where explain expects it", node);
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
	if (!expected->back.n_hop && only_at(&expected->forward, seen->flow.from)) {
		compare_own(trace);
	} else {
		compare_way(trace, "there", &seen->forward, &expected->forward);
		if (!trace->n_difference)
			compare_way(trace, "back", &seen->back, &expected->back);
	}
	if (!trace->n_difference)
		compare_ends(trace);
	if (!trace->n_difference)
		agree(trace);
}
