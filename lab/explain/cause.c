/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/explain/internal.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"

/* From where a packet died to the sentence that says why. A beginner's usual mistakes are told as
 * what they are. */

/* ---- SNAT ---- */

/* The entry may exist, on another gateway than the one that the route leads to. */
static const struct snat *entry_elsewhere(const struct walk *walk, const struct nat_gateway *nat,
					  uint32_t source)
{
	for (size_t i = 0; i < model_count(walk->model, NOUN_SNAT); i++) {
		const struct snat *snat = model_get(walk->model, NOUN_SNAT, i);

		if (snat->nat_gateway != nat && snat->nat_gateway->vpc == nat->vpc &&
		    prefix_contains(snat->cidr, source))
			return snat;
	}
	return NULL;
}

static const struct dnat *port_entry_to(const struct walk *walk, const struct nat_gateway *nat,
					uint32_t private_ip)
{
	for (size_t i = 0; i < model_count(walk->model, NOUN_DNAT); i++) {
		const struct dnat *dnat = model_get(walk->model, NOUN_DNAT, i);

		if (dnat->nat_gateway == nat && dnat->target_ip == private_ip)
			return dnat;
	}
	return NULL;
}

static struct prefix to_prefix(const struct walk *walk)
{
	return walk->route ? walk->route->to : DEFAULT_ROUTE;
}

/* Of a packet that has a vSwitch; a gateway's or router's own has none. */
static const struct vswitch *source_vswitch(const struct walk *walk)
{
	if (walk->from_vswitch)
		return walk->from_vswitch;
	return index_vswitch_at(walk->index, walk->gateway->vpc, walk->packet.source);
}

static void cause_no_snat_entry(struct walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const struct vswitch *vswitch = source_vswitch(walk);
	const struct snat *elsewhere = entry_elsewhere(walk, nat, walk->packet.source);
	const struct dnat *dnat = port_entry_to(walk, nat, walk->packet.source);
	const char *source = cause_address(walk, walk->packet.source);

	if (elsewhere && walk->from_vswitch) {
		walk->x->cause = TEXT(walk,
				      "the SNAT entry %s covers %s, but on %s; the route table of "
				      "%s, %s, leads to %s",
				      elsewhere->resource.name, source,
				      elsewhere->nat_gateway->resource.name, vswitch->resource.name,
				      vswitch->table->resource.name, nat->resource.name);
		cure_route(walk, vswitch, to_prefix(walk), NOUN_NAT_GATEWAY,
			   elsewhere->nat_gateway->resource.name);
		return;
	}
	if (dnat)
		walk->x->cause = TEXT(walk,
				      "%s has no SNAT entry that covers %s; the DNAT entry %s "
				      "publishes a port of it and gives it no way out",
				      nat->resource.name, source, dnat->resource.name);
	else
		walk->x->cause = TEXT(walk, "%s has no SNAT entry that covers %s",
				      nat->resource.name, source);
	if (vswitch)
		cure_snat(walk, nat, nat->resource.name, vswitch);
}

static void cause_no_eip(struct walk *walk)
{
	const struct vswitch *vswitch = source_vswitch(walk);
	const struct nat_gateway *nat = walk->gateway;

	walk->x->cause = TEXT(
		walk, "no EIP is associated with %s, and a NAT gateway without one does nothing",
		walk->x->hop);
	if (vswitch)
		cure_snat(walk, nat, walk->x->hop, vswitch);
}

static void cause_hairpin(struct walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const char *name = nat->resource.name, *to = cause_address(walk, walk->packet.destination);
	const struct vswitch *vswitch = source_vswitch(walk);
	const struct resources *entries = index_of(walk->index, &nat->resource);
	unsigned n_eip = eip_count(walk->model, &nat->resource);
	bool covered = !vswitch, another_eip;

	walk->x->cause =
		TEXT(walk,
		     "%s is both the way out for SNAT and the owner of %s, and an enhanced gateway "
		     "does not turn traffic from inside "
		     "round to its own DNAT entries: take a gateway for each, or bind mode nat",
		     name, to);
	for (size_t i = 0; i < entries->n_item; i++)
		covered = covered || prefix_contains(((const struct snat *)entries->item[i])->cidr,
						     walk->packet.source);
	another_eip = !covered && !cure_has_snat_eip(walk, nat);
	if (n_eip > walk->model->profile->eips_to_switch_bind_mode ||
	    !cure_has_addresses(walk, nat->vswitch, n_eip + another_eip))
		return;
	cure(walk, "nat-gateway set %s eip-bind-mode nat", name);
	if (!covered)
		cure_snat(walk, nat, name, vswitch);
}

/* ---- security groups ---- */

/* Would the groups have let it in as it was before somebody translated it? */
static bool allowed_as(struct walk *walk, uint32_t source, uint16_t port, const char **ret_why)
{
	struct packet packet = walk->packet;

	packet.source = source;
	packet.destination_port = port;
	return groups_allow(walk, walk->culprit, DIRECTION_IN, &packet, ret_why);
}

