/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>

#include "core/base/memory.h"
#include "lab/compile/internal.h"
#include "lab/model/cloud.h"
#include "lab/model/query.h"
#include "lab/model/words.h"

/*
 * A network ACL, in the forward hook of the vSwitch's router, before the security groups and their
 * connection tracking: it is stateless, so every packet is looked at, answers too.
 * cloud-semantics: acl-14, acl-15
 *
 *   iifname @uplink   goto acl.in     what comes into the vSwitch
 *   oifname @uplink   goto acl.out    what leaves it
 *
 * What stays inside the vSwitch meets neither. Both chains end with drop. Before them all pass DNS
 * and metadata, which no ACL filters. cloud-semantics: acl-6, acl-16
 */
enum { PRIORITY_ACL = -10 };

void compile_filter_rule(const struct compiler *c, struct nft_rule *rule,
			 const struct filter_rule *filter)
{
	const uint16_t first = filter->port_first, last = filter->port_last;
	struct arena *arena = &c->wanted->arena;

	if (filter->protocol != PROTOCOL_ALL)
		nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, filter->protocol);
	if (filter->protocol == PROTOCOL_ICMP) {
		if (first)
			nft_match_value(arena, rule, NFT_ICMP_TYPE, NFT_EQUAL, first - 1u);
		if (last)
			nft_match_value(arena, rule, NFT_ICMP_CODE, NFT_EQUAL, last - 1u);
	} else if (first && (first > 1 || last < 65535)) {
		/* The port is always the destination's. */
		nft_match_range(arena, rule, NFT_DPORT, first, last);
	}
}

static void acl_chain(const struct compiler *c, const char *netns, const char *name,
		      const struct acl *acl, enum direction direction)
{
	const enum nft_field field = direction == DIRECTION_IN ? NFT_SADDR : NFT_DADDR;
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain = want_chain(c, netns, name, NFT_CHAIN_PLAIN, 0, 0, false);
	struct nft_rule *rule;

	for (size_t i = 0; i < acl->n_rule; i++) {
		const struct filter_rule *entry = &acl->rule[i];

		if (entry->direction != direction)
			continue;
		rule = want_nft_rule(c, chain,
				     BY(ACL_RULE, .resource = &acl->resource, .rule = entry,
					.direction = direction));
		nft_match_prefix(arena, rule, field, entry->peer.address, entry->peer.length);
		compile_filter_rule(c, rule, entry);
		nft_verdict(arena, rule,
			    entry->policy == POLICY_ACCEPT ? NFT_VERDICT_ACCEPT : NFT_VERDICT_DROP,
			    NULL);
	}
	rule = want_nft_rule(c, chain,
			     BY(ACL_RULE, .resource = &acl->resource, .direction = direction));
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

static void at_vswitch(const struct compiler *c, const struct vswitch *vswitch)
{
	static const enum nft_field in[] = { NFT_IIFNAME }, out[] = { NFT_OIFNAME };
	struct arena *arena = &c->wanted->arena;
	const char *netns = vswitch->resource.name;
	char link[LINK_NAME_SIZE];
	struct nft_chain *chain;
	struct nft_rule *rule;
	size_t cursor = 0;

	origin_is(c, &vswitch->acl->resource, &vswitch->resource);
	want_set(c, netns, "uplink", in, 1, NFT_MAP_NONE);
	want_element(c, netns, "uplink")->key[0].name =
		arena_strdup(arena, link_name(&vswitch->vpc->resource, link));
	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));)
		if (eni->vswitch == vswitch && is_next_hop(c, eni))
			want_element(c, netns, "uplink")->key[0].name =
				arena_strdup(arena, next_hop_link(eni, link));
	acl_chain(c, netns, "acl.in", vswitch->acl, DIRECTION_IN);
	acl_chain(c, netns, "acl.out", vswitch->acl, DIRECTION_OUT);

	chain = want_chain(c, netns, "acl", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, PRIORITY_ACL,
			   false);
	cloud_services_past(c, chain, vswitch, NFT_SADDR, false);
	cloud_services_past(c, chain, vswitch, NFT_DADDR, false);
	rule = want_nft_rule(c, chain, BY(PART, .resource = &vswitch->acl->resource));
	nft_lookup(arena, rule, NFT_IN_SET, "uplink", in, 1, 32, false);
	nft_verdict(arena, rule, NFT_VERDICT_GOTO, "acl.in");
	rule = want_nft_rule(c, chain, BY(PART, .resource = &vswitch->acl->resource));
	nft_lookup(arena, rule, NFT_IN_SET, "uplink", out, 1, 32, false);
	nft_verdict(arena, rule, NFT_VERDICT_GOTO, "acl.out");
}

/* ---- AWS ---- */

