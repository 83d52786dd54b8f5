/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/session/diagnostic.h"
#include "cli/session/expect.h"
#include "cli/session/interrupt.h"
#include "cli/session/jobs.h"
#include "cli/session/node_command.h"
#include "cli/session/report.h"
#include "cli/session/suppress.h"
#include "cli/session/variables.h"
#include "cli/view/terminal.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "core/base/text.h"
#include "lab/language/arguments.h"
#include "lab/language/replay.h"
#include "lab/language/statement.h"

struct session *session_new(struct lab *lab)
{
	struct session *session = xnew(struct session);

	session->lab = lab;
	session->out = stdout;
	session->node_stdin = -1;
	session->variables = variables_new();
	session->jobs = jobs_new();
	session->poison = poison_new();
	return session;
}

static void forget_pending(struct session *session)
{
	for (size_t i = 0; i < session->n_pending; i++)
		free(session->pending[i]);
	free(session->pending);
	session->pending = NULL;
	session->n_pending = 0;
	session->removes = false;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	forget_pending(session);
	expect_free(session);
	variables_free(session->variables);
	jobs_free(session->jobs);
	poison_free(session->poison);
	free(session->stopped_why);
	free(session);
}

int session_machine(struct session *session, int r)
{
	session->machine_fault = true;
	return r;
}

/* ---- what is said ---- */

void session_say(const struct session *session, const char *format, ...)
{
	auto_text text = { 0 };
	auto_free char *sentence = NULL;
	va_list ap;

	va_start(ap, format);
	sentence = xvprintf(format, ap);
	va_end(ap);
	if (session->script && session->line && *session->script->source.name) {
		const char *name = session->script->source.name;

		text_add_escaped(&text, name, strlen(name));
		text_addf(&text, ":%u: ", session->line->number);
	}
	text_add_escaped(&text, sentence, strlen(sentence));
	fflush(session->out);
	fprintf(stderr, "%s\n", text_get(&text));
}

/* A diagnostic, and what follows from it for the script. */
static void complain(struct session *session, const struct token *token, const struct error *err)
{
	static const struct source nowhere = { .name = "", .text = "" };
	const struct source *source = session->script ? &session->script->source : &nowhere;
	bool machine = session->machine_fault;

	if (interrupt_ended()) { /* whatever went wrong, that is why */
		session->stopped = interrupt_ended();
		return;
	}
	fflush(session->out);
	diagnostic_write(stderr, session->format, source, machine ? NULL : token, err,
			 session->color_err);
	session->n_mistake++;
	session->machine_fault = false;
	session->last_status = machine ? EXIT_MACHINE : EXIT_INPUT;
	if (session->validate_only && !machine)
		return;
	session->stopped = session->last_status;
	free(session->stopped_why);
	session->stopped_why = token && !machine
				       ? xprintf("%s:%u: %s%s%s", source->name, token->line,
						 err->code, err->code[0] ? ": " : "", err->message)
				       : xstrdup(err->message);
}

/* run shows what it does; the marks stand where those of the expectations stand. */
static void show_step(const struct session *session)
{
	auto_text text = { 0 };

	if (!session->steps || session->quiet || !session->line_text)
		return;
	text_add_escaped(&text, session->line_text, strlen(session->line_text));
	fflush(session->out);
	if (session->color_err)
		fprintf(stderr, "\033[2m+       %s\033[0m\n", text_get(&text));
	else
		fprintf(stderr, "+       %s\n", text_get(&text));
}

int session_write(struct session *session, struct output *output, struct error *err)
{
	unsigned width = terminal_width(fileno(session->out));
	int r = output_write(output, session->out, session->format, width, session->color_out);

	output_free(output);
	if (r >= 0)
		return 0;
	clearerr(session->out); /* said here, and not once more at the end */
	return session_machine(session,
			       error_set(err, r, "cannot write the answer: %s", strerror(-r)));
}

/* ---- names ---- */

/* What has an address, or a value: the nearest to a name that has none. */
static void hint_name(const struct session *session, const char *name, struct error *err)
{
	const struct model *model = session->lab->model;
	struct nearest nearest = { .typed = name };
	const char *other, *value;
	uint32_t ip;

	for (size_t i = 0; variables_each(session->variables, i, &other, &value); i++)
		nearest_offer(&nearest, other);
	other = model_nearest(model, ~0U, name);
	if (other && model_address(model, other, &ip))
		nearest_offer(&nearest, other);
	if (nearest.best[0])
		error_hint(err, "did you mean $%s?", nearest.best);
	else
		error_hint(err, "set %s VALUE", name);
}

