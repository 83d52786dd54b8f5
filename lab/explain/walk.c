/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"

/* What every node does with a packet: noting the hop, remembering the connection, knowing its
 * answer. */

/* ---- hops ---- */

const char *node_name(const struct packet_walk *walk, struct node node)
{
	if (node.kind == NODE_INTERNET)
		return INTERNET_NETNS;
	if (node.kind == NODE_PUBLIC)
		return arena_printf(&walk->x->arena, "%s" PUBLIC_GATEWAY_SUFFIX,
				    ((const struct vpc *)node.of)->resource.name);
	return ((const struct resource *)node.of)->name;
}

struct hop *walk_add_hop(struct packet_walk *walk, struct node node, enum action action,
			 struct decision decision)
{
	struct hops *hops = walk->back ? &walk->x->back : &walk->x->forward;
	struct hop *hop = ARRAY_PUSH(hops->hop, hops->n_hop);

	*hop = (struct hop){ .node = node_name(walk, node),
			     .in = walk->packet,
			     .out = walk->packet,
			     .action = action,
			     .decision = { decision },
			     .n_decision = 1 };
	return hop;
}

void walk_translated(struct packet_walk *walk, struct hop *hop)
{
	hop->out = walk->packet;
	hop->translated = true;
}

struct position walk_to(enum node_kind kind, const void *of, enum side from)
{
	return (struct position){ .node = { kind, of }, .from = from };
}

struct position walk_arrive(struct node node, const struct eni *eni)
{
	return (struct position){ .progress = ARRIVED, .node = node, .eni = eni };
}

/* A missing route, or a filter that lets nothing out, says more than that it was the answer that it
 * kept. */
static bool says_more(enum code code)
{
	return code == CODE_NO_ROUTE || code == CODE_BLACKHOLE_ROUTE || code == CODE_SG_EGRESS ||
	       code == CODE_ACL_EGRESS || code == CODE_ACL_INGRESS || code == CODE_HOST_FIREWALL;
}

struct position walk_end(struct packet_walk *walk, struct node node, enum code code,
			 struct hop *hop)
{
	hop->end = true;
	hop->out = (struct packet){ 0 };
	walk->died_of = code;
	if (walk->x)
		walk->lost_by = hop->decision[0];
	walk->code = walk->back && !says_more(code) ? CODE_RETURN_PATH : code;
	walk->end = node;
	return (struct position){ .progress = LOST, .node = node };
}

/* ---- connection tracking ---- */

bool packet_equal(const struct packet *a, const struct packet *b)
{
	return a->source == b->source && a->destination == b->destination &&
	       a->source_port == b->source_port && a->destination_port == b->destination_port &&
	       a->protocol == b->protocol;
}

struct packet packet_turned(const struct packet *packet)
{
	return (struct packet){ .source = packet->destination,
				.destination = packet->source,
				.source_port = packet->destination_port,
				.destination_port = packet->source_port,
				.protocol = packet->protocol };
}

bool node_equal(struct node a, struct node b)
{
	return a.kind == b.kind && a.of == b.of;
}

bool ecs_holds(const struct ecs *ecs, uint32_t address)
{
	uint32_t ip;

	for (size_t i = 0; i < ecs->n_eni; i++)
		for (size_t k = 0; ecs->eni[i] && (ip = eni_guest_address(ecs->eni[i], k)); k++)
			if (ip == address)
				return true;
	return false;
}

const struct eni *ecs_route(const struct ecs *ecs, uint32_t destination)
{
	if (ecs_holds(ecs, destination))
		return NULL;
	/* The narrower route: the vSwitch that one of its interfaces is in. */
	for (size_t i = 0; i < ecs->n_eni; i++)
		if (ecs->eni[i] && !eni_is_cut_through(ecs->eni[i]) &&
		    prefix_contains(ecs->eni[i]->vswitch->cidr, destination))
			return ecs->eni[i];
	return ecs->eni[0];
}

void walk_remember(struct packet_walk *walk, struct node node, const struct packet *in,
		   const struct resource *by)
{
	if (!walk->back && walk->n_track < HOPS_MAX)
		walk->track[walk->n_track++] =
			(struct track){ .node = node, .in = *in, .out = walk->packet, .by = by };
}

