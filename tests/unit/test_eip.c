/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of eip. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(eip)
{
	static const struct refusal table[] = {
		{ "", "eip create E1 ip 10.0.0.1", "InvalidParameter", "ip" },
		{ "", "eip create E1 ip 203.0.113", "InvalidParameter", "ip" },
		{ EIPS, "eip create E1 ip 203.0.113.1", "ReserveIpFail", "ip" },
		{ "internet-host create client\n", "eip create E1 ip 198.51.100.1", "ReserveIpFail",
		  "ip" },
		{ ALL, "eip associate E9 nat-gateway NAT1", "InvalidAllocationId.NotFound", "" },
		{ ALL, "eip associate EIP3", "MissingParameter", "resource" },
		{ ALL, "eip associate EIP3 slb S1", "InvalidParameter", "resource" },
		{ ALL, "eip associate EIP3 nat-gateway N9", "InvalidInstanId.NotFound",
		  "nat-gateway" },
		{ ALL, "eip associate EIP3 ecs NAT1", "InvalidInstanId.NotFound", "ecs" },
		{ ALL, "eip associate EIP3 eni N1", "InvalidInstanId.NotFound", "eni" },
		{ ALL, "eip associate EIP1 nat-gateway NAT1", "InvalidAssociation.Duplicated", "" },
		{ ALL, "eip associate EIP1 ecs ECS1", "IncorrectEipStatus", "" },
		{ ALL "ecs create E3 vswitch VSW1 public-ip auto\n", "eip associate EIP3 ecs E3",
		  "EIP_CAN_NOT_ASSOCIATE_WITH_PUBLIC_IP", "ecs" },
		{ ALL "eip associate EIP3 ecs ECS1\neip create E4\n", "eip associate E4 ecs ECS1",
		  "InvalidAssociation.Duplicated", "ecs" },
		{ ALL "eni create N1 vswitch VSW1\neip associate EIP3 eni N1\neip create E4\n",
		  "eip associate E4 eni N1", "InvalidAssociation.Duplicated", "eni" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  "eip associate EIP3 ecs ECS1", "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", "ecs" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to 192.168.1.1\n",
		  "eip associate EIP3 ecs ECS1", "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", "ecs" },
		{ ALL, "eip disassociate E9", "InvalidAllocationId.NotFound", "" },
		{ ALL, "eip disassociate EIP3", "IncorrectEipStatus", "" },
		{ ALL, "eip disassociate EIP3 force", "IncorrectEipStatus", "" },
		{ ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n",
		  "eip disassociate EIP1", "InvalidIpStatus.HasBeenUsedBySnatTable", "" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  "eip disassociate EIP1", "InvalidIpStatus.HasBeenUsedByForwardEntry", "" },
		{ ALL, "eip delete E9", "InvalidAllocationId.NotFound", "" },
		{ ALL, "eip delete EIP1", "IncorrectEipStatus", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(an_eip_taken_away_by_force_leaves_its_entries)
{
	struct model *m = built(
		ALL
		"snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP2\n"
		"snat create s2 nat-gateway NAT1 source vswitch VSW2 eip EIP1\n"
		"dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1\n");
	const struct snat *snat = (struct snat *)model_find(m, "s1");

	CHECK_SAY(m, "eip disassociate EIP1 force");
	CHECK_INT(snat->n_eip, 1);
	CHECK_STR(snat->eip[0]->resource.name, "EIP2");
	CHECK(!model_find(m, "s2") && !model_find(m, "d1"));
	CHECK_SAY(m, "eip delete EIP1");
	model_free(m);
}
