/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "lab/compile/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/group_chain.h"
#include "lab/model/query.h"
#include "lab/model/system_route.h"

/*
 * Security groups, in the forward hook of the vSwitch's router:
 *
 *   established, related        accept      groups are stateful
 *   to some cloud services      accept      which no group filters
 *   iifname vmap @egress        the sender's chain:   drops, or returns to let the receiver's
 * decide oifname vmap @ingress       the receiver's chain: accepts or drops
 *
 * ENIs of the same groups share their two chains, and the maps lead from port to chain, so a
 * packet's cost does not grow with the number of hosts. The rules of all groups of an ENI are
 * merged: by priority, drop before accept (cloud-semantics: sg-5); traffic of members to each
 * other comes before them all unless the group is isolated (cloud-semantics: sg-3).
 */

static const char *member_set_name(const struct compiler *c, const struct security_group *group)
{
	return arena_printf(&c->wanted->arena, "member.%s", group->resource.name);
}

/* A set for the entries of each length, as sets match exactly. */
static const char *list_set_name(const struct compiler *c, const struct prefix_list *list,
				 uint8_t length)
{
	return arena_printf(&c->wanted->arena, "list.%s.%u", list->resource.name, length);
}

static bool has_length(const struct prefix_list *list, uint8_t length)
{
	for (size_t i = 0; i < list->n_entry; i++)
		if (list->entry[i].length == length)
			return true;
	return false;
}

/* length: of a prefix list's entries. */
static void match_peer(const struct compiler *c, struct nft_rule *rule,
		       const struct filter_rule *security_rule, uint8_t length)
{
	const enum nft_field field = security_rule->direction == DIRECTION_IN ? NFT_SADDR
									      : NFT_DADDR;
	struct arena *arena = &c->wanted->arena;

	if (security_rule->peer_group)
		nft_lookup(arena, rule, NFT_IN_SET, member_set_name(c, security_rule->peer_group),
			   &field, 1, 32, false);
	else if (security_rule->peer_list && length > 0)
		nft_lookup(arena, rule, NFT_IN_SET,
			   list_set_name(c, security_rule->peer_list, length), &field, 1, length,
			   false);
	else if (security_rule->peer.length > 0)
		nft_match_prefix(arena, rule, field, security_rule->peer.address,
				 security_rule->peer.length);
}

static void add_nft_rule(const struct compiler *c, struct nft_chain *chain,
			 const struct group_rule *group_rule, uint8_t length)
{
	const struct filter_rule *security_rule = group_rule->rule;
	struct arena *arena = &c->wanted->arena;
	struct nft_rule *rule =
		want_nft_rule(c, chain,
			      BY(GROUP_RULE, .resource = &group_rule->group->resource,
				 .rule = security_rule, .direction = security_rule->direction));
	enum nft_verdict accept = security_rule->direction == DIRECTION_IN ? NFT_VERDICT_ACCEPT
									   : NFT_VERDICT_RETURN;

	match_peer(c, rule, security_rule, length);
	compile_filter_rule(c, rule, security_rule);
	nft_verdict(arena, rule, security_rule->policy == POLICY_DROP ? NFT_VERDICT_DROP : accept,
		    NULL);
}

static void add_security_rule(const struct compiler *c, struct nft_chain *chain,
			      const struct group_rule *group_rule)
{
	const struct prefix_list *list = group_rule->rule->peer_list;

	for (uint8_t length = 0; list && length <= 32; length++)
		if (has_length(list, length))
			add_nft_rule(c, chain, group_rule, length);
	if (!list)
		add_nft_rule(c, chain, group_rule, 0);
}

/* "in.SG1", or by ids "in/12/15" where there are several ('/' is in no name of a user's). */
static const char *group_chain_name(struct arena *arena, enum direction direction,
				    const struct eni *eni)
{
	const char *way = direction == DIRECTION_IN ? "in" : "out";
	char *name;

	if (eni->n_group == 1)
		return arena_printf(arena, "%s.%s", way, eni->group[0]->resource.name);
	name = arena_strdup(arena, way);
	for (size_t i = 0; i < eni->n_group; i++)
		name = arena_printf(arena, "%s/%u", name, eni->group[i]->resource.id);
	return name;
}

/* Returns its name. */
static const char *group_chain(const struct compiler *c, const char *netns, const struct eni *eni,
			       enum direction direction)
{
	static const enum nft_field source[] = { NFT_SADDR };
	struct arena *arena = &c->wanted->arena;
	struct group_chain merged = { .group = eni->group, .n_group = eni->n_group };
	struct nft_chain *chain;
	struct nft_rule *rule;

