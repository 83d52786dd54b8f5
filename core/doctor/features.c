/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/doctor/features.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/netlink/conntrack.h"
#include "core/nftables/trace.h"
#include "core/state/nft.h"

static const char *const namespaces[2] = { DOCTOR_NETNS, "doctor-b" };

static struct wanted *new_wanted(void)
{
	struct wanted *wanted = xnew(struct wanted);

	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		wanted_add(wanted, OBJECT_NETNS, namespaces[i])->netns_.role = NETNS_ROUTER;
	return wanted;
}

static void want_link(struct wanted *wanted)
{
	struct object *object = wanted_add(wanted, OBJECT_VETH, namespaces[0]);

	object->veth = (struct veth_object){
		.link = "doctor",
		.peer_netns = namespaces[1],
		.peer_link = "doctor",
		.mac = { 0x02, 0, 0, 0, 0, 1 },
		.mtu = 9001,
	};
}

static void want_routing(struct wanted *wanted)
{
	struct object *object;

	want_link(wanted);
	object = wanted_add(wanted, OBJECT_ROUTE, namespaces[0]);
	object->route = (struct route_object){
		.table = 1000,
		.to = { .address = 0, .length = 0 },
		.type = ROUTE_UNICAST,
		.link = "doctor",
		.via = 0xa9fe0001,
		.onlink = true,
	};
	object = wanted_add(wanted, OBJECT_RULE, namespaces[0]);
	object->rule = (struct rule_object){ .priority = 1000, .iif = "doctor", .table = 1000 };
	object = wanted_add(wanted, OBJECT_RULE, namespaces[0]);
	object->rule = (struct rule_object){ .priority = 1001, .mark = 1, .table = 1000 };
	object = wanted_add(wanted, OBJECT_ROUTE, namespaces[0]);
	object->route = (struct route_object){ .table = 1000,
					       .to = { .address = 0x0a000000, .length = 8 },
					       .type = ROUTE_BLACKHOLE };
	object = wanted_add(wanted, OBJECT_ROUTE, namespaces[0]);
	object->route = (struct route_object){ .table = 1000,
					       .to = { .address = 0xac100000, .length = 12 },
					       .type = ROUTE_THROW };
}

static struct nft_chain *want_chain(struct wanted *wanted, enum nft_chain_type type,
				    enum nft_hook hook)
{
	struct object *object = wanted_add(wanted, OBJECT_NFT_CHAIN, namespaces[0]);

	object->chain = (struct nft_chain){
		.name = hook == NFT_HOOK_PREROUTING ? "doctor-in" : "doctor-out",
		.type = type,
		.hook = hook,
		.priority = type != NFT_CHAIN_NAT         ? 0
			    : hook == NFT_HOOK_PREROUTING ? -100
							  : 100,
	};
	return &object->chain;
}

/* Add a rule to a new chain of the forward hook. */
static struct nft_rule *want_filter_rule(struct wanted *wanted)
{
	return nft_rule_add(&wanted->arena, want_chain(wanted, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD));
}

static void want_set(struct wanted *wanted, const struct nft_set *set)
{
	wanted_add(wanted, OBJECT_NFT_SET, namespaces[0])->set = *set;
}

/* A rule with every field that rules compare, and with what needs no module of its own. */
static void want_rules(struct wanted *wanted)
{
	struct arena *arena = &wanted->arena;
	struct nft_chain *chain = want_chain(wanted, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD);
	struct nft_rule *rule = nft_rule_add(arena, chain);

	nft_match_name(arena, rule, NFT_IIFNAME, "doctor");
	nft_match_name(arena, rule, NFT_OIFNAME, "doctor");
	nft_match_prefix(arena, rule, NFT_SADDR, 0x0a000000, 8);
	nft_match_prefix(arena, rule, NFT_DADDR, 0x0a000001, 32);
	nft_match_value(arena, rule, NFT_FRAG_OFF, NFT_ANY_BIT, NFT_FRAG_MORE_OR_OFFSET);
	nft_match_value(arena, rule, NFT_TTL, NFT_NO_BIT, 1);
	nft_match_value(arena, rule, NFT_IP_ID, NFT_NO_BIT, 1);
	nft_flip(arena, rule, NFT_FLIP_UNSEEN, NFT_TTL, 1);
	nft_flip(arena, rule, NFT_FLIP, NFT_IP_ID, 1);
	nft_set_source(arena, rule, 0x0a000001);
	nft_set_mss(arena, rule, 1460);
	nft_limit_bytes(arena, rule, 125000, 131072);
	nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, IPPROTO_TCP);
	nft_match_value(arena, rule, NFT_SPORT, NFT_EQUAL, 80);
	nft_match_range(arena, rule, NFT_DPORT, 80, 90);
	nft_counter(arena, rule);
	nft_set_mark(arena, rule, 1);
	rule = nft_rule_add(arena, chain);
	nft_match_value(arena, rule, NFT_MARK, NFT_EQUAL, 1);
	nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, IPPROTO_ICMP);
	nft_match_value(arena, rule, NFT_ICMP_TYPE, NFT_EQUAL, 8);
	nft_match_value(arena, rule, NFT_ICMP_CODE, NFT_EQUAL, 0);
	nft_verdict(arena, rule, NFT_VERDICT_DROP, NULL);
}

