/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/reach/intent.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/nouns/replay.h"

#define ROUNDS_MAX 8

struct reach *intent_offenders(const struct model *model, const struct explain_index *index,
			       const struct intent *intent)
{
	struct reach *reach = reach_except(model, index, &intent->flows, &intent->except);
	size_t n = 0;

	for (size_t i = 0; i < reach->n_row; i++) {
		struct reach_row row = reach->row[i];
		const bool sure = row.outcome[0].kind != OUTCOME_SOMETIMES;
		const bool through = outcome_gets_through(&row.outcome[0]);

		/* The others stay behind the end, where they are freed. */
		if (through == intent->always && sure)
			continue;
		reach->row[i] = reach->row[n];
		reach->row[n++] = row;
	}
	reach->n_offender = n;
	return reach;
}

/* ---- the least change that keeps it ---- */

/* The command that takes away what decided so, or puts something before it; nothing: there is none.
 */
static void add_way(struct text *text, const struct model *model, const struct decision *decision,
		    const struct packet *packet)
{
	char address[ADDRESS_TEXT_SIZE];
	const char *name = decision->resource ? decision->resource->name : NULL;

	switch ((int)decision->kind) {
	case DECISION_GROUP_RULE:
		text_addf(text, "%s revoke %s rule %u", model_noun_word(model, NOUN_SECURITY_GROUP),
			  name, decision->rule->number);
		break;
	case DECISION_GROUP_MEMBERS:
		if (packet->destination_port)
			text_addf(text, "security-group drop %s in %s %u from %s priority 1", name,
				  protocol_word(packet->protocol), packet->destination_port, name);
		break;
	case DECISION_ACL_RULE:
		if (decision->rule)
			text_addf(text, "%s remove %s %s %u", model_noun_word(model, NOUN_ACL),
				  name, decision->direction == DIRECTION_IN ? "in" : "out",
				  decision->rule->number);
		break;
	case DECISION_GROUP_REST:
		if (model->provider != PROVIDER_ALIBABA)
			break;
		text_addf(text, "security-group drop %s %s %s", name,
			  decision->direction == DIRECTION_IN ? "in" : "out",
			  protocol_word(packet->protocol));
		if (packet->destination_port)
			text_addf(text, " %u", packet->destination_port);
		text_addf(text, " to %s/32", address_format(packet->destination, address));
		break;
	case DECISION_ROUTE:
	case DECISION_DNAT:
	case DECISION_ANY_PORT_SNAT:
	case DECISION_SNAT:
		text_addf(text, "%s delete %s", model_noun_word(model, decision->resource->noun),
			  name);
		break;
	default:
		break;
	}
}

bool intent_way_to_block(const struct model *model, const struct explanation *x, size_t i,
			 struct text *ret_command)
{
	for (size_t h = 0; h < x->forward.n_hop; h++) {
		const struct hop *hop = &x->forward.hop[h];

		for (size_t d = 0; d < hop->n_decision; d++) {
			text_clear(ret_command);
			add_way(ret_command, model, &hop->decision[d], &hop->in);
			if (ret_command->length && i-- == 0)
				return true;
		}
	}
	return false;
}

/* How much else a changed model closes: sets of flows. */
static size_t damage(const struct model *before, const struct model *after)
{
	struct explain_index *then = explain_index_new(before), *now = explain_index_new(after);
	struct reach *reach = reach_diff(then, now);
	size_t n = 0;

	for (size_t i = 0; i < reach->n_row; i++)
		n += reach_row_is(&reach->row[i], CHANGE_CLOSED) ||
		     reach_row_is(&reach->row[i], CHANGE_RETRANSLATED);
	reach_free(reach);
	explain_index_free(then);
	explain_index_free(now);
	return n;
}

/* The first offence of the model, if there is one; *ret_x: how it gets through. */
static bool first_offence(const struct model *model, const struct intent *intent,
			  struct explanation *ret_x)
{
	struct reach *reach = intent_offenders(model, NULL, intent);
	const bool any = reach->n_offender > 0;

	if (any)
		reach_explain(reach, &reach->row[0], 0, ret_x);
	reach_free(reach);
	return any;
}

bool intent_cure(const struct model *model, const struct intent *intent, char **ret_commands)
{
	struct model *now = model_copy(model);
	struct text commands = { 0 };
	struct explanation x;
	bool stuck = false;

	for (int round = 0; !stuck && first_offence(now, intent, &x); round++) {
		struct model *best = NULL;
		auto_text command = { 0 }, best_command = { 0 };
		size_t least = SIZE_MAX;

		for (size_t i = 0; intent_way_to_block(now, &x, i, &command); i++) {
			struct model *then = model_copy(now);
			struct error refusal = { 0 };
			struct explanation still;
			size_t harm = SIZE_MAX;

			if (replay_change(then, text_get(&command), &refusal) >= 0) {
				explain_once(then, &x.flow, &still);
				harm = still.reachable || still.code == CODE_NOT_LISTENING
					       ? SIZE_MAX
					       : damage(model, then);
				explanation_free(&still);
			}
			if (harm < least) {
				least = harm;
				model_free(best);
				best = then;
				text_clear(&best_command);
				text_add(&best_command, text_get(&command));
			} else {
				model_free(then);
			}
		}
		explanation_free(&x);
		stuck = !best || round == ROUNDS_MAX;
		if (best) {
			model_free(now);
			now = best;
			text_addf(&commands, "%s\n", text_get(&best_command));
		}
	}
	model_free(now);
	*ret_commands = text_take(&commands);
	return !stuck;
}
