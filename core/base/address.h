/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* IPv4 addresses are in host byte order everywhere except in netlink messages. */

struct prefix {
	uint32_t address; /* prefix_parse() leaves the host bits zero */
	uint8_t length;   /* 0 to 32 */
};

#define DEFAULT_ROUTE         ((struct prefix){ 0, 0 }) /* 0.0.0.0/0 */
#define HOST_PREFIX(address_) ((struct prefix){ (address_), 32 })

#define ADDRESS_TEXT_SIZE 16 /* "255.255.255.255" */
#define PREFIX_TEXT_SIZE  20 /* "255.255.255.255/32" */

/* Strict dotted quad: no leading zeroes, no short forms. */
bool address_parse(const char *text, uint32_t *ret_address);
const char *address_format(uint32_t address, char text[static ADDRESS_TEXT_SIZE]);

/* Parse "a.b.c.d/len" strictly. Return 0; -EINVAL: it is no prefix; -ERANGE: host bits are set
 * (ret_prefix is then set, without them). */
int prefix_parse(const char *text, struct prefix *ret_prefix);
const char *prefix_format(struct prefix prefix, char text[static PREFIX_TEXT_SIZE]);

static inline uint32_t prefix_mask(uint8_t length)
{
	/* A shift by 32 would be undefined. */
	return length ? UINT32_MAX << (32 - length) : 0;
}
uint32_t prefix_last(struct prefix prefix); /* the broadcast address */
static inline bool prefix_contains(struct prefix prefix, uint32_t address)
{
	return ((address ^ prefix.address) & prefix_mask(prefix.length)) == 0;
}
bool prefix_covers(struct prefix outer, struct prefix inner); /* equal prefixes cover each other */
bool prefix_overlaps(struct prefix a, struct prefix b);
bool prefix_equal(struct prefix a, struct prefix b);

/*
 * Can this be the address of a host on the public internet? Unicast addresses outside RFC 1918,
 * loopback, link-local, 100.64.0.0/10, 0.0.0.0/8 and 240.0.0.0/4 are; the documentation and
 * benchmarking ranges from which our pools come count as public.
 */
bool address_is_public(uint32_t address);
