/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/sandbox/node.h"

/*
 * The files that programs see. Below is the machine, read-only (seal.h); over it lie, in the
 * order of what wins: the directories that stay the machine's own, what the node's programs have
 * written, and the lab's own few files, which are the same for all nodes and change in place.
 * An overlay a top-level directory makes that; where mounts lie below a directory, one for each of
 * its subdirectories. Where the kernel refuses an overlay the directory stays read-only, with the
 * lab's own files bound over it, and empty directories in place of /tmp, /var/tmp and /var/log.
 */
#define NAMES_DIRECTORY   "/run/vpclab/hosts" /* also read by resolvers of the lab */
#define HOSTS_PATH        NAMES_DIRECTORY "/nodes"
#define RESOLVERS_PATH    "/run/vpclab/resolv.conf"
#define MACHINE_DIRECTORY "/run/vpclab/machine"
#define OUTSIDE_DIRECTORY "/run/vpclab/outside" /* what is different for internet hosts */
#define OUTSIDE_HOSTS     OUTSIDE_DIRECTORY "/etc/hosts"
#define PART_DIRECTORY    "/run/vpclab/part" /* and for routers */
#define EMPTY_DIRECTORY   "/run/vpclab/empty"
#define NODE_DIRECTORY    "/run/vpclab/node"
#define LAB_DIRECTORY     "/run/vpclab/node/.lab" /* of what is no host */
#define MARK_DIRECTORY    "/run/vpclab/mark"      /* what a node is, if no host (node.h) */
#define LIST_DIRECTORY    "/run/vpclab/list"      /* what lies where for each node */
#define SHARE_DIRECTORY   "/run/vpclab/share"
#define FILTER_PATH       "/run/vpclab/filter"
#define READ_DIRECTORY    "/run/vpclab/read" /* the directories that services read, read-only */
#define FILES_READ_ONLY   "cloud", "hosts", "names", "service"

/* Call for each directory below / that nodes have files of their own for. */
int files_each_top(int (*fn)(const char *path, void *arg), void *arg);

/* Make the lab's own files. Once, on the sealed machine. */
int files_prepare(struct error *err);

/*
 * Make what one node, or the lab, writes to: own is an empty directory below NODE_DIRECTORY. The
 * overlays are mounted below it. Last it writes files_list(), which tells that all is there. Of a
 * host /run, too, is its own. To be called, like files_open(), where the machine's files are
 * (sandbox_enter_machine).
 */
int files_make(const char *own, enum node_kind kind, struct error *err);

/* The file for a directory below NODE_DIRECTORY; beside them, so that a node that has filled them
 * up keeps no other from starting. The caller frees. */
char *files_list(const char *own);

/* What lies where, as copies of the mounts that are not in any namespace yet. */
struct files {
	struct placed_tree {
		int tree;
		char *target;
	} * placed;
	size_t n;
};

/* Take hold of what files_make() has made, where it has been made; with_run: for a worker, whose
 * /run is the lab's own. */
int files_open(const char *own, bool with_run, struct files *ret_files, struct error *err);

/* Put it in its places in the caller's mount namespace, another one or the same, and free it. */
int files_place(struct files *files, struct error *err);

/* Inside: tell whether programs can write where the machine's files lie. */
bool files_are_writable(void);
