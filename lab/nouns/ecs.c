/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/words.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

static int choose_public_ip(struct model *m, const struct eni_request *request, uint32_t *ret_ip,
			    struct error *err)
{
	const struct dnat *dnat;

	*ret_ip = 0;
	if (!request->public_ip)
		return 0;
	/*
	 * An instance with a public address of its own has no DNAT entry. An entry may wait for an
	 * address that nobody has yet, so the rule holds here as well; the code of the same rule
	 * for an EIP is the likeliest. cloud-semantics: dnat-6
	 */
	dnat = m->profile->own_ip_excludes_nat
		       ? dnat_to_address(m, request->vswitch->vpc, request->ip)
		       : NULL;
	if (dnat) {
		error_refuse(err, "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", "public-ip",
			     "the DNAT entry %s leads to the address that the ECS would have",
			     dnat->resource.name);
		return error_hint(err, "choose another ip, or: dnat delete %s",
				  dnat->resource.name);
	}
	return pool_choose_public(m, request->public_ip, "public-ip", ret_ip, err);
}

static int ecs_create(struct model *m, void *request, struct error *err)
{
	struct eni_request *wanted = request;
	uint32_t public_ip = 0;
	struct ecs *ecs;
	int r = eni_check(m, wanted, true, err);

	if (r == 0)
		r = choose_public_ip(m, wanted, &public_ip, err);
	if (r < 0)
		return r;
	ecs = xnew(struct ecs);
	ecs->billing = wanted->billing;
	ecs->public_ip = public_ip;
	ecs->metadata.token_hop_limit = 1; /* cloud-semantics: dns-12 */
	model_add(m, &ecs->resource, NOUN_ECS, wanted->resource.name);
	*ARRAY_PUSH(ecs->eni, ecs->n_eni) = eni_make(m, wanted, true);
	ecs->eni[0]->ecs = ecs;
	if (public_ip)
		model_hold(m, NULL, public_ip, &ecs->resource);
	return 0;
}

static void ecs_describe(const struct model *m, const void *resource, void *request)
{
	const struct ecs *ecs = resource;
	struct eni_request *wanted = request;

	eni_describe(m, ecs->eni[0], wanted);
	wanted->public_ip = ecs->public_ip;
	wanted->billing = ecs->billing;
}

struct ecs_change {
	struct ecs *ecs;
	struct ecs wanted;
	struct security_group **group;
	size_t n_group;
	bool source_dest_check, check_given;
};

static int ecs_set(struct model *m, void *request, struct error *err)
{
	struct ecs_change *change = request;
	struct eni *primary = change->ecs->eni[0];
	int r = eni_move(m, primary, change->group, change->n_group, err);

	if (r < 0)
		return r;
	change->ecs->billing = change->wanted.billing;
	change->ecs->metadata = change->wanted.metadata;
	if (change->check_given)
		primary->source_dest_check = change->source_dest_check;
	model_touch(m);
	return 0;
}

struct conversion {
	struct ecs *ecs;
	const char *eip;
};

static int ecs_convert_public_ip(struct model *m, void *request, struct error *err)
{
	struct ecs *ecs = ((struct conversion *)request)->ecs;
	const char *name = ecs->resource.name;
	struct eip *eip;
	int r;

	/* Which of the codes stands for which rule is the likeliest.
	 * cloud-semantics: eip-8, eip-9, eip-11, op-17 */
	if (!ecs->public_ip) {
		r = error_refuse(err, "OperationDenied", NULL,
				 "%s has no static public address to convert", name);
		if (ecs->eni[0]->eip)
			error_hint(err, "its public address is the EIP %s already",
				   ecs->eni[0]->eip->resource.name);
		else
			error_hint(
				err,
				"give it an EIP: eip create NAME, then: eip associate NAME ecs %s",
				name);
		return r;
	}
	if (ecs->billing == BILLING_SUBSCRIPTION) {
		error_refuse(err, "InvalidInternetChargeType.ValueNotSupported", NULL,
			     "%s is billed by subscription: its public address cannot be converted",
			     name);
		return error_hint(err, "ecs set %s billing pay-as-you-go", name);
	}
	/* The address changes hands and stays the same. */
	eip = eip_make(m, ((struct conversion *)request)->eip, ecs->public_ip);
	ecs->public_ip = 0;
	eip_attach(m, eip, &ecs->resource);
	return 0;
}

static int ecs_delete(struct model *m, void *request, struct error *err)
{
	struct ecs *ecs = ((struct subject *)request)->resource;
	int r;

	r = route_leave(m, &ecs->resource, err);
	if (r < 0)
		return r;
	model_remove_users(m, NOUN_SERVICE, ecs);
	target_groups_forget(m, ecs);
	for (size_t i = ecs->n_eni; i-- > 1;)
		if (ecs->eni[i])
			eni_leave_ecs(ecs->eni[i]);
	snat_forget_source(m, &ecs->resource);
	eni_dissolve(m, ecs->eni[0]);
	if (ecs->public_ip)
		pool_release_public(m, ecs->public_ip);
	model_remove(m, &ecs->resource);
	return 0;
}

#define PLACE(key_, ip_code_, too_many_)                                               \
	NEW_NAME,                                                                      \
		{ KEY_OF(key_, NOUN_VSWITCH, PARAMETER_REQUIRED, "where its eth0 is"), \
		  IN(struct eni_request, vswitch) },                                   \
		KEY_PRIVATE_IP(ip_code_),                                              \
		KEY_GROUPS(struct eni_request, group, n_group, too_many_, GROUPS_JOINED)
