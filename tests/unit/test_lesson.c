/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/commands/language.h"
#include "tests/unit/test.h"

#include "cli/learn/goal.h"
#include "cli/learn/lesson.h"
#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/nouns/replay.h"

static struct session *new_reader(void)
{
	struct session *session = session_new(lab_new_private(true), &cli_language);

	session->validate_only = true;
	return session;
}

static void free_reader(struct session *session)
{
	struct lab *lab = session->lab;

	session_free(session);
	lab_close(lab);
}

static struct script script;
static struct lesson lesson;

static void read_lesson(const char *text)
{
	struct session *reader = new_reader();

	script_from_text(&script, "test.lab", text);
	CHECK_INT(lesson_read(&lesson, reader, &script), 0);
	free_reader(reader);
}

/* "1+task(2) text | 1 shown(1) text | ...": step, does it begin its group, kind, lines, text */
static const char *parts(void)
{
	static const char *const kinds[] = { "task", "check", "shown" };
	static struct text text;

	text_clear(&text);
	for (size_t i = 0; i < lesson.n_part; i++) {
		const struct lesson_part *part = &lesson.part[i];

		text_addf(&text, "%s%u%s%s(%zu) %s", i ? " | " : "", part->step,
			  part->begins ? "+" : " ", kinds[part->kind], part->n_line, part->text);
	}
	return text_get(&text);
}

#define VPC "vpc create VPC1 cidr 10.0.0.0/8\n"
#define VSW "vswitch create VSW1 vpc VPC1 cidr 10.0.0.0/24\n"
#define ECS "ecs create ECS1 vswitch VSW1\n"

TEST(a_comment_that_stands_alone_at_the_beginning_is_the_introduction)
{
	read_lesson("# A title\n#\n# What it is\n# about.\n#\n#    A -- B\n#     \\-- C\n\n# The "
		    "network.\n" VPC);
	CHECK_STR(lesson.title, "A title");
	CHECK_STR(lesson.introduction, "What it is about.\n   A -- B\n    \\-- C");
	CHECK_STR(parts(), "1+task(1) The network.");
	lesson_free(&lesson);

	read_lesson("# The network.\n" VPC);
	CHECK_STR(lesson.title, "");
	CHECK_STR(parts(), "1+task(1) The network.");
	lesson_free(&lesson);
}

TEST(a_comment_begins_a_group_and_what_is_to_be_done_a_step)
{
	read_lesson("# One\n" VPC VSW "\n# Two\n" ECS
		    "expect blocked ECS1 -> ECS1 tcp 1\nexpect fail ECS1 false\n"
		    "ecs delete ECS1\n# Three\nexpect ok VPC1 true\n");
	CHECK_STR(parts(), "1+task(2) One | 2+task(1) Two | 3 check(2) Two | 3 task(1) Two | "
			   "0+check(1) Three");
	CHECK_INT(lesson.n_step, 3);
	CHECK_STR(lesson.part[2].why, "explain ECS1 -> ECS1 tcp 1");
	CHECK(!lesson.part[4].why);
	CHECK_INT(lesson.part[1].line[0].number, 6);
	CHECK_STR(lesson.part[1].line[0].text, "ecs create ECS1 vswitch VSW1");
	CHECK(lesson_has_word(&lesson, "10.0.0.0/24") && !lesson_has_word(&lesson, "10.0.0.0"));
	lesson_free(&lesson);
}

TEST(checks_before_a_task_belong_to_its_step)
{
	read_lesson("# One\n" VPC "# Two\nexpect error InvalidVpcId.NotFound vswitch create X1 vpc "
		    "VPC2 cidr 10.0.0.0/24\n" VSW);
	CHECK_STR(parts(), "1+task(1) One | 2+check(1) Two | 2 task(1) Two");
	lesson_free(&lesson);
}

TEST(without_comments_a_paragraph_is_a_step)
{
	read_lesson(VPC "\n" VSW ECS "\n\necs delete ECS1");
	CHECK_STR(parts(), "1+task(1)  | 2+task(2)  | 3+task(1) ");
	lesson_free(&lesson);
}

TEST(a_group_goes_on_behind_a_blank_line)
{
	read_lesson("# One\n" VPC "\n" VSW);
	CHECK_STR(parts(), "1+task(2) One");
	lesson_free(&lesson);
}

TEST(settings_programs_and_comments_alone)
{
	read_lesson("# Title\n\n# Whose\nprovider aws\nset CIDR 10.0.0.0/16\n\n# One\nvpc create "
		    "VPC1 cidr $CIDR\n\n# By the way.\n\n"
		    "# Two\nVPC1 ip route \\\n  show\n");
	CHECK_STR(parts(),
		  "0+shown(2) Whose | 1+task(1) One | 0+shown(0) By the way. | 2+task(1) Two");
	CHECK(lesson.part[1].line[0].command && !lesson.part[3].line[0].command);
	CHECK_STR(lesson.part[3].line[0].text, "VPC1 ip route show");
	lesson_free(&lesson);
}

