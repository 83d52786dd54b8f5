/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/transit.h"

/* What goes wrong between two VPCs. */

static const struct vpc_peering *peering_of(const struct packet_walk *walk, const struct vpc *vpc,
					    const struct vpc *other)
{
	model_each_user(walk->model, NOUN_VPC_PEERING, vpc, const struct vpc_peering, peering)
		if (vpc_peering_other(peering, vpc) == other)
			return peering;
	return NULL;
}

/* The VPC's attachment to a transit router that the other one is attached to as well. */
static const struct transit_attachment *attached_with(const struct packet_walk *walk,
						      const struct vpc *vpc,
						      const struct vpc *other)
{
	model_each_user(walk->model, NOUN_TRANSIT_ATTACHMENT, vpc, const struct transit_attachment,
			attachment)
		if (transit_attachment_of(walk->model, attachment->router, other))
			return attachment;
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
		if (peering_of(walk, vpc, other) || attached_with(walk, vpc, other))
			return other;
		found = found ? found : other;
	}
	return found;
}

static bool leads(const struct packet_walk *walk, const struct vswitch *vswitch, uint32_t to,
		  const struct resource *via)
{
	const struct route *route = index_route(walk->index, vswitch->table, to);

	return route && route->via == via;
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
	if (!peering || !leads(walk, from, to, &peering->resource))
		remedy_route(walk, from, *vpc_cidr_of(into->vpc, to), NOUN_VPC_PEERING, name);
	if (!peering || !leads(walk, into, source, &peering->resource))
		remedy_route(walk, into, *vpc_cidr_of(from->vpc, from->cidr.address),
			     NOUN_VPC_PEERING, name);
}

/* Does a connection join them, or could one? What they have in common is only an obstacle to one of
 * AWS; else the routes decide. cloud-semantics: peer-8, peer-22 */
static bool may_join(const struct packet_walk *walk, const struct vpc_peering *peering,
		     const struct vpc *vpc, const struct vpc *other)
{
	return peering ? peering->state != PEERING_FAILED
		       : !model_cloud(walk->model)->peerings_wait || !vpcs_overlap(vpc, other);
}

/* Where a route leads astray, that which another one has to stand in for. */
static struct prefix prefix_into(const struct packet_walk *walk, const struct vswitch *vswitch,
				 const struct vpc *other, uint32_t to)
{
	const struct route *astray = index_route(walk->index, vswitch->table, to);
	const struct prefix cidr = *vpc_cidr_of(other, to);

	return astray && astray->to.length > cidr.length ? astray->to : cidr;
}

/* The VPC NAT gateway that the packet should have gone by: the one that published what is answered;
 * or, to a VPC with the same addresses, the one that the sender's has. NULL: none.
 * cloud-semantics: pnat-5, pnat-6 */
static const struct nat_gateway *translator(const struct packet_walk *walk,
					    const struct vswitch *from, const struct vpc *other)
{
	const struct nat_gateway *in = walk->in_gateway;

	if (walk->back)
		return in && in->type == NAT_INTRANET && in->vpc == from->vpc &&
				       in->vswitch->table != from->table
			       ? in
			       : NULL;
	model_each_user(walk->model, NOUN_NAT_GATEWAY, from->vpc, const struct nat_gateway, nat)
		if (nat->type == NAT_INTRANET && nat->vswitch->table != from->table &&
		    vpcs_overlap(from->vpc, other) && !walk->gateway)
			return nat;
	return NULL;
}

/* The same where a transit router joins them. */
static void remedy_attached(struct packet_walk *walk, const struct vswitch *vswitch,
			    const struct vpc *other, uint32_t to)
{
	const struct transit_attachment *attachment = attached_with(walk, vswitch->vpc, other);
	const bool aws = walk->model->provider == PROVIDER_AWS;

	if (!leads(walk, vswitch, to, &attachment->resource))
		remedy_route(walk, vswitch, prefix_into(walk, vswitch, other, to),
			     aws ? NOUN_TRANSIT_ROUTER : NOUN_TRANSIT_ATTACHMENT,
			     aws ? attachment->router->resource.name : attachment->resource.name);
}

