/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/verify/internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "core/apply/apply.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/netlink/socket.h"
#include "core/nftables/listing.h"
#include "core/nftables/rule.h"
#include "core/nftables/trace.h"

/*
 * Our table in two namespaces: as it is, and as it is wanted, loaded into the scratch namespace. Of
 * both, the kernel's own listing is compared, without what is no part of a rule's meaning (handles,
 * counts, comments). Elements, which may be thousands, are read back into the form in which they
 * are wanted.
 */

/* Load the wanted table and list it. */
static int list_wanted(struct snapshot *snapshot, const char *netns, struct listing *listing,
		       struct error *err)
{
	auto_batch *load = nft_batch_new(), *unload = nft_batch_new();
	int r, gone;

	apply_nft_table(load, snapshot->wanted, netns);
	nft_batch_table_delete(unload);
	r = nft_batch_commit(load, snapshot->scratch_nft, err);
	if (r == 0) {
		r = nft_list(snapshot->scratch_nft, listing, err);
		gone = nft_batch_commit(unload, snapshot->scratch_nft, r < 0 ? NULL : err);
		r = r < 0 ? r : gone;
	}
	return r;
}

/* ---- elements ---- */

static bool read_verdict(struct snapshot *snapshot, struct nft_element *element,
			 const struct nlattr *verdict)
{
	const struct nlattr *code = nft_find_in(verdict, NFTA_VERDICT_CODE),
			    *chain = nft_find_in(verdict, NFTA_VERDICT_CHAIN);

	if (!code)
		return false;
	for (int v = NFT_VERDICT_ACCEPT; v <= NFT_VERDICT_GOTO; v++) {
		if (nft_verdict_code((enum nft_verdict)v) != (int)ntohl(mnl_attr_get_u32(code)))
			continue;
		element->data.verdict = (enum nft_verdict)v;
		element->data.chain =
			chain ? arena_strdup(&snapshot->arena, mnl_attr_get_str(chain)) : NULL;
		return true;
	}
	return false;
}

static bool read_data(struct snapshot *snapshot, const struct nft_set *set,
		      struct nft_element *element, const struct nlattr *data)
{
	const struct nlattr *value = nft_find_in(data, NFTA_DATA_VALUE);
	const uint8_t *bytes = value ? mnl_attr_get_payload(value) : NULL;
	uint32_t ip;
	uint16_t port;

	if (set->data == NFT_MAP_NONE)
		return true;
	if (set->data == NFT_MAP_VERDICT)
		return read_verdict(snapshot, element, nft_find_in(data, NFTA_DATA_VERDICT));
	if (!value || mnl_attr_get_payload_len(value) < (set->data == NFT_MAP_ADDRESS_PORT ? 8 : 4))
		return false;
	memcpy(&ip, bytes, sizeof(ip));
	element->data.address = ntohl(ip);
	if (set->data == NFT_MAP_ADDRESS_PORT) {
		memcpy(&port, bytes + 4, sizeof(port));
		element->data.port = ntohs(port);
	}
	return true;
}

