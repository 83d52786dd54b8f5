/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of ecs and eni. */
#include "tests/unit/test.h"

#include "tests/unit/rules_helper.h"

TEST(ecs)
{
	static const struct refusal table[] = {
		{ NET, "ecs create E1", "MissingParameter", "vswitch" },
		{ NET, "ecs create E1 vswitch VSW3", "InvalidVSwitchId.NotFound", "vswitch" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.1",
		  "InvalidPrivateIpAddress.Malformed", "ip" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.2.1", "InvalidVSwitchId.IpInvalid",
		  "ip" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.1.0", "InvalidVSwitchId.IpInvalid",
		  "ip" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.1.253", "InvalidVSwitchId.IpInvalid",
		  "ip" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.1.255", "InvalidVSwitchId.IpInvalid",
		  "ip" },
		{ NET HOSTS, "ecs create E1 vswitch VSW1 ip 192.168.1.1",
		  "InvalidPrivateIpAddress.Duplicated", "ip" },
		{ NET NAT1, "ecs create E1 vswitch VSW1 ip 192.168.1.1",
		  "InvalidPrivateIpAddress.Duplicated", "ip" },
		{ NET "vswitch create V3 vpc VPC1 cidr 192.168.3.0/29\necs create A1 vswitch "
		      "V3\necs create A2 vswitch V3\n"
		      "ecs create A3 vswitch V3\necs create A4 vswitch V3\n",
		  "ecs create E1 vswitch V3", "InvalidVSwitchId.IpNotEnough", "vswitch" },
		{ NET, "ecs create E1 vswitch VSW1 billing free", "InvalidParameter", "billing" },
		{ NET, "ecs create E1 vswitch VSW1 public-ip nonsense", "InvalidParameter",
		  "public-ip" },
		{ NET, "ecs create E1 vswitch VSW1 public-ip 192.168.1.1", "InvalidParameter",
		  "public-ip" },
		{ NET EIPS, "ecs create E1 vswitch VSW1 public-ip 203.0.113.1", "ReserveIpFail",
		  "public-ip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to 192.168.1.9\n",
		  "ecs create E1 vswitch VSW1 ip 192.168.1.9 public-ip auto",
		  "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", "public-ip" },
		{ NET, "ecs create E1 vswitch VSW1 security-group SG1",
		  "InvalidSecurityGroupId.NotFound", "security-group" },
		{ NET OTHER, "ecs create E1 vswitch VSW1 security-group SG9",
		  "InvalidInstanceId.Mismatch", "security-group" },
		{ NET "sg create SG1 vpc VPC1\nsg create SG2 vpc VPC1 type enterprise\n",
		  "ecs create E1 vswitch VSW1 security-group SG1,SG2", "InvalidInstanceId.Mismatch",
		  "security-group" },
		{ NET, "ecs create E1 vswitch VSW1 security-group VPC1/default,VPC1/default",
		  "InvalidInstanceId.AlreadyExists", "security-group" },
		{ NET, "ecs create E1 vswitch VSW1 security-group S1,S2,S3,S4,S5,S6",
		  "InstanceSecurityGroupLimitExceeded", "security-group" },
		{ NET HOSTS, "ecs set ECS9 billing subscription", "InvalidInstanceId.NotFound",
		  "" },
		{ NET HOSTS, "ecs set ECS1", "MissingParameter", "" },
		{ NET HOSTS, "ecs set ECS1 billing free", "InvalidParameter", "billing" },
		{ NET HOSTS, "ecs set ECS1 billing subscription security-group SG1",
		  "InvalidSecurityGroupId.NotFound", "security-group" },
		{ NET HOSTS, "ecs delete ECS9", "InvalidInstanceId.NotFound", "" },
		{ NET HOSTS, "ecs convert-public-ip ECS9 eip E1", "InvalidInstanceId.NotFound",
		  "" },
		{ NET HOSTS, "ecs convert-public-ip ECS1 eip E1", "OperationDenied", "" },
		{ NET HOSTS EIPS "eip associate EIP1 ecs ECS1\n",
		  "ecs convert-public-ip ECS1 eip E1", "OperationDenied", "" },
		{ NET "ecs create E1 vswitch VSW1 public-ip auto billing subscription\n",
		  "ecs convert-public-ip E1 eip X1", "InvalidInternetChargeType.ValueNotSupported",
		  "" },
		{ NET "ecs create E1 vswitch VSW1 public-ip auto\n",
		  "ecs convert-public-ip E1 eip VSW1", "InvalidName.Duplicate", "eip" },
		{ NET "ecs create E1 vswitch VSW1 public-ip auto\n", "ecs convert-public-ip E1",
		  "MissingParameter", "eip" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(a_converted_address_stays_with_its_ecs)
{
	struct model *m =
		built(NET "ecs create E1 vswitch VSW1 public-ip auto billing subscription\n"
			  "ecs set E1 billing pay-as-you-go\necs convert-public-ip E1 eip X1\n");
	const struct ecs *ecs = (struct ecs *)model_find(m, "E1");
	const struct eip *eip = (struct eip *)model_find(m, "X1");

	CHECK_INT(ecs->public_ip, 0);
	CHECK(eip->associated == &ecs->resource && ecs->eni[0]->eip == eip);
	CHECK_INT(eip->ip, 0xcb007101);
	check_refused(m, "eip create X2 ip 203.0.113.1", "ReserveIpFail", "ip");
	CHECK_SAY(m, "eip disassociate X1");
	CHECK_SAY(m, "eip delete X1");
	CHECK_SAY(m, "eip create X2 ip 203.0.113.1");
	model_free(m);
}

TEST(deleting_an_ecs_lets_go_of_all_that_it_had)
{
	struct model *m = built(
		ALL "eni create ENI1 vswitch VSW1\neni attach ENI1 ecs ECS1\n"
		    "snat create s1 nat-gateway NAT1 source ecs ECS1 eip EIP1\n"
		    "dnat create d1 nat-gateway NAT1 eip EIP2 protocol tcp public-port 80 to ECS1\n"
		    "service start ECS1 http\nservice start ECS2 http\n"
		    "ecs create E3 vswitch VSW1 public-ip 1.2.3.4\n"
		    "eip associate EIP3 ecs ECS2\n");
	const struct snat *snat = (struct snat *)model_find(m, "s1");
	const struct dnat *dnat = (struct dnat *)model_find(m, "d1");
	const struct eip *eip3 = (struct eip *)model_find(m, "EIP3");

	CHECK_SAY(m, "ecs delete ECS1");
	CHECK(!model_find(m, "ECS1"));
	CHECK(!((struct eni *)model_find(m, "ENI1"))->ecs);
	CHECK_INT(snat->source_type, SNAT_SOURCE_CIDR);
	CHECK(!snat->source && snat->cidr.length == 32);
	CHECK(!dnat->target);
	CHECK_INT(model_count(m, NOUN_SERVICE), 1);
	CHECK_SAY(m, "ecs delete ECS2");
	CHECK(!eip3->associated);
	CHECK_SAY(m, "ecs delete E3");
	CHECK_SAY(m, "eip create E4 ip 1.2.3.4");
	CHECK_SAY(m, "eni delete ENI1");
	CHECK_INT(((struct security_group *)model_find(m, "VPC1/default"))->n_member, 0);
	CHECK_SAY(m, "vswitch delete VSW2");
	model_free(m);
}

TEST(eni)
{
	static const struct refusal table[] = {
		{ NET, "eni create N1", "MissingParameter", "vswitch" },
		{ NET OTHER, "eni create N1 vswitch VSW1 security-group SG9",
		  "InvalidSecurityGroupId.NotVpc", "security-group" },
		{ NET, "eni attach N9 ecs ECS1", "InvalidEniId.NotFound", "" },
		{ NET "eni create N1 vswitch VSW1\n", "eni attach N1 ecs ECS9",
		  "InvalidEcsId.NotFound", "ecs" },
		{ NET HOSTS "eni create N1 vswitch VSW1\neni attach N1 ecs ECS1\n",
		  "eni attach N1 ecs ECS2", "InvalidOperation.InvalidEniState", "" },
		{ NET OTHER HOSTS "eni create N1 vswitch VSW9\n", "eni attach N1 ecs ECS1",
		  "InvalidOperation.VpcMismatch", "ecs" },
		{ NET HOSTS "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24 zone b\neni create N1 "
			    "vswitch V3\n",
		  "eni attach N1 ecs ECS1", "InvalidOperation.AvailabilityZoneMismatch", "ecs" },
		{ NET "eni create N1 vswitch VSW1\n", "eni detach N1",
		  "InvalidOperation.InvalidEniState", "" },
		{ NET HOSTS, "eni detach ECS1", "InvalidOperation.DetachPrimaryEniNotAllowed", "" },
		{ NET, "eni detach N1", "InvalidEniId.NotFound", "" },
		{ NET "eni create N1 vswitch VSW1\n", "eni set N1", "MissingParameter",
		  "security-group" },
		{ NET "eni create N1 vswitch VSW1\n", "eni set N1 security-group S1",
		  "InvalidSecurityGroupId.NotFound", "security-group" },
		{ NET, "eni set N1 security-group VPC1/default", "InvalidEniId.NotFound", "" },
		{ NET HOSTS "eni create N1 vswitch VSW1\neni attach N1 ecs ECS1\n", "eni delete N1",
		  "InvalidOperation.InvalidEniState", "" },
		{ NET, "eni delete N1", "InvalidEniId.NotFound", "" },
	};
	struct model *m;

	check_table(table, ARRAY_SIZE(table));
	m = built(NET HOSTS);
	say_numbered(m, "eni create N# vswitch VSW2", 1, 8);
	say_numbered(m, "eni attach N# ecs ECS1", 1, 7);
	check_refused(m, "eni attach N8 ecs ECS1", "EniPerInstanceLimitExceeded", "ecs");
	model_free(m);
}

TEST(deleting_an_eni_lets_go_of_all_that_it_had)
{
	struct model *m = built(ALL "eni create N1 vswitch VSW1\nsnat create s1 nat-gateway NAT1 "
				    "source eni N1 eip EIP1\n"
				    "eip associate EIP3 eni N1\n");

	CHECK_SAY(m, "eni delete N1");
	CHECK(!((struct eip *)model_find(m, "EIP3"))->associated);
	CHECK_INT(((struct snat *)model_find(m, "s1"))->source_type, SNAT_SOURCE_CIDR);
	model_free(m);
}
