/* SPDX-License-Identifier: GPL-3.0-only */
/* Programs inside a sandbox: streams, statuses, job control, and what they cannot hold on to. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/sandbox/process.h"

static int add_node(void *arg, struct error *err)
{
	const char *path = "/run/netns/ECS1";

	(void)arg;
	close(open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0600));
	if (unshare(CLONE_NEWNET) < 0 || mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) < 0)
		return error_set(err, -errno, "cannot pin: %s", strerror(errno));
	return 0;
}

/* A sandbox with the node ECS1 in it. */
static struct sandbox make_sandbox(void)
{
	struct sandbox sandbox = SANDBOX_CLOSED;
	struct error err = { 0 };

	if (sandbox_create(&sandbox, true, -1, NULL, &err) < 0) {
		printf("# %s\n", err.message);
		test_skip("this machine can make no sandbox");
	}
	CHECK_INT(sandbox_call(&sandbox, add_node, NULL, &err), 0);
	return sandbox;
}

/* The arguments of exec are not const, though nobody writes to them. */
static char *const *words(const char *const *list)
{
	union {
		const char *const *list;
		char *const *argv;
	} same = { .list = list };

	return same.argv;
}

#define WORDS(...) words((const char *const[]){ __VA_ARGS__, NULL })
#define IN_ECS1(words) \
	.netns = "ECS1", .argv = (words), .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1

/* Runs it to its end with its output in a pipe; what it said is in text. */
static int run(const struct sandbox *sandbox, char *const argv[], struct text *text,
	       struct error *err)
{
	int out[2], r;
	struct spawn spawn = { IN_ECS1(argv) };
	char buffer[4096];
	ssize_t n;
	pid_t pid;

	CHECK_INT(pipe2(out, O_CLOEXEC), 0);
	spawn.stdout_fd = spawn.stderr_fd = out[1];
	r = process_spawn(sandbox, &spawn, &pid, err);
	close(out[1]);
	if (r == 0) {
		while ((n = read(out[0], buffer, sizeof(buffer))) > 0)
			text_add_n(text, buffer, (size_t)n);
		r = process_wait(pid, false);
	}
	close(out[0]);
	return r;
}

static void check_run(const struct sandbox *sandbox, char *const argv[], int want_status,
		      const char *want_output)
{
	auto_text text = { 0 };
	struct error err = { 0 };

	CHECK_INT(run(sandbox, argv, &text, &err), want_status);
	if (want_output)
		CHECK_STR(text_get(&text), want_output);
}

TEST(exit_status_is_the_programs)
{
	struct sandbox sandbox = make_sandbox();

	check_run(&sandbox, WORDS("true"), 0, "");
	check_run(&sandbox, WORDS("false"), 1, "");
	check_run(&sandbox, WORDS("sh", "-c", "exit 42"), 42, "");
	check_run(&sandbox, WORDS("sh", "-c", "kill -TERM $$"), 128 + SIGTERM, "");
	check_run(&sandbox, WORDS("/bin/sh", "-c", "echo said; echo complained >&2"), 0,
		  "said\ncomplained\n");
	CHECK_INT(sandbox_destroy(&sandbox, NULL), 0);
}

TEST(arguments_go_through_as_they_are)
{
	struct sandbox sandbox = make_sandbox();

	check_run(&sandbox, WORDS("printf", "<%s>", "a b", "$HOME", "*", "", ";true", "'\"`\\"), 0,
		  "<a b><$HOME><*><><;true><'\"`\\>");
	sandbox_destroy(&sandbox, NULL);
}

TEST(it_is_root_in_its_node)
{
	struct sandbox sandbox = make_sandbox();
	struct stat ours;
	auto_text text = { 0 };
	char *ours_text;

	/* Not ours, and not the lab's first one either: the node's. */
	check_run(&sandbox, WORDS("id", "-u"), 0, "0\n");
	CHECK_INT(stat("/proc/self/ns/net", &ours), 0);
	ours_text = xprintf("net:[%lu]\n", (unsigned long)ours.st_ino);
	CHECK_INT(run(&sandbox, WORDS("readlink", "/proc/self/ns/net"), &text, NULL), 0);
	CHECK(strncmp(text_get(&text), "net:[", 5) == 0);
	CHECK(strcmp(text_get(&text), ours_text) != 0);
	free(ours_text);
	sandbox_destroy(&sandbox, NULL);
}

