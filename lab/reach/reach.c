/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/reach/reach.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "lab/reach/internal.h"

/* What fits into a hundred megabytes: a cell that stays a row takes more than one that is put
 * together with others. */
#define CELLS_MAX       300000
#define CELLS_APART_MAX 130000

/* Of one, or of two. */
static struct reach *begin(const struct explain_index *before, const struct explain_index *after)
{
	struct reach *reach = xnew(struct reach);

	reach->index[0] = before;
	reach->index[1] = after;
	reach->n_model = after ? 2 : 1;
	for (size_t i = 0; i < reach->n_model; i++)
		reach->model[i] = explain_index_model(reach->index[i]);
	return reach;
}

/* index NULL: nothing more is known of the model. */
static struct reach *begin_one(const struct model *model, const struct explain_index *index)
{
	struct explain_index *own = index ? NULL : explain_index_new(model);
	struct reach *reach = begin(index ? index : own, NULL);

	reach->own_index[0] = own;
	return reach;
}

static struct reach *look(struct reach *reach, const struct flows *flows,
			  const struct flows_list *except, bool together, bool narrow)
{
	struct sweep sweep = { .reach = reach,
			       .max_piece = together ? CELLS_MAX : CELLS_APART_MAX,
			       .apart = !together };

	reach->space = sweep.space = space_new(reach, flows, except);
	if (narrow)
		reach->space->touched = touched_classes(reach);
	sweep_all(&sweep);
	sweep_merge(&sweep, PORT);
	if (together) {
		sweep_merge(&sweep, FROM);
		sweep_merge(&sweep, TO);
		sweep_join_selves(&sweep);
	}
	sweep_make_rows(&sweep);
	change_find_cuts(reach);
	sweep_free(&sweep);
	return reach;
}

struct reach *reach_new(const struct model *model, const struct explain_index *index,
			const struct flows *flows)
{
	return look(begin_one(model, index), flows, &(struct flows_list){ 0 }, true, false);
}

struct reach *reach_except(const struct model *model, const struct explain_index *index,
			   const struct flows *flows, const struct flows_list *except)
{
	return look(begin_one(model, index), flows, except, true, false);
}

static const struct flows everything = {
	.from = { { .kind = TERM_ANY } },
	.n_from = 1,
	.to = { { .kind = TERM_ANY } },
	.n_to = 1,
	.tcp = true,
	.udp = true,
	.icmp = true,
	.port = { { 1, UINT16_MAX } },
	.n_port = 1,
};

struct reach *reach_cells(const struct model *model, const struct explain_index *index)
{
	return look(begin_one(model, index), &everything, &(struct flows_list){ 0 }, false, false);
}

struct reach *reach_diff(const struct explain_index *before, const struct explain_index *after)
{
	return look(begin(before, after), &everything, &(struct flows_list){ 0 }, true, true);
}

struct reach *reach_diff_whole(const struct explain_index *before,
			       const struct explain_index *after)
{
	return look(begin(before, after), &everything, &(struct flows_list){ 0 }, true, false);
}

struct reach *reach_between(const struct model *model, const struct explain_index *index,
			    enum protocol protocol, uint16_t port)
{
	struct flows flows = everything;

	flows.tcp = protocol == PROTOCOL_TCP;
	flows.udp = protocol == PROTOCOL_UDP;
	flows.icmp = protocol == PROTOCOL_ICMP;
	flows.port[0] = (struct interval){ port, port };
	flows.no_strangers = true;
	return reach_new(model, index, &flows);
}

void reach_free(struct reach *reach)
{
	if (!reach)
		return;
	for (size_t i = 0; i < reach->n_row; i++) {
		free(reach->row[i].from.range);
		free(reach->row[i].to.range);
		free(reach->row[i].port.range);
	}
	free(reach->row);
	for (size_t i = 0; i < reach->n_model; i++)
		explain_index_free(reach->own_index[i]);
	space_free(reach->space);
	free(reach);
}

