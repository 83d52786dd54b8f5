/* SPDX-License-Identifier: GPL-3.0-only */
#include "cli/session/places.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/language/arguments.h"

#define IGNORE "lint:ignore "

/* What stands behind the line's last word, and in the lines of comment right above it. */
static const char *comments(struct made_places *places, const struct session *session)
{
	const struct line *line = session->line;
	const char *text = session->script->source.text;
	const char *start = text + line->token[0].offset;
	const struct token *last = &line->token[line->n_token - 1];
	const char *end = text + last->offset + last->length;

	end += strcspn(end, "\n");
	while (start > text && start[-1] != '\n')
		start--;
	while (start > text) {
		const char *above = start - 1;

		while (above > text && above[-1] != '\n')
			above--;
		if (above[strspn(above, " \t")] != '#')
			break;
		start = above;
	}
	/* One copy would do for a line, but few lines have a comment that matters. */
	return memmem(start, (size_t)(end - start), IGNORE, strlen(IGNORE))
		       ? arena_printf(&places->arena, "%.*s", (int)(end - start), start)
		       : "";
}

void places_note(struct made_places *places, const struct session *session,
		 const struct statement *statement)
{
	const struct model *model = session->lab->model;
	const struct arguments *arguments = &statement->arguments;
	const char *words = arguments->command->words;
	const bool group = strcmp(words, "security-group allow") == 0 ||
			   strcmp(words, "security-group drop") == 0;
	const bool acl = strcmp(words, "acl add") == 0;
	struct place place = { .file = arena_strdup(&places->arena, session->script->source.name),
			       .line = session->line->token[0].line,
			       .column = session->line->token[0].column,
			       .comment = comments(places, session) };
	const char *origin =
		source_origin(&session->script->source, session->line->token[0].offset);

	place.address = origin ? arena_strdup(&places->arena, origin) : NULL;
	place.line = origin ? 0 : place.line;
	place.column = origin ? 0 : place.column;

	if (group || acl) {
		const struct resource *of = model_find(model, arguments->argument[0].token->word);
		const struct filter_rule *rule = NULL;
		const struct acl *list = (const struct acl *)of;

		if (group && of)
			rule = &((const struct security_group *)of)
					->rule[((const struct security_group *)of)->n_rule - 1];
		/* The one that was not there: an ACL's are in order. */
		for (size_t i = 0; acl && of && i < list->n_rule; i++) {
			bool known = false;

			for (size_t k = 0; k < places->n_place; k++)
				known = known ||
					(places->place[k].id == of->id &&
					 places->place[k].number == list->rule[i].number &&
					 places->place[k].direction == list->rule[i].direction &&
					 places->place[k].rule);
			if (!known)
				rule = &list->rule[i];
		}
		if (rule) {
			place.id = of->id;
			place.rule = rule;
			place.number = rule->number;
			place.direction = rule->direction;
			*ARRAY_PUSH(places->place, places->n_place) = place;
		}
	}
	for (; places->known < model->next_id; places->known++) {
		place.id = places->known;
		place.rule = NULL;
		*ARRAY_PUSH(places->place, places->n_place) = place;
	}
}

const struct place *places_find(const struct made_places *places,
				const struct lint_finding *finding)
{
	const struct place *object = NULL;

	for (size_t i = 0; i < places->n_place; i++) {
		const struct place *place = &places->place[i];

		if (place->id != finding->object->id)
			continue;
		if (finding->rule && place->rule && place->number == finding->rule->number &&
		    place->direction == finding->rule->direction)
			return place;
		object = place->rule ? object : place;
	}
	return object;
}

bool place_ignores(const struct place *place, const char *id)
{
	const size_t length = strlen(id);

	for (const char *at = place->comment; (at = strstr(at, IGNORE));) {
		at += strlen(IGNORE);
		at += strspn(at, " ");
		if (strncmp(at, id, length) == 0 &&
		    !strchr("-abcdefghijklmnopqrstuvwxyz", at[length] ? at[length] : ' '))
			return true;
	}
	return false;
}

void places_free(struct made_places *places)
{
	free(places->place);
	arena_free(&places->arena);
}
