/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include "core/base/text.h"
#include "core/state/plan.h"

/* What the files of script.h share. */
struct writer {
	struct text *text;
	const struct plan *plan;
	const char *section; /* the origin that the heading names, or NULL */
};

/* Add a word for sh, in quotes if it has to be. */
void script_add_word(struct text *text, const char *word);
/* End a line about an object: its origin is a comment, unless the heading says it. */
void script_end_line(struct writer *script, const struct object *object);

/* object.c: the lines for one object other than those of nft. */
/* Is it no part of a script? */
bool script_leaves_out(const struct object *object);
void script_make(struct writer *script,
		 const struct step *step); /* a namespace, link, file or process */
void script_configure(struct writer *script,
		      const struct step *step); /* an address, route or rule: new, or changed */
void script_conntrack(struct writer *script,
		      const struct object *netns); /* the sysctls that need the nft table */
void script_delete(struct writer *script, const struct object *object);

/* nft.c: the nft changes of one namespace, whose steps are in the order of the plan. */
void script_nft(struct writer *script, const char *netns, const struct step *const *step,
		size_t n_step);
