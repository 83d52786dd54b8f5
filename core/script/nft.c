/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/script/internal.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

/*
 * A table that is new or replaced as a whole is written as `nft list` shows it and loaded in one
 * go. Changes of a table that stays are commands: a single one is an argument, several are a batch,
 * which is one transaction.
 */

#define TABLE "ip " NFT_TABLE

static bool is_nft(const struct object *object)
{
	return object->kind == OBJECT_NFT_SET || object->kind == OBJECT_NFT_CHAIN ||
	       object->kind == OBJECT_NFT_ELEMENT;
}

static const char *set_word(const struct nft_set *set)
{
	return set->data == NFT_MAP_NONE ? "set" : "map";
}

static const struct nft_set *find_set(const struct wanted *wanted, const char *netns,
				      const char *name)
{
	size_t n;
	const struct object *sets = wanted ? wanted_range(wanted, OBJECT_NFT_SET, netns, &n) : NULL;

	for (size_t i = 0; sets && i < n; i++)
		if (strcmp(sets[i].set.name, name) == 0)
			return &sets[i].set;
	return NULL;
}

/* ---- a whole table ---- */

/* The elements stand in the order of their sets. */
static void table_set(struct writer *script, const struct object *object,
		      const struct object *const *element, size_t n)
{
	struct text *text = script->text;
	bool any = false;

	if (text->s[text->length - 2] != '{')
		text_add_char(text, '\n');
	text_addf(text, "\t%s %s {", set_word(&object->set), object->set.name);
	script_end_line(script, object);
	text_add(text, "\t\t");
	nft_format_set(text, &object->set);
	text_add_char(text, '\n');
	for (size_t i = 0; i < n; i++) {
		if (strcmp(element[i]->element.set, object->set.name) != 0)
			continue;
		text_add(text, any ? "\t\t\t" : "\t\telements = {\n\t\t\t");
		any = true;
		nft_format_element(text, &object->set, &element[i]->element);
		text_add_char(text, ',');
		script_end_line(script, element[i]);
	}
	text_add(text, any ? "\t\t}\n\t}\n" : "\t}\n");
}

static void table_chain(struct writer *script, const struct object *object)
{
	struct text *text = script->text;

	if (text->s[text->length - 2] != '{')
		text_add_char(text, '\n');
	text_addf(text, "\tchain %s {", object->chain.name);
	script_end_line(script, object);
	if (object->chain.type != NFT_CHAIN_PLAIN) {
		text_add(text, "\t\t");
		nft_format_chain_head(text, &object->chain);
		text_add_char(text, '\n');
	}
	for (size_t i = 0; i < object->chain.n_rule; i++) {
		text_add(text, "\t\t");
		nft_format_rule(text, &object->chain.rule[i]);
		text_add_char(text, '\n');
	}
	text_add(text, "\t}\n");
}

struct objects {
	const struct object **object;
	size_t n_object;
};

static void gather(struct objects *objects, const struct object *object)
{
	objects->object = array_grow(objects->object, objects->n_object, sizeof(void *));
	objects->object[objects->n_object++] = object;
}

static void gather_range(struct objects *objects, const struct wanted *wanted,
			 enum object_kind kind, const char *netns)
{
	size_t n;
	const struct object *object = wanted_range(wanted, kind, netns, &n);

	for (size_t i = 0; i < n; i++)
		gather(objects, &object[i]);
}

/* Write the whole table, sets before chains. */
static void table(struct writer *script, const struct objects *objects)
{
	size_t first_element = 0, n_element = 0;

	for (size_t i = objects->n_object; i > 0; i--) {
		if (objects->object[i - 1]->kind != OBJECT_NFT_ELEMENT)
			continue;
		first_element = i - 1;
		n_element++;
	}
	text_add(script->text, "table " TABLE " {\n");
	for (size_t i = 0; i < objects->n_object; i++) {
		const struct object *object = objects->object[i];

		if (object->kind == OBJECT_NFT_SET)
			table_set(script, object, objects->object + first_element, n_element);
		else if (object->kind == OBJECT_NFT_CHAIN)
			table_chain(script, object);
	}
	text_add(script->text, "}\n");
}

