/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* Services are the lab's own invention, and so are their codes. */

struct service_request {
	struct service service; /* its name: NULL if none is given */
	uint16_t port;
	enum protocol protocol; /* ALL: not given */
};

/* 0: there is none. */
static uint16_t usual_port(enum service_kind kind)
{
	return kind == SERVICE_HTTP    ? 80
	       : kind == SERVICE_HTTPS ? 443
	       : kind == SERVICE_SSH   ? 22
				       : 0;
}

static int take_port(const struct service_request *wanted, struct service *service,
		     struct error *err)
{
	const bool protocol = wanted->protocol != PROTOCOL_ALL;

	/* A program opens its ports itself; for explain on a file it is said which. */
	if (service->kind == SERVICE_EXEC && !wanted->port)
		return protocol ? error_refuse(err, "MissingParameter", "port", "port is missing")
				: 0;
	service->protocol = protocol ? wanted->protocol : PROTOCOL_TCP;
	if (service->kind != SERVICE_ECHO && service->kind != SERVICE_EXEC &&
	    service->protocol != PROTOCOL_TCP) {
		error_refuse(err, "InvalidParameter", "protocol", "%s is served over tcp only",
			     service->kind == SERVICE_SSH ? "SSH" : "HTTP");
		return error_hint(err, "leave protocol out");
	}
	service->port = wanted->port ? wanted->port : usual_port(service->kind);
	if (service->port)
		return 0;
	error_refuse(err, "MissingParameter", "port", "port is missing");
	return error_hint(err, "service start %s %s port 7", service->node->name,
			  word_of(service_kind_words, (int)service->kind));
}

static int check_command(const struct service *service, struct error *err)
{
	const bool given = service->argv && service->argv[0];

	if (service->kind == SERVICE_EXEC && given && service->argv[0][0])
		return 0;
	if (service->kind != SERVICE_EXEC && !given)
		return 0;
	if (service->kind == SERVICE_EXEC)
		error_refuse(err, "MissingParameter", "command",
			     "what to run is missing: write it behind --");
	else
		error_refuse(err, "InvalidParameter", "command",
			     "only an exec service takes a command");
	return error_hint(err, "service start NODE exec name NAME -- COMMAND...");
}

/* The name, or one made from what it does. The caller frees. */
static int choose_name(const struct service *service, char **ret_name, struct error *err)
{
	const char *name = service->resource.name,
		   *kind = word_of(service_kind_words, (int)service->kind);

	if (!name && service->kind == SERVICE_EXEC)
		return error_refuse(err, "MissingParameter", "name", "name is missing");
	if (!name) {
		*ret_name = service->port == usual_port(service->kind)
				    ? xstrdup(kind)
				    : xprintf("%s-%s%u", kind,
					      service->protocol == PROTOCOL_UDP ? "udp-" : "",
					      service->port);
		return 0;
	}
	/* It becomes a file name, too. */
	if (!is_plain_word(name) || name[0] == '.' || name[0] == '-') {
		error_refuse(err, "InvalidServiceName.Malformed", "name",
			     "%.80s is no name for a service: up to %d letters, digits, '.', '_' "
			     "and '-'",
			     name, PLAIN_WORD_MAX);
		return error_hint(err, "leave name out, or choose one such as web");
	}
	*ret_name = xstrdup(name);
	return 0;
}

static struct service *find_service(const struct model *m, const struct resource *node,
				    const char *name)
{
	auto_free char *full = xprintf("%s/%s", node->name, name);

	return (struct service *)model_name_taken(m, full);
}

static int check_free(const struct model *m, const struct service *service, const char *name,
		      struct error *err)
{
	const struct service *other = find_service(m, service->node, name);

	if (other) {
		error_refuse(err, "InvalidServiceName.Duplicate", "name",
			     "%s has a service %s already", service->node->name,
			     other->resource.name);
		return error_hint(err, "service stop %s %s", service->node->name,
				  other->resource.name);
	}
	model_each_user(m, NOUN_SERVICE, service->node, const struct service, user) {
		if (!service->port || user->protocol != service->protocol ||
		    user->port != service->port)
			continue;
		error_refuse(err, "InvalidServicePort.InUse", "port",
			     "%s port %u of %s is in use by its service %s",
			     protocol_word(service->protocol), service->port, service->node->name,
			     user->resource.name);
		return error_hint(err, "service stop %s %s", service->node->name,
				  user->resource.name);
	}
	return 0;
}

