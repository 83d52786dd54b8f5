/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/compile/layout.h"
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/model/system_route.h"

/* A load balancer, and what the routers around it do for it; see lab/compile/load_balancer.c. */

const struct load_balancer *balancer_at(const struct packet_walk *walk, const struct vpc *vpc,
					uint32_t ip)
{
	const struct resource *holder = model_holder(walk->model, vpc, ip);

	return holder && holder->noun == NOUN_LOAD_BALANCER ? (const struct load_balancer *)holder
							    : NULL;
}

bool is_health_check(const struct packet_walk *walk, const struct vpc *vpc)
{
	return walk->model->provider == PROVIDER_ALIBABA &&
	       prefix_contains(CLOUD_SERVICES, walk->packet.source) &&
	       vpc_has_balancer(walk->model, vpc);
}

bool came_from_balancer(const struct packet_walk *walk, const struct vswitch *vswitch,
			struct position place)
{
	return place.from == SIDE_OUTSIDE && !place.eni &&
	       prefix_contains(vswitch->cidr, walk->packet.source) &&
	       vpc_has_balancer(walk->model, vswitch->vpc);
}

bool answers_balancer(const struct packet_walk *walk, struct position place)
{
	const struct track *track = NULL;

	return place.from == SIDE_INSIDE && walk_state(walk, place.node, &track) == STATE_KNOWN &&
	       track->by == place.node.of;
}

bool back_to_balancer(struct packet_walk *walk, struct position place, struct position *ret_place)
{
	const struct load_balancer *balancer;
	const struct track *track = NULL;

	if (place.from == SIDE_BALANCER) {
		walk_remember(walk, place.node, &walk->packet, &walk->balancer->resource);
		return false;
	}
	if (place.from == SIDE_ITSELF || walk_state(walk, place.node, &track) != STATE_KNOWN ||
	    !track->by || track->by->noun != NOUN_LOAD_BALANCER)
		return false;
	balancer = (const struct load_balancer *)track->by;
	if (model_cloud(walk->model)->acl_at_router &&
	    !pass_edges(walk, place, balancer->vswitch)) {
		*ret_place = (struct position){ .progress = LOST };
		return true;
	}
	walk_hop(walk, place.node, ACTION_ROUTE,
		 BY(BALANCER_RETURN, .resource = &balancer->resource));
	*ret_place = walk_to(NODE_BALANCER, balancer, SIDE_INSIDE);
	return true;
}

/* ---- the load balancer ---- */

static const struct listener *find_listener(const struct packet_walk *walk,
					    const struct load_balancer *balancer)
{
	if (walk->back || walk->packet.protocol != PROTOCOL_TCP ||
	    walk->packet.destination != balancer->private_ip)
		return NULL;
	model_each_user(walk->model, NOUN_LISTENER, balancer, const struct listener, listener)
		if (walk_port_in(walk, &walk->packet, (uint16_t)listener->port,
				 (uint16_t)listener->port) &&
		    listener->group->n_target)
			return listener;
	return NULL;
}

/* The one that was seen, if one was. */
static const struct ecs *seen_target(const struct packet_walk *walk,
				     const struct load_balancer *balancer,
				     const struct target_group *group)
{
	const struct hops *hops = walk->seen ? &walk->seen->forward : NULL;

	for (size_t i = 0; hops && i < hops->n_hop; i++)
		for (size_t k = 0; k < group->n_target; k++)
			if (strcmp(hops->hop[i].node, balancer->resource.name) == 0 &&
			    hops->hop[i].out.destination == group->target[k]->eni[0]->ip)
				return group->target[k];
	return NULL;
}

/* Of the healthy ones, or of all where none is, the one that is asked about.
 * cloud-semantics: lb-4 */
static const struct ecs *choose_target(struct packet_walk *walk,
				       const struct load_balancer *balancer,
				       const struct target_group *group)
{
	const struct ecs *seen = seen_target(walk, balancer, group), *chosen = NULL;
	size_t n = 0;

	for (size_t i = 0; !seen && i < group->n_target; i++)
		if (balancer_finds_healthy(walk, balancer, group, group->target[i]) &&
		    (n++ == walk->choice.target || !chosen))
			chosen = group->target[i];
	walk->n_choice = n ? n : group->n_target;
	if (seen || chosen)
		return seen ? seen : chosen;
	return group->target[walk->choice.target < group->n_target ? walk->choice.target : 0];
}

static struct position pass_on(struct packet_walk *walk, struct node node,
			       const struct listener *listener)
{
	const struct load_balancer *balancer = listener->balancer;
	const struct target_group *group = listener->group;
	const struct ecs *ecs = choose_target(walk, balancer, group);
	const struct packet in = walk->packet;
	struct hop *hop =
		walk_hop(walk, node, ACTION_DNAT,
			 BY(BALANCED, .resource = &listener->resource, .other = &ecs->resource));

	walk->listener = listener;
	walk->packet.destination = ecs->eni[0]->ip;
	walk->packet.destination_port = (uint16_t)group->port;
	walk_translated(walk, hop);
	if (!group->preserve) {
		hop = walk_hop(walk, node, ACTION_SNAT,
			       BY(BALANCER_ADDRESS, .resource = &balancer->resource));
		walk->packet.source = balancer->private_ip;
		if (in.source_port < AWS_NAT_PORT_FIRST)
			walk->packet.source_port = 0; /* of its choice */
		walk_translated(walk, hop);
	}
	walk_remember(walk, node, &in, &listener->resource);
	return walk_to(NODE_VPC, balancer->vswitch->vpc, SIDE_BALANCER);
}

