/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/session/script.h"
#include "lab/language/command.h"
#include "lab/language/statement.h"
#include "lab/model/model.h"

/*
 * What is so in a lab, a fact a line of `save`: every default resolved, in the order of creation.
 * Two labs are compared fact by fact, never by what was typed, so that it is all the same in which
 * order, with which abbreviations and with which defaults spelled out something was made.
 */
struct fact {
	char *text;
	struct line line;
	struct statement statement;
};

struct facts {
	const struct model *model; /* must outlive this, and may change */
	struct fact *fact;
	size_t n_fact;
};

/* The model's lines of `save`. */
void facts_of(struct facts *ret_facts, const struct model *model);
/* Such lines, of such a model. */
void facts_parse(struct facts *ret_facts, const struct model *model, const char *text);
void facts_free(struct facts *facts);
bool facts_have_text(const struct facts *facts, const char *text);

/*
 * Does a fact of one lab hold in another? Names and attributes have to be the same; but addresses
 * need not be where the lab had the choice: the address of EIP1 in one is the address of EIP1 in
 * the other. An address that `is_given` knows was asked for by number, and has to be that one.
 */
struct comparison {
	const struct facts *wanted, *have;
	const struct facts *
		known; /* of the other lab: not to be taken for what is there instead; NULL: none */
	bool (*is_given)(const void *arg, const char *word);
	const void *arg;
};
bool comparison_holds(const struct comparison *comparison, const struct fact *wanted);

/* What there is instead of a wanted fact that does not hold. */
struct difference {
	const struct fact *wanted, *have;
	unsigned parameters; /* a bit for each of the command's that differ */
};
/*
 * Something of the same name with other attributes, or the same under a name that nobody asked for
 * (is_given), or but for one attribute the same. False: there is nothing like it.
 */
bool comparison_nearest(const struct comparison *comparison, const struct fact *wanted,
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
