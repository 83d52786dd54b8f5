/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/model/words.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

struct nat_gateway_request {
	struct nat_gateway nat; /* what is wanted */
	struct eip *eip;        /* AWS */
	bool icmp_given, size_given;
};

/* What the API says of an address that is not there to be had. */
#define NO_ADDRESS     "ZONE_NO_AVAILABLE_IP"
#define AWS_NO_ADDRESS "InsufficientFreeAddressesInSubnet"

/* Each EIP takes an address of the gateway's vSwitch, which a standard one does not have; the
 * code is the likeliest. cloud-semantics: nat-14, op-14 */
static int check_settings(const struct nat_gateway *nat, struct error *err)
{
	/* Of an intranet one nothing is known but that it is paid by usage.
	 * cloud-semantics: pnat-7, pnat-8 */
	if (nat->type == NAT_INTRANET &&
	    (nat->bind_mode == BIND_NAT || nat->icmp_reply || nat->size != NAT_BY_USAGE)) {
		const char *key = nat->bind_mode == BIND_NAT ? "eip-bind-mode"
				  : nat->icmp_reply          ? "icmp-reply"
							     : "size";

		error_refuse(err, "InvalidParameter", key,
			     "a VPC NAT gateway has no EIPs, answers no ping and is paid by usage");
		return error_hint(err, "leave %s out", key);
	}
	if (nat->type != NAT_STANDARD || nat->bind_mode != BIND_NAT)
		return 0;
	error_refuse(err, "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode",
		     "a standard NAT gateway has no vSwitch whose addresses its EIPs could take");
	return error_hint(err,
			  "eip-bind-mode multi-binded, or an enhanced one: type enhanced vswitch "
			  "NAME");
}

/* An enhanced gateway needs a vSwitch of its VPC, a standard one has none.
 * cloud-semantics: nat-1 */
static int check_place(struct model *m, struct nat_gateway *nat, struct error *err)
{
	if (nat->type == NAT_STANDARD) {
		const char *key = nat->vswitch ? "vswitch" : "ip";

		if (!nat->vswitch && !nat->private_ip)
			return 0;
		error_refuse(err, "InvalidParameter", key,
			     "a standard NAT gateway stands in no vSwitch");
		return error_hint(err, "leave %s out, or: type enhanced", key);
	}
	if (!nat->vswitch) {
		error_refuse(err, "MissingParameter", "vswitch", "vswitch is missing");
		return error_hint(
			err,
			"an enhanced NAT gateway stands in a vSwitch of its VPC: vswitch NAME");
	}
	if (nat->vswitch->vpc != nat->vpc) {
		error_refuse(err, "OperationFailed.VswNotBelongToVpc", "vswitch",
			     "%s is in %s, not in %s", nat->vswitch->resource.name,
			     nat->vswitch->vpc->resource.name, nat->vpc->resource.name);
		return error_hint(err, "vswitch create NAME vpc %s", nat->vpc->resource.name);
	}
	return pool_choose_private(m, nat->vswitch, nat->private_ip, NO_ADDRESS, &nat->private_ip,
				   err);
}

static const struct route *custom_default_route(const struct model *m, const struct vpc *vpc)
{
	model_each(m, NOUN_ROUTE, const struct route, route)
		if (route->table->vpc == vpc && route->to.length == 0)
			return route;
	return NULL;
}

/* A standard one is the only one of its VPC; the code is as below. cloud-semantics: nat-1 */
static int check_alone(const struct model *m, const struct nat_gateway *nat, struct error *err)
{
	model_each_user(m, NOUN_NAT_GATEWAY, nat->vpc, const struct nat_gateway, other) {
		if ((other->type == NAT_STANDARD) == (nat->type == NAT_STANDARD))
			continue;
		error_refuse(err, "QuotaExceeded", "vpc",
			     "%s has the %s NAT gateway %s, and a standard one is the only one of "
			     "its VPC",
			     nat->vpc->resource.name, word_of(nat_type_words, (int)other->type),
			     other->resource.name);
		return error_hint(err, "nat-gateway delete %s, or: vpc create NAME",
				  other->resource.name);
	}
	return 0;
}

