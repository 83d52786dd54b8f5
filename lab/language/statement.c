/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/statement.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "core/base/text.h"
#include "lab/language/correct.h"
#include "lab/language/grammar.h"
#include "lab/language/request.h"
#include "lab/language/syntax.h"
#include "lab/language/value.h"
#include "lab/model/cloud.h"

struct parser {
	const struct language *language;
	const struct model *model;
	const struct token *first; /* of this command; the words from here on */
	size_t n_token;
	const struct token **ret_token;
	struct error *err;
};

#define AT_MOST 64 /* of a user's word in a message */

static const struct token *last_token(const struct parser *parser)
{
	return &parser->first[parser->n_token - 1];
}

static int fault_at(const struct parser *parser, const struct token *token)
{
	if (parser->ret_token)
		*parser->ret_token = token;
	return -EINVAL;
}

void command_hint(const struct command *command, struct error *err)
{
	if (!err->hint[0] && command->example)
		error_hint(err, "as in: %s", command->example);
}

static void hint_syntax(const struct command *command, struct error *err)
{
	auto_text syntax = { 0 };

	syntax_add(&syntax, command);
	error_hint(err, "%s", text_get(&syntax));
}

static bool is_unquoted(const struct token *token, const char *word)
{
	return !token->quoted && strcmp(token->word, word) == 0;
}

/* How many words some row begins with. */
static size_t known_words(const struct language *language, const struct model *model,
			  const struct token *token, size_t n_token)
{
	for (size_t n = n_token < 4 ? n_token : 4; n > 0; n--)
		for (struct command_cursor at = command_rows(language, model); command_next(&at);)
			if (grammar_path_begins(at.command, token, n))
				return n;
	return 0;
}

/* ---- programs ---- */

/* "ECS2;" before another line of ours. Some programs, such as nft, have a use for it themselves. */
static bool ends_line(const struct parser *parser, const struct token *token)
{
	const size_t length = strlen(token->word);
	const struct token *next = token + 1;

	return !token->quoted && length && token->word[length - 1] == ';' &&
	       next < parser->first + parser->n_token &&
	       (known_words(parser->language, parser->model, next, 1) ||
		(parser->model && model_is_node(parser->model, next->word)));
}

/* What a shell would act upon is no argument of a program: whoever writes it expects a shell. */
static int check_program_word(const struct parser *parser, const struct token *token)
{
	static const char *const operators[] = { "|", "||", "&&", "&",    ";", "<",
						 ">", ">>", "2>", "2>&1", "&>" };

	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		if (!is_unquoted(token, operators[i]) && !ends_line(parser, token))
			continue;
		error_set(parser->err, -EINVAL,
			  "there is no shell in between that would understand %s", token->word);
		error_hint(parser->err, "sh -c '...' brings one; as an argument write '%s'",
			   token->word);
		return fault_at(parser, token);
	}
	return 0;
}

/* !COMMAND... runs on the user's machine. */
static bool is_escape(const struct token *token)
{
	return !token->quoted && token->word[0] == '!';
}

static int parse_node(const struct parser *parser, struct statement *statement)
{
	const bool escape = is_escape(parser->first), glued = escape && parser->first->word[1];
	size_t n = parser->n_token;
	size_t first = glued ? 0 : n > 1 && is_unquoted(&parser->first[1], "--") ? 2 : 1;

	if (n > 1 && is_unquoted(&parser->first[1], "->")) {
		error_set(parser->err, -EINVAL, "a flow alone says nothing to do");
		(void)correct_flow(parser->first, n, parser->err);
		return fault_at(parser, &parser->first[1]);
	}
	if (n > 1 && is_unquoted(last_token(parser), "&")) {
		if (n-- == first + 1) {
			error_set(parser->err, -EINVAL, "no command stands before the &");
			return fault_at(parser, last_token(parser));
		}
		statement->background = true;
	}
	for (size_t i = first; i < n; i++)
		if (check_program_word(parser, &parser->first[i]) < 0)
			return -EINVAL;

	statement->kind = STATEMENT_NODE;
	statement->node = escape ? NULL : parser->first[0].word;
	statement->argv = xalloc((n - first + 1) * sizeof(*statement->argv));
	for (size_t i = first; i < n; i++)
		statement->argv[i - first] = parser->first[i].word + (glued && i == 0);
	return 0;
}