static bool read_element(struct snapshot *snapshot, const struct nft_set *set,
			 const struct nlattr *attr, struct nft_element *ret_element)
{
	const struct nlattr *key =
		nft_find_in(nft_find_in(attr, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE);

	return key && nft_decode_key(set, key, &snapshot->arena, ret_element) &&
	       read_data(snapshot, set, ret_element, nft_find_in(attr, NFTA_SET_ELEM_DATA));
}

static void note_element(struct snapshot *snapshot, const char *netns,
			 const struct nft_element *element)
{
	struct object object = { .kind = OBJECT_NFT_ELEMENT, .netns = netns, .element = *element };
	size_t i = snapshot_find(snapshot, &object);

	if (i == SIZE_MAX) {
		*ARRAY_PUSH(snapshot->unwanted, snapshot->n_unwanted) = object;
		return;
	}
	snapshot->there[i] = true;
	object.element.comment = snapshot->found[i].element.comment;
	snapshot->found[i].element = object.element;
}

static int read_elements(struct snapshot *snapshot, struct seen_netns *seen,
			 const struct nft_set *set, struct error *err)
{
	struct netlink_answer answer;
	const struct nlattr *attr;
	int r = nft_ask(seen->nft, NFT_MSG_GETSETELEM, NFPROTO_IPV4, NFT_TABLE,
			NFTA_SET_ELEM_LIST_SET, set->name, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const struct nlattr *elements = nft_find(message, NFTA_SET_ELEM_LIST_ELEMENTS);
		struct nft_element element;

		if (elements)
			for_each_nested(attr, elements)
				if (read_element(snapshot, set, attr, &element))
					note_element(snapshot, seen->netns->netns, &element);
	}
	netlink_answer_free(&answer);
	return 0;
}

/* ---- the comparison ---- */

/* Note a set or chain that differs, so that plan_make() takes it for another one. */
static void note_sets(struct snapshot *snapshot, const struct listing *is,
		      const struct listing *should, size_t first, size_t n)
{
	for (size_t i = first; i < first + n; i++) {
		const char *name = snapshot->wanted->object[i].set.name;
		const struct listed *listed = listing_find(is, NFT_MSG_NEWSET, name);

		snapshot->there[i] = listed != NULL;
		if (!listed || listed_same(listed, listing_find(should, NFT_MSG_NEWSET, name)))
			continue;
		snapshot->found[i].set.n_key = 0;
		snapshot->detail[i] = "it is declared otherwise";
	}
}

static void note_chains(struct snapshot *snapshot, const struct listing *is,
			const struct listing *should, size_t first, size_t n)
{
	for (size_t i = first; i < first + n; i++) {
		const char *name = snapshot->wanted->object[i].chain.name;
		const struct listed *listed = listing_find(is, NFT_MSG_NEWCHAIN, name);
		bool head = listed_same(listed, listing_find(should, NFT_MSG_NEWCHAIN, name));
		const struct listed *rules = listing_find(is, NFT_MSG_NEWRULE, name);

		snapshot->there[i] = listed != NULL;
		if (!listed ||
		    (head && listed_same(rules, listing_find(should, NFT_MSG_NEWRULE, name))))
			continue;
		snapshot->found[i].chain.n_rule = 0;
		if (snapshot->wanted->object[i].chain.n_rule == 0)
			snapshot->found[i].chain.type =
				snapshot->found[i].chain.type == NFT_CHAIN_NAT ? NFT_CHAIN_FILTER
									       : NFT_CHAIN_NAT;
		snapshot->detail[i] = !head ? "its type, hook, priority or policy is another"
				      : rules->meaning.length ? "its rules are others"
							      : "it has no rules";
	}
}

/* Note what our table has beside what is wanted. */
static void note_unwanted(struct snapshot *snapshot, const struct seen_netns *seen,
			  const struct listing *is)
{
	for (size_t i = 0; i < is->n_listed; i++) {
		struct object object = { .netns = seen->netns->netns };
		const char *name = arena_strdup(&snapshot->arena, is->listed[i].name);

		if (is->listed[i].type == NFT_MSG_NEWSET) {
			object.kind = OBJECT_NFT_SET;
			object.set.name = name;
		} else if (is->listed[i].type == NFT_MSG_NEWCHAIN) {
			object.kind = OBJECT_NFT_CHAIN;
			object.chain.name = name;
		} else {
			continue;
		}
		if (snapshot_find(snapshot, &object) == SIZE_MAX)
			*ARRAY_PUSH(snapshot->unwanted, snapshot->n_unwanted) = object;
	}
}

static int compare(struct snapshot *snapshot, struct seen_netns *seen, const struct listing *is,
		   struct error *err)
{
	const char *netns = seen->netns->netns;
	struct listing should = { 0 };
	size_t n_set, n_chain;
	const struct object *set = wanted_range(snapshot->wanted, OBJECT_NFT_SET, netns, &n_set);
	const struct object *chain =
		wanted_range(snapshot->wanted, OBJECT_NFT_CHAIN, netns, &n_chain);
	int r = list_wanted(snapshot, netns, &should, err);

	if (r == 0 && n_set)
		note_sets(snapshot, is, &should, (size_t)(set - snapshot->wanted->object), n_set);
	if (r == 0 && n_chain)
		note_chains(snapshot, is, &should, (size_t)(chain - snapshot->wanted->object),
			    n_chain);
	for (size_t i = 0; i < n_set && r == 0; i++)
		if (!set[i].set.dynamic && /* packets fill it */
		    listed_same(listing_find(is, NFT_MSG_NEWSET, set[i].set.name),
				listing_find(&should, NFT_MSG_NEWSET, set[i].set.name)))
			r = read_elements(snapshot, seen, &set[i].set, err);
	note_unwanted(snapshot, seen, is);
	listing_free(&should);
	return r;
}

/* ---- other tables ---- */

static const char *family_word(uint8_t family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	case NFPROTO_ARP:
		return "arp";
	case NFPROTO_BRIDGE:
		return "bridge";
	case NFPROTO_NETDEV:
		return "netdev";
	default:
		return "?";
	}
}

