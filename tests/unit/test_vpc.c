/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of vpc and vswitch. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(vpc)
{
	static const struct refusal table[] = {
		{ "", "vpc create V1", "MissingParameter", "cidr" },
		{ "", "vpc create V1 cidr 192.168.0.0", "InvalidParameter", "cidr" },
		{ "", "vpc create V1 cidr nonsense", "InvalidParameter", "cidr" },
		{ "", "vpc create V1 cidr 192.168.1.0/16", "InvalidParameter", "cidr" },
		{ "", "vpc create V1 cidr 8.0.0.0/8", "InvalidParameter", "cidr" },
		{ "", "vpc create V1 cidr 172.0.0.0/8", "InvalidParameter", "cidr" },
		{ "", "vpc create V1 cidr 192.168.0.0/15", "InvalidParameter", "cidr" },
		{ "", "vpc create V1 cidr 192.168.0.0/25", "InvalidParameter", "cidr" },
		{ "", "vpc create V1 cidr 10.0.0.0/7", "InvalidParameter", "cidr" },
		{ NET, "vpc delete VPC9", "InvalidVpcId.NotFound", "" },
		{ NET, "vpc delete VSW1", "InvalidVpcId.NotFound", "" },
		{ NET, "vpc delete VPC1", "DependencyViolation.VSwitch", "" },
		{ "vpc create VPC1 cidr 10.0.0.0/8\nnat create OLD vpc VPC1 type standard\n",
		  "vpc delete VPC1", "DependencyViolation.RouteEntry", "" },
		{ "vpc create VPC1 cidr 10.0.0.0/8\nnat create OLD vpc VPC1 type standard\nroute "
		  "delete VPC1/default-route\n",
		  "vpc delete VPC1", "DependencyViolation.NatGateway", "" },
		{ "vpc create VPC1 cidr 10.0.0.0/8\nsg create SG1 vpc VPC1\n", "vpc delete VPC1",
		  "DependencyViolation.SecurityGroup", "" },
		{ "vpc create VPC1 cidr 10.0.0.0/8\nroute-table create T1 vpc VPC1\n",
		  "vpc delete VPC1", "DependencyViolation.RouteTable", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(vswitch)
{
	static const struct refusal table[] = {
		{ NET, "vswitch create V3 vpc VPC1", "MissingParameter", "cidr" },
		{ NET, "vswitch create V3 cidr 192.168.3.0/24", "MissingParameter", "vpc" },
		{ NET, "vswitch create V3 vpc VPC2 cidr 192.168.3.0/24", "InvalidVpcId.NotFound",
		  "vpc" },
		{ NET, "vswitch create V3 vpc VSW1 cidr 192.168.3.0/24", "InvalidVpcId.NotFound",
		  "vpc" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3/24", "InvalidCidrBlock.Malformed",
		  "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3.1/24",
		  "InvalidCidrBlock.Malformed", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3.0/30",
		  "InvalidCirdrBlock.MaskLength", "cidr" },
		{ OTHER, "vswitch create V3 vpc VPC2 cidr 10.0.0.0/15",
		  "InvalidCirdrBlock.MaskLength", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.169.3.0/24", "InvalidParameter",
		  "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.1.0/24",
		  "InvalidCidrBlock.Overlapped", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.1.128/25",
		  "InvalidCidrBlock.Overlapped", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.0.0/22",
		  "InvalidCidrBlock.Overlapped", "cidr" },
		{ NET NAT1
		  "route create R1 table VPC1/system to 192.168.3.0/25 via nat-gateway NAT1\n",
		  "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24", "InvalidCidrBlock.Overlapped",
		  "cidr" },
		{ NET NAT1
		  "route create R1 table VPC1/system to 192.168.3.0/24 via nat-gateway NAT1\n",
		  "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24", "InvalidCidrBlock.Overlapped",
		  "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24 zone 'a b'",
		  "InvalidZoneId.NotFound", "zone" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24 zone ''",
		  "InvalidZoneId.NotFound", "zone" },
		{ NET, "vswitch delete VSW3", "InvalidVSwitchId.NotFound", "" },
		{ NET HOSTS, "vswitch delete VSW1", "DependencyViolation", "" },
		{ NET "eni create ENI1 vswitch VSW1\n", "vswitch delete VSW1",
		  "DependencyViolation", "" },
		{ NET NAT1, "vswitch delete VSW1", "DependencyViolation.EnhancedNatgw", "" },
		{ NET NAT1 EIPS BOUND
		  "snat create s1 nat-gateway NAT1 source vswitch VSW2 eip EIP1\n",
		  "vswitch delete VSW2", "DependencyViolation.SnatEntry", "" },
		{ NET "route-table create T1 vpc VPC1\nroute-table associate T1 vswitch VSW1\n",
		  "vswitch delete VSW1", "DependencyViolation.RouteTable", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(a_vswitch_inside_a_route_is_fine)
{
	struct model *m =
		built(NET NAT1
		      "route create R1 table VPC1/system to 192.168.0.0/18 via nat-gateway NAT1\n");

	CHECK_SAY(m, "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24");
	CHECK_SAY(m, "vswitch delete V3");
	model_free(m);
}
