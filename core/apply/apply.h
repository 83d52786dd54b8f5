/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/state/plan.h"

enum apply_mode {
	APPLY_EXACT, /* what is there is what plan->from says: to find a thing there that is to be
			added is an error */
	APPLY_TOLERANT, /* what is there lies somewhere between from and to (a crash, a failed
			   step): things that exist already are fine, and every touched nft table is
			   replaced whole */
};

/*
 * Carries out a plan. Runs inside the sandbox (sandbox_call). Network namespaces are made by two
 * threads, everything of one namespace goes to the kernel in one message batch per netlink family,
 * nftables changes of one namespace are one transaction. On failure it stops and says what, on
 * which object and why (the kernel's own sentence); the caller then applies the way back in
 * APPLY_TOLERANT mode.
 *
 * To delete what is gone already is success in both modes (but for what is in an nft table, where
 * it makes the whole transaction fail).
 */
int apply_plan(const struct plan *plan, enum apply_mode mode, struct error *err);

/* The whole nft table of a namespace as it is wanted, into a batch. */
struct nft_batch;
void apply_nft_table(struct nft_batch *batch, const struct wanted *wanted, const char *netns);
