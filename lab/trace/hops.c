/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/compile/layout.h"
#include "lab/trace/internal.h"

/*
 * The packet's way: from where it was sent on, each time the next namespace that saw a packet come
 * in with the headers with which the last one had sent it on. Others' packets with the same port
 * drop out that way.
 */

struct way {
	struct trace *trace;
	const struct model *model;
	const struct wanted *wanted;
	struct trace_event *event; /* in order of time */
	size_t n_event;
	uint64_t began;
};

static int compare_events(const void *a, const void *b)
{
	const struct trace_event *x = a, *y = b;

	return x->packet.time < y->packet.time ? -1 : x->packet.time > y->packet.time;
}

void trace_sort(struct trace_event *event, size_t n_event)
{
	if (n_event)
		qsort(event, n_event, sizeof(*event), compare_events);
}

bool trace_begins(const struct trace_event *event, const struct flow *flow)
{
	const struct nft_trace_packet *packet = &event->packet;

	return packet->sent && packet->opens && strcmp(event->netns, flow->from) == 0 &&
	       packet->in.destination == flow->destination &&
	       packet->in.protocol == (uint8_t)flow->protocol &&
	       (flow->protocol == PROTOCOL_ICMP || packet->in.destination_port == flow->port);
}

struct tuple trace_turned(const struct tuple *tuple)
{
	return (struct tuple){ .source = tuple->destination,
			       .destination = tuple->source,
			       .protocol = tuple->protocol,
			       .source_port = tuple->destination_port,
			       .destination_port = tuple->source_port };
}

/* The next packet from event i on with those headers: that came in, or was sent by a node. */
static size_t find(const struct way *way, size_t i, const struct tuple *tuple, const char *sender)
{
	for (; i < way->n_event; i++) {
		const struct trace_event *event = &way->event[i];

		if (event->used || event->packet.sent != (sender != NULL) ||
		    !tuple_equal(&event->packet.in, tuple))
			continue;
		if (!sender || strcmp(event->netns, sender) == 0)
			return i;
	}
	return SIZE_MAX;
}

/* ---- hops ---- */

static struct packet to_packet(const struct tuple *tuple)
{
	const bool ports = tuple->protocol != PROTOCOL_ICMP;

	return (struct packet){ .source = tuple->source,
				.destination = tuple->destination,
				.source_port = ports ? tuple->source_port : 0,
				.destination_port = ports ? tuple->destination_port : 0,
				.protocol = (enum protocol)tuple->protocol };
}

static enum action action_of(const struct nft_trace_packet *packet, bool back)
{
	if (packet->end == NFT_TRACE_DROPPED || packet->end == NFT_TRACE_NOWHERE)
		return ACTION_DROP;
	if (!tuple_equal(&packet->in, &packet->out))
		return back                                                ? ACTION_TRANSLATE
		       : packet->in.source != packet->out.source           ? ACTION_SNAT
		       : packet->in.source_port != packet->out.source_port ? ACTION_SNAT
									   : ACTION_DNAT;
	if (packet->end == NFT_TRACE_DELIVERED)
		return ACTION_DELIVER;
	return packet->sent ? back ? ACTION_ANSWER : ACTION_SEND : ACTION_FORWARD;
}

/* In a chain whose rules count connections, whoever made them. */
static bool dropped_by_limit(const struct nft_trace_packet *packet)
{
	const char *chain = packet->n_step ? packet->step[packet->n_step - 1].chain : "";

	return packet->end == NFT_TRACE_DROPPED &&
	       (strcmp(chain, SIZE_LIMIT_CHAIN) == 0 || strcmp(chain, PORT_LIMIT_CHAIN) == 0);
}

