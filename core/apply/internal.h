/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/netlink/rtnl.h"
#include "core/netlink/sysctl.h"
#include "core/state/plan.h"

/* What the files of apply.h share: a plan, sorted by the places where it is carried out. */

/* A link that a message names by its index. */
struct target_link {
	struct target *target;
	const char *name;
	const struct object *object; /* the object that needs it */
	bool is_new;                 /* this plan makes it */
	bool bring_up;               /* the far end of a new veth, which is down at first */
	int index;                   /* 0 where it is not known */
};

/* A network namespace in which the plan does something. */
struct target {
	const char *netns;
	const struct object
		*settings; /* OBJECT_NETNS that is to be made or changed; NULL: stays as it is */
	bool is_new, is_gone;
	bool needs_rtnl, needs_nft;
	int rtnl;                 /* a socket inside, or -1 */
	const struct step **step; /* its steps, in the order of the plan */
	size_t n_step;
	struct target_link *link; /* its links, sorted by name */
	size_t n_link;
};

struct work {
	const struct plan *plan;
	bool tolerant;
	struct target *target; /* sorted by name */
	size_t n_target;
	const struct step **step;
	struct target_link *link; /* sorted by target and name */
	size_t n_link;
	struct rtnl_batch batch; /* scratch of the main thread */
	struct sysctl_inherited inherited;
};

/* targets.c sorts the plan. */
void work_prepare(struct work *work, const struct plan *plan, bool tolerant);
void work_free(struct work *work);
struct target *work_target(const struct work *work,
			   const char *netns); /* one that the plan is about */
struct target_link *find_target_link(const struct target *target,
				     const char *name); /* NULL: nobody needs it */

/* netns.c makes or enters every target, in two threads: settings, sockets, nftables. */
int apply_enter(struct work *work, struct error *err);

/* nft.c makes the nftables changes of one target, in one transaction, in the thread that is
 * inside. */
int apply_nft(const struct work *work, const struct target *target, struct error *err);

/* link.c knows the indexes of links, deletes, makes new veths, and configures links. */
int apply_find_links(struct work *work, struct error *err);
int apply_delete(struct work *work, struct error *err);
int apply_veths(struct work *work, struct error *err);
int apply_configure(struct work *work, struct error *err);

/* file.c */
int apply_file_write(const struct file_object *file, struct error *err);
int apply_file_delete(const struct file_object *file, struct error *err);
