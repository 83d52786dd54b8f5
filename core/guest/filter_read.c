/* SPDX-License-Identifier: GPL-3.0-only */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4.h>

#include "core/guest/guest.h"
#include "core/guest/internal.h"
#include "core/nftables/listing.h"
#include "core/nftables/trace.h"

/* Rules of nftables as the kernel tells them. */

/* ---- attributes, of which nobody has promised that they are whole ---- */

static const char *text_of(const struct nlattr *attr)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0 ? mnl_attr_get_str(attr)
									 : "";
}

static uint32_t number_of(const struct nlattr *attr)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_U32) == 0 ? ntohl(mnl_attr_get_u32(attr))
								  : 0;
}

/* The bytes of a value, with zeros behind them. Return how many; 0: there is none, or a longer one.
 */
static size_t value_in(const struct nlattr *nest, uint16_t type, uint8_t *bytes, size_t size)
{
	const struct nlattr *value = nft_find_in(nft_find_in(nest, type), NFTA_DATA_VALUE);
	const size_t length = value ? mnl_attr_get_payload_len(value) : 0;

	memset(bytes, 0, size);
	if (!length || length > size)
		return 0;
	memcpy(bytes, mnl_attr_get_payload(value), length);
	return length;
}

static uint8_t family_of(const struct nlmsghdr *message)
{
	return ((const struct nfgenmsg *)mnl_nlmsg_get_payload(message))->nfgen_family;
}

/* ---- chains and sets ---- */

static struct guest_filter *filter_of(struct guest *guest)
{
	if (!guest->filter) {
		guest->filter = xnew(struct guest_filter);
		guest->filter->users = 1;
	}
	return guest->filter;
}

/* A chain of a device's is asked with the hook that is next to it. */
static void read_hook(const struct guest *guest, const struct nlattr *hook,
		      struct guest_chain *chain)
{
	const bool netdev = chain->table.family == NFPROTO_NETDEV;
	const struct guest_link *link =
		guest_find_link(guest, text_of(nft_find_in(hook, NFTA_HOOK_DEV)));

	chain->hook = (int)number_of(nft_find_in(hook, NFTA_HOOK_HOOKNUM));
	chain->priority = (int)number_of(nft_find_in(hook, NFTA_HOOK_PRIORITY));
	chain->link = link ? link->index : 0;
	chain->on_device = netdev || chain->hook == NF_INET_INGRESS;
	if (chain->on_device)
		chain->hook = netdev && chain->hook != NF_NETDEV_INGRESS ? NFT_HOOK_POSTROUTING
									 : NFT_HOOK_PREROUTING;
}

struct guest_chain *guest_add_chain(struct guest *guest, int priority)
{
	struct guest_filter *filter = filter_of(guest);
	size_t i = filter->n_chain;

	/* In the order in which packets come by. */
	(void)ARRAY_PUSH(filter->chain, filter->n_chain);
	for (; i > 0 && filter->chain[i - 1].priority > priority; i--)
		filter->chain[i] = filter->chain[i - 1];
	filter->chain[i] = (struct guest_chain){ .priority = priority };
	return &filter->chain[i];
}

void guest_read_chain(struct guest *guest, const struct nlmsghdr *message)
{
	const struct nlattr *hook = nft_find(message, NFTA_CHAIN_HOOK);
	const char *table = text_of(nft_find(message, NFTA_CHAIN_TABLE));
	const uint8_t family = family_of(message);
	struct guest_filter *filter = filter_of(guest);
	struct guest_chain chain = {
		.table = { family, arena_strdup(&filter->arena, table) },
		.name = arena_strdup(&filter->arena, text_of(nft_find(message, NFTA_CHAIN_NAME))),
		.hook = -1,
		.nat = strcmp(text_of(nft_find(message, NFTA_CHAIN_TYPE)), "nat") == 0,
		.policy_drop = hook && nft_find(message, NFTA_CHAIN_POLICY) &&
			       number_of(nft_find(message, NFTA_CHAIN_POLICY)) == NF_DROP,
	};

	if ((family != NFPROTO_IPV4 && family != NFPROTO_INET && family != NFPROTO_NETDEV) ||
	    nft_trace_is_table(table))
		return;
	if (hook)
		read_hook(guest, hook, &chain);
	*guest_add_chain(guest, chain.priority) = chain;
}

