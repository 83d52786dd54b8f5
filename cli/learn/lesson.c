/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/learn/lesson.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/session/diagnostic.h"
#include "cli/session/expect.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/arguments.h"
#include "lab/language/braces.h"
#include "lab/language/statement.h"

/* ---- comments ---- */

static bool is_comment(const char *line)
{
	return line[strspn(line, " \t")] == '#';
}

static bool is_blank(const char *line)
{
	const char *end = line + strspn(line, " \t\r");

	return *end == '\n' || !*end;
}

/* One more line of a comment: prose is joined to paragraphs, a drawing stays as it is. */
static void add_comment(struct text *text, const char *line)
{
	const char *s = line + strspn(line, " \t") + 1;
	size_t length = strcspn(s, "\r\n");
	bool drawing = strncmp(s, "  ", 2) == 0, joins;

	if (*s == ' ') {
		s++;
		length--;
	}
	joins = text->length && text->s[text->length - 1] != '\n';
	if (!length || drawing) {
		if (joins)
			text_add_char(text, '\n');
		if (!drawing)
			return;
	} else if (joins) {
		text_add_char(text, ' ');
	}
	text_add_escaped(text, s, length);
	if (drawing)
		text_add_char(text, '\n');
}

static void set_introduction(struct lesson *lesson, const char *comment)
{
	size_t title = strcspn(comment, "\n");

	lesson->title = xstrndup(comment, title);
	lesson->introduction = xstrdup(comment + title + strspn(comment + title, "\n"));
}

/* ---- lines ---- */

struct reading {
	struct lesson *lesson;
	struct session *session;
	struct script *script;
	struct text comment; /* that stands before what comes next */
	const char *group;   /* the text of the group at hand */
	bool begins;         /* no line of it was read yet */
};

static const char *at(const struct reading *reading)
{
	return reading->script->source.text + reading->script->offset;
}

/* Whose is the line to do? A setting is no deed in the cloud: it says which cloud it is. */
static enum lesson_part_kind kind_of(const struct statement *statement)
{
	const struct command *command = statement->arguments.command;

	if (!command) /* a program in a node */
		return LESSON_TASK;
	if (command->flags & COMMAND_EXPECTS)
		return LESSON_CHECK;
	return command->flags & COMMAND_CHANGES && !(command->flags & COMMAND_SETTING)
		       ? LESSON_TASK
		       : LESSON_SHOWN;
}

static struct lesson_part *part_for(struct reading *reading, enum lesson_part_kind kind)
{
	struct lesson *lesson = reading->lesson;
	struct lesson_part *last = lesson->n_part ? &lesson->part[lesson->n_part - 1] : NULL;

	if (last && !reading->begins && last->kind == kind)
		return last;
	last = ARRAY_PUSH(lesson->part, lesson->n_part);
	last->kind = kind;
	last->begins = reading->begins;
	last->text = reading->group;
	last->step = kind == LESSON_TASK ? ++lesson->n_step : 0;
	reading->begins = false;
	return last;
}

/* As they are written: the address that a name stands for is nobody's wish. */
static void add_words(struct lesson *lesson, const struct source *source, size_t offset)
{
	struct line line = { 0 };
	unsigned number = 1;

	(void)tokenize_line(source, &offset, &number, NULL, NULL, &line, NULL, NULL);
	for (size_t i = 0; i < line.n_token; i++)
		*ARRAY_PUSH(lesson->word, lesson->n_word) = xstrdup(line.token[i].word);
	line_free(&line);
}

/* What would say why the expectation that something is blocked holds. */
static char *find_why(const struct arguments *arguments)
{
	const struct argument *flow = arguments_find(arguments, "flow");
	struct text text = { 0 };

	if (!flow || arguments->command->run != expect_blocked)
		return NULL;
	text_add(&text, "explain");
	for (size_t i = 0; i < flow->n_token; i++)
		text_addf(&text, " %s", flow->token[i].word);
	return text_take(&text);
}

