/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"

/* The known word that was probably meant by a mistyped one, or by a word of another tool.
 * Initialise with zero, set typed, offer every candidate, then ask. */
struct nearest {
	const char *typed;
	char best[130]; /* "": nothing is near enough */
	unsigned distance;
};

void nearest_offer(struct nearest *nearest, const char *candidate);
/* Offer each of "tcp|udp|any". */
void nearest_offer_choices(struct nearest *nearest, const char *choices);
/* Set the hint "did you mean BEST?" if there is one. */
void nearest_hint(const struct nearest *nearest, struct error *err);
