/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/base/address.h"

#include <errno.h>
#include <stdio.h>

/* Read a number without leading zeroes. Return what follows it, or NULL if there is none or it
 * is above max. */
static const char *parse_number(const char *s, unsigned max, unsigned *ret_number)
{
	unsigned number = 0;
	const char *start = s;

	for (; *s >= '0' && *s <= '9'; s++) {
		if (s > start && *start == '0')
			return NULL;
		number = number * 10 + (unsigned)(*s - '0');
		if (number > max)
			return NULL;
	}
	if (s == start)
		return NULL;
	*ret_number = number;
	return s;
}

/* Read a dotted quad at the beginning of s. Return what follows it, or NULL. */
static const char *parse_quad(const char *s, uint32_t *ret_address)
{
	uint32_t address = 0;

	for (int i = 0; i < 4; i++) {
		unsigned byte;

		if (i > 0 && *s++ != '.')
			return NULL;
		s = parse_number(s, 255, &byte);
		if (!s)
			return NULL;
		address = address << 8 | byte;
	}
	*ret_address = address;
	return s;
}

bool address_parse(const char *text, uint32_t *ret_address)
{
	uint32_t address;
	const char *end = parse_quad(text, &address);

	if (!end || *end)
		return false;
	*ret_address = address;
	return true;
}

const char *address_format(uint32_t address, char text[static ADDRESS_TEXT_SIZE])
{
	char *p = text;

	/* Not by snprintf(): a lab of a thousand hosts formats thousands of them for each
	 * command. */
	for (int shift = 24; shift >= 0; shift -= 8) {
		const unsigned byte = address >> shift & 255;

		if (byte >= 100)
			*p++ = (char)('0' + byte / 100);
		if (byte >= 10)
			*p++ = (char)('0' + byte / 10 % 10);
		*p++ = (char)('0' + byte % 10);
		*p++ = shift ? '.' : '\0';
	}
	return text;
}

int prefix_parse(const char *text, struct prefix *ret_prefix)
{
	uint32_t address, mask;
	unsigned length;
	const char *s = parse_quad(text, &address);

	if (!s || *s != '/')
		return -EINVAL;
	s = parse_number(s + 1, 32, &length);
	if (!s || *s)
		return -EINVAL;

	mask = prefix_mask((uint8_t)length);
	*ret_prefix = (struct prefix){ .address = address & mask, .length = (uint8_t)length };
	return address & ~mask ? -ERANGE : 0;
}

const char *prefix_format(struct prefix prefix, char text[static PREFIX_TEXT_SIZE])
{
	char address[ADDRESS_TEXT_SIZE];

	snprintf(text, PREFIX_TEXT_SIZE, "%s/%hhu", address_format(prefix.address, address),
		 prefix.length);
	return text;
}

uint32_t prefix_last(struct prefix prefix)
{
	return prefix.address | ~prefix_mask(prefix.length);
}

bool prefix_covers(struct prefix outer, struct prefix inner)
{
	return inner.length >= outer.length && prefix_contains(outer, inner.address);
}

bool prefix_overlaps(struct prefix a, struct prefix b)
{
	return prefix_covers(a, b) || prefix_covers(b, a);
}

bool prefix_equal(struct prefix a, struct prefix b)
{
	return a.length == b.length && a.address == b.address;
}

bool address_is_public(uint32_t address)
{
	static const struct prefix elsewhere[] = {
		{ 0x00000000, 8 },  /* "this" network */
		{ 0x0a000000, 8 },  /* RFC 1918 */
		{ 0x64400000, 10 }, /* 100.64/10, between a carrier and its customers */
		{ 0x7f000000, 8 },  /* loopback */
		{ 0xa9fe0000, 16 }, /* link-local */
		{ 0xac100000, 12 }, /* RFC 1918 */
		{ 0xc0a80000, 16 }, /* RFC 1918 */
		{ 0xe0000000, 3 },  /* multicast and 240/4 */
	};

	for (unsigned i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		if (prefix_contains(elsewhere[i], address))
			return false;
	}
	return true;
}
