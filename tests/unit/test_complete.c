/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/commands/language.h"
#include "test.h"

#include <limits.h>

#include "cli/prompt/complete.h"
#include "core/base/text.h"
#include "lab/language/command.h"
#include "lab/nouns/replay.h"

static struct model *model;
static struct variables *variables; /* NULL but where a test sets some */
static struct jobs *jobs;           /* the same */

static void change(const char *line)
{
	struct error err = { 0 };

	if (replay_change(model, line, &err) < 0)
		test_fail("%s: %s", line, err.message);
}

static void make_model(void)
{
	static const char *const lines[] = {
		"vpc create VPC1 cidr 192.168.0.0/16",
		"vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24",
		"vswitch create VSW2 vpc VPC1 cidr 192.168.2.0/24",
		"sg create SG1 vpc VPC1",
		"ecs create ECS1 vswitch VSW1",
		"ecs create ECS2 vswitch VSW2",
		"nat create NAT1 vpc VPC1 vswitch VSW1",
		"eip create EIP1",
		"eip create EIP2",
		"internet-host create client dns www.example.com",
		"service start ECS2 http name web",
		"service start client echo protocol tcp port 7 name echo7",
	};

	model = model_new();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		change(lines[i]);
}

/* The words offered for a text, the last of which (after a blank: "") is at the cursor: "a b c". */
static char *completed(const char *line)
{
	const struct completion_source source = { &cli_language, model, variables, jobs };
	char copy[256], *rest = copy;
	struct completions completions;
	struct token word[32];
	struct text text = { 0 };
	size_t n_word = 0;

	memset(word, 0, sizeof(word));
	snprintf(copy, sizeof(copy), "%s", line);
	while ((word[n_word].word = strsep(&rest, " ")))
		n_word++;
	n_word--;
	complete_words(&source, word, n_word, word[n_word].word, &completions);
	for (size_t i = 0; i < completions.n; i++) {
		CHECK(completions.item[i].meaning);
		if (i > 0)
			CHECK(strcmp(completions.item[i - 1].word, completions.item[i].word) < 0);
		text_addf(&text, "%s%s", i ? " " : "", completions.item[i].word);
	}
	if (completions.or_file)
		text_add(&text, text.length ? " FILE" : "FILE");
	completions_free(&completions);
	return text_take(&text);
}

static void check(const char *line, const char *want)
{
	char *got = completed(line);

	if (strcmp(got, want) != 0)
		test_fail("\"%s\" offers \"%s\", not \"%s\"", line, got, want);
	free(got);
}

TEST(first_words)
{
	char *got;

	make_model();
	check("vp", "vpc vpc-peer-connection");
	check("se", "security-group service set");
	check("sg", "sg");
	check("NAT", "NAT1");
	check("E", "ECS1 ECS2");
	check("inter", "internet internet-host");
	got = completed("");
	CHECK(strstr(got, "ECS1") && strstr(got, "vswitch") && !strstr(got, "EIP1"));
	free(got);
	model_free(model);
}

TEST(verbs)
{
	make_model();
	check("vpc ", "associate create delete disassociate show");
	check("sg ", "allow create delete drop revoke set show");
	check("vpc c", "create");
	check("route-table ", "associate create delete disassociate show");
	check("nosuch ", "");
	model_free(model);
}

TEST(names_and_keys)
{
	make_model();
	check("vpc delete ", "VPC1");
	check("vpc delete VPC1 ", "");
	check("vpc create ", "");
	check("vpc create X1 ", "cidr user-cidr");
	check("vpc create X1 cidr ", "");
	check("vswitch create V3 ", "cidr vpc zone");
	check("vswitch create V3 vpc ", "VPC1");
	check("vswitch create V3 vpc VPC1 ", "cidr zone");
	check("vswitch create V3 vpc VPC1 z", "zone");
	check("vpc show ", "VPC1");
	check("eip associate EIP1 ", "ecs eni nat-gateway");
	check("eip associate EIP1 ecs ", "ECS1 ECS2");
	check("eip associate EIP1 nat ", "NAT1");
	check("route create R1 via nat-gateway N", "NAT1");
	check("nat delete NAT1 ", "force");
	check("nat delete NAT1 force ", "");
	check("nat create N1 type ", "enhanced intranet standard");
	check("ecs create E3 vswitch VSW1 public-ip ", "auto");
	model_free(model);
}

