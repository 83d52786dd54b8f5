/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"

/*
 * Making and removing the network namespaces of the nodes. Inside the sandbox; netns_enter() and
 * netns_open() of sandbox.h go into one.
 */

/* Moves the calling thread into a new one. It has no name yet, and ends with its last process,
 * thread or socket. */
int netns_create(const char *name, struct error *err);

/*
 * Gives the namespace in which the socket was opened its name, /run/netns/NAME; that keeps it.
 * replace: a name that nothing is behind yet, left by somebody who was killed, may be there;
 * otherwise that is an error.
 */
int netns_pin(const char *name, int socket, bool replace, struct error *err);

/* Mount an open namespace over the file, which keeps it: 0 or a negative errno. */
int namespace_pin(const char *path, int namespace);

/* Is there a whole one of that name? */
bool netns_is_pinned(const char *name);

/* Kills what runs inside and takes the name away; what is left of it goes when the kernel finds
 * time. Fine if it is gone. */
int netns_delete(const char *name, struct error *err);

/* Does the process live in the namespace of that name? */
bool netns_has_process(const char *name, int pid);