	origin_is_groups(c, eni);
	chain = want_chain(c, netns, group_chain_name(arena, direction, eni), NFT_CHAIN_PLAIN, 0, 0,
			   false);
	for (size_t i = 0; direction == DIRECTION_IN && i < eni->n_group; i++) {
		if (!group_admits_members(eni->group[i]))
			continue;
		rule = want_nft_rule(c, chain,
				     BY(GROUP_MEMBERS, .resource = &eni->group[i]->resource));
		nft_lookup(arena, rule, NFT_IN_SET, member_set_name(c, eni->group[i]), source, 1,
			   32, false);
		nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	}
	group_chain_fill(&merged);
	for (size_t i = 0; i < merged.n_rule[direction]; i++)
		add_security_rule(c, chain, &merged.rule[direction][i]);
	group_chain_free(&merged);
	rule = want_nft_rule(
		c, chain,
		BY(GROUP_REST, .resource = &eni->group[0]->resource, .direction = direction));
	nft_verdict(arena, rule,
		    group_allows_rest(eni->group[0], direction) ? NFT_VERDICT_RETURN
								: NFT_VERDICT_DROP,
		    NULL);
	return chain->name;
}

/* ENIs of the same groups, which share their chains. */
struct chain_users {
	const struct eni **eni;
	size_t n_eni;
};

/* Which groups' member sets, which prefix lists', and which chains, one vSwitch needs. */
struct needs {
	const struct security_group **group;
	size_t n_group;
	const struct prefix_list **list;
	size_t n_list;
	struct chain_users *chain; /* for each distinct set of groups */
	size_t n_chain;
};

static void needs_free(struct needs *needs)
{
	for (size_t i = 0; i < needs->n_chain; i++)
		free(needs->chain[i].eni);
	free(needs->chain);
	free(needs->group);
	free(needs->list);
}

static void need_group(struct needs *needs, const struct security_group *group)
{
	for (size_t i = 0; i < needs->n_group; i++)
		if (needs->group[i] == group)
			return;
	*ARRAY_PUSH(needs->group, needs->n_group) = group;
}

static void need_peer(struct needs *needs, const struct filter_rule *rule)
{
	if (rule->peer_group)
		need_group(needs, rule->peer_group);
	for (size_t i = 0; i < needs->n_list; i++)
		if (needs->list[i] == rule->peer_list)
			return;
	if (rule->peer_list)
		*ARRAY_PUSH(needs->list, needs->n_list) = rule->peer_list;
}

static bool same_groups(const struct eni *a, const struct eni *b)
{
	return a->n_group == b->n_group &&
	       memcmp(a->group, b->group, a->n_group * sizeof(*a->group)) == 0;
}

static void need_chains(struct needs *needs, const struct eni *eni)
{
	struct chain_users *users;

	for (size_t i = 0; i < needs->n_chain; i++) {
		users = &needs->chain[i];
		if (!same_groups(users->eni[0], eni))
			continue;
		*ARRAY_PUSH(users->eni, users->n_eni) = eni;
		return;
	}
	users = ARRAY_PUSH(needs->chain, needs->n_chain);
	*ARRAY_PUSH(users->eni, users->n_eni) = eni;
	for (size_t i = 0; i < eni->n_group; i++) {
		need_group(needs, eni->group[i]);
		for (size_t j = 0; j < eni->group[i]->n_rule; j++)
			need_peer(needs, &eni->group[i]->rule[j]);
	}
}

static bool is_member(const struct eni *eni, const struct security_group *group)
{
	for (size_t i = 0; i < eni->n_group; i++)
		if (eni->group[i] == group)
			return true;
	return false;
}

static void member_sets(const struct compiler *c, const char *netns, const struct needs *needs)
{
	static const enum nft_field source[] = { NFT_SADDR };

	for (size_t i = 0; i < needs->n_group; i++) {
		const char *set = member_set_name(c, needs->group[i]);
		struct eni_address own = { 0 };

		origin_is(c, &needs->group[i]->resource, NULL);
		want_set(c, netns, set, source, 1, NFT_MAP_NONE);
		while (model_next_address(c->model, &own))
			if (is_member(own.eni, needs->group[i]))
				want_element(c, netns, set)->key[0].value = own.ip;
	}
}

static void list_sets(const struct compiler *c, const char *netns, const struct needs *needs)
{
	static const enum nft_field source[] = { NFT_SADDR };

	for (size_t i = 0; i < needs->n_list; i++) {
		const struct prefix_list *list = needs->list[i];

		origin_is(c, &list->resource, NULL);
		for (uint8_t length = 1; length <= 32; length++) {
			const char *set = list_set_name(c, list, length);

			if (!has_length(list, length))
				continue;
			want_set(c, netns, set, source, 1, NFT_MAP_NONE);
			for (size_t k = 0; k < list->n_entry; k++)
				if (list->entry[k].length == length)
					want_element(c, netns, set)->key[0].value =
						list->entry[k].address;
		}
	}
}

