/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Any bytes as lines of commands: tokenizer, parser, the rules, diagnostics, completion, and the
 * journal's round trip.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"

#include "cli/commands/language.h"
#include "cli/prompt/complete.h"
#include "cli/session/diagnostic.h"
#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/arguments.h"
#include "lab/language/command.h"
#include "lab/language/statement.h"
#include "lab/nouns/replay.h"

static int expand(void *arg, const char *name, struct text *text, struct error *err)
{
	char address[ADDRESS_TEXT_SIZE];
	uint32_t found;

	if (!model_address(arg, name, &found))
		return error_set(err, -ENOENT, "nothing is named %.64s", name);
	text_add(text, address_format(found, address));
	return 0;
}

static void check_error(const struct source *source, const struct token *token,
			const struct error *err)
{
	struct text text = { 0 };

	must(err->message[0] != '\0', "an error has a message");
	diagnostic_format(&text, source, token, err, false, 80);
	for (size_t i = 0; i < text.length; i++)
		must((unsigned char)text.s[i] >= ' ' || text.s[i] == '\n',
		     "diagnostics hold no control characters");
	text_free(&text);
}

static void check_token(const struct source *source, const struct token *token)
{
	must(token->line >= 1 && token->column >= 1 && token->length >= 1, "a token has a place");
	must(token->length <= source->length, "a token is no longer than the text");
}

static void check_completion(const struct model *model, const struct line *line)
{
	const struct completion_source from = { .language = &cli_language, .model = model };
	struct completions completions;

	/* At the end of the line, and at the end of its last word. */
	for (size_t half = 0; half < 2 && half <= line->n_token; half++) {
		const size_t n = line->n_token - half;

		complete_words(&from, line->token, n, half ? line->token[n].word : "",
			       &completions);
		completions_free(&completions);
	}
}

/* What goes to the journal comes back as the same words and the same refusal or consent. */
static void check_replay(struct model *again, const struct line *line, int consent)
{
	struct source source = { .name = "journal" };
	struct error err = { 0 };
	struct line read = { 0 };
	size_t offset = 0;
	unsigned number = 1;
	char *text = replay_text(line);

	source.text = text;
	must(tokenize_line(&source, &offset, &number, NULL, NULL, &read, NULL, &err) == 1,
	     "a command's text is a line");
	must(read.n_token == line->n_token, "with as many words");
	for (size_t i = 0; i < read.n_token; i++)
		must(strcmp(read.token[i].word, line->token[i].word) == 0, "which are the same");
	if (consent)
		must(replay_change(again, text, &err) >= 0,
		     "what was accepted once is accepted again");
	line_free(&read);
	free(text);
}

static void execute(struct model *model, struct model *again, const struct source *source,
		    const struct line *line)
{
	const struct token *token = NULL;
	struct statement statement;
	struct error err = { 0 };
	unsigned generation = model->generation;
	int r = statement_parse(&cli_language, model, line, &statement, &token, &err);

	if (r < 0) {
		must(token != NULL, "a refused line has a place");
		check_error(source, token, &err);
		return;
	}
	if (statement.kind == STATEMENT_COMMAND && statement.arguments.command->change) {
		r = statement_change(model, &statement, &err);
		if (r < 0) {
			must(model->generation == generation, "a refused command changes nothing");
			check_error(source, arguments_token(&statement.arguments, err.argument),
				    &err);
		}
		check_replay(again, line, r >= 0);
	}
	statement_free(&statement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xalloc(size + 1);
	struct source source = { .name = "fuzz", .text = text, .length = size };
	struct model *model = model_new(), *again = model_new();
	struct error err = { 0 };
	size_t offset = 0;
	unsigned number = 1;
	int r = 1;

	memcpy(text, data, size);
	while (size > 0 && r != 0) {
		struct line line = { 0 };
		struct token fault = { 0 };
		size_t before = offset;

		r = tokenize_line(&source, &offset, &number, expand, model, &line, &fault, &err);
		must(r == 0 || offset > before, "reading goes on");
		if (r < 0) {
			check_token(&source, &fault);
			check_error(&source, &fault, &err);
		} else if (r > 0 && line.n_token) {
			for (size_t i = 0; i < line.n_token; i++)
				check_token(&source, &line.token[i]);
			check_completion(model, &line);
			execute(model, again, &source, &line);
		}
		line_free(&line);
	}
	model_free(model);
	model_free(again);
	free(text);
	return 0;
}
