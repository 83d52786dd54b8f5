/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/explain/explain.h"
#include "lab/model/decision.h"

/* What decided, in words and as data. */

const char *action_word(enum action action);
void decision_add_text(struct text *text, const struct model *model,
		       const struct decision *decision);
/* All that decided at a hop. */
void hop_add_text(struct text *text, const struct model *model, const struct hop *hop);
/* {"type","name",...,"text"}: what decided, and "text" as above; where more than one thing did, the
 * others are in "also". */
void hop_put_rule(struct output *output, const struct model *model, const struct hop *hop);

/* "10,000" */
void view_add_count(struct text *text, uint64_t n);
