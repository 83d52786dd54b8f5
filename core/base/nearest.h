/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/error.h"

/* The known word that a mistyped one (or one of another tool) was probably meant to be.
 * Zero-initialise, set typed, offer every candidate, ask. */
struct nearest {
	const char *typed;
	char best[130]; /* "": nothing is near enough to be worth a guess */
	unsigned distance;
};

void nearest_offer(struct nearest *nearest, const char *candidate);
/* Each of "tcp|udp|any". */
void nearest_offer_choices(struct nearest *nearest, const char *choices);
/* "did you mean BEST?", if there is one. */
void nearest_hint(const struct nearest *nearest, struct error *err);
