/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/model/private_zone.h"
#include "lab/model/system_route.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

#define ORDER_MAX 12

/* What a VPC is refused with, and what has to go before it, in that order. */
static const struct vpc_codes {
	const char *range, *excluded, *mask, *too_many;
	/* Of secondary CIDRs. */
	const char *overlap, *too_many_cidrs, *no_cidr, *primary, *cidr_in_use;
	uint8_t secondary_shortest;
	bool services_excluded;
	const char *example;
	struct {
		enum noun noun;
		const char *code, *verb;
	} order[ORDER_MAX]; /* code NULL ends, where it is shorter */
} codes_of[PROVIDER_COUNT] = {
	/*
	 * InvalidParameter is the only code for the CIDR. VPC delete asks in the order of its
	 * codes. There can be no instance without a vSwitch. For custom route tables, network
	 * ACLs, IPv4 gateways and peering connections no code is listed; those of vSwitch delete are the
	 * likeliest.
	 * cloud-semantics: vpc-1, vpc-13, op-1, op-2
	 */
	[PROVIDER_ALIBABA] = {
		.range = "InvalidParameter",
		.excluded = "OperationDenied.CidrInExcludeCidrs",
		.mask = "InvalidParameter",
		.too_many = "QuotaExceeded.Vpc", /* cloud-semantics: vpc-14 */
		/* But for a CIDR in use no code is listed; the likeliest. A mask below /16 is what
		 * Alibaba's own examples have. cloud-semantics: addr-5, addr-6 */
		.overlap = "InvalidCidrBlock.Overlapped",
		.too_many_cidrs = "QuotaExceeded",
		.no_cidr = "InvalidParameter",
		.primary = "OperationDenied",
		.cidr_in_use = "OperationFailed.CidrInUse",
		.secondary_shortest = 8,
		.services_excluded = true,
		.example = "192.168.0.0/16",
		.order = { { NOUN_VSWITCH, "DependencyViolation.VSwitch", "delete" },
			   { NOUN_ROUTE, "DependencyViolation.RouteEntry", "delete" },
			   { NOUN_SECURITY_GROUP, "DependencyViolation.SecurityGroup", "delete" },
			   { NOUN_NAT_GATEWAY, "DependencyViolation.NatGateway", "delete" },
			   { NOUN_ROUTE_TABLE, "DependencyViolation.RouteTable", "delete" },
			   { NOUN_ACL, "DependencyViolation.NetworkAcl", "delete" },
			   { NOUN_INTERNET_GATEWAY, "DependencyViolation.Ipv4Gateway", "delete" },
			   { NOUN_VPC_PEERING, "DependencyViolation.VpcPeer", "delete" } },
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
		/* cloud-semantics: addr-17; the likeliest code for an overlap */
		.overlap = "InvalidVpc.Range",
		.too_many_cidrs = "CidrLimitExceeded",
		.no_cidr = "InvalidVpcCidrBlockAssociationID.NotFound",
		.primary = "OperationNotPermitted",
		.cidr_in_use = "DependencyViolation",
		.secondary_shortest = 16,
		.example = "10.0.0.0/16",
		.order = { { NOUN_VSWITCH, "DependencyViolation", "delete" },
			   { NOUN_SECURITY_GROUP, "DependencyViolation", "delete" },
			   { NOUN_ROUTE_TABLE, "DependencyViolation", "delete" },
			   { NOUN_ACL, "DependencyViolation", "delete" },
			   { NOUN_INTERNET_GATEWAY, "DependencyViolation", "detach" },
			   { NOUN_VPC_ENDPOINT, "DependencyViolation", "delete" },
			   { NOUN_PRIVATE_ZONE, "DependencyViolation", "delete" },
			   { NOUN_TARGET_GROUP, "DependencyViolation", "delete" },
			   { NOUN_VPC_PEERING, "DependencyViolation", "delete" } },
	},
};

/* One of the three private ranges or a part of one; later any but a few.
 * cloud-semantics: vpc-1, vpc-2 */
static bool is_allowed(const struct model *m, struct prefix cidr)
{
	if (m->profile->any_private_range)
		return !is_unusable(cidr, prefix_overlaps) &&
		       !(codes_of[m->provider].services_excluded &&
			 prefix_overlaps(CLOUD_SERVICES, cidr));
	for (size_t i = 0; i < private_ranges.n_item; i++)
		if (prefix_covers(private_ranges.item[i], cidr))
			return true;
	return false;
}

