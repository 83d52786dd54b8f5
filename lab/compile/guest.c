/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "lab/compile/internal.h"

/* The guests: ECS and internet hosts, the services in them, and the names that all nodes know. */

static void compile_ecs(const struct compiler *c, const struct ecs *ecs)
{
	char link[LINK_NAME_SIZE];

	origin_is(c, &ecs->resource, NULL);
	want_netns(c, ecs->resource.name, NETNS_HOST);
	for (size_t i = 0; i < ecs->n_eni; i++) {
		const struct eni *eni = ecs->eni[i];

		if (!eni)
			continue;
		origin_is(c, eni_owner(eni), NULL);
		want_address(c, ecs->resource.name, eni_guest_link(eni, link), eni->ip,
			     eni->vswitch->cidr.length);
		/* A secondary ENI gets an address, and its routing is up to the user.
		 * cloud-semantics: eni-6, eip-12 */
		if (eni->primary)
			want_route_via(c, ecs->resource.name, TABLE_MAIN, DEFAULT_ROUTE, link,
				       eni->vswitch->gateway, false);
	}
}

static void compile_internet_host(const struct compiler *c, const struct internet_host *host)
{
	origin_is(c, &host->resource, NULL);
	want_netns(c, host->resource.name, NETNS_HOST);
	want_address(c, host->resource.name, "eth0", host->ip, 32);
	want_route_via(c, host->resource.name, TABLE_MAIN, DEFAULT_ROUTE, "eth0", NEXT_HOP, true);
}

/* What a host's certificate is for: the names it has besides its own, and its address. */
static void add_certificate_names(const struct compiler *c, const struct resource *node,
				  const char ***argv, size_t *n)
{
	struct arena *arena = &c->wanted->arena;
	char address[ADDRESS_TEXT_SIZE];
	const uint32_t ip = resource_address(node);

	for (size_t i = 0;
	     node->noun == NOUN_INTERNET_HOST && i < ((const struct internet_host *)node)->n_dns;
	     i++) {
		*ARRAY_PUSH(*argv, *n) = "--host";
		*ARRAY_PUSH(*argv, *n) =
			arena_strdup(arena, ((const struct internet_host *)node)->dns[i]);
	}
	if (ip == 0)
		return;
	*ARRAY_PUSH(*argv, *n) = "--host";
	*ARRAY_PUSH(*argv, *n) = arena_strdup(arena, address_format(ip, address));
}

static void compile_service(const struct compiler *c, const struct service *service)
{
	static const char *const kinds[] = {
		[SERVICE_HTTP] = "http", [SERVICE_HTTPS] = "https", [SERVICE_ECHO] = "echo"
	};
	struct arena *arena = &c->wanted->arena;
	struct object *object;
	const char *slash = strchr(service->resource.name, '/');
	const char **argv = NULL;
	size_t n = 0;

	origin_is(c, &service->resource, NULL);
	object = wanted_add(c->wanted, OBJECT_PROCESS, arena_strdup(arena, service->node->name));
	object->process.name = arena_strdup(arena, slash ? slash + 1 : service->resource.name);
	object->process.says_ready = service->kind != SERVICE_EXEC;
	if (service->kind == SERVICE_EXEC) {
		for (size_t i = 0; service->argv[i]; i++)
			*ARRAY_PUSH(argv, n) = arena_strdup(arena, service->argv[i]);
	} else {
		*ARRAY_PUSH(argv, n) = "vpclab-service";
		*ARRAY_PUSH(argv, n) = kinds[service->kind];
		*ARRAY_PUSH(argv, n) = "--name";
		*ARRAY_PUSH(argv, n) = object->netns;
		*ARRAY_PUSH(argv, n) = "--port";
		*ARRAY_PUSH(argv, n) = arena_printf(arena, "%u", service->port);
	}
	if (service->kind == SERVICE_ECHO) {
		*ARRAY_PUSH(argv, n) = "--protocol";
		*ARRAY_PUSH(argv, n) = protocol_word(service->protocol);
	}
	if (service->kind == SERVICE_HTTPS)
		add_certificate_names(c, service->node, &argv, &n);
	*ARRAY_PUSH(argv, n) = NULL;

	object->process.argv =
		memcpy(arena_alloc(arena, n * sizeof(*argv)), argv, n * sizeof(*argv));
	free(argv);
}

static void add_host(struct text *hosts, uint32_t address, const char *name)
{
	char text[ADDRESS_TEXT_SIZE];

	text_add(hosts, address_format(address, text));
	text_add_char(hosts, ' ');
	text_add(hosts, name);
	text_add_char(hosts, '\n');
}

/* /etc/hosts of every node: whatever has an address, and the dns names of internet hosts. */
static void compile_names(const struct compiler *c)
{
	static const enum noun nouns[] = { NOUN_ECS, NOUN_ENI, NOUN_NAT_GATEWAY, NOUN_EIP,
					   NOUN_INTERNET_HOST };
	auto_text hosts = { 0 };
	struct object *object;

	text_add(&hosts, "127.0.0.1 localhost\n");
	for (size_t n = 0; n < ARRAY_SIZE(nouns); n++) {
		for (size_t i = 0; i < model_count(c->model, nouns[n]); i++) {
			const struct resource *resource = model_get(c->model, nouns[n], i);
			const uint32_t address = resource_address(resource);

			if (address == 0)
				continue;
			add_host(&hosts, address, resource->name);
			if (nouns[n] != NOUN_INTERNET_HOST)
				continue;
			for (size_t d = 0; d < ((const struct internet_host *)resource)->n_dns; d++)
				add_host(&hosts, address,
					 ((const struct internet_host *)resource)->dns[d]);
		}
	}
	c->wanted->origin = "the names of all nodes";
	stands_for(c, BY(NONE));
	object = wanted_add(c->wanted, OBJECT_FILE, "");
	object->file.path = "/run/vpclab/hosts";
	object->file.content = arena_strdup(&c->wanted->arena, text_get(&hosts));
}

void compile_guests(const struct compiler *c)
{
	for (size_t i = 0; i < model_count(c->model, NOUN_ECS); i++)
		compile_ecs(c, model_get(c->model, NOUN_ECS, i));
	for (size_t i = 0; i < model_count(c->model, NOUN_INTERNET_HOST); i++)
		compile_internet_host(c, model_get(c->model, NOUN_INTERNET_HOST, i));
	for (size_t i = 0; i < model_count(c->model, NOUN_SERVICE); i++)
		compile_service(c, model_get(c->model, NOUN_SERVICE, i));
	compile_names(c);
}
