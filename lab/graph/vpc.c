/* SPDX-License-Identifier: GPL-3.0-only */
/* A VPC in a graph: its gateways, route tables and vSwitches with their contents. */
#include "lab/graph/internal.h"

#include <string.h>

#include "lab/model/query.h"

/* ---- gateways ---- */

static void add_internet_gateway(const struct graph_builder *b, struct graph_node *parent,
				 const struct internet_gateway *igw)
{
	if (igw)
		graph_add_child(parent, graph_resource_node(b, GRAPH_GATEWAY, &igw->resource));
}

static void add_gateway_addresses(const struct graph_builder *b, struct graph_node *parent,
				  const struct nat_gateway *nat, enum noun noun, const char *title)
{
	struct graph_items addresses = { 0 };

	model_each_user(b->model, noun, nat, const struct eip, eip) {
		struct graph_node *node;

		/* This node is not the one that shows the EIP: that one is on the internet. */
		node = graph_new_node(b, GRAPH_ADDRESS, model_noun_title(b->model, noun),
				      eip->resource.name);
		graph_add_address(b, node, eip->ip);
		graph_push_item(&addresses,
				(struct graph_item){ .node = node, .ip = eip->ip, .kept = true });
	}
	graph_add_items(b, parent, &addresses, title);
}

static const char *names_of_eips(const struct graph_builder *b, const struct snat *snat)
{
	const char *names = snat->eip[0]->resource.name;

	for (size_t i = 1; i < snat->n_eip; i++)
		names = arena_printf(&b->graph->arena, "%s, %s", names,
				     snat->eip[i]->resource.name);
	return names;
}

static void add_snat_entries(const struct graph_builder *b, struct graph_node *parent,
			     const struct nat_gateway *nat)
{
	struct graph_items entries = { 0 };

	model_each_user(b->model, NOUN_SNAT, nat, const struct snat, snat) {
		char cidr[PREFIX_TEXT_SIZE];
		struct graph_node *node;

		node = graph_resource_node(b, GRAPH_SNAT, &snat->resource);
		graph_add_fact(b, node, "SNAT %s -> %s",
			       snat->source ? snat->source->name : prefix_format(snat->cidr, cidr),
			       names_of_eips(b, snat));
		graph_push_item(&entries, (struct graph_item){ .node = node, .kept = true });
	}
	graph_add_items(b, parent, &entries, "SNAT entries");
}

/* ":80", ":8000-8010", or nothing for all ports */
static const char *ports_text(const struct graph_builder *b, uint16_t first, uint16_t last)
{
	if (!first)
		return "";
	return first == last ? arena_printf(&b->graph->arena, ":%u", first)
			     : arena_printf(&b->graph->arena, ":%u-%u", first, last);
}

static void add_dnat_entries(const struct graph_builder *b, struct graph_node *parent,
			     const struct nat_gateway *nat)
{
	struct graph_items entries = { 0 };

	model_each_user(b->model, NOUN_DNAT, nat, const struct dnat, dnat) {
		const bool same = dnat->public_first == dnat->private_first;
		char ip[ADDRESS_TEXT_SIZE];
		struct graph_node *node;

		node = graph_resource_node(b, GRAPH_DNAT, &dnat->resource);
		graph_add_fact(b, node, "DNAT %s %s%s -> %s%s",
			       dnat->protocol == PROTOCOL_TCP   ? "tcp"
			       : dnat->protocol == PROTOCOL_UDP ? "udp"
								: "any",
			       dnat->eip->resource.name,
			       ports_text(b, dnat->public_first, dnat->public_last),
			       dnat->target ? dnat->target->resource.name
					    : address_format(dnat->target_ip, ip),
			       same ? "" : ports_text(b, dnat->private_first, dnat->private_last));
		graph_push_item(&entries, (struct graph_item){ .node = node, .kept = true });
	}
	graph_add_items(b, parent, &entries, "DNAT entries");
}

static void add_nat_gateway(const struct graph_builder *b, struct graph_node *parent,
			    const struct nat_gateway *nat)
{
	struct graph_node *node = graph_resource_node(b, GRAPH_GATEWAY, &nat->resource);
	char ip[ADDRESS_TEXT_SIZE];

	if (nat->vswitch)
		graph_add_fact(b, node, "%s in %s", address_format(nat->private_ip, ip),
			       nat->vswitch->resource.name);
	if (nat->type == NAT_STANDARD)
		graph_add_fact(b, node, "standard");
	if (nat->type == NAT_PRIVATE)
		graph_add_fact(b, node, "private");
	if (nat->type == NAT_INTRANET)
		graph_add_fact(b, node, "intranet");
	add_gateway_addresses(b, node, nat, NOUN_EIP, "EIPs");
	add_gateway_addresses(b, node, nat, NOUN_NAT_IP, "NAT IPs");
	if (nat->type != NAT_PRIVATE && !node->n_child)
		graph_add_fact(b, node, "no EIP");
	add_snat_entries(b, node, nat);
	add_dnat_entries(b, node, nat);
	graph_add_child(parent, node);
}

