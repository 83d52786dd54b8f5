/* SPDX-License-Identifier: GPL-3.0-only */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/error.h"

/*
 * The accepted commands of a lab, as text of our own language, in the sandbox's
 * /run/vpclab/journal.
 *
 *     # committed 00000000000000000123      how far it counts, in bytes
 *     vpc create VPC1 cidr 192.168.0.0/16   a batch: commands ...
 *     # end                                 ... and its end
 *
 * What stands behind the committed length is a batch that somebody was applying. If its end is
 * there, it may have been applied in part and is to be finished; if not, nothing was done yet and
 * it is to be cut off.
 *
 * The lock is taken on the open file, which a forked child shares: should the caller die while its
 * child is still applying, the lock holds until the child is done.
 */
struct journal {
	int fd;
	off_t committed;
};

#define JOURNAL_CLOSED ((struct journal){ .fd = -1 })

/* Opens it in that directory (an O_PATH descriptor); create: it is made if it is not there. Not
 * locked. */
int journal_open(struct journal *ret_journal, int directory, bool create, struct error *err);
void journal_close(struct journal *journal);

/* Waits for the other writers; reads how far the journal counts. */
int journal_lock(struct journal *journal, struct error *err);
void journal_unlock(struct journal *journal);
/* Reads anew how far it counts, without the lock. */
int journal_refresh(struct journal *journal, struct error *err);

/* Is this a journal to which nothing was ever committed? */
bool journal_is_new(const struct journal *journal);
off_t journal_start(void); /* the offset of the first command */

/* The text between two offsets; the caller frees. */
int journal_read(const struct journal *journal, off_t from, off_t to, char **ret_text,
		 struct error *err);

/* With the lock: writes a batch behind the committed part; then either makes it count, or cuts it
 * off. */
int journal_append(struct journal *journal, const char *commands, struct error *err);
int journal_commit(struct journal *journal, struct error *err);
int journal_cut(struct journal *journal, struct error *err);
/* With the lock: is there a whole batch that does not count yet? */
int journal_has_batch(const struct journal *journal, bool *ret_whole, off_t *ret_end,
		      struct error *err);
