/* security-group, of AWS: rules only allow, and there is no order among them (cloud-semantics 10: A:security-groups.md). */
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/memory.h"
#include "lab/aws_rules.h"
#include "lab/profile.h"

static const char *const directions[] = { "in", "out", NULL };
static const char *const protocols[] = { "all", "icmp", "tcp", "udp", NULL };
static const enum protocol protocol_numbers[] = { PROTOCOL_ALL, PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP };

static void add_rule(struct security_group *group, struct security_rule rule)
{
	rule.number = group->next_rule++;
	rule.priority = 1;
	*ARRAY_PUSH(group->rule, group->n_rule) = rule;
}

/* Nothing comes in, everything goes out: a rule says so, which can be revoked. */
static struct security_group *make_group(struct model *m, const char *name, struct vpc *vpc)
{
	struct security_group *group = xnew(struct security_group);

	group->vpc = vpc;
	group->type = GROUP_EC2;
	group->isolated = true;
	group->next_rule = 1;
	model_add(m, &group->resource, NOUN_SECURITY_GROUP, name);
	add_rule(group, (struct security_rule){ .direction = DIRECTION_OUT });
	return group;
}

struct security_group *aws_security_group_make_default(struct model *m, struct vpc *vpc)
{
	auto_free char *name = xprintf("%s/default", vpc->resource.name);
	struct security_group *group = make_group(m, name, vpc);

	group->is_default = true;
	/* Its members may talk to each other. */
	add_rule(group, (struct security_rule){ .direction = DIRECTION_IN, .peer_group = group });
	return group;
}

int aws_security_group_create(struct model *m, const char *name, const char *vpc_name, struct error *err)
{
	const struct resource *taken = name ? model_name_taken(m, name) : NULL;
	unsigned count = 0;
	struct vpc *vpc;
	int r;

	/* One of the few nouns whose names are EC2's own. */
	if (taken && taken->noun == NOUN_SECURITY_GROUP)
		return error_refuse(err, "InvalidGroup.Duplicate", NULL, "the security group %s exists already", taken->name);
	r = model_check_new_name(m, NOUN_SECURITY_GROUP, name, err);
	if (r == 0)
		r = aws_find_vpc(m, vpc_name, "vpc", &vpc, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < model_count(m, NOUN_SECURITY_GROUP); i++)
		count += !((const struct security_group *)model_get(m, NOUN_SECURITY_GROUP, i))->is_default;
	if (count >= m->profile->security_groups)
		return error_refuse(err, "SecurityGroupLimitExceeded", NULL, "a region holds %u security groups at most", count);
	make_group(m, name, vpc);
	return 0;
}

static int find_group(const struct model *m, const char *name, const char *argument, struct security_group **ret,
		      struct error *err)
{
	return rule_find(m, NOUN_SECURITY_GROUP, name, "InvalidGroup.NotFound", argument, ret, err);
}

/* RunInstances answers InvalidParameter when a group and the subnet are of different VPCs. */
static int look_up_groups(const struct model *m, const struct vpc *vpc, struct names groups, struct security_group **group,
			  struct error *err)
{
	for (size_t i = 0; i < groups.n_name; i++) {
		int r = find_group(m, groups.name[i], "security-group", &group[i], err);

		if (r < 0)
			return r;
		if (group[i]->vpc != vpc)
			return error_refuse(err, "InvalidParameter", "security-group", "%s belongs to %s, not to %s",
					    group[i]->resource.name, group[i]->vpc->resource.name, vpc->resource.name);
		for (size_t k = 0; k < i; k++)
			if (group[k] == group[i])
				return error_refuse(err, "InvalidParameterValue", "security-group", "%s is named twice",
						    group[i]->resource.name);
	}
	return 0;
}

int aws_choose_groups(const struct model *m, const struct vpc *vpc, struct names groups, struct security_group ***ret_group,
		      size_t *ret_n, struct error *err)
{
	size_t n = groups.n_name ? groups.n_name : 1;
	struct security_group **group;
	int r;

	if (n > m->profile->groups_per_eni)
		return error_refuse(err, "SecurityGroupsPerInterfaceLimitExceeded", "security-group",
				    "an interface is in %u security groups at most, not in %zu", m->profile->groups_per_eni, n);
	group = xalloc(n * sizeof(*group));
	group[0] = vpc->default_group;
	r = look_up_groups(m, vpc, groups, group, err);
	if (r < 0) {
		free(group);
		return r;
	}
	*ret_group = group;
	*ret_n = n;
	return 0;
}

