/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/expect.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/session/interrupt.h"
#include "cli/session/node_command.h"
#include "cli/session/report.h"
#include "cli/session/run.h"
#include "cli/session/session.h"
#include "cli/session/suppress.h"
#include "cli/view/explain.h"
#include "cli/view/probe.h"
#include "cli/view/reach.h"
#include "core/base/cleanup.h"
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "lab/language/arguments.h"
#include "lab/language/statement.h"
#include "lab/live/cures.h"
#include "lab/live/explain.h"
#include "lab/reach/intent.h"

#define WITHIN_COMMAND 30.0   /* seconds that a command in a node may take */
#define WITHIN_MAX     3600.0 /* seconds that an expectation may ask for */
#define EVENTUALLY     30.0   /* seconds until it holds, where nothing else is said */
#define BETWEEN_TRIES  0.1    /* seconds */
#define TRY_AT_LEAST   1.0    /* seconds for a program that is tried, the last time, too */
#define EXCERPT_LINES  8      /* of what a failed command said */

/* A reachable or blocked expectation that waits. */
struct waiting {
	const char *text, *file;
	unsigned line;
	bool blocked;
	uint32_t seen_as;    /* 0: whatever */
	const char *because; /* the code that explain is to name; NULL: whatever */
	size_t group;        /* report_group() */
	struct probe probe;
};

/* What came of a try, where others may follow. */
struct attempt {
	bool passed;
	char *reason, *note;
};

/* One of several tries is remembered, and only the last one counts. */
static void conclude(struct session *session, const struct expectation *expectation)
{
	struct attempt *attempt = session->attempt;

	if (!attempt) {
		report_expectation(session->report, expectation);
		session->check_failed |= !expectation->passed;
		return;
	}
	attempt->passed = expectation->passed;
	free(attempt->reason);
	free(attempt->note);
	attempt->reason = expectation->reason ? xstrdup(expectation->reason) : NULL;
	attempt->note = expectation->note ? xstrdup(expectation->note) : NULL;
}

static void report(struct session *session, bool passed, const char *reason, double seconds)
{
	struct expectation expectation = {
		.text = session->line_text,
		.file = session->script->source.name,
		.line = session->line->number,
		.passed = passed,
		.reason = reason,
		.seconds = seconds,
	};

	conclude(session, &expectation);
}

static int status_of(const struct session *session, bool passed)
{
	return passed || session->attempt ? EXIT_OK : EXIT_EXPECTATION;
}

/* ---- commands in nodes: ok, fail, output ---- */

/* The end of what a command said: there the cause stands. */
static void add_excerpt(struct text *reason, const struct text *said)
{
	const char *s = text_get(said), *start = s + said->length;
	unsigned lines = 0;

	while (start > s &&
	       (start[-1] != '\n' || start == s + said->length || ++lines < EXCERPT_LINES))
		start--;
	if (!*start)
		return;
	text_addf(reason, "\n%s", start);
	while (reason->length && reason->s[reason->length - 1] == '\n')
		reason->s[--reason->length] = '\0';
}

static void add_status(struct text *reason, const struct node_capture *capture)
{
	if (capture->interrupted)
		text_add(reason, "it was interrupted");
	else if (capture->timed_out)
		text_addf(reason, "it took longer than %g s and was ended", capture->within);
	else if (capture->status > 128 && capture->status - 128 <= SIGRTMAX)
		text_addf(reason, "it was ended by signal %d (%s)", capture->status - 128,
			  strsignal(capture->status - 128));
	else
		text_addf(reason, "its exit status is %d", capture->status);
}

static void capture_free(struct node_capture *capture)
{
	text_free(&capture->output);
	text_free(&capture->errors);
}

/* Run the command of the expectation, or in validate only look at its words. 1: go on and judge.
 */
