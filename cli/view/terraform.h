/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdio.h>

#include "lab/terraform/terraform.h"

/*
 * Tell what the translation of a plan or state had to guess, leave out or choose: one line for all
 * resources of which the same is said.
 */
void terraform_notes_write(FILE *file, const char *name, const struct terraform *terraform);
