/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "lab/terraform/link.h"
#include "lab/terraform/terraform.h"

/* What the translations of the providers' resource types share. */

struct tf_type;

struct tf_import {
	struct tf_document document;
	struct terraform *result;
	struct text text;
	const char *block; /* the address, without index, that the last comment names */
	struct tf_taken *taken;
	const struct language *language;
	const struct tf_type *types; /* of the provider */
};

/* How an argument of Terraform becomes what a key of the lab's language takes. */
enum tf_kind {
	TF_TEXT,    /* as it is */
	TF_ADDRESS, /* the same, where it is an IPv4 address or block; else it counts as not known
		     */
	TF_PORTS,   /* "22/22", "8000/8010"; "-1/-1" is nothing */
	TF_WORD,    /* one of `words`; another is nothing */
	TF_SWITCH,  /* true is on, false is off */
	TF_ON,      /* true or 1 is on; anything else is nothing */
	TF_CIDR,    /* cidr 10.0.0.0/8 */
	TF_LINK,    /* the name of the one resource of `types` that it refers to */
	TF_TYPED,   /* the same behind its noun: nat-gateway NAT1 */
	TF_LINKS,   /* the names of all of them, with commas */
};

/*
 * One key. Fields of one key that stand side by side are alternatives: the first whose argument
 * says something counts. One of them has to where the key is required, or the resource is left out.
 */
struct tf_field {
	const char *key; /* "": a word without a key */
	enum tf_kind kind;
	bool required;
	const char *argument, *older;  /* and its deprecated name, or NULL */
	const char *const *types;      /* links: NULL-terminated */
	const char *const (*words)[2]; /* pairs of Terraform's word and ours, up to a NULL */
};

#define MUST .required = true
#define TF_FIELD(kind_, key_, argument_, ...)                                           \
	{                                                                               \
		.kind = TF_##kind_, .key = (key_), .argument = (argument_), __VA_ARGS__ \
	}

enum { TF_FIELDS_MAX = 10 };

/* One resource type. Rows stand in the order in which the lab takes them. */
struct tf_type {
	const char *type;
	const char *noun;         /* of a link to it; NULL: nothing refers to it */
	const char *command;      /* "vswitch create"; NULL: `translate` writes all lines */
	const char *called_by[2]; /* arguments that hold a display name */
	struct tf_field field[TF_FIELDS_MAX];
	/* Unless NULL: what the fields cannot say. Returns false where it has dealt with the whole
	 * resource, and its line is not to be written. */
	bool (*translate)(struct tf_import *import, struct tf_resource *resource);
	bool is_named;      /* it becomes something with a name */
	bool takes_address; /* in a vSwitch or subnet, given or any */
};
extern const struct tf_type tf_alicloud_types[], tf_aws_types[]; /* type NULL ends */

/* Arguments beside the expressions that they come from: a resource's, or those of a nested block.
 */
struct tf_place {
	struct tf_resource *resource;
	const json_t *values, *expressions;
};
struct tf_place tf_place(struct tf_resource *resource);

/* One command, below a comment with the Terraform address of its block. */
void tf_line(struct tf_import *import, const struct tf_resource *resource, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Go on with the line that was written last. */
void tf_append(struct tf_import *import, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/*
 * The same from fields: BEGINNING KEY VALUE KEY VALUE... Returns false, and writes nothing, where
 * one that is required has no value; *ret_missing is its key.
 */
bool tf_write_fields(struct tf_import *import, struct tf_place place, const char *beginning,
		     const struct tf_field *fields, const char **ret_missing);
void tf_note(struct tf_import *import, enum terraform_note_kind kind,
	     const struct tf_resource *resource, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Leave the resource out, and whatever refers to it. */
void tf_leave_out(struct tf_import *import, struct tf_resource *resource, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The one resource that an argument refers to. A guess is noted. NULL: there is none in the lab.
 * What stands for two (tf_resource.part_of) is given as the whole.
 */
struct tf_resource *tf_refers_to(struct tf_import *import, struct tf_place place,
				 const char *argument, const char *const *types);
/* The same, and the names of it, or of all that it refers to, with commas in between. */
struct tf_resource *tf_names(struct tf_import *import, struct tf_place place, const char *argument,
			     const char *const *types, bool all, struct text *names);
/* An IPv4 address or block that is known, of a list the first; NULL: it is not. */
const char *tf_address(const json_t *values, const char *argument);
bool tf_is(const struct tf_resource *resource, const char *type);
