/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

static size_t eip_place(const struct snat *snat, const struct eip *eip)
{
	size_t i = 0;

	while (i < snat->n_eip && snat->eip[i] != eip)
		i++;
	return i;
}

void snat_leave_eip(struct model *m, struct eip *eip)
{
	struct snat *snat;

	while ((snat = model_user(m, NOUN_SNAT, eip, NULL))) {
		size_t i = eip_place(snat, eip);

		ARRAY_REMOVE(snat->eip, snat->n_eip, i);
		if (snat->n_eip == 0)
			model_remove(m, &snat->resource);
	}
	model_touch(m);
}

void snat_forget_source(struct model *m, const struct resource *source)
{
	model_each_user(m, NOUN_SNAT, source, struct snat, snat) {
		/* In the cloud such an entry was a /32 CIDR from the beginning, and it stays one.
		 */
		snat->source_type = SNAT_SOURCE_CIDR;
		snat->source = NULL;
		model_touch(m);
	}
}

struct snat_request {
	struct snat snat; /* what is wanted */
	struct typed source;
};

/* Take an instance's own address as source, which was refused in 2021 if it has a public
 * address. cloud-semantics: snat-10 */
static int take_interface(const struct model *m, const struct eni *eni, const struct vpc **ret_vpc,
			  struct snat *snat, struct error *err)
{
	int r;

	snat->cidr = HOST_PREFIX(eni->ip);
	*ret_vpc = eni->vswitch->vpc;
	if (!m->profile->own_ip_excludes_nat || !eni_public_ip(eni))
		return 0;
	r = error_refuse(err, "Forbindden", "source",
			 "%s has a public address of its own, which it uses before any SNAT entry",
			 eni->resource.name);
	if (eni->eip)
		error_hint(err, "eip disassociate %s", eni->eip->resource.name);
	else
		error_hint(err, "ecs convert-public-ip %s eip NAME, then: eip disassociate NAME",
			   eni->resource.name);
	return r;
}

/*
 * Settle whose addresses are translated. Any CIDR may be named, even one over an instance with a
 * public address: it does nothing for that one, as a vSwitch entry does.
 * cloud-semantics: snat-1, snat-10
 */
static int take_source(const struct model *m, const struct typed *source, struct snat *snat,
		       struct error *err)
{
	const struct vpc *vpc = NULL;
	int r = 0;

	snat->source = source->resource;
	snat->cidr = source->prefix;
	if (!snat->source) {
		snat->source_type = SNAT_SOURCE_CIDR;
		return 0;
	}
	if (snat->source->noun == NOUN_VPC) {
		snat->source_type = SNAT_SOURCE_VPC;
		vpc = (const struct vpc *)snat->source;
		snat->cidr = vpc->cidr.item[0];
	} else if (snat->source->noun == NOUN_VSWITCH) {
		snat->source_type = SNAT_SOURCE_VSWITCH;
		vpc = ((const struct vswitch *)snat->source)->vpc;
		snat->cidr = ((const struct vswitch *)snat->source)->cidr;
	} else if (snat->source->noun == NOUN_ECS) {
		snat->source_type = SNAT_SOURCE_ECS;
		r = take_interface(m, ((const struct ecs *)snat->source)->eni[0], &vpc, snat, err);
	} else {
		snat->source_type = SNAT_SOURCE_ENI;
		r = take_interface(m, (const struct eni *)snat->source, &vpc, snat, err);
	}
	/* Sources are of the gateway's VPC; the code for a foreign one is the likeliest.
	 * cloud-semantics: snat-1 */
	if (vpc != snat->nat_gateway->vpc) {
		error_refuse(err,
			     snat->source_type == SNAT_SOURCE_VSWITCH ? "InvalidVSwitchId.NotFound"
								      : "INVALID_PARAMETER",
			     "source", "%s is not in %s, the VPC of %s", snat->source->name,
			     snat->nat_gateway->vpc->resource.name,
			     snat->nat_gateway->resource.name);
		return error_hint(err, "a source is in the VPC of its gateway; nat-gateway show %s",
				  snat->nat_gateway->resource.name);
	}
	return r;
}

/* A source stands once in a gateway's SNAT table; overlaps are fine, and the longest mask wins.
 * cloud-semantics: snat-4, snat-5, q-c */
