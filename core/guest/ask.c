/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <linux/fib_rules.h>
#include <linux/inet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/guest/guest.h"
#include "core/netlink/attributes.h"

/* ---- the questions ---- */

static void keep(struct text *answer, struct netlink_answer *list)
{
	if (list->length)
		text_add_n(answer, list->buffer, list->length);
	netlink_answer_free(list);
}

/* Links come first: all else names them by their indexes. */
static int ask_routing(struct text *answer, int fd, struct error *err)
{
	static const struct {
		uint16_t type;
		size_t head;
		const char *what;
	} lists[] = {
		{ RTM_GETLINK, sizeof(struct ifinfomsg), "links" },
		{ RTM_GETADDR, sizeof(struct ifaddrmsg), "addresses" },
		{ RTM_GETRULE, sizeof(struct fib_rule_hdr), "routing rules" },
		{ RTM_GETROUTE, sizeof(struct rtmsg), "routes" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		struct netlink_answer list;
		int r = rtnl_dump(fd, lists[i].type, lists[i].head, lists[i].what, &list, err);

		if (r < 0)
			return r;
		keep(answer, &list);
	}
	return 0;
}

/* The sockets of a family that take what nobody asked for. */
static int ask_sockets(struct text *answer, int fd, uint8_t family, uint8_t protocol,
		       struct error *err)
{
	static const struct nlmsghdr overrun = { .nlmsg_len = sizeof(overrun),
						 .nlmsg_type = NLMSG_OVERRUN };
	char buffer[256] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct inet_diag_req_v2 *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));
	struct netlink_answer list;
	int r;

	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	head->sdiag_family = family;
	head->sdiag_protocol = protocol;
	head->idiag_states = 1u << (protocol == IPPROTO_TCP ? TCP_LISTEN : TCP_CLOSE);
	r = netlink_dump(fd, request, "sockets", &list, err);
	if (r == -EMSGSIZE)
		text_add_n(answer, (const char *)&overrun, sizeof(overrun));
	if (r < 0)
		return r;
	if (list.unknown && family == AF_INET) {
		error_set(err, -ENOENT,
			  "the kernel does not tell which sockets listen: %s is missing",
			  protocol == IPPROTO_TCP ? "tcp_diag" : "udp_diag");
		error_hint(err, "sudo modprobe %s",
			   protocol == IPPROTO_TCP ? "tcp_diag" : "udp_diag");
		return -ENOENT;
	}
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&list, message));)
		message->nlmsg_type = GUEST_SOCKET_MESSAGE;
	keep(answer, &list);
	return 0;
}

int guest_ask(struct text *answer, struct error *err)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP };
	auto_fd int rtnl = netlink_open(NETLINK_ROUTE, err);
	auto_fd int diag = rtnl < 0 ? -1 : netlink_open(NETLINK_SOCK_DIAG, err);
	int r = rtnl < 0 ? rtnl : diag < 0 ? diag : ask_routing(answer, rtnl, err);

	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		for (size_t k = 0; k < ARRAY_SIZE(protocols) && r >= 0; k++)
			r = ask_sockets(answer, diag, families[i], protocols[k], err);
	return r == -EMSGSIZE ? 0 : r;
}
