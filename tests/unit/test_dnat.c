/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of dnat. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(dnat)
{
#define D80 "dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1\n"
#define NEW "dnat create d2 nat-gateway NAT1 "
	static const struct refusal table[] = {
		{ ALL, "dnat create d1 eip EIP1 protocol any to ECS1", "MissingParameter",
		  "nat-gateway" },
		{ ALL, "dnat create d1 nat-gateway NAT9 eip EIP1 protocol any to ECS1",
		  "InvalidForwardTableId.NotFound", "nat-gateway" },
		{ ALL, NEW "protocol any to ECS1", "MissingParameter", "eip" },
		{ ALL, NEW "eip EIP9 protocol any to ECS1", "InvalidExternalIp.NotFound", "eip" },
		{ ALL, NEW "eip EIP3 protocol any to ECS1", "InvalidIp.NotInNatgw", "eip" },
		{ ALL "eip associate EIP3 ecs ECS2\n", NEW "eip EIP3 protocol any to ECS1",
		  "InvalidIp.NotInNatgw", "eip" },
		{ ALL, NEW "eip EIP1 to ECS1", "MissingParameter", "protocol" },
		{ ALL, NEW "eip EIP1 protocol icmp to ECS1", "InvalidProtocal.ValueNotSupported",
		  "protocol" },
		{ ALL, NEW "eip EIP1 protocol any public-port 80 to ECS1",
		  "InvalidExternalPort.Malformed", "public-port" },
		{ ALL, NEW "eip EIP1 protocol any private-port 80 to ECS1",
		  "InvalidInternalPort.Malformed", "private-port" },
		{ ALL, NEW "eip EIP1 protocol tcp to ECS1", "MissingParameter", "public-port" },
		{ ALL, NEW "eip EIP1 protocol tcp public-port 0 to ECS1",
		  "InvalidExternalPort.Malformed", "public-port" },
		{ ALL, NEW "eip EIP1 protocol tcp public-port 70000 to ECS1",
		  "InvalidExternalPort.Malformed", "public-port" },
		{ ALL, NEW "eip EIP1 protocol tcp public-port 80 private-port x to ECS1",
		  "InvalidInternalPort.Malformed", "private-port" },
		{ ALL, NEW "eip EIP1 protocol tcp public-port 80-90 private-port 80-89 to ECS1",
		  "InvalidInternalPort.Malformed", "private-port" },
		{ ALL, NEW "eip EIP1 protocol any", "MissingParameter", "to" },
		{ ALL, NEW "eip EIP1 protocol any to ECS9", "InvalidInternalIp.Malformed", "to" },
		{ ALL, NEW "eip EIP1 protocol any to VSW1", "InvalidInternalIp.Malformed", "to" },
		{ ALL, NEW "eip EIP1 protocol any to 192.168.1", "InvalidInternalIp.Malformed",
		  "to" },
		{ ALL, NEW "eip EIP1 protocol any to 10.0.0.1", "Forbidden.InternalIpOutOfVpcCIDR",
		  "to" },
		{ ALL OTHER "ecs create E9 vswitch VSW9\n", NEW "eip EIP1 protocol any to E9",
		  "Forbidden.InternalIpOutOfVpcCIDR", "to" },
		{ ALL "eip associate EIP3 ecs ECS1\n", NEW "eip EIP1 protocol any to ECS1",
		  "Forbindden", "to" },
		{ ALL "eip associate EIP3 ecs ECS1\n", NEW "eip EIP1 protocol any to 192.168.1.1",
		  "Forbindden", "to" },
		{ ALL "ecs create E3 vswitch VSW1 public-ip auto\n",
		  NEW "eip EIP1 protocol any to E3", "Forbindden", "to" },
		{ ALL D80, NEW "eip EIP1 protocol tcp public-port 80 to ECS2",
		  "Forbidden.Already.Bounded", "public-port" },
		{ ALL D80, NEW "eip EIP1 protocol tcp public-port 70-90 to ECS2",
		  "Forbidden.Already.Bounded", "public-port" },
		{ ALL D80, NEW "eip EIP2 protocol tcp public-port 80 to ECS1",
		  "Forbidden.Already.Bounded", "private-port" },
		{ ALL D80,
		  NEW "eip EIP2 protocol tcp public-port 8080 private-port 80 to 192.168.1.1",
		  "Forbidden.Already.Bounded", "private-port" },
		{ ALL D80, NEW "eip EIP1 protocol any to ECS2", "Forbidden.Already.Bounded",
		  "eip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  NEW "eip EIP1 protocol tcp public-port 80 to ECS2", "Forbidden.Already.Bounded",
		  "eip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  NEW "eip EIP2 protocol any to ECS1", "Forbidden.Already.Bounded", "to" },
		{ ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n",
		  NEW "eip EIP1 protocol any to ECS1", "Forbidden.ExternalIp.UsedInSnatTable",
		  "eip" },
		{ OLD_ALL "snat create s1 nat-gateway OLD source vswitch VSW1 eip EIP1\n",
		  "dnat create d1 nat-gateway OLD eip EIP1 protocol tcp public-port 80 to ECS1",
		  "Forbidden.ExternalIp.UsedInSnatTable", "eip" },
		{ ALL, "dnat set d1 to ECS2", "InvalidForwardEntryId.NotFound", "" },
		{ ALL D80, "dnat set d1", "MissingParameter", "" },
		{ ALL D80, "dnat set d1 protocol any public-port 80",
		  "InvalidExternalPort.Malformed", "public-port" },
		{ ALL D80, "dnat set d1 public-port 80-81", "InvalidInternalPort.Malformed",
		  "private-port" },
		{ ALL D80 NEW "eip EIP1 protocol tcp public-port 81 to ECS1\n",
		  "dnat set d2 public-port 80", "Forbidden.Already.Bounded", "public-port" },
		{ ALL D80 NEW "eip EIP1 protocol tcp public-port 81 to ECS1\n",
		  "dnat set d2 protocol any", "Forbidden.Already.Bounded", "eip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  "dnat set d1 protocol tcp", "MissingParameter", "public-port" },
		{ ALL, "dnat delete d1", "InvalidForwardEntryId.NotFound", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(dnat_ports)
{
	struct model *m = built(ALL D80 NEW
				"eip EIP1 protocol udp public-port 80 to ECS1\n"
				"dnat create d3 nat-gateway NAT1 eip EIP1 protocol tcp public-port "
				"1000-1010 private-port 2000-2010 to ECS2\n");
	const struct dnat *d1 = (struct dnat *)model_find(m, "d1"),
			  *d3 = (struct dnat *)model_find(m, "d3");

	CHECK_INT(d1->private_first, 80);
	CHECK_INT(d3->public_last, 1010);
	CHECK_INT(d3->private_first, 2000);
	CHECK_SAY(m, "dnat set d1 public-port 8080");
	CHECK_INT(d1->public_first, 8080);
	CHECK_INT(d1->private_first, 80);
	CHECK_SAY(m, "dnat set d1 eip EIP2 to 192.168.9.9 private-port 8000");
	CHECK(!d1->target && d1->target_ip == 0xc0a80909 && d1->private_last == 8000);
	CHECK_SAY(m, "dnat set d1 protocol any to ECS1");
	CHECK_INT(d1->public_first, 0);
	CHECK_STR(d1->target->resource.name, "ECS1");
	CHECK_SAY(m, "dnat set d1 protocol tcp public-port 22");
	CHECK_INT(d1->private_first, 22);
	CHECK_SAY(m, "dnat delete d3");
	model_free(m);
}
