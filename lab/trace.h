#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"
#include "lab/explain.h"
#include "lab/lab.h"
#include "lab/probe.h"

/*
 * What the kernel did with a real packet of a flow, hop by hop, as its trace events tell, and where that is something else
 * than explain says. While it runs each namespace has a table for it (core/nft_trace.h), else nothing.
 */
#define TRACE_DIFFERENCES_MAX 8

struct trace {
	struct probe probe;          /* the flow, and how long to wait; then the packet that was sent, and what came of it */
	struct explanation seen;     /* what was seen; the code and cures are explain's, where it says the same */
	struct explanation expected; /* what explain says */
	const char *difference[TRACE_DIFFERENCES_MAX]; /* sentences without a full stop */
	size_t n_difference;
	uint64_t began;  /* when the packet was sent, nanoseconds of the wall clock; 0: it was not seen */
	bool incomplete; /* the kernel had more to tell than could be kept, or there are more namespaces than are watched */
};

/*
 * Sends a packet of each flow, one after the other, and waits for all answers side by side; ends within PROBE_WITHIN and a
 * little, or the longest probe.within. In: trace[i].probe.flow and .within (0: the default). All of trace[] is to be freed
 * only if this has worked.
 */
int trace_run(struct lab *lab, struct trace *trace, size_t n_trace, struct error *err);
void trace_free(struct trace *trace);
