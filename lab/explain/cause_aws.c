/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <string.h>

#include "lab/explain/internal.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"

/* Why a packet died in AWS, and what to do about it, where that is not the same with every
 * provider. */

/* ---- remedies ---- */

/* What a remedy has to put another route in the place of: the one that leads there now, or there is
 * none. */
static struct prefix way_to(const struct packet_walk *walk, const struct vswitch *subnet,
			    uint32_t address)
{
	const struct route *route = index_route(walk->index, subnet->table, address);

	return route ? route->to : DEFAULT_ROUTE;
}

/* For that address at the other end, that is: does the subnet's table lead there by the internet
 * gateway? */
static bool is_public(const struct packet_walk *walk, const struct vswitch *subnet,
		      uint32_t address)
{
	const struct route *route = index_route(walk->index, subnet->table, address);

	return route && route->via_noun == NOUN_INTERNET_GATEWAY && !route_is_blackhole(route);
}

/* The VPC's internet gateway, which it may have yet to get. */
static const char *remedy_internet_gateway(struct packet_walk *walk, const struct vpc *vpc)
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
		name = remedy_name(walk, "IGW");
		remedy(walk, "internet-gateway create %s", name);
	}
	remedy(walk, "internet-gateway attach %s vpc %s", name, vpc->resource.name);
	return name;
}

/* Where a public gateway for that subnet could be: a public subnet, or another one that can become
 * one; NULL: nowhere. */
static const struct vswitch *place_for_gateway(const struct packet_walk *walk,
					       const struct vswitch *subnet)
{
	const struct resources *subnets = index_of(walk->index, &subnet->vpc->resource);
	const struct vswitch *other = NULL;

	for (size_t i = 0; i < subnets->n_item; i++) {
		const struct vswitch *candidate = subnets->item[i];

		if (candidate == subnet || !remedy_has_addresses(walk, candidate, 1))
			continue;
		if (is_public(walk, candidate, walk->sent.destination))
			return candidate;
		other = candidate;
	}
	return other;
}

/* The gateway that could serve a subnet best, but for that one (NULL: for none): what its own
 * subnet lacks is then the next cause. */
static const struct nat_gateway *gateway_for(const struct packet_walk *walk,
					     const struct vswitch *subnet,
					     const struct nat_gateway *but)
{
	const uint32_t to = walk->sent.destination;
	const struct nat_gateway *best = NULL;

	model_each(walk->model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		if (nat == but || nat->vpc != subnet->vpc || nat->type != NAT_PUBLIC ||
		    nat->vswitch == subnet)
			continue;
		if (!best ||
		    (is_public(walk, nat->vswitch, to) && !is_public(walk, best->vswitch, to)))
			best = nat;
	}
	return best;
}

static void remedy_by_gateway(struct packet_walk *walk, const struct vswitch *subnet,
			      const char *nat)
{
	remedy_route(walk, subnet, way_to(walk, subnet, walk->sent.destination), NOUN_NAT_GATEWAY,
		     nat);
}

/* A subnet without a way out is led to a NAT gateway, which it may have yet to get. but: not to
 * this one; NULL: to any. */
static void remedy_by_nat_gateway(struct packet_walk *walk, const struct vswitch *subnet,
				  const struct nat_gateway *but)
{
	const struct nat_gateway *nat = gateway_for(walk, subnet, but);
	const uint32_t to = walk->sent.destination;
	const struct vswitch *place;
	const char *eip, *name, *internet;

	if (nat) {
		remedy_by_gateway(walk, subnet, nat->resource.name);
		return;
	}
	place = place_for_gateway(walk, subnet);
	if (!place)
		return;
	internet = remedy_internet_gateway(walk, subnet->vpc);
	if (!is_public(walk, place, to))
		remedy_route(walk, place, way_to(walk, place, to), NOUN_INTERNET_GATEWAY, internet);
	eip = remedy_eip(walk);
	if (!eip)
		return;
	name = remedy_name(walk, "NAT");
	remedy(walk, "nat-gateway create %s subnet %s eip %s", name, place->resource.name, eip);
	remedy_by_gateway(walk, subnet, name);
}

void remedy_aws_other_gateway(struct packet_walk *walk, const struct nat_gateway *nat)
{
	const struct eni *sender = walk->source;

	if (sender)
		remedy_by_nat_gateway(walk, sender->vswitch, nat);
}

/* ---- routes ---- */

/* What the subnet's table says about the way. */
static void add_table_cause(struct packet_walk *walk, const struct vswitch *subnet)
{
	const struct route *route = walk->route;
	const struct fact table = NAME(subnet->table);

	if (!route)
		CAUSE(walk, NO_AWS_ROUTE, table, fact_address(walk, walk->packet.destination));
	else if (!route->via)
		CAUSE(walk, ROUTE_TO_DELETED, table, NAME(route), fact_name(route->lost));
	else if (route->via_noun == NOUN_INTERNET_GATEWAY)
		CAUSE(walk, ROUTE_TO_DETACHED_GATEWAY, table, NAME(route),
		      fact_name(route->via->name), NAME(subnet->vpc));
	else if (walk->by_gateway)
		CAUSE(walk, ROUTE_TO_GATEWAY_ITSELF, table, NAME(route));
	else
		CAUSE(walk, ROUTE_TO_DETACHED_ENI, table, NAME(route), fact_name(route->via->name));
}

