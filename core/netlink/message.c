/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/message.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include <net/if.h>

/* ---- links ---- */

static struct nlmsghdr *link_message(void *room, uint16_t type, uint16_t flags, int index,
				     unsigned changed)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	link->ifi_index = index;
	link->ifi_flags = link->ifi_change = changed;
	return message;
}

/* One queue each way: by default a veth gets one for each CPU, which costs time and memory and
 * brings nothing here. */
static void describe_end(struct nlmsghdr *message, const char *name, const struct veth_object *veth)
{
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	mnl_attr_put(message, IFLA_ADDRESS, sizeof(veth->mac), veth->mac);
	mnl_attr_put_u32(message, IFLA_MTU, veth->mtu);
	mnl_attr_put_u32(message, IFLA_NUM_TX_QUEUES, 1);
	mnl_attr_put_u32(message, IFLA_NUM_RX_QUEUES, 1);
}

struct nlmsghdr *message_veth_add(void *room, const struct veth_object *veth, int peer_netns_fd)
{
	/* No address resolution, see wanted.h. The kernel refuses to have the peer up before the
	 * link exists (ENOTCONN): that is for later. */
	struct nlmsghdr *message =
		link_message(room, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, IFF_UP | IFF_NOARP);
	struct nlattr *info, *data, *peer;
	struct ifinfomsg *far;

	describe_end(message, veth->link, veth);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(message, VETH_INFO_PEER);
	far = mnl_nlmsg_put_extra_header(message, sizeof(*far));
	far->ifi_flags = far->ifi_change = IFF_NOARP;
	describe_end(message, veth->peer_link, veth);
	mnl_attr_put_u32(message, IFLA_NET_NS_FD, (uint32_t)peer_netns_fd);
	mnl_attr_nest_end(message, peer);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, info);
	return message;
}

struct nlmsghdr *message_link_get(void *room, const char *name)
{
	struct nlmsghdr *message = link_message(room, RTM_GETLINK, 0, 0, 0);

	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	/* Without the counters: most of the answer, and nobody reads them. */
	mnl_attr_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return message;
}

/*
 * Settings of a link go along with messages that are sent anyway, instead of below /proc/sys/net:
 * there, entries of all namespaces hang on one hash chain, and the thousandth namespace pays for
 * the 999 before it.
 */
struct nlmsghdr *message_link_quiet(void *room, const char *name, int index)
{
	struct nlmsghdr *message = link_message(room, RTM_SETLINK, 0, index, 0);
	struct nlattr *families, *family;

	if (name)
		mnl_attr_put_strz(message, IFLA_IFNAME, name);
	families = mnl_attr_nest_start(message, IFLA_AF_SPEC);
	family = mnl_attr_nest_start(message, AF_INET6);
	mnl_attr_put_u8(message, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(message, family);
	mnl_attr_nest_end(message, families);
	return message;
}

struct nlmsghdr *message_link_up(void *room, int index)
{
	struct nlmsghdr *message = link_message(room, RTM_SETLINK, 0, index, IFF_UP);
	struct nlattr *families = mnl_attr_nest_start(message, IFLA_AF_SPEC);
	struct nlattr *family = mnl_attr_nest_start(message, AF_INET);
	struct nlattr *settings = mnl_attr_nest_start(message, IFLA_INET_CONF);

	mnl_attr_put_u32(message, IPV4_DEVCONF_RP_FILTER, 0);
	mnl_attr_nest_end(message, settings);
	mnl_attr_nest_end(message, family);
	mnl_attr_nest_end(message, families);
	return message;
}

struct nlmsghdr *message_link_arp_off(void *room, int index)
{
	return link_message(room, RTM_SETLINK, 0, index, IFF_NOARP);
}

struct nlmsghdr *message_link_mtu(void *room, int index, uint32_t mtu)
{
	struct nlmsghdr *message = link_message(room, RTM_SETLINK, 0, index, 0);

	mnl_attr_put_u32(message, IFLA_MTU, mtu);
	return message;
}

struct nlmsghdr *message_link_delete(void *room, const char *name)
{
	struct nlmsghdr *message = link_message(room, RTM_DELLINK, 0, 0, 0);

	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	return message;
}

struct nlmsghdr *message_link_set_group(void *room, const char *name, uint32_t group)
{
	struct nlmsghdr *message = link_message(room, RTM_SETLINK, 0, 0, 0);

	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	mnl_attr_put_u32(message, IFLA_GROUP, group);
	return message;
}

struct nlmsghdr *message_group_delete(void *room, uint32_t group)
{
	struct nlmsghdr *message = link_message(room, RTM_DELLINK, 0, 0, 0);

