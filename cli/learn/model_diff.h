/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/session/script.h"
#include "lab/language/command.h"
#include "lab/language/statement.h"
#include "lab/model/model.h"

/*
 * What is so in a lab, as the lines of `save`: every default resolved, in the order of creation.
 * Two labs are compared line by line, never by what was typed, so that it is all the same in which
 * order, with which abbreviations and with which defaults spelled out something was made.
 */
struct saved_line {
	char *text;
	struct line line;
	struct statement statement;
	size_t by; /* for a goal: the line of the task that brought it, or took it away */
};

#define SAVED_BEFORE ((size_t)-1) /* by none of them: it was so before */

struct saved_lines {
	const struct model *model; /* must outlive this, and may change */
	struct saved_line **line;
	size_t n_line;
};

void saved_lines_of(struct saved_lines *ret_lines, const struct model *model);
void saved_lines_free(struct saved_lines *lines);
void saved_line_free(struct saved_line *saved);
/* Return the line of that text, or NULL. */
const struct saved_line *saved_lines_find(const struct saved_lines *lines, const char *text);

/*
 * Does a line of one lab hold in another? Names and attributes have to be the same; but addresses
 * need not be where the lab had the choice: the address of EIP1 in one is the address of EIP1 in
 * the other. An address that `is_given` knows was asked for by number, and has to be that one.
 */
struct comparison {
	const struct saved_lines *wanted, *have;
	const struct saved_lines *
		known; /* of the other lab: not to be taken for what is there instead; NULL: none */
	bool (*is_given)(const void *arg, const char *word);
	const void *arg;
};
bool comparison_holds(const struct comparison *comparison, const struct saved_line *wanted);

/* What is the wanted line but for its name, under one that nobody asked for (is_given); NULL:
 * nothing is. */
const struct saved_line *comparison_renamed(const struct comparison *comparison,
					    const struct saved_line *wanted);

/* What there is instead of a wanted line that does not hold. */
struct difference {
	const struct saved_line *wanted, *have;
	unsigned parameters; /* a bit for each of the command's that differ */
};
/*
 * Something of the same name with other attributes, or but for one attribute the same, be it under
 * a name that nobody asked for (is_given). False: there is nothing like it.
 */
bool comparison_nearest(const struct comparison *comparison, const struct saved_line *wanted,
			struct difference *ret_difference);

/* "VSW1: cidr is 192.168.3.0/24, and should be 192.168.2.0/24" */
void difference_add_text(struct text *text, const struct difference *difference);
/* A command that does away with it: a `set` where the attribute can be changed, else what undoes
 * the command. Or nothing. */
void difference_add_cure(struct text *text, const struct model *model,
			 const struct difference *difference);

/* What a command does and with what, in other words than its own: "make a VPC: VPC1,
 * cidr 10.0.0.0/8". */
void statement_add_meaning(struct text *text, const struct arguments *arguments);
