/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/verify/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/memory.h"

/* The routing rules with which the kernel makes every namespace, and which routers need. */
const struct rule_object usual_rules[USUAL_RULES] = {
	{ .priority = 0, .table = 255 },
	{ .priority = 32766, .table = 254 },
	{ .priority = 32767, .table = 253 },
};

void look_begin(struct look *look, const struct wanted *wanted)
{
	size_t n = wanted->n_object;

	*look = (struct look){ .wanted = wanted, .scratch_rtnl = -1, .scratch_nft = -1 };
	look->found = xalloc((n + 1) * sizeof(*look->found));
	look->there = xalloc(n + 1);
	look->detail = xalloc((n + 1) * sizeof(*look->detail));
	if (n)
		memcpy(look->found, wanted->object, n * sizeof(*look->found));
	for (size_t i = 0; i < n; i++) {
		if (wanted->object[i].kind != OBJECT_NETNS)
			break; /* namespaces come first */
		*ARRAY_PUSH(look->place, look->n_place) = (struct verify_place){
			.netns = &wanted->object[i],
			.router = wanted->object[i].netns_.role == NETNS_ROUTER,
			.rtnl = -1,
			.nft = -1,
		};
	}
}

void look_free(struct look *look)
{
	for (size_t i = 0; i < look->n_place; i++) {
		free(look->place[i].extra);
		free(look->place[i].own);
	}
	if (look->scratch_rtnl >= 0)
		close(look->scratch_rtnl);
	if (look->scratch_nft >= 0)
		close(look->scratch_nft);
	free(look->place);
	free(look->found);
	free(look->there);
	free(look->detail);
	free(look->alien);
	arena_free(&look->arena);
}

struct verify_place *look_place(const struct look *look, const char *netns)
{
	size_t low = 0, high = look->n_place;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(look->place[middle].netns->netns, netns);

		if (order == 0)
			return &look->place[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int compare_key(const void *a, const void *b)
{
	return object_compare_key(a, b);
}

size_t look_find(const struct look *look, const struct object *key)
{
	const struct object *object = look->wanted->n_object ? bsearch(key, look->wanted->object,
								       look->wanted->n_object,
								       sizeof(*key), compare_key)
							     : NULL;

	return object ? (size_t)(object - look->wanted->object) : SIZE_MAX;
}

struct seen_link *place_link(const struct verify_place *place, const char *name)
{
	for (size_t i = 0; place && i < place->n_link; i++)
		if (strcmp(place->link[i].name, name) == 0)
			return &place->link[i];
	return NULL;
}

void place_extra(struct look *look, struct verify_place *place, const struct nlmsghdr *message,
		 uint16_t delete_type, const char *object)
{
	struct nlmsghdr *copy =
		memcpy(arena_alloc(&look->arena, message->nlmsg_len), message, message->nlmsg_len);

	copy->nlmsg_type = delete_type;
	copy->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	copy->nlmsg_seq = 1;
	copy->nlmsg_pid = 0;
	*ARRAY_PUSH(place->extra, place->n_extra) =
		(struct extra){ .message = copy, .object = arena_strdup(&look->arena, object) };
}
