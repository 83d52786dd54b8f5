/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

/* Becoming a program: what a child does between fork() and exec. */

/*
 * execve() with a search in PATH, to which the administrator's directories are added: inside, the
 * user is root and wants ip and nft. Not execvp(), which hands a file without a first line to a
 * shell. Returns only if it failed: the most telling negative errno (-EACCES where a file is there
 * but may not be run, -ENOENT where there is none).
 */
int program_execute(const char *program, char *const argv[]);

/* All signals as a new program expects them. keep_nohup: an ignored SIGHUP stays so. */
void program_settle_signals(bool keep_nohup);
