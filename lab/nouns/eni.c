/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/pool.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

/* What the clouds call the same refusals. */
static const struct cloud {
	const char *no_address;
	const char *too_many_groups, *group_twice;
	const char *group_elsewhere[2]; /* of another VPC than the ENI, than the ECS */
	const char *attached, *not_attached, *primary;
	const char *no_ecs, *other_vpc, *other_zone, *too_many_enis; /* attach */
	const char *bad_switch;
} clouds[PROVIDER_COUNT] = {
	/* cloud-semantics 7 and 8: Limits; 12: ENI create, JoinSecurityGroup */
	[PROVIDER_ALIBABA] = {
		.no_address = "InvalidVSwitchId.IpNotEnough",
		.too_many_groups = "InstanceSecurityGroupLimitExceeded",
		.group_twice = "InvalidInstanceId.AlreadyExists",
		.group_elsewhere = { "InvalidSecurityGroupId.NotVpc", "InvalidInstanceId.Mismatch" },
		.attached = "InvalidOperation.InvalidEniState",
		.not_attached = "InvalidOperation.InvalidEniState",
		.primary = "InvalidOperation.DetachPrimaryEniNotAllowed",
		.no_ecs = "InvalidEcsId.NotFound",
		.other_vpc = "InvalidOperation.VpcMismatch",
		.other_zone = "InvalidOperation.AvailabilityZoneMismatch",
		.too_many_enis = "EniPerInstanceLimitExceeded",
	},
	/* RunInstances, AttachNetworkInterface; for an instance in another VPC the code is the likeliest. */
	[PROVIDER_AWS] = {
		.no_address = "InsufficientFreeAddressesInSubnet",
		.too_many_groups = "SecurityGroupsPerInterfaceLimitExceeded",
		.group_twice = "InvalidParameterValue",
		.group_elsewhere = { "InvalidParameter", "InvalidParameter" },
		.attached = "InvalidNetworkInterface.InUse",
		.not_attached = "InvalidAttachmentID.NotFound",
		.primary = "OperationNotPermitted", /* the list of errors names this very case */
		.no_ecs = "InvalidInstanceID.NotFound",
		.other_vpc = "InvalidParameterCombination",
		.other_zone = "InvalidParameterCombination",
		.too_many_enis = "AttachmentLimitExceeded",
		.bad_switch = "InvalidParameterValue",
	},
};

static bool is_member(const struct eni *eni, const struct security_group *group)
{
	for (size_t i = 0; eni && i < eni->n_group; i++)
		if (eni->group[i] == group)
			return true;
	return false;
}

static int check_group(const struct model *m, const struct vpc *vpc, const struct eni *eni,
		       const struct security_group *group, bool primary, struct error *err)
{
	unsigned limit = group->type == GROUP_BASIC ? m->profile->ips_per_basic_group
						    : m->profile->ips_per_enterprise_group;
	int r;

	if (group->vpc != vpc) {
		error_refuse(err, clouds[m->provider].group_elsewhere[primary], "security-group",
			     "%s belongs to %s, not to %s", group->resource.name,
			     group->vpc->resource.name, vpc->resource.name);
		error_hint(err, "security-group create NAME vpc %s", vpc->resource.name);
		return -EINVAL;
	}
	/* cloud-semantics 8: Limits; the code is of the 2018 page of JoinSecurityGroup. */
	if (!limit || group->n_member < limit || is_member(eni, group))
		return 0;
	r = error_refuse(err, "SecurityGroupInstanceLimitExceeded", "security-group",
			 "%s holds its %u private addresses already", group->resource.name, limit);
	error_hint(err, "use another security group: security-group create NAME vpc %s",
		   vpc->resource.name);
	return r;
}

/* Does the last one go with the ones before it? */
static int check_together(const struct model *m, struct security_group *const *group, size_t n,
			  struct error *err)
{
	const struct security_group *last = group[n - 1];

	for (size_t i = 0; i + 1 < n; i++) {
		if (group[i] == last) {
			error_refuse(err, clouds[m->provider].group_twice, "security-group",
				     "%s is named twice", last->resource.name);
			error_hint(err, "name it once");
			return -EINVAL;
		}
		/* cloud-semantics 8: basic and enterprise do not mix; the code is the likeliest. */
		if (group[i]->type != last->type) {
			error_refuse(err, "InvalidInstanceId.Mismatch", "security-group",
				     "%s and %s are of different types: one interface is in basic "
				     "or in enterprise "
				     "groups, not in both",
				     group[i]->resource.name, last->resource.name);
			error_hint(err, "leave one of them out; security-group show tells the type "
					"of each");
			return -EINVAL;
		}
	}
	return 0;
}

