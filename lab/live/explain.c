/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/explain.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/live/usage.h"
#include "lab/nouns/replay.h"

enum { ROUNDS_MAX = 8 };

static void explain_with(const struct model *model, const struct usage *usage,
			 const struct flow *flow, struct explanation *ret_explanation)
{
	struct explain_index *index = explain_index_new(model);

	explain_index_set_usage(index, usage);
	explain(index, flow, ret_explanation);
	explain_index_free(index);
}

void explain_in_lab(const struct lab *lab, const struct flow *flow,
		    struct explanation *ret_explanation)
{
	struct usage usage;

	usage_read(lab, &usage);
	explain_with(lab->model, &usage, flow, ret_explanation);
	usage_free(&usage);
}

/* ---- the proof of a remedy ---- */

/* Done in the guest, where no model looks: taken for what it says. */
static bool is_for_a_node(const struct model *model, const char *command)
{
	auto_free char *word = xstrndup(command, strcspn(command, " "));

	return model_is_node(model, word);
}

/* The remedy's commands from *tried on. False: one of them is refused, and it and the rest are left
 * out. */
static bool try_remedy(struct model *model, struct explanation *x, size_t *tried, bool *guest)
{
	struct error refusal = { 0 };

	for (; *tried < x->n_remedy; (*tried)++) {
		if (is_for_a_node(model, x->remedy[*tried])) {
			*guest = true;
		} else if (replay_change(model, x->remedy[*tried], &refusal) < 0) {
			x->n_remedy = *tried;
			return false;
		}
	}
	return true;
}

static void add_remedy(struct explanation *x, const struct explanation *more)
{
	for (size_t i = 0; i < more->n_remedy && x->n_remedy < EXPLAIN_REMEDIES_MAX; i++)
		x->remedy[x->n_remedy++] = arena_strdup(&x->arena, more->remedy[i]);
}

/* Take the copy. */
static void prove_remedy(struct model *copy, const struct usage *usage, struct explanation *x)
{
	struct explanation *next = xnew(struct explanation);
	bool guest = false, accepted = true, through = false;
	size_t tried = 0;

	for (int round = 0; round < ROUNDS_MAX && accepted && !through; round++) {
		add_remedy(x, next);
		explanation_free(next);
		accepted = try_remedy(copy, x, &tried, &guest);
		explain_with(copy, usage, &x->flow, next);
		through = next->reachable || guest;
		if (!next->n_remedy)
			break;
	}
	x->still = next;
	x->still_model = copy;
	if (through)
		explanation_forget_still(x);
}

void explain_with_remedy(const struct lab *lab, const struct flow *flow,
			 struct explanation *ret_explanation)
{
	struct model *copy;
	struct usage usage;

	usage_read(lab, &usage);
	explain_with(lab->model, &usage, flow, ret_explanation);
	copy = ret_explanation->n_remedy ? model_copy(lab->model) : NULL;
	if (copy)
		prove_remedy(copy, &usage, ret_explanation);
	usage_free(&usage);
}
