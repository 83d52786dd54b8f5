/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include "lab/model/cloud_service.h"
#include "lab/model/query.h"
#include "lab/model/system_route.h"
#include "lab/reach/internal.h"

/*
 * The ends of flows, and their classes. Two ends are of one class if whatever the configuration
 * compares with a host is the same of both: its place, its groups, its services, and on which side
 * of every prefix its addresses are. What is named by something of the configuration is of a class
 * of its own.
 */

/* All that is compared of an end, each as the number that it has in a table; 0: there is nothing.
 */
struct sight {
	size_t single, in[2], excepted;
};

struct gathering {
	struct space *space;
	const struct model *model;
	const struct explain_index *index;
	size_t i; /* of the model */
	/* First addresses of what a prefix of the configuration begins or ends: of all, and without
	 * those of vSwitches and of the rules of groups and ACLs. */
	uint32_t *edge, *firm_edge;
	size_t n_edge, n_firm_edge;
	bool soft;               /* what is added now is one of the latter */
	bool *special;           /* by id: a vSwitch that has something else than plain hosts */
	struct sight *sight;     /* by end: where it is the same, the class is */
	struct sight *kin_sight; /* and where this is, the kin are; single: it has none */
	size_t n_sight;
	struct text key, trait, kin_trait;        /* of the end that is looked at */
	size_t next_end;                          /* that is likely to be looked at next */
	struct entry *ends, *traits, *kin_traits; /* ends by kind and name */
	bool *named;                              /* by id: of a class of its own */
	struct text *services;                    /* by id */
	size_t *home;                             /* by id: the end that sends for it, plus 1 */
};

struct entry { /* of a table by a key of any bytes */
	size_t number;
	UT_hash_handle hh;
};

/* The number of that key, from 1 on; a new one gets the next. */
static size_t number_of(struct arena *arena, struct entry **table, const void *key, size_t length)
{
	struct entry *entry;

	HASH_FIND(hh, *table, key, length, entry);
	if (!entry) {
		entry = arena_alloc(arena, sizeof(*entry) + length);
		memcpy(entry + 1, key, length);
		entry->number = HASH_COUNT(*table) + 1;
		HASH_ADD_KEYPTR(hh, *table, entry + 1, length, entry);
	}
	return entry->number;
}

static size_t number_of_text(struct gathering *g, struct entry **table, const struct text *text)
{
	return number_of(&g->space->arena, table, text_get(text), text->length);
}

static void add_trait(struct text *traits, size_t trait)
{
	text_add_n(traits, (const char *)&trait, sizeof(trait));
}

/* ---- edges ---- */

static void add_range_edges(void *arg, uint32_t first, uint32_t last)
{
	struct gathering *g = arg;

	*ARRAY_PUSH(g->edge, g->n_edge) = first;
	*ARRAY_PUSH(g->edge, g->n_edge) = last + 1; /* 0 where there is none */
	if (g->soft)
		return;
	*ARRAY_PUSH(g->firm_edge, g->n_firm_edge) = first;
	*ARRAY_PUSH(g->firm_edge, g->n_firm_edge) = last + 1;
}

static void add_edges(struct gathering *g, struct prefix prefix)
{
	add_range_edges(g, prefix.address, prefix_last(prefix));
}

static void add_rule_edges(struct gathering *g, const struct filter_rule *rule, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t n_peer;
		const struct prefix *peer = filter_rule_peers(&rule[i], &n_peer);

		while (n_peer > 0)
			add_edges(g, peer[--n_peer]);
	}
}

