/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/profile.h"
#include "lab/model/query.h"
#include "lab/model/words.h"

/* Commands that put right what is wrong. They are made for pasting, so every name in them is free
 * or exists. */

void remedy(struct packet_walk *walk, const char *format, ...)
{
	struct explanation *x = walk->x;
	auto_free char *command = xprintf_own(format);
	struct cure *cure;
	if (walk->remedies->another && x->n_cure == CURES_MAX)
		return;
	x->n_cure += walk->remedies->another;
	walk->remedies->another = false;
	cure = &x->cure[x->n_cure - 1];
	if (cure->n_command < CURE_COMMANDS_MAX)
		cure->command[cure->n_command++] = arena_strdup(&x->arena, command);
}

void remedy_or(struct packet_walk *walk)
{
	*walk->remedies = (struct remedies){ .another = true };
}

/* Has the remedy given it to something already? */
static bool is_made(const struct packet_walk *walk, const char *name)
{
	for (size_t i = 0; i < walk->remedies->n_made; i++)
		if (strcmp(walk->remedies->made[i], name) == 0)
			return true;
	return false;
}

const char *remedy_name(struct packet_walk *walk, const char *stem)
{
	const char *name;
	unsigned i = 1;

	do
		name = arena_printf(&walk->x->arena, "%s%u", stem, i++);
	while (model_name_taken(walk->model, name) || is_made(walk, name));
	if (walk->remedies->n_made < CURE_COMMANDS_MAX)
		walk->remedies->made[walk->remedies->n_made++] = name;
	return name;
}

/* ---- routes ---- */

/* Is the table also others'? Where a table is not associated by name, the system one is also the
 * VPC's own. */
static bool is_shared(const struct packet_walk *walk, const struct vswitch *vswitch)
{
	if (vswitch->table->system && !model_cloud(walk->model)->explicit_association)
		return true;
	model_each(walk->model, NOUN_VSWITCH, const struct vswitch, other)
		if (other != vswitch && other->table == vswitch->table)
			return true;
	return false;
}

static bool same_next_hop(const struct packet_walk *walk, const struct route_table *table,
			  const struct route *route)
{
	const struct resources *routes = index_of(walk->index, &table->resource);

	for (size_t i = 0; i < routes->n_item; i++) {
		const struct route *other = routes->item[i];

		if (prefix_equal(other->to, route->to))
			return other->via == route->via;
	}
	return false;
}

/* Would the vSwitch be as well off with that table, but for the one prefix, which leads where it
 * should? */
static bool serves(const struct packet_walk *walk, const struct vswitch *vswitch,
		   const struct route_table *table, struct prefix to, const struct resource *via)
{
	const struct resources *present = index_of(walk->index, &vswitch->table->resource),
			       *routes = index_of(walk->index, &table->resource);
	const struct route *standing = route_find(walk->model, vswitch->table, to),
			   *wanted = route_find(walk->model, table, to);

	if (table == vswitch->table || table->vpc != vswitch->vpc || !wanted ||
	    wanted->via != via || route_is_blackhole(wanted) ||
	    routes->n_item != present->n_item + !standing)
		return false;
	for (size_t i = 0; i < present->n_item; i++)
		if (present->item[i] != standing && !same_next_hop(walk, table, present->item[i]))
			return false;
	return true;
}

static bool is_custom(const struct packet_walk *walk, const struct vswitch *vswitch)
{
	return model_cloud(walk->model)->explicit_association ? vswitch->associated
							      : !vswitch->table->system;
}

static void disassociate(struct packet_walk *walk, const struct vswitch *vswitch)
{
	if (is_custom(walk, vswitch))
		remedy(walk, "route-table disassociate %s %s %s", vswitch->table->resource.name,
		       model_noun_word(walk->model, NOUN_VSWITCH), vswitch->resource.name);
}

static void associate(struct packet_walk *walk, const struct vswitch *vswitch, const char *table)
{
	remedy(walk, "route-table associate %s %s %s", table,
	       model_noun_word(walk->model, NOUN_VSWITCH), vswitch->resource.name);
}

/* A table that is there already. */
static bool take_table(struct packet_walk *walk, const struct vswitch *vswitch, struct prefix to,
		       const struct resource *via)
{
	for (size_t i = 0; via && i < model_count(walk->model, NOUN_ROUTE_TABLE); i++) {
		const struct route_table *table = model_get(walk->model, NOUN_ROUTE_TABLE, i);

		if (!serves(walk, vswitch, table, to, via))
			continue;
		disassociate(walk, vswitch);
		if (!table->system)
			associate(walk, vswitch, table->resource.name);
		return true;
	}
	return false;
}

