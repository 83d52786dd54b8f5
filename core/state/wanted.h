/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/address.h"
#include "core/base/memory.h"
#include "core/sandbox/node.h"
#include "core/state/nft.h"

/*
 * What should be in the kernel, as plain data: a list of objects, each with a key. Nothing here
 * touches the kernel. The compiler in lab fills one, wanted_sort() orders it, plan.h compares two,
 * apply.h carries the difference out.
 *
 * Every link is a veth whose two ends carry the same MAC address and have ARP off (see
 * OBJECT_VETH): nobody ever resolves a neighbour, so the kernel-wide neighbour table (1,024
 * entries) is no limit and no first packet waits.
 */

/* In the order in which they are made; they are removed in the reverse one. */
enum object_kind {
	OBJECT_NETNS,
	OBJECT_VETH,
	OBJECT_ADDRESS,
	OBJECT_ROUTE,
	OBJECT_RULE,
	OBJECT_NFT_SET,
	OBJECT_NFT_CHAIN,
	OBJECT_NFT_ELEMENT,
	OBJECT_FILE,
	OBJECT_PROCESS,
};

/* A router forwards, and has rp_filter and redirects off. */
enum netns_role { NETNS_HOST, NETNS_ROUTER };

struct netns_object {
	enum netns_role role;
	enum node_kind node;
	/* Connection tracking time-outs in seconds, 0: the kernel's own. */
	unsigned tcp_established_timeout;
	unsigned udp_timeout;  /* of unreplied and of streaming ones */
	bool tcp_loose_off;    /* a TCP connection is tracked from its SYN or not at all */
	bool tcp_liberal;      /* a segment outside the window is never invalid */
	unsigned idle_timeout; /* of everything, whatever the protocol; excludes the others */
};

/* .netns and .link are the router's end, created up; the peer is that of the guest or next router.
 */
struct veth_object {
	const char *link; /* <= 15 characters */
	const char *peer_netns;
	const char *peer_link;
	uint8_t mac[6]; /* address of both ends */
	uint16_t mtu;   /* of both ends */
};

struct address_object {
	const char *link;
	uint32_t address;
	uint8_t length;
	bool never_source; /* the kernel does not choose it for what does not say whom it is from */
};

#define TABLE_MAIN 254u

/* A throw ends the search in its table: the next rule is asked. */
enum route_type { ROUTE_UNICAST, ROUTE_BLACKHOLE, ROUTE_THROW };

struct route_object {
	uint32_t table;
	struct prefix to;
	enum route_type type;
	const char *link; /* NULL unless unicast */
	uint32_t via;     /* 0: directly on the link (scope link) */
	bool onlink;      /* via is not covered by an address of the link */
	uint32_t metric;  /* of those to one prefix the smallest counts; part of the key */
};

/* A rule of policy routing. */
struct rule_object {
	uint32_t priority; /* with iif and mark, the key */
	const char *iif;   /* NULL: any */
	uint32_t mark;     /* 0: any */
	uint32_t table;
};

/* A file in the lab's private /run, mode 0644, written in place so that a bind mount stays valid.
 */
struct file_object {
	const char *path;
	const char *content;
	bool for_waiting; /* read by a process with sockets alone */
};

/* Where a process is to be asked. */
struct socket_object {
	uint32_t address;
	uint8_t protocol; /* IPPROTO_TCP or IPPROTO_UDP */
	uint16_t port;
};

#define SOCKETS_MAX 8

struct process_object {
	const char *name;        /* unique within its netns */
	const char *const *argv; /* NULL-terminated; argv[0] "vpclab-service" means the program
				    beside vpclab itself */
	bool own_files;          /* it sees those of its host, which take time to make */
	bool says_ready;         /* writes a byte to fd 3 once it serves, or why it cannot */
	/* Given any, it costs nothing until somebody asks: it is started when something comes to
	 * one of them, and has them open from fd 4 on. Its words are few and short. */
	const struct socket_object *socket;
	size_t n_socket;
};

struct object {
	enum object_kind kind;
	const char *netns; /* "" for files */
	/* What it is a part of: a word for people, which may be NULL, and the maker's own code
	 * for it. Neither is key or value. */
	const char *origin;
	uint64_t cookie;
	union {
		struct netns_object netns_;
		struct veth_object veth;
		struct address_object address;
		struct route_object route;
		struct rule_object rule;
		struct nft_set set;
		struct nft_chain chain;
		struct nft_element element;
		struct file_object file;
		struct process_object process;
	};
};

struct wanted {
	struct arena arena; /* owns every string and array the objects point to */
	const char *origin; /* of objects added from now on; in the arena, or NULL */
	uint64_t cookie;
	struct object *object;
	size_t n_object;
};

/* Add a zeroed object of that kind in that namespace, to be filled in. The name of the namespace
 * is copied, the other strings have to be in the arena. The pointer is valid until the next add. */
struct object *wanted_add(struct wanted *wanted, enum object_kind kind, const char *netns);

/* Order by kind, namespace and key. Two objects of one key are a bug of the compiler, which an
 * assertion finds. */
void wanted_sort(struct wanted *wanted);

/* Compare keys: kind, namespace, then what names the object (link; link and address; table and
 * prefix; set and key; ...). */
int object_compare_key(const struct object *a, const struct object *b);
/* Compare everything but the key. */
bool object_equal(const struct object *a, const struct object *b);

/* Is it a route to whose next hop another route may have to lead? Those come last. */
static inline bool object_has_next_hop(const struct object *object)
{
	return object->kind == OBJECT_ROUTE && object->route.via && !object->route.onlink;
}

/* Add its name for a sentence: "route 10.0.0.0/8 of table 100 in VPC1", "network namespace
 * ECS1". */
#define OBJECT_TEXT_SIZE 384
const char *object_describe(const struct object *object, char text[static OBJECT_TEXT_SIZE]);

/* Return the first of the objects of one kind in one namespace of a sorted state, and in *ret_n
 * how many there are; NULL: none. */
const struct object *wanted_range(const struct wanted *wanted, enum object_kind kind,
				  const char *netns, size_t *ret_n);

/* Is there an nft table in a namespace? Which is the set of an element there; NULL: it has none. */
bool wanted_has_table(const struct wanted *wanted, const char *netns);
const struct nft_set *wanted_set_of(const struct wanted *wanted, const struct object *element);

void wanted_free(struct wanted *wanted);
