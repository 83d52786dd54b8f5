/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/cloud_service.h"

#include <netinet/in.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/compile/internal.h"
#include "lab/model/cloud.h"

/*
 * The cloud's own services, in the VPC's router: their addresses are its own, so no route comes
 * before them, and a program waits there that is started when somebody asks (vpclab-service cloud).
 * What it answers is in files that change with the lab:
 *
 *   /run/vpclab/cloud/VPC1/metadata      a line for each interface in the VPC
 *   /run/vpclab/cloud/VPC1/names/hosts   what the resolver knows, as a hosts file
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

/* What this VPC's resolver knows besides the names that are the same everywhere: of AWS the names
 * that every instance has. Its public one stands for its private address in its own VPC.
 * cloud-semantics: dns-7 */
static void names(const struct compiler *c, const struct vpc *vpc)
{
	auto_text text = { 0 };
	size_t cursor = 0;

	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));) {
		const struct vpc *home = eni->vswitch->vpc;
		const uint32_t public = eni_public_ip(eni);
		char name[HOST_NAME_SIZE];

		if (home == vpc && host_private_name(c->model, vpc, eni->ip, name))
			add_host(&text, eni->ip, name);
		if (public && host_public_name(c->model, home, public, name))
			add_host(&text, home == vpc ? eni->ip : public, name);
	}
	want_file(c, vpc, "names/hosts", &text);
}

/* ---- metadata ---- */

static void add_interface(const struct compiler *c, struct text *text, const struct eni *eni)
{
	const struct vswitch *vswitch = eni->vswitch;
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
	text_addf(text, " %s\n",
		  public && host_public_name(c->model, vswitch->vpc, public, name) ? name : "-");
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

static void program(const struct compiler *c, const struct vpc *vpc,
		    const struct cloud_service *service, size_t n)
{
	struct arena *arena = &c->wanted->arena;
	struct process_object *process =
		&wanted_add(c->wanted, OBJECT_PROCESS, vpc->resource.name)->process;
	const char **argv = arena_alloc(arena, 5 * sizeof(*argv));

	argv[0] = "vpclab-service";
	argv[1] = provider_word(c->model->provider);
	argv[2] = "--name";
	argv[3] = arena_strdup(arena, vpc->resource.name);
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
	names(c, vpc);
	metadata(c, vpc);
	program(c, vpc, service, n);
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
