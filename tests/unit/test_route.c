/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of route-table and route. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(route_table)
{
#define TABLES NET OTHER "route-table create T1 vpc VPC1\nroute-table create T2 vpc VPC1\n"
	static const struct refusal table[] = {
		{ NET, "route-table create T1", "MissingParameter", "vpc" },
		{ NET, "route-table create T1 vpc VPC9", "InvalidVpcId.NotFound", "vpc" },
		{ TABLES, "route-table associate T3 vswitch VSW1", "InvalidRouteTableId.NotFound",
		  "" },
		{ TABLES, "route-table associate T1 vswitch VSW3", "InvalidVSwitchId.NotFound",
		  "vswitch" },
		{ TABLES, "route-table associate T1 vswitch VSW9", "Forbidden.NotInSameVpc",
		  "vswitch" },
		{ TABLES "route-table associate T1 vswitch VSW1\n",
		  "route-table associate T1 vswitch VSW1", "ResourceAlreadyAssociated.RouteTable",
		  "vswitch" },
		{ TABLES "route-table associate T1 vswitch VSW1\n",
		  "route-table associate T2 vswitch VSW1",
		  "Forbidden.VSwitchAlreadyAssociatedRouteTable", "vswitch" },
		{ TABLES "route-table associate T1 vswitch VSW1\n",
		  "route-table associate VPC1/system vswitch VSW1",
		  "OperationDenied.SwitchToSystemRouteTable", "" },
		{ TABLES, "route-table associate VPC1/system vswitch VSW1",
		  "OperationDenied.SwitchToSystemRouteTable", "" },
		{ TABLES, "route-table disassociate T1 vswitch VSW1", "IncorrectStatus.RouteTable",
		  "vswitch" },
		{ TABLES, "route-table disassociate VPC1/system vswitch VSW1",
		  "OperationDenied.SwitchToSystemRouteTable", "" },
		{ TABLES, "route-table disassociate T3 vswitch VSW1",
		  "InvalidRouteTableId.NotFound", "" },
		{ TABLES, "route-table delete T3", "InvalidRouteTableId.NotFound", "" },
		{ TABLES, "route-table delete VPC1/system", "IncorrectRouteTableType", "" },
		{ TABLES "route-table associate T1 vswitch VSW1\n", "route-table delete T1",
		  "IncorrectRouteTableStatus", "" },
		{ TABLES NAT1 "route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT1\n",
		  "route-table delete T1", "DependencyViolation.RouteEntry", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(a_vswitch_returns_to_the_system_table)
{
	struct model *m = built(TABLES "route-table associate T1 vswitch VSW1\n");
	const struct vswitch *vswitch = (struct vswitch *)model_find(m, "VSW1");

	CHECK_STR(vswitch->table->resource.name, "T1");
	CHECK_SAY(m, "route-table disassociate T1 vswitch VSW1");
	CHECK_STR(vswitch->table->resource.name, "VPC1/system");
	CHECK_SAY(m, "route-table delete T1");
	model_free(m);
}

TEST(route)
{
#define ROUTES \
	TABLES HOSTS NAT1 "nat create NAT9 vpc VPC2 vswitch VSW9\neni create N1 vswitch VSW1\n"
	static const struct refusal table[] = {
		{ ROUTES, "route create R1 to 0.0.0.0/0 via nat-gateway NAT1", "MissingParameter",
		  "table" },
		{ ROUTES, "route create R1 table T9 to 0.0.0.0/0 via nat-gateway NAT1",
		  "InvalidRouteTableId.NotFound", "table" },
		{ ROUTES, "route create R1 table T1 via nat-gateway NAT1", "MissingParameter",
		  "to" },
		{ ROUTES, "route create R1 table T1 to default via nat-gateway NAT1",
		  "InvalidCidrBlock.Malformed", "to" },
		{ ROUTES, "route create R1 table T1 to 1.2.3.4/24 via nat-gateway NAT1",
		  "InvalidCidrBlock.Malformed", "to" },
		{ ROUTES, "route create R1 table T1 to 100.64.0.0/10 via nat-gateway NAT1",
		  "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 100.100.2.136 via nat-gateway NAT1",
		  "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 127.0.0.0/8 via nat-gateway NAT1",
		  "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 169.254.1.0/24 via nat-gateway NAT1",
		  "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 224.0.0.5 via nat-gateway NAT1",
		  "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table VPC1/system to 0.0.0.0/0 via nat-gateway NAT1",
		  "InvalidCIDRBlock.Duplicate", "to" },
		{ ROUTES "route create R2 table T1 to 1.2.3.4 via nat-gateway NAT1\n",
		  "route create R1 table T1 to 1.2.3.4/32 via nat-gateway NAT1",
		  "InvalidCIDRBlock.Duplicate", "to" },
		{ ROUTES, "route create R1 table T1 to 192.168.1.0/24 via nat-gateway NAT1",
		  "InvalidCIDRBlock.Duplicate", "to" },
		{ ROUTES, "route create R1 table T1 to 192.168.2.7 via nat-gateway NAT1",
		  "InvalidCidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0", "MissingParameter", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via nat-gateway",
		  "MissingParameter", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via vpn V1", "InvalidNextHopType",
		  "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT7",
		  "InvalidNextHopId.NotFound", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via nat-gateway ECS1",
		  "InvalidNextHopId.NotFound", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT9",
		  "IllegalParam.NextHopId", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via ecs ECS7",
		  "InvalidNextHopId.NotFound", "via" },
		{ ROUTES, "route delete R1", "InvalidRouteEntry.NotFound", "" },
		{ ROUTES, "route delete VPC1/system", "InvalidRouteEntry.NotFound", "" },
		{ ROUTES, "route delete VPC1/system/VSW1", "OperationDenied", "" },
		{ ROUTES, "route delete T1/service", "OperationDenied", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(routes_around_a_vswitch_are_fine)
{
	struct model *m = built(ROUTES);

	CHECK_SAY(m, "route create R1 table T1 to 192.168.0.0/16 via nat-gateway NAT1");
	CHECK_SAY(m, "route create R2 table T1 to 192.168.9.0/24 via nat-gateway NAT1");
	CHECK_SAY(m, "route create R3 table T1 to 0.0.0.0/0 via nat-gateway NAT1");
	CHECK_SAY(m, "route create R4 table T2 to 0.0.0.0/0 via nat-gateway NAT1");
	CHECK_SAY(m, "route create R5 table T2 to 100.0.0.0/8 via nat-gateway NAT1");
	model_free(m);
}

TEST(the_first_gateway_brings_the_default_route)
{
	struct model *m = built(NET OTHER NAT1 NAT2);
	const struct route *route = (struct route *)model_find(m, "VPC1/default-route");

	CHECK_INT(model_count(m, NOUN_ROUTE), 1);
	CHECK_STR(route->via->name, "NAT1");
	CHECK_STR(route->table->resource.name, "VPC1/system");
	CHECK(route->to.length == 0 && route->via_noun == NOUN_NAT_GATEWAY);
	/* Gone for good while any gateway is there, and back with the next first one. */
	CHECK_SAY(m, "route delete VPC1/default-route");
	CHECK_SAY(m, "nat delete NAT1");
	CHECK_SAY(m, NAT1);
	CHECK(!model_find(m, "VPC1/default-route"));
	CHECK_SAY(m, "nat delete NAT1");
	CHECK_SAY(m, "nat delete NAT2");
	CHECK_SAY(m, NAT2);
	CHECK_STR(((struct route *)model_find(m, "VPC1/default-route"))->via->name, "NAT2");
	/* Each VPC for itself, and a standard gateway does so, too. */
	CHECK_SAY(m, "nat create NAT9 vpc VPC2 type standard");
	CHECK_STR(((struct route *)model_find(m, "VPC2/default-route"))->via->name, "NAT9");
	model_free(m);
}
