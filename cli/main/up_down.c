/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab up`, `down` and `ls`: labs that stay. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/language.h"
#include "cli/main/program.h"
#include "cli/session/interrupt.h"
#include "cli/session/report.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/live/registry.h"

/* ---- up ---- */

/* A lab that could not be built leaves nothing; one whose expectations failed is there to be looked
 * at. */
static int build(const struct options *options, struct lab *lab, struct script *script)
{
	struct session *session = program_session(options, lab);
	struct error err = { 0 };
	int status;

	session->report = program_report(options);
	status = session_read_ahead(session, script);
	if (!status)
		status = session_run(session, script);
	/* A lab without a single line is one, too. */
	if (!status && session_build(session, &err) < 0)
		status = program_error(options, EXIT_MACHINE, &err);
	if (report_passed(session->report) + report_failed(session->report))
		report_summary(session->report);
	if (!status && report_failed(session->report))
		status = EXIT_EXPECTATION;
	report_free(session->report);
	session_free(session);
	if (status > EXIT_EXPECTATION)
		fprintf(stderr, "vpclab: %s was not built\n", lab->name);
	return program_settle(options, lab, status <= EXIT_EXPECTATION, "is up", status);
}

int program_up(const struct options *options)
{
	struct error err = { 0 };
	struct script script;
	struct lab *lab;
	int r, status;

	r = registry_check_name(options->word[0], &err);
	if (r >= 0)
		r = script_open(&script, &cli_language, options->word[1], NULL, &err);
	if (r < 0)
		return program_file_error(options, r, &err);
	r = lab_new_named(options->word[0], options->share, &lab, &err);
	if (r < 0) {
		script_close(&script);
		return program_lab_error(options, r, &err);
	}
	interrupt_ends_lab(lab);
	status = build(options, lab, &script);
	interrupt_ends_lab(NULL);
	lab_close(lab);
	script_close(&script);
	return status;
}

/* ---- down ---- */

static int end_labs(const struct options *options, char *const *names, size_t n_names)
{
	int status = EXIT_OK;

	for (size_t i = 0; i < n_names; i++) {
		struct error err = { 0 };
		int r = registry_end(names[i], &err);

		if (r < 0) {
			int failed = program_lab_error(options, r, &err);

			status = failed > status ? failed : status;
		} else if (!options->quiet) {
			fprintf(stderr, "%s is down\n", names[i]);
		}
	}
	return status;
}

int program_down(const struct options *options)
{
	struct error err = { 0 };
	char **names = NULL;
	size_t n_names = 0;
	int status;

	if (options->all == (options->n_word > 0)) {
		error_set(&err, -EINVAL, options->all ? "--all goes without names" : "which lab?");
		error_hint(&err, "vpclab down LAB, or vpclab down --all");
		return program_error(options, EXIT_INPUT, &err);
	}
	if (!options->all)
		return end_labs(options, options->word, options->n_word);
	if (registry_list(&names, &n_names, &err) < 0)
		return program_error(options, EXIT_MACHINE, &err);
	status = end_labs(options, names, n_names);
	strings_free(names, n_names);
	return status;
}

/* ---- ls ---- */

int program_ls(const struct options *options)
{
	struct output *output;
	struct error err = { 0 };
	char **names = NULL;
	size_t n_names = 0;
	pid_t keeper;

	if (registry_list(&names, &n_names, &err) < 0)
		return program_error(options, EXIT_MACHINE, &err);
	output = output_new();
	output_begin_array(output, NULL);
	for (size_t i = 0; i < n_names; i++) {
		if (registry_find(names[i], &keeper, &err) < 0)
			continue; /* gone since */
		output_begin_object(output, NULL);
		output_string(output, "name", names[i]);
		output_string(output, "status", "Running");
		output_number(output, "keeper", keeper);
		output_end(output);
	}
	output_end(output);
	(void)program_write(options, output);
	strings_free(names, n_names);
	return EXIT_OK;
}
