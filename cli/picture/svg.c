/* SPDX-License-Identifier: GPL-3.0-only */
/* The picture as SVG that refers to no other file: a layout in pixels. */
#include <string.h>

#include "cli/picture/picture.h"

/* The size of a cell in pixels. No character of a monospaced font of 12 pixels is wider. */
#define CELL_WIDTH  7.3
#define CELL_HEIGHT 19.0
#define MARGIN      12.0

static const char style[] =
	"text{font:12px ui-monospace,'DejaVu Sans "
	"Mono',Menlo,Consolas,monospace;fill:#1f2933;white-space:pre}"
	".word{fill:#66707c}.name{font-weight:bold}.address{fill:#a85a00}"
	"path{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}"
	".margin{stroke:#f7f8fa;stroke-width:7}.line0{stroke:#d9822b}.line1{stroke:#2f9e66}.line2{"
	"stroke:#9a84cf}"
	"rect{stroke-width:1.2}.page{fill:#ffffff}"
	".internet{fill:#eaf2fd;stroke:#86aee3}.vpc{fill:#f7f8fa;stroke:#b9c1cb}.gateway{fill:#"
	"fff3e2;stroke:#e3a555}"
	".table{fill:#e9f6ee;stroke:#7fbf9a}.vswitch{fill:#f2edfb;stroke:#b3a0dd}.item{fill:#"
	"ffffff;stroke:none}"
	"@media(prefers-color-scheme:dark){"
	"text{fill:#e4e8ee}.word{fill:#9aa5b3}.address{fill:#f5b25f}"
	".margin{stroke:#1a1f27}.line0{stroke:#e89a45}.line1{stroke:#4fb483}.line2{stroke:#9d86d8}"
	".page{fill:#14181e}.internet{fill:#16263c;stroke:#3f6ba6}.vpc{fill:#1a1f27;stroke:#48525f}"
	".gateway{fill:#352611;stroke:#a06f2a}.table{fill:#14291e;stroke:#3d8460}.vswitch{fill:#"
	"241d38;stroke:#6f5aa8}"
	".item{fill:#ffffff14}}";

static const char *const classes[] = {
	[GRAPH_INTERNET] = "internet", [GRAPH_INTERNET_HOST] = "item", [GRAPH_ADDRESS] = "item",
	[GRAPH_VPC] = "vpc",           [GRAPH_GATEWAY] = "gateway",    [GRAPH_SNAT] = "item",
	[GRAPH_DNAT] = "item",         [GRAPH_ROUTE_TABLE] = "table",  [GRAPH_ROUTE] = "item",
	[GRAPH_VSWITCH] = "vswitch",   [GRAPH_HOST] = "item",          [GRAPH_ENI] = "item",
};

static void add_escaped(struct text *text, const char *s)
{
	for (; *s; s++) {
		if (*s == '<' || *s == '>' || *s == '&' || *s == '"')
			text_addf(text, "&#%d;", *s);
		else
			text_add_char(text, *s);
	}
}

static double left_of(int x)
{
	return MARGIN + x * CELL_WIDTH;
}

static double top_of(int y)
{
	return MARGIN + y * CELL_HEIGHT;
}

/* The cells of the upper border are inside, because the title stands there; half of those of the
 * lower border is enough. */
static void add_box(struct text *text, const struct layout_box *box)
{
	double x = left_of(box->x), y = top_of(box->y) - 4, width = box->width * CELL_WIDTH;
	double height = (box->height - 0.5) * CELL_HEIGHT + 4;

	if (box->item) {
		x -= 6;
		width += 12;
		y += 5;
		height = box->height * CELL_HEIGHT - 2;
	}
	text_addf(text,
		  "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		  "rx=\"%d\"/>\n",
		  classes[box->node->kind], x, y, width, height, box->item ? 4 : 7);
}

static void add_path(struct text *text, const struct layout *layout, unsigned net)
{
	for (size_t i = 0; i < layout->n_wire; i++) {
		const struct layout_wire *wire = &layout->wire[i];

		if (wire->net == net)
			text_addf(text, "M%.1f %.1fL%.1f %.1f", left_of(wire->x0) + CELL_WIDTH / 2,
				  top_of(wire->y0) + CELL_HEIGHT / 2,
				  left_of(wire->x1) + CELL_WIDTH / 2,
				  top_of(wire->y1) + CELL_HEIGHT / 2);
	}
}

/* Routes have a margin where they cross other nets, so that they do not seem to join them. */
static void add_net(struct text *text, const struct layout *layout, unsigned net)
{
	const struct layout_wire *first;
	size_t i = 0;

	while (i < layout->n_wire && layout->wire[i].net != net)
		i++;
	if (i == layout->n_wire)
		return;
	first = &layout->wire[i];
	if (first->kind == GRAPH_VIA) {
		text_add(text, "<path class=\"margin\" d=\"");
		add_path(text, layout, net);
		text_add(text, "\"/>\n");
	}
	text_addf(text, "<path class=\"line%d\" d=\"", (int)first->kind);
	add_path(text, layout, net);
	text_add(text, "\"/>\n");
}

static void add_label(struct text *text, const struct layout_label *label)
{
	static const char *const styles[] = {
		[LABEL_WORD] = "word",
		[LABEL_NAME] = "name",
		[LABEL_FACT] = "fact",
	};

	const bool address = label->style == LABEL_FACT && label->node->kind == GRAPH_ADDRESS;

	text_addf(text, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">",
		  address ? "address" : styles[label->style], left_of(label->x),
		  top_of(label->y) + CELL_HEIGHT * 0.7);
	add_escaped(text, label->text);
	text_add(text, "</text>\n");
}

/* VPCs lie below the lines, all other boxes above them. */
static void add_boxes(struct text *text, const struct layout *layout, bool below)
{
	for (size_t i = 0; i < layout->n_box; i++)
		if ((layout->box[i].node->kind == GRAPH_VPC) == below)
			add_box(text, &layout->box[i]);
}

void picture_add_svg(struct text *text, const struct layout *layout, const char *title)
{
	const double width = 2 * MARGIN + layout->width * CELL_WIDTH;
	const double height = 2 * MARGIN + (layout->height - 0.5) * CELL_HEIGHT;
	auto_text printable = { 0 };

	text_addf(text,
		  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		  "viewBox=\"0 0 %.0f %.0f\" "
		  "role=\"img\">\n<title>",
		  width, height, width, height);
	text_add_escaped(&printable, title, strlen(title));
	add_escaped(text, text_get(&printable));
	text_addf(text,
		  "</title>\n<style>%s</style>\n<rect class=\"page\" width=\"%.0f\" "
		  "height=\"%.0f\"/>\n",
		  style, width, height);
	add_boxes(text, layout, true);
	for (unsigned net = 0; net < layout->n_net; net++)
		add_net(text, layout, net);
	add_boxes(text, layout, false);
	for (size_t i = 0; i < layout->n_label; i++)
		add_label(text, &layout->label[i]);
	text_add(text, "</svg>\n");
}
