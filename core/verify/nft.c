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
static int list_wanted(struct look *look, const char *netns, struct listing *listing,
		       struct error *err)
{
	struct nft_batch *load = nft_batch_new(), *unload = nft_batch_new();
	int r, gone;

	apply_nft_table(load, look->wanted, netns);
	nft_batch_table_delete(unload);
	r = nft_batch_commit(load, look->scratch_nft, err);
	if (r == 0) {
		r = nft_list(look->scratch_nft, listing, err);
		gone = nft_batch_commit(unload, look->scratch_nft, r < 0 ? NULL : err);
		r = r < 0 ? r : gone;
	}
	nft_batch_free(load);
	nft_batch_free(unload);
	return r;
}

/* ---- elements ---- */

static bool read_verdict(struct look *look, struct nft_element *element,
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
		element->data.chain = chain ? arena_strdup(&look->arena, mnl_attr_get_str(chain))
					    : NULL;
		return true;
	}
	return false;
}

static bool read_data(struct look *look, const struct nft_set *set, struct nft_element *element,
		      const struct nlattr *data)
{
	const struct nlattr *value = nft_find_in(data, NFTA_DATA_VALUE);
	const uint8_t *bytes = value ? mnl_attr_get_payload(value) : NULL;
	uint32_t ip;
	uint16_t port;

	if (set->data == NFT_MAP_NONE)
		return true;
	if (set->data == NFT_MAP_VERDICT)
		return read_verdict(look, element, nft_find_in(data, NFTA_DATA_VERDICT));
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

static bool read_element(struct look *look, const struct nft_set *set, const struct nlattr *attr,
			 struct nft_element *ret_element)
{
	const struct nlattr *key =
		nft_find_in(nft_find_in(attr, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE);
	size_t offset = 0;

	*ret_element = (struct nft_element){ .set = set->name };
	for (unsigned i = 0; key && i < set->n_key; i++) {
		unsigned size = nft_field_info[set->key[i]].size;
		char name[NFT_VALUE_MAX + 1];

		if (offset + size > mnl_attr_get_payload_len(key))
			return false;
		nft_decode_value(set->key[i], (const uint8_t *)mnl_attr_get_payload(key) + offset,
				 &ret_element->key[i].value, name);
		if (size == NFT_VALUE_MAX)
			ret_element->key[i].name = arena_strdup(&look->arena, name);
		offset += (size + 3) & ~3u;
	}
	return key && read_data(look, set, ret_element, nft_find_in(attr, NFTA_SET_ELEM_DATA));
}

static void sort_in_element(struct look *look, const char *netns, const struct nft_element *element)
{
	struct object object = { .kind = OBJECT_NFT_ELEMENT, .netns = netns, .element = *element };
	size_t i = look_find(look, &object);

	if (i == SIZE_MAX) {
		*ARRAY_PUSH(look->alien, look->n_alien) = object;
		return;
	}
	look->there[i] = true;
	object.element.comment = look->found[i].element.comment;
	look->found[i].element = object.element;
}

static int look_elements(struct look *look, struct verify_place *place, const struct nft_set *set,
			 struct error *err)
{
	struct netlink_answer answer;
	const struct nlattr *attr;
	int r = nft_ask(place->nft, NFT_MSG_GETSETELEM, NFPROTO_IPV4, NFTA_SET_ELEM_LIST_TABLE,
			NFTA_SET_ELEM_LIST_SET, set->name, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		const struct nlattr *elements = nft_find(message, NFTA_SET_ELEM_LIST_ELEMENTS);
		struct nft_element element;

		if (elements)
			for_each_nested(attr, elements) if (read_element(look, set, attr, &element))
				sort_in_element(look, place->netns->netns, &element);
	}
	netlink_answer_free(&answer);
	return 0;
}

/* ---- the comparison ---- */

/* Note a set or chain that differs, so that plan_make() takes it for another one. */
static void note_sets(struct look *look, const struct listing *is, const struct listing *should,
		      size_t first, size_t n)
{
	for (size_t i = first; i < first + n; i++) {
		const char *name = look->wanted->object[i].set.name;
		const struct listed *listed = listing_find(is, NFT_MSG_NEWSET, name);

		look->there[i] = listed != NULL;
		if (!listed || listed_same(listed, listing_find(should, NFT_MSG_NEWSET, name)))
			continue;
		look->found[i].set.n_key = 0;
		look->detail[i] = "it is declared otherwise";
	}
}

static void note_chains(struct look *look, const struct listing *is, const struct listing *should,
			size_t first, size_t n)
{
	for (size_t i = first; i < first + n; i++) {
		const char *name = look->wanted->object[i].chain.name;
		const struct listed *listed = listing_find(is, NFT_MSG_NEWCHAIN, name);
		bool head = listed_same(listed, listing_find(should, NFT_MSG_NEWCHAIN, name));
		const struct listed *rules = listing_find(is, NFT_MSG_NEWRULE, name);

		look->there[i] = listed != NULL;
		if (!listed ||
		    (head && listed_same(rules, listing_find(should, NFT_MSG_NEWRULE, name))))
			continue;
		look->found[i].chain.n_rule = 0;
		if (look->wanted->object[i].chain.n_rule == 0)
			look->found[i].chain.type = look->found[i].chain.type == NFT_CHAIN_NAT
							    ? NFT_CHAIN_FILTER
							    : NFT_CHAIN_NAT;
		look->detail[i] = !head ? "its type, hook, priority or policy is another"
				  : rules->meaning.length ? "its rules are others"
							  : "it has no rules";
	}
}

/* Note what our table has beside what is wanted. */
static void note_aliens(struct look *look, const struct verify_place *place,
			const struct listing *is)
{
	for (size_t i = 0; i < is->n_listed; i++) {
		struct object object = { .netns = place->netns->netns };
		const char *name = arena_strdup(&look->arena, is->listed[i].name);

		if (is->listed[i].type == NFT_MSG_NEWSET) {
			object.kind = OBJECT_NFT_SET;
			object.set.name = name;
		} else if (is->listed[i].type == NFT_MSG_NEWCHAIN) {
			object.kind = OBJECT_NFT_CHAIN;
			object.chain.name = name;
		} else {
			continue;
		}
		if (look_find(look, &object) == SIZE_MAX)
			*ARRAY_PUSH(look->alien, look->n_alien) = object;
	}
}

static int compare(struct look *look, struct verify_place *place, const struct listing *is,
		   struct error *err)
{
	const char *netns = place->netns->netns;
	struct listing should = { 0 };
	size_t n_set, n_chain;
	const struct object *set = wanted_range(look->wanted, OBJECT_NFT_SET, netns, &n_set);
	const struct object *chain = wanted_range(look->wanted, OBJECT_NFT_CHAIN, netns, &n_chain);
	int r = list_wanted(look, netns, &should, err);

	if (r == 0 && n_set)
		note_sets(look, is, &should, (size_t)(set - look->wanted->object), n_set);
	if (r == 0 && n_chain)
		note_chains(look, is, &should, (size_t)(chain - look->wanted->object), n_chain);
	for (size_t i = 0; i < n_set && r == 0; i++)
		if (!set[i].set.dynamic && /* packets fill it */
		    listed_same(listing_find(is, NFT_MSG_NEWSET, set[i].set.name),
				listing_find(&should, NFT_MSG_NEWSET, set[i].set.name)))
			r = look_elements(look, place, &set[i].set, err);
	note_aliens(look, place, is);
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
static int look_foreign(struct look *look, struct verify_place *place, bool ours, struct error *err)
{
	struct netlink_answer answer;
	int r = nft_ask(place->nft, NFT_MSG_GETTABLE, NFPROTO_UNSPEC, 0, 0, NULL, &answer, err);

	if (r < 0)
		return r;
	for (struct nlmsghdr *message = NULL; (message = netlink_next(&answer, message));) {
		uint8_t family =
			((const struct nfgenmsg *)mnl_nlmsg_get_payload(message))->nfgen_family;
		const char *name = nft_string_in(message, NFTA_TABLE_NAME);

		if (ours && family == NFPROTO_IPV4 && strcmp(name, NFT_TABLE) == 0)
			continue;
		if (family == NFPROTO_IPV4 && nft_trace_is_table(name))
			continue; /* somebody traces a packet; it goes with him */
		*ARRAY_PUSH(place->extra, place->n_extra) = (struct extra){
			.object = arena_printf(&look->arena, "nft table %s %s in %s",
					       family_word(family), name, place->netns->netns),
			.family = family,
			.table = arena_strdup(&look->arena, name),
		};
	}
	netlink_answer_free(&answer);
	return 0;
}

int nft_delete_foreign(int fd, const struct extra *extra)
{
	char buffer[1024] = { 0 };
	struct nlmsghdr *message = nftnl_batch_begin(buffer, 0);
	size_t length = message->nlmsg_len;

	message = nftnl_nlmsg_build_hdr(buffer + length, NFT_MSG_DELTABLE, extra->family, NLM_F_ACK,
					1);
	mnl_attr_put_strz(message, NFTA_TABLE_NAME, extra->table);
	length += NLMSG_ALIGN(message->nlmsg_len);
	message = nftnl_batch_end(buffer + length, 2);
	return netlink_tell(fd, buffer, length + message->nlmsg_len, 1);
}

int look_nft(struct look *look, struct verify_place *place, struct error *err)
{
	struct listing is = { 0 };
	size_t n_set, n_chain;
	bool wanted;
	int r = 0;

	wanted_range(look->wanted, OBJECT_NFT_SET, place->netns->netns, &n_set);
	wanted_range(look->wanted, OBJECT_NFT_CHAIN, place->netns->netns, &n_chain);
	wanted = n_set + n_chain > 0;
	if (wanted) {
		r = nft_list(place->nft, &is, err);
		place->table = !is.there ? TABLE_GONE : is.dormant ? TABLE_DORMANT : TABLE_FINE;
		if (r == 0 && place->table == TABLE_FINE)
			r = compare(look, place, &is, err);
		listing_free(&is);
	}
	return r == 0 && place->router ? look_foreign(look, place, wanted, err) : r;
}
