/* SPDX-License-Identifier: GPL-3.0-only */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/ip.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#include "core/base/memory.h"
#include "core/guest/internal.h"
#include "core/netlink/attributes.h"

/* 0 is no link. */
static void name_link(const struct guest *guest, int index, char name[static IF_NAMESIZE])
{
	for (size_t i = 0; i < guest->n_link; i++)
		if (index && guest->link[i].index == index)
			put_name(name, guest->link[i].name);
}

/* ---- one message ---- */

/* The settings of IPv4 are an array of numbers, deep inside. */
static void read_settings(struct guest_link *link, const struct nlattr *families)
{
	const struct nlattr *family, *setting;

	for_each_nested(family, families) {
		if (mnl_attr_get_type(family) != AF_INET)
			continue;
		for_each_nested(setting, family) {
			const uint32_t *values = mnl_attr_get_payload(setting);

			if (mnl_attr_get_type(setting) != IFLA_INET_CONF ||
			    mnl_attr_get_payload_len(setting) <
				    IPV4_DEVCONF_RP_FILTER * sizeof(*values))
				continue;
			link->forwarding = values[IPV4_DEVCONF_FORWARDING - 1] != 0;
			link->rp_filter = (uint8_t)values[IPV4_DEVCONF_RP_FILTER - 1];
		}
	}
}

static void read_link(struct guest *guest, const struct nlmsghdr *message)
{
	const struct ifinfomsg *head = mnl_nlmsg_get_payload(message);
	struct guest_link *link = ARRAY_PUSH(guest->link, guest->n_link);
	struct attributes attributes;

	attributes_read(message, sizeof(*head), &attributes);
	*link = (struct guest_link){ .index = head->ifi_index,
				     .up = head->ifi_flags & IFF_UP,
				     .loopback = head->ifi_flags & IFF_LOOPBACK };
	put_name(link->name, attributes_text(&attributes, IFLA_IFNAME));
	if (attributes.attr[IFLA_AF_SPEC])
		read_settings(link, attributes.attr[IFLA_AF_SPEC]);
}

static void read_address(struct guest *guest, const struct nlmsghdr *message)
{
	const struct ifaddrmsg *head = mnl_nlmsg_get_payload(message);
	struct guest_address *address = ARRAY_PUSH(guest->address, guest->n_address);
	struct attributes attributes;

	attributes_read(message, sizeof(*head), &attributes);
	*address = (struct guest_address){
		.address = attributes_address(&attributes,
					      attributes.attr[IFA_LOCAL] ? IFA_LOCAL : IFA_ADDRESS),
		.length = head->ifa_prefixlen,
	};
	name_link(guest, (int)head->ifa_index, address->link);
}

static enum guest_action rule_action(const struct fib_rule_hdr *head,
				     const struct attributes *attributes)
{
	static const unsigned special[] = {
		FRA_GOTO,     FRA_FLOW,        FRA_TUN_ID,      FRA_L3MDEV,          FRA_UID_RANGE,
		FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE, FRA_SUPPRESS_IFGROUP
	};

	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (attributes->attr[special[i]])
			return GUEST_OTHER;
	if (head->tos)
		return GUEST_OTHER;
	return head->action == FR_ACT_TO_TBL        ? GUEST_LOOKUP
	       : head->action == FR_ACT_BLACKHOLE   ? GUEST_BLACKHOLE
	       : head->action == FR_ACT_UNREACHABLE ? GUEST_UNREACHABLE
	       : head->action == FR_ACT_PROHIBIT    ? GUEST_PROHIBIT
						    : GUEST_OTHER;
}

static void read_rule(struct guest *guest, const struct nlmsghdr *message)
{
	const struct fib_rule_hdr *head = mnl_nlmsg_get_payload(message);
	struct guest_rule *rule = ARRAY_PUSH(guest->rule, guest->n_rule);
	struct attributes attributes;

	attributes_read(message, sizeof(*head), &attributes);
	*rule = (struct guest_rule){
		.priority = attributes_number(&attributes, FRA_PRIORITY),
		.from = { attributes_address(&attributes, FRA_SRC), head->src_len },
		.to = { attributes_address(&attributes, FRA_DST), head->dst_len },
		.mark = attributes_number(&attributes, FRA_FWMARK),
		.mask = attributes_number(&attributes, FRA_FWMASK),
		.table = attributes.attr[FRA_TABLE] ? attributes_number(&attributes, FRA_TABLE)
						    : head->table,
		.suppress = attributes.attr[FRA_SUPPRESS_PREFIXLEN]
				    ? (int)attributes_number(&attributes, FRA_SUPPRESS_PREFIXLEN)
				    : -1,
		.not = head->flags & FIB_RULE_INVERT,
		.action = rule_action(head, &attributes),
	};
	put_name(rule->iif, attributes_text(&attributes, FRA_IIFNAME));
	put_name(rule->oif, attributes_text(&attributes, FRA_OIFNAME));
}

static enum guest_action route_action(const struct rtmsg *head, const struct attributes *attributes)
{
	static const enum guest_action actions[] = {
		[RTN_UNICAST] = GUEST_UNICAST,
		[RTN_LOCAL] = GUEST_LOCAL,
		[RTN_BROADCAST] = GUEST_BROADCAST,
		[RTN_BLACKHOLE] = GUEST_BLACKHOLE,
		[RTN_UNREACHABLE] = GUEST_UNREACHABLE,
		[RTN_PROHIBIT] = GUEST_PROHIBIT,
		[RTN_THROW] = GUEST_THROW,
	};
	bool special = attributes->attr[RTA_MULTIPATH] || attributes->attr[RTA_ENCAP] ||
		       attributes->attr[RTA_VIA] || head->rtm_tos;

