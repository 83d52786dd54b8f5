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
	struct text but; /* "VPC1 except A,B": behind the names, where no other can be taken for one
			    that is excepted, too */
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

static void add_exception(struct labelling *l, const char *word)
{
	text_addf(&l->but, "%s%s", l->but.length ? "," : "", word);
}

static bool all_strangers(const struct labelling *l)
{
	for (size_t i = 0; i < l->space->n_public; i++)
		if (!set_has(l->set, l->space->public[i].first, l->space->public[i].last))
			return false;
	return true;
}

/* Which classes the term names: of a noun's the hosts, whose public addresses have names of their
 * own. *ret_lacking: those of them that are not in the set, words with commas between them. Return
 * whether those are not more than so many. No term that names a set tells the ends of a class
 * apart. */
static bool find_inside(const struct labelling *l, const struct term *term, bool *inside,
			size_t most, struct text *ret_lacking, size_t *ret_n_lacking)
{
	const struct space *space = l->space;
	const size_t m = l->reach->n_model - 1;

	*ret_n_lacking = 0;
	for (unsigned c = 0; c < space->n_class; c++) {
		const struct end *end = &space->end[space->first[c]];

		if (!term_has(term, l->reach->model[m], end, m, l->sender) ||
		    (term->kind == TERM_RESOURCE && end->kind == END_PUBLIC))
			continue;
		inside[c] = l->whole[c] && set_has(l->set, CLASS_NUMBER(c), CLASS_NUMBER(c));
		for (unsigned e = space->first[c]; !inside[c] && e < space->first[c + 1]; e++) {
			if (*ret_n_lacking == most)
				return false;
			text_addf(ret_lacking, "%s%s", (*ret_n_lacking)++ ? "," : "",
				  space->end[e].name);
		}
	}
	return true;
}

/* Which classes the term names, if all of them are in the set. */
static bool is_inside(const struct labelling *l, const struct term *term, bool *inside)
{
	size_t none;

	return find_inside(l, term, inside, 0, NULL, &none);
}

static size_t count_left(const struct labelling *l, const bool *inside)
{
	size_t n = 0;

	for (unsigned c = 0; c < l->space->n_class; c++)
		if (l->left[c] && inside[c])
			n += l->space->first[c + 1] - l->space->first[c];
	return n;
}

static void take(struct labelling *l, const bool *inside, const char *word)
{
	for (unsigned c = 0; c < l->space->n_class; c++)
		l->left[c] = l->left[c] && !inside[c];
	if (word)
		add_word(l, word);
}

/* Is everything that belongs to the term in the set, and more than one of it still unnamed? Then
 * the term names it. */
static bool name_by_term(struct labelling *l, const struct term *term, const char *word)
{
	auto_free bool *inside = xalloc(l->space->n_class + 1);

	if (term->kind != TERM_RESOURCE && !all_strangers(l))
		return false;
	if (!is_inside(l, term, inside) ||
	    (term->kind == TERM_RESOURCE && count_left(l, inside) < 2))
		return false;
	take(l, inside, word);
	return true;
}

enum { LACKING_MAX = 2 }; /* hosts that may be taken out of a VPC by name */

