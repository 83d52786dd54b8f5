/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>

#include "core/base/memory.h"
#include "lab/model/system_route.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/*
 * What a VPC NAT gateway translates to: NAT IPs, in NAT CIDRs. One of each comes with the gateway,
 * the CIDR of its vSwitch and its own address in it. Of these actions no list of codes is to be
 * had: they are the likeliest ones. cloud-semantics: pnat-2, pnat-3, pnat-9
 */

static const struct nat_gateway *gateway_of(const struct eip *nat_ip)
{
	return (const struct nat_gateway *)nat_ip->associated;
}

struct eip *nat_ip_default(const struct model *m, const struct nat_gateway *nat)
{
	return model_user(m, NOUN_NAT_IP, nat, NULL);
}

struct eip *nat_ip_make(struct model *m, struct nat_gateway *nat, const char *name, uint32_t ip)
{
	struct eip wanted = { .ip = ip, .associated = &nat->resource };
	struct eip *nat_ip;

	wanted.resource.name = (char *)(uintptr_t)name;
	nat_ip = model_make(m, NOUN_NAT_IP, &wanted);
	model_hold(m, nat->vpc, ip, &nat_ip->resource);
	return nat_ip;
}

void nat_ip_remove(struct model *m, struct eip *nat_ip)
{
	pool_release_private(m, gateway_of(nat_ip)->vswitch, nat_ip->ip);
	model_remove(m, &nat_ip->resource);
}

int nat_ip_check_gateway(const struct nat_gateway *nat, const char *key, struct error *err)
{
	if (nat->type == NAT_INTRANET)
		return 0;
	error_refuse(err, "InvalidNatGatewayId.NotFound", key,
		     "%s is no VPC NAT gateway, and translates to EIPs", nat->resource.name);
	return error_hint(err, "nat-gateway create NAME vpc %s vswitch VSWITCH type intranet",
			  nat->vpc->resource.name);
}

/* Which NAT CIDR of the gateway holds all of that; NULL: none does. */
static const struct prefix *cidr_over(const struct nat_gateway *nat, struct prefix prefix)
{
	for (size_t i = 0; i < nat->nat_cidr.n_item; i++)
		if (prefix_covers(nat->nat_cidr.item[i], prefix))
			return &nat->nat_cidr.item[i];
	return prefix_covers(nat->vswitch->cidr, prefix) ? &nat->vswitch->cidr : NULL;
}

struct nat_ip_request {
	struct eip nat_ip;
	struct prefix cidr; /* which it is to be of */
	bool cidr_given;
};

/* Of a block that is no vSwitch's nothing is reserved but, as in every network, both its ends. */
static int choose_in_block(const struct model *m, const struct nat_gateway *nat, struct prefix cidr,
			   uint32_t wanted, uint32_t *ret_ip, struct error *err)
{
	const uint32_t ends = cidr.length < 31 ? 1 : 0;
	const uint32_t first = cidr.address + ends, last = prefix_last(cidr) - ends;
	const struct resource *holder;
	char address[ADDRESS_TEXT_SIZE], text[PREFIX_TEXT_SIZE];
	uint32_t ip = wanted ? wanted : first;

	while (!wanted && ip < last && model_holder(m, nat->vpc, ip))
		ip++;
	holder = model_holder(m, nat->vpc, ip);
	*ret_ip = ip;
	if (!holder && ip >= first && ip <= last)
		return 0;
	if (!wanted) {
		error_refuse(err, "ZONE_NO_AVAILABLE_IP", "cidr", "all addresses of %s are in use",
			     prefix_format(cidr, text));
		return error_hint(err, "nat-gateway associate %s cidr CIDR", nat->resource.name);
	}
	address_format(ip, address);
	if (holder)
		error_refuse(err, "InvalidPrivateIpAddress.Duplicated", "ip", "%s is in use by %s",
			     address, holder->name);
	else
		error_refuse(err, "InvalidPrivateIpAddress.Malformed", "ip",
			     "%s is no host's address of %s", address, prefix_format(cidr, text));
	return error_hint(err, "leave ip out to get a free address");
}

static int choose_address(struct model *m, struct nat_ip_request *wanted, struct error *err)
{
	const struct nat_gateway *nat = gateway_of(&wanted->nat_ip);
	uint32_t *ip = &wanted->nat_ip.ip;
	const struct prefix *cidr = wanted->cidr_given ? cidr_over(nat, wanted->cidr)
				    : *ip              ? cidr_over(nat, HOST_PREFIX(*ip))
						       : &nat->vswitch->cidr;
	char text[PREFIX_TEXT_SIZE];

	if (!cidr || (wanted->cidr_given && !prefix_equal(*cidr, wanted->cidr))) {
		error_refuse(
			err, "ResourceNotFound.NatIpCidr", wanted->cidr_given ? "cidr" : "ip",
			"%s is no NAT CIDR of %s",
			prefix_format(wanted->cidr_given ? wanted->cidr : HOST_PREFIX(*ip), text),
			nat->resource.name);
		return error_hint(err, "nat-gateway associate %s cidr CIDR, or: cidr %s",
				  nat->resource.name, prefix_format(nat->vswitch->cidr, text));
	}
	if (cidr == &nat->vswitch->cidr)
		return pool_choose_private(m, nat->vswitch, *ip, "ZONE_NO_AVAILABLE_IP", ip, err);
	return choose_in_block(m, nat, *cidr, *ip, ip, err);
}

