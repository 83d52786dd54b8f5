/* SPDX-License-Identifier: GPL-3.0-only */
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/reach/internal.h"

/* Of classes that were asked about together: which pairs there are, and the answers of each. */

/* ---- pairs ---- */

/* The resource that has both; NULL: they are of two. */
static const struct resource *owner(const struct end *end)
{
	const size_t i = end->in[0].resource ? 0 : 1;
	const struct eni *eni = end->in[i].eni;

	return !eni ? end->in[i].resource : eni->ecs ? &eni->ecs->resource : &eni->resource;
}

static bool same_owner(const struct end *a, const struct end *b)
{
	if (a->in[0].resource && b->in[0].resource)
		return owner(a) == owner(b);
	return strcmp(owner(a)->name, owner(b)->name) == 0;
}

const struct end *next_member(const struct space *space, const bool *wanted, unsigned class,
			      size_t from)
{
	for (size_t i = from > space->first[class] ? from : space->first[class];
	     i < space->first[class + 1]; i++)
		if (wanted[i])
			return &space->end[i];
	return NULL;
}

bool pair_of(const struct space *space, unsigned from_class, unsigned to_class,
	     const struct end **ret_from, const struct end **ret_to)
{
	const struct end *from = next_member(space, space->from, from_class, 0),
			 *to = next_member(space, space->to, to_class, 0);

	*ret_from = from;
	for (*ret_to = to; from && *ret_to && same_owner(from, *ret_to);)
		*ret_to =
			next_member(space, space->to, to_class, (size_t)(*ret_to - space->end) + 1);
	if (!from || !to || *ret_to)
		return from && to;
	*ret_to = to;
	*ret_from = next_member(space, space->from, from_class, (size_t)(from - space->end) + 1);
	return *ret_from;
}

static bool has_address(const struct end_place *place, uint32_t address)
{
	return place->eni && prefix_contains(place->eni->vswitch->cidr, address);
}

unsigned tie_of(const struct end *from, const struct end *to)
{
	unsigned tie = 0;

	for (size_t i = 0; i < 2; i++)
		tie = tie << 2 | (unsigned)has_address(&from->in[i], to->in[i].address) << 1 |
		      has_address(&to->in[i], from->in[i].address);
	return tie;
}

/* ---- answers ---- */

/* Of one block, for some of its pairs. */
struct cell_answer {
	uint32_t protocol, outcome[2];
	struct interval stranger;
	uint32_t example; /* a stranger */
	struct interval port;
};

static int compare_but_ports(const struct cell_answer *a, const struct cell_answer *b)
{
	return memcmp(a, b, offsetof(struct cell_answer, port));
}

static int compare_answers(const void *a, const void *b)
{
	const struct cell_answer *x = a, *y = b;
	const int r = compare_but_ports(x, y);

	return r ? r : x->port.first < y->port.first ? -1 : x->port.first > y->port.first;
}

/* In order, and what is the same of ports beside each other is one. */
static size_t join_answers(struct cell_answer *answer, size_t n_answer)
{
	size_t n = 0;

	if (n_answer)
		qsort(answer, n_answer, sizeof(*answer), compare_answers);
	for (size_t i = 1; i < n_answer; i++) {
		if (compare_but_ports(&answer[n], &answer[i]) == 0 &&
		    answer[n].port.last + 1 == answer[i].port.first)
			answer[n].port.last = answer[i].port.last;
		else
			answer[++n] = answer[i];
	}
	return n_answer ? n + 1 : 0;
}

/* All that becomes of the packets of one pair of classes. */
struct answers {
	struct cell_answer *answer;
	size_t n;
	unsigned number; /* 1 and more */
	UT_hash_handle hh;
};

/* To one target, from kin: the number of the answers that each of its classes gets, 0: there are
 * none. */
struct column {
	const struct kin *from; /* NULL: the strangers */
	unsigned *answers;
	size_t n;
	unsigned number;
	UT_hash_handle hh; /* by all of the numbers and, before them, the kin's */
};

