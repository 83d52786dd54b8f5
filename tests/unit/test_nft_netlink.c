#include "tests/unit/test.h"

#include "tests/unit/nft_helper.h"

#include <sys/socket.h>

/*
 * What nft_netlink loads, seen by the nft program: the same as what nft itself makes of the words of nft_text, in every
 * kind of statement; and what goes wrong is said with its object.
 */

static struct arena arena;

struct description {
	struct nft_set set[16];
	size_t n_set;
	struct nft_chain chain[16];
	size_t n_chain;
	struct nft_element element[32];
	size_t n_element;
};

static const struct nft_set *find_set(const struct description *description, const char *name)
{
	for (size_t i = 0; i < description->n_set; i++)
		if (strcmp(description->set[i].name, name) == 0)
			return &description->set[i];
	test_fail("no set %s", name);
}

#define SET(description, name_, data_, ...)                                                          \
	do {                                                                                         \
		const enum nft_field key_[] = { __VA_ARGS__ };                                       \
		struct nft_set *set_ = &(description)->set[(description)->n_set++];                  \
		*set_ = (struct nft_set){ .name = name_, .n_key = ARRAY_SIZE(key_), .data = data_ }; \
		memcpy(set_->key, key_, sizeof(key_));                                               \
	} while (0)

static struct nft_chain *add_chain(struct description *description, const char *name)
{
	struct nft_chain *chain = &description->chain[description->n_chain++];

	*chain = (struct nft_chain){ .name = name };
	return chain;
}

static struct nft_chain *add_base_chain(struct description *description, const char *name, enum nft_chain_type type,
					enum nft_hook hook, int priority, bool policy_drop)
{
	struct nft_chain *chain = add_chain(description, name);

	chain->type = type;
	chain->hook = hook;
	chain->priority = priority;
	chain->policy_drop = policy_drop;
	return chain;
}

static struct nft_element *add_element(struct description *description, const char *set)
{
	struct nft_element *element = &description->element[description->n_element++];

	element->set = set;
	return element;
}

static void describe_sets(struct description *d)
{
	struct nft_element *element;

	SET(d, "dnat_port", NFT_DATA_ADDRESS_PORT, NFT_DADDR, NFT_L4PROTO, NFT_DPORT);
	SET(d, "dnat_any", NFT_DATA_ADDRESS, NFT_DADDR);
	SET(d, "snat_24", NFT_DATA_ADDRESS, NFT_SADDR);
	SET(d, "snat_pair", NFT_DATA_ADDRESS, NFT_SADDR, NFT_L4PROTO);
	SET(d, "egress", NFT_DATA_VERDICT, NFT_IIFNAME);
	SET(d, "busy", NFT_DATA_VERDICT, NFT_OIFNAME, NFT_ICMP_TYPE, NFT_MARK);
	SET(d, "known", NFT_DATA_NONE, NFT_SADDR, NFT_L4PROTO);
	SET(d, "marks", NFT_DATA_NONE, NFT_MARK);
	SET(d, "services", NFT_DATA_NONE, NFT_DPORT);
	SET(d, "protocols", NFT_DATA_NONE, NFT_L4PROTO);
	SET(d, "states", NFT_DATA_VERDICT, NFT_CT_STATE);
	SET(d, "counted", NFT_DATA_NONE, NFT_NUMBER);
	d->set[d->n_set - 1].dynamic = true;
	SET(d, "destination", NFT_DATA_NONE, NFT_SADDR, NFT_DADDR, NFT_RANDOM);
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
	element = add_element(d, "snat_pair");
	element->key[0].value = 0xc0a80202;
	element->key[1].value = 47;
	element->data.address = 0xcb007106;

	static const struct {
		const char *link;
		enum nft_verdict verdict;
		const char *chain;
	} verdicts[] = { { "ECS1", NFT_JUMP, "in.SG1" },
			 { "a-link.with~15c", NFT_GOTO, "in/12/15" },
			 { "eth0", NFT_ACCEPT, NULL },
			 { "eth1", NFT_DROP, NULL },
			 { "eth2", NFT_RETURN, NULL } };

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
	element->data.verdict = NFT_DROP;
	element = add_element(d, "known");
	element->key[0].value = 0x0a010203;
	element->key[1].value = 17;
	add_element(d, "marks")->key[0].value = 0xabcd;
	add_element(d, "services")->key[0].value = 443;
	add_element(d, "protocols")->key[0].value = 1;
	element = add_element(d, "states");
	element->key[0].value = NFT_STATE_INVALID;
	element->data.verdict = NFT_DROP;
}

