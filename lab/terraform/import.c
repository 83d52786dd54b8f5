/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/import.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/address.h"
#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "lab/language/command.h"

enum { NAME_MAX_LENGTH = 128 };

struct tf_taken {
	const char *name; /* in lower case */
	UT_hash_handle hh;
};

/* ---- what is written ---- */

static const char *block_address(struct arena *arena, const struct tf_resource *resource)
{
	return arena_printf(arena, "%s%s%s.%s", resource->module->address,
			    *resource->module->address ? "." : "", resource->type, resource->name);
}

void tf_line(struct tf_import *import, const struct tf_resource *resource, const char *format, ...)
{
	const char *block = block_address(&import->document.arena, resource);
	auto_free char *line = NULL;
	va_list ap;

	if (!import->block || strcmp(import->block, block) != 0) {
		text_add(&import->text, "\n# ");
		text_add_escaped(&import->text, block, strlen(block));
		text_add_char(&import->text, '\n');
		import->block = block;
	}
	va_start(ap, format);
	line = xvprintf(format, ap);
	va_end(ap);
	text_addf(&import->text, "%s\n", line);
}

void tf_append(struct tf_import *import, const char *format, ...)
{
	auto_free char *more = NULL;
	va_list ap;

	va_start(ap, format);
	more = xvprintf(format, ap);
	va_end(ap);
	text_truncate(&import->text, import->text.length - 1);
	text_addf(&import->text, "%s\n", more);
}

__attribute__((format(printf, 5, 0))) static void add_note(struct tf_import *import,
							   enum terraform_note_kind kind,
							   const char *address, unsigned count,
							   const char *format, va_list ap)
{
	struct terraform *result = import->result;
	auto_free char *text = xvprintf(format, ap);
	const struct terraform_note *last = result->n_note ? &result->note[result->n_note - 1]
							   : NULL;

	/* What is asked for twice is told once. */
	if (last && strcmp(last->address, address) == 0 && strcmp(last->text, text) == 0)
		return;
	*ARRAY_PUSH(result->note, result->n_note) = (struct terraform_note){
		.kind = kind,
		.address = arena_strdup(&result->arena, address),
		.text = arena_strdup(&result->arena, text),
		.count = count,
	};
}

void tf_note(struct tf_import *import, enum terraform_note_kind kind,
	     const struct tf_resource *resource, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_note(import, kind, resource->address, 0, format, ap);
	va_end(ap);
}

void tf_leave_out(struct tf_import *import, struct tf_resource *resource, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_note(import, TERRAFORM_LEFT_OUT, resource->address, 0, format, ap);
	va_end(ap);
	resource->noun_name = NULL;
}

/* ---- links and fields ---- */

struct tf_place tf_place(struct tf_resource *resource)
{
	return (struct tf_place){
		.resource = resource,
		.values = resource->values,
		.expressions = json_object_get(resource->block, "expressions"),
	};
}

bool tf_is(const struct tf_resource *resource, const char *type)
{
	return strcmp(resource->type, type) == 0;
}

const char *tf_address(const json_t *values, const char *argument)
{
	const json_t *value = json_object_get(values, argument);
	const char *word =
		json_string_value(json_is_array(value) ? json_array_get(value, 0) : value);
	struct prefix prefix;
	uint32_t address;

	return word && (address_parse(word, &address) || prefix_parse(word, &prefix) == 0) ? word
											   : NULL;
}

struct tf_resource *tf_names(struct tf_import *import, struct tf_place place, const char *argument,
			     const char *const *types, bool all, struct text *names)
{
	const json_t *value = json_object_get(place.values, argument);
	/* An argument that is a list of objects has one expression for all of them. */
	const json_t *expression = json_object_get(place.expressions, "references")
					   ? place.expressions
					   : json_object_get(place.expressions, argument);
	struct tf_resource *first = NULL;
	struct tf_links links;

	tf_find_links(&import->document, place.resource, value, expression, types, &links);
	for (size_t i = 0; i < (all || !links.n_link ? links.n_link : 1); i++) {
		struct tf_resource *to = links.link[i].to;

		to = to->part_of ? to->part_of : to;
		if (!to->noun_name)
			continue;
		text_addf(names, "%s%s", first ? "," : "", to->noun_name);
		first = first ? first : to;
		if (links.guessed || (!all && links.n_link > 1))
			tf_note(import, TERRAFORM_GUESSED, place.resource, "%s is taken to be %s",
				argument, to->address);
	}
	tf_links_free(&links);
	return first;
}

