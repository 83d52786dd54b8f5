/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/pool.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

static const char *const billings[] = { "pay-as-you-go", "subscription", NULL };

static int parse_billing(const char *word, enum billing fallback, enum billing *ret_billing,
			 struct error *err)
{
	unsigned choice;
	int r = rule_choice(word, billings, fallback, "InvalidParameter", "billing", &choice, err);

	if (r == 0)
		*ret_billing = (enum billing)choice;
	return r;
}

static int choose_public_ip(struct model *m, const char *text, const struct eni_request *request,
			    uint32_t *ret_ip, struct error *err)
{
	const struct dnat *dnat;
	int r;

	*ret_ip = 0;
	if (!text)
		return 0;
	/*
	 * cloud-semantics 5: no DNAT entry for an instance with a public address of its own. An
	 * entry may wait for an address that nobody has yet, so the rule holds here, too; the code
	 * of the same rule for an EIP is the likeliest.
	 */
	dnat = m->profile->own_ip_excludes_nat
		       ? dnat_to_address(m, request->vswitch->vpc, request->ip)
		       : NULL;
	if (dnat) {
		r = error_refuse(err, "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP", "public-ip",
				 "the DNAT entry %s leads to the address that the ECS would have",
				 dnat->resource.name);
		error_hint(err, "choose another ip, or: dnat delete %s", dnat->resource.name);
		return r;
	}
	return pool_choose_public(m, strcmp(text, "auto") == 0 ? NULL : text, "public-ip", ret_ip,
				  err);
}

int ecs_create(struct model *m, const char *name, const struct ecs_options *options,
	       struct error *err)
{
	struct eni_request request;
	enum billing billing = BILLING_PAY_AS_YOU_GO;
	uint32_t public_ip = 0;
	struct ecs *ecs;
	int r;

	r = model_check_new_name(m, NOUN_ECS, name, err);
	if (r < 0)
		return r;
	r = parse_billing(options->billing, BILLING_PAY_AS_YOU_GO, &billing, err);
	if (r < 0)
		return r;
	r = eni_request(m, options->vswitch, options->ip, options->security_groups, true, &request,
			err);
	if (r < 0)
		return r;
	r = choose_public_ip(m, options->public_ip, &request, &public_ip, err);
	if (r < 0) {
		eni_request_free(&request);
		return r;
	}

	ecs = xnew(struct ecs);
	ecs->billing = billing;
	ecs->public_ip = public_ip;
	model_add(m, &ecs->resource, NOUN_ECS, name);
	*ARRAY_PUSH(ecs->eni, ecs->n_eni) = eni_make(m, &request, name, true);
	ecs->eni[0]->ecs = ecs;
	if (public_ip)
		model_hold(m, NULL, public_ip, &ecs->resource);
	return 0;
}

int ecs_set(struct model *m, const char *name, const struct ecs_options *options, struct error *err)
{
	enum billing billing = BILLING_PAY_AS_YOU_GO;
	struct ecs *ecs;
	int r;

	r = rule_find(m, NOUN_ECS, name, NULL, &ecs, err);
	if (r < 0)
		return r;
	if (options->security_groups.n_name == 0 && !options->billing &&
	    !options->source_dest_check) {
		error_refuse(err, "MissingParameter", NULL, "nothing to set: security-group or %s",
			     m->provider == PROVIDER_AWS ? "source-dest-check" : "billing");
		error_hint(err, "%s",
			   m->provider == PROVIDER_AWS ? "help instance set" : "help ecs set");
		return -EINVAL;
	}
	r = parse_billing(options->billing, ecs->billing, &billing, err);
	if (r == 0)
		r = eni_change(m, ecs->eni[0], options->security_groups, options->source_dest_check,
			       err);
	if (r == 0)
		ecs->billing = billing;
	return r;
}

int ecs_convert_public_ip(struct model *m, const char *name, const char *eip_name,
			  struct error *err)
{
	struct ecs *ecs;
	struct eip *eip;
	int r;

	r = rule_find(m, NOUN_ECS, name, NULL, &ecs, err);
	if (r < 0)
		return r;
	/* cloud-semantics 6: SDKE:ConvertNatPublicIpToEip; which of its codes stands for which rule
	 * is the likeliest. */
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
		r = error_refuse(
			err, "InvalidInternetChargeType.ValueNotSupported", NULL,
			"%s is billed by subscription: its public address cannot be converted",
			name);
		error_hint(err, "ecs set %s billing pay-as-you-go", name);
		return r;
	}
	r = model_check_new_name(m, NOUN_EIP, eip_name, err);
	if (r < 0) {
		snprintf(err->argument, sizeof(err->argument), "eip");
		return r;
	}
	eip = eip_make(m, eip_name,
		       ecs->public_ip); /* the address changes hands and stays the same */
	ecs->public_ip = 0;
	eip_attach(m, eip, &ecs->resource);
	return 0;
}

int ecs_delete(struct model *m, const char *name, struct error *err)
{
	struct ecs *ecs;
	int r;

	r = rule_find(m, NOUN_ECS, name, NULL, &ecs, err);
	if (r < 0)
		return r;
	r = route_leave(m, &ecs->resource, err);
	if (r < 0)
		return r;
	service_remove_all(m, &ecs->resource);
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
