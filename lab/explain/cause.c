/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/explain/internal.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"

/* From where a packet died to why. A beginner's usual mistakes are told as what they are. */

void cause_add(struct packet_walk *walk, enum cause_kind kind, const struct fact *fact,
	       size_t n_fact)
{
	struct cause *cause = &walk->x->cause;
	struct fact *copy = arena_alloc(&walk->x->arena, n_fact * sizeof(*copy));

	if (cause->n_clause == CAUSE_CLAUSES_MAX)
		return;
	memcpy(copy, fact, n_fact * sizeof(*copy));
	cause->clause[cause->n_clause++] =
		(struct clause){ .kind = kind, .fact = copy, .n_fact = n_fact };
}

struct fact fact_name(const char *name)
{
	return (struct fact){ .kind = FACT_NAME, .name = name };
}

struct fact fact_bare_address(uint32_t ip)
{
	return (struct fact){ .kind = FACT_ADDRESS, .address = ip };
}

struct fact fact_address(const struct packet_walk *walk, uint32_t ip)
{
	const struct vpc *vpc = walk->end.of ? resource_vpc(walk->end.of)
					     : NULL; /* whose private addresses are meant there */
	const struct resource *holder = model_holder(walk->model, NULL, ip);

	if (!holder && vpc)
		holder = model_holder(walk->model, vpc, ip);
	return (struct fact){ .kind = FACT_ADDRESS,
			      .address = ip,
			      .name = holder ? holder->name : NULL };
}

struct fact fact_number(uint64_t number)
{
	return (struct fact){ .kind = FACT_NUMBER, .number = number };
}

struct fact fact_count(uint64_t number)
{
	return (struct fact){ .kind = FACT_COUNT, .number = number };
}

struct fact fact_port(const struct packet *packet)
{
	return (struct fact){ .kind = FACT_PORT,
			      .port = { packet->protocol, packet->destination_port,
					packet->destination_port } };
}

struct fact fact_decision(struct decision decision)
{
	return (struct fact){ .kind = FACT_DECISION, .decision = decision };
}

/* ---- SNAT ---- */

/* The entry may exist, on another gateway than the one that the route leads to. */
static const struct snat *entry_elsewhere(const struct packet_walk *walk,
					  const struct nat_gateway *nat, uint32_t source)
{
	model_each(walk->model, NOUN_SNAT, const struct snat, snat) {
		if (snat->nat_gateway != nat && snat->nat_gateway->vpc == nat->vpc &&
		    (snat->nat_gateway->type == NAT_INTRANET) == (nat->type == NAT_INTRANET) &&
		    prefix_contains(snat->cidr, source))
			return snat;
	}
	return NULL;
}

static const struct dnat *port_entry_to(const struct packet_walk *walk,
					const struct nat_gateway *nat, uint32_t private_ip)
{
	model_each(walk->model, NOUN_DNAT, const struct dnat, dnat)
		if (dnat->nat_gateway == nat && dnat->target_ip == private_ip)
			return dnat;
	return NULL;
}

static struct prefix to_prefix(const struct packet_walk *walk)
{
	return walk->route ? walk->route->to : DEFAULT_ROUTE;
}

/* Of a packet that has a vSwitch; a gateway's or router's own has none. */
static const struct vswitch *source_vswitch(const struct packet_walk *walk)
{
	if (walk->from_vswitch)
		return walk->from_vswitch;
	return index_vswitch_at(walk->index, walk->gateway->vpc, walk->packet.source);
}

static void cause_no_snat_entry(struct packet_walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	const struct vswitch *vswitch = source_vswitch(walk);
	const struct snat *elsewhere = entry_elsewhere(walk, nat, walk->packet.source);
	const struct dnat *dnat = port_entry_to(walk, nat, walk->packet.source);
	const struct fact source = fact_address(walk, walk->packet.source);

	if (elsewhere && walk->from_vswitch) {
		CAUSE(walk, SNAT_ENTRY_ELSEWHERE, NAME(elsewhere), source,
		      NAME(elsewhere->nat_gateway), NAME(vswitch), NAME(vswitch->table), NAME(nat));
		remedy_route(walk, vswitch, to_prefix(walk), NOUN_NAT_GATEWAY,
			     elsewhere->nat_gateway->resource.name);
		remedy_or(walk);
	} else {
		CAUSE(walk, NO_SNAT_ENTRY, NAME(nat), source);
		if (dnat)
			CAUSE(walk, DNAT_ENTRY_ONLY, NAME(dnat));
	}
	if (vswitch)
		remedy_snat(walk, nat, vswitch);
	remedy_own_address(walk);
}

