/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/utf8.h"

/* Make room for n more bytes and the final NUL. */
static void text_reserve(struct text *text, size_t n)
{
	size_t need = text->length + n + 1;

	if (need <= text->capacity)
		return;
	text->capacity = need > text->capacity * 2 ? need : text->capacity * 2;
	if (text->capacity < 64)
		text->capacity = 64;
	text->s = xrealloc(text->s, text->capacity);
}

void text_add_n(struct text *text, const char *s, size_t n)
{
	text_reserve(text, n);
	if (n)
		memcpy(text->s + text->length, s, n);
	text->length += n;
	text->s[text->length] = '\0';
}

void text_add(struct text *text, const char *s)
{
	text_add_n(text, s, strlen(s));
}

void text_add_blanks(struct text *text, size_t n)
{
	text_reserve(text, n);
	memset(text->s + text->length, ' ', n);
	text->length += n;
	text->s[text->length] = '\0';
}

void text_add_char(struct text *text, char c)
{
	text_add_n(text, &c, 1);
}

void text_add_upper(struct text *text, const char *s)
{
	for (; *s; s++)
		text_add_char(text, *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s);
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list ap;
	int n;

	text_reserve(text, 63);
	va_start(ap, format);
	n = vsnprintf(text->s + text->length, text->capacity - text->length, format, ap);
	va_end(ap);
	if (n < 0) {
		text->s[text->length] = '\0';
		return;
	}

	if ((size_t)n >= text->capacity - text->length) {
		text_reserve(text, (size_t)n);
		va_start(ap, format);
		vsnprintf(text->s + text->length, (size_t)n + 1, format, ap);
		va_end(ap);
	}
	text->length += (size_t)n;
}

/* Characters that a terminal obeys, or that turn the direction of a text around unseen. */
static bool is_unsafe(uint32_t c)
{
	return utf8_is_control(c) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0x200e || c == 0x200f || c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

void text_add_escaped(struct text *text, const char *s, size_t n)
{
	const unsigned char *bytes = (const unsigned char *)s;
	size_t i = 0;

	text_reserve(text, n);
	text->s[text->length] = '\0';
	while (i < n) {
		uint32_t c = 0;
		size_t length = utf8_decode(s + i, n - i, &c);

		if (length > 0 && !is_unsafe(c)) {
			text_add_n(text, s + i, length);
			i += length;
			continue;
		}
		for (size_t end = i + (length ? length : 1); i < end; i++)
			text_addf(text, "\\x%02x", bytes[i]);
	}
}

const char *text_get(const struct text *text)
{
	return text->s ? text->s : "";
}

char *text_take(struct text *text)
{
	char *s = text->s ? text->s : xstrdup("");

	*text = (struct text){ 0 };
	return s;
}

void text_truncate(struct text *text, size_t length)
{
	text->length = length;
	if (text->s)
		text->s[length] = '\0';
}

void text_clear(struct text *text)
{
	text_truncate(text, 0);
}

void text_free(struct text *text)
{
	free(text->s);
	*text = (struct text){ 0 };
}

/* Not tolower(): the user's locale must not decide which names are the same. */
static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

const char *choice_next(const char **choices, size_t *ret_length)
{
	const char *choice = *choices;

	*ret_length = strcspn(choice, "|");
	*choices += *ret_length + (choice[*ret_length] == '|');
	return *choice ? choice : NULL;
}

bool text_equal_nocase(const char *a, const char *b)
{
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return fold(*a) == fold(*b);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

#define DISTANCE_MAX 256 /* longer words are no slips, and the work grows with the square */

unsigned text_distance(const char *a, const char *b)
{
	unsigned rows[3][DISTANCE_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];
	size_t n_a = strnlen(a, DISTANCE_MAX + 1), n_b = strnlen(b, DISTANCE_MAX + 1);

	if (n_a > DISTANCE_MAX || n_b > DISTANCE_MAX)
		return text_equal_nocase(a, b) ? 0 : DISTANCE_MAX;

	for (size_t j = 0; j <= n_b; j++)
		last[j] = before[j] = (unsigned)j;
	for (size_t i = 1; i <= n_a; i++) {
		unsigned *spare = before;

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n_b; j++) {
			bool same = fold(a[i - 1]) == fold(b[j - 1]);

			row[j] = least(last[j - 1] + !same, least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[n_b];
}

void strings_free(char **string, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(string[i]);
	free(string);
}

int strings_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void strings_sort(char **string, size_t n)
{
	if (n)
		qsort(string, n, sizeof(*string), strings_compare);
}