static int run_command(struct session *session, const struct arguments *arguments,
		       struct node_capture *capture, struct error *err)
{
	const char *node = arguments_get(arguments, "node");
	auto_free char **argv = arguments_vector(arguments, "command", NULL);
	int r = session_enter(session, node, argv, err);

	*capture = (struct node_capture){ .within = session->within > 0 ? session->within
									: WITHIN_COMMAND };
	if (r <= 0)
		return r;
	r = node_capture(session, node, argv, capture, err);
	return r < 0 ? r : 1;
}

static int expect_status(struct session *session, const struct arguments *arguments, bool want_ok,
			 struct error *err)
{
	struct node_capture capture;
	auto_text reason = { 0 };
	int r = run_command(session, arguments, &capture, err);
	bool whole = !capture.timed_out && !capture.interrupted;
	bool passed = whole && (capture.status == 0) == want_ok;

	if (r <= 0) {
		capture_free(&capture);
		return r;
	}
	add_status(&reason, &capture);
	add_excerpt(&reason, capture.errors.length ? &capture.errors : &capture.output);
	report(session, passed, passed ? NULL : text_get(&reason), capture.seconds);
	capture_free(&capture);
	return status_of(session, passed);
}

int expect_ok(struct session *session, const struct arguments *arguments, struct error *err)
{
	return expect_status(session, arguments, true, err);
}

int expect_fail(struct session *session, const struct arguments *arguments, struct error *err)
{
	return expect_status(session, arguments, false, err);
}

int expect_output(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *wanted = arguments_get(arguments, "text");
	struct node_capture capture;
	auto_text reason = { 0 };
	char address[ADDRESS_TEXT_SIZE] = "";
	uint32_t ip;
	bool found, passed;
	int r;

	if (!*wanted) { /* a variable that is empty, perhaps: such an expectation could not fail */
		error_set(err, -EINVAL, "every output contains an empty text");
		error_hint(err, "expect ok NODE COMMAND... is about the exit status alone");
		strcpy(err->argument, "text");
		return -EINVAL;
	}
	r = run_command(session, arguments, &capture, err);

	if (r <= 0) {
		capture_free(&capture);
		return r;
	}
	if (model_address(session->lab->model, wanted, &ip))
		address_format(ip, address);
	found = strstr(text_get(&capture.output), wanted) ||
		(*address && strstr(text_get(&capture.output), address));
	passed = found && capture.status == 0 && !capture.timed_out && !capture.interrupted;
	if (capture.status != 0 || capture.timed_out || capture.interrupted)
		add_status(&reason, &capture);
	else
		text_addf(&reason, "its output has no %s%s%s%s", wanted, *address ? " (" : "",
			  address, *address ? ")" : "");
	add_excerpt(&reason, capture.status != 0 && capture.errors.length ? &capture.errors
									  : &capture.output);
	report(session, passed, passed ? NULL : text_get(&reason), capture.seconds);
	capture_free(&capture);
	return status_of(session, passed);
}

/* ---- probes: reachable, blocked ---- */

static int parse_seen_as(const struct session *session, const struct arguments *arguments,
			 uint32_t *ret_address, struct error *err)
{
	const char *seen_as = arguments_get(arguments, "seen-as");

	*ret_address = 0;
	if (!seen_as || address_parse(seen_as, ret_address) ||
	    model_address(session->lab->model, seen_as, ret_address))
		return 0;
	error_set(err, -EINVAL,
		  "%.64s is neither an address nor the name of something that has one", seen_as);
	strcpy(err->argument, "seen-as");
	return -EINVAL;
}

static int gather(struct session *session, const struct arguments *arguments, bool blocked,
		  struct error *err)
{
	struct waiting waiting = { .blocked = blocked, .line = session->line->number };
	struct arena *arena = &session->expected.arena;
	size_t n;
	auto_free char **words = arguments_vector(arguments, "flow", &n);
	int r = flow_parse(session->lab->model, (const char *const *)words, n, &waiting.probe.flow,
			   err);

