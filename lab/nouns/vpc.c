/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/model/system_route.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

static const struct prefix private_ranges[] = {
	{ 0x0a000000, 8 },  /* 10.0.0.0/8 */
	{ 0xac100000, 12 }, /* 172.16.0.0/12 */
	{ 0xc0a80000, 16 }, /* 192.168.0.0/16 */
};

static bool in_private_range(struct prefix cidr)
{
	for (size_t i = 0; i < ARRAY_SIZE(private_ranges); i++)
		if (prefix_covers(private_ranges[i], cidr))
			return true;
	return false;
}

static int check_cidr(const struct model *m, const char *text, struct prefix *ret_cidr,
		      struct error *err)
{
	int r = rule_prefix(text, false, "InvalidParameter", "cidr", ret_cidr, err);

	if (r < 0)
		return r;
	/* cloud-semantics 1: V:CreateVpc; one of the three private ranges or a part of it. */
	if (m->profile->any_private_range) {
		/* cloud-semantics 1: Hcrvpc */
		if (rule_unusable(*ret_cidr, prefix_overlaps) ||
		    prefix_overlaps(CLOUD_SERVICES, *ret_cidr)) {
			error_refuse(err, "OperationDenied.CidrInExcludeCidrs", "cidr",
				     "%s is in a range that no VPC may use", text);
			error_hint(err, "use 192.168.0.0/16, 172.16.0.0/12, 10.0.0.0/8 or a part "
					"of one of them");
			return -EINVAL;
		}
	} else if (!in_private_range(*ret_cidr)) {
		r = error_refuse(err, "InvalidParameter", "cidr",
				 "%s is not in a range that a VPC may use", text);
		error_hint(
			err,
			"use 192.168.0.0/16, 172.16.0.0/12, 10.0.0.0/8 or a part of one of them");
		return r;
	}
	/* cloud-semantics 1: V:CreateVpc; its only code for the CIDR is InvalidParameter. */
	if (ret_cidr->length < m->profile->vpc_length_min ||
	    ret_cidr->length > m->profile->vpc_length_max) {
		r = error_refuse(
			err, "InvalidParameter", "cidr", "the mask of a VPC is /%u to /%u, not /%u",
			m->profile->vpc_length_min, m->profile->vpc_length_max, ret_cidr->length);
		error_hint(err, "cidr 192.168.0.0/16");
		return r;
	}
	return 0;
}

void vpc_make(struct model *m, const char *name, struct prefix cidr)
{
	struct vpc *vpc = xnew(struct vpc);

	vpc->cidr = cidr;
	model_add(m, &vpc->resource, NOUN_VPC, name);
	vpc->system_table = route_table_make_system(m, vpc);
	vpc->default_group = security_group_make_default(m, vpc);
}

void vpc_remove(struct model *m, struct vpc *vpc)
{
	model_remove(m, &vpc->default_group->resource);
	model_remove(m, &vpc->system_table->resource);
	model_remove(m, &vpc->resource);
}

int vpc_create(struct model *m, const char *name, const char *cidr, struct error *err)
{
	struct prefix prefix;
	int r;

	r = model_check_new_name(m, NOUN_VPC, name, err);
	if (r < 0)
		return r;
	r = check_cidr(m, cidr, &prefix, err);
	if (r < 0)
		return r;
	/* cloud-semantics 1: Hq */
	if (model_count(m, NOUN_VPC) >= m->profile->vpcs) {
		error_refuse(err, "QuotaExceeded.Vpc", NULL, "a region holds %u VPCs at most",
			     m->profile->vpcs);
		error_hint(err, "vpc show, then vpc delete one that is empty");
		return -EINVAL;
	}

	vpc_make(m, name, prefix);
	return 0;
}

static int refuse_used(struct error *err, const char *code, const struct vpc *vpc,
		       const struct resource *user)
{
	int r = error_refuse(err, code, NULL, "%s still holds the %s %s", vpc->resource.name,
			     noun_title(user->noun), user->name);

	error_hint(err, "%s delete %s", noun_word(user->noun), user->name);
	return r;
}

static bool in_vpc(const struct resource *resource, const struct vpc *vpc)
{
	switch (resource->noun) {
	case NOUN_VSWITCH:
		return ((const struct vswitch *)resource)->vpc == vpc;
	case NOUN_ROUTE:
		return ((const struct route *)resource)->table->vpc == vpc;
	case NOUN_SECURITY_GROUP:
		return ((const struct security_group *)resource)->vpc == vpc &&
		       !((const struct security_group *)resource)->is_default;
	case NOUN_NAT_GATEWAY:
		return ((const struct nat_gateway *)resource)->vpc == vpc;
	case NOUN_ACL:
		return ((const struct acl *)resource)->vpc == vpc;
	case NOUN_ROUTE_TABLE:
		return ((const struct route_table *)resource)->vpc == vpc &&
		       !((const struct route_table *)resource)->system;
	case NOUN_VPC:
	case NOUN_INTERNET_GATEWAY:
	case NOUN_ECS:
	case NOUN_ENI:
	case NOUN_EIP:
	case NOUN_SNAT:
	case NOUN_DNAT:
	case NOUN_INTERNET_HOST:
	case NOUN_SERVICE:
	case NOUN_COUNT:
		break;
	}
	return false;
}

int vpc_delete(struct model *m, const char *name, struct error *err)
{
	/*
	 * cloud-semantics 12, VPC delete: in the order of its codes. Instances cannot be there
	 * without a vSwitch. For custom route tables and network ACLs no code is listed; those of
	 * vSwitch delete are the likeliest.
	 */
	static const struct {
		enum noun noun;
		const char *code;
	} order[] = {
		{ NOUN_VSWITCH, "DependencyViolation.VSwitch" },
		{ NOUN_ROUTE, "DependencyViolation.RouteEntry" },
		{ NOUN_SECURITY_GROUP, "DependencyViolation.SecurityGroup" },
		{ NOUN_NAT_GATEWAY, "DependencyViolation.NatGateway" },
		{ NOUN_ROUTE_TABLE, "DependencyViolation.RouteTable" },
		{ NOUN_ACL, "DependencyViolation.NetworkAcl" },
	};
	struct vpc *vpc;
	int r;

	r = rule_find(m, NOUN_VPC, name, NULL, &vpc, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		for (size_t k = 0; k < model_count(m, order[i].noun); k++) {
			const struct resource *user = model_get(m, order[i].noun, k);

			if (in_vpc(user, vpc))
				return refuse_used(err, order[i].code, vpc, user);
		}
	vpc_remove(m, vpc);
	return 0;
}
