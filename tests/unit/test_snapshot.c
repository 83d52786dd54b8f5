/* SPDX-License-Identifier: GPL-3.0-only */
#include "tests/unit/test.h"

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/state/plan.h"
#include "lab/compile/compile.h"
#include "lab/live/snapshot.h"
#include "lab/nouns/replay.h"

/* Make a model of lines, as a journal is read. */
static struct model *read_lines(const char *lines)
{
	auto_free char *copy = xstrdup(lines);
	struct model *model = model_new();
	struct error err = { 0 };
	char *rest = copy;

	for (char *line; (line = strsep(&rest, "\n"));) {
		if (*line == '#' && !snapshot_read_mark(model, line))
			test_fail("%s", line);
		if (*line && *line != '#' && replay_change(model, line, &err) < 0)
			test_fail("%s: %s", line, err.message);
	}
	return model;
}

/* A snapshot reads back as the same lab, to people, to the kernel and to what comes next. */
static void check_snapshot(const char *lines, const char *next)
{
	struct model *model = read_lines(lines), *again;
	struct wanted before, after;
	auto_text text = { 0 }, second = { 0 };
	struct error err = { 0 };
	struct plan plan;

	snapshot_add(&text, model);
	again = read_lines(text_get(&text));
	CHECK_INT(replay_change(model, next, &err), 0);
	CHECK_INT(replay_change(again, next, &err), 0);
	text_clear(&text);
	snapshot_add(&text, model);
	snapshot_add(&second, again);
	CHECK_STR(text_get(&second), text_get(&text));
	compile(model, &before);
	compile(again, &after);
	plan_make(&plan, &before, &after);
	CHECK_INT(plan.n_step, 0);
	plan_free(&plan);
	wanted_free(&before);
	wanted_free(&after);
	model_free(model);
	model_free(again);
}

TEST(ids_and_numbers_survive_what_came_and_went)
{
	check_snapshot("vpc create VPC1 cidr 192.168.0.0/16\n"
		       "vswitch create OLD vpc VPC1 cidr 192.168.9.0/24\n"
		       "vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24\n"
		       "vswitch delete OLD\n"
		       "sg create SG1 vpc VPC1\n"
		       "sg allow SG1 in tcp 80 from 0.0.0.0/0\n"
		       "sg allow SG1 in tcp 81 from 0.0.0.0/0\n"
		       "sg revoke SG1 rule 1\n"
		       "eip create E0\n"
		       "ecs create ECS0 vswitch VSW1\n"
		       "ecs create ECS1 vswitch VSW1 security-group SG1\n"
		       "ecs delete ECS0\n"
		       "eip delete E0\n"
		       "eip create E2\n"
		       "eip create E1\n"
		       "nat-gateway create NAT1 vpc VPC1 vswitch VSW1\n"
		       "eip associate E1 nat-gateway NAT1\n"
		       "snat create s1 nat-gateway NAT1 source vswitch VSW1 eip E1\n"
		       "route-table create T1 vpc VPC1\n"
		       "route create R1 table T1 to 0.0.0.0/0 via nat-gateway NAT1\n"
		       "route-table associate T1 vswitch VSW1\n"
		       "eni create ENI1 vswitch VSW1\n"
		       "eni attach ENI1 ecs ECS1\n"
		       "internet-host create client dns a.example\n"
		       "service start ECS1 http name web\n",
		       "sg revoke SG1 rule 2");
}

TEST(aws_too)
{
	check_snapshot("provider aws\n"
		       "vpc create VPC1 cidr 10.0.0.0/16\n"
		       "internet-gateway create OLD\n"
		       "internet-gateway create IGW1\n"
		       "internet-gateway delete OLD\n"
		       "internet-gateway attach IGW1 vpc VPC1\n"
		       "subnet create S1 vpc VPC1 cidr 10.0.1.0/24\n"
		       "eip create E1\n"
		       "nat-gateway create NAT1 subnet S1 eip E1\n"
		       "route create R1 table VPC1/main to 0.0.0.0/0 via internet-gateway IGW1\n"
		       "instance create I1 subnet S1 public-ip auto\n",
		       "instance create I2 subnet S1");
}

TEST(a_mark_that_does_not_fit_is_refused)
{
	struct model *model = model_new();

	CHECK(!snapshot_read_mark(model, "# id NOBODY 3"));
	CHECK(!snapshot_read_mark(model, "# rules NOBODY 3"));
	CHECK(!snapshot_read_mark(model, "# next-id many"));
	CHECK(snapshot_read_mark(model, "# end"));
	model_free(model);
}
