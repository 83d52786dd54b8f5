/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/nftables/rule.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>

#include "core/base/address.h"
#include "core/nftables/expr.h"

/*
 * Makes the same expressions, in the same registers, as nft(8) makes from the words of nft_text.c,
 * so that its listing shows our rules in the words that it would take. Registers are the 4-byte
 * ones; a value starts at a multiple of 4 bytes, and a concatenation lies in neighbours.
 */

#define META(key_)         "meta", (key_), 0
#define CT(key_)           "ct", (key_), 0
#define NETWORK(offset_)   "payload", NFT_PAYLOAD_NETWORK_HEADER, (offset_)
#define TRANSPORT(offset_) "payload", NFT_PAYLOAD_TRANSPORT_HEADER, (offset_)
#define NUMBER(type_)      "numgen", (type_), 0

const struct nft_field_info nft_field_info[NFT_FIELD_COUNT] = {
	[NFT_IIFNAME] = { 16, 41, NFT_ORDER_HOST, META(NFT_META_IIFNAME) },
	[NFT_OIFNAME] = { 16, 41, NFT_ORDER_HOST, META(NFT_META_OIFNAME) },
	[NFT_SADDR] = { 4, 7, NFT_ORDER_BIG, NETWORK(12) },
	[NFT_DADDR] = { 4, 7, NFT_ORDER_BIG, NETWORK(16) },
	[NFT_L4PROTO] = { 1, 12, NFT_ORDER_BIG, META(NFT_META_L4PROTO) },
	[NFT_SPORT] = { 2, 13, NFT_ORDER_BIG, TRANSPORT(0) },
	[NFT_DPORT] = { 2, 13, NFT_ORDER_BIG, TRANSPORT(2) },
	[NFT_ICMP_TYPE] = { 1, 14, NFT_ORDER_BIG, TRANSPORT(0) },
	[NFT_ICMP_CODE] = { 1, 15, NFT_ORDER_BIG, TRANSPORT(1) },
	[NFT_FRAG_OFF] = { 2, 4, NFT_ORDER_BIG, NETWORK(6) },
	[NFT_IP_ID] = { 2, 4, NFT_ORDER_BIG, NETWORK(4) },
	[NFT_TTL] = { 1, 4, NFT_ORDER_BIG, NETWORK(8) },
	[NFT_MARK] = { 4, 19, NFT_ORDER_HOST, META(NFT_META_MARK) },
	[NFT_STATE] = { 4, 26, NFT_ORDER_HOST, CT(NFT_CT_STATE) },
	[NFT_STATUS] = { 4, 28, NFT_ORDER_HOST, CT(NFT_CT_STATUS) },
	[NFT_NUMBER] = { 4, 19, NFT_ORDER_HOST, NUMBER(NFT_NG_INCREMENTAL) },
	[NFT_RANDOM] = { 4, 19, NFT_ORDER_HOST, NUMBER(NFT_NG_RANDOM) },
	[NFT_FLOW_MARK] = { 4, 19, NFT_ORDER_HOST, CT(NFT_CT_MARK) },
};

unsigned nft_encode_value(enum nft_field field, uint32_t value, const char *name,
			  uint8_t ret_bytes[static NFT_VALUE_MAX])
{
	unsigned size = nft_field_info[field].size;

	memset(ret_bytes, 0, NFT_VALUE_MAX);
	if (size == NFT_VALUE_MAX) {
		size_t length = name ? strlen(name) : 0;

		assert(length < NFT_VALUE_MAX);
		memcpy(ret_bytes, name ? name : "", length); /* zeroes follow */
	} else if (size == 1) {
		ret_bytes[0] = (uint8_t)value;
	} else if (size == 2) {
		uint16_t port = htons((uint16_t)value);

		memcpy(ret_bytes, &port, 2);
	} else {
		if (nft_field_info[field].byte_order == NFT_ORDER_BIG)
			value = htonl(value);
		memcpy(ret_bytes, &value, 4);
	}
	return size;
}

bool nft_decode_key(const struct nft_set *set, const struct nlattr *key, struct arena *arena,
		    struct nft_element *ret_element)
{
	const uint8_t *bytes = mnl_attr_get_payload(key),
		      *end = bytes + mnl_attr_get_payload_len(key);

