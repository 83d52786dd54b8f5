/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/session/session.h"
#include "lab/language/statement.h"
#include "lab/reach/lint.h"

/* Where in the files each resource and each rule was made, and which findings the comments there
 * want to hear nothing of. */
struct place {
	unsigned id;                    /* of the resource */
	const struct filter_rule *rule; /* never followed; NULL: the resource itself */
	unsigned number;                /* of a rule */
	enum direction direction;
	const char *file, *address; /* the second where the file is Terraform's, or NULL */
	unsigned line, column;
	const char *comment; /* beside and above it */
};

struct made_places {
	struct arena arena;
	struct place *place;
	size_t n_place;
	unsigned known; /* ids below are in it */
};

/* A change was made by the line at hand. */
void places_note(struct made_places *places, const struct session *session,
		 const struct statement *statement);
/* Where what the finding is about was made; NULL: not in a file. */
const struct place *places_find(const struct made_places *places,
				const struct lint_finding *finding);
/* lint:ignore ID */
bool place_ignores(const struct place *place, const char *id);
void places_free(struct made_places *places);