TEST(a_file_with_mistakes_is_no_lesson)
{
	struct session *reader = new_reader();

	script_from_text(&script, "test.lab", "# One\nvpc crate VPC1\n");
	CHECK(freopen("/dev/null", "w", stderr));
	CHECK(lesson_read(&lesson, reader, &script) < 0);
	CHECK_INT(reader->n_mistake, 1);
	free_reader(reader);
}

TEST(control_characters_of_comments_are_escaped)
{
	read_lesson("# One \033[31m\n" VPC);
	CHECK_STR(lesson.part[0].text, "One \\x1b[31m");
	lesson_free(&lesson);
}

/* ---- goals ---- */

static struct goal goal;
static struct session *rehearsal;

/* The goal of the task with that number. */
static void make_goal(const char *text, unsigned step)
{
	read_lesson(text);
	rehearsal = new_reader();
	for (size_t i = 0; i < lesson.n_part; i++) {
		if (lesson.part[i].kind != LESSON_TASK)
			continue;
		goal_make(&goal, &lesson, &lesson.part[i], rehearsal);
		if (lesson.part[i].step == step)
			return;
		goal_free(&goal);
	}
	test_fail("there is no step %u", step);
}

static void drop_goal(void)
{
	goal_free(&goal);
	free_reader(rehearsal);
	lesson_free(&lesson);
}

/* "x- no: text / text": done or not a line, reached or not, what is wrong */
static const char *judged(const char *lines)
{
	static struct text text;
	struct model *model = model_new();
	struct judgement judgement;
	struct error err = { 0 };

	if (replay_change(model, lines, &err) < 0)
		test_fail("%s", err.message);
	text_clear(&text);
	goal_judge(&goal, model, &judgement);
	for (size_t i = 0; i < goal.part->n_line; i++)
		text_add_char(&text, judgement.done[i] ? 'x' : '-');
	text_add(&text, judgement.reached ? " yes" : " no");
	for (size_t i = 0; i < judgement.n_wrong; i++)
		text_addf(&text, "%s%s (%s)", i ? " / " : ": ", judgement.wrong[i].text,
			  judgement.wrong[i].cure);
	judgement_free(&judgement);
	model_free(model);
	return text_get(&text);
}

TEST(a_goal_is_reached_line_by_line_in_any_order)
{
	make_goal("# One\n" VPC VSW "eip create EIP1\n", 1);
	CHECK_STR(judged(""), "--- no");
	CHECK_STR(judged("eip create EIP1"), "--x no");
	CHECK_STR(judged("eip create EIP1\n" VPC), "x-x no");
	CHECK_STR(judged("eip create EIP1\n" VPC VSW), "xxx yes");
	CHECK_STR(judged("eip create EIP0\neip create EIP1\n" VPC VSW ECS), "xxx yes");
	drop_goal();
}

TEST(what_was_there_before_has_to_stay)
{
	make_goal("# One\n" VPC VSW "# Two\n" ECS, 2);
	CHECK_STR(judged(VPC),
		  "- no: no longer so: vswitch create VSW1 vpc VPC1 cidr 10.0.0.0/24 zone zone-a "
		  "(vswitch create VSW1 vpc VPC1 cidr 10.0.0.0/24 zone zone-a)");
	drop_goal();
}

TEST(what_is_to_change_or_go_is_not_wrong_before)
{
	make_goal("# One\n" VPC VSW ECS
		  "eip create EIP1\n# Two\necs set ECS1 billing subscription\neip delete EIP1\n",
		  2);
	CHECK_STR(judged(VPC VSW ECS "eip create EIP1"), "-- no");
	CHECK_STR(judged(VPC VSW ECS), "-x no");
	CHECK_STR(judged(VPC VSW
			 "ecs create ECS1 vswitch VSW1 billing subscription\neip create EIP1"),
		  "x- no");
	CHECK_STR(judged(VPC VSW "ecs create ECS1 vswitch VSW1 billing subscription"), "xx yes");
	drop_goal();
}

TEST(what_comes_and_goes_within_a_task_is_nothing_to_do)
{
	make_goal("# One\n" VPC "eip create EIP1\neip delete EIP1\n", 1);
	CHECK_STR(judged(VPC), "xxx yes");
	drop_goal();
}

TEST(extras_are_what_nobody_asked_for)
{
	struct model *model = model_new();
	auto_text text = { 0 };
	struct error err;

	make_goal("# One\n" VPC "eip create EIP1\n", 1);
	CHECK_INT(replay_change(model, "eip create EIP0\neip create EIP1\n" VPC VSW, &err), 0);
	goal_add_extras(&text, &goal, model);
	CHECK_STR(text_get(&text), "vswitch create VSW1 vpc VPC1 cidr 10.0.0.0/24 zone zone-a\neip "
				   "create EIP0 ip 203.0.113.1\n");
	model_free(model);
	drop_goal();
}
