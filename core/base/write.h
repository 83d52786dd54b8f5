/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Write all of it, at that offset of a file; -1: where the descriptor stands, as a pipe wants it.
 * Return 0 or a negative errno. */
int write_all(int fd, const char *content, size_t length, off_t at);
