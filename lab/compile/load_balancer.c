/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/compile/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"

/*
 * A load balancer has one link, to the VPC's router, as AWS's NAT gateway has:
 *
 *   dstnat     a port with a listener: a target that is healthy, at random; where none is, any
 *   srcnat     the targets of a group without preserve-client-ip see the load balancer's address
 *   input      what no listener takes ends here
 *   healthy    the marks of targets whose health check succeeded last. vpclab-service makes the
 *              checks, and says what came of each by a datagram with that mark, to port 1 (healthy)
 *              or 2 of loopback; no datagram arrives
 *
 * A target that sees the client's address sends its answer there. It has to come back here all the
 * same: the VPC's router marks the connections that the load balancer's link brings, and their
 * answers go by that link again. And where the client is in the target's own vSwitch, that one
 * leads the answer to the VPC's router.
 *
 *   VPC1   997    fwmark N  lookup N      default: the link of the load balancer
 *   VSW1   999    fwmark 1  lookup 2      default: the link of the VPC
 *
 * cloud-semantics: lb-1, lb-2, lb-4, lb-5
 */
enum { PRIORITY_BALANCED = -149, PRIORITY_RETURN = PRIORITY_PEER - 1 }; /* behind "steer" */
enum { MARK_WITHIN = 1, TABLE_WITHIN = 2, PRIORITY_WITHIN = 999 };
enum { RANDOM_TRIES = 4 };

struct balancer_node {
	const struct compiler *c;
	const struct load_balancer *of;
	const char *netns;
	char link[LINK_NAME_SIZE]; /* to the VPC */
	uint32_t mark;             /* of the last target */
	const char **word;         /* of the program that makes the checks */
	size_t n_word;
};

static struct nft_rule *next_rule(const struct balancer_node *b, struct nft_chain *chain)
{
	return want_nft_rule(b->c, chain, BY(PART));
}

/* To the target of that mark; if it is healthy, or in any case. */
static const char *target_chain(const struct balancer_node *b, const struct listener *listener,
				const struct ecs *ecs, bool if_healthy)
{
	static const enum nft_field mark[] = { NFT_MARK };
	struct arena *arena = &b->c->wanted->arena;
	const char *name = arena_printf(arena, "%s.%u", if_healthy ? "try" : "open", b->mark);
	struct nft_chain *chain = want_chain(b->c, b->netns, name, NFT_CHAIN_PLAIN, 0, 0, false);
	struct nft_rule *rule = want_nft_rule(
		b->c, chain,
		BY(BALANCED, .resource = &listener->resource, .other = &ecs->resource));

	nft_set_mark(arena, rule, b->mark);
	if (if_healthy)
		nft_lookup(arena, rule, NFT_IN_SET, "healthy", mark, 1, 32, false);
	nft_lookup(arena, rule, NFT_DNAT_MAP, "target", mark, 1, 32, true);
	return name;
}

static const char *choice_map(const struct balancer_node *b, const char *word,
			      const struct listener *listener)
{
	static const enum nft_field key[] = { NFT_RANDOM };
	const char *name =
		arena_printf(&b->c->wanted->arena, "%s.%s", word, listener->resource.name);

	want_set(b->c, b->netns, name, key, 1, NFT_MAP_VERDICT);
	return name;
}

static void choose(const struct balancer_node *b, const char *map, uint32_t number,
		   enum nft_verdict verdict, const char *chain)
{
	struct nft_element *element = want_element(b->c, b->netns, map);

	element->key[0].value = number;
	element->data.verdict = verdict;
	element->data.chain = chain;
}

static void add_word(struct balancer_node *b, const char *word)
{
	*ARRAY_PUSH(b->word, b->n_word) = word;
}

static void target(struct balancer_node *b, const struct listener *listener, const struct ecs *ecs,
		   const char **ret_try, const char **ret_open)
{
	struct arena *arena = &b->c->wanted->arena;
	const struct target_group *group = listener->group;
	const uint32_t ip = ecs->eni[0]->ip;
	struct nft_element *element;
	char address[ADDRESS_TEXT_SIZE];

	b->mark++;
	element = want_element(b->c, b->netns, "target");
	element->key[0].value = b->mark;
	element->data.address = ip;
	element->data.port = (uint16_t)group->port;
	if (!group->preserve)
		want_element(b->c, b->netns, "unpreserved")->key[0].value = b->mark;
	*ret_try = target_chain(b, listener, ecs, true);
	*ret_open = target_chain(b, listener, ecs, false);
	add_word(b, arena_printf(arena, "%s:%u", address_format(ip, address), group->port));
}

