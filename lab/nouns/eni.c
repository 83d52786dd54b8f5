/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* What the clouds call the same refusals. */
static const struct eni_codes {
	const char *no_address;
	const char *group_twice;
	const char *group_elsewhere[2]; /* of another VPC than the ENI, than the ECS */
	const char *attached, *not_attached, *primary;
	const char *other_vpc, *other_zone, *too_many_enis; /* attach */
	const char *quota;                                  /* create */
	const char *taken, *not_assigned, *too_many_ips;    /* assign, unassign */
} codes_of[PROVIDER_COUNT] = {
	/* cloud-semantics: eni-2, eni-3, eni-9, sg-11, op-24, op-25, op-26, op-27 */
	[PROVIDER_ALIBABA] = {
		.no_address = "InvalidVSwitchId.IpNotEnough",
		.group_twice = "InvalidInstanceId.AlreadyExists",
		.group_elsewhere = { "InvalidSecurityGroupId.NotVpc", "InvalidInstanceId.Mismatch" },
		.attached = "InvalidOperation.InvalidEniState",
		.not_attached = "InvalidOperation.InvalidEniState",
		.primary = "InvalidOperation.DetachPrimaryEniNotAllowed",
		.other_vpc = "InvalidOperation.VpcMismatch",
		.other_zone = "InvalidOperation.AvailabilityZoneMismatch",
		.too_many_enis = "EniPerInstanceLimitExceeded",
		.quota = "MaxEniCountExceeded",
		.taken = "InvalidIp.IpAssigned",
		.not_assigned = "InvalidIp.IpUnassigned",
		.too_many_ips = "InvalidOperation.Ipv4CountExceeded",
	},
	/* RunInstances, AttachNetworkInterface; for an instance in another VPC the code is the likeliest. */
	[PROVIDER_AWS] = {
		.no_address = "InsufficientFreeAddressesInSubnet",
		.group_twice = "InvalidParameterValue",
		.group_elsewhere = { "InvalidParameter", "InvalidParameter" },
		.attached = "InvalidNetworkInterface.InUse",
		.not_attached = "InvalidAttachmentID.NotFound",
		.primary = "OperationNotPermitted", /* the list of errors names this very case */
		.other_vpc = "InvalidParameterCombination",
		.other_zone = "InvalidParameterCombination",
		.too_many_enis = "AttachmentLimitExceeded",
		.quota = "NetworkInterfaceLimitExceeded",
		.taken = "InvalidParameterValue",
		.not_assigned = "InvalidParameterValue",
		.too_many_ips = "PrivateIpAddressLimitExceeded",
	},
};

bool eni_is_in(const struct eni *eni, const struct security_group *group)
{
	for (size_t i = 0; eni && i < eni->n_group; i++)
		if (eni->group[i] == group)
			return true;
	return false;
}

/* Of private addresses; 0: none. */
static unsigned group_limit(const struct model *m, const struct security_group *group)
{
	return group->type == GROUP_BASIC ? m->profile->ips_per_basic_group
					  : m->profile->ips_per_enterprise_group;
}

/* The code is of JoinSecurityGroup's page of 2018. cloud-semantics: sg-11 */
static int refuse_full_group(const struct security_group *group, unsigned limit, const char *key,
			     struct error *err)
{
	error_refuse(err, "SecurityGroupInstanceLimitExceeded", key,
		     "%s holds its %u private addresses already", group->resource.name, limit);
	return error_hint(err, "use another security group: security-group create NAME vpc %s",
			  group->vpc->resource.name);
}

static int check_group(const struct model *m, const struct vpc *vpc, const struct eni *eni,
		       const struct security_group *group, bool primary, struct error *err)
{
	const unsigned limit = group_limit(m, group);

	if (group->vpc != vpc) {
		error_refuse(err, codes_of[m->provider].group_elsewhere[primary], "security-group",
			     "%s belongs to %s, not to %s", group->resource.name,
			     group->vpc->resource.name, vpc->resource.name);
		return error_hint(err, "security-group create NAME vpc %s", vpc->resource.name);
	}
	if (!limit || eni_is_in(eni, group) ||
	    group->n_member + (eni ? eni->n_secondary : 0) < limit)
		return 0;
	return refuse_full_group(group, limit, "security-group", err);
}

/* Does the last one go with the ones before it? */
static int check_together(const struct model *m, struct security_group *const *group, size_t n,
			  struct error *err)
{
	const struct security_group *last = group[n - 1];

