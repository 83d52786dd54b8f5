/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <linux/netlink.h>

#include "core/state/wanted.h"

/*
 * Make one message to rtnetlink, in room for MESSAGE_SIZE bytes, aligned as a message; rtnl.h sends
 * it. An index is that of an interface in the namespace of the socket on which the message will be
 * sent.
 */
#define MESSAGE_SIZE 512 /* the largest, which makes a veth, takes 288 with the longest names */

/* Both ends in place with their names; the near end, in the socket's namespace, is up. */
struct nlmsghdr *message_veth_add(void *room, const struct veth_object *veth, int peer_netns_fd);
struct nlmsghdr *message_link_get(void *room, const char *name);
/* Keep a link from making IPv6 addresses of its own accord, and so from any word of IPv6. Either
 * names the link: name NULL, or index 0. */
struct nlmsghdr *message_link_quiet(void *room, const char *name, int index);
struct nlmsghdr *message_link_up(void *room, int index); /* with rp_filter off */
struct nlmsghdr *message_link_arp_off(void *room, int index);
struct nlmsghdr *message_link_mtu(void *room, int index, uint32_t mtu);
struct nlmsghdr *message_link_delete(void *room, const char *name);

/*
 * Deleting links one by one costs some 20 ms each, as many as you like in one go no more than that:
 * put them into a group, then delete the group.
 */
struct nlmsghdr *message_link_set_group(void *room, const char *name, uint32_t group);
struct nlmsghdr *message_group_delete(void *room, uint32_t group);

/* replace: fine if it is there already; a route of the same table and prefix goes. */
struct nlmsghdr *message_address_add(void *room, const struct address_object *address, int index,
				     bool replace);
struct nlmsghdr *message_address_delete(void *room, const struct address_object *address,
					int index);
struct nlmsghdr *message_route_add(void *room, const struct route_object *route, int index,
				   bool replace);
struct nlmsghdr *message_route_delete(void *room, const struct route_object *route);
struct nlmsghdr *message_rule_add(void *room, const struct rule_object *rule);
struct nlmsghdr *message_rule_delete(void *room, const struct rule_object *rule);