static void add_route(struct packet_walk *walk, const char *table, const char *to, enum noun type,
		      const char *via)
{
	remedy(walk, "route create %s table %s to %s via %s %s", remedy_name(walk, "Route"), table,
	       to, model_noun_word(walk->model, type), via);
}

/* Is it the same route as one before, to another entry of its prefix list? */
static bool is_said(const struct resources *routes, size_t i)
{
	const struct route *route = routes->item[i];

	for (size_t k = 0; route->list && k < i; k++)
		if (((const struct route *)routes->item[k])->resource.id == route->resource.id)
			return true;
	return false;
}

/* A table of its own, which differs from the present one in the one route. */
static void make_table(struct packet_walk *walk, const struct vswitch *vswitch, struct prefix to,
		       enum noun type, const char *via)
{
	const struct resources *present = index_of(walk->index, &vswitch->table->resource);
	const struct route *standing = route_find(walk->model, vswitch->table, to);
	const char *name = remedy_name(walk, model_cloud(walk->model)->table_stem);
	char text[PREFIX_TEXT_SIZE];

	remedy(walk, "route-table create %s vpc %s", name, vswitch->vpc->resource.name);
	for (size_t i = 0; i < present->n_item; i++) {
		const struct route *route = present->item[i];

		const struct resource *hop = route_named_hop(walk->model, route);

		if (route != standing && hop && !is_said(present, i))
			add_route(walk, name, route_to_word(route, text), hop->noun, hop->name);
	}
	add_route(walk, name, prefix_format(to, text), type, via);
	disassociate(walk, vswitch);
	associate(walk, vswitch, name);
}

void remedy_delete_route(struct packet_walk *walk, const struct route *route)
{
	remedy(walk, "route delete %s", route->resource.name);
	if (walk->remedies->n_deleted < CURE_COMMANDS_MAX)
		walk->remedies->deleted[walk->remedies->n_deleted++] = route;
}

/* Has a command before this one put something else in its place? */
static bool is_replaced(const struct packet_walk *walk, const struct route *route)
{
	for (size_t i = 0; i < walk->remedies->n_deleted; i++)
		if (walk->remedies->deleted[i] == route)
			return true;
	return false;
}

void remedy_route(struct packet_walk *walk, const struct vswitch *vswitch, struct prefix to,
		  enum noun type, const char *via)
{
	const struct route *standing = route_find(walk->model, vswitch->table, to);
	char text[PREFIX_TEXT_SIZE];
	const bool lost = standing && route_is_blackhole(standing); /* which nobody needs */
	/* Others may need a route as it is; and a subnet of AWS that shares a table shall not be
	 * made a public one by it. */
	const bool makes_public = type == NOUN_INTERNET_GATEWAY &&
				  !(standing && standing->via_noun == NOUN_INTERNET_GATEWAY);
	const bool touches_others =
		is_shared(walk, vswitch) && (!lost || makes_public) &&
		(standing || ((type == NOUN_NAT_GATEWAY || type == NOUN_INTERNET_GATEWAY) &&
			      model_cloud(walk->model)->internet_gateways));

	if ((touches_others || vswitch->table->system || (standing && !lost)) &&
	    take_table(walk, vswitch, to, model_find_noun(walk->model, NOUNS(type), via)))
		return;
	if (touches_others || (standing && is_replaced(walk, standing))) {
		make_table(walk, vswitch, to, type, via);
		return;
	}
	if (standing)
		remedy_delete_route(walk, standing);
	add_route(walk, vswitch->table->resource.name, prefix_format(to, text), type, via);
}

/* ---- SNAT ---- */

bool remedy_has_addresses(const struct packet_walk *walk, const struct vswitch *vswitch,
			  unsigned wanted)
{
	for (uint32_t ip = vswitch->first_usable; wanted > 0 && ip <= vswitch->last_usable; ip++)
		wanted -= !model_holder(walk->model, vswitch->vpc, ip);
	return wanted == 0;
}

bool remedy_takes_eip(const struct packet_walk *walk, const struct nat_gateway *nat)
{
	if (nat->type == NAT_INTRANET ||
	    model_count_users(walk->model, NOUN_EIP, nat) >= walk->model->profile->eips_per_gateway)
		return false;
	return !nat_gateway_needs_address(nat) || remedy_has_addresses(walk, nat->vswitch, 1);
}