static int check_source(const struct model *m, const struct snat *snat, struct error *err)
{
	unsigned count = 0;
	char cidr[PREFIX_TEXT_SIZE];

	model_each_user(m, NOUN_SNAT, snat->nat_gateway, const struct snat, other) {
		count++;
		if (prefix_equal(other->cidr, snat->cidr)) {
			error_refuse(err,
				     snat->source_type == SNAT_SOURCE_VSWITCH
					     ? "Forbidden.SourceVSwitchId.Duplicated"
					     : "OperationUnsupported.CidrConflict",
				     "source", "%s has an entry for %s already: %s",
				     snat->nat_gateway->resource.name,
				     prefix_format(snat->cidr, cidr), other->resource.name);
			return error_hint(err, "snat set %s eip EIP[,EIP]..., or: snat delete %s",
					  other->resource.name, other->resource.name);
		}
	}
	/* cloud-semantics: nat-9, op-18 */
	if (count >= m->profile->snat_per_gateway) {
		error_refuse(err, "Forbidden.SnatEntryCountLimited", "nat-gateway",
			     "%s has its %u SNAT entries already", snat->nat_gateway->resource.name,
			     count);
		return error_hint(
			err, "snat show, then snat delete one, or one entry for all: source vpc %s",
			snat->nat_gateway->vpc->resource.name);
	}
	return 0;
}

static int check_eip(const struct model *m, const struct nat_gateway *nat, const struct eip *eip,
		     struct error *err)
{
	const char *key = eip_key(eip);
	const struct dnat *dnat;
	int r;

	/* cloud-semantics: snat-9 */
	if (eip->associated != &nat->resource) {
		r = error_refuse(err, "InvalidSnatIp.NotFound", key, "%s is not associated with %s",
				 eip->resource.name, nat->resource.name);
		eip_hint_associate(eip, nat, err);
		return r;
	}
	dnat = model_user(m, NOUN_DNAT, eip, NULL);
	/* An EIP is never shared with DNAT on standard gateways, nor with an any-port entry.
	 * cloud-semantics: snat-12 */
	if (!dnat || (nat->type != NAT_STANDARD && dnat->protocol != PROTOCOL_ALL))
		return 0;
	if (nat->type == NAT_STANDARD) {
		error_refuse(err, "Forbidden.IpUsedInForwardTable", "eip",
			     "the DNAT entry %s uses %s, and on a standard NAT gateway no EIP is "
			     "in both",
			     dnat->resource.name, eip->resource.name);
		return eip_hint_another(nat, err);
	}
	error_refuse(err, "Forbidden.IpUsedInForwardTable", key,
		     "the any-port DNAT entry %s has %s for itself", dnat->resource.name,
		     eip->resource.name);
	return eip_hint_another(nat, err);
}

/* Each bound to the gateway, none twice. */
static int check_eips(const struct model *m, const struct snat *snat, struct error *err)
{
	for (size_t i = 0; i < snat->n_eip; i++) {
		int r = check_eip(m, snat->nat_gateway, snat->eip[i], err);

		if (r < 0)
			return r;
		if (eip_place(snat, snat->eip[i]) == i)
			continue;
		error_refuse(err, "InvalidSnatIp.Malformed", eip_key(snat->eip[i]),
			     "%s is named twice", snat->eip[i]->resource.name);
		return error_hint(err, "name it once");
	}
	return 0;
}

static int snat_create(struct model *m, void *request, struct error *err)
{
	struct snat_request *wanted = request;
	struct snat *snat = &wanted->snat;
	int r = take_source(m, &wanted->source, snat, err);

	if (r == 0)
		r = check_source(m, snat, err);
	if (r == 0)
		r = check_eips(m, snat, err);
	if (r < 0)
		return r;
	snat->eip = xmemdup(snat->eip, snat->n_eip * sizeof(*snat->eip));
	model_make(m, NOUN_SNAT, snat);
	return 0;
}

static void snat_describe(const struct model *m, const void *resource, void *request)
{
	const struct snat *snat = resource;
	struct snat_request *wanted = request;

	(void)m;
	wanted->snat = *snat;
	wanted->source.type = snat->source ? (int)snat->source->noun : TYPED_CIDR;
	wanted->source.resource = snat->source;
	wanted->source.prefix = snat->cidr;
}

