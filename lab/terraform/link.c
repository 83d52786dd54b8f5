/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/link.h"

#include <stdio.h>
#include <string.h>

/* Modules within modules and attributes that pass a link on; references and links for one argument.
 */
enum { STEPS_MAX = 32, REFERENCES_MAX = 4096, LINKS_MAX = 256 };

/* Where references are read: what they mean hangs on the instance in which they stand. */
struct scope {
	struct tf_document *document;
	struct tf_resource *from;
	const struct tf_target *to;
	struct tf_links *links;
	unsigned *left; /* references that may still be followed: some go round in circles */
};

struct place_of_reference {
	const struct tf_module *module;
	const json_t *index;    /* what count.index or each.key is there */
	const json_t *for_each; /* the expression that each.value comes from, or NULL */
	bool is_each;           /* and this is that expression: one element is meant */
};

/* One reference, taken apart: module.NAME[INDEX].REST, TYPE.NAME[INDEX].REST, var.NAME, ... */
struct reference {
	char head[128], name[128];
	json_t *index; /* NULL: none */
	char attribute[128];
	json_t *element; /* of a list that the attribute is; NULL: none */
};

static void follow(const struct scope *scope, struct place_of_reference at,
		   const json_t *expression, unsigned steps);

const struct tf_target *tf_target_of(const struct tf_target *to, const struct tf_resource *resource)
{
	for (; to->type; to++)
		if (strcmp(resource->type, to->type) == 0)
			return to;
	return NULL;
}

static void add_link(struct tf_links *links, struct tf_resource *to)
{
	for (size_t i = 0; i < links->n_link; i++)
		if (links->link[i] == to)
			return;
	if (links->n_link < LINKS_MAX)
		*ARRAY_PUSH(links->link, links->n_link) = to;
	else
		links->guessed = true;
}

static const char *read_step(const char *at, char ret[static 128])
{
	size_t length = strcspn(at, ".[");

	snprintf(ret, 128, "%.*s", (int)length, at);
	return at + length + (at[length] == '.');
}

static void read_reference(const char *text, struct reference *ret)
{
	const char *at = read_step(text, ret->head);

	/* data.TYPE is a type. */
	if (strcmp(ret->head, "data") == 0) {
		const size_t length = (size_t)(at - text) + strcspn(at, ".[");

		snprintf(ret->head, sizeof(ret->head), "%.*s", (int)length, text);
		at = text + length + (text[length] == '.');
	}
	at = tf_read_index(read_step(at, ret->name), &ret->index);
	tf_read_index(read_step(at + (*at == '.'), ret->attribute), &ret->element);
}

static const json_t *expression_of(const struct tf_resource *resource, const char *attribute)
{
	return json_object_get(json_object_get(resource->block, "expressions"), attribute);
}

static struct place_of_reference place_of(const struct tf_resource *resource)
{
	return (struct place_of_reference){
		.module = resource->module,
		.index = resource->index,
		.for_each = json_object_get(resource->block, "for_each_expression"),
	};
}

/* It is what was looked for, or passes the link on by an argument of its own. */
static void arrive(const struct scope *scope, struct tf_resource *resource, const char *attribute,
		   unsigned steps)
{
	const json_t *expression = expression_of(resource, attribute);

	if (tf_target_of(scope->to, resource))
		add_link(scope->links, resource);
	else if (json_object_get(expression, "references"))
		follow(scope, place_of(resource), expression, steps);
	else
		scope->links->elsewhere = true;
}

/*
 * TYPE.NAME: the instance with the index that is said; with that of the one who refers, where
 * count.index or each.key stands beside it; else all of them, as a splat has it.
 */
static void follow_resource(const struct scope *scope, struct place_of_reference at,
			    const struct reference *reference, bool by_count, bool by_key,
			    unsigned steps)
{
	const struct tf_resources of =
		tf_by_label(scope->document, at.module, reference->head, reference->name);
	const json_t *index = reference->index     ? reference->index
			      : by_count || by_key ? at.index
						   : NULL;
	struct tf_resource *one = index ? tf_instance(scope->document, at.module, reference->head,
						      reference->name, index)
					: NULL;

	if (one) {
		/* count.index may be one operand of many: the same number is likely, no more. */
		scope->links->guessed |= !reference->index && by_count && of.n > 1;
		arrive(scope, one, reference->attribute, steps);
		return;
	}
	for (size_t i = 0; i < of.n && scope->links->n_link < LINKS_MAX; i++)
		arrive(scope, of.resource[i], reference->attribute, steps);
}