struct spread {
	struct sweep *sweep;
	const struct kin *to; /* NULL: strangers */
	size_t n_to;
	struct answers *answers, **by_number;
	size_t n_answers;
	struct column *columns, **column;
	size_t n_column;
	struct kinsmen *of; /* by target: its columns */
	/* of the kin in question: */
	const struct kin *from;
	size_t n_from;
	struct kinsmen *block; /* by target: of which blocks it is */
	unsigned *tie;         /* by sender, to the target in question; NO_PAIR: they are one */
	unsigned *party;       /* by sender: those of one are in the same blocks */
	unsigned *first;       /* by party: its first sender */
	unsigned *split;       /* by party: the new one of those that are in the block; 0: none */
	unsigned n_party;
};
#define NO_PAIR UINT32_MAX

static void find_ties(struct spread *s, unsigned target)
{
	const struct end *one, *other;

	for (size_t i = 0; s->from && s->to && i < s->n_from; i++)
		s->tie[i] = pair_of(s->sweep->space, s->from->class[i], s -> to -> class[target],
				    &one, &other)
				    ? tie_of(one, other)
				    : NO_PAIR;
}

/* Parties of senders, so that each block has all of one or none; those of none have number 0. */
static void find_parties(struct spread *s, unsigned target)
{
	const struct kinsmen *blocks = &s->block[target];

	memset(s->party, 0, s->n_from * sizeof(*s->party));
	s->n_party = 0;
	for (size_t k = 0; k < blocks->n; k++) {
		const struct block *block = &s->sweep->block[blocks->number[k]];
		unsigned n_left = 0;

		memset(s->split, 0, (s->n_party + 1) * sizeof(*s->split));
		for (size_t i = 0; i < block->from.n; i++) {
			const unsigned sender = block->from.number[i];
			unsigned *party = &s->party[sender];

			if (s->tie[sender] != block->tie)
				continue;
			if (!s->split[*party])
				s->split[*party] = ++s->n_party;
			*party = s->split[*party];
		}
		/* Numbers that nobody has any more are given up. */
		memset(s->first, 0, (s->n_party + 1) * sizeof(*s->first));
		for (size_t i = 0; i < s->n_from; i++) {
			unsigned *number = &s->first[s->party[i]];

			if (s->party[i] && !*number)
				*number = ++n_left;
			s->party[i] = s->party[i] ? *number : 0;
		}
		s->n_party = n_left;
	}
	for (size_t i = s->n_from; i-- > 0;)
		s->first[s->party[i]] = (unsigned)i;
}