static void describe_nat(struct description *d)
{
	static const enum nft_field port_key[] = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT }, pair_key[] = { NFT_SADDR, NFT_L4PROTO };
	static const uint32_t addresses[] = { 0xcb007101, 0xcb007102, 0xcb007103 };
	struct nft_chain *chain = add_base_chain(d, "dstnat", NFT_CHAIN_NAT, NFT_HOOK_PREROUTING, -100, false);
	struct nft_rule *rule = nft_rule_add(&arena, chain);

	nft_match_name(&arena, rule, NFT_IIFNAME, "internet");
	nft_lookup(&arena, rule, NFT_DNAT_MAP, "dnat_port", port_key, 3, 32, true);
	nft_lookup(&arena, nft_rule_add(&arena, chain), NFT_DNAT_MAP, "dnat_any", port_key, 1, 32, false);
	nft_nat(&arena, nft_rule_add(&arena, chain), NFT_DNAT_TO, addresses, 1);

	chain = add_base_chain(d, "srcnat", NFT_CHAIN_NAT, NFT_HOOK_POSTROUTING, 100, false);
	nft_lookup(&arena, nft_rule_add(&arena, chain), NFT_SNAT_MAP, "snat_24", pair_key, 1, 24, false);
	nft_lookup(&arena, nft_rule_add(&arena, chain), NFT_SNAT_MAP, "snat_pair", pair_key, 2, 32, false);
	nft_lookup(&arena, nft_rule_add(&arena, chain), NFT_SNAT_MAP, "snat_pair", pair_key, 2, 20, false);
	rule = nft_rule_add(&arena, chain);
	nft_match_prefix(&arena, rule, NFT_SADDR, 0x0a000000, 8);
	nft_nat(&arena, rule, NFT_SNAT_POOL, addresses, 2);
	nft_nat(&arena, nft_rule_add(&arena, chain), NFT_SNAT_POOL, addresses, 3);
	nft_nat(&arena, nft_rule_add(&arena, chain), NFT_SNAT_TO, addresses, 1);
	for (unsigned protocol = 6; protocol <= 17; protocol += 11) {
		rule = nft_rule_add(&arena, chain);
		nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, protocol);
		nft_nat(&arena, rule, NFT_SNAT_TO, addresses, 1);
		nft_snat_ports(rule, 1024, 65535);
	}
}

static void describe_lookups(struct nft_chain *chain)
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
		{ NFT_VMAP, "states", 1, { NFT_CT_STATE }, 32 },
		{ NFT_IN_SET, "known", 2, { NFT_SADDR, NFT_L4PROTO }, 32 },
		{ NFT_IN_SET, "known", 2, { NFT_DADDR, NFT_L4PROTO }, 17 },
		{ NFT_IN_SET, "marks", 1, { NFT_MARK }, 32 },
		{ NFT_IN_SET, "services", 1, { NFT_SPORT }, 32 },
		{ NFT_IN_SET, "protocols", 1, { NFT_L4PROTO }, 32 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_lookup(&arena, rule, table[i].kind, table[i].set, table[i].key, table[i].n_key, table[i].length, false);
		if (table[i].kind == NFT_IN_SET)
			nft_verdict(&arena, rule, NFT_ACCEPT, NULL);
	}
}