/* cloud-semantics: lb-5 */
static void health_checks_past(const struct compiler *c, struct nft_chain *chain,
			       const struct vswitch *vswitch)
{
	struct arena *arena = &c->wanted->arena;
	char link[LINK_NAME_SIZE];
	struct nft_rule *rule;

	if (c->model->provider != PROVIDER_ALIBABA || !vpc_has_balancer(c->model, vswitch->vpc))
		return;
	rule = want_nft_rule(c, chain, BY(PAST_GROUPS));
	nft_match_name(arena, rule, NFT_IIFNAME, link_name(&vswitch->vpc->resource, link));
	nft_match_prefix(arena, rule, NFT_SADDR, CLOUD_SERVICES.address, CLOUD_SERVICES.length);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
}

/* vswitch NULL: of the one interface, by that link, which has the way to the internet alone. */
static void base_chain(const struct compiler *c, const char *netns, const struct vswitch *vswitch,
		       const char *link)
{
	static const enum nft_field in[] = { NFT_IIFNAME }, out[] = { NFT_OIFNAME };
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;

	want_set(c, netns, "egress", in, 1, NFT_MAP_VERDICT);
	want_set(c, netns, "ingress", out, 1, NFT_MAP_VERDICT);
	chain = want_chain(c, netns, "forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, false);
	if (model_cloud(c->model)->groups_see_too_big) {
		struct nft_rule *rule = want_nft_rule(c, chain, BY(PART));

		nft_match_value(arena, rule, NFT_ICMP_TYPE, NFT_EQUAL, 3);
		nft_match_value(arena, rule, NFT_ICMP_CODE, NFT_EQUAL, 4);
		nft_lookup(arena, rule, NFT_VMAP, "ingress", out, 1, 32, false);
	}
	rule_state(c, chain, BY(CONNECTION), NFT_STATE_ESTABLISHED | NFT_STATE_RELATED,
		   NFT_VERDICT_ACCEPT);
	if (vswitch) {
		cloud_services_past(c, chain, vswitch, NFT_DADDR, true);
		health_checks_past(c, chain, vswitch);
	} else {
		compile_smtp_closed(c, chain, link);
	}
	nft_lookup(arena, want_nft_rule(c, chain, BY(PART)), NFT_VMAP, "egress", in, 1, 32, false);
	nft_lookup(arena, want_nft_rule(c, chain, BY(PART)), NFT_VMAP, "ingress", out, 1, 32,
		   false);
}

/* The ports whose ENIs share the chain. */
static void port_elements(const struct compiler *c, const char *netns, const char *map,
			  const char *chain, const struct chain_users *users)
{
	char link[LINK_NAME_SIZE];

	for (size_t i = 0; i < users->n_eni; i++) {
		struct nft_element *element;

		origin_is(c, eni_owner(users->eni[i]), NULL);
		element = want_element(c, netns, map);
		element->key[0].name =
			arena_strdup(&c->wanted->arena, link_name(&users->eni[i]->resource, link));
		element->data.verdict = NFT_VERDICT_JUMP;
		element->data.chain = chain;
	}
}

static void group_chains(const struct compiler *c, const char *netns, struct needs *needs)
{
	for (size_t i = 0; i < needs->n_chain; i++) {
		const struct chain_users *users = &needs->chain[i];
		const struct eni *any = users->eni[0];

		port_elements(c, netns, "egress", group_chain(c, netns, any, DIRECTION_OUT), users);
		port_elements(c, netns, "ingress", group_chain(c, netns, any, DIRECTION_IN), users);
	}
	member_sets(c, netns, needs);
	list_sets(c, netns, needs);
	needs_free(needs);
}

void compile_security_groups(const struct compiler *c, const struct vswitch *vswitch)
{
	struct needs needs = { 0 };
	size_t cursor = 0;

	origin_is(c, &vswitch->resource, NULL);
	base_chain(c, vswitch->resource.name, vswitch, NULL);
	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));)
		if (eni->vswitch == vswitch && eni->ecs && !eni_is_cut_through(eni))
			need_chains(&needs, eni);
	group_chains(c, vswitch->resource.name, &needs);
}

void compile_groups_of(const struct compiler *c, const char *netns, const struct eni *eni)
{
	struct needs needs = { 0 };
	char link[LINK_NAME_SIZE];

	base_chain(c, netns, NULL, link_name(&eni->resource, link));
	need_chains(&needs, eni);
	group_chains(c, netns, &needs);
}
