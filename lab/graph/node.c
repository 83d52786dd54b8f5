/* SPDX-License-Identifier: GPL-3.0-only */
/* The nodes of a graph, and the folding of long lists of them. */
#include "lab/graph/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"

/* ---- nodes ---- */

struct graph_node *graph_new_node(const struct graph_builder *b, enum graph_kind kind,
				  const char *word, const char *name)
{
	struct graph_node *node = arena_alloc(&b->graph->arena, sizeof(*node));

	node->kind = kind;
	node->stands_for = 1;
	node->word = word;
	node->name = arena_strdup(&b->graph->arena, name);
	*ARRAY_PUSH(b->graph->made, b->graph->n_made) = node;
	return node;
}

struct graph_node *graph_resource_node(const struct graph_builder *b, enum graph_kind kind,
				       const struct resource *resource)
{
	struct graph_node *node =
		graph_new_node(b, kind, model_noun_title(b->model, resource->noun), resource->name);

	b->shown[resource->id] = node;
	return node;
}

struct graph_node *graph_node_of(const struct graph_builder *b, const struct resource *resource)
{
	return resource ? b->shown[resource->id] : NULL;
}

void graph_add_child(struct graph_node *parent, struct graph_node *child)
{
	child->parent = parent;
	*ARRAY_PUSH(parent->child, parent->n_child) = child;
}

void graph_add_fact(const struct graph_builder *b, struct graph_node *node, const char *format, ...)
{
	auto_free char *fact = xprintf_own(format);
	*ARRAY_PUSH(node->fact, node->n_fact) = arena_strdup(&b->graph->arena, fact);
}

void graph_add_address(const struct graph_builder *b, struct graph_node *node, uint32_t ip)
{
	char text[ADDRESS_TEXT_SIZE];

	graph_add_fact(b, node, "%s", address_format(ip, text));
}

void graph_add_edge(const struct graph_builder *b, enum graph_edge_kind kind,
		    const struct graph_node *from, const struct graph_node *to, const char *label)
{
	struct graph *graph = b->graph;

	if (!from || !to)
		return;
	for (size_t i = graph->n_edge; i > 0; i--) {
		const struct graph_edge *edge = &graph->edge[i - 1];

		if (edge->kind != kind || edge->from != from)
			break;
		if (edge->to == to && strcmp(edge->label, label) == 0)
			return;
	}
	*ARRAY_PUSH(graph->edge, graph->n_edge) = (struct graph_edge){
		.kind = kind,
		.from = from,
		.to = to,
		.label = arena_strdup(&graph->arena, label),
	};
}

/* ---- long lists ---- */

void graph_push_item(struct graph_items *items, struct graph_item item)
{
	*ARRAY_PUSH(items->item, items->n_item) = item;
}

/* Choose at most GRAPH_LIST_MAX nodes, the one for the rest included. A rest of one is shown
 * itself. */
static void choose(struct graph_items *items)
{
	size_t n_kept = 0;

	for (size_t i = 0; i < items->n_item; i++) {
		struct graph_item *item = &items->item[i];

		item->kept = items->n_item <= GRAPH_LIST_MAX ||
			     (item->kept && n_kept < GRAPH_LIST_MAX - 1);
		n_kept += item->kept;
	}
	for (size_t i = 0; n_kept + 1 == items->n_item && i < items->n_item; i++)
		items->item[i].kept = true;
}

/* "1,000" */
static const char *count_text(const struct graph_builder *b, size_t n)
{
	return n < 1000 ? arena_printf(&b->graph->arena, "%zu", n)
			: arena_printf(&b->graph->arena, "%s,%03zu", count_text(b, n / 1000),
				       n % 1000);
}

static const char *last_fact(const struct graph_node *node)
{
	return node->fact[node->n_fact - 1];
}

/* Add the node for the rest. The hosts in it have something in common if their last facts, the
 * security groups, are the same. */
static void add_rest(const struct graph_builder *b, struct graph_node *parent,
		     const struct graph_items *items, const char *plural_word)
{
	const struct graph_item *first = NULL, *last = NULL;
	struct graph_node *node;
	bool common = true;
	size_t n = 0;

	for (size_t i = 0; i < items->n_item; i++) {
		const struct graph_item *item = &items->item[i];

		if (item->kept)
			continue;
		first = first ? first : item;
		last = item;
		common = common && strcmp(last_fact(first->node), last_fact(item->node)) == 0;
		n++;
	}
	if (!first)
		return;
	node = graph_new_node(
		b, first->node->kind, first->node->word,
		arena_printf(&b->graph->arena, "%s ... %s", first->node->name, last->node->name));
	node->stands_for = n;
	graph_add_fact(b, node, "(%s %s%s)", count_text(b, n), n < items->n_item ? "more " : "",
		       plural_word);
	if (first->ip) {
		char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];

		graph_add_fact(b, node, "%s ... %s", address_format(first->ip, from),
			       address_format(last->ip, to));
	}
	if (common)
		graph_add_fact(b, node, "%s", last_fact(first->node));
	for (size_t i = 0; i < items->n_item; i++)
		if (!items->item[i].kept && items->item[i].shown)
			*items->item[i].shown = node;
	graph_add_child(parent, node);
}

void graph_add_items(const struct graph_builder *b, struct graph_node *parent,
		     struct graph_items *items, const char *plural_word)
{
	choose(items);
	for (size_t i = 0; i < items->n_item; i++)
		if (items->item[i].kept)
			graph_add_child(parent, items->item[i].node);
	add_rest(b, parent, items, plural_word);
	free(items->item);
	*items = (struct graph_items){ 0 };
}
