/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "core/state/nft.h"

/* Descriptions: building, comparing, and the words of nft(8). */

static struct arena arena;

static const enum nft_field key_source[] = { NFT_SADDR };
static const enum nft_field key_shard[] = { NFT_NUMBER };
static const enum nft_field key_pair[] = { NFT_SADDR, NFT_DADDR, NFT_RANDOM };
static const enum nft_field key_port[] = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT };
static const enum nft_field key_link[] = { NFT_IIFNAME };

static const char *words_of(const struct nft_rule *rule)
{
	static struct text text;

	text_clear(&text);
	nft_format_rule(&text, rule);
	return text_get(&text);
}

/* A fresh rule in a chain of its own. */
static struct nft_rule *new_rule(void)
{
	struct nft_chain *chain = arena_alloc(&arena, sizeof(*chain));

	chain->name = "test";
	return nft_rule_add(&arena, chain);
}

TEST(matches_in_words)
{
	static const struct {
		enum nft_field field;
		enum nft_compare compare;
		uint32_t value;
		const char *want;
	} table[] = {
		{ NFT_SADDR, NFT_EQUAL, 0x0a000001, "ip saddr 10.0.0.1" },
		{ NFT_DADDR, NFT_NOT_EQUAL, 0x0a000001, "ip daddr != 10.0.0.1" },
		{ NFT_L4PROTO, NFT_EQUAL, 6, "meta l4proto tcp" },
		{ NFT_L4PROTO, NFT_EQUAL, 17, "meta l4proto udp" },
		{ NFT_L4PROTO, NFT_NOT_EQUAL, 1, "meta l4proto != icmp" },
		{ NFT_L4PROTO, NFT_EQUAL, 47, "meta l4proto 47" },
		{ NFT_SPORT, NFT_EQUAL, 1024, "th sport 1024" },
		{ NFT_DPORT, NFT_NOT_EQUAL, 80, "th dport != 80" },
		{ NFT_ICMP_TYPE, NFT_EQUAL, 8, "icmp type 8" },
		{ NFT_MARK, NFT_EQUAL, 7, "meta mark 0x00000007" },
		{ NFT_MARK, NFT_ANY_BIT, 6, "meta mark & 0x6 != 0" },
		{ NFT_FRAG_OFF, NFT_ANY_BIT, NFT_FRAG_MORE_OR_OFFSET, "ip frag-off & 0x3fff != 0" },
		{ NFT_TTL, NFT_NO_BIT, 0x80, "ip ttl & 0x80 == 0" },
		{ NFT_IP_ID, NFT_ANY_BIT, 0x100, "ip id & 0x100 != 0" },
		{ NFT_STATE, NFT_ANY_BIT, NFT_STATE_ESTABLISHED | NFT_STATE_RELATED,
		  "ct state established,related" },
		{ NFT_STATE, NFT_EQUAL, NFT_STATE_NEW, "ct state == new" },
		{ NFT_STATE, NFT_NOT_EQUAL, NFT_STATE_NEW, "ct state != new" },
		{ NFT_STATE, NFT_ANY_BIT, NFT_STATE_INVALID | 0x40, "ct state invalid,0x40" },
		{ NFT_STATUS, NFT_ANY_BIT, NFT_STATUS_DNAT, "ct status dnat" },
		{ NFT_STATUS, NFT_EQUAL, 0, "ct status == 0x0" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct nft_rule *rule = new_rule();

		nft_match_value(&arena, rule, table[i].field, table[i].compare, table[i].value);
		CHECK_STR(words_of(rule), table[i].want);
	}
}

TEST(prefixes_ranges_and_names)
{
	struct nft_rule *rule = new_rule();

	nft_match_name(&arena, rule, NFT_IIFNAME, "VSW1~12");
	nft_match_prefix(&arena, rule, NFT_SADDR, 0xc0a80117, 20);
	nft_match_range(&arena, rule, NFT_DPORT, 80, 90);
	CHECK_STR(words_of(rule), "iifname \"VSW1~12\" ip saddr 192.168.0.0/20 th dport 80-90");

	rule = new_rule();
	nft_match_prefix(&arena, rule, NFT_DADDR, 0xc0a80117, 32);
	nft_match_prefix(&arena, rule, NFT_SADDR, 0xc0a80117,
			 0); /* every address: nothing to match */
	nft_match_range(&arena, rule, NFT_SPORT, 5, 5);
	CHECK_STR(words_of(rule), "ip daddr 192.168.1.23 th sport 5");
}

TEST(statements_in_words)
{
	static const uint32_t address[] = { 0xcb007105, 0xcb007106 };
	struct nft_rule *rule = new_rule();

	nft_lookup(&arena, rule, NFT_IN_SET, "member.SG1", key_source, 1, 32, false);
	nft_verdict(&arena, rule, NFT_VERDICT_ACCEPT, NULL);
	CHECK_STR(words_of(rule), "ip saddr @member.SG1 accept");

	rule = new_rule();
	nft_lookup(&arena, rule, NFT_VMAP, "egress", key_link, 1, 32, false);
	CHECK_STR(words_of(rule), "iifname vmap @egress");

	rule = new_rule();
	nft_lookup(&arena, rule, NFT_DNAT_MAP, "dnat_port", key_port, 3, 32, true);
	CHECK_STR(words_of(rule), "dnat ip to ip daddr . meta l4proto . th dport map @dnat_port");

	rule = new_rule();
	nft_lookup(&arena, rule, NFT_SNAT_MAP, "snat_24", key_source, 1, 24, false);
	CHECK_STR(words_of(rule), "snat to ip saddr & 255.255.255.0 map @snat_24");

	rule = new_rule();
	nft_nat(&arena, rule, NFT_DNAT_TO, address, 1);
	CHECK_STR(words_of(rule), "dnat to 203.0.113.5");

	rule = new_rule();
	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, 6);
	nft_nat(&arena, rule, NFT_SNAT_TO, address, 1);
	nft_snat_ports(rule, 1024, 65535, false);
	CHECK_STR(words_of(rule), "meta l4proto tcp snat to 203.0.113.5:1024-65535");

	rule = new_rule();
	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, 6);
	nft_reject_reset(&arena, rule);
	CHECK_STR(words_of(rule), "meta l4proto tcp reject with tcp reset");

	rule = new_rule();
	nft_nat(&arena, rule, NFT_SNAT_POOL, address, 2);
	CHECK_STR(words_of(rule), "snat to jhash ip saddr . ip daddr . th sport . th dport . meta "
				  "l4proto mod 2 seed 0x0 "
				  "map { 0 : 203.0.113.5, 1 : 203.0.113.6 }");

	nft_snat_ports(rule, 1025, 65535, false);
	CHECK_STR(words_of(rule), "snat to jhash ip saddr . ip daddr . th sport . th dport . meta "
				  "l4proto mod 2 seed 0x0 "
				  "map { 0 : 203.0.113.5, 1 : 203.0.113.6 }:1025-65535");

	rule = new_rule();
	nft_set_source(&arena, rule, 0xcb007105);
	nft_set_mss(&arena, rule, 8460);
	nft_limit_bytes(&arena, rule, 125000, 131072);
	CHECK_STR(words_of(rule), "ip saddr set 203.0.113.5 tcp option maxseg size set 8460 limit "
				  "rate over 125000 bytes/second burst 131072 bytes");

	rule = new_rule();
	nft_flip(&arena, rule, NFT_FLIP, NFT_IP_ID, 0x100);
	nft_flip(&arena, rule, NFT_FLIP_UNSEEN, NFT_IP_ID, 0x100);
	nft_flip(&arena, rule, NFT_FLIP_UNSEEN, NFT_TTL, 3);
	CHECK_STR(words_of(rule), "ip id set ip id ^ 0x100 @nh,32,16 set @nh,32,16 ^ 0x100 "
				  "@nh,64,8 set @nh,64,8 ^ 0x3");

	rule = new_rule();
	nft_set_mark(&arena, rule, 3);
	nft_counter(&arena, rule);
	nft_limit_rate(&arena, rule, 1000);
	nft_limit_connections(&arena, rule, "connections", key_shard, 1, 10, 1000);
	nft_verdict(&arena, rule, NFT_VERDICT_GOTO, "other");
	CHECK_STR(words_of(rule),
		  "meta mark set 0x00000003 counter limit rate over 1000/second burst 1000 packets "
		  "add @connections { numgen inc mod 10 ct count over 1000 } goto other");

	rule = new_rule();
	nft_limit_connections(&arena, rule, "pairs", key_pair, 3, 55, 1000);
	CHECK_STR(words_of(rule),
		  "add @pairs { ip saddr . ip daddr . numgen random mod 55 ct count over 1000 }");
}

