#include "cli/tutor.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/goal.h"
#include "cli/help.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "core/cleanup.h"
#include "core/memory.h"
#include "core/text.h"

#define WIDTH        80
#define WIDTH_MAX    100
#define EXTRAS_SHOWN 8

struct tutor {
	const struct lesson *lesson;
	struct session *session, *rehearsal;
	const char *next;
	FILE *talk;
	size_t part;           /* where the learner is; n_part: at the end */
	bool rehearsed;        /* that part is, too */
	struct goal goal;      /* of that part, if it is a task */
	char *seen;            /* the lab when it was last looked at, as save has it */
	unsigned seen_program; /* session->n_program then */
	unsigned first_program; /* and when the part began */
	char *said;            /* what was wrong when it was last said */
	size_t n_done;         /* lines of the task that were done then */
	size_t hinted;         /* the line that the last hint was for, and how many there were */
	unsigned n_hint;
	bool skip;             /* asked for */
	unsigned n_skipped, n_passed, n_failed;
};

/* ---- talk ---- */

static size_t width(const struct tutor *tutor)
{
	unsigned columns = terminal_width(fileno(tutor->talk));

	return !columns ? WIDTH : columns > WIDTH_MAX ? WIDTH_MAX : columns;
}

/* A sentence, wrapped; all text of the file was escaped when it was read, what comes from the lab has names and addresses. */
static void __attribute__((format(printf, 2, 3))) say(const struct tutor *tutor, const char *format, ...)
{
	auto_free char *sentence = NULL;
	auto_text text = { 0 };
	size_t indent;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&sentence, format, ap) < 0)
		sentence = NULL;
	va_end(ap);
	if (!sentence)
		return;
	indent = strspn(sentence, " ");
	text_add_n(&text, sentence, indent);
	help_add_wrapped(&text, sentence + indent, indent, strncmp(sentence + indent, "[", 1) == 0 ? indent + 4 : indent,
			 width(tutor));
	fputs(text_get(&text), tutor->talk);
}

/* A comment: a paragraph a line, behind a heading that stands on the first; drawings as they are. */
static void say_comment(const struct tutor *tutor, const char *heading, const char *comment)
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
			help_add_wrapped(&text, paragraph, at, 0, width(tutor));
		at = 0;
		comment += length + (comment[length] == '\n');
	}
	fputs(text_get(&text), tutor->talk);
}

static bool is_finished(const struct tutor *tutor)
{
	return tutor->part == tutor->lesson->n_part;
}

/* Not when it is finished. */
static const struct lesson_part *part_of(const struct tutor *tutor)
{
	return &tutor->lesson->part[tutor->part];
}

/* The step that the learner is at: that of the next task, or the last one. */
static unsigned current_step(const struct tutor *tutor)
{
	for (size_t i = tutor->part; i < tutor->lesson->n_part; i++)
		if (tutor->lesson->part[i].kind == LESSON_TASK)
			return tutor->lesson->part[i].step;
	return tutor->lesson->n_step;
}

static void say_heading(const struct tutor *tutor, unsigned step, const char *comment)
{
	char heading[64] = "";

	if (step)
		snprintf(heading, sizeof(heading), "Step %u of %u: ", step, tutor->lesson->n_step);
	say_comment(tutor, heading, comment);
}

/* A line of a task in other words than its own, so that the learner has to find the command. */
static void say_line(const struct tutor *tutor, const struct lesson_line *line, bool done)
{
	struct source source = { .name = "", .text = line->text };
	struct statement statement = { 0 };
	struct line tokens = { 0 };
	auto_text text = { 0 };
	size_t offset = 0;
	unsigned number = 1;

	if (tokenize_line(&source, &offset, &number, NULL, NULL, &tokens, NULL, NULL) <= 0)
		return;
	if (line->program) {
		text_addf(&text, "run in a node: %s", line->text);
	} else if (statement_parse(tutor->rehearsal->lab->model, &tokens, &statement, NULL, NULL) >= 0) {
		statement_add_meaning(&text, &statement.arguments);
		statement_free(&statement);
	}
	line_free(&tokens);
	say(tutor, "  %s %s", done ? "[x]" : "[ ]", text_get(&text));
}