static int check_room(const struct model *m, const struct nat_gateway *nat, struct error *err)
{
	unsigned limit = nat->type == NAT_STANDARD ? m->profile->standard_per_vpc
						   : m->profile->enhanced_per_vpc;
	const struct route *route;
	unsigned count = 0;

	/* Standard ones are not sold any more; of the codes this is the likeliest.
	 * cloud-semantics: nat-1, nat-22 */
	if (nat->type == NAT_STANDARD && !m->profile->standard_on_sale) {
		error_refuse(err, "OperationFailed.NormalInventoryNotEnough", "type",
			     "standard NAT gateways are not sold any more");
		return error_hint(err, "type enhanced, or start the lab with: profile 2021");
	}
	/* The gateway's interface is made with a role that the account grants once.
	 * cloud-semantics: nat-19 */
	if (nat->type != NAT_STANDARD && m->authorization_required && !m->authorized) {
		error_refuse(err, "OperationFailed.EnhancedUserIsUnAuthorized", NULL,
			     "NAT gateways are not authorized to make their interfaces in this "
			     "account yet");
		return error_hint(err, "authorize nat-gateway");
	}
	/* The likeliest code again. cloud-semantics: addr-10 */
	if (nat->type == NAT_STANDARD && nat->vpc->internet_gateway) {
		error_refuse(err, "OperationDenied.VpcIpv4GatewayEnabled", "vpc",
			     "%s has an IPv4 gateway, so it takes no standard NAT gateway",
			     nat->vpc->resource.name);
		return error_hint(err, "type enhanced vswitch NAME eip-bind-mode nat");
	}
	/* The code is not listed; the plain one is the likeliest. cloud-semantics: nat-9 */
	model_each_user(m, NOUN_NAT_GATEWAY, nat->vpc, const struct nat_gateway, other)
		count += other->type == nat->type;
	if (count >= limit) {
		error_refuse(err, "QuotaExceeded", "vpc", "%s has its %u %s NAT gateway%s already",
			     nat->vpc->resource.name, limit,
			     word_of(nat_type_words, (int)nat->type), plural(limit));
		return error_hint(
			err, "nat-gateway show, then nat-gateway delete one, or: vpc create NAME");
	}
	/* It is forbidden to standard gateways only; the code is the likeliest.
	 * cloud-semantics: rt-18 */
	route = nat->type == NAT_STANDARD ? custom_default_route(m, nat->vpc) : NULL;
	if (route) {
		error_refuse(err, "InvalidVPCStatus", "vpc",
			     "%s has a custom route to 0.0.0.0/0 (%s), so it takes no standard NAT "
			     "gateway",
			     nat->vpc->resource.name, route->resource.name);
		return error_hint(err, "route delete %s", route->resource.name);
	}
	return check_alone(m, nat, err);
}

static int nat_gateway_create(struct model *m, void *request, struct error *err)
{
	struct nat_gateway_request *wanted = request;
	struct nat_gateway *nat = &wanted->nat;
	const bool intranet = nat->type == NAT_INTRANET;
	bool is_first = !intranet && !vpc_first_gateway(m, nat->vpc);
	int r;

	/* IcmpReplyEnabled defaults to true, but is newer than 2021. Without EipBindMode the API
	 * means MULTI_BINDED in both times. cloud-semantics: nat-14, nat-15, nat-16, op-11 */
	if (!wanted->icmp_given)
		nat->icmp_reply = m->profile->icmp_reply && !intranet;
	if (!wanted->size_given && (m->profile->paid_by_usage || intranet))
		nat->size = NAT_BY_USAGE;
	r = check_settings(nat, err);
	if (r == 0)
		r = check_place(m, nat, err);
	if (r == 0)
		r = check_room(m, nat, err);
	if (r < 0)
		return r;
	nat = model_make(m, NOUN_NAT_GATEWAY, nat);
	if (intranet) {
		auto_free char *name = xprintf("%s/default", nat->resource.name);

		nat_ip_make(m, nat, name, nat->private_ip);
	} else if (nat->private_ip) {
		model_hold(m, nat->vpc, nat->private_ip, &nat->resource);
	}
	/*
	 * The first Internet gateway of a VPC brings 0.0.0.0/0 into the system table, unless that
	 * has one. Custom tables never get it, and no later gateway brings it. It can be deleted
	 * like any custom route. cloud-semantics: rt-14, rt-15, rt-17, pnat-10
	 */
	if (is_first && !route_find(m, nat->vpc->system_table, DEFAULT_ROUTE))
		route_make_default(m, nat);
	return 0;
}

