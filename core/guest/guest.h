/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/state/nft.h"

/*
 * What a network namespace holds that decides about packets of IPv4: links, addresses, routing
 * rules, routes, rules of nftables and iptables, and the sockets that take what comes unasked. It
 * is read from the kernel in one go; all else here is plain data and pure functions over it, so
 * that a prediction can be made for a state that is not that of this machine.
 */

struct guest_link {
	char name[IF_NAMESIZE];
	int index;
	bool up, loopback;
	bool forwarding; /* what comes in there goes on */
	uint8_t rp_filter;
};

struct guest_address {
	char link[IF_NAMESIZE];
	uint32_t address;
	uint8_t length;
};

/* What becomes of a packet that matches a rule, or then a route. */
enum guest_action {
	GUEST_LOOKUP,  /* of a rule: look into its table */
	GUEST_UNICAST, /* out of a link, to `via` or to the destination itself */
	GUEST_LOCAL,   /* here */
	GUEST_BROADCAST,
	GUEST_BLACKHOLE,
	GUEST_UNREACHABLE,
	GUEST_PROHIBIT,
	GUEST_THROW, /* of a route: as if the table had none */
	GUEST_OTHER, /* what we do not understand */
};

struct guest_rule {
	uint32_t priority;
	struct prefix from, to;                  /* 0.0.0.0/0: any */
	char iif[IF_NAMESIZE], oif[IF_NAMESIZE]; /* "": any */
	uint32_t mark, mask;
	uint32_t table;
	int suppress; /* routes of the table up to this length do not count; -1: all do */
	bool not ;    /* the rule is for what does not match */
	enum guest_action action;
};

struct guest_route {
	uint32_t table;
	struct prefix to;
	enum guest_action action;
	char link[IF_NAMESIZE]; /* "": none */
	uint32_t via;           /* 0: no next hop */
	uint32_t source;        /* for what is sent from here; 0: not said */
	uint32_t metric;
	bool dead;    /* its link is down */
	bool kernels; /* it came with an address, nobody added it */
};

struct guest_socket {
	uint8_t protocol; /* IPPROTO_TCP, IPPROTO_UDP */
	uint32_t address; /* 0: any */
	uint16_t port;
	char link[IF_NAMESIZE]; /* "": any */
};

/* ---- nftables ---- */

struct guest_range {
	uint32_t first, last;
};

/* Is a field of the packet, masked, in one of the ranges? */
struct guest_match {
	int field; /* enum nft_field, and some of our own; a link is its index */
	uint32_t mask;
	bool not ;
	struct guest_range *range;
	size_t n_range;
};

struct guest_verdict {
	int code; /* the kernel's: NF_ACCEPT, NFT_JUMP, ... */
	const char *chain;
};

struct guest_filter_rule {
	struct guest_match *match;
	size_t n_match;
	struct guest_verdict verdict;
	struct guest_verdict *map; /* for each range of the last comparison its own */
	size_t n_map;
	bool unknown; /* behind these comparisons there is more, which is not understood */
};

struct guest_table {
	uint8_t family; /* NFPROTO_IPV4, NFPROTO_INET, or NFPROTO_NETDEV */
	const char *name;
};

struct guest_chain {
	struct guest_table table;
	const char *name;
	int hook; /* enum nft_hook; -1: it is jumped to */
	int priority;
	int link;       /* the only one at which it is asked; 0: at all */
	bool on_device; /* it is asked before or behind all hooks, and is not understood */
	bool nat;       /* only the first packet of a connection comes by */
	bool policy_drop;
	struct guest_filter_rule *rule;
	size_t n_rule;
};

struct guest_element {
	uint8_t key[4];
	bool end; /* the first key behind a range */
	struct guest_verdict verdict;
};

struct guest_set {
	struct guest_table table;
	const char *name;
	uint32_t size; /* of its keys, in bytes */
	bool interval;
	struct guest_element *element; /* sorted, if they are no longer than their place */
	size_t n_element;
};

struct guest_filter {
	struct arena arena;
	unsigned users;
	struct guest_chain *chain; /* by priority */
	struct guest_set *set;
	size_t n_chain, n_set;
};

struct guest {
	struct guest_link *link;
	struct guest_address *address;
	struct guest_rule *rule; /* in the order in which they are asked */
	struct guest_route *route;
	struct guest_socket *socket; /* TCP: listens; UDP: takes from anybody */
	bool crowded;                /* there are more sockets than anybody could look at */
	struct guest_filter *filter; /* shared by copies; NULL: none */
	size_t n_link, n_address, n_rule, n_route, n_socket;
};

/* ---- reading ---- */

/* What a socket's message is called in an answer: SOCK_DIAG_BY_FAMILY is RTM_NEWADDR's number. */
#define GUEST_SOCKET_MESSAGE 0x7fff