static void describe_matches(struct nft_chain *chain)
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
		{ NFT_FRAG_OFF, NFT_ANY_BIT, NFT_FRAG_MORE_OR_OFFSET },
		{ NFT_CT_STATE, NFT_ANY_BIT, NFT_STATE_ESTABLISHED | NFT_STATE_RELATED },
		{ NFT_CT_STATE, NFT_EQUAL, NFT_STATE_NEW },
		{ NFT_CT_STATE, NFT_NOT_EQUAL, NFT_STATE_NEW },
		{ NFT_CT_STATE, NFT_ANY_BIT, NFT_STATE_INVALID },
		{ NFT_CT_STATUS, NFT_ANY_BIT, NFT_STATUS_DNAT },
		{ NFT_CT_STATUS, NFT_ANY_BIT, NFT_STATUS_DNAT | NFT_STATUS_SNAT },
		{ NFT_CT_STATUS, NFT_NOT_EQUAL, NFT_STATUS_SNAT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_match_value(&arena, rule, table[i].field, table[i].compare, table[i].value);
		nft_verdict(&arena, rule, NFT_DROP, NULL);
	}
	for (uint8_t length = 1; length <= 32; length++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_match_prefix(&arena, rule, length % 2 ? NFT_SADDR : NFT_DADDR, 0xc0a8a5a5, length);
		nft_match_range(&arena, rule, length % 2 ? NFT_SPORT : NFT_DPORT, length, length * 50u);
		nft_verdict(&arena, rule, NFT_RETURN, NULL);
	}

	struct nft_rule *rule = nft_rule_add(&arena, chain);

	nft_match_name(&arena, rule, NFT_IIFNAME, "a-link.with~15c");
	nft_match_name(&arena, rule, NFT_OIFNAME, "e");
	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, 1);
	nft_match_value(&arena, rule, NFT_ICMP_TYPE, NFT_EQUAL, 8);
	nft_counter(&arena, rule);
}

static void describe_limits(struct nft_chain *chain)
{
	static const enum nft_field shard[] = { NFT_NUMBER }, pair[] = { NFT_SADDR, NFT_DADDR, NFT_RANDOM };
	static const uint32_t counts[] = { 1, 1000, 50000, 1000000 };

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct nft_rule *rule = nft_rule_add(&arena, chain);

		nft_match_value(&arena, rule, NFT_CT_STATE, NFT_ANY_BIT, NFT_STATE_NEW);
		nft_limit_rate(&arena, rule, counts[i]);
		nft_counter(&arena, rule);
		nft_verdict(&arena, rule, NFT_DROP, NULL);
		rule = nft_rule_add(&arena, chain);
		nft_limit_connections(&arena, rule, i % 2 ? "counted" : "destination", i % 2 ? shard : pair, i % 2 ? 1 : 3,
				      (uint32_t)i + 1, counts[i]);
		nft_verdict(&arena, rule, NFT_DROP, NULL);
	}

	struct nft_rule *rule = nft_rule_add(&arena, chain);

	nft_match_value(&arena, rule, NFT_L4PROTO, NFT_EQUAL, 6);
	nft_match_value(&arena, rule, NFT_CT_STATE, NFT_ANY_BIT, NFT_STATE_INVALID);
	nft_reject_reset(&arena, rule);
	rule = nft_rule_add(&arena, chain);
	nft_set_mark(&arena, rule, 0x12345678);
	nft_verdict(&arena, rule, NFT_GOTO, "in.SG1");
}

/* Every kind of everything. */
static struct description *describe(void)
{
	struct description *d = arena_alloc(&arena, sizeof(*d));
	struct nft_chain *chain;

