#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/memory.h"
#include "core/text.h"
#include "lab/compile.h"
#include "lab/trace_parts.h"

/*
 * The packet's way: from where it was sent on, each time the next namespace that saw a packet come in with the headers with
 * which the last one had sent it on. Others' packets with the same port drop out that way.
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

static struct tuple turned(const struct tuple *tuple)
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

		if (event->packet.sent != (sender != NULL) || !tuple_equal(&event->packet.in, tuple))
			continue;
		if (!sender || strcmp(event->netns, sender) == 0)
			return i;
	}
	return SIZE_MAX;
}

/* ---- what decided ---- */

static const struct nft_chain *wanted_chain(const struct way *way, const char *netns, const char *name)
{
	size_t n;
	const struct object *object = wanted_range(way->wanted, OBJECT_NFT_CHAIN, netns, &n);

	for (size_t i = 0; object && i < n; i++)
		if (strcmp(object[i].chain.name, name) == 0)
			return &object[i].chain;
	return NULL;
}

/* The lab's own rule in that place, as far as that can be seen: the chain is as long as the lab's, the verdict the rule's. */
static const struct nft_rule *rule_of(const struct nft_chain *chain, const struct nft_trace_step *step)
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

/* A rule is named by its chain and its text. */
static void add_step(struct text *text, const struct way *way, const char *netns, const struct nft_trace_step *step)
{
	const struct nft_rule *rule = rule_of(wanted_chain(way, netns, step->chain), step);

	if (step->policy) {
		text_addf(text, "chain %s: policy %s", step->chain, step->drop ? "drop" : "accept");
	} else if (!step->ours) {
		text_addf(text, "chain %s of another table than the lab's: %s", step->chain, step->drop ? "drop" : "accept");
	} else if (rule) {
		text_addf(text, "chain %s: ", step->chain);
		nft_format_rule(text, rule);
	} else {
		text_addf(text, "chain %s, rule %u: %s (the chain is not as the lab made it)", step->chain, step->rule,
			  step->drop ? "drop" : "accept");
	}
}

static const char snat_prefix[] = "snat.";

static bool in_nat_chain(const struct way *way, const char *netns, const struct nft_trace_step *step)
{
	const struct nft_chain *chain = wanted_chain(way, netns, step->chain);

	return (chain && chain->type == NFT_CHAIN_NAT) || strncmp(step->chain, snat_prefix, sizeof(snat_prefix) - 1) == 0;
}

/* In the cloud's words, where the chain or the headers say what it was. */
static void add_entry(struct text *text, const struct way *way, const struct nft_trace_packet *packet,
		      const struct nft_trace_step *step)
{
	const struct tuple *in = &packet->in;
	const struct resource *holder = model_holder(way->model, NULL, in->destination);

	if (strncmp(step->chain, snat_prefix, sizeof(snat_prefix) - 1) == 0) {
		text_addf(text, "SNAT entry %s, by ", step->chain + sizeof(snat_prefix) - 1);
		return;
	}
	for (size_t i = 0; strcmp(step->chain, "dstnat") == 0 && i < model_count(way->model, NOUN_DNAT); i++) {
		const struct dnat *dnat = model_get(way->model, NOUN_DNAT, i);

		if (holder != &dnat->eip->resource || dnat->target_ip != packet->out.destination)
			continue;
		if (dnat->protocol != PROTOCOL_ALL &&
		    ((uint8_t)dnat->protocol != in->protocol || in->destination_port < dnat->public_first ||
		     in->destination_port > dnat->public_last))
			continue;
		text_addf(text, "DNAT entry %s, by ", dnat->resource.name);
		return;
	}
}

