/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/terraform/link.h"
#include "lab/terraform/table.h"
#include "lab/terraform/terraform.h"

/* What the tables of the providers may use besides their rows. */

struct tf_line {
	const struct tf_resource *resource;
	const char *text; /* NULL: it was taken back */
};

struct tf_import {
	struct tf_document document;
	struct terraform *result;
	const struct tf_provider *provider;
	const struct language *language;
	struct tf_line *line;
	size_t n_line;
	struct tf_target *named; /* all types that have a name in the lab */
	struct tf_near *near;    /* what is left out, by the name that it would touch */
	struct tf_taken *taken;  /* names */
	struct tf_said *said;    /* lines that need not be said any more */
	const char *profile;
};

/* Arguments beside the expressions that they come from: a resource's, or those of a nested block.
 */
struct tf_place {
	struct tf_resource *resource;
	const json_t *values, *expressions;
};
struct tf_place tf_place(struct tf_resource *resource);
/* The i-th block of a resource. An argument that is a list of objects has one expression for all.
 */
struct tf_place tf_nested(struct tf_resource *resource, const char *block, size_t i);
size_t tf_n_nested(const struct tf_resource *resource, const char *block);

/* line.c: one command, and what a row makes of a resource or of the `number`th block in it. */
void tf_line(struct tf_import *import, const struct tf_resource *resource, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void tf_translate(struct tf_import *import, const struct tf_row *row, struct tf_place of,
		  size_t number);
/* What comes with a resource, and with Terraform only where it is said. */
void tf_take_given(struct tf_import *import, const struct tf_row *row,
		   const struct tf_resource *resource);
/* For `adjust`: a route of a transit router, which may lead into a blackhole. */
bool tf_leads_somewhere(struct tf_import *import, struct tf_resource *route, struct text *line);
void tf_lines_free(struct tf_import *import);

/* note.c: the note is returned, for its `count`. */
struct terraform_note *tf_note(struct tf_import *import, enum terraform_note_kind kind,
			       const char *address, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Leave the resource out, and whatever refers to it. */
void tf_leave_out(struct tf_import *import, struct tf_resource *resource, const char *why);
/* Flows by what a resource refers to are unknown: tf_write_near() says it there, in the lab. */
void tf_touch(struct tf_import *import, struct tf_resource *resource);
void tf_write_near(struct tf_import *import, struct text *text);
/* What is to be known of the file as a whole. */
void tf_note_whole(struct tf_import *import);

/*
 * The one resource that an argument refers to, of several the first. NULL: there is none in the
 * lab. What stands for two (tf_resource.part_of) is given as the whole.
 */
struct tf_resource *tf_refers_to(struct tf_import *import, struct tf_place place,
				 const char *argument, const struct tf_target *to);
/* An IPv4 address or block that is known, of a list the first; NULL: it is not. */
const char *tf_address(const json_t *values, const char *argument);
/* Is an argument this word? Case does not matter. */
bool tf_says(const json_t *values, const char *argument, const char *word);

/* name.c: give each resource that the lab has its noun_name. */
void tf_choose_names(struct tf_import *import);
/* quota.c: raise what the lines go beyond. */
void tf_write_quotas(struct tf_import *import, struct text *text);
/* paragraph.c: the lines that are left, below the addresses of their blocks. */
void tf_write_lines(const struct tf_import *import, struct text *text);
