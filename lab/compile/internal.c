/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/internal.h"

#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"
#include "lab/model/cloud.h"

const struct resource *public_owner(const struct eni_address *address)
{
	return address->eip ? &address->eip->resource : eni_owner(address->eni);
}

struct decision public_route_of(const struct eni_address *address)
{
	return address->eip ? BY(EIP_ROUTE, .resource = &address->eip->resource)
			    : BY(ADDRESS_ROUTE, .resource = eni_owner(address->eni));
}

bool is_next_hop(const struct compiler *c, const struct eni *eni)
{
	model_each(c->model, NOUN_ROUTE, const struct route, route)
		if (eni->ecs && route_interface(route) == eni)
			return true;
	return false;
}

uint32_t route_table_number(const struct route_table *table)
{
	return TABLE_FIRST + table->resource.id;
}

static void add_resource(struct text *text, const struct model *model,
			 const struct resource *resource)
{
	if (text->length)
		text_add(text, ", ");
	text_add(text, model_noun_title(model, resource->noun));
	text_add_char(text, ' ');
	if (resource->noun == NOUN_SERVICE)
		text_addf(text, "%s/", ((const struct service *)resource)->node->name);
	text_add(text, resource->name);
}

static void set_origin(const struct compiler *c, const char *text, struct decision decision)
{
	/* Mostly the same one as before. */
	if (!c->wanted->origin || strcmp(c->wanted->origin, text) != 0)
		c->wanted->origin = arena_strdup(&c->wanted->arena, text);
	stands_for(c, decision);
}

void origin_is(const struct compiler *c, const struct resource *first,
	       const struct resource *second)
{
	auto_text text = { 0 };

	add_resource(&text, c->model, first);
	if (second)
		add_resource(&text, c->model, second);
	set_origin(c, text_get(&text), BY(PART, .resource = first, .other = second));
}

void origin_is_groups(const struct compiler *c, const struct eni *eni)
{
	auto_text text = { 0 };

	for (size_t i = 0; i < eni->n_group; i++)
		add_resource(&text, c->model, &eni->group[i]->resource);
	set_origin(c, text_get(&text), BY(PART_OF_GROUPS, .resource = &eni->resource));
}

void origin_is_internet(const struct compiler *c)
{
	set_origin(c, "the internet", BY(PART));
}

void stands_for(const struct compiler *c, struct decision decision)
{
	c->wanted->cookie = decision_cookie(&decision);
}

/* The decision's name, cut to what nft(8) takes. NULL: it has none. */
static const char *comment_of(const struct compiler *c, const struct decision *decision)
{
	auto_text text = { 0 };

	decision_add_name(&text, c->model, decision);
	if (text.length > NFT_COMMENT_MAX)
		return arena_printf(&c->wanted->arena, "%.*s...", NFT_COMMENT_MAX - 3,
				    text_get(&text));
	return text.length ? arena_strdup(&c->wanted->arena, text_get(&text)) : NULL;
}

struct nft_rule *want_nft_rule(const struct compiler *c, struct nft_chain *chain,
			       struct decision decision)
{
	struct nft_rule *rule = nft_rule_add(&c->wanted->arena, chain);

	rule->cookie = decision_cookie(&decision);
	rule->comment = comment_of(c, &decision);
	return rule;
}

struct object *want_netns(const struct compiler *c, const char *netns, enum netns_role role)
{
	struct object *object = wanted_add(c->wanted, OBJECT_NETNS, netns);

	object->netns_.role = role;
	object->netns_.node = role == NETNS_ROUTER ? NODE_PART : NODE_HOST;
	return object;
}

void link_mac(uint8_t kind, unsigned id, uint8_t mac[static 6])
{
	const uint8_t made[6] = { kind == LINK_GUEST ? 0x00 : 0x02,
				  kind == LINK_GUEST ? 0x16 : kind,
				  kind == LINK_GUEST ? 0x3e : 0x00,
				  (uint8_t)(id >> 16),
				  (uint8_t)(id >> 8),
				  (uint8_t)id };

	memcpy(mac, made, sizeof(made));
}

/* A transit router and AWS's NAT gateways have it on the link to the VPC. */
static uint16_t mtu_of(const struct compiler *c, const char *netns, uint8_t kind)
{
	if (strcmp(netns, INTERNET_NETNS) == 0)
		return INTERNET_MTU;
	return kind == LINK_ATTACHMENT || kind == LINK_GATEWAY_INSIDE
		       ? model_cloud(c->model)->gateway_mtu
		       : model_cloud(c->model)->mtu;
}

void compile_mss(const struct compiler *c, const char *netns)
{
	enum { PRIORITY_MSS = -10, HEADERS = 40 };
	struct nft_chain *chain = want_chain(c, netns, "mss", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD,
					     PRIORITY_MSS, false);
	struct nft_rule *rule = want_nft_rule(c, chain, BY(PART));

	nft_match_value(&c->wanted->arena, rule, NFT_L4PROTO, NFT_EQUAL, PROTOCOL_TCP);
	nft_set_mss(&c->wanted->arena, rule, model_cloud(c->model)->gateway_mtu - HEADERS);
}

void want_veth(const struct compiler *c, const char *netns, const char *link,
	       const char *peer_netns, const char *peer_link, unsigned id, uint8_t kind)
{
	struct arena *arena = &c->wanted->arena;
	struct object *object = wanted_add(c->wanted, OBJECT_VETH, netns);

	object->veth.link = arena_strdup(arena, link);
	object->veth.peer_netns = arena_strdup(arena, peer_netns);
	object->veth.peer_link = arena_strdup(arena, peer_link);
	link_mac(kind, id, object->veth.mac);
	object->veth.mtu = mtu_of(c, netns, kind);
}

