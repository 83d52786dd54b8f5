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
	bool veth, up, arp;
	bool quiet;     /* it makes no IPv6 addresses */
	bool rp_filter; /* on */
	bool wanted;    /* an end of a link that is wanted */
};

/* Something that is there and not wanted. */
struct extra {
	struct nlmsghdr *message; /* the message that deletes it; NULL for a foreign nft table */
	const char *object;
	/* of a foreign nft table: */
	uint8_t family;
	const char *table;
};

enum table_state { TABLE_FINE, TABLE_GONE, TABLE_DORMANT };

/* One namespace. */
struct verify_place {
	const struct object *netns; /* OBJECT_NETNS */
	bool router, there;
	int rtnl, nft;          /* sockets inside, or -1 */
	struct seen_link *link; /* sorted by name */
	size_t n_link;
	bool lo_down;
	struct extra *extra;
	size_t n_extra;
	struct prefix *own; /* routes that the kernel makes of addresses */
	size_t n_own;
	enum table_state table;
	const char *sysctls; /* the wrong ones, or NULL */
};

/* One look at everything. */
struct look {
	const struct wanted *wanted; /* sorted */
	struct arena arena;
	struct object *found;       /* what the kernel has instead of each wanted object */
	bool *there;                /* does it have anything? */
	const char **detail;        /* what differs; NULL: nothing, or it is not told */
	struct verify_place *place; /* in the order of the wanted namespaces */
	size_t n_place;
	struct object *alien; /* in our nft table and not wanted */
	size_t n_alien;
	int scratch_rtnl, scratch_nft; /* sockets in an empty namespace */
	struct seen_link *usual;       /* the links that every namespace is born with */
	size_t n_usual;
};

/* internal.c */
#define USUAL_RULES 3
extern const struct rule_object usual_rules[USUAL_RULES];
void look_begin(struct look *look, const struct wanted *wanted);
void look_free(struct look *look);
struct verify_place *look_place(const struct look *look,
				const char *netns); /* NULL: it is not wanted */
/* Return the index in wanted of an object with this key, or SIZE_MAX. */
size_t look_find(const struct look *look, const struct object *key);
struct seen_link *place_link(const struct verify_place *place, const char *name);
void place_extra(struct look *look, struct verify_place *place, const struct nlmsghdr *message,
		 uint16_t delete_type, const char *object);

/* look.c */
int look_at_all(struct look *look,
		struct error *err); /* the thread is then in another network namespace */

/* findings_text.c */
void tell(struct findings *findings, enum finding_kind kind, const char *netns, const char *origin,
	  const char *object, const char *detail);
void tell_all(struct look *look, struct findings *findings);

/* read.c reads links, also those of the scratch namespace, and then what is on them. It may be
 * in any namespace, since it uses the place's socket. */
int look_links(struct look *look, int fd, struct seen_link **ret_link, size_t *ret_n,
	       struct error *err);
int look_network(struct look *look, struct verify_place *place, struct error *err);

/* nft.c */
int look_nft(struct look *look, struct verify_place *place, struct error *err);
int nft_delete_foreign(int fd, const struct extra *extra);
