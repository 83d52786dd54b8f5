/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/model/system_route.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

#define ORDER_MAX 7

/* What a VPC is refused with, and what has to go before it, in that order. */
static const struct vpc_codes {
	const char *range, *excluded, *mask, *too_many;
	bool services_excluded;
	const char *example;
	struct {
		enum noun noun;
		const char *code, *verb;
	} order[ORDER_MAX]; /* code NULL ends */
} codes_of[PROVIDER_COUNT] = {
	/*
	 * InvalidParameter is the only code for the CIDR. VPC delete asks in the order of its
	 * codes. There can be no instance without a vSwitch. For custom route tables and network
	 * ACLs no code is listed; those of vSwitch delete are the likeliest.
	 * cloud-semantics: vpc-1, vpc-13, op-1, op-2
	 */
	[PROVIDER_ALIBABA] = {
		.range = "InvalidParameter",
		.excluded = "OperationDenied.CidrInExcludeCidrs",
		.mask = "InvalidParameter",
		.too_many = "QuotaExceeded.Vpc", /* cloud-semantics: vpc-14 */
		.services_excluded = true,
		.example = "192.168.0.0/16",
		.order = { { NOUN_VSWITCH, "DependencyViolation.VSwitch", "delete" },
			   { NOUN_ROUTE, "DependencyViolation.RouteEntry", "delete" },
			   { NOUN_SECURITY_GROUP, "DependencyViolation.SecurityGroup", "delete" },
			   { NOUN_NAT_GATEWAY, "DependencyViolation.NatGateway", "delete" },
			   { NOUN_ROUTE_TABLE, "DependencyViolation.RouteTable", "delete" },
			   { NOUN_ACL, "DependencyViolation.NetworkAcl", "delete" } },
	},
	/*
	 * CreateVpc answers InvalidVpc.Range, which the list writes as InvalidVpcRange. EC2 takes
	 * public addresses for a VPC, too. DeleteVpc: the main table with its routes, the default
	 * group and the default ACL go along. A NAT gateway is in a subnet.
	 */
	[PROVIDER_AWS] = {
		.excluded = "InvalidVpc.Range",
		.mask = "InvalidVpc.Range",
		.too_many = "VpcLimitExceeded", /* cloud-semantics: aws-11 */
		.example = "10.0.0.0/16",
		.order = { { NOUN_VSWITCH, "DependencyViolation", "delete" },
			   { NOUN_SECURITY_GROUP, "DependencyViolation", "delete" },
			   { NOUN_ROUTE_TABLE, "DependencyViolation", "delete" },
			   { NOUN_ACL, "DependencyViolation", "delete" },
			   { NOUN_INTERNET_GATEWAY, "DependencyViolation", "detach" } },
	},
};

/* One of the three private ranges or a part of one; later any but a few.
 * cloud-semantics: vpc-1, vpc-2 */
static bool is_allowed(const struct model *m, struct prefix cidr)
{
	static const struct prefix private_ranges[] = {
		{ 0x0a000000, 8 },  /* 10.0.0.0/8 */
		{ 0xac100000, 12 }, /* 172.16.0.0/12 */
		{ 0xc0a80000, 16 }, /* 192.168.0.0/16 */
	};

	if (m->profile->any_private_range)
		return !is_unusable(cidr, prefix_overlaps) &&
		       !(codes_of[m->provider].services_excluded &&
			 prefix_overlaps(CLOUD_SERVICES, cidr));
	for (size_t i = 0; i < ARRAY_SIZE(private_ranges); i++)
		if (prefix_covers(private_ranges[i], cidr))
			return true;
	return false;
}

