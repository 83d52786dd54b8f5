/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdint.h>

#include "core/base/error.h"

/* The bytes that a link of the calling thread's network namespace has taken in and let out since it
 * was made, of IP packets whole. -ENODEV: there is no such link. */
int link_read_bytes(const char *link, uint64_t *ret_in, uint64_t *ret_out, struct error *err);
