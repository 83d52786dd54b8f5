/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/state/wanted.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct object *wanted_add(struct wanted *wanted, enum object_kind kind, const char *netns)
{
	/* Objects come in runs of one namespace, which share one copy of its name, so that
	 * comparing names is mostly comparing pointers. */
	const char *name = wanted->n_object ? wanted->object[wanted->n_object - 1].netns : NULL;
	struct object *object;

	if (!name || strcmp(name, netns) != 0)
		name = arena_strdup(&wanted->arena, netns);
	object = ARRAY_PUSH(wanted->object, wanted->n_object);
	object->kind = kind;
	object->netns = name;
	object->origin = wanted->origin;
	object->cookie = wanted->cookie;
	return object;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* NULL comes first. */
static int compare_strings(const char *a, const char *b)
{
	if (a == b)
		return 0;
	if (!a || !b)
		return a ? 1 : -1;
	return strcmp(a, b);
}

static int compare_prefixes(struct prefix a, struct prefix b)
{
	int order = compare_numbers(a.address, b.address);

	return order ? order : compare_numbers(a.length, b.length);
}

static int compare_rules(const struct rule_object *a, const struct rule_object *b)
{
	int order = compare_numbers(a->priority, b->priority);

	if (order == 0)
		order = compare_strings(a->iif, b->iif);
	return order ? order : compare_numbers(a->mark, b->mark);
}

/* Compare two objects of one kind in one namespace. */
static int compare_within(const struct object *a, const struct object *b)
{
	int order;

	switch (a->kind) {
	case OBJECT_NETNS:
		return 0;
	case OBJECT_VETH:
		return strcmp(a->veth.link, b->veth.link);
	case OBJECT_ADDRESS:
		order = strcmp(a->address.link, b->address.link);
		return order ? order : compare_numbers(a->address.address, b->address.address);
	case OBJECT_ROUTE:
		order = compare_numbers(a->route.table, b->route.table);
		if (order == 0)
			order = compare_prefixes(a->route.to, b->route.to);
		return order ? order : compare_numbers(a->route.metric, b->route.metric);
	case OBJECT_RULE:
		return compare_rules(&a->rule, &b->rule);
	case OBJECT_NFT_SET:
		return strcmp(a->set.name, b->set.name);
	case OBJECT_NFT_CHAIN:
		return strcmp(a->chain.name, b->chain.name);
	case OBJECT_NFT_ELEMENT:
		return nft_element_compare_key(&a->element, &b->element);
	case OBJECT_FILE:
		return strcmp(a->file.path, b->file.path);
	case OBJECT_PROCESS:
		return strcmp(a->process.name, b->process.name);
	}
	return 0;
}

int object_compare_key(const struct object *a, const struct object *b)
{
	int order;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	order = compare_strings(a->netns, b->netns);
	return order ? order : compare_within(a, b);
}

static bool netns_equal(const struct netns_object *a, const struct netns_object *b)
{
	return a->role == b->role && a->tcp_established_timeout == b->tcp_established_timeout &&
	       a->udp_timeout == b->udp_timeout && a->tcp_loose_off == b->tcp_loose_off &&
	       a->tcp_liberal == b->tcp_liberal && a->idle_timeout == b->idle_timeout;
}

static bool veth_equal(const struct veth_object *a, const struct veth_object *b)
{
	return strcmp(a->peer_netns, b->peer_netns) == 0 &&
	       strcmp(a->peer_link, b->peer_link) == 0 &&
	       memcmp(a->mac, b->mac, sizeof(a->mac)) == 0 && a->mtu == b->mtu;
}

static bool route_equal(const struct route_object *a, const struct route_object *b)
{
	return a->type == b->type && compare_strings(a->link, b->link) == 0 && a->via == b->via &&
	       a->onlink == b->onlink;
}

static bool sockets_equal(const struct process_object *a, const struct process_object *b)
{
	bool equal = a->n_socket == b->n_socket;

	for (size_t i = 0; equal && i < a->n_socket; i++)
		equal = a->socket[i].address == b->socket[i].address &&
			a->socket[i].protocol == b->socket[i].protocol &&
			a->socket[i].port == b->socket[i].port;
	return equal;
}

static bool process_equal(const struct process_object *a, const struct process_object *b)
{
	size_t i = 0;

	while (a->argv[i] && b->argv[i] && strcmp(a->argv[i], b->argv[i]) == 0)
		i++;
	return !a->argv[i] && !b->argv[i] && a->says_ready == b->says_ready && sockets_equal(a, b);
}

bool object_equal(const struct object *a, const struct object *b)
{
	switch (a->kind) {
	case OBJECT_NETNS:
		return netns_equal(&a->netns_, &b->netns_);
	case OBJECT_VETH:
		return veth_equal(&a->veth, &b->veth);
	case OBJECT_ADDRESS:
		return a->address.length == b->address.length &&
		       a->address.never_source == b->address.never_source;
	case OBJECT_ROUTE:
		return route_equal(&a->route, &b->route);
	case OBJECT_RULE:
		return a->rule.table == b->rule.table;
	case OBJECT_NFT_SET:
		return nft_set_equal(&a->set, &b->set);
	case OBJECT_NFT_CHAIN:
		return nft_chain_equal(&a->chain, &b->chain);
	case OBJECT_NFT_ELEMENT:
		return nft_element_equal(&a->element, &b->element);
	case OBJECT_FILE:
		return strcmp(a->file.content, b->file.content) == 0;
	case OBJECT_PROCESS:
		return process_equal(&a->process, &b->process);
	}
	return false;
}

/*
 * Every command on a running lab sorts two wanted states, so sorting is made for how a compiler
 * adds objects: node by node, and within a node mostly in order. The objects are dealt out by kind
 * first, then the ascending runs among them are merged. Thousands of objects make some dozens of
 * runs, most of which only follow each other.
 */
struct sorting {
	const struct object **item; /* what is sorted */
	const struct object **spare;
	size_t *start; /* start of each run, and the end of the last */
	size_t n_start;
};

static bool is_before(const struct object *a, const struct object *b)
{
	int order = object_compare_key(a, b);

	assert(order != 0); /* equal keys are compared at some time */
	return order < 0;
}

static void deal_by_kind(const struct wanted *wanted, const struct object **ret_item)
{
	size_t place[OBJECT_PROCESS + 2] = { 0 };

	for (size_t i = 0; i < wanted->n_object; i++)
		place[wanted->object[i].kind + 1]++;
	for (size_t kind = 1; kind < ARRAY_SIZE(place); kind++)
		place[kind] += place[kind - 1];
	for (size_t i = 0; i < wanted->n_object; i++)
		ret_item[place[wanted->object[i].kind]++] = &wanted->object[i];
}

static void find_runs(struct sorting *sorting, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !is_before(sorting->item[i - 1], sorting->item[i]))
			*ARRAY_PUSH(sorting->start, sorting->n_start) = i;
	*ARRAY_PUSH(sorting->start, sorting->n_start) = n;
}

