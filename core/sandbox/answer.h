/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"

/*
 * What a process that works for another one says at the end: a result and, if that is negative, the
 * error. It goes through a pipe or a pair of sockets whole or not at all.
 */

/* Return whether somebody could still hear it. */
bool answer_tell(int fd, int r, const struct error *err);
/* Return false, and set neither, where the other has ended without an answer. */
bool answer_hear(int fd, int *ret_r, struct error *err);