static void give_back_addresses(struct model *m, struct nat_gateway *nat)
{
	model_each_user(m, NOUN_EIP, nat, struct eip, eip) {
		if (!eip->private_ip)
			continue;
		pool_release_private(m, nat->vswitch, eip->private_ip);
		eip->private_ip = 0;
	}
}

/* One address of the vSwitch for each EIP of the gateway, or none at all. */
static int take_addresses(struct model *m, struct nat_gateway *nat, struct error *err)
{
	model_each_user(m, NOUN_EIP, nat, struct eip, eip) {
		int r = pool_choose_private(m, nat->vswitch, 0,
					    "OperationDenied.NoAvailablePrivateIp",
					    &eip->private_ip, err);

		if (r < 0) {
			snprintf(err->argument, sizeof(err->argument), "eip-bind-mode");
			give_back_addresses(m, nat);
			return r;
		}
		model_hold(m, nat->vpc, eip->private_ip, &eip->resource);
	}
	return 0;
}

/* The switch goes one way, and by oneself only with few EIPs; the code is the likeliest for
 * both. cloud-semantics: nat-14 */
static int check_bind_mode(const struct model *m, const struct nat_gateway *nat,
			   const struct nat_gateway *wanted, struct error *err)
{
	unsigned eips = model_count_users(m, NOUN_EIP, nat);

	if (nat->bind_mode == wanted->bind_mode)
		return 0;
	if (nat->bind_mode == BIND_NAT) {
		error_refuse(err, "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode",
			     "%s cannot go back: the switch to nat is one-way", nat->resource.name);
		return error_hint(err,
				  "delete it and make another one: nat-gateway create NAME vpc %s "
				  "eip-bind-mode multi-binded",
				  nat->vpc->resource.name);
	}
	if (eips > m->profile->eips_to_switch_bind_mode) {
		error_refuse(err, "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode",
			     "%s has %u EIPs; with more than %u the mode cannot be switched",
			     nat->resource.name, eips, m->profile->eips_to_switch_bind_mode);
		return error_hint(err, "eip disassociate some of them, then switch");
	}
	return 0;
}

struct nat_gateway_change {
	struct nat_gateway *nat;
	struct nat_gateway wanted;
	bool size_given;
};

static int nat_gateway_set(struct model *m, void *request, struct error *err)
{
	struct nat_gateway_change *change = request;
	struct nat_gateway *nat = change->nat, *wanted = &change->wanted;
	int r = check_settings(wanted, err);

	if (r < 0)
		return r;
	/* cloud-semantics: nat-22 */
	if (change->size_given && wanted->size == nat->size) {
		error_refuse(err, "NATGW_MODIFY_SPEC_SAME", "size", "%s is %s already",
			     nat->resource.name, word_of(nat_size_words, (int)nat->size));
		return error_hint(err, "nat-gateway show %s", nat->resource.name);
	}
	r = check_bind_mode(m, nat, wanted, err);
	if (r == 0 && wanted->bind_mode != nat->bind_mode)
		r = take_addresses(m, nat, err);
	if (r < 0)
		return r;
	*nat = *wanted;
	model_touch(m);
	return 0;
}

/* The order in which a gateway has to be emptied, with the codes.
 * cloud-semantics: nat-20, nat-21, op-12, pnat-9 */
static int check_unused(struct model *m, const struct nat_gateway *nat, struct error *err)
{
	static const struct {
		enum noun noun;
		const char *code, *verb;
	} order[] = {
		{ NOUN_SNAT, "DependencyViolation.SnatEntry", "delete" },
		{ NOUN_DNAT, "DependencyViolation.ForwardEntry", "delete" },
		{ NOUN_EIP, "DependencyViolation.EIPS", "disassociate" },
		{ NOUN_NAT_IP, "DependencyViolation.NatIp", "delete" },
	};
	char text[PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		const struct eip *first = order[i].noun == NOUN_NAT_IP ? nat_ip_default(m, nat)
								       : NULL;
		const struct resource *user = model_user(m, order[i].noun, nat, first);

		if (!user)
			continue;
		error_refuse(err, order[i].code, NULL, "%s still has the %s %s", nat->resource.name,
			     model_noun_title(m, user->noun), user->name);
		return error_hint(err, "%s %s %s, or: nat-gateway delete %s force",
				  model_noun_word(m, user->noun), order[i].verb, user->name,
				  nat->resource.name);
	}
	if (nat->nat_cidr.n_item) {
		prefix_format(nat->nat_cidr.item[0], text);
		error_refuse(err, "DependencyViolation.NatIpCidr", NULL,
			     "%s still has the NAT CIDR %s", nat->resource.name, text);
		return error_hint(err, "nat-gateway disassociate %s cidr %s", nat->resource.name,
				  text);
	}
	return route_leave(m, &nat->resource, err);
}