static void add_hop(const struct way *way, struct hops *hops, struct trace_event *event, bool back)
{
	const struct nft_trace_packet *packet = &event->packet;
	const bool lost = packet->end == NFT_TRACE_DROPPED || packet->end == NFT_TRACE_NOWHERE;
	const bool translated = !lost && !tuple_equal(&packet->in, &packet->out);
	struct hop *hop = ARRAY_PUSH(hops->hop, hops->n_hop);

	event->used = true;
	*hop = (struct hop){ .node = arena_strdup(&way->trace->seen.arena, event->netns),
			     .in = to_packet(&packet->in),
			     .out = lost ? (struct packet){ 0 } : to_packet(&packet->out),
			     .action = action_of(packet, back),
			     .translated = translated,
			     .end = lost,
			     .at = (double)(packet->time - way->began) / 1e9 };
	trace_decide(hop, &way->trace->seen.arena, way->model, way->wanted, event);
	if (dropped_by_limit(packet))
		way->trace->seen.code = CODE_LIMIT;
}

/* From event i on, until it is lost or delivered. Returns the last event. */
static size_t follow(const struct way *way, size_t i, struct hops *hops, bool back)
{
	for (;;) {
		struct trace_event *event = &way->event[i];
		size_t next, other;

		add_hop(way, hops, event, back);
		if (event->packet.end != NFT_TRACE_SENT_ON)
			return i;
		next = other = find(way, i + 1, &event->packet.out, NULL);
		/* A sender hears its own broadcast; the way is that of who else gets it. */
		while (other != SIZE_MAX && strcmp(way->event[other].netns, event->netns) == 0)
			other = find(way, other + 1, &event->packet.out, NULL);
		if (next == SIZE_MAX)
			return i;
		i = other != SIZE_MAX ? other : next;
	}
}

/* Where it ended, if it had no answer: nowhere in particular means that the last node let it go and
 * nobody got it. */
static void note_end(struct trace *trace, bool refused)
{
	struct explanation *seen = &trace->seen;
	struct hops *way = seen->back.n_hop ? &seen->back : &seen->forward;
	struct hop *last = way->n_hop ? &way->hop[way->n_hop - 1] : NULL;

	seen->hop = seen->reachable ? "" : last ? last->node : seen->flow.from;
	if (seen->reachable || !last)
		return;
	if (refused && way == &seen->forward) {
		last->action = ACTION_REFUSE;
		last->decision[0] = BY(REFUSED);
		last->n_decision = 1;
	} else if (last->action == ACTION_DELIVER) {
		last->action = way == &seen->back ? ACTION_DROP : ACTION_REFUSE;
		last->decision[0] = way == &seen->back ? BY(NOT_TAKEN) : BY(NO_ANSWER);
		last->n_decision = 1;
	}
	last->end = true;
	last->out = (struct packet){ 0 };
}

enum trace_fate trace_follow(struct trace *trace, const struct model *model,
			     const struct wanted *wanted, struct trace_event *event, size_t n_event,
			     size_t first)
{
	struct way way = {
		.trace = trace, .model = model, .wanted = wanted, .event = event, .n_event = n_event
	};
	const struct nft_trace_packet *last;
	struct tuple answer;
	size_t i;

	way.began = trace->began = event[first].packet.time;
	i = follow(&way, first, &trace->seen.forward, false);
	last = &event[i].packet;
	if (last->end != NFT_TRACE_DELIVERED)
		return last->end == NFT_TRACE_SENT_ON ? TRACE_OPEN : TRACE_GONE;

	trace->seen.seen_as = last->out.source;
	answer = trace_turned(&last->out);
	i = find(&way, i + 1, &answer, event[i].netns);
	if (i == SIZE_MAX)
		return TRACE_OPEN;
	/* A refusal that gets lost on its way back is one all the same. */
	if (event[i].packet.reset || trace->probe.verdict == PROBE_REFUSED) {
		event[i].used = true;
		return TRACE_REFUSED;
	}
	last = &event[follow(&way, i, &trace->seen.back, true)].packet;
	return last->end == NFT_TRACE_DELIVERED ? TRACE_ANSWERED
	       : last->end == NFT_TRACE_SENT_ON ? TRACE_OPEN
						: TRACE_GONE;
}

void trace_conclude(struct trace *trace, enum trace_fate fate)
{
	trace->seen.flow = trace->probe.flow;
	trace->seen.reachable = trace->probe.verdict == PROBE_REACHED;
	note_end(trace, trace->probe.verdict == PROBE_REFUSED || fate == TRACE_REFUSED);
}
