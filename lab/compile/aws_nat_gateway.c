/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

/*
 * An AWS NAT gateway has one link, to the VPC's router: there what is routed to it comes in, and
 * there it goes on with the gateway's private address as its source. The internet gateway makes the
 * EIP of that (aws_vpc.c).
 *
 *   fragments  those of UDP go on, those of TCP and ICMP are lost
 *   input      nothing: it answers no ping, and an unsolicited packet to its EIP ends here
 *   forward    known connections; a late segment of a forgotten one gets a reset; new ones if TCP,
 * UDP or ICMP srcnat     all by one of its addresses, source ports from 1024 on ports      55,000
 * connections of each at once to one destination address, port and protocol
 *
 * cloud-semantics: addr-20, aws-1, aws-5, aws-6, aws-7, aws-8
 */
static const enum protocol protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP };
static const enum protocol fragments_lost[] = { PROTOCOL_TCP, PROTOCOL_ICMP };

static void forward_chain(const struct compiler *c, const char *netns)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain =
		want_chain(c, netns, "forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, true);
	struct nft_rule *rule;

	rule_state(c, chain, BY(CONNECTION), NFT_STATE_ESTABLISHED | NFT_STATE_RELATED,
		   NFT_VERDICT_ACCEPT);
	/* What is no SYN and belongs to nothing; only packets from inside come as far as this. */
	rule = want_nft_rule(c, chain, BY(UNKNOWN_ANSWER));
	nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, PROTOCOL_TCP);
	nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_INVALID);
	nft_reject_reset(arena, rule);
	rule_state(c, chain, BY(UNKNOWN_ANSWER), NFT_STATE_INVALID, NFT_VERDICT_DROP);
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		rule = want_nft_rule(c, chain, BY(PART));
		nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, protocols[i]);
		nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	}
}

/* What is of no connection stays as it is: its own resets, for one. */
static void srcnat_chain(const struct compiler *c, const struct nat_gateway *nat)
{
	struct arena *arena = &c->wanted->arena;
	uint32_t *address =
		arena_alloc(arena, (1 + model_count(c->model, NOUN_EIP)) * sizeof(*address));
	struct nft_chain *chain = want_chain(c, nat->resource.name, "srcnat", NFT_CHAIN_NAT,
					     NFT_HOOK_POSTROUTING, 100, false);
	unsigned n = 0;

	address[n++] = nat->private_ip;
	model_each_user(c->model, NOUN_EIP, nat, const struct eip, eip)
		if (eip->private_ip && !eip->draining)
			address[n++] = eip->private_ip;

	/* Each connection gets a port of its own, whatever the host's is. cloud-semantics: aws-12
	 */
	compile_snat(c, chain, BY(GATEWAY_ADDRESS), n > 1 ? NFT_SNAT_POOL : NFT_SNAT_TO, address, n,
		     AWS_NAT_PORT_FIRST, true);
}

static void ports_chain(const struct compiler *c, const char *netns)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;
	struct nft_rule *rule;

	compile_port_limit(c, netns);
	chain = want_chain(c, netns, "ports", NFT_CHAIN_FILTER, NFT_HOOK_POSTROUTING, 300, false);
	rule = want_nft_rule(c, chain, BY(PART));
	nft_match_value(arena, rule, NFT_STATUS, NFT_ANY_BIT, NFT_STATUS_SNAT);
	nft_verdict(arena, rule, NFT_VERDICT_JUMP, PORT_LIMIT_CHAIN);
}

/* The gateway's neighbours in its subnet find it by way of the VPC's router, too. */
static void private_address(const struct compiler *c, const struct nat_gateway *nat, uint32_t ip)
{
	char link[LINK_NAME_SIZE];

	want_address(c, nat->resource.name, "lo", ip, 32);
	want_route_via(c, nat->vswitch->resource.name, TABLE_MAIN, HOST_PREFIX(ip),
		       link_name(&nat->vpc->resource, link), NEXT_HOP, true);
}

void compile_aws_nat_gateway(const struct compiler *c, const struct nat_gateway *nat)
{
	const char *netns = nat->resource.name;
	struct nft_chain *chain;
	struct object *object;
	char link[LINK_NAME_SIZE];

	origin_is(c, &nat->resource, NULL);
	object = want_netns(c, netns, NETNS_ROUTER);
	object->netns_.idle_timeout = nat->idle_timeout;
	object->netns_.tcp_loose_off = true;
	object->netns_.tcp_liberal =
		true; /* a reset is for what is forgotten, not for what comes out of order */
	link_name(&nat->vpc->resource, link);
	want_route_via(c, netns, TABLE_MAIN, DEFAULT_ROUTE, link, NEXT_HOP, true);
	private_address(c, nat, nat->private_ip);
	model_each_user(c->model, NOUN_EIP, nat, const struct eip, eip)
		if (eip->private_ip)
			private_address(c, nat, eip->private_ip);

	chain = want_chain(c, netns, "input", NFT_CHAIN_FILTER, NFT_HOOK_INPUT, 0, true);
	rule_state(c, chain, BY(NOT_FOR_GATEWAY), NFT_STATE_ESTABLISHED, NFT_VERDICT_DROP);
	nft_verdict(&c->wanted->arena,
		    want_nft_rule(c, chain, BY(UNSOLICITED, .resource = &nat->resource)),
		    NFT_VERDICT_DROP, NULL);
	compile_mss(c, netns);
	forward_chain(c, netns);
	srcnat_chain(c, nat);
	ports_chain(c, netns);
	compile_fragments_lost(c, netns, fragments_lost, ARRAY_SIZE(fragments_lost));
}
