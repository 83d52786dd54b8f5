/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/message.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "core/nftables/batch.h"
#include "core/nftables/expr.h"
#include "core/nftables/rule.h"

/*
 * Elements are written attribute by attribute, since libnftnl would gather them in a set object of
 * its own first. An attribute's length has 16 bits: a list of elements is cut into messages of some
 * 60,000 bytes.
 */

#define ELEMENTS_FULL 60000
#define ELEMENT_ROOM  1024 /* of one element: a key of four names, a chain's name */
#define MESSAGE_ROOM  8192 /* of any message but rules and elements */
#define STATEMENT_ROOM \
	4096 /* one statement of a rule: some ten expressions, one of them with a name */

struct nft_batch *nft_batch_new(void)
{
	return nft_batch_new_for(NFPROTO_IPV4, NFT_TABLE);
}

struct nft_batch *nft_batch_new_for(uint8_t family, const char *table)
{
	struct nft_batch *batch = xnew(struct nft_batch);

	batch->family = family;
	batch->table = arena_strdup(&batch->arena, table);
	return batch;
}

void nft_batch_free(struct nft_batch *batch)
{
	if (!batch)
		return;
	arena_free(&batch->arena);
	free(batch->buffer);
	free(batch->record);
	free(batch);
}

_Static_assert(NFTA_TABLE_NAME == NFT_TABLE_ATTRIBUTE && NFTA_SET_TABLE == NFT_TABLE_ATTRIBUTE &&
		       NFTA_CHAIN_TABLE == NFT_TABLE_ATTRIBUTE &&
		       NFTA_RULE_TABLE == NFT_TABLE_ATTRIBUTE &&
		       NFTA_SET_ELEM_LIST_TABLE == NFT_TABLE_ATTRIBUTE,
	       "whatever a message is about, the table has one number");

/* Add a message, with room for that many bytes and the table in it. Pointers into the buffer are
 * valid until the next one. */
static struct nlmsghdr *message_begin(struct nft_batch *batch, uint16_t type, uint16_t flags,
				      size_t room, const char *noun, const char *name)
{
	struct nlmsghdr *message;

	assert(strlen(name) < NFT_NAME_SIZE);
	if (batch->capacity - batch->length < room) {
		size_t capacity = 2 * batch->capacity + room;

		batch->buffer = xrealloc(batch->buffer, capacity);
		/* libmnl does not clear the padding behind an attribute. */
		memset(batch->buffer + batch->capacity, 0, capacity - batch->capacity);
		batch->capacity = capacity;
	}

	struct nft_record *record = ARRAY_PUSH(batch->record, batch->n_record);

	record->offset = batch->length;
	record->type = type;
	record->noun = noun;
	record->name = arena_strdup(&batch->arena, name);
	message = nftnl_nlmsg_build_hdr(batch->buffer + batch->length, type, batch->family, flags,
					(uint32_t)batch->n_record);
	mnl_attr_put_strz(message, NFT_TABLE_ATTRIBUTE, batch->table);
	return message;
}

static void message_end(struct nft_batch *batch, const struct nlmsghdr *message)
{
	batch->length = batch->record[batch->n_record - 1].offset + NLMSG_ALIGN(message->nlmsg_len);
}

/* Add a message that says no more than which one it is about. attribute: that of the name; 0: it is
 * the table. */
static void batch_name(struct nft_batch *batch, uint16_t type, uint16_t flags, const char *noun,
		       uint16_t attribute, const char *name)
{
	struct nlmsghdr *message = message_begin(batch, type, flags, MESSAGE_ROOM, noun, name);

	if (attribute)
		mnl_attr_put_strz(message, attribute, name);
	message_end(batch, message);
}

void nft_batch_table_add(struct nft_batch *batch)
{
	batch_name(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE, "table", 0, batch->table);
}

