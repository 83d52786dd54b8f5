#include "cli/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/walk.h"
#include "core/memory.h"
#include "core/text.h"

const struct command_family command_table[] = {
	{ "Network", commands_network, FOR_ALIBABA },
	{ "Compute", commands_compute, FOR_ALIBABA },
	{ "Network ACLs", commands_acl, FOR_ALIBABA },
	{ "NAT and public addresses", commands_nat, FOR_ALIBABA },
	{ "Network of AWS", commands_aws_network, FOR_AWS },
	{ "Compute of AWS", commands_aws_compute, FOR_AWS },
	{ "Gateways and public addresses of AWS", commands_aws_gateways, FOR_AWS },
	{ "Internet hosts and services", commands_hosts, FOR_ALL },
	{ "Why", commands_explain, FOR_ALL },
	{ "Settings of the lab", commands_settings, FOR_ALL },
	{ "The lab", commands_lab, FOR_ALL },
	{ "The kernel", commands_linux, FOR_ALL },
	{ NULL, NULL, 0 },
};

static bool is_row_of(const struct command_cursor *cursor)
{
	unsigned providers = cursor->command->providers ? cursor->command->providers : cursor->family->providers;

	return cursor->command->words && (providers & 1u << cursor->provider);
}

bool command_next(struct command_cursor *cursor)
{
	if (!cursor->family)
		cursor->family = command_table;
	while (cursor->family->title) {
		if (!cursor->command)
			cursor->command = cursor->family->commands;
		else if (cursor->command->words)
			cursor->command++;
		if (is_row_of(cursor))
			return true;
		if (cursor->command->words)
			continue;
		cursor->family++;
		cursor->command = NULL;
	}
	return false;
}

enum provider command_provider(const struct model *model)
{
	return model ? model->provider : PROVIDER_ALIBABA;
}

static const struct {
	const char *alias;
	const char *word;
} aliases[] = {
	{ "sg", "security-group" },
	{ "nat", "nat-gateway" },
};

const char *command_alias(size_t i)
{
	return i < ARRAY_SIZE(aliases) ? aliases[i].alias : NULL;
}

const char *command_canonical_word(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (strcmp(aliases[i].alias, word) == 0)
			return aliases[i].word;
	return word;
}

/*
 * A first word would hide a node of that name. A key cannot be a value: that is how "vpc cidr 10.0.0.0/8" is known to lack
 * the VPC's name and not its cidr. The program's own words (not the cloud's) go without regard to nothing but case: the
 * language is lower case, so a gateway may be called NAT; but "internet" is a name of the lab's DNS, which has no case.
 */
static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All first words and keys of both providers' languages, sorted; made once, for a lab of thousands of names. */
static const char *const *reserved_words(size_t *ret_n)
{
	static const char **words;
	static size_t n_word;
	char first[32];

	*ret_n = n_word;
	if (words)
		return words;
	for (unsigned provider = 0; provider < PROVIDER_COUNT; provider++) {
		for (struct command_cursor at = { .provider = (enum provider)provider }; command_next(&at);) {
			if (walk_path_word(at.command, 0, first, sizeof(first)))
				*ARRAY_PUSH(words, n_word) = xstrdup(first);
			for (size_t i = 0; i < command_n_parameter(at.command); i++)
				if (parameter_is_key(&at.command->parameter[i]))
					*ARRAY_PUSH(words, n_word) = at.command->parameter[i].name;
		}
	}
	qsort(words, n_word, sizeof(*words), compare_words);
	*ret_n = n_word;
	return words;
}

bool command_is_reserved(const char *word)
{
	size_t n;
	const char *const *words = reserved_words(&n);

	return text_equal_nocase(word, "internet") || strcmp(command_canonical_word(word), word) != 0 ||
	       bsearch(&word, words, n, sizeof(*words), compare_words);
}

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
	return argument->token[argument->parameter->kind == ARGUMENT_TYPED ? 1 : 0].word;
}

const char *arguments_type(const struct arguments *arguments, const char *name)
{
	const struct argument *argument = arguments_find(arguments, name);

	return argument ? argument->type : NULL;
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

char **arguments_vector(const struct arguments *arguments, const char *name)
{
	const struct argument *argument = arguments_find(arguments, name);
	size_t n = argument ? argument->n_token : 0;
	char **vector = xalloc((n + 1) * sizeof(*vector));

	for (size_t i = 0; i < n; i++)
		vector[i] = argument->token[i].word;
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
	return &argument->token[argument->parameter->kind == ARGUMENT_TYPED && argument->n_token == 2 ? 1 : 0];
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
		if (argument->type && strcmp(argument->type, name) == 0)
			return value_token(argument);
		if (argument->parameter->kind == ARGUMENT_FLOW && flow_token(argument, name))
			return flow_token(argument, name);
		if (argument->parameter->kind == ARGUMENT_COMMAND && strcmp(name, "command") == 0)
			return argument->token;
	}
	return &arguments->line->token[arguments->line->n_token - 1];
}

static int replay_line(struct model *model, const struct line *line, struct error *err)
{
	struct statement statement;
	int r = statement_parse(model, line, &statement, NULL, err);

	if (r < 0)
		return r;
	if (statement.kind != STATEMENT_COMMAND || !(statement.arguments.command->flags & COMMAND_CHANGES))
		r = error_set(err, -EINVAL, "%.64s does not change the lab", line->token[0].word);
	else
		r = statement.arguments.command->change(model, &statement.arguments, err);
	statement_free(&statement);
	return r;
}

int command_replay(struct model *model, const char *text, struct error *err)
{
	struct source source = { .name = "journal", .text = text };
	struct line line = { 0 };
	size_t offset = 0;
	unsigned number = 1;
	int r;

	/* Names were expanded when the command was given. */
	while ((r = tokenize_line(&source, &offset, &number, NULL, NULL, &line, NULL, err)) > 0) {
		r = line.n_token ? replay_line(model, &line, err) : 0;
		line_free(&line);
		if (r < 0)
			break;
	}
	return r;
}

char *command_text(const struct line *line)
{
	struct text text = { 0 };

	for (size_t i = 0; i < line->n_token; i++) {
		if (i > 0)
			text_add_char(&text, ' ');
		text_add_word(&text, line->token[i].word);
	}
	return text_take(&text);
}
