/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include "lab/terraform/table.h"
#include "lab/terraform/thin.h"

/* What is looked up by one key: a value, a label, a type. */
struct tf_list {
	struct tf_resource **resource;
	size_t n_resource;
	const json_t *block;      /* labels: the configuration; NULL in a state */
	struct tf_module *module; /* calls: the first instance */
	bool is_split;            /* values: there is a list for each VPC, too */
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

bool tf_is(const struct tf_resource *resource, const char *type)
{
	return strcmp(resource->type, type) == 0;
}

bool tf_is_data(const char *type)
{
	return strncmp(type, TF_DATA, strlen(TF_DATA)) == 0;
}

bool tf_is_vpc(const struct tf_resource *resource)
{
	return tf_is(resource, "alicloud_vpc") || tf_is(resource, "aws_vpc");
}

/* ---- look-ups ---- */

static struct tf_list *find_list(struct tf_list *lists, const char *key, size_t length)
{
	struct tf_list *list;

	HASH_FIND(hh, lists, key, length, list);
	return list;
}

/* The key is the caller's and stays. */
static struct tf_list *get_list(struct arena *arena, struct tf_list **lists, const char *key,
				size_t length)
{
	struct tf_list *list = find_list(*lists, key, length);

	if (list)
		return list;
	list = arena_alloc(arena, sizeof(*list));
	HASH_ADD_KEYPTR(hh, *lists, key, length, list);
	return list;
}

static void add_to_list(struct tf_list *list, struct tf_resource *resource)
{
	if (!list->n_resource || list->resource[list->n_resource - 1] != resource)
		*ARRAY_PUSH(list->resource, list->n_resource) = resource;
}

static struct tf_resources resources_of(const struct tf_list *list)
{
	return list ? (struct tf_resources){ list->resource, list->n_resource }
		    : (struct tf_resources){ 0 };
}

static void free_lists(struct tf_list **lists)
{
	for (struct tf_list *list = *lists; list; list = list->hh.next)
		free(list->resource);
	HASH_CLEAR(hh, *lists);
}

struct tf_resources tf_by_value(const struct tf_document *document, const char *value,
				size_t length)
{
	return resources_of(find_list(document->values, value, length));
}

struct tf_resources tf_by_type(const struct tf_document *document, const char *type)
{
	return resources_of(find_list(document->types, type, strlen(type)));
}

struct tf_list *tf_next_type(const struct tf_document *document, struct tf_list *before,
			     struct tf_resources *ret_resources)
{
	struct tf_list *next = before ? before->hh.next : document->types;

	*ret_resources = resources_of(next);
	return next;
}

/* A label is a block's address, which is that of its instances but for the index: TYPE.NAME. */
static char *label_key(const struct tf_module *module, const char *type, const char *name)
{
	return xprintf("%s%s%s.%s", module->address, *module->address ? "." : "", type, name);
}

static const struct tf_list *find_label(const struct tf_document *document,
					const struct tf_module *module, const char *type,
					const char *name)
{
	auto_free char *key = label_key(module, type, name);

	return find_list(document->labels, key, strlen(key));
}

static struct tf_list *get_label(struct tf_document *document, const struct tf_module *module,
				 const char *type, const char *name)
{
	auto_free char *key = label_key(module, type, name);

	return get_list(&document->arena, &document->labels, arena_strdup(&document->arena, key),
			strlen(key));
}

struct tf_resources tf_by_label(const struct tf_document *document, const struct tf_module *module,
				const char *type, const char *name)
{
	return resources_of(find_label(document, module, type, name));
}

/* An instance is listed by its whole address, too. */
struct tf_resource *tf_instance(const struct tf_document *document, const struct tf_module *module,
				const char *type, const char *name, const json_t *index)
{
	auto_free char *label = label_key(module, type, name),
		       *quoted = json_dumps(index, JSON_ENCODE_ANY),
		       *address = xprintf("%s[%s]", label, quoted ? quoted : "");
	const struct tf_list *list = find_list(document->labels, address, strlen(address));

	return list && list->n_resource ? list->resource[0] : NULL;
}

const struct tf_module *tf_by_call(const struct tf_document *document,
				   const struct tf_module *parent, const char *name)
{
	const struct tf_list *list = find_label(document, parent, "module", name);

	return list ? list->module : NULL;
}

/* Its own attributes; of what was looked up, those of the first object in a list. */
static void add_identities(struct tf_document *document, const struct tf_words *words,
			   struct tf_resource *resource, const json_t *values)
{
	const uint64_t types = tf_types_of(words, resource->type, strlen(resource->type));
	const char *attribute, *s;
	const json_t *value;

