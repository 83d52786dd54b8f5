/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/cloud_service.h"

#include <netinet/in.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "lab/compile/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/private_zone.h"
#include "lab/model/words.h"

/*
 * The cloud's own services, in the VPC's router: their addresses are its own, so no route comes
 * before them, and a program waits there that is started when somebody asks (vpclab-service cloud).
 * What it answers is in files that change with the lab:
 *
 *   /run/vpclab/cloud/VPC1/metadata      a line for each interface in the VPC
 *   /run/vpclab/cloud/VPC1/names/hosts   what the resolver knows, as a hosts file
 *   /run/vpclab/cloud/VPC1/aliases-12ab  and its aliases, as dnsmasq is told of them when it starts
 */
#define DIRECTORY "/run/vpclab/cloud"

static void want_file(const struct compiler *c, const struct vpc *vpc, const char *name,
		      const struct text *content)
{
	struct object *object = wanted_add(c->wanted, OBJECT_FILE, "");

	object->file.path =
		arena_printf(&c->wanted->arena, DIRECTORY "/%s/%s", vpc->resource.name, name);
	object->file.content = arena_strdup(&c->wanted->arena, text_get(content));
	object->file.for_waiting = true;
}

/* ---- the resolver ---- */

static void add_host(struct text *hosts, uint32_t address, const char *name)
{
	char text[ADDRESS_TEXT_SIZE];

	text_addf(hosts, "%s %s\n", address_format(address, text), name);
}

static void add_public(const struct compiler *c, struct text *hosts, const struct vpc *vpc,
		       uint32_t address, const char *name)
{
	if (!zone_hides(c->model, vpc, name))
		add_host(hosts, address, name);
}

/* Names of the internet that are not in every node's hosts file, because a zone may have them. */
static void add_concerned(const struct compiler *c, struct text *hosts, const struct vpc *vpc)
{
	nouns_each(NOUNS(NOUN_EIP) | NOUNS(NOUN_INTERNET_HOST), noun)
	{
		model_each(c->model, noun, const struct resource, resource) {
			size_t n;
			char *const *dns = resource_dns(resource, &n);

			for (size_t i = 0; i < n; i++)
				if (zone_concerns(c->model, dns[i]))
					add_public(c, hosts, vpc, resource_address(resource),
						   dns[i]);
		}
	}
}

/* Of the zones that answer in the VPC the addresses, and the aliases. */
static void add_records(const struct compiler *c, struct text *hosts, struct text *aliases,
			const struct vpc *vpc)
{
	char name[ZONE_NAME_SIZE];

	model_each(c->model, NOUN_ZONE_RECORD, const struct zone_record, record) {
		zone_record_name(record, name);
		if (zone_for(c->model, vpc, name) != record->zone)
			continue;
		if (record->type == RECORD_A)
			text_addf(hosts, "%s %s\n", record->value, name);
		else
			text_addf(aliases, "cname=%s,%s\n", name, record->value);
	}
}

/* What this VPC's resolver knows besides the names that are the same everywhere: its zones' and of
 * AWS the names that every instance has. Its public one stands for its private address in its own
 * VPC. Return the file of aliases: where they change, the resolver has to be started again, so its
 * name tells one set from the other. cloud-semantics: dns-7, dns-8 */
static const char *names(const struct compiler *c, const struct vpc *vpc)
{
	auto_text hosts = { 0 }, aliases = { 0 };
	struct eni_address own = { 0 };
	const char *file;

	while (model_next_address(c->model, &own)) {
		const struct vpc *home = own.eni->vswitch->vpc;
		char name[HOST_NAME_SIZE];

		if (home == vpc && host_private_name(c->model, vpc, own.ip, name))
			add_public(c, &hosts, vpc, own.ip, name);
		if (own.public_ip && host_public_name(c->model, home, own.public_ip, name))
			add_public(c, &hosts, vpc, home == vpc ? own.ip : own.public_ip, name);
	}
	add_concerned(c, &hosts, vpc);
	add_records(c, &hosts, &aliases, vpc);
	want_file(c, vpc, "names/hosts", &hosts);
	if (!aliases.length)
		return NULL;
	file = arena_printf(&c->wanted->arena, "aliases-%x",
			    hash_bytes(text_get(&aliases), aliases.length));
	want_file(c, vpc, file, &aliases);
	return file;
}

