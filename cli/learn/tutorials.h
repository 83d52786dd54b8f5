/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>

#include "core/base/error.h"

/*
 * The topologies that come with the program, each of which is a tutorial. They are found from where
 * the program is: in
 * ../share/vpclab/topologies where it was installed, in the source tree's topologies where it was
 * built.
 */

/* Their names, without ".lab", sorted. -ENOENT with err where there are none. */
int tutorials_list(char ***ret_names, size_t *ret_n, struct error *err);

/*
 * The file of a tutorial; the caller frees. A word with a slash, or that ends in ".lab", is a
 * file's own name. -ENOENT with the nearest name as hint.
 */
int tutorials_find(const char *word, char **ret_path, struct error *err);
