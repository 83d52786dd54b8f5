/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/learn/lesson.h"
#include "cli/session/session.h"

/*
 * Leads through a lesson: says what a step asks for, looks after each line that was typed whether
 * the lab has come to that, shows with real packets what the lesson says of it, and goes on. It
 * never looks at what was typed.
 *
 * A step whose check fails stays until it passes or the learner skips it.
 */
struct tutor;

/* Makes and ends sessions that only validate, each on an empty lab of its own. */
struct reader_maker {
	struct session *(*begin)(const void *arg);
	void (*end)(struct session *reader);
	const void *arg;
};

/*
 * For a lesson and the session of its learner. In sessions that only validate the lesson is played
 * ahead of him. All outlive the tutor. next: the tutorial to recommend at the end, or NULL.
 */
struct tutor *tutor_new(const struct lesson *lesson, struct session *session,
			const struct reader_maker *readers, const char *next);
void tutor_free(struct tutor *tutor);

/* Say what it is about, and the first step. */
void tutor_begin(struct tutor *tutor);
/* A line was executed: answer what was asked for in it (hint, skip, step, steps), and go on as far
 * as the lab has come. */
void tutor_look(struct tutor *tutor);
/* Say where it was left, if it was, and return 0 if it was finished and no check was passed over
 * that failed, else 1. */
int tutor_end(struct tutor *tutor);
