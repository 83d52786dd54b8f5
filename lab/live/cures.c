/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/cures.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/live/explain.h"
#include "lab/nouns/replay.h"
#include "lab/reach/reach.h"

enum {
	ROUNDS_MAX = 12,     /* causes, one behind the other */
	QUESTIONS_MAX = 200, /* so many lists of commands are tried in all */
};

struct rank {
	bool closes;
	double opened;
	size_t n_command;
};

struct cure_search {
	struct explainer explainer;
	bool open_is_enough;
	struct explanation *x; /* as it is now; its arena has the texts */
	struct cure found[CURES_MAX];
	struct rank rank[CURES_MAX];
	size_t n_found, n_question;
	struct cure longest; /* of those that lead nowhere */
};

/* ---- a change, carried out on a copy ---- */

struct trial {
	struct model *model;
	struct explain_index *index;
	bool in_doubt; /* nobody can foretell what a command of a host's comes to */
};

static void trial_end(struct trial *trial)
{
	explain_index_free(trial->index);
	model_free(trial->model);
}

/* The host that a command is for; NULL: it is the cloud's. *ret_argv: what runs there, in *copy. */
static const struct resource *split(const struct model *model, char *copy, char *argv[static 16])
{
	size_t n = 0;

	for (char *word; n < 15 && (word = strsep(&copy, " "));)
		argv[n++] = word;
	argv[n] = NULL;
	return model_find_noun(model, NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST), argv[0]);
}

/* Take the commands that a rule refuses out of the cure. */
static void try(const struct cure_search *search, struct cure *cure, struct trial *ret_trial)
{
	const struct model *model = search->explainer.lab->model;
	struct trial trial = { .model = model_copy(model) };
	struct error refusal = { 0 };
	char *argv[16];
	size_t n = 0;

	for (size_t i = 0; i < cure->n_command; i++) {
		auto_free char *copy = xstrdup(cure->command[i]);

		if (split(trial.model, copy, argv) ||
		    replay_change(trial.model, cure->command[i], &refusal) >= 0)
			cure->command[n++] = cure->command[i];
	}
	cure->n_command = n;
	trial.index = explainer_index(&search->explainer, trial.model);
	for (size_t i = 0; i < n; i++) {
		auto_free char *copy = xstrdup(cure->command[i]);
		const struct resource *host = split(trial.model, copy, argv);

		trial.in_doubt |= host &&
				  explain_index_change_host(trial.index, host, argv + 1) < 0;
	}
	model_each(trial.model, NOUN_SERVICE, const struct service, service)
		if (service->resource.id >= model->next_id)
			explain_index_add_service(trial.index, service);
	*ret_trial = trial;
}

enum verdict { BLOCKED, MAY_CURE, CURED };

/* What becomes of the flow after all these commands that are not refused. BLOCKED: *ret_next says
 * why. */
static enum verdict look(struct cure_search *search, struct cure *cure,
			 struct explanation *ret_next)
{
	enum verdict verdict = BLOCKED;
	struct trial trial;
	bool through;

	try(search, cure, &trial);
	search->n_question++;
	explainer_explain(&search->explainer, trial.index, &search->x->flow, ret_next);
	through = ret_next->reachable ||
		  (search->open_is_enough && ret_next->code == CODE_NOT_LISTENING);
	if (through || trial.in_doubt)
		verdict = through ? CURED : MAY_CURE;
	trial_end(&trial);
	if (verdict != BLOCKED)
		explanation_free(ret_next);
	return verdict;
}

/* ---- all that there are ---- */

static bool has_command(const struct cure *cure, const char *command)
{
	for (size_t i = 0; i < cure->n_command; i++)
		if (strcmp(cure->command[i], command) == 0)
			return true;
	return false;
}

/* Is every command of the one in the other? */
static bool is_part(const struct cure *part, const struct cure *whole)
{
	for (size_t i = 0; i < part->n_command; i++)
		if (!has_command(whole, part->command[i]))
			return false;
	return true;
}

static void drop_needless(struct cure_search *search, struct cure *cure)
{
	for (size_t i = cure->n_command; i-- > 0;) {
		struct cure shorter = *cure;
		struct explanation ignored;

		memmove(&shorter.command[i], &shorter.command[i + 1],
			(shorter.n_command - i - 1) * sizeof(*shorter.command));
		shorter.n_command--;
		if (look(search, &shorter, &ignored) != BLOCKED) {
			*cure = shorter;
			i = cure->n_command; /* what it was for may be needless, too */
		} else {
			explanation_free(&ignored);
		}
	}
}

/* The same but for which EIPs are taken? */
static bool is_like(const struct model *model, const char *a, const char *b)
{
	while (*a || *b) {
		const size_t n = strcspn(a, " "), m = strcspn(b, " ");
		auto_free char *x = xstrndup(a, n), *y = xstrndup(b, m);

		if (strcmp(x, y) != 0 && (!model_find_noun(model, NOUNS(NOUN_EIP), x) ||
					  !model_find_noun(model, NOUNS(NOUN_EIP), y)))
			return false;
		a += n + (a[n] == ' ');
		b += m + (b[m] == ' ');
	}
	return true;
}

