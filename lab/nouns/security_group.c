/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "lab/model/profile.h"
#include "lab/nouns/changes.h"
#include "lab/nouns/rules.h"

static const char *const types[] = { "basic", "enterprise", NULL };
static const char *const accesses[] = { "accept", "drop", NULL };
static const char *const allow_or_drop[] = { "allow", "drop", NULL };
static const char *const allow_only[] = { "allow", NULL };

/* What each cloud lets a group say, and its codes. */
static const struct cloud {
	const char *duplicate; /* a group of that name; NULL: no code of its own */
	const char *too_many_groups;
	const char *default_stays; /* a default group is not deleted */
	struct filter_rule_language rule;
	const char *bad_peer_group[2]; /* one that a rule cannot name, by direction */
	const char *duplicate_rule;    /* NULL: saying it again succeeds and does nothing */
	const char *no_rule;           /* of that number */
} clouds[PROVIDER_COUNT] = {
	/* cloud-semantics 8 and 12: AuthorizeSecurityGroup; ports for tcp and udp only, "-1/-1" for all others. */
	[PROVIDER_ALIBABA] = {
		.too_many_groups = "QuotaExceed.SecurityGroup",
		.default_stays = "InvalidOperation.DeletionProtection", /* the lab's own rule */
		.rule = {
			.policies = allow_or_drop,
			.bad_policy = "InvalidPolicy.Malformed",
			.bad_direction = "InvalidParameter",
			.bad_protocol = "InvalidIpProtocol.ValueNotSupported",
			.bad_port = "InvalidParam.PortRange",
			.no_ports = "OperationDenied",
			.both_peers = "InvalidParameter",
			.n_protocol = 5,
			.groups = true,
			.peer = { [DIRECTION_IN] = { "MissingParameter.Source", "InvalidSourceCidrIp.Malformed", "InvalidSourceGroupId.NotFound" },
				  [DIRECTION_OUT] = { "MissingParameter.Dest", "InvalidDestCidrIp.Malformed", "InvalidDestGroupId.NotFound" } },
		},
		.bad_peer_group = { "InvalidSourceGroupId.Mismatch", "InvalidDestGroupId.Mismatch" },
		/* The code is of a later version of the interface, which names rules, too. */
		.no_rule = "InvalidSecurityGroupRuleId.NotFound",
	},
	/* cloud-semantics 10: A:security-groups.md; rules only allow, and there is no order among them. */
	[PROVIDER_AWS] = {
		.duplicate = "InvalidGroup.Duplicate", /* one of the few nouns whose names are EC2's own */
		.too_many_groups = "SecurityGroupLimitExceeded",
		.default_stays = "CannotDelete",
		.rule = {
			.policies = allow_only,
			.bad_policy = "InvalidParameterValue",
			.bad_direction = "InvalidParameterValue",
			.bad_protocol = "InvalidParameterValue",
			.bad_port = "InvalidParameterValue",
			.no_ports = "InvalidParameterValue",
			.both_peers = "InvalidParameterCombination",
			.n_protocol = 4,
			.groups = true,
			.peer = { [DIRECTION_IN] = { "MissingParameter", "InvalidPermission.Malformed", "InvalidGroup.NotFound" },
				  [DIRECTION_OUT] = { "MissingParameter", "InvalidPermission.Malformed", "InvalidGroup.NotFound" } },
		},
		.bad_peer_group = { "InvalidGroup.NotFound", "InvalidGroup.NotFound" }, /* the list of errors: one of another VPC is not found */
		.duplicate_rule = "InvalidPermission.Duplicate",
		.no_rule = "InvalidPermission.NotFound",
	},
};

static void add_rule(struct security_group *group, struct filter_rule rule)
{
	rule.number = group->next_rule++;
	*ARRAY_PUSH(group->rule, group->n_rule) = rule;
}

/* cloud-semantics 8: the console's default group admits ICMP, SSH and RDP from everywhere at
 * priority 100. */
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

/* cloud-semantics 10: everything goes out, and nothing comes in but from a default group's own
 * members. */
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
	group->isolated = type != GROUP_BASIC; /* cloud-semantics 8: no intra-group allow */
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

	return make_group(m, name, vpc, m->provider == PROVIDER_AWS ? GROUP_EC2 : GROUP_BASIC,
			  true);
}

int security_group_create(struct model *m, const char *name, const char *vpc_name, const char *type,
			  struct error *err)
{
	const struct cloud *cloud = &clouds[m->provider];
	const struct resource *taken = cloud->duplicate && name ? model_name_taken(m, name) : NULL;
	unsigned choice = GROUP_BASIC, count = 0;
	struct vpc *vpc;
	int r;

