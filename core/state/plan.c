/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/state/plan.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/*
 * A walk over the two sorted states side by side finds what differs, and which differences take
 * other things along: namespaces and links that go away, sets that do, links that lose an address.
 * The steps are emitted with that in mind.
 */

struct plan_walk {
	const struct wanted *from, *to;
	size_t i, j;
};

/* Find the next key that is in either state. */
static bool walk_next(struct plan_walk *walk, const struct object **ret_before,
		      const struct object **ret_after)
{
	size_t n_from = walk->from ? walk->from->n_object : 0;
	const struct object *before = walk->i < n_from ? &walk->from->object[walk->i] : NULL;
	const struct object *after = walk->j < walk->to->n_object ? &walk->to->object[walk->j]
								  : NULL;
	int order = 0;

	if (!before && !after)
		return false;
	if (!before || !after)
		order = before ? -1 : 1;
	else
		order = object_compare_key(before, after);
	walk->i += order <= 0;
	walk->j += order >= 0;
	*ret_before = order <= 0 ? before : NULL;
	*ret_after = order >= 0 ? after : NULL;
	return true;
}

/* Return the link of an address or route; NULL: it has none. */
static const char *link_of(const struct object *object)
{
	if (object->kind == OBJECT_ADDRESS)
		return object->address.link;
	return object->kind == OBJECT_ROUTE ? object->route.link : NULL;
}

/* One key with its object in either state. */
struct pair {
	const struct object *before, *after; /* NULL where there is none */
	bool differs;
};

/* Skip what is equal and cannot be disturbed: in a large lab nearly everything. */
static struct pair *pairs_find(const struct wanted *from, const struct wanted *to, size_t *ret_n)
{
	struct plan_walk walk = { .from = from, .to = to };
	const struct object *before, *after;
	struct pair *pair = NULL;
	size_t n = 0;

	while (walk_next(&walk, &before, &after)) {
		bool differs = !before || !after || !object_equal(before, after);

		if (differs || link_of(after))
			*ARRAY_PUSH(pair, n) = (struct pair){ before, after, differs };
	}
	*ret_n = n;
	return pair;
}

/* Something in a namespace: the end of a link, a set, or the namespace itself (name ""). */
struct plan_place {
	const char *netns;
	const char *name;
};

struct places {
	struct plan_place *place;
	size_t n_place;
};

static int compare_places(const void *p, const void *q)
{
	const struct plan_place *a = p, *b = q;
	int order = strcmp(a->netns, b->netns);

	return order ? order : strcmp(a->name, b->name);
}

static void places_add(struct places *places, const char *netns, const char *name)
{
	*ARRAY_PUSH(places->place, places->n_place) = (struct plan_place){ netns, name };
}

static void places_sort(struct places *places)
{
	if (places->n_place)
		qsort(places->place, places->n_place, sizeof(*places->place), compare_places);
}

static bool places_have(const struct places *places, const char *netns, const char *name)
{
	struct plan_place wanted = { netns, name };

	return places->n_place && name &&
	       bsearch(&wanted, places->place, places->n_place, sizeof(wanted), compare_places) !=
		       NULL;
}

struct losses {
	struct places netns;     /* namespaces that go away */
	struct places link;      /* ends of links that go away or are replaced */
	struct places disturbed; /* links that lose an address, and so perhaps routes */
	struct places set;       /* sets that go away or are replaced */
};

static void losses_note(struct losses *losses, const struct object *before,
			const struct object *after)
{
	switch (before->kind) {
	case OBJECT_NETNS:
		if (!after)
			places_add(&losses->netns, before->netns, "");
		break;
	case OBJECT_VETH:
		places_add(&losses->link, before->netns, before->veth.link);
		places_add(&losses->link, before->veth.peer_netns, before->veth.peer_link);
		break;
	case OBJECT_ADDRESS:
		places_add(&losses->disturbed, before->netns, before->address.link);
		break;
	case OBJECT_NFT_SET:
		places_add(&losses->set, before->netns, before->set.name);
		break;
	case OBJECT_ROUTE:
	case OBJECT_RULE:
	case OBJECT_NFT_CHAIN:
	case OBJECT_NFT_ELEMENT:
	case OBJECT_FILE:
	case OBJECT_PROCESS:
		break;
	}
}

static void losses_find(struct losses *losses, const struct pair *pair, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pair[i].before && pair[i].differs)
			losses_note(losses, pair[i].before, pair[i].after);
	places_sort(&losses->netns);
	places_sort(&losses->link);
	places_sort(&losses->disturbed);
	places_sort(&losses->set);
}

static void losses_free(struct losses *losses)
{
	free(losses->netns.place);
	free(losses->link.place);
	free(losses->disturbed.place);
	free(losses->set.place);
}

