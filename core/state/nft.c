/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/state/nft.h"

#include <assert.h>
#include <string.h>

/* Return room for one more element of an array in an arena. Full room doubles, and the old one
 * stays with the arena. */
static void *arena_grow(struct arena *arena, void *items, size_t count, size_t size)
{
	if (count & (count - 1))
		return items;

	char *grown = arena_alloc(arena, (count ? 2 * count : 1) * size);

	if (count)
		memcpy(grown, items, count * size);
	return grown;
}

struct nft_rule *nft_rule_add(struct arena *arena, struct nft_chain *chain)
{
	chain->rule = arena_grow(arena, chain->rule, chain->n_rule, sizeof(*chain->rule));
	return &chain->rule[chain->n_rule++];
}

static struct nft_statement *statement_add(struct arena *arena, struct nft_rule *rule,
					   enum nft_statement_kind kind)
{
	rule->statement =
		arena_grow(arena, rule->statement, rule->n_statement, sizeof(*rule->statement));

	struct nft_statement *statement = &rule->statement[rule->n_statement++];

	statement->kind = kind;
	return statement;
}

void nft_match_name(struct arena *arena, struct nft_rule *rule, enum nft_field field,
		    const char *name)
{
	assert(field == NFT_IIFNAME || field == NFT_OIFNAME);

	struct nft_statement *statement = statement_add(arena, rule, NFT_MATCH);

	statement->match.field = field;
	statement->match.compare = NFT_EQUAL;
	statement->match.name = arena_strdup(arena, name);
}

void nft_match_value(struct arena *arena, struct nft_rule *rule, enum nft_field field,
		     enum nft_compare compare, uint32_t value)
{
	struct nft_statement *statement = statement_add(arena, rule, NFT_MATCH);

	statement->match.field = field;
	statement->match.compare = compare;
	statement->match.value = value;
	statement->match.value_last = value;
	statement->match.length = 32;
}

void nft_match_range(struct arena *arena, struct nft_rule *rule, enum nft_field field,
		     uint32_t first, uint32_t last)
{
	assert(first <= last);
	nft_match_value(arena, rule, field, NFT_EQUAL, first);
	rule->statement[rule->n_statement - 1].match.value_last = last;
}

void nft_match_prefix(struct arena *arena, struct nft_rule *rule, enum nft_field field,
		      uint32_t address, uint8_t length)
{
	assert(length <= 32);
	if (length == 0)
		return; /* it is every address */
	nft_match_value(arena, rule, field, NFT_EQUAL, address & ~0u << (32 - length));
	rule->statement[rule->n_statement - 1].match.length = length;
}

void nft_lookup(struct arena *arena, struct nft_rule *rule, enum nft_statement_kind kind,
		const char *set, const enum nft_field *key, unsigned n_key, uint8_t length,
		bool with_port)
{
	assert(n_key >= 1 && n_key <= NFT_KEY_MAX && length <= 32 && strlen(set) < NFT_NAME_SIZE);

	struct nft_statement *statement = statement_add(arena, rule, kind);

	memcpy(statement->lookup.key, key, n_key * sizeof(*key));
	statement->lookup.n_key = n_key;
	statement->lookup.length = length;
	statement->lookup.set = arena_strdup(arena, set);
	statement->lookup.with_port = with_port;
}

void nft_nat(struct arena *arena, struct nft_rule *rule, enum nft_statement_kind kind,
	     const uint32_t *address, unsigned n)
{
	assert(n >= 1 &&
	       n <= (kind == NFT_SNAT_POOL || kind == NFT_SNAT_POOL_BY_PAIR ? NFT_POOL_MAX : 1));

	struct nft_statement *statement = statement_add(arena, rule, kind);
	uint32_t *copy = arena_alloc(arena, n * sizeof(*copy));

	memcpy(copy, address, n * sizeof(*copy));
	statement->nat.address = copy;
	statement->nat.n_address = n;
}

void nft_snat_ports(struct nft_rule *rule, uint16_t first, uint16_t last, bool random)
{
	struct nft_statement *statement = &rule->statement[rule->n_statement - 1];

	assert(statement->kind == NFT_SNAT_TO || statement->kind == NFT_SNAT_POOL ||
	       statement->kind == NFT_SNAT_POOL_BY_PAIR);
	assert(first >= 1 && first < last);
	statement->nat.port_first = first;
	statement->nat.port_last = last;
	statement->nat.random = random;
}

