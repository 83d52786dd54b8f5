/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/braces.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/language/statement.h"

struct brace_group {
	size_t start, end; /* in the source, braces included */
	char **part;
	size_t n_part;
};

struct finder {
	struct braces *braces;
	token_expand_fn expand;
	void *arg;
	const struct token *token; /* the word at hand */
	struct token *ret_fault;
	struct error *err;
};

void braces_free(struct braces *braces)
{
	for (size_t i = 0; i < braces->n_group; i++) {
		for (size_t k = 0; k < braces->group[i].n_part; k++)
			free(braces->group[i].part[k]);
		free(braces->group[i].part);
	}
	free(braces->group);
	*braces = (struct braces){ 0 };
}

static int fault_at(const struct finder *finder, size_t start, size_t end)
{
	const struct token *token = finder->token;

	*finder->ret_fault = (struct token){
		.line = token->line,
		.column = token->column + (unsigned)(start - token->offset),
		.length = (unsigned)(end - start),
		.offset = start,
	};
	return -EINVAL;
}

/* Behind what is quoted at that place, or a $NAME in braces of its own; the same place: it is
 * neither. */
static size_t skip_quoted(const char *text, size_t at, size_t end)
{
	const char close = text[at] == '$' ? '}' : text[at];
	size_t i = at + 1;

	if (text[at] == '\\')
		return at + 2;
	if (close != '\'' && close != '"' && !(text[at] == '$' && i < end && text[i] == '{'))
		return at;
	while (i < end && text[i] != close)
		i += close == '"' && text[i] == '\\' ? 2 : 1;
	return i + 1;
}

static void add_part(struct brace_group *group, char *part)
{
	*ARRAY_PUSH(group->part, group->n_part) = part;
}

/* One end of a range: a whole number, or a letter (*ret_letter). False: it is neither. */
static bool read_end(const char *word, size_t length, long *ret_value, bool *ret_letter)
{
	auto_free char *copy = xstrndup(word, length);
	char *rest;

	*ret_letter = length == 1 &&
		      ((*word >= 'a' && *word <= 'z') || (*word >= 'A' && *word <= 'Z'));
	*ret_value = *ret_letter ? *word : strtol(copy, &rest, 10);
	return *ret_letter || (length > 0 && length < 10 && !*rest && *copy != ' ' && *copy != '+');
}

/* FROM..TO[..STEP]; numbers are as wide as the ends if one of them begins with 0. */
static int read_range(const struct finder *finder, struct brace_group *group)
{
	const char *text = finder->braces->source->text;
	auto_free char *content = xstrndup(text + group->start + 1, group->end - group->start - 2);
	const struct source source = { .name = "", .text = content };
	struct line line = { 0 };
	size_t offset = 0, width = 0, n;
	unsigned number = 1;
	const char *word, *dots, *more;
	long from, to, step = 1;
	bool letter, letters, ok;
	int r = tokenize_line(&source, &offset, &number, finder->expand, finder->arg, &line, NULL,
			      finder->err);

	if (r < 0)
		return fault_at(finder, group->start, group->end);
	word = line.n_token == 1 ? line.token[0].word : "";
	dots = strstr(word, "..");
	if (!dots) { /* $NAME alone may be anything */
		line_free(&line);
		return 0;
	}
	more = strstr(dots + 2, "..");
	n = more ? (size_t)(more - dots - 2) : strlen(dots + 2);
	ok = read_end(word, (size_t)(dots - word), &from, &letters) &&
	     read_end(dots + 2, n, &to, &letter) && letter == letters;
	if (ok && more)
		ok = read_end(more + 2, strlen(more + 2), &step, &letter) && !letter && step > 0;
	if (ok && !letters && ((*word == '0' && dots > word + 1) || (dots[2] == '0' && n > 1)))
		width = (size_t)(dots - word) > n ? (size_t)(dots - word) : n;
	if (!ok) {
		error_set(finder->err, -EINVAL, "%.64s is no range", word);
		error_hint(finder->err, "as in {1..3}, {01..12}, {a..c}; '{...}' is a text");
	} else if (labs(to - from) / step >= BRACES_MAX) {
		error_set(finder->err, -E2BIG,
			  "%.64s would make %ld lines of one, and %d are the most", word,
			  labs(to - from) / step + 1, BRACES_MAX);
		ok = false;
	}
	for (long i = 0; ok && i <= labs(to - from) / step; i++) {
		long value = to < from ? from - i * step : from + i * step;

		add_part(group, letters ? xprintf("%c", (char)value)
					: xprintf("%0*ld", (int)width, value));
	}
	line_free(&line);
	return ok ? 0 : fault_at(finder, group->start, group->end);
}