static void say_task(const struct tutor *tutor, const struct judgement *judgement)
{
	const struct lesson_part *part = part_of(tutor);

	for (size_t i = 0; i < part->n_line; i++)
		say_line(tutor, &part->line[i], judgement->done[i] && !part->line[i].program);
}

static void say_wrong(const struct tutor *tutor, const struct judgement *judgement)
{
	for (size_t i = 0; i < judgement->n_wrong; i++)
		say(tutor, "Not as the step asks: %s", judgement->wrong[i].text);
	if (judgement->n_wrong && judgement->wrong[0].cure[0])
		say(tutor, "  What would help: %s", judgement->wrong[0].cure);
}

/* ---- what the tutor does by itself ---- */

static void rehearse(struct tutor *tutor)
{
	const struct lesson_part *part = part_of(tutor);
	struct script script;

	if (tutor->rehearsed || !part->n_line)
		return;
	lesson_script(tutor->lesson, &part->line[0], &part->line[part->n_line - 1], &script);
	session_run(tutor->rehearsal, &script);
	tutor->rehearsed = true;
}

/* Lines of the lesson in the learner's lab, with a report of their own. Did all go well? */
static bool play(struct tutor *tutor, const struct lesson_part *part, bool silent)
{
	struct session *session = tutor->session;
	struct report_options style = {
		.style = silent ? REPORT_SILENT : REPORT_TEXT, .color = session->color_out, .quiet = session->quiet
	};
	struct report *own = session->report;
	struct script script;
	bool passed;

	session->report = report_new(tutor->talk, &style);
	session->steps = !silent;
	lesson_script(tutor->lesson, &part->line[0], &part->line[part->n_line - 1], &script);
	passed = session_run(session, &script) == 0 && report_failed(session->report) == 0;
	if (!silent)
		tutor->n_passed += (unsigned)report_passed(session->report);
	report_free(session->report);
	session->report = own;
	session->steps = false;
	session->stopped = 0;
	return passed;
}

static void say_extras(const struct tutor *tutor)
{
	struct goal goal = { .lesson = tutor->lesson };
	auto_text text = { 0 };
	const char *line;
	size_t n = 0;

	facts_of(&goal.there, tutor->rehearsal->lab->model);
	goal_add_extras(&text, &goal, tutor->session->lab->model);
	for (line = text_get(&text); *line && n < EXTRAS_SHOWN; line += strcspn(line, "\n") + 1, n++) {
		if (!n)
			say(tutor, "Besides what the lesson has so far, there is:");
		fprintf(tutor->talk, "  %.*s\n", (int)strcspn(line, "\n"), line);
	}
	facts_free(&goal.there);
}

/* Shows a part. False: something is not as the lesson says. */
static bool show(struct tutor *tutor)
{
	const struct lesson_part *part = part_of(tutor);

	rehearse(tutor);
	if (!part->n_line || play(tutor, part, false)) {
		if (part->why && !tutor->session->quiet)
			say(tutor, "  Why? %s", part->why);
		return true;
	}
	say(tutor, "That is not as it should be here, and the step stays until it is; skip goes on all the same.");
	say_extras(tutor);
	return false;
}

/* ---- going on ---- */

static void remember(struct tutor *tutor)
{
	free(tutor->seen);
	tutor->seen = model_save(tutor->session->lab->model);
	tutor->seen_program = tutor->session->n_program;
}

static bool has_changed(const struct tutor *tutor)
{
	auto_free char *now = model_save(tutor->session->lab->model);

	return !tutor->seen || strcmp(now, tutor->seen) != 0 || tutor->seen_program != tutor->session->n_program;
}

