/* SPDX-License-Identifier: GPL-3.0-only */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/script/script.h"
#include "core/state/plan.h"
#include "core/verify/internal.h"

/* What was seen, as findings: one for a cause, and none for what has gone with it. */

void tell(struct findings *findings, enum finding_kind kind, const char *netns, const char *origin,
	  const char *object, const char *detail)
{
	struct arena *arena = &findings->arena;

	*ARRAY_PUSH(findings->finding, findings->n_finding) = (struct finding){
		.kind = kind,
		.netns = arena_strdup(arena, netns),
		.origin = arena_strdup(arena, origin ? origin : ""),
		.object = arena_strdup(arena, object),
		.detail = arena_strdup(arena, detail ? detail : ""),
	};
}

/* Is it told with something else: the namespace, link, table or set that is gone? */
static bool is_implied(const struct look *look, const struct object *object)
{
	const struct verify_place *place =
		object->kind == OBJECT_FILE ? NULL : look_place(look, object->netns);
	const char *link = object->kind == OBJECT_ADDRESS ? object->address.link
			   : object->kind == OBJECT_ROUTE ? object->route.link
							  : NULL;

	if (object->kind == OBJECT_NETNS || !place)
		return false;
	if (!place->there)
		return true;
	if (object->kind == OBJECT_VETH) {
		place = look_place(look, object->veth.peer_netns);
		return place && !place->there;
	}
	if (link && !place_link(place, link))
		return true;
	if (object->kind == OBJECT_NFT_ELEMENT && place->table == TABLE_FINE) {
		struct object set = { .kind = OBJECT_NFT_SET,
				      .netns = object->netns,
				      .set.name = object->element.set };
		size_t i = look_find(look, &set);

		return i != SIZE_MAX && (!look->there[i] || look->detail[i]);
	}
	return place->table != TABLE_FINE &&
	       (object->kind == OBJECT_NFT_SET || object->kind == OBJECT_NFT_CHAIN ||
		object->kind == OBJECT_NFT_ELEMENT);
}

/* Add the words of ip that make what is there instead. */
static const char *say_found(struct look *look, const struct object *found)
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
	return arena_printf(&look->arena, "there is %.*s",
			    (int)strcspn(words ? words + 5 : "another", "\n"),
			    words ? words + 5 : "another");
}

/* Name an element by its key: "element 192.0.2.1 of nft set eip in NAT1". */
static const char *say_element(struct look *look, const struct object *object,
			       char text[static OBJECT_TEXT_SIZE])
{
	struct object key = { .kind = OBJECT_NFT_SET,
			      .netns = object->netns,
			      .set.name = object->element.set };
	size_t i = look_find(look, &key);
	auto_text words = { 0 };

	if (i == SIZE_MAX)
		return object_describe(object, text);
	nft_format_element_key(&words, &look->wanted->object[i].set, &object->element);
	snprintf(text, OBJECT_TEXT_SIZE, "element %.200s of nft set %s in %s", text_get(&words),
		 object->element.set, object->netns);
	return text;
}

static void tell_object(struct look *look, struct findings *findings, size_t i)
{
	const struct object *object = &look->wanted->object[i], *found = &look->found[i];
	const char *detail = look->detail[i];
	char text[OBJECT_TEXT_SIZE];
	bool equal = look->there[i] && object_equal(found, object);

	if ((equal && !detail) || is_implied(look, object))
		return;
	if (!detail && look->there[i] &&
	    (object->kind == OBJECT_ADDRESS || object->kind == OBJECT_ROUTE ||
	     object->kind == OBJECT_RULE))
		detail = say_found(look, found);
	else if (!detail && look->there[i])
		detail = "it leads elsewhere";
	if (object->kind == OBJECT_NFT_ELEMENT)
		say_element(look, object, text);
	else
		object_describe(object, text);
	if (object->kind == OBJECT_FILE)
		tell(findings, FINDING_DIFFERENT, object->netns, object->origin, text, NULL);
	else
		tell(findings,
		     look->there[i] || (detail && *detail) ? FINDING_DIFFERENT : FINDING_MISSING,
		     object->netns, object->origin, text, detail);
}

/* Add what has gone with a table: each origin once, except that of the namespace. */
static const char *table_origins(const struct look *look, const struct verify_place *place,
				 struct text *text)
{
	static const enum object_kind kinds[] = { OBJECT_NFT_SET, OBJECT_NFT_CHAIN,
						  OBJECT_NFT_ELEMENT };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		size_t n;
		const struct object *object =
			wanted_range(look->wanted, kinds[k], place->netns->netns, &n);

		for (size_t i = 0; i < n && text->length < 400; i++) {
			const char *origin = object[i].origin;

			if (!origin ||
			    (place->netns->origin && strcmp(origin, place->netns->origin) == 0) ||
			    strstr(text_get(text), origin))
				continue;
			text_addf(text, "%s%s", text->length ? ", " : "with what is in it of ",
				  origin);
		}
	}
	return text_get(text);
}

static void tell_place(struct look *look, struct findings *findings,
		       const struct verify_place *place)
{
	const char *netns = place->netns->netns, *origin = place->netns->origin;
	auto_text origins = { 0 };

	if (place->lo_down)
		tell(findings, FINDING_DIFFERENT, netns, origin,
		     arena_printf(&look->arena, "link lo of %s", netns), "it is down");
	if (place->there && place->table != TABLE_FINE)
		tell(findings, place->table == TABLE_GONE ? FINDING_MISSING : FINDING_DIFFERENT,
		     netns, origin,
		     arena_printf(&look->arena, "nft table ip " NFT_TABLE " in %s", netns),
		     place->table == TABLE_DORMANT ? "it is dormant"
						   : table_origins(look, place, &origins));
	for (size_t i = 0; i < place->n_extra; i++)
		tell(findings, FINDING_EXTRA, netns, origin, place->extra[i].object, NULL);
}

void tell_all(struct look *look, struct findings *findings)
{
	char text[OBJECT_TEXT_SIZE];

	for (size_t i = 0; i < look->n_place; i++)
		tell_place(look, findings, &look->place[i]);
	for (size_t i = 0; i < look->wanted->n_object; i++)
		tell_object(look, findings, i);
	for (size_t i = 0; i < look->n_alien; i++) {
		const struct verify_place *place = look_place(look, look->alien[i].netns);

		tell(findings, FINDING_EXTRA, look->alien[i].netns,
		     place ? place->netns->origin : NULL,
		     look->alien[i].kind == OBJECT_NFT_ELEMENT
			     ? say_element(look, &look->alien[i], text)
			     : object_describe(&look->alien[i], text),
		     NULL);
	}
}
