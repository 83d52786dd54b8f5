/* SPDX-License-Identifier: GPL-3.0-only */
/* The boxes of a layout: how wide they want to be, and how their text is set. */
#include <string.h>

#include "cli/picture/layout_internal.h"

#define PADDING     2  /* columns on each side: the border and a blank */
#define NAME_MAX    16 /* longer names do not move the facts of other items to the right */
#define FACT_GAP    2
#define ITEM_GAP    3 /* columns between items side by side */
#define COLUMNS_MAX 4
#define TITLE_END   3 /* columns right of a title with a fact, for the lines that end there */

static int length_of(const char *s)
{
	return (int)strlen(s); /* names, addresses and our own words are all ASCII */
}

static int longest_word(const char *s)
{
	int longest = 0;

	while (*s) {
		int length = (int)strcspn(s, " ");

		longest = larger(longest, length);
		s += length;
		s += strspn(s, " ");
	}
	return longest;
}

/* "vSwitch VSW1", and with the first fact "vSwitch VSW1  192.168.1.0/24" */
static int title_length(const struct graph_node *node, bool with_fact)
{
	int length = length_of(node->name);

	if (*node->word)
		length += length_of(node->word) + 1;
	return with_fact && node->n_fact ? length + FACT_GAP + length_of(node->fact[0]) : length;
}

/* ---- widths ---- */

/* Return the column in which the facts of a box's items begin. */
static int name_column(const struct graph_node *node)
{
	int column = 0;

	for (size_t i = 0; i < node->n_child; i++)
		if (length_of(node->child[i]->name) <= NAME_MAX && node->child[i]->stands_for == 1)
			column = larger(column, length_of(node->child[i]->name));
	return column;
}

/* Return the length of an item on one line. */
static int item_length(const struct graph_node *item, int names)
{
	int length = larger(names, length_of(item->name));

	for (size_t i = 0; i < item->n_fact; i++)
		length += FACT_GAP + length_of(item->fact[i]);
	return length;
}

static void widen_for_item(struct box_width *width, const struct graph_node *item, int names)
{
	width->least = larger(width->least, longest_word(item->name));
	for (size_t i = 0; i < item->n_fact; i++) {
		width->least = larger(width->least, names + FACT_GAP + longest_word(item->fact[i]));
		width->fair = larger(width->fair, names + FACT_GAP + length_of(item->fact[i]));
	}
	width->comfortable = larger(width->comfortable, item_length(item, names));
}

struct box_width box_width(const struct graph_node *node)
{
	const int names = name_column(node), padding = 2 * PADDING;
	const bool has_items = node->kind != GRAPH_VPC;
	struct box_width width = {
		.least = larger(length_of(node->name), length_of(node->word)),
		.fair = title_length(node, false),
		.comfortable = title_length(node, true) + TITLE_END,
	};

	for (size_t i = 0; i < node->n_fact; i++)
		width.fair = larger(width.fair, length_of(node->fact[i]));
	for (size_t i = 0; has_items && i < node->n_child; i++)
		widen_for_item(&width, node->child[i], names);
	width.fair = larger(width.fair, width.least);
	width.comfortable = larger(width.comfortable, width.fair);
	return (struct box_width){ width.least + padding, width.fair + padding,
				   width.comfortable + padding };
}

/* ---- setting text ---- */

/* Where the next word goes. Lines begin at left and end before right. */
struct pen {
	struct layout *layout; /* NULL: measure only */
	const struct graph_node *node;
	int left, right, x, y;
	bool begun; /* something stands on this line already */
};

static void put_label(struct pen *pen, enum layout_style style, const char *s, int length,
		      bool title)
{
	if (pen->layout)
		*ARRAY_PUSH(pen->layout->label, pen->layout->n_label) = (struct layout_label){
			.node = pen->node,
			.style = style,
			.x = pen->x,
			.y = pen->y,
			.title = title,
			.text = arena_printf(&pen->layout->arena, "%.*s", length, s),
		};
	pen->x += length;
	pen->begun = true;
}

static void new_line(struct pen *pen)
{
	pen->y++;
	pen->x = pen->left;
	pen->begun = false;
}

/* Put a text on as many lines as it takes, and tear a word that fits on none. */
static void put_words(struct pen *pen, enum layout_style style, const char *s)
{
	while (*s) {
		int length = (int)strcspn(s, " ");

		if (pen->begun && pen->x + length > pen->right)
			new_line(pen);
		while (length > pen->right - pen->x) {
			const int part = pen->right - pen->x;

			put_label(pen, style, s, part, false);
			new_line(pen);
			s += part;
			length -= part;
		}
		put_label(pen, style, s, length, false);
		s += length;
		pen->x += *s == ' ';
		s += strspn(s, " ");
	}
}

