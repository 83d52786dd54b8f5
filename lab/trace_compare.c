#include <string.h>

#include "core/memory.h"
#include "lab/trace_parts.h"

/* Seen against expected, node by node: explain may tell of several decisions at one node, and what was seen is one. */

struct comparison {
	struct trace *trace;
	const struct model *model;
};

static size_t same_node_until(const struct hops *hops, size_t i)
{
	while (i + 1 < hops->n_hop && strcmp(hops->hop[i + 1].node, hops->hop[i].node) == 0)
		i++;
	return i;
}

static void differ(struct trace *trace, const char *sentence)
{
	if (trace->n_difference < TRACE_DIFFERENCES_MAX)
		trace->difference[trace->n_difference++] = sentence;
}

#define DIFFER(trace, ...) differ((trace), arena_printf(&(trace)->seen.arena, __VA_ARGS__))

static bool in_pool(const struct snat *snat, uint32_t address)
{
	for (size_t i = 0; i < snat->n_eip; i++)
		if (snat->eip[i]->ip == address)
			return true;
	return false;
}

/* Two EIPs of one SNAT entry: the connection's hash chooses. */
static bool of_one_pool(const struct comparison *comparison, uint32_t a, uint32_t b)
{
	const struct model *model = comparison->model;

	for (size_t i = 0; i < model_count(model, NOUN_SNAT); i++)
		if (in_pool(model_get(model, NOUN_SNAT, i), a) && in_pool(model_get(model, NOUN_SNAT, i), b))
			return true;
	return false;
}

/* Explain leaves open which EIP of several it is, and which port the sender takes. */
static bool same_end(const struct comparison *comparison, uint32_t seen, uint16_t seen_port, uint32_t expected,
		     uint16_t expected_port)
{
	if (seen != expected && !of_one_pool(comparison, seen, expected))
		return false;
	return expected_port == 0 || seen_port == expected_port;
}

static bool same_packet(const struct comparison *comparison, const struct packet *seen, const struct packet *expected)
{
	return same_end(comparison, seen->source, seen->source_port, expected->source, expected->source_port) &&
	       same_end(comparison, seen->destination, seen->destination_port, expected->destination, expected->destination_port);
}

static const char *packet_text(struct trace *trace, const struct packet *packet)
{
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];

	if (packet->destination_port)
		return arena_printf(&trace->seen.arena, "%s -> %s:%u", address_format(packet->source, from),
				    address_format(packet->destination, to), packet->destination_port);
	return arena_printf(&trace->seen.arena, "%s -> %s", address_format(packet->source, from),
			    address_format(packet->destination, to));
}

/* A packet that goes round until its time to live is over: explain has it end where it would come by again. */
static bool goes_round(const struct explanation *seen, const struct hops *hops, const char *node)
{
	unsigned times = 0;

	for (size_t i = 0; i < hops->n_hop; i++)
		times += strcmp(hops->hop[i].node, node) == 0;
	return times > 3 && !seen->reachable;
}

/* At one node: where it ends, and how it leaves. */
static bool compare_node(const struct comparison *comparison, const char *way, const struct hop *seen, const struct hop *expected)
{
	struct trace *trace = comparison->trace;

	if (seen->end != expected->end) {
		if (expected->end)
			DIFFER(trace, "On the way %s explain has it end at %s, but it went on", way, seen->node);
		else
			DIFFER(trace, "On the way %s it ended at %s, where explain has it go on (%s)", way, seen->node,
			       expected->rule);
		return false;
	}
	if (!seen->end && !same_packet(comparison, &seen->out, &expected->out)) {
		DIFFER(trace, "On the way %s it left %s as %s, and explain says %s", way, seen->node,
		       packet_text(trace, &seen->out), packet_text(trace, &expected->out));
		return false;
	}
	return true;
}

/* The first difference is the one that matters; what comes behind it follows from it. */
static void compare_way(const struct comparison *comparison, const char *way, const struct hops *seen,
			const struct hops *expected)
{
	struct trace *trace = comparison->trace;
	size_t s = 0, e = 0;

	while (s < seen->n_hop && e < expected->n_hop) {
		if (strcmp(seen->hop[s].node, expected->hop[e].node) != 0) {
			DIFFER(trace, "On the way %s it came to %s, where explain expects %s", way, seen->hop[s].node,
			       expected->hop[e].node);
			return;
		}
		s = same_node_until(seen, s);
		e = same_node_until(expected, e);
		if (expected->hop[e].end && goes_round(&trace->seen, seen, seen->hop[s].node))
			return;
		if (!compare_node(comparison, way, &seen->hop[s++], &expected->hop[e++]))
			return;
	}
	if (s < seen->n_hop)
		DIFFER(trace, "On the way %s it came to %s, where explain does not expect it", way, seen->hop[s].node);
	else if (e < expected->n_hop)
		DIFFER(trace, "On the way %s it was not seen at %s, where explain expects it", way, expected->hop[e].node);
}

static void agree(struct trace *trace)
{
	const struct explanation *expected = &trace->expected;

	trace->seen.code = expected->code;
	for (size_t i = 0; i < expected->n_cure; i++)
		trace->seen.cure[trace->seen.n_cure++] = arena_strdup(&trace->seen.arena, expected->cure[i]);
}

/* All of it happened in one node. */
static bool only_at(const struct hops *hops, const char *node)
{
	for (size_t i = 0; i < hops->n_hop; i++)
		if (strcmp(hops->hop[i].node, node) != 0)
			return false;
	return true;
}

void trace_compare(struct trace *trace, const struct model *model)
{
	const struct comparison comparison = { .trace = trace, .model = model };
	const struct explanation *seen = &trace->seen, *expected = &trace->expected;
	const char *from = seen->flow.from;

	/* Which connection is one too many is decided as it comes: how fast others come no explain knows. */
	if (seen->code == CODE_LIMIT && expected->code != CODE_LIMIT)
		return;
	/* What the sender's own kernel refuses to send is no packet yet; explain has it end there. */
	if (seen->forward.n_hop || expected->reachable || !only_at(&expected->forward, from))
		compare_way(&comparison, "there", &seen->forward, &expected->forward);
	/* Of what a node says to itself explain tells one way. */
	if (!trace->n_difference && (expected->back.n_hop || !only_at(&seen->forward, from) || !only_at(&seen->back, from)))
		compare_way(&comparison, "back", &seen->back, &expected->back);
	/* Of a pool's EIPs only some may be blocked: then either is as explain says. */
	if (seen->reachable != expected->reachable && !expected->sometimes)
		DIFFER(trace, "It was %s, and explain says %s", seen->reachable ? "answered" : "not answered",
		       expected->reachable ? "reachable" : "blocked");
	if (!trace->n_difference)
		agree(trace);
}
