/* SPDX-License-Identifier: GPL-3.0-only */
/* All packets at once: reach, what-if. */
#include "cli/commands/reach.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/language.h"
#include "cli/session/lint.h"
#include "cli/session/run.h"
#include "cli/session/redirect.h"
#include "cli/session/session.h"
#include "cli/view/diff.h"
#include "cli/view/reach.h"
#include "cli/view/terminal.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/language/statement.h"
#include "lab/live/explain.h"
#include "lab/model/cloud.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/replay.h"

/* All that can be known of a lab and its hosts. */
static void know(struct explainer *explainer, const struct lab *lab)
{
	explainer_begin(explainer, lab);
	explainer_read(explainer, NULL, 0);
}

/* What another model changes in a lab of which that is known. */
static struct reach *diff_to(const struct explainer *explainer, const struct model *after)
{
	struct explain_index *index = explainer_index(explainer, after);
	struct reach *reach = reach_diff(explainer->index, index);

	reach->own_index[1] = index;
	return reach;
}

static int look(struct session *session, const struct arguments *arguments, const char *name,
		struct explainer *explainer, struct reach **ret_reach, struct error *err)
{
	size_t n;
	auto_free char **words = arguments_vector(arguments, name, &n);
	struct flows flows;
	int r = flows_parse(session->lab->model, (const char *const *)words, n, &flows, err);

	if (r < 0 || session->validate_only)
		return r;
	know(explainer, session->lab);
	*ret_reach = reach_new(session->lab->model, explainer->index, &flows);
	return 1;
}

static int run_reach(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct explainer explainer;
	struct reach *reach = NULL;
	struct reply reply;
	int r = look(session, arguments, "flows", &explainer, &reach, err);

	if (r <= 0)
		return r;
	reply = session_reply(session);
	if (reply.output)
		reach_output(reply.output, reach);
	else
		reach_add_text(&reply.text, reach, reply.width);
	reach_free(reach);
	explainer_end(&explainer);
	return session_tell(session, &reply, err);
}

int explain_flows(struct session *session, const struct arguments *arguments,
		  const struct error *no_flow, struct error *err)
{
	struct explainer explainer;
	struct reach *reach = NULL;
	struct reply reply;
	int r = look(session, arguments, "flow", &explainer, &reach, err);

	if (r < 0 && *no_flow->message)
		*err = *no_flow;
	if (r <= 0)
		return r;
	reply = session_reply(session);
	if (reply.output)
		reach_output_causes(reply.output, reach);
	else
		reach_add_causes(&reply.text, reach, reply.width);
	reach_free(reach);
	explainer_end(&explainer);
	return session_tell(session, &reply, err);
}

/* ---- changes ---- */

const struct word diff_format_words[] = {
	{ "text", DIFF_TEXT },
	{ "json", DIFF_JSON },
	{ "github", DIFF_MARKDOWN },
	{ 0 },
};

/* Status 1 where a flow changes. */
static int write_diff(struct session *session, const struct reach *reach, enum diff_format format,
		      struct error *err)
{
	struct output *output = output_new();
	const bool changes = diff_count(reach) > 0 || reach->given_up;
	auto_text text = { 0 };
	int r = 0;

	if (session->format == OUTPUT_JSON || format == DIFF_JSON) {
		diff_output(output, NULL, reach);
		output_write(output, session->out, OUTPUT_JSON, 0, false);
	} else if (format == DIFF_MARKDOWN) {
		diff_add_markdown(&text, reach);
	} else {
		diff_add_text(&text, reach, terminal_width(fileno(session->out)));
	}
	session_print(session, text_get(&text));
	output_free(output);
	if (fflush(session->out) != 0)
		r = session_machine(session, error_set(err, -errno, "cannot write the answer: %s",
						       strerror(errno)));
	return r < 0 ? r : changes ? EXIT_EXPECTATION : EXIT_OK;
}

/* Then it is of no cloud yet. */
static bool is_empty(const struct model *model)
{
	for (int noun = 0; noun < NOUN_COUNT; noun++)
		if (model_count(model, (enum noun)noun))
			return false;
	return true;
}

