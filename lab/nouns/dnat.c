/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

void dnat_leave_eip(struct model *m, struct eip *eip)
{
	struct dnat *dnat;

	while ((dnat = dnat_with_eip(m, eip)))
		model_remove(m, &dnat->resource);
}

void dnat_remove_all(struct model *m, const struct nat_gateway *nat)
{
	struct dnat *dnat;

	while ((dnat = dnat_of_gateway(m, nat)))
		model_remove(m, &dnat->resource);
}

void dnat_forget_target(struct model *m, const struct eni *eni)
{
	for (size_t i = 0; i < model_count(m, NOUN_DNAT); i++) {
		struct dnat *dnat = model_get(m, NOUN_DNAT, i);

		if (dnat->target != eni)
			continue;
		/* In the cloud an entry is for an address from the beginning, whoever has it. */
		dnat->target = NULL;
		model_touch(m);
	}
}

static int parse_protocol(const char *word, struct dnat *dnat, struct error *err)
{
	static const char *const words[] = { "tcp", "udp", "any", NULL };
	static const enum protocol protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ALL };
	unsigned choice = 0;
	int r = rule_given(word, "protocol", err);

	if (r == 0)
		r = rule_choice(word, words, 0, "InvalidProtocal.ValueNotSupported", "protocol",
				&choice, err);
	if (r == 0)
		dnat->protocol = protocols[choice];
	return r;
}

/*
 * The ports for a protocol that has been settled. dnat holds those of before (0: none), which stay
 * where nothing is said. cloud-semantics 5: any takes no ports; ranges are of equal length.
 */
static int parse_ports(const struct dnat_options *options, struct dnat *dnat, struct error *err)
{
	int r;

	if (dnat->protocol == PROTOCOL_ALL) {
		if (options->public_port || options->private_port) {
			error_refuse(err,
				     options->public_port ? "InvalidExternalPort.Malformed"
							  : "InvalidInternalPort.Malformed",
				     options->public_port ? "public-port" : "private-port",
				     "protocol any means every port, so none is named");
			error_hint(err, "leave %s out, or say protocol tcp or udp",
				   options->public_port ? "public-port" : "private-port");
			return -EINVAL;
		}
		dnat->public_first = dnat->public_last = dnat->private_first = dnat->private_last =
			0;
		return 0;
	}
	if (!options->public_port && !dnat->public_first) {
		r = rule_given(NULL, "public-port", err);
		error_hint(err, "public-port P, or protocol any for all ports");
		return r;
	}
	if (options->public_port) {
		r = rule_ports(options->public_port, "InvalidExternalPort.Malformed", "public-port",
			       &dnat->public_first, &dnat->public_last, err);
		if (r < 0)
			return r;
	}
	if (options->private_port) {
		r = rule_ports(options->private_port, "InvalidInternalPort.Malformed",
			       "private-port", &dnat->private_first, &dnat->private_last, err);
		if (r < 0)
			return r;
	} else if (!dnat->private_first) {
		dnat->private_first = dnat->public_first;
		dnat->private_last = dnat->public_last;
	}
	if (dnat->public_last - dnat->public_first == dnat->private_last - dnat->private_first)
		return 0;
	error_refuse(err, "InvalidInternalPort.Malformed", "private-port",
		     "%d public port%s cannot lead to %d private port%s",
		     dnat->public_last - dnat->public_first + 1,
		     plural(dnat->public_last - dnat->public_first + 1u),
		     dnat->private_last - dnat->private_first + 1,
		     plural(dnat->private_last - dnat->private_first + 1u));
	error_hint(err, "private-port %u-%u", dnat->public_first, dnat->public_last);
	return -EINVAL;
}

/* Who is meant by "to": an address, or the interface of an ECS or ENI. */
static int find_target(const struct model *m, const char *word, struct dnat *dnat,
		       struct error *err)
{
	struct resource *resource;
	const char *near;
	uint32_t ip;
	int r = rule_given(word, "to", err);

