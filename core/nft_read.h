#pragma once

#include <stdint.h>

#include "core/error.h"

/*
 * How many packets the counters of a chain of our table have counted so far, all of them together, in the calling
 * thread's network namespace. -ENOENT, with err: there is no such chain.
 */
int nft_read_counters(const char *chain, uint64_t *ret_packets, struct error *err);
