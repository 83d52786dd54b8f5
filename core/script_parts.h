#pragma once

#include <stddef.h>

#include "core/script.h"

/* Between script.c and script_nft.c only. */
struct script {
	struct text *text;
	const struct plan *plan;
	const char *section; /* the origin that the heading names; NULL: there is none */
};

/* The end of a line about that object: its origin as a comment, unless the heading says it. */
void script_end_line(struct script *script, const struct object *object);

/* script_nft.c: the nft changes of one namespace; its steps in the order of the plan. */
void script_nft(struct script *script, const char *netns, const struct step *const *step, size_t n_step);