/* ours: our own table may be there; false: even that would be foreign. */
static int read_foreign_tables(struct snapshot *snapshot, struct seen_netns *seen, bool ours,
			       struct error *err)
{
	struct netlink_answer answer;
	int r = nft_ask(seen->nft, NFT_MSG_GETTABLE, NFPROTO_UNSPEC, NULL, 0, NULL, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		uint8_t family =
			((const struct nfgenmsg *)mnl_nlmsg_get_payload(message))->nfgen_family;
		const char *name = nft_string_in(message, NFTA_TABLE_NAME), *object;

		if (ours && family == NFPROTO_IPV4 && strcmp(name, NFT_TABLE) == 0)
			continue;
		if (family == NFPROTO_IPV4 && nft_trace_is_table(name))
			continue; /* somebody traces a packet; it goes with him */
		object = arena_printf(&snapshot->arena, "nft table %s %s in %s",
				      family_word(family), name, seen->netns->netns);
		if (!seen->router)
			add_by_hand(snapshot, seen, object);
		else
			*ARRAY_PUSH(seen->extra, seen->n_extra) = (struct extra){
				.object = object,
				.family = family,
				.table = arena_strdup(&snapshot->arena, name),
			};
	}
	netlink_answer_free(&answer);
	return 0;
}

int nft_delete_foreign(int fd, const struct extra *extra)
{
	auto_batch *batch = nft_batch_new_for(extra->family, extra->table);

	nft_batch_table_delete(batch);
	return nft_batch_commit(batch, fd, NULL);
}

int read_nft(struct snapshot *snapshot, struct seen_netns *seen, struct error *err)
{
	struct listing is = { 0 };
	size_t n_set, n_chain;
	bool wanted;
	int r = 0;

	wanted_range(snapshot->wanted, OBJECT_NFT_SET, seen->netns->netns, &n_set);
	wanted_range(snapshot->wanted, OBJECT_NFT_CHAIN, seen->netns->netns, &n_chain);
	wanted = n_set + n_chain > 0;
	if (wanted) {
		r = nft_list(seen->nft, &is, err);
		seen->table = !is.there ? TABLE_GONE : is.dormant ? TABLE_DORMANT : TABLE_FINE;
		if (r == 0 && seen->table == TABLE_FINE)
			r = compare(snapshot, seen, &is, err);
		listing_free(&is);
	}
	return r == 0 ? read_foreign_tables(snapshot, seen, wanted, err) : r;
}
