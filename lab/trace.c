#include "lab/trace.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "core/memory.h"
#include "lab/compile.h"
#include "lab/trace_parts.h"

/* A packet is sent, and what was seen of it is read when it has had its answer or is lost. */

struct seen {
	struct trace_event *event;
	size_t n_event;
};

static void keep(struct trace *trace, struct seen *seen, const struct trace_news *news)
{
	if (news->kind == TRACE_PACKET)
		*ARRAY_PUSH(seen->event, seen->n_event) = news->event;
	else if (news->kind == TRACE_LOST)
		trace->incomplete = true;
	else if (news->kind == TRACE_PROBED)
		trace->probe = news->probe;
}

/* A signal's handler may let us go on: then the packet is not waited for any more, and the worker says -EINTR. */
static int send_and_see(struct trace *trace, struct seen *seen, const struct lab *lab, const struct trace_plan *plan,
			struct error *err)
{
	struct trace_worker worker;
	struct trace_news news;
	int r = trace_worker_start(&worker, lab, plan, &trace->probe, err);

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

static void find_way(struct trace *trace, const struct model *model, const struct wanted *wanted, const struct seen *seen)
{
	trace_sort(seen->event, seen->n_event);
	for (size_t i = 0; i < seen->n_event; i++) {
		if (!trace_begins(&seen->event[i], &trace->probe.flow) ||
		    seen->event[i].packet.in.source_port != trace->probe.source_port)
			continue;
		(void)trace_follow(trace, model, wanted, seen->event, seen->n_event, i);
		break;
	}
	trace_conclude(trace);
	trace_compare(trace, model);
}

int trace_run(struct lab *lab, const struct flow *flow, struct trace *ret_trace, struct error *err)
{
	struct seen seen = { 0 };
	struct trace_plan plan;
	struct wanted wanted;
	int r = lab_need_world(lab, err);

	*ret_trace = (struct trace){ 0 };
	if (r < 0)
		return r;
	explain_once(lab->model, flow, &ret_trace->expected);
	compile(lab->model, &wanted);
	trace_plan_make(&plan, &ret_trace->expected, &wanted);
	ret_trace->incomplete = !plan.all;
	/* No second try after a refusal: the packet that is shown is the one. */
	ret_trace->probe = (struct probe){ .flow = *flow,
					   .expect_blocked = true,
					   .within = ret_trace->expected.reachable ? PROBE_WITHIN : PROBE_WITHIN_BLOCKED };
	r = send_and_see(ret_trace, &seen, lab, &plan, err);
	if (r >= 0)
		find_way(ret_trace, lab->model, &wanted, &seen);
	for (size_t i = 0; i < seen.n_event; i++)
		trace_event_free(&seen.event[i]);
	free(seen.event);
	trace_plan_free(&plan);
	wanted_free(&wanted);
	if (r < 0)
		trace_free(ret_trace);
	return r;
}

void trace_free(struct trace *trace)
{
	explanation_free(&trace->seen);
	explanation_free(&trace->expected);
}