/* Some tries at random, then each in turn, so that with many unhealthy targets the healthy ones
 * still share; where none is, all are used. cloud-semantics: lb-4 */
static void listen_on(struct balancer_node *b, const struct listener *listener)
{
	struct arena *arena = &b->c->wanted->arena;
	const struct target_group *group = listener->group;
	const char *try = choice_map(b, "healthy", listener),
		   *open = choice_map(b, "any", listener),
		   *name = arena_printf(arena, "listener.%s", listener->resource.name);
	const char **chains = xalloc((group->n_target + 1) * sizeof(*chains)), *any;
	struct nft_element *element;
	struct nft_chain *chain;

	for (size_t i = 0; i < group->n_target; i++) {
		target(b, listener, group->target[i], &chains[i], &any);
		choose(b, try, (uint32_t)i, NFT_VERDICT_JUMP, chains[i]);
		choose(b, open, (uint32_t)i, NFT_VERDICT_GOTO, any);
	}
	chain = want_chain(b->c, b->netns, name, NFT_CHAIN_PLAIN, 0, 0, false);
	for (int i = 0; i < RANDOM_TRIES; i++)
		nft_vmap_random(arena, next_rule(b, chain), try, (uint32_t)group->n_target);
	for (size_t i = 0; i < group->n_target; i++)
		nft_verdict(arena, next_rule(b, chain), NFT_VERDICT_JUMP, chains[i]);
	nft_vmap_random(arena, next_rule(b, chain), open, (uint32_t)group->n_target);
	free(chains);
	element = want_element(b->c, b->netns, "listeners");
	element->key[0].value = listener->port;
	element->data.verdict = NFT_VERDICT_GOTO;
	element->data.chain = name;
}

static void listeners(struct balancer_node *b)
{
	static const enum nft_field mark[] = { NFT_MARK }, port[] = { NFT_DPORT };
	struct arena *arena = &b->c->wanted->arena;
	struct nft_chain *chain;
	struct nft_rule *rule;

	want_set(b->c, b->netns, "healthy", mark, 1, NFT_MAP_NONE)->dynamic = true;
	want_set(b->c, b->netns, "target", mark, 1, NFT_MAP_ADDRESS_PORT);
	want_set(b->c, b->netns, "unpreserved", mark, 1, NFT_MAP_NONE);
	want_set(b->c, b->netns, "listeners", port, 1, NFT_MAP_VERDICT);
	model_each_user(b->c->model, NOUN_LISTENER, b->of, const struct listener, listener) {
		origin_is(b->c, &listener->resource, &b->of->resource);
		if (listener->group->n_target)
			listen_on(b, listener);
	}
	origin_is(b->c, &b->of->resource, NULL);
	chain = want_chain(b->c, b->netns, "dstnat", NFT_CHAIN_NAT, NFT_HOOK_PREROUTING, -100,
			   false);
	rule = next_rule(b, chain);
	nft_match_name(arena, rule, NFT_IIFNAME, b->link);
	nft_match_prefix(arena, rule, NFT_DADDR, b->of->private_ip, 32);
	nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, PROTOCOL_TCP);
	nft_lookup(arena, rule, NFT_VMAP, "listeners", port, 1, 32, false);

	chain = want_chain(b->c, b->netns, "srcnat", NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING, 100,
			   false);
	rule = want_nft_rule(b->c, chain, BY(BALANCER_ADDRESS, .resource = &b->of->resource));
	nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, PROTOCOL_TCP);
	nft_lookup(arena, rule, NFT_IN_SET, "unpreserved", mark, 1, 32, false);
	nft_nat(arena, rule, NFT_SNAT_TO, &b->of->private_ip, 1);
	nft_snat_ports(rule, AWS_NAT_PORT_FIRST, UINT16_MAX, false);
}

