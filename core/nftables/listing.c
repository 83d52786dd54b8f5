/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/listing.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/base/memory.h"
#include "core/nftables/message.h"
#include "core/state/nft.h"

void listing_free(struct listing *listing)
{
	for (size_t i = 0; i < listing->n_listed; i++) {
		free(listing->listed[i].name);
		text_free(&listing->listed[i].meaning);
	}
	free(listing->listed);
}

struct listed *listing_find(const struct listing *listing, uint16_t type, const char *name)
{
	for (size_t i = 0; i < listing->n_listed; i++)
		if (listing->listed[i].type == type && strcmp(listing->listed[i].name, name) == 0)
			return &listing->listed[i];
	return NULL;
}

static struct listed *listing_add(struct listing *listing, uint16_t type, const char *name)
{
	struct listed *listed = ARRAY_PUSH(listing->listed, listing->n_listed);

	listed->type = type;
	listed->name = xstrdup(name);
	return listed;
}

/* ---- asking ---- */

#define HEAD sizeof(struct nfgenmsg)

int nft_ask(int fd, uint16_t type, uint8_t family, const char *table, uint16_t attribute,
	    const char *name, struct netlink_answer *ret_answer, struct error *err)
{
	char buffer[1024] = { 0 };
	struct nlmsghdr *request = nftnl_nlmsg_build_hdr(buffer, type, family, 0, 0);

	if (table)
		mnl_attr_put_strz(request, NFT_TABLE_ATTRIBUTE, table);
	if (attribute)
		mnl_attr_put_strz(request, attribute, name);
	return netlink_dump(fd, request, "nftables", ret_answer, err);
}

