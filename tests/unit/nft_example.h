/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* A table with one of every kind of set, chain, statement and element, and the batch that loads it.
 * Include after test.h. */
#include "tests/unit/nft_helper.h"

static struct arena arena;

struct description {
	struct nft_set set[16];
	size_t n_set;
	struct nft_chain chain[16];
	size_t n_chain;
	struct nft_element element[32];
	size_t n_element;
};

static inline const struct nft_set *find_set(const struct description *description,
					     const char *name)
{
	for (size_t i = 0; i < description->n_set; i++)
		if (strcmp(description->set[i].name, name) == 0)
			return &description->set[i];
	test_fail("no set %s", name);
}

#define SET(description, name_, data_, ...)                                         \
	do {                                                                        \
		const enum nft_field key_[] = { __VA_ARGS__ };                      \
		struct nft_set *set_ = &(description)->set[(description)->n_set++]; \
		*set_ = (struct nft_set){ .name = name_,                            \
					  .n_key = ARRAY_SIZE(key_),                \
					  .data = data_ };                          \
		memcpy(set_->key, key_, sizeof(key_));                              \
	} while (0)

static inline struct nft_chain *add_chain(struct description *description, const char *name)
{
	struct nft_chain *chain = &description->chain[description->n_chain++];

	*chain = (struct nft_chain){ .name = name };
	return chain;
}

static inline struct nft_chain *add_base_chain(struct description *description, const char *name,
					       enum nft_chain_type type, enum nft_hook hook,
					       int priority, bool policy_drop)
{
	struct nft_chain *chain = add_chain(description, name);

	chain->type = type;
	chain->hook = hook;
	chain->priority = priority;
	chain->policy_drop = policy_drop;
	return chain;
}

static inline struct nft_element *add_element(struct description *description, const char *set)
{
	struct nft_element *element = &description->element[description->n_element++];

	element->set = set;
	return element;
}

static inline void describe_sets(struct description *d)
{
	struct nft_element *element;

	SET(d, "dnat_port", NFT_MAP_ADDRESS_PORT, NFT_DADDR, NFT_L4PROTO, NFT_DPORT);
	SET(d, "dnat_any", NFT_MAP_ADDRESS, NFT_DADDR);
	SET(d, "snat_24", NFT_MAP_ADDRESS, NFT_SADDR);
	SET(d, "snat_pair", NFT_MAP_ADDRESS, NFT_SADDR, NFT_L4PROTO);
	SET(d, "egress", NFT_MAP_VERDICT, NFT_IIFNAME);
	SET(d, "busy", NFT_MAP_VERDICT, NFT_OIFNAME, NFT_ICMP_TYPE, NFT_MARK);
	SET(d, "known", NFT_MAP_NONE, NFT_SADDR, NFT_L4PROTO);
	SET(d, "marks", NFT_MAP_NONE, NFT_MARK);
	SET(d, "services", NFT_MAP_NONE, NFT_DPORT);
	SET(d, "protocols", NFT_MAP_NONE, NFT_L4PROTO);
	SET(d, "states", NFT_MAP_VERDICT, NFT_STATE);
	SET(d, "counted", NFT_MAP_NONE, NFT_NUMBER);
	d->set[d->n_set - 1].dynamic = true;
	SET(d, "destination", NFT_MAP_NONE, NFT_SADDR, NFT_DADDR, NFT_RANDOM);
	d->set[d->n_set - 1].dynamic = true;
	SET(d, "filled", NFT_MAP_NONE, NFT_MARK);
	d->set[d->n_set - 1].dynamic = true;

	for (uint16_t i = 0; i < 3; i++) {
		element = add_element(d, "dnat_port");
		element->key[0].value = 0xcb007105;
		element->key[1].value = 6;
		element->key[2].value = 80u + i;
		element->data.address = 0xc0a80201;
		element->data.port = (uint16_t)(8080 + i);
	}
	element = add_element(d, "dnat_any");
	element->key[0].value = 0xcb007106;
	element->data.address = 0xc0a80202;
	element->comment = "DNAT entry dnat1";
	element = add_element(d, "snat_pair");
	element->key[0].value = 0xc0a80202;
	element->key[1].value = 47;
	element->data.address = 0xcb007106;

	static const struct {
		const char *link;
		enum nft_verdict verdict;
		const char *chain;
	} verdicts[] = { { "ECS1", NFT_VERDICT_JUMP, "in.SG1" },
			 { "a-link.with~15c", NFT_VERDICT_GOTO, "in/12/15" },
			 { "eth0", NFT_VERDICT_ACCEPT, NULL },
			 { "eth1", NFT_VERDICT_DROP, NULL },
			 { "eth2", NFT_VERDICT_RETURN, NULL } };

	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		element = add_element(d, "egress");
		element->key[0].name = verdicts[i].link;
		element->data.verdict = verdicts[i].verdict;
		element->data.chain = verdicts[i].chain;
	}
	element = add_element(d, "busy");
	element->key[0].name = "ECS1";
	element->key[1].value = 8;
	element->key[2].value = 0x1234;
	element->data.verdict = NFT_VERDICT_DROP;
	element = add_element(d, "known");
	element->key[0].value = 0x0a010203;
	element->key[1].value = 17;
	add_element(d, "marks")->key[0].value = 0xabcd;
	add_element(d, "services")->key[0].value = 443;
	add_element(d, "protocols")->key[0].value = 1;
	element = add_element(d, "states");
	element->key[0].value = NFT_STATE_INVALID;
	element->data.verdict = NFT_VERDICT_DROP;
}

