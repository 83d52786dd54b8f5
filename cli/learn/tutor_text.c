/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/learn/tutor_internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/terminal.h"
#include "cli/view/wrap.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/language/statement.h"

#define WIDTH_MAX    100
#define EXTRAS_SHOWN 8

static size_t width(const struct tutor *tutor)
{
	unsigned columns = terminal_width(fileno(tutor->talk));

	return !columns ? TERMINAL_WIDTH : columns > WIDTH_MAX ? WIDTH_MAX : columns;
}

void tutor_say(const struct tutor *tutor, const char *format, ...)
{
	auto_free char *sentence = xprintf_own(format);
	auto_text clean = { 0 }, text = { 0 };
	size_t indent;
	text_add_escaped(&clean, sentence, strlen(sentence));
	indent = strspn(text_get(&clean), " ");
	text_add_n(&text, text_get(&clean), indent);
	wrap_add_line(&text, text_get(&clean) + indent, indent,
		      sentence[indent] == '[' ? indent + 4 : indent, width(tutor));
	fputs(text_get(&text), tutor->talk);
}

void tutor_say_comment(const struct tutor *tutor, const char *heading, const char *comment)
{
	size_t at = strlen(heading);
	auto_text text = { 0 };

	if (*heading && tutor->session->color_out)
		text_addf(&text, "\033[1m%s\033[0m", heading);
	else
		text_add(&text, heading);
	if (!*comment)
		text_add_char(&text, '\n');
	while (*comment) {
		size_t length = strcspn(comment, "\n");
		auto_free char *paragraph = xstrndup(comment, length);

		if (*paragraph == ' ')
			text_addf(&text, "%s\n", paragraph);
		else
			wrap_add_line(&text, paragraph, at, 0, width(tutor));
		at = 0;
		comment += length + (comment[length] == '\n');
	}
	fputs(text_get(&text), tutor->talk);
}

unsigned tutor_current_step(const struct tutor *tutor)
{
	size_t i = tutor->part + !tutor_is_finished(tutor);

	while (i-- > 0)
		if (tutor->lesson->part[i].step)
			return tutor->lesson->part[i].step;
	return 0;
}

void tutor_say_heading(const struct tutor *tutor, unsigned step, const char *comment)
{
	char heading[64] = "";

	if (step)
		snprintf(heading, sizeof(heading), *comment ? "Step %u of %u: " : "Step %u of %u",
			 step, tutor->lesson->n_step);
	tutor_say_comment(tutor, heading, comment);
}

/* False: a name in it stands for nothing yet. */
static bool add_meaning(struct text *text, const struct tutor *tutor,
			const struct lesson_line *line, token_expand_fn expand)
{
	struct source source = { .name = "", .text = line->text };
	struct statement statement = { 0 };
	struct line tokens = { 0 };
	size_t offset = 0;
	unsigned number = 1;
	int r = tokenize_line(&source, &offset, &number, expand, tutor->session, &tokens, NULL,
			      NULL);

	if (r > 0)
		r = statement_parse(tutor->rehearsal->language, tutor->rehearsal->lab->model,
				    &tokens, &statement, NULL, NULL);
	if (r >= 0)
		statement_add_meaning(text, &statement.arguments);
	statement_free(&statement);
	line_free(&tokens);
	return r >= 0;
}

/* A line of a task in other words than its own, so that the learner has to find the command. */
static void say_line(const struct tutor *tutor, const struct lesson_line *line, bool done)
{
	auto_text text = { 0 };

	if (!line->command)
		text_addf(&text, "run in a node: %s", line->text);
	else if (!add_meaning(&text, tutor, line, session_expand) &&
		 !add_meaning(&text, tutor, line, NULL))
		text_addf(&text, "%s: %s", line->command->summary, line->text);
	tutor_say(tutor, "  %s %s", done ? "[x]" : "[ ]", text_get(&text));
}

void tutor_say_task(const struct tutor *tutor, const struct judgement *judgement)
{
	const struct lesson_part *part = tutor_part(tutor);

	for (size_t i = 0; i < part->n_line; i++)
		say_line(tutor, &part->line[i], judgement->done[i] && part->line[i].command);
}

void tutor_say_wrong(const struct tutor *tutor, const struct judgement *judgement)
{
	const struct goal_wrong *first = judgement->wrong;

	for (size_t i = 0; i < judgement->n_wrong; i++)
		tutor_say(tutor, "Not as the step asks: %s", judgement->wrong[i].text);
	if (judgement->n_wrong && *first->cure)
		tutor_say(tutor, "  What would help: %s%s", first->cure,
			  goal_cure_is_whole(first) ? "" : " (show tells N)");
}

