/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "core/state/plan.h"

/*
 * A plan as commands of ip(8), sysctl(8) and nft(8): lines for a shell that do what apply_plan()
 * does, for people to read, to learn from and to run. They are in an order in which they work one
 * by one; the changes of one nft table are one transaction. A comment behind a line says what the
 * object is a part of (object->origin).
 */
enum script_parts {
	SCRIPT_KERNEL = 0,
	SCRIPT_FILES = 1 << 0,    /* with the files of the lab itself */
	SCRIPT_HEADINGS = 1 << 1, /* with a heading where a new part begins */
};
void script_add_plan(struct text *text, const struct plan *plan, unsigned parts);

/*
 * Write what turns the lines into a whole script. The head says how to run it and sets up the place
 * as a sandbox is (sandbox.h). service_directory is where vpclab-service is; NULL: in PATH, or it
 * is not needed. The end starts a command or a shell.
 */
void script_begin(struct text *text, const char *title, const char *service_directory);
void script_end(struct text *text);
