/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/session/jobs.h"
#include "cli/session/variables.h"
#include "lab/language/command.h"
#include "lab/language/tokenizer.h"
#include "lab/model/model.h"

/* Words that may stand next, with their meaning; sorted. */
struct completion {
	char *word;
	char *meaning; /* may be "" */
};

struct completions {
	struct completion *item;
	size_t n;
	bool or_file; /* a file may stand there, too */
};

/* What there is to offer from. */
struct completion_source {
	const struct language *language;
	const struct model *model;         /* NULL: none */
	const struct variables *variables; /* NULL: none */
	const struct jobs *jobs;           /* NULL: none */
};

/*
 * What may follow the complete words before the cursor, given the beginning of the word at the
 * cursor ("" for none); at a $NAME or ${NAME}, what that may be. Behind | and ! the words are those
 * of a program of the user's machine.
 */
void complete_words(const struct completion_source *source, const struct token *token,
		    size_t n_token, const char *beginning, struct completions *ret_completions);
void completions_free(struct completions *completions);
