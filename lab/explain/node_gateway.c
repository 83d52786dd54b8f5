/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"

/* The nodes that translate, NAT gateways and the VPC's gateway for public addresses of its ENIs;
 * and the internet. */

/* ---- NAT gateway ---- */

/* What the clouds let nobody send to the internet. cloud-semantics: sg-9, addr-16, addr-29 */
bool is_smtp(const struct packet_walk *walk)
{
	return walk->packet.protocol == PROTOCOL_TCP &&
	       walk_port_in(walk, &walk->packet, SMTP_PORT, SMTP_PORT);
}

/* Has the gateway answers for other VPCs, too, by the table of its vSwitch? */
static bool serves_spokes(const struct packet_walk *walk, const struct nat_gateway *nat)
{
	size_t n;

	(void)index_spokes(walk->index, nat, &n);
	return nat->vswitch && n > 0;
}

/* It narrows how far the answer reaches to where no vSwitch begins or ends. */
static bool is_in_vswitch(const struct packet_walk *walk, const struct vpc *vpc, uint32_t address)
{
	const struct resources *vswitches = index_of(walk->index, &vpc->resource);

	for (size_t i = 0;
	     walk->box && walk->stranger && address == walk->stranger->ip && i < vswitches->n_item;
	     i++)
		walk_in(walk, ((const struct vswitch *)vswitches->item[i])->cidr, address);
	return index_vswitch_at(walk->index, vpc, address);
}

/* Of a CIDR that is public, what no vSwitch has is the internet's. cloud-semantics: rt-6 */
static bool is_inside(const struct packet_walk *walk, const struct nat_gateway *nat,
		      uint32_t address)
{
	size_t n;
	const struct prefix *spoke = index_spokes(walk->index, nat, &n), *cidr;
	for (size_t i = 0; i < n; i++)
		if (walk_in(walk, spoke[i], address))
			return true;
	cidr = walk_in_vpc(walk, nat->vpc, address);
	return cidr &&
	       (!address_is_public(cidr->address) || is_in_vswitch(walk, nat->vpc, address));
}

/* Where what was translated goes; of an intranet one by the table of its vSwitch.
 * cloud-semantics: pnat-5 */
static struct position leave_outside(struct packet_walk *walk, const struct nat_gateway *nat)
{
	if (nat->type == NAT_INTRANET)
		return walk_to(NODE_VPC, nat->vpc, SIDE_GATEWAY);
	if (nat_gateway_is_cut_off(walk->model, nat))
		return walk_lose(walk, (struct node){ NODE_NAT, nat }, CODE_NO_INTERNET_GATEWAY,
				 BY(NOT_PUBLIC, .resource = nat_gateway_place(nat)));
	return walk_to(NODE_INTERNET, NULL, SIDE_INSIDE);
}

/* Does the kernel take the address for the gateway's own? */
static bool is_own(const struct packet_walk *walk, const struct nat_gateway *nat, uint32_t address)
{
	return address == gateway_address(nat) ||
	       (nat->type == NAT_INTRANET && eip_of(walk, nat, address));
}

/* After translation, by the destination. */
static struct position leave_nat(struct packet_walk *walk, const struct nat_gateway *nat)
{
	if (is_own(walk, nat, walk->packet.destination))
		return walk_arrive((struct node){ NODE_NAT, nat }, NULL);
	if (is_inside(walk, nat, walk->packet.destination))
		return walk_to(NODE_VPC, nat->vpc,
			       serves_spokes(walk, nat) ? SIDE_GATEWAY : SIDE_OUTSIDE);
	return leave_outside(walk, nat);
}

static const struct dnat *any_port_entry_for(const struct packet_walk *walk,
					     const struct nat_gateway *nat, uint32_t private_ip)
{
	const struct resources *entries = index_any_port(walk->index, nat);

	for (size_t i = 0; i < entries->n_item; i++)
		if (((const struct dnat *)entries->item[i])->target_ip == private_ip)
			return entries->item[i];
	return NULL;
}

