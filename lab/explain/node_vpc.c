/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/system_route.h"

/* The nodes within a VPC: the vSwitch, a router with a port for each ENI, and the VPC's own router.
 */

static struct node vswitch_node(const struct vswitch *vswitch)
{
	return (struct node){ NODE_VSWITCH, vswitch };
}

/* What nobody holds is a blackhole at the vSwitch's router. */
static struct place nobody_holds(struct walk *walk, const struct vswitch *vswitch,
				 const struct eni *detached)
{
	const char *rule = "nobody holds the address";

	if (detached)
		rule = RULE(walk, "%s is not attached to any %s", detached->resource.name,
			    model_noun_title(walk->model, NOUN_ECS));
	return walk_lose(walk, vswitch_node(vswitch), CODE_UNREACHABLE_ADDRESS, rule);
}

/* In the forward hook, first: the vSwitch's network ACL, which looks at whatever crosses its edge,
 * answers too. */
static bool pass_acl(struct walk *walk, const struct vswitch *vswitch, enum direction direction)
{
	const struct filter_rule *rule;

	if (!vswitch->acl)
		return true;
	if (acl_allows(vswitch->acl, direction, &walk->packet, &rule)) {
		walk_hop(walk, vswitch_node(vswitch), "accept",
			 acl_rule_text(walk, vswitch->acl, direction, rule));
		return true;
	}
	walk->acl_rule = rule;
	walk_lose(walk, vswitch_node(vswitch),
		  direction == DIRECTION_IN ? CODE_ACL_INGRESS : CODE_ACL_EGRESS,
		  acl_rule_text(walk, vswitch->acl, direction, rule));
	return false;
}

static bool leads_to_enhanced(const struct walk *walk, const struct route_table *table)
{
	const struct resources *routes = index_of(walk->index, &table->resource);
	const struct route *last = routes->n_item ? routes->item[routes->n_item - 1] : NULL;

	return last && last->to.length == 0 && last->via && last->via_type == HOP_NAT_GATEWAY &&
	       ((const struct nat_gateway *)last->via)->type == NAT_ENHANCED;
}

/* Second: nothing for the internet by one interface of an ECS with the address of another, if the
 * way leads to an enhanced gateway. */
static bool pass_one_interface(struct walk *walk, const struct vswitch *vswitch,
			       const struct eni *sender)
{
	const struct eni *owner = model_eni_by_ip(walk->model, vswitch->vpc, walk->packet.source);

	if (prefix_contains(vswitch->vpc->cidr, walk->packet.destination) || !owner ||
	    owner == sender || owner->ecs != sender->ecs ||
	    !leads_to_enhanced(walk, vswitch->table))
		return true;
	walk->culprit = owner;
	walk_lose(
		walk, vswitch_node(vswitch), CODE_RETURN_PATH,
		RULE(walk,
		     "the address of eth%u, but it comes by eth%u: not towards an enhanced gateway",
		     owner->index, sender->index));
	return false;
}

/* Third: the sender's groups, then the receiver's; NULL for a side that is no port of this vSwitch.
 */
static bool filter(struct walk *walk, const struct vswitch *vswitch, const struct eni *sender,
		   const struct eni *receiver)
{
	const struct node node = vswitch_node(vswitch);
	const struct track *track = NULL;
	const char *why = GROUP_ANSWER_TEXT;

	if (walk_state(walk, node, &track) == STATE_KNOWN) {
		walk_hop(walk, node, "accept", why);
		return true;
	}
	if (sender) {
		if (!groups_allow(walk, sender, DIRECTION_OUT, &walk->packet, &why)) {
			walk->culprit = sender;
			walk_lose(walk, node, CODE_SG_EGRESS, why);
			return false;
		}
		walk_hop(walk, node, "accept", why);
	}
	if (receiver) {
		if (!groups_allow(walk, receiver, DIRECTION_IN, &walk->packet, &why)) {
			walk->culprit = receiver;
			walk_lose(walk, node, CODE_SG_INGRESS, why);
			return false;
		}
		walk_hop(walk, node, "accept", why);
	}
	walk_remember(walk, node, &walk->packet);
	return true;
}

