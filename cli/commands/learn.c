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

static const struct command commands_learn[] = {
	{
		.words = "step",
		.summary = "say again what the step asks for, and what of it is done",
		.example = "step",
		.flags = COMMAND_PROMPT,
		.run = ask,
	},
	{
		.words = "steps",
		.summary = "list the tutorial's steps",
		.example = "steps",
		.flags = COMMAND_PROMPT,
		.run = ask,
	},
	{
		.words = "hint",
		.summary = "help with the step: first the kind of command, then the command",
		.example = "hint",
		.flags = COMMAND_PROMPT,
		.run = ask,
	},
	{
		.words = "skip",
		.summary = "have the step done, or go on although a check of it fails",
		.example = "skip",
		.flags = COMMAND_PROMPT,
		.run = ask,
	},
	{ .words = NULL },
};

const struct command_family family_learn = { "Tutorials (vpclab learn)", (const struct command *const[]){ commands_learn, NULL }, FOR_ALL };
