/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/reach/reach.h"

/* What is meant to hold of all packets of a set: that none gets through, or that all do. One that
 * gets where nothing listens does get through. */
struct intent {
	struct flows flows;
	struct flows_list except;
	bool always;
};

/* The sets that are otherwise are its rows: as rows of reach_new(). */
struct reach *intent_offenders(const struct model *model, const struct explain_index *index,
			       const struct intent *intent);

/* The commands after which nothing offends an intent of `never` any more, that close the least
 * besides; false: none were found. The caller frees the text, a line a command. */
bool intent_cure(const struct model *model, const struct intent *intent, char **ret_commands);

/* One command that would keep a packet from getting through, by what lets it: the i-th, of those
 * that explain names. False: there are no more. */
bool intent_way_to_block(const struct model *model, const struct explanation *x, size_t i,
			 struct text *ret_command);