enum state walk_state(const struct packet_walk *walk, struct node node,
		      const struct track **ret_track)
{
	struct packet original;

	if (!walk->back)
		return STATE_NEW;
	original = packet_turned(&walk->packet);
	for (size_t i = 0; i < walk->n_track; i++) {
		if (!node_equal(walk->track[i].node, node) ||
		    !packet_equal(&walk->track[i].out, &original))
			continue;
		*ret_track = &walk->track[i];
		return STATE_KNOWN;
	}
	/* A SYN-ACK or an echo reply out of the blue begins nothing; a datagram may. */
	return walk->packet.protocol == PROTOCOL_UDP ? STATE_NEW : STATE_INVALID;
}

void walk_translate_back(struct packet_walk *walk, struct node node, const struct track *track)
{
	const bool changes = !packet_equal(&track->in, &track->out);
	struct hop *hop = walk_hop(walk, node, changes ? ACTION_TRANSLATE : ACTION_FORWARD,
				   BY(ANSWER, .resource = track->by));

	walk->packet = packet_turned(&track->in);
	if (changes)
		walk_translated(walk, hop);
}

/* ---- comparisons ---- */

/* The numbers around `at` for which a value, which moves as they do, stays on its side of the
 * range. */
static bool keep_side(struct interval *span, uint32_t at, uint32_t value, uint32_t first,
		      uint32_t last)
{
	const bool below = value<first, above = value> last;

	if (!below && value - first < at - span->first)
		span->first = at - (value - first);
	if (above && value - last - 1 < at - span->first)
		span->first = at - (value - last - 1);
	if (below && first - value - 1 < span->last - at)
		span->last = at + (first - value - 1);
	if (!below && !above && last - value < span->last - at)
		span->last = at + (last - value);
	return !below && !above;
}

bool walk_between(const struct packet_walk *walk, uint32_t first, uint32_t last, uint32_t address)
{
	if (!walk->box || !walk->stranger || address != walk->stranger->ip)
		return address >= first && address <= last;
	walk->box->comparisons++;
	return keep_side(&walk->box->stranger, address, address, first, last);
}

bool walk_in(const struct packet_walk *walk, struct prefix prefix, uint32_t address)
{
	return walk_between(walk, prefix.address, prefix_last(prefix), address);
}

const struct prefix *walk_in_vpc(const struct packet_walk *walk, const struct vpc *vpc,
				 uint32_t address)
{
	for (size_t i = 0; i < vpc->cidr.n_item; i++)
		if (walk_in(walk, vpc->cidr.item[i], address))
			return &vpc->cidr.item[i];
	return NULL;
}

bool walk_drawn_in(const struct packet_walk *walk, uint32_t first, uint32_t last)
{
	struct interval nobody_asks = { 0, UINT16_MAX };

	return keep_side(walk->drawn ? walk->drawn : &nobody_asks, walk->choice.port,
			 walk->choice.port, first, last);
}

bool walk_port_in(const struct packet_walk *walk, const struct packet *packet, uint16_t first,
		  uint16_t last)
{
	if (walk->back && walk->n_drawn && !packet->destination_port)
		return walk_drawn_in(walk, first, last);
	if (!walk->box || walk->back || !packet->destination_port)
		return port_in_range(packet->destination_port, first, last);
	walk->box->comparisons++;
	return keep_side(&walk->box->port, walk->sent.destination_port, packet->destination_port,
			 first, last);
}

const struct route *walk_route(const struct packet_walk *walk, const struct route_table *table,
			       uint32_t address)
{
	const struct route *route = index_route(walk->index, table, address);
	const struct resources *routes = index_of(walk->index, &table->resource);

	for (size_t i = 0; walk->box && walk->stranger && address == walk->stranger->ip &&
			   i < routes->n_item && routes->item[i] != route;
	     i++)
		walk_in(walk, ((const struct route *)routes->item[i])->to, address);
	if (route)
		walk_in(walk, route->to, address);
	return route;
}