bool remedy_fits_snat(const struct packet_walk *walk, const struct nat_gateway *nat,
		      const struct eip *eip)
{
	const struct dnat *dnat = model_user(walk->model, NOUN_DNAT, eip, NULL);

	return !dnat || (nat->type != NAT_STANDARD && dnat->protocol != PROTOCOL_ALL);
}

static const struct eip *find_eip(const struct packet_walk *walk, const struct nat_gateway *nat)
{
	const enum noun noun = nat && nat->type == NAT_INTRANET ? NOUN_NAT_IP : NOUN_EIP;

	model_each(walk->model, noun, const struct eip, eip)
		if (nat ? eip->associated == &nat->resource && remedy_fits_snat(walk, nat, eip)
			: !eip->associated)
			return eip;
	return NULL;
}

bool remedy_has_snat_eip(const struct packet_walk *walk, const struct nat_gateway *nat)
{
	return find_eip(walk, nat) != NULL;
}

const char *remedy_eip(struct packet_walk *walk)
{
	const struct eip *idle = find_eip(walk, NULL);
	const unsigned limit = walk->model->profile->eips;
	const char *name;

	if (idle)
		return idle->resource.name;
	if (model_count(walk->model, NOUN_EIP) >= limit)
		return NULL;
	name = remedy_name(walk, "EIP");
	remedy(walk, "eip create %s", name);
	return name;
}

const char *remedy_new_eip(struct packet_walk *walk, const struct nat_gateway *nat)
{
	const char *name = remedy_takes_eip(walk, nat) ? remedy_eip(walk) : NULL;

	if (nat->type == NAT_INTRANET && remedy_has_addresses(walk, nat->vswitch, 1) &&
	    model_count_users(walk->model, NOUN_NAT_IP, nat) <
		    walk->model->profile->nat_ips_per_gateway) {
		name = remedy_name(walk, "NIP");
		remedy(walk, "nat-ip create %s nat-gateway %s", name, nat->resource.name);
	} else if (name)
		remedy(walk, "eip associate %s nat-gateway %s", name, nat->resource.name);
	return name;
}

static void add_snat(struct packet_walk *walk, const struct nat_gateway *nat, const char *type,
		     const char *source)
{
	const struct eip *own = find_eip(walk, nat);
	const char *eip = own ? own->resource.name : remedy_new_eip(walk, nat);

	if (eip)
		remedy(walk, "snat create %s nat-gateway %s source %s %s %s %s",
		       remedy_name(walk, "snat"), nat->resource.name, type, source,
		       nat->type == NAT_INTRANET ? "nat-ip" : "eip", eip);
	remedy_or(walk);
}

/* Is there another host in the vSwitch? */
static bool has_neighbour(const struct packet_walk *walk, const struct eni *eni)
{
	size_t cursor = 0;

	for (const struct eni *other; (other = model_next_eni(walk->model, &cursor));)
		if (other != eni && other->vswitch == eni->vswitch)
			return true;
	return false;
}

void remedy_snat(struct packet_walk *walk, const struct nat_gateway *nat,
		 const struct vswitch *vswitch)
{
	const struct eni *sender = walk->source;
	char cidr[PREFIX_TEXT_SIZE];

	if (sender && sender->vswitch->vpc != nat->vpc) { /* by a transit router */
		add_snat(walk, nat, "cidr", prefix_format(sender->vswitch->cidr, cidr));
		return;
	}
	add_snat(walk, nat, model_noun_word(walk->model, NOUN_VSWITCH), vswitch->resource.name);
	if (sender && sender->primary && has_neighbour(walk, sender))
		add_snat(walk, nat, model_noun_word(walk->model, NOUN_ECS),
			 sender->ecs->resource.name);
}

void remedy_own_address(struct packet_walk *walk)
{
	const struct eni *eni = walk->back ? NULL : walk->source;
	const char *eip;

	remedy_or(walk);
	if (!eni || !eni->ecs || eni_public_ip(eni) ||
	    !address_is_public(walk->packet.destination) || !(eip = remedy_eip(walk)))
		return;
	remedy(walk, "eip associate %s %s %s", eip,
	       model_noun_word(walk->model, eni->primary ? NOUN_ECS : NOUN_ENI),
	       eni->resource.name);
}

