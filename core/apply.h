#pragma once

#include <stdbool.h>

#include "core/error.h"
#include "core/plan.h"

enum apply_mode {
	APPLY_EXACT,    /* what is there is what plan->from says; any surprise is an error */
	APPLY_TOLERANT, /* what is there lies somewhere between from and to (a crash, a failed step): things that exist
			   already or are gone already are fine, and every touched nft table is replaced whole */
};

/*
 * Carries out a plan. Runs inside the world (world_call). Network namespaces are made by two threads, everything of one
 * namespace goes to the kernel in one message batch per netlink family, nftables changes of one namespace are one
 * transaction. On failure it stops and says what, on which object and why (the kernel's own sentence); the caller
 * then applies the way back in APPLY_TOLERANT mode.
 */
int apply_plan(const struct plan *plan, enum apply_mode mode, struct error *err);
