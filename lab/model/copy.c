/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "lab/model/internal.h"
#include "lab/model/model.h"

/*
 * A model as a copy of its own: every struct anew, every pointer to the struct that has the same
 * id. The ids, the addresses and all hints stay as they are, so that the same commands do the same
 * to both.
 */
struct copying {
	struct model *model;
	struct resource **by_id; /* the new ones */
};

static struct resource *copy_struct(struct copying *copying, const struct resource *resource)
{
	struct resource *copy = xmemdup(resource, resource_size(resource->noun));

	copy->name = xstrdup(resource->name);
	copy->note = resource->note ? xstrdup(resource->note) : NULL;
	copying->by_id[resource->id] = copy;
	return copy;
}

/* To the new struct of what a pointer points to. */
static void move_link(const struct copying *copying, void *link)
{
	struct resource *const old = *(void **)link;

	if (old)
		*(void **)link = copying->by_id[old->id];
}

static void move_rule(const struct copying *copying, struct filter_rule *rule)
{
	move_link(copying, &rule->peer_group);
	move_link(copying, &rule->peer_list);
}

static void move_part(const struct copying *copying, const struct part *part,
		      struct resource *resource)
{
	void **at = (void *)((char *)resource + part->offset);
	const size_t n = part_count(part, resource);

	switch (part->kind) {
	case PART_LINK:
		move_link(copying, at);
		break;
	case PART_LINKS:
		*at = array_copy(*at, n, sizeof(void *));
		for (size_t i = 0; i < n; i++)
			move_link(copying, (void **)*at + i);
		break;
	case PART_RULES:
		*at = array_copy(*at, n, sizeof(struct filter_rule));
		for (size_t i = 0; i < n; i++)
			move_rule(copying, (struct filter_rule *)*at + i);
		break;
	case PART_PREFIXES:
		*at = array_copy(*at, n, sizeof(struct prefix));
		break;
	case PART_TEXT:
		*at = *at ? xstrdup(*at) : NULL;
		break;
	case PART_TEXTS:
	case PART_VECTOR:
		if (!*at)
			break;
		*at = array_copy(*at, n + (part->kind == PART_VECTOR), sizeof(char *));
		for (size_t i = 0; i < n; i++)
			((char **)*at)[i] = xstrdup(((char **)*at)[i]);
		break;
	case PART_END:
		break;
	}
}

/* Everything behind the head of a struct that is the other model's. */
static void move(const struct copying *copying, struct resource *resource)
{
	for (const struct part *part = noun_types[resource->noun].part; part->kind; part++)
		move_part(copying, part, resource);
	if (resource->noun == NOUN_ECS)
		move(copying, &((struct ecs *)resource)->eni[0]->resource); /* it is in no list */
}

struct model *model_copy(const struct model *model)
{
	struct copying copying = { .model = xmemdup(model, sizeof(*model)),
				   .by_id = xalloc(model->next_id * sizeof(*copying.by_id)) };

	if (model->profile == &model->own_profile)
		copying.model->profile = &copying.model->own_profile;
	for (unsigned noun = 0; noun < NOUN_COUNT; noun++) {
		struct resource_list *list = &copying.model->list[noun];

		list->item = array_copy(list->item, list->n_item, sizeof(*list->item));
		for (size_t i = 0; i < list->n_item; i++) {
			if (noun == NOUN_ECS)
				copy_struct(&copying,
					    &((struct ecs *)list->item[i])->eni[0]->resource);
			list->item[i] = copy_struct(&copying, list->item[i]);
		}
	}
	for (unsigned noun = 0; noun < NOUN_COUNT; noun++)
		for (size_t i = 0; i < model_count(copying.model, (enum noun)noun); i++)
			move(&copying, copying.model->list[noun].item[i]);
	model_copy_indexes(copying.model, model, copying.by_id);
	free(copying.by_id);
	return copying.model;
}
