/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/terraform/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/base/text.h"

struct tf_identity {
	const char *value;
	struct tf_identity_of *of;
	size_t n_of;
	UT_hash_handle hh;
};

struct tf_label {
	const char *key;
	const json_t *block; /* of the configuration; NULL in a state */
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

/* ---- what is known by which value, and by which label ---- */

const struct tf_identity_of *tf_by_value(const struct tf_document *document, const char *value,
					 size_t *ret_n)
{
	struct tf_identity *identity;

	HASH_FIND_STR(document->identities, value, identity);
	*ret_n = identity ? identity->n_of : 0;
	return identity ? identity->of : NULL;
}

static void add_identities(struct tf_document *document, struct tf_resource *resource)
{
	static const char *const attributes[] = { "id",
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
						  "default_network_acl_id",
						  "cidr_block" };

	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		const char *value = tf_string(resource->values, attributes[i]);
		struct tf_identity *identity;

		/* A block says which VPC, and rarely which subnet of two. */
		if (!value || (strcmp(attributes[i], "cidr_block") == 0 &&
			       strcmp(resource->type, "alicloud_vpc") != 0))
			continue;
		HASH_FIND_STR(document->identities, value, identity);
		if (!identity) {
			identity = xnew(struct tf_identity);
			identity->value = value;
			HASH_ADD_KEYPTR(hh, document->identities, value, strlen(value), identity);
		}
		*ARRAY_PUSH(identity->of, identity->n_of) =
			(struct tf_identity_of){ .resource = resource, .attribute = attributes[i] };
	}
}

/* A label is looked up within one instance of a module. */
static struct tf_label *find_label(const struct tf_document *document,
				   const struct tf_module *module, const char *type,
				   const char *name)
{
	auto_free char *key = xprintf("%s %s.%s", module->address, type, name);
	struct tf_label *label;

	HASH_FIND_STR(document->labels, key, label);
	return label;
}

static struct tf_label *get_label(struct tf_document *document, const struct tf_module *module,
				  const char *type, const char *name)
{
	struct tf_label *label = find_label(document, module, type, name);

	if (label)
		return label;
	label = arena_alloc(&document->arena, sizeof(*label));
	label->key = arena_printf(&document->arena, "%s %s.%s", module->address, type, name);
	HASH_ADD_KEYPTR(hh, document->labels, label->key, strlen(label->key), label);
	return label;
}

struct tf_resource *const *tf_by_label(const struct tf_document *document,
				       const struct tf_module *module, const char *type,
				       const char *name, size_t *ret_n)
{
	const struct tf_label *label = find_label(document, module, type, name);

	*ret_n = label ? label->n_resource : 0;
	return label ? label->resource : NULL;
}

/* ---- the text ---- */

/*
 * States are long, and little in them says anything about packets. So what nobody asks for is left
 * out of the text before jansson makes a tree of it, which takes eight times the room.
 */
struct thinning {
	const char *at, *end;
	const struct tf_wanted *wanted;
	bool is_plan;
	struct text text;
};

static void skip_space(struct thinning *t)
{
	while (t->at < t->end &&
	       (*t->at == ' ' || *t->at == '\n' || *t->at == '\t' || *t->at == '\r'))
		t->at++;
}

/* A string, a number or a word, or one character. */
static void skip_token(struct thinning *t)
{
	const char *at = t->at + 1;

	if (*t->at == '"') {
		while (at < t->end && *at != '"')
			at += *at == '\\' && at + 1 < t->end ? 2 : 1;
		at += at < t->end;
	} else if (!strchr("{}[],:", *t->at)) {
		while (at < t->end && !strchr(" \n\t\r{}[],:\"", *at))
			at++;
	}
	t->at = at;
}

static void skip_value(struct thinning *t)
{
	size_t depth = 0;

	do {
		skip_space(t);
		if (t->at == t->end)
			return;
		depth += *t->at == '{' || *t->at == '[';
		depth -= depth > 0 && (*t->at == '}' || *t->at == ']');
		skip_token(t);
	} while (depth > 0);
}

