/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/explain/flow.h"
#include "lab/language/command.h"
#include "lab/live/lab.h"

/* A random lab and flows through it, as lines of the language. Some of them will be refused: that
 * is part of it. */

struct lines {
	char **line;
	size_t n_line;
};
void lines_add(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_free(struct lines *lines);
struct lines lines_joined(const struct lines *a, const struct lines *b);

/* The same seed gives the same. */
void generate(uint64_t seed, size_t n_flow, struct lines *ret_lab, struct lines *ret_flows);
/* A third of the seeds give labs of AWS: generate_aws.c, with the chance that generate() has begun.
 */
void generate_aws(size_t n_flow, struct lines *lab, struct lines *flows);

/* chance.c: the same after the same seed. */
void chance_begin(uint64_t seed);
unsigned below(unsigned n);
bool chance(unsigned percent);
unsigned between(unsigned low, unsigned high);

/* ---- prove.c ---- */

enum { FLOWS_PER_LAB = 80 };
enum state { AS_MADE, AS_CURED };

/* The lab of those lines that are accepted. */
struct lab *make_lab(const struct lines *lines, bool model_only);
/* A running lab is changed into the one of these lines. */
void become(struct lab *lab, const struct lines *lines);
/* The language has no flows on their own, so they are cut at the blanks. */
int parse_flow(const struct model *model, const char *line, struct flow *ret_flow);
/*
 * In the lab, which is that of the lines: explain and probe against each other, and trace, too, in
 * a lab as it was made. False: they differ, which was told.
 */
bool prove_flows(struct lab *lab, const struct lines *lines, const char *const *text, size_t n,
		 enum state state, uint64_t seed);

/* ---- cures.c ---- */

struct cure {
	struct lines commands; /* as explain has named them, round by round */
	bool works;            /* it gets through then, says explain */
	bool in_guest; /* the last of it is for a guest's own kernel, which explain does not look at
			*/
	bool proved;
};

/* Of a blocked flow. False: a command was refused, or did not help, which was told. */
bool cure_find(const struct lines *lines, const char *line, uint64_t seed, struct cure *ret_cure);
/* In the running lab, which is another one afterwards. */
bool cures_prove(struct lab *lab, const struct lines *lines, const char *const *text,
		 struct cure *cure, size_t n, uint64_t seed);
void cure_free(struct cure *cure);