const struct eip *chosen_eip(const struct packet_walk *walk, const struct nat_gateway *nat,
			     const struct snat *snat)
{
	const struct hops *hops = !walk->seen  ? NULL
				  : walk->back ? &walk->seen->back
					       : &walk->seen->forward;

	for (size_t i = 0; hops && i < hops->n_hop; i++)
		for (size_t k = 0;
		     strcmp(hops->hop[i].node, nat->resource.name) == 0 && k < snat->n_eip; k++)
			if (hops->hop[i].out.source == snat->eip[k]->ip)
				return snat->eip[k];
	return snat->eip[walk->choice.eip < snat->n_eip ? walk->choice.eip : 0];
}

/* To the internet: an any-port host by its EIP, else by the SNAT entry with the longest source. */
static struct position translate_source(struct packet_walk *walk, const struct nat_gateway *nat,
					enum side from)
{
	const struct node node = { NODE_NAT, nat };
	const struct packet in = walk->packet;
	const struct dnat *any = any_port_entry_for(walk, nat, in.source);
	const struct snat *snat = any ? NULL : index_snat(walk->index, nat, in.source);
	const struct eip *eip;
	struct decision by;
	struct hop *hop;

	walk->snat = snat;
	walk->full = NULL;
	/* The size's limit comes first, but not for a host with an EIP of its own, nor for the
	 * gateway itself. */
	if (!any && from == SIDE_INSIDE && limit_of_size(walk, nat))
		return (struct position){ .progress = LOST };
	if (!any && !snat)
		return walk_lose(walk, node,
				 index_has_eip(walk->index, nat) ? CODE_NO_SNAT_ENTRY : CODE_NO_EIP,
				 BY(NO_SNAT_ENTRY));
	eip = any ? any->eip : chosen_eip(walk, nat, snat);
	by = any ? BY(ANY_PORT_SNAT, .resource = &any->resource)
		 : BY(SNAT, .resource = &snat->resource, .other = &eip->resource,
		      .count = limit_dropped_by_rate(walk, nat),
		      .limit = nat_gateway_limit(walk->model, nat->size).rate);
	hop = walk_hop(walk, node, ACTION_SNAT, by);
	walk->packet.source = eip->ip;
	if (snat) {
		if (in.source_port < NAT_PORT_FIRST)
			walk->packet.source_port = 0; /* of the gateway's choice */
		if (snat->n_eip > 1 && !walk->back)
			walk->pool = snat;
	}
	walk_translated(walk, hop);
	if (limit_of_destination(walk, nat))
		return (struct position){ .progress = LOST };
	walk_remember(walk, node, &in, by.resource);
	return leave_outside(walk, nat);
}

const struct eip *eip_of(const struct packet_walk *walk, const struct nat_gateway *nat,
			 uint32_t address)
{
	const bool intranet = nat->type == NAT_INTRANET;
	const struct resource *holder =
		model_holder(walk->model, intranet ? nat->vpc : NULL, address);
	const struct eip *eip = holder && holder->noun == (intranet ? NOUN_NAT_IP : NOUN_EIP)
					? (const struct eip *)holder
					: NULL;

	return eip && eip->associated == &nat->resource ? eip : NULL;
}

static const struct dnat *published_entry(const struct packet_walk *walk, const struct eip *eip)
{
	const struct resources *entries = index_of(walk->index, &eip->resource);

	for (size_t i = 0; i < entries->n_item; i++) {
		const struct dnat *dnat = entries->item[i];

		if (dnat->protocol == PROTOCOL_ALL ||
		    (dnat->protocol == walk->packet.protocol &&
		     walk_port_in(walk, &walk->packet, dnat->public_first, dnat->public_last)))
			return dnat;
	}
	return NULL;
}

static struct position publish(struct packet_walk *walk, const struct nat_gateway *nat,
			       const struct dnat *dnat)
{
	const struct node node = { NODE_NAT, nat };
	const struct packet in = walk->packet;
	const struct decision by = BY(DNAT, .resource = &dnat->resource);
	struct hop *hop = walk_hop(walk, node, ACTION_DNAT, by);

	walk->packet.destination = dnat->target_ip;
	if (dnat->protocol != PROTOCOL_ALL && in.destination_port)
		walk->packet.destination_port =
			(uint16_t)(dnat->private_first +
				   (in.destination_port - dnat->public_first));
	walk_translated(walk, hop);
	walk_remember(walk, node, &in, by.resource);
	if (!walk->back) {
		walk->dnat = dnat;
		walk->in_gateway = nat;
	}
	return leave_nat(walk, nat);
}

