/* SPDX-License-Identifier: GPL-3.0-only */
/* Applying services: they start, serve, stop, and say why they cannot. */
#include "tests/unit/test.h"

#include "tests/unit/apply_helper.h"

#define SERVICE "/run/vpclab/service/A/"

static void want_service(struct wanted *wanted, const char *script)
{
	want_netns(wanted, "A", NETNS_HOST);
	if (script)
		want_process(wanted, "A", "web", true, WORDS("/bin/sh", "-c", script));
}

static int pid_of_service(void)
{
	return atoi(read_file(NULL, SERVICE "web.pid"));
}

static int is_alive_inside(void *arg, struct error *err)
{
	(void)err;
	return kill(*(int *)arg, 0) == 0;
}

static bool is_alive(int pid)
{
	struct error err;

	CHECK(pid > 1);
	return sandbox_call(&sandbox, is_alive_inside, &pid, &err) == 1;
}

TEST(a_service_starts_serves_and_stops)
{
	struct wanted one = { 0 }, other = { 0 }, none = { 0 }, empty = { 0 };
	int first, second;

	make_sandbox();
	want_service(&one, "echo hello; echo complaint >&2; printf x >&3; exec sleep 1000");
	want_service(&other, "cat; echo hello again; printf x >&3; exec sleep 1000");
	want_service(&none, NULL);
	go(NULL, &one, APPLY_EXACT);
	CHECK_STR(read_file(NULL, SERVICE "web.log"), "hello\ncomplaint\n");
	first = pid_of_service();
	CHECK(is_alive(first));
	go(&one, &one, APPLY_TOLERANT);
	CHECK_INT(pid_of_service(), first);
	go(NULL, &one, APPLY_TOLERANT); /* it runs: that counts as started */
	CHECK_INT(pid_of_service(), first);
	go(&one, &other, APPLY_EXACT); /* another command line: started anew */
	second = pid_of_service();
	CHECK(second != first);
	CHECK(!is_alive(first));
	CHECK_STR(read_file(NULL, SERVICE "web.log"), "hello\ncomplaint\nhello again\n");
	go(&other, &none, APPLY_EXACT);
	CHECK(!is_alive(second));
	CHECK_STR(read_file(NULL, SERVICE "web.pid"), "(none)");
	go(&other, &none, APPLY_EXACT); /* gone already is fine */
	go(&none, &one, APPLY_EXACT);
	first = pid_of_service();
	CHECK(is_alive(first));
	go(&one, &empty, APPLY_EXACT); /* with its node */
	CHECK(!is_alive(first));
	CHECK_INT(count_files("/run/netns"), 0);
	CHECK_INT(count_files("/run/vpclab/service"), 0);
	end_sandbox();
	wanted_free(&one);
	wanted_free(&other);
	wanted_free(&none);
	wanted_free(&empty);
}

TEST(a_service_that_does_not_listen_is_killed)
{
	struct wanted one = { 0 }, none = { 0 };
	int pid;

	make_sandbox();
	want_service(&one, "trap '' TERM; printf x >&3; while :; do sleep 1000; done");
	want_service(&none, NULL);
	go(NULL, &one, APPLY_EXACT);
	pid = pid_of_service();
	CHECK(is_alive(pid));
	go(&one, &none, APPLY_EXACT);
	CHECK(!is_alive(pid));
	end_sandbox();
	wanted_free(&one);
	wanted_free(&none);
}

static void check_service_fails(const char *script, const char *message)
{
	struct wanted to = { 0 };
	struct error err;

	want_service(&to, script);
	go_wrong(NULL, &to, message, &err);
	CHECK_STR(read_file(NULL, SERVICE "web.pid"), "(none)");
	wanted_free(&to);
	end_sandbox();
}

TEST(a_service_says_why_it_cannot)
{
	make_sandbox();
	check_service_fails("printf 'port 80 is in use' >&3; exit 1",
			    "cannot start service web on A: port 80 is in use");
}

TEST(a_service_that_ends_early_is_an_error)
{
	make_sandbox();
	check_service_fails(
		"exit 7",
		"cannot start service web on A: it ended with status 7 before it was ready");
}

TEST(a_service_that_dies_early_is_an_error)
{
	make_sandbox();
	check_service_fails("kill -9 $$",
			    "cannot start service web on A: it ended before it was ready (Killed)");
}

TEST(a_program_that_is_not_there_is_an_error)
{
	static const bool says_ready[] = { false, true };

	for (size_t i = 0; i < ARRAY_SIZE(says_ready); i++) {
		struct wanted to = { 0 };
		struct error err;

		make_sandbox();
		want_netns(&to, "A", NETNS_HOST);
		want_process(&to, "A", "nothing", says_ready[i], WORDS("no-such-program-anywhere"));
		go_wrong(
			NULL, &to,
			"cannot start service nothing on A: no-such-program-anywhere: No such file",
			&err);
		end_sandbox();
		wanted_free(&to);
	}
}

static int list_files_inside(void *arg, struct error *err)
{
	char path[64];

	(void)err;
	snprintf(path, sizeof(path), "/proc/%d/fd", *(int *)arg);
	return count_inside(path, err);
}

/* Nothing of the caller's: no descriptor, no ignored signal, a session of its own, the node's
 * network. */
TEST(a_service_starts_clean)
{
	struct wanted to = { 0 };
	struct error err;
	const char *log;
	int pid;

	make_sandbox();
	CHECK(dup(0) > 0);
	signal(SIGUSR1, SIG_IGN);
	want_netns(&to, "A", NETNS_HOST);
	want_process(&to, "A", "web", false, WORDS("sleep", "1000"));
	want_process(
		&to, "A", "look", true,
		WORDS("/bin/sh", "-c",
		      "grep SigIgn /proc/$$/status; ls /sys/class/net /proc/$$/net/dev >/dev/null;"
		      "cut -d' ' -f6 /proc/$$/stat; echo $$; printf x >&3; exec sleep 1000"));
	go(NULL, &to, APPLY_EXACT);
	pid = pid_of_service();
	CHECK_INT(sandbox_call(&sandbox, list_files_inside, &pid, &err), 3);
	log = read_file(NULL, SERVICE "look.log");
	CHECK(strstr(log, "SigIgn:\t0000000000000000\n"));
	/* Its session has its own number. */
	int session, own;

	CHECK_INT(sscanf(strchr(log, '\n') + 1, "%d %d", &session, &own), 2);
	CHECK_INT(session, own);
	end_sandbox();
	wanted_free(&to);
}