/*
 * The VPC's router is the edge of all its subnets, also of what is beside it: the links of a subnet
 * are its own, one for each of its interfaces that a route leads to, and those of its NAT gateways.
 *
 *   acl_out   iifname . oifname @inside   accept            within a subnet: no ACL
 *             iifname vmap @acl_out       goto ACL1.out     as it leaves a subnet
 *   acl_in    the same with oifname and ACL1.in             as it comes into one
 *
 * An ACL that passes everything has no rules here. cloud-semantics: acl-3, aws-8
 */
struct edge {
	const struct compiler *c;
	const char *netns;
	const char **link; /* of the subnet */
	size_t n_link;
};

static void add_link(struct edge *edge, const char *link)
{
	*ARRAY_PUSH(edge->link, edge->n_link) = arena_strdup(&edge->c->wanted->arena, link);
}

static void find_links(struct edge *edge, const struct vswitch *subnet)
{
	const struct compiler *c = edge->c;
	char link[LINK_NAME_SIZE];
	size_t cursor = 0;

	add_link(edge, link_name(&subnet->resource, link));
	for (const struct eni *eni; (eni = model_next_eni(c->model, &cursor));)
		if (eni->vswitch == subnet && is_next_hop(c, eni))
			add_link(edge, next_hop_link(eni, link));
	model_each_user(c->model, NOUN_NAT_GATEWAY, subnet, const struct nat_gateway, nat)
		add_link(edge, link_name(&nat->resource, link));
	model_each_user(c->model, NOUN_LOAD_BALANCER, subnet, const struct load_balancer, balancer)
		add_link(edge, link_name(&balancer->resource, link));
}

static const char *chain_of(const struct compiler *c, const struct acl *acl,
			    enum direction direction)
{
	return arena_printf(&c->wanted->arena, "%s.%s", acl->resource.name,
			    word_of(direction_words, (int)direction));
}

static void subnet_elements(const struct compiler *c, const char *netns,
			    const struct vswitch *subnet)
{
	struct edge edge = { .c = c };

	origin_is(c, &subnet->acl->resource, &subnet->resource);
	find_links(&edge, subnet);
	for (size_t i = 0; i < edge.n_link; i++) {
		for (int way = DIRECTION_IN; way <= DIRECTION_OUT; way++) {
			struct nft_element *element =
				want_element(c, netns, way == DIRECTION_IN ? "acl_in" : "acl_out");

			element->key[0].name = edge.link[i];
			element->data.verdict = NFT_VERDICT_GOTO;
			element->data.chain = chain_of(c, subnet->acl, (enum direction)way);
		}
		for (size_t k = 0; k < edge.n_link; k++) {
			struct nft_element *element = want_element(c, netns, "inside");

			element->key[0].name = edge.link[i];
			element->key[1].name = edge.link[k];
		}
	}
	free(edge.link);
}

static void edge_chain(const struct compiler *c, const char *netns, const char *name,
		       enum nft_field link, int priority)
{
	static const enum nft_field pair[] = { NFT_IIFNAME, NFT_OIFNAME };
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;
	struct nft_rule *rule;

	want_set(c, netns, name, &link, 1, NFT_MAP_VERDICT);
	chain = want_chain(c, netns, name, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, priority, false);
	rule = want_nft_rule(c, chain, BY(PART));
	nft_lookup(arena, rule, NFT_IN_SET, "inside", pair, 2, 32, false);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
	nft_lookup(arena, want_nft_rule(c, chain, BY(PART)), NFT_VMAP, name, &link, 1, 32, false);
}

static void at_vpc_router(const struct compiler *c, const struct vpc *vpc)
{
	static const enum nft_field pair[] = { NFT_IIFNAME, NFT_OIFNAME };
	const char *netns = vpc->resource.name;
	bool any = false;

	model_each(c->model, NOUN_ACL, const struct acl, acl) {
		if (acl->vpc != vpc || acl_passes_all(acl))
			continue;
		any = true;
		origin_is(c, &acl->resource, &vpc->resource);
		acl_chain(c, netns, chain_of(c, acl, DIRECTION_IN), acl, DIRECTION_IN);
		acl_chain(c, netns, chain_of(c, acl, DIRECTION_OUT), acl, DIRECTION_OUT);
	}
	if (!any)
		return;
	origin_is(c, &vpc->resource, NULL);
	want_set(c, netns, "inside", pair, 2, NFT_MAP_NONE);
	edge_chain(c, netns, "acl_out", NFT_IIFNAME, PRIORITY_ACL - 1);
	edge_chain(c, netns, "acl_in", NFT_OIFNAME, PRIORITY_ACL);
	model_each(c->model, NOUN_VSWITCH, const struct vswitch, subnet)
		if (subnet->vpc == vpc && !acl_passes_all(subnet->acl))
			subnet_elements(c, netns, subnet);
}

void compile_acls(const struct compiler *c, const struct vpc *vpc)
{
	if (model_cloud(c->model)->acl_at_router) {
		at_vpc_router(c, vpc);
		return;
	}
	model_each(c->model, NOUN_VSWITCH, const struct vswitch, vswitch)
		if (vswitch->vpc == vpc && vswitch->acl)
			at_vswitch(c, vswitch);
}