static int look_up_groups(const struct model *m, const struct vpc *vpc, const struct eni *eni,
			  struct names groups, bool primary, struct security_group **group,
			  struct error *err)
{
	for (size_t i = 0; i < groups.n_name; i++) {
		int r = rule_find(m, NOUN_SECURITY_GROUP, groups.name[i], "security-group",
				  &group[i], err);

		if (r == 0)
			r = check_group(m, vpc, eni, group[i], primary, err);
		if (r == 0)
			r = check_together(m, group, i + 1, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int choose_groups(const struct model *m, const struct vpc *vpc, const struct eni *eni,
			 struct names groups, bool primary, struct security_group ***ret_group,
			 size_t *ret_n, struct error *err)
{
	size_t n = groups.n_name ? groups.n_name : 1;
	struct security_group **group;
	int r;

	if (n > m->profile->groups_per_eni) {
		error_refuse(err, clouds[m->provider].too_many_groups, "security-group",
			     "an interface is in %u security groups at most, not in %zu",
			     m->profile->groups_per_eni, n);
		error_hint(err, "name fewer, and put their rules together in one: help "
				"security-group allow");
		return -EINVAL;
	}
	group = xalloc(n * sizeof(*group));
	group[0] = vpc->default_group;
	r = groups.n_name ? look_up_groups(m, vpc, eni, groups, primary, group, err)
			  : check_group(m, vpc, eni, vpc->default_group, primary, err);
	if (r < 0) {
		free(group);
		return r;
	}
	*ret_group = group;
	*ret_n = n;
	return 0;
}

static void put_groups(struct model *m, struct eni *eni, struct security_group **group,
		       size_t n_group)
{
	for (size_t i = 0; i < n_group; i++)
		group[i]->n_member++;
	for (size_t i = 0; i < eni->n_group; i++)
		eni->group[i]->n_member--;
	free(eni->group);
	eni->group = group;
	eni->n_group = n_group;
	model_touch(m);
}

int eni_request(struct model *m, const char *vswitch, const char *ip, struct names groups,
		bool primary, struct eni_request *ret, struct error *err)
{
	struct eni_request request = { 0 };
	int r;

	r = rule_find(m, NOUN_VSWITCH, vswitch, model_noun_word(m, NOUN_VSWITCH), &request.vswitch,
		      err);
	if (r < 0)
		return r;
	r = pool_choose_private(m, request.vswitch, ip, clouds[m->provider].no_address, &request.ip,
				err);
	if (r < 0)
		return r;
	r = choose_groups(m, request.vswitch->vpc, NULL, groups, primary, &request.group,
			  &request.n_group, err);
	if (r < 0)
		return r;
	*ret = request;
	return 0;
}

void eni_request_free(struct eni_request *request)
{
	free(request->group);
	request->group = NULL;
}

struct eni *eni_make(struct model *m, struct eni_request *request, const char *name, bool primary)
{
	struct eni *eni = xnew(struct eni);

	eni->vswitch = request->vswitch;
	eni->ip = request->ip;
	eni->primary = primary;
	eni->source_dest_check = m->provider == PROVIDER_AWS; /* EC2's default; cloud-semantics 7 */
	if (primary)
		model_init_resource(m, &eni->resource, NOUN_ENI, name);
	else
		model_add(m, &eni->resource, NOUN_ENI, name);
	model_hold(m, eni->vswitch->vpc, eni->ip, &eni->resource);
	put_groups(m, eni, request->group, request->n_group);
	request->group = NULL;
	return eni;
}

void eni_dissolve(struct model *m, struct eni *eni)
{
	if (eni->eip)
		eip_detach(m, eni->eip);
	dnat_forget_target(m, eni);
	snat_forget_source(m, &eni->resource);
	pool_release_private(m, eni->vswitch, eni->ip);
	put_groups(m, eni, NULL, 0);
}

int eni_change(struct model *m, struct eni *eni, struct names groups, const char *source_dest_check,
	       struct error *err)
{
	static const char *const switches[] = { "off", "on", NULL };
	struct security_group **group = NULL;
	unsigned check = 0;
	size_t n = 0;
	int r;

	r = rule_choice(source_dest_check, switches, eni->source_dest_check,
			clouds[m->provider].bad_switch, "source-dest-check", &check, err);
	if (r == 0 && groups.n_name)
		r = choose_groups(m, eni->vswitch->vpc, eni, groups, eni->primary, &group, &n, err);
	if (r < 0)
		return r;
	if (group)
		put_groups(m, eni, group, n);
	eni->source_dest_check = check == 1;
	model_touch(m);
	return 0;
}

int eni_create(struct model *m, const char *name, const char *vswitch, const char *ip,
	       struct names security_groups, struct error *err)
{
	struct eni_request request;
	int r;

	r = model_check_new_name(m, NOUN_ENI, name, err);
	if (r < 0)
		return r;
	r = eni_request(m, vswitch, ip, security_groups, false, &request, err);
	if (r < 0)
		return r;
	eni_make(m, &request, name, false);
	return 0;
}

/* The first free place behind the primary one. */
static unsigned free_slot(const struct ecs *ecs)
{
	unsigned i = 1;

	while (i < ecs->n_eni && ecs->eni[i])
		i++;
	return i;
}

/* cloud-semantics 7: same VPC, same zone, and as many as the instance type takes. */
static int check_attach(const struct model *m, const struct eni *eni, const struct ecs *ecs,
			struct error *err)
{
	const struct vswitch *home = ecs->eni[0]->vswitch;
	const struct cloud *cloud = &clouds[m->provider];
	const char *key = model_noun_word(m, NOUN_ECS);
	int r;

	if (eni->ecs) {
		r = error_refuse(err, cloud->attached, NULL, "%s is attached to %s already",
				 eni->resource.name, eni->ecs->resource.name);
		error_hint(err, "eni detach %s", eni->resource.name);
		return r;
	}
	if (eni->vswitch->vpc != home->vpc) {
		error_refuse(err, cloud->other_vpc, key, "%s is in %s, but %s is in %s",
			     eni->resource.name, eni->vswitch->vpc->resource.name,
			     ecs->resource.name, home->vpc->resource.name);
		error_hint(err, "eni create NAME %s %s", model_noun_word(m, NOUN_VSWITCH),
			   ecs->eni[0]->vswitch->resource.name);
		return -EINVAL;
	}
	if (strcmp(eni->vswitch->zone, home->zone) != 0) {
		error_refuse(err, cloud->other_zone, key, "%s is in %s, but %s is in %s",
			     eni->resource.name, eni->vswitch->zone, ecs->resource.name,
			     home->zone);
		error_hint(err, "eni create NAME %s %s", model_noun_word(m, NOUN_VSWITCH),
			   ecs->eni[0]->vswitch->resource.name);
		return -EINVAL;
	}
	if (free_slot(ecs) >= m->profile->enis_per_ecs) {
		error_refuse(err, cloud->too_many_enis, key, "%s has its %u interfaces already",
			     ecs->resource.name, m->profile->enis_per_ecs);
		error_hint(err, "eni detach one of them: eni show");
		return -EINVAL;
	}
	return 0;
}

int eni_attach(struct model *m, const char *name, const char *ecs_name, struct error *err)
{
	struct eni *eni;
	struct ecs *ecs;
	int r;

	r = rule_find(m, NOUN_ENI, name, NULL, &eni, err);
	if (r < 0)
		return r;
	r = rule_find_coded(m, NOUN_ECS, ecs_name, clouds[m->provider].no_ecs,
			    model_noun_word(m, NOUN_ECS), &ecs, err);
	if (r == 0)
		r = check_attach(m, eni, ecs, err);
	if (r < 0)
		return r;
	eni->ecs = ecs;
	eni->index = free_slot(ecs);
	if (eni->index == ecs->n_eni)
		*ARRAY_PUSH(ecs->eni, ecs->n_eni) = eni;
	else
		ecs->eni[eni->index] = eni;
	model_touch(m);
	return 0;
}

void eni_leave_ecs(struct eni *eni)
{
	struct ecs *ecs = eni->ecs;

	ecs->eni[eni->index] = NULL;
	while (ecs->n_eni > 0 && !ecs->eni[ecs->n_eni - 1])
		ecs->n_eni--;
	eni->ecs = NULL;
	eni->index = 0;
}

int eni_detach(struct model *m, const char *name, struct error *err)
{
	struct eni *eni;
	int r;

	/* cloud-semantics 7: SDKE; the primary ENI has no name of its own, so it is the ECS that
	 * gets named. */
	if (model_find_noun(m, NOUNS(NOUN_ECS), name)) {
		error_refuse(err, clouds[m->provider].primary, NULL,
			     "%s is %s, and its primary ENI cannot be detached", name,
			     model_noun_a(m, NOUN_ECS));
		error_hint(err, "it goes with it: %s delete %s", model_noun_word(m, NOUN_ECS),
			   name);
		return -EINVAL;
	}
	r = rule_find(m, NOUN_ENI, name, NULL, &eni, err);
	if (r < 0)
		return r;
	if (!eni->ecs) {
		error_refuse(err, clouds[m->provider].not_attached, NULL, "%s is not attached",
			     name);
		error_hint(err, "eni attach %s %s NAME, or: eni delete %s", name,
			   model_noun_word(m, NOUN_ECS), name);
		return -EINVAL;
	}
	eni_leave_ecs(eni);
	model_touch(m);
	return 0;
}

int eni_set(struct model *m, const char *name, struct names security_groups,
	    const char *source_dest_check, struct error *err)
{
	struct eni *eni;
	int r;

	r = rule_find(m, NOUN_ENI, name, NULL, &eni, err);
	if (r == 0 && security_groups.n_name == 0 && !source_dest_check) {
		r = rule_given(NULL, "security-group", err);
		error_hint(err, "help eni set");
	}
	return r < 0 ? r : eni_change(m, eni, security_groups, source_dest_check, err);
}

int eni_delete(struct model *m, const char *name, struct error *err)
{
	struct eni *eni;
	int r;

	r = rule_find(m, NOUN_ENI, name, NULL, &eni, err);
	if (r < 0)
		return r;
	/* cloud-semantics 7: only an Available one. */
	if (eni->ecs) {
		r = error_refuse(err, clouds[m->provider].attached, NULL, "%s is attached to %s",
				 name, eni->ecs->resource.name);
		error_hint(err, "eni detach %s", name);
		return r;
	}
	r = route_leave(m, &eni->resource, err);
	if (r < 0)
		return r;
	eni_dissolve(m, eni);
	model_remove(m, &eni->resource);
	return 0;
}
