/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/query.h"
#include "lab/model/transit.h"

/*
 * The nodes that are AWS's own: the VPC's router, where every packet goes by a route table; the NAT
 * gateway beside it; the internet gateway. As in lab/compile/aws_vpc.c and aws_nat_gateway.c.
 */

/* ---- the VPC's router ---- */

/* Of what is lost for want of a way to the internet. The code says whose way: the gateway's, or the
 * sender's own. */
static enum code no_way(const struct packet_walk *walk, const struct vpc *vpc)
{
	const bool outwards = address_is_public(walk->packet.destination);
	const bool detached = walk->route && walk->route->via_noun == NOUN_INTERNET_GATEWAY;

	if (walk->route && !detached && !walk->by_gateway)
		return CODE_BLACKHOLE_ROUTE;
	return outwards && (walk->by_gateway || detached || !vpc->internet_gateway)
		       ? CODE_NO_INTERNET_GATEWAY
		       : CODE_NO_ROUTE;
}

/* The ACLs at the edges of subnets: out of the one it comes from, into the one it goes to; none
 * within a subnet. NULL: no subnet. cloud-semantics: acl-3, aws-8 */
bool pass_edges(struct packet_walk *walk, struct position place, const struct vswitch *into)
{
	const bool from_subnet = place.from == SIDE_INSIDE || place.from == SIDE_GATEWAY ||
				 place.from == SIDE_BALANCER;
	const struct vswitch *from = from_subnet ? walk->from_vswitch : NULL;

	if (from == into || place.from == SIDE_ITSELF)
		return true;
	if (from && !acl_passes_all(from->acl) && !pass_acl(walk, place.node, from, DIRECTION_OUT))
		return false;
	return !into || acl_passes_all(into->acl) || pass_acl(walk, place.node, into, DIRECTION_IN);
}

/* Into which subnet a route leads, if any. */
static const struct vswitch *subnet_of_hop(const struct route *route)
{
	const struct eni *eni = route_interface(route);

	if (eni)
		return eni->vswitch;
	return route->via_noun == NOUN_NAT_GATEWAY
		       ? ((const struct nat_gateway *)route->via)->vswitch
		       : NULL;
}

/* table NULL: the router's own, which has the local route only. */
static struct position by_table(struct packet_walk *walk, struct position place,
				const struct route_table *table)
{
	const struct vpc *vpc = place.node.of;
	const uint32_t to = walk->packet.destination;
	const struct prefix *local = walk_in_vpc(walk, vpc, to);
	const struct nat_gateway *nat = gateway_at(walk, vpc, to);
	const struct load_balancer *balancer = balancer_at(walk, vpc, to);
	const struct vswitch *subnet = index_vswitch_at(walk->index, vpc, to);
	const struct route *route = table ? walk_route(walk, table, to) : NULL;
	const struct resource *owner = table ? &table->resource : &vpc->resource;

	const struct track *track = NULL;

	if (place.from != SIDE_PEER)
		walk->route = NULL;
	/* After the routing, which may have no place for it, and before the ACL. */
	if (place.from == SIDE_ENDPOINT && (nat || subnet) &&
	    walk_state(walk, place.node, &track) != STATE_KNOWN)
		return walk_lose(walk, place.node, CODE_UNSOLICITED,
				 BY(UNSOLICITED, .resource = &walk->endpoint->resource));
	if (nat) {
		if (!pass_edges(walk, place, nat->vswitch))
			return (struct position){ .progress = LOST };
		walk_hop(walk, place.node, ACTION_ROUTE,
			 BY(LOCAL_ROUTE, .resource = owner, .other = &nat->resource));
		return walk_to(NODE_NAT, nat, SIDE_INSIDE);
	}
	if (balancer) {
		if (!pass_edges(walk, place, balancer->vswitch))
			return (struct position){ .progress = LOST };
		walk_hop(walk, place.node, ACTION_ROUTE,
			 BY(LOCAL_ROUTE, .resource = owner, .other = &balancer->resource));
		return walk_to(NODE_BALANCER, balancer, SIDE_INSIDE);
	}
	/* A route of the user's within the VPC is for a whole subnet, and comes before the local
	 * one. */
	if (subnet && (!route || route->to.length < subnet->cidr.length)) {
		if (!pass_edges(walk, place, subnet))
			return (struct position){ .progress = LOST };
		walk_hop(walk, place.node, ACTION_ROUTE,
			 BY(LOCAL_ROUTE, .resource = owner, .other = &subnet->resource));
		return walk_to(NODE_VSWITCH, subnet, SIDE_OUTSIDE);
	}
	if (local && (!route || route->to.length <= local->length))
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 BY(LOCAL_ROUTE, .resource = owner));
	if (place.from == SIDE_PEER)
		return walk_lose(walk, place.node, CODE_NO_TRANSIT,
				 BY(NO_ROUTE, .resource = owner));
	walk->route = route;
	if (route && route->via_noun == NOUN_VPC_ENDPOINT &&
	    !walk_in_vpc(walk, vpc, walk->packet.source))
		return walk_lose(walk, place.node, CODE_NO_TRANSIT,
				 BY(ENDPOINT_REST, .resource = route->via));
	if (route && !route_is_blackhole(route) && !pass_edges(walk, place, subnet_of_hop(route)))
		return (struct position){ .progress = LOST };
	if (route && route->via && route->via_noun == NOUN_TRANSIT_ATTACHMENT &&
	    place.from != SIDE_TRANSIT &&
	    !transit_serves_zone((const struct transit_attachment *)route->via, walk->from_vswitch))
		return walk_lose(walk, place.node, CODE_NO_ATTACHMENT,
				 BY(NO_ZONE, .resource = route->via));
	if (route)
		return walk_by_route(walk, place, route, no_way(walk, vpc));
	return walk_lose(walk, place.node, no_way(walk, vpc), BY(NO_ROUTE, .resource = owner));
}