/* ---- which command ---- */

static void offer_nodes(struct nearest *nearest, const struct model *model)
{
	nearest_offer(nearest, "internet");
	if (model)
		model_offer(model, NOUNS_NODE, nearest);
}

/* Every i-th word of the table's rows that begin like the tokens before it. Returns how many. */
static size_t offer_path(struct command_cursor at, struct nearest *nearest, struct text *list,
			 const struct token *token, size_t i)
{
	char word[32], before[32] = "";
	size_t n = 0;

	while (command_next(&at)) {
		if (!grammar_path_begins(at.command, token, i) ||
		    !command_path_word(at.command, i, word, sizeof(word)))
			continue;
		nearest_offer(nearest, word);
		if (list && strcmp(word, before) != 0)
			text_addf(list, "%s%s", n++ ? ", " : "", word);
		strcpy(before, word);
	}
	return n;
}

/* The other provider whose noun that is; PROVIDER_COUNT: nobody's. */
static enum provider whose_word(const struct parser *parser)
{
	enum provider own = command_provider(parser->model);

	for (unsigned provider = 0; provider < PROVIDER_COUNT; provider++)
		for (struct command_cursor at = { .language = parser->language,
						  .provider = (enum provider)provider };
		     provider != own && command_next(&at);)
			if (grammar_path_begins(at.command, parser->first, 1))
				return (enum provider)provider;
	return PROVIDER_COUNT;
}

/* A word of another provider, and what the same thing is called here, if there is such a thing. */
static void hint_provider(const struct parser *parser, const struct nearest *nearest)
{
	bool same = nearest->best[0] && nearest->distance == 0;

	error_hint(parser->err,
		   "%s%s%sit is a word of \"provider %s\", which stands before the first resource",
		   same ? "here it is " : "", same ? nearest->best : "", same ? "; " : "",
		   provider_word(whose_word(parser)));
}

static void correct_first_word(const struct parser *parser, bool has_nearest)
{
	if (!correct_order(parser->language, parser->model, parser->first, parser->n_token,
			   parser->err) &&
	    !correct_noun(parser->language, parser->model, parser->first, parser->n_token,
			  parser->err) &&
	    !has_nearest)
		correct_program(parser->model, parser->first, parser->n_token, parser->err);
}