	for (size_t i = 0; i + 1 < n; i++) {
		if (group[i] == last) {
			error_refuse(err, codes_of[m->provider].group_twice, "security-group",
				     "%s is named twice", last->resource.name);
			return error_hint(err, "name it once");
		}
		/* Basic and enterprise groups do not mix; the code is the likeliest.
		 * cloud-semantics: sg-11 */
		if (group[i]->type != last->type) {
			error_refuse(err, "InvalidInstanceId.Mismatch", "security-group",
				     "%s and %s are of different types: one interface is in basic "
				     "or in enterprise "
				     "groups, not in both",
				     group[i]->resource.name, last->resource.name);
			return error_hint(
				err, "leave one of them out; security-group show tells the type "
				     "of each");
		}
	}
	return 0;
}

/* All that the interface is to be in; eni NULL: it is about to be made. */
static int check_groups(const struct model *m, const struct vpc *vpc, const struct eni *eni,
			struct security_group *const *group, size_t n, bool primary,
			struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = check_group(m, vpc, eni, group[i], primary, err);
		if (r == 0)
			r = check_together(m, group, i + 1, err);
	}
	return r;
}

static void put_groups(struct model *m, struct eni *eni, struct security_group *const *group,
		       size_t n_group)
{
	const unsigned n_ip = 1 + (unsigned)eni->n_secondary;

	for (size_t i = 0; i < n_group; i++)
		group[i]->n_member += n_ip;
	for (size_t i = 0; i < eni->n_group; i++)
		eni->group[i]->n_member -= n_ip;
	free(eni->group);
	eni->group = n_group ? xmemdup(group, n_group * sizeof(*group)) : NULL;
	eni->n_group = n_group;
	model_touch(m);
}

int eni_check(struct model *m, struct eni_request *request, bool primary, struct error *err)
{
	struct vpc *vpc = request->vswitch->vpc;
	int r = pool_choose_private(m, request->vswitch, request->ip,
				    codes_of[m->provider].no_address, &request->ip, err);

	if (r < 0)
		return r;
	if (!request->n_group) {
		request->group = &vpc->default_group;
		request->n_group = 1;
	}
	return check_groups(m, vpc, NULL, request->group, request->n_group, primary, err);
}

struct eni *eni_make(struct model *m, const struct eni_request *request, bool primary)
{
	struct eni *eni = xnew(struct eni);

	eni->vswitch = request->vswitch;
	eni->ip = request->ip;
	eni->primary = primary;
	eni->source_dest_check =
		model_cloud(m)->source_dest_check; /* cloud-semantics: eni-3, addr-27 */
	eni->guest_has_secondary = model_cloud(m)->guest_has_secondary;
	if (primary)
		model_init_resource(m, &eni->resource, NOUN_ENI, request->resource.name);
	else
		model_add(m, &eni->resource, NOUN_ENI, request->resource.name);
	model_hold(m, eni->vswitch->vpc, eni->ip, &eni->resource);
	put_groups(m, eni, request->group, request->n_group);
	return eni;
}

/* Its EIP becomes Available. cloud-semantics: addr-26, q-d */
static void give_back(struct model *m, const struct eni *eni, uint32_t ip)
{
	if (eni_eip(eni, ip))
		eip_detach(m, eni_eip(eni, ip));
	pool_release_private(m, eni->vswitch, ip);
}

void eni_dissolve(struct model *m, struct eni *eni)
{
	uint32_t ip;

	for (size_t i = 0; (ip = eni_address(eni, i)); i++)
		give_back(m, eni, ip);
	dnat_forget_target(m, eni);
	snat_forget_source(m, &eni->resource);
	put_groups(m, eni, NULL, 0);
}

int eni_move(struct model *m, struct eni *eni, struct security_group **group, size_t n_group,
	     struct error *err)
{
	int r = check_groups(m, eni->vswitch->vpc, eni, group, n_group, eni->primary, err);

	if (r == 0 && n_group)
		put_groups(m, eni, group, n_group);
	return r;
}

static int eni_create(struct model *m, void *request, struct error *err)
{
	int r;

	if (model_count(m, NOUN_ENI) >= m->profile->enis) {
		error_refuse(err, codes_of[m->provider].quota, NULL,
			     "the account holds %u secondary ENIs at most", m->profile->enis);
		return error_hint(err, "eni delete one of them, or have the quota raised: quota "
				       "enis N");
	}
	r = eni_check(m, request, false, err);
	if (r == 0)
		eni_make(m, request, false);
	return r;
}

