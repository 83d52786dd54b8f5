/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/model/system_route.h"

/* What an address is, and why nobody answers at it. */

/* By a route to an interface in the very vSwitch whose router has sent it. */
static bool came_back(const struct packet_walk *walk, const struct vswitch *vswitch)
{
	return walk->route && walk->packet.source == vswitch->gateway;
}

static void vswitch_cause(struct packet_walk *walk, const struct vswitch *vswitch, uint32_t to)
{
	const struct eni *eni = model_eni_by_ip(walk->model, vswitch->vpc, to);
	const struct resource *holder = model_holder(walk->model, vswitch->vpc, to);
	const struct fact address = fact_bare_address(to);

	if (came_back(walk, vswitch))
		CAUSE(walk, ROUTE_BACK_TO_SENDER, NAME(vswitch), NAME(walk->route),
		      fact_name(walk->route->via->name), NAME(vswitch));
	else if (eni && eni_is_cut_through(eni))
		CAUSE(walk, CUT_THROUGH, NAME(eni), NAME(eni->eip), address);
	else if (eni)
		CAUSE(walk, DETACHED, NAME(eni), address,
		      fact_name(model_noun_title(walk->model, NOUN_ECS)));
	else if (holder && holder->noun == NOUN_NAT_GATEWAY)
		CAUSE(walk, GATEWAY_TAKES_NONE_AT, address, fact_name(holder->name));
	else if (holder)
		CAUSE(walk, HELD, address, fact_name(holder->name), NAME(vswitch));
	else if (vswitch_keeps(vswitch, to))
		CAUSE(walk, RESERVED, address, NAME(vswitch));
	else
		CAUSE(walk, NOT_HELD, NAME(vswitch), address);
}

/* Addresses that are something else than a host's. False: it is none of these. */
static bool special_cause(struct packet_walk *walk, const struct vpc *vpc, uint32_t to)
{
	static const struct prefix link_local = { 0xa9fe0000u, 16 };
	const struct fact address = fact_bare_address(to);
	const struct fact vswitch = fact_name(model_noun_title(walk->model, NOUN_VSWITCH));

	if (walk->end.kind == NODE_ECS && walk->lost_by.kind == DECISION_OWN_SOURCE)
		CAUSE(walk, BACK_AT_SENDER, fact_name(node_name(walk, walk->end)));
	else if (walk->end.kind == NODE_ECS)
		CAUSE(walk, BROADCAST, address, vswitch);
	else if (prefix_contains(link_local, to))
		CAUSE(walk, LINK_LOCAL, address);
	else if (vpc && vpc_cidr_of(vpc, to))
		CAUSE(walk, IN_NO_VSWITCH, address, NAME(vpc),
		      (struct fact){ .kind = FACT_PREFIX, .prefix = *vpc_cidr_of(vpc, to) },
		      vswitch);
	else if (prefix_contains(CLOUD_SERVICES, to) && !model_cloud(walk->model)->one_local_route)
		CAUSE(walk, CLOUD_SERVICES, address);
	else
		return false;
	return true;
}

/* Of the VPC that the packet started in. */
static const struct vpc *vpc_of_sender(const struct packet_walk *walk)
{
	return walk->from_vswitch ? walk->from_vswitch->vpc : NULL;
}

void cause_address(struct packet_walk *walk)
{
	const uint32_t to = walk->packet.destination;
	const struct vswitch *vswitch = walk->end.kind == NODE_VSWITCH ? walk->end.of : NULL;
	const struct eni *eni = vswitch ? model_eni_by_ip(walk->model, vswitch->vpc, to) : NULL;

	if (walk->packet.source == ROUTER_ADDRESS && walk->sender.kind != NODE_VPC) {
		CAUSE(walk, NO_ADDRESS_OF_ITS_OWN, fact_name(node_name(walk, walk->sender)));
	} else if (vswitch) {
		vswitch_cause(walk, vswitch, to);
		if (eni && !eni->ecs && !eni_is_cut_through(eni))
			remedy_detached(walk, eni);
	} else if (walk->end.kind == NODE_NAT && walk->sender.kind == NODE_NAT &&
		   walk->sender.of == walk->end.of) {
		CAUSE(walk, GATEWAY_TAKES_NONE, fact_name(walk->x->hop));
	} else if (special_cause(walk, vpc_of_sender(walk), to)) {
		return;
	} else if (walk->end.kind == NODE_INTERNET && !address_is_public(to)) {
		CAUSE(walk, PRIVATE_ON_INTERNET, fact_bare_address(to));
	} else if (walk->end.kind == NODE_INTERNET) {
		CAUSE(walk, NOBODY_ON_INTERNET, fact_bare_address(to));
	} else {
		CAUSE(walk, NOBODY, fact_bare_address(to));
	}
}