static int parse_protocol(const struct security_rule_options *options, struct security_rule *rule, struct error *err)
{
	unsigned choice = 0;
	int r;

	r = rule_given(options->protocol, "protocol", err);
	if (r == 0)
		r = rule_choice(options->protocol, protocols, 0, "InvalidParameterValue", "protocol", &choice, err);
	if (r < 0)
		return r;
	rule->protocol = protocol_numbers[choice];
	if (!options->port)
		return 0;
	if (rule->protocol != PROTOCOL_TCP && rule->protocol != PROTOCOL_UDP)
		return error_refuse(err, "InvalidParameterValue", "port", "%s has no ports", options->protocol);
	return rule_ports(options->port, "InvalidParameterValue", "port", &rule->port_first, &rule->port_last, err);
}

static int parse_peer(const struct model *m, const struct security_group *group, const struct security_rule_options *options,
		      struct security_rule *rule, struct error *err)
{
	bool in = rule->direction == DIRECTION_IN;
	const char *key = in ? "from" : "to", *word = in ? options->from : options->to;
	int r;

	if (!word || !word[0])
		return error_refuse(err, "MissingParameter", key, "a rule for \"%s\" says %s where the packets %s",
				    in ? "in" : "out", key, in ? "come" : "go");
	if (in ? options->to != NULL : options->from != NULL)
		return error_refuse(err, "InvalidParameterCombination", in ? "to" : "from", "a rule for \"%s\" has no \"%s\"",
				    in ? "in" : "out", in ? "to" : "from");
	if (word[0] >= '0' && word[0] <= '9') /* no name begins so */
		return rule_prefix(word, true, "InvalidPermission.Malformed", key, &rule->peer, err);
	r = find_group(m, word, key, &rule->peer_group, err);
	if (r < 0)
		return r;
	/* The list of errors: a group of another VPC is not found. The group itself may be named. */
	if (rule->peer_group->vpc != group->vpc)
		return error_refuse(err, "InvalidGroup.NotFound", key, "%s belongs to %s, not to %s", word,
				    rule->peer_group->vpc->resource.name, group->vpc->resource.name);
	return 0;
}

static bool same_rule(const struct security_rule *a, const struct security_rule *b)
{
	return a->direction == b->direction && a->protocol == b->protocol && a->port_first == b->port_first &&
	       a->port_last == b->port_last && prefix_equal(a->peer, b->peer) && a->peer_group == b->peer_group;
}

int aws_security_group_allow(struct model *m, const char *name, const struct security_rule_options *options, struct error *err)
{
	struct security_rule rule = { 0 };
	struct security_group *group;
	unsigned choice = 0, count = 0;
	int r;

	r = find_group(m, name, NULL, &group, err);
	if (r == 0)
		r = rule_given(options->direction, "direction", err);
	if (r == 0)
		r = rule_choice(options->direction, directions, 0, "InvalidParameterValue", "direction", &choice, err);
	if (r < 0)
		return r;
	rule.direction = choice == 0 ? DIRECTION_IN : DIRECTION_OUT;
	r = parse_protocol(options, &rule, err);
	if (r == 0)
		r = parse_peer(m, group, options, &rule, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < group->n_rule; i++) {
		if (same_rule(&group->rule[i], &rule))
			return error_refuse(err, "InvalidPermission.Duplicate", NULL, "%s has this rule already: rule %u", name,
					    group->rule[i].number);
		count += group->rule[i].direction == rule.direction;
	}
	if (count >= m->profile->rules_per_group)
		return error_refuse(err, "RulesPerSecurityGroupLimitExceeded", NULL, "%s has its %u rules for \"%s\" already",
				    name, count, directions[choice]);
	add_rule(group, rule);
	model_touch(m);
	return 0;
}

int aws_security_group_revoke(struct model *m, const char *name, const char *rule_number_, struct error *err)
{
	struct security_group *group;
	unsigned number = 0;
	int r;

	r = find_group(m, name, NULL, &group, err);
	if (r == 0)
		r = rule_given(rule_number_, "rule", err);
	if (r == 0)
		r = rule_number(rule_number_, 1, 999999999, "InvalidPermission.NotFound", "rule", &number, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < group->n_rule; i++) {
		if (group->rule[i].number != number)
			continue;
		ARRAY_REMOVE(group->rule, group->n_rule, i);
		model_touch(m);
		return 0;
	}
	r = error_refuse(err, "InvalidPermission.NotFound", "rule", "%s has no rule %u", name, number);
	error_hint(err, "security-group show %s", name);
	return r;
}

int aws_security_group_delete(struct model *m, const char *name, struct error *err)
{
	struct security_group *group;
	int r;

	r = find_group(m, name, NULL, &group, err);
	if (r < 0)
		return r;
	if (group->is_default)
		return error_refuse(err, "CannotDelete", NULL, "%s is a default group, which goes with %s", name,
				    group->vpc->resource.name);
	r = security_group_check_unused(m, group, err);
	if (r < 0)
		return r;
	model_remove(m, &group->resource);
	return 0;
}