/* ---- route tables ---- */

static void add_routes(const struct graph_builder *b, struct graph_node *parent,
		       const struct route_table *table)
{
	struct graph_items routes = { 0 };

	model_each_user(b->model, NOUN_ROUTE, table, const struct route, route) {
		char to[PREFIX_TEXT_SIZE];
		struct graph_node *node;

		node = graph_new_node(b, GRAPH_ROUTE, model_noun_title(b->model, NOUN_ROUTE),
				      route_to_word(route, to));
		graph_add_fact(b, node, "-> %s", route->via ? route->via->name : route->lost);
		if (route_is_blackhole(route))
			graph_add_fact(b, node, route->via ? "blackhole" : "gone: blackhole");
		graph_add_fact(b, node, "(%s)", route->resource.name);
		graph_push_item(&routes, (struct graph_item){ .node = node, .kept = true });
	}
	if (!routes.n_item)
		graph_add_fact(b, parent, "no way out of the VPC");
	graph_add_items(b, parent, &routes, "routes");
}

static void add_route_table(const struct graph_builder *b, struct graph_node *parent,
			    const struct route_table *table)
{
	struct graph_node *node = graph_resource_node(b, GRAPH_ROUTE_TABLE, &table->resource);

	if (!model_user(b->model, NOUN_VSWITCH, table, NULL))
		graph_add_fact(b, node, "no %s uses it", model_noun_title(b->model, NOUN_VSWITCH));
	add_routes(b, node, table);
	graph_add_child(parent, node);
}

/* ---- vSwitches with their contents ---- */

static void add_group_fact(const struct graph_builder *b, struct graph_node *node,
			   const struct eni *eni)
{
	const char *names = eni->n_group ? eni->group[0]->resource.name : NULL;

	for (size_t i = 1; i < eni->n_group; i++)
		names = arena_printf(&b->graph->arena, "%s, %s", names,
				     eni->group[i]->resource.name);
	if (names)
		graph_add_fact(b, node, "group %s", names);
}

/* Add what an interface has elsewhere. Return whether there is anything. */
static bool add_connections(const struct graph_builder *b, struct graph_node *node,
			    const struct eni *eni)
{
	const size_t before = node->n_fact;
	char own[ADDRESS_TEXT_SIZE], public[ADDRESS_TEXT_SIZE];
	uint32_t ip;

	for (size_t i = 0; (ip = eni_address(eni, i)); i++) {
		const struct eip *eip = eni_eip(eni, ip);
		const uint32_t public_ip = eni_public_ip_of(eni, ip);

		if (i > 0)
			graph_add_fact(b, node, "also %s", address_format(ip, own));
		if (public_ip)
			graph_add_fact(b, node, "%s %s", eip ? eip->resource.name : "public",
				       address_format(public_ip, public));
	}
	if (eni->primary) {
		for (size_t i = 1; i < eni->ecs->n_eni; i++)
			if (eni->ecs->eni[i])
				graph_add_fact(b, node, "eth%zu = %s", i,
					       eni->ecs->eni[i]->resource.name);
	} else if (eni->ecs) {
		graph_add_fact(b, node, "eth%u of %s", eni->index, eni->ecs->resource.name);
	} else {
		graph_add_fact(b, node, "attached to nothing");
	}
	return node->n_fact > before;
}

/* Does a DNAT entry or a route lead to it? */
static bool is_target(const struct model *model, const struct eni *eni)
{
	uint32_t ip;

	for (size_t i = 0; (ip = eni_address(eni, i)); i++)
		if (dnat_to_address(model, eni->vswitch->vpc, ip))
			return true;
	return model_user(model, NOUN_ROUTE, eni_owner(eni), NULL);
}

static void add_interfaces(const struct graph_builder *b, struct graph_node *parent,
			   const struct vswitch *vswitch)
{
	struct graph_items hosts = { 0 };
	const struct eni *eni;
	size_t cursor = 0;

	while ((eni = model_next_eni(b->model, &cursor))) {
		const struct resource *resource = eni_owner(eni);
		struct graph_item item = { .ip = eni->ip, .shown = &b->shown[resource->id] };

		if (eni->vswitch != vswitch)
			continue;
		item.node = graph_resource_node(b, eni->primary ? GRAPH_HOST : GRAPH_ENI, resource);
		graph_add_address(b, item.node, eni->ip);
		item.kept = add_connections(b, item.node, eni) || is_target(b->model, eni);
		add_group_fact(b, item.node, eni);
		graph_push_item(&hosts, item);
	}
	graph_add_items(b, parent, &hosts, "hosts");
}

