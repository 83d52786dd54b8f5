/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/*
 * Return how many packets the first n counters of a chain of our table have counted, in their
 * order, in the calling thread's network namespace; 0 for those that are not there.
 */
int nft_read_counters(const char *chain, uint64_t *ret_packets, size_t n, struct error *err);
/* The same of bytes. */
int nft_read_byte_counters(const char *chain, uint64_t *ret_bytes, size_t n, struct error *err);
