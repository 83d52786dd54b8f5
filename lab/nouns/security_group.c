/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/nouns/internal.h"
#include "lab/nouns/nouns.h"

static const struct security_group_codes {
	const char *too_many_groups;
	const char *default_stays; /* a default group is not deleted */
	struct filter_rule_codes rule;
	const char *bad_peer_group[2]; /* one that a rule cannot name, by direction */
	const char *duplicate_rule;    /* NULL: saying it again succeeds and does nothing */
	const char *no_rule;           /* of that number */
	const char *used_number;       /* the lab's own rule */
} codes_of[PROVIDER_COUNT] = {
	/* Only tcp and udp have ports, all others "-1/-1". cloud-semantics: sg-6, op-22, op-23 */
	[PROVIDER_ALIBABA] = {
		.too_many_groups = "QuotaExceed.SecurityGroup",
		.default_stays = "InvalidOperation.DeletionProtection", /* the lab's own rule */
		.rule = { .no_ports = "OperationDenied",
			  .both_peers = "InvalidParameter",
			  .no_peer = { "MissingParameter.Source", "MissingParameter.Dest" } },
		.bad_peer_group = { "InvalidSourceGroupId.Mismatch", "InvalidDestGroupId.Mismatch" },
		/* The code is of a later version of the interface, which names rules, too. */
		.no_rule = "InvalidSecurityGroupRuleId.NotFound",
		.used_number = "InvalidParameter",
	},
	/* Rules only allow, and have no order. cloud-semantics: aws-11 */
	[PROVIDER_AWS] = {
		.too_many_groups = "SecurityGroupLimitExceeded",
		.default_stays = "CannotDelete",
		.rule = { .no_ports = "InvalidParameterValue",
			  .both_peers = "InvalidParameterCombination",
			  .no_peer = { "MissingParameter", "MissingParameter" } },
		.bad_peer_group = { "InvalidGroup.NotFound", "InvalidGroup.NotFound" }, /* the list of errors: one of another VPC is not found */
		.duplicate_rule = "InvalidPermission.Duplicate",
		.no_rule = "InvalidPermission.NotFound",
		.used_number = "InvalidParameterValue",
	},
};

static void add_rule(struct security_group *group, struct filter_rule rule)
{
	rule.number = rule.number ? rule.number : group->next_rule;
	group->next_rule = rule.number + 1;
	*ARRAY_PUSH(group->rule, group->n_rule) = rule;
}

/* The console's default group admits ICMP, SSH and RDP from everywhere at priority 100.
 * cloud-semantics: sg-10 */
static void give_console_rules(struct security_group *group)
{
	static const struct {
		enum protocol protocol;
		uint16_t port; /* 0: all */
	} rules[] = { { PROTOCOL_ICMP, 0 }, { PROTOCOL_TCP, 22 }, { PROTOCOL_TCP, 3389 } };

	for (size_t i = 0; group->is_default && i < ARRAY_SIZE(rules); i++)
		add_rule(group, (struct filter_rule){ .direction = DIRECTION_IN,
						      .protocol = rules[i].protocol,
						      .port_first = rules[i].port,
						      .port_last = rules[i].port,
						      .priority = 100 });
}

/* Everything goes out, and nothing comes in except from members of a default group.
 * cloud-semantics: aws-11 */
static void give_ec2_rules(struct security_group *group)
{
	add_rule(group, (struct filter_rule){ .direction = DIRECTION_OUT, .priority = 1 });
	if (group->is_default)
		add_rule(group, (struct filter_rule){ .direction = DIRECTION_IN,
						      .peer_group = group,
						      .priority = 1 });
}

static struct security_group *make_group(struct model *m, const char *name, struct vpc *vpc,
					 enum group_type type, bool is_default)
{
	struct security_group *group = xnew(struct security_group);

	group->vpc = vpc;
	group->type = type;
	group->isolated = type != GROUP_BASIC; /* cloud-semantics: sg-2 */
	group->is_default = is_default;
	group->next_rule = 1;
	model_add(m, &group->resource, NOUN_SECURITY_GROUP, name);
	if (type == GROUP_EC2)
		give_ec2_rules(group);
	else
		give_console_rules(group);
	group->n_given_rule = (unsigned)group->n_rule;
	return group;
}

struct security_group *security_group_make_default(struct model *m, struct vpc *vpc)
{
	auto_free char *name = xprintf("%s/default", vpc->resource.name);

	return make_group(m, name, vpc, model_cloud(m)->group_type, true);
}

