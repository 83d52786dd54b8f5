#include "tests/unit/test.h"

#include "core/cleanup.h"
#include "core/text.h"
#include "lab/model.h"
#include "tests/unit/say.h"

/*
 * Every refusal: what was there, what was said, the code and the key at fault. A refused command must change nothing,
 * so the saved text is compared each time.
 */

static struct model *built(const char *lines)
{
	struct model *m = model_new();
	struct error err;

	if (!say_all(m, lines, &err))
		test_fail("%s: %s", err.code, err.message);
	return m;
}

static void check_refused(struct model *m, const char *line, const char *code, const char *argument)
{
	auto_free char *before = model_save(m), *after = NULL;
	unsigned generation = m->generation, next_id = m->next_id;
	struct error err;

	memset(&err, 'x', sizeof(err));
	if (say(m, line, &err) >= 0)
		test_fail("accepted, not %s: %s", code, line);
	if (strcmp(err.code, code) != 0)
		test_fail("%s, not %s: %s (%s)", err.code, code, line, err.message);
	if (strcmp(err.argument, argument) != 0)
		test_fail("at \"%s\", not at \"%s\": %s (%s)", err.argument, argument, line, err.message);
	if (!err.message[0] || strlen(err.message) >= sizeof(err.message) || err.message[strlen(err.message) - 1] == '.')
		test_fail("bad message \"%s\": %s", err.message, line);
	if (strlen(err.hint) >= sizeof(err.hint))
		test_fail("bad hint: %s", line);
	after = model_save(m);
	if (strcmp(before, after) != 0 || generation != m->generation || next_id != m->next_id)
		test_fail("refused, but the model changed: %s", line);
}

struct refusal {
	const char *setup, *line, *code, *argument;
};

static void check_table(const struct refusal *table, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct model *m = built(table[i].setup);

		check_refused(m, table[i].line, table[i].code, table[i].argument);
		model_free(m);
	}
}

/* Says a line for each number, which stands for every '#' in it. */
static void say_numbered(struct model *m, const char *pattern, int from, int to)
{
	for (int n = from; n <= to; n++) {
		auto_text line = { 0 };
		struct error err;

		for (const char *c = pattern; *c; c++) {
			if (*c == '#')
				text_addf(&line, "%d", n);
			else
				text_add_char(&line, *c);
		}
		if (say(m, text_get(&line), &err) < 0)
			test_fail("%s: %s: %s", text_get(&line), err.code, err.message);
	}
}

#define CHECK_HINT(m_, line_, hint_)                  \
	do {                                          \
		struct error err_;                    \
		CHECK(say((m_), (line_), &err_) < 0); \
		CHECK_STR(err_.hint, (hint_));        \
	} while (0)

#define CHECK_SAY(m_, line_)                                                       \
	do {                                                                       \
		struct error err_;                                                 \
		if (say((m_), (line_), &err_) < 0)                                 \
			test_fail("%s: %s: %s", (line_), err_.code, err_.message); \
	} while (0)

#define NET                                                  \
	"vpc create VPC1 cidr 192.168.0.0/16\n"              \
	"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n" \
	"vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24\n"
#define OTHER                                             \
	"vpc create VPC2 cidr 10.0.0.0/8\n"               \
	"vswitch create VSW9 vpc VPC2 cidr 10.0.0.0/24\n" \
	"security-group create SG9 vpc VPC2\n"
