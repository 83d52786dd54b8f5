/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/graph/graph.h"

#include <stdlib.h>

#include "lab/graph/internal.h"

/* ---- the internet ---- */

static void add_internet_hosts(const struct graph_builder *b)
{
	struct graph_items hosts = { 0 };

	model_each(b->model, NOUN_INTERNET_HOST, const struct internet_host, host) {
		struct graph_node *node =
			graph_resource_node(b, GRAPH_INTERNET_HOST, &host->resource);

		graph_add_address(b, node, host->ip);
		for (size_t k = 0; k < host->n_dns; k++)
			graph_add_fact(b, node, "%s", host->dns[k]);
		graph_push_item(&hosts, (struct graph_item){ .node = node,
							     .kept = host->n_dns > 0,
							     .ip = host->ip });
	}
	graph_add_items(b, b->graph->internet, &hosts, "internet hosts");
}

static void add_eips(const struct graph_builder *b)
{
	struct graph_items eips = { 0 };

	model_each(b->model, NOUN_EIP, const struct eip, eip) {
		const struct resource *associated = eip->associated;
		struct graph_node *node = graph_resource_node(b, GRAPH_ADDRESS, &eip->resource);

		graph_add_address(b, node, eip->ip);
		if (associated)
			graph_add_fact(b, node, "-> %s", associated->name);
		else
			graph_add_fact(b, node, "not associated");
		b->address_shown[eip->resource.id] = node;
		graph_push_item(&eips,
				(struct graph_item){
					.node = node,
					.shown = &b->address_shown[eip->resource.id],
					.kept = !associated || associated->noun == NOUN_NAT_GATEWAY,
					.ip = eip->ip,
				});
	}
	graph_add_items(b, b->graph->internet, &eips, "EIPs");
}

static void add_static_addresses(const struct graph_builder *b)
{
	struct graph_items addresses = { 0 };

	model_each(b->model, NOUN_ECS, const struct ecs, ecs) {
		char ip[ADDRESS_TEXT_SIZE];
		struct graph_node *node;

		if (!ecs->public_ip)
			continue;
		node = graph_new_node(b, GRAPH_ADDRESS, "public address",
				      address_format(ecs->public_ip, ip));
		graph_add_fact(b, node, "-> %s", ecs->resource.name);
		b->address_shown[ecs->resource.id] = node;
		graph_push_item(&addresses, (struct graph_item){
						    .node = node,
						    .shown = &b->address_shown[ecs->resource.id] });
	}
	graph_add_items(b, b->graph->internet, &addresses, "public addresses");
}

static void add_detached_gateways(const struct graph_builder *b)
{
	model_each(b->model, NOUN_INTERNET_GATEWAY, const struct internet_gateway, igw) {
		struct graph_node *node;

		if (igw->vpc)
			continue;
		node = graph_resource_node(b, GRAPH_GATEWAY, &igw->resource);
		graph_add_fact(b, node, "%s, attached to no VPC", node->word);
		graph_add_child(b->graph->internet, node);
	}
}

static void add_internet(const struct graph_builder *b)
{
	b->graph->internet = graph_new_node(b, GRAPH_INTERNET, "", "internet");
	if (!model_count(b->model, NOUN_VPC))
		graph_add_fact(b, b->graph->internet, "the lab has no VPC");
	add_internet_hosts(b);
	add_eips(b);
	add_static_addresses(b);
	add_detached_gateways(b);
}

/* ---- lines ---- */

static void add_public_edges(const struct graph_builder *b)
{
	const struct graph_node *internet = b->graph->internet;

	model_each(b->model, NOUN_VPC, const struct vpc, vpc)
		if (vpc->internet_gateway)
			graph_add_edge(b, GRAPH_PUBLIC, internet,
				       graph_node_of(b, &vpc->internet_gateway->resource), "");
	model_each(b->model, NOUN_EIP, const struct eip, eip)
		graph_add_edge(b, GRAPH_PUBLIC, b->address_shown[eip->resource.id],
			       graph_node_of(b, eip->associated), "");
	model_each(b->model, NOUN_ECS, const struct resource, ecs)
		graph_add_edge(b, GRAPH_PUBLIC, b->address_shown[ecs->id], graph_node_of(b, ecs),
			       "");
}