static int security_group_create(struct model *m, void *request, struct error *err)
{
	const struct security_group_codes *codes = &codes_of[m->provider];
	const struct security_group *wanted = request;
	unsigned count = 0;

	/* The default groups come with their VPCs and are not counted here.
	 * cloud-semantics: sg-11 */
	model_each(m, NOUN_SECURITY_GROUP, const struct security_group, group)
		count += !group->is_default;
	if (count >= m->profile->security_groups) {
		error_refuse(err, codes->too_many_groups, NULL,
			     "a region holds %u security groups at most", count);
		return error_hint(
			err, "security-group show, then security-group delete one without members");
	}
	make_group(m, wanted->resource.name, wanted->vpc,
		   model_cloud(m)->group_type == GROUP_EC2 ? GROUP_EC2 : wanted->type, false);
	return 0;
}

struct security_group_change {
	struct security_group *group;
	struct security_group wanted;
};

static int security_group_set(struct model *m, void *request, struct error *err)
{
	struct security_group *group = ((struct security_group_change *)request)->group;
	const bool isolated = ((struct security_group_change *)request)->wanted.isolated;
	const char *name = group->resource.name;

	/* The code is the likeliest. cloud-semantics: sg-2 */
	if (group->type == GROUP_ENTERPRISE && !isolated) {
		error_refuse(err, "OperationDenied", "inner-access",
			     "%s is an enterprise group: its members never reach each other by "
			     "membership",
			     name);
		return error_hint(err, "security-group allow %s in tcp PORT from CIDR", name);
	}
	group->isolated = isolated;
	model_touch(m);
	return 0;
}

static int check_peer_group(const struct security_group *group, const struct filter_rule *rule,
			    const char *code, struct error *err)
{
	const struct security_group *peer = rule->peer_group;
	const char *key = rule->direction == DIRECTION_IN ? "from" : "to";

	/* EC2's groups may name themselves. cloud-semantics: sg-8 */
	if (peer == group && group->type != GROUP_EC2) {
		error_refuse(err, "InvalidParamter.Conflict", key,
			     "a rule of %s cannot name the group itself", group->resource.name);
		return error_hint(
			err,
			"its members reach each other unless it says: security-group set %s "
			"inner-access drop",
			group->resource.name);
	}
	if (peer->vpc != group->vpc) {
		error_refuse(err, code, key, "%s belongs to %s, not to %s", peer->resource.name,
			     peer->vpc->resource.name, group->vpc->resource.name);
		return error_hint(err, "name a CIDR block instead, or a group of %s",
				  group->vpc->resource.name);
	}
	/* Rules of enterprise groups name no groups and none names them; the code is the
	 * likeliest. cloud-semantics: sg-2 */
	if (group->type == GROUP_ENTERPRISE || peer->type == GROUP_ENTERPRISE) {
		error_refuse(err, code, key,
			     "%s is an enterprise group: only addresses can be named, not groups",
			     group->type == GROUP_ENTERPRISE ? group->resource.name
							     : peer->resource.name);
		return error_hint(err, "%s CIDR", key);
	}
	return 0;
}

static bool same_rule(const struct filter_rule *a, const struct filter_rule *b)
{
	return a->direction == b->direction && a->policy == b->policy &&
	       a->protocol == b->protocol && a->port_first == b->port_first &&
	       a->port_last == b->port_last && prefix_equal(a->peer, b->peer) &&
	       a->peer_group == b->peer_group && a->peer_list == b->peer_list &&
	       a->priority == b->priority;
}

/* A rule that names a prefix list counts for as many as that may have. */
static unsigned weight_of(const struct filter_rule *rule)
{
	return rule->peer_list ? rule->peer_list->max_entries : 1;
}

