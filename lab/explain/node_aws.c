/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"

/*
 * The nodes that are AWS's own: the VPC's router, where every packet goes by a route table; the NAT
 * gateway beside it; the internet gateway. As in compile_aws.c and compile_aws_nat_gateway.c.
 */

/* ---- the VPC's router ---- */

static struct place to_subnet(struct walk *walk, struct place place, const char *table,
			      const struct vswitch *subnet)
{
	char text[PREFIX_TEXT_SIZE];

	walk_hop(walk, place.node, "route",
		 RULE(walk, "%s: %s local", table, prefix_format(subnet->vpc->cidr, text)));
	return walk_to(NODE_VSWITCH, subnet, SIDE_OUTSIDE);
}

/* The NAT gateway whose private address that is; NULL: nobody's. */
static const struct nat_gateway *gateway_at(const struct walk *walk, const struct vpc *vpc,
					    uint32_t ip)
{
	const struct resource *holder = model_holder(walk->model, vpc, ip);

	return holder && holder->noun == NOUN_NAT_GATEWAY ? (const struct nat_gateway *)holder
							  : NULL;
}

/* Of what is lost for want of a way to the internet. The code says whose way: the gateway's, or the
 * sender's own. */
static enum code no_way(const struct walk *walk, const struct vpc *vpc)
{
	const bool outwards = address_is_public(walk->packet.destination);
	const bool detached = walk->route && walk->route->via_type == HOP_INTERNET_GATEWAY;

	if (walk->route && !detached && !walk->by_gateway)
		return CODE_BLACKHOLE_ROUTE;
	return outwards && (walk->by_gateway || detached || !vpc->internet_gateway)
		       ? CODE_NO_INTERNET_GATEWAY
		       : CODE_NO_ROUTE;
}

static struct place by_route(struct walk *walk, struct place place, const struct route *route)
{
	const struct eni *eni = route_interface(route);
	char text[PREFIX_TEXT_SIZE];
	const char *rule = RULE(walk, "%s %s: %s via %s%s", route->table->resource.name,
				route->resource.name, prefix_format(route->to, text),
				route->via ? route->via->name : route->lost,
				route_is_blackhole(route) ? ", a blackhole" : "");

	walk->route = route;
	if (route_is_blackhole(route))
		return walk_lose(walk, place.node, no_way(walk, place.node.of), rule);
	walk_hop(walk, place.node, "route", rule);
	if (eni)
		return (struct place){ .node = { NODE_VSWITCH, eni->vswitch },
				       .from = SIDE_OUTSIDE,
				       .eni = eni };
	if (route->via_type == HOP_INTERNET_GATEWAY)
		return walk_to(NODE_INTERNET_GATEWAY, route->via, SIDE_INSIDE);
	return walk_to(NODE_NAT, route->via, SIDE_INSIDE);
}

/* table NULL: the router's own, which has the local route only. */
static struct place by_table(struct walk *walk, struct place place, const struct route_table *table)
{
	const struct vpc *vpc = place.node.of;
	const uint32_t to = walk->packet.destination;
	const struct nat_gateway *nat = gateway_at(walk, vpc, to);
	const struct vswitch *subnet = index_vswitch_at(walk->index, vpc, to);
	const struct route *route = table ? index_route(walk->index, table, to) : NULL;
	const char *name = table ? table->resource.name : "local route";

	walk->route = NULL;
	if (nat) {
		walk_hop(walk, place.node, "route", RULE(walk, "%s: local", name));
		return walk_to(NODE_NAT, nat, SIDE_INSIDE);
	}
	/* A route of the user's within the VPC is for a whole subnet, and comes before the local
	 * one. */
	if (subnet && (!route || route->to.length < subnet->cidr.length))
		return to_subnet(walk, place, name, subnet);
	if (prefix_contains(vpc->cidr, to) && (!route || route->to.length <= vpc->cidr.length))
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 RULE(walk, "%s: local, but in no subnet", name));
	if (route)
		return by_route(walk, place, route);
	return walk_lose(walk, place.node, no_way(walk, vpc), RULE(walk, "%s: no route", name));
}

