/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "lab/compile/internal.h"
#include "lab/model/query.h"
#include "lab/model/transit.h"
#include "lab/model/words.h"

/*
 * A NAT gateway: its own connection tracking, its own maps.
 *
 *   dstnat        from the internet: DNAT by EIP, protocol and port; by EIP alone (any port); ping
 * to an EIP forward       known connections; nothing to its own EIPs from inside (hairpin); size
 * limits on what SNAT starts; from the internet only what a DNAT entry sent srcnat        to the
 * internet: an any-port host by its EIP, else the SNAT entry with the longest source prefix
 *   untranslated  nothing leaves with a private address: no SNAT entry, no way out
 */

static const enum protocol protocols_with_ports[] = { PROTOCOL_TCP, PROTOCOL_UDP };

struct gateway {
	const struct compiler *c;
	const struct nat_gateway *nat;
	const char *netns;
	char inside[LINK_NAME_SIZE]; /* the link to the VPC */
	const char *outside;         /* the one that what was translated leaves by */
	const char *from;            /* the one that what is to be published comes by */
	enum noun address;           /* what it translates to */
};

/* Of a VPC that a transit router joins with others: answers to their hosts go by the route table of
 * the gateway's vSwitch. cloud-semantics: tr-16 */
static void ways_to_spokes(const struct gateway *g)
{
	const struct compiler *c = g->c;
	const struct nat_gateway *nat = g->nat;
	char link[LINK_NAME_SIZE];
	size_t n;
	auto_free struct prefix *cidr = transit_cidrs(c->model, nat->vpc, &n);

	for (size_t i = 0; i < n; i++)
		want_route_via(c, g->netns, TABLE_MAIN, cidr[i], g->inside, NEXT_HOP, true);
	if (n == 0 || !nat->vswitch)
		return;
	origin_is(c, &nat->resource, &nat->vswitch->table->resource);
	want_rule(c, nat->vpc->resource.name, PRIORITY_TABLE, link_name(&nat->resource, link), 0,
		  route_table_number(nat->vswitch->table));
	origin_is(c, &nat->resource, NULL);
}

/* To the VPC's CIDRs; of a public one to the vSwitches in it, since what none of them has is the
 * internet's. cloud-semantics: rt-6 */
static void ways_inside(const struct gateway *g)
{
	const struct vpc *vpc = g->nat->vpc;

	for (size_t i = 0; i < vpc->cidr.n_item; i++)
		if (!address_is_public(vpc->cidr.item[i].address))
			want_route_via(g->c, g->netns, TABLE_MAIN, vpc->cidr.item[i], g->inside,
				       NEXT_HOP, true);
	model_each_user(g->c->model, NOUN_VSWITCH, vpc, const struct vswitch, vswitch)
		if (address_is_public(vswitch->cidr.address))
			want_route_via(g->c, g->netns, TABLE_MAIN, vswitch->cidr, g->inside,
				       NEXT_HOP, true);
}

/* Out of an intranet one all goes back to the VPC's router, and on by the table of the gateway's
 * vSwitch. With its NAT IPs as source nothing comes in: what that table leads to the gateway again
 * ends there. The gateway's neighbours in its vSwitch find it by way of that router, too.
 * cloud-semantics: pnat-5 */
static void back_to_vpc(const struct gateway *g)
{
	const struct compiler *c = g->c;
	const struct nat_gateway *nat = g->nat;
	const char *vpc = nat->vpc->resource.name;
	char link[LINK_NAME_SIZE];

	translated_link(nat, link);
	want_veth(c, vpc, link, g->netns, g->outside, nat->resource.id, LINK_GATEWAY_OUTSIDE);
	origin_is(c, &nat->resource, &nat->vswitch->table->resource);
	want_rule(c, vpc, PRIORITY_TABLE, link, 0, route_table_number(nat->vswitch->table));
	model_each_user(c->model, NOUN_NAT_IP, nat, const struct eip, nat_ip) {
		origin_is(c, &nat_ip->resource, NULL);
		want_address(c, g->netns, "lo", nat_ip->ip, 32);
		if (prefix_contains(nat->vswitch->cidr, nat_ip->ip))
			want_route_via(c, nat->vswitch->resource.name, TABLE_MAIN,
				       HOST_PREFIX(nat_ip->ip), g->inside, NEXT_HOP, true);
	}
	origin_is(c, &nat->resource, NULL);
}

