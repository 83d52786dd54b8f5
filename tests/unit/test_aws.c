/* SPDX-License-Identifier: GPL-3.0-only */
/* AWS without a kernel: addresses, what the compiler makes, what is saved, the words. Refusals:
 * tests/refusals.txt. */
#include "cli/commands/language.h"
#include "tests/unit/test.h"

#include "cli/prompt/complete.h"
#include "cli/view/cause.h"
#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "core/state/plan.h"
#include "lab/compile/compile.h"
#include "lab/explain/explain.h"
#include "lab/language/command.h"
#include "lab/model/profile.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/replay.h"
#include "tests/unit/any_line.h"
#include "tests/unit/wanted_find.h"

static struct error err;

/* Lines that must all be accepted, with "provider aws" before them. */
static struct model *built(const char *lines)
{
	struct model *m = model_new();
	auto_free char *text = xprintf("provider aws\n%s", lines);

	if (replay_change(m, text, &err) < 0)
		test_fail("%s: %s", err.code, err.message);
	return m;
}

static void say(struct model *m, const char *line)
{
	if (replay_change(m, line, &err) < 0)
		test_fail("%s: %s: %s", line, err.code, err.message);
}

#define NETWORK                                                                                   \
	"vpc create VPC1 cidr 10.0.0.0/16\nsubnet create Public vpc VPC1 cidr 10.0.0.0/24\n"      \
	"subnet create Private vpc VPC1 cidr 10.0.1.0/24\ninternet-gateway create IGW1\n"         \
	"internet-gateway attach IGW1 vpc VPC1\neip create EIP1\nnat-gateway create NAT1 subnet " \
	"Public eip EIP1\n"                                                                       \
	"route-table create PublicRT vpc VPC1\n"                                                  \
	"route create ToInternet table PublicRT to 0.0.0.0/0 via internet-gateway IGW1\n"         \
	"route-table associate PublicRT subnet Public\nroute-table create PrivateRT vpc VPC1\n"   \
	"route create ToNat table PrivateRT to 0.0.0.0/0 via nat-gateway NAT1\n"                  \
	"route-table associate PrivateRT subnet Private\ninstance create I1 subnet Private\n"     \
	"instance create P1 subnet Public\n"

static uint32_t address_of(const struct model *m, const char *name)
{
	uint32_t address = 0;

	CHECK(model_address(m, name, &address));
	return address;
}

/* ---- addresses ---- */

TEST(the_first_address_is_base_plus_four_and_the_router_base_plus_one)
{
	struct model *m = built(
		"vpc create VPC1 cidr 10.0.0.0/16\nsubnet create S1 vpc VPC1 cidr 10.0.0.0/28\n"
		"instance create I1 subnet S1\nnat-gateway create NAT1 subnet S1 type private\n"
		"eni create ENI1 subnet S1\ninstance create I2 subnet S1 ip 10.0.0.14\n");

	CHECK_INT(address_of(m, "I1"), 0x0a000004);
	CHECK_INT(address_of(m, "NAT1"), 0x0a000005);
	CHECK_INT(address_of(m, "ENI1"), 0x0a000006);
	CHECK_INT(address_of(m, "I2"), 0x0a00000e);
	CHECK_INT(((struct vswitch *)model_find(m, "S1"))->gateway, 0x0a000001);
	/* Eleven of sixteen. */
	for (unsigned i = 0; i < 7; i++) {
		auto_free char *line = xprintf("instance create more%u subnet S1", i);

		say(m, line);
	}
	CHECK(replay_change(m, "instance create last subnet S1", &err) < 0);
	CHECK_STR(err.code, "InsufficientFreeAddressesInSubnet");
	CHECK_STR(err.argument, "subnet");
	model_free(m);
}

