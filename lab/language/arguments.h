/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/address.h"
#include "lab/language/command.h"
#include "lab/language/tokenizer.h"

/* A word as what its kind means. */
struct port_range {
	uint16_t first, last;
};

union value {
	uint32_t address;
	struct prefix prefix;
	struct port_range ports;
	unsigned number;
};

/* What a line gives to a command: its words, sorted into the parameters of its row of the table. */
struct argument {
	const struct parameter *parameter;
	const struct token *token; /* first value token; for a flag the key itself */
	size_t n_token;
	char **part; /* REFERENCES, WORDS and NODES: split at the commas */
	size_t n_part;
	const struct word *choice; /* TYPED and CHOICE: what its first word is, an alias or not */
	union value value;         /* of its last word, by its kind */
	void *list;                /* what request_fill() allocated for it */
};

struct names { /* NAME[,NAME] */
	const char *const *name;
	size_t n_name;
};

struct arguments {
	const struct language *language; /* that it was read with */
	const struct command *command;
	const struct line *line;
	const struct token *first; /* the command's first word, somewhere in that line */
	struct argument argument[PARAMETERS_MAX];
	size_t n_argument;
};

/* NULL when it was not given. For ARGUMENT_TYPED: the second word; its first by arguments_type().
 */
const char *arguments_get(const struct arguments *arguments, const char *name);
const char *arguments_type(const struct arguments *arguments, const char *name);
bool arguments_has(const struct arguments *arguments, const char *name);
/* The whole of what was given, NULL when it was not: statement_parse_from(..., argument->token,
 * ...) reads an ARGUMENT_REST. */
const struct argument *arguments_find(const struct arguments *arguments, const char *name);
/* Split at the commas; lives as long as the statement. */
struct names arguments_names(const struct arguments *arguments, const char *name);
/* All tokens of that parameter as a NULL-terminated vector, and (unless NULL) how many; the caller
 * frees the vector, not the words. */
char **arguments_vector(const struct arguments *arguments, const char *name, size_t *ret_n);
/*
 * The token that an error's argument points at. "": the resource's own name; a name that was not
 * given: the last word; NULL: the first word of the command. The parts of a flow go by "from",
 * "to", "protocol", "port".
 */
const struct token *arguments_token(const struct arguments *arguments, const char *name);
