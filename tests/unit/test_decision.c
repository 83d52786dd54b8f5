/* SPDX-License-Identifier: GPL-3.0-only */
/* The cookies of the compiler: all that it makes has one, and each leads back to the decision that
 * it stands for, which has the name that the kernel keeps as a comment. */
#include "tests/unit/test.h"

#include "core/base/text.h"
#include "lab/compile/compile.h"
#include "lab/model/decision.h"
#include "tests/unit/say.h"

static void check_cookie(const struct model *m, uint64_t cookie, const char *comment)
{
	const struct decision decision = decision_of_cookie(m, cookie);
	auto_text name = { 0 };

	CHECK(cookie != 0 && decision_cookie(&decision) == cookie);
	CHECK(decision_equal(&decision, &decision));
	decision_add_name(&name, m, &decision);
	/* A part of another thing has no name of its own; its comment says what it is for. */
	if (comment && decision.kind != DECISION_PART)
		CHECK_STR(text_get(&name), comment);
}

/* How many rules and elements have a comment. */
static unsigned check_all(const struct model *m)
{
	struct wanted wanted;
	unsigned n = 0;

	compile(m, &wanted);
	for (size_t i = 0; i < wanted.n_object; i++) {
		const struct object *object = &wanted.object[i];
		const bool element = object->kind == OBJECT_NFT_ELEMENT;
		const bool groups = object->cookie >> 56 == DECISION_PART_OF_GROUPS;

		if (object->kind != OBJECT_FILE && !groups)
			check_cookie(m, object->cookie, element ? object->element.comment : NULL);
		n += element && object->element.comment;
		for (size_t k = 0; object->kind == OBJECT_NFT_CHAIN && k < object->chain.n_rule;
		     k++) {
			check_cookie(m, object->chain.rule[k].cookie,
				     object->chain.rule[k].comment);
			n += object->chain.rule[k].comment != NULL;
		}
	}
	wanted_free(&wanted);
	return n;
}

TEST(cookies_lead_back)
{
	struct model *m =
		built("vpc create VPC1 cidr 192.168.0.0/16\n"
		      "vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n"
		      "acl create ACL1 vpc VPC1\n"
		      "acl add ACL1 in 10 accept tcp 80 from 0.0.0.0/0\n"
		      "acl add ACL1 out 10 accept all to 0.0.0.0/0\n"
		      "acl associate ACL1 vswitch VSW1\n"
		      "sg create SG1 vpc VPC1\n"
		      "sg create SG2 vpc VPC1 type enterprise\n"
		      "sg allow SG2 in tcp 80-90 from 10.0.0.0/8\n"
		      "sg drop SG1 out udp 53 to 10.0.0.0/8 priority 7\n"
		      "ecs create ECS1 vswitch VSW1 security-group SG1 public-ip auto\n"
		      "ecs create ECS2 vswitch VSW1 security-group SG2\n"
		      "nat-gateway create NAT1 vpc VPC1 vswitch VSW1 icmp-reply on\n"
		      "eip create EIP1\n"
		      "eip create EIP2\n"
		      "eip create EIP3\n"
		      "eip associate EIP1 nat-gateway NAT1\n"
		      "eip associate EIP2 nat-gateway NAT1\n"
		      "eip associate EIP3 nat-gateway NAT1\n"
		      "snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP2\n"
		      "dnat create dnat1 nat-gateway NAT1 eip EIP3 protocol any to ECS2\n");

	CHECK(check_all(m) > 20);
	model_free(m);
}

TEST(a_cookie_of_what_is_gone_leads_nowhere)
{
	struct model *m = built("vpc create VPC1 cidr 192.168.0.0/16\n"
				"sg create SG1 vpc VPC1\n"
				"sg allow SG1 in tcp 80 from 0.0.0.0/0\n");
	const struct security_group *group = (void *)model_find(m, "SG1");
	const uint64_t rule = decision_cookie(
		&BY(GROUP_RULE, .resource = &group->resource, .rule = &group->rule[0]));
	struct error err;

	CHECK_INT(decision_of_cookie(m, rule).rule->port_first, 80);
	say(m, "sg revoke SG1 rule 1", &err);
	CHECK(!decision_of_cookie(m, rule).rule);
	say(m, "sg delete SG1", &err);
	CHECK(!decision_of_cookie(m, rule).resource);
	model_free(m);
}
