/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/compile/layout.h"
#include "lab/explain/internal.h"

/*
 * The hosts. What one does with a packet is up to its own kernel: as long as nobody has changed
 * anything in it, that follows from the model; else it is looked up in what was read of it, or what
 * a file says that its programs do.
 */

static const char *link_of(const struct eni *eni, char name[static LINK_NAME_SIZE])
{
	return eni ? eni_guest_link(eni, name) : "eth0";
}

/* As the lab makes it, see lab/compile/guest.c. */
void host_make(const struct resource *host, struct guest *ret_guest)
{
	const struct ecs *ecs = host->noun == NOUN_ECS ? (const struct ecs *)host : NULL;
	struct guest_route out = { .table = 254, .action = GUEST_UNICAST, .link = "eth0" };
	char link[LINK_NAME_SIZE];
	uint32_t ip;

	guest_init(ret_guest);
	for (size_t i = 0; ecs && i < ecs->n_eni; i++) {
		const struct eni *eni = ecs->eni[i];

		if (!eni)
			continue;
		guest_add_link(ret_guest, link_of(eni, link));
		for (size_t k = 0; (ip = eni_guest_address(eni, k)); k++)
			guest_add_address(ret_guest, link, ip, eni_guest_length(eni, k));
		out.via = eni->vswitch->gateway;
		out.metric = eni_default_metric(eni);
		memcpy(out.link, link, sizeof(link));
		guest_add_route(ret_guest, &out);
	}
	if (ecs)
		return;
	guest_add_link(ret_guest, "eth0");
	guest_add_address(ret_guest, "eth0", ((const struct internet_host *)host)->ip, 32);
	out.via = NEXT_HOP;
	guest_add_route(ret_guest, &out);
}

/* ---- routing ---- */

struct host_way {
	enum guest_action action; /* GUEST_UNICAST, GUEST_LOCAL, or it goes nowhere */
	const struct eni *eni;    /* an ECS's, that it leaves by; NULL: by none of the cloud's */
	uint32_t source;          /* of a packet that has none yet */
	const char *link;         /* that it leaves by, in the host; NULL: not looked up */
};

/* Nothing there for those that walk by the model alone, and for one who keeps to it. */
const struct host *changed_host(const struct packet_walk *walk, struct node node)
{
	const struct host *host = walk->as_made || (walk->stranger && node.of == walk->stranger)
					  ? NULL
					  : index_host(walk->index, node.of);

	return host && !host->as_made ? host : NULL;
}

static const struct eni *eni_by_link(struct node node, const char *link)
{
	const struct ecs *ecs = node.kind == NODE_ECS ? node.of : NULL;
	char name[LINK_NAME_SIZE];

	for (size_t i = 0; ecs && i < ecs->n_eni; i++)
		if (ecs->eni[i] && strcmp(eni_guest_link(ecs->eni[i], name), link) == 0)
			return ecs->eni[i];
	return NULL;
}

static struct decision by_interface(const struct eni *eni, uint32_t to)
{
	if (!eni)
		return BY(INTERFACE);
	return BY(INTERFACE, .number = eni->index,
		  .address = prefix_contains(eni->vswitch->cidr, to) ? 0 : eni->vswitch->gateway);
}

static struct host_way way_as_made(struct node node, uint32_t to)
{
	const struct internet_host *host = node.kind == NODE_INTERNET_HOST ? node.of : NULL;
	const struct eni *eni = host ? NULL : ecs_route(node.of, to);

	if (to >> 24 == 127)
		return (struct host_way){ .action = GUEST_LOCAL, .source = 0x7f000001 };
	if (host ? to == host->ip : !eni)
		return (struct host_way){ .action = GUEST_LOCAL, .source = to };
	if (host)
		return (struct host_way){ .action = GUEST_UNICAST, .source = host->ip };
	/* In a vSwitch no VPC knows a broadcast; the host's own kernel does, and sends nothing
	 * there that does not ask for it. */
	return (struct host_way){ .action = to == prefix_last(eni->vswitch->cidr) ? GUEST_BROADCAST
										  : GUEST_UNICAST,
				  .eni = eni,
				  .source = eni_guest_address(eni, 0) };
}

