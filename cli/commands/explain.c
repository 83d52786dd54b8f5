/* SPDX-License-Identifier: GPL-3.0-only */
/* Why: what will happen to a flow, and who reaches whom. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lab/language/arguments.h"
#include "lab/language/command.h"
#include "cli/view/explain.h"
#include "cli/view/trace.h"
#include "cli/session/interrupt.h"
#include "cli/view/matrix.h"
#include "cli/picture/picture.h"
#include "cli/commands/language.h"
#include "cli/commands/reach.h"
#include "cli/session/redirect.h"
#include "cli/session/session.h"
#include "cli/view/terminal.h"
#include "core/base/cleanup.h"
#include "core/base/clock.h"
#include "lab/live/cures.h"
#include "lab/live/explain.h"
#include "lab/probe/matrix.h"
#include "lab/trace/trace.h"

static int run_explain(struct session *session, const struct arguments *arguments, struct error *err)
{
	size_t n;
	auto_free char **words = arguments_vector(arguments, "flow", &n);
	const struct model *model = session->lab->model;
	struct error no_flow = { 0 };
	struct explanation x;
	struct reply reply;
	struct flow flow;

	if (strcmp(words[0], "internet") == 0 || flow_parse(model, (const char *const *)words, n, &flow, &no_flow) < 0)
		return explain_flows(session, arguments, &no_flow, err);
	if (session->validate_only)
		return 0;
	explain_with_cures(session->lab, &flow, false, &x);
	reply = session_reply(session);
	if (reply.output)
		explain_output(reply.output, model, &x);
	else
		explain_add_text(&reply.text, model, &x, reply.width, reply.color);
	explanation_free(&x);
	return session_tell(session, &reply, err);
}

static int write_trace(struct session *session, const struct trace *trace, struct error *err)
{
	struct reply reply = session_reply(session);

	if (reply.output)
		trace_output(reply.output, session->lab->model, trace);
	else
		trace_add_text(&reply.text, session->lab->model, trace, reply.width, reply.color);
	return session_tell(session, &reply, err);
}

/* What a signal that came meanwhile asks for, now that everything is taken away; else r. */
static int end_catching(struct session *session, int r)
{
	int signal_number = interrupt_caught();

	interrupt_catch_end();
	if (!signal_number)
		return r;
	if (session->interactive && signal_number != SIGINT)
		(void)raise(signal_number);
	if (session->interactive)
		fputc('\n', stderr); /* behind the terminal's ^C */
	session->stopped = 128 + signal_number;
	return session->stopped;
}

static int parse_traced(const struct model *model, const struct arguments *arguments, struct flow *ret_flow,
			struct error *err)
{
	size_t n;
	auto_free char **words = arguments_vector(arguments, "flow", &n);
	int r = flow_parse(model, (const char *const *)words, n, ret_flow, err);

	if (r < 0 || !ret_flow->stranger)
		return r;
	r = error_refuse(err, "", "from", "%s is no node of the lab, which is all that a trace can watch", ret_flow->from);
	error_hint(err, "internet-host create NAME ip %s", ret_flow->from);
	return r;
}

/* Status 1 where it is not as explain says, as it is with matrix: that is what one wants to know of it in a script. */
static int run_trace(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct trace trace = { 0 };
	int r = parse_traced(session->lab->model, arguments, &trace.probe.flow, err), traced;

	if (r < 0 || session->validate_only)
		return r;
	r = session_build(session, err);
	if (r < 0)
		return r;
	interrupt_catch();
	traced = trace_run(session->lab, &trace, 1, err);
	r = end_catching(session, traced);
	if (r == 0)
		r = write_trace(session, &trace, err);
	else if (r < 0)
		session_machine(session, r);
	if (r == 0)
		r = trace.difference.kind ? EXIT_EXPECTATION : EXIT_OK;
	if (traced >= 0)
		trace_free(&trace);
	return r;
}

/* ---- trace watch ---- */

#define WATCH_SLICE 0.2 /* seconds after which a signal is looked for that came between two waits */

struct watching {
	struct session *session;
	struct trace_watch *watch;
	uint32_t count; /* connections; 0: any number */
	double end;     /* 0: none */
	uint32_t n_seen;
	bool differs;
};

static int write_connection(struct session *session, const struct trace *trace, struct error *err)
{
	auto_text text = { 0 };
	int r = 0;

	if (session->format == OUTPUT_JSON) {
		struct output *output = output_new();

		trace_output(output, session->lab->model, trace);
		r = output_write_line(output, session->out);
		output_free(output);
		fputc('\n', session->out);
	} else {
		trace_add_connection(&text, session->lab->model, trace, terminal_width(fileno(session->out)), session->color_out);
		fputs(text_get(&text), session->out);
	}
	if (fflush(session->out) != 0 && r >= 0)
		r = -errno;
	if (r < 0) {
		clearerr(session->out); /* said here, and not once more at the end */
		error_set(err, r, "cannot write the answer: %s", strerror(-r));
	}
	return r;
}

