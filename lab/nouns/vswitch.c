/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

#define DEFAULT_ZONE "zone-a" /* where no zone is said, all share one */

/* What the clouds call the same refusals. */
static const struct vswitch_codes {
	const char *mask, *outside, *overlap, *zone;
	const char *too_many, *plural;
	const char *gateway; /* a NAT gateway is in it */
} codes_of[PROVIDER_COUNT] = {
	/* cloud-semantics: vpc-4, vpc-5, op-4, op-5 */
	[PROVIDER_ALIBABA] = {
		.mask = "InvalidCirdrBlock.MaskLength",
		.outside = "InvalidParameter",
		.overlap = "InvalidCidrBlock.Overlapped",
		.zone = "InvalidZoneId.NotFound",
		.too_many = "QuotaExceeded.VSwitch",
		.plural = "vSwitches",
		.gateway = "DependencyViolation.EnhancedNatgw",
	},
	/* cloud-semantics: aws-4 */
	[PROVIDER_AWS] = {
		.mask = "InvalidSubnet.Range",
		.outside = "InvalidSubnet.Range",
		.overlap = "InvalidSubnet.Conflict",
		.zone = "InvalidParameterValue",
		.too_many = "SubnetLimitExceeded",
		.plural = "subnets",
		.gateway = "DependencyViolation",
	},
};

/* Alibaba: a custom route into a vSwitch cannot be there before it. */
static int check_routes(const struct model *m, const struct vpc *vpc, struct prefix cidr,
			struct error *err)
{
	char text[PREFIX_TEXT_SIZE], to[PREFIX_TEXT_SIZE];

	model_each(m, NOUN_ROUTE, const struct route, route) {
		if (model_cloud(m)->routes_inside || route->table->vpc != vpc ||
		    !prefix_covers(cidr, route->to))
			continue;
		error_refuse(err, codes_of[m->provider].overlap, "cidr",
			     "%s holds the destination of %s (%s)", prefix_format(cidr, text),
			     route->resource.name, prefix_format(route->to, to));
		return error_hint(err, "route delete %s", route->resource.name);
	}
	return 0;
}

/* The first block of that length which is free in the VPC. */
static void hint_free_block(const struct model *m, const struct vpc *vpc, uint8_t length,
			    struct error *err)
{
	struct prefix block;
	char text[PREFIX_TEXT_SIZE];

	error_hint(err, "choose a block of %s that is free; %s show lists those that are taken",
		   vpc->resource.name, model_noun_word(m, NOUN_VSWITCH));
	if (vpc_free_block(m, vpc, length, false, &block) && check_routes(m, vpc, block, NULL) == 0)
		error_hint(err, "cidr %s", prefix_format(block, text));
}

static int check_cidr(const struct model *m, const struct vpc *vpc, struct prefix wanted,
		      struct error *err)
{
	const struct vswitch_codes *codes = &codes_of[m->provider];
	const uint8_t longest = model_cloud(m)->longest_mask;
	char text[PREFIX_TEXT_SIZE], cidr[PREFIXES_TEXT_SIZE];

	prefix_format(wanted, text);
	if (wanted.length < 16 || wanted.length > longest) {
		error_refuse(err, codes->mask, "cidr", "the mask of %s is /16 to /%u, not /%u",
			     model_noun_a(m, NOUN_VSWITCH), longest, wanted.length);
		hint_free_block(m, vpc, wanted.length < 16 ? 16 : longest, err);
		return -EINVAL;
	}
	if (!vpc_cidr_over(vpc, wanted)) {
		error_refuse(err, codes->outside, "cidr", "%s is not inside %s (%s)", text,
			     vpc->resource.name, prefixes_format(&vpc->cidr, cidr));
		hint_free_block(m, vpc, wanted.length, err);
		return -EINVAL;
	}
	model_each(m, NOUN_VSWITCH, const struct vswitch, other) {
		if (other->vpc == vpc && prefix_overlaps(other->cidr, wanted)) {
			error_refuse(err, codes->overlap, "cidr", "%s overlaps %s (%s)", text,
				     other->resource.name, prefix_format(other->cidr, cidr));
			hint_free_block(m, vpc, wanted.length, err);
			return -EINVAL;
		}
	}
	return check_routes(m, vpc, wanted, err);
}

static int vswitch_create(struct model *m, void *request, struct error *err)
{
	const struct vswitch_codes *codes = &codes_of[m->provider];
	const struct cloud *cloud = model_cloud(m);
	struct vswitch *vswitch = request;
	const struct vpc *vpc = vswitch->vpc;
	const uint32_t first = vswitch->cidr.address, last = prefix_last(vswitch->cidr);
	unsigned count = count_in_vpc(m, NOUN_VSWITCH, vpc);
	int r = check_cidr(m, vpc, vswitch->cidr, err);

	if (r < 0)
		return r;
	/* A zone is the user's own word; it only has to look like one. */
	if (vswitch->zone && !is_plain_word(vswitch->zone)) {
		error_refuse(err, codes->zone, "zone",
			     "%.64s is no zone: letters, digits, '.', '_' and '-' only",
			     vswitch->zone);
		return error_hint(err, "zone zone-a");
	}
	/* cloud-semantics: vpc-14 */
	if (count >= m->profile->vswitches_per_vpc) {
		error_refuse(err, codes->too_many, "vpc", "%s has its %u %s already",
			     vpc->resource.name, count, codes->plural);
		return error_hint(err, "%s show, then delete one that is empty",
				  model_noun_word(m, NOUN_VSWITCH));
	}
	vswitch = model_make(m, NOUN_VSWITCH, vswitch);
	vswitch->gateway = cloud->router_is_first ? first + 1 : last - 2;
	vswitch->first_usable = first + cloud->reserved_first;
	vswitch->last_usable = last - cloud->reserved_last;
	vswitch->zone = xstrdup(vswitch->zone ? vswitch->zone : DEFAULT_ZONE);
	vswitch->table = vpc->system_table;
	vswitch->acl = vpc->default_acl;
	return 0;
}

