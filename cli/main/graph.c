/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab graph FILE|LAB`: the topology as a picture. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/main/program.h"
#include "cli/picture/picture.h"
#include "lab/live/registry.h"

struct lab *program_find_lab(const struct options *options, int *ret_status)
{
	const char *word = options->word[0];
	struct error err = { 0 }, no_lab = { 0 };
	pid_t keeper;
	struct lab *lab = NULL;
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

int program_graph(const struct options *options)
{
	int status;
	struct lab *lab = program_find_lab(options, &status);

	if (!lab)
		return status;
	if (picture_write(stdout, options->format, lab->model, options->format_choice,
			  program_color(options, stdout), options->word[0]) < 0)
		status = EXIT_MACHINE; /* main says why */
	lab_close(lab);
	return status;
}
