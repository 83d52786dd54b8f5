/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <libmnl/libmnl.h>
#include <stdio.h>

#include <linux/netfilter.h>

#include "core/guest/guest.h"

enum { TABLE_DEFAULT = 253, TABLE_MAIN = 254, TABLE_LOCAL = 255 };

static inline void put_name(char name[static IF_NAMESIZE], const char *text)
{
	snprintf(name, IF_NAMESIZE, "%s", text);
}

/* made.c. Behind those of the same priority. */
void guest_add_rule(struct guest *guest, const struct guest_rule *rule);
/* With the routes that came with it; with the link's last address, all that is routed there. */
void guest_delete_address(struct guest *guest, size_t i);

enum { FIELD_FAMILY = NFT_FIELD_COUNT, FIELD_ETHER_TYPE }; /* of a packet that is always IPv4's */

/* A family of tables that the kernel has none of: those of iptables-legacy. */
enum { FAMILY_LEGACY = NFPROTO_NUMPROTO };

/* filter.c */
bool guest_is_of_table(const struct guest_table *table, uint8_t family, const char *name);
struct guest_chain *guest_find_chain(const struct guest_filter *filter,
				     const struct guest_table *table, const char *name);

/* filter_read.c: one message each, chains and sets before elements, and these before rules. */
void guest_read_chain(struct guest *guest, const struct nlmsghdr *message);
void guest_read_set(struct guest *guest, const struct nlmsghdr *message);
void guest_read_elements(struct guest *guest, const struct nlmsghdr *message);
void guest_read_filter_rule(struct guest *guest, const struct nlmsghdr *message);
/* Behind those of the same priority; it stays where it is until the next one is added. */
struct guest_chain *guest_add_chain(struct guest *guest, int priority);
/* One user less. */
void guest_filter_free(struct guest_filter *filter);

/* legacy.c: tables of iptables-legacy, a message a chain. A kernel without them answers nothing. */
#define GUEST_LEGACY_MESSAGE 0x7ffe
struct guest_legacy_chain {
	char table[32];
	uint32_t hook, has_rules, policy_drop;
};
void guest_ask_legacy(struct text *answer);
void guest_read_legacy(struct guest *guest, const struct nlmsghdr *message);
