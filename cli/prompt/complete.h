/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include "cli/session/variables.h"
#include "lab/language/command.h"
#include "lab/model/model.h"

/* Words that may stand next, with their meaning; sorted. */
struct completion {
	char *word;
	char *meaning; /* may be "" */
};

/*
 * What may follow the complete words before the cursor, given the beginning of the word at the
 * cursor ("" for none); at a $NAME or ${NAME}, what that may be. From the table, the model and
 * the variables (NULL: none) alone. Returns the count; the caller frees with
 * completions_free().
 */
size_t complete_words(const struct language *language, const struct model *model,
		      const struct variables *variables, const char *const *word, size_t n_word,
		      const char *beginning, struct completion **ret_completions);
void completions_free(struct completion *completions, size_t n);