TEST(a_quota_of_groups)
{
	struct model *m = built("vpc create VPC1 cidr 10.0.0.0/16\n");

	for (unsigned i = 0; i < 2500; i++) {
		auto_free char *line = xprintf("sg create SG%u vpc VPC1", i);

		say(m, line);
	}
	CHECK(replay_change(m, "sg create SG2500 vpc VPC1", &err) < 0);
	CHECK_STR(err.code, "SecurityGroupLimitExceeded");
	model_free(m);
}

/* ---- the compiler ---- */

static uint32_t table_from(const struct wanted *wanted, const char *netns, const char *iif)
{
	for (size_t i = 0; i < wanted->n_object; i++) {
		const struct object *o = &wanted->object[i];

		if (o->kind == OBJECT_RULE && strcmp(o->netns, netns) == 0 && o->rule.iif &&
		    strcmp(o->rule.iif, iif) == 0)
			return o->rule.table;
	}
	return 0;
}

TEST(a_nat_gateway_goes_by_the_table_of_its_own_subnet)
{
	struct model *m = built(NETWORK);
	struct wanted wanted;
	const struct object *route;

	compile(m, &wanted);
	CHECK(table_from(&wanted, "VPC1", "NAT1") != 0);
	CHECK_INT(table_from(&wanted, "VPC1", "NAT1"), table_from(&wanted, "VPC1", "Public"));
	CHECK(table_from(&wanted, "VPC1", "NAT1") != table_from(&wanted, "VPC1", "Private"));
	CHECK_INT(table_from(&wanted, "VPC1", "IGW1"), 0); /* the local routes alone */
	route = find_route(&wanted, "VPC1", "0.0.0.0/0", "IGW1");
	CHECK(route && route->route.table == table_from(&wanted, "VPC1", "NAT1"));
	route = find_route(&wanted, "VPC1", "0.0.0.0/0", "NAT1");
	CHECK(route && route->route.table == table_from(&wanted, "VPC1", "Private"));
	CHECK(find_route(&wanted, "VPC1", "10.0.0.0/16", NULL)); /* local, but in no subnet */
	CHECK(find_route(&wanted, "internet", "203.0.113.1/32", "IGW1"));
	CHECK(find_route(&wanted, "I1", "0.0.0.0/0", "eth0")->route.via == 0x0a000101);
	wanted_free(&wanted);
	model_free(m);
}

TEST(a_subnet_that_is_all_of_the_vpc_is_no_clash)
{
	struct model *m = built(
		"vpc create VPC1 cidr 10.0.0.0/16\nsubnet create S1 vpc VPC1 cidr 10.0.0.0/16\n"
		"instance create I1 subnet S1\n"
		"route create R1 table VPC1/main to 0.0.0.0/0 via instance I1\n");
	struct wanted wanted;

	compile(m, &wanted); /* asserts that no two objects have one key */
	CHECK(find_route(&wanted, "VPC1", "10.0.0.0/16", "S1"));
	CHECK(!find_route(&wanted, "VPC1", "10.0.0.0/16", NULL));
	CHECK(find_route(&wanted, "VPC1", "0.0.0.0/0", "via~I1"));
	wanted_free(&wanted);
	model_free(m);
}

TEST(a_route_for_a_whole_subnet_comes_before_the_local_one)
{
	struct model *m = built(
		NETWORK "route create Inspect table PrivateRT to 10.0.0.0/24 via instance P1\n");
	struct wanted wanted;
	uint32_t private;

	compile(m, &wanted);
	private = table_from(&wanted, "VPC1", "Private");
	CHECK_INT(find_route(&wanted, "VPC1", "10.0.0.0/24", "via~P1")->route.table, private);
	for (size_t i = 0; i < wanted.n_object; i++) {
		const struct object *o = &wanted.object[i];

		if (o->kind == OBJECT_ROUTE && strcmp(o->netns, "VPC1") == 0 &&
		    o->route.table == private && o->route.link)
			CHECK(strcmp(o->route.link, "Public") != 0);
	}
	wanted_free(&wanted);
	model_free(m);
}

