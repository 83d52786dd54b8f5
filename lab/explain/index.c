/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/explain/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/model/transit.h"

/* Ids are unique in the lab and small, so what belongs to a resource is found by one look into an
 * array. */

struct belongings {
	struct resources main, any_port;
	unsigned n_eip;
	struct gateway_pools *pools; /* of a gateway */
	const struct chain *chain;
	struct host *host; /* NULL: nobody has told */
	bool met, told;
	struct transit_entry *entry; /* of a transit router's table, the longest first */
	size_t n_entry;
	struct prefix *spoke; /* of a gateway: the CIDRs of VPCs that a transit router joins with
				 its own */
	size_t n_spoke;
	const char **doubt; /* lines that were not understood */
	char **unsure;      /* rules that were not, and that a walk came by */
	size_t n_doubt, n_unsure;
};

struct chain { /* of a distinct set of groups */
	struct group_chain chain;
	char *says[2];  /* by direction: all that decides, as text */
	size_t same[2]; /* the number of the first that says the same */
};

struct explain_index {
	const struct model *model;
	const struct usage *usage; /* NULL: not known */
	struct belongings *of;     /* by id */
	unsigned n_of;
	struct arena arena;
	struct chain **chain;
	size_t n_chain;
};

static void add(struct resources *resources, const void *item)
{
	*ARRAY_PUSH(resources->item, resources->n_item) = item;
}

static struct belongings *belongings(const struct explain_index *index,
				     const struct resource *resource)
{
	return &index->of[resource->id];
}

/* Of equal ones a CIDR comes before a prefix list, and of two lists the one that was named first.
 * cloud-semantics: end-4, pl-8 */
static int longer_route(const void *a, const void *b)
{
	const struct route *x = *(const struct route *const *)a,
			   *y = *(const struct route *const *)b;

	if (x->to.length != y->to.length)
		return y->to.length - x->to.length;
	if (!x->list != !y->list)
		return x->list ? 1 : -1;
	return x->resource.id < y->resource.id ? -1 : x->resource.id > y->resource.id;
}

static int longer_snat(const void *a, const void *b)
{
	return (*(const struct snat *const *)b)->cidr.length -
	       (*(const struct snat *const *)a)->cidr.length;
}

static int lower_vswitch(const void *a, const void *b)
{
	uint32_t x = (*(const struct vswitch *const *)a)->cidr.address,
		 y = (*(const struct vswitch *const *)b)->cidr.address;

	return x < y ? -1 : x > y;
}

static void sort_all(struct explain_index *index, enum noun noun,
		     int (*compare)(const void *, const void *))
{
	for (size_t i = 0; i < model_count(index->model, noun); i++) {
		struct resources *resources =
			&belongings(index, model_get(index->model, noun, i))->main;

		if (resources->n_item)
			qsort(resources->item, resources->n_item, sizeof(*resources->item),
			      compare);
	}
}

/* What leads to a prefix list is, for a packet, one route for each of its entries. */
static void add_route(struct explain_index *index, const struct route *route)
{
	struct resources *of = &belongings(index, &route->table->resource)->main;
	size_t n;
	const struct prefix *to = route_to(route, &n);

	if (!route->list)
		add(of, route);
	for (size_t i = 0; route->list && i < n; i++) {
		struct route *one = arena_alloc(&index->arena, sizeof(*one));

		*one = *route;
		one->to = to[i];
		add(of, one);
	}
}

static int longer_entry(const void *a, const void *b)
{
	const struct transit_entry *x = a, *y = b;

	return y->to.length - x->to.length;
}

static void gather_transit(struct explain_index *index)
{
	model_each(index->model, NOUN_TRANSIT_TABLE, const struct transit_table, table) {
		struct belongings *of = belongings(index, &table->resource);

		of->entry = transit_entries(index->model, table, &of->n_entry);
		if (of->n_entry)
			qsort(of->entry, of->n_entry, sizeof(*of->entry), longer_entry);
	}
	if (!model_count(index->model, NOUN_TRANSIT_ATTACHMENT))
		return;
	model_each(index->model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat) {
		struct belongings *of = belongings(index, &nat->resource);

		if (nat->type == NAT_INTRANET)
			continue;
		of->spoke = transit_cidrs(index->model, nat->vpc, &of->n_spoke);
	}
}

