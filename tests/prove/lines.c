/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdarg.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "tests/prove/prove.h"

void lines_add(struct lines *lines, const char *format, ...)
{
	char *line;
	va_list ap;

	va_start(ap, format);
	line = xvprintf(format, ap);
	va_end(ap);
	*ARRAY_PUSH(lines->line, lines->n_line) = line;
}

void lines_free(struct lines *lines)
{
	for (size_t i = 0; i < lines->n_line; i++)
		free(lines->line[i]);
	free(lines->line);
	*lines = (struct lines){ 0 };
}

struct lines lines_joined(const struct lines *a, const struct lines *b)
{
	const struct lines *both[] = { a, b };
	struct lines joined = { 0 };

	for (size_t k = 0; k < ARRAY_SIZE(both); k++)
		for (size_t i = 0; i < both[k]->n_line; i++)
			if (both[k]->line[i])
				lines_add(&joined, "%s", both[k]->line[i]);
	return joined;
}
