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
	copying->by_id[resource->id] = copy;
	return copy;
}

/* To the new struct of what a pointer points to. */
#define MOVE(pointer_)                                                                \
	do {                                                                          \
		if (pointer_)                                                         \
			(pointer_) = (void *)copying->by_id[(pointer_)->resource.id]; \
	} while (0)
#define MOVE_ALL(array_, n_)                                              \
	do {                                                              \
		(array_) = array_copy((array_), (n_), sizeof(*(array_))); \
		for (size_t i_ = 0; i_ < (n_); i_++)                      \
			MOVE((array_)[i_]);                               \
	} while (0)

static void move_resource(const struct copying *copying, struct resource **resource)
{
	if (*resource)
		*resource = copying->by_id[(*resource)->id];
}

static void move_rules(const struct copying *copying, struct filter_rule **rule, size_t n)
{
	*rule = array_copy(*rule, n, sizeof(**rule));
	for (size_t i = 0; i < n; i++)
		MOVE((*rule)[i].peer_group);
}

static char **copy_words(char *const *word, size_t n)
{
	char **copy = xalloc((n + 1) * sizeof(*copy)); /* NULL-terminated */

	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(word[i]);
	return copy;
}

static void move_eni(const struct copying *copying, struct eni *eni)
{
	MOVE(eni->vswitch);
	MOVE(eni->ecs);
	MOVE(eni->eip);
	MOVE_ALL(eni->group, eni->n_group);
}

static void move_service(const struct copying *copying, struct service *service)
{
	size_t n = 0;

	move_resource(copying, &service->node);
	while (service->argv && service->argv[n])
		n++;
	if (service->argv)
		service->argv = copy_words(service->argv, n);
}

/* Everything behind the head of a struct that is the other model's. */
static void move(const struct copying *copying, struct resource *resource)
{
	switch (resource->noun) {
	case NOUN_VPC: {
		struct vpc *vpc = (struct vpc *)resource;

		MOVE(vpc->system_table);
		MOVE(vpc->default_group);
		MOVE(vpc->internet_gateway);
		break;
	}
	case NOUN_VSWITCH: {
		struct vswitch *vswitch = (struct vswitch *)resource;

		MOVE(vswitch->vpc);
		MOVE(vswitch->table);
		MOVE(vswitch->acl);
		vswitch->zone = xstrdup(vswitch->zone);
		break;
	}
	case NOUN_SECURITY_GROUP: {
		struct security_group *group = (struct security_group *)resource;

		MOVE(group->vpc);
		move_rules(copying, &group->rule, group->n_rule);
		break;
	}
	case NOUN_ECS: {
		struct ecs *ecs = (struct ecs *)resource;

		MOVE_ALL(ecs->eni, ecs->n_eni);
		move_eni(copying, ecs->eni[0]); /* it is in no list */
		break;
	}
	case NOUN_ENI:
		move_eni(copying, (struct eni *)resource);
		break;
	case NOUN_ROUTE_TABLE:
		MOVE(((struct route_table *)resource)->vpc);
		break;
	case NOUN_ROUTE: {
		struct route *route = (struct route *)resource;

		MOVE(route->table);
		move_resource(copying, &route->via);
		route->lost = route->lost ? xstrdup(route->lost) : NULL;
		break;
	}
	case NOUN_INTERNET_GATEWAY:
		MOVE(((struct internet_gateway *)resource)->vpc);
		break;
	case NOUN_NAT_GATEWAY:
		MOVE(((struct nat_gateway *)resource)->vpc);
		MOVE(((struct nat_gateway *)resource)->vswitch);
		break;
	case NOUN_EIP:
		move_resource(copying, &((struct eip *)resource)->associated);
		break;
	case NOUN_SNAT: {
		struct snat *snat = (struct snat *)resource;

		MOVE(snat->nat_gateway);
		move_resource(copying, &snat->source);
		MOVE_ALL(snat->eip, snat->n_eip);
		break;
	}
	case NOUN_DNAT: {
		struct dnat *dnat = (struct dnat *)resource;

		MOVE(dnat->nat_gateway);
		MOVE(dnat->eip);
		MOVE(dnat->target);
		break;
	}
	case NOUN_INTERNET_HOST: {
		struct internet_host *host = (struct internet_host *)resource;

		host->dns = copy_words(host->dns, host->n_dns);
		break;
	}
	case NOUN_ACL: {
		struct acl *acl = (struct acl *)resource;

		MOVE(acl->vpc);
		move_rules(copying, &acl->rule, acl->n_rule);
		break;
	}
	case NOUN_SERVICE:
		move_service(copying, (struct service *)resource);
		break;
	case NOUN_COUNT:
		break;
	}
}

struct model *model_copy(const struct model *model)
{
	struct copying copying = { .model = xmemdup(model, sizeof(*model)),
				   .by_id = xalloc(model->next_id * sizeof(*copying.by_id)) };

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