/* ---- single changes, in the order of core/apply/nft.c ---- */

struct batch {
	struct writer *script; /* its text is the batch */
	size_t n_command;
};

static void begin_command(struct batch *batch, const char *verb)
{
	batch->n_command++;
	text_add(batch->script->text, verb);
}

static void add_rules(struct batch *batch, const struct object *object)
{
	for (size_t i = 0; i < object->chain.n_rule; i++) {
		begin_command(batch, "add rule " TABLE " ");
		text_addf(batch->script->text, "%s ", object->chain.name);
		nft_format_rule(batch->script->text, &object->chain.rule[i]);
		script_end_line(batch->script, object);
	}
}

static void name_line(struct batch *batch, const char *verb, const char *name,
		      const struct object *object)
{
	begin_command(batch, verb);
	text_add(batch->script->text, name);
	script_end_line(batch->script, object);
}

static void set_add(struct batch *batch, const struct step *step)
{
	if (step->action != STEP_ADD)
		return;
	begin_command(batch, "add ");
	text_addf(batch->script->text, "%s " TABLE " %s { ", set_word(&step->after->set),
		  step->after->set.name);
	nft_format_set(batch->script->text, &step->after->set);
	text_add(batch->script->text, " }");
	script_end_line(batch->script, step->after);
}

static void set_delete(struct batch *batch, const struct step *step)
{
	if (step->action == STEP_DELETE)
		name_line(batch,
			  step->before->set.data == NFT_MAP_NONE ? "delete set " TABLE " "
								 : "delete map " TABLE " ",
			  step->before->set.name, step->before);
}

static void chain_add(struct batch *batch, const struct step *step)
{
	if (step->action != STEP_ADD)
		return;
	begin_command(batch, "add chain " TABLE " ");
	text_add(batch->script->text, step->after->chain.name);
	if (step->after->chain.type != NFT_CHAIN_PLAIN) {
		text_add(batch->script->text, " { ");
		nft_format_chain_head(batch->script->text, &step->after->chain);
		text_add(batch->script->text, " }");
	}
	script_end_line(batch->script, step->after);
}

static void chain_flush(struct batch *batch, const struct step *step)
{
	if (step->before)
		name_line(batch, "flush chain " TABLE " ", step->before->chain.name, step->before);
}

static void chain_fill(struct batch *batch, const struct step *step)
{
	if (step->after)
		add_rules(batch, step->after);
}

static void chain_delete(struct batch *batch, const struct step *step)
{
	if (step->action == STEP_DELETE)
		name_line(batch, "delete chain " TABLE " ", step->before->chain.name, step->before);
}

static void element_line(struct batch *batch, const char *verb, const struct wanted *wanted,
			 const struct object *object, bool key_only)
{
	const struct nft_set *found = find_set(wanted, object->netns, object->element.set);

	if (!found)
		return;
	begin_command(batch, verb);
	text_addf(batch->script->text, "%s { ", object->element.set);
	(key_only ? nft_format_element_key : nft_format_element)(batch->script->text, found,
								 &object->element);
	text_add(batch->script->text, " }");
	script_end_line(batch->script, object);
}

static void element_delete(struct batch *batch, const struct step *step)
{
	if (step->before)
		element_line(batch, "delete element " TABLE " ", batch->script->plan->from,
			     step->before, true);
}

static void element_add(struct batch *batch, const struct step *step)
{
	if (step->after)
		element_line(batch, "add element " TABLE " ", batch->script->plan->to, step->after,
			     false);
}

