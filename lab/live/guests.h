/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include "core/guest/guest.h"
#include "lab/live/lab.h"

/*
 * Read what these nodes of a running lab hold: links, addresses, routing, sockets, as it is now and
 * not as the lab made it. Named twice is read once. What cannot be asked is not in *ret_guests: a
 * node that is not built (yet), or that is gone; nothing is, where there is no kernel to ask.
 */
void guests_read(const struct lab *lab, const char *const *node, size_t n_node,
		 struct guests *ret_guests);
