/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include <stdlib.h>

#include "cli/learn/model_diff.h"
#include "cli/learn/names.h"
#include "core/base/text.h"
#include "lab/nouns/replay.h"

static struct model *made(const char *lines)
{
	struct model *model = model_new();
	struct error err = { 0 };

	if (replay_change(model, lines, &err) < 0)
		test_fail("%s", err.message);
	return model;
}

#define NETWORK                                 \
	"vpc create VPC1 cidr 192.168.0.0/16\n" \
	"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n"

/* The words that somebody asked for. */
static bool is_given(const void *arg, const char *word)
{
	return strstr(arg, word) != NULL;
}

/* Does the last line of one lab hold in the other? If not: what is there instead, and what would
 * help. */
static const char *judged(const char *wanted_lines, const char *have_lines)
{
	static struct text text;
	struct model *wanted_model = made(wanted_lines), *have_model = made(have_lines);
	struct saved_lines wanted, have;
	struct comparison comparison = { &wanted, &have, NULL, is_given, wanted_lines };
	struct difference difference;
	const struct saved_line *last;

	text_clear(&text);
	saved_lines_of(&wanted, wanted_model);
	saved_lines_of(&have, have_model);
	last = wanted.line[wanted.n_line - 1];
	if (comparison_holds(&comparison, last)) {
		text_add(&text, "holds");
	} else if (comparison_nearest(&comparison, last, &difference)) {
		difference_add_text(&text, &difference);
		text_add(&text, " | ");
		difference_add_cure(&text, have_model, &difference);
	} else {
		text_add(&text, "missing");
	}
	saved_lines_free(&wanted);
	saved_lines_free(&have);
	model_free(wanted_model);
	model_free(have_model);
	return text_get(&text);
}

TEST(what_is_so_is_the_lines_of_save)
{
	struct model *model = made(NETWORK "eip create EIP1");
	struct saved_lines lines;

	saved_lines_of(&lines, model);
	CHECK_INT(lines.n_line, 3);
	CHECK_STR(lines.line[2]->text, "eip create EIP1 ip 203.0.113.1");
	CHECK(saved_lines_find(&lines, "vpc create VPC1 cidr 192.168.0.0/16"));
	CHECK(!saved_lines_find(&lines, "vpc create VPC1"));
	saved_lines_free(&lines);
	model_free(model);
}

TEST(order_form_and_spelled_out_defaults_do_not_matter)
{
	CHECK_STR(judged(NETWORK "ecs create ECS1 vswitch VSW1",
			 NETWORK "ecs create ECS1 billing pay-as-you-go vswitch VSW1"),
		  "holds");
	CHECK_STR(judged(NETWORK "sg create SG1 vpc VPC1\nsg allow SG1 in tcp 80 from 0.0.0.0/0",
			 NETWORK "sg create SG1 type basic vpc VPC1\n"
				 "security-group allow SG1 in tcp 80-80 from 0.0.0.0/0 priority 1"),
		  "holds");
	CHECK_STR(judged(NETWORK "sg create A1 vpc VPC1\nsg create B1 vpc VPC1\necs create ECS1 "
				 "vswitch VSW1 security-group A1,B1",
			 NETWORK "sg create A1 vpc VPC1\nsg create B1 vpc VPC1\necs create ECS1 "
				 "vswitch VSW1 security-group B1,A1"),
		  "holds");
}

TEST(what_is_not_there_is_missing)
{
	CHECK_STR(judged(NETWORK "ecs create ECS1 vswitch VSW1", NETWORK), "missing");
	/* Something else by another name is not taken for it. */
	CHECK_STR(judged(NETWORK "vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24",
			 NETWORK "vswitch create VSW3 vpc VPC1 cidr 192.168.3.0/24 zone zone-b"),
		  "missing");
	/* VSW1 is somebody: it is not VSW2 under a wrong name. */
	CHECK_STR(judged(NETWORK "eip create EIP1\neip create EIP2", NETWORK "eip create EIP1"),
		  "missing");
}

