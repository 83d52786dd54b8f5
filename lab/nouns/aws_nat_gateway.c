/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/pool.h"
#include "lab/model/profile.h"
#include "lab/nouns/aws_rules.h"

#define IDLE_TIMEOUT     350 /* seconds; cloud-semantics 10: A:nat-gateway-troubleshooting.md */
#define IDLE_TIMEOUT_MAX 86400

static const char *const types[] = { "public", "private", NULL };

/* cloud-semantics 10: A:amazon-vpc-limits.md; five an availability zone. */
static int check_room(const struct model *m, const struct nat_gateway *nat, struct error *err)
{
	unsigned count = 0;

	for (size_t i = 0; i < model_count(m, NOUN_NAT_GATEWAY); i++)
		count += strcmp(((const struct nat_gateway *)model_get(m, NOUN_NAT_GATEWAY, i))
					->vswitch->zone,
				nat->vswitch->zone) == 0;
	if (count >= m->profile->gateways_per_zone) {
		error_refuse(err, "NatGatewayLimitExceeded", "subnet",
			     "the zone %s has its %u NAT gateways already", nat->vswitch->zone,
			     count);
		error_hint(err, "take a subnet of another zone, or delete one: nat-gateway show");
		return -EINVAL;
	}
	return 0;
}

/*
 * CreateNatGateway: what EC2 says at once, and what it says a little later by the failure code of a
 * gateway that has come to nothing. A subnet without a route to the internet gateway is none of
 * these: then there is no Internet, that is all.
 */
static int check_public(const struct model *m, const struct nat_gateway *nat, const char *eip_name,
			struct eip **ret_eip, struct error *err)
{
	int r = rule_given(eip_name, "eip", err);

	if (r < 0) {
		error_hint(err, "a public NAT gateway has an EIP from its creation on: eip NAME; "
				"or: type private");
		return r;
	}
	r = rule_find(m, NOUN_EIP, eip_name, "eip", ret_eip, err);
	if (r < 0)
		return r;
	if ((*ret_eip)->associated) {
		r = error_refuse(err, "Resource.AlreadyAssociated", "eip",
				 "%s is associated with %s already", eip_name,
				 (*ret_eip)->associated->name);
		error_hint(err, "eip create NAME");
		return r;
	}
	if (!nat->vpc->internet_gateway) {
		r = error_refuse(err, "Gateway.NotAttached", "subnet",
				 "%s has no internet gateway attached", nat->vpc->resource.name);
		error_hint(
			err,
			"internet-gateway create NAME, then: internet-gateway attach NAME vpc %s",
			nat->vpc->resource.name);
		return r;
	}
	return 0;
}

static int parse_gateway(struct model *m, const struct aws_nat_gateway_options *options,
			 struct nat_gateway *nat, struct eip **ret_eip, struct error *err)
{
	unsigned type = 0;
	int r;

	r = rule_choice(options->type, types, 0, "InvalidParameterValue", "type", &type, err);
	if (r == 0)
		r = rule_find(m, NOUN_VSWITCH, options->subnet, "subnet", &nat->vswitch, err);
	if (r < 0)
		return r;
	nat->vpc = nat->vswitch->vpc;
	nat->type = type == 0 ? NAT_PUBLIC : NAT_PRIVATE;
	nat->idle_timeout = IDLE_TIMEOUT;
	if (options->idle_timeout)
		r = rule_number(options->idle_timeout, 1, IDLE_TIMEOUT_MAX, "InvalidParameterValue",
				"idle-timeout", &nat->idle_timeout, err);
	if (r < 0)
		return r;
	if (nat->type == NAT_PUBLIC) {
		r = check_public(m, nat, options->eip, ret_eip, err);
	} else if (options->eip) {
		r = error_refuse(err, "InvalidParameterCombination", "eip",
				 "a private NAT gateway has no EIP");
		error_hint(err, "leave eip out, or: type public");
	}
	if (r == 0)
		r = pool_choose_private(m, nat->vswitch, options->ip,
					"InsufficientFreeAddressesInSubnet", &nat->private_ip, err);
	return r < 0 ? r : check_room(m, nat, err);
}

int aws_nat_gateway_create(struct model *m, const char *name,
			   const struct aws_nat_gateway_options *options, struct error *err)
{
	struct nat_gateway wanted = { 0 }, *nat;
	struct eip *eip = NULL;
	int r;

	r = model_check_new_name(m, NOUN_NAT_GATEWAY, name, err);
	if (r == 0)
		r = parse_gateway(m, options, &wanted, &eip, err);
	if (r < 0)
		return r;
	nat = xnew(struct nat_gateway);
	*nat = wanted;
	model_add(m, &nat->resource, NOUN_NAT_GATEWAY, name);
	model_hold(m, nat->vpc, nat->private_ip, &nat->resource);
	if (eip)
		eip_attach(m, eip, &nat->resource);
	return 0;
}

/* DeleteNatGateway asks for nothing: the EIP is free again, not released, and routes stay as
 * blackholes (cloud-semantics 10). */
int aws_nat_gateway_delete(struct model *m, const char *name, struct error *err)
{
	struct nat_gateway *nat;
	int r;

	r = rule_find(m, NOUN_NAT_GATEWAY, name, NULL, &nat, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < model_count(m, NOUN_EIP); i++) {
		struct eip *eip = model_get(m, NOUN_EIP, i);

		if (eip->associated == &nat->resource)
			eip_detach(m, eip);
	}
	routes_lose(m, &nat->resource);
	pool_release_private(m, nat->vswitch, nat->private_ip);
	model_remove(m, &nat->resource);
	return 0;
}
