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
#define WORK_ASK 100      /* of a question, beside its comparisons */
#define HELD_MAX 4000000u /* numbers of classes, of all crowds that are not done with yet */

/* ---- outcomes ---- */

static const struct eni *eni_of_target(const struct model *model, const struct end *to, size_t i,
				       uint32_t target)
{
	const struct end_place *place = &to->in[i];
	const struct resource *via = address_associated(place->resource);

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
		     term_has_eni(&flows->to[i], eni_of_target(model, to, 0, target), target)))
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

/* Who is asked about at once: all pairs of these that are tied so. */
struct crowd {
	const struct kin *kin[2]; /* FROM and TO; NULL: the strangers */
	struct kinsmen from, to;
	unsigned tie;
	bool chosen; /* else it is one pair, which is known */
};

static struct kinsmen copy_of(const struct kinsmen *some)
{
	return (struct kinsmen){ array_copy(some->number, some->n, sizeof(*some->number)),
				 some->n };
}

/* One more block, or a longer last one. */
static void keep(struct sweep *sweep, const struct piece *piece, const struct crowd *crowd,
		 const struct box *box)
{
	struct block *last = sweep->n_block ? &sweep->block[sweep->n_block - 1] : NULL;

	if (last && crowd->from.n == 1 && crowd->to.n == 1 && last->piece.from == piece->from &&
	    last->piece.to == piece->to && last->piece.protocol == piece->protocol &&
	    last->piece.to_itself == piece->to_itself &&
	    memcmp(last->piece.outcome, piece->outcome, sizeof(piece->outcome)) == 0 &&
	    last->box.stranger.first == box->stranger.first &&
	    last->box.stranger.last == box->stranger.last &&
	    last->box.port.last + 1 == box->port.first) {
		last->box.port.last = box->port.last;
		return;
	}
	*ARRAY_PUSH(sweep->block, sweep->n_block) = (struct block){
		.from = copy_of(&crowd->from),
		.to = copy_of(&crowd->to),
		.tie = crowd->tie,
		.piece = *piece,
		.box = { .port = box->port, .stranger = box->stranger },
	};
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

static void be_alike(struct alike *alike, const struct kin *kin, const struct end *end, size_t i)
{
	alike->eni = end->in[i].eni;
	alike->other = kin->eni[i];
}

/* One question to each model. Narrows the box to the cell, and the crowd to those that it is of. */
static void ask(struct sweep *sweep, struct piece piece, struct crowd *crowd, struct box *box)
{
	const uint32_t last = box->stranger.last;
	struct alike from_alike = { .left = crowd->from.number, .n_left = crowd->from.n },
		     to_alike = { .left = crowd->to.number, .n_left = crowd->to.n };
	bool meant = true;

	box->from = crowd->from.n > 1 ? &from_alike : NULL;
	box->to = crowd->to.n > 1 ? &to_alike : NULL;
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
			if (box->from)
				be_alike(box->from, crowd->kin[FROM], from, i);
			if (box->to)
				be_alike(box->to, crowd->kin[TO], to, i);
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
	crowd->from.n = box->from ? from_alike.n_left : crowd->from.n;
	crowd->to.n = box->to ? to_alike.n_left : crowd->to.n;
	sweep->reach->n_cell++;
	sweep->work += WORK_ASK + box->comparisons + crowd->from.n * crowd->to.n / 4;
	box->comparisons = 0;
	take_held(sweep->reach, &piece, box, last);
	if (meant && (sweep->reach->n_model == 1 ||
		      (piece.outcome[0] != piece.outcome[1] &&
		       (outcome_gets_through(sweep->outcome[piece.outcome[0]]) ||
			outcome_gets_through(sweep->outcome[piece.outcome[1]])))))
		keep(sweep, &piece, crowd, box);
}

/* The first two of the crowd that are tied so. False: there are none. */
static bool choose(const struct sweep *sweep, const struct crowd *crowd, struct piece *piece)
{
	const struct space *space = sweep->space;
	const struct kin *from = crowd->kin[FROM], *to = crowd->kin[TO];

	/* There is but one such pair, and the question is about it. */
	if (!crowd->chosen)
		return true;
	for (size_t t = 0; t < crowd->to.n; t++) {
		for (size_t f = 0; f < crowd->from.n; f++) {
			if (from)
				piece->from = next_member(space, space->from,
							  from->class[crowd->from.number[f]], 0);
			if (to)
				piece->to = next_member(space, space->to,
							to->class[crowd->to.number[t]], 0);
			if (!from || !to)
				return true;
			if (tie_of(piece->from, piece->to) == crowd->tie &&
			    pair_of(space, piece->from->class, piece->to->class, &piece->from,
				    &piece->to))
				return true;
		}
	}
	return false;
}

static struct kinsmen without(const struct kinsmen *all, const struct kinsmen *some)
{
	struct kinsmen rest = { 0 };

	for (size_t i = 0, k = 0; i < all->n; i++) {
		if (k < some->n && some->number[k] == all->number[i])
			k++;
		else
			*ARRAY_PUSH(rest.number, rest.n) = all->number[i];
	}
	return rest;
}

/* Go on to the first address that is a stranger's. False: there is none. */
static bool next_stranger(const struct sweep *sweep, const struct piece *piece, struct box *box)
{
	while (!piece->from != !piece->to && !space_is_free(sweep->reach, box->stranger.first)) {
		if (box->stranger.first == box->stranger.last)
			return false;
		box->stranger.first++;
	}
	return true;
}

static void sweep_box(struct sweep *sweep, struct piece *piece, const struct crowd *all,
		      struct box box);

/* Those of them that are not among the others, with as many senders. */
static void sweep_others(struct sweep *sweep, struct piece *piece, const struct crowd *crowd,
			 const struct kinsmen *from, const struct kinsmen *to, struct box box)
{
	struct crowd others = *crowd;

	others.from = *from;
	others.to = *to;
	if (from->n && to->n)
		sweep_box(sweep, piece, &others, box);
}

/*
 * One question, and all that follows from it: the senders that its answer is not for, the ports
 * beside it, the strangers behind it. *targets: left with those for whom that was all; the others
 * have yet to be asked about. False: there was nothing to ask.
 */
static bool sweep_targets(struct sweep *sweep, struct piece *piece, const struct crowd *all,
			  struct kinsmen *targets, struct box box)
{
	const size_t n_held = all->from.n + targets->n;
	struct crowd crowd = *all;
	bool asked = false;

	crowd.from = copy_of(&all->from);
	crowd.to = copy_of(targets);
	sweep->n_held += n_held;
	while (choose(sweep, &crowd, piece) && next_stranger(sweep, piece, &box)) {
		struct kinsmen from = copy_of(&crowd.from), to = copy_of(&crowd.to), rest;
		struct box cell = box;

		piece->port = cell.port.first;
		piece->stranger = cell.stranger.first;
		ask(sweep, *piece, &crowd, &cell);
		rest = without(&from, &crowd.from);
		sweep_others(sweep, piece, &crowd, &rest, &crowd.to, box);
		free(rest.number);
		rest = without(&to, &crowd.to);
		if (asked) {
			sweep_others(sweep, piece, &crowd, &from, &rest, box);
		} else {
			free(targets->number);
			*targets = copy_of(&crowd.to);
		}
		free(rest.number);
		free(from.number);
		free(to.number);
		asked = true;
		if (sweep->work > WORK_MAX || sweep->n_held > HELD_MAX ||
		    sweep->n_piece + sweep->n_block > sweep->max_piece)
			sweep->reach->given_up = true;
		if (sweep->reach->given_up)
			break;
		if (cell.stranger.last < box.stranger.last) {
			if (cell.port.last < box.port.last)
				sweep_box(
					sweep, piece, &crowd,
					(struct box){ .port = { cell.port.last + 1, box.port.last },
						      .stranger = cell.stranger });
			box.stranger.first = cell.stranger.last + 1;
		} else if (cell.port.last < box.port.last) {
			box.port.first = cell.port.last + 1;
		} else {
			break;
		}
	}
	sweep->n_held -= n_held;
	free(crowd.from.number);
	free(crowd.to.number);
	return asked;
}

/* All of the crowd, all strangers and ports of the box. */
static void sweep_box(struct sweep *sweep, struct piece *piece, const struct crowd *all,
		      struct box box)
{
	struct kinsmen left = copy_of(&all->to);

	while (left.n && !sweep->reach->given_up) {
		struct kinsmen targets = copy_of(&left), rest;

		if (!sweep_targets(sweep, piece, all, &targets, box))
			left.n = 0;
		rest = without(&left, &targets);
		free(targets.number);
		free(left.number);
		left = rest;
	}
	free(left.number);
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
static void sweep_ports(struct sweep *sweep, struct piece *piece, const struct crowd *crowd,
			struct box box, uint64_t first, uint64_t last)
{
	for (uint32_t at = (uint32_t)first; at <= last; at = box.port.last + 1) {
		box.port.first = at;
		box.port.last = uncut_port(sweep->space, at, (uint32_t)last);
		sweep_box(sweep, piece, crowd, box);
	}
}

/* With these ports, for these strangers; NULL: none is in it. */
static void sweep_crowd(struct sweep *sweep, struct piece piece, const struct crowd *crowd,
			const struct reach_set *ports, const struct reach_set *strangers)
{
	static struct reach_range no_address;
	static const struct reach_set nobody = { &no_address, 1 };
	const struct flows *flows = sweep->space->flows;
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
				sweep_box(sweep, &piece, crowd, box);
				continue;
			}
			for (size_t i = 0; i < flows->n_port * ports->n; i++) {
				const struct interval wanted = flows->port[i / ports->n];
				const struct reach_range range = ports->range[i % ports->n];

				sweep_ports(sweep, &piece, crowd, box,
					    wanted.first > range.first ? wanted.first : range.first,
					    wanted.last < range.last ? wanted.last : range.last);
			}
		}
	}
}