TEST(an_address_that_the_lab_chose_may_be_another_one)
{
	CHECK_STR(judged("eip create EIP2\neip create EIP1", "eip create EIP1"), "holds");
	CHECK_STR(judged("eip create EIP1 ip 203.0.113.9", "eip create EIP1"),
		  "EIP1: ip is 203.0.113.1, and should be 203.0.113.9 | eip delete EIP1");
	CHECK_STR(judged("eip create EIP1 ip 203.0.113.9", "eip create EIP1 ip 203.0.113.9"),
		  "holds");
}

TEST(the_address_of_a_name_is_the_address_of_that_name)
{
#define HOSTS                                                                                 \
	NETWORK "internet-host create client\ninternet-host create other\nsg create SG1 vpc " \
		"VPC1\n"
#define SOHTS                                                                                 \
	NETWORK "internet-host create other\ninternet-host create client\nsg create SG1 vpc " \
		"VPC1\n"
	struct model *wanted_model = made(HOSTS "sg drop SG1 in tcp 22 from 198.51.100.1");
	struct model *have_model = made(SOHTS "sg drop SG1 in tcp 22 from 198.51.100.2");
	struct model *other_model = made(SOHTS "sg drop SG1 in tcp 22 from 198.51.100.3");
	struct saved_lines wanted, have, other;

	saved_lines_of(&wanted, wanted_model);
	saved_lines_of(&have, have_model);
	saved_lines_of(&other, other_model);
	for (size_t i = 0; i < wanted.n_line; i++) {
		bool drops = strstr(wanted.line[i]->text, "drop") != NULL;

		CHECK(comparison_holds(&(struct comparison){ .wanted = &wanted, .have = &have },
				       wanted.line[i]));
		CHECK_INT(
			comparison_holds(&(struct comparison){ .wanted = &wanted, .have = &other },
					 wanted.line[i]),
			!drops);
	}
	saved_lines_free(&wanted);
	saved_lines_free(&have);
	saved_lines_free(&other);
	model_free(wanted_model);
	model_free(have_model);
	model_free(other_model);
}

TEST(another_attribute_is_named_with_what_helps)
{
	CHECK_STR(judged(NETWORK "vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24",
			 NETWORK "vswitch create VSW2 vpc VPC1 cidr 192.168.3.0/24 zone zone-b"),
		  "VSW2: cidr is 192.168.3.0/24, and should be 192.168.2.0/24; zone is zone-b, and "
		  "should be zone-a | "
		  "vswitch delete VSW2");
	CHECK_STR(judged(NETWORK "nat create NAT1 vpc VPC1 vswitch VSW1",
			 NETWORK "nat create NAT1 vpc VPC1 vswitch VSW1 size large"),
		  "NAT1: size is large, and should be small | nat-gateway set NAT1 size small");
	CHECK_STR(judged(NETWORK "ecs create ECS1 vswitch VSW1",
			 NETWORK "ecs create ECS1 vswitch VSW1 public-ip auto"),
		  "ECS1: public-ip is 203.0.113.1, and should be none | ecs delete ECS1");
}

TEST(a_name_that_nobody_asked_for_is_named)
{
	CHECK_STR(judged("vpc create VPC1 cidr 10.0.0.0/8", "vpc create MINE cidr 10.0.0.0/8"),
		  "MINE: the name is MINE, and should be VPC1 | vpc delete MINE");
}

TEST(under_another_name_one_attribute_that_differs_is_named)
{
	CHECK_STR(judged("vpc create VPC1 cidr 10.0.0.0/8", "vpc create MINE cidr 10.0.0.0/16"),
		  "MINE: cidr is 10.0.0.0/16, and should be 10.0.0.0/8 | vpc delete MINE");
	CHECK_STR(judged(NETWORK "nat create NAT1 vpc VPC1 vswitch VSW1",
			 NETWORK "nat create gw vpc VPC1 vswitch VSW1 size large"),
		  "gw: size is large, and should be small | nat-gateway set gw size small");
	CHECK_STR(judged(NETWORK "vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24",
			 NETWORK "vswitch create V2 vpc VPC1 cidr 192.168.3.0/24"),
		  "V2: cidr is 192.168.3.0/24, and should be 192.168.2.0/24 | vswitch delete V2");
	CHECK_STR(judged("internet-host create site\nservice start site http",
			 "internet-host create mine\nservice start mine http"),
		  "missing");
}

