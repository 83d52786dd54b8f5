/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "lab/explain/explain.h"
#include "lab/reach/internal.h"
#include "tests/unit/say.h"

/* Brute force: every flow of small labs, one by one, is what the cells say that it is. */

#define LAB                                                                                       \
	"vpc create VPC1 cidr 10.0.0.0/16\n"                                                      \
	"vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24\n"                                         \
	"sg create SG1 vpc VPC1\n"                                                                \
	"sg allow SG1 in tcp 80-90 from 203.0.113.0/24\n"                                         \
	"sg drop SG1 in tcp 85 from 203.0.113.128/25 priority 1\n"                                \
	"sg allow SG1 in udp 53-600 from 10.0.1.0/24\n"                                           \
	"sg allow SG1 in icmp from 0.0.0.0/0\n"                                                   \
	"ecs create ECS1 vswitch VSW1 security-group SG1\n"                                       \
	"ecs create ECS2 vswitch VSW1 security-group SG1\n"                                       \
	"service start ECS1 http\n"                                                               \
	"acl create ACL1 vpc VPC1\n"                                                              \
	"acl add ACL1 in 1 drop tcp 88 from 0.0.0.0/0\n"                                          \
	"acl add ACL1 in 2 accept all from 0.0.0.0/0\n"                                           \
	"acl add ACL1 out 1 accept all to 0.0.0.0/0\n"                                            \
	"acl associate ACL1 vswitch VSW1\n"                                                       \
	"nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"                                         \
	"eip create EIP1 ip 203.0.113.1\n"                                                        \
	"eip associate EIP1 nat-gateway NAT1\n"                                                   \
	"dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 8000-8010 to ECS1 " \
	"private-port 80-90\n"                                                                    \
	"eip create EIP2 ip 203.0.113.2\n"                                                        \
	"eip associate EIP2 nat-gateway NAT1\n"                                                   \
	"snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP2\n"                       \
	"internet-host create client ip 198.51.100.1\n"                                           \
	"service start client http port 8080\n"

#define AWS                                                                        \
	"provider aws\n"                                                           \
	"vpc create VPC1 cidr 10.0.0.0/16\n"                                       \
	"subnet create S1 vpc VPC1 cidr 10.0.0.0/24\n"                             \
	"internet-gateway create IGW1\n"                                           \
	"internet-gateway attach IGW1 vpc VPC1\n"                                  \
	"route create R1 table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1\n" \
	"security-group create SG1 vpc VPC1\n"                                     \
	"security-group allow SG1 in tcp 22-443 from 203.0.113.0/24\n"             \
	"instance create I1 subnet S1 security-group SG1\n"                        \
	"instance create I2 subnet S1\n"                                           \
	"eip create EIP1 ip 3.0.0.1\n"                                             \
	"eip associate EIP1 instance I1\n"                                         \
	"service start I1 http\n"

/* One in each of three vSwitches. */
#define THREE(noun, host, vswitch, groups)                                                     \
	noun " create " host "1 " vswitch "1 security-group " groups "\n" noun " create " host \
	     "2 " vswitch "2 security-group " groups "\n" noun " create " host "3 " vswitch    \
	     "3 security-group " groups "\n"

/* Hosts that are asked about together: of three vSwitches, two of them with one ACL, and four
 * groups that name each other, a part of a vSwitch, and what they let out. In VSW1 there is a
 * gateway, and the target of its entry. */
