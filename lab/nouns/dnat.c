/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

void dnat_forget_target(struct model *m, const struct eni *eni)
{
	model_each_user(m, NOUN_DNAT, eni, struct dnat, dnat) {
		/* In the cloud an entry is for an address from the beginning, whoever has it. */
		dnat->target = NULL;
		model_touch(m);
	}
}

struct dnat_request {
	struct dnat *current; /* set: the entry that changes */
	struct dnat dnat;     /* what is wanted; set: a copy of the current one at first */
	struct port_range public_port, private_port;
};

/*
 * Read the ports for a protocol that is settled. dnat holds the former ones (0: none), which stay
 * where nothing is said. Any takes no ports; ranges are of equal length. cloud-semantics: dnat-2
 */
static int take_ports(const struct dnat_request *request, struct dnat *dnat, struct error *err)
{
	const bool public = request->public_port.first, private = request->private_port.first;

	if (dnat->protocol == PROTOCOL_ALL) {
		if (public || private) {
			error_refuse(err,
				     public ? "InvalidExternalPort.Malformed"
					    : "InvalidInternalPort.Malformed",
				     public ? "public-port" : "private-port",
				     "protocol any means every port, so none is named");
			return error_hint(err, "leave %s out, or say protocol tcp or udp",
					  public ? "public-port" : "private-port");
		}
		dnat->public_first = dnat->public_last = dnat->private_first = dnat->private_last =
			0;
		return 0;
	}
	if (!public && !dnat->public_first) {
		error_refuse(err, "MissingParameter", "public-port", "public-port is missing");
		return error_hint(err, "public-port P, or protocol any for all ports");
	}
	if (public) {
		dnat->public_first = request->public_port.first;
		dnat->public_last = request->public_port.last;
	}
	if (private || !dnat->private_first) {
		const struct port_range ports = private ? request->private_port
							: request->public_port;

		dnat->private_first = ports.first;
		dnat->private_last = ports.last;
	}
	if (dnat->public_last - dnat->public_first == dnat->private_last - dnat->private_first)
		return 0;
	error_refuse(err, "InvalidInternalPort.Malformed", "private-port",
		     "%d public port%s cannot lead to %d private port%s",
		     dnat->public_last - dnat->public_first + 1,
		     plural(dnat->public_last - dnat->public_first + 1u),
		     dnat->private_last - dnat->private_first + 1,
		     plural(dnat->private_last - dnat->private_first + 1u));
	return error_hint(err, "private-port %u-%u", dnat->public_first, dnat->public_last);
}

static int check_target(const struct model *m, const struct dnat *dnat, struct error *err)
{
	const struct vpc *vpc = dnat->nat_gateway->vpc;
	const struct eni *holder;
	char cidr[PREFIXES_TEXT_SIZE], address[ADDRESS_TEXT_SIZE];
	int r;

	/* cloud-semantics: dnat-7 */
	prefixes_format(&vpc->cidr, cidr);
	if (!vpc_cidr_of(vpc, dnat->target_ip) ||
	    (dnat->target && dnat->target->vswitch->vpc != vpc)) {
		error_refuse(err, "Forbidden.InternalIpOutOfVpcCIDR", "to",
			     "%s is not in %s (%s), the VPC of %s",
			     dnat->target ? dnat->target->resource.name
					  : address_format(dnat->target_ip, address),
			     vpc->resource.name, cidr, dnat->nat_gateway->resource.name);
		return error_hint(err,
				  "to is an ECS, an ENI or an address of %s; ecs show lists them",
				  vpc->resource.name);
	}
	holder = model_eni_by_ip(m, vpc, dnat->target_ip);
	/* cloud-semantics: dnat-6 */
	if (!holder || !m->profile->own_ip_excludes_nat ||
	    !eni_public_ip_of(holder, dnat->target_ip))
		return 0;
	r = error_refuse(err, "Forbindden", "to",
			 "%s has a public address of its own, so no DNAT entry can lead to it",
			 holder->resource.name);
	if (eni_eip(holder, dnat->target_ip))
		error_hint(err, "eip disassociate %s",
			   eni_eip(holder, dnat->target_ip)->resource.name);
	return r;
}

