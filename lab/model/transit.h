/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/model/model.h"

/* The VPC's attachment to a transit router; NULL: there is none. */
const struct transit_attachment *transit_attachment_of(const struct model *model,
						       const struct transit_router *router,
						       const struct vpc *vpc);
/* Has it a vSwitch in the zone of that one? cloud-semantics: tr-22 */
bool transit_serves_zone(const struct transit_attachment *attachment,
			 const struct vswitch *vswitch);

/*
 * The routes of a transit router's table: the static ones, then those that attachments propagate,
 * which an equal one before them hides. Of a VPC that is, on Alibaba Cloud, an entry for each
 * vSwitch, on AWS one for each CIDR, unless that overlaps with another VPC's.
 * cloud-semantics: tr-5, tr-10, tr-24, tr-25, tr-26
 */
struct transit_entry {
	struct prefix to;
	const struct transit_attachment *via; /* NULL: a blackhole */
	const struct transit_route *route;    /* NULL: it is propagated */
};
/* All of them; the caller frees. */
struct transit_entry *transit_entries(const struct model *model, const struct transit_table *table,
				      size_t *ret_n);
/* The CIDRs of all VPCs that a transit router joins with this one, no two the same. The caller
 * frees. */
struct prefix *transit_cidrs(const struct model *model, const struct vpc *vpc, size_t *ret_n);
