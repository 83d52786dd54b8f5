/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/probe/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/reach/reach.h"

#define PROBES_AT_ONCE 1024

static void add_all(const struct model *model, enum noun noun, const struct resource ***list,
		    size_t *n)
{
	const struct resource **item = *list;

	model_each(model, noun, const struct resource, resource)
		*ARRAY_PUSH(item, *n) = resource;
	*list = item;
}

bool matrix_is_own(const struct matrix *matrix, size_t row, size_t column)
{
	return matrix->row[row] == matrix->column[column];
}

const struct matrix_cell *matrix_cell(const struct matrix *matrix, size_t row, size_t column)
{
	return &matrix->cell[row * matrix->n_column + column];
}

static uint8_t ask(const struct explain_index *index, const struct matrix *matrix, size_t row,
		   size_t column)
{
	const struct question question = { .from = matrix->row[row],
					   .destination = resource_address(matrix->column[column]),
					   .protocol = matrix->protocol,
					   .port = matrix->port };
	struct prediction answer;

	explain_packet(index, &question, NULL, &answer);
	return (uint8_t)answer.code;
}

/* The EIP of the sender itself. */
static bool is_hosts_own(const struct resource *from, const struct resource *to)
{
	const struct resource *of = address_associated(to);

	return of && (of == from || (of->noun == NOUN_ENI && ((const struct eni *)of)->ecs &&
				     &((const struct eni *)of)->ecs->resource == from));
}

/* No packet of the row's gets to the column's address there. */
static bool is_taken(const struct matrix *matrix, const struct model *model, size_t row,
		     size_t column)
{
	const struct resource *to = matrix->column[column];

	return flow_taker(model, matrix->row[row], to, resource_address(to));
}

void matrix_predict(struct matrix *ret_matrix, const struct explain_index *index,
		    const struct model *model, enum protocol protocol, uint16_t port)
{
	struct matrix matrix = { .protocol = protocol, .port = port };
	auto_free unsigned *class = NULL;
	auto_free uint8_t *code = NULL;
	unsigned n_class;

	add_all(model, NOUN_ECS, &matrix.row, &matrix.n_row);
	add_all(model, NOUN_INTERNET_HOST, &matrix.row, &matrix.n_row);
	add_all(model, NOUN_ECS, &matrix.column, &matrix.n_column);
	add_all(model, NOUN_INTERNET_HOST, &matrix.column, &matrix.n_column);
	add_all(model, NOUN_EIP, &matrix.column, &matrix.n_column);
	add_all(model, NOUN_NAT_IP, &matrix.column, &matrix.n_column);
	add_all(model, NOUN_LOAD_BALANCER, &matrix.column, &matrix.n_column);
	matrix.cell = xalloc(matrix.n_row * matrix.n_column * sizeof(*matrix.cell) + 1);
	/* The rows are the first columns. One question for each pair of classes. */
	class = reach_classes(model, index, matrix.column, matrix.n_column, &n_class);
	code = xalloc((size_t)n_class * n_class + 1);
	for (size_t r = 0; r < matrix.n_row; r++) {
		for (size_t c = 0; c < matrix.n_column; c++) {
			uint8_t *known = &code[(size_t) class[r] * n_class + class[c]];
			struct matrix_cell *cell = &matrix.cell[r * matrix.n_column + c];

			if (matrix_is_own(&matrix, r, c))
				continue;
			if (is_taken(&matrix, model, r, c)) {
				cell->code = CODE_UNREACHABLE_ADDRESS;
			} else if (is_hosts_own(matrix.row[r], matrix.column[c])) {
				cell->code = ask(index, &matrix, r, c);
			} else {
				if (!*known)
					*known = (uint8_t)(ask(index, &matrix, r, c) + 1);
				cell->code = (uint8_t)(*known - 1);
			}
		}
	}
	*ret_matrix = matrix;
}

static void fill_probe(const struct matrix *matrix, const struct model *model, size_t i,
		       struct probe *probe)
{
	const struct resource *from = matrix->row[i / matrix->n_column],
			      *to = matrix->column[i % matrix->n_column];

	*probe = (struct probe){
		.flow = { .protocol = matrix->protocol, .port = matrix->port },
		.expect_blocked = matrix->cell[i].code != CODE_NONE,
	};
	snprintf(probe->flow.from, sizeof(probe->flow.from), "%s", from->name);
	snprintf(probe->flow.to, sizeof(probe->flow.to), "%s", to->name);
	model_address(model, to->name, &probe->flow.destination);
}

static void note(struct matrix *matrix, size_t i, const struct probe *probe)
{
	struct matrix_cell *cell = &matrix->cell[i];

	cell->verdict = (uint8_t)probe->verdict;
	cell->differs = (probe->verdict == PROBE_REACHED) != (cell->code == CODE_NONE);
	matrix->n_differs += cell->differs;
}

int matrix_probe(struct matrix *matrix, struct lab *lab, struct error *err)
{
	auto_free struct probe *probe = xalloc(PROBES_AT_ONCE * sizeof(*probe));
	const size_t n_cell = matrix->n_row * matrix->n_column;
	size_t place[PROBES_AT_ONCE];
	int r = 0;

	matrix->live = true;
	for (size_t i = 0; r >= 0 && i < n_cell;) {
		size_t n = 0;

		for (; i < n_cell && n < PROBES_AT_ONCE; i++) {
			const size_t row = i / matrix->n_column, column = i % matrix->n_column;

			if (is_taken(matrix, lab->model, row, column))
				matrix->cell[i].verdict = PROBE_UNREACHABLE;
			if (matrix_is_own(matrix, row, column) ||
			    is_taken(matrix, lab->model, row, column))
				continue;
			fill_probe(matrix, lab->model, i, &probe[n]);
			place[n++] = i;
		}
		r = probe_run(lab, probe, n, err);
		for (size_t k = 0; r >= 0 && k < n; k++)
			note(matrix, place[k], &probe[k]);
	}
	return r < 0 ? r : 0;
}

void matrix_free(struct matrix *matrix)
{
	free(matrix->row);
	free(matrix->column);
	free(matrix->cell);
	*matrix = (struct matrix){ 0 };
}