static int check_eip(const struct dnat *dnat, struct error *err)
{
	const struct nat_gateway *nat = dnat->nat_gateway;
	const char *name = dnat->eip->resource.name;
	int r;

	/* cloud-semantics: op-20 */
	if (dnat->eip->associated == &nat->resource)
		return 0;
	r = error_refuse(err, "InvalidIp.NotInNatgw", eip_key(dnat->eip),
			 "%s is not associated with %s", name, nat->resource.name);
	eip_hint_associate(dnat->eip, nat, err);
	return r;
}

static bool ranges_meet(uint16_t a_first, uint16_t a_last, uint16_t b_first, uint16_t b_last)
{
	return a_first <= b_last && b_first <= a_last;
}

/*
 * External address, port and protocol are unique, and so are the internal ones; an any-port EIP
 * serves nothing else. No code is documented; Forbidden.Already.Bounded is the likeliest.
 * cloud-semantics: dnat-1, dnat-3, op-21
 */
static int check_against(const struct dnat *dnat, const struct dnat *other, struct error *err)
{
	bool any = dnat->protocol == PROTOCOL_ALL, other_any = other->protocol == PROTOCOL_ALL;
	const char *code = "Forbidden.Already.Bounded", *other_name = other->resource.name;
	char ip[ADDRESS_TEXT_SIZE];

	if (other->eip == dnat->eip) {
		if (other_any) {
			error_refuse(err, code, eip_key(dnat->eip),
				     "the any-port DNAT entry %s has %s for itself", other_name,
				     dnat->eip->resource.name);
			return error_hint(err,
					  "dnat delete %s, or take another one: %s create NAME",
					  other_name, eip_key(dnat->eip));
		}
		if (any) {
			error_refuse(
				err, code, eip_key(dnat->eip),
				"%s is in use by the DNAT entry %s, so it cannot serve any port",
				dnat->eip->resource.name, other_name);
			return error_hint(err,
					  "dnat delete %s, or take another one: %s create NAME",
					  other_name, eip_key(dnat->eip));
		}
		if (other->protocol == dnat->protocol &&
		    ranges_meet(dnat->public_first, dnat->public_last, other->public_first,
				other->public_last)) {
			error_refuse(err, code, "public-port",
				     "the DNAT entry %s has that public port of %s already",
				     other_name, dnat->eip->resource.name);
			return error_hint(err,
					  "choose another public-port or EIP, or: dnat delete %s",
					  other_name);
		}
	}
	if (other->nat_gateway != dnat->nat_gateway || other->target_ip != dnat->target_ip ||
	    other->protocol != dnat->protocol)
		return 0;
	address_format(dnat->target_ip, ip);
	if (any) {
		error_refuse(err, code, "to", "the DNAT entry %s leads every port to %s already",
			     other_name, ip);
		return error_hint(err, "dnat delete %s", other_name);
	}
	if (ranges_meet(dnat->private_first, dnat->private_last, other->private_first,
			other->private_last)) {
		error_refuse(err, code, "private-port",
			     "the DNAT entry %s leads to that private port of %s already",
			     other_name, ip);
		return error_hint(err, "choose another private-port, or: dnat delete %s",
				  other_name);
	}
	return 0;
}

/* current: the entry that the new one takes the place of, or NULL. */
static int check_entry(const struct model *m, const struct dnat *dnat, const struct dnat *current,
		       struct error *err)
{
	const struct snat *snat = model_user(m, NOUN_SNAT, dnat->eip, NULL);
	unsigned count = 0;
	int r;

