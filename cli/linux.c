/* What the lab is in the kernel, in the words of ip, sysctl and nft: -v, show linux, verify. */
#include "cli/linux.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/cleanup.h"
#include "core/memory.h"
#include "core/plan.h"
#include "core/script.h"
#include "lab/compile.h"

/* ---- -v ---- */

void linux_show_changes(const struct plan *plan)
{
	auto_text text = { 0 };

	script_add_plan(&text, plan, SCRIPT_KERNEL);
	fflush(stdout);
	fputs(text_get(&text), stderr);
}

/* ---- show linux ---- */

static bool is_part(const struct object *object, const struct resource *resource)
{
	if (!resource)
		return object->origin && strcmp(object->origin, ORIGIN_INTERNET) == 0;
	return origin_has(object->origin, resource);
}

/* The plan that adds this resource's objects to all the others: what stands there already is spoken of by its name. */
static void add_commands(struct text *text, const struct wanted *wanted, const struct resource *resource)
{
	struct wanted others = { .object = xalloc(wanted->n_object * sizeof(*others.object)) };
	struct plan plan;

	for (size_t i = 0; i < wanted->n_object; i++)
		if (!is_part(&wanted->object[i], resource))
			others.object[others.n_object++] = wanted->object[i];
	plan_make(&plan, &others, wanted);
	script_add_plan(text, &plan, SCRIPT_KERNEL);
	plan_free(&plan);
	free(others.object);
}

static void output_commands(struct output *output, const char *name, const char *commands)
{
	output_begin_object(output, NULL);
	output_string(output, "name", name);
	output_begin_array(output, "commands");
	while (*commands) {
		size_t length = strcspn(commands, "\n");
		auto_free char *line = xstrndup(commands, length);

		output_string(output, NULL, line);
		commands += length + (commands[length] == '\n');
	}
	output_end(output);
	output_end(output);
}

static int run_show_linux(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *name = arguments_get(arguments, "name");
	const struct model *model = session->lab->model;
	const struct resource *resource = model_find(model, name);
	auto_text text = { 0 };
	struct wanted wanted;

	if (!resource && strcmp(name, "internet") != 0) {
		const char *nearest = model_nearest(model, (1u << NOUN_COUNT) - 1, name);

		error_set(err, -ENOENT, "there is no resource %.128s", name);
		if (nearest)
			error_hint(err, "did you mean %s?", nearest);
		return -ENOENT;
	}
	if (session->validate_only)
		return 0;
	compile(model, &wanted);
	add_commands(&text, &wanted, resource);
	wanted_free(&wanted);
	if (session->format == OUTPUT_JSON) {
		struct output *output = output_new();

		output_commands(output, name, text_get(&text));
		return session_write(session, output, err);
	}
	if (text.length)
		fputs(text_get(&text), session->out);
	else if (!session->quiet)
		session_say(session, "%s has made nothing in the kernel", name);
	return 0;
}

const struct command commands_linux[] = {
	{
		.words = "show linux",
		.parameter = { { .name = "name",
				 .kind = ARGUMENT_REFERENCE,
				 .flags = PARAMETER_REQUIRED,
				 .nouns = (1u << NOUN_COUNT) - 1,
				 .help = "of a resource, or internet" } },
		.summary = "print what a resource became in the kernel, as ip and nft commands",
		.example = "show linux NAT1",
		.run = run_show_linux,
	},
	{ .words = NULL },
};
