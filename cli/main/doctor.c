/* SPDX-License-Identifier: GPL-3.0-only */
/* `vpclab doctor`: what this machine can and cannot do, each no with its cure. */
#include <stdlib.h>

#include "cli/main/program.h"
#include "cli/view/wrap.h"
#include "core/base/text.h"
#include "core/doctor/doctor.h"

#define DETAIL_COLUMN 48
#define WIDTH         80

/* A cure is there to be pasted: its line is not broken up. */
static void say_check(struct text *text, const struct doctor_check *check)
{
	auto_text left = { 0 };

	text_addf(&left, "%-32s %s", check->name,
		  check->ok         ? "yes"
		  : check->optional ? "no (optional)"
				    : "NO");
	wrap_add_row(text, 0, text_get(&left), check->detail, DETAIL_COLUMN, WIDTH);
	if (check->cure[0])
		text_addf(text, "    cure: %s\n", check->cure);
}

/* For programs: the same, as flags. */
static void put_check(struct output *output, const struct doctor_check *check)
{
	output_begin_object(output, NULL);
	output_string(output, "name", check->name);
	output_bool(output, "ok", check->ok);
	output_bool(output, "optional", check->optional);
	output_string(output, "detail", check->detail);
	output_string(output, "cure", check->cure[0] ? check->cure : NULL);
	output_end(output);
}

int program_doctor(const struct options *options)
{
	struct output *output = output_new();
	struct doctor_check *checks;
	size_t n_check, failed = 0;
	auto_text text = { 0 };

	doctor_run(&checks, &n_check);
	output_begin_array(output, NULL);
	for (size_t i = 0; i < n_check; i++) {
		failed += !checks[i].ok && !checks[i].optional;
		put_check(output, &checks[i]);
		if (!options->quiet || !checks[i].ok)
			say_check(&text, &checks[i]);
	}
	output_end(output);
	if (options->format == OUTPUT_JSON)
		(void)output_write(output, stdout, options->format, 0,
				   program_color(options, stdout)); /* main says why */
	else
		fputs(text_get(&text), stdout);
	output_free(output);
	if (!options->quiet)
		fprintf(stderr,
			failed ? "This machine cannot run labs yet: each NO above has its cure.\n"
			       : "This machine can run labs.\n");
	free(checks);
	return failed ? EXIT_MACHINE : EXIT_OK;
}