	describe_sets(d);
	nft_counter(&arena, nft_rule_add(&arena, add_chain(d, "in.SG1")));
	nft_verdict(&arena, nft_rule_add(&arena, add_chain(d, "in/12/15")), NFT_JUMP, "in.SG1");
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

/* The description as an input file of nft. */
static char *to_text(const struct description *d)
{
	struct text text = { 0 };

	text_addf(&text, "table ip %s {\n", NFT_TABLE);
	for (size_t i = 0; i < d->n_set; i++) {
		text_addf(&text, "%s %s { ", d->set[i].data == NFT_DATA_NONE ? "set" : "map", d->set[i].name);
		nft_format_set(&text, &d->set[i]);
		text_add(&text, " }\n");
	}
	for (size_t i = 0; i < d->n_chain; i++) {
		text_addf(&text, "chain %s { ", d->chain[i].name);
		nft_format_chain_head(&text, &d->chain[i]);
		text_add_char(&text, '\n');
		for (size_t j = 0; j < d->chain[i].n_rule; j++) {
			nft_format_rule(&text, &d->chain[i].rule[j]);
			text_add_char(&text, '\n');
		}
		text_add(&text, "}\n");
	}
	text_add(&text, "}\n");
	for (size_t i = 0; i < d->n_element; i++) {
		text_addf(&text, "add element ip %s %s { ", NFT_TABLE, d->element[i].set);
		nft_format_element(&text, find_set(d, d->element[i].set), &d->element[i]);
		text_add(&text, " }\n");
	}
	return keep(text_take(&text));
}

static struct nft_batch *to_batch(const struct description *d)
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

/* Handles depend on the order in which things were made, and the order of elements on chance: out with both. */
static char *without_handles(char *output)
{
	struct text text = { 0 };
	char *line, *rest = output;

	while ((line = strsep(&rest, "\n"))) {
		int words = 0;

		if (strncmp(line, "\telement", 8) == 0)
			continue;
		if (strncmp(line, "ip " NFT_TABLE " ", strlen("ip " NFT_TABLE " ")) == 0) {
			for (char *c = line; *c; c++)
				if (*c == ' ' && ++words == 3)
					*c-- = '\0';
		}
		for (char *handle; (handle = strstr(line, "\"handle\": "));) {
			char *end = handle + strcspn(handle, ",}");

			memmove(handle, end, strlen(end) + 1);
		}
		text_addf(&text, "%s\n", line);
	}
	return keep(text_take(&text));
}

/* Fails with the first line that differs. */
static void check_same(const char *netlink, const char *words)
{
	while (*netlink || *words) {
		size_t a = strcspn(netlink, "\n"), b = strcspn(words, "\n");

		if (a != b || memcmp(netlink, words, a) != 0)
			test_fail("netlink: %.*s\n# words:   %.*s", (int)(a < 900 ? a : 900), netlink, (int)(b < 900 ? b : 900),
				  words);
		netlink += a + (netlink[a] != '\0');
		words += b + (words[b] != '\0');
	}
}

TEST(words_and_messages_make_the_same_rules)
{
	struct description *d = describe();
	char *listed, *json, *byte_code;

	private_world();
	RUN(to_text(d), "nft", "-f", "-");
	listed = without_handles(RUN("", "nft", "list", "ruleset"));
	json = without_handles(RUN("", "nft", "-j", "list", "ruleset"));
	byte_code = without_handles(RUN("", "nft", "--debug=netlink", "list", "ruleset"));
	CHECK(strstr(listed, "policy drop;")); /* that there is something to compare */
	CHECK(strstr(byte_code, "connlimit count 1000000"));

	private_network();
	commit(to_batch(d), nft_socket());
	check_same(without_handles(RUN("", "nft", "list", "ruleset")), listed);
	check_same(without_handles(RUN("", "nft", "-j", "list", "ruleset")), json);
	check_same(without_handles(RUN("", "nft", "--debug=netlink", "list", "ruleset")), byte_code);
}

TEST(nft_shows_what_was_loaded_readably)
{
	static const char *const wanted[] = {
		"type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service",
		"203.0.113.5 . tcp . 80 : 192.168.2.1 . 8080",
		"\"ECS1\" : jump in.SG1",
		"\"ECS1\" . echo-request . 0x00001234 : drop",
		"elements = { 0x0000abcd }",
		"elements = { 443 }",
		"iifname \"internet\" dnat ip to ip daddr . meta l4proto . th dport map @dnat_port",
		"snat to ip saddr & 255.255.255.0 map @snat_24",
		"snat to 203.0.113.1:1024-65535",
		"ct state invalid reject with tcp reset",
		"mod 2 seed 0x0 map { 0 : 203.0.113.1, 1 : 203.0.113.2 }",
		"ct state established,related drop",
		"type nat hook prerouting priority dstnat; policy accept;",
	};
	char *listed;

	private_world();
	commit(to_batch(describe()), nft_socket());
	listed = RUN("", "nft", "list", "ruleset");
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		if (!strstr(listed, wanted[i]))
			test_fail("not there: %s\n%s", wanted[i], listed);
}

TEST(what_nft_lists_it_takes_again)
{
	char *listed;

	private_world();
	commit(to_batch(describe()), nft_socket());
	listed = RUN("", "nft", "list", "ruleset");
	private_network();
	RUN(listed, "nft", "-f", "-");
	check_same(RUN("", "nft", "list", "ruleset"), listed);
}

TEST(changes_and_removals)
{
	struct description *d = describe();
	const struct nft_set *map = find_set(d, "dnat_any");
	struct nft_element changed = { .set = "dnat_any", .key = { { .value = 0xcb007106 } }, .data = { .address = 0x01020304 } };
	struct nft_batch *batch = nft_batch_new();
	int fd;

	private_world();
	fd = nft_socket();
	CHECK(nft_batch_empty(batch));
	commit(batch, fd); /* of nothing is fine */
	commit(to_batch(d), fd);

	/* An element gets another value, a chain other rules, in one transaction. */
	batch = nft_batch_new();
	nft_batch_element_delete(batch, map, &changed);
	CHECK(!nft_batch_empty(batch));
	nft_batch_element_add(batch, map, &changed);
	nft_batch_chain_flush(batch, &d->chain[1]);
	d->chain[1].n_rule = 0;
	nft_verdict(&arena, nft_rule_add(&arena, &d->chain[1]), NFT_DROP, NULL);
	nft_batch_rules_add(batch, &d->chain[1]);
	commit(batch, fd);
	CHECK(strstr(RUN("", "nft", "list", "map", "ip", NFT_TABLE, "dnat_any"), "203.0.113.6 : 1.2.3.4"));
	CHECK(strstr(RUN("", "nft", "list", "chain", "ip", NFT_TABLE, "in/12/15"), "{\n\t\tdrop\n\t}"));

	/* Piece by piece, back to an empty table. */
	batch = nft_batch_new();
	nft_batch_table_add(batch); /* is there already */
	for (size_t i = 0; i < d->n_chain; i++)
		nft_batch_chain_flush(batch, &d->chain[i]);
	changed.data.address = 0; /* the key says which */
	nft_batch_element_delete(batch, map, &changed);
	for (size_t i = 0; i < d->n_set; i++)
		nft_batch_set_delete(batch, &d->set[i]);
	for (size_t i = 0; i < d->n_chain; i++)
		nft_batch_chain_delete(batch, &d->chain[i]);
	commit(batch, fd);
	CHECK_STR(RUN("", "nft", "list", "ruleset"), "table ip " NFT_TABLE " {\n}\n");

	batch = nft_batch_new();
	nft_batch_table_delete(batch);
	commit(batch, fd);
	CHECK_STR(RUN("", "nft", "list", "ruleset"), "");
}

/* A batch that has to fail, in those words; nothing of it may stay. */
static void check_refused(struct nft_batch *batch, int fd, int want_result, const char *want_message)
{
	struct error err = { 0 };
	char *before = RUN("", "nft", "list", "ruleset");

	CHECK_INT(nft_batch_commit(batch, fd, &err), want_result);
	CHECK_STR(err.message, want_message);
	CHECK_STR(RUN("", "nft", "list", "ruleset"), before);
	nft_batch_free(batch);
}

TEST(errors_name_the_object)
{
	struct description *d = describe();
	const struct nft_set *ports = find_set(d, "dnat_port"), *egress = find_set(d, "egress");
	struct nft_chain plain = { .name = "plain" };
	struct nft_element element = d->element[0], other = element;
	static const enum nft_field key[] = { NFT_SADDR };
	struct nft_batch *batch;
	int fd;

	private_world();
	fd = nft_socket();
	commit(to_batch(d), fd);

	/* The second of three: exactly that one is named. */
	batch = nft_batch_new();
	other.key[2].value = 1000;
	nft_batch_element_add(batch, ports, &other);
	nft_batch_element_add(batch, ports, &element);
	other.key[2].value = 1001;
	nft_batch_element_add(batch, ports, &other);
	check_refused(batch, fd, -EEXIST, "cannot add nftables element 203.0.113.5 . tcp . 80 of map dnat_port: File exists");

	batch = nft_batch_new();
	element = (struct nft_element){ .set = "egress", .key = { { .name = "nobody" } } };
	nft_batch_element_delete(batch, egress, &element);
	check_refused(batch, fd, -ENOENT, "cannot delete nftables element \"nobody\" of map egress: No such file or directory");

	batch = nft_batch_new();
	nft_batch_chain_add(batch, &plain);
	nft_counter(&arena, nft_rule_add(&arena, &plain));
	nft_lookup(&arena, nft_rule_add(&arena, &plain), NFT_IN_SET, "nowhere", key, 1, 32, false);
	nft_batch_rules_add(batch, &plain);
	check_refused(batch, fd, -ENOENT, "cannot add nftables rule 2 of chain plain: No such file or directory");

	batch = nft_batch_new();
	nft_batch_set_delete(batch, egress);
	check_refused(batch, fd, -EBUSY, "cannot delete nftables map egress: Device or resource busy");

	batch = nft_batch_new();
	nft_batch_chain_add(batch, &d->chain[0]);
	check_refused(batch, fd, -EEXIST, "cannot add nftables chain in.SG1: File exists");

	batch = nft_batch_new();
	nft_batch_chain_delete(batch, &plain);
	check_refused(batch, fd, -ENOENT, "cannot delete nftables chain plain: No such file or directory");
}

TEST(the_first_of_many_errors_is_told)
{
	struct nft_batch *batch = nft_batch_new();
	char name[2000][16];
	int fd;

	private_world();
	fd = nft_socket();
	nft_batch_table_add(batch);
	for (size_t i = 0; i < 2000; i++) {
		struct nft_chain chain = { .name = name[i] };

		snprintf(name[i], sizeof(name[i]), "chain%zu", i);
		nft_batch_chain_delete(batch, &chain);
	}
	check_refused(batch, fd, -ENOENT, "cannot delete nftables chain chain0: No such file or directory");

	/* The socket is as good as before. */
	commit(to_batch(describe()), fd);
}

/* Elements for thousands of keys, a pool in a chain of its own for each hundredth. */
static struct nft_batch *large_batch(unsigned n)
{
	struct nft_batch *batch = nft_batch_new();
	struct nft_set map = {
		.name = "large", .key = { NFT_DADDR, NFT_L4PROTO, NFT_DPORT }, .n_key = 3, .data = NFT_DATA_ADDRESS_PORT
	};
	static const uint32_t pool[] = { 1, 2 };