static void want_conntrack(struct wanted *wanted)
{
	struct arena *arena = &wanted->arena;
	struct nft_rule *rule = want_filter_rule(wanted);

	nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_ESTABLISHED);
	nft_match_value(arena, rule, NFT_STATUS, NFT_ANY_BIT, NFT_STATUS_DNAT);
	nft_match_value(arena, rule, NFT_FLOW_MARK, NFT_EQUAL, 1);
	nft_set_flow_mark(arena, rule, 2);
	nft_verdict(arena, rule, NFT_VERDICT_ACCEPT, NULL);
}

static void want_maps(struct wanted *wanted)
{
	static const enum nft_field port[] = { NFT_OIFNAME }, member[] = { NFT_IIFNAME, NFT_SADDR },
				    mark[] = { NFT_MARK };
	struct arena *arena = &wanted->arena;
	struct nft_chain *chain;

	want_set(wanted, &(struct nft_set){ .name = "ports",
					    .key = { NFT_OIFNAME },
					    .n_key = 1,
					    .data = NFT_MAP_VERDICT });
	want_set(wanted, &(struct nft_set){ .name = "members",
					    .key = { NFT_IIFNAME, NFT_SADDR },
					    .n_key = 2 });
	want_set(wanted,
		 &(struct nft_set){
			 .name = "filled", .key = { NFT_MARK }, .n_key = 1, .dynamic = true });
	chain = want_chain(wanted, NFT_CHAIN_FILTER, NFT_HOOK_FORWARD);
	nft_lookup(arena, nft_rule_add(arena, chain), NFT_IN_SET, "members", member,
		   ARRAY_SIZE(member), 32, false);
	nft_lookup(arena, nft_rule_add(arena, chain), NFT_VMAP, "ports", port, ARRAY_SIZE(port), 32,
		   false);
	nft_lookup(arena, nft_rule_add(arena, chain), NFT_ADD_KEY, "filled", mark, ARRAY_SIZE(mark),
		   32, false);
	nft_lookup(arena, nft_rule_add(arena, chain), NFT_DELETE_KEY, "filled", mark,
		   ARRAY_SIZE(mark), 32, false);
}

static void want_nat(struct wanted *wanted)
{
	static const enum nft_field entry[] = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT },
				    source[] = { NFT_SADDR };
	static const uint32_t address[] = { 0xcb007101 };
	struct arena *arena = &wanted->arena;
	struct nft_chain *chain;
	struct nft_rule *rule;

	want_set(wanted, &(struct nft_set){ .name = "entries",
					    .key = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT },
					    .n_key = 3,
					    .data = NFT_MAP_ADDRESS_PORT });
	want_set(wanted, &(struct nft_set){ .name = "sources",
					    .key = { NFT_SADDR },
					    .n_key = 1,
					    .data = NFT_MAP_ADDRESS });
	chain = want_chain(wanted, NFT_CHAIN_NAT, NFT_HOOK_PREROUTING);
	nft_lookup(arena, nft_rule_add(arena, chain), NFT_DNAT_MAP, "entries", entry,
		   ARRAY_SIZE(entry), 32, true);
	nft_nat(arena, nft_rule_add(arena, chain), NFT_DNAT_TO, address, 1);
	chain = want_chain(wanted, NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING);
	nft_lookup(arena, nft_rule_add(arena, chain), NFT_SNAT_MAP, "sources", source,
		   ARRAY_SIZE(source), 32, false);
	rule = nft_rule_add(arena, chain);
	nft_match_value(arena, rule, NFT_L4PROTO, NFT_EQUAL, IPPROTO_UDP);
	nft_nat(arena, rule, NFT_SNAT_TO, address, 1);
	nft_snat_ports(rule, 1024, 65535, false);
}

