/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/base/text.h"
#include "lab/model/model.h"

/*
 * What an object is a part of, as compile() writes it into object->origin: the resources by noun
 * and name, "EIP EIP1, NAT gateway NAT1". The internet and the file of names have one, too, that is
 * no resource's.
 */
#define ORIGIN_INTERNET "the internet"
#define ORIGIN_NAMES    "the names of all nodes"

/* The second may be NULL. */
void origin_add(struct text *text, const struct model *model, const struct resource *first,
		const struct resource *second);
bool origin_has(const struct model *model, const char *origin, const struct resource *resource);
