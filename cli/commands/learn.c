/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of one who is led through a tutorial. */
#include <errno.h>
#include <stddef.h>

#include "cli/commands/language.h"
#include "cli/session/session.h"
#include "lab/language/arguments.h"
#include "lab/language/command.h"

/* The tutor looks after each line, and answers. */
static int ask(struct session *session, const struct arguments *arguments, struct error *err)
{
	if (session->validate_only)
		return 0;
	if (!session->is_led) {
		error_set(err, -EINVAL, "no tutorial is going on");
		return error_hint(err, "vpclab learn lists them");
	}
	session->asked = arguments->command->words;
	return 0;
}

#define ANSWER(word_, summary_)                                                         \
	{                                                                               \
		.words = (word_), .summary = (summary_), .example = (word_), .run = ask, \
		.flags = COMMAND_PROMPT                                                 \
	}

static const struct command commands_learn[] = {
	ANSWER("step", "say again what the step asks for, and what of it is done"),
	ANSWER("steps", "list the tutorial's steps"),
	ANSWER("hint", "help with the step: first the kind of command, then the command"),
	ANSWER("skip", "have the step done, or go on although a check of it fails"),
	{ .words = NULL },
};

const struct command_family family_learn = { "Tutorials (vpclab learn)", (const struct command *const[]){ commands_learn, NULL }, FOR_ALL };
