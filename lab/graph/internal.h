/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What the files that make a graph share. */
#include "lab/graph/graph.h"

struct graph_builder {
	const struct model *model;
	struct graph *graph;
	/* The node that shows a resource, by its id; several may share one. NULL: none does. */
	struct graph_node **shown;         /* the resource itself */
	struct graph_node **address_shown; /* the public address of an EIP or ECS */
};

/* node.c */

/* Make a node. It is shown once it is a child of another. */
struct graph_node *graph_new_node(const struct graph_builder *b, enum graph_kind kind,
				  const char *word, const char *name);
struct graph_node *graph_resource_node(const struct graph_builder *b, enum graph_kind kind,
				       const struct resource *resource);
void graph_add_child(struct graph_node *parent, struct graph_node *child);
void graph_add_fact(const struct graph_builder *b, struct graph_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void graph_add_address(const struct graph_builder *b, struct graph_node *node, uint32_t ip);
/* Return the node that shows a resource; NULL: there is none, or the resource is NULL. */
struct graph_node *graph_node_of(const struct graph_builder *b, const struct resource *resource);
/* Add a line, but not twice in a row, and none that lacks an end. */
void graph_add_edge(const struct graph_builder *b, enum graph_edge_kind kind,
		    const struct graph_node *from, const struct graph_node *to, const char *label);

/* The children of one parent, which may be too many to be shown. */
struct graph_item {
	struct graph_node *node;
	struct graph_node **shown; /* where the node that shows it in the end is noted, or NULL */
	bool kept;                 /* shown by itself before others are */
	uint32_t ip;               /* 0: none */
};
struct graph_items {
	struct graph_item *item;
	size_t n_item;
};

void graph_push_item(struct graph_items *items, struct graph_item item);
/* Add all of a short list; of a long one those that are kept, and a node for the rest. Free the
 * list. */
void graph_add_items(const struct graph_builder *b, struct graph_node *parent,
		     struct graph_items *items, const char *plural_word);

/* vpc.c */
void graph_add_vpc(const struct graph_builder *b, const struct vpc *vpc);
