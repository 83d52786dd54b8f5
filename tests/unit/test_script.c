/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/script/script.h"

#include "core/script/internal.h"
#include "tests/unit/test.h"
#include "tests/unit/wanted_helper.h"

static const char *script_of(const struct wanted *from, const struct wanted *to, unsigned parts)
{
	static struct text text;
	struct plan plan;

	text_clear(&text);
	plan_make(&plan, from, to);
	script_add_plan(&text, &plan, parts);
	plan_free(&plan);
	return text_get(&text);
}

TEST(words_are_quoted_where_a_shell_would_see_more_in_them)
{
	static const struct {
		const char *word, *want;
	} cases[] = {
		{ "NAT1", "NAT1" },
		{ "VPC1@public", "VPC1@public" },
		{ "a~1", "a~1" },
		{ "~a", "'~a'" },
		{ "#a", "'#a'" },
		{ "", "''" },
		{ "a b", "'a b'" },
		{ "it's", "'it'\\''s'" },
		{ "$(reboot)", "'$(reboot)'" },
		{ "a;b", "'a;b'" },
		{ "a\nb", "'a\nb'" },
		{ "*", "'*'" },
		{ "--x=y", "--x=y" },
		{ "a\\", "'a\\'" },
		{ "\xc3\xa9", "'\xc3\xa9'" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_text text = { 0 };

		script_add_word(&text, cases[i].word);
		CHECK_STR(text_get(&text), cases[i].want);
	}
}

TEST(routes_addresses_and_rules)
{
	struct wanted from = { 0 }, to = { 0 };

	to.origin = "EIP EIP1";
	want_address(&to, "R", "eth0", "10.0.0.1", 24);
	want_route(&to, "R", 254, "0.0.0.0/0", "eth0", "10.0.0.2");
	want_route(&to, "R", 254, "192.0.2.1/32", "eth0", NULL);
	want_route(&to, "R", 7, "192.0.2.0/24", NULL, NULL);
	want_route(&to, "R", 7, "192.0.3.0/24", NULL, ">");
	want_route(&to, "R", 7, "198.51.100.0/24", "up", "!169.254.0.1");
	to.origin = NULL;
	want_rule(&to, "R", 5, "up", 0, 7);
	want_rule(&to, "R", 6, NULL, 1, 254);
	wanted_sort(&to);
	wanted_sort(&from);
	/* What has a next hop comes behind what leads to it. */
	CHECK_STR(script_of(&from, &to, SCRIPT_KERNEL),
		  "ip -n R addr add 10.0.0.1/24 dev eth0  # EIP EIP1\n"
		  "ip -n R route add blackhole 192.0.2.0/24 table 7  # EIP EIP1\n"
		  "ip -n R route add throw 192.0.3.0/24 table 7  # EIP EIP1\n"
		  "ip -n R route add 198.51.100.0/24 via 169.254.0.1 dev up onlink table 7  # EIP "
		  "EIP1\n"
		  "ip -n R route add 192.0.2.1 dev eth0  # EIP EIP1\n"
		  "ip -n R rule add pref 5 iif up lookup 7\n"
		  "ip -n R rule add pref 6 fwmark 0x1 lookup main\n"
		  "ip -n R route add default via 10.0.0.2 dev eth0  # EIP EIP1\n");
	CHECK_STR(script_of(&to, &from, SCRIPT_KERNEL),
		  "ip -n R rule del pref 6 fwmark 0x1 lookup main\n"
		  "ip -n R rule del pref 5 iif up lookup 7\n"
		  "ip -n R route del 192.0.2.1 dev eth0  # EIP EIP1\n"
		  "ip -n R route del default via 10.0.0.2 dev eth0  # EIP EIP1\n"
		  "ip -n R route del 198.51.100.0/24 via 169.254.0.1 dev up onlink table 7  # EIP "
		  "EIP1\n"
		  "ip -n R route del throw 192.0.3.0/24 table 7  # EIP EIP1\n"
		  "ip -n R route del blackhole 192.0.2.0/24 table 7  # EIP EIP1\n"
		  "ip -n R addr del 10.0.0.1/24 dev eth0  # EIP EIP1\n");
	wanted_free(&from);
	wanted_free(&to);
}

TEST(one_nft_change_is_an_argument_more_are_one_batch)
{
	struct wanted from = { 0 }, to = { 0 };

	want_set(&from, "R", "s");
	want_set(&to, "R", "s");
	want_element(&to, "R", "s", "10.0.0.1");
	wanted_sort(&from);
	wanted_sort(&to);
	CHECK_STR(script_of(&from, &to, SCRIPT_KERNEL),
		  "ip netns exec R nft 'add element ip vpclab s { 10.0.0.1 }'\n");
	CHECK_STR(script_of(&to, &from, SCRIPT_KERNEL),
		  "ip netns exec R nft 'delete element ip vpclab s { 10.0.0.1 }'\n");
	want_chain(&to, "R", "c", true);
	wanted_sort(&to);
	CHECK_STR(script_of(&from, &to, SCRIPT_KERNEL),
		  "ip netns exec R nft -f - <<'END'\n"
		  "add chain ip vpclab c { type filter hook forward priority 0; policy drop; }\n"
		  "add element ip vpclab s { 10.0.0.1 }\n"
		  "END\n");
	wanted_free(&from);
	wanted_free(&to);
}

TEST(a_set_goes_before_the_chains_that_it_leads_to)
{
	struct wanted from = { 0 }, to = { 0 };

	want_set(&from, "R", "s");
	want_chain(&from, "R", "c", false);
	want_chain(&from, "R", "stays", false);
	want_chain(&to, "R", "stays", false);
	wanted_sort(&from);
	wanted_sort(&to);
	CHECK_STR(script_of(&from, &to, SCRIPT_KERNEL), "ip netns exec R nft -f - <<'END'\n"
							"flush chain ip vpclab c\n"
							"delete set ip vpclab s\n"
							"delete chain ip vpclab c\n"
							"END\n");
	wanted_free(&from);
	wanted_free(&to);
}

TEST(a_new_table_is_written_as_nft_shows_it)
{
	struct wanted to = { 0 };
	struct nft_chain *chain;

	to.origin = "NAT gateway NAT1";
	want_netns(&to, "NAT1", NETNS_HOST);
	want_set(&to, "NAT1", "eip");
	chain = want_chain(&to, "NAT1", "forward", true);
	nft_verdict(&to.arena, nft_rule_add(&to.arena, chain), NFT_VERDICT_DROP, NULL);
	to.origin = "EIP EIP1";
	want_element(&to, "NAT1", "eip", "192.0.2.1");
	wanted_sort(&to);
	CHECK(strstr(script_of(NULL, &to, SCRIPT_HEADINGS),
		     "\n# In NAT1: NAT gateway NAT1\n"
		     "ip netns exec NAT1 nft -f - <<'END'\n"
		     "table ip vpclab {\n"
		     "\tset eip {\n"
		     "\t\ttype ipv4_addr;\n"
		     "\t\telements = {\n"
		     "\t\t\t192.0.2.1,  # EIP EIP1\n"
		     "\t\t}\n"
		     "\t}\n"
		     "\n"
		     "\tchain forward {\n"
		     "\t\ttype filter hook forward priority 0; policy drop;\n"
		     "\t\tdrop\n"
		     "\t}\n"
		     "}\n"
		     "END\n"));
	wanted_free(&to);
}

TEST(what_changes_in_place_is_replaced_and_files_are_left_out_unless_asked_for)
{
	struct wanted from = { 0 }, to = { 0 };

	want_route(&from, "R", 254, "192.0.2.0/24", NULL, NULL);
	want_route(&to, "R", 254, "192.0.2.0/24", "eth0", NULL);
	want_file(&from, "/run/x", "a\n");
	want_file(&to, "/run/x", "b\n");
	want_process(&to, "R", "p", false, WORDS("sleep", "1 0"));
	wanted_sort(&from);
	wanted_sort(&to);
	CHECK_STR(script_of(&from, &to, SCRIPT_FILES),
		  "ip -n R route replace 192.0.2.0/24 dev eth0\n"
		  "cat >/run/x <<'END'\nb\nEND\n"
		  "mkdir -p /run/vpclab/service/R\n"
		  "ip netns exec R setsid sleep '1 0' </dev/null >>/run/vpclab/service/R/p.log "
		  "2>&1 3>&- & echo $! "
		  ">/run/vpclab/service/R/p.pid\n");
	CHECK(!strstr(script_of(&from, &to, SCRIPT_KERNEL), "/run/x"));
	wanted_free(&from);
	wanted_free(&to);
}
