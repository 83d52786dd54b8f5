/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "core/state/plan.h"

/*
 * A plan in the words of ip(8), sysctl(8) and nft(8): lines for a shell that do what apply_plan()
 * does, for people to read, to learn from, and to run. In an order in which they work one by one;
 * what changes in one nft table is one transaction. Behind a line stands as a comment what it is a
 * part of (object->origin).
 */
enum script_parts {
	SCRIPT_KERNEL = 0,
	SCRIPT_FILES = 1 << 0,    /* the lab's own files, too */
	SCRIPT_HEADINGS = 1 << 1, /* a heading where a new part begins */
};
void script_add_plan(struct text *text, const struct plan *plan, unsigned parts);

/*
 * What makes a whole script of it. The head says how to run it and furnishes the place like a
 * sandbox (sandbox.h); service_directory: where vpclab-service is, NULL: in PATH, or not needed.
 * The end hands over to a command or a shell.
 */
void script_begin(struct text *text, const char *title, const char *service_directory);
void script_end(struct text *text);
