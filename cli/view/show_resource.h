/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "lab/live/lab.h"
#include "lab/model/model.h"

/* One resource as an object, in the words of its provider: what the lists of show.h are made of. */
void put_resource(struct output *output, const struct lab *lab, const struct resource *resource);
