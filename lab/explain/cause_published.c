/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/explain/internal.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"

/* Why nobody answers at a public address or a port: no DNAT entry, the wrong one, an idle EIP,
 * nothing that listens. */

/* The entry of the gateway that publishes that port; NULL: none. */
static const struct dnat *entry_for(const struct walk *walk, const struct nat_gateway *nat,
				    uint32_t ip, uint16_t port)
{
	for (size_t i = 0; i < model_count(walk->model, NOUN_DNAT); i++) {
		const struct dnat *dnat = model_get(walk->model, NOUN_DNAT, i);

		if (dnat->nat_gateway == nat && dnat->target_ip == ip &&
		    dnat->protocol == walk->packet.protocol && port >= dnat->private_first &&
		    port <= dnat->private_last)
			return dnat;
	}
	return NULL;
}

/* ---- whom a public address could lead to ---- */

struct target {
	const struct ecs *ecs;
	const struct service *service; /* NULL: nothing on it speaks the protocol */
	const struct dnat
		*entry; /* by which the service's port is published already; NULL: it is not */
	int score;
};

static void consider(const struct walk *walk, const struct nat_gateway *nat,
		     const struct target *candidate, struct target *best)
{
	const struct service *service = candidate->service;
	struct target target = *candidate;
	bool exact;

	target.entry = nat && service ? entry_for(walk, nat, target.ecs->eni[0]->ip, service->port)
				      : NULL;
	exact = service && service->port == walk->packet.destination_port;
	target.score = !service ? 1 : exact ? (target.entry ? 4 : 5) : target.entry ? 2 : 3;
	if (target.score > best->score)
		*best = target;
}

/*
 * An ECS behind the gateway (NULL: any) without a public address of its own, best one on which
 * something listens at that very port, and that is not published yet. ecs is NULL where there is
 * none.
 */
static struct target choose_target(const struct walk *walk, const struct nat_gateway *nat)
{
	struct target best = { 0 };

	for (size_t i = 0; i < model_count(walk->model, NOUN_ECS); i++) {
		const struct ecs *ecs = model_get(walk->model, NOUN_ECS, i);
		const struct resources *services = index_of(walk->index, &ecs->resource);
		const struct vpc *vpc = ecs->eni[0]->vswitch->vpc;

		if ((nat && vpc != nat->vpc) || eni_public_ip(ecs->eni[0]) ||
		    ecs == walk->sender.of ||
		    (!nat && dnat_to_address(walk->model, vpc, ecs->eni[0]->ip)))
			continue;
		consider(walk, nat, &(struct target){ .ecs = ecs }, &best);
		for (size_t s = 0; s < services->n_item; s++) {
			const struct service *service = services->item[s];

			if (service->port && service->protocol == walk->packet.protocol)
				consider(walk, nat,
					 &(struct target){ .ecs = ecs, .service = service }, &best);
		}
	}
	return best;
}

/* ---- no DNAT entry ---- */

/* "; it publishes tcp 80, udp 53": the wrong port is asked for easily. */
static const char *published_ports(struct walk *walk)
{
	const struct resources *entries;
	const char *ports = "";

	if (!walk->eip)
		return ports;
	entries = index_of(walk->index, &walk->eip->resource);
	for (size_t i = 0; i < entries->n_item && i < 4; i++) {
		const struct dnat *dnat = entries->item[i];
		const char *word = protocol_word(dnat->protocol),
			   *joint = i == 0 ? "; what it has is for " : ", ";

		if (dnat->public_first == dnat->public_last)
			ports = TEXT(walk, "%s%s%s %u", ports, joint, word, dnat->public_first);
		else
			ports = TEXT(walk, "%s%s%s %u-%u", ports, joint, word, dnat->public_first,
				     dnat->public_last);
	}
	return ports;
}

/* Above 1024 the ports of an EIP that SNAT uses are SNAT's, today. */
static const char *port_break(const struct walk *walk, const struct eip *eip, uint16_t public_port)
{
	bool needed = walk->model->profile->port_break && public_port > 1024 &&
		      snat_with_eip(walk->model, eip);

	return needed ? " port-break on" : "";
}

/* A port is published once: the entry that does would have to be another. */
static void entry_is_elsewhere(struct walk *walk, const struct target *target)
{
	const struct dnat *entry = target->entry;
	const char *name = entry->resource.name, *word = protocol_word(entry->protocol);
	const uint16_t port = walk->packet.destination_port;
	const char *also = port_break(walk, walk->eip, port);

	walk->x->cause = TEXT(
		walk, "%s; %s publishes %s %u of %s as %s %u of %s, and a port is published once",
		walk->x->cause, name, word, entry->private_first, target->ecs->resource.name, word,
		entry->public_first, entry->eip->resource.name);
	if (entry->eip == walk->eip)
		cure(walk, "dnat set %s public-port %u%s", name, port, also);
	else if (entry->public_first == port)
		cure(walk, "dnat set %s eip %s%s", name, walk->eip->resource.name, also);
	else
		cure(walk, "dnat set %s eip %s public-port %u%s", name, walk->eip->resource.name,
		     port, also);
}

