/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include "core/base/error.h"
#include "lab/language/command.h"
#include "lab/language/tokenizer.h"

/*
 * Many lines of one. `ecs create web{1..3} vswitch VSW{a,b,c}` is three lines: all groups of a line
 * advance together, and have as many parts. A part is what stands between the commas; or a number
 * or a letter of a range, {1..9}, {01..09}, {9..1}, {1..9..2}, {a..e}, whose ends may be $NAME.
 * What is neither ({}, {x}) is no group, and so is nothing that is quoted, and nothing in the words
 * of a program.
 */
struct braces {
	const struct source *source;
	size_t start,
		next; /* of the logical line in it, and of the one behind, once one was read */
	unsigned number, next_number;
	struct brace_group *group;
	size_t n_group;
	size_t n_line; /* 1 where there is no group */
};

/* So many lines may one be, and so long all of them together. */
#define BRACES_MAX      100000
#define BRACES_SIZE_MAX (64u << 20)

/*
 * Finds the groups of the logical line at that offset. language and model tell where in it the
 * words of a program begin; expand is for the names in ranges. -EINVAL with err and the place:
 * braces that do not match or stand within others, groups of different length, more than BRACES_MAX
 * lines. The next line can be read all the same.
 */
int braces_find(const struct source *source, size_t offset, unsigned line_number,
		const struct language *language, const struct model *model, token_expand_fn expand,
		void *arg, struct braces *ret_braces, struct token *ret_fault, struct error *err);
/*
 * Reads the i-th of the lines as tokenize_line() does; places are those in the line as it was
 * written. *ret_text: the line as if it had been written alone, or NULL; the caller frees.
 */
int braces_line(struct braces *braces, size_t i, token_expand_fn expand, void *arg,
		struct line *ret_line, char **ret_text, struct token *ret_fault, struct error *err);
/* The line as it was written, in one line. The caller frees. */
char *braces_text(const struct braces *braces);
void braces_free(struct braces *braces);
