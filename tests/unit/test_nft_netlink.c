/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * What nft_netlink loads, seen by the nft program: the same as what nft itself makes of the words
 * of nft_text, in every kind of statement.
 */
#include "tests/unit/test.h"

#include "tests/unit/nft_example.h"

/* The description as an input file of nft. */
static char *to_text(const struct description *d)
{
	struct text text = { 0 };

	text_addf(&text, "table ip %s {\n", NFT_TABLE);
	for (size_t i = 0; i < d->n_set; i++) {
		text_addf(&text, "%s %s { ", d->set[i].data == NFT_MAP_NONE ? "set" : "map",
			  d->set[i].name);
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

/* Handles depend on the order in which things were made, and the order of elements on chance: out
 * with both. */
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
			test_fail("netlink: %.*s\n# words:   %.*s", (int)(a < 900 ? a : 900),
				  netlink, (int)(b < 900 ? b : 900), words);
		netlink += a + (netlink[a] != '\0');
		words += b + (words[b] != '\0');
	}
}

TEST(words_and_messages_make_the_same_rules)
{
	struct description *d = describe();
	char *listed, *json, *byte_code;

	describe_flips(add_base_chain(d, "flips", NFT_CHAIN_FILTER, NFT_HOOK_PREROUTING,
				      NFT_BEFORE_DEFRAG, false));
	private_sandbox();
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
	check_same(without_handles(RUN("", "nft", "--debug=netlink", "list", "ruleset")),
		   byte_code);
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

	private_sandbox();
	commit(to_batch(describe()), nft_socket());
	listed = RUN("", "nft", "list", "ruleset");
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		if (!strstr(listed, wanted[i]))
			test_fail("not there: %s\n%s", wanted[i], listed);
}

TEST(what_nft_lists_it_takes_again)
{
	char *listed;

	private_sandbox();
	commit(to_batch(describe()), nft_socket());
	listed = RUN("", "nft", "list", "ruleset");
	private_network();
	RUN(listed, "nft", "-f", "-");
	check_same(RUN("", "nft", "list", "ruleset"), listed);
}