static int take_news(struct watching *watching, int news, const struct trace *trace, struct error *err)
{
	struct session *session = watching->session;

	switch ((enum trace_watch_news)news) {
	case WATCH_CONNECTION:
		watching->n_seen++;
		watching->differs |= trace->difference.kind && !trace->incomplete;
		return write_connection(session, trace, err);
	case WATCH_AGAIN:
		if (!session->quiet)
			session_say(session, "the lab has changed; watching on");
		break;
	case WATCH_LOST:
		session_say(session, "more came than the kernel's events could be read: connections may be missing");
		break;
	case WATCH_NOTHING:
		break;
	}
	return 0;
}

/* Until all that was asked for was seen, the time is up or a signal comes. */
static int watch_on(struct watching *watching, struct error *err)
{
	while (!interrupt_caught() && (!watching->count || watching->n_seen < watching->count)) {
		double left = watching->end > 0 ? watching->end - clock_seconds() : WATCH_SLICE;
		struct trace trace = { 0 };
		int news, r;

		if (left <= 0)
			break;
		news = trace_watch_next(watching->watch, left < WATCH_SLICE ? left : WATCH_SLICE, &trace, err);
		if (news == -EINTR)
			continue;
		if (news < 0)
			return news;
		r = take_news(watching, news, &trace, err);
		if (news == WATCH_CONNECTION)
			trace_free(&trace);
		if (r < 0)
			return r;
	}
	if (watching->count && watching->n_seen < watching->count && !interrupt_caught()) {
		session_say(watching->session, "the time is up: %u of %u connections were seen", watching->n_seen,
			    watching->count);
		return EXIT_EXPECTATION;
	}
	return watching->differs ? EXIT_EXPECTATION : EXIT_OK;
}

/* "count" or "within"; 0: not given. */
static int parse_bound(const struct arguments *arguments, const char *key, uint32_t *ret_number, struct error *err)
{
	const char *word = arguments_get(arguments, key);

	*ret_number = 0;
	if (!word)
		return 0;
	*ret_number = (uint32_t)strtoul(word, NULL, 10);
	return *ret_number ? 0 : error_refuse(err, "", key, "%s has to be at least 1", key);
}

static int run_trace_watch(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct watching watching = { .session = session };
	char text[512];
	uint32_t within;
	struct flow flow;
	int r = parse_traced(session->lab->model, arguments, &flow, err);

	if (r >= 0)
		r = parse_bound(arguments, "count", &watching.count, err);
	if (r >= 0)
		r = parse_bound(arguments, "within", &within, err);
	if (r < 0 || session->validate_only)
		return r;
	r = session_build(session, err);
	if (r < 0)
		return r;
	interrupt_catch();
	r = trace_watch_begin(session->lab, &flow, &watching.watch, err);
	if (r >= 0) {
		flow_format(&flow, text, sizeof(text));
		if (!session->quiet && session->job)
			session_say(session, "watching %s for new connections; kill %%%u ends it", text, session->job);
		else if (!session->quiet)
			session_say(session, "watching %s for new connections; Ctrl-C ends it", text);
		watching.end = within ? clock_seconds() + within : 0;
		r = watch_on(&watching, err);
		trace_watch_end(watching.watch);
	}
	r = end_catching(session, r);
	/* Where the flow is not in the lab any more, that is no fault of the machine's. */
	return r < 0 && !err->argument[0] ? session_machine(session, r) : r;
}

static int write_matrix(struct session *session, const struct matrix *matrix, const struct explain_index *index,
			struct error *err)
{
	auto_text text = { 0 };
	int r;

	if (session->format == OUTPUT_JSON) {
		r = matrix_write_json(matrix, index, session->out);
		return r < 0 ? session_machine(session, error_set(err, r, "cannot write the answer: %s", strerror(-r))) : 0;
	}
	matrix_add_text(&text, matrix, terminal_width(fileno(session->out)), session->color_out);
	explain_add_doubts(&text, &index, 1, terminal_width(fileno(session->out)));
	session_print(session, text_get(&text));
	return 0;
}