/* Put a text whole on this line or the next; if it fits on neither, word by word. */
static void put_whole(struct pen *pen, enum layout_style style, const char *s)
{
	const int length = length_of(s), gap = pen->begun ? FACT_GAP : 0;

	if (pen->begun && pen->x + gap + length > pen->right)
		new_line(pen);
	else
		pen->x += gap;
	if (pen->x + length <= pen->right)
		put_label(pen, style, s, length, false);
	else
		put_words(pen, style, s);
}

/* Facts stand below each other behind the names, unless one is too long for that. */
static int item_indent(const struct graph_node *item, int names, int width)
{
	int indent = names + FACT_GAP < width / 2 ? names + FACT_GAP : FACT_GAP;

	for (size_t i = 0; i < item->n_fact; i++)
		if (indent + length_of(item->fact[i]) > width)
			indent = FACT_GAP;
	return indent;
}

/* Put an item and return how many lines it takes. */
static int put_item(struct layout *layout, const struct graph_node *item, int names, int x, int y,
		    int width)
{
	struct pen pen = {
		.layout = layout, .node = item, .left = x, .right = x + width, .x = x, .y = y
	};

	put_whole(&pen, LABEL_NAME, item->name);
	if (pen.x < x + names)
		pen.x = x + names;
	pen.left += item_indent(item, names, width);
	for (size_t i = 0; i < item->n_fact; i++)
		put_whole(&pen, LABEL_FACT, item->fact[i]);
	return pen.y - y + 1;
}

/*
 * Put items of one kind side by side where each fits on a line, else below each other. Return how
 * many lines they take.
 */
static int put_items(struct layout *layout, const struct graph_node *node, int x, int y, int width)
{
	const int names = name_column(node), n = (int)node->n_child, top = y;
	int longest = 1, columns, column_width, column = 0, below = y;

	for (int i = 0; i < n; i++)
		longest = larger(longest, item_length(node->child[i], names));
	columns = (width + ITEM_GAP) / (longest + ITEM_GAP);
	columns = columns < 1 ? 1 : columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
	column_width = (width + ITEM_GAP) / columns - ITEM_GAP;
	for (int i = 0; i < n; i++) {
		const struct graph_node *item = node->child[i];
		int at, height;

		if (column == columns || (i && item->kind != node->child[i - 1]->kind)) {
			column = 0;
			y = below;
		}
		at = x + column++ * (column_width + ITEM_GAP);
		height = put_item(layout, item, names, at, y, column_width);
		below = y + height;
		if (layout)
			*ARRAY_PUSH(layout->box, layout->n_box) =
				(struct layout_box){ item, at, y, column_width, height, true };
	}
	return below - top;
}

/* Put as much of the title as fits into the border. Return how many facts it holds, 0 or 1. */
static size_t put_title(struct pen *pen, bool *ret_named)
{
	const struct graph_node *node = pen->node;
	const int room = pen->right - pen->left;
	const bool with_fact = node->n_fact && title_length(node, true) + TITLE_END <= room;

	*ret_named = title_length(node, false) <= room;
	if (*node->word && length_of(node->word) <= room) {
		put_label(pen, LABEL_WORD, node->word, length_of(node->word), true);
		pen->x++;
	}
	if (!*ret_named)
		return 0;
	put_label(pen, LABEL_NAME, node->name, length_of(node->name), true);
	pen->x += FACT_GAP;
	if (with_fact)
		put_label(pen, LABEL_FACT, node->fact[0], length_of(node->fact[0]), true);
	return with_fact;
}

int box_put(struct layout *layout, const struct graph_node *node, bool items, int x, int y,
	    int width, int height)
{
	struct pen pen = { .layout = layout,
			   .node = node,
			   .left = x + PADDING,
			   .right = x + width - PADDING,
			   .y = y };
	const size_t place = layout ? layout->n_box : 0;
	size_t fact;
	bool named;

	if (layout)
		*ARRAY_PUSH(layout->box, layout->n_box) =
			(struct layout_box){ .node = node, .x = x, .y = y, .width = width };
	pen.x = pen.left;
	fact = put_title(&pen, &named);
	new_line(&pen);
	if (!named)
		put_whole(&pen, LABEL_NAME, node->name);
	for (; fact < node->n_fact; fact++)
		put_whole(&pen, LABEL_FACT, node->fact[fact]);
	if (pen.begun)
		new_line(&pen);
	if (items)
		pen.y += put_items(layout, node, pen.left, pen.y, pen.right - pen.left);
	if (height < pen.y - y + 1)
		height = pen.y - y + 1;
	if (layout)
		layout->box[place].height = height;
	return height;
}
