/* SPDX-License-Identifier: GPL-3.0-only */
/* The picture for graphviz. */
#include <string.h>

#include "cli/picture/picture.h"

static void add_escaped(struct text *text, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			text_add_char(text, '\\');
		text_add_char(text, *s);
	}
}

/* The label has a line for the word and name, one for each fact and one for each item. */
static void add_label(struct text *text, const struct graph_node *node, bool items)
{
	text_add(text, "label=\"");
	if (*node->word) {
		add_escaped(text, node->word);
		text_add_char(text, ' ');
	}
	add_escaped(text, node->name);
	for (size_t i = 0; i < node->n_fact; i++) {
		text_add(text, "\\n");
		add_escaped(text, node->fact[i]);
	}
	for (size_t i = 0; items && i < node->n_child; i++) {
		text_add(text, "\\n");
		add_escaped(text, node->child[i]->name);
		for (size_t k = 0; k < node->child[i]->n_fact; k++) {
			text_add_char(text, ' ');
			add_escaped(text, node->child[i]->fact[k]);
		}
	}
	text_add_char(text, '"');
}

#define BLUE   "color=\"#4a7fc1\""
#define ORANGE "color=\"#c2760c\""
#define GREEN  "color=\"#2f8f5b\""
#define VIOLET "color=\"#7d5fc4\""

static const char *const looks[] = {
	[GRAPH_INTERNET] = BLUE,
	[GRAPH_INTERNET_HOST] = BLUE,
	[GRAPH_ADDRESS] = ORANGE ", shape=ellipse",
	[GRAPH_VPC] = "color=\"#808a96\"",
	[GRAPH_GATEWAY] = ORANGE,
	[GRAPH_SNAT] = ORANGE,
	[GRAPH_DNAT] = ORANGE,
	[GRAPH_ROUTE_TABLE] = GREEN ", shape=note",
	[GRAPH_ROUTE] = GREEN ", shape=note",
	[GRAPH_VSWITCH] = VIOLET,
	[GRAPH_HOST] = VIOLET,
	[GRAPH_ENI] = VIOLET,
};

static void add_node(struct text *text, const struct graph_node *node, int depth)
{
	const bool cluster = graph_is_box(node);

	text_addf(text, "%.*s", depth, "\t\t\t\t");
	if (!cluster) {
		text_addf(text, "n%u [", node->number);
		add_label(text, node, true);
		text_addf(text, ", %s];\n", looks[node->kind]);
		return;
	}
	text_addf(text, "subgraph cluster_n%u {\n%.*s", node->number, depth + 1, "\t\t\t\t");
	add_label(text, node, false);
	text_addf(text, "; %s;\n", looks[node->kind]);
	for (size_t i = 0; i < node->n_child; i++)
		add_node(text, node->child[i], depth + 1);
	text_addf(text, "%.*s}\n", depth, "\t\t\t\t");
}

/* ---- edges ---- */

/* graphviz ends edges at nodes only; one that leads to a cluster is cut at the cluster's border. */
static const struct graph_node *end_of(const struct graph_node *node)
{
	return graph_is_box(node) ? node->child[0] : node;
}

/* The upper end comes first, so that graphviz puts it there. */
static void add_edge(struct text *text, const struct graph_edge *edge)
{
	const struct graph_node *upper = graph_upper_end(edge),
				*lower = upper == edge->from ? edge->to : edge->from;

	text_addf(text, "\tn%u -> n%u [", end_of(upper)->number, end_of(lower)->number);
	if (graph_is_box(upper))
		text_addf(text, "ltail=cluster_n%u, ", upper->number);
	if (graph_is_box(lower))
		text_addf(text, "lhead=cluster_n%u, ", lower->number);
	if (edge->kind == GRAPH_FORWARDS)
		text_add(text, "style=dashed, constraint=false, ");
	text_addf(text, "dir=%s, label=\"", upper == edge->from ? "forward" : "back");
	add_escaped(text, edge->label);
	text_add(text, "\"];\n");
}

void picture_add_dot(struct text *text, const struct graph *graph)
{
	text_add(text,
		 "digraph lab {\n"
		 "\tgraph [compound=true, fontname=\"sans-serif\", fontsize=11, nodesep=0.3];\n"
		 "\tnode [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=10];\n"
		 "\tedge [fontname=\"sans-serif\", fontsize=9, color=\"#808a96\"];\n");
	add_node(text, graph->internet, 1);
	for (size_t i = 0; i < graph->n_vpc; i++)
		add_node(text, graph->vpc[i], 1);
	for (size_t i = 0; i < graph->n_edge; i++)
		add_edge(text, &graph->edge[i]);
	text_add(text, "}\n");
}
