/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/memory.h"
#include "core/state/nft.h"

/*
 * What message.c gathers and commit.c sends: one buffer of finished messages and a record
 * for each. The sequence number of a message is its record's index + 1, so that an answer leads to
 * the object; 0 is the begin message, with which the kernel answers what concerns all of them.
 */
struct nft_record {
	size_t offset; /* where its message is in the buffer */
	uint16_t type; /* NFT_MSG_* */
	bool joined;   /* belongs to the transaction of the one before it */
	const char *noun, *name;
	unsigned rule;             /* number of the rule in its chain, from 1 */
	const struct nft_set *set; /* of elements */
	size_t list;               /* of elements: where their list is in the buffer */
};

struct nft_batch {
	struct arena arena; /* names and sets */
	uint8_t family;
	const char *table;
	char *buffer;
	size_t length, capacity;
	struct nft_record *record;
	size_t n_record;
	uint32_t last_set_id; /* sets are known by number within a transaction */
};
