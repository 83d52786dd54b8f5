/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What the files that make a layout share. */
#include "cli/picture/layout.h"

/* ---- graph_box.c: a box, wherever it stands ---- */

#define BOX_GAP 2 /* columns between boxes side by side */

/* How wide a box would like to be, border included. */
struct box_width {
	int least;       /* no word of it is torn */
	int fair;        /* no fact of it is broken */
	int comfortable; /* each item is on one line */
};
struct box_width box_width(const struct graph_node *node);

/*
 * Puts a box: border, title, facts, and its children as items if they are not to be boxes of their
 * own. At least that high; returns how high it became. layout NULL: nothing is put.
 */
int box_put(struct layout *layout, const struct graph_node *node, bool items, int x, int y,
	    int width, int height);

/* ---- graph_layout.c ---- */

/* A gateway, or a route table with the vSwitches that use it below. */
struct group {
	const struct graph_node *node;
	const struct graph_node **under;
	size_t n_under;
	struct box_width want;
	int x, y, width, height; /* of all of it; y and height are known last */
	int head;                /* the height of the node's own box */
	size_t row;
};

struct row {
	size_t first, n; /* groups */
};

/* One VPC. */
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

/* ---- graph_net.c: the lines from groups up to others of the same VPC and to the internet ---- */

/*
 * All lines that lead to one target, which are drawn as one: from the upper border of each source
 * to a level track right below the target, or below the row above the source, from where an upright
 * rail at the left leads on.
 */
struct net {
	const struct group *target; /* NULL: the internet, above all rows */
	size_t *source;             /* groups */
	size_t n_source;
	unsigned number; /* in the layout */
	int port;        /* where it leaves the target's lower border */
	int rail;        /* its column; -1: it needs none */
};

void nets_make(struct plan_vpc *plan);
void nets_free(struct plan_vpc *plan);
/* How many rails the rows, as they are now, make necessary. */
int nets_count_rails(const struct plan_vpc *plan);
/* Once the groups have their columns: chooses those of the nets. Rails are put from that column on,
 * RAIL_WIDTH each. */
#define RAIL_WIDTH 2
void nets_choose_columns(struct plan_vpc *plan, int rails);
/* How many tracks there are above that row. */
int nets_count_tracks(const struct plan_vpc *plan, size_t row);
/*
 * Once everything has its place. Lines to the internet end at y = top: at its box, or at a track
 * which leads to the rail of the page in that column (-1: there is none).
 */
void nets_put(const struct plan_vpc *plan, int top, int page_rail);
#define NET_INTERNET 0 /* its number, in all VPCs */
/* Does anything of the VPC lead to the internet? */
bool nets_reach_internet(const struct plan_vpc *plan);

void wire_put(struct layout *layout, enum graph_edge_kind kind, unsigned net, int x0, int y0,
	      int x1, int y1);