static int compare_addresses(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void gather_edges(struct gathering *g, const struct usage *usage)
{
	const struct model *m = g->model;
	struct cloud_service service[CLOUD_SERVICES_MAX];
	struct prefix range;

	g->soft = true;
	model_each(m, NOUN_SECURITY_GROUP, const struct security_group, group) {
		add_rule_edges(g, group->rule, group->n_rule);
	}
	model_each(m, NOUN_ACL, const struct acl, acl) {
		add_rule_edges(g, acl->rule, acl->n_rule);
	}
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++)
		add_edges(g, ((const struct vswitch *)model_get(m, NOUN_VSWITCH, i))->cidr);
	g->soft = false;
	model_each(m, NOUN_VPC, const struct vpc, vpc) {
		for (size_t i = 0; i < vpc->cidr.n_item; i++)
			add_edges(g, vpc->cidr.item[i]);
	}
	model_each(m, NOUN_ROUTE, const struct route, route) {
		size_t n;
		const struct prefix *to = route_to(route, &n);

		while (n > 0)
			add_edges(g, to[--n]);
	}
	model_each(m, NOUN_TRANSIT_ROUTE, const struct transit_route, route)
		add_edges(g, route->to);
	for (size_t i = 0; i < model_count(m, NOUN_SNAT); i++)
		add_edges(g, ((const struct snat *)model_get(m, NOUN_SNAT, i))->cidr);
	for (size_t i = 0; i < model_count(m, NOUN_VPC); i++)
		for (size_t cursor = 0;
		     private_range_next(model_get(m, NOUN_VPC, i), &cursor, &range);)
			add_edges(g, range);
	model_each(m, NOUN_VPC, const struct vpc, vpc)
		for (size_t n = cloud_services(m, vpc, service); n > 0; n--)
			add_edges(g, HOST_PREFIX(service[n - 1].ip));
	model_each(m, NOUN_EIP, const struct eip, eip) {
		if (eip->private_ip)
			add_edges(g, HOST_PREFIX(eip->private_ip));
	}
	model_each(m, NOUN_NAT_IP, const struct eip, nat_ip)
		add_edges(g, HOST_PREFIX(nat_ip->ip));
	for (size_t i = 0; usage && i < usage->n_gateway; i++)
		for (size_t k = 0; k < usage->gateway[i].n_full; k++)
			add_edges(g, HOST_PREFIX(usage->gateway[i].full[k].destination));
	explain_index_each_range(g->index, add_range_edges, g);
	if (g->n_edge)
		qsort(g->edge, g->n_edge, sizeof(*g->edge), compare_addresses);
	if (g->n_firm_edge)
		qsort(g->firm_edge, g->n_firm_edge, sizeof(*g->firm_edge), compare_addresses);
}

