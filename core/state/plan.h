/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/state/wanted.h"

/*
 * The steps from one wanted state to another: first the deletions, in reverse order of kinds, then
 * the changes and additions, in order of kinds. Done one by one in this order they work, too; that
 * is how a script shows them.
 *
 * What the kernel does by itself is no step: what is inside a namespace that goes away, the
 * addresses and routes of a link that does, the elements of a set that does. What it takes along
 * although it is to stay is added again: the addresses and routes on a link that is replaced.
 */

enum step_action {
	STEP_ADD,
	STEP_CHANGE, /* in place: settings of a namespace, a route, a set or a chain with what hangs
			on it, an element, a file. For an address or route that is equal before and
			after: make sure that it is still there */
	STEP_DELETE
};

struct step {
	enum step_action action;
	const struct object *before; /* NULL for STEP_ADD; borrowed from `from` */
	const struct object *after;  /* NULL for STEP_DELETE; borrowed from `to` */
};

struct plan {
	struct step *step;
	size_t n_step;
	size_t n_delete;           /* so many of them, the first ones, are deletions */
	const struct wanted *from; /* may be NULL */
	const struct wanted *to;
};

/* Both sorted; both must outlive the plan. `from` may be NULL: nothing is there yet. */
void plan_make(struct plan *plan, const struct wanted *from, const struct wanted *to);
void plan_free(struct plan *plan);

/* Does it change what cannot be changed while the rest of its nft table refers to it? Then the
 * table is replaced as a whole. */
bool step_replaces_nft_table(const struct step *step);

/* What a step is about: after, or before for a deletion. */
static inline const struct object *step_object(const struct step *step)
{
	return step->after ? step->after : step->before;
}
