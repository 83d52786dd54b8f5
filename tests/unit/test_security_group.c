/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of security-group. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(security_group)
{
#define GROUPS                                                                                   \
	NET OTHER "sg create SG1 vpc VPC1\nsg create SG2 vpc VPC1\nsg create ENT vpc VPC1 type " \
		  "enterprise\n"
	static const struct refusal table[] = {
		{ NET, "sg create SG1", "MissingParameter", "vpc" },
		{ NET, "sg create SG1 vpc VPC9", "InvalidVpcId.NotFound", "vpc" },
		{ NET, "sg create SG1 vpc VPC1 type huge", "InvalidParameter", "type" },
		{ GROUPS, "sg set SG3 inner-access drop", "InvalidSecurityGroupId.NotFound", "" },
		{ GROUPS, "sg set SG1", "MissingParameter", "inner-access" },
		{ GROUPS, "sg set SG1 inner-access maybe", "InvalidPolicy.Malformed",
		  "inner-access" },
		{ GROUPS, "sg set ENT inner-access accept", "OperationDenied", "inner-access" },
		{ GROUPS, "sg allow SG3 in tcp 80 from 0.0.0.0/0",
		  "InvalidSecurityGroupId.NotFound", "" },
		{ GROUPS, "sg allow SG1 up tcp 80 from 0.0.0.0/0", "InvalidParameter",
		  "direction" },
		{ GROUPS, "sg allow SG1 in ipx from 0.0.0.0/0",
		  "InvalidIpProtocol.ValueNotSupported", "protocol" },
		{ GROUPS, "sg allow SG1 in icmp 80 from 0.0.0.0/0", "OperationDenied", "port" },
		{ GROUPS, "sg allow SG1 in all 80 from 0.0.0.0/0", "OperationDenied", "port" },
		{ GROUPS, "sg allow SG1 in tcp 0 from 0.0.0.0/0", "InvalidParam.PortRange",
		  "port" },
		{ GROUPS, "sg allow SG1 in tcp 80-65536 from 0.0.0.0/0", "InvalidParam.PortRange",
		  "port" },
		{ GROUPS, "sg allow SG1 in tcp 90-80 from 0.0.0.0/0", "InvalidParam.PortRange",
		  "port" },
		{ GROUPS, "sg allow SG1 in tcp 80- from 0.0.0.0/0", "InvalidParam.PortRange",
		  "port" },
		{ GROUPS, "sg allow SG1 in tcp 80", "MissingParameter.Source", "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 to 0.0.0.0/0", "MissingParameter.Source", "to" },
		{ GROUPS, "sg allow SG1 out tcp 80", "MissingParameter.Dest", "to" },
		{ GROUPS, "sg allow SG1 out tcp 80 from 0.0.0.0/0", "MissingParameter.Dest",
		  "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 0.0.0.0/0 to 0.0.0.0/0", "InvalidParameter",
		  "to" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 10.0.0.1/8", "InvalidSourceCidrIp.Malformed",
		  "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 10.0.0", "InvalidSourceCidrIp.Malformed",
		  "from" },
		{ GROUPS, "sg allow SG1 out tcp 80 to 10.0.0.0/33", "InvalidDestCidrIp.Malformed",
		  "to" },
		{ GROUPS, "sg allow SG1 in tcp 80 from SG3", "InvalidSourceGroupId.NotFound",
		  "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from VPC1", "InvalidSourceGroupId.NotFound",
		  "from" },
		{ GROUPS, "sg allow SG1 out tcp 80 to SG3", "InvalidDestGroupId.NotFound", "to" },
		{ GROUPS, "sg allow SG1 in tcp 80 from SG1", "InvalidParamter.Conflict", "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from SG9", "InvalidSourceGroupId.Mismatch",
		  "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from ENT", "InvalidSourceGroupId.Mismatch",
		  "from" },
		{ GROUPS, "sg allow ENT out tcp 80 to SG1", "InvalidDestGroupId.Mismatch", "to" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 0.0.0.0/0 priority 0",
		  "InvalidPriority.ValueNotSupported", "priority" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 0.0.0.0/0 priority 101",
		  "InvalidPriority.ValueNotSupported", "priority" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 0.0.0.0/0 priority first",
		  "InvalidPriority.Malformed", "priority" },
		{ GROUPS, "sg revoke SG1 rule 1", "InvalidSecurityGroupRuleId.NotFound", "rule" },
		{ GROUPS, "sg revoke SG1 rule x", "InvalidSecurityGroupRuleId.NotFound", "rule" },
		{ GROUPS, "sg revoke SG1", "MissingParameter", "rule" },
		{ GROUPS, "sg delete SG3", "InvalidSecurityGroupId.NotFound", "" },
		{ GROUPS, "sg delete VPC1/default", "InvalidOperation.DeletionProtection", "" },
		{ GROUPS "ecs create E1 vswitch VSW1 security-group SG1\n", "sg delete SG1",
		  "DependencyViolation", "" },
		{ GROUPS "sg allow SG2 in tcp from SG1\n", "sg delete SG1", "DependencyViolation",
		  "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(an_identical_security_rule_is_added_once)
{
	struct model *m = built(GROUPS "sg allow SG1 in tcp 80 from 1.2.3.4\nsg allow SG1 in tcp "
				       "80 from 1.2.3.4/32 priority 1\n"
				       "sg allow SG1 in tcp 80 from 1.2.3.4 priority 2\nsg drop "
				       "SG1 in tcp 80 from 1.2.3.4\n");

	CHECK_INT(((struct security_group *)model_find(m, "SG1"))->n_rule, 3);
	CHECK_SAY(m, "sg revoke SG1 rule 2");
	CHECK_SAY(m, "sg allow SG1 in tcp 80 from 1.2.3.4 priority 2");
	CHECK_INT(((struct security_group *)model_find(m, "SG1"))->rule[2].number, 4);
	model_free(m);
}

TEST(default_group)
{
	struct model *m = built(NET);
	const struct security_group *group = (struct security_group *)model_find(m, "VPC1/default");

	CHECK_INT(group->n_rule, 3);
	CHECK(group->is_default && !group->isolated && group->type == GROUP_BASIC);
	CHECK_INT(group->rule[0].protocol, PROTOCOL_ICMP);
	CHECK_INT(group->rule[1].port_first, 22);
	CHECK_INT(group->rule[2].port_last, 3389);
	for (size_t i = 0; i < 3; i++)
		CHECK(group->rule[i].priority == 100 && group->rule[i].direction == DIRECTION_IN &&
		      group->rule[i].policy == POLICY_ACCEPT && group->rule[i].peer.length == 0 &&
		      group->rule[i].number == i + 1);
	model_free(m);
}

TEST(membership_moves_with_set)
{
	struct model *m = built(GROUPS HOSTS "eni create N1 vswitch VSW1 security-group SG1,SG2\n");
	const struct security_group *sg1 = (struct security_group *)model_find(m, "SG1"),
				    *sg2 = (struct security_group *)model_find(m, "SG2");

	CHECK_INT(sg1->n_member, 1);
	CHECK_SAY(m, "ecs set ECS1 security-group SG1");
	CHECK_INT(sg1->n_member, 2);
	CHECK_SAY(m, "eni set N1 security-group SG2");
	CHECK_INT(sg1->n_member, 1);
	CHECK_INT(sg2->n_member, 1);
	CHECK_SAY(m, "eni delete N1");
	CHECK_INT(sg2->n_member, 0);
	model_free(m);
}

TEST(quotas_of_security_groups)
{
	struct model *m = built(
		"vpc create VPC1 cidr 10.0.0.0/8\nvswitch create VSW1 vpc VPC1 cidr 10.0.0.0/16\n");

	say_numbered(m, "sg create G# vpc VPC1", 1, 100);
	check_refused(m, "sg create G101 vpc VPC1", "QuotaExceed.SecurityGroup", "");
	say_numbered(m, "sg allow G1 in tcp # from 0.0.0.0/0", 1, 100);
	check_refused(m, "sg allow G1 in tcp 101 from 0.0.0.0/0", "AuthorizationLimitExceed", "");
	CHECK_SAY(m, "sg allow G1 in tcp 100 from 0.0.0.0/0"); /* is there already */
	say_numbered(m, "sg allow G30 in tcp from G#", 1, 20);
	check_refused(m, "sg allow G30 in tcp from G21", "AuthorizationLimitExceed", "from");
	say_numbered(m, "ecs create E# vswitch VSW1", 1, 2000);
	check_refused(m, "ecs create F1 vswitch VSW1", "SecurityGroupInstanceLimitExceeded",
		      "security-group");
	CHECK_SAY(m, "ecs set E1 security-group VPC1/default"); /* a member may stay */
	CHECK_SAY(m, "ecs create F1 vswitch VSW1 security-group G1");
	check_refused(m, "ecs set F1 security-group VPC1/default",
		      "SecurityGroupInstanceLimitExceeded", "security-group");
	model_free(m);
}

/* What is in the way is named, and the hint is a command that takes it away. */
TEST(what_keeps_a_group_or_a_vswitch_is_named_with_the_command_that_removes_it)
{
	static const struct {
		const char *setup, *line, *message, *hint;
	} cases[] = {
		{ GROUPS "ecs create E1 vswitch VSW1 security-group SG1\n", "sg delete SG1",
		  "E1 is still in SG1", "ecs set E1 security-group VPC1/default" },
		{ GROUPS "ecs create E1 vswitch VSW1 security-group SG1,SG2\neni create I1 vswitch "
			 "VSW1 security-group SG1\n",
		  "sg delete SG1", "E1 and 1 other interface are still in SG1",
		  "ecs set E1 security-group SG2" },
		{ GROUPS "eni create I1 vswitch VSW1 security-group SG1\n", "sg delete SG1",
		  "I1 is still in SG1", "eni set I1 security-group VPC1/default" },
		{ GROUPS "sg allow SG2 in tcp 22 from 0.0.0.0/0\nsg allow SG2 in tcp from SG1\n",
		  "sg delete SG1", "rule 2 of SG2 still names SG1",
		  "security-group revoke SG2 rule 2" },
		{ NET "ecs create E1 vswitch VSW1\n", "vswitch delete VSW1",
		  "the ECS E1 is still in VSW1", "ecs delete E1" },
		{ NET
		  "ecs create E1 vswitch VSW1\neni create I1 vswitch VSW2\neni attach I1 ecs E1\n",
		  "vswitch delete VSW2", "the ENI I1 is still in VSW2",
		  "eni detach I1, then: eni delete I1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct model *m = built(cases[i].setup);
		struct error err;

		CHECK(say(m, cases[i].line, &err) < 0);
		CHECK_STR(err.code, "DependencyViolation");
		CHECK_STR(err.message, cases[i].message);
		CHECK_STR(err.hint, cases[i].hint);
		model_free(m);
	}
}
