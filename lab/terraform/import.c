/* SPDX-License-Identifier: GPL-3.0-only */
/* A plan or a state as a lab: its resources, in the order of the table. */
#include "lab/terraform/import.h"

#include <stdlib.h>
#include <string.h>
/* ---- one resource ---- */

/* It stands for a part of another resource, which has brought it. */
static void identify(struct tf_import *import, const struct tf_row *row,
		     struct tf_resource *resource)
{
	const struct tf_resource *of =
		tf_refers_to(import, tf_place(resource), row->is_argument, row->is);

	if (row->unless.argument &&
	    tf_says(resource->values, row->unless.argument, row->unless.word)) {
		tf_leave_out(import, resource, row->unless.why);
		return;
	}
	/* Of what is looked up the first is meant, which is any where the file does not say it. (Of
	 * a gateway's NAT IPs it is the default one. cloud-semantics: pnat-6) */
	if (of && tf_is_data(row->type) && row->unless.argument &&
	    !json_object_get(resource->values, row->unless.argument)) {
		tf_note(import, TERRAFORM_GUESSED, resource->address,
			"what it finds first is taken to be %s%s", of->noun_name, row->is->suffix);
		import->result->n_guessed++;
	}
	if (of)
		resource->noun_name = arena_printf(&import->document.arena, "%s%s", of->noun_name,
						   row->is->suffix);
	else
		tf_leave_out(import, resource, "its VPC is not in the file");
}

static void translate_resource(struct tf_import *import, const struct tf_row *row,
			       struct tf_resource *resource)
{
	const bool is_named = resource->maker != NULL;

	if (tf_is_maker(row) && row != resource->maker)
		return;
	if (row->is)
		identify(import, row, resource);
	if (is_named && !resource->noun_name)
		return; /* left out already */
	for (size_t i = 0; row->block && i < tf_n_nested(resource, row->block); i++)
		tf_translate(import, row, tf_nested(resource, row->block, i), i + 1);
	if (!row->block && row->command && (is_named || !resource->done)) {
		struct tf_place place = tf_place(resource->part ? resource->part : resource);

		place.resource = resource;
		tf_translate(import, row, place, 0);
	}
	if (resource->noun_name)
		tf_take_given(import, row, resource);
}

/* ---- the whole ---- */

static bool has_address(const struct tf_resource *resource)
{
	return tf_address(resource->values, "private_ip") ||
	       tf_address(resource->values, "primary_ip_address") ||
	       tf_address(resource->values, "private_ips");
}

enum { CHAIN_MAX = 64 };

/* A resource, behind those of its type that Terraform makes before it. */
static void translate_in_order(struct tf_import *import, const struct tf_row *row,
			       struct tf_resource *resource, unsigned depth)
{
	const json_t *entry;
	size_t i;

	if (resource->row == row)
		return;
	resource->row = row;
	json_array_foreach(resource->depends_on, i, entry) {
		const char *text = json_string_value(entry), *at = text;
		struct tf_resources before;

		for (const char *type; text && (type = strstr(at, row->type)); at = type + 1)
			text = type;
		if (!text || strncmp(text, row->type, strlen(row->type)) != 0 ||
		    text[strlen(row->type)] != '.' || depth == CHAIN_MAX)
			continue;
		before = tf_by_label(&import->document, resource->module, row->type,
				     text + strlen(row->type) + 1);
		for (size_t k = 0; k < before.n; k++)
			translate_in_order(import, row, before.resource[k], depth + 1);
	}
	translate_resource(import, row, resource);
}

/*
 * All resources of a row. Rows that take private addresses go together, those first whose address
 * is known, so that none is given away before.
 */
static void translate_rows(struct tf_import *import, const struct tf_row *row, bool known)
{
	do {
		const struct tf_resources of = tf_by_type(&import->document, row->type);

		for (size_t i = 0; i < of.n; i++)
			if (!row->takes_address || has_address(of.resource[i]) == known)
				translate_in_order(import, row, of.resource[i], 0);
	} while (row++->takes_address && row->takes_address);
}

static struct tf_target *list_named(struct tf_import *import)
{
	struct tf_target *named = NULL;
	size_t n = 0;

	for (const struct tf_row *row = import->provider->rows; row->type; row++)
		if (tf_is_maker(row))
			ARRAY_PUSH(named, n)->type = row->type;
	ARRAY_PUSH(named, n)->type = NULL;
	return named;
}

/* What says more of another resource is beside it when that is translated. */
static void join(struct tf_import *import, const struct tf_row *row)
{
	const struct tf_resources of = tf_by_type(&import->document, row->type);

	for (size_t i = 0; row->joins && i < of.n; i++) {
		struct tf_resource *owner = tf_refers_to(import, tf_place(of.resource[i]),
							 row->field[0].argument, row->field[0].to),
				   **last = owner ? &owner->joins : NULL;

		while (last && *last)
			last = &(*last)->next_join;
		if (last)
			*last = of.resource[i];
		else
			tf_leave_out(import, of.resource[i],
				     "what it is added to is not in the file");
	}
}

static void translate_all(struct tf_import *import)
{
	tf_choose_names(import);
	import->named = list_named(import);
	if (import->provider->prepare)
		import->provider->prepare(import);
	for (const struct tf_row *row = import->provider->rows; row->type; row++)
		join(import, row);
	for (const struct tf_row *row = import->provider->rows; row->type; row++) {
		if (row->profile && import->profile && strcmp(row->profile, import->profile) != 0)
			continue;
		if (row->takes_address && row[-1].takes_address)
			continue; /* done with the one before */
		translate_rows(import, row, true);
		if (row->takes_address)
			translate_rows(import, row, false);
	}
}

static bool is_of(const struct tf_document *document, const struct tf_provider *provider)
{
	for (size_t i = 0; i < document->n_resource; i++)
		if (strncmp(document->resource[i]->type, provider->prefix,
			    strlen(provider->prefix)) == 0)
			return true;
	return false;
}

static void import_free(struct tf_import *import)
{
	free(import->named);
	tf_lines_free(import);
	tf_document_free(&import->document);
}

int terraform_import(char *json, size_t length, const struct language *language,
		     struct terraform *ret_terraform, struct error *err)
{
	struct tf_import import = { .result = ret_terraform, .language = language };
	struct tf_document *document = &import.document;
	struct tf_words *words = tf_words_new();
	struct text text = { 0 };
	int r;

	*ret_terraform = (struct terraform){ 0 };
	r = tf_document_read(document, json, length, words, err);
	tf_words_free(words);
	if (r < 0) {
		import_free(&import);
		return r;
	}
	import.provider = is_of(document, &tf_aws) ? &tf_aws : &tf_alicloud;
	translate_all(&import);
	tf_note_whole(&import);
	text_addf(&text, "# From Terraform: what the %s holds.\n",
		  document->is_plan ? "plan" : "state");
	if (document->n_delete && document->n_resource == 0)
		text_addf(&text, "# Nothing: it deletes all that is there.\n");
	if (import.profile)
		text_addf(&text, "profile %s\n", import.profile);
	else
		text_add(&text, "provider aws\n");
	tf_write_quotas(&import, &text);
	tf_write_lines(&import, &text);
	tf_write_near(&import, &text);
	ret_terraform->text = text_take(&text);
	import_free(&import);
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
	free(terraform->origin);
	arena_free(&terraform->arena);
	*terraform = (struct terraform){ 0 };
}
