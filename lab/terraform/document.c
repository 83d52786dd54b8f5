/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/document.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"

struct tf_identity {
	const char *value;
	struct tf_identity_of *of;
	size_t n_of;
	UT_hash_handle hh;
};

struct tf_label {
	const char *key;
	struct tf_resource **resource;
	size_t n_resource;
	UT_hash_handle hh;
};

const char *tf_string(const json_t *values, const char *attribute)
{
	const char *s = json_string_value(json_object_get(values, attribute));

	return s && *s ? s : NULL;
}

bool tf_same_index(const json_t *a, const json_t *b)
{
	return json_equal((json_t *)(uintptr_t)a, (json_t *)(uintptr_t)b);
}

const struct tf_identity_of *tf_by_value(const struct tf_document *document, const char *value,
					 size_t *ret_n)
{
	struct tf_identity *identity;

	HASH_FIND_STR(document->identities, value, identity);
	*ret_n = identity ? identity->n_of : 0;
	return identity ? identity->of : NULL;
}

static void add_identity(struct tf_document *document, struct tf_resource *resource,
			 const char *attribute)
{
	const char *value = tf_string(resource->values, attribute);
	struct tf_identity *identity;

	if (!value)
		return;
	HASH_FIND_STR(document->identities, value, identity);
	if (!identity) {
		identity = xnew(struct tf_identity);
		identity->value = value;
		HASH_ADD_KEYPTR(hh, document->identities, value, strlen(value), identity);
	}
	*ARRAY_PUSH(identity->of, identity->n_of) =
		(struct tf_identity_of){ .resource = resource, .attribute = attribute };
}

/* A label is looked up within one instance of a module. */
static char *label_key(struct arena *arena, const struct tf_module *module, const char *type,
		       const char *name)
{
	return arena_printf(arena, "%s %s.%s", module->address, type, name);
}

struct tf_resource *const *tf_by_label(const struct tf_document *document,
				       const struct tf_module *module, const char *type,
				       const char *name, size_t *ret_n)
{
	struct arena arena = { 0 };
	struct tf_label *label;

	HASH_FIND_STR(document->labels, label_key(&arena, module, type, name), label);
	arena_free(&arena);
	*ret_n = label ? label->n_resource : 0;
	return label ? label->resource : NULL;
}

static void add_label(struct tf_document *document, struct tf_resource *resource)
{
	const char *key =
		label_key(&document->arena, resource->module, resource->type, resource->name);
	struct tf_label *label;

	HASH_FIND_STR(document->labels, key, label);
	if (!label) {
		label = xnew(struct tf_label);
		label->key = key;
		HASH_ADD_KEYPTR(hh, document->labels, key, strlen(key), label);
	}
	*ARRAY_PUSH(label->resource, label->n_resource) = resource;
}

/* The block of a configuration that a resource is an instance of. */
static const json_t *find_block(const struct tf_module *module, const char *type, const char *name)
{
	const json_t *blocks = json_object_get(module->configuration, "resources");
	const json_t *block;
	size_t i;

	json_array_foreach(blocks, i, block)
	{
		const char *mode = tf_string(block, "mode"), *of = tf_string(block, "type"),
			   *called = tf_string(block, "name");

		if (mode && of && called && strcmp(mode, "managed") == 0 && strcmp(of, type) == 0 &&
		    strcmp(called, name) == 0)
			return block;
	}
	return NULL;
}

static void read_resource(struct tf_document *document, const struct tf_module *module,
			  const json_t *entry)
{
	static const char *const identities[] = {
		"id",
		"snat_table_ids",
		"forward_table_ids",
		"route_table_id",
		"ip_address",
		"router_table_id",
		"main_route_table_id",
		"public_ip",
		"private_ip",
		"primary_ip_address",
		"default_route_table_id",
		"allocation_id",
		"default_security_group_id",
	};
	const char *mode = tf_string(entry, "mode"), *type = tf_string(entry, "type"),
		   *name = tf_string(entry, "name"), *address = tf_string(entry, "address");
	struct tf_resource *resource;

	if (!mode || !type || !name || !address || strcmp(mode, "managed") != 0)
		return;
	resource = arena_alloc(&document->arena, sizeof(*resource));
	resource->address = address;
	resource->type = type;
	resource->name = name;
	resource->index = json_object_get(entry, "index");
	resource->values = json_object_get(entry, "values");
	resource->module = module;
	resource->block = find_block(module, type, name);
	*ARRAY_PUSH(document->resource, document->n_resource) = resource;
	add_label(document, resource);
	for (size_t i = 0; i < ARRAY_SIZE(identities); i++)
		add_identity(document, resource, identities[i]);
}