/* A public subnet that lost its way: by the gateway that it had, if that is to be had, else by the
 * VPC's. */
static void remedy_public_subnet(struct packet_walk *walk, const struct vswitch *subnet)
{
	const struct route *route = walk->route;
	const struct internet_gateway *detached = NULL;

	if (route && route->via && route->via_noun == NOUN_INTERNET_GATEWAY &&
	    !subnet->vpc->internet_gateway)
		detached = (const struct internet_gateway *)route->via;
	if (detached && !detached->vpc)
		remedy(walk, "internet-gateway attach %s vpc %s", detached->resource.name,
		       subnet->vpc->resource.name);
	else
		remedy_route(walk, subnet, way_to(walk, subnet, walk->packet.destination),
			     NOUN_INTERNET_GATEWAY, remedy_internet_gateway(walk, subnet->vpc));
}

/* Does the packet have a way where that route is gone? Else nothing is won by deleting it. */
static bool is_in_the_way(const struct packet_walk *walk, const struct route *route)
{
	const uint32_t to = walk->packet.destination;
	const struct resources *routes = index_of(walk->index, &route->table->resource);

	for (size_t i = 0; i < routes->n_item; i++) {
		const struct route *other = routes->item[i];

		if (prefix_contains(other->to, to) && !route_is_blackhole(other))
			return true;
	}
	return vpc_cidr_of(route->table->vpc, to);
}

/* A NAT gateway's place is taken by another one; where another route leads is not ours to guess. */
void aws_cause_blackhole(struct packet_walk *walk)
{
	const struct vswitch *subnet = walk->from_vswitch;
	const struct route *route = walk->route;

	if (walk->back)
		CAUSE(walk, ANSWER_WITHOUT_WAY);
	CAUSE(walk, SUBNET_TABLE, NAME(subnet));
	add_table_cause(walk, subnet);
	if (route->via_noun == NOUN_NAT_GATEWAY && route->to.length == 0 && !walk->own_address)
		remedy_by_nat_gateway(walk, subnet, NULL);
	else if (route->to.length == 0 && walk->own_address)
		remedy_route(walk, subnet, DEFAULT_ROUTE, NOUN_INTERNET_GATEWAY,
			     remedy_internet_gateway(walk, subnet->vpc));
	else if (is_in_the_way(walk, route))
		remedy_delete_route(walk, route);
}

void aws_cause_no_way(struct packet_walk *walk)
{
	const struct vswitch *subnet = walk->from_vswitch;
	const bool outwards = address_is_public(walk->packet.destination);
	const struct eni *sender = walk->back ? walk->target : walk->source;
	const bool led_back = walk->by_gateway && walk->end.kind == NODE_NAT &&
			      walk->end.of == walk->gateway;

	if (walk->end.kind == NODE_INTERNET) {
		CAUSE(walk, NO_INTERNET_GATEWAY_OF_ADDRESS);
		return;
	}
	if (!subnet || (walk->end.kind != NODE_VPC && !led_back)) {
		CAUSE(walk, LOCAL_ROUTE_ONLY, fact_name(walk->x->hop));
		return;
	}
	if (walk->by_gateway) {
		CAUSE(walk, GATEWAY_IN_PRIVATE_SUBNET, NAME(walk->gateway), NAME(subnet));
	} else {
		if (walk->back)
			CAUSE(walk, ANSWER_FROM_PRIVATE_SUBNET);
		CAUSE(walk, SUBNET_TABLE, NAME(subnet));
	}
	add_table_cause(walk, subnet);
	if (!subnet->vpc->internet_gateway && (walk->by_gateway || outwards))
		CAUSE(walk, NO_INTERNET_GATEWAY);
	if (!outwards)
		return;
	if (!walk->by_gateway && !walk->back &&
	    !(sender && eni_public_ip_of(sender, walk->packet.source)) &&
	    !(walk->route && walk->route->via_noun == NOUN_INTERNET_GATEWAY))
		remedy_by_nat_gateway(walk, subnet, NULL);
	remedy_or(walk);
	remedy_public_subnet(walk, subnet);
}

/* ---- gateways ---- */

void aws_cause_no_eip(struct packet_walk *walk)
{
	CAUSE(walk, PRIVATE_GATEWAY, NAME(walk->gateway), fact_name(walk->x->hop));
	if (walk->source)
		remedy_by_nat_gateway(walk, walk->source->vswitch, NULL);
}

