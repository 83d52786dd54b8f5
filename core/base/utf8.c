/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/utf8.h"

#include <locale.h>
#include <wchar.h>

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

unsigned utf8_width(uint32_t character)
{
	/* The C library's table, whatever the user's locale is. */
	static locale_t utf8;
	locale_t users;
	int width;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	users = uselocale(utf8);
	width = wcwidth((wchar_t)character);
	uselocale(users);
	return width < 0 ? 1 : (unsigned)width;
}
