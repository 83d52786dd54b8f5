/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * Hash tables: uthash, set up once. Memory that is missing ends the program as xalloc() does, and
 * FNV-1a takes the place of the library's hash, whose unmarked fall-throughs clang reports in our
 * lines. Keep a table within one file: its users know that look-ups are quick, not how.
 */
#include <stddef.h>
#include <stdlib.h>

#include "core/base/memory.h"

#define uthash_malloc(size)                 xalloc(size)
#define uthash_fatal(message)               abort()
#define HASH_FUNCTION(key_, length_, hash_) ((hash_) = hash_bytes((key_), (length_)))
#include <uthash.h>

static inline unsigned hash_bytes(const void *key, size_t length)
{
	const unsigned char *byte = key;
	unsigned hash = 2166136261u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * 16777619u;
	return hash;
}
