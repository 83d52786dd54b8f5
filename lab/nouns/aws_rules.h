/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/* What the files of AWS nouns do for each other, beside what rules.h has for both providers. */
#include "lab/nouns/aws_changes.h"
#include "lab/nouns/rules.h"

/* aws_route.c: all routes of a table go with it. */
void aws_remove_routes(struct model *m, const struct route_table *table);

/* aws_eip.c: a public address that only works by way of the VPC's internet gateway; NULL: there is
 * none. */
const struct resource *aws_public_address_in(const struct model *m, const struct vpc *vpc);
