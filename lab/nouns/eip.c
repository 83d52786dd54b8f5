/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/cloud.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* Return the ENI on which an EIP is noted: that of an ECS is really bound to its primary ENI.
 * cloud-semantics: eip-3 */
static struct eni *interface_of(struct resource *resource)
{
	if (resource->noun == NOUN_ECS)
		return ((struct ecs *)resource)->eni[0];
	return resource->noun == NOUN_ENI ? (struct eni *)resource : NULL;
}

const char *eip_key(const struct eip *eip)
{
	return eip->resource.noun == NOUN_NAT_IP ? "nat-ip" : "eip";
}

int eip_hint_another(const struct nat_gateway *nat, struct error *err)
{
	if (nat->type == NAT_INTRANET)
		return error_hint(err, "nat-ip create NAME nat-gateway %s", nat->resource.name);
	return error_hint(err, "eip create NAME, then: eip associate NAME nat-gateway %s",
			  nat->resource.name);
}

int eip_hint_associate(const struct eip *eip, const struct nat_gateway *nat, struct error *err)
{
	if (eip->resource.noun == NOUN_NAT_IP || nat->type == NAT_INTRANET)
		return eip_hint_another(nat, err);
	if (eip->associated)
		return error_hint(err, "it is associated with %s; first: eip disassociate %s",
				  eip->associated->name, eip->resource.name);
	return error_hint(err, "eip associate %s nat-gateway %s", eip->resource.name,
			  nat->resource.name);
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
	if (eni && eip->private_ip)
		*ARRAY_PUSH(eni->secondary_eip, eni->n_secondary_eip) = eip;
	else if (eni)
		eni->eip = eip;
	model_touch(m);
}

static void remove_secondary(struct eni *eni, const struct eip *eip)
{
	size_t i = 0;

	while (eni->secondary_eip[i] != eip)
		i++;
	ARRAY_REMOVE(eni->secondary_eip, eni->n_secondary_eip, i);
}

void eip_detach(struct model *m, struct eip *eip)
{
	struct eni *eni = interface_of(eip->associated);

	if (eni && eip->private_ip)
		remove_secondary(eni, eip);
	else if (eni)
		eni->eip = NULL;
	else if (eip->private_ip)
		pool_release_private(m, ((struct nat_gateway *)eip->associated)->vswitch,
				     eip->private_ip);
	eip->private_ip = 0;
	eip->mode = EIP_NAT;
	eip->draining = false;
	eip->associated = NULL;
	model_touch(m);
}

/* cloud-semantics: aws-11, eip-6 */
static int eip_create(struct model *m, void *request, struct error *err)
{
	struct eip *eip = request, *made;
	int r;

	if (model_count(m, NOUN_EIP) >= m->profile->eips) {
		error_refuse(err,
			     m->provider == PROVIDER_AWS ? "AddressLimitExceeded"
							 : "QuotaExceeded.Eip",
			     NULL, "the account holds %u EIPs at most", m->profile->eips);
		return error_hint(err, "eip show, then eip delete one that is Available, or have "
				       "the quota raised: quota eips N");
	}
	r = dns_check(m, eip->resource.name, eip->dns, eip->n_dns, err);
	if (r == 0)
		r = pool_choose_public(m, eip->ip, "ip", &eip->ip, err);
	if (r < 0)
		return r;
	made = eip_make(m, eip->resource.name, eip->ip);
	made->bandwidth = eip->bandwidth;
	for (size_t i = 0; i < eip->n_dns; i++)
		model_add_dns(m, &made->resource, eip->dns[i]);
	return 0;
}

struct eip_change {
	struct eip *eip, wanted;
	bool unlimited, bandwidth_given;
};

static int eip_set(struct model *m, void *request, struct error *err)
{
	const struct eip_change *change = request;

	if (change->unlimited && change->bandwidth_given) {
		error_refuse(err, "InvalidParameter", "unlimited",
			     "an EIP has a bandwidth or is unlimited, not both");
		return error_hint(err, "eip set %s unlimited", change->eip->resource.name);
	}
	change->eip->bandwidth = change->unlimited ? 0 : change->wanted.bandwidth;
	model_touch(m);
	return 0;
}

