/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/model/model.h"

/*
 * What names mean in a VPC: those of the private zones that are bound to it, of which the most
 * specific one answers, then those that everybody knows. vpc NULL: on the internet.
 * cloud-semantics: dns-2, dns-3, dns-4, dns-6, dns-8
 */

/* The zone that answers there for the name; NULL: none does. */
const struct private_zone *zone_for(const struct model *model, const struct vpc *vpc,
				    const char *name);
/* Is it bound to it? */
bool zone_is_bound(const struct private_zone *zone, const struct vpc *vpc);
/* Is the name in the zone's domain? */
bool zone_covers(const struct private_zone *zone, const char *name);
/* Does a zone keep a name from being what it publicly is there? */
bool zone_hides(const struct model *model, const struct vpc *vpc, const char *name);
/* The same, in any VPC. */
bool zone_concerns(const struct model *model, const char *name);
/* A record's whole name. */
enum { ZONE_NAME_SIZE = 512 };
const char *zone_record_name(const struct zone_record *record, char name[static ZONE_NAME_SIZE]);
/*
 * The address of a name of the cloud's, or of a record, as a host of the VPC is told. False: there
 * is none; *ret_zone: the zone that says so, NULL: no zone does.
 */
bool name_resolve(const struct model *model, const struct vpc *vpc, const char *name,
		  uint32_t *ret_address, const struct private_zone **ret_zone);