/* Merge two neighbouring runs. */
static void merge(struct sorting *sorting, size_t first, size_t middle, size_t end)
{
	const struct object **item = sorting->item, **spare = sorting->spare;
	size_t n_left = middle - first, left = 0, right = middle, to = first;

	if (is_before(item[middle - 1], item[middle]))
		return;
	memcpy(spare, item + first, n_left * sizeof(*spare));
	while (left < n_left)
		item[to++] = right == end || is_before(spare[left], item[right]) ? spare[left++]
										 : item[right++];
}

/* Merge the runs first to last - 1. */
static void merge_runs(struct sorting *sorting, size_t first, size_t last)
{
	size_t middle = first + (last - first) / 2;

	if (last - first < 2)
		return;
	merge_runs(sorting, first, middle);
	merge_runs(sorting, middle, last);
	merge(sorting, sorting->start[first], sorting->start[middle], sorting->start[last]);
}

/* Put the objects where item[] says, each cycle of exchanges with one of them aside: a second
 * array would cost more. */
static void rearrange(struct object *object, size_t n, const struct object **item)
{
	for (size_t i = 0; i < n; i++) {
		const struct object aside = object[i];
		size_t to = i;

		while (item[to] != &object[i]) {
			size_t from = (size_t)(item[to] - object);

			object[to] = object[from];
			item[to] = &object[to];
			to = from;
		}
		object[to] = aside;
		item[to] = &object[to];
	}
}