static int refuse_used(const struct model *m, const struct vswitch *vswitch,
		       const struct resource *user, const char *code, struct error *err)
{
	error_refuse(err, code, NULL, "the %s %s still uses %s", model_noun_title(m, user->noun),
		     user->name, vswitch->resource.name);
	return error_hint(err, "%s delete %s", model_noun_word(m, user->noun), user->name);
}

static int vswitch_delete(struct model *m, void *request, struct error *err)
{
	struct vswitch *vswitch = ((struct subject *)request)->resource;
	const char *name = vswitch->resource.name;
	const struct resource *user;
	const struct eni *eni;
	size_t cursor = 0;
	enum noun noun;
	int r;

	/* In this order. In EC2 a NAT gateway has an interface, too.
	 * cloud-semantics: vpc-13, op-5 */
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
	if ((user = model_user(m, NOUN_SNAT, vswitch, NULL)))
		return refuse_used(m, vswitch, user, "DependencyViolation.SnatEntry", err);
	if ((user = model_user(m, NOUN_NAT_GATEWAY, vswitch, NULL)))
		return refuse_used(m, vswitch, user, codes_of[m->provider].gateway, err);
	if ((user = model_user(m, NOUN_TRANSIT_ATTACHMENT, vswitch, NULL)) ||
	    (user = model_user(m, NOUN_LOAD_BALANCER, vswitch, NULL)))
		return refuse_used(m, vswitch, user, "DependencyViolation", err);
	/* AWS: such a route is for exactly a subnet. The code is the likeliest.
	 * cloud-semantics: addr-19 */
	model_each(m, NOUN_ROUTE, const struct route, route)
		if (model_cloud(m)->one_local_route && route->table->vpc == vswitch->vpc &&
		    !route->list && prefix_equal(route->to, vswitch->cidr))
			return refuse_used(m, vswitch, &route->resource, "DependencyViolation",
					   err);
	/* AWS: its association with a table just ends, and that with an ACL. */
	if (!vswitch->table->system && !model_cloud(m)->explicit_association) {
		error_refuse(err, "DependencyViolation.RouteTable", NULL,
			     "%s is still associated with the route table %s", name,
			     vswitch->table->resource.name);
		return error_hint(err, "route-table disassociate %s vswitch %s",
				  vswitch->table->resource.name, name);
	}
	if (vswitch->acl && !vswitch->vpc->default_acl) {
		error_refuse(err, "DependencyViolation.NetworkAcl", NULL,
			     "%s is still associated with the network ACL %s", name,
			     vswitch->acl->resource.name);
		return error_hint(err, "acl disassociate %s vswitch %s",
				  vswitch->acl->resource.name, name);
	}
	model_remove(m, &vswitch->resource);
	return 0;
}

#define KEYS(cidr_code_)                                                                \
	NEW_NAME,                                                                       \
		{ KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is part of"), \
		  IN(struct vswitch, vpc) },                                            \
		{ .name = "cidr",                                                       \
		  .kind = ARGUMENT_CIDR,                                                \
		  .flags = PARAMETER_KEY | PARAMETER_REQUIRED,                          \
		  .help = "its part of the VPC's addresses",                            \
		  .code = (cidr_code_),                                                 \
		  IN(struct vswitch, cidr) },                                           \
	{                                                                               \
		.name = "zone", .kind = ARGUMENT_WORD, .flags = PARAMETER_KEY,          \
		IN(struct vswitch, zone),                                               \
		.help = "availability zone, any word; zone-a if not given"              \
	}

const struct command vswitch_rows[] = {
	{
		.words = "vswitch create",
		.parameter = { KEYS("InvalidCidrBlock.Malformed") },
		.summary = "make a vSwitch in a VPC",
		.example = "vswitch create VSW1 vpc VPC1 cidr 192.168.1.0/24",
		.providers = FOR_ALIBABA,
		CHANGES(struct vswitch, vswitch_create),
	},
	{ DELETE("vswitch", NOUN_VSWITCH, vswitch_delete, "remove an empty vSwitch", "VSW1"),
	  .providers = FOR_ALIBABA },
	{ SHOW("vswitch", NOUN_VSWITCH, "list vSwitches",
	       "vpc cidr zone gateway route_table acl status"),
	  .providers = FOR_ALIBABA },
	{
		.words = "subnet create",
		.parameter = { KEYS(NULL) },
		.summary = "make a subnet in a VPC",
		.example = "subnet create S1 vpc VPC1 cidr 10.0.1.0/24",
		.providers = FOR_AWS,
		CHANGES(struct vswitch, vswitch_create),
	},
	{ DELETE("subnet", NOUN_VSWITCH, vswitch_delete, "remove an empty subnet", "S1"),
	  .providers = FOR_AWS },
	{ SHOW("subnet", NOUN_VSWITCH, "list subnets",
	       "vpc cidr zone gateway route_table network_acl status"),
	  .providers = FOR_AWS },
	{ .words = NULL },
};
