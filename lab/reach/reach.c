/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/reach/reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include "lab/explain/session.h"
#include "lab/reach/internal.h"

/* Beyond that much of explain's work, or so many cells, the rest is not looked at: some seconds,
 * and some dozens of megabytes. */
#define WORK_MAX  2000000000u
#define WORK_ASK  100 /* of a question, beside its comparisons */
#define CELLS_MAX 400000

enum dimension { FROM, TO, PORT, DIMENSIONS };

/* Some cells, at first one: the same becomes of all from × to × port. */
struct piece {
	struct reach_set set[DIMENSIONS];
	enum protocol protocol;
	bool to_itself;
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
	bool all; /* also what is the same in both models */
	uint64_t work;
};

/* ---- sets ---- */

static int compare_ranges(const void *a, const void *b)
{
	const struct reach_range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

void reach_set_order(struct reach_set *set)
{
	size_t n = 0;

	if (set->n > 1)
		qsort(set->range, set->n, sizeof(*set->range), compare_ranges);
	for (size_t i = 1; i < set->n; i++) {
		if (set->range[i].first > set->range[n].last + 1)
			set->range[++n] = set->range[i];
		else if (set->range[i].last > set->range[n].last)
			set->range[n].last = set->range[i].last;
	}
	set->n = set->n ? n + 1 : 0;
}

static struct reach_set set_of(uint64_t first, uint64_t last)
{
	struct reach_set set = { 0 };

	*ARRAY_PUSH(set.range, set.n) = (struct reach_range){ first, last };
	return set;
}

static int compare_sets(const struct reach_set *a, const struct reach_set *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		if (a->range[i].first != b->range[i].first)
			return a->range[i].first < b->range[i].first ? -1 : 1;
		if (a->range[i].last != b->range[i].last)
			return a->range[i].last < b->range[i].last ? -1 : 1;
	}
	return a->n < b->n ? -1 : a->n > b->n;
}

/* ---- outcomes ---- */

static const struct eni *eni_of_target(const struct model *model, const struct end *to, size_t i,
				       uint32_t target)
{
	const struct end_place *place = &to->in[i];
	const struct resource *via = place->resource->noun == NOUN_EIP
					     ? ((const struct eip *)place->resource)->associated
					     : NULL;

	return via ? model_eni_by_ip(model, resource_vpc(via), target) : place->eni;
}

/* One pointer for all names that are the same, and for all pools of the same EIPs: both models'
 * outcomes are compared. */
static const void *canonical(struct sweep *sweep, const char *key, const void *value)
{
	struct known_name *known;

	HASH_FIND_STR(sweep->names, key, known);
	if (!known) {
		known = xnew(struct known_name);
		known->key = arena_strdup(&sweep->space->arena, key);
		known->value = value ? value : known->key;
		HASH_ADD_KEYPTR(hh, sweep->names, known->key, strlen(known->key), known);
	}
	return known->value;
}

static const struct snat *canonical_pool(struct sweep *sweep, const struct snat *pool)
{
	auto_text key = { 0 };

	for (size_t i = 0; i < pool->n_eip; i++)
		text_addf(&key, "%s %u,", pool->eip[i]->resource.name, pool->eip[i]->ip);
	return canonical(sweep, text_get(&key), pool);
}