/* "A change of one entry costs one entry in the kernel." */
TEST(what_a_change_costs)
{
	static const struct {
		const char *line;
		size_t n_step;
	} changes[] = {
		{ "route create R1 table PrivateRT to 198.51.100.0/24 via internet-gateway IGW1",
		  1 },
		{ "route delete R1", 1 },
		{ "route-table disassociate PrivateRT subnet Private",
		  2 },                    /* one rule goes, one comes */
		{ "eip create EIP2", 2 }, /* the files of names, inside and outside */
		{ "eip associate EIP2 instance P1",
		  6 }, /* out, in, the internet's route, the names, and the metadata */
		{ "instance set P1 source-dest-check off", 3 },
	};
	struct model *m = built(NETWORK);

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct wanted before, after;
		struct plan plan;

		compile(m, &before);
		say(m, changes[i].line);
		compile(m, &after);
		plan_make(&plan, &before, &after);
		if (plan.n_step != changes[i].n_step)
			test_fail("%s: %zu steps, not %zu", changes[i].line, plan.n_step,
				  changes[i].n_step);
		plan_free(&plan);
		wanted_free(&before);
		wanted_free(&after);
	}
	model_free(m);
}

TEST(the_gateway_forgets_what_is_idle_after_350_seconds)
{
	struct model *m = built(
		NETWORK "nat-gateway create NAT2 subnet Public type private idle-timeout 5\n");
	struct wanted wanted;
	unsigned n = 0;

	compile(m, &wanted);
	for (size_t i = 0; i < wanted.n_object; i++) {
		const struct object *o = &wanted.object[i];

		if (o->kind != OBJECT_NETNS || strncmp(o->netns, "NAT", 3) != 0)
			continue;
		CHECK_INT(o->netns_.idle_timeout, o->netns[3] == '1' ? 350 : 5);
		CHECK(o->netns_.tcp_loose_off && o->netns_.tcp_liberal);
		n++;
	}
	CHECK_INT(n, 2);
	wanted_free(&wanted);
	model_free(m);
}

/* ---- saving ---- */

static void check_replay(struct model *m)
{
	auto_free char *first = model_save(m), *second = NULL;
	struct model *again = model_new();

	if (replay_change(again, first, &err) < 0)
		test_fail("%s: %s\n%s", err.code, err.message, first);
	second = model_save(again);
	CHECK_STR(second, first);
	CHECK(again->provider == PROVIDER_AWS && again->profile == m->profile);
	model_free(again);
}

TEST(what_is_gone_is_saved_as_such)
{
	struct model *m = built(NETWORK "nat-gateway delete NAT1\n");
	const struct route *route = (const struct route *)model_find(m, "ToNat");
	auto_free char *text = model_save(m);

	CHECK(route_is_blackhole(route) && !route->via);
	CHECK_STR(route->lost, "NAT1");
	CHECK(strstr(text, "route create ToNat table PrivateRT to 0.0.0.0/0 via blackhole "
			   "nat-gateway/NAT1\n"));
	CHECK(!((const struct eip *)model_find(m, "EIP1"))->associated);
	check_replay(m);
	/* The name is free again; the route stays what it is. */
	say(m, "vpc create NAT1 cidr 10.9.0.0/16");
	check_replay(m);
	say(m, "internet-gateway detach IGW1");
	CHECK(route_is_blackhole((const struct route *)model_find(m, "ToInternet")));
	say(m, "internet-gateway create IGW2");
	say(m, "internet-gateway attach IGW2 vpc VPC1");
	check_replay(m);
	say(m, "internet-gateway delete IGW1");
	check_replay(m);
	model_free(m);
}