	if (r < 0)
		return r;
	dnat->target = NULL;
	if (address_parse(word, &ip)) {
		dnat->target_ip = ip;
		return 0;
	}
	resource = model_find(m, word);
	if (resource && (resource->noun == NOUN_ECS || resource->noun == NOUN_ENI)) {
		dnat->target = resource->noun == NOUN_ECS ? ((struct ecs *)resource)->eni[0]
							  : (struct eni *)resource;
		dnat->target_ip = dnat->target->ip;
		return 0;
	}
	/* cloud-semantics 12: the only code that it has for a bad InternalIp */
	if (resource) {
		error_refuse(err, "InvalidInternalIp.Malformed", "to",
			     "%s is %s, not an ECS, an ENI or an address", word,
			     noun_a(resource->noun));
		error_hint(err, "to NAME, one of: ecs show, eni show");
		return -EINVAL;
	}
	r = error_refuse(err, "InvalidInternalIp.Malformed", "to",
			 "%.140s is no ECS, no ENI and no address", word);
	near = model_nearest(m, NOUNS(NOUN_ECS) | NOUNS(NOUN_ENI), word);
	if (near)
		error_hint(err, "did you mean %s?", near);
	return r;
}

static int parse_target(const struct model *m, const char *word, struct dnat *dnat,
			struct error *err)
{
	const struct vpc *vpc = dnat->nat_gateway->vpc;
	const struct eni *holder;
	char cidr[PREFIX_TEXT_SIZE];
	int r = find_target(m, word, dnat, err);

	if (r < 0)
		return r;
	/* cloud-semantics 5: SDKV:CreateForwardEntry */
	prefix_format(vpc->cidr, cidr);
	if (!prefix_contains(vpc->cidr, dnat->target_ip) ||
	    (dnat->target && dnat->target->vswitch->vpc != vpc)) {
		error_refuse(err, "Forbidden.InternalIpOutOfVpcCIDR", "to",
			     "%s is not in %s (%s), the VPC of %s", word, vpc->resource.name, cidr,
			     dnat->nat_gateway->resource.name);
		error_hint(err, "to is an ECS, an ENI or an address of %s; ecs show lists them",
			   vpc->resource.name);
		return -EINVAL;
	}
	holder = model_eni_by_ip(m, vpc, dnat->target_ip);
	/* cloud-semantics 5: refused in 2021, N:FAQ about DNAT */
	if (!holder || !m->profile->own_ip_excludes_nat || !eni_public_ip(holder))
		return 0;
	r = error_refuse(err, "Forbindden", "to",
			 "%s has a public address of its own, so no DNAT entry can lead to it",
			 holder->resource.name);
	if (holder->eip)
		error_hint(err, "eip disassociate %s", holder->eip->resource.name);
	return r;
}

static int parse_eip(const struct model *m, const char *name, struct dnat *dnat, struct error *err)
{
	const struct nat_gateway *nat = dnat->nat_gateway;
	int r = rule_find_coded(m, NOUN_EIP, name, "InvalidExternalIp.NotFound", "eip", &dnat->eip,
				err);

	/* cloud-semantics 12, DNAT create */
	if (r < 0 || dnat->eip->associated == &nat->resource)
		return r;
	r = error_refuse(err, "InvalidIp.NotInNatgw", "eip", "%s is not associated with %s", name,
			 nat->resource.name);
	if (dnat->eip->associated)
		error_hint(err, "it is associated with %s; first: eip disassociate %s",
			   dnat->eip->associated->name, name);
	else
		error_hint(err, "eip associate %s nat-gateway %s", name, nat->resource.name);
	return r;
}

static bool ranges_meet(uint16_t a_first, uint16_t a_last, uint16_t b_first, uint16_t b_last)
{
	return a_first <= b_last && b_first <= a_last;
}

/*
 * cloud-semantics 5: (ExternalIp, ExternalPort, IpProtocol) and (InternalIp, InternalPort,
 * IpProtocol) are unique, and an any-port EIP serves nothing else. Section 14: no code is
 * documented; Forbidden.Already.Bounded is the likeliest.
 */