static struct outcome outcome_of(struct sweep *sweep, const struct model *model,
				 const struct end *from, const struct end *to, size_t i,
				 const struct question *question, const struct prediction *answer)
{
	const uint32_t own = from ? from->in[i].address : question->stranger;
	const uint32_t public = from && from->in[i].eni ? eni_public_ip(from->in[i].eni) : 0;
	const struct eni *eni;
	struct outcome outcome;

	memset(&outcome, 0, sizeof(outcome)); /* its bytes are compared */
	outcome.code = answer->code;
	outcome.kind = answer->sometimes                    ? OUTCOME_SOMETIMES
		       : !answer->code                      ? OUTCOME_REACHED
		       : answer->code == CODE_NOT_LISTENING ? OUTCOME_NOT_LISTENING
							    : OUTCOME_BLOCKED;
	if (outcome.kind == OUTCOME_BLOCKED)
		return outcome;
	outcome.seen = answer->pool                ? SEEN_POOL
		       : answer->seen_as == own    ? SEEN_ITSELF
		       : answer->seen_as == public ? SEEN_OWN_PUBLIC
						   : SEEN_ADDRESS;
	outcome.pool = answer->pool ? canonical_pool(sweep, answer->pool) : NULL;
	outcome.seen_as = outcome.seen == SEEN_ADDRESS ? answer->seen_as : 0;
	outcome.port_shift = answer->port - question->port;
	if (!to || answer->target == question->destination)
		return outcome;
	eni = eni_of_target(model, to, i, answer->target);
	if (eni != to->in[i].eni)
		outcome.target = eni ? canonical(sweep, eni_owner(eni)->name, NULL) : NULL;
	return outcome;
}

bool outcome_gets_through(const struct outcome *outcome)
{
	return outcome->kind == OUTCOME_REACHED || outcome->kind == OUTCOME_SOMETIMES ||
	       outcome->kind == OUTCOME_NOT_LISTENING;
}

static unsigned outcome_number(struct sweep *sweep, const struct outcome *outcome)
{
	struct known_outcome *known;

	HASH_FIND(hh, sweep->known, outcome, sizeof(*outcome), known);
	if (!known) {
		known = xnew(struct known_outcome);
		known->outcome = *outcome;
		known->number = (unsigned)sweep->n_outcome;
		HASH_ADD(hh, sweep->known, outcome, sizeof(*outcome), known);
		*ARRAY_PUSH(sweep->outcome, sweep->n_outcome) = &known->outcome;
	}
	return known->number;
}

/* ---- the sweep over one pair of classes ---- */

/* Has model i both ends, and is the address the one that is meant? */
static bool has_both(const struct end *from, const struct end *to, size_t i)
{
	const struct vpc *vpc;

	if ((from && !from->in[i].sender) || (to && !to->in[i].resource))
		return false;
	vpc = from ? from->in[i].vpc : NULL;
	return !to || !to->in[i].vpc || to->in[i].vpc == vpc ||
	       !(vpc && vpc_cidr_of(vpc, to->in[i].address));
}

/* Is the packet to one of the targets? Where an EIP is among them because of one entry, does it
 * lead there? */
static bool is_meant(const struct sweep *sweep, const struct flows *flows, const struct end *to,
		     uint32_t target)
{
	const struct model *model = sweep->reach->model[0];

	for (size_t i = 0; i < flows->n_to; i++) {
		enum belongs belongs = term_has(&flows->to[i], model, to, 0, false);

		if (belongs == BELONGS ||
		    (belongs == BELONGS_BY_ENTRY &&
		     term_has_eni(&flows->to[i], eni_of_target(model, to, 0, target))))
			return true;
	}
	return false;
}

static bool terms_have_stranger(const struct term *term, size_t n, uint32_t address)
{
	for (size_t i = 0; i < n; i++)
		if (term[i].kind == TERM_ANY || term[i].kind == TERM_INTERNET ||
		    (term[i].kind == TERM_RANGE && address >= term[i].address.first &&
		     address <= term[i].address.last))
			return true;
	return false;
}

/* Is the packet one that was taken out? Classes, strangers and ports are cut so that its whole cell
 * then is. */
static bool is_excepted(const struct sweep *sweep, const struct piece *piece, uint32_t target)
{
	for (size_t x = 0; x < sweep->space->except.n; x++) {
		const struct flows *flows = &sweep->space->except.flows[x];
		bool in = !piece->from &&
			  terms_have_stranger(flows->from, flows->n_from, piece->stranger);
		bool port = piece->protocol == PROTOCOL_ICMP;

		for (size_t i = 0; piece->from && i < flows->n_from; i++)
			in = in || term_has(&flows->from[i], sweep->reach->model[0], piece->from, 0,
					    true);
		in = in &&
		     (piece->to ? is_meant(sweep, flows, piece->to, target)
				: terms_have_stranger(flows->to, flows->n_to, piece->stranger));
		in = in && (piece->protocol == PROTOCOL_TCP   ? flows->tcp
			    : piece->protocol == PROTOCOL_UDP ? flows->udp
							      : flows->icmp);
		for (size_t i = 0; i < flows->n_port; i++)
			port = port || (piece->port >= flows->port[i].first &&
					piece->port <= flows->port[i].last);
		if (in && port)
			return true;
	}
	return false;
}

