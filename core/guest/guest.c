/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/guest/guest.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

static int compare_name(const void *name, const void *one)
{
	return strcmp(name, ((const struct named_guest *)one)->netns);
}

const struct guest *guests_find(const struct guests *guests, const char *netns)
{
	const struct named_guest *one =
		guests->n ? bsearch(netns, guests->one, guests->n, sizeof(*one), compare_name)
			  : NULL;

	return one ? &one->guest : NULL;
}

static int compare_guests(const void *a, const void *b)
{
	return strcmp(((const struct named_guest *)a)->netns,
		      ((const struct named_guest *)b)->netns);
}

void guests_merge(struct guests *guests, struct guests *more)
{
	for (size_t i = 0; i < more->n; i++)
		*ARRAY_PUSH(guests->one, guests->n) = more->one[i];
	if (guests->n)
		qsort(guests->one, guests->n, sizeof(*guests->one), compare_guests);
	free(more->one);
	*more = (struct guests){ 0 };
}

void guests_free(struct guests *guests)
{
	for (size_t i = 0; i < guests->n; i++) {
		free(guests->one[i].netns);
		guest_free(&guests->one[i].guest);
	}
	free(guests->one);
	*guests = (struct guests){ 0 };
}

const struct guest_link *guest_find_link(const struct guest *guest, const char *name)
{
	for (size_t i = 0; i < guest->n_link; i++)
		if (strcmp(guest->link[i].name, name) == 0)
			return &guest->link[i];
	return NULL;
}

struct prefix guest_network(const struct guest_address *address)
{
	return (struct prefix){ address->address & prefix_mask(address->length), address->length };
}

const struct guest_address *guest_find_address(const struct guest *guest, uint32_t address)
{
	for (size_t i = 0; i < guest->n_address; i++)
		if (guest->address[i].address == address)
			return &guest->address[i];
	return NULL;
}

const struct guest_socket *guest_find_socket(const struct guest *guest, uint8_t protocol,
					     uint32_t address, uint16_t port, const char *link)
{
	for (size_t i = 0; i < guest->n_socket; i++) {
		const struct guest_socket *socket = &guest->socket[i];

		if (socket->protocol == protocol && socket->port == port &&
		    (!socket->address || socket->address == address) &&
		    (!*socket->link || strcmp(socket->link, link) == 0))
			return socket;
	}
	return NULL;
}

/* ---- routing ---- */

static bool rule_matches(const struct guest_rule *rule, const char *link, uint32_t source,
			 uint32_t destination)
{
	bool matches = prefix_contains(rule->from, source) &&
		       prefix_contains(rule->to, destination) &&
		       (!*rule->iif || strcmp(rule->iif, link) == 0) && !*rule->oif &&
		       (rule->mark & rule->mask) == 0;

	return matches != rule->not ;
}

/* Return the route with the longest prefix, and among equal ones the smallest metric. */
static const struct guest_route *find_route(const struct guest *guest, uint32_t table,
					    uint32_t destination)
{
	const struct guest_route *best = NULL;

	for (size_t i = 0; i < guest->n_route; i++) {
		const struct guest_route *route = &guest->route[i];

		if (route->table != table || route->dead ||
		    !prefix_contains(route->to, destination))
			continue;
		if (!best || route->to.length > best->to.length ||
		    (route->to.length == best->to.length && route->metric < best->metric))
			best = route;
	}
	return best;
}

struct guest_decision guest_route_of(const struct guest *guest, const char *link, uint32_t source,
				     uint32_t destination)
{
	for (size_t i = 0; i < guest->n_rule; i++) {
		const struct guest_rule *rule = &guest->rule[i];
		const struct guest_route *route;

		if (!rule_matches(rule, link, source, destination))
			continue;
		if (rule->action != GUEST_LOOKUP)
			return (struct guest_decision){ rule->action, rule, NULL };
		route = find_route(guest, rule->table, destination);
		if (!route || route->action == GUEST_THROW || route->to.length <= rule->suppress)
			continue;
		return (struct guest_decision){ route->action, rule, route };
	}
	return (struct guest_decision){ GUEST_UNREACHABLE, NULL, NULL };
}
