/* SPDX-License-Identifier: GPL-3.0-only */
/* Statements: how words find their parameters, and what is said where they do not. */
#include "cli/commands/language.h"
#include "tests/unit/test.h"

#include <errno.h>

#include "lab/language/arguments.h"
#include "lab/language/statement.h"
#include "tests/unit/statement_helper.h"

struct parsed {
	struct line line;
	struct statement statement;
};

static void parse(struct parsed *parsed, const struct model *model, const char *text)
{
	struct error err = { 0 };

	parsed->line = tokenize(text);
	if (statement_parse(&cli_language, model, &parsed->line, &parsed->statement, NULL, &err) <
	    0)
		test_fail("\"%s\": %s", text, err.message);
}

static void parsed_free(struct parsed *parsed)
{
	statement_free(&parsed->statement);
	line_free(&parsed->line);
}

TEST(keys_in_any_order)
{
	static const char *const lines[] = {
		"vswitch create V1 vpc VPC1 cidr 10.0.0.0/24 zone z",
		"vswitch create V1 zone z cidr 10.0.0.0/24 vpc VPC1",
		"vswitch create 'V1' cidr \"10.0.0.0/24\" vpc VPC1 zone z",
	};

	for (size_t i = 0; i < 3; i++) {
		struct parsed p;

		parse(&p, NULL, lines[i]);
		CHECK_STR(p.statement.arguments.command->words, "vswitch create");
		CHECK_STR(arguments_get(&p.statement.arguments, "name"), "V1");
		CHECK_STR(arguments_get(&p.statement.arguments, "vpc"), "VPC1");
		CHECK_STR(arguments_get(&p.statement.arguments, "cidr"), "10.0.0.0/24");
		CHECK_STR(arguments_get(&p.statement.arguments, "zone"), "z");
		CHECK(!arguments_get(&p.statement.arguments, "no such"));
		parsed_free(&p);
	}
}

TEST(typed_values)
{
	struct parsed p;

	parse(&p, NULL, "route create R1 to 0.0.0.0/0 via nat-gateway NAT1 table VTB1");
	CHECK_STR(arguments_type(&p.statement.arguments, "via"), "nat-gateway");
	CHECK_STR(arguments_get(&p.statement.arguments, "via"), "NAT1");
	CHECK_STR(arguments_get(&p.statement.arguments, "table"), "VTB1");
	parsed_free(&p);
	parse(&p, NULL, "eip associate EIP1 nat NAT1");
	CHECK_STR(arguments_type(&p.statement.arguments, "resource"), "nat-gateway");
	CHECK_STR(arguments_get(&p.statement.arguments, "resource"), "NAT1");
	parsed_free(&p);
	parse(&p, NULL, "snat create s1 nat NAT1 source cidr 10.0.0.0/8 eip E1,E2,E3");
	CHECK_STR(arguments_type(&p.statement.arguments, "source"), "cidr");
	CHECK_INT(arguments_names(&p.statement.arguments, "eip").n_name, 3);
	CHECK_STR(arguments_names(&p.statement.arguments, "eip").name[2], "E3");
	CHECK_STR(arguments_get(&p.statement.arguments, "nat-gateway"), "NAT1");
	parsed_free(&p);
}

TEST(optional_positional_words)
{
	struct parsed p;

	parse(&p, NULL, "sg allow SG1 in tcp 80 from 0.0.0.0/0 priority 1");
	CHECK_STR(arguments_get(&p.statement.arguments, "direction"), "in");
	CHECK_STR(arguments_get(&p.statement.arguments, "port"), "80");
	CHECK_STR(arguments_get(&p.statement.arguments, "from"), "0.0.0.0/0");
	parsed_free(&p);
	parse(&p, NULL, "sg drop SG1 out all to SG2");
	CHECK(!arguments_get(&p.statement.arguments, "port"));
	CHECK_STR(arguments_get(&p.statement.arguments, "to"), "SG2");
	parsed_free(&p);
}

TEST(flags)
{
	struct parsed p;

	parse(&p, NULL, "nat-gateway delete NAT1 force");
	CHECK(arguments_has(&p.statement.arguments, "force"));
	CHECK_STR(arguments_token(&p.statement.arguments, "force")->word, "force");
	parsed_free(&p);
	parse(&p, NULL, "nat-gateway delete NAT1");
	CHECK(!arguments_has(&p.statement.arguments, "force"));
	parsed_free(&p);
}

