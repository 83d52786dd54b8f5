/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * Just enough of the command language to drive the rules from a test: say(model, "vpc create VPC1
 * cidr 10.0.0.0/8", &err). It knows no help, no diagnostics, no checks of its own: the real parser
 * is cli's, and this one must not share its mistakes. All commands that change the model, as
 * model_save() writes them.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "lab/model/model.h"
#include "lab/rules/changes.h"

#define SAY_WORDS 128

struct said {
	char *copy;
	const char *word[SAY_WORDS + 1];
	int n;
	const char *part[SAY_WORDS];
	int n_part;
};

/* Splits at blanks; '...' and "..." (with backslashes) as text_add_word() writes them. */
static inline void said_split(struct said *said, const char *line)
{
	char *to;

	said->n = said->n_part = 0;
	said->copy = to = xstrdup(line);
	while (*line) {
		char quote = '\0';

		if (*line == ' ' || *line == '\n') {
			line++;
			continue;
		}
		if (said->n < SAY_WORDS)
			said->word[said->n++] = to;
		for (; *line && (quote || (*line != ' ' && *line != '\n')); line++) {
			if (!quote && (*line == '\'' || *line == '"'))
				quote = *line;
			else if (quote && *line == quote)
				quote = '\0';
			else if (quote == '"' && *line == '\\' && line[1])
				*to++ = *++line;
			else
				*to++ = *line;
		}
		if (*line)
			line++;
		*to++ = '\0';
	}
	said->word[said->n] = NULL;
}

/* The word after a key, from the fourth word on. */
static inline const char *said_get(const struct said *said, const char *key)
{
	for (int i = 3; i + 1 < said->n; i++)
		if (strcmp(said->word[i], key) == 0)
			return said->word[i + 1];
	return NULL;
}

static inline const char *said_second(const struct said *said, const char *key)
{
	for (int i = 3; i + 2 < said->n; i++)
		if (strcmp(said->word[i], key) == 0)
			return said->word[i + 2];
	return NULL;
}

static inline bool said_has(const struct said *said, const char *key)
{
	for (int i = 3; i < said->n; i++)
		if (strcmp(said->word[i], key) == 0)
			return true;
	return false;
}

static inline struct names said_names(struct said *said, const char *key)
{
	const char *list = said_get(said, key);
	int first = said->n_part;
	char *s;

	if (!list)
		return (struct names){ NULL, 0 };
	s = said->copy + (list - said->copy);
	for (char *save = NULL, *part = strtok_r(s, ",", &save); part && said->n_part < SAY_WORDS;
	     part = strtok_r(NULL, ",", &save))
		said->part[said->n_part++] = part;
	return (struct names){ &said->part[first], (size_t)(said->n_part - first) };
}

static inline int say_instance(struct model *m, struct said *s, const char *noun, const char *verb,
			       const char *name, struct error *err)
{
	bool ecs = strcmp(noun, "ecs") == 0;

	if (strcmp(verb, "create") == 0 && ecs)
		return ecs_create(
			m, name,
			&(struct ecs_options){ .vswitch = said_get(s, "vswitch"),
					       .ip = said_get(s, "ip"),
					       .security_groups = said_names(s, "security-group"),
					       .public_ip = said_get(s, "public-ip"),
					       .billing = said_get(s, "billing") },
			err);
	if (strcmp(verb, "create") == 0)
		return eni_create(m, name, said_get(s, "vswitch"), said_get(s, "ip"),
				  said_names(s, "security-group"), err);
	if (strcmp(verb, "set") == 0 && ecs)
		return ecs_set(
			m, name,
			&(struct ecs_options){ .billing = said_get(s, "billing"),
					       .security_groups = said_names(s, "security-group") },
			err);
	if (strcmp(verb, "set") == 0)
		return eni_set(m, name, said_names(s, "security-group"), NULL, err);
	if (strcmp(verb, "convert-public-ip") == 0)
		return ecs_convert_public_ip(m, name, said_get(s, "eip"), err);
	if (strcmp(verb, "attach") == 0)
		return eni_attach(m, name, said_get(s, "ecs"), err);
	if (strcmp(verb, "detach") == 0)
		return eni_detach(m, name, err);
	return ecs ? ecs_delete(m, name, err) : eni_delete(m, name, err);
}

static inline int say_group(struct model *m, struct said *s, const char *verb, const char *name,
			    struct error *err)
{
	if (strcmp(verb, "create") == 0)
		return security_group_create(m, name, said_get(s, "vpc"), said_get(s, "type"), err);
	if (strcmp(verb, "set") == 0)
		return security_group_set(m, name, said_get(s, "inner-access"), err);
	if (strcmp(verb, "revoke") == 0)
		return security_group_revoke(m, name, said_get(s, "rule"), err);
	if (strcmp(verb, "delete") == 0)
		return security_group_delete(m, name, err);
	/* allow|drop SG in|out PROTO [PORT] ... */
	return security_group_rule(m, name,
				   &(struct filter_rule_options){
					   .policy = verb,
					   .direction = s->word[3],
					   .protocol = s->n > 4 ? s->word[4] : NULL,
					   .port = s->n > 5 && isdigit((unsigned char)s->word[5][0])
							   ? s->word[5]
							   : NULL,
					   .from = said_get(s, "from"),
					   .to = said_get(s, "to"),
					   .priority = said_get(s, "priority") },
				   err);
}

static inline int say_acl(struct model *m, struct said *s, const char *verb, const char *name,
			  struct error *err)
{
	struct filter_rule_options options = {
		.direction = s->n > 3 ? s->word[3] : NULL,
		.number = s->n > 4 ? s->word[4] : NULL,
		.policy = s->n > 5 ? s->word[5] : NULL,
		.protocol = s->n > 6 ? s->word[6] : NULL,
		.port = s->n > 7 && strcspn(s->word[7], "0123456789") == 0 ? s->word[7] : NULL,
		.from = said_get(s, "from"),
		.to = said_get(s, "to")
	};

	if (strcmp(verb, "create") == 0)
		return acl_create(m, name, said_get(s, "vpc"), err);
	if (strcmp(verb, "add") == 0)
		return acl_add(m, name, &options, err);
	if (strcmp(verb, "remove") == 0)
		return acl_remove(m, name, options.direction, options.number, err);
	if (strcmp(verb, "associate") == 0)
		return acl_associate(m, name, said_get(s, "vswitch"), err);
	if (strcmp(verb, "disassociate") == 0)
		return acl_disassociate(m, name, said_get(s, "vswitch"), err);
	return acl_delete(m, name, err);
}

static inline int say_gateway(struct model *m, struct said *s, const char *verb, const char *name,
			      struct error *err)
{
	struct nat_gateway_options options = { .vpc = said_get(s, "vpc"),
					       .vswitch = said_get(s, "vswitch"),
					       .ip = said_get(s, "ip"),
					       .type = said_get(s, "type"),
					       .size = said_get(s, "size"),
					       .eip_bind_mode = said_get(s, "eip-bind-mode"),
					       .icmp_reply = said_get(s, "icmp-reply") };

	if (strcmp(verb, "create") == 0)
		return nat_gateway_create(m, name, &options, err);
	if (strcmp(verb, "set") == 0)
		return nat_gateway_set(m, name, options.size, options.eip_bind_mode,
				       options.icmp_reply, err);
	return nat_gateway_delete(m, name, said_has(s, "force"), err);
}

static inline int say_eip(struct model *m, struct said *s, const char *verb, const char *name,
			  struct error *err)
{
	if (strcmp(verb, "create") == 0)
		return eip_create(m, name, said_get(s, "ip"), err);
	if (strcmp(verb, "associate") == 0)
		return eip_associate(m, name, s->n > 3 ? s->word[3] : NULL,
				     s->n > 4 ? s->word[4] : NULL, err);
	if (strcmp(verb, "disassociate") == 0)
		return eip_disassociate(m, name, said_has(s, "force"), err);
	return eip_delete(m, name, err);
}

static inline int say_entry(struct model *m, struct said *s, const char *noun, const char *verb,
			    const char *name, struct error *err)
{
	bool snat = strcmp(noun, "snat") == 0;
	struct dnat_options options = { .nat_gateway = said_get(s, "nat-gateway"),
					.eip = said_get(s, "eip"),
					.protocol = said_get(s, "protocol"),
					.public_port = said_get(s, "public-port"),
					.to = said_get(s, "to"),
					.private_port = said_get(s, "private-port"),
					.port_break = said_get(s, "port-break") };

	if (strcmp(verb, "create") == 0)
		return snat ? snat_create(m, name, options.nat_gateway, said_get(s, "source"),
					  said_second(s, "source"), said_names(s, "eip"),
					  said_get(s, "affinity"), err)
			    : dnat_create(m, name, &options, err);
	if (strcmp(verb, "set") == 0)
		return snat ? snat_set(m, name, said_names(s, "eip"), said_get(s, "affinity"), err)
			    : dnat_set(m, name, &options, err);
	return snat ? snat_delete(m, name, err) : dnat_delete(m, name, err);
}

static inline int say_route(struct model *m, struct said *s, const char *noun, const char *verb,
			    const char *name, struct error *err)
{
	if (strcmp(noun, "route") == 0)
		return strcmp(verb, "create") == 0
			       ? route_create(m, name, said_get(s, "table"), said_get(s, "to"),
					      said_get(s, "via"), said_second(s, "via"), err)
			       : route_delete(m, name, err);
	if (strcmp(verb, "create") == 0)
		return route_table_create(m, name, said_get(s, "vpc"), err);
	if (strcmp(verb, "associate") == 0)
		return route_table_associate(m, name, said_get(s, "vswitch"), err);
	if (strcmp(verb, "disassociate") == 0)
		return route_table_disassociate(m, name, said_get(s, "vswitch"), err);
	return route_table_delete(m, name, err);
}

static inline int say_service(struct model *m, struct said *s, const char *verb, const char *node,
			      struct error *err)
{
	struct service_options options = { .kind = s->word[3] };

	if (strcmp(verb, "stop") == 0)
		return service_stop(m, node, s->word[3], err);
	for (int i = 4; i < s->n; i++)
		if (strcmp(s->word[i], "--") == 0) {
			options.argv = &s->word[i + 1];
			s->n = i; /* what follows are no keys */
		}
	options.port = said_get(s, "port");
	options.protocol = said_get(s, "protocol");
	options.name = said_get(s, "name");
	return service_start(m, node, &options, err);
}

static inline int say(struct model *m, const char *line, struct error *err)
{
	struct said s;
	const char *noun, *verb, *name;
	int r;

	said_split(&s, line);
	noun = s.n > 0 ? s.word[0] : "";
	verb = s.n > 1 ? s.word[1] : "";
	name = s.n > 2 ? s.word[2] : NULL;
	if (s.n < 3)
		s.word[3] = NULL;
	if (strcmp(noun, "profile") == 0)
		r = setting_profile(m, verb, err);
	else if (strcmp(noun, "authorization") == 0)
		r = setting_authorization(m, verb, err);
	else if (strcmp(noun, "authorize") == 0)
		r = setting_authorize(m, verb, err);
	else if (strcmp(noun, "vpc") == 0)
		r = strcmp(verb, "create") == 0 ? vpc_create(m, name, said_get(&s, "cidr"), err)
						: vpc_delete(m, name, err);
	else if (strcmp(noun, "vswitch") == 0)
		r = strcmp(verb, "create") == 0
			    ? vswitch_create(m, name, said_get(&s, "vpc"), said_get(&s, "cidr"),
					     said_get(&s, "zone"), err)
			    : vswitch_delete(m, name, err);
	else if (strcmp(noun, "ecs") == 0 || strcmp(noun, "eni") == 0)
		r = say_instance(m, &s, noun, verb, name, err);
	else if (strcmp(noun, "security-group") == 0 || strcmp(noun, "sg") == 0)
		r = say_group(m, &s, verb, name, err);
	else if (strcmp(noun, "nat-gateway") == 0 || strcmp(noun, "nat") == 0)
		r = say_gateway(m, &s, verb, name, err);
	else if (strcmp(noun, "eip") == 0)
		r = say_eip(m, &s, verb, name, err);
	else if (strcmp(noun, "snat") == 0 || strcmp(noun, "dnat") == 0)
		r = say_entry(m, &s, noun, verb, name, err);
	else if (strcmp(noun, "route") == 0 || strcmp(noun, "route-table") == 0)
		r = say_route(m, &s, noun, verb, name, err);
	else if (strcmp(noun, "internet-host") == 0)
		r = strcmp(verb, "create") == 0 ? internet_host_create(m, name, said_get(&s, "ip"),
								       said_names(&s, "dns"), err)
						: internet_host_delete(m, name, err);
	else if (strcmp(noun, "acl") == 0)
		r = say_acl(m, &s, verb, name, err);
	else if (strcmp(noun, "service") == 0)
		r = say_service(m, &s, verb, name, err);
	else
		abort(); /* the test itself is wrong */
	free(s.copy);
	return r;
}

/* Lines, each of which must succeed; false with the line in err->hint otherwise. */
static inline bool say_all(struct model *m, const char *lines, struct error *err)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");
		char *line = xstrndup(lines, length);
		bool blank = line[strspn(line, " \t")] == '\0';
		int r = blank ? 0 : say(m, line, err);

		if (r < 0)
			error_wrap(err, "%s", line);
		free(line);
		if (r < 0)
			return false;
		lines += length + (lines[length] == '\n');
	}
	return true;
}

/* A model of lines that must all be accepted. */
static inline struct model *built(const char *lines)
{
	struct model *m = model_new();
	struct error err;

	if (!say_all(m, lines, &err))
		test_fail("%s: %s", err.code, err.message);
	return m;
}