struct eip_association {
	struct eip *eip;
	struct typed with;
	uint32_t private_ip; /* 0: the primary one of the interface */
	enum eip_mode mode;
};

/* Which address of the interface is meant; the codes are the likeliest. cloud-semantics: addr-14,
 * addr-26 */
static int check_private_ip(const struct model *m, const struct eni *eni, uint32_t ip,
			    struct error *err)
{
	const bool aws = m->provider == PROVIDER_AWS;
	char text[ADDRESS_TEXT_SIZE];

	if (!ip || (eni && ip == eni->ip))
		return 0;
	if (eni && !aws && eni->primary) {
		error_refuse(err, "InvalidParameter.Mismatch", "private-ip",
			     "the primary ENI of an ECS has one EIP, for its primary address");
		return error_hint(err, "eip associate EIP eni ENI private-ip %s",
				  address_format(ip, text));
	}
	if (eni && eni_has_address(eni, ip))
		return 0;
	error_refuse(err, aws ? "InvalidParameterValue" : "InvalidParameter.Mismatch", "private-ip",
		     eni ? "%s is no address of %s" : "%s is said of an ENI only",
		     address_format(ip, text), eni ? eni->resource.name : "");
	return eni ? error_hint(err, "eni assign %s ip %s", eni->resource.name, text)
		   : error_hint(err, "leave private-ip out");
}

/* What cut-through asks of an interface: to be a secondary one that is not attached, has this one
 * address, and is in no route. Of a primary one, with an IPv4 gateway and with a route to it the
 * codes are the likeliest. cloud-semantics: eip-4, rt-11, addr-10 */
static int check_cut_through(const struct model *m, const struct resource *resource,
			     const struct eni *eni, struct error *err)
{
	const char *name = resource->name;
	const struct route *route;

	if (resource->noun != NOUN_ENI) {
		error_refuse(err, "InvalidParameter.Mismatch", "mode",
			     "%s is no secondary ENI, and no other has an EIP for itself", name);
		return error_hint(err, "eni create NAME vswitch VSWITCH");
	}
	if (eni->eip && eni->eip->mode != EIP_BINDED) {
		error_refuse(err, "Mode.Conflict", "mode", "%s has the EIP %s in the mode nat",
			     name, eni->eip->resource.name);
		return error_hint(err, "eip disassociate %s", eni->eip->resource.name);
	}
	if (eni->n_secondary) {
		error_refuse(err, "Eni.HasSubIp", "mode", "%s has secondary addresses", name);
		return error_hint(err, "eni unassign %s ip ADDRESS", name);
	}
	if (eni->ecs) {
		error_refuse(err, "Eni.Attached", "mode", "%s is attached to %s", name,
			     eni->ecs->resource.name);
		return error_hint(err, "eni detach %s", name);
	}
	if (eni->vswitch->vpc->internet_gateway || vpc_is_controlled(eni->vswitch->vpc)) {
		error_refuse(err, "OperationDenied.VpcIpv4GatewayEnabled", "mode",
			     "%s has an IPv4 gateway, by which its public addresses go",
			     eni->vswitch->vpc->resource.name);
		return error_hint(err, "mode nat");
	}
	route = model_user(m, NOUN_ROUTE, eni, NULL);
	if (!route)
		return 0;
	error_refuse(err, "InvalidNexthop.DirectEni", "mode", "the route %s leads to %s",
		     route->resource.name, name);
	return error_hint(err, "route delete %s", route->resource.name);
}

/* What an ECS or ENI must not have yet. cloud-semantics: eip-3, op-14 */
static int check_interface(const struct model *m, const struct resource *resource,
			   const struct eni *eni, uint32_t ip, enum eip_mode mode, const char *type,
			   struct error *err)
{
	const struct eip *eip = eni_eip(eni, ip);
	const struct dnat *dnat;