static int check_against(const struct dnat *dnat, const struct dnat *other, struct error *err)
{
	bool any = dnat->protocol == PROTOCOL_ALL, other_any = other->protocol == PROTOCOL_ALL;
	const char *code = "Forbidden.Already.Bounded", *other_name = other->resource.name;
	char ip[ADDRESS_TEXT_SIZE];

	if (other->eip == dnat->eip) {
		if (other_any) {
			error_refuse(err, code, "eip",
				     "the any-port DNAT entry %s has %s for itself", other_name,
				     dnat->eip->resource.name);
			error_hint(err, "dnat delete %s, or take another EIP: eip create NAME",
				   other_name);
			return -EINVAL;
		}
		if (any) {
			error_refuse(
				err, code, "eip",
				"%s is in use by the DNAT entry %s, so it cannot serve any port",
				dnat->eip->resource.name, other_name);
			error_hint(err, "dnat delete %s, or take another EIP: eip create NAME",
				   other_name);
			return -EINVAL;
		}
		if (other->protocol == dnat->protocol &&
		    ranges_meet(dnat->public_first, dnat->public_last, other->public_first,
				other->public_last)) {
			error_refuse(err, code, "public-port",
				     "the DNAT entry %s has that public port of %s already",
				     other_name, dnat->eip->resource.name);
			error_hint(err, "choose another public-port or EIP, or: dnat delete %s",
				   other_name);
			return -EINVAL;
		}
	}
	if (other->nat_gateway != dnat->nat_gateway || other->target_ip != dnat->target_ip ||
	    other->protocol != dnat->protocol)
		return 0;
	address_format(dnat->target_ip, ip);
	if (any) {
		error_refuse(err, code, "to", "the DNAT entry %s leads every port to %s already",
			     other_name, ip);
		error_hint(err, "dnat delete %s", other_name);
		return -EINVAL;
	}
	if (ranges_meet(dnat->private_first, dnat->private_last, other->private_first,
			other->private_last)) {
		error_refuse(err, code, "private-port",
			     "the DNAT entry %s leads to that private port of %s already",
			     other_name, ip);
		error_hint(err, "choose another private-port, or: dnat delete %s", other_name);
		return -EINVAL;
	}
	return 0;
}

/* current: the entry that the new one takes the place of, or NULL. */
static int check_entry(const struct model *m, const struct dnat *dnat, const struct dnat *current,
		       struct error *err)
{
	const struct snat *snat = snat_with_eip(m, dnat->eip);
	unsigned count = 0;
	int r;

	/* cloud-semantics 5: sharing with SNAT never on standard gateways, and never with any port.
	 */
	if (snat && (dnat->nat_gateway->type == NAT_STANDARD || dnat->protocol == PROTOCOL_ALL)) {
		error_refuse(err, "Forbidden.ExternalIp.UsedInSnatTable", "eip",
			     "the SNAT entry %s uses %s, and %s", snat->resource.name,
			     dnat->eip->resource.name,
			     dnat->protocol == PROTOCOL_ALL
				     ? "an any-port DNAT entry shares its EIP with nothing"
				     : "on a standard NAT gateway no EIP is in both");
		error_hint(err, "eip create NAME, then: eip associate NAME nat-gateway %s",
			   dnat->nat_gateway->resource.name);
		return -EINVAL;
	}
	/*
	 * cloud-semantics 5, PortBreak: today such an entry has to ask for it, since those ports
	 * serve SNAT. (It may also cut SNAT sessions; here the kernel keeps them, and SNAT takes
	 * another port.) Section 12 has no code of its own for it.
	 */
	if (snat && m->profile->port_break && dnat->public_last > 1024 && !dnat->port_break) {
		r = error_refuse(err, "Forbidden.ExternalIp.UsedInSnatTable", "public-port",
				 "the SNAT entry %s uses %s, whose ports above 1024 are SNAT's",
				 snat->resource.name, dnat->eip->resource.name);
		error_hint(err, "port-break on");
		return r;
	}
	for (size_t i = 0; i < model_count(m, NOUN_DNAT); i++) {
		const struct dnat *other = model_get(m, NOUN_DNAT, i);

		if (other == current)
			continue;
		r = check_against(dnat, other, err);
		if (r < 0)
			return r;
		count += other->nat_gateway == dnat->nat_gateway;
	}
	/* cloud-semantics 3: natgw_quota_dnat_entry_num */
	if (count >= m->profile->dnat_per_gateway) {
		error_refuse(err, "QuotaExceeded", "nat-gateway",
			     "%s has its %u DNAT entries already", dnat->nat_gateway->resource.name,
			     count);
		error_hint(err, "dnat show, then dnat delete one, or another gateway: nat-gateway "
				"create NAME");
		return -EINVAL;
	}
	return 0;
}

