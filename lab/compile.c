#include "lab/compile.h"

#include <stdio.h>
#include <string.h>

#include "lab/compile_parts.h"

const char *link_name(const struct resource *resource, char name[static LINK_NAME_SIZE])
{
	char suffix[12];

	if (strlen(resource->name) < LINK_NAME_SIZE && !text_equal_nocase(resource->name, "lo"))
		return strcpy(name, resource->name);
	snprintf(suffix, sizeof(suffix), "~%u", resource->id);
	snprintf(name, LINK_NAME_SIZE, "%.*s%s", (int)(LINK_NAME_SIZE - 1 - strlen(suffix)), resource->name, suffix);
	return name;
}

const struct eni *route_interface(const struct route *route)
{
	if (!route->via)
		return NULL; /* it was deleted */
	if (route->via_type == HOP_ECS)
		return ((const struct ecs *)route->via)->eni[0];
	return route->via_type == HOP_ENI ? (const struct eni *)route->via : NULL;
}

bool is_next_hop(const struct compiler *c, const struct eni *eni)
{
	for (size_t i = 0; eni->ecs && i < model_count(c->model, NOUN_ROUTE); i++)
		if (route_interface(model_get(c->model, NOUN_ROUTE, i)) == eni)
			return true;
	return false;
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

static void add_resource(struct text *text, const struct model *model, const struct resource *resource)
{
	text_add(text, model_noun_title(model, resource->noun));
	text_add_char(text, ' ');
	if (resource->noun == NOUN_SERVICE)
		text_addf(text, "%s/", ((const struct service *)resource)->node->name);
	text_add(text, resource->name);
}

void origin_is(const struct compiler *c, const struct resource *first, const struct resource *second)
{
	auto_text text = { 0 };

	add_resource(&text, c->model, first);
	if (second) {
		text_add(&text, ", ");
		add_resource(&text, c->model, second);
	}
	/* Mostly the same one as before. */
	if (!c->wanted->origin || strcmp(c->wanted->origin, text_get(&text)) != 0)
		c->wanted->origin = arena_strdup(&c->wanted->arena, text_get(&text));
}

bool origin_has(const struct model *model, const char *origin, const struct resource *resource)
{
	auto_text text = { 0 };

	add_resource(&text, model, resource);
	while (origin) {
		const char *comma = strstr(origin, ", ");
		size_t length = comma ? (size_t)(comma - origin) : strlen(origin);

		if (length == text.length && memcmp(origin, text_get(&text), length) == 0)
			return true;
		origin = comma ? comma + 2 : NULL;
	}
	return false;
}

const struct resource *eni_owner(const struct eni *eni)
{
	return eni->primary ? &eni->ecs->resource : &eni->resource;
}

const struct resource *eni_public_owner(const struct eni *eni)
{
	return eni->eip ? &eni->eip->resource : eni_owner(eni);
}

uint32_t vswitch_gateway(const struct vswitch *vswitch)
{
	return vswitch->gateway;
}

const char *eni_guest_link(const struct eni *eni, char name[static LINK_NAME_SIZE])
{
	if (eni->primary)
		return strcpy(name, "eth0");
	snprintf(name, LINK_NAME_SIZE, "eth%u", eni->index);
	return name;
}

struct object *want_netns(const struct compiler *c, const char *netns, enum netns_role role)
{
	struct object *object = wanted_add(c->wanted, OBJECT_NETNS, netns);

	object->netns_.role = role;
	return object;
}

void want_veth(const struct compiler *c, const char *netns, const char *link, const char *peer_netns, const char *peer_link,
	       unsigned id, uint8_t kind)
{
	struct arena *arena = &c->wanted->arena;
	struct object *object = wanted_add(c->wanted, OBJECT_VETH, netns);
	const uint8_t mac[6] = { kind == LINK_GUEST ? 0x00 : 0x02,
				 kind == LINK_GUEST ? 0x16 : kind,
				 kind == LINK_GUEST ? 0x3e : 0x00,
				 (uint8_t)(id >> 16),
				 (uint8_t)(id >> 8),
				 (uint8_t)id };

	object->veth.link = arena_strdup(arena, link);
	object->veth.peer_netns = arena_strdup(arena, peer_netns);
	object->veth.peer_link = arena_strdup(arena, peer_link);
	memcpy(object->veth.mac, mac, sizeof(mac));
}

void want_address(const struct compiler *c, const char *netns, const char *link, uint32_t address, uint8_t length)
{
	struct arena *arena = &c->wanted->arena;
	struct object *object = wanted_add(c->wanted, OBJECT_ADDRESS, netns);

	object->address.link = arena_strdup(arena, link);
	object->address.address = address;
	object->address.length = length;
}

void want_route_via(const struct compiler *c, const char *netns, uint32_t table, struct prefix to, const char *link, uint32_t via,
		    bool onlink)
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
}

