/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"

/*
 * A node as its programs see it. Beside the network namespace (netns.c) a host has mount, IPC and
 * UTS namespaces of its own, made when the first program starts there and pinned in
 * /run/vpclab/node/<name>/: its own /run, /tmp, /var, /etc, shared memory and name. What is no
 * host of the lab's user (a router of the cloud) and a service that needs no files of its host's
 * have such files together.
 *
 * No program of a node is ever where vpclab itself works, with the pins and the lab's own files:
 * all programs of a lab see each other, and by /proc/PID/root one gets to what another has.
 */

enum node_kind {
	NODE_HOST,
	NODE_PART,         /* of the cloud or of the internet: a router */
	NODE_INTERNET_HOST /* for which the names of hosts stand for their public addresses */
};

/* Say of a new node that it is no NODE_HOST. 0 or a negative errno. */
int node_mark(const char *netns, enum node_kind kind);

/*
 * Turn the calling process, a child of one thread inside the sandbox, into one of the node's: all
 * that is left is to execute a program. It stays in its directory if the node has it, and has no
 * new privileges from then on. own_files: false for a program that needs none of a host's, which
 * take time to make.
 */
int node_enter(const char *netns, bool own_files, struct error *err);

/* Remove what these have made. Nothing may run there any more. */
void node_forget(const char *netns);
