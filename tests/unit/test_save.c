/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/model/model.h"
#include "lab/nouns/nouns.h"
#include "tests/unit/any_line.h"
#include "tests/unit/say.h"

/* A copy says the same, takes the same commands, and lives without the other. */
static void check_copy(const struct model *m, const char *text)
{
	struct model *copy = model_copy(m), *second = model_copy(copy);
	auto_free char *copied = model_save(copy), *after = NULL, *second_after = NULL;
	const char *host = m->provider == PROVIDER_AWS ? "instance create Last subnet S1"
						       : "ecs create Last vswitch VSW1";
	struct error err;

	CHECK_STR(copied, text);
	CHECK_INT(copy->generation, m->generation);
	CHECK_INT(say(copy, host, &err), say(second, host, &err));
	model_free(copy);
	CHECK_INT(say(second, "internet-host create LastHost", &err) < 0, false);
	after = model_save(second);
	CHECK(strstr(after, "LastHost"));
	copy = model_copy(second);
	model_free(second);
	second_after = model_save(copy);
	CHECK_STR(second_after, after);
	model_free(copy);
}

/* What a model saves, replayed, saves the same. */
static void check_replay(const struct model *m)
{
	auto_free char *first = model_save(m), *second = NULL;
	struct model *again = model_new();
	struct error err;

	if (!say_all(again, first, &err)) {
		printf("%s", first);
		test_fail("%s: %s", err.code, err.message);
	}
	second = model_save(again);
	CHECK_STR(second, first);
	model_free(again);
	check_copy(m, first);
}

TEST(an_empty_model_saves_nothing)
{
	struct model *m = model_new();
	auto_free char *text = model_save(m);

	CHECK_STR(text, "");
	model_free(m);
}

TEST(everything_is_said_with_all_defaults)
{
	struct model *m = built(
		"vpc create VPC1 cidr 192.168.0.0/16\n"
		"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n"
		"vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24 zone zone-b\n"
		"sg create SG1 vpc VPC1\nsg create SG2 vpc VPC1\nsg create ENT vpc VPC1 type "
		"enterprise\n"
		"sg allow SG1 in tcp 80 from SG2\nsg drop SG2 out udp 1-65535 to 1.2.3.4 priority "
		"7\n"
		"sg set SG2 inner-access drop\n"
		"sg revoke VPC1/default rule 2\nsg allow VPC1/default in gre from 10.0.0.0/8\n"
		"ecs create ECS1 vswitch VSW1\n"
		"ecs create ECS2 vswitch VSW2 public-ip auto security-group SG1,SG2 billing "
		"subscription\n"
		"eni create ENI1 vswitch VSW1\neni attach ENI1 ecs ECS1\n"
		"nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"
		"nat-gateway create NAT2 vpc VPC1 vswitch VSW2 size large icmp-reply off "
		"eip-bind-mode nat\n"
		"eip create EIP1\neip create EIP2\neip create EIP3\neip associate EIP3 ecs ECS1\n"
		"eip associate EIP1 nat-gateway NAT1\neip associate EIP2 nat-gateway NAT2\n"
		"snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n"
		"dnat create d1 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to ENI1\n"
		"dnat create d2 nat-gateway NAT2 eip EIP2 protocol udp public-port 1000-1001 to "
		"192.168.7.7 private-port 2-3\n"
		"route-table create VTB1 vpc VPC1\nroute-table associate VTB1 vswitch VSW1\n"
		"route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1\n"
		"internet-host create client dns a.com,b.com\n"
		"service start ECS1 http\nservice start client echo protocol udp port 53\nservice "
		"start client https\n"
		"service start ECS1 exec name x1 -- sh -c 'echo \"$HOME\" | cat' ''\n");
	auto_free char *text = model_save(m);

	CHECK_STR(text, "vpc create VPC1 cidr 192.168.0.0/16\n"
			"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24 zone zone-a\n"
			"vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24 zone zone-b\n"
			"route-table create VTB1 vpc VPC1\n"
			"security-group create SG1 vpc VPC1 type basic\n"
			"security-group create SG2 vpc VPC1 type basic\n"
			"security-group set SG2 inner-access drop\n"
			"security-group create ENT vpc VPC1 type enterprise\n"
			"security-group revoke VPC1/default rule 2\n"
			"security-group allow VPC1/default in gre from 10.0.0.0/8 priority 1\n"
			"security-group allow SG1 in tcp 80 from SG2 priority 1\n"
			"security-group drop SG2 out udp 1-65535 to 1.2.3.4/32 priority 7\n"
			"ecs create ECS1 vswitch VSW1 ip 192.168.1.1 security-group VPC1/default "
			"billing pay-as-you-go\n"
			"ecs create ECS2 vswitch VSW2 ip 192.168.2.1 security-group SG1,SG2 "
			"public-ip 203.0.113.1 billing subscription\n"
			"eni create ENI1 vswitch VSW1 ip 192.168.1.2 security-group VPC1/default\n"
			"eni attach ENI1 ecs ECS1\n"
			"nat-gateway create NAT1 vpc VPC1 vswitch VSW1 ip 192.168.1.3 type "
			"enhanced size small eip-bind-mode "
			"multi-binded icmp-reply off\n"
			"nat-gateway create NAT2 vpc VPC1 vswitch VSW2 ip 192.168.2.2 type "
			"enhanced size large eip-bind-mode nat "
			"icmp-reply off\n"
			"eip create EIP1 ip 203.0.113.2\n"
			"eip create EIP2 ip 203.0.113.3\n"
			"eip create EIP3 ip 203.0.113.4\n"
			"eip associate EIP1 nat-gateway NAT1\n"
			"eip associate EIP2 nat-gateway NAT2\n"
			"snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n"
			"dnat create d1 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to "
			"ENI1 private-port 80\n"
			"dnat create d2 nat-gateway NAT2 eip EIP2 protocol udp public-port "
			"1000-1001 to 192.168.7.7 private-port 2-3\n"
			"eip associate EIP3 ecs ECS1\n"
			"route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1\n"
			"route-table associate VTB1 vswitch VSW1\n"
			"internet-host create client ip 198.51.100.1 dns a.com,b.com\n"
			"service start ECS1 http port 80 name http\n"
			"service start client echo protocol udp port 53 name echo-udp-53\n"
			"service start client https port 443 name https\n"
			"service start ECS1 exec name x1 -- sh -c 'echo \"$HOME\" | cat' ''\n");
	check_replay(m);
	model_free(m);
}