/* What a kernel sends with by that link: an address in the next hop's network, else, or where there
 * is no next hop (0), its first. */
static uint32_t source_on(const struct guest *guest, const char *link, uint32_t hop)
{
	const struct guest_address *best = NULL;

	for (size_t i = 0; i < guest->n_address; i++) {
		const struct guest_address *address = &guest->address[i];
		const struct prefix net = guest_network(address);

		if (strcmp(address->link, link) == 0 && (!best || prefix_contains(net, hop)))
			best = address;
		if (best == address && prefix_contains(net, hop))
			break;
	}
	for (size_t i = 0; !best && i < guest->n_address; i++)
		if (address_is_public(guest->address[i].address) ||
		    guest->address[i].address >> 24 != 127)
			best = &guest->address[i];
	return best ? best->address : 0;
}

/* What decides, if that is the host's own and not as the lab made it. */
static struct decision by_guest(const struct packet_walk *walk, struct node node,
				const struct host *host, const struct guest_decision *decision)
{
	const struct guest_rule *rule = decision->rule;
	const struct guest_route *route = decision->route;
	struct decision by = BY(GUEST, .resource = node.of);

	if (rule && !guest_has_rule(&host->made, rule))
		by.guest_rule =
			memcpy(arena_alloc(&walk->x->arena, sizeof(*rule)), rule, sizeof(*rule));
	if (route && !guest_has_route(&host->made, route))
		by.guest_route =
			memcpy(arena_alloc(&walk->x->arena, sizeof(*route)), route, sizeof(*route));
	return by.guest_rule || by.guest_route || !route ? by : BY(NONE);
}

/* The answer is for no stranger for whom one of these would say something else. */
static void note_comparisons(const struct packet_walk *walk, const struct guest *guest,
			     uint32_t source, uint32_t to)
{
	for (size_t i = 0; walk->box && walk->stranger && i < guest->n_rule; i++) {
		(void)walk_in(walk, guest->rule[i].from, source);
		(void)walk_in(walk, guest->rule[i].to, to);
	}
	for (size_t i = 0; walk->box && walk->stranger && i < guest->n_route; i++)
		(void)walk_in(walk, guest->route[i].to, to);
	/* Its own addresses, and their networks, of which it chooses one to send with. */
	for (size_t i = 0; walk->box && walk->stranger && i < guest->n_address; i++) {
		const struct guest_address *own = &guest->address[i];

		(void)walk_in(walk, HOST_PREFIX(own->address), source);
		(void)walk_in(walk, HOST_PREFIX(own->address), to);
		(void)walk_in(walk, guest_network(own), to);
	}
}

/*
 * in: the link that it came in by, "lo" for what the host itself sends. source 0: none yet.
 * *ret_by: what decides; set only where somebody reads it.
 */
static struct host_way way_of(struct packet_walk *walk, struct node node, const char *in,
			      uint32_t source, uint32_t to, struct decision *ret_by)
{
	const struct host *host = changed_host(walk, node);
	struct host_way way = way_as_made(node, to);
	struct guest_decision decision;
	const struct guest_link *out;

	if (host) {
		note_comparisons(walk, &host->is, source, to);
		decision = guest_route_of(&host->is, in, source, to);
		if (walk->x)
			*ret_by = by_guest(walk, node, host, &decision);
		if (ret_by->kind == DECISION_GUEST)
			walk->own = *ret_by;
	}
	/* What is not understood is taken for what it was. */
	if (host && decision.action != GUEST_OTHER) {
		const struct guest_route *route = decision.route;

		way = (struct host_way){
			.action = decision.action,
			.source = decision.action != GUEST_LOCAL ? way.source
				  : route && route->source       ? route->source
								 : to,
		};
		/* A program has to ask before it may send to a broadcast address; the kernel
		 * itself, which answers to pings and makes connections, does not. */
		if (way.action == GUEST_BROADCAST && walk->back &&
		    walk->packet.protocol != PROTOCOL_UDP)
			way.action = GUEST_UNICAST;
		if (way.action == GUEST_UNICAST) {
			out = guest_find_link(&host->is, route->link);
			way.eni = eni_by_link(node, route->link);
			way.link = route->link;
			way.source = route->source ? route->source
						   : source_on(&host->is, route->link, route->via);
			/* By a link of the user's own making, which leads out of the lab. */
			if (!out || !out->up ||
			    (node.kind == NODE_ECS ? !way.eni : strcmp(out->name, "eth0") != 0))
				way.action = GUEST_OTHER;
		}
	}
	if (walk->x && way.action == GUEST_BROADCAST)
		*ret_by = BY(BROADCAST);
	else if (walk->x && ret_by->kind == DECISION_NONE)
		*ret_by = by_interface(way.eni, to);
	return way;
}

