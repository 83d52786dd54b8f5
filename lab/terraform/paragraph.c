/* SPDX-License-Identifier: GPL-3.0-only */
/* The lines of an import as a person would have written them: paragraphs, comments and braces. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/terraform/import.h"

enum { FOLDED_MAX = 120 }; /* columns of a line that stands for many */

/* The next word, from *at on; NULL: there is none. */
static const char *next_word(const char **at, size_t *ret_length)
{
	const char *word = *at;

	*ret_length = strcspn(word, " ");
	*at = word + *ret_length + (word[*ret_length] == ' ');
	return *ret_length ? word : NULL;
}

/* {a,b,c}, or {1..3} where they are numbers in a row. */
static bool add_group(struct text *text, const char *const *part, const size_t *length, size_t n)
{
	const size_t first = strtoul(part[0], NULL, 10);
	bool is_range = n > 2;

	for (size_t i = 0; i < n; i++) {
		char number[24];
		int width = snprintf(number, sizeof(number), "%0*zu", (int)length[0], first + i);

		/* What is longer than a number can be is none. */
		is_range &= width < (int)sizeof(number) && width == (int)length[i] &&
			    memcmp(part[i], number, length[i]) == 0;
		if (length[i] == 0 || memchr(part[i], ',', length[i]))
			return false;
	}
	text_add_char(text, '{');
	for (size_t i = 0; i < n; i += is_range ? n - 1 : 1) {
		text_add(text, i == 0 ? "" : is_range ? ".." : ",");
		text_add_n(text, part[i], length[i]);
	}
	text_add_char(text, '}');
	return true;
}

/* One line for all of them, which differ in parts of their words: private-{a,b}. False: there is
 * none that a person would like to read. */
static bool fold(struct text *text, const struct tf_line *line, size_t n)
{
	const char **at = xalloc(n * sizeof(*at)), **word = xalloc(n * sizeof(*word));
	size_t *length = xalloc(n * sizeof(*length));
	bool fits = n > 1;

	for (size_t i = 0; i < n; i++)
		at[i] = line[i].text;
	while (fits && *at[0] && text->length <= FOLDED_MAX) {
		size_t before = 0, behind = 0, shortest = SIZE_MAX;
		bool differ = false;

		for (size_t i = 0; i < n; i++) {
			word[i] = next_word(&at[i], &length[i]);
			fits &= word[i] != NULL;
			shortest = length[i] < shortest ? length[i] : shortest;
			differ |= fits && (length[i] != length[0] ||
					   memcmp(word[i], word[0], length[i]) != 0);
		}
		for (bool same = fits && differ; same && before < shortest; before += same)
			for (size_t i = 1; i < n; i++)
				same &= word[i][before] == word[0][before];
		for (bool same = fits && differ; same && before + behind < shortest; behind += same)
			for (size_t i = 1; i < n; i++)
				same &= word[i][length[i] - behind - 1] ==
					word[0][length[0] - behind - 1];
		/* A number is not cut in two. */
		while (differ && before > 0 && isdigit((unsigned char)word[0][before - 1]))
			before--;
		while (differ && behind > 0 && isdigit((unsigned char)word[0][length[0] - behind]))
			behind--;
		if (!fits)
			break;
		text_add(text, text->length ? " " : "");
		text_add_n(text, word[0], differ ? before : length[0]);
		if (!differ)
			continue;
		for (size_t i = 0; i < n; i++) {
			word[i] += before;
			length[i] -= before + behind;
		}
		fits = add_group(text, word, length, n);
		text_add_n(text, word[0] + length[0], behind);
	}
	for (size_t i = 0; i < n; i++)
		fits &= !*at[i];
	free(at);
	free(word);
	free(length);
	return fits && text->length <= FOLDED_MAX;
}

/* MODULE.TYPE.NAME */
static void add_block(struct text *text, const struct tf_resource *resource)
{
	const char *module = resource->module->address;

	text_add(text, module);
	text_addf(text, "%s%s.%s", *module ? "." : "", resource->type, resource->name);
}

/* What is written next is of that resource, or of all those of its block. */
static void note_origin(const struct tf_import *import, const struct text *text,
			const struct tf_resource *resource, bool all)
{
	struct terraform *result = import->result;
	auto_text block = { 0 };

	if (all)
		add_block(&block, resource);
	*ARRAY_PUSH(result->origin, result->n_origin) = (struct origin){
		text->length,
		arena_strdup(&result->arena, all ? text_get(&block) : resource->address)
	};
}

/* Lines of one block that has a count or for_each are one, where that can be said. */
static void write_lines(const struct tf_import *import, struct text *text, size_t from, size_t to)
{
	while (from < to) {
		const struct tf_line *line = &import->line[from];
		auto_text folded = { 0 };
		size_t n = 0;

		while (from + n < to && line[n].text && line->resource->index &&
		       strcmp(line[n].resource->name, line->resource->name) == 0)
			n++;
		if (fold(&folded, line, n)) {
			note_origin(import, text, line->resource, true);
			text_addf(text, "%s\n", text_get(&folded));
			from += n;
			continue;
		}
		for (const size_t end = from + (n ? n : 1); from < end; from++)
			if (import->line[from].text) {
				note_origin(import, text, import->line[from].resource, false);
				text_addf(text, "%s\n", import->line[from].text);
			}
	}
}

enum { NAMES_MAX = 24, COMMENT_MAX = 100 }; /* blocks that one comment names, and its columns */

/* The addresses of the blocks that lines are of, each once. */
static void write_comment(const struct tf_import *import, struct text *text, size_t from, size_t to)
{
	const size_t begins = text->length;
	size_t line = begins;
	unsigned n = 0;

	for (; from < to && n <= NAMES_MAX; from++) {
		auto_text block = { 0 }, address = { 0 };

		add_block(&block, import->line[from].resource);
		text_add_escaped(&address, text_get(&block), block.length);
		text_add_char(&address, ',');
		if (!import->line[from].text || strstr(text_get(text) + begins, text_get(&address)))
			continue;
		if (n++ == NAMES_MAX) {
			text_truncate(&address, 0);
			text_add(&address, "...,");
		}
		if (line == begins || text->length - line + address.length > COMMENT_MAX) {
			text_add(text, "\n#");
			line = text->length;
		}
		text_addf(text, " %s", text_get(&address));
	}
	if (n > 0)
		text->s[text->length - 1] = '\n';
}

/* Lines of one type are a paragraph below the addresses of their blocks. */
void tf_write_lines(const struct tf_import *import, struct text *text)
{
	size_t end = 0;

	for (size_t i = 0; i < import->n_line; i = end) {
		const struct tf_resource *first = import->line[i].resource;

		for (end = i; end < import->n_line; end++)
			if (import->line[end].resource->module != first->module ||
			    !tf_is(import->line[end].resource, first->type))
				break;
		write_comment(import, text, i, end);
		write_lines(import, text, i, end);
	}
}
