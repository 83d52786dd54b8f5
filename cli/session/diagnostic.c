/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/diagnostic.h"

#include <stdlib.h>
#include <string.h>

#include "cli/view/terminal.h"
#include "cli/view/wrap.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

#define TEXT_COLUMNS \
	66 /* of the user's line, so that it all fits into 80; more is clipped around the place */
#define REACH                                                                                    \
	600 /* bytes looked at on either side of the place: enough for TEXT_COLUMNS of four-byte \
	       characters */
#define TAB 8

static const char *const plain[] = { "", "", "", "", "" };
static const char *const coloured[] = { "\033[1m", "\033[1;31m", "\033[1;32m", "\033[1;36m",
					"\033[0m" };
enum { BOLD, RED, GREEN, CYAN, RESET };

/* One character of the user's line as it will be seen. */
struct cell {
	size_t start;   /* in the excerpt's text */
	unsigned width; /* columns */
	bool marked;    /* part of the token */
};

struct excerpt {
	struct text text;
	struct cell *cell;
	size_t n_cell;
	unsigned columns;
	unsigned marked_first; /* column */
	bool any_marked;
};

/* The line's end, or the text's. */
static const char *find_end(const struct source *source, const char *s)
{
	const char *newline;

	if (!source->length)
		return s + strcspn(s, "\n");
	newline = memchr(s, '\n', source->length - (size_t)(s - source->text));
	return newline ? newline : source->text + source->length;
}

/*
 * The beginning of the token's line; NULL if there are not that many. The token knows its offset:
 * counting lines from the beginning for each of a long file's mistakes would take the square of its
 * length.
 */
static const char *find_line(const struct source *source, const struct token *token,
			     const char **ret_end)
{
	const char *start = source->text;

	if (token->offset >= token->column && source->text[token->offset - token->column] == '\n') {
		start += token->offset - (token->column - 1);
	} else {
		for (unsigned line = 1; line < token->line; line++) {
			const char *end = find_end(source, start);

			if (*end != '\n')
				return NULL;
			start = end + 1;
		}
	}
	*ret_end = find_end(source, start);
	while (*ret_end > start && strchr(" \t\r", (*ret_end)[-1]) && (*ret_end)[-1])
		(*ret_end)--;
	return start;
}

static void add_cell(struct excerpt *excerpt, const char *s, size_t length, bool marked)
{
	uint32_t character = 0;
	bool readable = utf8_decode(s, length, &character) == length;
	size_t start = excerpt->text.length;
	unsigned width;

	if (*s == '\t') {
		width = TAB - excerpt->columns % TAB;
		for (unsigned i = 0; i < width; i++)
			text_add_char(&excerpt->text, ' ');
	} else {
		text_add_escaped(&excerpt->text, s, length);
		/* Either the character itself, or an escape of ASCII. */
		width = readable && excerpt->text.length - start == length
				? utf8_width(character)
				: (unsigned)(excerpt->text.length - start);
	}
	if (marked && !excerpt->any_marked) {
		excerpt->any_marked = true;
		excerpt->marked_first = excerpt->columns;
	}
	*ARRAY_PUSH(excerpt->cell, excerpt->n_cell) = (struct cell){ start, width, marked };
	excerpt->columns += width;
}

