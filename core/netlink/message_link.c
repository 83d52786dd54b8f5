/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/message.h"

#include <string.h>
#include <sys/socket.h>

#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>

#include <netlink/addr.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>

#include <net/if.h>

/*
 * No address resolution (see wanted.h). One queue each way: by default a veth gets one for each
 * CPU, which costs time and memory and brings nothing here.
 */
static bool describe_end(struct rtnl_link *link, const char *name, const uint8_t mac[6],
			 unsigned flags)
{
	struct nl_addr *address = nl_addr_build(AF_LLC, mac, 6);

	if (!address)
		return false;
	rtnl_link_set_name(link, name);
	rtnl_link_set_addr(link, address);
	nl_addr_put(address);
	rtnl_link_set_flags(link, flags | IFF_NOARP | IFF_MULTICAST);
	rtnl_link_set_num_tx_queues(link, 1);
	rtnl_link_set_num_rx_queues(link, 1);
	return true;
}

struct nl_msg *message_veth_add(const struct veth_object *veth, int peer_netns_fd)
{
	struct rtnl_link *link = rtnl_link_veth_alloc();
	struct rtnl_link *peer = link ? rtnl_link_veth_get_peer(link) : NULL;
	struct nl_msg *message = NULL;

	/* The kernel refuses to have the peer up before the link exists (ENOTCONN): that is for
	 * later. */
	if (peer && describe_end(link, veth->link, veth->mac, IFF_UP) &&
	    describe_end(peer, veth->peer_link, veth->mac, 0)) {
		rtnl_link_set_ns_fd(peer, peer_netns_fd);
		if (rtnl_link_build_add_request(link, NLM_F_CREATE | NLM_F_EXCL, &message) < 0)
			message = NULL;
	}
	if (peer)
		rtnl_link_put(peer); /* get_peer counts */
	if (link)
		rtnl_link_veth_release(link);
	return message;
}

/* Finishes a message whose attributes went in, or not. */
static struct nl_msg *checked(struct nl_msg *message, bool ok)
{
	if (ok)
		return message;
	nlmsg_free(message);
	return NULL;
}

/* A link message with an optional name. */
static struct nl_msg *link_message(int type, int index, unsigned flags, const char *name)
{
	struct nl_msg *message = nlmsg_alloc_simple(type, 0);
	struct ifinfomsg link = {
		.ifi_family = AF_UNSPEC, .ifi_index = index, .ifi_flags = flags, .ifi_change = flags
	};

	if (!message)
		return NULL;
	return checked(message, nlmsg_append(message, &link, sizeof(link), NLMSG_ALIGNTO) == 0 &&
					(!name || nla_put_string(message, IFLA_IFNAME, name) == 0));
}

static struct nl_msg *with_number(struct nl_msg *message, int attribute, uint32_t value)
{
	return message ? checked(message, nla_put_u32(message, attribute, value) == 0) : NULL;
}

struct nl_msg *message_link_get(const char *name)
{
	/* Without the counters: most of the answer, and nobody reads them. */
	return with_number(link_message(RTM_GETLINK, 0, 0, name), IFLA_EXT_MASK,
			   RTEXT_FILTER_SKIP_STATS);
}

/*
 * Settings of a link go along with messages that are sent anyway, instead of below /proc/sys/net:
 * there, entries of all namespaces hang on one hash chain, and the thousandth namespace pays for
 * the 999 before it.
 */
struct nl_msg *message_link_quiet(const char *name, int index)
{
	struct nl_msg *message = link_message(RTM_SETLINK, index, 0, name);
	struct nlattr *families, *family;

	if (!message)
		return NULL;
	families = nla_nest_start(message, IFLA_AF_SPEC);
	family = families ? nla_nest_start(message, AF_INET6) : NULL;
	if (!family || nla_put_u8(message, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE) < 0)
		return checked(message, false);
	nla_nest_end(message, family);
	nla_nest_end(message, families);
	return message;
}

struct nl_msg *message_link_up(int index)
{
	struct nl_msg *message = link_message(RTM_SETLINK, index, IFF_UP, NULL);
	struct nlattr *families, *family, *settings;

	if (!message)
		return NULL;
	families = nla_nest_start(message, IFLA_AF_SPEC);
	family = families ? nla_nest_start(message, AF_INET) : NULL;
	settings = family ? nla_nest_start(message, IFLA_INET_CONF) : NULL;
	if (!settings || nla_put_u32(message, IPV4_DEVCONF_RP_FILTER, 0) < 0)
		return checked(message, false);
	nla_nest_end(message, settings);
	nla_nest_end(message, family);
	nla_nest_end(message, families);
	return message;
}

struct nl_msg *message_link_delete(const char *name)
{
	return link_message(RTM_DELLINK, 0, 0, name);
}

struct nl_msg *message_link_set_group(const char *name, uint32_t group)
{
	return with_number(link_message(RTM_SETLINK, 0, 0, name), IFLA_GROUP, group);
}

struct nl_msg *message_group_delete(uint32_t group)
{
	return with_number(link_message(RTM_DELLINK, 0, 0, NULL), IFLA_GROUP, group);
}