	*ret_element = (struct nft_element){ .set = set->name };
	for (unsigned i = 0; i < set->n_key; i++) {
		const struct nft_field_info *info = &nft_field_info[set->key[i]];
		uint32_t *value = &ret_element->key[i].value;

		if (end - bytes < info->size)
			return false;
		if (info->size == NFT_VALUE_MAX)
			ret_element->key[i].name =
				arena_printf(arena, "%.*s", NFT_VALUE_MAX, (const char *)bytes);
		else if (info->byte_order == NFT_ORDER_BIG)
			for (unsigned k = 0; k < info->size; k++)
				*value = *value << 8 | bytes[k];
		else
			memcpy(value, bytes, sizeof(*value));
		bytes += (info->size + 3) & ~3;
	}
	return true;
}

int nft_verdict_code(enum nft_verdict verdict)
{
	switch (verdict) {
	case NFT_VERDICT_ACCEPT:
		return NF_ACCEPT;
	case NFT_VERDICT_DROP:
		return NF_DROP;
	case NFT_VERDICT_RETURN:
		return NFT_RETURN;
	case NFT_VERDICT_JUMP:
		return NFT_JUMP;
	case NFT_VERDICT_GOTO:
		return NFT_GOTO;
	}
	return NF_DROP;
}

/* A rule in the making. */
struct builder {
	struct nftnl_rule *rule;
	bool protocol_known; /* it matched the protocol, so `icmp type` need not */
	uint32_t pool_id;
};

static void add_prefix_mask(struct builder *builder, uint32_t reg, uint8_t length)
{
	const uint32_t mask = htonl(prefix_mask(length));

	nft_add_mask(builder->rule, reg, &mask, sizeof(mask));
}

/* port_reg: the register of the port, or 0. */
static struct nftnl_expr *add_nat(struct builder *builder, uint32_t type, uint32_t port_reg)
{
	struct nftnl_expr *expr = nft_add(builder->rule, "nat", { NFTNL_EXPR_NAT_TYPE, type },
					  { NFTNL_EXPR_NAT_FAMILY, NFPROTO_IPV4 },
					  { NFTNL_EXPR_NAT_REG_ADDR_MIN, NFT_REG32_00 });

	if (port_reg)
		nftnl_expr_set_u32(expr, NFTNL_EXPR_NAT_REG_PROTO_MIN, port_reg);
	return expr;
}

/* size: how many bytes of an address count. shards: of a number. */
static void add_load(struct builder *builder, enum nft_field field, uint32_t size, uint32_t shards,
		     uint32_t reg)
{
	const struct nft_field_info *info = &nft_field_info[field];

	if (strcmp(info->expression, "payload") == 0)
		nft_add_payload(builder->rule, info->what, info->offset, size, reg);
	else if (strcmp(info->expression, "meta") == 0)
		nft_add_meta(builder->rule, info->what, reg);
	else if (strcmp(info->expression, "ct") == 0)
		nft_add(builder->rule, "ct", { NFTNL_EXPR_CT_KEY, info->what },
			{ NFTNL_EXPR_CT_DREG, reg });
	else
		nft_add(builder->rule, "numgen", { NFTNL_EXPR_NG_TYPE, info->what },
			{ NFTNL_EXPR_NG_DREG, reg }, { NFTNL_EXPR_NG_MODULUS, shards },
			{ NFTNL_EXPR_NG_OFFSET, 0 });
}

/* The type is the first byte of an ICMP message. In another protocol the byte means something
 * else. */
static void add_icmp_check(struct builder *builder)
{
	uint8_t icmp = 1;

	if (builder->protocol_known)
		return;
	nft_add_meta(builder->rule, NFT_META_L4PROTO, NFT_REG32_00);
	nft_add_compare(builder->rule, NFT_CMP_EQ, &icmp, sizeof(icmp));
	builder->protocol_known = true;
}

static void add_range(struct builder *builder, enum nft_compare compare, const uint8_t *first,
		      const uint8_t *last, uint32_t size)
{
	if (compare == NFT_EQUAL) {
		nft_add_compare(builder->rule, NFT_CMP_GTE, first, size);
		nft_add_compare(builder->rule, NFT_CMP_LTE, last, size);
		return;
	}

	struct nftnl_expr *expr = nft_add(builder->rule, "range",
					  { NFTNL_EXPR_RANGE_SREG, NFT_REG32_00 },
					  { NFTNL_EXPR_RANGE_OP, NFT_RANGE_NEQ });

	nftnl_expr_set(expr, NFTNL_EXPR_RANGE_FROM_DATA, first, size);
	nftnl_expr_set(expr, NFTNL_EXPR_RANGE_TO_DATA, last, size);
}