/* How many edges are at or below the address: the same number, the same side of all. */
static size_t side_among(const uint32_t *edge, size_t n, uint32_t address)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (edge[middle] <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t side_of(const struct gathering *g, uint32_t address)
{
	return side_among(g->edge, g->n_edge, address);
}

/* ---- what is named ---- */

static void name(struct gathering *g, const struct resource *resource)
{
	if (resource)
		g->named[resource->id] = true;
}

static void gather_named(struct gathering *g)
{
	const struct model *m = g->model;
	size_t cursor = 0;

	for (size_t i = 0; i < model_count(m, NOUN_ROUTE); i++) {
		const struct eni *eni = route_interface(model_get(m, NOUN_ROUTE, i));

		name(g, eni ? &eni->resource : NULL);
	}
	model_each(m, NOUN_DNAT, const struct dnat, dnat) {
		const struct eni *eni = model_eni_by_ip(m, dnat->nat_gateway->vpc, dnat->target_ip);

		name(g, eni ? &eni->resource : NULL);
	}
	model_each(m, NOUN_TARGET_GROUP, const struct target_group, group)
		for (size_t i = 0; i < group->n_target; i++)
			name(g, &group->target[i]->eni[0]->resource);
	for (const struct eni *eni; (eni = model_next_eni(m, &cursor));)
		if (!eni->ecs || eni->ecs->n_eni > 1 || eni->n_secondary)
			name(g, &eni->resource);
}

/* vSwitches that walks may come to for other reasons than that one of the two ends is in it, or in
 * which they may look for an address of another VPC. */
static void gather_special(struct gathering *g)
{
	const struct model *m = g->model;
	size_t cursor = 0;

	for (const struct eni *eni; (eni = model_next_eni(m, &cursor));)
		if (g->named[eni->resource.id])
			g->special[eni->vswitch->resource.id] = true;
	model_each(m, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		if (nat->vswitch)
			g->special[nat->vswitch->resource.id] = true;
	}
	model_each(m, NOUN_TRANSIT_ATTACHMENT, const struct transit_attachment, attachment) {
		for (size_t i = 0; i < attachment->n_vswitch; i++)
			g->special[attachment->vswitch[i]->resource.id] = true;
	}
	model_each(m, NOUN_VPC, const struct vpc, vpc) {
		bool alone = true;

		model_each(m, NOUN_VPC, const struct vpc, other)
			alone = alone && (other == vpc || !vpcs_overlap(vpc, other));
		g->special[vpc->resource.id] = !alone;
	}
}

/* ---- ends ---- */

static void gather_services(struct gathering *g)
{
	model_each(g->model, NOUN_SERVICE, const struct service, service) {
		struct text *text = &g->services[service->node->id];

		text_addf(text, " %d:%d:%u", service->kind == SERVICE_EXEC, service->protocol,
			  service->port);
		for (char **word = service->argv; word && *word; word++)
			text_addf(text, ":%s", *word);
	}
}

static void add_host(struct text *traits, const struct gathering *g, const struct ecs *ecs)
{
	text_add(traits, text_get(&g->services[ecs->resource.id]));
	explain_index_add_key(g->index, &ecs->resource, traits);
}

static void add_eni(struct gathering *g, const struct eni *eni)
{
	const uint32_t public = eni_public_ip(eni);
	struct text *traits = &g->trait;

	add_trait(traits, eni->vswitch->resource.id);
	add_trait(traits, side_of(g, eni->ip));
	add_trait(traits, public ? 1 + side_of(g, public) : 0);
	add_trait(traits, eni_is_cut_through(eni));
	add_trait(traits, eni->source_dest_check);
	add_trait(traits, g->named[eni->resource.id] ? eni->resource.id : 0);
	add_trait(traits, eni->n_group);
	for (size_t i = 0; i < eni->n_group; i++)
		add_trait(traits, eni->group[i]->resource.id);
	if (eni->ecs)
		add_host(traits, g, eni->ecs);
}

/* Who is asked about together with others is one more plain host of a vSwitch. */
static void add_kin(struct gathering *g, size_t at, const struct eni *eni)
{
	const struct vswitch *vswitch = eni->vswitch;
	const struct vpc *vpc = vswitch->vpc;
	const bool special = g->special[vswitch->resource.id] || g->special[vpc->resource.id];
	struct text *traits = &g->kin_trait;

	if (!eni->primary || !eni->ecs || eni_public_ip(eni) || g->named[eni->resource.id] ||
	    !explain_index_is_plain(g->index, &eni->ecs->resource))
		g->kin_sight[at].single = true;
	if (g->kin_sight[at].single)
		return;
	add_trait(traits, vpc->resource.id);
	add_trait(traits, vswitch->table->resource.id);
	add_trait(traits, vswitch->acl ? vswitch->acl->resource.id : 0);
	add_trait(traits, vswitch->cidr.length);
	add_trait(traits, eni->source_dest_check);
	add_trait(traits, side_among(g->firm_edge, g->n_firm_edge, eni->ip));
	add_trait(traits, special ? vswitch->resource.id : 0);
	add_trait(traits, special ? side_of(g, eni->ip) : 0);
	text_add(traits, vswitch->zone ? vswitch->zone : "");
	add_trait(traits, 0);
	add_host(traits, g, eni->ecs);
}

static void set_end_key(struct text *key, enum end_kind kind, const char *name,
			const struct vpc *vpc)
{
	text_clear(key);
	add_trait(key, kind);
	text_add(key, name);
	text_add_char(key, ' ');
	text_add(key, vpc ? vpc->resource.name : "");
}

static bool is_end(const struct gathering *g, size_t at, enum end_kind kind, const char *name,
		   const struct vpc *vpc)
{
	const struct end *end = at < g->space->n_end ? &g->space->end[at] : NULL;
	const struct vpc *other = end ? end->in[0].vpc : NULL;

	return end && end->kind == kind && strcmp(end->name, name) == 0 && !vpc == !other &&
	       (!vpc || strcmp(other->resource.name, vpc->resource.name) == 0);
}

/* The first model has none twice, and the other one mostly the same ones, in the same order. */
static size_t find_end(struct gathering *g, enum end_kind kind, const char *name,
		       const struct vpc *vpc)
{
	const struct space *space = g->space;

	if (g->i == 0)
		return space->n_end;
	if (is_end(g, g->next_end, kind, name, vpc))
		return g->next_end;
	for (size_t i = HASH_COUNT(g->ends); i < space->n_end; i++) {
		const struct end *end = &space->end[i];

		set_end_key(&g->key, end->kind, end->name, end->in[0].vpc);
		number_of_text(g, &g->ends, &g->key);
	}
	set_end_key(&g->key, kind, name, vpc);
	return number_of_text(g, &g->ends, &g->key) - 1;
}

/* The end of that name; the same in both models. An address is one in its VPC. */
static size_t end_of(struct gathering *g, enum end_kind kind, const char *end_name,
		     struct end_place place)
{
	struct space *space = g->space;
	const struct ecs *ecs = place.eni ? place.eni->ecs : NULL;
	const size_t at = find_end(g, kind, end_name, place.vpc);
	struct end *end;

	g->next_end = at + 1;
	if (at == space->n_end) {
		size_t n = g->n_sight;

		*ARRAY_PUSH(space->end, space->n_end) =
			(struct end){ .kind = kind, .name = arena_strdup(&space->arena, end_name) };
		ARRAY_PUSH(g->kin_sight, n)->single = kind != END_ENI;
		ARRAY_PUSH(g->sight, g->n_sight);
	}
	end = &space->end[at];
	end->in[g->i] = place;
	if (place.sender)
		g->home[place.sender->id] = at + 1;
	if (g->i == 0 || !end->in[0].resource)
		end->home = ecs ? g->home[ecs->resource.id] : kind == END_HOST ? at + 1 : 0;
	text_clear(&g->trait);
	text_clear(&g->kin_trait);
	add_trait(&g->trait, kind);
	return at;
}

/* All of its traits in this model have been added. */
static void end_looks(struct gathering *g, size_t at)
{
	g->sight[at].in[g->i] = number_of_text(g, &g->traits, &g->trait);
	g->kin_sight[at].in[g->i] = number_of_text(g, &g->kin_traits, &g->kin_trait);
}

/* It is like no other. */
static void end_is_single(struct gathering *g, size_t at)
{
	add_trait(&g->trait, at);
	g->kin_sight[at].single = true;
	end_looks(g, at);
}

static void gather_enis(struct gathering *g)
{
	size_t cursor = 0;

	for (const struct eni *eni; (eni = model_next_eni(g->model, &cursor));) {
		const struct resource *owner = eni_owner(eni);
		struct end_place place = { .resource = owner,
					   .eni = eni,
					   .vpc = eni->vswitch->vpc };
		char text[ADDRESS_TEXT_SIZE];
		size_t at = end_of(
			g, END_ENI, owner->name,
			(struct end_place){ .resource = owner,
					    .sender = eni->primary && eni->ecs ? owner : NULL,
					    .eni = eni,
					    .vpc = eni->vswitch->vpc,
					    .address = eni->ip });

		add_eni(g, eni);
		add_kin(g, at, eni);
		end_looks(g, at);
		for (size_t i = 1; (place.address = eni_address(eni, i)); i++)
			end_is_single(
				g, end_of(g, END_ENI, address_format(place.address, text), place));
		if (!eni->primary || !eni->ecs || !eni->ecs->public_ip)
			continue;
		at = end_of(g, END_PUBLIC, arena_printf(&g->space->arena, "%s.public", owner->name),
			    (struct end_place){ .resource = owner,
						.eni = eni,
						.address = eni->ecs->public_ip });
		add_trait(&g->trait, 0);
		add_trait(&g->trait, 0);
		add_eni(g, eni);
		end_looks(g, at);
	}
}

static void add_single(struct gathering *g, enum end_kind kind, const struct resource *resource,
		       const struct vpc *vpc, uint32_t address)
{
	end_is_single(g, end_of(g, kind, resource->name,
				(struct end_place){
					.resource = resource, .vpc = vpc, .address = address }));
}

static void gather_published(struct gathering *g)
{
	const struct model *m = g->model;

	model_each(m, NOUN_EIP, const struct eip, eip) {
		const struct resource *to = eip->associated;
		const struct eni *eni = to && to->noun == NOUN_ECS
						? ((const struct ecs *)to)->eni[0]
					: to && to->noun == NOUN_ENI ? (const struct eni *)to
								     : NULL;
		const size_t at = end_of(g, END_PUBLIC, eip->resource.name,
					 (struct end_place){ .resource = &eip->resource,
							     .eni = eni,
							     .address = eip->ip });

		add_trait(&g->trait, 1 + side_of(g, eip->ip));
		add_trait(&g->trait, eni ? eip->private_ip : to ? eip->resource.id : 0);
		if (eni)
			add_eni(g, eni);
		end_looks(g, at);
	}
	model_each(m, NOUN_NAT_IP, const struct eip, nat_ip)
		add_single(g, END_PUBLIC, &nat_ip->resource, resource_vpc(&nat_ip->resource),
			   nat_ip->ip);
	model_each(m, NOUN_INTERNET_HOST, const struct internet_host, host) {
		const size_t at = end_of(g, END_HOST, host->resource.name,
					 (struct end_place){ .resource = &host->resource,
							     .sender = &host->resource,
							     .address = host->ip });

		add_trait(&g->trait, side_of(g, host->ip));
		text_add(&g->trait, text_get(&g->services[host->resource.id]));
		explain_index_add_key(g->index, &host->resource, &g->trait);
		end_looks(g, at);
	}
}

static void gather_others(struct gathering *g)
{
	const struct model *m = g->model;

	model_each(m, NOUN_VSWITCH, const struct vswitch, vswitch)
		add_single(g, END_OTHER, &vswitch->resource, vswitch->vpc, vswitch->gateway);
	model_each(m, NOUN_LOAD_BALANCER, const struct load_balancer, balancer)
		add_single(g, END_OTHER, &balancer->resource, balancer->vswitch->vpc,
			   balancer->private_ip);
	model_each(m, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		if (nat->private_ip && nat->type != NAT_INTRANET)
			add_single(g, END_OTHER, &nat->resource, nat->vpc, nat->private_ip);
	}
}

/* ---- terms ---- */

/* Also in a copy of the model, where ids stay. */
static bool is_same(const struct resource *a, const struct resource *b)
{
	return a && a->id == b->id;
}

bool term_has_eni(const struct term *term, const struct eni *eni, uint32_t ip)
{
	const struct resource *of = term->resource;

	if (!eni || term->kind == TERM_INTERNET)
		return false;
	if (term->kind == TERM_ANY)
		return true;
	if (term->kind == TERM_RANGE)
		return ip >= term->address.first && ip <= term->address.last;
	for (size_t i = 0; i < eni->n_group; i++)
		if (is_same(&eni->group[i]->resource, of))
			return true;
	return is_same(&eni->resource, of) || is_same(&eni->vswitch->resource, of) ||
	       is_same(&eni->vswitch->vpc->resource, of) ||
	       (eni->ecs && is_same(&eni->ecs->resource, of));
}

/* Is there an entry for the EIP that leads to one of the term's? */
static bool is_published(const struct term *term, const struct model *model,
			 const struct resource *eip)
{
	model_each(model, NOUN_DNAT, const struct dnat, dnat) {
		if (&dnat->eip->resource == eip &&
		    term_has_eni(term,
				 model_eni_by_ip(model, dnat->nat_gateway->vpc, dnat->target_ip),
				 dnat->target_ip))
			return true;
	}
	return false;
}

enum belongs term_has(const struct term *term, const struct model *model, const struct end *end,
		      size_t i, bool sender)
{
	const struct end_place *place = &end->in[i];
	const struct resource *via;

	if (!place->resource || (sender && !place->sender))
		return BELONGS_NOT;
	/* What serves hosts is none of them: it is meant by its name or its address alone. A
	 * vSwitch's name means the hosts in it. */
	if (end->kind == END_OTHER && term->kind != TERM_RANGE)
		return term->resource &&
		       (term->resource->noun == NOUN_NAT_GATEWAY ||
			term->resource->noun == NOUN_LOAD_BALANCER) &&
		       is_same(place->resource, term->resource);
	if (term->kind == TERM_ANY || (term->kind == TERM_INTERNET && end->kind == END_HOST) ||
	    (term->kind == TERM_RANGE && place->address >= term->address.first &&
	     place->address <= term->address.last))
		return BELONGS;
	if (term->kind != TERM_RESOURCE)
		return BELONGS_NOT;
	via = address_associated(place->resource);
	if (sender && term->resource->noun == NOUN_EIP)
		return is_same(((const struct eip *)term->resource)->associated, place->sender);
	if (is_same(place->resource, term->resource) ||
	    term_has_eni(term, place->eni, place->address) || (via && is_same(via, term->resource)))
		return BELONGS;
	if (via && is_published(term, model, place->resource))
		return BELONGS_BY_ENTRY;
	return via && is_same(&resource_vpc(via)->resource, term->resource);
}

/* ---- strangers ---- */

bool space_is_free(const struct reach *reach, uint32_t address)
{
	for (size_t m = 0; m < reach->n_model; m++) {
		if (model_holder(reach->model[m], NULL, address))
			return false;
		for (size_t i = 0; i < model_count(reach->model[m], NOUN_VPC); i++)
			if (model_holder(reach->model[m], model_get(reach->model[m], NOUN_VPC, i),
					 address))
				return false;
	}
	return true;
}

/* The public addresses, in spans within which no VPC tells two apart. */
static void cut_public(struct space *space, const struct model *const *model, size_t n_model)
{
	static const struct prefix elsewhere[] = {
		{ 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },
		{ 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0a80000, 16 }, { 0xe0000000, 3 },
	};
	struct gathering g = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++)
		add_edges(&g, elsewhere[i]);
	for (size_t m = 0; m < n_model; m++) {
		model_each(model[m], NOUN_VPC, const struct vpc, vpc) {
			for (size_t i = 0; i < vpc->cidr.n_item; i++)
				add_edges(&g, vpc->cidr.item[i]);
		}
		model_each(model[m], NOUN_VSWITCH, const struct vswitch, vswitch) {
			add_edges(&g, vswitch->cidr);
			add_edges(&g, HOST_PREFIX(vswitch->gateway));
		}
	}
	for (size_t x = 0; x < space->except.n; x++) {
		const struct flows *flows = &space->except.flows[x];

		for (size_t i = 0; i < flows->n_from + flows->n_to; i++) {
			const struct term *term = i < flows->n_from ? &flows->from[i]
								    : &flows->to[i - flows->n_from];

			if (term->kind != TERM_RANGE)
				continue;
			*ARRAY_PUSH(g.edge, g.n_edge) = term->address.first;
			*ARRAY_PUSH(g.edge, g.n_edge) = term->address.last + 1;
		}
	}
	qsort(g.edge, g.n_edge, sizeof(*g.edge), compare_addresses);
	for (size_t i = 0; i + 1 < g.n_edge; i++)
		if (g.edge[i + 1] != g.edge[i] && address_is_public(g.edge[i]))
			*ARRAY_PUSH(space->public, space->n_public) =
				(struct interval){ g.edge[i], g.edge[i + 1] - 1 };
	free(g.edge);
	free(g.firm_edge);
}