#define HOSTS   "ecs create ECS1 vswitch VSW1\necs create ECS2 vswitch VSW2\n"
#define NAT1    "nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"
#define NAT2    "nat-gateway create NAT2 vpc VPC1 vswitch VSW2\n"
#define OLD     "nat-gateway create OLD vpc VPC1 type standard\n"
#define EIPS    "eip create EIP1\neip create EIP2\neip create EIP3\n"
#define BOUND   "eip associate EIP1 nat-gateway NAT1\neip associate EIP2 nat-gateway NAT1\n"
#define ALL     NET HOSTS NAT1 EIPS BOUND
#define OLD_ALL NET HOSTS OLD EIPS "eip associate EIP1 nat-gateway OLD\neip associate EIP2 nat-gateway OLD\n"

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
		{ "vpc create VPC1 cidr 10.0.0.0/8\nnat create OLD vpc VPC1 type standard\n", "vpc delete VPC1",
		  "DependencyViolation.RouteEntry", "" },
		{ "vpc create VPC1 cidr 10.0.0.0/8\nnat create OLD vpc VPC1 type standard\nroute delete VPC1/default-route\n",
		  "vpc delete VPC1", "DependencyViolation.NatGateway", "" },
		{ "vpc create VPC1 cidr 10.0.0.0/8\nsg create SG1 vpc VPC1\n", "vpc delete VPC1",
		  "DependencyViolation.SecurityGroup", "" },
		{ "vpc create VPC1 cidr 10.0.0.0/8\nroute-table create T1 vpc VPC1\n", "vpc delete VPC1",
		  "DependencyViolation.RouteTable", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

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
		{ "internet-host create client dns example.com\n", "vpc create Example.com cidr 10.0.0.0/8",
		  "InvalidName.Duplicate", "" },
		{ NET, "vswitch create V vpc VPC1 cidr 192.168.3.0/24", "InvalidVSwitchName.Malformed", "" },
		{ NET, "sg create S vpc VPC1", "InvalidSecurityGroupName.Malformed", "" },
		{ NET, "route create R table VPC1/system to 1.0.0.0/8 via nat-gateway NAT1", "InvalidRouteEntryName.Malformed",
		  "" },
		{ NET, "nat create N vpc VPC1 vswitch VSW1", "InvalidNatGatewayName.MalFormed", "" },
		{ NET, "ecs create E vswitch VSW1", "InvalidParameter.Name.Malformed", "" },
		{ NET, "eni create E vswitch VSW1", "InvalidParameter.Name.Malformed", "" },
		{ NET, "route-table create T vpc VPC1", "InvalidParameter.Name.Malformed", "" },
		{ NET, "eip create E", "InvalidParameter.Name.Malformed", "" },
		{ ALL, "snat create s nat-gateway NAT1 source vswitch VSW1 eip EIP1", "InvalidParameter.Name.Malformed", "" },
		{ ALL, "dnat create d nat-gateway NAT1 eip EIP1 protocol any to ECS1", "InvalidParameter.Name.Malformed", "" },
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

static bool is_reserved(const char *name)
{
	return strcmp(name, "show") == 0;
}

TEST(words_of_the_language_are_no_names)
{
	struct model *m = model_new();

	CHECK_SAY(m, "eip create show");
	CHECK_SAY(m, "eip delete show");
	model_set_reserved_names(is_reserved);
	check_refused(m, "eip create show", "InvalidParameter.Name.Malformed", "");
	CHECK_SAY(m, "eip create shown");
	model_free(m);
}

TEST(vswitch)
{
	static const struct refusal table[] = {
		{ NET, "vswitch create V3 vpc VPC1", "MissingParameter", "cidr" },
		{ NET, "vswitch create V3 cidr 192.168.3.0/24", "MissingParameter", "vpc" },
		{ NET, "vswitch create V3 vpc VPC2 cidr 192.168.3.0/24", "InvalidVpcId.NotFound", "vpc" },
		{ NET, "vswitch create V3 vpc VSW1 cidr 192.168.3.0/24", "InvalidVpcId.NotFound", "vpc" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3/24", "InvalidCidrBlock.Malformed", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3.1/24", "InvalidCidrBlock.Malformed", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3.0/30", "InvalidCirdrBlock.MaskLength", "cidr" },
		{ OTHER, "vswitch create V3 vpc VPC2 cidr 10.0.0.0/15", "InvalidCirdrBlock.MaskLength", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.169.3.0/24", "InvalidParameter", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.1.0/24", "InvalidCidrBlock.Overlapped", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.1.128/25", "InvalidCidrBlock.Overlapped", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.0.0/22", "InvalidCidrBlock.Overlapped", "cidr" },
		{ NET NAT1 "route create R1 table VPC1/system to 192.168.3.0/25 via nat-gateway NAT1\n",
		  "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24", "InvalidCidrBlock.Overlapped", "cidr" },
		{ NET NAT1 "route create R1 table VPC1/system to 192.168.3.0/24 via nat-gateway NAT1\n",
		  "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24", "InvalidCidrBlock.Overlapped", "cidr" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24 zone 'a b'", "InvalidZoneId.NotFound", "zone" },
		{ NET, "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24 zone ''", "InvalidZoneId.NotFound", "zone" },
		{ NET, "vswitch delete VSW3", "InvalidVSwitchId.NotFound", "" },
		{ NET HOSTS, "vswitch delete VSW1", "DependencyViolation", "" },
		{ NET "eni create ENI1 vswitch VSW1\n", "vswitch delete VSW1", "DependencyViolation", "" },
		{ NET NAT1, "vswitch delete VSW1", "DependencyViolation.EnhancedNatgw", "" },
		{ NET NAT1 EIPS BOUND "snat create s1 nat-gateway NAT1 source vswitch VSW2 eip EIP1\n", "vswitch delete VSW2",
		  "DependencyViolation.SnatEntry", "" },
		{ NET "route-table create T1 vpc VPC1\nroute-table associate T1 vswitch VSW1\n", "vswitch delete VSW1",
		  "DependencyViolation.RouteTable", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(a_vswitch_inside_a_route_is_fine)
{
	struct model *m = built(NET NAT1 "route create R1 table VPC1/system to 192.168.0.0/18 via nat-gateway NAT1\n");

	CHECK_SAY(m, "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24");
	CHECK_SAY(m, "vswitch delete V3");
	model_free(m);
}

TEST(ecs)
{
	static const struct refusal table[] = {
		{ NET, "ecs create E1", "MissingParameter", "vswitch" },
		{ NET, "ecs create E1 vswitch VSW3", "InvalidVSwitchId.NotFound", "vswitch" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.1", "InvalidPrivateIpAddress.Malformed", "ip" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.2.1", "InvalidVSwitchId.IpInvalid", "ip" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.1.0", "InvalidVSwitchId.IpInvalid", "ip" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.1.253", "InvalidVSwitchId.IpInvalid", "ip" },
		{ NET, "ecs create E1 vswitch VSW1 ip 192.168.1.255", "InvalidVSwitchId.IpInvalid", "ip" },
		{ NET HOSTS, "ecs create E1 vswitch VSW1 ip 192.168.1.1", "InvalidPrivateIpAddress.Duplicated", "ip" },
		{ NET NAT1, "ecs create E1 vswitch VSW1 ip 192.168.1.1", "InvalidPrivateIpAddress.Duplicated", "ip" },
		{ NET "vswitch create V3 vpc VPC1 cidr 192.168.3.0/29\necs create A1 vswitch V3\necs create A2 vswitch V3\n"
		      "ecs create A3 vswitch V3\necs create A4 vswitch V3\n",
		  "ecs create E1 vswitch V3", "InvalidVSwitchId.IpNotEnough", "vswitch" },
		{ NET, "ecs create E1 vswitch VSW1 billing free", "InvalidParameter", "billing" },
		{ NET, "ecs create E1 vswitch VSW1 public-ip nonsense", "InvalidParameter", "public-ip" },
		{ NET, "ecs create E1 vswitch VSW1 public-ip 192.168.1.1", "InvalidParameter", "public-ip" },
		{ NET EIPS, "ecs create E1 vswitch VSW1 public-ip 203.0.113.1", "ReserveIpFail", "public-ip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to 192.168.1.9\n",
		  "ecs create E1 vswitch VSW1 ip 192.168.1.9 public-ip auto", "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP",
		  "public-ip" },
		{ NET, "ecs create E1 vswitch VSW1 security-group SG1", "InvalidSecurityGroupId.NotFound", "security-group" },
		{ NET OTHER, "ecs create E1 vswitch VSW1 security-group SG9", "InvalidInstanceId.Mismatch", "security-group" },
		{ NET "sg create SG1 vpc VPC1\nsg create SG2 vpc VPC1 type enterprise\n",
		  "ecs create E1 vswitch VSW1 security-group SG1,SG2", "InvalidInstanceId.Mismatch", "security-group" },
		{ NET, "ecs create E1 vswitch VSW1 security-group VPC1/default,VPC1/default", "InvalidInstanceId.AlreadyExists",
		  "security-group" },
		{ NET, "ecs create E1 vswitch VSW1 security-group S1,S2,S3,S4,S5,S6", "InstanceSecurityGroupLimitExceeded",
		  "security-group" },
		{ NET HOSTS, "ecs set ECS9 billing subscription", "InvalidInstanceId.NotFound", "" },
		{ NET HOSTS, "ecs set ECS1", "MissingParameter", "" },
		{ NET HOSTS, "ecs set ECS1 billing free", "InvalidParameter", "billing" },
		{ NET HOSTS, "ecs set ECS1 billing subscription security-group SG1", "InvalidSecurityGroupId.NotFound",
		  "security-group" },
		{ NET HOSTS, "ecs delete ECS9", "InvalidInstanceId.NotFound", "" },
		{ NET HOSTS, "ecs convert-public-ip ECS9 eip E1", "InvalidInstanceId.NotFound", "" },
		{ NET HOSTS, "ecs convert-public-ip ECS1 eip E1", "OperationDenied", "" },
		{ NET HOSTS EIPS "eip associate EIP1 ecs ECS1\n", "ecs convert-public-ip ECS1 eip E1", "OperationDenied", "" },
		{ NET "ecs create E1 vswitch VSW1 public-ip auto billing subscription\n", "ecs convert-public-ip E1 eip X1",
		  "InvalidInternetChargeType.ValueNotSupported", "" },
		{ NET "ecs create E1 vswitch VSW1 public-ip auto\n", "ecs convert-public-ip E1 eip VSW1", "InvalidName.Duplicate",
		  "eip" },
		{ NET "ecs create E1 vswitch VSW1 public-ip auto\n", "ecs convert-public-ip E1", "MissingParameter", "eip" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(a_converted_address_stays_with_its_ecs)
{
	struct model *m = built(NET "ecs create E1 vswitch VSW1 public-ip auto billing subscription\n"
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
	struct model *m = built(ALL "eni create ENI1 vswitch VSW1\neni attach ENI1 ecs ECS1\n"
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
		{ NET OTHER, "eni create N1 vswitch VSW1 security-group SG9", "InvalidSecurityGroupId.NotVpc", "security-group" },
		{ NET, "eni attach N9 ecs ECS1", "InvalidEniId.NotFound", "" },
		{ NET "eni create N1 vswitch VSW1\n", "eni attach N1 ecs ECS9", "InvalidEcsId.NotFound", "ecs" },
		{ NET HOSTS "eni create N1 vswitch VSW1\neni attach N1 ecs ECS1\n", "eni attach N1 ecs ECS2",
		  "InvalidOperation.InvalidEniState", "" },
		{ NET OTHER HOSTS "eni create N1 vswitch VSW9\n", "eni attach N1 ecs ECS1", "InvalidOperation.VpcMismatch",
		  "ecs" },
		{ NET HOSTS "vswitch create V3 vpc VPC1 cidr 192.168.3.0/24 zone b\neni create N1 vswitch V3\n",
		  "eni attach N1 ecs ECS1", "InvalidOperation.AvailabilityZoneMismatch", "ecs" },
		{ NET "eni create N1 vswitch VSW1\n", "eni detach N1", "InvalidOperation.InvalidEniState", "" },
		{ NET HOSTS, "eni detach ECS1", "InvalidOperation.DetachPrimaryEniNotAllowed", "" },
		{ NET, "eni detach N1", "InvalidEniId.NotFound", "" },
		{ NET "eni create N1 vswitch VSW1\n", "eni set N1", "MissingParameter", "security-group" },
		{ NET "eni create N1 vswitch VSW1\n", "eni set N1 security-group S1", "InvalidSecurityGroupId.NotFound",
		  "security-group" },
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
	struct model *m = built(ALL "eni create N1 vswitch VSW1\nsnat create s1 nat-gateway NAT1 source eni N1 eip EIP1\n"
				    "eip associate EIP3 eni N1\n");

	CHECK_SAY(m, "eni delete N1");
	CHECK(!((struct eip *)model_find(m, "EIP3"))->associated);
	CHECK_INT(((struct snat *)model_find(m, "s1"))->source_type, SNAT_SOURCE_CIDR);
	model_free(m);
}

TEST(security_group)
{
#define GROUPS NET OTHER "sg create SG1 vpc VPC1\nsg create SG2 vpc VPC1\nsg create ENT vpc VPC1 type enterprise\n"
	static const struct refusal table[] = {
		{ NET, "sg create SG1", "MissingParameter", "vpc" },
		{ NET, "sg create SG1 vpc VPC9", "InvalidVpcId.NotFound", "vpc" },
		{ NET, "sg create SG1 vpc VPC1 type huge", "InvalidParameter", "type" },
		{ GROUPS, "sg set SG3 inner-access drop", "InvalidSecurityGroupId.NotFound", "" },
		{ GROUPS, "sg set SG1", "MissingParameter", "inner-access" },
		{ GROUPS, "sg set SG1 inner-access maybe", "InvalidPolicy.Malformed", "inner-access" },
		{ GROUPS, "sg set ENT inner-access accept", "OperationDenied", "inner-access" },
		{ GROUPS, "sg allow SG3 in tcp 80 from 0.0.0.0/0", "InvalidSecurityGroupId.NotFound", "" },
		{ GROUPS, "sg maybe SG1 in tcp 80 from 0.0.0.0/0", "InvalidPolicy.Malformed", "policy" },
		{ GROUPS, "sg allow SG1 up tcp 80 from 0.0.0.0/0", "InvalidParameter", "direction" },
		{ GROUPS, "sg allow SG1 in ipx from 0.0.0.0/0", "InvalidIpProtocol.ValueNotSupported", "protocol" },
		{ GROUPS, "sg allow SG1 in icmp 80 from 0.0.0.0/0", "OperationDenied", "port" },
		{ GROUPS, "sg allow SG1 in all 80 from 0.0.0.0/0", "OperationDenied", "port" },
		{ GROUPS, "sg allow SG1 in tcp 0 from 0.0.0.0/0", "InvalidParam.PortRange", "port" },
		{ GROUPS, "sg allow SG1 in tcp 80-65536 from 0.0.0.0/0", "InvalidParam.PortRange", "port" },
		{ GROUPS, "sg allow SG1 in tcp 90-80 from 0.0.0.0/0", "InvalidParam.PortRange", "port" },
		{ GROUPS, "sg allow SG1 in tcp 80- from 0.0.0.0/0", "InvalidParam.PortRange", "port" },
		{ GROUPS, "sg allow SG1 in tcp 80", "MissingParameter.Source", "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 to 0.0.0.0/0", "MissingParameter.Source", "to" },
		{ GROUPS, "sg allow SG1 out tcp 80", "MissingParameter.Dest", "to" },
		{ GROUPS, "sg allow SG1 out tcp 80 from 0.0.0.0/0", "MissingParameter.Dest", "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 0.0.0.0/0 to 0.0.0.0/0", "InvalidParameter", "to" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 10.0.0.1/8", "InvalidSourceCidrIp.Malformed", "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 10.0.0", "InvalidSourceCidrIp.Malformed", "from" },
		{ GROUPS, "sg allow SG1 out tcp 80 to 10.0.0.0/33", "InvalidDestCidrIp.Malformed", "to" },
		{ GROUPS, "sg allow SG1 in tcp 80 from SG3", "InvalidSourceGroupId.NotFound", "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from VPC1", "InvalidSourceGroupId.NotFound", "from" },
		{ GROUPS, "sg allow SG1 out tcp 80 to SG3", "InvalidDestGroupId.NotFound", "to" },
		{ GROUPS, "sg allow SG1 in tcp 80 from SG1", "InvalidParamter.Conflict", "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from SG9", "InvalidSourceGroupId.Mismatch", "from" },
		{ GROUPS, "sg allow SG1 in tcp 80 from ENT", "InvalidSourceGroupId.Mismatch", "from" },
		{ GROUPS, "sg allow ENT out tcp 80 to SG1", "InvalidDestGroupId.Mismatch", "to" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 0.0.0.0/0 priority 0", "InvalidPriority.ValueNotSupported", "priority" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 0.0.0.0/0 priority 101", "InvalidPriority.ValueNotSupported", "priority" },
		{ GROUPS, "sg allow SG1 in tcp 80 from 0.0.0.0/0 priority first", "InvalidPriority.ValueNotSupported",
		  "priority" },
		{ GROUPS, "sg revoke SG1 rule 1", "InvalidSecurityGroupRuleId.NotFound", "rule" },
		{ GROUPS, "sg revoke SG1 rule x", "InvalidSecurityGroupRuleId.NotFound", "rule" },
		{ GROUPS, "sg revoke SG1", "MissingParameter", "rule" },
		{ GROUPS, "sg delete SG3", "InvalidSecurityGroupId.NotFound", "" },
		{ GROUPS, "sg delete VPC1/default", "InvalidOperation.DeletionProtection", "" },
		{ GROUPS "ecs create E1 vswitch VSW1 security-group SG1\n", "sg delete SG1", "DependencyViolation", "" },
		{ GROUPS "sg allow SG2 in tcp from SG1\n", "sg delete SG1", "DependencyViolation", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

/* What is in the way is named, and the hint is a command that takes it away. */
TEST(what_keeps_a_group_or_a_vswitch_is_named_with_the_command_that_removes_it)
{
	static const struct {
		const char *setup, *line, *message, *hint;
	} cases[] = {
		{ GROUPS "ecs create E1 vswitch VSW1 security-group SG1\n", "sg delete SG1", "E1 is still in SG1",
		  "ecs set E1 security-group VPC1/default" },
		{ GROUPS "ecs create E1 vswitch VSW1 security-group SG1,SG2\neni create I1 vswitch VSW1 security-group SG1\n",
		  "sg delete SG1", "E1 and 1 other interface are still in SG1", "ecs set E1 security-group SG2" },
		{ GROUPS "eni create I1 vswitch VSW1 security-group SG1\n", "sg delete SG1", "I1 is still in SG1",
		  "eni set I1 security-group VPC1/default" },
		{ GROUPS "sg allow SG2 in tcp 22 from 0.0.0.0/0\nsg allow SG2 in tcp from SG1\n", "sg delete SG1",
		  "rule 2 of SG2 still names SG1", "security-group revoke SG2 rule 2" },
		{ NET "ecs create E1 vswitch VSW1\n", "vswitch delete VSW1", "the ECS E1 is still in VSW1", "ecs delete E1" },
		{ NET "ecs create E1 vswitch VSW1\neni create I1 vswitch VSW2\neni attach I1 ecs E1\n", "vswitch delete VSW2",
		  "the ENI I1 is still in VSW2", "eni detach I1, then: eni delete I1" },
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

TEST(an_identical_security_rule_is_added_once)
{
	struct model *m = built(GROUPS "sg allow SG1 in tcp 80 from 1.2.3.4\nsg allow SG1 in tcp 80 from 1.2.3.4/32 priority 1\n"
				       "sg allow SG1 in tcp 80 from 1.2.3.4 priority 2\nsg drop SG1 in tcp 80 from 1.2.3.4\n");

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

TEST(route_table)
{
#define TABLES NET OTHER "route-table create T1 vpc VPC1\nroute-table create T2 vpc VPC1\n"
	static const struct refusal table[] = {
		{ NET, "route-table create T1", "MissingParameter", "vpc" },
		{ NET, "route-table create T1 vpc VPC9", "InvalidVpcId.NotFound", "vpc" },
		{ TABLES, "route-table associate T3 vswitch VSW1", "InvalidRouteTableId.NotFound", "" },
		{ TABLES, "route-table associate T1 vswitch VSW3", "InvalidVSwitchId.NotFound", "vswitch" },
		{ TABLES, "route-table associate T1 vswitch VSW9", "Forbidden.NotInSameVpc", "vswitch" },
		{ TABLES "route-table associate T1 vswitch VSW1\n", "route-table associate T1 vswitch VSW1",
		  "ResourceAlreadyAssociated.RouteTable", "vswitch" },
		{ TABLES "route-table associate T1 vswitch VSW1\n", "route-table associate T2 vswitch VSW1",
		  "Forbidden.VSwitchAlreadyAssociatedRouteTable", "vswitch" },
		{ TABLES "route-table associate T1 vswitch VSW1\n", "route-table associate VPC1/system vswitch VSW1",
		  "OperationDenied.SwitchToSystemRouteTable", "" },
		{ TABLES, "route-table associate VPC1/system vswitch VSW1", "OperationDenied.SwitchToSystemRouteTable", "" },
		{ TABLES, "route-table disassociate T1 vswitch VSW1", "IncorrectStatus.RouteTable", "vswitch" },
		{ TABLES, "route-table disassociate VPC1/system vswitch VSW1", "OperationDenied.SwitchToSystemRouteTable", "" },
		{ TABLES, "route-table disassociate T3 vswitch VSW1", "InvalidRouteTableId.NotFound", "" },
		{ TABLES, "route-table delete T3", "InvalidRouteTableId.NotFound", "" },
		{ TABLES, "route-table delete VPC1/system", "IncorrectRouteTableType", "" },
		{ TABLES "route-table associate T1 vswitch VSW1\n", "route-table delete T1", "IncorrectRouteTableStatus", "" },
		{ TABLES NAT1 "route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT1\n", "route-table delete T1",
		  "DependencyViolation.RouteEntry", "" },
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
#define ROUTES TABLES HOSTS NAT1 "nat create NAT9 vpc VPC2 vswitch VSW9\neni create N1 vswitch VSW1\n"
	static const struct refusal table[] = {
		{ ROUTES, "route create R1 to 0.0.0.0/0 via nat-gateway NAT1", "MissingParameter", "table" },
		{ ROUTES, "route create R1 table T9 to 0.0.0.0/0 via nat-gateway NAT1", "InvalidRouteTableId.NotFound", "table" },
		{ ROUTES, "route create R1 table T1 via nat-gateway NAT1", "MissingParameter", "to" },
		{ ROUTES, "route create R1 table T1 to default via nat-gateway NAT1", "InvalidCidrBlock.Malformed", "to" },
		{ ROUTES, "route create R1 table T1 to 1.2.3.4/24 via nat-gateway NAT1", "InvalidCidrBlock.Malformed", "to" },
		{ ROUTES, "route create R1 table T1 to 100.64.0.0/10 via nat-gateway NAT1", "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 100.100.2.136 via nat-gateway NAT1", "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 127.0.0.0/8 via nat-gateway NAT1", "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 169.254.1.0/24 via nat-gateway NAT1", "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 224.0.0.5 via nat-gateway NAT1", "IllegalParam.CidrBlock", "to" },
		{ ROUTES, "route create R1 table VPC1/system to 0.0.0.0/0 via nat-gateway NAT1", "InvalidCIDRBlock.Duplicate",
		  "to" },
		{ ROUTES "route create R2 table T1 to 1.2.3.4 via nat-gateway NAT1\n",
		  "route create R1 table T1 to 1.2.3.4/32 via nat-gateway NAT1", "InvalidCIDRBlock.Duplicate", "to" },
		{ ROUTES, "route create R1 table T1 to 192.168.1.0/24 via nat-gateway NAT1", "InvalidCIDRBlock.Duplicate", "to" },
		{ ROUTES, "route create R1 table T1 to 192.168.2.7 via nat-gateway NAT1", "InvalidCidrBlock", "to" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0", "MissingParameter", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via nat-gateway", "MissingParameter", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via vpn V1", "InvalidNextHopType", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT7", "InvalidNextHopId.NotFound", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via nat-gateway ECS1", "InvalidNextHopId.NotFound", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT9", "IllegalParam.NextHopId", "via" },
		{ ROUTES, "route create R1 table T1 to 0.0.0.0/0 via ecs ECS7", "InvalidNextHopId.NotFound", "via" },
		{ ROUTES, "route delete R1", "InvalidRouteEntry.NotFound", "" },
		{ ROUTES, "route delete VPC1/system", "InvalidRouteEntry.NotFound", "" },
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
	CHECK(route->to.length == 0 && route->via_type == HOP_NAT_GATEWAY);
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

TEST(nat_gateway)
{
	static const struct refusal table[] = {
		{ NET, "nat create N1 vswitch VSW1", "MissingParameter", "vpc" },
		{ NET, "nat create N1 vpc VPC1", "MissingParameter", "vswitch" },
		{ NET, "nat create N1 vpc VPC9 vswitch VSW1", "InvalidVpcId.NotFound", "vpc" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW9", "InvalidVSwitchId.NotFound", "vswitch" },
		{ NET OTHER, "nat create N1 vpc VPC1 vswitch VSW9", "OperationFailed.VswNotBelongToVpc", "vswitch" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 type better", "InvalidParameter", "type" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 size tiny", "InvalidParameter.Spec.ValueNotSupported", "size" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 eip-bind-mode best", "InvalidParameter", "eip-bind-mode" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 icmp-reply maybe", "InvalidParameter", "icmp-reply" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 ip 192.168.2.1", "InvalidVSwitchId.IpInvalid", "ip" },
		{ NET, "nat create N1 vpc VPC1 vswitch VSW1 type standard", "InvalidParameter", "vswitch" },
		{ NET, "nat create N1 vpc VPC1 ip 192.168.1.1 type standard", "InvalidParameter", "ip" },
		{ NET, "nat create N1 vpc VPC1 type standard eip-bind-mode nat", "OperationDenied.UnsupportedEipBindMode",
		  "eip-bind-mode" },
		{ NET OLD, "nat create N1 vpc VPC1 type standard", "QuotaExceeded", "vpc" },
		{ NET NAT1, "nat create N1 vpc VPC1 type standard", "InvalidVPCStatus", "vpc" },
		{ NET "vswitch create V3 vpc VPC1 cidr 192.168.3.0/29\necs create A1 vswitch V3\necs create A2 vswitch V3\n"
		      "ecs create A3 vswitch V3\necs create A4 vswitch V3\n",
		  "nat create N1 vpc VPC1 vswitch V3", "ZONE_NO_AVAILABLE_IP", "vswitch" },
		{ NET, "nat set N1 size small", "InvalidNatGatewayId.NotFound", "" },
		{ NET NAT1, "nat set NAT1", "MissingParameter", "" },
		{ NET NAT1, "nat set NAT1 size small", "NATGW_MODIFY_SPEC_SAME", "size" },
		{ NET NAT1, "nat set NAT1 size tiny", "InvalidParameter.Spec.ValueNotSupported", "size" },
		{ NET "nat create N1 vpc VPC1 vswitch VSW1 eip-bind-mode nat\n", "nat set N1 eip-bind-mode multi-binded",
		  "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode" },
		{ NET OLD, "nat set OLD eip-bind-mode nat", "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode" },
		{ NET, "nat delete N1", "InvalidNatGatewayId.NotFound", "" },
		{ NET NAT1, "nat delete NAT1", "DependencyViolation.RouterEntry", "" },
		{ ALL, "nat delete NAT1", "DependencyViolation.EIPS", "" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n", "nat delete NAT1",
		  "DependencyViolation.ForwardEntry", "" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n"
		      "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP2\n",
		  "nat delete NAT1", "DependencyViolation.SnatEntry", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(a_gateway_deleted_by_force_takes_its_entries_and_routes)
{
	struct model *m =
		built(ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n"
			  "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP2\n"
			  "route-table create T1 vpc VPC1\nroute create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT1\n" NAT2
			  "route create R2 table T1 to 1.0.0.0/8 via nat-gateway NAT2\n");

	CHECK_SAY(m, "nat delete NAT1 force");
	CHECK(!model_find(m, "NAT1") && !model_find(m, "d1") && !model_find(m, "s1") && !model_find(m, "R1"));
	CHECK(!model_find(m, "VPC1/default-route"));
	CHECK(model_find(m, "R2") && model_find(m, "EIP1"));
	CHECK(!((struct eip *)model_find(m, "EIP1"))->associated);
	CHECK_SAY(m, "eip delete EIP1");
	CHECK_SAY(m, "ecs create again vswitch VSW1 ip 192.168.1.2"); /* the gateway's address is free again */
	model_free(m);
}

TEST(bind_mode_nat_takes_an_address_for_each_eip)
{
	struct model *m = built(
		NET "vswitch create V3 vpc VPC1 cidr 192.168.3.0/29\n"
		    "nat create N1 vpc VPC1 vswitch V3\n" EIPS
		    "eip associate EIP1 nat-gateway N1\neip associate EIP2 nat-gateway N1\neip associate EIP3 nat-gateway N1\n"
		    "ecs create A1 vswitch V3\n");

	/* 4 usable addresses, 2 of them taken: three EIPs do not fit. */
	check_refused(m, "nat set N1 eip-bind-mode nat", "OperationDenied.NoAvailablePrivateIp", "eip-bind-mode");
	CHECK_SAY(m, "eip disassociate EIP3");
	CHECK_SAY(m, "nat set N1 eip-bind-mode nat");
	check_refused(m, "ecs create A2 vswitch V3", "InvalidVSwitchId.IpNotEnough", "vswitch");
	check_refused(m, "eip associate EIP3 nat-gateway N1", "OperationDenied.NoAvailablePrivateIp", "nat-gateway");
	CHECK_SAY(m, "eip disassociate EIP1");
	CHECK_SAY(m, "eip associate EIP3 nat-gateway N1");
	CHECK_SAY(m, "nat delete N1 force");
	CHECK_SAY(m, "ecs create A2 vswitch V3");
	CHECK_SAY(m, "ecs create A3 vswitch V3");
	CHECK_SAY(m, "ecs create A4 vswitch V3");
	model_free(m);
}

TEST(eip)
{
	static const struct refusal table[] = {
		{ "", "eip create E1 ip 10.0.0.1", "InvalidParameter", "ip" },
		{ "", "eip create E1 ip 203.0.113", "InvalidParameter", "ip" },
		{ EIPS, "eip create E1 ip 203.0.113.1", "ReserveIpFail", "ip" },
		{ "internet-host create client\n", "eip create E1 ip 198.51.100.1", "ReserveIpFail", "ip" },
		{ ALL, "eip associate E9 nat-gateway NAT1", "InvalidAllocationId.NotFound", "" },
		{ ALL, "eip associate EIP3", "MissingParameter", "" },
		{ ALL, "eip associate EIP3 slb S1", "InvalidParameter", "slb" },
		{ ALL, "eip associate EIP3 nat-gateway N9", "InvalidInstanId.NotFound", "nat-gateway" },
		{ ALL, "eip associate EIP3 ecs NAT1", "InvalidInstanId.NotFound", "ecs" },
		{ ALL, "eip associate EIP3 eni N1", "InvalidInstanId.NotFound", "eni" },
		{ ALL, "eip associate EIP1 nat-gateway NAT1", "InvalidAssociation.Duplicated", "" },
		{ ALL, "eip associate EIP1 ecs ECS1", "IncorrectEipStatus", "" },
		{ ALL "ecs create E3 vswitch VSW1 public-ip auto\n", "eip associate EIP3 ecs E3",
		  "EIP_CAN_NOT_ASSOCIATE_WITH_PUBLIC_IP", "ecs" },
		{ ALL "eip associate EIP3 ecs ECS1\neip create E4\n", "eip associate E4 ecs ECS1",
		  "InvalidAssociation.Duplicated", "ecs" },
		{ ALL "eni create N1 vswitch VSW1\neip associate EIP3 eni N1\neip create E4\n", "eip associate E4 eni N1",
		  "InvalidAssociation.Duplicated", "eni" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n", "eip associate EIP3 ecs ECS1",
		  "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", "ecs" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to 192.168.1.1\n", "eip associate EIP3 ecs ECS1",
		  "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", "ecs" },
		{ ALL, "eip disassociate E9", "InvalidAllocationId.NotFound", "" },
		{ ALL, "eip disassociate EIP3", "IncorrectEipStatus", "" },
		{ ALL, "eip disassociate EIP3 force", "IncorrectEipStatus", "" },
		{ ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n", "eip disassociate EIP1",
		  "InvalidIpStatus.HasBeenUsedBySnatTable", "" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n", "eip disassociate EIP1",
		  "InvalidIpStatus.HasBeenUsedByForwardEntry", "" },
		{ ALL, "eip delete E9", "InvalidAllocationId.NotFound", "" },
		{ ALL, "eip delete EIP1", "IncorrectEipStatus", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(an_eip_taken_away_by_force_leaves_its_entries)
{
	struct model *m = built(ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP2\n"
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

TEST(snat)
{
	static const struct refusal table[] = {
		{ ALL, "snat create s1 source vswitch VSW1 eip EIP1", "MissingParameter", "nat-gateway" },
		{ ALL, "snat create s1 nat-gateway NAT9 source vswitch VSW1 eip EIP1", "InvalidSnatTableId.NotFound",
		  "nat-gateway" },
		{ ALL, "snat create s1 nat-gateway NAT1 eip EIP1", "MissingParameter", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source zone a eip EIP1", "INVALID_PARAMETER", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW7 eip EIP1", "InvalidVSwitchId.NotFound", "source" },
		{ ALL OTHER, "snat create s1 nat-gateway NAT1 source vswitch VSW9 eip EIP1", "InvalidVSwitchId.NotFound",
		  "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vpc VPC9 eip EIP1", "InvalidVpcId.NotFound", "source" },
		{ ALL OTHER, "snat create s1 nat-gateway NAT1 source vpc VPC2 eip EIP1", "INVALID_PARAMETER", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source ecs ECS9 eip EIP1", "InvalidInstanceId.NotFound", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source eni N1 eip EIP1", "InvalidEniId.NotFound", "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source cidr 192.168.1.1/24 eip EIP1", "INVALID_PARAMETER", "source" },
		{ ALL "eip associate EIP3 ecs ECS1\n", "snat create s1 nat-gateway NAT1 source ecs ECS1 eip EIP1", "Forbindden",
		  "source" },
		{ ALL "ecs create E3 vswitch VSW1 public-ip auto\n", "snat create s1 nat-gateway NAT1 source ecs E3 eip EIP1",
		  "Forbindden", "source" },
		{ ALL "snat create s2 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n",
		  "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP2", "Forbidden.SourceVSwitchId.Duplicated",
		  "source" },
		{ ALL "snat create s2 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n",
		  "snat create s1 nat-gateway NAT1 source cidr 192.168.1.0/24 eip EIP2", "OperationUnsupported.CidrConflict",
		  "source" },
		{ ALL "snat create s2 nat-gateway NAT1 source ecs ECS1 eip EIP1\n",
		  "snat create s1 nat-gateway NAT1 source cidr 192.168.1.1 eip EIP2", "OperationUnsupported.CidrConflict",
		  "source" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW1", "MissingParameter", "eip" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP9", "InvalidSnatIp.NotFound", "eip" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP3", "InvalidSnatIp.NotFound", "eip" },
		{ ALL "eip associate EIP3 ecs ECS1\n", "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP3",
		  "InvalidSnatIp.NotFound", "eip" },
		{ ALL, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP1", "InvalidSnatIp.Malformed", "eip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1", "Forbidden.IpUsedInForwardTable", "eip" },
		{ OLD_ALL "dnat create d1 nat-gateway OLD eip EIP1 protocol tcp public-port 80 to ECS1\n",
		  "snat create s1 nat-gateway OLD source vswitch VSW1 eip EIP1", "Forbidden.IpUsedInForwardTable", "eip" },
		{ ALL, "snat set s1 eip EIP1", "InvalidSnatEntryId.NotFound", "" },
		{ ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n", "snat set s1", "MissingParameter",
		  "eip" },
		{ ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n", "snat set s1 eip EIP2,EIP3",
		  "InvalidSnatIp.NotFound", "eip" },
		{ ALL, "snat delete s1", "InvalidSnatEntryId.NotFound", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(snat_entries_may_overlap_and_share)
{
	struct model *m = built(ALL "snat create s1 nat-gateway NAT1 source vpc VPC1 eip EIP1\n"
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

TEST(dnat)
{
#define D80 "dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80 to ECS1\n"
#define NEW "dnat create d2 nat-gateway NAT1 "
	static const struct refusal table[] = {
		{ ALL, "dnat create d1 eip EIP1 protocol any to ECS1", "MissingParameter", "nat-gateway" },
		{ ALL, "dnat create d1 nat-gateway NAT9 eip EIP1 protocol any to ECS1", "InvalidForwardTableId.NotFound",
		  "nat-gateway" },
		{ ALL, NEW "protocol any to ECS1", "MissingParameter", "eip" },
		{ ALL, NEW "eip EIP9 protocol any to ECS1", "InvalidExternalIp.NotFound", "eip" },
		{ ALL, NEW "eip EIP3 protocol any to ECS1", "InvalidIp.NotInNatgw", "eip" },
		{ ALL "eip associate EIP3 ecs ECS2\n", NEW "eip EIP3 protocol any to ECS1", "InvalidIp.NotInNatgw", "eip" },
		{ ALL, NEW "eip EIP1 to ECS1", "MissingParameter", "protocol" },
		{ ALL, NEW "eip EIP1 protocol icmp to ECS1", "InvalidProtocal.ValueNotSupported", "protocol" },
		{ ALL, NEW "eip EIP1 protocol any public-port 80 to ECS1", "InvalidExternalPort.Malformed", "public-port" },
		{ ALL, NEW "eip EIP1 protocol any private-port 80 to ECS1", "InvalidInternalPort.Malformed", "private-port" },
		{ ALL, NEW "eip EIP1 protocol tcp to ECS1", "MissingParameter", "public-port" },
		{ ALL, NEW "eip EIP1 protocol tcp public-port 0 to ECS1", "InvalidExternalPort.Malformed", "public-port" },
		{ ALL, NEW "eip EIP1 protocol tcp public-port 70000 to ECS1", "InvalidExternalPort.Malformed", "public-port" },
		{ ALL, NEW "eip EIP1 protocol tcp public-port 80 private-port x to ECS1", "InvalidInternalPort.Malformed",
		  "private-port" },
		{ ALL, NEW "eip EIP1 protocol tcp public-port 80-90 private-port 80-89 to ECS1", "InvalidInternalPort.Malformed",
		  "private-port" },
		{ ALL, NEW "eip EIP1 protocol any", "MissingParameter", "to" },
		{ ALL, NEW "eip EIP1 protocol any to ECS9", "InvalidInternalIp.Malformed", "to" },
		{ ALL, NEW "eip EIP1 protocol any to VSW1", "InvalidInternalIp.Malformed", "to" },
		{ ALL, NEW "eip EIP1 protocol any to 192.168.1", "InvalidInternalIp.Malformed", "to" },
		{ ALL, NEW "eip EIP1 protocol any to 10.0.0.1", "Forbidden.InternalIpOutOfVpcCIDR", "to" },
		{ ALL OTHER "ecs create E9 vswitch VSW9\n", NEW "eip EIP1 protocol any to E9", "Forbidden.InternalIpOutOfVpcCIDR",
		  "to" },
		{ ALL "eip associate EIP3 ecs ECS1\n", NEW "eip EIP1 protocol any to ECS1", "Forbindden", "to" },
		{ ALL "eip associate EIP3 ecs ECS1\n", NEW "eip EIP1 protocol any to 192.168.1.1", "Forbindden", "to" },
		{ ALL "ecs create E3 vswitch VSW1 public-ip auto\n", NEW "eip EIP1 protocol any to E3", "Forbindden", "to" },
		{ ALL D80, NEW "eip EIP1 protocol tcp public-port 80 to ECS2", "Forbidden.Already.Bounded", "public-port" },
		{ ALL D80, NEW "eip EIP1 protocol tcp public-port 70-90 to ECS2", "Forbidden.Already.Bounded", "public-port" },
		{ ALL D80, NEW "eip EIP2 protocol tcp public-port 80 to ECS1", "Forbidden.Already.Bounded", "private-port" },
		{ ALL D80, NEW "eip EIP2 protocol tcp public-port 8080 private-port 80 to 192.168.1.1",
		  "Forbidden.Already.Bounded", "private-port" },
		{ ALL D80, NEW "eip EIP1 protocol any to ECS2", "Forbidden.Already.Bounded", "eip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n",
		  NEW "eip EIP1 protocol tcp public-port 80 to ECS2", "Forbidden.Already.Bounded", "eip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n", NEW "eip EIP2 protocol any to ECS1",
		  "Forbidden.Already.Bounded", "to" },
		{ ALL "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP1\n", NEW "eip EIP1 protocol any to ECS1",
		  "Forbidden.ExternalIp.UsedInSnatTable", "eip" },
		{ OLD_ALL "snat create s1 nat-gateway OLD source vswitch VSW1 eip EIP1\n",
		  "dnat create d1 nat-gateway OLD eip EIP1 protocol tcp public-port 80 to ECS1",
		  "Forbidden.ExternalIp.UsedInSnatTable", "eip" },
		{ ALL, "dnat set d1 to ECS2", "InvalidForwardEntryId.NotFound", "" },
		{ ALL D80, "dnat set d1", "MissingParameter", "" },
		{ ALL D80, "dnat set d1 protocol any public-port 80", "InvalidExternalPort.Malformed", "public-port" },
		{ ALL D80, "dnat set d1 public-port 80-81", "InvalidInternalPort.Malformed", "private-port" },
		{ ALL D80 NEW "eip EIP1 protocol tcp public-port 81 to ECS1\n", "dnat set d2 public-port 80",
		  "Forbidden.Already.Bounded", "public-port" },
		{ ALL D80 NEW "eip EIP1 protocol tcp public-port 81 to ECS1\n", "dnat set d2 protocol any",
		  "Forbidden.Already.Bounded", "eip" },
		{ ALL "dnat create d1 nat-gateway NAT1 eip EIP1 protocol any to ECS1\n", "dnat set d1 protocol tcp",
		  "MissingParameter", "public-port" },
		{ ALL, "dnat delete d1", "InvalidForwardEntryId.NotFound", "" },
	};

	check_table(table, ARRAY_SIZE(table));
}

TEST(dnat_ports)
{
	struct model *m = built(
		ALL D80 NEW
		"eip EIP1 protocol udp public-port 80 to ECS1\n"
		"dnat create d3 nat-gateway NAT1 eip EIP1 protocol tcp public-port 1000-1010 private-port 2000-2010 to ECS2\n");
	const struct dnat *d1 = (struct dnat *)model_find(m, "d1"), *d3 = (struct dnat *)model_find(m, "d3");

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

TEST(internet_host)
{
	static const struct refusal table[] = {
		{ "", "internet-host create h1 ip 10.0.0.1", "InvalidParameter", "ip" },
		{ EIPS, "internet-host create h1 ip 203.0.113.1", "ReserveIpFail", "ip" },
		{ "", "internet-host create h1 dns -bad.com", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns a..b", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns 1.2.3.4", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns localhost", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns a.b.", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns 'a b'", "InvalidDnsName.Malformed", "dns" },
		{ "", "internet-host create h1 dns H1", "InvalidDnsName.Duplicate", "dns" },
		{ "", "internet-host create h1 dns a.com,A.com", "InvalidDnsName.Duplicate", "dns" },
		{ NET, "internet-host create h1 dns vpc1", "InvalidDnsName.Duplicate", "dns" },
		{ "internet-host create h2 dns a.com\n", "internet-host create h1 dns a.com", "InvalidDnsName.Duplicate", "dns" },
		{ "", "internet-host delete h1", "InvalidInternetHost.NotFound", "" },
	};
	struct model *m;

	check_table(table, ARRAY_SIZE(table));
	m = built("internet-host create h1 dns a.com,b.com\nservice start h1 http\ninternet-host delete h1\n"
		  "internet-host create h2 dns a.com\neip create b.com\n");
	CHECK_INT(model_count(m, NOUN_SERVICE), 0);
	CHECK_INT(((struct internet_host *)model_find(m, "h2"))->ip, 0xc6336401);
	model_free(m);
}

TEST(service)
{
#define WEB NET HOSTS "service start ECS1 http\n"
	static const struct refusal table[] = {
		{ WEB, "service start ECS9 http", "InvalidServiceNode.NotFound", "node" },
		{ WEB, "service start VPC1 http", "InvalidServiceNode.NotFound", "node" },
		{ WEB, "service start ECS1", "MissingParameter", "kind" },
		{ WEB, "service start ECS1 ftp", "InvalidParameter", "kind" },
		{ WEB, "service start ECS1 http port 0", "InvalidServicePort.Malformed", "port" },
		{ WEB, "service start ECS1 http port 80-81", "InvalidServicePort.Malformed", "port" },
		{ WEB, "service start ECS1 http protocol udp port 81", "InvalidParameter", "protocol" },
		{ WEB, "service start ECS1 https protocol udp port 81", "InvalidParameter", "protocol" },
		{ WEB, "service start ECS1 https port 80", "InvalidServicePort.InUse", "port" },
		{ WEB, "service start ECS1 echo", "MissingParameter", "port" },
		{ WEB, "service start ECS1 echo protocol icmp port 7", "InvalidParameter", "protocol" },
		{ WEB, "service start ECS1 exec name x1", "MissingParameter", "command" },
		{ WEB, "service start ECS1 exec name x1 -- ''", "MissingParameter", "command" },
		{ WEB, "service start ECS1 exec -- sleep 1", "MissingParameter", "name" },
		{ WEB, "service start ECS1 exec name x1 port 80 -- sleep 1", "InvalidParameter", "port" },
		{ WEB, "service start ECS1 http port 81 -- sleep 1", "InvalidParameter", "command" },
		{ WEB, "service start ECS1 http port 81 name ../x", "InvalidServiceName.Malformed", "name" },
		{ WEB, "service start ECS1 http", "InvalidServiceName.Duplicate", "name" },
		{ WEB, "service start ECS1 http port 81 name HTTP", "InvalidServiceName.Duplicate", "name" },
		{ WEB, "service start ECS1 http name web", "InvalidServicePort.InUse", "port" },
		{ WEB, "service start ECS1 echo protocol tcp port 80", "InvalidServicePort.InUse", "port" },
		{ WEB, "service stop ECS1 web", "InvalidService.NotFound", "name" },
		{ WEB, "service stop ECS1 HTTP", "InvalidService.NotFound", "name" },
		{ WEB, "service stop ECS2 http", "InvalidService.NotFound", "name" },
		{ WEB, "service stop ECS9 http", "InvalidServiceNode.NotFound", "node" },
		{ WEB, "service stop ECS1", "MissingParameter", "name" },
	};
	struct model *m;

	check_table(table, ARRAY_SIZE(table));
	m = built(WEB "service start ECS2 http\nservice start ECS1 echo protocol udp port 80\nservice start ECS1 echo port 7\n"
		      "service start ECS1 exec name x1 -- sleep 'a b'\n");
	CHECK(model_find(m, "ECS1/echo-udp-80") && model_find(m, "ECS1/echo-7"));
	CHECK_STR(((struct service *)model_find(m, "ECS1/x1"))->argv[1], "a b");
	CHECK_SAY(m, "service start ECS1 https");
	CHECK_INT(((struct service *)model_find(m, "ECS1/https"))->port, 443);
	CHECK_SAY(m, "service start ECS2 https port 8443");
	CHECK(model_find(m, "ECS2/https-8443"));
	CHECK_SAY(m, "service stop ECS1 http");
	CHECK_SAY(m, "service start ECS1 http");
	model_free(m);
}

TEST(quotas)
{
	struct model *m = model_new();

	say_numbered(m, "vpc create V# cidr 10.#.0.0/16", 1, 10);
	check_refused(m, "vpc create V11 cidr 10.11.0.0/16", "QuotaExceeded.Vpc", "");
	say_numbered(m, "vswitch create S# vpc V1 cidr 10.1.#.0/24", 1, 24);
	check_refused(m, "vswitch create S25 vpc V1 cidr 10.1.25.0/24", "QuotaExceeded.VSwitch", "vpc");
	say_numbered(m, "route-table create T# vpc V1", 1, 9);
	check_refused(m, "route-table create T10 vpc V1", "QuotaExceeded", "vpc");
	say_numbered(m, "nat create N# vpc V1 vswitch S1", 1, 5);
	check_refused(m, "nat create N6 vpc V1 vswitch S1", "QuotaExceeded", "vpc");
	say_numbered(m, "route create R# table T1 to 1.#.0.0/16 via nat-gateway N1", 1, 48);
	check_refused(m, "route create R49 table T1 to 2.0.0.0/8 via nat-gateway N1", "QuotaExceeded", "table");
	say_numbered(m, "eip create E#", 1, 66);
	say_numbered(m, "eip associate E# nat-gateway N1", 1, 20);
	check_refused(m, "eip associate E21 nat-gateway N1", "QuotaExceeded.NumberOfEip", "nat-gateway");
	check_refused(m, "nat set N1 eip-bind-mode nat", "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode");
	say_numbered(m, "snat create snat# nat-gateway N1 source cidr 10.1.#.0/24 eip E1", 1, 40);
	check_refused(m, "snat create snat41 nat-gateway N1 source cidr 10.1.41.0/24 eip E1", "Forbidden.SnatEntryCountLimited",
		      "nat-gateway");
	say_numbered(m, "dnat create d# nat-gateway N1 eip E1 protocol tcp public-port # to 10.1.1.1", 1, 100);
	check_refused(m, "dnat create d101 nat-gateway N1 eip E1 protocol tcp public-port 101 to 10.1.1.1", "QuotaExceeded",
		      "nat-gateway");
	CHECK_SAY(m, "dnat set d100 public-port 101"); /* the one that is replaced does not count */
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

TEST(quotas_of_security_groups)
{
	struct model *m = built("vpc create VPC1 cidr 10.0.0.0/8\nvswitch create VSW1 vpc VPC1 cidr 10.0.0.0/16\n");

	say_numbered(m, "sg create G# vpc VPC1", 1, 100);
	check_refused(m, "sg create G101 vpc VPC1", "QuotaExceed.SecurityGroup", "");
	say_numbered(m, "sg allow G1 in tcp # from 0.0.0.0/0", 1, 100);
	check_refused(m, "sg allow G1 in tcp 101 from 0.0.0.0/0", "AuthorizationLimitExceed", "");
	CHECK_SAY(m, "sg allow G1 in tcp 100 from 0.0.0.0/0"); /* is there already */
	say_numbered(m, "sg allow G30 in tcp from G#", 1, 20);
	check_refused(m, "sg allow G30 in tcp from G21", "AuthorizationLimitExceed", "from");
	say_numbered(m, "ecs create E# vswitch VSW1", 1, 2000);
	check_refused(m, "ecs create F1 vswitch VSW1", "SecurityGroupInstanceLimitExceeded", "security-group");
	CHECK_SAY(m, "ecs set E1 security-group VPC1/default"); /* a member may stay */
	CHECK_SAY(m, "ecs create F1 vswitch VSW1 security-group G1");
	check_refused(m, "ecs set F1 security-group VPC1/default", "SecurityGroupInstanceLimitExceeded", "security-group");
	model_free(m);
}

TEST(internet_hosts_run_out_of_addresses)
{
	struct model *m = model_new();

	say_numbered(m, "internet-host create h#", 1, 254);
	check_refused(m, "internet-host create h255", "ReserveIpFail", "ip");
	CHECK_SAY(m, "internet-host create h255 ip 8.8.8.8");
	model_free(m);
}

TEST(hints_can_be_pasted)
{
	struct model *m = built(ALL);

	CHECK_HINT(m, "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP3", "eip associate EIP3 nat-gateway NAT1");
	CHECK_HINT(m, "snat create s1 nat-gateway NAT1 source vswitch VSW3 eip EIP1", "did you mean VSW1?");
	CHECK_HINT(m, "vswitch create V3 vpc VPC1 cidr 192.168.3.7/24", "cidr 192.168.3.0/24");
	CHECK_HINT(m, "nat delete NAT1", "eip disassociate EIP1, or: nat-gateway delete NAT1 force");
	CHECK_HINT(m, "eip delete EIP1", "eip disassociate EIP1");
	CHECK_HINT(m, "eip associate EIP1 ecs ECS1", "eip disassociate EIP1");
	CHECK_HINT(m, "ecs create E1 vswitch VSW1 ip 192.168.1.253", "choose one from 192.168.1.1 to 192.168.1.252");
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
		ALL D80 "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip EIP2\n"
			"sg create SG1 vpc VPC1\nroute-table create T1 vpc VPC1\nroute-table associate T1 vswitch VSW1\n"
			"route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT1\n"
			"snat delete s1\ndnat delete d1\neip disassociate EIP1\neip disassociate EIP2\n"
			"route delete R1\nroute delete VPC1/default-route\nnat delete NAT1\n"
			"eip delete EIP1\neip delete EIP2\neip delete EIP3\n"
			"ecs delete ECS1\necs delete ECS2\nroute-table disassociate T1 vswitch VSW1\nroute-table delete T1\n"
			"vswitch delete VSW1\nvswitch delete VSW2\nsg delete SG1\nvpc delete VPC1\n");

	for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
		CHECK_INT(model_count(m, (enum noun)noun), 0);
	CHECK_SAY(m, "vpc create VPC1 cidr 10.0.0.0/8");
	model_free(m);
}
