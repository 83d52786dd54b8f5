/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

/*
 * Network ACLs (cloud-semantics 9): stateless, an ordered list a direction, on vSwitches. Section
 * 12 knows no codes of theirs but InternalError: those here are the plain ones that the API uses
 * for other resources, the likeliest.
 */

static const char *const policies[] = { "accept", "drop", NULL };

/* cloud-semantics 9: inbound rules carry a source only, outbound rules a destination only. */
static const struct filter_rule_language language = {
	.policies = policies,
	.bad_policy = "InvalidParameter",
	.bad_direction = "InvalidParameter",
	.bad_protocol = "InvalidParameter",
	.bad_port = "InvalidParameter",
	.no_ports = "InvalidParameter",
	.both_peers = "InvalidParameter",
	.n_protocol = 5,
	.peer = { { .missing = "MissingParameter", .bad_cidr = "InvalidParameter" },
		  { .missing = "MissingParameter", .bad_cidr = "InvalidParameter" } },
};

int acl_create(struct model *m, const char *name, const char *vpc_name, struct error *err)
{
	unsigned count = 0;
	struct acl *acl;
	struct vpc *vpc;
	int r;

	r = model_check_new_name(m, NOUN_ACL, name, err);
	if (r == 0)
		r = rule_find(m, NOUN_VPC, vpc_name, "vpc", &vpc, err);
	if (r < 0)
		return r;
	/* cloud-semantics 9: Hq */
	for (size_t i = 0; i < model_count(m, NOUN_ACL); i++)
		count += ((const struct acl *)model_get(m, NOUN_ACL, i))->vpc == vpc;
	if (count >= m->profile->acls_per_vpc) {
		error_refuse(err, "QuotaExceeded.NetworkAcl", "vpc",
			     "%s has its %u network ACLs already", vpc_name, count);
		error_hint(err, "acl show, then acl delete one that no vSwitch uses");
		return -EINVAL;
	}
	acl = xnew(struct acl);
	acl->vpc = vpc;
	model_add(m, &acl->resource, NOUN_ACL, name);
	return 0;
}

static int parse_number(const char *word, unsigned *ret_number, struct error *err)
{
	int r = rule_given(word, "number", err);

	return r < 0 ? r
		     : rule_number(word, 1, ACL_NUMBER_MAX, "InvalidParameter", "number",
				   ret_number, err);
}

/* Where the rule of that number is, or has to go: rules stand by direction, then number. */
static size_t rule_place(const struct acl *acl, enum direction direction, unsigned number,
			 bool *ret_taken)
{
	size_t i = 0;

	while (i < acl->n_rule &&
	       (acl->rule[i].direction < direction ||
		(acl->rule[i].direction == direction && acl->rule[i].number < number)))
		i++;
	*ret_taken = i < acl->n_rule && acl->rule[i].direction == direction &&
		     acl->rule[i].number == number;
	return i;
}

int acl_add(struct model *m, const char *name, const struct filter_rule_options *options,
	    struct error *err)
{
	struct filter_rule rule = { 0 };
	unsigned count = 0;
	struct acl *acl;
	bool taken;
	size_t place;
	int r;

	r = rule_find(m, NOUN_ACL, name, NULL, &acl, err);
	if (r == 0)
		r = parse_number(options->number, &rule.number, err);
	if (r == 0)
		r = filter_rule_parse(m, options, &language, &rule, err);
	if (r < 0)
		return r;
	place = rule_place(acl, rule.direction, rule.number, &taken);
	if (taken) {
		r = error_refuse(err, "InvalidParameter", "number",
				 "%s has a rule %u for \"%s\" already", name, rule.number,
				 options->direction);
		error_hint(err, "acl remove %s %s %u", name, options->direction, rule.number);
		return r;
	}
	for (size_t i = 0; i < acl->n_rule; i++)
		count += acl->rule[i].direction == rule.direction;
	/* cloud-semantics 9: 20 in, 20 out */
	if (count >= m->profile->rules_per_acl) {
		error_refuse(err, "QuotaExceeded.NetworkAclEntry", "direction",
			     "%s has its %u rules for \"%s\" already", name, count,
			     options->direction);
		error_hint(err, "acl show %s, then: acl remove %s %s NUMBER", name, name,
			   options->direction);
		return -EINVAL;
	}
	ARRAY_PUSH(acl->rule, acl->n_rule);
	memmove(&acl->rule[place + 1], &acl->rule[place],
		(acl->n_rule - 1 - place) * sizeof(*acl->rule));
	acl->rule[place] = rule;
	model_touch(m);
	return 0;
}