/* To NAT IPs that are addresses of a vSwitch; a NAT CIDR has a route of the user's. */
void nat_ip_routes(const struct compiler *c, const struct vpc *vpc, const struct route_table *table)
{
	const struct resource *owner = table ? &table->resource : &vpc->resource;
	char link[LINK_NAME_SIZE];

	model_each(c->model, NOUN_NAT_IP, const struct eip, nat_ip) {
		const struct nat_gateway *nat = (const struct nat_gateway *)nat_ip->associated;

		if (nat->vpc != vpc || !prefix_contains(nat->vswitch->cidr, nat_ip->ip))
			continue;
		origin_is(c, &nat_ip->resource, owner);
		stands_for(c, BY(LOCAL_ROUTE, .resource = owner, .other = &nat_ip->resource));
		want_route_via(
			c, vpc->resource.name, table ? route_table_number(table) : TABLE_MAIN,
			HOST_PREFIX(nat_ip->ip), link_name(&nat->resource, link), NEXT_HOP, true);
	}
}

static void links(const struct gateway *g)
{
	const struct compiler *c = g->c;
	const struct resource *resource = &g->nat->resource;
	/* Idle time-outs are 900 s for TCP and 60 s for UDP. cloud-semantics: nat-12, misc-11 */
	struct object *netns = want_netns(c, g->netns, NETNS_ROUTER);
	char link[LINK_NAME_SIZE];

	netns->netns_.tcp_established_timeout = 900;
	netns->netns_.udp_timeout = 60;
	netns->netns_.tcp_loose_off =
		true; /* the answer of a connection that came in by another gateway is nobody's */
	link_name(resource, link);
	compile_no_hop(c, g->netns);
	if (g->nat->type == NAT_INTRANET) {
		back_to_vpc(g);
	} else {
		want_address(c, g->netns, "lo", gateway_address(g->nat), 32);
		want_veth(c, INTERNET_NETNS, link, g->netns, g->outside, resource->id,
			  LINK_GATEWAY_OUTSIDE);
		ways_to_spokes(g);
	}
	want_veth(c, g->netns, g->inside, g->nat->vpc->resource.name, link, resource->id,
		  LINK_GATEWAY_INSIDE);
	want_route_via(c, g->netns, TABLE_MAIN, DEFAULT_ROUTE, g->outside, NEXT_HOP, true);
	ways_inside(g);
}

static void eips(const struct gateway *g)
{
	static const enum nft_field destination[] = { NFT_DADDR };

	want_set(g->c, g->netns, "eip", destination, 1, NFT_MAP_NONE);
	model_each_user(g->c->model, g->address, g->nat, const struct eip, eip) {
		origin_is(g->c, &eip->resource, NULL);
		want_element_for(g->c, g->netns, "eip", BY(PART, .resource = &eip->resource))
			->key[0]
			.value = eip->ip;
	}
	origin_is(g->c, &g->nat->resource, NULL);
}

static void dnat_port_elements(const struct gateway *g, const struct dnat *dnat)
{
	/* A range maps port by port, by offset. cloud-semantics: dnat-2 */
	for (unsigned offset = 0; offset <= (unsigned)dnat->public_last - dnat->public_first;
	     offset++) {
		struct nft_element *element = want_element_for(
			g->c, g->netns, "dnat_port", BY(DNAT, .resource = &dnat->resource));

		element->key[0].value = dnat->eip->ip;
		element->key[1].value = dnat->protocol;
		element->key[2].value = dnat->public_first + offset;
		element->data.address = dnat->target_ip;
		element->data.port = (uint16_t)(dnat->private_first + offset);
	}
}

