/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/utf8.h"

#include "core/base/memory.h"

size_t utf8_decode(const char *s, size_t n, uint32_t *ret_character)
{
	const unsigned char *byte = (const unsigned char *)s;
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t length;

	if (n == 0)
		return 0;
	c = byte[0];
	length = c < 0x80                ? 1
		 : c >= 0xc2 && c < 0xe0 ? 2
		 : c >= 0xe0 && c < 0xf0 ? 3
		 : c >= 0xf0 && c < 0xf5 ? 4
					 : 0;
	if (length == 0 || length > n)
		return 0;

	if (length > 1)
		c &= 0x7fu >> length;
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (byte[i] & 0x3f);
	}
	if (c < smallest[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*ret_character = c;
	return length;
}

bool utf8_is_control(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

struct utf8_range {
	uint32_t first, last;
};

static bool in_ranges(const struct utf8_range *range, size_t n, uint32_t character)
{
	for (size_t i = 0; i < n; i++)
		if (character >= range[i].first && character <= range[i].last)
			return true;
	return false;
}

/* These are the blocks that matter for placing a caret, not the whole of Unicode. wcwidth()
 * knows more, but nothing in the C locale, in which our tests and many CI machines live. */
unsigned utf8_width(uint32_t character)
{
	static const struct utf8_range combining[] = {
		{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x064b, 0x065f },
		{ 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
		{ 0x200b, 0x200d }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
	};
	static const struct utf8_range wide[] = {
		{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },
		{ 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
		{ 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
		{ 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff },
		{ 0x20000, 0x3fffd },
	};

	if (character < 0x300)
		return 1;
	if (in_ranges(combining, ARRAY_SIZE(combining), character))
		return 0;
	return in_ranges(wide, ARRAY_SIZE(wide), character) ? 2 : 1;
}