/* On AWS a gateway is routed by the table of its subnet; an intranet one of Alibaba's, too. */
static void add_gateway_edges(const struct graph_builder *b, const struct route *route)
{
	model_each(b->model, NOUN_NAT_GATEWAY, const struct nat_gateway, nat)
		if ((nat->type == NAT_PUBLIC || nat->type == NAT_INTRANET) &&
		    nat->vswitch->table == route->table && route->via != &nat->resource)
			graph_add_edge(b, GRAPH_VIA, graph_node_of(b, &nat->resource),
				       graph_node_of(b, route->via), "");
}

/* Only tables that something is routed by have lines. */
static void add_route_edges(const struct graph_builder *b)
{
	model_each(b->model, NOUN_ROUTE, const struct route, route) {
		char to[PREFIX_TEXT_SIZE];

		if (!model_user(b->model, NOUN_VSWITCH, route->table, NULL) ||
		    route_is_blackhole(route))
			continue;
		graph_add_edge(b, GRAPH_VIA, graph_node_of(b, &route->table->resource),
			       graph_node_of(b, route->via), route_to_word(route, to));
		if (route->via_noun == NOUN_INTERNET_GATEWAY)
			add_gateway_edges(b, route);
	}
}

static void add_dnat_edges(const struct graph_builder *b)
{
	model_each(b->model, NOUN_DNAT, const struct dnat, dnat) {
		const struct eni *eni =
			model_eni_by_ip(b->model, dnat->nat_gateway->vpc, dnat->target_ip);
		const struct resource *target = eni ? eni_owner(eni) : NULL;

		graph_add_edge(b, GRAPH_FORWARDS, graph_node_of(b, &dnat->nat_gateway->resource),
			       graph_node_of(b, target), dnat->resource.name);
	}
}

static void add_listener_edges(const struct graph_builder *b)
{
	model_each(b->model, NOUN_LISTENER, const struct listener, listener)
		for (size_t i = 0; i < listener->group->n_target; i++)
			graph_add_edge(b, GRAPH_FORWARDS,
				       graph_node_of(b, &listener->balancer->resource),
				       graph_node_of(b, &listener->group->target[i]->resource),
				       listener->resource.name);
}

/* ---- the whole graph ---- */

static void number(struct graph *graph, struct graph_node *node)
{
	node->number = graph->n_node++;
	for (size_t i = 0; i < node->n_child; i++)
		number(graph, node->child[i]);
}

void graph_make(struct graph *ret_graph, const struct model *model)
{
	struct graph_builder b = {
		.model = model,
		.graph = ret_graph,
		.shown = xalloc(model->next_id * sizeof(*b.shown)),
		.address_shown = xalloc(model->next_id * sizeof(*b.address_shown)),
	};

	*ret_graph = (struct graph){ 0 };
	add_internet(&b);
	for (size_t i = 0; i < model_count(model, NOUN_VPC); i++)
		graph_add_vpc(&b, model_get(model, NOUN_VPC, i));
	add_public_edges(&b);
	add_route_edges(&b);
	add_listener_edges(&b);
	add_dnat_edges(&b);
	number(ret_graph, ret_graph->internet);
	for (size_t i = 0; i < ret_graph->n_vpc; i++)
		number(ret_graph, ret_graph->vpc[i]);
	free(b.shown);
	free(b.address_shown);
}

void graph_free(struct graph *graph)
{
	for (size_t i = 0; i < graph->n_made; i++) {
		free(graph->made[i]->fact);
		free(graph->made[i]->child);
	}
	free(graph->made);
	free(graph->vpc);
	free(graph->edge);
	arena_free(&graph->arena);
	*graph = (struct graph){ 0 };
}

bool graph_is_box(const struct graph_node *node)
{
	return node->n_child && (node->kind == GRAPH_INTERNET || node->kind == GRAPH_VPC ||
				 node->kind == GRAPH_VSWITCH);
}

const struct graph_node *graph_upper_end(const struct graph_edge *edge)
{
	return edge->kind == GRAPH_PUBLIC || edge->kind == GRAPH_FORWARDS ? edge->from : edge->to;
}
