/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/compile/origin.h"

#include <string.h>

#include "core/base/cleanup.h"

static void add_resource(struct text *text, const struct model *model,
			 const struct resource *resource)
{
	text_add(text, model_noun_title(model, resource->noun));
	text_add_char(text, ' ');
	if (resource->noun == NOUN_SERVICE)
		text_addf(text, "%s/", ((const struct service *)resource)->node->name);
	text_add(text, resource->name);
}

void origin_add(struct text *text, const struct model *model, const struct resource *first,
		const struct resource *second)
{
	add_resource(text, model, first);
	if (second) {
		text_add(text, ", ");
		add_resource(text, model, second);
	}
}

bool origin_has(const struct model *model, const char *origin, const struct resource *resource)
{
	auto_text text = { 0 };

	add_resource(&text, model, resource);
	while (origin) {
		const char *comma = strstr(origin, ", ");
		size_t length = comma ? (size_t)(comma - origin) : strlen(origin);

		if (length == text.length && memcmp(origin, text_get(&text), length) == 0)
			return true;
		origin = comma ? comma + 2 : NULL;
	}
	return false;
}
