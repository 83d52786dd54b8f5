/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "cli/picture/layout.h"
#include "cli/view/output.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "lab/graph/graph.h"
#include "lab/model/words.h"

/* What `graph` draws. */
enum picture_format { PICTURE_TEXT, PICTURE_DOT, PICTURE_MERMAID, PICTURE_SVG };
#define PICTURE_FORMATS "text|dot|mermaid|svg"
extern const struct word picture_format_words[];

/* What the look of a picture depends on beside the lab. */
struct picture_style {
	enum picture_format format;
	/* of text: */
	unsigned width; /* of the terminal; 0: there is none */
	bool utf8;      /* use Unicode's box characters */
	bool color;
	/* of svg: a sentence for those who do not see it */
	const char *title;
};

void picture_add(struct text *text, const struct model *model, const struct picture_style *style);
/* Write the picture, as JSON as a string in an object. Return 0 or a negative errno. */
int picture_write(FILE *file, enum output_format output_format, const struct model *model,
		  enum picture_format format, bool color, const char *title);

/* One format a file. */
void picture_add_text(struct text *text, const struct layout *layout, bool utf8, bool color);
void picture_add_dot(struct text *text, const struct graph *graph);
void picture_add_mermaid(struct text *text, const struct graph *graph);
void picture_add_svg(struct text *text, const struct layout *layout, const char *title);
