/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/suppress.h"
#include "lab/language/arguments.h"
#include "lab/language/statement.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

struct poison {
	char **name;
	size_t n_name;
};

struct poison *poison_new(void)
{
	return xnew(struct poison);
}

void poison_free(struct poison *poison)
{
	if (!poison)
		return;
	for (size_t i = 0; i < poison->n_name; i++)
		free(poison->name[i]);
	free(poison->name);
	free(poison);
}

/* length: of name, up to a comma or slash perhaps. */
static size_t find(const struct poison *poison, const char *name, size_t length)
{
	size_t i = 0;

	while (i < poison->n_name &&
	       (strncmp(poison->name[i], name, length) != 0 || poison->name[i][length]))
		i++;
	return i;
}

void poison_add(struct poison *poison, const char *name)
{
	if (find(poison, name, strlen(name)) == poison->n_name)
		*ARRAY_PUSH(poison->name, poison->n_name) = xstrdup(name);
}

static bool has(const struct poison *poison, const char *name, size_t length)
{
	const char *slash = memchr(name, '/', length);

	return find(poison, name, length) < poison->n_name ||
	       (slash && find(poison, name, (size_t)(slash - name)) < poison->n_name);
}

bool poison_has(const struct poison *poison, const char *name)
{
	return has(poison, name, strlen(name));
}

static bool any_part(const struct poison *poison, const char *word)
{
	while (*word) {
		size_t length = strcspn(word, ",");

		if (length && has(poison, word, length))
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

void poison_by(struct poison *poison, const struct statement *statement)
{
	const struct argument *argument = subject(statement);

	if (argument && argument->token)
		poison_add(poison, argument->token->word);
}

/* Does a command that begins so change anything? One that nobody knows may have been meant to. */
static bool may_change(const char *first)
{
	const char *word = command_canonical_word(first);
	size_t length = strlen(word);
	bool known = false;

	for (unsigned provider = 0; provider < PROVIDER_COUNT; provider++) {
		for (struct command_cursor at = { .provider = (enum provider)provider };
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
void poison_by_line(struct poison *poison, const char *text, size_t length)
{
	static const char between[] = " \t\r\n\\\"'";
	auto_free char *copy = xstrndup(text, length);
	char *rest = copy, *word = strtok_r(rest, between, &rest);
	bool set = word && strcmp(word, "set") == 0;
	int more = set ? 1 : 2;

	if (word && !set && !may_change(word))
		return;
	while (word && more-- > 0)
		word = strtok_r(NULL, between, &rest);
	if (word)
		poison_add(poison, word);
}

void poison_cure(struct poison *poison, const struct statement *statement)
{
	const struct argument *argument = subject(statement);
	size_t i;

	if (!argument || !argument->token ||
	    (argument->parameter->kind != ARGUMENT_NEW_NAME &&
	     !sets_variable(statement->arguments.command)))
		return;
	i = find(poison, argument->token->word, strlen(argument->token->word));
	if (i == poison->n_name)
		return;
	free(poison->name[i]);
	ARRAY_REMOVE(poison->name, poison->n_name, i);
}

/* A name that neither exists nor was to exist is a mistake of its own. */
static bool is_unknown(const struct model *model, const struct token *token)
{
	return token->word && !strchr(token->word, ',') && !model_find(model, token->word);
}

bool poison_explains(const struct poison *poison, const struct model *model,
		     const struct line *line, const struct statement *statement,
		     const struct token *token)
{
	const struct argument *argument = subject(statement);
	bool any = false;

	for (size_t i = 0; i < line->n_token; i++)
		any |= any_part(poison, line->token[i].word);
	if (!any)
		return false;
	if (!token || !token->word)
		return statement != NULL;
	if (any_part(poison, token->word))
		return true;
	if (!statement) /* the form of a line is wrong by itself */
		return false;
	return (argument && argument->token == token) || !is_unknown(model, token);
}
