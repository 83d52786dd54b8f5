/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What a compiled lab holds, for tests of the compiler. */
#include <string.h>

#include "core/state/wanted.h"

/* The route to that prefix, by that link (NULL: by none, a blackhole); NULL: there is none. */
static const struct object *find_route(const struct wanted *wanted, const char *netns,
				       const char *to, const char *link)
{
	char text[PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < wanted->n_object; i++) {
		const struct object *o = &wanted->object[i];

		if (o->kind == OBJECT_ROUTE && strcmp(o->netns, netns) == 0 &&
		    strcmp(prefix_format(o->route.to, text), to) == 0 &&
		    ((!link && !o->route.link) ||
		     (link && o->route.link && strcmp(o->route.link, link) == 0)))
			return o;
	}
	return NULL;
}