TEST(heads_and_elements_in_words)
{
	struct nft_set map = { .name = "dnat_port", .n_key = 3, .data = NFT_MAP_ADDRESS_PORT };
	struct nft_set ports = {
		.name = "egress", .key = { NFT_IIFNAME }, .n_key = 1, .data = NFT_MAP_VERDICT
	};
	struct nft_set set = { .name = "eip", .key = { NFT_DADDR }, .n_key = 1 };
	struct nft_element element = {
		.set = "dnat_port",
		.key = { { .value = 0xcb007105 }, { .value = 6 }, { .value = 80 } },
		.data = { .address = 0xc0a80201, .port = 8080 }
	};
	struct nft_element port = { .set = "egress",
				    .key = { { .name = "ECS1" } },
				    .data = { .verdict = NFT_VERDICT_JUMP, .chain = "out.SG1" } };
	struct nft_chain chain = { .name = "forward",
				   .type = NFT_CHAIN_FILTER,
				   .hook = NFT_HOOK_FORWARD,
				   .policy_drop = true };
	auto_text text = { 0 };

	memcpy(map.key, key_port, sizeof(key_port));
	nft_format_set(&text, &map);
	CHECK_STR(text_get(&text),
		  "type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service;");
	text_clear(&text);
	nft_format_element(&text, &map, &element);
	CHECK_STR(text_get(&text), "203.0.113.5 . tcp . 80 : 192.168.2.1 . 8080");

	text_clear(&text);
	nft_format_set(&text, &ports);
	CHECK_STR(text_get(&text), "type ifname : verdict;");
	text_clear(&text);
	nft_format_element(&text, &ports, &port);
	CHECK_STR(text_get(&text), "\"ECS1\" : jump out.SG1");

	text_clear(&text);
	nft_format_set(&text, &set);
	CHECK_STR(text_get(&text), "type ipv4_addr;");
	element.key[0].value = 1;
	text_clear(&text);
	nft_format_element(&text, &set, &element);
	CHECK_STR(text_get(&text), "0.0.0.1");

	text_clear(&text);
	nft_format_chain_head(&text, &chain);
	CHECK_STR(text_get(&text), "type filter hook forward priority 0; policy drop;");
	chain = (struct nft_chain){ .type = NFT_CHAIN_NAT,
				    .hook = NFT_HOOK_PREROUTING,
				    .priority = -100 };
	text_clear(&text);
	nft_format_chain_head(&text, &chain);
	CHECK_STR(text_get(&text), "type nat hook prerouting priority -100; policy accept;");
	chain.type = NFT_CHAIN_PLAIN;
	text_clear(&text);
	nft_format_chain_head(&text, &chain);
	CHECK_STR(text_get(&text), "");
}