	if (resource->noun == NOUN_ECS && ((const struct ecs *)resource)->public_ip) {
		error_refuse(err, "EIP_CAN_NOT_ASSOCIATE_WITH_PUBLIC_IP", type,
			     "%s has a static public address", resource->name);
		return error_hint(err, "ecs convert-public-ip %s eip NAME", resource->name);
	}
	if (eip && eni_is_cut_through(eni) && mode == EIP_NAT) {
		error_refuse(err, "Mode.Conflict", type, "%s has the EIP %s in the mode binded",
			     resource->name, eip->resource.name);
		return error_hint(err, "eip disassociate %s", eip->resource.name);
	}
	if (eip) {
		error_refuse(err, "InvalidAssociation.Duplicated", type,
			     "%s has the EIP %s already", resource->name, eip->resource.name);
		return error_hint(err, "eip disassociate %s", eip->resource.name);
	}
	dnat = dnat_to_address(m, eni->vswitch->vpc, ip);
	if (dnat) {
		error_refuse(err, "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", type,
			     "the DNAT entry %s leads to %s", dnat->resource.name, resource->name);
		return error_hint(err, "dnat delete %s", dnat->resource.name);
	}
	return 0;
}

/* In NAT mode each EIP of a gateway needs an address of its vSwitch.
 * cloud-semantics: nat-9, nat-14 */
