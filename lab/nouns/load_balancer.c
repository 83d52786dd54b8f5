/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/words.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/*
 * A load balancer of layer 4, as far as the questions go: a private address in a vSwitch, listeners
 * for TCP, and for each a group of hosts that one port of is asked. Network Load Balancer (AWS),
 * CLB (Alibaba Cloud). A host that fails its health check is not chosen. cloud-semantics: lb-1,
 * lb-4, lb-5
 */
static const struct balancer_codes {
	const char *full;      /* no address is left */
	const char *same_port; /* of another listener */
	const char *used;      /* a group that a listener leads to */
	const char *other;     /* a group that is another load balancer's */
	const char *target;    /* a host of another VPC, or one that is registered already */
	const char *absent;    /* a host that is not registered */
} codes_of[PROVIDER_COUNT] = {
	/* CLB's lists of errors; of what they do not have the likeliest. */
	[PROVIDER_ALIBABA] = { "InvalidVSwitchId.IpNotEnough", "ListenerAlreadyExists",
			       "RspoolVipExist", "InvalidParameter", "InvalidParameter",
			       "InvalidParameter" },
	/* "Common errors" and those of each action of Elastic Load Balancing, version 2. */
	[PROVIDER_AWS] = { "InvalidSubnet", "DuplicateListener", "ResourceInUse",
			   "TargetGroupAssociationLimit", "InvalidTarget", "InvalidTarget" },
};

static int load_balancer_create(struct model *m, void *request, struct error *err)
{
	struct load_balancer *balancer = request;
	int r = pool_choose_private(m, balancer->vswitch, balancer->private_ip,
				    codes_of[m->provider].full, &balancer->private_ip, err);

	if (r < 0)
		return r;
	balancer = model_make(m, NOUN_LOAD_BALANCER, balancer);
	model_hold(m, balancer->vswitch->vpc, balancer->private_ip, &balancer->resource);
	return 0;
}

/* AWS: a group is free again when no listener leads to it. */
static void listener_remove(struct model *m, struct listener *listener)
{
	struct target_group *group = listener->group;

	model_remove(m, &listener->resource);
	if (m->provider == PROVIDER_AWS && !model_user(m, NOUN_LISTENER, group, NULL))
		group->balancer = NULL;
}

/* Its listeners go with it, and on Alibaba Cloud its vServer groups. */
static int load_balancer_delete(struct model *m, void *request, struct error *err)
{
	struct load_balancer *balancer = ((struct subject *)request)->resource;

	(void)err;
	for (struct listener *l; (l = model_user(m, NOUN_LISTENER, balancer, NULL));)
		listener_remove(m, l);
	model_remove_users(m, NOUN_TARGET_GROUP, balancer);
	pool_release_private(m, balancer->vswitch, balancer->private_ip);
	model_remove(m, &balancer->resource);
	return 0;
}

/* ---- groups of targets ---- */

struct target_group_request {
	struct target_group group;
	bool preserve_given;
};

/* cloud-semantics: lb-1, lb-5 */
static int target_group_create(struct model *m, void *request, struct error *err)
{
	struct target_group_request *wanted = request;
	struct target_group *group = &wanted->group;

	(void)err;
	if (group->balancer)
		group->vpc = group->balancer->vswitch->vpc;
	group->preserve = group->preserve || !wanted->preserve_given;
	model_make(m, NOUN_TARGET_GROUP, group);
	return 0;
}

static void target_group_describe(const struct model *m, const void *resource, void *request)
{
	struct target_group_request *wanted = request;

	(void)m;
	wanted->group = *(const struct target_group *)resource;
	wanted->preserve_given = true;
}

struct target_group_change {
	struct target_group *group;
	struct target_group wanted;
};

static int target_group_set(struct model *m, void *request, struct error *err)
{
	const struct target_group_change *change = request;

	(void)err;
	*change->group = change->wanted;
	model_touch(m);
	return 0;
}