static void add_to_pool(struct explain_index *index, const struct eip *eip)
{
	struct belongings *of = belongings(index, eip->associated);
	const size_t room = model_count(index->model, NOUN_EIP) * sizeof(struct eip *);
	char text[ADDRESS_TEXT_SIZE];
	struct eip *inside = arena_alloc(&index->arena, sizeof(*inside));

	if (!of->pools) {
		of->pools = arena_alloc(&index->arena, sizeof(*of->pools));
		of->pools->outside.eip = arena_alloc(&index->arena, room);
		of->pools->inside.eip = arena_alloc(&index->arena, room);
	}
	*inside = *eip;
	inside->ip = eip_inside_address(eip);
	inside->resource.name = arena_strdup(&index->arena, address_format(inside->ip, text));
	of->pools->outside.eip[of->pools->outside.n_eip++] = (struct eip *)(uintptr_t)eip;
	of->pools->inside.eip[of->pools->inside.n_eip++] = inside;
}

static void gather(struct explain_index *index)
{
	const struct model *model = index->model;

	model_each(model, NOUN_VSWITCH, const struct vswitch, vswitch)
		add(&belongings(index, &vswitch->vpc->resource)->main, vswitch);
	model_each(model, NOUN_ROUTE, const struct route, route)
		add_route(index, route);
	model_each(model, NOUN_SNAT, const struct snat, snat)
		add(&belongings(index, &snat->nat_gateway->resource)->main, snat);
	model_each(model, NOUN_DNAT, const struct dnat, dnat) {
		add(&belongings(index, &dnat->eip->resource)->main, dnat);
		if (dnat->protocol == PROTOCOL_ALL && dnat_takes_effect(model, dnat))
			add(&belongings(index, &dnat->nat_gateway->resource)->any_port, dnat);
	}
	model_each(model, NOUN_EIP, const struct eip, eip)
		if (eip->associated)
			belongings(index, eip->associated)->n_eip++;
	model_each(model, NOUN_NAT_IP, const struct eip, nat_ip)
		belongings(index, nat_ip->associated)->n_eip++;
	model_each(model, NOUN_EIP, const struct eip, eip)
		if (eip->associated && eip->associated->noun == NOUN_NAT_GATEWAY &&
		    model_cloud(model)->gateway_has_eip && !eip->draining)
			add_to_pool(index, eip);
	model_each(model, NOUN_SERVICE, const struct service, service)
		add(&belongings(index, service->node)->main, service);
	gather_transit(index);
	sort_all(index, NOUN_VPC, lower_vswitch);
	sort_all(index, NOUN_ROUTE_TABLE, longer_route);
	sort_all(index, NOUN_NAT_GATEWAY, longer_snat);
}

static char *what_it_says(const struct group_chain *chain, enum direction direction)
{
	struct text text = { 0 };

	text_addf(&text, "%d", chain->n_group && group_allows_rest(chain->group[0], direction));
	for (size_t i = 0; direction == DIRECTION_IN && i < chain->n_group; i++)
		if (group_admits_members(chain->group[i]))
			text_addf(&text, " %u", chain->group[i]->resource.id);
	for (size_t i = 0; i < chain->n_rule[direction]; i++) {
		const struct filter_rule *rule = chain->rule[direction][i].rule;

		text_addf(&text, ";%d %d %u-%u ", rule->policy, rule->protocol, rule->port_first,
			  rule->port_last);
		if (rule->peer_group || rule->peer_list)
			text_addf(&text, "%u",
				  rule->peer_group ? rule->peer_group->resource.id
						   : rule->peer_list->resource.id);
		else
			text_addf(&text, "%u/%u", rule->peer.address, rule->peer.length);
	}
	return text_take(&text);
}

static const struct chain *chain_for(struct explain_index *index, const struct eni *eni)
{
	struct chain *chain;

	for (size_t i = 0; i < index->n_chain; i++)
		if (index->chain[i]->chain.n_group == eni->n_group &&
		    memcmp(index->chain[i]->chain.group, eni->group,
			   eni->n_group * sizeof(*eni->group)) == 0)
			return index->chain[i];
	chain = xnew(struct chain);
	chain->chain.group = eni->group;
	chain->chain.n_group = eni->n_group;
	group_chain_fill(&chain->chain);
	for (size_t d = 0; d < 2; d++) {
		chain->says[d] = what_it_says(&chain->chain, (enum direction)d);
		while (chain->same[d] < index->n_chain &&
		       strcmp(index->chain[chain->same[d]]->says[d], chain->says[d]) != 0)
			chain->same[d]++;
	}
	*ARRAY_PUSH(index->chain, index->n_chain) = chain;
	return chain;
}