/* ---- crowds ---- */

/* Those of the kin that the flows are about, and a change touches as a whole, or does not. */
static struct kinsmen members_of(const struct space *space, const struct kin *kin, enum dimension d,
				 bool touched)
{
	const bool *wanted = d == FROM ? space->from : space->to;
	struct kinsmen some = { 0 };

	if (!kin && touched == !space->touched)
		*ARRAY_PUSH(some.number, some.n) = 0;
	for (unsigned i = 0; kin && i < kin->n; i++) {
		const unsigned class = kin->class[i];

		if ((!space->touched || space->touched[class].all) == touched &&
		    next_member(space, wanted, class, 0))
			*ARRAY_PUSH(some.number, some.n) = i;
	}
	return some;
}
static struct kinsmen all_of(const struct kinsmen *a, const struct kinsmen *b)
{
	struct kinsmen all = { 0 };

	for (size_t i = 0, k = 0; i < a->n || k < b->n;)
		*ARRAY_PUSH(all.number, all.n) =
			k == b->n || (i < a->n && a->number[i] < b->number[k]) ? a->number[i++]
									       : b->number[k++];
	return all;
}

/* In which ways are pairs of them tied? A bit for each. */
static unsigned ties_of(const struct space *space, const struct crowd *crowd)
{
	const struct kin *from = crowd->kin[FROM], *to = crowd->kin[TO];
	unsigned ties = !from || !to;

	for (size_t f = 0; from && to && f < crowd->from.n; f++)
		for (size_t t = 0; t < crowd->to.n; t++)
			ties |= 1u << tie_of(
					&space->end
						 [space->first[from->class[crowd->from.number[f]]]],
					&space->end[space->first[to->class[crowd->to.number[t]]]]);
	return ties;
}

