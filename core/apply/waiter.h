/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/state/wanted.h"

/*
 * Wait, in the child that is to become a process with sockets, until something comes to one of
 * them, and become it. program: where it is. report: where a byte goes as soon as clients can come.
 * Returns only if that is impossible, before the byte: a negative errno.
 *
 * A waiter is a fork of a program that may be large. It gives all of that memory back, keeps no
 * descriptor of others open, and does nothing but poll. Others can read its name, but not, as of a
 * program, its namespace: it is still a part of vpclab, out of reach of the lab's hosts.
 */
#define WAITER_NAME "vpclab-waiter"
int waiter_become(const struct process_object *process, const char *program, int report);
