/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The proof that explain is true: random labs, random flows, and for each of them
 *
 *   - a real probe comes to the same end as explain without a kernel: the same verdict, and the
 *     same address that the far end sees;
 *   - a trace sees the same hops there and back, with the same packet in and out of each, and the
 *     same decision;
 *   - each cure that explain names is accepted as it stands, has nothing needless, and lets a
 *     probe through;
 *
 *   - of all packets at once (lab/reach), any packet is in one set, with the answer that explain
 * has for it.
 *
 *     prove N [SEED [WORKERS]]
 *     prove cells N [SEED]     the last alone, N packets, without a kernel
 *
 * On a disagreement it prints the smallest lab that still shows it, and fails.
 */
#include "tests/prove/prove.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/view/explain.h"
#include "cli/view/trace.h"
#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "core/sandbox/process.h"
#include "lab/explain/explain.h"
#include "lab/language/command.h"
#include "lab/live/explain.h"
#include "lab/live/lab.h"
#include "lab/nouns/nouns.h"
#include "lab/nouns/replay.h"
#include "lab/probe/probe.h"
#include "lab/trace/trace.h"

enum { WORDS_MAX = 24 };

#define WITHIN_SILENT 0.3 /* for a datagram that should be blocked: no kernel decides it */

static struct tally *tally; /* of this process */

enum { PACKETS_PER_LAB = 500, CHANGES_PER_LAB = 10 };

static void die(const char *what, const struct error *err)
{
	fprintf(stderr, "prove: %s: %s\n", what, err->message);
	exit(3);
}

int parse_flow(const struct model *model, const char *line, struct flow *ret_flow)
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

/* The host that a line is for, and what is to run there, words in *copy, $NAME expanded; NULL: none
 * of the lab's hosts. */
static const struct resource *split_line(const struct model *model, char *copy, struct arena *arena,
					 char *argv[static WORDS_MAX + 4])
{
	char address[ADDRESS_TEXT_SIZE];
	size_t n = 0;
	uint32_t ip;

	for (char *w; n < WORDS_MAX + 3 && (w = strsep(&copy, " "));)
		argv[n++] = w[0] == '$' && model_address(model, w + 1, &ip)
				    ? arena_strdup(arena, address_format(ip, address))
				    : w;
	argv[n] = NULL;
	return model_find_noun(model, NOUNS(NOUN_ECS) | NOUNS(NOUN_INTERNET_HOST), argv[0]);
}

/* As a file's lines where there is no kernel. What ip refuses is refused. */
static void run_in_hosts(struct lab *lab, const struct lines *lines)
{
	for (size_t i = 0; i < lines->n_line; i++) {
		auto_free char *copy = xstrdup(lines->line[i] ? lines->line[i] : "");
		char *argv[WORDS_MAX + 4];
		struct arena arena = { 0 };
		const struct resource *host = split_line(lab->model, copy, &arena, argv);
		struct spawn spawn = { .argv = argv + 1,
				       .stdin_fd = -1,
				       .stdout_fd = -1,
				       .stderr_fd = open("/dev/null", O_WRONLY | O_CLOEXEC) };
		struct error err = { 0 };
		pid_t pid;

		if (host && lab->model_only) {
			lab_note_line(lab, host->name, argv + 1);
		} else if (host) {
			spawn.netns = host->name;
			if (process_spawn(&lab->sandbox, &spawn, &pid, &err) != 0)
				die("cannot run in a host", &err);
			(void)process_wait(pid, false);
		}
		close(spawn.stderr_fd);
		arena_free(&arena);
	}
}

static void add_lines(struct lab *lab, const struct lines *lines)
{
	for (size_t i = 0; i < lines->n_line; i++) {
		struct error refusal = { 0 };

		if (lines->line[i] && *lines->line[i] &&
		    replay_change(lab->model, lines->line[i], &refusal) >= 0)
			lab_record(lab, lines->line[i]);
	}
}

struct lab *make_lab(const struct lines *lines, bool model_only)
{
	struct lab *lab = lab_new_private(model_only);
	struct error err = { 0 };

	if (lab_begin(lab, &err) < 0)
		die("cannot begin", &err);
	add_lines(lab, lines);
	if (!model_only && lab_commit(lab, &err) < 0)
		die("cannot build the lab", &err);
	run_in_hosts(lab, lines);
	return lab;
}

