/* SPDX-License-Identifier: GPL-3.0-only */
/* Named labs: who gets a name, who is found, and what strangers may have put in the way. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/sandbox/sandbox.h"
#include "lab/live/registry.h"

static char runtime[64];

/* A runtime directory of the test's own. The path of the labs' directory in it. */
static const char *use_directory(void)
{
	static char labs[80];

	snprintf(runtime, sizeof(runtime), "/tmp/vpclab-test-XXXXXX");
	CHECK(mkdtemp(runtime));
	CHECK_INT(setenv("XDG_RUNTIME_DIR", runtime, 1), 0);
	snprintf(labs, sizeof(labs), "%s/vpclab", runtime);
	return labs;
}

/* Everything that the test left must be gone before the runtime directory can be removed. */
static void remove_directory(const char *labs)
{
	(void)rmdir(labs);
	CHECK_INT(rmdir(runtime), 0);
}

static bool exists(const char *labs, const char *name)
{
	auto_free char *path = xprintf("%s/%s", labs, name);
	struct stat st;

	return lstat(path, &st) == 0;
}

/* What a keeper does with its registration, without a sandbox. Takes the descriptor over. */
static pid_t keep(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int ready[2];
	pid_t pid;
	char c;

	CHECK_INT(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		if (fcntl(fd, F_SETLK, &lock) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	CHECK_INT(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	close(fd);
	return pid;
}

static void end(pid_t keeper)
{
	kill(keeper, SIGKILL);
	CHECK_INT(waitpid(keeper, NULL, 0), keeper);
}

static pid_t start(const char *name)
{
	struct error err = { 0 };
	int fd = -1;

	if (registry_claim(name, &fd, &err) < 0)
		test_fail("%s: %s", name, err.message);
	return keep(fd);
}

TEST(names_are_checked)
{
	static const char *const good[] = {
		"a", "LAB",     "lab-1",
		"1", "a.b_c-d", "1234567890123456789012345678901234567890123456789012345678901234"
	};
	static const char *const bad[] = {
		"",
		".",
		"..",
		".a",
		"-a",
		"_a",
		"a/b",
		"../a",
		"a b",
		"a\n",
		"\xc3\xbc",
		"a:b",
		"12345678901234567890123456789012345678901234567890123456789012345"
	};
	struct error err;
	pid_t pid;
	int fd;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		CHECK_INT(registry_check_name(good[i], &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK_INT(registry_check_name(bad[i], &err), -EINVAL);
		CHECK(*err.hint);
		CHECK_INT(registry_claim(bad[i], &fd, &err), -EINVAL);
		CHECK_INT(registry_find(bad[i], &pid, &err), -EINVAL);
		CHECK_INT(registry_remove(bad[i], &err), -EINVAL);
	}
}

TEST(a_lab_is_found_while_its_keeper_lives)
{
	const char *labs = use_directory();
	pid_t keeper = start("demo"), found = 0;
	struct error err = { 0 };
	struct stat st;
	int fd;

	CHECK_INT(registry_find("demo", &found, &err), 0);
	CHECK_INT(found, keeper);
	CHECK_INT(registry_claim("demo", &fd, &err), -EEXIST);
	CHECK_STR(err.message, "lab demo runs already");
	CHECK_INT(registry_remove("demo", &err), -EBUSY);

	CHECK_INT(stat(labs, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0700);
	auto_free char *path = xprintf("%s/demo", labs);

	CHECK_INT(stat(path, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);

	end(keeper);
	CHECK_INT(registry_find("demo", &found, &err), -ENOENT);
	CHECK_INT(registry_remove("demo", &err), 0);
	CHECK_INT(registry_remove("demo", &err), 0);
	CHECK(!exists(labs, "demo"));
	remove_directory(labs);
}

TEST(a_stale_file_is_taken_over)
{
	const char *labs = use_directory();
	struct error err;
	pid_t keeper = start("demo"), found;

	end(keeper);
	CHECK(exists(labs, "demo"));
	keeper = start("demo");
	CHECK_INT(registry_find("demo", &found, &err), 0);
	CHECK_INT(found, keeper);
	end(keeper);
	CHECK_INT(registry_remove("demo", &err), 0);
	remove_directory(labs);
}

TEST(a_claim_keeps_the_name_until_the_keeper_is_there)
{
	const char *labs = use_directory();
	struct error err;
	int fd, other;
	pid_t pid;

	CHECK_INT(registry_claim("demo", &fd, &err), 0);
	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CHECK_INT(registry_claim("demo", &other, &err), -EEXIST);
	CHECK_STR(err.message, "lab demo is being made already");
	CHECK_INT(registry_find("demo", &pid, &err), -ENOENT);

	/* Neither a `down` that comes late nor a look at the list takes the file away from under
	 * it. */
	CHECK_INT(registry_remove("demo", &err), 0);
	CHECK(exists(labs, "demo"));

	/* Given up: free again. */
	close(fd);
	CHECK_INT(registry_claim("demo", &fd, &err), 0);
	close(fd);
	CHECK_INT(registry_remove("demo", &err), 0);
	CHECK(!exists(labs, "demo"));
	remove_directory(labs);
}

static void free_names(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

TEST(the_list_is_sorted_and_forgets_the_stale)
{
	const char *labs = use_directory();
	struct error err;
	char **names = NULL;
	size_t n = 9;
	pid_t b, a, gone;

	CHECK_INT(registry_list(&names, &n, &err), 0);
	CHECK_INT(n, 0);
	free(names);
	CHECK(access(labs, F_OK) < 0); /* looking makes nothing */

	b = start("lab-b");
	a = start("lab-a");
	gone = start("gone");
	end(gone);
	CHECK_INT(registry_list(&names, &n, &err), 0);
	CHECK_INT(n, 2);
	CHECK_STR(names[0], "lab-a");
	CHECK_STR(names[1], "lab-b");
	free_names(names, n);
	CHECK(!exists(labs, "gone"));
	end(a);
	end(b);
	CHECK_INT(registry_list(&names, &n, &err), 0);
	CHECK_INT(n, 0);
	free(names);
	CHECK(access(labs, F_OK) < 0); /* and the last one puts out the light */
	remove_directory(labs);
}

TEST(the_nearest_name_is_offered)
{
	const char *labs = use_directory();
	struct error err;
	pid_t keeper, found;

	CHECK_INT(registry_find("demo", &found, &err), -ENOENT);
	CHECK_STR(err.message, "there is no lab demo");
	CHECK(strstr(err.hint, "vpclab up demo"));
	keeper = start("demo");
	CHECK_INT(registry_find("dmeo", &found, &err), -ENOENT);
	CHECK_STR(err.hint, "did you mean demo?");
	CHECK_INT(registry_find("production", &found, &err), -ENOENT);
	CHECK(strstr(err.hint, "vpclab ls"));
	end(keeper);
	CHECK_INT(registry_remove("demo", &err), 0);
	remove_directory(labs);
}

/* Many at once, again and again, while others look and tidy: each time exactly one gets the name.
 */
TEST(of_many_claims_one_wins)
{
	enum { CLAIMERS = 24, ROUNDS = 5 }; /* who loses waits a second */
	const char *labs = use_directory();

	for (int round = 0; round < ROUNDS; round++) {
		int go[2], results[2], hold[2], won = 0;
		pid_t pids[CLAIMERS + 1];
		char c;

		CHECK_INT(pipe2(go, O_CLOEXEC), 0);
		CHECK_INT(pipe2(results, O_CLOEXEC), 0);
		CHECK_INT(pipe2(hold, O_CLOEXEC), 0);
		for (int i = 0; i <= CLAIMERS; i++) {
			pids[i] = fork();
			if (pids[i] == 0) {
				struct error err;
				char **names;
				size_t n;
				int fd, r;

				close(go[1]);
				close(hold[1]);
				(void)!read(go[0], &c, 1);
				if (i == CLAIMERS) {
					for (int look = 0; look < 20; look++) {
						if (registry_list(&names, &n, &err) == 0)
							free_names(names, n);
						registry_remove("demo", &err);
					}
					_exit(0);
				}
				r = registry_claim("demo", &fd, &err);
				c = r == 0 ? 'w' : r == -EEXIST ? 'l' : '?';
				(void)!write(results[1], &c, 1);
				(void)!read(hold[0], &c,
					    1); /* the winner keeps it until all have tried */
				_exit(0);
			}
		}
		close(go[1]);
		for (int i = 0; i < CLAIMERS; i++) {
			CHECK_INT(read(results[0], &c, 1), 1);
			CHECK(c == 'w' || c == 'l');
			won += c == 'w';
		}
		CHECK_INT(won, 1);
		CHECK(exists(labs, "demo"));
		close(hold[1]);
		for (int i = 0; i <= CLAIMERS; i++)
			CHECK_INT(waitpid(pids[i], NULL, 0), pids[i]);
		close(go[0]);
		close(results[0]);
		close(results[1]);
		close(hold[0]);
	}
	CHECK_INT(registry_remove("demo", NULL), 0);
	remove_directory(labs);
}

TEST(a_sandbox_holds_its_name)
{
	const char *labs = use_directory();
	struct sandbox sandbox = SANDBOX_CLOSED;
	struct error err = { 0 };
	pid_t found;
	int fd;

	CHECK_INT(registry_claim("demo", &fd, &err), 0);
	if (sandbox_create(&sandbox, true, fd, NULL, &err) < 0) {
		close(fd);
		registry_remove("demo", &err);
		remove_directory(labs);
		test_skip("this machine can make no sandbox");
	}
	close(fd);
	CHECK_INT(registry_find("demo", &found, &err), 0);
	CHECK_INT(found, sandbox.keeper);
	CHECK_INT(registry_claim("demo", &fd, &err), -EEXIST);
	CHECK_INT(sandbox_destroy(&sandbox, &err), 0);
	CHECK_INT(registry_find("demo", &found, &err), -ENOENT);
	CHECK_INT(registry_remove("demo", &err), 0);
	CHECK(!exists(labs, "demo"));
	remove_directory(labs);
}

static void check_refused(const char *want)
{
	struct error err = { 0 };
	char **names;
	size_t n;
	pid_t pid;
	int fd;

	CHECK(registry_claim("demo", &fd, &err) < 0);
	if (!strstr(err.message, want))
		test_fail("\"%s\" does not say \"%s\"", err.message, want);
	CHECK(*err.hint);
	CHECK(registry_find("demo", &pid, &err) < 0);
	CHECK(strstr(err.message, want));
	CHECK(registry_list(&names, &n, &err) < 0);
	CHECK(strstr(err.message, want));
	CHECK(registry_remove("demo", &err) < 0);
}

TEST(a_directory_that_is_not_safe_is_refused)
{
	const char *labs = use_directory();

	CHECK_INT(mkdir(labs, 0700), 0);
	CHECK_INT(chmod(labs, 0750), 0);
	check_refused("others may enter");
	CHECK_INT(rmdir(labs), 0);

	CHECK_INT(symlink("/tmp", labs), 0);
	check_refused("is no directory, or a link");
	CHECK_INT(unlink(labs), 0);

	close(open(labs, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	check_refused("is no directory, or a link");
	CHECK_INT(unlink(labs), 0);

	if (geteuid() == 0) {
		CHECK_INT(mkdir(labs, 0700), 0);
		CHECK_INT(chown(labs, 12345, 12345), 0);
		check_refused("belongs to another user (uid 12345)");
		CHECK_INT(rmdir(labs), 0);
	}
	remove_directory(labs);
}

TEST(what_is_no_file_of_ours_is_not_followed)
{
	const char *labs = use_directory();
	auto_free char *path = xprintf("%s/demo", labs);
	struct error err;
	char **names;
	size_t n;
	int fd;

	CHECK_INT(mkdir(labs, 0700), 0);
	CHECK_INT(symlink("/dev/null", path), 0);
	CHECK(registry_claim("demo", &fd, &err) < 0);
	CHECK_INT(registry_list(&names, &n, &err), 0);
	CHECK_INT(n, 0);
	free(names);
	CHECK_INT(unlink(path), 0);
	CHECK_INT(mkdir(path, 0700), 0);
	CHECK(registry_claim("demo", &fd, &err) < 0);
	CHECK_INT(rmdir(path), 0);
	remove_directory(labs);
}

TEST(any_umask_will_do)
{
	const char *labs = use_directory();
	struct error err = { 0 };
	pid_t keeper, found;
	mode_t before = umask(0777);

	keeper = start("demo");
	CHECK_INT(registry_find("demo", &found, &err), 0);
	umask(before);
	end(keeper);
	CHECK_INT(registry_remove("demo", &err), 0);
	remove_directory(labs);
}

TEST(a_runtime_directory_that_is_none_is_passed_over)
{
	static const char *const none[] = { "/no/such/directory", "relative", "", "/etc/hostname" };
	auto_free char *fallback = xprintf("/tmp/vpclab-%u", geteuid());
	auto_free char *usual = xprintf("/run/user/%u", geteuid());
	auto_free char *name = xprintf("test-%d", (int)getpid());
	bool was_there = access(fallback, F_OK) == 0;
	struct error err = { 0 };
	int fd;

	if (access(usual, F_OK) == 0)
		test_skip("this user has a runtime directory");
	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		setenv("XDG_RUNTIME_DIR", none[i], 1);
		CHECK_INT(registry_claim(name, &fd, &err), 0);
		CHECK(exists(fallback, name));
		close(fd);
		CHECK_INT(registry_remove(name, &err), 0);
		CHECK(!exists(fallback, name));
	}
	if (!was_there)
		CHECK(access(fallback, F_OK) < 0);
}

/* A tiny file system of the test's own, so that it is really full. */
static int fill_up(void *arg, struct error *err)
{
	auto_free char *path = xprintf("%s/filler", "/run/full");
	int fd, r;

	(void)arg;
	if (mkdir("/run/full", 0700) < 0 ||
	    mount("tmpfs", "/run/full", "tmpfs", 0, "nr_inodes=3,mode=0700") < 0)
		return error_set(err, -errno, "cannot mount: %s", strerror(errno));
	setenv("XDG_RUNTIME_DIR", "/run/full", 1);
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	r = registry_claim("demo", &fd, err); /* the directory still fits, the file does not */
	return r == 0 ? -EEXIST : r;
}

TEST(a_full_disk_is_named)
{
	struct sandbox sandbox = SANDBOX_CLOSED;
	struct error err = { 0 };

	if (sandbox_create(&sandbox, true, -1, NULL, &err) < 0)
		test_skip("this machine can make no sandbox");
	CHECK_INT(sandbox_call(&sandbox, fill_up, NULL, &err), -ENOSPC);
	CHECK(strstr(err.message, "No space left"));
	CHECK(*err.hint);
	sandbox_destroy(&sandbox, &err);
}
