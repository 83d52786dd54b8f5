/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/memory.h"
#include "lab/reach/reach.h"

/* Where packets start and where they are sent to: everything in the lab that has an address, and
 * the strangers on the internet. */

enum end_kind {
	END_ENI,    /* a private address; of a primary one also the ECS as a sender */
	END_PUBLIC, /* an EIP, or the public address of an ECS */
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
	size_t home; /* of a public address: the number of the end that is its ECS, plus 1; 0: none
		      */
	unsigned class;
};

struct space {
	struct arena arena;
	struct end *end; /* by class */
	size_t n_end;
	unsigned n_class;
	unsigned *first; /* of each class, and behind the last; into end */
	bool *from, *to; /* which of them the flows are about */
	struct reach_set stranger_from, stranger_to; /* which strangers */
	struct interval *public; /* the internet, cut where an address may mean something else */
	size_t n_public;
	const struct flows *flows;
	struct flows_list except;
};

/* The numbers of classes in a reach_set; strangers are in it by their addresses. */
#define CLASS_NUMBER(class) (((uint64_t)1 << 32) + (class))

struct space *space_new(const struct reach *reach, const struct flows *flows,
			const struct flows_list *except);
void space_free(struct space *space);
/* Is that a stranger's address, in all models? */
bool space_is_free(const struct reach *reach, uint32_t address);

/* In order, and what touches or overlaps is one. */
void reach_set_order(struct reach_set *set);

/* How an end, in model i, belongs to a term. */
enum belongs { BELONGS_NOT, BELONGS, BELONGS_BY_ENTRY /* if its DNAT entry leads there */ };
enum belongs term_has(const struct term *term, const struct model *model, const struct end *end,
		      size_t i, bool sender);
bool term_has_eni(const struct term *term, const struct eni *eni);
