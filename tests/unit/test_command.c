#include "test.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/walk.h"
#include "core/text.h"

/* ---- the table ---- */

/* Every row of every provider, those that several have several times: at_ROW.provider tells whose it is. */
#define EACH_COMMAND(row)                                                                                             \
	for (struct command_cursor at_##row = { .provider = PROVIDER_ALIBABA }; at_##row.provider < PROVIDER_COUNT;   \
	     at_##row = (struct command_cursor){ .provider = at_##row.provider + 1 })                                 \
		for (const struct command *row; command_next(&at_##row) && (row = at_##row.command);)

static bool is_sentence_part(const char *s)
{
	size_t n = s ? strlen(s) : 0;

	return n > 0 && n < 70 && s[n - 1] != '.' && s[n - 1] != ' ' && !strchr(s, '\n');
}

TEST(every_row_is_whole)
{
	EACH_COMMAND(command) {
		if (!is_sentence_part(command->summary))
			test_fail("%s: summary", command->words);
		if (!command->example)
			test_fail("%s: example", command->words);
		if ((command->change != NULL) != ((command->flags & COMMAND_CHANGES) != 0))
			test_fail("%s: change and COMMAND_CHANGES", command->words);
		if ((command->change != NULL) == (command->run != NULL))
			test_fail("%s: one of change and run", command->words);
	}
}

static void check_parameter(const struct command *command, const struct parameter *parameter)
{
	bool chosen = parameter->kind == ARGUMENT_CHOICE || parameter->kind == ARGUMENT_TYPED;
	bool refers = parameter->kind == ARGUMENT_REFERENCE || parameter->kind == ARGUMENT_REFERENCES || parameter->kind == ARGUMENT_TYPED;

	if (!is_sentence_part(parameter->help))
		test_fail("%s: help of %s", command->words, parameter->name);
	if (chosen != (parameter->choices != NULL))
		test_fail("%s: choices of %s", command->words, parameter->name);
	if (refers && !parameter->nouns)
		test_fail("%s: nouns of %s", command->words, parameter->name);
	for (const struct parameter *other = command->parameter; other < parameter; other++)
		if (strcmp(other->name, parameter->name) == 0)
			test_fail("%s: two %s", command->words, parameter->name);
}

TEST(every_parameter_is_whole)
{
	EACH_COMMAND(command)
		for (size_t i = 0; i < command_n_parameter(command); i++)
			check_parameter(command, &command->parameter[i]);
}

TEST(no_two_rows_have_one_name)
{
	EACH_COMMAND(command) {
		int same = 0;

		EACH_COMMAND(other)
			same += at_other.provider == at_command.provider && strcmp(command->words, other->words) == 0;
		if (same != 1)
			test_fail("%s is there %d times", command->words, same);
	}
}

static struct line tokenize(const char *text)
{
	struct source source = { .name = "t", .text = text };
	struct line line = { 0 };
	struct error err = { 0 };
	size_t offset = 0;
	unsigned number = 1;

	if (tokenize_line(&source, &offset, &number, NULL, NULL, &line, NULL, &err) != 1)
		test_fail("\"%s\": %s", text, err.message);
	return line;
}

/* A resource or flow that an example is about need not be there; node lines are no examples. */
TEST(every_example_parses_as_its_row)
{
	EACH_COMMAND(command) {
		struct line line = tokenize(command->example);
		struct model *model = model_new();
		struct statement statement;
		struct error err = { 0 };

		model->provider = at_command.provider;
		if (statement_parse(model, &line, &statement, NULL, &err) < 0)
			test_fail("%s: %s (%s)", command->example, err.message, err.hint);
		if (statement.kind != STATEMENT_COMMAND || statement.arguments.command != command)
			test_fail("%s is not %s", command->example, command->words);
		statement_free(&statement);
		line_free(&line);
		model_free(model);
	}
}

TEST(help_fits_its_width)
{
	static const char *const pages[][2] = { { NULL, NULL }, { "nat-gateway", "create" }, { "vswitch", NULL }, { "sg", "allow" },
						{ NULL, NULL }, { "nat-gateway", "create" }, { "subnet", NULL }, { "sg", "allow" } };

	for (size_t i = 0; i < 8; i++) {
		struct text text = { 0 };
		struct error err = { 0 };
		size_t n = pages[i][0] == NULL ? 0 : pages[i][1] == NULL ? 1 : 2;

		CHECK_INT(help_format(&text, i < 4 ? PROVIDER_ALIBABA : PROVIDER_AWS, pages[i], n, 80, &err), 0);
		for (char *s = text.s, *end; *s; s = end + 1) {
			end = strchr(s, '\n');
			if (end - s > 80)
				test_fail("too long: %.*s", (int)(end - s), s);
			if (end > s && end[-1] == ' ')
				test_fail("blank at the end: %.*s", (int)(end - s), s);
		}
		text_free(&text);
	}
}

TEST(every_row_has_its_help_page)
{
	EACH_COMMAND(command) {
		char words[64], *word[4] = { 0 }, *rest = words;
		struct text text = { 0 };
		struct error err = { 0 };
		size_t n = 0;

		snprintf(words, sizeof(words), "%s", command->words);
		while (n < 4 && (word[n] = strsep(&rest, " ")))
			n++;
		CHECK_INT(help_format(&text, at_command.provider, (const char *const *)word, n, 80, &err), 0);
		CHECK(strncmp(text.s, command->words, strlen(command->words)) == 0);
		if (!strstr(text.s, command->example))
			test_fail("%s: no example in its help", command->words);
		text_free(&text);
	}
}

TEST(help_of_nothing_known)
{
	static const char *const word[] = { "vswich" };
	struct text text = { 0 };
	struct error err = { 0 };

	CHECK_INT(help_format(&text, PROVIDER_ALIBABA, word, 1, 80, &err), -ENOENT);
	CHECK_STR(err.hint, "did you mean vswitch?");
	text_free(&text);
}

TEST(manual_is_roff)
{
	struct text text = { 0 };

	help_manual(&text);
	CHECK(strstr(text.s, ".SH COMMANDS\n.SS Network\n"));
	CHECK(strstr(text.s, ".B route create NAME table TABLE to CIDR via nat\\-gateway|ecs|eni NAME\n"));
	text_free(&text);
}

TEST(syntax)
{
	static const struct {
		const char *words, *want;
	} cases[] = {
		{ "route create", "route create NAME table TABLE to CIDR via nat-gateway|ecs|eni NAME" },
		{ "vswitch create", "vswitch create NAME vpc VPC cidr CIDR [zone ZONE]" },
		{ "nat-gateway delete", "nat-gateway delete NAME [force]" },
		{ "vpc show", "vpc show [NAME]" },
		{ "eip associate", "eip associate NAME nat-gateway|ecs|eni NAME" },
		{ "security-group allow",
		  "security-group allow NAME in|out tcp|udp|icmp|gre|all [PORT[-PORT]] [from CIDR|GROUP] [to CIDR|GROUP] [priority N]" },
		{ "service start",
		  "service start NODE http|https|echo|exec [port PORT] [protocol tcp|udp] [name NAME] [-- COMMAND...]" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = { 0 };

		EACH_COMMAND(command)
			if (at_command.provider == PROVIDER_ALIBABA && strcmp(command->words, cases[i].words) == 0)
				help_syntax(&text, command);
		CHECK_STR(text_get(&text), cases[i].want);
		text_free(&text);
	}
}

TEST(reserved_words)
{
	static const char *const reserved[] = { "vpc", "sg", "nat", "nat-gateway", "internet", "Internet", "cidr", "to", "from", "security-group" };
	static const char *const free_words[] = { "VPC1", "client", "web", "NAT", "VPC", "snat1", "create", "" };

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!command_is_reserved(reserved[i]))
			test_fail("%s", reserved[i]);
	for (size_t i = 0; i < sizeof(free_words) / sizeof(free_words[0]); i++)
		if (command_is_reserved(free_words[i]))
			test_fail("%s", free_words[i]);
}

/* ---- statements ---- */

static struct model *small_model(void)
{
	static const char *const lines[] = {
		"vpc create VPC1 cidr 192.168.0.0/16",
		"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24",
		"ecs create ECS1 vswitch VSW1",
		"eip create EIP1",
	};
	struct model *model = model_new();
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (command_replay(model, lines[i], &err) < 0)
			test_fail("%s: %s", lines[i], err.message);
	return model;
}

struct parsed {
	struct line line;
	struct statement statement;
};

static void parse(struct parsed *parsed, const struct model *model, const char *text)
{
	struct error err = { 0 };

	parsed->line = tokenize(text);
	if (statement_parse(model, &parsed->line, &parsed->statement, NULL, &err) < 0)
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
	vector = arguments_vector(&p.statement.arguments, "--");
	CHECK_STR(vector[0], "sleep");
	CHECK_STR(vector[1], "port");
	CHECK_STR(vector[2], "|");
	CHECK_STR(vector[4], "--");
	CHECK(!vector[5]);
	free(vector);
	parsed_free(&p);

	parse(&p, NULL, "expect ok ECS1 -- ls --all");
	vector = arguments_vector(&p.statement.arguments, "command");
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

	CHECK_INT(statement_parse_from(NULL, &line, &line.token[3], &statement, &token, &err), 0);
	CHECK_STR(statement.arguments.command->words, "vpc create");
	CHECK(arguments_token(&statement.arguments, NULL) == &line.token[3]);
	CHECK(arguments_token(&statement.arguments, "") == &line.token[5]);
	CHECK(arguments_token(&statement.arguments, "cidr") == &line.token[7]);
	CHECK(arguments_token(&statement.arguments, "nowhere") == &line.token[7]);
	statement_free(&statement);
	CHECK_INT(statement_parse_from(NULL, &line, line.token + line.n_token, &statement, &token, &err), -EINVAL);
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
	{ "EIP1 ls", "EIP1", "EIP1 is an EIP, which is no node that could run a command", "eip show EIP1" },
	{ "vpc creat VPC9 cidr 10.0.0.0/8", "creat", "vpc has no command creat", "did you mean create?" },
	{ "vpc VPC1", "VPC1", NULL, "vpc show VPC1" },
	{ "vpc qqqqq", "qqqqq", NULL, "vpc: create, delete, show" },
	{ "''", "", "'' is neither a command nor a node", NULL },
	/* keys */
	{ "vswitch create VSW2 cidr 10.0.0.0/24", "10.0.0.0/24", "vswitch create needs vpc",
	  "vswitch create NAME vpc VPC cidr CIDR [zone ZONE]" },
	{ "vswitch create", "create", "vswitch create needs a name", NULL },
	{ "vswitch create vpc VPC1 cidr 10.0.0.0/24", "vpc", "vswitch create needs a name", NULL },
	{ "vswitch create VSW2 vpc VPC1 cidr", "cidr", "cidr has no value", "cidr CIDR" },
	{ "vswitch create VSW2 vpc cidr 10.0.0.0/24", "vpc", "vpc has no value", "vpc VPC" },
	{ "vswitch create VSW2 vpc VPC1 cidr 10.0.0.0/24 vpc VPC2", "vpc", "vpc is given twice", "" },
	{ "vswitch create VSW2 vpc VPC1 cdir 10.0.0.0/24", "cdir", "vswitch create has no key cdir", "did you mean cidr?" },
	{ "vswitch create VSW2 'vpc' VPC1", "'vpc'", NULL, NULL },
	{ "vpc delete VPC1 VPC2", "VPC2", "vpc delete takes no more words, so VPC2 is too many", "vpc delete NAME" },
	{ "route create R1 table T1 to 0.0.0.0/0 via nat-gateway", "nat-gateway", "via has no value", "via nat-gateway|ecs|eni NAME" },
	{ "route create R1 table T1 to 0.0.0.0/0 via nat-gatway NAT1", "nat-gatway", NULL, "did you mean nat-gateway?" },
	{ "eip associate EIP1", "EIP1", NULL, "eip associate NAME nat-gateway|ecs|eni NAME" },
	{ "eip associate EIP1 nat-gateway", "nat-gateway", NULL, NULL },
	{ "nat-gateway delete NAT1 forc", "forc", NULL, "did you mean force?" },
	{ "nat-gateway delete NAT1 force force", "force", "force is given twice", NULL },
	{ "sg allow SG1 in tcp form 0.0.0.0/0", "form", NULL, "did you mean from?" },
	{ "sg allow SG1", "SG1", "security-group allow needs in|out", NULL },
	{ "service start ECS1 exec name n --", "--", "-- has no value", "-- COMMAND..." },
	/* forms */
	{ "vpc create V2 cidr 192.168.1.5/24", "192.168.1.5/24", "192.168.1.5/24 has host bits set", "192.168.1.0/24" },
	{ "vpc create V2 cidr 192.168.1.5", "192.168.1.5", "192.168.1.5 is not a CIDR block", "192.168.1.5/32" },
	{ "vpc create V2 cidr 192.168.1.0/33", "192.168.1.0/33", NULL, NULL },
	{ "vpc create V2 cidr ''", "''", NULL, NULL },
	{ "ecs create E2 vswitch V1 ip 1.2.3", "1.2.3", "1.2.3 is not an IPv4 address", NULL },
	{ "ecs create E2 vswitch V1 ip 1.2.3.4/24", "1.2.3.4/24", NULL, "1.2.3.4" },
	{ "ecs create E2 vswitch V1 ip fe80::1", "fe80::1", NULL, "only IPv4 is supported" },
	{ "ecs create E2 vswitch V1 public-ip atuo", "atuo", NULL, NULL },
	{ "ecs create E2 vswitch V1 security-group A, B", "A,", NULL, "names are parted by a comma alone, without blanks: A,B" },
	{ "ecs create E2 vswitch V1 billing pay-as-you-og", "pay-as-you-og", NULL, "did you mean pay-as-you-go?" },
	{ "sg allow SG1 in tcp 0 from 0.0.0.0/0", "0", "port 0 is not between 1 and 65535", NULL },
	{ "sg allow SG1 in tcp 65536 from 0.0.0.0/0", "65536", "port 65536 is not between 1 and 65535", NULL },
	{ "sg allow SG1 in tcp 90-80 from 0.0.0.0/0", "90-80", "the port range 90-80 ends before it begins", "80-90" },
	{ "sg allow SG1 in tcp 80/90 from 0.0.0.0/0", "80/90", "80/90 is not a port", NULL },
	{ "sg allow SG1 in tpc 80 from 0.0.0.0/0", "tpc", "tpc is not a value of protocol, which is tcp, udp, icmp, gre or all",
	  "did you mean tcp?" },
	{ "sg allow SG1 in tcp 80 from 10.0.0.1/8", "10.0.0.1/8", NULL, "10.0.0.0/8" },
	{ "sg revoke SG1 rule one", "one", NULL, NULL },
	{ "sg revoke SG1 rule 99999999999", "99999999999", NULL, NULL },
	{ "snat create s1 nat NAT1 source cidr 10.1.1.1/8 eip E1", "10.1.1.1/8", NULL, "10.0.0.0/8" },
	{ "dnat create d1 nat N1 eip E1 protocol tcp public-port 80 to 300.1.1.1 private-port 80", "300.1.1.1", NULL, NULL },
	/* flows and programs */
	{ "probe ECS1 EIP2", "EIP2", NULL, NULL },
	{ "probe ECS1->EIP2", "ECS1->EIP2", NULL, "ECS1 -> EIP2" },
	{ "probe ECS1 ->", "->", NULL, NULL },
	{ "expect reachable ECS1 -> EIP2 tpc 80", "tpc", NULL, "did you mean tcp?" },
	{ "expect reachable ECS1 -> EIP2 tcp", "tcp", NULL, NULL },
	{ "expect reachable ECS1 -> EIP2 tcp 80-90", "80-90", NULL, NULL },
	{ "ECS1 -> EIP2", "->", NULL, "probe ECS1 -> EIP2" },
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

	if (statement_parse(model, &line, &statement, &token, &err) != -EINVAL)
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

	CHECK_INT(statement_parse(NULL, &line, &statement, &token, &err), -EINVAL);
	CHECK(token == &line.token[5]);
	line_free(&line);
}

TEST(the_cloud_has_codes_for_some_forms)
{
	static const struct {
		const char *text, *code;
	} cases[] = {
		{ "dnat create d1 nat N1 eip E1 protocol tcp public-port 70000 to ECS1", "InvalidExternalPort.Malformed" },
		{ "vswitch create V1 vpc V cidr 1", "InvalidCidrBlock.Malformed" },
		{ "vswitch create V1 cidr 10.0.0.0/8", "MissingParameter" },
		{ "vpcc", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line line = tokenize(cases[i].text);
		struct statement statement;
		struct error err = { 0 };

		CHECK_INT(statement_parse(NULL, &line, &statement, NULL, &err), -EINVAL);
		CHECK_STR(err.code, cases[i].code);
		line_free(&line);
	}
}

TEST(long_words_break_nothing)
{
	char *word = malloc(100001), *text = malloc(200100);

	memset(word, 'x', 100000);
	word[100000] = '\0';
	static const char *const forms[] = { "%s", "vpc %s", "vpc create %s", "vpc create V1 %s", "vpc create V1 cidr %s", "probe A -> B %s",
					     "snat create s1 source cidr %s", "sg allow S1 in %s", "service start A http %s" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct statement statement;
		struct error err = { 0 };
		struct line line;

		/* Not a format from outside: the table is right above. */
		char *mark = strstr(strcpy(text, forms[i]), "%s");

		strcpy(mark, word);
		line = tokenize(text);
		CHECK_INT(statement_parse(NULL, &line, &statement, NULL, &err), -EINVAL);
		line_free(&line);
	}
	free(word);
	free(text);
}

/* ---- changes ---- */

TEST(change_reaches_the_model)
{
	static const char *const lines[] = {
		"vpc create VPC1 cidr 192.168.0.0/16",
		"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24 zone z1",
		"vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24 zone z1",
		"sg create SG1 vpc VPC1 type basic",
		"sg allow SG1 in tcp 80 from 0.0.0.0/0 priority 5",
		"sg drop SG1 out udp 1-100 to 10.0.0.0/8",
		"sg set SG1 inner-access drop",
		"sg revoke SG1 rule 1",
		"ecs create ECS1 vswitch VSW1 ip 192.168.1.77 security-group SG1 billing subscription",
		"ecs create ECS2 vswitch VSW2 public-ip auto",
		"ecs create ECS3 vswitch VSW2",
		"ecs set ECS1 billing pay-as-you-go",
		"ecs convert-public-ip ECS2 eip E9",
		"eni create ENI1 vswitch VSW2 ip 192.168.2.99 security-group SG1",
		"eni attach ENI1 ecs ECS1",
		"eni detach ENI1",
		"eni set ENI1 security-group VPC1/default",
		"nat create NAT1 vpc VPC1 vswitch VSW1 type enhanced size small eip-bind-mode multi-binded icmp-reply off ip 192.168.1.50",
		"nat set NAT1 size large icmp-reply on",
		"eip create EIP1 ip 203.0.113.200",
		"eip create EIP2",
		"eip associate EIP1 nat NAT1",
		"eip associate EIP2 nat-gateway NAT1",
		"snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1",
		"snat set snat1 eip EIP1,EIP2",
		"snat set snat1 eip EIP1",
		"dnat create dnat1 nat-gateway NAT1 eip EIP2 protocol tcp public-port 80 to ECS3 private-port 8080",
		"dnat set dnat1 public-port 81",
		"route-table create VTB1 vpc VPC1",
		"route-table associate VTB1 vswitch VSW2",
		"route create Route1 table VTB1 to 0.0.0.0/0 via nat-gateway NAT1",
		"internet-host create client ip 198.51.100.77 dns www.example.com,www.example.org",
		"service start ECS2 http port 8080 name web",
		"service start ECS2 exec name n1 -- sleep 100",
		"service stop ECS2 web",
		"route delete Route1",
		"route-table disassociate VTB1 vswitch VSW2",
		"route-table delete VTB1",
		"dnat delete dnat1",
		"snat delete snat1",
		"eip disassociate EIP1",
		"eip disassociate EIP2 force",
		"eip delete EIP1",
		"internet-host delete client",
		"nat-gateway delete NAT1 force",
		"eni delete ENI1",
		"ecs delete ECS1",
		"ecs delete ECS3",
		"security-group delete SG1",
		"vswitch delete VSW1",
	};
	struct model *model = model_new();
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		unsigned before = model->generation;

		if (command_replay(model, lines[i], &err) < 0)
			test_fail("%s: %s: %s (%s)", lines[i], err.code, err.message, err.hint);
		if (model->generation == before)
			test_fail("%s changed nothing", lines[i]);
	}
	CHECK_INT(model_count(model, NOUN_VPC), 1);
	CHECK_INT(model_count(model, NOUN_VSWITCH), 1);
	CHECK_INT(model_count(model, NOUN_ECS), 1);
	model_free(model);
}

/* What a command was given arrives: the values of each key are asked back from the model. */
TEST(values_arrive)
{
	struct model *model = small_model();
	struct error err = { 0 };
	const struct ecs *ecs;
	const struct nat_gateway *nat;

	CHECK_INT(command_replay(model, "ecs create E5 vswitch VSW1 ip 192.168.1.77 billing subscription", &err), 0);
	ecs = (const struct ecs *)model_find(model, "E5");
	CHECK_INT(ecs->eni[0]->ip, 0xc0a8014d);
	CHECK_INT(ecs->billing, BILLING_SUBSCRIPTION);
	CHECK_INT(command_replay(model, "nat create N5 icmp-reply off size large vswitch VSW1 vpc VPC1 ip 192.168.1.99", &err), 0);
	nat = (const struct nat_gateway *)model_find(model, "N5");
	CHECK_INT(nat->private_ip, 0xc0a80163);
	CHECK_INT(nat->size, NAT_LARGE);
	CHECK_INT(nat->icmp_reply, 0);
	model_free(model);
}

TEST(replay_refuses_what_changes_nothing)
{
	struct model *model = small_model();
	struct error err = { 0 };

	CHECK_INT(command_replay(model, "vpc show", &err), -EINVAL);
	CHECK_INT(command_replay(model, "ECS1 ls", &err), -EINVAL);
	CHECK_INT(command_replay(model, "vpc create", &err), -EINVAL);
	CHECK_INT(command_replay(model, "", &err), 0);
	model_free(model);
}

TEST(text_of_a_change_gives_the_same_words)
{
	static const char *const lines[] = {
		"vpc   create VPC1 cidr 10.0.0.0/8 # c",
		"service start ECS2 exec name n -- sh -c 'echo \"$HOME\" | wc' '|' '' '#' \"it's\" -> '&' \\; a\\ b",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct line line = tokenize(lines[i]), again;
		struct statement statement;
		char *text = command_text(&line);

		again = tokenize(text);
		CHECK_INT(again.n_token, line.n_token);
		for (size_t k = 0; k < line.n_token; k++)
			CHECK_STR(again.token[k].word, line.token[k].word);
		CHECK_INT(statement_parse(NULL, &again, &statement, NULL, NULL), 0);
		statement_free(&statement);
		line_free(&line);
		line_free(&again);
		free(text);
	}
}
