/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/main/options.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/picture/picture.h"
#include "cli/session/variables.h"
#include "cli/view/terminal.h"
#include "cli/view/wrap.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "core/base/text.h"

#define FIELD(name) offsetof(struct options, name)

const struct option_row option_rows[] = {
	{ "lab", 'n', OPTION_LAB, FIELD(lab), "LAB", NULL,
	  "a running lab instead of a new one that ends with the program" },
	{ "command", 'c', OPTION_COMMAND, 0, "COMMAND", NULL,
	  "execute this command; the first of several that is refused ends the call" },
	{ "set", 0, OPTION_SET, 0, "NAME=VALUE", NULL,
	  "set a variable; wins over the file's own set" },
	{ "share", 0, OPTION_SHARE, 0, "DIR", NULL,
	  "a directory that stays the machine's own in the lab, and writable there" },
	{ "tap", 0, OPTION_TAP, FIELD(tap), NULL, NULL, "report as TAP" },
	{ "junit", 0, OPTION_JUNIT, FIELD(junit), "FILE", NULL,
	  "write the results as JUnit XML, too" },
	{ "keep", 0, OPTION_KEEP, FIELD(keep), NULL, NULL,
	  "leave the lab running, named after the file" },
	{ "format", 0, OPTION_FORMAT, FIELD(format_word), "FORMAT", NULL,
	  "graph draws text, dot, mermaid or svg; the others tell what is wrong as text, or on "
	  "standard output as json, github (annotations) or sarif" },
	{ "wait", 0, OPTION_WAIT, 0, "SECONDS", NULL,
	  "how long to wait while another command changes the lab (60)" },
	{ "all", 0, OPTION_ALL, FIELD(all), NULL, NULL, "all labs" },
	{ "strict", 0, OPTION_STRICT, FIELD(strict), NULL, NULL,
	  "exit status 2 where something had to be guessed or left out" },
	{ "output", 'o', OPTION_OUTPUT, FIELD(format), "table|json", "table|json",
	  "how answers, and diagnostics on standard error, are written" },
	{ "json", 'j', OPTION_JSON, 0, NULL, NULL, "the same as -o json" },
	{ "quiet", 'q', OPTION_QUIET, FIELD(quiet), NULL, NULL,
	  "only failures and what was asked for" },
	{ "verbose", 'v', OPTION_VERBOSE, FIELD(verbose), NULL, NULL,
	  "say each kernel change as the ip or nft command that would make it" },
	{ "color", 0, OPTION_COLOR, FIELD(color), "auto|always|never", "auto|always|never",
	  "colours; auto: on a terminal, unless NO_COLOR is set" },
	{ "help", 'h', OPTION_HELP, FIELD(help), NULL, NULL, "this text" },
	{ "version", 'V', OPTION_VERSION, FIELD(version), NULL, NULL, "print the version" },
	{ .name = NULL },
};

const struct subcommand *subcommand_find(const char *name)
{
	for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
		if (strcmp(subcommand->name, name) == 0)
			return subcommand;
	return NULL;
}

unsigned subcommand_options(const struct subcommand *subcommand)
{
	return OPTIONS_COMMON | (subcommand ? subcommand : &no_subcommand)->options;
}

const char *subcommand_formats(const struct subcommand *subcommand)
{
	return subcommand->options & OPTION_PICTURE ? PICTURE_FORMATS
	       : subcommand->options & OPTION_DIFF  ? DIFF_FORMATS
						    : REMARKS_FORMATS;
}

/* ---- reading ---- */

struct option_reader {
	char **argv; /* what is left */
	struct options *options;
	struct error *err;
};

const struct option_row *option_find_letter(char letter)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (row->letter && row->letter == letter)
			return row;
	return NULL;
}

const struct option_row *option_find_name(const char *name, size_t length)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (strncmp(row->name, name, length) == 0 && !row->name[length])
			return row;
	return NULL;
}

static int unknown(const char *option, size_t length, struct error *err)
{
	struct nearest nearest = { .typed = option + 2 };

	error_set(err, -EINVAL, "there is no option %.*s", (int)(length > 64 ? 64 : length),
		  option);
	error_hint(err, "vpclab --help lists them");
	if (option[1] == '-') {
		for (const struct option_row *row = option_rows; row->name; row++)
			nearest_offer(&nearest, row->name);
		if (nearest.best[0])
			error_hint(err, "did you mean --%s?", nearest.best);
	}
	return -EINVAL;
}