/* A zone is not worth telling where all vSwitches of the VPC are in it. */
static bool is_only_zone(const struct model *model, const struct vswitch *vswitch)
{
	model_each(model, NOUN_VSWITCH, const struct vswitch, other) {
		if (other->vpc == vswitch->vpc && other->zone &&
		    strcmp(other->zone, vswitch->zone) != 0)
			return false;
	}
	return true;
}

static void add_vswitch(const struct graph_builder *b, struct graph_node *parent,
			const struct vswitch *vswitch)
{
	struct graph_node *node = graph_resource_node(b, GRAPH_VSWITCH, &vswitch->resource);
	char cidr[PREFIX_TEXT_SIZE];

	graph_add_fact(b, node, "%s", prefix_format(vswitch->cidr, cidr));
	if (vswitch->zone && !is_only_zone(b->model, vswitch))
		graph_add_fact(b, node, "zone %s", vswitch->zone);
	if (vswitch->acl &&
	    (vswitch->acl != vswitch->vpc->default_acl || !acl_passes_all(vswitch->acl)))
		graph_add_fact(b, node, "network ACL %s", vswitch->acl->resource.name);
	add_interfaces(b, node, vswitch);
	graph_add_child(parent, node);
	graph_add_edge(b, GRAPH_USES, node, graph_node_of(b, &vswitch->table->resource), "");
}

/* With its listeners, and the targets of each. */
static void add_balancer(const struct graph_builder *b, struct graph_node *parent,
			 const struct load_balancer *balancer)
{
	struct graph_node *node = graph_resource_node(b, GRAPH_GATEWAY, &balancer->resource);

	graph_add_address(b, node, balancer->private_ip);
	model_each_user(b->model, NOUN_LISTENER, balancer, const struct listener, listener) {
		const struct target_group *group = listener->group;
		const char *names = group->n_target ? "" : " nobody";

		for (size_t i = 0; i < group->n_target; i++)
			names = arena_printf(&b->graph->arena, "%s %s", names,
					     group->target[i]->resource.name);
		graph_add_fact(b, node, "tcp %u: %s,%s", listener->port, group->resource.name,
			       names);
	}
	graph_add_child(parent, node);
}

void graph_add_vpc(const struct graph_builder *b, const struct vpc *vpc)
{
	struct graph_node *node = graph_resource_node(b, GRAPH_VPC, &vpc->resource);
	char cidr[PREFIXES_TEXT_SIZE];

	*ARRAY_PUSH(b->graph->vpc, b->graph->n_vpc) = node;
	graph_add_fact(b, node, "%s", prefixes_format(&vpc->cidr, cidr));
	model_each_user(b->model, NOUN_VPC_PEERING, vpc, const struct vpc_peering, peering)
		graph_add_fact(b, node, "%s: %s", peering->resource.name,
			       vpc_peering_other(peering, vpc)->resource.name);
	model_each_user(b->model, NOUN_TRANSIT_ATTACHMENT, vpc, const struct transit_attachment,
			attachment)
		graph_add_fact(b, node, "%s: %s", attachment->resource.name,
			       attachment->router->resource.name);
	model_each_user(b->model, NOUN_PRIVATE_ZONE, vpc, const struct private_zone, zone)
		graph_add_fact(b, node, "%s: names in %s", zone->resource.name, zone->domain);
	model_each_user(b->model, NOUN_VPC_ENDPOINT, vpc, const struct vpc_endpoint, endpoint)
		for (size_t i = 0; i < endpoint->n_host; i++)
			graph_add_fact(b, node, "%s: %s", endpoint->resource.name,
				       endpoint->host[i]->resource.name);
	add_internet_gateway(b, node, vpc->internet_gateway);
	model_each_user(b->model, NOUN_NAT_GATEWAY, vpc, const struct nat_gateway, nat)
		add_nat_gateway(b, node, nat);
	model_each(b->model, NOUN_LOAD_BALANCER, const struct load_balancer, balancer)
		if (balancer->vswitch->vpc == vpc)
			add_balancer(b, node, balancer);
	model_each_user(b->model, NOUN_ROUTE_TABLE, vpc, const struct route_table, table)
		add_route_table(b, node, table);
	model_each_user(b->model, NOUN_VSWITCH, vpc, const struct vswitch, vswitch)
		add_vswitch(b, node, vswitch);
}