static int run_diff(struct session *session, const struct arguments *arguments, struct error *err)
{
	const struct word *format = arguments_has(arguments, "--format")
					    ? arguments_find(arguments, "--format")->choice
					    : diff_format_words;
	struct explainer before, after;
	struct lab *other = NULL;
	struct reach *reach;
	int r;

	if (session->validate_only)
		return 0;
	r = session_other_lab(session, arguments_get(arguments, "lab"), &other, err);
	if (r < 0)
		return r;
	if (other->model->provider != session->lab->model->provider &&
	    !is_empty(other->model) && !is_empty(session->lab->model)) {
		lab_close(other);
		error_set(err, -EINVAL, "the labs are of two clouds");
		return error_hint(err, "compare labs whose first line is the same: provider %s",
				  provider_word(session->lab->model->provider));
	}
	know(&before, session->lab);
	know(&after, other);
	reach = reach_diff(before.index, after.index);
	r = write_diff(session, reach, (enum diff_format)format->value, err);
	reach_free(reach);
	explainer_end(&before);
	explainer_end(&after);
	lab_close(other);
	return r;
}

/* ---- what if ---- */

/* The hint is a line to type as it stands: where it is the same command, it is that of a what-if. */
static void refuse_change(struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *words = arguments->command->words;
	auto_free char *hint = xstrdup(err->hint);

	session->fault = arguments_token(arguments, err->argument);
	if (strncmp(hint, words, strlen(words)) == 0)
		error_hint(err, "what-if %s", hint);
}

static int run_what_if(struct session *session, const struct arguments *arguments, struct error *err)
{
	const struct token *first = arguments_find(arguments, "command")->token, *token = first;
	struct model *after = model_copy(session->lab->model);
	struct statement statement = { 0 };
	struct explainer explainer;
	struct reach *reach;
	int r = statement_parse_from(session->language, after, session->line, first, &statement, &token,
				     err);

	if (r < 0) {
		session->fault = token;
	} else if (statement.kind != STATEMENT_COMMAND ||
		   !(statement.arguments.command->flags & COMMAND_CHANGES)) {
		session->fault = first;
		r = error_set(err, -EINVAL, "what-if takes a command that changes the lab");
		error_hint(err, "one that creates, sets, deletes: what-if vpc delete NAME, say");
	} else {
		r = statement_change(after, &statement, err);
		if (r < 0)
			refuse_change(session, &statement.arguments, err);
	}
	statement_free(&statement);
	if (r >= 0 && !session->validate_only) {
		know(&explainer, session->lab);
		reach = diff_to(&explainer, after);
		r = write_diff(session, reach, DIFF_TEXT, err);
		reach_free(reach);
		explainer_end(&explainer);
	}
	model_free(after);
	return r < 0 ? r : session->validate_only ? 0 : r;
}

/* Where routes do not stay behind as blackholes, only force takes away what they lead to. */
static const char *force(const struct model *model, const struct command *command)
{
	for (size_t i = 0; i < command_n_parameter(command); i++)
		if (strcmp(command->parameter[i].name, "force") == 0)
			return model_cloud(model)->routes_stay ? "" : " force";
	return "";
}

/* The commands that would take away each entry: rules, routes, translations. */
static char **deletions(const struct model *model, size_t *ret_n)
{
	struct command_cursor at = command_rows(&nouns_language, model);
	char **command = NULL;

	*ret_n = 0;
	while (command_next(&at)) {
		const char *words = at.command->words;

		if (!(at.command->flags & COMMAND_TRIED))
			continue;
		model_each(model, command_noun(model, at.command), const struct resource, entry)
			*ARRAY_PUSH(command, *ret_n) =
				xprintf("%s %s%s", words, entry->name, force(model, at.command));
	}
	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, group) {
		for (size_t k = 0; k < group->n_rule; k++)
			*ARRAY_PUSH(command, *ret_n) = xprintf("sg revoke %s rule %u", group->resource.name,
							       group->rule[k].number);
	}
	model_each(model, NOUN_ACL, const struct acl, acl) {
		for (size_t k = 0; k < acl->n_rule; k++)
			*ARRAY_PUSH(command, *ret_n) =
				xprintf("%s remove %s %s %u", model_noun_word(model, NOUN_ACL),
					acl->resource.name,
					acl->rule[k].direction == DIRECTION_IN ? "in" : "out",
					acl->rule[k].number);
	}
	return command;
}

