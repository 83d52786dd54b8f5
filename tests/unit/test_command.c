/* SPDX-License-Identifier: GPL-3.0-only */
/* The table of commands: whole rows, help, the manual, reserved words; and changes by it. */
#include "cli/commands/language.h"
#include "tests/unit/test.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>

#include "lab/language/arguments.h"
#include "cli/prompt/help.h"
#include "lab/nouns/replay.h"
#include "lab/language/statement.h"
#include "lab/language/syntax.h"
#include "lab/language/grammar.h"
#include "core/base/text.h"
#include "tests/unit/statement_helper.h"

static struct command_cursor rows_of(enum provider provider)
{
	return (struct command_cursor){ .language = &cli_language, .provider = provider };
}

/* Every row of every provider, those that several have several times: at_ROW.provider tells whose it is. */
#define EACH_COMMAND(row)                                                                                             \
	for (struct command_cursor at_##row = rows_of(PROVIDER_ALIBABA); at_##row.provider < PROVIDER_COUNT;          \
	     at_##row = rows_of(at_##row.provider + 1))                                                               \
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
		if ((command->change != NULL) + (command->run != NULL) + ((command->flags & COMMAND_SHOW) != 0) != 1)
			test_fail("%s: one of change, run and SHOW", command->words);
	}
}

static void check_parameter(const struct command *command, const struct parameter *parameter)
{
	char verb[32];
	bool chosen = parameter->kind == ARGUMENT_CHOICE || parameter->kind == ARGUMENT_TYPED;
	bool refers = parameter->kind == ARGUMENT_REFERENCE || parameter->kind == ARGUMENT_REFERENCES;

	if (!is_sentence_part(parameter->help))
		test_fail("%s: help of %s", command->words, parameter->name);
	if (chosen != (parameter->words != NULL))
		test_fail("%s: choices of %s", command->words, parameter->name);
	if (refers && !parameter->nouns)
		test_fail("%s: nouns of %s", command->words, parameter->name);
	for (const struct parameter *other = command->parameter; other < parameter; other++)
		if (strcmp(other->name, parameter->name) == 0)
			test_fail("%s: two %s", command->words, parameter->name);
	/* What a new thing has where nothing is said. */
	if (parameter->kind == ARGUMENT_CHOICE && !(parameter->flags & PARAMETER_REQUIRED) &&
	    command_path_word(command, 1, verb, sizeof(verb)) && strcmp(verb, "create") == 0 &&
	    !strstr(parameter->help, "if not given"))
		test_fail("%s: no default of %s", command->words, parameter->name);
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

/* A resource or flow that an example is about need not be there; node lines are no examples. */
TEST(every_example_parses_as_its_row)
{
	EACH_COMMAND(command) {
		struct line line = tokenize(command->example);
		struct model *model = model_new();
		struct statement statement;
		struct error err = { 0 };

		model->provider = at_command.provider;
		if (statement_parse(&cli_language, model, &line, &statement, NULL, &err) < 0)
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
						{ NULL, NULL }, { "nat-gateway", "create" }, { "subnet", NULL }, { "sg", "allow" },
						{ NULL, NULL }, { "vpc", "create" } };

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		const int width = i < 8 ? 80 : 36;
		struct text text = { 0 };
		struct error err = { 0 };
		size_t n = pages[i][0] == NULL ? 0 : pages[i][1] == NULL ? 1 : 2;

		CHECK_INT(help_format(&text, rows_of(i < 4 || i >= 8 ? PROVIDER_ALIBABA : PROVIDER_AWS), pages[i], n, width, &err), 0);
		for (char *s = text.s, *end; *s; s = end + 1) {
			end = strchr(s, '\n');
			if (end - s > width && strncmp(s, "Example: ", 9) != 0)
				test_fail("too long: %.*s", (int)(end - s), s);
			if (end > s && end[-1] == ' ')
				test_fail("blank at the end: %.*s", (int)(end - s), s);
		}
		text_free(&text);
	}
}

TEST(the_overview_fits_a_screen)
{
	for (unsigned provider = 0; provider < PROVIDER_COUNT; provider++) {
		struct text text = { 0 };
		struct error err = { 0 };
		size_t lines = 0;

		CHECK_INT(help_format(&text, rows_of((enum provider)provider), NULL, 0, 80, &err), 0);
		for (const char *s = text.s; (s = strchr(s, '\n')); s++)
			lines++;
		CHECK(lines < 24);
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
		CHECK_INT(help_format(&text, rows_of(at_command.provider), (const char *const *)word, n, 80, &err), 0);
		CHECK(strncmp(text.s, command->words, strlen(command->words)) == 0);
		if (!strstr(text.s, command->example))
			test_fail("%s: no example in its help", command->words);
		text_free(&text);
	}
}

