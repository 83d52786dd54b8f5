/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/error.h"

/*
 * Which users exist inside a sandbox. Root's has every user that root itself has; the sandbox of an
 * ordinary user has him as root, and the ranges that /etc/subuid and /etc/subgid grant him, if the
 * programs newuidmap and newgidmap are there; else root is its only user.
 */

/* Write the maps of a process that has just got a user namespace of its own below ours. */
int users_map(pid_t pid, struct error *err);

/* The same for a namespace in the sandbox that shall have the very users of ours. */
int users_map_same(pid_t pid, struct error *err);

/* Tell whether root is the only user of the caller's namespace. */
bool users_is_single(void);

/* Tell whether an ordinary user gets ranges here; if not, what is missing: a program, or the file
 * that does not name him. */
bool users_have_ranges(const char **ret_missing);
