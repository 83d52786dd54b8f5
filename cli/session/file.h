/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

/* The text becomes what is in that file, or nothing has changed; a pipe or a terminal is written
 * to. Negative errno. */
int file_save(const char *path, const char *text);
/* A file that cannot be read: is it the machine's fault, and not that of whoever has named it? */
bool file_fault_is_machines(int r);
