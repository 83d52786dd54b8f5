#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "core/error.h"
#include "core/world.h"

/*
 * Programs inside a node. Arguments go to execve as they are: no shell in between. The program is a child of the
 * caller and lives in the world's PID namespace, so it dies with the lab at the latest.
 */
struct spawn {
	const char *netns;
	char *const *argv;  /* looked up in PATH */
	int stdin_fd, stdout_fd, stderr_fd; /* -1: the caller's own */
	bool own_group;  /* a process group of its own (job control, background) */
	bool foreground; /* with own_group: and it gets the terminal that is the caller's stdin, if there is one */
};

/* Starts it. -ENOENT etc. (with err) when it cannot be executed; the caller waits for the pid it gets. */
int process_spawn(const struct world *world, const struct spawn *spawn, pid_t *ret_pid, struct error *err);

/* Waits; the shell's convention: exit status, or 128 + signal. Gives the terminal back if `foreground`. */
int process_wait(pid_t pid, bool foreground);
