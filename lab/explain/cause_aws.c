/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <string.h>

#include "lab/explain/internal.h"
#include "lab/model/pool.h"
#include "lab/model/profile.h"

/* Why a packet died in AWS, and what to do about it, where that is not the same with every
 * provider. */

/* ---- cures ---- */

/* What a cure has to put another route in the place of: the one that leads there now, or there is
 * none. */
static struct prefix way_to(const struct walk *walk, const struct vswitch *subnet, uint32_t address)
{
	const struct route *route = index_route(walk->index, subnet->table, address);

	return route ? route->to : DEFAULT_ROUTE;
}

/* For that address at the other end, that is: does the subnet's table lead there by the internet
 * gateway? */
static bool is_public(const struct walk *walk, const struct vswitch *subnet, uint32_t address)
{
	const struct route *route = index_route(walk->index, subnet->table, address);

	return route && route->via_type == HOP_INTERNET_GATEWAY && !route_is_blackhole(route);
}

/* The VPC's internet gateway, which it may have yet to get. */
static const char *cure_internet_gateway(struct walk *walk, const struct vpc *vpc)
{
	const char *name = NULL;

	if (vpc->internet_gateway)
		return vpc->internet_gateway->resource.name;
	for (size_t i = 0; i < model_count(walk->model, NOUN_INTERNET_GATEWAY) && !name; i++) {
		const struct internet_gateway *gateway =
			model_get(walk->model, NOUN_INTERNET_GATEWAY, i);

		if (!gateway->vpc)
			name = gateway->resource.name;
	}
	if (!name) {
		name = cure_name(walk, "IGW");
		cure(walk, "internet-gateway create %s", name);
	}
	cure(walk, "internet-gateway attach %s vpc %s", name, vpc->resource.name);
	return name;
}

