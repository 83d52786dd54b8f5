/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "lab/model/model.h"

/* Have each load balancer check its targets now, and wait until it has. Inside the sandbox; leaves
 * the calling thread in some namespace. */
void balancers_check(const struct model *model);
