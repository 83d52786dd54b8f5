/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/arguments.h"

#include <string.h>

#include "core/base/memory.h"

const struct argument *arguments_find(const struct arguments *arguments, const char *name)
{
	for (size_t i = 0; i < arguments->n_argument; i++)
		if (strcmp(arguments->argument[i].parameter->name, name) == 0)
			return &arguments->argument[i];
	return NULL;
}

const char *arguments_get(const struct arguments *arguments, const char *name)
{
	const struct argument *argument = arguments_find(arguments, name);

	if (!argument || argument->n_token == 0)
		return NULL;
	if (argument->parameter->kind == ARGUMENT_CHOICE)
		return argument->choice->word;
	return argument->token[argument->parameter->kind == ARGUMENT_TYPED ? 1 : 0].word;
}

const char *arguments_type(const struct arguments *arguments, const char *name)
{
	const struct argument *argument = arguments_find(arguments, name);

	return argument && argument->choice ? argument->choice->word : NULL;
}

bool arguments_has(const struct arguments *arguments, const char *name)
{
	return arguments_find(arguments, name) != NULL;
}

struct names arguments_names(const struct arguments *arguments, const char *name)
{
	const struct argument *argument = arguments_find(arguments, name);

	if (!argument)
		return (struct names){ NULL, 0 };
	return (struct names){ (const char *const *)argument->part, argument->n_part };
}

char **arguments_vector(const struct arguments *arguments, const char *name, size_t *ret_n)
{
	const struct argument *argument = arguments_find(arguments, name);
	size_t n = argument ? argument->n_token : 0;
	char **vector = xalloc((n + 1) * sizeof(*vector));

	for (size_t i = 0; i < n; i++)
		vector[i] = argument->token[i].word;
	if (ret_n)
		*ret_n = n;
	return vector;
}

/* One of the words of a flow by what the flow's own errors call it. */
static const struct token *flow_token(const struct argument *argument, const char *name)
{
	static const char *const part[] = { "from", "->", "to", "protocol", "port" };

	for (size_t i = 0; i < ARRAY_SIZE(part) && i < argument->n_token; i++)
		if (strcmp(part[i], name) == 0)
			return &argument->token[i];
	return NULL;
}

static const struct token *value_token(const struct argument *argument)
{
	return &argument->token[argument->parameter->kind == ARGUMENT_TYPED &&
						argument->n_token == 2
					? 1
					: 0];
}

const struct token *arguments_token(const struct arguments *arguments, const char *name)
{
	const struct argument *argument;

	if (!name)
		return arguments->first;
	for (size_t i = 0; i < arguments->n_argument; i++) {
		argument = &arguments->argument[i];
		/* The resource's own name is what stands first, before any key. */
		if (!*name && !parameter_is_key(argument->parameter) && argument->n_token)
			return value_token(argument);
		if (strcmp(argument->parameter->name, name) == 0)
			return value_token(argument);
	}
	if (!*name)
		return arguments->first;

	for (size_t i = 0; i < arguments->n_argument; i++) {
		argument = &arguments->argument[i];
		/* "ecs" of `associate EIP1 ecs ECS1`, whatever the parameter is called. */
		if (argument->choice && strcmp(argument->choice->word, name) == 0)
			return value_token(argument);
		if ((argument->parameter->kind == ARGUMENT_FLOW ||
		     argument->parameter->kind == ARGUMENT_FLOWS) &&
		    flow_token(argument, name))
			return flow_token(argument, name);
		if (argument->parameter->kind == ARGUMENT_COMMAND && strcmp(name, "command") == 0)
			return argument->token;
	}
	return &arguments->line->token[arguments->line->n_token - 1];
}
