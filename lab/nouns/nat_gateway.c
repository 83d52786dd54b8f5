/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdio.h>

#include "core/base/memory.h"
#include "lab/model/pool.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

static const char *const types[] = { "enhanced", "standard", NULL };
static const char *const sizes[] = { "small", "medium", "large", "super-large-1", NULL };
static const char *const bind_modes[] = { "multi-binded", "nat", NULL };
static const char *const switches[] = { "off", "on", NULL };

/* The words that create and set share; each keeps what the gateway has where it is not given. */
static int parse_settings(struct nat_gateway *nat, const char *size, const char *bind_mode,
			  const char *icmp_reply, struct error *err)
{
	unsigned new_size = 0, new_mode = 0, new_reply = 0;
	int r;

	r = rule_choice(size, sizes, nat->size, "InvalidParameter.Spec.ValueNotSupported", "size",
			&new_size, err);
	if (r == 0)
		r = rule_choice(bind_mode, bind_modes, nat->bind_mode, "InvalidParameter",
				"eip-bind-mode", &new_mode, err);
	if (r == 0)
		r = rule_choice(icmp_reply, switches, nat->icmp_reply, "InvalidParameter",
				"icmp-reply", &new_reply, err);
	if (r < 0)
		return r;
	/* cloud-semantics 3: each EIP takes an address of the gateway's vSwitch, which a standard
	 * one has not; likeliest code. */
	if (nat->type == NAT_STANDARD && new_mode == BIND_NAT) {
		error_refuse(err, "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode",
			     "a standard NAT gateway has no vSwitch whose addresses its EIPs could "
			     "take");
		error_hint(err, "eip-bind-mode multi-binded, or an enhanced one: type enhanced "
				"vswitch NAME");
		return -EINVAL;
	}
	nat->size = (enum nat_size)new_size;
	nat->bind_mode = (enum eip_bind_mode)new_mode;
	nat->icmp_reply = new_reply == 1;
	return 0;
}

/* cloud-semantics 3: enhanced needs a vSwitch of its VPC, standard has none. */
static int parse_place(struct model *m, const struct nat_gateway_options *options,
		       struct nat_gateway *nat, struct error *err)
{
	int r;

	if (nat->type == NAT_STANDARD) {
		if (options->vswitch || options->ip) {
			error_refuse(err, "InvalidParameter", options->vswitch ? "vswitch" : "ip",
				     "a standard NAT gateway stands in no vSwitch");
			error_hint(err, "leave %s out, or: type enhanced",
				   options->vswitch ? "vswitch" : "ip");
			return -EINVAL;
		}
		return 0;
	}
	r = rule_given(options->vswitch, "vswitch", err);
	if (r < 0) {
		error_hint(err,
			   "an enhanced NAT gateway stands in a vSwitch of its VPC: vswitch NAME");
		return r;
	}
	r = rule_find(m, NOUN_VSWITCH, options->vswitch, "vswitch", &nat->vswitch, err);
	if (r < 0)
		return r;
	if (nat->vswitch->vpc != nat->vpc) {
		error_refuse(err, "OperationFailed.VswNotBelongToVpc", "vswitch",
			     "%s is in %s, not in %s", options->vswitch,
			     nat->vswitch->vpc->resource.name, nat->vpc->resource.name);
		error_hint(err, "vswitch create NAME vpc %s", nat->vpc->resource.name);
		return -EINVAL;
	}
	return pool_choose_private(m, nat->vswitch, options->ip, "ZONE_NO_AVAILABLE_IP",
				   &nat->private_ip, err);
}

static unsigned count_gateways(const struct model *m, const struct vpc *vpc, unsigned types_wanted)
{
	unsigned count = 0;

	for (size_t i = 0; i < model_count(m, NOUN_NAT_GATEWAY); i++) {
		const struct nat_gateway *nat = model_get(m, NOUN_NAT_GATEWAY, i);

		count += nat->vpc == vpc && (types_wanted & 1u << nat->type);
	}
	return count;
}

static const struct route *custom_default_route(const struct model *m, const struct vpc *vpc)
{
	for (size_t i = 0; i < model_count(m, NOUN_ROUTE); i++) {
		const struct route *route = model_get(m, NOUN_ROUTE, i);

		if (route->table->vpc == vpc && route->to.length == 0)
			return route;
	}
	return NULL;
}

