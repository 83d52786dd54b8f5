/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/learn/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

static void free_name(struct learner_name *name)
{
	free(name->lesson);
	free(name->learner);
}

void learner_names_free(struct learner_names *names)
{
	for (size_t i = 0; i < names->n_name; i++)
		free_name(&names->name[i]);
	free(names->name);
	*names = (struct learner_names){ 0 };
}

size_t learner_names_add(struct learner_names *names, const char *told, const char *learner)
{
	for (size_t i = 0; i < names->n_name; i++)
		if (strcmp(names->name[i].learner, told) == 0) {
			free(names->name[i].learner);
			names->name[i].learner = xstrdup(learner);
			return i;
		}
	*ARRAY_PUSH(names->name, names->n_name) =
		(struct learner_name){ xstrdup(told), xstrdup(learner) };
	return names->n_name - 1;
}

void learner_names_remove(struct learner_names *names, size_t i)
{
	free_name(&names->name[i]);
	ARRAY_REMOVE(names->name, names->n_name, i);
}

/* ---- telling ---- */

static bool is_word_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* The length of what may be a name, as behind a $: . and - only where it goes on. */
static size_t name_length(const char *s)
{
	size_t length = 0;

	while (is_word_character(s[length]) || (length && (s[length] == '.' || s[length] == '-') &&
						is_word_character(s[length + 1])))
		length++;
	return length;
}

/* client, site: such names are words of sentences, too. */
static bool is_english(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

static const struct learner_name *find(const struct learner_names *names, const char *s,
				       size_t length, bool in_comment)
{
	for (size_t i = 0; i < names->n_name; i++) {
		const struct learner_name *name = &names->name[i];

		if (strlen(name->lesson) == length && strncmp(name->lesson, s, length) == 0 &&
		    !(in_comment && is_english(name->lesson)))
			return name;
	}
	return NULL;
}

/* A name, or the public one of a host. What braces go on with is no name yet. */
static void add_name(struct text *text, const struct learner_names *names, const char *s,
		     size_t length, bool in_comment)
{
	static const char public[] = ".public";
	size_t suffix = strlen(public);
	const struct learner_name *name = find(names, s, length, in_comment);

	if (name)
		suffix = 0;
	else if (length > suffix && strncmp(s + length - suffix, public, suffix) == 0)
		name = find(names, s, length - suffix, in_comment);
	if (!name || s[length] == '{')
		text_add_n(text, s, length);
	else
		text_addf(text, "%s%.*s", name->learner, (int)suffix, s + length - suffix);
}

char *learner_names_tell(const struct learner_names *names, const char *text, size_t length)
{
	struct text told = { 0 };
	bool in_comment = false, begins = true;

	for (size_t i = 0, n; i < length; i += n) {
		n = name_length(text + i);
		if (n) {
			add_name(&told, names, text + i, n, in_comment);
		} else {
			n = 1;
			text_add_char(&told, text[i]);
			in_comment = (in_comment && text[i] != '\n') || (begins && text[i] == '#');
		}
		begins = text[i] == '\n' || (begins && strchr(" \t", text[i]));
	}
	return text_take(&told);
}