static void leave_part(struct tutor *tutor)
{
	goal_free(&tutor->goal);
	free(tutor->said);
	tutor->said = NULL;
	tutor->n_hint = 0;
	tutor->n_done = 0;
	tutor->rehearsed = false;
	tutor->skip = false;
	tutor->part++;
}

static void say_end(const struct tutor *tutor)
{
	const struct lesson *lesson = tutor->lesson;

	fputc('\n', tutor->talk);
	say(tutor, "All %u steps are done%s: %u check%s passed, %u failed, %u step%s skipped.", lesson->n_step,
	    tutor->n_failed ? ", not all as they should be" : "", tutor->n_passed, tutor->n_passed == 1 ? "" : "s",
	    tutor->n_failed, tutor->n_skipped, tutor->n_skipped == 1 ? "" : "s");
	if (tutor->session->quiet)
		return;
	say(tutor, "The lab is yours until Ctrl-D. Take something away and ask explain what will happen, or trace what does; "
		   "matrix shows who reaches whom, show linux NAT1 what became of a gateway (help lists more), "
		   "save my.lab keeps it as a file.");
	if (tutor->next)
		say(tutor, "The next one: vpclab learn %s", tutor->next);
}

static bool has_program(const struct lesson_part *part)
{
	for (size_t i = 0; i < part->n_line; i++)
		if (part->line[i].program)
			return true;
	return false;
}

static unsigned count_programs(const struct lesson_part *part)
{
	unsigned n = 0;

	for (size_t i = 0; i < part->n_line; i++)
		n += part->line[i].program;
	return n;
}

/*
 * What a program does in a node is in no model. Where a check follows, that tells; elsewhere it has to do that as many
 * programs have ended well as the task has.
 */
static bool programs_did(struct tutor *tutor)
{
	const struct lesson_part *part = part_of(tutor), *check = part + 1;
	unsigned n = tutor->session->n_program - tutor->first_program;

	if (!has_program(part) || tutor->skip)
		return true;
	if (!n)
		return false;
	if (tutor->part + 1 < tutor->lesson->n_part && check->kind == LESSON_SHOWN && !check->begins)
		return play(tutor, check, true);
	return n >= count_programs(part);
}

/* Says the parts and shows them, up to a task that is still to be done, or to the end. */
static void go_on(struct tutor *tutor)
{
	for (; !is_finished(tutor); leave_part(tutor)) {
		const struct lesson_part *part = part_of(tutor);
		struct judgement judgement;
		bool goes_on = part->step && tutor->part && part[-1].step == part->step;

		if (part->begins || (part->step && !goes_on)) {
			fputc('\n', tutor->talk);
			say_heading(tutor, part->step, part->begins ? part->text : "");
		}
		if (part->kind == LESSON_SHOWN) {
			remember(tutor);
			if (show(tutor))
				continue;
			return;
		}
		goal_make(&tutor->goal, tutor->lesson, part, tutor->rehearsal);
		tutor->first_program = tutor->session->n_program;
		remember(tutor);
		goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
		say_task(tutor, &judgement);
		say_wrong(tutor, &judgement);
		tutor->n_done = judgement.n_done;
		if (!judgement.reached || has_program(part)) {
			judgement_free(&judgement);
			return;
		}
		judgement_free(&judgement);
		say(tutor, "That is there already.");
	}
	say_end(tutor);
}

/* What is wrong, if that is news, else how far it is. */
static void say_progress(struct tutor *tutor, const struct judgement *judgement)
{
	const size_t n_line = part_of(tutor)->n_line;
	auto_text wrong = { 0 };

	for (size_t i = 0; i < judgement->n_wrong; i++)
		text_addf(&wrong, "%s\n", judgement->wrong[i].text);
	if (strcmp(text_get(&wrong), tutor->said ? tutor->said : "") != 0) {
		free(tutor->said);
		tutor->said = xstrdup(text_get(&wrong));
		say_wrong(tutor, judgement);
	}
	if (judgement->n_done > tutor->n_done && judgement->n_done < n_line && !tutor->session->quiet)
		say(tutor, "Good; %zu more to do.", n_line - judgement->n_done);
	tutor->n_done = judgement->n_done;
}

