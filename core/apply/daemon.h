/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

#include "core/base/error.h"
#include "core/state/wanted.h"

/*
 * The programs that a lab keeps running on its nodes, which OBJECT_PROCESS stands for. The caller
 * is inside the sandbox and its PID namespace. A daemon is leader of a session of its own, reads
 * /dev/null, and writes to /run/vpclab/service/<node>/<name>.log; its pid is in <name>.pid beside
 * it.
 *
 * One that says_ready inherits descriptor 3, a pipe: one byte means that it serves, more than one
 * is a sentence that says why it cannot. It has five seconds to say so.
 */

/* Start all of them side by side, and return when each serves, or with the first error.
 * tolerant: one that runs already is fine. open_files: the limit that they get. */
int daemons_start(const struct object *const *process, size_t n, bool tolerant,
		  const struct rlimit *open_files, struct error *err);

/* Send SIGTERM to all, and SIGKILL to those that are there two seconds later. One that is gone
 * already is fine. */
int daemons_stop(const struct object *const *process, size_t n, struct error *err);

/* Does it run? */
bool daemon_is_running(const struct object *process);

/* Remove the logs and pids of a node that is gone. */
void daemons_forget(const char *netns);
