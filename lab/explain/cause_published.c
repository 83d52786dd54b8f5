/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/explain/internal.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"
#include "lab/nouns/nouns.h"

/* Why nobody answers at a public address or a port: no DNAT entry, the wrong one, an idle EIP,
 * nothing that listens. */

/* The entry of the gateway that publishes that port; NULL: none. */
static const struct dnat *entry_for(const struct packet_walk *walk, const struct nat_gateway *nat,
				    uint32_t ip, uint16_t port)
{
	model_each(walk->model, NOUN_DNAT, const struct dnat, dnat) {
		if (dnat->nat_gateway == nat && dnat->target_ip == ip &&
		    dnat->protocol == walk->packet.protocol && port >= dnat->private_first &&
		    port <= dnat->private_last)
			return dnat;
	}
	return NULL;
}

/* ---- whom a public address could lead to ---- */

struct published_target {
	const struct ecs *ecs;
	const struct service *service; /* NULL: nothing on it speaks the protocol */
	const struct dnat
		*entry; /* by which the service's port is published already; NULL: it is not */
	int score;
};

static void consider(const struct packet_walk *walk, const struct nat_gateway *nat,
		     const struct published_target *candidate, struct published_target *best)
{
	const struct service *service = candidate->service;
	struct published_target target = *candidate;
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
static struct published_target choose_target(const struct packet_walk *walk,
					     const struct nat_gateway *nat)
{
	struct published_target best = { 0 };

	model_each(walk->model, NOUN_ECS, const struct ecs, ecs) {
		const struct resources *services = index_of(walk->index, &ecs->resource);
		const struct vpc *vpc = ecs->eni[0]->vswitch->vpc;

		if ((nat && vpc != nat->vpc) || eni_public_ip(ecs->eni[0]) ||
		    ecs == walk->sender.of ||
		    (!nat && dnat_to_address(walk->model, vpc, ecs->eni[0]->ip)))
			continue;
		consider(walk, nat, &(struct published_target){ .ecs = ecs }, &best);
		for (size_t s = 0; s < services->n_item; s++) {
			const struct service *service = services->item[s];

			if (service->port && service->protocol == walk->packet.protocol)
				consider(walk, nat,
					 &(struct published_target){ .ecs = ecs,
								     .service = service },
					 &best);
		}
	}
	return best;
}

/* ---- no DNAT entry ---- */

/* The wrong port is asked for easily. */
static void add_published_ports(struct packet_walk *walk)
{
	const struct resources *entries = index_of(walk->index, &walk->eip->resource);

	for (size_t i = 0; i < entries->n_item && i < 4; i++) {
		const struct dnat *dnat = entries->item[i];
		const struct fact port = { .kind = FACT_PORT,
					   .port = { dnat->protocol, dnat->public_first,
						     dnat->public_last } };

		if (i == 0)
			CAUSE(walk, PUBLISHED_FIRST, port);
		else
			CAUSE(walk, PUBLISHED_NEXT, port);
	}
}

/* Above 1024 the ports of an EIP that SNAT uses are SNAT's, today. */
static const char *port_break(const struct packet_walk *walk, const struct eip *eip,
			      uint16_t public_port)
{
	bool needed = walk->model->profile->port_break && public_port > 1024 &&
		      model_user(walk->model, NOUN_SNAT, eip, NULL);

	return needed ? " port-break on" : "";
}

/* A port is published once: the entry that does would have to be another. */
static void entry_is_elsewhere(struct packet_walk *walk, const struct published_target *target)
{
	const struct dnat *entry = target->entry;
	const char *name = entry->resource.name;
	const uint16_t port = walk->packet.destination_port;
	const char *also = port_break(walk, walk->eip, port);
	const char *key = model_noun_word(walk->model, walk->eip->resource.noun);
	const struct fact private_port = { .kind = FACT_PORT,
					   .port = { entry->protocol, entry->private_first,
						     entry->private_first } },
			  public_port = { .kind = FACT_PORT,
					  .port = { entry->protocol, entry->public_first,
						    entry->public_first } };

	CAUSE(walk, PUBLISHED_ELSEWHERE, NAME(entry), private_port, NAME(target->ecs), public_port,
	      NAME(entry->eip));
	if (entry->eip == walk->eip)
		remedy(walk, "dnat set %s public-port %u%s", name, port, also);
	else if (entry->public_first == port)
		remedy(walk, "dnat set %s %s %s%s", name, key, walk->eip->resource.name, also);
	else
		remedy(walk, "dnat set %s %s %s public-port %u%s", name, key,
		       walk->eip->resource.name, port, also);
}

void cause_no_dnat_entry(struct packet_walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const char *name = nat->resource.name;
	const struct eip *eip = walk->eip;
	const struct published_target target = choose_target(walk, nat);
	uint16_t port = walk->packet.destination_port;

	if (walk->dnat && walk->dnat->eip == eip && !dnat_takes_effect(walk->model, walk->dnat)) {
		CAUSE(walk, DNAT_TO_NOBODY, NAME(walk->dnat),
		      fact_bare_address(walk->dnat->target_ip));
		if (target.ecs && !target.entry)
			remedy(walk, "dnat set %s to %s", walk->dnat->resource.name,
			       target.ecs->resource.name);
		return;
	}
	if (walk->packet.protocol == PROTOCOL_ICMP) {
		CAUSE(walk, NO_PINGS, NAME(nat), eip ? NAME(eip) : fact_name("the address"));
		if (nat->type != NAT_INTRANET)
			remedy(walk, "nat-gateway set %s icmp-reply on", name);
		return;
	}
	CAUSE(walk, NO_DNAT_ENTRY, NAME(nat), eip ? NAME(eip) : fact_name("the address"),
	      fact_port(&walk->packet));
	if (!walk->eip || !target.ecs)
		return;
	/* An EIP of a standard gateway is for one or the other. */
	if (nat->type == NAT_STANDARD && model_user(walk->model, NOUN_SNAT, walk->eip, NULL))
		return;
	if (target.entry && target.entry->private_first == target.entry->private_last) {
		entry_is_elsewhere(walk, &target);
		return;
	}
	add_published_ports(walk);
	if (target.service && !target.entry)
		port = target.service->port;
	if (entry_for(walk, nat, target.ecs->eni[0]->ip, port))
		return;
	remedy(walk,
	       "dnat create %s nat-gateway %s %s %s protocol %s public-port %u to %s private-port "
	       "%u%s",
	       remedy_name(walk, "dnat"), name, model_noun_word(walk->model, eip->resource.noun),
	       eip->resource.name, protocol_word(walk->packet.protocol),
	       walk->packet.destination_port, target.ecs->resource.name, port,
	       port_break(walk, walk->eip, walk->packet.destination_port));
}

/* ---- an idle EIP ---- */

/* One that can lead it to somebody. vpc NULL: any. */
static const struct nat_gateway *gateway_of(const struct packet_walk *walk, const struct vpc *vpc)
{
	model_each(walk->model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		if ((!vpc || nat->vpc == vpc) && remedy_takes_eip(walk, nat) &&
		    choose_target(walk, nat).ecs)
			return nat;
	}
	return NULL;
}

/* To a gateway, which can lead another port to the host; or to the host itself. */
void cause_eip_unbound(struct packet_walk *walk)
{
	const struct published_target target = choose_target(walk, NULL);
	const char *eip = walk->eip->resource.name;
	const struct nat_gateway *nat =
		gateway_of(walk, target.ecs ? target.ecs->eni[0]->vswitch->vpc : NULL);

	CAUSE(walk, EIP_UNBOUND, NAME(walk->eip));
	if (nat)
		remedy(walk, "eip associate %s nat-gateway %s", eip, nat->resource.name);
	remedy_or(walk);
	if (target.ecs)
		remedy(walk, "eip associate %s ecs %s", eip, target.ecs->resource.name);
}

/* ---- nothing listens ---- */

static const struct service *other_service(const struct packet_walk *walk,
					   const struct resource *node)
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
static bool wrong_private_port(struct packet_walk *walk, const struct service *service)
{
	const struct dnat *dnat = walk->dnat;

	if (!dnat || !service || dnat->protocol == PROTOCOL_ALL ||
	    dnat->private_first != dnat->private_last ||
	    entry_for(walk, dnat->nat_gateway, dnat->target_ip, service->port))
		return false;
	CAUSE(walk, WRONG_PRIVATE_PORT, NAME(dnat), fact_port(&walk->packet),
	      fact_name(walk->x->hop), NAME(service), fact_number(service->port));
	remedy(walk, "dnat set %s private-port %u%s", dnat->resource.name, service->port,
	       dnat->port_break ? "" : port_break(walk, dnat->eip, dnat->public_last));
	return true;
}

static void remedy_restart(struct packet_walk *walk, const struct resource *service)
{
	const char *node = walk->x->hop, *slash = strchr(service->name, '/');
	auto_text start = { 0 };

	model_save_resource(&start, walk->model, service);
	remedy(walk, "service stop %s %s", node, slash ? slash + 1 : service->name);
	remedy(walk, "%.*s", (int)start.length - 1, text_get(&start));
}

/* Only where it is off does it not listen. cloud-semantics: dns-6 */
static bool is_resolver(const struct packet_walk *walk)
{
	struct cloud_service service;

	return walk->end.kind == NODE_VPC && cloud_service_of(walk, walk->end.of, &service) &&
	       service.resolver &&
	       cloud_service_takes(&service, walk->packet.protocol, walk->packet.destination_port);
}

void cause_not_listening(struct packet_walk *walk)
{
	const char *node = walk->x->hop;
	const bool guest = walk->end.kind == NODE_ECS || walk->end.kind == NODE_INTERNET_HOST;
	const struct service *service = guest ? other_service(walk, walk->end.of) : NULL;

	if (is_resolver(walk)) {
		const struct vpc *vpc = walk->end.of;

		CAUSE(walk, RESOLVER_OFF, NAME(vpc));
		remedy(walk, "vpc set %s dns-support on", vpc->resource.name);
		return;
	}
	if (!guest) {
		CAUSE(walk, ROUTER_LISTENS_NOT, fact_name(node));
		return;
	}
	if (walk->lost_by.other) {
		CAUSE(walk, SERVICE_DOWN, fact_name(walk->lost_by.other->name),
		      fact_port(&walk->packet));
		remedy_restart(walk, walk->lost_by.other);
		return;
	}
	if (wrong_private_port(walk, service)) {
		remedy_or(walk);
	} else {
		CAUSE(walk, NOT_LISTENING, fact_name(node), fact_port(&walk->packet));
		if (service)
			CAUSE(walk, LISTENS_ON, NAME(service), fact_number(service->port));
	}
	if (walk->packet.protocol == PROTOCOL_UDP)
		remedy(walk, "service start %s echo protocol udp port %u", node,
		       walk->packet.destination_port);
	else
		remedy(walk, "service start %s http port %u", node, walk->packet.destination_port);
}