#define CROWD                                                                                      \
	"vpc create VPC1 cidr 10.0.0.0/16\n"                                                       \
	"vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24\n"                                          \
	"vswitch create VSW2 vpc VPC1 cidr 10.0.2.0/24\n"                                          \
	"vswitch create VSW3 vpc VPC1 cidr 10.0.3.0/24\n"                                          \
	"sg create SG1 vpc VPC1\nsg create SG2 vpc VPC1\nsg create SG3 vpc VPC1\n"                 \
	"sg create SG4 vpc VPC1 type enterprise\n"                                                 \
	"sg allow SG1 in tcp 80-90 from SG2\n"                                                     \
	"sg drop SG1 in tcp 85 from 10.0.2.0/25\n"                                                 \
	"sg allow SG2 in udp 53 from SG3\n"                                                        \
	"sg allow SG2 in tcp 22 from 10.0.3.0/24\n"                                                \
	"sg drop SG2 out tcp 80-82 to SG1\n"                                                       \
	"sg drop SG3 out all to 10.0.2.128/25\n"                                                   \
	"sg allow SG3 in icmp from 10.0.0.0/16\n"                                                  \
	"sg allow SG4 in tcp 100-120 from 10.0.1.0/24\n"                                           \
	"sg allow SG4 out tcp 80-100 to 10.0.0.0/8\n" THREE(                                       \
		"ecs", "A", "vswitch VSW",                                                         \
		"SG1") THREE("ecs", "B", "vswitch VSW",                                            \
			     "SG2") THREE("ecs", "C", "vswitch VSW",                               \
					  "SG3") THREE("ecs", "D", "vswitch VSW", "SG4")           \
		THREE("ecs", "E", "vswitch VSW",                                                   \
		      "SG1,SG3") "ecs create F1 vswitch VSW2 ip 10.0.2.200 security-group SG1\n"   \
				 "ecs create G1 vswitch VSW2 security-group SG1\n"                 \
				 "acl create ACL1 vpc VPC1\n"                                      \
				 "acl add ACL1 in 1 drop tcp 88 from 10.0.2.0/26\n"                \
				 "acl add ACL1 in 2 accept all from 0.0.0.0/0\n"                   \
				 "acl add ACL1 out 1 accept all to 0.0.0.0/0\n"                    \
				 "acl associate ACL1 vswitch VSW2\n"                               \
				 "acl associate ACL1 vswitch VSW3\n"                               \
				 "nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"                 \
				 "eip create EIP1 ip 203.0.113.1\n"                                \
				 "eip associate EIP1 nat-gateway NAT1\n"                           \
				 "dnat create dnat1 nat-gateway NAT1 eip EIP1 protocol tcp "       \
				 "public-port 80-90 to A1 "                                        \
				 "private-port 80-90\n"                                            \
				 "snat create snat1 nat-gateway NAT1 source cidr 10.0.3.0/26 eip " \
				 "EIP1\n"

#define AWS_CROWD                                                                                  \
	"provider aws\n"                                                                           \
	"vpc create VPC1 cidr 10.0.0.0/16\n"                                                       \
	"subnet create S1 vpc VPC1 cidr 10.0.1.0/24 zone a\n"                                      \
	"subnet create S2 vpc VPC1 cidr 10.0.2.0/24 zone a\n"                                      \
	"subnet create S3 vpc VPC1 cidr 10.0.3.0/24 zone b\n"                                      \
	"internet-gateway create IGW1\n"                                                           \
	"internet-gateway attach IGW1 vpc VPC1\n"                                                  \
	"route create R1 table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1\n"                 \
	"security-group create SG1 vpc VPC1\n"                                                     \
	"security-group create SG2 vpc VPC1\n"                                                     \
	"security-group create SG3 vpc VPC1\n"                                                     \
	"security-group allow SG1 in tcp 80-90 from SG2\n"                                         \
	"security-group allow SG2 in tcp 22-443 from 10.0.3.0/24\n"                                \
	"security-group allow SG3 in all from SG3\n" THREE("instance", "A", "subnet S", "SG1")     \
		THREE("instance", "B", "subnet S", "SG2") THREE("instance", "C", "subnet S",       \
								"SG2,SG3")                         \
			THREE("instance", "D", "subnet S",                                         \
			      "SG3") "network-acl create ACL1 vpc VPC1\n"                          \
				     "network-acl add ACL1 in 1 deny tcp 82-84 from 10.0.1.0/24\n" \
				     "network-acl add ACL1 in 2 allow all from 0.0.0.0/0\n"        \
				     "network-acl add ACL1 out 1 allow all to 0.0.0.0/0\n"         \
				     "network-acl associate ACL1 subnet S2\n"                      \
				     "eip create EIP1 ip 3.0.0.1\n"                                \
				     "eip associate EIP1 instance A1\n"