/* One command, often a valid one: few names, so that they meet. */
static const char *const patterns[] = {
	"vpc create V% cidr 10.%.0.0/16",
	"vpc delete V%",
	"subnet create S% vpc V% cidr 10.%.%.0/28 zone z%",
	"subnet create S% vpc V% cidr 10.%.%.0/24",
	"subnet delete S%",
	"route-table create T% vpc V%",
	"route-table associate T% subnet S%",
	"route-table associate V%/main subnet S%",
	"route-table disassociate T% subnet S%",
	"route-table disassociate V%/main subnet S%",
	"route-table delete T%",
	"route create r-% table T% to 0.0.0.0/0 via internet-gateway W%",
	"route create r-% table T% to 0.0.0.0/0 via nat-gateway N%",
	"route create r-% table V%/main to 0.0.0.0/0 via internet-gateway W%",
	"route create r-% table T% to 10.%.%.0/24 via instance E%",
	"route create r-% table T% to 10.%.%.0/28 via eni I%",
	"route create r-% table T% to 1.%.0.0/16 via nat-gateway N%",
	"route create r-% table T% to 2.%.0.0/16 via blackhole eni/I%",
	"route delete r-%",
	"internet-gateway create W%",
	"internet-gateway attach W% vpc V%",
	"internet-gateway attach W% vpc V%",
	"internet-gateway detach W%",
	"internet-gateway delete W%",
	"sg create G% vpc V%",
	"sg allow G% in tcp %1-%9 from G%",
	"sg allow V%/default in udp % from 0.0.0.0/0",
	"sg allow G% out icmp to 1.2.3.%",
	"prefix-list create P% cidr 1.%.0.0/16 max-entries %",
	"prefix-list add P% cidr 1.%.0.0/16,10.%.%.0/24",
	"prefix-list remove P% cidr 1.%.0.0/16",
	"prefix-list delete P%",
	"sg allow G% in tcp %1-%9 from P%",
	"route create r-% table T% to P% via nat-gateway N%",
	"sg revoke V%/default rule %",
	"sg revoke G% rule %",
	"sg delete G%",
	"instance create E% subnet S%",
	"instance create E% subnet S% ip 10.%.%.%",
	"instance create E% subnet S% security-group G%,G%",
	"instance create E% subnet S% public-ip auto",
	"instance set E% security-group G%",
	"instance set E% source-dest-check off",
	"instance delete E%",
	"eni create I% subnet S%",
	"eni attach I% instance E%",
	"eni detach I%",
	"eni assign I%",
	"eni assign E%",
	"eni unassign E% ip 10.%.%.%",
	"eip associate X% instance E% private-ip 10.%.%.%",
	"instance set E% http-tokens required http-put-response-hop-limit %",
	"hosted-zone create Z% domain a%.example vpc V%",
	"hosted-zone associate Z% vpc V%",
	"hosted-zone disassociate Z% vpc V%",
	"hosted-zone delete Z%",
	"record-set create z-% zone Z% host h% value 10.0.0.%",
	"record-set create z-% zone Z% host h% type cname value h%.a%.example",
	"record-set delete z-%",
	"eni set I% source-dest-check off",
	"eni delete I%",
	"load-balancer create B% subnet S%",
	"load-balancer delete B%",
	"target-group create K% vpc V% port %",
	"target-group register K% instance E%",
	"target-group deregister K% instance E%",
	"target-group delete K%",
	"listener create L% load-balancer B% port % target-group K%",
	"listener delete L%",
	"nat-gateway create N% subnet S% eip X%",
	"nat-gateway create N% subnet S% eip X%",
	"nat-gateway create N% subnet S% type private idle-timeout %",
	"nat-gateway associate N% eip X%",
	"nat-gateway disassociate N% eip X%",
	"nat-gateway disassociate N% eip X% drained",
	"nat-gateway delete N%",
	"eip create X%",
	"eip create X% ip 1.1.1.%",
	"eip associate X% instance E%",
	"eip associate X% eni I%",
	"eip disassociate X%",
	"eip delete X%",
	"internet-host create h-% dns a%.com",
	"internet-host delete h-%",
	"service start E% http",
	"service stop E% http",
	"service start h-% echo protocol udp port %",
	"network-acl create A% vpc V%",
	"network-acl add A% in % allow tcp % from 0.0.0.0/0",
	"network-acl add A% out % deny all to 10.1.%.0/24",
	"network-acl add V%/default-acl in % deny udp % from 10.1.%.0/24",
	"network-acl remove V%/default-acl out 100",
	"network-acl remove A% in %",
	"network-acl associate A% subnet S%",
	"vpc-peering-connection create C% vpc V% peer-vpc V%",
	"vpc-peering-connection accept C%",
	"transit-gateway create Y%",
	"attachment create Z% transit-gateway Y% vpc V% subnet S%",
	"attachment delete Z%",
	"transit-route create q-% table Y%/default to 10.%.0.0/16 attachment Z%",
	"transit-route create q-% table Y%/default to 10.%.0.0/16 blackhole",
	"route create r-% table V%/main to 10.%.0.0/16 via transit-gateway Y%",
	"vpc-endpoint create F% vpc V% service h-% route-table V%/main",
	"vpc-endpoint create F% vpc V% service h-% route-table T%",
	"vpc-endpoint delete F%",
	"vpc-peering-connection delete C%",
	"route create r-% table V%/main to 10.%.0.0/16 via vpc-peering-connection C%",
	"network-acl associate V%/default-acl subnet S%",
	"network-acl delete A%",
	"network-acl delete V%/default-acl",
};

