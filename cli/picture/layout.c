/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/picture/layout.h"

#include <stdlib.h>
#include <string.h>

#include "cli/picture/layout_internal.h"
#include "core/base/cleanup.h"

#define BORDER           2 /* columns: the border and a blank */
#define PAGE_RAIL        3 /* columns for the line that leads down to further VPCs */
#define PAGE_RAIL_COLUMN 1 /* the one of them in which the line is */
#define SPINE            3 /* columns for the line down to further vSwitches, in the second of them */
#define PORT             4 /* columns between a vSwitch's line and its right end */
#define WIDTH_LEAST      40

/* ---- side by side ---- */

/* A box is never too wide for two of them to stand side by side, unless a word of it is. */
static int wanted(const struct box_width *want, int room)
{
	return larger(smaller(want->fair, (room - BOX_GAP) / 2), want->least);
}

/* Return how many of n boxes go into each row, so that all rows are about as long. */
static size_t row_length(const struct box_width *want, size_t n, int room)
{
	int used = -BOX_GAP;
	size_t fit = 0, rows;

	while (fit < n && used + BOX_GAP + wanted(&want[fit], room) <= room) {
		used += BOX_GAP + wanted(&want[fit], room);
		fit++;
	}
	if (fit == 0)
		return 1;
	rows = (n + fit - 1) / fit;
	return (n + rows - 1) / rows;
}

/*
 * Divide the room of a row among its boxes, of which there is at least one: evenly if each then has
 * what it wants, else by need. The last one also gets what the divisions leave over.
 */
static void divide(const struct box_width *want, size_t n, int room, int *ret_width)
{
	const int count = larger((int)n, 1);
	const int free_room = room - BOX_GAP * (count - 1), share = free_room / count;
	int left = free_room, comfortable = 0, used = 0;
	bool even = true;

	for (size_t i = 0; i < n; i++) {
		even = even && wanted(&want[i], room) <= share;
		left -= wanted(&want[i], room);
		comfortable += want[i].comfortable;
	}
	for (size_t i = 0; i + 1 < n; i++) {
		ret_width[i] =
			even ? share
			     : wanted(&want[i], room) + left * want[i].comfortable / comfortable;
		used += ret_width[i];
	}
	ret_width[count - 1] = free_room - used;
}

/* ---- a table and its vSwitches ---- */

/* Several vSwitches go side by side before tables do. */
static struct box_width group_width(const struct group *group)
{
	struct box_width own = box_width(group->node), below = { 0, -BOX_GAP, -BOX_GAP };

	for (size_t i = 0; i < group->n_under; i++) {
		struct box_width width = box_width(group->under[i]);

		below.least = larger(below.least, width.least + SPINE);
		below.fair += width.fair + BOX_GAP;
		below.comfortable += width.comfortable + BOX_GAP;
	}
	return (struct box_width){
		.least = larger(own.least, group->n_under > 1 ? below.fair : below.least),
		.fair = larger(own.fair, below.fair),
		.comfortable = larger(own.comfortable, below.comfortable),
	};
}

/* A row of vSwitches of a group. */
struct vswitches {
	const struct group *group;
	const struct box_width *want; /* of `first` and those after it */
	size_t first, n;
	int indent; /* room for the spine, 0 where there is none */
	unsigned net;
};

/* Put a row below a line for its wires. Return its height, which is at least `least`. With a layout
 * of NULL nothing is put. */
static int put_vswitches(struct layout *layout, const struct vswitches *row, int y, int least)
{
	const struct group *group = row->group;
	const struct graph_node *const *node = group->under + row->first;
	const int bottom = group->y + group->head - 1;
	auto_free int *width = xalloc(row->n * sizeof(*width));
	int x = group->x + row->indent, height = least, port = 0;

	divide(row->want, row->n, group->width - row->indent, width);
	for (size_t i = 0; i < row->n; i++)
		height = larger(height, 1 + box_put(NULL, node[i], true, x, y + 1, width[i], 0));
	if (!layout)
		return height;
	for (size_t i = 0; i < row->n; i++) {
		box_put(layout, node[i], true, x, y + 1, width[i], height - 1);
		port = x + width[i] - PORT;
		wire_put(layout, GRAPH_USES, row->net, port, row->indent ? y : bottom, port, y + 1);
		x += width[i] + BOX_GAP;
	}
	if (row->indent) {
		wire_put(layout, GRAPH_USES, row->net, group->x + 1, bottom, group->x + 1, y);
		wire_put(layout, GRAPH_USES, row->net, group->x + 1, y, port, y);
	}
	return height;
}

