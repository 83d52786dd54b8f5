/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/resource.h>

#include "core/base/error.h"

/* Read the number that a file of the kernel's begins with: a limit, or a switch. False: there is no
 * such file, or no number ("max"). */
bool limit_read(const char *path, long *ret_value);

/* Raise the soft limit on open files to the hard one and return what it was. Fail, with the way
 * out, where fewer than `needed` files are allowed. */
int limit_raise_open_files(rlim_t needed, struct rlimit *ret_before, struct error *err);
