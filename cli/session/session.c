/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/session/diagnostic.h"
#include "cli/session/jobs.h"
#include "cli/session/redirect.h"
#include "cli/session/suppress.h"
#include "cli/session/variables.h"
#include "cli/view/show.h"
#include "cli/view/terminal.h"
#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/nearest.h"
#include "core/base/text.h"

struct session *session_new(struct lab *lab, const struct language *language)
{
	struct session *session = xnew(struct session);

	session->lab = lab;
	session->language = language;
	session->out = stdout;
	session->node_stdin = -1;
	session->variables = variables_new();
	session->jobs = jobs_new();
	session->suppress = suppress_new();
	return session;
}

void expected_free(struct expected *expected)
{
	free(expected->waiting);
	arena_free(&expected->arena);
	*expected = (struct expected){ 0 };
}

void session_free(struct session *session)
{
	if (!session)
		return;
	expected_free(&session->expected);
	variables_free(session->variables);
	jobs_free(session->jobs);
	suppress_free(session->suppress);
	free(session->stopped_why);
	free(session);
}

int session_machine(struct session *session, int r)
{
	session->machine_fault = true;
	return r;
}

/* ---- what is said ---- */

static size_t line_offset(const struct line *line)
{
	return line->n_token ? line->token[0].offset : 0;
}

void session_say(const struct session *session, const char *format, ...)
{
	auto_text text = { 0 };
	auto_free char *sentence = xprintf_own(format);
	if (session->script && session->line)
		diagnostic_place(&text, &session->script->source,
				 &(struct token){ .line = session->line->number,
						  .offset = line_offset(session->line) },
				 false);
	text_add_escaped(&text, sentence, strlen(sentence));
	fflush(session->out);
	fprintf(stderr, "%s\n", text_get(&text));
}

int session_write(struct session *session, struct output *output, struct error *err)
{
	unsigned width = terminal_width(fileno(session->out));
	char *text = NULL;
	size_t size;
	FILE *file = session->interactive ? open_memstream(&text, &size) : NULL;
	int r = output_write(output, file ? file : session->out, session->format, width,
			     session->color_out);

	if (file) { /* perhaps it is long */
		fclose(file);
		if (r >= 0)
			session_print(session, text);
		free(text);
	}

	output_free(output);
	if (r >= 0 || (r == -EPIPE && session->is_piped))
		return 0;
	clearerr(session->out); /* said here, and not once more at the end */
	return session_machine(session,
			       error_set(err, r, "cannot write the answer: %s", strerror(-r)));
}

struct reply session_reply(const struct session *session)
{
	return (struct reply){
		.output = session->format == OUTPUT_JSON ? output_new() : NULL,
		.width = terminal_width(fileno(session->out)),
		.color = session->color_out,
	};
}

int session_tell(struct session *session, struct reply *reply, struct error *err)
{
	int r = 0;

	if (reply->output)
		r = session_write(session, reply->output, err);
	else
		session_print(session, text_get(&reply->text));
	text_free(&reply->text);
	return r;
}

/* ---- names ---- */

/* What has an address, or a value: the nearest to a name that has none. */
static void hint_name(const struct session *session, const char *name, struct error *err)
{
	const struct model *model = session->lab->model;
	struct nearest nearest = { .typed = name };
	const char *other, *value;

	for (size_t i = 0; variables_each(session->variables, i, &other, &value); i++)
		nearest_offer(&nearest, other);
	model_offer(model, NOUNS_ADDRESSED, &nearest);
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
	session->in_doubt |= suppress_has(session->suppress, name);
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
	struct nearest nearest = { .typed = name };

	if (model_is_node(session->lab->model, name))
		return 0;
	error_set(err, -ENOENT, "there is no node %.64s", name);
	snprintf(err->argument, sizeof(err->argument), "%s", key);
	model_offer(session->lab->model, NOUNS_NODE, &nearest);
	error_hint(err, "show lists what there is");
	nearest_hint(&nearest, err);
	return -ENOENT;
}

/* ---- changes ---- */

int session_commit(struct session *session, struct error *err)
{
	int r;

	if (!lab_has_pending(session->lab))
		return 0;
	r = lab_commit(session->lab, err);
	session->removes = false;
	/* What a rule says is the input's fault even this late. */
	return r < 0 && !err->code[0] ? session_machine(session, r) : r;
}

int session_build(struct session *session, struct error *err)
{
	int r = session_commit(session, err);

	if (r < 0)
		return r;
	r = lab_need_sandbox(session->lab, err);
	return r < 0 ? session_machine(session, r) : 0;
}

int session_enter(struct session *session, const char *node, char *const *argv, struct error *err)
{
	int r = session_check_node(session, node, "node", err);

	if (r >= 0 && session->validate_only)
		lab_note_line(session->lab, node, argv);
	if (r < 0 || session->validate_only)
		return r;
	r = session_build(session, err);
	return r < 0 ? r : 1;
}

int session_exit_status(const struct session *session)
{
	if (session->stopped)
		return session->stopped;
	if (session->validate_only && session->n_mistake)
		return EXIT_INPUT;
	return session->check_failed ? EXIT_EXPECTATION : session->last_status;
}
