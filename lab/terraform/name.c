/* SPDX-License-Identifier: GPL-3.0-only */
/* What the resources of Terraform are called in the lab: names that fit, and are nobody else's. */
#include <ctype.h>
#include <string.h>

#include "core/base/hash.h"
#include "lab/language/command.h"
#include "lab/terraform/import.h"

enum { NAME_MAX_LENGTH = 128 };

struct tf_taken {
	const char *name; /* in lower case */
	unsigned n;       /* that were numbered behind it */
	UT_hash_handle hh;
};

/* Who has that name; NULL: nobody has, and now it is taken. */
static struct tf_taken *take(struct tf_import *import, const char *name)
{
	char *lower = arena_strdup(&import->document.arena, name);
	struct tf_taken *taken, *mine;

	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	HASH_FIND_STR(import->taken, lower, taken);
	if (taken)
		return taken;
	mine = arena_alloc(&import->document.arena, sizeof(*mine));
	mine->name = lower;
	HASH_ADD_KEYPTR(hh, import->taken, lower, strlen(lower), mine);
	return command_is_reserved(import->language, name) ? mine : NULL;
}

/* Make a name out of any text: a letter first, then what a name may hold. NULL: nothing is left. */
static const char *fit_name(struct tf_import *import, const char *text)
{
	char name[NAME_MAX_LENGTH - 8];
	size_t n = 0;

	for (const char *c = text; *c && n + 1 < sizeof(name); c++) {
		const bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');

		if (letter || (n > 0 && ((*c >= '0' && *c <= '9') || strchr("._-", *c))))
			name[n++] = *c;
		else if (n > 0 && name[n - 1] != '-')
			name[n++] = '-';
	}
	while (n > 0 && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	return n >= 2 ? arena_strdup(&import->document.arena, name) : NULL;
}

static const char *with_index(struct arena *arena, const char *name, const json_t *index)
{
	if (json_is_integer(index))
		return arena_printf(arena, "%s-%lld", name, (long long)json_integer_value(index));
	if (json_is_string(index))
		return arena_printf(arena, "%s-%s", name, json_string_value(index));
	return name;
}

/* The resource's own label with those of its modules and its index: no two are the same. */
static const char *label_text(struct tf_import *import, const struct tf_resource *resource)
{
	struct arena *arena = &import->document.arena;
	const char *label = with_index(arena, resource->name, resource->index);

	for (const struct tf_module *module = resource->module; module->parent;
	     module = module->parent)
		label = arena_printf(arena, "%s-%s", with_index(arena, module->name, module->index),
				     label);
	return label;
}

/* What the console shows, where it fits and nobody has it yet; NULL: there is no such name. */
static const char *display_name(struct tf_import *import, const struct tf_row *maker,
				const struct tf_resource *resource)
{
	const char *name = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(maker->title) && maker->title[i] && !name; i++)
		name = strcmp(maker->title[i], "tags") == 0
			       ? tf_string(json_object_get(resource->values, "tags"), "Name")
			       : tf_string(resource->values, maker->title[i]);
	name = name ? fit_name(import, name) : NULL;
	return name && !take(import, name) ? name : NULL;
}

/* The label, which may need its type or a number besides. */
static const char *label_name(struct tf_import *import, const struct tf_resource *resource)
{
	struct arena *arena = &import->document.arena;
	const char *label = label_text(import, resource), *name = fit_name(import, label),
		   *type = strchr(resource->type, '_');

	if (name && !take(import, name))
		return name;
	label = arena_printf(arena, "%.100s-%.100s", type ? type + 1 : resource->type, label);
	name = fit_name(import, label);
	for (struct tf_taken *by = take(import, name), *next = by; next; next = take(import, name))
		name = fit_name(import, arena_printf(arena, "%.100s-%u", label, by->n++ + 2));
	return name;
}

/* Display names first, all of them, so that no label takes one away. */
void tf_choose_names(struct tf_import *import)
{
	const struct tf_document *document = &import->document;

	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < document->n_resource; i++) {
			struct tf_resource *resource = document->resource[i];

			if (pass == 0)
				resource->maker = tf_maker(
					import->provider->rows, resource->type,
					tf_string(json_object_get(resource->values, "tags"),
						  TF_TAG));
			if (resource->maker && !resource->noun_name)
				resource->noun_name =
					pass ? label_name(import, resource)
					     : display_name(import, resource->maker, resource);
		}
	HASH_CLEAR(hh, import->taken);
}
