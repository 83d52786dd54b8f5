/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab import terraform` and `export terraform`: a plan or state as a topology file, and a lab
 * as a configuration. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands/language.h"
#include "cli/main/program.h"
#include "cli/view/terraform.h"
#include "core/base/cleanup.h"

/* With --strict a file that leaves anything open is no good input. */
static bool is_doubtful(const struct terraform *terraform)
{
	for (size_t i = 0; i < terraform->n_note; i++)
		if (terraform->note[i].kind == TERRAFORM_GUESSED ||
		    terraform->note[i].kind == TERRAFORM_LEFT_OUT)
			return true;
	return false;
}

static int check_word(const struct options *options)
{
	const char *call = options->subcommand->name;
	struct error err = { 0 };

	if (strcmp(options->word[0], "terraform") == 0)
		return EXIT_OK;
	error_set(&err, -EINVAL, "%.64s is nothing that can be %sed", options->word[0], call);
	error_hint(&err, "vpclab %s terraform %.64s", call, options->word[1]);
	return program_error(options, EXIT_INPUT, &err);
}

int program_import(const struct options *options)
{
	struct error err = { 0 };
	struct script script;
	int status = check_word(options);

	if (status != EXIT_OK)
		return status;
	if (script_open(&script, &cli_language, options->word[1], NULL, &err) < 0)
		return program_error(options, EXIT_INPUT, &err);
	if (!script.imported.text) {
		error_set(&err, -EINVAL, "%.128s is no JSON of Terraform", script.name);
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

int program_export(const struct options *options)
{
	int status = check_word(options);
	struct lab *lab;

	if (status != EXIT_OK)
		return status;
	lab = program_find_lab(options, options->word[1], &status);
	if (lab) {
		auto_free char *text = terraform_export(lab->model, options->format == OUTPUT_JSON
									    ? TERRAFORM_JSON
									    : TERRAFORM_HCL);

		fputs(text, stdout);
	}
	lab_close(lab);
	return status;
}