/* ---- metadata ---- */

static void add_interface(const struct compiler *c, struct text *text, const struct eni *eni)
{
	const struct vswitch *vswitch = eni->vswitch;
	const struct metadata_options *options = &eni->ecs->metadata;
	const uint32_t public = eni_public_ip(eni);
	uint8_t mac[6];
	char ip[ADDRESS_TEXT_SIZE], other[ADDRESS_TEXT_SIZE] = "-", cidr[PREFIX_TEXT_SIZE],
				    vpc_cidr[PREFIX_TEXT_SIZE], name[HOST_NAME_SIZE];

	if (public)
		address_format(public, other);
	link_mac(LINK_GUEST, eni->resource.id, mac);
	text_addf(text, "%s %s %s %u %02x:%02x:%02x:%02x:%02x:%02x %s %s %s %s %s %s %s ",
		  address_format(eni->ip, ip), eni->ecs->resource.name, eni->resource.name,
		  eni->index, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5],
		  eni->eip ? other : "-", eni->eip ? "-" : other, vswitch->resource.name,
		  prefix_format(vswitch->cidr, cidr), vswitch->zone, vswitch->vpc->resource.name,
		  prefix_format(vswitch->vpc->cidr.item[0], vpc_cidr));
	for (size_t i = 0; i < eni->n_group; i++)
		text_addf(text, "%s%s", i ? "," : "", eni->group[i]->resource.name);
	text_addf(text, " %s",
		  host_private_name(c->model, vswitch->vpc, eni->ip, name) ? name : "-");
	text_addf(text, " %s",
		  public && host_public_name(c->model, vswitch->vpc, public, name) ? name : "-");
	text_addf(text, " %s %s %u ", word_of(http_tokens_words, options->tokens_required),
		  word_of(http_endpoint_words, options->endpoint_disabled),
		  options->token_hop_limit);
	for (size_t i = 0; i < eni->n_secondary; i++)
		text_addf(text, "%s%s", i ? "," : "",
			  address_format(eni->secondary[i].address, ip));
	text_add(text, eni->n_secondary ? "\n" : "-\n");
}

static void metadata(const struct compiler *c, const struct vpc *vpc)
{
	auto_text text = { 0 };
	size_t cursor = 0;

	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));)
		if (eni->vswitch->vpc == vpc && eni->ecs)
			add_interface(c, &text, eni);
	want_file(c, vpc, "metadata", &text);
}

/* ---- who answers, and for whom ---- */

/* AWS: a VPC's resolver has an address that another VPC may have a way to, and answers nobody
 * there. cloud-semantics: peer-28 */
