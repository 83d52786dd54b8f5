/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/session/diagnostic.h"
#include "cli/session/expect.h"
#include "cli/session/interrupt.h"
#include "cli/session/node_command.h"
#include "cli/session/places.h"
#include "cli/session/report.h"
#include "cli/session/suppress.h"
#include "cli/view/show.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/language/arguments.h"
#include "lab/language/statement.h"
#include "lab/nouns/replay.h"

void session_complain(struct session *session, const struct token *token, const struct error *err)
{
	static const struct source nowhere = { .name = "", .text = "" };
	const struct source *source = session->script ? &session->script->source : &nowhere;
	bool machine = session->machine_fault;
	auto_text why = { 0 };

	if (interrupt_ended()) { /* whatever went wrong, that is why */
		session->stopped = interrupt_ended();
		return;
	}
	/* Of the many lines that braces make of one, the first mistake stands for the others. */
	if (session->validate_only && session->told && token)
		return;
	session->told = true;
	fflush(session->out);
	token = machine ? NULL : token;
	/* What reads on after a mistake may meet it a thousand times. */
	if (!session->validate_only || session->format == OUTPUT_JSON ||
	    repeats_count(&session->repeats, err) <= REPEATS_TOLD)
		diagnostic_write(stderr, session->format, source, token, err, session->color_err);
	if (session->remarks) {
		struct remark remark = diagnostic_remark(source, token, err);

		remarks_add(session->remarks, &remark);
	}
	session->n_mistake++;
	session->machine_fault = false;
	session->last_status = machine ? EXIT_MACHINE : EXIT_INPUT;
	if (!session->validate_only || machine)
		session->stopped = session->last_status;
	if (session->stopped_why) /* the first mistake is why */
		return;
	if (token && !machine)
		diagnostic_place(&why, source, token, false);
	session->stopped_why = xprintf("%s%s%s%s", text_get(&why), why.length ? err->code : "",
				       why.length && err->code[0] ? ": " : "", err->message);
}

/* The line at hand is to have worked: in a file, that is a check like any other. */
static void count_failure(struct session *session, const char *reason)
{
	struct expectation expectation = {
		.text = session->line_text,
		.file = session->script->source.name,
		.line = session->line->number,
		.reason = reason,
	};

	session->check_failed = true;
	if (session->report)
		report_expectation(session->report, &expectation);
}

/* run shows what it does; the marks stand where those of the expectations stand. */
static void show_step(const struct session *session, const char *line)
{
	auto_text text = { 0 };

	if (!session->steps || session->quiet || !line)
		return;
	report_heading(session->report, report_group(session->report));
	text_add_escaped(&text, line, strlen(line));
	fflush(session->out);
	if (session->color_err)
		fprintf(stderr, "\033[2m+       %s\033[0m\n", text_get(&text));
	else
		fprintf(stderr, "+       %s\n", text_get(&text));
}

/* At the prompt, what was made is said with its address or number, which the cloud may have chosen.
 */
static void show_made(const struct session *session, const struct statement *statement, unsigned id)
{
	const struct model *model = session->lab->model;
	const struct arguments *arguments = &statement->arguments;
	const struct resource *resource = model_find_id(model, id);
	const struct security_group *group;
	auto_text text = { 0 };

	if (resource) {
		show_add_meaning(&text, model, resource);
		fprintf(session->out, "%s: %s\n", resource->name, text_get(&text));
	} else if (arguments_has(arguments, "direction")) {
		group = (const struct security_group *)model_find_noun(
			model, NOUNS(NOUN_SECURITY_GROUP), arguments_get(arguments, "name"));
		if (group) /* an ACL's rule was given its number */
			fprintf(session->out, "%s: rule %u\n", group->resource.name,
				group->rule[group->n_rule - 1].number);
	}
}

/*
 * What is removed and made again is another thing: a service starts anew, an ECS loses its
 * processes. In one batch the two would cancel out, so a batch that removes goes to the kernel
 * before anything is made.
 */
static int execute_change(struct session *session, const struct statement *statement,
			  struct error *err)
{
	bool removes = statement->arguments.command->flags & COMMAND_REMOVES;
	struct lab *lab = session->lab;
	auto_free char *text = NULL;
	unsigned next_id;
	size_t savepoint;
	int r;

