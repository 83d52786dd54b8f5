/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/reach/internal.h"

/* Cells with the same answer, together again. */

static enum dimension merged_dimension; /* of qsort()'s comparison */

static int compare_others(const struct piece *a, const struct piece *b, enum dimension but)
{
	int r = (int)a->protocol - (int)b->protocol;

	r = r ? r : a->to_itself - b->to_itself;
	for (size_t i = 0; !r && i < 2; i++)
		r = a->outcome[i] < b->outcome[i] ? -1 : a->outcome[i] > b->outcome[i];
	for (size_t d = 0; !r && d < DIMENSIONS; d++)
		r = d == but ? 0 : reach_set_compare(&a->set[d], &b->set[d]);
	return r;
}

static int compare_pieces(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int r = compare_others(x, y, merged_dimension);

	return r ? r : reach_set_compare(&x->set[merged_dimension], &y->set[merged_dimension]);
}

static void piece_free(struct piece *piece)
{
	for (size_t d = 0; d < DIMENSIONS; d++)
		free(piece->set[d].range);
}

void sweep_merge(struct sweep *sweep, enum dimension dimension)
{
	size_t n = 0;

	merged_dimension = dimension;
	if (sweep->n_piece)
		qsort(sweep->piece, sweep->n_piece, sizeof(*sweep->piece), compare_pieces);
	for (size_t i = 1; i < sweep->n_piece; i++) {
		struct piece *into = &sweep->piece[n], *piece = &sweep->piece[i];
		struct reach_set *set = &into->set[dimension];

		if (compare_others(into, piece, dimension) != 0) {
			reach_set_order(set);
			sweep->piece[++n] = *piece;
			continue;
		}
		for (size_t k = 0; k < piece->set[dimension].n; k++)
			*ARRAY_PUSH(set->range, set->n) = piece->set[dimension].range[k];
		/* A witness without a stranger can be sent as it is. */
		if ((!into->from || !into->to) && piece->from && piece->to) {
			into->from = piece->from;
			into->to = piece->to;
			into->port = piece->port;
		}
		piece_free(piece);
	}
	if (sweep->n_piece) {
		reach_set_order(&sweep->piece[n].set[dimension]);
		sweep->n_piece = n + 1;
	}
}

/* The class of the host that is the target, where it is one host alone; 0: it is not. */
static uint64_t self_of(const struct space *space, const struct reach_set *to)
{
	const uint64_t number =
		to->n == 1 && to->range[0].first == to->range[0].last ? to->range[0].first : 0;
	const unsigned class = (unsigned)(number - CLASS_NUMBER(0));
	const struct end *end;

	if (number < CLASS_NUMBER(0) || space->first[class + 1] - space->first[class] != 1)
		return 0;
	end = &space->end[space->first[class]];
	return end->home && end->kind != END_PUBLIC ? CLASS_NUMBER(space->end[end->home - 1].class)
						    : 0;
}

/*
 * A packet from a host to itself never leaves it, and is in no cell. So where all of three hosts
 * reach each other, and something tells them apart, each has a row of its own: {B, C} -> A, {A, C}
 * -> B. With the target among the senders all of them are alike: {A, B, C} -> {A, B, C}, which
 * means each to the others.
 */
void sweep_join_selves(struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->n_piece; i++) {
		struct piece *piece = &sweep->piece[i];
		struct reach_set *from = &piece->set[FROM];

		piece->self = piece->to_itself ? 0 : self_of(sweep->space, &piece->set[TO]);
		if (!piece->self)
			continue;
		*ARRAY_PUSH(from->range, from->n) =
			(struct reach_range){ piece->self, piece->self };
		reach_set_order(from);
	}
	sweep_merge(sweep, TO);
	for (size_t i = 0; i < sweep->n_piece; i++) {
		struct piece *piece = &sweep->piece[i];

		if (piece->self && self_of(sweep->space, &piece->set[TO]))
			reach_set_remove(&piece->set[FROM], piece->self);
		else
			piece->self = 0;
	}
}

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

/* Not by where they are in memory: that would be another order each time. */
static int compare_pools(const struct snat *a, const struct snat *b)
{
	int r = !!a - !!b;

	if (r || !a)
		return r;
	r = ORDER(a->n_eip, b->n_eip);
	for (size_t i = 0; !r && i < a->n_eip; i++)
		r = ORDER(a->eip[i]->ip, b->eip[i]->ip);
	return r;
}

static int compare_outcomes(const struct outcome *a, const struct outcome *b)
{
	int r = (int)a->kind - (int)b->kind;

	r = r ? r : (int)a->code - (int)b->code;
	r = r ? r : (int)a->seen - (int)b->seen;
	r = r ? r : ORDER(a->seen_as, b->seen_as);
	r = r ? r : compare_pools(a->pool, b->pool);
	r = r ? r : strcmp(a->target ? a->target : "", b->target ? b->target : "");
	return r ? r : ORDER(a->port_shift, b->port_shift);
}