void nft_batch_table_own(struct nft_batch *batch)
{
	struct nlmsghdr *message = message_begin(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL,
						 MESSAGE_ROOM, "table", batch->table);

	mnl_attr_put_u32(message, NFTA_TABLE_FLAGS, htonl(NFT_TABLE_F_OWNER));
	message_end(batch, message);
}

void nft_batch_table_delete(struct nft_batch *batch)
{
	batch_name(batch, NFT_MSG_DELTABLE, 0, "table", 0, batch->table);
}

static const char *set_noun(const struct nft_set *set)
{
	return set->data == NFT_MAP_NONE ? "set" : "map";
}

/* nft(8) keeps the byte order of its values with a set, and shows them by it. */
static void set_user_data(struct nftnl_set *set, uint32_t key_order, uint32_t data_order)
{
	struct nftnl_udata_buf *buffer = nft_must(nftnl_udata_buf_alloc(NFT_USERDATA_MAXLEN));

	nftnl_udata_put_u32(buffer, NFTNL_UDATA_SET_KEYBYTEORDER, key_order);
	if (data_order)
		nftnl_udata_put_u32(buffer, NFTNL_UDATA_SET_DATABYTEORDER, data_order);
	nftnl_set_set_data(set, NFTNL_SET_USERDATA, nftnl_udata_buf_data(buffer),
			   nftnl_udata_buf_len(buffer));
	nftnl_udata_buf_free(buffer);
}

static void set_put(struct nftnl_set *built, const struct nft_set *set)
{
	uint32_t type = 0, length = 0, flags = set->data == NFT_MAP_NONE ? 0 : NFT_SET_MAP;

	for (unsigned i = 0; i < set->n_key; i++) {
		const struct nft_field_info *info = &nft_field_info[set->key[i]];

		type = type << NFT_TYPE_BITS | info->type;
		length += set->n_key > 1 ? (info->size + 3u) & ~3u : info->size;
	}
	if (set->dynamic) {
		flags |= NFT_SET_EVAL;
		nftnl_set_set_u32(built, NFTNL_SET_DESC_SIZE, NFT_DYNAMIC_SIZE);
	}
	nftnl_set_set_u32(built, NFTNL_SET_FLAGS, flags);
	nftnl_set_set_u32(built, NFTNL_SET_KEY_TYPE, type);
	nftnl_set_set_u32(built, NFTNL_SET_KEY_LEN, length);

	if (set->data == NFT_MAP_VERDICT) {
		nftnl_set_set_u32(built, NFTNL_SET_DATA_TYPE, NFT_DATA_VERDICT);
		nftnl_set_set_u32(built, NFTNL_SET_DATA_LEN, 0);
	} else if (set->data == NFT_MAP_ADDRESS) {
		nftnl_set_set_u32(built, NFTNL_SET_DATA_TYPE, NFT_TYPE_ADDRESS);
		nftnl_set_set_u32(built, NFTNL_SET_DATA_LEN, 4);
	} else if (set->data == NFT_MAP_ADDRESS_PORT) {
		nftnl_set_set_u32(built, NFTNL_SET_DATA_TYPE,
				  NFT_TYPE_ADDRESS << NFT_TYPE_BITS | NFT_TYPE_SERVICE);
		nftnl_set_set_u32(built, NFTNL_SET_DATA_LEN, 8);
	}
	set_user_data(built,
		      set->n_key > 1 ? NFT_ORDER_NONE : nft_field_info[set->key[0]].byte_order,
		      set->data == NFT_MAP_ADDRESS ? NFT_ORDER_BIG : NFT_ORDER_NONE);
}

uint32_t nft_batch_set_built(struct nft_batch *batch, struct nftnl_set *set, const char *noun,
			     const char *name)
{
	struct nlmsghdr *message = message_begin(batch, NFT_MSG_NEWSET, NLM_F_CREATE | NLM_F_EXCL,
						 MESSAGE_ROOM, noun, name);

	nftnl_set_set_u32(set, NFTNL_SET_ID, ++batch->last_set_id);
	nftnl_set_nlmsg_build_payload(message, set);
	nftnl_set_free(set);
	message_end(batch, message);
	return batch->last_set_id;
}

