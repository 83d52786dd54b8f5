/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/guest/internal.h"

/* A namespace that is made up, as the kernel would make it; and whether two are alike. */

enum { PRIORITY_MAIN = 32766, PRIORITY_DEFAULT };

static void add_kernel_route(struct guest *guest, uint32_t table, struct prefix to,
			     enum guest_action action, const char *link, uint32_t source)
{
	struct guest_route *route = ARRAY_PUSH(guest->route, guest->n_route);

	*route = (struct guest_route){
		.table = table, .to = to, .action = action, .source = source, .kernels = true
	};
	put_name(route->link, link);
}

void guest_add_link(struct guest *guest, const char *name)
{
	struct guest_link *link = ARRAY_PUSH(guest->link, guest->n_link);

	*link = (struct guest_link){ .index = (int)guest->n_link,
				     .up = true,
				     .loopback = strcmp(name, "lo") == 0 };
	put_name(link->name, name);
}

/* The address of the link's that was there first of the same network, of which another one is a
 * secondary; NULL: none. */
static const struct guest_address *primary_of(const struct guest *guest, const char *link,
					      struct prefix net)
{
	for (size_t i = 0; i < guest->n_address; i++)
		if (strcmp(guest->address[i].link, link) == 0 &&
		    prefix_equal(guest_network(&guest->address[i]), net))
			return &guest->address[i];
	return NULL;
}

void guest_add_address(struct guest *guest, const char *link, uint32_t address, uint8_t length)
{
	const struct prefix net = { address & prefix_mask(length), length };
	const struct guest_address *primary = primary_of(guest, link, net);
	const uint32_t source = primary ? primary->address : address;
	struct guest_address *added = ARRAY_PUSH(guest->address, guest->n_address);

	*added = (struct guest_address){ .address = address, .length = length };
	put_name(added->link, link);
	add_kernel_route(guest, TABLE_LOCAL, HOST_PREFIX(address), GUEST_LOCAL, link, source);
	if (source != address)
		return;
	if (length < 32)
		add_kernel_route(guest, TABLE_MAIN, net, GUEST_UNICAST, link, source);
	if (length < 31)
		add_kernel_route(guest, TABLE_LOCAL, HOST_PREFIX(prefix_last(net)), GUEST_BROADCAST,
				 link, source);
}

void guest_add_route(struct guest *guest, const struct guest_route *route)
{
	*ARRAY_PUSH(guest->route, guest->n_route) = *route;
}

void guest_add_rule(struct guest *guest, const struct guest_rule *rule)
{
	size_t i = guest->n_rule;

	(void)ARRAY_PUSH(guest->rule, guest->n_rule);
	for (; i > 0 && guest->rule[i - 1].priority > rule->priority; i--)
		guest->rule[i] = guest->rule[i - 1];
	guest->rule[i] = *rule;
}

