/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules that all nouns share: names, quotas, hints; and the order in which a lab can be taken
 * down. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(names)
{
	static const struct refusal table[] = {
		{ "", "vpc create", "MissingParameter", "" },
		{ "", "vpc create V cidr 10.0.0.0/8", "InvalidVpcName.Malformed", "" },
		{ "", "vpc create 1V cidr 10.0.0.0/8", "InvalidVpcName.Malformed", "" },
		{ "", "vpc create V/1 cidr 10.0.0.0/8", "InvalidVpcName.Malformed", "" },
		{ "", "vpc create 'V 1' cidr 10.0.0.0/8", "InvalidVpcName.Malformed", "" },
		{ "", "vpc create V\xc3\xa4 cidr 10.0.0.0/8", "InvalidVpcName.Malformed", "" },
		{ "", "vpc create internet cidr 10.0.0.0/8", "InvalidVpcName.Malformed", "" },
		{ "", "vpc create Localhost cidr 10.0.0.0/8", "InvalidVpcName.Malformed", "" },
		{ NET, "vpc create VPC1 cidr 10.0.0.0/8", "InvalidName.Duplicate", "" },
		{ NET, "vpc create vsw1 cidr 10.0.0.0/8", "InvalidName.Duplicate", "" },
		{ "internet-host create client dns example.com\n",
		  "vpc create Example.com cidr 10.0.0.0/8", "InvalidName.Duplicate", "" },
		{ NET, "vswitch create V vpc VPC1 cidr 192.168.3.0/24",
		  "InvalidVSwitchName.Malformed", "" },
		{ NET, "sg create S vpc VPC1", "InvalidSecurityGroupName.Malformed", "" },
		{ NET, "route create R table VPC1/system to 1.0.0.0/8 via nat-gateway NAT1",
		  "InvalidRouteEntryName.Malformed", "" },
		{ NET, "nat create N vpc VPC1 vswitch VSW1", "InvalidNatGatewayName.MalFormed",
		  "" },
		{ NET, "ecs create E vswitch VSW1", "InvalidParameter.Name.Malformed", "" },
		{ NET, "eni create E vswitch VSW1", "InvalidParameter.Name.Malformed", "" },
		{ NET, "route-table create T vpc VPC1", "InvalidParameter.Name.Malformed", "" },
		{ NET, "eip create E", "InvalidParameter.Name.Malformed", "" },
		{ ALL, "snat create s nat-gateway NAT1 source vswitch VSW1 eip EIP1",
		  "InvalidParameter.Name.Malformed", "" },
		{ ALL, "dnat create d nat-gateway NAT1 eip EIP1 protocol any to ECS1",
		  "InvalidParameter.Name.Malformed", "" },
		{ NET, "internet-host create i", "InvalidParameter.Name.Malformed", "" },
	};
	char line[] = "eip create ", longest[sizeof(line) + 129];
	struct model *m = model_new();

	check_table(table, ARRAY_SIZE(table));
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, line, strlen(line));
	longest[sizeof(longest) - 1] = '\0';
	check_refused(m, longest, "InvalidParameter.Name.Malformed", ""); /* 129 characters */
	longest[sizeof(longest) - 2] = '\0';
	CHECK_SAY(m, longest);
	model_free(m);
}

TEST(words_of_the_language_are_no_names)
{
	struct model *m = model_new();

	check_refused(m, "eip create vswitch", "InvalidParameter.Name.Malformed", "");
	check_refused(m, "eip create cidr", "InvalidParameter.Name.Malformed", "");
	CHECK_SAY(m, "eip create vswitches");
	model_free(m);
}

