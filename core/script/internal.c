/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/script/internal.h"

#include <string.h>

static bool is_plain(const char *word)
{
	if (!*word || *word == '~' || *word == '#')
		return false;
	for (; *word; word++)
		if (!((*word >= 'a' && *word <= 'z') || (*word >= 'A' && *word <= 'Z') ||
		      (*word >= '0' && *word <= '9') || strchr("@%+=:,./_-~", *word)))
			return false;
	return true;
}

void script_add_word(struct text *text, const char *word)
{
	if (is_plain(word)) {
		text_add(text, word);
		return;
	}
	text_add_char(text, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			text_add(text, "'\\''");
		else
			text_add_char(text, *word);
	}
	text_add_char(text, '\'');
}

void script_end_line(struct writer *script, const struct object *object)
{
	if (object->origin && !(script->section && strcmp(script->section, object->origin) == 0))
		text_addf(script->text, "  # %s", object->origin);
	text_add_char(script->text, '\n');
}
