/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "cli/view/output.h"
#include "core/base/text.h"
#include "lab/probe/matrix.h"

/*
 * The matrix as a table of marks with a legend. width: of the terminal, where the columns are then
 * cut into blocks; 0: none. In colour, blocked is yellow and what differs from its prediction red.
 */
void matrix_add_text(struct text *text, const struct matrix *matrix, unsigned width, bool color);

/*
 * [{"from","to","protocol","port","verdict","code"}...], live with "probe" and "differs"; a pair a
 * line, written as it is made, for there may be a million of them. Returns 0 or a negative errno.
 */
int matrix_write_json(const struct matrix *matrix, const struct explain_index *index, FILE *file);