/* "VPC1 except bastion", where that is most of it, and no other word says it. */
static void name_but_for(struct labelling *l, const struct vpc *vpc)
{
	static const enum noun nouns[] = { NOUN_VSWITCH, NOUN_SECURITY_GROUP };
	const struct term term = { .kind = TERM_RESOURCE, .resource = &vpc->resource };
	auto_free bool *inside = xalloc(l->space->n_class + 1);
	auto_text word = { 0 };
	size_t n_lacking, n_left;

	text_addf(&word, "%s except ", vpc->resource.name);
	if (!find_inside(l, &term, inside, LACKING_MAX, &word, &n_lacking))
		return;
	n_left = count_left(l, inside);
	if (n_left <= 2 * n_lacking + 1)
		return;
	for (size_t k = 0; k < ARRAY_SIZE(nouns); k++) {
		model_each(l->reach->model[l->reach->n_model - 1], nouns[k], const struct resource,
			   other) {
			auto_free bool *in_other = xalloc(l->space->n_class + 1);
			const struct term by = { .kind = TERM_RESOURCE, .resource = other };

			if (resource_vpc(other) == vpc && is_inside(l, &by, in_other) &&
			    count_left(l, in_other) == n_left)
				return;
		}
	}
	take(l, inside, NULL);
	add_exception(l, text_get(&word));
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

/* The lab's hosts on the internet that the set lacks, of those that the flows are about. */
static size_t missing_hosts(const struct labelling *l, struct text *names)
{
	const struct space *space = l->space;
	const bool *wanted = l->sender ? space->from : space->to;
	size_t n = 0;

	for (size_t e = 0; e < space->n_end; e++)
		if (space->end[e].kind == END_HOST && wanted[e] &&
		    !set_has(l->set, CLASS_NUMBER(space->end[e].class),
			     CLASS_NUMBER(space->end[e].class)))
			text_addf(names, "%s%s", n++ ? "," : "", space->end[e].name);
	return n;
}

/* All of the internet but that. */
static void name_all_but(struct labelling *l, const struct reach_set *out)
{
	auto_text word = { 0 }, hosts = { 0 };
	const size_t n_host = missing_hosts(l, &hosts);
	struct labelling but = { .space = l->space, .text = &word, .most = l->most };

	text_add(&word, n_host || out->n ? "internet except " : "internet");
	for (size_t i = 0; i < out->n; i++)
		add_span(&but, out->range[i].first, out->range[i].last);
	if (but.skipped)
		text_addf(&word, " and %zu more", but.skipped);
	if (n_host)
		text_add(&word, but.n ? "," : "");
	if (l->most && n_host > l->most)
		text_addf(&word, "%zu of its hosts", n_host);
	else
		text_add(&word, text_get(&hosts));
	if (n_host || out->n)
		add_exception(l, text_get(&word));
	else
		add_word(l, text_get(&word));
	for (size_t e = 0; e < l->space->n_end; e++)
		if (l->space->end[e].kind == END_HOST)
			l->left[l->space->end[e].class] = false;
}

static void name_strangers(struct labelling *l)
{
	struct reach_set in = strangers(l, true), out = strangers(l, false);

	if (in.n && out.n < in.n + l->space->n_public / 2 && (!out.n || in.n > 1))
		name_all_but(l, &out);
	else
		for (size_t i = 0; i < in.n; i++)
			add_span(l, in.range[i].first, in.range[i].last);
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
			if (nouns[k] == NOUN_VPC)
				name_but_for(&l, (const struct vpc *)resource);
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
	if (l.but.length)
		text_addf(text, "%s%s", l.n ? "," : "", text_get(&l.but));
	text_free(&l.but);
}

/* With the one that is in no packet, where that is shorter. */
static void add_others(struct text *text, const struct reach *reach, const struct reach_set *ends,
		       uint64_t self, bool sender, size_t most)
{
	struct reach_set with = { 0 };
	auto_text alone = { 0 }, together = { 0 };

	reach_ends_add_text(&alone, reach, ends, sender, most);
	if (self && reach_ends_count(reach, ends) > 1) {
		for (size_t i = 0; i < ends->n; i++)
			*ARRAY_PUSH(with.range, with.n) = ends->range[i];
		*ARRAY_PUSH(with.range, with.n) = (struct reach_range){ self, self };
		reach_set_order(&with);
		reach_ends_add_text(&together, reach, &with, sender, most);
		free(with.range);
	}
	text_add(text, together.length && together.length < alone.length ? text_get(&together)
									 : text_get(&alone));
}

void reach_senders_add_text(struct text *text, const struct reach *reach,
			    const struct reach_row *row, size_t most)
{
	add_others(text, reach, &row->from, row->self, true, most);
}

void reach_targets_add_text(struct text *text, const struct reach *reach,
			    const struct reach_row *row, size_t most)
{
	add_others(text, reach, &row->to, row->self_as_target, false, most);
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