static char **copy_argv(char *const *argv)
{
	size_t n = 0;
	char **copy;

	while (argv[n])
		n++;
	copy = xalloc((n + 1) * sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(argv[i]);
	return copy;
}

static int service_start(struct model *m, void *request, struct error *err)
{
	struct service_request *wanted = request;
	struct service *service = &wanted->service;
	auto_free char *name = NULL;
	int r = take_port(wanted, service, err);

	if (r == 0)
		r = check_command(service, err);
	if (r == 0)
		r = choose_name(service, &name, err);
	if (r == 0)
		r = check_free(m, service, name, err);
	if (r < 0)
		return r;
	service->resource.name = name;
	service->argv = service->kind == SERVICE_EXEC ? copy_argv(service->argv) : NULL;
	model_make(m, NOUN_SERVICE, service);
	return 0;
}

static void service_describe(const struct model *m, const void *resource, void *request)
{
	struct service_request *wanted = request;

	(void)m;
	wanted->service = *(const struct service *)resource;
	wanted->port = wanted->service.port;
	if (wanted->service.kind == SERVICE_ECHO ||
	    (wanted->service.kind == SERVICE_EXEC && wanted->port))
		wanted->protocol = wanted->service.protocol;
}

struct service_stop {
	struct resource *node;
	const char *name;
};

static int service_stop(struct model *m, void *request, struct error *err)
{
	const struct service_stop *stop = request;
	struct service *service = find_service(m, stop->node, stop->name);
	int r;

	if (service && strcmp(service->resource.name, stop->name) == 0) {
		model_remove(m, &service->resource);
		return 0;
	}
	r = error_refuse(err, "InvalidService.NotFound", "name", "%s has no service %.80s",
			 stop->node->name, stop->name);
	if (service)
		error_hint(err, "did you mean %s?", service->resource.name);
	else
		error_hint(err, "service show");
	return r;
}

/* Services are addressed by their node and a name that is unique there. The codes are the lab's
 * own. */
#define NODE(...)                                                                                  \
	{                                                                                          \
		.name = "node", .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_REQUIRED,           \
		.nouns = NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST),                              \
		.not_found = "InvalidServiceNode.NotFound", .help = "host it runs on", __VA_ARGS__ \
	}

const struct command service_rows[] = {
	{
		.words = "service start",
		.parameter = { NODE(IN(struct service, node)),
			       { PARAMETER("kind", CHOICE, PARAMETER_REQUIRED, "what it does"),
				 .words = service_kind_words,
				 .otherwise = "any program: exec name NAME port 80 -- COMMAND...",
				 .code = "InvalidParameter", IN(struct service, kind) },
			       { KEY_CHOICE("protocol", service_protocol_words,
					    "of echo and exec; tcp if not given"),
				 .fits = 1u << SERVICE_ECHO | 1u << SERVICE_EXEC,
				 .code = "InvalidParameter", IN(struct service_request, protocol) },
			       { PARAMETER("port", PORT, PARAMETER_KEY | PARAMETER_SINGLE,
					   "where it listens; http: 80, https: 443, ssh: 22 if not "
					   "given"),
				 .code = "InvalidServicePort.Malformed",
				 IN(struct service_request, port) },
			       { PARAMETER("name", WORD, PARAMETER_KEY,
					   "what stop and log call it; exec needs one"),
				 IN(struct service, resource.name) },
			       { PARAMETER("--", COMMAND, PARAMETER_KEY, "exec: the program"),
				 .fits = 1u << SERVICE_EXEC, IN(struct service, argv) } },
		.summary = "run a service on a host, until it is stopped",
		.example = "service start ECS2 http port 80",
		.describe = service_describe,
		CHANGES(struct service_request, service_start),
	},
	{
		.words = "service stop",
		.parameter = { NODE(IN(struct service_stop, node)),
			       { PARAMETER("name", REFERENCE, PARAMETER_REQUIRED | PARAMETER_ASIDE,
					   "its name on that node"),
				 .nouns = NOUNS(NOUN_SERVICE), IN(struct service_stop, name) } },
		.summary = "end a service",
		.example = "service stop ECS2 http",
		CHANGES(struct service_stop, service_stop) | COMMAND_REMOVES,
	},
	{ SHOW("service", NOUN_SERVICE, "list services",
	       "node type protocol port command status") },
	{ .words = NULL },
};
