/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/sandbox/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/sandbox/answer.h"
#include "core/sandbox/exec_setup.h"
#include "core/sandbox/node.h"

/* The child cannot become the program, and says so. */
static _Noreturn void fail_start(int report, int r, const struct error *err)
{
	answer_tell(report, r, err);
	_exit(127);
}

void process_give_terminal(pid_t group)
{
	sigset_t stop, before;

	/* Whoever asks may be in the background, where asking would stop it. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stop, &before);
	(void)tcsetpgrp(STDIN_FILENO, group); /* no terminal, or not ours: nothing to give */
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Takes it back from a program that ended or stopped, but never from whoever else may have it by
 * now. */
static void take_terminal(pid_t from)
{
	pid_t holder = tcgetpgrp(STDIN_FILENO);

	if (holder == from || holder == 0 || (holder > 0 && kill(-holder, 0) < 0 && errno == ESRCH))
		process_give_terminal(getpgrp());
}

/* Puts the three in place; any of them may be 0, 1 or 2 itself. */
static int settle_streams(const struct spawn *spawn)
{
	const int wanted[3] = { spawn->stdin_fd, spawn->stdout_fd, spawn->stderr_fd };
	int copy[3];

	for (int i = 0; i < 3; i++) {
		copy[i] = wanted[i] < 0 ? -1 : fcntl(wanted[i], F_DUPFD_CLOEXEC, 3);
		if (wanted[i] >= 0 && copy[i] < 0)
			return -errno;
	}
	for (int i = 0; i < 3; i++) {
		if (copy[i] >= 0 && dup2(copy[i], i) < 0)
			return -errno;
	}

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
	/* All of ours is marked already; this is for what libraries forgot. Older kernels do
	 * without. */
	syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
	return 0;
}

static void explain_execute(const struct spawn *spawn, int r, struct error *err)
{
	const char *program = spawn->argv[0];

	if (r == -ENOENT && !strchr(program, '/')) {
		error_set(err, r, "there is no program %.200s", program);
		error_hint(err, "install the package that brings %.128s", program);
	} else if (r == -ENOEXEC) {
		error_set(err, r, "%.200s is no program that this machine can run", program);
		error_hint(err, "a script needs a first line such as #!/bin/sh");
	} else if (r == -E2BIG) {
		error_set(err, r, "too many or too long arguments for %.200s", program);
	} else {
		error_set(err, r, "cannot run %.200s: %s", program, strerror(-r));
	}
}

/* In the child that sandbox_fork() made. */
static _Noreturn void become_program(const struct spawn *spawn, bool owns_terminal, int report)
{
	struct error err;
	int r;

	/* Before exec, which is what the caller waits for: so nobody ever sees it in the wrong
	 * group. */
	if (spawn->own_group)
		setpgid(0, 0);
	if (owns_terminal)
		process_give_terminal(getpgrp());
	program_settle_signals(true); /* `nohup vpclab ...` means the programs, too */
	if ((r = node_enter(spawn->netns, true, &err)) < 0)
		fail_start(report, r == -ENOENT ? -ESRCH : r,
			   &err); /* -ENOENT is for the program */
	if ((r = settle_streams(spawn)) < 0)
		fail_start(report, error_set(&err, r, "cannot redirect: %s", strerror(-r)), &err);

	r = program_execute(spawn->argv[0], spawn->argv);
	explain_execute(spawn, r, &err);
	fail_start(report, r, &err);
}

int process_spawn(const struct sandbox *sandbox, const struct spawn *spawn, pid_t *ret_pid,
		  struct error *err)
{
	const bool owns_terminal = spawn->own_group && spawn->foreground &&
				   tcgetpgrp(STDIN_FILENO) == getpgrp();
	int report[2], r;
	bool failed;
	pid_t pid;

	if (!spawn->argv || !spawn->argv[0])
		return error_set(err, -EINVAL, "there is no program to run");
	if (pipe2(report, O_CLOEXEC) < 0)
		return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));

	pid = sandbox_fork(sandbox, err);
	if (pid == 0) {
		/* It must not lie where the program's streams will. */
		int high = fcntl(report[1], F_DUPFD_CLOEXEC, 3);

		close(report[0]);
		become_program(spawn, owns_terminal, high);
	}
	close(report[1]);
	if (pid < 0) {
		close(report[0]);
		return (int)pid;
	}

	/* Without an answer the program has taken over: exec closes the pipe. */
	failed = answer_hear(report[0], &r, err);
	close(report[0]);
	if (failed) {
		(void)TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
		if (owns_terminal)
			take_terminal(pid);
		error_wrap(err, "%s", spawn->netns);
		return r;
	}
	*ret_pid = pid;
	return 0;
}

int process_wait(pid_t pid, bool foreground)
{
	int status = SIGKILL;

	/* ECHILD leaves the status as it is. */
	(void)TEMP_FAILURE_RETRY(waitpid(pid, &status, foreground ? WUNTRACED : 0));
	if (foreground)
		take_terminal(pid);
	if (WIFSTOPPED(status))
		return 128 + WSTOPSIG(status);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
