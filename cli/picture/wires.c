/* SPDX-License-Identifier: GPL-3.0-only */
/* The lines of a VPC that lead from row to row. */
#include <stdlib.h>

#include "cli/picture/layout_internal.h"

#define PORT_DISTANCE 3 /* between the lines that leave one border */

void wire_put(struct layout *layout, enum graph_edge_kind kind, unsigned net, int x0, int y0,
	      int x1, int y1)
{
	*ARRAY_PUSH(layout->wire, layout->n_wire) =
		(struct layout_wire){ kind, net, x0, y0, x1, y1 };
}

/* ---- which nets there are ---- */

static struct net *add_net(struct plan_vpc *plan, const struct group *target)
{
	struct net *net = ARRAY_PUSH(plan->net, plan->n_net);

	*net = (struct net){
		.target = target,
		.number = target ? plan->layout->n_net++ : NET_INTERNET,
		.rail = -1,
	};
	return net;
}

static bool leads(const struct graph *graph, enum graph_edge_kind kind,
		  const struct graph_node *from, const struct graph_node *to)
{
	for (size_t i = 0; i < graph->n_edge; i++)
		if (graph->edge[i].kind == kind && graph->edge[i].from == from &&
		    (!to || graph->edge[i].to == to))
			return true;
	return false;
}

/* A gateway leads to the internet by an address of its own or as such, unless its packets go there
 * by another gateway. */
static bool leads_to_internet(const struct graph *graph, const struct graph_node *node)
{
	for (size_t i = 0; i < graph->n_edge; i++) {
		const struct graph_edge *edge = &graph->edge[i];

		if (edge->kind == GRAPH_PUBLIC && edge->to == node)
			return !leads(graph, GRAPH_VIA, node, NULL);
	}
	return false;
}

/* The groups are complete by now, so that pointers to them stay valid. */
void nets_make(struct plan_vpc *plan)
{
	struct net *net = add_net(plan, NULL);

	for (size_t i = 0; i < plan->n_group; i++)
		if (leads_to_internet(plan->graph, plan->group[i].node))
			*ARRAY_PUSH(net->source, net->n_source) = i;
	for (size_t t = 0; t < plan->n_group; t++) {
		net = NULL;
		for (size_t i = 0; i < plan->n_group; i++) {
			if (!leads(plan->graph, GRAPH_VIA, plan->group[i].node,
				   plan->group[t].node))
				continue;
			if (!net)
				net = add_net(plan, &plan->group[t]);
			*ARRAY_PUSH(net->source, net->n_source) = i;
		}
	}
}

void nets_free(struct plan_vpc *plan)
{
	for (size_t i = 0; i < plan->n_net; i++)
		free(plan->net[i].source);
	free(plan->net);
}

bool nets_reach_internet(const struct plan_vpc *plan)
{
	return plan->net[0].n_source > 0;
}

/* ---- where they run ---- */

/* Return the row right below the target. */
static size_t first_row(const struct net *net)
{
	return net->target ? net->target->row + 1 : 0;
}

static bool has_source_in(const struct plan_vpc *plan, const struct net *net, size_t row)
{
	for (size_t i = 0; i < net->n_source; i++)
		if (plan->group[net->source[i]].row == row)
			return true;
	return false;
}

static bool needs_rail(const struct plan_vpc *plan, const struct net *net)
{
	for (size_t i = 0; i < net->n_source; i++)
		if (plan->group[net->source[i]].row > first_row(net))
			return true;
	return false;
}

int nets_count_rails(const struct plan_vpc *plan)
{
	int n = 0;

	for (size_t i = 0; i < plan->n_net; i++)
		n += needs_rail(plan, &plan->net[i]);
	return n;
}

/* Return the column in which a net leaves the upper border of one of its sources: near the right
 * end, where the title does not reach. */
static int source_port(const struct plan_vpc *plan, const struct net *net, size_t source)
{
	const struct group *group = &plan->group[source];
	int place = 0;

	for (const struct net *other = plan->net; other < net; other++)
		for (size_t i = 0; i < other->n_source; i++)
			place += other->source[i] == source;
	return group->x + group->width - 1 - (place + 1) * PORT_DISTANCE;
}

/* Does another net come up in that column from the row below the target? */
static bool is_taken(const struct plan_vpc *plan, const struct net *net, int column)
{
	for (const struct net *other = plan->net; other < plan->net + plan->n_net; other++)
		for (size_t i = 0; other != net && i < other->n_source; i++)
			if (plan->group[other->source[i]].row == first_row(net) &&
			    source_port(plan, other, other->source[i]) == column)
				return true;
	return false;
}

/* Return the target's port: right above a source of the row below it, else near the right end. */
static int target_port(const struct plan_vpc *plan, const struct net *net)
{
	const struct group *target = net->target;
	int port = target->x + target->width - 1 - PORT_DISTANCE;

	for (size_t i = 0; i < net->n_source; i++) {
		const int above = source_port(plan, net, net->source[i]);

		if (plan->group[net->source[i]].row == first_row(net) && above > target->x &&
		    above < target->x + target->width - 1)
			return above;
	}
	while (port > target->x + 1 && is_taken(plan, net, port))
		port--;
	return port;
}

