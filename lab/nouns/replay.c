/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/nouns/replay.h"

#include <errno.h>

#include "core/base/text.h"
#include "lab/language/statement.h"
#include "lab/language/tokenizer.h"
#include "lab/nouns/nouns.h"

static int replay_line(struct model *model, const struct line *line, struct error *err)
{
	struct statement statement;
	int r = statement_parse(&nouns_language, model, line, &statement, NULL, err);

	if (r < 0)
		return r;
	if (statement.kind != STATEMENT_COMMAND ||
	    !(statement.arguments.command->flags & COMMAND_CHANGES))
		r = error_set(err, -EINVAL, "%.64s does not change the lab", line->token[0].word);
	else
		r = statement_change(model, &statement, err);
	statement_free(&statement);
	return r;
}

int replay_change(struct model *model, const char *text, struct error *err)
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

char *replay_text(const struct line *line)
{
	struct text text = { 0 };

	for (size_t i = 0; i < line->n_token; i++) {
		if (i > 0)
			text_add_char(&text, ' ');
		text_add_word(&text, line->token[i].word);
	}
	return text_take(&text);
}
