/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/prompt/complete.h"

#include <stdlib.h>
#include <string.h>

#include "cli/prompt/value.h"
#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/command.h"
#include "lab/language/grammar.h"
#include "lab/language/statement.h"

/* ---- $NAME ---- */

static void offer_expansion(struct offers *list, const char *name, const char *meaning, bool braces)
{
	auto_text word = { 0 };

	text_addf(&word, "%s%s", name, braces ? "}" : "");
	offer(list, text_get(&word), meaning);
}

/* The beginning of the name behind the word's last $ or ${; NULL where the word does not end in
 * one. */
static const char *find_expansion(const char *word, bool *ret_braces)
{
	static const char characters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
	const char *dollar = strrchr(word, '$'), *name;

	if (!dollar || (dollar > word && dollar[-1] == '\\'))
		return NULL;
	*ret_braces = dollar[1] == '{';
	name = dollar + (*ret_braces ? 2 : 1);
	return name[strspn(name, characters)] ? NULL : name;
}

/* Whatever stands for something behind a $. False: the word at the cursor ends in none. */
static bool complete_expansion(struct offers *list, const struct variables *variables)
{
	const struct model *model = list->model;
	char address[ADDRESS_TEXT_SIZE];
	const char *name, *value;
	bool braces;
	const char *typed = find_expansion(list->beginning, &braces);

	if (!typed)
		return false;
	list->kept = (size_t)(typed - list->beginning);
	for (size_t i = 0; variables && variables_each(variables, i, &name, &value); i++)
		offer_expansion(list, name, value, braces);
	for (unsigned noun = 0; model && noun < NOUN_COUNT; noun++) {
		for (size_t i = 0; i < model_count(model, (enum noun)noun); i++) {
			const struct resource *resource = model_get(model, (enum noun)noun, i);
			uint32_t ip;

			/* A service's own name may be that of a resource. */
			if (noun != NOUN_SERVICE && model_address(model, resource->name, &ip))
				offer_expansion(list, resource->name, address_format(ip, address),
						braces);
		}
	}
	return true;
}

/* ---- where are we ---- */

static void complete_from(struct offers *list, const struct token *token, size_t n_token,
			  bool nodes);

/* "create, delete, show" of a noun, or the summary of a command that ends here. */
static void add_meaning(struct command_cursor at, struct text *text, const struct token *token,
			size_t n_token, const char *word)
{
	char here[32], next[32], before[32] = "";

	while (command_next(&at)) {
		if (!grammar_path_begins(at.command, token, n_token) ||
		    !command_path_word(at.command, n_token, here, sizeof(here)) ||
		    strcmp(here, word) != 0)
			continue;
		if (!command_path_word(at.command, n_token + 1, next, sizeof(next))) {
			text_clear(text);
			text_add(text, at.command->summary);
			return;
		}
		if (strcmp(next, before) != 0)
			text_addf(text, "%s%s", text->length ? ", " : "", next);
		strcpy(before, next);
	}
}

static void offer_path(struct offers *list, const struct token *token, size_t n_token)
{
	const struct command_cursor rows = command_rows(list->language, list->model);
	char word[32], before[32] = "";

	for (struct command_cursor at = rows; command_next(&at);) {
		auto_text meaning = { 0 };

		if ((list->changes && !(at.command->flags & COMMAND_CHANGES)) ||
		    !grammar_path_begins(at.command, token, n_token) ||
		    !command_path_word(at.command, n_token, word, sizeof(word)) ||
		    strcmp(word, before) == 0)
			continue;
		add_meaning(rows, &meaning, token, n_token, word);
		offer(list, word, text_get(&meaning));
		strcpy(before, word);
	}
}

/* Which key goes with the word that was chosen before it, as with the kind of a service. The word's
 * parameter is one of those that stand before all keys, in the order of the tokens. */
static bool key_fits(const struct parameter *key, const struct command *command,
		     const struct token *token, size_t n_token)
{
	for (size_t i = 0; key->fits && i < n_token; i++) {
		const struct parameter *parameter = &command->parameter[i];
		const struct word *chosen = parameter->kind == ARGUMENT_CHOICE
						    ? word_find(parameter->words, token[i].word)
						    : NULL;

		if (chosen)
			return key->fits & 1u << chosen->value;
	}
	return true;
}

static void offer_keys(struct offers *list, const struct grammar *grammar,
		       const struct token *token, size_t n_token)
{
	for (size_t i = 0; i < command_n_parameter(grammar->command); i++) {
		const struct parameter *parameter = &grammar->command->parameter[i];

		if (parameter_is_key(parameter) && !grammar_is_given(grammar, parameter) &&
		    key_fits(parameter, grammar->command, token, n_token))
			offer(list, parameter->name, parameter->help);
	}
}

static const char *node_said(const struct command *command, const struct token *token,
			     size_t n_token)
{
	return n_token > 0 && command->parameter[0].name &&
			       strcmp(command->parameter[0].name, "node") == 0
		       ? token[0].word
		       : NULL;
}

/* Words of our own language: a command, what help is about, or (of `expect within`) another
 * expectation without its first word.
 */
static void complete_rest(struct offers *list, const struct command *command,
			  const struct parameter *parameter, const struct token *token,
			  size_t n_token)
{
	char first[32];
	struct token *whole;

	if (strcmp(parameter->name, "expectation") != 0 ||
	    !command_path_word(command, 0, first, sizeof(first))) {
		list->changes = strcmp(parameter->name, "command") == 0;
		list->refused = list->changes && command->flags & COMMAND_EXPECTS;
		complete_from(list, token, n_token, false);
		return;
	}
	whole = xalloc((n_token + 1) * sizeof(*whole));
	whole[0].word = first;
	for (size_t i = 0; i < n_token; i++)
		whole[i + 1] = token[i];
	complete_from(list, whole, n_token + 1, true);
	free(whole);
}