static void want_nat_pool(struct wanted *wanted)
{
	static const uint32_t pool[] = { 0xcb007101, 0xcb007102 };
	struct nft_chain *chain = want_chain(wanted, NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING);

	nft_nat(&wanted->arena, nft_rule_add(&wanted->arena, chain), NFT_SNAT_POOL, pool,
		ARRAY_SIZE(pool));
	nft_nat(&wanted->arena, nft_rule_add(&wanted->arena, chain), NFT_SNAT_POOL_BY_PAIR, pool,
		ARRAY_SIZE(pool));
}

static void want_rate(struct wanted *wanted)
{
	struct nft_rule *rule = want_filter_rule(wanted);

	nft_limit_rate(&wanted->arena, rule, 1000);
	nft_verdict(&wanted->arena, rule, NFT_VERDICT_DROP, NULL);
}

static void want_count_by(struct wanted *wanted, const char *name, const enum nft_field *key,
			  unsigned n_key)
{
	struct nft_set set = { .name = name, .n_key = n_key, .dynamic = true };
	struct nft_rule *rule;

	memcpy(set.key, key, n_key * sizeof(*key));
	want_set(wanted, &set);
	rule = want_filter_rule(wanted);
	nft_limit_connections(&wanted->arena, rule, name, key, n_key, 10, 1000);
	nft_verdict(&wanted->arena, rule, NFT_VERDICT_DROP, NULL);
}

static void want_count(struct wanted *wanted)
{
	want_count_by(wanted, "connections", (const enum nft_field[]){ NFT_NUMBER }, 1);
}

static void want_count_each(struct wanted *wanted)
{
	want_count_by(wanted, "destination", (const enum nft_field[]){ NFT_DADDR, NFT_RANDOM }, 2);
}

static void want_reject(struct wanted *wanted)
{
	struct nft_rule *rule = want_filter_rule(wanted);

	nft_match_value(&wanted->arena, rule, NFT_L4PROTO, NFT_EQUAL, IPPROTO_TCP);
	nft_reject_reset(&wanted->arena, rule);
}

static void want_nothing(struct wanted *wanted)
{
	(void)wanted;
}

static int use_trace(struct error *err)
{
	static const struct nft_trace_port port = { .protocol = IPPROTO_TCP, .port = 80 };
	struct nft_trace *trace = NULL;
	int r = nft_trace_begin(&trace, &port, 1, err);

	if (r == 0)
		nft_trace_free(trace);
	return r;
}

/* There is no such connection; what counts is that the kernel understands the question. */
static int use_lookup(struct error *err)
{
	const struct tuple tuple = { .source = 0x0a000001,
				     .destination = 0x0a000002,
				     .protocol = IPPROTO_TCP };
	struct tuple after;
	int r = conntrack_translate(&tuple, &after, err);

	return r == -ENOENT ? 0 : r;
}

const struct doctor_feature doctor_features[] = {
	{ "veth", "links between nodes", "veth", want_link, NULL, false },
	{ "policy routing", "route tables of vSwitches", "CONFIG_IP_MULTIPLE_TABLES", want_routing,
	  NULL, false },
	{ "nftables", "rules of security groups and ACLs", "nf_tables", want_rules, NULL, false },
	{ "nftables, connection tracking", "security groups", "nf_conntrack nft_ct", want_conntrack,
	  NULL, false },
	{ "nftables, sets and verdict maps", "security groups", "nf_tables", want_maps, NULL,
	  false },
	{ "nftables, NAT by maps", "SNAT and DNAT entries", "nft_nat nft_chain_nat nf_nat",
	  want_nat, NULL, false },
	{ "nftables, NAT by hash", "SNAT entries with several EIPs", "nft_hash nft_nat",
	  want_nat_pool, NULL, false },
	{ "nftables, limit", "new connections of a gateway", "nft_limit", want_rate, NULL, false },
	{ "nftables, ct count", "connections of a gateway", "nft_connlimit nft_numgen", want_count,
	  NULL, false },
	{ "nftables, ct count by key", "connections to one destination", "nft_connlimit nft_numgen",
	  want_count_each, NULL, false },
	{ "nftables, reject", "connections that an AWS gateway forgot", "nft_reject_ipv4",
	  want_reject, NULL, false },
	{ "nftables, trace", "the command trace", "nf_tables nfnetlink", want_nothing, use_trace,
	  true },
	{ "connection tracking, look-up", "the command trace", "nf_conntrack_netlink",
	  want_conntrack, use_lookup, true },
	{ .name = NULL },
};

struct wanted *doctor_wanted(const struct doctor_feature *feature)
{
	struct wanted *wanted = new_wanted();

	feature->want(wanted);
	wanted_sort(wanted);
	return wanted;
}