/* The keys of the matrix are the protocols, as a flow ends with them. */
static int parse_protocol(const struct arguments *arguments, struct flow *flow, struct error *err)
{
	const struct word *protocol = flow_protocol_words;
	const char *words[2];

	while (protocol->word && !arguments_has(arguments, protocol->word))
		protocol++;
	if (!protocol->word)
		return flow_parse_protocol(NULL, 0, flow, err);
	words[0] = protocol->word;
	words[1] = arguments_get(arguments, protocol->word);
	return flow_parse_protocol(words, protocol->value == PROTOCOL_ICMP ? 1 : 2, flow, err);
}

static int run_matrix(struct session *session, const struct arguments *arguments, struct error *err)
{
	const bool live = arguments_has(arguments, "--live");
	struct flow flow = { 0 };
	struct matrix matrix;
	struct explainer explainer;
	int r = parse_protocol(arguments, &flow, err);

	if (r < 0 || session->validate_only)
		return r;
	r = live ? session_build(session, err) : 0;
	if (r < 0)
		return r;
	explainer_begin(&explainer, session->lab);
	explainer_read(&explainer, NULL, 0);
	matrix_predict(&matrix, explainer.index, session->lab->model, flow.protocol, flow.port);
	if (live)
		r = matrix_probe(&matrix, session->lab, err);
	if (r < 0)
		session_machine(session, r);
	else
		r = write_matrix(session, &matrix, explainer.index, err);
	explainer_end(&explainer);
	if (r >= 0)
		r = matrix.n_differs ? EXIT_EXPECTATION : EXIT_OK;
	matrix_free(&matrix);
	return r;
}

static int run_graph(struct session *session, const struct arguments *arguments, struct error *err)
{
	const struct lab *lab = session->lab;
	const struct argument *format = arguments_find(arguments, "--format");
	int r;

	if (session->validate_only)
		return 0;
	r = picture_write(session->out, session->format, lab->model,
			  format ? (enum picture_format)format->choice->value : PICTURE_TEXT, session->color_out,
			  lab->name ? lab->name : "a private lab");
	if (r >= 0)
		return 0;
	clearerr(session->out); /* said here, and not once more at the end */
	return session_machine(session, error_set(err, r, "cannot write the picture: %s", strerror(-r)));
}

static const struct command commands_explain[] = {
	{
		.words = "explain",
		.parameter = { { PARAMETER("flow", FLOWS, PARAMETER_REQUIRED,
					   "from where to where; with sets, what becomes of each part") } },
		.summary = "say what will happen to a flow, and why, hop by hop",
		.example = "explain ECS1 -> EIP2 tcp 80",
		.run = run_explain,
	},
	{
		.words = "trace",
		.parameter = { { PARAMETER("flow", FLOW, PARAMETER_REQUIRED,
					   "from where to where") } },
		.summary = "send a real packet and show what the kernel does with it, hop by hop",
		.example = "trace ECS1 -> EIP2 tcp 80",
		.run = run_trace,
	},
	{
		.words = "trace watch",
		.parameter = { { PARAMETER("flow", FLOW, PARAMETER_REQUIRED,
					   "whose connections: tcp 80 if neither protocol nor port is given") },
			       { PARAMETER("count", NUMBER, PARAMETER_KEY,
					   "connections after which it ends; until Ctrl-C if not given") },
			       { PARAMETER("within", NUMBER, PARAMETER_KEY,
					   "seconds after which it ends, with status 1 if count is not reached") } },
		.summary = "show the way of each new connection as others make it, hop by hop",
		.example = "trace watch ECS1 -> EIP2 tcp 80 count 1",
		.run = run_trace_watch,
	},
	{
		.words = "matrix",
		.parameter = { { PARAMETER("tcp", PORT, PARAMETER_KEY | PARAMETER_SINGLE,
					   "to this port; tcp 80 if nothing is given") },
			       { PARAMETER("udp", PORT, PARAMETER_KEY | PARAMETER_SINGLE | PARAMETER_OR,
					   "to this port") },
			       { PARAMETER("icmp", WORD, PARAMETER_FLAG | PARAMETER_OR,
					   "by an echo request") },
			       { PARAMETER("--live", WORD, PARAMETER_FLAG,
					   "try each pair with a real packet, too") } },
		.summary = "who reaches whom, as predicted or as probed",
		.example = "matrix tcp 80",
		.run = run_matrix,
	},
	{
		.words = "graph",
		.parameter = { { PARAMETER("--format", CHOICE, PARAMETER_KEY,
					   "text if not given"), .words = picture_format_words } },
		.summary = "draw the lab's topology",
		.example = "graph --format svg",
		.run = run_graph,
	},
	{ .words = NULL },
};

const struct command_family family_explain = { "Why", (const struct command *const[]){ commands_explain, NULL }, FOR_ALL };