/* One more piece, or a longer last one. */
static void keep(struct sweep *sweep, const struct piece *piece, const struct box *box)
{
	struct piece *last = sweep->n_piece ? &sweep->piece[sweep->n_piece - 1] : NULL;
	const bool stranger_sends = !piece->from, stranger_gets = !piece->to;
	struct piece *new;

	if (last && last->from == piece->from && last->to == piece->to &&
	    last->protocol == piece->protocol && last->to_itself == piece->to_itself &&
	    last->outcome[0] == piece->outcome[0] && last->outcome[1] == piece->outcome[1] &&
	    ((!stranger_sends && !stranger_gets) ||
	     (last->set[stranger_sends ? FROM : TO].range[0].first == box->stranger.first &&
	      last->set[stranger_sends ? FROM : TO].range[0].last == box->stranger.last)) &&
	    last->set[PORT].range[0].last + 1 == box->port.first) {
		last->set[PORT].range[0].last = box->port.last;
		return;
	}
	new = ARRAY_PUSH(sweep->piece, sweep->n_piece);
	*new = *piece;
	new->set[FROM] = stranger_sends ? set_of(box->stranger.first, box->stranger.last)
					: set_of(CLASS_NUMBER(piece->from->class),
						 CLASS_NUMBER(piece->from->class));
	new->set[TO] = stranger_gets ? set_of(box->stranger.first, box->stranger.last)
				     : set_of(CLASS_NUMBER(piece->to->class),
					      CLASS_NUMBER(piece->to->class));
	new->set[PORT] = set_of(box->port.first, box->port.last);
}

/* One question to each model. Narrows the box to the cell. */
static void ask(struct sweep *sweep, struct piece piece, struct box *box)
{
	bool meant = true;

	for (size_t i = 0; i < sweep->reach->n_model; i++) {
		const struct end *from = piece.from, *to = piece.to;
		struct question question = { .from = from ? from->in[i].sender : NULL,
					     .destination = to ? to->in[i].address : piece.stranger,
					     .protocol = piece.protocol,
					     .port = (uint16_t)piece.port,
					     .stranger = piece.stranger };
		struct outcome outcome;
		struct prediction answer;

		memset(&outcome, 0, sizeof(outcome));
		outcome.kind = OUTCOME_ABSENT;
		if (has_both(from, to, i)) {
			explain_packet(sweep->reach->index[i], &question, box, &answer);
			outcome = outcome_of(sweep, sweep->reach->model[i], from, to, i, &question,
					     &answer);
			meant = meant &&
				(!to || is_meant(sweep, sweep->space->flows, to, answer.target)) &&
				!is_excepted(sweep, &piece, answer.target);
		} else if (sweep->reach->n_model == 1) {
			meant = false;
		}
		piece.outcome[i] = outcome_number(sweep, &outcome);
	}
	sweep->reach->n_cell++;
	sweep->work += WORK_ASK + box->comparisons;
	box->comparisons = 0;
	if (meant && (sweep->reach->n_model == 1 ||
		      (piece.outcome[0] != piece.outcome[1] &&
		       (outcome_gets_through(sweep->outcome[piece.outcome[0]]) ||
			outcome_gets_through(sweep->outcome[piece.outcome[1]])))))
		keep(sweep, &piece, box);
}

/* All strangers and ports of the box: those of the first question's answer, then the ports beside
 * them, then the strangers. */