void nft_batch_set_add(struct nft_batch *batch, const struct nft_set *set)
{
	struct nftnl_set *built = nft_must(nftnl_set_alloc());

	nftnl_set_set_str(built, NFTNL_SET_NAME, set->name);
	set_put(built, set);
	nft_batch_set_built(batch, built, set_noun(set), set->name);
}

void nft_batch_set_delete(struct nft_batch *batch, const struct nft_set *set)
{
	batch_name(batch, NFT_MSG_DELSET, 0, set_noun(set), NFTA_SET_NAME, set->name);
}

void nft_batch_chain_add(struct nft_batch *batch, const struct nft_chain *chain)
{
	struct nlmsghdr *message = message_begin(batch, NFT_MSG_NEWCHAIN, NLM_F_CREATE | NLM_F_EXCL,
						 MESSAGE_ROOM, "chain", chain->name);

	mnl_attr_put_strz(message, NFTA_CHAIN_NAME, chain->name);
	if (chain->type != NFT_CHAIN_PLAIN) {
		mnl_attr_put_strz(message, NFTA_CHAIN_TYPE,
				  chain->type == NFT_CHAIN_NAT ? "nat" : "filter");
		mnl_attr_put_u32(message, NFTA_CHAIN_POLICY,
				 htonl(chain->policy_drop ? NF_DROP : NF_ACCEPT));

		struct nlattr *hook = mnl_attr_nest_start(message, NFTA_CHAIN_HOOK);

		mnl_attr_put_u32(message, NFTA_HOOK_HOOKNUM, htonl(chain->hook));
		mnl_attr_put_u32(message, NFTA_HOOK_PRIORITY, htonl((uint32_t)chain->priority));
		mnl_attr_nest_end(message, hook);
	}
	message_end(batch, message);
}

void nft_batch_chain_flush(struct nft_batch *batch, const struct nft_chain *chain)
{
	batch_name(batch, NFT_MSG_DELRULE, 0, "rules of chain", NFTA_RULE_CHAIN, chain->name);
}

void nft_batch_chain_delete(struct nft_batch *batch, const struct nft_chain *chain)
{
	batch_name(batch, NFT_MSG_DELCHAIN, 0, "chain", NFTA_CHAIN_NAME, chain->name);
}

static void put_value(struct nlmsghdr *message, uint16_t type, const void *data, size_t size)
{
	struct nlattr *nest = mnl_attr_nest_start(message, type);

	mnl_attr_put(message, NFTA_DATA_VALUE, size, data);
	mnl_attr_nest_end(message, nest);
}

/* Open the list of elements at the end of the last message, to which more can be added. */
static struct nlmsghdr *elements_begin(struct nft_batch *batch, uint16_t type, uint16_t flags,
				       const char *set, uint32_t set_id)
{
	struct nlmsghdr *message =
		message_begin(batch, type, flags, ELEMENTS_FULL + ELEMENT_ROOM, "elements of", set);

	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set);
	if (set_id)
		mnl_attr_put_u32(message, NFTA_SET_ELEM_LIST_SET_ID, htonl(set_id));

	struct nlattr *list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);

	batch->record[batch->n_record - 1].list = (size_t)((char *)list - batch->buffer);
	mnl_attr_nest_end(message, list);
	message_end(batch, message);
	return message;
}