static struct position nat_from_outside(struct packet_walk *walk, const struct nat_gateway *nat)
{
	const struct node node = { NODE_NAT, nat };
	const struct packet in = walk->packet;
	const struct eip *eip = eip_of(walk, nat, in.destination);
	const struct dnat *dnat = eip ? published_entry(walk, eip) : NULL;
	const struct decision reply = BY(ICMP_REPLY, .resource = &nat->resource);
	struct hop *hop;

	if (dnat && dnat_takes_effect(walk->model, dnat))
		return publish(walk, nat, dnat);
	if (eip && in.protocol == PROTOCOL_ICMP && nat->icmp_reply) {
		hop = walk_hop(walk, node, ACTION_DNAT, reply);
		walk->packet.destination = gateway_address(nat);
		walk_translated(walk, hop);
		walk_remember(walk, node, &in, reply.resource);
		return walk_arrive(node, NULL);
	}
	walk->eip = eip;
	walk->dnat = dnat;
	return walk_lose(walk, node, CODE_NO_DNAT_ENTRY, BY(NO_DNAT_ENTRY));
}

static struct position nat_from_inside(struct packet_walk *walk, const struct nat_gateway *nat)
{
	const struct node node = { NODE_NAT, nat };

	if (nat->type == NAT_INTRANET && eip_of(walk, nat, walk->packet.destination))
		return nat_from_outside(walk, nat);
	if (is_inside(walk, nat, walk->packet.destination))
		return walk_lose(walk, node, CODE_UNREACHABLE_ADDRESS,
				 BY(NOBODY, .resource = &nat->vpc->resource));
	if (eip_of(walk, nat, walk->packet.destination) && !nat_gateway_hairpins(nat))
		return walk_lose(walk, node, CODE_HAIRPIN, BY(HAIRPIN));
	if (nat->type != NAT_INTRANET && is_smtp(walk))
		return walk_lose(walk, node, CODE_SMTP_CLOSED, BY(SMTP));
	return translate_source(walk, nat, SIDE_INSIDE);
}

/* What the gateway itself sends is tracked and translated as anything else; but it takes no packet
 * for itself, see arrive. */
static struct position nat_from_itself(struct packet_walk *walk, const struct nat_gateway *nat)
{
	if (is_inside(walk, nat, walk->packet.destination)) {
		walk_hop(walk, (struct node){ NODE_NAT, nat }, ACTION_SEND, BY(GATEWAY_ITSELF));
		return leave_nat(walk, nat);
	}
	return translate_source(walk, nat, SIDE_ITSELF);
}

struct position node_nat(struct packet_walk *walk, struct position place)
{
	const struct nat_gateway *nat = place.node.of;
	const struct track *track = NULL;
	enum state state = walk_state(walk, place.node, &track);

	walk->gateway = nat;
	if (place.from != SIDE_ITSELF && is_own(walk, nat, walk->packet.source))
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(OWN_SOURCE));
	if (state == STATE_KNOWN) {
		walk_translate_back(walk, place.node, track);
		return leave_nat(walk, nat);
	}
	if (state == STATE_INVALID)
		return walk_lose(walk, place.node, CODE_RETURN_PATH, BY(UNKNOWN_ANSWER));
	if (place.from == SIDE_ITSELF)
		return nat_from_itself(walk, nat);
	return place.from == SIDE_INSIDE ? nat_from_inside(walk, nat) : nat_from_outside(walk, nat);
}

/* ---- public addresses: the gateway that a VPC has for them, and AWS's internet gateway ---- */

/* The private address of a public one; 0: none. *ret_owner: whose. */
static uint32_t private_of(const struct packet_walk *walk, uint32_t public_ip,
			   const struct resource **ret_owner)
{
	const struct resource *holder = model_holder(walk->model, NULL, public_ip);
	const struct eip *eip = (const struct eip *)holder;

	*ret_owner = holder && holder->noun == NOUN_EIP ? eip->associated : holder;
	if (!*ret_owner)
		return 0;
	return holder->noun == NOUN_EIP ? eip_inside_address(eip) : resource_address(holder);
}

