/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/memory.h"
#include "lab/live/explain.h"
#include "lab/trace/internal.h"

/*
 * The worker tells of packets; those that may begin a connection of the flow are followed through
 * what was seen so far, until their fate is certain or their time is up, by the clock of the
 * packets: however late we are to hear of them. The ways are told apart by all the five values of a
 * packet at each node, so that of many connections at once each keeps its own hops; a packet is
 * part of one way only.
 */

#define SECOND 1000000000u /* in nanoseconds */

enum {
	REFRESH_MILLISECONDS = 200, /* how soon a change of the lab is noticed */
	KEEP_SECONDS =
		2, /* that what belongs to no connection is kept beyond the patience for one */
};

/* How long one that was told of is known: what is sent again is no new one. A TCP SYN comes again
 * for some two minutes. */
enum { KNOWN_SECONDS_TCP = 150, KNOWN_SECONDS = 30 };

struct known {
	struct tuple tuple;
	uint32_t sequence;
	uint64_t heard; /* the last time */
};

struct trace_watch {
	struct lab *lab;
	struct flow flow;
	off_t position; /* of the lab, for which the rest is made */
	struct trace_plan plan;
	struct trace_worker worker;
	bool working;
	uint64_t until; /* what was seen up to then is all there, but for what was lost */
	struct trace_event *event;
	size_t n_event;
	bool sorted;
	struct known *known;
	size_t n_known;
	uint64_t lost, lost_told; /* when it was */
};

/* ---- which are new ---- */

static uint64_t known_for(uint8_t protocol)
{
	return (uint64_t)(protocol == PROTOCOL_TCP ? KNOWN_SECONDS_TCP : KNOWN_SECONDS) * SECOND;
}

static struct known *find_known(struct trace_watch *watch, const struct nft_trace_packet *packet,
				uint64_t heard)
{
	for (size_t i = watch->n_known; i-- > 0;) {
		struct known *known = &watch->known[i];

		if (tuple_equal(&known->tuple, &packet->in) &&
		    known->sequence == packet->sequence &&
		    heard - known->heard < known_for(packet->in.protocol))
			return known;
	}
	return NULL;
}

static void forget_known(struct trace_watch *watch, uint64_t at)
{
	size_t left = 0;

	for (size_t i = 0; i < watch->n_known; i++)
		if (at - watch->known[i].heard < known_for(watch->known[i].tuple.protocol))
			watch->known[left++] = watch->known[i];
	watch->n_known = left;
}

/* UDP knows no beginning: what goes the other way of a datagram that came in is its answer. */
static bool is_answer(const struct trace_watch *watch, const struct trace_event *event)
{
	const struct tuple answered = trace_turned(&event->packet.in);

	if (answered.protocol != PROTOCOL_UDP)
		return false;
	for (size_t i = 0; i < watch->n_event; i++) {
		const struct nft_trace_packet *other = &watch->event[i].packet;

		if (other->end == NFT_TRACE_DELIVERED &&
		    strcmp(watch->event[i].netns, event->netns) == 0 &&
		    other->time < event->packet.time && tuple_equal(&other->out, &answered))
			return true;
	}
	return false;
}

static bool is_new(struct trace_watch *watch, struct trace_event *event)
{
	struct known *known;

	if (event->used || !trace_begins(event, &watch->flow))
		return false;
	known = find_known(watch, &event->packet, event->heard);
	if (known)
		known->heard = event->heard;
	if (known || is_answer(watch, event))
		event->used = event->settled = true;
	return !event->used;
}

/* ---- what came of them ---- */

static uint64_t patience(const struct trace_watch *watch)
{
	/* A program answers a datagram when it likes, the kernel the rest. */
	double seconds = watch->flow.protocol == PROTOCOL_UDP ? PROBE_WITHIN : PROBE_WITHIN_BLOCKED;

	return (uint64_t)(seconds * SECOND);
}

static void compare(const struct lab *lab, struct trace *trace)
{
	struct explainer explainer;

	explainer_begin(&explainer, lab);
	explainer_read(&explainer, &trace->probe.flow, 1);
	trace_compare(trace, explainer.index);
	explainer_end(&explainer);
}

static void tell(struct trace_watch *watch, struct trace *trace, const struct trace_event *first,
		 enum trace_fate fate)
{
	struct probe *probe = &trace->probe;
	const struct hops *back = &trace->seen.back;