static void filter(const struct balancer_node *b)
{
	struct arena *arena = &b->c->wanted->arena;
	struct nft_chain *chain =
		want_chain(b->c, b->netns, "input", NFT_CHAIN_FILTER, NFT_HOOK_INPUT, 0, true);
	struct nft_rule *rule = next_rule(b, chain);

	nft_match_name(arena, rule, NFT_IIFNAME, "lo");
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	rule_state(b->c, chain, BY(PART), NFT_STATE_ESTABLISHED | NFT_STATE_RELATED,
		   NFT_VERDICT_ACCEPT);
	nft_verdict(arena,
		    want_nft_rule(b->c, chain, BY(NO_LISTENER, .resource = &b->of->resource)),
		    NFT_VERDICT_DROP, NULL);

	chain = want_chain(b->c, b->netns, "forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, true);
	rule_state(b->c, chain, BY(CONNECTION), NFT_STATE_ESTABLISHED | NFT_STATE_RELATED,
		   NFT_VERDICT_ACCEPT);
	if (b->c->model->provider == PROVIDER_AWS) { /* cloud-semantics: lb-3 */
		rule = want_nft_rule(b->c, chain, BY(UNKNOWN_ANSWER));
		nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, PROTOCOL_TCP);
		nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_INVALID);
		nft_reject_reset(arena, rule);
	}
	rule_status(b->c, chain, BY(PART), NULL, NFT_STATUS_DNAT, NFT_VERDICT_ACCEPT);
	nft_verdict(arena, want_nft_rule(b->c, chain, BY(UNKNOWN_ANSWER)), NFT_VERDICT_DROP, NULL);
}

static void health(struct balancer_node *b)
{
	static const enum nft_field mark[] = { NFT_MARK };
	struct arena *arena = &b->c->wanted->arena;
	struct nft_chain *chain =
		want_chain(b->c, b->netns, "health", NFT_CHAIN_FILTER, NFT_HOOK_OUTPUT, 0, false);
	struct process_object *process;

	for (int well = 0; well < 2; well++) {
		struct nft_rule *rule = next_rule(b, chain);

		nft_match_prefix(arena, rule, NFT_DADDR, 0x7f000001, 32);
		nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, PROTOCOL_UDP);
		nft_match_value(arena, rule, NFT_DPORT, NFT_EQUAL,
				well ? BALANCER_HEALTHY : BALANCER_UNHEALTHY);
		nft_lookup(arena, rule, well ? NFT_ADD_KEY : NFT_DELETE_KEY, "healthy", mark, 1, 32,
			   false);
		nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
	}
	if (!b->mark)
		return;
	add_word(b, NULL);
	process = &wanted_add(b->c->wanted, OBJECT_PROCESS, b->netns)->process;
	process->name = "health";
	process->says_ready = true;
	process->argv = memcpy(arena_alloc(arena, b->n_word * sizeof(*b->word)), b->word,
			       b->n_word * sizeof(*b->word));
}

/* In the VPC's router: answers of what the load balancer brought go back to it. */
static void returns(const struct balancer_node *b)
{
	struct arena *arena = &b->c->wanted->arena;
	const char *netns = b->of->vswitch->vpc->resource.name;
	const uint32_t number = TABLE_FIRST + b->of->resource.id;
	char name[LINK_NAME_SIZE];
	const char *link = arena_strdup(arena, link_name(&b->of->resource, name));
	struct nft_chain *chain =
		want_chain(b->c, netns, arena_printf(arena, "balanced.%s", b->of->resource.name),
			   NFT_CHAIN_FILTER, NFT_HOOK_PREROUTING, PRIORITY_BALANCED, false);
	struct nft_rule *rule = next_rule(b, chain);

	nft_match_name(arena, rule, NFT_IIFNAME, link);
	nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_NEW);
	nft_set_flow_mark(arena, rule, number);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	rule = next_rule(b, chain);
	nft_match_name(arena, rule, NFT_IIFNAME, link);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	rule = next_rule(b, chain);
	nft_match_value(arena, rule, NFT_FLOW_MARK, NFT_EQUAL, number);
	nft_set_mark(arena, rule, number);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	want_rule(b->c, netns, PRIORITY_RETURN, NULL, number, number);
	stands_for(b->c, BY(BALANCER_RETURN, .resource = &b->of->resource));
	want_route_via(b->c, netns, number, DEFAULT_ROUTE, link, NEXT_HOP, true);
	origin_is(b->c, &b->of->resource, &b->of->vswitch->table->resource);
	want_rule(b->c, netns, PRIORITY_TABLE, link, 0, route_table_number(b->of->vswitch->table));
}

