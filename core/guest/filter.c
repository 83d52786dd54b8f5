/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter_ipv4.h>

#include "core/base/memory.h"
#include "core/guest/internal.h"

/*
 * The rules of nftables that somebody has set up in a namespace. Each is a row of comparisons of
 * one field with ranges, and a verdict; what is more than that is not understood, and a packet that
 * comes to such a rule is told so.
 */

enum {
	JUMPS_MAX = 16,    /* the kernel's own limit */
	LOOPBACK_INDEX = 1 /* in every namespace */
};

bool guest_is_of_table(const struct guest_table *table, uint8_t family, const char *name)
{
	return table->family == family && strcmp(table->name, name) == 0;
}

struct guest_chain *guest_find_chain(const struct guest_filter *filter,
				     const struct guest_table *table, const char *name)
{
	for (size_t i = 0; i < filter->n_chain; i++)
		if (guest_is_of_table(&filter->chain[i].table, table->family, table->name) &&
		    strcmp(filter->chain[i].name, name) == 0)
			return &filter->chain[i];
	return NULL;
}

void guest_filter_free(struct guest_filter *filter)
{
	if (!filter || --filter->users)
		return;
	for (size_t i = 0; i < filter->n_chain; i++) {
		for (size_t k = 0; k < filter->chain[i].n_rule; k++) {
			struct guest_filter_rule *rule = &filter->chain[i].rule[k];

			for (size_t m = 0; m < rule->n_match; m++)
				free(rule->match[m].range);
			free(rule->match);
			free(rule->map);
		}
		free(filter->chain[i].rule);
	}
	for (size_t i = 0; i < filter->n_set; i++)
		free(filter->set[i].element);
	free(filter->chain);
	free(filter->set);
	arena_free(&filter->arena);
	free(filter);
}

/* ---- a packet ---- */

static uint32_t field_of(const struct guest_packet *packet, int field)
{
	switch (field) {
	case NFT_IIFNAME:
		return (uint32_t)packet->in;
	case NFT_OIFNAME:
		return (uint32_t)packet->out;
	case NFT_SADDR:
		return packet->source;
	case NFT_DADDR:
		return packet->destination;
	case NFT_L4PROTO:
		return packet->protocol;
	case NFT_SPORT:
		return packet->source_port;
	case NFT_DPORT:
		return packet->destination_port;
	case NFT_ICMP_TYPE:
		return packet->icmp_type;
	case NFT_STATE:
		return packet->state;
	case FIELD_FAMILY:
		return NFPROTO_IPV4;
	case FIELD_ETHER_TYPE:
		return ETH_P_IP;
	default:
		return 0;
	}
}

/* *ret_range: the one that it is in, if it is. */
static bool matches(const struct guest_match *match, const struct guest_packet *packet,
		    size_t *ret_range)
{
	const uint32_t value = field_of(packet, match->field) & match->mask;
	size_t i = 0;

	while (i < match->n_range &&
	       (value < match->range[i].first || value > match->range[i].last))
		i++;
	*ret_range = i;
	return (i < match->n_range) != match->not ;
}

static void doubt(struct guest_filtered *filtered, const struct guest_chain *chain, unsigned rule)
{
	if (filtered->doubt_chain)
		return;
	filtered->doubt_chain = chain;
	filtered->doubt = rule;
}

/* NF_ACCEPT, NF_DROP, or NFT_CONTINUE at the chain's end. */
static int run(const struct guest_filter *filter, const struct guest_chain *chain,
	       const struct guest_packet *packet, struct guest_filtered *filtered, unsigned depth)
{
	for (size_t i = 0; i < chain->n_rule; i++) {
		const struct guest_filter_rule *rule = &chain->rule[i];
		struct guest_verdict verdict = rule->verdict;
		bool all = true;
		size_t range = 0;
		int code;

		for (size_t m = 0; m < rule->n_match && all; m++)
			all = matches(&rule->match[m], packet, &range);
		if (!all)
			continue;
		if (rule->unknown) {
			doubt(filtered, chain, (unsigned)i + 1);
			continue;
		}
		if (range < rule->n_map)
			verdict = rule->map[range];
		if (verdict.code == NF_ACCEPT || verdict.code == NF_DROP) {
			filtered->chain = chain;
			filtered->rule = (unsigned)i + 1;
			return verdict.code;
		}
		if (verdict.code == NFT_RETURN)
			break;
		if (verdict.code == NFT_JUMP || verdict.code == NFT_GOTO) {
			const struct guest_chain *other =
				guest_find_chain(filter, &chain->table, verdict.chain);

			code = other && depth < JUMPS_MAX
				       ? run(filter, other, packet, filtered, depth + 1)
				       : NFT_CONTINUE;
			if (code != NFT_CONTINUE || verdict.code == NFT_GOTO)
				return code;
		}
	}
	return NFT_CONTINUE;
}