void nets_choose_columns(struct plan_vpc *plan, int rails)
{
	for (struct net *net = plan->net; net < plan->net + plan->n_net; net++) {
		net->rail = -1;
		if (needs_rail(plan, net)) {
			net->rail = rails;
			rails += RAIL_WIDTH;
		}
		if (net->target)
			net->port = target_port(plan, net);
	}
}

/* Does a net run level above a row? It does not where a single line goes straight up. */
static bool has_track(const struct plan_vpc *plan, const struct net *net, size_t row)
{
	if (row < first_row(net) || (row == 0 && !net->target))
		return false;
	if (row > first_row(net))
		return has_source_in(plan, net, row);
	if (net->rail >= 0)
		return true;
	for (size_t i = 0; i < net->n_source; i++)
		if (source_port(plan, net, net->source[i]) != net->port)
			return true;
	return false;
}

int nets_count_tracks(const struct plan_vpc *plan, size_t row)
{
	int n = 0;

	for (size_t i = 0; i < plan->n_net; i++)
		n += has_track(plan, &plan->net[i], row);
	return n;
}

/* ---- putting them ---- */

static int row_top(const struct plan_vpc *plan, size_t row)
{
	return plan->group[plan->row[row].first].y;
}

/* The tracks of a row are right above it, the last net's lowest. */
static int track_of(const struct plan_vpc *plan, const struct net *net, size_t row)
{
	int y = row_top(plan, row) - nets_count_tracks(plan, row);

	for (const struct net *other = plan->net; other < net; other++)
		y += has_track(plan, other, row);
	return y;
}

struct span {
	int from, to;
};

static void widen(struct span *span, int x)
{
	span->from = x < span->from ? x : span->from;
	span->to = x > span->to ? x : span->to;
}

/* Put the lines from the sources of a row up to y, and a level one that joins them and reaches x.
 */
static void put_row(const struct plan_vpc *plan, const struct net *net, size_t row, int y, int x)
{
	const enum graph_edge_kind kind = net->target ? GRAPH_VIA : GRAPH_PUBLIC;
	struct span span = { x, x };

	for (size_t i = 0; i < net->n_source; i++) {
		const int port = source_port(plan, net, net->source[i]);

		if (plan->group[net->source[i]].row != row)
			continue;
		wire_put(plan->layout, kind, net->number, port, y, port, row_top(plan, row));
		widen(&span, port);
	}
	if (span.from < span.to)
		wire_put(plan->layout, kind, net->number, span.from, y, span.to, y);
}

/* Put the port of a net and the track below its target. */
static void put_at_target(const struct plan_vpc *plan, const struct net *net)
{
	const size_t row = first_row(net);
	const int bottom = net->target->y + net->target->height - 1;
	const int y = has_track(plan, net, row) ? track_of(plan, net, row) : bottom;

	wire_put(plan->layout, GRAPH_VIA, net->number, net->port, bottom, net->port, y);
	put_row(plan, net, row, y, net->port);
	if (net->rail >= 0)
		wire_put(plan->layout, GRAPH_VIA, net->number, net->rail, y, net->port, y);
}

/* Each source in the first row has a line of its own to the internet, or to the track that leads to
 * the page's rail. */
static void put_at_internet(const struct plan_vpc *plan, const struct net *net, int top,
			    int page_rail)
{
	int last = net->rail;

	for (size_t i = 0; i < net->n_source; i++) {
		const int port = source_port(plan, net, net->source[i]);

		if (plan->group[net->source[i]].row > 0)
			continue;
		wire_put(plan->layout, GRAPH_PUBLIC, net->number, port, top, port,
			 row_top(plan, 0));
		last = port > last ? port : last;
	}
	if (page_rail >= 0 && net->n_source)
		wire_put(plan->layout, GRAPH_PUBLIC, net->number, page_rail, top, last, top);
}

static void put_rail(const struct plan_vpc *plan, const struct net *net, int top)
{
	int end = top;

	for (size_t row = first_row(net) + 1; row < plan->n_row; row++) {
		if (!has_source_in(plan, net, row))
			continue;
		end = track_of(plan, net, row);
		put_row(plan, net, row, end, net->rail);
	}
	wire_put(plan->layout, net->target ? GRAPH_VIA : GRAPH_PUBLIC, net->number, net->rail, top,
		 net->rail, end);
}

void nets_put(const struct plan_vpc *plan, int top, int page_rail)
{
	for (const struct net *net = plan->net; net < plan->net + plan->n_net; net++) {
		if (net->target)
			put_at_target(plan, net);
		else
			put_at_internet(plan, net, top, page_rail);
		if (net->rail >= 0)
			put_rail(plan, net,
				 net->target ? track_of(plan, net, first_row(net)) : top);
	}
}
