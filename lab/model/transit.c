/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/transit.h"

#include <string.h>

#include "core/base/memory.h"
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

static bool hides(const struct model *model, const struct transit_entry *entry,
		  const struct transit_entry *later)
{
	return prefix_equal(entry->to, later->to) ||
	       (model_cloud(model)->one_local_route && !entry->route &&
		prefix_overlaps(entry->to, later->to));
}

static void add_propagated(const struct model *model, struct transit_entry **entry, size_t *n,
			   const struct transit_attachment *attachment, struct prefix to)
{
	const struct transit_entry later = { .to = to, .via = attachment };

	for (size_t i = 0; i < *n; i++)
		if (hides(model, &(*entry)[i], &later))
			return;
	*ARRAY_PUSH(*entry, *n) = later;
}

struct transit_entry *transit_entries(const struct model *model, const struct transit_table *table,
				      size_t *ret_n)
{
	struct transit_entry *entry = NULL;
	size_t n = 0;

	model_each_user(model, NOUN_TRANSIT_ROUTE, table, const struct transit_route, route)
		*ARRAY_PUSH(entry, n) = (struct transit_entry){ route->to, route->via, route };
	model_each_user(model, NOUN_TRANSIT_ATTACHMENT, table, const struct transit_attachment,
			attachment) {
		const struct vpc *vpc = attachment->vpc;

		if (!propagates(attachment, table))
			continue;
		if (model_cloud(model)->one_local_route) {
			for (size_t i = 0; i < vpc->cidr.n_item; i++)
				add_propagated(model, &entry, &n, attachment, vpc->cidr.item[i]);
			continue;
		}
		model_each_user(model, NOUN_VSWITCH, vpc, const struct vswitch, vswitch)
			add_propagated(model, &entry, &n, attachment, vswitch->cidr);
	}
	*ret_n = n;
	return entry;
}

static bool are_joined(const struct model *model, const struct vpc *a, const struct vpc *b)
{
	model_each_user(model, NOUN_TRANSIT_ATTACHMENT, a, const struct transit_attachment, one)
		if (transit_attachment_of(model, one->router, b))
			return true;
	return false;
}

struct prefix *transit_cidrs(const struct model *model, const struct vpc *vpc, size_t *ret_n)
{
	struct prefix *cidr = NULL;
	size_t n = 0;

	model_each(model, NOUN_VPC, const struct vpc, other) {
		if (other == vpc || !are_joined(model, vpc, other))
			continue;
		for (size_t i = 0; i < other->cidr.n_item; i++) {
			const struct prefix one = other->cidr.item[i];
			bool again = vpc_cidr_over(vpc, one) != NULL;

			for (size_t k = 0; k < n && !again; k++)
				again = prefix_equal(cidr[k], one);
			if (!again)
				*ARRAY_PUSH(cidr, n) = one;
		}
	}
	*ret_n = n;
	return cidr;
}