	*ARRAY_PUSH(watch->known, watch->n_known) = (struct known){
		.tuple = first->packet.in, .sequence = first->packet.sequence, .heard = first->heard
	};
	probe->source_port = first->packet.in.source_port;
	probe->verdict = fate == TRACE_ANSWERED  ? PROBE_REACHED
			 : fate == TRACE_REFUSED ? PROBE_REFUSED
						 : PROBE_TIMED_OUT;
	if (fate == TRACE_ANSWERED) {
		probe->seconds = back->hop[back->n_hop - 1].at;
		probe->seen_as = trace->seen.seen_as;
	}
	trace->incomplete = !watch->plan.all ||
			    (watch->lost && watch->lost + SECOND >= first->heard);
	trace_conclude(trace, fate);
	compare(watch->lab, trace);
}

/* What is in a way that was told of, and what belongs to none. */
static void drop_events(struct trace_watch *watch)
{
	const uint64_t keep = patience(watch) + (uint64_t)KEEP_SECONDS * SECOND;
	size_t left = 0;

	for (size_t i = 0; i < watch->n_event; i++) {
		if (watch->event[i].settled || watch->event[i].packet.time + keep < watch->until)
			trace_event_free(&watch->event[i]);
		else
			watch->event[left++] = watch->event[i];
	}
	watch->n_event = left;
}

/* The events of a way, all of them behind its first: they stay in it, or they are free again. */
static void settle(struct trace_event *first, size_t n_event, bool stay)
{
	for (size_t i = 0; i < n_event; i++) {
		if (stay)
			first[i].settled = first[i].used;
		else
			first[i].used = first[i].settled;
	}
}

/* The first one whose fate is certain, by what was seen up to watch->until. */
static bool next_connection(struct trace_watch *watch, struct trace *ret_trace)
{
	size_t n = 0;

	if (!watch->sorted)
		trace_sort(watch->event, watch->n_event);
	watch->sorted = true;
	while (n < watch->n_event && watch->event[n].packet.time <= watch->until)
		n++;
	for (size_t i = 0; i < n; i++) {
		struct trace_event *first = &watch->event[i];
		enum trace_fate fate;
		bool over;

		if (!is_new(watch, first))
			continue;
		*ret_trace = (struct trace){ .probe.flow = watch->flow };
		fate = trace_follow(ret_trace, watch->lab->model, lab_applied(watch->lab),
				    watch->event, n, i);
		over = fate != TRACE_OPEN || watch->until - first->packet.time >= patience(watch);
		settle(first, n - i, over);
		if (over) {
			tell(watch, ret_trace, first, fate);
			return true;
		}
		trace_free(ret_trace);
	}
	drop_events(watch);
	forget_known(watch, clock_nanoseconds(CLOCK_MONOTONIC));
	return false;
}

/* ---- the worker ---- */

/* It ends by itself only where something goes wrong, be it that the lab ends. */
static int ended(struct trace_watch *watch, struct error *err)
{
	int r = trace_worker_end(&watch->worker, watch->lab, err);

	watch->working = false;
	return r < 0 ? r : error_set(err, -ECHILD, "the watch in the lab has ended");
}

/* The worker's news, milliseconds waited for. 1: there were some. */
static int hear(struct trace_watch *watch, int timeout, struct error *err)
{
	struct trace_news news;
	int r = trace_worker_read(&watch->worker, timeout, &news);

	if (r == -EPIPE)
		return ended(watch, err);
	if (r < 0)
		return r == -EINTR
			       ? r
			       : error_set(err, r, "cannot read what is watched: %s", strerror(-r));
	if (r > 0 && news.kind == TRACE_PACKET) {
		news.event.heard = clock_nanoseconds(CLOCK_MONOTONIC);
		*ARRAY_PUSH(watch->event, watch->n_event) = news.event;
		watch->sorted = false;
	} else if (r > 0 && news.kind == TRACE_TOLD) {
		watch->until = news.until;
	} else if (r > 0 && news.kind == TRACE_LOST) {
		watch->lost = clock_nanoseconds(CLOCK_MONOTONIC);
	}
	return r;
}

