/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * What the cloud changed over the years. The rules read it from model->profile, so that another
 * time is another row here and not another branch there. Numbers without a comment are quotas.
 * cloud-semantics: vpc-1, vpc-2, vpc-14, rt-2, nat-9, sg-11, acl-17, eni-3
 */
struct profile {
	const char *name;
	bool any_private_range;                 /* VPCs outside the three private ranges, too */
	uint8_t vpc_length_min, vpc_length_max; /* of a VPC's prefix */
	unsigned vpcs;
	unsigned vswitches_per_vpc;
	unsigned secondary_cidrs_per_vpc; /* no more than PREFIXES_MAX - 1 */
	unsigned custom_tables_per_vpc;
	unsigned routes_per_table;
	unsigned enhanced_per_vpc, standard_per_vpc;
	unsigned eips_per_gateway;
	unsigned nat_ips_per_gateway; /* with the default one */
	unsigned snat_per_gateway;
	unsigned dnat_per_gateway;
	unsigned eips_per_snat;
	unsigned eips_to_switch_bind_mode; /* more than these, and the gateway's bind mode cannot be
					      changed */
	unsigned security_groups;          /* those made by hand */
	unsigned rules_per_group;
	unsigned group_rules_per_group; /* rules whose peer is a group */
	unsigned groups_per_eni;
	unsigned prefix_lists, entries_per_prefix_list; /* at most */
	unsigned ips_per_basic_group, ips_per_enterprise_group;
	unsigned acls_per_vpc;
	unsigned rules_per_acl;     /* a direction */
	unsigned enis;              /* secondary ones, of an account */
	unsigned enis_per_ecs;      /* with the primary one */
	unsigned secondary_per_eni; /* private addresses, by instance type */
	unsigned eips;              /* of an account; AWS: of a region */
	unsigned internet_gateways; /* AWS */
	unsigned gateways_per_zone; /* AWS: NAT gateways */
	unsigned session_idle; /* seconds that a security group remembers an idle TCP connection; 0:
				  the kernel's own time */
	unsigned usage_rate, usage_connections; /* of a NAT gateway that is paid by usage: new ones
						   a second, at once */
	bool paid_by_usage;                     /* it is, unless a size is said */
	bool own_ip_excludes_nat; /* no SNAT or DNAT entry for an instance with a public address of
				     its own */
	bool icmp_reply;          /* does a new gateway answer pings to its EIPs */
	bool standard_on_sale;
	bool port_break;  /* a DNAT entry on an EIP with SNAT has to say port-break above port 1024
			   */
	bool tables_move; /* a vSwitch may be associated with another custom table right away */
	bool system_hops; /* a vSwitch's system route in a custom table can lead to an ECS or ENI */
	bool route_inside_service; /* a route inside 100.64.0.0/10 is allowed */
	const struct profile
		*raised; /* an account's own: the one whose quotas were raised for it */
};

/* The quota that a word names: its offset in the profile, see words.h. */
unsigned *profile_quota(struct profile *profile, int offset);
unsigned profile_quota_of(const struct profile *profile, int offset);

extern const struct profile profile_aws; /* AWS has one time only: today */
extern const struct profile profile_2021, profile_today;