/* Load balancers, the sender among their targets; and routes that decide who is public. */
#define BALANCED                                                              \
	"profile today\n"                                                     \
	"vpc create VPC1 cidr 10.0.0.0/16\n"                                  \
	"vswitch create VSW1 vpc VPC1 cidr 10.0.1.0/24\n"                     \
	"vswitch create VSW2 vpc VPC1 cidr 10.0.2.0/24\n"                     \
	"sg create SG1 vpc VPC1\n"                                            \
	"sg allow SG1 in tcp 80-90 from 10.0.0.0/16\n"                        \
	"sg allow SG1 in tcp 80-90 from 203.0.113.0/25\n"                     \
	"ecs create A1 vswitch VSW1 security-group SG1\n"                     \
	"ecs create A2 vswitch VSW1 security-group SG1\n"                     \
	"ecs create B1 vswitch VSW2 security-group SG1\n"                     \
	"service start A1 http\n"                                             \
	"load-balancer create CLB1 vswitch VSW2\n"                            \
	"vserver-group create G1 load-balancer CLB1 port 80\n"                \
	"vserver-group add G1 ecs A1,A2\n"                                    \
	"listener create L1 load-balancer CLB1 port 8080 vserver-group G1\n"  \
	"ipv4-gateway create GW1 vpc VPC1\n"                                  \
	"ipv4-gateway activate GW1\n"                                         \
	"route-table create VTB1 vpc VPC1\n"                                  \
	"route create R1 table VTB1 to 203.0.113.0/24 via ipv4-gateway GW1\n" \
	"route-table associate VTB1 vswitch VSW2\n"                           \
	"eip create EIP1 ip 47.0.0.1\neip associate EIP1 ecs B1\n"            \
	"eip create EIP2 ip 47.0.0.2\neip associate EIP2 ecs A1\n"            \
	"internet-host create client ip 203.0.113.200\n"

#define AWS_BALANCED                                                \
	AWS "instance create I3 subnet S1 security-group SG1\n"     \
	    "security-group allow SG1 in tcp 80 from 10.0.0.0/24\n" \
	    "load-balancer create NLB1 subnet S1\n"                 \
	    "target-group create TG1 vpc VPC1 port 80\n"            \
	    "target-group register TG1 instance I1,I3\n"            \
	    "listener create L1 load-balancer NLB1 port 443 target-group TG1\n"

/* On the edges of what LAB compares with, and elsewhere. */
static const uint32_t strangers[] = { 0x01000000, 0xcb0070ff, 0xcb007105, 0xcb00717f,
				      0xcb007180, 0xcb0071ff, 0xcb007200 };

struct brute {
	struct reach *reach; /* of one model, or a diff */
	struct explain_index *index[2];
	uint32_t dense; /* below that every port is tried, above few */
	size_t n_flow, n_wrong;
};

static bool has(const struct reach_set *set, uint64_t number)
{
	for (size_t i = 0; i < set->n; i++)
		if (number >= set->range[i].first && number <= set->range[i].last)
			return true;
	return false;
}

static const char *owner_of(const struct end *end)
{
	const struct eni *eni = end->in[0].eni;

	return eni && eni->ecs ? eni->ecs->resource.name : end->in[0].resource->name;
}

/* The row that holds it; NULL: none, or more than one. */
static const struct reach_row *row_of(const struct reach *reach, const struct end *from,
				      const struct end *to, const struct question *question)
{
	const uint64_t sender = from ? CLASS_NUMBER(from->class) : question->stranger,
		       target = to ? CLASS_NUMBER(to->class) : question->stranger;
	const bool itself = from && to && strcmp(owner_of(from), owner_of(to)) == 0;
	const struct reach_row *found = NULL;

	for (size_t i = 0; i < reach->n_row; i++) {
		const struct reach_row *row = &reach->row[i];

		if (row->protocol != question->protocol || row->to_itself != itself ||
		    !has(&row->port, question->port) || !has(&row->from, sender) ||
		    !has(&row->to, target))
			continue;
		if (found)
			return NULL;
		found = row;
	}
	return found;
}

static bool gets_there(const struct prediction *answer)
{
	return !answer->code || answer->code == CODE_NOT_LISTENING || answer->sometimes;
}

/* All that the outcome of a row says, but whose address it is. */
static bool is_as(const struct outcome *outcome, const struct question *question,
		  const struct prediction *answer)
{
	return outcome->code == answer->code &&
	       (outcome->kind == OUTCOME_SOMETIMES) == answer->sometimes &&
	       (outcome->kind == OUTCOME_BLOCKED ||
		answer->port == (uint16_t)(question->port + outcome->port_shift));
}

static void try_port(struct brute *brute, const struct end *from, const struct end *to,
		     struct question *question)
{
	const struct reach *reach = brute->reach;
	const struct reach_row *row = row_of(reach, from, to, question);
	struct prediction answer[2];
	bool right;