static inline void describe_nat(struct description *d)
{
	static const enum nft_field port_key[] = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT },
				    pair_key[] = { NFT_SADDR, NFT_L4PROTO };
	static const uint32_t addresses[] = { 0xcb007101, 0xcb007102, 0xcb007103 };
	struct nft_chain *chain =
		add_base_chain(d, "dstnat", NFT_CHAIN_NAT, NFT_HOOK_PREROUTING, -100, false);
	struct nft_rule *rule = nft_rule_add(&arena, chain);

	nft_match_name(&arena, rule, NFT_IIFNAME, "internet");
	nft_lookup(&arena, rule, NFT_DNAT_MAP, "dnat_port", port_key, 3, 32, true);
	nft_lookup(&arena, nft_rule_add(&arena, chain), NFT_DNAT_MAP, "dnat_any", port_key, 1, 32,
		   false);
	rule = nft_rule_add(&arena, chain);
	rule->comment = "icmp-reply: the gateway answers pings to its EIPs itself";
	nft_nat(&arena, rule, NFT_DNAT_TO, addresses, 1);

	chain = add_base_chain(d, "srcnat", NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING, 100, false);
	nft_lookup(&arena, nft_rule_add(&arena, chain), NFT_SNAT_MAP, "snat_24", pair_key, 1, 24,
		   false);
	nft_lookup(&arena, nft_rule_add(&arena, chain), NFT_SNAT_MAP, "snat_pair", pair_key, 2, 32,
		   false);
	nft_lookup(&arena, nft_rule_add(&arena, chain), NFT_SNAT_MAP, "snat_pair", pair_key, 2, 20,
		   false);
	rule = nft_rule_add(&arena, chain);
	nft_match_prefix(&arena, rule, NFT_SADDR, 0x0a000000, 8);
	nft_nat(&arena, rule, NFT_SNAT_POOL, addresses, 2);
	nft_nat(&arena, nft_rule_add(&arena, chain), NFT_SNAT_POOL, addresses, 3);
	nft_nat(&arena, nft_rule_add(&arena, chain), NFT_SNAT_TO, addresses, 1);
	for (unsigned protocol = 6; protocol <= 17; protocol += 11) {
		rule = nft_rule_add(&arena, chain);
		nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, protocol);
		nft_nat(&arena, rule, NFT_SNAT_TO, addresses, 1);
		nft_snat_ports(rule, 1024, 65535, false);
	}
}

