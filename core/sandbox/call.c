/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/sandbox/answer.h"
#include "core/sandbox/sandbox.h"

/* Work inside a sandbox: how a child of the program gets there, and how its answer comes back. */

/* Of the sandbox that this process is in, out of the way of a program's files. */
static int machine = -1, sealed = -1, part = -1;
enum { ABOVE_STREAMS = 16 };

int sandbox_enter_machine(void)
{
	return setns(machine, CLONE_NEWNS) < 0 ? -errno : 0;
}

int sandbox_enter_sealed(void)
{
	return setns(sealed, CLONE_NEWNS) < 0 || unshare(CLONE_NEWNS) < 0 ? -errno : 0;
}

int sandbox_enter_part(void)
{
	return setns(part, CLONE_NEWNS) < 0 ? -errno : 0;
}

int sandbox_enter(const struct sandbox *sandbox, struct error *err)
{
	int r;

	if (sandbox->pidfd < 0)
		return error_set(err, -ESRCH, "the lab is not running");

	/* The keeper's namespaces first: they give the right to join the inner ones. Whoever is in
	 * there must not look into this process, which has the caller's files open. */
	prctl(PR_SET_DUMPABLE, 0);
	machine = fcntl(sandbox->machine_fd, F_DUPFD_CLOEXEC, ABOVE_STREAMS);
	sealed = fcntl(sandbox->sealed_fd, F_DUPFD_CLOEXEC, ABOVE_STREAMS);
	part = fcntl(sandbox->part_fd, F_DUPFD_CLOEXEC, ABOVE_STREAMS);
	if (setns(sandbox->pidfd, CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWIPC) == 0 &&
	    setns(sandbox->user_fd, CLONE_NEWUSER) == 0 &&
	    setns(sandbox->network_fd, CLONE_NEWNET) == 0 &&
	    setns(sandbox->mount_fd, CLONE_NEWNS) == 0)
		return 0;
	r = -errno;
	if (!sandbox_alive(sandbox))
		return error_set(err, -ESRCH, "the lab ended: its keeper was killed");
	return error_set(err, r, "cannot enter the lab: %s", strerror(-r));
}

static int make_pipe(int fd[2], struct error *err)
{
	if (pipe2(fd, O_CLOEXEC) == 0)
		return 0;
	return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
}

static int fail_fork(struct error *err, int r)
{
	error_set(err, r, "cannot start a process in the lab: %s", strerror(-r));
	if (r == -EAGAIN)
		error_hint(err, "allow this user more processes: ulimit -u, or nproc in "
				"/etc/security/limits.conf");
	return r;
}