#define NET \
	"vpc create VPC1 cidr 192.168.0.0/16\nvswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n"

TEST(a_deleted_default_route_stays_deleted)
{
	struct model *m = built(
		NET
		"nat-gateway create NAT1 vpc VPC1 vswitch VSW1\nroute delete VPC1/default-route\n"
		"nat-gateway create NAT2 vpc VPC1 vswitch VSW1\n"
		"route create mine table VPC1/system to 0.0.0.0/0 via nat-gateway NAT2\n");

	check_replay(m);
	model_free(m);
}

TEST(the_default_route_outlives_the_second_gateway)
{
	struct model *m = built(
		NET "nat-gateway create NAT1 vpc VPC1 vswitch VSW1\nnat-gateway create NAT2 vpc "
		    "VPC1 vswitch VSW1\n"
		    "nat-gateway create NAT3 vpc VPC1 vswitch VSW1\nnat-gateway delete NAT2\n");

	check_replay(m);
	CHECK_STR(((struct route *)model_find(m, "VPC1/default-route"))->via->name, "NAT1");
	/* The first one goes by force, and with it the route; those that stay do not get it back.
	 */
	CHECK_INT(say(m, "nat-gateway delete NAT1 force", &(struct error){ 0 }), 0);
	check_replay(m);
	model_free(m);
}

TEST(an_instance_with_snat_entry_and_eip)
{
	struct model *m = built(
		NET "ecs create ECS1 vswitch VSW1\nnat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"
		    "eip create EIP1\neip create EIP2\neip associate EIP1 nat-gateway NAT1\n"
		    "snat create s1 nat-gateway NAT1 source ecs ECS1 eip EIP1\neip associate EIP2 "
		    "ecs ECS1\n");

	check_replay(m);
	model_free(m);
}

TEST(entries_of_a_deleted_ecs)
{
	struct model *m = built(
		NET "ecs create ECS1 vswitch VSW1\nnat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"
		    "eip create EIP1\neip create EIP2\neip associate EIP1 nat-gateway NAT1\n"
		    "snat create s1 nat-gateway NAT1 source ecs ECS1 eip EIP1\n"
		    "dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to "
		    "ECS1\necs delete ECS1\n"
		    "ecs create ECS3 vswitch VSW1 ip 192.168.1.1\n");

	check_replay(m);
	model_free(m);
}