struct address_object *want_address(const struct compiler *c, const char *netns, const char *link,
				    uint32_t address, uint8_t length)
{
	struct arena *arena = &c->wanted->arena;
	struct object *object = wanted_add(c->wanted, OBJECT_ADDRESS, netns);

	object->address.link = arena_strdup(arena, link);
	object->address.address = address;
	object->address.length = length;
	return &object->address;
}

struct object *want_route_via(const struct compiler *c, const char *netns, uint32_t table,
			      struct prefix to, const char *link, uint32_t via, bool onlink)
{
	struct arena *arena = &c->wanted->arena;
	struct object *object = wanted_add(c->wanted, OBJECT_ROUTE, netns);

	object->route = (struct route_object){
		.table = table,
		.to = to,
		.type = link ? ROUTE_UNICAST : ROUTE_BLACKHOLE,
		.link = link ? arena_strdup(arena, link) : NULL,
		.via = via,
		.onlink = onlink,
	};
	return object;
}

void want_route(const struct compiler *c, const char *netns, uint32_t table, struct prefix to,
		const char *link)
{
	want_route_via(c, netns, table, to, link, 0, false);
}

void want_routes_to_vpc(const struct compiler *c, const char *netns, const struct vpc *vpc,
			const char *link)
{
	for (size_t i = 0; i < vpc->cidr.n_item; i++)
		want_route_via(c, netns, TABLE_MAIN, vpc->cidr.item[i], link, NEXT_HOP, true);
}

void want_blackhole(const struct compiler *c, const char *netns, uint32_t table, struct prefix to)
{
	want_route_via(c, netns, table, to, NULL, 0, false);
}

void want_throw(const struct compiler *c, const char *netns, uint32_t table, struct prefix to)
{
	want_blackhole(c, netns, table, to);
	c->wanted->object[c->wanted->n_object - 1].route.type = ROUTE_THROW;
}

struct nft_set *want_set(const struct compiler *c, const char *netns, const char *name,
			 const enum nft_field *key, unsigned n_key, enum nft_data data)
{
	struct arena *arena = &c->wanted->arena;
	struct object *object = wanted_add(c->wanted, OBJECT_NFT_SET, netns);

	object->set.name = arena_strdup(arena, name);
	for (unsigned i = 0; i < n_key; i++)
		object->set.key[i] = key[i];
	object->set.n_key = n_key;
	object->set.data = data;
	return &object->set;
}

struct nft_chain *want_chain(const struct compiler *c, const char *netns, const char *name,
			     enum nft_chain_type type, enum nft_hook hook, int priority,
			     bool policy_drop)
{
	struct arena *arena = &c->wanted->arena;
	struct object *object = wanted_add(c->wanted, OBJECT_NFT_CHAIN, netns);

	object->chain.name = arena_strdup(arena, name);
	object->chain.type = type;
	object->chain.hook = hook;
	object->chain.priority = priority;
	object->chain.policy_drop = policy_drop;
	return &object->chain;
}

struct nft_element *want_element(const struct compiler *c, const char *netns, const char *set)
{
	const struct object *last =
		c->wanted->n_object ? &c->wanted->object[c->wanted->n_object - 1] : NULL;
	/* Elements come in runs of one set: one copy of its name a run. */
	bool same = last && last->kind == OBJECT_NFT_ELEMENT && strcmp(last->element.set, set) == 0;
	const char *name = same ? last->element.set : arena_strdup(&c->wanted->arena, set);
	struct object *object = wanted_add(c->wanted, OBJECT_NFT_ELEMENT, netns);

	object->element.set = name;
	return &object->element;
}

struct nft_element *want_element_for(const struct compiler *c, const char *netns, const char *set,
				     struct decision decision)
{
	struct nft_element *element = want_element(c, netns, set);

	c->wanted->object[c->wanted->n_object - 1].cookie = decision_cookie(&decision);
	element->comment = comment_of(c, &decision);
	return element;
}

void want_rule(const struct compiler *c, const char *netns, uint32_t priority, const char *iif,
	       uint32_t mark, uint32_t table)
{
	struct object *object = wanted_add(c->wanted, OBJECT_RULE, netns);

	object->rule = (struct rule_object){
		.priority = priority,
		.iif = iif ? arena_strdup(&c->wanted->arena, iif) : NULL,
		.mark = mark,
		.table = table,
	};
}

void rule_state(const struct compiler *c, struct nft_chain *chain, struct decision decision,
		uint32_t states, enum nft_verdict verdict)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_rule *rule = want_nft_rule(c, chain, decision);

	nft_match_value(arena, rule, NFT_STATE, NFT_ANY_BIT, states);
	nft_verdict(arena, rule, verdict, NULL);
}

void rule_status(const struct compiler *c, struct nft_chain *chain, struct decision decision,
		 const char *out_link, uint32_t status, enum nft_verdict verdict)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_rule *rule = want_nft_rule(c, chain, decision);

	if (out_link)
		nft_match_name(arena, rule, NFT_OIFNAME, out_link);
	nft_match_value(arena, rule, NFT_STATUS, NFT_ANY_BIT, status);
	nft_verdict(arena, rule, verdict, NULL);
}