static bool is_wanted(const struct tf_wanted *wanted, const char *key, size_t length)
{
	size_t from = 0, to = wanted->n_argument;

	while (from < to) {
		const size_t middle = (from + to) / 2;
		const char *argument = wanted->argument[middle];
		int order = strncmp(key, argument, length);

		if (order == 0 && argument[length] == '\0')
			return true;
		if (order > 0)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

/* Commas are set anew, since members go. */
static void keep(struct thinning *t, const char *from, size_t length)
{
	if (t->text.length && !strchr("{[:", t->text.s[t->text.length - 1]) &&
	    !strchr("}]:", *from))
		text_add_char(&t->text, ',');
	text_add_n(&t->text, from, length);
}

static bool is_key(const char *token, size_t length, const char *key)
{
	return length == strlen(key) + 2 && memcmp(token + 1, key, length - 2) == 0;
}

/* In a plan, an empty value is one that refers to nothing. */
static bool says_nothing(const struct thinning *t)
{
	const char *const nothing[] = { "null", "{}", "\"\"", "[]" };

	for (size_t i = 0; i < (t->is_plan ? 2 : ARRAY_SIZE(nothing)); i++)
		if ((size_t)(t->end - t->at) >= strlen(nothing[i]) &&
		    memcmp(t->at, nothing[i], strlen(nothing[i])) == 0)
			return true;
	return false;
}

static void thin(struct thinning *t)
{
	for (skip_space(t); t->at < t->end; skip_space(t)) {
		const char *begins = t->at;
		size_t length;

		skip_token(t);
		length = (size_t)(t->at - begins);
		skip_space(t);
		if (*begins == ',')
			continue;
		if (*begins != '"' || t->at == t->end || *t->at != ':') {
			keep(t, begins, length);
			continue;
		}
		t->at++;
		skip_space(t);
		if (is_key(begins, length, "configuration")) {
			skip_value(t);
			keep(t, begins, (size_t)(t->at - begins));
		} else if (is_key(begins, length, "depends_on")) {
			/* Of what comes first, only gateways are asked for. */
			skip_value(t);
			if (memmem(begins, (size_t)(t->at - begins), "nat_gateway", 11))
				keep(t, begins, (size_t)(t->at - begins));
		} else if (is_wanted(t->wanted, begins + 1, length - 2) && !says_nothing(t)) {
			keep(t, begins, length);
			text_add_char(&t->text, ':');
		} else {
			skip_value(t);
		}
	}
}

/* jansson quotes what it stumbles over, which may be secret. */
static int refuse(const json_error_t *fault, struct error *err)
{
	const char *near = strstr(fault->text, " near '");

	error_set(err, -EINVAL, "line %d, column %d of the JSON: %.*s", fault->line, fault->column,
		  near ? (int)(near - fault->text) : (int)strlen(fault->text), fault->text);
	if (json_error_code(fault) == json_error_stack_overflow)
		error_hint(err, "no plan and no state is nested that deep");
	return -EINVAL;
}

static json_t *load(const char *json, size_t length, const struct tf_wanted *wanted,
		    struct error *err)
{
	struct thinning t = { .at = json, .end = json + length, .wanted = wanted };
	json_error_t thin_fault, fault;
	json_t *root, *whole;

	t.is_plan = memmem(json, length, "\"planned_values\"", 16) != NULL;
	thin(&t);
	root = json_loadb(text_get(&t.text), t.text.length, JSON_REJECT_DUPLICATES, &thin_fault);
	text_free(&t.text);
	if (root)
		return root;
	/* The place in the whole text is told. */
	whole = json_loadb(json, length, JSON_REJECT_DUPLICATES, &fault);
	refuse(whole ? &thin_fault : &fault, err);
	json_decref(whole);
	return NULL;
}

/* ---- resources ---- */

/* Take out what the state says is not to be seen. */
static unsigned hide_sensitive(json_t *values, const json_t *sensitive)
{
	const json_t *entry;
	const char *key;
	unsigned n = 0;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)sensitive, key, entry)
	{
		if (!json_is_true(entry))
			n += hide_sensitive(json_object_get(values, key), entry);
		else if (json_object_del(values, key) == 0)
			n++;
	}
	json_array_foreach(sensitive, i, entry)
	{
		if (!json_is_true(entry))
			n += hide_sensitive(json_array_get(values, i), entry);
		else if (json_array_set_new(values, i, json_null()) == 0)
			n++;
	}
	return n;
}

