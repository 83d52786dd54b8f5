#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/wanted.h"

/*
 * The sysctls of a node. Below /proc/sys/net everybody sees his own network namespace, so all of this is to be called by
 * a thread that is inside.
 */

/*
 * What is known about namespaces as they are born. They are all alike, so a sysctl that had the right value in the first
 * one is not touched in the others: the more namespaces there are, the longer it takes to open one. Shared by threads.
 */
#define SYSCTLS_MAX 16
struct sysctl_inherited {
	_Atomic uint8_t known[SYSCTLS_MAX];
};

/* Forwarding and the like, by role. inherited: NULL for a namespace that is not new. */
int sysctl_apply_role(enum netns_role role, struct sysctl_inherited *inherited, struct error *err);

/*
 * Connection tracking time-outs. They are there only where connection tracking is: *ret_missing says that one was wanted
 * that is not there (yet).
 */
int sysctl_apply_conntrack(const struct netns_object *netns, bool *ret_missing, struct error *err);
