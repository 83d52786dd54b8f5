/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "core/base/address.h"
#include "lab/model/model.h"
#include "lab/model/query.h"
#include "tests/unit/say.h"

static uint32_t ip(const char *text)
{
	uint32_t address = 0;

	CHECK(address_parse(text, &address));
	return address;
}

static const char *address_of(const struct model *m, const char *name)
{
	static char text[ADDRESS_TEXT_SIZE];
	uint32_t address;

	if (!model_address(m, name, &address))
		return "none";
	return address_format(address, text);
}

#define NETWORK                                 \
	"vpc create VPC1 cidr 192.168.0.0/16\n" \
	"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n"

TEST(names_are_found_by_exact_case)
{
	struct model *m = built(NETWORK);

	CHECK(model_find(m, "VPC1"));
	CHECK(!model_find(m, "vpc1"));
	CHECK(!model_find(m, "VPC2"));
	CHECK(!model_find(m, NULL));
	CHECK(!model_find(m, ""));
	CHECK(model_find_noun(m, NOUNS(NOUN_VSWITCH), "VSW1"));
	CHECK(!model_find_noun(m, NOUNS(NOUN_VPC), "VSW1"));
	CHECK_INT(model_find(m, "VPC1/system")->noun, NOUN_ROUTE_TABLE);
	CHECK_INT(model_find(m, "VPC1/default")->noun, NOUN_SECURITY_GROUP);
	model_free(m);
}

static const char *nearest(const struct model *model, unsigned nouns, const char *name)
{
	static struct nearest nearest;

	nearest = (struct nearest){ .typed = name };
	model_offer(model, nouns, &nearest);
	return nearest.best;
}

TEST(a_very_long_name_is_nobodys)
{
	struct model *m = built(NETWORK);
	char name[5000];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CHECK(!model_find(m, name));
	CHECK(!model_find_dns(m, name));
	CHECK_STR(nearest(m, ~0u, name), "");
	model_free(m);
}

TEST(services_are_found_under_their_node)
{
	struct model *m = built(NETWORK "ecs create ECS1 vswitch VSW1\nservice start ECS1 http\n");

	CHECK_INT(model_find(m, "ECS1/http")->noun, NOUN_SERVICE);
	CHECK(!model_find(m, "http"));
	model_free(m);
}

TEST(dns_names_are_no_resources)
{
	struct model *m = built("internet-host create client dns www.example.com,Example.org\n");

	CHECK(!model_find(m, "www.example.com"));
	CHECK_STR(model_find_dns(m, "WWW.example.COM")->name, "client");
	CHECK_STR(model_find_dns(m, "example.org")->name, "client");
	CHECK(!model_find_dns(m, "client"));
	model_free(m);
}

TEST(nearest_name_of_the_wanted_nouns)
{
	struct model *m = built(NETWORK "ecs create webserver-one vswitch VSW1\n");

	CHECK_STR(nearest(m, NOUNS(NOUN_VSWITCH), "VSW2"), "VSW1");
	CHECK_STR(nearest(m, NOUNS(NOUN_VSWITCH), "vsw1"), "VSW1");
	CHECK_STR(nearest(m, NOUNS_NODE, "webservr-oen"), "webserver-one");
	CHECK_STR(nearest(m, NOUNS(NOUN_VSWITCH), "ABCD"), "");
	CHECK_STR(nearest(m, NOUNS(NOUN_EIP), "VSW1"), "");
	CHECK_STR(nearest(m, NOUNS(NOUN_SECURITY_GROUP), "default"), "VPC1/default");
	CHECK_STR(nearest(m, NOUNS(NOUN_ECS), "webserver"), "webserver-one");
	CHECK_STR(nearest(m, NOUNS(NOUN_VSWITCH), ""), "");
	model_free(m);
}

TEST(nodes_and_addresses)
{
	struct model *m = built(NETWORK "ecs create ECS1 vswitch VSW1\n"
					"eni create ENI1 vswitch VSW1\n"
					"nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"
					"nat-gateway create OLD vpc VPC1 vswitch VSW1\n"
					"eip create EIP1\n"
					"internet-host create client\n");

	CHECK(model_is_node(m, "internet"));
	CHECK(model_is_node(m, "VPC1"));
	CHECK(model_is_node(m, "VSW1"));
	CHECK(model_is_node(m, "NAT1"));
	CHECK(model_is_node(m, "ECS1"));
	CHECK(model_is_node(m, "client"));
	CHECK(!model_is_node(m, "ENI1"));
	CHECK(!model_is_node(m, "EIP1"));
	CHECK(!model_is_node(m, "nobody"));
	CHECK_STR(address_of(m, "ECS1"), "192.168.1.1");
	CHECK_STR(address_of(m, "ENI1"), "192.168.1.2");
	CHECK_STR(address_of(m, "NAT1"), "192.168.1.3");
	CHECK_STR(address_of(m, "EIP1"), "203.0.113.1");
	CHECK_STR(address_of(m, "client"), "198.51.100.1");
	CHECK_STR(address_of(m, "VPC1"), "none");
	CHECK_STR(address_of(m, "nobody"), "none");
	model_free(m);
}