void reach_explain(const struct reach *reach, const struct reach_row *row, size_t i,
		   struct explanation *ret_explanation)
{
	struct flow flow = row->witness;

	/* The same name may have another address there. */
	for (size_t e = 0; e < reach->space->n_end; e++)
		if (strcmp(reach->space->end[e].name, flow.to) == 0 &&
		    reach->space->end[e].in[i].resource)
			flow.destination = reach->space->end[e].in[i].address;
	explain(reach->index[i], &flow, ret_explanation);
}

double reach_ends_count(const struct reach *reach, const struct reach_set *set)
{
	const unsigned *first = reach->space->first;
	double n = 0;

	for (size_t i = 0; i < set->n; i++) {
		struct reach_range range = set->range[i];

		for (; range.last >= CLASS_NUMBER(0) && range.last >= range.first; range.last--) {
			const uint64_t class = range.last - CLASS_NUMBER(0);

			n += first[class + 1] - first[class];
		}
		if (range.last >= range.first)
			n += (double)(range.last - range.first + 1);
	}
	return n;
}

double reach_row_size(const struct reach *reach, const struct reach_row *row)
{
	double n_port = 0;

	for (size_t i = 0; i < row->port.n; i++)
		n_port += (double)(row->port.range[i].last - row->port.range[i].first + 1);
	return reach_ends_count(reach, &row->from) * reach_ends_count(reach, &row->to) * n_port;
}

static bool has_class(const struct reach_set *set, unsigned class)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->range[i].first <= CLASS_NUMBER(class) &&
		    set->range[i].last >= CLASS_NUMBER(class))
			return true;
	return false;
}

void reach_row_doubts(const struct reach *reach, const struct reach_row *row, const char ***doubt,
		      size_t *n_doubt)
{
	for (size_t e = 0; e < reach->space->n_end; e++) {
		const struct end *end = &reach->space->end[e];

		if (!has_class(&row->from, end->class) && !has_class(&row->to, end->class))
			continue;
		for (size_t m = 0; m < reach->n_model; m++)
			if (end->in[m].sender)
				explain_index_doubts_of(reach->index[m], end->in[m].sender, doubt,
							n_doubt);
	}
}

/* ---- classes ---- */

struct named_class {
	const char *name;
	unsigned class;
	UT_hash_handle hh;
};

unsigned *reach_classes(const struct reach *reach, const struct resource *const *resource, size_t n,
			unsigned *ret_n_class)
{
	const struct space *space = reach->space;
	struct named_class *all = xalloc((space->n_end + 1) * sizeof(*all)), *table = NULL, *found;
	unsigned *class = xalloc((n + 1) * sizeof(*class));

	for (size_t i = 0; i < space->n_end; i++) {
		all[i] = (struct named_class){ .name = space->end[i].name,
					       .class = space->end[i].class };
		HASH_ADD_KEYPTR(hh, table, all[i].name, strlen(all[i].name), &all[i]);
	}
	for (size_t i = 0; i < n; i++) {
		HASH_FIND_STR(table, resource[i]->name, found);
		class[i] = found ? found->class : 0;
	}
	HASH_CLEAR(hh, table);
	free(all);
	*ret_n_class = space->n_class;
	return class;
}

void reach_each_pair(const struct reach *reach,
		     void (*say)(void *arg, unsigned from, unsigned to,
				 const struct outcome *outcome),
		     void *arg)
{
	for (size_t i = 0; i < reach->n_row; i++) {
		const struct reach_row *row = &reach->row[i];

		for (size_t k = 0; k < row->from.n * row->to.n && !row->to_itself; k++) {
			const struct reach_range from = row->from.range[k / row->to.n],
						 to = row->to.range[k % row->to.n];

			for (uint64_t f = from.first; f <= from.last; f++)
				for (uint64_t t = to.first; t <= to.last; t++)
					say(arg, (unsigned)(f - CLASS_NUMBER(0)),
					    (unsigned)(t - CLASS_NUMBER(0)), &row->outcome[0]);
		}
	}
}