static void cause_no_dnat_entry(struct walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const char *name = nat->resource.name, *what = cause_port(walk, &walk->packet);
	const char *eip = walk->eip ? walk->eip->resource.name : "the address";
	const struct target target = choose_target(walk, nat);
	uint16_t port = walk->packet.destination_port;

	if (walk->packet.protocol == PROTOCOL_ICMP) {
		walk->x->cause = TEXT(walk,
				      "%s answers no pings to %s (icmp-reply is off), and only an "
				      "any-port DNAT entry would pass them on",
				      name, eip);
		cure(walk, "nat-gateway set %s icmp-reply on", name);
		return;
	}
	walk->x->cause = TEXT(walk, "%s has no DNAT entry for %s %s", name, eip, what);
	if (!walk->eip || !target.ecs)
		return;
	/* An EIP of a standard gateway is for one or the other. */
	if (nat->type == NAT_STANDARD && snat_with_eip(walk->model, walk->eip))
		return;
	if (target.entry && target.entry->private_first == target.entry->private_last) {
		entry_is_elsewhere(walk, &target);
		return;
	}
	walk->x->cause = TEXT(walk, "%s%s", walk->x->cause, published_ports(walk));
	if (target.service && !target.entry)
		port = target.service->port;
	if (entry_for(walk, nat, target.ecs->eni[0]->ip, port))
		return;
	cure(walk,
	     "dnat create %s nat-gateway %s eip %s protocol %s public-port %u to %s private-port "
	     "%u%s",
	     cure_name(walk, "dnat"), name, eip, protocol_word(walk->packet.protocol),
	     walk->packet.destination_port, target.ecs->resource.name, port,
	     port_break(walk, walk->eip, walk->packet.destination_port));
}

/* ---- an idle EIP ---- */

/* One that can lead it to somebody. vpc NULL: any. */
static const struct nat_gateway *gateway_of(const struct walk *walk, const struct vpc *vpc)
{
	for (size_t i = 0; i < model_count(walk->model, NOUN_NAT_GATEWAY); i++) {
		const struct nat_gateway *nat = model_get(walk->model, NOUN_NAT_GATEWAY, i);

		if ((!vpc || nat->vpc == vpc) && cure_takes_eip(walk, nat) &&
		    choose_target(walk, nat).ecs)
			return nat;
	}
	return NULL;
}

/* To the host itself, if it listens at that port; else to a gateway, which can lead another port
 * there. */
static void cause_eip_unbound(struct walk *walk)
{
	const struct target target = choose_target(walk, NULL);
	const struct service *service = target.service;
	const char *eip = walk->eip->resource.name;
	const struct nat_gateway *nat = NULL;

	walk->x->cause =
		TEXT(walk, "%s is associated with nothing, so packets to it go nowhere", eip);
	if (!target.ecs || (service && service->port != walk->packet.destination_port))
		nat = gateway_of(walk, target.ecs ? target.ecs->eni[0]->vswitch->vpc : NULL);
	if (nat)
		cure(walk, "eip associate %s nat-gateway %s", eip, nat->resource.name);
	else if (target.ecs)
		cure(walk, "eip associate %s ecs %s", eip, target.ecs->resource.name);
}

/* ---- nothing listens ---- */

static const struct service *other_service(const struct walk *walk, const struct resource *node)
{
	const struct resources *services = index_of(walk->index, node);

	for (size_t i = 0; i < services->n_item; i++) {
		const struct service *service = services->item[i];

		if (service->port && service->protocol == walk->packet.protocol)
			return service;
	}
	return NULL;
}

/* The entry that led it there, if another private port would do. */
static bool wrong_private_port(struct walk *walk, const char *node, const struct service *service)
{
	const struct dnat *dnat = walk->dnat;

	if (!dnat || !service || dnat->protocol == PROTOCOL_ALL ||
	    dnat->private_first != dnat->private_last ||
	    entry_for(walk, dnat->nat_gateway, dnat->target_ip, service->port))
		return false;
	walk->x->cause =
		TEXT(walk,
		     "the DNAT entry %s leads to %s of %s, where nothing listens; %s listens on %u",
		     dnat->resource.name, cause_port(walk, &walk->packet), node,
		     service->resource.name, service->port);
	cure(walk, "dnat set %s private-port %u%s", dnat->resource.name, service->port,
	     dnat->port_break ? "" : port_break(walk, dnat->eip, dnat->public_last));
	return true;
}

static void cause_not_listening(struct walk *walk)
{
	const char *node = walk->x->hop, *what = cause_port(walk, &walk->packet);
	const bool guest = walk->end.kind == NODE_ECS || walk->end.kind == NODE_INTERNET_HOST;
	const struct service *service = guest ? other_service(walk, walk->end.of) : NULL;

	if (!guest) {
		walk->x->cause = TEXT(walk, "%s is a router, and nothing listens on it", node);
		return;
	}
	if (wrong_private_port(walk, node, service))
		return;
	walk->x->cause = TEXT(walk, "it gets there, but nothing on %s listens on %s", node, what);
	if (service)
		walk->x->cause = TEXT(walk, "%s; %s listens on %u", walk->x->cause,
				      service->resource.name, service->port);
	if (walk->packet.protocol == PROTOCOL_UDP)
		cure(walk, "service start %s echo protocol udp port %u", node,
		     walk->packet.destination_port);
	else
		cure(walk, "service start %s http port %u", node, walk->packet.destination_port);
}

void explain_published_cause(struct walk *walk)
{
	if (walk->code == CODE_NO_DNAT_ENTRY)
		cause_no_dnat_entry(walk);
	else if (walk->code == CODE_EIP_UNBOUND)
		cause_eip_unbound(walk);
	else
		cause_not_listening(walk);
}
