/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab import terraform`: a plan or state as a topology file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands/language.h"
#include "cli/main/program.h"
#include "cli/view/terraform.h"

/* With --strict a file that leaves anything open is no good input. */
static bool is_doubtful(const struct terraform *terraform)
{
	for (size_t i = 0; i < terraform->n_note; i++)
		if (terraform->note[i].kind != TERRAFORM_CHOSEN)
			return true;
	return false;
}

int program_import(const struct options *options)
{
	struct error err = { 0 };
	struct script script;
	int status = EXIT_OK;

	if (strcmp(options->word[0], "terraform") != 0) {
		error_set(&err, -EINVAL, "%.64s is nothing that can be imported", options->word[0]);
		error_hint(&err, "vpclab import terraform %.64s", options->word[1]);
		return program_error(options, EXIT_INPUT, &err);
	}
	if (script_open(&script, &cli_language, options->word[1], NULL, &err) < 0)
		return program_error(options, EXIT_INPUT, &err);
	if (!script.imported.text) {
		error_set(&err, -EINVAL, "%.128s is no JSON of Terraform", options->word[1]);
		error_hint(&err, "terraform show -json PLANFILE > plan.json");
		status = program_error(options, EXIT_INPUT, &err);
	} else {
		if (!options->quiet)
			terraform_notes_write(stderr, script.source.name, &script.imported);
		fputs(script.imported.text, stdout);
		if (options->strict && is_doubtful(&script.imported))
			status = EXIT_INPUT;
	}
	script_close(&script);
	return status;
}