static int nat_ip_create(struct model *m, void *request, struct error *err)
{
	struct nat_ip_request *wanted = request;
	struct nat_gateway *nat = (struct nat_gateway *)wanted->nat_ip.associated;
	const unsigned limit = m->profile->nat_ips_per_gateway;

	if (nat_ip_check_gateway(nat, "nat-gateway", err) < 0 || choose_address(m, wanted, err) < 0)
		return -EINVAL;
	/* cloud-semantics: pnat-8 */
	if (model_count_users(m, NOUN_NAT_IP, nat) >= limit) {
		error_refuse(err, "QuotaExceeded.NatIp", "nat-gateway",
			     "%s has its %u NAT IPs already", nat->resource.name, limit);
		return error_hint(err, "nat-ip delete one of them, or another gateway");
	}
	nat_ip_make(m, nat, wanted->nat_ip.resource.name, wanted->nat_ip.ip);
	return 0;
}

static void nat_ip_describe(const struct model *m, const void *resource, void *request)
{
	struct nat_ip_request *wanted = request;
	const struct prefix *cidr;

	(void)m;
	wanted->nat_ip = *(const struct eip *)resource;
	cidr = cidr_over(gateway_of(&wanted->nat_ip), HOST_PREFIX(wanted->nat_ip.ip));
	if (cidr)
		wanted->cidr = *cidr;
}