static void add_strangers(struct reach_set *set, const struct space *space, const struct term *term,
			  size_t n)
{
	for (size_t i = 0; i < space->n_public; i++) {
		struct reach_set part = { 0 };

		for (size_t k = 0; k < n; k++) {
			struct interval span = space->public[i];

			if (term[k].kind == TERM_RESOURCE)
				continue;
			if (term[k].kind == TERM_RANGE && term[k].address.first > span.first)
				span.first = term[k].address.first;
			if (term[k].kind == TERM_RANGE && term[k].address.last < span.last)
				span.last = term[k].address.last;
			if (span.first <= span.last)
				*ARRAY_PUSH(part.range, part.n) =
					(struct reach_range){ span.first, span.last };
		}
		reach_set_order(&part);
		for (size_t k = 0; k < part.n; k++)
			*ARRAY_PUSH(set->range, set->n) = part.range[k];
		free(part.range);
	}
}

/* ---- together ---- */

/* What is taken out of the flows tells hosts apart as well. */
static void add_exceptions(struct gathering *g, const struct model *model)
{
	const struct space *space = g->space;
	struct entry *table = NULL;

	for (size_t e = 0; space->except.n && e < space->n_end; e++) {
		text_clear(&g->key);
		for (size_t x = 0; x < space->except.n; x++) {
			const struct flows *flows = &space->except.flows[x];

			for (size_t i = 0; i < flows->n_from; i++)
				add_trait(&g->key, term_has(&flows->from[i], model, &space->end[e],
							    0, true));
			for (size_t i = 0; i < flows->n_to; i++)
				add_trait(&g->key,
					  term_has(&flows->to[i], model, &space->end[e], 0, false));
		}
		g->sight[e].excepted = number_of_text(g, &table, &g->key);
		g->kin_sight[e].excepted = g->sight[e].excepted;
	}
	HASH_CLEAR(hh, table);
}

