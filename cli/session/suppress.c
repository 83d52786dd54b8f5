/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/suppress.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/base/memory.h"
#include "lab/language/arguments.h"

/* A name that is in doubt. */
struct doubt {
	UT_hash_handle hh;
	char name[];
};

struct suppress {
	struct doubt *doubts;
};

struct suppress *suppress_new(void)
{
	return xnew(struct suppress);
}

static void remove_doubt(struct suppress *suppress, struct doubt *doubt)
{
	HASH_DEL(suppress->doubts, doubt);
	free(doubt);
}

void suppress_free(struct suppress *suppress)
{
	struct doubt *doubt, *next;

	if (!suppress)
		return;
	HASH_ITER(hh, suppress->doubts, doubt, next)
	remove_doubt(suppress, doubt);
	free(suppress);
}

/* The name may be the beginning of a longer text, up to a comma or slash perhaps. */
static struct doubt *find(const struct suppress *suppress, const char *name, size_t length)
{
	struct doubt *doubt;

	HASH_FIND(hh, suppress->doubts, name, length, doubt);
	return doubt;
}

void suppress_add(struct suppress *suppress, const char *name)
{
	size_t length = strlen(name);
	struct doubt *doubt;

	if (find(suppress, name, length))
		return;
	doubt = xalloc(sizeof(*doubt) + length + 1);
	memcpy(doubt->name, name, length + 1);
	HASH_ADD_KEYPTR(hh, suppress->doubts, doubt->name, length, doubt);
}

static bool has(const struct suppress *suppress, const char *name, size_t length)
{
	const char *slash = memchr(name, '/', length);

	return find(suppress, name, length) ||
	       (slash && find(suppress, name, (size_t)(slash - name)));
}

bool suppress_has(const struct suppress *suppress, const char *name)
{
	return has(suppress, name, strlen(name));
}

static bool any_part(const struct suppress *suppress, const char *word)
{
	while (*word) {
		size_t length = strcspn(word, ",");

		if (length && has(suppress, word, length))
			return true;
		word += length + (word[length] == ',');
	}
	return false;
}

static bool sets_variable(const struct command *command)
{
	return strcmp(command->words, "set") == 0;
}

/* The name that a change is about: its first parameter, if that is one. */
static const struct argument *subject(const struct statement *statement)
{
	const struct command *command;

	if (!statement || statement->kind != STATEMENT_COMMAND)
		return NULL;
	command = statement->arguments.command;
	if (sets_variable(command))
		return arguments_find(&statement->arguments, "name");
	if (!(command->flags & COMMAND_CHANGES) || !command->parameter[0].name)
		return NULL;
	if (command->parameter[0].kind != ARGUMENT_NEW_NAME &&
	    command->parameter[0].kind != ARGUMENT_REFERENCE)
		return NULL;
	return arguments_find(&statement->arguments, command->parameter[0].name);
}

void suppress_statement(struct suppress *suppress, const struct statement *statement)
{
	const struct argument *argument = subject(statement);

	if (argument && argument->token)
		suppress_add(suppress, argument->token->word);
}

/* Does a command that begins so change anything? One that nobody knows may have been meant to. */
static bool may_change(const struct language *language, const char *first)
{
	const char *word = command_canonical_word(first);
	size_t length = strlen(word);
	bool known = false;

	for (unsigned provider = 0; provider < PROVIDER_COUNT; provider++) {
		for (struct command_cursor at = { .language = language,
						  .provider = (enum provider)provider };
		     command_next(&at);) {
			if (strncmp(at.command->words, word, length) != 0 ||
			    (at.command->words[length] && at.command->words[length] != ' '))
				continue;
			known = true;
			if (at.command->flags & COMMAND_CHANGES)
				return true;
		}
	}
	return !known;
}

/* NOUN VERB NAME, or set NAME; whatever the quotes, no name needs any. */
void suppress_line(struct suppress *suppress, const struct language *language, const char *text,
		   size_t length)
{
	static const char between[] = " \t\r\n\\\"'";
	auto_free char *copy = xstrndup(text, length);
	char *rest = copy, *word = strtok_r(rest, between, &rest);
	bool set = word && strcmp(word, "set") == 0;
	int more = set ? 1 : 2;

	if (word && !set && !may_change(language, word))
		return;
	while (word && more-- > 0)
		word = strtok_r(NULL, between, &rest);
	if (word)
		suppress_add(suppress, word);
}

void suppress_lift(struct suppress *suppress, const struct statement *statement)
{
	const struct argument *argument = subject(statement);
	struct doubt *doubt;

	if (!argument || !argument->token ||
	    (argument->parameter->kind != ARGUMENT_NEW_NAME &&
	     !sets_variable(statement->arguments.command)))
		return;
	doubt = find(suppress, argument->token->word, strlen(argument->token->word));
	if (doubt)
		remove_doubt(suppress, doubt);
}

/* A name that neither exists nor was to exist is a mistake of its own. */
static bool is_unknown(const struct model *model, const struct token *token)
{
	return token->word && !strchr(token->word, ',') && !model_find(model, token->word);
}

bool suppress_covers(const struct suppress *suppress, const struct model *model,
		     const struct line *line, const struct statement *statement,
		     const struct token *token)
{
	const struct argument *argument = subject(statement);
	bool any = false;

	for (size_t i = 0; i < line->n_token; i++)
		any |= any_part(suppress, line->token[i].word);
	if (!any)
		return false;
	if (!token || !token->word)
		return statement != NULL;
	if (any_part(suppress, token->word))
		return true;
	if (!statement) /* the form of a line is wrong by itself */
		return false;
	return (argument && argument->token == token) || !is_unknown(model, token);
}
