/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* IPv4 addresses are in host byte order everywhere but inside netlink messages. */

struct prefix {
	uint32_t address; /* host bits zero once parsed by prefix_parse */
	uint8_t length;   /* 0 to 32 */
};

#define DEFAULT_ROUTE         ((struct prefix){ 0, 0 }) /* 0.0.0.0/0 */
#define HOST_PREFIX(address_) ((struct prefix){ (address_), 32 })

#define ADDRESS_TEXT_SIZE 16 /* "255.255.255.255" */
#define PREFIX_TEXT_SIZE  20 /* "255.255.255.255/32" */

/* Strict dotted quad: no leading zeroes, no short forms. */
bool address_parse(const char *text, uint32_t *ret_address);
const char *address_format(uint32_t address, char text[static ADDRESS_TEXT_SIZE]);

/* Strict "a.b.c.d/len". Returns 0; -EINVAL: not a prefix; -ERANGE: host bits are set (ret is then
 * set, bits cut). */
int prefix_parse(const char *text, struct prefix *ret_prefix);
const char *prefix_format(struct prefix prefix, char text[static PREFIX_TEXT_SIZE]);

uint32_t prefix_mask(uint8_t length);
uint32_t prefix_last(struct prefix prefix); /* the broadcast address */
bool prefix_contains(struct prefix prefix, uint32_t address);
bool prefix_covers(struct prefix outer, struct prefix inner); /* equal counts */
bool prefix_overlaps(struct prefix a, struct prefix b);
bool prefix_equal(struct prefix a, struct prefix b);

/* May this address be a host on the public Internet? (unicast, not RFC 1918, loopback, link-local,
   100.64/10, 0/8, 240/4; the documentation and benchmarking ranges that our pools come from count
   as public). */
bool address_is_public(uint32_t address);
