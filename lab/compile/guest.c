/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/compile/internal.h"
#include "lab/model/cloud_service.h"
#include "lab/model/private_zone.h"

/* The guests: ECS and internet hosts, the services in them, and the names that all nodes know. */

static void compile_ecs(const struct compiler *c, const struct ecs *ecs)
{
	char link[LINK_NAME_SIZE];
	uint32_t ip;

	origin_is(c, &ecs->resource, NULL);
	want_netns(c, ecs->resource.name, NETNS_HOST);
	for (size_t i = 0; i < ecs->n_eni; i++) {
		const struct eni *eni = ecs->eni[i];

		if (!eni)
			continue;
		origin_is(c, eni_owner(eni), NULL);
		eni_guest_link(eni, link);
		for (size_t k = 0; (ip = eni_guest_address(eni, k)); k++)
			want_address(c, ecs->resource.name, link, ip, eni_guest_length(eni, k));
		/* That of a secondary ENI is used by what is bound to the interface, and more is
		 * up to the user. cloud-semantics: eni-6, eip-12 */
		want_route_via(c, ecs->resource.name, TABLE_MAIN, DEFAULT_ROUTE, link,
			       eni->vswitch->gateway, eni_is_cut_through(eni))
			->route.metric = eni_default_metric(eni);
	}
}

static void compile_internet_host(const struct compiler *c, const struct internet_host *host)
{
	origin_is(c, &host->resource, NULL);
	want_netns(c, host->resource.name, NETNS_HOST)->netns_.node = NODE_INTERNET_HOST;
	want_address(c, host->resource.name, "eth0", host->ip, 32);
	want_route_via(c, host->resource.name, TABLE_MAIN, DEFAULT_ROUTE, "eth0", NEXT_HOP, true);
}

/* Words of a command line, in the arena. */
struct words {
	struct arena *arena;
	const char **word;
	size_t n;
};

static void add_word(struct words *words, const char *word)
{
	*ARRAY_PUSH(words->word, words->n) = arena_strdup(words->arena, word);
}

/* By what a host can be reached. */
struct reached {
	const struct model *model;
	struct text names; /* one a line, addresses among them */
	uint32_t *address;
	size_t n_address;
};

static void add_reached_name(struct reached *reached, const char *name)
{
	text_addf(&reached->names, "%s\n", name);
}

static void add_reached_address(struct reached *reached, uint32_t address)
{
	char text[ADDRESS_TEXT_SIZE];

	if (!address)
		return;
	add_reached_name(reached, address_format(address, text));
	*ARRAY_PUSH(reached->address, reached->n_address) = address;
}

static void add_reached_resource(struct reached *reached, const struct resource *resource)
{
	size_t n;
	char *const *dns = resource_dns(resource, &n);

	add_reached_name(reached, resource->name);
	for (size_t i = 0; i < n; i++)
		add_reached_name(reached, dns[i]);
}

static void add_reached_eip(struct reached *reached, const struct eip *eip)
{
	add_reached_address(reached, eip->ip);
	add_reached_resource(reached, &eip->resource);
}

static void add_reached_node(struct reached *reached, const struct resource *node)
{
	add_reached_resource(reached, node);
	text_addf(&reached->names, "%s.public\n", node->name);
}

static void add_reached_eni(struct reached *reached, const struct eni *eni)
{
	const struct vpc *vpc = eni->vswitch->vpc;
	char name[HOST_NAME_SIZE];
	uint32_t ip;

	if (!eni->primary)
		add_reached_node(reached, &eni->resource);
	for (size_t i = 0; (ip = eni_address(eni, i)); i++) {
		add_reached_address(reached, ip);
		if (eni_eip(eni, ip))
			add_reached_eip(reached, eni_eip(eni, ip));
		if (host_private_name(reached->model, vpc, ip, name))
			add_reached_name(reached, name);
		if (eni_public_ip_of(eni, ip) &&
		    host_public_name(reached->model, vpc, eni_public_ip_of(eni, ip), name))
			add_reached_name(reached, name);
	}
}

static bool leads_to(const struct dnat *dnat, const struct ecs *ecs)
{
	for (size_t i = 0; i < ecs->n_eni; i++)
		if (ecs->eni[i] && ecs->eni[i]->vswitch->vpc == dnat->nat_gateway->vpc &&
		    eni_has_address(ecs->eni[i], dnat->target_ip))
			return true;
	return false;
}