/*
 * The name and the index of the last module in an address such as module.a.module.b["x.y"]. Keys
 * may hold dots and brackets, so the last step is found by reading the address from its start.
 */
static void split_module_address(struct tf_document *document, struct tf_module *module)
{
	const char *at = module->address;

	while (strncmp(at, "module.", 7) == 0) {
		size_t length = strcspn(at + 7, ".[");
		const char *index;

		module->name = arena_printf(&document->arena, "%.*s", (int)length, at + 7);
		json_decref((json_t *)(uintptr_t)module->index);
		module->index = NULL;
		at += 7 + length;
		if (*at == '[') {
			index = at + 1;
			for (at++; *at && *at != ']'; at++)
				if (*at == '"')
					for (at++; *at && *at != '"'; at++)
						at += *at == '\\' && at[1];
			module->index =
				json_loadb(index, (size_t)(at - index), JSON_DECODE_ANY, NULL);
			at += *at == ']';
		}
		at += *at == '.';
	}
}

enum { MODULES_DEEP = 64 };

static void read_module(struct tf_document *document, const struct tf_module *parent,
			const json_t *tree, unsigned depth)
{
	struct tf_module *module = arena_alloc(&document->arena, sizeof(*module));
	const char *address = tf_string(tree, "address");
	const json_t *entry;
	size_t i;

	module->address = address && parent ? address : "";
	module->parent = parent;
	split_module_address(document, module);
	*ARRAY_PUSH(document->module, document->n_module) = module;
	if (parent && module->name) {
		module->call = json_object_get(
			json_object_get(parent->configuration, "module_calls"), module->name);
		module->configuration = json_object_get(module->call, "module");
	} else if (!parent) {
		module->configuration = json_object_get(
			json_object_get(document->root, "configuration"), "root_module");
	}
	json_array_foreach(json_object_get(tree, "resources"), i, entry)
		read_resource(document, module, entry);
	json_array_foreach(json_object_get(tree, "child_modules"), i,
			   entry) if (depth < MODULES_DEEP)
		read_module(document, module, entry, depth + 1);
}

static int refuse_other(const json_t *root, struct error *err)
{
	if (json_object_get(root, "version") && json_object_get(root, "resources")) {
		error_set(err, -EINVAL,
			  "this is Terraform's own state file, whose form is not documented");
		error_hint(err, "terraform show -json > state.json");
		return -EINVAL;
	}
	error_set(err, -EINVAL, "this JSON is neither a plan nor a state of Terraform");
	error_hint(err, "terraform show -json PLANFILE > plan.json");
	return -EINVAL;
}

int tf_document_read(struct tf_document *document, const char *json, size_t length,
		     struct error *err)
{
	const char *version;
	const json_t *values;
	json_error_t fault;

	*document = (struct tf_document){ 0 };
	document->root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &fault);
	if (!document->root)
		return error_set(err, -EINVAL, "line %d, column %d of the JSON: %s", fault.line,
				 fault.column, fault.text);
	version = tf_string(document->root, "format_version");
	if (!version)
		return refuse_other(document->root, err);
	if (strncmp(version, "0.", 2) != 0 && strncmp(version, "1.", 2) != 0)
		return error_set(
			err, -EINVAL,
			"the format of this JSON is version %.32s, and only 0 and 1 are known",
			version);
	values = json_object_get(document->root, "planned_values");
	document->is_plan = values != NULL;
	if (!values)
		values = json_object_get(document->root, "values");
	read_module(document, NULL, json_object_get(values, "root_module"), 0);
	return 0;
}

void tf_document_free(struct tf_document *document)
{
	struct tf_identity *identity, *next_identity;
	struct tf_label *label, *next_label;

	HASH_ITER(hh, document->identities, identity, next_identity)
	{
		HASH_DEL(document->identities, identity);
		free(identity->of);
		free(identity);
	}
	HASH_ITER(hh, document->labels, label, next_label)
	{
		HASH_DEL(document->labels, label);
		free(label->resource);
		free(label);
	}
	for (size_t i = 0; i < document->n_module; i++)
		json_decref((json_t *)(uintptr_t)document->module[i]->index);
	free(document->module);
	free(document->resource);
	json_decref(document->root);
	arena_free(&document->arena);
	*document = (struct tf_document){ 0 };
}
