/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"

/*
 * A node as its programs see it. Beside the network namespace (netns.c) a host has mount, IPC and
 * UTS namespaces of its own, made when the first program starts there and pinned in
 * /run/vpclab/node/<name>/: its own /run, /tmp, /var, /etc, shared memory and name. What is no
 * host of the lab's user (a router of the cloud) shares those of the lab, where /run/netns and
 * /run/vpclab are.
 */

/*
 * Turn the calling process, a child of one thread inside the sandbox, into one of the node's: all
 * that is left is to execute a program. It stays in its directory if the node has it, and has no
 * new privileges from then on.
 */
int node_enter(const char *netns, bool is_host, struct error *err);

/* Remove what node_enter() has made. Nothing may run there any more. */
void node_forget(const char *netns);