/* An attached VPC that what arrives in leaves for the internet by a gateway. */
static const struct transit_attachment *way_out(const struct packet_walk *walk,
						const struct transit_attachment *from, uint32_t to)
{
	model_each_user(walk->model, NOUN_TRANSIT_ATTACHMENT, from->router,
			const struct transit_attachment, other) {
		const struct route *route = index_route(walk->index, other->vswitch[0]->table, to);

		if (other != from && route && route->via_noun == NOUN_NAT_GATEWAY)
			return other;
	}
	return NULL;
}

/* The table of an attachment does not know the other VPC, which is attached, too. */
static bool cause_unpropagated(struct packet_walk *walk, const struct transit_attachment *from,
			       const struct vpc *other)
{
	const struct transit_attachment *into =
		transit_attachment_of(walk->model, from->router, other);
	const struct transit_table *table = from->associated;

	for (size_t i = 0; table && into && i < into->n_propagated; i++)
		if (into->propagated[i] == table)
			return false;
	if (!table || !into)
		return false;
	CAUSE(walk, NO_TRANSIT_ROUTE, NAME(table), NAME(from),
	      (struct fact){
		      .kind = FACT_ADDRESS,
		      .address = walk->packet.destination,
		      .name = model_holder(walk->model, other, walk->packet.destination)->name });
	CAUSE(walk, NOT_PROPAGATED, NAME(into), NAME(other));
	remedy(walk, "transit-route-table enable-propagation %s attachment %s",
	       table->resource.name, into->resource.name);
	return true;
}

/* It is lost at a transit router. cloud-semantics: tr-11, tr-17 */
static void cause_transit(struct packet_walk *walk)
{
	const uint32_t to = walk->packet.destination;
	const struct transit_attachment *from = walk->attachment, *out;
	const struct transit_table *table = from->associated;
	const struct vpc *other = vpc_with(walk, from->vpc, to);

	if (walk->back)
		CAUSE(walk, ANSWER_WITHOUT_WAY);
	if (!table) {
		CAUSE(walk, NO_ASSOCIATION, NAME(from), NAME(from->router));
		remedy(walk, "transit-route-table associate %s attachment %s",
		       from->router->default_table->resource.name, from->resource.name);
		return;
	}
	if (walk->died_of == CODE_BLACKHOLE_ROUTE) {
		const struct transit_route *route =
			(const struct transit_route *)walk->lost_by.resource;

		CAUSE(walk, TRANSIT_BLACKHOLE, NAME(table), NAME(from), NAME(route),
		      (struct fact){ .kind = FACT_PREFIX, .prefix = route->to });
		remedy(walk, "transit-route delete %s", route->resource.name);
		return;
	}
	if (other && cause_unpropagated(walk, from, other))
		return;
	CAUSE(walk, NO_TRANSIT_ROUTE, NAME(table), NAME(from),
	      (struct fact){ .kind = FACT_ADDRESS,
			     .address = to,
			     .name = other ? model_holder(walk->model, other, to)->name : NULL });
	out = other || !address_is_public(to) ? NULL : way_out(walk, from, to);
	if (other && !transit_attachment_of(walk->model, from->router, other))
		CAUSE(walk, NOT_ATTACHED, NAME(other), NAME(from->router));
	else if (out)
		remedy(walk, "transit-route create %s table %s to 0.0.0.0/0 attachment %s",
		       remedy_name(walk, "Out"), table->resource.name, out->resource.name);
}

/* The attachment gets the subnet that the packet comes from. cloud-semantics: tr-22 */
void cause_no_attachment(struct packet_walk *walk)
{
	const struct vswitch *from = walk->from_vswitch;
	const struct transit_attachment *attachment =
		(const struct transit_attachment *)walk->route->via;
	const char *names = "";

	for (size_t i = 0; i < attachment->n_vswitch; i++)
		names = arena_printf(&walk->x->arena, "%s%s,", names,
				     attachment->vswitch[i]->resource.name);
	CAUSE(walk, NO_ATTACHMENT_IN_ZONE, NAME(from), fact_name(from->zone), NAME(attachment),
	      NAME(attachment->router));
	remedy(walk, "attachment set %s subnet %s%s", attachment->resource.name, names,
	       from->resource.name);
}