	/* An EIP is never shared with SNAT on standard gateways, nor with any port.
	 * cloud-semantics: snat-12 */
	if (snat && (dnat->nat_gateway->type == NAT_STANDARD || dnat->protocol == PROTOCOL_ALL)) {
		error_refuse(err, "Forbidden.ExternalIp.UsedInSnatTable", eip_key(dnat->eip),
			     "the SNAT entry %s uses %s, and %s", snat->resource.name,
			     dnat->eip->resource.name,
			     dnat->protocol == PROTOCOL_ALL
				     ? "an any-port DNAT entry shares its EIP with nothing"
				     : "on a standard NAT gateway no EIP is in both");
		return eip_hint_another(dnat->nat_gateway, err);
	}
	/*
	 * Today such an entry has to ask for it, since those ports serve SNAT. (It may also cut
	 * SNAT sessions; here the kernel keeps them, and SNAT takes another port.) There is no code
	 * of its own for it. cloud-semantics: dnat-5, pnat-4
	 */
	if (snat && m->profile->port_break && dnat->public_last > 1024 && !dnat->port_break) {
		error_refuse(err, "Forbidden.ExternalIp.UsedInSnatTable", "public-port",
			     "the SNAT entry %s uses %s, whose ports above 1024 are SNAT's",
			     snat->resource.name, dnat->eip->resource.name);
		return error_hint(err, "port-break on");
	}
	model_each(m, NOUN_DNAT, const struct dnat, other) {
		if (other == current)
			continue;
		r = check_against(dnat, other, err);
		if (r < 0)
			return r;
		count += other->nat_gateway == dnat->nat_gateway;
	}
	/* cloud-semantics: nat-9 */
	if (count >= m->profile->dnat_per_gateway) {
		error_refuse(err, "QuotaExceeded", "nat-gateway",
			     "%s has its %u DNAT entries already", dnat->nat_gateway->resource.name,
			     count);
		return error_hint(
			err, "dnat show, then dnat delete one, or another gateway: nat-gateway "
			     "create NAME");
	}
	return 0;
}

static int dnat_create(struct model *m, void *request, struct error *err)
{
	struct dnat *dnat = &((struct dnat_request *)request)->dnat;
	int r = check_eip(dnat, err);

	if (r == 0)
		r = take_ports(request, dnat, err);
	if (r == 0)
		r = check_target(m, dnat, err);
	if (r == 0)
		r = check_entry(m, dnat, NULL, err);
	if (r < 0)
		return r;
	model_make(m, NOUN_DNAT, dnat);
	return 0;
}

static int dnat_set(struct model *m, void *request, struct error *err)
{
	struct dnat *current = ((struct dnat_request *)request)->current;
	struct dnat *dnat = &((struct dnat_request *)request)->dnat;
	int r = check_eip(dnat, err);

	if (r == 0)
		r = take_ports(request, dnat, err);
	if (r == 0 && dnat->target_ip != current->target_ip)
		r = check_target(m, dnat, err);
	if (r == 0)
		r = check_entry(m, dnat, current, err);
	if (r < 0)
		return r;
	*current = *dnat;
	model_touch(m);
	return 0;
}

static void dnat_describe(const struct model *m, const void *resource, void *request)
{
	const struct dnat *dnat = resource;
	struct dnat_request *wanted = request;

	(void)m;
	wanted->dnat = *dnat;
	wanted->public_port = (struct port_range){ dnat->public_first, dnat->public_last };
	wanted->private_port = (struct port_range){ dnat->private_first, dnat->private_last };
}

static int dnat_delete(struct model *m, void *request, struct error *err)
{
	(void)err;
	model_remove(m, ((struct subject *)request)->resource);
	return 0;
}

/* The keys that create and set share; required at creation. A set command's name stands in
 * `current`, a new one in the entry itself. */
