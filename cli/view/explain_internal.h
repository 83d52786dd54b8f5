/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/explain.h"

/* What an explanation and a trace have in common: the page that they are written on. */

#define BOLD_GREEN "\033[1;32m"
#define BOLD_RED   "\033[1;31m"
#define BOLD       "\033[1m"
#define YELLOW     "\033[33m"
#define RED        "\033[31m"
#define PLAIN      "\033[0m"

struct page {
	struct text *text;
	const struct model *model;
	unsigned width;
	bool color;
	bool times; /* a trace: in front of each hop, when it was */
};

struct page page_of(struct text *text, const struct model *model, unsigned width, bool color);
void page_paint(const struct page *page, const char *color);
void page_wrap(const struct page *page, const char *s, unsigned at, unsigned indent);
/* The hops there and back. */
void page_add_ways(const struct page *page, const struct explanation *x);

void explain_add_packet(struct text *text, const struct packet *packet);
/* ", seen as EIP1", if it is. */
void explain_add_seen_as(struct text *text, const struct model *model, const struct explanation *x);
/* Below a title; nothing where there is none. */
void explain_add_doubt_list(struct text *text, const char *title, const char *const *doubt,
			    size_t n, unsigned width);
/* The keys of an explanation. cause: as a sentence; times: hops have "at". */
void explain_put(struct output *output, const struct model *model, const struct explanation *x,
		 const struct text *cause, bool times);
