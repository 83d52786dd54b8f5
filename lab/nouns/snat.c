/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

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

	while ((snat = snat_with_eip(m, eip))) {
		size_t i = eip_place(snat, eip);

		ARRAY_REMOVE(snat->eip, snat->n_eip, i);
		if (snat->n_eip == 0)
			model_remove(m, &snat->resource);
	}
	model_touch(m);
}

void snat_remove_all(struct model *m, const struct nat_gateway *nat)
{
	struct snat *snat;

	while ((snat = snat_of_gateway(m, nat)))
		model_remove(m, &snat->resource);
}

void snat_forget_source(struct model *m, const struct resource *source)
{
	for (size_t i = 0; i < model_count(m, NOUN_SNAT); i++) {
		struct snat *snat = model_get(m, NOUN_SNAT, i);

		if (snat->source != source)
			continue;
		/* In the cloud such an entry was a /32 CIDR from the beginning, and it stays one.
		 */
		snat->source_type = SNAT_SOURCE_CIDR;
		snat->source = NULL;
		model_touch(m);
	}
}

/* Whose addresses are translated, looked up but not checked against the gateway; indexed by enum
 * snat_source. */
static const struct source_kind {
	const char *word;
	enum noun noun;
	const char *code;
} sources[] = {
	[SNAT_SOURCE_VPC] = { "vpc", NOUN_VPC, "InvalidVpcId.NotFound" },
	[SNAT_SOURCE_VSWITCH] = { "vswitch", NOUN_VSWITCH, "InvalidVSwitchId.NotFound" },
	[SNAT_SOURCE_ECS] = { "ecs", NOUN_ECS, "InvalidInstanceId.NotFound" },
	[SNAT_SOURCE_ENI] = { "eni", NOUN_ENI, "InvalidEniId.NotFound" },
	[SNAT_SOURCE_CIDR] = { "cidr", NOUN_COUNT, NULL },
};

/* An instance's own address as source. cloud-semantics 4: refused in 2021 if it has a public
 * address of its own. */
