/* SPDX-License-Identifier: GPL-3.0-only */
#include <ctype.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/compile/layout.h"
#include "lab/explain/internal.h"

/* What a host's own rules of nftables say to a packet, at each hook of its kernel's. */

enum { ICMP_REPLY = 0, ICMP_REQUEST = 8 };

/* The sender's first packet is new to all that it meets; an answer only to whom it is none. */
static enum nft_state state_of(struct packet_walk *walk, struct node node)
{
	const struct track *track;

	if (!walk->back) {
		walk_remember(walk, node, &walk->packet, NULL);
		return NFT_STATE_NEW;
	}
	switch (walk_state(walk, node, &track)) {
	case STATE_NEW:
		return NFT_STATE_NEW;
	case STATE_KNOWN:
		return NFT_STATE_ESTABLISHED;
	case STATE_INVALID:
		break;
	}
	return NFT_STATE_INVALID;
}

static void note_edges(void *arg, int field, uint32_t first, uint32_t last)
{
	const struct packet_walk *walk = arg;
	const struct packet *packet = &walk->packet;

	if (field == NFT_DPORT && last <= UINT16_MAX)
		(void)walk_port_in(walk, packet, (uint16_t)first, (uint16_t)last);
	if (field == NFT_SPORT && !walk->back && walk->n_drawn)
		(void)walk_drawn_in(walk, first, last);
	if (field == NFT_SADDR || field == NFT_DADDR)
		(void)walk_between(walk, first, last,
				   field == NFT_SADDR ? packet->source : packet->destination);
}

static void add_doubt(struct packet_walk *walk, const struct resource *host,
		      const struct guest_filtered *filtered)
{
	const struct guest_chain *chain = filtered->doubt_chain;
	auto_text words = { 0 };

	if (filtered->doubt)
		text_addf(&words, "rule %u", filtered->doubt);
	else
		text_add(&words, "the policy");
	text_addf(&words, " of chain %s (", chain->name);
	guest_format_table(&words, &chain->table);
	text_addf(&words, ") in %s", host->name);
	if (!walk->x)
		index_note_doubt(walk->index, host, text_get(&words));
	for (size_t i = 0; walk->x && i < walk->x->n_doubt; i++)
		if (strcmp(walk->x->doubt[i], text_get(&words)) == 0)
			return;
	if (walk->x)
		*ARRAY_PUSH(walk->x->doubt, walk->x->n_doubt) =
			arena_strdup(&walk->x->arena, text_get(&words));
}

bool host_filters(struct packet_walk *walk, struct node node, enum nft_hook hook, const char *in,
		  const char *out, struct position *ret_place)
{
	const struct resource *resource = node.of;
	const struct host *host = changed_host(walk, node);
	const struct packet *packet = &walk->packet;
	const struct guest_link *in_link, *out_link;
	struct guest_filtered filtered;
	const uint16_t own_port = walk->n_drawn ? walk->choice.port : EPHEMERAL_FIRST;
	struct decision by = BY(NFT, .resource = resource, .foreign = true, .drop = true);

	if (!host || !guest_filters(&host->is))
		return false;
	in_link = in ? guest_find_link(&host->is, in) : NULL;
	out_link = out ? guest_find_link(&host->is, out) : NULL;
	if (walk->box || walk->n_drawn)
		guest_each_range(&host->is, note_edges, walk);
	filtered = guest_filter(
		&host->is, hook,
		&(struct guest_packet){
			.source = packet->source,
			.destination = packet->destination,
			.source_port = packet->source_port ? packet->source_port : own_port,
			.destination_port = packet->destination_port ? packet->destination_port
								     : own_port,
			.protocol = (uint8_t)packet->protocol,
			.icmp_type = walk->back ? ICMP_REPLY : ICMP_REQUEST,
			.in = in_link ? in_link->index : 0,
			.out = out_link ? out_link->index : 0,
			.state = state_of(walk, node),
		});
	if (filtered.doubt_chain)
		add_doubt(walk, resource, &filtered);
	if (!filtered.drops)
		return false;
	if (walk->x) {
		by.chain = arena_strdup(&walk->x->arena, filtered.chain->name);
		auto_text table = { 0 };

		guest_format_table(&table, &filtered.chain->table);
		by.words = arena_strdup(&walk->x->arena, text_get(&table));
		by.number = filtered.rule;
		by.by_policy = !filtered.rule;
		walk->filter_chain = filtered.base;
	}
	*ret_place = walk_lose(walk, node, CODE_HOST_FIREWALL, by);
	return true;
}

bool host_filters_itself(struct packet_walk *walk, struct node node, struct position *ret_place)
{
	static const struct {
		enum nft_hook hook;
		const char *in, *out;
	} way[] = {
		{ NFT_HOOK_OUTPUT, NULL, "lo" },
		{ NFT_HOOK_POSTROUTING, NULL, "lo" },
		{ NFT_HOOK_PREROUTING, "lo", NULL },
		{ NFT_HOOK_INPUT, "lo", NULL },
	};
	const struct packet sent = walk->packet;

	for (int back = 0; back < 2; back++) {
		for (size_t i = 0; i < ARRAY_SIZE(way); i++)
			if (host_filters(walk, node, way[i].hook, way[i].in, way[i].out, ret_place))
				return true;
		walk->back = !back;
		walk->packet = back ? sent : packet_turned(&sent);
	}
	return false;
}

static bool is_plain(const char *name)
{
	while (isalnum((unsigned char)*name) || (*name && strchr("_./-", *name)))
		name++;
	return !*name;
}

void remedy_host_filter(struct packet_walk *walk, const struct resource *host)
{
	const struct guest_chain *chain = walk->filter_chain;
	const struct packet *packet = &walk->packet;
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];
	const char *what;

	if (!is_plain(chain->name) || !is_plain(chain->table.name))
		return;
	what = packet->protocol == PROTOCOL_ICMP
		       ? arena_printf(&walk->x->arena, "icmp type echo-%s",
				      walk->back ? "reply" : "request")
		       : arena_printf(&walk->x->arena, "%s %s %u", protocol_word(packet->protocol),
				      walk->back ? "sport" : "dport",
				      walk->back ? packet->source_port : packet->destination_port);
	if (guest_is_legacy(&chain->table))
		remedy(walk, "%s iptables-legacy -t %s -I %s -p %s -s %s -d %s -j ACCEPT",
		       host->name, chain->table.name, chain->name, protocol_word(packet->protocol),
		       address_format(packet->source, from),
		       address_format(packet->destination, to));
	else
		remedy(walk, "%s nft insert rule %s %s %s ip saddr %s ip daddr %s %s accept",
		       host->name, guest_family_word(chain->table.family), chain->table.name,
		       chain->name, address_format(packet->source, from),
		       address_format(packet->destination, to), what);
}
