/*
 * The proof that explain is true: random labs, random flows, and for each of them a real probe must come to the same end as
 * explain does without a kernel, on the verdict and on the address that the far end saw. And what explain names as the cure
 * must be accepted as it stands.
 *
 *     prove N [SEED]
 *
 * On a disagreement it prints the smallest lab that still shows it, and fails.
 */
#include "tests/prove/prove.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "core/text.h"
#include "lab/explain.h"
#include "lab/lab.h"
#include "lab/probe.h"
#include "lab/trace.h"

enum { FLOWS_PER_LAB = 80, WORDS_MAX = 8, ROUNDS_MAX = 8 };

#define WITHIN_SILENT 0.3 /* what should be blocked and no kernel decides: a datagram */

static struct tally {
	size_t n_flow, n_lab, n_traced, n_reachable, by_code[CODE_COUNT], n_sometimes, n_cured, n_curable, n_blocked;
} tally;

static void die(const char *what, const struct error *err)
{
	fprintf(stderr, "prove: %s: %s\n", what, err->message);
	exit(3);
}

/* The language has no flows on their own, so they are cut at the blanks. */
static int parse_flow(const struct model *model, const char *line, struct flow *ret_flow)
{
	const char *word[WORDS_MAX];
	char *copy = xstrdup(line), *rest = copy;
	struct error err = { 0 };
	size_t n = 0;
	int r;

	for (char *w; n < WORDS_MAX && (w = strsep(&rest, " "));)
		word[n++] = w;
	r = flow_parse(model, word, n, ret_flow, &err);
	free(copy);
	return r;
}

/* The lab of those lines that are accepted. */
static struct lab *make_lab(const struct lines *lines, bool model_only)
{
	struct lab *lab = lab_new_private(model_only);
	struct error err = { 0 };

	if (lab_begin(lab, &err) < 0)
		die("cannot begin", &err);
	for (size_t i = 0; i < lines->n_line; i++) {
		struct error refusal = { 0 };

		if (lines->line[i] && *lines->line[i] && command_replay(lab->model, lines->line[i], &refusal) >= 0)
			lab_record(lab, lines->line[i]);
	}
	if (!model_only && lab_commit(lab, &err) < 0)
		die("cannot build the lab", &err);
	return lab;
}

static void prepare(struct probe *probe, const struct explanation *x)
{
	*probe = (struct probe){ .flow = x->flow, .expect_blocked = !x->reachable && !x->sometimes };
	if (!x->reachable && (x->sometimes || x->flow.protocol == PROTOCOL_UDP))
		probe->within = WITHIN_SILENT;
}

static bool seen_as_agrees(const struct explanation *x, uint32_t seen)
{
	if (!x->pool)
		return seen == x->seen_as;
	for (size_t i = 0; i < x->pool->n_eip; i++)
		if (x->pool->eip[i]->ip == seen)
			return true;
	return false;
}

static bool agrees(const struct explanation *x, const struct probe *probe)
{
	bool reached = probe->verdict == PROBE_REACHED;

	if (x->sometimes)
		return true;
	return reached == x->reachable && (!reached || seen_as_agrees(x, probe->seen_as));
}

/* ---- one flow of one lab, from the beginning ---- */

static void say(struct text *text, const struct explanation *x, const struct probe *probe, const struct trace *trace)
{
	static const char *const verdicts[] = {
		[PROBE_REACHED] = "reached",
		[PROBE_REFUSED] = "refused",
		[PROBE_TIMED_OUT] = "timed out",
		[PROBE_UNREACHABLE] = "unreachable",
	};
	char said[ADDRESS_TEXT_SIZE], seen[ADDRESS_TEXT_SIZE];

	text_clear(text);
	text_addf(text, "explain: %s %s %s %s, seen as %s\nprobe:   %s, seen as %s\n", x->reachable ? "reachable" : "blocked",
		  code_word(x->code), x->hop, x->cause, address_format(x->seen_as, said), verdicts[probe->verdict],
		  address_format(probe->seen_as, seen));
	text_addf(text, "trace:   %s%s\n", verdicts[trace->probe.verdict], trace->incomplete ? ", not all of it" : "");
	for (size_t i = 0; i < trace->n_difference; i++)
		text_addf(text, "         %s\n", trace->difference[i]);
}

/* *ret_text: what all three say. False also where the lab has no such flow any more. */
static bool disagrees(const struct lines *lines, const char *line, struct text *ret_text)
{
	struct lab *lab = make_lab(lines, false);
	struct explanation x = { 0 };
	struct error err = { 0 };
	struct trace trace = { 0 };
	struct probe probe;
	struct flow flow;
	bool differs = false;

	if (parse_flow(lab->model, line, &flow) >= 0) {
		explain_once(lab->model, &flow, &x);
		prepare(&probe, &x);
		probe.within = WITHIN_SILENT; /* services are up, so an answer comes at once */
		trace.probe = (struct probe){ .flow = flow, .within = WITHIN_SILENT };
		if (probe_run(lab, &probe, 1, &err) < 0)
			die("cannot probe", &err);
		if (trace_run(lab, &trace, 1, &err) < 0)
			die("cannot trace", &err);
		differs = !agrees(&x, &probe) || trace.n_difference;
		say(ret_text, &x, &probe, &trace);
		explanation_free(&x);
		trace_free(&trace);
	}
	lab_close(lab);
	return differs;
}

/* Leaves out line after line for as long as the two still differ. */
static void shrink(struct lines *lines, const char *flow)
{
	auto_text text = { 0 };

	for (bool smaller = true; smaller;) {
		smaller = false;
		for (size_t i = lines->n_line; i-- > 0;) {
			char *line = lines->line[i];

			if (!line || !*line)
				continue;
			lines->line[i] = NULL;
			if (disagrees(lines, flow, &text)) {
				free(line);
				smaller = true;
			} else {
				lines->line[i] = line;
			}
		}
	}
}

