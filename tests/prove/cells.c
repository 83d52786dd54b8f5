/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The proof that cells are complete: whatever flow one takes, on the edge of a cell or anywhere in
 * it, there is one set of all that reach says that holds it, and explain's answer is that set's.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/reach/internal.h"
#include "tests/prove/prove.h"

/* A number of the set, half of the time one on an edge or beside it. */
static uint64_t some_of(const struct reach_set *set)
{
	const struct reach_range *range = &set->range[below((unsigned)set->n)];
	const uint64_t size = range->last - range->first + 1;

	switch (below(6)) {
	case 0:
		return range->first;
	case 1:
		return range->last;
	case 2:
		return range->first ? range->first - 1 : 0;
	case 3:
		return range->last + 1;
	default:
		return range->first + below(size > UINT32_MAX ? UINT32_MAX : (unsigned)size);
	}
}

static bool holds(const struct reach_set *set, uint64_t number)
{
	for (size_t i = 0; i < set->n; i++)
		if (number >= set->range[i].first && number <= set->range[i].last)
			return true;
	return false;
}

static const struct end *member(const struct reach *reach, const struct reach_set *set, bool sender)
{
	const struct space *space = reach->space;

	for (unsigned tries = 0; tries < 50; tries++) {
		const size_t e = below((unsigned)space->n_end);

		if (holds(set, CLASS_NUMBER(space->end[e].class)) &&
		    (!sender || space->end[e].in[0].sender))
			return &space->end[e];
	}
	return NULL;
}

static const char *owner_name(const struct end *end)
{
	const struct eni *eni = end->in[0].eni;

	return eni && eni->ecs ? eni->ecs->resource.name : end->in[0].resource->name;
}

static bool has_address(const struct resource *target, uint32_t address)
{
	if (target->noun != NOUN_ECS && target->noun != NOUN_ENI)
		return resource_address(target) == address;
	return eni_has_address(target->noun == NOUN_ECS ? ((const struct ecs *)target)->eni[0]
							: (const struct eni *)target,
			       address);
}

/* Is that what the row says of it? */
static bool says(const struct reach *reach, const struct reach_row *row, const struct end *from,
		 const struct end *to, const struct question *question,
		 const struct prediction *answer)
{
	const struct outcome *outcome = &row->outcome[0];
	const uint32_t public = from && from->in[0].eni ? eni_public_ip(from->in[0].eni) : 0;
	const uint32_t own = from ? from->in[0].address : question->stranger;
	const uint32_t seen = outcome->seen == SEEN_ITSELF       ? own
			      : outcome->seen == SEEN_OWN_PUBLIC ? public
			      : outcome->seen == SEEN_ADDRESS    ? outcome->seen_as
								 : 0;
	const struct resource *target =
		outcome->target ? model_find(reach->model[0], outcome->target) : NULL;

	if (outcome->code != answer->code ||
	    (outcome->kind == OUTCOME_SOMETIMES) != answer->sometimes)
		return false;
	if (outcome->kind == OUTCOME_BLOCKED)
		return true;
	if (target && (!to || !has_address(target, answer->target)))
		return false;
	return seen == answer->seen_as && !outcome->pool == !answer->pool &&
	       (!answer->pool || (answer->pool->n_eip == outcome->pool->n_eip &&
				  memcmp(answer->pool->eip, outcome->pool->eip,
					 answer->pool->n_eip * sizeof(*answer->pool->eip)) == 0)) &&
	       answer->port == (uint16_t)(question->port + outcome->port_shift);
}

