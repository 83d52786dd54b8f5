/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include "lab/language/command.h"
#include "lab/language/tokenizer.h"

/*
 * The form of one word of a parameter's value: an address, a prefix, a port, one of its choices.
 * `place` is which of the parameter's words it is, and `first` the first of them. Whether a name is
 * anybody's is not asked here.
 */
int value_check(const struct parameter *parameter, const struct token *first, size_t place,
		struct error *err);

/* The choice that this word (or the noun it is an alias of) is; NULL: none. The string is the
 * caller's word or static. */
const char *value_find_choice(const char *choices, const char *word);

/* Splits at commas into a vector of copies in one block: free() it. */
char **value_split(const char *list, size_t *ret_n);