struct explain_index *explain_index_new(const struct model *model)
{
	struct explain_index *index = xnew(struct explain_index);
	size_t cursor = 0;

	index->model = model;
	index->n_of = model->next_id;
	index->of = xalloc(index->n_of * sizeof(*index->of));
	gather(index);
	for (const struct eni *eni; (eni = model_next_eni(model, &cursor));)
		belongings(index, &eni->resource)->chain = chain_for(index, eni);
	return index;
}

void explain_index_set_usage(struct explain_index *index, const struct usage *usage)
{
	index->usage = usage;
}

const struct gateway_usage *index_usage(const struct explain_index *index,
					const struct nat_gateway *nat)
{
	for (size_t i = 0; index->usage && i < index->usage->n_gateway; i++)
		if (strcmp(index->usage->gateway[i].name, nat->resource.name) == 0)
			return &index->usage->gateway[i];
	return NULL;
}

/* ---- hosts ---- */

static void forget_host(struct belongings *of)
{
	if (!of->host)
		return;
	guest_free(&of->host->is);
	guest_free(&of->host->made);
	free(of->host);
	of->host = NULL;
}

void explain_index_set_host(struct explain_index *index, const struct resource *host,
			    const struct guest *guest)
{
	struct belongings *of = belongings(index, host);

	of->told = true;
	if (!guest)
		return;
	forget_host(of);
	of->host = xnew(struct host);
	of->host->is = guest_copy(guest);
	of->host->sockets = !guest->crowded;
	host_make(host, &of->host->made);
	of->host->as_made = guest_routes_as(&of->host->is, &of->host->made);
}

int explain_index_change_host(struct explain_index *index, const struct resource *host,
			      char *const *argv)
{
	struct belongings *of = belongings(index, host);
	int r;

	if (!of->host) {
		of->host = xnew(struct host);
		host_make(host, &of->host->is);
		host_make(host, &of->host->made);
	}
	r = guest_change(&of->host->is, argv);
	if (r < 0) {
		auto_text line = { 0 };

		text_add(&line, host->name);
		for (; *argv; argv++)
			text_addf(&line, " %s", *argv);
		*ARRAY_PUSH(of->doubt, of->n_doubt) = arena_strdup(&index->arena, text_get(&line));
	}
	of->host->as_made = guest_routes_as(&of->host->is, &of->host->made);
	return r;
}

void explain_index_add_service(struct explain_index *index, const struct service *service)
{
	struct host *host = belongings(index, service->node)->host;

	if (host && host->sockets && service->port)
		*ARRAY_PUSH(host->is.socket, host->is.n_socket) =
			(struct guest_socket){ .protocol = (uint8_t)service->protocol,
					       .port = service->port };
}

const struct host *index_host(const struct explain_index *index, const struct resource *host)
{
	struct belongings *of = belongings(index, host);

	of->met = true;
	return of->host;
}

void index_note_doubt(const struct explain_index *index, const struct resource *host,
		      const char *words)
{
	struct belongings *of = belongings(index, host);

	for (size_t i = 0; i < of->n_unsure; i++)
		if (strcmp(of->unsure[i], words) == 0)
			return;
	*ARRAY_PUSH(of->unsure, of->n_unsure) = xstrdup(words);
}

static void add_doubts(const struct belongings *of, const char ***doubt, size_t *n_doubt)
{
	for (size_t k = 0; of->met && k < of->n_doubt; k++)
		*ARRAY_PUSH(*doubt, *n_doubt) = of->doubt[k];
	for (size_t k = 0; k < of->n_unsure; k++)
		*ARRAY_PUSH(*doubt, *n_doubt) = of->unsure[k];
}

void explain_index_doubts(const struct explain_index *index, const char ***doubt, size_t *n_doubt)
{
	for (unsigned i = 0; i < index->n_of; i++)
		add_doubts(&index->of[i], doubt, n_doubt);
}

void explain_index_doubts_of(const struct explain_index *index, const struct resource *host,
			     const char ***doubt, size_t *n_doubt)
{
	add_doubts(belongings(index, host), doubt, n_doubt);
}

