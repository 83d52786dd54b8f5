/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/*
 * Variables: `set NAME VALUE` in the language, --set NAME=VALUE on the command line. What the
 * command line sets wins over what a file sets, so that a file's `set` is a default. $NAME is a
 * variable first, then the address of a resource.
 */
struct variables;

struct variables *variables_new(void);
void variables_free(struct variables *variables);

/* A name: letters, digits and _, and . or - inside. fixed: from the command line. -EINVAL with err.
 */
int variables_set(struct variables *variables, const char *name, const char *value, bool fixed,
		  struct error *err);
/* "NAME=VALUE", fixed. */
int variables_assign(struct variables *variables, const char *assignment, struct error *err);
/* Return its value, good until the next change, or NULL. */
const char *variables_get(const struct variables *variables, const char *name);
/* All of `from`, too. */
void variables_copy(struct variables *variables, const struct variables *from);
/* Walk all of them: false at the end. */
bool variables_each(const struct variables *variables, size_t i, const char **ret_name,
		    const char **ret_value);
