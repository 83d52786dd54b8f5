/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/pool.h"
#include "lab/model/profile.h"
#include "lab/nouns/aws_rules.h"

const struct resource *aws_public_address_in(const struct model *m, const struct vpc *vpc)
{
	const struct eni *eni;
	size_t cursor = 0;

	while ((eni = model_next_eni(m, &cursor)))
		if (eni->vswitch->vpc == vpc && eni_public_ip(eni))
			return eni->eip ? &eni->eip->resource : &eni->ecs->resource;
	for (size_t i = 0; i < model_count(m, NOUN_NAT_GATEWAY); i++) {
		const struct nat_gateway *nat = model_get(m, NOUN_NAT_GATEWAY, i);

		if (nat->vpc == vpc && nat->type == NAT_PUBLIC)
			return &nat->resource;
	}
	return NULL;
}

static int find_target(const struct model *m, const char *type, const char *name,
		       struct resource **ret_target, struct eni **ret_eni, struct error *err)
{
	struct ecs *instance = NULL;
	int r;

	if (!type) {
		error_refuse(err, "MissingParameter", NULL, "what to associate it with is missing");
		error_hint(err, "eip associate NAME instance|eni NAME");
		return -EINVAL;
	}
	if (strcmp(type, "eni") == 0) {
		r = rule_find(m, NOUN_ENI, name, type, ret_eni, err);
		if (r == 0)
			*ret_target = &(*ret_eni)->resource;
		return r;
	}
	if (strcmp(type, "instance") == 0) {
		r = rule_find(m, NOUN_ECS, name, type, &instance, err);
		if (r < 0)
			return r;
		*ret_eni = instance->eni[0];
		*ret_target = &instance->resource;
		return 0;
	}
	/* A NAT gateway gets its EIP when it is made. */
	error_refuse(err, "InvalidParameterValue", type,
		     "an EIP is associated with an instance or an eni, not with %.64s", type);
	error_hint(err, "for a NAT gateway: nat-gateway create NAME subnet SUBNET eip EIP");
	return -EINVAL;
}

static int check_associate(const struct eip *eip, const struct eni *eni, const char *type,
			   struct error *err)
{
	const struct vpc *vpc = eni->vswitch->vpc;
	int r;

	if (eip->associated) {
		r = error_refuse(err, "Resource.AlreadyAssociated", NULL,
				 "%s is associated with %s already", eip->resource.name,
				 eip->associated->name);
		error_hint(err, "eip disassociate %s", eip->resource.name);
		return r;
	}
	if (eni->eip) {
		r = error_refuse(err, "Resource.AlreadyAssociated", type,
				 "%s has the EIP %s already", eni->resource.name,
				 eni->eip->resource.name);
		error_hint(err, "eip disassociate %s", eni->eip->resource.name);
		return r;
	}
	/* The list of errors names this case. */
	if (!vpc->internet_gateway) {
		r = error_refuse(err, "Gateway.NotAttached", type,
				 "%s is not attached to any internet gateway", vpc->resource.name);
		error_hint(
			err,
			"internet-gateway create NAME, then: internet-gateway attach NAME vpc %s",
			vpc->resource.name);
		return r;
	}
	return 0;
}

int aws_eip_associate(struct model *m, const char *name, const char *type, const char *resource,
		      struct error *err)
{
	struct resource *target = NULL;
	struct eni *eni = NULL;
	struct eip *eip;
	int r;

	r = rule_find(m, NOUN_EIP, name, NULL, &eip, err);
	if (r == 0)
		r = find_target(m, type, resource, &target, &eni, err);
	if (r == 0)
		r = check_associate(eip, eni, type, err);
	if (r < 0)
		return r;
	/* AssociateAddress: an address that was assigned with the instance is given back. */
	if (eni->primary && eni->ecs->public_ip) {
		pool_release_public(m, eni->ecs->public_ip);
		eni->ecs->public_ip = 0;
	}
	eip_attach(m, eip, target);
	return 0;
}

int aws_eip_disassociate(struct model *m, const char *name, struct error *err)
{
	struct eip *eip;
	int r;

	r = rule_find(m, NOUN_EIP, name, NULL, &eip, err);
	if (r < 0)
		return r;
	if (!eip->associated) {
		error_refuse(err, "InvalidAssociationID.NotFound", NULL,
			     "%s is not associated with anything", name);
		error_hint(err, "eip associate %s instance|eni NAME, or: eip delete %s", name,
			   name);
		return -EINVAL;
	}
	/* DisassociateAddress is not for the address of a NAT gateway, whose interface is not the
	 * user's. */
	if (eip->associated->noun == NOUN_NAT_GATEWAY) {
		r = error_refuse(err, "AuthFailure", NULL,
				 "%s is the address of %s, which keeps it until it is deleted",
				 name, eip->associated->name);
		error_hint(err, "nat-gateway delete %s", eip->associated->name);
		return r;
	}
	eip_detach(m, eip);
	return 0;
}