/* Force removes entries, unbinds EIPs and, in the console's words, removes routes. EIPs stay.
 * cloud-semantics: nat-20 */
static void clear(struct model *m, struct nat_gateway *nat)
{
	model_remove_users(m, NOUN_SNAT, nat);
	model_remove_users(m, NOUN_DNAT, nat);
	for (struct eip *eip; (eip = model_user(m, NOUN_EIP, nat, NULL));)
		eip_detach(m, eip);
	for (struct eip *nat_ip; (nat_ip = nat_ip_default(m, nat));)
		nat_ip_remove(m, nat_ip);
	model_remove_users(m, NOUN_ROUTE, nat);
}

struct nat_gateway_removal {
	struct nat_gateway *nat;
	bool force;
};

static int nat_gateway_delete(struct model *m, void *request, struct error *err)
{
	struct nat_gateway_removal *removal = request;
	struct nat_gateway *nat = removal->nat;
	const struct vpc *vpc = nat->vpc;

	if (!removal->force && check_unused(m, nat, err) < 0)
		return -EINVAL;
	clear(m, nat);
	if (nat->private_ip)
		pool_release_private(m, nat->vswitch, nat->private_ip);
	model_remove(m, &nat->resource);
	route_keep_default(m, vpc);
	return 0;
}

/* ---- AWS ---- */

#define IDLE_TIMEOUT     350 /* seconds; cloud-semantics: aws-6 */
#define IDLE_TIMEOUT_MAX 86400

/* Five for each availability zone. cloud-semantics: aws-10, addr-32 */
static int check_zone(const struct model *m, const struct nat_gateway *nat, struct error *err)
{
	unsigned count = 0;

	model_each(m, NOUN_NAT_GATEWAY, const struct nat_gateway, other)
		count += strcmp(other->vswitch->zone, nat->vswitch->zone) == 0;
	if (count >= m->profile->gateways_per_zone) {
		error_refuse(err, "NatGatewayLimitExceeded", "subnet",
			     "the zone %s has its %u NAT gateways already", nat->vswitch->zone,
			     count);
		return error_hint(err,
				  "take a subnet of another zone, or delete one: nat-gateway show");
	}
	return 0;
}

/*
 * CreateNatGateway: what EC2 says at once, and what it says a little later by the failure code of a
 * gateway that has come to nothing. A subnet without a route to the internet gateway is none of
 * these: then there is no Internet, that is all.
 */
static int check_public(const struct nat_gateway *nat, const struct eip *eip, struct error *err)
{
	if (!eip) {
		error_refuse(err, "MissingParameter", "eip", "eip is missing");
		return error_hint(err,
				  "a public NAT gateway has an EIP from its creation on: eip NAME; "
				  "or: type private");
	}
	if (eip->associated) {
		error_refuse(err, "Resource.AlreadyAssociated", "eip",
			     "%s is associated with %s already", eip->resource.name,
			     eip->associated->name);
		return error_hint(err, "eip create NAME");
	}
	if (!nat->vpc->internet_gateway) {
		error_refuse(err, "Gateway.NotAttached", "subnet",
			     "%s has no internet gateway attached", nat->vpc->resource.name);
		return error_hint(
			err,
			"internet-gateway create NAME, then: internet-gateway attach NAME vpc %s",
			nat->vpc->resource.name);
	}
	return 0;
}

