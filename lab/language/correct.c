/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/language/correct.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/address.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "lab/language/value.h"
#include "lab/model/words.h"

static struct resource *find_resource(const struct model *model, const struct token *token)
{
	return model && !token->quoted ? model_find(model, token->word) : NULL;
}

static bool is_first_word(struct command_cursor rows, const char *word)
{
	rows.first = word;
	return command_next(&rows);
}

/* ---- the verb first ---- */

/* "nat gateway" and "nat-gateway" are both nat-gateway. */
static bool join_noun(struct command_cursor rows, const struct token *token, size_t n_token,
		      char *ret_noun, size_t size)
{
	return n_token >= 2 &&
	       snprintf(ret_noun, size, "%s-%s", token[0].word, token[1].word) < (int)size &&
	       is_first_word(rows, ret_noun);
}

/* The noun of the table that the words begin with, in the plural too. "": none. */
static void find_noun(struct command_cursor rows, const struct token *token, size_t n_token,
		      char *ret_noun, size_t size)
{
	struct nearest nearest = { .typed = token->word };
	char word[32];

	if (join_noun(rows, token, n_token, ret_noun, size))
		return;
	for (struct command_cursor at = rows; command_next(&at);)
		if (command_path_word(at.command, 1, word, sizeof(word)) &&
		    command_path_word(at.command, 0, word, sizeof(word)))
			nearest_offer(&nearest, word);
	for (size_t i = 0; command_alias(i); i++)
		nearest_offer(&nearest, command_alias(i));
	snprintf(ret_noun, size, "%s", command_canonical_word(nearest.best));
}

/* The verb that is, or is another word for, what was typed. noun NULL: of any row; *ret_noun: of
 * which. */
static bool find_verb(struct command_cursor rows, const char *noun, const char *typed,
		      char *ret_noun, char *ret_verb, size_t size)
{
	rows.first = noun;
	while (command_next(&rows)) {
		struct nearest nearest = { .typed = typed };
		char verb[32];

		if (!command_path_word(rows.command, 1, verb, sizeof(verb)) ||
		    !(rows.command->flags & COMMAND_CHANGES || strcmp(verb, "show") == 0))
			continue;
		nearest_offer(&nearest, verb);
		if (!nearest.best[0] || nearest.distance > 0)
			continue;
		command_path_word(rows.command, 0, ret_noun, size);
		snprintf(ret_verb, size, "%s", verb);
		return true;
	}
	return false;
}

bool correct_order(const struct language *language, const struct model *model,
		   const struct token *token, size_t n_token, struct error *err)
{
	struct command_cursor rows = command_rows(language, model);
	const struct resource *resource = n_token > 1 ? find_resource(model, &token[1]) : NULL;
	char typed[64] = "", noun[64], verb[64];

	if (resource)
		snprintf(typed, sizeof(typed), "%s", model_noun_word(model, resource->noun));
	else if (n_token > 1)
		find_noun(rows, &token[1], n_token - 1, typed, sizeof(typed));

	if (typed[0] && find_verb(rows, typed, token->word, noun, verb, sizeof(noun)))
		error_hint(err, "did you mean %s %s%s%s?", noun, verb, resource ? " " : "",
			   resource ? resource->name : "");
	else if (find_verb(rows, NULL, token->word, noun, verb, sizeof(noun)))
		error_hint(err, "the noun stands first, as in: %s %s", noun, verb);
	else
		return false;
	return true;
}

bool correct_noun(const struct language *language, const struct model *model,
		  const struct token *token, size_t n_token, struct error *err)
{
	char noun[64];

	if (!join_noun(command_rows(language, model), token, n_token, noun, sizeof(noun)))
		return false;
	error_hint(err, "did you mean %s?", noun);
	return true;
}

bool correct_name_first(const struct language *language, const struct model *model,
			const struct token *token, size_t n_token, struct error *err)
{
	const char *noun = command_canonical_word(token->word);
	auto_text line = { 0 };
	char verb[64] = "show", whose[64];
	size_t at = n_token;

	if (n_token < 2 || !find_resource(model, &token[1]))
		return false;
	if (n_token > 2 && find_verb(command_rows(language, model), noun, token[2].word, whose,
				     verb, sizeof(verb))) {
		at = 3;
	} else if (strcmp(noun, "service") == 0) {
		snprintf(verb, sizeof(verb), "start");
		at = n_token > 2 && word_find(service_kind_words, token[2].word) ? 2 : n_token;
	}
	text_addf(&line, "%s %s %s", noun, verb, token[1].word);
	if (at == n_token && strcmp(verb, "start") == 0)
		text_add(&line, " ...");
	for (; at < n_token; at++) {
		text_add_char(&line, ' ');
		text_add_word(&line, token[at].word);
	}
	error_hint(err, "%s", text_get(&line));
	return true;
}

