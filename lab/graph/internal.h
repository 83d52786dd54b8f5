/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What the files that make a graph share. */
#include "lab/graph/graph.h"

struct graph_builder {
	const struct model *model;
	struct graph *graph;
	/* By a resource's id, the node that shows it, which may be one for many; NULL: none does.
	 */
	struct graph_node **shown;         /* the resource itself */
	struct graph_node **address_shown; /* out on the internet: the address that an EIP is, or
					      that an ECS has */
};

/* graph_node.c */

/* A node is shown once it is a child. */
struct graph_node *graph_new_node(const struct graph_builder *b, enum graph_kind kind,
				  const char *word, const char *name);
struct graph_node *graph_resource_node(const struct graph_builder *b, enum graph_kind kind,
				       const struct resource *resource);
void graph_add_child(struct graph_node *parent, struct graph_node *child);
void graph_add_fact(const struct graph_builder *b, struct graph_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void graph_add_address(const struct graph_builder *b, struct graph_node *node, uint32_t ip);
/* Who shows that resource; NULL: nobody, or there is no resource. */
struct graph_node *graph_node_of(const struct graph_builder *b, const struct resource *resource);
/* Once, however often in a row it is asked for; not at all where an end is NULL. */
void graph_add_edge(const struct graph_builder *b, enum graph_edge_kind kind,
		    const struct graph_node *from, const struct graph_node *to, const char *label);

/* The children of one parent, which may be more than can be shown. */
struct graph_item {
	struct graph_node *node;
	struct graph_node **shown; /* where to note who shows it in the end; NULL: nobody asks */
	bool kept;                 /* rather than others to be shown by itself */
	uint32_t ip;               /* 0: none */
};
struct graph_items {
	struct graph_item *item;
	size_t n_item;
};

void graph_push_item(struct graph_items *items, struct graph_item item);
/* All of a short list; of a long one those that are kept, and one node for the rest. Frees the
 * list. */
void graph_add_items(const struct graph_builder *b, struct graph_node *parent,
		     struct graph_items *items, const char *plural_word);

/* graph_vpc.c */
void graph_add_vpc(const struct graph_builder *b, const struct vpc *vpc);
bool graph_table_is_used(const struct model *model, const struct route_table *table);
