/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/script/script.h"
#include "core/state/plan.h"
#include "core/verify/internal.h"

/* What was seen, as findings: one for a cause, and none for what has gone with it. */

void findings_add(struct findings *findings, enum finding_kind kind, const char *netns,
		  const char *origin, const char *object, const char *detail, bool by_hand)
{
	struct arena *arena = &findings->arena;

	*ARRAY_PUSH(findings->finding, findings->n_finding) = (struct finding){
		.kind = kind,
		.netns = arena_strdup(arena, netns),
		.origin = arena_strdup(arena, origin ? origin : ""),
		.object = arena_strdup(arena, object),
		.detail = arena_strdup(arena, detail ? detail : ""),
		.by_hand = by_hand,
	};
}

/* Is it told with something else: the namespace, link, table or set that is gone? */
static bool is_implied(const struct snapshot *snapshot, const struct object *object)
{
	const struct seen_netns *seen =
		object->kind == OBJECT_FILE ? NULL : snapshot_netns(snapshot, object->netns);
	const char *link = object->kind == OBJECT_ADDRESS ? object->address.link
			   : object->kind == OBJECT_ROUTE ? object->route.link
							  : NULL;

	if (object->kind == OBJECT_NETNS || !seen)
		return false;
	if (!seen->there)
		return true;
	if (object->kind == OBJECT_VETH) {
		seen = snapshot_netns(snapshot, object->veth.peer_netns);
		return seen && !seen->there;
	}
	if (link && !find_link(seen, link))
		return true;
	if (object->kind == OBJECT_NFT_ELEMENT && seen->table == TABLE_FINE) {
		struct object set = { .kind = OBJECT_NFT_SET,
				      .netns = object->netns,
				      .set.name = object->element.set };
		size_t i = snapshot_find(snapshot, &set);

		return i != SIZE_MAX && (!snapshot->there[i] || snapshot->detail[i]);
	}
	return seen->table != TABLE_FINE &&
	       (object->kind == OBJECT_NFT_SET || object->kind == OBJECT_NFT_CHAIN ||
		object->kind == OBJECT_NFT_ELEMENT);
}

/* Add the words of ip that make what is there instead. */
static const char *describe_found(struct snapshot *snapshot, const struct object *found)
{
	struct wanted one = { .object = (struct object[]){ *found }, .n_object = 1 };
	auto_text text = { 0 };
	struct plan plan;
	const char *words;

	one.object->origin = NULL;
	plan_make(&plan, NULL, &one);
	script_add_plan(&text, &plan, SCRIPT_KERNEL);
	plan_free(&plan);
	words = strstr(text_get(&text), " add ");
	return arena_printf(&snapshot->arena, "there is %.*s",
			    (int)strcspn(words ? words + 5 : "another", "\n"),
			    words ? words + 5 : "another");
}

/* Name an element by its key: "element 192.0.2.1 of nft set eip in NAT1". */
static const char *describe_element(struct snapshot *snapshot, const struct object *object,
				    char text[static OBJECT_TEXT_SIZE])
{
	const struct nft_set *set = wanted_set_of(snapshot->wanted, object);
	auto_text words = { 0 };

	if (!set)
		return object_describe(object, text);
	nft_format_element_key(&words, set, &object->element);
	snprintf(text, OBJECT_TEXT_SIZE, "element %.200s of nft set %s in %s", text_get(&words),
		 object->element.set, object->netns);
	return text;
}

/* Is it a host's user who has changed it? Of a link he has one end. */
static bool is_by_hand(const struct snapshot *snapshot, const struct object *object)
{
	const bool veth = object->kind == OBJECT_VETH;
	const struct seen_netns *seen =
		object->kind == OBJECT_FILE
			? NULL
			: snapshot_netns(snapshot, veth ? object->veth.peer_netns : object->netns);
	const struct seen_link *near;

	if (!seen || seen->router || !seen->there || object->kind == OBJECT_PROCESS)
		return false;
	near = veth ? find_link(snapshot_netns(snapshot, object->netns), object->veth.link) : NULL;
	return !veth || (near && link_is_right(near, &object->veth));
}

