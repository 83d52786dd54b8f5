/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/aws_rules.h"

/* CreateVpc answers InvalidVpc.Range, which the list writes as InvalidVpcRange. */
static int check_vpc_cidr(const struct model *m, const char *text, struct prefix *ret_cidr,
			  struct error *err)
{
	int r = rule_prefix(text, false, "InvalidParameterValue", "cidr", ret_cidr, err);

	if (r < 0)
		return r;
	if (ret_cidr->length < m->profile->vpc_length_min ||
	    ret_cidr->length > m->profile->vpc_length_max) {
		r = error_refuse(
			err, "InvalidVpc.Range", "cidr", "the mask of a VPC is /%u to /%u, not /%u",
			m->profile->vpc_length_min, m->profile->vpc_length_max, ret_cidr->length);
		error_hint(err, "cidr 10.0.0.0/16");
		return r;
	}
	/* EC2 takes public addresses for a VPC, too. */
	if (rule_unusable(*ret_cidr, prefix_overlaps)) {
		r = error_refuse(err, "InvalidVpc.Range", "cidr",
				 "%s is not in a range that a VPC may use", text);
		error_hint(err, "use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16");
		return r;
	}
	return 0;
}

int aws_vpc_create(struct model *m, const char *name, const char *cidr, struct error *err)
{
	struct prefix prefix;
	int r;

	r = model_check_new_name(m, NOUN_VPC, name, err);
	if (r == 0)
		r = check_vpc_cidr(m, cidr, &prefix, err);
	if (r < 0)
		return r;
	/* cloud-semantics 10: A:amazon-vpc-limits.md */
	if (model_count(m, NOUN_VPC) >= m->profile->vpcs) {
		error_refuse(err, "VpcLimitExceeded", NULL, "a region holds %u VPCs at most",
			     m->profile->vpcs);
		error_hint(err, "vpc show, then vpc delete one that is empty");
		return -EINVAL;
	}

	vpc_make(m, name, prefix);
	return 0;
}

/* Does it have to go before the VPC? */
static bool is_in(const struct resource *resource, const struct vpc *vpc)
{
	if (resource->noun == NOUN_VSWITCH)
		return ((const struct vswitch *)resource)->vpc == vpc;
	if (resource->noun == NOUN_SECURITY_GROUP)
		return ((const struct security_group *)resource)->vpc == vpc &&
		       !((const struct security_group *)resource)->is_default;
	return ((const struct route_table *)resource)->vpc == vpc &&
	       !((const struct route_table *)resource)->system;
}

/* It still has that user; the hint is the verb for it. */
static int refuse_used(const struct model *m, const struct vpc *vpc, const struct resource *user,
		       const char *verb, struct error *err)
{
	int r = error_refuse(err, "DependencyViolation", NULL, "%s still has the %s %s",
			     vpc->resource.name, model_noun_title(m, user->noun), user->name);

	error_hint(err, "%s %s %s", model_noun_word(m, user->noun), verb, user->name);
	return r;
}

int aws_vpc_delete(struct model *m, const char *name, struct error *err)
{
	/* DeleteVpc: the main table with its routes and the default group go along. A NAT gateway
	 * is in a subnet. */
	static const enum noun nouns[] = { NOUN_VSWITCH, NOUN_SECURITY_GROUP, NOUN_ROUTE_TABLE };
	struct vpc *vpc;
	int r;

	r = rule_find(m, NOUN_VPC, name, NULL, &vpc, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(nouns); i++) {
		for (size_t k = 0; k < model_count(m, nouns[i]); k++) {
			const struct resource *user = model_get(m, nouns[i], k);

			if (is_in(user, vpc))
				return refuse_used(m, vpc, user, "delete", err);
		}
	}
	if (vpc->internet_gateway)
		return refuse_used(m, vpc, &vpc->internet_gateway->resource, "detach", err);
	aws_remove_routes(m, vpc->system_table);
	vpc_remove(m, vpc);
	return 0;
}
