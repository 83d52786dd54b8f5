/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/learn/lesson.h"
#include "cli/learn/model_diff.h"

/*
 * What a task of a lesson comes to: the saved lines of a lab in which the task's lines, and all
 * before them, were executed; and which of the task's lines brought which of them, or took one
 * away. It is reached by whatever makes the lab the same.
 */
struct goal {
	const struct lesson *lesson;
	const struct lesson_part *part;
	struct saved_lines there, gone;
};

/* Execute the task in the rehearsal, a session that only validates and has come as far as that
 * part. */
void goal_make(struct goal *ret_goal, const struct lesson *lesson, const struct lesson_part *part,
	       struct session *rehearsal);
void goal_free(struct goal *goal);

/* Something that is there, but not as asked for; or that was there before, and is not any more. */
struct goal_wrong {
	bool lost;  /* it was there before */
	char *text; /* a sentence without its full stop */
	char *cure; /* a command; one that ends in " N" has a number to be looked up; "": none is
		       known */
};
/* Is it a command that can be executed as it stands? */
bool goal_cure_is_whole(const struct goal_wrong *wrong);

struct judgement {
	bool *done; /* a flag a line; programs always are: a model cannot tell */
	size_t n_done;
	struct goal_wrong *wrong; /* in the order of the lines */
	size_t n_wrong;
	bool reached;
};

void goal_judge(const struct goal *goal, const struct model *model,
		struct judgement *ret_judgement);
void judgement_free(struct judgement *judgement);

/*
 * Something that is as the goal has it but for its name, which nobody asked for: by what the goal
 * calls it, and what it is called. False: there is nothing such. The goal owns the one, the caller
 * frees the other.
 */
bool goal_find_renamed(const struct goal *goal, const struct model *model, const char **ret_told,
		       char **ret_name);

/* Add what there is besides, a line of `save` each. */
void goal_add_extras(struct text *text, const struct goal *goal, const struct model *model);
