/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/counters.h"

#include <endian.h>
#include <string.h>

#include <linux/netfilter.h>

#include "core/base/cleanup.h"
#include "core/nftables/listing.h"
#include "core/nftables/message.h"
#include "core/state/nft.h"

/* A rule is a list of expressions, each with a name and its own data. */
static bool read_counter(const struct nlattr *expression, uint16_t what, uint64_t *ret_number)
{
	const struct nlattr *name = nft_find_in(expression, NFTA_EXPR_NAME), *number;

	if (!name || strcmp(mnl_attr_get_str(name), "counter") != 0)
		return false;
	number = nft_find_in(nft_find_in(expression, NFTA_EXPR_DATA), what);
	*ret_number = number ? be64toh(mnl_attr_get_u64(number)) : 0;
	return true;
}

static int read_counters(const char *chain, uint16_t what, uint64_t *ret_number, size_t n_wanted,
			 struct error *err)
{
	auto_fd int fd = nft_socket_open(err);
	struct netlink_answer answer;
	size_t n = 0;
	int r = fd < 0 ? fd
		       : nft_ask(fd, NFT_MSG_GETRULE, NFPROTO_IPV4, NFT_TABLE, NFTA_RULE_CHAIN,
				 chain, &answer, err);

	if (r < 0)
		return r;
	memset(ret_number, 0, n_wanted * sizeof(*ret_number));
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const struct nlattr *rule = nft_find(message, NFTA_RULE_EXPRESSIONS), *expression;

		if (rule)
			for_each_nested(expression, rule)
				n += n < n_wanted && read_counter(expression, what, &ret_number[n]);
	}
	netlink_answer_free(&answer);
	return 0;
}

int nft_read_counters(const char *chain, uint64_t *ret_packets, size_t n, struct error *err)
{
	return read_counters(chain, NFTA_COUNTER_PACKETS, ret_packets, n, err);
}

int nft_read_byte_counters(const char *chain, uint64_t *ret_bytes, size_t n, struct error *err)
{
	return read_counters(chain, NFTA_COUNTER_BYTES, ret_bytes, n, err);
}