/* ---- secondary private addresses ---- */

/* A primary ENI is named by its host. */
struct assignment {
	struct resource *of;
	uint32_t ip;
};

static struct eni *assignment_eni(const struct assignment *assignment)
{
	return assignment->of->noun == NOUN_ECS ? ((struct ecs *)assignment->of)->eni[0]
						: (struct eni *)assignment->of;
}

static int check_assign(const struct model *m, const struct eni *eni, uint32_t ip,
			struct error *err)
{
	const unsigned most = m->profile->secondary_per_eni;
	const struct resource *holder = ip ? model_holder(m, eni->vswitch->vpc, ip) : NULL;
	char text[ADDRESS_TEXT_SIZE];

	/* The code is that of the other order, as the likeliest. cloud-semantics: eip-4 */
	if (eni_is_cut_through(eni)) {
		error_refuse(err, "Eni.HasSubIp", NULL, "%s has its EIP in cut-through mode",
			     eni->resource.name);
		return error_hint(err, "eip disassociate %s", eni->eip->resource.name);
	}
	if (eni->n_secondary >= most) {
		error_refuse(err, codes_of[m->provider].too_many_ips, NULL,
			     "%s has its %u secondary addresses already", eni->resource.name, most);
		return error_hint(err,
				  "eni unassign %s ip ADDRESS, or: quota "
				  "secondary-ips-per-eni N",
				  eni->resource.name);
	}
	if (holder) {
		error_refuse(err, codes_of[m->provider].taken, "ip", "%s is in use by %s",
			     address_format(ip, text), holder->name);
		return error_hint(err, "leave ip out to get a free address");
	}
	for (size_t i = 0; i < eni->n_group; i++) {
		const struct security_group *group = eni->group[i];
		const unsigned limit = group_limit(m, group);

		if (limit && group->n_member >= limit)
			return refuse_full_group(group, limit, NULL, err);
	}
	return 0;
}

static int eni_assign(struct model *m, void *request, struct error *err)
{
	struct assignment *assignment = request;
	struct eni *eni = assignment_eni(assignment);
	int r = check_assign(m, eni, assignment->ip, err);

	if (r == 0)
		r = pool_choose_private(m, eni->vswitch, assignment->ip,
					codes_of[m->provider].no_address, &assignment->ip, err);
	if (r < 0)
		return r;
	*ARRAY_PUSH(eni->secondary, eni->n_secondary) = HOST_PREFIX(assignment->ip);
	for (size_t i = 0; i < eni->n_group; i++)
		eni->group[i]->n_member++;
	model_hold(m, eni->vswitch->vpc, assignment->ip, &eni->resource);
	model_touch(m);
	return 0;
}