	if (r >= 0)
		r = parse_seen_as(session, arguments, &waiting.seen_as, err);
	if (r < 0 || session->validate_only)
		return r;
	waiting.group = report_group(session->report);
	waiting.probe.within = session->within;
	waiting.probe.expect_blocked = blocked;
	if (arguments_has(arguments, "because"))
		waiting.because = arena_strdup(arena, arguments_get(arguments, "because"));
	waiting.text = arena_strdup(arena, session->line_text);
	waiting.file = arena_strdup(arena, session->script->source.name);
	*ARRAY_PUSH(session->expected.waiting, session->expected.n_waiting) = waiting;
	return 0;
}

int expect_reachable(struct session *session, const struct arguments *arguments, struct error *err)
{
	return gather(session, arguments, false, err);
}

int expect_blocked(struct session *session, const struct arguments *arguments, struct error *err)
{
	return gather(session, arguments, true, err);
}

/* It is blocked; does explain say so, and for that reason? */
static bool judge_because(const struct lab *lab, const struct waiting *waiting, struct text *reason)
{
	struct explanation x;
	bool passed;

	explain_in_lab(lab, &waiting->probe.flow, &x);
	passed = strcmp(code_word(x.code), waiting->because) == 0;
	if (!passed) {
		text_addf(reason, "it was blocked, but not because of %s: ", waiting->because);
		explain_add_reason(reason, lab->model, &x);
	}
	explanation_free(&x);
	return passed;
}

/* Say why it does not get through, as it should. */
static void add_why(const struct lab *lab, const struct waiting *waiting, struct text *reason)
{
	struct explanation x;

	explain_in_lab(lab, &waiting->probe.flow, &x);
	if (!x.reachable) {
		text_add_char(reason, '\n');
		explain_add_reason(reason, lab->model, &x);
	}
	explanation_free(&x);
}

static bool judge(const struct lab *lab, const struct waiting *waiting, struct text *reason)
{
	const struct model *model = lab->model;
	const struct probe *probe = &waiting->probe;
	bool reached = probe->verdict == PROBE_REACHED;

	if (reached && waiting->seen_as && waiting->seen_as != probe->seen_as) {
		text_add(reason, "it was reached, but the far end saw ");
		if (probe->seen_as)
			probe_add_address(reason, model, probe->seen_as);
		else
			text_add(reason, "nothing of it");
		text_add(reason, ", not ");
		probe_add_address(reason, model, waiting->seen_as);
		return false;
	}
	if (reached != waiting->blocked)
		return !waiting->because || judge_because(lab, waiting, reason);
	probe_add_sentence(reason, model, probe);
	if (!reached)
		add_why(lab, waiting, reason);
	return false;
}

static void report_probe(struct session *session, const struct waiting *waiting)
{
	auto_text reason = { 0 };
	bool passed = judge(session->lab, waiting, &reason);
	struct expectation expectation = {
		.text = waiting->text,
		.file = waiting->file,
		.line = waiting->line,
		.passed = passed,
		.reason = passed ? NULL : text_get(&reason),
		.note = waiting->probe.verdict == PROBE_REACHED
				? NULL
				: probe_verdict_word(waiting->probe.verdict),
		.seconds = waiting->probe.seconds,
		.group = waiting->group,
	};

	conclude(session, &expectation);
}

int expect_flush(struct session *session, struct error *err)
{
	struct expected *expected = &session->expected;
	struct probe *probes;
	int r;

	if (!expected->n_waiting)
		return 0;
	r = session_build(session, err);
	probes = xalloc(expected->n_waiting * sizeof(*probes));
	for (size_t i = 0; i < expected->n_waiting; i++)
		probes[i] = expected->waiting[i].probe;
	if (r >= 0)
		r = probe_run(session->lab, probes, expected->n_waiting, err);
	for (size_t i = 0; r >= 0 && i < expected->n_waiting; i++) {
		expected->waiting[i].probe = probes[i];
		report_probe(session, &expected->waiting[i]);
	}
	free(probes);
	expected_free(expected);
	return r < 0 ? r : 0;
}

