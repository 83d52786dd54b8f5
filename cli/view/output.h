/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The one way by which answers are written: values go into a tree (jansson), and the tree comes out
 * as JSON or as tables (libsmartcols). So what JSON says and what a table shows cannot part ways.
 * Only output.c knows the two libraries.
 */
enum output_format { OUTPUT_TABLE, OUTPUT_JSON };

struct output;
struct output *output_new(void);
void output_free(struct output *output);

/* key: NULL inside an array or at the top. */
void output_begin_object(struct output *output, const char *key);
void output_begin_array(struct output *output, const char *key);
void output_end(struct output *output);
void output_string(struct output *output, const char *key,
		   const char *value); /* NULL value: null */
void output_number(struct output *output, const char *key, int64_t value);
void output_real(struct output *output, const char *key, double value);
void output_bool(struct output *output, const char *key, bool value);
void output_null(struct output *output, const char *key);

/*
 * Writes the tree. As a table: an array of objects becomes a table with one column for each key (in
 * order of first appearance, headings upper case), an object with arrays becomes a titled table
 * each, empty ones left out; nested arrays are joined by commas, but the words of a "command" read
 * as it is typed; {"type","name"} prints as "type name", null as
 * "-". A nested array of objects (the rules of a security group) becomes a table of its own below,
 * titled with the name of the object it belongs to. width in columns; 0: no limit (not a terminal).
 * A table that is wider is written a paragraph a row instead.
 */
int output_write(struct output *output, FILE *file, enum output_format format, unsigned width,
		 bool color);
/* The tree as JSON on one line without an end, for a caller that writes many of them. */
int output_write_line(struct output *output, FILE *file);
