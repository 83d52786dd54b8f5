/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/nearest.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

/* Words of other tools for what has another name here, and words that belong elsewhere here
 * ("any" of DNAT is "all" in a group). */
static const struct {
	const char *typed, *meant;
} synonyms[] = {
	{ "any", "all" },
	{ "all", "any" },
	{ "allow", "accept" },
	{ "accept", "allow" },
	{ "permit", "allow" },
	{ "permit", "accept" },
	{ "deny", "drop" },
	{ "reject", "drop" },
	{ "ingress", "in" },
	{ "inbound", "in" },
	{ "egress", "out" },
	{ "outbound", "out" },
	{ "yes", "on" },
	{ "true", "on" },
	{ "no", "off" },
	{ "false", "off" },
	{ "add", "create" },
	{ "new", "create" },
	{ "allocate", "create" },
	{ "apply", "create" },
	{ "buy", "create" },
	{ "purchase", "create" },
	{ "remove", "delete" },
	{ "rm", "delete" },
	{ "release", "delete" },
	{ "destroy", "delete" },
	{ "list", "show" },
	{ "ls", "show" },
	{ "describe", "show" },
	{ "get", "show" },
	{ "modify", "set" },
	{ "change", "set" },
	{ "bind", "associate" },
	{ "unbind", "disassociate" },
	{ "attach", "associate" },
	{ "detach", "disassociate" },
	{ "bind", "attach" },
	{ "unbind", "detach" },
	{ "associate", "attach" },
	{ "disassociate", "detach" },
	{ "convert-to-eip", "convert-public-ip" },
	{ "vm", "ecs" },
	{ "host", "ecs" },
	{ "server", "ecs" },
	{ "vm", "instance" },
	{ "host", "instance" },
	{ "server", "instance" },
	{ "ec2", "instance" },
	{ "instance", "ecs" },
	{ "ecs", "instance" },
	{ "subnet", "vswitch" },
	{ "vswitch", "subnet" },
	{ "igw", "internet-gateway" },
	{ "elastic-ip", "eip" },
	{ "route-entry", "route" },
	{ "settings", "show" },
	{ "quit", "exit" },
	{ "?", "help" },
	{ "port", "public-port" },
	{ "destination", "to" },
	{ "next-hop", "via" },
	{ "web", "http" },
	{ "nginx", "http" },
};

static bool is_synonym(const char *typed, const char *candidate)
{
	for (size_t i = 0; i < ARRAY_SIZE(synonyms); i++)
		if (strcmp(synonyms[i].typed, typed) == 0 &&
		    strcmp(synonyms[i].meant, candidate) == 0)
			return true;
	return false;
}

/* Allow one slip in a short word, three in a long one. In two letters a slip leaves nothing to
 * recognise. */
static unsigned slips_allowed(size_t length)
{
	return length <= 2 ? 0 : length <= 4 ? 1 : length <= 8 ? 2 : 3;
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	const char *slash = strchr(candidate, '/');
	size_t length = strlen(nearest->typed);
	unsigned distance;

	if (strlen(candidate) >= sizeof(nearest->best))
		return;
	distance = is_synonym(nearest->typed, candidate) ? 0
							 : text_distance(nearest->typed, candidate);
	/* The user stopped half way: "nat-gate". */
	if (length >= 3 && strncmp(nearest->typed, candidate, length) == 0 && distance > 1)
		distance = 1;
	/* "default" is the VPC1/default of the only VPC, or of the first one. */
	if (slash && strcmp(nearest->typed, slash + 1) == 0)
		distance = 1;
	if (distance > slips_allowed(length) || (nearest->best[0] && distance >= nearest->distance))
		return;
	strcpy(nearest->best, candidate);
	nearest->distance = distance;
}

void nearest_offer_choices(struct nearest *nearest, const char *choices)
{
	size_t length;

	for (const char *choice; (choice = choice_next(&choices, &length));) {
		char candidate[sizeof(nearest->best)] = "";

		if (length >= sizeof(candidate))
			continue;
		memcpy(candidate, choice, length);
		nearest_offer(nearest, candidate);
	}
}

void nearest_hint(const struct nearest *nearest, struct error *err)
{
	if (nearest->best[0])
		error_hint(err, "did you mean %s?", nearest->best);
}
