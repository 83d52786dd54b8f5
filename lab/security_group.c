#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/memory.h"
#include "core/text.h"
#include "lab/commands.h"
#include "lab/profile.h"
#include "lab/rules.h"

static const char *const types[] = { "basic", "enterprise", NULL };
static const char *const accesses[] = { "accept", "drop", NULL };
static const char *const policies[] = { "allow", "drop", NULL };
static const char *const directions[] = { "in", "out", NULL };
static const char *const protocols[] = { "all", "icmp", "tcp", "udp", "gre", NULL };
static const enum protocol protocol_numbers[] = { PROTOCOL_ALL, PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_GRE };

static struct security_group *make_group(struct model *m, const char *name, struct vpc *vpc, enum group_type type)
{
	struct security_group *group = xnew(struct security_group);

	group->vpc = vpc;
	group->type = type;
	group->isolated = type == GROUP_ENTERPRISE; /* cloud-semantics 8: no intra-group allow */
	group->next_rule = 1;
	model_add(m, &group->resource, NOUN_SECURITY_GROUP, name);
	return group;
}

static void add_rule(struct security_group *group, struct security_rule rule)
{
	rule.number = group->next_rule++;
	*ARRAY_PUSH(group->rule, group->n_rule) = rule;
}

struct security_group *security_group_make_default(struct model *m, struct vpc *vpc)
{
	/* cloud-semantics 8: the console's default group admits ICMP, SSH and RDP from everywhere at priority 100. */
	static const struct {
		enum protocol protocol;
		uint16_t port; /* 0: all */
	} rules[] = { { PROTOCOL_ICMP, 0 }, { PROTOCOL_TCP, 22 }, { PROTOCOL_TCP, 3389 } };
	auto_free char *name = xprintf("%s/default", vpc->resource.name);
	struct security_group *group = make_group(m, name, vpc, GROUP_BASIC);

	group->is_default = true;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		add_rule(group, (struct security_rule){ .direction = DIRECTION_IN,
							.policy = POLICY_ACCEPT,
							.protocol = rules[i].protocol,
							.port_first = rules[i].port,
							.port_last = rules[i].port,
							.priority = 100 });
	return group;
}

int security_group_create(struct model *m, const char *name, const char *vpc_name, const char *type, struct error *err)
{
	unsigned choice = GROUP_BASIC, count = 0;
	struct vpc *vpc;
	int r;

	r = model_check_new_name(m, NOUN_SECURITY_GROUP, name, err);
	if (r < 0)
		return r;
	r = rule_find(m, NOUN_VPC, vpc_name, "InvalidVpcId.NotFound", "vpc", &vpc, err);
	if (r < 0)
		return r;
	r = rule_choice(type, types, GROUP_BASIC, "InvalidParameter", "type", &choice, err);
	if (r < 0)
		return r;
	/* cloud-semantics 8: Limits; the default groups come with their VPCs and are not counted here. */
	for (size_t i = 0; i < model_count(m, NOUN_SECURITY_GROUP); i++)
		count += !((const struct security_group *)model_get(m, NOUN_SECURITY_GROUP, i))->is_default;
	if (count >= m->profile->security_groups)
		return error_refuse(err, "QuotaExceed.SecurityGroup", NULL, "a region holds %u security groups at most", count);
	make_group(m, name, vpc, (enum group_type)choice);
	return 0;
}

static int find_group(const struct model *m, const char *name, struct security_group **ret_group, struct error *err)
{
	return rule_find(m, NOUN_SECURITY_GROUP, name, "InvalidSecurityGroupId.NotFound", NULL, ret_group, err);
}

int security_group_set(struct model *m, const char *name, const char *inner_access, struct error *err)
{
	struct security_group *group;
	unsigned choice = 0;
	int r;

	r = find_group(m, name, &group, err);
	if (r < 0)
		return r;
	r = rule_given(inner_access, "inner-access", err);
	if (r < 0)
		return r;
	r = rule_choice(inner_access, accesses, 0, "InvalidPolicy.Malformed", "inner-access", &choice, err);
	if (r < 0)
		return r;
	/* cloud-semantics 8: Hsgt; the code is the likeliest. */
	if (group->type == GROUP_ENTERPRISE && choice == 0)
		return error_refuse(err, "OperationDenied", "inner-access",
				    "%s is an enterprise group: its members never reach each other by membership", name);
	group->isolated = choice == 1;
	model_touch(m);
	return 0;
}

