/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/reach/reach.h"

/* What of all packets a change opens, closes, translates otherwise and cuts. Text ends with a
 * newline; width as in output_write(). */

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
