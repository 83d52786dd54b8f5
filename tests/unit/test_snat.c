/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of snat. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(snat)
{
	static const struct refusal table[] = {
		{ ALL, "snat create s1 source vswitch VSW1 eip EIP1", "MissingParameter",
		  "nat-gateway" },
		{ ALL, "snat create s1 nat-gateway NAT9 source vswitch VSW1 eip EIP1",
		  "InvalidSnatTableId.NotFound", "nat-gateway" },
		{ ALL, "snat create s1 nat-gateway NAT1 eip EIP1", "MissingParameter", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source zone a eip EIP1",
		  "INVALID_PARAMETER", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW7 eip EIP1",
		  "InvalidVSwitchId.NotFound", "source" },
		{ ALL OTHER, "snat create s1 nat-gateway NAT1 source vswitch VSW9 eip EIP1",
		  "InvalidVSwitchId.NotFound", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vpc VPC9 eip EIP1",
		  "InvalidVpcId.NotFound", "source" },
		{ ALL OTHER, "snat create s1 nat-gateway NAT1 source vpc VPC2 eip EIP1",
		  "INVALID_PARAMETER", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source ecs ECS9 eip EIP1",
		  "InvalidInstanceId.NotFound", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source eni N1 eip EIP1",
		  "InvalidEniId.NotFound", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source cidr 192.168.1.1/24 eip EIP1",
		  "INVALID_PARAMETER", "source" },
		{ ALL "eip associate EIP3 ecs ECS1\n",
		  "snat create s1 nat-gateway NAT1 source ecs ECS1 eip EIP1", "Forbindden",
		  "source" },
		{ ALL "ecs create E3 vswitch VSW1 public-ip auto\n",
		  "snat create s1 nat-gateway NAT1 source ecs E3 eip EIP1", "Forbindden",
		  "source" },
		{ ALL "snat create s2 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n",
		  "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP2",
		  "Forbidden.SourceVSwitchId.Duplicated", "source" },
		{ ALL "snat create s2 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n",
		  "snat create s1 nat-gateway NAT1 source cidr 192.168.1.0/24 eip EIP2",
		  "OperationUnsupported.CidrConflict", "source" },
		{ ALL "snat create s2 nat-gateway NAT1 source ecs ECS1 eip EIP1\n",
		  "snat create s1 nat-gateway NAT1 source cidr 192.168.1.1 eip EIP2",
		  "OperationUnsupported.CidrConflict", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW1", "MissingParameter",
		  "eip" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP9",
		  "InvalidSnatIp.NotFound", "eip" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP3",
		  "InvalidSnatIp.NotFound", "eip" },
		{ ALL "eip associate EIP3 ecs ECS1\n",
		  "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP3",
		  "InvalidSnatIp.NotFound", "eip" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP1",
		  "InvalidSnatIp.Malformed", "eip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1",
		  "Forbidden.IpUsedInForwardTable", "eip" },
		{ OLD_ALL
		  "dnat create d1 nat-gateway OLD eip EIP1 protocol tcp public-port 80 to ECS1\n",
		  "snat create s1 nat-gateway OLD source vswitch VSW1 eip EIP1",
		  "Forbidden.IpUsedInForwardTable", "eip" },
		{ ALL, "snat set s1 eip EIP1", "InvalidSnatEntryId.NotFound", "" },
		{ ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n",
		  "snat set s1", "MissingParameter", "" },
		{ ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n",
		  "snat set s1 eip EIP2,EIP3", "InvalidSnatIp.NotFound", "eip" },
		{ ALL, "snat delete s1", "InvalidSnatEntryId.NotFound", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(snat_entries_may_overlap_and_share)
{
	struct model *m = built(
		ALL
		"snat create s1 nat-gateway NAT1 source vpc VPC1 eip EIP1\n"
		"snat create s2 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP2\n"
		"snat create s3 nat-gateway NAT1 source ecs ECS1 eip EIP2\n"
		"snat create s4 nat-gateway NAT1 source cidr 192.168.1.0/25 eip EIP2\n"
		"dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1\n");

	CHECK_SAY(m, "snat set s2 eip EIP2");
	CHECK_INT(((struct snat *)model_find(m, "s2"))->n_eip, 1);
	CHECK_SAY(m, "eip associate EIP3 ecs ECS2"); /* SNAT over it does not mind */
	CHECK_SAY(m, "snat delete s2");
	model_free(m);
}

TEST(quota_of_eips_in_an_snat_entry)
{
	struct model *m = built(ALL);
	auto_text line = { 0 };

	text_add(&line, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip E1");
	for (int i = 2; i <= 65; i++)
		text_addf(&line, ",E%d", i);
	check_refused(m, text_get(&line), "SNAT_IP_POOL_COUNT_TOO_MANY", "eip");
	model_free(m);
}
