/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/memory.h"

/* The JSON of a plan or a state as a list of resources, each beside its block of configuration. */

/* One instance of a module. The root module has no parent. */
struct tf_module {
	const char *address; /* "" for the root module */
	const char *name;    /* of its call */
	const json_t *index; /* count's number or for_each's key; NULL: neither */
	const struct tf_module *parent;
	const json_t *call;           /* its call in the parent's configuration; NULL: state */
	const json_t *configuration;  /* {resources, module_calls, outputs}; NULL: state */
	const struct tf_module *next; /* another instance of the same call */
};

struct tf_resource {
	const char *address, *type, *name;
	const json_t *index;
	const json_t *values;     /* what is known and not sensitive */
	const json_t *depends_on; /* blocks that were made before, or NULL */
	const json_t *block;      /* its configuration; NULL in a state */
	const struct tf_module *module;
	const struct tf_resource *vpc; /* private to document.c, as is the next */
	bool is_placed;
	const char *noun_name; /* what it is called in the lab; NULL: it is not in it */
	/* AWS: the instance whose first interface this one is, which stands for both; and the
	 * interface that is an instance's first. */
	struct tf_resource *part_of, *part;
	/* Alibaba Cloud: this VPC's first vSwitch, and the gateway that has brought it its default
	 * route. */
	const struct tf_resource *vswitch, *first;
	/* Others that say more of it, such as another of its tables, and the next of those beside.
	 */
	struct tf_resource *joins, *next_join;
	/* AWS: the association by which another table has become this VPC's main one. */
	struct tf_resource *main_table;
	const struct tf_row *maker; /* its row of the table; NULL: it has no name in the lab */
	const struct tf_row *row;   /* the last that it was translated by */
	bool is_again;              /* another one before it has its address */
	bool done, has_eip, has_snat, has_table;
};

struct tf_document {
	struct arena arena;
	json_t *root;
	bool is_plan;
	const char *format;   /* a version of the format that is newer than those tried, or NULL */
	unsigned n_delete;    /* resources that the plan takes away */
	unsigned n_sensitive; /* values that nobody may read here */
	struct tf_resource **resource; /* managed ones, in the order of the file */
	size_t n_resource;
	struct tf_list *values, *labels, *types; /* private to document.c */
};

struct tf_resources {
	struct tf_resource *const *resource;
	size_t n;
};

/*
 * Read a plan or a state, and free its text. Of the values only what the words name is kept, so
 * that a long file takes little memory. -EINVAL with the place in err where it is none.
 */
struct tf_words;
int tf_document_read(struct tf_document *document, char *json, size_t length,
		     const struct tf_words *words, struct error *err);
void tf_document_free(struct tf_document *document);

/* All resources that have this value as an identity: an id, an address, the id of a table of
 * theirs.
 */
struct tf_resources tf_by_value(const struct tf_document *document, const char *value,
				size_t length);
/* Those of them that are in the VPC of another resource. */
struct tf_resources tf_by_value_beside(struct tf_document *document, struct tf_resource *beside,
				       const char *value, size_t length);
struct tf_resources tf_by_type(const struct tf_document *document, const char *type);
/* The resources of each type, in the order of the file: start with NULL; NULL ends. */
struct tf_list *tf_next_type(const struct tf_document *document, struct tf_list *before,
			     struct tf_resources *ret_resources);
/* All instances of TYPE.NAME in that module. */
struct tf_resources tf_by_label(const struct tf_document *document, const struct tf_module *module,
				const char *type, const char *name);
/* The one of them with that index, or NULL. */
struct tf_resource *tf_instance(const struct tf_document *document, const struct tf_module *module,
				const char *type, const char *name, const json_t *index);
/* The instances of a module that is called there, up to a `next` of NULL. */
const struct tf_module *tf_by_call(const struct tf_document *document,
				   const struct tf_module *parent, const char *name);

bool tf_is(const struct tf_resource *resource, const char *type);
bool tf_is_vpc(const struct tf_resource *resource);
/* Is it the type of what is only looked at? */
bool tf_is_data(const char *type);
/* A string attribute that is known and not empty; NULL: it is not. */
const char *tf_string(const json_t *values, const char *attribute);
/* Do two indexes say the same? */
bool tf_same_index(const json_t *a, const json_t *b);
/* [INDEX], a number or a quoted key that may hold anything; NULL: there is none. Returns what
 * stands behind it. */
const char *tf_read_index(const char *at, json_t **ret_index);