static void add_match(struct builder *builder, const struct nft_statement *statement)
{
	enum nft_field field = statement->match.field;
	uint32_t op = statement->match.compare == NFT_EQUAL ? NFT_CMP_EQ : NFT_CMP_NEQ;
	uint8_t first[NFT_VALUE_MAX], last[NFT_VALUE_MAX];
	uint32_t size =
		nft_encode_value(field, statement->match.value, statement->match.name, first);
	bool address = field == NFT_SADDR || field == NFT_DADDR;
	bool port = field == NFT_SPORT || field == NFT_DPORT;

	if (field == NFT_ICMP_TYPE || field == NFT_ICMP_CODE)
		add_icmp_check(builder);
	if (address && statement->match.length % 8 == 0)
		size = statement->match.length / 8; /* whole bytes of an address need no mask */
	add_load(builder, field, size, 0, NFT_REG32_00);

	if (statement->match.compare == NFT_ANY_BIT || statement->match.compare == NFT_NO_BIT) {
		static const uint32_t zero;
		const bool none = statement->match.compare == NFT_NO_BIT;

		nft_add_mask(builder->rule, NFT_REG32_00, first, size);
		nft_add_compare(builder->rule, none ? NFT_CMP_EQ : NFT_CMP_NEQ, &zero, size);
	} else if (port && statement->match.value_last != statement->match.value) {
		nft_encode_value(field, statement->match.value_last, NULL, last);
		add_range(builder, statement->match.compare, first, last, size);
	} else {
		if (address && statement->match.length % 8 != 0)
			add_prefix_mask(builder, NFT_REG32_00, statement->match.length);
		nft_add_compare(builder->rule, op, first, size);
	}
	if (field == NFT_L4PROTO && statement->match.compare == NFT_EQUAL)
		builder->protocol_known = true;
}

/* Load the fields one behind the other, from the first register on. */
static void add_key(struct builder *builder, const struct nft_statement *statement)
{
	bool cut = statement->lookup.length < 32;
	uint32_t reg = NFT_REG32_00;

	for (unsigned i = 0; i < statement->lookup.n_key; i++)
		if (statement->lookup.key[i] == NFT_ICMP_TYPE)
			add_icmp_check(builder);

	for (unsigned i = 0; i < statement->lookup.n_key; i++) {
		enum nft_field field = statement->lookup.key[i];
		uint32_t size = nft_field_info[field].size;

		add_load(builder, field, size, statement->lookup.shards, reg);
		if (cut && (field == NFT_SADDR || field == NFT_DADDR)) {
			add_prefix_mask(builder, reg, statement->lookup.length);
			cut = false;
		}
		reg += (size + 3) / 4;
	}
}

/* The address is in the first register. The ports go to the large registers, as nft(8) has them. */
static void add_nat_with_ports(struct builder *builder, uint32_t type,
			       const struct nft_statement *statement)
{
	const uint16_t first = htons(statement->nat.port_first),
		       last = htons(statement->nat.port_last);
	struct nftnl_expr *expr;

	if (!first) {
		add_nat(builder, type, 0);
		return;
	}
	nft_add_immediate(builder->rule, &first, sizeof(first), NFT_REG_2);
	nft_add_immediate(builder->rule, &last, sizeof(last), NFT_REG_3);
	expr = add_nat(builder, type, NFT_REG_2);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_NAT_REG_PROTO_MAX, NFT_REG_3);
	if (statement->nat.random)
		nftnl_expr_set_u32(expr, NFTNL_EXPR_NAT_FLAGS, NF_NAT_RANGE_PROTO_RANDOM_FULLY);
}

/* The five values lie behind the first 16 bytes, which the hash and then the address go to. Its
   seed is fixed: the same flow gets the same address in every run. */
static void add_pool(struct builder *builder, const struct nft_statement *statement)
{
	static const enum nft_field values[] = { NFT_SADDR, NFT_DADDR, NFT_SPORT, NFT_DPORT,
						 NFT_L4PROTO };

	unsigned n = statement->kind == NFT_SNAT_POOL ? ARRAY_SIZE(values) : 2;

	for (unsigned i = 0; i < n; i++)
		add_load(builder, values[i], nft_field_info[values[i]].size, 0, NFT_REG32_04 + i);
	nft_add(builder->rule, "hash", { NFTNL_EXPR_HASH_TYPE, NFT_HASH_JENKINS },
		{ NFTNL_EXPR_HASH_SREG, NFT_REG32_04 }, { NFTNL_EXPR_HASH_DREG, NFT_REG32_00 },
		{ NFTNL_EXPR_HASH_LEN, 4 * n },
		{ NFTNL_EXPR_HASH_MODULUS, statement->nat.n_address }, { NFTNL_EXPR_HASH_SEED, 0 });

	struct nftnl_expr *lookup = nft_add_lookup(builder->rule, NFT_POOL_MAP);

	nftnl_expr_set_u32(lookup, NFTNL_EXPR_LOOKUP_SET_ID, builder->pool_id);
	nftnl_expr_set_u32(lookup, NFTNL_EXPR_LOOKUP_DREG, NFT_REG32_00);
	add_nat_with_ports(builder, NFT_NAT_SNAT, statement);
}

