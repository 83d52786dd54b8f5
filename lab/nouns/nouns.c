/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/nouns/nouns.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

#define FAMILY(name_, title_, providers_, ...)                                               \
	const struct command_family family_##name_ = {                                       \
		(title_), (const struct command *const[]){ __VA_ARGS__, NULL }, (providers_) \
	}

FAMILY(network, "Network", FOR_ALIBABA, vpc_rows, vswitch_rows, route_table_rows, route_rows);
FAMILY(several, "Several VPCs", FOR_ALL, vpc_peering_rows, transit_router_rows, transit_route_rows);
FAMILY(compute, "Compute", FOR_ALIBABA, ecs_rows, eni_rows);
FAMILY(security_group, "Groups and network ACLs", FOR_ALIBABA, security_group_rows,
       prefix_list_rows, acl_rows);
FAMILY(nat, "NAT and public addresses", FOR_ALIBABA, nat_gateway_rows, nat_ip_rows, eip_rows,
       snat_rows, dnat_rows, ipv4_gateway_rows);
FAMILY(aws_network, "Network of AWS", FOR_AWS, vpc_rows, vswitch_rows, route_table_rows,
       route_rows);
FAMILY(aws_compute, "Compute of AWS", FOR_AWS, ecs_rows, eni_rows);
FAMILY(aws_security_group, "Groups and ACLs of AWS", FOR_AWS, security_group_rows, prefix_list_rows,
       acl_rows);
FAMILY(aws_gateways, "Gateways and EIPs of AWS", FOR_AWS, internet_gateway_rows, nat_gateway_rows,
       vpc_endpoint_rows, eip_rows);
FAMILY(load_balancers, "Load balancers", FOR_ALL, load_balancer_rows);
FAMILY(hosts, "Internet, services, names", FOR_ALL, private_zone_rows, internet_host_rows,
       service_rows);
FAMILY(settings, "Settings of the lab", FOR_ALL, settings_rows);

static const struct command_family *const families[] = { NOUN_FAMILIES, &family_settings, NULL };

const struct language nouns_language = { .family = families };

/* The noun's first row that has the flag. */
static const struct command *row_of(const struct model *model, enum noun noun, unsigned flag)
{
	struct command_cursor at = command_rows(&nouns_language, model);

	while (command_next(&at))
		if (command_noun(model, at.command) == noun && (at.command->flags & flag))
			return at.command;
	abort();
}

void *nouns_describe(const struct model *model, const struct resource *resource,
		     const struct command **ret_row)
{
	const struct command *row = row_of(model, resource->noun, COMMAND_CHANGES);
	void *request = xalloc(row->size);

	if (row->describe)
		row->describe(model, resource, request);
	else
		memcpy(request, resource, resource_size(resource->noun));
	*ret_row = row;
	return request;
}

const char *nouns_keys(const struct model *model, enum noun noun)
{
	const char *const *keys = row_of(model, noun, COMMAND_SHOW)->keys;

	return keys[model->provider] ? keys[model->provider] : keys[0];
}
