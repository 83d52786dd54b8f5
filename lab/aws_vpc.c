/* vpc and subnet, of AWS. */
#include "core/memory.h"
#include "lab/aws_rules.h"
#include "lab/profile.h"

#define DEFAULT_ZONE "zone-a" /* where no zone is said, all share one */

/* Networks that no host of a VPC can have. EC2 takes public addresses for a VPC, too. */
static bool is_unusable(struct prefix cidr)
{
	static const struct prefix ranges[] = {
		{ 0x00000000, 8 }, { 0x7f000000, 8 }, { 0xa9fe0000, 16 }, { 0xe0000000, 4 }, { 0xf0000000, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (prefix_overlaps(ranges[i], cidr))
			return true;
	return false;
}

/* CreateVpc answers InvalidVpc.Range, which the list writes as InvalidVpcRange. */
static int check_vpc_cidr(const struct model *m, const char *text, struct prefix *ret_cidr, struct error *err)
{
	int r = rule_prefix(text, false, "InvalidParameterValue", "cidr", ret_cidr, err);

	if (r < 0)
		return r;
	if (ret_cidr->length < m->profile->vpc_length_min || ret_cidr->length > m->profile->vpc_length_max) {
		r = error_refuse(err, "InvalidVpc.Range", "cidr", "the mask of a VPC is /%u to /%u, not /%u",
				 m->profile->vpc_length_min, m->profile->vpc_length_max, ret_cidr->length);
		error_hint(err, "cidr 10.0.0.0/16");
		return r;
	}
	if (is_unusable(*ret_cidr)) {
		r = error_refuse(err, "InvalidVpc.Range", "cidr", "%s is not in a range that a VPC may use", text);
		error_hint(err, "use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16");
		return r;
	}
	return 0;
}

int aws_vpc_create(struct model *m, const char *name, const char *cidr, struct error *err)
{
	struct prefix prefix;
	struct vpc *vpc;
	int r;

	r = model_check_new_name(m, NOUN_VPC, name, err);
	if (r == 0)
		r = check_vpc_cidr(m, cidr, &prefix, err);
	if (r < 0)
		return r;
	/* cloud-semantics 10: A:amazon-vpc-limits.md */
	if (model_count(m, NOUN_VPC) >= m->profile->vpcs)
		return error_refuse(err, "VpcLimitExceeded", NULL, "a region holds %u VPCs at most", m->profile->vpcs);

	vpc = xnew(struct vpc);
	vpc->cidr = prefix;
	model_add(m, &vpc->resource, NOUN_VPC, name);
	vpc->system_table = route_table_make_system(m, vpc);
	vpc->default_group = security_group_make_default(m, vpc);
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
	return ((const struct route_table *)resource)->vpc == vpc && !((const struct route_table *)resource)->system;
}

/* It still has that user; the hint is the verb for it. */
static int refuse_used(const struct model *m, const struct resource *resource, const struct resource *user, const char *verb,
		       struct error *err)
{
	/* A primary ENI is its instance to the user. */
	enum noun noun = user->noun == NOUN_ENI && ((const struct eni *)user)->primary ? NOUN_ECS : user->noun;
	int r = error_refuse(err, "DependencyViolation", NULL, "%s still has the %s %s", resource->name,
			     model_noun_title(m, noun), user->name);

	error_hint(err, "%s %s %s", model_noun_word(m, noun), verb, user->name);
	return r;
}

int aws_vpc_delete(struct model *m, const char *name, struct error *err)
{
	/* DeleteVpc: the main table with its routes and the default group go along. A NAT gateway is in a subnet. */
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
				return refuse_used(m, &vpc->resource, user, "delete", err);
		}
	}
	if (vpc->internet_gateway)
		return refuse_used(m, &vpc->resource, &vpc->internet_gateway->resource, "detach", err);
	aws_remove_routes(m, vpc->system_table);
	model_remove(m, &vpc->default_group->resource);
	model_remove(m, &vpc->system_table->resource);
	model_remove(m, &vpc->resource);
	return 0;
}

