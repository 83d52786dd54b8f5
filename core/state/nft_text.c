/* SPDX-License-Identifier: GPL-3.0-only */
#include "core/state/nft.h"

#include "core/base/address.h"

/*
 * A description in the words of nft(8), exactly as it takes them (test_nft_netlink.c feeds them to
 * it and compares what comes of it with what core/nftables loads). Names of chains and sets have no
 * quotes in that language: they must be identifiers (a letter first; letters, digits, / . _ -) and
 * none of its words.
 */

static const struct {
	const char *words; /* in a rule */
	const char *type;  /* in a set's declaration */
} fields[NFT_FIELD_COUNT] = {
	[NFT_IIFNAME] = { "iifname", "ifname" },
	[NFT_OIFNAME] = { "oifname", "ifname" },
	[NFT_SADDR] = { "ip saddr", "ipv4_addr" },
	[NFT_DADDR] = { "ip daddr", "ipv4_addr" },
	[NFT_L4PROTO] = { "meta l4proto", "inet_proto" },
	[NFT_SPORT] = { "th sport", "inet_service" },
	[NFT_DPORT] = { "th dport", "inet_service" },
	[NFT_ICMP_TYPE] = { "icmp type", "icmp_type" },
	[NFT_ICMP_CODE] = { "icmp code", "icmp_code" },
	[NFT_FRAG_OFF] = { "ip frag-off", "integer" },
	[NFT_IP_ID] = { "ip id", "integer" },
	[NFT_TTL] = { "ip ttl", "integer" },
	[NFT_MARK] = { "meta mark", "mark" },
	[NFT_STATE] = { "ct state", "ct_state" },
	[NFT_STATUS] = { "ct status", "ct_status" },
	[NFT_NUMBER] = { "numgen inc", "mark" },
	[NFT_RANDOM] = { "numgen random", "mark" },
	[NFT_FLOW_MARK] = { "ct mark", "mark" },
};

struct bit_name {
	uint32_t bit;
	const char *name;
};

static const struct bit_name state_names[] = {
	{ NFT_STATE_INVALID, "invalid" },
	{ NFT_STATE_ESTABLISHED, "established" },
	{ NFT_STATE_RELATED, "related" },
	{ NFT_STATE_NEW, "new" },
};

static const struct bit_name status_names[] = {
	{ NFT_STATUS_CONFIRMED, "confirmed" },
	{ NFT_STATUS_SNAT, "snat" },
	{ NFT_STATUS_DNAT, "dnat" },
};

/* "established,related"; bits without a name are one number */
static void format_bits(struct text *text, const struct bit_name *names, size_t n_names,
			uint32_t bits)
{
	const char *comma = "";

	for (size_t i = 0; i < n_names; i++) {
		if (!(bits & names[i].bit))
			continue;
		text_addf(text, "%s%s", comma, names[i].name);
		bits &= ~names[i].bit;
		comma = ",";
	}
	if (bits || !*comma)
		text_addf(text, "%s0x%x", comma, bits);
}

static void format_address(struct text *text, uint32_t address)
{
	char buffer[ADDRESS_TEXT_SIZE];

	text_add(text, address_format(address, buffer));
}

static void format_protocol(struct text *text, uint32_t protocol)
{
	switch (protocol) {
	case 1:
		text_add(text, "icmp");
		break;
	case 6:
		text_add(text, "tcp");
		break;
	case 17:
		text_add(text, "udp");
		break;
	default:
		text_addf(text, "%u", protocol);
	}
}

static void format_value(struct text *text, enum nft_field field, uint32_t value, const char *name)
{
	switch (field) {
	case NFT_IIFNAME:
	case NFT_OIFNAME:
		text_addf(text, "\"%s\"", name);
		break;
	case NFT_SADDR:
	case NFT_DADDR:
		format_address(text, value);
		break;
	case NFT_L4PROTO:
		format_protocol(text, value);
		break;
	case NFT_SPORT:
	case NFT_DPORT:
	case NFT_ICMP_TYPE:
	case NFT_ICMP_CODE:
	case NFT_FRAG_OFF:
	case NFT_IP_ID:
	case NFT_TTL:
		text_addf(text, "%u", value);
		break;
	case NFT_MARK:
	case NFT_FLOW_MARK:
		text_addf(text, "0x%08x", value);
		break;
	case NFT_STATE:
		format_bits(text, state_names, ARRAY_SIZE(state_names), value);
		break;
	case NFT_STATUS:
		format_bits(text, status_names, ARRAY_SIZE(status_names), value);
		break;
	case NFT_NUMBER:
	case NFT_RANDOM:
	case NFT_FIELD_COUNT:
		break;
	}
}