/* ---- any sequence of commands ---- */

/* Where most rounds begin, so that the deeper nouns get their turn. */
#define BEGINNING                                                                               \
	"vpc create V1 cidr 10.1.0.0/16\nvswitch create S1 vpc V1 cidr 10.1.1.0/24 zone z1\n"   \
	"vswitch create S2 vpc V1 cidr 10.1.2.0/29 zone z1\nvpc create V2 cidr 10.2.0.0/16\n"   \
	"vswitch create S3 vpc V2 cidr 10.2.1.0/24\necs create E1 vswitch S1\necs create E2 "   \
	"vswitch S2\n"                                                                          \
	"ecs create E3 vswitch S3\neni create N1 vswitch S1\nnat create T1 vpc V1 vswitch S1\n" \
	"nat create T2 vpc V1 vswitch S2\neip create X1\neip create X2\neip associate X1 "      \
	"nat-gateway T1\n"                                                                      \
	"eip associate X2 nat-gateway T2\nroute-table create R1 vpc V1\n"

/* One command, often a valid one: few names, so that they meet. */
static const char *const patterns[] = {
	"profile 2021",
	"authorization granted",
	"vpc create V% cidr 10.%.0.0/16",
	"vswitch create S% vpc V% cidr 10.%.%.0/29 zone z%",
	"vswitch create S% vpc V% cidr 10.%.%.0/24",
	"vswitch create S% vpc V% cidr 10.%.%.0/24",
	"sg create G% vpc V%",
	"sg create H% vpc V% type enterprise",
	"sg set G% inner-access drop",
	"sg allow G% in tcp %1-%9 from G%",
	"sg drop G% out all to 1.2.3.% priority %",
	"sg allow V%/default in udp % from 0.0.0.0/0",
	"prefix-list create P% cidr 10.%.0.0/16 max-entries %",
	"prefix-list add P% cidr 10.%.0.0/16,10.%.%.0/24",
	"prefix-list remove P% cidr 10.%.0.0/16",
	"prefix-list delete P%",
	"sg allow G% in tcp %1-%9 from P%",
	"sg revoke V%/default rule %",
	"sg revoke G% rule %",
	"sg delete G%",
	"ecs create E% vswitch S%",
	"ecs create E% vswitch S% ip 10.%.%.%",
	"ecs create E% vswitch S% security-group G%,G%",
	"ecs create E% vswitch S% public-ip auto",
	"ecs create E% vswitch S% public-ip 1.1.1.% billing subscription",
	"ecs set E% billing pay-as-you-go security-group G%",
	"ecs convert-public-ip E% eip X%",
	"ecs delete E%",
	"eni create N% vswitch S%",
	"eni attach N% ecs E%",
	"eni detach N%",
	"eni assign N%",
	"eni assign E%",
	"eni assign N% ip 10.%.%.%",
	"eni unassign N% ip 10.%.%.%",
	"eip associate X% eni N% private-ip 10.%.%.%",
	"ecs set E% http-tokens required",
	"ecs set E% http-endpoint disabled http-put-response-hop-limit %",
	"private-zone create Z% domain a%.example",
	"private-zone create Z% domain b.a%.example vpc V%",
	"private-zone set Z% subdomain-recursion on",
	"private-zone associate Z% vpc V%",
	"private-zone disassociate Z% vpc V%",
	"private-zone delete Z%",
	"zone-record create z-% zone Z% host h% value 10.0.0.%",
	"zone-record create z-% zone Z% host h% type cname value h%.a%.example",
	"zone-record delete z-%",
	"eni delete N%",
	"eni set N% security-group G%",
	"nat create T% vpc V% vswitch S%",
	"nat create T% vpc V% vswitch S% eip-bind-mode nat",
	"nat create T% vpc V% type standard",
	"nat set T% eip-bind-mode nat",
	"ipv4-gateway create I% vpc V%",
	"ipv4-gateway activate I%",
	"ipv4-gateway activate I% route-table V%/system",
	"ipv4-gateway delete I% internet-mode public",
	"ipv4-gateway delete I% internet-mode private",
	"route-table create Q% vpc V% associate-type gateway",
	"ipv4-gateway associate I% route-table Q%",
	"ipv4-gateway disassociate I% route-table Q%",
	"nat set T% size large",
	"nat delete T%",
	"nat delete T% force",
	"eip create X%",
	"eip create X% ip 1.1.1.%",
	"eip create X% bandwidth %",
	"eip set X% bandwidth %",
	"eip set X% unlimited",
	"eip associate X% nat-gateway T%",
	"eip associate X% nat-gateway T%",
	"nat-gateway create T% vpc V% vswitch S% type intranet",
	"nat-gateway associate T% cidr 172.16.%.0/24",
	"nat-gateway disassociate T% cidr 172.16.%.0/24",
	"nat-ip create K% nat-gateway T%",
	"nat-ip create K% nat-gateway T% ip 172.16.%.%",
	"nat-ip delete K%",
	"snat create s-% nat-gateway T% source vswitch S% nat-ip T%/default",
	"snat create s-% nat-gateway T% source cidr 10.%.%.% nat-ip K%",
	"dnat create d-% nat-gateway T% nat-ip T%/default protocol tcp public-port % to E%",
	"eip associate X% ecs E%",
	"eip associate X% eni N%",
	"eip disassociate X%",
	"eip disassociate X% force",
	"eip delete X%",
	"snat create s-% nat-gateway T% source vswitch S% eip X%",
	"snat create s-% nat-gateway T% source ecs E% eip X%,X%",
	"snat create s-% nat-gateway T% source vpc V% eip X%",
	"snat create s-% nat-gateway T% source eni N% eip X%",
	"snat create s-% nat-gateway T% source cidr 10.%.%.% eip X%",
	"snat set s-% eip X%",
	"snat set s-% affinity on",
	"snat create s-% nat-gateway T% source cidr 10.%.%.0/24 eip X%,X% affinity on",
	"snat delete s-%",
	"dnat create d-% nat-gateway T% eip X% protocol tcp public-port % to E%",
	"dnat create d-% nat-gateway T% eip X% protocol tcp public-port 1%-2% to N% private-port "
	"1%-2%",
	"dnat create d-% nat-gateway T% eip X% protocol any to E%",
	"dnat create d-% nat-gateway T% eip X% protocol udp public-port % to 10.%.%.%",
	"dnat set d-% public-port %",
	"dnat create d-% nat-gateway T% eip X% protocol tcp public-port 200% to E% port-break on",
	"dnat set d-% protocol any to N%",
	"dnat delete d-%",
	"route-table create R% vpc V%",
	"route-table associate R% vswitch S%",
	"route-table disassociate R% vswitch S%",
	"route-table delete R%",
	"route create r-% table R% to 0.0.0.0/0 via nat-gateway T%",
	"route create r-% table V%/system to 0.0.0.0/0 via nat-gateway T%",
	"route create r-% table R% to 10.%.%.0/29 via nat-gateway T%",
	"route create r-% table V%/system to 172.%.0.0/16 via vpc-peer-connection C%",
	"vpc-peer-connection create C% vpc V% accepting-vpc V%",
	"load-balancer create B% vswitch S%",
	"load-balancer delete B%",
	"vserver-group create K% load-balancer B% port 80",
	"vserver-group add K% ecs E%,E%",
	"vserver-group remove K% ecs E%",
	"vserver-group delete K%",
	"listener create l-% load-balancer B% port 80 vserver-group K%",
	"listener delete l-%",
	"transit-router create W-%",
	"attachment create Y% transit-router W-% vpc V% vswitch S%",
	"attachment create Y% transit-router W-% vpc V% vswitch S%,S% propagation off",
	"attachment delete Y% force",
	"transit-route-table create Z% transit-router W-%",
	"transit-route-table associate Z% attachment Y%",
	"transit-route-table disassociate W-%/default attachment Y%",
	"transit-route-table enable-propagation Z% attachment Y%",
	"transit-route-table disable-propagation W-%/default attachment Y%",
	"transit-route create q-% table W-%/default to 10.%.0.0/16 attachment Y%",
	"transit-route create q-% table Z% to 10.%.0.0/16 blackhole",
	"route create r-% table V%/system to 172.%.0.0/16 via attachment Y%",
	"vpc-peer-connection delete C%",
	"vpc-peer-connection delete C% force",
	"route create r-% table R% to 172.16.%.0/24 via ecs E%",
	"route create r-% table V%/system to 0.0.0.0/0 via eni N%",
	"route delete r-%",
	"route delete V%/default-route",
	"acl create A% vpc V%",
	"acl add A% in % accept tcp %1-%9 from 10.%.%.0/24",
	"acl add A% out % drop all to 0.0.0.0/0",
	"acl add A% in % drop icmp from 10.%.%.%",
	"acl remove A% in %",
	"acl associate A% vswitch S%",
	"acl disassociate A% vswitch S%",
	"acl delete A%",
	"internet-host create h-% dns a%.com,b%.com",
	"internet-host create h-%",
	"internet-host delete h-%",
	"service start E% http",
	"service start h-% echo protocol udp port %",
	"service start E% exec name w% -- echo 'a b' \"it's\"",
	"service stop E% http",
	"vswitch delete S%",
	"vpc delete V%",
};

