/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

#define DEFAULT_ZONE "zone-a" /* where no zone is said, all share one */

/* What the clouds call the same refusals. */
static const struct cloud {
	const char *malformed, *mask, *outside, *overlap, *zone;
	uint8_t longest_mask;
	const char *too_many;
	const char *gateway; /* a NAT gateway is in it */
} clouds[PROVIDER_COUNT] = {
	/* cloud-semantics 1: SDKV:CreateVSwitch; 12: vSwitch delete */
	[PROVIDER_ALIBABA] = {
		.malformed = "InvalidCidrBlock.Malformed",
		.mask = "InvalidCirdrBlock.MaskLength",
		.outside = "InvalidParameter",
		.overlap = "InvalidCidrBlock.Overlapped",
		.zone = "InvalidZoneId.NotFound",
		.longest_mask = 29,
		.too_many = "QuotaExceeded.VSwitch",
		.gateway = "DependencyViolation.EnhancedNatgw",
	},
	/* cloud-semantics 10: A:configure-subnets.md */
	[PROVIDER_AWS] = {
		.malformed = "InvalidParameterValue",
		.mask = "InvalidSubnet.Range",
		.outside = "InvalidSubnet.Range",
		.overlap = "InvalidSubnet.Conflict",
		.zone = "InvalidParameterValue",
		.longest_mask = 28,
		.too_many = "SubnetLimitExceeded",
		.gateway = "DependencyViolation",
	},
};

/* Alibaba: a custom route into a vSwitch cannot be there before it. */
static int check_routes(const struct model *m, const struct vpc *vpc, struct prefix cidr,
			struct error *err)
{
	char text[PREFIX_TEXT_SIZE], to[PREFIX_TEXT_SIZE];
	int r;

	for (size_t i = 0; m->provider == PROVIDER_ALIBABA && i < model_count(m, NOUN_ROUTE); i++) {
		const struct route *route = model_get(m, NOUN_ROUTE, i);

		if (route->table->vpc != vpc || !prefix_covers(cidr, route->to))
			continue;
		r = error_refuse(err, clouds[m->provider].overlap, "cidr",
				 "%s holds the destination of %s (%s)", prefix_format(cidr, text),
				 route->resource.name, prefix_format(route->to, to));
		error_hint(err, "route delete %s", route->resource.name);
		return r;
	}
	return 0;
}

/* The first block of that length which is free in the VPC. */
static void hint_free_block(const struct model *m, const struct vpc *vpc, unsigned length,
			    struct error *err)
{
	struct prefix block = { vpc->cidr.address, (uint8_t)length };
	char text[PREFIX_TEXT_SIZE];
	size_t i = 0;

	error_hint(err, "choose a block of %s that is free; %s show lists those that are taken",
		   vpc->resource.name, model_noun_word(m, NOUN_VSWITCH));
	while (i < model_count(m, NOUN_VSWITCH)) {
		const struct vswitch *other = model_get(m, NOUN_VSWITCH, i++);
		uint32_t taken = prefix_last(
			prefix_last(other->cidr) > prefix_last(block) ? other->cidr : block);

		if (other->vpc != vpc || !prefix_overlaps(other->cidr, block))
			continue;
		if (taken >= prefix_last(vpc->cidr))
			return;
		block.address = taken + 1;
		i = 0;
	}
	if (prefix_covers(vpc->cidr, block) && check_routes(m, vpc, block, NULL) == 0)
		error_hint(err, "cidr %s", prefix_format(block, text));
}

static int check_cidr(const struct model *m, const struct vpc *vpc, const char *text,
		      struct prefix *ret_cidr, struct error *err)
{
	const struct cloud *cloud = &clouds[m->provider];
	char cidr[PREFIX_TEXT_SIZE];
	int r = rule_prefix(text, false, cloud->malformed, "cidr", ret_cidr, err);

	if (r < 0)
		return r;
	if (ret_cidr->length < 16 || ret_cidr->length > cloud->longest_mask) {
		error_refuse(err, cloud->mask, "cidr", "the mask of %s is /16 to /%u, not /%u",
			     model_noun_a(m, NOUN_VSWITCH), cloud->longest_mask, ret_cidr->length);
		hint_free_block(m, vpc, ret_cidr->length < 16 ? 16 : cloud->longest_mask, err);
		return -EINVAL;
	}
	if (!prefix_covers(vpc->cidr, *ret_cidr)) {
		error_refuse(err, cloud->outside, "cidr", "%s is not inside %s (%s)", text,
			     vpc->resource.name, prefix_format(vpc->cidr, cidr));
		hint_free_block(m, vpc, ret_cidr->length, err);
		return -EINVAL;
	}
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++) {
		const struct vswitch *other = model_get(m, NOUN_VSWITCH, i);

		if (other->vpc == vpc && prefix_overlaps(other->cidr, *ret_cidr)) {
			error_refuse(err, cloud->overlap, "cidr", "%s overlaps %s (%s)", text,
				     other->resource.name, prefix_format(other->cidr, cidr));
			hint_free_block(m, vpc, ret_cidr->length, err);
			return -EINVAL;
		}
	}
	return check_routes(m, vpc, *ret_cidr, err);
}

