/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/model/system_route.h"

/* The nodes within a VPC: the vSwitch, a router with a port for each ENI, and the VPC's own router.
 */

static struct node vswitch_node(const struct vswitch *vswitch)
{
	return (struct node){ NODE_VSWITCH, vswitch };
}

/* The gateway that has a NAT IP in one of the VPC's vSwitches; NULL: none has. */
static const struct nat_gateway *intranet_gateway_at(const struct packet_walk *walk,
						     const struct vpc *vpc, uint32_t ip)
{
	const struct nat_gateway *nat = gateway_at(walk, vpc, ip);

	return nat && nat->type == NAT_INTRANET && prefix_contains(nat->vswitch->cidr, ip) ? nat
											   : NULL;
}

/* What nobody holds is a blackhole at the vSwitch's router. */
static struct position nobody_holds(struct packet_walk *walk, const struct vswitch *vswitch,
				    const struct eni *detached)
{
	return walk_lose(walk, vswitch_node(vswitch), CODE_UNREACHABLE_ADDRESS,
			 BY(NOBODY, .resource = &vswitch->resource,
			    .other = detached && !eni_is_cut_through(detached) ? &detached->resource
									       : NULL));
}

bool pass_acl(struct packet_walk *walk, struct node node, const struct vswitch *vswitch,
	      enum direction direction)
{
	struct decision by;
	struct cloud_service service;

	if (!vswitch->acl || cloud_service_of(walk, vswitch->vpc, &service) ||
	    cloud_service_at(walk->model, vswitch->vpc, walk->packet.source, &service))
		return true;
	by = BY(ACL_RULE, .resource = &vswitch->acl->resource, .direction = direction);
	if (acl_allows(walk, vswitch->acl, direction, &walk->packet, &by.rule)) {
		walk_hop(walk, node, ACTION_ACCEPT, by);
		return true;
	}
	walk->acl_rule = by.rule;
	walk->acl_of = vswitch;
	walk_lose(walk, node, direction == DIRECTION_IN ? CODE_ACL_INGRESS : CODE_ACL_EGRESS, by);
	return false;
}

/* Second: nothing for the internet by one interface of an ECS with the address of another, if the
 * way leads to an enhanced gateway. */
static bool pass_one_interface(struct packet_walk *walk, const struct vswitch *vswitch,
			       const struct eni *sender)
{
	const struct route *route;
	const struct eni *owner;

	if (eni_has_address(sender, walk->packet.source) ||
	    walk_in_vpc(walk, vswitch->vpc, walk->packet.destination))
		return true;
	owner = eni_at(walk, vswitch->vpc, walk->packet.source);
	route = walk_route(walk, vswitch->table, walk->packet.destination);
	if (!owner || owner->ecs != sender->ecs || !route || !route_leads_to_enhanced(route))
		return true;
	walk->at_fault = owner;
	walk_lose(walk, vswitch_node(vswitch), CODE_RETURN_PATH, BY(ONE_INTERFACE));
	return false;
}

bool pass_groups(struct packet_walk *walk, struct node node, const struct eni *eni,
		 enum direction direction)
{
	const struct group_verdict verdict = groups_verdict(walk, eni, direction, &walk->packet);

	if (verdict.allows) {
		walk_hop(walk, node, ACTION_ACCEPT, group_decision(&verdict, direction));
		return true;
	}
	walk->at_fault = eni;
	walk_lose(walk, node, direction == DIRECTION_IN ? CODE_SG_INGRESS : CODE_SG_EGRESS,
		  group_decision(&verdict, direction));
	return false;
}

/* Third: the sender's groups, then the receiver's; NULL for a side that is no port of this vSwitch.
 */
static bool filter(struct packet_walk *walk, const struct vswitch *vswitch, struct position place,
		   const struct eni *sender, const struct eni *receiver)
{
	const struct node node = vswitch_node(vswitch);
	const struct track *track = NULL;
	struct cloud_service service;

	const bool balanced = came_from_balancer(walk, vswitch, place);
	const struct resource *by = balanced ? &vswitch->resource : NULL;

	if (walk_state(walk, node, &track) == STATE_KNOWN) {
		walk_hop(walk, node, ACTION_ACCEPT, BY(CONNECTION));
		return true;
	}
	if ((cloud_service_of(walk, vswitch->vpc, &service) && service.past_groups) ||
	    (!sender && is_health_check(walk, vswitch->vpc))) {
		walk_hop(walk, node, ACTION_ACCEPT, BY(PAST_GROUPS));
		walk_remember(walk, node, &walk->packet, by);
		return true;
	}
	if ((sender && !pass_groups(walk, node, sender, DIRECTION_OUT)) ||
	    (receiver && !pass_groups(walk, node, receiver, DIRECTION_IN)))
		return false;
	walk_remember(walk, node, &walk->packet, by);
	return true;
}

/* AWS, before all: a port sends and takes what has its own address, unless its source/destination
 * check is off. */