static void check_consistent(const struct model *m)
{
	const struct eni *eni;
	size_t cursor = 0;

	while ((eni = model_next_eni(m, &cursor))) {
		CHECK(model_eni_by_ip(m, eni->vswitch->vpc, eni->ip) == eni);
		CHECK(eni->ip >= eni->vswitch->first_usable &&
		      eni->ip <= eni->vswitch->last_usable);
		CHECK(!eni->eip || !eni->primary || !eni->ecs->public_ip);
	}
	model_each(m, NOUN_ROUTE, const struct route, route) {
		CHECK(!route->via == (route->lost != NULL));
		CHECK(!route->via || model_find(m, route->via->name) == route->via);
	}
	model_each(m, NOUN_INTERNET_GATEWAY, const struct internet_gateway, gateway)
		CHECK(!gateway->vpc || gateway->vpc->internet_gateway == gateway);
	model_each(m, NOUN_VSWITCH, const struct vswitch, subnet)
		CHECK(subnet->acl && subnet->acl->vpc == subnet->vpc);
}

/* Compiles whatever is there, and explains a flow: neither may fail. */
static const char *why(const struct model *m, const struct explanation *x)
{
	static struct text text;

	text_clear(&text);
	cause_add_text(&text, m, &x->cause);
	return text_get(&text);
}

static void check_uses(const struct model *m)
{
	static const char *const words[] = { "E1", "->", "h-1", "tcp", "80" };
	struct explanation x;
	struct wanted wanted;
	struct flow flow;

	compile(m, &wanted);
	wanted_free(&wanted);
	if (flow_parse(m, words, 5, &flow, &err) < 0)
		return;
	explain_once(m, &flow, &x);
	CHECK(x.reachable || *why(m, &x));
	explanation_free(&x);
}

