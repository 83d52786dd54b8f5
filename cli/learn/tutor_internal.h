/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* The inside of a tutor: tutor.c goes from step to step, tutor_text.c says it, and tutor_names.c
 * takes over the names that the learner gives. */
#include "cli/learn/goal.h"
#include "cli/learn/names.h"
#include "cli/learn/tutor.h"
#include "core/base/text.h"

struct tutor {
	const struct lesson *written; /* as it stands in the file */
	const struct lesson *lesson;  /* as it is told: that, or the one below */
	struct lesson retold;         /* in the learner's names */
	char *retold_text;
	struct learner_names names;
	struct session *session, *rehearsal;
	struct reader_maker readers;
	const char *next;
	FILE *talk;
	size_t part;            /* where the learner is; n_part: at the end */
	bool rehearsed;         /* that part is, too */
	struct goal goal;       /* of that part, if it is a task */
	char *seen;             /* the lab when it was last looked at, as save has it */
	unsigned seen_program;  /* session->n_program then */
	unsigned first_program; /* and when the part began */
	char *said;             /* what was wrong when it was last said */
	size_t n_done;          /* lines of the task that were done then */
	size_t hinted;          /* the line that the last hint was for, and how many there were */
	unsigned n_hint;
	bool skip; /* asked for */
	unsigned n_skipped, n_passed, n_failed;
};

static inline bool tutor_is_finished(const struct tutor *tutor)
{
	return tutor->part == tutor->lesson->n_part;
}

/* Not when it is finished. */
static inline const struct lesson_part *tutor_part(const struct tutor *tutor)
{
	return &tutor->lesson->part[tutor->part];
}

/* The step that the learner is at; 0: before the first. What is shown behind a step belongs to it.
 */
unsigned tutor_current_step(const struct tutor *tutor);

/* Play that part in the rehearsal. */
void tutor_rehearse(struct tutor *tutor, const struct lesson_part *part);
/* What the learner has called by names of his own is what the lesson is about from now on, and is
 * told. The part at hand is a task. */
void tutor_take_names(struct tutor *tutor);
void tutor_forget_names(struct tutor *tutor);

/* A sentence, wrapped; the blanks that it begins with are its margin. */
void tutor_say(const struct tutor *tutor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A comment: a paragraph a line, behind a heading that stands on the first; drawings as they are.
 */
void tutor_say_comment(const struct tutor *tutor, const char *heading, const char *comment);
/* "Step 3 of 8: ..."; step 0: the comment alone. */
void tutor_say_heading(const struct tutor *tutor, unsigned step, const char *comment);
/* Line by line what is to be done at the part at hand, a task. */
void tutor_say_task(const struct tutor *tutor, const struct judgement *judgement);
/* What is not as it should be, with the cure of the first of it. */
void tutor_say_wrong(const struct tutor *tutor, const struct judgement *judgement);
/* What is wrong, if that is news, and how far it is. */
void tutor_say_progress(struct tutor *tutor, const struct judgement *judgement);
/* For the i-th line of the task: first what kind of command it takes, then the command. */
void tutor_say_hint(struct tutor *tutor, size_t i);
/* What there is in the lab besides what the lesson has made so far. */
void tutor_say_extras(const struct tutor *tutor);
/* The list of all steps, with what is done. */
void tutor_say_steps(struct tutor *tutor);
/* The summary, and what to do next. */
void tutor_say_end(const struct tutor *tutor);
