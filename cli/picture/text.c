/* SPDX-License-Identifier: GPL-3.0-only */
/* The picture for a terminal: a layout, cell by cell. */
#include <stdlib.h>
#include <string.h>

#include "cli/picture/picture.h"

/* Where the line in a cell goes to from its middle. */
enum arms { ARM_UP = 1, ARM_DOWN = 2, ARM_LEFT = 4, ARM_RIGHT = 8 };
#define ARMS_UPRIGHT (ARM_UP | ARM_DOWN)
#define ARMS_LEVEL   (ARM_LEFT | ARM_RIGHT)

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

#define NO_NET (-1) /* a border: every line may end at it */

struct cell {
	char character; /* 0: a line, or nothing */
	unsigned char arms;
	unsigned char paint;
	int net;
};

struct canvas {
	struct cell *cell;
	int width, height;
};

static struct cell *cell_at(const struct canvas *canvas, int x, int y)
{
	return &canvas->cell[y * canvas->width + x];
}

static void add_arms(const struct canvas *canvas, int x, int y, unsigned arms, enum paint paint)
{
	struct cell *cell = cell_at(canvas, x, y);

	cell->arms |= (unsigned char)arms;
	cell->paint = (unsigned char)paint;
	cell->net = NO_NET;
}

static void draw_border(const struct canvas *canvas, const struct layout_box *box)
{
	const int right = box->x + box->width - 1, bottom = box->y + box->height - 1;

	for (int x = box->x + 1; x < right; x++) {
		add_arms(canvas, x, box->y, ARMS_LEVEL, PAINT_BORDER);
		add_arms(canvas, x, bottom, ARMS_LEVEL, PAINT_BORDER);
	}
	for (int y = box->y + 1; y < bottom; y++) {
		add_arms(canvas, box->x, y, ARMS_UPRIGHT, PAINT_BORDER);
		add_arms(canvas, right, y, ARMS_UPRIGHT, PAINT_BORDER);
	}
	add_arms(canvas, box->x, box->y, ARM_DOWN | ARM_RIGHT, PAINT_BORDER);
	add_arms(canvas, right, box->y, ARM_DOWN | ARM_LEFT, PAINT_BORDER);
	add_arms(canvas, box->x, bottom, ARM_UP | ARM_RIGHT, PAINT_BORDER);
	add_arms(canvas, right, bottom, ARM_UP | ARM_LEFT, PAINT_BORDER);
}

/* Lines of one net join, of two the upright one is in front. */
static void draw_wire_cell(const struct canvas *canvas, int x, int y, unsigned arms,
			   const struct layout_wire *wire)
{
	struct cell *cell = cell_at(canvas, x, y);

	if (cell->arms && cell->net != NO_NET && cell->net != (int)wire->net) {
		if (!(arms & ARMS_UPRIGHT))
			return;
		cell->arms = 0;
	}
	if (!cell->arms || cell->net != NO_NET) {
		cell->net = (int)wire->net;
		cell->paint = wire->kind == GRAPH_PUBLIC ? PAINT_PUBLIC
			      : wire->kind == GRAPH_VIA  ? PAINT_ROUTE
							 : PAINT_BORDER;
	}
	cell->arms |= (unsigned char)arms;
}

static void draw_wire(const struct canvas *canvas, const struct layout_wire *wire)
{
	const int left = wire->x0 < wire->x1 ? wire->x0 : wire->x1,
		  right = wire->x0 + wire->x1 - left;
	const int top = wire->y0 < wire->y1 ? wire->y0 : wire->y1,
		  bottom = wire->y0 + wire->y1 - top;

	for (int y = top; y <= bottom; y++) {
		for (int x = left; x <= right; x++) {
			unsigned arms = 0;

			arms |= y > top ? ARM_UP : 0;
			arms |= y < bottom ? ARM_DOWN : 0;
			arms |= x > left ? ARM_LEFT : 0;
			arms |= x < right ? ARM_RIGHT : 0;
			draw_wire_cell(canvas, x, y, arms, wire);
		}
	}
}

static enum paint paint_of(const struct layout_label *label)
{
	if (label->style == LABEL_NAME)
		return PAINT_NAME;
	return label->style == LABEL_FACT && label->node->kind == GRAPH_ADDRESS ? PAINT_ADDRESS
										: PAINT_NONE;
}

/* A title has blanks around it, so that the border does not touch it. */
static void draw_label(const struct canvas *canvas, const struct layout_label *label)
{
	const int length = (int)strlen(label->text), margin = label->title ? 1 : 0;

	for (int i = -margin; i < length + margin; i++)
		*cell_at(canvas, label->x + i, label->y) = (struct cell){
			.character = i < 0 || i >= length ? ' ' : label->text[i],
			.paint = (unsigned char)paint_of(label),
		};
}

static void draw(const struct canvas *canvas, const struct layout *layout)
{
	for (size_t i = 0; i < layout->n_box; i++)
		if (!layout->box[i].item)
			draw_border(canvas, &layout->box[i]);
	for (size_t i = 0; i < layout->n_wire; i++)
		draw_wire(canvas, &layout->wire[i]);
	for (size_t i = 0; i < layout->n_label; i++)
		draw_label(canvas, &layout->label[i]);
}

/* ---- out ---- */

static bool is_blank(const struct cell *cell)
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
		const struct cell *cell = cell_at(canvas, x, y);

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