void nft_set_mark(struct arena *arena, struct nft_rule *rule, uint32_t mark)
{
	statement_add(arena, rule, NFT_SET_MARK)->mark = mark;
}

void nft_set_flow_mark(struct arena *arena, struct nft_rule *rule, uint32_t mark)
{
	statement_add(arena, rule, NFT_SET_FLOW_MARK)->mark = mark;
}

void nft_vmap_random(struct arena *arena, struct nft_rule *rule, const char *map, uint32_t n)
{
	static const enum nft_field key[] = { NFT_RANDOM };

	nft_lookup(arena, rule, NFT_VMAP, map, key, 1, 32, false);
	rule->statement[rule->n_statement - 1].lookup.shards = n;
}

void nft_flip(struct arena *arena, struct nft_rule *rule, enum nft_statement_kind kind,
	      enum nft_field field, uint16_t bits)
{
	assert(field == NFT_IP_ID || (kind == NFT_FLIP_UNSEEN && field == NFT_TTL));

	struct nft_statement *statement = statement_add(arena, rule, kind);

	statement->flip.field = field;
	statement->flip.bits = bits;
}

void nft_limit_rate(struct arena *arena, struct nft_rule *rule, uint32_t count)
{
	statement_add(arena, rule, NFT_RATE_OVER)->count = count;
}

void nft_limit_bytes(struct arena *arena, struct nft_rule *rule, uint32_t rate, uint32_t burst)
{
	struct nft_statement *statement = statement_add(arena, rule, NFT_BYTES_OVER);

	statement->bytes.rate = rate;
	statement->bytes.burst = burst;
}

void nft_set_source(struct arena *arena, struct nft_rule *rule, uint32_t address)
{
	statement_add(arena, rule, NFT_SET_SOURCE)->address = address;
}

void nft_set_mss(struct arena *arena, struct nft_rule *rule, uint16_t mss)
{
	statement_add(arena, rule, NFT_SET_MSS)->mss = mss;
}

void nft_limit_connections(struct arena *arena, struct nft_rule *rule, const char *set,
			   const enum nft_field *key, unsigned n_key, uint32_t shards,
			   uint32_t count)
{
	nft_lookup(arena, rule, NFT_CT_COUNT_OVER, set, key, n_key, 32, false);
	rule->statement[rule->n_statement - 1].lookup.shards = shards;
	rule->statement[rule->n_statement - 1].lookup.count = count;
}

void nft_counter(struct arena *arena, struct nft_rule *rule)
{
	statement_add(arena, rule, NFT_COUNTER);
}

void nft_reject_reset(struct arena *arena, struct nft_rule *rule)
{
	statement_add(arena, rule, NFT_REJECT_RESET);
}

void nft_verdict(struct arena *arena, struct nft_rule *rule, enum nft_verdict verdict,
		 const char *chain)
{
	assert((chain != NULL) == (verdict == NFT_VERDICT_JUMP || verdict == NFT_VERDICT_GOTO));
	assert(!chain || strlen(chain) < NFT_NAME_SIZE);

	struct nft_statement *statement = statement_add(arena, rule, NFT_VERDICT);

	statement->verdict.verdict = verdict;
	statement->verdict.chain = chain ? arena_strdup(arena, chain) : NULL;
}

