/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* AWS. The codes are those of EC2's list of errors (Amazon EC2 API Reference, "Error codes"). */

static int internet_gateway_create(struct model *m, void *request, struct error *err)
{
	if (model_count(m, NOUN_INTERNET_GATEWAY) >= m->profile->internet_gateways) {
		error_refuse(err, "InternetGatewayLimitExceeded", NULL,
			     "a region holds %u internet gateways at most",
			     m->profile->internet_gateways);
		return error_hint(err,
				  "internet-gateway show, then internet-gateway delete one that is "
				  "attached to no VPC");
	}
	model_make(m, NOUN_INTERNET_GATEWAY, request);
	return 0;
}

struct gateway_attachment {
	struct internet_gateway *gateway;
	struct vpc *vpc;
};

static int internet_gateway_attach(struct model *m, void *request, struct error *err)
{
	struct internet_gateway *gateway = ((struct gateway_attachment *)request)->gateway;
	struct vpc *vpc = ((struct gateway_attachment *)request)->vpc;

	if (gateway->vpc) {
		error_refuse(err, "Resource.AlreadyAssociated", NULL,
			     "%s is attached to %s already", gateway->resource.name,
			     gateway->vpc->resource.name);
		return error_hint(err, "internet-gateway detach %s", gateway->resource.name);
	}
	/* AttachInternetGateway: one a VPC; its answer is InvalidParameterValue. */
	if (vpc->internet_gateway) {
		error_refuse(err, "InvalidParameterValue", "vpc",
			     "%s has the internet gateway %s already", vpc->resource.name,
			     vpc->internet_gateway->resource.name);
		return error_hint(err, "use that one, or: internet-gateway detach %s",
				  vpc->internet_gateway->resource.name);
	}
	gateway->vpc = vpc;
	gateway->active = true;
	vpc->internet_gateway = gateway;
	model_touch(m);
	return 0;
}

/* A public address that only works by way of the VPC's internet gateway; NULL: there is none. */
static const struct resource *public_address_in(const struct model *m, const struct vpc *vpc)
{
	struct eni_address own = { 0 };

	while (model_next_address(m, &own))
		if (own.eni->vswitch->vpc == vpc && own.public_ip)
			return own.eip ? &own.eip->resource : &own.eni->ecs->resource;
	model_each_user(m, NOUN_NAT_GATEWAY, vpc, const struct nat_gateway, nat)
		if (nat->type == NAT_PUBLIC)
			return &nat->resource;
	return NULL;
}

static int internet_gateway_detach(struct model *m, void *request, struct error *err)
{
	struct internet_gateway *gateway = ((struct subject *)request)->resource;
	const char *name = gateway->resource.name;
	const struct resource *user;

	if (!gateway->vpc) {
		error_refuse(err, "Gateway.NotAttached", NULL, "%s is not attached to a VPC", name);
		return error_hint(
			err, "internet-gateway attach %s vpc VPC, or: internet-gateway delete %s",
			name, name);
	}
	/* DetachInternetGateway: not while something in the VPC has a public address. Routes to it
	 * stay, as blackholes. */
	user = public_address_in(m, gateway->vpc);
	if (user) {
		error_refuse(err, "DependencyViolation", NULL,
			     "%s still has public addresses: that of the %s %s",
			     gateway->vpc->resource.name, model_noun_title(m, user->noun),
			     user->name);
		return error_hint(err, "%s %s %s", model_noun_word(m, user->noun),
				  user->noun == NOUN_EIP ? "disassociate" : "delete", user->name);
	}
	gateway->vpc->internet_gateway = NULL;
	gateway->vpc = NULL;
	gateway->active = false;
	model_touch(m);
	return 0;
}

static int internet_gateway_delete(struct model *m, void *request, struct error *err)
{
	struct internet_gateway *gateway = ((struct subject *)request)->resource;

	if (gateway->vpc) {
		error_refuse(err, "DependencyViolation", NULL, "%s is attached to %s",
			     gateway->resource.name, gateway->vpc->resource.name);
		return error_hint(err, "internet-gateway detach %s", gateway->resource.name);
	}
	(void)route_leave(m, &gateway->resource, err); /* they stay, as blackholes */
	model_remove(m, &gateway->resource);
	return 0;
}

const struct command internet_gateway_rows[] = {
	{
		.words = "internet-gateway create",
		.parameter = { NEW_NAME },
		.summary = "make an internet gateway, attached to nothing",
		.example = "internet-gateway create IGW1",
		CHANGES(struct internet_gateway, internet_gateway_create),
	},
	{
		.words = "internet-gateway attach",
		.parameter = { NAME_OF(NOUN_INTERNET_GATEWAY),
			       { KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED,
					"the VPC that it connects"),
				 IN(struct gateway_attachment, vpc) } },
		.summary = "connect a VPC with the internet",
		.example = "internet-gateway attach IGW1 vpc VPC1",
		CHANGES(struct gateway_attachment, internet_gateway_attach),
	},
	{
		.words = "internet-gateway detach",
		.parameter = { NAME_OF(NOUN_INTERNET_GATEWAY) },
		.summary = "cut a VPC off the internet",
		.example = "internet-gateway detach IGW1",
		CHANGES(struct subject, internet_gateway_detach),
	},
	{ DELETE("internet-gateway", NOUN_INTERNET_GATEWAY, internet_gateway_delete,
		 "remove a detached internet gateway", "IGW1") },
	{ SHOW("internet-gateway", NOUN_INTERNET_GATEWAY, "list internet gateways", "vpc status") },
	{ .words = NULL },
};
