#pragma once

#include "core/wanted.h"

/* The steps from one wanted state to another. */

enum step_action { STEP_ADD, STEP_CHANGE, STEP_DELETE };

struct step {
	enum step_action action;
	const struct object *before; /* NULL for STEP_ADD; borrowed from `from` */
	const struct object *after;  /* NULL for STEP_DELETE; borrowed from `to` */
};

struct plan {
	struct step *step; /* deletions and changes first in reverse order of kinds, then additions in order of kinds */
	size_t n_step;
	const struct wanted *from;
	const struct wanted *to;
};

/* Both sorted; both must outlive the plan. `from` may be NULL: nothing is there yet. */
void plan_make(struct plan *plan, const struct wanted *from, const struct wanted *to);
void plan_free(struct plan *plan);