/* Sort the ends by their classes, otherwise as they stand. */
static void sort_ends(struct space *space)
{
	auto_free unsigned *next = xalloc((space->n_class + 1) * sizeof(*next));
	auto_free size_t *place = xalloc((space->n_end + 1) * sizeof(*place));
	struct end *sorted = xalloc((space->n_end + 1) * sizeof(*sorted));

	space->first = xalloc((space->n_class + 1) * sizeof(*space->first));
	for (size_t i = 0; i < space->n_end; i++)
		space->first[space->end[i].class + 1]++;
	for (unsigned c = 0; c < space->n_class; c++)
		space->first[c + 1] += space->first[c];
	memcpy(next, space->first, space->n_class * sizeof(*next));
	for (size_t i = 0; i < space->n_end; i++) {
		place[i] = next[space->end[i].class]++;
		sorted[place[i]] = space->end[i];
	}
	for (size_t i = 0; i < space->n_end; i++)
		if (sorted[i].home)
			sorted[i].home = place[sorted[i].home - 1] + 1;
	free(space->end);
	space->end = sorted;
}

/* Number the classes, and sort the ends by them. */
static void classify(struct gathering *g)
{
	struct space *space = g->space;
	struct entry *classes = NULL, *kin = NULL;

	for (size_t i = 0; i < space->n_end; i++) {
		const size_t class =
			number_of(&space->arena, &classes, &g->sight[i], sizeof(g->sight[i]));

		if (g->kin_sight[i].single)
			g->kin_sight[i] = (struct sight){ .single = class };
		space->end[i].class = (unsigned)class - 1;
		space->end[i].kin = (unsigned)number_of(&space->arena, &kin, &g->kin_sight[i],
							sizeof(g->kin_sight[i])) -
				    1;
	}
	space->n_class = HASH_COUNT(classes);
	space->n_kin = HASH_COUNT(kin);
	HASH_CLEAR(hh, classes);
	HASH_CLEAR(hh, kin);
	sort_ends(space);
	space->kin = xalloc((space->n_kin + 1) * sizeof(*space->kin));
	for (unsigned c = 0; c < space->n_class; c++) {
		struct kin *of = &space->kin[space->end[space->first[c]].kin];

		*ARRAY_PUSH(of->class, of->n) = c;
	}
	for (size_t i = 0; i < space->n_kin; i++) {
		struct kin *of = &space->kin[i];

		for (size_t m = 0; m < 2; m++) {
			of->eni[m] = arena_alloc(&space->arena, of->n * sizeof(*of->eni[m]));
			for (size_t k = 0; k < of->n; k++)
				of->eni[m][k] = space->end[space->first[of->class[k]]].in[m].eni;
		}
	}
}

