/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/pool.h"
#include "lab/model/system_route.h"

/* What an address is, and why nobody answers at it. */

const char *cause_address(struct walk *walk, uint32_t ip)
{
	const struct vpc *vpc = walk->end.of ? resource_vpc(walk->end.of)
					     : NULL; /* whose private addresses are meant there */
	const struct resource *holder = model_holder(walk->model, NULL, ip);
	char text[ADDRESS_TEXT_SIZE];

	if (!holder && vpc)
		holder = model_holder(walk->model, vpc, ip);
	address_format(ip, text);
	return holder ? TEXT(walk, "%s (%s)", holder->name, text) : TEXT(walk, "%s", text);
}

const char *cause_port(struct walk *walk, const struct packet *packet)
{
	const char *word = protocol_word(packet->protocol);

	if (packet->protocol == PROTOCOL_ICMP)
		return "icmp";
	return packet->destination_port ? TEXT(walk, "%s %u", word, packet->destination_port)
					: word;
}

/* By a route to an interface in the very vSwitch whose router has sent it. */
static bool came_back(const struct walk *walk, const struct vswitch *vswitch)
{
	return walk->route && walk->packet.source == vswitch->gateway;
}

static const char *vswitch_cause(struct walk *walk, const struct vswitch *vswitch, uint32_t to)
{
	const struct eni *eni = model_eni_by_ip(walk->model, vswitch->vpc, to);
	const struct resource *holder = model_holder(walk->model, vswitch->vpc, to);
	const char *name = vswitch->resource.name;
	char address[ADDRESS_TEXT_SIZE];

	address_format(to, address);
	if (came_back(walk, vswitch))
		return TEXT(walk,
			    "%s sent it itself, and the route %s leads it to %s, which is in %s: a "
			    "router takes nothing that "
			    "claims to come from itself",
			    name, walk->route->resource.name, walk->route->via->name, name);
	if (eni)
		return TEXT(walk, "%s has the address %s, but is attached to no %s",
			    eni->resource.name, address, model_noun_title(walk->model, NOUN_ECS));
	if (holder && holder->noun == NOUN_NAT_GATEWAY)
		return TEXT(walk,
			    "%s is the private address of %s, and a NAT gateway takes no packets "
			    "for itself",
			    address, holder->name);
	if (holder)
		return TEXT(walk, "%s is what %s holds in %s, and nobody answers there", address,
			    holder->name, name);
	if (pool_is_reserved(vswitch, to))
		return TEXT(walk, "%s is reserved by the cloud in %s, and nobody answers there",
			    address, name);
	return TEXT(walk, "nobody in %s holds the address %s", name, address);
}

/* Addresses that are something else than a host's; NULL: it is none of these. */
static const char *special_cause(struct walk *walk, const struct vpc *vpc, uint32_t to)
{
	static const struct prefix link_local = { 0xa9fe0000u, 16 };
	char address[ADDRESS_TEXT_SIZE], cidr[PREFIX_TEXT_SIZE];

	address_format(to, address);
	if (walk->end.kind == NODE_ECS)
		return TEXT(walk,
			    "%s is the last address of a %s, its broadcast address, and a VPC "
			    "knows no broadcast",
			    address, model_noun_title(walk->model, NOUN_VSWITCH));
	if (to == 0xa9fea9feu)
		return TEXT(walk, "%s is where clouds serve metadata, which the lab does not",
			    address);
	if (prefix_contains(link_local, to))
		return TEXT(walk, "%s is a link-local address, of use between neighbours only",
			    address);
	if (vpc && prefix_contains(vpc->cidr, to))
		return TEXT(walk, "%s is in the range of %s, %s, but in no %s of it", address,
			    vpc->resource.name, prefix_format(vpc->cidr, cidr),
			    model_noun_title(walk->model, NOUN_VSWITCH));
	if (prefix_contains(CLOUD_SERVICES, to) && walk->model->provider == PROVIDER_ALIBABA)
		return TEXT(walk,
			    "%s is in " CLOUD_SERVICES_TEXT
			    ", where the cloud has its own services, and the lab has none of them",
			    address);
	return NULL;
}

/* Of the VPC that the packet started in. */
static const struct vpc *vpc_of_sender(const struct walk *walk)
{
	return walk->from_vswitch ? walk->from_vswitch->vpc : NULL;
}

void explain_address_cause(struct walk *walk)
{
	const uint32_t to = walk->packet.destination;
	const struct vpc *vpc = NULL;
	const struct eni *eni;
	const char *special;
	char address[ADDRESS_TEXT_SIZE];

	address_format(to, address);
	if (walk->end.kind == NODE_VSWITCH)
		vpc = ((const struct vswitch *)walk->end.of)->vpc;
	special = vpc ? NULL : special_cause(walk, vpc_of_sender(walk), to);
	if (walk->packet.source == ROUTER_ADDRESS && walk->sender.kind != NODE_VPC) {
		walk->x->cause = TEXT(walk,
				      "%s has no address of its own that anybody could answer to",
				      node_name(walk, walk->sender));
	} else if (vpc) {
		walk->x->cause = vswitch_cause(walk, walk->end.of, to);
		eni = model_eni_by_ip(walk->model, vpc, to);
		if (eni && !eni->ecs)
			cure_detached(walk, eni);
	} else if (walk->end.kind == NODE_NAT && walk->sender.kind == NODE_NAT &&
		   walk->sender.of == walk->end.of) {
		walk->x->cause = TEXT(
			walk, "%s is a gateway: it passes packets on and takes none for itself",
			walk->x->hop);
	} else if (special) {
		walk->x->cause = special;
	} else if (walk->end.kind == NODE_INTERNET && !address_is_public(to)) {
		walk->x->cause = TEXT(
			walk, "%s is a private address, which nobody on the internet has", address);
	} else if (walk->end.kind == NODE_INTERNET) {
		walk->x->cause = TEXT(walk, "nobody on the internet has the address %s", address);
	} else {
		walk->x->cause = TEXT(walk, "nobody has the address %s", address);
	}
}