/* Compare two names, either of which may be missing. */
static int name_compare(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static bool key_equal(const enum nft_field *a, unsigned n_a, const enum nft_field *b, unsigned n_b)
{
	return n_a == n_b && memcmp(a, b, n_a * sizeof(*a)) == 0;
}

static bool statement_equal(const struct nft_statement *a, const struct nft_statement *b)
{
	if (a->kind != b->kind)
		return false;

	switch (a->kind) {
	case NFT_MATCH:
		return a->match.field == b->match.field && a->match.compare == b->match.compare &&
		       a->match.value == b->match.value &&
		       a->match.value_last == b->match.value_last &&
		       a->match.length == b->match.length &&
		       name_compare(a->match.name, b->match.name) == 0;
	case NFT_IN_SET:
	case NFT_VMAP:
	case NFT_DNAT_MAP:
	case NFT_SNAT_MAP:
	case NFT_CT_COUNT_OVER:
	case NFT_ADD_KEY:
	case NFT_DELETE_KEY:
		return key_equal(a->lookup.key, a->lookup.n_key, b->lookup.key, b->lookup.n_key) &&
		       a->lookup.length == b->lookup.length &&
		       a->lookup.with_port == b->lookup.with_port &&
		       a->lookup.count == b->lookup.count && a->lookup.shards == b->lookup.shards &&
		       strcmp(a->lookup.set, b->lookup.set) == 0;
	case NFT_DNAT_TO:
	case NFT_SNAT_TO:
	case NFT_SNAT_POOL:
	case NFT_SNAT_POOL_BY_PAIR:
		return a->nat.n_address == b->nat.n_address &&
		       a->nat.port_first == b->nat.port_first &&
		       a->nat.port_last == b->nat.port_last && a->nat.random == b->nat.random &&
		       memcmp(a->nat.address, b->nat.address,
			      a->nat.n_address * sizeof(*a->nat.address)) == 0;
	case NFT_FLIP:
	case NFT_FLIP_UNSEEN:
		return a->flip.field == b->flip.field && a->flip.bits == b->flip.bits;
	case NFT_SET_MARK:
	case NFT_SET_FLOW_MARK:
		return a->mark == b->mark;
	case NFT_RATE_OVER:
		return a->count == b->count;
	case NFT_BYTES_OVER:
		return a->bytes.rate == b->bytes.rate && a->bytes.burst == b->bytes.burst;
	case NFT_SET_SOURCE:
		return a->address == b->address;
	case NFT_SET_MSS:
		return a->mss == b->mss;
	case NFT_COUNTER:
	case NFT_REJECT_RESET:
		return true;
	case NFT_VERDICT:
		return a->verdict.verdict == b->verdict.verdict &&
		       name_compare(a->verdict.chain, b->verdict.chain) == 0;
	}
	return false;
}

bool nft_rule_equal(const struct nft_rule *a, const struct nft_rule *b)
{
	if (a->n_statement != b->n_statement || name_compare(a->comment, b->comment) != 0)
		return false;
	for (size_t i = 0; i < a->n_statement; i++)
		if (!statement_equal(&a->statement[i], &b->statement[i]))
			return false;
	return true;
}

bool nft_chain_same_hook(const struct nft_chain *a, const struct nft_chain *b)
{
	if (a->type != b->type || strcmp(a->name, b->name) != 0)
		return false;
	return a->type == NFT_CHAIN_PLAIN || (a->hook == b->hook && a->priority == b->priority &&
					      a->policy_drop == b->policy_drop);
}

bool nft_chain_equal(const struct nft_chain *a, const struct nft_chain *b)
{
	if (!nft_chain_same_hook(a, b) || a->n_rule != b->n_rule)
		return false;
	for (size_t i = 0; i < a->n_rule; i++)
		if (!nft_rule_equal(&a->rule[i], &b->rule[i]))
			return false;
	return true;
}

bool nft_set_equal(const struct nft_set *a, const struct nft_set *b)
{
	return strcmp(a->name, b->name) == 0 && a->data == b->data && a->dynamic == b->dynamic &&
	       key_equal(a->key, a->n_key, b->key, b->n_key);
}

int nft_element_compare_key(const struct nft_element *a, const struct nft_element *b)
{
	/* Elements of one set mostly share one copy of its name. */
	int order = a->set == b->set ? 0 : strcmp(a->set, b->set);

	for (unsigned i = 0; i < NFT_ELEMENT_KEY && order == 0; i++) {
		order = name_compare(a->key[i].name, b->key[i].name);
		if (order == 0)
			order = (a->key[i].value > b->key[i].value) -
				(a->key[i].value < b->key[i].value);
	}
	return order;
}

bool nft_element_equal(const struct nft_element *a, const struct nft_element *b)
{
	return nft_element_compare_key(a, b) == 0 && a->data.address == b->data.address &&
	       a->data.port == b->data.port && a->data.verdict == b->data.verdict &&
	       name_compare(a->data.chain, b->data.chain) == 0 &&
	       name_compare(a->comment, b->comment) == 0;
}