static int unknown_first_word(const struct parser *parser)
{
	const char *word = parser->first[0].word;
	struct nearest nearest = { .typed = word };
	const struct resource *resource = parser->model ? model_find(parser->model, word) : NULL;

	if (resource) {
		error_set(parser->err, -EINVAL,
			  "%.*s is %s, which is no node that could run a command", AT_MOST, word,
			  model_noun_a(parser->model, resource->noun));
		error_hint(parser->err, "%s show %s",
			   model_noun_word(parser->model, resource->noun), word);
		return fault_at(parser, &parser->first[0]);
	}

	error_set(parser->err, -EINVAL, "%.*s is neither a command nor a node", AT_MOST,
		  *word ? word : "''");
	error_hint(parser->err, "help lists the commands");
	/* Of two that are as near the first one wins: names are mostly in capitals, commands never.
	 */
	if (strpbrk(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		offer_nodes(&nearest, parser->model);
	offer_path(command_rows(parser->language, parser->model), &nearest, NULL, parser->first, 0);
	for (size_t i = 0; command_alias(i); i++)
		nearest_offer(&nearest, command_alias(i));
	offer_nodes(&nearest, parser->model);
	nearest_hint(&nearest, parser->err);
	if (correct_flow(parser->first, parser->n_token, parser->err) ||
	    (parser->n_token == 1 && correct_target(parser->model, parser->first, parser->err)) ||
	    (parser->model &&
	     correct_foreign(parser->model, parser->first, parser->n_token, parser->err)))
		return fault_at(parser, &parser->first[0]);
	if (whose_word(parser) != PROVIDER_COUNT)
		hint_provider(parser, &nearest);
	else if (parser->n_token > 1 || !nearest.best[0])
		correct_first_word(parser, nearest.best[0] != '\0');
	return fault_at(parser, &parser->first[0]);
}

/* The first word is of the table, but no row goes on like this. */
static int unknown_verb(const struct parser *parser, size_t n_known)
{
	const char *noun = command_canonical_word(parser->first[0].word);
	struct nearest nearest = { .typed = "" };
	auto_text verbs = { 0 };
	const char *word;

	if (n_known == parser->n_token) {
		offer_path(command_rows(parser->language, parser->model), &nearest, &verbs,
			   parser->first, n_known);
		error_set(parser->err, -EINVAL, "%s is not a whole command", noun);
		error_hint(parser->err, "%s: %s", noun, text_get(&verbs));
		return fault_at(parser, last_token(parser));
	}

	word = parser->first[n_known].word;
	nearest.typed = word;
	offer_path(command_rows(parser->language, parser->model), &nearest, &verbs, parser->first,
		   n_known);
	error_set(parser->err, -EINVAL, "%s has no command %.*s", noun, AT_MOST, word);
	error_hint(parser->err, "%s: %s", noun, text_get(&verbs));
	if (n_known == 1)
		correct_name_first(parser->language, parser->model, parser->first, parser->n_token,
				   parser->err);
	nearest_hint(&nearest, parser->err);
	if (n_known == 1)
		correct_noun(parser->language, parser->model, parser->first, parser->n_token,
			     parser->err);
	if (parser->model)
		correct_foreign(parser->model, parser->first, parser->n_token, parser->err);
	return fault_at(parser, &parser->first[n_known]);
}

/* ---- its parameters ---- */

/* The resource's own name is the argument "". */
static void blame(const struct parser *parser, const struct parameter *parameter)
{
	snprintf(parser->err->argument, sizeof(parser->err->argument), "%s",
		 strcmp(parameter->name, "name") == 0 && !parameter_is_key(parameter)
			 ? ""
			 : parameter->name);
}

static int missing(const struct parser *parser, const struct command *command,
		   const struct parameter *parameter)
{
	auto_text metavariable = { 0 };

	if (parameter_is_key(parameter))
		text_add(&metavariable, parameter->name);
	else if (strcmp(parameter->name, "name") == 0)
		text_add(&metavariable, "a name");
	else
		syntax_add_value(&metavariable, parameter);

	error_set(parser->err, -EINVAL, "%s needs %s", command->words, text_get(&metavariable));
	if (command->flags & COMMAND_CHANGES)
		snprintf(parser->err->code, sizeof(parser->err->code), "MissingParameter");
	blame(parser, parameter);
	hint_syntax(command, parser->err);
	return fault_at(parser, last_token(parser));
}

static int missing_value(const struct parser *parser, const struct grammar *grammar,
			 const struct token *token)
{
	auto_text metavariable = { 0 };

	syntax_add_value(&metavariable, grammar->parameter);
	if (parameter_is_key(grammar->parameter))
		error_set(parser->err, -EINVAL, "%s has no value", grammar->parameter->name);
	else
		error_set(parser->err, -EINVAL, "%s is not complete: %s", grammar->parameter->name,
			  text_get(&metavariable));
	if (parameter_is_key(grammar->parameter))
		error_hint(parser->err, "%s %s", grammar->parameter->name, text_get(&metavariable));
	else if (grammar->parameter->kind == ARGUMENT_FLOW ||
		 grammar->parameter->kind == ARGUMENT_FLOWS)
		error_hint(parser->err, "as in: %s", grammar->command->example);
	else
		hint_syntax(grammar->command, parser->err);
	if (grammar->command->flags & COMMAND_CHANGES)
		snprintf(parser->err->code, sizeof(parser->err->code), "MissingParameter");
	blame(parser, grammar->parameter);
	return fault_at(parser, token);
}

static int unknown_word(const struct parser *parser, const struct grammar *grammar,
			const struct token *token)
{
	struct nearest nearest = { .typed = token->word };
	const struct command *command = grammar->command;
	const char *port = NULL;
	size_t n_key = 0;

	for (size_t i = 0; i < command_n_parameter(command); i++) {
		if (!parameter_is_key(&command->parameter[i]))
			continue;
		nearest_offer(&nearest, command->parameter[i].name);
		n_key++;
	}
	if (grammar->parameter && grammar->parameter->kind == ARGUMENT_FLOW && grammar->taken == 3)
		for (const struct word *word = flow_protocol_words; word->word; word++)
			nearest_offer(&nearest, word->word);
	if (grammar->parameter && grammar->parameter->kind == ARGUMENT_FLOW &&
	    grammar->taken == 3 && *token->word && !token->word[strspn(token->word, "0123456789")])
		port = token->word;

	error_set(parser->err, -EINVAL,
		  n_key ? "%s has no key %.*s" : "%s takes no more words, so %.*s is too many",
		  command->words, AT_MOST, *token->word ? token->word : "''");
	hint_syntax(command, parser->err);
	nearest_hint(&nearest, parser->err);
	if (port)
		error_hint(parser->err, "did you mean tcp %.16s?", port);
	else if (!correct_all_ports(parser->first, parser->n_token, token, parser->err) &&
		 !correct_key(parser->model, grammar, token, parser->err) && n_key == 0 &&
		 token == parser->first + 1)
		correct_order(parser->language, parser->model, parser->first, parser->n_token,
			      parser->err);
	return fault_at(parser, token);
}

static int refuse_word(const struct parser *parser, const struct grammar *grammar,
		       enum grammar_result result, const struct token *token)
{
	const struct parameter *key;

	switch (result) {
	case GRAMMAR_UNKNOWN:
		return unknown_word(parser, grammar, token);
	case GRAMMAR_DOUBLED:
		key = grammar_find_key(grammar->command, token);
		if (key && ((key->flags | key[1].flags) & PARAMETER_OR)) {
			error_set(parser->err, -EINVAL,
				  "%s is one choice of several, and one is made already",
				  token->word);
			hint_syntax(grammar->command, parser->err);
		} else {
			error_set(parser->err, -EINVAL, "%s is given twice", token->word);
		}
		return fault_at(parser, token);
	case GRAMMAR_NEEDS_VALUE:
		return missing_value(parser, grammar, token - 1);
	case GRAMMAR_NEEDS_POSITIONAL:
		missing(parser, grammar->command, grammar->parameter);
		return fault_at(parser, token);
	case GRAMMAR_OK:
		break;
	}
	return 0;
}

/* The cloud's code for a value of the wrong form; "" where a command is none of the cloud's, or the
 * wrong form is that of a list. */
static const char *form_code(const struct parser *parser, const struct command *command,
			     const struct parameter *parameter, const char *word)
{
	if (parameter->kind == ARGUMENT_NUMBER && parameter->too_many &&
	    !word[strspn(word, "0123456789")])
		return parameter->too_many;
	if (parameter->code)
		return parameter->code;
	if (!(command->flags & COMMAND_CHANGES) || parameter->kind == ARGUMENT_REFERENCES ||
	    parameter->kind == ARGUMENT_WORDS)
		return "";
	return cloud_of(command_provider(parser->model))->bad_value;
}

static int check_word(const struct parser *parser, const struct grammar *grammar,
		      struct argument *argument)
{
	const struct parameter *parameter = argument->parameter;
	const struct token *token = &argument->token[grammar->place];

	if (parameter->kind == ARGUMENT_COMMAND)
		return check_program_word(parser, token);
	if (value_parse(parameter, argument->token, grammar->place, &argument->value,
			parser->err) == 0)
		return 0;
	if (strchr(token->word, ':') != strrchr(token->word, ':') &&
	    parameter->kind != ARGUMENT_WORD)
		error_hint(parser->err, "only IPv4 is supported");
	else if (grammar->place == 0)
		correct_choice(parser->model, parameter, token, parser->err);
	if (!parser->err->hint[0])
		hint_syntax(grammar->command, parser->err);
	snprintf(parser->err->code, sizeof(parser->err->code), "%s",
		 form_code(parser, grammar->command, parameter, token->word));
	blame(parser, parameter);
	return fault_at(parser, token);
}

static int parse_word(const struct parser *parser, struct grammar *grammar,
		      const struct token *token, struct arguments *arguments)
{
	const struct parameter *before = grammar->parameter;
	enum grammar_result result = grammar_word(grammar, token);
	struct argument *argument;

	if (result != GRAMMAR_OK)
		return refuse_word(parser, grammar, result, token);
	assert(grammar->parameter);
	if (grammar->parameter != before)
		arguments->argument[arguments->n_argument++] =
			(struct argument){ .parameter = grammar->parameter, .token = token };
	argument = &arguments->argument[arguments->n_argument - 1];
	if (grammar->place == GRAMMAR_KEY) {
		argument->n_token = grammar->parameter->flags & PARAMETER_FLAG ? 1 : 0;
		return 0;
	}
	if (argument->n_token++ == 0)
		argument->token = token;
	return check_word(parser, grammar, argument);
}

/* What the words come down to: parts of lists, the noun meant by an alias. */
static void resolve(struct argument *argument)
{
	const struct parameter *parameter = argument->parameter;

	if (parameter->kind == ARGUMENT_REFERENCES || parameter->kind == ARGUMENT_WORDS ||
	    parameter->kind == ARGUMENT_CIDRS || parameter->kind == ARGUMENT_NODES)
		argument->part = value_split(argument->token->word, &argument->n_part);
	else if (parameter->kind == ARGUMENT_TYPED || parameter->kind == ARGUMENT_CHOICE)
		argument->choice = value_find_word(parameter, argument->token->word);
}

static int parse_command(const struct parser *parser, const struct command *command, size_t n_word,
			 struct arguments *arguments)
{
	struct grammar grammar;

	arguments->command = command;
	arguments->first = parser->first;
	grammar_begin(&grammar, command);
	for (size_t i = n_word; i < parser->n_token; i++)
		if (parse_word(parser, &grammar, &parser->first[i], arguments) < 0)
			return -EINVAL;

	if (grammar_open(&grammar))
		return missing_value(parser, &grammar, last_token(parser));
	for (size_t i = 0; i < command_n_parameter(command); i++)
		if ((command->parameter[i].flags & PARAMETER_REQUIRED) &&
		    !grammar_is_given(&grammar, &command->parameter[i]))
			return missing(parser, command, &command->parameter[i]);

	for (size_t i = 0; i < arguments->n_argument; i++)
		resolve(&arguments->argument[i]);
	return 0;
}

int statement_parse_from(const struct language *language, const struct model *model,
			 const struct line *line, const struct token *first,
			 struct statement *ret_statement, const struct token **ret_token,
			 struct error *err)
{
	struct error ignored = { 0 };
	struct parser parser = { .language = language,
				 .model = model,
				 .first = first,
				 .ret_token = ret_token,
				 .err = err ? err : &ignored };
	struct statement statement = { .kind = STATEMENT_COMMAND,
				       .arguments = { .language = language, .line = line } };
	const struct command *command;
	size_t n_word = 0;
	bool escape;
	int r;

	if (ret_token)
		*ret_token = line->n_token ? &line->token[line->n_token - 1] : NULL;
	if (!first || first >= line->token + line->n_token)
		return error_set(err, -EINVAL, "a command is missing");
	parser.n_token = (size_t)(line->token + line->n_token - first);
	escape = is_escape(first);

	command = grammar_find_command(language, command_provider(model), first, parser.n_token,
				       &n_word);
	if (command && !escape) {
		r = parse_command(&parser, command, n_word, &statement.arguments);
	} else if (!escape && (n_word = known_words(language, model, first, parser.n_token)) > 0) {
		r = unknown_verb(&parser, n_word);
	} else if (escape || (model ? model_is_node(model, first->word)
				    : strcmp(first->word, "internet") == 0)) {
		r = parse_node(&parser, &statement);
	} else {
		r = unknown_first_word(&parser);
	}

	if (r < 0) {
		(void)correct_joined(first, parser.n_token, parser.err);
		if (command)
			command_hint(command, parser.err);
		statement_free(&statement);
		return r;
	}
	*ret_statement = statement;
	return 0;
}

int statement_parse(const struct language *language, const struct model *model,
		    const struct line *line, struct statement *ret_statement,
		    const struct token **ret_token, struct error *err)
{
	return statement_parse_from(language, model, line, line->token, ret_statement, ret_token,
				    err);
}

size_t statement_redirection(const struct language *language, const struct model *model,
			     const struct token *token, size_t n_token)
{
	size_t n_word;
	const struct command *command =
		grammar_find_command(language, command_provider(model), token, n_token, &n_word);

	if (command && command->flags & (COMMAND_EXPECTS | COMMAND_CHANGES))
		return n_token;
	for (size_t i = 1; i < n_token; i++) {
		if (token[i].quoted)
			continue;
		if (token[i].word[0] == '>' || strcmp(token[i].word, "|") == 0)
			return i;
		/* libpcap's language has both */
		if (command && strcmp(command->words, "capture") == 0 &&
		    strcmp(token[i].word, "filter") == 0)
			break;
	}
	return n_token;
}

/* The words behind `expect within SECONDS` follow another `expect`. */
static size_t program_of_expectation(const struct language *language, const struct model *model,
				     const struct token *expect, const struct token *token,
				     size_t n_token)
{
	auto_free struct token *whole = xalloc((n_token + 1) * sizeof(*whole));

	whole[0] = *expect;
	memcpy(whole + 1, token, n_token * sizeof(*token));
	return statement_program(language, model, whole, n_token + 1) - 1;
}

size_t statement_program(const struct language *language, const struct model *model,
			 const struct token *token, size_t n_token)
{
	size_t n_word;
	const struct command *command =
		grammar_find_command(language, command_provider(model), token, n_token, &n_word);
	struct grammar grammar;

	n_token = statement_redirection(language, model, token, n_token);
	if (n_token && is_escape(token))
		return 0;
	if (!command)
		return known_words(language, model, token, n_token) || !n_token ? n_token : 1;
	grammar_begin(&grammar, command);
	for (size_t i = n_word; i < n_token; i++) {
		if (grammar_word(&grammar, &token[i]) != GRAMMAR_OK)
			break;
		if (grammar.parameter->kind == ARGUMENT_COMMAND)
			return i;
		if (grammar.parameter->kind == ARGUMENT_REST)
			return i + (strcmp(grammar.parameter->name, "expectation") == 0
					    ? program_of_expectation(language, model, token,
								     token + i, n_token - i)
					    : statement_program(language, model, token + i,
								n_token - i));
	}
	return n_token;
}

int statement_change(struct model *model, const struct statement *statement, struct error *err)
{
	const struct command *command = statement->arguments.command;
	struct arguments arguments = statement->arguments; /* its lists are for the request only */
	auto_free void *request = xalloc(command->size);
	int r = request_fill(model, &arguments, request, err);

	if (r == 0)
		r = command->change(model, request, err);
	for (size_t i = 0; i < arguments.n_argument; i++)
		free(arguments.argument[i].list);
	return r;
}

void statement_free(struct statement *statement)
{
	for (size_t i = 0; i < statement->arguments.n_argument; i++)
		free(statement->arguments.argument[i].part);
	free(statement->argv);
	*statement = (struct statement){ 0 };
}
