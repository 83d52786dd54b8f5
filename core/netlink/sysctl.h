/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/state/wanted.h"

/*
 * The sysctls of a node. Below /proc/sys/net everybody sees his own network namespace, so all of
 * this is to be called by a thread that is inside.
 */

/*
 * What is known about namespaces as they are born. They are all alike, so a sysctl that had the
 * right value in the first one is not touched in the others: the more namespaces there are, the
 * longer it takes to open one. Shared by threads.
 */
#define SYSCTLS_MAX 16
struct sysctl_inherited {
	_Atomic uint8_t known[SYSCTLS_MAX];
};

/* Forwarding and the like, by role. inherited: NULL for a namespace that is not new. */
int sysctl_apply_role(enum netns_role role, struct sysctl_inherited *inherited, struct error *err);

/*
 * Connection tracking time-outs. They are there only where connection tracking is: *ret_missing
 * says that one was wanted that is not there (yet).
 */
int sysctl_apply_conntrack(const struct netns_object *netns, bool *ret_missing, struct error *err);

/* One of those that a namespace is to have. */
struct sysctl_wanted {
	char name[64]; /* as sysctl(8) has it, "net.ipv4.ip_forward" */
	char value[12];
	bool conntrack;      /* of connection tracking, see above */
	bool may_be_missing; /* where the kernel has no such thing */
	bool at_first;       /* in a new namespace; no difference later on */
};

/* All of them: for (size_t i = 0; sysctl_wanted(netns, i, &wanted); i++). Touches no kernel. */
bool sysctl_wanted(const struct netns_object *netns, size_t i, struct sysctl_wanted *ret_wanted);

/* Whether it has that value; if not, what it has: "" where it is missing. */
#define SYSCTL_VALUE_SIZE 32
bool sysctl_is_right(const struct sysctl_wanted *wanted, char ret_value[static SYSCTL_VALUE_SIZE]);
