/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/explain/explain.h"

/* An explanation in words and as data. */

/* The verdict first, then why and what to do, then each hop there and back; lines of at most width
 * (0: 80). */
void explain_add_text(struct text *text, const struct model *model, const struct explanation *x,
		      unsigned width, bool color);
/* "NO_ROUTE at VPC1: the system route table ... has no route to ..." */
void explain_add_reason(struct text *text, const struct model *model, const struct explanation *x);
/* What of hosts that packets came by is not understood, below what they came to; or nothing. */
void explain_add_doubts(struct text *text, const struct explain_index *const *index, size_t n_index,
			unsigned width);
/* "not_understood": a list, each once; nothing where all is. */
void explain_put_doubts(struct output *output, const char *const *doubt, size_t n);
/* Of all hosts that were met. */
void explain_put_all_doubts(struct output *output, const struct explain_index *const *index,
			    size_t n_index);
/* "seen_as": the addresses that a hash chooses from. */
void explain_put_pool(struct output *output, const struct snat *pool);
/* {"flow","verdict","code","hop","cause","cure","seen_as","forward","return"};
   sometimes: blocked with some of the EIPs or ports that a gateway chooses from */
void explain_output(struct output *output, const struct model *model, const struct explanation *x);

/* Of one that is blocked: "hop" and "cause". */
void explain_put_cause(struct output *output, const struct model *model,
		       const struct explanation *x);
