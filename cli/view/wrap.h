/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"

/*
 * Words in lines no wider than the width; only a word that is wider alone stands out. The text goes
 * on in column `at`, and further lines begin in column `indent`.
 */

/* "[key VALUE]" stays on one line. */
void wrap_add(struct text *text, const char *s, size_t at, size_t indent, size_t width);
/* The same, and a newline. */
void wrap_add_line(struct text *text, const char *s, size_t at, size_t indent, size_t width);
/* A command, to be pasted as it stands: words in quotes stay whole, and a backslash continues what
 * is too long for a line. */
void wrap_add_command(struct text *text, const char *command, size_t at, size_t indent,
		      size_t width);
/* "  LEFT    right" and a newline: in columns, the right one begins in column indent and is
 * wrapped. */
void wrap_add_row(struct text *text, size_t margin, const char *left, const char *right,
		  size_t indent, size_t width);