/*
 * Follow an expression elsewhere, and take one element of the list that it is: the one that is
 * said, or that of count.index. Without either, all of them are meant.
 */
static void follow_element(const struct scope *scope, struct place_of_reference there,
			   const json_t *expression, const json_t *element, unsigned steps)
{
	struct tf_links found = { 0 };
	const struct scope aside = { scope->document, scope->from, scope->to, &found, scope->left };
	size_t first = 0, end;

	follow(&aside, there, expression, steps);
	end = found.n_link;
	if (json_is_integer(element) && (size_t)json_integer_value(element) < end) {
		first = (size_t)json_integer_value(element);
		end = first + 1;
	}
	for (size_t i = first; i < end; i++)
		add_link(scope->links, found.link[i]);
	scope->links->guessed |= found.guessed;
	scope->links->elsewhere |= found.elsewhere;
	tf_links_free(&found);
}

/* module.NAME.OUTPUT: what the output refers to, in each instance of the module. */
static void follow_module(const struct scope *scope, struct place_of_reference at,
			  const struct reference *reference, bool by_index, unsigned steps)
{
	const json_t *index = reference->index ? reference->index : by_index ? at.index : NULL;

	for (const struct tf_module *module =
		     tf_by_call(scope->document, at.module, reference->name);
	     module; module = module->next) {
		const json_t *output;

		if (index && module->index && !tf_same_index(module->index, index))
			continue;
		output = json_object_get(json_object_get(module->configuration, "outputs"),
					 reference->attribute);
		follow_element(scope, (struct place_of_reference){ .module = module },
			       json_object_get(output, "expression"),
			       reference->element           ? reference->element
			       : by_index && !module->index ? at.index
							    : NULL,
			       steps);
	}
}

/* var.NAME in a module is what its caller gave. */
static void follow_variable(const struct scope *scope, struct place_of_reference at,
			    const struct reference *reference, bool by_count, unsigned steps)
{
	const struct tf_module *module = at.module;
	const json_t *call = module->call;

	if (module->parent)
		follow_element(
			scope,
			(struct place_of_reference){
				.module = module->parent,
				.index = module->index,
				.for_each = json_object_get(call, "for_each_expression") },
			json_object_get(json_object_get(call, "expressions"), reference->name),
			reference->index ? reference->index
			: by_count       ? at.index
					 : NULL,
			steps);
}

/* References come the longest first, each followed by its own beginnings, which say nothing new. */
static bool is_beginning(const char *text, const char *of)
{
	size_t length = strlen(text);

	return of && strncmp(text, of, length) == 0 && (of[length] == '.' || of[length] == '[');
}

static bool mentions(const json_t *references, const char *word)
{
	const json_t *reference;
	size_t i;

	json_array_foreach(references, i, reference)
		if (strcmp(json_string_value(reference) ? json_string_value(reference) : "",
			   word) == 0)
			return true;
	return false;
}

static void follow(const struct scope *scope, struct place_of_reference at,
		   const json_t *expression, unsigned steps)
{
	const json_t *references = json_object_get(expression, "references"), *entry;
	const bool by_count = mentions(references, "count.index"),
		   by_key = mentions(references, "each.key");
	const char *longest = NULL;
	size_t i;

	if (steps == 0 || *scope->left == 0)
		return;
	--*scope->left;
	json_array_foreach(references, i, entry) {
		const char *text = json_string_value(entry);
		struct reference reference;

		if (!text || is_beginning(text, longest))
			continue;
		longest = text;
		read_reference(text, &reference);
		if (strcmp(reference.head, "module") == 0)
			follow_module(scope, at, &reference, by_count || by_key, steps - 1);
		else if (strcmp(reference.head, "var") == 0)
			follow_variable(scope, at, &reference, by_count, steps - 1);
		else if (strcmp(reference.head, "each") == 0 &&
			 strcmp(reference.name, "value") == 0)
			follow(scope,
			       (struct place_of_reference){
				       .module = at.module, .index = at.index, .is_each = true },
			       at.for_each, steps - 1);
		else
			follow_resource(scope, at, &reference, by_count, by_key || at.is_each,
					steps - 1);
		json_decref(reference.index);
		json_decref(reference.element);
	}
}

