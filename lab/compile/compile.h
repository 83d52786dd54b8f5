/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/state/wanted.h"
#include "lab/model/model.h"

/*
 * From the cloud's model to the wanted kernel state. Pure: no kernel, no privilege, no failure;
 * ret_wanted is sorted, and every object in it has an origin (origin.h). What the others rely on of
 * what it makes is in data_plane.h; its parts are in compile_parts.h, one file for each kind of
 * node.
 */
void compile(const struct model *model, struct wanted *ret_wanted);