/* The group that begins there. Its n_part is 0 where it turns out to be none. */
static int read_group(const struct finder *finder, size_t start, size_t end,
		      struct brace_group *group)
{
	const char *text = finder->braces->source->text;
	size_t at = start + 1, part = at;
	bool commas = false;

	while (at < end && text[at] != '}') {
		size_t behind = skip_quoted(text, at, end);

		if (text[at] == '{') {
			error_set(finder->err, -EINVAL, "braces cannot stand within braces");
			return fault_at(finder, at, at + 1);
		}
		if (text[at] == ',') {
			add_part(group, xstrndup(text + part, at - part));
			part = at + 1;
			commas = true;
		}
		at = behind > at ? behind : at + 1;
	}
	if (at >= end) {
		error_set(finder->err, -EINVAL, "the brace { is not closed in this word");
		error_hint(finder->err, "as in web{1..3} or {a,b}; '{' is the character itself");
		return fault_at(finder, start, start + 1);
	}
	group->start = start;
	group->end = at + 1;
	if (!commas)
		return read_range(finder, group);
	add_part(group, xstrndup(text + part, at - part));
	return 0;
}

static int find_in_word(struct finder *finder)
{
	struct braces *braces = finder->braces;
	const char *text = braces->source->text;
	const size_t end = finder->token->offset + finder->token->length;

	for (size_t at = finder->token->offset; at < end;) {
		size_t behind = skip_quoted(text, at, end);
		struct brace_group *group;
		int r;

		if (text[at] == '}' && behind == at) {
			error_set(finder->err, -EINVAL, "no { stands before this }");
			error_hint(finder->err, "'}' is the character itself");
			return fault_at(finder, at, at + 1);
		}
		if (text[at] != '{') {
			at = behind > at ? behind : at + 1;
			continue;
		}
		group = ARRAY_PUSH(braces->group, braces->n_group);
		r = read_group(finder, at, end, group);
		if (r < 0)
			return r;
		at = group->end;
		if (!group->n_part) {
			braces->n_group--;
		} else if (braces->n_group == 1) {
			braces->n_line = group->n_part;
		} else if (group->n_part != braces->n_line) {
			error_set(
				finder->err, -EINVAL,
				"this group has %zu part%s, and the first one of the line has %zu",
				group->n_part, group->n_part == 1 ? "" : "s", braces->n_line);
			error_hint(finder->err, "all groups of a line advance together");
			return fault_at(finder, group->start, group->end);
		}
	}
	return 0;
}

/* Most lines have no brace but those of ${NAME}, and are read only once. */
static bool may_have_group(const struct source *source, size_t offset)
{
	const char *text = source->text;

	for (size_t at = offset;
	     text[at] && (text[at] != '\n' || (at > offset && text[at - 1] == '\\')); at++)
		if ((text[at] == '{' && (at == offset || text[at - 1] != '$')) || text[at] == '}')
			return true;
	return false;
}