bool reach_row_continues(const struct reach_row *row, const struct reach_row *next)
{
	return row->to_itself == next->to_itself &&
	       reach_set_compare(&row->from, &next->from) == 0 &&
	       reach_set_compare(&row->to, &next->to) == 0 &&
	       compare_outcomes(&row->outcome[0], &next->outcome[0]) == 0 &&
	       compare_outcomes(&row->outcome[1], &next->outcome[1]) == 0;
}

/* What gets through first; then by its ends. */
static int compare_rows(const void *a, const void *b)
{
	const struct reach_row *x = a, *y = b;
	int r = (int)x->outcome[0].kind - (int)y->outcome[0].kind;

	r = r ? r : x->to_itself - y->to_itself;
	r = r ? r : reach_set_compare(&x->from, &y->from);
	r = r ? r : reach_set_compare(&x->to, &y->to);
	r = r ? r : compare_outcomes(&x->outcome[0], &y->outcome[0]);
	r = r ? r : compare_outcomes(&x->outcome[1], &y->outcome[1]);
	r = r ? r : (x->protocol == PROTOCOL_ICMP) - (y->protocol == PROTOCOL_ICMP);
	r = r ? r : (int)x->protocol - (int)y->protocol;
	return r ? r : reach_set_compare(&x->port, &y->port);
}

static void format_end(const struct end *end, uint32_t address, char *text, size_t size)
{
	char number[ADDRESS_TEXT_SIZE];

	snprintf(text, size, "%s", end ? end->name : address_format(address, number));
}

/* Out there, a host's name is its public address. */
static bool name_misleads(const struct end *from, const struct end *to)
{
	const struct end_place *place = to ? &to->in[!to->in[0].resource] : NULL;

	return to && to->kind == END_ENI && (!from || from->kind == END_HOST) &&
	       place->address == place->eni->ip && eni_public_ip(place->eni);
}

bool address_is_example(uint32_t address)
{
	const uint32_t net = address & prefix_mask(24);

	return net == 0xc6336400 || net == 0xcb007100 || net == 0xc0000200;
}

/* One that a reader knows, if it is in the set. */
static uint16_t choose_port(const struct reach_set *set, enum protocol protocol, uint32_t first)
{
	static const uint16_t known[] = { 80, 443, 22, 53 };
	const size_t from = protocol == PROTOCOL_UDP ? 3 : 0;

	for (size_t k = from; k < ARRAY_SIZE(known) && protocol != PROTOCOL_ICMP; k++)
		for (size_t i = 0; i < set->n; i++)
			if (set->range[i].first <= known[k] && set->range[i].last >= known[k])
				return known[k];
	return (uint16_t)first;
}

/* One of the set that somebody may know: an address of the documents, if they have one. */
static uint32_t choose_stranger(const struct reach *reach, const struct reach_set *set,
				uint32_t first)
{
	static const uint32_t known[] = { 0xc6336407, 0xcb007107, 0xc0000207 };

	for (size_t k = 0; k < ARRAY_SIZE(known); k++)
		for (size_t i = 0; i < set->n; i++)
			if (set->range[i].first <= known[k] && set->range[i].last >= known[k] &&
			    space_is_free(reach, known[k]))
				return known[k];
	return first;
}

void sweep_make_rows(struct sweep *sweep)
{
	struct reach *reach = sweep->reach;

	for (size_t i = 0; i < sweep->n_piece; i++) {
		struct piece *piece = &sweep->piece[i];
		struct reach_row *row = ARRAY_PUSH(reach->row, reach->n_row);
		struct flow *flow = &row->witness;

		*row = (struct reach_row){ .from = piece->set[FROM],
					   .to = piece->set[TO],
					   .port = piece->set[PORT],
					   .protocol = piece->protocol,
					   .to_itself = piece->to_itself,
					   .self = piece->self,
					   .self_as_target = piece->to_itself
								     ? 0
								     : self_of(sweep->space,
									       &piece->set[FROM]) };
		memset(row->outcome, 0, sizeof(row->outcome)); /* their bytes are compared */
		for (size_t m = 0; m < reach->n_model; m++)
			memcpy(&row->outcome[m], sweep->outcome[piece->outcome[m]],
			       sizeof(row->outcome[m]));
		if (!piece->from || !piece->to)
			flow->stranger = choose_stranger(
				reach, &piece->set[piece->from ? TO : FROM], piece->stranger);
		flow->destination = piece->to ? piece->to->in[!piece->to->in[0].resource].address
					      : flow->stranger;
		format_end(piece->from, flow->stranger, flow->from, sizeof(flow->from));
		format_end(name_misleads(piece->from, piece->to) ? NULL : piece->to,
			   flow->destination, flow->to, sizeof(flow->to));
		flow->protocol = piece->protocol;
		flow->port = choose_port(&piece->set[PORT], piece->protocol, piece->port);
	}
	if (reach->n_row)
		qsort(reach->row, reach->n_row, sizeof(*reach->row), compare_rows);
}