static int eni_unassign(struct model *m, void *request, struct error *err)
{
	const struct assignment *assignment = request;
	struct eni *eni = assignment_eni(assignment);
	char text[ADDRESS_TEXT_SIZE];
	size_t i = 0;

	while (i < eni->n_secondary && eni->secondary[i].address != assignment->ip)
		i++;
	if (i == eni->n_secondary) {
		error_refuse(err, codes_of[m->provider].not_assigned, "ip",
			     eni->ip == assignment->ip
				     ? "%s is the primary address of %s, which keeps it"
				     : "%s is no secondary address of %s",
			     address_format(assignment->ip, text), eni->resource.name);
		if (eni->n_secondary)
			error_hint(err, "eni unassign %s ip %s", eni->resource.name,
				   address_format(eni->secondary[0].address, text));
		return -EINVAL;
	}
	give_back(m, eni, assignment->ip);
	for (size_t k = 0; k < eni->n_group; k++)
		eni->group[k]->n_member--;
	ARRAY_REMOVE(eni->secondary, eni->n_secondary, i);
	model_touch(m);
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

/* The ENI is of the same VPC and zone, and one of as many as the instance type takes.
 * cloud-semantics: eni-2 */
static int check_attach(const struct model *m, const struct eni *eni, const struct ecs *ecs,
			struct error *err)
{
	const struct vswitch *home = ecs->eni[0]->vswitch;
	const struct eni_codes *codes = &codes_of[m->provider];
	const char *key = model_noun_word(m, NOUN_ECS);

	if (eni->ecs) {
		error_refuse(err, codes->attached, NULL, "%s is attached to %s already",
			     eni->resource.name, eni->ecs->resource.name);
		return error_hint(err, "eni detach %s", eni->resource.name);
	}
	if (eni->vswitch->vpc != home->vpc) {
		error_refuse(err, codes->other_vpc, key, "%s is in %s, but %s is in %s",
			     eni->resource.name, eni->vswitch->vpc->resource.name,
			     ecs->resource.name, home->vpc->resource.name);
		return error_hint(err, "eni create NAME %s %s", model_noun_word(m, NOUN_VSWITCH),
				  ecs->eni[0]->vswitch->resource.name);
	}
	if (strcmp(eni->vswitch->zone, home->zone) != 0) {
		error_refuse(err, codes->other_zone, key, "%s is in %s, but %s is in %s",
			     eni->resource.name, eni->vswitch->zone, ecs->resource.name,
			     home->zone);
		return error_hint(err, "eni create NAME %s %s", model_noun_word(m, NOUN_VSWITCH),
				  ecs->eni[0]->vswitch->resource.name);
	}
	if (free_slot(ecs) >= m->profile->enis_per_ecs) {
		error_refuse(err, codes->too_many_enis, key, "%s has its %u interfaces already",
			     ecs->resource.name, m->profile->enis_per_ecs);
		return error_hint(err, "eni detach one of them: eni show");
	}
	return 0;
}

struct attachment {
	struct eni *eni;
	struct ecs *ecs;
};

static int eni_attach(struct model *m, void *request, struct error *err)
{
	struct eni *eni = ((struct attachment *)request)->eni;
	struct ecs *ecs = ((struct attachment *)request)->ecs;

	if (check_attach(m, eni, ecs, err) < 0)
		return -EINVAL;
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

static int eni_detach(struct model *m, void *request, struct error *err)
{
	struct resource *resource = ((struct subject *)request)->resource;
	const char *name = resource->name, *host = model_noun_word(m, NOUN_ECS);

	/* The primary ENI has no name of its own, so the ECS is named. cloud-semantics: eni-1 */
	if (resource->noun == NOUN_ECS) {
		error_refuse(err, codes_of[m->provider].primary, NULL,
			     "%s is %s, and its primary ENI cannot be detached", name,
			     model_noun_a(m, NOUN_ECS));
		return error_hint(err, "it goes with it: %s delete %s", host, name);
	}
	if (!((struct eni *)resource)->ecs) {
		error_refuse(err, codes_of[m->provider].not_attached, NULL, "%s is not attached",
			     name);
		return error_hint(err, "eni attach %s %s NAME, or: eni delete %s", name, host,
				  name);
	}
	eni_leave_ecs((struct eni *)resource);
	model_touch(m);
	return 0;
}

struct eni_change {
	struct eni *eni;
	struct eni wanted;
	struct security_group **group;
	size_t n_group;
};

static int eni_set(struct model *m, void *request, struct error *err)
{
	struct eni_change *change = request;
	int r = eni_move(m, change->eni, change->group, change->n_group, err);

	if (r < 0)
		return r;
	change->eni->source_dest_check = change->wanted.source_dest_check;
	model_touch(m);
	return 0;
}

static int eni_delete(struct model *m, void *request, struct error *err)
{
	struct eni *eni = ((struct subject *)request)->resource;
	int r;

	/* cloud-semantics: eni-5 */
	if (eni->ecs) {
		error_refuse(err, codes_of[m->provider].attached, NULL, "%s is attached to %s",
			     eni->resource.name, eni->ecs->resource.name);
		return error_hint(err, "eni detach %s", eni->resource.name);
	}
	r = route_leave(m, &eni->resource, err);
	if (r < 0)
		return r;
	eni_dissolve(m, eni);
	model_remove(m, &eni->resource);
	return 0;
}

void eni_describe(const struct model *m, const void *resource, void *request)
{
	const struct eni *eni = resource;

	(void)m;
	*(struct eni_request *)request = (struct eni_request){ .resource = eni->resource,
							       .vswitch = eni->vswitch,
							       .ip = eni->ip,
							       .group = eni->group,
							       .n_group = eni->n_group };
}

#define CREATE(key_, ip_code_, too_many_)                                                        \
	{                                                                                        \
		NEW_NAME,                                                                        \
			{ KEY_OF(key_, NOUN_VSWITCH, PARAMETER_REQUIRED, "where it is"),         \
			  IN(struct eni_request, vswitch) },                                     \
			KEY_PRIVATE_IP(ip_code_),                                                \
			KEY_GROUPS(struct eni_request, group, n_group, too_many_, GROUPS_JOINED) \
	}
#define ATTACH(key_, ...)                                                                    \
	{                                                                                    \
		NAME_OF(NOUN_ENI),                                                           \
		{                                                                            \
			KEY_OF(key_, NOUN_ECS, PARAMETER_REQUIRED, "the host that gets it"), \
				IN(struct attachment, ecs), __VA_ARGS__                      \
		}                                                                            \
	}
#define OF_ENI                                                                   \
	{                                                                        \
		PARAMETER("name", REFERENCE, PARAMETER_REQUIRED,                 \
			  "which one; a host: its primary one"),                 \
			.nouns = NOUNS(NOUN_ENI), .also_nouns = NOUNS(NOUN_ECS), \
	}
#define SET(too_many_)                                \
	COPY_OF(NOUN_ENI, struct eni_change, wanted), \
		KEY_GROUPS(struct eni_change, group, n_group, too_many_, GROUPS_NEW)

const struct command eni_rows[] = {
	{
		.words = "eni create",
		.parameter =
			CREATE("vswitch", "InvalidPrivateIpAddress.Malformed", TOO_MANY_GROUPS),
		.summary = "make a secondary network interface",
		.example = "eni create ENI1 vswitch VSW1",
		.providers = FOR_ALIBABA,
		.describe = eni_describe,
		CHANGES(struct eni_request, eni_create),
	},
	{
		.words = "eni create",
		.parameter = CREATE("subnet", NULL, AWS_TOO_MANY_GROUPS),
		.summary = "make a secondary network interface",
		.example = "eni create ENI1 subnet S1",
		.providers = FOR_AWS,
		.describe = eni_describe,
		CHANGES(struct eni_request, eni_create),
	},
	{
		.words = "eni attach",
		.parameter = ATTACH("ecs", .not_found = "InvalidEcsId.NotFound"),
		.summary = "plug an ENI into an ECS",
		.example = "eni attach ENI1 ecs ECS1",
		.providers = FOR_ALIBABA,
		CHANGES(struct attachment, eni_attach),
	},
	{
		.words = "eni attach",
		.parameter = ATTACH("instance", .code = NULL),
		.summary = "plug an ENI into an instance",
		.example = "eni attach ENI1 instance I1",
		.providers = FOR_AWS,
		CHANGES(struct attachment, eni_attach),
	},
	{
		.words = "eni detach",
		.parameter = { { PARAMETER("name", REFERENCE, PARAMETER_REQUIRED, "which one"),
				 .nouns = NOUNS(NOUN_ENI), .also_nouns = NOUNS(NOUN_ECS) } },
		.summary = "unplug an ENI from its host",
		.example = "eni detach ENI1",
		CHANGES(struct subject, eni_detach),
	},
	{
		.words = "eni assign",
		.parameter = { OF_ENI,
			       { PARAMETER("ip", ADDRESS, PARAMETER_KEY,
					   "of its own network; the next free one if not given"),
				 IN(struct assignment, ip) } },
		.summary = "give an ENI a secondary private address",
		.example = "eni assign ENI1 ip 192.168.1.100",
		CHANGES(struct assignment, eni_assign),
	},
	{
		.words = "eni unassign",
		.parameter = { OF_ENI,
			       { PARAMETER("ip", ADDRESS, PARAMETER_KEY | PARAMETER_REQUIRED,
					   "the secondary address"),
				 IN(struct assignment, ip) } },
		.summary = "take a secondary private address away",
		.example = "eni unassign ENI1 ip 192.168.1.100",
		CHANGES(struct assignment, eni_unassign),
	},
	{
		.words = "eni set",
		.parameter = { SET(TOO_MANY_GROUPS) },
		.summary = "change an ENI's groups",
		.example = "eni set ENI1 security-group SG1",
		.providers = FOR_ALIBABA,
		CHANGES(struct eni_change, eni_set),
	},
	{
		.words = "eni set",
		.parameter = { SET(AWS_TOO_MANY_GROUPS),
			       { KEY_CHECK, IN(struct eni_change, wanted.source_dest_check) } },
		.summary = "change an ENI's groups, or let it forward",
		.example = "eni set ENI1 security-group SG1",
		.providers = FOR_AWS,
		CHANGES(struct eni_change, eni_set),
	},
	{ DELETE("eni", NOUN_ENI, eni_delete, "remove a detached ENI", "ENI1") },
	{ SHOW("eni", NOUN_ENI, "list secondary ENIs",
	       "ip secondary_ips vswitch security_group ecs eip status",
	       "ip secondary_ips subnet security_group instance eip source_dest_check status") },
	{ .words = NULL },
};
