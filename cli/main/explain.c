/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab explain FILE FLOW`, `reach FILE FLOWS`: from the file alone, as validate reads it; no
 * kernel, no privilege. */
#include <errno.h>
#include <string.h>

#include "cli/main/program.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"

/* The flow may be one word of the shell or several. */
static char *statement_text(const struct options *options)
{
	struct text text = { 0 };

	text_add(&text, options->subcommand->name);
	for (size_t i = 1; i < options->n_word; i++) {
		text_add_char(&text, ' ');
		text_add(&text, options->word[i]);
	}
	return text_take(&text);
}

int program_explain(const struct options *options)
{
	auto_free char *statement = statement_text(options);
	struct session *session;
	struct error err = { 0 };
	struct script script;
	int status;

	/* A second line would be another command. */
	if (strpbrk(statement, "\r\n")) {
		error_set(&err, -EINVAL, "a flow is one line");
		return program_error(options, EXIT_INPUT, &err);
	}
	session = program_read(options, options->word[0], &status);
	if (!session)
		return status;
	session->validate_only = false;
	script_from_text(&script, "", statement);
	if (!status)
		status = session_run(session, &script);
	program_reader_free(session);
	return status;
}
