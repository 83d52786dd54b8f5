/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/memory.h"
#include "core/base/text.h"

/*
 * nftables rules as plain data: one description, two outputs. core/nftables turns it into kernel
 * messages (libnftnl), nft_text.c into the words of nft(8), so that what is loaded and what is
 * shown cannot differ.
 *
 * Everything lives in one table per network namespace: family ip, name "vpclab".
 */
#define NFT_TABLE "vpclab"

/* A field of a packet or its connection. As a set key, each has the nft type in the comment. */
enum nft_field {
	NFT_IIFNAME,   /* ifname */
	NFT_OIFNAME,   /* ifname */
	NFT_SADDR,     /* ipv4_addr */
	NFT_DADDR,     /* ipv4_addr */
	NFT_L4PROTO,   /* inet_proto */
	NFT_SPORT,     /* inet_service */
	NFT_DPORT,     /* inet_service: `th dport` */
	NFT_ICMP_TYPE, /* icmp_type */
	NFT_ICMP_CODE, /* icmp_code; in no key */
	NFT_FRAG_OFF,  /* NFT_FRAG_*; in no key */
	NFT_IP_ID,     /* in no key */
	NFT_TTL,       /* in no key */
	NFT_MARK,      /* mark */
	NFT_STATE,     /* ct_state bits, see NFT_STATE_* */
	NFT_STATUS,    /* ct_status bits, see NFT_STATUS_* */
	NFT_NUMBER,    /* mark: counts 0 to shards - 1 from packet to packet */
	NFT_RANDOM,    /* mark: one of 0 to shards - 1 */
	NFT_FLOW_MARK, /* mark: ct mark, of the connection; in no key */
	NFT_FIELD_COUNT
};

/* Set in a fragment if more are to come or its offset is not 0. It can be seen before connection
 * tracking puts fragments together, at NFT_BEFORE_DEFRAG. */
enum {
	NFT_FRAG_MORE_OR_OFFSET = 0x3fff,
	NFT_BEFORE_DEFRAG = -450 /* NF_IP_PRI_RAW_BEFORE_DEFRAG */
};
/* The kernel's bits. */
enum nft_state {
	NFT_STATE_INVALID = 1,
	NFT_STATE_ESTABLISHED = 2,
	NFT_STATE_RELATED = 4,
	NFT_STATE_NEW = 8
};
/* IPS_CONFIRMED: not the first packet of its connection; IPS_SRC_NAT, IPS_DST_NAT. */
enum nft_status { NFT_STATUS_CONFIRMED = 0x08, NFT_STATUS_SNAT = 0x10, NFT_STATUS_DNAT = 0x20 };

#define NFT_KEY_MAX      5       /* fields in a concatenated key */
#define NFT_ELEMENT_KEY  3       /* fields of an element that we add, not a packet */
#define NFT_POOL_MAX     1024    /* addresses in a pool */
#define NFT_DYNAMIC_SIZE 1048576 /* elements of a dynamic set; more go uncounted */
#define NFT_NAME_SIZE    256     /* of a name, with its NUL: the kernel's limit */

enum nft_verdict {
	NFT_VERDICT_ACCEPT,
	NFT_VERDICT_DROP,
	NFT_VERDICT_RETURN,
	NFT_VERDICT_JUMP,
	NFT_VERDICT_GOTO
};

enum nft_statement_kind {
	NFT_MATCH,             /* field compared with a value, a prefix, a range, or bits */
	NFT_IN_SET,            /* key looked up in a named set: no hit ends the rule */
	NFT_VMAP,              /* key looked up in a named verdict map: a hit is the verdict */
	NFT_DNAT_MAP,          /* dnat to the map's value: an address, or address and port */
	NFT_SNAT_MAP,          /* snat to the map's value: an address */
	NFT_DNAT_TO,           /* dnat to a fixed address */
	NFT_SNAT_TO,           /* snat to a fixed address */
	NFT_SNAT_POOL,         /* snat to one of several addresses, by a hash over five fields */
	NFT_SNAT_POOL_BY_PAIR, /* ... by a hash over source and destination */
	NFT_SET_MARK,          /* meta mark set value */
	NFT_SET_FLOW_MARK,     /* ct mark set value */
	NFT_ADD_KEY,           /* adds the key to a dynamic set */
	NFT_DELETE_KEY,        /* ... or takes it out */
	NFT_FLIP,          /* flips bits of a field of the IP header, and sees to its checksum */
	NFT_FLIP_UNSEEN,   /* ... and leaves the checksum alone */
	NFT_SET_SOURCE,    /* ip saddr set address, without connection tracking */
	NFT_SET_MSS,       /* lets a TCP connection have segments of count bytes at most */
	NFT_COUNTER,       /* counts packets */
	NFT_RATE_OVER,     /* matches more than count packets a second, after a second's worth */
	NFT_BYTES_OVER,    /* matches more than rate bytes a second, after a burst */
	NFT_CT_COUNT_OVER, /* matches more than count tracked connections of a key */
	NFT_REJECT_RESET,  /* answers with a TCP reset and drops; behind a match on the protocol */
	NFT_VERDICT,       /* accept, drop, return, jump, goto */
};

