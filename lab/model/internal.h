/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/model/model.h"

/* A member of a noun's struct that is a pointer, to which copying and freeing have to see. */
struct part {
	enum part_kind {
		PART_END,
		PART_LINK,     /* to another resource, or NULL */
		PART_LINKS,    /* to an array of links, some of which may be NULL */
		PART_RULES,    /* to an array of filter rules */
		PART_PREFIXES, /* to an array of prefixes */
		PART_TEXT,     /* to a string, or NULL */
		PART_TEXTS,    /* to an array of strings */
		PART_VECTOR,   /* the same, NULL-terminated, or NULL */
	} kind;
	size_t offset, n; /* of the pointer, and of the size_t that counts an array */
};

/* What is to be known of a noun's struct. An offset of 0 is none. */
struct noun_type {
	size_t size;
	size_t in;      /* of the link that leads to its VPC, or to what is in it */
	size_t address; /* of the address it stands for */
	struct part part[7];
};
/* An ECS has what its primary ENI has. */
extern const struct noun_type noun_types[NOUN_COUNT];
/* How many there are in an array; 1: it is none. */
size_t part_count(const struct part *part, const struct resource *resource);

/* model.c, for copy.c: the indexes of names and addresses, of the resources that have the same ids.
 */
void model_copy_indexes(struct model *copy, const struct model *model,
			struct resource *const *by_id);