struct place node_aws_vpc(struct walk *walk, struct place place)
{
	if (place.from != SIDE_ITSELF && walk->packet.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 "its source, 169.254.0.2, is what every router calls itself");
	if (walk->packet.destination == ROUTER_ADDRESS)
		return walk_arrive(place.node, NULL);
	walk->by_gateway = place.from == SIDE_GATEWAY;
	if (place.from == SIDE_GATEWAY)
		walk->from_vswitch = walk->gateway->vswitch;
	if (place.from == SIDE_GATEWAY || place.from == SIDE_INSIDE)
		return by_table(walk, place, walk->from_vswitch->table);
	return by_table(walk, place, NULL);
}

/* ---- NAT gateway ---- */

/* By a route of the gateway's own subnet to the gateway. */
static bool led_back(const struct walk *walk, const struct nat_gateway *nat)
{
	return walk->by_gateway && walk->route && walk->route->via == &nat->resource;
}

struct place node_aws_nat(struct walk *walk, struct place place)
{
	const struct nat_gateway *nat = place.node.of;
	const struct packet in = walk->packet;
	const struct track *track = NULL;
	const enum state state = walk_state(walk, place.node, &track);
	struct hop *hop;

	walk->gateway = nat;
	if (place.from != SIDE_ITSELF && in.source == nat->private_ip)
		return walk_lose(walk, place.node,
				 led_back(walk, nat) ? no_way(walk, nat->vpc)
						     : CODE_UNREACHABLE_ADDRESS,
				 "it claims to come from this gateway itself");
	if (state == STATE_KNOWN) {
		walk_translate_back(walk, place.node, track, "answer to what it sent out");
		if (walk->packet.destination == nat->private_ip)
			return walk_arrive(place.node, NULL);
		return walk_to(NODE_VPC, nat->vpc, SIDE_GATEWAY);
	}
	if (in.destination == nat->private_ip)
		return walk_lose(walk, place.node, CODE_UNSOLICITED,
				 "it takes nothing that nobody behind it has asked for");
	if (state == STATE_INVALID)
		return walk_lose(walk, place.node, CODE_RETURN_PATH,
				 "belongs to no connection that it knows");
	hop = walk_hop(walk, place.node, "snat",
		       RULE(walk, "all that is routed to it: its private address"));
	walk->packet.source = nat->private_ip;
	if (in.source_port < AWS_NAT_PORT_FIRST)
		walk->packet.source_port = 0; /* of the gateway's choice */
	walk_translated(walk, hop);
	if (limit_of_destination(walk, nat))
		return (struct place){ .progress = LOST };
	walk_remember(walk, place.node, &in);
	return walk_to(NODE_VPC, nat->vpc, SIDE_GATEWAY);
}

/* ---- internet gateway ---- */

/* The private address behind a public one; 0: there is none. *ret_owner: whose. */
static uint32_t private_of(const struct walk *walk, uint32_t public_ip,
			   const struct resource **ret_owner)
{
	const struct resource *holder = model_holder(walk->model, NULL, public_ip);

	if (holder && holder->noun == NOUN_EIP)
		holder = ((const struct eip *)holder)->associated;
	*ret_owner = holder;
	if (holder && holder->noun == NOUN_NAT_GATEWAY)
		return ((const struct nat_gateway *)holder)->private_ip;
	if (holder && holder->noun == NOUN_ECS)
		return ((const struct ecs *)holder)->eni[0]->ip;
	return holder && holder->noun == NOUN_ENI ? ((const struct eni *)holder)->ip : 0;
}

