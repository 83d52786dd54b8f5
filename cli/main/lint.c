/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab lint FILE...`: what is wrong, dead or doubtful; no kernel, no privilege. */
#include "cli/session/lint.h"
#include "cli/main/program.h"
#include "cli/session/places.h"
#include "cli/session/run.h"
#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/live/explain.h"
#include "lab/reach/lint.h"

/* Status 1 where there is a warning. */
static int lint_file(const struct options *options, const char *path, struct output *output)
{
	struct made_places places = { 0 };
	struct session *reader;
	struct explainer explainer;
	auto_text text = { 0 };
	struct lint lint;
	int status;

	reader = program_read_noting(options, path, &places, &status);
	if (!reader)
		return status;
	if (!status) {
		explainer_begin(&explainer, reader->lab);
		lint_run(reader->lab->model, explainer.index, &lint);
		status = lint_report(&(struct lint_report){ .places = &places,
							    .path = script_shown_name(path),
							    .output = output,
							    .text = &text,
							    .remarks = options->remarks },
				     &lint);
		lint_free(&lint);
		explainer_end(&explainer);
	}
	if (options->format != OUTPUT_JSON && !options_own_stdout(options))
		fputs(text_get(&text), stdout);
	program_reader_free(reader);
	places_free(&places);
	return status;
}

int program_lint(const struct options *options)
{
	const bool json = options->format == OUTPUT_JSON ||
			  (options->remarks && options->format_choice == REMARKS_JSON);
	struct output *output = output_new();
	int status = EXIT_OK;

	output_begin_array(output, NULL);
	for (size_t i = 0; i < options->n_word; i++) {
		int r = lint_file(options, options->word[i], output);

		status = r > status ? r : status;
	}
	output_end(output);
	if (json)
		output_write(output, stdout, OUTPUT_JSON, 0, false);
	output_free(output);
	return status;
}