void wanted_sort(struct wanted *wanted)
{
	const size_t n = wanted->n_object;
	struct sorting sorting = { .item = xalloc(n * sizeof(*sorting.item)),
				   .spare = xalloc(n * sizeof(*sorting.spare)) };

	deal_by_kind(wanted, sorting.item);
	find_runs(&sorting, n);
	merge_runs(&sorting, 0, sorting.n_start - 1);
	rearrange(wanted->object, n, sorting.item);
	free(sorting.item);
	free(sorting.spare);
	free(sorting.start);
}

/* Return the first object that is not before kind and netns or, with `after`, the first that is
 * behind them. */
static size_t bound(const struct wanted *wanted, enum object_kind kind, const char *netns,
		    bool after)
{
	size_t low = 0, high = wanted->n_object;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct object *object = &wanted->object[middle];
		int order = object->kind != kind ? (object->kind < kind ? -1 : 1)
						 : strcmp(object->netns, netns);

		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct object *wanted_range(const struct wanted *wanted, enum object_kind kind,
				  const char *netns, size_t *ret_n)
{
	size_t first = bound(wanted, kind, netns, false);

	*ret_n = bound(wanted, kind, netns, true) - first;
	return *ret_n ? &wanted->object[first] : NULL;
}

static void describe_route(const struct object *object, char *text)
{
	char to[PREFIX_TEXT_SIZE];

	prefix_format(object->route.to, to);
	if (object->route.table == 254)
		snprintf(text, OBJECT_TEXT_SIZE, "route %s in %s", to, object->netns);
	else
		snprintf(text, OBJECT_TEXT_SIZE, "route %s of table %u in %s", to,
			 object->route.table, object->netns);
}

static void describe_address(const struct object *object, char *text)
{
	char address[ADDRESS_TEXT_SIZE];

	snprintf(text, OBJECT_TEXT_SIZE, "address %s/%u on %s in %s",
		 address_format(object->address.address, address), object->address.length,
		 object->address.link, object->netns);
}

const char *object_describe(const struct object *object, char text[static OBJECT_TEXT_SIZE])
{
	switch (object->kind) {
	case OBJECT_NETNS:
		snprintf(text, OBJECT_TEXT_SIZE, "network namespace %s", object->netns);
		break;
	case OBJECT_VETH:
		snprintf(text, OBJECT_TEXT_SIZE, "link %s of %s to %s of %s", object->veth.link,
			 object->netns, object->veth.peer_link, object->veth.peer_netns);
		break;
	case OBJECT_ADDRESS:
		describe_address(object, text);
		break;
	case OBJECT_ROUTE:
		describe_route(object, text);
		break;
	case OBJECT_RULE:
		snprintf(text, OBJECT_TEXT_SIZE, "routing rule %u in %s", object->rule.priority,
			 object->netns);
		break;
	case OBJECT_NFT_SET:
		snprintf(text, OBJECT_TEXT_SIZE, "nft set %s in %s", object->set.name,
			 object->netns);
		break;
	case OBJECT_NFT_CHAIN:
		snprintf(text, OBJECT_TEXT_SIZE, "nft chain %s in %s", object->chain.name,
			 object->netns);
		break;
	case OBJECT_NFT_ELEMENT:
		snprintf(text, OBJECT_TEXT_SIZE, "element of nft set %s in %s", object->element.set,
			 object->netns);
		break;
	case OBJECT_FILE:
		snprintf(text, OBJECT_TEXT_SIZE, "file %s", object->file.path);
		break;
	case OBJECT_PROCESS:
		snprintf(text, OBJECT_TEXT_SIZE, "service %s on %s", object->process.name,
			 object->netns);
		break;
	}
	return text;
}

bool wanted_has_table(const struct wanted *wanted, const char *netns)
{
	size_t n_set, n_chain;

	return wanted && (wanted_range(wanted, OBJECT_NFT_SET, netns, &n_set) ||
			  wanted_range(wanted, OBJECT_NFT_CHAIN, netns, &n_chain));
}

const struct nft_set *wanted_set_of(const struct wanted *wanted, const struct object *element)
{
	size_t n;
	const struct object *set = wanted_range(wanted, OBJECT_NFT_SET, element->netns, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(set[i].set.name, element->element.set) == 0)
			return &set[i].set;
	return NULL;
}

void wanted_free(struct wanted *wanted)
{
	free(wanted->object);
	arena_free(&wanted->arena);
	*wanted = (struct wanted){ 0 };
}
