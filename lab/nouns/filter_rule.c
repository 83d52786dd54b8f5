/* SPDX-License-Identifier: GPL-3.0-only */
/* The rules of security groups and of network ACLs: the same words, whatever the provider; the
 * codes are the noun's. */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "lab/nouns/internal.h"

static int check_icmp_type(struct filter_rule *rule, const char *type, const char *code,
			   struct error *err)
{
	unsigned long number[2] = { UINT8_MAX + 1 };
	char *end = NULL;
	int n = 0;

	for (const char *s = type; n < 2 && isdigit((unsigned char)*s); s = end + 1) {
		number[n++] = strtoul(s, &end, 10);
		if (*end != '/')
			break;
	}
	if (rule->protocol == PROTOCOL_ICMP && n > 0 && !*end && number[0] <= UINT8_MAX &&
	    number[1] <= UINT8_MAX) {
		rule->port_first = (uint16_t)(number[0] + 1);
		rule->port_last = n == 2 ? (uint16_t)(number[1] + 1) : 0;
		return 0;
	}
	if (rule->protocol == PROTOCOL_ICMP) {
		error_refuse(err, code, "icmp-type", "%.32s is no type of ICMP", type);
		return error_hint(err, "icmp-type 8 is a ping's question, 3/4 says that a packet "
				       "is too large");
	}
	error_refuse(err, code, "icmp-type", "%s has no types", protocol_word(rule->protocol));
	return error_hint(err, "leave icmp-type out, or say icmp");
}

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
	if (request->icmp_type &&
	    check_icmp_type(rule, request->icmp_type, codes->no_ports, err) < 0)
		return -EINVAL;
	rule->peer = peer->prefix;
	if (peer->resource && peer->resource->noun == NOUN_PREFIX_LIST)
		rule->peer_list = (struct prefix_list *)peer->resource;
	else
		rule->peer_group = (struct security_group *)peer->resource;
	return 0;
}
