/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <net/if.h>

#include <linux/netlink.h>

#include "core/nftables/message.h"
#include "core/verify/verify.h"

/* What the files of verify.h share. */

struct seen_link {
	char name[IFNAMSIZ];
	int index, peer_index; /* peer_index is of the peer's own namespace */
	uint8_t mac[6];
	uint32_t mtu;
	bool veth, up, arp;
	bool quiet;     /* it makes no IPv6 addresses */
	bool rp_filter; /* on */
	bool forwards;
	bool wanted; /* an end of a link that is wanted */
};

/* Something that is there and not wanted. */
struct extra {
	bool by_hand;             /* in a host: it stays */
	struct nlmsghdr *message; /* the message that deletes it; NULL for a foreign nft table */
	const char *object;
	/* of a foreign nft table: */
	uint8_t family;
	const char *table;
};

enum table_state { TABLE_FINE, TABLE_GONE, TABLE_DORMANT };

/* One namespace. */
struct seen_netns {
	const struct object *netns; /* OBJECT_NETNS */
	bool router, there;
	int rtnl, nft;               /* sockets inside, or -1 */
	struct seen_link *link;      /* sorted by name */
	struct seen_link **by_index; /* the same */
	size_t n_link;
	bool needs_repair; /* before the plan from what is there to what is wanted */
	bool lo_down;
	struct extra *extra;
	size_t n_extra;
	struct prefix *own; /* routes that the kernel makes of addresses */
	size_t n_own;
	enum table_state table;
	const char *sysctls; /* the wrong ones, or NULL */
};

/* One look at everything. */
struct snapshot {
	const struct wanted *wanted; /* sorted */
	struct arena arena;
	struct object *found;    /* what the kernel has instead of each wanted object */
	bool *there;             /* does it have anything? */
	const char **detail;     /* what differs; NULL: nothing, or it is not told */
	struct seen_netns *seen; /* in the order of the wanted namespaces */
	size_t n_seen;
	struct object *unwanted; /* in our nft table and not wanted */
	size_t n_unwanted;
	int scratch_rtnl, scratch_nft; /* sockets in an empty namespace */
	struct seen_link *inborn;      /* the links that every namespace is born with */
	size_t n_inborn;
};

/* internal.c */
#define DEFAULT_RULES 3
extern const struct rule_object default_rules[DEFAULT_RULES];
void snapshot_begin(struct snapshot *snapshot, const struct wanted *wanted);
void snapshot_free(struct snapshot *snapshot);
struct seen_netns *snapshot_netns(const struct snapshot *snapshot,
				  const char *netns); /* NULL: it is not wanted */
/* Return the index in wanted of an object with this key, or SIZE_MAX. */
size_t snapshot_find(const struct snapshot *snapshot, const struct object *key);
struct seen_link *find_link(const struct seen_netns *seen, const char *name);
/* Is one end of a link as it should be? */
bool link_is_right(const struct seen_link *link, const struct veth_object *veth);
void add_extra(struct snapshot *snapshot, struct seen_netns *seen, const struct nlmsghdr *message,
	       uint16_t delete_type, const char *object);
void add_by_hand(struct snapshot *snapshot, struct seen_netns *seen, const char *object);

/* snapshot.c */
int snapshot_take(struct snapshot *snapshot,
		  struct error *err); /* the thread is then in another network namespace */

/* report.c */
void findings_add(struct findings *findings, enum finding_kind kind, const char *netns,
		  const char *origin, const char *object, const char *detail, bool by_hand);
void snapshot_report(struct snapshot *snapshot, struct findings *findings);

/* read.c reads links, also those of the scratch namespace, and then what is on them. It may be
 * in any namespace, since it uses the namespace's socket. */
int read_links(struct snapshot *snapshot, int fd, struct seen_link **ret_link, size_t *ret_n,
	       struct error *err);
int read_network(struct snapshot *snapshot, struct seen_netns *seen, struct error *err);

/* nft.c */
int read_nft(struct snapshot *snapshot, struct seen_netns *seen, struct error *err);
int nft_delete_foreign(int fd, const struct extra *extra);