const struct nlattr *nft_find(const struct nlmsghdr *message, uint16_t type)
{
	const struct nlattr *attr;

	for_each_attribute(attr, message, HEAD)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

const struct nlattr *nft_find_in(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr;

	if (nest)
		for_each_nested(attr, nest)
			if (mnl_attr_get_type(attr) == type)
				return attr;
	return NULL;
}

const char *nft_string_in(const struct nlmsghdr *message, uint16_t type)
{
	const struct nlattr *attr = nft_find(message, type);

	return attr ? mnl_attr_get_str(attr) : "";
}

/* ---- the meaning of things ---- */

static void add_attribute(struct text *meaning, const struct nlattr *attr)
{
	if (attr)
		text_add_n(meaning, (const char *)attr, attr->nla_len);
}

/* The attributes of a message that count, in this order. 0 ends the list. */
static void add_attributes(struct text *meaning, const struct nlmsghdr *message,
			   const uint16_t *types)
{
	for (; *types; types++)
		add_attribute(meaning, nft_find(message, *types));
}

static int compare_attributes(const void *p, const void *q)
{
	const struct nlattr *a = *(const struct nlattr *const *)p,
			    *b = *(const struct nlattr *const *)q;

	if (a->nla_len != b->nla_len)
		return a->nla_len < b->nla_len ? -1 : 1;
	return memcmp(a, b, a->nla_len);
}

/* The name of an anonymous set is a number without a meaning. What it holds has one, in any
 * order. */
static int add_anonymous(int fd, struct text *meaning, const char *name, struct error *err)
{
	const struct nlattr **element = NULL, *attr;
	struct netlink_answer answer;
	size_t n = 0;
	int r = nft_ask(fd, NFT_MSG_GETSETELEM, NFPROTO_IPV4, NFT_TABLE, NFTA_SET_ELEM_LIST_SET,
			name, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const struct nlattr *list = nft_find(message, NFTA_SET_ELEM_LIST_ELEMENTS);

		if (!list)
			continue;
		for_each_nested(attr, list) {
			element = array_grow(element, n, sizeof(void *));
			element[n++] = attr;
		}
	}
	if (n)
		qsort(element, n, sizeof(void *), compare_attributes);
	for (size_t i = 0; i < n; i++)
		add_attribute(meaning, element[i]);
	free(element);
	netlink_answer_free(&answer);
	return 0;
}

static int add_expression(int fd, struct text *meaning, const struct nlattr *expression,
			  struct error *err)
{
	const struct nlattr *name = nft_find_in(expression, NFTA_EXPR_NAME),
			    *data = nft_find_in(expression, NFTA_EXPR_DATA), *attr;

	add_attribute(meaning, name);
	if (!name || !data || strcmp(mnl_attr_get_str(name), "counter") == 0)
		return 0;
	if (strcmp(mnl_attr_get_str(name), "lookup") != 0) {
		add_attribute(meaning, data);
		return 0;
	}
	for_each_nested(attr, data) {
		if (mnl_attr_get_type(attr) != NFTA_LOOKUP_SET ||
		    strncmp(mnl_attr_get_str(attr), "__", 2) != 0) {
			add_attribute(meaning, attr);
		} else {
			int r = add_anonymous(fd, meaning, mnl_attr_get_str(attr), err);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* ---- one listing ---- */

static int list_table(int fd, struct listing *listing, struct error *err)
{
	struct netlink_answer answer;
	int r = nft_ask(fd, NFT_MSG_GETTABLE, NFPROTO_IPV4, NULL, 0, NULL, &answer, err);

	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const struct nlattr *flags = nft_find(message, NFTA_TABLE_FLAGS);

		if (strcmp(nft_string_in(message, NFTA_TABLE_NAME), NFT_TABLE) != 0)
			continue;
		listing->there = true;
		listing->dormant = flags && (ntohl(mnl_attr_get_u32(flags)) & NFT_TABLE_F_DORMANT);
	}
	netlink_answer_free(&answer);
	return r;
}

static int list_sets(int fd, struct listing *listing, struct error *err)
{
	static const uint16_t meaning[] = { NFTA_SET_FLAGS,       NFTA_SET_KEY_TYPE,
					    NFTA_SET_KEY_LEN,     NFTA_SET_DATA_TYPE,
					    NFTA_SET_DATA_LEN,    NFTA_SET_OBJ_TYPE,
					    NFTA_SET_TIMEOUT,     NFTA_SET_EXPR,
					    NFTA_SET_EXPRESSIONS, 0 };
	struct netlink_answer answer;
	int r = nft_ask(fd, NFT_MSG_GETSET, NFPROTO_IPV4, NFT_TABLE, 0, NULL, &answer, err);

	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const char *name = nft_string_in(message, NFTA_SET_NAME);

		if (strncmp(name, "__", 2) != 0)
			add_attributes(&listing_add(listing, NFT_MSG_NEWSET, name)->meaning,
				       message, meaning);
	}
	netlink_answer_free(&answer);
	return r;
}

static int list_chains(int fd, struct listing *listing, struct error *err)
{
	static const uint16_t meaning[] = { NFTA_CHAIN_HOOK, NFTA_CHAIN_POLICY, NFTA_CHAIN_TYPE,
					    NFTA_CHAIN_FLAGS, 0 };
	struct netlink_answer answer;
	int r = nft_ask(fd, NFT_MSG_GETCHAIN, NFPROTO_IPV4, NFT_TABLE, 0, NULL, &answer, err);

	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const char *name = nft_string_in(message, NFTA_CHAIN_NAME);

		if (strcmp(nft_string_in(message, NFTA_CHAIN_TABLE), NFT_TABLE) != 0)
			continue;
		add_attributes(&listing_add(listing, NFT_MSG_NEWCHAIN, name)->meaning, message,
			       meaning);
		listing_add(listing, NFT_MSG_NEWRULE, name);
	}
	netlink_answer_free(&answer);
	return r;
}

static int list_rules(int fd, struct listing *listing, struct error *err)
{
	const struct nlattr *expressions, *expression;
	struct netlink_answer answer;
	int r = nft_ask(fd, NFT_MSG_GETRULE, NFPROTO_IPV4, NFT_TABLE, 0, NULL, &answer, err);

	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		struct listed *chain = listing_find(listing, NFT_MSG_NEWRULE,
						    nft_string_in(message, NFTA_RULE_CHAIN));

		if (!chain || strcmp(nft_string_in(message, NFTA_RULE_TABLE), NFT_TABLE) != 0)
			continue;
		text_add(&chain->meaning, "rule");
		expressions = nft_find(message, NFTA_RULE_EXPRESSIONS);
		if (expressions)
			for_each_nested(expression, expressions)
				r = r < 0 ? r
					  : add_expression(fd, &chain->meaning, expression, err);
	}
	netlink_answer_free(&answer);
	return r;
}

int nft_list(int fd, struct listing *listing, struct error *err)
{
	int r = list_table(fd, listing, err);

	if (r < 0 || !listing->there)
		return r;
	if ((r = list_sets(fd, listing, err)) < 0 || (r = list_chains(fd, listing, err)) < 0)
		return r;
	return list_rules(fd, listing, err);
}

bool listed_same(const struct listed *a, const struct listed *b)
{
	return a && b && a->meaning.length == b->meaning.length &&
	       memcmp(text_get(&a->meaning), text_get(&b->meaning), a->meaning.length) == 0;
}
