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

struct gathering {
	struct space *space;
	const struct model *model;
	const struct explain_index *index;
	size_t i; /* of the model */
	/* First addresses of what a prefix of the configuration begins or ends: of all, and without
	 * those of vSwitches and of the rules of groups and ACLs. */
	uint32_t *edge, *firm_edge;
	size_t n_edge, n_firm_edge;
	bool soft;        /* what is added now is one of the latter */
	bool *special;    /* by id: a vSwitch that has something else than plain hosts */
	struct text *key; /* of each end */
	struct text *kin; /* the same of what is the same of kin */
	bool *single;     /* who has none */
	size_t n_key;
	struct entry *ends;    /* by kind and name */
	bool *named;           /* by id: of a class of its own */
	struct text *services; /* by id */
};

struct entry { /* of a table by text */
	const char *key;
	size_t number;
	UT_hash_handle hh;
};

/* The number of that key; a new one gets the next. */
static size_t number_of(struct entry **table, const char *key)
{
	struct entry *entry;

	HASH_FIND_STR(*table, key, entry);
	if (!entry) {
		entry = xnew(struct entry);
		entry->key = key;
		entry->number = HASH_COUNT(*table);
		HASH_ADD_KEYPTR(hh, *table, entry->key, strlen(entry->key), entry);
	}
	return entry->number;
}

static void free_table(struct entry *table)
{
	struct entry *entry, *next;

	HASH_ITER(hh, table, entry, next)
	{
		HASH_DELETE(hh, table, entry);
		free(entry);
	}
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

static void add_eni_key(struct text *key, const struct gathering *g, const struct eni *eni)
{
	const uint32_t public = eni_public_ip(eni);

	text_addf(key, "%u %zu %zu %d", eni->vswitch->resource.id, side_of(g, eni->ip),
		  public ? 1 + side_of(g, public) : 0, eni->source_dest_check);
	for (size_t i = 0; i < eni->n_group; i++)
		text_addf(key, " %u", eni->group[i]->resource.id);
	if (g->named[eni->resource.id])
		text_addf(key, " %s", eni->resource.name);
	if (!eni->ecs)
		return;
	text_add(key, text_get(&g->services[eni->ecs->resource.id]));
	explain_index_add_key(g->index, &eni->ecs->resource, key);
}

/* Who is asked about together with others is one more plain host of a vSwitch. */
static void add_kin_key(struct gathering *g, size_t at, const struct eni *eni)
{
	const struct vswitch *vswitch = eni->vswitch;
	const struct vpc *vpc = vswitch->vpc;
	struct text *key = &g->kin[at];

	g->single[at] = g->single[at] || !eni->primary || !eni->ecs || eni_public_ip(eni) ||
			g->named[eni->resource.id] ||
			!explain_index_is_plain(g->index, &eni->ecs->resource);
	if (g->single[at])
		return;
	text_addf(key, "%u %u %u %u %d %zu ", vpc->resource.id, vswitch->table->resource.id,
		  vswitch->acl ? vswitch->acl->resource.id : 0, vswitch->cidr.length,
		  eni->source_dest_check, side_among(g->firm_edge, g->n_firm_edge, eni->ip));
	if (g->special[vswitch->resource.id] || g->special[vpc->resource.id])
		text_addf(key, "%u %zu", vswitch->resource.id, side_of(g, eni->ip));
	if (vswitch->zone)
		text_addf(key, " %s", vswitch->zone);
	text_add(key, text_get(&g->services[eni->ecs->resource.id]));
	explain_index_add_key(g->index, &eni->ecs->resource, key);
}

/* Of one more end. */
static void add_keys(struct gathering *g)
{
	size_t n = g->n_key;

	ARRAY_PUSH(g->kin, n);
	n = g->n_key;
	ARRAY_PUSH(g->single, n);
	ARRAY_PUSH(g->key, g->n_key);
}

/* The end of that name; the same in both models. An address is one in its VPC. */
static size_t end_of(struct gathering *g, enum end_kind kind, const char *end_name,
		     struct end_place place)
{
	struct space *space = g->space;
	const char *key = arena_printf(&space->arena, "%d%s %s", kind, end_name,
				       place.vpc ? place.vpc->resource.name : "");
	const size_t at = number_of(&g->ends, key);

	if (at == space->n_end) {
		*ARRAY_PUSH(space->end, space->n_end) =
			(struct end){ .kind = kind, .name = arena_strdup(&space->arena, end_name) };
		add_keys(g);
		text_addf(&g->key[at], "%d", kind);
		text_add(&g->kin[at], "kin ");
		g->single[at] = kind != END_ENI;
	}
	if (g->i) {
		text_add_char(&g->key[at], '|');
		text_add_char(&g->kin[at], '|');
	}
	space->end[at].in[g->i] = place;
	return at;
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

		add_eni_key(&g->key[at], g, eni);
		add_kin_key(g, at, eni);
		for (size_t i = 1; (place.address = eni_address(eni, i)); i++) {
			at = end_of(g, END_ENI, address_format(place.address, text), place);
			text_addf(&g->key[at], "%s %s", owner->name, text);
			g->single[at] = true;
		}
		if (!eni->primary || !eni->ecs || !eni->ecs->public_ip)
			continue;
		at = end_of(g, END_PUBLIC, arena_printf(&g->space->arena, "%s.public", owner->name),
			    (struct end_place){ .resource = owner,
						.eni = eni,
						.address = eni->ecs->public_ip });
		add_eni_key(&g->key[at], g, eni);
	}
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
		struct text *key = &g->key[at];

		text_addf(key, "%zu ", side_of(g, eip->ip));
		if (eni)
			add_eni_key(key, g, eni);
		else if (to)
			text_add(key, eip->resource.name);
	}
	model_each(m, NOUN_NAT_IP, const struct eip, nat_ip) {
		const size_t at = end_of(g, END_PUBLIC, nat_ip->resource.name,
					 (struct end_place){ .resource = &nat_ip->resource,
							     .vpc = resource_vpc(&nat_ip->resource),
							     .address = nat_ip->ip });

		text_add(&g->key[at], nat_ip->resource.name);
	}
	model_each(m, NOUN_INTERNET_HOST, const struct internet_host, host) {
		const size_t at = end_of(g, END_HOST, host->resource.name,
					 (struct end_place){ .resource = &host->resource,
							     .sender = &host->resource,
							     .address = host->ip });
		struct text *key = &g->key[at];

		text_addf(key, "%zu", side_of(g, host->ip));
		text_add(key, text_get(&g->services[host->resource.id]));
		explain_index_add_key(g->index, &host->resource, key);
	}
}

