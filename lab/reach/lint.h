/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/memory.h"
#include "lab/reach/reach.h"

/*
 * What is wrong, dead or doubtful in a configuration, from the model alone. Nothing is said that a
 * flow or the want of one does not show.
 */
enum finding_id {
	LINT_RULE_SHADOWED,  /* an earlier rule decides everything that it would */
	LINT_RULE_REDUNDANT, /* a later rule would decide the same */
	LINT_UNUSED,         /* an object that nothing uses */
	LINT_ENTRY_UNUSED,   /* an SNAT or DNAT entry that no packet comes by */
	LINT_TWO_WAYS_OUT,   /* the same, because its hosts have public addresses */
	LINT_DNAT_NOWHERE,   /* it leads to an address that no host has */
	LINT_DNAT_SHUT,      /* the group of its host lets nothing of it in */
	LINT_ANSWER_LOST,    /* requests arrive, and their answers do not come back */
	LINT_ADMIN_OPEN,     /* a port of administration, for all of the internet */
	LINT_ACL_EPHEMERAL,  /* an ACL drops answers, whose ports it forgets */
	LINT_ROUTE_NOWHERE,  /* its next hop is gone, or attached to nothing */
	LINT_IDS
};
extern const struct word finding_words[]; /* "rule-shadowed" */

struct lint_finding {
	enum finding_id id;
	bool doubtful; /* a note, no warning */
	bool outward;  /* of an ACL: it is about what goes out */
	const struct resource *object;
	const struct filter_rule *rule; /* of it; NULL: it is about the object */
	const char *message;            /* a sentence without a full stop */
	struct flow witness;            /* from "": there is none */
	const char *cure;               /* commands, a line each; NULL: none is known */
};

struct lint {
	struct arena arena;
	struct lint_finding *finding;
	size_t n_finding;
	bool given_up; /* too many cells: what takes all of them was not looked for */
};

/* index: as of reach_new(). All must stay as they are until lint_free(). */
void lint_run(const struct model *model, const struct explain_index *index, struct lint *ret_lint);
void lint_free(struct lint *lint);