/* The public address of a private one; 0: none. *ret_owner: whose. */
static uint32_t public_of(const struct packet_walk *walk, const struct vpc *vpc,
			  uint32_t private_ip, const struct resource **ret_owner)
{
	const struct eni *eni = eni_at(walk, vpc, private_ip);
	const struct nat_gateway *nat = gateway_at(walk, vpc, private_ip);

	*ret_owner = eni ? eni_owner(eni) : nat ? &nat->resource : NULL;
	if (eni)
		return eni_translated_ip(eni, private_ip);
	for (size_t i = 0; nat && i < model_count(walk->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(walk->model, NOUN_EIP, i);

		if (eip->associated == &nat->resource && eip_inside_address(eip) == private_ip)
			return eip->ip;
	}
	return 0;
}

static struct position leave_public(const struct packet_walk *walk, const struct vpc *vpc)
{
	const bool by_table = vpc_gateway(vpc) && vpc_gateway(vpc)->table;

	if (walk_in_vpc(walk, vpc, walk->packet.destination))
		return walk_to(NODE_VPC, vpc, by_table ? SIDE_IPV4 : SIDE_OUTSIDE);
	return walk_to(NODE_INTERNET, NULL, SIDE_INSIDE);
}

/* It has no address of its own that anybody could answer to, and outwards nothing goes without a
 * public one. */
static struct position public_sends(struct packet_walk *walk, struct node node,
				    const struct vpc *vpc)
{
	if (!vpc || !walk_in_vpc(walk, vpc, walk->packet.destination))
		return walk_lose(walk, node, CODE_UNREACHABLE_ADDRESS, BY(NO_SOURCE_ADDRESS));
	walk_hop(walk, node, ACTION_SEND, BY(GATEWAY_ITSELF));
	return leave_public(walk, vpc);
}

struct position node_public(struct packet_walk *walk, struct position place)
{
	const bool own = place.node.kind == NODE_PUBLIC, outbound = place.from == SIDE_INSIDE;
	const struct internet_gateway *gateway = place.node.of;
	const struct vpc *vpc = own ? place.node.of : gateway->active ? gateway->vpc : NULL;
	const struct packet in = walk->packet;
	const struct track *track = NULL;
	const enum state state = walk_state(walk, place.node, &track);
	const struct resource *owner = NULL;
	struct decision by;
	uint32_t address;
	struct hop *hop;

	if (place.from == SIDE_ITSELF)
		return public_sends(walk, place.node, vpc);
	if (in.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(ROUTER_SOURCE));
	if (state == STATE_KNOWN) {
		walk_translate_back(walk, place.node, track);
		return leave_public(walk, vpc);
	}
	if (outbound && walk_in_vpc(walk, vpc, in.destination))
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 BY(NOBODY, .resource = &vpc->resource));
	if (state == STATE_INVALID)
		return walk_lose(walk, place.node, CODE_RETURN_PATH, BY(UNKNOWN_ANSWER));
	if (outbound && !walk_in_vpc(walk, vpc, in.destination) && is_smtp(walk))
		return walk_lose(walk, place.node, CODE_SMTP_CLOSED, BY(SMTP));
	if (outbound) {
		address = public_of(walk, vpc, in.source, &owner);
	} else {
		address = private_of(walk, in.destination, &owner);
	}
	if (!address)
		return walk_lose(walk, place.node,
				 walk->by_gateway ? CODE_NO_EIP : CODE_NO_PUBLIC_ADDRESS,
				 BY(NO_PUBLIC_ADDRESS));
	by = BY(PUBLIC_ADDRESS, .resource = owner);
	hop = walk_hop(walk, place.node, outbound ? ACTION_SNAT : ACTION_DNAT, by);
	if (outbound) {
		walk->packet.source = address;
		if (owner->noun == NOUN_NAT_GATEWAY && walk->pool)
			walk->pool = &index_pools(walk->index, (const struct nat_gateway *)owner)
					      ->outside;
	} else {
		walk->packet.destination = address;
	}
	walk_translated(walk, hop);
	walk_remember(walk, place.node, &in, by.resource);
	walk->own_address = walk->own_address || (!outbound && !walk->back);
	return leave_public(walk, vpc);
}