	mnl_attr_put_u32(message, IFLA_GROUP, group);
	return message;
}

/* ---- what is on them ---- */

static struct nlmsghdr *address_message(void *room, uint16_t type, uint16_t flags,
					const struct address_object *address, int index)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);
	struct ifaddrmsg *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	head->ifa_family = AF_INET;
	head->ifa_prefixlen = address->length;
	head->ifa_scope = address->never_source ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
	head->ifa_index = (uint32_t)index;
	mnl_attr_put_u32(message, IFA_LOCAL, htonl(address->address));
	mnl_attr_put_u32(message, IFA_ADDRESS, htonl(address->address));
	return message;
}

struct nlmsghdr *message_address_add(void *room, const struct address_object *address, int index,
				     bool replace)
{
	return address_message(room, RTM_NEWADDR,
			       NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL), address,
			       index);
}

struct nlmsghdr *message_address_delete(void *room, const struct address_object *address, int index)
{
	return address_message(room, RTM_DELADDR, 0, address, index);
}

/* Table, prefix, metric and kind: what names a route. */
static struct nlmsghdr *route_message(void *room, uint16_t type, uint16_t flags,
				      const struct route_object *route, uint8_t protocol,
				      uint8_t scope)
{
	static const uint8_t types[] = { [ROUTE_UNICAST] = RTN_UNICAST,
					 [ROUTE_BLACKHOLE] = RTN_BLACKHOLE,
					 [ROUTE_THROW] = RTN_THROW };
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);
	struct rtmsg *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	head->rtm_family = AF_INET;
	head->rtm_dst_len = route->to.length;
	head->rtm_protocol = protocol;
	head->rtm_scope = scope;
	head->rtm_type = types[route->type];
	mnl_attr_put_u32(message, RTA_TABLE, route->table);
	mnl_attr_put_u32(message, RTA_DST, htonl(route->to.address));
	if (route->metric)
		mnl_attr_put_u32(message, RTA_PRIORITY, route->metric);
	return message;
}

struct nlmsghdr *message_route_add(void *room, const struct route_object *route, int index,
				   bool replace)
{
	bool direct = route->link && !route->via;
	struct nlmsghdr *message = route_message(
		room, RTM_NEWROUTE, NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL), route,
		RTPROT_BOOT /* as ip(8) does: so they look like those made by hand */,
		direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);

	if (route->type != ROUTE_UNICAST)
		return message;
	if (route->onlink)
		((struct rtmsg *)mnl_nlmsg_get_payload(message))->rtm_flags = RTNH_F_ONLINK;
	mnl_attr_put_u32(message, RTA_OIF, (uint32_t)index);
	if (route->via)
		mnl_attr_put_u32(message, RTA_GATEWAY, htonl(route->via));
	return message;
}

struct nlmsghdr *message_route_delete(void *room, const struct route_object *route)
{
	/* Whoever made it, whatever scope it has. */
	return route_message(room, RTM_DELROUTE, 0, route, RTPROT_UNSPEC, RT_SCOPE_NOWHERE);
}

static struct nlmsghdr *rule_message(void *room, uint16_t type, uint16_t flags,
				     const struct rule_object *rule)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);
	struct fib_rule_hdr *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	head->family = AF_INET;
	head->action = FR_ACT_TO_TBL;
	mnl_attr_put_u32(message, FRA_PRIORITY, rule->priority);
	mnl_attr_put_u32(message, FRA_TABLE, rule->table);
	if (rule->mark)
		mnl_attr_put_u32(message, FRA_FWMARK, rule->mark);
	if (rule->iif)
		mnl_attr_put_strz(message, FRA_IIFNAME, rule->iif);
	return message;
}

struct nlmsghdr *message_rule_add(void *room, const struct rule_object *rule)
{
	return rule_message(room, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule);
}

struct nlmsghdr *message_rule_delete(void *room, const struct rule_object *rule)
{
	return rule_message(room, RTM_DELRULE, 0, rule);
}
