/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/state/wanted.h"

/*
 * The steps from one wanted state to another: first the deletions, in reverse order of kinds, then
 * the changes and additions, in order of kinds. They also work when they are done one by one in
 * this order; that is how a script shows them.
 *
 * What the kernel does by itself is no step: removing what is inside a namespace that goes away,
 * the addresses and routes of a link, the elements of a set. What it removes although it is to stay
 * is added again: the addresses and routes of a link that is replaced.
 */

enum step_action {
	STEP_ADD,
	/* In place: settings of a namespace, a route, a set or chain with its contents, an element,
	 * a file. An address or route that is equal before and after is added if it is gone. */
	STEP_CHANGE,
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
	size_t n_delete;           /* the first n_delete steps are deletions */
	const struct wanted *from; /* may be NULL */
	const struct wanted *to;
};

/* Make the plan. Both states are sorted and must outlive it. `from` may be NULL: nothing is
 * there yet. */
void plan_make(struct plan *plan, const struct wanted *from, const struct wanted *to);
void plan_free(struct plan *plan);

/* Does the step change something that the rest of its nft table refers to? Then the table is
 * replaced as a whole. */
bool step_replaces_nft_table(const struct step *step);

/* A table that stays is changed in these passes: what is referred to has to be there. */
enum nft_pass {
	NFT_ADD_SETS,
	NFT_ADD_CHAINS,
	NFT_DELETE_ELEMENTS,
	NFT_FLUSH_CHAINS,
	NFT_ADD_RULES,
	NFT_ADD_ELEMENTS,
	NFT_DELETE_SETS, /* before the chains that a map leads to */
	NFT_DELETE_CHAINS,
	NFT_PASSES
};
/* Does the step do something in that pass? */
bool step_is_in_pass(const struct step *step, enum nft_pass pass);

/* Return the object of a step: `after`, or `before` for a deletion. */
static inline const struct object *step_object(const struct step *step)
{
	return step->after ? step->after : step->before;
}