enum nft_compare {
	NFT_EQUAL,
	NFT_NOT_EQUAL,
	NFT_ANY_BIT, /* at least one of the bits of value */
	NFT_NO_BIT
};

struct nft_statement {
	enum nft_statement_kind kind;
	union {
		struct {
			enum nft_field field;
			enum nft_compare compare;
			const char *name;    /* for interface names */
			uint32_t value;      /* host byte order */
			uint32_t value_last; /* ports: last of the range, else = value */
			uint8_t length;      /* addresses: prefix length, 32 for one address */
		} match;
		struct { /* NFT_IN_SET, NFT_VMAP, NFT_DNAT_MAP, NFT_SNAT_MAP, NFT_ADD_KEY */
			enum nft_field key[NFT_KEY_MAX];
			unsigned n_key;
			uint8_t length;  /* length to which the first address is cut; 32: not cut */
			const char *set; /* name of the set or map */
			uint32_t count;  /* NFT_CT_COUNT_OVER */
			uint32_t shards; /* NFT_NUMBER, NFT_RANDOM */
			bool with_port;  /* NFT_DNAT_MAP: the value is ipv4_addr . inet_service */
		} lookup;
		struct {
			const uint32_t *address; /* one, or n for a pool; host byte order */
			unsigned n_address;
			uint16_t port_first, port_last; /* source ports of an SNAT; 0, 0: any */
			bool random;                    /* one of them, whatever the sender's is */
		} nat;
		struct { /* NFT_FLIP, NFT_FLIP_UNSEEN */
			enum nft_field field;
			uint16_t bits;
		} flip;
		uint32_t mark;
		uint32_t address; /* NFT_SET_SOURCE */
		uint32_t count;   /* NFT_RATE_OVER */
		struct {
			uint32_t rate, burst;
		} bytes; /* NFT_BYTES_OVER */
		uint16_t mss;
		struct {
			enum nft_verdict verdict;
			const char *chain; /* jump, goto */
		} verdict;
	};
};

#define NFT_COMMENT_MAX 128 /* bytes of a comment, without its NUL: the limit of nft(8) */

struct nft_rule {
	struct nft_statement *statement;
	size_t n_statement;
	uint64_t cookie;     /* the maker's own code for it, unknown to the kernel */
	const char *comment; /* the same for people, kept in the kernel, or NULL */
};

enum nft_chain_type { NFT_CHAIN_PLAIN, NFT_CHAIN_FILTER, NFT_CHAIN_NAT };
/* The kernel's numbers. */
enum nft_hook {
	NFT_HOOK_PREROUTING,
	NFT_HOOK_INPUT,
	NFT_HOOK_FORWARD,
	NFT_HOOK_OUTPUT,
	NFT_HOOK_POSTROUTING
};

struct nft_chain {
	const char *name;
	enum nft_chain_type type;
	enum nft_hook hook; /* base chains only */
	int priority;       /* base chains only */
	bool policy_drop;   /* base chains only */
	struct nft_rule *rule;
	size_t n_rule;
};

enum nft_data {
	NFT_MAP_NONE, /* a set */
	NFT_MAP_VERDICT,
	NFT_MAP_ADDRESS,
	NFT_MAP_ADDRESS_PORT
};

/* A named set or map, of exact matches only (a hash): prefixes become one map for each length,
 * see nft_statement.lookup.length. */
struct nft_set {
	const char *name;
	enum nft_field key[NFT_KEY_MAX];
	unsigned n_key;
	enum nft_data data;
	bool dynamic; /* filled by the kernel, for NFT_CT_COUNT_OVER and NFT_ADD_KEY */
};

struct nft_element {
	const char *set; /* the name of the set it belongs to */
	struct {
		uint32_t value;   /* host byte order */
		const char *name; /* NFT_IIFNAME, NFT_OIFNAME */
	} key[NFT_ELEMENT_KEY];
	struct {
		uint32_t address;
		uint16_t port;
		enum nft_verdict verdict;
		const char *chain;
	} data;
	const char *comment; /* like that of a rule */
};

/* Build rules in an arena: nft_rule_add(), then one call for each statement, in the order of
 * nft(8). */