int acl_remove(struct model *m, const char *name, const char *direction_word,
	       const char *number_word, struct error *err)
{
	enum direction direction = DIRECTION_IN;
	unsigned number = 0;
	struct acl *acl;
	bool there;
	size_t place;
	int r;

	r = rule_find(m, NOUN_ACL, name, NULL, &acl, err);
	if (r == 0)
		r = filter_rule_direction(direction_word, "InvalidParameter", &direction, err);
	if (r == 0)
		r = parse_number(number_word, &number, err);
	if (r < 0)
		return r;
	place = rule_place(acl, direction, number, &there);
	if (!there) {
		r = error_refuse(err, "InvalidParameter", "number", "%s has no rule %u for \"%s\"",
				 name, number, direction_word);
		error_hint(err, "acl show %s", name);
		return r;
	}
	ARRAY_REMOVE(acl->rule, acl->n_rule, place);
	model_touch(m);
	return 0;
}

static int find_both(const struct model *m, const char *name, const char *vswitch_name,
		     struct acl **ret_acl, struct vswitch **ret_vswitch, struct error *err)
{
	int r = rule_find(m, NOUN_ACL, name, NULL, ret_acl, err);

	return r < 0 ? r : rule_find(m, NOUN_VSWITCH, vswitch_name, "vswitch", ret_vswitch, err);
}

int acl_associate(struct model *m, const char *name, const char *vswitch_name, struct error *err)
{
	struct vswitch *vswitch;
	struct acl *acl;
	int r;

	r = find_both(m, name, vswitch_name, &acl, &vswitch, err);
	if (r < 0)
		return r;
	if (vswitch->vpc != acl->vpc) {
		error_refuse(err, "InvalidVSwitchId.NotFound", "vswitch",
			     "%s is in %s, but %s is in %s", vswitch_name,
			     vswitch->vpc->resource.name, name, acl->vpc->resource.name);
		error_hint(err, "acl create NAME vpc %s", vswitch->vpc->resource.name);
		return -EINVAL;
	}
	/* cloud-semantics 9: it is bound to vSwitches, a vSwitch to one of them at most. */
	if (vswitch->acl) {
		r = error_refuse(err, "NetworkAclExistBinding", "vswitch",
				 "%s is associated with %s already", vswitch_name,
				 vswitch->acl->resource.name);
		error_hint(err, "acl disassociate %s vswitch %s", vswitch->acl->resource.name,
			   vswitch_name);
		return r;
	}
	vswitch->acl = acl;
	model_touch(m);
	return 0;
}

int acl_disassociate(struct model *m, const char *name, const char *vswitch_name, struct error *err)
{
	struct vswitch *vswitch;
	struct acl *acl;
	int r;

	r = find_both(m, name, vswitch_name, &acl, &vswitch, err);
	if (r < 0)
		return r;
	if (vswitch->acl != acl) {
		error_refuse(err, "InvalidBindingStatus", "vswitch", "%s is not associated with %s",
			     vswitch_name, name);
		error_hint(err, "vswitch show %s", vswitch_name);
		return -EINVAL;
	}
	vswitch->acl = NULL;
	model_touch(m);
	return 0;
}

int acl_delete(struct model *m, const char *name, struct error *err)
{
	struct acl *acl;
	int r;

	r = rule_find(m, NOUN_ACL, name, NULL, &acl, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < model_count(m, NOUN_VSWITCH); i++) {
		const struct vswitch *vswitch = model_get(m, NOUN_VSWITCH, i);

		if (vswitch->acl != acl)
			continue;
		r = error_refuse(err, "NetworkAclExistBinding", NULL,
				 "%s is still associated with %s", name, vswitch->resource.name);
		error_hint(err, "acl disassociate %s vswitch %s", name, vswitch->resource.name);
		return r;
	}
	model_remove(m, &acl->resource);
	return 0;
}
