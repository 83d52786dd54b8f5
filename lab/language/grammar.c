/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/grammar.h"

#include <stdint.h>
#include <string.h>

#include "core/base/memory.h"

/*
 * How many words of the row's name the tokens begin with; *ret_more: the name goes on. The first
 * word, a noun, is given as its canonical one.
 */
static size_t path_match(const struct command *command, const char *first,
			 const struct token *token, size_t n_token, bool *ret_more)
{
	const char *path = command->words;
	size_t i = 0;

	while (*path && i < n_token) {
		const char *rest = command_skip_word(path, i == 0 ? first : token[i].word);

		if (!rest)
			break;
		path = rest;
		i++;
	}
	*ret_more = *path != '\0';
	return i;
}

bool grammar_path_begins(const struct command *command, const struct token *token, size_t n_token)
{
	bool more;
	size_t n = path_match(command, n_token ? command_canonical_word(token->word) : "", token,
			      n_token, &more);

	return n == n_token || !more;
}

/* A first word without more, but for where its answer goes. */
static bool is_alone(const struct token *token, size_t n_token)
{
	return n_token == 1 ||
	       (!token[1].quoted && (token[1].word[0] == '>' || strcmp(token[1].word, "|") == 0));
}

const struct command *grammar_find_command(const struct language *language, enum provider provider,
					   const struct token *token, size_t n_token,
					   size_t *ret_n_word)
{
	const struct command *best = NULL, *show = NULL;
	const char *first;
	size_t n_best = 0;

	if (n_token == 0)
		return NULL;
	first = command_canonical_word(token->word);
	for (struct command_cursor at = { .language = language,
					  .provider = provider,
					  .first = first };
	     command_next(&at);) {
		bool more;
		size_t n = path_match(at.command, first, token, n_token, &more);

		if (!more && n > n_best) {
			best = at.command;
			n_best = n;
		}
		if ((at.command->flags & COMMAND_SHOW) && is_alone(token, n_token))
			show = at.command;
	}
	if (show) {
		best = show;
		n_best = 1;
	}
	*ret_n_word = n_best;
	return best;
}

void grammar_begin(struct grammar *grammar, const struct command *command)
{
	*grammar = (struct grammar){ .command = command };
}

static size_t words_needed(const struct parameter *parameter)
{
	if (parameter->flags & PARAMETER_FLAG)
		return 0;
	return parameter->kind == ARGUMENT_TYPED                                       ? 2
	       : parameter->kind == ARGUMENT_FLOW || parameter->kind == ARGUMENT_FLOWS ? 3
										       : 1;
}

static bool takes_anything(const struct parameter *parameter)
{
	return parameter->kind == ARGUMENT_WORD || parameter->kind == ARGUMENT_COMMAND ||
	       parameter->kind == ARGUMENT_REST;
}

bool grammar_open(const struct grammar *grammar)
{
	return grammar->parameter && grammar->taken < grammar->needed;
}

bool grammar_is_given(const struct grammar *grammar, const struct parameter *parameter)
{
	return (grammar->given & 1u << (parameter - grammar->command->parameter)) != 0;
}

const struct parameter *grammar_find_key(const struct command *command, const struct token *token)
{
	const char *canonical = command_canonical_word(token->word);

	if (token->quoted)
		return NULL;
	for (size_t i = 0; i < command_n_parameter(command); i++) {
		const struct parameter *parameter = &command->parameter[i];

		if (parameter_is_key(parameter) && (strcmp(parameter->name, token->word) == 0 ||
						    strcmp(parameter->name, canonical) == 0))
			return parameter;
	}
	return NULL;
}

const struct parameter *grammar_next_positional(const struct grammar *grammar)
{
	for (size_t i = 0; i < command_n_parameter(grammar->command); i++) {
		const struct parameter *parameter = &grammar->command->parameter[i];

		if (!parameter_is_key(parameter) && !grammar_is_given(grammar, parameter))
			return parameter;
	}
	return NULL;
}

