/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/picture/picture.h"

#include <errno.h>
#include <string.h>

#include "cli/view/terminal.h"
#include "core/base/memory.h"

#define WIDTH_MAX 120
#define SVG_WIDTH 132

const struct word picture_format_words[] = {
	{ "text", PICTURE_TEXT },
	{ "dot", PICTURE_DOT },
	{ "mermaid", PICTURE_MERMAID },
	{ "svg", PICTURE_SVG },
	{ 0 },
};

static unsigned text_width(const struct picture_style *style)
{
	return style->width == 0          ? TERMINAL_WIDTH
	       : style->width < WIDTH_MAX ? style->width
					  : WIDTH_MAX;
}

static void add_drawing(struct text *text, const struct graph *graph,
			const struct picture_style *style)
{
	struct layout layout;

	layout_make(&layout, graph,
		    style->format == PICTURE_SVG ? SVG_WIDTH : (int)text_width(style));
	if (style->format == PICTURE_SVG)
		picture_add_svg(text, &layout, style->title);
	else
		picture_add_text(text, &layout, style->utf8, style->color);
	layout_free(&layout);
}

void picture_add(struct text *text, const struct model *model, const struct picture_style *style)
{
	struct graph graph;

	graph_make(&graph, model);
	if (style->format == PICTURE_DOT)
		picture_add_dot(text, &graph);
	else if (style->format == PICTURE_MERMAID)
		picture_add_mermaid(text, &graph);
	else
		add_drawing(text, &graph, style);
	graph_free(&graph);
}

int picture_write(FILE *file, enum output_format output_format, const struct model *model,
		  enum picture_format format, bool color, const char *title)
{
	const bool json = output_format == OUTPUT_JSON;
	const struct picture_style style = {
		.format = format,
		.width = json ? 0 : terminal_width(fileno(file)),
		.utf8 = terminal_is_utf8(),
		.color = !json && color,
		.title = title,
	};
	auto_text text = { 0 };
	struct output *output;
	int r;

	picture_add(&text, model, &style);
	if (!json)
		return fputs(text_get(&text), file) < 0 ? -EIO : 0;
	output = output_new();
	output_begin_object(output, NULL);
	output_string(output, "format", word_of(picture_format_words, (int)format));
	output_string(output, "picture", text_get(&text));
	output_end(output);
	r = output_write(output, file, OUTPUT_JSON, 0, false);
	output_free(output);
	return r < 0 ? r : 0;
}
