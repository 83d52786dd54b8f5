/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab complete WORDS...`: for the shells. The last word is what stands at the cursor, maybe
 * empty. Never fails loudly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/language.h"
#include "cli/learn/tutorials.h"
#include "cli/main/program.h"
#include "cli/prompt/complete.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/live/registry.h"

struct call {
	const struct subcommand *subcommand;
	const char *lab;                   /* what -n or the first word said */
	const struct option_row *value_of; /* the option whose value is at the cursor; NULL */
	size_t n_word;                     /* words of the subcommand before the cursor */
	const char *first;                 /* the first of them */
	char *const *rest;                 /* what stands behind that on the line */
	size_t n_rest;
	bool ended; /* by -- */
	const char *beginning;
};

static void offer(const struct call *call, const char *word, const char *meaning)
{
	if (strncmp(word, call->beginning, strlen(call->beginning)) == 0)
		printf("%s\t%s\n", word, meaning);
}

static const struct option_row *row_of(const char *word)
{
	if (word[1] == '-')
		return option_find_name(word + 2, strlen(word + 2));
	return word[1] && !word[2] ? option_find_letter(word[1]) : NULL;
}

/* What the words before the cursor say. */
static void read_words(struct call *call, char *const *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct option_row *row;

		if (!call->ended && strcmp(word[i], "--") == 0) {
			call->ended = true;
		} else if (!call->ended && word[i][0] == '-' && (row = row_of(word[i])) &&
			   row->argument) {
			if (i + 1 == n)
				call->value_of = row;
			else if (row->bit == OPTION_LAB)
				call->lab = word[i + 1];
			i++;
		} else if (call->ended || word[i][0] != '-') {
			if (!call->subcommand)
				call->subcommand = subcommand_find(word[i]);
			else if (call->n_word++ == 0) {
				call->first = word[i];
				call->rest = word + i + 1;
				call->n_rest = n - i - 1;
			}
		}
	}
}

static void offer_labs(const struct call *call)
{
	struct error err;
	char **names = NULL;
	size_t n = 0;

	if (registry_list(&names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		offer(call, names[i], "running lab");
	strings_free(names, n);
}

/* What may stand behind these words of the lab's language. */
static void offer_next(const struct call *call, const struct lab *lab, const struct token *word,
		       size_t n)
{
	const struct completion_source from = { .language = &cli_language, .model = lab->model };
	struct completions completions;

	complete_words(&from, word, n, call->beginning, &completions);
	for (size_t i = 0; i < completions.n; i++)
		offer(call, completions.item[i].word, completions.item[i].meaning);
	completions_free(&completions);
}

static void offer_nodes(const struct call *call, const char *name)
{
	char capture[] = "capture";
	const struct token word = { .word = capture };
	struct error err;
	struct lab *lab;

	if (lab_open(name, &lab, &err) < 0)
		return;
	offer_next(call, lab, &word, 1);
	lab_close(lab);
}

/* Behind `exec LAB NODE --`, as the prompt completes behind a node. */
static void offer_program(const struct call *call)
{
	struct token words[8] = { 0 };
	struct error err;
	struct lab *lab;
	size_t n = 0;

	if (lab_open(call->first, &lab, &err) < 0)
		return;
	for (size_t i = 0; i < call->n_rest && n < ARRAY_SIZE(words); i++)
		words[n++].word = call->rest[i];
	offer_next(call, lab, words, n);
	lab_close(lab);
}

static void offer_options(const struct call *call)
{
	unsigned options = subcommand_options(call->subcommand);

	for (const struct option_row *row = option_rows; row->name; row++) {
		char word[32];

		if (!(options & row->bit))
			continue;
		snprintf(word, sizeof(word), "--%s", row->name);
		offer(call, word, row->help);
		snprintf(word, sizeof(word), "-%c", row->letter);
		if (row->letter && call->beginning[1] != '-')
			offer(call, word, row->help);
	}
}

static void offer_choices(const struct call *call, const char *choices)
{
	size_t length;

	for (const char *choice; (choice = choice_next(&choices, &length));) {
		auto_free char *word = xstrndup(choice, length);

		offer(call, word, "");
	}
}

/* The words of a command of the lab, as one word of the shell: the whole line so far is offered
 * again, completed. */
static void offer_command(const struct call *call)
{
	struct lab *lab = NULL;
	struct source source = { .name = "", .text = call->beginning };
	struct completion_source from = { .language = &cli_language };
	struct completions completions;
	struct token fault;
	struct line line = { 0 };
	struct error err;
	size_t offset = 0, length = strlen(call->beginning), before;
	unsigned number = 1;

	if (tokenize_line(&source, &offset, &number, NULL, NULL, &line, &fault, &err) < 0)
		return;
	if (!call->lab || lab_open(call->lab, &lab, &err) < 0)
		lab = lab_new_private(true);
	/* Is the cursor at the end of a word, or behind a blank? */
	before = line.n_token - (line.n_token && length && call->beginning[length - 1] != ' ');
	from.model = lab->model;
	complete_words(&from, line.token, before,
		       before < line.n_token ? line.token[before].word : "", &completions);
	for (size_t i = 0; i < completions.n; i++) {
		size_t kept = before < line.n_token ? line.token[before].column - 1 : length;

		printf("%.*s%s\t%s\n", (int)kept, call->beginning, completions.item[i].word,
		       completions.item[i].meaning);
	}
	completions_free(&completions);
	line_free(&line);
	lab_close(lab);
}

static void offer_value(const struct call *call)
{
	const struct option_row *row = call->value_of;

	if (row->bit == OPTION_LAB)
		offer_labs(call);
	else if (row->bit == OPTION_COMMAND)
		offer_command(call);
	else if (row->bit == OPTION_FORMAT && call->subcommand)
		offer_choices(call, subcommand_formats(call->subcommand));
	else if (row->choices)
		offer_choices(call, row->choices);
}

static void offer_subcommands(const struct call *call)
{
	for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
		if (!subcommand->hidden)
			offer(call, subcommand->name, subcommand->summary);
}

static void offer_tutorials(const struct call *call)
{
	struct error err;
	char **names;
	size_t n;

	if (tutorials_list(&names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		offer(call, names[i], "tutorial");
	strings_free(names, n);
}

/* The flow of `explain FILE FLOW` and `reach`: the file's own names. Nothing of a file is started,
 * and what is wrong with it is not said here. */
static void offer_flow(const struct call *call)
{
	struct options options = { .quiet = true };
	auto_free char *command = xstrdup(call->subcommand->name);
	struct token words[8] = { { .word = command } };
	size_t n = 1;
	struct lab *lab;
	int status;

	for (size_t i = 0; i < call->n_rest && n < ARRAY_SIZE(words); i++)
		words[n++].word = call->rest[i];
	if (!freopen("/dev/null", "w", stderr))
		return;
	lab = program_read_lab(&options, call->first, &status);
	if (!lab)
		return;
	offer_next(call, lab, words, n);
	lab_close(lab);
}

/* What help calls the word at the cursor: that of the subcommand's arguments; the last goes on. */
static char *argument_name(const struct call *call)
{
	const char *s = call->subcommand->arguments, *next;

	for (size_t i = 0; i < call->n_word && (next = strchr(s, ' ')); i++)
		s = next + 1;
	return xstrndup(s, strcspn(s, " "));
}

/* Files are the shell's own affair, and the lab of `up` is new. */
static void offer_words(const struct call *call)
{
	auto_free char *name = argument_name(call);

	if (call->ended && call->first)
		offer_program(call);
	else if ((*name >= 'a' && *name <= 'z') || *name == '-')
		offer(call, name, "");
	else if (strstr(name, "LAB") && strcmp(call->subcommand->name, "up") != 0)
		offer_labs(call);
	else if (strstr(name, "NODE"))
		offer_nodes(call, call->first);
	else if (strstr(name, "FLOW"))
		offer_flow(call);
	else if (strstr(name, "TUTORIAL"))
		offer_tutorials(call);
}

int program_complete(const struct options *options)
{
	struct call call = { .beginning = "" };

	if (options->n_word) {
		call.beginning = options->word[options->n_word - 1];
		read_words(&call, options->word, options->n_word - 1);
	}
	if (call.subcommand && strcmp(call.subcommand->name, "shell") == 0 && call.first)
		call.lab = call.first;
	if (call.value_of)
		offer_value(&call);
	else if (call.beginning[0] == '-' && !call.ended)
		offer_options(&call);
	else if (!call.subcommand)
		offer_subcommands(&call);
	else
		offer_words(&call);
	return EXIT_OK;
}
