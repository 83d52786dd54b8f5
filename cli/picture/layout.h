/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/memory.h"
#include "lab/graph/graph.h"

/*
 * Where everything of a graph stands when we draw it ourselves: the internet on top, below it each
 * VPC with its gateways in a row, and below those the route tables, each above the vSwitches that
 * use it. Lines run upwards: from a vSwitch to its table, from there to the next hop, from the
 * gateway to the internet.
 *
 * The unit is a character cell; (0, 0) is the upper left one. A box has a border of one cell all
 * around, and its title in the upper one. Lines go through the middle of cells and never through a
 * box that is not an end of theirs.
 */

struct layout_box {
	const struct graph_node *node;
	int x, y, width, height; /* border included; of an item: of its text, it has none */
	bool item;               /* something in a box, rather than a box */
};

enum layout_style { LABEL_WORD, LABEL_NAME, LABEL_FACT };

struct layout_label {
	const struct graph_node *node;
	enum layout_style style;
	int x, y;
	bool title; /* in the upper border of its box */
	const char *text;
};

/* Straight, upright or level, both ends included. Wires of one net are joined where they meet,
 * others only cross. */
struct layout_wire {
	enum graph_edge_kind kind;
	unsigned net;
	int x0, y0, x1, y1;
};

struct layout {
	struct arena arena;     /* owns the texts */
	struct layout_box *box; /* an outer one before those in it */
	size_t n_box;
	struct layout_label *label;
	size_t n_label;
	struct layout_wire *wire;
	size_t n_wire;
	unsigned n_net;
	int width, height;
};

/* At most that wide (40 at the least), narrower where less is enough. The graph must live as long
 * as the layout. */
void layout_make(struct layout *ret_layout, const struct graph *graph, int width);
void layout_free(struct layout *layout);