static int check_cidr(const struct model *m, struct prefix cidr, uint8_t shortest, uint8_t longest,
		      struct error *err)
{
	const struct vpc_codes *codes = &codes_of[m->provider];
	char text[PREFIX_TEXT_SIZE];

	if (!is_allowed(m, cidr)) {
		error_refuse(err, m->profile->any_private_range ? codes->excluded : codes->range,
			     "cidr", "%s is not in a range that a VPC may use",
			     prefix_format(cidr, text));
		return error_hint(err,
				  "use 192.168.0.0/16, 172.16.0.0/12, 10.0.0.0/8 or a part of one "
				  "of them");
	}
	if (cidr.length < shortest || cidr.length > longest) {
		error_refuse(err, codes->mask, "cidr", "the mask of a VPC is /%u to /%u, not /%u",
			     shortest, longest, cidr.length);
		return error_hint(err, "cidr %s", codes->example);
	}
	return 0;
}

/* The API lists one code for a wrong one, and not what is wrong; it is taken for the likeliest.
 * cloud-semantics: addr-3, op-1 */
static int check_user_cidrs(const struct prefixes *list, struct error *err)
{
	char text[PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < list->n_item; i++) {
		bool twice = false;

		for (size_t k = 0; k < i; k++)
			twice = twice || prefix_equal(list->item[k], list->item[i]);
		if (!twice && !is_unusable(list->item[i], prefix_overlaps))
			continue;
		error_refuse(err, "InvalidUserCidr.Malformed", "user-cidr",
			     twice ? "%s is given twice"
				   : "%s is no range of hosts' addresses: 0.0.0.0/8, 127.0.0.0/8, "
				     "169.254.0.0/16 and 224.0.0.0/3 have none",
			     prefix_format(list->item[i], text));
		return error_hint(err, twice ? "name it once" : "user-cidr 30.0.0.0/8, say");
	}
	return 0;
}

