/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "lab/explain/explain.h"
#include "lab/live/lab.h"
#include "lab/probe/probe.h"

/*
 * What the kernel did with a real packet of a flow, hop by hop, as its trace events tell, and where
 * that is something else than explain says. While it runs each namespace has a table for it
 * (core/nftables/trace.h), else nothing.
 */
enum difference_kind {
	DIFFERENCE_NONE,
	DIFFERENCE_NODE,      /* it came to another node */
	DIFFERENCE_CAME_IN,   /* with other headers */
	DIFFERENCE_WENT_ON,   /* where explain has it end */
	DIFFERENCE_ENDED,     /* where explain has it go on */
	DIFFERENCE_WENT_OUT,  /* with other headers */
	DIFFERENCE_DECISION,  /* something else decided */
	DIFFERENCE_TOO_FAR,   /* explain expects nothing more */
	DIFFERENCE_NOT_SEEN,  /* at a node where explain expects it */
	DIFFERENCE_VERDICT,   /* it was answered, or was not */
	DIFFERENCE_END,       /* at another node */
	DIFFERENCE_SEEN_AS,   /* the last hop and connection tracking tell of two senders */
	DIFFERENCE_LEFT_NODE, /* what a node says to itself went elsewhere */
};

/* The first thing that was not as explain says; what comes behind it follows from it. */
struct trace_difference {
	enum difference_kind kind;
	bool back;                      /* on the way back */
	const struct hop *seen;         /* NULL where it was not seen any more */
	const struct hop *first, *last; /* explain's hops at that node, or NULL */
};

struct trace {
	struct probe probe; /* the flow, and how long to wait; then the packet that was sent, and
			       what came of it */
	struct explanation
		seen; /* what was seen; the code and cures are explain's, where it says the same */
	struct explanation expected; /* what explain says */
	struct trace_difference difference;
	uint64_t began;  /* when the packet was sent, nanoseconds of the wall clock; 0: it was not
			    seen */
	bool incomplete; /* the kernel had more to tell than could be kept, or there are more
			    namespaces than are watched */
};

/*
 * Sends a packet of each flow, one after the other, and waits for all answers side by side; ends
 * within PROBE_WITHIN and a little, or the longest probe.within. In: trace[i].probe.flow and
 * .within (0: the default). All of trace[] is to be freed only if this has worked.
 */
int trace_run(struct lab *lab, struct trace *trace, size_t n_trace, struct error *err);
void trace_free(struct trace *trace);

/*
 * Waiting for others' packets: each connection of a flow that begins while the watch lasts, once it
 * is answered or lost. Sends nothing. What others change in the lab meanwhile is followed.
 */
struct trace_watch;
int trace_watch_begin(struct lab *lab, const struct flow *flow, struct trace_watch **ret_watch,
		      struct error *err);
void trace_watch_end(struct trace_watch *watch);

enum trace_watch_news {
	WATCH_NOTHING,    /* the time is up */
	WATCH_CONNECTION, /* *ret_trace; the caller frees it */
	WATCH_AGAIN,      /* the lab has changed: from now on it is watched as it is */
	WATCH_LOST, /* the kernel had more to tell than could be kept: connections may be missing */
};

/* Waits so many seconds, < 0: as long as it takes. Returns news, or -EINTR without err after a
 * signal. */
int trace_watch_next(struct trace_watch *watch, double seconds, struct trace *ret_trace,
		     struct error *err);
