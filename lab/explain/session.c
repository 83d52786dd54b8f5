/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/explain/session.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/query.h"

/* ---- security groups ---- */

/* The port of a vSwitch that has the address; NULL: none. */
static const struct eni *port_of(const struct packet_walk *walk, const struct vswitch *vswitch,
				 uint32_t ip)
{
	const struct eni *eni = model_eni_by_ip(walk->model, vswitch->vpc, ip);

	return eni && eni->ecs && eni->vswitch == vswitch ? eni : NULL;
}

static bool groups_admit(const struct packet_walk *walk, const struct vswitch *vswitch,
			 const struct packet *packet)
{
	const struct eni *sender = port_of(walk, vswitch, packet->source);
	const struct eni *receiver = port_of(walk, vswitch, packet->destination);

	return (!sender || groups_verdict(walk, sender, DIRECTION_OUT, packet).allows) &&
	       (!receiver || groups_verdict(walk, receiver, DIRECTION_IN, packet).allows);
}

static bool wire_admits(const struct packet_walk *walk, const struct eip *eip,
			const struct packet *packet)
{
	return groups_verdict(walk, (const struct eni *)eip->associated,
			      packet->source == eip->ip ? DIRECTION_OUT : DIRECTION_IN, packet)
		.allows;
}

/* A rule of those groups for everybody, that admits the packet or, where that is NULL, all ports.
 */
static bool admits_everybody(const struct packet_walk *walk, const struct eni *eni,
			     enum direction direction, enum protocol protocol,
			     const struct packet *packet)
{
	const struct group_chain *chain = index_chain(walk->index, eni);

	for (size_t i = 0; i < chain->n_rule[direction]; i++) {
		const struct filter_rule *rule = chain->rule[direction][i].rule;

		if (rule->peer_group || rule->peer_list || rule->peer.length > 0)
			continue;
		if (packet ? filter_rule_matches(walk, rule, packet)
			   : (rule->protocol == PROTOCOL_ALL || rule->protocol == protocol) &&
				     (!rule->port_first ||
				      (rule->port_first <= 1 && rule->port_last == UINT16_MAX)))
			return true;
	}
	return false;
}

/* Does the interface admit the packet without having to track its connection?
 * cloud-semantics: open-2 */
static bool is_untracked(const struct packet_walk *walk, const struct eni *eni,
			 enum direction direction, const struct packet *packet)
{
	const uint32_t peer = direction == DIRECTION_IN ? packet->source : packet->destination;
	const struct route *route = index_route(walk->index, eni->vswitch->table, peer);
	const enum direction other = direction == DIRECTION_IN ? DIRECTION_OUT : DIRECTION_IN;

	return packet->protocol != PROTOCOL_ICMP &&
	       !(route && route->via_noun == NOUN_NAT_GATEWAY &&
		 !vpc_cidr_of(eni->vswitch->vpc, peer)) &&
	       admits_everybody(walk, eni, direction, packet->protocol, packet) &&
	       admits_everybody(walk, eni, other, packet->protocol, NULL);
}

static bool was_untracked(const struct packet_walk *walk, const char *name,
			  const struct packet *packet)
{
	const struct resource *node = model_find_noun(walk->model, NOUNS(NOUN_VSWITCH), name);
	const struct eni *sender, *receiver;

	if (!node)
		return false;
	sender = port_of(walk, (const struct vswitch *)node, packet->source);
	receiver = port_of(walk, (const struct vswitch *)node, packet->destination);
	return (sender && is_untracked(walk, sender, DIRECTION_OUT, packet)) ||
	       (receiver && is_untracked(walk, receiver, DIRECTION_IN, packet));
}

/* ---- translations ---- */

