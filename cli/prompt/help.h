/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"
#include "core/base/text.h"
#include "lab/language/command.h"

/*
 * In the words of those rows (command_rows()). `help`: every family with its commands, a line each.
 * `help WORD...`: those that begin with the words; one: in full. `help VERB`: every noun that has
 * it.
 */
int help_format(struct text *text, struct command_cursor rows, const char *const *word,
		size_t n_word, unsigned width, struct error *err);
/* The manual page's COMMANDS section, in roff: those of all providers. */
void help_manual(struct text *text, const struct language *language);
