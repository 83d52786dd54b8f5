/* SPDX-License-Identifier: GPL-3.0-only */
/* Sandboxs on a real kernel: made, worked in, ended, and nothing left behind. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "core/base/cleanup.h"
#include "core/sandbox/sandbox.h"
#include "user_namespace.h"

/* A sandbox, or the test is skipped on a machine that forbids them. */
static struct sandbox make_sandbox(bool bound)
{
	struct sandbox sandbox = SANDBOX_CLOSED;
	struct error err = { 0 };

	if (sandbox_create(&sandbox, bound, -1, NULL, &err) < 0) {
		printf("# %s\n# hint: %s\n", err.message, err.hint);
		test_skip("this machine can make no sandbox");
	}
	return sandbox;
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

static void wait_until_gone(int pidfd)
{
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

	CHECK_INT(poll(&poll_fd, 1, 20000), 1);
}

TEST(is_made_and_ended)
{
	struct sandbox sandbox = make_sandbox(true);
	struct error err;
	pid_t keeper = sandbox.keeper;

	CHECK(sandbox_alive(&sandbox));
	CHECK(!is_gone(keeper));
	CHECK(sandbox.directory >= 0);
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
	CHECK(is_gone(keeper));
	CHECK(!sandbox_alive(&sandbox));
	CHECK_INT(sandbox.pidfd, -1);
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
}

struct furniture {
	int pid, uid, gid;
	ino_t network;
	bool run_private, netns_directory, proc_is_ours, no_links, hosts, nsswitch, resolv;
};

static bool contains(const char *path, const char *want)
{
	auto_file FILE *file = fopen(path, "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		if (strstr(line, want))
			return true;
	}
	return false;
}

static int look_around(void *arg, struct error *err)
{
	struct furniture *seen = arg;
	struct stat st;
	char self[32] = "";

	(void)err;
	seen->pid = getpid();
	seen->uid = getuid();
	seen->gid = getegid();
	seen->run_private = stat("/run/vpclab", &st) == 0 && (st.st_mode & 07777) == 0700 &&
			    access("/run/systemd", F_OK) < 0;
	seen->netns_directory = stat("/run/netns", &st) == 0 && S_ISDIR(st.st_mode);
	seen->proc_is_ours = readlink("/proc/self", self, sizeof(self) - 1) > 0 &&
			     strtol(self, NULL, 10) == getpid();
	seen->network = stat("/proc/self/ns/net", &st) == 0 ? st.st_ino : 0;
	seen->no_links = !contains("/proc/net/dev", "eth") &&
			 access("/sys/class/net/eth0", F_OK) < 0;
	seen->hosts = contains("/etc/hosts", "127.0.0.1 localhost");
	seen->nsswitch = contains("/etc/nsswitch.conf", "hosts: files dns\n");
	seen->resolv = stat("/etc/resolv.conf", &st) < 0 || st.st_size == 0;
	return 0;
}

TEST(is_furnished)
{
	struct sandbox sandbox = make_sandbox(true);
	struct furniture *seen = sandbox_shared(sizeof(*seen));
	struct error err;
	struct stat st;

	CHECK_INT(sandbox_call(&sandbox, look_around, seen, &err), 0);
	CHECK(seen->pid > 1 && seen->pid < 100);
	CHECK_INT(seen->uid, 0);
	CHECK_INT(seen->gid, 0);
	CHECK(seen->run_private);
	CHECK(seen->netns_directory);
	CHECK(seen->proc_is_ours);
	CHECK(seen->no_links);
	CHECK_INT(stat("/proc/self/ns/net", &st), 0);
	CHECK(seen->network != 0 && seen->network != st.st_ino);
	CHECK(seen->hosts);
	if (access("/etc/nsswitch.conf", F_OK) == 0)
		CHECK(seen->nsswitch);
	CHECK(seen->resolv);

	/* And nothing of it outside. */
	CHECK(access("/run/vpclab", F_OK) < 0);
	CHECK(!contains("/proc/self/mountinfo", "/run/vpclab"));
	sandbox_shared_free(seen, sizeof(*seen));
	sandbox_destroy(&sandbox, &err);
}

static int add_netns(void *arg, struct error *err)
{
	const char *name = arg;
	char path[64];

	(void)err;
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	close(open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0600));
	if (unshare(CLONE_NEWNET) < 0 || mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) < 0)
		return error_set(err, -errno, "cannot pin %s: %s", name, strerror(errno));
	return 0;
}

