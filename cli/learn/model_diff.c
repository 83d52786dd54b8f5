/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/learn/model_diff.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/arguments.h"
#include "lab/language/grammar.h"
#include "lab/language/statement.h"
#include "lab/nouns/nouns.h"

/* ---- reading ---- */

void saved_line_free(struct saved_line *saved)
{
	statement_free(&saved->statement);
	line_free(&saved->line);
	free(saved->text);
	free(saved);
}

/* Statements point at their lines, so each has its own place and keeps it. */
void saved_lines_of(struct saved_lines *ret_lines, const struct model *model)
{
	auto_free char *text = model_save(model);
	struct source source = { .name = "", .text = text };
	size_t offset = 0, start = 0;
	unsigned number = 1;
	int r;

	*ret_lines = (struct saved_lines){ .model = model };
	for (;; start = offset) {
		struct saved_line *saved = xnew(struct saved_line);

		r = tokenize_line(&source, &offset, &number, NULL, NULL, &saved->line, NULL, NULL);
		if (r > 0 && statement_parse(&nouns_language, model, &saved->line,
					     &saved->statement, NULL, NULL) >= 0) {
			saved->text = line_text(&source, start, &saved->line);
			*ARRAY_PUSH(ret_lines->line, ret_lines->n_line) = saved;
		} else {
			saved_line_free(saved); /* a blank line, or the end */
		}
		if (r <= 0)
			return;
	}
}

void saved_lines_free(struct saved_lines *lines)
{
	for (size_t i = 0; i < lines->n_line; i++)
		saved_line_free(lines->line[i]);
	free(lines->line);
	*lines = (struct saved_lines){ 0 };
}

const struct saved_line *saved_lines_find(const struct saved_lines *lines, const char *text)
{
	for (size_t i = 0; i < lines->n_line; i++)
		if (strcmp(lines->line[i]->text, text) == 0)
			return lines->line[i];
	return NULL;
}

/* ---- comparing ---- */

static bool is_given(const struct comparison *comparison, const char *word)
{
	return comparison->is_given && comparison->is_given(comparison->arg, word);
}

/* Whose address the word is, or whose name, if that has an address; NULL: it is neither. */
static const char *owner(const struct model *model, const char *word)
{
	struct prefix prefix;
	uint32_t ip;

	if (model_address(model, word, &ip))
		return word;
	if (address_parse(word, &ip))
		return model_address_owner(model, ip);
	if (prefix_parse(word, &prefix) == 0 && prefix.length == 32)
		return model_address_owner(model, prefix.address);
	return NULL;
}

static bool same_word(const struct comparison *comparison, const char *wanted, const char *have)
{
	const char *owner_wanted, *owner_have;

	if (strcmp(wanted, have) == 0)
		return true;
	owner_wanted = owner(comparison->wanted->model, wanted);
	owner_have = owner_wanted ? owner(comparison->have->model, have) : NULL;
	return owner_have && strcmp(owner_wanted, owner_have) == 0;
}

/* A list of names, in any order. Nobody is in it twice. */
static bool same_parts(const struct argument *wanted, const struct argument *have)
{
	if (wanted->n_part != have->n_part)
		return false;
	for (size_t i = 0; i < wanted->n_part; i++) {
		size_t k = 0;

		while (k < have->n_part && strcmp(wanted->part[i], have->part[k]) != 0)
			k++;
		if (k == have->n_part)
			return false;
	}
	return true;
}

static bool same_argument(const struct comparison *comparison, const struct argument *wanted,
			  const struct argument *have)
{
	const enum argument_kind kind = wanted ? wanted->parameter->kind
					: have ? have->parameter->kind
					       : ARGUMENT_WORD;

	if (!wanted || !have)
		return wanted == have;
	if (wanted->n_part)
		return same_parts(wanted, have);
	/* An address that the lab chose is as good as any other. */
	if ((kind == ARGUMENT_ADDRESS || kind == ARGUMENT_ADDRESS_OR_AUTO) && wanted->n_token)
		return !is_given(comparison, wanted->token->word) ||
		       strcmp(wanted->token->word, have->token->word) == 0;
	if (wanted->n_token != have->n_token)
		return false;
	for (size_t i = 0; i < wanted->n_token; i++)
		if (!same_word(comparison, wanted->token[i].word, have->token[i].word))
			return false;
	return true;
}

#define OTHER_COMMAND (~0U)

