/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/internal.h"
#include "lab/model/model.h"

/* Resources of two models, of which the one may be a copy of the other, or not. */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_link(const struct resource *a, const struct resource *b)
{
	return a == b || (a && b && a->noun == b->noun && strcmp(a->name, b->name) == 0);
}

static bool same_rule(const struct filter_rule *a, const struct filter_rule *b)
{
	return a->number == b->number && a->direction == b->direction && a->policy == b->policy &&
	       a->protocol == b->protocol && a->port_first == b->port_first &&
	       a->port_last == b->port_last && prefix_equal(a->peer, b->peer) &&
	       a->priority == b->priority &&
	       same_link((const struct resource *)a->peer_group,
			 (const struct resource *)b->peer_group) &&
	       same_link((const struct resource *)a->peer_list,
			 (const struct resource *)b->peer_list);
}

static bool same_part(const struct part *part, const struct resource *a, const struct resource *b)
{
	const void *x = *(void *const *)(const void *)((const char *)a + part->offset),
		   *y = *(void *const *)(const void *)((const char *)b + part->offset);
	const size_t n = part_count(part, a);
	bool same = n == part_count(part, b);

	switch (part->kind) {
	case PART_LINK:
		return same_link(x, y);
	case PART_LINKS:
		for (size_t i = 0; same && i < n; i++)
			same = same_link(((struct resource *const *)x)[i],
					 ((struct resource *const *)y)[i]);
		return same;
	case PART_RULES:
		for (size_t i = 0; same && i < n; i++)
			same = same_rule((const struct filter_rule *)x + i,
					 (const struct filter_rule *)y + i);
		return same;
	case PART_PREFIXES:
		for (size_t i = 0; same && i < n; i++)
			same = prefix_equal(((const struct prefix *)x)[i],
					    ((const struct prefix *)y)[i]);
		return same;
	case PART_TEXT:
		return same_text(x, y);
	case PART_TEXTS:
	case PART_VECTOR:
		for (size_t i = 0; same && i < n; i++)
			same = same_text(((char *const *)x)[i], ((char *const *)y)[i]);
		return same;
	case PART_END:
		break;
	}
	return same;
}

/* But for what is a part, or the head. */
static bool same_bytes(const struct resource *a, const struct resource *b)
{
	const struct noun_type *type = &noun_types[a->noun];
	size_t at = sizeof(struct resource), next;

	do {
		next = type->size;
		for (const struct part *part = type->part; part->kind; part++)
			if (part->offset >= at && part->offset < next)
				next = part->offset;
		if (memcmp((const char *)a + at, (const char *)b + at, next - at) != 0)
			return false;
		at = next + sizeof(void *);
	} while (next < type->size);
	return true;
}

bool resource_same(const struct resource *a, const struct resource *b)
{
	if (a->noun != b->noun || !same_bytes(a, b))
		return false;
	for (const struct part *part = noun_types[a->noun].part; part->kind; part++)
		if (!same_part(part, a, b))
			return false;
	return a->noun != NOUN_ECS || resource_same(&((const struct ecs *)a)->eni[0]->resource,
						    &((const struct ecs *)b)->eni[0]->resource);
}