struct position node_aws_vpc(struct packet_walk *walk, struct position place)
{
	struct position taken;

	if (place.from != SIDE_ITSELF && walk->packet.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(ROUTER_SOURCE));
	if (vpc_takes(walk, place, &taken) || back_to_balancer(walk, place, &taken))
		return taken;
	walk->by_gateway = place.from == SIDE_GATEWAY;
	if (place.from == SIDE_GATEWAY)
		walk->from_vswitch = walk->gateway->vswitch;
	if (place.from == SIDE_BALANCER)
		walk->from_vswitch = walk->balancer->vswitch;
	if (place.from == SIDE_GATEWAY || place.from == SIDE_INSIDE || place.from == SIDE_TRANSIT ||
	    place.from == SIDE_BALANCER)
		return by_table(walk, place, walk->from_vswitch->table);
	return by_table(walk, place, NULL);
}

/* ---- NAT gateway ---- */

/* By a route of the gateway's own subnet to the gateway. */
static bool led_back(const struct packet_walk *walk, const struct nat_gateway *nat)
{
	return walk->by_gateway && walk->route && walk->route->via == &nat->resource;
}

/* On the way out; that which was seen, if one was. */
static void draw_port(struct packet_walk *walk, const struct nat_gateway *nat)
{
	const struct hops *hops = walk->seen ? &walk->seen->forward : NULL;

	walk->n_drawn++;
	for (size_t i = 0; hops && i < hops->n_hop; i++)
		if (strcmp(hops->hop[i].node, nat->resource.name) == 0 &&
		    hops->hop[i].out.source_port)
			walk->choice.port = hops->hop[i].out.source_port;
}

struct position node_aws_nat(struct packet_walk *walk, struct position place)
{
	const struct nat_gateway *nat = place.node.of;
	const struct packet in = walk->packet;
	const struct track *track = NULL;
	const enum state state = walk_state(walk, place.node, &track);
	const struct decision by = BY(GATEWAY_ADDRESS, .resource = &nat->resource);
	const struct gateway_pools *pools = index_pools(walk->index, nat);
	struct hop *hop;

	walk->gateway = nat;
	if (place.from != SIDE_ITSELF && gateway_at(walk, nat->vpc, in.source) == nat)
		return walk_lose(walk, place.node,
				 led_back(walk, nat) ? no_way(walk, nat->vpc)
						     : CODE_UNREACHABLE_ADDRESS,
				 BY(OWN_SOURCE));
	if (state == STATE_KNOWN) {
		walk_translate_back(walk, place.node, track);
		walk->n_drawn--;
		if (gateway_at(walk, nat->vpc, walk->packet.destination) == nat)
			return walk_arrive(place.node, NULL);
		return walk_to(NODE_VPC, nat->vpc, SIDE_GATEWAY);
	}
	if (gateway_at(walk, nat->vpc, in.destination) == nat)
		return walk_lose(walk, place.node, CODE_UNSOLICITED,
				 BY(UNSOLICITED, .resource = &nat->resource));
	if (state == STATE_INVALID)
		return walk_lose(walk, place.node, CODE_RETURN_PATH, BY(UNKNOWN_ANSWER));
	hop = walk_hop(walk, place.node, ACTION_SNAT, by);
	walk->packet.source = pools ? chosen_eip(walk, nat, &pools->inside)->ip : nat->private_ip;
	walk->packet.source_port = 0; /* of the gateway's choice */
	if (!walk->back)
		draw_port(walk, nat);
	if (pools && !walk->back)
		walk->pool = &pools->inside;
	walk_translated(walk, hop);
	if (limit_of_destination(walk, nat))
		return (struct position){ .progress = LOST };
	walk_remember(walk, place.node, &in, by.resource);
	return walk_to(NODE_VPC, nat->vpc, SIDE_GATEWAY);
}
