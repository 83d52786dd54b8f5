/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/session/places.h"
#include "cli/view/output.h"
#include "cli/view/remarks.h"
#include "core/base/text.h"
#include "lab/reach/lint.h"

/* What lint finds, at its places, and to whom it goes. */
struct lint_report {
	const struct made_places *places; /* NULL: the lines are not at hand */
	const char *path;                 /* of the lab's file, for what has no place */
	struct output *output;            /* an array that is open; NULL: no data is asked for */
	struct text *text;
	struct remarks *remarks; /* NULL: nobody asks */
};

/* Return the exit status: 1 where there is a warning, or where not all was looked at. */
int lint_report(const struct lint_report *report, const struct lint *lint);
