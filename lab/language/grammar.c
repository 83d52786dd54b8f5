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

bool walk_path_begins(const struct command *command, const struct token *token, size_t n_token)
{
	bool more;
	size_t n = path_match(command, n_token ? command_canonical_word(token->word) : "", token,
			      n_token, &more);

	return n == n_token || !more;
}

static bool is_show_of_noun(const struct command *command, const char *noun)
{
	return command->run == session_show_noun && command_skip_word(command->words, noun);
}

const struct command *walk_find_command(enum provider provider, const struct token *token,
					size_t n_token, size_t *ret_n_word)
{
	const struct command *best = NULL, *show = NULL;
	const char *first;
	size_t n_best = 0;

	if (n_token == 0)
		return NULL;
	first = command_canonical_word(token->word);
	for (struct command_cursor at = { .provider = provider, .first = first };
	     command_next(&at);) {
		bool more;
		size_t n = path_match(at.command, first, token, n_token, &more);

		if (!more && n > n_best) {
			best = at.command;
			n_best = n;
		}
		if (n_token == 1 && is_show_of_noun(at.command, first))
			show = at.command;
	}
	if (!best && show) {
		best = show;
		n_best = 1;
	}
	*ret_n_word = n_best;
	return best;
}

void walk_begin(struct walk *walk, const struct command *command)
{
	*walk = (struct walk){ .command = command };
}

static size_t words_needed(const struct parameter *parameter)
{
	if (parameter->flags & PARAMETER_FLAG)
		return 0;
	return parameter->kind == ARGUMENT_TYPED ? 2 : parameter->kind == ARGUMENT_FLOW ? 3 : 1;
}

static bool takes_anything(const struct parameter *parameter)
{
	return parameter->kind == ARGUMENT_WORD || parameter->kind == ARGUMENT_COMMAND ||
	       parameter->kind == ARGUMENT_REST;
}

bool walk_open(const struct walk *walk)
{
	return walk->parameter && walk->taken < walk->needed;
}

bool walk_is_given(const struct walk *walk, const struct parameter *parameter)
{
	return (walk->given & 1u << (parameter - walk->command->parameter)) != 0;
}

const struct parameter *walk_find_key(const struct command *command, const struct token *token)
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

const struct parameter *walk_next_positional(const struct walk *walk)
{
	for (size_t i = 0; i < command_n_parameter(walk->command); i++) {
		const struct parameter *parameter = &walk->command->parameter[i];

		if (!parameter_is_key(parameter) && !walk_is_given(walk, parameter))
			return parameter;
	}
	return NULL;
}

/* Does the last parameter, which has all it needs, take one more? */
static bool takes_more(struct walk *walk, const struct token *token)
{
	switch (walk->parameter->kind) {
	case ARGUMENT_COMMAND:
	case ARGUMENT_REST:
		return true;
	case ARGUMENT_FLOW:
		if (walk->taken != 3 || token->quoted)
			return false;
		if (strcmp(token->word, "tcp") == 0 || strcmp(token->word, "udp") == 0) {
			walk->needed = 5;
			return true;
		}
		return strcmp(token->word, "icmp") == 0;
	case ARGUMENT_NEW_NAME:
	case ARGUMENT_REFERENCE:
	case ARGUMENT_REFERENCES:
	case ARGUMENT_TYPED:
	case ARGUMENT_CIDR:
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
	case ARGUMENT_NODE:
		break;
	}
	return false;
}

static enum walk_result take(struct walk *walk)
{
	walk->place = walk->taken++;
	return WALK_OK;
}

static void open_parameter(struct walk *walk, const struct parameter *parameter)
{
	walk->parameter = parameter;
	walk->given |= 1u << (parameter - walk->command->parameter);
	walk->taken = 0;
	walk->needed = words_needed(parameter);
	walk->place = WALK_KEY;
}

/* May this word be that optional positional parameter? "tcp from ..." has no port, and a slip of
 * "from" is no port either. */
static bool fits_optional(const struct parameter *parameter, const struct token *token)
{
	if (parameter->kind == ARGUMENT_PORT || parameter->kind == ARGUMENT_NUMBER)
		return token->word[0] >= '0' && token->word[0] <= '9';
	return true;
}

static enum walk_result begin_parameter(struct walk *walk, const struct token *token)
{
	const struct parameter *key = walk_find_key(walk->command, token);
	const struct parameter *positional = walk_next_positional(walk);

	if (positional && (positional->flags & PARAMETER_REQUIRED)) {
		if (key && !takes_anything(positional)) {
			walk->parameter = positional;
			return WALK_NEEDS_POSITIONAL;
		}
	} else if (positional && (key || !fits_optional(positional, token))) {
		positional = NULL;
	}

	if (positional) {
		open_parameter(walk, positional);
		/* "--" may part a program from what stands before it. */
		if (positional->kind == ARGUMENT_COMMAND && !token->quoted &&
		    strcmp(token->word, "--") == 0)
			return WALK_OK;
		return take(walk);
	}
	if (!key)
		return WALK_UNKNOWN;
	if (walk_is_given(walk, key))
		return WALK_DOUBLED;
	open_parameter(walk, key);
	return WALK_OK;
}

enum walk_result walk_word(struct walk *walk, const struct token *token)
{
	if (!walk->parameter)
		return begin_parameter(walk, token);

	if (walk_open(walk)) {
		bool keyed = parameter_is_key(walk->parameter) &&
			     walk->parameter->kind != ARGUMENT_FLOW;

		if (keyed && !takes_anything(walk->parameter) &&
		    walk_find_key(walk->command, token))
			return WALK_NEEDS_VALUE;
		return take(walk);
	}
	if (takes_more(walk, token))
		return take(walk);
	return begin_parameter(walk, token);
}