static void put_element_data(struct nlmsghdr *message, const struct nft_set *set,
			     const struct nft_element *element)
{
	uint8_t bytes[8] = { 0 };

	if (set->data == NFT_MAP_VERDICT) {
		struct nlattr *data = mnl_attr_nest_start(message, NFTA_SET_ELEM_DATA);
		struct nlattr *verdict = mnl_attr_nest_start(message, NFTA_DATA_VERDICT);

		mnl_attr_put_u32(message, NFTA_VERDICT_CODE,
				 htonl((uint32_t)nft_verdict_code(element->data.verdict)));
		assert(!element->data.chain || strlen(element->data.chain) < NFT_NAME_SIZE);
		if (element->data.chain)
			mnl_attr_put_strz(message, NFTA_VERDICT_CHAIN, element->data.chain);
		mnl_attr_nest_end(message, verdict);
		mnl_attr_nest_end(message, data);
		return;
	}

	uint32_t address = htonl(element->data.address);
	uint16_t port = htons(element->data.port);

	memcpy(bytes, &address, 4);
	memcpy(bytes + 4, &port, 2);
	put_value(message, NFTA_SET_ELEM_DATA, bytes, set->data == NFT_MAP_ADDRESS_PORT ? 8 : 4);
}

/* As libnftnl has it: a type, a length, and the bytes. */
static void put_element_comment(struct nlmsghdr *message, const char *comment)
{
	uint8_t bytes[2 + NFT_COMMENT_MAX + 1];
	const size_t size = strlen(comment) + 1;

	assert(size <= NFT_COMMENT_MAX + 1);
	bytes[0] = NFTNL_UDATA_SET_ELEM_COMMENT;
	bytes[1] = (uint8_t)size;
	memcpy(bytes + 2, comment, size);
	mnl_attr_put(message, NFTA_SET_ELEM_USERDATA, 2 + size, bytes);
}

static void put_element(struct nlmsghdr *message, const struct nft_set *set,
			const struct nft_element *element)
{
	uint8_t key[NFT_ELEMENT_KEY * NFT_VALUE_MAX + NFT_VALUE_MAX];
	size_t size = 0;

	assert(set->n_key <= NFT_ELEMENT_KEY);
	for (unsigned i = 0; i < set->n_key; i++) {
		size = (size + 3) & ~(size_t)3;
		size += nft_encode_value(set->key[i], element->key[i].value, element->key[i].name,
					 key + size);
	}
	if (set->n_key > 1)
		size = (size + 3) & ~(size_t)3;

	struct nlattr *nest = mnl_attr_nest_start(message, NFTA_LIST_ELEM);

	put_value(message, NFTA_SET_ELEM_KEY, key, size);
	if (set->data != NFT_MAP_NONE)
		put_element_data(message, set, element);
	if (element->comment)
		put_element_comment(message, element->comment);
	mnl_attr_nest_end(message, nest);
}

/* Return the last message if one more element of that set fits into it. */
static struct nlmsghdr *elements_open(struct nft_batch *batch, uint16_t type,
				      const struct nft_set *set)
{
	if (batch->n_record == 0)
		return NULL;

	struct nft_record *record = &batch->record[batch->n_record - 1];

	if (record->type != type || !record->set || strcmp(record->name, set->name) != 0 ||
	    batch->length - record->offset > ELEMENTS_FULL)
		return NULL;
	return (struct nlmsghdr *)(void *)(batch->buffer + record->offset);
}

static void batch_element(struct nft_batch *batch, uint16_t type, uint16_t flags,
			  const struct nft_set *set, const struct nft_element *element)
{
	struct nlmsghdr *message = elements_open(batch, type, set);

	if (!message) {
		message = elements_begin(batch, type, flags, set->name, 0);

		struct nft_set *copy = arena_alloc(&batch->arena, sizeof(*copy));

		*copy = *set;
		copy->name = batch->record[batch->n_record - 1].name;
		batch->record[batch->n_record - 1].set = copy;
	}
	put_element(message, set, element);
	mnl_attr_nest_end(
		message,
		(struct nlattr *)(void *)(batch->buffer + batch->record[batch->n_record - 1].list));
	message_end(batch, message);
}

void nft_batch_element_add(struct nft_batch *batch, const struct nft_set *set,
			   const struct nft_element *element)
{
	batch_element(batch, NFT_MSG_NEWSETELEM, NLM_F_CREATE | NLM_F_EXCL, set, element);
}

