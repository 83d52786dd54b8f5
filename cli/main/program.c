/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/main/program.h"
#include "cli/commands/language.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/linux.h"
#include "cli/main/options.h"
#include "cli/session/diagnostic.h"
#include "cli/session/report.h"
#include "cli/session/run.h"
#include "cli/session/variables.h"
#include "core/base/text.h"
#include "lab/live/lab.h"

bool program_color(const struct options *options, FILE *file)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	return isatty(fileno(file)) && !(no_color && *no_color) &&
	       !(term && strcmp(term, "dumb") == 0);
}

int program_error(const struct options *options, int status, const struct error *err)
{
	static const struct source program = { .name = "vpclab", .text = "" };

	fflush(stdout);
	diagnostic_write(stderr, options->format, options->format == OUTPUT_JSON ? NULL : &program,
			 NULL, err, program_color(options, stderr));
	return status;
}

int program_lab_error(const struct options *options, int r, const struct error *err)
{
	bool input = r == -ENOENT || r == -EEXIST || r == -EINVAL;

	return program_error(options, input ? EXIT_INPUT : EXIT_MACHINE, err);
}

static void say_waiting(const char *holder)
{
	auto_text text = { 0 };

	text_add_escaped(&text, holder, strlen(holder));
	fflush(stdout);
	fprintf(stderr, "vpclab: waiting for %s, which changes the lab\n", text_get(&text));
}

struct session *program_session(const struct options *options, struct lab *lab, struct error *err)
{
	struct session *session = session_new(lab, &cli_language);

	for (size_t i = 0; i < options->n_set; i++) {
		if (variables_assign(session->variables, options->set[i], err) < 0) {
			session_free(session);
			return NULL;
		}
	}
	session->format = options->format;
	session->quiet = options->quiet;
	session->verbose = options->verbose;
	if (options->verbose)
		lab->observer = linux_show_changes;
	lab->patience.waiting = options->quiet ? NULL : say_waiting;
	if (options->wait > 0)
		lab->patience.seconds = options->wait;
	session->color_out = program_color(options, stdout);
	session->color_err = program_color(options, stderr);
	return session;
}

struct lab *program_read_lab(const struct options *options, const char *path)
{
	struct lab *lab = lab_new_private(true);
	struct error err = { 0 };
	struct script script;
	struct session *session = NULL;
	bool whole = false;

	if (script_open(&script, &cli_language, path, NULL, &err) < 0 ||
	    !(session = program_session(options, lab, &err))) {
		program_error(options, EXIT_INPUT, &err);
	} else {
		session->validate_only = true;
		session_run(session, &script);
		whole = !session->n_mistake;
	}
	session_free(session);
	script_close(&script);
	if (whole)
		return lab;
	lab_close(lab);
	return NULL;
}