TEST(security_rules)
{
	make_model();
	check("sg allow ", "SG1 VPC1/default");
	check("sg allow SG1 ", "in out");
	check("sg allow SG1 in ", "all gre icmp tcp udp");
	check("sg allow SG1 in tcp ", "from priority rule to");
	check("sg allow SG1 in tcp 80 ", "from priority rule to");
	check("sg allow SG1 in tcp 80 from S", "SG1");
	model_free(model);
}

/* What the cloud would refuse is not offered; where it refuses every name, all are. */
TEST(rules_decide)
{
	make_model();
	change("eni create ENI1 vswitch VSW1");
	change("eni assign ECS1 ip 192.168.1.99");
	change("eip associate EIP1 ecs ECS1");
	change("vpc associate VPC1 cidr 172.16.0.0/24");
	change("sg allow SG1 in tcp 80 from 0.0.0.0/0");
	change("acl create ACL1 vpc VPC1");
	change("acl add ACL1 out 10 drop all to 0.0.0.0/0");
	change("prefix-list create PL1 cidr 1.2.3.0/24");
	change("route-table create VTB1 vpc VPC1");
	change("load-balancer create LB1 vswitch VSW1");
	change("vserver-group create G1 load-balancer LB1 port 80");
	change("vserver-group add G1 ecs ECS2");
	check("sg revoke SG1 rule ", "1");
	check("acl remove ACL1 in ", "");
	check("acl remove ACL1 out ", "10");
	check("eni unassign ECS1 ip ", "192.168.1.99");
	check("eni assign ENI1 ip ", "192.168.1.5");
	check("ecs create E3 vswitch VSW2 ip ", "192.168.2.2");
	check("eip associate EIP2 eni ENI1 private-ip ", "192.168.1.3");
	check("eip delete ", "EIP2");
	check("eni detach ", "ENI1");
	check("vpc disassociate VPC1 cidr ", "172.16.0.0/24");
	check("prefix-list remove PL1 cidr ", "1.2.3.0/24");
	check("route-table delete ", "VTB1");
	check("vserver-group remove G1 ecs ", "ECS2");
	check("vserver-group add G1 ecs ", "ECS1");
	check("nat delete ", "NAT1"); /* with force */
	check("vpc delete ", "VPC1");
	check("route create R1 table VTB1 to ", "0.0.0.0/0");
	model_free(model);
}

TEST(lists)
{
	make_model();
	check("snat create s1 eip ", "EIP1 EIP2");
	check("snat create s1 eip EIP1,", "EIP1,EIP2");
	check("snat create s1 eip EIP1,EIP2 ", "affinity nat-gateway source");
	model_free(model);
}

TEST(services)
{
	make_model();
	check("service start ", "ECS1 ECS2 client");
	check("service stop ", "ECS1 ECS2 client");
	check("service stop ECS2 ", "web");
	check("service stop client ", "echo7");
	check("service show ", "ECS2/web client/echo7");
	check("service start ECS2 https ", "name port");
	check("service start ECS2 ssh port 22 ", "name");
	check("service start ECS2 echo ", "name port protocol");
	check("service start ECS2 exec ", "-- name port protocol");
	check("service start ECS2 exec name n -- ", "");
	model_free(model);
}

TEST(flows)
{
	make_model();
	check("probe ECS", "ECS1 ECS2");
	check("probe ECS1 ", "->");
	check("probe ECS1 -> E", "ECS1 ECS2 EIP1 EIP2");
	check("probe ECS1 -> www", "www.example.com");
	check("probe ECS1 -> EIP1 ", "icmp tcp udp");
	check("probe ECS1 -> EIP1 tcp ", "");
	check("expect reachable ECS1 -> EIP1 tcp 80 ", "seen-as");
	check("expect reachable ECS1 -> EIP1 s", "seen-as");
	model_free(model);
}

