/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/explain/explain.h"
#include "lab/model/model.h"
#include "lab/reach/flows.h"

/*
 * All packets at once. Hosts that no constant of the configuration tells apart are one class; of
 * each pair of classes one pair of hosts is asked about, and explain says with each answer for
 * which ports, and for which addresses on the internet, it holds (struct box). The next question
 * is about what is left. So every packet is in one cell, cells are as few as the comparisons on
 * their way, and nothing but explain knows a rule. Cells with the same answer are put together
 * again into sets.
 *
 * The same is done with two models side by side: then a cell is what neither tells apart, and has
 * two answers.
 */

enum outcome_kind {
	OUTCOME_REACHED,
	OUTCOME_SOMETIMES,     /* by some of the EIPs or ports that a gateway chooses from */
	OUTCOME_NOT_LISTENING, /* it gets there, but nothing listens */
	OUTCOME_BLOCKED,
	OUTCOME_ABSENT, /* this model does not have both ends */
};

enum seen_kind {
	SEEN_NOBODY, /* it does not get there */
	SEEN_ITSELF,
	SEEN_OWN_PUBLIC, /* as the sender's own public address */
	SEEN_ADDRESS,
	SEEN_POOL,
};

/* What becomes of all packets of a cell, told so that it is the same for all of them. */
struct outcome {
	enum outcome_kind kind;
	enum code code;
	enum seen_kind seen;
	uint32_t seen_as;        /* SEEN_ADDRESS */
	const struct snat *pool; /* SEEN_POOL */
	const char *target;      /* who gets it; NULL: who is addressed */
	int32_t port_shift;      /* what is to be added to its port on the way */
};

/* Numbers from first to last; of ends, see reach_ends_add_text(). */
struct reach_range {
	uint64_t first, last;
};
struct reach_set {
	struct reach_range *range;
	size_t n;
};

/* Packets of which the same becomes: all of from, to all of to, with all of these ports. */
struct reach_row {
	struct reach_set from, to, port;
	enum protocol protocol;
	bool to_itself; /* from each host only to its own public address */
	/* Private: the one target as a sender, and the one sender as a target, who are in no
	 * packet; 0: there are more, or none is both. */
	uint64_t self, self_as_target;
	struct outcome outcome[2];
	bool cut;            /* connections that were open before do not outlive the change */
	struct flow witness; /* one of them */
};

/* With its rows; see reach_new(). */
struct reach {
	const struct model *model[2];
	size_t n_model;
	struct reach_row *row;
	size_t n_row;
	size_t n_offender; /* of intent_offenders(): so many rows, the first ones */
	size_t n_cell;     /* before they were put together */
	bool given_up;     /* it would take too long: what is in the rows is right, and not all */
	const struct explain_index *index[2];
	struct explain_index *own_index[2]; /* freed with it */
	struct space *space;                /* private */
};

/* index: of the model, with what is known of its hosts and gateways; NULL: nothing is. All must
 * stay as they are until reach_free(). */
struct reach *reach_new(const struct model *model, const struct explain_index *index,
			const struct flows *flows);
/* The same without the packets of `except`. */
struct reach *reach_except(const struct model *model, const struct explain_index *index,
			   const struct flows *flows, const struct flows_list *except);
/* Does it get there, if only now and then, and be it that nothing listens? */
bool outcome_gets_through(const struct outcome *outcome);
/* Every packet, a row for each cell: not put together. */
struct reach *reach_cells(const struct model *model, const struct explain_index *index);
/* Every packet in both, by name. Rows with the same outcome in both are left out, and so are those
 * that neither lets through. Both have to stay as they are, too. */
struct reach *reach_diff(const struct explain_index *before, const struct explain_index *after);
void reach_free(struct reach *reach);
double reach_ends_count(const struct reach *reach, const struct reach_set *set);
/* How many packets there are in a row: senders by targets by ports. */
double reach_row_size(const struct reach *reach, const struct reach_row *row);

/* Do they differ in protocol and ports alone? Such rows follow each other. */
bool reach_row_continues(const struct reach_row *row, const struct reach_row *next);

/* What becomes of the witness, in model i, with all its hops. */
void reach_explain(const struct reach *reach, const struct reach_row *row, size_t i,
		   struct explanation *ret_explanation);

/* Add what of the hosts at the row's ends is not understood. */
void reach_row_doubts(const struct reach *reach, const struct reach_row *row, const char ***doubt,
		      size_t *n_doubt);

/* "internet", "VPC1,ECS7", "203.0.113.0/24": as a term of flows is written, where one is; of at
 * most so many names, 0: all. */
void reach_ends_add_text(struct text *text, const struct reach *reach, const struct reach_set *ends,
			 bool sender, size_t most);
/* The senders of a row, with its one target among them where that is shorter, and its targets with
 * its one sender: "VPC1 -> web" means all others. */
void reach_senders_add_text(struct text *text, const struct reach *reach,
			    const struct reach_row *row, size_t most);
void reach_targets_add_text(struct text *text, const struct reach *reach,
			    const struct reach_row *row, size_t most);
/* "80,443,8000-8100"; "" for all */
void reach_ports_add_text(struct text *text, const struct reach_set *ports);

/* One protocol and port (0: ICMP), between all that have a name. */
struct reach *reach_between(const struct model *model, const struct explain_index *index,
			    enum protocol protocol, uint16_t port);
/*
 * The class of each of these resources, as sender and as target: what becomes of a packet hangs on
 * the classes of its two ends alone, unless they are of one host. *ret_n_class: they are below
 * that. The caller frees the array.
 */
unsigned *reach_classes(const struct reach *reach, const struct resource *const *resource, size_t n,
			unsigned *ret_n_class);
/* Say what becomes of each pair of classes that is in the rows. */
void reach_each_pair(const struct reach *reach,
		     void (*say)(void *arg, unsigned from, unsigned to,
				 const struct outcome *outcome),
		     void *arg);

/* Retranslated: reachable before and after, but seen as another, or by another host, or by nobody
 * who listens. */
enum change_kind { CHANGE_OPENED, CHANGE_CLOSED, CHANGE_RETRANSLATED, CHANGE_CUT, CHANGE_KINDS };
/* Which changes a row of reach_diff() is: one of the first three, and cut. */
bool reach_row_is(const struct reach_row *row, enum change_kind kind);