static int vpc_create(struct model *m, void *request, struct error *err)
{
	const struct vpc_codes *codes = &codes_of[m->provider];
	struct vpc *vpc = request;
	const uint8_t length = vpc->cidr.length;
	char text[PREFIX_TEXT_SIZE];

	if (!is_allowed(m, vpc->cidr)) {
		error_refuse(err, m->profile->any_private_range ? codes->excluded : codes->range,
			     "cidr", "%s is not in a range that a VPC may use",
			     prefix_format(vpc->cidr, text));
		return error_hint(err,
				  "use 192.168.0.0/16, 172.16.0.0/12, 10.0.0.0/8 or a part of one "
				  "of them");
	}
	if (length < m->profile->vpc_length_min || length > m->profile->vpc_length_max) {
		error_refuse(err, codes->mask, "cidr", "the mask of a VPC is /%u to /%u, not /%u",
			     m->profile->vpc_length_min, m->profile->vpc_length_max, length);
		return error_hint(err, "cidr %s", codes->example);
	}
	if (model_count(m, NOUN_VPC) >= m->profile->vpcs) {
		error_refuse(err, codes->too_many, NULL, "a region holds %u VPCs at most",
			     m->profile->vpcs);
		return error_hint(err, "vpc show, then vpc delete one that is empty");
	}
	vpc = model_make(m, NOUN_VPC, vpc);
	vpc->system_table = route_table_make_system(m, vpc);
	vpc->default_group = security_group_make_default(m, vpc);
	vpc->default_acl = acl_make_default(m, vpc);
	return 0;
}

bool vpc_brought(const struct resource *resource)
{
	const struct vpc *vpc = resource_vpc(resource);
	const void *brought[] = { vpc->system_table, vpc->default_group, vpc->default_acl };

	for (size_t i = 0; i < ARRAY_SIZE(brought); i++)
		if (brought[i] == resource)
			return true;
	return false;
}

static int vpc_delete(struct model *m, void *request, struct error *err)
{
	const struct vpc_codes *codes = &codes_of[m->provider];
	struct vpc *vpc = ((struct subject *)request)->resource;

	for (size_t i = 0; codes->order[i].code; i++) {
		enum noun noun = codes->order[i].noun;

		model_each(m, noun, const struct resource, user) {
			if (resource_vpc(user) != vpc || vpc_brought(user))
				continue;
			error_refuse(err, codes->order[i].code, NULL, "%s still holds the %s %s",
				     vpc->resource.name, model_noun_title(m, noun), user->name);
			return error_hint(err, "%s %s %s", model_noun_word(m, noun),
					  codes->order[i].verb, user->name);
		}
	}
	if (vpc->default_acl)
		model_remove(m, &vpc->default_acl->resource);
	model_remove(m, &vpc->default_group->resource);
	model_remove_users(m, NOUN_ROUTE, vpc->system_table);
	model_remove(m, &vpc->system_table->resource);
	model_remove(m, &vpc->resource);
	return 0;
}

#define KEY_CIDR(help_)                                                                            \
	{                                                                                          \
		.name = "cidr", .kind = ARGUMENT_CIDR,                                             \
		.flags = PARAMETER_KEY | PARAMETER_REQUIRED, IN(struct vpc, cidr), .help = (help_) \
	}

const struct command vpc_rows[] = {
	{
		.words = "vpc create",
		.parameter = { NEW_NAME, KEY_CIDR("its private addresses, like 192.168.0.0/16") },
		.summary = "make a VPC with its system route table",
		.example = "vpc create VPC1 cidr 192.168.0.0/16",
		.providers = FOR_ALIBABA,
		CHANGES(struct vpc, vpc_create),
	},
	{
		.words = "vpc create",
		.parameter = { NEW_NAME, KEY_CIDR("its private addresses, like 10.0.0.0/16") },
		.summary = "make a VPC with its main route table",
		.example = "vpc create VPC1 cidr 10.0.0.0/16",
		.providers = FOR_AWS,
		CHANGES(struct vpc, vpc_create),
	},
	{ DELETE("vpc", NOUN_VPC, vpc_delete, "remove an empty VPC", "VPC1") },
	{ SHOW("vpc", NOUN_VPC, "list VPCs") },
	{ .words = NULL },
};
