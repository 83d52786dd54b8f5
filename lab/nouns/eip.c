/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/pool.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

/* Where an instance's EIP is noted: an EIP of an ECS is really bound to its primary ENI
 * (cloud-semantics 6). */
static struct eni *interface_of(struct resource *resource)
{
	if (resource->noun == NOUN_ECS)
		return ((struct ecs *)resource)->eni[0];
	return resource->noun == NOUN_ENI ? (struct eni *)resource : NULL;
}

struct eip *eip_make(struct model *m, const char *name, uint32_t ip)
{
	struct eip *eip = xnew(struct eip);

	eip->ip = ip;
	model_add(m, &eip->resource, NOUN_EIP, name);
	model_hold(m, NULL, ip, &eip->resource);
	return eip;
}

void eip_attach(struct model *m, struct eip *eip, struct resource *resource)
{
	struct eni *eni = interface_of(resource);

	eip->associated = resource;
	if (eni)
		eni->eip = eip;
	model_touch(m);
}

void eip_detach(struct model *m, struct eip *eip)
{
	struct eni *eni = interface_of(eip->associated);

	if (eni)
		eni->eip = NULL;
	if (eip->private_ip)
		pool_release_private(m, ((struct nat_gateway *)eip->associated)->vswitch,
				     eip->private_ip);
	eip->private_ip = 0;
	eip->associated = NULL;
	model_touch(m);
}

/*
 * cloud-semantics 10: A:amazon-vpc-limits.md. The default quota of an Alibaba account, 20 EIPs
 * (cloud-semantics 6), is not enforced: it would only be in the way of larger labs.
 */
int eip_create(struct model *m, const char *name, const char *ip_text, struct error *err)
{
	uint32_t ip = 0;
	int r;

	r = model_check_new_name(m, NOUN_EIP, name, err);
	if (r < 0)
		return r;
	if (m->profile->eips && model_count(m, NOUN_EIP) >= m->profile->eips) {
		error_refuse(err, "AddressLimitExceeded", NULL, "a region holds %u EIPs at most",
			     m->profile->eips);
		error_hint(err, "eip show, then eip delete one that is Available");
		return -EINVAL;
	}
	r = pool_choose_public(m, ip_text, "ip", &ip, err);
	if (r < 0)
		return r;
	eip_make(m, name, ip);
	return 0;
}

/* cloud-semantics 6 and 12: what an ECS or ENI must not have yet. */
static int check_interface(const struct model *m, const struct resource *resource,
			   const struct eni *eni, const char *type, struct error *err)
{
	const struct dnat *dnat;
	int r;

	if (resource->noun == NOUN_ECS && ((const struct ecs *)resource)->public_ip) {
		r = error_refuse(err, "EIP_CAN_NOT_ASSOCIATE_WITH_PUBLIC_IP", type,
				 "%s has a static public address", resource->name);
		error_hint(err, "ecs convert-public-ip %s eip NAME", resource->name);
		return r;
	}
	if (eni->eip) {
		r = error_refuse(err, "InvalidAssociation.Duplicated", type,
				 "%s has the EIP %s already", resource->name,
				 eni->eip->resource.name);
		error_hint(err, "eip disassociate %s", eni->eip->resource.name);
		return r;
	}
	dnat = dnat_to_address(m, eni->vswitch->vpc, eni->ip);
	if (dnat) {
		r = error_refuse(err, "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", type,
				 "the DNAT entry %s leads to %s", dnat->resource.name,
				 resource->name);
		error_hint(err, "dnat delete %s", dnat->resource.name);
		return r;
	}
	return 0;
}

/* cloud-semantics 3: EIPs a gateway; in NAT mode each needs an address of its vSwitch. */
static int check_gateway(struct model *m, const struct nat_gateway *nat, const char *type,
			 uint32_t *ret_private_ip, struct error *err)
{
	unsigned count = eip_count(m, &nat->resource);
	int r;

	if (count >= m->profile->eips_per_gateway) {
		error_refuse(err, "QuotaExceeded.NumberOfEip", type, "%s has its %u EIPs already",
			     nat->resource.name, count);
		error_hint(err,
			   "eip disassociate one of them, or another gateway: nat-gateway create "
			   "NAME vpc %s vswitch VSWITCH",
			   nat->vpc->resource.name);
		return -EINVAL;
	}
	if (!nat_gateway_needs_address(nat))
		return 0;
	r = pool_choose_private(m, nat->vswitch, NULL, "OperationDenied.NoAvailablePrivateIp",
				ret_private_ip, err);
	if (r < 0) {
		error_refuse(err, "OperationDenied.NoAvailablePrivateIp", type,
			     "%s takes an address of %s for each EIP, and none is free",
			     nat->resource.name, nat->vswitch->resource.name);
		error_hint(err, "make room in %s, or disassociate another EIP of %s",
			   nat->vswitch->resource.name, nat->resource.name);
	}
	return r;
}

