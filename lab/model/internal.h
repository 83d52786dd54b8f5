/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/model/model.h"

/* model.c, for copy.c: the indexes of names and addresses, of the resources that have the same ids.
 */
void model_copy_indexes(struct model *copy, const struct model *model,
			struct resource *const *by_id);