static int aws_nat_gateway_create(struct model *m, void *request, struct error *err)
{
	struct nat_gateway_request *wanted = request;
	struct nat_gateway *nat = &wanted->nat;
	struct eip *eip = wanted->eip;
	int r = 0;

	nat->vpc = nat->vswitch->vpc;
	if (nat->type != NAT_PRIVATE)
		nat->type = NAT_PUBLIC;
	if (!nat->idle_timeout)
		nat->idle_timeout = IDLE_TIMEOUT;
	if (nat->type == NAT_PUBLIC) {
		r = check_public(nat, eip, err);
	} else if (eip) {
		r = error_refuse(err, "InvalidParameterCombination", "eip",
				 "a private NAT gateway has no EIP");
		error_hint(err, "leave eip out, or: type public");
	}
	if (r == 0)
		r = pool_choose_private(m, nat->vswitch, nat->private_ip, AWS_NO_ADDRESS,
					&nat->private_ip, err);
	if (r == 0)
		r = check_zone(m, nat, err);
	if (r < 0)
		return r;
	nat = model_make(m, NOUN_NAT_GATEWAY, nat);
	model_hold(m, nat->vpc, nat->private_ip, &nat->resource);
	if (eip)
		eip_attach(m, eip, &nat->resource);
	return 0;
}

static void aws_nat_gateway_describe(const struct model *m, const void *resource, void *request)
{
	struct nat_gateway_request *wanted = request;

	wanted->nat = *(const struct nat_gateway *)resource;
	model_each_user(m, NOUN_EIP, resource, struct eip, eip)
		if (!eip->private_ip)
			wanted->eip = eip;
}

struct secondary_request {
	struct nat_gateway *nat;
	struct eip *eip;
	uint32_t ip;
	bool drained;
};

static int check_secondary(const struct model *m, const struct nat_gateway *nat,
			   const struct eip *eip, struct error *err)
{
	const unsigned count = model_count_users(m, NOUN_EIP, nat);
	int r;

	/* A private gateway's secondary addresses are private ones, which the lab does not have. */
	if (nat->type == NAT_PRIVATE) {
		error_refuse(err, "InvalidParameter", "eip", "%s is private, and has no EIPs",
			     nat->resource.name);
		return error_hint(err, "nat-gateway create NAME subnet %s eip %s",
				  nat->vswitch->resource.name, eip->resource.name);
	}
	r = check_public(nat, eip, err);
	if (r < 0)
		return r;
	if (count >= m->profile->eips_per_gateway) {
		error_refuse(err, "NatGatewayAddressLimitExceeded", "eip",
			     "%s has its %u EIPs already", nat->resource.name, count);
		return error_hint(err, "nat-gateway create NAME subnet %s eip %s",
				  nat->vswitch->resource.name, eip->resource.name);
	}
	return 0;
}

/* One at a time drains, and meanwhile none comes. cloud-semantics: addr-22 */
static int check_drained(const struct model *m, const struct nat_gateway *nat, struct error *err)
{
	model_each_user(m, NOUN_EIP, nat, const struct eip, eip) {
		if (!eip->draining)
			continue;
		error_refuse(err, "IncorrectState", "eip", "%s is still draining from %s",
			     eip->resource.name, nat->resource.name);
		return error_hint(err, "nat-gateway disassociate %s eip %s drained",
				  nat->resource.name, eip->resource.name);
	}
	return 0;
}

/* AssociateNatGatewayAddress: another EIP, with a private address of the subnet.
 * cloud-semantics: addr-20, addr-21 */
static int aws_nat_gateway_associate(struct model *m, void *request, struct error *err)
{
	struct secondary_request *wanted = request;
	struct nat_gateway *nat = wanted->nat;
	int r = check_secondary(m, nat, wanted->eip, err);

	if (r == 0)
		r = check_drained(m, nat, err);
	if (r == 0)
		r = pool_choose_private(m, nat->vswitch, wanted->ip, AWS_NO_ADDRESS, &wanted->ip,
					err);
	if (r < 0)
		return r;
	eip_attach(m, wanted->eip, &nat->resource);
	wanted->eip->private_ip = wanted->ip;
	model_hold(m, nat->vpc, wanted->ip, &wanted->eip->resource);
	return 0;
}

/*
 * DisassociateNatGatewayAddress: new connections take the other addresses at once, old ones have
 * 350 seconds in the cloud. The model knows no time, so that the end of it is said.
 * cloud-semantics: addr-22
 */