void guest_each_range(const struct guest *guest,
		      void (*say)(void *arg, int field, uint32_t first, uint32_t last), void *arg)
{
	for (size_t i = 0; guest->filter && i < guest->filter->n_chain; i++) {
		const struct guest_chain *chain = &guest->filter->chain[i];

		for (size_t k = 0; k < chain->n_rule; k++) {
			for (size_t m = 0; m < chain->rule[k].n_match; m++) {
				const struct guest_match *match = &chain->rule[k].match[m];

				for (size_t n = 0; n < match->n_range; n++)
					say(arg, match->field, match->range[n].first,
					    match->range[n].last | ~match->mask);
			}
		}
	}
}

const char *guest_family_word(uint8_t family)
{
	return family == NFPROTO_NETDEV ? "netdev" : family == NFPROTO_INET ? "inet" : "ip";
}

bool guest_is_legacy(const struct guest_table *table)
{
	return table->family == FAMILY_LEGACY;
}

void guest_format_table(struct text *text, const struct guest_table *table)
{
	if (guest_is_legacy(table))
		text_addf(text, "iptables-legacy table %s", table->name);
	else
		text_addf(text, "nftables table %s %s", guest_family_word(table->family),
			  table->name);
}

bool guest_filters(const struct guest *guest)
{
	for (size_t i = 0; guest->filter && i < guest->filter->n_chain; i++)
		if (guest->filter->chain[i].hook >= 0)
			return true;
	return false;
}

/*
 * Before connection tracking has looked at it every packet is invalid, but one that comes back in
 * by the loopback: it was looked at when it went out.
 */
static bool is_tracked(const struct guest_chain *chain, const struct guest_packet *packet)
{
	return chain->priority >= NF_IP_PRI_CONNTRACK ||
	       (chain->hook != NFT_HOOK_OUTPUT &&
		(chain->hook != NFT_HOOK_PREROUTING || packet->in == LOOPBACK_INDEX));
}

/* Does the packet come by the chain? */
static bool comes_by(const struct guest_chain *chain, enum nft_hook hook,
		     const struct guest_packet *packet)
{
	const int link = hook == NFT_HOOK_PREROUTING ? packet->in : packet->out;

	return chain->hook == (int)hook && (!chain->link || chain->link == link) &&
	       (!chain->nat || packet->state == NFT_STATE_NEW);
}

struct guest_filtered guest_filter(const struct guest *guest, enum nft_hook hook,
				   const struct guest_packet *packet)
{
	struct guest_filtered filtered = { 0 };
	const struct guest_filter *filter = guest->filter;

	for (size_t i = 0; filter && i < filter->n_chain && !filtered.drops; i++) {
		const struct guest_chain *chain = &filter->chain[i];
		struct guest_packet seen = *packet;
		int code;

		if (!comes_by(chain, hook, packet))
			continue;
		if (!is_tracked(chain, packet))
			seen.state = NFT_STATE_INVALID;
		code = run(filter, chain, &seen, &filtered, 0);
		if (chain->on_device) {
			if (chain->policy_drop)
				doubt(&filtered, chain, 0);
			continue;
		}
		filtered.base = chain;
		filtered.drops = code == NF_DROP || (code == NFT_CONTINUE && chain->policy_drop);
		if (code == NFT_CONTINUE) {
			filtered.chain = chain;
			filtered.rule = 0;
		}
	}
	return filtered;
}