/* Alibaba counts all rules of a group, and those that name groups besides; EC2 each direction. */
static int check_room(const struct model *m, const struct security_group *group,
		      const struct filter_rule *rule, struct error *err)
{
	const bool ec2 = group->type == GROUP_EC2;
	const unsigned weight = weight_of(rule);
	const char *way = rule->direction == DIRECTION_IN ? "in" : "out",
		   *name = group->resource.name;
	unsigned by_group = 0, by_direction = 0, all = 0;

	for (size_t i = 0; i < group->n_rule; i++) {
		by_group += group->rule[i].peer_group != NULL;
		all += weight_of(&group->rule[i]);
		if (group->rule[i].direction == rule->direction)
			by_direction += weight_of(&group->rule[i]);
	}
	/* cloud-semantics: sg-11, pl-2, pl-6 */
	if ((ec2 ? by_direction : all) + weight > m->profile->rules_per_group) {
		error_refuse(err,
			     ec2 ? "RulesPerSecurityGroupLimitExceeded"
				 : "AuthorizationLimitExceed",
			     NULL, "%s has %u rules%s%s%s of %u, and this one counts for %u", name,
			     ec2 ? by_direction : all, ec2 ? " for \"" : "", ec2 ? way : "",
			     ec2 ? "\"" : "", m->profile->rules_per_group, weight);
		return error_hint(
			err, "security-group show %s, then: security-group revoke %s rule NUMBER",
			name, name);
	}
	if (!ec2 && rule->peer_group && by_group >= m->profile->group_rules_per_group) {
		error_refuse(err, "AuthorizationLimitExceed",
			     rule->direction == DIRECTION_IN ? "from" : "to",
			     "%s has its %u rules that name other groups already", name, by_group);
		return error_hint(
			err, "name a CIDR block instead, or: security-group revoke %s rule NUMBER",
			name);
	}
	return 0;
}

static int add(struct model *m, struct filter_rule_request *request, struct error *err)
{
	const struct security_group_codes *codes = &codes_of[m->provider];
	struct security_group *group = (struct security_group *)request->subject;
	const struct filter_rule *rule = &request->rule;
	int r = filter_rule_check(request, &codes->rule, err);

	if (r == 0 && rule->peer_group)
		r = check_peer_group(group, rule, codes->bad_peer_group[rule->direction], err);
	if (r < 0)
		return r;
	if (!rule->priority)
		request->rule.priority = 1;
	for (size_t i = 0; i < group->n_rule; i++)
		if (same_rule(&group->rule[i], rule)) {
			if (!codes->duplicate_rule)
				return 0;
			error_refuse(err, codes->duplicate_rule, NULL,
				     "%s has this rule already: rule %u", group->resource.name,
				     group->rule[i].number);
			return error_hint(err, "security-group show %s", group->resource.name);
		}
	if (rule->number && rule->number < group->next_rule) {
		error_refuse(err, codes->used_number, "rule",
			     "%s has had a rule %u, and numbers are not used twice",
			     group->resource.name, rule->number);
		return error_hint(err, "rule %u, or none for the next one", group->next_rule);
	}
	r = check_room(m, group, rule, err);
	if (r < 0)
		return r;
	add_rule(group, *rule);
	model_touch(m);
	return 0;
}

static int security_group_allow(struct model *m, void *request, struct error *err)
{
	((struct filter_rule_request *)request)->rule.policy = POLICY_ACCEPT;
	return add(m, request, err);
}

static int security_group_drop(struct model *m, void *request, struct error *err)
{
	((struct filter_rule_request *)request)->rule.policy = POLICY_DROP;
	return add(m, request, err);
}

struct revocation {
	struct security_group *group;
	unsigned number;
};

static int security_group_revoke(struct model *m, void *request, struct error *err)
{
	struct security_group *group = ((struct revocation *)request)->group;
	const unsigned number = ((struct revocation *)request)->number;
	const char *name = group->resource.name;

	for (size_t i = 0; i < group->n_rule; i++) {
		if (group->rule[i].number != number)
			continue;
		ARRAY_REMOVE(group->rule, group->n_rule, i);
		model_touch(m);
		return 0;
	}
	error_refuse(err, codes_of[m->provider].no_rule, "rule", "%s has no rule %u", name, number);
	return error_hint(err, "security-group show %s", name);
}

/* The command by which it leaves: it stays in its other groups, or joins the default one, for it
 * has to be in one. */
static void hint_leave(const struct model *m, const struct security_group *group,
		       const struct eni *eni, struct error *err)
{
	auto_text rest = { 0 };

	for (size_t i = 0; i < eni->n_group; i++)
		if (eni->group[i] != group)
			text_addf(&rest, "%s%s", rest.length ? "," : "",
				  eni->group[i]->resource.name);
	error_hint(err, "%s set %s security-group %s",
		   model_noun_word(m, eni->primary ? NOUN_ECS : NOUN_ENI), eni->resource.name,
		   rest.length ? text_get(&rest) : group->vpc->default_group->resource.name);
}

static int refuse_members(const struct model *m, const struct security_group *group,
			  struct error *err)
{
	unsigned others = group->n_member - 1;
	const struct eni *eni;
	size_t cursor = 0;
	int r;

