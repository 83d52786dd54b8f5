/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/explain/internal.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"
#include "lab/model/words.h"

/* The limits of a NAT gateway on what SNAT begins, where a running lab tells how near they are. */

bool limit_of_size(struct packet_walk *walk, const struct nat_gateway *nat)
{
	const struct gateway_usage *usage = index_usage(walk->index, nat);
	const struct size_limit limit = nat_gateway_limit(walk->model, nat->size);

	if (!usage || usage->connections < limit.connections)
		return false;
	walk_lose(walk, (struct node){ NODE_NAT, nat }, CODE_LIMIT,
		  BY(LIMIT_OF_SIZE, .resource = &nat->resource, .count = usage->connections,
		     .limit = limit.connections));
	return true;
}

static const struct full_destination *full_destination(const struct packet_walk *walk,
						       const struct nat_gateway *nat,
						       uint32_t source)
{
	const struct gateway_usage *usage = index_usage(walk->index, nat);
	const struct packet *p = &walk->packet;

	for (size_t i = 0; usage && i < usage->n_full; i++) {
		const struct full_destination *full = &usage->full[i];

		if (full->source == source &&
		    walk_in(walk, HOST_PREFIX(full->destination), p->destination) &&
		    full->protocol == p->protocol &&
		    (!full->port || walk_port_in(walk, p, full->port, full->port)))
			return full;
	}
	return NULL;
}

bool limit_of_destination(struct packet_walk *walk, const struct nat_gateway *nat)
{
	walk->full = full_destination(walk, nat, walk->packet.source);
	if (!walk->full)
		return false;
	walk_lose(walk, (struct node){ NODE_NAT, nat }, CODE_LIMIT,
		  BY(LIMIT_OF_PORTS, .count = walk->full->connections,
		     .limit = CONNECTIONS_TO_DESTINATION));
	return true;
}

uint64_t limit_dropped_by_rate(const struct packet_walk *walk, const struct nat_gateway *nat)
{
	const struct gateway_usage *usage = index_usage(walk->index, nat);

	return usage ? usage->dropped_by_rate : 0;
}

/* ---- cause and remedy ---- */

static void size_cause(struct packet_walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const uint64_t connections = index_usage(walk->index, nat)->connections;
	const struct size_limit limit = nat_gateway_limit(walk->model, nat->size);

	CAUSE(walk, LIMIT_OF_SIZE, fact_count(connections), NAME(nat),
	      fact_name(word_of(nat_size_words, (int)nat->size)), fact_count(limit.connections));
	for (enum nat_size size = nat->size + 1; size <= NAT_BY_USAGE; size++) {
		if (nat_gateway_limit(walk->model, size).connections <= connections)
			continue;
		remedy(walk, "nat-gateway set %s size %s", nat->resource.name,
		       word_of(nat_size_words, (int)size));
		return;
	}
}

/* Those EIPs of the entry that have ports left, else another EIP in their place. */
static void remedy_pool(struct packet_walk *walk, const struct nat_gateway *nat,
			const struct snat *snat)
{
	const char *left = NULL;

	for (size_t i = 0; i < snat->n_eip; i++)
		if (!full_destination(walk, nat, snat->eip[i]->ip))
			left = left ? arena_printf(&walk->x->arena, "%s,%s", left,
						   snat->eip[i]->resource.name)
				    : snat->eip[i]->resource.name;
	for (size_t i = 0; !left && i < model_count(walk->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(walk->model, NOUN_EIP, i);

		if (eip->associated == &nat->resource && remedy_fits_snat(walk, nat, eip) &&
		    !full_destination(walk, nat, eip->ip))
			left = eip->resource.name;
	}
	if (!left)
		left = remedy_new_eip(walk, nat);
	if (left)
		remedy(walk, "snat set %s eip %s", snat->resource.name, left);
}

static void destination_cause(struct packet_walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const struct full_destination *full = walk->full;
	const struct resource *eip = model_holder(walk->model, NULL, full->source),
			      *to = model_holder(walk->model, NULL, full->destination);

	CAUSE(walk, LIMIT_OF_PORTS, fact_count(full->connections),
	      eip ? fact_name(eip->name) : NAME(nat),
	      to ? fact_name(to->name) : fact_bare_address(full->destination),
	      (struct fact){ .kind = FACT_PORT,
			     .port = { full->protocol, full->port, full->port } },
	      NAME(nat), fact_count(CONNECTIONS_TO_DESTINATION));
	if (!nat_gateway_has_size(nat))
		remedy_aws_other_gateway(walk, nat);
	else if (walk->snat)
		remedy_pool(walk, nat, walk->snat);
}

void cause_limit(struct packet_walk *walk)
{
	if (walk->full)
		destination_cause(walk);
	else
		size_cause(walk);
}
