/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/counters.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/base/cleanup.h"
#include "core/netlink/socket.h"
#include "core/nftables/expr.h"
#include "core/nftables/message.h"
#include "core/state/nft.h"

struct counters {
	uint64_t *packets;
	size_t n_wanted, n_seen;
};

static int add_counter(struct nftnl_expr *expr, void *data)
{
	struct counters *counters = data;

	if (strcmp(nftnl_expr_get_str(expr, NFTNL_EXPR_NAME), "counter") == 0 &&
	    counters->n_seen < counters->n_wanted)
		counters->packets[counters->n_seen++] =
			nftnl_expr_get_u64(expr, NFTNL_EXPR_CTR_PACKETS);
	return 0;
}

static void read_rule(const struct nlmsghdr *message, struct counters *counters)
{
	struct nftnl_rule *rule = nft_must(nftnl_rule_alloc());

	if (nftnl_rule_nlmsg_parse(message, rule) >= 0)
		nftnl_expr_foreach(rule, add_counter, counters);
	nftnl_rule_free(rule);
}

int nft_read_counters(const char *chain, uint64_t *ret_packets, size_t n_wanted, struct error *err)
{
	auto_fd int fd = nft_socket_open(err);
	_Alignas(struct nlmsghdr) char buffer[1024];
	struct nlmsghdr *request =
		nftnl_nlmsg_build_hdr(buffer, NFT_MSG_GETRULE, NFPROTO_IPV4, NLM_F_DUMP, 1);
	struct counters counters = { .packets = ret_packets, .n_wanted = n_wanted };
	struct netlink_answer answer;
	char what[64 + NFT_NAME_SIZE];
	int r;

	if (fd < 0)
		return fd;
	mnl_attr_put_strz(request, NFTA_RULE_TABLE, NFT_TABLE);
	mnl_attr_put_strz(request, NFTA_RULE_CHAIN, chain);
	snprintf(what, sizeof(what), "counters of chain %s", chain);
	r = netlink_dump(fd, request, what, &answer, err);
	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));)
		read_rule(message, &counters);
	netlink_answer_free(&answer);
	for (size_t i = counters.n_seen; i < n_wanted; i++)
		ret_packets[i] = 0;
	return 0;
}