	if (special || head->rtm_type >= ARRAY_SIZE(actions) || !actions[head->rtm_type])
		return GUEST_OTHER;
	return actions[head->rtm_type];
}

static void read_route(struct guest *guest, const struct nlmsghdr *message)
{
	const struct rtmsg *head = mnl_nlmsg_get_payload(message);
	struct guest_route *route;
	struct attributes attributes;

	if (head->rtm_flags & RTM_F_CLONED)
		return;
	attributes_read(message, sizeof(*head), &attributes);
	route = ARRAY_PUSH(guest->route, guest->n_route);
	*route = (struct guest_route){
		.table = attributes.attr[RTA_TABLE] ? attributes_number(&attributes, RTA_TABLE)
						    : head->rtm_table,
		.to = { attributes_address(&attributes, RTA_DST), head->rtm_dst_len },
		.action = route_action(head, &attributes),
		.via = attributes_address(&attributes, RTA_GATEWAY),
		.source = attributes_address(&attributes, RTA_PREFSRC),
		.metric = attributes_number(&attributes, RTA_PRIORITY),
		.dead = head->rtm_flags & RTNH_F_DEAD,
		.kernels = head->rtm_protocol == RTPROT_KERNEL,
	};
	name_link(guest, (int)attributes_number(&attributes, RTA_OIF), route->link);
}

/* The address of IPv4 at which a socket of IPv6 takes packets, too. False: at none. */
static bool address_of_ipv6(const struct inet_diag_msg *head, const struct attributes *attributes,
			    uint32_t *ret_address)
{
	const struct nlattr *only = attributes->attr[INET_DIAG_SKV6ONLY];
	const uint32_t *part = head->id.idiag_src;

	if (only && mnl_attr_get_payload_len(only) && mnl_attr_get_u8(only))
		return false;
	*ret_address = ntohl(part[3]);
	return part[0] == 0 && part[1] == 0 &&
	       (part[2] == htonl(0xffff) || (part[2] == 0 && part[3] == 0));
}

static void read_socket(struct guest *guest, const struct nlmsghdr *message)
{
	const struct inet_diag_msg *head = mnl_nlmsg_get_payload(message);
	uint32_t address = ntohl(head->id.idiag_src[0]);
	struct guest_socket *socket;
	struct attributes attributes;

	attributes_read(message, sizeof(*head), &attributes);
	if (head->idiag_family == AF_INET6 && !address_of_ipv6(head, &attributes, &address))
		return;
	socket = ARRAY_PUSH(guest->socket, guest->n_socket);
	*socket = (struct guest_socket){
		.protocol = head->idiag_state == TCP_LISTEN ? IPPROTO_TCP : IPPROTO_UDP,
		.address = address,
		.port = ntohs(head->id.idiag_sport),
	};
	name_link(guest, (int)head->id.idiag_if, socket->link);
}

/* ---- all of them ---- */

#define NFT_TYPE(message_) (NFNL_SUBSYS_NFTABLES << 8 | (message_))

void guest_parse(const char *answer, size_t length, struct guest *ret_guest)
{
	static const struct {
		uint16_t type;
		size_t head;
		void (*read)(struct guest *guest, const struct nlmsghdr *message);
	} kinds[] = {
		{ RTM_NEWLINK, sizeof(struct ifinfomsg), read_link },
		{ RTM_NEWADDR, sizeof(struct ifaddrmsg), read_address },
		{ RTM_NEWRULE, sizeof(struct fib_rule_hdr), read_rule },
		{ RTM_NEWROUTE, sizeof(struct rtmsg), read_route },
		{ GUEST_SOCKET_MESSAGE, sizeof(struct inet_diag_msg), read_socket },
		{ NFT_TYPE(NFT_MSG_NEWCHAIN), sizeof(struct nfgenmsg), guest_read_chain },
		{ NFT_TYPE(NFT_MSG_NEWSET), sizeof(struct nfgenmsg), guest_read_set },
		{ NFT_TYPE(NFT_MSG_NEWSETELEM), sizeof(struct nfgenmsg), guest_read_elements },
		{ NFT_TYPE(NFT_MSG_NEWRULE), sizeof(struct nfgenmsg), guest_read_filter_rule },
		{ GUEST_LEGACY_MESSAGE, sizeof(struct guest_legacy_chain), guest_read_legacy },
	};
	const struct nlmsghdr *message = (const void *)answer;
	int left = (int)length;

	*ret_guest = (struct guest){ 0 };
	/* libmnl takes a length beyond INT_MAX for a negative one, and so for a good one. */
	for (; left > 0 && mnl_nlmsg_ok(message, left) && message->nlmsg_len <= (unsigned)left;
	     message = mnl_nlmsg_next(message, &left)) {
		if (message->nlmsg_type == NLMSG_OVERRUN)
			ret_guest->crowded = true;
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
			if (message->nlmsg_type == kinds[i].type &&
			    mnl_nlmsg_get_payload_len(message) >= kinds[i].head)
				kinds[i].read(ret_guest, message);
	}
}

void guest_free(struct guest *guest)
{
	free(guest->link);
	free(guest->address);
	free(guest->rule);
	free(guest->route);
	free(guest->socket);
	guest_filter_free(guest->filter);
	*guest = (struct guest){ 0 };
}
