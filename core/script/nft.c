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

/* ---- a whole table ---- */

static void table_set(struct writer *script, const struct object *object,
		      const struct object *element, size_t n)
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
		if (strcmp(element[i].element.set, object->set.name) != 0)
			continue;
		text_add(text, any ? "\t\t\t" : "\t\telements = {\n\t\t\t");
		any = true;
		nft_format_element(text, &object->set, &element[i].element);
		text_add_char(text, ',');
		script_end_line(script, &element[i]);
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

static void whole_table(struct writer *script, const char *netns)
{
	const struct wanted *wanted = script->plan->to;
	size_t n_set, n_chain, n_element;
	const struct object *set = wanted_range(wanted, OBJECT_NFT_SET, netns, &n_set);
	const struct object *chain = wanted_range(wanted, OBJECT_NFT_CHAIN, netns, &n_chain);
	const struct object *element = wanted_range(wanted, OBJECT_NFT_ELEMENT, netns, &n_element);

	text_add(script->text, "table " TABLE " {\n");
	for (size_t i = 0; i < n_set; i++)
		table_set(script, &set[i], element, n_element);
	for (size_t i = 0; i < n_chain; i++)
		table_chain(script, &chain[i]);
	text_add(script->text, "}\n");
}

/* ---- single changes ---- */

struct batch {
	struct writer *script; /* its text is the batch */
	size_t n_command;
};

/* Begin "add chain ip vpclab NAME". */
static struct text *begin_command(struct batch *batch, const char *verb, const char *noun,
				  const char *name)
{
	batch->n_command++;
	text_addf(batch->script->text, "%s %s " TABLE " %s", verb, noun, name);
	return batch->script->text;
}

static void change_element(struct batch *batch, const char *verb, const struct wanted *wanted,
			   const struct object *object,
			   void (*format)(struct text *text, const struct nft_set *set,
					  const struct nft_element *element))
{
	const struct nft_set *set = wanted_set_of(wanted, object);
	struct text *text;

	if (!set)
		return;
	text = begin_command(batch, verb, "element", set->name);
	text_add(text, " { ");
	format(text, set, &object->element);
	text_add(text, " }");
	script_end_line(batch->script, object);
}

static void add_rules(struct batch *batch, const struct object *object)
{
	for (size_t i = 0; i < object->chain.n_rule; i++) {
		struct text *text = begin_command(batch, "add", "rule", object->chain.name);

		text_add_char(text, ' ');
		nft_format_rule(text, &object->chain.rule[i]);
		script_end_line(batch->script, object);
	}
}

static void change(struct batch *batch, const struct step *step, enum nft_pass pass)
{
	const struct object *before = step->before, *after = step->after;
	const struct plan *plan = batch->script->plan;
	struct text *text;

	switch (pass) {
	case NFT_ADD_SETS:
		text = begin_command(batch, "add", set_word(&after->set), after->set.name);
		text_add(text, " { ");
		nft_format_set(text, &after->set);
		text_add(text, " }");
		break;
	case NFT_ADD_CHAINS:
		text = begin_command(batch, "add", "chain", after->chain.name);
		if (after->chain.type == NFT_CHAIN_PLAIN)
			break;
		text_add(text, " { ");
		nft_format_chain_head(text, &after->chain);
		text_add(text, " }");
		break;
	case NFT_DELETE_ELEMENTS:
		change_element(batch, "delete", plan->from, before, nft_format_element_key);
		return;
	case NFT_FLUSH_CHAINS:
		begin_command(batch, "flush", "chain", before->chain.name);
		script_end_line(batch->script, before);
		return;
	case NFT_ADD_RULES:
		add_rules(batch, after);
		return;
	case NFT_ADD_ELEMENTS:
		change_element(batch, "add", plan->to, after, nft_format_element);
		return;
	case NFT_DELETE_SETS:
		begin_command(batch, "delete", set_word(&before->set), before->set.name);
		break;
	case NFT_DELETE_CHAINS:
		begin_command(batch, "delete", "chain", before->chain.name);
		break;
	case NFT_PASSES:
		return;
	}
	script_end_line(batch->script, step_object(step));
}

/* ---- one namespace ---- */

static void begin_nft(struct writer *script, const char *netns)
{
	text_add(script->text, "ip netns exec ");
	script_add_word(script->text, netns);
	text_add(script->text, " nft ");
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

	for (enum nft_pass pass = 0; pass < NFT_PASSES; pass++)
		for (size_t i = 0; i < n_step; i++)
			if (step_is_in_pass(step[i], pass))
				change(&batch, step[i], pass);
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
	bool before = wanted_has_table(script->plan->from, netns), replace = false, any = false;

	for (size_t i = 0; i < n_step; i++) {
		replace = replace || (before && step_replaces_nft_table(step[i]));
		any = any || is_nft(step_object(step[i]));
	}
	if (!any)
		return;
	if (!wanted_has_table(script->plan->to, netns)) {
		begin_nft(script, netns);
		text_add(script->text, "delete table " TABLE "\n");
	} else if (before && !replace) {
		some_changes(script, netns, step, n_step);
	} else {
		begin_nft(script, netns);
		text_add(script->text, "-f - <<'END'\n");
		if (replace)
			text_add(script->text, "delete table " TABLE "\n");
		whole_table(script, netns);
		text_add(script->text, "END\n");
	}
}