/* Does any entry still give this source that EIP? cloud-semantics: open-8 */
static bool snat_makes(const struct packet_walk *walk, const struct nat_gateway *nat,
		       uint32_t source, uint32_t eip)
{
	const struct resources *snat = index_of(walk->index, &nat->resource);
	const struct resources *any = index_any_port(walk->index, nat);

	for (size_t i = 0; i < snat->n_item; i++) {
		const struct snat *entry = snat->item[i];

		for (size_t k = 0; prefix_contains(entry->cidr, source) && k < entry->n_eip; k++)
			if (entry->eip[k]->ip == eip)
				return true;
	}
	for (size_t i = 0; i < any->n_item; i++) {
		const struct dnat *entry = any->item[i];

		if (entry->target_ip == source && entry->eip->ip == eip)
			return true;
	}
	return false;
}

/* What comes in by the gateway: does it still become that? */
static bool nat_publishes(struct packet_walk *walk, const struct nat_gateway *nat,
			  const struct open_connection *connection)
{
	struct position place;

	walk->packet = connection->in;
	place = node_nat(walk,
			 (struct position){ .node = { NODE_NAT, nat }, .from = SIDE_OUTSIDE });
	return place.progress != LOST && walk->packet.destination == connection->out.destination &&
	       walk->packet.destination_port == connection->out.destination_port;
}

/* Is that still the public address of this private one? cloud-semantics: open-10, open-12 */
static bool is_public_of(const struct packet_walk *walk, const struct vpc *vpc, uint32_t public_ip,
			 uint32_t private_ip)
{
	const struct resource *holder = model_holder(walk->model, NULL, public_ip);

	uint32_t address = holder ? resource_address(holder) : 0;

	if (holder && holder->noun == NOUN_EIP) {
		address = eip_inside_address((const struct eip *)holder);
		holder = ((const struct eip *)holder)->associated;
	}
	return holder && resource_vpc(holder) == vpc && address == private_ip;
}

static bool translation_stands(struct packet_walk *walk, struct node node, const struct vpc *vpc,
			       const struct open_connection *connection)
{
	const struct packet *in = &connection->in, *out = &connection->out;
	const bool gateway = node.kind == NODE_NAT;

	if (in->source != out->source &&
	    !(gateway ? snat_makes(walk, node.of, in->source, out->source)
		      : is_public_of(walk, vpc, out->source, in->source)))
		return false;
	return in->destination == out->destination ||
	       (gateway ? nat_publishes(walk, node.of, connection)
			: is_public_of(walk, vpc, in->destination, out->destination));
}

/* ---- all of it ---- */

static struct packet_walk walk_of(const struct explain_index *index, struct hop *scratch)
{
	return (struct packet_walk){ .index = index,
				     .model = explain_index_model(index),
				     .scratch = scratch,
				     .n_track = HOPS_MAX /* nothing is remembered */ };
}

bool explain_change_ends(const struct explain_index *before, const struct explain_index *after,
			 const char *node, const struct open_connection *connection)
{
	struct hop scratch;
	struct packet_walk then = walk_of(before, &scratch), now = walk_of(after, &scratch);
	const bool aws = now.model->provider == PROVIDER_AWS;
	const char *suffix = strstr(node, PUBLIC_GATEWAY_SUFFIX);
	auto_free char *name = xstrndup(node, suffix ? (size_t)(suffix - node) : strlen(node));
	const struct resource *resource = model_find(now.model, name);

	if (!resource)
		return false; /* its connections have gone with it */
	switch ((int)resource->noun) {
	case NOUN_VSWITCH:
		return (!aws || was_untracked(&then, node, &connection->in)) &&
		       !groups_admit(&now, (const struct vswitch *)resource, &connection->in);
	case NOUN_EIP:
		return eip_is_cut_through((const struct eip *)resource) &&
		       !wire_admits(&now, (const struct eip *)resource, &connection->in);
	case NOUN_NAT_GATEWAY: /* AWS's has one translation for as long as it is there. */
		return !aws && !translation_stands(&now, (struct node){ NODE_NAT, resource }, NULL,
						   connection);
	case NOUN_VPC:
	case NOUN_INTERNET_GATEWAY:
		return !translation_stands(&now, (struct node){ NODE_PUBLIC, resource },
					   resource_vpc(resource), connection);
	default:
		return false;
	}
}
