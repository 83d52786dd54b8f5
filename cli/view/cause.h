/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "lab/explain/cause.h"

/* One sentence without a full stop that says why. */
void cause_add_text(struct text *text, const struct model *model, const struct cause *cause);
