#include <string.h>

#include "core/memory.h"
#include "lab/trace_parts.h"

/* Seen against expected, node by node: explain may tell of several decisions at one node, and what was seen is one. */

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

static bool of_pool(const struct trace *trace, uint32_t address)
{
	const struct snat *pool = trace->expected.pool;

	for (size_t i = 0; pool && i < pool->n_eip; i++)
		if (pool->eip[i]->ip == address)
			return true;
	return false;
}

/* Explain leaves open which EIP of several it is, and which port the sender takes. */
static bool same_end(const struct trace *trace, uint32_t seen, uint16_t seen_port, uint32_t expected, uint16_t expected_port)
{
	if (seen != expected && !(of_pool(trace, seen) && of_pool(trace, expected)))
		return false;
	return expected_port == 0 || seen_port == expected_port;
}

static bool same_packet(const struct trace *trace, const struct packet *seen, const struct packet *expected)
{
	return same_end(trace, seen->source, seen->source_port, expected->source, expected->source_port) &&
	       same_end(trace, seen->destination, seen->destination_port, expected->destination, expected->destination_port);
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

/* At one node: where it ends, and how it leaves. */
static bool compare_node(struct trace *trace, const char *way, const struct hop *seen, const struct hop *expected)
{
	if (seen->end != expected->end) {
		if (expected->end)
			DIFFER(trace, "On the way %s explain has it end at %s, but it went on", way, seen->node);
		else
			DIFFER(trace, "On the way %s it ended at %s, where explain has it go on (%s)", way, seen->node,
			       expected->rule);
		return false;
	}
	if (!seen->end && !same_packet(trace, &seen->out, &expected->out)) {
		DIFFER(trace, "On the way %s it left %s as %s, and explain says %s", way, seen->node,
		       packet_text(trace, &seen->out), packet_text(trace, &expected->out));
		return false;
	}
	return true;
}

/* The first difference is the one that matters; what comes behind it follows from it. */
static void compare_way(struct trace *trace, const char *way, const struct hops *seen, const struct hops *expected)
{
	size_t s = 0, e = 0;

	while (s < seen->n_hop && e < expected->n_hop) {
		if (strcmp(seen->hop[s].node, expected->hop[e].node) != 0) {
			DIFFER(trace, "On the way %s it came to %s, where explain expects %s", way, seen->hop[s].node,
			       expected->hop[e].node);
			return;
		}
		s = same_node_until(seen, s);
		e = same_node_until(expected, e);
		if (!compare_node(trace, way, &seen->hop[s++], &expected->hop[e++]))
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

void trace_compare(struct trace *trace)
{
	compare_way(trace, "there", &trace->seen.forward, &trace->expected.forward);
	if (!trace->n_difference)
		compare_way(trace, "back", &trace->seen.back, &trace->expected.back);
	/* Of a pool's EIPs only some may be blocked: then either is as explain says. */
	if (trace->seen.reachable != trace->expected.reachable && !trace->expected.sometimes)
		DIFFER(trace, "It was %s, and explain says %s", trace->seen.reachable ? "answered" : "not answered",
		       trace->expected.reachable ? "reachable" : "blocked");
	if (!trace->n_difference)
		agree(trace);
}