/* And the public address of a private one. */
static uint32_t public_of(const struct walk *walk, const struct vpc *vpc, uint32_t private_ip,
			  const struct resource **ret_owner)
{
	const struct eni *eni = model_eni_by_ip(walk->model, vpc, private_ip);
	const struct nat_gateway *nat = gateway_at(walk, vpc, private_ip);

	*ret_owner = eni ? &eni->resource : nat ? &nat->resource : NULL;
	if (eni)
		return eni_public_ip(eni);
	for (size_t i = 0; nat && i < model_count(walk->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(walk->model, NOUN_EIP, i);

		if (eip->associated == &nat->resource)
			return eip->ip;
	}
	return 0;
}

static struct place leave_gateway(const struct walk *walk, const struct internet_gateway *gateway)
{
	if (prefix_contains(gateway->vpc->cidr, walk->packet.destination))
		return walk_to(NODE_VPC, gateway->vpc, SIDE_OUTSIDE);
	return walk_to(NODE_INTERNET, NULL, SIDE_INSIDE);
}

/* It has no address of its own that anybody could answer to, and outwards nothing goes without a
 * public one. */
static struct place gateway_sends(struct walk *walk, const struct internet_gateway *gateway)
{
	const struct node node = { NODE_INTERNET_GATEWAY, gateway };

	if (!gateway->vpc || !prefix_contains(gateway->vpc->cidr, walk->packet.destination))
		return walk_lose(walk, node, CODE_UNREACHABLE_ADDRESS,
				 "it has no address to send from");
	walk_hop(walk, node, "send", "from the gateway itself");
	return leave_gateway(walk, gateway);
}

struct place node_aws_internet_gateway(struct walk *walk, struct place place)
{
	const struct internet_gateway *gateway = place.node.of;
	const struct packet in = walk->packet;
	const bool outbound = place.from == SIDE_INSIDE;
	const struct track *track = NULL;
	const enum state state = walk_state(walk, place.node, &track);
	const struct resource *owner = NULL;
	uint32_t address;
	struct hop *hop;

	if (place.from == SIDE_ITSELF)
		return gateway_sends(walk, gateway);
	if (in.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 "its source, 169.254.0.2, is what every router calls itself");
	if (state == STATE_KNOWN) {
		walk_translate_back(walk, place.node, track,
				    outbound ? "answer from the public address"
					     : "answer to the public address");
		return leave_gateway(walk, gateway);
	}
	if (state == STATE_INVALID)
		return walk_lose(walk, place.node, CODE_RETURN_PATH,
				 "belongs to no connection that it knows");
	address = outbound ? public_of(walk, gateway->vpc, in.source, &owner)
			   : private_of(walk, in.destination, &owner);
	if (!address)
		return walk_lose(walk, place.node,
				 walk->by_gateway ? CODE_NO_EIP : CODE_NO_PUBLIC_ADDRESS,
				 "the source has no public address");
	hop = walk_hop(walk, place.node, outbound ? "snat" : "dnat",
		       RULE(walk, "the public address of %s", owner->name));
	if (outbound)
		walk->packet.source = address;
	else
		walk->packet.destination = address;
	walk_translated(walk, hop);
	walk_remember(walk, place.node, &in);
	walk->own_address = walk->own_address || (!outbound && !walk->back);
	return leave_gateway(walk, gateway);
}

/* From the internet to whoever has the address, by the internet gateway of the VPC that it is in.
 */
struct place aws_from_internet(struct walk *walk, struct node internet,
			       const struct resource *owner)
{
	const struct vpc *vpc = NULL;

	if (owner->noun == NOUN_NAT_GATEWAY)
		vpc = ((const struct nat_gateway *)owner)->vpc;
	else if (owner->noun == NOUN_ECS)
		vpc = ((const struct ecs *)owner)->eni[0]->vswitch->vpc;
	else
		vpc = ((const struct eni *)owner)->vswitch->vpc;
	if (!vpc->internet_gateway)
		return walk_lose(walk, internet, CODE_NO_INTERNET_GATEWAY,
				 RULE(walk, "%s has no internet gateway", vpc->resource.name));
	return walk_to(NODE_INTERNET_GATEWAY, vpc->internet_gateway, SIDE_OUTSIDE);
}