static void cause_no_eip(struct packet_walk *walk)
{
	const struct vswitch *vswitch = source_vswitch(walk);
	const struct nat_gateway *nat = walk->gateway;

	CAUSE(walk, NO_EIP, NAME(nat));
	if (vswitch)
		remedy_snat(walk, nat, vswitch);
	remedy_own_address(walk);
}

static void cause_smtp_closed(struct packet_walk *walk)
{
	cause_add(walk, CAUSE_SMTP_CLOSED, &(struct fact){ 0 }, 0);
}

static void cause_hairpin(struct packet_walk *walk)
{
	const struct nat_gateway *nat = walk->gateway;
	unsigned n_eip;

	if (cause_balancer_hairpin(walk))
		return;
	n_eip = model_count_users(walk->model, NOUN_EIP, nat);
	CAUSE(walk, HAIRPIN, NAME(nat), fact_address(walk, walk->packet.destination));
	if (n_eip <= walk->model->profile->eips_to_switch_bind_mode &&
	    remedy_has_addresses(walk, nat->vswitch, n_eip))
		remedy(walk, "nat-gateway set %s eip-bind-mode nat", nat->resource.name);
	remedy_own_address(walk);
}

/* ---- security groups ---- */

/* Would the groups have let it in as it was before somebody translated it? */
static bool allowed_as(const struct packet_walk *walk, uint32_t source, uint16_t port,
		       struct decision *ret_by)
{
	struct packet packet = walk->packet;
	struct group_verdict verdict;

	packet.source = source;
	packet.destination_port = port;
	verdict = groups_verdict(walk, walk->at_fault, DIRECTION_IN, &packet);
	*ret_by = group_decision(&verdict, DIRECTION_IN);
	return verdict.allows;
}

/* The rule that drops it, or the want of one that allows it. */
static void add_group_verdict(struct packet_walk *walk, enum direction direction)
{
	const struct group_rule *rule = groups_rule(walk, walk->at_fault, direction, &walk->packet);

	if (rule)
		CAUSE(walk, GROUP_RULE, NAME(rule->group), fact_number(rule->rule->number),
		      (struct fact){ .kind = FACT_RULE, .rule = rule->rule });
	else
		CAUSE(walk, NO_GROUP_RULE, NAME(walk->at_fault->group[0]));
}

static void cause_ingress(struct packet_walk *walk)
{
	const struct eni *eni = walk->at_fault;
	const struct packet *p = &walk->packet, *sent = &walk->sent;
	/* What a rule drops on purpose is no mistake about translation. */
	const bool by_default = !walk->back && !groups_rule(walk, eni, DIRECTION_IN, p);
	const bool other_port = by_default && p->destination_port != sent->destination_port,
		   other_source = by_default && p->source != sent->source;
	const struct fact group = NAME(eni->group[0]), peer = fact_address(walk, p->source),
			  before = fact_bare_address(sent->source),
			  port = fact_number(p->destination_port);
	struct decision by;

	if (other_port && allowed_as(walk, p->source, sent->destination_port, &by)) {
		if (walk->listener)
			CAUSE(walk, LISTENER_PORT_ADMITTED, group, fact_decision(by),
			      NAME(walk->listener), port);
		else
			CAUSE(walk, PUBLIC_PORT_ADMITTED, group, fact_decision(by),
			      NAME(walk->dnat), port);
	} else if (other_source && allowed_as(walk, sent->source, p->destination_port, &by)) {
		CAUSE(walk, PRIVATE_SOURCE_ADMITTED, group, before, fact_decision(by), peer);
	} else if (other_port && other_source &&
		   allowed_as(walk, sent->source, sent->destination_port, &by)) {
		CAUSE(walk, UNTRANSLATED_ADMITTED, group, before, fact_decision(by), peer, port);
	} else {
		CAUSE(walk, GROUP_IN, NAME(eni), fact_port(p), peer);
		add_group_verdict(walk, DIRECTION_IN);
	}
}

