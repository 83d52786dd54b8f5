/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab run`: each file's lab is built, every line executed, and the lab removed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/language.h"
#include "cli/main/program.h"
#include "cli/session/interrupt.h"
#include "cli/session/report.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/live/registry.h"

/* The name of the lab that --keep leaves: the file's, without folder and ending. */
static char *lab_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path,
		   *dot = strrchr(base, '.');

	return dot && dot > base ? xstrndup(base, (size_t)(dot - base)) : xstrdup(base);
}

/* Before anything is built: can all the labs that are to stay have their names? */
static int check_names(const struct options *options, struct error *err)
{
	for (size_t i = 0; i < options->n_word; i++) {
		auto_free char *name = lab_name(options->word[i]);
		pid_t keeper;
		int r = registry_check_name(name, err);

		if (r < 0)
			return r;
		if (registry_find(name, &keeper, &(struct error){ 0 }) >= 0) {
			error_set(err, -EEXIST, "a lab named %s runs already", name);
			error_hint(err, "vpclab down %s", name);
			return -EEXIST;
		}
		for (size_t k = 0; k < i; k++) {
			auto_free char *other = lab_name(options->word[k]);

			if (strcmp(name, other) == 0)
				return error_set(err, -EEXIST,
						 "%s and %s would both become the lab %s",
						 options->word[k], options->word[i], name);
		}
	}
	return 0;
}

/* The script in a session of its own: checked as a whole, then executed. */
static int run_script(const struct options *options, struct script *script, struct lab *lab,
		      struct report *report)
{
	struct session *session = program_session(options, lab);
	int status;

	session->report = report;
	session->steps = true;
	if (options->tap || options_own_stdout(options))
		session->out = stderr;
	status = session_read_ahead(session, script);
	if (!status)
		status = session_run(session, script);
	if (status)
		report_stopped(report, session->stopped_why ? session->stopped_why : "interrupted");
	session_free(session);
	return status;
}

static int run_file(const struct options *options, const char *path, struct report *report)
{
	auto_free char *name = options->keep ? lab_name(path) : NULL;
	struct lab *lab = NULL;
	struct error err = { 0 };
	struct script script;
	int status, r;

	report_suite(report, script_shown_name(path));
	r = script_open(&script, &cli_language, path, NULL, &err);
	if (r < 0) {
		report_stopped(report, err.message);
		return program_file_error(options, r, &err);
	}
	r = name ? lab_new_named(name, options->share, &lab, &err) : 0;
	if (r < 0) {
		report_stopped(report, err.message);
		script_close(&script);
		return program_lab_error(options, r, &err);
	}
	if (!lab)
		lab = lab_new_private(false);
	lab->share = options->share;

	interrupt_ends_lab(lab);
	status = run_script(options, &script, lab, report);
	if (name)
		status = program_settle(options, lab, !status, "stays", status);
	interrupt_ends_lab(NULL);
	lab_close(lab);
	script_close(&script);
	return status;
}

/* The machine's fault weighs more than the input's. */
static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int write_results(const struct options *options, struct report *report, FILE *junit)
{
	struct error err = { 0 };
	struct output *output;

	report_summary(report);
	if (junit && report_write_junit(report, junit, &err) < 0)
		return program_error(options, EXIT_MACHINE, &err);
	if (options->format != OUTPUT_JSON || options->tap)
		return EXIT_OK;
	output = output_new();
	report_output(report, output);
	return program_write(options, output);
}

/* Opened before anything is built, so that a wrong path costs nothing. */
static int open_junit(const struct options *options, FILE **ret_junit, struct error *err)
{
	*ret_junit = options->junit ? fopen(options->junit, "we") : NULL;
	if (options->junit && !*ret_junit)
		return error_set(err, -errno, "cannot write %s: %s", options->junit,
				 strerror(errno));
	return 0;
}

int program_run(const struct options *options)
{
	struct report_options style = {
		.style = options->tap                     ? REPORT_TAP
			 : options->format == OUTPUT_JSON ? REPORT_SILENT
							  : REPORT_TEXT,
		.color = program_color(options, stdout),
		.quiet = options->quiet,
		.remarks = options->remarks,
	};
	auto_file FILE *junit = NULL;
	struct error err = { 0 };
	struct report *report;
	int status = EXIT_OK;

	if ((options->keep && check_names(options, &err) < 0) ||
	    open_junit(options, &junit, &err) < 0)
		return program_error(options, EXIT_INPUT, &err);
	report = report_new(options_own_stdout(options) ? stderr : stdout, &style);
	for (size_t i = 0; i < options->n_word && !interrupt_ended(); i++)
		status = worse(status, run_file(options, options->word[i], report));
	status = worse(status, write_results(options, report, junit));
	if (!status && report_failed(report))
		status = EXIT_EXPECTATION;
	report_free(report);
	return status;
}
