/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

/* Network ACLs are stateless, an ordered list for each direction, on vSwitches. Inbound rules have
 * a source only, outbound rules a destination only. cloud-semantics: acl-15 */
static const struct acl_codes {
	const char *too_many, *too_many_rules;
	const char *taken, *no_rule; /* a number that a rule has, and one that none has */
	const char *other_vpc, *used;
	const char *is_default; /* delete */
	struct filter_rule_codes rule;
} codes_of[PROVIDER_COUNT] = {
	/* The API documents no code of theirs but InternalError: these are the plain ones that it
	 * uses for other resources, the likeliest. cloud-semantics: acl-12, acl-17, op-28 */
	[PROVIDER_ALIBABA] = {
		.too_many = "QuotaExceeded.NetworkAcl",
		.too_many_rules = "QuotaExceeded.NetworkAclEntry",
		.taken = "InvalidParameter",
		.no_rule = "InvalidParameter",
		.other_vpc = "InvalidVSwitchId.NotFound",
		.used = "NetworkAclExistBinding",
		.rule = { .no_ports = "InvalidParameter",
			  .both_peers = "InvalidParameter",
			  .no_peer = { "MissingParameter", "MissingParameter" } },
	},
	/* The codes of form, of a subnet elsewhere and of deleting the default one are the
	 * likeliest. cloud-semantics: acl-9, acl-10 */
	[PROVIDER_AWS] = {
		.too_many = "NetworkAclLimitExceeded",
		.too_many_rules = "NetworkAclEntryLimitExceeded",
		.taken = "NetworkAclEntryAlreadyExists",
		.no_rule = "InvalidNetworkAclEntry.NotFound",
		.other_vpc = "InvalidParameterValue",
		.used = "DependencyViolation",
		.is_default = "InvalidParameterValue",
		.rule = { .no_ports = "InvalidParameterValue",
			  .both_peers = "InvalidParameterCombination",
			  .no_peer = { "MissingParameter", "MissingParameter" } },
	},
};

/* It lets everything in and out. cloud-semantics: acl-1 */
struct acl *acl_make_default(struct model *m, struct vpc *vpc)
{
	static const struct prefix everywhere = { 0, 0 };
	const char *word = model_cloud(m)->default_acl;
	auto_free char *name = word ? xprintf("%s/%s", vpc->resource.name, word) : NULL;
	struct acl *acl;

	if (!word)
		return NULL;
	acl = model_make(m, NOUN_ACL, &(struct acl){ .resource.name = name, .vpc = vpc });
	for (int way = DIRECTION_IN; way <= DIRECTION_OUT; way++)
		*ARRAY_PUSH(acl->rule, acl->n_rule) =
			(struct filter_rule){ .number = ACL_NUMBER_DEFAULT,
					      .direction = (enum direction)way,
					      .peer = everywhere };
	return acl;
}

/* Out of its ACL: to the default one, or to none. */
static void hint_leave(const struct model *m, const struct vswitch *vswitch, struct error *err)
{
	const struct acl *home = vswitch->vpc->default_acl;

	error_hint(err, "%s %s %s %s %s", model_noun_word(m, NOUN_ACL),
		   home ? "associate" : "disassociate",
		   home ? home->resource.name : vswitch->acl->resource.name,
		   model_noun_word(m, NOUN_VSWITCH), vswitch->resource.name);
}