/* A chain of many rules of many statements, of which the given one differs. 0: none. */
static struct nft_chain *long_chain(unsigned odd)
{
	struct nft_chain *chain = arena_alloc(&arena, sizeof(*chain));

	chain->name = "long";
	for (unsigned i = 1; i <= 100; i++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		for (unsigned j = 0; j < 5; j++)
			nft_match_value(&arena, rule, NFT_SPORT, NFT_EQUAL,
					j == 3 && i == odd ? 0 : i * 10 + j);
	}
	return chain;
}

TEST(arrays_grow_and_keep_their_contents)
{
	struct nft_chain *chain = long_chain(0);

	CHECK_INT(chain->n_rule, 100);
	for (unsigned i = 1; i <= 100; i++)
		for (unsigned j = 0; j < 5; j++)
			CHECK_INT(chain->rule[i - 1].statement[j].match.value, i * 10 + j);
}

TEST(chains_compare)
{
	struct nft_chain *a = long_chain(0), *b = long_chain(0), *other = long_chain(77);

	CHECK(nft_chain_equal(a, b));
	CHECK(!nft_chain_equal(a, other));
	CHECK(nft_chain_same_hook(a, other));
	b->n_rule--;
	CHECK(!nft_chain_equal(a, b));
	b->n_rule++;
	b->priority = 5; /* means nothing to a plain chain */
	CHECK(nft_chain_equal(a, b));
	a->type = b->type = NFT_CHAIN_FILTER;
	CHECK(!nft_chain_same_hook(a, b));
	b->priority = 0;
	CHECK(nft_chain_same_hook(a, b));
	b->policy_drop = true;
	CHECK(!nft_chain_equal(a, b));
	b->policy_drop = false;
	b->hook = NFT_HOOK_INPUT;
	CHECK(!nft_chain_equal(a, b));
	b->hook = a->hook;
	b->name = "short";
	CHECK(!nft_chain_equal(a, b));
}

