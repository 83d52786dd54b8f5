/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/explain/flow.h"
#include "lab/language/command.h"
#include "lab/live/lab.h"

/* A random lab and flows through it, as lines of the language, some of which the rules refuse. */

struct lines {
	char **line;
	size_t n_line;
};
void lines_add(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_free(struct lines *lines);
struct lines lines_joined(const struct lines *a, const struct lines *b);

/* The same seed gives the same lab. */
void generate(uint64_t seed, size_t n_flow, struct lines *ret_lab, struct lines *ret_flows);
/* A third of the seeds give labs of AWS (generate_aws.c). The chance is the one that generate()
 * began. */
void generate_aws(size_t n_flow, struct lines *lab, struct lines *flows);

/* Lines for the hosts of such a lab. */
void generate_guests(struct lines *lab);

/* chance.c: the same numbers after the same seed. */
void chance_begin(uint64_t seed);
unsigned below(unsigned n);
bool chance(unsigned percent);
unsigned between(unsigned low, unsigned high);

/* ---- prove.c ---- */

enum { FLOWS_PER_LAB = 80 };
enum state { AS_MADE, AS_CURED };

/* Make a lab of the lines that are accepted; those for hosts run there, last. */
struct lab *make_lab(const struct lines *lines, bool model_only);
/* Change a running lab into that of the lines. */
void become(struct lab *lab, const struct lines *lines);
/* The language has no statement that is a flow alone, so flows are cut at the blanks. */
int parse_flow(const struct model *model, const char *line, struct flow *ret_flow);
/* In the running lab of the lines, hold explain against a probe and, where the lab is as it was
 * made, against a trace. Return whether they agree; a difference has been printed. */
bool prove_flows(struct lab *lab, const struct lines *lines, const char *const *text, size_t n,
		 enum state state, uint64_t seed);

/* ---- cells.c ---- */

/* Hold reach against explain with so many random packets, about as many as *ret_n. Return whether
 * they agree; a difference has been printed. */
bool prove_cells(const struct model *model, size_t n, size_t *ret_n);

/* ---- cures.c ---- */

struct cure {
	struct lines commands; /* as explain named them, round by round */
	bool works;            /* explain says that it then gets through */
	bool in_guest;         /* one of them is for a guest */
	bool in_doubt;         /* and explain does not know what it comes to */
	bool proved;
};

/* Cure a blocked flow in the model. False: a command was refused or did not help, and that was
 * printed. */
bool cure_find(const struct lines *lines, const char *line, uint64_t seed, struct cure *ret_cure);
/* Prove the cures in the running lab, which is another one afterwards. */
bool cures_prove(struct lab *lab, const struct lines *lines, const char *const *text,
		 struct cure *cure, size_t n, uint64_t seed);
void cure_free(struct cure *cure);