struct space *space_new(const struct reach *reach, const struct flows *flows,
			const struct flows_list *except)
{
	const struct model *const *model = reach->model;
	const size_t n_model = reach->n_model;
	struct space *space = xnew(struct space);
	struct gathering g = { .space = space };

	space->flows = flows;
	space->except = *except;
	for (g.i = 0; g.i < n_model; g.i++) {
		g.model = model[g.i];
		g.index = reach->index[g.i];
		g.n_edge = g.n_firm_edge = g.next_end = 0;
		g.named = xalloc(g.model->next_id + 1);
		g.special = xalloc(g.model->next_id + 1);
		g.services = xalloc((g.model->next_id + 1) * sizeof(*g.services));
		g.home = xalloc((g.model->next_id + 1) * sizeof(*g.home));
		gather_services(&g);
		gather_edges(&g, explain_index_usage(g.index));
		gather_named(&g);
		gather_special(&g);
		gather_enis(&g);
		gather_published(&g);
		gather_others(&g);
		for (size_t i = 0; i < g.model->next_id; i++)
			text_free(&g.services[i]);
		free(g.services);
		free(g.named);
		free(g.special);
		free(g.home);
	}
	add_exceptions(&g, model[0]);
	classify(&g);
	HASH_CLEAR(hh, g.ends);
	HASH_CLEAR(hh, g.traits);
	HASH_CLEAR(hh, g.kin_traits);
	text_free(&g.key);
	text_free(&g.trait);
	text_free(&g.kin_trait);
	free(g.sight);
	free(g.kin_sight);
	free(g.edge);
	free(g.firm_edge);

	space->from = xalloc(space->n_end + 1);
	space->to = xalloc(space->n_end + 1);
	for (size_t e = 0; e < space->n_end; e++) {
		for (size_t k = 0; k < flows->n_from; k++)
			for (size_t m = 0; m < n_model; m++)
				space->from[e] |= term_has(&flows->from[k], model[m],
							   &space->end[e], m, true) != 0;
		for (size_t k = 0; k < flows->n_to; k++)
			for (size_t m = 0; m < n_model; m++)
				space->to[e] |= term_has(&flows->to[k], model[m], &space->end[e], m,
							 false) != 0;
	}
	cut_public(space, model, n_model);
	if (flows->no_strangers)
		return space;
	add_strangers(&space->stranger_from, space, flows->from, flows->n_from);
	add_strangers(&space->stranger_to, space, flows->to, flows->n_to);
	return space;
}

void space_free(struct space *space)
{
	for (size_t i = 0; i < space->n_kin; i++)
		free(space->kin[i].class);
	free(space->kin);
	free(space->end);
	free(space->first);
	touched_free(space->touched, space->n_class);
	free(space->from);
	free(space->to);
	free(space->public);
	free(space->stranger_from.range);
	free(space->stranger_to.range);
	arena_free(&space->arena);
	free(space);
}