static enum code code_of(enum guest_action action)
{
	return action == GUEST_BROADCAST || action == GUEST_OTHER ? CODE_UNREACHABLE_ADDRESS
								  : CODE_NO_ROUTE;
}

/* Where its link leads. */
static struct node router_of(const struct eni *eni)
{
	return eni_is_cut_through(eni) ? (struct node){ NODE_CUT_THROUGH, eni->eip }
				       : (struct node){ NODE_VSWITCH, eni->vswitch };
}

/* It leaves, or goes nowhere. */
static struct position go(struct packet_walk *walk, struct node node, struct host_way way,
			  enum action action, struct decision by)
{
	if (way.action != GUEST_UNICAST)
		return walk_lose(walk, node, code_of(way.action), by);
	walk_hop(walk, node, action, by);
	if (node.kind == NODE_INTERNET_HOST)
		return walk_to(NODE_INTERNET, NULL, SIDE_INSIDE);
	return (struct position){ .node = router_of(way.eni), .from = SIDE_INSIDE, .eni = way.eni };
}

bool host_address(struct packet_walk *walk, struct node node)
{
	struct decision by = BY(NONE);
	const struct host_way way = way_of(walk, node, "lo", 0, walk->packet.destination, &by);

	walk->source = way.eni;
	walk->packet.source = way.source;
	return way.action == GUEST_LOCAL;
}

struct position host_send(struct packet_walk *walk, struct node node)
{
	struct decision by = BY(NONE);
	const struct host_way way =
		way_of(walk, node, "lo", walk->packet.source, walk->packet.destination, &by);

	struct position lost;

	if (way.action == GUEST_LOCAL)
		return walk_arrive(node, NULL);
	if (way.action == GUEST_UNICAST &&
	    (host_filters(walk, node, NFT_HOOK_OUTPUT, NULL, way.link, &lost) ||
	     host_filters(walk, node, NFT_HOOK_POSTROUTING, NULL, way.link, &lost)))
		return lost;
	return go(walk, node, way, walk->back ? ACTION_ANSWER : ACTION_SEND, by);
}

struct position node_host(struct packet_walk *walk, struct position place)
{
	const struct node node = place.node;
	const struct eni *port = place.eni;
	const struct node router = port ? router_of(port) : (struct node){ NODE_INTERNET, NULL };
	const uint32_t to = walk->packet.destination;
	char name[LINK_NAME_SIZE];
	const struct host *host = changed_host(walk, node);
	const char *in = host ? link_of(port, name) : "";
	const struct guest_link *link = host ? guest_find_link(&host->is, in) : NULL;
	struct decision by = BY(NONE);
	const struct host_way way = way_of(walk, node, in, walk->packet.source, to, &by);
	struct position lost;