static void sweep_box(struct sweep *sweep, struct piece *piece, struct box box)
{
	while (true) {
		struct box cell = box;

		if (sweep->work > WORK_MAX || sweep->n_piece > CELLS_MAX) {
			sweep->reach->given_up = true;
			return;
		}
		while (!piece->from != !piece->to &&
		       !space_is_free(sweep->reach, box.stranger.first)) {
			if (box.stranger.first == box.stranger.last)
				return;
			cell.stranger.first = ++box.stranger.first;
		}
		piece->port = cell.port.first;
		piece->stranger = cell.stranger.first;
		ask(sweep, *piece, &cell);
		if (cell.port.last < box.port.last)
			sweep_box(sweep, piece,
				  (struct box){ .port = { cell.port.last + 1, box.port.last },
						.stranger = cell.stranger });
		if (cell.stranger.last >= box.stranger.last)
			return;
		box.stranger.first = cell.stranger.last + 1;
	}
}

/* The last port up to which no exception begins or ends. */
static uint32_t uncut_port(const struct space *space, uint32_t first, uint32_t last)
{
	for (size_t x = 0; x < space->except.n; x++) {
		const struct flows *flows = &space->except.flows[x];

		for (size_t i = 0; i < flows->n_port; i++) {
			if (flows->port[i].first > first && flows->port[i].first <= last)
				last = flows->port[i].first - 1;
			if (flows->port[i].last >= first && flows->port[i].last < last)
				last = flows->port[i].last;
		}
	}
	return last;
}

static void sweep_pair(struct sweep *sweep, const struct end *from, const struct end *to,
		       bool to_itself, const struct reach_set *strangers)
{
	const struct flows *flows = sweep->space->flows;
	struct piece piece = { .from = from, .to = to, .to_itself = to_itself };
	const struct {
		enum protocol protocol;
		bool wanted;
	} protocols[] = { { PROTOCOL_TCP, flows->tcp },
			  { PROTOCOL_UDP, flows->udp },
			  { PROTOCOL_ICMP, flows->icmp } };

	for (size_t p = 0; p < ARRAY_SIZE(protocols); p++) {
		piece.protocol = protocols[p].protocol;
		if (!protocols[p].wanted)
			continue;
		for (size_t s = 0; s < (strangers ? strangers->n : 1); s++) {
			struct box box = { 0 };

			if (strangers)
				box.stranger =
					(struct interval){ (uint32_t)strangers->range[s].first,
							   (uint32_t)strangers->range[s].last };
			if (piece.protocol == PROTOCOL_ICMP)
				sweep_box(sweep, &piece, box);
			for (size_t i = 0; piece.protocol != PROTOCOL_ICMP && i < flows->n_port;
			     i++)
				for (uint32_t at = flows->port[i].first; at <= flows->port[i].last;
				     at = box.port.last + 1) {
					box.port.first = at;
					box.port.last =
						uncut_port(sweep->space, at, flows->port[i].last);
					sweep_box(sweep, &piece, box);
				}
		}
	}
}

/* ---- all pairs ---- */

/* The resource that has both; NULL: they are of two. */
static const struct resource *owner(const struct end *end)
{
	const size_t i = end->in[0].resource ? 0 : 1;
	const struct eni *eni = end->in[i].eni;

	return !eni ? end->in[i].resource : eni->ecs ? &eni->ecs->resource : &eni->resource;
}

static bool same_owner(const struct end *a, const struct end *b)
{
	return strcmp(owner(a)->name, owner(b)->name) == 0;
}

/* The first end at or behind that one, within its class, that the flows are about. */
static const struct end *next_member(const struct space *space, const bool *wanted, unsigned class,
				     size_t from)
{
	for (size_t i = from > space->first[class] ? from : space->first[class];
	     i < space->first[class + 1]; i++)
		if (wanted[i])
			return &space->end[i];
	return NULL;
}