static void look_at_task(struct tutor *tutor)
{
	struct judgement judgement;
	bool done;

	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	done = judgement.reached && programs_did(tutor);
	say_progress(tutor, &judgement);
	judgement_free(&judgement);
	remember(tutor);
	if (!done) {
		if (tutor->skip)
			say(tutor, "skip could not do all of it: something that is there besides is in the way.");
		tutor->skip = false;
		return;
	}
	if (!tutor->session->quiet)
		say(tutor, "Step %u is done.", part_of(tutor)->step);
	leave_part(tutor);
	go_on(tutor);
}

/* Something did not pass when it was shown. */
static void look_at_check(struct tutor *tutor)
{
	const bool skip = tutor->skip;

	remember(tutor);
	if (skip)
		tutor->n_failed++;
	else if (!show(tutor))
		return;
	leave_part(tutor);
	go_on(tutor);
}

void tutor_look(struct tutor *tutor)
{
	const struct lesson_part *part = part_of(tutor);

	session_flush(tutor->session);
	if (tutor->session->stopped == EXIT_INPUT) /* a wrong command ends nothing */
		tutor->session->stopped = 0;
	if (is_finished(tutor) || !(tutor->skip || has_changed(tutor)))
		return;
	if (part->kind == LESSON_TASK)
		look_at_task(tutor);
	else
		look_at_check(tutor);
}

/* ---- the learner's words ---- */

/* One command of ours in the learner's lab, which sees it. */
static void do_line(struct tutor *tutor, struct script *script)
{
	tutor->session->steps = true;
	session_run(tutor->session, script);
	tutor->session->steps = false;
	tutor->session->stopped = 0;
}

static void do_cure(struct tutor *tutor, const struct goal_wrong *wrong)
{
	size_t length = strlen(wrong->cure);
	struct script script;

	if (!length || (length > 2 && strcmp(wrong->cure + length - 2, " N") == 0))
		return;
	script_from_text(&script, "", wrong->cure);
	do_line(tutor, &script);
}

/* Away with what is there instead, the newest first, since it may stand in what is older; then back with what was lost. */
static void put_right(struct tutor *tutor)
{
	struct judgement judgement;

	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	for (size_t i = judgement.n_wrong; i-- > 0;)
		if (!judgement.wrong[i].lost)
			do_cure(tutor, &judgement.wrong[i]);
	judgement_free(&judgement);
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	for (size_t i = 0; i < judgement.n_wrong; i++)
		if (judgement.wrong[i].lost)
			do_cure(tutor, &judgement.wrong[i]);
	judgement_free(&judgement);
}

void tutor_skip(struct tutor *tutor)
{
	const struct lesson_part *part = part_of(tutor);
	struct judgement judgement;

	if (is_finished(tutor))
		return;
	tutor->skip = true;
	if (part->kind != LESSON_TASK)
		return;
	tutor->n_skipped++;
	put_right(tutor);
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	for (size_t i = 0; i < part->n_line; i++) {
		struct script script;

		if (judgement.done[i] && !part->line[i].program)
			continue;
		lesson_script(tutor->lesson, &part->line[i], &part->line[i], &script);
		do_line(tutor, &script);
	}
	judgement_free(&judgement);
}

/* First what kind of command it takes, then the command. */
static void hint_line(struct tutor *tutor, const struct lesson_line *line, size_t i)
{
	const size_t noun = strcspn(line->text, " ");
	const size_t verb = noun + (line->text[noun] ? 1 + strcspn(line->text + noun + 1, " ") : 0);

	if (!tutor->n_hint || tutor->hinted != i) {
		tutor->hinted = i;
		tutor->n_hint = 0;
	}
	if (tutor->n_hint++ || line->program)
		say(tutor, "  %s", line->text);
	else
		say(tutor, "The command is %.*s; help %.*s explains it, Tab completes it, and another hint tells it all.", (int)verb,
		    line->text, (int)verb, line->text);
}

