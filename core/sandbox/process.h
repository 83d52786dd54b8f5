/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/sandbox/node.h"
#include "core/sandbox/sandbox.h"

/*
 * Programs inside a node. Arguments go to execve as they are: no shell in between. The program is a
 * child of the caller and lives in the sandbox's PID namespace, so it dies with the lab at the
 * latest. It has the caller's environment with the system administrator's directories added to PATH
 * (inside, everybody is root), the caller's working directory where that exists inside (never under
 * /run or /proc), the default signal handlers, and no open file but the three.
 */
struct spawn {
	const char *netns;
	char *const *argv; /* looked up in PATH */
	/* -1: the caller's own */
	int stdin_fd, stdout_fd, stderr_fd;
	bool own_group;  /* a process group of its own (job control, background) */
	bool foreground; /* with own_group: and it gets the terminal that is the caller's stdin, if
			    there is one */
};

/*
 * Starts it; the caller waits for the pid it gets. With err: -ENOENT, -EACCES, -ENOEXEC, -ENOTDIR,
 * -EISDIR or -ELOOP if it is not there or no program; other errors are the machine's, -ESRCH that
 * the node or the sandbox is gone.
 */
int process_spawn(const struct sandbox *sandbox, const struct spawn *spawn, pid_t *ret_pid,
		  struct error *err);

/* Gives the terminal that is the caller's stdin, if there is one, to a process group. */
void process_give_terminal(pid_t group);

/*
 * Waits; the shell's convention: exit status, or 128 + signal. A foreground program that was
 * stopped (Ctrl-Z) counts as 128 + signal, too, and is still there: SIGCONT to its group and
 * another process_wait() go on with it. Gives the terminal back if `foreground`. 137 for one that
 * was already waited for (it went down with its sandbox).
 */
int process_wait(pid_t pid, bool foreground);
