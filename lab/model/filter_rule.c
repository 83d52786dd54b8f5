/* SPDX-License-Identifier: GPL-3.0-only */
/* The words of the rules of security groups and network ACLs. Declared in model.h. */
#include <stdio.h>

#include "lab/model/model.h"
#include "lab/model/words.h"

const char *protocol_word(enum protocol protocol)
{
	return word_of(protocol_words, (int)protocol);
}

const char *filter_rule_format(const struct filter_rule *rule,
			       char text[static FILTER_RULE_TEXT_SIZE])
{
	char ports[16] = "", peer[PREFIX_TEXT_SIZE];

	if (rule->port_first && rule->port_first == rule->port_last)
		snprintf(ports, sizeof(ports), " %u", rule->port_first);
	else if (rule->port_first)
		snprintf(ports, sizeof(ports), " %u-%u", rule->port_first, rule->port_last);
	snprintf(text, FILTER_RULE_TEXT_SIZE, "%s%s %s %s", protocol_word(rule->protocol), ports,
		 rule->direction == DIRECTION_IN ? "from" : "to",
		 rule->peer_group ? rule->peer_group->resource.name
				  : prefix_format(rule->peer, peer));
	return text;
}