/* AWS, before all: a port sends and takes what has its own address, unless its source/destination
 * check is off. */
static bool pass_check(struct walk *walk, const struct vswitch *vswitch, const struct eni *sender,
		       const struct eni *receiver)
{
	if (sender && sender->source_dest_check && walk->packet.source != sender->ip) {
		walk->culprit = model_eni_by_ip(walk->model, vswitch->vpc, walk->packet.source);
		walk_lose(walk, vswitch_node(vswitch), CODE_RETURN_PATH,
			  RULE(walk,
			       "the source/destination check of %s: the source is not its own",
			       sender->resource.name));
		return false;
	}
	if (receiver && receiver->source_dest_check && walk->packet.destination != receiver->ip) {
		walk->culprit = receiver;
		walk_lose(walk, vswitch_node(vswitch), CODE_SOURCE_DEST_CHECK,
			  RULE(walk, "the source/destination check of %s: it is not meant",
			       receiver->resource.name));
		return false;
	}
	return true;
}

static bool forward(struct walk *walk, const struct vswitch *vswitch, struct place place,
		    const struct eni *receiver)
{
	const struct eni *sender = place.from == SIDE_INSIDE ? place.eni : NULL;

	if (!pass_check(walk, vswitch, sender, receiver))
		return false;

	if (!sender && !pass_acl(walk, vswitch, DIRECTION_IN))
		return false;
	if (sender && !receiver &&
	    (!pass_acl(walk, vswitch, DIRECTION_OUT) || !pass_one_interface(walk, vswitch, sender)))
		return false;
	return filter(walk, vswitch, sender, receiver);
}

/* A route may lead a packet to a guest that it is not for. */
static struct place to_guest(struct walk *walk, const struct eni *receiver)
{
	const struct node node = { NODE_ECS, receiver->ecs };

	if (!ecs_route(receiver->ecs, walk->packet.destination))
		return walk_arrive(node, receiver);
	walk->culprit = receiver;
	return walk_lose(walk, node, CODE_NOT_FORWARDING,
			 "not for it, and a guest forwards nothing unless it is told to");
}

/* AWS: a NAT gateway is not behind a port of its subnet, but beside the VPC's router. */
static bool is_aws_gateway(const struct walk *walk, const struct vpc *vpc, uint32_t address)
{
	const struct resource *holder = walk->model->provider == PROVIDER_AWS
						? model_holder(walk->model, vpc, address)
						: NULL;

	return holder && holder->noun == NOUN_NAT_GATEWAY;
}

struct place node_vswitch(struct walk *walk, struct place place)
{
	const struct vswitch *vswitch = place.node.of;
	const uint32_t to = walk->packet.destination, gateway = vswitch->gateway;
	const struct eni *receiver = place.from == SIDE_OUTSIDE ? place.eni : NULL;
	char address[ADDRESS_TEXT_SIZE];

	if (place.from != SIDE_ITSELF && walk->packet.source == gateway)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 "it claims to come from this router itself");
	if (to == gateway)
		return walk_arrive(place.node, NULL);
	if (!receiver && prefix_contains(vswitch->cidr, to) &&
	    !is_aws_gateway(walk, vswitch->vpc, to)) {
		receiver = model_eni_by_ip(walk->model, vswitch->vpc, to);
		if (!receiver || !receiver->ecs)
			return nobody_holds(walk, vswitch, receiver);
	}
	if (place.from == SIDE_ITSELF)
		walk_hop(
			walk, place.node, walk->back ? "answer" : "send",
			RULE(walk, "from the router itself, %s", address_format(gateway, address)));
	else if (!forward(walk, vswitch, place, receiver))
		return (struct place){ .progress = LOST };
	if (receiver)
		return to_guest(walk, receiver);
	walk->from_vswitch = vswitch;
	return (struct place){ .node = { NODE_VPC, vswitch->vpc }, .from = SIDE_INSIDE };
}

/* ---- the VPC's router ---- */

