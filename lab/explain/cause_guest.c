/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/cleanup.h"
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"

/* Where the inside of a host is to blame: what its user has set up there, or taken away. The cure
 * is a command for that host. */

static bool is_of_guest(const struct decision *decision)
{
	return decision->kind == DECISION_GUEST || decision->kind == DECISION_GUEST_ADDRESS ||
	       decision->kind == DECISION_GUEST_SECONDARY ||
	       decision->kind == DECISION_GUEST_LINK || decision->kind == DECISION_NFT;
}

/* What the lab has made there and is gone. */
static void remedy_missing(struct packet_walk *walk, const struct resource *resource)
{
	const struct host *host = index_host(walk->index, resource);
	const char *onlink = resource->noun == NOUN_INTERNET_HOST ? " onlink" : "";
	char address[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < host->made.n_address; i++) {
		const struct guest_address *made = &host->made.address[i];

		if (!guest_find_address(&host->is, made->address))
			remedy(walk, "%s ip address add %s/%u dev %s", resource->name,
			       address_format(made->address, address), made->length, made->link);
	}
	for (size_t i = 0; i < host->made.n_route; i++) {
		const struct guest_route *made = &host->made.route[i];
		auto_text text = { 0 };

		if (made->kernels || guest_has_route(&host->is, made))
			continue;
		guest_format_route(&text, made);
		remedy(walk, "%s ip route replace %s%s", resource->name, text_get(&text), onlink);
	}
}

static void remedy_guest(struct packet_walk *walk, const struct decision *by)
{
	const char *name = by->resource->name;
	char address[ADDRESS_TEXT_SIZE];
	auto_text text = { 0 };

	if (by->kind == DECISION_NFT) {
		remedy_host_filter(walk, by->resource);
		return;
	}
	if (by->kind == DECISION_GUEST_SECONDARY) {
		remedy(walk, "%s ip address add %s/%u dev eth%u", name,
		       address_format(by->address, address), walk->at_fault->vswitch->cidr.length,
		       by->number);
		return;
	}
	if (by->kind == DECISION_GUEST_LINK) {
		remedy(walk, "%s ip link set eth%u up", name, by->number);
	} else if (by->guest_rule) {
		remedy(walk, "%s ip rule del priority %u", name, by->guest_rule->priority);
	} else if (by->guest_route) {
		guest_format_route(&text, by->guest_route);
		remedy(walk, "%s ip route del %s", name, text_get(&text));
	}
	remedy_missing(walk, by->resource);
}

bool cause_guest(struct packet_walk *walk, bool through_as_made)
{
	const struct decision *by = is_of_guest(&walk->lost_by) ? &walk->lost_by : &walk->own;
	const struct fact to = fact_address(walk, walk->packet.destination);

	if (by == &walk->own && (!through_as_made || !is_of_guest(by)))
		return false;
	if (walk->back)
		CAUSE(walk, ANSWER_LOST);
	if (by == &walk->own)
		CAUSE(walk, GUEST_MISLEADS, fact_name(by->resource->name), fact_decision(*by),
		      fact_name(walk->x->hop));
	else if (by->kind == DECISION_GUEST && (by->guest_rule || by->guest_route))
		CAUSE(walk, GUEST_STOPS, fact_name(by->resource->name), to, fact_decision(*by));
	else if (by->kind == DECISION_GUEST)
		CAUSE(walk, GUEST_NO_ROUTE, fact_name(by->resource->name), to);
	else if (by->kind == DECISION_NFT)
		CAUSE(walk, GUEST_FILTERS, fact_name(by->resource->name), fact_decision(*by));
	else
		CAUSE(walk, GUEST_LACKS, fact_decision(*by));
	remedy_guest(walk, by);
	return true;
}
