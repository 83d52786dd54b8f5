/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

/*
 * A network ACL, in the forward hook of the vSwitch's router, before the security groups and their
 * connection tracking: it is stateless, so every packet is looked at, answers too.
 * cloud-semantics: acl-14, acl-15
 *
 *   iifname @uplink   goto acl.in     what comes into the vSwitch
 *   oifname @uplink   goto acl.out    what leaves it
 *
 * What stays inside the vSwitch meets neither. Both chains end with drop. DNS and metadata, which
 * no ACL filters, are not there in a lab. cloud-semantics: acl-16
 */
enum { PRIORITY_ACL = -10 };

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
		if (entry->protocol != PROTOCOL_ALL)
			nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, entry->protocol);
		/* The port is always the destination's. */
		if (entry->port_first && (entry->port_first > 1 || entry->port_last < 65535))
			nft_match_range(arena, rule, NFT_DPORT, entry->port_first,
					entry->port_last);
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
	rule = want_nft_rule(c, chain, BY(PART, .resource = &vswitch->acl->resource));
	nft_lookup(arena, rule, NFT_IN_SET, "uplink", in, 1, 32, false);
	nft_verdict(arena, rule, NFT_VERDICT_GOTO, "acl.in");
	rule = want_nft_rule(c, chain, BY(PART, .resource = &vswitch->acl->resource));
	nft_lookup(arena, rule, NFT_IN_SET, "uplink", out, 1, 32, false);
	nft_verdict(arena, rule, NFT_VERDICT_GOTO, "acl.out");
}

void compile_acls(const struct compiler *c, const struct vpc *vpc)
{
	for (size_t i = 0; i < model_count(c->model, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(c->model, NOUN_VSWITCH, i);

		if (vswitch->vpc == vpc && vswitch->acl)
			at_vswitch(c, vswitch);
	}
}