TEST(whatever_was_said_can_be_saved_and_said_again)
{
	unsigned accepted = 0, nouns = 0, lost = 0;

	for (unsigned round = 0; round < 75; round++) {
		struct model *m = built(
			round % 3
				? "vpc create V1 cidr 10.1.0.0/16\nsubnet create S1 vpc V1 cidr "
				  "10.1.1.0/24\n"
				  "internet-gateway create W1\ninternet-gateway attach W1 vpc V1\n"
				  "instance create E1 subnet S1\neni create I1 subnet S1\neip "
				  "create X1\n"
				  "route-table create T1 vpc V1\nnat-gateway create N1 subnet S1 "
				  "eip X1\n"
				: "");
		auto_text line = { 0 };

		any_seed = 1 + round * 7919;
		for (unsigned step = 0; step < 400; step++) {
			auto_free char *before = NULL, *after = NULL;

			any_line(&line, patterns, ARRAY_SIZE(patterns), 3);
			if (step % 10 == 0)
				before = model_save(m);
			if (replay_change(m, text_get(&line), &err) == 0) {
				accepted++;
			} else if (before) {
				CHECK(*err.code);
				after = model_save(m);
				CHECK_STR(after, before);
			}
			if (step % 25 == 0) {
				check_consistent(m);
				check_replay(m);
				check_uses(m);
			}
		}
		check_replay(m);
		for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
			nouns |= model_count(m, (enum noun)noun) ? 1u << noun : 0;
		for (size_t i = 0; i < model_count(m, NOUN_ROUTE); i++)
			lost += ((struct route *)model_get(m, NOUN_ROUTE, i))->lost != NULL;
		model_free(m);
	}
	/* The test would say nothing if nearly everything were refused. */
	printf("# %u commands accepted, %u routes to what is gone\n", accepted, lost);
	CHECK(accepted > 3000);
	CHECK(lost > 20);
	CHECK_INT(nouns, ((1u << NOUN_COUNT) - 1) &
				 ~(NOUNS(NOUN_SNAT) | NOUNS(NOUN_DNAT) | NOUNS(NOUN_NAT_IP)));
}

/* ---- words ---- */

static bool offers(const struct model *m, const char *const *word, size_t n, const char *wanted)
{
	const struct completion_source source = { .language = &cli_language, .model = m };
	struct completions completions;
	struct token token[16];
	bool found = false;

	CHECK(n <= ARRAY_SIZE(token));
	memset(token, 0, sizeof(token));
	for (size_t i = 0; i < n; i++)
		token[i].word = (char *)(uintptr_t)word[i];
	complete_words(&source, token, n, "", &completions);
	for (size_t i = 0; i < completions.n; i++)
		found = found || strcmp(completions.item[i].word, wanted) == 0;
	completions_free(&completions);
	return found;
}

TEST(completion_knows_the_words_of_the_provider)
{
	static const char *const create[] = { "nat-gateway", "create", "NAT2" };
	static const char *const subnet[] = { "nat-gateway", "create", "NAT2", "subnet" };
	static const char *const via[] = { "route",     "create",   "R9",
					   "table",     "PublicRT", "to",
					   "1.0.0.0/8", "via",      "internet-gateway" };
	struct model *aws = built(NETWORK), *alibaba = model_new();

	CHECK(offers(aws, NULL, 0, "subnet") && offers(aws, NULL, 0, "internet-gateway") &&
	      offers(aws, NULL, 0, "IGW1"));
	CHECK(!offers(aws, NULL, 0, "vswitch") && !offers(aws, NULL, 0, "snat") &&
	      !offers(aws, NULL, 0, "profile"));
	CHECK(!offers(alibaba, NULL, 0, "subnet") && offers(alibaba, NULL, 0, "vswitch") &&
	      offers(alibaba, NULL, 0, "profile"));
	CHECK(offers(aws, create, 3, "idle-timeout") && !offers(aws, create, 3, "size"));
	CHECK(offers(aws, subnet, 4, "Public") && !offers(aws, subnet, 4, "I1"));
	CHECK(offers(aws, via, 9, "IGW1") && !offers(aws, via, 9, "NAT1"));
	model_free(aws);
	model_free(alibaba);
}

TEST(sentences_say_subnet_and_instance)
{
	struct model *m = built(NETWORK);

	CHECK(replay_change(m, "instance create I9 subnet Pubic", &err) < 0);
	CHECK_STR(err.message, "there is no subnet named Pubic");
	CHECK_STR(err.hint, "did you mean Public?");
	CHECK(replay_change(m, "route create R1 table PublicRT to 1.1.1.1 via instance NAT1",
			    &err) < 0);
	CHECK_STR(err.message, "NAT1 is a NAT gateway, not an instance");
	CHECK(replay_change(m, "service start NAT1 http", &err) < 0);
	CHECK_STR(err.message, "NAT1 is a NAT gateway, not an instance or an internet host");
	CHECK(replay_change(m, "subnet delete Private", &err) < 0);
	CHECK_STR(err.message, "the instance I1 is still in Private");
	CHECK_STR(err.hint, "instance delete I1");
	CHECK(replay_change(m, "vswitch create V1 vpc VPC1 cidr 10.0.9.0/24", &err) < 0);
	CHECK(strstr(err.hint, "provider alibaba"));
	model_free(m);
}

