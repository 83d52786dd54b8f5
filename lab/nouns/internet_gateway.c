/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/aws_rules.h"

int aws_internet_gateway_create(struct model *m, const char *name, struct error *err)
{
	struct internet_gateway *gateway;
	int r = model_check_new_name(m, NOUN_INTERNET_GATEWAY, name, err);

	if (r < 0)
		return r;
	if (model_count(m, NOUN_INTERNET_GATEWAY) >= m->profile->internet_gateways) {
		error_refuse(err, "InternetGatewayLimitExceeded", NULL,
			     "a region holds %u internet gateways at most",
			     m->profile->internet_gateways);
		error_hint(err, "internet-gateway show, then internet-gateway delete one that is "
				"attached to no VPC");
		return -EINVAL;
	}
	gateway = xnew(struct internet_gateway);
	model_add(m, &gateway->resource, NOUN_INTERNET_GATEWAY, name);
	return 0;
}

int aws_internet_gateway_attach(struct model *m, const char *name, const char *vpc_name,
				struct error *err)
{
	struct internet_gateway *gateway;
	struct vpc *vpc;
	int r;

	r = rule_find(m, NOUN_INTERNET_GATEWAY, name, NULL, &gateway, err);
	if (r == 0)
		r = rule_find(m, NOUN_VPC, vpc_name, "vpc", &vpc, err);
	if (r < 0)
		return r;
	if (gateway->vpc) {
		r = error_refuse(err, "Resource.AlreadyAssociated", NULL,
				 "%s is attached to %s already", name, gateway->vpc->resource.name);
		error_hint(err, "internet-gateway detach %s", name);
		return r;
	}
	/* AttachInternetGateway: one a VPC; its answer is InvalidParameterValue. */
	if (vpc->internet_gateway) {
		error_refuse(err, "InvalidParameterValue", "vpc",
			     "%s has the internet gateway %s already", vpc_name,
			     vpc->internet_gateway->resource.name);
		error_hint(err, "use that one, or: internet-gateway detach %s",
			   vpc->internet_gateway->resource.name);
		return -EINVAL;
	}
	gateway->vpc = vpc;
	vpc->internet_gateway = gateway;
	model_touch(m);
	return 0;
}

int aws_internet_gateway_detach(struct model *m, const char *name, struct error *err)
{
	struct internet_gateway *gateway;
	const struct resource *user;
	int r;

	r = rule_find(m, NOUN_INTERNET_GATEWAY, name, NULL, &gateway, err);
	if (r < 0)
		return r;
	if (!gateway->vpc) {
		error_refuse(err, "Gateway.NotAttached", NULL, "%s is not attached to a VPC", name);
		error_hint(err,
			   "internet-gateway attach %s vpc VPC, or: internet-gateway delete %s",
			   name, name);
		return -EINVAL;
	}
	/* DetachInternetGateway: not while something in the VPC has a public address. Routes to it
	 * stay, as blackholes. */
	user = aws_public_address_in(m, gateway->vpc);
	if (user) {
		r = error_refuse(err, "DependencyViolation", NULL,
				 "%s still has public addresses: that of the %s %s",
				 gateway->vpc->resource.name, model_noun_title(m, user->noun),
				 user->name);
		if (user->noun == NOUN_EIP)
			error_hint(err, "eip disassociate %s", user->name);
		else
			error_hint(err, "%s delete %s", model_noun_word(m, user->noun), user->name);
		return r;
	}
	gateway->vpc->internet_gateway = NULL;
	gateway->vpc = NULL;
	model_touch(m);
	return 0;
}

int aws_internet_gateway_delete(struct model *m, const char *name, struct error *err)
{
	struct internet_gateway *gateway;
	int r;

	r = rule_find(m, NOUN_INTERNET_GATEWAY, name, NULL, &gateway, err);
	if (r < 0)
		return r;
	if (gateway->vpc) {
		r = error_refuse(err, "DependencyViolation", NULL, "%s is attached to %s", name,
				 gateway->vpc->resource.name);
		error_hint(err, "internet-gateway detach %s", name);
		return r;
	}
	routes_lose(m, &gateway->resource);
	model_remove(m, &gateway->resource);
	return 0;
}
