/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lab/explain/explain.h"
#include "lab/live/lab.h"
#include "lab/probe/probe.h"

/*
 * Who reaches whom: ECSs and internet hosts as rows; these and the EIPs as columns. From the
 * configuration alone, or with real probes beside it.
 */

struct matrix_cell {
	uint8_t code;    /* enum code: CODE_NONE is reachable */
	uint8_t verdict; /* enum probe_verdict, if live */
	bool differs;    /* live: the probe came to another end than was predicted */
};

struct matrix {
	enum protocol protocol;
	uint16_t port;
	bool live;
	const struct resource **row, **column;
	size_t n_row, n_column;
	struct matrix_cell *cell; /* row by row */
	size_t n_differs;
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
const struct matrix_cell *matrix_cell(const struct matrix *matrix, size_t row, size_t column);
