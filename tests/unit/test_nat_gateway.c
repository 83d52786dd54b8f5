/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of nat-gateway. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(nat_gateway)
{
	static const struct refusal table[] = {
		{ NET, "nat create N1 vswitch VSW1", "MissingParameter", "vpc" },
		{ NET, "nat create N1 vpc VPC1", "MissingParameter", "vswitch" },
		{ NET, "nat create N1 vpc VPC9 vswitch VSW1", "InvalidVpcId.NotFound", "vpc" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW9", "InvalidVSwitchId.NotFound",
		  "vswitch" },
		{ NET OTHER, "nat create N1 vpc VPC1 vswitch VSW9",
		  "OperationFailed.VswNotBelongToVpc", "vswitch" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 type better", "InvalidParameter",
		  "type" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 size tiny",
		  "InvalidParameter.Spec.ValueNotSupported", "size" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 eip-bind-mode best", "InvalidParameter",
		  "eip-bind-mode" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 icmp-reply maybe", "InvalidParameter",
		  "icmp-reply" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 ip 192.168.2.1",
		  "InvalidVSwitchId.IpInvalid", "ip" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 type standard", "InvalidParameter",
		  "vswitch" },
		{ NET, "nat create N1 vpc VPC1 ip 192.168.1.1 type standard", "InvalidParameter",
		  "ip" },
		{ NET, "nat create N1 vpc VPC1 type standard eip-bind-mode nat",
		  "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode" },
		{ NET OLD, "nat create N1 vpc VPC1 type standard", "QuotaExceeded", "vpc" },
		{ NET NAT1, "nat create N1 vpc VPC1 type standard", "InvalidVPCStatus", "vpc" },
		{ NET "vswitch create V3 vpc VPC1 cidr 192.168.3.0/29\necs create A1 vswitch "
		      "V3\necs create A2 vswitch V3\n"
		      "ecs create A3 vswitch V3\necs create A4 vswitch V3\n",
		  "nat create N1 vpc VPC1 vswitch V3", "ZONE_NO_AVAILABLE_IP", "vswitch" },
		{ NET, "nat set N1 size small", "InvalidNatGatewayId.NotFound", "" },
		{ NET NAT1, "nat set NAT1", "MissingParameter", "" },
		{ NET NAT1, "nat set NAT1 size small", "NATGW_MODIFY_SPEC_SAME", "size" },
		{ NET NAT1, "nat set NAT1 size tiny", "InvalidParameter.Spec.ValueNotSupported",
		  "size" },
		{ NET "nat create N1 vpc VPC1 vswitch VSW1 eip-bind-mode nat\n",
		  "nat set N1 eip-bind-mode multi-binded", "OperationDenied.UnsupportedEipBindMode",
		  "eip-bind-mode" },
		{ NET OLD, "nat set OLD eip-bind-mode nat",
		  "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode" },
		{ NET, "nat delete N1", "InvalidNatGatewayId.NotFound", "" },
		{ NET NAT1, "nat delete NAT1", "DependencyViolation.RouterEntry", "" },
		{ ALL, "nat delete NAT1", "DependencyViolation.EIPS", "" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  "nat delete NAT1", "DependencyViolation.ForwardEntry", "" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n"
		      "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP2\n",
		  "nat delete NAT1", "DependencyViolation.SnatEntry", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(a_gateway_deleted_by_force_takes_its_entries_and_routes)
{
	struct model *m = built(ALL
				"dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n"
				"snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP2\n"
				"route-table create T1 vpc VPC1\nroute create R1 table T1 to "
				"0.0.0.0/0 via nat-gateway NAT1\n" NAT2
				"route create R2 table T1 to 1.0.0.0/8 via nat-gateway NAT2\n");

	CHECK_SAY(m, "nat delete NAT1 force");
	CHECK(!model_find(m, "NAT1") && !model_find(m, "d1") && !model_find(m, "s1") &&
	      !model_find(m, "R1"));
	CHECK(!model_find(m, "VPC1/default-route"));
	CHECK(model_find(m, "R2") && model_find(m, "EIP1"));
	CHECK(!((struct eip *)model_find(m, "EIP1"))->associated);
	CHECK_SAY(m, "eip delete EIP1");
	CHECK_SAY(m, "ecs create again vswitch VSW1 ip 192.168.1.2"); /* the gateway's address is
									 free again */
	model_free(m);
}

TEST(bind_mode_nat_takes_an_address_for_each_eip)
{
	struct model *m = built(NET "vswitch create V3 vpc VPC1 cidr 192.168.3.0/29\n"
				    "nat create N1 vpc VPC1 vswitch V3\n" EIPS
				    "eip associate EIP1 nat-gateway N1\neip associate EIP2 "
				    "nat-gateway N1\neip associate EIP3 nat-gateway N1\n"
				    "ecs create A1 vswitch V3\n");

	/* 4 usable addresses, 2 of them taken: three EIPs do not fit. */
	check_refused(m, "nat set N1 eip-bind-mode nat", "OperationDenied.NoAvailablePrivateIp",
		      "eip-bind-mode");
	CHECK_SAY(m, "eip disassociate EIP3");
	CHECK_SAY(m, "nat set N1 eip-bind-mode nat");
	check_refused(m, "ecs create A2 vswitch V3", "InvalidVSwitchId.IpNotEnough", "vswitch");
	check_refused(m, "eip associate EIP3 nat-gateway N1",
		      "OperationDenied.NoAvailablePrivateIp", "nat-gateway");
	CHECK_SAY(m, "eip disassociate EIP1");
	CHECK_SAY(m, "eip associate EIP3 nat-gateway N1");
	CHECK_SAY(m, "nat delete N1 force");
	CHECK_SAY(m, "ecs create A2 vswitch V3");
	CHECK_SAY(m, "ecs create A3 vswitch V3");
	CHECK_SAY(m, "ecs create A4 vswitch V3");
	model_free(m);
}