static bool is_under(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

/* By its path: a descriptor would lead out of the lab's file system tree. */
static void settle_directory(const char *directory)
{
	static const char *const different_inside[] = { "/run", "/var/run", "/proc" };

	for (size_t i = 0; i < ARRAY_SIZE(different_inside); i++) {
		if (is_under(directory, different_inside[i]))
			return;
	}
	(void)!chdir(directory); /* else it stays in / */
}

/* The pipes by which a child comes into being: the pid from the middle, the word from the caller.
 */
struct birth {
	int report[2], go[2];
};

static int make_birth(struct birth *ret_birth, struct error *err)
{
	int r = make_pipe(ret_birth->report, err);

	if (r == 0 && (r = make_pipe(ret_birth->go, err)) < 0) {
		close(ret_birth->report[0]);
		close(ret_birth->report[1]);
	}
	return r;
}

/*
 * setns() into a PID namespace counts for children only. So a middle process joins, makes the child
 * a sibling of itself (CLONE_PARENT), tells its pid and ends. The child waits for a word of the
 * caller's: whatever becomes of the middle, it does nothing that the caller does not know of.
 * Returns in the child only, as 0.
 */
static pid_t fork_in_the_middle(const struct sandbox *sandbox, const struct birth *birth)
{
	auto_free char *directory = getcwd(NULL, 0);
	struct error err;
	int r = sandbox_enter(sandbox, &err);
	char word;
	long pid;

	if (r == 0) {
		if (directory)
			settle_directory(directory);
		pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
		if (pid == 0) {
			close(birth->report[1]);
			if (read(birth->go[0], &word, sizeof(word)) != sizeof(word))
				_exit(1);
			close(birth->go[0]);
			return 0;
		}
		r = (int)(pid < 0 ? fail_fork(&err, -errno) : pid);
	}
	answer_tell(birth->report[1], r, &err);
	_exit(0);
}

pid_t sandbox_fork(const struct sandbox *sandbox, struct error *err)
{
	struct birth birth;
	int r = make_birth(&birth, err);
	pid_t middle;

	if (r < 0)
		return r;

	middle = fork();
	if (middle < 0) {
		r = fail_fork(err, -errno);
	} else if (middle == 0) {
		close(birth.report[0]);
		close(birth.go[1]);
		return fork_in_the_middle(sandbox, &birth);
	}
	close(birth.report[1]);

	if (middle > 0) {
		if (!answer_hear(birth.report[0], &r, err))
			r = error_set(err, -ECHILD,
				      "the process that was to enter the lab was killed");
		/* "No memory" is what the kernel says for a PID namespace whose PID 1 is gone. */
		if (r == -ENOMEM && !sandbox_alive(sandbox))
			r = error_set(err, -ESRCH, "the lab ended: its keeper was killed");
		(void)TEMP_FAILURE_RETRY(waitpid(middle, NULL, 0));
	}
	/* A pipe that this process reads from, too, takes the word whatever became of the child. */
	if (r > 0)
		(void)!write(birth.go[1], "g", 1);
	close(birth.report[0]);
	close(birth.go[0]);
	close(birth.go[1]);
	return r;
}

/* What happens to the program is not to stop half-way what was begun in the kernel. */
static void settle_worker(void)
{
	static const int left_alone[] = { SIGINT, SIGQUIT, SIGTSTP, SIGHUP, SIGTERM };

	for (int number = 1; number < _NSIG; number++)
		signal(number, SIG_DFL);
	for (unsigned i = 0; i < sizeof(left_alone) / sizeof(left_alone[0]); i++)
		signal(left_alone[i], SIG_IGN);
}

int sandbox_wait(const struct sandbox *sandbox, struct worker *worker, struct error *err)
{
	int r, status = 0;
	bool answered = answer_hear(worker->answers, &r, err);

	(void)TEMP_FAILURE_RETRY(waitpid(worker->pid, &status, 0));
	close(worker->answers);
	if (answered)
		return r;
	if (!sandbox_alive(sandbox))
		return error_set(err, -ECHILD, "the lab was ended while it was being worked on");
	if (WIFSIGNALED(status))
		return error_set(err, -ECHILD, "the worker in the lab was killed by signal %d (%s)",
				 WTERMSIG(status), strsignal(WTERMSIG(status)));
	return error_set(err, -ECHILD,
			 "the worker in the lab ended with status %d before it was done",
			 WEXITSTATUS(status));
}

int sandbox_start(const struct sandbox *sandbox, int (*fn)(void *arg, struct error *err), void *arg,
		  struct worker *ret_worker, struct error *err)
{
	int answers[2], r = make_pipe(answers, err);
	pid_t pid;

	if (r < 0)
		return r;

	pid = sandbox_fork(sandbox, err);
	if (pid == 0) {
		struct error own = { 0 };

		close(answers[0]);
		settle_worker();
		r = fn(arg, &own);
		/* Where nobody reads any more, nobody wants to know more than this. */
		_exit(!answer_tell(answers[1], r, &own) && r < 0);
	}
	close(answers[1]);
	if (pid < 0) {
		close(answers[0]);
		return (int)pid;
	}
	*ret_worker = (struct worker){ .pid = pid, .answers = answers[0] };
	return 0;
}

pid_t sandbox_leave(struct worker *worker)
{
	close(worker->answers);
	return worker->pid;
}

int sandbox_call(const struct sandbox *sandbox, int (*fn)(void *arg, struct error *err), void *arg,
		 struct error *err)
{
	struct worker worker;
	int r = sandbox_start(sandbox, fn, arg, &worker, err);

	return r < 0 ? r : sandbox_wait(sandbox, &worker, err);
}

void *sandbox_shared(size_t size)
{
	void *memory = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void sandbox_shared_free(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size ? size : 1);
}