static bool pass_check(struct packet_walk *walk, const struct vswitch *vswitch,
		       const struct eni *sender, const struct eni *receiver)
{
	if (sender && sender->source_dest_check && !eni_has_address(sender, walk->packet.source)) {
		walk->at_fault = walk->back ? eni_at(walk, vswitch->vpc, walk->packet.source)
					    : sender;
		walk_lose(walk, vswitch_node(vswitch),
			  walk->back ? CODE_RETURN_PATH : CODE_SOURCE_DEST_CHECK,
			  BY(SOURCE_CHECK, .resource = eni_owner(sender)));
		return false;
	}
	if (receiver && receiver->source_dest_check &&
	    !eni_has_address(receiver, walk->packet.destination)) {
		walk->at_fault = receiver;
		walk_lose(walk, vswitch_node(vswitch), CODE_SOURCE_DEST_CHECK,
			  BY(DESTINATION_CHECK, .resource = eni_owner(receiver)));
		return false;
	}
	return true;
}

static bool forward(struct packet_walk *walk, const struct vswitch *vswitch, struct position place,
		    const struct eni *receiver)
{
	const struct eni *sender = place.from == SIDE_INSIDE ? place.eni : NULL;
	const bool acl = !model_cloud(walk->model)->acl_at_router;

	if (!pass_check(walk, vswitch, sender, receiver))
		return false;

	/* First in the forward hook. */
	if (!sender && acl && !pass_acl(walk, place.node, vswitch, DIRECTION_IN))
		return false;
	if (sender && !receiver &&
	    ((acl && !pass_acl(walk, place.node, vswitch, DIRECTION_OUT)) ||
	     !pass_one_interface(walk, vswitch, sender)))
		return false;
	return filter(walk, vswitch, place, sender, receiver);
}

struct position node_vswitch(struct packet_walk *walk, struct position place)
{
	const struct vswitch *vswitch = place.node.of;
	const uint32_t to = walk->packet.destination, gateway = vswitch->gateway;
	const struct eni *receiver = place.from == SIDE_OUTSIDE ? place.eni : NULL;
	const bool answer = answers_balancer(walk, place);
	struct cloud_service service;

	if (place.from != SIDE_ITSELF && walk->packet.source == gateway)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(OWN_SOURCE));
	if (to == gateway)
		return walk_arrive(place.node, NULL);
	if (!receiver && !answer && prefix_contains(vswitch->cidr, to) &&
	    !balancer_at(walk, vswitch->vpc, to) && !intranet_gateway_at(walk, vswitch->vpc, to) &&
	    !cloud_service_of(walk, vswitch->vpc, &service) &&
	    !(model_cloud(walk->model)->gateway_beside_router &&
	      gateway_at(walk, vswitch->vpc, to))) {
		receiver = eni_at(walk, vswitch->vpc, to);
		if (!receiver || !receiver->ecs || eni_is_cut_through(receiver))
			return nobody_holds(walk, vswitch, receiver);
	}
	if (place.from == SIDE_ITSELF)
		walk_hop(walk, place.node, walk->back ? ACTION_ANSWER : ACTION_SEND,
			 BY(ROUTER_ITSELF, .address = gateway));
	else if (!forward(walk, vswitch, place, receiver))
		return (struct position){ .progress = LOST };
	if (receiver)
		return (struct position){ .node = { NODE_ECS, receiver->ecs }, .eni = receiver };
	walk->from_vswitch = vswitch;
	return (struct position){ .node = { NODE_VPC, vswitch->vpc }, .from = SIDE_INSIDE };
}

/* ---- the VPC's router ---- */

/* table: or the VPC, whose own router it is. */
static struct position to_vswitch(struct packet_walk *walk, struct position place,
				  const struct resource *table, const struct vswitch *vswitch)
{
	walk_hop(walk, place.node, ACTION_ROUTE,
		 BY(LOCAL_ROUTE, .resource = table, .other = &vswitch->resource));
	return walk_to(NODE_VSWITCH, vswitch, SIDE_OUTSIDE);
}

/* To what has an address in a vSwitch and stands beside it, by routes that are in every table.
 * False: it is nothing of the kind. */
static bool to_appliance(struct packet_walk *walk, struct position place,
			 const struct resource *table, struct position *ret_place)
{
	const uint32_t to = walk->packet.destination;
	const struct load_balancer *balancer = balancer_at(walk, place.node.of, to);
	const struct nat_gateway *nat = intranet_gateway_at(walk, place.node.of, to);

	if (!balancer && !nat)
		return false;
	walk_hop(walk, place.node, ACTION_ROUTE,
		 BY(LOCAL_ROUTE, .resource = table,
		    .other = model_holder(walk->model, place.node.of, to)));
	*ret_place = balancer ? walk_to(NODE_BALANCER, balancer, SIDE_INSIDE)
			      : walk_to(NODE_NAT, nat, SIDE_INSIDE);
	return true;
}

static struct position to_public_gateway(struct packet_walk *walk, struct position place,
					 const struct eni *owner)
{
	walk_hop(walk, place.node, ACTION_ROUTE, BY(PUBLIC_ROUTE, .resource = eni_owner(owner)));
	return walk_to(NODE_PUBLIC, place.node.of, SIDE_INSIDE);
}

