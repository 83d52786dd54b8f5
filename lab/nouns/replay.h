/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"
#include "lab/language/tokenizer.h"
#include "lab/model/model.h"

/* How a change is written into the journal, and made again from there. */

/* The text of a change: words expanded, quoted where needed. The caller frees. */
char *replay_text(const struct line *line);
/* Parses and changes: no place, no output. */
int replay_change(struct model *model, const char *text, struct error *err);