static int check_room(const struct model *m, const struct nat_gateway *nat, struct error *err)
{
	unsigned limit = nat->type == NAT_ENHANCED ? m->profile->enhanced_per_vpc
						   : m->profile->standard_per_vpc;
	const struct route *route;
	int r;

	/* cloud-semantics 3: standard ones are not sold any more; of its codes this is the
	 * likeliest. */
	if (nat->type == NAT_STANDARD && !m->profile->standard_on_sale) {
		r = error_refuse(err, "OperationFailed.NormalInventoryNotEnough", "type",
				 "standard NAT gateways are not sold any more");
		error_hint(err, "type enhanced, or start the lab with: profile 2021");
		return r;
	}
	/* cloud-semantics 3, lifecycle: the gateway's interface is made with a role that the
	 * account grants once. */
	if (nat->type == NAT_ENHANCED && m->authorization_required && !m->authorized) {
		r = error_refuse(err, "OperationFailed.EnhancedUserIsUnAuthorized", NULL,
				 "NAT gateways are not authorized to make their interfaces in this "
				 "account yet");
		error_hint(err, "authorize nat-gateway");
		return r;
	}
	/* cloud-semantics 3: natgw_quota_nat_num_per_vpc; its code is not listed, the plain one is
	 * the likeliest. */
	if (count_gateways(m, nat->vpc, 1u << nat->type) >= limit) {
		error_refuse(err, "QuotaExceeded", "vpc", "%s has its %u %s NAT gateway%s already",
			     nat->vpc->resource.name, limit, types[nat->type], plural(limit));
		error_hint(err,
			   "nat-gateway show, then nat-gateway delete one, or: vpc create NAME");
		return -EINVAL;
	}
	/* cloud-semantics 2: N:Limits forbids it to standard gateways only; the code is the
	 * likeliest. */
	route = nat->type == NAT_STANDARD ? custom_default_route(m, nat->vpc) : NULL;
	if (!route)
		return 0;
	r = error_refuse(
		err, "InvalidVPCStatus", "vpc",
		"%s has a custom route to 0.0.0.0/0 (%s), so it takes no standard NAT gateway",
		nat->vpc->resource.name, route->resource.name);
	error_hint(err, "route delete %s", route->resource.name);
	return r;
}

static int parse_gateway(struct model *m, const struct nat_gateway_options *options,
			 struct nat_gateway *nat, struct error *err)
{
	unsigned type = NAT_ENHANCED;
	int r;

	r = rule_find(m, NOUN_VPC, options->vpc, "vpc", &nat->vpc, err);
	if (r == 0)
		r = rule_choice(options->type, types, NAT_ENHANCED, "InvalidParameter", "type",
				&type, err);
	if (r < 0)
		return r;
	nat->type = (enum nat_type)type;
	/*
	 * cloud-semantics 3: IcmpReplyEnabled defaults to true, but is newer than 2021.
	 * EipBindMode: what the API does without it is MULTI_BINDED in both times.
	 */
	nat->icmp_reply = m->profile->icmp_reply;
	r = parse_settings(nat, options->size, options->eip_bind_mode, options->icmp_reply, err);
	if (r == 0)
		r = parse_place(m, options, nat, err);
	return r < 0 ? r : check_room(m, nat, err);
}

int nat_gateway_create(struct model *m, const char *name, const struct nat_gateway_options *options,
		       struct error *err)
{
	struct nat_gateway wanted = { 0 }, *nat;
	bool is_first;
	int r;

	r = model_check_new_name(m, NOUN_NAT_GATEWAY, name, err);
	if (r == 0)
		r = parse_gateway(m, options, &wanted, err);
	if (r < 0)
		return r;
	is_first = count_gateways(m, wanted.vpc, ~0u) == 0;

	nat = xnew(struct nat_gateway);
	*nat = wanted;
	model_add(m, &nat->resource, NOUN_NAT_GATEWAY, name);
	if (nat->private_ip)
		model_hold(m, nat->vpc, nat->private_ip, &nat->resource);
	/*
	 * cloud-semantics 2: Huse; the first gateway of a VPC brings 0.0.0.0/0 into the system
	 * table, unless that table has one. Custom tables never get it, and no later gateway does.
	 * It can be deleted like any custom route.
	 */
	if (is_first && !route_find(m, nat->vpc->system_table, DEFAULT_ROUTE))
		route_make_default(m, nat);
	return 0;
}

static void give_back_addresses(struct model *m, struct nat_gateway *nat)
{
	for (size_t i = 0; i < model_count(m, NOUN_EIP); i++) {
		struct eip *eip = model_get(m, NOUN_EIP, i);

		if (eip->associated != &nat->resource || !eip->private_ip)
			continue;
		pool_release_private(m, nat->vswitch, eip->private_ip);
		eip->private_ip = 0;
	}
}

/* One address of the vSwitch for each EIP of the gateway, or none at all. */
static int take_addresses(struct model *m, struct nat_gateway *nat, struct error *err)
{
	for (size_t i = 0; i < model_count(m, NOUN_EIP); i++) {
		struct eip *eip = model_get(m, NOUN_EIP, i);
		int r;

		if (eip->associated != &nat->resource)
			continue;
		r = pool_choose_private(m, nat->vswitch, NULL,
					"OperationDenied.NoAvailablePrivateIp", &eip->private_ip,
					err);
		if (r < 0) {
			snprintf(err->argument, sizeof(err->argument), "eip-bind-mode");
			give_back_addresses(m, nat);
			return r;
		}
		model_hold(m, nat->vpc, eip->private_ip, &eip->resource);
	}
	return 0;
}

/* cloud-semantics 3: a one-way switch, and by oneself only with few EIPs; the code is the likeliest
 * for both. */