TEST(a_noun_alone_is_its_show)
{
	struct parsed p;

	parse(&p, NULL, "nat");
	CHECK_STR(p.statement.arguments.command->words, "nat-gateway show");
	parsed_free(&p);
	parse(&p, NULL, "vpc show VPC1");
	CHECK_STR(arguments_get(&p.statement.arguments, "name"), "VPC1");
	parsed_free(&p);
}

TEST(programs_keep_their_words)
{
	struct parsed p;
	char **vector;

	parse(&p, NULL, "service start ECS2 exec name n1 -- sleep port '|' 5 --");
	vector = arguments_vector(&p.statement.arguments, "--", NULL);
	CHECK_STR(vector[0], "sleep");
	CHECK_STR(vector[1], "port");
	CHECK_STR(vector[2], "|");
	CHECK_STR(vector[4], "--");
	CHECK(!vector[5]);
	free(vector);
	parsed_free(&p);

	parse(&p, NULL, "expect ok ECS1 -- ls --all");
	vector = arguments_vector(&p.statement.arguments, "command", NULL);
	CHECK_STR(vector[0], "ls");
	CHECK_STR(vector[1], "--all");
	CHECK(!vector[2]);
	free(vector);
	parsed_free(&p);
}

TEST(flows)
{
	struct parsed p;
	const struct argument *flow;

	parse(&p, NULL, "expect reachable ECS1 -> EIP2 tcp 80 seen-as 203.0.113.1");
	flow = arguments_find(&p.statement.arguments, "flow");
	CHECK_INT(flow->n_token, 5);
	CHECK_STR(arguments_get(&p.statement.arguments, "seen-as"), "203.0.113.1");
	CHECK_STR(arguments_token(&p.statement.arguments, "to")->word, "EIP2");
	CHECK_STR(arguments_token(&p.statement.arguments, "port")->word, "80");
	parsed_free(&p);
	parse(&p, NULL, "expect reachable ECS1 -> EIP2 seen-as 203.0.113.1");
	CHECK_INT(arguments_find(&p.statement.arguments, "flow")->n_token, 3);
	parsed_free(&p);
	parse(&p, NULL, "expect reachable ECS1 -> EIP2 icmp");
	CHECK_INT(arguments_find(&p.statement.arguments, "flow")->n_token, 4);
	parsed_free(&p);
}

TEST(nodes)
{
	struct model *model = small_model();
	struct parsed p;

	parse(&p, model, "ECS1 curl -s http://203.0.113.1 &");
	CHECK_INT(p.statement.kind, STATEMENT_NODE);
	CHECK_STR(p.statement.node, "ECS1");
	CHECK_STR(p.statement.argv[0], "curl");
	CHECK_STR(p.statement.argv[2], "http://203.0.113.1");
	CHECK(!p.statement.argv[3]);
	CHECK(p.statement.background);
	parsed_free(&p);
	parse(&p, model, "internet");
	CHECK_STR(p.statement.node, "internet");
	CHECK(!p.statement.argv[0]);
	CHECK(!p.statement.background);
	parsed_free(&p);
	parse(&p, model, "VPC1 echo '&'");
	CHECK(!p.statement.background);
	CHECK_STR(p.statement.argv[1], "&");
	parsed_free(&p);
	model_free(model);
}

TEST(rest_of_a_line)
{
	struct line line = tokenize("expect error X vpc create VPC1 cidr 10.0.0.0/8");
	const struct token *token;
	struct statement statement;
	struct error err = { 0 };

	CHECK_INT(statement_parse_from(&cli_language, NULL, &line, &line.token[3], &statement,
				       &token, &err),
		  0);
	CHECK_STR(statement.arguments.command->words, "vpc create");
	CHECK(arguments_token(&statement.arguments, NULL) == &line.token[3]);
	CHECK(arguments_token(&statement.arguments, "") == &line.token[5]);
	CHECK(arguments_token(&statement.arguments, "cidr") == &line.token[7]);
	CHECK(arguments_token(&statement.arguments, "nowhere") == &line.token[7]);
	statement_free(&statement);
	CHECK_INT(statement_parse_from(&cli_language, NULL, &line, line.token + line.n_token,
				       &statement, &token, &err),
		  -EINVAL);
	CHECK(token == &line.token[7]);
	line_free(&line);
}