void guest_init(struct guest *ret_guest)
{
	static const struct guest_rule rules[] = {
		{ .priority = 0, .table = TABLE_LOCAL, .suppress = -1 },
		{ .priority = PRIORITY_MAIN, .table = TABLE_MAIN, .suppress = -1 },
		{ .priority = PRIORITY_DEFAULT, .table = TABLE_DEFAULT, .suppress = -1 },
	};
	static const struct guest_route loopback = { .table = TABLE_LOCAL,
						     .to = { 0x7f000000, 8 },
						     .action = GUEST_LOCAL,
						     .link = "lo",
						     .source = 0x7f000001,
						     .kernels = true };

	*ret_guest = (struct guest){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		guest_add_rule(ret_guest, &rules[i]);
	guest_add_link(ret_guest, "lo");
	guest_add_address(ret_guest, "lo", 0x7f000001, 8);
	guest_add_route(ret_guest, &loopback);
}

struct guest guest_copy(const struct guest *guest)
{
	struct guest copy = *guest;

	copy.link = array_copy(guest->link, guest->n_link, sizeof(*guest->link));
	copy.address = array_copy(guest->address, guest->n_address, sizeof(*guest->address));
	copy.rule = array_copy(guest->rule, guest->n_rule, sizeof(*guest->rule));
	copy.route = array_copy(guest->route, guest->n_route, sizeof(*guest->route));
	copy.socket = array_copy(guest->socket, guest->n_socket, sizeof(*guest->socket));
	if (copy.filter)
		copy.filter->users++;
	return copy;
}

/* With a primary go its secondary ones: a kernel promotes them only where it is told to. */
void guest_delete_address(struct guest *guest, size_t i)
{
	const struct guest_address gone = guest->address[i];
	const struct prefix net = guest_network(&gone);
	const bool primary = primary_of(guest, gone.link, net) == &guest->address[i];
	bool last = true;

	ARRAY_REMOVE(guest->address, guest->n_address, i);
	for (size_t k = 0; k < guest->n_address; k++)
		last = last && strcmp(guest->address[k].link, gone.link) != 0;
	for (size_t k = guest->n_route; k-- > 0;)
		if (guest->route[k].source == gone.address ||
		    (guest->route[k].table == TABLE_LOCAL &&
		     prefix_equal(guest->route[k].to, HOST_PREFIX(gone.address))) ||
		    (last && strcmp(guest->route[k].link, gone.link) == 0))
			ARRAY_REMOVE(guest->route, guest->n_route, k);
	for (const struct guest_address *other;
	     primary && (other = primary_of(guest, gone.link, net));)
		guest_delete_address(guest, (size_t)(other - guest->address));
}

/* ---- what is a guest's own ---- */

static bool same_rule(const struct guest_rule *a, const struct guest_rule *b)
{
	return prefix_equal(a->from, b->from) && prefix_equal(a->to, b->to) &&
	       strcmp(a->iif, b->iif) == 0 && strcmp(a->oif, b->oif) == 0 && a->mark == b->mark &&
	       a->not == b->not &&a->action == b->action;
}

bool guest_has_rule(const struct guest *guest, const struct guest_rule *rule)
{
	for (size_t i = 0; i < guest->n_rule; i++)
		if (guest->rule[i].priority == rule->priority &&
		    (rule->action != GUEST_LOOKUP || guest->rule[i].table == rule->table) &&
		    same_rule(&guest->rule[i], rule))
			return true;
	return false;
}

bool guest_has_route(const struct guest *guest, const struct guest_route *route)
{
	for (size_t i = 0; i < guest->n_route; i++) {
		const struct guest_route *is = &guest->route[i];

		if (is->table == route->table && prefix_equal(is->to, route->to) &&
		    is->action == route->action && strcmp(is->link, route->link) == 0 &&
		    is->via == route->via && is->metric == route->metric &&
		    is->source == route->source)
			return true;
	}
	return false;
}

/* What follows from addresses, and the loopback, is not looked at. */
static bool within(const struct guest *a, const struct guest *b)
{
	bool all = true;

	for (size_t i = 0; i < a->n_rule && all; i++)
		all = guest_has_rule(b, &a->rule[i]);
	for (size_t i = 0; i < a->n_route && all; i++)
		all = a->route[i].action == GUEST_BROADCAST ||
		      strcmp(a->route[i].link, "lo") == 0 || guest_has_route(b, &a->route[i]);
	for (size_t i = 0; i < a->n_address && all; i++)
		all = guest_find_address(b, a->address[i].address) != NULL;
	for (size_t i = 0; i < a->n_link && all; i++) {
		const struct guest_link *is = &a->link[i], *same = guest_find_link(b, is->name);

		all = is->loopback ||
		      (same ? same->up == is->up && same->forwarding == is->forwarding : !is->up);
	}
	return all;
}

bool guest_routes_as(const struct guest *a, const struct guest *b)
{
	return within(a, b) && within(b, a) && !guest_filters(a) && !guest_filters(b);
}
