/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "lab/live/lab.h"
#include "lab/model/model.h"

/* One resource as an object, in the words of its provider: what the lists of show.h are made of. */
void put_resource(struct output *output, const struct lab *lab, const struct resource *resource);

/* For the routes that are no resources. */
void put_prefix(struct output *output, const char *key, struct prefix prefix);
const char *route_status(const struct model *model); /* of one that leads somewhere */
