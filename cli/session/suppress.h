/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "lab/language/command.h"
#include "lab/language/statement.h"
#include "lab/model/model.h"

/*
 * For validate: the names whose creation or change failed, of resources and variables. What is said
 * about them further down may be wrong only because of that, so it is not reported a second time.
 */
struct suppress;

struct suppress *suppress_new(void);
void suppress_free(struct suppress *suppress);

void suppress_add(struct suppress *suppress, const char *name);
bool suppress_has(const struct suppress *suppress,
		  const char *name); /* also for "VPC1/system" when VPC1 is one */

/* Put what a statement was about in doubt: it failed. */
void suppress_statement(struct suppress *suppress, const struct statement *statement);
/* The same for a line as it was written, which is not even a statement: what it was about, most
 * likely. */
void suppress_line(struct suppress *suppress, const struct language *language, const char *text,
		   size_t length);
/* Take it out of doubt: it was made after all. */
void suppress_lift(struct suppress *suppress, const struct statement *statement);
/* May the mistake at this token follow from an earlier one? A wrong word that stands for itself
 * does not. */
bool suppress_covers(const struct suppress *suppress, const struct model *model,
		     const struct line *line, const struct statement *statement,
		     const struct token *token);