/* True: it was no accident. */
static bool report(struct lines *lines, const char *flow, uint64_t seed)
{
	auto_text text = { 0 };

	if (!disagrees(lines, flow, &text))
		return false;
	shrink(lines, flow);
	disagrees(lines, flow, &text);
	printf("\nexplain, probe and trace disagree (lab seed %llu). The smallest lab that shows it:\n\n", (unsigned long long)seed);
	for (size_t i = 0; i < lines->n_line; i++)
		if (lines->line[i] && *lines->line[i])
			printf("%s\n", lines->line[i]);
	printf("explain %s\nprobe %s\ntrace %s\n\n%s", flow, flow, flow, text_get(&text));
	return true;
}

/* ---- cures ---- */

static bool is_for_a_node(const struct model *model, const char *command)
{
	char *word = xstrndup(command, strcspn(command, " "));
	bool is = model_is_node(model, word);

	free(word);
	return is;
}

/* Pastes what is named as the cure, until it gets through. False: a cure was refused. */
static bool cure_works(const struct lines *lines, const char *line, uint64_t seed)
{
	struct lab *lab = make_lab(lines, true);
	bool accepted = true;
	struct flow flow;

	tally.n_blocked++;
	for (int round = 0; accepted && round < ROUNDS_MAX && parse_flow(lab->model, line, &flow) >= 0; round++) {
		struct explanation x;
		struct error refusal = { 0 };

		explain_once(lab->model, &flow, &x);
		tally.n_curable += round == 0 && x.n_cure > 0;
		tally.n_cured += x.reachable;
		if (x.reachable || x.n_cure == 0)
			round = ROUNDS_MAX;
		for (size_t i = 0; accepted && i < x.n_cure; i++) {
			if (is_for_a_node(lab->model, x.cure[i])) { /* put right in the guest, where no model looks */
				round = ROUNDS_MAX;
				continue;
			}
			accepted = command_replay(lab->model, x.cure[i], &refusal) >= 0;
			if (accepted)
				continue;
			printf("\na cure is refused (lab seed %llu): %s\n  %s: %s\n  for %s: %s: %s\n", (unsigned long long)seed,
			       x.cure[i], refusal.code, refusal.message, line, code_word(x.code), x.cause);
		}
		explanation_free(&x);
	}
	lab_close(lab);
	return accepted;
}

/* ---- a lab ---- */

static bool prove_lab(uint64_t seed, size_t n_flow)
{
	struct probe probes[FLOWS_PER_LAB];
	struct trace traces[FLOWS_PER_LAB];
	struct explanation x[FLOWS_PER_LAB];
	const char *text[FLOWS_PER_LAB];
	struct lines lines, flows;
	struct error err = { 0 };
	struct explain_index *index;
	struct lab *lab;
	size_t n = 0;
	bool fine = true;

	/* Some will name what was refused or deleted. */
	generate(seed, 4 * n_flow, &lines, &flows);
	lab = make_lab(&lines, false);
	index = explain_index_new(lab->model);
	for (size_t i = 0; i < flows.n_line && n < n_flow; i++) {
		struct flow flow;

		if (parse_flow(lab->model, flows.line[i], &flow) < 0)
			continue;
		text[n] = flows.line[i];
		explain(index, &flow, &x[n]);
		prepare(&probes[n], &x[n]);
		traces[n] = (struct trace){ .probe = { .flow = flow, .within = probes[n].within } };
		n++;
	}
	if (n && probe_run(lab, probes, n, &err) < 0)
		die("cannot probe", &err);
	if (n && trace_run(lab, traces, n, &err) < 0)
		die("cannot trace", &err);
	explain_index_free(index);
	for (size_t i = 0; i < n; i++) {
		tally.n_flow++;
		tally.by_code[x[i].code]++;
		tally.n_sometimes += x[i].sometimes;
		tally.n_traced += !traces[i].incomplete;
		if (fine && (!agrees(&x[i], &probes[i]) || traces[i].n_difference))
			fine = !report(&lines, text[i], seed);
		if (fine && !x[i].reachable)
			fine = cure_works(&lines, text[i], seed);
		explanation_free(&x[i]);
		trace_free(&traces[i]);
	}
	tally.n_lab++;
	lab_close(lab);
	lines_free(&lines);
	lines_free(&flows);
	return fine;
}

int main(int argc, char **argv)
{
	size_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 500;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
	bool fine = true;

	setvbuf(stdout, NULL, _IOLBF, 0);
	model_set_reserved_names(command_is_reserved);
	lab_set_replay(command_replay);
	printf("%zu flows, seed %llu\n", wanted, (unsigned long long)seed);
	while (fine && tally.n_flow < wanted) {
		size_t left = wanted - tally.n_flow;

		fine = prove_lab(seed + tally.n_lab, left < FLOWS_PER_LAB ? left : FLOWS_PER_LAB);
	}
	printf("%zu flows in %zu labs, %zu of them traced: %s\n", tally.n_flow, tally.n_lab, tally.n_traced,
	       fine ? "explain, the probes and the traces agree on all of them" : "DISAGREEMENT");
	printf("  %-20s %zu\n", "reachable", tally.by_code[CODE_NONE]);
	for (enum code code = CODE_NONE + 1; code < CODE_COUNT; code++)
		printf("  %-20s %zu\n", code_word(code), tally.by_code[code]);
	printf("  of the %zu blocked, %zu have a cure, and pasting cures makes %zu reachable; %zu depend on a hash\n",
	       tally.n_blocked, tally.n_curable, tally.n_cured, tally.n_sometimes);
	return fine ? 0 : 1;
}
