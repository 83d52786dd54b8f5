/* SPDX-License-Identifier: GPL-3.0-only */
/* explain on a model alone: a beginner's usual mistakes, each by its name, and what is named as the
 * cure cures it. */
#include "tests/unit/test.h"

#include "cli/view/cause.h"
#include "cli/view/decision.h"
#include "core/base/text.h"
#include "lab/explain/explain.h"
#include "lab/language/command.h"
#include "lab/nouns/replay.h"
#include "lab/probe/matrix.h"

static struct error err;

static void say(struct model *m, const char *command)
{
	if (replay_change(m, command, &err) < 0)
		test_fail("%s: %s", command, err.message);
}

/* The two-gateway tutorial's design, line by line, so that a test can leave one out or put another
 * in its place. */
static const char *const design[] = {
	"vpc create VPC1 cidr 192.168.0.0/16",
	"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24",
	"vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24",
	"sg create SG1 vpc VPC1",
	"sg create SG2 vpc VPC1",
	"sg allow SG2 in tcp 80 from 0.0.0.0/0",
	"ecs create ECS1 vswitch VSW1 ip 192.168.1.10 security-group SG1",
	"ecs create ECS2 vswitch VSW2 ip 192.168.2.10 security-group SG2",
	"service start ECS2 http port 80 name web",
	"internet-host create client",
	"service start client http port 80",
	"nat-gateway create NAT1 vpc VPC1 vswitch VSW1",
	"nat-gateway create NAT2 vpc VPC1 vswitch VSW2",
	"eip create EIP1 ip 203.0.113.1",
	"eip create EIP2 ip 203.0.113.2",
	"eip associate EIP1 nat-gateway NAT1",
	"eip associate EIP2 nat-gateway NAT2",
	"snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1",
	"dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to ECS2 "
	"private-port 80",
	"route-table create VTB1 vpc VPC1",
	"route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1",
	"route-table associate VTB1 vswitch VSW1",
	"route-table create VTB2 vpc VPC1",
	"route create Route2 table VTB2 to 0.0.0.0/0 via nat-gateway NAT2",
	"route-table associate VTB2 vswitch VSW2",
};

/* Lines that begin with `beginning` become `instead` (NULL: nothing). */
static struct model *design_but(const char *beginning, const char *instead)
{
	struct model *m = model_new();
	bool found = !beginning;

	for (size_t i = 0; i < ARRAY_SIZE(design); i++) {
		bool it = beginning && strncmp(design[i], beginning, strlen(beginning)) == 0;

		found = found || it;
		if (!it)
			say(m, design[i]);
		else if (instead)
			say(m, instead);
	}
	CHECK(found);
	return m;
}

static void look(const struct model *m, const char *line, struct explanation *x)
{
	const char *word[8];
	char *copy = xstrdup(line), *rest = copy;
	struct flow flow;
	size_t n = 0;

	for (char *w; n < ARRAY_SIZE(word) && (w = strsep(&rest, " "));)
		word[n++] = w;
	if (flow_parse(m, word, n, &flow, &err) < 0)
		test_fail("%s: %s", line, err.message);
	explain_once(m, &flow, x);
	free(copy);
}

#define HAS(text, part)                                                          \
	do {                                                                     \
		if (!strstr((text), (part)))                                     \
			test_fail("\"%s\" does not say \"%s\"", (text), (part)); \
	} while (0)

static const char *why(const struct model *m, const struct explanation *x)
{
	static struct text text;

	text_clear(&text);
	cause_add_text(&text, m, &x->cause);
	return text_get(&text);
}

static const char *rule(const struct model *m, const struct hop *hop)
{
	static struct text text;

	text_clear(&text);
	hop_add_text(&text, m, hop);
	return text_get(&text);
}

/* It is blocked there, for that reason; pasting the first cure of each cause makes it reachable. */
static void blocked(struct model *m, const char *flow, enum code code, const char *hop,
		    const char *cause)
{
	struct explanation x;

	look(m, flow, &x);
	CHECK_STR(code_word(x.code), code_word(code));
	CHECK(!x.reachable);
	CHECK_STR(x.hop, hop);
	HAS(why(m, &x), cause);
	explanation_free(&x);
}

