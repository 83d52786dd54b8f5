/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/reach/internal.h"

/* The questions: of each pair of classes and each protocol, until all ports and all strangers are
 * in the box of an answer. */

/* Beyond that much of explain's work, some seconds, the rest is not looked at. */
#define WORK_MAX 2000000000u
#define WORK_ASK 100 /* of a question, beside its comparisons */

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
	new->set[FROM] = stranger_sends ? reach_set_of(box->stranger.first, box->stranger.last)
					: reach_set_of(CLASS_NUMBER(piece->from->class),
						       CLASS_NUMBER(piece->from->class));
	new->set[TO] = stranger_gets ? reach_set_of(box->stranger.first, box->stranger.last)
				     : reach_set_of(CLASS_NUMBER(piece->to->class),
						    CLASS_NUMBER(piece->to->class));
	new->set[PORT] = reach_set_of(box->port.first, box->port.last);
}

/* Addresses that somebody in the lab holds are no stranger's: they go with those below them, so
 * that no set has holes for them. */
static void take_held(const struct reach *reach, const struct piece *piece, struct box *box,
		      uint32_t last)
{
	while (!piece->from != !piece->to && box->stranger.last < last &&
	       !space_is_free(reach, box->stranger.last + 1))
		box->stranger.last++;
}

/* One question to each model. Narrows the box to the cell. */
static void ask(struct sweep *sweep, struct piece piece, struct box *box)
{
	const uint32_t last = box->stranger.last;
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
	take_held(sweep->reach, &piece, box, last);
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

		if (sweep->work > WORK_MAX || sweep->n_piece > sweep->max_piece) {
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

/* A part of the ports, cut where the exceptions are. */
static void sweep_ports(struct sweep *sweep, struct piece *piece, struct box box, uint64_t first,
			uint64_t last)
{
	for (uint32_t at = (uint32_t)first; at <= last; at = box.port.last + 1) {
		box.port.first = at;
		box.port.last = uncut_port(sweep->space, at, (uint32_t)last);
		sweep_box(sweep, piece, box);
	}
}

/* Of packets between two ends that are not touched as a whole. */
static const struct reach_set *touched_ports(const struct space *space, const struct end *from,
					     const struct end *to)
{
	static struct reach_range every = { 0, UINT16_MAX };
	static const struct reach_set all = { &every, 1 }, none;

	if (!space->touched || (from && space->touched[from->class].all) ||
	    (to && space->touched[to->class].all))
		return &all;
	return to ? &space->touched[to->class].port : &none;
}

static void sweep_pair(struct sweep *sweep, const struct end *from, const struct end *to,
		       bool to_itself, const struct reach_set *strangers)
{
	static struct reach_range no_address;
	static const struct reach_set nobody = { &no_address, 1 };
	const struct flows *flows = sweep->space->flows;
	const struct reach_set *ports = touched_ports(sweep->space, from, to);
	struct piece piece = { .from = from, .to = to, .to_itself = to_itself };
	const struct {
		enum protocol protocol;
		bool wanted;
	} protocols[] = { { PROTOCOL_TCP, flows->tcp },
			  { PROTOCOL_UDP, flows->udp },
			  { PROTOCOL_ICMP, flows->icmp } };

	strangers = strangers ? strangers : &nobody;
	for (size_t p = 0; ports->n && p < ARRAY_SIZE(protocols); p++) {
		piece.protocol = protocols[p].protocol;
		if (!protocols[p].wanted)
			continue;
		for (size_t s = 0; s < strangers->n; s++) {
			struct box box = {
				.stranger = { (uint32_t)strangers->range[s].first,
					      (uint32_t)strangers->range[s].last },
			};

			if (piece.protocol == PROTOCOL_ICMP) {
				sweep_box(sweep, &piece, box);
				continue;
			}
			for (size_t i = 0; i < flows->n_port * ports->n; i++) {
				const struct interval wanted = flows->port[i / ports->n];
				const struct reach_range range = ports->range[i % ports->n];

				sweep_ports(sweep, &piece, box,
					    wanted.first > range.first ? wanted.first : range.first,
					    wanted.last < range.last ? wanted.last : range.last);
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

		if (self->kind != END_PUBLIC || !home || home->class != from_class)
			return;
		if (!space->to[i] || !space->from[home - space->end])
			continue;
		sweep_pair(sweep, home, self, true, NULL);
		return;
	}
}

void sweep_all(struct sweep *sweep)
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

void sweep_free(struct sweep *sweep)
{
	struct known_outcome *known, *next;
	struct known_name *name, *next_name;

	HASH_ITER(hh, sweep->known, known, next)
	{
		HASH_DELETE(hh, sweep->known, known);
		free(known);
	}
	HASH_ITER(hh, sweep->names, name, next_name)
	{
		HASH_DELETE(hh, sweep->names, name);
		free(name);
	}
	free(sweep->outcome);
	free(sweep->piece);
}
