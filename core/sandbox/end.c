/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/nsfs.h>

#include "core/base/cleanup.h"
#include "core/sandbox/sandbox.h"

/* The end of a sandbox: the keeper is killed, and the kernel does the rest. What is left is to know
 * when it is done. */

static bool has_ended(const struct sandbox *sandbox, int milliseconds)
{
	struct pollfd keeper = { .fd = sandbox->pidfd, .events = POLLIN };

	return poll(&keeper, 1, milliseconds) > 0;
}

/* Is it a process of this sandbox? Also true for a zombie. */
static bool is_inside(const struct sandbox *sandbox, pid_t pid)
{
	struct stat ours, its;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	return pid != sandbox->keeper && stat(path, &its) == 0 &&
	       fstat(sandbox->pid_fd, &ours) == 0 && its.st_ino == ours.st_ino &&
	       its.st_dev == ours.st_dev;
}

/* PID 1 of a namespace ends last, when each of its processes has been waited for, and some are this
 * process's children. */
static void reap_children_inside(const struct sandbox *sandbox)
{
	auto_free char *word = NULL;
	size_t size = 0;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	auto_file FILE *file = fopen(path, "re");

	while (file && getdelim(&word, &size, ' ', file) > 0) {
		pid_t pid = (pid_t)strtol(word, NULL, 10);

		if (is_inside(sandbox, pid))
			waitpid(pid, NULL, WNOHANG);
	}
}

/* The kernel does it, too, but only when it has taken the keeper's mounts apart: half a second with
 * 10,000 nodes, in which a program could still write to the machine's files. */
static void kill_programs(const struct sandbox *sandbox)
{
	pid_t pid = fork();

	if (pid == 0) {
		int user = ioctl(sandbox->pid_fd, NS_GET_USERNS);

		/* A PID namespace counts for children; one that is dead takes none. */
		if (user >= 0 && setns(user, CLONE_NEWUSER) == 0 &&
		    setns(sandbox->pid_fd, CLONE_NEWPID) == 0 && (pid = fork()) == 0)
			_exit(kill(-1, SIGKILL) < 0);
		waitpid(pid, NULL, 0);
		_exit(0);
	}
	if (pid > 0)
		(void)TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
}

static int kill_keeper(const struct sandbox *sandbox, struct error *err)
{
	if (syscall(SYS_pidfd_send_signal, sandbox->pidfd, SIGKILL, NULL, 0) < 0 && errno != ESRCH)
		return error_set(err, -errno, "cannot end the lab's keeper, process %d: %s",
				 (int)sandbox->keeper, strerror(errno));
	return 0;
}

int sandbox_kill(const struct sandbox *sandbox, struct error *err)
{
	int r = kill_keeper(sandbox, err);

	/* The keeper first: whoever is killed in between has ended the lab. */
	if (r == 0)
		kill_programs(sandbox);
	return r;
}

int sandbox_destroy(struct sandbox *sandbox, struct error *err)
{
	int r = sandbox->pidfd < 0 ? 0 : kill_keeper(sandbox, err);

	if (r < 0 || sandbox->pidfd < 0)
		return r;
	for (unsigned round = 0; round < 60; round++) {
		reap_children_inside(sandbox);
		if (has_ended(sandbox, round < 10 ? 2 : 20))
			break;
		/* Zombies that another program has not waited for hold nothing but the keeper. */
		if (round == 59)
			kill_programs(sandbox);
	}
	/* If it was this process that made it. */
	waitpid(sandbox->keeper, NULL, WNOHANG);
	sandbox_close(sandbox);
	return 0;
}