static bool has(const struct kinsmen *kinsmen, unsigned number)
{
	size_t low = 0, high = kinsmen->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (kinsmen->number[middle] == number)
			return true;
		if (kinsmen->number[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The number of the party's answers; new ones get the next. */
static unsigned answers_of(struct spread *s, unsigned target, unsigned party)
{
	const struct kinsmen *blocks = &s->block[target];
	const unsigned sender = s->first[party];
	struct cell_answer *answer = NULL;
	struct answers *known;
	size_t n = 0;

	for (size_t k = 0; k < blocks->n; k++) {
		const struct block *block = &s->sweep->block[blocks->number[k]];

		if (s->tie[sender] != block->tie || !has(&block->from, sender))
			continue;
		*ARRAY_PUSH(answer, n) = (struct cell_answer){
			.protocol = block->piece.protocol,
			.outcome = { block->piece.outcome[0], block->piece.outcome[1] },
			.stranger = block->box.stranger,
			.example = block->piece.stranger,
			.port = block->box.port,
		};
	}
	n = join_answers(answer, n);
	HASH_FIND(hh, s->answers, answer, n * sizeof(*answer), known);
	if (known) {
		free(answer);
		return known->number;
	}
	known = xnew(struct answers);
	known->answer = answer;
	known->n = n;
	*ARRAY_PUSH(s->by_number, s->n_answers) = known;
	known->number = (unsigned)s->n_answers;
	HASH_ADD_KEYPTR(hh, s->answers, known->answer, n * sizeof(*answer), known);
	return known->number;
}

static void add_column(struct spread *s, unsigned target)
{
	const size_t n = s->n_from + 1, size = n * sizeof(unsigned);
	unsigned *key = xalloc(size), *number = s->split;
	struct column *column;

	find_ties(s, target);
	find_parties(s, target);
	number[0] = 0;
	for (unsigned p = 1; p <= s->n_party; p++)
		number[p] = answers_of(s, target, p);
	key[0] = s->from ? s->sweep->space->end[s->sweep->space->first[s->from->class[0]]].kin
			 : UINT_MAX;
	for (size_t i = 0; i < s->n_from; i++)
		key[i + 1] = number[s->party[i]];
	HASH_FIND(hh, s->columns, key, size, column);
	if (column) {
		free(key);
	} else {
		column = xnew(struct column);
		*column = (struct column){
			.from = s->from, .answers = key, .n = n, .number = (unsigned)s->n_column
		};
		HASH_ADD_KEYPTR(hh, s->columns, column->answers, size, column);
		*ARRAY_PUSH(s->column, s->n_column) = column;
		s->sweep->n_held += n;
	}
	*ARRAY_PUSH(s->of[target].number, s->of[target].n) = column->number;
}

static void free_blocks(struct sweep *sweep)
{
	for (size_t b = 0; b < sweep->n_block; b++) {
		free(sweep->block[b].from.number);
		free(sweep->block[b].to.number);
	}
	free(sweep->block);
	sweep->block = NULL;
	sweep->n_block = 0;
}

static void add_columns(struct spread *s)
{
	const struct sweep *sweep = s->sweep;

	s->n_from = s->from ? s->from->n : 1;
	s->block = xalloc(s->n_to * sizeof(*s->block));
	s->tie = xalloc(s->n_from * sizeof(*s->tie));
	s->party = xalloc(s->n_from * sizeof(*s->party));
	s->first = xalloc((2 * s->n_from + 2) * sizeof(*s->first));
	s->split = xalloc((s->n_from + 1) * sizeof(*s->split));
	for (unsigned b = 0; b < sweep->n_block; b++) {
		for (size_t i = 0; i < sweep->block[b].to.n; i++) {
			struct kinsmen *of = &s->block[sweep->block[b].to.number[i]];

			*ARRAY_PUSH(of->number, of->n) = b;
		}
	}
	for (unsigned t = 0; t < s->n_to; t++) {
		if (s->block[t].n)
			add_column(s, t);
		free(s->block[t].number);
	}
	free(s->block);
	free(s->tie);
	free(s->party);
	free(s->first);
	free(s->split);
}

/* ---- pieces ---- */

static struct reach_set classes_of(const struct kin *kin, const struct kinsmen *some,
				   struct interval strangers)
{
	struct reach_set set = { 0 };

	if (!kin)
		return reach_set_of(strangers.first, strangers.last);
	for (size_t i = 0; i < some->n; i++) {
		const uint64_t number = CLASS_NUMBER(kin->class[some->number[i]]);

		if (set.n && set.range[set.n - 1].last + 1 == number)
			set.range[set.n - 1].last = number;
		else
			*ARRAY_PUSH(set.range, set.n) = (struct reach_range){ number, number };
	}
	return set;
}

static void find_ends(struct piece *piece, const struct space *space, const struct kin *from,
		      unsigned sender, const struct kin *to, unsigned target)
{
	if (from && to)
		(void)pair_of(space, from->class[sender], to -> class[target], &piece -> from,
			      &piece -> to);
	else if (from)
		piece->from = next_member(space, space->from, from->class[sender], 0);
	else
		piece->to = next_member(space, space->to, to->class[target], 0);
}

/* Those answers, of all who get them, to these targets. */
static void add_pieces(struct spread *s, const struct column *column, unsigned number,
		       const struct kinsmen *to)
{
	struct sweep *sweep = s->sweep;
	struct kinsmen from = { 0 };

	for (unsigned i = 1; i < column->n; i++)
		if (column->answers[i] == number)
			*ARRAY_PUSH(from.number, from.n) = i - 1;
	for (size_t i = 0; i < s->by_number[number - 1]->n; i++) {
		const struct cell_answer *answer = &s->by_number[number - 1]->answer[i];
		struct piece *piece = ARRAY_PUSH(sweep->piece, sweep->n_piece);

		*piece = (struct piece){ .protocol = (enum protocol)answer->protocol,
					 .outcome = { answer->outcome[0], answer->outcome[1] },
					 .port = answer->port.first,
					 .stranger = answer->example };
		find_ends(piece, sweep->space, column->from, from.number[0], s->to, to->number[0]);
		piece->set[FROM] = classes_of(column->from, &from, answer->stranger);
		piece->set[TO] = classes_of(s->to, to, answer->stranger);
		piece->set[PORT] = reach_set_of(answer->port.first, answer->port.last);
	}
	free(from.number);
}

static void add_all_pieces(struct spread *s, const struct kinsmen *columns,
			   const struct kinsmen *to)
{
	auto_free bool *done = xalloc(s->n_answers + 1);

	for (size_t k = 0; k < columns->n; k++) {
		const struct column *column = s->column[columns->number[k]];

		memset(done, 0, s->n_answers + 1);
		done[0] = true;
		for (unsigned i = 1; i < column->n; i++) {
			if (!done[column->answers[i]])
				add_pieces(s, column, column->answers[i], to);
			done[column->answers[i]] = true;
		}
	}
}

/* Cells as they are. Of several pairs only some may be tied so: then the sets say more than there
 * is. */
static void add_cells(struct sweep *sweep, const struct kin *from, const struct kin *to)
{
	for (size_t b = 0; b < sweep->n_block; b++) {
		const struct block *block = &sweep->block[b];
		struct piece *piece = ARRAY_PUSH(sweep->piece, sweep->n_piece);

		*piece = block->piece;
		piece->set[FROM] = classes_of(from, &block->from, block->box.stranger);
		piece->set[TO] = classes_of(to, &block->to, block->box.stranger);
		piece->set[PORT] = reach_set_of(block->box.port.first, block->box.port.last);
	}
}

struct spread *spread_new(struct sweep *sweep, const struct kin *to)
{
	struct spread *s = xnew(struct spread);

	s->sweep = sweep;
	s->to = to;
	s->n_to = to ? to->n : 1;
	s->of = xalloc(s->n_to * sizeof(*s->of));
	return s;
}

void spread_blocks(struct spread *s, const struct kin *from)
{
	s->from = from;
	if (s->sweep->apart || ((!from || from->n == 1) && s->n_to == 1))
		add_cells(s->sweep, from, s->to);
	else if (s->sweep->n_block)
		add_columns(s);
	free_blocks(s->sweep);
}

/* Targets with the same columns, together. */
struct alike_targets {
	struct kinsmen to;
	UT_hash_handle hh;
};

void spread_end(struct spread *s)
{
	struct alike_targets *all = NULL, *some, *next;

	for (unsigned t = 0; t < s->n_to; t++) {
		const size_t size = s->of[t].n * sizeof(*s->of[t].number);

		if (!size)
			continue;
		HASH_FIND(hh, all, s->of[t].number, size, some);
		if (!some) {
			some = xnew(struct alike_targets);
			HASH_ADD_KEYPTR(hh, all, s->of[t].number, size, some);
		}
		*ARRAY_PUSH(some->to.number, some->to.n) = t;
	}
	HASH_ITER(hh, all, some, next)
	{
		add_all_pieces(s, &s->of[some->to.number[0]], &some->to);
		HASH_DELETE(hh, all, some);
		free(some->to.number);
		free(some);
	}
	HASH_CLEAR(hh, s->columns);
	for (size_t i = 0; i < s->n_column; i++) {
		s->sweep->n_held -= s->column[i]->n;
		free(s->column[i]->answers);
		free(s->column[i]);
	}
	HASH_CLEAR(hh, s->answers);
	for (size_t i = 0; i < s->n_answers; i++) {
		free(s->by_number[i]->answer);
		free(s->by_number[i]);
	}
	for (size_t t = 0; t < s->n_to; t++)
		free(s->of[t].number);
	free(s->of);
	free(s->column);
	free(s->by_number);
	free(s);
}