const struct resource *walk_public_holder(const struct packet_walk *walk, uint32_t address)
{
	const struct resource *holder = model_holder(walk->model, NULL, address);

	return !holder && walk->stranger && walk->stranger->ip == address
		       ? &walk->stranger->resource
		       : holder;
}

/* ---- routes ---- */

bool cloud_service_of(const struct packet_walk *walk, const struct vpc *vpc,
		      struct cloud_service *ret_service)
{
	return cloud_service_at(walk->model, vpc, walk->packet.destination, ret_service);
}

const struct eni *eni_at(const struct packet_walk *walk, const struct vpc *vpc, uint32_t ip)
{
	const struct eni *source = walk->source, *target = walk->target;

	if (source && eni_has_address(source, ip) && source->vswitch->vpc == vpc)
		return source;
	if (target && eni_has_address(target, ip) && target->vswitch->vpc == vpc)
		return target;
	return model_eni_by_ip(walk->model, vpc, ip);
}

const struct nat_gateway *gateway_at(const struct packet_walk *walk, const struct vpc *vpc,
				     uint32_t ip)
{
	const struct resource *holder = model_holder(walk->model, vpc, ip);

	/* Its NAT IPs; AWS: its secondary addresses are of their EIPs. */
	if (holder && (holder->noun == NOUN_NAT_IP ||
		       (holder->noun == NOUN_EIP && model_cloud(walk->model)->gateway_has_eip)))
		holder = ((const struct eip *)holder)->associated;
	return holder && holder->noun == NOUN_NAT_GATEWAY ? (const struct nat_gateway *)holder
							  : NULL;
}

struct node node_of(const struct resource *resource)
{
	static const enum node_kind kinds[NOUN_COUNT] = {
		[NOUN_ECS] = NODE_ECS,
		[NOUN_VPC] = NODE_VPC,
		[NOUN_VSWITCH] = NODE_VSWITCH,
		[NOUN_NAT_GATEWAY] = NODE_NAT,
		[NOUN_TRANSIT_ROUTER] = NODE_TRANSIT,
		[NOUN_LOAD_BALANCER] = NODE_BALANCER,
		[NOUN_INTERNET_HOST] = NODE_INTERNET_HOST,
		[NOUN_INTERNET_GATEWAY] = NODE_INTERNET_GATEWAY,
	};

	return (struct node){ kinds[resource->noun], resource };
}

/* The index has a route for each entry of a prefix list, and an answer lasts longer than it. */
static const struct resource *route_of_model(const struct packet_walk *walk,
					     const struct route *route)
{
	return route->list ? model_find_noun(walk->model, NOUNS(NOUN_ROUTE), route->resource.name)
			   : &route->resource;
}

struct position walk_by_route(struct packet_walk *walk, struct position place,
			      const struct route *route, enum code lost)
{
	const struct eni *eni = route_interface(route);
	const struct decision by = BY(ROUTE, .resource = route_of_model(walk, route),
				      .other = &route->table->resource);

	walk->route = route;
	if (route_is_blackhole(route)) {
		walk->at_fault = eni;
		return walk_lose(walk, place.node, lost, by);
	}
	walk_hop(walk, place.node, ACTION_ROUTE, by);
	/* An interface has a link of its own. */
	if (eni)
		return (struct position){ .node = { NODE_VSWITCH, eni->vswitch },
					  .from = SIDE_OUTSIDE,
					  .eni = eni };
	if (route->via_noun == NOUN_TRANSIT_ATTACHMENT) {
		walk->attachment = (const struct transit_attachment *)route->via;
		return walk_to(NODE_TRANSIT, walk->attachment->router, SIDE_INSIDE);
	}
	if (route->via_noun == NOUN_VPC_PEERING)
		return walk_to(NODE_VPC,
			       vpc_peering_other((const struct vpc_peering *)route->via,
						 route->table->vpc),
			       SIDE_PEER);
	if (route->via_noun == NOUN_VPC_ENDPOINT) {
		walk_remember(walk, place.node, &walk->packet, route->via);
		return walk_to(NODE_INTERNET, NULL, SIDE_INSIDE);
	}
	return walk_to(node_of(route->via).kind, route->via, SIDE_INSIDE);
}