TEST(what_has_no_name_is_told_by_the_rest)
{
#define TWO                                                                                    \
	NETWORK "vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24\nroute-table create T1 vpc " \
		"VPC1\nroute-table create T2 vpc "                                             \
		"VPC1\n"
	CHECK_STR(judged(TWO "route-table associate T1 vswitch VSW1",
			 TWO "route-table associate T2 vswitch VSW1"),
		  "T2: name is T2, and should be T1 | route-table disassociate T2 vswitch VSW1");
	CHECK_STR(judged(NETWORK "sg create SG1 vpc VPC1\nsg allow SG1 in tcp 80 from 0.0.0.0/0",
			 NETWORK "sg create SG1 vpc VPC1\nsg allow SG1 in tcp 8080 from 0.0.0.0/0"),
		  "SG1: port is 8080, and should be 80 | security-group revoke SG1 rule N");
}

TEST(a_meaning_is_said_in_other_words)
{
	struct model *model = made(NETWORK "eip create EIP1\nnat create NAT1 vpc VPC1 vswitch "
					   "VSW1\neip associate EIP1 nat NAT1");
	struct saved_lines lines;
	auto_text text = { 0 };

	saved_lines_of(&lines, model);
	statement_add_meaning(&text, &lines.line[0]->statement.arguments);
	CHECK_STR(text_get(&text),
		  "make a VPC with its system route table: VPC1, cidr 192.168.0.0/16");
	text_clear(&text);
	statement_add_meaning(&text, &lines.line[lines.n_line - 1]->statement.arguments);
	CHECK_STR(text_get(&text), "bind an EIP to a resource: EIP1 nat-gateway NAT1");
	saved_lines_free(&lines);
	model_free(model);
}

TEST(what_a_service_is_called_does_not_matter)
{
#define SITE "internet-host create site\n"
	CHECK_STR(judged(SITE "service start site http name web", SITE "service start site http"),
		  "holds");
	CHECK_STR(judged(SITE "service start site http", SITE "service start site http port 81"),
		  "site: port is 81, and should be 80 | service stop site http-81");
}

static const char *told(const char *text)
{
	static char *result;
	struct learner_names names = { 0 };

	learner_names_add(&names, "EIP1", "a");
	learner_names_add(&names, "a", "aa"); /* once more */
	learner_names_add(&names, "site", "s.1");
	free(result);
	result = learner_names_tell(&names, text, strlen(text));
	learner_names_free(&names);
	return result;
}

TEST(a_lesson_is_told_in_the_names_of_the_learner)
{
	CHECK_STR(told("eip create EIP1\n"), "eip create aa\n");
	CHECK_STR(told("EIP1,EIP12 xEIP1 EIP1-b EIP1.b"), "aa,EIP12 xEIP1 EIP1-b EIP1.b");
	CHECK_STR(told("http://$EIP1:80/ ${EIP1}-b \"EIP1\" EIP1."),
		  "http://$aa:80/ ${aa}-b \"aa\" aa.");
	CHECK_STR(told("site.public site/x site{1..2}"), "s.1.public s.1/x site{1..2}");
	CHECK_STR(told("# the site's EIP1\nsite # site\n\t# site"),
		  "# the site's aa\ns.1 # s.1\n\t# site");
}

TEST(the_words_of_aws)
{
#define SUBNET                                                                            \
	"provider aws\nvpc create VPC1 cidr 10.0.0.0/16\nsubnet create S1 vpc VPC1 cidr " \
	"10.0.0.0/24\n"
	CHECK_STR(judged(SUBNET "instance create I1 subnet S1",
			 SUBNET "instance create I1 subnet S1"),
		  "holds");
	CHECK_STR(judged(SUBNET "subnet create S2 vpc VPC1 cidr 10.0.2.0/24",
			 SUBNET "subnet create S2 vpc VPC1 cidr 10.0.3.0/24"),
		  "S2: cidr is 10.0.3.0/24, and should be 10.0.2.0/24 | subnet delete S2");
}