/* The gateway of a VPC that serves a source best: one with an entry for it, and not the one that
 * the packet shall enter by. */
static const struct nat_gateway *choose_gateway(const struct packet_walk *walk,
						const struct vpc *vpc)
{
	const struct nat_gateway *best = NULL;
	int best_score = -1;

	model_each(walk->model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		const int score = (index_snat(walk->index, nat, walk->packet.source) ? 1 : 0) +
				  (eip_of(walk, nat, walk->packet.destination) ? 0 : 2);

		if (nat->vpc != vpc || nat->type == NAT_INTRANET || score <= best_score)
			continue;
		best = nat;
		best_score = score;
	}
	return best;
}

/* Where a gateway could be put: here, or in another vSwitch of the VPC. */
static const struct vswitch *place_for_gateway(const struct packet_walk *walk,
					       const struct vswitch *vswitch)
{
	const struct resources *vswitches = index_of(walk->index, &vswitch->vpc->resource);

	if (remedy_has_addresses(walk, vswitch, 1))
		return vswitch;
	for (size_t i = 0; i < vswitches->n_item; i++)
		if (remedy_has_addresses(walk, vswitches->item[i], 1))
			return vswitches->item[i];
	return NULL;
}

void remedy_egress(struct packet_walk *walk, const struct vswitch *vswitch)
{
	const struct nat_gateway *nat = choose_gateway(walk, vswitch->vpc);
	const char *name = nat ? nat->resource.name : remedy_name(walk, "NAT");
	const struct vswitch *where = nat ? NULL : place_for_gateway(walk, vswitch);

	if (!nat && !where)
		return;
	if (!nat && walk->model->authorization_required && !walk->model->authorized)
		remedy(walk, "authorize nat-gateway");
	if (!nat) /* the first gateway of a VPC brings the system table's default route */
		remedy(walk, "nat-gateway create %s vpc %s vswitch %s", name,
		       vswitch->vpc->resource.name, where->resource.name);
	if (nat || !vswitch->table->system)
		remedy_route(walk, vswitch, DEFAULT_ROUTE, NOUN_NAT_GATEWAY, name);
}

/* Alibaba: by the IPv4 gateway, which there may have to be yet. */
void remedy_public(struct packet_walk *walk, const struct vswitch *vswitch)
{
	const struct internet_gateway *gateway = vswitch->vpc->internet_gateway;
	const char *name = gateway ? gateway->resource.name : remedy_name(walk, "IPV4GW");

	if (!gateway)
		remedy(walk, "ipv4-gateway create %s vpc %s", name, vswitch->vpc->resource.name);
	if (!gateway || !gateway->active)
		remedy(walk, "ipv4-gateway activate %s", name);
	remedy_route(walk, vswitch, DEFAULT_ROUTE, NOUN_INTERNET_GATEWAY, name);
}

/* ---- security groups ---- */

static void allow(struct packet_walk *walk, const struct security_group *group,
		  enum direction direction, uint32_t peer)
{
	const struct packet *p = &walk->packet;
	const char *way = direction == DIRECTION_IN ? "in" : "out",
		   *side = direction == DIRECTION_IN ? "from" : "to";
	const char *protocol = protocol_word(p->protocol);
	char address[ADDRESS_TEXT_SIZE], port[16] = "";

	if (p->destination_port)
		snprintf(port, sizeof(port), " %u", p->destination_port);
	remedy(walk, "sg allow %s %s %s%s %s %s", group->resource.name, way, protocol, port, side,
	       address_format(peer, address));
}

/* An allowing rule at the first priority, which only a dropping one there comes before. */
void remedy_security_group(struct packet_walk *walk, const struct eni *eni,
			   enum direction direction)
{
	const struct group_rule *by = groups_rule(walk, eni, direction, &walk->packet);
	const struct snat *pool = walk->pool;

	if (by)
		remedy(walk, "sg revoke %s rule %u", by->group->resource.name, by->rule->number);
	remedy_or(walk);
	if (by && by->rule->priority == 1)
		return;
	if (pool && direction == DIRECTION_IN &&
	    walk->packet.source == pool->eip[walk->choice.eip]->ip) {
		for (size_t i = 0; i < pool->n_eip; i++)
			allow(walk, eni->group[0], direction, pool->eip[i]->ip);
		return;
	}
	allow(walk, eni->group[0], direction,
	      direction == DIRECTION_IN ? walk->packet.source : walk->packet.destination);
}