static int acl_create(struct model *m, void *request, struct error *err)
{
	const struct acl *acl = request;
	unsigned count = count_in_vpc(m, NOUN_ACL, acl->vpc);

	if (count >= m->profile->acls_per_vpc) {
		error_refuse(err, codes_of[m->provider].too_many, "vpc",
			     "%s has its %u network ACLs already", acl->vpc->resource.name, count);
		return error_hint(err, "%s show, then %s delete one that no %s uses",
				  model_noun_word(m, NOUN_ACL), model_noun_word(m, NOUN_ACL),
				  model_noun_title(m, NOUN_VSWITCH));
	}
	model_make(m, NOUN_ACL, acl);
	return 0;
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

static int acl_add(struct model *m, void *request, struct error *err)
{
	const struct acl_codes *codes = &codes_of[m->provider];
	const char *noun = model_noun_word(m, NOUN_ACL);
	struct filter_rule_request *wanted = request;
	struct acl *acl = (struct acl *)wanted->subject;
	const char *name = acl->resource.name;
	const char *direction = word_of(direction_words, (int)wanted->rule.direction);
	struct filter_rule rule;
	unsigned count = 0;
	bool taken;
	size_t place;
	int r = filter_rule_check(wanted, &codes->rule, err);

	if (r < 0)
		return r;
	rule = wanted->rule;
	place = rule_place(acl, rule.direction, rule.number, &taken);
	if (taken) {
		error_refuse(err, codes->taken, "number", "%s has a rule %u for \"%s\" already",
			     name, rule.number, direction);
		return error_hint(err, "%s remove %s %s %u", noun, name, direction, rule.number);
	}
	for (size_t i = 0; i < acl->n_rule; i++)
		count += acl->rule[i].direction == rule.direction;
	if (count >= m->profile->rules_per_acl) {
		error_refuse(err, codes->too_many_rules, "direction",
			     "%s has its %u rules for \"%s\" already", name, count, direction);
		return error_hint(err, "%s show %s, then: %s remove %s %s NUMBER", noun, name, noun,
				  name, direction);
	}
	ARRAY_PUSH(acl->rule, acl->n_rule);
	memmove(&acl->rule[place + 1], &acl->rule[place],
		(acl->n_rule - 1 - place) * sizeof(*acl->rule));
	acl->rule[place] = rule;
	model_touch(m);
	return 0;
}

static int acl_remove(struct model *m, void *request, struct error *err)
{
	const struct filter_rule_request *unwanted = request;
	struct acl *acl = (struct acl *)unwanted->subject;
	const char *direction = word_of(direction_words, (int)unwanted->rule.direction);
	bool there;
	size_t place = rule_place(acl, unwanted->rule.direction, unwanted->rule.number, &there);

	if (!there) {
		error_refuse(err, codes_of[m->provider].no_rule, "number",
			     "%s has no rule %u for \"%s\"", acl->resource.name,
			     unwanted->rule.number, direction);
		return error_hint(err, "%s show %s", model_noun_word(m, NOUN_ACL),
				  acl->resource.name);
	}
	ARRAY_REMOVE(acl->rule, acl->n_rule, place);
	model_touch(m);
	return 0;
}

struct association {
	struct acl *acl;
	struct vswitch *vswitch;
};

static int acl_associate(struct model *m, void *request, struct error *err)
{
	struct acl *acl = ((struct association *)request)->acl;
	struct vswitch *vswitch = ((struct association *)request)->vswitch;
	const char *name = acl->resource.name, *vswitch_name = vswitch->resource.name;
	const char *key = model_noun_word(m, NOUN_VSWITCH);

	if (vswitch->vpc != acl->vpc) {
		error_refuse(err, codes_of[m->provider].other_vpc, key,
			     "%s is in %s, but %s is in %s", vswitch_name,
			     vswitch->vpc->resource.name, name, acl->vpc->resource.name);
		return error_hint(err, "%s create NAME vpc %s", model_noun_word(m, NOUN_ACL),
				  vswitch->vpc->resource.name);
	}
	/* A vSwitch has at most one; where it has one always, another replaces it, and may be the
	 * same. cloud-semantics: acl-3, acl-11, acl-12 */
	if (vswitch->acl && !vswitch->vpc->default_acl) {
		error_refuse(err, codes_of[m->provider].used, key,
			     "%s is associated with %s already", vswitch_name,
			     vswitch->acl->resource.name);
		hint_leave(m, vswitch, err);
		return -EINVAL;
	}
	vswitch->acl = acl;
	model_touch(m);
	return 0;
}

static int acl_disassociate(struct model *m, void *request, struct error *err)
{
	struct acl *acl = ((struct association *)request)->acl;
	struct vswitch *vswitch = ((struct association *)request)->vswitch;

	if (vswitch->acl != acl) {
		error_refuse(err, "InvalidBindingStatus", "vswitch", "%s is not associated with %s",
			     vswitch->resource.name, acl->resource.name);
		return error_hint(err, "vswitch show %s", vswitch->resource.name);
	}
	vswitch->acl = NULL;
	model_touch(m);
	return 0;
}

static int acl_delete(struct model *m, void *request, struct error *err)
{
	const struct acl_codes *codes = &codes_of[m->provider];
	struct acl *acl = ((struct subject *)request)->resource;
	const struct vswitch *vswitch = model_user(m, NOUN_VSWITCH, acl, NULL);
	const char *name = acl->resource.name;

	if (acl == acl->vpc->default_acl) {
		error_refuse(err, codes->is_default, NULL,
			     "%s is the default network ACL, which goes with its VPC", name);
		return error_hint(err, "vpc delete %s", acl->vpc->resource.name);
	}
	if (vswitch) {
		error_refuse(err, codes->used, NULL, "%s is still associated with %s", name,
			     vswitch->resource.name);
		hint_leave(m, vswitch, err);
		return -EINVAL;
	}
	model_remove(m, &acl->resource);
	return 0;
}

#define IN_RULE(member_) IN(struct filter_rule_request, member_)
#define ACL_AND_NUMBER(where_)                                                                    \
	NAME_OF(NOUN_ACL),                                                                        \
		{ .name = "direction",                                                            \
		  .kind = ARGUMENT_CHOICE,                                                        \
		  .flags = PARAMETER_REQUIRED,                                                    \
		  .words = direction_words,                                                       \
		  .help = "into the " where_ " or out of it",                                     \
		  IN_RULE(rule.direction) },                                                      \
	{                                                                                         \
		.name = "number", .kind = ARGUMENT_NUMBER, .flags = PARAMETER_REQUIRED, .min = 1, \
		.max = ACL_NUMBER_MAX, .help = "its place: lower numbers come first",             \
		IN_RULE(rule.number)                                                              \
	}
#define RULE(where_, policies_, protocols_, peer_flags_)                                     \
	ACL_AND_NUMBER(where_),                                                              \
		{ .name = "policy",                                                          \
		  .kind = ARGUMENT_CHOICE,                                                   \
		  .flags = PARAMETER_REQUIRED,                                               \
		  .words = (policies_),                                                      \
		  .help = "what becomes of the packet",                                      \
		  IN_RULE(rule.policy) },                                                    \
		{ .name = "protocol",                                                        \
		  .kind = ARGUMENT_CHOICE,                                                   \
		  .flags = PARAMETER_REQUIRED,                                               \
		  .words = (protocols_),                                                     \
		  .also_words = protocol_number_words,                                       \
		  .help = "protocol, or its number",                                         \
		  IN_RULE(rule.protocol) },                                                  \
		{ .name = "port",                                                            \
		  .kind = ARGUMENT_PORT,                                                     \
		  .help = "tcp and udp: destination port or range, all if not given",        \
		  IN_BOTH(struct filter_rule_request, rule.port_first, rule.port_last) },    \
		{ .name = "from",                                                            \
		  .kind = ARGUMENT_PEER,                                                     \
		  .flags = PARAMETER_KEY | (peer_flags_),                                    \
		  .metavariable = "CIDR",                                                    \
		  .help = "needed with in: source addresses",                                \
		  IN_RULE(from) },                                                           \
	{                                                                                    \
		.name = "to", .kind = ARGUMENT_PEER, .flags = PARAMETER_KEY | (peer_flags_), \
		.metavariable = "CIDR", .help = "needed with out: destination addresses",    \
		IN_RULE(to)                                                                  \
	}
#define ASSOCIATION(key_, help_)                                               \
	{                                                                      \
		NAME_OF(NOUN_ACL),                                             \
		{                                                              \
			KEY_OF(key_, NOUN_VSWITCH, PARAMETER_REQUIRED, help_), \
				IN(struct association, vswitch)                \
		}                                                              \
	}
#define CREATE(word_)                                                                      \
	.words = word_ " create",                                                          \
	.parameter = { NEW_NAME,                                                           \
		       { KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for"), \
			 IN(struct acl, vpc) } },                                          \
	.summary = "make a network ACL, which denies all until it has rules",              \
	.example = word_ " create ACL1 vpc VPC1", CHANGES(struct acl, acl_create)

const struct command acl_rows[] = {
	{ CREATE("acl"), .providers = FOR_ALIBABA },
	{
		.words = "acl add",
		.parameter = { RULE("vSwitch", policy_words, protocol_words, 0) },
		.summary = "add a rule to a network ACL",
		.example = "acl add ACL1 in 1 accept tcp 80 from 0.0.0.0/0",
		.providers = FOR_ALIBABA,
		CHANGES(struct filter_rule_request, acl_add),
	},
	{
		.words = "acl remove",
		.parameter = { ACL_AND_NUMBER("vSwitch") },
		.summary = "remove a rule from a network ACL",
		.example = "acl remove ACL1 in 1",
		.providers = FOR_ALIBABA,
		CHANGES(struct filter_rule_request, acl_remove),
	},
	{
		.words = "acl associate",
		.parameter = ASSOCIATION("vswitch", "the vSwitch it is to filter"),
		.summary = "put a network ACL on a vSwitch",
		.example = "acl associate ACL1 vswitch VSW1",
		.providers = FOR_ALIBABA,
		CHANGES(struct association, acl_associate),
	},
	{
		.words = "acl disassociate",
		.parameter = ASSOCIATION("vswitch", "the vSwitch it filters"),
		.summary = "take a network ACL off a vSwitch",
		.example = "acl disassociate ACL1 vswitch VSW1",
		.providers = FOR_ALIBABA,
		CHANGES(struct association, acl_disassociate),
	},
	{ DELETE("acl", NOUN_ACL, acl_delete, "remove an unused network ACL", "ACL1"),
	  .providers = FOR_ALIBABA },
	{ SHOW("acl", NOUN_ACL, "list network ACLs and their rules", "vpc vswitches status rules"),
	  .providers = FOR_ALIBABA },
	{ CREATE("network-acl"), .providers = FOR_AWS },
	{
		.words = "network-acl add",
		.parameter = { RULE("subnet", aws_policy_words, aws_protocol_words,
				    PARAMETER_HOST_BITS), /* cloud-semantics: acl-8 */
			       KEY_ICMP_TYPE },
		.summary = "add a rule to a network ACL",
		.example = "network-acl add ACL1 in 100 allow tcp 80 from 0.0.0.0/0",
		.providers = FOR_AWS,
		CHANGES(struct filter_rule_request, acl_add),
	},
	{
		.words = "network-acl remove",
		.parameter = { ACL_AND_NUMBER("subnet") },
		.summary = "remove a rule from a network ACL",
		.example = "network-acl remove ACL1 in 100",
		.providers = FOR_AWS,
		CHANGES(struct filter_rule_request, acl_remove),
	},
	{
		.words = "network-acl associate",
		.parameter = ASSOCIATION("subnet", "the subnet it is to filter"),
		.summary = "give a subnet this network ACL instead of the one it has",
		.example = "network-acl associate ACL1 subnet S1",
		.providers = FOR_AWS,
		CHANGES(struct association, acl_associate),
	},
	{ DELETE("network-acl", NOUN_ACL, acl_delete, "remove an unused network ACL", "ACL1"),
	  .providers = FOR_AWS },
	{ SHOW("network-acl", NOUN_ACL, "list network ACLs and their rules",
	       "vpc subnets status rules"),
	  .providers = FOR_AWS },
	{ .words = NULL },
};
