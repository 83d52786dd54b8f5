/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/live/lab.h"
#include "lab/model/model.h"

/*
 * Every noun as objects: `name`, the keys of its create command in snake_case, what follows from
 * others (the vSwitches of a route table), and `status`.
 */

/* An array; name: that one only, NULL: all. key: of the array, NULL at the top. */
void show_noun(struct output *output, const char *key, const struct lab *lab, enum noun noun,
	       const char *name);
/* What the account may have, and what may cost something, as `quota` and `price` name them. */
void show_quotas(struct output *output, const struct model *model);
void show_prices(struct output *output, const struct model *model);
/* The whole lab: an object with an array for each noun. */
void show_lab(struct output *output, const struct lab *lab);

/* What it is in a few words: "vSwitch 10.0.1.0/24", "ECS 10.0.1.1, public 203.0.113.1". */
void show_add_meaning(struct text *text, const struct model *model,
		      const struct resource *resource);

/* Is there one of that name, or (NULL) any? The system routes count, see system_route.h. */
bool show_has(const struct model *model, enum noun noun, const char *name);