/* ---- a program without its node ---- */

bool correct_program(const struct model *model, const struct token *token, size_t n_token,
		     struct error *err)
{
	static const char *const entering[] = { "ssh", "login", "enter", "connect", "bash", "sh" };
	static const enum noun guests[] = { NOUN_ECS, NOUN_INTERNET_HOST };

	if (!model || n_token < 2 || !isalnum((unsigned char)*token->word))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(entering); i++) {
		if (strcmp(token->word, entering[i]) != 0 || !model_is_node(model, token[1].word))
			continue;
		error_hint(err, "%.64s alone is a shell on it", token[1].word);
		return true;
	}
	for (size_t k = 0; k < ARRAY_SIZE(guests); k++) {
		if (model_count(model, guests[k]) == 0)
			continue;
		error_hint(
			err,
			"help lists the commands; a program runs in a node, as in: %s %.64s %.64s",
			((struct resource *)model_get(model, guests[k], 0))->name, token[0].word,
			token[1].word);
		return true;
	}
	return false;
}

/* ---- words of others ---- */

bool correct_foreign(const struct model *model, const struct token *token, size_t n_token,
		     struct error *err)
{
	static const struct {
		const char *word, *hint;
	} others[] = {
		{ "pingall", "matrix shows who reaches whom; matrix --live tries it" },
		{ "nodes", "show lists the lab; a node is a host, vSwitch, VPC or gateway" },
		{ "net", "graph draws the lab" },
		{ "links", "graph draws the lab; show lists it" },
		{ "dump", "show lists the lab; save prints it as a file" },
		{ "ls", "show lists the lab; !ls lists your own files" },
		{ "wait", "expect eventually EXPECTATION waits until something holds" },
		{ "sleep",
		  "expect eventually EXPECTATION waits until something holds; !sleep SECONDS" },
		{ "print", "!echo TEXT prints; $NAME is the address of a resource" },
		{ "echo", "!echo TEXT prints; $NAME is the address of a resource" },
		{ "expect unreachable", "did you mean blocked?" },
		{ "quit", "exit, or Ctrl-D" },
		{ "clear", "Ctrl-L, or !clear" },
	};
	const struct token *from = n_token > 2 && model_is_node(model, token[1].word) ? &token[1]
										      : NULL;

	if (from && (strcmp(token->word, "ping") == 0 || strcmp(token->word, "traceroute") == 0)) {
		error_hint(err, "%s %.64s -> %.64s icmp", *token->word == 'p' ? "probe" : "trace",
			   from->word, token[2].word);
		return true;
	}
	if (n_token == 2 &&
	    (strcmp(token->word, "xterm") == 0 || strcmp(token->word, "attach") == 0)) {
		error_hint(err, "%.64s alone is a shell on it", token[1].word);
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		const char *rest = command_skip_word(others[i].word, token->word);

		if (!rest || (*rest && (n_token < 2 || strcmp(rest, token[1].word) != 0)))
			continue;
		error_hint(err, "%s", others[i].hint);
		return true;
	}
	return false;
}

bool correct_flow(const struct token *token, size_t n_token, struct error *err)
{
	const char *more = n_token > 3 ? token[3].word : "";
	const bool port = *more && !more[strspn(more, "0123456789")];

	if (n_token < 2 || token[1].quoted || strcmp(token[1].word, "->") != 0)
		return false;
	error_hint(err, "probe %.64s -> %.64s%s%s%.16s tries it; explain says why", token[0].word,
		   n_token > 2 ? token[2].word : "TO", *more ? " " : "", port ? "tcp " : "", more);
	return true;
}

/* A host of the lab that the word does not begin with: somebody to ask it. */
static const char *find_asker(const struct model *model, const char *word, size_t length)
{
	static const enum noun guests[] = { NOUN_ECS, NOUN_INTERNET_HOST };

	for (size_t k = 0; model && k < ARRAY_SIZE(guests); k++) {
		for (size_t i = 0; i < model_count(model, guests[k]); i++) {
			const struct resource *guest = model_get(model, guests[k], i);

			if (strlen(guest->name) != length ||
			    strncmp(guest->name, word, length) != 0)
				return guest->name;
		}
	}
	return "FROM";
}

bool correct_target(const struct model *model, const struct token *token, struct error *err)
{
	const char *word = token->word, *behind = strstr(word, "://");
	const char *host = behind ? behind + 3 : word;
	const size_t length = strcspn(host, ":/");
	const char *asker = find_asker(model, host, length);
	const char *port = host[length] == ':' ? &host[length + 1] : "";

	if (behind && strncmp(word, "http", 4) == 0 && length)
		error_hint(err, "%.64s curl %.140s asks it", asker, word);
	else if (!behind && length && *port && !port[strspn(port, "0123456789")])
		error_hint(err, "probe %.64s -> %.*s tcp %.16s tries it; explain says why", asker,
			   (int)(length < 64 ? length : 64), host, port);
	else
		return false;
	return true;
}

