/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/state/wanted.h"
#include "lab/model/model.h"

/*
 * From the cloud's model to the wanted kernel state. Pure: no kernel, no privilege, no failure;
 * ret_wanted is sorted. Every object in it has an origin, for people, and every object and nft rule
 * the cookie of the decision that it stands for (lab/model/decision.h). What the others rely on of
 * what it makes is in layout.h; its parts are in internal.h, one file for each kind of node.
 */
void compile(const struct model *model, struct wanted *ret_wanted);
