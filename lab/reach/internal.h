/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/hash.h"
#include "core/base/memory.h"
#include "lab/reach/lint.h"
#include "lab/reach/reach.h"

/* Where packets start and where they are sent to: everything in the lab that has an address, and
 * the strangers on the internet. */

enum end_kind {
	END_ENI,    /* a private address; of a primary one also the ECS as a sender */
	END_PUBLIC, /* an EIP or NAT IP, or the public address of an ECS */
	END_HOST,   /* on the internet */
	END_OTHER,  /* a router, a gateway: answers pings at most */
};

struct end_place {                       /* of an end in one model */
	const struct resource *resource; /* that has the address; NULL: it is not in this model */
	const struct resource *sender;   /* NULL: none */
	const struct eni *eni;           /* whose address it is in the end; NULL: none's */
	const struct vpc *vpc;           /* in which it is an address; NULL: on the internet */
	uint32_t address;
};

struct end {
	enum end_kind kind;
	const char *name; /* as one types it */
	struct end_place in[2];
	size_t home; /* the number of the end that sends for the host that has it, plus 1; 0: none
		      */
	unsigned class, kin;
};

/*
 * Classes that are kin differ in nothing but their groups, in what groups and ACLs say of their
 * addresses, and in which of several equal vSwitches they are. They are asked about together, and
 * explain says whom it told apart (struct alike). Most classes have no kin.
 */
struct kin {
	unsigned *class;
	size_t n;
	const struct eni **eni[2]; /* of each class, one; by model */
};

/* What a change may make a difference to, of the packets to or from a class. */
struct touched {
	bool all;
	struct reach_set port; /* else of those to it: these */
};

struct space {
	struct arena arena;
	struct end *end; /* by class */
	size_t n_end;
	unsigned n_class;
	unsigned *first; /* of each class, and behind the last; into end */
	struct kin *kin;
	size_t n_kin;
	bool *from, *to;                             /* which of them the flows are about */
	struct reach_set stranger_from, stranger_to; /* which strangers */
	struct interval *public; /* the internet, cut where an address may mean something else */
	size_t n_public;
	const struct flows *flows;
	struct flows_list except;
	struct touched *touched; /* by class; NULL: all are */
};

/* The numbers of classes in a reach_set; strangers are in it by their addresses. */
#define CLASS_NUMBER(class) (((uint64_t)1 << 32) + (class))

struct space *space_new(const struct reach *reach, const struct flows *flows,
			const struct flows_list *except);
void space_free(struct space *space);
/* Is it one of those that are for documents alone, so that a reader knows it for an example? */
bool address_is_example(uint32_t address);
/* Is that a stranger's address, in all models? */
bool space_is_free(const struct reach *reach, uint32_t address);

/* ---- set.c ---- */

/* In order, and what touches or overlaps is one. */
void reach_set_order(struct reach_set *set);
struct reach_set reach_set_of(uint64_t first, uint64_t last);
void reach_set_remove(struct reach_set *set, uint64_t number);
int reach_set_compare(const struct reach_set *a, const struct reach_set *b);

/* ---- sweep.c, rows.c ---- */

enum dimension { FROM, TO, PORT, DIMENSIONS };

/* Some cells, at first one: the same becomes of all from × to × port. */
struct piece {
	struct reach_set set[DIMENSIONS];
	enum protocol protocol;
	bool to_itself;
	uint64_t self;               /* in from for sweep_join_selves(); 0: none */
	unsigned outcome[2];         /* numbers */
	const struct end *from, *to; /* of the witness; NULL: the stranger */
	uint32_t port, stranger;
};

struct known_outcome {
	struct outcome outcome;
	unsigned number;
	UT_hash_handle hh;
};

struct known_name {
	char *key;
	const void *value;
	UT_hash_handle hh;
};

struct sweep {
	struct known_name *names;
	struct reach *reach;
	struct space *space;
	struct piece *piece;
	size_t n_piece;
	struct known_outcome *known;
	const struct outcome **outcome; /* by number */
	size_t n_outcome;
	size_t max_piece;
	uint64_t work;
	bool apart;          /* cells are not put together */
	struct block *block; /* of the kin in question */
	size_t n_block;
	size_t n_held; /* numbers, in all crowds that are not done with yet */
};

/* Ask about every packet that the flows are about, and that a change may touch. */
void sweep_all(struct sweep *sweep);
void sweep_free(struct sweep *sweep);
/* Pieces that are the same in all but that. */
void sweep_merge(struct sweep *sweep, enum dimension dimension);
/* What is alike but for the host that cannot be its own sender. */
void sweep_join_selves(struct sweep *sweep);
void sweep_make_rows(struct sweep *sweep);

/* ---- blocks.c ---- */

/* Some of the classes of kin, in order, by their numbers among them. */
struct kinsmen {
	unsigned *number;
	size_t n;
};

/* A cell of kin: all pairs of these for which tie_of() is that. */
struct block {
	struct kinsmen from, to;
	unsigned tie;
	struct piece piece; /* without sets */
	struct box box;
};

/* How the two are tied to each other by their places: whether one's vSwitch has the other's
 * address, in each model. */
unsigned tie_of(const struct end *from, const struct end *to);
/* Two of two hosts, of these classes, that the flows are about. */
bool pair_of(const struct space *space, unsigned from_class, unsigned to_class,
	     const struct end **ret_from, const struct end **ret_to);
/* The first end at or behind that one, within its class, that the flows are about. */
const struct end *next_member(const struct space *space, const bool *wanted, unsigned class,
			      size_t from);
/*
 * The blocks' pieces, the same ones as if each pair of classes had been asked about: to one kin
 * (NULL: the strangers), from one after the other, and put together at the end.
 */
struct spread *spread_new(struct sweep *sweep, const struct kin *to);
void spread_blocks(struct spread *spread, const struct kin *from);
void spread_end(struct spread *spread);

/* ---- change.c, touched.c ---- */

/* Which open connections do not outlive the change. */
void change_find_cuts(struct reach *reach);
/* By class. NULL: all of everything. */
struct touched *touched_classes(const struct reach *reach);
void touched_free(struct touched *touched, unsigned n_class);
/* reach_diff(), without the help of touched_classes(): to prove it. */
struct reach *reach_diff_whole(const struct explain_index *before,
			       const struct explain_index *after);

/* ---- space.c ---- */

/* How an end, in model i, belongs to a term. */
enum belongs { BELONGS_NOT, BELONGS, BELONGS_BY_ENTRY /* if its DNAT entry leads there */ };
enum belongs term_has(const struct term *term, const struct model *model, const struct end *end,
		      size_t i, bool sender);
bool term_has_eni(const struct term *term, const struct eni *eni, uint32_t ip);

/* ---- lint.c, lint_rules.c ---- */

struct lint_finding *lint_add(struct lint *lint, enum finding_id id, const struct resource *object,
			      const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Those that never decide. */
void lint_rules(struct lint *lint, const struct model *model);
/* Commands, a line each, after which the flow gets there, or does not; NULL: none are known. */
const char *lint_cure_to_open(struct lint *lint, const struct model *model,
			      const struct explanation *x);
const char *lint_cure_to_shut(struct lint *lint, const struct model *model,
			      const struct explanation *x);