TEST(the_provider_comes_first)
{
	struct model *m = model_new();

	say(m, "provider aws");
	say(m, "provider alibaba");
	say(m, "profile today");
	say(m, "provider alibaba"); /* nothing changes, the time neither */
	CHECK_STR(m->profile->name, "today");
	say(m, "provider aws");
	CHECK(replay_change(m, "profile today", &err) < 0); /* none of its words */
	say(m, "vpc create VPC1 cidr 10.0.0.0/16");
	CHECK(replay_change(m, "provider alibaba", &err) < 0);
	CHECK_STR(err.code, "InvalidStatus.LabNotEmpty");
	model_free(m);
}

/* ---- why ---- */

static void check_explained(struct model *m, const char *from, const char *to, const char *code,
			    const char *hop)
{
	const char *const words[] = { from, "->", to, "tcp", "80" };
	struct explanation x;
	struct flow flow;

	if (flow_parse(m, words, 5, &flow, &err) < 0)
		test_fail("%s", err.message);
	explain_once(m, &flow, &x);
	if (strcmp(code_word(x.code), code) != 0 || strcmp(x.hop, hop) != 0)
		test_fail("%s -> %s is %s at %s (%s), not %s at %s", from, to, code_word(x.code),
			  x.hop, why(m, &x), code, hop);
	explanation_free(&x);
}

TEST(each_mistake_has_its_name)
{
	struct model *m =
		built(NETWORK
		      "internet-host create site\nservice start site http\nservice start I1 http\n"
		      "sg allow VPC1/default in all from 0.0.0.0/0\n");

	check_explained(m, "I1", "site", "", "");
	check_explained(m, "site", "EIP1", "UNSOLICITED", "NAT1");
	check_explained(m, "P1", "site", "NO_PUBLIC_ADDRESS", "IGW1");
	say(m, "instance create I2 subnet Private public-ip 203.0.113.9");
	say(m, "service start I2 http");
	check_explained(m, "site", "203.0.113.9", "RETURN_PATH", "NAT1");
	say(m, "route delete ToInternet"); /* the gateway is in a private subnet now */
	check_explained(m, "I1", "site", "NO_INTERNET_GATEWAY", "VPC1");
	say(m, "nat-gateway delete NAT1");
	check_explained(m, "I1", "site", "BLACKHOLE_ROUTE", "VPC1");
	say(m, "route delete ToNat");
	check_explained(m, "I1", "site", "NO_ROUTE", "VPC1");
	say(m, "instance delete I2");
	say(m, "internet-gateway detach IGW1");
	check_explained(m, "I1", "site", "NO_INTERNET_GATEWAY", "VPC1");
	model_free(m);
}

/* What an answer names lasts when the index is gone that it was made with. */
TEST(a_route_to_a_prefix_list_is_named_as_the_model_has_it)
{
	struct model *m = built(NETWORK "internet-host create site ip 198.51.100.7\n"
					"service start site http\n"
					"route delete ToNat\n"
					"prefix-list create L1 max-entries 2\n"
					"prefix-list add L1 cidr 198.51.100.0/24\n"
					"route create ToList table PrivateRT to L1 via "
					"nat-gateway NAT1\n");
	const char *const words[] = { "I1", "->", "site", "tcp", "80" };
	const struct resource *route = model_find(m, "ToList");
	struct explanation x;
	struct flow flow;
	bool named = false;

	CHECK(flow_parse(m, words, 5, &flow, &err) == 0);
	explain_once(m, &flow, &x);
	CHECK(x.reachable);
	for (size_t i = 0; i < x.forward.n_hop; i++)
		named |= x.forward.hop[i].decision[0].resource == route;
	CHECK(named);
	explanation_free(&x);
	model_free(m);
}