void tutor_say_extras(const struct tutor *tutor)
{
	struct goal goal = { .lesson = tutor->lesson };
	auto_text text = { 0 };
	const char *line;
	size_t n = 0;

	saved_lines_of(&goal.there, tutor->rehearsal->lab->model);
	goal_add_extras(&text, &goal, tutor->session->lab->model);
	for (line = text_get(&text); *line && n < EXTRAS_SHOWN;
	     line += strcspn(line, "\n") + 1, n++) {
		if (!n)
			tutor_say(tutor, "Besides what the lesson has so far, there is:");
		tutor_say(tutor, "  %.*s", (int)strcspn(line, "\n"), line);
	}
	saved_lines_free(&goal.there);
}

void tutor_say_end(const struct tutor *tutor)
{
	const struct lesson *lesson = tutor->lesson;
	auto_free char *steps = lesson->n_step == 1 ? xstrdup("The step is")
						    : xprintf("All %u steps are", lesson->n_step);

	fputc('\n', tutor->talk);
	tutor_say(tutor, "%s done%s: %u check%s passed, %u failed, %u step%s skipped.", steps,
		  tutor->n_failed ? ", not all as they should be" : "", tutor->n_passed,
		  tutor->n_passed == 1 ? "" : "s", tutor->n_failed, tutor->n_skipped,
		  tutor->n_skipped == 1 ? "" : "s");
	if (tutor->session->quiet)
		return;
	tutor_say(tutor, "The lab is yours until Ctrl-D. Take something away and ask explain what "
			 "will happen, or trace what does; "
			 "matrix shows who reaches whom, show linux NAT1 what became of a gateway "
			 "(help lists more), "
			 "save my.lab keeps it as a file, and export terraform prints what "
			 "would build it in the real cloud.");
	if (tutor->next)
		tutor_say(tutor, "The next one: vpclab learn %s", tutor->next);
}

/* What is wrong, if that is news, else how far it is. */
void tutor_say_progress(struct tutor *tutor, const struct judgement *judgement)
{
	const size_t n_line = tutor_part(tutor)->n_line;
	auto_text wrong = { 0 };

	for (size_t i = 0; i < judgement->n_wrong; i++)
		text_addf(&wrong, "%s\n", judgement->wrong[i].text);
	if (strcmp(text_get(&wrong), tutor->said ? tutor->said : "") != 0) {
		free(tutor->said);
		tutor->said = xstrdup(text_get(&wrong));
		tutor_say_wrong(tutor, judgement);
	}
	if (judgement->n_done > tutor->n_done && judgement->n_done < n_line &&
	    !tutor->session->quiet)
		tutor_say(tutor, "Good; %zu more to do.", n_line - judgement->n_done);
	tutor->n_done = judgement->n_done;
}

/* First what kind of command it takes, then the command. */
void tutor_say_hint(struct tutor *tutor, size_t i)
{
	const struct lesson_line *line = &tutor_part(tutor)->line[i];
	const char *words = line->command ? line->command->words : NULL;

	if (!tutor->n_hint || tutor->hinted != i) {
		tutor->hinted = i;
		tutor->n_hint = 0;
	}
	if (tutor->n_hint++ || !words)
		tutor_say(tutor, "  %s", line->text);
	else
		tutor_say(tutor,
			  "The command is %s; help %s explains it, Tab completes it, and another "
			  "hint tells it all.",
			  words, words);
}

/* How much of a step's text stands in the list: the first sentence, without what the console calls
 * it. */
static size_t short_length(const char *text)
{
	static const char *const ends[] = { " (", ". ", ": ", "\n" };
	size_t length = strlen(text);

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		const char *end = strstr(text, ends[i]);

		if (end && (size_t)(end - text) < length)
			length = (size_t)(end - text);
	}
	return length;
}

void tutor_say_steps(struct tutor *tutor)
{
	const struct lesson *lesson = tutor->lesson;
	const size_t indent = strlen("[x]  1  ");

	for (size_t i = 0; i < lesson->n_part; i++) {
		const struct lesson_part *part = &lesson->part[i];
		const char *mark = i < tutor->part                           ? "[x]"
				   : part->step == tutor_current_step(tutor) ? " > "
									     : "   ";

		auto_text clean = { 0 }, text = { 0 };

		if (part->kind != LESSON_TASK)
			continue;
		text_add_escaped(&clean, part->text, short_length(part->text));
		text_addf(&text, "%s%3u  ", mark, part->step);
		wrap_add_line(&text, text_get(&clean), indent, indent, width(tutor));
		fputs(text_get(&text), tutor->talk);
	}
}