/* One address in two VPCs, say. Another type is another way to say the same. */
static bool add_known(const struct scope *scope, struct tf_resources of)
{
	const struct tf_resource *first = NULL;

	for (size_t i = 0; i < of.n; i++) {
		if (!tf_target_of(scope->to, of.resource[i]))
			continue;
		if (first && strcmp(first->type, of.resource[i]->type) == 0)
			return false;
		if (!first)
			add_link(scope->links, of.resource[i]);
		first = first ? first : of.resource[i];
	}
	return true;
}

/* What several have is taken to be that of the same VPC. */
static void look_up(const struct scope *scope, const char *value, size_t length)
{
	const size_t n = scope->links->n_link;
	const struct tf_resources of = tf_by_value(scope->document, value, length);

	if (add_known(scope, of)) {
		scope->links->n_lost += scope->links->n_link == n;
		return;
	}
	scope->links->n_link = n;
	if (add_known(scope, tf_by_value_beside(scope->document, scope->from, value, length)) &&
	    scope->links->n_link > n)
		return;
	scope->links->n_link = n;
	add_known(scope, of);
	scope->links->guessed = true;
}

/* The values of one argument: a string, a list of them, or addresses with commas in between. */
static bool look_up_all(const struct scope *scope, const json_t *value)
{
	const json_t *entry;
	bool known = true;
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, entry)
			known &= look_up_all(scope, entry);
		return known && json_array_size(value) > 0;
	}
	if (!json_is_string(value) || !*json_string_value(value))
		return false;
	for (const char *at = json_string_value(value); *at; at += strspn(at, ", ")) {
		const size_t length = strcspn(at, ", ");
		/* A block of one address is that address. */
		const bool is_one = length > 3 && strncmp(at + length - 3, "/32", 3) == 0;

		look_up(scope, at, length - (is_one ? 3 : 0));
		at += length;
	}
	return true;
}

void tf_find_links(struct tf_document *document, struct tf_resource *from, const json_t *value,
		   const json_t *expression, const struct tf_target *to, struct tf_links *ret_links)
{
	unsigned left = REFERENCES_MAX;
	const struct scope scope = { document, from, to, ret_links, &left };
	const json_t *constant = json_object_get(expression, "constant_value");
	struct tf_resource *only = NULL;
	struct tf_links by_value;
	bool known;
	size_t n = 0;

	*ret_links = (struct tf_links){ 0 };
	known = look_up_all(&scope, value) || (constant && look_up_all(&scope, constant));
	if (known && !ret_links->guessed)
		return;
	/* What several have is that which the configuration refers to. */
	by_value = *ret_links;
	*ret_links = (struct tf_links){ 0 };
	follow(&scope, place_of(from), expression, STEPS_MAX);
	if (known && !ret_links->n_link) {
		*ret_links = by_value;
		return;
	}
	tf_links_free(&by_value);
	if (ret_links->n_link || !json_array_size(json_object_get(expression, "references")))
		return;
	/* The trail ends, at a local value for example. Where there is one only, it is that one. */
	for (const struct tf_target *target = to; target->type; target++) {
		const struct tf_resources of = tf_by_type(document, target->type);

		only = of.n ? of.resource[0] : only;
		n += of.n;
	}
	if (n == 1 && !ret_links->elsewhere) {
		add_link(ret_links, only);
		ret_links->guessed = true;
	} else {
		ret_links->n_lost++;
	}
}

void tf_links_free(struct tf_links *links)
{
	free(links->link);
	*links = (struct tf_links){ 0 };
}
