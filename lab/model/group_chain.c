/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/group_chain.h"

#include <stdlib.h>

static int rule_order(const void *a, const void *b)
{
	const struct group_rule *x = a, *y = b;

	if (x->rule->priority != y->rule->priority)
		return x->rule->priority < y->rule->priority ? -1 : 1;
	if (x->rule->policy != y->rule->policy)
		return x->rule->policy == POLICY_DROP ? -1 : 1;
	return x->rule->number < y->rule->number
		       ? -1
		       : x->rule->number > y->rule->number; /* equal in effect */
}

void group_chain_fill(struct group_chain *chain)
{
	for (size_t i = 0; i < chain->n_group; i++) {
		for (size_t j = 0; j < chain->group[i]->n_rule; j++) {
			const struct filter_rule *rule = &chain->group[i]->rule[j];

			*ARRAY_PUSH(chain->rule[rule->direction], chain->n_rule[rule->direction]) =
				(struct group_rule){ .group = chain->group[i], .rule = rule };
		}
	}
	for (int direction = 0; direction < 2; direction++)
		if (chain->n_rule[direction])
			qsort(chain->rule[direction], chain->n_rule[direction],
			      sizeof(struct group_rule), rule_order);
}

void group_chain_free(struct group_chain *chain)
{
	free(chain->rule[0]);
	free(chain->rule[1]);
}

bool group_admits_members(const struct security_group *group)
{
	return group->type == GROUP_BASIC && !group->isolated;
}

bool group_allows_rest(const struct security_group *group, enum direction direction)
{
	return direction == DIRECTION_OUT && group->type == GROUP_BASIC;
}