/* Does the last parameter, which has all it needs, take one more? */
static bool takes_more(struct grammar *grammar, const struct token *token)
{
	switch (grammar->parameter->kind) {
	case ARGUMENT_COMMAND:
	case ARGUMENT_REST:
		return true;
	case ARGUMENT_FLOWS:
	case ARGUMENT_FILTER:
		return !grammar_find_key(grammar->command, token);
	case ARGUMENT_FLOW:
		if (grammar->taken != 3 || token->quoted)
			return false;
		if (strcmp(token->word, "tcp") == 0 || strcmp(token->word, "udp") == 0) {
			grammar->needed = 5;
			return true;
		}
		return strcmp(token->word, "icmp") == 0;
	case ARGUMENT_NEW_NAME:
	case ARGUMENT_REFERENCE:
	case ARGUMENT_REFERENCES:
	case ARGUMENT_TYPED:
	case ARGUMENT_CIDR:
	case ARGUMENT_CIDRS:
	case ARGUMENT_ADDRESS:
	case ARGUMENT_ADDRESS_OR_AUTO:
	case ARGUMENT_TARGET:
	case ARGUMENT_PEER:
	case ARGUMENT_PORT:
	case ARGUMENT_NUMBER:
	case ARGUMENT_CHOICE:
	case ARGUMENT_WORD:
	case ARGUMENT_WORDS:
	case ARGUMENT_FILE:
	case ARGUMENT_JOB:
	case ARGUMENT_NODE:
	case ARGUMENT_NODES:
		break;
	}
	return false;
}

static enum grammar_result take(struct grammar *grammar)
{
	grammar->place = grammar->taken++;
	return GRAMMAR_OK;
}

static void open_parameter(struct grammar *grammar, const struct parameter *parameter)
{
	const size_t i = (size_t)(parameter - grammar->command->parameter);

	grammar->parameter = parameter;
	grammar->given |= 1u << i;
	for (size_t k = i; grammar->command->parameter[k].flags & PARAMETER_OR; k--)
		grammar->given |= 1u << (k - 1);
	for (size_t k = i + 1; grammar->command->parameter[k].flags & PARAMETER_OR; k++)
		grammar->given |= 1u << k;
	grammar->taken = 0;
	grammar->needed = words_needed(parameter);
	grammar->place = GRAMMAR_KEY;
}

/* May this word be that optional positional parameter? "tcp from ..." has no port, and a slip of
 * "from" is no port either. */
static bool fits_optional(const struct parameter *parameter, const struct token *token)
{
	if (parameter->kind == ARGUMENT_PORT || parameter->kind == ARGUMENT_NUMBER)
		return token->word[0] >= '0' && token->word[0] <= '9';
	return true;
}

static enum grammar_result begin_parameter(struct grammar *grammar, const struct token *token)
{
	const struct parameter *key = grammar_find_key(grammar->command, token);
	const struct parameter *positional = grammar_next_positional(grammar);

	if (positional && (positional->flags & PARAMETER_REQUIRED)) {
		if (key && !takes_anything(positional)) {
			grammar->parameter = positional;
			return GRAMMAR_NEEDS_POSITIONAL;
		}
	} else if (positional && (key || !fits_optional(positional, token))) {
		positional = NULL;
	}

	if (positional) {
		open_parameter(grammar, positional);
		/* "--" may part a program from what stands before it. */
		if (positional->kind == ARGUMENT_COMMAND && !token->quoted &&
		    strcmp(token->word, "--") == 0)
			return GRAMMAR_OK;
		return take(grammar);
	}
	if (!key)
		return GRAMMAR_UNKNOWN;
	if (grammar_is_given(grammar, key))
		return GRAMMAR_DOUBLED;
	open_parameter(grammar, key);
	return GRAMMAR_OK;
}

enum grammar_result grammar_word(struct grammar *grammar, const struct token *token)
{
	if (!grammar->parameter)
		return begin_parameter(grammar, token);

	if (grammar_open(grammar)) {
		bool keyed = parameter_is_key(grammar->parameter) &&
			     grammar->parameter->kind != ARGUMENT_FLOW &&
			     grammar->parameter->kind != ARGUMENT_FLOWS;

		if (keyed && !takes_anything(grammar->parameter) &&
		    grammar_find_key(grammar->command, token))
			return GRAMMAR_NEEDS_VALUE;
		return take(grammar);
	}
	if (takes_more(grammar, token))
		return take(grammar);
	return begin_parameter(grammar, token);
}
