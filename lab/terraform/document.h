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
	const json_t *call;          /* its call in the parent's configuration; NULL: state */
	const json_t *configuration; /* {resources, module_calls, outputs}; NULL: state */
};

struct tf_resource {
	const char *address, *type, *name;
	const json_t *index;
	const json_t *values;     /* what is known and not sensitive */
	const json_t *depends_on; /* blocks that were made before, or NULL */
	const json_t *block;      /* its configuration; NULL in a state */
	const struct tf_module *module;
	const char *noun_name; /* what it is called in the lab; NULL: it is not in it */
	/* AWS: the instance whose first interface this one is, which stands for both; and the
	 * interface that is an instance's first. */
	struct tf_resource *part_of, *part;
	/* Alibaba Cloud: the gateway that has brought this VPC its default route. */
	const struct tf_resource *first;
	const struct tf_row *maker; /* its row of the table; NULL: it has no name in the lab */
	const struct tf_row *row;   /* the last that it was translated by */
	bool done, has_eip, has_snat;
};

struct tf_document {
	struct arena arena;
	json_t *root;
	bool is_plan;
	const char *format;   /* a version of the format that is newer than those tried, or NULL */
	unsigned n_delete;    /* resources that the plan takes away */
	unsigned n_sensitive; /* values that nobody may read here */
	struct tf_module **module;
	size_t n_module;
	struct tf_resource **resource; /* managed ones, in the order of the file */
	size_t n_resource;
	struct tf_identity *identities; /* by value; private to document.c */
	struct tf_label *labels;        /* by module, type and name; private to document.c */
};

/* What a resource is known by elsewhere: its id, its address, the id of a table of its own. */
struct tf_identity_of {
	struct tf_resource *resource;
	const char *attribute;
};

/* Keys by name, sorted. */
struct tf_wanted {
	const char **argument;
	size_t n_argument;
};

/*
 * Read a plan or a state. Of the values only the arguments that are wanted are kept, so that a long
 * file takes little memory. -EINVAL with the place in err where it is none.
 */
int tf_document_read(struct tf_document *document, const char *json, size_t length,
		     const struct tf_wanted *wanted, struct error *err);
void tf_document_free(struct tf_document *document);

/* All resources that have this value as an identity. */
const struct tf_identity_of *tf_by_value(const struct tf_document *document, const char *value,
					 size_t *ret_n);
/* All instances of TYPE.NAME in that module. */
struct tf_resource *const *tf_by_label(const struct tf_document *document,
				       const struct tf_module *module, const char *type,
				       const char *name, size_t *ret_n);

/* A string attribute that is known and not empty; NULL: it is not. */
const char *tf_string(const json_t *values, const char *attribute);
/* Do two indexes say the same? */
bool tf_same_index(const json_t *a, const json_t *b);
