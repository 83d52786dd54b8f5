/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <jansson.h>

#include "core/base/error.h"
#include "lab/terraform/table.h"

/*
 * States are long, and little in them says anything about packets. What nobody asks for is left out
 * on the way to jansson, whose tree would take eight times the room. The text is freed as soon as
 * there is a tree. -EINVAL with the place in the whole text where it is no JSON.
 */
int tf_load_thin(char *json, size_t length, const struct tf_words *words, json_t **ret_root,
		 struct error *err);
