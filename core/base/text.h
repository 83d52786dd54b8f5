/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A growing string, NUL-terminated once something was added. All zero is empty. */
struct text {
	char *s; /* NULL as long as nothing was added */
	size_t length;
	size_t capacity;
};

void text_add(struct text *text, const char *s);
void text_add_n(struct text *text, const char *s, size_t n);
void text_add_char(struct text *text, char c);
void text_add_blanks(struct text *text, size_t n);
void text_add_upper(struct text *text, const char *s); /* ASCII letters become capitals */
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Add text from outside (a file, the kernel, a program): control characters and broken UTF-8
 * become \xNN. */
void text_add_escaped(struct text *text, const char *s, size_t n);
const char *text_get(const struct text *text); /* never NULL */
char *text_take(struct text *text);            /* the caller frees; the text is empty again */
void text_clear(struct text *text);            /* keeps the memory */
void text_truncate(struct text *text, size_t length);
void text_free(struct text *text);
#define auto_text __attribute__((cleanup(text_free))) struct text

/* Lists of strings. */
void strings_free(char **string, size_t n); /* each, and the list */
void strings_sort(char **string, size_t n);
int strings_compare(const void *a, const void *b); /* for qsort() and bsearch() */

/* Go through "tcp|udp|any": return the next choice, which *choices then is behind; NULL: that was
 * all. */
const char *choice_next(const char **choices, size_t *ret_length);

/* Are two texts equal but for ASCII case, as DNS has it? */
bool text_equal_nocase(const char *a, const char *b);

/* Return the edit distance (Damerau-Levenshtein, ASCII case ignored), for "did you mean". */
unsigned text_distance(const char *a, const char *b);
