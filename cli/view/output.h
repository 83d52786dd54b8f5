/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/address.h"

/*
 * Answers are written in one way: values go into a tree (jansson), and the tree is written as JSON
 * or as tables (libsmartcols), so that the two always say the same. Only output.c knows the two
 * libraries.
 */
enum output_format { OUTPUT_TABLE, OUTPUT_JSON };

struct output;
struct output *output_new(void);
void output_free(struct output *output);

/* key: NULL inside an array and at the top. */
void output_begin_object(struct output *output, const char *key);
void output_begin_array(struct output *output, const char *key);
void output_end(struct output *output);
void output_string(struct output *output, const char *key,
		   const char *value); /* a value of NULL is null */
void output_number(struct output *output, const char *key, int64_t value);
void output_real(struct output *output, const char *key, double value);
void output_bool(struct output *output, const char *key, bool value);
void output_null(struct output *output, const char *key);
void output_number_if(struct output *output, const char *key, bool known,
		      int64_t value);                                          /* else null */
void output_address(struct output *output, const char *key, uint32_t address); /* 0 is null */
void output_prefix(struct output *output, const char *key, struct prefix prefix);
/* {"type","name"}; a name of NULL is null */
void output_named(struct output *output, const char *key, const char *type, const char *name);

/*
 * Write the tree as JSON or as a table. An array of objects becomes a table with a column for each
 * key, in the order in which they first appear, with headings in capitals. An object with arrays
 * becomes a titled table for each that is not empty. Nested arrays are joined by commas, but the
 * words of a "command" read as it is typed; {"type","name"} is printed as "type name", null as "-".
 * A nested array of objects (the rules of a security group) becomes a table of its own below,
 * titled with the name of its object. width is in columns, 0 is no limit (no terminal); a table
 * that is wider loses columns, and says which; one of a single row is written as a paragraph.
 */
int output_write(struct output *output, FILE *file, enum output_format format, unsigned width,
		 bool color);
/* Return the tree as JSON on one line without a newline, for a caller that writes many of them. */
int output_write_line(struct output *output, FILE *file);
