/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/terraform/table.h"

/* What a resource refers to. */
struct tf_links {
	struct tf_resource **link;
	size_t n_link;
	unsigned n_lost; /* known ids and references that lead to none of the file */
	bool elsewhere;  /* references lead to resources of other types, and end there */
	bool guessed; /* the file leaves it open which of several, or it is the only one there is */
};

/*
 * Find what an argument refers to, one of `to` (up to a type NULL). value: what is known of
 * it, a string or a list of them, with null for what the apply will decide. expression: the same
 * argument in the configuration, or NULL. A value that is known is looked up; what is not is
 * followed through the references of the plan: other resources, each.value, count.index, the
 * variables and outputs of modules.
 */
void tf_find_links(struct tf_document *document, struct tf_resource *from, const json_t *value,
		   const json_t *expression, const struct tf_target *to,
		   struct tf_links *ret_links);
void tf_links_free(struct tf_links *links);
/* Which of them it is; NULL: none. */
const struct tf_target *tf_target_of(const struct tf_target *to,
				     const struct tf_resource *resource);