/* cloud-semantics 8: AuthorizeSecurityGroup; ports for tcp and udp only, "-1/-1" for all others. */
static int parse_protocol(const struct security_rule_options *options, struct security_rule *rule, struct error *err)
{
	unsigned choice = 0;
	int r;

	r = rule_given(options->protocol, "protocol", err);
	if (r < 0)
		return r;
	r = rule_choice(options->protocol, protocols, 0, "InvalidIpProtocol.ValueNotSupported", "protocol", &choice, err);
	if (r < 0)
		return r;
	rule->protocol = protocol_numbers[choice];
	if (!options->port)
		return 0;
	if (rule->protocol != PROTOCOL_TCP && rule->protocol != PROTOCOL_UDP)
		return error_refuse(err, "OperationDenied", "port", "%s has no ports", options->protocol);
	return rule_ports(options->port, "InvalidParam.PortRange", "port", &rule->port_first, &rule->port_last, err);
}

static int check_peer_group(const struct security_group *group, const struct security_group *peer, const char *key,
			    struct error *err)
{
	bool in = strcmp(key, "from") == 0;
	const char *mismatch = in ? "InvalidSourceGroupId.Mismatch" : "InvalidDestGroupId.Mismatch";

	/* cloud-semantics 8 and 12 */
	if (peer == group)
		return error_refuse(err, "InvalidParamter.Conflict", key, "a rule of %s cannot name the group itself",
				    group->resource.name);
	if (peer->vpc != group->vpc)
		return error_refuse(err, mismatch, key, "%s belongs to %s, not to %s", peer->resource.name,
				    peer->vpc->resource.name, group->vpc->resource.name);
	/* cloud-semantics 8: Hsgt; rules of enterprise groups name no groups and none names them; the code is the likeliest. */
	if (group->type == GROUP_ENTERPRISE || peer->type == GROUP_ENTERPRISE)
		return error_refuse(err, mismatch, key, "%s is an enterprise group: only addresses can be named, not groups",
				    group->type == GROUP_ENTERPRISE ? group->resource.name : peer->resource.name);
	return 0;
}

static int parse_peer(const struct model *m, const struct security_group *group, const struct security_rule_options *options,
		      struct security_rule *rule, struct error *err)
{
	bool in = rule->direction == DIRECTION_IN;
	const char *key = in ? "from" : "to", *word = in ? options->from : options->to;
	const char *other_key = in ? "to" : "from", *other_word = in ? options->to : options->from;
	int r;

	/* cloud-semantics 8: neither CIDR nor group */
	if (!word || !word[0])
		return error_refuse(err, in ? "MissingParameter.Source" : "MissingParameter.Dest", other_word ? other_key : key,
				    "a rule for \"%s\" says %s where the packets %s", in ? "in" : "out", key, in ? "come" : "go");
	if (other_word)
		return error_refuse(err, "InvalidParameter", other_key, "a rule for \"%s\" has no \"%s\"", in ? "in" : "out",
				    other_key);
	if (word[0] >= '0' && word[0] <= '9') /* no name begins so */
		return rule_prefix(word, true, in ? "InvalidSourceCidrIp.Malformed" : "InvalidDestCidrIp.Malformed", key,
				   &rule->peer, err);
	r = rule_find(m, NOUN_SECURITY_GROUP, word, in ? "InvalidSourceGroupId.NotFound" : "InvalidDestGroupId.NotFound", key,
		      &rule->peer_group, err);
	return r < 0 ? r : check_peer_group(group, rule->peer_group, key, err);
}

static int parse_rule(const struct model *m, const struct security_group *group, const struct security_rule_options *options,
		      struct security_rule *rule, struct error *err)
{
	unsigned choice = 0;
	int r;

	r = rule_given(options->policy, "policy", err);
	if (r == 0)
		r = rule_choice(options->policy, policies, 0, "InvalidPolicy.Malformed", "policy", &choice, err);
	if (r < 0)
		return r;
	rule->policy = choice == 0 ? POLICY_ACCEPT : POLICY_DROP;
	r = rule_given(options->direction, "direction", err);
	if (r == 0)
		r = rule_choice(options->direction, directions, 0, "InvalidParameter", "direction", &choice, err);
	if (r < 0)
		return r;
	rule->direction = choice == 0 ? DIRECTION_IN : DIRECTION_OUT;
	r = parse_protocol(options, rule, err);
	if (r == 0)
		r = parse_peer(m, group, options, rule, err);
	if (r < 0)
		return r;
	rule->priority = 1;
	if (options->priority)
		r = rule_number(options->priority, 1, 100, "InvalidPriority.ValueNotSupported", "priority", &rule->priority, err);
	return r;
}

static bool same_rule(const struct security_rule *a, const struct security_rule *b)
{
	return a->direction == b->direction && a->policy == b->policy && a->protocol == b->protocol &&
	       a->port_first == b->port_first && a->port_last == b->port_last && prefix_equal(a->peer, b->peer) &&
	       a->peer_group == b->peer_group && a->priority == b->priority;
}

