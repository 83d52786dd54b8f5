/* SPDX-License-Identifier: GPL-3.0-only */
#include <string.h>

#include "lab/explain/session.h"
#include "lab/reach/internal.h"

/* What a change is to the packets that it makes a difference to. */

bool reach_row_is(const struct reach_row *row, enum change_kind kind)
{
	const struct outcome *before = &row->outcome[0], *after = &row->outcome[1];
	const bool was = outcome_gets_through(before), is = outcome_gets_through(after);

	switch (kind) {
	case CHANGE_OPENED:
		return !was && is;
	case CHANGE_CLOSED:
		return was && !is;
	case CHANGE_RETRANSLATED:
		return was && is;
	case CHANGE_CUT:
		return row->cut;
	case CHANGE_KINDS:
		break;
	}
	return false;
}

/* ---- open connections ---- */

/* The next hop, from *at on, that keeps track of connections with a translation. */
static const struct hop *next_translation(const struct hops *hops, size_t *at)
{
	while (*at < hops->n_hop)
		if (hops->hop[(*at)++].translated)
			return &hops->hop[*at - 1];
	return NULL;
}

/* Is what was open before carried on by the same nodes, under rules that still have it? What looks
 * at each packet by itself, routes and ACLs, has to let it through as if it were new; what keeps
 * track says so itself. */
static bool is_cut(const struct explain_index *const index[2], const struct explanation x[2])
{
	const struct hop *then, *now;
	size_t at[2] = { 0, 0 };

	for (size_t i = 0; i < x[0].forward.n_hop; i++) {
		const struct hop *hop = &x[0].forward.hop[i];
		const struct open_connection connection = { hop->in, hop->out };

		if (!hop->end && explain_change_ends(index[0], index[1], hop->node, &connection))
			return true;
	}
	if (x[1].code == CODE_SG_INGRESS || x[1].code == CODE_SG_EGRESS ||
	    x[1].code == CODE_NO_SNAT_ENTRY || x[1].code == CODE_NO_DNAT_ENTRY ||
	    x[1].code == CODE_NOT_LISTENING || x[1].code == CODE_LIMIT)
		return false;
	if (x[1].code)
		return true;
	do {
		then = next_translation(&x[0].forward, &at[0]);
		now = next_translation(&x[1].forward, &at[1]);
		if (!then != !now || (then && strcmp(then->node, now->node) != 0))
			return true;
	} while (then);
	return false;
}

void change_find_cuts(struct reach *reach)
{
	const struct explain_index *const index[2] = { reach->index[0], reach->index[1] };

	for (size_t i = 0; reach->n_model == 2 && i < reach->n_row; i++) {
		struct reach_row *row = &reach->row[i];
		struct explanation x[2];

		row->cut = row->outcome[1].kind == OUTCOME_ABSENT;
		if (!outcome_gets_through(&row->outcome[0]) ||
		    row->outcome[0].kind == OUTCOME_NOT_LISTENING)
			row->cut = false;
		else if (!row->cut) {
			for (size_t m = 0; m < 2; m++)
				reach_explain(reach, row, m, &x[m]);
			row->cut = is_cut(index, x);
			for (size_t m = 0; m < 2; m++)
				explanation_free(&x[m]);
		}
	}
}