/* NULL: refused. */
static struct resource *find_target(const struct model *m, const char *type, const char *name,
				    struct error *err)
{
	static const enum noun nouns[] = { NOUN_NAT_GATEWAY, NOUN_ECS, NOUN_ENI };
	struct resource *target = NULL;

	if (!type) {
		error_refuse(err, "MissingParameter", NULL, "what to associate it with is missing");
		error_hint(err, "eip associate NAME nat-gateway|ecs|eni NAME");
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(nouns); i++)
		if (strcmp(type, noun_word(nouns[i])) == 0) {
			int r = rule_find_coded(m, nouns[i], name, "InvalidInstanId.NotFound", type,
						&target, err);

			return r < 0 ? NULL : target;
		}
	error_refuse(err, "InvalidParameter", type,
		     "an EIP is associated with a nat-gateway, an ecs or an eni, not with %.64s",
		     type);
	return NULL;
}

int eip_associate(struct model *m, const char *name, const char *type, const char *resource,
		  struct error *err)
{
	struct resource *target;
	uint32_t private_ip = 0;
	const struct eni *eni;
	struct eip *eip;
	int r;

	r = rule_find(m, NOUN_EIP, name, NULL, &eip, err);
	if (r < 0)
		return r;
	target = find_target(m, type, resource, err);
	if (!target)
		return -EINVAL;
	/* cloud-semantics 6: one resource at a time; only an Available one. */
	if (eip->associated) {
		r = error_refuse(err,
				 eip->associated == target ? "InvalidAssociation.Duplicated"
							   : "IncorrectEipStatus",
				 NULL, "%s is associated with %s already", name,
				 eip->associated->name);
		error_hint(err, "eip disassociate %s", name);
		return r;
	}
	eni = interface_of(target);
	r = eni ? check_interface(m, target, eni, type, err)
		: check_gateway(m, (const struct nat_gateway *)target, type, &private_ip, err);
	if (r < 0)
		return r;
	eip_attach(m, eip, target);
	if (private_ip) {
		eip->private_ip = private_ip;
		model_hold(m, ((const struct nat_gateway *)target)->vpc, private_ip,
			   &eip->resource);
	}
	return 0;
}

int eip_disassociate(struct model *m, const char *name, bool force, struct error *err)
{
	const struct snat *snat;
	const struct dnat *dnat;
	struct eip *eip;
	int r;

	r = rule_find(m, NOUN_EIP, name, NULL, &eip, err);
	if (r < 0)
		return r;
	if (!eip->associated) {
		error_refuse(err, "IncorrectEipStatus", NULL, "%s is not associated with anything",
			     name);
		error_hint(err, "eip associate %s nat-gateway|ecs|eni NAME, or: eip delete %s",
			   name, name);
		return -EINVAL;
	}
	snat = snat_with_eip(m, eip);
	dnat = dnat_with_eip(m, eip);
	/* cloud-semantics 4 and 5: Hunasseip */
	if (snat && !force) {
		r = error_refuse(err, "InvalidIpStatus.HasBeenUsedBySnatTable", NULL,
				 "the SNAT entry %s uses %s", snat->resource.name, name);
		error_hint(err, "snat delete %s, or: eip disassociate %s force",
			   snat->resource.name, name);
		return r;
	}
	if (dnat && !force) {
		r = error_refuse(err, "InvalidIpStatus.HasBeenUsedByForwardEntry", NULL,
				 "the DNAT entry %s uses %s", dnat->resource.name, name);
		error_hint(err, "dnat delete %s, or: eip disassociate %s force",
			   dnat->resource.name, name);
		return r;
	}
	/*
	 * cloud-semantics 12: Force unbinds although entries use it, and what becomes of them is
	 * not said. Here they go, as they do when a gateway is deleted by force; an SNAT entry with
	 * other EIPs stays with those.
	 */
	snat_leave_eip(m, eip);
	dnat_leave_eip(m, eip);
	eip_detach(m, eip);
	return 0;
}

int eip_delete(struct model *m, const char *name, struct error *err)
{
	const bool aws = m->provider == PROVIDER_AWS;
	struct eip *eip;
	int r;

	r = rule_find(m, NOUN_EIP, name, NULL, &eip, err);
	if (r < 0)
		return r;
	/* cloud-semantics 6: only an Available one can be released. ReleaseAddress: "you must first
	 * disassociate it". */
	if (eip->associated) {
		r = error_refuse(err, aws ? "InvalidIPAddress.InUse" : "IncorrectEipStatus", NULL,
				 "%s is associated with %s", name, eip->associated->name);
		if (aws && eip->associated->noun == NOUN_NAT_GATEWAY)
			error_hint(err, "nat-gateway delete %s", eip->associated->name);
		else
			error_hint(err, "eip disassociate %s", name);
		return r;
	}
	pool_release_public(m, eip->ip);
	model_remove(m, &eip->resource);
	return 0;
}