TEST(help_of_a_verb)
{
	static const char *const word[] = { "associate" };
	struct text text = { 0 };
	struct error err = { 0 };

	CHECK_INT(help_format(&text, rows_of(PROVIDER_ALIBABA), word, 1, 80, &err), 0);
	CHECK(strstr(text.s, "route-table associate NAME vswitch VSWITCH\n"));
	CHECK(strstr(text.s, "eip associate NAME nat-gateway|ecs|eni NAME [private-ip ADDRESS]\n"));
	CHECK(!strstr(text.s, "disassociate"));
	text_free(&text);
}

TEST(help_of_nothing_known)
{
	static const char *const word[] = { "vswich" };
	struct text text = { 0 };
	struct error err = { 0 };

	CHECK_INT(help_format(&text, rows_of(PROVIDER_ALIBABA), word, 1, 80, &err), -ENOENT);
	CHECK_STR(err.hint, "did you mean vswitch?");
	text_free(&text);
}

TEST(manual_is_roff)
{
	struct text text = { 0 };

	help_manual(&text, &cli_language);
	CHECK(strstr(text.s, ".SH COMMANDS\n.SS Network\n"));
	CHECK(strstr(text.s, ".B route create NAME table TABLE to CIDR via nat\\-gateway|ecs|eni|ipv4\\-gateway|vpc\\-peer\\-connection|attachment NAME\n"));
	text_free(&text);
}

TEST(syntax)
{
	static const struct {
		const char *words, *want;
	} cases[] = {
		{ "route create", "route create NAME table TABLE to CIDR via nat-gateway|ecs|eni|ipv4-gateway|vpc-peer-connection|attachment NAME" },
		{ "vswitch create", "vswitch create NAME vpc VPC cidr CIDR [zone ZONE]" },
		{ "nat-gateway delete", "nat-gateway delete NAME [force]" },
		{ "vpc show", "vpc show [NAME]" },
		{ "eip associate", "eip associate NAME nat-gateway|ecs|eni NAME [private-ip ADDRESS] [mode nat|binded]" },
		{ "security-group allow",
		  "security-group allow NAME in|out tcp|udp|icmp|gre|all [PORT[-PORT]] [from CIDR|GROUP|LIST] [to CIDR|GROUP|LIST] [priority N] [rule N]" },
		{ "service start",
		  "service start NODE http|https|ssh|echo|exec [protocol tcp|udp] [port PORT] [name NAME] [-- COMMAND...]" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = { 0 };

		EACH_COMMAND(command)
			if (at_command.provider == PROVIDER_ALIBABA && strcmp(command->words, cases[i].words) == 0)
				syntax_add(&text, command);
		CHECK_STR(text_get(&text), cases[i].want);
		text_free(&text);
	}
}

TEST(reserved_words)
{
	static const char *const reserved[] = { "vpc", "sg", "nat", "nat-gateway", "internet", "Internet", "cidr", "to", "from", "security-group", "watch" };
	static const char *const free_words[] = { "VPC1", "client", "web", "NAT", "VPC", "snat1", "create", "" };

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!command_is_reserved(&cli_language, reserved[i]))
			test_fail("%s", reserved[i]);
	for (size_t i = 0; i < sizeof(free_words) / sizeof(free_words[0]); i++)
		if (command_is_reserved(&cli_language, free_words[i]))
			test_fail("%s", free_words[i]);
	EACH_COMMAND(command) {
		char first[32];

		if (!command_path_word(command, 0, first, sizeof(first)) || !command_is_reserved(&cli_language, first))
			test_fail("the first word of %s", command->words);
		for (size_t i = 0; i < command_n_parameter(command); i++)
			if (parameter_is_key(&command->parameter[i]) && model_is_name(command->parameter[i].name) &&
			    !command_is_reserved(&cli_language, command->parameter[i].name))
				test_fail("%s of %s", command->parameter[i].name, command->words);
	}
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

		if (replay_change(model, lines[i], &err) < 0)
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

	CHECK_INT(replay_change(model, "ecs create E5 vswitch VSW1 ip 192.168.1.77 billing subscription", &err), 0);
	ecs = (const struct ecs *)model_find(model, "E5");
	CHECK_INT(ecs->eni[0]->ip, 0xc0a8014d);
	CHECK_INT(ecs->billing, BILLING_SUBSCRIPTION);
	CHECK_INT(replay_change(model, "nat create N5 icmp-reply off size large vswitch VSW1 vpc VPC1 ip 192.168.1.99", &err), 0);
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

	CHECK_INT(replay_change(model, "vpc show", &err), -EINVAL);
	CHECK_INT(replay_change(model, "ECS1 ls", &err), -EINVAL);
	CHECK_INT(replay_change(model, "vpc create", &err), -EINVAL);
	CHECK_INT(replay_change(model, "", &err), 0);
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
		char *text = replay_text(&line);

		again = tokenize(text);
		CHECK_INT(again.n_token, line.n_token);
		for (size_t k = 0; k < line.n_token; k++)
			CHECK_STR(again.token[k].word, line.token[k].word);
		CHECK_INT(statement_parse(&cli_language, NULL, &again, &statement, NULL, NULL), 0);
		statement_free(&statement);
		line_free(&line);
		line_free(&again);
		free(text);
	}
}