	nft_batch_table_add(batch);
	nft_batch_set_add(batch, &map);
	for (unsigned i = 0; i < n; i++) {
		struct nft_element element = { .set = "large",
					       .key = { { .value = i }, { .value = 6 }, { .value = i & 0xffff } } };

		nft_batch_element_add(batch, &map, &element);
		if (i % 100)
			continue;

		struct nft_chain chain = { .name = arena_printf(&arena, "srcnat%u", i),
					   .type = NFT_CHAIN_NAT,
					   .hook = NFT_HOOK_POSTROUTING,
					   .priority = 100 };

		nft_nat(&arena, nft_rule_add(&arena, &chain), NFT_SNAT_POOL, pool, 2);
		nft_batch_chain_add(batch, &chain);
		nft_batch_rules_add(batch, &chain);
	}
	return batch;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

TEST(more_than_one_socket_buffer)
{
	static const int buffers[] = { 0 /* as it comes */, 50000, 10000 };

	private_world();
	for (size_t i = 0; i < ARRAY_SIZE(buffers); i++) {
		char *listed;
		int fd;

		private_network();
		fd = nft_socket();
		if (buffers[i])
			CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffers[i], sizeof(buffers[i])), 0);
		commit(large_batch(5000), fd);
		listed = RUN("", "nft", "list", "ruleset");
		CHECK_INT(count(listed, " . tcp . "), 5000);
		CHECK_INT(count(listed, "map { 0 : 0.0.0.1, 1 : 0.0.0.2 }"), 50);
		close(fd);
	}
}

