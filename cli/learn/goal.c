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

/* Facts that came or went, with the line that did it. */
struct changes {
	struct text text;
	size_t *by;
	size_t n_by;
};

static void add_change(struct changes *changes, const struct fact *fact, size_t line)
{
	text_addf(&changes->text, "%s\n", fact->text);
	*ARRAY_PUSH(changes->by, changes->n_by) = line;
}

static void changes_free(struct changes *changes)
{
	text_free(&changes->text);
	free(changes->by);
}

/* Which facts of one state are not in the other. */
static void compare_states(const struct facts *from, const struct facts *to, size_t line,
			   struct changes *changes)
{
	for (size_t i = 0; i < from->n_fact; i++)
		if (!facts_have_text(to, from->fact[i].text))
			add_change(changes, &from->fact[i], line);
}

/* The last line that brought it. */
static size_t brought_by(const struct facts *came, const struct changes *changes, const char *text)
{
	for (size_t i = came->n_fact; i-- > 0;)
		if (strcmp(came->fact[i].text, text) == 0)
			return changes->by[i];
	return GOAL_BEFORE;
}

static void set_there(struct goal *goal, const struct changes *came)
{
	const struct model *model = goal->there.model;
	struct facts all;

	facts_parse(&all, model, text_get(&came->text));
	goal->there_by = xalloc((goal->there.n_fact + 1) * sizeof(*goal->there_by));
	for (size_t i = 0; i < goal->there.n_fact; i++)
		goal->there_by[i] = brought_by(&all, came, goal->there.fact[i].text);
	facts_free(&all);
}

/* What went and came again is not gone; what came and went was never to stay. */
static void set_gone(struct goal *goal, const struct changes *went)
{
	struct facts all;
	const struct comparison still = { &all, &goal->there, NULL, is_given, goal->lesson };
	struct changes kept = { 0 };

	facts_parse(&all, goal->there.model, text_get(&went->text));
	for (size_t i = 0; i < all.n_fact; i++)
		if (!comparison_holds(&still, &all.fact[i]))
			add_change(&kept, &all.fact[i], went->by[i]);
	facts_parse(&goal->gone, goal->there.model, text_get(&kept.text));
	goal->gone_by = take_ptr(kept.by);
	facts_free(&all);
	changes_free(&kept);
}

void goal_make(struct goal *ret_goal, const struct lesson *lesson, const struct lesson_part *part,
	       struct session *rehearsal)
{
	struct changes came = { 0 }, went = { 0 };
	struct facts before, after;

	facts_of(&before, rehearsal->lab->model);
	for (size_t i = 0; i < part->n_line; i++) {
		struct script script;

		lesson_script(lesson, &part->line[i], &part->line[i], &script);
		session_run(rehearsal, &script);
		facts_of(&after, rehearsal->lab->model);
		compare_states(&after, &before, i, &came);
		compare_states(&before, &after, i, &went);
		facts_free(&before);
		before = after;
	}
	*ret_goal = (struct goal){ .lesson = lesson, .part = part, .there = before };
	set_there(ret_goal, &came);
	set_gone(ret_goal, &went);
	changes_free(&came);
	changes_free(&went);
}

void goal_free(struct goal *goal)
{
	facts_free(&goal->there);
	facts_free(&goal->gone);
	free(goal->there_by);
	free(goal->gone_by);
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

/* A fact that does not hold: is there something else instead, or was it there once? */
static void judge_missing(const struct goal *goal, size_t i, const struct comparison *comparison,
			  struct judgement *judgement)
{
	const struct fact *fact = &goal->there.fact[i];
	struct difference difference;
	auto_text text = { 0 }, cure = { 0 };
	bool lost = false;

	if (comparison_nearest(comparison, fact, &difference)) {
		difference_add_text(&text, &difference);
		difference_add_cure(&cure, comparison->have->model, &difference);
	} else if (goal->there_by[i] == GOAL_BEFORE) {
		lost = true;
		text_addf(&text, "no longer so: %s", fact->text);
		text_add(&cure, fact->text);
	} else {
		return;
	}
	add_wrong(judgement, lost, &text, &cure);
}

void goal_judge(const struct goal *goal, const struct model *model, struct judgement *ret_judgement)
{
	const size_t n_line = goal->part->n_line;
	struct facts have;
	/* What the task is to change is not wrong, only not done. */
	const struct comparison there = { &goal->there, &have, &goal->gone, is_given,
					  goal->lesson };
	const struct comparison gone = { &goal->gone, &have, NULL, is_given, goal->lesson };

	*ret_judgement =
		(struct judgement){ .done = xalloc((n_line + 1) * sizeof(bool)), .reached = true };
	memset(ret_judgement->done, true, n_line * sizeof(bool));
	facts_of(&have, model);
	for (size_t i = 0; i < goal->there.n_fact; i++) {
		if (comparison_holds(&there, &goal->there.fact[i]))
			continue;
		ret_judgement->reached = false;
		if (goal->there_by[i] != GOAL_BEFORE)
			ret_judgement->done[goal->there_by[i]] = false;
		judge_missing(goal, i, &there, ret_judgement);
	}
	for (size_t i = 0; i < goal->gone.n_fact; i++) {
		if (!comparison_holds(&gone, &goal->gone.fact[i]))
			continue;
		ret_judgement->reached = false;
		ret_judgement->done[goal->gone_by[i]] = false;
	}
	for (size_t i = 0; i < n_line; i++)
		ret_judgement->n_done += ret_judgement->done[i];
	facts_free(&have);
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
	struct facts have;
	struct comparison comparison = { .wanted = &have, .have = &goal->there };

	facts_of(&have, model);
	for (size_t i = 0; i < have.n_fact; i++)
		if (!comparison_holds(&comparison, &have.fact[i]))
			text_addf(text, "%s\n", have.fact[i].text);
	facts_free(&have);
}
