/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "lab/language/command.h"

/*
 * The nouns: what can be said about each, and every rule about it with its source. One file a noun;
 * its rows stand with its rules. Nothing here prints, and nothing knows of a kernel.
 */
extern const struct command settings_rows[], vpc_rows[], vswitch_rows[], route_table_rows[],
	route_rows[], ecs_rows[], eni_rows[], security_group_rows[], prefix_list_rows[], acl_rows[],
	internet_gateway_rows[], ipv4_gateway_rows[], nat_gateway_rows[], eip_rows[], snat_rows[],
	dnat_rows[], nat_ip_rows[], internet_host_rows[], service_rows[], vpc_peering_rows[],
	transit_router_rows[], transit_route_rows[], vpc_endpoint_rows[], private_zone_rows[],
	load_balancer_rows[];

/* Their families, in the order of help, which begins with them. The settings come later there. */
extern const struct command_family family_network, family_compute, family_security_group,
	family_nat, family_aws_network, family_aws_compute, family_aws_security_group,
	family_aws_gateways, family_several, family_load_balancers, family_hosts, family_settings;
#define NOUN_FAMILIES                                                                 \
	&family_network, &family_compute, &family_security_group, &family_nat,        \
		&family_aws_network, &family_aws_compute, &family_aws_security_group, \
		&family_aws_gateways, &family_several, &family_load_balancers, &family_hosts

/* All of them, and nothing else: enough for what a journal says. */
extern const struct language nouns_language;

/* The row that makes such a resource, and its request as it would make this one again. The caller
 * frees the request, which borrows from the resource. */
void *nouns_describe(const struct model *model, const struct resource *resource,
		     const struct command **ret_row);

/* The keys that are shown of one, in their order, with a space between two. */
const char *nouns_keys(const struct model *model, enum noun noun);

/* Add the command that makes the resource, and a line's end. */
void model_save_resource(struct text *text, const struct model *model, const void *resource);
/* The whole model as commands that build it again, in an order that works; every default resolved.
 * The caller frees. */
char *model_save(const struct model *model);