/* An EIP that is free, or yet to be made; NULL: there can be no more. */
static const char *cure_eip(struct walk *walk)
{
	const char *name;

	for (size_t i = 0; i < model_count(walk->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(walk->model, NOUN_EIP, i);

		if (!eip->associated)
			return eip->resource.name;
	}
	if (model_count(walk->model, NOUN_EIP) >= walk->model->profile->eips)
		return NULL;
	name = cure_name(walk, "EIP");
	cure(walk, "eip create %s", name);
	return name;
}

static bool has_free_address(const struct walk *walk, const struct vswitch *subnet)
{
	for (uint32_t ip = subnet->first_usable; ip <= subnet->last_usable; ip++)
		if (!model_holder(walk->model, subnet->vpc, ip))
			return true;
	return false;
}

/* Where a public gateway for that subnet could be: a public subnet, or another one that can become
 * one; NULL: nowhere. */
static const struct vswitch *place_for_gateway(const struct walk *walk,
					       const struct vswitch *subnet)
{
	const struct resources *subnets = index_of(walk->index, &subnet->vpc->resource);
	const struct vswitch *other = NULL;

	for (size_t i = 0; i < subnets->n_item; i++) {
		const struct vswitch *candidate = subnets->item[i];

		if (candidate == subnet || !has_free_address(walk, candidate))
			continue;
		if (is_public(walk, candidate, walk->sent.destination))
			return candidate;
		other = candidate;
	}
	return other;
}

/* A subnet without a way out is led to a NAT gateway that has one. but: not to this one; NULL: to
 * any. */
static void cure_by_nat_gateway(struct walk *walk, const struct vswitch *subnet,
				const struct nat_gateway *but)
{
	const uint32_t to = walk->sent.destination;
	const struct vswitch *place;
	const char *eip, *name, *internet;

	for (size_t i = 0; i < model_count(walk->model, NOUN_NAT_GATEWAY); i++) {
		const struct nat_gateway *nat = model_get(walk->model, NOUN_NAT_GATEWAY, i);

		if (nat == but || nat->vpc != subnet->vpc || nat->type != NAT_PUBLIC ||
		    nat->vswitch == subnet || !is_public(walk, nat->vswitch, to))
			continue;
		cure_route(walk, subnet, way_to(walk, subnet, to), NOUN_NAT_GATEWAY,
			   nat->resource.name);
		return;
	}
	place = place_for_gateway(walk, subnet);
	if (!place)
		return;
	internet = cure_internet_gateway(walk, subnet->vpc);
	if (!is_public(walk, place, to))
		cure_route(walk, place, way_to(walk, place, to), NOUN_INTERNET_GATEWAY, internet);
	eip = cure_eip(walk);
	if (!eip)
		return;
	name = cure_name(walk, "NAT");
	cure(walk, "nat-gateway create %s subnet %s eip %s", name, place->resource.name, eip);
	cure_route(walk, subnet, way_to(walk, subnet, to), NOUN_NAT_GATEWAY, name);
}

void cure_aws_other_gateway(struct walk *walk, const struct nat_gateway *nat)
{
	const struct eni *sender = walk->source;

	if (sender)
		cure_by_nat_gateway(walk, sender->vswitch, nat);
}

/* ---- routes ---- */

static const char *route_cause(struct walk *walk, const struct vswitch *subnet)
{
	const struct route *route = walk->route;
	const char *table = subnet->table->resource.name;

	if (!route)
		return TEXT(walk, "%s, has no route to %s", table,
			    cause_address(walk, walk->packet.destination));
	if (!route->via)
		return TEXT(walk,
			    "%s, has the route %s, whose next hop %s was deleted: a blackhole",
			    table, route->resource.name, route->lost);
	if (route->via_type == HOP_INTERNET_GATEWAY)
		return TEXT(walk,
			    "%s, has the route %s to %s, which is not attached to %s any more: a "
			    "blackhole",
			    table, route->resource.name, route->via->name,
			    subnet->vpc->resource.name);
	if (walk->by_gateway)
		return TEXT(walk, "%s, leads back to the gateway itself by the route %s", table,
			    route->resource.name);
	return TEXT(walk,
		    "%s, has the route %s to %s, which is attached to no instance: a blackhole",
		    table, route->resource.name, route->via->name);
}

/* A public subnet that lost its way: by the gateway that it had, if that is to be had, else by the
 * VPC's. */
static void cure_public_subnet(struct walk *walk, const struct vswitch *subnet)
{
	const struct route *route = walk->route;
	const struct internet_gateway *detached = NULL;

	if (route && route->via && route->via_type == HOP_INTERNET_GATEWAY &&
	    !subnet->vpc->internet_gateway)
		detached = (const struct internet_gateway *)route->via;
	if (detached && !detached->vpc)
		cure(walk, "internet-gateway attach %s vpc %s", detached->resource.name,
		     subnet->vpc->resource.name);
	else
		cure_route(walk, subnet, way_to(walk, subnet, walk->packet.destination),
			   NOUN_INTERNET_GATEWAY, cure_internet_gateway(walk, subnet->vpc));
}

/* A NAT gateway's place is taken by another one; where another route leads is not ours to guess. */
static void cause_blackhole(struct walk *walk)
{
	const struct vswitch *subnet = walk->from_vswitch;
	const struct route *route = walk->route;

	walk->x->cause = TEXT(walk, "%sthe route table of %s, %s",
			      walk->back ? "the answer has no way back: " : "",
			      subnet->resource.name, route_cause(walk, subnet));
	if (route->via_type == HOP_NAT_GATEWAY && route->to.length == 0 && !walk->own_address)
		cure_by_nat_gateway(walk, subnet, NULL);
	else if (route->to.length == 0 && walk->own_address)
		cure_route(walk, subnet, DEFAULT_ROUTE, NOUN_INTERNET_GATEWAY,
			   cure_internet_gateway(walk, subnet->vpc));
	else
		cure(walk, "route delete %s", route->resource.name);
}

static void cause_no_way(struct walk *walk)
{
	const struct vswitch *subnet = walk->from_vswitch;
	const bool outwards = address_is_public(walk->packet.destination);
	const struct eni *sender = walk->back ? walk->target : walk->source;
	const bool led_back = walk->by_gateway && walk->end.kind == NODE_NAT &&
			      walk->end.of == walk->gateway;

	if (walk->end.kind == NODE_INTERNET) {
		walk->x->cause = TEXT(walk, "the VPC of this public address has no internet "
					    "gateway, so the address leads nowhere");
		return;
	}
	if (!subnet || (walk->end.kind != NODE_VPC && !led_back)) {
		walk->x->cause = TEXT(
			walk, "%s itself has the local route only, and that does not lead there",
			walk->x->hop);
		return;
	}
	if (walk->by_gateway) {
		walk->x->cause = TEXT(
			walk, "%s is in the private subnet %s: the subnet's route table, %s%s",
			walk->gateway->resource.name, subnet->resource.name,
			route_cause(walk, subnet),
			subnet->vpc->internet_gateway ? ""
						      : ", and the VPC has no internet gateway");
		if (outwards)
			cure_public_subnet(walk, subnet);
		return;
	}
	walk->x->cause = TEXT(
		walk, "%sthe route table of %s, %s%s",
		walk->back ? "the answer has no way back, for the subnet is a private one: " : "",
		subnet->resource.name, route_cause(walk, subnet),
		subnet->vpc->internet_gateway || !outwards
			? ""
			: ", and the VPC has no internet gateway");
	if (!outwards)
		return;
	if ((sender && eni_public_ip(sender)) ||
	    (walk->route && walk->route->via_type == HOP_INTERNET_GATEWAY))
		cure_public_subnet(walk, subnet);
	else if (!walk->back)
		cure_by_nat_gateway(walk, subnet, NULL);
}

/* ---- gateways ---- */

static void cause_no_eip(struct walk *walk)
{
	walk->x->cause = TEXT(walk,
			      "%s is a private NAT gateway: it has no EIP, and %s drops what has "
			      "no public address",
			      walk->gateway->resource.name, walk->x->hop);
	if (walk->source)
		cure_by_nat_gateway(walk, walk->source->vswitch, NULL);
}

static void cause_no_public_address(struct walk *walk)
{
	const struct eni *eni = walk->source;
	const char *eip;

	walk->x->cause = TEXT(walk,
			      "%s has no public address, and the route table of its subnet, %s, "
			      "leads straight to %s, which "
			      "drops what has none",
			      eni ? eni->resource.name : "the sender",
			      walk->from_vswitch->table->resource.name, walk->x->hop);
	eip = eni ? cure_eip(walk) : NULL;
	if (eip)
		cure(walk, "eip associate %s %s %s", eip, eni->primary ? "instance" : "eni",
		     eni->resource.name);
}

static void cause_unsolicited(struct walk *walk)
{
	walk->x->cause = TEXT(walk,
			      "%s lets nothing in that no host behind it has asked for: it has no "
			      "port forwarding and answers no pings; "
			      "a host that others shall call needs a public address of its own, in "
			      "a public subnet",
			      walk->gateway->resource.name);
}

/* Who could have it: an instance without a public address, best one whose subnet leads back to the
 * sender. NULL: nobody. */
static const struct ecs *candidate(const struct walk *walk)
{
	const struct ecs *any = NULL;

	for (size_t i = 0; i < model_count(walk->model, NOUN_ECS); i++) {
		const struct ecs *instance = model_get(walk->model, NOUN_ECS, i);

		if (eni_public_ip(instance->eni[0]) || instance == walk->sender.of)
			continue;
		if (is_public(walk, instance->eni[0]->vswitch, walk->packet.source))
			return instance;
		any = instance;
	}
	return any;
}

static void cause_eip_unbound(struct walk *walk)
{
	const struct ecs *instance = candidate(walk);

	walk->x->cause = TEXT(walk, "%s is associated with nothing, so packets to it go nowhere",
			      walk->eip->resource.name);
	if (!instance)
		return;
	cure_internet_gateway(walk, instance->eni[0]->vswitch->vpc);
	cure(walk, "eip associate %s instance %s", walk->eip->resource.name,
	     instance->resource.name);
}

/* The interface that the request came in by, if the guest sends its answer out by another one;
 * NULL: it does not. */
static const struct eni *came_in_by_another(const struct walk *walk)
{
	if (walk->end.kind == NODE_VSWITCH)
		return walk->culprit;
	return walk->target && ecs_route(walk->target->ecs, walk->answer.destination) !=
				       walk->target
		       ? walk->target
		       : NULL;
}

static void cause_return_path(struct walk *walk)
{
	const struct eni *eni = came_in_by_another(walk);
	const bool outwards = address_is_public(walk->packet.destination);
	const struct vswitch *subnet =
		walk->own_address && walk->target && outwards ? walk->target->vswitch : NULL;
	const struct route *way =
		subnet ? index_route(walk->index, subnet->table, walk->packet.destination) : NULL;

	if (eni) {
		walk->x->cause =
			TEXT(walk,
			     "the request came in by eth%u of %s, but its answer leaves by another "
			     "interface, %s",
			     eni->index, eni->ecs->resource.name,
			     walk->end.kind == NODE_VSWITCH
				     ? "and the source/destination check drops what has not the "
				       "interface's own address"
				     : TEXT(walk, "and so by another way, and is lost at %s",
					    walk->x->hop));
		cure_interface(walk, eni);
		return;
	}
	if (way && way->via_type == HOP_NAT_GATEWAY && way->via) {
		walk->x->cause = TEXT(walk,
				      "the request came in by the public address, but %s is a "
				      "private subnet: its route table, %s, "
				      "sends the answer to %s, which knows nothing of it",
				      subnet->resource.name, subnet->table->resource.name,
				      way->via->name);
		cure_route(walk, subnet, way->to, NOUN_INTERNET_GATEWAY,
			   cure_internet_gateway(walk, subnet->vpc));
		return;
	}
	if (walk->sender.kind == NODE_NAT) {
		walk->x->cause = TEXT(walk,
				      "%s is a gateway: it passes packets on and takes none for "
				      "itself, not even answers",
				      node_name(walk, walk->sender));
		return;
	}
	if (walk->end.kind == NODE_NAT && walk->route) {
		walk->x->cause = TEXT(walk,
				      "the answer takes another way back than the request came: "
				      "the route %s sends it to %s, "
				      "which knows nothing of it",
				      walk->route->resource.name, walk->x->hop);
		cure(walk, "route delete %s", walk->route->resource.name);
		return;
	}
	walk->x->cause = TEXT(
		walk, "the answer takes another way back than the request came, and is lost at %s",
		walk->x->hop);
}

static void cause_source_dest_check(struct walk *walk)
{
	const struct eni *eni = walk->culprit;

	walk->x->cause = TEXT(walk,
			      "the route %s leads to %s, whose source/destination check drops what "
			      "is not for itself; a host that "
			      "forwards for others needs it off",
			      walk->route->resource.name, eni->resource.name);
	cure(walk, "%s set %s source-dest-check off", eni->primary ? "instance" : "eni",
	     eni->resource.name);
}

static void cause_not_forwarding(struct walk *walk)
{
	const struct eni *eni = walk->culprit;

	walk->x->cause = TEXT(walk,
			      "the route %s leads to %s, and what a guest forwards is its own "
			      "business: as it is, nothing",
			      walk->route->resource.name, eni->resource.name);
	cure_forwarding(walk, eni);
}

bool explain_aws_cause(struct walk *walk)
{
	switch (walk->code) {
	case CODE_NO_ROUTE:
	case CODE_NO_INTERNET_GATEWAY:
		cause_no_way(walk);
		return true;
	case CODE_BLACKHOLE_ROUTE:
		cause_blackhole(walk);
		return true;
	case CODE_NO_EIP:
		cause_no_eip(walk);
		return true;
	case CODE_NO_PUBLIC_ADDRESS:
		cause_no_public_address(walk);
		return true;
	case CODE_UNSOLICITED:
		cause_unsolicited(walk);
		return true;
	case CODE_EIP_UNBOUND:
		cause_eip_unbound(walk);
		return true;
	case CODE_RETURN_PATH:
		cause_return_path(walk);
		return true;
	case CODE_SOURCE_DEST_CHECK:
		cause_source_dest_check(walk);
		return true;
	case CODE_NOT_FORWARDING:
		cause_not_forwarding(walk);
		return true;
	case CODE_NO_SNAT_ENTRY:
	case CODE_NO_DNAT_ENTRY:
	case CODE_ACL_EGRESS:
	case CODE_ACL_INGRESS:
	case CODE_SG_EGRESS:
	case CODE_SG_INGRESS:
	case CODE_HAIRPIN:
	case CODE_NOT_LISTENING:
	case CODE_LIMIT:
	case CODE_UNREACHABLE_ADDRESS:
	case CODE_NONE:
	case CODE_COUNT:
		break;
	}
	return false;
}
