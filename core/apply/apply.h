/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/state/plan.h"

enum apply_mode {
	/* The kernel holds what plan->from says: a thing to be added that exists is an error. */
	APPLY_EXACT,
	/* After a crash or a failed step the kernel holds something between from and to: things
	 * that exist already are fine, and every touched nft table is replaced as a whole. */
	APPLY_TOLERANT,
};

/*
 * Carry out a plan, inside the sandbox (sandbox_call). Two threads make the network namespaces;
 * everything of one namespace goes to the kernel in one message batch for each netlink family, and
 * its nftables changes are one transaction. On failure it stops and says what, on which object and
 * why (the kernel's own sentence); the caller then applies the way back in APPLY_TOLERANT mode.
 *
 * Deleting what is gone already is success in both modes, except in an nft table, where it makes
 * the whole transaction fail.
 */
int apply_plan(const struct plan *plan, enum apply_mode mode, struct error *err);

/* Put the whole nft table of a namespace, as it is wanted, into a batch. */
struct nft_batch;
void apply_nft_table(struct nft_batch *batch, const struct wanted *wanted, const char *netns);