static struct guest_set *find_set(const struct guest_filter *filter, uint8_t family,
				  const char *table, const char *name)
{
	for (size_t i = 0; i < filter->n_set; i++)
		if (guest_is_of_table(&filter->set[i].table, family, table) &&
		    strcmp(filter->set[i].name, name) == 0)
			return &filter->set[i];
	return NULL;
}

void guest_read_set(struct guest *guest, const struct nlmsghdr *message)
{
	struct guest_filter *filter = filter_of(guest);
	struct guest_set *set = ARRAY_PUSH(filter->set, filter->n_set);
	const char *table = text_of(nft_find(message, NFTA_SET_TABLE));

	*set = (struct guest_set){
		.table = { family_of(message), arena_strdup(&filter->arena, table) },
		.name = arena_strdup(&filter->arena, text_of(nft_find(message, NFTA_SET_NAME))),
		.size = number_of(nft_find(message, NFTA_SET_KEY_LEN)),
	};
}

static bool read_verdict(struct arena *arena, const struct nlattr *data,
			 struct guest_verdict *ret_verdict)
{
	const struct nlattr *nest = nft_find_in(data, NFTA_DATA_VERDICT);
	const struct nlattr *code = nft_find_in(nest, NFTA_VERDICT_CODE);

	ret_verdict->code = code ? (int)number_of(code) : NFT_CONTINUE;
	ret_verdict->chain = arena_strdup(arena, text_of(nft_find_in(nest, NFTA_VERDICT_CHAIN)));
	return code && (ret_verdict->code <= NF_ACCEPT && ret_verdict->code >= NFT_RETURN);
}

static int compare_elements(const void *a, const void *b)
{
	const struct guest_element *x = a, *y = b;

	return memcmp(x->key, y->key, sizeof(x->key)) ?: y->end - x->end;
}

void guest_read_elements(struct guest *guest, const struct nlmsghdr *message)
{
	struct guest_filter *filter = filter_of(guest);
	const struct nlattr *list = nft_find(message, NFTA_SET_ELEM_LIST_ELEMENTS), *attr;
	struct guest_set *set = find_set(filter, family_of(message),
					 text_of(nft_find(message, NFTA_SET_ELEM_LIST_TABLE)),
					 text_of(nft_find(message, NFTA_SET_ELEM_LIST_SET)));

	if (!set || !list)
		return;
	for_each_nested(attr, list) {
		struct guest_element element = { 0 };

		if (!value_in(attr, NFTA_SET_ELEM_KEY, element.key, sizeof(element.key)))
			continue;
		element.end = number_of(nft_find_in(attr, NFTA_SET_ELEM_FLAGS)) &
			      NFT_SET_ELEM_INTERVAL_END;
		set->interval |= element.end;
		(void)read_verdict(&filter->arena, nft_find_in(attr, NFTA_SET_ELEM_DATA),
				   &element.verdict);
		*ARRAY_PUSH(set->element, set->n_element) = element;
	}
	if (set->n_element)
		qsort(set->element, set->n_element, sizeof(*set->element), compare_elements);
}

/* ---- rules ---- */

struct rule_reading {
	struct guest *guest;
	struct guest_filter_rule *rule;
	const struct guest_chain *chain;
	struct {
		int field; /* -1: nothing that we know */
		uint32_t number, mask;
		size_t size; /* bytes of it */
	} loaded;
};

static bool load(struct rule_reading *reading, const struct nlattr *reg, int field, size_t size)
{
	reading->loaded.field = field;
	reading->loaded.number = number_of(reg);
	reading->loaded.mask = UINT32_MAX;
	reading->loaded.size = size;
	return reg && field >= 0;
}