/* Does it vanish by itself with something that is deleted or replaced? */
static bool vanishes(const struct losses *losses, const struct object *object)
{
	if (object->kind == OBJECT_NETNS)
		return false;
	if (object->kind == OBJECT_VETH)
		return places_have(&losses->netns, object->netns, "") &&
		       places_have(&losses->netns, object->veth.peer_netns, "");
	if (places_have(&losses->netns, object->netns, ""))
		return true;
	if (object->kind == OBJECT_NFT_ELEMENT)
		return places_have(&losses->set, object->netns, object->element.set);
	return places_have(&losses->link, object->netns, link_of(object));
}

static void step_add(struct step **steps, size_t *n_step, enum step_action action,
		     const struct object *before, const struct object *after)
{
	*ARRAY_PUSH(*steps, *n_step) = (struct step){ action, before, after };
}

/* Is it of a kind that the kernel cannot change in place? Then the old object goes before the
 * new one comes. */
static bool is_replaced(enum object_kind kind)
{
	return kind == OBJECT_VETH || kind == OBJECT_ADDRESS || kind == OBJECT_RULE ||
	       kind == OBJECT_PROCESS;
}

struct emission {
	struct losses losses;
	struct step *gone;
	size_t n_gone;
	struct step *made;
	size_t n_made;
};

static void emit_delete(struct emission *emission, const struct object *before)
{
	if (!vanishes(&emission->losses, before))
		step_add(&emission->gone, &emission->n_gone, STEP_DELETE, before, NULL);
}

static void emit_add(struct emission *emission, const struct object *after)
{
	step_add(&emission->made, &emission->n_made, STEP_ADD, NULL, after);
}

static void emit_both(struct emission *emission, const struct pair *pair)
{
	const struct object *before = pair->before, *after = pair->after;
	bool hangs = link_of(before) != NULL;

	if (hangs && vanishes(&emission->losses, before)) {
		emit_add(emission, after);
	} else if (pair->differs) {
		if (is_replaced(after->kind)) {
			emit_delete(emission, before);
			emit_add(emission, after);
		} else {
			step_add(&emission->made, &emission->n_made, STEP_CHANGE, before, after);
		}
	} else if (hangs &&
		   places_have(&emission->losses.disturbed, before->netns, link_of(before))) {
		step_add(&emission->made, &emission->n_made, STEP_CHANGE, before, after);
	}
}

void plan_make(struct plan *plan, const struct wanted *from, const struct wanted *to)
{
	struct emission emission = { 0 };
	size_t n;
	struct pair *pair = pairs_find(from, to, &n);

	losses_find(&emission.losses, pair, n);
	for (size_t i = 0; i < n; i++) {
		if (!pair[i].after)
			emit_delete(&emission, pair[i].before);
		else if (!pair[i].before)
			emit_add(&emission, pair[i].after);
		else
			emit_both(&emission, &pair[i]);
	}

	*plan = (struct plan){ .from = from, .to = to, .n_delete = emission.n_gone };
	plan->n_step = emission.n_gone + emission.n_made;
	plan->step = xalloc(plan->n_step * sizeof(*plan->step));
	for (size_t i = 0; i < emission.n_gone; i++)
		plan->step[i] = emission.gone[emission.n_gone - 1 - i];
	if (emission.n_made)
		memcpy(plan->step + emission.n_gone, emission.made,
		       emission.n_made * sizeof(*plan->step));
	free(pair);
	free(emission.gone);
	free(emission.made);
	losses_free(&emission.losses);
}

bool step_replaces_nft_table(const struct step *step)
{
	if (step->action != STEP_CHANGE)
		return false;
	return step->after->kind == OBJECT_NFT_SET ||
	       (step->after->kind == OBJECT_NFT_CHAIN &&
		!nft_chain_same_hook(&step->before->chain, &step->after->chain));
}

bool step_is_in_pass(const struct step *step, enum nft_pass pass)
{
	enum object_kind kind = step_object(step)->kind;
	bool before = step->before != NULL, after = step->after != NULL;

	switch (pass) {
	case NFT_ADD_SETS:
		return kind == OBJECT_NFT_SET && !before;
	case NFT_ADD_CHAINS:
		return kind == OBJECT_NFT_CHAIN && !before;
	case NFT_DELETE_ELEMENTS:
		return kind == OBJECT_NFT_ELEMENT && before;
	case NFT_FLUSH_CHAINS:
		return kind == OBJECT_NFT_CHAIN && before;
	case NFT_ADD_RULES:
		return kind == OBJECT_NFT_CHAIN && after;
	case NFT_ADD_ELEMENTS:
		return kind == OBJECT_NFT_ELEMENT && after;
	case NFT_DELETE_SETS:
		return kind == OBJECT_NFT_SET && !after;
	case NFT_DELETE_CHAINS:
		return kind == OBJECT_NFT_CHAIN && !after;
	case NFT_PASSES:
		break;
	}
	return false;
}

void plan_free(struct plan *plan)
{
	free(plan->step);
	*plan = (struct plan){ 0 };
}