bool correct_joined(const struct token *token, size_t n_token, struct error *err)
{
	for (size_t i = 0; i < n_token; i++) {
		const char *word = token[i].word, *mark = strpbrk(word, "|>");
		size_t length = strlen(word);

		if (token[i].quoted || !length)
			continue;
		if (word[length - 1] == ';' || strcmp(word, "&&") == 0 || strcmp(word, "||") == 0) {
			error_hint(err,
				   "one command a line: what follows goes on a line of its own");
			return true;
		}
		if (i < 2 && mark && mark > word && mark[-1] != '-' && mark[1]) {
			error_hint(err, "blanks stand around it: %.*s %c %.64s", (int)(mark - word),
				   word, *mark, mark + 1);
			return true;
		}
	}
	return false;
}

/* ---- keys ---- */

bool correct_all_ports(const struct token *token, size_t n_token, const struct token *fault,
		       struct error *err)
{
	auto_text line = { 0 };

	if (strcmp(fault->word, "-1/-1") != 0)
		return false;
	for (size_t i = 0; i < n_token; i++) {
		if (&token[i] == fault)
			continue;
		if (line.length)
			text_add_char(&line, ' ');
		text_add_word(&line, token[i].word);
	}
	error_hint(err, "%s", text_get(&line));
	return true;
}

static bool takes_noun(const struct parameter *parameter, enum noun noun)
{
	return (parameter->kind == ARGUMENT_REFERENCE || parameter->kind == ARGUMENT_REFERENCES) &&
	       (parameter->nouns & NOUNS(noun));
}

/* Is the word, or what it names, a value that this key takes? Then *ret_value is how it is written
 * behind the key. */
static bool fits(const struct model *model, const struct parameter *parameter,
		 const struct token *token, char *ret_value, size_t size)
{
	const struct resource *resource = find_resource(model, token);
	const char *noun = resource ? model_noun_word(model, resource->noun) : NULL;
	struct prefix prefix;

	snprintf(ret_value, size, "%.64s", token->word);
	if (parameter->kind == ARGUMENT_TYPED && noun && value_find_word(parameter, noun))
		snprintf(ret_value, size, "%s %.64s", noun, token->word);
	else if (parameter->kind == ARGUMENT_TYPED || parameter->kind == ARGUMENT_CHOICE)
		return value_find_word(parameter, token->word) != NULL;
	else if (parameter->kind == ARGUMENT_CIDR)
		return prefix_parse(token->word, &prefix) == 0;
	else if (parameter->kind == ARGUMENT_NUMBER || parameter->kind == ARGUMENT_PORT)
		return *token->word && !token->word[strspn(token->word, "0123456789")];
	else
		return resource && takes_noun(parameter, resource->noun);
	return true;
}

/* "cidr=10.0.0.0/8" */
static bool correct_equals(const struct command *command, const struct token *token,
			   struct error *err)
{
	const char *equals = strchr(token->word, '=');

	for (size_t i = 0; equals && i < command_n_parameter(command); i++) {
		const struct parameter *parameter = &command->parameter[i];

		if (!parameter_is_key(parameter) ||
		    strlen(parameter->name) != (size_t)(equals - token->word) ||
		    strncmp(parameter->name, token->word, strlen(parameter->name)) != 0)
			continue;
		error_hint(err, "did you mean %s %.64s?", parameter->name, equals + 1);
		return true;
	}
	return false;
}

bool correct_key(const struct model *model, const struct grammar *grammar,
		 const struct token *token, struct error *err)
{
	char value[160];

	if (correct_equals(grammar->command, token, err))
		return true;
	for (size_t i = 0; i < command_n_parameter(grammar->command); i++) {
		const struct parameter *parameter = &grammar->command->parameter[i];

		if (!parameter_is_key(parameter) || grammar_is_given(grammar, parameter) ||
		    !fits(model, parameter, token, value, sizeof(value)))
			continue;
		error_hint(err, "did you mean %s %s?", parameter->name, value);
		return true;
	}
	return false;
}

bool correct_choice(const struct model *model, const struct parameter *parameter,
		    const struct token *token, struct error *err)
{
	char value[160];

	if (parameter->kind != ARGUMENT_TYPED || !find_resource(model, token) ||
	    !fits(model, parameter, token, value, sizeof(value)))
		return false;
	error_hint(err, "did you mean %s?", value);
	return true;
}
