/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "lab/explain/paid.h"

/* What is paid for, why it need not be, and the way out. */
void paid_add_sentence(struct text *text, const struct paid *paid);
