/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/prompt/help.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/terminal.h"
#include "cli/view/wrap.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "lab/language/command.h"
#include "lab/language/grammar.h"
#include "lab/language/syntax.h"

#define LIST_INDENT     28
#define OVERVIEW_INDENT 29

/* Every command with a sentence. */
static void add_all(struct text *text, struct command_cursor rows, size_t width)
{
	const struct command_family *family = NULL;

	for (struct command_cursor at = rows; command_next(&at);) {
		/* The families of lab and of cli may share a title. */
		if (!family || strcmp(at.family->title, family->title) != 0)
			text_addf(text, "%s%s\n", family ? "\n" : "", at.family->title);
		family = at.family;
		wrap_add_row(text, 2, at.command->words, at.command->summary, LIST_INDENT, width);
	}
}

/* The first words of the commands, a line or two a family, so that it fits a screen. */
static void add_overview(struct text *text, struct command_cursor rows, size_t width)
{
	const struct command_family *family = NULL;
	auto_text words = { 0 };
	char before[32] = "", word[32];
	bool more = true;

	while (more) {
		const struct command_family *last = family;

		more = command_next(&rows);
		if (more)
			family = rows.family;
		if (last && (!more || strcmp(family->title, last->title) != 0)) {
			wrap_add_row(text, 0, last->title, text_get(&words), OVERVIEW_INDENT,
				     width);
			text_clear(&words);
		}
		if (!more || !command_path_word(rows.command, 0, word, sizeof(word)) ||
		    strcmp(word, before) == 0)
			continue;
		text_addf(&words, "%s%s", words.length ? ", " : "", word);
		strcpy(before, word);
	}
	wrap_add_row(text, 0, "Programs",
		     "NODE COMMAND... [&], NODE alone for a shell, !COMMAND...", OVERVIEW_INDENT,
		     width);
	wrap_add_row(text, 0, "What a line prints", "LINE | PROGRAM..., LINE > FILE, LINE >> FILE",
		     OVERVIEW_INDENT, width);
	text_add_char(text, '\n');
	wrap_add_line(text,
		      "help WORD... explains a noun or a command; help all lists each. A noun "
		      "alone lists its resources, sg is security-group, nat is nat-gateway. Tab "
		      "completes; `vpclab learn` teaches.",
		      0, 0, width);
}

static void add_parameters(struct text *text, const struct command *command, size_t width)
{
	size_t indent = 0, n = command_n_parameter(command);

	for (size_t i = 0; i < n; i++)
		if (strlen(command->parameter[i].name) > indent)
			indent = strlen(command->parameter[i].name);
	indent += 4;

	for (size_t i = 0; i < n; i++) {
		const struct parameter *parameter = &command->parameter[i];
		auto_text name = { 0 }, meaning = { 0 };

		if (parameter_is_key(parameter))
			text_add(&name, parameter->name);
		else
			text_add_upper(&name, parameter->name);
		text_add(&meaning, parameter->help);
		for (size_t k = 0; parameter->words && parameter->words[k].word; k++)
			text_addf(&meaning, "%s%s", k ? ", " : ": ", parameter->words[k].word);
		if (parameter->flags & PARAMETER_REQUIRED)
			text_add(&meaning, " (required)");
		wrap_add_row(text, 2, name.s, text_get(&meaning), indent, width);
	}
}

static void add_full(struct text *text, const struct command *command, size_t width)
{
	auto_text syntax = { 0 }, summary = { 0 };

	syntax_add(&syntax, command);
	wrap_add_line(text, syntax.s, 0, 4, width);
	text_addf(&summary, "%c%s.", toupper((unsigned char)command->summary[0]),
		  command->summary + 1);
	text_add_char(text, '\n');
	wrap_add_line(text, summary.s, 0, 0, width);
	if (command_n_parameter(command)) {
		text_add_char(text, '\n');
		add_parameters(text, command, width);
	}
	if (command->example)
		text_addf(text, "\nExample: %s\n", command->example);
}

/* A noun's commands, each with its syntax. */
static void add_brief(struct text *text, const struct command *command, size_t width)
{
	auto_text syntax = { 0 };

	syntax_add(&syntax, command);
	wrap_add_line(text, syntax.s, 0, 8, width);
	text_add(text, "    ");
	wrap_add_line(text, command->summary, 4, 4, width);
}

/* `help create`: what can be created. */
static bool add_of_verb(struct text *text, struct command_cursor rows, const char *verb,
			size_t width)
{
	bool any = false;
	char word[32];

	for (struct command_cursor at = rows; command_next(&at);) {
		if (!command_path_word(at.command, 1, word, sizeof(word)) ||
		    strcmp(word, verb) != 0)
			continue;
		add_brief(text, at.command, width);
		any = true;
	}
	return any;
}

/* A command that only another cloud has. */
static void hint_provider(struct command_cursor rows, const struct token *token, size_t n_word,
			  struct error *err)
{
	for (unsigned other = 0; other < PROVIDER_COUNT; other++) {
		struct command_cursor at = { .language = rows.language,
					     .provider = (enum provider)other };

		while (other != rows.provider && command_next(&at)) {
			if (!grammar_path_begins(at.command, token, n_word))
				continue;
			error_hint(err, "it is one of \"provider %s\"",
				   provider_word((enum provider)other));
			return;
		}
	}
}

