/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/live/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "lab/nouns/nouns.h"

#define MARK_ID      "# id "
#define MARK_RULES   "# rules "
#define MARK_NEXT_ID "# next-id "

static void add_id(struct text *text, const struct resource *resource)
{
	text_add(text, MARK_ID);
	if (resource->noun == NOUN_SERVICE)
		text_addf(text, "%s/", ((const struct service *)resource)->node->name);
	text_addf(text, "%s %u", resource->name, resource->id);
	if (resource->noun == NOUN_ECS)
		text_addf(text, " %u", ((const struct ecs *)resource)->eni[0]->resource.id);
	text_add_char(text, '\n');
}

void snapshot_add(struct text *text, const struct model *model)
{
	auto_free char *commands = model_save(model);

	text_add(text, commands);
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++)
		model_each(model, noun, const struct resource, resource)
			add_id(text, resource);
	model_each(model, NOUN_SECURITY_GROUP, const struct security_group, group)
		text_addf(text, MARK_RULES "%s %u\n", group->resource.name, group->next_rule);
	text_addf(text, MARK_NEXT_ID "%u\n", model->next_id);
}

/* Read " 12" off the text. False: there is no number. */
static bool take_number(const char **text, unsigned *ret_number)
{
	char *end;

	*ret_number = (unsigned)strtoul(*text, &end, 10);
	if (end == *text)
		return false;
	*text = end;
	return true;
}

/* Take the name off the text. NULL: there is no such resource. */
static struct resource *take_resource(const struct model *model, const char **text)
{
	size_t length = strcspn(*text, " ");
	auto_free char *name = xstrndup(*text, length);

	*text += length;
	return model_find(model, name);
}

static bool read_id(struct model *model, const char *text)
{
	struct resource *resource = take_resource(model, &text);

	if (!resource || !take_number(&text, &resource->id))
		return false;
	return resource->noun != NOUN_ECS ||
	       take_number(&text, &((struct ecs *)resource)->eni[0]->resource.id);
}

static bool read_rules(struct model *model, const char *text)
{
	struct resource *resource = take_resource(model, &text);
	struct security_group *group = (struct security_group *)resource;

	return resource && resource->noun == NOUN_SECURITY_GROUP &&
	       take_number(&text, &group->next_rule);
}

static bool read_next_id(struct model *model, const char *text)
{
	model_sort(model);
	return take_number(&text, &model->next_id);
}

bool snapshot_read_mark(struct model *model, const char *line)
{
	static const struct {
		const char *mark;
		bool (*read)(struct model *model, const char *text);
	} marks[] = { { MARK_ID, read_id },
		      { MARK_RULES, read_rules },
		      { MARK_NEXT_ID, read_next_id } };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (strncmp(line, marks[i].mark, strlen(marks[i].mark)) == 0)
			return marks[i].read(model, line + strlen(marks[i].mark));
	return true;
}