void compile_load_balancer(const struct compiler *c, const struct load_balancer *balancer)
{
	struct balancer_node b = { .c = c, .of = balancer, .netns = balancer->resource.name };
	const uint32_t check = balancer_check_address(c->model, balancer);
	char link[LINK_NAME_SIZE];
	struct object *object;

	link_name(&balancer->vswitch->vpc->resource, b.link);
	origin_is(c, &balancer->resource, NULL);
	object = want_netns(c, b.netns, NETNS_ROUTER);
	object->netns_.tcp_loose_off = true;
	object->netns_.tcp_liberal = true;
	if (c->model->provider == PROVIDER_AWS)
		object->netns_.idle_timeout = BALANCER_IDLE;
	want_veth(c, b.netns, b.link, balancer->vswitch->vpc->resource.name,
		  link_name(&balancer->resource, link), balancer->resource.id, LINK_BALANCER);
	want_route_via(c, b.netns, TABLE_MAIN, DEFAULT_ROUTE, b.link, NEXT_HOP, true);
	want_address(c, b.netns, "lo", balancer->private_ip, 32)->never_source =
		check != balancer->private_ip;
	if (check != balancer->private_ip)
		want_address(c, b.netns, "lo", check, 32);
	want_route_via(c, balancer->vswitch->resource.name, TABLE_MAIN,
		       HOST_PREFIX(balancer->private_ip), b.link, NEXT_HOP, true);

	add_word(&b, "vpclab-service");
	add_word(&b, "balancer");
	add_word(&b, "--name");
	add_word(&b, b.netns);
	listeners(&b);
	filter(&b);
	health(&b);
	returns(&b);
	free(b.word);
}

void balancer_routes(const struct compiler *c, const struct vpc *vpc,
		     const struct route_table *table)
{
	const struct resource *owner = table ? &table->resource : &vpc->resource;
	char link[LINK_NAME_SIZE];

	model_each(c->model, NOUN_LOAD_BALANCER, const struct load_balancer, balancer) {
		if (balancer->vswitch->vpc != vpc)
			continue;
		origin_is(c, &balancer->resource, owner);
		stands_for(c, BY(LOCAL_ROUTE, .resource = owner, .other = &balancer->resource));
		want_route_via(c, vpc->resource.name,
			       table ? route_table_number(table) : TABLE_MAIN,
			       HOST_PREFIX(balancer->private_ip),
			       link_name(&balancer->resource, link), NEXT_HOP, true);
	}
}

/* What comes by the uplink from an address of the vSwitch's own has been at a load balancer. */
void compile_answers_to_balancers(const struct compiler *c, const struct vswitch *vswitch)
{
	struct arena *arena = &c->wanted->arena;
	const char *netns = vswitch->resource.name;
	char name[LINK_NAME_SIZE];
	const char *uplink = arena_strdup(arena, link_name(&vswitch->vpc->resource, name));
	struct nft_chain *chain;
	struct nft_rule *rule;

	if (!vpc_has_balancer(c->model, vswitch->vpc))
		return;
	origin_is(c, &vswitch->resource, NULL);
	chain = want_chain(c, netns, "balanced", NFT_CHAIN_FILTER, NFT_HOOK_PREROUTING,
			   PRIORITY_BALANCED, false);
	rule = want_nft_rule(c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_IIFNAME, uplink);
	nft_match_prefix(arena, rule, NFT_SADDR, vswitch->cidr.address, vswitch->cidr.length);
	nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_NEW);
	nft_set_flow_mark(arena, rule, MARK_WITHIN);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	rule = want_nft_rule(c, chain, BY(PART));
	nft_match_name(arena, rule, NFT_IIFNAME, uplink);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	rule = want_nft_rule(c, chain, BY(PART));
	nft_match_value(arena, rule, NFT_FLOW_MARK, NFT_EQUAL, MARK_WITHIN);
	nft_set_mark(arena, rule, MARK_WITHIN);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	want_rule(c, netns, PRIORITY_WITHIN, NULL, MARK_WITHIN, TABLE_WITHIN);
	want_route_via(c, netns, TABLE_WITHIN, DEFAULT_ROUTE, uplink, NEXT_HOP, true);
}
