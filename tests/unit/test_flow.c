/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "lab/explain/flow.h"
#include "tests/unit/say.h"
#include "tests/unit/statement_helper.h"

/* Two VPCs with the same addresses; a gateway with port and any-port entries; EIPs of an ECS and an
 * ENI; two hosts. */
#define NETWORK                                                                                  \
	"vpc create VPC1 cidr 192.168.0.0/16\n"                                                  \
	"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n"                                     \
	"vpc create VPC2 cidr 192.168.0.0/16\n"                                                  \
	"vswitch create VSW2 vpc VPC2 cidr 192.168.1.0/24\n"                                     \
	"ecs create ECS1 vswitch VSW1 ip 192.168.1.1\n"                                          \
	"ecs create ECS2 vswitch VSW1 ip 192.168.1.2\n"                                          \
	"ecs create ECS3 vswitch VSW2 ip 192.168.1.1\n"                                          \
	"ecs create ECS4 vswitch VSW1 ip 192.168.1.4 public-ip 1.2.3.4\n"                        \
	"ecs create ECS5 vswitch VSW1 ip 192.168.1.5\n"                                          \
	"eni create ENI1 vswitch VSW1 ip 192.168.1.10\n"                                         \
	"eni attach ENI1 ecs ECS2\n"                                                             \
	"eni create ENI2 vswitch VSW1 ip 192.168.1.11\n"                                         \
	"nat-gateway create NAT1 vpc VPC1 vswitch VSW1 ip 192.168.1.100\n"                       \
	"eip create EIP1 ip 203.0.113.1\neip create EIP2 ip 203.0.113.2\neip create EIP3 ip "    \
	"203.0.113.3\n"                                                                          \
	"eip create EIP4 ip 203.0.113.4\neip create EIP5 ip 203.0.113.5\neip create EIP6 ip "    \
	"203.0.113.6\n"                                                                          \
	"eip associate EIP1 nat-gateway NAT1\neip associate EIP2 nat-gateway NAT1\n"             \
	"dnat create d1 nat-gateway NAT1 eip EIP1 protocol tcp public-port 80-81 to ECS1 "       \
	"private-port 8080-8081\n"                                                               \
	"dnat create d2 nat-gateway NAT1 eip EIP2 protocol any to ENI1\n"                        \
	"dnat create d3 nat-gateway NAT1 eip EIP1 protocol udp public-port 53 to 192.168.1.99\n" \
	"eip associate EIP3 ecs ECS5\neip associate EIP4 eni ENI2\n"                             \
	"internet-host create client ip 198.51.100.1 dns www.example.com\n"

static int parse(const struct model *m, const char *line, struct flow *flow, struct error *err)
{
	struct line words = *line ? tokenize(line) : (struct line){ 0 };
	const char *word[8];
	int r;

	for (size_t i = 0; i < words.n_token; i++)
		word[i] = words.token[i].word;
	r = flow_parse(m, word, words.n_token, flow, err);
	line_free(&words);
	return r;
}

TEST(what_is_said_and_what_is_meant)
{
	const struct {
		const char *line, *want;
	} cases[] = {
		{ "ECS1 -> EIP2", "ECS1 -> EIP2 tcp 80" },
		{ "ECS1 -> EIP2 tcp", "ECS1 -> EIP2 tcp 80" },
		{ "internet -> EIP2 tcp 443", "internet -> EIP2 tcp 443" },
		{ "client -> 203.0.113.2 udp 53", "client -> 203.0.113.2 udp 53" },
		{ "VPC1 -> ENI1 icmp", "VPC1 -> ENI1 icmp" },
		{ "NAT1 -> www.example.com", "NAT1 -> www.example.com tcp 80" },
		{ "VSW1 -> WWW.Example.com", "VSW1 -> WWW.Example.com tcp 80" },
		{ "ECS1 -> NAT1 icmp", "ECS1 -> NAT1 icmp" },
	};
	struct model *m = built(NETWORK);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct error err;
		struct flow flow;
		char text[512];

		if (parse(m, cases[i].line, &flow, &err) < 0)
			test_fail("%s: %s", cases[i].line, err.message);
		flow_format(&flow, text, sizeof(text));
		CHECK_STR(text, cases[i].want);
	}
	model_free(m);
}