TEST(a_standard_gateway_has_no_address)
{
	struct model *m = built(NETWORK "nat-gateway create NAT1 vpc VPC1 type standard\n");

	CHECK_STR(address_of(m, "NAT1"), "none");
	model_free(m);
}

TEST(interfaces_are_found_by_address_within_their_vpc)
{
	struct model *m = built(NETWORK "vpc create VPC2 cidr 192.168.0.0/16\n"
					"vswitch create VSW2 vpc VPC2 cidr 192.168.1.0/24\n"
					"ecs create ECS1 vswitch VSW1\n"
					"ecs create ECS2 vswitch VSW2\n"
					"nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n");
	struct vpc *vpc1 = (struct vpc *)model_find(m, "VPC1"),
		   *vpc2 = (struct vpc *)model_find(m, "VPC2");

	CHECK_STR(model_eni_by_ip(m, vpc1, ip("192.168.1.1"))->resource.name, "ECS1");
	CHECK_STR(model_eni_by_ip(m, vpc2, ip("192.168.1.1"))->resource.name, "ECS2");
	CHECK(!model_eni_by_ip(m, vpc1, ip("192.168.1.2"))); /* NAT1 is none */
	CHECK_STR(model_holder(m, vpc1, ip("192.168.1.2"))->name, "NAT1");
	CHECK(!model_eni_by_ip(m, vpc2, ip("192.168.1.9")));
	CHECK(!model_eni_by_ip(m, NULL, ip("192.168.1.1")));
	model_free(m);
}

TEST(own_public_address)
{
	struct model *m = built(NETWORK "ecs create ECS1 vswitch VSW1 public-ip auto\n"
					"ecs create ECS2 vswitch VSW1\n"
					"eni create ENI1 vswitch VSW1\n"
					"eni attach ENI1 ecs ECS1\n"
					"eip create EIP1\n"
					"eip associate EIP1 ecs ECS2\n");
	struct ecs *ecs1 = (struct ecs *)model_find(m, "ECS1"),
		   *ecs2 = (struct ecs *)model_find(m, "ECS2");

	CHECK_INT(eni_public_ip(ecs1->eni[0]), ip("203.0.113.1"));
	CHECK_INT(eni_public_ip(ecs1->eni[1]),
		  0); /* the static address is the primary interface's */
	CHECK_INT(eni_public_ip(ecs2->eni[0]), ip("203.0.113.2"));
	model_free(m);
}

TEST(all_interfaces_are_walked_once)
{
	struct model *m = built(NETWORK
				"ecs create ECS1 vswitch VSW1\necs create ECS2 vswitch VSW1\n"
				"eni create ENI1 vswitch VSW1\neni create ENI2 vswitch VSW1\neni "
				"attach ENI2 ecs ECS1\n");
	const char *const want[] = { "ECS1", "ECS2", "ENI1", "ENI2" };
	const struct eni *eni;
	size_t cursor = 0, n = 0;

	while ((eni = model_next_eni(m, &cursor))) {
		CHECK(n < ARRAY_SIZE(want));
		CHECK_STR(eni->resource.name, want[n++]);
	}
	CHECK_INT(n, 4);
	model_free(m);
}

TEST(attached_interfaces_fill_gaps_first)
{
	struct model *m = built(NETWORK
				"ecs create ECS1 vswitch VSW1\n"
				"eni create A1 vswitch VSW1\neni create B1 vswitch VSW1\neni "
				"create C1 vswitch VSW1\n"
				"eni attach A1 ecs ECS1\neni attach B1 ecs ECS1\neni detach A1\n");
	struct ecs *ecs = (struct ecs *)model_find(m, "ECS1");
	struct error err;

	CHECK_INT(ecs->n_eni, 3);
	CHECK(!ecs->eni[1]);
	CHECK_INT(say(m, "eni attach C1 ecs ECS1", &err), 0);
	CHECK_STR(ecs->eni[1]->resource.name, "C1");
	CHECK_INT(say(m, "eni detach B1", &err), 0);
	CHECK_INT(say(m, "eni detach C1", &err), 0);
	CHECK_INT(ecs->n_eni, 1);
	model_free(m);
}

TEST(the_lowest_free_address_comes_next)
{
	struct model *m = built(NETWORK "ecs create E1 vswitch VSW1\necs create E2 vswitch "
					"VSW1\necs create E3 vswitch VSW1\n"
					"ecs create E5 vswitch VSW1 ip 192.168.1.5\n"
					"ecs delete E2\n"
					"ecs create E2b vswitch VSW1\necs create E4 vswitch "
					"VSW1\necs create E6 vswitch VSW1\n");

	CHECK_STR(address_of(m, "E2b"), "192.168.1.2");
	CHECK_STR(address_of(m, "E4"), "192.168.1.4");
	CHECK_STR(address_of(m, "E6"), "192.168.1.6");
	model_free(m);
}

