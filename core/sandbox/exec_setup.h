/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

/* Becoming a program: what a child does between fork() and exec. */

/*
 * Look for a program in PATH, to which the administrator's directories are added for good: inside,
 * the user is root and wants ip and nft. The caller frees. -EACCES where a file is there but may
 * not be run, -ENOENT where there is none.
 */
int program_find(const char *program, char **ret_path);

/*
 * execve() with that search. Not execvp(), which hands a file without a first line to a shell.
 * Returns only if it failed: the most telling negative errno.
 */
int program_execute(const char *program, char *const argv[]);

/* Return the directory that our own programs are in; NULL: nobody can tell. The caller frees. */
char *program_directory(void);

/* Return the program of that name that lies there; NULL: there is none. The caller frees. */
char *program_beside(const char *name);

/* All signals as a new program expects them. keep_nohup: an ignored SIGHUP stays so. */
void program_settle_signals(bool keep_nohup);