static int target_group_delete(struct model *m, void *request, struct error *err)
{
	struct target_group *group = ((struct subject *)request)->resource;
	const struct listener *listener = model_user(m, NOUN_LISTENER, group, NULL);

	if (listener) {
		error_refuse(err, codes_of[m->provider].used, NULL, "the listener %s leads to %s",
			     listener->resource.name, group->resource.name);
		return error_hint(err, "listener delete %s", listener->resource.name);
	}
	model_remove(m, &group->resource);
	return 0;
}

struct registration {
	struct target_group *group;
	struct ecs **target;
	size_t n_target;
};

static size_t target_place(const struct target_group *group, const struct ecs *ecs)
{
	size_t i = 0;

	while (i < group->n_target && group->target[i] != ecs)
		i++;
	return i;
}

static int target_group_register(struct model *m, void *request, struct error *err)
{
	const struct registration *change = request;
	struct target_group *group = change->group;
	const char *key = m->provider == PROVIDER_AWS ? "instance" : "ecs";

	for (size_t i = 0; i < change->n_target; i++) {
		const struct ecs *ecs = change->target[i];
		const struct vpc *vpc = ecs->eni[0]->vswitch->vpc;
		bool twice = target_place(group, ecs) < group->n_target;

		for (size_t k = 0; k < i; k++)
			twice = twice || change->target[k] == ecs;
		if (vpc == group->vpc && !twice)
			continue;
		if (twice)
			error_refuse(err, codes_of[m->provider].target, key,
				     "%s is registered with %s already", ecs->resource.name,
				     group->resource.name);
		else
			error_refuse(err, codes_of[m->provider].target, key,
				     "%s is in %s, and %s in %s", ecs->resource.name,
				     vpc->resource.name, group->resource.name,
				     group->vpc->resource.name);
		return error_hint(err, "%s show %s", model_noun_word(m, NOUN_TARGET_GROUP),
				  group->resource.name);
	}
	for (size_t i = 0; i < change->n_target; i++)
		*ARRAY_PUSH(group->target, group->n_target) = change->target[i];
	model_touch(m);
	return 0;
}

static void target_remove(struct target_group *group, size_t place)
{
	group->n_target--;
	memmove(&group->target[place], &group->target[place + 1],
		(group->n_target - place) * sizeof(*group->target));
}

static int target_group_deregister(struct model *m, void *request, struct error *err)
{
	const struct registration *change = request;
	struct target_group *group = change->group;

	for (size_t i = 0; i < change->n_target; i++) {
		if (target_place(group, change->target[i]) < group->n_target)
			continue;
		error_refuse(err, codes_of[m->provider].absent,
			     m->provider == PROVIDER_AWS ? "instance" : "ecs",
			     "%s is not registered with %s", change->target[i]->resource.name,
			     group->resource.name);
		return error_hint(err, "%s show %s", model_noun_word(m, NOUN_TARGET_GROUP),
				  group->resource.name);
	}
	for (size_t i = 0; i < change->n_target; i++) {
		const size_t place = target_place(group, change->target[i]);

		if (place < group->n_target) /* it may be said twice */
			target_remove(group, place);
	}
	model_touch(m);
	return 0;
}

void target_groups_forget(struct model *m, const struct ecs *ecs)
{
	model_each_user(m, NOUN_TARGET_GROUP, ecs, struct target_group, group)
		target_remove(group, target_place(group, ecs));
}

/* ---- listeners ---- */

static int listener_create(struct model *m, void *request, struct error *err)
{
	const struct balancer_codes *codes = &codes_of[m->provider];
	struct listener *wanted = request;
	struct target_group *group = wanted->group;

	model_each_user(m, NOUN_LISTENER, wanted->balancer, const struct listener, other) {
		if (other->port != wanted->port)
			continue;
		error_refuse(err, codes->same_port, "port", "%s listens on %u already: %s",
			     wanted->balancer->resource.name, wanted->port, other->resource.name);
		return error_hint(err, "listener delete %s", other->resource.name);
	}
	if (group->balancer && group->balancer != wanted->balancer) {
		error_refuse(err, codes->other, model_noun_word(m, NOUN_TARGET_GROUP),
			     "%s is used by %s, and no two load balancers share one",
			     group->resource.name, group->balancer->resource.name);
		return error_hint(err, "%s create NAME", model_noun_word(m, NOUN_TARGET_GROUP));
	}
	if (group->vpc != wanted->balancer->vswitch->vpc) {
		error_refuse(err, codes->target, model_noun_word(m, NOUN_TARGET_GROUP),
			     "%s is in %s, and %s in %s", group->resource.name,
			     group->vpc->resource.name, wanted->balancer->resource.name,
			     wanted->balancer->vswitch->vpc->resource.name);
		return error_hint(err, "%s show", model_noun_word(m, NOUN_TARGET_GROUP));
	}
	group->balancer = wanted->balancer;
	model_make(m, NOUN_LISTENER, wanted);
	return 0;
}

