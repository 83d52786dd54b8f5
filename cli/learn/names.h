/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

/*
 * What a learner has made counts by what it is, whatever he has called it: the lesson is told again
 * in his names, and everything in it (tasks, checks, $NAME, hints) means what is his.
 */
struct learner_name {
	char *lesson, *learner;
};

struct learner_names {
	struct learner_name *name;
	size_t n_name;
};

void learner_names_free(struct learner_names *names);
/* What the lesson, as it is told now, calls so is called otherwise by the learner. Return its
 * place. */
size_t learner_names_add(struct learner_names *names, const char *told, const char *learner);
/* What the lesson calls so is called so. */
void learner_names_remove(struct learner_names *names, size_t i);

/*
 * The text of a lesson in the learner's names; the caller frees. In comments a name that might be a
 * word of English stays.
 */
char *learner_names_tell(const struct learner_names *names, const char *text, size_t length);