static void dnat_any_elements(const struct gateway *g, const struct dnat *dnat)
{
	struct nft_element *element =
		want_element_for(g->c, g->netns, "dnat_any", BY(DNAT, .resource = &dnat->resource));

	element->key[0].value = dnat->eip->ip;
	element->data.address = dnat->target_ip;
	/* The host also leaves by that EIP, before any SNAT entry.
	 * cloud-semantics: dnat-3, snat-3 */
	element = want_element_for(g->c, g->netns, "snat_any",
				   BY(ANY_PORT_SNAT, .resource = &dnat->resource));
	element->key[0].value = dnat->target_ip;
	element->data.address = dnat->eip->ip;
	want_element(g->c, g->netns, "any_host")->key[0].value = dnat->target_ip;
}

static void dnat(const struct gateway *g)
{
	static const enum nft_field port_key[] = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT },
				    destination[] = { NFT_DADDR }, source[] = { NFT_SADDR };
	struct arena *arena = &g->c->wanted->arena;
	const uint32_t own = gateway_address(g->nat);
	struct nft_chain *chain;
	struct nft_rule *rule;

	want_set(g->c, g->netns, "dnat_port", port_key, 3, NFT_MAP_ADDRESS_PORT);
	want_set(g->c, g->netns, "dnat_any", destination, 1, NFT_MAP_ADDRESS);
	want_set(g->c, g->netns, "snat_any", source, 1, NFT_MAP_ADDRESS);
	want_set(g->c, g->netns, "any_host", source, 1, NFT_MAP_NONE);
	model_each(g->c->model, NOUN_DNAT, const struct dnat, entry) {
		if (entry->nat_gateway != g->nat || !dnat_takes_effect(g->c->model, entry))
			continue;
		origin_is(g->c, &entry->resource, NULL);
		if (entry->protocol == PROTOCOL_ALL)
			dnat_any_elements(g, entry);
		else
			dnat_port_elements(g, entry);
	}
	origin_is(g->c, &g->nat->resource, NULL);

	chain = want_chain(g->c, g->netns, "dstnat", NFT_CHAIN_NAT, NFT_HOOK_PREROUTING, -100,
			   false);
	rule = want_nft_rule(g->c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_IIFNAME, g->from);
	nft_lookup(arena, rule, NFT_DNAT_MAP, "dnat_port", port_key, 3, 32, true);
	rule = want_nft_rule(g->c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_IIFNAME, g->from);
	nft_lookup(arena, rule, NFT_DNAT_MAP, "dnat_any", destination, 1, 32, false);
	if (!g->nat->icmp_reply)
		return;
	rule = want_nft_rule(g->c, chain, BY(ICMP_REPLY, .resource = &g->nat->resource));
	nft_match_name(arena, rule, NFT_IIFNAME, g->from);
	nft_lookup(arena, rule, NFT_IN_SET, "eip", destination, 1, 32, false);
	nft_match_value(arena, rule, NFT_ICMP_TYPE, NFT_EQUAL, 8 /* echo request */);
	nft_nat(arena, rule, NFT_DNAT_TO, &own, 1);
}

/*
 * Connections are counted in shards of so many: for a new one the kernel walks the list that it
 * comes to, and a list of 20,000 takes it 5 ms. Never more get through than the limit says; near
 * it, where one shard is full before the others, one may be refused too early. Shards that are
 * filled in turn are full together; those that are chosen at random have to be large to be nearly
 * so (of 55,000 the last 1,500 or so may find theirs full).
 */
enum { SHARD_IN_TURN = 500, SHARD_AT_RANDOM = 5000 };

/* Only what SNAT starts is limited, neither inbound connections nor any-port hosts.
 * cloud-semantics: nat-6, nat-7 */
