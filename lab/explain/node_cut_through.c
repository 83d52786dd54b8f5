/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"

/* The wire of an EIP in cut-through mode, from the internet to the interface that has the address
 * itself. cloud-semantics: eip-4 */

static bool pass(struct packet_walk *walk, struct position place, const struct eni *eni)
{
	const struct node node = place.node;
	const bool outbound = place.from == SIDE_INSIDE;
	const struct track *track = NULL;
	const enum state state = walk_state(walk, node, &track);

	if (outbound && state == STATE_NEW && is_smtp(walk)) {
		walk_lose(walk, node, CODE_SMTP_CLOSED, BY(SMTP));
		return false;
	}
	if (state == STATE_KNOWN) {
		walk_hop(walk, node, ACTION_ACCEPT, BY(CONNECTION));
		return true;
	}
	if (!pass_groups(walk, node, eni, outbound ? DIRECTION_OUT : DIRECTION_IN))
		return false;
	walk_remember(walk, node, &walk->packet, NULL);
	return true;
}

struct position node_cut_through(struct packet_walk *walk, struct position place)
{
	const struct eip *eip = place.node.of;
	const struct eni *eni = (const struct eni *)eip->associated;
	const uint32_t to = walk->packet.destination;

	if (place.from != SIDE_ITSELF && walk->packet.source == ROUTER_ADDRESS)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(ROUTER_SOURCE));
	if (to == ROUTER_ADDRESS)
		return walk_arrive(place.node, NULL);
	if (to == eip->ip && !eni->ecs)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS,
				 BY(NOBODY, .other = &eip->resource));
	if (place.from == SIDE_ITSELF)
		walk_hop(walk, place.node, walk->back ? ACTION_ANSWER : ACTION_SEND,
			 BY(ROUTER_ITSELF, .address = ROUTER_ADDRESS));
	else if (!pass(walk, place, eni))
		return (struct position){ .progress = LOST };
	if (to == eip->ip)
		return (struct position){ .node = { NODE_ECS, eni->ecs }, .eni = eni };
	if (walk->packet.source != eip->ip)
		return walk_lose(walk, place.node, CODE_NO_PUBLIC_ADDRESS, BY(NO_PUBLIC_ADDRESS));
	return walk_to(NODE_INTERNET, NULL, SIDE_INSIDE);
}