/* Is what the expression looks at what was loaded last? */
static bool is_loaded(const struct rule_reading *reading, const struct nlattr *data, uint16_t reg)
{
	return reading->loaded.field >= 0 &&
	       number_of(nft_find_in(data, reg)) == reading->loaded.number;
}

static bool load_meta(struct rule_reading *reading, const struct nlattr *data)
{
	static const struct {
		int field;
		size_t size;
	} keys[] = {
		[NFT_META_IIF] = { NFT_IIFNAME, 4 },
		[NFT_META_OIF] = { NFT_OIFNAME, 4 },
		[NFT_META_IIFNAME] = { NFT_IIFNAME, 16 },
		[NFT_META_OIFNAME] = { NFT_OIFNAME, 16 },
		[NFT_META_L4PROTO] = { NFT_L4PROTO, 1 },
		[NFT_META_NFPROTO] = { FIELD_FAMILY, 1 },
		[NFT_META_PROTOCOL] = { FIELD_ETHER_TYPE, 2 },
	};
	const uint32_t key = number_of(nft_find_in(data, NFTA_META_KEY));

	return key < ARRAY_SIZE(keys) && keys[key].size &&
	       load(reading, nft_find_in(data, NFTA_META_DREG), keys[key].field, keys[key].size);
}

static bool load_payload(struct rule_reading *reading, const struct nlattr *data)
{
	static const struct {
		uint32_t base, offset, size; /* of an address fewer bytes may be asked for */
		int field;
	} places[] = {
		{ NFT_PAYLOAD_NETWORK_HEADER, 9, 1, NFT_L4PROTO },
		{ NFT_PAYLOAD_NETWORK_HEADER, 12, 4, NFT_SADDR },
		{ NFT_PAYLOAD_NETWORK_HEADER, 16, 4, NFT_DADDR },
		{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, NFT_ICMP_TYPE },
		{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, NFT_SPORT },
		{ NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, NFT_DPORT },
	};
	const uint32_t base = number_of(nft_find_in(data, NFTA_PAYLOAD_BASE)),
		       offset = number_of(nft_find_in(data, NFTA_PAYLOAD_OFFSET)),
		       size = number_of(nft_find_in(data, NFTA_PAYLOAD_LEN));

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (base == places[i].base && offset == places[i].offset && size &&
		    (size == places[i].size || (places[i].size == 4 && size < 4)))
			return load(reading, nft_find_in(data, NFTA_PAYLOAD_DREG), places[i].field,
				    size);
	return false;
}

static bool is_in_host_order(int field)
{
	return field == NFT_IIFNAME || field == NFT_OIFNAME || field == NFT_STATE;
}

static uint32_t value_of(const struct rule_reading *reading, const uint8_t *bytes)
{
	const size_t size = reading->loaded.size;
	uint32_t value = 0;

	if (is_in_host_order(reading->loaded.field)) {
		memcpy(&value, bytes, sizeof(value));
		return value;
	}
	for (size_t i = 0; i < size && i < 4; i++)
		value = value << 8 | bytes[i];
	return reading->loaded.field == NFT_SADDR || reading->loaded.field == NFT_DADDR
		       ? value << 8 * (4 - size)
		       : value;
}

static struct guest_match *add_match(struct rule_reading *reading)
{
	struct guest_filter_rule *rule = reading->rule;
	struct guest_match *match = ARRAY_PUSH(rule->match, rule->n_match);

	match->field = reading->loaded.field;
	match->mask = reading->loaded.mask;
	if (match->field == NFT_SADDR || match->field == NFT_DADDR)
		match->mask &= prefix_mask((uint8_t)(8 * reading->loaded.size));
	return match;
}

static void add_range(struct guest_match *match, uint32_t first, uint32_t last)
{
	*ARRAY_PUSH(match->range, match->n_range) = (struct guest_range){ first, last };
}

