/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"

/* How long to wait for somebody else's lock, and whom to tell that one waits, and for whom. */
struct lock_patience {
	double seconds;
	void (*waiting)(const char *holder); /* called once, after a second; NULL: nobody is told */
};

/*
 * Take the flock() of an open file. Whoever holds it for longer than that is named, by its process
 * id and command: -EBUSY, with what can be done about it. `what` completes "cannot ...".
 */
int lock_take(int fd, const char *what, const struct lock_patience *patience, struct error *err);
