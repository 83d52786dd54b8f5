/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/memory.h"
#include "lab/graph/graph.h"

/*
 * Where each thing of a graph stands in a picture that we draw ourselves: the internet on top,
 * below it each VPC with its gateways in a row, and below these the route tables, each above the
 * vSwitches that use it. Lines run upwards: from a vSwitch to its table, from there to the next
 * hop, from the gateway to the internet.
 *
 * The unit is a character cell; (0, 0) is the upper left one. A box has a border of one cell on
 * each side and its title in the upper border. Lines go through the middle of cells, and through no
 * box but the two at their ends.
 */

struct layout_box {
	const struct graph_node *node;
	int x, y, width, height; /* with the border; an item has none */
	bool item;               /* a text inside a box */
};

enum layout_style { LABEL_WORD, LABEL_NAME, LABEL_FACT };

struct layout_label {
	const struct graph_node *node;
	enum layout_style style;
	int x, y;
	bool title; /* stands in the upper border of its box */
	const char *text;
};

/* Upright or level, both ends included. Wires of one net join where they meet, others cross. */
struct layout_wire {
	enum graph_edge_kind kind;
	unsigned net;
	int x0, y0, x1, y1;
};

struct layout {
	struct arena arena;     /* owns the texts */
	struct layout_box *box; /* each before the boxes inside it */
	size_t n_box;
	struct layout_label *label;
	size_t n_label;
	struct layout_wire *wire;
	size_t n_wire;
	unsigned n_net;
	int width, height;
};

/*
 * Lay a graph out, at most that wide (never below 40), and narrower where that is enough. The graph
 * must live as long as the layout.
 */
void layout_make(struct layout *ret_layout, const struct graph *graph, int width);
void layout_free(struct layout *layout);