static void sweep_tied(struct sweep *sweep, const struct kin *from, const struct kinsmen *senders,
		       const struct kin *to, const struct kinsmen *targets,
		       const struct reach_set *ports, const struct reach_set *strangers)
{
	struct crowd crowd = {
		.kin = { from, to }, .from = *senders, .to = *targets, .chosen = true
	};
	const unsigned ties = ties_of(sweep->space, &crowd);

	for (crowd.tie = 0; senders->n && targets->n && ties >> crowd.tie; crowd.tie++)
		if (ties >> crowd.tie & 1)
			sweep_crowd(sweep, (struct piece){ 0 }, &crowd, ports, strangers);
}

static struct reach_range every_port = { 0, UINT16_MAX };
static const struct reach_set all_ports = { &every_port, 1 };

/* What a change touches as a whole, from and to everybody; of what it does not touch so, the ports
 * that it does. */
static void sweep_kin(struct sweep *sweep, const struct kin *from, const struct kin *to,
		      const struct reach_set *strangers)
{
	const struct touched *touched = sweep->space->touched;
	struct kinsmen from_touched = members_of(sweep->space, from, FROM, true),
		       from_others = members_of(sweep->space, from, FROM, false),
		       to_touched = members_of(sweep->space, to, TO, true),
		       to_others = members_of(sweep->space, to, TO, false),
		       everybody = all_of(&to_touched, &to_others);

	sweep_tied(sweep, from, &from_touched, to, &everybody, &all_ports, strangers);
	sweep_tied(sweep, from, &from_others, to, &to_touched, &all_ports, strangers);
	if (touched && to && to->n == 1)
		sweep_tied(sweep, from, &from_others, to, &to_others, &touched[to->class[0]].port,
			   strangers);
	free(from_touched.number);
	free(from_others.number);
	free(to_touched.number);
	free(to_others.number);
	free(everybody.number);
}