	if (taken && taken->noun == NOUN_SECURITY_GROUP) {
		error_refuse(err, cloud->duplicate, NULL, "the security group %s exists already",
			     taken->name);
		error_hint(err, "security-group show %s", taken->name);
		return -EINVAL;
	}
	r = model_check_new_name(m, NOUN_SECURITY_GROUP, name, err);
	if (r == 0)
		r = rule_find(m, NOUN_VPC, vpc_name, "vpc", &vpc, err);
	if (r == 0)
		r = rule_choice(type, types, GROUP_BASIC, "InvalidParameter", "type", &choice, err);
	if (r < 0)
		return r;
	/* cloud-semantics 8: Limits; the default groups come with their VPCs and are not counted
	 * here. */
	for (size_t i = 0; i < model_count(m, NOUN_SECURITY_GROUP); i++)
		count += !((const struct security_group *)model_get(m, NOUN_SECURITY_GROUP, i))
				  ->is_default;
	if (count >= m->profile->security_groups) {
		error_refuse(err, cloud->too_many_groups, NULL,
			     "a region holds %u security groups at most", count);
		error_hint(err,
			   "security-group show, then security-group delete one without members");
		return -EINVAL;
	}
	make_group(m, name, vpc, m->provider == PROVIDER_AWS ? GROUP_EC2 : (enum group_type)choice,
		   false);
	return 0;
}

int security_group_set(struct model *m, const char *name, const char *inner_access,
		       struct error *err)
{
	struct security_group *group;
	unsigned choice = 0;
	int r;

	r = rule_find(m, NOUN_SECURITY_GROUP, name, NULL, &group, err);
	if (r < 0)
		return r;
	r = rule_given(inner_access, "inner-access", err);
	if (r < 0)
		return r;
	r = rule_choice(inner_access, accesses, 0, "InvalidPolicy.Malformed", "inner-access",
			&choice, err);
	if (r < 0)
		return r;
	/* cloud-semantics 8: Hsgt; the code is the likeliest. */
	if (group->type == GROUP_ENTERPRISE && choice == 0) {
		error_refuse(err, "OperationDenied", "inner-access",
			     "%s is an enterprise group: its members never reach each other by "
			     "membership",
			     name);
		error_hint(err, "security-group allow %s in tcp PORT from CIDR", name);
		return -EINVAL;
	}
	group->isolated = choice == 1;
	model_touch(m);
	return 0;
}

static int check_peer_group(const struct security_group *group, const struct filter_rule *rule,
			    const char *code, struct error *err)
{
	const struct security_group *peer = rule->peer_group;
	const char *key = rule->direction == DIRECTION_IN ? "from" : "to";

	/* cloud-semantics 8 and 12; EC2's groups may name themselves. */
	if (peer == group && group->type != GROUP_EC2) {
		error_refuse(err, "InvalidParamter.Conflict", key,
			     "a rule of %s cannot name the group itself", group->resource.name);
		error_hint(err,
			   "its members reach each other unless it says: security-group set %s "
			   "inner-access drop",
			   group->resource.name);
		return -EINVAL;
	}
	if (peer->vpc != group->vpc) {
		error_refuse(err, code, key, "%s belongs to %s, not to %s", peer->resource.name,
			     peer->vpc->resource.name, group->vpc->resource.name);
		error_hint(err, "name a CIDR block instead, or a group of %s",
			   group->vpc->resource.name);
		return -EINVAL;
	}
	/* cloud-semantics 8: Hsgt; rules of enterprise groups name no groups and none names them;
	 * the code is the likeliest. */
	if (group->type == GROUP_ENTERPRISE || peer->type == GROUP_ENTERPRISE) {
		error_refuse(err, code, key,
			     "%s is an enterprise group: only addresses can be named, not groups",
			     group->type == GROUP_ENTERPRISE ? group->resource.name
							     : peer->resource.name);
		error_hint(err, "%s CIDR", key);
		return -EINVAL;
	}
	return 0;
}

static int parse_rule(const struct model *m, const struct security_group *group,
		      const struct filter_rule_options *options, struct filter_rule *rule,
		      struct error *err)
{
	const struct cloud *cloud = &clouds[m->provider];
	int r = filter_rule_parse(m, options, &cloud->rule, rule, err);

	if (r == 0 && rule->peer_group)
		r = check_peer_group(group, rule, cloud->bad_peer_group[rule->direction], err);
	rule->priority = 1;
	if (r == 0 && options->priority)
		r = rule_number(options->priority, 1, 100, "InvalidPriority.ValueNotSupported",
				"priority", &rule->priority, err);
	return r;
}

static bool same_rule(const struct filter_rule *a, const struct filter_rule *b)
{
	return a->direction == b->direction && a->policy == b->policy &&
	       a->protocol == b->protocol && a->port_first == b->port_first &&
	       a->port_last == b->port_last && prefix_equal(a->peer, b->peer) &&
	       a->peer_group == b->peer_group && a->priority == b->priority;
}

