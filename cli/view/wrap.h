/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"

/* Add words in lines that are no wider than the width, unless a single word is. The text begins
 * in column `at`, further lines in column `indent`. */

/* Add a text in which "[key VALUE]" stays on one line. */
void wrap_add(struct text *text, const char *s, size_t at, size_t indent, size_t width);
/* Add the same and a newline. */
void wrap_add_line(struct text *text, const char *s, size_t at, size_t indent, size_t width);
/* Add a command that can be pasted as it stands: words in quotes stay whole, and a backslash
 * continues a line that would be too long. */
void wrap_add_command(struct text *text, const char *command, size_t at, size_t indent,
		      size_t width);
/* The column in which a right part begins: that one, or where it would have less than half of the
 * width, one below the left part. */
size_t wrap_indent(size_t indent, size_t margin, size_t width);
/* Add "  LEFT    right" and a newline, where the right part begins in that column and is wrapped.
 */
void wrap_add_row(struct text *text, size_t margin, const char *left, const char *right,
		  size_t indent, size_t width);
