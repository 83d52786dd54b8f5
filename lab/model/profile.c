/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/profile.h"

unsigned *profile_quota(struct profile *profile, int offset)
{
	return (unsigned *)(void *)((char *)profile + offset);
}

unsigned profile_quota_of(const struct profile *profile, int offset)
{
	return *(const unsigned *)(const void *)((const char *)profile + offset);
}

/*
 * What has stayed the same. Interfaces are by instance type, these are of large ones.
 * cloud-semantics: eni-2, sg-1
 */
#define BOTH_TIMES                                                                          \
	.vpcs = 10, .eips = 20 /* cloud-semantics: eip-6 */, .secondary_cidrs_per_vpc = 5,  \
	.custom_tables_per_vpc = 9, .enhanced_per_vpc = 5, .standard_per_vpc = 1,           \
	.eips_per_gateway = 20, .snat_per_gateway = 40, .dnat_per_gateway = 100,            \
	.nat_ips_per_gateway = 15 /* cloud-semantics: pnat-8 */, .eips_per_snat = 64,       \
	.eips_to_switch_bind_mode = 5, .security_groups = 100, .group_rules_per_group = 20, \
	.ips_per_enterprise_group = 65536, .acls_per_vpc = 20, .rules_per_acl = 20,         \
	.enis = 100 /* cloud-semantics: eni-9 */, .enis_per_ecs = 8, .session_idle = 910,   \
	.prefix_lists = 100, .entries_per_prefix_list = 200 /* cloud-semantics: pl-2 */

const struct profile profile_2021 = {
	BOTH_TIMES,
	.name = "2021",
	.vpc_length_min = 8,
	.vpc_length_max = 24,
	.vswitches_per_vpc = 24,
	.routes_per_table = 48,
	.rules_per_group = 100,
	.groups_per_eni = 5,
	.ips_per_basic_group = 2000,
	.secondary_per_eni = 9, /* cloud-semantics: eni-4 */
	.usage_rate = 100000,
	.usage_connections = 2000000,
	.own_ip_excludes_nat = true,
	/* The switch is newer; who asks for it gets it. cloud-semantics: nat-16 */
	.icmp_reply = false,
	.standard_on_sale = true,
	.port_break = false,
	.route_inside_service = false,
};

/* Where the sources give two numbers, these are today's; the others are as above. */
const struct profile profile_today = {
	BOTH_TIMES,
	.name = "today",
	.any_private_range = true, /* cloud-semantics: vpc-2 */
	.vpc_length_min = 16,
	.vpc_length_max = 28,
	.vswitches_per_vpc = 150,
	.routes_per_table = 200,
	.rules_per_group = 200,
	.groups_per_eni = 10,
	.ips_per_basic_group = 6000,
	.secondary_per_eni = 49,
	.usage_rate = 20000, /* cloud-semantics: nat-6, nat-7 */
	.usage_connections = 500000,
	.paid_by_usage = true,
	.own_ip_excludes_nat = false, /* cloud-semantics: dnat-6 */
	.icmp_reply = true,           /* cloud-semantics: nat-15 */
	.standard_on_sale = false,    /* cloud-semantics: nat-1 */
	.port_break = true,           /* cloud-semantics: dnat-5 */
	.tables_move = true,          /* cloud-semantics: rt-3 */
	.system_hops = true,
	.route_inside_service = true,
};

/* What has no source there is marked. cloud-semantics: aws-10, aws-11, addr-30 */
const struct profile profile_aws = {
	.name = "aws",
	.any_private_range = true, /* and public ones, too */
	.vpc_length_min = 16,
	.vpc_length_max = 28,
	.vpcs = 5,
	.secondary_cidrs_per_vpc = 5, /* cloud-semantics: addr-17 */
	.vswitches_per_vpc = 200,
	.custom_tables_per_vpc = 199, /* 200 with the main one */
	.routes_per_table = 50,
	.eips_per_gateway = 8, /* 2 until it is raised. cloud-semantics: addr-20 */
	.security_groups = 2500,
	.rules_per_group = 60, /* in each direction */
	.groups_per_eni = 5,
	.prefix_lists = 100, /* cloud-semantics: pl-6 */
	.entries_per_prefix_list = 1000,
	.acls_per_vpc = 199, /* 200 with the default one. cloud-semantics: acl-10 */
	.rules_per_acl = 20,
	.enis = 5000,
	.enis_per_ecs = 8,       /* by instance type; as above */
	.secondary_per_eni = 29, /* of a type with so many. cloud-semantics: eni-9 */
	.eips = 5,
	.internet_gateways = 5, /* follows the quota of VPCs */
	.gateways_per_zone = 5,
};