void want_route(const struct compiler *c, const char *netns, uint32_t table, struct prefix to, const char *link)
{
	want_route_via(c, netns, table, to, link, 0, false);
}

void want_blackhole(const struct compiler *c, const char *netns, uint32_t table, struct prefix to)
{
	want_route_via(c, netns, table, to, NULL, 0, false);
}

struct nft_set *want_set(const struct compiler *c, const char *netns, const char *name, const enum nft_field *key, unsigned n_key,
			 enum nft_data data)
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

struct nft_chain *want_chain(const struct compiler *c, const char *netns, const char *name, enum nft_chain_type type,
			     enum nft_hook hook, int priority, bool policy_drop)
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
	const struct object *last = c->wanted->n_object ? &c->wanted->object[c->wanted->n_object - 1] : NULL;
	/* Elements come in runs of one set: one copy of its name a run. */
	bool same = last && last->kind == OBJECT_NFT_ELEMENT && strcmp(last->element.set, set) == 0;
	const char *name = same ? last->element.set : arena_strdup(&c->wanted->arena, set);
	struct object *object = wanted_add(c->wanted, OBJECT_NFT_ELEMENT, netns);

	object->element.set = name;
	return &object->element;
}

void want_rule(const struct compiler *c, const char *netns, uint32_t priority, const char *iif, uint32_t mark, uint32_t table,
	       bool ignore_default)
{
	struct object *object = wanted_add(c->wanted, OBJECT_RULE, netns);

	object->rule = (struct rule_object){
		.priority = priority,
		.iif = iif ? arena_strdup(&c->wanted->arena, iif) : NULL,
		.mark = mark,
		.table = table,
		.ignore_default = ignore_default,
	};
}

void rule_state(const struct compiler *c, struct nft_chain *chain, uint32_t states, enum nft_verdict verdict)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_rule *rule = nft_rule_add(arena, chain);

	nft_match_value(arena, rule, NFT_CT_STATE, NFT_ANY_BIT, states);
	nft_verdict(arena, rule, verdict, NULL);
}

void rule_status(const struct compiler *c, struct nft_chain *chain, const char *out_link, uint32_t status,
		 enum nft_verdict verdict)
{
	struct arena *arena = &c->wanted->arena;
	struct nft_rule *rule = nft_rule_add(arena, chain);

	if (out_link)
		nft_match_name(arena, rule, NFT_OIFNAME, out_link);
	nft_match_value(arena, rule, NFT_CT_STATUS, NFT_ANY_BIT, status);
	nft_verdict(arena, rule, verdict, NULL);
}

static void compile_alibaba(const struct compiler *c)
{
	for (size_t i = 0; i < model_count(c->model, NOUN_VPC); i++) {
		compile_vpc(c, model_get(c->model, NOUN_VPC, i));
		compile_public_gateway(c, model_get(c->model, NOUN_VPC, i));
	}
	for (size_t i = 0; i < model_count(c->model, NOUN_NAT_GATEWAY); i++)
		compile_nat_gateway(c, model_get(c->model, NOUN_NAT_GATEWAY, i));
}

static void compile_aws(const struct compiler *c)
{
	for (size_t i = 0; i < model_count(c->model, NOUN_VPC); i++)
		compile_aws_vpc(c, model_get(c->model, NOUN_VPC, i));
	for (size_t i = 0; i < model_count(c->model, NOUN_INTERNET_GATEWAY); i++)
		compile_aws_internet_gateway(c, model_get(c->model, NOUN_INTERNET_GATEWAY, i));
	for (size_t i = 0; i < model_count(c->model, NOUN_NAT_GATEWAY); i++)
		compile_aws_nat_gateway(c, model_get(c->model, NOUN_NAT_GATEWAY, i));
	for (size_t i = 0; i < model_count(c->model, NOUN_VSWITCH); i++)
		compile_aws_subnet(c, model_get(c->model, NOUN_VSWITCH, i));
}

void compile(const struct model *model, struct wanted *ret_wanted)
{
	const struct compiler c = { .model = model, .wanted = ret_wanted };

	memset(ret_wanted, 0, sizeof(*ret_wanted));
	compile_internet(&c);
	if (model->provider == PROVIDER_AWS)
		compile_aws(&c);
	else
		compile_alibaba(&c);
	for (size_t i = 0; i < model_count(model, NOUN_VSWITCH); i++) {
		compile_vswitch(&c, model_get(model, NOUN_VSWITCH, i));
		compile_security_groups(&c, model_get(model, NOUN_VSWITCH, i));
		compile_acl(&c, model_get(model, NOUN_VSWITCH, i));
	}
	compile_guests(&c);
	wanted_sort(ret_wanted);
}
