/* `vpclab doctor`: what this machine can and cannot do, each no with its cure. */
#include <stdlib.h>

#include "cli/program.h"
#include "cli/terminal.h"
#include "core/machine.h"

static void put_check(struct output *output, const struct machine_check *check)
{
	output_begin_object(output, NULL);
	output_string(output, "name", check->name);
	output_string(output, "status", check->ok ? "yes" : check->optional ? "no (optional)" : "NO");
	output_string(output, "detail", check->detail);
	output_string(output, "cure", check->cure[0] ? check->cure : NULL);
	output_end(output);
}

/* For programs: the same, as flags. */
static void put_check_data(struct output *output, const struct machine_check *check)
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
	struct machine_check *checks;
	size_t n_check, failed = 0;

	machine_check(&checks, &n_check);
	output_begin_array(output, NULL);
	for (size_t i = 0; i < n_check; i++) {
		failed += !checks[i].ok && !checks[i].optional;
		if (options->format == OUTPUT_JSON)
			put_check_data(output, &checks[i]);
		else if (!options->quiet || !checks[i].ok)
			put_check(output, &checks[i]);
	}
	output_end(output);
	/* A cure is there to be pasted: no line of it is broken up. */
	(void)output_write(output, stdout, options->format, 0, program_color(options, stdout)); /* main says why */
	output_free(output);
	if (!options->quiet)
		fprintf(stderr, failed ? "This machine cannot run labs yet: each NO above has its cure.\n"
				       : "This machine can run labs.\n");
	free(checks);
	return failed ? EXIT_MACHINE : EXIT_OK;
}
