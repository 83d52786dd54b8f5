/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/netlink/traffic.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "core/base/cleanup.h"
#include "core/netlink/attributes.h"
#include "core/netlink/message.h"
#include "core/netlink/socket.h"

static uint64_t bytes_of(uint64_t bytes, uint64_t packets)
{
	return bytes - packets * ETH_HLEN;
}

int link_read_bytes(const char *link, uint64_t *ret_in, uint64_t *ret_out, struct error *err)
{
	char room[MESSAGE_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	char answer[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *message = (const struct nlmsghdr *)answer;
	struct nlmsghdr *request = mnl_nlmsg_put_header(room);
	auto_fd int fd = netlink_open(NETLINK_ROUTE, err);
	struct rtnl_link_stats64 stats = { 0 };
	struct attributes attributes;
	const struct nlattr *attr;
	ssize_t n;

	if (fd < 0)
		return fd;
	request->nlmsg_type = RTM_GETLINK;
	request->nlmsg_flags = NLM_F_REQUEST;
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(request, IFLA_IFNAME, link);
	n = netlink_send(fd, &(struct iovec){ request, request->nlmsg_len }, 1);
	if (n == 0)
		n = netlink_receive(fd, answer, sizeof(answer), 0);
	if (n < 0 || !mnl_nlmsg_ok(message, (int)n) || message->nlmsg_type != RTM_NEWLINK)
		return error_set(err, n < 0 ? (int)n : -ENODEV, "cannot read the counters of %s",
				 link);
	attributes_read(message, sizeof(struct ifinfomsg), &attributes);
	attr = attributes.attr[IFLA_STATS64];
	if (attr && mnl_attr_get_payload_len(attr) >= offsetof(struct rtnl_link_stats64, rx_errors))
		memcpy(&stats, mnl_attr_get_payload(attr),
		       offsetof(struct rtnl_link_stats64, rx_errors));
	*ret_in = bytes_of(stats.rx_bytes, stats.rx_packets);
	*ret_out = bytes_of(stats.tx_bytes, stats.tx_packets);
	return 0;
}
