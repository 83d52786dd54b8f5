/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>

#include "lab/language/grammar.h"
#include "lab/model/model.h"

/* A change as far as it was typed, up to the parameter whose value is at the cursor. */
struct said {
	const struct grammar *grammar;
	const struct parameter *parameter;
	const struct token *token; /* behind the command's own words */
	size_t n_token;
};

/* The resource that was said behind that key, if it is one of those nouns. */
struct resource *said_at(const struct said *said, const struct model *model, const char *key,
			 unsigned nouns);
/* May it stand there, of what was said so far? What is in a VPC goes with nothing of another one.
 */
bool fits(const struct said *said, const struct model *model, const struct resource *resource);
/* Is the value the last that the change has to have, so that the rules can be asked? */
bool said_completes(const struct said *said);
/* Would the cloud take the change with that value, as it stands or with its flags? */
bool fits_rules(const struct said *said, const struct model *model, const char *value);
