/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The proof that a diff is whole: what a change does to a random lab, looked at only where the
 * change is said to touch it, is the same as looked at everywhere.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/nouns/replay.h"
#include "lab/reach/internal.h"
#include "tests/prove/generate_parts.h"

static void delete_something(const struct model *model, struct lines *change)
{
	const enum noun noun = (enum noun)below(NOUN_COUNT);
	const size_t n = model_count(model, noun);
	const struct resource *resource = n ? model_get(model, noun, below((unsigned)n)) : NULL;

	if (resource && noun != NOUN_SERVICE)
		lines_add(change, "%s delete %s", model_noun_word(model, noun), resource->name);
}

static void change_a_filter(const struct model *model, struct lines *change)
{
	const size_t n_group = model_count(model, NOUN_SECURITY_GROUP),
		     n_acl = model_count(model, NOUN_ACL);
	const struct security_group *group =
		n_group ? model_get(model, NOUN_SECURITY_GROUP, below((unsigned)n_group)) : NULL;
	const struct acl *acl =
		n_acl && chance(30) ? model_get(model, NOUN_ACL, below((unsigned)n_acl)) : NULL;

	if (acl && acl->n_rule) {
		const struct filter_rule *rule = &acl->rule[below((unsigned)acl->n_rule)];

		lines_add(change, "%s remove %s %s %u", model_noun_word(model, NOUN_ACL),
			  acl->resource.name, rule->direction == DIRECTION_IN ? "in" : "out",
			  rule->number);
	} else if (group && group->n_rule && chance(50)) {
		lines_add(change, "security-group revoke %s rule %u", group->resource.name,
			  group->rule[below((unsigned)group->n_rule)].number);
	} else if (group) {
		lines_add(change, "security-group allow %s in %s from %s", group->resource.name,
			  chance(50)   ? "all"
			  : chance(50) ? "tcp 22-443"
				       : "udp 53",
			  chance(50) ? "0.0.0.0/0" : "198.51.100.0/25");
	}
}

struct lines make_change(const struct model *model)
{
	struct lines change = { 0 };
	struct shape any = { .lab = &change, .n_eip = 4 };

	switch (below(3)) {
	case 0:
		delete_something(model, &change);
		break;
	case 1:
		change_a_filter(model, &change);
		break;
	default:
		generate_changes(&any);
	}
	return change;
}

static bool same_rows(const struct reach *a, const struct reach *b)
{
	bool same = a->n_row == b->n_row;

	for (size_t i = 0; same && i < a->n_row; i++) {
		const struct reach_row *x = &a->row[i], *y = &b->row[i];

		same = reach_set_compare(&x->from, &y->from) == 0 &&
		       reach_set_compare(&x->to, &y->to) == 0 &&
		       reach_set_compare(&x->port, &y->port) == 0 && x->protocol == y->protocol &&
		       x->to_itself == y->to_itself && x->cut == y->cut;
		for (size_t m = 0; m < 2; m++)
			same = same && x->outcome[m].kind == y->outcome[m].kind &&
			       x->outcome[m].code == y->outcome[m].code &&
			       x->outcome[m].seen_as == y->outcome[m].seen_as;
	}
	return same;
}

bool prove_change(const struct model *model, const struct lines *change)
{
	struct model *after = model_copy(model);
	struct explain_index *before_index = explain_index_new(model), *after_index;
	struct reach *narrow, *whole;
	struct error refusal = { 0 };
	bool same;

	for (size_t i = 0; i < change->n_line; i++)
		(void)replay_change(after, change->line[i], &refusal);
	after_index = explain_index_new(after);
	narrow = reach_diff(before_index, after_index);
	whole = reach_diff_whole(before_index, after_index);
	same = same_rows(narrow, whole);
	if (!same)
		printf("A change touches more than is said: %zu sets, and %zu\n", narrow->n_row,
		       whole->n_row);
	for (size_t i = 0; !same && i < change->n_line; i++)
		printf("  %s\n", change->line[i]);
	reach_free(narrow);
	reach_free(whole);
	explain_index_free(before_index);
	explain_index_free(after_index);
	model_free(after);
	return same;
}