	do
		eni = model_next_eni(m, &cursor);
	while (!eni_is_in(eni, group));
	if (others)
		r = error_refuse(err, "DependencyViolation", NULL,
				 "%s and %u other interface%s are still in %s", eni->resource.name,
				 others, plural(others), group->resource.name);
	else
		r = error_refuse(err, "DependencyViolation", NULL, "%s is still in %s",
				 eni->resource.name, group->resource.name);
	hint_leave(m, group, eni, err);
	return r;
}

static int check_unused(const struct model *m, const struct security_group *group,
			struct error *err)
{
	if (group->n_member)
		return refuse_members(m, group, err);
	model_each(m, NOUN_SECURITY_GROUP, const struct security_group, other) {
		for (size_t k = 0; other != group && k < other->n_rule; k++) {
			if (other->rule[k].peer_group != group)
				continue;
			error_refuse(err, "DependencyViolation", NULL,
				     "rule %u of %s still names %s", other->rule[k].number,
				     other->resource.name, group->resource.name);
			return error_hint(err, "security-group revoke %s rule %u",
					  other->resource.name, other->rule[k].number);
		}
	}
	return 0;
}

static int security_group_delete(struct model *m, void *request, struct error *err)
{
	struct security_group *group = ((struct subject *)request)->resource;
	int r;

	if (group->is_default) {
		error_refuse(err, codes_of[m->provider].default_stays, NULL,
			     "%s is a default group, which goes with %s", group->resource.name,
			     group->vpc->resource.name);
		return error_hint(err, "vpc delete %s", group->vpc->resource.name);
	}
	/* cloud-semantics: sg-12 */
	r = check_unused(m, group, err);
	if (r < 0)
		return r;
	model_remove(m, &group->resource);
	return 0;
}

#define DIRECTION                                                                          \
	{                                                                                  \
		.name = "direction", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, \
		.words = direction_words, .help = "to or from the group's members",        \
		IN(struct filter_rule_request, rule.direction)                             \
	}
#define PROTOCOL(words_, code_)                                                           \
	{                                                                                 \
		.name = "protocol", .kind = ARGUMENT_CHOICE, .flags = PARAMETER_REQUIRED, \
		.words = (words_), .also_words = protocol_number_words,                   \
		.help = "protocol, or its number", .code = (code_),                       \
		IN(struct filter_rule_request, rule.protocol)                             \
	}
#define PORT(code_)                                                                      \
	{                                                                                \
		.name = "port", .kind = ARGUMENT_PORT,                                   \
		.help = "tcp and udp: port or range, all if not given", .code = (code_), \
		IN_BOTH(struct filter_rule_request, rule.port_first, rule.port_last)     \
	}
#define PEER(key_, help_, code_, not_found_)                                                     \
	{                                                                                        \
		.name = #key_, .kind = ARGUMENT_PEER, .flags = PARAMETER_KEY,                    \
		.nouns = NOUNS(NOUN_SECURITY_GROUP) | NOUNS(NOUN_PREFIX_LIST), .help = (help_),  \
		.code = (code_), .not_found = (not_found_), IN(struct filter_rule_request, key_) \
	}
#define FROM(code_, not_found_) \
	PEER(from, "needed with in: source addresses, a group or a prefix list", code_, not_found_)
#define TO(code_, not_found_)                                                               \
	PEER(to, "needed with out: destination addresses, a group or a prefix list", code_, \
	     not_found_)

#define NUMBER(code_)                                                                      \
	{                                                                                  \
		.name = "rule", .kind = ARGUMENT_NUMBER, .flags = PARAMETER_KEY, .min = 1, \
		.max = 999999999, .code = (code_),                                         \
		.help = "the number to revoke it by; the next one if not given",           \
		IN(struct filter_rule_request, rule.number)                                \
	}

#define ALIBABA_RULE                                                                            \
	{                                                                                       \
		NAME_OF(NOUN_SECURITY_GROUP), DIRECTION,                                        \
			PROTOCOL(protocol_words, "InvalidIpProtocol.ValueNotSupported"),        \
			PORT("InvalidParam.PortRange"),                                         \
			FROM("InvalidSourceCidrIp.Malformed", "InvalidSourceGroupId.NotFound"), \
			TO("InvalidDestCidrIp.Malformed", "InvalidDestGroupId.NotFound"),       \
			{ .name = "priority",                                                   \
			  .kind = ARGUMENT_NUMBER,                                              \
			  .flags = PARAMETER_KEY,                                               \
			  .min = 1,                                                             \
			  .max = 100,                                                           \
			  .help = "1 (first) to 100; 1 if not given",                           \
			  .code = "InvalidPriority.Malformed",                                  \
			  .too_many = "InvalidPriority.ValueNotSupported",                      \
			  IN(struct filter_rule_request, rule.priority) },                      \
			NUMBER("InvalidParameter")                                              \
	}