/* cloud-semantics 10: A:configure-subnets.md; /16 to /28, inside the VPC, no overlap. */
static int check_subnet_cidr(const struct model *m, const struct vpc *vpc, const char *text, struct prefix *ret_cidr,
			     struct error *err)
{
	char cidr[PREFIX_TEXT_SIZE];
	int r = rule_prefix(text, false, "InvalidParameterValue", "cidr", ret_cidr, err);

	if (r < 0)
		return r;
	if (ret_cidr->length < 16 || ret_cidr->length > 28)
		return error_refuse(err, "InvalidSubnet.Range", "cidr", "the mask of a subnet is /16 to /28, not /%u",
				    ret_cidr->length);
	if (!prefix_covers(vpc->cidr, *ret_cidr))
		return error_refuse(err, "InvalidSubnet.Range", "cidr", "%s is not inside %s (%s)", text, vpc->resource.name,
				    prefix_format(vpc->cidr, cidr));
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++) {
		const struct vswitch *other = model_get(m, NOUN_VSWITCH, i);

		if (other->vpc == vpc && prefix_overlaps(other->cidr, *ret_cidr))
			return error_refuse(err, "InvalidSubnet.Conflict", "cidr", "%s overlaps %s (%s)", text,
					    other->resource.name, prefix_format(other->cidr, cidr));
	}
	return 0;
}

int aws_subnet_create(struct model *m, const char *name, const char *vpc_name, const char *cidr, const char *zone,
		      struct error *err)
{
	struct vswitch *subnet;
	struct prefix prefix;
	unsigned count = 0;
	struct vpc *vpc;
	int r;

	r = model_check_new_name(m, NOUN_VSWITCH, name, err);
	if (r == 0)
		r = rule_find(m, NOUN_VPC, vpc_name, "vpc", &vpc, err);
	if (r == 0)
		r = check_subnet_cidr(m, vpc, cidr, &prefix, err);
	if (r == 0)
		r = rule_zone(zone, "InvalidParameterValue", err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++)
		count += ((const struct vswitch *)model_get(m, NOUN_VSWITCH, i))->vpc == vpc;
	if (count >= m->profile->vswitches_per_vpc)
		return error_refuse(err, "SubnetLimitExceeded", "vpc", "%s has its %u subnets already", vpc_name, count);

	subnet = xnew(struct vswitch);
	subnet->vpc = vpc;
	subnet->cidr = prefix;
	subnet->zone = xstrdup(zone ? zone : DEFAULT_ZONE);
	subnet->table = vpc->system_table;
	/* cloud-semantics 10: the first four addresses (network, router, DNS, future use) and the last one are reserved. */
	subnet->gateway = prefix.address + 1;
	subnet->first_usable = prefix.address + 4;
	subnet->last_usable = prefix_last(prefix) - 1;
	model_add(m, &subnet->resource, NOUN_VSWITCH, name);
	return 0;
}

int aws_subnet_delete(struct model *m, const char *name, struct error *err)
{
	struct vswitch *subnet;
	const struct eni *eni;
	size_t cursor = 0;
	int r;

	r = rule_find(m, NOUN_VSWITCH, name, NULL, &subnet, err);
	if (r < 0)
		return r;
	/* DeleteSubnet: no network interface in it, which a NAT gateway has, too. Its association with a table just ends. */
	while ((eni = model_next_eni(m, &cursor)))
		if (eni->vswitch == subnet)
			return refuse_used(m, &subnet->resource, &eni->resource, "delete", err);
	for (size_t i = 0; i < model_count(m, NOUN_NAT_GATEWAY); i++) {
		const struct nat_gateway *nat = model_get(m, NOUN_NAT_GATEWAY, i);

		if (nat->vswitch == subnet)
			return refuse_used(m, &subnet->resource, &nat->resource, "delete", err);
	}
	model_remove(m, &subnet->resource);
	return 0;
}