static int aws_nat_gateway_disassociate(struct model *m, void *request, struct error *err)
{
	const struct secondary_request *wanted = request;
	struct eip *eip = wanted->eip;
	const char *name = eip->resource.name, *nat = wanted->nat->resource.name;

	if (eip->associated != &wanted->nat->resource) {
		error_refuse(err, "InvalidAssociationID.NotFound", "eip",
			     "%s is none of the addresses of %s", name, nat);
		return error_hint(err, "nat-gateway show %s", nat);
	}
	if (!eip->private_ip) {
		error_refuse(err, "InvalidParameter", "eip",
			     "%s is the primary address of %s, which stays", name, nat);
		return error_hint(err, "nat-gateway delete %s", nat);
	}
	if (!eip->draining && check_drained(m, wanted->nat, err) < 0)
		return -EINVAL;
	if (wanted->drained)
		eip_detach(m, eip);
	else
		eip->draining = true;
	model_touch(m);
	return 0;
}

/* DeleteNatGateway refuses nothing: the EIP becomes free and is not released, and routes stay as
 * blackholes. cloud-semantics: aws-10 */
static int aws_nat_gateway_delete(struct model *m, void *request, struct error *err)
{
	struct nat_gateway *nat = ((struct subject *)request)->resource;

	for (struct eip *eip; (eip = model_user(m, NOUN_EIP, nat, NULL));)
		eip_detach(m, eip);
	(void)route_leave(m, &nat->resource, err);
	pool_release_private(m, nat->vswitch, nat->private_ip);
	model_remove(m, &nat->resource);
	return 0;
}

#define KEY_SIZE(help_, ...)                                                           \
	{                                                                              \
		KEY_CHOICE("size", nat_size_words, "limit on SNAT connections" help_), \
			.code = "InvalidParameter.Spec.ValueNotSupported", __VA_ARGS__ \
	}
#define KEY_BIND_MODE(help_, ...)                                               \
	{                                                                       \
		KEY_CHOICE("eip-bind-mode", bind_mode_words,                    \
			   "how EIPs are bound, nat makes hairpin work" help_), \
			__VA_ARGS__                                             \
	}
#define KEY_ICMP(help_, ...)                                                              \
	{                                                                                 \
		KEY_SWITCH("icmp-reply", "does it answer ping on its EIPs itself" help_), \
			__VA_ARGS__                                                       \
	}
#define KEY_IP(...)                                                             \
	{                                                                       \
		.name = "ip", .kind = ARGUMENT_ADDRESS, .flags = PARAMETER_KEY, \
		.help = "its private address; the next free one if not given",  \
		IN(struct nat_gateway, private_ip), __VA_ARGS__                 \
	}