static void note_assumed_host(const struct explain_index *index, const struct resource *node,
			      struct explanation *x)
{
	const struct belongings *of = node ? belongings(index, node) : NULL;
	bool known = !of || (node->noun != NOUN_ECS && node->noun != NOUN_INTERNET_HOST);

	for (size_t k = 0; k < x->n_assumed && !known; k++)
		known = strcmp(x->assumed[k], node->name) == 0;
	if (known || (of->host && of->host->sockets))
		return;
	*ARRAY_PUSH(x->assumed, x->n_assumed) = arena_strdup(&x->arena, node->name);
	for (size_t k = 0; k < of->n_doubt; k++)
		*ARRAY_PUSH(x->doubt, x->n_doubt) = arena_strdup(&x->arena, of->doubt[k]);
}

/* Which target a load balancer takes rests on the health of all of them. */
static void note_assumed_targets(const struct explain_index *index, const struct decision *by,
				 struct explanation *x)
{
	const struct target_group *group = by->kind == DECISION_BALANCED
						   ? ((const struct listener *)by->resource)->group
						   : NULL;

	for (size_t i = 0; group && i < group->n_target; i++)
		note_assumed_host(index, &group->target[i]->resource, x);
}

void index_note_assumed(const struct explain_index *index, struct explanation *x)
{
	const struct hops *ways[] = { &x->forward, &x->back };

	for (size_t w = 0; w < ARRAY_SIZE(ways); w++) {
		for (size_t i = 0; i < ways[w]->n_hop; i++) {
			const struct hop *hop = &ways[w]->hop[i];

			note_assumed_host(index, model_find(index->model, hop->node), x);
			note_assumed_targets(index, &hop->decision[0], x);
		}
	}
}

bool explain_index_is_plain(const struct explain_index *index, const struct resource *host)
{
	const struct belongings *of = belongings(index, host);

	return (!of->host || of->host->as_made) && !of->n_doubt;
}

void explain_index_add_key(const struct explain_index *index, const struct resource *host,
			   struct text *key)
{
	const struct host *of = belongings(index, host)->host;

	if (!of)
		return;
	if (!explain_index_is_plain(index, host))
		text_addf(key, " %s", host->name);
	for (size_t i = 0; of->sockets && i < of->is.n_socket; i++)
		text_addf(key, " %u:%u:%u:%s", of->is.socket[i].protocol, of->is.socket[i].port,
			  of->is.socket[i].address, of->is.socket[i].link);
}

struct saying {
	void (*say)(void *arg, uint32_t first, uint32_t last);
	void *arg;
};

static void say_prefix(const struct saying *saying, struct prefix prefix)
{
	saying->say(saying->arg, prefix.address, prefix_last(prefix));
}

static void say_address(void *arg, int field, uint32_t first, uint32_t last)
{
	const struct saying *saying = arg;

	if (field == NFT_SADDR || field == NFT_DADDR)
		saying->say(saying->arg, first, last);
}

void explain_index_each_range(const struct explain_index *index,
			      void (*say)(void *arg, uint32_t first, uint32_t last), void *arg)
{
	struct saying saying = { say, arg };

	for (unsigned i = 0; i < index->n_of; i++) {
		const struct host *host = index->of[i].host;

		if (!host || host->as_made)
			continue;
		for (size_t k = 0; k < host->is.n_rule; k++) {
			say_prefix(&saying, host->is.rule[k].from);
			say_prefix(&saying, host->is.rule[k].to);
		}
		for (size_t k = 0; k < host->is.n_route; k++)
			say_prefix(&saying, host->is.route[k].to);
		for (size_t k = 0; k < host->is.n_address; k++) {
			say_prefix(&saying, HOST_PREFIX(host->is.address[k].address));
			say_prefix(&saying, guest_network(&host->is.address[k]));
		}
		guest_each_range(&host->is, say_address, &saying);
	}
}

bool explain_index_same_host(const struct explain_index *a, const struct resource *of_a,
			     const struct explain_index *b, const struct resource *of_b)
{
	const struct host *x = belongings(a, of_a)->host, *y = belongings(b, of_b)->host;
	auto_text x_key = { 0 }, y_key = { 0 };

	if (!x || !y)
		return x == y;
	explain_index_add_key(a, of_a, &x_key);
	explain_index_add_key(b, of_b, &y_key);
	return x->as_made && y->as_made && x->sockets == y->sockets &&
	       strcmp(text_get(&x_key), text_get(&y_key)) == 0;
}