/* The rule that does, or the want of one that allows it. */
static const char *who_forbids(struct walk *walk, enum direction direction)
{
	const struct group_rule *rule = groups_rule(walk, walk->culprit, direction, &walk->packet);
	const char *text;

	if (!rule)
		return TEXT(walk, "no rule of %s allows it",
			    walk->culprit->group[0]->resource.name);
	groups_allow(walk, walk->culprit, direction, &walk->packet, &text);
	return TEXT(walk, "%s rule %u drops it (%s)", rule->group->resource.name,
		    rule->rule->number, strchr(text, ':') + 2);
}

static const char *ingress_cause(struct walk *walk, const char *group, const char *what,
				 const char *peer)
{
	const struct packet *p = &walk->packet, *sent = &walk->sent;
	/* What a rule drops on purpose is no mistake about translation. */
	bool by_default = !walk->back && !groups_rule(walk, walk->culprit, DIRECTION_IN, p);
	bool other_port = by_default && p->destination_port != sent->destination_port,
	     other_source = by_default && p->source != sent->source;
	char before[ADDRESS_TEXT_SIZE];
	const char *why;

	if (other_port && allowed_as(walk, p->source, sent->destination_port, &why))
		return TEXT(walk,
			    "%s admits the public port (%s), but behind the DNAT entry %s the "
			    "packet goes to the private port %u",
			    group, why, walk->dnat->resource.name, p->destination_port);
	if (other_source && allowed_as(walk, sent->source, p->destination_port, &why))
		return TEXT(walk,
			    "%s admits the sender's private address %s (%s), but after SNAT the "
			    "packet comes from %s",
			    group, address_format(sent->source, before), why, peer);
	if (other_port && other_source &&
	    allowed_as(walk, sent->source, sent->destination_port, &why))
		return TEXT(walk,
			    "%s admits %s to the public port (%s), but the packet comes from %s "
			    "and goes to the private port %u",
			    group, address_format(sent->source, before), why, peer,
			    p->destination_port);
	return TEXT(walk, "the security group of %s does not let %s in from %s: %s",
		    walk->culprit->resource.name, what, peer, who_forbids(walk, DIRECTION_IN));
}

static void cause_security_group(struct walk *walk)
{
	const bool in = walk->died_of == CODE_SG_INGRESS;
	const struct eni *eni = walk->culprit;
	const char *what = cause_port(walk, &walk->packet);
	const char *peer = cause_address(walk, in ? walk->packet.source : walk->packet.destination);

	if (in)
		walk->x->cause = ingress_cause(walk, eni->group[0]->resource.name, what, peer);
	else
		walk->x->cause =
			TEXT(walk, "the security group of %s does not let %s out to %s: %s",
			     eni->resource.name, what, peer, who_forbids(walk, DIRECTION_OUT));
	cure_security_group(walk, eni, in ? DIRECTION_IN : DIRECTION_OUT);
}

static void cause_acl(struct walk *walk)
{
	const struct vswitch *vswitch = walk->end.of;
	const bool in = walk->died_of == CODE_ACL_INGRESS;
	const char *peer = cause_address(walk, in ? walk->packet.source : walk->packet.destination);
	const enum direction direction = in ? DIRECTION_IN : DIRECTION_OUT;

	walk->x->cause =
		TEXT(walk, "the network ACL of %s does not let %s%s %s %s (%s)%s",
		     vswitch->resource.name, walk->back ? "the answer, " : "",
		     cause_port(walk, &walk->packet), in ? "in from" : "out to", peer,
		     acl_rule_text(walk, vswitch->acl, direction, walk->acl_rule),
		     walk->back ? "; an ACL is stateless, so answers need a rule, too" : "");
	cure_acl(walk, vswitch->acl, direction);
}

/* ---- routes ---- */

static void cause_not_forwarding(struct walk *walk)
{
	const char *ecs = walk->x->hop;

	walk->x->cause = TEXT(walk,
			      "the route %s leads to %s, which is not meant itself and forwards "
			      "nothing unless its kernel is told to",
			      walk->route->resource.name, ecs);
	cure_forwarding(walk, walk->culprit);
}

static void cause_no_route(struct walk *walk)
{
	const struct vswitch *vswitch = walk->from_vswitch;
	const char *to = cause_address(walk, walk->packet.destination);
	const struct route_table *table;

	if (!vswitch || walk->end.kind != NODE_VPC) {
		walk->x->cause = TEXT(walk,
				      "%s itself has only the system routes, and none leads to %s",
				      walk->x->hop, to);
		return;
	}
	if (walk->culprit) {
		walk->x->cause = TEXT(walk, "%s%s leads to %s, and that is attached to no ECS",
				      walk->back ? "the answer is lost: the route " : "the route ",
				      walk->route->resource.name, walk->culprit->resource.name);
		cure_detached(walk, walk->culprit);
		return;
	}
	table = vswitch->table;
	walk->x->cause = TEXT(
		walk, "%sthe %s %s of %s has no route to %s%s",
		walk->back ? "the answer has no way back: " : "",
		table->system ? "system route table" : "custom route table", table->resource.name,
		vswitch->resource.name, to,
		table->system
			? ""
			: "; the default route that a gateway brings is in the system table only");
	if (!walk->back)
		cure_egress(walk, vswitch);
	else if (walk->in_gateway)
		cure_route(walk, vswitch, DEFAULT_ROUTE, NOUN_NAT_GATEWAY,
			   walk->in_gateway->resource.name);
}

