/* SPDX-License-Identifier: GPL-3.0-only */
/* service log: the other words of service change the model, and are the noun's (lab/nouns). */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "cli/commands/language.h"
#include "cli/session/session.h"
#include "cli/view/output.h"
#include "cli/view/service_state.h"
#include "core/base/cleanup.h"
#include "lab/language/arguments.h"

static const struct service *find_service(const struct session *session, const struct arguments *arguments, struct error *err)
{
	const char *node = arguments_get(arguments, "node"), *name = arguments_get(arguments, "name");
	const struct model *model = session->lab->model;

	model_each(model, NOUN_SERVICE, const struct service, service)
		if (strcmp(service->node->name, node) == 0 && strcmp(service_own_name(service), name) == 0)
			return service;
	if (session_check_node(session, node, "node", err) < 0)
		return NULL;
	error_set(err, -ENOENT, "%s has no service %.128s", node, name);
	strcpy(err->argument, "name");
	error_hint(err, "service show lists the services");
	return NULL;
}

static int run_service_log(struct session *session, const struct arguments *arguments, struct error *err)
{
	const struct service *service = find_service(session, arguments, err);
	struct reply reply;
	auto_text log = { 0 }, clean = { 0 };
	int r;

	if (!service || session->validate_only)
		return service ? 0 : -ENOENT;
	r = service_read_log(session->lab, service, &log, err);
	if (r < 0)
		return session_machine(session, r);
	for (const char *line = text_get(&log), *end = line + log.length; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline : end) - line);

		/* sshd ends its lines as the network does. */
		text_add_escaped(&clean, line, length - (newline > line && newline[-1] == '\r'));
		text_add_char(&clean, '\n');
		line += length + (newline != NULL);
	}
	reply = session_reply(session);
	if (reply.output) {
		output_begin_object(reply.output, NULL);
		output_string(reply.output, "name", service_own_name(service));
		output_string(reply.output, "node", service->node->name);
		output_string(reply.output, "log", text_get(&clean));
		output_end(reply.output);
	} else {
		text_add(&reply.text, text_get(&clean));
	}
	return session_tell(session, &reply, err);
}

static const struct command commands_service[] = {
	{
		.words = "service log",
		.parameter = { { PARAMETER("node", REFERENCE, PARAMETER_REQUIRED,
					   "host it runs on"), .nouns = NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST) },
			       { PARAMETER("name", REFERENCE, PARAMETER_REQUIRED,
					   "its name on that node"), .nouns = NOUNS(NOUN_SERVICE) } },
		.summary = "print what a service has logged",
		.example = "service log ECS2 http",
		.flags = COMMAND_KERNEL,
		.run = run_service_log,
	},

	{ .words = NULL },
};

const struct command_family family_service = { "Internet, services, names", (const struct command *const[]){ commands_service, NULL }, FOR_ALL };
