/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/transit.h"

/* NULL: no route. */
static const struct transit_entry *find_entry(const struct packet_walk *walk,
					      const struct transit_table *table, uint32_t to)
{
	size_t n;
	const struct transit_entry *entry = index_entries(walk->index, table, &n);

	for (size_t i = 0; i < n; i++)
		if (walk_in(walk, entry[i].to, to))
			return &entry[i];
	return NULL;
}

/* By the table of the attachment that it came by, see lab/compile/transit.c. */
struct position node_transit(struct packet_walk *walk, struct position place)
{
	const struct transit_router *router = place.node.of;
	const struct transit_table *table =
		place.from == SIDE_ITSELF ? NULL : walk->attachment->associated;
	const struct transit_entry *entry =
		table ? find_entry(walk, table, walk->packet.destination) : NULL;

	if (place.from != SIDE_ITSELF && walk->packet.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(ROUTER_SOURCE));
	if (walk->packet.destination == ROUTER_ADDRESS)
		return walk_arrive(place.node, NULL);
	if (!entry)
		return walk_lose(
			walk, place.node, CODE_NO_ROUTE,
			BY(NO_ROUTE, .resource = table ? &table->resource : &router->resource));
	if (!entry->via)
		return walk_lose(walk, place.node, CODE_BLACKHOLE_ROUTE,
				 transit_decision(entry, table));
	walk_hop(walk, place.node, ACTION_ROUTE, transit_decision(entry, table));
	walk->attachment = entry->via;
	walk->from_vswitch = entry->via->vswitch[0];
	return walk_to(NODE_VPC, entry->via->vpc, SIDE_TRANSIT);
}