static void sweep_classes(struct sweep *sweep, unsigned from_class, unsigned to_class)
{
	const struct space *space = sweep->space;
	const struct end *from = next_member(space, space->from, from_class, 0),
			 *to = next_member(space, space->to, to_class, 0), *other = to;

	if (!from || !to)
		return;
	/* Two of two hosts. */
	while (other && same_owner(from, other))
		other = next_member(space, space->to, to_class, (size_t)(other - space->end) + 1);
	if (other)
		sweep_pair(sweep, from, other, false, NULL);
	other = other ? NULL
		      : next_member(space, space->from, from_class,
				    (size_t)(from - space->end) + 1);
	if (other)
		sweep_pair(sweep, other, to, false, NULL);
	/* And one to itself, by its public address. */
	for (size_t i = space->first[to_class]; i < space->first[to_class + 1]; i++) {
		const struct end *self = &space->end[i],
				 *home = self->home ? &space->end[self->home - 1] : NULL;

		if (!home || home->class != from_class)
			return;
		if (!space->to[i] || !space->from[home - space->end])
			continue;
		sweep_pair(sweep, home, self, true, NULL);
		return;
	}
}

static void sweep_all(struct sweep *sweep)
{
	struct space *space = sweep->space;

	for (unsigned c = 0; c < space->n_class; c++) {
		const struct end *from = next_member(space, space->from, c, 0),
				 *to = next_member(space, space->to, c, 0);

		for (unsigned d = 0; from && d < space->n_class; d++)
			sweep_classes(sweep, c, d);
		if (from && space->stranger_to.n)
			sweep_pair(sweep, from, NULL, false, &space->stranger_to);
		if (to && space->stranger_from.n)
			sweep_pair(sweep, NULL, to, false, &space->stranger_from);
	}
}

/* ---- together again ---- */

static enum dimension merged_dimension; /* of qsort()'s comparison */

static int compare_others(const struct piece *a, const struct piece *b, enum dimension but)
{
	int r = (int)a->protocol - (int)b->protocol;

	r = r ? r : a->to_itself - b->to_itself;
	for (size_t i = 0; !r && i < 2; i++)
		r = a->outcome[i] < b->outcome[i] ? -1 : a->outcome[i] > b->outcome[i];
	for (size_t d = 0; !r && d < DIMENSIONS; d++)
		r = d == but ? 0 : compare_sets(&a->set[d], &b->set[d]);
	return r;
}

static int compare_pieces(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int r = compare_others(x, y, merged_dimension);

	return r ? r : compare_sets(&x->set[merged_dimension], &y->set[merged_dimension]);
}

static void piece_free(struct piece *piece)
{
	for (size_t d = 0; d < DIMENSIONS; d++)
		free(piece->set[d].range);
}

static void merge(struct sweep *sweep, enum dimension dimension)
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

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

static int compare_outcomes(const struct outcome *a, const struct outcome *b)
{
	int r = (int)a->kind - (int)b->kind;

	r = r ? r : (int)a->code - (int)b->code;
	r = r ? r : (int)a->seen - (int)b->seen;
	r = r ? r : ORDER(a->seen_as, b->seen_as);
	r = r ? r : ORDER((uintptr_t)a->pool, (uintptr_t)b->pool);
	r = r ? r : ORDER((uintptr_t)a->target, (uintptr_t)b->target);
	return r ? r : ORDER(a->port_shift, b->port_shift);
}

bool reach_row_continues(const struct reach_row *row, const struct reach_row *next)
{
	return row->to_itself == next->to_itself && compare_sets(&row->from, &next->from) == 0 &&
	       compare_sets(&row->to, &next->to) == 0 &&
	       compare_outcomes(&row->outcome[0], &next->outcome[0]) == 0 &&
	       compare_outcomes(&row->outcome[1], &next->outcome[1]) == 0;
}

/* What gets through first; then by its ends. */
static int compare_rows(const void *a, const void *b)
{
	const struct reach_row *x = a, *y = b;
	int r = (int)x->outcome[0].kind - (int)y->outcome[0].kind;

	r = r ? r : x->to_itself - y->to_itself;
	r = r ? r : compare_sets(&x->from, &y->from);
	r = r ? r : compare_sets(&x->to, &y->to);
	r = r ? r : compare_outcomes(&x->outcome[0], &y->outcome[0]);
	r = r ? r : compare_outcomes(&x->outcome[1], &y->outcome[1]);
	r = r ? r : (x->protocol == PROTOCOL_ICMP) - (y->protocol == PROTOCOL_ICMP);
	r = r ? r : (int)x->protocol - (int)y->protocol;
	return r ? r : compare_sets(&x->port, &y->port);
}