static void cured(struct model *m, const char *flow)
{
	struct explanation x;

	look(m, flow, &x);
	for (int round = 0; x.n_cure && round < 8; round++) {
		for (size_t i = 0; i < x.cure[0].n_command; i++)
			say(m, x.cure[0].command[i]);
		explanation_free(&x);
		look(m, flow, &x);
	}
	if (!x.reachable)
		test_fail("%s is still %s: %s", flow, code_word(x.code), why(m, &x));
	explanation_free(&x);
}

static void reachable(const struct model *m, const char *flow, const char *seen_as)
{
	struct explanation x;
	char address[ADDRESS_TEXT_SIZE];

	look(m, flow, &x);
	if (!x.reachable)
		test_fail("%s is %s at %s: %s", flow, code_word(x.code), x.hop, why(m, &x));
	CHECK_STR(address_format(x.seen_as, address), seen_as);
	CHECK_STR(why(m, &x), "");
	CHECK_INT(x.n_cure, 0);
	explanation_free(&x);
}

/* ---- the way ---- */

TEST(the_design_works_and_every_hop_is_named)
{
	static const char *const nodes[] = { "ECS1", "VSW1", "VPC1", "NAT1", "internet",
					     "NAT2", "VPC1", "VSW2", "ECS2" };
	static const char *const actions[] = { "send", "accept", "route",  "snat",   "route",
					       "dnat", "route",  "accept", "deliver" };
	struct model *m = design_but(NULL, NULL);
	struct explanation x;

	reachable(m, "ECS1 -> EIP2", "203.0.113.1");
	look(m, "ECS1 -> EIP2 tcp 80", &x);
	CHECK_INT(x.forward.n_hop, ARRAY_SIZE(nodes));
	CHECK_INT(x.back.n_hop, ARRAY_SIZE(nodes));
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		CHECK_STR(x.forward.hop[i].node, nodes[i]);
		CHECK_STR(action_word(x.forward.hop[i].action), actions[i]);
		CHECK_STR(x.back.hop[i].node, nodes[ARRAY_SIZE(nodes) - 1 - i]);
	}
	CHECK_STR(rule(m, &x.forward.hop[2]), "VTB1 Route1: 0.0.0.0/0 via NAT1");
	CHECK_STR(rule(m, &x.forward.hop[3]), "SNAT entry snat1: EIP1");
	CHECK_STR(rule(m, &x.forward.hop[5]), "DNAT entry dnat1");
	CHECK_STR(rule(m, &x.forward.hop[7]), "SG2 rule 1: allow in tcp 80 from 0.0.0.0/0");
	CHECK(x.forward.hop[3].translated && x.forward.hop[5].translated);
	CHECK(x.forward.hop[3].in.source == 0xC0A8010Au &&
	      x.forward.hop[3].out.source == 0xCB007101u);
	CHECK(x.forward.hop[5].out.destination == 0xC0A8020Au);
	/* And what was translated comes back as it was asked for. */
	CHECK(x.back.hop[8].in.source == 0xCB007102u && x.back.hop[8].in.source_port == 80);
	explanation_free(&x);
	model_free(m);
}

TEST(what_is_inside_goes_straight)
{
	struct model *m = design_but(NULL, NULL);

	reachable(m, "ECS1 -> ECS2", "192.168.1.10");
	reachable(m, "ECS1 -> client", "203.0.113.1");
	reachable(m, "client -> EIP2", "198.51.100.1");
	model_free(m);
}

/* ---- the classic mistakes ---- */