#define DNAT(member_) IN(struct dnat_request, dnat.member_)
#define KEYS(flags_, port_break_)                                                          \
	{ KEY_OF("eip", NOUN_EIP, flags_, "the public address"),                           \
	  .not_found = "InvalidExternalIp.NotFound", DNAT(eip) },                          \
		{ KEY_OR_NAT_IP(REFERENCE, "InvalidExternalIp.NotFound",                   \
				"of a VPC NAT gateway, its NAT IP instead"),               \
		  DNAT(eip) },                                                             \
		{ .name = "protocol",                                                      \
		  .kind = ARGUMENT_CHOICE,                                                 \
		  .flags = PARAMETER_KEY | (flags_),                                       \
		  .words = dnat_protocol_words,                                            \
		  .help = "any is every port and protocol",                                \
		  .code = "InvalidProtocal.ValueNotSupported",                             \
		  DNAT(protocol) },                                                        \
		{ .name = "public-port",                                                   \
		  .kind = ARGUMENT_PORT,                                                   \
		  .flags = PARAMETER_KEY,                                                  \
		  .code = "InvalidExternalPort.Malformed",                                 \
		  .help = "port or range on the EIP; none with any, which is all",         \
		  IN_BOTH(struct dnat_request, public_port.first, public_port.last) },     \
		{ .name = "to",                                                            \
		  .kind = ARGUMENT_TARGET,                                                 \
		  .flags = PARAMETER_KEY | (flags_),                                       \
		  .nouns = NOUNS(NOUN_ECS) | NOUNS(NOUN_ENI),                              \
		  .help = "ECS, ENI or private address behind it",                         \
		  .code = "InvalidInternalIp.Malformed",                                   \
		  .not_found = "InvalidInternalIp.Malformed", /* cloud-semantics: op-20 */ \
		  IN_BOTH(struct dnat_request, dnat.target, dnat.target_ip) },             \
		{ .name = "private-port",                                                  \
		  .kind = ARGUMENT_PORT,                                                   \
		  .flags = PARAMETER_KEY,                                                  \
		  .code = "InvalidInternalPort.Malformed",                                 \
		  .help = "port or range there; the public one if not given",              \
		  IN_BOTH(struct dnat_request, private_port.first, private_port.last) },   \
	{                                                                                  \
		KEY_SWITCH("port-break",                                                   \
			   "share the EIP with SNAT above port 1024, too" port_break_),    \
			DNAT(port_break)                                                   \
	}

const struct command dnat_rows[] = {
	{
		.words = "dnat create",
		.parameter = { { PARAMETER("name", NEW_NAME, PARAMETER_REQUIRED,
					   "name of the new resource"),
				 DNAT(resource.name) },
			       { KEY_OF("nat-gateway", NOUN_NAT_GATEWAY, PARAMETER_REQUIRED,
					"the gateway that translates"),
				 .not_found = "InvalidForwardTableId.NotFound", DNAT(nat_gateway) },
			       KEYS(PARAMETER_REQUIRED, "; off if not given") },
		.summary = "forward ports of an EIP to a host",
		.example = "dnat create dnat1 nat-gateway NAT2 eip EIP2 protocol tcp public-port "
			   "80 to ECS2 private-port 80",
		.describe = dnat_describe,
		CHANGES(struct dnat_request, dnat_create),
	},
	{
		.words = "dnat set",
		.parameter = { COPY_OF(NOUN_DNAT, struct dnat_request, dnat), KEYS(0, "") },
		.summary = "change a DNAT entry",
		.example = "dnat set dnat1 public-port 8080",
		CHANGES(struct dnat_request, dnat_set),
	},
	{ DELETE("dnat", NOUN_DNAT, dnat_delete, "remove a DNAT entry", "dnat1") | COMMAND_TRIED },
	{ SHOW("dnat", NOUN_DNAT, "list DNAT entries",
	       "nat_gateway eip nat_ip protocol public_port to private_port private_ip port_break "
	       "status") },
	{ .words = NULL },
};