/* Put a group and return its height. With a layout of NULL nothing is put. */
static int put_group(struct layout *layout, const struct group *group)
{
	auto_free struct box_width *want = xalloc((group->n_under + 1) * sizeof(*want));
	struct vswitches row = { .group = group, .net = layout ? layout->n_net++ : 0 };
	int y = group->y +
		box_put(layout, group->node, true, group->x, group->y, group->width, group->head);
	size_t length;

	for (size_t i = 0; i < group->n_under; i++)
		want[i] = box_width(group->under[i]);
	length = row_length(want, group->n_under, group->width);
	if (length < group->n_under) {
		row.indent = SPINE;
		length = row_length(want, group->n_under, group->width - SPINE);
	}
	for (; row.first < group->n_under; row.first += row.n) {
		const size_t left = group->n_under - row.first;

		row.want = want + row.first;
		row.n = left < length ? left : length;
		y += put_vswitches(layout, &row, y,
				   row.n == left ? group->y + group->height - y : 0);
	}
	return y - group->y;
}

/* ---- a VPC ---- */

static void add_vswitches(const struct plan_vpc *plan, struct group *group)
{
	for (size_t i = 0; i < plan->graph->n_edge; i++) {
		const struct graph_edge *edge = &plan->graph->edge[i];

		if (edge->kind == GRAPH_USES && edge->to == group->node)
			*ARRAY_PUSH(group->under, group->n_under) = edge->from;
	}
}

/* Add the groups of a kind that have vSwitches below them, or those that have none. */
static void add_groups(struct plan_vpc *plan, enum graph_kind kind, bool used)
{
	for (size_t i = 0; i < plan->node->n_child; i++) {
		struct group group = { .node = plan->node->child[i] };

		if (group.node->kind != kind)
			continue;
		add_vswitches(plan, &group);
		if ((group.n_under > 0) != used) {
			free(group.under);
			continue;
		}
		group.want = group_width(&group);
		*ARRAY_PUSH(plan->group, plan->n_group) = group;
	}
}

/* Gateways, tables in use and other tables never share a row. */
static void make_rows(struct plan_vpc *plan, int room)
{
	auto_free struct box_width *want = xalloc((plan->n_group + 1) * sizeof(*want));

	for (size_t i = 0; i < plan->n_group; i++)
		want[i] = plan->group[i].want;
	plan->n_row = 0;
	for (size_t i = 0; i < plan->n_group;) {
		size_t end = i, length;

		while (end < plan->n_group &&
		       plan->group[end].node->kind == plan->group[i].node->kind &&
		       !plan->group[end].n_under == !plan->group[i].n_under)
			end++;
		length = row_length(want + i, end - i, room);
		for (size_t k = 0; k < length; k++)
			plan->group[i + k].row = plan->n_row;
		*ARRAY_PUSH(plan->row, plan->n_row) = (struct row){ .first = i, .n = length };
		i += length;
	}
}

static void plan_init(struct plan_vpc *plan, struct layout *layout, const struct graph *graph,
		      const struct graph_node *vpc)
{
	*plan = (struct plan_vpc){ .layout = layout, .graph = graph, .node = vpc };
	add_groups(plan, GRAPH_GATEWAY, false);
	add_groups(plan, GRAPH_ROUTE_TABLE, true);
	add_groups(plan, GRAPH_ROUTE_TABLE, false);
	nets_make(plan);
}

static void plan_done(struct plan_vpc *plan)
{
	nets_free(plan);
	for (size_t i = 0; i < plan->n_group; i++)
		free(plan->group[i].under);
	free(plan->group);
	free(plan->row);
}

/* Rails take room, which may make more rows and so more rails. Return the room that is left. */
static int make_rows_and_rails(struct plan_vpc *plan, int room)
{
	int rails = 0, needed;

	for (;;) {
		make_rows(plan, room - rails * RAIL_WIDTH);
		needed = nets_count_rails(plan);
		if (needed <= rails)
			return room - rails * RAIL_WIDTH;
		rails = needed;
	}
}

/* Return the width at which all boxes are comfortable, in rows that fit into `width`. */
static int vpc_comfortable(struct plan_vpc *plan, int width)
{
	const int room = width - 2 * BORDER, left = make_rows_and_rails(plan, room);
	int widest = 0;

	for (const struct row *row = plan->row; row < plan->row + plan->n_row; row++) {
		int sum = BOX_GAP * ((int)row->n - 1);

		for (size_t i = 0; i < row->n; i++)
			sum += plan->group[row->first + i].want.comfortable;
		widest = larger(widest, sum);
	}
	return larger(box_width(plan->node).comfortable, widest + room - left + 2 * BORDER);
}

