/* SPDX-License-Identifier: GPL-3.0-only */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <libnftnl/common.h>
#include <linux/fib_rules.h>
#include <linux/inet_diag.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"
#include "core/guest/guest.h"
#include "core/guest/internal.h"
#include "core/netlink/attributes.h"
#include "core/nftables/listing.h"

/* ---- the questions ---- */

#define SETS_MAX 256 /* whose elements are asked for; a rule with another one is not understood */

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

/* Of sets those whose elements are single values. */
static int ask_elements(struct text *answer, int fd, const struct nlmsghdr *set, struct error *err)
{
	const struct nfgenmsg *head = mnl_nlmsg_get_payload(set);
	struct netlink_answer list;
	char buffer[1024] = { 0 };
	struct nlmsghdr *request =
		nftnl_nlmsg_build_hdr(buffer, NFT_MSG_GETSETELEM, head->nfgen_family, 0, 0);
	int r;

	mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_TABLE, nft_string_in(set, NFTA_SET_TABLE));
	mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_SET, nft_string_in(set, NFTA_SET_NAME));
	r = netlink_dump(fd, request, "nftables", &list, err);
	if (r == 0)
		keep(answer, &list);
	return r;
}

static int ask_filter(struct text *answer, int fd, struct error *err)
{
	static const uint16_t lists[] = { NFT_MSG_GETCHAIN, NFT_MSG_GETSET, NFT_MSG_GETRULE };
	bool empty = true;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lists) && r == 0 && (i == 0 || !empty); i++) {
		struct netlink_answer list;
		size_t n = 0;

		r = nft_ask(fd, lists[i], NFPROTO_UNSPEC, 0, 0, NULL, &list, err);
		if (r < 0)
			break;
		empty = empty && !list.length; /* without a chain nothing is filtered */
		if (list.length)
			text_add_n(answer, list.buffer, list.length);
		for (struct nlmsghdr *set = NULL; lists[i] == NFT_MSG_GETSET && r == 0 &&
						  n < SETS_MAX && (set = netlink_next(&list, set));
		     n++)
			r = ask_elements(answer, fd, set, err);
		netlink_answer_free(&list);
	}
	return r;
}

int guest_ask(struct text *answer, struct error *err)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP };
	auto_fd int rtnl = netlink_open(NETLINK_ROUTE, err);
	auto_fd int diag = rtnl < 0 ? -1 : netlink_open(NETLINK_SOCK_DIAG, err);
	auto_fd int nft = diag < 0 ? -1 : netlink_open(NETLINK_NETFILTER, err);
	int r = rtnl < 0 ? rtnl : diag < 0 ? diag : nft < 0 ? nft : ask_routing(answer, rtnl, err);

	if (r >= 0)
		r = ask_filter(answer, nft, err);
	if (r >= 0)
		guest_ask_legacy(answer);
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		for (size_t k = 0; k < ARRAY_SIZE(protocols) && r >= 0; k++)
			r = ask_sockets(answer, diag, families[i], protocols[k], err);
	return r == -EMSGSIZE ? 0 : r;
}
