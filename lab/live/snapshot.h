/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "lab/model/model.h"

/*
 * A model as text for the journal: its commands as `save` has them, and behind them what commands
 * cannot say. The kernel's names and numbers come from the ids of resources, and no number of a
 * rule is used twice, so both have to be what they were:
 *
 *     # id ECS1 12 13        id of that resource; of the first interface of an instance
 *     # rules SG1 9          the number of its next rule
 *     # next-id 14           the next one; all ids were said
 */
void snapshot_add(struct text *text, const struct model *model);
/* Take such a line, of a model with the same resources. Other comments are none. False: it does not
 * fit. */
bool snapshot_read_mark(struct model *model, const char *line);
