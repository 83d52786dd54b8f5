/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/system_route.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/cloud.h"

const struct prefixes private_ranges = {
	.item = { { 0x0a000000, 8 },    /* 10.0.0.0/8 */
		  { 0xac100000, 12 },   /* 172.16.0.0/12 */
		  { 0xc0a80000, 16 } }, /* 192.168.0.0/16 */
	.n_item = 3,
};

bool private_range_next(const struct vpc *vpc, size_t *cursor, struct prefix *ret_range)
{
	static const struct prefixes services = { .item = { CLOUD_SERVICES }, .n_item = 1 };
	const struct prefixes *const ranges[] = { &private_ranges, &services, &vpc->cidr,
						  &vpc->user_cidr };
	const struct prefix *met[ARRAY_SIZE(ranges) * PREFIXES_MAX];
	size_t n_met = 0;

	for (size_t r = 0; r < ARRAY_SIZE(ranges); r++) {
		for (size_t i = 0; i < ranges[r]->n_item; i++) {
			const struct prefix *range = &ranges[r]->item[i];
			size_t k = 0;

			while (k < n_met && !prefix_equal(*met[k], *range))
				k++;
			if (k < n_met) /* the VPC is one of the others */
				continue;
			if (n_met == *cursor) {
				(*cursor)++;
				*ret_range = *range;
				return true;
			}
			met[n_met++] = range;
		}
	}
	return false;
}

bool system_route_next(const struct model *model, const struct vpc *vpc, size_t *cursor,
		       struct system_route *ret_route)
{
	const bool one = model_cloud(model)->one_local_route;
	size_t i = (*cursor)++;

	if (one ? i < vpc->cidr.n_item : i == 0) {
		*ret_route =
			(struct system_route){ .to = one ? vpc->cidr.item[i] : CLOUD_SERVICES };
		return true;
	}
	for (; !one && i <= model_count(model, NOUN_VSWITCH); i = (*cursor)++) {
		const struct vswitch *vswitch = model_get(model, NOUN_VSWITCH, i - 1);

		if (vswitch->vpc != vpc)
			continue;
		*ret_route = (struct system_route){ .to = vswitch->cidr, .vswitch = vswitch };
		return true;
	}
	return false;
}

char *system_route_name(const struct model *model, const struct route_table *table,
			const struct system_route *route)
{
	const char *to = model_cloud(model)->one_local_route ? "local" : "service";
	char address[ADDRESS_TEXT_SIZE];

	/* AWS has one more for each secondary CIDR. */
	if (!route->vswitch && model_cloud(model)->one_local_route &&
	    !prefix_equal(route->to, table->vpc->cidr.item[0]))
		return xprintf("%s/local-%s", table->resource.name,
			       address_format(route->to.address, address));
	return xprintf("%s/%s", table->resource.name,
		       route->vswitch ? route->vswitch->resource.name : to);
}

bool system_route_exists(const struct model *model, const char *name)
{
	model_each(model, NOUN_ROUTE_TABLE, const struct route_table, table) {
		struct system_route route;
		size_t cursor = 0;

		while (system_route_next(model, table->vpc, &cursor, &route)) {
			auto_free char *own = system_route_name(model, table, &route);

			if (strcmp(own, name) == 0)
				return true;
		}
	}
	return false;
}
