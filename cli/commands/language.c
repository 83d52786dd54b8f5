/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/commands/language.h"

#include <stddef.h>

#include "lab/nouns/nouns.h"

/* In the order in which help shows them. */
static const struct command_family *const families[] = {
	NOUN_FAMILIES,
	&family_service,
	&family_explain,
	&family_capture,
	&family_reach,
	&family_settings,
	&family_bill,
	&family_linux,
	&family_lab,
	&family_learn,
	NULL,
};

const struct language cli_language = { .family = families };