TEST(quotas)
{
	struct model *m = model_new();

	say_numbered(m, "vpc create V# cidr 10.#.0.0/16", 1, 10);
	check_refused(m, "vpc create V11 cidr 10.11.0.0/16", "QuotaExceeded.Vpc", "");
	say_numbered(m, "vswitch create S# vpc V1 cidr 10.1.#.0/24", 1, 24);
	check_refused(m, "vswitch create S25 vpc V1 cidr 10.1.25.0/24", "QuotaExceeded.VSwitch",
		      "vpc");
	say_numbered(m, "route-table create T# vpc V1", 1, 9);
	check_refused(m, "route-table create T10 vpc V1", "QuotaExceeded", "vpc");
	say_numbered(m, "nat create N# vpc V1 vswitch S1", 1, 5);
	check_refused(m, "nat create N6 vpc V1 vswitch S1", "QuotaExceeded", "vpc");
	say_numbered(m, "route create R# table T1 to 1.#.0.0/16 via nat-gateway N1", 1, 48);
	check_refused(m, "route create R49 table T1 to 2.0.0.0/8 via nat-gateway N1",
		      "QuotaExceeded", "table");
	say_numbered(m, "eip create E#", 1, 20);
	check_refused(m, "eip create E21", "QuotaExceeded.Eip", "");
	CHECK_SAY(m, "quota eips 66");
	say_numbered(m, "eip create E#", 21, 66);
	say_numbered(m, "eip associate E# nat-gateway N1", 1, 20);
	check_refused(m, "eip associate E21 nat-gateway N1", "QuotaExceeded.NumberOfEip",
		      "nat-gateway");
	check_refused(m, "nat set N1 eip-bind-mode nat", "OperationDenied.UnsupportedEipBindMode",
		      "eip-bind-mode");
	say_numbered(m, "snat create snat# nat-gateway N1 source cidr 10.1.#.0/24 eip E1", 1, 40);
	check_refused(m, "snat create snat41 nat-gateway N1 source cidr 10.1.41.0/24 eip E1",
		      "Forbidden.SnatEntryCountLimited", "nat-gateway");
	say_numbered(m,
		     "dnat create d# nat-gateway N1 eip E1 protocol tcp public-port # to 10.1.1.1",
		     1, 100);
	check_refused(
		m,
		"dnat create d101 nat-gateway N1 eip E1 protocol tcp public-port 101 to 10.1.1.1",
		"QuotaExceeded", "nat-gateway");
	CHECK_SAY(m, "dnat set d100 public-port 101"); /* the one that is replaced does not count */
	model_free(m);
}

TEST(hints_can_be_pasted)
{
	struct model *m = built(ALL);

	CHECK_HINT(m, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP3",
		   "eip associate EIP3 nat-gateway NAT1");
	CHECK_HINT(m, "snat create s1 nat-gateway NAT1 source vswitch VSW3 eip EIP1",
		   "did you mean VSW1?");
	CHECK_HINT(m, "sg allow default in tcp 80 from 0.0.0.0/0", "did you mean VPC1/default?");
	CHECK_HINT(m, "sg allow VPC1/default in tcp 80 from any",
		   "from 0.0.0.0/0 is every address");
	CHECK_HINT(m, "vswitch create VSW9 vpc VPC1 cidr 192.168.1.0/24", "cidr 192.168.0.0/24");
	CHECK_HINT(m, "vswitch create V3 vpc VPC1 cidr 192.168.3.7/24", "192.168.3.0/24");
	CHECK_HINT(m, "nat delete NAT1",
		   "eip disassociate EIP1, or: nat-gateway delete NAT1 force");
	CHECK_HINT(m, "eip delete EIP1", "eip disassociate EIP1");
	CHECK_HINT(m, "eip associate EIP1 ecs ECS1", "eip disassociate EIP1");
	CHECK_HINT(m, "ecs create E1 vswitch VSW1 ip 192.168.1.253",
		   "choose one from 192.168.1.1 to 192.168.1.252");
	model_free(m);
}

TEST(another_nouns_name_is_called_so)
{
	struct model *m = built(NET);
	struct error err;

	CHECK(say(m, "ecs create E1 vswitch VPC1", &err) < 0);
	CHECK_STR(err.message, "VPC1 is a VPC, not a vSwitch");
	model_free(m);
}

TEST(a_whole_lab_can_be_taken_down_in_the_clouds_order)
{
	struct model *m = built(
		ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1\n"
		    "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP2\n"
		    "sg create SG1 vpc VPC1\nroute-table create T1 vpc VPC1\nroute-table associate "
		    "T1 vswitch VSW1\n"
		    "route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT1\n"
		    "snat delete s1\ndnat delete d1\neip disassociate EIP1\neip disassociate EIP2\n"
		    "route delete R1\nroute delete VPC1/default-route\nnat delete NAT1\n"
		    "eip delete EIP1\neip delete EIP2\neip delete EIP3\n"
		    "ecs delete ECS1\necs delete ECS2\nroute-table disassociate T1 vswitch "
		    "VSW1\nroute-table delete T1\n"
		    "vswitch delete VSW1\nvswitch delete VSW2\nsg delete SG1\nvpc delete VPC1\n");

	for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
		CHECK_INT(model_count(m, (enum noun)noun), 0);
	CHECK_SAY(m, "vpc create VPC1 cidr 10.0.0.0/8");
	model_free(m);
}