	if (session->removes && !removes && (r = session_commit(session, err)) < 0)
		return r;
	if ((r = lab_begin(lab, err)) < 0)
		return session_machine(session, r);
	savepoint = lab_savepoint(lab);
	next_id = lab->model->next_id;
	r = statement_change(lab->model, statement, err);
	if (r < 0) {
		(void)lab_rollback(lab, savepoint, NULL); /* The refusal is the error to tell. */
		return r;
	}
	text = replay_text(session->line);
	lab_record(lab, text);
	session->removes |= removes;
	show_step(session, session->written);
	if (session->interactive && !session->quiet && session->script->depth == 0)
		show_made(session, statement, next_id);
	return 0;
}

static int execute_node(struct session *session, const struct statement *statement,
			struct error *err)
{
	int r;

	if (session->validate_only) {
		if (statement->node)
			lab_note_line(session->lab, statement->node, statement->argv);
		return 0;
	}
	show_step(session, session->line_text);
	r = statement->node ? session_build(session, err) : 0;
	if (r < 0)
		return r;
	fflush(session->out);
	if (statement->background)
		return node_background(session, statement->node, statement->argv, err);
	r = node_run(session, statement->node, statement->argv, err);
	session->n_program += r == 0;
	return r;
}

void session_judge(struct session *session, int status)
{
	auto_free char *reason = NULL;

	if (status <= 0 || !session->script->name || session->validate_only ||
	    (session->is_piped && status == 128 + SIGPIPE))
		return;
	reason = xprintf("its exit status is %d", status);
	count_failure(session, reason);
}

/* quota show and price show. */
static int show_setting(struct session *session, const struct command *command, struct error *err)
{
	struct output *output;

	if (session->validate_only)
		return 0;
	output = output_new();
	if (command_skip_word(command->words, "quota"))
		show_quotas(output, session->lab->model);
	else
		show_prices(output, session->lab->model);
	return session_write(session, output, err);
}

/* NOUN show [NAME], and a noun word alone. */
static int show_command(struct session *session, const struct arguments *arguments,
			struct error *err)
{
	enum noun noun = command_noun(session->lab->model, arguments->command);
	const char *name = arguments_get(arguments, "name");
	struct output *output;

	if (noun == NOUN_COUNT)
		return show_setting(session, arguments->command, err);
	if (name && !show_has(session->lab->model, noun, name)) {
		struct nearest nearest = { .typed = name };

		error_set(err, -ENOENT, "there is no %s %.128s",
			  model_noun_title(session->lab->model, noun), name);
		model_offer(session->lab->model, NOUNS(noun), &nearest);
		error_hint(err,
			   show_has(session->lab->model, noun, NULL)
				   ? "%s show"
				   : "there is none yet; help %s says how to make one",
			   model_noun_word(session->lab->model, noun));
		nearest_hint(&nearest, err);
		return -ENOENT;
	}
	if (session->validate_only)
		return 0;
	if (!name && session->interactive && !show_has(session->lab->model, noun, NULL))
		session_say(session, "there is no %s yet; help %s says how to make one",
			    model_noun_title(session->lab->model, noun),
			    model_noun_word(session->lab->model, noun));
	output = output_new();
	show_noun(output, NULL, session->lab, noun, name);
	return session_write(session, output, err);
}

int session_execute(struct session *session, const struct statement *statement, struct error *err)
{
	const struct command *command =
		statement->kind == STATEMENT_COMMAND ? statement->arguments.command : NULL;
	int r;

	if (!command || !(command->flags & COMMAND_GATHERS)) {
		r = expect_flush(session, err);
		if (r < 0)
			return session_machine(session, r);
	}
	if (!command)
		return execute_node(session, statement, err);
	if (command->flags & COMMAND_CHANGES) {
		r = execute_change(session, statement, err);
		if (r >= 0 && session->places)
			places_note(session->places, session, statement);
	} else {
		r = (command->flags & COMMAND_KERNEL) && !session->validate_only
			    ? session_build(session, err)
			    : 0;
		if (r >= 0)
			r = command->flags & COMMAND_SHOW
				    ? show_command(session, &statement->arguments, err)
				    : command->run(session, &statement->arguments, err);
	}
	if (r >= 0)
		suppress_lift(session->suppress, statement);
	if (r < 0 && !session->fault)
		session->fault = arguments_token(&statement->arguments, err->argument);
	return r;
}
