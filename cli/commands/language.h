/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/language/command.h"

/* The families of the commands that a session runs. */
extern const struct command_family family_service, family_explain, family_reach, family_capture,
	family_lab, family_linux, family_learn, family_bill;

/* The whole language of the program: the nouns' rows and these. */
extern const struct language cli_language;