	/* Nothing refers to a type that no row knows. */
	if (types == TF_ANY_TYPE)
		return;
	json_object_foreach((json_t *)(uintptr_t)values, attribute, value) {
		s = json_string_value(value);
		if (s && *s && tf_is_identity(words, types, attribute))
			add_to_list(get_list(&document->arena, &document->values, s, strlen(s)),
				    resource);
		else if (json_is_array(value) && tf_is_data(resource->type))
			add_identities(document, words, resource, json_array_get(value, 0));
	}
}

enum { VPC_DEEP = 4 }; /* a rule of a table of a VPC, say */

/* The VPC that a resource is in, by what its own values lead to and nothing else has; or NULL. */
static const struct tf_resource *vpc_of(const struct tf_document *document,
					struct tf_resource *resource, unsigned deep)
{
	const char *attribute, *s;
	const json_t *value;

	if (tf_is_vpc(resource))
		return resource;
	if (resource->is_placed)
		return resource->vpc;
	resource->is_placed = true;
	json_object_foreach((json_t *)(uintptr_t)resource->values, attribute, value) {
		struct tf_resources of;

		s = json_string_value(value);
		of = s && deep ? tf_by_value(document, s, strlen(s)) : (struct tf_resources){ 0 };
		if (!resource->vpc && of.n == 1 && of.resource[0] != resource)
			resource->vpc = vpc_of(document, of.resource[0], deep - 1);
	}
	return resource->vpc;
}

static struct tf_list *get_pair(struct tf_document *document, const char *value, size_t length,
				const char *vpc)
{
	const char *key = arena_printf(&document->arena, "%.*s %s", (int)length, value, vpc);

	return get_list(&document->arena, &document->values, key, strlen(key));
}

struct tf_resources tf_by_value_beside(struct tf_document *document, struct tf_resource *beside,
				       const char *value, size_t length)
{
	struct tf_list *list = find_list(document->values, value, length);
	const struct tf_resource *vpc;

	for (size_t i = 0; list && !list->is_split && i < list->n_resource; i++) {
		struct tf_resource *resource = list->resource[i];

		vpc = vpc_of(document, resource, VPC_DEEP);
		if (vpc)
			add_to_list(get_pair(document, value, length, vpc->address), resource);
	}
	if (list)
		list->is_split = true;
	vpc = vpc_of(document, beside, VPC_DEEP);
	return vpc ? resources_of(get_pair(document, value, length, vpc->address))
		   : (struct tf_resources){ 0 };
}

/* ---- the tree ---- */

/* Nothing of the tree is freed but all of it, in one go. */
static _Thread_local struct arena *tree_arena;

static void *alloc_in_tree(size_t size)
{
	return arena_alloc(tree_arena, size);
}

static void free_in_tree(void *p)
{
	(void)p;
}

/* ---- resources ---- */

/* Take out what the state says is not to be seen. */
static unsigned hide_sensitive(json_t *values, const json_t *sensitive)
{
	const json_t *entry;
	const char *key;
	unsigned n = 0;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)sensitive, key, entry) {
		if (!json_is_true(entry))
			n += hide_sensitive(json_object_get(values, key), entry);
		else if (json_object_del(values, key) == 0)
			n++;
	}
	json_array_foreach(sensitive, i, entry) {
		if (!json_is_true(entry))
			n += hide_sensitive(json_array_get(values, i), entry);
		else if (json_array_set_new(values, i, json_null()) == 0)
			n++;
	}
	return n;
}

/* What is only looked at has a type of its own. */
static const char *type_of(struct tf_document *document, const char *mode, const char *type)
{
	if (!mode || !type || strcmp(mode, "managed") == 0)
		return mode ? type : NULL;
	return strcmp(mode, "data") == 0 ? arena_printf(&document->arena, TF_DATA "%s", type)
					 : NULL;
}

