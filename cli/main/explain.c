/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab explain FILE FLOW`: from the file alone, as validate reads it; no kernel, no privilege.
 */
#include "cli/commands/language.h"
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

	text_add(&text, "explain");
	for (size_t i = 1; i < options->n_word; i++) {
		text_add_char(&text, ' ');
		text_add(&text, options->word[i]);
	}
	return text_take(&text);
}

static int explain_in(const struct options *options, struct script *file)
{
	auto_free char *statement = statement_text(options);
	struct lab *lab = lab_new_private(true);
	struct error err = { 0 };
	struct session *session = program_session(options, lab, &err);
	struct script script;
	int status;

	if (!session) {
		lab_close(lab);
		return program_error(options, EXIT_INPUT, &err);
	}
	session->validate_only = true;
	session_run(session, file);
	session->validate_only = false;
	script_from_text(&script, "", statement);
	status = session->n_mistake ? EXIT_INPUT : session_run(session, &script);
	session_free(session);
	lab_close(lab);
	return status;
}

int program_explain(const struct options *options)
{
	struct error err = { 0 };
	struct script script;
	int status;

	/* A second line would be another command. */
	for (size_t i = 1; i < options->n_word; i++)
		if (strpbrk(options->word[i], "\r\n")) {
			error_set(&err, -EINVAL, "a flow is one line");
			return program_error(options, EXIT_INPUT, &err);
		}
	if (script_open(&script, &cli_language, options->word[0], NULL, &err) < 0)
		return program_error(options, EXIT_INPUT, &err);
	status = explain_in(options, &script);
	script_close(&script);
	return status;
}