	if (host && (!link || !link->up))
		return walk_lose(
			walk, router, CODE_UNREACHABLE_ADDRESS,
			BY(GUEST_LINK, .resource = node.of, .number = port ? port->index : 0));
	if (host ? (way.action == GUEST_LOCAL || link->forwarding) &&
			    guest_find_address(&host->is, walk->packet.source)
		 : way.action == GUEST_LOCAL && node.kind == NODE_ECS &&
			    ecs_holds(node.of, walk->packet.source))
		return walk_lose(walk, node,
				 walk->listener && !walk->back ? CODE_HAIRPIN
							       : CODE_UNREACHABLE_ADDRESS,
				 BY(OWN_SOURCE));
	if (host_filters(walk, node, NFT_HOOK_PREROUTING, in, NULL, &lost))
		return lost;
	if (way.action == GUEST_LOCAL)
		return host_filters(walk, node, NFT_HOOK_INPUT, in, NULL, &lost)
			       ? lost
			       : walk_arrive(node, port);
	if (host && way_as_made(node, to).action == GUEST_LOCAL)
		return walk_lose(walk, node, CODE_UNREACHABLE_ADDRESS,
				 BY(GUEST_ADDRESS, .resource = node.of, .address = to));
	if (!(link && link->forwarding) && port && eni_has_address(port, to)) {
		walk->at_fault = port;
		return walk_lose(walk, node, CODE_UNREACHABLE_ADDRESS,
				 BY(GUEST_SECONDARY, .resource = node.of, .address = to,
				    .number = port->index));
	}
	if (link && link->forwarding && way.action == GUEST_UNICAST &&
	    (host_filters(walk, node, NFT_HOOK_FORWARD, in, way.link, &lost) ||
	     host_filters(walk, node, NFT_HOOK_POSTROUTING, NULL, way.link, &lost)))
		return lost;
	if (link && link->forwarding)
		return go(walk, node, way, ACTION_FORWARD, by);
	walk->at_fault = port;
	return walk_lose(walk, node, CODE_NOT_FORWARDING, BY(NOT_FORWARDING));
}

/* ---- who listens ---- */

static const struct service *service_at(const struct packet_walk *walk, struct node node)
{
	const struct resources *services = index_of(walk->index, node.of);

	for (size_t i = 0; i < services->n_item; i++) {
		const struct service *service = services->item[i];

		if (service->port && service->protocol == walk->packet.protocol &&
		    walk_port_in(walk, &walk->packet, service->port, service->port))
			return service;
	}
	return NULL;
}

/* A program whose socket takes the packet, whoever started it. */
static bool has_socket(const struct packet_walk *walk, const struct host *host)
{
	const struct guest *guest = &host->is;
	const struct packet *packet = &walk->packet;
	const uint8_t protocol = (uint8_t)packet->protocol;
	char name[LINK_NAME_SIZE];
	const char *in = packet->source == packet->destination ? "lo" : link_of(walk->target, name);

	for (size_t i = 0; i < guest->n_socket; i++)
		if (guest->socket[i].protocol == protocol &&
		    walk_port_in(walk, packet, guest->socket[i].port, guest->socket[i].port) &&
		    guest_find_socket(guest, protocol, packet->destination,
				      packet->destination_port, in))
			return true;
	return false;
}

bool host_listens(struct packet_walk *walk, struct node node, struct decision *ret_by)
{
	const struct service *service;
	const struct host *host;

	/* Somebody on the internet takes anything, but for what he says to himself. */
	if (walk->stranger && node.of == walk->stranger) {
		const bool own = walk->sender.of == walk->stranger;

		*ret_by = own ? BY(NOT_LISTENING, .resource = node.of) : BY(LISTENER);
		return !own;
	}
	service = service_at(walk, node);
	host = index_host(walk->index, node.of);
	if (host && host->sockets && !has_socket(walk, host)) {
		*ret_by = BY(NOT_LISTENING, .resource = node.of,
			     .other = service ? &service->resource : NULL);
		return false;
	}
	*ret_by = service                 ? BY(SERVICE, .resource = &service->resource)
		  : host && host->sockets ? BY(LISTENER, .resource = node.of,
					       .number = walk->packet.destination_port)
					  : BY(NOT_LISTENING, .resource = node.of);
	return ret_by->kind != DECISION_NOT_LISTENING;
}