/* A bit for each parameter that differs. */
static unsigned differing(const struct comparison *comparison, const struct saved_line *wanted,
			  const struct saved_line *have)
{
	const struct arguments *w = &wanted->statement.arguments, *h = &have->statement.arguments;
	unsigned differs = 0;

	if (w->command != h->command)
		return OTHER_COMMAND;
	for (size_t i = 0; i < command_n_parameter(w->command); i++) {
		const char *name = w->command->parameter[i].name;

		/* What a service is called is nothing to anybody but its host. */
		if (i && strcmp(name, "name") == 0)
			continue;
		if (!same_argument(comparison, arguments_find(w, name), arguments_find(h, name)))
			differs |= 1u << i;
	}
	return differs;
}

bool comparison_holds(const struct comparison *comparison, const struct saved_line *wanted)
{
	for (size_t i = 0; i < comparison->have->n_line; i++)
		if (differing(comparison, wanted, comparison->have->line[i]) == 0)
			return true;
	return false;
}

static bool is_among(const struct comparison *comparison, const struct saved_lines *lines,
		     const struct saved_line *have)
{
	for (size_t i = 0; lines && i < lines->n_line; i++)
		if (differing(comparison, lines->line[i], have) == 0)
			return true;
	return false;
}

static bool makes_new(const struct command *command)
{
	return command->parameter[0].kind == ARGUMENT_NEW_NAME;
}

#define THE_NAME 1U /* the first parameter's bit */

/* A name that neither lab calls anything by is free to be that of anything. */
static bool has_free_name(const struct comparison *comparison, const struct saved_line *have)
{
	const struct arguments *arguments = &have->statement.arguments;

	return makes_new(arguments->command) &&
	       !is_given(comparison, arguments->argument[0].token->word);
}

/* What is there is nothing else that was asked for, now or before. */
static bool is_spare(const struct comparison *comparison, const struct saved_line *have)
{
	return !is_among(comparison, comparison->wanted, have) &&
	       !is_among(comparison, comparison->known, have);
}

const struct saved_line *comparison_renamed(const struct comparison *comparison,
					    const struct saved_line *wanted)
{
	for (size_t i = 0; i < comparison->have->n_line; i++) {
		const struct saved_line *have = comparison->have->line[i];

		if (has_free_name(comparison, have) &&
		    differing(comparison, wanted, have) == THE_NAME && is_spare(comparison, have))
			return have;
	}
	return NULL;
}

/* Of a thing that is none of the lesson's yet, its own mistake is the one to be told. */
static bool is_of_stranger(const struct comparison *comparison, const struct saved_line *have)
{
	const struct argument *first = have->statement.arguments.argument;

	return have->statement.arguments.n_argument &&
	       first->parameter->kind == ARGUMENT_REFERENCE &&
	       !is_given(comparison, first->token->word);
}

static bool is_like(const struct comparison *comparison, const struct saved_line *have,
		    unsigned differs)
{
	bool of_name = differs & THE_NAME;

	if (differs == OTHER_COMMAND || differs == 0)
		return false;
	if (makes_new(have->statement.arguments.command)) {
		if (!of_name)
			return true;
		if (!has_free_name(comparison, have))
			return false;
		differs &= ~THE_NAME;
	}
	return !(differs & (differs - 1)); /* one at most */
}

bool comparison_nearest(const struct comparison *comparison, const struct saved_line *wanted,
			struct difference *ret_difference)
{
	for (size_t i = 0; i < comparison->have->n_line; i++) {
		const struct saved_line *have = comparison->have->line[i];
		unsigned differs = differing(comparison, wanted, have);

		if (!is_like(comparison, have, differs) || !is_spare(comparison, have) ||
		    is_of_stranger(comparison, have))
			continue;
		/* It may be called as one likes, if only the rest is right. */
		if (makes_new(wanted->statement.arguments.command) && differs != THE_NAME)
			differs &= ~THE_NAME;
		*ret_difference = (struct difference){ wanted, have, differs };
		return true;
	}
	return false;
}

/* ---- in words ---- */

static void add_value(struct text *text, const struct argument *argument)
{
	for (size_t i = 0; i < argument->n_token; i++)
		text_addf(text, "%s%s", i ? " " : "", argument->token[i].word);
}

static void add_value_or_none(struct text *text, const struct argument *argument)
{
	if (argument)
		add_value(text, argument);
	else
		text_add(text, "none");
}