/* ---- the internet ---- */

/* By the internet gateway of the VPC that it is in. */
static struct position by_internet_gateway(struct packet_walk *walk, struct node node,
					   const struct vpc *vpc)
{
	if (!vpc_gateway(vpc))
		return walk_lose(walk, node, CODE_NO_INTERNET_GATEWAY,
				 BY(NO_INTERNET_GATEWAY, .resource = &vpc->resource));
	return walk_to(NODE_INTERNET_GATEWAY, vpc_gateway(vpc), SIDE_OUTSIDE);
}

/* To whoever has the address. */
static struct position to_owner(struct packet_walk *walk, struct node node,
				const struct resource *owner)
{
	const bool aws = model_cloud(walk->model)->internet_gateways;

	if (owner->noun == NOUN_NAT_GATEWAY && !aws)
		return walk_to(NODE_NAT, owner, SIDE_OUTSIDE);
	if (aws || vpc_is_controlled(resource_vpc(owner)))
		return by_internet_gateway(walk, node, resource_vpc(owner));
	return walk_to(NODE_PUBLIC, resource_vpc(owner), SIDE_OUTSIDE);
}

static struct position to_eip(struct packet_walk *walk, struct node node, const struct eip *eip)
{
	if (!eip->associated) {
		walk->eip = eip;
		return walk_lose(walk, node, CODE_EIP_UNBOUND, BY(NOBODY, .other = &eip->resource));
	}
	walk_hop(walk, node, ACTION_ROUTE, BY(EIP_ROUTE, .resource = &eip->resource));
	if (eip_is_cut_through(eip))
		return walk_to(NODE_CUT_THROUGH, eip, SIDE_OUTSIDE);
	return to_owner(walk, node, eip->associated);
}

/* AWS: from a service, to a VPC that has an endpoint for it; NULL: it is nothing of the kind. */
static const struct vpc_endpoint *endpoint_of(const struct packet_walk *walk, uint32_t to)
{
	const struct resource *from = model_holder(walk->model, NULL, walk->packet.source);

	if (!from || from->noun != NOUN_INTERNET_HOST ||
	    !model_count(walk->model, NOUN_VPC_ENDPOINT))
		return NULL;
	model_each_user(walk->model, NOUN_VPC_ENDPOINT, from, const struct vpc_endpoint, endpoint)
		if (walk_in_vpc(walk, endpoint->vpc, to))
			return endpoint;
	return NULL;
}

struct position node_internet(struct packet_walk *walk, struct position place)
{
	const uint32_t to = walk->packet.destination;
	const struct resource *holder = walk_public_holder(walk, to);
	const struct vpc_endpoint *endpoint = endpoint_of(walk, to);

	if (place.from != SIDE_ITSELF && walk->packet.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(ROUTER_SOURCE));
	if (to == ROUTER_ADDRESS)
		return walk_arrive(place.node, NULL);
	if (endpoint && place.from != SIDE_ITSELF) {
		walk_hop(walk, place.node, ACTION_ROUTE,
			 BY(ENDPOINT_ROUTE, .resource = &endpoint->resource));
		walk->endpoint = endpoint;
		return walk_to(NODE_VPC, endpoint->vpc, SIDE_ENDPOINT);
	}
	if (holder && holder->noun == NOUN_EIP)
		return to_eip(walk, place.node, (const struct eip *)holder);
	if (holder && holder->noun == NOUN_ECS) {
		walk_hop(walk, place.node, ACTION_ROUTE, BY(ADDRESS_ROUTE, .resource = holder));
		return to_owner(walk, place.node, holder);
	}
	if (holder && holder->noun == NOUN_INTERNET_HOST) {
		walk_hop(walk, place.node, ACTION_ROUTE, BY(HOST_ROUTE, .resource = holder));
		return walk_to(NODE_INTERNET_HOST, holder, SIDE_OUTSIDE);
	}
	return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(NOBODY));
}
