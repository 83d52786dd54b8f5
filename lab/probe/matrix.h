/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lab/explain/explain.h"
#include "lab/live/lab.h"
#include "lab/probe/probe.h"

/*
 * Who reaches whom: ECSs and internet hosts as rows; these, the EIPs and the load balancers as
 * columns. From the configuration alone, or with real probes beside it. What is predicted hangs on
 * the classes of the two ends (lab/reach), and is kept by them: of n hosts there are n² cells, and
 * mostly few classes.
 */

struct matrix_answer {
	uint8_t code;   /* enum code: CODE_NONE is reachable */
	bool sometimes; /* blocked now and then, for that reason */
};

struct matrix_cell {
	struct matrix_answer answer;
	uint8_t verdict; /* enum probe_verdict, if live */
	bool differs;    /* live: the probe came to another end than was predicted */
};

struct matrix {
	const struct model *model;
	enum protocol protocol;
	uint16_t port;
	bool live;
	const struct resource **row, **column; /* the rows are the first columns */
	size_t n_row, n_column;
	size_t n_differs;
	/* private */
	unsigned *class; /* of a column */
	unsigned n_class;
	struct matrix_answer *answer; /* by the classes of row and column */
	size_t *own_of;             /* of a column: the row that has that EIP itself; n_row: none */
	struct matrix_answer *own;  /* what becomes of its packets to it */
	bool overlap;               /* some VPCs have addresses in common */
	struct matrix_cell *probed; /* live: row by row; else NULL */
};

/* The predictions. The index's model must stay as it is for as long as
 * the matrix is used. */
void matrix_predict(struct matrix *ret_matrix, const struct explain_index *index,
		    const struct model *model, enum protocol protocol, uint16_t port);
/* And the probes. */
int matrix_probe(struct matrix *matrix, struct lab *lab, struct error *err);
void matrix_free(struct matrix *matrix);

/* A node's own cell: nothing is asked there. */
bool matrix_is_own(const struct matrix *matrix, size_t row, size_t column);
struct matrix_cell matrix_cell(const struct matrix *matrix, size_t row, size_t column);
