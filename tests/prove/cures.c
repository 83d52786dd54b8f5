/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/live/cures.h"
#include "lab/live/explain.h"
#include "tests/prove/prove.h"

/*
 * Every cure that explain names is pasted as it stands: the flow then gets through by the model,
 * and by a probe in the running lab; without any one of its commands it does not. The flows that
 * the same commands cure are probed together. The lab is changed for some of these groups only:
 * that takes longer than all else.
 */
enum { GROUPS_PER_LAB = 8 };

struct pasted {
	struct lines commands;
	const char *flow;
	bool proved;
};

static bool is_for_a_node(const struct model *model, const char *command)
{
	char *word = xstrndup(command, strcspn(command, " "));
	bool is = model_is_node(model, word);

	free(word);
	return is;
}

static bool complain(const struct lines *commands, const char *flow, uint64_t seed,
		     const char *what)
{
	printf("\n%s (lab seed %llu): %s\n", what, (unsigned long long)seed, flow);
	for (size_t i = 0; i < commands->n_line; i++)
		printf("  %s\n", commands->line[i]);
	return false;
}

/* By the model; what is refused is left out. */
static bool gets_through(const struct lines *lines, const struct lines *commands, const char *text)
{
	struct lines all = lines_joined(lines, commands);
	struct lab *file = make_lab(&all, true);
	struct explanation x;
	struct flow flow;
	bool through = parse_flow(file->model, text, &flow) >= 0;

	if (through) {
		explain_in_lab(file, &flow, &x);
		through = x.reachable;
		explanation_free(&x);
	}
	lab_close(file);
	lines_free(&all);
	return through;
}

static bool is_minimal(const struct lines *lines, const struct lines *commands, const char *flow,
		       uint64_t seed)
{
	if (!gets_through(lines, commands, flow))
		return complain(commands, flow, seed, "A cure does not cure");
	for (size_t i = 0; i < commands->n_line; i++) {
		struct lines fewer = { 0 };
		bool needless;

		for (size_t k = 0; k < commands->n_line; k++)
			if (k != i)
				lines_add(&fewer, "%s", commands->line[k]);
		needless = gets_through(lines, &fewer, flow);
		lines_free(&fewer);
		if (needless)
			return complain(commands, flow, seed, "A cure has a needless command");
	}
	return true;
}

/* The cures of one flow, but for those in a guest, which no model knows. */
static bool add_cures(const struct lab *file, const struct lines *lines, const char *text,
		      uint64_t seed, struct pasted **list, size_t *n, struct cure_tally *tally)
{
	struct pasted *pasted = *list;
	struct explanation x;
	struct flow flow;
	bool fine = true;

	if (parse_flow(file->model, text, &flow) < 0)
		return true;
	explain_with_cures(file, &flow, false, &x);
	tally->n_curable += x.n_cure && !x.still;
	for (size_t i = 0; fine && !x.still && i < x.n_cure; i++) {
		struct lines commands = { 0 };
		bool in_guest = false;

		for (size_t k = 0; k < x.cure[i].n_command; k++) {
			lines_add(&commands, "%s", x.cure[i].command[k]);
			in_guest |= is_for_a_node(file->model, x.cure[i].command[k]);
		}
		tally->n_cure++;
		tally->n_in_guest += in_guest;
		fine = in_guest || is_minimal(lines, &commands, text, seed);
		if (in_guest || !fine)
			lines_free(&commands);
		else
			*ARRAY_PUSH(pasted, *n) =
				(struct pasted){ .commands = commands, .flow = text };
	}
	explanation_free(&x);
	*list = pasted;
	return fine;
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
static bool prove_group(struct lab *lab, const struct lines *lines, struct pasted *pasted, size_t n,
			size_t first, uint64_t seed)
{
	struct lines cured = lines_joined(lines, &pasted[first].commands);
	const char *same[FLOWS_PER_LAB];
	size_t n_same = 0;
	bool fine;

	for (size_t i = first; i < n && n_same < FLOWS_PER_LAB; i++) {
		if (pasted[i].proved || !same_lines(&pasted[i].commands, &pasted[first].commands))
			continue;
		pasted[i].proved = true;
		same[n_same++] = pasted[i].flow;
	}
	become(lab, &cured);
	fine = prove_flows(lab, &cured, same, n_same, AS_CURED, seed);
	lines_free(&cured);
	return fine;
}

bool cures_prove(struct lab *lab, const struct lines *lines, const char *const *text, size_t n,
		 uint64_t seed, struct cure_tally *tally)
{
	struct lab *file = make_lab(lines, true);
	struct pasted *pasted = NULL;
	size_t n_pasted = 0;
	bool fine = true;

	for (size_t i = 0; fine && i < n; i++)
		fine = add_cures(file, lines, text[i], seed, &pasted, &n_pasted, tally);
	for (size_t g = 0; fine && n_pasted && g < GROUPS_PER_LAB; g++) {
		const size_t i = below((unsigned)n_pasted);

		if (!pasted[i].proved)
			fine = prove_group(lab, lines, pasted, n_pasted, i, seed);
	}
	for (size_t i = 0; i < n_pasted; i++)
		lines_free(&pasted[i].commands);
	free(pasted);
	lab_close(file);
	return fine;
}