/* The line at hand, if it is one that can be read. */
static void add_line(struct reading *reading)
{
	const struct script *script = reading->script;
	struct lesson_line found = { .offset = script->offset,
				     .end = script->offset,
				     .number = script->line_number };
	struct statement statement;
	const struct session *session = reading->session;
	const struct model *model = session->lab->model;
	struct lesson_part *part;
	struct line line = { 0 };
	struct token fault;
	struct braces braces;
	auto_free char *text = NULL;

	/* The first of the lines that braces make of it says what kind it is. */
	if (braces_find(&script->source, script->offset, script->line_number, session->language,
			model, session_expand, reading->session, &braces, &fault, NULL) >= 0 &&
	    braces_line(&braces, 0, session_expand, reading->session, &line, &text, &fault, NULL) >
		    0 &&
	    line.n_token &&
	    statement_parse(session->language, model, &line, &statement, NULL, NULL) >= 0) {
		found.text = braces_text(&braces);
		found.end = braces.next;
		found.command = statement.arguments.command;
		part = part_for(reading, kind_of(&statement));
		*ARRAY_PUSH(part->line, part->n_line) = found;
		if (part->kind == LESSON_CHECK && !part->why)
			part->why = find_why(&statement.arguments);
		add_words(reading->lesson, &script->source, found.offset);
		statement_free(&statement);
	}
	line_free(&line);
	braces_free(&braces);
}

static void skip_line(struct script *script)
{
	const char *rest = script->source.text + script->offset;
	const char *newline = memchr(rest, '\n', script->source.length - script->offset);

	script->offset = newline ? (size_t)(newline - script->source.text) + 1
				 : script->source.length;
	script->line_number++;
}

/* A comment has come to its end: of what? */
static void end_comment(struct reading *reading, bool stands_alone)
{
	struct lesson *lesson = reading->lesson;
	char *comment;

	if (!reading->comment.length)
		return;
	comment = text_take(&reading->comment);
	comment[strlen(comment) - (comment[strlen(comment) - 1] == '\n')] = '\0';
	*ARRAY_PUSH(lesson->comment, lesson->n_comment) = comment;
	if (stands_alone && !lesson->title && !lesson->n_part) {
		set_introduction(lesson, comment);
		return;
	}
	reading->group = comment;
	reading->begins = true;
	if (stands_alone)
		part_for(reading, LESSON_SHOWN);
}

static void read_line(struct reading *reading)
{
	if (is_comment(at(reading))) {
		add_comment(&reading->comment, at(reading));
		skip_line(reading->script);
	} else if (is_blank(at(reading))) {
		end_comment(reading, true);
		reading->begins |= !*reading->group; /* without comments, a paragraph is a group */
		skip_line(reading->script);
	} else {
		end_comment(reading, false);
		add_line(reading);
		(void)session_next(reading->session, reading->script);
	}
}

/* What stands before a task of the same group belongs to that step. */
static void number_others(struct lesson *lesson)
{
	for (size_t i = lesson->n_part; i-- > 1;)
		if (lesson->part[i - 1].kind != LESSON_TASK && !lesson->part[i].begins)
			lesson->part[i - 1].step = lesson->part[i].step;
}

int lesson_read(struct lesson *ret_lesson, struct session *reader, struct script *script)
{
	struct reading reading = { .lesson = ret_lesson,
				   .session = reader,
				   .script = script,
				   .group = "",
				   .begins = true };

	*ret_lesson = (struct lesson){ .source = script->source };
	while (script->offset < script->source.length && !reader->stopped)
		read_line(&reading);
	end_comment(&reading, true);
	text_free(&reading.comment);
	session_flush(reader);
	repeats_write(stderr, &reader->repeats, &script->source);
	if (reader->n_mistake) {
		lesson_free(ret_lesson);
		return -EINVAL;
	}
	if (!ret_lesson->title)
		set_introduction(ret_lesson, "");
	number_others(ret_lesson);
	strings_sort(ret_lesson->word, ret_lesson->n_word);
	return 0;
}

void lesson_free(struct lesson *lesson)
{
	for (size_t i = 0; i < lesson->n_part; i++) {
		for (size_t k = 0; k < lesson->part[i].n_line; k++)
			free(lesson->part[i].line[k].text);
		free(lesson->part[i].line);
		free(lesson->part[i].why);
	}
	free(lesson->part);
	strings_free(lesson->comment, lesson->n_comment);
	strings_free(lesson->word, lesson->n_word);
	free(lesson->title);
	free(lesson->introduction);
	*lesson = (struct lesson){ 0 };
}

bool lesson_has_word(const struct lesson *lesson, const char *word)
{
	return lesson->n_word &&
	       bsearch(&word, lesson->word, lesson->n_word, sizeof(*lesson->word), strings_compare);
}

void lesson_script(const struct lesson *lesson, const struct lesson_line *first,
		   const struct lesson_line *last, struct script *ret_script)
{
	*ret_script = (struct script){
		.source = lesson->source,
		.offset = first->offset,
		.line_number = first->number,
	};
	ret_script->source.length = last->end;
}