static void format_end(const struct end *end, uint32_t stranger, char *text, size_t size)
{
	char address[ADDRESS_TEXT_SIZE];

	snprintf(text, size, "%s", end ? end->name : address_format(stranger, address));
}

static void make_rows(struct sweep *sweep)
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
					   .to_itself = piece->to_itself };
		memset(row->outcome, 0, sizeof(row->outcome)); /* their bytes are compared */
		for (size_t m = 0; m < reach->n_model; m++)
			memcpy(&row->outcome[m], sweep->outcome[piece->outcome[m]],
			       sizeof(row->outcome[m]));
		format_end(piece->from, piece->stranger, flow->from, sizeof(flow->from));
		format_end(piece->to, piece->stranger, flow->to, sizeof(flow->to));
		flow->destination = piece->to ? piece->to->in[!piece->to->in[0].resource].address
					      : piece->stranger;
		flow->protocol = piece->protocol;
		flow->port = (uint16_t)piece->port;
		flow->stranger = piece->from && piece->to ? 0 : piece->stranger;
	}
	if (reach->n_row)
		qsort(reach->row, reach->n_row, sizeof(*reach->row), compare_rows);
}

/* ---- open connections ---- */

/* The next hop, from *at on, that keeps track of connections with a translation. */
static const struct hop *next_translation(const struct hops *hops, size_t *at)
{
	while (*at < hops->n_hop)
		if (hops->hop[(*at)++].translated)
			return &hops->hop[*at - 1];
	return NULL;
}

/* Is what was open before carried on by the same nodes, under rules that still have it? What looks
 * at each packet by itself, routes and ACLs, has to let it through as if it were new; what keeps
 * track says so itself. */
static bool is_cut(const struct explain_index *const index[2], const struct explanation x[2])
{
	const struct hop *then, *now;
	size_t at[2] = { 0, 0 };

	for (size_t i = 0; i < x[0].forward.n_hop; i++) {
		const struct hop *hop = &x[0].forward.hop[i];
		const struct open_connection connection = { hop->in, hop->out };

		if (!hop->end && explain_change_ends(index[0], index[1], hop->node, &connection))
			return true;
	}
	if (x[1].code == CODE_SG_INGRESS || x[1].code == CODE_SG_EGRESS ||
	    x[1].code == CODE_NO_SNAT_ENTRY || x[1].code == CODE_NO_DNAT_ENTRY ||
	    x[1].code == CODE_NOT_LISTENING || x[1].code == CODE_LIMIT)
		return false;
	if (x[1].code)
		return true;
	do {
		then = next_translation(&x[0].forward, &at[0]);
		now = next_translation(&x[1].forward, &at[1]);
		if (!then != !now || (then && strcmp(then->node, now->node) != 0))
			return true;
	} while (then);
	return false;
}

static void find_cuts(struct sweep *sweep)
{
	struct reach *reach = sweep->reach;
	const struct explain_index *const index[2] = { reach->index[0], reach->index[1] };

	for (size_t i = 0; reach->n_model == 2 && i < reach->n_row; i++) {
		struct reach_row *row = &reach->row[i];
		struct explanation x[2];

		row->cut = row->outcome[1].kind == OUTCOME_ABSENT;
		if (!outcome_gets_through(&row->outcome[0]) ||
		    row->outcome[0].kind == OUTCOME_NOT_LISTENING)
			row->cut = false;
		else if (!row->cut) {
			for (size_t m = 0; m < 2; m++)
				reach_explain(reach, row, m, &x[m]);
			row->cut = is_cut(index, x);
			for (size_t m = 0; m < 2; m++)
				explanation_free(&x[m]);
		}
	}
}

