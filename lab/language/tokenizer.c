/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/tokenizer.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/utf8.h"

struct reader {
	const char *text;
	size_t length; /* SIZE_MAX: to the first NUL, which is not looked for ahead of time */
	size_t at;
	size_t line_start; /* of the physical line at hand */
	unsigned line;
	token_expand_fn expand;
	void *arg;
	struct text word;
	size_t expanded; /* what names have added to this line */
	bool quoted;
	/* Where the word (or what is at fault in it) begins. */
	size_t start;
	unsigned start_line, start_column;
	struct error *err;
};

const char *source_origin(const struct source *source, size_t offset)
{
	size_t low = 0, high = source->n_origin;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (source->origin[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? source->origin[low - 1].name : NULL;
}

static bool at_end(const struct reader *reader, size_t at)
{
	return at >= reader->length || (reader->length == SIZE_MAX && reader->text[at] == '\0');
}

static char peek_at(const struct reader *reader, size_t at)
{
	return at < reader->length ? reader->text[at] : '\0';
}

static char peek(const struct reader *reader)
{
	return peek_at(reader, reader->at);
}

/* The length of the line end at that place: 0 if it is none. */
static size_t newline_at(const struct reader *reader, size_t at)
{
	if (peek_at(reader, at) == '\n')
		return 1;
	return peek_at(reader, at) == '\r' && peek_at(reader, at + 1) == '\n' ? 2 : 0;
}

static bool at_line_end(const struct reader *reader)
{
	return at_end(reader, reader->at) || newline_at(reader, reader->at) > 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void next_line(struct reader *reader, size_t newline)
{
	reader->at += newline;
	reader->line_start = reader->at;
	reader->line++;
}

static void mark(struct reader *reader)
{
	reader->start = reader->at;
	reader->start_line = reader->line;
	reader->start_column = (unsigned)(reader->at - reader->line_start + 1);
}

/* A backslash right before a line end (or the end of all): the line goes on. */
static bool skip_continuation(struct reader *reader)
{
	size_t newline;

	if (peek(reader) != '\\')
		return false;
	newline = newline_at(reader, reader->at + 1);
	if (newline == 0 && !at_end(reader, reader->at + 1))
		return false;

	reader->at++;
	if (newline)
		next_line(reader, newline);
	return true;
}

/* What a name after $ is made of; . and - only inside of it. */
static bool is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static size_t name_length(const char *s, size_t n)
{
	size_t length = 0;

	while (length < n) {
		if (is_name_character(s[length]))
			length++;
		else if (length > 0 && (s[length] == '.' || s[length] == '-') && length + 1 < n &&
			 is_name_character(s[length + 1]))
			length += 2;
		else
			break;
	}
	return length;
}

/* One character as it is. */
static int take_character(struct reader *reader)
{
	uint32_t character = 0;
	size_t length =
		utf8_decode(reader->text + reader->at, reader->length - reader->at, &character);

	if (length == 0) {
		mark(reader);
		reader->at++;
		error_set(reader->err, -EINVAL, "byte 0x%02x is not valid UTF-8 text here",
			  (unsigned char)reader->text[reader->at - 1]);
		return error_hint(reader->err, "save the file as UTF-8");
	}
	if (utf8_is_control(character) && character != '\t') {
		mark(reader);
		reader->at += length;
		if (character == 0)
			error_set(reader->err, -EINVAL, "a NUL byte cannot stand in a command");
		else
			error_set(reader->err, -EINVAL,
				  "control character 0x%02x cannot stand in a command", character);
		return error_hint(reader->err, "remove it, or type the line anew");
	}
	text_add_n(&reader->word, reader->text + reader->at, length);
	reader->at += length;
	return 0;
}

/* What a name stands for may come from the command line or the environment: it is held to the same
 * rules as the text itself. */
static int check_value(const char *value, size_t n, const char *name, struct error *err)
{
	for (size_t i = 0; i < n;) {
		uint32_t character = 0;
		size_t length = utf8_decode(value + i, n - i, &character);

		if (length == 0 || (utf8_is_control(character) && character != '\t'))
			return error_set(err, -EINVAL,
					 "the value of $%.64s has a control character or invalid "
					 "UTF-8 text in it",
					 name);
		i += length;
	}
	return 0;
}

/* For `$EIP1.example`: is there something of a shorter name, that braces would make clear? */
static void hint_braces(struct reader *reader, const char *name, struct error *err)
{
	struct text ignored = { 0 };

	for (size_t n = strlen(name); n-- > 1;) {
		auto_text shorter = { 0 };
		struct error other = { 0 };

		if (name[n] != '.' && name[n] != '-')
			continue;
		text_add_n(&shorter, name, n);
		if (reader->expand(reader->arg, shorter.s, &ignored, &other) >= 0) {
			error_hint(err, "did you mean ${%.64s}%.64s?", shorter.s, name + n);
			break;
		}
	}
	text_free(&ignored);
}

/* Variables made of variables grow tenfold with each line: ten lines of ten names each would be ten
 * billion characters. */
static int check_growth(struct reader *reader, size_t grown, const char *name, struct error *err)
{
	reader->expanded += grown;
	if (reader->expanded <= TOKEN_EXPANDED_MAX)
		return 0;
	return error_set(err, -E2BIG,
			 "with $%.64s the names of this line stand for more than %d characters",
			 name, TOKEN_EXPANDED_MAX);
}

static int expand_name(struct reader *reader, const char *name)
{
	struct error err = { 0 };
	size_t before = reader->word.length;
	int r = reader->expand(reader->arg, name, &reader->word, &err);

	if (r >= 0)
		r = check_growth(reader, reader->word.length - before, name, &err);
	if (r >= 0)
		r = check_value(text_get(&reader->word) + before, reader->word.length - before,
				name, &err);
	if (r >= 0)
		return 0;
	if (r == -ENOENT)
		hint_braces(reader, name, &err);
	if (reader->err)
		*reader->err = err;
	return -EINVAL;
}

/* At a $: either a name, or the sign itself. On error the mark is on it. */
static int take_dollar(struct reader *reader)
{
	const char *after = reader->text + reader->at + 1;
	size_t left = reader->length - reader->at - 1;
	bool braces = left > 0 && *after == '{';
	size_t length = braces ? name_length(after + 1, left - 1) : name_length(after, left);
	auto_text name = { 0 };

	if (!reader->expand)
		return take_character(reader);
	if (!braces && length == 0) {
		if (left == 0 || is_blank(*after) || *after == '"' || *after == '\'' ||
		    *after == '\r' || *after == '\n')
			return take_character(reader);
		mark(reader);
		reader->at++;
		error_set(reader->err, -EINVAL, "no name follows the $");
		error_hint(
			reader->err,
			"only $NAME and ${NAME} are replaced; for a dollar sign write '$' or \\$");
		return -EINVAL;
	}

	mark(reader);
	if (braces && (length == 0 || length + 1 >= left || after[length + 1] != '}')) {
		reader->at += length + 2;
		error_set(reader->err, -EINVAL, "${ is not followed by a name and }");
		return -EINVAL;
	}
	text_add_n(&name, braces ? after + 1 : after, length);
	reader->at += 1 + length + (braces ? 2 : 0);
	return expand_name(reader, name.s);
}

static int unclosed(struct reader *reader, size_t start, unsigned line, unsigned column)
{
	char quote = reader->text[start];

	reader->start = start;
	reader->start_line = line;
	reader->start_column = column;
	error_set(reader->err, -EINVAL, "the quote %c is not closed on this line", quote);
	error_hint(reader->err,
		   quote == '\''
			   ? "close it with another ', or write \\' for the character itself"
			   : "close it with another \", or write \\\" for the character itself");
	return -EINVAL;
}

static int take_double_quoted(struct reader *reader)
{
	while (!at_line_end(reader) && peek(reader) != '"') {
		int r = 0;

		if (skip_continuation(reader))
			continue;
		if (peek(reader) == '$') {
			r = take_dollar(reader);
		} else {
			if (peek(reader) == '\\' && peek_at(reader, reader->at + 1) &&
			    strchr("\"\\$`", peek_at(reader, reader->at + 1)))
				reader->at++;
			r = take_character(reader);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int take_quoted(struct reader *reader)
{
	char quote = peek(reader);
	size_t start = reader->at;
	unsigned line = reader->line, column = (unsigned)(reader->at - reader->line_start + 1);
	int r = 0;

	reader->quoted = true;
	reader->at++;
	if (quote == '"')
		r = take_double_quoted(reader);
	else
		while (r == 0 && !at_line_end(reader) && peek(reader) != '\'')
			r = take_character(reader);
	if (r < 0)
		return r;

	if (at_line_end(reader))
		return unclosed(reader, start, line, column);
	reader->at++;
	return 0;
}

/* A backslash outside of quotes that does not continue the line. */
static int take_escaped(struct reader *reader)
{
	size_t behind = reader->at + 1;

	while (is_blank(peek_at(reader, behind)))
		behind++;
	if (behind > reader->at + 1 && (at_end(reader, behind) || newline_at(reader, behind))) {
		mark(reader);
		reader->at++;
		error_set(reader->err, -EINVAL,
			  "blanks follow the backslash, so it does not continue the line");
		error_hint(reader->err, "remove the blanks at the end of the line");
		return -EINVAL;
	}
	reader->quoted = true;
	reader->at++;
	return take_character(reader);
}

/* A | alone; two of them are no sign of ours. */
static bool at_pipe(const struct reader *reader)
{
	return peek(reader) == '|' && peek_at(reader, reader->at + 1) != '|';
}

static int take_word(struct reader *reader)
{
	reader->quoted = false;
	if (at_pipe(reader)) /* as in a shell the program may touch it */
		return take_character(reader);
	while (!at_line_end(reader) && !is_blank(peek(reader))) {
		int r;

		if (skip_continuation(reader))
			continue;
		switch (peek(reader)) {
		case '\'':
		case '"':
			r = take_quoted(reader);
			break;
		case '\\':
			r = take_escaped(reader);
			break;
		case '$':
			r = take_dollar(reader);
			break;
		default:
			r = take_character(reader);
			break;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

/* To the first character of a word; false: there is no more on this line. */
static bool find_word(struct reader *reader)
{
	for (;;) {
		if (at_line_end(reader))
			return false;
		if (is_blank(peek(reader)))
			reader->at++;
		else if (!skip_continuation(reader))
			break;
	}
	if (peek(reader) != '#')
		return true;
	while (!at_line_end(reader))
		reader->at++;
	return false;
}

static int read_words(struct reader *reader, struct line *line)
{
	while (find_word(reader)) {
		struct token *token;
		size_t start = reader->at;
		unsigned start_line = reader->line,
			 column = (unsigned)(reader->at - reader->line_start + 1);
		int r = take_word(reader);

		if (r < 0)
			return r;
		token = ARRAY_PUSH(line->token, line->n_token);
		*token = (struct token){
			.word = text_take(&reader->word),
			.line = start_line,
			.column = column,
			.length = (unsigned)(reader->at - start),
			.offset = start,
			.quoted = reader->quoted,
		};
	}
	return 0;
}

int tokenize_line(const struct source *source, size_t *offset, unsigned *line_number,
		  token_expand_fn expand, void *arg, struct line *ret_line, struct token *ret_fault,
		  struct error *err)
{
	struct reader reader = {
		.text = source->text,
		.length = source->length ? source->length : SIZE_MAX,
		.at = *offset,
		.line_start = *offset,
		.line = *line_number,
		.expand = expand,
		.arg = arg,
		.err = err,
	};
	struct line line = { .number = *line_number };
	int r;

	if (at_end(&reader, reader.at))
		return 0;
	/* What Windows editors put before the first line. */
	if (reader.at == 0 && strncmp(reader.text, "\xef\xbb\xbf", 3) == 0 && reader.length >= 3)
		reader.at = 3;

	r = read_words(&reader, &line);
	if (r < 0 && ret_fault)
		*ret_fault = (struct token){
			.line = reader.start_line,
			.column = reader.start_column,
			.length =
				(unsigned)(reader.at > reader.start ? reader.at - reader.start : 1),
			.offset = reader.start,
		};

	while (!at_line_end(&reader))
		reader.at++;
	next_line(&reader, newline_at(&reader, reader.at));
	*offset = reader.at;
	*line_number = reader.line;

	text_free(&reader.word);
	if (r < 0) {
		line_free(&line);
		return r;
	}
	*ret_line = line;
	return 1;
}

void line_free(struct line *line)
{
	for (size_t i = 0; i < line->n_token; i++)
		free(line->token[i].word);
	free(line->token);
	*line = (struct line){ 0 };
}

char *line_text(const struct source *source, size_t offset, const struct line *line)
{
	struct text text = { 0 };
	unsigned number = line->number;

	for (size_t i = 0; i < line->n_token; i++) {
		const struct token *token = &line->token[i];
		const char *start;

		while (number < token->line && source->text[offset]) {
			if (source->text[offset] == '\n')
				number++;
			offset++;
		}
		start = source->text + offset + token->column - 1;
		if (i)
			text_add_char(&text, ' ');
		for (unsigned k = 0; k < token->length && start[k]; k++) {
			/* a word that goes on behind a backslash at the line's end */
			if (start[k] == '\\' && (start[k + 1] == '\n' || start[k + 1] == '\r'))
				k += start[k + 1] == '\r' ? 2 : 1;
			else
				text_add_char(&text, start[k]);
		}
	}
	return text_take(&text);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80 || (c && strchr("._-/:,=@%+~^*?![]", c));
}

static bool needs_quotes(const char *word)
{
	/* The arrow of a flow is a word of the language; its > alone is not. */
	if (strcmp(word, "->") == 0)
		return false;
	if (!*word)
		return true;
	while (is_plain(*word))
		word++;
	return *word != '\0';
}

void text_add_word(struct text *text, const char *word)
{
	if (!needs_quotes(word)) {
		text_add(text, word);
	} else if (!strchr(word, '\'')) {
		/* Single quotes keep every character as it is. */
		text_add_char(text, '\'');
		text_add(text, word);
		text_add_char(text, '\'');
	} else {
		text_add_char(text, '"');
		for (; *word; word++) {
			if (strchr("\"\\$", *word))
				text_add_char(text, '\\');
			text_add_char(text, *word);
		}
		text_add_char(text, '"');
	}
}
