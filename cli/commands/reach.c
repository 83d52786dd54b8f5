/* SPDX-License-Identifier: GPL-3.0-only */
/* All packets at once: reach, what-if. */
#include "cli/commands/reach.h"

#include <string.h>

#include "cli/commands/language.h"
#include "cli/session/session.h"
#include "cli/view/reach.h"
#include "cli/view/terminal.h"
#include "core/base/cleanup.h"
#include "lab/language/statement.h"
#include "lab/live/usage.h"
#include "lab/nouns/replay.h"

static int parse(const struct session *session, const struct arguments *arguments, const char *name,
		 struct flows *ret_flows, struct error *err)
{
	auto_free char **words = arguments_vector(arguments, name);
	size_t n = 0;

	while (words[n])
		n++;
	return flows_parse(session->lab->model, (const char *const *)words, n, ret_flows, err);
}

typedef void add_text_fn(struct text *text, const struct reach *reach, unsigned width);

static int write_reach(struct session *session, const struct reach *reach, add_text_fn *add_text,
		       struct output *output, struct error *err)
{
	auto_text text = { 0 };

	if (session->format == OUTPUT_JSON)
		return session_write(session, output, err);
	output_free(output);
	add_text(&text, reach, terminal_width(fileno(session->out)));
	fputs(text_get(&text), session->out);
	return 0;
}

static int look(struct session *session, const struct arguments *arguments, const char *name,
		struct reach **ret_reach, struct error *err)
{
	struct flows flows;
	struct usage usage;
	int r = parse(session, arguments, name, &flows, err);

	if (r < 0 || session->validate_only)
		return r;
	usage_read(session->lab, &usage);
	*ret_reach = reach_new(session->lab->model, &usage, &flows);
	usage_free(&usage);
	return 1;
}

static int run_reach(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct reach *reach = NULL;
	struct output *output;
	int r = look(session, arguments, "flows", &reach, err);

	if (r <= 0)
		return r;
	output = output_new();
	reach_output(output, reach);
	r = write_reach(session, reach, reach_add_text, output, err);
	reach_free(reach);
	return r;
}

int explain_flows(struct session *session, const struct arguments *arguments,
		  const struct error *no_flow, struct error *err)
{
	struct reach *reach = NULL;
	struct output *output;
	int r = look(session, arguments, "flow", &reach, err);

	if (r < 0 && *no_flow->message)
		*err = *no_flow;
	if (r <= 0)
		return r;
	output = output_new();
	reach_output_causes(output, reach);
	r = write_reach(session, reach, reach_add_causes, output, err);
	reach_free(reach);
	return r;
}

static const struct command commands_reach[] = {
	{
		.words = "reach",
		.parameter = { { .name = "flows",
				 .kind = ARGUMENT_FLOWS,
				 .flags = PARAMETER_REQUIRED,
				 .help = "from where to where, as sets" } },
		.summary = "list all packets that get through, of all that there are",
		.example = "reach internet -> VPC1",
		.run = run_reach,
	},
	{ .words = NULL },
};

const struct command_family family_reach = {
	"All packets", (const struct command *const[]){ commands_reach, NULL }, FOR_ALL
};
