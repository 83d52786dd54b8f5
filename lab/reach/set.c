/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>

#include "lab/reach/internal.h"

/* Sets of numbers, as ranges in order. */

static int compare_ranges(const void *a, const void *b)
{
	const struct reach_range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

void reach_set_order(struct reach_set *set)
{
	size_t n = 0;

	if (set->n > 1)
		qsort(set->range, set->n, sizeof(*set->range), compare_ranges);
	for (size_t i = 1; i < set->n; i++) {
		if (set->range[i].first > set->range[n].last + 1)
			set->range[++n] = set->range[i];
		else if (set->range[i].last > set->range[n].last)
			set->range[n].last = set->range[i].last;
	}
	set->n = set->n ? n + 1 : 0;
}

struct reach_set reach_set_of(uint64_t first, uint64_t last)
{
	struct reach_set set = { 0 };

	*ARRAY_PUSH(set.range, set.n) = (struct reach_range){ first, last };
	return set;
}

void reach_set_remove(struct reach_set *set, uint64_t number)
{
	for (size_t i = 0; i < set->n; i++) {
		struct reach_range *range = &set->range[i];
		const struct reach_range behind = { number + 1, range->last };

		if (number < range->first || number > range->last)
			continue;
		range->last = number - 1;
		if (behind.first <= behind.last)
			*ARRAY_PUSH(set->range, set->n) = behind;
		if (set->range[i].first == number)
			set->range[i] = set->range[--set->n];
		reach_set_order(set);
		return;
	}
}

int reach_set_compare(const struct reach_set *a, const struct reach_set *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		if (a->range[i].first != b->range[i].first)
			return a->range[i].first < b->range[i].first ? -1 : 1;
		if (a->range[i].last != b->range[i].last)
			return a->range[i].last < b->range[i].last ? -1 : 1;
	}
	return a->n < b->n ? -1 : a->n > b->n;
}
