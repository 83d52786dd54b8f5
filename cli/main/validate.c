/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab validate`: all independent mistakes of all files in one go; no kernel, no privilege. */
#include "cli/commands/language.h"
#include "cli/main/program.h"
#include "cli/session/report.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"

/* Returns how many mistakes, or -1 where the file could not be read (or a --set is wrong). */
static int validate_file(const struct options *options, const char *path)
{
	struct lab *lab = lab_new_private(true);
	struct session *session = NULL;
	struct error err = { 0 };
	struct script script;
	int n = -1;

	if (script_open(&script, &cli_language, path, NULL, &err) < 0) {
		program_error(options, EXIT_INPUT, &err);
		lab_close(lab);
		return n;
	}
	session = program_session(options, lab, &err);
	if (session) {
		session->validate_only = true;
		session_run(session, &script);
		n = (int)session->n_mistake;
	} else {
		program_error(options, EXIT_INPUT, &err);
	}
	session_free(session);
	script_close(&script);
	lab_close(lab);
	return n;
}

int program_validate(const struct options *options)
{
	struct output *output = output_new();
	int status = EXIT_OK;

	output_begin_array(output, NULL);
	for (size_t i = 0; i < options->n_word; i++) {
		int n = validate_file(options, options->word[i]);

		if (n != 0)
			status = EXIT_INPUT;
		if (n < 0)
			continue;
		output_begin_object(output, NULL);
		output_string(output, "file", options->word[i]);
		output_number(output, "mistakes", n);
		output_end(output);
		if (options->format == OUTPUT_JSON || options->quiet)
			continue;
		if (n)
			fprintf(stderr, "%s: %d mistake%s\n", options->word[i], n,
				n == 1 ? "" : "s");
		else
			fprintf(stderr, "%s: ok\n", options->word[i]);
	}
	output_end(output);
	if (options->format == OUTPUT_JSON)
		output_write(output, stdout, OUTPUT_JSON, 0, false);
	output_free(output);
	return status;
}
