/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* Wanted objects in one line each, for the tests of wanted, plan and apply. */
#include <string.h>

#include "core/state/wanted.h"

static inline uint32_t ip(const char *text)
{
	uint32_t address = 0;

	if (!address_parse(text, &address))
		abort();
	return address;
}

static inline struct prefix net(const char *text)
{
	struct prefix prefix = { 0 };

	if (prefix_parse(text, &prefix) != 0)
		abort();
	return prefix;
}

static inline const char *keep(struct wanted *wanted, const char *text)
{
	return text ? arena_strdup(&wanted->arena, text) : NULL;
}

static inline void want_netns(struct wanted *wanted, const char *name, enum netns_role role)
{
	struct object *object = wanted_add(wanted, OBJECT_NETNS, name);

	object->netns_.role = role;
	object->netns_.node = role == NETNS_ROUTER ? NODE_PART : NODE_HOST;
}

static inline void want_veth(struct wanted *wanted, const char *netns, const char *link,
			     const char *peer_netns, const char *peer_link, uint8_t mac)
{
	struct object *object = wanted_add(wanted, OBJECT_VETH, netns);

	object->veth = (struct veth_object){ .link = keep(wanted, link),
					     .peer_netns = keep(wanted, peer_netns),
					     .peer_link = keep(wanted, peer_link),
					     .mac = { 2, 0, 0, 0, 0, mac },
					     .mtu = 1500 };
}

static inline void want_address(struct wanted *wanted, const char *netns, const char *link,
				const char *address, uint8_t length)
{
	struct object *object = wanted_add(wanted, OBJECT_ADDRESS, netns);

	object->address = (struct address_object){ .link = keep(wanted, link),
						   .address = ip(address),
						   .length = length };
}

/* link NULL: a blackhole. via NULL: directly on the link. via "!ADDRESS": onlink. */
static inline void want_route(struct wanted *wanted, const char *netns, uint32_t table,
			      const char *to, const char *link, const char *via)
{
	struct object *object = wanted_add(wanted, OBJECT_ROUTE, netns);
	bool onlink = via && *via == '!';

	object->route = (struct route_object){ .table = table,
					       .to = net(to),
					       .type = link                 ? ROUTE_UNICAST
						       : via && *via == '>' ? ROUTE_THROW
									    : ROUTE_BLACKHOLE,
					       .link = keep(wanted, link),
					       .via = link && via ? ip(via + onlink) : 0,
					       .onlink = onlink };
}

static inline void want_rule(struct wanted *wanted, const char *netns, uint32_t priority,
			     const char *iif, uint32_t mark, uint32_t table)
{
	struct object *object = wanted_add(wanted, OBJECT_RULE, netns);

	object->rule = (struct rule_object){
		.priority = priority, .iif = keep(wanted, iif), .mark = mark, .table = table
	};
}

static inline void want_set(struct wanted *wanted, const char *netns, const char *name)
{
	struct object *object = wanted_add(wanted, OBJECT_NFT_SET, netns);

	object->set = (struct nft_set){
		.name = keep(wanted, name), .key = { NFT_SADDR }, .n_key = 1, .data = NFT_MAP_NONE
	};
}

static inline void want_element(struct wanted *wanted, const char *netns, const char *set,
				const char *address)
{
	struct object *object = wanted_add(wanted, OBJECT_NFT_ELEMENT, netns);

	object->element.set = keep(wanted, set);
	object->element.key[0].value = ip(address);
}

/* A base chain in the forward hook; rules are for the caller to add. */
static inline struct nft_chain *want_chain(struct wanted *wanted, const char *netns,
					   const char *name, bool drop)
{
	struct object *object = wanted_add(wanted, OBJECT_NFT_CHAIN, netns);

	object->chain = (struct nft_chain){ .name = keep(wanted, name),
					    .type = NFT_CHAIN_FILTER,
					    .hook = NFT_HOOK_FORWARD,
					    .policy_drop = drop };
	return &object->chain;
}

static inline void want_file(struct wanted *wanted, const char *path, const char *content)
{
	struct object *object = wanted_add(wanted, OBJECT_FILE, "");

	object->file = (struct file_object){ .path = keep(wanted, path),
					     .content = keep(wanted, content) };
}

/* The words end with NULL. */
static inline void want_process(struct wanted *wanted, const char *netns, const char *name,
				bool says_ready, const char *const *argv)
{
	struct object *object;
	const char **copy;
	size_t n = 0;

	while (argv[n])
		n++;
	copy = arena_alloc(&wanted->arena, (n + 1) * sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = keep(wanted, argv[i]);
	object = wanted_add(wanted, OBJECT_PROCESS, netns);
	object->process = (struct process_object){ .name = keep(wanted, name),
						   .argv = copy,
						   .own_files = !says_ready,
						   .says_ready = says_ready };
}
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
