/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/layout.h"

#include <stdio.h>
#include <string.h>

#include "lab/model/system_route.h"

/* Names that are taken: the folders of sysctls beside those of interfaces, what a namespace may be
 * born with, and the links that are named after no resource. */
static bool is_taken(const char *name)
{
	static const char *const taken[] = {
		"all",     "default",  "lo",          "erspan0",   "gre0",
		"gretap0", "ip6_vti0", "ip6gre0",     "ip6tnl0",   "ip_vti0",
		"sit0",    "tunl0",    INTERNET_LINK, PUBLIC_LINK, TRANSLATED_LINK,
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

uint32_t balancer_check_address(const struct model *model, const struct load_balancer *balancer)
{
	return model->provider == PROVIDER_ALIBABA ? CLOUD_SERVICES.address + 1
						   : balancer->private_ip;
}

/* The resource's name behind the word, cut to what the kernel takes and told apart by its id where
 * it cannot be as it is. */
static const char *name_after(const char *word, const struct resource *resource, bool as_it_is,
			      char name[static LINK_NAME_SIZE])
{
	const size_t room = LINK_NAME_SIZE - 1 - strlen(word);
	char suffix[12] = ""; /* ~ and ten digits, which the longest word leaves room for */
	char *end = stpcpy(name, word);

	if (!as_it_is || strlen(resource->name) > room)
		snprintf(suffix, sizeof(suffix), "~%u", resource->id);
	end = mempcpy(end, resource->name, strnlen(resource->name, room - strlen(suffix)));
	memcpy(end, suffix, strlen(suffix) + 1);
	return name;
}

const char *link_name(const struct resource *resource, char name[static LINK_NAME_SIZE])
{
	return name_after("", resource, !is_taken(resource->name), name);
}

const char *translated_link(const struct nat_gateway *nat, char name[static LINK_NAME_SIZE])
{
	return name_after("nat~", &nat->resource, true, name);
}

const char *next_hop_link(const struct eni *eni, char name[static LINK_NAME_SIZE])
{
	return name_after("via~", &eni->resource, true, name);
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