/* Each of a class to itself, by its public address. */
static void sweep_itself(struct sweep *sweep, unsigned class)
{
	const struct space *space = sweep->space;
	const struct touched *touched = space->touched;

	for (size_t i = space->first[class]; i < space->first[class + 1]; i++) {
		const struct end *self = &space->end[i],
				 *home = self->home ? &space->end[self->home - 1] : NULL;
		struct piece piece = { .from = home, .to = self, .to_itself = true };
		unsigned number = 0;
		struct spread *spread;
		struct crowd crowd;

		if (self->kind != END_PUBLIC || !home)
			return;
		if (!space->to[i] || !space->from[home - space->end])
			continue;
		crowd = (struct crowd){ .kin = { &space->kin[home->kin], &space->kin[self->kin] },
					.from = { &number, 1 },
					.to = { &number, 1 } };
		sweep_crowd(sweep, piece, &crowd,
			    !touched || touched[home->class].all || touched[class].all
				    ? &all_ports
				    : &touched[class].port,
			    NULL);
		spread = spread_new(sweep, crowd.kin[TO]);
		spread_blocks(spread, crowd.kin[FROM]);
		spread_end(spread);
		return;
	}
}

static void sweep_to(struct sweep *sweep, const struct kin *to)
{
	struct space *space = sweep->space;
	struct spread *spread = spread_new(sweep, to);

	for (size_t i = 0; i < space->n_kin; i++) {
		sweep_kin(sweep, &space->kin[i], to, to ? NULL : &space->stranger_to);
		spread_blocks(spread, &space->kin[i]);
	}
	if (to && space->stranger_from.n) {
		sweep_kin(sweep, NULL, to, &space->stranger_from);
		spread_blocks(spread, NULL);
	}
	spread_end(spread);
}

void sweep_all(struct sweep *sweep)
{
	const struct space *space = sweep->space;

	for (size_t i = 0; i < space->n_kin; i++)
		sweep_to(sweep, &space->kin[i]);
	if (space->stranger_to.n)
		sweep_to(sweep, NULL);
	for (unsigned c = 0; c < space->n_class; c++)
		sweep_itself(sweep, c);
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
