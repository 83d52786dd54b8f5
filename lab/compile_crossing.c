#include "lab/compile_parts.h"
#include "lab/rules.h"

/*
 * What comes in by one interface of a host has to be answered by the same: where an enhanced NAT gateway is the way out, the
 * answer of an EIP's connection that leaves by another interface is lost, while a standard gateway puts up with it
 * (cloud-semantics 3, comparison of the types, and 6: S3). In the cloud it is lost at the gateway, which knows nothing of
 * the connection; here where it leaves the guest, the last place where it can be seen by which interface it does.
 *
 *   crossing, before the security groups:   port and source that belong to two interfaces of one host
 *                                             to the inside of the VPC   pass, no gateway is concerned
 *                                             else                       drop
 *
 * The chain is there only in a vSwitch that has such hosts.
 */
enum { PRIORITY_CROSSING = -10 };

static bool leaves_by_enhanced_gateway(const struct model *model, const struct vswitch *vswitch)
{
	for (size_t i = 0; i < model_count(model, NOUN_ROUTE); i++) {
		const struct route *route = model_get(model, NOUN_ROUTE, i);

		if (route->table == vswitch->table && route->to.length == 0 && route->via_type == HOP_NAT_GATEWAY)
			return ((const struct nat_gateway *)route->via)->type == NAT_ENHANCED;
	}
	return false;
}

static void crossing_chain(const struct compiler *c, const struct vswitch *vswitch)
{
	static const enum nft_field key[] = { NFT_IIFNAME, NFT_SADDR };
	const char *netns = vswitch->resource.name;
	const struct prefix inside = vswitch->vpc->cidr;
	struct arena *arena = &c->wanted->arena;
	struct nft_chain *chain;
	struct nft_rule *rule;

	want_set(c, netns, "crossing", key, 2, NFT_DATA_NONE);
	chain = want_chain(c, netns, "crossing", NFT_CHAIN_FILTER, NFT_HOOK_FORWARD, PRIORITY_CROSSING, false);
	rule = nft_rule_add(arena, chain);
	nft_match_prefix(arena, rule, NFT_DADDR, inside.address, inside.length);
	nft_verdict(arena, rule, NFT_ACCEPT, NULL);
	rule = nft_rule_add(arena, chain);
	nft_lookup(arena, rule, NFT_IN_SET, "crossing", key, 2, 32, false);
	nft_verdict(arena, rule, NFT_DROP, NULL);
}

/* Can the internet call this interface, by an address of its own or by a DNAT entry (cloud-semantics 5: Hfaq)? */
static bool can_be_called(const struct compiler *c, const struct eni *eni)
{
	const struct dnat *dnat = dnat_to_address(c->model, eni->vswitch->vpc, eni->ip);

	return eni_public_ip(eni) || (dnat && dnat->nat_gateway->type == NAT_ENHANCED);
}

/* The addresses of a host's other interfaces, as seen from the port of this one. Returns whether there are any. */
static bool crossing_elements(const struct compiler *c, const struct eni *eni)
{
	char link[LINK_NAME_SIZE];
	bool any = false;

	for (size_t i = 0; i < eni->ecs->n_eni; i++) {
		const struct eni *other = eni->ecs->eni[i];
		struct nft_element *element;

		if (!other || other == eni || !can_be_called(c, other))
			continue;
		element = want_element(c, eni->vswitch->resource.name, "crossing");
		element->key[0].name = arena_strdup(&c->wanted->arena, link_name(&eni->resource, link));
		element->key[1].value = other->ip;
		any = true;
	}
	return any;
}

void compile_crossings(const struct compiler *c, const struct vswitch *vswitch)
{
	bool watched = leaves_by_enhanced_gateway(c->model, vswitch), any = false;
	size_t cursor = 0;

	for (const struct eni *eni; watched && (eni = model_next_eni(c->model, &cursor));)
		if (eni->vswitch == vswitch && eni->ecs && eni->ecs->n_eni > 1)
			any = crossing_elements(c, eni) || any;
	if (any)
		crossing_chain(c, vswitch);
}
