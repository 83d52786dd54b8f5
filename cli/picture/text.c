/* SPDX-License-Identifier: GPL-3.0-only */
/* The picture for a terminal: a layout, cell by cell. */
#include <stdlib.h>
#include <string.h>

#include "cli/picture/layout_internal.h"
#include "cli/picture/picture.h"

/* Where the line in a cell leads from its middle. */
enum arms { ARM_UP = 1, ARM_DOWN = 2, ARM_LEFT = 4, ARM_RIGHT = 8 };
#define ARMS_UPRIGHT (ARM_UP | ARM_DOWN)

static const char *const unicode_lines[16] = {
	" ", "╵", "╷", "│", "╴", "┘", "┐", "┤", "╶", "└", "┌", "├", "─", "┴", "┬", "┼",
};
static const char *const ascii_lines[16] = {
	" ", "|", "|", "|", "-", "+", "+", "+", "-", "+", "+", "+", "-", "+", "+", "+",
};

enum paint { PAINT_NONE, PAINT_BORDER, PAINT_NAME, PAINT_ADDRESS, PAINT_PUBLIC, PAINT_ROUTE };
static const char *const paints[] = {
	[PAINT_NONE] = "",           [PAINT_BORDER] = "\033[2m",
	[PAINT_NAME] = "\033[1m",    [PAINT_ADDRESS] = "\033[33m",
	[PAINT_PUBLIC] = "\033[33m", [PAINT_ROUTE] = "\033[36m",
};
#define PLAIN "\033[0m"

#define NO_NET (-1) /* the net of borders, at which every line may end */

struct canvas_cell {
	char character; /* 0: a line or nothing */
	unsigned char arms;
	unsigned char paint;
	int net;
};

struct canvas {
	struct canvas_cell *cell;
	int width, height;
};

static struct canvas_cell *cell_at(const struct canvas *canvas, int x, int y)
{
	return &canvas->cell[y * canvas->width + x];
}

/*
 * Draw a rectangle, which is a border, or a wire where it is one cell wide or high. Lines of one
 * net join; of two nets the upright line is in front; at a border, which is drawn first, any line
 * ends.
 */
static void draw_lines(const struct canvas *canvas, int left, int top, int right, int bottom,
		       int net, enum paint paint)
{
	for (int y = top; y <= bottom; y++) {
		const bool level = y == top || y == bottom;

		for (int x = left; x <= right; x++) {
			const bool upright = x == left || x == right;
			struct canvas_cell *cell = cell_at(canvas, x, y);
			unsigned arms = 0;

			arms |= upright && y > top ? ARM_UP : 0;
			arms |= upright && y < bottom ? ARM_DOWN : 0;
			arms |= level && x > left ? ARM_LEFT : 0;
			arms |= level && x < right ? ARM_RIGHT : 0;
			if (!arms)
				continue;
			if (cell->arms && cell->net != NO_NET && cell->net != net) {
				if (!(arms & ARMS_UPRIGHT))
					continue;
				cell->arms = 0;
			}
			if (!cell->arms || cell->net != NO_NET) {
				cell->net = net;
				cell->paint = (unsigned char)paint;
			}
			cell->arms |= (unsigned char)arms;
		}
	}
}

static enum paint paint_of(const struct layout_label *label)
{
	if (label->style == LABEL_NAME)
		return PAINT_NAME;
	if (label->style == LABEL_FACT && label->node->kind == GRAPH_ADDRESS)
		return PAINT_ADDRESS;
	return PAINT_NONE;
}

/* A title has a blank on each side, so that the border does not touch it. */
static void draw_label(const struct canvas *canvas, const struct layout_label *label)
{
	const int length = (int)strlen(label->text), margin = label->title ? 1 : 0;

	for (int i = -margin; i < length + margin; i++)
		*cell_at(canvas, label->x + i, label->y) = (struct canvas_cell){
			.character = i < 0 || i >= length ? ' ' : label->text[i],
			.paint = (unsigned char)paint_of(label),
		};
}

static void draw(const struct canvas *canvas, const struct layout *layout)
{
	static const enum paint wire_paint[] = {
		[GRAPH_PUBLIC] = PAINT_PUBLIC,
		[GRAPH_VIA] = PAINT_ROUTE,
		[GRAPH_USES] = PAINT_BORDER,
		[GRAPH_FORWARDS] = PAINT_BORDER,
	};

	for (size_t i = 0; i < layout->n_box; i++) {
		const struct layout_box *box = &layout->box[i];

		if (!box->item)
			draw_lines(canvas, box->x, box->y, box->x + box->width - 1,
				   box->y + box->height - 1, NO_NET, PAINT_BORDER);
	}
	for (size_t i = 0; i < layout->n_wire; i++) {
		const struct layout_wire *w = &layout->wire[i];

		draw_lines(canvas, smaller(w->x0, w->x1), smaller(w->y0, w->y1),
			   larger(w->x0, w->x1), larger(w->y0, w->y1), (int)w->net,
			   wire_paint[w->kind]);
	}
	for (size_t i = 0; i < layout->n_label; i++)
		draw_label(canvas, &layout->label[i]);
}

/* ---- writing it ---- */

static bool is_blank(const struct canvas_cell *cell)
{
	return !cell->arms && (!cell->character || cell->character == ' ');
}

static void add_line(struct text *text, const struct canvas *canvas, int y,
		     const char *const *lines, bool color)
{
	enum paint paint = PAINT_NONE;
	int end = canvas->width;

	while (end > 0 && is_blank(cell_at(canvas, end - 1, y)))
		end--;
	for (int x = 0; x < end; x++) {
		const struct canvas_cell *cell = cell_at(canvas, x, y);

		if (color && cell->paint != paint && !is_blank(cell)) {
			text_add(text, paint ? PLAIN : "");
			text_add(text, paints[cell->paint]);
			paint = cell->paint;
		}
		if (cell->character)
			text_add_char(text, cell->character);
		else
			text_add(text, lines[cell->arms]);
	}
	text_add(text, paint ? PLAIN "\n" : "\n");
}

void picture_add_text(struct text *text, const struct layout *layout, bool utf8, bool color)
{
	const size_t n = (size_t)layout->width * (size_t)layout->height;
	struct canvas canvas = { xalloc(n * sizeof(*canvas.cell)), layout->width, layout->height };

	draw(&canvas, layout);
	for (int y = 0; y < layout->height; y++)
		add_line(text, &canvas, y, utf8 ? unicode_lines : ascii_lines, color);
	free(canvas.cell);
}
