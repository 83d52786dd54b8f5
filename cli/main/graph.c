/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab graph FILE|LAB`: the topology as a picture. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/main/program.h"
#include "cli/picture/picture.h"
#include "lab/live/registry.h"

/* What has no slash and is the name of a running lab is that lab: ./NAME is a file in any case. */
static bool is_running_lab(const char *word, struct error *err)
{
	pid_t keeper;

	return registry_check_name(word, err) >= 0 && registry_find(word, &keeper, err) >= 0;
}

/* NULL: what is wrong has been said, and *ret_status is what to exit with. */
static struct lab *find_lab(const struct options *options, int *ret_status)
{
	const char *word = options->word[0];
	struct error err = { 0 }, no_lab = { 0 };
	struct lab *lab = NULL;
	int r;

	if (is_running_lab(word, &no_lab)) {
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
	struct lab *lab = find_lab(options, &status);

	if (!lab)
		return status;
	if (picture_write(stdout, options->format, lab->model, options->format_choice,
			  program_color(options, stdout), options->word[0]) < 0)
		status = EXIT_MACHINE; /* main says why */
	lab_close(lab);
	return status;
}
