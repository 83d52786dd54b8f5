/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/trace/trace.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/live/explain.h"
#include "lab/trace/internal.h"

/*
 * The packets are sent one after the other, and what was seen of them is read when each has had its
 * answer or is lost. Their source ports tell them apart.
 */

enum { AT_ONCE = 128 }; /* ports to watch for */

struct seen {
	struct trace_event *event;
	size_t n_event;
	bool lost;
};

static void keep(struct trace *trace, struct seen *seen, const struct trace_news *news)
{
	if (news->kind == TRACE_PACKET)
		*ARRAY_PUSH(seen->event, seen->n_event) = news->event;
	else if (news->kind == TRACE_LOST)
		seen->lost = true;
	else if (news->kind == TRACE_PROBED)
		trace[news->i].probe = news->probe;
}

/* A signal's handler may let us go on: then no packet is waited for any more, and the worker says
 * -EINTR. */
static int send_and_see(struct trace *trace, size_t n_trace, struct seen *seen,
			const struct lab *lab, const struct trace_plan *plan, struct error *err)
{
	auto_free struct probe *probe = xalloc(n_trace * sizeof(*probe));
	struct trace_worker worker;
	struct trace_news news;
	int r;

	for (size_t i = 0; i < n_trace; i++)
		probe[i] = trace[i].probe;
	r = trace_worker_start(&worker, lab, plan, probe, n_trace, err);
	if (r < 0)
		return r;
	while ((r = trace_worker_read(&worker, -1, &news)) != -EPIPE) {
		if (r > 0)
			keep(trace, seen, &news);
		else
			(void)kill(worker.worker.pid, SIGINT);
	}
	return trace_worker_end(&worker, lab, err);
}

static void find_way(struct trace *trace, const struct explain_index *index,
		     const struct model *model, const struct wanted *wanted,
		     const struct seen *seen)
{
	enum trace_fate fate = TRACE_OPEN;

	trace->incomplete = trace->incomplete || seen->lost;
	for (size_t i = 0; i < seen->n_event; i++) {
		if (!trace_begins(&seen->event[i], &trace->probe.flow) ||
		    seen->event[i].packet.in.source_port != trace->probe.source_port)
			continue;
		fate = trace_follow(trace, model, wanted, seen->event, seen->n_event, i);
		break;
	}
	trace_conclude(trace, fate);
	trace_compare(trace, index);
}

/* What explain expects of each. */
static void expect(struct trace *trace, size_t n_trace, const struct explain_index *index)
{
	for (size_t i = 0; i < n_trace; i++) {
		trace[i] = (struct trace){ .probe = { .flow = trace[i].probe.flow,
						      .within = trace[i].probe.within } };
		explain(index, &trace[i].probe.flow, &trace[i].expected);
		if (trace[i].probe.within <= 0)
			trace[i].probe.within = trace[i].expected.reachable ? PROBE_WITHIN
									    : PROBE_WITHIN_BLOCKED;
		trace[i].probe.expect_blocked = true; /* no second try after a refusal: the packet
							 that is shown is the one */
	}
}

static int trace_group(struct lab *lab, struct trace *trace, size_t n_trace, struct error *err)
{
	auto_free struct flow *flow = xalloc(n_trace * sizeof(*flow));
	struct explainer explainer;
	struct seen seen = { 0 };
	struct trace_plan plan;
	int r;

	for (size_t i = 0; i < n_trace; i++)
		flow[i] = trace[i].probe.flow;
	explainer_begin(&explainer, lab);
	explainer_read(&explainer, flow, n_trace);
	expect(trace, n_trace, explainer.index);
	trace_plan_make(&plan, trace, n_trace, lab_applied(lab));
	r = send_and_see(trace, n_trace, &seen, lab, &plan, err);
	trace_sort(seen.event, seen.n_event);
	for (size_t i = 0; i < n_trace; i++) {
		trace[i].incomplete = !plan.all;
		if (r >= 0)
			find_way(&trace[i], explainer.index, lab->model, lab_applied(lab), &seen);
		else
			trace_free(&trace[i]);
	}
	for (size_t i = 0; i < seen.n_event; i++)
		trace_event_free(&seen.event[i]);
	free(seen.event);
	trace_plan_free(&plan);
	explainer_end(&explainer);
	return r;
}

int trace_run(struct lab *lab, struct trace *trace, size_t n_trace, struct error *err)
{
	int r = lab_need_own_kernel(lab, err);

	for (size_t done = 0; done < n_trace && r >= 0; done += AT_ONCE) {
		r = trace_group(lab, &trace[done],
				n_trace - done < AT_ONCE ? n_trace - done : AT_ONCE, err);
		for (size_t i = 0; i < done && r < 0; i++)
			trace_free(&trace[i]);
	}
	return r;
}

void trace_free(struct trace *trace)
{
	explanation_free(&trace->seen);
	explanation_free(&trace->expected);
}