/* The VPC that it starts in has the address, too. cloud-semantics: peer-9, peer-23 */
static bool stays_at_home(struct packet_walk *walk, const struct vpc *vpc, const struct vpc *other)
{
	const uint32_t to = walk->packet.destination;
	const struct resource *holder = model_holder(walk->model, vpc, to);

	if (holder && walk->code == CODE_RETURN_PATH && walk->source &&
	    walk->source->vswitch->vpc == other) {
		CAUSE(walk, ANSWER_STAYS,
		      (struct fact){ .kind = FACT_ADDRESS,
				     .address = to,
				     .name = eni_owner(walk->source)->name },
		      NAME(vpc), fact_name(holder->name));
		return true;
	}
	if (holder)
		return false;
	cause_address(walk);
	CAUSE(walk, VPCS_OVERLAP, fact_name(model_holder(walk->model, other, to)->name),
	      NAME(other));
	return true;
}

static void add_what_joins(struct packet_walk *walk, const struct vpc_peering *peering,
			   const struct transit_attachment *attached, const struct nat_gateway *nat)
{
	if (nat)
		CAUSE(walk, TRANSLATED_BY, NAME(nat));
	else if (peering && peering->state == PEERING_FAILED)
		CAUSE(walk, PEERING_FAILED, NAME(peering));
	else if (peering && peering->state == PEERING_PENDING)
		CAUSE(walk, PEERING_WAITS, NAME(peering));
	else if (peering || attached)
		CAUSE(walk, JOINED_WITHOUT_ROUTE,
		      fact_name(peering ? peering->resource.name
					: attached->router->resource.name));
	else
		CAUSE(walk, NO_PEERING);
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
	const struct transit_attachment *attached;
	const struct nat_gateway *end = walk->end.kind == NODE_NAT ? walk->end.of : NULL, *nat;
	const bool circle = end && end->type == NAT_INTRANET &&
			    walk->lost_by.kind == DECISION_OWN_SOURCE && walk->route;

	/* What the gateway itself does is its own affair. */
	if (end && end->type == NAT_INTRANET && !circle)
		return false;
	if (walk->end.kind == NODE_TRANSIT && walk->sender.kind != NODE_TRANSIT) {
		cause_transit(walk);
		return true;
	}
	if (!into || walk->code == CODE_NO_TRANSIT || walk->code == CODE_NO_ATTACHMENT ||
	    walk->died_of == CODE_SG_INGRESS || walk->died_of == CODE_SG_EGRESS ||
	    walk->died_of == CODE_ACL_INGRESS || walk->died_of == CODE_ACL_EGRESS ||
	    walk->code == CODE_NOT_LISTENING)
		return false;
	if (vpc_cidr_of(from->vpc, to))
		return stays_at_home(walk, from->vpc, other);
	attached = attached_with(walk, from->vpc, other);
	if (attached && leads(walk, from, to, &attached->resource))
		return cause_unpropagated(walk, attached, other);
	if (peering && peering->state == PEERING_ACTIVE &&
	    leads(walk, from, to, &peering->resource))
		return false;
	if (walk->back)
		CAUSE(walk, ANSWER_WITHOUT_WAY);
	nat = translator(walk, from, other);
	if (circle) {
		CAUSE(walk, SUBNET_TABLE, NAME(from));
		CAUSE(walk, ROUTE_TO_GATEWAY_ITSELF, NAME(from->table), NAME(walk->route));
	} else {
		CAUSE(walk, IN_OTHER_VPC, NAME(from->table), NAME(from),
		      (struct fact){ .kind = FACT_ADDRESS,
				     .address = to,
				     .name = model_holder(walk->model, other, to)->name },
		      NAME(other));
		add_what_joins(walk, peering, attached, nat);
	}
	if (nat) {
		remedy_route(walk, from, prefix_into(walk, from, other, to), NOUN_NAT_GATEWAY,
			     nat->resource.name);
	} else if (!peering && attached) {
		remedy_attached(walk, from, other, to);
		/* Else it is a gateway that is answered, or an address that is the host's alone. */
		if (!walk->gateway && vpc_cidr_of(from->vpc, walk->packet.source))
			remedy_attached(walk, into, from->vpc, walk->packet.source);
	} else if (may_join(walk, peering, from->vpc, other) &&
		   !vpc_cidr_of(other, walk->packet.source))
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
