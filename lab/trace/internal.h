/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/nftables/trace.h"
#include "core/state/wanted.h"
#include "lab/trace/trace.h"

/*
 * Between trace.c, which sends a packet, watch.c, which waits for others', worker.c, whose child
 * watches for both, hops.c, which finds a packet's way in what was seen, decision.c, which finds
 * what decided, and compare.c.
 */

struct trace_event { /* a packet in a namespace */
	const char *netns;
	struct nft_trace_packet packet; /* its steps are ours */
	uint64_t heard; /* when we were told of it, nanoseconds of the monotonic clock */
	bool used;      /* it is in a way that was found */
	bool settled;   /* and stays in it */
};
void trace_event_free(struct trace_event *event);

/* ---- worker.c ---- */

#define TRACE_NAMESPACES 256 /* open files */
struct trace_plan {          /* what is watched */
	struct arena arena;
	const char *netns[TRACE_NAMESPACES];
	size_t n_netns;
	bool all; /* there was room for all */
	struct nft_trace_port *port;
	size_t n_port;
};

/* Where explain expects the flows, first, and the ports that they have on their way. */
void trace_plan_make(struct trace_plan *plan, const struct trace *trace, size_t n_trace,
		     const struct wanted *wanted);
void trace_plan_free(struct trace_plan *plan);

enum trace_news_kind {
	TRACE_READY,  /* from now on all is seen */
	TRACE_PACKET, /* news.event; the receiver frees it */
	TRACE_TOLD,   /* of all that was seen up to news.until */
	TRACE_LOST,   /* the kernel had more to tell than could be kept */
	TRACE_PROBED, /* news.probe: what came of probe number news.i */
};

struct trace_news {
	enum trace_news_kind kind;
	struct trace_event event;
	struct probe probe;
	size_t i;       /* which probe; between the worker and us, which of the plan's namespaces */
	uint64_t until; /* nanoseconds of the wall clock */
};

struct trace_worker {
	const struct trace_plan *plan;
	struct worker worker;
	int fd;       /* where it tells */
	char *buffer; /* told, not yet read */
	size_t length, capacity;
};

/*
 * A child that watches until it is ended, or, with probes to send, until they are decided. The plan
 * must last as long. It ends with its caller, too.
 */
int trace_worker_start(struct trace_worker *ret_worker, const struct lab *lab,
		       const struct trace_plan *plan, struct probe *probe, size_t n_probe,
		       struct error *err);
/* Waits for news, milliseconds (-1: as long as it takes). 1: there are; 0: none; -EINTR: a signal;
 * -EPIPE: it has ended. */
int trace_worker_read(struct trace_worker *worker, int timeout, struct trace_news *ret_news);
/* Ends it and gives what it returned. */
int trace_worker_end(struct trace_worker *worker, const struct lab *lab, struct error *err);

/* ---- hops.c ---- */

/* An answer's: source and destination change places. */
struct tuple trace_turned(const struct tuple *tuple);
void trace_sort(struct trace_event *event, size_t n_event); /* by time */

/* Is that a packet that may begin a connection of the flow? Or one that begins it again. */
bool trace_begins(const struct trace_event *event, const struct flow *flow);

enum trace_fate {
	TRACE_OPEN, /* more may be to come */
	TRACE_GONE, /* dropped, or delivered where nobody takes it */
	TRACE_ANSWERED,
	TRACE_REFUSED,
};

/*
 * Fills in the ways of trace->seen, that of the packet of event `first` and that of its answer,
 * from events sorted by time that are not used yet, and marks these as used.
 */
enum trace_fate trace_follow(struct trace *trace, const struct model *model,
			     const struct wanted *wanted, struct trace_event *event, size_t n_event,
			     size_t first);
/* Where and why it ended, by the verdict of trace->probe and what was seen. */
void trace_conclude(struct trace *trace, enum trace_fate fate);

/* ---- decision.c ---- */

/* Fills in what decided at a hop, whose packets and action are there. */
void trace_decide(struct hop *hop, struct arena *arena, const struct model *model,
		  const struct wanted *wanted, const struct trace_event *event);

/* ---- compare.c ---- */

/* Fills in trace->difference, and trace->expected of the very packet that was seen. */
void trace_compare(struct trace *trace, const struct explain_index *index);