int security_group_rule(struct model *m, const char *name, const struct security_rule_options *options, struct error *err)
{
	struct security_rule rule = { 0 };
	struct security_group *group;
	unsigned by_group = 0;
	int r;

	r = find_group(m, name, &group, err);
	if (r < 0)
		return r;
	r = parse_rule(m, group, options, &rule, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < group->n_rule; i++) {
		/* cloud-semantics 8: adding an identical rule again succeeds and does nothing. */
		if (same_rule(&group->rule[i], &rule))
			return 0;
		by_group += group->rule[i].peer_group != NULL;
	}
	/* cloud-semantics 8: Limits */
	if (group->n_rule >= m->profile->rules_per_group)
		return error_refuse(err, "AuthorizationLimitExceed", NULL, "%s has its %zu rules already", name, group->n_rule);
	if (rule.peer_group && by_group >= m->profile->group_rules_per_group)
		return error_refuse(err, "AuthorizationLimitExceed", rule.direction == DIRECTION_IN ? "from" : "to",
				    "%s has its %u rules that name other groups already", name, by_group);
	add_rule(group, rule);
	model_touch(m);
	return 0;
}

int security_group_revoke(struct model *m, const char *name, const char *rule_number_, struct error *err)
{
	struct security_group *group;
	unsigned number = 0;
	int r;

	r = find_group(m, name, &group, err);
	if (r < 0)
		return r;
	r = rule_given(rule_number_, "rule", err);
	if (r == 0)
		r = rule_number(rule_number_, 1, 999999999, "InvalidSecurityGroupRuleId.NotFound", "rule", &number, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < group->n_rule; i++) {
		if (group->rule[i].number != number)
			continue;
		ARRAY_REMOVE(group->rule, group->n_rule, i);
		model_touch(m);
		return 0;
	}
	/* The code is of a later version of the interface, which names rules, too. */
	r = error_refuse(err, "InvalidSecurityGroupRuleId.NotFound", "rule", "%s has no rule %u", name, number);
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

/* The command by which it leaves: it stays in its other groups, or joins the default one, for it has to be in one. */
static void hint_leave(const struct model *m, const struct security_group *group, const struct eni *eni, struct error *err)
{
	auto_text rest = { 0 };

	for (size_t i = 0; i < eni->n_group; i++)
		if (eni->group[i] != group)
			text_addf(&rest, "%s%s", rest.length ? "," : "", eni->group[i]->resource.name);
	error_hint(err, "%s set %s security-group %s", model_noun_word(m, eni->primary ? NOUN_ECS : NOUN_ENI), eni->resource.name,
		   rest.length ? text_get(&rest) : group->vpc->default_group->resource.name);
}

static int refuse_members(const struct model *m, const struct security_group *group, struct error *err)
{
	unsigned others = group->n_member - 1;
	const struct eni *eni;
	size_t cursor = 0;
	int r;

	do
		eni = model_next_eni(m, &cursor);
	while (!is_member(group, eni));
	if (others)
		r = error_refuse(err, "DependencyViolation", NULL, "%s and %u other interface%s are still in %s",
				 eni->resource.name, others, plural(others), group->resource.name);
	else
		r = error_refuse(err, "DependencyViolation", NULL, "%s is still in %s", eni->resource.name, group->resource.name);
	hint_leave(m, group, eni, err);
	return r;
}

int security_group_check_unused(const struct model *m, const struct security_group *group, struct error *err)
{
	if (group->n_member)
		return refuse_members(m, group, err);
	for (size_t i = 0; i < model_count(m, NOUN_SECURITY_GROUP); i++) {
		const struct security_group *other = model_get(m, NOUN_SECURITY_GROUP, i);

		for (size_t k = 0; other != group && k < other->n_rule; k++) {
			int r;

			if (other->rule[k].peer_group != group)
				continue;
			r = error_refuse(err, "DependencyViolation", NULL, "rule %u of %s still names %s", other->rule[k].number,
					 other->resource.name, group->resource.name);
			error_hint(err, "security-group revoke %s rule %u", other->resource.name, other->rule[k].number);
			return r;
		}
	}
	return 0;
}

int security_group_delete(struct model *m, const char *name, struct error *err)
{
	struct security_group *group;
	int r;

	r = find_group(m, name, &group, err);
	if (r < 0)
		return r;
	/* The lab's own rule: the default group comes and goes with its VPC. */
	if (group->is_default)
		return error_refuse(err, "InvalidOperation.DeletionProtection", NULL, "%s goes with %s", name,
				    group->vpc->resource.name);
	/* cloud-semantics 8: doc-detail/25558 */
	r = security_group_check_unused(m, group, err);
	if (r < 0)
		return r;
	model_remove(m, &group->resource);
	return 0;
}