static void format_match(struct text *text, const struct nft_statement *statement)
{
	enum nft_field field = statement->match.field;
	uint32_t value = statement->match.value;
	bool bits = field == NFT_STATE || field == NFT_STATUS;

	text_addf(text, "%s ", fields[field].words);
	if (statement->match.compare == NFT_ANY_BIT && !bits) {
		text_addf(text, "& 0x%x != 0", value);
		return;
	}
	if (statement->match.compare == NFT_NO_BIT) {
		text_addf(text, "& 0x%x == 0", value);
		return;
	}

	/* A bare value of a field of bits means "any of them" to nft. */
	if (statement->match.compare == NFT_EQUAL && bits)
		text_add(text, "== ");
	else if (statement->match.compare == NFT_NOT_EQUAL)
		text_add(text, "!= ");

	format_value(text, field, value, statement->match.name);
	if ((field == NFT_SADDR || field == NFT_DADDR) && statement->match.length < 32)
		text_addf(text, "/%u", statement->match.length);
	else if ((field == NFT_SPORT || field == NFT_DPORT) && statement->match.value_last != value)
		text_addf(text, "-%u", statement->match.value_last);
}

static void format_key(struct text *text, const struct nft_statement *statement)
{
	bool cut = statement->lookup.length < 32;

	for (unsigned i = 0; i < statement->lookup.n_key; i++) {
		enum nft_field field = statement->lookup.key[i];

		text_addf(text, "%s%s", i ? " . " : "", fields[field].words);
		if (field == NFT_NUMBER || field == NFT_RANDOM)
			text_addf(text, " mod %u", statement->lookup.shards);
		if (cut && (field == NFT_SADDR || field == NFT_DADDR)) {
			text_add(text, " & ");
			format_address(text, prefix_mask(statement->lookup.length));
			cut = false;
		}
	}
}

static void format_pool(struct text *text, const struct nft_statement *statement)
{
	text_addf(text, "snat to jhash ip saddr . ip daddr%s mod %u seed 0x0 map {",
		  statement->kind == NFT_SNAT_POOL ? " . th sport . th dport . meta l4proto" : "",
		  statement->nat.n_address);
	for (unsigned i = 0; i < statement->nat.n_address; i++) {
		text_addf(text, "%s %u : ", i ? "," : "", i);
		format_address(text, statement->nat.address[i]);
	}
	text_add(text, " }");
}

static void format_ports(struct text *text, const struct nft_statement *statement)
{
	if (statement->nat.port_first)
		text_addf(text, ":%u-%u%s", statement->nat.port_first, statement->nat.port_last,
			  statement->nat.random ? " fully-random" : "");
}

static void format_verdict(struct text *text, enum nft_verdict verdict, const char *chain)
{
	static const char *const names[] = {
		[NFT_VERDICT_ACCEPT] = "accept", [NFT_VERDICT_DROP] = "drop",
		[NFT_VERDICT_RETURN] = "return", [NFT_VERDICT_JUMP] = "jump",
		[NFT_VERDICT_GOTO] = "goto",
	};

	text_add(text, names[verdict]);
	if (verdict == NFT_VERDICT_JUMP || verdict == NFT_VERDICT_GOTO)
		text_addf(text, " %s", chain);
}