/* The part of the line around the token, as cells. */
static void read_excerpt(struct excerpt *excerpt, const char *start, const char *end,
			 const struct token *token, bool *ret_cut_left, bool *ret_cut_right)
{
	const char *mark = start + (token->column - 1);
	const char *mark_end = mark + token->length;
	const char *s = start;

	if (mark - start > REACH) {
		s = mark - REACH;
		while (s < mark && ((unsigned char)*s & 0xc0) == 0x80)
			s++;
	}
	*ret_cut_left = s > start;
	*ret_cut_right = end - mark > REACH;
	if (*ret_cut_right)
		end = mark + REACH;
	if (s == start && end - s >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3;

	while (s < end) {
		uint32_t character;
		size_t length = utf8_decode(s, (size_t)(end - s), &character);

		if (length == 0)
			length = 1;
		add_cell(excerpt, s, length, s >= mark && s < mark_end);
		s += length;
	}
	/* Something is missing behind the end of the line. */
	if (!excerpt->any_marked)
		add_cell(excerpt, " ", 1, true);
}

/* Which columns are shown. */
static void choose_window(const struct excerpt *excerpt, bool *cut_left, bool *cut_right,
			  unsigned *ret_from, unsigned *ret_to)
{
	unsigned from = 0, to = excerpt->columns;

	if (to > TEXT_COLUMNS) {
		if (excerpt->marked_first > TEXT_COLUMNS * 2 / 3)
			from = excerpt->marked_first - TEXT_COLUMNS / 2;
		if (to - from > TEXT_COLUMNS)
			to = from + TEXT_COLUMNS;
	}
	*cut_left |= from > 0;
	*cut_right |= to < excerpt->columns;
	*ret_from = from;
	*ret_to = to;
}

static void trim(struct text *text)
{
	while (text->length && text->s[text->length - 1] == ' ')
		text->s[--text->length] = '\0';
}

/* line: its number; 0: it has none that the user knows. */
static void add_excerpt(struct text *text, const struct excerpt *excerpt, bool cut_left,
			bool cut_right, unsigned line, const char *const *paint)
{
	auto_text carets = { 0 };
	unsigned from, to, column = 0;

	choose_window(excerpt, &cut_left, &cut_right, &from, &to);
	text_addf(text, line ? "%4u | %s" : "%4.0u | %s", line, cut_left ? "..." : "");
	text_addf(&carets, "%4s | %s", "", cut_left ? "   " : "");
	text_add(&carets, paint[GREEN]);
	for (size_t i = 0; i < excerpt->n_cell; i++) {
		const struct cell *cell = &excerpt->cell[i];
		size_t end = i + 1 < excerpt->n_cell ? cell[1].start : excerpt->text.length;

		if (column >= from && column + cell->width <= to) {
			text_add_n(text, excerpt->text.s + cell->start, end - cell->start);
			for (unsigned k = 0; k < cell->width; k++)
				text_add_char(&carets, cell->marked ? '^' : ' ');
		}
		column += cell->width;
	}
	trim(&carets);
	trim(text);
	text_addf(text, "%s\n%s%s\n", cut_right ? "..." : "", text_get(&carets), paint[RESET]);
}

static const char *origin_of(const struct source *source, const struct token *token)
{
	return source && token ? source_origin(source, token->offset) : NULL;
}

void diagnostic_place(struct text *text, const struct source *source, const struct token *token,
		      bool with_column)
{
	const char *origin = origin_of(source, token);

	if (!source || !source->name || !*source->name)
		return;
	text_add_escaped(text, source->name, strlen(source->name));
	text_add(text, ":");
	if (origin) {
		text_add(text, " ");
		text_add_escaped(text, origin, strlen(origin));
		text_add(text, ":");
	} else if (token) {
		text_addf(text, with_column ? "%u:%u:" : "%u:", token->line, token->column);
	}
	text_add(text, " ");
}

/* A sentence that begins at that column, and where there is a width goes on below itself. */
static void add_sentence(struct text *text, const char *sentence, size_t at, size_t indent,
			 unsigned width)
{
	auto_text escaped = { 0 };

	text_add_escaped(&escaped, sentence, strlen(sentence));
	if (width)
		wrap_add_line(text, text_get(&escaped), at, indent, width);
	else
		text_addf(text, "%s\n", text_get(&escaped));
}

void diagnostic_format(struct text *text, const struct source *source, const struct token *token,
		       const struct error *err, bool color, unsigned width)
{
	const char *const *paint = color ? coloured : plain;
	const char *start = NULL, *end = NULL;
	auto_text place = { 0 }, code = { 0 };

	diagnostic_place(&place, source, token, true);
	text_add_escaped(&code, err->code, strlen(err->code));
	if (code.length)
		text_add(&code, ": ");
	text_addf(text, "%s%s%serror:%s %s", paint[BOLD], text_get(&place), paint[RED],
		  paint[RESET], text_get(&code));
	add_sentence(text, err->message, place.length + strlen("error: ") + code.length, 2, width);

	if (token && source && source->text && token->line && token->column)
		start = find_line(source, token, &end);
	if (start && token->column - 1 <= (size_t)(end - start)) {
		struct excerpt excerpt = { 0 };
		bool cut_left, cut_right;

		read_excerpt(&excerpt, start, end, token, &cut_left, &cut_right);
		add_excerpt(text, &excerpt, cut_left, cut_right,
			    origin_of(source, token) ? 0 : token->line, paint);
		text_free(&excerpt.text);
		free(excerpt.cell);
	}

	if (err->hint[0]) {
		text_addf(text, "  %shint:%s ", paint[CYAN], paint[RESET]);
		add_sentence(text, err->hint, strlen("  hint: "), strlen("  hint: "), width);
	}
}

struct repeat {
	struct error first;
	size_t times;
};

static bool same_mistake(const struct error *a, const struct error *b)
{
	return *a->code || *b->code ? strcmp(a->code, b->code) == 0 : a->kind == b->kind;
}

size_t repeats_count(struct repeats *repeats, const struct error *err)
{
	struct repeat *repeat = repeats->repeat;
	const struct repeat *end = repeats->n_repeat ? repeat + repeats->n_repeat : repeat;

	while (repeat < end && !same_mistake(&repeat->first, err))
		repeat++;
	if (repeat == end) {
		repeat = ARRAY_PUSH(repeats->repeat, repeats->n_repeat);
		repeat->first = *err;
	}
	return ++repeat->times;
}

/* 1,997 */
static void add_number(struct text *text, size_t number)
{
	if (number >= 1000)
		add_number(text, number / 1000);
	text_addf(text, number >= 1000 ? ",%03zu" : "%zu", number % 1000);
}

void repeats_write(FILE *file, struct repeats *repeats, const struct source *source)
{
	auto_text text = { 0 };

	for (size_t i = 0; i < repeats->n_repeat; i++) {
		const struct repeat *repeat = &repeats->repeat[i];
		const char *code = repeat->first.code, *message = repeat->first.message;

		if (repeat->times <= REPEATS_TOLD)
			continue;
		diagnostic_place(&text, source, NULL, false);
		text_add(&text, "and ");
		add_number(&text, repeat->times - REPEATS_TOLD);
		text_add(&text, *code ? " more of " : " more like: ");
		text_add_escaped(&text, *code ? code : message, strlen(*code ? code : message));
		text_add_char(&text, '\n');
	}
	fputs(text_get(&text), file);
	free(repeats->repeat);
	*repeats = (struct repeats){ 0 };
}

/* Characters, where columns are bytes. A byte that begins none is one. */
static unsigned count_characters(const char *s, const char *end)
{
	uint32_t character;
	unsigned n = 0;

	for (size_t length; s < end; s += length, n++) {
		length = utf8_decode(s, (size_t)(end - s), &character);
		length += length == 0;
	}
	return n;
}

struct remark diagnostic_remark(const struct source *source, const struct token *token,
				const struct error *err)
{
	const char *start = NULL, *end = NULL, *mark;
	struct remark remark = {
		.file = source && *source->name ? source->name : NULL,
		.address = origin_of(source, token),
		.line = token ? token->line : 0,
		.code = err->code,
		.message = err->message,
		.hint = err->hint,
	};

	if (remark.address)
		remark.line = 0;
	else if (token && token->line && token->column && source && source->text)
		start = find_line(source, token, &end);
	mark = start + (start ? token->column - 1 : 0);
	if (!start || mark > end)
		return remark;
	if (end - mark > token->length)
		end = mark + token->length;
	if (strncmp(start, "\xef\xbb\xbf", 3) == 0 && mark >= start + 3)
		start += 3;
	remark.column = 1 + count_characters(start, mark);
	remark.end = remark.column + count_characters(mark, end);
	remark.end += remark.end == remark.column; /* something is missing there */
	return remark;
}

static void write_json(FILE *file, const struct source *source, const struct token *token,
		       const struct error *err)
{
	struct remark remark = diagnostic_remark(source, token, err);
	struct output *output = output_new();

	output_begin_object(output, NULL);
	remark_output(output, &remark);
	output_end(output);
	(void)output_write_line(output, file); /* there is nowhere left to complain */
	fputc('\n', file);
	output_free(output);
}

void diagnostic_write(FILE *file, enum output_format format, const struct source *source,
		      const struct token *token, const struct error *err, bool color)
{
	auto_text text = { 0 };

	if (format == OUTPUT_JSON) {
		write_json(file, source, token, err);
		return;
	}
	diagnostic_format(&text, source, token, err, color, terminal_width(fileno(file)));
	fputs(text_get(&text), file);
}