int session_expand(void *arg, const char *name, struct text *text, struct error *err)
{
	struct session *session = arg;
	const char *value = variables_get(session->variables, name);
	char address[ADDRESS_TEXT_SIZE];
	uint32_t ip;

	if (value) {
		text_add(text, value);
		return 0;
	}
	if (model_address(session->lab->model, name, &ip)) {
		text_add(text, address_format(ip, address));
		return 0;
	}
	session->in_doubt |= poison_has(session->poison, name);
	if (model_find(session->lab->model, name)) {
		error_set(err, -ENOENT, "%s has no address", name);
		return -ENOENT;
	}
	error_set(err, -ENOENT, "$%s is neither a variable nor a resource", name);
	hint_name(session, name, err);
	return -ENOENT;
}

int session_check_node(const struct session *session, const char *name, const char *key,
		       struct error *err)
{
	const char *nearest;

	if (model_is_node(session->lab->model, name))
		return 0;
	error_set(err, -ENOENT, "there is no node %.64s", name);
	snprintf(err->argument, sizeof(err->argument), "%s", key);
	nearest = model_nearest(session->lab->model, NOUNS_NODE, name);
	if (nearest)
		error_hint(err, "did you mean %s?", nearest);
	return -ENOENT;
}

/* ---- changes ---- */

static int commit(struct session *session, struct error *err)
{
	int r;

	if (!lab_has_pending(session->lab))
		return 0;
	r = lab_commit(session->lab, err);
	forget_pending(session);
	/* What a rule says is the input's fault even this late. */
	return r < 0 && !err->code[0] ? session_machine(session, r) : r;
}

int session_build(struct session *session, struct error *err)
{
	int r = commit(session, err);

	if (r < 0)
		return r;
	r = lab_need_sandbox(session->lab, err);
	return r < 0 ? session_machine(session, r) : 0;
}

int session_undo(struct session *session, struct error *err)
{
	int r;

	if (session->lab->model_only)
		return 0;
	/* The model is ahead of what was recorded; it goes back only where there is something to
	 * give up. */
	lab_record(session->lab, session->line_text);
	r = lab_abort(session->lab, err);
	if (r >= 0 && session->n_pending)
		r = lab_begin(session->lab, err);
	for (size_t i = 0; r >= 0 && i < session->n_pending; i++) {
		r = replay_change(session->lab->model, session->pending[i], err);
		if (r >= 0)
			lab_record(session->lab, session->pending[i]);
	}
	return r < 0 ? session_machine(session, r) : 0;
}

static bool is_removal(const struct command *command)
{
	const char *verb = strrchr(command->words, ' ');

	return verb && (strcmp(verb, " delete") == 0 || strcmp(verb, " stop") == 0);
}

/*
 * What is removed and made again is another thing: a service starts anew, an ECS loses its
 * processes. In one batch the two would cancel out, so a batch that removes goes to the kernel
 * before anything is made.
 */
static int execute_change(struct session *session, const struct statement *statement,
			  struct error *err)
{
	bool removal = is_removal(statement->arguments.command), first;
	char *text;
	int r;

	if (session->removes && !removal && (r = commit(session, err)) < 0)
		return r;
	first = !lab_has_pending(session->lab);
	if (first && (r = lab_begin(session->lab, err)) < 0)
		return session_machine(session, r);
	r = statement->arguments.command->change(session->lab->model, &statement->arguments, err);
	if (r < 0) {
		if (first) /* lets go of the lock */
			(void)lab_abort(session->lab, &(struct error){ 0 });
		return r;
	}
	text = replay_text(session->line);
	lab_record(session->lab, text);
	*ARRAY_PUSH(session->pending, session->n_pending) = text;
	session->removes |= removal;
	show_step(session);
	return session->interactive && session->script->depth == 0 ? commit(session, err) : 0;
}

static int execute_node(struct session *session, const struct statement *statement,
			struct error *err)
{
	int r;

	if (session->validate_only)
		return 0;
	show_step(session);
	r = session_build(session, err);
	if (r < 0)
		return r;
	fflush(session->out);
	if (statement->background)
		return node_background(session, statement->node, statement->argv, err);
	r = node_run(session, statement->node, statement->argv, err);
	session->n_program += r == 0;
	if (r > 0 && session->steps)
		session_say(session, "%s: exit status %d", session->line_text, r);
	return r;
}

int session_execute(struct session *session, const struct statement *statement, struct error *err)
{
	const struct command *command =
		statement->kind == STATEMENT_COMMAND ? statement->arguments.command : NULL;
	int r;

	if (!command || !expect_gathers(command)) {
		r = expect_flush(session, err);
		if (r < 0)
			return session_machine(session, r);
	}
	if (!command)
		return execute_node(session, statement, err);
	if (command->flags & COMMAND_CHANGES) {
		r = execute_change(session, statement, err);
	} else {
		r = (command->flags & COMMAND_KERNEL) && !session->validate_only
			    ? session_build(session, err)
			    : 0;
		if (r >= 0)
			r = command->run(session, &statement->arguments, err);
	}
	if (r >= 0)
		poison_cure(session->poison, statement);
	if (r < 0 && !session->fault)
		session->fault = arguments_token(&statement->arguments, err->argument);
	return r;
}