static void refuse_others(const struct compiler *c, const struct vpc *vpc, uint32_t resolver)
{
	static const enum nft_field in[] = { NFT_IIFNAME };
	struct arena *arena = &c->wanted->arena;
	const char *netns = vpc->resource.name;
	char link[LINK_NAME_SIZE];
	struct nft_chain *chain;
	struct nft_rule *rule;

	want_set(c, netns, "other_vpcs", in, 1, NFT_MAP_NONE);
	model_each_user(c->model, NOUN_VPC_PEERING, vpc, const struct vpc_peering, peering)
		if (peering->state == PEERING_ACTIVE)
			want_element(c, netns, "other_vpcs")->key[0].name =
				arena_strdup(arena, link_name(&peering->resource, link));
	model_each_user(c->model, NOUN_TRANSIT_ATTACHMENT, vpc, const struct transit_attachment,
			attachment)
		want_element(c, netns, "other_vpcs")->key[0].name =
			arena_strdup(arena, link_name(&attachment->resource, link));
	chain = want_chain(c, netns, "resolver", NFT_CHAIN_FILTER, NFT_HOOK_INPUT, 0, false);
	rule = want_nft_rule(c, chain, BY(FOREIGN_RESOLVER, .resource = &vpc->resource));
	nft_lookup(arena, rule, NFT_IN_SET, "other_vpcs", in, 1, 32, false);
	nft_match_prefix(arena, rule, NFT_DADDR, resolver, 32);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

static void add_socket(struct process_object *process, struct arena *arena, uint32_t address,
		       uint8_t protocol, uint16_t port)
{
	struct socket_object *sockets = arena_alloc(arena, SOCKETS_MAX * sizeof(*sockets));

	if (process->n_socket)
		memcpy(sockets, process->socket, process->n_socket * sizeof(*sockets));
	sockets[process->n_socket++] = (struct socket_object){ address, protocol, port };
	process->socket = sockets;
}

static void program(const struct compiler *c, const struct vpc *vpc, const char *aliases,
		    const struct cloud_service *service, size_t n)
{
	struct arena *arena = &c->wanted->arena;
	struct process_object *process =
		&wanted_add(c->wanted, OBJECT_PROCESS, vpc->resource.name)->process;
	const char **argv = arena_alloc(arena, 7 * sizeof(*argv));

	argv[0] = "vpclab-service";
	argv[1] = provider_word(c->model->provider);
	argv[2] = "--name";
	argv[3] = arena_strdup(arena, vpc->resource.name);
	if (aliases) {
		argv[4] = "--names";
		argv[5] = arena_printf(arena, DIRECTORY "/%s/%s", vpc->resource.name, aliases);
	}
	process->name = "cloud";
	process->argv = argv;
	process->says_ready = true;
	for (size_t i = 0; i < n; i++) {
		if (service[i].resolver && !vpc->dns_support)
			continue;
		if (service[i].resolver)
			add_socket(process, arena, service[i].ip, IPPROTO_UDP, RESOLVER_PORT);
		add_socket(process, arena, service[i].ip, IPPROTO_TCP,
			   service[i].resolver ? RESOLVER_PORT : METADATA_PORT);
	}
}

void compile_cloud_services(const struct compiler *c, const struct vpc *vpc)
{
	struct cloud_service service[CLOUD_SERVICES_MAX];
	const size_t n = cloud_services(c->model, vpc, service);

	origin_is(c, &vpc->resource, NULL);
	for (size_t i = 0; i < n; i++) {
		want_address(c, vpc->resource.name, "lo", service[i].ip, 32)->never_source = true;
		if (vpc_cidr_of(vpc, service[i].ip))
			refuse_others(c, vpc, service[i].ip);
	}
	metadata(c, vpc);
	program(c, vpc, names(c, vpc), service, n);
}

void cloud_service_routes(const struct compiler *c, const struct vswitch *vswitch)
{
	struct cloud_service service[CLOUD_SERVICES_MAX];
	char link[LINK_NAME_SIZE];

	for (size_t n = cloud_services(c->model, vswitch->vpc, service); n > 0; n--)
		if (prefix_contains(vswitch->cidr, service[n - 1].ip))
			want_route_via(c, vswitch->resource.name, TABLE_MAIN,
				       HOST_PREFIX(service[n - 1].ip),
				       link_name(&vswitch->vpc->resource, link), NEXT_HOP, true);
}

void cloud_services_past(const struct compiler *c, struct nft_chain *chain,
			 const struct vswitch *vswitch, enum nft_field field, bool groups)
{
	struct cloud_service service[CLOUD_SERVICES_MAX];

	for (size_t n = cloud_services(c->model, vswitch->vpc, service); n > 0; n--) {
		struct nft_rule *rule;

		if (groups && !service[n - 1].past_groups)
			continue;
		rule = want_nft_rule(c, chain, groups ? BY(PAST_GROUPS) : BY(PART));
		nft_match_prefix(&c->wanted->arena, rule, field, service[n - 1].ip, 32);
		nft_verdict(&c->wanted->arena, rule, NFT_VERDICT_ACCEPT, NULL);
	}
}
