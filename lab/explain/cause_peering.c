/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"

/* What goes wrong between two VPCs. */

static const struct vpc_peering *peering_of(const struct packet_walk *walk, const struct vpc *vpc,
					    const struct vpc *other)
{
	model_each_user(walk->model, NOUN_VPC_PEERING, vpc, const struct vpc_peering, peering)
		if (vpc_peering_other(peering, vpc) == other)
			return peering;
	return NULL;
}

/* Which other VPC has somebody at that address? One that is joined with this, if there are several.
 */
static const struct vpc *vpc_with(const struct packet_walk *walk, const struct vpc *vpc,
				  uint32_t ip)
{
	const struct vpc *found = NULL;

	model_each(walk->model, NOUN_VPC, const struct vpc, other) {
		if (other == vpc || !model_holder(walk->model, other, ip))
			continue;
		if (peering_of(walk, vpc, other))
			return other;
		found = found ? found : other;
	}
	return found;
}

static bool leads(const struct packet_walk *walk, const struct vswitch *vswitch, uint32_t to,
		  const struct vpc_peering *peering)
{
	const struct route *route = index_route(walk->index, vswitch->table, to);

	return route && route->via == &peering->resource;
}

/* Join the two, and lead each of the two vSwitches to the other VPC, as far as that is not so yet.
 */
static void remedy_peering(struct packet_walk *walk, const struct vpc_peering *peering,
			   const struct vswitch *from, uint32_t source, const struct vswitch *into,
			   uint32_t to)
{
	const bool waits = model_cloud(walk->model)->peerings_wait;
	const char *word = model_noun_word(walk->model, NOUN_VPC_PEERING);
	const char *name = peering ? peering->resource.name
				   : remedy_name(walk, waits ? "PCX" : "PCC");

	if (!peering)
		remedy(walk, "%s create %s vpc %s %s %s", word, name, from->vpc->resource.name,
		       waits ? "peer-vpc" : "accepting-vpc", into->vpc->resource.name);
	if (waits && (!peering || peering->state == PEERING_PENDING))
		remedy(walk, "%s accept %s", word, name);
	if (!peering || !leads(walk, from, to, peering))
		remedy_route(walk, from, *vpc_cidr_of(into->vpc, to), NOUN_VPC_PEERING, name);
	if (!peering || !leads(walk, into, source, peering))
		remedy_route(walk, into, *vpc_cidr_of(from->vpc, from->cidr.address),
			     NOUN_VPC_PEERING, name);
}

/* The VPC that it starts in has the address, too. cloud-semantics: peer-9, peer-23 */
static bool stays_at_home(struct packet_walk *walk, const struct vpc *vpc, const struct vpc *other)
{
	const uint32_t to = walk->packet.destination;

	if (model_holder(walk->model, vpc, to))
		return false;
	cause_address(walk);
	CAUSE(walk, VPCS_OVERLAP, fact_name(model_holder(walk->model, other, to)->name),
	      NAME(other));
	return true;
}

bool cause_other_vpc(struct packet_walk *walk)
{
	const uint32_t to = walk->packet.destination;
	const struct vswitch *from = walk->end.kind == NODE_VSWITCH ? walk->end.of
								    : walk->from_vswitch;
	const struct vpc *other =
		from && !model_holder(walk->model, NULL, to) ? vpc_with(walk, from->vpc, to) : NULL;
	const struct vpc_peering *peering = other ? peering_of(walk, from->vpc, other) : NULL;
	const struct vswitch *into = other ? index_vswitch_at(walk->index, other, to) : NULL;

	if (!into || walk->code == CODE_NO_TRANSIT || walk->died_of == CODE_SG_INGRESS ||
	    walk->died_of == CODE_SG_EGRESS || walk->died_of == CODE_ACL_INGRESS ||
	    walk->died_of == CODE_ACL_EGRESS || walk->code == CODE_NOT_LISTENING)
		return false;
	if (vpc_cidr_of(from->vpc, to))
		return stays_at_home(walk, from->vpc, other);
	if (peering && peering->state == PEERING_ACTIVE && leads(walk, from, to, peering))
		return false;
	if (walk->back)
		CAUSE(walk, ANSWER_WITHOUT_WAY);
	CAUSE(walk, IN_OTHER_VPC, NAME(from->table), NAME(from),
	      (struct fact){ .kind = FACT_ADDRESS,
			     .address = to,
			     .name = model_holder(walk->model, other, to)->name },
	      NAME(other));
	if (peering && peering->state == PEERING_FAILED)
		CAUSE(walk, PEERING_FAILED, NAME(peering));
	else if (peering && peering->state == PEERING_PENDING)
		CAUSE(walk, PEERING_WAITS, NAME(peering));
	else if (peering)
		CAUSE(walk, PEERING_WITHOUT_ROUTE, NAME(peering));
	else
		CAUSE(walk, NO_PEERING);
	if ((!peering || peering->state != PEERING_FAILED) && !vpcs_overlap(from->vpc, other))
		remedy_peering(walk, peering, from, walk->packet.source, into, to);
	return true;
}

/* cloud-semantics: peer-6, peer-12, peer-24 */
void cause_no_transit(struct packet_walk *walk)
{
	const uint32_t to = walk->packet.destination;
	const struct vswitch *from = walk->from_vswitch;
	const struct vpc *between = walk->end.of, *other = vpc_with(walk, between, to);
	const struct vswitch *into =
		other && other != from->vpc ? index_vswitch_at(walk->index, other, to) : NULL;
	const struct fact by = fact_name(walk->route->via->name);

	if (!into) {
		CAUSE(walk, NO_EDGE_TO_EDGE, by, NAME(between));
		if (walk->back || !address_is_public(to))
			return;
		if (model_cloud(walk->model)->internet_gateways)
			remedy_aws_other_gateway(walk, NULL);
		else
			remedy_egress(walk, from);
		return;
	}
	CAUSE(walk, NOT_TRANSITIVE, by, NAME(between),
	      fact_name(model_holder(walk->model, other, to)->name), NAME(other));
	if (!vpcs_overlap(from->vpc, other))
		remedy_peering(walk, peering_of(walk, from->vpc, other), from, walk->packet.source,
			       into, to);
}
