/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/terraform/document.h"

/* What a resource refers to. */
struct tf_link {
	struct tf_resource *to;
	const char *attribute; /* the one that is referred to ("id", "route_table_id"), or NULL */
};

struct tf_links {
	struct tf_link *link;
	size_t n_link;
	bool guessed; /* the file leaves it open which of several, or it is the only one there is */
};

/*
 * Find what an argument refers to, of these types (a NULL-terminated list). value: what is known of
 * it, a string or a list of them, with null for what the apply will decide. expression: the same
 * argument in the configuration, or NULL. A value that is known is looked up; what is not is
 * followed through the references of the plan: other resources, each.value, count.index, the
 * variables and outputs of modules.
 */
void tf_find_links(const struct tf_document *document, const struct tf_resource *from,
		   const json_t *value, const json_t *expression, const char *const *types,
		   struct tf_links *ret_links);
/* The same for a top-level argument of the resource. */
void tf_find_argument(const struct tf_document *document, const struct tf_resource *from,
		      const char *argument, const char *const *types, struct tf_links *ret_links);
void tf_links_free(struct tf_links *links);
bool tf_is_of(const struct tf_resource *resource, const char *const *types);
