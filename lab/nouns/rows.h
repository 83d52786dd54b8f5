/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What the rows of the cloud's nouns have in common; for the family files only. */
#include "lab/language/arguments.h"
#include "lab/language/command.h"

#define NEW_NAME { .name = "name", .kind = ARGUMENT_NEW_NAME, .flags = PARAMETER_REQUIRED, .help = "name of the new resource" }

#define NAME_OF(noun_) \
	{ .name = "name", .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_REQUIRED, .nouns = NOUNS(noun_), .help = "which one" }

/* KEY VALUE whose value is a resource. */
#define KEY_OF(key_, noun_, flags_, help_) \
	{ .name = (key_), .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_KEY | (flags_), .nouns = NOUNS(noun_), .help = (help_) }

#define KEY_CHOICE(key_, choices_, code_, help_) \
	{ .name = (key_), .kind = ARGUMENT_CHOICE, .flags = PARAMETER_KEY, .choices = (choices_), .code = (code_), .help = (help_) }

#define SHOW(word_, noun_, summary_)                                                                                  \
	{                                                                                                             \
		.words = word_ " show",                                                                               \
		.parameter = { { .name = "name", .kind = ARGUMENT_REFERENCE, .nouns = NOUNS(noun_), .help = "only this one" } }, \
		.summary = (summary_), .example = word_ " show", .flags = COMMAND_SHOW                                \
	}

#define DELETE(word_, noun_, change_, summary_, example_)                                           \
	{                                                                                           \
		.words = word_ " delete", .parameter = { NAME_OF(noun_) }, .summary = (summary_),   \
		.example = word_ " delete " example_, .flags = COMMAND_CHANGES | COMMAND_REMOVES,   \
		.change = (change_)                                                                 \
	}

/* The resource's own name. */
static inline const char *own_name(const struct arguments *arguments)
{
	return arguments_get(arguments, "name");
}
