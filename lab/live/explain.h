/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/guest/guest.h"
#include "lab/explain/explain.h"
#include "lab/live/lab.h"

/*
 * A lab as it is, for many questions: an index of its model that knows how full its gateways are,
 * and what its hosts hold. Of these each is read once, when a question first comes by it; where
 * there is no kernel to ask, they are as the lab and the lines of its file have made them.
 */
struct explainer {
	const struct lab *lab;
	struct explain_index *index;
	/* private to explain.c */
	struct usage usage;
	struct guests guests;
};
void explainer_begin(struct explainer *explainer, const struct lab *lab);
void explainer_end(struct explainer *explainer);
/* Read the hosts that these flows come by, or, without any, all. */
void explainer_read(struct explainer *explainer, const struct flow *flow, size_t n_flow);

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
