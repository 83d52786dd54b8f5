/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/reach/reach.h"

/* What gets through of all packets, or what of them a change opens and closes. Text ends with a
 * newline; width as in output_write(). */

void reach_add_text(struct text *text, const struct reach *reach, unsigned width);
/* [{"from","to","protocol","ports","verdict","seen_as","target","witness"}...] */
void reach_output(struct output *output, const struct reach *reach);
/* At most so many of the offenders, a line each. */
void reach_add_offenders(struct text *text, const struct reach *reach, size_t most);
/* Each set with its cause, where it does not get through. */
void reach_add_causes(struct text *text, const struct reach *reach, unsigned width);
void reach_output_causes(struct output *output, const struct reach *reach);

/* {"opened","closed","retranslated","cut"} of [{"from","to","protocol","ports","before","after",
 * "witness"}...] */
void diff_add_text(struct text *text, const struct reach *reach, unsigned width);
void diff_output(struct output *output, const char *key, const struct reach *reach);
/* The same as Markdown, for a comment on the change. */
void diff_add_markdown(struct text *text, const struct reach *reach);
enum diff_format { DIFF_TEXT, DIFF_JSON, DIFF_MARKDOWN };
#define DIFF_FORMATS "text|json|github"
extern const struct word diff_format_words[];
/* "opened", "closed", ...: how many sets. */
void diff_put_counts(struct output *output, const struct reach *reach);
/* How many sets of flows change. */
size_t diff_count(const struct reach *reach);