static inline void describe_lookups(struct nft_chain *chain)
{
	static const struct {
		enum nft_statement_kind kind;
		const char *set;
		unsigned n_key;
		enum nft_field key[3];
		uint8_t length;
	} table[] = {
		{ NFT_VMAP, "egress", 1, { NFT_IIFNAME }, 32 },
		{ NFT_VMAP, "egress", 1, { NFT_OIFNAME }, 32 },
		{ NFT_VMAP, "busy", 3, { NFT_OIFNAME, NFT_ICMP_TYPE, NFT_MARK }, 32 },
		{ NFT_VMAP, "states", 1, { NFT_STATE }, 32 },
		{ NFT_IN_SET, "known", 2, { NFT_SADDR, NFT_L4PROTO }, 32 },
		{ NFT_IN_SET, "known", 2, { NFT_DADDR, NFT_L4PROTO }, 17 },
		{ NFT_IN_SET, "marks", 1, { NFT_MARK }, 32 },
		{ NFT_IN_SET, "services", 1, { NFT_SPORT }, 32 },
		{ NFT_IN_SET, "protocols", 1, { NFT_L4PROTO }, 32 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_lookup(&arena, rule, table[i].kind, table[i].set, table[i].key, table[i].n_key,
			   table[i].length, false);
		if (table[i].kind == NFT_IN_SET)
			nft_verdict(&arena, rule, NFT_VERDICT_ACCEPT, NULL);
	}
}

static inline void describe_matches(struct nft_chain *chain)
{
	static const struct {
		enum nft_field field;
		enum nft_compare compare;
		uint32_t value;
	} table[] = {
		{ NFT_SADDR, NFT_EQUAL, 0x0a000001 },
		{ NFT_DADDR, NFT_NOT_EQUAL, 0x0a000001 },
		{ NFT_L4PROTO, NFT_EQUAL, 6 },
		{ NFT_L4PROTO, NFT_EQUAL, 47 },
		{ NFT_L4PROTO, NFT_NOT_EQUAL, 17 },
		{ NFT_SPORT, NFT_EQUAL, 1024 },
		{ NFT_DPORT, NFT_NOT_EQUAL, 80 },
		{ NFT_ICMP_TYPE, NFT_EQUAL, 8 },
		{ NFT_ICMP_TYPE, NFT_NOT_EQUAL, 0 },
		{ NFT_MARK, NFT_EQUAL, 7 },
		{ NFT_MARK, NFT_NOT_EQUAL, 7 },
		{ NFT_MARK, NFT_ANY_BIT, 6 },
		{ NFT_FLOW_MARK, NFT_EQUAL, 7 },
		{ NFT_FRAG_OFF, NFT_ANY_BIT, NFT_FRAG_MORE_OR_OFFSET },
		{ NFT_STATE, NFT_ANY_BIT, NFT_STATE_ESTABLISHED | NFT_STATE_RELATED },
		{ NFT_STATE, NFT_EQUAL, NFT_STATE_NEW },
		{ NFT_STATE, NFT_NOT_EQUAL, NFT_STATE_NEW },
		{ NFT_STATE, NFT_ANY_BIT, NFT_STATE_INVALID },
		{ NFT_STATUS, NFT_ANY_BIT, NFT_STATUS_DNAT },
		{ NFT_STATUS, NFT_ANY_BIT, NFT_STATUS_DNAT | NFT_STATUS_SNAT },
		{ NFT_STATUS, NFT_NOT_EQUAL, NFT_STATUS_SNAT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_match_value(&arena, rule, table[i].field, table[i].compare, table[i].value);
		nft_verdict(&arena, rule, NFT_VERDICT_DROP, NULL);
	}
	for (uint8_t length = 1; length <= 32; length++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_match_prefix(&arena, rule, length % 2 ? NFT_SADDR : NFT_DADDR, 0xc0a8a5a5,
				 length);
		nft_match_range(&arena, rule, length % 2 ? NFT_SPORT : NFT_DPORT, length,
				length * 50u);
		nft_verdict(&arena, rule, NFT_VERDICT_RETURN, NULL);
	}

	struct nft_rule *rule = nft_rule_add(&arena, chain);

	nft_match_name(&arena, rule, NFT_IIFNAME, "a-link.with~15c");
	nft_match_name(&arena, rule, NFT_OIFNAME, "e");
	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, 1);
	nft_match_value(&arena, rule, NFT_ICMP_TYPE, NFT_EQUAL, 8);
	nft_counter(&arena, rule);
}

static inline void describe_limits(struct nft_chain *chain)
{
	static const enum nft_field shard[] = { NFT_NUMBER },
				    pair[] = { NFT_SADDR, NFT_DADDR, NFT_RANDOM },
				    mark[] = { NFT_MARK };
	static const uint32_t counts[] = { 1, 1000, 50000, 1000000 };

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_match_value(&arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_NEW);
		nft_limit_rate(&arena, rule, counts[i]);
		nft_counter(&arena, rule);
		nft_verdict(&arena, rule, NFT_VERDICT_DROP, NULL);
		rule = nft_rule_add(&arena, chain);
		nft_limit_connections(&arena, rule, i % 2 ? "counted" : "destination",
				      i % 2 ? shard : pair, i % 2 ? 1 : 3, (uint32_t)i + 1,
				      counts[i]);
		nft_verdict(&arena, rule, NFT_VERDICT_DROP, NULL);
	}

	struct nft_rule *rule = nft_rule_add(&arena, chain);

	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, 6);
	nft_match_value(&arena, rule, NFT_STATE, NFT_ANY_BIT, NFT_STATE_INVALID);
	nft_reject_reset(&arena, rule);
	rule = nft_rule_add(&arena, chain);
	nft_set_mark(&arena, rule, 0x12345678);
	nft_set_flow_mark(&arena, rule, 0x12345678);
	nft_lookup(&arena, rule, NFT_ADD_KEY, "filled", mark, 1, 32, false);
	nft_lookup(&arena, rule, NFT_DELETE_KEY, "filled", mark, 1, 32, false);
	nft_set_source(&arena, rule, 0xa9fe0003);
	nft_set_mss(&arena, rule, 8460);
	nft_limit_bytes(&arena, rule, 125000, 131072);
	nft_verdict(&arena, rule, NFT_VERDICT_GOTO, "in.SG1");
}