/* A name, or the beginning of names, as the numbers of the links that are called so. */
static void add_links(const struct rule_reading *reading, struct guest_match *match,
		      const char *name, size_t size)
{
	const struct guest *guest = reading->guest;

	for (size_t i = 0; i < guest->n_link; i++)
		if (strncmp(guest->link[i].name, name, size) == 0) /* with its NUL: all of it */
			add_range(match, (uint32_t)guest->link[i].index,
				  (uint32_t)guest->link[i].index);
}

static bool compare(struct rule_reading *reading, const struct nlattr *data)
{
	const uint32_t how = number_of(nft_find_in(data, NFTA_CMP_OP));
	uint8_t bytes[16];
	const size_t size = value_in(data, NFTA_CMP_DATA, bytes, sizeof(bytes));
	struct guest_match *match;
	uint32_t value;

	if (!size || !is_loaded(reading, data, NFTA_CMP_SREG))
		return false;
	value = value_of(reading, bytes);
	match = add_match(reading);
	match->not = how == NFT_CMP_NEQ;
	if (reading->loaded.size == 16)
		add_links(reading, match, (const char *)bytes, size);
	else if (how == NFT_CMP_EQ || how == NFT_CMP_NEQ)
		add_range(match, value, value);
	else if (how == NFT_CMP_LTE || (how == NFT_CMP_LT && value))
		add_range(match, 0, how == NFT_CMP_LTE ? value : value - 1);
	else if (how == NFT_CMP_GTE || (how == NFT_CMP_GT && value < UINT32_MAX))
		add_range(match, how == NFT_CMP_GTE ? value : value + 1, UINT32_MAX);
	else
		return false;
	return true;
}

static bool compare_range(struct rule_reading *reading, const struct nlattr *data)
{
	uint8_t first[4], last[4];
	struct guest_match *match;

	if (!value_in(data, NFTA_RANGE_FROM_DATA, first, sizeof(first)) ||
	    !value_in(data, NFTA_RANGE_TO_DATA, last, sizeof(last)) ||
	    !is_loaded(reading, data, NFTA_RANGE_SREG))
		return false;
	match = add_match(reading);
	match->not = number_of(nft_find_in(data, NFTA_RANGE_OP)) == NFT_RANGE_NEQ;
	add_range(match, value_of(reading, first), value_of(reading, last));
	return true;
}

static bool mask(struct rule_reading *reading, const struct nlattr *data)
{
	uint8_t bytes[4], flipped[4], none[4] = { 0 };

	if (value_in(data, NFTA_BITWISE_MASK, bytes, sizeof(bytes)) != 4 ||
	    value_in(data, NFTA_BITWISE_XOR, flipped, sizeof(flipped)) != 4 ||
	    memcmp(flipped, none, sizeof(none)) != 0 ||
	    !is_loaded(reading, data, NFTA_BITWISE_SREG))
		return false;
	reading->loaded.mask = value_of(reading, bytes);
	reading->loaded.number = number_of(nft_find_in(data, NFTA_BITWISE_DREG));
	/* Else no range of numbers is what it compares. */
	return reading->loaded.field == NFT_STATE ||
	       (~reading->loaded.mask & (~reading->loaded.mask + 1)) == 0;
}

/* The last number of the range that begins with element i. */
static uint32_t range_end(const struct rule_reading *reading, const struct guest_set *set, size_t i)
{
	if (!set->interval)
		return value_of(reading, set->element[i].key);
	return i + 1 < set->n_element ? value_of(reading, set->element[i + 1].key) - 1 : UINT32_MAX;
}