/* Who sends the packet by a public address of its own: to the internet, whatever the routes say.
 * cloud-semantics: addr-1, addr-2, addr-9 */
static const struct eni *public_sender(const struct packet_walk *walk, const struct vpc *vpc)
{
	const struct eni *sender = eni_at(walk, vpc, walk->packet.source);
	struct prefix range;

	if (!sender || !eni_translated_ip(sender, walk->packet.source) || vpc_is_controlled(vpc))
		return NULL;
	for (size_t cursor = 0; private_range_next(vpc, &cursor, &range);)
		if (walk_in(walk, range, walk->packet.destination))
			return NULL;
	return sender;
}

/* From a vSwitch, or from an IPv4 gateway. */
static struct position by_table(struct packet_walk *walk, struct position place,
				const struct route_table *table)
{
	const struct vpc *vpc = place.node.of;
	const uint32_t to = walk->packet.destination;
	const struct vswitch *inside = index_vswitch_at(walk->index, vpc, to);
	const struct route *route = walk_route(walk, table, to);
	struct position appliance;

	if (to_appliance(walk, place, &table->resource, &appliance))
		return appliance;
	/* No custom route is narrower than a vSwitch's (the rules see to that). */
	if (inside && (!route || route->to.length < inside->cidr.length))
		return to_vswitch(walk, place, &table->resource, inside);
	if (prefix_contains(CLOUD_SERVICES, to) &&
	    (!route || route->to.length <= CLOUD_SERVICES.length))
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 BY(CLOUD_SERVICES, .resource = &table->resource));
	if (route)
		return walk_by_route(walk, place, route, CODE_NO_ROUTE);
	return walk_lose(walk, place.node, CODE_NO_ROUTE,
			 BY(NO_ROUTE, .resource = &table->resource));
}

/* What is for the router itself: its own address, and those of the cloud's services, before any
 * route. False: it is for another. */
bool vpc_takes(struct packet_walk *walk, struct position place, struct position *ret_place)
{
	const struct vpc *vpc = place.node.of;
	const bool own = walk->packet.destination == ROUTER_ADDRESS;
	struct cloud_service service;

	if (!own && !cloud_service_of(walk, vpc, &service))
		return false;
	if (!own && (place.from == SIDE_PEER || place.from == SIDE_TRANSIT) &&
	    vpc_cidr_of(vpc, service.ip)) /* cloud-semantics: peer-28 */
		*ret_place = walk_lose(walk, place.node, CODE_NO_TRANSIT,
				       BY(FOREIGN_RESOLVER, .resource = &vpc->resource));
	else
		*ret_place = walk_arrive(place.node, NULL);
	return true;
}

struct position node_vpc(struct packet_walk *walk, struct position place)
{
	const struct vpc *vpc = place.node.of;
	struct position taken;
	const struct vswitch *inside;
	const struct eni *sender;

	if (place.from != SIDE_ITSELF && walk->packet.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(ROUTER_SOURCE));
	if (vpc_takes(walk, place, &taken) || back_to_balancer(walk, place, &taken))
		return taken;
	if (place.from == SIDE_INSIDE)
		walk->route = NULL;
	sender = place.from == SIDE_ITSELF || place.from == SIDE_PEER ||
				 place.from == SIDE_TRANSIT || place.from == SIDE_GATEWAY
			 ? NULL
			 : public_sender(walk, vpc);
	if (sender)
		return to_public_gateway(walk, place, sender);
	if (place.from == SIDE_GATEWAY)
		walk->from_vswitch = walk->gateway->vswitch;
	if (place.from == SIDE_BALANCER)
		walk->from_vswitch = walk->balancer->vswitch;
	if (place.from == SIDE_INSIDE || place.from == SIDE_TRANSIT || place.from == SIDE_GATEWAY ||
	    place.from == SIDE_BALANCER)
		return by_table(walk, place, walk->from_vswitch->table);
	if (place.from == SIDE_IPV4) /* cloud-semantics: addr-12 */
		return by_table(walk, place, vpc_gateway(vpc)->table);
	/* From a gateway, another VPC, or the router itself: the system routes, nothing else. */
	if (to_appliance(walk, place, &vpc->resource, &taken))
		return taken;
	inside = index_vswitch_at(walk->index, vpc, walk->packet.destination);
	if (inside)
		return to_vswitch(walk, place, &vpc->resource, inside);
	if (prefix_contains(CLOUD_SERVICES, walk->packet.destination))
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 BY(CLOUD_SERVICES, .resource = &vpc->resource));
	return walk_lose(walk, place.node,
			 place.from == SIDE_PEER     ? CODE_NO_TRANSIT
			 : place.from == SIDE_ITSELF ? CODE_NO_ROUTE
						     : CODE_UNREACHABLE_ADDRESS,
			 BY(NO_ROUTE, .resource = &vpc->resource));
}
