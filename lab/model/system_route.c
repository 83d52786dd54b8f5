/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/system_route.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/cloud.h"

bool private_range_next(const struct vpc *vpc, size_t *cursor, struct prefix *ret_range)
{
	const struct prefix ranges[] = {
		{ 0x0a000000, 8 },  /* 10.0.0.0/8 */
		{ 0xac100000, 12 }, /* 172.16.0.0/12 */
		{ 0xc0a80000, 16 }, /* 192.168.0.0/16 */
		CLOUD_SERVICES,     vpc->cidr,
	};
	const size_t i = (*cursor)++;

	if (i >= ARRAY_SIZE(ranges))
		return false;
	*ret_range = ranges[i];
	/* The VPC may be one of them. */
	for (size_t k = 0; k < i; k++)
		if (prefix_equal(ranges[k], ranges[i]))
			return private_range_next(vpc, cursor, ret_range);
	return true;
}

bool system_route_next(const struct model *model, const struct vpc *vpc, size_t *cursor,
		       struct system_route *ret_route)
{
	const bool one = model_cloud(model)->one_local_route;
	size_t i = (*cursor)++;

	if (i == 0) {
		*ret_route = (struct system_route){ .to = one ? vpc->cidr : CLOUD_SERVICES };
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
