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

static struct matrix_answer ask(const struct explain_index *index, const struct matrix *matrix,
				size_t row, size_t column)
{
	const struct question question = { .from = matrix->row[row],
					   .destination = resource_address(matrix->column[column]),
					   .protocol = matrix->protocol,
					   .port = matrix->port };
	struct prediction answer;

	explain_packet(index, &question, NULL, &answer);
	return (struct matrix_answer){ (uint8_t)answer.code, answer.sometimes };
}

/* The host that has the EIP itself; NULL: none has. */
static const struct resource *host_with(const struct resource *eip)
{
	const struct resource *of = address_associated(eip);

	if (of && of->noun == NOUN_ENI && ((const struct eni *)of)->ecs)
		of = &((const struct eni *)of)->ecs->resource;
	return of && of->noun == NOUN_ECS ? of : NULL;
}

/* No packet of the row's gets to the column's address there. */
static bool is_taken(const struct matrix *matrix, size_t row, size_t column)
{
	const struct resource *to = matrix->column[column];

	return matrix->overlap &&
	       flow_taker(matrix->model, matrix->row[row], to, resource_address(to));
}

static struct matrix_answer *answer_of(const struct matrix *matrix, unsigned from, unsigned to)
{
	return &matrix->answer[(size_t)from * matrix->n_class + to];
}

struct matrix_cell matrix_cell(const struct matrix *matrix, size_t row, size_t column)
{
	if (matrix->probed)
		return matrix->probed[row * matrix->n_column + column];
	if (is_taken(matrix, row, column))
		return (struct matrix_cell){ .answer = { CODE_UNREACHABLE_ADDRESS, false } };
	return (struct matrix_cell){ .answer = matrix->own_of[column] == row
						       ? matrix->own[column]
						       : *answer_of(matrix, matrix->class[row],
								    matrix -> class[column]) };
}

#define NOT_ASKED UINT8_MAX

static void note_pair(void *arg, unsigned from, unsigned to, const struct outcome *outcome)
{
	*answer_of(arg, from, to) = (struct matrix_answer){ (uint8_t)outcome->code,
							    outcome->kind == OUTCOME_SOMETIMES };
}

/* What is in no row: to a load balancer, or beyond what could be looked at. Of two hosts of a class
 * one can ask for both. */
static void ask_rest(struct matrix *matrix, const struct explain_index *index)
{
	auto_free size_t *n_asking = xalloc((matrix->n_class + 1) * sizeof(*n_asking));

	for (size_t r = 0; r < matrix->n_row; r++) {
		if (n_asking[matrix->class[r]]++ >= 2)
			continue;
		for (size_t c = 0; c < matrix->n_column; c++) {
			struct matrix_answer *answer =
				answer_of(matrix, matrix->class[r], matrix -> class[c]);

			if (answer->code == NOT_ASKED && r != c && matrix->own_of[c] != r)
				*answer = ask(index, matrix, r, c);
		}
	}
}

static void find_own(struct matrix *matrix, const struct explain_index *index)
{
	const size_t n = model_count(matrix->model, NOUN_ECS);

	matrix->own_of = xalloc((matrix->n_column + 1) * sizeof(*matrix->own_of));
	matrix->own = xalloc((matrix->n_column + 1) * sizeof(*matrix->own));
	for (size_t c = 0; c < matrix->n_column; c++) {
		const struct resource *host = host_with(matrix->column[c]);

		matrix->own_of[c] = host ? host->place : matrix->n_row;
		if (host && host->place < n)
			matrix->own[c] = ask(index, matrix, host->place, c);
	}
}

static bool some_overlap(const struct model *model)
{
	model_each(model, NOUN_VPC, const struct vpc, a) {
		model_each(model, NOUN_VPC, const struct vpc, b)
			if (a != b && vpcs_overlap(a, b))
				return true;
	}
	return false;
}

