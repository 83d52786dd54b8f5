/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"

#include <stdio.h>
#include <string.h>

/* Names that are taken: the folders of sysctls beside those of interfaces, what a namespace may be
 * born with, and the links that are named after no resource. */
static bool is_taken(const char *name)
{
	static const char *const taken[] = {
		"all",     "default", "lo",      "erspan0", "gre0",  "gretap0",     "ip6_vti0",
		"ip6gre0", "ip6tnl0", "ip_vti0", "sit0",    "tunl0", INTERNET_LINK, PUBLIC_LINK,
	};

	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		if (strcmp(name, taken[i]) == 0)
			return true;
	return false;
}

uint32_t gateway_address(const struct nat_gateway *nat)
{
	return nat->private_ip ? nat->private_ip : ROUTER_ADDRESS;
}

const char *link_name(const struct resource *resource, char name[static LINK_NAME_SIZE])
{
	char suffix[12];

	if (strlen(resource->name) < LINK_NAME_SIZE && !is_taken(resource->name))
		return strcpy(name, resource->name);
	snprintf(suffix, sizeof(suffix), "~%u", resource->id);
	snprintf(name, LINK_NAME_SIZE, "%.*s%s", (int)(LINK_NAME_SIZE - 1 - strlen(suffix)),
		 resource->name, suffix);
	return name;
}

const char *next_hop_link(const struct eni *eni, char name[static LINK_NAME_SIZE])
{
	char suffix[12] = "";
	size_t room = LINK_NAME_SIZE - sizeof("via~"), length = strlen(eni->resource.name);

	if (length > room) {
		snprintf(suffix, sizeof(suffix), "~%u", eni->resource.id);
		length = room - strlen(suffix);
	}
	snprintf(name, LINK_NAME_SIZE, "via~%.*s%s", (int)length, eni->resource.name, suffix);
	return name;
}

uint32_t eni_default_metric(const struct eni *eni)
{
	return eni->primary ? 0 : 1000 + eni->index;
}

const char *eni_guest_link(const struct eni *eni, char name[static LINK_NAME_SIZE])
{
	if (eni->primary)
		return strcpy(name, "eth0");
	snprintf(name, LINK_NAME_SIZE, "eth%u", eni->index);
	return name;
}