static void add_fixed_nat(struct builder *builder, uint32_t type,
			  const struct nft_statement *statement)
{
	const uint32_t address = htonl(statement->nat.address[0]);

	nft_add_immediate(builder->rule, &address, sizeof(address), NFT_REG32_00);
	add_nat_with_ports(builder, type, statement);
}

static void add_flip(struct builder *builder, const struct nft_statement *statement)
{
	const struct nft_field_info *info = &nft_field_info[statement->flip.field];
	uint8_t bits[NFT_VALUE_MAX];
	const uint32_t size =
		nft_encode_value(statement->flip.field, statement->flip.bits, NULL, bits);

	add_load(builder, statement->flip.field, size, 0, NFT_REG32_00);
	nft_add_flip(builder->rule, bits, size);
	nft_add_write(builder->rule, info->what, info->offset, size, statement->kind == NFT_FLIP);
}

/* TCP and UDP have the source in their checksums, too. */
static void add_set_source(struct builder *builder, uint32_t address)
{
	const struct nft_field_info *info = &nft_field_info[NFT_SADDR];

	address = htonl(address);
	nft_add_immediate(builder->rule, &address, sizeof(address), NFT_REG32_00);
	nftnl_expr_set_u32(nft_add_write(builder->rule, info->what, info->offset, info->size, true),
			   NFTNL_EXPR_PAYLOAD_FLAGS, NFT_PAYLOAD_L4CSUM_PSEUDOHDR);
}

/* The kernel makes it smaller only. The value lies behind kind and length of the option. */
static void add_set_mss(struct builder *builder, uint16_t mss)
{
	enum { TCP_OPTION_MSS = 2 };
	struct nftnl_expr *expr;

	mss = htons(mss);
	nft_add_immediate(builder->rule, &mss, sizeof(mss), NFT_REG32_00);
	expr = nft_add(builder->rule, "exthdr", { NFTNL_EXPR_EXTHDR_OFFSET, 2 },
		       { NFTNL_EXPR_EXTHDR_LEN, sizeof(mss) },
		       { NFTNL_EXPR_EXTHDR_OP, NFT_EXTHDR_OP_TCPOPT },
		       { NFTNL_EXPR_EXTHDR_SREG, NFT_REG32_00 });
	nftnl_expr_set_u8(expr, NFTNL_EXPR_EXTHDR_TYPE, TCP_OPTION_MSS);
}

static void add_set_mark(struct builder *builder, uint32_t mark)
{
	nft_add_immediate(builder->rule, &mark, sizeof(mark), NFT_REG32_00);
	nft_add_set_meta(builder->rule, NFT_META_MARK);
}

static void add_set_flow_mark(struct builder *builder, uint32_t mark)
{
	nft_add_immediate(builder->rule, &mark, sizeof(mark), NFT_REG32_00);
	nft_add(builder->rule, "ct", { NFTNL_EXPR_CT_KEY, NFT_CT_MARK },
		{ NFTNL_EXPR_CT_SREG, NFT_REG32_00 });
}

static struct nftnl_expr *add_dynset(struct builder *builder, uint32_t op,
				     const struct nft_statement *statement)
{
	struct nftnl_expr *expr;

	add_key(builder, statement);
	expr = nft_add(builder->rule, "dynset", { NFTNL_EXPR_DYNSET_OP, op },
		       { NFTNL_EXPR_DYNSET_SREG_KEY, NFT_REG32_00 });
	nftnl_expr_set_str(expr, NFTNL_EXPR_DYNSET_SET_NAME, statement->lookup.set);
	return expr;
}

static void add_rate(struct builder *builder, uint32_t type, uint32_t rate, uint32_t burst)
{
	struct nftnl_expr *expr = nft_add(builder->rule, "limit", { NFTNL_EXPR_LIMIT_BURST, burst },
					  { NFTNL_EXPR_LIMIT_TYPE, type },
					  { NFTNL_EXPR_LIMIT_FLAGS, NFT_LIMIT_F_INV });

	nftnl_expr_set_u64(expr, NFTNL_EXPR_LIMIT_RATE, rate);
	nftnl_expr_set_u64(expr, NFTNL_EXPR_LIMIT_UNIT, 1);
}