int braces_find(const struct source *source, size_t offset, unsigned line_number,
		const struct language *language, const struct model *model, token_expand_fn expand,
		void *arg, struct braces *ret_braces, struct token *ret_fault, struct error *err)
{
	struct finder finder = { ret_braces, expand, arg, NULL, ret_fault, err };
	struct braces *braces = ret_braces;
	struct line line = { 0 };
	size_t program;
	int r;

	*braces = (struct braces){ .source = source,
				   .start = offset,
				   .next = offset,
				   .number = line_number,
				   .next_number = line_number,
				   .n_line = 1 };
	if (!may_have_group(source, offset))
		return 0;
	r = tokenize_line(source, &braces->next, &braces->next_number, NULL, NULL, &line, ret_fault,
			  err);
	if (r <= 0)
		return r;
	program = statement_program(language, model, line.token, line.n_token);
	for (size_t i = 0; i < program && r >= 0; i++) {
		finder.token = &line.token[i];
		r = find_in_word(&finder);
	}
	if (r >= 0 && braces->n_line > 1 &&
	    braces->n_line * (braces->next - offset) > BRACES_SIZE_MAX) {
		error_set(err, -E2BIG, "this would make %zu lines of one, more than 64 MiB in all",
			  braces->n_line);
		r = fault_at(&finder, braces->group[0].start, braces->group[0].end);
	}
	line_free(&line);
	return r < 0 ? r : 0;
}

/* The place in the line as it was written; inside of a part, the beginning of its group, or with
 * `behind` its end. */
static size_t written_at(const struct braces *braces, size_t i, size_t offset, bool behind)
{
	size_t written = braces->start + offset;

	for (size_t k = 0; k < braces->n_group; k++) {
		const struct brace_group *group = &braces->group[k];
		size_t length = strlen(group->part[i]);

		if (written < group->start + behind)
			break;
		if (written < group->start + length + behind)
			return behind ? group->end : group->start;
		written += group->end - group->start - length;
	}
	return written;
}

/* The tokens' places, which go up. */
static void set_written(const struct braces *braces, size_t i, struct token *token, size_t n_token)
{
	const char *text = braces->source->text;
	unsigned line = braces->number;
	size_t at = braces->start, line_start = at;

	for (; n_token-- > 0; token++) {
		size_t start = written_at(braces, i, token->offset, false);
		size_t end = written_at(braces, i, token->offset + token->length, true);

		for (; at < start; at++) {
			if (text[at] != '\n')
				continue;
			line++;
			line_start = at + 1;
		}
		*token = (struct token){
			.word = token->word,
			.line = line,
			.column = (unsigned)(start - line_start + 1),
			.length = (unsigned)(end - start),
			.offset = start,
			.quoted = token->quoted,
		};
	}
}

int braces_line(struct braces *braces, size_t i, token_expand_fn expand, void *arg,
		struct line *ret_line, char **ret_text, struct token *ret_fault, struct error *err)
{
	const char *text = braces->source->text;
	struct source source = { .name = braces->source->name };
	size_t offset = 0, at = braces->start;
	unsigned number = braces->number;
	auto_text written = { 0 };
	int r;

	*ret_text = NULL;
	if (!braces->n_group) {
		braces->next = braces->start;
		braces->next_number = braces->number;
		r = tokenize_line(braces->source, &braces->next, &braces->next_number, expand, arg,
				  ret_line, ret_fault, err);
		if (r > 0 && ret_line->n_token)
			*ret_text = line_text(braces->source, braces->start, ret_line);
		return r;
	}
	for (size_t k = 0; k < braces->n_group; k++) {
		text_add_n(&written, text + at, braces->group[k].start - at);
		text_add(&written, braces->group[k].part[i]);
		at = braces->group[k].end;
	}
	text_add_n(&written, text + at, braces->next - at);
	source.text = text_get(&written);
	source.length = written.length;
	r = tokenize_line(&source, &offset, &number, expand, arg, ret_line, ret_fault, err);
	if (r > 0 && ret_line->n_token)
		*ret_text = line_text(&source, 0, ret_line);
	if (r < 0)
		set_written(braces, i, ret_fault, 1);
	else if (r > 0)
		set_written(braces, i, ret_line->token, ret_line->n_token);
	return r;
}

char *braces_text(const struct braces *braces)
{
	size_t offset = braces->start;
	unsigned number = braces->number;
	struct line line = { 0 };
	char *text;

	if (tokenize_line(braces->source, &offset, &number, NULL, NULL, &line, NULL, NULL) <= 0)
		return xstrdup("");
	text = line_text(braces->source, braces->start, &line);
	line_free(&line);
	return text;
}