/* In a set; of a map each element is a rule of its own, of which one at most matches. */
static bool look_up(struct rule_reading *reading, const struct nlattr *data)
{
	const struct guest_set *set = find_set(reading->guest->filter, reading->chain->table.family,
					       reading->chain->table.name,
					       text_of(nft_find_in(data, NFTA_LOOKUP_SET)));
	const bool map = nft_find_in(data, NFTA_LOOKUP_DREG) != NULL;
	struct guest_match *match;

	if (!set || set->size != reading->loaded.size || set->size > 4 ||
	    !is_loaded(reading, data, NFTA_LOOKUP_SREG))
		return false;
	match = add_match(reading);
	match->not = number_of(nft_find_in(data, NFTA_LOOKUP_FLAGS)) & NFT_LOOKUP_F_INV;
	for (size_t i = 0; i < set->n_element; i++) {
		const struct guest_element *element = &set->element[i];

		if (element->end)
			continue;
		add_range(match, value_of(reading, element->key), range_end(reading, set, i));
		if (map)
			*ARRAY_PUSH(reading->rule->map, reading->rule->n_map) = element->verdict;
	}
	return !map || number_of(nft_find_in(data, NFTA_LOOKUP_DREG)) == NFT_REG_VERDICT;
}

/* At this priority a chain comes before connection tracking or behind it, as it was made. */
static bool is_beside_tracking(const struct guest_chain *chain)
{
	return chain->priority == NF_IP_PRI_CONNTRACK &&
	       (chain->hook == NFT_HOOK_PREROUTING || chain->hook == NFT_HOOK_OUTPUT);
}

/* False: there is more to the rule than we understand. */
static bool read_expression(struct rule_reading *reading, const struct nlattr *expression)
{
	const struct nlattr *data = nft_find_in(expression, NFTA_EXPR_DATA);
	const char *name = text_of(nft_find_in(expression, NFTA_EXPR_NAME));

	if (strcmp(name, "meta") == 0)
		return load_meta(reading, data);
	if (strcmp(name, "payload") == 0)
		return load_payload(reading, data);
	if (strcmp(name, "ct") == 0)
		return !is_beside_tracking(reading->chain) &&
		       number_of(nft_find_in(data, NFTA_CT_KEY)) == NFT_CT_STATE &&
		       load(reading, nft_find_in(data, NFTA_CT_DREG), NFT_STATE, 4);
	if (strcmp(name, "cmp") == 0)
		return compare(reading, data);
	if (strcmp(name, "range") == 0)
		return compare_range(reading, data);
	if (strcmp(name, "bitwise") == 0)
		return mask(reading, data);
	if (strcmp(name, "lookup") == 0)
		return look_up(reading, data);
	if (strcmp(name, "reject") == 0)
		reading->rule->verdict.code = NF_DROP;
	if (strcmp(name, "immediate") == 0)
		return number_of(nft_find_in(data, NFTA_IMMEDIATE_DREG)) == NFT_REG_VERDICT &&
		       read_verdict(&reading->guest->filter->arena,
				    nft_find_in(data, NFTA_IMMEDIATE_DATA),
				    &reading->rule->verdict);
	return strcmp(name, "reject") == 0 || strcmp(name, "counter") == 0 ||
	       strcmp(name, "log") == 0;
}

void guest_read_filter_rule(struct guest *guest, const struct nlmsghdr *message)
{
	const struct nlattr *list = nft_find(message, NFTA_RULE_EXPRESSIONS), *expression;
	const struct guest_table table = { family_of(message),
					   text_of(nft_find(message, NFTA_RULE_TABLE)) };
	struct guest_chain *chain = guest_find_chain(filter_of(guest), &table,
						     text_of(nft_find(message, NFTA_RULE_CHAIN)));
	struct rule_reading reading = { .guest = guest, .chain = chain, .loaded.field = -1 };

	if (!chain)
		return;
	reading.rule = ARRAY_PUSH(chain->rule, chain->n_rule);
	reading.rule->verdict.code = NFT_CONTINUE;
	if (!list)
		return;
	for_each_nested(expression, list)
		if (!reading.rule->unknown)
			reading.rule->unknown = !read_expression(&reading, expression);
	reading.rule->unknown |= chain->on_device && (reading.rule->n_map ||
						      reading.rule->verdict.code != NFT_CONTINUE);
}