/* Flips. The words in which nft(8) of Debian 12 lists those that leave the checksum alone it does
 * not take. */
static inline void describe_flips(struct nft_chain *chain)
{
	static const struct {
		enum nft_statement_kind kind;
		enum nft_field field;
		uint16_t bits;
	} table[] = {
		{ NFT_FLIP, NFT_IP_ID, 0x100 },
		{ NFT_FLIP_UNSEEN, NFT_IP_ID, 0x80ff },
		{ NFT_FLIP_UNSEEN, NFT_TTL, 0xff },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_match_value(&arena, rule, table[i].field, NFT_NO_BIT, 0x40);
		nft_flip(&arena, rule, table[i].kind, table[i].field, table[i].bits);
	}
}

/* Every kind of everything else. */
static inline struct description *describe(void)
{
	struct description *d = arena_alloc(&arena, sizeof(*d));
	struct nft_chain *chain;

	describe_sets(d);
	nft_counter(&arena, nft_rule_add(&arena, add_chain(d, "in.SG1")));
	nft_verdict(&arena, nft_rule_add(&arena, add_chain(d, "in/12/15")), NFT_VERDICT_JUMP,
		    "in.SG1");
	add_base_chain(d, "untranslated", NFT_CHAIN_FILTER, NFT_HOOK_POSTROUTING, 150, true);
	add_base_chain(d, "input", NFT_CHAIN_FILTER, NFT_HOOK_INPUT, -5, false);
	add_base_chain(d, "output", NFT_CHAIN_NAT, NFT_HOOK_OUTPUT, -100, false);
	describe_nat(d);
	chain = add_base_chain(d, "forward", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, 0, true);
	describe_lookups(chain);
	describe_matches(chain);
	describe_limits(chain);
	return d;
}

static inline struct nft_batch *to_batch(const struct description *d)
{
	struct nft_batch *batch = nft_batch_new();

	nft_batch_table_add(batch);
	for (size_t i = 0; i < d->n_set; i++)
		nft_batch_set_add(batch, &d->set[i]);
	for (size_t i = 0; i < d->n_chain; i++)
		nft_batch_chain_add(batch, &d->chain[i]);
	for (size_t i = 0; i < d->n_chain; i++)
		nft_batch_rules_add(batch, &d->chain[i]);
	for (size_t i = 0; i < d->n_element; i++)
		nft_batch_element_add(batch, find_set(d, d->element[i].set), &d->element[i]);
	return batch;
}
