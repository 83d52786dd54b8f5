/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of security groups and network ACLs: their words, and those that pass everything.
 * Declared in model.h and query.h. */
#include <stdio.h>

#include "lab/model/model.h"
#include "lab/model/query.h"
#include "lab/model/words.h"

const char *protocol_word(enum protocol protocol)
{
	const char *word = word_of(protocol_words, (int)protocol);

	return word ? word : word_of(protocol_number_words, (int)protocol);
}

const struct prefix *filter_rule_peers(const struct filter_rule *rule, size_t *ret_n)
{
	*ret_n = rule->peer_list ? rule->peer_list->n_entry : 1;
	return rule->peer_list ? rule->peer_list->entry : &rule->peer;
}

const char *filter_rule_icmp_type(const struct filter_rule *rule,
				  char text[static ICMP_TYPE_TEXT_SIZE])
{
	if (rule->protocol != PROTOCOL_ICMP || !rule->port_first)
		return NULL;
	if (rule->port_last)
		snprintf(text, ICMP_TYPE_TEXT_SIZE, "%u/%u", rule->port_first - 1u,
			 rule->port_last - 1u);
	else
		snprintf(text, ICMP_TYPE_TEXT_SIZE, "%u", rule->port_first - 1u);
	return text;
}

const char *filter_rule_format(const struct filter_rule *rule,
			       char text[static FILTER_RULE_TEXT_SIZE])
{
	char ports[16] = "", peer[PREFIX_TEXT_SIZE], type[ICMP_TYPE_TEXT_SIZE];
	const bool icmp = filter_rule_icmp_type(rule, type) != NULL;

	if (icmp)
		ports[0] = '\0';
	else if (rule->port_first && rule->port_first == rule->port_last)
		snprintf(ports, sizeof(ports), " %u", rule->port_first);
	else if (rule->port_first)
		snprintf(ports, sizeof(ports), " %u-%u", rule->port_first, rule->port_last);
	snprintf(text, FILTER_RULE_TEXT_SIZE, "%s%s %s %s%s%s", protocol_word(rule->protocol),
		 ports, rule->direction == DIRECTION_IN ? "from" : "to",
		 rule->peer_group  ? rule->peer_group->resource.name
		 : rule->peer_list ? rule->peer_list->resource.name
				   : prefix_format(rule->peer, peer),
		 icmp ? " icmp-type " : "", icmp ? type : "");
	return text;
}

static bool passes_all(const struct filter_rule *rule)
{
	return rule->policy == POLICY_ACCEPT && rule->protocol == PROTOCOL_ALL &&
	       rule->peer.length == 0;
}

bool acl_rule_came(const struct filter_rule *rule)
{
	return rule->number == ACL_NUMBER_DEFAULT && passes_all(rule);
}

bool acl_passes_all(const struct acl *acl)
{
	size_t n_in = 0;

	while (n_in < acl->n_rule && acl->rule[n_in].direction == DIRECTION_IN)
		n_in++;
	return n_in > 0 && n_in < acl->n_rule && passes_all(&acl->rule[0]) &&
	       passes_all(&acl->rule[n_in]);
}
