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
 * What stands behind the committed length is a batch that somebody was applying. Its end is written
 * by the process that applies it, right before it begins: if it is there, the batch may have been
 * applied in part and is to be finished; if not, nothing was done yet and it is to be cut off.
 *
 * A journal that has grown much longer than what it comes to is replaced by another file
 * (lab.c, snapshot.h). Whoever has the old one open notices, and reads the new one from its
 * beginning.
 *
 * Programs in the lab can reach the file, so it is not what writers lock, and what stands in it is
 * not trusted: a journal that cannot be one is refused.
 */
struct journal {
	int fd;
	int directory; /* where it is; the caller's */
	off_t committed;
	off_t appended; /* the end of the batch that was written last, or 0 */
};

#define JOURNAL_CLOSED ((struct journal){ .fd = -1, .directory = -1 })

/* Open it in that directory (an O_PATH descriptor); create: it is made if it is not there. */
int journal_open(struct journal *ret_journal, int directory, bool create, struct error *err);
void journal_close(struct journal *journal);

/* Read anew how far it counts. 1: it is another file now, of which the caller has read nothing. */
int journal_refresh(struct journal *journal, struct error *err);

/* Is this a journal to which nothing was ever committed? */
bool journal_is_new(const struct journal *journal);
off_t journal_start(void); /* the offset of the first command */

/* The text between two offsets; the caller frees. */
int journal_read(const struct journal *journal, off_t from, off_t to, char **ret_text,
		 struct error *err);

/*
 * For the one writer: write a batch behind the committed part; say that applying it begins; then
 * either make it count, or cut it off.
 */
int journal_append(struct journal *journal, const char *commands, struct error *err);
int journal_begin(struct journal *journal, struct error *err);
off_t journal_batch_end(const struct journal *journal); /* as far as it counts afterwards */
int journal_commit(struct journal *journal, struct error *err);
int journal_cut(struct journal *journal, struct error *err);
/* Put another journal in its place, in which that one batch counts. */
int journal_replace(struct journal *journal, const char *commands, struct error *err);
/* For the one writer: is there a whole batch that does not count yet? */
int journal_has_batch(const struct journal *journal, bool *ret_whole, off_t *ret_end,
		      struct error *err);
