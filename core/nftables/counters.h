/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/*
 * How many packets the counters of a chain of our table have counted so far, in the calling
 * thread's network namespace: of the first n counters, in their order; 0 for those that are not
 * there. -ENOENT, with err: there is no such chain.
 */
int nft_read_counters(const char *chain, uint64_t *ret_packets, size_t n, struct error *err);
