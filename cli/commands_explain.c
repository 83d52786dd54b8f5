/* Why: what will happen to a flow, and who reaches whom. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/explain_text.h"
#include "cli/matrix_text.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "core/cleanup.h"
#include "lab/explain.h"
#include "lab/matrix.h"
#include "lab/trace.h"

static size_t count(char *const *words)
{
	size_t n = 0;

	while (words[n])
		n++;
	return n;
}

static int run_explain(struct session *session, const struct arguments *arguments, struct error *err)
{
	auto_free char **words = arguments_vector(arguments, "flow");
	const struct model *model = session->lab->model;
	struct explanation x;
	struct flow flow;
	int r = flow_parse(model, (const char *const *)words, count(words), &flow, err);

	if (r < 0 || session->validate_only)
		return r;
	explain_once(model, &flow, &x);
	if (session->format == OUTPUT_JSON) {
		struct output *output = output_new();

		explain_output(output, &x);
		r = session_write(session, output, err);
	} else {
		auto_text text = { 0 };

		explain_add_text(&text, model, &x, terminal_width(fileno(session->out)), session->color_out);
		fputs(text_get(&text), session->out);
	}
	explanation_free(&x);
	return r;
}

static int write_trace(struct session *session, const struct trace *trace, struct error *err)
{
	auto_text text = { 0 };

	if (session->format == OUTPUT_JSON) {
		struct output *output = output_new();

		trace_output(output, trace);
		return session_write(session, output, err);
	}
	trace_add_text(&text, session->lab->model, trace, terminal_width(fileno(session->out)), session->color_out);
	fputs(text_get(&text), session->out);
	return 0;
}

/* Status 1 where it is not as explain says, as it is with matrix: that is what one wants to know of it in a script. */
static int run_trace(struct session *session, const struct arguments *arguments, struct error *err)
{
	auto_free char **words = arguments_vector(arguments, "flow");
	struct trace trace;
	struct flow flow;
	int r = flow_parse(session->lab->model, (const char *const *)words, count(words), &flow, err);

	if (r < 0 || session->validate_only)
		return r;
	r = session_build(session, err);
	if (r < 0)
		return r;
	r = trace_run(session->lab, &flow, &trace, err);
	if (r < 0)
		return session_machine(session, r);
	r = write_trace(session, &trace, err);
	if (r >= 0)
		r = trace.n_difference ? EXIT_EXPECTATION : EXIT_OK;
	trace_free(&trace);
	return r;
}

static int write_matrix(struct session *session, const struct matrix *matrix, struct error *err)
{
	auto_text text = { 0 };
	int r;

	if (session->format == OUTPUT_JSON) {
		r = matrix_write_json(matrix, session->out);
		return r < 0 ? session_machine(session, error_set(err, r, "cannot write the answer: %s", strerror(-r))) : 0;
	}
	matrix_add_text(&text, matrix, terminal_width(fileno(session->out)), session->color_out);
	fputs(text_get(&text), session->out);
	return 0;
}

static int run_matrix(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *words[] = { arguments_get(arguments, "protocol"), arguments_get(arguments, "port") };
	const bool live = arguments_has(arguments, "--live");
	struct flow flow = { 0 };
	struct matrix matrix;
	int r = flow_parse_protocol(words, words[1] ? 2 : words[0] ? 1 : 0, &flow, err);

	if (r < 0 || session->validate_only)
		return r;
	r = live ? session_build(session, err) : 0;
	if (r < 0)
		return r;
	matrix_predict(&matrix, session->lab->model, flow.protocol, flow.port);
	if (live)
		r = matrix_probe(&matrix, session->lab, err);
	if (r < 0)
		session_machine(session, r);
	else
		r = write_matrix(session, &matrix, err);
	if (r >= 0)
		r = matrix.n_differs ? EXIT_EXPECTATION : EXIT_OK;
	matrix_free(&matrix);
	return r;
}

const struct command commands_explain[] = {
	{
		.words = "explain",
		.parameter = { { .name = "flow",
				 .kind = ARGUMENT_FLOW,
				 .flags = PARAMETER_REQUIRED,
				 .help = "from where to where" } },
		.summary = "say what will happen to a flow, and why, hop by hop",
		.example = "explain ECS1 -> EIP2 tcp 80",
		.run = run_explain,
	},
	{
		.words = "trace",
		.parameter = { { .name = "flow",
				 .kind = ARGUMENT_FLOW,
				 .flags = PARAMETER_REQUIRED,
				 .help = "from where to where" } },
		.summary = "send a real packet and show what the kernel does with it, hop by hop",
		.example = "trace ECS1 -> EIP2 tcp 80",
		.run = run_trace,
	},
	{
		.words = "matrix",
		.parameter = { { .name = "protocol",
				 .kind = ARGUMENT_CHOICE,
				 .choices = "tcp|udp|icmp",
				 .help = "tcp if not given" },
			       { .name = "port",
				 .kind = ARGUMENT_PORT,
				 .flags = PARAMETER_SINGLE,
				 .help = "80 if not given, with tcp" },
			       { .name = "--live", .flags = PARAMETER_FLAG, .help = "try each pair with a real packet, too" } },
		.summary = "who reaches whom, as predicted or as probed",
		.example = "matrix tcp 80",
		.run = run_matrix,
	},
	{ .words = NULL },
};