static int check_gateway(struct model *m, const struct nat_gateway *nat, const char *type,
			 uint32_t *ret_private_ip, struct error *err)
{
	unsigned count = model_count_users(m, NOUN_EIP, nat);
	int r;

	/* The likeliest of the codes. cloud-semantics: pnat-1, op-14 */
	if (nat->type == NAT_INTRANET) {
		error_refuse(err, "InvalidParameter.Mismatch", type,
			     "%s is a VPC NAT gateway, which has no EIPs", nat->resource.name);
		return error_hint(err, "nat-ip create NAME nat-gateway %s", nat->resource.name);
	}

	/* cloud-semantics: addr-10, op-14 */
	if (nat->vpc->internet_gateway && nat->bind_mode != BIND_NAT) {
		error_refuse(err, "OperationDenied.VpcIpv4GatewayEnabled", type,
			     "%s has an IPv4 gateway, and %s binds its EIPs in the mode "
			     "multi-binded",
			     nat->vpc->resource.name, nat->resource.name);
		return error_hint(err, "nat-gateway set %s eip-bind-mode nat", nat->resource.name);
	}
	if (count >= m->profile->eips_per_gateway) {
		error_refuse(err, "QuotaExceeded.NumberOfEip", type, "%s has its %u EIPs already",
			     nat->resource.name, count);
		return error_hint(
			err,
			"eip disassociate one of them, or another gateway: nat-gateway create "
			"NAME vpc %s vswitch VSWITCH",
			nat->vpc->resource.name);
	}
	if (!nat_gateway_needs_address(nat))
		return 0;
	r = pool_choose_private(m, nat->vswitch, 0, "OperationDenied.NoAvailablePrivateIp",
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

static int eip_associate(struct model *m, void *request, struct error *err)
{
	struct eip_association *association = request;
	struct eip *eip = association->eip;
	struct resource *target = association->with.resource;
	const char *type = model_noun_word(m, target->noun), *name = eip->resource.name;
	const struct eni *eni = interface_of(target);
	uint32_t private_ip = association->private_ip;
	int r;

	/* cloud-semantics: eip-1, eip-6 */
	if (eip->associated) {
		error_refuse(err,
			     eip->associated == target ? "InvalidAssociation.Duplicated"
						       : "IncorrectEipStatus",
			     NULL, "%s is associated with %s already", name, eip->associated->name);
		return error_hint(err, "eip disassociate %s", name);
	}
	r = check_private_ip(m, eni, private_ip, err);
	if (r == 0 && association->mode == EIP_BINDED)
		r = check_cut_through(m, target, eni, err);
	if (r == 0)
		r = eni ? check_interface(m, target, eni, private_ip ? private_ip : eni->ip,
					  association->mode, type, err)
			: check_gateway(m, (const struct nat_gateway *)target, type, &private_ip,
					err);
	if (r < 0)
		return r;
	eip->private_ip = eni && private_ip == eni->ip ? 0 : private_ip;
	eip->mode = association->mode;
	eip_attach(m, eip, target);
	if (!eni && private_ip)
		model_hold(m, ((const struct nat_gateway *)target)->vpc, private_ip,
			   &eip->resource);
	return 0;
}

struct disassociation {
	struct eip *eip;
	bool force;
};

static int eip_disassociate(struct model *m, void *request, struct error *err)
{
	const bool force = ((struct disassociation *)request)->force;
	struct eip *eip = ((struct disassociation *)request)->eip;
	const char *name = eip->resource.name;
	const struct snat *snat;
	const struct dnat *dnat;

	if (!eip->associated) {
		error_refuse(err, "IncorrectEipStatus", NULL, "%s is not associated with anything",
			     name);
		return error_hint(err,
				  "eip associate %s nat-gateway|ecs|eni NAME, or: eip delete %s",
				  name, name);
	}
	snat = model_user(m, NOUN_SNAT, eip, NULL);
	dnat = model_user(m, NOUN_DNAT, eip, NULL);
	/* cloud-semantics: snat-17, dnat-12, op-15 */
	if (snat && !force) {
		error_refuse(err, "InvalidIpStatus.HasBeenUsedBySnatTable", NULL,
			     "the SNAT entry %s uses %s", snat->resource.name, name);
		return error_hint(err, "snat delete %s, or: eip disassociate %s force",
				  snat->resource.name, name);
	}
	if (dnat && !force) {
		error_refuse(err, "InvalidIpStatus.HasBeenUsedByForwardEntry", NULL,
			     "the DNAT entry %s uses %s", dnat->resource.name, name);
		return error_hint(err, "dnat delete %s, or: eip disassociate %s force",
				  dnat->resource.name, name);
	}
	/*
	 * Force unbinds although entries use the EIP; what becomes of them is not said. Here they
	 * go, as they do when a gateway is deleted by force; an SNAT entry with other EIPs stays
	 * with those. cloud-semantics: op-15, open-10
	 */
	snat_leave_eip(m, eip);
	model_remove_users(m, NOUN_DNAT, eip);
	eip_detach(m, eip);
	return 0;
}

static int eip_delete(struct model *m, void *request, struct error *err)
{
	static const char *const in_use[PROVIDER_COUNT] = { "IncorrectEipStatus",
							    "InvalidIPAddress.InUse" };
	struct eip *eip = ((struct subject *)request)->resource;
	const char *name = eip->resource.name;
	int r;

	/* Only an Available one can be released; EC2 says "you must first disassociate it".
	 * cloud-semantics: eip-6, op-16 */
	if (eip->associated) {
		r = error_refuse(err, in_use[m->provider], NULL, "%s is associated with %s", name,
				 eip->associated->name);
		if (model_cloud(m)->gateway_has_eip && eip->associated->noun == NOUN_NAT_GATEWAY)
			error_hint(err, "nat-gateway delete %s", eip->associated->name);
		else
			error_hint(err, "eip disassociate %s", name);
		return r;
	}
	pool_release_public(m, eip->ip);
	model_remove(m, &eip->resource);
	return 0;
}

/* ---- AWS ---- */

static int check_associate(const struct eip *eip, const struct eni *eni, uint32_t ip,
			   const char *type, struct error *err)
{
	const struct vpc *vpc = eni->vswitch->vpc;
	const struct eip *other = eni_eip(eni, ip);

	if (eip->associated) {
		error_refuse(err, "Resource.AlreadyAssociated", NULL,
			     "%s is associated with %s already", eip->resource.name,
			     eip->associated->name);
		return error_hint(err, "eip disassociate %s", eip->resource.name);
	}
	if (other) {
		error_refuse(err, "Resource.AlreadyAssociated", type, "%s has the EIP %s already",
			     eni->resource.name, other->resource.name);
		return error_hint(err, "eip disassociate %s", other->resource.name);
	}
	/* The list of errors names this case. */
	if (!vpc->internet_gateway) {
		error_refuse(err, "Gateway.NotAttached", type,
			     "%s is not attached to any internet gateway", vpc->resource.name);
		return error_hint(
			err,
			"internet-gateway create NAME, then: internet-gateway attach NAME vpc %s",
			vpc->resource.name);
	}
	return 0;
}

static int aws_eip_associate(struct model *m, void *request, struct error *err)
{
	struct eip_association *association = request;
	struct resource *target = association->with.resource;
	struct eni *eni = target->noun == NOUN_ECS ? ((struct ecs *)target)->eni[0]
						   : (struct eni *)target;
	const uint32_t ip = association->private_ip ? association->private_ip : eni->ip;
	int r = check_private_ip(m, eni, ip, err);

	if (r == 0)
		r = check_associate(association->eip, eni, ip, model_noun_word(m, target->noun),
				    err);
	if (r < 0)
		return r;
	/* AssociateAddress: an address that was assigned with the instance is given back. */
	if (ip == eni->ip && eni->primary && eni->ecs->public_ip) {
		pool_release_public(m, eni->ecs->public_ip);
		eni->ecs->public_ip = 0;
	}
	association->eip->private_ip = ip == eni->ip ? 0 : ip;
	eip_attach(m, association->eip, target);
	return 0;
}

static int aws_eip_disassociate(struct model *m, void *request, struct error *err)
{
	struct eip *eip = ((struct subject *)request)->resource;
	const char *name = eip->resource.name;

	if (!eip->associated) {
		error_refuse(err, "InvalidAssociationID.NotFound", NULL,
			     "%s is not associated with anything", name);
		return error_hint(err, "eip associate %s instance|eni NAME, or: eip delete %s",
				  name, name);
	}
	/* DisassociateAddress is not for the address of a NAT gateway, whose interface is not the
	 * user's. */
	if (eip->associated->noun == NOUN_NAT_GATEWAY) {
		error_refuse(err, "AuthFailure", NULL,
			     eip->private_ip ? "%s is a secondary address of %s"
					     : "%s is the address of %s, which keeps it until it "
					       "is deleted",
			     name, eip->associated->name);
		return eip->private_ip
			       ? error_hint(err, "nat-gateway disassociate %s eip %s",
					    eip->associated->name, name)
			       : error_hint(err, "nat-gateway delete %s", eip->associated->name);
	}
	eip_detach(m, eip);
	return 0;
}

static const struct word target_words[] = {
	{ "nat-gateway", NOUN_NAT_GATEWAY }, { "ecs", NOUN_ECS }, { "eni", NOUN_ENI }, { 0 }
};
/* A NAT gateway gets its EIP when it is made. */
static const struct word aws_target_words[] = { { "instance", NOUN_ECS },
						{ "eni", NOUN_ENI },
						{ 0 } };

#define TARGET(words_, ...)                                                                  \
	{                                                                                    \
		.name = "resource", .kind = ARGUMENT_TYPED, .flags = PARAMETER_REQUIRED,     \
		.words = words_, .help = "what it is for", IN(struct eip_association, with), \
		__VA_ARGS__                                                                  \
	}

#define KEY_OWN_IP                                                                   \
	{                                                                            \
		PARAMETER("private-ip", ADDRESS, PARAMETER_KEY,                      \
			  "which address of the ENI; its primary one if not given"), \
			IN(struct eip_association, private_ip)                       \
	}
#define CREATE_KEYS                                                                               \
	NEW_NAME,                                                                                 \
		{ PARAMETER("ip", ADDRESS, PARAMETER_KEY,                                         \
			    "this public address, not the next free one"),                        \
		  IN(struct eip, ip) },                                                           \
	{                                                                                         \
		PARAMETER("dns", WORDS, PARAMETER_KEY, "more names it is known by in the nodes"), \
			IN_BOTH(struct eip, dns, n_dns)                                           \
	}
#define KEY_BANDWIDTH(...)                                            \
	{                                                             \
		PARAMETER("bandwidth", NUMBER, PARAMETER_KEY,         \
			  "Mbit/s, each way; no limit if not given"), \
			.min = 1, .max = BANDWIDTH_MAX, __VA_ARGS__   \
	}
enum { BANDWIDTH_MAX = 10000 };

const struct command eip_rows[] = {
	{
		.words = "eip create",
		.parameter = { CREATE_KEYS, KEY_BANDWIDTH(IN(struct eip, bandwidth)) },
		.summary = "allocate a public address",
		.example = "eip create EIP1 bandwidth 10",
		.providers = FOR_ALIBABA,
		CHANGES(struct eip, eip_create),
	},
	{
		.words = "eip create",
		.parameter = { CREATE_KEYS },
		.summary = "allocate a public address",
		.example = "eip create EIP1",
		.providers = FOR_AWS,
		CHANGES(struct eip, eip_create),
	},
	{
		.words = "eip set",
		.parameter = { COPY_OF(NOUN_EIP, struct eip_change, wanted),
			       KEY_BANDWIDTH(IN(struct eip_change, wanted.bandwidth),
					     GIVEN(struct eip_change, bandwidth_given)),
			       { PARAMETER("unlimited", WORD, PARAMETER_FLAG,
					   "as if made without a bandwidth"),
				 IN(struct eip_change, unlimited) } },
		.summary = "change an EIP's bandwidth",
		.example = "eip set EIP1 bandwidth 20",
		.providers = FOR_ALIBABA,
		CHANGES(struct eip_change, eip_set),
	},
	{
		.words = "eip associate",
		.parameter = { NAME_OF(NOUN_EIP),
			       TARGET(target_words, .not_found = "InvalidInstanId.NotFound"),
			       KEY_OWN_IP,
			       { KEY_CHOICE(
					 "mode", eip_mode_words,
					 "binded: cut-through, the ENI has it as its own; nat if "
					 "not given"),
				 IN(struct eip_association, mode) } },
		.summary = "bind an EIP to a resource",
		.example = "eip associate EIP1 nat-gateway NAT1",
		.providers = FOR_ALIBABA,
		CHANGES(struct eip_association, eip_associate),
	},
	{
		.words = "eip disassociate",
		.parameter = { NAME_OF(NOUN_EIP),
			       { PARAMETER("force", WORD, PARAMETER_FLAG,
					   "even while SNAT or DNAT entries use it"),
				 IN(struct disassociation, force) } },
		.summary = "unbind an EIP",
		.example = "eip disassociate EIP1",
		.providers = FOR_ALIBABA,
		CHANGES(struct disassociation, eip_disassociate),
	},
	{
		.words = "eip associate",
		.parameter = { NAME_OF(NOUN_EIP), TARGET(aws_target_words, .code = NULL),
			       KEY_OWN_IP },
		.summary = "bind an EIP to an instance or ENI",
		.example = "eip associate EIP1 instance I1",
		.providers = FOR_AWS,
		CHANGES(struct eip_association, aws_eip_associate),
	},
	{
		.words = "eip disassociate",
		.parameter = { NAME_OF(NOUN_EIP) },
		.summary = "unbind an EIP",
		.example = "eip disassociate EIP1",
		.providers = FOR_AWS,
		CHANGES(struct subject, aws_eip_disassociate),
	},
	{ DELETE("eip", NOUN_EIP, eip_delete, "release an unbound EIP", "EIP1") },
	{ SHOW("eip", NOUN_EIP, "list EIPs", "ip bandwidth status associated mode private_ip dns",
	       "ip status associated private_ip dns") },
	{ .words = NULL },
};