/* The fields of choices are enumerations in the order of the choices. */
static int set_choice(const char *name, const char *choices, const char *value, unsigned *field,
		      struct error *err)
{
	struct nearest nearest = { .typed = value };
	const char *rest = choices, *choice;
	size_t length;

	for (unsigned i = 0; (choice = choice_next(&rest, &length)); i++) {
		if (strlen(value) == length && strncmp(choice, value, length) == 0) {
			*field = i;
			return 0;
		}
	}
	error_set(err, -EINVAL, "--%s is %s, not %.64s", name, choices, value);
	nearest_offer_choices(&nearest, choices);
	error_hint(err, "--%s %.*s", name, (int)strcspn(choices, "|"), choices);
	nearest_hint(&nearest, err);
	return -EINVAL;
}

/* Each session will make it anew. */
static int check_assignment(const char *value, struct error *err)
{
	struct variables *variables = variables_new();
	int r = variables_assign(variables, value, err);

	variables_free(variables);
	return r;
}

static int set_wait(struct options *options, const char *value, struct error *err)
{
	char *end;

	options->wait = strtod(value, &end);
	if (!*end && options->wait > 0 && options->wait <= 1e6)
		return 0;
	error_set(err, -EINVAL, "--wait %.64s is not a number of seconds", value);
	return error_hint(err, "--wait 60");
}

/* The list ends in a NULL that is not counted. */
static int set_share(struct options *options, const char *value, struct error *err)
{
	struct stat st;
	const char *why = stat(value, &st) < 0   ? strerror(errno)
			  : !S_ISDIR(st.st_mode) ? "it is not a directory"
						 : NULL;

	if (why) {
		error_set(err, -EINVAL, "--share %.200s: %s", value, why);
		return error_hint(err, "--share DIR: a directory that stays the machine's own");
	}
	*ARRAY_PUSH(options->share, options->n_share) = xstrdup(value);
	*ARRAY_PUSH(options->share, options->n_share) = NULL;
	options->n_share--;
	return 0;
}

static int set_option(struct options *options, const struct option_row *row, const char *value,
		      struct error *err)
{
	char *field = (char *)options + row->field;

	options->given |= row->bit;
	/* Some do more than to fill their field. */
	if (row->bit == OPTION_JSON)
		options->format = OUTPUT_JSON;
	else if (row->bit == OPTION_COMMAND)
		*ARRAY_PUSH(options->command, options->n_command) = value;
	else if (row->bit == OPTION_WAIT)
		return set_wait(options, value, err);
	else if (row->bit == OPTION_SHARE)
		return set_share(options, value, err);
	else if (row->bit == OPTION_SET)
		*ARRAY_PUSH(options->set, options->n_set) = value;
	else if (!row->argument)
		*(bool *)field = true;
	else if (row->choices)
		return set_choice(row->name, row->choices, value, (unsigned *)(void *)field, err);
	else
		*(const char **)(void *)field = value;
	return row->bit == OPTION_SET ? check_assignment(value, err) : 0;
}

static int no_value(const struct option_row *row, struct error *err)
{
	error_set(err, -EINVAL, "--%s has no value", row->name);
	return error_hint(err, "--%s %s", row->name, row->argument);
}

/* The value that is a word of its own; NULL: there is none. */
static const char *next_word(struct option_reader *reader)
{
	return reader->argv[1] ? *++reader->argv : NULL;
}

static int read_long(struct option_reader *reader)
{
	const char *word = *reader->argv;
	size_t length = strcspn(word, "=");
	const struct option_row *row = option_find_name(word + 2, length - 2);
	const char *value = word[length] ? word + length + 1 : NULL;

	if (!row)
		return unknown(word, length, reader->err);
	if (value && !row->argument)
		return error_set(reader->err, -EINVAL, "--%s takes no value", row->name);
	if (!value)
		value = row->argument ? next_word(reader) : "";
	if (!value || (row->argument && !*value && row->bit != OPTION_COMMAND))
		return no_value(row, reader->err);
	return set_option(reader->options, row, value, reader->err);
}