static int nat_ip_delete(struct model *m, void *request, struct error *err)
{
	static const struct {
		enum noun noun;
		const char *code;
	} order[] = { { NOUN_SNAT, "DependencyViolation.SnatEntry" },
		      { NOUN_DNAT, "DependencyViolation.ForwardEntry" } };
	struct eip *nat_ip = ((struct subject *)request)->resource;
	const char *name = nat_ip->resource.name;

	if (nat_ip == nat_ip_default(m, gateway_of(nat_ip))) {
		error_refuse(err, "IncorrectStatus.NatIp", NULL,
			     "%s is the default NAT IP of %s, which stays", name,
			     nat_ip->associated->name);
		return error_hint(err, "nat-gateway delete %s", nat_ip->associated->name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		const struct resource *user = model_user(m, order[i].noun, nat_ip, NULL);

		if (!user)
			continue;
		error_refuse(err, order[i].code, NULL, "the %s %s uses %s",
			     model_noun_title(m, user->noun), user->name, name);
		return error_hint(err, "%s delete %s", model_noun_word(m, user->noun), user->name);
	}
	nat_ip_remove(m, nat_ip);
	return 0;
}

/* ---- NAT CIDRs ---- */

struct nat_cidr_request {
	struct nat_gateway *nat;
	struct prefix cidr;
};

static int refuse_cidr(const struct nat_cidr_request *wanted, const char *why, const char *whose,
		       struct error *err)
{
	char text[PREFIX_TEXT_SIZE];

	error_refuse(err, "InvalidParameter.NatIpCidr", "cidr", "%s %s%s",
		     prefix_format(wanted->cidr, text), why, whose);
	return error_hint(err, "a /16 to /32 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, apart "
			       "from the VPC's CIDRs, or of a user CIDR of the VPC");
}

/* cloud-semantics: pnat-3 */
static int check_cidr(const struct nat_cidr_request *wanted, struct error *err)
{
	const struct nat_gateway *nat = wanted->nat;
	const struct vpc *vpc = nat->vpc;
	bool allowed = false;

	for (size_t i = 0; i < private_ranges.n_item; i++)
		allowed |= prefix_covers(private_ranges.item[i], wanted->cidr);
	for (size_t i = 0; i < vpc->user_cidr.n_item; i++)
		allowed |= prefix_covers(vpc->user_cidr.item[i], wanted->cidr);
	if (!allowed)
		return refuse_cidr(wanted, "is neither private nor a user CIDR of ",
				   vpc->resource.name, err);
	if (wanted->cidr.length < 16)
		return refuse_cidr(wanted, "is too large for ", "a NAT CIDR", err);
	for (size_t i = 0; i < vpc->cidr.n_item; i++)
		if (prefix_overlaps(vpc->cidr.item[i], wanted->cidr))
			return refuse_cidr(wanted, "overlaps a CIDR of ", vpc->resource.name, err);
	for (size_t i = 0; i < nat->nat_cidr.n_item; i++)
		if (prefix_overlaps(nat->nat_cidr.item[i], wanted->cidr))
			return refuse_cidr(wanted, "overlaps a NAT CIDR of ", nat->resource.name,
					   err);
	return 0;
}

static int nat_cidr_associate(struct model *m, void *request, struct error *err)
{
	const struct nat_cidr_request *wanted = request;
	struct prefixes *cidr = &wanted->nat->nat_cidr;

	if (nat_ip_check_gateway(wanted->nat, NULL, err) < 0 || check_cidr(wanted, err) < 0)
		return -EINVAL;
	if (cidr->n_item == PREFIXES_MAX) {
		error_refuse(err, "QuotaExceeded.NatIpCidr", "cidr", "%s has its %d NAT CIDRs",
			     wanted->nat->resource.name, PREFIXES_MAX);
		return error_hint(err, "nat-gateway disassociate %s cidr CIDR",
				  wanted->nat->resource.name);
	}
	cidr->item[cidr->n_item++] = wanted->cidr;
	model_touch(m);
	return 0;
}

static int nat_cidr_disassociate(struct model *m, void *request, struct error *err)
{
	const struct nat_cidr_request *wanted = request;
	const char *name = wanted->nat->resource.name;
	struct prefixes *cidr = &wanted->nat->nat_cidr;
	char text[PREFIX_TEXT_SIZE];
	size_t at = 0;

	while (at < cidr->n_item && !prefix_equal(cidr->item[at], wanted->cidr))
		at++;
	prefix_format(wanted->cidr, text);
	if (at == cidr->n_item) {
		error_refuse(err, "ResourceNotFound.NatIpCidr", "cidr",
			     "%s has no NAT CIDR %s of its own", name, text);
		return error_hint(err, "nat-gateway show %s", name);
	}
	model_each_user(m, NOUN_NAT_IP, wanted->nat, const struct eip, nat_ip) {
		if (!prefix_contains(wanted->cidr, nat_ip->ip))
			continue;
		error_refuse(err, "DependencyViolation.NatIp", "cidr", "the NAT IP %s is in %s",
			     nat_ip->resource.name, text);
		return error_hint(err, "nat-ip delete %s", nat_ip->resource.name);
	}
	for (cidr->n_item--; at < cidr->n_item; at++)
		cidr->item[at] = cidr->item[at + 1];
	model_touch(m);
	return 0;
}

#define KEY_CIDR(type_, flags_, help_, ...)                                                \
	{                                                                                  \
		PARAMETER("cidr", CIDR, PARAMETER_KEY | (flags_), help_),                  \
			.code = "InvalidParameter.NatIpCidr", IN(type_, cidr), __VA_ARGS__ \
	}

const struct command nat_ip_rows[] = {
	{
		.words = "nat-gateway associate",
		.parameter = { NAME_OF(NOUN_NAT_GATEWAY),
			       KEY_CIDR(struct nat_cidr_request, PARAMETER_REQUIRED,
					"addresses outside of the VPC's; a route has to lead to "
					"it") },
		.summary = "give a VPC NAT gateway a NAT CIDR of its own",
		.example = "nat-gateway associate NAT1 cidr 10.200.0.0/24",
		CHANGES(struct nat_cidr_request, nat_cidr_associate),
	},
	{
		.words = "nat-gateway disassociate",
		.parameter = { NAME_OF(NOUN_NAT_GATEWAY),
			       KEY_CIDR(struct nat_cidr_request, PARAMETER_REQUIRED,
					"one of its own, without any NAT IP") },
		.summary = "take a NAT CIDR from a VPC NAT gateway",
		.example = "nat-gateway disassociate NAT1 cidr 10.200.0.0/24",
		CHANGES(struct nat_cidr_request, nat_cidr_disassociate),
	},
	{
		.words = "nat-ip create",
		.parameter = { NEW_NAME,
			       { KEY_OF("nat-gateway", NOUN_NAT_GATEWAY, PARAMETER_REQUIRED,
					"the VPC NAT gateway whose address it is to be"),
				 IN(struct nat_ip_request, nat_ip.associated) },
			       { PARAMETER("ip", ADDRESS, PARAMETER_KEY,
					   "this address, not the next free one"),
				 .code = "InvalidPrivateIpAddress.Malformed",
				 IN(struct nat_ip_request, nat_ip.ip) },
			       KEY_CIDR(
				       struct nat_ip_request, 0,
				       "which NAT CIDR; that of the gateway's vSwitch if not given",
				       GIVEN(struct nat_ip_request, cidr_given)) },
		.summary = "give a VPC NAT gateway one more address to translate to",
		.example = "nat-ip create NIP1 nat-gateway NAT1",
		.describe = nat_ip_describe,
		CHANGES(struct nat_ip_request, nat_ip_create),
	},
	{ DELETE("nat-ip", NOUN_NAT_IP, nat_ip_delete, "remove a NAT IP", "NIP1") },
	{ SHOW("nat-ip", NOUN_NAT_IP, "list NAT IPs", "nat_gateway ip cidr status") },
	{ .words = NULL },
};
