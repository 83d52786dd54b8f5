/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What the files that make a layout share. */
#include "cli/picture/layout.h"

static inline int larger(int a, int b)
{
	return a > b ? a : b;
}

static inline int smaller(int a, int b)
{
	return a < b ? a : b;
}

/* ---- box.c: one box, wherever it stands ---- */

#define BOX_GAP 2 /* columns between boxes side by side */

/* How wide a box has to be, border included, so that ... */
struct box_width {
	int least;       /* ... no word is torn */
	int fair;        /* ... no fact is broken */
	int comfortable; /* ... each item is on one line */
};
struct box_width box_width(const struct graph_node *node);

/*
 * Put a box: border, title, facts, and, if asked for, its children as items. Return its height,
 * which is at least the one given. With a layout of NULL nothing is put, only measured.
 */
int box_put(struct layout *layout, const struct graph_node *node, bool items, int x, int y,
	    int width, int height);

/* ---- layout.c ---- */

/* A gateway, or a route table with the vSwitches that use it below. */
struct group {
	const struct graph_node *node;
	const struct graph_node **under;
	size_t n_under;
	struct box_width want;
	int x, y, width, height; /* of the whole group; y and height are known last */
	int head;                /* height of the node's own box */
	size_t row;
};

struct row {
	size_t first, n; /* groups */
};

/* One VPC while it is laid out. */
struct plan_vpc {
	struct layout *layout;
	const struct graph *graph;
	const struct graph_node *node;
	struct group *group;
	size_t n_group;
	struct row *row;
	size_t n_row;
	struct net *net;
	size_t n_net;
};

/* ---- wires.c: the lines from groups up to others of the same VPC and to the internet ---- */

/*
 * The lines to one target are drawn as one net: from the upper border of each source to a level
 * track. The track of a source in the row below the target lies right below the target. Any other
 * source has a track above its own row, from where an upright rail at the left leads to the target.
 */
struct net {
	const struct group *target; /* NULL: the internet, above all rows */
	size_t *source;             /* groups */
	size_t n_source;
	unsigned number; /* in the layout */
	int port;        /* column in which it leaves the target's lower border */
	int rail;        /* column of its rail; -1: it needs none */
};

void nets_make(struct plan_vpc *plan);
void nets_free(struct plan_vpc *plan);
/* Return how many rails the present rows need. */
int nets_count_rails(const struct plan_vpc *plan);
/* Choose the columns of the nets, once the groups have theirs. `rails` is the first rail's column.
 */
#define RAIL_WIDTH 2
void nets_choose_columns(struct plan_vpc *plan, int rails);
/* Return how many tracks there are above a row. */
int nets_count_tracks(const struct plan_vpc *plan, size_t row);
/*
 * Put the wires, once everything has its place. Lines to the internet end at y = top, which is its
 * box, or a track that leads to the page's rail in column page_rail (-1: there is none).
 */
void nets_put(const struct plan_vpc *plan, int top, int page_rail);
#define NET_INTERNET 0 /* number of the net to the internet, in all VPCs */
/* Does anything of the VPC lead to the internet? */
bool nets_reach_internet(const struct plan_vpc *plan);

void wire_put(struct layout *layout, enum graph_edge_kind kind, unsigned net, int x0, int y0,
	      int x1, int y1);