void matrix_predict(struct matrix *ret_matrix, const struct explain_index *index,
		    const struct model *model, enum protocol protocol, uint16_t port)
{
	struct matrix matrix = { .model = model, .protocol = protocol, .port = port };
	struct reach *reach = reach_between(model, index, protocol, port);

	add_all(model, NOUN_ECS, &matrix.row, &matrix.n_row);
	add_all(model, NOUN_INTERNET_HOST, &matrix.row, &matrix.n_row);
	add_all(model, NOUN_ECS, &matrix.column, &matrix.n_column);
	add_all(model, NOUN_INTERNET_HOST, &matrix.column, &matrix.n_column);
	add_all(model, NOUN_EIP, &matrix.column, &matrix.n_column);
	add_all(model, NOUN_NAT_IP, &matrix.column, &matrix.n_column);
	add_all(model, NOUN_LOAD_BALANCER, &matrix.column, &matrix.n_column);
	matrix.overlap = some_overlap(model);
	matrix.class = reach_classes(reach, matrix.column, matrix.n_column, &matrix.n_class);
	matrix.answer =
		xalloc((size_t)matrix.n_class * matrix.n_class * sizeof(*matrix.answer) + 1);
	for (size_t i = 0; i < (size_t)matrix.n_class * matrix.n_class; i++)
		matrix.answer[i].code = NOT_ASKED;
	reach_each_pair(reach, note_pair, &matrix);
	reach_free(reach);
	find_own(&matrix, index);
	ask_rest(&matrix, index);
	*ret_matrix = matrix;
}

static void fill_probe(const struct matrix *matrix, const struct model *model, size_t i,
		       struct probe *probe)
{
	const struct resource *from = matrix->row[i / matrix->n_column],
			      *to = matrix->column[i % matrix->n_column];

	*probe = (struct probe){
		.flow = { .protocol = matrix->protocol, .port = matrix->port },
		.expect_blocked = matrix->probed[i].answer.code != CODE_NONE,
	};
	snprintf(probe->flow.from, sizeof(probe->flow.from), "%s", from->name);
	snprintf(probe->flow.to, sizeof(probe->flow.to), "%s", to->name);
	model_address(model, to->name, &probe->flow.destination);
}

static void note(struct matrix *matrix, size_t i, const struct probe *probe)
{
	struct matrix_cell *cell = &matrix->probed[i];

	cell->verdict = (uint8_t)probe->verdict;
	cell->differs = !cell->answer.sometimes &&
			(probe->verdict == PROBE_REACHED) != (cell->answer.code == CODE_NONE);
	matrix->n_differs += cell->differs;
}

int matrix_probe(struct matrix *matrix, struct lab *lab, struct error *err)
{
	auto_free struct probe *probe = xalloc(PROBES_AT_ONCE * sizeof(*probe));
	const size_t n_cell = matrix->n_row * matrix->n_column;
	struct matrix_cell *probed = xalloc((n_cell + 1) * sizeof(*probed));
	size_t place[PROBES_AT_ONCE];
	int r = 0;

	for (size_t i = 0; i < n_cell; i++)
		probed[i] = matrix_cell(matrix, i / matrix->n_column, i % matrix->n_column);
	matrix->probed = probed;
	matrix->live = true;
	for (size_t i = 0; r >= 0 && i < n_cell;) {
		size_t n = 0;

		for (; i < n_cell && n < PROBES_AT_ONCE; i++) {
			const size_t row = i / matrix->n_column, column = i % matrix->n_column;

			if (is_taken(matrix, row, column))
				matrix->probed[i].verdict = PROBE_UNREACHABLE;
			if (matrix_is_own(matrix, row, column) || is_taken(matrix, row, column))
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
	free(matrix->class);
	free(matrix->answer);
	free(matrix->own_of);
	free(matrix->own);
	free(matrix->probed);
	*matrix = (struct matrix){ 0 };
}
