/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of security groups and of network ACLs: the same words, whatever the provider; the
 * codes are the noun's. */
#include <errno.h>

#include "lab/nouns/internal.h"

int filter_rule_check(struct filter_rule_request *request, const struct filter_rule_codes *codes,
		      struct error *err)
{
	struct filter_rule *rule = &request->rule;
	const bool in = rule->direction == DIRECTION_IN;
	const struct peer *peer = in ? &request->from : &request->to;
	const struct peer *other = in ? &request->to : &request->from;
	const char *key = in ? "from" : "to", *other_key = in ? "to" : "from";
	const char *direction = in ? "in" : "out";

	if (rule->port_first && rule->protocol != PROTOCOL_TCP && rule->protocol != PROTOCOL_UDP) {
		error_refuse(err, codes->no_ports, "port", "%s has no ports",
			     protocol_word(rule->protocol));
		return error_hint(err, "leave the port out, or say tcp or udp");
	}
	if (!peer->given) {
		error_refuse(err, codes->no_peer[rule->direction], other->given ? other_key : key,
			     "a rule for \"%s\" says %s where the packets %s", direction, key,
			     in ? "come" : "go");
		return error_hint(err, "%s 0.0.0.0/0 is every address", key);
	}
	if (other->given) {
		error_refuse(err, codes->both_peers, other_key, "a rule for \"%s\" has no \"%s\"",
			     direction, other_key);
		return error_hint(err, "leave %s out, or make a second rule for \"%s\"", other_key,
				  in ? "out" : "in");
	}
	rule->peer = peer->prefix;
	rule->peer_group = peer->group;
	return 0;
}