static void read_resource(struct tf_document *document, const struct tf_words *words,
			  const struct tf_module *module, const json_t *entry)
{
	const char *mode = tf_string(entry, "mode"), *type = tf_string(entry, "type"),
		   *name = tf_string(entry, "name"), *address = tf_string(entry, "address");
	const json_t *sensitive = json_object_get(entry, "sensitive_values");
	struct tf_resource *resource;
	struct tf_list *label, *at;
	size_t length;

	type = type_of(document, mode, type);
	if (!type || !name || !address)
		return;
	if (tf_is_data(type) && tf_types_of(words, type, strlen(type)) == TF_ANY_TYPE)
		return;
	length = strlen(module->address) + (*module->address != '\0') + strlen(type) + 1 +
		 strlen(name);
	label = strlen(address) < length
			? get_label(document, module, type, name)
			: get_list(&document->arena, &document->labels, address, length);
	resource = arena_alloc(&document->arena, sizeof(*resource));
	*resource = (struct tf_resource){
		.address = address,
		.type = type,
		.name = name,
		.index = json_object_get(entry, "index"),
		.values = json_object_get(entry, "values"),
		.depends_on = json_object_get(label->block ? label->block : entry, "depends_on"),
		.block = label->block,
		.module = module,
	};
	document->n_sensitive += hide_sensitive((json_t *)(uintptr_t)resource->values, sensitive);
	if (json_is_true(sensitive)) {
		resource->values = NULL;
		document->n_sensitive++;
	}
	*ARRAY_PUSH(document->resource, document->n_resource) = resource;
	at = resource->index
		     ? get_list(&document->arena, &document->labels, address, strlen(address))
		     : label;
	resource->is_again = at->n_resource > 0;
	add_to_list(label, resource);
	if (at != label)
		add_to_list(at, resource);
	add_to_list(get_list(&document->arena, &document->types, type, strlen(type)), resource);
	add_identities(document, words, resource, resource->values);
}

/* ---- modules ---- */

/* Keys may hold dots and brackets. */
const char *tf_read_index(const char *at, json_t **ret_index)
{
	const char *end;

	*ret_index = NULL;
	if (*at != '[')
		return at;
	for (end = at + 1; *end && *end != ']'; end++)
		if (*end == '"')
			for (end++; *end && *end != '"'; end++)
				end += *end == '\\' && end[1];
	*ret_index = json_loadb(at + 1, (size_t)(end - at) - 1, JSON_DECODE_ANY, NULL);
	return end + (*end == ']');
}

/* The name and the index of the last module in an address such as module.a.module.b["x.y"]. */
static void split_module_address(struct tf_document *document, struct tf_module *module)
{
	const char *at = module->address;
	json_t *index = NULL;

	while (strncmp(at, "module.", 7) == 0) {
		size_t length = strcspn(at + 7, ".[");

		module->name = arena_printf(&document->arena, "%.*s", (int)length, at + 7);
		json_decref(index);
		at = tf_read_index(at + 7 + length, &index);
		at += *at == '.';
	}
	module->index = index;
}

enum { MODULES_DEEP = 64 };

/* Blocks are known before their instances are read. */
static void read_configuration(struct tf_document *document, const struct tf_module *module)
{
	const json_t *block;
	size_t i;

	json_array_foreach(json_object_get(module->configuration, "resources"), i, block) {
		const char *mode = tf_string(block, "mode"), *type = tf_string(block, "type"),
			   *name = tf_string(block, "name");

		type = type_of(document, mode, type);
		if (type && name)
			get_label(document, module, type, name)->block = block;
	}
}

/* Instances of one call are a chain. */
static void read_call(struct tf_document *document, struct tf_module *module)
{
	const struct tf_module *parent = module->parent;
	struct tf_list *list = get_label(document, parent, "module", module->name);

	module->next = list->module;
	list->module = module;
	module->call = json_object_get(json_object_get(parent->configuration, "module_calls"),
				       module->name);
	module->configuration = json_object_get(module->call, "module");
}

static const struct tf_module *read_module(struct tf_document *document,
					   const struct tf_words *words,
					   const struct tf_module *parent, const json_t *tree,
					   unsigned depth)
{
	struct tf_module *module = arena_alloc(&document->arena, sizeof(*module));
	const char *address = tf_string(tree, "address");
	const json_t *entry;
	size_t i;

	module->address = address && parent ? address : "";
	module->parent = parent;
	split_module_address(document, module);
	if (module->name)
		read_call(document, module);
	else if (!parent)
		module->configuration = json_object_get(
			json_object_get(document->root, "configuration"), "root_module");
	read_configuration(document, module);
	json_array_foreach(json_object_get(tree, "resources"), i, entry)
		read_resource(document, words, module, entry);
	json_array_foreach(json_object_get(tree, "child_modules"), i, entry)
		if (depth < MODULES_DEEP)
			read_module(document, words, module, entry, depth + 1);
	return module;
}

