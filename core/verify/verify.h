/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/state/wanted.h"

/*
 * The kernel against what is wanted: everything is read back, namespace by namespace, and what
 * differs is named. What was changed by hand is a fault in routers; hosts are their user's, and
 * there it is named for information only: what was added stays, what is missing --repair puts back.
 *
 * What nftables holds is compared with what this same kernel makes of the wanted table, loaded in a
 * namespace of its own: two ways to write one rule are no difference, and no difference is missed.
 */
enum finding_kind { FINDING_MISSING, FINDING_DIFFERENT, FINDING_EXTRA };

struct finding {
	enum finding_kind kind;
	const char *netns;  /* "" for files */
	const char *origin; /* what it is a part of, see struct object; "" if unknown */
	const char *object; /* "route 10.0.0.0/8 of table 100 in VPC1" */
	const char *detail; /* what is there instead, or what has gone with it; "" */
	bool mended;
	bool by_hand; /* in a host: no fault */
};

struct findings {
	struct arena arena;
	struct finding *finding;
	size_t n_finding;
};

/*
 * Look, inside the sandbox (sandbox_call), while nobody builds. With repair, put it right and look
 * again: what is found no more is mended. An error says that it could not snapshot, or not put
 * right.
 */
int verify(const struct wanted *wanted, bool repair, struct findings *ret_findings,
	   struct error *err);
void findings_free(struct findings *findings);

/* Pass findings from one process to another, through a file. */
int findings_write(const struct findings *findings, int fd, struct error *err);
int findings_read(struct findings *ret_findings, int fd, struct error *err);