TEST(one_message_too_large_for_the_socket)
{
	struct nft_batch *batch = nft_batch_new();
	struct nft_set set = { .name = "large", .key = { NFT_DADDR }, .n_key = 1 };
	struct error err = { 0 };
	int fd, small = 10000;

	private_world();
	fd = nft_socket();
	CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	nft_batch_table_add(batch);
	nft_batch_set_add(batch, &set);
	for (unsigned i = 0; i < 2000; i++)
		nft_batch_element_add(batch, &set, &(struct nft_element){ .set = "large", .key = { { .value = i } } });
	CHECK_INT(nft_batch_commit(batch, fd, &err), -EMSGSIZE);
	CHECK(strstr(err.message, "more than a socket may send here"));
	CHECK(strstr(err.hint, "net.core.wmem_max"));
	nft_batch_free(batch);
}

TEST(without_the_right_to_change_it)
{
	struct nft_batch *batch = nft_batch_new();
	struct error err = { 0 };

	private_world();
	CHECK_INT(unshare(CLONE_NEWNET), 0);

	int fd = nft_socket();

	CHECK_INT(unshare(CLONE_NEWUSER), 0); /* that network belongs to the outer one */
	nft_batch_table_add(batch);
	CHECK_INT(nft_batch_commit(batch, fd, &err), -EPERM);
	CHECK_STR(err.message, "cannot change nftables: Operation not permitted");
	nft_batch_free(batch);
}
