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

/* An index of a model that a change leads to, which knows what has been read so far, and what the
 * lines of a file say. */
struct explain_index *explainer_index(const struct explainer *explainer, const struct model *model);
/* Explain, and read the hosts that it came by, until there is none that was not read. */
void explainer_explain(struct explainer *explainer, struct explain_index *index,
		       const struct flow *flow, struct explanation *ret_explanation);

/* As explain(), of a lab as it is: with what its kernel knows, where it runs. */
void explain_in_lab(const struct lab *lab, const struct flow *flow,
		    struct explanation *ret_explanation);
