/* SPDX-License-Identifier: GPL-3.0-only */
/* Applying what cannot be, what is there or gone already, and what somebody interrupts. */
#include "tests/unit/test.h"

#include "tests/unit/apply_helper.h"
#include "tests/unit/user_namespace.h"

TEST(what_is_there_already_is_an_error_only_in_exact_mode)
{
	struct wanted to = { 0 };
	struct error err;

	make_sandbox();
	add_filter(&to, "10.0.0.1", "10.0.0.2", false);
	want_rule(&to, "R", 77, NULL, 1, 1000);
	go(NULL, &to, APPLY_EXACT);
	go_wrong(NULL, &to, "", &err);
	go(NULL, &to, APPLY_TOLERANT);
	go(NULL, &to, APPLY_TOLERANT);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	end_sandbox();
	wanted_free(&to);
}

TEST(errors_carry_the_kernels_own_words)
{
	struct wanted to = { 0 }, none = { 0 };
	struct error err;

	make_sandbox();
	want_netns(&to, "A", NETNS_HOST);
	want_address(&to, "A", "lo", "10.0.0.1", 24);
	want_route(&to, "A", 254, "10.9.0.0/16", "lo", "10.77.0.1");
	go_wrong(NULL, &to, "cannot add route 10.9.0.0/16 in A: Nexthop has invalid gateway", &err);
	wanted_free(&to);
	go(&none, &none, APPLY_TOLERANT);

	to = (struct wanted){ 0 };
	want_netns(&to, "B", NETNS_HOST);
	want_address(&to, "B", "eth7", "10.0.0.1", 24);
	go_wrong(NULL, &to, "cannot add address 10.0.0.1/24 on eth7 in B: there is no link eth7",
		 &err);
	end_sandbox();
	wanted_free(&to);
}

/* What somebody took away by hand does not keep us from taking away the rest. */
TEST(what_is_gone_already_may_go)
{
	struct wanted two = { 0 }, one = { 0 }, none = { 0 };

	make_sandbox();
	add_two_guests(&two);
	want_rule(&two, "R", 77, NULL, 1, 1000);
	want_address(&two, "R", "lo", "10.0.0.77", 32);
	add_router(&one);
	add_guest(&one, "A", "10.0.0.1");
	go(NULL, &two, APPLY_EXACT);
	go(&two, &one, APPLY_EXACT);
	go(&two, &one, APPLY_EXACT);
	CHECK_INT(talk("A", "R", "10.0.0.253"), 0);
	go(&two, &none, APPLY_EXACT);
	CHECK_INT(count_files("/run/netns"), 0);
	end_sandbox();
	wanted_free(&two);
	wanted_free(&one);
	wanted_free(&none);
}

static int leave_half_a_name(void *arg, struct error *err)
{
	int fd = open(arg, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);

	(void)err;
	CHECK(fd >= 0);
	close(fd);
	return 0;
}

TEST(a_half_made_namespace_is_finished)
{
	struct wanted to = { 0 }, none = { 0 };
	struct error err;

	make_sandbox();
	CHECK_INT(
		sandbox_call(&sandbox, leave_half_a_name, (void *)(uintptr_t) "/run/netns/A", &err),
		0);
	add_two_guests(&to);
	go(NULL, &to, APPLY_TOLERANT);
	CHECK_INT(talk("A", "B", "10.0.0.2"), 0);
	go(&to, &none, APPLY_EXACT);
	CHECK_INT(
		sandbox_call(&sandbox, leave_half_a_name, (void *)(uintptr_t) "/run/netns/A", &err),
		0);
	go(&to, &none, APPLY_TOLERANT);
	CHECK_INT(count_files("/run/netns"), 0);
	end_sandbox();
	wanted_free(&to);
	wanted_free(&none);
}

