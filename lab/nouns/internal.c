/* SPDX-License-Identifier: GPL-3.0-only */
#include "lab/nouns/internal.h"

#include <string.h>

#include "core/base/memory.h"

bool is_unusable(struct prefix prefix,
		 bool (*relation)(struct prefix unusable, struct prefix prefix))
{
	static const struct prefix ranges[] = {
		{ 0x00000000, 8 }, { 0x7f000000, 8 }, { 0xa9fe0000, 16 },
		{ 0xe0000000, 4 }, { 0xf0000000, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (relation(ranges[i], prefix))
			return true;
	return false;
}

bool is_plain_word(const char *word)
{
	size_t length = strlen(word);

	return length > 0 && length <= PLAIN_WORD_MAX &&
	       strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
		       length;
}

const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

unsigned count_in_vpc(const struct model *m, enum noun noun, const struct vpc *vpc)
{
	unsigned count = 0;

	model_each(m, noun, const struct resource, resource)
		count += resource_vpc(resource) == vpc && !vpc_brought(resource);
	return count;
}
