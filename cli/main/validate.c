/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab validate`: all independent mistakes of all files in one go; no kernel, no privilege. */
#include "cli/main/program.h"

int program_validate(const struct options *options)
{
	struct output *output = output_new();
	int status = EXIT_OK;

	output_begin_array(output, NULL);
	for (size_t i = 0; i < options->n_word; i++) {
		const char *name = script_shown_name(options->word[i]);
		int read, n;
		struct session *reader = program_read(options, options->word[i], &read);

		status = read > status ? read : status;
		if (!reader)
			continue;
		n = (int)reader->n_mistake;
		program_reader_free(reader);
		output_begin_object(output, NULL);
		output_string(output, "file", name);
		output_number(output, "mistakes", n);
		output_end(output);
		if (options->format == OUTPUT_JSON || options->quiet)
			continue;
		if (n)
			fprintf(stderr, "%s: %d mistake%s\n", name, n, n == 1 ? "" : "s");
		else
			fprintf(stderr, "%s: ok\n", name);
	}
	output_end(output);
	if (options->format == OUTPUT_JSON)
		output_write(output, stdout, OUTPUT_JSON, 0, false);
	output_free(output);
	return status;
}