static bool is_known(const struct cure_search *search, const struct cure *cure)
{
	for (size_t i = 0; i < search->n_found; i++) {
		const struct cure *found = &search->found[i];
		bool like = found->n_command == cure->n_command;

		for (size_t k = 0; like && k < cure->n_command; k++)
			like = is_like(search->explainer.lab->model, found->command[k],
				       cure->command[k]);
		if (like || is_part(found, cure))
			return true;
	}
	return false;
}

static void find(struct cure_search *search, const struct cure *so_far,
		 const struct explanation *why, unsigned round)
{
	for (size_t w = 0; w < why->n_cure; w++) {
		struct cure more = cure_copy(&why->cure[w], &search->x->arena), cure = *so_far;
		struct explanation next;
		enum verdict verdict;
		size_t n;

		for (size_t i = 0; i < more.n_command && cure.n_command < CURE_COMMANDS_MAX; i++)
			if (!has_command(&cure, more.command[i]))
				cure.command[cure.n_command++] = more.command[i];
		if (cure.n_command == so_far->n_command || is_known(search, &cure))
			continue;
		if (search->n_question >= QUESTIONS_MAX || search->n_found == CURES_MAX ||
		    round > ROUNDS_MAX) {
			search->x->cures_cut = true;
			return;
		}
		n = cure.n_command;
		verdict = look(search, &cure, &next);
		if (verdict != BLOCKED) {
			if (verdict == CURED) /* of what nobody can foretell all is needed */
				drop_needless(search, &cure);
			if (!is_known(search, &cure))
				search->found[search->n_found++] = cure;
			continue;
		}
		if (cure.n_command && !search->longest.n_command &&
		    (!next.n_cure || cure.n_command < n))
			search->longest = cure;
		if (cure.n_command == n)
			find(search, &cure, &next, round + 1);
		explanation_free(&next);
	}
}

/* ---- the best first ---- */

static struct rank rank_of(const struct cure_search *search, struct cure *cure)
{
	struct rank rank = { .n_command = cure->n_command };
	struct reach *reach;
	struct trial trial;

	try(search, cure, &trial);
	reach = reach_diff(search->explainer.index, trial.index);
	for (size_t i = 0; i < reach->n_row; i++) {
		rank.closes |= reach_row_is(&reach->row[i], CHANGE_CLOSED);
		if (reach_row_is(&reach->row[i], CHANGE_OPENED))
			rank.opened += reach_row_size(reach, &reach->row[i]);
	}
	reach_free(reach);
	trial_end(&trial);
	return rank;
}

static bool is_better(const struct rank *a, const struct rank *b)
{
	if (a->closes != b->closes)
		return b->closes;
	if (a->opened < b->opened || a->opened > b->opened)
		return a->opened < b->opened;
	return a->n_command < b->n_command;
}

/* Into the explanation, in order. */
static void put(struct cure_search *search)
{
	struct explanation *x = search->x;
	struct rank rank[CURES_MAX];

	x->n_cure = 0;
	for (size_t i = 0; i < search->n_found; i++) {
		size_t at = x->n_cure++;

		rank[at] = search->n_found > 1 ? rank_of(search, &search->found[i])
					       : (struct rank){ 0 };
		for (; at > 0 && is_better(&rank[at], &rank[at - 1]); at--) {
			const struct rank other = rank[at - 1];

			rank[at - 1] = rank[at];
			rank[at] = other;
			x->cure[at] = x->cure[at - 1];
		}
		x->cure[at] = search->found[i];
	}
}

/* As far as one gets. */
static void put_step(struct cure_search *search)
{
	struct explanation *x = search->x, *still = xnew(struct explanation);
	struct trial trial;

	x->cure[0] = search->longest;
	x->n_cure = 1;
	try(search, &search->longest, &trial);
	explainer_explain(&search->explainer, trial.index, &x->flow, still);
	explain_index_free(trial.index);
	x->still = still;
	x->still_model = trial.model;
}

void explain_with_cures(const struct lab *lab, const struct flow *flow, bool open_is_enough,
			struct explanation *ret_explanation)
{
	struct cure_search search = { .open_is_enough = open_is_enough, .x = ret_explanation };

	explainer_begin(&search.explainer, lab);
	explainer_explain(&search.explainer, search.explainer.index, flow, ret_explanation);
	find(&search, &(struct cure){ 0 }, ret_explanation, 1);
	ret_explanation->n_cure = 0;
	if (search.n_found)
		put(&search);
	else if (search.longest.n_command)
		put_step(&search);
	explainer_end(&search.explainer);
}
