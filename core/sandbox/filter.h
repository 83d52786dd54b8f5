/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"

/*
 * The system calls that programs in a sandbox are refused, as a seccomp filter: nobody pushes
 * characters into the terminal that he was given (TIOCSTI, TIOCLINUX).
 *
 * Where root is the only user, what cannot work succeeds as far as the program can tell: becoming
 * another user or group, and giving files away. Servers that give up root, as packaged, do the
 * one or the other.
 *
 * The keeper writes the filter into a file once, for the programs to load: making it takes longer.
 */

/* An empty file where the kernel has no such filters. */
int filter_write(const char *path, bool single_user, struct error *err);

/* Load what is in the open file into the calling process, which gives up new privileges for good.
 * 0 or a negative errno. */
int filter_load(int fd);