/* ---- lines ---- */

/* For validate: is it news? Whatever it is, what the line was about is in doubt from now on. */
static bool is_news(struct session *session, const struct line *line,
		    const struct statement *statement, const struct token *token)
{
	bool explained =
		poison_explains(session->poison, session->lab->model, line, statement, token);

	if (session->validate_only && statement)
		poison_by(session->poison, statement);
	else if (session->validate_only)
		poison_by_line(session->poison, session->line_text, strlen(session->line_text));
	return !explained;
}

/* At a $NAME that stands for nothing. */
static void poison_name(struct session *session, const char *dollar, size_t length)
{
	const char *name = dollar + (length > 1 && dollar[1] == '{' ? 2 : 1),
		   *end = dollar + length;

	if (end > name && end[-1] == '}')
		end--;
	if (end > name) {
		auto_free char *copy = xstrndup(name, (size_t)(end - name));

		poison_add(session->poison, copy);
	}
}

/* The same of a line that could not be read into words, and ended at `end`. A name that nobody
 * knows is news once. */
static bool is_news_of_text(struct session *session, const struct source *source, size_t offset,
			    size_t end, const struct token *fault)
{
	if (!session->validate_only)
		return true;
	poison_by_line(session->poison, source->text + offset, end - offset);
	if (source->text[fault->offset] == '$')
		poison_name(session, source->text + fault->offset, fault->length);
	return !session->in_doubt;
}

static void execute_line(struct session *session, const struct line *line)
{
	const struct token *token = NULL;
	struct statement statement = { 0 };
	struct error err = { 0 };
	int r = statement_parse(session->lab->model, line, &statement, &token, &err);

	session->fault = NULL;
	if (r < 0) {
		if (is_news(session, line, NULL, token))
			complain(session, token, &err);
		return;
	}
	r = session_execute(session, &statement, &err);
	/* A program's own 1 says nothing about the lab. */
	if (statement.kind == STATEMENT_COMMAND && r == EXIT_EXPECTATION)
		session->check_failed = true;
	if (r >= 0)
		session->last_status = r;
	else if (is_news(session, line, &statement, session->fault))
		complain(session, session->fault, &err);
	statement_free(&statement);
}

bool session_next(struct session *session, struct script *script)
{
	const struct script *outer_script = session->script;
	const struct line *outer_line = session->line;
	const char *outer_text = session->line_text;
	size_t offset = script->offset;
	struct token fault = { 0 };
	struct line line = { 0 };
	struct error err = { 0 };
	int r;

	session->script = script;
	session->in_doubt = false;
	r = lab_refresh(session->lab, &err);
	if (r < 0) {
		session_machine(session, r);
		complain(session, NULL, &err);
		r = 0;
	} else {
		r = tokenize_line(&script->source, &script->offset, &script->line_number,
				  session_expand, session, &line, &fault, &err);
	}
	if (r < 0) {
		if (is_news_of_text(session, &script->source, offset, script->offset, &fault))
			complain(session, &fault, &err);
	} else if (r > 0 && line.n_token) {
		auto_free char *text = script_line_text(&script->source, offset, &line);

		session->line = &line;
		session->line_text = text;
		execute_line(session, &line);
	}
	line_free(&line);
	session->script = outer_script;
	session->line = outer_line;
	session->line_text = outer_text;
	return r != 0;
}

int session_flush(struct session *session)
{
	struct error err = { 0 };
	int r = expect_flush(session, &err);

	if (r < 0)
		session_machine(session, r);
	else
		r = commit(session, &err);
	if (r < 0)
		complain(session, NULL, &err);
	return session->stopped;
}

int session_run(struct session *session, struct script *script)
{
	while (!session->stopped && !session->exit_asked && session_next(session, script)) {
		if (interrupt_ended())
			session->stopped = interrupt_ended();
		else if (session->interactive && interrupt_seen())
			session->stopped = EXIT_INTERRUPTED;
	}
	/* What was accepted before a mistake stays. What a file includes gathers with what stands
	 * behind it. */
	if (!script->includer || session->interactive)
		session_flush(session);
	return session->stopped;
}

int session_exit_status(const struct session *session)
{
	if (session->stopped)
		return session->stopped;
	if (session->validate_only && session->n_mistake)
		return EXIT_INPUT;
	return session->check_failed ? EXIT_EXPECTATION : session->last_status;
}
