/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "cli/view/output.h"
#include "cli/view/remarks.h"
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

/* FILE:4:1: as a place begins a message, or FILE: ADDRESS: where the text was made of something
 * else; nothing where there is no file. token may be NULL. */
void diagnostic_place(struct text *text, const struct source *source, const struct token *token,
		      bool with_column);

/*
 * How often each mistake was made: by its code, or where it has none by its sentence, whatever
 * object that is about. All zero is none.
 */
struct repeats {
	struct repeat *repeat;
	size_t n_repeat;
};
#define REPEATS_TOLD 3 /* so often is one told, and counted from then on */
/* One more; return the how manieth it is. */
size_t repeats_count(struct repeats *repeats, const struct error *err);
/* Write "and 1,997 more of InvalidVSwitchId.NotFound" behind the file's name for each that was made
 * more often than told, and begin anew. */
void repeats_write(FILE *file, struct repeats *repeats, const struct source *source);

/* The same as a remark, which borrows the texts. */
struct remark diagnostic_remark(const struct source *source, const struct token *token,
				const struct error *err);

/* Write it to the file: as wide as the terminal that it may be, or where answers are JSON as the
 * object of remark_output() on a line of its own. */
void diagnostic_write(FILE *file, enum output_format format, const struct source *source,
		      const struct token *token, const struct error *err, bool color);