struct position node_balancer(struct packet_walk *walk, struct position place)
{
	const struct load_balancer *balancer = place.node.of;
	const struct vpc *vpc = balancer->vswitch->vpc;
	const uint32_t own = balancer->private_ip,
		       check = balancer_check_address(walk->model, balancer);
	const uint32_t source = walk->packet.source, to = walk->packet.destination;
	const struct track *track = NULL;
	const enum state state = walk_state(walk, place.node, &track);
	const struct listener *listener;

	walk->balancer = balancer;
	if (place.from == SIDE_ITSELF) {
		walk_hop(walk, place.node, ACTION_SEND, BY(GATEWAY_ITSELF));
		return walk_to(NODE_VPC, vpc, SIDE_BALANCER);
	}
	if (source == own || source == check)
		return walk_lose(walk, place.node, CODE_UNREACHABLE_ADDRESS, BY(OWN_SOURCE));
	if (state == STATE_KNOWN) {
		walk_translate_back(walk, place.node, track);
		return walk_to(NODE_VPC, vpc, SIDE_BALANCER);
	}
	if (walk->back && node_equal(walk->sender, place.node) && (to == own || to == check))
		return walk_arrive(place.node, NULL);
	listener = find_listener(walk, balancer);
	if (listener)
		return pass_on(walk, place.node, listener);
	if (to == own || to == check)
		return walk_lose(walk, place.node, CODE_NO_LISTENER,
				 BY(NO_LISTENER, .resource = &balancer->resource));
	return walk_lose(walk, place.node, CODE_RETURN_PATH, BY(UNKNOWN_ANSWER));
}

/* ---- why ---- */

static const struct target_group *some_group(const struct packet_walk *walk,
					     const struct load_balancer *balancer)
{
	model_each(walk->model, NOUN_TARGET_GROUP, const struct target_group, group)
		if (group->n_target && group->vpc == balancer->vswitch->vpc &&
		    (!group->balancer || group->balancer == balancer))
			return group;
	return NULL;
}

/* No listener has the port, or one has it and its group is empty. */
void cause_no_listener(struct packet_walk *walk)
{
	const struct load_balancer *balancer = walk->balancer;
	const char *word = model_noun_word(walk->model, NOUN_TARGET_GROUP);
	const struct target_group *group = some_group(walk, balancer);

	if (walk->packet.protocol != PROTOCOL_TCP) {
		CAUSE(walk, TAKES_TCP_ONLY, NAME(balancer));
		return;
	}
	model_each_user(walk->model, NOUN_LISTENER, balancer, const struct listener, listener) {
		if (listener->port != walk->packet.destination_port)
			continue;
		CAUSE(walk, NO_TARGETS, NAME(listener), NAME(listener->group));
		model_each(walk->model, NOUN_ECS, const struct ecs, ecs) {
			if (ecs->eni[0]->vswitch->vpc != listener->group->vpc ||
			    ecs == walk->sender.of)
				continue;
			remedy(walk, "%s %s %s %s", word,
			       walk->model->provider == PROVIDER_AWS ? "register" : "add",
			       listener->group->resource.name,
			       arena_printf(&walk->x->arena, "%s %s",
					    walk->model->provider == PROVIDER_AWS ? "instance"
										  : "ecs",
					    ecs->resource.name));
			return;
		}
		return;
	}
	CAUSE(walk, NO_LISTENER, NAME(balancer), fact_port(&walk->packet));
	if (group)
		remedy(walk, "listener create %s load-balancer %s port %u %s %s",
		       remedy_name(walk, "L"), balancer->resource.name,
		       walk->packet.destination_port, word, group->resource.name);
}

/* The target that was chosen is who asked. cloud-semantics: lb-2, lb-6 */
bool cause_balancer_hairpin(struct packet_walk *walk)
{
	const struct target_group *group;
	const char *word = model_noun_word(walk->model, NOUN_TARGET_GROUP);

	if (!walk->listener)
		return false;
	group = walk->listener->group;
	CAUSE(walk, CHOSEN_ITSELF, fact_name(walk->x->hop), NAME(walk->listener->balancer));
	if (walk->model->provider == PROVIDER_AWS) {
		remedy(walk, "%s set %s preserve-client-ip off", word, group->resource.name);
		remedy_or(walk);
	}
	if (group->n_target > 1)
		remedy(walk, "%s %s %s %s %s", word,
		       walk->model->provider == PROVIDER_AWS ? "deregister" : "remove",
		       group->resource.name,
		       walk->model->provider == PROVIDER_AWS ? "instance" : "ecs", walk->x->hop);
	return true;
}