/* "-jq", "-ojson", "-o json" */
static int read_letters(struct option_reader *reader)
{
	for (const char *letter = *reader->argv + 1; *letter; letter++) {
		const struct option_row *row = option_find_letter(*letter);
		const char *value = "";
		int r;

		if (!row) {
			char option[] = { '-', *letter, '\0' };

			return unknown(option, 2, reader->err);
		}
		if (row->argument)
			value = letter[1] ? letter + 1 : next_word(reader);
		if (!value)
			return no_value(row, reader->err);
		r = set_option(reader->options, row, value, reader->err);
		if (r < 0 || row->argument)
			return r;
	}
	return 0;
}

static int unknown_subcommand(const char *name, struct error *err)
{
	struct nearest nearest = { .typed = name };
	size_t length = strlen(name);

	error_set(err, -EINVAL, "there is no subcommand %.64s", *name ? name : "''");
	error_hint(err, "vpclab --help lists them");
	for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
		if (!subcommand->hidden)
			nearest_offer(&nearest, subcommand->name);
	if (nearest.best[0])
		error_hint(err, "vpclab %s", nearest.best);
	else if (length > 4 && strcmp(name + length - 4, ".lab") == 0)
		error_hint(err, "vpclab run %.200s", name);
	return -EINVAL;
}

bool options_own_stdout(const struct options *options)
{
	return options->remarks &&
	       (options->format_choice == REMARKS_JSON || options->format_choice == REMARKS_SARIF);
}

/* What --format may be depends on the subcommand, which may stand behind it. */
static int choose_format(struct options *options, struct error *err)
{
	const char *formats = subcommand_formats(options->subcommand);
	int r;

	if (!options->format_word)
		return 0;
	r = set_choice("format", formats, options->format_word, &options->format_choice, err);
	if (r < 0 || options->subcommand->options & (OPTION_PICTURE | OPTION_DIFF))
		return r;
	options->remarks = remarks_new();
	if (options_own_stdout(options) && (options->tap || options->format == OUTPUT_JSON))
		return error_set(err, -EINVAL, "--format %s and %s both want standard output",
				 options->format_word, options->tap ? "--tap" : "-o json");
	return 0;
}

/* Does everything that was given go together? */
static int check(struct options *options, struct error *err)
{
	const struct subcommand *subcommand = options->subcommand;
	unsigned stray = options->given & ~subcommand_options(subcommand);

	for (const struct option_row *row = option_rows; row->name; row++)
		if (stray & row->bit)
			return error_set(err, -EINVAL,
					 subcommand ? "--%s does not go with vpclab %s"
						    : "--%s needs a subcommand%s",
					 row->name, subcommand ? subcommand->name : "");
	if (!subcommand || options->help || options->version)
		return 0;
	if (options->n_word >= subcommand->least && options->n_word <= subcommand->most)
		return choose_format(options, err);
	error_set(err, -EINVAL,
		  options->n_word < subcommand->least ? "vpclab %s needs more words"
						      : "vpclab %s has too many words",
		  subcommand->name);
	return error_hint(err, "vpclab %s%s%s", subcommand->name, *subcommand->arguments ? " " : "",
			  subcommand->arguments);
}

static int read_word(struct option_reader *reader)
{
	struct options *options = reader->options;
	struct stat st;

	if (!options->subcommand) {
		options->subcommand = subcommand_find(*reader->argv);
		if (options->subcommand)
			return 0;
		/* `#!/usr/bin/env vpclab` as the first line of a topology file */
		if (stat(*reader->argv, &st) < 0 || !S_ISREG(st.st_mode))
			return unknown_subcommand(*reader->argv, reader->err);
		options->subcommand = subcommand_find("run");
	}
	options->word[options->n_word++] = *reader->argv;
	return 0;
}

/* From here on it is all somebody else's: the command of exec, the words to complete. */
static bool is_past_options(const struct options *options)
{
	return options->subcommand && options->n_word >= options->subcommand->own_words;
}