struct nft_rule *nft_rule_add(struct arena *arena, struct nft_chain *chain);
void nft_match_name(struct arena *arena, struct nft_rule *rule, enum nft_field field,
		    const char *name);
void nft_match_value(struct arena *arena, struct nft_rule *rule, enum nft_field field,
		     enum nft_compare compare, uint32_t value);
void nft_match_range(struct arena *arena, struct nft_rule *rule, enum nft_field field,
		     uint32_t first, uint32_t last);
void nft_match_prefix(struct arena *arena, struct nft_rule *rule, enum nft_field field,
		      uint32_t address, uint8_t length);
/* NFT_IN_SET, NFT_VMAP, NFT_DNAT_MAP, NFT_SNAT_MAP, NFT_ADD_KEY, NFT_DELETE_KEY. */
void nft_lookup(struct arena *arena, struct nft_rule *rule, enum nft_statement_kind kind,
		const char *set, const enum nft_field *key, unsigned n_key, uint8_t length,
		bool with_port);
/* NFT_DNAT_TO, NFT_SNAT_TO (n = 1), NFT_SNAT_POOL and its like. The addresses are copied. */
void nft_nat(struct arena *arena, struct nft_rule *rule, enum nft_statement_kind kind,
	     const uint32_t *address, unsigned n);
/* Let the rule's last statement, an SNAT by nft_nat(), use source ports of a range only. A match
 * on a protocol with ports comes before it. */
void nft_snat_ports(struct nft_rule *rule, uint16_t first, uint16_t last, bool random);
/*
 * NFT_FLIP takes fields of 16 bits, NFT_FLIP_UNSEEN NFT_IP_ID and NFT_TTL: of the others nft(8) of
 * Debian 12 has no words for it.
 */
void nft_flip(struct arena *arena, struct nft_rule *rule, enum nft_statement_kind kind,
	      enum nft_field field, uint16_t bits);
void nft_set_mark(struct arena *arena, struct nft_rule *rule, uint32_t mark);
void nft_set_flow_mark(struct arena *arena, struct nft_rule *rule, uint32_t mark);
/* One of n elements of a map, whose keys are the numbers from 0 on, at random. */
void nft_vmap_random(struct arena *arena, struct nft_rule *rule, const char *map, uint32_t n);
void nft_set_source(struct arena *arena, struct nft_rule *rule, uint32_t address);
void nft_set_mss(struct arena *arena, struct nft_rule *rule, uint16_t mss);
void nft_limit_rate(struct arena *arena, struct nft_rule *rule, uint32_t count);
/* A burst has to be as large as what the kernel takes for one packet, 64 KiB of a TCP connection.
 */
void nft_limit_bytes(struct arena *arena, struct nft_rule *rule, uint32_t rate, uint32_t burst);
/*
 * Limit the connections of each key. For every new one the kernel walks the list of those that it
 * counts, so a large limit is best split into shards by a last field NFT_NUMBER or NFT_RANDOM.
 */
void nft_limit_connections(struct arena *arena, struct nft_rule *rule, const char *set,
			   const enum nft_field *key, unsigned n_key, uint32_t shards,
			   uint32_t count);
void nft_counter(struct arena *arena, struct nft_rule *rule);
void nft_reject_reset(struct arena *arena, struct nft_rule *rule);
void nft_verdict(struct arena *arena, struct nft_rule *rule, enum nft_verdict verdict,
		 const char *chain);

bool nft_rule_equal(const struct nft_rule *a, const struct nft_rule *b);
bool nft_chain_equal(const struct nft_chain *a,
		     const struct nft_chain *b); /* everything, rules included */
bool nft_chain_same_hook(const struct nft_chain *a,
			 const struct nft_chain *b); /* all but the rules */
bool nft_set_equal(const struct nft_set *a, const struct nft_set *b);
/* Compare two elements by set, then key; the data does not count. The declarations of sets tell
 * which fields of a key are names. */
int nft_element_compare_key(const struct nft_element *a, const struct nft_element *b);
bool nft_element_equal(const struct nft_element *a, const struct nft_element *b);

/* Add the words of nft(8): the body of a rule, the head of a chain ("type filter hook ...;") or
 * set, the key of an element, or the whole element ("key : data"). */
void nft_format_rule(struct text *text, const struct nft_rule *rule);
void nft_format_chain_head(struct text *text,
			   const struct nft_chain *chain); /* "" for a plain chain */
void nft_format_set(struct text *text, const struct nft_set *set);
void nft_format_element_key(struct text *text, const struct nft_set *set,
			    const struct nft_element *element);
void nft_format_element(struct text *text, const struct nft_set *set,
			const struct nft_element *element);