static int run_what_if_each(struct session *session, const struct arguments *arguments,
			    struct error *err)
{
	const struct model *model = session->lab->model;
	struct output *output = output_new();
	struct explainer explainer;
	bool changes = false;
	char **command;
	size_t n;
	int r;

	(void)arguments;
	if (session->validate_only) {
		output_free(output);
		return 0;
	}
	command = deletions(model, &n);
	know(&explainer, session->lab);
	output_begin_array(output, NULL);
	for (size_t i = 0; i < n; i++) {
		struct model *after = model_copy(model);
		struct error refusal = { 0 };
		struct reach *reach;

		output_begin_object(output, NULL);
		output_string(output, "command", command[i]);
		if (replay_change(after, command[i], &refusal) < 0) {
			output_string(output, "refused", *refusal.code ? refusal.code : refusal.message);
		} else {
			reach = diff_to(&explainer, after);
			output_null(output, "refused");
			if (session->format == OUTPUT_JSON)
				diff_output(output, "diff", reach);
			else
				diff_put_counts(output, reach);
			changes = changes || diff_count(reach) > 0;
			reach_free(reach);
		}
		output_end(output);
		model_free(after);
		free(command[i]);
	}
	free(command);
	explainer_end(&explainer);
	output_end(output);
	r = session_write(session, output, err);
	return r < 0 ? r : changes ? EXIT_EXPECTATION : EXIT_OK;
}

/* ---- lint ---- */

/* Of the lab at hand, whose lines are not at hand. */
static int run_lint(struct session *session, const struct arguments *arguments, struct error *err)
{
	struct explainer explainer;
	struct reply reply;
	struct lint lint;
	int status, r;

	(void)arguments;
	if (session->validate_only)
		return 0;
	reply = session_reply(session);
	know(&explainer, session->lab);
	lint_run(session->lab->model, explainer.index, &lint);
	if (reply.output)
		output_begin_array(reply.output, NULL);
	status = lint_report(&(struct lint_report){ .output = reply.output, .text = &reply.text },
			     &lint);
	if (reply.output)
		output_end(reply.output);
	lint_free(&lint);
	explainer_end(&explainer);
	r = session_tell(session, &reply, err);
	return r < 0 ? r : status;
}

static const struct command commands_reach[] = {
	{
		.words = "reach",
		.parameter = { { PARAMETER("flows", FLOWS, PARAMETER_REQUIRED,
					   "from where to where, as sets") } },
		.summary = "list all packets that get through, of all that there are",
		.example = "reach internet -> VPC1",
		.run = run_reach,
	},
	{
		.words = "diff",
		.parameter = { { PARAMETER("lab", FILE, PARAMETER_REQUIRED,
					   "a file, a plan of Terraform or a running lab"), .metavariable = "FILE|LAB" },
			       { PARAMETER("--format", CHOICE, PARAMETER_KEY,
					   "text if not given; github is Markdown for a comment"), .words = diff_format_words } },
		.summary = "list the flows that another lab opens, closes or changes",
		.example = "diff new.lab",
		.run = run_diff,
	},
	{
		.words = "what-if",
		.parameter = { { PARAMETER("command", REST, PARAMETER_REQUIRED,
					   "a command that would change the lab") } },
		.summary = "list the flows that a command would open, close or change",
		.example = "what-if snat delete snat1",
		.run = run_what_if,
	},
	{
		.words = "what-if --each",
		.parameter = { { PARAMETER("delete", WORD, PARAMETER_FLAG | PARAMETER_REQUIRED,
					   "each entry: rule, route, SNAT, DNAT, peering, attachment") } },
		.summary = "count what the deletion of each entry would open, close and cut",
		.example = "what-if --each delete",
		.run = run_what_if_each,
	},
	{
		.words = "lint",
		.summary = "list what is wrong, dead or doubtful in the lab, with a cure",
		.example = "lint",
		.run = run_lint,
	},
	{ .words = NULL },
};

const struct command_family family_reach = {
	"All packets", (const struct command *const[]){ commands_reach, NULL }, FOR_ALL
};