static void add_ct_count(struct builder *builder, const struct nft_statement *statement)
{
	struct nftnl_expr *expr, *limit = nft_must(nftnl_expr_alloc("connlimit"));

	nftnl_expr_set_u32(limit, NFTNL_EXPR_CONNLIMIT_COUNT, statement->lookup.count);
	nftnl_expr_set_u32(limit, NFTNL_EXPR_CONNLIMIT_FLAGS, NFT_CONNLIMIT_F_INV);
	expr = add_dynset(builder, NFT_DYNSET_OP_ADD, statement);
	nftnl_expr_set(expr, NFTNL_EXPR_DYNSET_EXPR, limit,
		       0); /* the expression owns the limit now */
}

static void add_statement(struct builder *builder, const struct nft_statement *statement)
{
	switch (statement->kind) {
	case NFT_MATCH:
		add_match(builder, statement);
		break;
	case NFT_IN_SET:
		add_key(builder, statement);
		nft_add_lookup(builder->rule, statement->lookup.set);
		break;
	case NFT_VMAP:
		add_key(builder, statement);
		nft_add_map(builder->rule, statement->lookup.set, NFT_REG_VERDICT);
		break;
	case NFT_DNAT_MAP:
	case NFT_SNAT_MAP:
		add_key(builder, statement);
		nft_add_map(builder->rule, statement->lookup.set, NFT_REG32_00);
		add_nat(builder, statement->kind == NFT_DNAT_MAP ? NFT_NAT_DNAT : NFT_NAT_SNAT,
			statement->lookup.with_port ? NFT_REG32_01 : 0);
		break;
	case NFT_DNAT_TO:
		add_fixed_nat(builder, NFT_NAT_DNAT, statement);
		break;
	case NFT_SNAT_TO:
		add_fixed_nat(builder, NFT_NAT_SNAT, statement);
		break;
	case NFT_SNAT_POOL:
	case NFT_SNAT_POOL_BY_PAIR:
		add_pool(builder, statement);
		break;
	case NFT_FLIP:
	case NFT_FLIP_UNSEEN:
		add_flip(builder, statement);
		break;
	case NFT_SET_MARK:
		add_set_mark(builder, statement->mark);
		break;
	case NFT_SET_FLOW_MARK:
		add_set_flow_mark(builder, statement->mark);
		break;
	case NFT_ADD_KEY:
		add_dynset(builder, NFT_DYNSET_OP_ADD, statement);
		break;
	case NFT_DELETE_KEY:
		add_dynset(builder, NFT_DYNSET_OP_DELETE, statement);
		break;
	case NFT_COUNTER:
		nft_add_with(builder->rule, "counter", NULL, 0);
		break;
	case NFT_RATE_OVER:
		add_rate(builder, NFT_LIMIT_PKTS, statement->count, statement->count);
		break;
	case NFT_BYTES_OVER:
		add_rate(builder, NFT_LIMIT_PKT_BYTES, statement->bytes.rate,
			 statement->bytes.burst);
		break;
	case NFT_SET_SOURCE:
		add_set_source(builder, statement->address);
		break;
	case NFT_SET_MSS:
		add_set_mss(builder, statement->mss);
		break;
	case NFT_REJECT_RESET:
		nftnl_expr_set_u8(nft_add(builder->rule, "reject",
					  { NFTNL_EXPR_REJECT_TYPE, NFT_REJECT_TCP_RST }),
				  NFTNL_EXPR_REJECT_CODE, 0);
		break;
	case NFT_CT_COUNT_OVER:
		add_ct_count(builder, statement);
		break;
	case NFT_VERDICT:
		nft_add_verdict(builder->rule, nft_verdict_code(statement->verdict.verdict),
				statement->verdict.chain);
		break;
	}
}

static void add_comment(struct builder *builder, const char *comment)
{
	struct nftnl_udata_buf *buffer = nft_must(nftnl_udata_buf_alloc(NFT_USERDATA_MAXLEN));

	nftnl_udata_put_strz(buffer, NFTNL_UDATA_RULE_COMMENT, comment);
	nftnl_rule_set_data(builder->rule, NFTNL_RULE_USERDATA, nftnl_udata_buf_data(buffer),
			    nftnl_udata_buf_len(buffer));
	nftnl_udata_buf_free(buffer);
}

struct nftnl_rule *nft_build_rule(const struct nft_rule *rule, uint32_t pool_id)
{
	struct builder builder = { .rule = nft_must(nftnl_rule_alloc()), .pool_id = pool_id };

	for (size_t i = 0; i < rule->n_statement; i++)
		add_statement(&builder, &rule->statement[i]);
	if (rule->comment)
		add_comment(&builder, rule->comment);
	return builder.rule;
}
