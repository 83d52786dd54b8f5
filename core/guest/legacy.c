/* SPDX-License-Identifier: GPL-3.0-only */
/* Before what the kernel has in its place. */
#include <net/if.h>

#include "core/guest/internal.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv4/ip_tables.h>

#include "core/base/cleanup.h"
#include "core/base/memory.h"

/*
 * The tables of iptables-legacy, which nftables does not list: that there are rules at a hook, and
 * the policy. What the rules say is not understood.
 */

/* The verdict of the entry at the end of a chain: the policy. */
static int policy_of(const struct ipt_entry *entry)
{
	const struct xt_standard_target *target =
		(const void *)((const char *)entry + entry->target_offset);

	return -target->verdict - 1;
}

static void keep_chains(struct text *answer, const struct ipt_getinfo *info,
			const struct ipt_get_entries *entries)
{
	for (uint32_t hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
		const uint32_t first = info->hook_entry[hook], last = info->underflow[hook];
		struct {
			struct nlmsghdr head;
			struct guest_legacy_chain chain;
		} message = { .head = { .nlmsg_len = sizeof(message),
					.nlmsg_type = GUEST_LEGACY_MESSAGE } };

		if (!(info->valid_hooks & 1u << hook))
			continue;
		memcpy(message.chain.table, info->name, sizeof(info->name));
		message.chain.hook = hook;
		message.chain.has_rules = first != last;
		message.chain.policy_drop =
			policy_of((const void *)((const char *)entries->entrytable + last)) ==
			NF_DROP;
		text_add_n(answer, (const char *)&message, sizeof(message));
	}
}

/* A table that changes meanwhile is asked for again. */
static void ask_table(struct text *answer, int fd, const char *name)
{
	for (int tries = 0; tries < 3; tries++) {
		struct ipt_getinfo info = { 0 };
		socklen_t length = sizeof(info);
		auto_free struct ipt_get_entries *entries = NULL;

		snprintf(info.name, sizeof(info.name), "%s", name);
		if (getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &length) < 0)
			return;
		length = (socklen_t)(sizeof(*entries) + info.size);
		entries = xalloc(length);
		memcpy(entries->name, info.name, sizeof(info.name));
		entries->size = info.size;
		if (getsockopt(fd, IPPROTO_IP, IPT_SO_GET_ENTRIES, entries, &length) == 0) {
			keep_chains(answer, &info, entries);
			return;
		}
	}
}

void guest_ask_legacy(struct text *answer)
{
	/* To ask the kernel for a table makes it; so only those that are there. */
	auto_file FILE *names = fopen("/proc/thread-self/net/ip_tables_names", "re");
	auto_fd int fd = -1;
	char name[XT_TABLE_MAXNAMELEN];

	while (names && fscanf(names, "%31s", name) == 1) {
		if (fd < 0)
			fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
		ask_table(answer, fd, name);
	}
}

static int priority_of(const char *table, uint32_t hook)
{
	static const struct {
		const char *table;
		int priority;
	} tables[] = {
		{ "raw", NF_IP_PRI_RAW },
		{ "mangle", NF_IP_PRI_MANGLE },
		{ "security", NF_IP_PRI_SECURITY },
	};

	if (strcmp(table, "nat") == 0)
		return hook == NF_INET_PRE_ROUTING || hook == NF_INET_LOCAL_OUT ? NF_IP_PRI_NAT_DST
										: NF_IP_PRI_NAT_SRC;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (strcmp(table, tables[i].table) == 0)
			return tables[i].priority;
	return NF_IP_PRI_FILTER;
}

void guest_read_legacy(struct guest *guest, const struct nlmsghdr *message)
{
	static const char *const hooks[] = { "PREROUTING", "INPUT", "FORWARD", "OUTPUT",
					     "POSTROUTING" };
	const struct guest_legacy_chain *legacy = mnl_nlmsg_get_payload(message);
	struct guest_chain *chain;

	if (legacy->hook >= ARRAY_SIZE(hooks) ||
	    !memchr(legacy->table, '\0', sizeof(legacy->table)))
		return;
	chain = guest_add_chain(guest, priority_of(legacy->table, legacy->hook));
	chain->table.family = FAMILY_LEGACY;
	chain->table.name = arena_strdup(&guest->filter->arena, legacy->table);
	chain->name = hooks[legacy->hook];
	chain->hook = (int)legacy->hook;
	chain->nat = strcmp(legacy->table, "nat") == 0;
	chain->policy_drop = legacy->policy_drop;
	if (legacy->has_rules)
		*ARRAY_PUSH(chain->rule, chain->n_rule) = (struct guest_filter_rule){
			.unknown = true,
			.verdict.code = NFT_CONTINUE,
		};
}