struct tf_resource *tf_refers_to(struct tf_import *import, struct tf_place place,
				 const char *argument, const char *const *types)
{
	auto_text names = { 0 };

	return tf_names(import, place, argument, types, false, &names);
}

static const struct tf_type *find_type(const struct tf_type *types, const char *type)
{
	for (; types->type; types++)
		if (strcmp(types->type, type) == 0)
			return types;
	return NULL;
}

static void add_ports(struct text *value, const char *range)
{
	long first, last;
	char *end;

	first = strtol(range, &end, 10);
	last = *end == '/' ? strtol(end + 1, NULL, 10) : first;
	if (first >= 1 && last >= first)
		text_addf(value, last > first ? "%ld-%ld" : "%ld", first, last);
}

static void add_value(struct tf_import *import, struct tf_place place, const struct tf_field *field,
		      const char *argument, struct text *value)
{
	const char *word = tf_string(place.values, argument);
	const json_t *json = json_object_get(place.values, argument);
	const struct tf_resource *to;
	const struct tf_type *type;
	auto_text names = { 0 };

	switch (field->kind) {
	case TF_ADDRESS:
		word = tf_address(place.values, argument);
		__attribute__((fallthrough));
	case TF_TEXT:
		text_add(value, word ? word : "");
		break;
	case TF_PORTS:
		add_ports(value, word ? word : "");
		break;
	case TF_WORD:
		for (size_t i = 0; word && field->words[i][0]; i++)
			if (strcasecmp(word, field->words[i][0]) == 0)
				text_add(value, field->words[i][1]);
		break;
	case TF_CIDR:
		word = tf_address(place.values, argument);
		if (word)
			text_addf(value, "cidr %s", word);
		break;
	case TF_ON:
		if (json_is_true(json) || json_integer_value(json) == 1)
			text_add(value, "on");
		break;
	case TF_SWITCH:
		if (json_is_boolean(json))
			text_add(value, json_is_true(json) ? "on" : "off");
		break;
	case TF_LINK:
	case TF_LINKS:
	case TF_TYPED:
		/* What is set to nothing refers to nothing, whatever else its expression names. */
		if (json && !json_is_array(json) && !word)
			break;
		to = tf_names(import, place, argument, field->types, field->kind == TF_LINKS,
			      &names);
		type = to && field->kind == TF_TYPED ? find_type(import->types, to->type) : NULL;
		if (type)
			text_addf(value, "%s ", type->noun);
		text_add(value, text_get(&names));
		break;
	}
}

bool tf_write_fields(struct tf_import *import, struct tf_place place, const char *beginning,
		     const struct tf_field *fields, const char **ret_missing)
{
	auto_text line = { 0 };

	text_add(&line, beginning);
	for (const struct tf_field *field = fields; field->argument; field++) {
		auto_text value = { 0 };

		if (field > fields && *field->key && strcmp(field->key, field[-1].key) == 0)
			continue; /* an alternative */
		for (const struct tf_field *one = field;
		     !value.length && one->argument &&
		     (one == field || (*field->key && strcmp(one->key, field->key) == 0));
		     one++) {
			add_value(import, place, one, one->argument, &value);
			if (!value.length && one->older)
				add_value(import, place, one, one->older, &value);
		}
		if (!value.length && field->required) {
			*ret_missing = *field->key ? field->key : field->argument;
			return false;
		}
		if (value.length)
			text_addf(&line, "%s%s %s", *field->key ? " " : "", field->key,
				  text_get(&value));
	}
	tf_line(import, place.resource, "%s", text_get(&line));
	return true;
}

/* ---- names ---- */