const struct command nat_gateway_rows[] = {
	{
		.words = "nat-gateway create",
		.parameter = { NEW_NAME,
			       { KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it serves"),
				 IN(struct nat_gateway, vpc) },
			       { KEY_OF("vswitch", NOUN_VSWITCH, 0,
					"where it has its private address; a standard one has "
					"none"),
				 IN(struct nat_gateway, vswitch) },
			       KEY_IP(.code = "InvalidPrivateIpAddress.Malformed"),
			       { KEY_CHOICE(
					 "type", nat_type_words,
					 "intranet translates between VPCs; enhanced if not given"),
				 IN(struct nat_gateway, type) },
			       KEY_SIZE("; small if not given, today pay-by-usage",
					IN(struct nat_gateway, size),
					GIVEN(struct nat_gateway_request, size_given)),
			       KEY_BIND_MODE("; multi-binded if not given",
					     IN(struct nat_gateway, bind_mode)),
			       KEY_ICMP("; off if not given, today on",
					IN(struct nat_gateway, icmp_reply),
					GIVEN(struct nat_gateway_request, icmp_given)) },
		.summary = "make a NAT gateway in a VPC",
		.example = "nat-gateway create NAT1 vpc VPC1 vswitch VSW1",
		.providers = FOR_ALIBABA,
		CHANGES(struct nat_gateway_request, nat_gateway_create),
	},
	{
		.words = "nat-gateway set",
		.parameter = { COPY_OF(NOUN_NAT_GATEWAY, struct nat_gateway_change, wanted),
			       KEY_SIZE("", IN(struct nat_gateway_change, wanted.size),
					GIVEN(struct nat_gateway_change, size_given)),
			       KEY_BIND_MODE("", IN(struct nat_gateway_change, wanted.bind_mode)),
			       KEY_ICMP("", IN(struct nat_gateway_change, wanted.icmp_reply)) },
		.summary = "change a NAT gateway's settings",
		.example = "nat-gateway set NAT1 eip-bind-mode nat",
		.providers = FOR_ALIBABA,
		CHANGES(struct nat_gateway_change, nat_gateway_set),
	},
	{
		.words = "nat-gateway delete",
		.parameter = { NAME_OF(NOUN_NAT_GATEWAY),
			       { PARAMETER("force", WORD, PARAMETER_FLAG,
					   "with its entries and routes; EIPs are unbound"),
				 IN(struct nat_gateway_removal, force) } },
		.summary = "remove a NAT gateway",
		.example = "nat-gateway delete NAT1 force",
		.providers = FOR_ALIBABA,
		CHANGES(struct nat_gateway_removal, nat_gateway_delete) | COMMAND_REMOVES,
	},
	{
		.words = "nat-gateway create",
		.parameter = { NEW_NAME,
			       { KEY_OF("subnet", NOUN_VSWITCH, PARAMETER_REQUIRED,
					"where it is; its route table leads on"),
				 IN(struct nat_gateway, vswitch) },
			       { KEY_OF("eip", NOUN_EIP, 0,
					"its public address; a private one has none"),
				 IN(struct nat_gateway_request, eip) },
			       KEY_IP(.code = NULL),
			       { KEY_CHOICE("type", aws_nat_type_words,
					    "kind of gateway; public if not given"),
				 IN(struct nat_gateway, type) },
			       { PARAMETER("idle-timeout", NUMBER, PARAMETER_KEY,
					   "seconds, 350 in the cloud; for tests"),
				 .min = 1, .max = IDLE_TIMEOUT_MAX,
				 IN(struct nat_gateway, idle_timeout) } },
		.summary = "make a NAT gateway in a subnet",
		.example = "nat-gateway create NAT1 subnet S1 eip EIP1",
		.providers = FOR_AWS,
		.describe = aws_nat_gateway_describe,
		CHANGES(struct nat_gateway_request, aws_nat_gateway_create),
	},
	{
		.words = "nat-gateway associate",
		.parameter = { NAME_OF(NOUN_NAT_GATEWAY),
			       { KEY_OF("eip", NOUN_EIP, PARAMETER_REQUIRED, "one more EIP"),
				 IN(struct secondary_request, eip) },
			       { PARAMETER("ip", ADDRESS, PARAMETER_KEY,
					   "its private address; the next free one if not given"),
				 IN(struct secondary_request, ip) } },
		.summary = "give a NAT gateway a secondary address: 55,000 connections more",
		.example = "nat-gateway associate NAT1 eip EIP2",
		.providers = FOR_AWS,
		CHANGES(struct secondary_request, aws_nat_gateway_associate),
	},
	{
		.words = "nat-gateway disassociate",
		.parameter = { NAME_OF(NOUN_NAT_GATEWAY),
			       { KEY_OF("eip", NOUN_EIP, PARAMETER_REQUIRED, "a secondary one"),
				 IN(struct secondary_request, eip) },
			       { PARAMETER("drained", WORD, PARAMETER_FLAG,
					   "its time is over: old connections end, it is free"),
				 IN(struct secondary_request, drained) } },
		.summary = "take a secondary address off; what is open goes on until drained",
		.example = "nat-gateway disassociate NAT1 eip EIP2",
		.providers = FOR_AWS,
		CHANGES(struct secondary_request, aws_nat_gateway_disassociate),
	},
	{ DELETE("nat-gateway", NOUN_NAT_GATEWAY, aws_nat_gateway_delete,
		 "remove a NAT gateway; routes to it stay", "NAT1"),
	  .providers = FOR_AWS },
	{ SHOW("nat-gateway", NOUN_NAT_GATEWAY, "list NAT gateways",
	       "vpc vswitch ip type size eip_bind_mode icmp_reply eips nat_ips nat_cidrs counters "
	       "status",
	       "vpc subnet ip type eip eips idle_timeout counters status") },
	{ .words = NULL },
};