void tutor_hint(struct tutor *tutor)
{
	const struct lesson_part *part = part_of(tutor);
	struct judgement judgement;
	size_t i = 0;

	if (is_finished(tutor)) {
		say(tutor, "There is nothing left to do.");
		return;
	}
	if (part->kind != LESSON_TASK) {
		say(tutor, "A check does not pass: explain FLOW says why, undo what is there besides, or skip.");
		return;
	}
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	while (i < part->n_line && judgement.done[i] && !part->line[i].program)
		i++;
	if (judgement.n_wrong)
		say_wrong(tutor, &judgement);
	else if (i < part->n_line)
		hint_line(tutor, &part->line[i], i);
	judgement_free(&judgement);
}

void tutor_step(struct tutor *tutor)
{
	const struct lesson_part *part = part_of(tutor);
	struct judgement judgement;

	if (is_finished(tutor)) {
		say(tutor, "All steps are done.");
		return;
	}
	say_heading(tutor, current_step(tutor), part->text);
	if (part->kind != LESSON_TASK) {
		say(tutor, "A check of it does not pass yet.");
		say_extras(tutor);
		return;
	}
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	say_task(tutor, &judgement);
	say_wrong(tutor, &judgement);
	judgement_free(&judgement);
}

void tutor_steps(struct tutor *tutor)
{
	const struct lesson *lesson = tutor->lesson;
	const int room = (int)width(tutor) - 8;

	for (size_t i = 0; i < lesson->n_part; i++) {
		const struct lesson_part *part = &lesson->part[i];
		size_t length = strcspn(part->text, "\n");

		if (part->kind == LESSON_TASK)
			fprintf(tutor->talk, "%s%3u  %.*s\n",
				i < tutor->part               ? "[x]"
				: part->step == current_step(tutor) ? " > "
								    : "   ",
				part->step, (int)length < room ? (int)length : room, part->text);
	}
}

/* ---- its life ---- */

struct tutor *tutor_new(const struct lesson *lesson, struct session *session, struct session *rehearsal, const char *next)
{
	struct tutor *tutor = xnew(struct tutor);

	tutor->lesson = lesson;
	tutor->session = session;
	tutor->rehearsal = rehearsal;
	tutor->next = next;
	tutor->talk = session->format == OUTPUT_JSON ? stderr : session->out;
	session->tutor = tutor;
	return tutor;
}

void tutor_free(struct tutor *tutor)
{
	if (!tutor)
		return;
	goal_free(&tutor->goal);
	free(tutor->seen);
	free(tutor->said);
	tutor->session->tutor = NULL;
	free(tutor);
}

void tutor_begin(struct tutor *tutor)
{
	const struct lesson *lesson = tutor->lesson;

	if (!tutor->session->quiet) {
		say_comment(tutor, lesson->title, "");
		say_comment(tutor, "", lesson->introduction);
		fputc('\n', tutor->talk);
		say(tutor, "%u step%s. Any command may be typed at any time; help lists them, Tab completes them. hint helps with a "
			   "step, skip does it for you, step says it again, steps lists them all, Ctrl-D leaves.",
		    lesson->n_step, lesson->n_step == 1 ? "" : "s");
	}
	go_on(tutor);
}

int tutor_end(struct tutor *tutor)
{
	bool finished = is_finished(tutor);

	if (!finished && !tutor->session->quiet)
		say(tutor, "Left at step %u of %u.", current_step(tutor), tutor->lesson->n_step);
	return finished && !tutor->n_failed ? EXIT_OK : EXIT_EXPECTATION;
}