/* ---- refusals: error ---- */

/* "Forbidden.*" */
static bool code_matches(const char *pattern, const char *code)
{
	size_t length = strlen(pattern);

	if (length && pattern[length - 1] == '*')
		return strncmp(code, pattern, length - 1) == 0;
	return strcmp(code, pattern) == 0;
}

/* Try the change and go back; 1: it was accepted, 0: the refusal says why not. */
static int try_change(struct session *session, const struct statement *statement,
		      struct error *refusal, struct error *err)
{
	struct lab *lab = session->lab;
	size_t savepoint;
	int r = lab_begin(lab, err), undone;

	if (r < 0)
		return session_machine(session, r);
	savepoint = lab_savepoint(lab);
	r = statement_change(lab->model, statement, refusal);
	if (r >= 0)
		lab_record(lab, session->line_text);
	undone = lab_rollback(lab, savepoint, err);
	return undone < 0 ? session_machine(session, undone) : r >= 0;
}

/* In validate it is known by now whether the expectation holds. */
static int judge_refusal(struct session *session, bool accepted, const char *code,
			 const struct error *refusal, struct error *err)
{
	bool passed = !accepted && code_matches(code, refusal->code);
	auto_text reason = { 0 };

	if (session->reads_ahead) {
		session->exit_asked = accepted; /* the model has what the lab will not have */
		return 0;
	}
	if (accepted)
		text_add(&reason, "the command was accepted");
	else if (*refusal->code)
		text_addf(&reason, "it was refused with %s: %s", refusal->code, refusal->message);
	else
		text_addf(&reason, "it was refused, but not by the cloud: %s", refusal->message);
	if (!session->validate_only) {
		report(session, passed, passed ? NULL : text_get(&reason), 0);
		return status_of(session, passed);
	}
	return passed ? 0
		      : error_set(err, -EINVAL, "%s is expected, but %s", code, text_get(&reason));
}

int expect_error(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *code = arguments_get(arguments, "code");
	const struct token *first = arguments_find(arguments, "command")->token;
	const struct token *token = first;
	struct statement statement = { 0 };
	struct error refusal = { 0 };
	int r = statement_parse_from(session->language, session->lab->model, session->line, first,
				     &statement, &token, &refusal);

	if (r >= 0 && (statement.kind != STATEMENT_COMMAND ||
		       !(statement.arguments.command->flags & COMMAND_CHANGES))) {
		statement_free(&statement);
		session->fault = first;
		return error_set(err, -EINVAL, "expect error takes a command that changes the lab");
	}
	if (r >= 0) {
		token = arguments_token(arguments, "code");
		r = try_change(session, &statement, &refusal, err);
	} else {
		r = 0; /* its form is refused already */
	}
	statement_free(&statement);
	if (r < 0)
		return r;
	r = judge_refusal(session, r > 0, code, &refusal, err);
	if (r < 0)
		session->fault = token;
	return r;
}

/* ---- times: within, eventually ---- */

static int parse_seconds(const char *word, double *ret_seconds, struct error *err)
{
	char *end;
	double seconds = strtod(word, &end);

	if (end == word || *end || !isfinite(seconds) || seconds <= 0 || seconds > WITHIN_MAX) {
		error_set(err, -EINVAL, "%.64s is not a number of seconds between 0 and %g", word,
			  WITHIN_MAX);
		strcpy(err->argument, "seconds");
		return -EINVAL;
	}
	*ret_seconds = seconds;
	return 0;
}

/* Again and again; a program has the time that is left. */
static int try_until(struct session *session, const struct statement *statement, double seconds,
		     struct error *err)
{
	const double begin = clock_seconds(), end = begin + seconds;
	auto_free struct attempt *attempt = xnew(struct attempt);
	struct expectation expectation;
	int r;