static int start(struct trace_watch *watch, struct error *err)
{
	struct trace trace = { .probe.flow = watch->flow };
	int r;

	watch->position = lab_position(watch->lab);
	explain_in_lab(watch->lab, &watch->flow, &trace.expected);
	trace_plan_make(&watch->plan, &trace, 1, lab_applied(watch->lab));
	trace_free(&trace);
	if (watch->flow.protocol == PROTOCOL_ICMP) /* whatever id the sender takes */
		*ARRAY_PUSH(watch->plan.port, watch->plan.n_port) =
			(struct nft_trace_port){ .protocol = PROTOCOL_ICMP };
	r = trace_worker_start(&watch->worker, watch->lab, &watch->plan, NULL, 0, err);
	watch->working = r >= 0;
	return r < 0 ? r : hear(watch, -1, err); /* that it is ready */
}

static int stop(struct trace_watch *watch, struct error *err)
{
	int r = watch->working ? trace_worker_end(&watch->worker, watch->lab, err) : 0;

	watch->working = false;
	for (size_t i = 0; i < watch->n_event; i++)
		trace_event_free(&watch->event[i]);
	watch->n_event = 0;
	trace_plan_free(&watch->plan);
	watch->plan = (struct trace_plan){ 0 };
	return r;
}

/* The flow in the lab as it is now: its ends may be gone, or another address may be meant. */
static int parse_again(struct trace_watch *watch, struct error *err)
{
	const char *word[] = { watch->flow.from, "->", watch->flow.to };
	struct flow flow;
	int r = flow_parse(watch->lab->model, word, ARRAY_SIZE(word), &flow, err);

	if (r >= 0)
		watch->flow.destination = flow.destination;
	return r;
}

/* What others have changed in the lab. 1: it is watched anew. */
static int follow_lab(struct trace_watch *watch, struct error *err)
{
	int r = lab_refresh(watch->lab, err);

	if (r < 0 || watch->position == lab_position(watch->lab))
		return r;
	r = stop(watch, err);
	if (r >= 0)
		r = parse_again(watch, err);
	if (r >= 0)
		r = start(watch, err);
	return r < 0 ? r : 1;
}

/* ---- the whole ---- */

int trace_watch_begin(struct lab *lab, const struct flow *flow, struct trace_watch **ret_watch,
		      struct error *err)
{
	struct trace_watch *watch = xnew(struct trace_watch);
	int r = lab_need_own_kernel(lab, err);

	watch->lab = lab;
	watch->flow = *flow;
	if (r >= 0)
		r = start(watch, err);
	if (r < 0)
		trace_watch_end(watch);
	else
		*ret_watch = watch;
	return r;
}

void trace_watch_end(struct trace_watch *watch)
{
	(void)stop(watch, &(struct error){ 0 });
	free(watch->event);
	free(watch->known);
	free(watch);
}

/* Milliseconds to wait for: until `end`, and not so long that a change of the lab would be missed.
 */
static int time_left(uint64_t end)
{
	uint64_t left = end > clock_nanoseconds(CLOCK_MONOTONIC)
				? (end - clock_nanoseconds(CLOCK_MONOTONIC)) / 1000000 + 1
				: 0;

	return left < REFRESH_MILLISECONDS ? (int)left : REFRESH_MILLISECONDS;
}

int trace_watch_next(struct trace_watch *watch, double seconds, struct trace *ret_trace,
		     struct error *err)
{
	const uint64_t end =
		seconds < 0 ? UINT64_MAX
			    : clock_nanoseconds(CLOCK_MONOTONIC) + (uint64_t)(seconds * SECOND);

	for (;;) {
		int r;

		if (watch->lost && watch->lost - watch->lost_told > SECOND) {
			watch->lost_told = watch->lost;
			return WATCH_LOST;
		}
		if (next_connection(watch, ret_trace))
			return WATCH_CONNECTION;
		r = follow_lab(watch, err);
		if (r != 0)
			return r < 0 ? r : WATCH_AGAIN;
		r = hear(watch, time_left(end), err);
		while (r > 0 && clock_nanoseconds(CLOCK_MONOTONIC) < end)
			r = hear(watch, 0, err);
		if (r < 0)
			return r;
		if (clock_nanoseconds(CLOCK_MONOTONIC) >= end)
			return next_connection(watch, ret_trace) ? WATCH_CONNECTION : WATCH_NOTHING;
	}
}