static int go_to_netns(void *arg, struct error *err)
{
	struct stat before, after;

	if (stat("/proc/self/ns/net", &before) < 0)
		return -errno;
	int r = netns_enter(arg, err);

	if (r < 0)
		return r;
	if (stat("/proc/self/ns/net", &after) < 0)
		return -errno;
	return before.st_ino == after.st_ino ? error_set(err, -EBUSY, "still in the old one") : 7;
}

TEST(network_namespaces_are_pinned_and_entered)
{
	struct sandbox sandbox = make_sandbox(true);
	struct error err = { 0 };
	char long_name[300];

	CHECK_INT(sandbox_call(&sandbox, add_netns, (char[]){ "VPC1@public" }, &err), 0);
	CHECK_INT(sandbox_call(&sandbox, go_to_netns, (char[]){ "VPC1@public" }, &err), 7);
	CHECK_INT(sandbox_call(&sandbox, go_to_netns, (char[]){ "ECS9" }, &err), -ENOENT);
	CHECK_STR(err.message, "ECS9 has no network namespace");
	CHECK_INT(sandbox_call(&sandbox, go_to_netns, (char[]){ "../../etc/passwd" }, &err),
		  -EINVAL);
	CHECK_INT(sandbox_call(&sandbox, go_to_netns, (char[]){ "" }, &err), -EINVAL);
	memset(long_name, 'x', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	CHECK_INT(sandbox_call(&sandbox, go_to_netns, long_name, &err), -EINVAL);
	sandbox_destroy(&sandbox, &err);
}

static int refuse(void *arg, struct error *err)
{
	error_refuse(err, "Forbidden.Test", "cidr", "number %d", *(int *)arg);
	error_hint(err, "try another");
	return -EPERM;
}

static int kill_itself(void *arg, struct error *err)
{
	(void)arg;
	(void)err;
	raise(SIGKILL);
	return 0;
}

static int end_early(void *arg, struct error *err)
{
	(void)arg;
	(void)err;
	_exit(9);
}

static int interrupt_itself(void *arg, struct error *err)
{
	(void)arg;
	(void)err;
	raise(SIGINT);
	raise(SIGQUIT);
	raise(SIGTERM);
	raise(SIGTSTP);
	return 11;
}

TEST(calls_hand_back_result_and_error)
{
	struct sandbox sandbox = make_sandbox(true);
	struct error err = { .message = "untouched" };
	int number = 42;

	CHECK_INT(sandbox_call(&sandbox, interrupt_itself, NULL, &err), 11);
	CHECK_STR(err.message, "untouched");
	CHECK_INT(sandbox_call(&sandbox, refuse, &number, &err), -EPERM);
	CHECK_STR(err.code, "Forbidden.Test");
	CHECK_STR(err.argument, "cidr");
	CHECK_STR(err.message, "number 42");
	CHECK_STR(err.hint, "try another");
	CHECK_INT(sandbox_call(&sandbox, refuse, &number, NULL), -EPERM);
	CHECK_INT(sandbox_call(&sandbox, kill_itself, NULL, &err), -ECHILD);
	CHECK(strstr(err.message, "killed by signal 9"));
	CHECK_INT(sandbox_call(&sandbox, end_early, NULL, &err), -ECHILD);
	CHECK(strstr(err.message, "status 9"));
	CHECK(sandbox_alive(&sandbox));

	/* No child is left over, waited for or not. */
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
	CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static int end_the_sandbox(void *arg, struct error *err)
{
	(void)err;
	/* From inside, PID 1 cannot be killed; so somebody outside is asked. */
	if (write(*(int *)arg, "x", 1) != 1)
		return -errno;
	for (;;)
		pause();
}

TEST(a_call_ends_with_the_sandbox)
{
	struct sandbox sandbox = make_sandbox(true);
	struct error err = { 0 };
	int asked[2];
	pid_t helper;
	char c;

	CHECK_INT(pipe2(asked, O_CLOEXEC), 0);
	helper = fork();
	if (helper == 0) {
		if (read(asked[0], &c, 1) == 1)
			kill(sandbox.keeper, SIGKILL);
		_exit(0);
	}
	CHECK_INT(sandbox_call(&sandbox, end_the_sandbox, &asked[1], &err), -ECHILD);
	CHECK_STR(err.message, "the lab was ended while it was being worked on");
	CHECK(!sandbox_alive(&sandbox));
	CHECK_INT(waitpid(helper, NULL, 0), helper);

	/* And afterwards nothing can be done in it. */
	CHECK(sandbox_call(&sandbox, refuse, &asked[0], &err) < 0);
	CHECK(strstr(err.message, "ended"));
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
	CHECK(sandbox_call(&sandbox, refuse, &asked[0], &err) < 0);
}

TEST(is_opened_by_pid)
{
	struct sandbox sandbox = make_sandbox(true), again = SANDBOX_CLOSED;
	struct error err = { 0 };
	int fd;

	CHECK_INT(sandbox_open(&again, sandbox.keeper, &err), 0);
	CHECK(sandbox_alive(&again));
	CHECK(sandbox_call(&again, look_around, sandbox_shared(sizeof(struct furniture)), &err) ==
	      0);

	/* The lab's own files can be reached from outside without going in. */
	fd = openat(again.directory, "hosts", O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	close(fd);

	CHECK_INT(sandbox_destroy(&again, &err), 0);
	CHECK(!sandbox_alive(&sandbox));
	CHECK_INT(sandbox_open(&again, sandbox.keeper, &err), -ESRCH);
	CHECK(strstr(err.message, "is gone"));
	sandbox_close(&sandbox);
}

/* A keeper that holds nothing where ours do, as one of an older version. */
TEST(another_versions_keeper_can_only_be_ended)
{
	struct sandbox sandbox = SANDBOX_CLOSED;
	struct error err = { 0 };
	pid_t keeper = fork();

	if (keeper == 0) {
		(void)close_range(3, ~0u, 0);
		for (;;)
			pause();
	}
	while (sandbox_open(&sandbox, keeper, &err) != -EPROTO)
		sandbox_close(&sandbox); /* until it has closed what it inherited */
	CHECK(strstr(err.message, "another version"));
	CHECK(strstr(err.hint, "vpclab down"));
	CHECK_INT(fcntl(0, F_GETFD), 0); /* what was not opened was not closed */

	CHECK_INT(sandbox_find(&sandbox, keeper, &err), 0);
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
	CHECK(is_gone(keeper));
	CHECK_INT(sandbox_find(&sandbox, keeper, &err), -ESRCH);
}

/* Starts a process that makes a sandbox and tells its keeper's pid; it then waits to be killed. */
static pid_t make_elsewhere(bool bound, bool release, pid_t *ret_keeper)
{
	int tell[2];
	pid_t pid;

	CHECK_INT(pipe2(tell, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		struct sandbox sandbox = make_sandbox(bound);
		struct error err;

		if (release && sandbox_release(&sandbox, &err) < 0)
			_exit(1);
		if (write(tell[1], &sandbox.keeper, sizeof(sandbox.keeper)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	close(tell[1]);
	if (read(tell[0], ret_keeper, sizeof(*ret_keeper)) != (ssize_t)sizeof(*ret_keeper))
		test_skip("this machine can make no sandbox");
	close(tell[0]);
	return pid;
}

TEST(a_bound_sandbox_dies_with_its_caller)
{
	pid_t keeper, caller = make_elsewhere(true, false, &keeper);
	int pidfd = (int)syscall(SYS_pidfd_open, keeper, 0);

	CHECK(pidfd >= 0);
	kill(caller, SIGKILL);
	CHECK_INT(waitpid(caller, NULL, 0), caller);
	wait_until_gone(pidfd);
}

static void check_outlives(bool bound, bool release)
{
	struct sandbox sandbox = SANDBOX_CLOSED;
	struct error err = { 0 };
	pid_t keeper, caller = make_elsewhere(bound, release, &keeper);

	kill(caller, SIGKILL);
	CHECK_INT(waitpid(caller, NULL, 0), caller);
	CHECK_INT(sandbox_open(&sandbox, keeper, &err), 0);
	CHECK_INT(getsid(keeper), keeper);
	CHECK_INT(sandbox_call(&sandbox, interrupt_itself, NULL, &err), 11);
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
}

TEST(an_unbound_sandbox_outlives_its_caller)
{
	check_outlives(false, false);
}

TEST(a_released_sandbox_outlives_its_caller)
{
	check_outlives(true, true);
}

TEST(the_keeper_holds_nothing_of_the_caller)
{
	int pipe_fd[2], registration = memfd_create("registration", MFD_CLOEXEC);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct sandbox sandbox = SANDBOX_CLOSED;
	struct error err;
	char c;

	CHECK_INT(pipe(pipe_fd), 0);
	if (sandbox_create(&sandbox, false, registration, NULL, &err) < 0)
		test_skip("this machine can make no sandbox");

	/* The other end sees the end of the pipe although the sandbox runs, and the keeper has the
	 * lock. */
	close(pipe_fd[1]);
	CHECK_INT(read(pipe_fd[0], &c, 1), 0);
	CHECK_INT(fcntl(registration, F_GETLK, &lock), 0);
	CHECK_INT(lock.l_type, F_WRLCK);
	CHECK_INT(lock.l_pid, sandbox.keeper);

	sandbox_destroy(&sandbox, &err);
	lock.l_type = F_WRLCK;
	CHECK_INT(fcntl(registration, F_GETLK, &lock), 0);
	CHECK_INT(lock.l_type, F_UNLCK);
}

TEST(a_taken_registration_is_an_error)
{
	int registration = memfd_create("registration", MFD_CLOEXEC);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct sandbox sandbox = make_sandbox(true);
	struct error err = { 0 };

	sandbox_destroy(&sandbox, &err);
	CHECK_INT(fcntl(registration, F_SETLK, &lock), 0);
	CHECK_INT(sandbox_create(&sandbox, true, registration, NULL, &err), -EEXIST);
	CHECK(strstr(err.message, "runs already"));
	CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

TEST(works_with_closed_standard_streams)
{
	int out = fcntl(1, F_DUPFD_CLOEXEC, 10), registration;
	struct sandbox sandbox = SANDBOX_CLOSED;
	struct error err = { 0 };
	int r, called;

	close(0);
	close(1);
	close(2);
	registration = memfd_create("registration", MFD_CLOEXEC);
	r = sandbox_create(&sandbox, true, registration, NULL, &err);
	called = r < 0 ? r : sandbox_call(&sandbox, interrupt_itself, NULL, &err);
	sandbox_destroy(&sandbox, &(struct error){ 0 });
	close(registration);
	dup2(out, 0);
	dup2(out, 1);
	dup2(out, 2);
	if (r == -EPERM || r == -ENOSPC)
		test_skip("this machine can make no sandbox");
	CHECK_INT(r, 0);
	CHECK_INT(called, 11);
}

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER true
#elif defined(__has_feature)
#define HAS_SANITIZER __has_feature(address_sanitizer)
#else
#define HAS_SANITIZER false
#endif

/* What the contract promises: 1.5 MiB, also for a program that has grown. */
TEST(the_keeper_is_small)
{
	size_t size = 32 << 20;
	char *volatile grown = malloc(size); /* volatile: it is to be really there */
	struct sandbox sandbox;
	char path[64], line[256];
	long resident = -1;

	if (HAS_SANITIZER)
		test_skip("the sanitizer's own memory is not small");
	memset(grown, 1, size);
	sandbox = make_sandbox(true);
	memset(grown, 2, size);
	snprintf(path, sizeof(path), "/proc/%d/status", (int)sandbox.keeper);

	/* It may still be giving back. */
	for (int i = 0; i < 1000 && (resident < 0 || resident > 1536); i++) {
		auto_file FILE *file = fopen(path, "re");

		while (file && fgets(line, sizeof(line), file)) {
			if (strncmp(line, "VmRSS:", 6) == 0)
				resident = strtol(line + 6, NULL, 10);
		}
		poll(NULL, 0, 5);
	}
	printf("# keeper: %ld KiB\n", resident);
	CHECK(resident >= 0 && resident <= 1536);
	CHECK(sandbox_alive(&sandbox));
	CHECK_INT(sandbox_release(&sandbox, NULL), 0);
	CHECK(sandbox_alive(&sandbox));
	sandbox_destroy(&sandbox, NULL);
	free(grown);
}

TEST(no_open_files_left_is_a_clear_error)
{
	struct rlimit limit;
	struct sandbox sandbox = make_sandbox(true), other = SANDBOX_CLOSED;
	struct error err = { 0 };
	int top = open("/dev/null", O_RDONLY | O_CLOEXEC);

	CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = (rlim_t)top + 1;
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK_INT(sandbox_create(&other, true, -1, NULL, &err), -EMFILE);
	CHECK(strstr(err.hint, "ulimit"));
	CHECK_INT(sandbox_call(&sandbox, interrupt_itself, NULL, &err), -EMFILE);
	close(top);
	limit.rlim_cur = (rlim_t)top + 4; /* enough for the socket pair, not for the namespaces */
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK_INT(sandbox_create(&other, true, -1, NULL, &err), -EMFILE);
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
	CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

TEST(limits_on_namespaces_are_named)
{
	static const char *const kinds[] = { "user", "net", "mnt", "pid" };
	struct error err = { 0 };
	struct sandbox sandbox;

	go_into_user_namespace();
	sandbox = make_sandbox(true); /* one inside the other works */
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);

	for (int i = 0; i < 4; i++) {
		char path[64], want[64];

		snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces", kinds[i]);
		snprintf(want, sizeof(want), "user.max_%s_namespaces is 0", kinds[i]);
		write_to(path, "0");
		CHECK_INT(sandbox_create(&sandbox, true, -1, NULL, &err), -ENOSPC);
		printf("# %s\n# hint: %s\n", err.message, err.hint);
		CHECK(strstr(err.message, want));
		CHECK(strstr(err.hint, "sudo sysctl -w user.max_"));
		write_to(path, "1000");
	}
}

/* Hide a part of each /proc there is: one that shows everything, wherever, lets the kernel mount
 * another. */
static bool hide_a_part_of_every_proc(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	bool hidden = false;

	CHECK(mounts);
	for (struct mntent *m; (m = getmntent(mounts));) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/sys/fs", m->mnt_dir);
		if (strcmp(m->mnt_type, "proc") == 0 && mount("tmpfs", path, "tmpfs", 0, NULL) == 0)
			hidden = true;
	}
	endmntent(mounts);
	return hidden;
}

TEST(a_masked_proc_is_named)
{
	struct error err = { 0 };
	struct sandbox sandbox;

	go_into_user_namespace();
	if (!hide_a_part_of_every_proc())
		test_skip("cannot hide a part of /proc here");
	CHECK_INT(sandbox_create(&sandbox, true, -1, NULL, &err), -EPERM);
	printf("# %s\n# hint: %s\n", err.message, err.hint);
	CHECK(strstr(err.message, "the lab's own /proc"));
	CHECK(strstr(err.message, "hidden"));
	CHECK(*err.hint);
	CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

TEST(a_forbidden_clone_is_named)
{
	struct error err = { 0 };
	struct sandbox sandbox;

	/* In a chroot the kernel allows no user namespaces. */
	go_into_user_namespace();
	if (chroot("/usr") < 0)
		test_skip("cannot change the root here");
	CHECK_INT(sandbox_create(&sandbox, true, -1, NULL, &err), -EPERM);
	printf("# %s\n# hint: %s\n", err.message, err.hint);
	CHECK(strstr(err.message, "namespaces"));
	CHECK(*err.hint);
	/* Without /proc the sanitizer's leak check cannot work. */
	_exit(0);
}