TEST(destinations)
{
	struct model *m = built(NETWORK);
	struct error err;
	struct flow flow;

	CHECK_INT(parse(m, "ECS1 -> EIP2", &flow, &err), 0);
	CHECK_INT(flow.destination, 0xcb007102);
	CHECK_INT(parse(m, "ECS1 -> www.example.com", &flow, &err), 0);
	CHECK_INT(flow.destination, 0xc6336401);
	CHECK_INT(parse(m, "ECS1 -> ENI1", &flow, &err), 0);
	CHECK_INT(flow.destination, 0xc0a8010a);
	CHECK_INT(parse(m, "ECS1 -> 8.8.8.8 icmp", &flow, &err), 0);
	CHECK_INT(flow.destination, 0x08080808);
	CHECK_INT(flow.protocol, PROTOCOL_ICMP);
	CHECK_INT(flow.port, 0);
	model_free(m);
}

TEST(mistakes)
{
	const struct {
		const char *line, *argument, *hint;
	} cases[] = {
		{ "", "from", "" },
		{ "ECS1", "->", "" },
		{ "ECS1 EIP1", "->", "" },
		{ "ECS1 to EIP1", "->", "" },
		{ "ECS1 ->", "to", "" },
		{ "ECS9 -> EIP1", "from", "did you mean ECS1?" },
		{ "ecs1 -> EIP1", "from", "did you mean ECS1?" },
		{ "EIP1 -> ECS1", "from", "name an ECS or an internet host" },
		{ "zzzzzz -> ECS1", "from", "show lists what there is" },
		{ "ECS1 -> EIP9", "to", "did you mean EIP1?" },
		{ "ECS1 -> VPC1", "to", "name an ECS, ENI, EIP, internet host or an address" },
		{ "ECS1 -> internet", "to", "name an ECS, ENI, EIP, internet host or an address" },
		{ "ECS1 -> 1.2.3", "to", "show lists what there is" },
		{ "ECS1 -> 0.0.0.0", "to", "name a host, or an address below 224.0.0.0" },
		{ "ECS1 -> 224.0.0.1", "to", "name a host, or an address below 224.0.0.0" },
		{ "ECS1 -> 255.255.255.255", "to", "name a host, or an address below 224.0.0.0" },
		{ "ECS1 -> EIP1 gre", "protocol", "" },
		{ "ECS1 -> EIP1 80", "protocol", "did you mean tcp 80?" },
		{ "ECS1 -> nowhere.example", "to",
		  "internet-host create NAME dns nowhere.example makes one" },
		{ "ECS1 -> EIP1 udp", "protocol", "" },
		{ "ECS1 -> EIP1 tcp 0", "port", "a port is a number of 1 to 65535" },
		{ "ECS1 -> EIP1 tcp 80-81", "port", "80" },
		{ "ECS1 -> EIP1 tcp 80 81", "port", "" },
		{ "ECS1 -> EIP1 icmp 8", "port", "" },
	};
	struct model *m = built(NETWORK);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct flow flow = { .port = 7 };
		struct error err;

		if (parse(m, cases[i].line, &flow, &err) >= 0)
			test_fail("accepted: %s", cases[i].line);
		if (strcmp(err.argument, cases[i].argument) != 0)
			test_fail("at \"%s\": %s (%s)", err.argument, cases[i].line, err.message);
		if (strcmp(err.hint, cases[i].hint) != 0)
			test_fail("hint \"%s\": %s", err.hint, cases[i].line);
		CHECK_INT(flow.port, 7); /* untouched */
	}
	model_free(m);
}

TEST(a_name_of_any_length_is_refused)
{
	struct model *m = built(NETWORK);
	struct error err;
	struct flow flow;
	char name[3000];
	const char *words[] = { "ECS1", "->", name };

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CHECK(flow_parse(m, words, 3, &flow, &err) < 0);
	words[0] = name;
	CHECK(flow_parse(m, words, 3, &flow, &err) < 0);
	model_free(m);
}