/* ---- the whole ---- */

/* One model, or two, of which nothing more is known. */
static struct reach *begin(const struct model *before, const struct model *after)
{
	struct reach *reach = xnew(struct reach);

	reach->model[0] = before;
	reach->model[1] = after;
	reach->n_model = after ? 2 : 1;
	for (size_t i = 0; i < reach->n_model; i++)
		reach->index[i] = reach->own_index[i] = explain_index_new(reach->model[i]);
	return reach;
}

static struct reach *begin_known(const struct explain_index *before,
				 const struct explain_index *after)
{
	struct reach *reach = xnew(struct reach);

	reach->index[0] = before;
	reach->index[1] = after;
	reach->n_model = after ? 2 : 1;
	for (size_t i = 0; i < reach->n_model; i++)
		reach->model[i] = explain_index_model(reach->index[i]);
	return reach;
}

static struct reach *look(struct reach *reach, const struct flows *flows,
			  const struct flows_list *except, bool together)
{
	struct sweep sweep = { .reach = reach };
	struct known_outcome *known, *next;
	struct known_name *name, *next_name;

	reach->space = sweep.space = space_new(reach, flows, except);
	sweep_all(&sweep);
	merge(&sweep, PORT);
	if (together) {
		merge(&sweep, FROM);
		merge(&sweep, TO);
	}
	make_rows(&sweep);
	find_cuts(&sweep);
	HASH_ITER(hh, sweep.known, known, next)
	{
		HASH_DELETE(hh, sweep.known, known);
		free(known);
	}
	HASH_ITER(hh, sweep.names, name, next_name)
	{
		HASH_DELETE(hh, sweep.names, name);
		free(name);
	}
	free(sweep.outcome);
	free(sweep.piece);
	return reach;
}

static struct reach *begin_one(const struct model *model, const struct explain_index *index)
{
	return index ? begin_known(index, NULL) : begin(model, NULL);
}

struct reach *reach_new(const struct model *model, const struct explain_index *index,
			const struct flows *flows)
{
	return look(begin_one(model, index), flows, &(struct flows_list){ 0 }, true);
}

struct reach *reach_except(const struct model *model, const struct explain_index *index,
			   const struct flows *flows, const struct flows_list *except)
{
	return look(begin_one(model, index), flows, except, true);
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
	return look(begin_one(model, index), &everything, &(struct flows_list){ 0 }, false);
}

struct reach *reach_diff(const struct model *before, const struct model *after)
{
	return look(begin(before, after), &everything, &(struct flows_list){ 0 }, true);
}

struct reach *reach_diff_known(const struct explain_index *before,
			       const struct explain_index *after)
{
	return look(begin_known(before, after), &everything, &(struct flows_list){ 0 }, true);
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

/* ---- changes ---- */

static double count_ends(const struct reach *reach, const struct reach_set *set)
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
	return count_ends(reach, &row->from) * count_ends(reach, &row->to) * n_port;
}

bool reach_row_is(const struct reach_row *row, enum change_kind kind)
{
	const struct outcome *before = &row->outcome[0], *after = &row->outcome[1];
	const bool was = outcome_gets_through(before), is = outcome_gets_through(after);

	switch (kind) {
	case CHANGE_OPENED:
		return !was && is;
	case CHANGE_CLOSED:
		return was && !is;
	case CHANGE_RETRANSLATED:
		return was && is;
	case CHANGE_CUT:
		return row->cut;
	case CHANGE_KINDS:
		break;
	}
	return false;
}

/* ---- classes ---- */

struct named_class {
	const char *name;
	unsigned class;
	UT_hash_handle hh;
};

unsigned *reach_classes(const struct model *model, const struct explain_index *index,
			const struct resource *const *resource, size_t n, unsigned *ret_n_class)
{
	const struct reach reach = { .model = { model }, .n_model = 1, .index = { index } };
	struct space *space = space_new(&reach, &everything, &(struct flows_list){ 0 });
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
	space_free(space);
	return class;
}