static void gather_others(struct gathering *g)
{
	const struct model *m = g->model;

	model_each(m, NOUN_VSWITCH, const struct vswitch, vswitch) {
		const size_t at = end_of(g, END_OTHER, vswitch->resource.name,
					 (struct end_place){ .resource = &vswitch->resource,
							     .vpc = vswitch->vpc,
							     .address = vswitch->gateway });

		text_add(&g->key[at], vswitch->resource.name);
	}
	model_each(m, NOUN_LOAD_BALANCER, const struct load_balancer, balancer) {
		const size_t at = end_of(g, END_OTHER, balancer->resource.name,
					 (struct end_place){ .resource = &balancer->resource,
							     .vpc = balancer->vswitch->vpc,
							     .address = balancer->private_ip });

		text_add(&g->key[at], balancer->resource.name);
	}
	model_each(m, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		const struct end_place place = { .resource = &nat->resource,
						 .vpc = nat->vpc,
						 .address = nat->private_ip };

		size_t at;

		if (!nat->private_ip || nat->type == NAT_INTRANET)
			continue;
		at = end_of(g, END_OTHER, nat->resource.name, place);
		text_add(&g->key[at], nat->resource.name);
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
		for (size_t i = 0; i < model_count(model[m], NOUN_VSWITCH); i++)
			add_edges(&g, ((const struct vswitch *)model_get(model[m], NOUN_VSWITCH, i))
					      ->cidr);
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

static int compare_classes(const void *a, const void *b)
{
	const struct end *x = a, *y = b;

	return x->class < y->class ? -1 : x->class > y->class;
}

/* What is taken out of the flows tells hosts apart as well. */
static void add_exceptions(struct gathering *g, const struct model *model)
{
	const struct space *space = g->space;

	for (size_t x = 0; x < space->except.n; x++) {
		const struct flows *flows = &space->except.flows[x];

		for (size_t e = 0; e < space->n_end; e++) {
			auto_text key = { 0 };

			text_add_char(&key, ' ');
			for (size_t i = 0; i < flows->n_from; i++)
				text_addf(
					&key, "%d",
					term_has(&flows->from[i], model, &space->end[e], 0, true));
			for (size_t i = 0; i < flows->n_to; i++)
				text_addf(&key, "%d",
					  term_has(&flows->to[i], model, &space->end[e], 0, false));
			text_add(&g->key[e], text_get(&key));
			text_add(&g->kin[e], text_get(&key));
		}
	}
}

/* Number the classes, and sort the ends by them. */
static void classify(struct space *space, const struct gathering *g)
{
	struct entry *classes = NULL, *senders = NULL, *kin = NULL;
	auto_free size_t *place = xalloc((space->n_end + 1) * sizeof(*place));

	for (size_t i = 0; i < space->n_end; i++) {
		space->end[i].class = (unsigned)number_of(&classes, text_get(&g->key[i]));
		space->end[i].kin = (unsigned)number_of(&kin, g->single[i] ? text_get(&g->key[i])
									   : text_get(&g->kin[i]));
	}
	space->n_class = HASH_COUNT(classes);
	space->n_kin = HASH_COUNT(kin);
	free_table(classes);
	free_table(kin);
	if (space->n_end)
		qsort(space->end, space->n_end, sizeof(*space->end), compare_classes);
	space->first = xalloc((space->n_class + 1) * sizeof(*space->first));
	for (size_t i = space->n_end; i-- > 0;)
		space->first[space->end[i].class] = (unsigned)i;
	space->first[space->n_class] = (unsigned)space->n_end;
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

	for (size_t i = 0; i < space->n_end; i++)
		if (space->end[i].kind == END_ENI)
			place[number_of(&senders, space->end[i].name)] = i + 1;
	for (size_t i = 0; i < space->n_end; i++) {
		const struct end *end = &space->end[i];
		const struct eni *eni = end->in[!end->in[0].resource].eni;

		if (eni && eni->ecs)
			space->end[i].home = place[number_of(&senders, eni->ecs->resource.name)];
		else if (end->kind == END_HOST)
			space->end[i].home = i + 1;
	}
	free_table(senders);
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
		g.n_edge = g.n_firm_edge = 0;
		g.named = xalloc(g.model->next_id + 1);
		g.special = xalloc(g.model->next_id + 1);
		g.services = xalloc((g.model->next_id + 1) * sizeof(*g.services));
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
	}
	add_exceptions(&g, model[0]);
	classify(space, &g);
	for (size_t i = 0; i < g.n_key; i++) {
		text_free(&g.key[i]);
		text_free(&g.kin[i]);
	}
	free(g.key);
	free(g.kin);
	free(g.single);
	free(g.edge);
	free(g.firm_edge);
	free_table(g.ends);

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