static void size_limit(const struct gateway *g)
{
	static const enum nft_field source[] = { NFT_SADDR }, key[] = { NFT_NUMBER };
	const struct size_limit limit = nat_gateway_limit(g->c->model, g->nat->size);
	struct arena *arena = &g->c->wanted->arena;
	const char *set;
	struct nft_chain *chain;
	struct nft_rule *rule;

	/* A shard keeps the limit that it began with, so another size has another set; what is open
	 * by then is not counted. */
	set = arena_printf(arena, "connections.%s", word_of(nat_size_words, (int)g->nat->size));
	want_set(g->c, g->netns, set, key, ARRAY_SIZE(key), NFT_MAP_NONE)->dynamic = true;
	chain = want_chain(g->c, g->netns, SIZE_LIMIT_CHAIN, NFT_CHAIN_PLAIN, 0, 0, false);
	/* An unanswered connection's next packet. */
	rule_status(g->c, chain, BY(PART), NULL, NFT_STATUS_CONFIRMED, NFT_VERDICT_RETURN);
	rule = want_nft_rule(g->c, chain, BY(PART));
	nft_lookup(arena, rule, NFT_IN_SET, "any_host", source, 1, 32, false);
	nft_verdict(arena, rule, NFT_VERDICT_RETURN, NULL);
	rule = want_nft_rule(g->c, chain, BY(LIMIT_OF_RATE, .resource = &g->nat->resource));
	nft_limit_rate(arena, rule, limit.rate);
	nft_counter(arena, rule);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	rule = want_nft_rule(g->c, chain, BY(LIMIT_OF_SIZE, .resource = &g->nat->resource));
	nft_limit_connections(arena, rule, set, key, ARRAY_SIZE(key),
			      limit.connections / SHARD_IN_TURN, SHARD_IN_TURN);
	nft_counter(arena, rule);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

static void filter(const struct gateway *g)
{
	static const enum nft_field destination[] = { NFT_DADDR };
	struct arena *arena = &g->c->wanted->arena;
	struct nft_chain *chain =
		want_chain(g->c, g->netns, "input", NFT_CHAIN_FILTER, NFT_HOOK_INPUT, 0, true);
	struct nft_rule *rule;

	rule_status(g->c, chain, BY(ICMP_REPLY, .resource = &g->nat->resource), NULL,
		    NFT_STATUS_DNAT, NFT_VERDICT_ACCEPT);
	nft_verdict(arena,
		    want_nft_rule(g->c, chain,
				  g->nat->type == NAT_INTRANET ? BY(NO_DNAT_ENTRY)
							       : BY(NOT_FOR_GATEWAY)),
		    NFT_VERDICT_DROP, NULL);

	size_limit(g);
	chain = want_chain(g->c, g->netns, "forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, true);
	rule_state(g->c, chain, BY(CONNECTION), NFT_STATE_ESTABLISHED | NFT_STATE_RELATED,
		   NFT_VERDICT_ACCEPT);
	rule_state(g->c, chain, BY(UNKNOWN_ANSWER), NFT_STATE_INVALID, NFT_VERDICT_DROP);
	if (!nat_gateway_hairpins(g->nat) && g->nat->type != NAT_INTRANET) {
		rule = want_nft_rule(g->c, chain, BY(HAIRPIN));
		nft_match_name(arena, rule, NFT_IIFNAME, g->inside);
		nft_lookup(arena, rule, NFT_IN_SET, "eip", destination, 1, 32, false);
		nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	}
	if (g->nat->type != NAT_INTRANET)
		compile_smtp_closed(g->c, chain, g->inside);
	rule = want_nft_rule(g->c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_IIFNAME, g->inside);
	nft_match_name(arena, rule, NFT_OIFNAME, g->outside);
	nft_verdict(arena, rule, NFT_VERDICT_JUMP, SIZE_LIMIT_CHAIN);
	rule = want_nft_rule(g->c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_IIFNAME, g->inside);
	nft_match_name(arena, rule, NFT_OIFNAME, g->outside);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	rule_status(g->c, chain, BY(PART), g->inside, NFT_STATUS_DNAT, NFT_VERDICT_ACCEPT);
	rule = want_nft_rule(g->c, chain, BY(NOBODY, .resource = &g->nat->vpc->resource));
	nft_match_name(arena, rule, NFT_IIFNAME, g->inside);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	rule = want_nft_rule(g->c, chain, BY(NO_DNAT_ENTRY));
	nft_match_name(arena, rule, NFT_IIFNAME, g->outside);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

static const char *snat_map_name(const struct gateway *g, uint8_t length)
{
	return arena_printf(&g->c->wanted->arena, "snat_%u", length);
}

static void snat_entry(const struct gateway *g, const struct snat *entry)
{
	struct arena *arena = &g->c->wanted->arena;
	const char *name = arena_printf(arena, "snat.%s", entry->resource.name);
	struct nft_chain *chain = want_chain(g->c, g->netns, name, NFT_CHAIN_PLAIN, 0, 0, false);
	uint32_t *address = arena_alloc(arena, entry->n_eip * sizeof(*address));
	const struct decision decision = BY(SNAT, .resource = &entry->resource);
	enum nft_statement_kind kind = NFT_SNAT_TO;
	struct nft_element *element;

	for (size_t i = 0; i < entry->n_eip; i++)
		address[i] = entry->eip[i]->ip;
	if (entry->n_eip > 1)
		kind = entry->affinity ? NFT_SNAT_POOL_BY_PAIR : NFT_SNAT_POOL;
	compile_snat(g->c, chain, decision, kind, address, (unsigned)entry->n_eip, NAT_PORT_FIRST,
		     false);

	element = want_element_for(g->c, g->netns, snat_map_name(g, entry->cidr.length), decision);
	element->key[0].value = entry->cidr.address;
	element->data.verdict = NFT_VERDICT_GOTO;
	element->data.chain = name;
}

void compile_snat(const struct compiler *c, struct nft_chain *chain, struct decision decision,
		  enum nft_statement_kind kind, const uint32_t *address, unsigned n_address,
		  uint16_t port_first, bool random)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_rule *rule;

	for (size_t i = 0; i < ARRAY_SIZE(protocols_with_ports); i++) {
		rule = want_nft_rule(c, chain, decision);
		nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, protocols_with_ports[i]);
		nft_nat(arena, rule, kind, address, n_address);
		nft_snat_ports(rule, port_first, UINT16_MAX, random);
	}
	nft_nat(arena, want_nft_rule(c, chain, decision), kind, address, n_address);
}

void compile_fragments_lost(const struct compiler *c, const char *netns,
			    const enum protocol *protocol, size_t n_protocol)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain = want_chain(c, netns, "fragments", NFT_CHAIN_FILTER,
					     NFT_HOOK_PREROUTING, NFT_BEFORE_DEFRAG, false);

	for (size_t i = 0; i < n_protocol; i++) {
		struct nft_rule *rule = want_nft_rule(c, chain, BY(FRAGMENT));

		if (protocol[i] != PROTOCOL_ALL)
			nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, protocol[i]);
		nft_match_value(arena, rule, NFT_FRAG_OFF, NFT_ANY_BIT, NFT_FRAG_MORE_OR_OFFSET);
		nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	}
}

