/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include "lab/language/arguments.h"
#include "lab/language/tokenizer.h"

/*
 * One word of a parameter's value by its kind: an address, a prefix, a port, one of its words.
 * `place` is which of the parameter's words it is, and `first` the first of them. Whether a name is
 * anybody's is not asked here: see request.h.
 */
int value_parse(const struct parameter *parameter, const struct token *first, size_t place,
		union value *ret_value, struct error *err);

/* Which of the parameter's this word (or the noun it is an alias of) is; NULL: none. */
const struct word *value_find_word(const struct parameter *parameter, const char *word);
/* "P" or "P-Q", 1 to 65535, P <= Q; single: no range. */
int value_parse_ports(const char *word, bool single, struct port_range *ret_ports,
		      struct error *err);
/* "tcp, udp or any" */
void value_format_words(const struct word *words, char *ret, size_t size);

/* Splits at commas into a vector of copies in one block: free() it. */
char **value_split(const char *list, size_t *ret_n);