/* A -- in there, but for the one right before the command of exec. */
static bool is_own_word(const struct options *options)
{
	return is_past_options(options) && (options->subcommand->own_words == 0 ||
					    options->n_word > options->subcommand->own_words);
}

int options_parse(int argc, char **argv, struct options *ret_options, struct error *err)
{
	struct option_reader reader = { .argv = argv + 1, .options = ret_options, .err = err };
	bool ended = false;
	int r = 0;

	*ret_options = (struct options){ .word = xalloc(((size_t)argc + 1) * sizeof(char *)) };
	for (; r >= 0 && *reader.argv; reader.argv++) {
		const char *word = *reader.argv;

		if (!ended && strcmp(word, "--") == 0 && !is_own_word(ret_options))
			ended = true;
		else if (ended || is_past_options(ret_options) || word[0] != '-' || !word[1] ||
			 strcmp(word, "->") == 0)
			r = read_word(&reader);
		else
			r = word[1] == '-' ? read_long(&reader) : read_letters(&reader);
	}
	return r < 0 ? r : check(ret_options, err);
}

void options_free(struct options *options)
{
	remarks_free(options->remarks);
	free(options->command);
	free(options->set);
	for (size_t i = 0; i < options->n_share; i++)
		free(options->share[i]);
	free(options->share);
	free(options->word);
	*options = (struct options){ 0 };
}

/* ---- help ---- */

void options_syntax(struct text *text, const struct option_row *row)
{
	if (row->letter)
		text_addf(text, "-%c, ", row->letter);
	else
		text_add(text, "    ");
	text_addf(text, "--%s", row->name);
	if (row->argument)
		text_addf(text, " %s", row->argument);
}

/* The program's own help is as wide as a terminal is at least. */
enum { USAGE_INDENT = 40, OPTION_INDENT = 33 };

static void add_options(struct text *text, unsigned options)
{
	for (const struct option_row *row = option_rows; row->name; row++) {
		auto_text syntax = { 0 };

		if (!(options & row->bit))
			continue;
		options_syntax(&syntax, row);
		wrap_add_row(text, 2, text_get(&syntax), row->help, OPTION_INDENT, TERMINAL_WIDTH);
	}
}

static void program_help(struct text *text)
{
	text_add(text,
		 "vpclab builds a cloud VPC on this machine and lets packets decide.\n\nUsage:\n");
	wrap_add_row(text, 2, "vpclab", no_subcommand.summary, USAGE_INDENT, TERMINAL_WIDTH);
	wrap_add_row(text, 2, "vpclab [-n LAB] -c COMMAND [-c ...]",
		     "execute commands on a running lab, or on a new one", USAGE_INDENT,
		     TERMINAL_WIDTH);
	for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++) {
		auto_text usage = { 0 };

		if (subcommand->hidden)
			continue;
		text_addf(&usage, "vpclab %s%s%s", subcommand->name,
			  *subcommand->arguments ? " " : "", subcommand->arguments);
		wrap_add_row(text, 2, text_get(&usage), subcommand->summary, USAGE_INDENT,
			     TERMINAL_WIDTH);
	}
	text_add(text, "\nOptions:\n");
	add_options(text, subcommand_options(NULL));
	text_add(
		text,
		"\nvpclab SUBCOMMAND --help says more about one; help at the prompt lists "
		"the\nlab's commands.\n"
		"\nExit status: 0 all well, 1 an expectation failed, 2 the input is wrong, 3 this\n"
		"machine cannot do it, 130 interrupted, everything removed. exec passes the\n"
		"program's own. Several -c end at the first that is refused (2 or 3); a check\n"
		"that failed among them (expect, probe, trace, matrix, verify) makes it 1; else\n"
		"it is that of the last one, as in a shell: NODE COMMAND passes its program's.\n");
}

void options_help(struct text *text, const struct subcommand *subcommand)
{
	if (!subcommand) {
		program_help(text);
		return;
	}
	text_addf(text, "vpclab %s: %s\n\nUsage:\n  vpclab %s%s%s\n\nOptions:\n", subcommand->name,
		  subcommand->summary, subcommand->name, *subcommand->arguments ? " " : "",
		  subcommand->arguments);
	add_options(text, subcommand_options(subcommand));
}
