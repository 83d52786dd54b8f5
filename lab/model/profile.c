/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/model/profile.h"

const struct profile profile_2021 = {
	.name = "2021",
	.vpc_length_min = 8,
	.vpc_length_max = 24,
	.vpcs = 10,
	.vswitches_per_vpc = 24,
	.custom_tables_per_vpc = 9,
	.routes_per_table = 48,
	.enhanced_per_vpc = 5,
	.standard_per_vpc = 1,
	.eips_per_gateway = 20,
	.snat_per_gateway = 40,
	.dnat_per_gateway = 100,
	.eips_per_snat = 64,
	.eips_to_switch_bind_mode = 5,
	.security_groups = 100,
	.rules_per_group = 100,
	.group_rules_per_group = 20,
	.groups_per_eni = 5,
	.ips_per_basic_group = 2000,
	.ips_per_enterprise_group = 65536,
	.acls_per_vpc = 20,
	.rules_per_acl = 20,
	.enis_per_ecs = 8,   /* cloud-semantics 7: by instance type; this is what the large ones of
				the time had */
	.session_idle = 910, /* cloud-semantics 8: Hsg */
	.own_ip_excludes_nat = true,
	/* cloud-semantics 3, ICMP: the switch is newer; who asks for it gets it. */
	.icmp_reply = false,
	.standard_on_sale = true,
	.port_break = false,
	.route_inside_service = false,
};

/* Where the sources give two numbers (cloud-semantics 1, 2, 7, 8: today's); the others as above. */
const struct profile profile_today = {
	.name = "today",
	.any_private_range = true, /* cloud-semantics 1: Hcrvpc */
	.vpc_length_min = 16,
	.vpc_length_max = 28,
	.vpcs = 10,
	.vswitches_per_vpc = 150,
	.custom_tables_per_vpc = 9,
	.routes_per_table = 200,
	.enhanced_per_vpc = 5,
	.standard_per_vpc = 1,
	.eips_per_gateway = 20,
	.snat_per_gateway = 40,
	.dnat_per_gateway = 100,
	.eips_per_snat = 64,
	.eips_to_switch_bind_mode = 5,
	.security_groups = 100,
	.rules_per_group = 200,
	.group_rules_per_group = 20,
	.groups_per_eni = 10,
	.ips_per_basic_group = 6000,
	.ips_per_enterprise_group = 65536,
	.acls_per_vpc = 20,
	.rules_per_acl = 20,
	.enis_per_ecs = 8,
	.own_ip_excludes_nat = false, /* cloud-semantics 5: Hfaq */
	.icmp_reply = true,           /* cloud-semantics 3: SDKV */
	.standard_on_sale = false,    /* cloud-semantics 3: sale ended in November 2020 */
	.port_break = true,           /* cloud-semantics 5: Huse */
	.route_inside_service = true,
	.session_idle = 910,
};

/* cloud-semantics 10: A:amazon-vpc-limits.md; what has no source there is said. */
const struct profile profile_aws = {
	.name = "aws",
	.vpc_length_min = 16,
	.vpc_length_max = 28,
	.vpcs = 5,
	.vswitches_per_vpc = 200,
	.custom_tables_per_vpc = 199, /* 200 with the main one */
	.routes_per_table = 50,
	.eips_per_gateway = 1, /* the primary one; secondary addresses are not modelled */
	.security_groups = 2500,
	.rules_per_group = 60, /* in each direction */
	.groups_per_eni = 5,
	.enis_per_ecs = 8, /* by instance type; as above */
	.eips = 5,
	.internet_gateways = 5, /* follows the quota of VPCs */
	.gateways_per_zone = 5,
};