/* In a node: a program of the path; behind it, whatever has a name, also in http://NAME. */
static void complete_program(struct offers *list, size_t n_before)
{
	const char *slashes = strstr(list->beginning, "://");

	if (n_before == 0) {
		offer_programs(list);
		return;
	}
	list->or_file = true;
	if (slashes)
		list->kept = (size_t)(slashes + 3 - list->beginning);
	offer_nouns(list, NOUNS_ADDRESSED);
	offer_dns(list);
}

/*
 * On the user's own machine: a program behind ! or |, files behind that and behind >. False: the
 * cursor is elsewhere.
 */
static bool complete_outside(struct offers *list, const struct token *token, size_t n_token)
{
	size_t at = statement_redirection(list->language, list->model, token, n_token);
	const bool escape = n_token ? token[0].word[0] == '!' : *list->beginning == '!',
		   touches = n_token && *list->beginning == '|';
	bool program = touches || (escape && (n_token == 0 || (n_token == 1 && !token[0].word[1])));

	if (at == n_token && !escape && !touches)
		return false;
	for (; at < n_token && !touches; at++)
		program = strcmp(token[at].word, "|") == 0;
	list->or_file = !program;
	list->kept = n_token == 0 || touches; /* !PROGRAM, |PROGRAM */
	if (program)
		offer_programs(list);
	return true;
}

static void complete_parameters(struct offers *list, const struct command *command,
				const struct token *token, size_t n_token)
{
	const char *node = node_said(command, token, n_token);
	const struct parameter *positional;
	struct grammar grammar;
	struct said said = { &grammar, NULL, token, n_token };

	grammar_begin(&grammar, command);
	for (size_t i = 0; i < n_token; i++)
		if (grammar_word(&grammar, &token[i]) != GRAMMAR_OK)
			return;

	if (grammar.parameter && grammar.parameter->kind == ARGUMENT_COMMAND) {
		complete_program(list, grammar.taken);
		return;
	}
	if (grammar_open(&grammar)) {
		said.parameter = grammar.parameter;
		if (grammar.parameter->kind != ARGUMENT_REST)
			offer_value(list, grammar.parameter, &token[n_token - grammar.taken],
				    grammar.taken, node, &said);
		return;
	}
	if (grammar.parameter && grammar.parameter->kind == ARGUMENT_REST) {
		complete_rest(list, command, grammar.parameter, &token[n_token - grammar.taken],
			      grammar.taken);
		return;
	}
	if (grammar.parameter && grammar.taken == 3 &&
	    (grammar.parameter->kind == ARGUMENT_FLOW || grammar.parameter->kind == ARGUMENT_FLOWS))
		offer_flow_word(list, 3, grammar.parameter->kind == ARGUMENT_FLOWS);

	positional = grammar_next_positional(&grammar);
	if (positional && positional->kind == ARGUMENT_REST) {
		complete_rest(list, command, positional, NULL, 0);
		return;
	}
	said.parameter = positional;
	if (positional)
		offer_value(list, positional, NULL, 0, node, &said);
	if (!positional || !(positional->flags & PARAMETER_REQUIRED))
		offer_keys(list, &grammar, token, n_token);
}

static void complete_from(struct offers *list, const struct token *token, size_t n_token,
			  bool nodes)
{
	const struct command *command;
	char nothing[] = "";
	struct token begun[2] = { [1] = { .word = nothing } };
	size_t n_word;

	if (n_token && list->model && model_is_node(list->model, token->word)) {
		if (!list->changes)
			complete_program(list, n_token - 1 -
						       (n_token > 1 && !token[1].quoted &&
							strcmp(token[1].word, "--") == 0));
		return;
	}
	offer_path(list, token, n_token);
	if (n_token == 0) {
		for (size_t i = 0; command_alias(i); i++)
			offer(list, command_alias(i), command_canonical_word(command_alias(i)));
		if (nodes)
			offer_nodes(list);
		return;
	}
	/* A first word alone shows, but here another one is about to follow it. */
	begun[0] = token[0];
	command = grammar_find_command(list->language, command_provider(list->model),
				       n_token == 1 ? begun : token, n_token == 1 ? 2 : n_token,
				       &n_word);
	if (command)
		complete_parameters(list, command, token + n_word, n_token - n_word);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct completion *)a)->word, ((const struct completion *)b)->word);
}

static void sort(struct offers *list)
{
	size_t kept = 0;

	if (list->n == 0)
		return;
	qsort(list->item, list->n, sizeof(*list->item), compare);
	for (size_t i = 1; i < list->n; i++) {
		if (strcmp(list->item[i].word, list->item[kept].word) != 0) {
			list->item[++kept] = list->item[i];
			continue;
		}
		free(list->item[i].word);
		free(list->item[i].meaning);
	}
	list->n = kept + 1;
}

void complete_words(const struct completion_source *source, const struct token *token,
		    size_t n_token, const char *beginning, struct completions *ret_completions)
{
	struct offers list = { .language = source->language,
			       .model = source->model,
			       .jobs = source->jobs,
			       .beginning = beginning };

	if (!complete_expansion(&list, source->variables) &&
	    !complete_outside(&list, token, n_token))
		complete_from(&list, token, n_token, true);
	sort(&list);
	*ret_completions = (struct completions){ list.item, list.n, list.or_file };
}

void completions_free(struct completions *completions)
{
	for (size_t i = 0; i < completions->n; i++) {
		free(completions->item[i].word);
		free(completions->item[i].meaning);
	}
	free(completions->item);
	*completions = (struct completions){ 0 };
}
