/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/memory.h"
#include "lab/model/model.h"

/*
 * The rules of a set of security groups, merged, in the order in which they are asked: by priority,
 * drop before accept (cloud-semantics: sg-5). The compiler makes chains of them, explain walks
 * them, trace names them: one order for all.
 */
struct group_rule {
	const struct security_group *group;
	const struct filter_rule *rule;
};

struct group_chain {
	struct security_group *const *group; /* of an ENI */
	size_t n_group;
	struct group_rule *rule[2]; /* by direction */
	size_t n_rule[2];
};

void group_chain_fill(struct group_chain *chain); /* from the groups in it */
void group_chain_free(struct group_chain *chain);

/* May the members of the group send to each other, whatever the rules say?
 * cloud-semantics: sg-3, sg-4 */
bool group_admits_members(const struct security_group *group);
/* Is allowed what none of the rules decided? cloud-semantics: sg-2, aws-11 */
bool group_allows_rest(const struct security_group *group, enum direction direction);
