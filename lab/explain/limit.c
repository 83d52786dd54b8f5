/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/explain/internal.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"

/* The limits of a NAT gateway on what SNAT begins, where a running lab tells how near they are. */

/* "10,000" */
static const char *grouped(const struct walk *walk, uint64_t n)
{
	const char *tail = "";

	for (; n >= 1000; n /= 1000)
		tail = RULE(walk, ",%03u%s", (unsigned)(n % 1000), tail);
	return RULE(walk, "%u%s", (unsigned)n, tail);
}

static bool has_size(const struct nat_gateway *nat)
{
	return nat->type == NAT_ENHANCED || nat->type == NAT_STANDARD;
}

bool limit_of_size(struct walk *walk, const struct nat_gateway *nat)
{
	const struct gateway_usage *usage = index_usage(walk->index, nat);
	const struct size_limit limit = nat_gateway_limit(nat->size);

	if (!usage || usage->connections < limit.connections)
		return false;
	walk_lose(walk, (struct node){ NODE_NAT, nat }, CODE_LIMIT,
		  RULE(walk, "limit reached: %s connections of the %s of size %s",
		       grouped(walk, usage->connections), grouped(walk, limit.connections),
		       limit.size));
	return true;
}

static const struct full_destination *full_destination(const struct walk *walk,
						       const struct nat_gateway *nat,
						       uint32_t source)
{
	const struct gateway_usage *usage = index_usage(walk->index, nat);
	const struct packet *p = &walk->packet;

	for (size_t i = 0; usage && i < usage->n_full; i++) {
		const struct full_destination *full = &usage->full[i];

		if (full->source == source && full->destination == p->destination &&
		    full->protocol == p->protocol && full->port == p->destination_port)
			return full;
	}
	return NULL;
}

bool limit_of_destination(struct walk *walk, const struct nat_gateway *nat)
{
	walk->full = full_destination(walk, nat, walk->packet.source);
	if (!walk->full)
		return false;
	walk_lose(walk, (struct node){ NODE_NAT, nat }, CODE_LIMIT,
		  RULE(walk,
		       "limit reached: %s connections of the %s that one EIP carries to one "
		       "destination",
		       grouped(walk, walk->full->connections),
		       grouped(walk, CONNECTIONS_TO_DESTINATION)));
	return true;
}

const char *limit_remark(const struct walk *walk, const struct nat_gateway *nat)
{
	const struct gateway_usage *usage = index_usage(walk->index, nat);

	if (!usage || !usage->dropped_by_rate)
		return "";
	return RULE(walk, "; beyond %s new connections a second it has dropped %s so far",
		    grouped(walk, nat_gateway_limit(nat->size).rate),
		    grouped(walk, usage->dropped_by_rate));
}

/* ---- cause and cure ---- */

static void size_cause(struct walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const uint64_t connections = index_usage(walk->index, nat)->connections;
	const struct size_limit limit = nat_gateway_limit(nat->size);

	walk->x->cause = TEXT(walk,
			      "limit reached: %s connections that SNAT began are open at %s, and "
			      "its size, %s, allows %s at once; "
			      "new ones are dropped until others end",
			      grouped(walk, connections), nat->resource.name, limit.size,
			      grouped(walk, limit.connections));
	for (enum nat_size size = nat->size + 1; size <= NAT_SUPER_LARGE_1; size++) {
		if (nat_gateway_limit(size).connections <= connections)
			continue;
		cure(walk, "nat-gateway set %s size %s", nat->resource.name,
		     nat_gateway_limit(size).size);
		return;
	}
}

/* Those EIPs of the entry that have ports left, else another EIP in their place. */
static void cure_pool(struct walk *walk, const struct nat_gateway *nat, const struct snat *snat)
{
	const char *left = NULL;

	for (size_t i = 0; i < snat->n_eip; i++)
		if (!full_destination(walk, nat, snat->eip[i]->ip))
			left = left ? TEXT(walk, "%s,%s", left, snat->eip[i]->resource.name)
				    : snat->eip[i]->resource.name;
	for (size_t i = 0; !left && i < model_count(walk->model, NOUN_EIP); i++) {
		const struct eip *eip = model_get(walk->model, NOUN_EIP, i);

		if (eip->associated == &nat->resource && cure_fits_snat(walk, nat, eip) &&
		    !full_destination(walk, nat, eip->ip))
			left = eip->resource.name;
	}
	if (!left)
		left = cure_new_eip(walk, nat, nat->resource.name);
	if (left)
		cure(walk, "snat set %s eip %s", snat->resource.name, left);
}

static void destination_cause(struct walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const struct full_destination *full = walk->full;
	const struct resource *eip = model_holder(walk->model, NULL, full->source),
			      *to = model_holder(walk->model, NULL, full->destination);
	char address[ADDRESS_TEXT_SIZE];

	walk->x->cause = TEXT(walk,
			      "limit reached: %s connections from %s to %s %s %u are open at %s, "
			      "and one EIP has ports for %s to one "
			      "destination; new ones are dropped until others end",
			      grouped(walk, full->connections),
			      eip ? eip->name : nat->resource.name,
			      to ? to->name : address_format(full->destination, address),
			      protocol_word(full->protocol), full->port, nat->resource.name,
			      grouped(walk, CONNECTIONS_TO_DESTINATION));
	if (!has_size(nat))
		cure_aws_other_gateway(walk, nat);
	else if (walk->snat)
		cure_pool(walk, nat, walk->snat);
}

void explain_limit_cause(struct walk *walk)
{
	if (walk->full)
		destination_cause(walk);
	else
		size_cause(walk);
}