/*
 * What comes by here has its EIP as source already. (Pings are counted by nobody: their ids are no
 * ports.) The shards are taken at random, because one number after the other would fall into step
 * with a client that has several destinations.
 */
void compile_port_limit(const struct compiler *c, const char *netns)
{
	static const enum nft_field key[] = { NFT_SADDR, NFT_DADDR, NFT_L4PROTO, NFT_DPORT,
					      NFT_RANDOM };
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;

	want_set(c, netns, "destination", key, ARRAY_SIZE(key), NFT_MAP_NONE)->dynamic = true;
	chain = want_chain(c, netns, PORT_LIMIT_CHAIN, NFT_CHAIN_PLAIN, 0, 0, false);
	rule_status(c, chain, BY(PART), NULL, NFT_STATUS_CONFIRMED, NFT_VERDICT_RETURN);
	for (size_t i = 0; i < ARRAY_SIZE(protocols_with_ports); i++) {
		struct nft_rule *rule = want_nft_rule(c, chain, BY(LIMIT_OF_PORTS));

		nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, protocols_with_ports[i]);
		nft_limit_connections(arena, rule, "destination", key, ARRAY_SIZE(key),
				      CONNECTIONS_TO_DESTINATION / SHARD_AT_RANDOM,
				      SHARD_AT_RANDOM);
		nft_counter(arena, rule);
		nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	}
}

/* The longest source prefix wins: one map for each length, asked in that order.
 * cloud-semantics: snat-2 */