static void cause_security_group(struct packet_walk *walk)
{
	const struct eni *eni = walk->at_fault;

	if (walk->died_of == CODE_SG_INGRESS) {
		cause_ingress(walk);
		remedy_security_group(walk, eni, DIRECTION_IN);
		return;
	}
	CAUSE(walk, GROUP_OUT, NAME(eni), fact_port(&walk->packet),
	      fact_address(walk, walk->packet.destination));
	add_group_verdict(walk, DIRECTION_OUT);
	remedy_security_group(walk, eni, DIRECTION_OUT);
}

static void cause_acl(struct packet_walk *walk)
{
	const struct vswitch *vswitch = walk->acl_of;
	const bool in = walk->died_of == CODE_ACL_INGRESS;
	const enum direction direction = in ? DIRECTION_IN : DIRECTION_OUT;
	const struct packet *p = &walk->packet;
	const enum cause_kind kind = walk->back ? in ? CAUSE_ACL_ANSWER_IN : CAUSE_ACL_ANSWER_OUT
				     : in       ? CAUSE_ACL_IN
						: CAUSE_ACL_OUT;
	const struct fact fact[] = {
		NAME(vswitch),
		fact_port(p),
		fact_address(walk, in ? p->source : p->destination),
		fact_decision(BY(ACL_RULE, .resource = &vswitch->acl->resource,
				 .direction = direction, .rule = walk->acl_rule)),
	};

	cause_add(walk, kind, fact, ARRAY_SIZE(fact));
	remedy_acl(walk, vswitch->acl, direction);
}

/* ---- routes ---- */

static void cause_not_forwarding(struct packet_walk *walk)
{
	CAUSE(walk, NOT_FORWARDING, NAME(walk->route), fact_name(walk->x->hop));
	remedy_forwarding(walk, walk->at_fault);
}

/* Of the host that the packet is of: one that could leave by it. */
static bool has_own_address(const struct packet_walk *walk)
{
	const struct eni *eni = walk->back ? walk->target : walk->source;

	return eni && eni_public_ip(eni) && address_is_public(walk->packet.destination);
}

/* To a NAT IP of a CIDR that is no vSwitch's a route has to lead, where the packet arrives.
 * cloud-semantics: pnat-5 */
static bool cause_no_route_to_nat_ip(struct packet_walk *walk, const struct vswitch *vswitch)
{
	const uint32_t to = walk->packet.destination;
	const struct resource *holder = model_holder(walk->model, vswitch->vpc, to);
	const struct nat_gateway *nat;

	if (!holder || holder->noun != NOUN_NAT_IP)
		return false;
	nat = (const struct nat_gateway *)((const struct eip *)holder)->associated;
	CAUSE(walk, NO_ROUTE_TO_NAT_IP, NAME(vswitch->table), NAME(vswitch),
	      fact_name(holder->name), NAME(nat));
	for (size_t i = 0; i < nat->nat_cidr.n_item; i++)
		if (prefix_contains(nat->nat_cidr.item[i], to))
			remedy_route(walk, vswitch, nat->nat_cidr.item[i], NOUN_NAT_GATEWAY,
				     nat->resource.name);
	return true;
}

static void cause_no_route(struct packet_walk *walk)
{
	const struct vswitch *vswitch = walk->from_vswitch;
	const struct fact to = fact_address(walk, walk->packet.destination);
	const struct route_table *table;

	if (!vswitch || walk->end.kind != NODE_VPC) {
		CAUSE(walk, SYSTEM_ROUTES_ONLY, fact_name(walk->x->hop), to);
		return;
	}
	if (walk->at_fault) {
		if (walk->back)
			CAUSE(walk, ANSWER_LOST);
		CAUSE(walk, ROUTE_TO_DETACHED, NAME(walk->route), NAME(walk->at_fault));
		remedy_detached(walk, walk->at_fault);
		return;
	}
	table = vswitch->table;
	if (walk->back)
		CAUSE(walk, ANSWER_WITHOUT_WAY);
	else if (cause_no_route_to_nat_ip(walk, vswitch))
		return;
	if (walk->route && walk->route->table == table) {
		CAUSE(walk, ROUTE_TO_INACTIVE, NAME(walk->route),
		      fact_name(walk->route->via->name));
		remedy(walk, "ipv4-gateway activate %s", walk->route->via->name);
	} else if (table->system)
		CAUSE(walk, NO_ROUTE_IN_SYSTEM_TABLE, NAME(table), NAME(vswitch), to);
	else
		CAUSE(walk, NO_ROUTE_IN_CUSTOM_TABLE, NAME(table), NAME(vswitch), to);
	remedy_or(walk);
	if (vpc_is_controlled(vswitch->vpc) && has_own_address(walk)) {
		remedy_public(walk, vswitch);
	} else if (!walk->back) {
		remedy_egress(walk, vswitch);
		remedy_own_address(walk);
	} else if (walk->in_gateway)
		remedy_route(walk, vswitch, DEFAULT_ROUTE, NOUN_NAT_GATEWAY,
			     walk->in_gateway->resource.name);
}