static int parse_interface(const struct model *m, const struct eni *eni, const struct vpc **ret_vpc,
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

static int parse_resource(const struct model *m, const char *name, struct snat *snat,
			  struct error *err)
{
	const struct source_kind *kind = &sources[snat->source_type];
	const struct vpc *vpc = NULL;
	int r = rule_find_coded(m, kind->noun, name, kind->code, "source", &snat->source, err);

	if (r < 0)
		return r;
	if (snat->source_type == SNAT_SOURCE_VPC) {
		vpc = (const struct vpc *)snat->source;
		snat->cidr = vpc->cidr;
	} else if (snat->source_type == SNAT_SOURCE_VSWITCH) {
		vpc = ((const struct vswitch *)snat->source)->vpc;
		snat->cidr = ((const struct vswitch *)snat->source)->cidr;
	} else if (snat->source_type == SNAT_SOURCE_ECS) {
		r = parse_interface(m, ((const struct ecs *)snat->source)->eni[0], &vpc, snat, err);
	} else {
		r = parse_interface(m, (const struct eni *)snat->source, &vpc, snat, err);
	}
	/* cloud-semantics 4: sources are of the gateway's VPC; the code for a foreign one is the
	 * likeliest. */
	if (vpc != snat->nat_gateway->vpc) {
		error_refuse(err,
			     snat->source_type == SNAT_SOURCE_VSWITCH ? "InvalidVSwitchId.NotFound"
								      : "INVALID_PARAMETER",
			     "source", "%s is not in %s, the VPC of %s", name,
			     snat->nat_gateway->vpc->resource.name,
			     snat->nat_gateway->resource.name);
		error_hint(err, "a source is in the VPC of its gateway; nat-gateway show %s",
			   snat->nat_gateway->resource.name);
		return -EINVAL;
	}
	return r;
}

static int parse_source(const struct model *m, const char *type, const char *source,
			struct snat *snat, struct error *err)
{
	unsigned choice = 0;
	int r = rule_given(type, "source", err);

	if (r < 0)
		return r;
	while (choice < ARRAY_SIZE(sources) && strcmp(sources[choice].word, type) != 0)
		choice++;
	if (choice == ARRAY_SIZE(sources)) {
		error_refuse(err, "INVALID_PARAMETER", "source",
			     "a source is a vpc, vswitch, ecs, eni or cidr, not a %.64s", type);
		error_hint(err, "source vswitch NAME");
		return -EINVAL;
	}
	snat->source_type = (enum snat_source)choice;
	/*
	 * Any CIDR may be named (cloud-semantics 4: custom CIDR), also one over an instance with a
	 * public address: it just does nothing for that one, as a vSwitch entry does nothing for
	 * it.
	 */
	if (snat->source_type == SNAT_SOURCE_CIDR)
		return rule_prefix(source, true, "INVALID_PARAMETER", "source", &snat->cidr, err);
	return parse_resource(m, source, snat, err);
}

/* cloud-semantics 4: the identical source once in a gateway's SNAT table; overlaps are fine, the
 * longest mask wins. */
static int check_source(const struct model *m, const struct snat *snat, struct error *err)
{
	unsigned count = 0;
	char cidr[PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < model_count(m, NOUN_SNAT); i++) {
		const struct snat *other = model_get(m, NOUN_SNAT, i);

		if (other->nat_gateway != snat->nat_gateway)
			continue;
		count++;
		if (prefix_equal(other->cidr, snat->cidr)) {
			error_refuse(err,
				     snat->source_type == SNAT_SOURCE_VSWITCH
					     ? "Forbidden.SourceVSwitchId.Duplicated"
					     : "OperationUnsupported.CidrConflict",
				     "source", "%s has an entry for %s already: %s",
				     snat->nat_gateway->resource.name,
				     prefix_format(snat->cidr, cidr), other->resource.name);
			error_hint(err, "snat set %s eip EIP[,EIP]..., or: snat delete %s",
				   other->resource.name, other->resource.name);
			return -EINVAL;
		}
	}
	/* cloud-semantics 3: natgw_quota_snat_entry_num */
	if (count >= m->profile->snat_per_gateway) {
		error_refuse(err, "Forbidden.SnatEntryCountLimited", "nat-gateway",
			     "%s has its %u SNAT entries already", snat->nat_gateway->resource.name,
			     count);
		error_hint(err,
			   "snat show, then snat delete one, or one entry for all: source vpc %s",
			   snat->nat_gateway->vpc->resource.name);
		return -EINVAL;
	}
	return 0;
}

static int check_eip(const struct model *m, const struct nat_gateway *nat, const struct eip *eip,
		     struct error *err)
{
	const struct dnat *dnat;
	int r;

	/* cloud-semantics 4: TF; must be bound to the gateway */
	if (eip->associated != &nat->resource) {
		r = error_refuse(err, "InvalidSnatIp.NotFound", "eip",
				 "%s is not associated with %s", eip->resource.name,
				 nat->resource.name);
		if (eip->associated)
			error_hint(err, "it is associated with %s; first: eip disassociate %s",
				   eip->associated->name, eip->resource.name);
		else
			error_hint(err, "eip associate %s nat-gateway %s", eip->resource.name,
				   nat->resource.name);
		return r;
	}
	dnat = dnat_with_eip(m, eip);
	/* cloud-semantics 4: sharing with DNAT never on standard gateways, and never with an
	 * any-port entry. */
	if (!dnat || (nat->type == NAT_ENHANCED && dnat->protocol != PROTOCOL_ALL))
		return 0;
	if (nat->type == NAT_STANDARD) {
		error_refuse(err, "Forbidden.IpUsedInForwardTable", "eip",
			     "the DNAT entry %s uses %s, and on a standard NAT gateway no EIP is "
			     "in both",
			     dnat->resource.name, eip->resource.name);
		error_hint(err, "eip create NAME, then: eip associate NAME nat-gateway %s",
			   dnat->nat_gateway->resource.name);
		return -EINVAL;
	}
	error_refuse(err, "Forbidden.IpUsedInForwardTable", "eip",
		     "the any-port DNAT entry %s has %s for itself", dnat->resource.name,
		     eip->resource.name);
	error_hint(err, "eip create NAME, then: eip associate NAME nat-gateway %s",
		   dnat->nat_gateway->resource.name);
	return -EINVAL;
}

/* Looks up the EIPs of an entry; the caller frees the array. */
static int parse_eips(const struct model *m, const struct nat_gateway *nat, struct names eips,
		      struct eip ***ret_eip, struct error *err)
{
	struct eip **eip;
	int r = 0;

	if (eips.n_name == 0)
		return rule_given(NULL, "eip", err);
	/* cloud-semantics 3: a fixed limit */
	if (eips.n_name > m->profile->eips_per_snat) {
		error_refuse(err, "SNAT_IP_POOL_COUNT_TOO_MANY", "eip",
			     "an SNAT entry takes %u EIPs at most, not %zu",
			     m->profile->eips_per_snat, eips.n_name);
		error_hint(err, "name fewer");
		return -EINVAL;
	}
	eip = xalloc(eips.n_name * sizeof(*eip));
	for (size_t i = 0; r == 0 && i < eips.n_name; i++) {
		r = rule_find_coded(m, NOUN_EIP, eips.name[i], "InvalidSnatIp.NotFound", "eip",
				    &eip[i], err);
		if (r == 0)
			r = check_eip(m, nat, eip[i], err);
		for (size_t k = 0; r == 0 && k < i; k++)
			if (eip[k] == eip[i]) {
				r = error_refuse(err, "InvalidSnatIp.Malformed", "eip",
						 "%s is named twice", eips.name[i]);
				error_hint(err, "name it once");
			}
	}
	if (r < 0) {
		free(eip);
		return r;
	}
	*ret_eip = eip;
	return 0;
}

/* cloud-semantics 4: EipAffinity, off if nothing is said. */
static int parse_affinity(const char *word, struct snat *snat, struct error *err)
{
	static const char *const words[] = { "off", "on", NULL };
	unsigned choice = 0;
	int r = rule_choice(word, words, snat->affinity, "InvalidParameter", "affinity", &choice,
			    err);

	if (r == 0)
		snat->affinity = choice == 1;
	return r;
}

int snat_create(struct model *m, const char *name, const char *nat_gateway, const char *source_type,
		const char *source, struct names eips, const char *affinity, struct error *err)
{
	struct snat wanted = { 0 }, *snat;
	int r;

	r = model_check_new_name(m, NOUN_SNAT, name, err);
	if (r == 0)
		r = rule_find_coded(m, NOUN_NAT_GATEWAY, nat_gateway, "InvalidSnatTableId.NotFound",
				    "nat-gateway", &wanted.nat_gateway, err);
	if (r == 0)
		r = parse_source(m, source_type, source, &wanted, err);
	if (r == 0)
		r = check_source(m, &wanted, err);
	if (r == 0)
		r = parse_affinity(affinity, &wanted, err);
	if (r == 0)
		r = parse_eips(m, wanted.nat_gateway, eips, &wanted.eip, err);
	if (r < 0)
		return r;
	wanted.n_eip = eips.n_name;

	snat = xnew(struct snat);
	*snat = wanted;
	model_add(m, &snat->resource, NOUN_SNAT, name);
	return 0;
}

int snat_set(struct model *m, const char *name, struct names eips, const char *affinity,
	     struct error *err)
{
	struct snat *snat, wanted;
	int r;

	r = rule_find(m, NOUN_SNAT, name, NULL, &snat, err);
	if (r < 0)
		return r;
	if (eips.n_name == 0 && !affinity) {
		error_refuse(err, "MissingParameter", "eip", "nothing to set: eip or affinity");
		error_hint(err, "help snat set");
		return -EINVAL;
	}
	wanted = *snat;
	r = parse_affinity(affinity, &wanted, err);
	if (r == 0 && eips.n_name)
		r = parse_eips(m, snat->nat_gateway, eips, &wanted.eip, err);
	if (r < 0)
		return r;
	if (eips.n_name) {
		free(snat->eip);
		wanted.n_eip = eips.n_name;
	}
	*snat = wanted;
	model_touch(m);
	return 0;
}

int snat_delete(struct model *m, const char *name, struct error *err)
{
	struct snat *snat;
	int r;

	r = rule_find(m, NOUN_SNAT, name, NULL, &snat, err);
	if (r < 0)
		return r;
	model_remove(m, &snat->resource);
	return 0;
}