static void report_object(struct snapshot *snapshot, struct findings *findings, size_t i)
{
	const struct object *object = &snapshot->wanted->object[i], *found = &snapshot->found[i];
	const char *detail = snapshot->detail[i];
	char text[OBJECT_TEXT_SIZE];
	bool equal = snapshot->there[i] && object_equal(found, object);

	if ((equal && !detail) || is_implied(snapshot, object))
		return;
	if (!detail && snapshot->there[i] &&
	    (object->kind == OBJECT_ADDRESS || object->kind == OBJECT_ROUTE ||
	     object->kind == OBJECT_RULE))
		detail = describe_found(snapshot, found);
	else if (!detail && snapshot->there[i])
		detail = "it leads elsewhere";
	if (object->kind == OBJECT_NFT_ELEMENT)
		describe_element(snapshot, object, text);
	else
		object_describe(object, text);
	if (object->kind == OBJECT_FILE)
		findings_add(findings, FINDING_DIFFERENT, object->netns, object->origin, text, NULL,
			     false);
	else
		findings_add(findings,
			     snapshot->there[i] || (detail && *detail) ? FINDING_DIFFERENT
								       : FINDING_MISSING,
			     object->netns, object->origin, text, detail,
			     is_by_hand(snapshot, object));
}

/* Add what has gone with a table: each origin once, except that of the namespace. */
static const char *table_origins(const struct snapshot *snapshot, const struct seen_netns *seen,
				 struct text *text)
{
	static const enum object_kind kinds[] = { OBJECT_NFT_SET, OBJECT_NFT_CHAIN,
						  OBJECT_NFT_ELEMENT };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		size_t n;
		const struct object *object =
			wanted_range(snapshot->wanted, kinds[k], seen->netns->netns, &n);

		for (size_t i = 0; i < n && text->length < 400; i++) {
			const char *origin = object[i].origin;

			if (!origin ||
			    (seen->netns->origin && strcmp(origin, seen->netns->origin) == 0) ||
			    strstr(text_get(text), origin))
				continue;
			text_addf(text, "%s%s", text->length ? ", " : "with what is in it of ",
				  origin);
		}
	}
	return text_get(text);
}

static void report_netns(struct snapshot *snapshot, struct findings *findings,
			 const struct seen_netns *seen)
{
	const char *netns = seen->netns->netns, *origin = seen->netns->origin;
	auto_text origins = { 0 };

	if (seen->lo_down)
		findings_add(findings, FINDING_DIFFERENT, netns, origin,
			     arena_printf(&snapshot->arena, "link lo of %s", netns), "it is down",
			     !seen->router);
	if (seen->there && seen->table != TABLE_FINE)
		findings_add(
			findings, seen->table == TABLE_GONE ? FINDING_MISSING : FINDING_DIFFERENT,
			netns, origin,
			arena_printf(&snapshot->arena, "nft table ip " NFT_TABLE " in %s", netns),
			seen->table == TABLE_DORMANT ? "it is dormant"
						     : table_origins(snapshot, seen, &origins),
			false);
	for (size_t i = 0; i < seen->n_extra; i++)
		findings_add(findings, FINDING_EXTRA, netns, origin, seen->extra[i].object, NULL,
			     seen->extra[i].by_hand);
}

void snapshot_report(struct snapshot *snapshot, struct findings *findings)
{
	char text[OBJECT_TEXT_SIZE];

	for (size_t i = 0; i < snapshot->n_seen; i++)
		report_netns(snapshot, findings, &snapshot->seen[i]);
	for (size_t i = 0; i < snapshot->wanted->n_object; i++)
		report_object(snapshot, findings, i);
	for (size_t i = 0; i < snapshot->n_unwanted; i++) {
		const struct seen_netns *seen =
			snapshot_netns(snapshot, snapshot->unwanted[i].netns);

		findings_add(findings, FINDING_EXTRA, snapshot->unwanted[i].netns,
			     seen ? seen->netns->origin : NULL,
			     snapshot->unwanted[i].kind == OBJECT_NFT_ELEMENT
				     ? describe_element(snapshot, &snapshot->unwanted[i], text)
				     : object_describe(&snapshot->unwanted[i], text),
			     NULL, false);
	}
}
