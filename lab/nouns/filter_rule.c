/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of security groups and of network ACLs: the same words, whatever the provider; the
 * codes are the noun's. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/nouns/rules.h"

static const struct {
	const char *word;
	enum protocol number;
} protocols[] = {
	{ "all", PROTOCOL_ALL }, { "icmp", PROTOCOL_ICMP }, { "tcp", PROTOCOL_TCP },
	{ "udp", PROTOCOL_UDP }, { "gre", PROTOCOL_GRE },
};

int filter_rule_direction(const char *word, const char *code, enum direction *ret_direction,
			  struct error *err)
{
	static const char *const directions[] = { "in", "out", NULL };
	unsigned choice = 0;
	int r = rule_given(word, "direction", err);

	if (r == 0)
		r = rule_choice(word, directions, 0, code, "direction", &choice, err);
	if (r == 0)
		*ret_direction = choice == 0 ? DIRECTION_IN : DIRECTION_OUT;
	return r;
}

static int parse_policy(const char *word, const struct filter_rule_language *language,
			enum policy *ret_policy, struct error *err)
{
	unsigned choice = 0;
	int r = rule_given(word, "policy", err);

	if (r == 0)
		r = rule_choice(word, language->policies, 0, language->bad_policy, "policy",
				&choice, err);
	if (r == 0)
		*ret_policy = choice == 0 ? POLICY_ACCEPT : POLICY_DROP;
	return r;
}

static int parse_protocol(const struct filter_rule_options *options,
			  const struct filter_rule_language *language, struct filter_rule *rule,
			  struct error *err)
{
	const char *words[ARRAY_SIZE(protocols) + 1] = { NULL };
	unsigned choice = 0;
	int r = rule_given(options->protocol, "protocol", err);

	for (unsigned i = 0; i < language->n_protocol; i++)
		words[i] = protocols[i].word;
	if (r == 0)
		r = rule_choice(options->protocol, words, 0, language->bad_protocol, "protocol",
				&choice, err);
	if (r < 0)
		return r;
	rule->protocol = protocols[choice].number;
	if (!options->port)
		return 0;
	if (rule->protocol != PROTOCOL_TCP && rule->protocol != PROTOCOL_UDP) {
		error_refuse(err, language->no_ports, "port", "%s has no ports", options->protocol);
		error_hint(err, "leave the port out, or say tcp or udp");
		return -EINVAL;
	}
	return rule_ports(options->port, language->bad_port, "port", &rule->port_first,
			  &rule->port_last, err);
}

static int parse_peer(const struct model *m, const struct filter_rule_options *options,
		      const struct filter_rule_language *language, struct filter_rule *rule,
		      struct error *err)
{
	const bool in = rule->direction == DIRECTION_IN;
	const char *key = in ? "from" : "to", *word = in ? options->from : options->to;
	const char *other_key = in ? "to" : "from", *other_word = in ? options->to : options->from;
	int r;

	if (!word || !word[0]) {
		error_refuse(err, language->peer[rule->direction].missing,
			     other_word ? other_key : key,
			     "a rule for \"%s\" says %s where the packets %s", in ? "in" : "out",
			     key, in ? "come" : "go");
		error_hint(err, "%s 0.0.0.0/0 is every address", key);
		return -EINVAL;
	}
	if (other_word) {
		error_refuse(err, language->both_peers, other_key,
			     "a rule for \"%s\" has no \"%s\"", in ? "in" : "out", other_key);
		error_hint(err, "leave %s out, or make a second rule for \"%s\"", other_key,
			   in ? "out" : "in");
		return -EINVAL;
	}
	if (!language->groups || (word[0] >= '0' && word[0] <= '9')) /* no name begins so */
		return rule_prefix(word, true, language->peer[rule->direction].bad_cidr, key,
				   &rule->peer, err);
	r = rule_find_coded(m, NOUN_SECURITY_GROUP, word, language->peer[rule->direction].no_group,
			    key, &rule->peer_group, err);
	if (r < 0 && (strcmp(word, "any") == 0 || strcmp(word, "all") == 0))
		error_hint(err, "%s 0.0.0.0/0 is every address", key);
	return r;
}

int filter_rule_parse(const struct model *m, const struct filter_rule_options *options,
		      const struct filter_rule_language *language, struct filter_rule *rule,
		      struct error *err)
{
	int r = parse_policy(options->policy, language, &rule->policy, err);

	if (r == 0)
		r = filter_rule_direction(options->direction, language->bad_direction,
					  &rule->direction, err);
	if (r == 0)
		r = parse_protocol(options, language, rule, err);
	return r < 0 ? r : parse_peer(m, options, language, rule, err);
}