/* One rule for each number, all different from each other. */
#define N_RULES 31
static struct nft_rule *numbered_rule(unsigned number)
{
	static const uint32_t addresses[] = { 1, 2, 3 };
	static const enum nft_field other_key[] = { NFT_DADDR };
	struct nft_rule *rule = new_rule();

	/* clang-format off: a table */
	switch (number) {
	case 0:
		nft_match_name(&arena, rule, NFT_IIFNAME, "a");
		break;
	case 1:
		nft_match_name(&arena, rule, NFT_IIFNAME, "b");
		break;
	case 2:
		nft_match_name(&arena, rule, NFT_OIFNAME, "a");
		break;
	case 3:
		nft_match_value(&arena, rule, NFT_MARK, NFT_EQUAL, 1);
		break;
	case 4:
		nft_match_value(&arena, rule, NFT_MARK, NFT_NOT_EQUAL, 1);
		break;
	case 5:
		nft_match_range(&arena, rule, NFT_DPORT, 1, 2);
		break;
	case 6:
		nft_match_range(&arena, rule, NFT_DPORT, 1, 3);
		break;
	case 7:
		nft_match_prefix(&arena, rule, NFT_SADDR, 0x0a000000, 8);
		break;
	case 8:
		nft_match_prefix(&arena, rule, NFT_SADDR, 0x0a000000, 9);
		break;
	case 9:
		nft_lookup(&arena, rule, NFT_SNAT_MAP, "m", key_source, 1, 32, false);
		break;
	case 10:
		nft_lookup(&arena, rule, NFT_SNAT_MAP, "m", key_source, 1, 24, false);
		break;
	case 11:
		nft_lookup(&arena, rule, NFT_SNAT_MAP, "n", key_source, 1, 32, false);
		break;
	case 12:
		nft_lookup(&arena, rule, NFT_SNAT_MAP, "m", other_key, 1, 32, false);
		break;
	case 13:
		nft_lookup(&arena, rule, NFT_DNAT_MAP, "m", key_source, 1, 32, false);
		break;
	case 14:
		nft_lookup(&arena, rule, NFT_DNAT_MAP, "m", key_source, 1, 32, true);
		break;
	case 15:
		nft_nat(&arena, rule, NFT_SNAT_POOL, addresses, 2);
		break;
	case 16:
		nft_nat(&arena, rule, NFT_SNAT_POOL, addresses, 3);
		break;
	case 17:
		nft_nat(&arena, rule, NFT_SNAT_POOL, addresses + 1, 2);
		break;
	case 18:
		nft_limit_rate(&arena, rule, 5);
		break;
	case 19:
		nft_limit_rate(&arena, rule, 6);
		break;
	case 20:
		nft_limit_connections(&arena, rule, "m", key_source, 1, 1, 5);
		break;
	case 21:
		nft_verdict(&arena, rule, NFT_VERDICT_JUMP, "x");
		break;
	case 22:
		nft_verdict(&arena, rule, NFT_VERDICT_JUMP, "y");
		break;
	case 23:
		nft_reject_reset(&arena, rule);
		break;
	case 24:
		nft_nat(&arena, rule, NFT_SNAT_TO, addresses, 1);
		break;
	case 25:
		nft_nat(&arena, rule, NFT_SNAT_TO, addresses, 1);
		nft_snat_ports(rule, 1024, 65535, false);
		break;
	case 26:
		nft_nat(&arena, rule, NFT_SNAT_TO, addresses, 1);
		nft_snat_ports(rule, 1025, 65535, false);
		break;
	case 27:
		nft_limit_connections(&arena, rule, "m", key_source, 1, 1, 6);
		break;
	case 28:
		nft_limit_connections(&arena, rule, "m", key_source, 1, 2, 5);
		break;
	case 29:
		nft_limit_connections(&arena, rule, "n", key_source, 1, 1, 5);
		break;
	default:
		nft_counter(&arena, rule);
		break;
	}
	/* clang-format on */
	return rule;
}

