/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* Commands by chance, the same ones for the same seed. */
#include <stdint.h>

#include "core/base/text.h"

static uint32_t any_seed;

static inline unsigned any(unsigned n)
{
	any_seed = any_seed * 1664525u + 1013904223u;
	return (any_seed >> 8) % n;
}

/* One of the patterns, with a number from 1 to n_name for each '%': few names, so that they meet.
 */
static inline void any_line(struct text *text, const char *const *pattern, size_t n_pattern,
			    unsigned n_name)
{
	text_clear(text);
	for (const char *c = pattern[any((unsigned)n_pattern)]; *c; c++) {
		if (*c == '%')
			text_addf(text, "%u", 1 + any(n_name));
		else
			text_add_char(text, *c);
	}
}