/* Another lab in the place of that one, in one change: a journal has no words for that. */
void become(struct lab *lab, const struct lines *lines)
{
	auto_free char *whole = NULL;
	struct error err = { 0 };

	if (lab_begin(lab, &err) < 0)
		die("cannot begin", &err);
	model_free(lab->model);
	lab->model = model_new();
	add_lines(lab, lines);
	whole = xstrdup(text_get(lab->pending));
	if (lab_commit(lab, &err) < 0 || journal_replace(&lab->journal, whole, &err) < 0)
		die("cannot change the lab", &err);
	lab->replayed = lab->journal.committed;
	run_in_hosts(lab, lines);
}

static void prepare(struct probe *probe, const struct explanation *x)
{
	*probe =
		(struct probe){ .flow = x->flow, .expect_blocked = !x->reachable && !x->sometimes };
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

/* ---- one flow of one lab, built from nothing ---- */

static void say(struct text *text, const struct model *model, const struct explanation *x,
		const struct probe *probe, const struct trace *trace)
{
	static const char *const verdicts[] = {
		[PROBE_REACHED] = "reached",
		[PROBE_REFUSED] = "refused",
		[PROBE_TIMED_OUT] = "timed out",
		[PROBE_UNREACHABLE] = "unreachable",
	};
	char said[ADDRESS_TEXT_SIZE], seen[ADDRESS_TEXT_SIZE];

	text_clear(text);
	text_add(text, "explain: ");
	explain_add_reason(text, model, x);
	text_addf(text, ", seen as %s\nprobe:   %s, seen as %s\n", address_format(x->seen_as, said),
		  verdicts[probe->verdict], address_format(probe->seen_as, seen));
	text_addf(text, "trace:   %s%s\n", verdicts[trace->probe.verdict],
		  trace->incomplete ? ", not all of it" : "");
	text_add(text, "         ");
	trace_add_difference(text, model, trace);
	text_add_char(text, '\n');
}

/* In the running lab, whose hosts are read, and of the file's words. */
static bool same(const struct explanation *a, const struct explanation *b)
{
	return a->code == b->code && a->seen_as == b->seen_as && strcmp(a->hop, b->hop) == 0;
}

static bool file_says_so(const struct lines *lines, const struct explanation *x,
			 enum code *ret_code)
{
	struct lab *lab = make_lab(lines, true);
	struct explanation of_file;
	bool is_same;

	explain_in_lab(lab, &x->flow, &of_file);
	*ret_code = of_file.code;
	is_same = of_file.n_doubt || same(x, &of_file); /* nft is not understood of a file */
	explanation_free(&of_file);
	lab_close(lab);
	return is_same;
}

/* *ret_text: what all three say. False also where the lab lacks the ends of the flow by now. */
static bool disagrees(const struct lines *lines, const char *line, struct text *ret_text)
{
	struct lab *lab = make_lab(lines, false);
	struct explanation x = { 0 };
	struct error err = { 0 };
	struct trace trace = { 0 };
	struct probe probe;
	struct flow flow;
	bool differs = false;
	enum code of_file;

	if (parse_flow(lab->model, line, &flow) >= 0) {
		explain_in_lab(lab, &flow, &x);
		prepare(&probe, &x);
		probe.within = WITHIN_SILENT; /* the services are up, so an answer comes at once */
		trace.probe = (struct probe){ .flow = flow, .within = WITHIN_SILENT };
		if (probe_run(lab, &probe, 1, &err) < 0)
			die("cannot probe", &err);
		/* A stranger's packet nobody can watch. */
		if (!flow.stranger && trace_run(lab, &trace, 1, &err) < 0)
			die("cannot trace", &err);
		differs = !file_says_so(lines, &x, &of_file) || !agrees(&x, &probe) ||
			  trace.difference.kind;
		say(ret_text, lab->model, &x, &probe, &trace);
		text_addf(ret_text, "of the file alone: %s\n", code_word(of_file));
		explanation_free(&x);
		trace_free(&trace);
	}
	lab_close(lab);
	return differs;
}

/* Leave out line after line as long as the views still differ. */
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

/* Return whether it happens again. */
static bool report(const struct lines *lines, const char *flow, uint64_t seed)
{
	struct lines smallest = lines_joined(lines, &(struct lines){ 0 });
	auto_text text = { 0 };

	if (!disagrees(&smallest, flow, &text)) {
		lines_free(&smallest);
		return false;
	}
	shrink(&smallest, flow);
	disagrees(&smallest, flow, &text);
	printf("\nexplain, probe and trace disagree (lab seed %llu). The smallest lab that shows "
	       "it:\n\n",
	       (unsigned long long)seed);
	for (size_t i = 0; i < smallest.n_line; i++)
		if (smallest.line[i] && *smallest.line[i])
			printf("%s\n", smallest.line[i]);
	printf("explain %s\nprobe %s\ntrace %s\n\n%s", flow, flow, flow, text_get(&text));
	lines_free(&smallest);
	return true;
}

/* ---- a lab ---- */

struct views { /* what each says of one flow */
	struct explanation x;
	bool same; /* explain of the file */
	struct probe probe;
	struct trace trace;
};

/* A cured flow is only probed: traces for each cure would take most of the time. */
static void look(struct lab *lab, const struct lines *lines, const char *const *text, size_t n,
		 enum state state, struct views *views)
{
	struct lab *file = make_lab(lines, true);
	struct explainer explainer, of_file;
	struct explanation y;
	struct probe probe[FLOWS_PER_LAB];
	struct trace trace[FLOWS_PER_LAB];
	struct error err = { 0 };
	struct flow flow;

	explainer_begin(&explainer, lab);
	explainer_begin(&of_file, file);
	for (size_t i = 0; i < n; i++) {
		if (parse_flow(lab->model, text[i], &flow) < 0)
			die("there is no such flow any more", &err);
		explainer_read(&explainer, &flow, 1);
		explain(explainer.index, &flow, &views[i].x);
		explain(of_file.index, &flow, &y);
		/* A file's lines of nft are not understood. */
		views[i].same = y.n_doubt || same(&views[i].x, &y);
		explanation_free(&y);
		prepare(&probe[i], &views[i].x);
		trace[i] = (struct trace){ .probe = { .flow = flow, .within = probe[i].within } };
	}
	explainer_end(&explainer);
	explainer_end(&of_file);
	lab_close(file);
	if (probe_run(lab, probe, n, &err) < 0)
		die("cannot probe", &err);
	if (state == AS_MADE && trace_run(lab, trace, n, &err) < 0)
		die("cannot trace", &err);
	for (size_t i = 0; i < n; i++) {
		views[i].probe = probe[i];
		views[i].trace = trace[i];
	}
}

bool prove_flows(struct lab *lab, const struct lines *lines, const char *const *text, size_t n,
		 enum state state, uint64_t seed)
{
	struct views views[FLOWS_PER_LAB];
	bool fine = true;

	look(lab, lines, text, n, state, views);
	for (size_t i = 0; i < n; i++) {
		tally_count(tally, state, &views[i].x,
			    views[i].trace.seen.flow.from[0] && !views[i].trace.incomplete);
		if (fine && (!agrees(&views[i].x, &views[i].probe) ||
			     views[i].trace.difference.kind || !views[i].same))
			fine = !report(lines, text[i], seed);
		explanation_free(&views[i].x);
		trace_free(&views[i].trace);
	}
	return fine;
}

/* Take the flows whose ends the lab has: some name what was refused or deleted. */
static size_t choose_flows(const struct lab *lab, const struct lines *flows, const char **text,
			   size_t max)
{
	struct flow ignored;
	size_t n = 0;

	for (size_t i = 0; i < flows->n_line && n < max; i++)
		if (parse_flow(lab->model, flows->line[i], &ignored) >= 0)
			text[n++] = flows->line[i];
	return n;
}

/* The lab's model alone. */
static bool prove_lab_cells(uint64_t seed, const struct lines *lines)
{
	struct lab *lab = make_lab(lines, true);
	bool fine;
	size_t n;

	fine = prove_cells(lab->model, PACKETS_PER_LAB, &n);
	tally->n_in_cells += n;
	for (size_t i = 0; fine && i < CHANGES_PER_LAB; i++) {
		struct lines change = make_change(lab->model);

		fine = prove_change(lab->model, &change);
		tally->n_change += change.n_line > 0;
		lines_free(&change);
	}
	for (size_t i = 0; !fine && i < lines->n_line; i++)
		printf("%s\n", lines->line[i]);
	if (!fine)
		printf("lab seed %llu\n", (unsigned long long)seed);
	lab_close(lab);
	return fine;
}

static bool prove_lab(uint64_t seed, size_t n_flow)
{
	const char *text[FLOWS_PER_LAB];
	struct lines lines, flows;
	struct lab *lab;
	bool fine;
	size_t n;

	generate(seed, 4 * n_flow, &lines, &flows);
	lab = make_lab(&lines, false);
	n = choose_flows(lab, &flows, text, n_flow);
	fine = prove_flows(lab, &lines, text, n, AS_MADE, seed) &&
	       cures_prove(lab, &lines, text, n, seed, &tally->cures) &&
	       sets_prove(lab, &lines, seed) && change_prove(lab, &lines, seed) &&
	       prove_lab_cells(seed, &lines);
	tally->n_lab++;
	lab_close(lab);
	lines_free(&lines);
	lines_free(&flows);
	return fine;
}

static int only_cells(size_t wanted, uint64_t seed)
{
	bool fine = true;

	tally = tally_share(1);
	for (; fine && tally->n_in_cells < wanted; tally->n_lab++) {
		struct lines lines, flows;

		generate(seed + tally->n_lab, 1, &lines, &flows);
		fine = prove_lab_cells(seed + tally->n_lab, &lines);
		lines_free(&lines);
		lines_free(&flows);
	}
	printf("%zu packets and %zu changes in %zu labs, seed %llu: %s\n", tally->n_in_cells,
	       tally->n_change, tally->n_lab, (unsigned long long)seed,
	       fine ? "each is in one cell, with explain's answer" : "DISAGREEMENT");
	return fine ? 0 : 1;
}

/* ---- side by side ---- */

/* Most of the time goes by waiting: for the kernel to let go of what a lab had, and for answers
 * that should not come. So several processes have a lab each. */
static void prove_share(struct tally *all, size_t worker, size_t n_worker, size_t wanted,
			uint64_t seed)
{
	bool fine = true;

	tally = &all[worker];
	while (fine && !tally_failed(all, n_worker) && tally->of[AS_MADE].n_flow < wanted) {
		const size_t left = wanted - tally->of[AS_MADE].n_flow;

		fine = prove_lab(seed + worker + tally->n_lab * n_worker,
				 left < FLOWS_PER_LAB ? left : FLOWS_PER_LAB);
	}
	tally->failed = !fine;
	exit(0);
}

static bool prove_side_by_side(size_t wanted, uint64_t seed, size_t n_worker)
{
	struct tally *all = tally_share(n_worker);
	size_t n_ended = 0;
	int status;

	for (size_t i = 0; i < n_worker; i++)
		if (fork() == 0)
			prove_share(all, i, n_worker, (wanted + n_worker - 1 - i) / n_worker, seed);
	while (wait(&status) > 0) {
		n_ended += status == 0;
		if (WIFSIGNALED(status))
			printf("a process ended by signal %d\n", WTERMSIG(status));
	}
	if (n_ended < n_worker)
		all[0].failed = true;
	tally_print(all, n_worker);
	return !tally_failed(all, n_worker);
}

/* `prove save SEED`: the lab alone, as a file, for the tests of other things than packets. */
static int save_lab(uint64_t seed)
{
	struct lines lines, flows;
	auto_free char *text = NULL;
	struct lab *lab;

	generate(seed, 0, &lines, &flows);
	lab = make_lab(&lines, true);
	text = model_save(lab->model);
	fputs(text, stdout);
	lab_close(lab);
	lines_free(&lines);
	lines_free(&flows);
	return 0;
}

int main(int argc, char **argv)
{
	const bool cells = argc > 1 && strcmp(argv[1], "cells") == 0;

	argc -= cells;
	argv += cells;

	size_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 500;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
	size_t n_worker = argc > 3 ? strtoull(argv[3], NULL, 10) : 2;

	if (argc == 3 && strcmp(argv[1], "save") == 0)
		return save_lab(seed);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (cells)
		return only_cells(wanted, seed);
	printf("%zu flows, seed %llu\n", wanted, (unsigned long long)seed);
	return prove_side_by_side(wanted, seed, n_worker ? n_worker : 1) ? 0 : 1;
}
