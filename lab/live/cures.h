/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/explain/explain.h"
#include "lab/live/lab.h"

/*
 * Explain a flow of a lab as it is, and find every cure: what takes the cause away is carried out
 * on a copy of the model, what is then in the way has its remedies, too, and so on until the flow
 * gets through. Of each such list only those commands stay without which it would not. No command
 * is one that a rule refuses. The best comes first: what shuts nobody else out, then what opens
 * least, then the fewest commands. Where there is none, the only one is as far as one gets, and
 * explanation.still says what would be in the way after it. open_is_enough: that nothing listens
 * needs no cure.
 */
void explain_with_cures(const struct lab *lab, const struct flow *flow, bool open_is_enough,
			struct explanation *ret_explanation);