/* ---- mistakes ---- */

static const struct mistake {
	const char *text, *fault, *message, *hint;
} mistakes[] = {
	/* which command */
	{ "vpcc create", "vpcc", "vpcc is neither a command nor a node", "did you mean vpc?" },
	{ "vswich create V vpc X", "vswich", NULL, "did you mean vswitch?" },
	{ "nat-gate create", "nat-gate", NULL, "did you mean nat-gateway?" },
	{ "ECS11 ls", "ECS11", NULL, "did you mean ECS1?" },
	{ "ecs1 ls", "ecs1", NULL, "did you mean ECS1?" },
	{ "qqqqqqq", "qqqqqqq", NULL, "help lists the commands" },
	{ "EIP1 ls", "EIP1", "EIP1 is an EIP, which is no node that could run a command",
	  "eip show EIP1" },
	{ "vpc creat VPC9 cidr 10.0.0.0/8", "creat", "vpc has no command creat",
	  "did you mean create?" },
	{ "vpc VPC1", "VPC1", NULL, "vpc show VPC1" },
	{ "vpc qqqqq", "qqqqq", NULL, "vpc: create, associate, disassociate, delete, show" },
	{ "''", "", "'' is neither a command nor a node", NULL },
	/* as other tools have it: the verb first, a noun in two words, no node, no key */
	{ "create vpc VPC2", "create", "create is neither a command nor a node",
	  "did you mean vpc create?" },
	{ "new eips", "new", NULL, "did you mean eip create?" },
	{ "create nat gateway NAT1", "create", NULL, "did you mean nat-gateway create?" },
	{ "bind EIP1 NAT1", "bind", NULL, "did you mean eip associate EIP1?" },
	{ "delete VSW1", "delete", NULL, "did you mean vswitch delete VSW1?" },
	{ "describe VPC1", "describe", NULL, "did you mean vpc show VPC1?" },
	{ "allow tcp 80", "allow", NULL, "the noun stands first, as in: security-group allow" },
	{ "list", "list", NULL, "did you mean show?" },
	{ "show eips", "eips", "show takes no more words, so eips is too many",
	  "did you mean eip show?" },
	{ "show VPC1", "VPC1", NULL, "did you mean vpc show VPC1?" },
	{ "route table create VTB1", "table", NULL, "did you mean route-table?" },
	{ "nat gateway create NAT1", "gateway", NULL, "did you mean nat-gateway?" },
	{ "security group show", "security", NULL, "did you mean security-group?" },
	{ "instance create ECS2", "instance", NULL,
	  "here it is ecs; it is a word of \"provider aws\", which stands before the first "
	  "resource" },
	{ "vm create ECS2", "vm", NULL, "did you mean ecs?" },
	{ "ssh ECS1", "ssh", NULL, "ECS1 alone is a shell on it" },
	{ "ping EIP1", "ping", NULL,
	  "help lists the commands; a program runs in a node, as in: ECS1 ping EIP1" },
	{ "eip associate EIP1 ECS1", "ECS1", NULL, "did you mean ecs ECS1?" },
	{ "ecs create ECS2 VSW1", "VSW1", "ecs create has no key VSW1",
	  "did you mean vswitch VSW1?" },
	{ "snat create snat1 nat NAT1 VSW1", "VSW1", NULL, "did you mean source vswitch VSW1?" },
	{ "snat create snat1 nat NAT1 vswitch VSW1", "vswitch", NULL,
	  "did you mean source vswitch?" },
	{ "vpc create VPC2 10.0.0.0/8", "10.0.0.0/8", NULL, "did you mean cidr 10.0.0.0/8?" },
	{ "vpc create VPC2 cidr=10.0.0.0/8", "cidr=10.0.0.0/8", NULL,
	  "did you mean cidr 10.0.0.0/8?" },
	{ "dnat create dnat1 nat NAT1 eip EIP1 port 80", "port", NULL,
	  "did you mean public-port?" },
	{ "nat-gateway create NAT1 vpc VPC1 size tiny", "tiny", NULL,
	  "nat-gateway create NAME vpc VPC [vswitch VSWITCH] [ip ADDRESS] [type "
	  "enhanced|standard|intranet] "
	  "[size "
	  "small|medium|large|super-large-1|pay-by-usage] [eip-bind-mode multi-binded|nat] "
	  "[icmp-reply "
	  "on|off]" },
	{ "service start ECS1 sshd", "sshd", "kind is http, https, ssh, echo or exec, not sshd",
	  "did you mean ssh?" },
	{ "service ECS1 http port 8080", "ECS1", NULL, "service start ECS1 http port 8080" },
	{ "service ECS1", "ECS1", NULL, "service start ECS1 ..." },
	{ "vpc VPC1 remove", "VPC1", NULL, "vpc delete VPC1" },
	{ "vpc VPC1 please", "VPC1", NULL, "vpc show VPC1" },
	{ "snat create s1 nat-gateway NAT1 source ecs ECS1 eip EIP1 nat-ip N1", "nat-ip",
	  "nat-ip is one choice of several, and one is made already", NULL },
	{ "pingall", "pingall", NULL, "matrix shows who reaches whom; matrix --live tries it" },
	{ "sg revoke SG1 1", "1", NULL, "did you mean rule 1?" },
	{ "eip create EIP9; eip show", "eip", NULL,
	  "one command a line: what follows goes on a line of its own" },
	{ "show|less", "show|less", NULL, "blanks stand around it: show | less" },
	{ "vpc show>f", "show>f", NULL, "blanks stand around it: show > f" },
	{ "probe ECS1 -> EIP1 80", "80", NULL, "did you mean tcp 80?" },
	{ "vpc create VPC9 cidr fd00::/64", "fd00::/64", NULL, "only IPv4 is supported" },
	{ "service start ECS1 web", "web", NULL, "did you mean http?" },
	{ "sg allow SG1 in 80", "80", NULL, "the protocol stands before the port: tcp 80" },
	{ "acl add ACL1 in 32767 accept all", "32767",
	  "number is a number from 1 to 32766, not 32767", "the nearest is 32766" },
	{ "sg allow SG1 in 0", "0", NULL, "all is every protocol; no packet has the number 0" },
	/* keys */
	{ "vswitch create VSW2 cidr 10.0.0.0/24", "10.0.0.0/24", "vswitch create needs vpc",
	  "vswitch create NAME vpc VPC cidr CIDR [zone ZONE]" },
	{ "vswitch create", "create", "vswitch create needs a name", NULL },
	{ "vswitch create vpc VPC1 cidr 10.0.0.0/24", "vpc", "vswitch create needs a name", NULL },
	{ "vswitch create VSW2 vpc VPC1 cidr", "cidr", "cidr has no value", "cidr CIDR" },
	{ "vswitch create VSW2 vpc cidr 10.0.0.0/24", "vpc", "vpc has no value", "vpc VPC" },
	{ "vswitch create VSW2 vpc VPC1 cidr 10.0.0.0/24 vpc VPC2", "vpc", "vpc is given twice",
	  "as in: vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24" },
	{ "vswitch create VSW2 vpc VPC1 cdir 10.0.0.0/24", "cdir", "vswitch create has no key cdir",
	  "did you mean cidr?" },
	{ "vswitch create VSW2 'vpc' VPC1", "'vpc'", NULL, NULL },
	{ "vpc delete VPC1 VPC2", "VPC2", "vpc delete takes no more words, so VPC2 is too many",
	  "vpc delete NAME" },
	{ "route create R1 table T1 to 0.0.0.0/0 via nat-gateway", "nat-gateway",
	  "via has no value",
	  "via nat-gateway|ecs|eni|ipv4-gateway|vpc-peer-connection|attachment NAME" },
	{ "route create R1 table T1 to 0.0.0.0/0 via nat-gatway NAT1", "nat-gatway", NULL,
	  "did you mean nat-gateway?" },
	{ "eip associate EIP1", "EIP1", NULL,
	  "eip associate NAME nat-gateway|ecs|eni NAME [private-ip ADDRESS] [mode nat|binded]" },
	{ "eip associate EIP1 nat-gateway", "nat-gateway", NULL, NULL },
	{ "sg allow SG1 in tcp -1/-1 from 0.0.0.0/0", "-1/-1", NULL,
	  "sg allow SG1 in tcp from 0.0.0.0/0" },
	{ "sg allow SG1 in tcp 443/22 from 0.0.0.0/0", "443/22", NULL, "22-443" },
	{ "nat-gateway delete NAT1 forc", "forc", NULL, "did you mean force?" },
	{ "nat-gateway delete NAT1 force force", "force", "force is given twice", NULL },
	{ "sg allow SG1 in tcp form 0.0.0.0/0", "form", NULL, "did you mean from?" },
	{ "sg allow SG1", "SG1", "security-group allow needs in|out", NULL },
	{ "service start ECS1 exec name n --", "--", "-- has no value", "-- COMMAND..." },
	/* forms */
	{ "vpc create V2 cidr 192.168.1.5/24", "192.168.1.5/24", "192.168.1.5/24 has host bits set",
	  "192.168.1.0/24" },
	{ "vpc create V2 cidr 192.168.1.5", "192.168.1.5", "192.168.1.5 is not a CIDR block",
	  "192.168.1.5/32" },
	{ "vpc create V2 cidr 192.168.1.0/33", "192.168.1.0/33", NULL, NULL },
	{ "vpc create V2 cidr ''", "''", NULL, NULL },
	{ "ecs create E2 vswitch V1 ip 1.2.3", "1.2.3", "1.2.3 is not an IPv4 address", NULL },
	{ "ecs create E2 vswitch V1 ip 1.2.3.4/24", "1.2.3.4/24", NULL, "1.2.3.4" },
	{ "ecs create E2 vswitch V1 ip fe80::1", "fe80::1", NULL, "only IPv4 is supported" },
	{ "ecs create E2 vswitch V1 public-ip atuo", "atuo", NULL, NULL },
	{ "ecs create E2 vswitch V1 security-group A, B", "A,", NULL,
	  "names are parted by a comma alone, without blanks: A,B" },
	{ "ecs create E2 vswitch V1 billing pay-as-you-og", "pay-as-you-og", NULL,
	  "did you mean pay-as-you-go?" },
	{ "sg allow SG1 in tcp 0 from 0.0.0.0/0", "0", "port 0 is not between 1 and 65535", NULL },
	{ "sg allow SG1 in tcp 65536 from 0.0.0.0/0", "65536",
	  "port 65536 is not between 1 and 65535", NULL },
	{ "sg allow SG1 in tcp 90-80 from 0.0.0.0/0", "90-80",
	  "the port range 90-80 ends before it begins", "80-90" },
	{ "sg allow SG1 in tpc 80 from 0.0.0.0/0", "tpc",
	  "protocol is tcp, udp, icmp, gre or all, or a protocol's number, not tpc",
	  "did you mean tcp?" },
	{ "sg allow SG1 in tcp 80 from 10.0.0.1/8", "10.0.0.1/8", NULL, "10.0.0.0/8" },
	{ "sg revoke SG1 rule one", "one", NULL, NULL },
	{ "sg revoke SG1 rule 99999999999", "99999999999", NULL, NULL },
	{ "snat create s1 nat NAT1 source cidr 10.1.1.1/8 eip E1", "10.1.1.1/8", NULL,
	  "10.0.0.0/8" },
	{ "dnat create d1 nat N1 eip E1 protocol tcp public-port 80 to 300.1.1.1 private-port 80",
	  "300.1.1.1", NULL, NULL },
	/* flows and programs */
	{ "probe ECS1 EIP2", "EIP2", NULL, "ECS1 -> EIP2" },
	{ "probe ECS1 to EIP2", "to", NULL, "ECS1 -> TO" },
	{ "probe ECS1->EIP2", "ECS1->EIP2", NULL, "ECS1 -> EIP2" },
	{ "probe ECS1 ->", "->", NULL, NULL },
	{ "expect reachable ECS1 -> EIP2 tpc 80", "tpc", NULL, "did you mean tcp?" },
	{ "expect reachable ECS1 -> EIP2 tcp", "tcp", NULL, NULL },
	{ "expect reachable ECS1 -> EIP2 tcp 80-90", "80-90", NULL, NULL },
	{ "ECS1 -> EIP2", "->", NULL, "probe ECS1 -> EIP2 tries it; explain says why" },
	{ "ECS1 cat x | grep y", "|", NULL, "sh -c '...' brings one; as an argument write '|'" },
	{ "ECS1 sleep 1 & ls", "&", NULL, NULL },
	{ "ECS1 &", "&", NULL, NULL },
	{ "expect ok ECS1 sleep 1 &", "&", NULL, NULL },
};