#define AWS_RULE                                                                                   \
	{                                                                                          \
		NAME_OF(NOUN_SECURITY_GROUP), DIRECTION, PROTOCOL(aws_protocol_words, NULL),       \
			PORT(NULL), FROM("InvalidPermission.Malformed", "InvalidGroup.NotFound"),  \
			TO("InvalidPermission.Malformed", "InvalidGroup.NotFound"), KEY_ICMP_TYPE, \
			NUMBER("InvalidParameterValue")                                            \
	}

#define REVOKE(code_)                                                              \
	.words = "security-group revoke",                                          \
	.parameter = { NAME_OF(NOUN_SECURITY_GROUP),                               \
		       { .name = "rule",                                           \
			 .kind = ARGUMENT_NUMBER,                                  \
			 .flags = PARAMETER_KEY | PARAMETER_REQUIRED,              \
			 .min = 1,                                                 \
			 .max = 999999999,                                         \
			 .help = "its number in security-group show",              \
			 .code = (code_),                                          \
			 IN(struct revocation, number) } },                        \
	.summary = "remove a rule", .example = "security-group revoke SG1 rule 1", \
	.flags = COMMAND_CHANGES, .size = sizeof(struct revocation),               \
	.change = security_group_revoke

#define KEY_VPC                                                                   \
	{                                                                         \
		KEY_OF("vpc", NOUN_VPC, PARAMETER_REQUIRED, "the VPC it is for"), \
			IN(struct security_group, vpc)                            \
	}

const struct command security_group_rows[] = {
	{
		.words = "security-group create",
		.parameter = { NEW_NAME,
			       KEY_VPC,
			       { KEY_CHOICE("type", group_type_words,
					    "kind of group; basic if not given"),
				 IN(struct security_group, type) } },
		.summary = "make a security group",
		.example = "security-group create SG1 vpc VPC1",
		.providers = FOR_ALIBABA,
		CHANGES(struct security_group, security_group_create),
	},
	{
		.words = "security-group create",
		.parameter = { NEW_NAME, KEY_VPC },
		.summary = "make a security group: nothing in, everything out",
		.example = "security-group create SG1 vpc VPC1",
		.providers = FOR_AWS,
		CHANGES(struct security_group, security_group_create),
	},
	{
		.words = "security-group allow",
		.parameter = ALIBABA_RULE,
		.summary = "add a rule that lets packets pass",
		.example = "security-group allow SG1 in tcp 80 from 0.0.0.0/0",
		.providers = FOR_ALIBABA,
		CHANGES(struct filter_rule_request, security_group_allow),
	},
	{
		.words = "security-group allow",
		.parameter = AWS_RULE,
		.summary = "add a rule that lets packets pass",
		.example = "security-group allow SG1 in tcp 80 from 0.0.0.0/0",
		.providers = FOR_AWS,
		CHANGES(struct filter_rule_request, security_group_allow),
	},
	{
		.words = "security-group drop",
		.parameter = ALIBABA_RULE,
		.summary = "add a rule that drops packets",
		.example = "security-group drop SG1 out all to 0.0.0.0/0 priority 1",
		.providers = FOR_ALIBABA,
		CHANGES(struct filter_rule_request, security_group_drop),
	},
	{ REVOKE("InvalidSecurityGroupRuleId.NotFound"), .providers = FOR_ALIBABA },
	{ REVOKE("InvalidPermission.NotFound"), .providers = FOR_AWS },
	{
		.words = "security-group set",
		.parameter = { COPY_OF(NOUN_SECURITY_GROUP, struct security_group_change, wanted),
			       { PARAMETER("inner-access", CHOICE, PARAMETER_KEY | PARAMETER_SWITCH,
					   "may members reach each other"),
				 .words = inner_access_words, .code = "InvalidPolicy.Malformed",
				 IN(struct security_group_change, wanted.isolated) } },
		.summary = "change how members reach each other",
		.example = "security-group set SG1 inner-access drop",
		.providers = FOR_ALIBABA,
		CHANGES(struct security_group_change, security_group_set),
	},
	{ DELETE("security-group", NOUN_SECURITY_GROUP, security_group_delete,
		 "remove a group without members", "SG1") },
	{ SHOW("security-group", NOUN_SECURITY_GROUP, "list security groups and their rules",
	       "vpc type inner_access status rules", "vpc status rules") },
	{ .words = NULL },
};
