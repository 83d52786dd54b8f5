/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab graph FILE|LAB`: the topology as a picture. */
#include "cli/main/program.h"
#include "cli/picture/picture.h"

int program_graph(const struct options *options)
{
	int status;
	struct lab *lab = program_find_lab(options, options->word[0], &status);

	if (!lab)
		return status;
	if (picture_write(stdout, options->format, lab->model, options->format_choice,
			  program_color(options, stdout), options->word[0]) < 0)
		status = EXIT_MACHINE; /* main says why */
	lab_close(lab);
	return status;
}
