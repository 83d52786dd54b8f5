/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/text.h"

/*
 * Text into words.
 *
 * One command a line; LF or CR LF ends it, a backslash right before continues it. Blanks part the
 * words. '...' keeps everything as it is; in "..." a backslash escapes " \ $ ` (and continues the
 * line) and stands for itself elsewhere; outside of quotes it escapes any character. A quote ends
 * on the line on which it began. # begins a comment where a word would begin. Nothing else is
 * special: no globs, no pipes.
 *
 * $NAME and ${NAME} are expanded outside of '...', and the value is never split. NAME is the
 * longest run of letters, digits and _, with . and - only where a letter, digit or _ follows:
 * "$EIP1:80", "http://$EIP1/", "$EIP1." are EIP1, "$a-b" is "a-b", and "${a}-b" is a. A $ before a
 * blank, an ending quote or the line's end is a dollar sign.
 */

/* Where something stands in what the user wrote. Lines and columns count from 1; columns in bytes.
 */
struct source {
	const char *name; /* file name, "<stdin>", "-c", "" at the prompt */
	const char *text; /* all of it, NUL-terminated; not owned */
	size_t length; /* of text, so that a NUL inside can be complained about; 0: up to the first
			  NUL */
	const struct origin *origin; /* where the text was made of something else that has the name
				      */
	size_t n_origin;
};

/* The text from that offset on was made of what is called so there. */
struct origin {
	size_t offset;
	const char *name;
};
/* What the text at that offset was made of; NULL: the user wrote it. */
const char *source_origin(const struct source *source, size_t offset);

struct token {
	char *word;            /* after quotes, escapes and $NAME */
	unsigned line, column; /* of its first character */
	unsigned length;       /* in the source, quotes included */
	size_t offset;         /* of its first character in source.text */
	bool quoted;           /* any part of it: a quoted # or & or -> is an ordinary word */
};

/* One logical line: continuations joined, comment cut. A blank line has no tokens. */
struct line {
	struct token *token;
	size_t n_token;
	unsigned number; /* of its first physical line */
};

/* As many bytes may the names of one line stand for, together. */
#define TOKEN_EXPANDED_MAX (1 << 20)

/* Expands a name found as $NAME or ${NAME}: appends its value. -ENOENT with err: no such name. */
typedef int (*token_expand_fn)(void *arg, const char *name, struct text *text, struct error *err);

/*
 * Reads the logical line at *offset and moves it on; *line_number is that of the physical line at
 * *offset, 1 at first. Returns 1 and a line, 0 at the end, or -EINVAL with err and the place of the
 * fault in *ret_fault (its word is NULL): an unclosed quote, a bad $, names that stand for too
 * much, a NUL or another invalid character. *offset is then behind that line, so reading can go on.
 * expand may be NULL: $ is left as it is.
 */
int tokenize_line(const struct source *source, size_t *offset, unsigned *line_number,
		  token_expand_fn expand, void *arg, struct line *ret_line, struct token *ret_fault,
		  struct error *err);
void line_free(struct line *line);

/* The line that begins at that offset, as it was written, in one line. The caller frees. */
char *line_text(const struct source *source, size_t offset, const struct line *line);

/* Add a word of our command language, quoted only if it has to be. Reading it back gives the
 * same word. */
void text_add_word(struct text *text, const char *word);