/* The addresses that the cloud keeps. */
static void reserve(const struct model *m, struct vswitch *vswitch)
{
	const uint32_t first = vswitch->cidr.address, last = prefix_last(vswitch->cidr);

	if (m->provider == PROVIDER_AWS) {
		/* cloud-semantics 10: the first four (network, router, DNS, future use) and the
		 * last one */
		vswitch->gateway = first + 1;
		vswitch->first_usable = first + 4;
		vswitch->last_usable = last - 1;
	} else {
		/* cloud-semantics 1: the first and the last three; the router is the third-last. */
		vswitch->gateway = last - 2;
		vswitch->first_usable = first + 1;
		vswitch->last_usable = last - 3;
	}
}

int vswitch_create(struct model *m, const char *name, const char *vpc_name, const char *cidr,
		   const char *zone, struct error *err)
{
	const struct cloud *cloud = &clouds[m->provider];
	struct vswitch *vswitch;
	struct prefix prefix;
	unsigned count = 0;
	struct vpc *vpc;
	int r;

	r = model_check_new_name(m, NOUN_VSWITCH, name, err);
	if (r == 0)
		r = rule_find(m, NOUN_VPC, vpc_name, "vpc", &vpc, err);
	if (r == 0)
		r = check_cidr(m, vpc, cidr, &prefix, err);
	if (r == 0)
		r = rule_zone(zone, cloud->zone, err);
	if (r < 0)
		return r;
	/* cloud-semantics 1: V:使用限制 */
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++)
		count += ((const struct vswitch *)model_get(m, NOUN_VSWITCH, i))->vpc == vpc;
	if (count >= m->profile->vswitches_per_vpc) {
		error_refuse(err, cloud->too_many, "vpc", "%s has its %u %s already", vpc_name,
			     count, m->provider == PROVIDER_AWS ? "subnets" : "vSwitches");
		error_hint(err, "%s show, then delete one that is empty",
			   model_noun_word(m, NOUN_VSWITCH));
		return -EINVAL;
	}

	vswitch = xnew(struct vswitch);
	vswitch->vpc = vpc;
	vswitch->cidr = prefix;
	reserve(m, vswitch);
	vswitch->zone = xstrdup(zone ? zone : DEFAULT_ZONE);
	vswitch->table = vpc->system_table;
	model_add(m, &vswitch->resource, NOUN_VSWITCH, name);
	return 0;
}

/* What keeps a vSwitch from being deleted, apart from interfaces; NULL: nothing. */
static const struct resource *user_of(const struct model *m, const struct vswitch *vswitch,
				      const char **ret_code)
{
	for (size_t i = 0; i < model_count(m, NOUN_SNAT); i++) {
		struct snat *snat = model_get(m, NOUN_SNAT, i);

		*ret_code = "DependencyViolation.SnatEntry";
		if (snat->source == &vswitch->resource)
			return &snat->resource;
	}
	for (size_t i = 0; i < model_count(m, NOUN_NAT_GATEWAY); i++) {
		struct nat_gateway *nat = model_get(m, NOUN_NAT_GATEWAY, i);

		*ret_code = clouds[m->provider].gateway;
		if (nat->vswitch == vswitch)
			return &nat->resource;
	}
	return NULL;
}

int vswitch_delete(struct model *m, const char *name, struct error *err)
{
	const struct resource *user;
	const struct eni *eni;
	struct vswitch *vswitch;
	const char *code = NULL;
	size_t cursor = 0;
	enum noun noun;
	int r;

	r = rule_find(m, NOUN_VSWITCH, name, NULL, &vswitch, err);
	if (r < 0)
		return r;
	/* cloud-semantics 1 and 12, vSwitch delete: in this order. DeleteSubnet: a NAT gateway has
	 * an interface, too. */
	while ((eni = model_next_eni(m, &cursor))) {
		if (eni->vswitch != vswitch)
			continue;
		noun = eni->primary ? NOUN_ECS
				    : NOUN_ENI; /* a primary ENI is its ECS to the user */
		r = error_refuse(err, "DependencyViolation", NULL, "the %s %s is still in %s",
				 model_noun_title(m, noun), eni->resource.name, name);
		if (eni->primary || !eni->ecs)
			error_hint(err, "%s delete %s", model_noun_word(m, noun),
				   eni->resource.name);
		else
			error_hint(err, "eni detach %s, then: eni delete %s", eni->resource.name,
				   eni->resource.name);
		return r;
	}
	user = user_of(m, vswitch, &code);
	if (user) {
		r = error_refuse(err, code, NULL, "the %s %s still uses %s",
				 model_noun_title(m, user->noun), user->name, name);
		error_hint(err, "%s delete %s", model_noun_word(m, user->noun), user->name);
		return r;
	}
	/* AWS: its association with a table just ends. */
	if (!vswitch->table->system && m->provider == PROVIDER_ALIBABA) {
		r = error_refuse(err, "DependencyViolation.RouteTable", NULL,
				 "%s is still associated with the route table %s", name,
				 vswitch->table->resource.name);
		error_hint(err, "route-table disassociate %s vswitch %s",
			   vswitch->table->resource.name, name);
		return r;
	}
	if (vswitch->acl) {
		r = error_refuse(err, "DependencyViolation.NetworkAcl", NULL,
				 "%s is still associated with the network ACL %s", name,
				 vswitch->acl->resource.name);
		error_hint(err, "acl disassociate %s vswitch %s", vswitch->acl->resource.name,
			   name);
		return r;
	}
	model_remove(m, &vswitch->resource);
	return 0;
}