static int vpc_create(struct model *m, void *request, struct error *err)
{
	const struct vpc_codes *codes = &codes_of[m->provider];
	struct vpc *vpc = request;
	int r = check_cidr(m, vpc->cidr.item[0], m->profile->vpc_length_min,
			   m->profile->vpc_length_max, err);

	if (r < 0 || check_user_cidrs(&vpc->user_cidr, err) < 0)
		return -EINVAL;
	if (model_count(m, NOUN_VPC) >= m->profile->vpcs) {
		error_refuse(err, codes->too_many, NULL, "a region holds %u VPCs at most",
			     m->profile->vpcs);
		return error_hint(err, "vpc show, then vpc delete one that is empty");
	}
	vpc->cidr.n_item = 1;
	vpc->dns_support = true; /* cloud-semantics: dns-6 */
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

/* In it, or at one of its ends. */
static bool needs(const struct resource *user, const struct vpc *vpc)
{
	if (user->noun == NOUN_PRIVATE_ZONE)
		return zone_is_bound((const struct private_zone *)user, vpc);
	return user->noun == NOUN_VPC_PEERING
		       ? vpc_peering_other((const struct vpc_peering *)user, vpc) != NULL
		       : resource_vpc(user) == vpc && !vpc_brought(user);
}

static int vpc_delete(struct model *m, void *request, struct error *err)
{
	const struct vpc_codes *codes = &codes_of[m->provider];
	struct vpc *vpc = ((struct subject *)request)->resource;

	for (size_t i = 0; i < ORDER_MAX && codes->order[i].code; i++) {
		enum noun noun = codes->order[i].noun;

		model_each(m, noun, const struct resource, user) {
			if (!needs(user, vpc))
				continue;
			error_refuse(err, codes->order[i].code, NULL, "%s still holds the %s %s",
				     vpc->resource.name, model_noun_title(m, noun), user->name);
			return error_hint(err, "%s %s %s", model_noun_word(m, noun),
					  codes->order[i].verb, user->name);
		}
	}
	private_zones_leave(m, vpc);
	if (vpc->default_acl)
		model_remove(m, &vpc->default_acl->resource);
	model_remove(m, &vpc->default_group->resource);
	model_remove_users(m, NOUN_ROUTE, vpc->system_table);
	model_remove(m, &vpc->system_table->resource);
	model_remove(m, &vpc->resource);
	return 0;
}

struct vpc_change {
	struct vpc *vpc;
	struct vpc wanted;
};

static int vpc_set(struct model *m, void *request, struct error *err)
{
	const struct vpc_change *change = request;

	(void)err;
	change->vpc->dns_support = change->wanted.dns_support;
	change->vpc->dns_hostnames = change->wanted.dns_hostnames;
	model_touch(m);
	return 0;
}

/* ---- secondary CIDRs ---- */

#define SECONDARY_LONGEST 28

struct cidr_request {
	struct vpc *vpc;
	struct prefix cidr;
};

/* AWS: of the three private ranges a VPC has one, by its primary CIDR; 198.19.0.0/16 is the cloud's
 * own, and a VPC of 172.16.0.0/12 cannot have 172.31.0.0/16.
 * cloud-semantics: addr-18 */
static bool is_restricted(const struct vpc *vpc, struct prefix cidr)
{
	static const struct prefix services = { 0xc6130000, 16 }, /* 198.19.0.0/16 */
		usual = { 0xac1f0000, 16 };                       /* 172.31.0.0/16 */
	const struct prefix *own = NULL, *other = NULL;

	for (size_t i = 0; i < private_ranges.n_item; i++) {
		if (prefix_overlaps(private_ranges.item[i], vpc->cidr.item[0]))
			own = &private_ranges.item[i];
		if (prefix_overlaps(private_ranges.item[i], cidr))
			other = &private_ranges.item[i];
	}
	return prefix_overlaps(services, cidr) || (own && other && own != other) ||
	       (own == &private_ranges.item[1] && prefix_overlaps(usual, cidr));
}

static bool overlaps_any(const struct vpc *vpc, struct prefix cidr)
{
	for (size_t i = 0; i < vpc->cidr.n_item; i++)
		if (prefix_overlaps(vpc->cidr.item[i], cidr))
			return true;
	return false;
}

/* AWS: who has asked for a peering connection adds none while it waits, and beside an active one
 * only what the other VPC does not have. The first code is the likeliest.
 * cloud-semantics: peer-29 */
static int check_peerings(const struct model *m, const struct cidr_request *wanted,
			  struct error *err)
{
	const struct vpc *vpc = wanted->vpc;
	char text[PREFIX_TEXT_SIZE];

	model_each_user(m, NOUN_VPC_PEERING, vpc, const struct vpc_peering, peering) {
		const struct vpc *other = vpc_peering_other(peering, vpc);
		const char *name = peering->resource.name;

		if (peering->state == PEERING_PENDING && peering->vpc == vpc) {
			error_refuse(err, "InvalidStateTransition", NULL,
				     "%s, which %s asks for, is not accepted yet", name,
				     vpc->resource.name);
			return error_hint(err, "%s accept %s", model_noun_word(m, NOUN_VPC_PEERING),
					  name);
		}
		if (peering->state == PEERING_ACTIVE && overlaps_any(other, wanted->cidr)) {
			error_refuse(err, codes_of[m->provider].mask, "cidr",
				     "%s overlaps %s, to which %s leads",
				     prefix_format(wanted->cidr, text), other->resource.name, name);
			return error_hint(err, "choose a block that %s does not have",
					  other->resource.name);
		}
	}
	return 0;
}

static int check_secondary(const struct model *m, const struct cidr_request *wanted,
			   struct error *err)
{
	const struct vpc_codes *codes = &codes_of[m->provider];
	const struct vpc *vpc = wanted->vpc;
	char text[PREFIX_TEXT_SIZE], other[PREFIX_TEXT_SIZE];

	prefix_format(wanted->cidr, text);
	for (size_t i = 0; i < vpc->cidr.n_item; i++) {
		if (!prefix_overlaps(vpc->cidr.item[i], wanted->cidr))
			continue;
		error_refuse(err, codes->overlap, "cidr", "%s overlaps %s of %s", text,
			     prefix_format(vpc->cidr.item[i], other), vpc->resource.name);
		return error_hint(err, "choose a block that no CIDR of %s overlaps",
				  vpc->resource.name);
	}
	model_each_user(m, NOUN_NAT_GATEWAY, vpc, const struct nat_gateway, nat) {
		for (size_t i = 0; i < nat->nat_cidr.n_item; i++) {
			if (!prefix_overlaps(nat->nat_cidr.item[i], wanted->cidr))
				continue;
			error_refuse(err, codes->overlap, "cidr",
				     "%s overlaps the NAT CIDR %s of %s", text,
				     prefix_format(nat->nat_cidr.item[i], other),
				     nat->resource.name);
			return error_hint(err, "nat-gateway disassociate %s cidr %s",
					  nat->resource.name, other);
		}
	}
	if (m->provider == PROVIDER_AWS && is_restricted(vpc, wanted->cidr)) {
		error_refuse(err, codes->mask, "cidr", "%s is restricted beside %s", text,
			     prefix_format(vpc->cidr.item[0], other));
		return error_hint(err, "take one of the same private range, a part of "
				       "100.64.0.0/10, or a public one");
	}
	/* The local route that it brings would hide them. cloud-semantics: addr-17 */
	model_each(m, NOUN_ROUTE, const struct route, route) {
		const struct prefix *to = model_cloud(m)->one_local_route &&
							  route->table->vpc == vpc
						  ? route_to_within(route, wanted->cidr)
						  : NULL;

		if (!to)
			continue;
		error_refuse(err, codes->mask, "cidr", "%s holds the destination of %s (%s)", text,
			     route->resource.name, prefix_format(*to, other));
		return error_hint(err, "route delete %s", route->resource.name);
	}
	model_each_user(m, NOUN_VPC_ENDPOINT, wanted->vpc, const struct vpc_endpoint, endpoint)
		if (vpc_endpoint_check_cidr(m, endpoint, wanted->cidr, err) < 0)
			return -EINVAL;
	return m->provider == PROVIDER_AWS ? check_peerings(m, wanted, err) : 0;
}

/* cloud-semantics: vpc-3, addr-5, addr-6, addr-17, op-3 */
static int vpc_associate(struct model *m, void *request, struct error *err)
{
	const struct vpc_codes *codes = &codes_of[m->provider];
	struct cidr_request *wanted = request;
	struct prefixes *cidr = &wanted->vpc->cidr;
	int r = check_cidr(m, wanted->cidr, codes->secondary_shortest, SECONDARY_LONGEST, err);

	if (r == 0)
		r = check_secondary(m, wanted, err);
	if (r < 0)
		return r;
	if (cidr->n_item > m->profile->secondary_cidrs_per_vpc || cidr->n_item == PREFIXES_MAX) {
		error_refuse(err, codes->too_many_cidrs, "cidr", "%s has its %zu secondary CIDRs",
			     wanted->vpc->resource.name, cidr->n_item - 1);
		return error_hint(err, "vpc disassociate %s cidr CIDR", wanted->vpc->resource.name);
	}
	cidr->item[cidr->n_item++] = wanted->cidr;
	model_each_user(m, NOUN_VPC_PEERING, wanted->vpc, struct vpc_peering, peering)
		if (peering->state == PEERING_PENDING &&
		    vpcs_overlap(peering->vpc, peering->peer)) /* cloud-semantics: peer-29 */
			peering->state = PEERING_FAILED;
	model_touch(m);
	return 0;
}

static struct vpc_peering *failed_for_nothing(const struct model *m, const struct vpc *vpc)
{
	model_each_user(m, NOUN_VPC_PEERING, vpc, struct vpc_peering, peering)
		if (peering->state == PEERING_FAILED && !vpcs_overlap(peering->vpc, peering->peer))
			return peering;
	return NULL;
}

/* AWS: a failed connection never becomes another one, and is gone after two hours. A lab shows it
 * for as long as one sees why it has failed. cloud-semantics: peer-21 */
static void forget_failed(struct model *m, const struct vpc *vpc)
{
	for (struct vpc_peering *peering; (peering = failed_for_nothing(m, vpc));) {
		(void)route_leave(m, &peering->resource, NULL);
		model_remove(m, &peering->resource);
	}
}

static int vpc_disassociate(struct model *m, void *request, struct error *err)
{
	const struct vpc_codes *codes = &codes_of[m->provider];
	const struct cidr_request *wanted = request;
	const char *name = wanted->vpc->resource.name;
	struct prefixes *cidr = &wanted->vpc->cidr;
	char text[PREFIXES_TEXT_SIZE], own[PREFIX_TEXT_SIZE];
	size_t at = 0;

	while (at < cidr->n_item && !prefix_equal(cidr->item[at], wanted->cidr))
		at++;
	prefix_format(wanted->cidr, own);
	if (at == cidr->n_item) {
		error_refuse(err, codes->no_cidr, "cidr", "%s has no CIDR %s", name, own);
		return error_hint(err, "it has %s", prefixes_format(cidr, text));
	}
	if (at == 0) {
		error_refuse(err, codes->primary, "cidr", "%s is the primary CIDR of %s", own,
			     name);
		return error_hint(err, "only secondary ones can go");
	}
	model_each_user(m, NOUN_VSWITCH, wanted->vpc, const struct vswitch, vswitch) {
		if (!prefix_covers(wanted->cidr, vswitch->cidr))
			continue;
		error_refuse(err, codes->cidr_in_use, "cidr", "the %s %s is in %s",
			     model_noun_title(m, NOUN_VSWITCH), vswitch->resource.name, own);
		return error_hint(err, "%s delete %s", model_noun_word(m, NOUN_VSWITCH),
				  vswitch->resource.name);
	}
	for (cidr->n_item--; at < cidr->n_item; at++)
		cidr->item[at] = cidr->item[at + 1];
	forget_failed(m, wanted->vpc);
	model_touch(m);
	return 0;
}

#define KEY_CIDR(type_, cidr_, help_)                                                 \
	{                                                                             \
		.name = "cidr", .kind = ARGUMENT_CIDR,                                \
		.flags = PARAMETER_KEY | PARAMETER_REQUIRED, IN(struct type_, cidr_), \
		.help = (help_)                                                       \
	}

const struct command vpc_rows[] = {
	{
		.words = "vpc create",
		.parameter = { NEW_NAME,
			       KEY_CIDR(vpc, cidr.item[0],
					"its private addresses, like 192.168.0.0/16"),
			       /* cloud-semantics: vpc-3, addr-1, addr-3 */
			       { .name = "user-cidr",
				 .kind = ARGUMENT_CIDRS,
				 .flags = PARAMETER_KEY,
				 .max = 3,
				 .code = "InvalidUserCidr.Malformed",
				 .too_many = "InvalidUserCidr.Quota",
				 IN(struct vpc, user_cidr),
				 .help = "public ranges that are to be private in it" } },
		.summary = "make a VPC with its system route table",
		.example = "vpc create VPC1 cidr 192.168.0.0/16",
		.providers = FOR_ALIBABA,
		CHANGES(struct vpc, vpc_create),
	},
	{
		.words = "vpc create",
		.parameter = { NEW_NAME, KEY_CIDR(vpc, cidr.item[0],
						  "its private addresses, like 10.0.0.0/16") },
		.summary = "make a VPC with its main route table",
		.example = "vpc create VPC1 cidr 10.0.0.0/16",
		.providers = FOR_AWS,
		CHANGES(struct vpc, vpc_create),
	},
	{
		.words = "vpc set",
		.parameter = { COPY_OF(NOUN_VPC, struct vpc_change, wanted),
			       { KEY_SWITCH("dns-support", "off: its resolver does not answer"),
				 IN(struct vpc_change, wanted.dns_support) },
			       { KEY_SWITCH(
					 "dns-hostnames",
					 "on: instances with public addresses have public names"),
				 IN(struct vpc_change, wanted.dns_hostnames) } },
		.summary = "change what the DNS of a VPC answers",
		.example = "vpc set VPC1 dns-hostnames on",
		.providers = FOR_AWS,
		CHANGES(struct vpc_change, vpc_set),
	},
	{
		.words = "vpc associate",
		.parameter = { NAME_OF(NOUN_VPC),
			       KEY_CIDR(cidr_request, cidr,
					"addresses that it is to have besides") },
		.summary = "give a VPC a secondary CIDR",
		.example = "vpc associate VPC1 cidr 172.16.0.0/16",
		CHANGES(struct cidr_request, vpc_associate),
	},
	{
		.words = "vpc disassociate",
		.parameter = { NAME_OF(NOUN_VPC),
			       KEY_CIDR(cidr_request, cidr, "one of its secondary CIDRs") },
		.summary = "take a secondary CIDR from a VPC",
		.example = "vpc disassociate VPC1 cidr 172.16.0.0/16",
		CHANGES(struct cidr_request, vpc_disassociate),
	},
	{ DELETE("vpc", NOUN_VPC, vpc_delete, "remove an empty VPC", "VPC1") },
	{ SHOW("vpc", NOUN_VPC, "list VPCs", "cidr secondary_cidr user_cidr status",
	       "cidr secondary_cidr internet_gateway dns_support dns_hostnames status") },
	{ .words = NULL },
};