	session->attempt = attempt;
	do {
		double left = end - clock_seconds();

		left = left > TRY_AT_LEAST ? left : TRY_AT_LEAST;
		session->within = statement->arguments.command->flags & COMMAND_GATHERS ? 0
				  : left < WITHIN_COMMAND                               ? left
							  : WITHIN_COMMAND;
		r = session_execute(session, statement, err);
		if (r >= 0)
			r = expect_flush(session, err);
		if (r < 0 || attempt->passed || clock_seconds() + BETWEEN_TRIES >= end)
			break;
		(void)poll(NULL, 0, (int)(BETWEEN_TRIES * 1000));
	} while (!interrupt_ended() && !(session->interactive && interrupt_seen()));
	session->attempt = NULL;
	if (r >= 0) {
		expectation = (struct expectation){ .text = session->line_text,
						    .file = session->script->source.name,
						    .line = session->line->number,
						    .passed = attempt->passed,
						    .reason = attempt->reason,
						    .note = attempt->passed ? NULL : attempt->note,
						    .seconds = clock_seconds() - begin };
		conclude(session, &expectation);
		r = status_of(session, attempt->passed);
	}
	free(attempt->reason);
	free(attempt->note);
	return r;
}

/* `expect [eventually] [within SECONDS]` before an expectation. NULL with err: twice, or no number.
 */
static const struct token *read_times(struct session *session, const struct arguments *arguments,
				      double *ret_within, bool *ret_eventually, struct error *err)
{
	const struct token *end = session->line->token + session->line->n_token;
	const struct token *token = arguments->first + 1;

	for (; token < end; token++) {
		const bool eventually = strcmp(token->word, "eventually") == 0;

		session->fault = token;
		if (!eventually && strcmp(token->word, "within") != 0)
			break;
		if (eventually ? *ret_eventually : *ret_within > 0) {
			error_set(err, -EINVAL, "%s is given already",
				  eventually ? "eventually" : "the time");
			return NULL;
		}
		*ret_eventually |= eventually;
		if (!eventually && ++token < end) {
			session->fault = token;
			if (parse_seconds(token->word, ret_within, err) < 0)
				return NULL;
		}
	}
	session->fault = NULL;
	return token;
}

/* `expect within 5 ok ECS1 true` is `expect ok ECS1 true` with a time. */
int expect_timed(struct session *session, const struct arguments *arguments, struct error *err)
{
	double within = 0;
	bool eventually = false;
	const struct token *rest = read_times(session, arguments, &within, &eventually, err);
	struct line line = { .number = session->line->number };
	struct statement statement = { 0 };
	const struct token *token = NULL;
	int r;

	if (!rest)
		return -EINVAL;
	*ARRAY_PUSH(line.token, line.n_token) = *arguments->first;
	for (const struct token *t = rest; t < session->line->token + session->line->n_token; t++)
		*ARRAY_PUSH(line.token, line.n_token) = *t;
	r = statement_parse(session->language, session->lab->model, &line, &statement, &token, err);
	if (r < 0) {
		session->fault = token;
	} else if (statement.arguments.command->run == expect_error) {
		session->fault = rest;
		r = error_set(err, -EINVAL, "a refusal needs no time: expect error");
	} else if (eventually && !session->validate_only) {
		r = try_until(session, &statement, within > 0 ? within : EVENTUALLY, err);
	} else {
		session->within = within;
		r = session_execute(session, &statement, err);
	}
	session->within = 0;
	/* The words are the session's line's; so must the place of a fault be. */
	if (session->fault == line.token)
		session->fault = arguments->first;
	else if (session->fault > line.token && session->fault < line.token + line.n_token)
		session->fault = rest + (session->fault - line.token) - 1;
	statement_free(&statement);
	free(line.token);
	return r;
}