#define KEY_PUBLIC_IP(help_)                                                                   \
	{                                                                                      \
		.name = "public-ip", .kind = ARGUMENT_ADDRESS_OR_AUTO, .flags = PARAMETER_KEY, \
		.help = (help_), IN(struct eni_request, public_ip)                             \
	}
#define KEY_BILLING(help_)    KEY_CHOICE("billing", billing_words, help_)
#define SET_GROUPS(too_many_) KEY_GROUPS(struct ecs_change, group, n_group, too_many_, GROUPS_NEW)

/* cloud-semantics: dns-10, dns-11, dns-12, dns-17 */
#define SET_METADATA                                                                     \
	{ .name = "http-tokens",                                                         \
	  .kind = ARGUMENT_CHOICE,                                                       \
	  .flags = PARAMETER_KEY | PARAMETER_SWITCH,                                     \
	  .words = http_tokens_words,                                                    \
	  .help = "required: no metadata without one",                                   \
	  IN(struct ecs_change, wanted.metadata.tokens_required) },                      \
		{ PARAMETER("http-put-response-hop-limit", NUMBER, PARAMETER_KEY,        \
			    "how far a token goes, in hops"),                            \
		  .min = 1, .max = TOKEN_HOP_LIMIT_MAX,                                  \
		  IN(struct ecs_change, wanted.metadata.token_hop_limit) },              \
	{                                                                                \
		.name = "http-endpoint", .kind = ARGUMENT_CHOICE,                        \
		.flags = PARAMETER_KEY | PARAMETER_SWITCH, .words = http_endpoint_words, \
		.help = "disabled: no metadata at all",                                  \
		IN(struct ecs_change, wanted.metadata.endpoint_disabled)                 \
	}

const struct command ecs_rows[] = {
	{
		.words = "ecs create",
		.parameter = { PLACE("vswitch", "InvalidPrivateIpAddress.Malformed",
				     TOO_MANY_GROUPS),
			       KEY_PUBLIC_IP("a static public address; auto: the next free one"),
			       { KEY_BILLING("how it is paid for; pay-as-you-go if not given"),
				 IN(struct eni_request, billing) } },
		.summary = "make an ECS, a host in a vSwitch",
		.example = "ecs create ECS1 vswitch VSW1 ip 192.168.1.10",
		.providers = FOR_ALIBABA,
		.describe = ecs_describe,
		CHANGES(struct eni_request, ecs_create),
	},
	{
		.words = "ecs set",
		.parameter = { COPY_OF(NOUN_ECS, struct ecs_change, wanted),
			       { KEY_BILLING("how it is paid for from now on"),
				 IN(struct ecs_change, wanted.billing) },
			       SET_GROUPS(TOO_MANY_GROUPS),
			       SET_METADATA },
		.summary = "change an ECS's billing, groups or metadata options",
		.example = "ecs set ECS1 billing pay-as-you-go",
		.providers = FOR_ALIBABA,
		CHANGES(struct ecs_change, ecs_set),
	},
	{
		.words = "ecs convert-public-ip",
		.parameter = { NAME_OF(NOUN_ECS),
			       { PARAMETER("eip", NEW_NAME, PARAMETER_KEY | PARAMETER_REQUIRED,
					   "name of the new EIP"),
				 .nouns = NOUNS(NOUN_EIP), IN(struct conversion, eip) } },
		.summary = "turn a static public address into an EIP",
		.example = "ecs convert-public-ip ECS1 eip EIP1",
		.providers = FOR_ALIBABA,
		CHANGES(struct conversion, ecs_convert_public_ip),
	},
	{ DELETE("ecs", NOUN_ECS, ecs_delete, "remove an ECS with its primary ENI", "ECS1"),
	  .providers = FOR_ALIBABA },
	{ SHOW("ecs", NOUN_ECS, "list ECS",
	       "ip secondary_ips vswitch security_group enis public_ip eip billing http_tokens "
	       "http_put_response_hop_limit http_endpoint status"),
	  .providers = FOR_ALIBABA },
	{
		.words = "instance create",
		.parameter = { PLACE("subnet", NULL, AWS_TOO_MANY_GROUPS),
			       KEY_PUBLIC_IP("a public address for its lifetime; auto: the next "
					     "free one") },
		.summary = "make an instance, a host in a subnet",
		.example = "instance create I1 subnet S1 ip 10.0.1.10",
		.providers = FOR_AWS,
		.describe = ecs_describe,
		CHANGES(struct eni_request, ecs_create),
	},
	{
		.words = "instance set",
		.parameter = { COPY_OF(NOUN_ECS, struct ecs_change, wanted),
			       SET_GROUPS(AWS_TOO_MANY_GROUPS),
			       { KEY_CHECK, IN(struct ecs_change, source_dest_check),
				 GIVEN(struct ecs_change, check_given) },
			       SET_METADATA },
		.summary = "change groups, metadata options, or let it forward",
		.example = "instance set I1 source-dest-check off",
		.providers = FOR_AWS,
		CHANGES(struct ecs_change, ecs_set),
	},
	{ DELETE("instance", NOUN_ECS, ecs_delete, "terminate an instance", "I1"),
	  .providers = FOR_AWS },
	{ SHOW("instance", NOUN_ECS, "list instances",
	       "ip secondary_ips subnet security_group enis public_ip eip source_dest_check "
	       "http_tokens http_put_response_hop_limit http_endpoint status"),
	  .providers = FOR_AWS },
	{ .words = NULL },
};
