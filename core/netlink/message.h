/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/state/wanted.h"

struct nl_msg;

/*
 * One message to rtnetlink each, made and not sent (rtnl.h sends): links in rtnl_link.c, addresses,
 * routes and rules in rtnl_route.c. The caller owns what is returned; NULL: no memory. An index is
 * that of an interface in the namespace of the socket on which the message will be sent.
 */

/* Both ends in place with their names; the near end, in the socket's namespace, is up. */
struct nl_msg *message_veth_add(const struct veth_object *veth, int peer_netns_fd);
struct nl_msg *message_link_get(const char *name);
/* No IPv6 address of its own accord, and so no word of IPv6. The one or the other names the link:
 * name NULL, or index 0. */
struct nl_msg *message_link_quiet(const char *name, int index);
struct nl_msg *message_link_up(int index); /* with rp_filter off */
struct nl_msg *message_link_delete(const char *name);

/*
 * Deleting links one by one costs some 20 ms each, as many as you like in one go no more than that:
 * put them into a group, then delete the group.
 */
struct nl_msg *message_link_set_group(const char *name, uint32_t group);
struct nl_msg *message_group_delete(uint32_t group);

/* replace: fine if it is there already; a route of the same table and prefix goes. */
struct nl_msg *message_address_add(const struct address_object *address, int index, bool replace);
struct nl_msg *message_address_delete(const struct address_object *address, int index);
struct nl_msg *message_route_add(const struct route_object *route, int index, bool replace);
struct nl_msg *message_route_delete(const struct route_object *route);
struct nl_msg *message_rule_add(const struct rule_object *rule);
struct nl_msg *message_rule_delete(const struct rule_object *rule);
