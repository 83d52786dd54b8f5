/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/explain/explain.h"
#include "lab/live/lab.h"

/* As explain(), of a lab as it is: with what its kernel knows, where it runs. The remedy is
 * for the first cause. */
void explain_in_lab(const struct lab *lab, const struct flow *flow,
		    struct explanation *ret_explanation);

/*
 * The same, and the remedy is proved before it is named: its commands are tried on a copy of the
 * model, and what then stands in the way has its remedy, too, until the flow gets through. No
 * command of it is one that a rule refuses. Where there is no such end, explanation.still says what
 * would be in the way after all of it.
 */
void explain_with_remedy(const struct lab *lab, const struct flow *flow,
			 struct explanation *ret_explanation);
