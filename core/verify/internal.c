/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/verify/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/memory.h"

/* The routing rules with which the kernel makes every namespace, and which routers need. */
const struct rule_object default_rules[DEFAULT_RULES] = {
	{ .priority = 0, .table = 255 },
	{ .priority = 32766, .table = 254 },
	{ .priority = 32767, .table = 253 },
};

void snapshot_begin(struct snapshot *snapshot, const struct wanted *wanted)
{
	size_t n = wanted->n_object;

	*snapshot = (struct snapshot){ .wanted = wanted, .scratch_rtnl = -1, .scratch_nft = -1 };
	snapshot->found = xalloc((n + 1) * sizeof(*snapshot->found));
	snapshot->there = xalloc(n + 1);
	snapshot->detail = xalloc((n + 1) * sizeof(*snapshot->detail));
	if (n)
		memcpy(snapshot->found, wanted->object, n * sizeof(*snapshot->found));
	for (size_t i = 0; i < n; i++) {
		if (wanted->object[i].kind != OBJECT_NETNS)
			break; /* namespaces come first */
		*ARRAY_PUSH(snapshot->seen, snapshot->n_seen) = (struct seen_netns){
			.netns = &wanted->object[i],
			.router = wanted->object[i].netns_.role == NETNS_ROUTER,
			.rtnl = -1,
			.nft = -1,
		};
	}
}

void snapshot_free(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->n_seen; i++) {
		free(snapshot->seen[i].extra);
		free(snapshot->seen[i].own);
	}
	if (snapshot->scratch_rtnl >= 0)
		close(snapshot->scratch_rtnl);
	if (snapshot->scratch_nft >= 0)
		close(snapshot->scratch_nft);
	free(snapshot->seen);
	free(snapshot->found);
	free(snapshot->there);
	free(snapshot->detail);
	free(snapshot->unwanted);
	arena_free(&snapshot->arena);
}

static int compare_key(const void *a, const void *b)
{
	return object_compare_key(a, b);
}

size_t snapshot_find(const struct snapshot *snapshot, const struct object *key)
{
	const struct object *object = snapshot->wanted->n_object
					      ? bsearch(key, snapshot->wanted->object,
							snapshot->wanted->n_object, sizeof(*key),
							compare_key)
					      : NULL;

	return object ? (size_t)(object - snapshot->wanted->object) : SIZE_MAX;
}

struct seen_netns *snapshot_netns(const struct snapshot *snapshot, const char *netns)
{
	const struct object key = { .kind = OBJECT_NETNS, .netns = netns };
	size_t i = snapshot_find(snapshot, &key);

	return i == SIZE_MAX ? NULL : &snapshot->seen[i]; /* namespaces come first */
}

static int compare_link(const void *name, const void *link)
{
	return strcmp(name, ((const struct seen_link *)link)->name);
}

struct seen_link *find_link(const struct seen_netns *seen, const char *name)
{
	return seen && seen->n_link
		       ? bsearch(name, seen->link, seen->n_link, sizeof(*seen->link), compare_link)
		       : NULL;
}

void add_by_hand(struct snapshot *snapshot, struct seen_netns *seen, const char *object)
{
	*ARRAY_PUSH(seen->extra, seen->n_extra) =
		(struct extra){ .by_hand = true, .object = arena_strdup(&snapshot->arena, object) };
}

void add_extra(struct snapshot *snapshot, struct seen_netns *seen, const struct nlmsghdr *message,
	       uint16_t delete_type, const char *object)
{
	struct nlmsghdr *copy;

	if (!seen->router) {
		add_by_hand(snapshot, seen, object);
		return;
	}
	copy = memcpy(arena_alloc(&snapshot->arena, message->nlmsg_len), message,
		      message->nlmsg_len);
	copy->nlmsg_type = delete_type;
	copy->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	copy->nlmsg_seq = 1;
	copy->nlmsg_pid = 0;
	*ARRAY_PUSH(seen->extra, seen->n_extra) =
		(struct extra){ .message = copy, .object = arena_strdup(&snapshot->arena, object) };
}
