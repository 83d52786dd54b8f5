/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <sys/resource.h>

#include "core/base/error.h"

/* Set a hint on err if the negative errno r is about a limit of the machine and err has no hint
 * yet. */
void limit_hint(struct error *err, int r);

/* Raise the soft limit on open files to the hard one and return what it was. Fail, with the way
 * out, where fewer than `needed` files are allowed. */
int limit_raise_open_files(rlim_t needed, struct rlimit *ret_before, struct error *err);
