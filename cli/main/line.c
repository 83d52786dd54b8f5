/* SPDX-License-Identifier: GPL-3.0-only */
/* The calls that are a line of the lab's own language: explain, reach, diff and capture. */
#include <errno.h>
#include <string.h>

#include "cli/main/program.h"
#include "cli/session/run.h"
#include "cli/view/diff.h"
#include "core/base/text.h"
#include "lab/language/tokenizer.h"

/* Execute a line in a session on a lab, which is closed. */
static int run_line(const struct options *options, struct lab *lab, const char *line)
{
	struct session *session = program_session(options, lab);
	struct script script;

	script_from_text(&script, "", line);
	session_run(session, &script);

	const int status = session_exit_status(session);

	session_free(session);
	lab_close(lab);
	return status;
}

/* explain, reach: from the file alone, as validate reads it; no kernel, no privilege. The flow may
 * be one word of the shell or several. */
int program_explain(const struct options *options)
{
	struct error err = { 0 };
	auto_text line = { 0 };
	struct lab *lab;
	int status;

	text_add(&line, options->subcommand->name);
	for (size_t i = 1; i < options->n_word; i++)
		text_addf(&line, " %s", options->word[i]);
	/* A second line would be another command. */
	if (strpbrk(text_get(&line), "\r\n")) {
		error_set(&err, -EINVAL, "a flow is one line");
		return program_error(options, EXIT_INPUT, &err);
	}
	lab = program_read_lab(options, options->word[0], &status);
	return lab ? run_line(options, lab, text_get(&line)) : status;
}

int program_diff(const struct options *options)
{
	auto_text line = { 0 };
	struct error err = { 0 };
	struct lab *lab;
	int status;

	if (strcmp(options->word[0], "-") == 0 && strcmp(options->word[1], "-") == 0) {
		error_set(&err, -EINVAL, "both sides cannot come from standard input");
		return program_error(options, EXIT_INPUT, &err);
	}
	lab = program_find_lab(options, options->word[0], &status);
	text_add(&line, "diff ");
	text_add_word(&line, options->word[1]);
	if (options->format_choice == DIFF_MARKDOWN)
		text_add(&line, " --format github");
	return lab ? run_line(options, lab, text_get(&line)) : status;
}

/* For a pipe. */
int program_capture(const struct options *options)
{
	struct options call = *options;
	auto_text line = { 0 };
	const char *command;

	text_add(&line, "capture");
	for (size_t i = 1; i < options->n_word; i++) {
		text_add_char(&line, ' ');
		text_add_word(&line, options->word[i]);
	}
	command = text_get(&line);
	call.lab = options->word[0];
	call.command = &command;
	call.n_command = 1;
	return program_prompt(&call);
}
