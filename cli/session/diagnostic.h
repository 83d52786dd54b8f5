/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "cli/view/output.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "lab/language/tokenizer.h"

/*
 * A mistake as a modern compiler shows it:
 *
 *     nat.lab:14:42: error: InvalidSnatIp.NotFound: EIP1 is not associated with NAT1
 *       14 | snat create snat1 nat-gateway NAT1 source vswitch VSW1 eip EIP1
 *          |                                                            ^^^^
 *       hint: eip associate EIP1 nat-gateway NAT1
 *
 * token may be NULL (no place: only the first line and the hint). All text from outside is escaped.
 * Sentences are wrapped at the width; 0: they are not.
 */
void diagnostic_format(struct text *text, const struct source *source, const struct token *token,
		       const struct error *err, bool color, unsigned width);

/*
 * Write that to the file, as wide as the terminal that it may be, or where answers are JSON one
 * object on a line of its own:
 * {"code","file","line","column","message","hint"}, null for what there is none of.
 */
void diagnostic_write(FILE *file, enum output_format format, const struct source *source,
		      const struct token *token, const struct error *err, bool color);
