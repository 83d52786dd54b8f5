/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab plan`: the lab as a script of ip, sysctl and nft commands. */
#include <stdio.h>
#include <string.h>

#include "cli/main/program.h"
#include "core/base/cleanup.h"
#include "core/sandbox/exec_setup.h"
#include "core/script/script.h"
#include "core/state/plan.h"
#include "lab/compile/compile.h"

static bool needs_service_program(const struct wanted *wanted)
{
	for (size_t i = 0; i < wanted->n_object; i++)
		if (wanted->object[i].kind == OBJECT_PROCESS &&
		    !wanted->object[i].process.n_socket &&
		    strcmp(wanted->object[i].process.argv[0], "vpclab-service") == 0)
			return true;
	return false;
}

static void make_script(struct text *text, const char *file, const struct model *model)
{
	auto_text title = { 0 };
	auto_free char *directory = NULL;
	struct wanted wanted;
	struct plan plan;

	compile(model, &wanted);
	plan_make(&plan, NULL, &wanted);
	if (needs_service_program(&wanted))
		directory = program_directory();
	text_add_escaped(&title, file, strlen(file));
	text_add(&title, ", as ip, sysctl and nft build it: made by vpclab plan.");
	script_begin(text, text_get(&title), directory);
	script_add_plan(text, &plan, SCRIPT_FILES | SCRIPT_HEADINGS);
	script_end(text);
	plan_free(&plan);
	wanted_free(&wanted);
}

static int print_script(const struct options *options, const char *file, const struct model *model)
{
	auto_text text = { 0 };
	struct output *output;

	make_script(&text, file, model);
	if (options->format != OUTPUT_JSON) {
		fputs(text_get(&text), stdout);
		return EXIT_OK;
	}
	output = output_new();
	output_begin_object(output, NULL);
	output_string(output, "file", file);
	output_string(output, "script", text_get(&text));
	output_end(output);
	return program_write(options, output);
}

int program_plan(const struct options *options)
{
	int status;
	struct lab *lab = program_read_lab(options, options->word[0], &status);

	if (lab)
		status = print_script(options, script_shown_name(options->word[0]), lab->model);
	lab_close(lab);
	return status;
}