static int parse_port_break(const char *word, struct dnat *dnat, struct error *err)
{
	static const char *const words[] = { "off", "on", NULL };
	unsigned choice = 0;
	int r = rule_choice(word, words, dnat->port_break, "InvalidParameter", "port-break",
			    &choice, err);

	if (r == 0)
		dnat->port_break = choice == 1;
	return r;
}

int dnat_create(struct model *m, const char *name, const struct dnat_options *options,
		struct error *err)
{
	struct dnat wanted = { 0 }, *dnat;
	int r;

	r = model_check_new_name(m, NOUN_DNAT, name, err);
	if (r == 0)
		r = rule_find_coded(m, NOUN_NAT_GATEWAY, options->nat_gateway,
				    "InvalidForwardTableId.NotFound", "nat-gateway",
				    &wanted.nat_gateway, err);
	if (r == 0)
		r = parse_eip(m, options->eip, &wanted, err);
	if (r == 0)
		r = parse_protocol(options->protocol, &wanted, err);
	if (r == 0)
		r = parse_ports(options, &wanted, err);
	if (r == 0)
		r = parse_port_break(options->port_break, &wanted, err);
	if (r == 0)
		r = parse_target(m, options->to, &wanted, err);
	if (r == 0)
		r = check_entry(m, &wanted, NULL, err);
	if (r < 0)
		return r;

	dnat = xnew(struct dnat);
	*dnat = wanted;
	model_add(m, &dnat->resource, NOUN_DNAT, name);
	return 0;
}

int dnat_set(struct model *m, const char *name, const struct dnat_options *options,
	     struct error *err)
{
	struct dnat *dnat, wanted;
	int r;

	r = rule_find(m, NOUN_DNAT, name, NULL, &dnat, err);
	if (r < 0)
		return r;
	if (!options->eip && !options->protocol && !options->public_port &&
	    !options->private_port && !options->to && !options->port_break) {
		error_refuse(err, "MissingParameter", NULL,
			     "nothing to set: eip, protocol, public-port, private-port, to or "
			     "port-break");
		error_hint(err, "help dnat set");
		return -EINVAL;
	}
	wanted = *dnat;
	if (options->eip)
		r = parse_eip(m, options->eip, &wanted, err);
	if (r == 0 && options->protocol)
		r = parse_protocol(options->protocol, &wanted, err);
	if (r == 0)
		r = parse_ports(options, &wanted, err);
	if (r == 0)
		r = parse_port_break(options->port_break, &wanted, err);
	if (r == 0 && options->to)
		r = parse_target(m, options->to, &wanted, err);
	if (r == 0)
		r = check_entry(m, &wanted, dnat, err);
	if (r < 0)
		return r;
	*dnat = wanted;
	model_touch(m);
	return 0;
}

int dnat_delete(struct model *m, const char *name, struct error *err)
{
	struct dnat *dnat;
	int r;

	r = rule_find(m, NOUN_DNAT, name, NULL, &dnat, err);
	if (r < 0)
		return r;
	model_remove(m, &dnat->resource);
	return 0;
}
