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
#include "cli/session/file.h"
#include "cli/session/interrupt.h"
#include "cli/session/report.h"
#include "cli/session/run.h"
#include "cli/session/variables.h"
#include "cli/view/terminal.h"
#include "core/base/text.h"
#include "lab/live/lab.h"
#include "lab/live/registry.h"

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
	if (options->remarks) {
		struct remark remark = diagnostic_remark(NULL, NULL, err);

		remarks_add(options->remarks, &remark);
	}
	return status;
}

int program_write(const struct options *options, struct output *output)
{
	int r = output_write(output, stdout, options->format, terminal_width(STDOUT_FILENO),
			     program_color(options, stdout));

	output_free(output);
	return r < 0 ? EXIT_MACHINE : EXIT_OK;
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

struct session *program_session(const struct options *options, struct lab *lab)
{
	struct session *session = session_new(lab, &cli_language);

	for (size_t i = 0; i < options->n_set; i++)
		(void)variables_assign(session->variables, options->set[i], NULL);
	session->format = options->format;
	session->remarks = options->remarks;
	session->quiet = options->quiet;
	session->verbose = options->verbose;
	if (options->verbose) {
		lab->observer = linux_show_changes;
		lab->connections_observer = linux_show_cut;
	}
	lab->adoption_observer = options->quiet ? NULL : linux_show_adoption;
	lab->patience.waiting = options->quiet ? NULL : say_waiting;
	if (options->wait > 0)
		lab->patience.seconds = options->wait;
	session->color_out = program_color(options, stdout);
	session->color_err = program_color(options, stderr);
	return session;
}

struct report *program_report(const struct options *options)
{
	struct report_options style = { .color = program_color(options, stdout),
					.quiet = options->quiet };

	/* Beside JSON answers, expectations are talk. */
	return report_new(options->format == OUTPUT_JSON ? stderr : stdout, &style);
}

int program_file_error(const struct options *options, int r, const struct error *err)
{
	return program_error(options, file_fault_is_machines(r) ? EXIT_MACHINE : EXIT_INPUT, err);
}

struct session *program_reader(const struct options *options)
{
	struct session *reader = program_session(options, lab_new_private(true));

	reader->validate_only = true;
	return reader;
}

void program_reader_free(struct session *reader)
{
	struct lab *lab = reader->lab;

	session_free(reader);
	lab_close(lab);
}

struct session *program_read(const struct options *options, const char *path, int *ret_status)
{
	return program_read_noting(options, path, NULL, ret_status);
}

struct session *program_read_noting(const struct options *options, const char *path,
				    struct made_places *places, int *ret_status)
{
	struct error err = { 0 };
	struct session *reader;
	struct script script;
	int r = script_open(&script, &cli_language, path, NULL, &err);

	if (r < 0) {
		*ret_status = program_file_error(options, r, &err);
		return NULL;
	}
	reader = program_reader(options);
	reader->places = places;
	session_run(reader, &script);
	script_close(&script);
	*ret_status = session_exit_status(reader);
	return reader;
}

struct lab *program_read_lab(const struct options *options, const char *path, int *ret_status)
{
	struct session *reader = program_read(options, path, ret_status);
	struct lab *lab = reader ? reader->lab : NULL;

	session_free(reader);
	if (*ret_status == EXIT_OK)
		return lab;
	lab_close(lab);
	return NULL;
}

int program_settle(const struct options *options, struct lab *lab, bool stays, const char *how,
		   int status)
{
	struct error err = { 0 };
	int r;

	if (stays) /* From here on it is not ours to end; until it is released it ends with us. */
		interrupt_ends_lab(NULL);
	r = stays ? lab_release(lab, &err) : lab_destroy(lab, &err);
	if (r < 0)
		return program_error(options, status > EXIT_EXPECTATION ? status : EXIT_MACHINE,
				     &err);
	if (stays && !options->quiet)
		fprintf(stderr, "%s %s: vpclab shell %s enters it, vpclab down %s removes it\n",
			lab->name, how, lab->name, lab->name);
	return status;
}

struct lab *program_find_lab(const struct options *options, const char *word, int *ret_status)
{
	struct error err = { 0 }, no_lab = { 0 };
	struct lab *lab = NULL;
	pid_t keeper;
	int r;

	/* What has no slash and is the name of a running lab is that lab: ./NAME is a file. */
	if (registry_find(word, &keeper, &no_lab) >= 0) {
		r = lab_open(word, &lab, &err);
		*ret_status = r < 0 ? program_lab_error(options, r, &err) : EXIT_OK;
		return lab;
	}
	if (strchr(word, '/') || strcmp(word, "-") == 0 || access(word, F_OK) == 0 ||
	    errno != ENOENT)
		return program_read_lab(options, word, ret_status);
	error_set(&err, -ENOENT, "%.128s is neither a running lab nor a file", word);
	error_hint(&err, "%s", *no_lab.hint ? no_lab.hint : "vpclab ls lists the running labs");
	*ret_status = program_error(options, EXIT_INPUT, &err);
	return NULL;
}