/*
 * Ask the kernel about the namespace of the calling thread, and add to a text what it says, message
 * by message: for a parent that is outside. What changes meanwhile is asked for again.
 */
int guest_ask(struct text *answer, struct error *err);
/* Read that. What is cut or none of it is left out. */
void guest_parse(const char *answer, size_t length, struct guest *ret_guest);
void guest_free(struct guest *guest);

/* ---- one that is made up ---- */

/* A new namespace: the loopback and the kernel's three rules. */
void guest_init(struct guest *ret_guest);
void guest_add_link(struct guest *guest, const char *name);
/* With the routes that the kernel makes for it. */
void guest_add_address(struct guest *guest, const char *link, uint32_t address, uint8_t length);
void guest_add_route(struct guest *guest, const struct guest_route *route);
struct guest guest_copy(const struct guest *guest);
/*
 * Do what a program of that command line would: ip address, ip route, ip rule, sysctl
 * net.ipv4.ip_forward. Return 1; 0 where it changes nothing of a guest; -ENOTSUP where it may, and
 * is not understood.
 */
int guest_change(struct guest *guest, char *const *argv);

/* In ip's words: "10.0.0.0/8 via 10.1.0.1 dev eth0 table 9"; "from 10.1.0.1 lookup 9". */
void guest_format_route(struct text *text, const struct guest_route *route);
void guest_format_rule(struct text *text, const struct guest_rule *rule);

bool guest_has_rule(const struct guest *guest, const struct guest_rule *rule);
bool guest_has_route(const struct guest *guest, const struct guest_route *route);
/* Do both take every packet the same way? Sockets aside; false may be said too often. */
bool guest_routes_as(const struct guest *a, const struct guest *b);

/* ---- several ---- */

/* The guests of several namespaces. */
struct guests {
	struct named_guest {
		char *netns;
		struct guest guest;
	} * one; /* sorted by name */
	size_t n;
};
/* Return NULL for one that was not asked, or could not be. */
const struct guest *guests_find(const struct guests *guests, const char *netns);
/* Move those of the second, none of which the first has, to the first. */
void guests_merge(struct guests *guests, struct guests *more);
void guests_free(struct guests *guests);

/* ---- asking ---- */

const struct guest_link *guest_find_link(const struct guest *guest, const char *name);
/* Return the network that an address is in. */
struct prefix guest_network(const struct guest_address *address);
/* Return what holds the address, or NULL. */
const struct guest_address *guest_find_address(const struct guest *guest, uint32_t address);
/* Return a socket that takes a packet to that address and port which came in by that link, or NULL.
 * The address is the guest's own. */
const struct guest_socket *guest_find_socket(const struct guest *guest, uint8_t protocol,
					     uint32_t address, uint16_t port, const char *link);

/* What the routing says, and by what. */
struct guest_decision {
	enum guest_action action;        /* GUEST_UNREACHABLE where nothing matched */
	const struct guest_rule *rule;   /* NULL: none matched */
	const struct guest_route *route; /* NULL: the rule itself decided, or none did */
};
/*
 * Look a packet without a mark up as the kernel does. link: by which it came in, "lo" for what is
 * sent from here. source 0: the sender has not chosen one yet. A rule or route that is not
 * understood ends it as GUEST_OTHER.
 */
struct guest_decision guest_route_of(const struct guest *guest, const char *link, uint32_t source,
				     uint32_t destination);

/* A packet at one of the kernel's hooks: by which links, and of which state of a connection. */
struct guest_packet {
	uint32_t source, destination;
	uint16_t source_port, destination_port;
	uint8_t protocol, icmp_type;
	int in, out; /* indexes of links, 0: none */
	enum nft_state state;
};

/* What the rules of nftables say, and which: rule 0 is the chain's policy, else its place. */
struct guest_filtered {
	bool drops;
	const struct guest_chain *base, *chain; /* base: whose hook it is */
	unsigned rule;
	const struct guest_chain
		*doubt_chain; /* of the first rule that is not understood, and is */
	unsigned doubt;       /* taken for one that does nothing, 0: its policy; NULL: all are */
};
struct guest_filtered guest_filter(const struct guest *guest, enum nft_hook hook,
				   const struct guest_packet *packet);
/* Say each range that a field of a packet may be compared with. */
void guest_each_range(const struct guest *guest,
		      void (*say)(void *arg, int field, uint32_t first, uint32_t last), void *arg);
const char *guest_family_word(uint8_t family); /* "inet", of a table that guest_filter() knows */
/* A table of iptables-legacy, of which only the policies are understood. */
bool guest_is_legacy(const struct guest_table *table);
/* "nftables table inet mine", "iptables-legacy table filter" */
void guest_format_table(struct text *text, const struct guest_table *table);
/* Is there any chain that packets come by? */
bool guest_filters(const struct guest *guest);