static void read_resource(struct tf_document *document, const struct tf_module *module,
			  const json_t *entry)
{
	const char *mode = tf_string(entry, "mode"), *type = tf_string(entry, "type"),
		   *name = tf_string(entry, "name"), *address = tf_string(entry, "address");
	struct tf_resource *resource;
	struct tf_label *label;

	if (!mode || !type || !name || !address || strcmp(mode, "managed") != 0)
		return;
	label = get_label(document, module, type, name);
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
	document->n_sensitive += hide_sensitive(json_object_get(entry, "values"),
						json_object_get(entry, "sensitive_values"));
	*ARRAY_PUSH(document->resource, document->n_resource) = resource;
	*ARRAY_PUSH(label->resource, label->n_resource) = resource;
	add_identities(document, resource);
}

/* ---- modules ---- */

/*
 * The name and the index of the last module in an address such as module.a.module.b["x.y"]. Keys
 * may hold dots and brackets, so the last step is found by reading the address from its start.
 */
static void split_module_address(struct tf_document *document, struct tf_module *module)
{
	const char *at = module->address;

	while (strncmp(at, "module.", 7) == 0) {
		size_t length = strcspn(at + 7, ".[");

		module->name = arena_printf(&document->arena, "%.*s", (int)length, at + 7);
		json_decref((json_t *)(uintptr_t)module->index);
		module->index = NULL;
		at += 7 + length;
		if (*at == '[') {
			const char *index = at + 1;

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

/* Blocks are known before their instances are read. */
static void read_configuration(struct tf_document *document, const struct tf_module *module)
{
	const json_t *block;
	size_t i;

	json_array_foreach(json_object_get(module->configuration, "resources"), i, block)
	{
		const char *mode = tf_string(block, "mode"), *type = tf_string(block, "type"),
			   *name = tf_string(block, "name");

		if (mode && type && name && strcmp(mode, "managed") == 0)
			get_label(document, module, type, name)->block = block;
	}
}

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
	read_configuration(document, module);
	json_array_foreach(json_object_get(tree, "resources"), i, entry)
		read_resource(document, module, entry);
	json_array_foreach(json_object_get(tree, "child_modules"), i,
			   entry) if (depth < MODULES_DEEP)
		read_module(document, module, entry, depth + 1);
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

	json_array_foreach(json_object_get(root, "resource_changes"), i, change)
	{
		const json_t *actions =
			json_object_get(json_object_get(change, "change"), "actions");
		const char *action = json_string_value(json_array_get(actions, 0));

		n += json_array_size(actions) == 1 && action && strcmp(action, "delete") == 0;
	}
	return n;
}

int tf_document_read(struct tf_document *document, const char *json, size_t length,
		     const struct tf_wanted *wanted, struct error *err)
{
	const unsigned tried = 2; /* 1.0 to 1.2: Terraform 0.12 to 1.11, OpenTofu 1.6 */
	const char *version;
	const json_t *values;

	*document = (struct tf_document){ 0 };
	if (length >= 3 && memcmp(json, "\xef\xbb\xbf", 3) == 0) {
		json += 3;
		length -= 3;
	}
	document->root = load(json, length, wanted, err);
	if (!document->root)
		return -EINVAL;
	version = tf_string(document->root, "format_version");
	if (!json_is_object(document->root) || !version)
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
	read_module(document, NULL, json_object_get(values, "root_module"), 0);
	return 0;
}

void tf_document_free(struct tf_document *document)
{
	struct tf_identity *identity, *next_identity;

	HASH_ITER(hh, document->identities, identity, next_identity)
	{
		HASH_DEL(document->identities, identity);
		free(identity->of);
		free(identity);
	}
	for (struct tf_label *label = document->labels; label; label = label->hh.next)
		free(label->resource);
	HASH_CLEAR(hh, document->labels);
	for (size_t i = 0; i < document->n_module; i++)
		json_decref((json_t *)(uintptr_t)document->module[i]->index);
	free(document->module);
	free(document->resource);
	json_decref(document->root);
	arena_free(&document->arena);
	*document = (struct tf_document){ 0 };
}