/* Everything that a state can hold, twice, with much in common. */
static void add_state(struct wanted *wanted, bool second)
{
	add_filter(wanted, "10.0.0.1", second ? "10.0.0.3" : "10.0.0.2", false);
	if (second) {
		add_guest(wanted, "C", "10.0.0.3");
		for (size_t i = 0; i < wanted->n_object; i++)
			if (wanted->object[i].kind == OBJECT_VETH &&
			    strcmp(wanted->object[i].veth.link, "A") == 0)
				wanted->object[i].veth.mac[1] = 7;
	} else {
		add_guest(wanted, "D", "10.0.0.4");
	}
	want_rule(wanted, "R", second ? 70 : 71, NULL, 1, 1000);
	want_route(wanted, "R", 1000, "10.7.0.0/16", second ? "B" : NULL, NULL);
	want_file(wanted, "/run/vpclab/test", second ? "second\n" : "first\n");
	want_process(wanted, second ? "C" : "D", "sleeper", false, WORDS("sleep", "1000"));
	wanted_sort(wanted);
}

static void check_state(bool second)
{
	CHECK_INT(talk("A", second ? "C" : "B", second ? "10.0.0.3" : "10.0.0.2"), 0);
	CHECK(is_cut("A", second ? "B" : "D", second ? "10.0.0.2" : "10.0.0.4"));
	CHECK_STR(read_file(NULL, "/run/vpclab/test"), second ? "second\n" : "first\n");
	CHECK_INT(count_files("/run/netns"), 4);
	CHECK_INT(link_index("R", second ? "D" : "C"), 0);
	CHECK_INT(count_files("/run/vpclab/service"), 1);
}

/* Part of a plan is carried out, as if we had been killed; then the way on, or the way back. */
static void interrupt_and_go(struct wanted *first, struct wanted *second, size_t step, bool back)
{
	struct error err = { 0 };
	struct plan plan;

	make_sandbox();
	go(NULL, first, APPLY_EXACT);
	plan_make(&plan, first, second);
	CHECK(step <= plan.n_step);
	plan.n_step = step;
	if (plan.n_delete > step)
		plan.n_delete = step;
	/* A part need not be a whole: it may fail, and nobody minds. */
	(void)apply(&plan, APPLY_EXACT, &err);
	plan_free(&plan);
	if (back)
		go(second, first, APPLY_TOLERANT);
	else
		go(first, second, APPLY_TOLERANT);
	check_state(!back);
	end_sandbox();
}

TEST(an_interrupted_change_is_finished_or_undone)
{
	struct wanted first = { 0 }, second = { 0 };
	struct plan plan;
	size_t n_step;

	add_state(&first, false);
	add_state(&second, true);
	plan_make(&plan, &first, &second);
	n_step = plan.n_step;
	plan_free(&plan);
	CHECK(n_step > 15);
	for (size_t step = 0; step <= n_step; step += 4) {
		interrupt_and_go(&first, &second, step, false);
		interrupt_and_go(&first, &second, step, true);
	}
	interrupt_and_go(&first, &second, n_step, false);
	interrupt_and_go(&first, &second, n_step, true);
	wanted_free(&first);
	wanted_free(&second);
}

/* ---- limits ---- */

TEST(too_many_namespaces_is_a_clear_error)
{
	struct wanted to = { 0 }, none = { 0 };
	struct error err;

	/* The limits within a sandbox are sealed, but those around it hold in it too. */
	go_into_user_namespace();
	write_to("/proc/sys/user/max_net_namespaces", "6");
	make_sandbox();
	add_many(&to, 12);
	go_wrong(NULL, &to, "this machine's limit on network namespaces is reached", &err);
	CHECK(strstr(err.message, "cannot create network namespace G"));
	CHECK(strstr(err.hint, "user.max_net_namespaces"));
	go(&to, &none, APPLY_TOLERANT);
	CHECK_INT(count_files("/run/netns"), 0);
	end_sandbox();
	wanted_free(&to);
	wanted_free(&none);
}

TEST(too_few_open_files_is_a_clear_error)
{
	struct wanted to = { 0 };
	struct error err = { 0 };
	struct plan plan;
	struct application application = { &plan, APPLY_EXACT, 200 };

	make_sandbox();
	add_two_guests(&to);
	wanted_sort(&to);
	plan_make(&plan, NULL, &to);
	CHECK_INT(sandbox_call(&sandbox, apply_inside, &application, &err), -EMFILE);
	CHECK(strstr(err.message, "too few open files are allowed"));
	CHECK(strstr(err.hint, "prlimit"));
	CHECK_INT(count_files("/run/netns"), 0);
	plan_free(&plan);
	end_sandbox();
	wanted_free(&to);
}
