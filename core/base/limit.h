/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <sys/resource.h>

#include "core/base/error.h"

/*
 * The way out of running into a limit of the machine: adds a hint to err for the errno r
 * (negative), if it is about one. Leaves a hint that is there already.
 */
void limit_hint(struct error *err, int r);

/*
 * Raises the soft limit on open files to the hard one, and tells what it was. Fails, with the cure,
 * where fewer than `needed` are allowed.
 */
int limit_raise_open_files(rlim_t needed, struct rlimit *ret_before, struct error *err);
