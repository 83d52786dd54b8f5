/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/apply/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <net/if.h>

#include "core/base/memory.h"

/* Files have no namespace, and processes need no place. */
static bool has_target(const struct object *object)
{
	return object->kind != OBJECT_FILE && object->kind != OBJECT_PROCESS;
}

static void find_targets(struct work *work)
{
	const struct plan *plan = work->plan;
	const char **name = xalloc(plan->n_step * 2 * sizeof(*name));
	size_t n_name = 0;

	for (size_t i = 0; i < plan->n_step; i++) {
		const struct object *object = step_object(&plan->step[i]);

		/* Neighbours share the pointer, see wanted_add(). */
		if (has_target(object) && (!n_name || name[n_name - 1] != object->netns))
			name[n_name++] = object->netns;
		if (object->kind == OBJECT_VETH)
			name[n_name++] = object->veth.peer_netns;
	}
	qsort(name, n_name, sizeof(*name), strings_compare);
	work->target = xalloc(n_name * sizeof(*work->target));
	for (size_t i = 0; i < n_name; i++)
		if (i == 0 || strcmp(name[i], name[i - 1]) != 0)
			work->target[work->n_target++] =
				(struct target){ .netns = name[i], .rtnl = -1 };
	free(name);
}

static int compare_target(const void *key, const void *target)
{
	return strcmp(key, ((const struct target *)target)->netns);
}

struct target *work_target(const struct work *work, const char *netns)
{
	struct target *target =
		bsearch(netns, work->target, work->n_target, sizeof(*work->target), compare_target);

	if (!target)
		abort(); /* find_targets() knows them all */
	return target;
}

/* Return where a step is carried out: a link to a namespace that goes away is deleted at its
 * other end. */
static struct target *step_target(const struct work *work, const struct step *step)
{
	const struct object *object = step_object(step);
	struct target *target = work_target(work, object->netns);

	if (object->kind == OBJECT_VETH && step->action == STEP_DELETE && target->is_gone)
		return work_target(work, object->veth.peer_netns);
	return target;
}

static void note_needs(const struct work *work, struct target *target, const struct step *step)
{
	const struct object *object = step_object(step);

	switch (object->kind) {
	case OBJECT_NETNS:
		if (step->action == STEP_DELETE)
			break;
		target->settings = object;
		target->is_new = step->action == STEP_ADD;
		target->needs_rtnl = target->needs_rtnl || target->is_new;
		break;
	case OBJECT_VETH:
		if (step->action == STEP_ADD)
			work_target(work, object->veth.peer_netns)->needs_rtnl = true;
		target->needs_rtnl = true;
		break;
	case OBJECT_ADDRESS:
	case OBJECT_ROUTE:
	case OBJECT_RULE:
		target->needs_rtnl = true;
		break;
	case OBJECT_NFT_SET:
	case OBJECT_NFT_CHAIN:
	case OBJECT_NFT_ELEMENT:
		target->needs_nft = true;
		break;
	case OBJECT_FILE:
	case OBJECT_PROCESS:
		break;
	}
}

/* Sort by counting, in two passes: how many each has, then where each goes. It keeps the order. */
static void sort_steps(struct work *work)
{
	const struct plan *plan = work->plan;
	struct target **target = xalloc(plan->n_step * sizeof(void *));
	size_t begin = 0;

	for (size_t i = 0; i < plan->n_delete; i++)
		if (step_object(&plan->step[i])->kind == OBJECT_NETNS)
			work_target(work, plan->step[i].before->netns)->is_gone = true;
	for (size_t i = 0; i < plan->n_step; i++) {
		if (!has_target(step_object(&plan->step[i])))
			continue;
		target[i] = step_target(work, &plan->step[i]);
		target[i]->n_step++;
		note_needs(work, target[i], &plan->step[i]);
	}
	work->step = xalloc(plan->n_step * sizeof(void *));
	for (size_t i = 0; i < work->n_target; i++) {
		work->target[i].step = work->step + begin;
		begin += work->target[i].n_step;
		work->target[i].n_step = 0;
	}
	for (size_t i = 0; i < plan->n_step; i++)
		if (target[i])
			target[i]->step[target[i]->n_step++] = &plan->step[i];
	free(target);
}

static void need_link(struct work *work, struct target *target, const char *name,
		      const struct object *object)
{
	struct target_link *link = ARRAY_PUSH(work->link, work->n_link);

	*link = (struct target_link){ .target = target, .name = name, .object = object };
	if (strcmp(name, "lo") == 0)
		link->index = 1; /* lo has this index in every namespace */
}

static void need_links(struct work *work, struct target *target, const struct step *step)
{
	const struct object *object = step_object(step);
	bool added = step->action == STEP_ADD;

	if (object->kind == OBJECT_VETH && added) {
		need_link(work, target, object->veth.link, object);
		work->link[work->n_link - 1].is_new = true;
		need_link(work, work_target(work, object->veth.peer_netns), object->veth.peer_link,
			  object);
		work->link[work->n_link - 1].is_new = true;
		work->link[work->n_link - 1].bring_up = true;
	} else if (object->kind == OBJECT_ADDRESS) {
		need_link(work, target, object->address.link, object);
	} else if (object->kind == OBJECT_ROUTE && object->route.link &&
		   step->action != STEP_DELETE) {
		need_link(work, target, object->route.link, object);
	}
}

static int compare_links(const void *p, const void *q)
{
	const struct target_link *a = p, *b = q;

	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void find_links(struct work *work)
{
	size_t n = 0;

	for (size_t i = 0; i < work->n_target; i++)
		for (size_t j = 0; j < work->target[i].n_step; j++)
			need_links(work, &work->target[i], work->target[i].step[j]);
	if (work->n_link)
		qsort(work->link, work->n_link, sizeof(*work->link), compare_links);
	for (size_t i = 0; i < work->n_link; i++) {
		struct target_link *link = &work->link[i];

		if (n && compare_links(&work->link[n - 1], link) == 0) {
			work->link[n - 1].is_new |= link->is_new;
			work->link[n - 1].bring_up |= link->bring_up;
			continue;
		}
		work->link[n++] = *link;
	}
	work->n_link = n;
	for (size_t i = 0; i < n; i++) {
		struct target *target = work->link[i].target;

		if (!target->n_link++)
			target->link = &work->link[i];
	}
}

static int compare_link_name(const void *key, const void *link)
{
	return strcmp(key, ((const struct target_link *)link)->name);
}

struct target_link *find_target_link(const struct target *target, const char *name)
{
	return target->n_link ? bsearch(name, target->link, target->n_link, sizeof(*target->link),
					compare_link_name)
			      : NULL;
}

void work_prepare(struct work *work, const struct plan *plan, bool tolerant)
{
	*work = (struct work){ .plan = plan, .tolerant = tolerant };
	find_targets(work);
	sort_steps(work);
	find_links(work);
}

void work_free(struct work *work)
{
	for (size_t i = 0; i < work->n_target; i++)
		if (work->target[i].rtnl >= 0)
			close(work->target[i].rtnl);
	rtnl_free(&work->batch);
	free(work->target);
	free(work->step);
	free(work->link);
	*work = (struct work){ 0 };
}