struct snat_change {
	struct snat *snat;
	struct snat wanted;
};

static int snat_set(struct model *m, void *request, struct error *err)
{
	struct snat *snat = ((struct snat_change *)request)->snat;
	struct snat *wanted = &((struct snat_change *)request)->wanted;

	if (wanted->eip != snat->eip) {
		if (check_eips(m, wanted, err) < 0)
			return -EINVAL;
		free(snat->eip);
		wanted->eip = xmemdup(wanted->eip, wanted->n_eip * sizeof(*wanted->eip));
	}
	*snat = *wanted;
	model_touch(m);
	return 0;
}

static int snat_delete(struct model *m, void *request, struct error *err)
{
	(void)err;
	model_remove(m, ((struct subject *)request)->resource);
	return 0;
}

static const struct word source_words[] = {
	{ "vswitch", NOUN_VSWITCH }, { "ecs", NOUN_ECS }, { "eni", NOUN_ENI },
	{ "cidr", TYPED_CIDR },      { "vpc", NOUN_VPC }, { 0 },
};

#define KEY_EIPS(type_, eip_, n_eip_, flags_, help_)                                     \
	{ .name = "eip",                                                                 \
	  .kind = ARGUMENT_REFERENCES,                                                   \
	  .flags = PARAMETER_KEY | (flags_),                                             \
	  .nouns = NOUNS(NOUN_EIP),                                                      \
	  .not_found = "InvalidSnatIp.NotFound",                                         \
	  .help = (help_),                                                               \
	  .limit = offsetof(struct profile, eips_per_snat),                              \
	  .too_many = "SNAT_IP_POOL_COUNT_TOO_MANY" /* cloud-semantics: nat-9, op-18 */, \
	  IN_BOTH(type_, eip_, n_eip_) },                                                \
	{                                                                                \
		KEY_OR_NAT_IP(REFERENCES, "InvalidSnatIp.NotFound",                      \
			      "of a VPC NAT gateway, its NAT IPs instead"),              \
			IN_BOTH(type_, eip_, n_eip_)                                     \
	}
/* EipAffinity is off if nothing is said. cloud-semantics: snat-6 */
#define KEY_AFFINITY(help_) \
	KEY_SWITCH("affinity", "of several EIPs one and the same to a destination" help_)

const struct command snat_rows[] = {
	{
		.words = "snat create",
		.parameter = { NEW_NAME,
			       { KEY_OF("nat-gateway", NOUN_NAT_GATEWAY, PARAMETER_REQUIRED,
					"the gateway that translates"),
				 .not_found = "InvalidSnatTableId.NotFound",
				 IN(struct snat, nat_gateway) },
			       { PARAMETER("source", TYPED, PARAMETER_KEY | PARAMETER_REQUIRED,
					   "whose packets"),
				 .words = source_words, .code = "INVALID_PARAMETER",
				 IN(struct snat_request, source) },
			       KEY_EIPS(struct snat, eip, n_eip, PARAMETER_REQUIRED,
					"the public addresses they leave with"),
			       { KEY_AFFINITY("; off if not given"), IN(struct snat, affinity) } },
		.summary = "let private addresses out through EIPs",
		.example = "snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1",
		.describe = snat_describe,
		CHANGES(struct snat_request, snat_create),
	},
	{
		.words = "snat set",
		.parameter = { COPY_OF(NOUN_SNAT, struct snat_change, wanted),
			       KEY_EIPS(struct snat_change, wanted.eip, wanted.n_eip, 0,
					"the EIPs it is to use from now on"),
			       { KEY_AFFINITY(""), IN(struct snat_change, wanted.affinity) } },
		.summary = "change the EIPs of an SNAT entry, or how they are chosen",
		.example = "snat set snat1 eip EIP1,EIP2",
		CHANGES(struct snat_change, snat_set),
	},
	{ DELETE("snat", NOUN_SNAT, snat_delete, "remove an SNAT entry", "snat1") | COMMAND_TRIED },
	{ SHOW("snat", NOUN_SNAT, "list SNAT entries",
	       "nat_gateway source cidr eip nat_ip affinity status") },
	{ .words = NULL },
};