static void add_reached_ecs(struct reached *reached, const struct ecs *ecs)
{
	for (size_t i = 0; i < ecs->n_eni; i++)
		if (ecs->eni[i])
			add_reached_eni(reached, ecs->eni[i]);
	add_reached_address(reached, ecs->public_ip);
	model_each(reached->model, NOUN_DNAT, const struct dnat, dnat)
		if (leads_to(dnat, ecs))
			add_reached_eip(reached, dnat->eip);
	model_each(reached->model, NOUN_LISTENER, const struct listener, listener)
		for (size_t i = 0; i < listener->group->n_target; i++) {
			if (listener->group->target[i] != ecs)
				continue;
			add_reached_address(reached, listener->balancer->private_ip);
			add_reached_resource(reached, &listener->balancer->resource);
		}
}

static bool record_leads_to(const struct zone_record *record, const struct reached *reached)
{
	const struct private_zone *zone;
	char name[ZONE_NAME_SIZE];
	uint32_t ip;

	zone_record_name(record, name);
	for (size_t i = 0; i < record->zone->n_vpc; i++)
		if (name_resolve(reached->model, record->zone->vpc[i], name, &ip, &zone))
			for (size_t k = 0; k < reached->n_address; k++)
				if (reached->address[k] == ip)
					return true;
	return false;
}

/* What private zones call those addresses. */
static void add_reached_records(struct reached *reached)
{
	char name[ZONE_NAME_SIZE];

	model_each(reached->model, NOUN_ZONE_RECORD, const struct zone_record, record)
		if (record_leads_to(record, reached))
			add_reached_name(reached, zone_record_name(record, name));
}

/* In a file, which may change while the service runs. What a host's certificate is for: each name
 * and address by which the host can be reached. */
static const char *compile_certificate_names(const struct compiler *c,
					     const struct service *service)
{
	struct object *object = wanted_add(c->wanted, OBJECT_FILE, "");
	struct reached reached = { .model = c->model };

	text_add(&reached.names, "localhost\n127.0.0.1\n");
	add_reached_node(&reached, service->node);
	if (service->node->noun == NOUN_INTERNET_HOST)
		add_reached_address(&reached, resource_address(service->node));
	else
		add_reached_ecs(&reached, (const struct ecs *)service->node);
	add_reached_records(&reached);
	object->file.path = arena_printf(&c->wanted->arena, "/run/vpclab/names/%s-%u",
					 service->node->name, service->port);
	object->file.content = arena_strdup(&c->wanted->arena, text_get(&reached.names));
	text_free(&reached.names);
	free(reached.address);
	return object->file.path;
}

static void compile_service(const struct compiler *c, const struct service *service)
{
	static const char *const kinds[] = { [SERVICE_HTTP] = "http",
					     [SERVICE_HTTPS] = "https",
					     [SERVICE_SSH] = "ssh",
					     [SERVICE_ECHO] = "echo" };
	struct words words = { .arena = &c->wanted->arena };
	struct object *object;
	const char *slash = strchr(service->resource.name, '/'), *names = NULL;

	origin_is(c, &service->resource, NULL);
	if (service->kind == SERVICE_HTTPS)
		names = compile_certificate_names(c, service);
	object = wanted_add(c->wanted, OBJECT_PROCESS,
			    arena_strdup(words.arena, service->node->name));
	object->process.name =
		arena_strdup(words.arena, slash ? slash + 1 : service->resource.name);
	object->process.says_ready = service->kind != SERVICE_EXEC;
	object->process.own_files = service->kind == SERVICE_EXEC || service->kind == SERVICE_SSH;
	if (service->kind == SERVICE_EXEC) {
		for (size_t i = 0; service->argv[i]; i++)
			add_word(&words, service->argv[i]);
	} else {
		add_word(&words, "vpclab-service");
		add_word(&words, kinds[service->kind]);
		add_word(&words, "--name");
		add_word(&words, object->netns);
		add_word(&words, "--port");
		add_word(&words, arena_printf(words.arena, "%u", service->port));
	}
	if (service->kind == SERVICE_ECHO) {
		add_word(&words, "--protocol");
		add_word(&words, protocol_word(service->protocol));
	}
	if (service->kind == SERVICE_HTTPS) {
		add_word(&words, "--names");
		add_word(&words, names);
	}
	*ARRAY_PUSH(words.word, words.n) = NULL;
	object->process.argv = memcpy(arena_alloc(words.arena, words.n * sizeof(*words.word)),
				      words.word, words.n * sizeof(*words.word));
	free(words.word);
}