static void format_statement(struct text *text, const struct nft_statement *statement)
{
	switch (statement->kind) {
	case NFT_MATCH:
		format_match(text, statement);
		break;
	case NFT_IN_SET:
		format_key(text, statement);
		text_addf(text, " @%s", statement->lookup.set);
		break;
	case NFT_VMAP:
		format_key(text, statement);
		text_addf(text, " vmap @%s", statement->lookup.set);
		break;
	case NFT_DNAT_MAP:
		/* nft wants the family where the value is more than an address. */
		text_add(text, statement->lookup.with_port ? "dnat ip to " : "dnat to ");
		format_key(text, statement);
		text_addf(text, " map @%s", statement->lookup.set);
		break;
	case NFT_SNAT_MAP:
		text_add(text, "snat to ");
		format_key(text, statement);
		text_addf(text, " map @%s", statement->lookup.set);
		break;
	case NFT_DNAT_TO:
	case NFT_SNAT_TO:
		text_add(text, statement->kind == NFT_DNAT_TO ? "dnat to " : "snat to ");
		format_address(text, statement->nat.address[0]);
		format_ports(text, statement);
		break;
	case NFT_SNAT_POOL:
	case NFT_SNAT_POOL_BY_PAIR:
		format_pool(text, statement);
		format_ports(text, statement);
		break;
	case NFT_FLIP:
		text_addf(text, "ip id set ip id ^ 0x%x", statement->flip.bits);
		break;
	case NFT_FLIP_UNSEEN: /* by its place: by name nft would see to the checksum, or refuse */
		text_addf(text, "%1$s set %1$s ^ 0x%2$x",
			  statement->flip.field == NFT_TTL ? "@nh,64,8" : "@nh,32,16",
			  statement->flip.bits);
		break;
	case NFT_SET_MARK:
		text_addf(text, "meta mark set 0x%08x", statement->mark);
		break;
	case NFT_SET_FLOW_MARK:
		text_addf(text, "ct mark set 0x%08x", statement->mark);
		break;
	case NFT_ADD_KEY:
	case NFT_DELETE_KEY:
		text_addf(text, "%s @%s { ", statement->kind == NFT_ADD_KEY ? "add" : "delete",
			  statement->lookup.set);
		format_key(text, statement);
		text_add(text, " }");
		break;
	case NFT_COUNTER:
		text_add(text, "counter");
		break;
	case NFT_RATE_OVER:
		text_addf(text, "limit rate over %u/second burst %u packets", statement->count,
			  statement->count);
		break;
	case NFT_BYTES_OVER:
		text_addf(text, "limit rate over %u bytes/second burst %u bytes",
			  statement->bytes.rate, statement->bytes.burst);
		break;
	case NFT_SET_SOURCE:
		text_add(text, "ip saddr set ");
		format_address(text, statement->address);
		break;
	case NFT_SET_MSS:
		text_addf(text, "tcp option maxseg size set %u", statement->mss);
		break;
	case NFT_REJECT_RESET:
		text_add(text, "reject with tcp reset");
		break;
	case NFT_CT_COUNT_OVER:
		text_addf(text, "add @%s { ", statement->lookup.set);
		format_key(text, statement);
		text_addf(text, " ct count over %u }", statement->lookup.count);
		break;
	case NFT_VERDICT:
		format_verdict(text, statement->verdict.verdict, statement->verdict.chain);
		break;
	}
}

static void format_comment(struct text *text, const char *comment)
{
	if (comment)
		text_addf(text, " comment \"%s\"", comment);
}

void nft_format_rule(struct text *text, const struct nft_rule *rule)
{
	for (size_t i = 0; i < rule->n_statement; i++) {
		if (i)
			text_add_char(text, ' ');
		format_statement(text, &rule->statement[i]);
	}
	format_comment(text, rule->comment);
}

void nft_format_chain_head(struct text *text, const struct nft_chain *chain)
{
	static const char *const hooks[] = {
		[NFT_HOOK_PREROUTING] = "prerouting",   [NFT_HOOK_INPUT] = "input",
		[NFT_HOOK_FORWARD] = "forward",         [NFT_HOOK_OUTPUT] = "output",
		[NFT_HOOK_POSTROUTING] = "postrouting",
	};

	if (chain->type == NFT_CHAIN_PLAIN)
		return;
	text_addf(text, "type %s hook %s priority %d; policy %s;",
		  chain->type == NFT_CHAIN_NAT ? "nat" : "filter", hooks[chain->hook],
		  chain->priority, chain->policy_drop ? "drop" : "accept");
}

void nft_format_set(struct text *text, const struct nft_set *set)
{
	text_add(text, "type ");
	for (unsigned i = 0; i < set->n_key; i++)
		text_addf(text, "%s%s", i ? " . " : "", fields[set->key[i]].type);

	switch (set->data) {
	case NFT_MAP_NONE:
		break;
	case NFT_MAP_VERDICT:
		text_add(text, " : verdict");
		break;
	case NFT_MAP_ADDRESS:
		text_add(text, " : ipv4_addr");
		break;
	case NFT_MAP_ADDRESS_PORT:
		text_add(text, " : ipv4_addr . inet_service");
		break;
	}
	text_add_char(text, ';');
	if (set->dynamic)
		text_addf(text, " size %u; flags dynamic;", NFT_DYNAMIC_SIZE);
}

void nft_format_element_key(struct text *text, const struct nft_set *set,
			    const struct nft_element *element)
{
	for (unsigned i = 0; i < set->n_key; i++) {
		if (i)
			text_add(text, " . ");
		format_value(text, set->key[i], element->key[i].value, element->key[i].name);
	}
}

void nft_format_element(struct text *text, const struct nft_set *set,
			const struct nft_element *element)
{
	nft_format_element_key(text, set, element);
	format_comment(text, element->comment);
	if (set->data == NFT_MAP_NONE)
		return;

	text_add(text, " : ");
	if (set->data == NFT_MAP_VERDICT)
		format_verdict(text, element->data.verdict, element->data.chain);
	else
		format_address(text, element->data.address);
	if (set->data == NFT_MAP_ADDRESS_PORT)
		text_addf(text, " . %u", element->data.port);
}