TEST(no_snat_entry_for_this_source)
{
	struct model *m = design_but("snat create", NULL);

	blocked(m, "ECS1 -> EIP2", CODE_NO_SNAT_ENTRY, "NAT1",
		"no SNAT entry that covers ECS1 (192.168.1.10)");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(an_snat_entry_for_another_vswitch)
{
	struct model *m = design_but(
		"snat create", "snat create snat1 nat-gateway NAT1 source vswitch VSW2 eip EIP1");

	blocked(m, "ECS1 -> EIP2", CODE_NO_SNAT_ENTRY, "NAT1", "no SNAT entry that covers");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(the_entry_is_there_but_the_table_leads_to_the_other_gateway)
{
	struct model *m =
		design_but("route create Route1",
			   "route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT2");

	blocked(m, "ECS1 -> client", CODE_NO_SNAT_ENTRY, "NAT2",
		"the SNAT entry snat1 covers ECS1 (192.168.1.10), but on NAT1");
	cured(m, "ECS1 -> client");
	model_free(m);
}

TEST(the_system_table_leads_everybody_to_the_first_gateway)
{
	struct model *m = design_but("route-table associate VTB1", NULL);

	say(m, "snat create snat9 nat-gateway NAT2 source vswitch VSW2 eip EIP2");
	say(m, "snat delete snat1");
	say(m, "snat create snat8 nat-gateway NAT2 source vswitch VSW1 eip EIP2");
	blocked(m, "ECS1 -> client", CODE_NO_SNAT_ENTRY, "NAT1", "VPC1/system, leads to NAT1");
	cured(m,
	      "ECS1 -> client"); /* a table of its own: others may need the system table as it is */
	model_free(m);
}

TEST(an_eip_that_is_not_associated)
{
	struct model *m = design_but(NULL, NULL);

	say(m, "eip create EIP3");
	blocked(m, "ECS1 -> EIP3", CODE_EIP_UNBOUND, "internet", "EIP3 is associated with nothing");
	say(m, "ecs create ECS3 vswitch VSW2 security-group SG2");
	say(m, "service start ECS3 http port 80");
	cured(m, "ECS1 -> EIP3");
	model_free(m);
}

TEST(a_gateway_without_an_eip)
{
	struct model *m = design_but("snat create", NULL);

	say(m, "eip disassociate EIP1");
	blocked(m, "ECS1 -> EIP2", CODE_NO_EIP, "NAT1", "no EIP is associated with NAT1");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(the_answer_returns_through_the_other_gateway)
{
	struct model *m =
		design_but("route create Route2",
			   "route create Route2 table VTB2 to 0.0.0.0/0 via nat-gateway NAT1");

	blocked(m, "ECS1 -> EIP2", CODE_RETURN_PATH, "NAT1",
		"came in through NAT2, but VTB2, the route table of VSW2, sends the answer to "
		"NAT1");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(no_table_of_its_own_for_the_servers_vswitch)
{
	struct model *m = design_but("route-table associate VTB2", NULL);

	blocked(m, "client -> EIP2", CODE_RETURN_PATH, "NAT1",
		"VPC1/system, the route table of VSW2, sends the answer to NAT1");
	cured(m, "client -> EIP2");
	reachable(m, "ECS1 -> client", "203.0.113.1");
	model_free(m);
}

/* Client and server in one vSwitch: the default route cannot be both ways at once. */
TEST(answer_and_request_share_a_vswitch)
{
	struct model *m = design_but(NULL, NULL);

	say(m, "ecs create ECS3 vswitch VSW1 security-group SG2");
	say(m, "service start ECS3 http port 80");
	say(m, "dnat create dnat3 nat-gateway NAT2 eip EIP2 protocol tcp public-port 81 to ECS3 "
	       "private-port 80");
	blocked(m, "ECS1 -> EIP2 tcp 81", CODE_RETURN_PATH, "NAT1", "sends the answer to NAT1");
	cured(m, "ECS1 -> EIP2 tcp 81");
	reachable(m, "ECS1 -> EIP2 tcp 80", "203.0.113.1");
	model_free(m);
}

TEST(one_gateway_for_both_snat_and_dnat)
{
	struct model *m =
		design_but("route create Route1",
			   "route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT2");

	say(m, "eip create EIP3");
	say(m, "eip associate EIP3 nat-gateway NAT2");
	say(m, "snat create snat2 nat-gateway NAT2 source vswitch VSW1 eip EIP3");
	blocked(m, "ECS1 -> EIP2", CODE_HAIRPIN, "NAT2", "does not turn traffic from inside round");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(a_standard_gateway_turns_it_round)
{
	struct model *m =
		design_but("route create Route1",
			   "route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT2");

	say(m, "nat-gateway delete NAT2 force");
	say(m, "nat-gateway delete NAT1 force");
	say(m, "nat-gateway create NAT2 vpc VPC1 type standard");
	say(m, "route create Route8 table VTB1 to 0.0.0.0/0 via nat-gateway NAT2");
	say(m, "route create Route9 table VTB2 to 0.0.0.0/0 via nat-gateway NAT2");
	say(m, "eip associate EIP2 nat-gateway NAT2");
	say(m, "eip create EIP3");
	say(m, "eip associate EIP3 nat-gateway NAT2");
	say(m, "snat create snat2 nat-gateway NAT2 source vswitch VSW1 eip EIP3");
	say(m, "dnat create dnat2 nat-gateway NAT2 eip EIP2 protocol tcp public-port 80 to ECS2 "
	       "private-port 80");
	reachable(m, "ECS1 -> EIP2", "203.0.113.3");
	model_free(m);
}

TEST(the_group_admits_the_public_port)
{
	struct model *m = design_but("dnat create",
				     "dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol "
				     "tcp public-port 8080 to ECS2 private-port 80");

	say(m, "sg revoke SG2 rule 1");
	say(m, "sg allow SG2 in tcp 8080 from 0.0.0.0/0");
	blocked(m, "client -> EIP2 tcp 8080", CODE_SG_INGRESS, "VSW2",
		"SG2 admits the public port (SG2 rule 2: allow in tcp 8080 from 0.0.0.0/0), but "
		"behind the DNAT entry dnat1 the "
		"packet goes to the private port 80");
	cured(m, "client -> EIP2 tcp 8080");
	model_free(m);
}

TEST(the_group_admits_the_vswitch_instead_of_the_eip)
{
	struct model *m = design_but("sg allow", "sg allow SG2 in tcp 80 from 192.168.1.0/24");

	reachable(m, "ECS1 -> ECS2", "192.168.1.10");
	blocked(m, "ECS1 -> EIP2", CODE_SG_INGRESS, "VSW2",
		"SG2 admits the sender's private address 192.168.1.10 (SG2 rule 1: allow in tcp 80 "
		"from 192.168.1.0/24), but "
		"after SNAT the packet comes from EIP1");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(a_group_as_source_is_private_addresses_only)
{
	struct model *m = design_but("sg allow", "sg allow SG2 in tcp 80 from SG1");

	reachable(m, "ECS1 -> ECS2", "192.168.1.10");
	blocked(m, "ECS1 -> EIP2", CODE_SG_INGRESS, "VSW2",
		"but after SNAT the packet comes from EIP1 (203.0.113.1)");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(a_drop_rule_of_the_first_priority_is_revoked)
{
	struct model *m = design_but(NULL, NULL);

	say(m, "sg drop SG2 in all from 203.0.113.0/24");
	blocked(m, "ECS1 -> EIP2", CODE_SG_INGRESS, "VSW2",
		"SG2 rule 2 drops it (drop in all from 203.0.113.0/24)");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(a_group_that_lets_nothing_out)
{
	struct model *m = design_but("sg create SG1", "sg create SG1 vpc VPC1 type enterprise");

	blocked(m, "ECS1 -> EIP2", CODE_SG_EGRESS, "VSW1",
		"does not let tcp 80 out to EIP2 (203.0.113.2)");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(a_custom_table_without_a_default_route)
{
	struct model *m = design_but("route create Route1", NULL);

	blocked(m, "ECS1 -> EIP2", CODE_NO_ROUTE, "VPC1",
		"the default route that a gateway brings is in the system table only");
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

TEST(a_stranger_does_not_listen_to_himself)
{
	struct model *m = design_but(NULL, NULL);

	blocked(m, "8.8.8.8 -> 8.8.8.8", CODE_NOT_LISTENING, "8.8.8.8", "nothing on 8.8.8.8");
	model_free(m);
}

TEST(a_custom_table_without_a_way_back)
{
	struct model *m = design_but("route create Route2", NULL);

	blocked(m, "client -> EIP2", CODE_NO_ROUTE, "VPC1",
		"the answer has no way back: the custom route table VTB2 of VSW2");
	cured(m, "client -> EIP2");
	model_free(m);
}

TEST(a_vpc_without_any_gateway)
{
	struct model *m = model_new();

	say(m, "vpc create VPC1 cidr 10.0.0.0/16");
	say(m, "vswitch create VSW1 vpc VPC1 cidr 10.0.0.0/24");
	say(m, "ecs create ECS1 vswitch VSW1");
	say(m, "internet-host create client");
	say(m, "service start client http");
	blocked(m, "ECS1 -> client", CODE_NO_ROUTE, "VPC1",
		"the system route table VPC1/system of VSW1 has no route to client");
	cured(m, "ECS1 -> client");
	model_free(m);
}

TEST(nothing_listens)
{
	struct model *m = design_but("service start ECS2", NULL);

	blocked(m, "ECS1 -> EIP2", CODE_NOT_LISTENING, "ECS2", "nothing on ECS2 listens on tcp 80");
	cured(m, "ECS1 -> EIP2");
	blocked(m, "ECS1 -> client udp 53", CODE_NOT_LISTENING, "client",
		"nothing on client listens on udp 53");
	cured(m, "ECS1 -> client udp 53");
	model_free(m);
}

TEST(a_program_of_the_users_listens_on_the_port_that_is_said)
{
	struct model *m = design_but("service start ECS2",
				     "service start ECS2 exec name one -- server --port 80");

	blocked(m, "ECS1 -> EIP2", CODE_NOT_LISTENING, "ECS2", "nothing on ECS2 listens on tcp 80");
	say(m, "service start ECS2 exec name two port 80 -- server");
	reachable(m, "ECS1 -> EIP2", "203.0.113.1");
	model_free(m);
}

TEST(the_wrong_public_port)
{
	struct model *m = design_but("dnat create",
				     "dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol "
				     "tcp public-port 8080 to ECS2 private-port 8080");

	blocked(m, "client -> EIP2", CODE_NO_DNAT_ENTRY, "NAT2",
		"NAT2 has no DNAT entry for EIP2 tcp 80; what it has is for tcp 8080");
	cured(m, "client -> EIP2");
	model_free(m);
}

TEST(pings_need_icmp_reply_or_an_any_port_entry)
{
	struct model *m =
		design_but("nat-gateway create NAT2",
			   "nat-gateway create NAT2 vpc VPC1 vswitch VSW2 icmp-reply off");

	say(m, "nat-gateway set NAT1 icmp-reply on");
	blocked(m, "client -> EIP2 icmp", CODE_NO_DNAT_ENTRY, "NAT2", "icmp-reply is off");
	cured(m, "client -> EIP2 icmp");
	reachable(m, "client -> EIP1 icmp", "198.51.100.1");
	model_free(m);
}

/* ---- network ACLs, next hops, several interfaces ---- */

TEST(an_acl_is_stateless)
{
	struct model *m = design_but(NULL, NULL);

	say(m, "acl create ACL1 vpc VPC1");
	say(m, "acl associate ACL1 vswitch VSW2");
	blocked(m, "client -> EIP2", CODE_ACL_INGRESS, "VSW2", "ACL1: in, no rule accepts it");
	say(m, "acl add ACL1 in 10 accept tcp 80 from 0.0.0.0/0");
	blocked(m, "client -> EIP2", CODE_ACL_EGRESS, "VSW2",
		"an ACL is stateless, so answers need a rule, too");
	say(m, "acl add ACL1 out 10 drop tcp 1-65535 to 0.0.0.0/0");
	blocked(m, "client -> EIP2", CODE_ACL_EGRESS, "VSW2",
		"ACL1 out rule 10: drop tcp 1-65535 to 0.0.0.0/0");
	cured(m, "client -> EIP2");
	/* What stays inside the vSwitch meets no ACL. */
	say(m, "ecs create ECS3 vswitch VSW2 security-group SG2");
	reachable(m, "ECS3 -> ECS2", "192.168.2.2");
	model_free(m);
}

TEST(a_guest_as_next_hop_forwards_nothing_by_itself)
{
	struct model *m = design_but(NULL, NULL);
	struct explanation x;

	say(m, "ecs create ECS3 vswitch VSW2 security-group SG2");
	say(m, "eni create ENI1 vswitch VSW2");
	say(m, "route create Route3 table VTB1 to 172.31.0.0/16 via ecs ECS3");
	say(m, "route create Route4 table VTB1 to 172.30.0.0/16 via eni ENI1");
	blocked(m, "ECS1 -> 172.31.0.1", CODE_NOT_FORWARDING, "ECS3",
		"the route Route3 leads to ECS3");
	blocked(m, "ECS1 -> 172.31.0.1 udp 53", CODE_SG_INGRESS, "VSW2", "does not let udp 53 in");
	look(m, "ECS1 -> 172.31.0.1", &x);
	CHECK_INT(x.cure[0].n_command, 1);
	CHECK_STR(x.cure[0].command[0], "ECS3 sysctl -qw net.ipv4.ip_forward=1");
	explanation_free(&x);
	blocked(m, "ECS1 -> 172.30.0.1", CODE_NO_ROUTE, "VPC1",
		"the route Route4 leads to ENI1, and that is attached to no ECS");
	model_free(m);
}

TEST(an_answer_by_another_interface)
{
	struct model *m = design_but(NULL, NULL);
	struct explanation x;

	say(m, "eni create ENI1 vswitch VSW1 ip 192.168.1.77 security-group SG2");
	say(m, "eni attach ENI1 ecs ECS2");
	say(m, "eip create EIP3");
	say(m, "eip associate EIP3 eni ENI1");
	blocked(m, "client -> EIP3", CODE_RETURN_PATH, "VSW2",
		"came in by eth1 of ECS2, but its answer leaves by another interface");
	look(m, "client -> EIP3", &x);
	CHECK_STR(x.cure[0].command[0],
		  "ECS2 ip route replace default via 192.168.1.253 dev eth1 table 101");
	CHECK_STR(x.cure[0].command[1], "ECS2 ip rule add from 192.168.1.77 lookup 101");
	explanation_free(&x);
	model_free(m);
}

TEST(an_own_public_address_takes_the_answers_of_a_dnat_entry)
{
	struct model *m = model_new();

	say(m, "profile today");
	for (size_t i = 0; i < ARRAY_SIZE(design); i++) {
		if (strncmp(design[i], "dnat create", 11) == 0) {
			say(m, "eip create EIP3");
			say(m, "eip associate EIP3 ecs ECS2");
		}
		say(m, design[i]);
	}
	blocked(m, "client -> EIP2", CODE_RETURN_PATH, "VPC1@public",
		"ECS2 has a public address of its own, and its answers leave by that");
	cured(m, "client -> EIP2");
	model_free(m);
}

/* ---- a pool of EIPs ---- */

TEST(several_eips_are_one_of_them)
{
	struct model *m = design_but("snat create", "eip create EIP3");
	struct explanation x;

	say(m, "eip associate EIP3 nat-gateway NAT1");
	say(m, "snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1,EIP3");
	look(m, "ECS1 -> EIP2", &x);
	CHECK(x.reachable && x.seen_as == 0 && x.pool && x.pool->n_eip == 2);
	explanation_free(&x);

	/* A rule for one of them lets some connections in and others not. */
	say(m, "sg revoke SG2 rule 1");
	say(m, "sg allow SG2 in tcp 80 from 203.0.113.1");
	look(m, "ECS1 -> EIP2", &x);
	CHECK(!x.reachable && x.sometimes);
	CHECK_STR(code_word(x.code), "SG_INGRESS");
	HAS(why(m, &x), "EIP3");
	explanation_free(&x);
	cured(m, "ECS1 -> EIP2");
	model_free(m);
}

/* ---- odd ends ---- */

TEST(addresses_that_nobody_answers_at)
{
	struct model *m = design_but(NULL, NULL);

	say(m, "eni create ENI1 vswitch VSW2 ip 192.168.2.77 security-group SG2");
	blocked(m, "ECS1 -> 192.168.1.99", CODE_UNREACHABLE_ADDRESS, "VSW1",
		"nobody in VSW1 holds the address 192.168.1.99");
	blocked(m, "ECS1 -> 192.168.2.255", CODE_UNREACHABLE_ADDRESS, "VSW2",
		"reserved by the cloud");
	blocked(m, "ECS1 -> NAT2", CODE_UNREACHABLE_ADDRESS, "VSW2", "the private address of NAT2");
	blocked(m, "ECS1 -> ENI1", CODE_UNREACHABLE_ADDRESS, "VSW2", "is attached to no ECS");
	blocked(m, "ECS1 -> 192.168.77.1", CODE_UNREACHABLE_ADDRESS, "NAT1",
		"in the range of VPC1, 192.168.0.0/16, but in no vSwitch");
	blocked(m, "ECS1 -> 8.8.8.8", CODE_UNREACHABLE_ADDRESS, "internet",
		"nobody on the internet has the address 8.8.8.8");
	blocked(m, "client -> ECS2", CODE_UNREACHABLE_ADDRESS, "internet", "a private address");
	blocked(m, "ECS1 -> 100.100.100.201", CODE_UNREACHABLE_ADDRESS, "VPC1",
		"the cloud has its own services");
	model_free(m);
}

TEST(to_oneself_and_from_routers)
{
	struct model *m = design_but(NULL, NULL);

	reachable(m, "ECS2 -> ECS2", "192.168.2.10");
	reachable(m, "ECS2 -> 127.0.0.1", "127.0.0.1");
	reachable(m, "ECS1 -> ECS1 icmp", "192.168.1.10");
	blocked(m, "ECS1 -> ECS1", CODE_NOT_LISTENING, "ECS1", "nothing on ECS1 listens");
	reachable(m, "ECS1 -> 192.168.1.253 icmp", "192.168.1.10");
	blocked(m, "ECS1 -> 192.168.1.253", CODE_NOT_LISTENING, "VSW1", "is a router");
	reachable(m, "VPC1 -> ECS2", "169.254.0.2");
	blocked(m, "VPC1 -> client", CODE_NO_ROUTE, "VPC1", "only the system routes");
	reachable(m, "VSW1 -> ECS1 icmp", "192.168.1.253");
	reachable(m, "VSW1 -> client", "203.0.113.1");
	reachable(m, "internet -> client", "169.254.0.2");
	blocked(m, "internet -> EIP2", CODE_UNREACHABLE_ADDRESS, "VPC1", "no address of its own");
	blocked(m, "NAT1 -> client", CODE_RETURN_PATH, "NAT1", "takes none for itself");
	model_free(m);
}

TEST(an_own_public_address_wins_over_snat)
{
	struct model *m = design_but(NULL, NULL);

	say(m, "ecs create ECS3 vswitch VSW1 security-group SG2 public-ip 203.0.113.77");
	say(m, "service start ECS3 http");
	reachable(m, "ECS3 -> client", "203.0.113.77");
	reachable(m, "ECS3 -> EIP2", "203.0.113.77");
	reachable(m, "client -> 203.0.113.77", "198.51.100.1");
	/* However narrow a route is. */
	say(m, "route create Route9 table VTB1 to 198.51.100.0/24 via nat-gateway NAT1");
	reachable(m, "client -> 203.0.113.77", "198.51.100.1");
	model_free(m);
}

/* ---- limits, as far as somebody tells how near they are ---- */

static void look_with(const struct model *m, const struct usage *usage, const char *to,
		      enum protocol protocol, struct explanation *x)
{
	struct explain_index *index = explain_index_new(m);
	struct flow flow = { .from = "ECS1",
			     .protocol = protocol,
			     .port = protocol == PROTOCOL_ICMP ? 0 : 80 };

	CHECK(model_address(m, to, &flow.destination));
	explain_index_set_usage(index, usage);
	explain(index, &flow, x);
	explain_index_free(index);
}

static void check_limit(const struct model *m, const struct usage *usage, const char *cause,
			const char *cure)
{
	struct explanation x;

	look_with(m, usage, "client", PROTOCOL_TCP, &x);
	CHECK_STR(code_word(x.code), "LIMIT");
	CHECK_STR(x.hop, "NAT1");
	HAS(why(m, &x), cause);
	CHECK_STR(x.n_cure ? x.cure[0].command[x.cure[0].n_command - 1] : "", cure);
	explanation_free(&x);
}

static void check_through(const struct model *m, const struct usage *usage, enum protocol protocol)
{
	struct explanation x;

	look_with(m, usage, "client", protocol, &x);
	CHECK_STR(code_word(x.code), "");
	explanation_free(&x);
}

TEST(a_size_is_full_at_its_limit)
{
	struct gateway_usage gateway = { .name = "NAT1", .connections = 9999 };
	const struct usage usage = { &gateway, 1 };
	struct model *m = design_but(NULL, NULL);

	check_through(m, &usage, PROTOCOL_TCP);
	gateway.connections = 10000;
	check_limit(m, &usage, "10,000 connections that SNAT began are open at NAT1",
		    "nat-gateway set NAT1 size medium");
	gateway.connections = 60000; /* as after a change to a smaller one */
	check_limit(m, &usage, "60,000", "nat-gateway set NAT1 size large");
	say(m, "nat-gateway set NAT1 size super-large-1");
	check_through(m, &usage, PROTOCOL_TCP);
	gateway.connections = 1000000;
	check_limit(m, &usage, "1,000,000", "nat-gateway set NAT1 size pay-by-usage");
	say(m, "nat-gateway set NAT1 size pay-by-usage");
	gateway.connections = 2000000;
	check_limit(m, &usage, "2,000,000", ""); /* there is no larger one */
	/* Another's are not its own; and who has an EIP of its own is not limited. */
	gateway.name = "NAT2";
	check_through(m, &usage, PROTOCOL_TCP);
	gateway.name = "NAT1";
	say(m, "eip create EIP3");
	say(m, "eip associate EIP3 nat-gateway NAT1");
	say(m, "dnat create all nat-gateway NAT1 eip EIP3 protocol any to ECS1");
	check_through(m, &usage, PROTOCOL_TCP);
	model_free(m);
}

TEST(an_eip_is_full_for_one_destination)
{
	struct gateway_usage gateway = { .name = "NAT1",
					 .full = { { .source = 0xcb007101 /* EIP1 */,
						     .destination = 0xc6336401 /* client */,
						     .protocol = PROTOCOL_TCP,
						     .port = 80,
						     .connections = 55000 } },
					 .n_full = 1 };
	const struct usage usage = { &gateway, 1 };
	struct model *m = design_but(NULL, NULL);

	check_limit(m, &usage, "55,000 connections from EIP1 to client tcp 80 are open at NAT1",
		    "snat set snat1 eip EIP3");
	say(m, "service start client echo protocol udp port 80 name datagrams");
	check_through(m, &usage, PROTOCOL_UDP);
	check_through(m, &usage, PROTOCOL_ICMP);
	say(m, "eip create EIP3");
	say(m, "eip associate EIP3 nat-gateway NAT1");
	say(m, "snat set snat1 eip EIP1,EIP3");
	check_limit(m, &usage, "one EIP has ports for 55,000", "snat set snat1 eip EIP3");
	say(m, "snat set snat1 eip EIP3");
	check_through(m, &usage, PROTOCOL_TCP);
	model_free(m);
}

TEST(the_matrix_says_what_explain_says)
{
	struct model *m = design_but(NULL, NULL);
	struct matrix matrix;
	struct explain_index *index = explain_index_new(m);

	matrix_predict(&matrix, index, m, PROTOCOL_TCP, 80);
	explain_index_free(index);
	CHECK_INT(matrix.n_row, 3);
	CHECK_INT(matrix.n_column, 5);
	CHECK(matrix_is_own(&matrix, 0, 0) && !matrix_is_own(&matrix, 0, 1));
	for (size_t r = 0; r < matrix.n_row; r++) {
		for (size_t c = 0; c < matrix.n_column; c++) {
			auto_text flow = { 0 };
			struct explanation x;

			if (matrix_is_own(&matrix, r, c))
				continue;
			text_addf(&flow, "%s -> %s tcp 80", matrix.row[r]->name,
				  matrix.column[c]->name);
			look(m, text_get(&flow), &x);
			CHECK_STR(code_word((enum code)matrix_cell(&matrix, r, c).answer.code),
				  code_word(x.code));
			explanation_free(&x);
		}
	}
	matrix_free(&matrix);
	model_free(m);
}