TEST(rules_compare)
{
	for (unsigned i = 0; i < N_RULES; i++)
		for (unsigned j = 0; j < N_RULES; j++)
			if (nft_rule_equal(numbered_rule(i), numbered_rule(j)) != (i == j))
				test_fail("rules %u and %u: equality is wrong", i, j);
}

TEST(sets_and_elements_compare)
{
	struct nft_set a = { .name = "m",
			     .key = { NFT_SADDR },
			     .n_key = 1,
			     .data = NFT_MAP_ADDRESS },
		       b = a;
	struct nft_element x = { .set = "m", .key = { { .value = 5 }, { .name = "eth0" } } }, y = x;

	CHECK(nft_set_equal(&a, &b));
	b.key[1] = NFT_DPORT; /* not part of it */
	CHECK(nft_set_equal(&a, &b));
	b.n_key = 2;
	CHECK(!nft_set_equal(&a, &b));
	b = a;
	b.data = NFT_MAP_NONE;
	CHECK(!nft_set_equal(&a, &b));

	CHECK_INT(nft_element_compare_key(&x, &y), 0);
	CHECK(nft_element_equal(&x, &y));
	y.data.port = 1;
	CHECK_INT(nft_element_compare_key(&x, &y), 0);
	CHECK(!nft_element_equal(&x, &y));
	y = x;
	y.data.chain = "c";
	CHECK(!nft_element_equal(&x, &y));
	y = x;
	y.key[0].value = 0xffffffff; /* unsigned order */
	CHECK(nft_element_compare_key(&x, &y) < 0);
	CHECK(nft_element_compare_key(&y, &x) > 0);
	y = x;
	y.key[1].name = "eth1";
	CHECK(nft_element_compare_key(&x, &y) < 0);
	y.key[1].name = NULL;
	CHECK(nft_element_compare_key(&x, &y) > 0);
	y = x;
	y.set = "n";
	CHECK(nft_element_compare_key(&x, &y) < 0);
}
