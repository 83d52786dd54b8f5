/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/learn/tutor_internal.h"

#include <stdlib.h>
#include <string.h>

#include "cli/session/report.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/nouns/nouns.h"

/* ---- what the tutor does by itself ---- */

void tutor_rehearse(struct tutor *tutor, const struct lesson_part *part)
{
	struct script script;

	if (!part->n_line)
		return;
	lesson_script(tutor->lesson, &part->line[0], &part->line[part->n_line - 1], &script);
	session_run(tutor->rehearsal, &script);
}

/* What was refused ends nothing; but there is nothing to learn on a machine that cannot do it. */
static void go_on_after_mistake(struct session *session)
{
	if (session->stopped != EXIT_MACHINE)
		session->stopped = 0;
}

/* Lines of the lesson in the learner's lab, with a report of their own. Did all go well? */
static bool play(struct tutor *tutor, const struct lesson_part *part, bool silent)
{
	struct session *session = tutor->session;
	struct report_options style = { .style = silent ? REPORT_SILENT : REPORT_TEXT,
					.color = session->color_out,
					.quiet = session->quiet };
	struct report *own = session->report;
	struct script script;
	bool passed;

	session->report = report_new(tutor->talk, &style);
	session->steps = !silent;
	lesson_script(tutor->lesson, &part->line[0], &part->line[part->n_line - 1], &script);
	passed = session_run(session, &script) == 0 && report_failed(session->report) == 0;
	if (passed && !silent)
		tutor->n_passed += (unsigned)report_passed(session->report);
	report_free(session->report);
	session->report = own;
	session->steps = false;
	go_on_after_mistake(session);
	return passed;
}

/* Show a part. False: something is not as the lesson says. */
static bool show(struct tutor *tutor)
{
	const struct lesson_part *part = tutor_part(tutor);

	if (!tutor->rehearsed)
		tutor_rehearse(tutor, part);
	tutor->rehearsed = true;
	if (!part->n_line || play(tutor, part, false)) {
		if (part->why && !tutor->session->quiet)
			tutor_say(tutor, "  Why? %s", part->why);
		return true;
	}
	tutor_say(tutor, "That is not as it should be here, and the step stays until it is; skip "
			 "goes on all the same.");
	tutor_say_extras(tutor);
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

	return !tutor->seen || strcmp(now, tutor->seen) != 0 ||
	       tutor->seen_program != tutor->session->n_program;
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

static unsigned count_programs(const struct lesson_part *part)
{
	unsigned n = 0;

	for (size_t i = 0; i < part->n_line; i++)
		n += !part->line[i].command;
	return n;
}

/*
 * What a program does in a node is in no model. Where a check follows, that tells; elsewhere it has
 * to do that as many programs have ended well as the task has.
 */
static bool programs_did(struct tutor *tutor)
{
	const struct lesson_part *part = tutor_part(tutor), *check = part + 1;
	const unsigned wanted = count_programs(part),
		       n = tutor->session->n_program - tutor->first_program;

	if (!wanted || tutor->skip)
		return true;
	if (!n)
		return false;
	if (tutor->part + 1 < tutor->lesson->n_part && check->kind == LESSON_CHECK &&
	    !check->begins)
		return play(tutor, check, true);
	return n >= wanted;
}

/* Say what is to be done. True: it is there already. */
static bool begin_task(struct tutor *tutor)
{
	struct judgement judgement;
	bool done;

	goal_make(&tutor->goal, tutor->lesson, tutor_part(tutor), tutor->rehearsal);
	tutor_take_names(tutor);
	tutor->first_program = tutor->session->n_program;
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	tutor_say_task(tutor, &judgement);
	tutor_say_wrong(tutor, &judgement);
	tutor->n_done = judgement.n_done;
	done = judgement.reached && !count_programs(tutor_part(tutor));
	judgement_free(&judgement);
	if (done)
		tutor_say(tutor, "That is there already.");
	return done;
}

/* Say the parts and do what is the tutor's, up to a task that is still to be done, or to the
 * end. */
static void go_on(struct tutor *tutor)
{
	for (; !tutor_is_finished(tutor); leave_part(tutor)) {
		const struct lesson_part *part = tutor_part(tutor);
		bool goes_on = part->step && tutor->part && part[-1].step == part->step;

		if (part->begins || (part->step && !goes_on)) {
			fputc('\n', tutor->talk);
			tutor_say_heading(tutor, part->step, part->begins ? part->text : "");
		}
		remember(tutor);
		if (!(part->kind == LESSON_TASK ? begin_task(tutor) : show(tutor)))
			return;
	}
	tutor_say_end(tutor);
}

static void look_at_task(struct tutor *tutor)
{
	struct judgement judgement;
	bool done;

	tutor_take_names(tutor);
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	done = judgement.reached && programs_did(tutor);
	tutor_say_progress(tutor, &judgement);
	judgement_free(&judgement);
	remember(tutor);
	if (!done) {
		if (tutor->skip)
			tutor_say(tutor, "skip could not do all of it, for the reasons above.");
		tutor->skip = false;
		return;
	}
	tutor->n_skipped += tutor->skip;
	if (!tutor->session->quiet)
		tutor_say(tutor, "Step %u is done.", tutor_part(tutor)->step);
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

/* ---- the learner's words ---- */

/* One command of ours in the learner's lab, which sees it. */
static void do_line(struct tutor *tutor, struct script *script)
{
	tutor->session->steps = true;
	session_run(tutor->session, script);
	tutor->session->steps = false;
	go_on_after_mistake(tutor->session);
}

static void do_cure(struct tutor *tutor, const struct goal_wrong *wrong)
{
	struct script script;

	if (!goal_cure_is_whole(wrong))
		return;
	script_from_text(&script, "", wrong->cure);
	do_line(tutor, &script);
}

/* Away with what is there instead, the newest first, since it may stand in what is older; then back
 * with what was lost. */
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

static void skip(struct tutor *tutor)
{
	const struct lesson_part *part = tutor_part(tutor);
	struct judgement judgement;

	if (tutor_is_finished(tutor))
		return;
	tutor->skip = true;
	if (part->kind != LESSON_TASK)
		return;
	put_right(tutor);
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	for (size_t i = 0; i < part->n_line && !tutor->session->stopped; i++) {
		struct script script;

		if (judgement.done[i] && part->line[i].command)
			continue;
		lesson_script(tutor->lesson, &part->line[i], &part->line[i], &script);
		do_line(tutor, &script);
	}
	judgement_free(&judgement);
}

static void hint(struct tutor *tutor)
{
	const struct lesson_part *part = tutor_part(tutor);
	struct judgement judgement;
	size_t i = 0;

	if (tutor_is_finished(tutor)) {
		tutor_say(tutor, "There is nothing left to do.");
		return;
	}
	if (part->kind != LESSON_TASK) {
		tutor_say(tutor, "A check does not pass: explain FLOW says why, undo what is there "
				 "besides, or skip.");
		return;
	}
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	while (i < part->n_line && judgement.done[i] && part->line[i].command)
		i++;
	if (judgement.n_wrong)
		tutor_say_wrong(tutor, &judgement);
	else if (i < part->n_line)
		tutor_say_hint(tutor, i);
	judgement_free(&judgement);
}

static void step(struct tutor *tutor)
{
	const struct lesson_part *part = tutor_part(tutor);
	struct judgement judgement;

	if (tutor_is_finished(tutor)) {
		tutor_say(tutor, "All steps are done.");
		return;
	}
	tutor_say_heading(tutor, tutor_current_step(tutor), part->text);
	if (part->kind != LESSON_TASK) {
		tutor_say(tutor, "A check of it does not pass yet.");
		tutor_say_extras(tutor);
		return;
	}
	goal_judge(&tutor->goal, tutor->session->lab->model, &judgement);
	tutor_say_task(tutor, &judgement);
	tutor_say_wrong(tutor, &judgement);
	judgement_free(&judgement);
}

static void answer(struct tutor *tutor)
{
	static const struct {
		const char *word;
		void (*answer)(struct tutor *tutor);
	} words[] = {
		{ "hint", hint }, { "skip", skip }, { "step", step }, { "steps", tutor_say_steps }
	};
	const char *asked = take_ptr(tutor->session->asked);

	for (size_t i = 0; asked && i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i].word, asked) == 0)
			words[i].answer(tutor);
}

