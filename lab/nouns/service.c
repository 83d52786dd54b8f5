/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

/* Services are the lab's own invention, and so are their codes. */

#define SERVICE_NAME_MAX 64

static const char *const kinds[] = { "http", "https", "echo", "exec", NULL };
static const char *const protocols[] = { "tcp", "udp", NULL };

/* NULL: refused. */
static struct resource *find_node(const struct model *m, const char *name, struct error *err)
{
	struct resource *node;
	const char *near;

	if (rule_given(name, "node", err) < 0)
		return NULL;
	node = model_find(m, name);
	if (node && (node->noun == NOUN_ECS || node->noun == NOUN_INTERNET_HOST))
		return node;
	if (node) {
		error_refuse(err, "InvalidServiceNode.NotFound", "node",
			     "%s is %s; services run on %s or an internet host", name,
			     model_noun_a(m, node->noun), model_noun_a(m, NOUN_ECS));
		error_hint(err, "%s show, internet-host show", model_noun_word(m, NOUN_ECS));
		return NULL;
	}
	error_refuse(err, "InvalidServiceNode.NotFound", "node",
		     "there is no %s or internet host named %.140s", model_noun_title(m, NOUN_ECS),
		     name);
	near = model_nearest(m, NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST), name);
	if (near)
		error_hint(err, "did you mean %s?", near);
	else
		error_hint(err, "%s show, internet-host show", model_noun_word(m, NOUN_ECS));
	return NULL;
}

/* 0: there is none. */
static uint16_t usual_port(enum service_kind kind)
{
	return kind == SERVICE_HTTP ? 80 : kind == SERVICE_HTTPS ? 443 : 0;
}

static int parse_port(const struct service_options *options, struct service *service,
		      struct error *err)
{
	unsigned protocol = 0;
	uint16_t last;
	int r;

	if (service->kind == SERVICE_EXEC) {
		if (options->port || options->protocol) {
			error_refuse(err, "InvalidParameter", options->port ? "port" : "protocol",
				     "an exec service opens its ports itself");
			error_hint(err, "leave %s out", options->port ? "port" : "protocol");
			return -EINVAL;
		}
		return 0;
	}
	r = rule_choice(options->protocol, protocols, 0, "InvalidParameter", "protocol", &protocol,
			err);
	if (r < 0)
		return r;
	if (service->kind != SERVICE_ECHO && protocol != 0) {
		error_refuse(err, "InvalidParameter", "protocol", "HTTP is served over tcp only");
		error_hint(err, "leave protocol out");
		return -EINVAL;
	}
	service->protocol = protocol == 0 ? PROTOCOL_TCP : PROTOCOL_UDP;
	service->port = usual_port(service->kind);
	if (!options->port)
		return service->port ? 0 : rule_given(NULL, "port", err);
	r = rule_ports(options->port, "InvalidServicePort.Malformed", "port", &service->port, &last,
		       err);
	if (r == 0 && last != service->port)
		r = error_refuse(err, "InvalidServicePort.Malformed", "port",
				 "a service has one port, not a range");
	return r;
}

static int parse_command(const struct service_options *options, const struct service *service,
			 struct error *err)
{
	bool given = options->argv && options->argv[0];

	if (service->kind == SERVICE_EXEC && (!given || !options->argv[0][0])) {
		error_refuse(err, "MissingParameter", "command",
			     "what to run is missing: write it behind --");
		error_hint(err, "service start NODE exec name NAME -- COMMAND...");
		return -EINVAL;
	}
	if (service->kind != SERVICE_EXEC && given) {
		error_refuse(err, "InvalidParameter", "command",
			     "only an exec service takes a command");
		error_hint(err, "service start NODE exec name NAME -- COMMAND...");
		return -EINVAL;
	}
	return 0;
}