/* Alibaba, where routes decide. */
static void cause_not_public(struct packet_walk *walk)
{
	const struct nat_gateway *nat = walk->end.kind == NODE_NAT ? walk->end.of : NULL;
	const struct resource *holder = model_holder(walk->model, NULL, walk->packet.destination);
	const struct vpc *vpc = nat ? nat->vpc : holder ? resource_vpc(holder) : NULL;

	if (holder && !nat && holder->noun == NOUN_EIP)
		vpc = resource_vpc(((const struct eip *)holder)->associated);
	if (nat && nat->vswitch) {
		CAUSE(walk, GATEWAY_NOT_PUBLIC, NAME(nat), NAME(nat->vswitch));
		remedy_public(walk, nat->vswitch);
	} else if (vpc) {
		CAUSE(walk, NO_IPV4_GATEWAY, NAME(vpc));
	}
}

/* Is the route that misleads the answer also the request's? Then only a narrower one helps. */
static struct prefix answer_prefix(const struct packet_walk *walk)
{
	const struct vswitch *sender = walk->source                        ? walk->source->vswitch
				       : walk->sender.kind == NODE_VSWITCH ? walk->sender.of
									   : NULL;

	return sender == walk->from_vswitch ? HOST_PREFIX(walk->answer.destination)
					    : to_prefix(walk);
}

/* Whose own public address comes between? */
static const struct eni *own_address_of_target(const struct packet_walk *walk)
{
	return walk->end.kind == NODE_PUBLIC && walk->target &&
			       eni_public_ip_of(walk->target, walk->answer.source)
		       ? walk->target
		       : NULL;
}

/* An answer that has gone past the gateway to another VPC: back to where it began. */
static void look_where_it_began(struct packet_walk *walk)
{
	const struct vswitch *now = walk->from_vswitch;

	if (!walk->in_gateway || !walk->target || !now || now->vpc == walk->in_gateway->vpc)
		return;
	walk->from_vswitch = walk->target->vswitch;
	walk->route = index_route(walk->index, walk->from_vswitch->table, walk->answer.destination);
}

static void cause_return_path(struct packet_walk *walk)
{
	const struct nat_gateway *in = walk->in_gateway;
	const struct vswitch *vswitch;
	const struct eni *own = own_address_of_target(walk);

	look_where_it_began(walk);
	vswitch = walk->from_vswitch;
	if (walk->died_of == CODE_NO_INTERNET_GATEWAY) {
		cause_not_public(walk);
	} else if (walk->own_address && vswitch && walk->target &&
		   vpc_is_controlled(vswitch->vpc) && walk->end.kind != NODE_INTERNET_GATEWAY) {
		CAUSE(walk, OWN_ADDRESS_NEEDS_ROUTE, NAME(walk->target), NAME(vswitch->table));
		remedy_public(walk, vswitch);
	} else if (walk->at_fault && walk->end.kind == NODE_VSWITCH && walk->at_fault->ecs &&
		   walk->at_fault == walk->target) {
		CAUSE(walk, ANOTHER_INTERFACE, fact_number(walk->at_fault->index),
		      NAME(walk->at_fault->ecs));
		remedy_interface(walk, walk->at_fault);
	} else if (in && own) {
		CAUSE(walk, OWN_ADDRESS_WINS, NAME(in), NAME(own));
		if (eni_eip(own, walk->answer.source))
			remedy(walk, "eip disassociate %s",
			       eni_eip(own, walk->answer.source)->resource.name);
	} else if (in && vswitch && walk->route && walk->route->via != &in->resource) {
		CAUSE(walk, ANSWER_TO_OTHER_GATEWAY, NAME(in), NAME(vswitch->table), NAME(vswitch),
		      fact_name(walk->route->via->name));
		remedy_route(walk, vswitch, answer_prefix(walk), NOUN_NAT_GATEWAY,
			     in->resource.name);
	} else if (walk->sender.kind == NODE_NAT) {
		CAUSE(walk, GATEWAY_TAKES_NO_ANSWERS, fact_name(node_name(walk, walk->sender)));
	} else {
		CAUSE(walk, ANOTHER_WAY_BACK, fact_name(walk->x->hop));
	}
}

