/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "lab/language/arguments.h"

enum statement_kind { STATEMENT_COMMAND, STATEMENT_NODE };

/* What one line says. */
struct statement {
	enum statement_kind kind;
	struct arguments arguments; /* STATEMENT_COMMAND */
	const char *node;           /* STATEMENT_NODE: its name; NULL: the user's own machine (!) */
	char **argv;     /* NULL-terminated, argv[0] NULL: a shell; borrowed words, own vector */
	bool background; /* a last word & */
};

/*
 * Finds the command, sorts the words into its parameters and checks their form (address, prefix,
 * port, choice, doubled and missing keys, unknown words with the nearest one). A first word that is
 * a node of the model makes a node statement, and so does !COMMAND.... Whether names exist is the
 * rules' business (lab/nouns). On error *ret_token is the word at fault.
 */
int statement_parse(const struct language *language, const struct model *model,
		    const struct line *line, struct statement *ret_statement,
		    const struct token **ret_token, struct error *err);
/* The same for the rest of a line, from that token of it on: what stands behind `expect error
 * CODE`. */
int statement_parse_from(const struct language *language, const struct model *model,
			 const struct line *line, const struct token *first,
			 struct statement *ret_statement, const struct token **ret_token,
			 struct error *err);
/*
 * How many words of a line, as they are written, stand before those of a program: behind a node, or
 * where the command takes a program's words. All of them where it takes none.
 */
size_t statement_program(const struct language *language, const struct model *model,
			 const struct token *token, size_t n_token);
/*
 * Where the redirection of a line begins: at a word | or one that begins with >. Changes and
 * expectations print nothing that could go there, and have none. All of its words: nowhere.
 */
size_t statement_redirection(const struct language *language, const struct model *model,
			     const struct token *token, size_t n_token);
/* Where nothing better is known of a mistake: the command's example, as its hint. */
void command_hint(const struct command *command, struct error *err);
/* Makes the change that a statement of COMMAND_CHANGES is; refused, it leaves the model as it was.
 */
int statement_change(struct model *model, const struct statement *statement, struct error *err);
void statement_free(struct statement *statement); /* the line must still be there */