/* ---- network ACLs ---- */

static const struct filter_rule *acl_rule_at(const struct acl *acl, enum direction direction,
					     unsigned number)
{
	for (size_t i = 0; i < acl->n_rule; i++)
		if (acl->rule[i].direction == direction && acl->rule[i].number == number)
			return &acl->rule[i];
	return NULL;
}

/* The highest free number before the rule that decides. 0: there is none. */
static unsigned acl_number_before(const struct acl *acl, enum direction direction,
				  const struct filter_rule *rule)
{
	unsigned number = rule ? rule->number - 1 : ACL_NUMBER_MAX, highest = 0;

	for (size_t i = 0; i < acl->n_rule; i++)
		if (acl->rule[i].direction == direction)
			highest = acl->rule[i].number;
	if (!rule && highest + 10 <= ACL_NUMBER_MAX)
		return highest + 10;
	while (number > 0 && acl_rule_at(acl, direction, number))
		number--;
	return number;
}

void remedy_acl(struct packet_walk *walk, const struct acl *acl, enum direction direction)
{
	const char *name = acl->resource.name, *way = direction == DIRECTION_IN ? "in" : "out";
	const char *noun = model_noun_word(walk->model, NOUN_ACL);
	const unsigned number = acl_number_before(acl, direction, walk->acl_rule);
	unsigned count = 0;
	const struct packet *p = &walk->packet;
	const char *protocol = protocol_word(p->protocol);
	char address[ADDRESS_TEXT_SIZE], port[24] = "";

	if (walk->acl_rule)
		remedy(walk, "%s remove %s %s %u", noun, name, way, walk->acl_rule->number);
	remedy_or(walk);
	for (size_t i = 0; i < acl->n_rule; i++)
		count += acl->rule[i].direction == direction;
	if (number == 0 || count >= walk->model->profile->rules_per_acl)
		return;
	/* Answers go to whatever port the question came from. */
	if (p->destination_port)
		snprintf(port, sizeof(port), " %u", p->destination_port);
	else if (p->protocol != PROTOCOL_ICMP)
		snprintf(port, sizeof(port), " 1024-65535");
	remedy(walk, "%s add %s %s %u %s %s%s %s %s", noun, name, way, number,
	       word_of(model_cloud(walk->model)->acl_policies, POLICY_ACCEPT), protocol, port,
	       direction == DIRECTION_IN ? "from" : "to",
	       address_format(direction == DIRECTION_IN ? p->source : p->destination, address));
}

/* ---- interfaces ---- */

void remedy_detached(struct packet_walk *walk, const struct eni *eni)
{
	model_each(walk->model, NOUN_ECS, const struct ecs, ecs) {
		const struct vswitch *vswitch = ecs->eni[0]->vswitch;

		if (vswitch->vpc != eni->vswitch->vpc ||
		    strcmp(vswitch->zone, eni->vswitch->zone) != 0 || ecs == walk->sender.of ||
		    ecs->n_eni >= walk->model->profile->enis_per_ecs)
			continue;
		remedy(walk, "eni attach %s %s %s", eni->resource.name,
		       model_noun_word(walk->model, NOUN_ECS), ecs->resource.name);
		return;
	}
}

/* In the guest: a rule that each interface's answers leave by itself. */
void remedy_interface(struct packet_walk *walk, const struct eni *eni)
{
	const char *ecs = eni->ecs->resource.name;
	char address[ADDRESS_TEXT_SIZE];

	remedy(walk, "%s ip route replace default via %s dev eth%u%s table %u", ecs,
	       address_format(eni->vswitch->gateway, address), eni->index,
	       eni_is_cut_through(eni) ? " onlink" : "", 100 + eni->index);
	remedy(walk, "%s ip rule add from %s lookup %u", ecs,
	       address_format(walk->answer.source, address), 100 + eni->index);
}

void remedy_forwarding(struct packet_walk *walk, const struct eni *eni)
{
	const char *ecs = eni->ecs->resource.name;

	remedy(walk, "%s sysctl -qw net.ipv4.ip_forward=1", ecs);
	if (!address_is_public(walk->packet.destination) || !eni_public_ip(eni))
		return;
	remedy(walk, "%s nft add table ip nat", ecs);
	remedy(walk, "%s nft add chain ip nat out '{ type nat hook postrouting priority 100; }'",
	       ecs);
	remedy(walk, "%s nft add rule ip nat out masquerade", ecs);
}
