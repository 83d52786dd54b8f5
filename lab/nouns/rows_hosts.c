/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of internet-host and service, which are the same with every provider. */
#include <stddef.h>
#include <string.h>

#include "lab/language/arguments.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/rows.h"
#include "core/base/cleanup.h"
#include "lab/nouns/changes.h"

static int change_internet_host_create(struct model *model, const struct arguments *a, struct error *err)
{
	return internet_host_create(model, own_name(a), arguments_get(a, "ip"), arguments_names(a, "dns"), err);
}

static int change_internet_host_delete(struct model *model, const struct arguments *a, struct error *err)
{
	return internet_host_delete(model, own_name(a), err);
}

static int change_service_start(struct model *model, const struct arguments *a, struct error *err)
{
	auto_free char **argv = arguments_has(a, "--") ? arguments_vector(a, "--") : NULL;
	struct service_options options = {
		.kind = arguments_get(a, "kind"),
		.port = arguments_get(a, "port"),
		.protocol = arguments_get(a, "protocol"),
		.name = arguments_get(a, "name"),
		.argv = (const char *const *)argv,
	};

	return service_start(model, arguments_get(a, "node"), &options, err);
}

static int change_service_stop(struct model *model, const struct arguments *a, struct error *err)
{
	return service_stop(model, arguments_get(a, "node"), arguments_get(a, "name"), err);
}

/* Services are addressed by their node and a name that is unique there. */
#define SERVICE_NODE                                                                              \
	{ .name = "node", .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_REQUIRED,                \
	  .nouns = NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST), .help = "host it runs on" }
#define SERVICE_NAME \
	{ .name = "name", .kind = ARGUMENT_REFERENCE, .flags = PARAMETER_REQUIRED, .nouns = NOUNS(NOUN_SERVICE), .help = "its name on that node" }

static const struct command commands_hosts[] = {
	{
		.words = "internet-host create",
		.parameter = { NEW_NAME,
			       { .name = "ip",
				 .kind = ARGUMENT_ADDRESS,
				 .flags = PARAMETER_KEY,
				 .help = "this public address, not the next free one",
				 .code = "InvalidParameter" },
			       { .name = "dns", .kind = ARGUMENT_WORDS, .flags = PARAMETER_KEY, .help = "more names it is known by in the nodes" } },
		.summary = "make a host on the internet's side",
		.example = "internet-host create client dns www.example.com",
		.flags = COMMAND_CHANGES,
		.change = change_internet_host_create,
	},
	DELETE("internet-host", NOUN_INTERNET_HOST, change_internet_host_delete, "remove an internet host", "client"),
	SHOW("internet-host", NOUN_INTERNET_HOST, "list internet hosts"),

	{
		.words = "service start",
		.parameter = { SERVICE_NODE,
			       { .name = "kind", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, .choices = "http|https|echo|exec",
				 .otherwise = "any program: exec name NAME -- COMMAND...; an ssh server: exec name ssh -- vpclab-service ssh --name NODE --port 22",
				 .help = "what it does", .code = "InvalidParameter" },
			       { .name = "port", .kind = ARGUMENT_PORT, .flags = PARAMETER_KEY | PARAMETER_SINGLE, .help = "where it listens; http: 80, https: 443 if not given", .code = "InvalidServicePort.Malformed" },
			       KEY_CHOICE("protocol", "tcp|udp", "InvalidParameter", "of echo; tcp if not given"),
			       { .name = "name", .kind = ARGUMENT_WORD, .flags = PARAMETER_KEY, .help = "what stop and log call it; exec needs one" },
			       { .name = "--", .kind = ARGUMENT_COMMAND, .flags = PARAMETER_KEY, .help = "exec: the program; vpclab-service ssh is one, an ssh server" } },
		.summary = "run a service on a host, for good",
		.example = "service start ECS2 http port 80",
		.flags = COMMAND_CHANGES,
		.change = change_service_start,
	},
	{
		.words = "service stop",
		.parameter = { SERVICE_NODE, SERVICE_NAME },
		.summary = "end a service",
		.example = "service stop ECS2 http",
		.flags = COMMAND_CHANGES | COMMAND_REMOVES,
		.change = change_service_stop,
	},
	SHOW("service", NOUN_SERVICE, "list services"),

	{ .words = NULL },
};

const struct command_family family_hosts = { "Internet hosts and services", commands_hosts, FOR_ALL };