static struct place to_vswitch(struct walk *walk, struct place place, const char *table,
			       const struct vswitch *vswitch)
{
	char text[PREFIX_TEXT_SIZE];

	walk_hop(walk, place.node, "route",
		 RULE(walk, "%s: %s Local", table, prefix_format(vswitch->cidr, text)));
	return walk_to(NODE_VSWITCH, vswitch, SIDE_OUTSIDE);
}

/* To a gateway, or to an interface, which has a link of its own. */
static struct place by_route(struct walk *walk, struct place place, const struct route *route)
{
	const struct eni *eni = route_interface(route);
	char text[PREFIX_TEXT_SIZE];
	const char *rule = RULE(walk, "%s %s: %s via %s", route->table->resource.name,
				route->resource.name, prefix_format(route->to, text),
				route->via->name);

	walk->route = route;
	if (eni && !eni->ecs) {
		walk->culprit = eni;
		return walk_lose(walk, place.node, CODE_NO_ROUTE, rule);
	}
	walk_hop(walk, place.node, "route", rule);
	if (!eni)
		return walk_to(NODE_NAT, route->via, SIDE_INSIDE);
	return (struct place){ .node = { NODE_VSWITCH, eni->vswitch },
			       .from = SIDE_OUTSIDE,
			       .eni = eni };
}

static struct place to_public_gateway(struct walk *walk, struct place place,
				      const struct eni *owner)
{
	walk_hop(walk, place.node, "route",
		 RULE(walk, "%s has a public address of its own, which wins over a default route",
		      owner->resource.name));
	return walk_to(NODE_PUBLIC, place.node.of, SIDE_INSIDE);
}

/* From a vSwitch: its table without a default route, the sender's own public address, the default
 * route. */
static struct place by_table(struct walk *walk, struct place place, const struct eni *public_sender)
{
	const struct vpc *vpc = place.node.of;
	const struct route_table *table = walk->from_vswitch->table;
	const uint32_t to = walk->packet.destination;
	const struct vswitch *inside = index_vswitch_at(walk->index, vpc, to);
	const struct route *route = index_route(walk->index, table, to);

	walk->route = NULL;
	/* No custom route is as narrow as a vSwitch's (the rules see to that). */
	if (inside)
		return to_vswitch(walk, place, table->resource.name, inside);
	if (prefix_contains(CLOUD_SERVICES, to) &&
	    (!route || route->to.length <= CLOUD_SERVICES.length))
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 RULE(walk,
				      "%s: " CLOUD_SERVICES_TEXT
				      " Local, and the lab has no cloud services",
				      table->resource.name));
	/* A default route to where nobody is ends the search, too. */
	if (route &&
	    (route->to.length > 0 || (route_interface(route) && !route_interface(route)->ecs)))
		return by_route(walk, place, route);
	if (public_sender)
		return to_public_gateway(walk, place, public_sender);
	if (route)
		return by_route(walk, place, route);
	return walk_lose(walk, place.node, CODE_NO_ROUTE,
			 RULE(walk, "%s: no route", table->resource.name));
}

struct place node_vpc(struct walk *walk, struct place place)
{
	const struct vpc *vpc = place.node.of;
	const struct eni *sender = place.from == SIDE_ITSELF
					   ? NULL
					   : model_eni_by_ip(walk->model, vpc, walk->packet.source);
	const struct vswitch *inside;

	if (sender && !eni_public_ip(sender))
		sender = NULL;
	if (place.from != SIDE_ITSELF && walk->packet.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 "its source, 169.254.0.2, is what every router calls itself");
	if (walk->packet.destination == ROUTER_ADDRESS)
		return walk_arrive(place.node, NULL);
	if (place.from == SIDE_INSIDE)
		return by_table(walk, place, sender);
	if (sender)
		return to_public_gateway(walk, place, sender);
	/* From a gateway, or from the router itself: the system routes, nothing else. */
	inside = index_vswitch_at(walk->index, vpc, walk->packet.destination);
	if (inside)
		return to_vswitch(walk, place, "system route", inside);
	return walk_lose(walk, place.node,
			 place.from == SIDE_ITSELF ? CODE_NO_ROUTE : CODE_UNREACHABLE_ADDRESS,
			 place.from == SIDE_ITSELF ? "the router itself has the system routes only"
						   : "the address is in no vSwitch");
}
