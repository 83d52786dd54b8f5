/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/memory.h"
#include "lab/model/model.h"

/*
 * The topology as a picture before anybody draws it: which node stands in which, what each says of
 * itself, and which lines go between them. It follows from the model alone and is in order of
 * creation, so the same lab always makes the same picture.
 *
 * The internet holds the internet hosts and the public addresses. A VPC holds its gateways, route
 * tables and vSwitches, a vSwitch its ECSs and ENIs, a gateway its addresses and entries, a route
 * table its custom routes. A list that is too long ends in one node that stands for the rest: "ECS1
 * ... ECS1000".
 */

enum graph_kind {
	GRAPH_INTERNET,
	GRAPH_INTERNET_HOST,
	GRAPH_ADDRESS, /* an EIP, or the static public address of an ECS */
	GRAPH_VPC,
	GRAPH_GATEWAY, /* a box of its own in a VPC, of whatever noun */
	GRAPH_SNAT,
	GRAPH_DNAT,
	GRAPH_ROUTE_TABLE,
	GRAPH_ROUTE,
	GRAPH_VSWITCH,
	GRAPH_HOST,
	GRAPH_ENI, /* a secondary one */
};

struct graph_node {
	enum graph_kind kind;
	unsigned number;   /* unique in the graph, from 0 in the order of drawing */
	const char *word;  /* its kind, in the words of the provider */
	const char *name;  /* its name, or the destination of a route */
	const char **fact; /* e.g. "192.168.1.1", "group SG1"; the most telling first */
	size_t n_fact;
	struct graph_node **child;
	size_t n_child;
	const struct graph_node *parent; /* NULL for the internet and VPCs */
	size_t stands_for;               /* more than 1 for the rest of a long list */
};

enum graph_edge_kind {
	GRAPH_PUBLIC,   /* from a public address or the internet to its target */
	GRAPH_VIA,      /* from a route table, or what it routes, to the next hop */
	GRAPH_USES,     /* from a vSwitch to its route table */
	GRAPH_FORWARDS, /* from a gateway to the target of a DNAT entry */
};

struct graph_edge {
	enum graph_edge_kind kind;
	const struct graph_node *from, *to;
	const char *label; /* "0.0.0.0/0", "dnat1"; "" */
};

struct graph {
	struct arena arena; /* owns the nodes and all strings */
	struct graph_node *internet;
	struct graph_node **vpc;
	size_t n_vpc;
	struct graph_edge *edge;
	size_t n_edge;
	unsigned n_node;
	struct graph_node **made; /* private: every node, the folded ones included */
	size_t n_made;
};

#define GRAPH_LIST_MAX 8 /* a longer list is folded */

/* Make a graph. The model is not needed afterwards. */
void graph_make(struct graph *ret_graph, const struct model *model);
void graph_free(struct graph *graph);

/* Does a program that lays the graph out draw this node as a box with nodes in it? An empty box
 * is a node, so that lines can end there. */
bool graph_is_box(const struct graph_node *node);
/* Return the end of a line that belongs above the other. */
const struct graph_node *graph_upper_end(const struct graph_edge *edge);