const struct usage *explain_index_usage(const struct explain_index *index)
{
	return index->usage;
}

void explain_index_unknown(const struct explain_index *index, const char ***name, size_t *n_name)
{
	for (unsigned i = 0; i < index->n_of; i++)
		if (index->of[i].met && !index->of[i].told)
			*ARRAY_PUSH(*name, *n_name) = model_find_id(index->model, i)->name;
}

void explain_index_free(struct explain_index *index)
{
	if (!index)
		return;
	for (unsigned i = 0; i < index->n_of; i++) {
		forget_host(&index->of[i]);
		free(index->of[i].doubt);
		for (size_t k = 0; k < index->of[i].n_unsure; k++)
			free(index->of[i].unsure[k]);
		free(index->of[i].unsure);
		free(index->of[i].entry);
		free(index->of[i].spoke);
		free(index->of[i].main.item);
		free(index->of[i].any_port.item);
	}
	for (size_t i = 0; i < index->n_chain; i++) {
		group_chain_free(&index->chain[i]->chain);
		free(index->chain[i]->says[DIRECTION_IN]);
		free(index->chain[i]->says[DIRECTION_OUT]);
		free(index->chain[i]);
	}
	arena_free(&index->arena);
	free(index->chain);
	free(index->of);
	free(index);
}

const struct resources *index_of(const struct explain_index *index, const struct resource *resource)
{
	return &belongings(index, resource)->main;
}

const struct transit_entry *index_entries(const struct explain_index *index,
					  const struct transit_table *table, size_t *ret_n)
{
	*ret_n = belongings(index, &table->resource)->n_entry;
	return belongings(index, &table->resource)->entry;
}

const struct prefix *index_spokes(const struct explain_index *index, const struct nat_gateway *nat,
				  size_t *ret_n)
{
	*ret_n = belongings(index, &nat->resource)->n_spoke;
	return belongings(index, &nat->resource)->spoke;
}

const struct resources *index_any_port(const struct explain_index *index,
				       const struct nat_gateway *nat)
{
	return &belongings(index, &nat->resource)->any_port;
}

const struct gateway_pools *index_pools(const struct explain_index *index,
					const struct nat_gateway *nat)
{
	const struct gateway_pools *pools = belongings(index, &nat->resource)->pools;

	return pools && pools->inside.n_eip > 1 ? pools : NULL;
}

bool index_has_eip(const struct explain_index *index, const struct nat_gateway *nat)
{
	return belongings(index, &nat->resource)->n_eip > 0;
}

const struct group_chain *index_chain(const struct explain_index *index, const struct eni *eni)
{
	return &belongings(index, &eni->resource)->chain->chain;
}

bool index_chains_same(const struct explain_index *index, const struct eni *a, const struct eni *b,
		       enum direction direction)
{
	const struct chain *x = belongings(index, &a->resource)->chain,
			   *y = belongings(index, &b->resource)->chain;

	return x->same[direction] == y->same[direction];
}

const struct model *explain_index_model(const struct explain_index *index)
{
	return index->model;
}

const struct route *index_route(const struct explain_index *index, const struct route_table *table,
				uint32_t address)
{
	const struct resources *routes = index_of(index, &table->resource);

	for (size_t i = 0; i < routes->n_item; i++) {
		const struct route *route = routes->item[i];

		if (prefix_contains(route->to, address))
			return route;
	}
	return NULL;
}

const struct snat *index_snat(const struct explain_index *index, const struct nat_gateway *nat,
			      uint32_t source)
{
	const struct resources *entries = index_of(index, &nat->resource);

	for (size_t i = 0; i < entries->n_item; i++)
		if (prefix_contains(((const struct snat *)entries->item[i])->cidr, source))
			return entries->item[i];
	return NULL;
}

/* vSwitches do not overlap, so the last one that begins at or below the address is the only one
 * that can hold it. */
const struct vswitch *index_vswitch_at(const struct explain_index *index, const struct vpc *vpc,
				       uint32_t address)
{
	const struct resources *vswitches = index_of(index, &vpc->resource);
	const struct vswitch *const *item = (const struct vswitch *const *)vswitches->item;
	size_t low = 0, high = vswitches->n_item;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (item[middle]->cidr.address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && prefix_contains(item[low - 1]->cidr, address) ? item[low - 1] : NULL;
}