/* Each thing knows the other, addresses are held by who has them, counts are right. */
static void check_consistent(const struct model *m)
{
	const struct eni *eni;
	size_t cursor = 0;
	unsigned members = 0, counted = 0;

	while ((eni = model_next_eni(m, &cursor))) {
		CHECK(model_eni_by_ip(m, eni->vswitch->vpc, eni->ip) == eni);
		CHECK(!eni->ecs || eni->ecs->eni[eni->index] == eni);
		CHECK(!eni->eip || eni->eip->associated ==
					   (eni->primary ? &eni->ecs->resource : &eni->resource));
		CHECK(eni->n_group > 0);
		members += (unsigned)(eni->n_group * (1 + eni->n_secondary));
		for (size_t i = 0; i < eni->n_secondary; i++)
			CHECK(model_eni_by_ip(m, eni->vswitch->vpc, eni->secondary[i].address) ==
			      eni);
	}
	for (size_t i = 0; i < model_count(m, NOUN_SECURITY_GROUP); i++)
		counted +=
			((struct security_group *)model_get(m, NOUN_SECURITY_GROUP, i))->n_member;
	CHECK_INT(counted, members);
	model_each(m, NOUN_EIP, struct eip, eip) {
		CHECK(model_holder(m, NULL, eip->ip) == &eip->resource);
		if (eip->private_ip && eip->associated->noun == NOUN_ENI)
			CHECK(eni_eip((struct eni *)eip->associated, eip->private_ip) == eip);
		else if (eip->private_ip)
			CHECK(model_holder(m, ((struct nat_gateway *)eip->associated)->vpc,
					   eip->private_ip) == &eip->resource);
	}
	model_each(m, NOUN_SNAT, struct snat, snat) {
		CHECK(snat->n_eip > 0);
		for (size_t k = 0; k < snat->n_eip; k++)
			CHECK(snat->eip[k]->associated == &snat->nat_gateway->resource);
	}
	model_each(m, NOUN_DNAT, struct dnat, dnat) {
		CHECK(dnat->eip->associated == &dnat->nat_gateway->resource);
		CHECK(!dnat->target || dnat->target->ip == dnat->target_ip);
	}
}