static void check_drawn(struct model *m, bool reachable, bool sometimes)
{
	const char *const words[] = { "I1", "->", "site", "tcp", "80" };
	struct explanation x;
	struct flow flow;

	CHECK(flow_parse(m, words, 5, &flow, &err) == 0);
	explain_once(m, &flow, &x);
	CHECK(x.reachable == reachable && x.sometimes == sometimes);
	CHECK(reachable || (x.code == CODE_ACL_INGRESS && x.drawn));
	explanation_free(&x);
}

/* cloud-semantics: acl-5, aws-12 */
TEST(an_acl_is_asked_for_each_port_that_a_gateway_may_choose)
{
	struct model *m = built(NETWORK "internet-host create site\nservice start site http\n"
					"network-acl create ACL1 vpc VPC1\n"
					"network-acl add ACL1 out 100 allow all to 0.0.0.0/0\n"
					"network-acl add ACL1 in 90 allow all from 10.0.0.0/16\n"
					"network-acl associate ACL1 subnet Public\n");

	check_drawn(m, false, false);
	say(m, "network-acl add ACL1 in 100 allow tcp 32768-60999 from 0.0.0.0/0");
	check_drawn(m, false, true);
	say(m, "network-acl add ACL1 in 110 allow tcp 61000-65535 from 0.0.0.0/0");
	check_drawn(m, false, true);
	say(m, "network-acl add ACL1 in 120 allow tcp 1024-32767 from 0.0.0.0/0");
	check_drawn(m, true, false);
	say(m, "network-acl add ACL1 in 50 deny tcp 40000 from 0.0.0.0/0");
	check_drawn(m, false, true);
	say(m, "network-acl add ACL1 in 40 allow tcp 1024-65535 from 0.0.0.0/0");
	check_drawn(m, true, false);
	/* To the instance itself the gateway sends what it asked for with a port of its own. */
	say(m, "network-acl create ACL2 vpc VPC1");
	say(m, "network-acl add ACL2 out 100 allow all to 0.0.0.0/0");
	say(m, "network-acl add ACL2 in 100 allow tcp 32768-60999 from 0.0.0.0/0");
	say(m, "network-acl associate ACL2 subnet Private");
	check_drawn(m, true, false);
	model_free(m);
}

TEST(a_gateway_has_so_many_ports_for_one_destination)
{
	struct model *m = built(NETWORK "internet-host create site\nservice start site http\n");
	const struct nat_gateway *nat = model_get(m, NOUN_NAT_GATEWAY, 0);
	const char *const words[] = { "I1", "->", "site", "tcp", "80" };
	struct gateway_usage gateway = { .name = "NAT1", .n_full = 1 };
	const struct usage usage = { &gateway, 1 };
	struct explain_index *index = explain_index_new(m);
	struct explanation x;
	struct flow flow;

	CHECK(flow_parse(m, words, 5, &flow, &err) == 0);
	gateway.full[0] = (struct full_destination){ .source = nat->private_ip,
						     .destination = flow.destination,
						     .protocol = PROTOCOL_TCP,
						     .port = 80,
						     .connections = 55000 };
	explain_index_set_usage(index, &usage);
	explain(index, &flow, &x);
	CHECK_STR(code_word(x.code), "LIMIT");
	CHECK_STR(x.hop, "NAT1");
	CHECK(strstr(why(m, &x), "limit reached: 55,000 connections from NAT1 to site tcp 80"));
	CHECK(x.cure[0].n_command == 4 &&
	      strcmp(x.cure[0].command[1], "nat-gateway create NAT2 subnet Public eip EIP2") == 0);
	explanation_free(&x);
	explain_index_free(index);
	model_free(m);
}
