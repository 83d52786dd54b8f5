/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/learn/goal.h"

#include <stdlib.h>
#include <string.h>

#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

/* ---- making ---- */

/* A number that the lesson says was not the lab's to choose. */
static bool is_given(const void *arg, const char *word)
{
	return lesson_has_word(arg, word);
}

/* What the line made, and what it took away. What is there again is not gone. */
static void note_changes(struct goal *goal, struct saved_lines *before, size_t line)
{
	struct saved_lines *after = &goal->there;

	for (size_t i = 0; i < after->n_line; i++) {
		const struct saved_line *same = saved_lines_find(before, after->line[i]->text);

		after->line[i]->by = same ? same->by : line;
	}
	for (size_t i = 0; i < before->n_line;) {
		if (saved_lines_find(after, before->line[i]->text)) {
			i++;
			continue;
		}
		before->line[i]->by = line;
		*ARRAY_PUSH(goal->gone.line, goal->gone.n_line) = before->line[i];
		ARRAY_REMOVE(before->line, before->n_line, i);
	}
}

/* What came and went was never to stay, and what has come again is not gone. */
static void forget_what_is_back(struct goal *goal)
{
	const struct comparison back = { &goal->gone, &goal->there, NULL, is_given, goal->lesson };

	for (size_t i = 0; i < goal->gone.n_line;) {
		if (comparison_holds(&back, goal->gone.line[i])) {
			saved_line_free(goal->gone.line[i]);
			ARRAY_REMOVE(goal->gone.line, goal->gone.n_line, i);
		} else {
			i++;
		}
	}
}

void goal_make(struct goal *ret_goal, const struct lesson *lesson, const struct lesson_part *part,
	       struct session *rehearsal)
{
	const struct model *model = rehearsal->lab->model;
	struct goal goal = { .lesson = lesson, .part = part, .gone.model = model };

	saved_lines_of(&goal.there, model);
	for (size_t i = 0; i < goal.there.n_line; i++)
		goal.there.line[i]->by = SAVED_BEFORE;
	for (size_t i = 0; i < part->n_line; i++) {
		struct saved_lines before = goal.there;
		struct script script;

		lesson_script(lesson, &part->line[i], &part->line[i], &script);
		session_run(rehearsal, &script);
		saved_lines_of(&goal.there, model);
		note_changes(&goal, &before, i);
		saved_lines_free(&before);
	}
	forget_what_is_back(&goal);
	*ret_goal = goal;
}

void goal_free(struct goal *goal)
{
	saved_lines_free(&goal->there);
	saved_lines_free(&goal->gone);
	*goal = (struct goal){ 0 };
}

/* ---- judging ---- */

static void add_wrong(struct judgement *judgement, bool lost, struct text *text, struct text *cure)
{
	*ARRAY_PUSH(judgement->wrong, judgement->n_wrong) = (struct goal_wrong){
		.lost = lost,
		.text = xstrdup(text_get(text)),
		.cure = xstrdup(text_get(cure)),
	};
}

/* A line that does not hold: is there something else instead, or was it there once? */
static void judge_missing(const struct goal *goal, size_t i, const struct comparison *comparison,
			  struct judgement *judgement)
{
	const struct saved_line *saved = goal->there.line[i];
	struct difference difference;
	auto_text text = { 0 }, cure = { 0 };
	bool lost = false;

	if (comparison_nearest(comparison, saved, &difference)) {
		difference_add_text(&text, &difference);
		difference_add_cure(&cure, comparison->have->model, &difference);
	} else if (saved->by == SAVED_BEFORE) {
		lost = true;
		text_addf(&text, "no longer so: %s", saved->text);
		text_add(&cure, saved->text);
	} else {
		return;
	}
	add_wrong(judgement, lost, &text, &cure);
}

void goal_judge(const struct goal *goal, const struct model *model, struct judgement *ret_judgement)
{
	const size_t n_line = goal->part->n_line;
	struct saved_lines have;
	/* What the task is to change is not wrong, only not done. */
	const struct comparison there = { &goal->there, &have, &goal->gone, is_given,
					  goal->lesson };
	const struct comparison gone = { &goal->gone, &have, NULL, is_given, goal->lesson };

	*ret_judgement =
		(struct judgement){ .done = xalloc((n_line + 1) * sizeof(bool)), .reached = true };
	memset(ret_judgement->done, true, n_line * sizeof(bool));
	saved_lines_of(&have, model);
	for (size_t i = 0; i < goal->there.n_line; i++) {
		const struct saved_line *saved = goal->there.line[i];

		if (comparison_holds(&there, saved))
			continue;
		ret_judgement->reached = false;
		if (saved->by != SAVED_BEFORE)
			ret_judgement->done[saved->by] = false;
		judge_missing(goal, i, &there, ret_judgement);
	}
	for (size_t i = 0; i < goal->gone.n_line; i++) {
		if (!comparison_holds(&gone, goal->gone.line[i]))
			continue;
		ret_judgement->reached = false;
		ret_judgement->done[goal->gone.line[i]->by] = false;
	}
	for (size_t i = 0; i < n_line; i++)
		ret_judgement->n_done += ret_judgement->done[i];
	saved_lines_free(&have);
}

bool goal_find_renamed(const struct goal *goal, const struct model *model, const char **ret_told,
		       char **ret_name)
{
	struct saved_lines have;
	const struct comparison there = { &goal->there, &have, &goal->gone, is_given,
					  goal->lesson };
	const struct saved_line *renamed = NULL;

	saved_lines_of(&have, model);
	for (size_t i = 0; !renamed && i < goal->there.n_line; i++) {
		const struct saved_line *saved = goal->there.line[i];

		renamed = comparison_holds(&there, saved) ? NULL
							  : comparison_renamed(&there, saved);
		if (renamed) {
			*ret_told = saved->statement.arguments.argument[0].token->word;
			*ret_name = xstrdup(renamed->statement.arguments.argument[0].token->word);
		}
	}
	saved_lines_free(&have);
	return renamed != NULL;
}

bool goal_cure_is_whole(const struct goal_wrong *wrong)
{
	size_t length = strlen(wrong->cure);

	return length && (length <= 2 || strcmp(wrong->cure + length - 2, " N") != 0);
}

void judgement_free(struct judgement *judgement)
{
	for (size_t i = 0; i < judgement->n_wrong; i++) {
		free(judgement->wrong[i].text);
		free(judgement->wrong[i].cure);
	}
	free(judgement->wrong);
	free(judgement->done);
	*judgement = (struct judgement){ 0 };
}

void goal_add_extras(struct text *text, const struct goal *goal, const struct model *model)
{
	struct saved_lines have;
	struct comparison comparison = { .wanted = &have, .have = &goal->there };

	saved_lines_of(&have, model);
	for (size_t i = 0; i < have.n_line; i++)
		if (!comparison_holds(&comparison, have.line[i]))
			text_addf(text, "%s\n", have.line[i]->text);
	saved_lines_free(&have);
}