static bool take_name(struct tf_import *import, const char *name)
{
	char *lower = arena_strdup(&import->document.arena, name);
	struct tf_taken *taken;

	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	HASH_FIND_STR(import->taken, lower, taken);
	if (taken)
		return false;
	taken = arena_alloc(&import->document.arena, sizeof(*taken));
	taken->name = lower;
	HASH_ADD_KEYPTR(hh, import->taken, lower, strlen(lower), taken);
	return true;
}

/* Make a name out of any text: a letter first, then what a name may hold. NULL: nothing is left. */
static const char *fit_name(struct tf_import *import, const char *text)
{
	char name[NAME_MAX_LENGTH - 8];
	size_t n = 0;

	for (const char *c = text; *c && n + 1 < sizeof(name); c++) {
		const bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');

		if (letter || (n > 0 && ((*c >= '0' && *c <= '9') || strchr("._-", *c))))
			name[n++] = *c;
		else if (n > 0 && name[n - 1] != '-')
			name[n++] = '-';
	}
	while (n > 0 && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	return n >= 2 && !command_is_reserved(import->language, name)
		       ? arena_strdup(&import->document.arena, name)
		       : NULL;
}

/* The resource's own label with those of its modules and its index: no two are the same. */
static const char *label_text(struct tf_import *import, const struct tf_resource *resource)
{
	struct arena *arena = &import->document.arena;
	const char *label = resource->name;

	if (json_is_integer(resource->index))
		label = arena_printf(arena, "%s-%lld", label,
				     (long long)json_integer_value(resource->index));
	else if (json_is_string(resource->index))
		label = arena_printf(arena, "%s-%s", label, json_string_value(resource->index));
	for (const struct tf_module *module = resource->module; module->parent;
	     module = module->parent)
		label = arena_printf(arena, "%s-%s", module->name, label);
	return label;
}

/* What the console shows, where it fits and nobody has it yet; NULL: there is no such name. */
static const char *display_name(struct tf_import *import, const struct tf_type *type,
				const struct tf_resource *resource)
{
	const char *name = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(type->called_by) && type->called_by[i] && !name; i++)
		name = strcmp(type->called_by[i], "tags") == 0
			       ? tf_string(json_object_get(resource->values, "tags"), "Name")
			       : tf_string(resource->values, type->called_by[i]);
	name = name ? fit_name(import, name) : NULL;
	return name && take_name(import, name) ? name : NULL;
}

/* The label, which may need its type or a number besides. */
static const char *label_name(struct tf_import *import, const struct tf_resource *resource)
{
	struct arena *arena = &import->document.arena;
	const char *label = label_text(import, resource), *name = fit_name(import, label),
		   *type = strchr(resource->type, '_');

	if (name && take_name(import, name))
		return name;
	label = arena_printf(arena, "%s-%s", type ? type + 1 : resource->type, label);
	name = fit_name(import, label);
	for (unsigned n = 2; !name || !take_name(import, name); n++)
		name = fit_name(import, arena_printf(arena, "%.100s-%u", label, n));
	return name;
}

/* Display names first, all of them, so that no label takes one away. */
static void choose_names(struct tf_import *import)
{
	const struct tf_document *document = &import->document;

	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < document->n_resource; i++) {
			struct tf_resource *resource = document->resource[i];
			const struct tf_type *type = find_type(import->types, resource->type);

			if (type && type->is_named && !resource->noun_name)
				resource->noun_name = pass ? label_name(import, resource)
							   : display_name(import, type, resource);
		}
}

/* ---- the whole ---- */

/* What no row knows is told once a type. */
static void note_unknown_types(struct tf_import *import)
{
	const struct tf_document *document = &import->document;
	struct terraform *result = import->result;
	size_t first = result->n_note;

	for (size_t i = 0; i < document->n_resource; i++) {
		const char *type = document->resource[i]->type;
		size_t at = first;

		if (find_type(import->types, type))
			continue;
		while (at < result->n_note && strcmp(result->note[at].address, type) != 0)
			at++;
		if (at == result->n_note)
			*ARRAY_PUSH(result->note, result->n_note) = (struct terraform_note){
				.kind = TERRAFORM_LEFT_OUT,
				.address = arena_strdup(&result->arena, type),
				.text = "the lab has no word for it; flows through it are unknown",
			};
		result->note[at].count++;
	}
}