/* Alibaba counts all rules of a group, and those that name groups besides; EC2 each direction. */
static int check_room(const struct model *m, const struct security_group *group,
		      const struct filter_rule *rule, struct error *err)
{
	const char *way = rule->direction == DIRECTION_IN ? "in" : "out",
		   *name = group->resource.name;
	unsigned by_group = 0, by_direction = 0;

	for (size_t i = 0; i < group->n_rule; i++) {
		by_group += group->rule[i].peer_group != NULL;
		by_direction += group->rule[i].direction == rule->direction;
	}
	if (group->type == GROUP_EC2) {
		if (by_direction < m->profile->rules_per_group)
			return 0;
		error_refuse(err, "RulesPerSecurityGroupLimitExceeded", NULL,
			     "%s has its %u rules for \"%s\" already", name, by_direction, way);
		error_hint(err,
			   "security-group show %s, then: security-group revoke %s rule NUMBER",
			   name, name);
		return -EINVAL;
	}
	/* cloud-semantics 8: Limits */
	if (group->n_rule >= m->profile->rules_per_group) {
		error_refuse(err, "AuthorizationLimitExceed", NULL, "%s has its %zu rules already",
			     name, group->n_rule);
		error_hint(err,
			   "security-group show %s, then: security-group revoke %s rule NUMBER",
			   name, name);
		return -EINVAL;
	}
	if (rule->peer_group && by_group >= m->profile->group_rules_per_group) {
		error_refuse(err, "AuthorizationLimitExceed",
			     rule->direction == DIRECTION_IN ? "from" : "to",
			     "%s has its %u rules that name other groups already", name, by_group);
		error_hint(err,
			   "name a CIDR block instead, or: security-group revoke %s rule NUMBER",
			   name);
		return -EINVAL;
	}
	return 0;
}

int security_group_rule(struct model *m, const char *name,
			const struct filter_rule_options *options, struct error *err)
{
	const char *duplicate = clouds[m->provider].duplicate_rule;
	struct filter_rule rule = { 0 };
	struct security_group *group;
	int r;

	r = rule_find(m, NOUN_SECURITY_GROUP, name, NULL, &group, err);
	if (r == 0)
		r = parse_rule(m, group, options, &rule, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < group->n_rule; i++)
		if (same_rule(&group->rule[i], &rule)) {
			if (!duplicate)
				return 0;
			error_refuse(err, duplicate, NULL, "%s has this rule already: rule %u",
				     name, group->rule[i].number);
			error_hint(err, "security-group show %s", name);
			return -EINVAL;
		}
	r = check_room(m, group, &rule, err);
	if (r < 0)
		return r;
	add_rule(group, rule);
	model_touch(m);
	return 0;
}

int security_group_revoke(struct model *m, const char *name, const char *rule_number_,
			  struct error *err)
{
	const char *code = clouds[m->provider].no_rule;
	struct security_group *group;
	unsigned number = 0;
	int r;

	r = rule_find(m, NOUN_SECURITY_GROUP, name, NULL, &group, err);
	if (r == 0)
		r = rule_given(rule_number_, "rule", err);
	if (r == 0)
		r = rule_number(rule_number_, 1, 999999999, code, "rule", &number, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < group->n_rule; i++) {
		if (group->rule[i].number != number)
			continue;
		ARRAY_REMOVE(group->rule, group->n_rule, i);
		model_touch(m);
		return 0;
	}
	r = error_refuse(err, code, "rule", "%s has no rule %u", name, number);
	error_hint(err, "security-group show %s", name);
	return r;
}

static bool is_member(const struct security_group *group, const struct eni *eni)
{
	for (size_t i = 0; i < eni->n_group; i++)
		if (eni->group[i] == group)
			return true;
	return false;
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
	while (!is_member(group, eni));
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
	for (size_t i = 0; i < model_count(m, NOUN_SECURITY_GROUP); i++) {
		const struct security_group *other = model_get(m, NOUN_SECURITY_GROUP, i);

		for (size_t k = 0; other != group && k < other->n_rule; k++) {
			int r;

			if (other->rule[k].peer_group != group)
				continue;
			r = error_refuse(err, "DependencyViolation", NULL,
					 "rule %u of %s still names %s", other->rule[k].number,
					 other->resource.name, group->resource.name);
			error_hint(err, "security-group revoke %s rule %u", other->resource.name,
				   other->rule[k].number);
			return r;
		}
	}
	return 0;
}

int security_group_delete(struct model *m, const char *name, struct error *err)
{
	struct security_group *group;
	int r;

	r = rule_find(m, NOUN_SECURITY_GROUP, name, NULL, &group, err);
	if (r < 0)
		return r;
	if (group->is_default) {
		error_refuse(err, clouds[m->provider].default_stays, NULL,
			     "%s is a default group, which goes with %s", name,
			     group->vpc->resource.name);
		error_hint(err, "vpc delete %s", group->vpc->resource.name);
		return -EINVAL;
	}
	/* cloud-semantics 8: doc-detail/25558 */
	r = check_unused(m, group, err);
	if (r < 0)
		return r;
	model_remove(m, &group->resource);
	return 0;
}
