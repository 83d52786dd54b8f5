/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/transit.h"

#include <string.h>

#include "lab/model/cloud.h"

const struct transit_attachment *transit_attachment_of(const struct model *model,
						       const struct transit_router *router,
						       const struct vpc *vpc)
{
	model_each_user(model, NOUN_TRANSIT_ATTACHMENT, router, const struct transit_attachment,
			attachment)
		if (attachment->vpc == vpc)
			return attachment;
	return NULL;
}

bool transit_serves_zone(const struct transit_attachment *attachment, const struct vswitch *vswitch)
{
	for (size_t i = 0; i < attachment->n_vswitch; i++)
		if (strcmp(attachment->vswitch[i]->zone, vswitch->zone) == 0)
			return true;
	return false;
}

static bool propagates(const struct transit_attachment *attachment,
		       const struct transit_table *table)
{
	for (size_t i = 0; i < attachment->n_propagated; i++)
		if (attachment->propagated[i] == table)
			return true;
	return false;
}

/* The i-th route that a VPC propagates. */
static bool vpc_route(const struct model *model, const struct vpc *vpc, size_t i,
		      struct prefix *ret_to)
{
	if (model_cloud(model)->one_local_route) {
		if (i >= vpc->cidr.n_item)
			return false;
		*ret_to = vpc->cidr.item[i];
		return true;
	}
	model_each_user(model, NOUN_VSWITCH, vpc, const struct vswitch, vswitch) {
		*ret_to = vswitch->cidr;
		if (i-- == 0)
			return true;
	}
	return false;
}

/* Every route, hidden ones too. */
static bool any_entry(const struct model *model, const struct transit_table *table, size_t i,
		      struct transit_entry *ret_entry)
{
	model_each_user(model, NOUN_TRANSIT_ROUTE, table, const struct transit_route, route) {
		*ret_entry = (struct transit_entry){ route->to, route->via, route };
		if (i-- == 0)
			return true;
	}
	model_each(model, NOUN_TRANSIT_ATTACHMENT, const struct transit_attachment, attachment) {
		if (!propagates(attachment, table))
			continue;
		*ret_entry = (struct transit_entry){ .via = attachment };
		for (size_t k = 0; vpc_route(model, attachment->vpc, k, &ret_entry->to); k++)
			if (i-- == 0)
				return true;
	}
	return false;
}

static bool hides(const struct model *model, const struct transit_entry *entry,
		  const struct transit_entry *later)
{
	return prefix_equal(entry->to, later->to) ||
	       (model_cloud(model)->one_local_route && !entry->route &&
		prefix_overlaps(entry->to, later->to));
}

bool transit_entry_next(const struct model *model, const struct transit_table *table,
			size_t *cursor, struct transit_entry *ret_entry)
{
	struct transit_entry before;
	bool hidden = true;

	while (hidden) {
		const size_t at = (*cursor)++;

		if (!any_entry(model, table, at, ret_entry))
			return false;
		hidden = false;
		for (size_t i = 0; i < at && !hidden && !ret_entry->route; i++)
			hidden = any_entry(model, table, i, &before) &&
				 hides(model, &before, ret_entry);
	}
	return true;
}

static bool are_joined(const struct model *model, const struct vpc *a, const struct vpc *b)
{
	model_each_user(model, NOUN_TRANSIT_ATTACHMENT, a, const struct transit_attachment, one)
		if (transit_attachment_of(model, one->router, b))
			return true;
	return false;
}

/* The i-th CIDR of all that are joined with it, those that come twice too. */
static bool any_cidr(const struct model *model, const struct vpc *vpc, size_t i,
		     struct prefix *ret_cidr)
{
	model_each(model, NOUN_VPC, const struct vpc, other) {
		if (other == vpc || !are_joined(model, vpc, other))
			continue;
		if (i < other->cidr.n_item) {
			*ret_cidr = other->cidr.item[i];
			return true;
		}
		i -= other->cidr.n_item;
	}
	return false;
}

bool transit_cidr_next(const struct model *model, const struct vpc *vpc, size_t *cursor,
		       struct prefix *ret_cidr)
{
	struct prefix before;
	bool again = true;

	while (again) {
		const size_t at = (*cursor)++;

		if (!any_cidr(model, vpc, at, ret_cidr))
			return false;
		again = vpc_cidr_over(vpc, *ret_cidr) != NULL;
		for (size_t i = 0; i < at && !again; i++)
			again = any_cidr(model, vpc, i, &before) && prefix_equal(before, *ret_cidr);
	}
	return true;
}

bool transit_joins(const struct model *model, const struct vpc *vpc, uint32_t address)
{
	struct prefix cidr;

	for (size_t cursor = 0; transit_cidr_next(model, vpc, &cursor, &cidr);)
		if (prefix_contains(cidr, address))
			return true;
	return false;
}