static void add_host(struct text *hosts, uint32_t address, const char *name)
{
	char text[ADDRESS_TEXT_SIZE];

	text_add(hosts, address_format(address, text));
	text_add_char(hosts, ' ');
	text_add(hosts, name);
	text_add_char(hosts, '\n');
}

static void add_names(const struct compiler *c, struct text *hosts, const struct resource *resource,
		      bool outside)
{
	const uint32_t own = resource_address(resource), public = resource_public_address(resource);
	auto_free char *public_name = public ? xprintf("%s.public", resource->name) : NULL;
	size_t n;
	char *const *dns = resource_dns(resource, &n);

	/* A NAT1/default is no host's name, and NAT1 has its address. */
	if (own && !strchr(resource->name, '/'))
		add_host(hosts, outside && public ? public : own, resource->name);
	for (size_t i = 0; i < n; i++)
		if (outside || !zone_concerns(c->model, dns[i]))
			add_host(hosts, own, dns[i]);
	if (public && !model_name_taken(c->model, public_name))
		add_host(hosts, public, public_name);
}

/* AWS: those that instances have on the internet. cloud-semantics: dns-7 */
static void add_public_names(const struct compiler *c, struct text *hosts)
{
	struct eni_address own = { 0 };
	char name[HOST_NAME_SIZE];

	while (model_next_address(c->model, &own))
		if (own.public_ip &&
		    host_public_name(c->model, own.eni->vswitch->vpc, own.public_ip, name))
			add_host(hosts, own.public_ip, name);
}

/* As in the clouds' DNS, a host's name is its private address within a VPC, and its public one, if
 * it has one, on the internet. */
static void compile_hosts_file(const struct compiler *c, const char *path, bool outside)
{
	auto_text hosts = { 0 };
	struct object *object;

	text_add(&hosts, "127.0.0.1 localhost\n");
	nouns_each(NOUNS_ADDRESSED, noun)
		model_each(c->model, noun, const struct resource, resource)
			add_names(c, &hosts, resource, outside);
	if (outside)
		add_public_names(c, &hosts);
	object = wanted_add(c->wanted, OBJECT_FILE, "");
	object->file.path = path;
	object->file.content = arena_strdup(&c->wanted->arena, text_get(&hosts));
}

/* The same in all VPCs: of AWS the one that does not depend on the VPC's CIDR. A lab without a VPC
 * has none. cloud-semantics: dns-1, dns-5 */
static void compile_resolvers_file(const struct compiler *c)
{
	const struct vpc *any = model_get(c->model, NOUN_VPC, 0);
	struct cloud_service service[CLOUD_SERVICES_MAX];
	char address[ADDRESS_TEXT_SIZE];
	auto_text text = { 0 };
	struct object *object = wanted_add(c->wanted, OBJECT_FILE, "");

	for (size_t i = 0; any && i < cloud_services(c->model, any, service); i++)
		if (service[i].resolver && !vpc_cidr_of(any, service[i].ip))
			text_addf(&text, "nameserver %s\n", address_format(service[i].ip, address));
	object->file.path = "/run/vpclab/resolv.conf";
	object->file.content = arena_strdup(&c->wanted->arena, text_get(&text));
}

/* /etc/hosts of every node, and /etc/resolv.conf. */
static void compile_names(const struct compiler *c)
{
	c->wanted->origin = "the names of all nodes";
	stands_for(c, BY(NONE));
	compile_hosts_file(c, "/run/vpclab/hosts/nodes", false);
	compile_hosts_file(c, "/run/vpclab/outside/etc/hosts", true);
	compile_resolvers_file(c);
}

void compile_guests(const struct compiler *c)
{
	model_each(c->model, NOUN_ECS, const struct ecs, ecs)
		compile_ecs(c, ecs);
	model_each(c->model, NOUN_INTERNET_HOST, const struct internet_host, host)
		compile_internet_host(c, host);
	model_each(c->model, NOUN_SERVICE, const struct service, service)
		compile_service(c, service);
	compile_names(c);
}