void nft_batch_element_delete(struct nft_batch *batch, const struct nft_set *set,
			      const struct nft_element *element)
{
	batch_element(batch, NFT_MSG_DELSETELEM, 0, set, element);
}

/* Add the anonymous map of a pool: 0 : address, 1 : address, ... Return its number in the
 * transaction. */
static uint32_t batch_pool(struct nft_batch *batch, const struct nft_statement *pool)
{
	struct nftnl_set *built = nft_must(nftnl_set_alloc());
	struct nlmsghdr *message;
	uint32_t id;

	nftnl_set_set_str(built, NFTNL_SET_NAME, NFT_POOL_MAP);
	nftnl_set_set_u32(built, NFTNL_SET_FLAGS,
			  NFT_SET_ANONYMOUS | NFT_SET_CONSTANT | NFT_SET_MAP);
	nftnl_set_set_u32(built, NFTNL_SET_KEY_TYPE, NFT_TYPE_INTEGER);
	nftnl_set_set_u32(built, NFTNL_SET_KEY_LEN, 4);
	nftnl_set_set_u32(built, NFTNL_SET_DATA_TYPE, NFT_TYPE_ADDRESS);
	nftnl_set_set_u32(built, NFTNL_SET_DATA_LEN, 4);
	nftnl_set_set_u32(built, NFTNL_SET_DESC_SIZE, pool->nat.n_address);
	set_user_data(built, NFT_ORDER_HOST, NFT_ORDER_BIG);
	id = nft_batch_set_built(batch, built, "map", "of a pool");
	message = elements_begin(batch, NFT_MSG_NEWSETELEM, NLM_F_CREATE, NFT_POOL_MAP, id);
	batch->record[batch->n_record - 1].joined = true;
	for (uint32_t i = 0; i < pool->nat.n_address; i++) {
		uint32_t address = htonl(pool->nat.address[i]);
		struct nlattr *nest = mnl_attr_nest_start(message, NFTA_LIST_ELEM);

		put_value(message, NFTA_SET_ELEM_KEY, &i, sizeof(i));
		put_value(message, NFTA_SET_ELEM_DATA, &address, sizeof(address));
		mnl_attr_nest_end(message, nest);
	}
	mnl_attr_nest_end(
		message,
		(struct nlattr *)(void *)(batch->buffer + batch->record[batch->n_record - 1].list));
	message_end(batch, message);
	return id;
}

static void batch_rule(struct nft_batch *batch, const char *chain, struct nftnl_rule *rule,
		       size_t room)
{
	struct nlmsghdr *message = message_begin(batch, NFT_MSG_NEWRULE,
						 NLM_F_CREATE | NLM_F_APPEND, room, "rule", chain);

	mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain);
	nftnl_rule_nlmsg_build_payload(message, rule);
	nftnl_rule_free(rule);
	message_end(batch, message);
}

void nft_batch_rule_built(struct nft_batch *batch, const char *chain, struct nftnl_rule *rule)
{
	batch_rule(batch, chain, rule, MESSAGE_ROOM);
}

static void add_rule(struct nft_batch *batch, const struct nft_chain *chain, size_t number)
{
	const struct nft_rule *rule = &chain->rule[number];
	uint32_t pool_id = 0;

	for (size_t i = 0; i < rule->n_statement; i++)
		if (rule->statement[i].kind == NFT_SNAT_POOL ||
		    rule->statement[i].kind == NFT_SNAT_POOL_BY_PAIR)
			pool_id = batch_pool(batch, &rule->statement[i]);

	batch_rule(batch, chain->name, nft_build_rule(rule, pool_id),
		   MESSAGE_ROOM + rule->n_statement * STATEMENT_ROOM);
	batch->record[batch->n_record - 1].rule = (unsigned)number + 1;
	batch->record[batch->n_record - 1].joined = pool_id != 0;
}

void nft_batch_rules_add(struct nft_batch *batch, const struct nft_chain *chain)
{
	for (size_t i = 0; i < chain->n_rule; i++)
		add_rule(batch, chain, i);
}
