/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/state/wanted.h"

/*
 * The sysctls of a node. Below /proc/sys/net everybody sees his own network namespace, so what
 * touches the kernel here is to be called by a thread that is inside.
 *
 * Entries of all namespaces that were ever looked up there hang on one hash chain, so the
 * thousandth namespace pays for the 999 before it. Therefore nothing is looked up in a host:
 * namespaces are born alike, so that one look at the first is enough to build the others, and to
 * verify them rtnetlink tells the same values.
 */
struct sysctl {
	const char *name; /* as sysctl(8) has it, "net.ipv4.ip_forward" */
	unsigned value;   /* that it is to have */
	bool conntrack;   /* a time-out of connection tracking; there only where that is */
	bool optional;    /* not every kernel has it */
	bool at_first;    /* in a new namespace; what becomes of it is up to whoever works there */
	uint16_t netconf; /* the attribute by which rtnetlink tells it; 0: none */
	int index;        /* NETCONFA_IFINDEX_ALL or _DEFAULT */
};

/* List those that a namespace is to have; return how many they are. Touches no kernel. */
#define SYSCTLS_MAX 24
size_t sysctls_wanted(const struct netns_object *netns, struct sysctl ret_list[static SYSCTLS_MAX]);

/* What is known about namespaces as they are born. Zero-initialised; shared by threads. */
struct sysctl_inherited {
	_Atomic uint8_t known[NETNS_ROUTER + 1][SYSCTLS_MAX];
};

/* Set forwarding and the like, by role. inherited: NULL for a namespace that is not new. */
int sysctl_apply_role(const struct netns_object *netns, struct sysctl_inherited *inherited,
		      struct error *err);

/* Set the time-outs. *ret_missing: one was wanted that is not there (yet). */
int sysctl_apply_conntrack(const struct netns_object *netns, bool *ret_missing, struct error *err);

/* Read one, by a socket of rtnetlink that was opened inside. Return -ENOENT, without an error, for
 * what may be missing and is. */
int sysctl_read(const struct sysctl *sysctl, int rtnl, unsigned *ret_value, struct error *err);
