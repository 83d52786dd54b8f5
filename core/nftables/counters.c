/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/counters.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/base/cleanup.h"
#include "core/nftables/message.h"
#include "core/nftables/nft_kernel.h"
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

static int read_rule(const struct nlmsghdr *message, void *data)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();

	if (!rule)
		return MNL_CB_ERROR;
	if (nftnl_rule_nlmsg_parse(message, rule) >= 0)
		nftnl_expr_foreach(rule, add_counter, data);
	nftnl_rule_free(rule);
	return MNL_CB_OK;
}

static int send_request(int fd, const char *chain)
{
	char buffer[1024];
	struct nlmsghdr *message =
		nftnl_nlmsg_build_hdr(buffer, NFT_MSG_GETRULE, NFPROTO_IPV4, NLM_F_DUMP, 1);

	mnl_attr_put_strz(message, NFTA_RULE_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain);
	return send(fd, buffer, message->nlmsg_len, 0) < 0 ? -errno : 0;
}

int nft_read_counters(const char *chain, uint64_t *ret_packets, size_t n_wanted, struct error *err)
{
	_Alignas(struct nlmsghdr) char buffer[32768];
	auto_fd int fd = nft_socket_open(err);
	struct counters counters = { .packets = ret_packets, .n_wanted = n_wanted };
	int r;

	if (fd < 0)
		return fd;
	r = send_request(fd, chain);
	for (int more = MNL_CB_OK; r == 0 && more > MNL_CB_STOP;) {
		ssize_t n = recv(fd, buffer, sizeof(buffer), 0);

		more = n < 0 ? MNL_CB_ERROR
			     : mnl_cb_run(buffer, (size_t)n, 0, 0, read_rule, &counters);
		if (more < 0 && errno != EINTR)
			r = -errno;
	}
	if (r < 0)
		return error_set(err, r, "cannot read the counters of chain %s: %s", chain,
				 strerror(-r));
	for (size_t i = counters.n_seen; i < n_wanted; i++)
		ret_packets[i] = 0;
	return 0;
}