/* The name, or one made from what it does. The caller frees. */
static int choose_name(const struct service_options *options, const struct service *service,
		       char **ret_name, struct error *err)
{
	const char *name = options->name;
	size_t length = name ? strlen(name) : 0;

	if (!name && service->kind == SERVICE_EXEC)
		return rule_given(NULL, "name", err);
	if (!name) {
		*ret_name = service->port == usual_port(service->kind)
				    ? xstrdup(kinds[service->kind])
				    : xprintf("%s-%s%u", kinds[service->kind],
					      service->protocol == PROTOCOL_UDP ? "udp-" : "",
					      service->port);
		return 0;
	}
	/* It becomes a file name, too. */
	if (length == 0 || length > SERVICE_NAME_MAX || name[0] == '.' || name[0] == '-' ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") !=
		    length) {
		error_refuse(err, "InvalidServiceName.Malformed", "name",
			     "%.80s is no name for a service: up to %d letters, digits, '.', '_' "
			     "and '-'",
			     name, SERVICE_NAME_MAX);
		error_hint(err, "leave name out, or choose one such as web");
		return -EINVAL;
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
	int r;

	if (other) {
		r = error_refuse(err, "InvalidServiceName.Duplicate", "name",
				 "%s has a service %s already", service->node->name,
				 other->resource.name);
		error_hint(err, "service stop %s %s", service->node->name, other->resource.name);
		return r;
	}
	for (size_t i = 0; service->port && i < model_count(m, NOUN_SERVICE); i++) {
		other = model_get(m, NOUN_SERVICE, i);
		if (other->node != service->node || other->protocol != service->protocol ||
		    other->port != service->port)
			continue;
		r = error_refuse(err, "InvalidServicePort.InUse", "port",
				 "%s port %u of %s is in use by its service %s",
				 protocol_word(service->protocol), service->port,
				 service->node->name, other->resource.name);
		error_hint(err, "service stop %s %s", service->node->name, other->resource.name);
		return r;
	}
	return 0;
}

static char **copy_argv(const char *const *argv)
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

/* What is asked for, looked up and checked. The caller frees *ret_name. */
static int parse_service(const struct model *m, const char *node,
			 const struct service_options *options, struct service *service,
			 char **ret_name, struct error *err)
{
	unsigned kind = 0;
	int r;

	service->node = find_node(m, node, err);
	if (!service->node)
		return -EINVAL;
	r = rule_given(options->kind, "kind", err);
	if (r == 0)
		r = rule_choice(options->kind, kinds, 0, "InvalidParameter", "kind", &kind, err);
	if (r < 0)
		return r;
	service->kind = (enum service_kind)kind;
	r = parse_port(options, service, err);
	if (r == 0)
		r = parse_command(options, service, err);
	return r < 0 ? r : choose_name(options, service, ret_name, err);
}

int service_start(struct model *m, const char *node, const struct service_options *options,
		  struct error *err)
{
	struct service wanted = { 0 }, *service;
	auto_free char *name = NULL;
	int r;

	r = parse_service(m, node, options, &wanted, &name, err);
	if (r == 0)
		r = check_free(m, &wanted, name, err);
	if (r < 0)
		return r;

	service = xnew(struct service);
	*service = wanted;
	if (service->kind == SERVICE_EXEC)
		service->argv = copy_argv(options->argv);
	model_add(m, &service->resource, NOUN_SERVICE, name);
	return 0;
}

int service_stop(struct model *m, const char *node_name, const char *name, struct error *err)
{
	struct service *service;
	struct resource *node;
	int r;

	node = find_node(m, node_name, err);
	if (!node)
		return -EINVAL;
	r = rule_given(name, "name", err);
	if (r < 0)
		return r;
	service = find_service(m, node, name);
	if (service && strcmp(service->resource.name, name) == 0) {
		model_remove(m, &service->resource);
		return 0;
	}
	r = error_refuse(err, "InvalidService.NotFound", "name", "%s has no service %.80s",
			 node_name, name);
	if (service)
		error_hint(err, "did you mean %s?", service->resource.name);
	else
		error_hint(err, "service show");
	return r;
}

void service_remove_all(struct model *m, const struct resource *node)
{
	for (size_t i = model_count(m, NOUN_SERVICE); i-- > 0;) {
		struct service *service = model_get(m, NOUN_SERVICE, i);

		if (service->node == node)
			model_remove(m, &service->resource);
	}
}
