/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/private_zone.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/model/cloud_service.h"

enum { ALIASES_MAX = 8 }; /* of a name, one of the other */

bool zone_is_bound(const struct private_zone *zone, const struct vpc *vpc)
{
	for (size_t i = 0; i < zone->n_vpc; i++)
		if (zone->vpc[i] == vpc)
			return true;
	return false;
}

bool zone_covers(const struct private_zone *zone, const char *name)
{
	const size_t length = strlen(name), domain = strlen(zone->domain);

	return length >= domain && text_equal_nocase(name + length - domain, zone->domain) &&
	       (length == domain || name[length - domain - 1] == '.');
}

const struct private_zone *zone_for(const struct model *model, const struct vpc *vpc,
				    const char *name)
{
	const struct private_zone *best = NULL;

	if (!vpc || !vpc->dns_support || (model->provider == PROVIDER_AWS && !vpc->dns_hostnames))
		return NULL;
	model_each(model, NOUN_PRIVATE_ZONE, const struct private_zone, zone)
		if (zone_is_bound(zone, vpc) && zone_covers(zone, name) &&
		    (!best || strlen(zone->domain) > strlen(best->domain)))
			best = zone;
	return best;
}

const char *zone_record_name(const struct zone_record *record, char name[static ZONE_NAME_SIZE])
{
	const bool apex = strcmp(record->host, "@") == 0;

	snprintf(name, ZONE_NAME_SIZE, "%s%s%s", apex ? "" : record->host, apex ? "" : ".",
		 record->zone->domain);
	return name;
}

static const struct zone_record *find(const struct model *model, const struct private_zone *zone,
				      const char *name)
{
	char own[ZONE_NAME_SIZE];

	model_each_user(model, NOUN_ZONE_RECORD, zone, const struct zone_record, record)
		if (text_equal_nocase(zone_record_name(record, own), name))
			return record;
	return NULL;
}

bool zone_hides(const struct model *model, const struct vpc *vpc, const char *name)
{
	const struct private_zone *zone = zone_for(model, vpc, name);

	return zone && (!zone->recursion || find(model, zone, name));
}

bool zone_concerns(const struct model *model, const char *name)
{
	model_each(model, NOUN_PRIVATE_ZONE, const struct private_zone, zone)
		if (zone->n_vpc && zone_covers(zone, name))
			return true;
	return false;
}

/* AWS: the names that each instance has. */
static bool host_resolve(const struct model *model, const struct vpc *vpc, const char *name,
			 uint32_t *ret_address)
{
	struct eni_address own = { 0 };
	char other[HOST_NAME_SIZE];

	if (model->provider != PROVIDER_AWS || (vpc && !vpc->dns_support))
		return false;
	while (model_next_address(model, &own)) {
		const struct vpc *home = own.eni->vswitch->vpc;
		const bool private = home == vpc && host_private_name(model, home, own.ip, other) &&
				     text_equal_nocase(other, name);

		if (!private &&
		    !(own.public_ip && host_public_name(model, home, own.public_ip, other) &&
		      text_equal_nocase(other, name)))
			continue;
		*ret_address = home == vpc ? own.ip : own.public_ip;
		return true;
	}
	return false;
}

bool name_resolve(const struct model *model, const struct vpc *vpc, const char *name,
		  uint32_t *ret_address, const struct private_zone **ret_zone)
{
	*ret_zone = NULL;
	for (size_t i = 0; i < ALIASES_MAX; i++) {
		const struct private_zone *zone = zone_for(model, vpc, name);
		const struct zone_record *record = zone ? find(model, zone, name) : NULL;

		if (zone)
			*ret_zone = zone;
		if (record && record->type == RECORD_A)
			return address_parse(record->value, ret_address);
		if (!record)
			return (!zone || zone->recursion) &&
			       (host_resolve(model, vpc, name, ret_address) ||
				model_address(model, name, ret_address));
		name = record->value;
	}
	return false;
}