static int listener_delete(struct model *m, void *request, struct error *err)
{
	(void)err;
	listener_remove(m, ((struct subject *)request)->resource);
	return 0;
}

/* ---- rows ---- */

#define KEY_TCP_PORT(type_, member_, help_)                                               \
	{                                                                                 \
		.name = "port", .kind = ARGUMENT_NUMBER,                                  \
		.flags = PARAMETER_KEY | PARAMETER_REQUIRED, .min = 1, .max = UINT16_MAX, \
		.help = (help_), IN(type_, member_)                                       \
	}
#define BALANCER_ROWS(place_, providers_, what_)                                        \
	{                                                                               \
		.words = "load-balancer create",                                        \
		.parameter = { NEW_NAME,                                                \
			       { KEY_OF(place_, NOUN_VSWITCH, PARAMETER_REQUIRED,       \
					"where its address is"),                        \
				 IN(struct load_balancer, vswitch) },                   \
			       { .name = "ip",                                          \
				 .kind = ARGUMENT_ADDRESS,                              \
				 .flags = PARAMETER_KEY,                                \
				 .help = "its address; the next free one if not given", \
				 IN(struct load_balancer, private_ip) } },              \
		.summary = "make " what_ ", which takes nothing without a listener",    \
		.example = "load-balancer create LB1 " place_ " VSW1",                  \
		.providers = (providers_),                                              \
		CHANGES(struct load_balancer, load_balancer_create),                    \
	},                                                                              \
		{ DELETE("load-balancer", NOUN_LOAD_BALANCER, load_balancer_delete,     \
			 "remove it with its listeners", "LB1"),                        \
		  .providers = (providers_) },                                          \
	{                                                                               \
		SHOW("load-balancer", NOUN_LOAD_BALANCER, "list load balancers",        \
		     place_ " ip status"),                                              \
			.providers = (providers_)                                       \
	}
#define REGISTRATION_ROW(words_, key_, noun_word_, providers_, summary_, change_)                  \
	{                                                                                          \
		.words = noun_word_ " " words_,                                                    \
		.parameter = { NAME_OF(NOUN_TARGET_GROUP),                                         \
			       { .name = (key_),                                                   \
				 .kind = ARGUMENT_REFERENCES,                                      \
				 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,                      \
				 .nouns = NOUNS(NOUN_ECS),                                         \
				 .help = "which ones",                                             \
				 IN_BOTH(struct registration, target, n_target) } },               \
		.summary = (summary_), .example = noun_word_ " " words_ " TG1 " key_ " ECS1,ECS2", \
		.providers = (providers_), CHANGES(struct registration, change_)                   \
	}
#define KEY_PRESERVE(help_) \
	KEY_SWITCH("preserve-client-ip", "off: targets see the load balancer's address" help_)
#define LISTENER_ROW(group_, providers_)                                                          \
	{                                                                                         \
		.words = "listener create",                                                       \
		.parameter = { NEW_NAME,                                                          \
			       { KEY_OF("load-balancer", NOUN_LOAD_BALANCER, PARAMETER_REQUIRED,  \
					"whose"),                                                 \
				 IN(struct listener, balancer) },                                 \
			       KEY_TCP_PORT(struct listener, port, "the TCP port that it takes"), \
			       { KEY_OF(group_, NOUN_TARGET_GROUP, PARAMETER_REQUIRED,            \
					"to whom it leads"),                                      \
				 IN(struct listener, group) } },                                  \
		.summary = "lead a TCP port of a load balancer to a group",                       \
		.example = "listener create L1 load-balancer LB1 port 80 " group_ " TG1",         \
		.providers = (providers_), CHANGES(struct listener, listener_create),             \
	}

