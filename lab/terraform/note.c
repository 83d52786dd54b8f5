/* SPDX-License-Identifier: GPL-3.0-only */
/* What an import has to tell: guesses, and what is left out, here and in the lab. */
#include <string.h>

#include "core/base/hash.h"
#include "lab/language/tokenizer.h"
#include "lab/terraform/import.h"

/* Resources that are left out, and flows by NAME would touch. */
struct tf_near {
	const char *name;
	struct text addresses;
	unsigned n;
	UT_hash_handle hh;
};

struct terraform_note *tf_note(struct tf_import *import, enum terraform_note_kind kind,
			       const char *address, const char *format, ...)
{
	struct terraform *result = import->result;
	struct terraform_note *note = ARRAY_PUSH(result->note, result->n_note);
	char *text = xprintf_own(format);
	note->kind = kind;
	note->address = arena_strdup(&result->arena, address);
	note->text = arena_strdup(&result->arena, text);
	free(text);
	return note;
}

enum { NEAR_MAX = 3 }; /* addresses that one note lists */

static void add_near(struct tf_import *import, const char *name, const struct tf_resource *resource)
{
	struct tf_near *near;

	HASH_FIND_STR(import->near, name, near);
	if (!near) {
		near = arena_alloc(&import->document.arena, sizeof(*near));
		near->name = name;
		HASH_ADD_KEYPTR(hh, import->near, name, strlen(name), near);
	}
	if (near->n++ < NEAR_MAX)
		text_addf(&near->addresses, "%s%s", near->n > 1 ? ", " : "", resource->address);
}

/* What a resource that is left out is about: what it refers to, and of a VPC only where there is
 * nothing nearer. */
void tf_touch(struct tf_import *import, struct tf_resource *resource)
{
	const json_t *expressions = json_object_get(resource->block, "expressions");
	const char *vpc = NULL, *argument;
	const json_t *of[] = { resource->values, expressions }, *ignored;
	bool found = resource->noun_name != NULL;

	if (found)
		add_near(import, resource->noun_name, resource);
	for (size_t k = 0; k < ARRAY_SIZE(of); k++)
		json_object_foreach((json_t *)(uintptr_t)of[k], argument, ignored) {
			struct tf_links links;

			/* What is known is no news in the expressions. */
			if (k == 1 && json_object_get(resource->values, argument))
				continue;
			tf_find_links(&import->document, resource,
				      json_object_get(resource->values, argument),
				      json_object_get(expressions, argument), import->named,
				      &links);
			for (size_t i = 0; i < links.n_link; i++) {
				const struct tf_resource *to = links.link[i];
				const char *name = (to->part_of ? to->part_of : to)->noun_name;

				if (!name || to == resource)
					continue;
				if (tf_is_vpc(to)) {
					vpc = name;
					continue;
				}
				add_near(import, name, resource);
				found = true;
			}
			tf_links_free(&links);
		}
	if (!found && vpc)
		add_near(import, vpc, resource);
}

void tf_leave_out(struct tf_import *import, struct tf_resource *resource, const char *why)
{
	tf_note(import, TERRAFORM_LEFT_OUT, resource->address, "%s", why);
	resource->noun_name = NULL;
	tf_touch(import, resource);
}

void tf_write_near(struct tf_import *import, struct text *text)
{
	if (import->near)
		text_add(text, "\n# What is left out, where flows would come by it\n");
	for (struct tf_near *near = import->near; near; near = near->hh.next) {
		auto_text sentence = { 0 };

		text_add(&sentence, text_get(&near->addresses));
		if (near->n > NEAR_MAX)
			text_addf(&sentence, " and %u more", near->n - NEAR_MAX);
		text_add(&sentence, " of Terraform: not in the lab, and flows by it are unknown");
		text_addf(text, "note %s ", near->name);
		text_add_word(text, text_get(&sentence));
		text_add_char(text, '\n');
		text_free(&near->addresses);
	}
	HASH_CLEAR(hh, import->near);
}

/* Keys, rights, commands and what helps a configuration: beginnings of types. */
static bool meets_packets(const char *type)
{
	static const char *const others[] = { "random_",
					      "null_",
					      "tls_",
					      "time_",
					      "local_",
					      "template_",
					      "archive_",
					      "terraform_",
					      "alicloud_ecs_command",
					      "alicloud_ecs_invocation",
					      "alicloud_ecs_key_pair",
					      "alicloud_key_pair",
					      "alicloud_ram_",
					      "alicloud_resource_manager_",
					      "aws_key_pair",
					      "aws_iam_" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (strncmp(type, others[i], strlen(others[i])) == 0)
			return false;
	return true;
}

/* What no row knows is told once a type. */
static void note_unknown_types(struct tf_import *import)
{
	struct tf_resources of;

	for (struct tf_list *type = NULL; (type = tf_next_type(&import->document, type, &of));) {
		const char *name = of.resource[0]->type;
		const bool meets = meets_packets(name);
		auto_text addresses = { 0 };

		if (tf_row_of(import->provider->rows, name))
			continue;
		for (size_t i = 0; meets && i < of.n; i++) {
			tf_touch(import, of.resource[i]);
			if (i < NEAR_MAX)
				text_addf(&addresses, "%s%s", i ? ", " : "",
					  of.resource[i]->address);
		}
		if (meets && of.n > NEAR_MAX)
			text_addf(&addresses, " and %zu more", of.n - NEAR_MAX);
		tf_note(import, meets ? TERRAFORM_LEFT_OUT : TERRAFORM_PASSED_OVER, name, "%s%s",
			meets ? "the lab has no word for it; flows through it are unknown: "
			      : "no packet meets it",
			text_get(&addresses))
			->count = (unsigned)of.n;
	}
}

void tf_note_whole(struct tf_import *import)
{
	const struct tf_document *document = &import->document;

	note_unknown_types(import);
	for (size_t i = 0; i < document->n_resource; i++)
		if (document->resource[i]->is_again)
			tf_note(import, TERRAFORM_GUESSED, document->resource[i]->address,
				"it stands in the file more than once, and so in the lab");
	if (document->format)
		tf_note(import, TERRAFORM_GUESSED, "format_version",
			"%.32s, newer than what was tried, is read as 1.2", document->format);
	if (document->n_sensitive)
		tf_note(import, TERRAFORM_LEFT_OUT, "sensitive_values",
			"they are marked as not to be seen, and were not looked at")
			->count = document->n_sensitive;
}
