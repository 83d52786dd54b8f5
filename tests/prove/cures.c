/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/cause.h"
#include "cli/view/explain.h"
#include "core/base/memory.h"
#include "lab/explain/explain.h"
#include "lab/nouns/replay.h"
#include "tests/prove/prove.h"

/*
 * What explain names as the cure is typed as it stands, then what it names after that, until the
 * flow gets through or nothing more is named. No command may be refused, and none may be named
 * twice for the same cause. What the model then says of the flow is proved in the running lab: the
 * flows that the same commands cure are probed together.
 */

enum { ROUNDS_MAX = 16 }; /* the longest chain of causes that was met had 13 */

struct pasting {
	struct lab *lab; /* without a kernel */
	const char *flow;
	uint64_t seed;
	struct lines before; /* causes, each with the command that should cure it */
};

static bool is_for_a_node(const struct model *model, const char *command)
{
	char *word = xstrndup(command, strcspn(command, " "));
	bool is = model_is_node(model, word);

	free(word);
	return is;
}

static bool complain(const struct pasting *pasting, const struct explanation *x, const char *what,
		     const char *command)
{
	auto_text reason = { 0 };

	explain_add_reason(&reason, pasting->lab->model, x);
	printf("\n%s (lab seed %llu): %s\n  %s: %s\n", what, (unsigned long long)pasting->seed,
	       command, pasting->flow, text_get(&reason));
	for (size_t i = 0; i < pasting->before.n_line; i++)
		printf("  round %zu: %s\n", i + 1, pasting->before.line[i]);
	return false;
}

static bool comes_again(struct pasting *pasting, const struct explanation *x)
{
	auto_text cause = { 0 };

	cause_add_text(&cause, pasting->lab->model, &x->cause);
	lines_add(&pasting->before, "%s: %s", text_get(&cause), x->remedy[0]);
	for (size_t i = 0; i + 1 < pasting->before.n_line; i++)
		if (strcmp(pasting->before.line[i],
			   pasting->before.line[pasting->before.n_line - 1]) == 0)
			return true;
	return false;
}

/* Type one cure. *ret_more says that something was typed, so that there may be another. */
static bool paste(struct pasting *pasting, const struct explanation *x, struct cure *cure,
		  bool *ret_more)
{
	*ret_more = !x->reachable && x->n_remedy > 0;
	if (*ret_more && (comes_again(pasting, x) || pasting->before.n_line > ROUNDS_MAX))
		return complain(pasting, x, "A cure does not cure", x->remedy[0]);
	for (size_t i = 0; i < x->n_remedy; i++) {
		struct error refusal = { 0 };

		if (is_for_a_node(pasting->lab->model, x->remedy[i])) {
			cure->in_guest = true; /* cured in the guest, which no model knows */
			*ret_more = false;
		} else if (replay_change(pasting->lab->model, x->remedy[i], &refusal) < 0) {
			printf("\n%s: %s", refusal.code, refusal.message);
			return complain(pasting, x, "A cure is refused", x->remedy[i]);
		} else {
			lines_add(&cure->commands, "%s", x->remedy[i]);
		}
	}
	return true;
}

bool cure_find(const struct lines *lines, const char *line, uint64_t seed, struct cure *ret_cure)
{
	struct pasting pasting = { .lab = make_lab(lines, true), .flow = line, .seed = seed };
	bool fine = true, more = true;
	struct flow flow;

	*ret_cure = (struct cure){ 0 };
	while (fine && more && parse_flow(pasting.lab->model, line, &flow) >= 0) {
		struct explanation x;

		explain_once(pasting.lab->model, &flow, &x);
		ret_cure->works = x.reachable;
		fine = paste(&pasting, &x, ret_cure, &more);
		explanation_free(&x);
	}
	lines_free(&pasting.before);
	lab_close(pasting.lab);
	return fine;
}

void cure_free(struct cure *cure)
{
	lines_free(&cure->commands);
}

/* ---- in the kernel ---- */

static bool same_lines(const struct lines *a, const struct lines *b)
{
	if (a->n_line != b->n_line)
		return false;
	for (size_t i = 0; i < a->n_line; i++)
		if (strcmp(a->line[i], b->line[i]) != 0)
			return false;
	return true;
}

/* Probe the flows from number `first` on that the same commands cure. */
static bool prove_group(struct lab *lab, const struct lines *lines, const char *const *text,
			struct cure *cure, size_t n, size_t first, uint64_t seed)
{
	struct lines cured = lines_joined(lines, &cure[first].commands);
	const char *same[FLOWS_PER_LAB];
	size_t n_same = 0;
	bool fine;

	for (size_t i = first; i < n; i++) {
		if (!cure[i].works || cure[i].proved ||
		    !same_lines(&cure[i].commands, &cure[first].commands))
			continue;
		cure[i].proved = true;
		same[n_same++] = text[i];
	}
	become(lab, &cured);
	fine = prove_flows(lab, &cured, same, n_same, AS_CURED, seed);
	lines_free(&cured);
	return fine;
}

bool cures_prove(struct lab *lab, const struct lines *lines, const char *const *text,
		 struct cure *cure, size_t n, uint64_t seed)
{
	bool fine = true;

	for (size_t i = 0; fine && i < n; i++)
		if (cure[i].works && cure[i].commands.n_line && !cure[i].proved)
			fine = prove_group(lab, lines, text, cure, n, i, seed);
	return fine;
}