const struct command load_balancer_rows[] = {
	BALANCER_ROWS("vswitch", FOR_ALIBABA, "a CLB instance"),
	BALANCER_ROWS("subnet", FOR_AWS, "a Network Load Balancer"),
	{
		.words = "vserver-group create",
		.parameter = { NEW_NAME,
			       { KEY_OF("load-balancer", NOUN_LOAD_BALANCER, PARAMETER_REQUIRED,
					"whose"),
				 IN(struct target_group_request, group.balancer) },
			       KEY_TCP_PORT(struct target_group_request, group.port,
					    "of each server") },
		.summary = "make a group of servers behind a CLB instance",
		.example = "vserver-group create TG1 load-balancer LB1 port 80",
		.providers = FOR_ALIBABA,
		.describe = target_group_describe,
		CHANGES(struct target_group_request, target_group_create),
	},
	REGISTRATION_ROW("add", "ecs", "vserver-group", FOR_ALIBABA, "put servers into a group",
			 target_group_register),
	REGISTRATION_ROW("remove", "ecs", "vserver-group", FOR_ALIBABA,
			 "take servers out of a group", target_group_deregister),
	{ DELETE("vserver-group", NOUN_TARGET_GROUP, target_group_delete,
		 "remove a group that no listener leads to", "TG1"),
	  .providers = FOR_ALIBABA },
	{ SHOW("vserver-group", NOUN_TARGET_GROUP, "list vServer groups",
	       "load_balancer port ecs healthy status"),
	  .providers = FOR_ALIBABA },
	{
		.words = "target-group create",
		.parameter = { NEW_NAME,
			       { KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED,
					"where its targets are"),
				 IN(struct target_group_request, group.vpc) },
			       KEY_TCP_PORT(struct target_group_request, group.port,
					    "of each target"),
			       { KEY_PRESERVE("; on if not given"),
				 IN(struct target_group_request, group.preserve),
				 GIVEN(struct target_group_request, preserve_given) } },
		.summary = "make a group of instances for a load balancer",
		.example = "target-group create TG1 vpc VPC1 port 80",
		.providers = FOR_AWS,
		.describe = target_group_describe,
		CHANGES(struct target_group_request, target_group_create),
	},
	{
		.words = "target-group set",
		.parameter = { COPY_OF(NOUN_TARGET_GROUP, struct target_group_change, wanted),
			       { KEY_PRESERVE(""),
				 IN(struct target_group_change, wanted.preserve) } },
		.summary = "let its targets see the client's address, or not",
		.example = "target-group set TG1 preserve-client-ip off",
		.providers = FOR_AWS,
		CHANGES(struct target_group_change, target_group_set) | COMMAND_SETS,
	},
	REGISTRATION_ROW("register", "instance", "target-group", FOR_AWS,
			 "put instances into a group", target_group_register),
	REGISTRATION_ROW("deregister", "instance", "target-group", FOR_AWS,
			 "take instances out of a group", target_group_deregister),
	{ DELETE("target-group", NOUN_TARGET_GROUP, target_group_delete,
		 "remove a group that no listener leads to", "TG1"),
	  .providers = FOR_AWS },
	{ SHOW("target-group", NOUN_TARGET_GROUP, "list target groups",
	       "vpc port preserve_client_ip instance healthy status"),
	  .providers = FOR_AWS },
	LISTENER_ROW("vserver-group", FOR_ALIBABA),
	LISTENER_ROW("target-group", FOR_AWS),
	{ DELETE("listener", NOUN_LISTENER, listener_delete, "close a port of a load balancer",
		 "L1") |
	  COMMAND_TRIED },
	{ SHOW("listener", NOUN_LISTENER, "list listeners",
	       "load_balancer port vserver_group status",
	       "load_balancer port target_group status") },
	{ .words = NULL },
};
