/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/model/model.h"

/*
 * The routes that the cloud puts into every route table of a VPC. They are no resources: they
 * follow from the VPC and its vSwitches, and nobody can create, change or delete them.
 * cloud-semantics: rt-5, rt-7, aws-3
 */
struct system_route {
	struct prefix to;
	const struct vswitch *vswitch; /* whose CIDR that is; NULL: CLOUD_SERVICES, or of AWS the
					  CIDR of the VPC */
};

/* The system route of every Alibaba VPC to the cloud's own services. cloud-semantics: vpc-10 */
#define CLOUD_SERVICES      ((struct prefix){ 0x64400000u, 10 })
#define CLOUD_SERVICES_TEXT "100.64.0.0/10"

/* Those of RFC 1918. */
extern const struct prefixes private_ranges;

/*
 * What is no destination on the internet: the private ranges, the cloud's services, the VPC itself
 * and its user CIDRs. Walk them from *cursor = 0, no two the same; false: there are no more.
 * cloud-semantics: addr-1
 */
bool private_range_next(const struct vpc *vpc, size_t *cursor, struct prefix *ret_range);

/* Walks those of a VPC's tables, which are the same in each: start with *cursor = 0. False: there
 * are no more. */
bool system_route_next(const struct model *model, const struct vpc *vpc, size_t *cursor,
		       struct system_route *ret_route);

/*
 * What one is called where it is shown: "VPC1/system/VSW1", "VPC1/system/service"; of AWS
 * "VPC1/main/local". No vSwitch has a word of the command language as its name. The caller frees.
 */
char *system_route_name(const struct model *model, const struct route_table *table,
			const struct system_route *route);
/* Is this the name of one, in any of the tables? */
bool system_route_exists(const struct model *model, const char *name);
