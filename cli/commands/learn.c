/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of one who is led through a tutorial. */
#include <errno.h>
#include <stddef.h>

#include "lab/language/command.h"
#include "cli/session/session.h"
#include "cli/learn/tutor.h"

static int ask(struct session *session, void (*question)(struct tutor *tutor), struct error *err)
{
	if (session->validate_only)
		return 0;
	if (!session->tutor) {
		error_set(err, -EINVAL, "no tutorial is going on");
		error_hint(err, "vpclab learn lists them");
		return -EINVAL;
	}
	question(session->tutor);
	return 0;
}

static int run_hint(struct session *session, const struct arguments *arguments, struct error *err)
{
	(void)arguments;
	return ask(session, tutor_hint, err);
}

static int run_skip(struct session *session, const struct arguments *arguments, struct error *err)
{
	(void)arguments;
	return ask(session, tutor_skip, err);
}

static int run_step(struct session *session, const struct arguments *arguments, struct error *err)
{
	(void)arguments;
	return ask(session, tutor_step, err);
}

static int run_steps(struct session *session, const struct arguments *arguments, struct error *err)
{
	(void)arguments;
	return ask(session, tutor_steps, err);
}

const struct command commands_learn[] = {
	{
		.words = "step",
		.summary = "say again what the step asks for, and what of it is done",
		.example = "step",
		.flags = COMMAND_PROMPT,
		.run = run_step,
	},
	{
		.words = "steps",
		.summary = "list the tutorial's steps",
		.example = "steps",
		.flags = COMMAND_PROMPT,
		.run = run_steps,
	},
	{
		.words = "hint",
		.summary = "help with the step: first the kind of command, then the command",
		.example = "hint",
		.flags = COMMAND_PROMPT,
		.run = run_hint,
	},
	{
		.words = "skip",
		.summary = "have the step done, or go on although a check of it fails",
		.example = "skip",
		.flags = COMMAND_PROMPT,
		.run = run_skip,
	},
	{ .words = NULL },
};
