/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

/*
 * Hash tables: uthash, set up once. Memory that is missing ends the program as xalloc() does, and
 * FNV-1a, eight bytes at a time, takes the place of the library's hash, whose unmarked
 * fall-throughs clang reports in our lines. Keep a table within one file: its users know that
 * look-ups are quick, not how.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

#define uthash_malloc(size)                 xalloc(size)
#define uthash_fatal(message)               abort()
#define HASH_FUNCTION(key_, length_, hash_) ((hash_) = hash_bytes((key_), (length_)))
#include <uthash.h>

/* In a large table each step along a chain is a miss of the cache: keep them short. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 6U

static inline unsigned hash_bytes(const void *key, size_t length)
{
	const unsigned char *byte = key;
	uint64_t hash = 14695981039346656037u, word;

	for (; length >= sizeof(word); length -= sizeof(word), byte += sizeof(word)) {
		memcpy(&word, byte, sizeof(word));
		hash = (hash ^ word) * 1099511628211u;
	}
	for (; length > 0; length--, byte++)
		hash = (hash ^ *byte) * 1099511628211u;
	/* uthash takes the low bits, which the last bytes of a word have not reached yet. */
	hash = (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u;
	return (unsigned)(hash >> 32);
}