void tutor_look(struct tutor *tutor)
{
	const struct lesson_part *part = tutor_part(tutor);

	answer(tutor);
	session_flush(tutor->session);
	go_on_after_mistake(tutor->session);
	if (tutor_is_finished(tutor) || !(tutor->skip || has_changed(tutor)))
		return;
	if (part->kind == LESSON_TASK)
		look_at_task(tutor);
	else
		look_at_check(tutor);
}

/* ---- its life ---- */

struct tutor *tutor_new(const struct lesson *lesson, struct session *session,
			const struct reader_maker *readers, const char *next)
{
	struct tutor *tutor = xnew(struct tutor);

	tutor->written = tutor->lesson = lesson;
	tutor->session = session;
	tutor->readers = *readers;
	tutor->rehearsal = readers->begin(readers->arg);
	tutor->next = next;
	tutor->talk = session->format == OUTPUT_JSON ? stderr : session->out;
	session->is_led = true;
	return tutor;
}

void tutor_free(struct tutor *tutor)
{
	if (!tutor)
		return;
	goal_free(&tutor->goal);
	tutor_forget_names(tutor);
	tutor->readers.end(tutor->rehearsal);
	free(tutor->seen);
	free(tutor->said);
	tutor->session->is_led = false;
	free(tutor);
}

void tutor_begin(struct tutor *tutor)
{
	const struct lesson *lesson = tutor->lesson;

	if (!tutor->session->quiet) {
		if (*lesson->title)
			tutor_say_comment(tutor, lesson->title, "");
		if (*lesson->introduction)
			tutor_say_comment(tutor, "", lesson->introduction);
		if (*lesson->title)
			fputc('\n', tutor->talk);
		tutor_say(tutor,
			  "%u step%s. Any command may be typed at any time; help lists them, Tab "
			  "completes them. hint helps with a "
			  "step, skip does it for you, step says it again, steps lists them all, "
			  "Ctrl-D leaves.",
			  lesson->n_step, lesson->n_step == 1 ? "" : "s");
	}
	go_on(tutor);
}

int tutor_end(struct tutor *tutor)
{
	bool finished = tutor_is_finished(tutor);

	if (!finished && !tutor->session->quiet)
		tutor_say(tutor, "Left at step %u of %u.", tutor_current_step(tutor),
			  tutor->lesson->n_step);
	return finished && !tutor->n_failed ? EXIT_OK : EXIT_EXPECTATION;
}