TEST(whatever_was_said_can_be_saved_and_said_again)
{
	unsigned accepted = 0, nouns = 0;

	for (unsigned round = 0; round < 70; round++) {
		auto_free char *beginning =
			xprintf("%s%s",
				round % 2 ? "profile today\n"
					  : "authorization required\nauthorize nat-gateway\n",
				round % 4 ? BEGINNING : "");
		struct model *m = built(beginning);
		auto_text line = { 0 };

		any_seed = 1 + round * 7919;
		for (unsigned step = 0; step < 500; step++) {
			struct error err;
			auto_free char *before = NULL, *after = NULL;

			any_line(&line, patterns, ARRAY_SIZE(patterns), 4);
			if (step % 10 == 0)
				before = model_save(m);
			if (say(m, text_get(&line), &err) == 0) {
				accepted++;
			} else if (before) {
				after = model_save(m);
				CHECK_STR(after, before);
			}
			if (step % 25 == 0) {
				check_consistent(m);
				check_replay(m);
			}
		}
		check_replay(m);
		for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
			nouns |= model_count(m, (enum noun)noun) ? 1u << noun : 0;
		model_free(m);
	}
	/* The test would say nothing if nearly everything were refused. */
	printf("# %u commands accepted\n", accepted);
	CHECK(accepted > 4500);
	/* AWS's: test_aws.c */
	CHECK_INT(nouns, ((1u << NOUN_COUNT) - 1) & ~NOUNS(NOUN_VPC_ENDPOINT));
}