TEST(administrators_programs_are_found)
{
	struct sandbox sandbox = make_sandbox();
	auto_text text = { 0 };

	setenv("PATH", "/nowhere:/usr/sbin:/usr/bin:/bin", 1);
	CHECK_INT(run(&sandbox, WORDS("sh", "-c", "echo $PATH"), &text, NULL), 0);
	CHECK_STR(text_get(&text), "/nowhere:/usr/sbin:/usr/bin:/bin:/usr/local/sbin:/sbin\n");

	text_clear(&text);
	unsetenv("PATH");
	CHECK_INT(run(&sandbox, WORDS("sh", "-c", "echo $PATH"), &text, NULL), 0);
	CHECK_STR(text_get(&text),
		  "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin\n");
	sandbox_destroy(&sandbox, NULL);
}

static char scratch[] = "/tmp/vpclab-test-XXXXXX";

static char *in_scratch(const char *name)
{
	return xprintf("%s/%s", scratch, name);
}

TEST(what_cannot_be_executed_is_named)
{
	struct sandbox sandbox = make_sandbox();
	struct error err = { 0 };
	auto_text text = { 0 };
	auto_free char *plain = NULL, *script = NULL;
	int fd;

	CHECK_INT(run(&sandbox, WORDS("no-such-program"), &text, &err), -ENOENT);
	CHECK_STR(err.message, "ECS1: there is no program no-such-program");
	CHECK(*err.hint);
	CHECK_INT(run(&sandbox, WORDS("/no/such/program"), &text, &err), -ENOENT);
	CHECK(strstr(err.message, "/no/such/program"));
	CHECK_INT(run(&sandbox, WORDS(""), &text, &err), -ENOENT);
	CHECK_INT(run(&sandbox, WORDS("/etc"), &text, &err), -EACCES);
	CHECK_INT(run(&sandbox, WORDS(NULL), &text, &err), -EINVAL);

	CHECK(mkdtemp(scratch));
	plain = in_scratch("plain");
	script = in_scratch("script");
	fd = open(plain, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	CHECK(fd >= 0);
	close(fd);
	CHECK_INT(run(&sandbox, WORDS(plain), &text, &err), -EACCES);

	/* execvp() would hand this to the shell; nothing of ours does. */
	fd = open(script, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	CHECK(fd >= 0 && write(fd, "echo hello\n", 11) == 11);
	close(fd);
	CHECK_INT(run(&sandbox, WORDS(script), &text, &err), -ENOEXEC);
	CHECK(strstr(err.hint, "#!"));

	/* A program of that name later in PATH, none executable before. */
	setenv("PATH", scratch, 1);
	CHECK_INT(run(&sandbox, WORDS("plain"), &text, &err), -EACCES);
	unlink(plain);
	unlink(script);
	rmdir(scratch);
	CHECK_STR(text_get(&text), "");

	/* Nothing of all that is left to be waited for, but the keeper runs. */
	CHECK_INT(waitpid(-1, NULL, WNOHANG), 0);
	CHECK_INT(sandbox_destroy(&sandbox, NULL), 0);
	CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

TEST(an_unknown_node_is_named)
{
	struct sandbox sandbox = make_sandbox();
	struct error err = { 0 };
	struct spawn spawn = { IN_ECS1(WORDS("true")) };
	pid_t pid;

	spawn.netns = "ECS9";
	CHECK_INT(process_spawn(&sandbox, &spawn, &pid, &err), -ESRCH);
	CHECK(strstr(err.message, "ECS9"));
	sandbox_destroy(&sandbox, NULL);
	CHECK(process_spawn(&sandbox, &spawn, &pid, &err) < 0);
}

TEST(streams_can_be_swapped)
{
	struct sandbox sandbox = make_sandbox();
	int in[2], out[2], saved_in = dup(0), saved_out = dup(1);
	struct spawn spawn = { IN_ECS1(WORDS("cat")) };
	char buffer[16] = "";
	pid_t pid;

	CHECK_INT(pipe2(in, O_CLOEXEC), 0);
	CHECK_INT(pipe2(out, O_CLOEXEC), 0);
	CHECK_INT(write(in[1], "through", 7), 7);
	close(in[1]);

	/* The program's input is our descriptor 1, its output our 0. */
	dup2(in[0], 1);
	dup2(out[1], 0);
	spawn.stdin_fd = 1;
	spawn.stdout_fd = 0;

	int r = process_spawn(&sandbox, &spawn, &pid, NULL);

	dup2(saved_in, 0);
	dup2(saved_out, 1);
	close(out[1]);
	CHECK_INT(r, 0);
	CHECK_INT(process_wait(pid, false), 0);
	CHECK_INT(read(out[0], buffer, sizeof(buffer)), 7);
	CHECK_STR(buffer, "through");
	sandbox_destroy(&sandbox, NULL);
}

TEST(no_other_descriptor_is_inherited)
{
	struct sandbox sandbox = make_sandbox();
	int leak = open("/dev/null", O_RDONLY); /* as a library may leave one, without O_CLOEXEC */

	CHECK(leak > 2);
	/* 0 to 2, and the directory that ls reads. */
	check_run(&sandbox, WORDS("ls", "/proc/self/fd"), 0, "0\n1\n2\n3\n");
	sandbox_destroy(&sandbox, NULL);
}

TEST(signals_are_at_their_defaults)
{
	struct sandbox sandbox = make_sandbox();
	sigset_t set;

	signal(SIGHUP, SIG_DFL);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	check_run(&sandbox, WORDS("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"), 0,
		  "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");

	/* Except for nohup's. */
	signal(SIGHUP, SIG_IGN);
	check_run(&sandbox, WORDS("grep", "^SigIgn", "/proc/self/status"), 0,
		  "SigIgn:\t0000000000000001\n");
	sandbox_destroy(&sandbox, NULL);
}

TEST(the_working_directory_is_kept_if_it_exists_inside)
{
	struct sandbox sandbox = make_sandbox();

	CHECK_INT(chdir("/usr/lib"), 0);
	check_run(&sandbox, WORDS("/bin/pwd"), 0, "/usr/lib\n");
	CHECK_INT(chdir("/run"), 0);
	check_run(&sandbox, WORDS("/bin/pwd"), 0, "/\n");
	CHECK_INT(chdir("/proc"), 0);
	check_run(&sandbox, WORDS("/bin/pwd"), 0, "/\n");

	CHECK(mkdtemp(scratch));
	CHECK_INT(chdir(scratch), 0);
	check_run(&sandbox, WORDS("/bin/pwd"), 0, NULL);
	CHECK_INT(rmdir(scratch), 0);
	check_run(&sandbox, WORDS("/bin/pwd"), 0, "/\n");
	sandbox_destroy(&sandbox, NULL);
}

TEST(programs_end_with_their_sandbox)
{
	struct sandbox sandbox = make_sandbox();
	struct spawn spawn = { IN_ECS1(WORDS("sleep", "1000")) };
	struct error err;
	pid_t pid[3];

	for (int i = 0; i < 3; i++)
		CHECK_INT(process_spawn(&sandbox, &spawn, &pid[i], &err), 0);
	CHECK_INT(kill(sandbox.keeper, SIGKILL), 0);
	CHECK_INT(process_wait(pid[0], false), 128 + SIGKILL);

	/* The others nobody waits for; sandbox_destroy() must not wait for us to do so. */
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
	CHECK(kill(pid[1], 0) < 0 && errno == ESRCH);
	CHECK_INT(process_wait(pid[1], false), 128 + SIGKILL);
	CHECK_INT(process_wait(pid[2], false), 128 + SIGKILL);
}

/* Another program's unread zombie keeps PID 1 of the namespace from ending; the sandbox is over all
 * the same. */
TEST(somebody_elses_zombie_does_not_hold_up_the_end)
{
	struct sandbox sandbox = make_sandbox();
	struct error err;
	int ready[2], go[2];
	pid_t other;
	char c;

	CHECK_INT(pipe2(ready, O_CLOEXEC), 0);
	CHECK_INT(pipe2(go, O_CLOEXEC), 0);
	other = fork();
	if (other == 0) {
		struct sandbox again = SANDBOX_CLOSED;
		struct spawn spawn = { IN_ECS1(WORDS("sleep", "1000")) };
		pid_t pid;

		close(go[1]);
		if (sandbox_open(&again, sandbox.keeper, &err) < 0 ||
		    process_spawn(&again, &spawn, &pid, &err) < 0)
			_exit(1);
		if (write(ready[1], "x", 1) != 1 || read(go[0], &c, 1) != 0)
			_exit(1);
		_exit(process_wait(pid, false) == 128 + SIGKILL ? 0 : 1);
	}
	close(go[0]);
	CHECK_INT(read(ready[0], &c, 1), 1);
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
	close(go[1]);
	CHECK_INT(process_wait(other, false), 0);
}

static bool children_inside(const struct sandbox *sandbox)
{
	auto_text text = { 0 };

	/* Only the keeper and the shell that looks: nothing that was orphaned, alive or dead. */
	CHECK_INT(run(sandbox, WORDS("sh", "-c", "set -- /proc/[0-9]*; echo $#"), &text, NULL), 0);
	return strcmp(text_get(&text), "2\n") != 0;
}

TEST(orphans_are_reaped)
{
	struct sandbox sandbox = make_sandbox();

	check_run(&sandbox,
		  WORDS("sh", "-c", "(sh -c 'sleep 0; true' >/dev/null 2>&1 &) ; (true &) ; true"),
		  0, "");
	for (int i = 0; i < 500 && children_inside(&sandbox); i++)
		poll(NULL, 0, 10);
	CHECK(!children_inside(&sandbox));
	sandbox_destroy(&sandbox, NULL);
}

TEST(a_group_of_its_own)
{
	struct sandbox sandbox = make_sandbox();
	struct spawn spawn = { IN_ECS1(WORDS("sleep", "1000")) };
	pid_t pid;

	CHECK_INT(process_spawn(&sandbox, &spawn, &pid, NULL), 0);
	CHECK_INT(getpgid(pid), getpgrp());
	kill(pid, SIGTERM);
	CHECK_INT(process_wait(pid, false), 128 + SIGTERM);

	spawn.own_group = true;
	spawn.foreground = true; /* without a terminal nothing more happens */
	CHECK_INT(process_spawn(&sandbox, &spawn, &pid, NULL), 0);
	CHECK_INT(getpgid(pid), pid);
	CHECK_INT(kill(-pid, SIGKILL), 0);
	CHECK_INT(process_wait(pid, true), 128 + SIGKILL);
	sandbox_destroy(&sandbox, NULL);
}

static void type(int terminal, char c)
{
	CHECK_INT(write(terminal, &c, 1), 1);
}

/* What happens on the terminal: the program has it, Ctrl-C and Ctrl-Z reach the program alone, and
 * we get it back. */
static int play_on_terminal(int terminal)
{
	struct sandbox sandbox = make_sandbox();
	struct spawn spawn = { IN_ECS1(WORDS("sleep", "1000")) };
	struct error err;
	pid_t pid;

	spawn.own_group = spawn.foreground = true;
	CHECK_INT(tcgetpgrp(0), getpgrp());

	CHECK_INT(process_spawn(&sandbox, &spawn, &pid, &err), 0);
	CHECK_INT(tcgetpgrp(0), pid);
	type(terminal, 3);
	CHECK_INT(process_wait(pid, true), 128 + SIGINT);
	CHECK_INT(tcgetpgrp(0), getpgrp());

	CHECK_INT(process_spawn(&sandbox, &spawn, &pid, &err), 0);
	type(terminal, 26);
	CHECK_INT(process_wait(pid, true), 128 + SIGTSTP);
	CHECK_INT(tcgetpgrp(0), getpgrp());
	CHECK_INT(kill(-pid, SIGCONT), 0);
	CHECK_INT(kill(-pid, SIGTERM), 0);
	CHECK_INT(process_wait(pid, true), 128 + SIGTERM);
	CHECK_INT(process_wait(pid, true), 128 + SIGKILL);

	/* One in the background leaves the terminal alone. */
	spawn.foreground = false;
	CHECK_INT(process_spawn(&sandbox, &spawn, &pid, &err), 0);
	CHECK_INT(tcgetpgrp(0), getpgrp());
	kill(pid, SIGKILL);
	CHECK_INT(process_wait(pid, false), 128 + SIGKILL);

	/* One that cannot be started leaves it with us. */
	spawn.foreground = true;
	spawn.argv = WORDS("no-such-program");
	CHECK_INT(process_spawn(&sandbox, &spawn, &pid, &err), -ENOENT);
	CHECK_INT(tcgetpgrp(0), getpgrp());

	sandbox_destroy(&sandbox, NULL);
	return 0;
}

TEST(the_terminal_is_lent)
{
	int master, slave;
	pid_t pid;

	CHECK_INT(openpty(&master, &slave, NULL, NULL, NULL), 0);
	pid = fork();
	if (pid == 0) {
		setsid();
		CHECK_INT(ioctl(slave, TIOCSCTTY, 0), 0);
		dup2(slave, 0);
		exit(play_on_terminal(master));
	}
	int status = process_wait(pid, false);

	if (status == 77)
		test_skip("this machine can make no sandbox");
	CHECK_INT(status, 0);
}

TEST(no_descriptors_left_is_an_error)
{
	struct sandbox sandbox = make_sandbox();
	struct spawn spawn = { IN_ECS1(WORDS("true")) };
	struct error err = { 0 };
	struct rlimit limit;
	int top = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pid_t pid;

	CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	for (int more = 1; more < 8; more++) {
		limit.rlim_cur = (rlim_t)top + (rlim_t)more;
		CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);

		int r = process_spawn(&sandbox, &spawn, &pid, &err);

		if (r == 0)
			CHECK_INT(process_wait(pid, false), 0);
		else
			CHECK_INT(r, -EMFILE);
	}
	CHECK_INT(waitpid(-1, NULL, WNOHANG), 0);
	sandbox_destroy(&sandbox, NULL);
}
