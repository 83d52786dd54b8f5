/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/trace/trace.h"

/* A trace in words and as data, as an explanation of what was seen. */

/* What came of the packet, where it differs from what explain says, and each hop with its time. */
void trace_add_text(struct text *text, const struct model *model, const struct trace *trace,
		    unsigned width, bool color);
/* Where it is not as explain says: a sentence without a full stop, or nothing. */
void trace_add_difference(struct text *text, const struct model *model, const struct trace *trace);
/* The same keys (the code only where explain agrees; hops have "at") and
   {"began","answer","seconds","agrees", "differences","complete"} */
void trace_output(struct output *output, const struct model *model, const struct trace *trace);
/* The same of a connection that was watched: when it began, and between whom. Ends with an empty
 * line. */
void trace_add_connection(struct text *text, const struct model *model, const struct trace *trace,
			  unsigned width, bool color);