/* Rules that translated, if any did; else those that let it pass or dropped it, and chains that had nothing to say. */
static void add_steps(struct text *text, const struct way *way, const struct trace_event *event, bool nat)
{
	const struct nft_trace_packet *packet = &event->packet;

	for (size_t i = 0; i < packet->n_step; i++) {
		const struct nft_trace_step *step = &packet->step[i];

		if (in_nat_chain(way, event->netns, step) != nat || (nat && (step->policy || step->jump)))
			continue;
		if (step->jump) {
			if (i + 1 == packet->n_step || strcmp(packet->step[i + 1].chain, step->target) != 0)
				text_addf(text, "%schain %s: nothing there stopped it", text->length ? "; " : "", step->target);
			continue;
		}
		if (step->policy && !step->drop && text->length)
			continue; /* more has been said already */
		if (text->length)
			text_add(text, "; ");
		if (nat)
			add_entry(text, way, packet, step);
		add_step(text, way, event->netns, step);
	}
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

static const char *action(const struct nft_trace_packet *packet, bool back)
{
	if (packet->end == NFT_TRACE_DROPPED || packet->end == NFT_TRACE_NOWHERE)
		return "drop";
	if (!tuple_equal(&packet->in, &packet->out))
		return back                                                ? "translate"
		       : packet->in.source != packet->out.source           ? "snat"
		       : packet->in.source_port != packet->out.source_port ? "snat"
									   : "dnat";
	if (packet->end == NFT_TRACE_DELIVERED)
		return "deliver";
	return packet->sent ? back ? "answer" : "send" : "forward";
}

static const char *why(const struct way *way, const struct trace_event *event, bool translated)
{
	const struct nft_trace_packet *packet = &event->packet;
	struct text text = { 0 };
	const char *result;

	if (packet->end == NFT_TRACE_DROPPED)
		add_step(&text, way, event->netns, &packet->step[packet->n_step - 1]);
	else
		add_steps(&text, way, event, translated);
	if (translated && !text.length)
		text_add(&text, "connection tracking: the translation of the connection, turned round");
	if (packet->end == NFT_TRACE_NOWHERE)
		text_addf(&text, "%sno rule dropped it; routing had no way for it, or took it for misdirected",
			  text.length ? "; " : "");
	else if (packet->end == NFT_TRACE_SENT_ON && !packet->sent)
		text_addf(&text, "%sfrom %s to %s", text.length ? "; " : "", packet->iif, packet->oif);
	else if (packet->end == NFT_TRACE_SENT_ON)
		text_addf(&text, "%sby %s", text.length ? "; " : "", packet->oif);
	else if (packet->end == NFT_TRACE_DELIVERED && !text.length)
		text_addf(&text, "came in by %s", packet->iif);
	result = arena_strdup(&way->trace->seen.arena, text_get(&text));
	text_free(&text);
	return result;
}

static void add_hop(const struct way *way, struct hops *hops, const struct trace_event *event, bool back)
{
	const struct nft_trace_packet *packet = &event->packet;
	const bool lost = packet->end == NFT_TRACE_DROPPED || packet->end == NFT_TRACE_NOWHERE;
	const bool translated = !lost && !tuple_equal(&packet->in, &packet->out);
	struct hop *hop = ARRAY_PUSH(hops->hop, hops->n_hop);

	*hop = (struct hop){ .node = arena_strdup(&way->trace->seen.arena, event->netns),
			     .in = to_packet(&packet->in),
			     .out = lost ? (struct packet){ 0 } : to_packet(&packet->out),
			     .action = action(packet, back),
			     .rule = why(way, event, translated),
			     .translated = translated,
			     .end = lost,
			     .at = (double)(packet->time - way->began) / 1e9 };
}

/* Dropped by a rule that counts connections. */
static bool dropped_by_limit(const struct trace_event *event)
{
	const struct nft_trace_packet *packet = &event->packet;
	const char *chain = packet->n_step ? packet->step[packet->n_step - 1].chain : "";

	return packet->end == NFT_TRACE_DROPPED && (strcmp(chain, SIZE_LIMIT_CHAIN) == 0 || strcmp(chain, PORT_LIMIT_CHAIN) == 0);
}

/* From event i on, until it is lost or delivered. Returns the last event. */
static size_t follow(const struct way *way, size_t i, struct hops *hops, bool back)
{
	for (;;) {
		const struct trace_event *event = &way->event[i];
		size_t next;

		add_hop(way, hops, event, back);
		if (dropped_by_limit(event))
			way->trace->seen.code = CODE_LIMIT;
		if (event->packet.end != NFT_TRACE_SENT_ON)
			return i;
		next = find(way, i + 1, &event->packet.out, NULL);
		if (next == SIZE_MAX)
			return i;
		i = next;
	}
}

static void end_at(struct explanation *seen, struct hops *hops, const char *act, const char *rule)
{
	struct hop *last = &hops->hop[hops->n_hop - 1];

	if (act) {
		last->action = act;
		last->rule = rule;
	}
	last->end = true;
	last->out = (struct packet){ 0 };
	seen->hop = last->node;
}

/* Where it ended, if it had no answer: nowhere in particular means that the last node let it go and nobody got it. */
static void note_end(struct trace *trace)
{
	struct explanation *seen = &trace->seen;
	struct hops *last = seen->back.n_hop ? &seen->back : &seen->forward;
	bool delivered;

	seen->hop = seen->cause = "";
	if (seen->reachable)
		return;
	seen->hop = seen->flow.from;
	if (!last->n_hop) {
		seen->cause = "no packet left the sender: its own kernel has no way for it";
		return;
	}
	delivered = strcmp(last->hop[last->n_hop - 1].action, "deliver") == 0;
	if (trace->probe.verdict == PROBE_REFUSED && last == &seen->forward)
		end_at(seen, last, "refuse", "refused: nothing listens");
	else if (delivered && last == &seen->back)
		end_at(seen, last, "drop", "came in, but the sender's connection does not take it for its answer");
	else if (delivered)
		end_at(seen, last, "refuse", "came in, but no answer was sent");
	else
		end_at(seen, last, NULL, NULL);
	seen->cause = last->hop[last->n_hop - 1].rule;
}

void trace_hops(struct trace *trace, const struct model *model, const struct wanted *wanted, struct trace_event *event,
		size_t n_event)
{
	const struct flow *flow = &trace->probe.flow;
	struct way way = { .trace = trace, .model = model, .wanted = wanted, .event = event, .n_event = n_event };
	struct tuple answer;
	size_t first, last;

	trace->seen.flow = *flow;
	trace->seen.reachable = trace->probe.verdict == PROBE_REACHED;
	if (n_event)
		qsort(event, n_event, sizeof(*event), compare_events);
	for (first = 0; first < n_event; first++)
		if (event[first].packet.sent && strcmp(event[first].netns, flow->from) == 0 &&
		    event[first].packet.in.source_port == trace->probe.source_port &&
		    event[first].packet.in.destination == flow->destination && !event[first].packet.reset)
			break;
	if (first < n_event) {
		way.began = event[first].packet.time;
		last = follow(&way, first, &trace->seen.forward, false);
		if (event[last].packet.end == NFT_TRACE_DELIVERED) {
			trace->seen.seen_as = event[last].packet.out.source;
			answer = turned(&event[last].packet.out);
			first = find(&way, last + 1, &answer, event[last].netns);
			if (first < n_event && trace->probe.verdict != PROBE_REFUSED)
				follow(&way, first, &trace->seen.back, true);
		}
	}
	note_end(trace);
}
