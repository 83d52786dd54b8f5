/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/configuration.h"

#include <string.h>

#include "core/base/cleanup.h"

static void write_string(struct text *text, const char *s)
{
	const size_t length = strlen(s);

	if (length > 3 && strncmp(s, "${", 2) == 0 && strchr(s, '}') == s + length - 1) {
		text_add_n(text, s + 2, length - 3);
		return;
	}
	text_add_char(text, '"');
	for (; *s; s++)
		text_addf(text, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	text_add_char(text, '"');
}

/* A reference in `depends_on` is one without a sign. */
static void write_value(struct text *text, const json_t *value, bool is_reference)
{
	const json_t *entry;
	size_t i;

	if (json_is_array(value)) {
		text_add_char(text, '[');
		json_array_foreach(value, i, entry) {
			text_add(text, i ? ", " : "");
			write_value(text, entry, is_reference);
		}
		text_add_char(text, ']');
	} else if (json_is_integer(value)) {
		text_addf(text, "%lld", (long long)json_integer_value(value));
	} else if (json_is_boolean(value)) {
		text_add(text, json_is_true(value) ? "true" : "false");
	} else if (is_reference) {
		text_add(text, json_string_value(value));
	} else {
		write_string(text, json_string_value(value));
	}
}

static bool is_argument(const char *key, const json_t *value)
{
	return strcmp(key, "depends_on") != 0 && !json_is_object(value) &&
	       !json_is_object(json_array_get(value, 0));
}

static void write_body(struct text *text, const json_t *body, int depth);

static void write_nested(struct text *text, const char *head, const json_t *body, int depth)
{
	text_addf(text, "%*s%s {\n", depth * 2, "", head);
	write_body(text, body, depth + 1);
	text_addf(text, "%*s}\n", depth * 2, "");
}

/* The signs of neighbouring lines stand below each other; blocks and maps come behind an empty
 * line. */
static void write_body(struct text *text, const json_t *body, int depth)
{
	const json_t *value, *entry;
	const char *key, *gap = "";
	size_t i;
	int width = 0;

	json_object_foreach((json_t *)(uintptr_t)body, key, value)
		if (is_argument(key, value) && (int)strlen(key) > width)
			width = (int)strlen(key);
	json_object_foreach((json_t *)(uintptr_t)body, key, value) {
		if (!is_argument(key, value))
			continue;
		text_addf(text, "%*s%-*s = ", depth * 2, "", width, key);
		write_value(text, value, false);
		text_add_char(text, '\n');
		gap = "\n";
	}
	json_object_foreach((json_t *)(uintptr_t)body, key, value) {
		auto_free char *map = xprintf("%s =", key);

		if (is_argument(key, value))
			continue;
		if (strcmp(key, "depends_on") == 0) {
			text_addf(text, "%s%*s%s ", gap, depth * 2, "", map);
			write_value(text, value, true);
			text_add_char(text, '\n');
		} else if (json_is_object(value)) {
			text_add(text, gap);
			write_nested(text, map, value, depth);
		}
		json_array_foreach(json_is_object(json_array_get(value, 0)) ? value : NULL, i,
				   entry) {
			text_add(text, gap);
			write_nested(text, key, entry, depth);
			gap = "\n";
		}
		gap = "\n";
	}
}

static const char *type_of(const struct tf_variable *variable)
{
	return variable->is_map ? "map(string)" : "string";
}

/* Is the variable somewhere in what was written? */
static bool is_used(const struct tf_variable *variable, const char *text)
{
	auto_free char *reference = xprintf("var.%s", variable->name);

	return strstr(text, reference) != NULL;
}

char *tf_write_hcl(const struct tf_configuration *configuration)
{
	const struct tf_provider *provider = configuration->provider;
	auto_text resources = { 0 };
	struct text text = { 0 };

	for (size_t i = 0; i < configuration->n_block; i++) {
		const struct tf_block *block = configuration->block[i];
		const bool is_data = tf_is_data(block->type);
		auto_free char *head = xprintf("%s \"%s\" \"%s\"", is_data ? "data" : "resource",
					       block->type + (is_data ? strlen(TF_DATA) : 0),
					       block->label);

		text_add_char(&resources, '\n');
		if (block->unsaid)
			text_addf(&resources, "# In the lab: %s\n", block->unsaid);
		write_nested(&resources, head, block->body, 0);
	}
	text_addf(&text,
		  "terraform {\n  required_providers {\n    %.*s = {\n      source = \"%s\"\n"
		  "    }\n  }\n}\n",
		  (int)strlen(provider->prefix) - 1, provider->prefix, provider->source);
	for (const struct tf_variable *variable = provider->variables; variable->name; variable++)
		if (is_used(variable, text_get(&resources)))
			text_addf(&text,
				  "\nvariable \"%s\" {\n  type        = %s\n"
				  "  description = \"%s\"\n}\n",
				  variable->name, type_of(variable), variable->description);
	text_add(&text, text_get(&resources));
	if (configuration->unsaid.length)
		text_addf(&text, "\n# What Terraform has no word for:\n#\n%s",
			  text_get(&configuration->unsaid));
	return text_take(&text);
}

char *tf_write_json(const struct tf_configuration *configuration)
{
	const struct tf_provider *provider = configuration->provider;
	auto_free char *name = xstrndup(provider->prefix, strlen(provider->prefix) - 1);
	json_t *root = json_pack("{s:{s:{s:{s:s}}},s:{},s:{}}", "terraform", "required_providers",
				 name, "source", provider->source, "variable", "resource");
	json_t *resources = json_object_get(root, "resource"), *data = json_object(), *of_type;
	auto_free char *dumped = NULL, *whole = NULL;

	for (size_t i = 0; i < configuration->n_block; i++) {
		const struct tf_block *block = configuration->block[i];
		const bool is_data = tf_is_data(block->type);
		const char *type = block->type + (is_data ? strlen(TF_DATA) : 0);

		of_type = json_object_get(is_data ? data : resources, type);
		if (!of_type) {
			of_type = json_object();
			json_object_set_new(is_data ? data : resources, type, of_type);
		}
		if (block->unsaid)
			json_object_set_new(block->body, "//", json_string(block->unsaid));
		json_object_set(of_type, block->label, block->body);
	}
	dumped = json_dumps(resources, 0);
	for (const struct tf_variable *variable = provider->variables; variable->name; variable++)
		if (is_used(variable, dumped))
			json_object_set_new(json_object_get(root, "variable"), variable->name,
					    json_pack("{s:s,s:s}", "type", type_of(variable),
						      "description", variable->description));
	if (json_object_size(data))
		json_object_set(root, "data", data);
	json_decref(data);
	if (configuration->unsaid.length)
		json_object_set_new(root, "//", json_string(text_get(&configuration->unsaid)));
	whole = json_dumps(root, JSON_INDENT(2));
	json_decref(root);
	return xprintf("%s\n", whole);
}
