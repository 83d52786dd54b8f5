/* SPDX-License-Identifier: GPL-3.0-only */
/* The picture as a Mermaid flowchart, which GitHub and GitLab draw in a document. */
#include <string.h>

#include "cli/picture/picture.h"

/* Inside quotes only these characters mean something to Mermaid or HTML. */
static void add_escaped(struct text *text, const char *s)
{
	for (; *s; s++) {
		if (strchr("\"#&<>;`", *s))
			text_addf(text, "#%d;", *s);
		else
			text_add_char(text, *s);
	}
}

static void add_line(struct text *text, const struct graph_node *node, bool word)
{
	if (word && *node->word) {
		add_escaped(text, node->word);
		text_add_char(text, ' ');
	}
	add_escaped(text, node->name);
}

static void add_facts(struct text *text, const struct graph_node *node, const char *between)
{
	for (size_t i = 0; i < node->n_fact; i++) {
		text_add(text, between);
		add_escaped(text, node->fact[i]);
	}
}

static void add_node(struct text *text, const struct graph_node *node, int depth)
{
	const char *open = node->kind == GRAPH_ADDRESS ? "([" : "[",
		   *close = node->kind == GRAPH_ADDRESS ? "])" : "]";

	text_addf(text, "%*s%sn%u%s\"", 4 * depth, "", graph_is_box(node) ? "subgraph " : "",
		  node->number, open);
	add_line(text, node, true);
	add_facts(text, node, graph_is_box(node) ? " " : "<br/>");
	for (size_t i = 0; !graph_is_box(node) && i < node->n_child; i++) {
		text_add(text, "<br/>");
		add_line(text, node->child[i], false);
		add_facts(text, node->child[i], " ");
	}
	text_addf(text, "\"%s\n", close);
	if (!graph_is_box(node))
		return;
	for (size_t i = 0; i < node->n_child; i++)
		add_node(text, node->child[i], depth + 1);
	text_addf(text, "%*send\n", 4 * depth, "");
}

/* The upper end comes first: Mermaid has no arrow that points backwards. */
static void add_edge(struct text *text, const struct graph_edge *edge)
{
	static const char *const lines[] = {
		[GRAPH_PUBLIC] = "-->",
		[GRAPH_VIA] = "---",
		[GRAPH_USES] = "---",
		[GRAPH_FORWARDS] = "-.->",
	};
	const struct graph_node *upper = graph_upper_end(edge),
				*lower = upper == edge->from ? edge->to : edge->from;

	text_addf(text, "    n%u %s", upper->number, lines[edge->kind]);
	if (*edge->label) {
		text_add(text, "|\"");
		add_escaped(text, edge->label);
		text_add(text, "\"|");
	}
	text_addf(text, " n%u\n", lower->number);
}

void picture_add_mermaid(struct text *text, const struct graph *graph)
{
	text_add(text, "flowchart TB\n");
	add_node(text, graph->internet, 1);
	for (size_t i = 0; i < graph->n_vpc; i++)
		add_node(text, graph->vpc[i], 1);
	for (size_t i = 0; i < graph->n_edge; i++)
		add_edge(text, &graph->edge[i]);
}
