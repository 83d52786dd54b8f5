/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/learn/tutor_internal.h"

#include <stdlib.h>

#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"

static void forget_retold(struct tutor *tutor)
{
	lesson_free(&tutor->retold);
	free(tutor->retold_text);
	tutor->retold_text = NULL;
	tutor->lesson = tutor->written;
}

void tutor_forget_names(struct tutor *tutor)
{
	forget_retold(tutor);
	learner_names_free(&tutor->names);
}

/* Read the lesson in the learner's names. It has the same parts, or it cannot be told so: what
 * braces make, and what other files say, keeps its name. */
static void read_retold(struct tutor *tutor)
{
	const struct source *source = &tutor->written->source;
	struct session *reader = tutor->readers.begin(tutor->readers.arg);
	struct script script;

	tutor->retold_text = learner_names_tell(&tutor->names, source->text, source->length);
	script_from_text(&script, source->name, tutor->retold_text);
	if (lesson_read(&tutor->retold, reader, &script) == 0 &&
	    tutor->retold.n_part == tutor->written->n_part)
		tutor->lesson = &tutor->retold;
	tutor->readers.end(reader);
}

/* Tell the lesson in the names as they are now, from the task at hand on. */
static void retell(struct tutor *tutor)
{
	goal_free(&tutor->goal);
	forget_retold(tutor);
	if (tutor->names.n_name)
		read_retold(tutor);
	tutor->readers.end(tutor->rehearsal);
	tutor->rehearsal = tutor->readers.begin(tutor->readers.arg);
	for (size_t i = 0; i < tutor->part; i++)
		tutor_rehearse(tutor, &tutor->lesson->part[i]);
	goal_make(&tutor->goal, tutor->lesson, tutor_part(tutor), tutor->rehearsal);
}

/* Where there is something by the lesson's own name, that is what it means. */
static void give_names_back(struct tutor *tutor)
{
	const struct model *model = tutor->session->lab->model;
	size_t n_before = tutor->names.n_name;

	for (size_t i = n_before; i-- > 0;) {
		const struct learner_name *name = &tutor->names.name[i];

		if (!model_find(model, name->lesson))
			continue;
		if (!tutor->session->quiet)
			tutor_say(tutor, "%s is %s again here, and no longer %s.", name->lesson,
				  name->lesson, name->learner);
		learner_names_remove(&tutor->names, i);
	}
	if (tutor->names.n_name != n_before)
		retell(tutor);
}

void tutor_take_names(struct tutor *tutor)
{
	const char *told;
	char *name;

	give_names_back(tutor);
	while (goal_find_renamed(&tutor->goal, tutor->session->lab->model, &told, &name)) {
		auto_free char *learner = name, *lesson = xstrdup(told);
		size_t i = learner_names_add(&tutor->names, lesson, learner);

		retell(tutor);
		if (!model_find(tutor->rehearsal->lab->model, learner)) {
			learner_names_remove(&tutor->names, i);
			retell(tutor);
			return;
		}
		if (!tutor->session->quiet)
			tutor_say(tutor,
				  "Yours is called %s, the lesson says %s: that is all right; from "
				  "here on it says %s, too.",
				  learner, lesson, learner);
	}
}