/* ---- intent: never, always ---- */

#define OFFENDERS_MAX 5 /* that are listed */

static int parse_intent(const struct session *session, const struct arguments *arguments,
			struct intent *ret_intent, struct error *err)
{
	size_t n, n_but;
	auto_free char **words = arguments_vector(arguments, "flows", &n);
	auto_free char **but = arguments_vector(arguments, "except", &n_but);
	const struct model *model = session->lab->model;
	int r = flows_parse(model, (const char *const *)words, n, &ret_intent->flows, err);

	return r < 0 ? r
		     : flows_parse_list(model, (const char *const *)but, n_but, &ret_intent->except,
					err);
}

/* A witness, what explain says of it, and what would keep the intent. */
static void add_offence(struct text *reason, const struct session *session,
			const struct intent *intent, const struct reach *reach)
{
	const struct model *model = session->lab->model;
	auto_text sets = { 0 }, way = { 0 };
	auto_free char *cure = NULL;
	struct explanation x;

	reach_add_offenders(&sets, reach, OFFENDERS_MAX);
	text_addf(reason, "%s\n%s\n",
		  intent->always ? "of these, not all gets through:" : "these get through:",
		  text_get(&sets));
	if (intent->always && !reach->row[0].witness.stranger)
		explain_with_cures(session->lab, &reach->row[0].witness, true, &x);
	else
		reach_explain(reach, &reach->row[0], 0, &x);
	if (!intent->always)
		x.n_cure = 0; /* of what is not to get through */
	explain_add_text(&way, model, &x, 0, false);
	text_add(reason, text_get(&way));
	explanation_free(&x);
	if (!intent->always && intent_cure(model, intent, &cure) && cure)
		text_addf(reason, "\nThis would keep it, and closes least besides:\n%s", cure);
}

/* What holds, does so by what is understood. */
static void say_doubts(struct session *session, const struct explain_index *index)
{
	auto_free const char **doubt = NULL;
	auto_text words = { 0 };
	size_t n = 0;

	explain_index_doubts(index, &doubt, &n);
	for (size_t i = 0; i < n; i++)
		text_addf(&words, "%s%s", i ? "; " : "", doubt[i]);
	session_say(session, "not understood, and taken for nothing: %s", text_get(&words));
}

static int expect_intent(struct session *session, const struct arguments *arguments, bool always,
			 struct error *err)
{
	struct intent intent = { .always = always };
	auto_text reason = { 0 }, doubts = { 0 };
	struct reach *reach;
	struct explainer explainer;
	bool passed;
	int r = parse_intent(session, arguments, &intent, err);

	if (r < 0 || session->validate_only) {
		free(intent.except.flows);
		return r;
	}
	explainer_begin(&explainer, session->lab);
	explainer_read(&explainer, NULL, 0);
	reach = intent_offenders(session->lab->model, explainer.index, &intent);
	passed = !reach->n_offender && !reach->given_up && reach->n_cell;
	if (reach->n_offender)
		add_offence(&reason, session, &intent, reach);
	else if (!reach->n_cell)
		text_add(&reason, "there are no such packets: nobody in the lab could send them");
	else
		text_add(&reason, "there are too many cells to look at them all");
	explain_add_doubts(&doubts, reach->index, 1, 0);
	if (!passed)
		text_add(&reason, text_get(&doubts));
	report(session, passed, passed ? NULL : text_get(&reason), 0);
	if (passed && doubts.length && !session->quiet)
		say_doubts(session, reach->index[0]);
	reach_free(reach);
	explainer_end(&explainer);
	free(intent.except.flows);
	return status_of(session, passed);
}

int expect_never(struct session *session, const struct arguments *arguments, struct error *err)
{
	return expect_intent(session, arguments, false, err);
}

int expect_always(struct session *session, const struct arguments *arguments, struct error *err)
{
	return expect_intent(session, arguments, true, err);
}