void aws_cause_no_public_address(struct packet_walk *walk)
{
	const struct eni *eni = walk->source;
	const struct nat_gateway *nat = eni ? gateway_for(walk, eni->vswitch, NULL) : NULL;

	if (eni)
		CAUSE(walk, NO_PUBLIC_ADDRESS, NAME(eni), NAME(walk->from_vswitch->table),
		      fact_name(walk->x->hop));
	else
		CAUSE(walk, SENDER_WITHOUT_PUBLIC_ADDRESS, NAME(walk->from_vswitch->table),
		      fact_name(walk->x->hop));
	remedy_own_address(walk);
	remedy_or(walk);
	if (nat)
		remedy_by_gateway(walk, eni->vswitch, nat->resource.name);
}

void aws_cause_unsolicited(struct packet_walk *walk)
{
	CAUSE(walk, UNSOLICITED, fact_name(walk->lost_by.resource->name));
}

/* Who could have it: an instance without a public address, best one whose subnet leads back to the
 * sender. NULL: nobody. */
static const struct ecs *candidate(const struct packet_walk *walk)
{
	const struct ecs *any = NULL;

	model_each(walk->model, NOUN_ECS, const struct ecs, instance) {
		if (eni_public_ip(instance->eni[0]) || instance == walk->sender.of)
			continue;
		if (is_public(walk, instance->eni[0]->vswitch, walk->packet.source))
			return instance;
		any = instance;
	}
	return any;
}

void aws_cause_eip_unbound(struct packet_walk *walk)
{
	const struct ecs *instance = candidate(walk);

	CAUSE(walk, EIP_UNBOUND, NAME(walk->eip));
	if (!instance)
		return;
	remedy_internet_gateway(walk, instance->eni[0]->vswitch->vpc);
	remedy(walk, "eip associate %s instance %s", walk->eip->resource.name,
	       instance->resource.name);
}

/* The interface that the request came in by, if the guest sends its answer out by another one;
 * NULL: it does not. */
static const struct eni *came_in_by_another(const struct packet_walk *walk)
{
	if (walk->end.kind == NODE_VSWITCH)
		return walk->at_fault && walk->at_fault->ecs ? walk->at_fault : NULL;
	return walk->target && ecs_route(walk->target->ecs, walk->answer.destination) !=
				       walk->target
		       ? walk->target
		       : NULL;
}

void aws_cause_return_path(struct packet_walk *walk)
{
	const struct eni *eni = came_in_by_another(walk);
	const bool outwards = address_is_public(walk->packet.destination);
	const struct vswitch *subnet =
		walk->own_address && walk->target && outwards ? walk->target->vswitch : NULL;
	const struct route *way =
		subnet ? index_route(walk->index, subnet->table, walk->packet.destination) : NULL;

	if (eni) {
		CAUSE(walk, AWS_ANOTHER_INTERFACE, fact_number(eni->index), NAME(eni->ecs));
		if (walk->end.kind == NODE_VSWITCH)
			CAUSE(walk, CHECK_DROPS_IT);
		else
			CAUSE(walk, AND_LOST_AT, fact_name(walk->x->hop));
		remedy_interface(walk, eni);
	} else if (way && way->via_noun == NOUN_NAT_GATEWAY && way->via) {
		CAUSE(walk, ANSWER_FROM_PRIVATE_SUBNET_TO_GATEWAY, NAME(subnet),
		      NAME(subnet->table), fact_name(way->via->name));
		remedy_route(walk, subnet, way->to, NOUN_INTERNET_GATEWAY,
			     remedy_internet_gateway(walk, subnet->vpc));
	} else if (walk->sender.kind == NODE_NAT) {
		CAUSE(walk, GATEWAY_TAKES_NO_ANSWERS, fact_name(node_name(walk, walk->sender)));
	} else if (walk->end.kind == NODE_NAT && walk->route) {
		CAUSE(walk, ROUTE_TO_OTHER_GATEWAY, NAME(walk->route), fact_name(walk->x->hop));
		remedy_delete_route(walk, walk->route);
	} else {
		CAUSE(walk, ANOTHER_WAY_BACK, fact_name(walk->x->hop));
	}
}

void aws_cause_source_dest_check(struct packet_walk *walk)
{
	const struct eni *eni = walk->at_fault;
	const struct hop *last = &walk->x->forward.hop[walk->x->forward.n_hop - 1];

	if (last->decision[0].kind == DECISION_SOURCE_CHECK)
		CAUSE(walk, SOURCE_CHECK, NAME(eni), fact_address(walk, walk->packet.source));
	else
		CAUSE(walk, SOURCE_DEST_CHECK, NAME(walk->route), NAME(eni));
	remedy(walk, "%s set %s source-dest-check off", eni->primary ? "instance" : "eni",
	       eni->resource.name);
}

void aws_cause_not_forwarding(struct packet_walk *walk)
{
	const struct eni *eni = walk->at_fault;

	CAUSE(walk, AWS_NOT_FORWARDING, NAME(walk->route), NAME(eni));
	remedy_forwarding(walk, eni);
}