/* By cloud: for the most part they are the same. */
static void (*const causes[CODE_COUNT][PROVIDER_COUNT])(struct packet_walk *walk) = {
	[CODE_NO_ROUTE] = { cause_no_route, aws_cause_no_way },
	[CODE_NO_SNAT_ENTRY] = { cause_no_snat_entry },
	[CODE_NO_EIP] = { cause_no_eip, aws_cause_no_eip },
	[CODE_NO_DNAT_ENTRY] = { cause_no_dnat_entry },
	[CODE_ACL_EGRESS] = { cause_acl, cause_acl },
	[CODE_ACL_INGRESS] = { cause_acl, cause_acl },
	[CODE_SG_EGRESS] = { cause_security_group, cause_security_group },
	[CODE_SG_INGRESS] = { cause_security_group, cause_security_group },
	[CODE_RETURN_PATH] = { cause_return_path, aws_cause_return_path },
	[CODE_NO_ATTACHMENT] = { NULL, cause_no_attachment },
	[CODE_NO_TRANSIT] = { cause_no_transit, cause_no_transit },
	[CODE_HAIRPIN] = { cause_hairpin, cause_hairpin },
	[CODE_NO_LISTENER] = { cause_no_listener, cause_no_listener },
	[CODE_SMTP_CLOSED] = { cause_smtp_closed, cause_smtp_closed },
	[CODE_EIP_UNBOUND] = { cause_eip_unbound, aws_cause_eip_unbound },
	[CODE_NO_INTERNET_GATEWAY] = { cause_not_public, aws_cause_no_way },
	[CODE_BLACKHOLE_ROUTE] = { NULL, aws_cause_blackhole },
	[CODE_NO_PUBLIC_ADDRESS] = { aws_cause_no_public_address, aws_cause_no_public_address },
	[CODE_UNSOLICITED] = { NULL, aws_cause_unsolicited },
	[CODE_SOURCE_DEST_CHECK] = { NULL, aws_cause_source_dest_check },
	[CODE_NOT_FORWARDING] = { cause_not_forwarding, aws_cause_not_forwarding },
	[CODE_NOT_LISTENING] = { cause_not_listening, cause_not_listening },
	[CODE_LIMIT] = { cause_limit, cause_limit },
	[CODE_UNREACHABLE_ADDRESS] = { cause_address, cause_address },
};

/* The answer of an interface in cut-through mode, whose host sends it by another one.
 * cloud-semantics: eip-4 */
static bool cause_past_cut_through(struct packet_walk *walk)
{
	const struct eni *eni = walk->target;
	const struct hops *back = &walk->x->back;

	if (!eni || !eni_is_cut_through(eni) || walk->answer.source != eni->eip->ip ||
	    back->n_hop < 2 || strcmp(back->hop[1].node, eni->eip->resource.name) == 0)
		return false;
	CAUSE(walk, PAST_CUT_THROUGH, fact_number(eni->index), NAME(eni->ecs), NAME(eni->eip));
	remedy_interface(walk, eni);
	return true;
}

void explain_cause(struct packet_walk *walk, bool through_as_made)
{
	walk->remedies = arena_alloc(&walk->x->arena, sizeof(*walk->remedies));
	remedy_or(walk);
	if (!cause_guest(walk, through_as_made) && !cause_other_vpc(walk) &&
	    !cause_past_cut_through(walk) && causes[walk->code][walk->model->provider])
		causes[walk->code][walk->model->provider](walk);
}