static void check_mistake(const struct model *model, const struct mistake *mistake)
{
	struct line line = tokenize(mistake->text);
	const struct token *token = NULL;
	struct statement statement;
	struct error err = { 0 };
	char word[64] = "";

	if (statement_parse(&cli_language, model, &line, &statement, &token, &err) != -EINVAL)
		test_fail("\"%s\" is no mistake", mistake->text);
	if (!token)
		test_fail("\"%s\": no place", mistake->text);
	snprintf(word, sizeof(word), "%.*s", (int)token->length, mistake->text + token->column - 1);
	if (strcmp(word, *mistake->fault ? mistake->fault : "''") != 0)
		test_fail("\"%s\": place is at \"%s\" (%s)", mistake->text, word, err.message);
	if (mistake->message && strcmp(err.message, mistake->message) != 0)
		test_fail("\"%s\": \"%s\"", mistake->text, err.message);
	if (mistake->hint && strcmp(err.hint, mistake->hint) != 0)
		test_fail("\"%s\": %s: hint \"%s\"", mistake->text, err.message, err.hint);
	if (!err.message[0] || err.message[strlen(err.message) - 1] == '.')
		test_fail("\"%s\": message \"%s\"", mistake->text, err.message);
	line_free(&line);
}

TEST(mistakes)
{
	struct model *model = small_model();

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
		check_mistake(model, &mistakes[i]);
	model_free(model);
}

