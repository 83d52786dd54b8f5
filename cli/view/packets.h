/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/reach/reach.h"

/* Sets of packets, and what becomes of them. */

/* "its public address", "EIP1 or EIP2"; names: not addresses. */
void outcome_add_seen_as(struct text *text, const struct model *model,
			 const struct outcome *outcome, bool names);
/* "ECS2", "ECS2 port 8080" */
void row_add_target(struct text *text, const struct outcome *outcome, const struct reach_row *row);
/* "reachable, at ECS2, seen as EIP1"; in model i */
void row_add_outcome(struct text *text, const struct model *model, const struct reach_row *row,
		     size_t i);
/* "FROM -> TO" */
void row_add_ends(struct text *text, const struct reach *reach, const struct reach_row *row);
/* "FROM -> TO tcp 80,443; icmp" of the row and those that continue it; returns how many. */
size_t rows_add_packets(struct text *text, const struct reach *reach, size_t at);
/* A line. */
void row_add_witness(struct text *text, const struct reach_row *row);
/* That it is not the whole, if it is not. */
void reach_add_given_up(struct text *text, const struct reach *reach);

void row_put_outcome(struct output *output, const struct model *model, const struct reach_row *row,
		     size_t i);
void row_put_flows(struct output *output, const struct reach *reach, const struct reach_row *row);
void row_put_witness(struct output *output, const struct reach_row *row);
/* What of the hosts at its ends is not understood. */
void row_put_doubts(struct output *output, const struct reach *reach, const struct reach_row *row);
