/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/explain/flow.h"
#include "lab/language/command.h"
#include "lab/live/lab.h"
#include "lab/reach/reach.h"

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

enum { FLOWS_PER_LAB = 160 };
/* Of one lab: as it was made; cured; with a packet of each set sent; changed. */
enum state { AS_MADE, AS_CURED, AS_SENT, AS_CHANGED, STATES };

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

struct taken {                       /* a packet of a set */
	const struct end *from, *to; /* NULL: a stranger */
	struct question question;
};
/* Anywhere in it. False: it is none that anybody could send. */
bool take_member(const struct reach *reach, const struct reach_row *row, struct taken *ret);

/* ---- sets.c ---- */

/* Each changes the running lab of the lines. Return whether packets do what is said of their sets;
 * a difference has been printed. */
bool sets_prove(struct lab *lab, const struct lines *lines, uint64_t seed);
bool change_prove(struct lab *lab, const struct lines *lines, uint64_t seed);

/* ---- changes.c ---- */

/* Some commands, few of which the rules refuse. */
struct lines make_change(const struct model *model);
/* Hold what a diff says of it against one that looks everywhere. Return whether they agree; a
 * difference has been printed. */
bool prove_change(const struct model *model, const struct lines *change);

/* ---- cures.c ---- */

struct cure_tally;
/* Prove each cure of the flows that are blocked in the running lab, which is another one
 * afterwards. Return whether all hold; a difference has been printed. */
bool cures_prove(struct lab *lab, const struct lines *lines, const char *const *text, size_t n,
		 uint64_t seed, struct cure_tally *tally);

/* ---- tally.c ---- */

struct cure_tally {
	size_t n_curable, n_cure, n_in_guest;
};

/* What one process has met. */
struct tally {
	struct {
		size_t n_flow, n_traced, n_sometimes, by_code[CODE_COUNT];
	} of[STATES];
	/* Packets that something decided about: a resource of that noun, a route to one of it. */
	size_t by_noun[NOUN_COUNT], by_next_hop[NOUN_COUNT];
	size_t n_pool, n_icmp_type, n_in_host;
	size_t n_lab, n_in_cells, n_change;
	struct cure_tally cures;
	bool failed;
};
/* In memory that processes share. */
struct tally *tally_share(size_t n);
void tally_count(struct tally *tally, enum state state, const struct explanation *x, bool traced);
bool tally_failed(const struct tally *tally, size_t n);
/* All of them together. */
void tally_print(const struct tally *tally, size_t n);