static void snat(const struct gateway *g)
{
	static const enum nft_field source[] = { NFT_SADDR };
	struct arena *arena = &g->c->wanted->arena;
	bool used[33] = { false };
	struct nft_chain *chain;
	struct nft_rule *rule;

	model_each_user(g->c->model, NOUN_SNAT, g->nat, const struct snat, entry) {
		if (!used[entry->cidr.length])
			want_set(g->c, g->netns, snat_map_name(g, entry->cidr.length), source, 1,
				 NFT_MAP_VERDICT);
		used[entry->cidr.length] = true;
		origin_is(g->c, &entry->resource, NULL);
		snat_entry(g, entry);
		origin_is(g->c, &g->nat->resource, NULL);
	}

	chain = want_chain(g->c, g->netns, "srcnat", NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING, 100,
			   false);
	rule = want_nft_rule(g->c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_OIFNAME, g->outside);
	nft_lookup(arena, rule, NFT_SNAT_MAP, "snat_any", source, 1, 32, false);
	for (int length = 32; length >= 0; length--) {
		if (!used[length])
			continue;
		rule = want_nft_rule(g->c, chain, BY(PART));
		nft_match_name(arena, rule, NFT_OIFNAME, g->outside);
		nft_lookup(arena, rule, NFT_VMAP, snat_map_name(g, (uint8_t)length), source, 1,
			   (uint8_t)length, false);
	}

	compile_port_limit(g->c, g->netns);
	chain = want_chain(g->c, g->netns, "untranslated", NFT_CHAIN_FILTER, NFT_HOOK_POSTROUTING,
			   300, false);
	rule = want_nft_rule(g->c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_OIFNAME, g->outside);
	nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_NEW);
	nft_match_value(arena, rule, NFT_STATUS, NFT_ANY_BIT, NFT_STATUS_SNAT);
	nft_verdict(arena, rule, NFT_VERDICT_JUMP, PORT_LIMIT_CHAIN);
	rule_status(g->c, chain, BY(PART), g->outside, NFT_STATUS_SNAT | NFT_STATUS_DNAT,
		    NFT_VERDICT_ACCEPT);
	rule = want_nft_rule(g->c, chain, BY(NO_SNAT_ENTRY));
	nft_match_name(arena, rule, NFT_OIFNAME, g->outside);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

/* The last thing that happens to what leaves. cloud-semantics: addr-9 */
static void cut_off(const struct gateway *g)
{
	struct nft_rule *rule;

	if (!nat_gateway_is_cut_off(g->c->model, g->nat))
		return;
	rule = want_nft_rule(g->c,
			     want_chain(g->c, g->netns, "cut_off", NFT_CHAIN_FILTER,
					NFT_HOOK_POSTROUTING, 320, false),
			     BY(NOT_PUBLIC, .resource = nat_gateway_place(g->nat)));
	nft_match_name(&g->c->wanted->arena, rule, NFT_OIFNAME, g->outside);
	nft_verdict(&g->c->wanted->arena, rule, NFT_VERDICT_DROP, NULL);
}

void compile_nat_gateway(const struct compiler *c, const struct nat_gateway *nat)
{
	const bool intranet = nat->type == NAT_INTRANET;
	struct gateway g = { .c = c,
			     .nat = nat,
			     .netns = nat->resource.name,
			     .outside = intranet ? TRANSLATED_LINK : INTERNET_LINK,
			     .from = intranet ? g.inside : INTERNET_LINK,
			     .address = intranet ? NOUN_NAT_IP : NOUN_EIP };

	link_name(&nat->vpc->resource, g.inside);
	origin_is(c, &nat->resource, NULL);
	links(&g);
	eips(&g);
	dnat(&g);
	filter(&g);
	snat(&g);
	cut_off(&g);
	compile_bandwidth(c, g.netns, &nat->resource);
	/* The sources differ; the comparison of the two types is the clearest.
	 * cloud-semantics: nat-5 */
	if (nat->type == NAT_STANDARD)
		compile_fragments_lost(c, g.netns, &(const enum protocol){ PROTOCOL_ALL }, 1);
}
