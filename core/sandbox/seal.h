/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"

struct sandbox_files; /* sandbox.h */

/*
 * The sealed machine: the file system tree on which all of a sandbox rests, made by its keeper in
 * namespaces of its own. Programs live in a second user namespace below the keeper's, so they are
 * root over the lab but cannot take away a mount that was made here, nor make it writable:
 *
 * - the machine's files, all read-only, /sys, too;
 * - /proc of the sandbox: what speaks for the whole machine read-only or empty, but the sysctls of
 *   the caller's network (/proc/sys/net) writable;
 * - /dev with the harmless devices and terminals of its own;
 * - /run, a tmpfs: /run/netns for the pins of namespaces, /run/vpclab for the sandbox's own files:
 *   hosts/nodes the names of all nodes, /etc/hosts of every node
 *   resolv.conf the resolvers that hosts ask
 *   machine/    what lies over the machine's files for all nodes (/etc/nsswitch.conf ...)
 *   node/       what each node has written, and the pins of its namespaces (node.h); a tmpfs of
 *               its own, so that a node that fills it up does not stop the lab
 *   list/       what lies where for each of them
 *   mark/       names the nodes that are no hosts (node.h)
 *   read/       once more, what services read, read-only for all programs
 *   service/    logs and pids of services; like ssh/ a tmpfs of its own
 *   empty/      covers the machine's files, once those of nodes have been made from them
 *   share/      the directories whose files stay those of the machine, writable; a link beside each
 *               says where it belongs
 *   filter      the system calls that a program is refused (filter.h)
 */

/* How many processes a sandbox may have. To be asked outside: a PID namespace has an answer of its
 * own. */
unsigned seal_process_limit(void);

/*
 * Make it. share: NULL or a NULL-terminated list of directories beside the working one. The caller
 * has just got its namespaces, and who its users are is settled.
 */
int seal_machine(const struct sandbox_files *files, unsigned process_limit, struct error *err);

/*
 * Cover with emptiness what nodes have files of their own for, when those have been made from it: a
 * program that takes away a mount of its node's does not get at the machine's files below, or at
 * sockets of the machine's programs.
 */
int seal_cover(struct error *err);
