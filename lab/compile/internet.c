/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

/* A gateway's EIPs lead to it, an ECS's or ENI's address to the public-address gateway of its VPC.
 */
void compile_public_addresses(const struct compiler *c)
{
	char link[LINK_NAME_SIZE];
	struct eni_address own = { 0 };

	model_each(c->model, NOUN_EIP, const struct eip, eip) {
		if (!eip->associated || eip->associated->noun != NOUN_NAT_GATEWAY)
			continue; /* an ECS's or ENI's comes with the public addresses below */
		link_name(eip->associated, link);
		origin_is(c, &eip->resource, NULL);
		stands_for(c, BY(EIP_ROUTE, .resource = &eip->resource));
		want_route_via(c, INTERNET_NETNS, TABLE_MAIN, HOST_PREFIX(eip->ip), link, NEXT_HOP,
			       true);
	}
	while (model_next_address(c->model, &own)) {
		if (!own.public_ip || vpc_is_controlled(own.eni->vswitch->vpc))
			continue; /* or it comes with the IPv4 gateway */
		link_name(eni_is_cut_through(own.eni) ? &own.eip->resource
						      : &own.eni->vswitch->vpc->resource,
			  link);
		origin_is(c, public_owner(&own), NULL);
		stands_for(c, public_route_of(&own));
		want_route_via(c, INTERNET_NETNS, TABLE_MAIN, HOST_PREFIX(own.public_ip), link,
			       NEXT_HOP, true);
	}
}

/* A service answers a VPC by the endpoint that the VPC has for it. */
static void ways_to_endpoints(const struct compiler *c, const struct internet_host *host,
			      const char *host_link)
{
	const uint32_t table = TABLE_FIRST + host->resource.id;
	char link[LINK_NAME_SIZE];

	if (!model_user(c->model, NOUN_VPC_ENDPOINT, host, NULL))
		return;
	origin_is(c, &host->resource, NULL);
	want_rule(c, INTERNET_NETNS, PRIORITY_TABLE, host_link, 0, table);
	model_each_user(c->model, NOUN_VPC_ENDPOINT, host, const struct vpc_endpoint, endpoint) {
		const struct prefixes *cidr = &endpoint->vpc->cidr;

		origin_is(c, &endpoint->resource, NULL);
		stands_for(c, BY(ENDPOINT_ROUTE, .resource = &endpoint->resource));
		for (size_t i = 0; i < cidr->n_item; i++)
			want_route_via(c, INTERNET_NETNS, table, cidr->item[i],
				       link_name(&endpoint->resource, link), NEXT_HOP, true);
	}
}

/*
 * The internet: one router with a /32 route to whoever answers for a public address. An address
 * that nobody answers for is dropped without a word, as an EIP that is bound to nothing is.
 */
void compile_internet(const struct compiler *c)
{
	char link[LINK_NAME_SIZE];

	origin_is_internet(c);
	want_netns(c, INTERNET_NETNS, NETNS_ROUTER);
	want_address(c, INTERNET_NETNS, "lo", ROUTER_ADDRESS, 32);
	compile_silent(c, INTERNET_NETNS);
	stands_for(c, BY(NOBODY));
	want_blackhole(c, INTERNET_NETNS, TABLE_MAIN, DEFAULT_ROUTE);

	model_each(c->model, NOUN_INTERNET_HOST, const struct internet_host, host) {
		link_name(&host->resource, link);
		origin_is(c, &host->resource, NULL);
		want_veth(c, INTERNET_NETNS, link, host->resource.name, "eth0", host->resource.id,
			  LINK_GUEST);
		stands_for(c, BY(HOST_ROUTE, .resource = &host->resource));
		want_route(c, INTERNET_NETNS, TABLE_MAIN, HOST_PREFIX(host->ip), link);
		ways_to_endpoints(c, host, link);
	}
}