static void translate_resource(struct tf_import *import, const struct tf_type *type,
			       struct tf_resource *resource)
{
	auto_text beginning = { 0 };
	const char *missing;

	if (type->is_named && !resource->noun_name)
		return; /* left out already */
	if (type->translate && !type->translate(import, resource))
		return;
	if (!type->command)
		return;
	text_add(&beginning, type->command);
	if (type->is_named)
		text_addf(&beginning, " %s", resource->noun_name);
	if (!tf_write_fields(import, tf_place(resource), text_get(&beginning), type->field,
			     &missing))
		tf_leave_out(import, resource, "its %s is not in the file, or not in the lab",
			     missing);
}

static bool has_address(const struct tf_resource *resource)
{
	return tf_address(resource->values, "private_ip") ||
	       tf_address(resource->values, "primary_ip_address") ||
	       tf_address(resource->values, "private_ips");
}

/*
 * All resources of a type. Types that take private addresses go together, those first whose address
 * is known, so that none is given away before.
 */
static void translate_types(struct tf_import *import, const struct tf_type *type, bool known)
{
	const struct tf_document *document = &import->document;

	do
		for (size_t i = 0; i < document->n_resource; i++)
			if (tf_is(document->resource[i], type->type) &&
			    (!type->takes_address || has_address(document->resource[i]) == known))
				translate_resource(import, type, document->resource[i]);
	while (type++->takes_address && type->takes_address);
}

static void translate_all(struct tf_import *import)
{
	choose_names(import);
	for (const struct tf_type *type = import->types; type->type; type++) {
		if (type->takes_address && type[-1].takes_address)
			continue; /* done with the one before */
		translate_types(import, type, true);
		if (type->takes_address)
			translate_types(import, type, false);
	}
	note_unknown_types(import);
}

static bool is_of_aws(const struct tf_document *document)
{
	for (size_t i = 0; i < document->n_resource; i++)
		if (strncmp(document->resource[i]->type, "aws_", 4) == 0)
			return true;
	return false;
}

static bool is_of_2021(const struct tf_document *document)
{
	for (size_t i = 0; i < document->n_resource; i++) {
		const struct tf_resource *resource = document->resource[i];
		const char *nat_type = tf_string(resource->values, "nat_type"),
			   *cidr = tf_address(resource->values, "cidr_block");
		struct prefix prefix;

		if (tf_is(resource, "alicloud_nat_gateway") && nat_type &&
		    strcasecmp(nat_type, "Normal") == 0)
			return true;
		if (tf_is(resource, "alicloud_vpc") && cidr && prefix_parse(cidr, &prefix) == 0 &&
		    prefix.length < 16)
			return true;
	}
	return false;
}

int terraform_import(const char *json, size_t length, const struct language *language,
		     struct terraform *ret_terraform, struct error *err)
{
	struct tf_import import = { .result = ret_terraform, .language = language };
	int r;

	*ret_terraform = (struct terraform){ 0 };
	r = tf_document_read(&import.document, json, length, err);
	if (r < 0) {
		tf_document_free(&import.document);
		return r;
	}
	text_addf(&import.text, "# From Terraform: what the %s holds.\n",
		  import.document.is_plan ? "plan" : "state");
	if (is_of_aws(&import.document)) {
		import.types = tf_aws_types;
		text_add(&import.text, "provider aws\n");
	} else {
		import.types = tf_alicloud_types;
		/* What is kept in Terraform is of today; only what is no longer sold, and VPCs of
		 * more than a /16, are of the documents' time. */
		text_addf(&import.text, "profile %s\n",
			  is_of_2021(&import.document) ? "2021" : "today");
	}
	translate_all(&import);
	ret_terraform->text = text_take(&import.text);
	HASH_CLEAR(hh, import.taken);
	tf_document_free(&import.document);
	return 0;
}

bool terraform_is_json(const char *text, size_t length)
{
	size_t at = 0;

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < length && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	return at < length && text[at] == '{';
}

void terraform_free(struct terraform *terraform)
{
	free(terraform->text);
	free(terraform->note);
	arena_free(&terraform->arena);
	*terraform = (struct terraform){ 0 };
}