/* Is the route that misleads the answer also the request's? Then only a narrower one helps. */
static struct prefix answer_prefix(const struct walk *walk)
{
	const struct vswitch *sender = walk->source                        ? walk->source->vswitch
				       : walk->sender.kind == NODE_VSWITCH ? walk->sender.of
									   : NULL;

	return sender == walk->from_vswitch ? HOST_PREFIX(walk->answer.destination)
					    : to_prefix(walk);
}

/* Whose own public address comes between? */
static const struct eni *own_address_of_target(const struct walk *walk)
{
	return walk->end.kind == NODE_PUBLIC && walk->target && eni_public_ip(walk->target)
		       ? walk->target
		       : NULL;
}

static void cause_return_path(struct walk *walk)
{
	const struct vswitch *vswitch = walk->from_vswitch;
	const struct nat_gateway *in = walk->in_gateway;
	const struct eni *own = own_address_of_target(walk);

	if (walk->culprit && walk->end.kind == NODE_VSWITCH && walk->culprit->ecs &&
	    walk->culprit == walk->target) {
		walk->x->cause =
			TEXT(walk,
			     "the request came in by eth%u of %s, but its answer leaves by another "
			     "interface, and a VPC whose "
			     "default route leads to an enhanced gateway does not pass that on",
			     walk->culprit->index, walk->culprit->ecs->resource.name);
		cure_interface(walk, walk->culprit);
		return;
	}
	if (in && own) {
		walk->x->cause = TEXT(walk,
				      "the request came in through %s, but %s has a public address "
				      "of its own, and its answers leave by that",
				      in->resource.name, own->resource.name);
		if (own->eip)
			cure(walk, "eip disassociate %s", own->eip->resource.name);
		return;
	}
	if (in && vswitch && walk->route && walk->route->via != &in->resource) {
		walk->x->cause = TEXT(walk,
				      "the request came in through %s, but %s, the route table of "
				      "%s, sends the answer to %s, "
				      "which knows nothing of it",
				      in->resource.name, vswitch->table->resource.name,
				      vswitch->resource.name, walk->route->via->name);
		cure_route(walk, vswitch, answer_prefix(walk), NOUN_NAT_GATEWAY, in->resource.name);
		return;
	}
	if (walk->own_address && walk->route) {
		walk->x->cause = TEXT(walk,
				      "the request came in by %s's own public address, but the "
				      "route %s sends the answer to %s, "
				      "which knows nothing of it",
				      walk->target->resource.name, walk->route->resource.name,
				      walk->route->via->name);
		cure(walk, "route delete %s", walk->route->resource.name);
		return;
	}
	if (walk->sender.kind == NODE_NAT) {
		walk->x->cause = TEXT(walk,
				      "%s is a gateway: it passes packets on and takes none for "
				      "itself, not even answers",
				      node_name(walk, walk->sender));
		return;
	}
	walk->x->cause = TEXT(
		walk, "the answer takes another way back than the request came, and is lost at %s",
		walk->x->hop);
}

void explain_cause(struct walk *walk)
{
	if (walk->model->provider == PROVIDER_AWS && explain_aws_cause(walk))
		return;
	switch (walk->code) {
	case CODE_NO_ROUTE:
		cause_no_route(walk);
		return;
	case CODE_NO_SNAT_ENTRY:
		cause_no_snat_entry(walk);
		return;
	case CODE_NO_EIP:
		cause_no_eip(walk);
		return;
	case CODE_NO_DNAT_ENTRY:
	case CODE_EIP_UNBOUND:
	case CODE_NOT_LISTENING:
		explain_published_cause(walk);
		return;
	case CODE_SG_EGRESS:
	case CODE_SG_INGRESS:
		cause_security_group(walk);
		return;
	case CODE_RETURN_PATH:
		cause_return_path(walk);
		return;
	case CODE_ACL_EGRESS:
	case CODE_ACL_INGRESS:
		cause_acl(walk);
		return;
	case CODE_NOT_FORWARDING:
		cause_not_forwarding(walk);
		return;
	case CODE_HAIRPIN:
		cause_hairpin(walk);
		return;
	case CODE_UNREACHABLE_ADDRESS:
		explain_address_cause(walk);
		return;
	case CODE_LIMIT:
		explain_limit_cause(walk);
		return;
	case CODE_NO_INTERNET_GATEWAY: /* AWS's */
	case CODE_BLACKHOLE_ROUTE:
	case CODE_NO_PUBLIC_ADDRESS:
	case CODE_UNSOLICITED:
	case CODE_SOURCE_DEST_CHECK:
	case CODE_NONE:
	case CODE_COUNT:
		return;
	}
}