TEST(commands_inside_commands)
{
	make_model();
	check("expect error X vpc ", "associate create delete disassociate");
	check("expect error X eip delete ", "EIP1 EIP2");
	check("what-if ex", "");
	check("what-if EC", "");
	check("what-if rout", "route route-table");
	check("expect error X vpc create V1 ", "cidr user-cidr");
	check("expect error X eip associate EIP2 nat-gateway ", "NAT1");
	check("expect within 5 reachable ECS1 ", "->");
	check("help vsw", "vswitch");
	check("help vpc ", "associate create delete disassociate show");
	check("help ECS", "");
	check("expect ok ", "ECS1 ECS2 NAT1 VPC1 VSW1 VSW2 client internet");
	check("expect ok ECS1 ", "");
	check("ECS1 ", "");
	check("ECS1 vpc ", "ECS1 ECS2 EIP1 EIP2 NAT1 client www.example.com FILE");
	model_free(model);
}

TEST(without_a_model)
{
	model = NULL;
	check("vpc delete ", "");
	check("vpc c", "create");
	check("eip associate E1 ecs ", "");
	check("probe ", "internet");
}

/* The one word that is offered there means that. */
static void check_meaning(const struct token *before, size_t n, const char *beginning,
			  const char *want)
{
	const struct completion_source source = { &cli_language, model, NULL, NULL };
	struct completions completions;

	complete_words(&source, before, n, beginning, &completions);
	CHECK_INT(completions.n, 1);
	CHECK_STR(completions.item[0].meaning, want);
	completions_free(&completions);
}

TEST(meanings)
{
	char vpc[] = "vpc", delete[] = "delete";
	const struct token words[] = { { .word = vpc }, { .word = delete } };

	make_model();
	check_meaning(words, 1, "cr", "make a VPC with its system route table");
	check_meaning(NULL, 0, "vsw", "create, delete, show");
	check_meaning(words, 2, "", "VPC 192.168.0.0/16");
	model_free(model);
}

TEST(jobs)
{
	make_model();
	jobs = jobs_new();
	(void)jobs_add(jobs, INT_MAX, "ECS1 tcpdump", false); /* nobody's pids */
	(void)jobs_add(jobs, INT_MAX - 1, "ECS1 ping ECS2", true);
	check("kill ", "1 2");
	check("fg %", "%1 %2");
	check("bg 2", "2");
	jobs_free(jobs);
	jobs = NULL;
	model_free(model);
}

TEST(outside)
{
	CHECK(setenv("PATH", "/bin", 1) == 0);
	make_model();
	check("show | mkdi", "mkdir");
	check("ECS1 curl http://EIP2 | sort | mkdi", "mkdir");
	check("show |mkdi", "|mkdir");
	check("show | mkdir ", "FILE");
	check("show > ", "FILE");
	check("!mkdi", "!mkdir");
	check("! mkdi", "mkdir");
	check("!mkdir ", "FILE");
	check("save ", "FILE");
	check("ECS1 mkdir ", "ECS1 ECS2 EIP1 EIP2 NAT1 client www.example.com FILE");
	check("ECS1 -- mkdi", "mkdir");
	check("service start ECS1 exec name n -- mkdi", "mkdir");
	check("vpc create V9 cidr 10.0.0.0/8 | mkdi", ""); /* prints nothing */
	model_free(model);
}

/* After wrong words there is nothing to say, and nothing breaks. */
TEST(wrong_words)
{
	make_model();
	check("vpc create V1 cidr X cidr ", "");
	check("vpc create V1 nokey ", "");
	check("vpc delete VPC1 VPC1 ", "");
	check("route create R1 via nonsense ", "");
	check("'' ", "");
	model_free(model);
}

TEST(a_dollar_is_followed_by_what_has_an_address_or_a_value)
{
	struct error err = { 0 };

	make_model();
	variables = variables_new();
	CHECK_INT(variables_set(variables, "EXTRA", "1", false, &err), 0);
	check("ECS1 curl $E", "$ECS1 $ECS2 $EIP1 $EIP2 $EXTRA");
	check("ECS1 curl http://${EI", "http://${EIP1} http://${EIP2}");
	check("dnat create d nat-gateway NAT1 eip EIP1 protocol tcp to $EC", "$ECS1 $ECS2");
	check("expect output $N", "$NAT1");
	check("echo $EIP1,$EIP", "$EIP1,$EIP1 $EIP1,$EIP2");
	check("ECS1 echo \\$E", "FILE");
	check("ECS1 echo $EIP1/", "FILE");
	check("ECS1 echo ${EIP1}", "FILE");
	check("ECS1 echo $VPC", ""); /* has no address */
	variables_free(variables);
	variables = NULL;
	model_free(model);
}