	for (size_t m = 0; m < reach->n_model; m++) {
		question->from = from ? from->in[m].sender : NULL;
		question->destination = to ? to->in[m].address : question->stranger;
		explain_packet(brute->index[m], question, NULL, &answer[m]);
	}
	brute->n_flow++;
	if (reach->n_model == 1)
		right = row && is_as(&row->outcome[0], question, &answer[0]);
	else if (gets_there(&answer[0]) != gets_there(&answer[1]))
		right = row && is_as(&row->outcome[0], question, &answer[0]) &&
			is_as(&row->outcome[1], question, &answer[1]);
	else
		right = !row || gets_there(&answer[0]);
	if (!right && brute->n_wrong++ < 5)
		printf("# %s -> %s %08x %s %u: %s%s\n", from ? from->name : "stranger",
		       to ? to->name : "stranger", question->stranger,
		       protocol_word(question->protocol), question->port, code_word(answer[0].code),
		       row ? "" : ", in no set");
}

static void try_pair(struct brute *brute, const struct end *from, const struct end *to,
		     uint32_t stranger)
{
	static const enum protocol protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP };

	for (size_t p = 0; p < ARRAY_SIZE(protocols); p++) {
		const bool ports = protocols[p] != PROTOCOL_ICMP;
		struct question question = { .protocol = protocols[p], .stranger = stranger };

		for (uint32_t port = ports; port <= (ports ? UINT16_MAX : 0);
		     port += port < brute->dense ? 1 : 101) {
			question.port = (uint16_t)port;
			try_port(brute, from, to, &question);
		}
	}
}

static void try_all(struct brute *brute)
{
	const struct space *space = brute->reach->space;

	for (size_t f = 0; f < space->n_end; f++) {
		const struct end *from = &space->end[f];

		for (size_t s = 0; s < ARRAY_SIZE(strangers); s++) {
			if (!space_is_free(brute->reach, strangers[s]))
				continue;
			if (from->in[0].sender)
				try_pair(brute, from, NULL, strangers[s]);
			if (!from->in[0].vpc)
				try_pair(brute, NULL, from, strangers[s]);
		}
		for (size_t t = 0; from->in[0].sender && t < space->n_end; t++) {
			const struct end *to = &space->end[t];

			if (strcmp(owner_of(from), owner_of(to)) != 0 || to->kind == END_PUBLIC)
				try_pair(brute, from, to, 0);
		}
	}
}

/* change NULL: the lab itself. */
static void check(const char *lab, const char *change, uint32_t dense)
{
	static const char *const words[] = { "any", "->", "any,0.0.0.0/0" };
	struct model *before = built(lab), *after = model_copy(before);
	struct brute brute = { .index = { explain_index_new(before) }, .dense = dense };
	struct error err = { 0 };
	struct flows flows;

	CHECK(flows_parse(before, words, 3, &flows, &err) == 0);
	if (change) {
		CHECK(say_all(after, change, &err));
		brute.index[1] = explain_index_new(after);
		brute.reach = reach_diff(brute.index[0], brute.index[1]);
		CHECK(brute.reach->n_row > 0);
	} else {
		brute.reach = reach_new(before, brute.index[0], &flows);
	}
	try_all(&brute);
	printf("# %zu flows, %zu sets\n", brute.n_flow, brute.reach->n_row);
	CHECK(brute.n_flow > 500000);
	CHECK_INT(brute.n_wrong, 0);
	reach_free(brute.reach);
	explain_index_free(brute.index[0]);
	explain_index_free(brute.index[1]);
	model_free(before);
	model_free(after);
}

TEST(every_flow_is_in_one_set)
{
	check(LAB, NULL, 9000);
}

TEST(every_flow_of_aws_is_in_one_set)
{
	check(AWS, NULL, UINT16_MAX);
}

TEST(every_flow_by_balancers_and_an_ipv4_gateway_is_in_one_set)
{
	check(BALANCED, NULL, 9000);
	check(AWS_BALANCED, NULL, 8000);
}

TEST(every_flow_that_a_rule_changes_is_in_the_diff)
{
	check(LAB, "sg drop SG1 in tcp 82-84 from 203.0.113.64/26 priority 1", 9000);
}

TEST(every_flow_that_an_entry_changes_is_in_the_diff)
{
	check(LAB, "dnat delete dnat1\nsnat delete snat1", 9000);
}

TEST(every_flow_of_a_crowd_is_in_one_set)
{
	check(CROWD, NULL, 130);
}

TEST(every_flow_of_a_crowd_of_aws_is_in_one_set)
{
	check(AWS_CROWD, NULL, 450);
}

TEST(every_flow_of_a_crowd_that_a_change_makes_is_in_the_diff)
{
	check(CROWD, "sg revoke SG1 rule 1\nacl remove ACL1 in 1", 130);
	check(CROWD,
	      "ecs delete G1\necs create G1 vswitch VSW3 security-group SG2\n"
	      "sg allow SG3 in tcp 81 from SG2",
	      130);
}
