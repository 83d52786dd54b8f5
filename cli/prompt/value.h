/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/prompt/fits.h"
#include "cli/prompt/offer.h"

/* A word of a flow, the place'th of it; sets: its ends may be sets. */
void offer_flow_word(struct offers *list, size_t place, bool sets);
/* What the value of a parameter may be. words: those of it so far, `place` many; node: what the
 * command said before about where. */
void offer_value(struct offers *list, const struct parameter *parameter, const struct token *words,
		 size_t place, const char *node, const struct said *at);