static int unknown(struct command_cursor rows, const char *const *word, size_t n_word,
		   const struct token *token, struct error *err)
{
	struct nearest nearest = { .typed = word[n_word - 1] };
	auto_text words = { 0 };
	char candidate[32];

	for (size_t i = 0; i < n_word; i++)
		text_addf(&words, "%s%s", i ? " " : "", word[i]);
	error_set(err, -ENOENT, "there is no command %.128s", words.s);
	error_hint(err, "help");
	for (struct command_cursor at = rows; command_next(&at);)
		if (grammar_path_begins(at.command, token, n_word - 1) &&
		    command_path_word(at.command, n_word - 1, candidate, sizeof(candidate)))
			nearest_offer(&nearest, candidate);
	nearest_hint(&nearest, err);
	hint_provider(rows, token, n_word, err);
	return -ENOENT;
}

static int add_matching(struct text *text, struct command_cursor rows, const char *const *word,
			const struct token *token, size_t n_word, size_t width, struct error *err)
{
	const struct command *found = NULL;
	char extra[32];
	size_t n = 0;

	/* `help vpc create` names one row even where others go on behind it. */
	for (int pass = 0; pass < 2 && n != 1; pass++) {
		n = 0;
		for (struct command_cursor at = rows; command_next(&at);) {
			bool exact = !command_path_word(at.command, n_word, extra, sizeof(extra));

			/* A row shorter than the words is none of them. */
			if (!grammar_path_begins(at.command, token, n_word) ||
			    (pass == 0 && !exact) ||
			    !command_path_word(at.command, n_word - 1, extra, sizeof(extra)))
				continue;
			found = at.command;
			n++;
			if (pass == 1)
				add_brief(text, at.command, width);
		}
		if (pass == 1 && n > 1)
			return 0;
	}
	if (n == 0 && n_word == 1 && add_of_verb(text, rows, word[0], width))
		return 0;
	if (n == 0)
		return unknown(rows, word, n_word, token, err);
	text_clear(text);
	add_full(text, found, width);
	return 0;
}

int help_format(struct text *text, struct command_cursor rows, const char *const *word,
		size_t n_word, unsigned width, struct error *err)
{
	struct token *token;
	int r;

	width = width ? width : TERMINAL_WIDTH;
	if (n_word == 0) {
		add_overview(text, rows, width);
		return 0;
	}
	if (n_word == 1 && strcmp(word[0], "all") == 0) {
		add_all(text, rows, width);
		return 0;
	}
	token = xalloc(n_word * sizeof(*token));
	for (size_t i = 0; i < n_word; i++)
		token[i].word = (char *)(uintptr_t)word[i];
	r = add_matching(text, rows, word, token, n_word, width, err);
	free(token);
	return r;
}

/* ---- the manual ---- */

static void add_roff(struct text *text, const char *s)
{
	for (; *s; s++) {
		if (*s == '-' || *s == '\\')
			text_add_char(text, '\\');
		text_add_char(text, *s);
	}
}

static void add_manual_command(struct text *text, const struct command *command)
{
	auto_text syntax = { 0 };

	syntax_add(&syntax, command);
	text_add(text, ".TP\n.B ");
	add_roff(text, syntax.s);
	text_addf(text, "\n%c", toupper((unsigned char)command->summary[0]));
	add_roff(text, command->summary + 1);
	text_add(text, ".\n.RS\n");
	for (size_t i = 0; i < command_n_parameter(command); i++) {
		const struct parameter *parameter = &command->parameter[i];

		text_add(text, ".TP\n.I ");
		if (parameter_is_key(parameter))
			add_roff(text, parameter->name);
		else
			text_add_upper(text, parameter->name);
		text_add_char(text, '\n');
		add_roff(text, parameter->help);
		for (size_t k = 0; parameter->words && parameter->words[k].word; k++) {
			text_add(text, k ? ", " : ": ");
			add_roff(text, parameter->words[k].word);
		}
		if (parameter->max)
			text_addf(text, ", %u to %u", parameter->min, parameter->max);
		text_add(text, parameter->flags & PARAMETER_REQUIRED ? " (required)\n" : "\n");
	}
	text_add(text, ".RE\n");
	if (command->example) {
		text_add(text, ".IP\n.EX\n");
		add_roff(text, command->example);
		text_add(text, "\n.EE\n");
	}
}

void help_manual(struct text *text, const struct language *language)
{
	const char *title = "";

	text_add(text, ".SH COMMANDS\n");
	for (size_t i = 0; language->family[i]; i++) {
		const struct command_family *const only[] = { language->family[i], NULL };
		const struct language part = { .family = only };

		if (strcmp(only[0]->title, title) != 0)
			text_addf(text, ".SS %s\n", only[0]->title);
		title = only[0]->title;
		for (struct command_cursor at = { .language = &part,
						  .provider = only[0]->providers & FOR_ALIBABA
								      ? PROVIDER_ALIBABA
								      : PROVIDER_AWS };
		     command_next(&at);)
			add_manual_command(text, at.command);
	}
}