static void place_row(struct plan_vpc *plan, const struct row *row, int x, int room)
{
	auto_free struct box_width *want = xalloc(row->n * sizeof(*want));
	auto_free int *width = xalloc(row->n * sizeof(*width));

	for (size_t i = 0; i < row->n; i++)
		want[i] = plan->group[row->first + i].want;
	divide(want, row->n, room, width);
	for (size_t i = 0; i < row->n; i++) {
		struct group *group = &plan->group[row->first + i];

		group->x = x;
		group->width = width[i];
		x += width[i] + BOX_GAP;
	}
}

/* Put the groups of a row, all as high as the highest of them. Return that height. */
static int put_row_at(struct plan_vpc *plan, const struct row *row, int y)
{
	struct group *first = &plan->group[row->first], *end = first + row->n;
	int head = 0, height = 0;

	for (struct group *group = first; group < end; group++)
		head = larger(head, box_put(NULL, group->node, true, 0, 0, group->width, 0));
	for (struct group *group = first; group < end; group++) {
		group->y = y;
		group->head = head;
		height = larger(height, put_group(NULL, group));
	}
	for (struct group *group = first; group < end; group++) {
		group->height = height;
		put_group(plan->layout, group);
	}
	return height;
}

/* Put a VPC and return its height. top, page_rail: see nets_put(). */
static int put_vpc(struct plan_vpc *plan, int x, int y, int width, int top, int page_rail)
{
	struct layout *layout = plan->layout;
	const size_t place = layout->n_box;
	const int room = make_rows_and_rails(plan, width - 2 * BORDER);
	int at = y + box_put(layout, plan->node, false, x, y, width, 0) - 1;

	for (size_t i = 0; i < plan->n_row; i++)
		place_row(plan, &plan->row[i], x + width - BORDER - room, room);
	nets_choose_columns(plan, x + BORDER);
	for (size_t i = 0; i < plan->n_row; i++) {
		at += larger(1, nets_count_tracks(plan, i));
		at += put_row_at(plan, &plan->row[i], at);
	}
	nets_put(plan, top, page_rail);
	layout->box[place].height = at + 1 - y;
	return at + 1 - y;
}

/* ---- the page ---- */

static bool needs_page_rail(const struct plan_vpc *plan, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (nets_reach_internet(&plan[i]))
			return true;
	return false;
}

/*
 * Put the VPCs below the internet, with a line at the left that leads down to each from the second
 * on. Return the lower end.
 */
static int put_vpcs(struct layout *layout, struct plan_vpc *plan, size_t n, int width, int y)
{
	const int bottom = y - 1, indent = needs_page_rail(plan, n) ? PAGE_RAIL : 0;
	int rail_end = bottom;

	for (size_t i = 0; i < n; i++) {
		const bool first = i == 0;

		if (!first && nets_reach_internet(&plan[i]))
			rail_end = y;
		y += 1 + put_vpc(&plan[i], indent, y + 1, width - indent, first ? bottom : y,
				 first ? -1 : PAGE_RAIL_COLUMN);
	}
	if (rail_end > bottom)
		wire_put(layout, GRAPH_PUBLIC, NET_INTERNET, PAGE_RAIL_COLUMN, bottom,
			 PAGE_RAIL_COLUMN, rail_end);
	return y;
}

void layout_make(struct layout *ret_layout, const struct graph *graph, int width)
{
	const size_t n = graph->n_vpc;
	auto_free struct plan_vpc *plan = xalloc((n + 1) * sizeof(*plan));
	int comfortable = larger(box_width(graph->internet).comfortable, WIDTH_LEAST), indent;

	*ret_layout = (struct layout){ .n_net = NET_INTERNET + 1 };
	width = larger(width, WIDTH_LEAST);
	for (size_t i = 0; i < n; i++)
		plan_init(&plan[i], ret_layout, graph, graph->vpc[i]);
	indent = needs_page_rail(plan, n) ? PAGE_RAIL : 0;
	for (size_t i = 0; i < n; i++)
		comfortable =
			larger(comfortable, indent + vpc_comfortable(&plan[i], width - indent));
	ret_layout->width = smaller(width, comfortable);
	ret_layout->height =
		put_vpcs(ret_layout, plan, n, ret_layout->width,
			 box_put(ret_layout, graph->internet, true, 0, 0, ret_layout->width, 0));
	for (size_t i = 0; i < n; i++)
		plan_done(&plan[i]);
}

void layout_free(struct layout *layout)
{
	free(layout->box);
	free(layout->label);
	free(layout->wire);
	arena_free(&layout->arena);
	*layout = (struct layout){ 0 };
}
