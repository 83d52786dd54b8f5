/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/reach/reach.h"

/* What gets through of all packets. Text ends with a newline; width as in output_write(). */

void reach_add_text(struct text *text, const struct reach *reach, unsigned width);
/* [{"from","to","protocol","ports","verdict","seen_as","target","witness"}...] */
void reach_output(struct output *output, const struct reach *reach);
/* At most so many of the offenders, a line each. */
void reach_add_offenders(struct text *text, const struct reach *reach, size_t most);
/* Each set with its cause, where it does not get through. */
void reach_add_causes(struct text *text, const struct reach *reach, unsigned width);
void reach_output_causes(struct output *output, const struct reach *reach);
