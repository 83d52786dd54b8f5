/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/language/command.h"
#include "lab/language/tokenizer.h"

/*
 * The grammar of the table, one word at a time, without a judgement on values. The parser and
 * completion both go by it, so that what Tab offers is what Enter accepts.
 */

/*
 * The row of that provider that the longest run of these words names; a first word alone is its
 * show. NULL: none. *ret_n_word: how many of the words belong to its name.
 */
const struct command *grammar_find_command(const struct language *language, enum provider provider,
					   const struct token *token, size_t n_token,
					   size_t *ret_n_word);
/* How many words of a row's name the given words agree with; the name is their whole beginning or
 * goes on behind them. */
bool grammar_path_begins(const struct command *command, const struct token *token, size_t n_token);

#define GRAMMAR_KEY SIZE_MAX

struct grammar {
	const struct command *command;
	unsigned given;                    /* a bit a parameter */
	const struct parameter *parameter; /* that of the last word; NULL before the first one */
	size_t taken;                      /* how many of its words have gone by */
	size_t needed;                     /* how many it has at least */
	size_t place; /* of the last word in its parameter; GRAMMAR_KEY: it was the key */
};

enum grammar_result {
	GRAMMAR_OK,
	GRAMMAR_UNKNOWN,          /* no key and nowhere to put it */
	GRAMMAR_DOUBLED,          /* a key for the second time */
	GRAMMAR_NEEDS_VALUE,      /* a key where the last key's value should be */
	GRAMMAR_NEEDS_POSITIONAL, /* a key where grammar->parameter, a positional one, should be */
};

void grammar_begin(struct grammar *grammar, const struct command *command);
enum grammar_result grammar_word(struct grammar *grammar, const struct token *token);

/* Is the last parameter still without a word that it must have? */
bool grammar_open(const struct grammar *grammar);
bool grammar_is_given(const struct grammar *grammar, const struct parameter *parameter);
/* The positional parameter that the next word would be, if it is not a key. NULL: only keys can
 * follow. */
const struct parameter *grammar_next_positional(const struct grammar *grammar);
/* The parameter of a key (or flag) of the command, alias or not; NULL: it is none. */
const struct parameter *grammar_find_key(const struct command *command, const struct token *token);