static void changes(struct batch *batch, const struct step *const *step, size_t n_step)
{
	static const struct {
		enum object_kind kind;
		void (*fn)(struct batch *batch, const struct step *step);
	} visits[] = {
		{ OBJECT_NFT_SET, set_add },
		{ OBJECT_NFT_CHAIN, chain_add },
		{ OBJECT_NFT_ELEMENT, element_delete },
		{ OBJECT_NFT_CHAIN, chain_flush },
		{ OBJECT_NFT_CHAIN, chain_fill },
		{ OBJECT_NFT_ELEMENT, element_add },
		{ OBJECT_NFT_SET, set_delete },
		{ OBJECT_NFT_CHAIN, chain_delete },
	};

	for (size_t v = 0; v < ARRAY_SIZE(visits); v++)
		for (size_t i = 0; i < n_step; i++)
			if (step_object(step[i])->kind == visits[v].kind)
				visits[v].fn(batch, step[i]);
}

/* ---- one namespace ---- */

static bool has_table(const struct wanted *wanted, const char *netns)
{
	size_t n_set = 0, n_chain = 0;

	if (wanted) {
		wanted_range(wanted, OBJECT_NFT_SET, netns, &n_set);
		wanted_range(wanted, OBJECT_NFT_CHAIN, netns, &n_chain);
	}
	return n_set + n_chain > 0;
}

static void begin_nft(struct writer *script, const char *netns)
{
	text_add(script->text, "ip netns exec ");
	script_add_word(script->text, netns);
	text_add(script->text, " nft ");
}

static void whole_table(struct writer *script, const char *netns, const struct objects *objects,
			bool replace)
{
	begin_nft(script, netns);
	text_add(script->text, "-f - <<'END'\n");
	if (replace)
		text_add(script->text, "delete table " TABLE "\n");
	table(script, objects);
	text_add(script->text, "END\n");
}

static void some_changes(struct writer *script, const char *netns, const struct step *const *step,
			 size_t n_step)
{
	auto_text commands = { 0 };
	struct writer inner = { .text = &commands,
				.plan = script->plan,
				.section = script->section };
	struct batch batch = { .script = &inner };
	const char *comment;

	changes(&batch, step, n_step);
	if (!batch.n_command)
		return;
	begin_nft(script, netns);
	comment = strstr(text_get(&commands), "  # ");
	if (batch.n_command > 1) {
		text_addf(script->text, "-f - <<'END'\n%sEND\n", text_get(&commands));
		return;
	}
	/* Behind the quotes it is a comment of the shell. */
	auto_free char *command =
		xstrndup(text_get(&commands),
			 comment ? (size_t)(comment - text_get(&commands)) : commands.length - 1);

	script_add_word(script->text, command);
	text_add(script->text, comment ? comment : "\n");
}

void script_nft(struct writer *script, const char *netns, const struct step *const *step,
		size_t n_step)
{
	bool before = has_table(script->plan->from, netns),
	     after = has_table(script->plan->to, netns), replace = false, any = false;
	struct objects objects = { 0 };

	for (size_t i = 0; i < n_step; i++) {
		replace = replace || (before && step_replaces_nft_table(step[i]));
		any = any || is_nft(step_object(step[i]));
	}
	if (!any)
		return;
	if (!after) {
		begin_nft(script, netns);
		text_add(script->text, "delete table " TABLE "\n");
		return;
	}
	if (before && !replace) {
		some_changes(script, netns, step, n_step);
		return;
	}
	if (replace) {
		gather_range(&objects, script->plan->to, OBJECT_NFT_SET, netns);
		gather_range(&objects, script->plan->to, OBJECT_NFT_CHAIN, netns);
		gather_range(&objects, script->plan->to, OBJECT_NFT_ELEMENT, netns);
	} else {
		for (size_t i = 0; i < n_step; i++)
			if (is_nft(step_object(step[i])) && step[i]->after)
				gather(&objects, step[i]->after);
	}
	whole_table(script, netns, &objects, replace);
	free(objects.object);
}