/* What had been looked up before a plan was made stands in the state that it starts from. */
static void read_prior(struct tf_document *document, const struct tf_words *words,
		       const struct tf_module *module, const json_t *tree)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(tree, "resources"), i, entry) {
		const char *mode = tf_string(entry, "mode");

		if (mode && strcmp(mode, "data") == 0)
			read_resource(document, words, module, entry);
	}
	json_array_foreach(json_object_get(tree, "child_modules"), i, entry) {
		const char *address = tf_string(entry, "address");
		const struct tf_module *child = NULL;
		struct tf_module at = { .address = address ? address : "" };

		split_module_address(document, &at);
		json_decref((json_t *)(uintptr_t)at.index);
		child = at.name ? tf_by_call(document, module, at.name) : NULL;
		while (child && strcmp(child->address, at.address) != 0)
			child = child->next;
		if (child)
			read_prior(document, words, child, entry);
	}
}

/* ---- the whole ---- */

static int refuse_other(const json_t *root, struct error *err)
{
	const bool is_raw = json_is_integer(json_object_get(root, "version"));

	error_set(err, -EINVAL,
		  is_raw ? "this is Terraform's own state file, whose form is not documented"
			 : "this JSON is neither a plan nor a state of Terraform");
	error_hint(err, is_raw ? "terraform show -json > state.json"
			       : "terraform show -json PLANFILE > plan.json");
	return -EINVAL;
}

/* How many resources the plan takes away: they stand nowhere else. */
static unsigned count_deletes(const json_t *root)
{
	const json_t *change;
	unsigned n = 0;
	size_t i;

	json_array_foreach(json_object_get(root, "resource_changes"), i, change) {
		const json_t *actions =
			json_object_get(json_object_get(change, "change"), "actions");
		const char *action = json_string_value(json_array_get(actions, 0));

		n += json_array_size(actions) == 1 && action && strcmp(action, "delete") == 0;
	}
	return n;
}

static int read_tree(struct tf_document *document, const struct tf_words *words, struct error *err)
{
	const unsigned tried = 2; /* 1.0 to 1.2: Terraform 0.12 to 1.11, OpenTofu 1.6 */
	const char *version = tf_string(document->root, "format_version");
	const json_t *values, *prior;
	const struct tf_module *root;

	if (!version)
		return refuse_other(document->root, err);
	if (strncmp(version, "0.", 2) != 0 && strncmp(version, "1.", 2) != 0)
		return error_set(
			err, -EINVAL,
			"the format of this JSON is version %.32s, and only 0 and 1 are known",
			version);
	if (*version == '1' && strtoul(version + 2, NULL, 10) > tried)
		document->format = version;
	document->n_delete = count_deletes(document->root);
	values = json_object_get(document->root, "planned_values");
	document->is_plan = values != NULL;
	if (!values)
		values = json_object_get(document->root, "values");
	prior = json_object_get(json_object_get(document->root, "prior_state"), "values");
	root = read_module(document, words, NULL, json_object_get(values, "root_module"), 0);
	read_prior(document, words, root, json_object_get(prior, "root_module"));
	return 0;
}

int tf_document_read(struct tf_document *document, char *json, size_t length,
		     const struct tf_words *words, struct error *err)
{
	json_malloc_t was_malloc;
	json_free_t was_free;
	int r;

	*document = (struct tf_document){ 0 };
	json_get_alloc_funcs(&was_malloc, &was_free);
	json_set_alloc_funcs(alloc_in_tree, free_in_tree);
	tree_arena = &document->arena;
	r = tf_load_thin(json, length, words, &document->root, err);
	if (r == 0)
		r = read_tree(document, words, err);
	json_set_alloc_funcs(was_malloc, was_free);
	return r;
}

void tf_document_free(struct tf_document *document)
{
	free_lists(&document->values);
	free_lists(&document->labels);
	free_lists(&document->types);
	free(document->resource);
	arena_free(&document->arena);
	*document = (struct tf_document){ 0 };
}