TEST(the_second_one_of_a_doubled_key_is_at_fault)
{
	struct line line = tokenize("vpc create V1 cidr 10.0.0.0/8 cidr 10.0.0.0/8");
	const struct token *token;
	struct statement statement;
	struct error err;

	CHECK_INT(statement_parse(&cli_language, NULL, &line, &statement, &token, &err), -EINVAL);
	CHECK(token == &line.token[5]);
	line_free(&line);
}

TEST(the_cloud_has_codes_for_some_forms)
{
	static const struct {
		const char *text, *code;
	} cases[] = {
		{ "dnat create d1 nat N1 eip E1 protocol tcp public-port 70000 to ECS1",
		  "InvalidExternalPort.Malformed" },
		{ "vswitch create V1 vpc V cidr 1", "InvalidCidrBlock.Malformed" },
		{ "vswitch create V1 cidr 10.0.0.0/8", "MissingParameter" },
		{ "vpcc", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line line = tokenize(cases[i].text);
		struct statement statement;
		struct error err = { 0 };

		CHECK_INT(statement_parse(&cli_language, NULL, &line, &statement, NULL, &err),
			  -EINVAL);
		CHECK_STR(err.code, cases[i].code);
		line_free(&line);
	}
}

TEST(long_words_break_nothing)
{
	char *word = malloc(100001), *text = malloc(200100);

	memset(word, 'x', 100000);
	word[100000] = '\0';
	static const char *const forms[] = { "%s",
					     "vpc %s",
					     "vpc create %s",
					     "vpc create V1 %s",
					     "vpc create V1 cidr %s",
					     "probe A -> B %s",
					     "snat create s1 source cidr %s",
					     "sg allow S1 in %s",
					     "service start A http %s" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct statement statement;
		struct error err = { 0 };
		struct line line;

		/* Not a format from outside: the table is right above. */
		char *mark = strstr(strcpy(text, forms[i]), "%s");

		strcpy(mark, word);
		line = tokenize(text);
		CHECK_INT(statement_parse(&cli_language, NULL, &line, &statement, NULL, &err),
			  -EINVAL);
		line_free(&line);
	}
	free(word);
	free(text);
}
