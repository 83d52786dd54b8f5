/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/terraform/configuration.h"

/* One line of the lab into a row of the table: the way of line.c back. */

enum { TF_WORDS_MAX = 64 };

struct tf_export;

/*
 * Make of a line what the first row that has a place for each of its words says: arguments of the
 * block of whom it is about, or a block. False: there is none, and nothing has changed.
 */
bool tf_fit_line(struct tf_export *export, struct arena *arena, const struct tf_row *rows,
		 const char *line);
/* The words of a line, which is cut in pieces; and how many of them are the row's command, or 0. */
size_t tf_split(char *line, char **ret_word);
size_t tf_command_begins(const struct tf_row *row, char *const *word, size_t n_word);

/* export.c: the block of what has that name in the lab, or NULL; a block of its own, in the order
 * of the lines. */
struct tf_block *tf_find_named(const struct tf_export *export, const char *name, size_t length);
struct tf_block *tf_add_block(struct tf_export *export, const char *type, const char *name);
/* Blocks of a type that others need, in their order, by their label or their vpc_id: a block is
 * among them when it has been filed. NULL: there are none. */
struct tf_blocks {
	struct tf_block **block;
	size_t n_block;
};
void tf_file_block(struct tf_export *export, struct tf_block *block);
const struct tf_blocks *tf_blocks_beside(const struct tf_export *export, const char *type,
					 const char *key);