TEST(a_refused_command_does_not_move_the_pool)
{
	struct model *m = built(NETWORK);
	struct error err;

	CHECK(say(m, "ecs create ECS1 vswitch VSW1 security-group nobody", &err) < 0);
	CHECK(say(m, "ecs create ECS1 vswitch VSW1 public-ip 10.0.0.1", &err) < 0);
	CHECK_INT(say(m, "ecs create ECS1 vswitch VSW1 public-ip auto", &err), 0);
	CHECK_STR(address_of(m, "ECS1"), "192.168.1.1");
	CHECK_INT(((struct ecs *)model_find(m, "ECS1"))->public_ip, ip("203.0.113.1"));
	model_free(m);
}

TEST(public_addresses_go_on_in_the_second_range)
{
	struct model *m = model_new();
	struct error err;
	char line[64];

	CHECK_INT(say(m, "quota eips 256", &err), 0);
	for (int i = 1; i <= 256; i++) {
		snprintf(line, sizeof(line), "eip create E%d", i);
		CHECK_INT(say(m, line, &err), 0);
	}
	CHECK_STR(address_of(m, "E254"), "203.0.113.254");
	CHECK_STR(address_of(m, "E255"), "198.18.0.1");
	CHECK_STR(address_of(m, "E256"), "198.18.0.2");
	CHECK_INT(say(m, "eip delete E7", &err), 0);
	CHECK_INT(say(m, "eip create again", &err), 0);
	CHECK_STR(address_of(m, "again"), "203.0.113.7");
	CHECK_INT(say(m, "eip delete E255", &err), 0);
	CHECK_INT(say(m, "eip create again2", &err), 0);
	CHECK_STR(address_of(m, "again2"), "198.18.0.1");
	model_free(m);
}

TEST(reserved_addresses_of_a_vswitch)
{
	struct model *m = built(NETWORK "vswitch create VSW2 vpc VPC1 cidr 192.168.2.8/29\n");
	struct vswitch *vswitch = (struct vswitch *)model_find(m, "VSW2");
	const struct {
		const char *ip;
		bool reserved;
	} cases[] = {
		{ "192.168.2.7", false },  { "192.168.2.8", true },   { "192.168.2.9", false },
		{ "192.168.2.12", false }, { "192.168.2.13", true },  { "192.168.2.14", true },
		{ "192.168.2.15", true },  { "192.168.2.16", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (vswitch_keeps(vswitch, ip(cases[i].ip)) != cases[i].reserved)
			test_fail("%s", cases[i].ip);
	model_free(m);
}

TEST(ids_are_never_used_twice)
{
	struct model *m = built("eip create E1\neip create E2\n");
	unsigned id = model_find(m, "E2")->id;
	struct error err;

	CHECK_INT(say(m, "eip delete E2", &err), 0);
	CHECK_INT(say(m, "eip create E2", &err), 0);
	CHECK(model_find(m, "E2")->id > id);
	model_free(m);
}

TEST(generation_counts_changes_only)
{
	struct model *m = built(NETWORK);
	unsigned before = m->generation;
	struct error err;

	CHECK(say(m, "vpc create VPC1 cidr 10.0.0.0/8", &err) < 0);
	CHECK_INT(m->generation, before);
	CHECK_INT(say(m, "eip create EIP1", &err), 0);
	CHECK(m->generation > before);
	model_free(m);
}

TEST(five_thousand_ecs_are_quick)
{
	struct model *m = built(
		"vpc create VPC1 cidr 10.0.0.0/8\nvswitch create VSW1 vpc VPC1 cidr 10.0.0.0/16\n"
		"security-group create SG1 vpc VPC1\nsecurity-group create SG2 vpc VPC1\n"
		"security-group create SG3 vpc VPC1\n");
	struct error err;
	char line[128];

	/* Quadratic look-ups would take minutes here, and the test's alarm would ring. */
	for (int i = 0; i < 5000; i++) {
		snprintf(line, sizeof(line),
			 "ecs create E%d vswitch VSW1 security-group SG%d public-ip auto", i,
			 i / 2000 + 1);
		if (say(m, line, &err) < 0)
			test_fail("%s: %s", line, err.message);
	}
	CHECK_STR(address_of(m, "E4999"), "10.0.19.136");
	CHECK_INT(((struct security_group *)model_find(m, "SG1"))->n_member, 2000);
	for (int i = 0; i < 5000; i++) {
		snprintf(line, sizeof(line), "ecs delete E%d", i);
		CHECK_INT(say(m, line, &err), 0);
	}
	CHECK_INT(((struct security_group *)model_find(m, "SG1"))->n_member, 0);
	model_free(m);
}