static int check_bind_mode(const struct model *m, const struct nat_gateway *nat,
			   const struct nat_gateway *wanted, struct error *err)
{
	unsigned eips = eip_count(m, &nat->resource);

	if (nat->bind_mode == wanted->bind_mode)
		return 0;
	if (nat->bind_mode == BIND_NAT) {
		error_refuse(err, "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode",
			     "%s cannot go back: the switch to nat is one-way", nat->resource.name);
		error_hint(err,
			   "delete it and make another one: nat-gateway create NAME vpc %s "
			   "eip-bind-mode multi-binded",
			   nat->vpc->resource.name);
		return -EINVAL;
	}
	if (eips > m->profile->eips_to_switch_bind_mode) {
		error_refuse(err, "OperationDenied.UnsupportedEipBindMode", "eip-bind-mode",
			     "%s has %u EIPs; with more than %u the mode cannot be switched",
			     nat->resource.name, eips, m->profile->eips_to_switch_bind_mode);
		error_hint(err, "eip disassociate some of them, then switch");
		return -EINVAL;
	}
	return 0;
}

int nat_gateway_set(struct model *m, const char *name, const char *size, const char *eip_bind_mode,
		    const char *icmp_reply, struct error *err)
{
	struct nat_gateway *nat, wanted;
	int r;

	r = rule_find(m, NOUN_NAT_GATEWAY, name, NULL, &nat, err);
	if (r < 0)
		return r;
	if (!size && !eip_bind_mode && !icmp_reply) {
		error_refuse(err, "MissingParameter", NULL,
			     "nothing to set: size, eip-bind-mode or icmp-reply");
		error_hint(err, "help nat-gateway set");
		return -EINVAL;
	}
	wanted = *nat;
	r = parse_settings(&wanted, size, eip_bind_mode, icmp_reply, err);
	if (r < 0)
		return r;
	/* cloud-semantics 3: spec change to same */
	if (size && wanted.size == nat->size) {
		error_refuse(err, "NATGW_MODIFY_SPEC_SAME", "size", "%s is %s already", name, size);
		error_hint(err, "nat-gateway show %s", name);
		return -EINVAL;
	}
	r = check_bind_mode(m, nat, &wanted, err);
	if (r == 0 && wanted.bind_mode != nat->bind_mode)
		r = take_addresses(m, nat, err);
	if (r < 0)
		return r;
	*nat = wanted;
	model_touch(m);
	return 0;
}

static struct eip *first_eip(const struct model *m, const struct nat_gateway *nat)
{
	for (size_t i = 0; i < model_count(m, NOUN_EIP); i++) {
		struct eip *eip = model_get(m, NOUN_EIP, i);

		if (eip->associated == &nat->resource)
			return eip;
	}
	return NULL;
}

static int refuse_used(struct error *err, const char *code, const struct nat_gateway *nat,
		       const struct resource *user, const char *verb)
{
	int r = error_refuse(err, code, NULL, "%s still has the %s %s", nat->resource.name,
			     noun_title(user->noun), user->name);

	error_hint(err, "%s %s %s, or: nat-gateway delete %s force", noun_word(user->noun), verb,
		   user->name, nat->resource.name);
	return r;
}

/* cloud-semantics 3: delete order and its codes, Hdelnat. */
static int check_unused(struct model *m, const struct nat_gateway *nat, struct error *err)
{
	const struct snat *snat = snat_of_gateway(m, nat);
	const struct dnat *dnat = dnat_of_gateway(m, nat);
	const struct eip *eip = first_eip(m, nat);

	if (snat)
		return refuse_used(err, "DependencyViolation.SnatEntry", nat, &snat->resource,
				   "delete");
	if (dnat)
		return refuse_used(err, "DependencyViolation.ForwardEntry", nat, &dnat->resource,
				   "delete");
	if (eip)
		return refuse_used(err, "DependencyViolation.EIPS", nat, &eip->resource,
				   "disassociate");
	return route_leave(m, &nat->resource, err);
}

/* cloud-semantics 3: Force removes entries and unbinds EIPs; the console's words: routes, too. EIPs
 * survive. */
static void clear(struct model *m, struct nat_gateway *nat)
{
	struct route *route;
	struct eip *eip;

	snat_remove_all(m, nat);
	dnat_remove_all(m, nat);
	while ((eip = first_eip(m, nat)))
		eip_detach(m, eip);
	while ((route = route_to_resource(m, &nat->resource)))
		model_remove(m, &route->resource);
}

int nat_gateway_delete(struct model *m, const char *name, bool force, struct error *err)
{
	struct nat_gateway *nat;
	int r;

	r = rule_find(m, NOUN_NAT_GATEWAY, name, NULL, &nat, err);
	if (r < 0)
		return r;
	if (!force) {
		r = check_unused(m, nat, err);
		if (r < 0)
			return r;
	}
	clear(m, nat);
	if (nat->private_ip)
		pool_release_private(m, nat->vswitch, nat->private_ip);
	model_remove(m, &nat->resource);
	return 0;
}
