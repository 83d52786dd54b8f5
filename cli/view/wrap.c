/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/view/wrap.h"

#include <stdbool.h>
#include <string.h>

/* Returns how many characters from s on have to stay on one line. */
typedef size_t unit_fn(const char *s);

/* Up to a blank; "[key VALUE]" stays whole. */
static size_t word_unit(const char *s)
{
	size_t depth = 0, i;

	for (i = 0; s[i] && (s[i] != ' ' || depth > 0); i++) {
		depth += s[i] == '[';
		depth -= s[i] == ']' && depth > 0;
	}
	return i;
}

/* Up to a blank outside quotes. */
static size_t command_unit(const char *s)
{
	char quote = '\0';
	size_t i;

	for (i = 0; s[i] && (quote || s[i] != ' '); i++) {
		if (s[i] == quote)
			quote = '\0';
		else if (!quote && (s[i] == '\'' || s[i] == '"'))
			quote = s[i];
	}
	return i;
}

/* more: the end of a line that another one continues. */
static void add(struct text *text, const char *s, size_t at, size_t indent, size_t width,
		unit_fn *unit, const char *more)
{
	for (bool first = true; *s; first = false) {
		size_t length = unit(s);

		if (!first && at + 1 + length + strlen(more) > width) {
			text_addf(text, "%s\n%*s", more, (int)indent, "");
			at = indent;
		} else if (!first) {
			text_add_char(text, ' ');
			at++;
		}
		text_add_n(text, s, length);
		at += length;
		s += length;
		s += strspn(s, " ");
	}
}

void wrap_add(struct text *text, const char *s, size_t at, size_t indent, size_t width)
{
	add(text, s, at, indent, width, word_unit, "");
}

void wrap_add_line(struct text *text, const char *s, size_t at, size_t indent, size_t width)
{
	wrap_add(text, s, at, indent, width);
	text_add_char(text, '\n');
}

void wrap_add_command(struct text *text, const char *command, size_t at, size_t indent,
		      size_t width)
{
	add(text, command, at, indent, width, command_unit, " \\");
}

size_t wrap_indent(size_t indent, size_t margin, size_t width)
{
	return indent <= width / 2 ? indent : margin + 2;
}

void wrap_add_row(struct text *text, size_t margin, const char *left, const char *right,
		  size_t indent, size_t width)
{
	size_t at = margin + strlen(left);

	indent = wrap_indent(indent, margin, width);
	text_addf(text, "%*s%s", (int)margin, "", left);
	if (at + 2 > indent) {
		text_add_char(text, '\n');
		at = 0;
	}
	text_addf(text, "%*s", (int)(indent - at), "");
	wrap_add_line(text, right, indent, indent, width);
}
