#pragma once

#include "core/nft_trace.h"
#include "core/wanted.h"
#include "lab/trace.h"

/* Between trace.c, which watches, trace_hops.c, which finds the packet's way in what was seen, and trace_compare.c. */

struct trace_event { /* a packet in a namespace */
	const char *netns;
	const struct nft_trace_packet *packet;
};

/* Fills in trace->seen from all that was seen, in order of time. */
void trace_hops(struct trace *trace, const struct model *model, const struct wanted *wanted, const struct trace_event *event,
		size_t n_event);

/* Fills in trace->difference. */
void trace_compare(struct trace *trace);