void difference_add_text(struct text *text, const struct difference *difference)
{
	const struct arguments *have = &difference->have->statement.arguments,
			       *wanted = &difference->wanted->statement.arguments;
	const struct command *command = have->command;
	const char *separator = ": ";

	text_add(text, have->n_argument ? have->argument[0].token->word : command->words);
	for (size_t i = 0; i < command_n_parameter(command); i++) {
		const char *name = command->parameter[i].name;

		if (!(difference->parameters & 1u << i))
			continue;
		text_addf(text, "%s%s is ", separator,
			  i == 0 && makes_new(command) ? "the name" : name);
		add_value_or_none(text, arguments_find(have, name));
		text_add(text, ", and should be ");
		add_value_or_none(text, arguments_find(wanted, name));
		separator = "; ";
	}
}

static const struct {
	const char *verb, *opposite;
} opposites[] = {
	{ "create", "delete" }, { "associate", "disassociate" },
	{ "attach", "detach" }, { "allow", "revoke" },
	{ "drop", "revoke" },   { "start", "stop" },
	{ "add", "remove" },
};

/* The noun's command with another verb; NULL: there is none. */
static const struct command *find_sibling(const struct model *model, const struct command *command,
					  const char *verb)
{
	int noun = (int)strcspn(command->words, " ");
	auto_free char *words = xprintf("%.*s %s", noun, command->words, verb);

	for (struct command_cursor at = command_rows(&nouns_language, model); command_next(&at);)
		if (strcmp(at.command->words, words) == 0)
			return at.command;
	return NULL;
}

static const struct parameter *find_parameter(const struct command *command, const char *name)
{
	for (size_t i = 0; i < command_n_parameter(command); i++)
		if (strcmp(command->parameter[i].name, name) == 0)
			return &command->parameter[i];
	return NULL;
}

static void add_argument(struct text *text, const struct parameter *parameter,
			 const struct argument *argument)
{
	text_add_char(text, ' ');
	if (parameter_is_key(parameter))
		text_addf(text, "%s ", parameter->name);
	add_value(text, argument);
}

/* `NOUN set NAME KEY VALUE`, where that can set all that differs. */
static bool add_set(struct text *text, const struct model *model,
		    const struct difference *difference)
{
	const struct arguments *wanted = &difference->wanted->statement.arguments;
	const struct command *command = wanted->command, *set = find_sibling(model, command, "set");

	if (!set || !makes_new(command))
		return false;
	for (size_t i = 0; i < command_n_parameter(command); i++)
		if (difference->parameters & 1u << i &&
		    (i == 0 || !find_parameter(set, command->parameter[i].name) ||
		     !arguments_find(wanted, command->parameter[i].name)))
			return false;
	text_addf(text, "%s %s", set->words,
		  difference->have->statement.arguments.argument[0].token->word);
	for (size_t i = 1; i < command_n_parameter(command); i++)
		if (difference->parameters & 1u << i)
			add_argument(text, &command->parameter[i],
				     arguments_find(wanted, command->parameter[i].name));
	return true;
}

/* With what of the command's own arguments it takes. What else it needs (the number of a rule) the
 * user has to look up. */
static void add_opposite(struct text *text, const struct model *model, const struct arguments *have)
{
	const char *verb = strrchr(have->command->words, ' ');
	const struct command *opposite = NULL;

	for (size_t i = 0; verb && i < ARRAY_SIZE(opposites); i++)
		if (strcmp(verb + 1, opposites[i].verb) == 0)
			opposite = find_sibling(model, have->command, opposites[i].opposite);
	if (!opposite)
		return;
	text_add(text, opposite->words);
	for (size_t i = 0; i < command_n_parameter(opposite); i++) {
		const struct parameter *parameter = &opposite->parameter[i];
		const struct argument *argument = arguments_find(have, parameter->name);

		if (argument)
			add_argument(text, parameter, argument);
		else if (parameter->flags & PARAMETER_REQUIRED)
			text_addf(text, " %s N", parameter->name);
	}
}

void difference_add_cure(struct text *text, const struct model *model,
			 const struct difference *difference)
{
	if (!add_set(text, model, difference))
		add_opposite(text, model, &difference->have->statement.arguments);
}

void statement_add_meaning(struct text *text, const struct arguments *arguments)
{
	const char *separator = ": ";

	text_add(text, arguments->command->summary);
	for (size_t i = 0; i < arguments->n_argument; i++) {
		const struct argument *argument = &arguments->argument[i];
		bool key = parameter_is_key(argument->parameter);

		text_add(text, i && key ? ", " : separator);
		separator = " ";
		if (key && !(argument->parameter->flags & PARAMETER_FLAG))
			text_addf(text, "%s ", argument->parameter->name);
		add_value(text, argument);
	}
}