static bool prove_flow(const struct reach *reach, const struct explain_index *index,
		       const struct end *from, const struct end *to, struct question *question)
{
	const uint64_t from_number = from ? CLASS_NUMBER(from->class) : question->stranger,
		       to_number = to ? CLASS_NUMBER(to->class) : question->stranger;
	const bool itself = from && to && strcmp(owner_name(from), owner_name(to)) == 0;
	struct prediction answer;
	unsigned found = 0;
	bool right = false;

	explain_packet(index, question, NULL, &answer);
	for (size_t i = 0; i < reach->n_row; i++) {
		const struct reach_row *row = &reach->row[i];

		if (row->protocol != question->protocol || row->to_itself != itself ||
		    !holds(&row->port, question->port) || !holds(&row->from, from_number) ||
		    !holds(&row->to, to_number))
			continue;
		found++;
		right = says(reach, row, from, to, question, &answer);
	}
	if (found != 1 || !right)
		printf("%s -> %s (%u.%u.%u.%u) %s %u: %s by explain, and %u sets hold it, %s\n",
		       from ? from->name : "a stranger", to ? to->name : "a stranger",
		       question->stranger >> 24, question->stranger >> 16 & 255,
		       question->stranger >> 8 & 255, question->stranger & 255,
		       protocol_word(question->protocol), question->port,
		       answer.code ? code_word(answer.code) : "reachable", found,
		       right ? "rightly" : "wrongly");
	return found == 1 && right;
}

/* Of the ends of one row and the port of another, on whose edge it may be. */
static bool take_packet(const struct reach *reach, const struct reach_row *row,
			const struct reach_row *other, enum protocol protocol, struct taken *ret)
{
	const struct end *from = member(reach, &row->from, true),
			 *to = member(reach, &row->to, false);
	struct question question = { .protocol = protocol };

	if (protocol != PROTOCOL_ICMP) {
		question.port = (uint16_t)some_of(other->protocol == PROTOCOL_ICMP ? &row->port
										   : &other->port);
		if (!question.port)
			return false;
	}
	if (!from && !to)
		return false;
	if (!from || !to) {
		const uint64_t address = some_of(from ? &row->to : &row->from);

		question.stranger = (uint32_t)address;
		if (address > UINT32_MAX || !address_is_public(question.stranger) ||
		    !space_is_free(reach, question.stranger))
			return false;
	}
	if (from && to && strcmp(owner_name(from), owner_name(to)) == 0 && to->kind != END_PUBLIC)
		return false;
	question.from = from ? from->in[0].sender : NULL;
	question.destination = to ? to->in[0].address : question.stranger;
	*ret = (struct taken){ from, to, question };
	return !from || !to || !to->in[0].vpc || !from->in[0].vpc ||
	       to->in[0].vpc == from->in[0].vpc ||
	       !vpc_cidr_of(from->in[0].vpc, question.destination);
}

bool take_member(const struct reach *reach, const struct reach_row *row, struct taken *ret)
{
	return take_packet(reach, row, row, row->protocol, ret) &&
	       (ret->from && ret->to
			? strcmp(owner_name(ret->from), owner_name(ret->to)) != 0
			: holds(ret->from ? &row->to : &row->from, ret->question.stranger)) &&
	       holds(&row->port, ret->question.port);
}

static bool take_any(const struct reach *reach, struct taken *ret)
{
	static const uint16_t well_known[] = { 1,    22,   25,   53,    80,   443,
					       1024, 3389, 8080, 32768, 65535 };
	static const enum protocol protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP };
	const struct reach_row *row = &reach->row[below((unsigned)reach->n_row)],
			       *other = &reach->row[below((unsigned)reach->n_row)];
	const bool taken = take_packet(reach, row, other, protocols[below(3)], ret);

	if (taken && ret->question.port && chance(20)) /* what is a constant somewhere, perhaps */
		ret->question.port = well_known[below(ARRAY_SIZE(well_known))];
	return taken;
}

bool prove_cells(const struct model *model, size_t n, size_t *ret_n)
{
	static const char *const words[] = { "any", "->", "any,0.0.0.0/0" };
	struct explain_index *index = explain_index_new(model);
	struct error err = { 0 };
	struct flows flows;
	struct reach *reach;
	bool fine = flows_parse(model, words, 3, &flows, &err) == 0;

	reach = reach_new(model, NULL, &flows);
	*ret_n = 0;
	for (size_t i = 0; fine && i < n && reach->n_row; i++) {
		struct taken taken;

		if (!take_any(reach, &taken))
			continue;
		fine = prove_flow(reach, index, taken.from, taken.to, &taken.question);
		++*ret_n;
	}
	reach_free(reach);
	explain_index_free(index);
	return fine;
}
