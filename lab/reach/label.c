/* SPDX-License-Identifier: GPL-3.0-only */
#include <inttypes.h>
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/reach/internal.h"

/* Sets as one writes them: the widest nouns first, then names; strangers by their addresses. */

static bool set_has(const struct reach_set *set, uint64_t first, uint64_t last)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->range[i].first <= first && last <= set->range[i].last)
			return true;
	return false;
}

struct labelling {
	const struct reach *reach;
	const struct space *space;
	const struct reach_set *set;
	bool sender;
	bool *left;  /* by class: still to be named */
	bool *whole; /* by class: the flows are about all of it */
	struct text *text;
	size_t n, most, skipped;
};

static void add_word(struct labelling *l, const char *word)
{
	if (l->most && l->n >= l->most) {
		l->skipped++;
		return;
	}
	text_addf(l->text, "%s%s", l->n++ ? "," : "", word);
}

static bool all_strangers(const struct labelling *l)
{
	for (size_t i = 0; i < l->space->n_public; i++)
		if (!set_has(l->set, l->space->public[i].first, l->space->public[i].last))
			return false;
	return true;
}

/* Is everything that belongs to the term in the set, and more than one of it still unnamed? Then
 * the term names it. */
static bool name_by_term(struct labelling *l, const struct term *term, const char *word)
{
	const struct space *space = l->space;
	const size_t m = l->reach->n_model - 1;
	auto_free bool *inside = xalloc(space->n_class + 1);
	size_t n = 0;

	if (term->kind != TERM_RESOURCE) {
		if (!all_strangers(l))
			return false;
		n = 2;
	}
	/* No term that names a set tells the ends of a class apart. */
	for (unsigned c = 0; c < space->n_class; c++) {
		if (!term_has(term, l->reach->model[m], &space->end[space->first[c]], m, l->sender))
			continue;
		if (!l->whole[c] || !set_has(l->set, CLASS_NUMBER(c), CLASS_NUMBER(c)))
			return false;
		inside[c] = true;
		n += l->left[c] ? space->first[c + 1] - space->first[c] : 0;
	}
	for (size_t c = 0; n > 1 && c < space->n_class; c++)
		l->left[c] = l->left[c] && !inside[c];
	if (n > 1)
		add_word(l, word);
	return n > 1;
}

static void add_span(struct labelling *l, uint64_t first, uint64_t last)
{
	char a[ADDRESS_TEXT_SIZE], b[ADDRESS_TEXT_SIZE], both[2 * ADDRESS_TEXT_SIZE];
	char cidr[PREFIX_TEXT_SIZE];

	for (uint8_t length = 0; length <= 32; length++) {
		struct prefix prefix = { (uint32_t)first, length };

		if ((first & ~(uint64_t)prefix_mask(length)) || prefix_last(prefix) != last)
			continue;
		add_word(l, length == 32 ? address_format((uint32_t)first, a)
					 : prefix_format(prefix, cidr));
		return;
	}
	snprintf(both, sizeof(both), "%s-%s", address_format((uint32_t)first, a),
		 address_format((uint32_t)last, b));
	add_word(l, both);
}

/* What of the internet is in the set, or is not. */
static struct reach_set strangers(const struct labelling *l, bool in)
{
	struct reach_set part = { 0 };

	for (size_t i = 0; i < l->space->n_public; i++) {
		uint64_t at = l->space->public[i].first;

		for (size_t k = 0; k < l->set->n && at <= l->space->public[i].last; k++) {
			struct reach_range range = l->set->range[k];

			if (range.last < at || range.first > l->space->public[i].last)
				continue;
			if (range.first < at)
				range.first = at;
			if (range.last > l->space->public[i].last)
				range.last = l->space->public[i].last;
			if (in)
				*ARRAY_PUSH(part.range, part.n) = range;
			else if (range.first > at)
				*ARRAY_PUSH(part.range, part.n) =
					(struct reach_range){ at, range.first - 1 };
			at = range.last + 1;
		}
		if (!in && at <= l->space->public[i].last)
			*ARRAY_PUSH(part.range, part.n) =
				(struct reach_range){ at, l->space->public[i].last };
	}
	reach_set_order(&part);
	return part;
}

static void name_strangers(struct labelling *l)
{
	struct reach_set in = strangers(l, true), out = strangers(l, false);
	const bool most = in.n && out.n < in.n + l->space->n_public / 2 && (!out.n || in.n > 1);

	if (most)
		add_word(l, out.n ? "internet except " : "internet");
	for (size_t i = 0; i < (most ? out.n : in.n); i++) {
		const struct reach_range *range = most ? &out.range[i] : &in.range[i];

		if (most)
			l->n -= i == 0; /* no comma before the first */
		add_span(l, range->first, range->last);
	}
	free(in.range);
	free(out.range);
}

void reach_ends_add_text(struct text *text, const struct reach *reach, const struct reach_set *ends,
			 bool sender, size_t most)
{
	static const struct term any = { .kind = TERM_ANY }, internet = { .kind = TERM_INTERNET };
	static const enum noun nouns[] = { NOUN_VPC, NOUN_VSWITCH, NOUN_SECURITY_GROUP };
	const struct space *space = reach->space;
	const struct model *model = reach->model[reach->n_model - 1];
	const bool *wanted = sender ? space->from : space->to;
	auto_free bool *left = xalloc(space->n_class + 1), *whole = xalloc(space->n_class + 1);
	struct labelling l = { .reach = reach,
			       .space = space,
			       .set = ends,
			       .sender = sender,
			       .left = left,
			       .whole = whole,
			       .text = text,
			       .most = most };

	for (size_t i = 0; i < space->n_class; i++)
		whole[i] = left[i] = set_has(ends, CLASS_NUMBER(i), CLASS_NUMBER(i));
	for (size_t e = 0; e < space->n_end; e++)
		whole[space->end[e].class] &= wanted[e];
	if (name_by_term(&l, &any, "any"))
		return;
	if (!name_by_term(&l, &internet, "internet"))
		name_strangers(&l);
	for (size_t k = 0; k < ARRAY_SIZE(nouns); k++) {
		model_each(model, nouns[k], const struct resource, resource) {
			name_by_term(&l,
				     &(struct term){ .kind = TERM_RESOURCE, .resource = resource },
				     resource->name);
		}
	}
	for (size_t e = 0; e < space->n_end; e++) {
		const struct end *end = &space->end[e];
		auto_text name = { 0 };

		if (!left[end->class] || !wanted[e])
			continue;
		text_add(&name, end->name);
		if (model_find_noun(model, NOUNS(NOUN_VSWITCH), end->name))
			text_add(&name, " (router)");
		add_word(&l, text_get(&name));
	}
	if (l.skipped)
		text_addf(text, " and %zu more", l.skipped);
}

void reach_ports_add_text(struct text *text, const struct reach_set *ports)
{
	if (ports->n == 1 && ports->range[0].first <= 1 &&
	    (ports->range[0].last == UINT16_MAX || !ports->range[0].last))
		return;
	for (size_t i = 0; i < ports->n; i++) {
		text_addf(text, "%s%" PRIu64, i ? "," : "", ports->range[i].first);
		if (ports->range[i].last > ports->range[i].first)
			text_addf(text, "-%" PRIu64, ports->range[i].last);
	}
}
